//! Finds the quantities in a clause of English and says what each one is: a price, a count, a time…
//!
//! It runs before every clause that is spoken, so it works in integers, allocates little and never
//! looks further than [`TOKENS_MAX`] tokens. For facts of a whole transcript use [`crate::extract`].
//!
//! ```
//! use agenticcalling_playbook::numbers::{Currency, Kind, scan};
//!
//! let found = scan("We could do fifty-eight fifty per unit, in 65 days.");
//! assert_eq!(found[0].value, 58_500_000);
//! assert_eq!(found[0].kind, Kind::Money { currency: None });
//! assert!(found[0].per_unit);
//! assert_eq!(found[1].kind, Kind::Duration);
//! assert_eq!(scan("60 bucks")[0].kind, Kind::Money { currency: Some(Currency::Usd) });
//! ```

mod compose;
mod french;
mod german;
mod join;
mod kinds;
pub(crate) mod language;
mod markers;
mod money;
mod read;
mod spanish;
pub(crate) mod token;
pub(crate) mod translate;
pub(crate) mod words;

pub use token::{MICRO, TOKENS_MAX};
pub use words::Currency;

use join::{range_end, reckon};
use kinds::{
    counted, digits_special, is_clock, is_date, is_labelled, is_part_of_a_name, is_pronoun,
    spelled_ordinal,
};
use money::{approx_before, approx_behind, cents_behind, money_tail, money_with_sign};
use read::{Number, number_at};
use std::ops::Range;
use token::{Kind as TokenKind, Tokens};

/// What a number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An amount of money; the currency is absent when only "each" or "per unit" showed it.
    Money {
        currency: Option<Currency>,
    },
    Percent,
    /// A number of things; where their name stands in the text.
    Count {
        unit_start: u32,
        unit_end: u32,
    },
    Duration,
    /// A time of day.
    Time,
    Date,
    /// A place in a row or a name: "the sixtieth", "room 65", a telephone number.
    Ordinal,
    /// Nothing says what it is.
    Plain,
}

/// A number somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// In millionths.
    pub value: i64,
    /// The upper end of a range.
    pub high: Option<i64>,
    pub span: Range<usize>,
    pub kind: Kind,
    /// For one unit: "each", "a beam", "/unit".
    pub per_unit: bool,
    /// "about sixty", "sixty-ish", "sixty or so".
    pub approx: bool,
    /// Approximate only upwards: "sixty or more", "sixty and change".
    pub(crate) upwards: bool,
    /// The two ends are two readings of one number: "six fifty".
    pub(crate) either: bool,
    /// Tokens it was read from.
    pub(crate) tokens: (u32, u32),
}

impl Quantity {
    /// The upper end: of the range, or the value itself.
    pub fn most(&self) -> i64 {
        self.high.unwrap_or(self.value)
    }
}

/// All quantities of `text`, in order.
pub fn scan(text: &str) -> Vec<Quantity> {
    let mut found = Vec::new();
    scan_tokens(&Tokens::of(text), &mut found);
    found
}

/// As [`scan`], into a buffer that is cleared first.
pub fn scan_into(text: &str, found: &mut Vec<Quantity>) {
    scan_tokens(&Tokens::of(text), found);
}

pub(crate) fn scan_tokens(tokens: &Tokens, found: &mut Vec<Quantity>) {
    found.clear();
    let mut at = 0;
    while at < tokens.len() {
        let Some((mut quantity, mut end)) = quantity_at(tokens, at, false) else {
            at += 1;
            continue;
        };
        let between = matches!(tokens.word_before(at, 1), "between")
            || matches!(tokens.word_before(at, 2), "between");
        // "Between one hundred and two hundred", but "between one hundred and five and two hundred".
        let goes_on = tokens.word(end) == "and" && number_at(tokens, end + 1, false).is_some();
        if between
            && !goes_on
            && let Some((apart, apart_end)) = quantity_at(tokens, at, true)
        {
            (quantity, end) = (apart, apart_end);
        }
        if let Some(joined) = range_end(tokens, &mut quantity, end, between) {
            end = joined;
        }
        if let Some(reckoned) = reckon(tokens, &mut quantity, end) {
            end = reckoned;
        }
        quantity.tokens = (at as u32, end as u32);
        found.push(quantity);
        at = end.max(at + 1);
    }
}

fn quantity_at(tokens: &Tokens, at: usize, between: bool) -> Option<(Quantity, usize)> {
    let token = tokens.get(at)?;
    match token.kind {
        TokenKind::Mark(mark) => {
            words::symbol(mark)?;
            money_with_sign(tokens, at, words::symbol(mark), between)
        }
        TokenKind::Word => {
            let word = tokens.word(at);
            if let Some(tens) = words::decade(word) {
                return Some(decade_quantity(tokens, at, tens));
            }
            if word.len() <= 3 && word.len() >= 2 {
                if matches!(word, "usd" | "eur" | "gbp" | "cad" | "aud" | "chf") {
                    let currency = words::currency(word).map(|(currency, _)| currency);
                    return money_with_sign(tokens, at, currency, between);
                }
                if word == "us" && tokens.mark(at + 1) == Some('$') && tokens.glued(at + 1) {
                    return money_with_sign(tokens, at + 1, Some(Currency::Usd), between);
                }
            }
            if let Some(ordinal) = spelled_ordinal(tokens, at) {
                return Some(ordinal);
            }
            bare(tokens, at, between)
        }
        TokenKind::Digits { .. } => bare(tokens, at, between),
    }
}

fn make(tokens: &Tokens, at: usize, end: usize, number: &Number, kind: Kind) -> Quantity {
    let start = tokens.get(at).map_or(0, |token| token.start as usize);
    let stop =
        end.checked_sub(1).and_then(|last| tokens.get(last)).map_or(start, |t| t.end as usize);
    Quantity {
        value: number.value,
        high: number.high,
        span: start..stop.max(start),
        kind,
        per_unit: false,
        approx: approx_before(tokens, at),
        upwards: false,
        either: number.high.is_some_and(|high| high >= number.value.saturating_mul(100)),
        tokens: (at as u32, end as u32),
    }
}

/// "the sixties", "mid-sixties": a range of ten.
fn decade_quantity(tokens: &Tokens, at: usize, tens: i64) -> (Quantity, usize) {
    let number = Number {
        value: tens * MICRO,
        high: Some((tens + 9) * MICRO),
        end: at + 1,
        spelled: true,
        digits: 0,
        split: false,
    };
    let mut quantity = make(tokens, at, at + 1, &number, Kind::Plain);
    quantity.approx = true;
    (quantity, at + 1)
}

/// A number without a sign before it: what stands around it says what it is.
fn bare(tokens: &Tokens, at: usize, between: bool) -> Option<(Quantity, usize)> {
    let number = number_at(tokens, at, between)?;
    let mut end = number.end;
    if is_pronoun(tokens, at, &number) {
        return None;
    }
    let mut quantity = make(tokens, at, end, &number, Kind::Plain);
    if matches!(tokens.word_before(at, 1), "double" | "twice") {
        quantity.value = quantity.value.saturating_mul(2);
        quantity.high = quantity.high.map(|high| high.saturating_mul(2));
    }
    if tokens.mark(at.wrapping_sub(1)) == Some('#') || is_part_of_a_name(tokens, at) {
        quantity.kind = Kind::Ordinal;
        return Some((quantity, end));
    }
    if let Some((kind, special_end)) = digits_special(tokens, at, &number) {
        quantity.kind = kind;
        quantity.span.end =
            tokens.get(special_end - 1).map_or(quantity.span.end, |t| t.end as usize);
        return Some((quantity, special_end));
    }
    end = approx_behind(tokens, end, &mut quantity);
    let word = tokens.word(end);
    if tokens.mark(end) == Some('%') || matches!(word, "percent" | "pct" | "percentage") {
        quantity.kind = Kind::Percent;
        return Some((quantity, end + 1));
    }
    if word == "per" && tokens.word(end + 1) == "cent" {
        quantity.kind = Kind::Percent;
        return Some((quantity, end + 2));
    }
    let next_has_it = matches!(tokens.get(end + 1).map(|t| t.kind), Some(TokenKind::Digits { .. }))
        && tokens.glued(end + 1);
    if tokens.mark(end).is_some_and(|mark| words::symbol(mark).is_some())
        && (tokens.glued(end) || !next_has_it)
    {
        let currency = tokens.mark(end).and_then(words::symbol);
        quantity.kind = Kind::Money { currency };
        let end = money_tail(tokens, end + 1, &mut quantity, true);
        return Some((quantity, end));
    }
    let weighs = word == "pound" && counted(tokens, end + 1).is_some();
    if let Some((currency, minor)) = words::currency(word).filter(|_| !weighs) {
        // Cents are the hundredth part of many moneys.
        let known = !(minor && currency == Currency::Usd);
        quantity.kind = Kind::Money { currency: known.then_some(currency) };
        end += 1;
        if minor {
            quantity.value /= 100;
            quantity.high = quantity.high.map(|high| high / 100);
        } else {
            end = cents_behind(tokens, end, &mut quantity, true);
        }
        let end = money_tail(tokens, end, &mut quantity, true);
        return Some((quantity, end));
    }
    let with_cents = cents_behind(tokens, end, &mut quantity, false);
    if with_cents > end {
        quantity.kind = Kind::Money { currency: None };
        let end = money_tail(tokens, with_cents, &mut quantity, true);
        return Some((quantity, end));
    }
    if words::is_duration(word)
        || (matches!(word, "business" | "working" | "calendar")
            && words::is_duration(tokens.word(end + 1)))
        || tokens.word_before(at, 1) == "net"
    {
        quantity.kind = Kind::Duration;
        return Some((quantity, end + usize::from(words::is_duration(word))));
    }
    if is_clock(tokens, at, end) {
        quantity.kind = Kind::Time;
        return Some((quantity, end));
    }
    if is_date(tokens, at, end, &number) {
        quantity.kind = Kind::Date;
        return Some((quantity, end));
    }
    let slang = tokens.word_before(number.end, 1) == "grand";
    if slang {
        quantity.kind = Kind::Money { currency: None };
    }
    let priced_end = money_tail(tokens, end, &mut quantity, false);
    if quantity.per_unit {
        quantity.kind = Kind::Money { currency: None };
        return Some((quantity, priced_end));
    }
    if slang {
        return Some((quantity, priced_end));
    }
    if words::is_label(tokens.word_before(at, 1)) || is_labelled(tokens, at) {
        quantity.kind = Kind::Ordinal;
        return Some((quantity, end));
    }
    if let Some((unit, unit_end)) = counted(tokens, end + usize::from(weighs)) {
        quantity.kind = Kind::Count { unit_start: unit.start as u32, unit_end: unit.end as u32 };
        return Some((quantity, unit_end));
    }
    if number.digits >= 7 && !number.split {
        quantity.kind = Kind::Ordinal;
    }
    Some((quantity, end))
}

#[cfg(test)]
mod tests;
