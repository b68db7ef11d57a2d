//! Figures as they are written on the continent: `12,50`, `1.200`, `1 200 €`.

use super::Language;
use crate::money::{currency_symbol, currency_word};
use crate::token::{Kind, Token};

/// A number whose marks mean something else in English; plain figures are left to it.
pub(super) fn at(tokens: &[Token], at: usize, language: Language) -> Option<(f64, usize)> {
    let first = tokens.get(at).filter(|token| token.is_digits())?;
    let mut text = first.text.clone();
    let mut used = 1;
    if let Some((whole, group)) = first.text.split_once('.') {
        let grouped = group.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0";
        if !grouped {
            return None;
        }
        text = format!("{whole}{group}");
        while let Some(more) = glued_group(tokens, at + used, ".", |length| length == 3) {
            text.push_str(more);
            used += 2;
        }
    } else if let Some((grouped, groups)) = spaced(tokens, at, language) {
        text = grouped;
        used = groups;
    }
    if let Some(decimals) = glued_group(tokens, at + used, ",", |length| length <= 2) {
        text.push('.');
        text.push_str(decimals);
        used += 2;
    }
    let changed = used > 1 || text != first.text;
    let value: f64 = text.parse().ok()?;
    (changed && value.is_finite()).then_some((value, used))
}

/// The figures behind a mark that touches both sides; a list such as `1,2,3` is none.
fn glued_group<'a>(
    tokens: &'a [Token],
    at: usize,
    mark: &str,
    fits: fn(usize) -> bool,
) -> Option<&'a str> {
    tokens.get(at).filter(|token| token.is(mark) && token.glued)?;
    let group = tokens.get(at + 1).filter(|token| token.is_digits() && token.glued)?;
    let list = mark == "," && tokens.get(at + 2).is_some_and(|next| next.is(",") && next.glued);
    (!list && fits(group.text.len())).then_some(group.text.as_str())
}

/// `1 200 euros`: groups of three before a currency, which no telephone number is.
fn spaced(tokens: &[Token], at: usize, language: Language) -> Option<(String, usize)> {
    const GROUPS_MAX: usize = 4;
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    if tokens[at].text.len() > 3 || before.is_some_and(Token::is_digits) {
        return None;
    }
    let mut text = tokens[at].text.clone();
    let mut used = 1;
    while used < GROUPS_MAX
        && let Some(group) = tokens.get(at + used)
        && group.is_digits()
        && !group.glued
        && group.text.len() == 3
    {
        text.push_str(&group.text);
        used += 1;
    }
    let after = tokens.get(at + used)?;
    let decimals = after.is(",");
    let priced = currency_symbol(&after.text).is_some()
        || super::table::of(language)
            .longest(tokens, at + used)
            .is_some_and(|(english, _)| currency_word(english).is_some());
    (used > 1 && (priced || decimals)).then_some((text, used))
}

pub(super) fn written(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    format!("{rounded}")
}

/// "12 euros 50" is 12.50: the cents that follow a currency are put before it.
pub(super) fn join_cents(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let amount = joined.last().is_some_and(|before| {
            before.is_digits() && !before.text.contains('.') && token.is_word()
        });
        let main = amount
            && currency_word(&token.text).is_some()
            && !token.is_any(&["cents", "cent", "pence"]);
        let link =
            usize::from(tokens.get(at + 1).is_some_and(|next| next.is_any(&["with", "and"])));
        let cents = tokens.get(at + 1 + link).filter(|_| main).and_then(cents);
        let ends = tokens.get(at + 2 + link).is_none_or(|after| {
            after.is_mark() && !after.is_any(&["%", ":"]) || after.is_any(&["per", "each", "a"])
        });
        let Some(cents) = cents.filter(|_| ends) else {
            joined.push(token.clone());
            at += 1;
            continue;
        };
        let end = tokens[at + 1 + link].end;
        if let Some(amount) = joined.last_mut() {
            amount.text.push_str(&format!(".{cents:02}"));
            amount.end = end;
        }
        joined.push(Token { end, ..token.clone() });
        at += 2 + link;
    }
    joined
}

fn cents(token: &Token) -> Option<u8> {
    if token.kind != Kind::Digits {
        return None;
    }
    token.text.parse().ok().filter(|cents| (1..100).contains(cents))
}
