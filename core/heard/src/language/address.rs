//! Spelled e-mail addresses, whose words are not to be translated: "info arroba hotel punto es".

use std::ops::Range;

use crate::contact;
use crate::token::{Kind, Token};

const AT: &[&str] = &["arroba", "arobase", "arobas", "klammeraffe", "ät", "at"];
const DOT: &[&str] = &["punto", "point", "punkt"];
const DASH: &[&str] = &["guion", "guión", "tiret", "bindestrich", "minus"];
const UNDERSCORE: &[&str] = &["unterstrich", "subguion", "underscore"];

/// Puts the joints of addresses into English and returns where the addresses are.
pub(super) fn protect(tokens: &mut Vec<Token>) -> Vec<Range<usize>> {
    if !tokens.iter().any(|token| token.is("@") || token.is_any(AT)) {
        return Vec::new();
    }
    let joined = in_english(tokens);
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in 0..joined.len() {
        if let Some((_, start, end)) = contact::email_around(&joined, at) {
            found.push(start..end);
        }
    }
    if !found.is_empty() {
        *tokens = joined;
    }
    found
}

/// Two words for one joint become one token.
fn in_english(tokens: &[Token]) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        let pair = |first: &[&str], second: &[&str]| {
            token.is_any(first) && next.is_some_and(|next| next.is_any(second))
        };
        let (word, used) = if pair(DASH, &["bajo", "bas"]) || pair(&["barra"], &["baja"]) {
            ("underscore", 2)
        } else if pair(&["trait"], &["d'", "d'union"]) {
            ("dash", if next.is_some_and(|next| next.is("d'")) { 3 } else { 2 })
        } else if token.is_any(AT) {
            ("at", 1)
        } else if token.is_any(DOT) {
            ("dot", 1)
        } else if token.is_any(DASH) {
            ("dash", 1)
        } else if token.is_any(UNDERSCORE) {
            ("underscore", 1)
        } else {
            (token.text.as_str(), 1)
        };
        let last = tokens.get(at + used - 1).unwrap_or(token);
        joined.push(Token {
            text: word.to_owned(),
            end: last.end,
            kind: if word == token.text { token.kind } else { Kind::Word },
            ..token.clone()
        });
        at += used;
    }
    joined
}
