//! Who we spoke with and how they are reached.

use std::ops::Range;

use super::subject::{related, topic};
use super::{asked, confirmed, stands};
use crate::contact;
use crate::schema::Field;
use crate::talk::{Fact, Heard, Talk, Value};
use crate::token::any_phrase;

pub(crate) const ASKS_NAME: &[&str] = &[
    "your name",
    "speaking with",
    "speaking to",
    "who am i",
    "with whom",
    "whom am i",
    "talking to",
];

/// Who we spoke with: the last person to introduce themselves, else the first name mentioned.
pub fn contact_name(talk: &Talk) -> Option<String> {
    let mut introduced: Option<String> = None;
    let mut mentioned: Option<String> = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            let Value::Name(name) = &fact.value else { continue };
            if talk.is_own_name(name) {
                continue;
            }
            if introduces_itself(heard, fact) {
                introduced = Some(fuller(introduced, name));
            } else {
                mentioned.get_or_insert_with(|| name.clone());
            }
        }
        if introduced.is_some() || !asked(talk, index, ASKS_NAME) {
            continue;
        }
        let confirm = confirmed(talk, index, |value| matches!(value, Value::Name(_)));
        if let Some(name) =
            contact::name_answer(&heard.tokens).filter(|name| !talk.is_own_name(name))
        {
            introduced = Some(name);
        } else if let Some(Value::Name(name)) = confirm {
            introduced = Some(name);
        }
    }
    introduced.or(mentioned)
}

/// "Mike" said again after "Mike Chen" is the same person.
fn fuller(known: Option<String>, name: &str) -> String {
    match known {
        Some(known) if known.split(' ').any(|part| part == name) => known,
        _ => name.to_owned(),
    }
}

fn introduces_itself(heard: &Heard, fact: &Fact) -> bool {
    let before = fact.at.start.saturating_sub(3)..fact.at.start;
    let after = fact.at.end..(fact.at.end + 1).min(heard.tokens.len());
    any_phrase(
        &heard.tokens,
        before,
        &[
            "this is",
            "my name is",
            "my name's",
            "name is",
            "name's",
            "i'm",
            "i am",
            "speaking with",
            "it's",
        ],
    ) || any_phrase(&heard.tokens, after, &["speaking", "here"])
}

pub fn email(talk: &Talk) -> Option<String> {
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate() {
        for fact in heard.facts.iter().filter(|fact| heard.callee && !fact.corrected) {
            if let Value::Email(address) = &fact.value {
                found = Some(address.clone());
            }
        }
        if let Some(Value::Email(address)) =
            confirmed(talk, index, |value| matches!(value, Value::Email(_)))
        {
            found = Some(address);
        }
    }
    found
}

pub fn phone(talk: &Talk) -> Option<String> {
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate() {
        for fact in heard.facts.iter().filter(|fact| heard.callee && !fact.corrected) {
            if let Value::Phone(number) = &fact.value {
                found = Some(number.clone());
            }
        }
        if let Some(Value::Phone(number)) =
            confirmed(talk, index, |value| matches!(value, Value::Phone(_)))
        {
            found = Some(number);
        }
    }
    found
}

/// Somebody other than whom we spoke with: the manager, the doctor.
pub(super) fn name_of(field: &Field, talk: &Talk) -> Option<String> {
    const WHOM_WE_SPOKE_WITH: &[&str] = &[
        "contact",
        "name",
        "person",
        "full",
        "first",
        "last",
        "customer",
        "caller",
        "callee",
        "their",
        "your",
        "speaker",
        "representative",
        "rep",
        "employee",
        "staff",
        "spoke",
        "spoken",
        "with",
        "who",
        "to",
        "of",
        "the",
        "agent",
        "respondent",
        "answered",
        "contacted",
        "talked",
    ];
    let mut words = topic(field);
    words.retain(|word| !WHOM_WE_SPOKE_WITH.contains(&word.as_str()));
    if words.is_empty() {
        return contact_name(talk);
    }
    let names = |heard: &Heard, range: Range<usize>| {
        heard.tokens[range].iter().any(|token| words.iter().any(|word| related(&token.text, word)))
    };
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let asked =
            talk.question_before(index).is_some_and(|ours| names(ours, 0..ours.tokens.len()));
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            let Value::Name(name) = &fact.value else { continue };
            let told = names(heard, heard.sentence_tokens(fact));
            if told || asked && !introduces_itself(heard, fact) {
                found = Some(name.clone());
            }
        }
        // "The manager is Sarah Lee."
        for (at, token) in heard.tokens.iter().enumerate() {
            let named = words.iter().any(|word| related(&token.text, word));
            let is = heard.tokens.get(at + 1).is_some_and(|next| next.is_any(&["is", "'s", "was"]));
            if named
                && is
                && let Some(name) = contact::name_from(&heard.tokens, at + 2)
            {
                found = Some(name);
            }
        }
        if asked && found.is_none() {
            found = contact::name_answer(&heard.tokens).filter(|name| !talk.is_own_name(name));
        }
    }
    found
}
