//! "Always ask for…": rules that must be done before the call may end.

use super::Language;
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

/// One obligation for each rule of the form "always ask for X", worded in English.
pub fn obligations(rules: &[String]) -> Vec<Obligation> {
    obligations_in(rules, Language::English)
}

/// The same, worded in the language of the call. A rule in English is quoted as it is, in a sentence of
/// that language; the model says it properly.
pub fn obligations_in(rules: &[String], language: Language) -> Vec<Obligation> {
    let mut found = Vec::new();
    for (rule, text) in rules.iter().enumerate() {
        let english = question_of(text);
        let question = match language {
            Language::English => english,
            _ => question_abroad(text, language)
                .or_else(|| english.map(|question| quoted(&question, language))),
        };
        if let Some(question) = question {
            let topic = topic_of(&question, language);
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

/// The object of an English question, in a sentence of `language`.
fn quoted(question: &str, language: Language) -> String {
    let mut object = question.trim_end_matches('?');
    for lead in ["Could I have ", "Could you tell me about ", "Could you tell me "] {
        object = object.strip_prefix(lead).unwrap_or(object);
    }
    match language {
        Language::English => question.to_owned(),
        Language::Spanish => format!("También quisiera preguntarle esto: ¿{object}?"),
        Language::French => format!("Je voudrais aussi vous demander ceci : {object} ?"),
        Language::German => format!("Ich möchte Sie auch Folgendes fragen: {object}?"),
    }
}

/// Rules written in the language of the call: "Frage immer nach einem Muster", "Pregunte siempre si…".
fn question_abroad(rule: &str, language: Language) -> Option<String> {
    const NONE: &[(&str, &str)] = &[];
    const SPANISH: &[(&str, &str)] = &[
        ("preguntar siempre si ", "¿Podría decirme si "),
        ("pregunta siempre si ", "¿Podría decirme si "),
        ("pregunte siempre si ", "¿Podría decirme si "),
        ("preguntar siempre por ", "¿Puedo preguntarle por "),
        ("pregunta siempre por ", "¿Puedo preguntarle por "),
        ("pregunte siempre por ", "¿Puedo preguntarle por "),
        ("pedir siempre ", "¿Podría darme "),
        ("pide siempre ", "¿Podría darme "),
        ("pida siempre ", "¿Podría darme "),
        ("siempre pregunta por ", "¿Puedo preguntarle por "),
        ("siempre pide ", "¿Podría darme "),
    ];
    const FRENCH: &[(&str, &str)] = &[
        ("toujours demander si ", "Pourriez-vous me dire si "),
        ("demande toujours si ", "Pourriez-vous me dire si "),
        ("demandez toujours si ", "Pourriez-vous me dire si "),
        ("toujours demander ", "Pourriez-vous me donner "),
        ("demande toujours ", "Pourriez-vous me donner "),
        ("demandez toujours ", "Pourriez-vous me donner "),
    ];
    const GERMAN: &[(&str, &str)] = &[
        ("frage immer nach ", "Darf ich Sie noch nach etwas fragen, nämlich nach "),
        ("fragen sie immer nach ", "Darf ich Sie noch nach etwas fragen, nämlich nach "),
        ("immer nach ", "Darf ich Sie noch nach etwas fragen, nämlich nach "),
        ("frage immer, ob ", "Können Sie mir sagen, ob "),
        ("fragen sie immer, ob ", "Können Sie mir sagen, ob "),
        ("immer fragen, ob ", "Können Sie mir sagen, ob "),
    ];
    let lower = rule.to_ascii_lowercase();
    let (lead, wording) = language
        .pick([NONE, SPANISH, FRENCH, GERMAN])
        .iter()
        .find(|(lead, _)| lower.starts_with(lead))?;
    let rest = rule[lead.len()..].trim().trim_end_matches(['.', '!', '?']);
    let rest = rest.strip_suffix(" fragen").unwrap_or(rest).trim_end();
    let mark = if language == Language::French { " ?" } else { "?" };
    (!rest.is_empty()).then(|| format!("{wording}{rest}{mark}"))
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

fn topic_of(question: &str, language: Language) -> Vec<String> {
    const EMPTY_ABROAD: &[&str] = &[
        "podría",
        "decirme",
        "darme",
        "puedo",
        "preguntarle",
        "por",
        "si",
        "también",
        "quisiera",
        "esto",
        "un",
        "una",
        "el",
        "la",
        "los",
        "las",
        "de",
        "del",
        "su",
        "pourriez",
        "vous",
        "me",
        "dire",
        "donner",
        "je",
        "voudrais",
        "aussi",
        "demander",
        "ceci",
        "une",
        "le",
        "les",
        "des",
        "votre",
        "darf",
        "ich",
        "sie",
        "noch",
        "nach",
        "etwas",
        "fragen",
        "nämlich",
        "können",
        "mir",
        "sagen",
        "ob",
        "möchte",
        "auch",
        "folgendes",
        "einem",
        "einer",
        "einen",
        "ein",
        "eine",
        "der",
        "die",
        "das",
        "dem",
        "den",
        "ihre",
        "ihrer",
        "ihrem",
    ];
    const EMPTY: &[&str] = &[
        "could", "i", "have", "you", "tell", "me", "about", "if", "whether", "a", "an", "the",
        "your", "for", "and", "or", "of", "to", "is", "are", "what", "any",
    ];
    let mut topic = words(question);
    topic.retain(|word| !EMPTY.contains(&word.as_str()));
    if language != Language::English {
        topic.retain(|word| !EMPTY_ABROAD.contains(&word.as_str()));
    }
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
        let abroad = |rule: &str, language: Language| {
            obligations_in(&[rule.to_owned()], language).first().map(|one| one.question.clone())
        };
        assert_eq!(
            abroad("Frage immer nach einem schriftlichen Angebot.", Language::German).as_deref(),
            Some("Darf ich Sie noch nach etwas fragen, nämlich nach einem schriftlichen Angebot?")
        );
        assert_eq!(
            abroad("Pida siempre un presupuesto por escrito", Language::Spanish).as_deref(),
            Some("¿Podría darme un presupuesto por escrito?")
        );
        assert_eq!(
            abroad("Always ask for a written quote", Language::French).as_deref(),
            Some("Je voudrais aussi vous demander ceci : a written quote ?")
        );
        let written = &obligations(&["Always ask for a written quote".to_owned()])[0];
        assert!(written.is_asked_by("And would you send a written quote, please?"));
        assert!(!written.is_asked_by("What would you quote?"));
    }
}
