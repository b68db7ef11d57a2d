//! What the customer wants asked besides: "… and find out what to bring".

use super::text::folded;
use crate::extract::words;

/// Most questions that are asked besides the booking.
const QUESTIONS_MAX: usize = 4;
/// Longest question that is taken over, in words.
const QUESTION_WORDS_MAX: usize = 24;

/// Where a question begins, and how it is put.
const QUESTION_LEADS: &[(&str, &str)] = &[
    (" find out ", "Could you tell me "),
    (" ask for ", "Could I have "),
    (" ask them ", "Could you tell me "),
    (" ask about ", "Could you tell me about "),
    (" ask ", "Could you tell me "),
    (" check whether ", "Could you tell me whether "),
    (" check if ", "Could you tell me whether "),
    (" averigua ", "¿Me podría decir "),
    (" pregunta ", "¿Me podría decir "),
    (" pregunte ", "¿Me podría decir "),
    (" demande ", "Pourriez-vous me dire "),
    (" demandez ", "Pourriez-vous me dire "),
    (" frag ", "Könnten Sie mir sagen, "),
    (" frage ", "Könnten Sie mir sagen, "),
    (" fragen sie ", "Könnten Sie mir sagen, "),
    (" finde heraus ", "Könnten Sie mir sagen, "),
];

/// "… and find out what to bring": what is asked once the booking stands.
pub fn questions(objective: &str) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in objective.split_inclusive(['.', '!', '?', ';']) {
        let words = words(sentence);
        let spoken = format!(" {} ", words.join(" "));
        let lead = QUESTION_LEADS
            .iter()
            .find_map(|(lead, wording)| spoken.find(lead).map(|at| (at + lead.len(), *wording)));
        let Some((start, wording)) = lead else { continue };
        let rest: Vec<&str> = spoken[start..].split_whitespace().take(QUESTION_WORDS_MAX).collect();
        if rest.is_empty() || found.len() == QUESTIONS_MAX {
            continue;
        }
        let rest = turned(&rest);
        found.push(format!("{wording}{rest}?"));
    }
    found
}

/// "Whether they have parking" is put as "whether you have parking".
fn turned(words: &[&str]) -> String {
    let mut turned = Vec::with_capacity(words.len());
    for word in words {
        turned.push(match *word {
            "they" | "them" => "you",
            "their" => "your",
            "if" => "whether",
            word => word,
        });
    }
    turned.join(" ")
}

/// Whether a turn of ours asked it, however it was worded: most of its longer words were said.
pub fn asks(question: &str, text: &str) -> bool {
    const WORD_CHARS_MIN: usize = 4;
    const EMPTY: &[&str] = &[
        "could", "tell", "whether", "have", "about", "what", "your", "they", "there", "please",
        "podria", "decir", "pourriez", "vous", "dire", "konnten", "sagen", "with",
    ];
    let said = folded(text);
    let (question, mut wanted, mut hits) = (folded(question), 0, 0);
    for word in question.split_whitespace() {
        if word.chars().count() >= WORD_CHARS_MIN && !EMPTY.contains(&word) {
            wanted += 1;
            hits += usize::from(said.contains(&format!(" {word}")));
        }
    }
    if wanted == 0 { said.contains(question.trim()) } else { hits * 3 >= wanted * 2 }
}

/// What of a sentence, set in spaces, comes before its question.
pub fn before_question(spoken: &str) -> &str {
    let asked = QUESTION_LEADS.iter().filter_map(|(lead, _)| spoken.find(lead)).min();
    &spoken[..asked.unwrap_or(spoken.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_of_an_objective() {
        let check = |objective: &str, expected: &[&str]| {
            assert_eq!(questions(objective), expected, "{objective}");
        };
        check(
            "Make an appointment this week and find out what to bring",
            &["Could you tell me what to bring?"],
        );
        check(
            "Book a table and ask if they have parking",
            &["Could you tell me whether you have parking?"],
        );
        check("Reserva una mesa y pregunta si hay terraza", &["¿Me podría decir si hay terraza?"]);
        check("Book a table for 6", &[]);
    }
}
