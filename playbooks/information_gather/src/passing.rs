//! What was told in passing: an answer to a question that was not put yet.
//!
//! Only where it is plain: the sentence has the words of the question and what the question asks for, a
//! frequency, a number, a span, a day, one of the choices. Everything else is asked.

use agenticcalling_playbook::extract::{Talk, Value};
use agenticcalling_playbook::strategy::{folded, says};

use crate::answer;
use crate::questions::{Kind, Question, overlap};

/// Share of the question's words that the sentence must have.
const OVERLAP_MIN: f64 = 0.67;

/// What a question wants, by its first words, and the words themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Frequency,
    Amount,
    Span,
    Day,
}

pub(crate) fn answers(sentence: &str, question: &Question) -> bool {
    if question.rule {
        return false;
    }
    let (wanted, about) = wanted(&question.content);
    let told = match &question.kind {
        Kind::Choice(choices) => answer::choice(sentence, choices).is_some(),
        // A number of something else is no rating, and a yes to something else no yes.
        Kind::Number(Some(_)) | Kind::YesNo => false,
        Kind::Number(None) | Kind::Open => wanted.is_some_and(|wanted| tells(wanted, sentence)),
    };
    told && overlap(&about, sentence) >= OVERLAP_MIN
}

/// "how often you order" wants a frequency, about "you order".
fn wanted(content: &str) -> (Option<Wanted>, String) {
    const OPENERS: &[(Wanted, &[&str])] = &[
        (
            Wanted::Frequency,
            &["how often", "con que frecuencia", "cada cuanto", "a quelle frequence", "wie oft"],
        ),
        (
            Wanted::Amount,
            &["how many", "cuantos", "cuantas", "combien de", "combien d", "wie viele"],
        ),
        (Wanted::Span, &["how long", "cuanto tiempo", "combien de temps", "wie lange"]),
        (Wanted::Day, &["when", "cuando", "quand", "wann"]),
    ];
    let spoken = folded(content);
    let spoken = spoken.trim();
    // "Combien de temps" wants a span: the longest opener counts.
    let mut best: Option<(Wanted, &str)> = None;
    for (wanted, phrases) in OPENERS {
        for phrase in *phrases {
            let opens = spoken.strip_prefix(phrase).is_some_and(|rest| rest.starts_with(' '));
            if opens && best.is_none_or(|(_, known)| phrase.len() > known.len()) {
                best = Some((*wanted, phrase));
            }
        }
    }
    let Some((wanted, opener)) = best else { return (None, content.to_owned()) };
    let after = content.split_whitespace().skip(opener.split(' ').count());
    let told = after.filter(|word| !ADDRESS.contains(&word.to_lowercase().as_str()));
    (Some(wanted), told.collect::<Vec<_>>().join(" "))
}

/// Words by which the question speaks to them and the answer does not.
const ADDRESS: &[&str] = &[
    "usted", "ustedes", "su", "sus", "nos", "vous", "votre", "vos", "nous", "sie", "ihr", "ihre",
    "ihnen", "uns", "bei", "chez", "con",
];

fn tells(wanted: Wanted, sentence: &str) -> bool {
    if wanted == Wanted::Frequency {
        return says(&folded(sentence), FREQUENCY);
    }
    let mut talk = Talk::new();
    talk.push(true, sentence);
    let fits = |value: &Value| match wanted {
        Wanted::Frequency => false,
        Wanted::Amount => matches!(value, Value::Number(_) | Value::Quantity { .. }),
        Wanted::Span => matches!(value, Value::Duration { .. }),
        Wanted::Day => matches!(value, Value::Date(_)),
    };
    talk.facts().any(|(_, fact)| !fact.negated && fits(&fact.value))
}

const FREQUENCY: &[&str] = &[
    "once a",
    "twice a",
    "times a",
    "once every",
    "every day",
    "every week",
    "every month",
    "every year",
    "every other",
    "daily",
    "weekly",
    "monthly",
    "yearly",
    "rarely",
    "una vez",
    "dos veces",
    "veces a",
    "veces al",
    "cada dia",
    "cada semana",
    "cada mes",
    "todos los dias",
    "todas las semanas",
    "todos los meses",
    "une fois",
    "deux fois",
    "fois par",
    "chaque jour",
    "chaque semaine",
    "chaque mois",
    "tous les jours",
    "toutes les semaines",
    "tous les mois",
    "einmal",
    "zweimal",
    "dreimal",
    "mal im",
    "mal pro",
    "mal die",
    "jeden tag",
    "jede woche",
    "jeden monat",
    "taglich",
    "wochentlich",
    "monatlich",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: &str, sentence: &str, expected: bool) {
        let question = Question {
            name: "it".into(),
            kind: Kind::Open,
            wording: String::new(),
            content: content.into(),
            rule: false,
        };
        assert_eq!(answers(sentence, &question), expected, "{content}: {sentence}");
    }

    #[test]
    fn only_what_was_told_plainly() {
        check("how often you order from us", "We order from you about once a month.", true);
        check("how often you order from us", "I order from you because you are fast.", false);
        check("how often you order from us", "My brother calls once a month.", false);
        check("how many employees you have", "We have twelve employees.", true);
        check("how many employees you have", "Our employees like it.", false);
        check("how long you have known us", "I have known you for two years.", true);
        check("when you bought it", "We bought it on the third of May.", true);
        check("what you would change", "I would change nothing.", false);
        check("con qué frecuencia compra", "Compra mi mujer, una vez al mes.", true);
        check("wie oft Sie bestellen", "Wir bestellen einmal im Monat.", true);
    }

    #[test]
    fn of_choices_the_one_that_was_said() {
        let kind = Kind::Choice(vec!["weekly".into(), "monthly".into()]);
        let question = Question {
            name: "frequency".into(),
            kind,
            wording: String::new(),
            content: "How often do you order".into(),
            rule: false,
        };
        assert!(answers("We order monthly.", &question));
        assert!(!answers("The monthly magazine was in it.", &question));
    }
}
