//! What comes with an order: the least that is sold, how long it takes, how it is paid.

use std::ops::Range;

use serde_json::{Value as Json, json};

use super::price::{asked_only_minimum, is_bare, prices};
use super::subject::Subject;
use super::{asked, confirmed, stands};
use crate::contact;
use crate::schema::{Field, FieldType};
use crate::talk::{Heard, Talk, Unit, Value};
use crate::terms::net_text;
use crate::token::{Token, any_phrase, find_phrase};

pub(crate) const ASKS_MINIMUM: &[&str] = &["minimum", "moq", "smallest order", "at least"];
pub(crate) const ASKS_LEAD_TIME: &[&str] = &[
    "lead time",
    "how soon",
    "how long",
    "how quickly",
    "how fast",
    "deliver",
    "delivery",
    "turnaround",
    "ship",
    "ready",
    "when could",
    "when can",
];
pub(crate) const ASKS_TERMS: &[&str] =
    &["payment", "terms", "pay", "invoice", "how would we pay", "settle the bill"];
const TELLS_LEAD_TIME: &[&str] = &[
    "lead time",
    "deliver",
    "delivery",
    "delivered",
    "ship",
    "ships",
    "shipping",
    "ready",
    "turnaround",
    "takes",
    "production",
    "out",
    "get it to you",
    "there in",
    "arrive",
];

pub fn minimum_order(talk: &Talk) -> Option<f64> {
    let none = ["no minimum", "don't have a minimum", "do not have a minimum", "isn't a minimum"];
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        if heard.says(&none) {
            found = Some(0.0);
            continue;
        }
        let asked = asked(talk, index, ASKS_MINIMUM);
        let bare_counts = asked_only_minimum(talk, index);
        for sentence in heard.sentences() {
            let keyword = ["minimum", "moq", "at least", "smallest"]
                .iter()
                .find_map(|word| find_phrase(&heard.tokens, sentence.clone(), word));
            let counted =
                counted_in(heard, &sentence, keyword.as_ref().map_or(0, |keyword| keyword.end))
                    .or_else(|| bare_amount_in(heard, &sentence).filter(|_| bare_counts));
            if (keyword.is_some() || asked) && counted.is_some() {
                found = counted;
                if keyword.is_some() {
                    break;
                }
            }
        }
        if let Some(value) = confirmed(talk, index, |value| matches!(value, Value::Quantity { .. }))
            && asked
        {
            found = value.number();
        }
    }
    found
}

fn bare_amount_in(heard: &Heard, sentence: &Range<usize>) -> Option<f64> {
    let facts = heard.facts.iter().filter(|fact| sentence.contains(&fact.at.start));
    let mut bare = facts.filter(|fact| stands(fact) && is_bare(&fact.value));
    bare.next().and_then(|fact| match fact.value {
        Value::Money { amount, .. } => Some(amount),
        _ => None,
    })
}

/// The first amount behind token `from`, else the last one before it.
fn counted_in(heard: &Heard, sentence: &Range<usize>, from: usize) -> Option<f64> {
    let mut before = None;
    for fact in heard.facts.iter().filter(|fact| sentence.contains(&fact.at.start) && stands(fact))
    {
        let (Value::Quantity { amount, .. } | Value::Number(amount)) = fact.value else { continue };
        if fact.at.start >= from {
            return Some(amount);
        }
        before = Some(amount);
    }
    before
}

/// How long delivery takes, counted in `unit`; part of a unit counts as a whole one.
pub fn lead_time(talk: &Talk, unit: Unit) -> Option<f64> {
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let asked = asked(talk, index, ASKS_LEAD_TIME);
        let paying = asked_only_terms(talk, index);
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            let Value::Duration { high, unit: said, .. } = fact.value else { continue };
            let sentence = heard.sentence_tokens(fact);
            let told = any_phrase(&heard.tokens, sentence, TELLS_LEAD_TIME);
            if (asked && !paying) || told {
                found = Some(in_unit(high, said, unit).ceil());
            }
        }
        let confirm = confirmed(talk, index, |value| matches!(value, Value::Duration { .. }));
        if let Some(Value::Duration { high, unit: said, .. }) = confirm
            && asked
        {
            found = Some(in_unit(high, said, unit).ceil());
        }
    }
    found
}

fn asked_only_terms(talk: &Talk, index: usize) -> bool {
    asked(talk, index, ASKS_TERMS) && !asked(talk, index, ASKS_LEAD_TIME)
}

pub(crate) fn in_unit(count: f64, said: Unit, unit: Unit) -> f64 {
    let days = count * said.days() / unit.days();
    (days * 1e6).round() / 1e6
}

pub fn payment_terms(talk: &Talk) -> Option<String> {
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let mut parts: Vec<String> = Vec::new();
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            match &fact.value {
                Value::Terms(text) if !parts.contains(text) => parts.push(text.clone()),
                Value::Duration { high, unit: Unit::Day, .. }
                    if asked_only_terms(talk, index) && parts.is_empty() =>
                {
                    parts.extend(net_text(*high));
                }
                _ => {}
            }
        }
        if !parts.is_empty() {
            found = Some(parts.join(", "));
        } else if let Some(Value::Terms(text)) =
            confirmed(talk, index, |value| matches!(value, Value::Terms(_)))
        {
            found = Some(text);
        }
    }
    found
}

pub(super) fn discount(talk: &Talk) -> Option<f64> {
    let mut found = None;
    for (index, fact) in talk.facts() {
        let heard = &talk.heard()[index];
        let Value::Percent(percent) = fact.value else { continue };
        let sentence = heard.sentence_tokens(fact);
        let named = any_phrase(&heard.tokens, sentence, &["discount", "off", "less", "reduction"])
            || asked(talk, index, &["discount", "off"]);
        if heard.callee && stands(fact) && named {
            found = Some(percent);
        }
    }
    found
}

/// How far the callee moved on the price, told as high, medium or low.
pub(super) fn negotiable(talk: &Talk, kind: &FieldType) -> Option<Json> {
    let FieldType::Choice(choices) = kind else { return None };
    let quoted = prices(talk);
    let moves = quoted.windows(2).filter(|pair| pair[1].amount < pair[0].amount).count();
    let firm = talk.heard().iter().filter(|heard| heard.callee).any(|heard| {
        heard.says(&[
            "not negotiable",
            "final offer",
            "best i can do",
            "best we can do",
            "fixed price",
            "is firm",
            "can't go lower",
            "can't go below",
        ])
    });
    let word = match moves {
        0 if firm => "low",
        0 => return None,
        1 => "medium",
        _ => "high",
    };
    choices.iter().find(|choice| choice.eq_ignore_ascii_case(word)).map(|choice| json!(choice))
}

/// A confirmation, order or tracking number, letters and digits run together.
pub(super) fn reference(field: &Field, talk: &Talk) -> Option<String> {
    const CODES: &[&str] = &["code", "id", "reference", "confirmation", "number"];
    const OF_THE_CALL: &[&str] =
        &["booking", "order", "case", "ticket", "reservation", "reference"];
    let subject = Subject::of(field);
    let of_the_call = subject.has("confirmation") || subject.has("reference");
    for (index, heard) in talk.heard().iter().enumerate().rev().filter(|(_, heard)| heard.callee) {
        let named = heard.tokens.iter().enumerate().position(|(at, token)| {
            let numbered = heard.tokens.get(at + 1).is_some_and(|next| next.is_any(CODES));
            subject.has(&token.text) || of_the_call && numbered && token.is_any(OF_THE_CALL)
        });
        if let Some(at) = named
            && let Some(code) = code_after(heard, at + 1)
        {
            return Some(code);
        }
        let asks = subject.was_asked(talk, index) || of_the_call && asked(talk, index, CODES);
        if asks && let Some(code) = code_after(heard, 0) {
            return Some(code);
        }
    }
    None
}

fn code_after(heard: &Heard, from: usize) -> Option<String> {
    let mut code = String::new();
    let single = |token: &Token| token.is_word() && token.text.chars().count() == 1;
    for (at, token) in heard.tokens.iter().enumerate().skip(from) {
        let digits = contact::digits_of(&token.text);
        // "A" begins a code only where another sign follows.
        let next = heard.tokens.get(at + 1);
        let spelled = next.is_some_and(|next| single(next) || next.is_digits());
        let letter = single(token) && (!token.is("a") || !code.is_empty() || spelled);
        if !digits.is_empty() {
            code.push_str(&digits);
        } else if letter {
            code.push_str(&token.text.to_uppercase());
        } else if !code.is_empty() && !token.is_any(&["-", ","]) {
            break;
        }
    }
    let real = code.chars().count() >= 2 && code.chars().any(|c| c.is_ascii_digit());
    real.then_some(code)
}
