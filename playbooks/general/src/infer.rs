//! The schema that an objective implies, when the customer gave none.

use agenticcalling_playbook::extract::{Schema, words};
use agenticcalling_playbook::strategy::BriefFacts;
use serde_json::{Map, Value, json};

use crate::objective::{Item, Kind};

/// Field that says whether a request was agreed to.
pub(crate) const CONFIRMATION: &str = "confirmation";
pub(crate) const PARTY_SIZE: &str = "party_size";

pub(crate) fn schema<'a>(items: impl Iterator<Item = &'a Item>, facts: &BriefFacts) -> Schema {
    let mut properties = Map::new();
    for item in items {
        match item.kind {
            Kind::Ask => ask(item, &mut properties),
            Kind::Request => request(facts, &mut properties),
            Kind::Tell => {}
        }
    }
    Schema::read(&json!({"type": "object", "properties": properties}))
}

fn ask(item: &Item, properties: &mut Map<String, Value>) {
    let words = words(&item.content);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let mut add = |name: &str, kind: &str| {
        let property = json!({"type": kind, "description": item.source});
        properties.entry(name.to_owned()).or_insert(property);
    };
    let yes_no = words.first().is_some_and(|word| {
        matches!(
            word.as_str(),
            "if" | "whether" | "do" | "does" | "are" | "is" | "can" | "will" | "have" | "has"
        )
    });
    if yes_no {
        add(&name_of(&words), "boolean");
    } else if has(&["hours"]) {
        add("opening_time", "string");
        add("closing_time", "string");
    } else if has(&["close", "closes", "closing"]) {
        add("closing_time", "string");
    } else if has(&["open", "opens", "opening"]) {
        add("opening_time", "string");
    } else if has(&[
        "price", "prices", "pricing", "cost", "costs", "charge", "fee", "rate", "rates", "much",
    ]) {
        add("price", "number");
        add("currency", "string");
    } else if has(&["email", "mail"]) {
        add("email", "string");
    } else if has(&["phone", "telephone"]) {
        add("phone", "string");
    } else if has(&["name", "who"]) {
        add("contact_name", "string");
    } else if has(&["many"]) {
        add(&name_of(&words), "number");
    } else {
        add(&name_of(&words), "string");
    }
}

fn request(facts: &BriefFacts, properties: &mut Map<String, Value>) {
    properties.insert(
        CONFIRMATION.into(),
        json!({"type": "boolean", "description": "whether they agreed to what was asked of them"}),
    );
    if facts.day.is_some() {
        properties.insert(
            "date".into(),
            json!({"type": "string", "description": "the day agreed on, as it was said"}),
        );
    }
    if facts.time.is_some() {
        properties.insert(
            "time".into(),
            json!({"type": "string", "description": "the time agreed on, as HH:MM"}),
        );
    }
    if facts.people.is_some() {
        properties.insert(PARTY_SIZE.into(), json!({"type": "number"}));
    }
    properties.insert("confirmation_number".into(), json!({"type": "string"}));
}

/// Two or three words of the question, as a name.
fn name_of(words: &[String]) -> String {
    const NAME_WORDS_MAX: usize = 3;
    const EMPTY: &[&str] = &[
        "if", "whether", "what", "when", "how", "where", "who", "which", "why", "do", "does",
        "are", "is", "can", "will", "have", "has", "you", "your", "the", "a", "an", "on", "in",
        "at", "to", "for", "of", "and", "or", "any", "it", "they", "there", "i", "we", "us", "my",
        "our", "me", "be", "many", "about", "s",
    ];
    let mut kept: Vec<&str> = Vec::new();
    for word in words.iter().filter(|word| !EMPTY.contains(&word.as_str())) {
        if kept.len() < NAME_WORDS_MAX && word.chars().all(char::is_alphanumeric) {
            kept.push(word);
        }
    }
    if kept.is_empty() { "answer".into() } else { kept.join("_") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective;

    #[test]
    fn objectives_imply_fields() {
        let check = |text: &str, expected: &[&str]| {
            let found = objective::split(text);
            let brief =
                agenticcalling_playbook::Brief { objective: text.into(), ..Default::default() };
            let schema = schema(found.items.iter(), &BriefFacts::of(&brief));
            let names: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
            assert_eq!(names, expected, "{text}");
        };
        check("Ask what time they close today", &["closing_time"]);
        check("Ask about their business hours", &["closing_time", "opening_time"]);
        check("Ask if they are open on Sunday", &["open_sunday"]);
        check("Ask how much a haircut costs", &["currency", "price"]);
        check("Ask for their e-mail address", &["email"]);
        check("Ask about the return policy", &["return_policy"]);
        check(
            "Book a table for 6 at 8pm this Friday",
            &["confirmation", "confirmation_number", "date", "party_size", "time"],
        );
        check("Tell them we are late", &[]);
    }
}
