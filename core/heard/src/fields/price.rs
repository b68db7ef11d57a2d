//! Prices the other side stands by.

use super::measure::is_of_total;
use super::order::ASKS_MINIMUM;
use super::{asked, confirmed, stands};
use crate::money::price_number;
use crate::talk::{Fact, Heard, Talk, Value};
use crate::token::any_phrase;

pub(crate) const ASKS_PRICE: &[&str] = &[
    "price",
    "prices",
    "pricing",
    "cost",
    "costs",
    "charge",
    "quote",
    "rate",
    "how much",
    "come down",
    "could you do",
    "can you do",
    "per unit",
];
const NOT_THE_UNIT_PRICE: &[&str] = &[
    "shipping",
    "freight",
    "delivery",
    "setup",
    "tooling",
    "deposit",
    "total",
    "altogether",
    "fee",
    "surcharge",
    "tax",
    "minimum",
    "insurance",
    "handling",
    "overall",
    "breakfast",
    "parking",
    "cleaning",
    "installation",
    "membership",
    "registration",
    "late",
    "cancellation",
];

/// A price the other side stands by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quoted {
    pub amount: f64,
    pub currency: Option<&'static str>,
    /// Index of the utterance it was said in.
    pub utterance: usize,
}

/// Every price the callee named for what we asked about, in order.
pub fn prices(talk: &Talk) -> Vec<Quoted> {
    let mut quoted = Vec::new();
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let mut found = false;
        for fact in &heard.facts {
            let Value::Money { amount, currency, .. } = fact.value else { continue };
            if is_bare(&fact.value) && asked_only_minimum(talk, index) {
                continue;
            }
            found |= fact.conditional;
            if stands(fact) && !fact.conditional && !is_other_charge(heard, fact) {
                quoted.push(Quoted { amount, currency, utterance: index });
                found = true;
            }
        }
        if found {
            continue;
        }
        if let Some(amount) = bare_price(talk, index) {
            quoted.push(Quoted { amount, currency: None, utterance: index });
        } else if let Some(Value::Money { amount, currency, .. }) =
            confirmed(talk, index, |value| matches!(value, Value::Money { .. }))
        {
            quoted.push(Quoted { amount, currency, utterance: index });
        }
    }
    quoted
}

/// The last price the callee stands by.
pub fn price(talk: &Talk) -> Option<Quoted> {
    prices(talk).pop()
}

/// "We don't go below two hundred" has no currency: asked for the minimum, it counts things.
pub(super) fn asked_only_minimum(talk: &Talk, index: usize) -> bool {
    asked(talk, index, ASKS_MINIMUM) && !asked(talk, index, ASKS_PRICE)
}

pub(super) fn is_bare(value: &Value) -> bool {
    matches!(value, Value::Money { currency: None, per_unit: false, .. })
}

/// A number that is all there is to the answer to a question about the price.
fn bare_price(talk: &Talk, index: usize) -> Option<f64> {
    let heard = &talk.heard()[index];
    if !asked(talk, index, ASKS_PRICE) || heard.says(&["minimum", "moq"]) {
        return None;
    }
    let numbers = heard
        .facts
        .iter()
        .filter(|fact| stands(fact) && matches!(fact.value, Value::Number(amount) if amount > 0.0));
    let mut found: Option<(&Fact, f64)> = None;
    for fact in numbers {
        // "One twenty" is one price in two numbers.
        let first = found.map(|(before, _)| before).filter(|one| one.at.end == fact.at.start);
        let start = first.map_or(fact.at.start, |first| first.at.start);
        let amount = match price_number(&heard.tokens, start) {
            Some((number, true)) => number.value,
            // "Twelve five": nobody can tell what that is.
            _ if first.is_some() => return None,
            _ => fact.value.number().unwrap_or(0.0),
        };
        if !is_other_charge(heard, fact) {
            found = Some((fact, amount));
        }
    }
    found.map(|(_, amount)| amount)
}

pub(super) fn is_other_charge(heard: &Heard, fact: &Fact) -> bool {
    const BEFORE_TOKENS_MAX: usize = 6;
    let mut start = fact.at.start;
    while start > 0 && fact.at.start - start < BEFORE_TOKENS_MAX {
        let before = &heard.tokens[start - 1];
        if before.is_any(&[",", ";", ".", "?", "!", "and", "but"]) {
            break;
        }
        start -= 1;
    }
    let end = (fact.at.end + 3).min(heard.tokens.len());
    let after_stop = (fact.at.end..end).find(|at| heard.tokens[*at].is_mark()).unwrap_or(end);
    any_phrase(&heard.tokens, start..fact.at.start, NOT_THE_UNIT_PRICE)
        || any_phrase(
            &heard.tokens,
            fact.at.end..after_stop,
            &["total", "altogether", "in total", "for shipping", "for delivery", "for freight"],
        )
}

pub(super) fn volume_price(talk: &Talk) -> Option<f64> {
    let mut found = None;
    for (index, fact) in talk.facts() {
        let Value::Money { amount, .. } = fact.value else { continue };
        let after_question = asked(talk, index, &["more", "larger", "volume", "double", "twice"]);
        let theirs = talk.heard()[index].callee && stands(fact);
        if theirs && (fact.conditional || after_question) {
            found = Some(amount);
        }
    }
    found
}

pub(super) fn total(talk: &Talk) -> Option<f64> {
    let mut found = None;
    for (index, fact) in talk.facts() {
        let heard = &talk.heard()[index];
        let Value::Money { amount, .. } = fact.value else { continue };
        let named = is_of_total(talk, index, fact)
            || asked(talk, index, &["total", "altogether", "in all", "all together"]);
        if heard.callee && stands(fact) && named {
            found = Some(amount);
        }
    }
    found
}

/// The currency the callee named, else the one we named.
pub fn currency(talk: &Talk) -> Option<&'static str> {
    let named = |callee: bool| {
        talk.facts().find_map(|(index, fact)| match fact.value {
            Value::Money { currency: Some(code), .. } if talk.heard()[index].callee == callee => {
                Some(code)
            }
            _ => None,
        })
    };
    named(true).or_else(|| named(false))
}
