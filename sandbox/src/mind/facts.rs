//! Answers direct questions from the system prompt, by words in common. Orders to the agent
//! ("never…", "ask…") are not facts and are never read out.

use super::cues::{has_phrase, plain, sentences};

const PURPOSE_QUESTIONS: &[&str] = &[
    "what is this about",
    "whats this about",
    "what is this regarding",
    "how can i help",
    "how may i help",
    "what can i do for you",
    "what do you need",
    "what are you looking for",
    "why are you calling",
    "what are you calling about",
];

const IDENTITY_QUESTIONS: &[&str] = &[
    "who is this",
    "whos this",
    "who am i speaking",
    "who am i talking",
    "who is calling",
    "whos calling",
    "who are you",
    "your name",
    "may i ask who",
    "where are you calling from",
    "which company",
    "what company",
];

const ORDERS: &[&str] = &[
    "never", "always", "do", "dont", "avoid", "ask", "say", "keep", "speak", "use", "if", "when",
    "only", "be", "make", "thank", "answer", "stay", "call", "end", "once", "refuse", "tell",
    "confirm", "follow", "rules", "rule", "must",
];

const STOP: &[&str] = &[
    "a", "about", "an", "and", "any", "are", "at", "be", "by", "can", "could", "do", "does", "for",
    "from", "get", "have", "how", "i", "in", "is", "it", "know", "like", "many", "may", "me",
    "much", "my", "need", "of", "on", "or", "our", "out", "please", "so", "some", "tell", "that",
    "the", "there", "they", "this", "to", "us", "was", "we", "what", "when", "where", "which",
    "who", "why", "will", "with", "would", "you", "your", "want", "looking", "going",
];

/// A spoken answer to the question, if the instructions hold one.
pub(super) fn answer(question: &str, instructions: &str) -> Option<String> {
    let asked = plain(question);
    let facts = facts(instructions);
    if IDENTITY_QUESTIONS.iter().any(|cue| has_phrase(&asked, cue)) {
        let identity = facts.iter().find(|fact| plain(fact).starts_with("you are "))?;
        return Some(spoken(identity));
    }
    if PURPOSE_QUESTIONS.iter().any(|cue| has_phrase(&asked, cue)) {
        return purpose(instructions);
    }
    let wanted = stems(&asked);
    let asks_count = has_phrase(&asked, "how many") || has_phrase(&asked, "quantity");
    let mut best: Option<(usize, &str)> = None;
    for fact in facts {
        let held = stems(&plain(fact));
        let score = wanted.iter().filter(|word| held.contains(word)).count();
        if score > best.map_or(0, |(score, _)| score) {
            best = Some((score, fact));
        }
    }
    if let Some((_, fact)) = best {
        return Some(spoken(fact));
    }
    purpose(instructions).filter(|purpose| {
        let held = stems(&plain(purpose));
        asks_count || wanted.iter().any(|word| held.contains(word))
    })
}

/// "I'm calling to get bulk pricing for 500 steel beams."
pub(super) fn purpose(instructions: &str) -> Option<String> {
    for line in instructions.lines() {
        let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric()).replace("**", "");
        let Some((label, objective)) = bare.split_once(':') else { continue };
        if !is_objective(label) {
            continue;
        }
        let objective = sentences(objective).first()?.trim_end_matches(['.', '!', '?']).to_owned();
        let mut letters = objective.chars();
        let head = letters.next()?.to_lowercase();
        return Some(format!("I'm calling to {head}{}.", letters.as_str()));
    }
    None
}

/// A line that states the objective is the agent's task, not something to say as it stands.
fn is_objective(line: &str) -> bool {
    let label = plain(line.split(':').next().unwrap_or(line));
    has_phrase(&label, "objective") || has_phrase(&label, "goal")
}

fn facts(instructions: &str) -> Vec<&str> {
    let mut facts = Vec::new();
    for line in instructions.lines() {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '$');
        for sentence in sentences(line) {
            let plain = plain(sentence);
            let first = plain.split(' ').next().unwrap_or("");
            if is_objective(sentence) {
                break;
            }
            let orders = ORDERS.contains(&first) || has_phrase(&plain, "you must");
            if !orders && !plain.is_empty() && !sentence.ends_with(':') {
                facts.push(sentence);
            }
        }
    }
    facts
}

pub(super) fn stems(plain: &str) -> Vec<String> {
    let mut stems = Vec::new();
    for word in plain.split(' ').filter(|word| word.len() > 1 && !STOP.contains(word)) {
        let cut = ["ies", "ing", "ed", "es", "s"].iter().find_map(|end| word.strip_suffix(end));
        let stem = cut.filter(|stem| stem.len() >= 3).unwrap_or(word).to_owned();
        if !stems.contains(&stem) {
            stems.push(stem);
        }
    }
    stems
}

/// Turns a sentence that addresses the agent into one the agent can say.
fn spoken(fact: &str) -> String {
    let fact = match fact.split_once(": ") {
        Some((label, value)) if label.split(' ').count() <= 3 => value,
        _ => fact,
    };
    let mut said: Vec<String> = Vec::new();
    for word in fact.split_whitespace() {
        let previous = said.last().map(|word| word.to_lowercase());
        let spoken = match (previous.as_deref(), word.to_lowercase().as_str()) {
            (Some("i"), "are") => "am".to_owned(),
            (_, "you") => "I".to_owned(),
            (_, "you're") => "I'm".to_owned(),
            (_, "your") => if said.is_empty() { "My" } else { "my" }.to_owned(),
            _ => word.to_owned(),
        };
        said.push(spoken);
    }
    let mut sentence = said.join(" ");
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPT: &str = "You are Alex Morgan, calling on behalf of Northwind Construction.\n\
        Objective: Get bulk pricing for 500 steel beams\n\
        Context: The beams are for a bridge in Oakland. Your delivery address is Pier 9.\n\
        Rules:\n- Never disclose our current supplier.\n- Ask about delivery.";

    #[test]
    fn questions_are_answered_from_the_prompt() {
        let check = |question: &str, expected: Option<&str>| {
            assert_eq!(answer(question, PROMPT).as_deref(), expected, "{question}");
        };
        check(
            "Who is calling?",
            Some("I am Alex Morgan, calling on behalf of Northwind Construction."),
        );
        check("How can I help you?", Some("I'm calling to get bulk pricing for 500 steel beams."));
        check("What is the delivery address?", Some("My delivery address is Pier 9."));
        check("What are the beams for?", Some("The beams are for a bridge in Oakland."));
        check("Who is your current supplier?", None);
        check("How many beams?", Some("The beams are for a bridge in Oakland."));
        check("What quantity?", Some("I'm calling to get bulk pricing for 500 steel beams."));
        check("Do you like opera?", None);
    }
}
