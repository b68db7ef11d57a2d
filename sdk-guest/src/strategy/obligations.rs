//! "Always ask for…": rules that must be done before the call may end.

use crate::extract::words;

/// Something a rule wants asked in every call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Index into the brief's rules.
    pub rule: usize,
    /// What to say, as a question.
    pub question: String,
    /// Words by which a turn of ours is known to have asked it.
    pub topic: Vec<String>,
}

/// One obligation for each rule of the form "always ask for X".
pub fn obligations(rules: &[String]) -> Vec<Obligation> {
    let mut found = Vec::new();
    for (rule, text) in rules.iter().enumerate() {
        if let Some(question) = question_of(text) {
            let topic = topic_of(&question);
            if !topic.is_empty() {
                found.push(Obligation { rule, question, topic });
            }
        }
    }
    found
}

impl Obligation {
    /// Whether this turn of ours asked it: most of its words were said.
    pub fn is_asked_by(&self, text: &str) -> bool {
        let said = words(text);
        let hits = self.topic.iter().filter(|word| said.contains(word)).count();
        hits * 3 >= self.topic.len() * 2
    }
}

fn question_of(rule: &str) -> Option<String> {
    let lower = rule.to_ascii_lowercase();
    let forms: [(&str, &str); 8] = [
        ("always ask for ", "Could I have "),
        ("always request ", "Could I have "),
        ("always get ", "Could I have "),
        ("always ask about ", "Could you tell me about "),
        ("always ask if ", "Could you tell me if "),
        ("always ask whether ", "Could you tell me whether "),
        ("always ask ", "Could you tell me "),
        ("make sure to ask for ", "Could I have "),
    ];
    for (lead, wording) in forms {
        let Some(start) = lower.find(lead) else { continue };
        let rest = rule[start + lead.len()..].trim().trim_end_matches(['.', '!', '?']);
        if rest.is_empty() {
            return None;
        }
        let rest = rest.replace(" their ", " your ").replace(" they ", " you ");
        let rest = rest.strip_prefix("their ").map_or(rest.clone(), |rest| format!("your {rest}"));
        let rest = rest.strip_prefix("they ").map_or(rest.clone(), |rest| format!("you {rest}"));
        return Some(format!("{wording}{rest}?"));
    }
    None
}

fn topic_of(question: &str) -> Vec<String> {
    const EMPTY: &[&str] = &[
        "could", "i", "have", "you", "tell", "me", "about", "if", "whether", "a", "an", "the",
        "your", "for", "and", "or", "of", "to", "is", "are", "what", "any",
    ];
    let mut topic = words(question);
    topic.retain(|word| !EMPTY.contains(&word.as_str()));
    topic
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_become_questions() {
        let check = |rule: &str, expected: &[&str]| {
            let found = obligations(&[rule.to_owned()]);
            let found: Vec<&str> = found.iter().map(|one| one.question.as_str()).collect();
            assert_eq!(found, expected, "{rule}");
        };
        check("Always ask for a written quote", &["Could I have a written quote?"]);
        check(
            "Always ask about their return policy.",
            &["Could you tell me about your return policy?"],
        );
        check("Never agree to price above $60/unit", &[]);
        check("Always ask for ", &[]);
        let written = &obligations(&["Always ask for a written quote".to_owned()])[0];
        assert!(written.is_asked_by("And would you send a written quote, please?"));
        assert!(!written.is_asked_by("What would you quote?"));
    }
}
