//! What the course of the call came to, held against a draft of the model's.

use serde_json::{Map, Value as Json};

use super::day::Calendar;
use super::read::{Bare, What, mentions};
use super::spoken::clock;
use super::text::{folded, says, tokens};
use super::words::number;
use crate::extract::{Dropped, FieldType, Grounded, Schema, Talk};
use crate::strategy::{self, Language};

/// The data of the report. `known` has what the component computed, by field; null says that the call
/// did not settle it. What it knows outranks the draft; other fields are grounded in what was said.
pub fn ground_known(
    schema: &Schema,
    known: &Map<String, Json>,
    draft: Option<&str>,
    talk: &Talk,
    calendar: Calendar,
    language: Language,
) -> (Grounded, Map<String, Json>) {
    let (mut grounded, own) = strategy::ground_draft(schema, draft, talk);
    let drafted = draft.and_then(|text| serde_json::from_str::<Json>(text).ok());
    for field in &schema.fields {
        let Some(value) = known.get(&field.name).filter(|value| fits(&field.kind, value)) else {
            continue;
        };
        grounded.data.remove(&field.name);
        grounded.ungrounded.retain(|dropped| dropped.field != field.name);
        let theirs = drafted.as_ref().and_then(|draft| draft.get(&field.name));
        if let Some(theirs) = theirs.filter(|theirs| !is_nothing(theirs))
            && !is_same(theirs, value, calendar, language)
        {
            let reason = match value {
                Json::Null => "the call did not settle it".to_owned(),
                value => format!("the call came to {value}"),
            };
            let (field, value) = (field.name.clone(), theirs.clone());
            grounded.ungrounded.push(Dropped { field, value, reason });
        }
        if !value.is_null() {
            grounded.data.insert(field.name.clone(), value.clone());
        }
    }
    grounded.ungrounded.sort_by(|one, other| one.field.cmp(&other.field));
    (grounded, own)
}

/// A booking or reference number in a turn: its letters and digits as they were spelled.
pub fn code_in(text: &str, language: Language) -> Option<String> {
    const CODE_CHARS_MIN: usize = 2;
    const CODE_CHARS_MAX: usize = 24;
    let tokens = tokens(text);
    let mut best = String::new();
    let mut code = String::new();
    let mut at = 0;
    while at <= tokens.len() {
        let token = tokens.get(at);
        // The end of "it's" spells nothing.
        let inner = token.is_some_and(|token| text[..token.start].ends_with(['\'', '’']));
        let single = !inner
            && token.is_some_and(|token| !token.is_mark() && token.text.chars().count() == 1);
        let mixed = token.is_some_and(|token| token.glued && !token.is_mark()) && !code.is_empty();
        let digits = token.is_some_and(|token| token.is_digits());
        // "A" begins a code only where another sign follows.
        let next = tokens.get(at + 1);
        let spelled =
            next.is_some_and(|next| next.is_digits() || !next.is_mark() && next.text.len() == 1);
        let article = !spelled && token.is_some_and(|token| token.is_any(&["a", "y", "o", "i"]));
        if let Some(token) = token.filter(|token| {
            digits || (single && !(article && code.is_empty())) || mixed && token.text.len() <= 3
        }) {
            code.push_str(&token.text.to_uppercase());
            at += 1;
        } else if let Some((value, used)) = number(&tokens, at, language) {
            code.push_str(&value.to_string());
            at += used;
        } else if token.is_some_and(|token| token.is_any(&["-", ",", "/"])) && !code.is_empty() {
            at += 1;
        } else {
            let real =
                code.chars().count() >= CODE_CHARS_MIN && code.chars().any(|c| c.is_ascii_digit());
            if real && code.len() > best.len() {
                best = std::mem::take(&mut code);
            }
            code.clear();
            at += 1;
        }
    }
    (!best.is_empty() && best.chars().count() <= CODE_CHARS_MAX).then_some(best)
}

/// Whether a turn speaks of a booking or reference number.
pub fn speaks_of_number(text: &str) -> bool {
    says(
        &folded(text),
        &[
            "confirmation number",
            "confirmation code",
            "booking number",
            "reservation number",
            "reference number",
            "reference",
            "number is",
            "code is",
            "numero de confirmacion",
            "numero de reserva",
            "codigo",
            "localizador",
            "referencia",
            "numero de confirmation",
            "numero de reservation",
            "numero de dossier",
            "bestatigungsnummer",
            "buchungsnummer",
            "reservierungsnummer",
            "stornonummer",
            "vorgangsnummer",
            "code lautet",
            "nummer lautet",
            "nummer ist",
        ],
    )
}

fn fits(kind: &FieldType, value: &Json) -> bool {
    match kind {
        FieldType::Boolean => value.is_boolean() || value.is_null(),
        FieldType::Number | FieldType::Integer => value.is_number() || value.is_null(),
        FieldType::String => value.is_string() || value.is_null(),
        FieldType::List(_) => value.is_array() || value.is_null(),
        FieldType::Any => true,
        FieldType::Choice(choices) => match value.as_str() {
            Some(text) => choices.iter().any(|choice| choice == text),
            None => value.is_null(),
        },
        FieldType::Object(_) => false,
    }
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => {
            matches!(text.trim().to_lowercase().as_str(), "" | "unknown" | "none" | "n/a" | "null")
        }
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Equal, however it is written: "Friday" and `2026-11-27`, "8:30 pm" and `20:30`.
fn is_same(drafted: &Json, known: &Json, calendar: Calendar, language: Language) -> bool {
    if drafted == known {
        return true;
    }
    if let (Some(one), Some(other)) = (drafted.as_f64(), known.as_f64()) {
        return (one - other).abs() < 0.005;
    }
    let (Some(drafted), Some(known)) = (drafted.as_str(), known.as_str()) else { return false };
    if folded(drafted) == folded(known) {
        return true;
    }
    for language in [language, Language::English] {
        let found = mentions(&tokens(drafted), language, Bare::Time);
        for mention in &found {
            let same = match mention.what {
                What::Day(name) => calendar
                    .resolve(name)
                    .and_then(|days| days.single())
                    .is_some_and(|day| Calendar::iso(day) == known),
                What::Clock(at) => {
                    clock(at.minute) == known
                        || !at.certain && clock((at.minute + 720) % 1440) == known
                }
                _ => false,
            };
            if same {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn codes_are_spelled() {
        let check = |text: &str, language: Language, expected: Option<&str>| {
            assert_eq!(code_in(text, language).as_deref(), expected, "{text}");
        };
        check("Your confirmation number is 4 7 1 2.", Language::English, Some("4712"));
        check("It's A B 12.", Language::English, Some("AB12"));
        check("It's four four seven.", Language::English, Some("447"));
        check("RK-4711, please keep it", Language::English, Some("4711"));
        check("cuatro siete uno", Language::Spanish, Some("471"));
        check("There is none.", Language::English, None);
    }

    #[test]
    fn what_is_known_outranks_the_draft() {
        let schema =
            Schema::read(&json!({"date": "string", "time": "string", "confirmed": "boolean"}));
        let known = json!({"date": "2026-11-27", "time": "20:30", "confirmed": null});
        let Json::Object(known) = known else { panic!("not an object") };
        let calendar = Calendar { today: 20_780, minute: 660 };
        let draft = r#"{"date": "Friday", "time": "9 pm", "confirmed": true}"#;
        let talk = Talk::new();
        let (grounded, _) =
            ground_known(&schema, &known, Some(draft), &talk, calendar, Language::English);
        assert_eq!(Json::Object(grounded.data), json!({"date": "2026-11-27", "time": "20:30"}));
        let dropped: Vec<&str> = grounded.ungrounded.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(dropped, ["confirmed", "time"]);
    }
}
