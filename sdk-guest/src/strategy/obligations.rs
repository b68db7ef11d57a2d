//! "Always ask for…": rules that must be done before the call may end, as the rule kit reads them.

use super::Language;
use crate::extract::words;
use crate::rules::{Rules, Topic};

/// Something a rule wants asked in every call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Index into the brief's rules.
    pub rule: usize,
    /// What to say, as a question.
    pub question: String,
    /// The words of it that name something.
    pub topic: Vec<String>,
    read: Topic,
}

/// What the rules of the form "always ask for X" want asked, one by one.
pub fn obligations(rules: &[String]) -> Vec<Obligation> {
    obligations_in(rules, Language::English)
}

/// The same for a call in `language`. A rule in English is quoted as it is, in a sentence of that
/// language; the model says it properly.
pub fn obligations_in(rules: &[String], language: Language) -> Vec<Obligation> {
    let mut found = Vec::new();
    for (rule, read) in Rules::compile(rules).questions() {
        let topic = topic_of(&read.wording);
        if !topic.is_empty() {
            let question = worded(&read.wording, language);
            found.push(Obligation { rule, question, topic, read });
        }
    }
    found
}

impl Obligation {
    /// Whether this turn of ours asked it, in these words or others.
    pub fn is_asked_by(&self, text: &str) -> bool {
        self.read.is_asked_by(text)
    }
}

/// A question as the rule kit words it; an English one in a sentence of `language`.
fn worded(question: &str, language: Language) -> String {
    const LEADS: [&str; 5] = [
        "Could I have ",
        "Could you tell me about ",
        "Could you tell me ",
        "Could I ",
        "Could you ",
    ];
    let lead = LEADS.iter().find_map(|lead| question.strip_prefix(lead));
    let Some(object) = lead.filter(|_| language != Language::English) else {
        return question.to_owned();
    };
    let object = object.trim_end_matches('?');
    match language {
        Language::English => question.to_owned(),
        Language::Spanish => format!("También quisiera preguntarle esto: ¿{object}?"),
        Language::French => format!("Je voudrais aussi vous demander ceci : {object} ?"),
        Language::German => format!("Ich möchte Sie auch Folgendes fragen: {object}?"),
    }
}

/// Without the words that any question has.
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

    #[test]
    fn in_another_language_they_are_asked_in_it() {
        let abroad = |rule: &str, language: Language| {
            obligations_in(&[rule.to_owned()], language).first().map(|one| one.question.clone())
        };
        let german = abroad("Frage immer nach einem schriftlichen Angebot.", Language::German);
        assert!(german.is_some_and(|question| question.contains("schriftlichen Angebot")));
        let spanish = abroad("Pida siempre un presupuesto por escrito", Language::Spanish);
        assert!(spanish.is_some_and(|question| question.contains("presupuesto por escrito")));
        assert_eq!(
            abroad("Always ask for a written quote", Language::French).as_deref(),
            Some("Je voudrais aussi vous demander ceci : a written quote ?")
        );
    }
}
