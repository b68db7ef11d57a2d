//! Payment terms, in one canonical wording each.

use super::number::number_at;
use super::talk::Value;
use super::token::{Token, match_phrase};
use super::when::Match;

const UP_FRONT: &[&str] = &[
    "up front",
    "upfront",
    "in advance",
    "deposit",
    "down",
    "down payment",
    "prepayment",
    "with the order",
    "with order",
    "on order",
    "advance",
    "before shipping",
    "before shipment",
];
const LATER: &[(&str, &str)] = &[
    ("on delivery", "on delivery"),
    ("upon delivery", "on delivery"),
    ("at delivery", "on delivery"),
    ("when we deliver", "on delivery"),
    ("on shipment", "on shipment"),
    ("before shipping", "before shipping"),
    ("before shipment", "before shipping"),
    ("on receipt", "on receipt"),
    ("upon receipt", "on receipt"),
    ("on completion", "on completion"),
];
const FIXED: &[(&str, &str)] = &[
    ("cash on delivery", "Cash on delivery"),
    ("payment on delivery", "Cash on delivery"),
    ("pay on delivery", "Cash on delivery"),
    ("c o d", "Cash on delivery"),
    ("cod", "Cash on delivery"),
    ("payment in advance", "Payment in advance"),
    ("paid in advance", "Payment in advance"),
    ("pay in advance", "Payment in advance"),
    ("cash in advance", "Payment in advance"),
    ("full payment up front", "Payment in advance"),
    ("payment up front", "Payment in advance"),
    ("prepayment", "Payment in advance"),
    ("due on receipt", "Due on receipt"),
    ("due upon receipt", "Due on receipt"),
    ("payable on receipt", "Due on receipt"),
    ("letter of credit", "Letter of credit"),
];
/// Longest credit that is taken for payment terms, in days.
const NET_DAYS_MAX: f64 = 365.0;

pub(crate) fn terms_at(tokens: &[Token], at: usize) -> Match {
    let (text, used) =
        net(tokens, at).or_else(|| share(tokens, at)).or_else(|| fixed(tokens, at))?;
    Some((Value::Terms(text), used))
}

/// The canonical form of terms written as text, if they are understood.
pub fn canonical(text: &str) -> Option<String> {
    let tokens = super::token::tokens(text);
    let mut parts: Vec<String> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match terms_at(&tokens, at) {
            Some((Value::Terms(part), used)) => {
                parts.push(part);
                at += used;
            }
            _ => at += 1,
        }
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// "Net 30", "thirty days net", "thirty days from invoice".
fn net(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    if tokens.get(at)?.is("net") {
        let number = number_at(tokens, at + 1)?;
        let days = tokens.get(at + 1 + number.tokens).is_some_and(|token| token.is("days"));
        return Some((net_text(number.value)?, 1 + number.tokens + usize::from(days)));
    }
    let number = number_at(tokens, at)?;
    let after = at + number.tokens;
    if !tokens.get(after).is_some_and(|token| token.is_any(&["days", "day"])) {
        return None;
    }
    let endings = [
        "net",
        "from invoice",
        "from the invoice",
        "after invoice",
        "from the invoice date",
        "after delivery",
        "from delivery",
        "end of month",
        "terms",
        "credit",
        "to pay",
    ];
    for ending in endings {
        if let Some(found) = match_phrase(tokens, after + 1, tokens.len(), ending) {
            return Some((net_text(number.value)?, found.end - at));
        }
    }
    None
}

pub(crate) fn net_text(days: f64) -> Option<String> {
    let fits = days.fract() == 0.0 && (1.0..=NET_DAYS_MAX).contains(&days);
    fits.then(|| format!("Net {days}"))
}

/// "Fifty percent up front, the rest on delivery", "half down".
fn share(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let (percent, mut used) = percent_at(tokens, at)?;
    let mut next = at + used;
    for filler in
        ["is due", "due", "as a", "as", "of it", "of the total", "a", "to be paid", "paid"]
    {
        if let Some(found) = match_phrase(tokens, next, tokens.len(), filler) {
            next = found.end;
            break;
        }
    }
    for ending in UP_FRONT {
        if let Some(found) = match_phrase(tokens, next, tokens.len(), ending) {
            used = found.end - at;
            let mut text = format!("{percent}% up front");
            if let Some((rest, rest_tokens)) = balance(tokens, at + used) {
                text.push_str(", balance ");
                text.push_str(rest);
                used += rest_tokens;
            }
            return Some((text, used));
        }
    }
    None
}

fn percent_at(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    if tokens.get(at)?.is("half") {
        return Some((50.0, 1));
    }
    let number = number_at(tokens, at)?;
    let sign = tokens.get(at + number.tokens)?;
    let fits = (0.0..=100.0).contains(&number.value) && sign.is_any(&["percent", "%"]);
    fits.then_some((number.value, number.tokens + 1))
}

/// What is said of the rest, within the next few words.
fn balance(tokens: &[Token], at: usize) -> Option<(&'static str, usize)> {
    const WORDS_AHEAD_MAX: usize = 8;
    let limit = (at + WORDS_AHEAD_MAX).min(tokens.len());
    for start in at..limit {
        for (phrase, text) in LATER {
            if let Some(found) = match_phrase(tokens, start, tokens.len(), phrase) {
                return Some((text, found.end - at));
            }
        }
    }
    None
}

fn fixed(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    for (phrase, text) in FIXED {
        if let Some(found) = match_phrase(tokens, at, tokens.len(), phrase) {
            return Some(((*text).to_owned(), found.end - at));
        }
    }
    None
}
