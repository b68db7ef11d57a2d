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
pub(crate) mod language;
mod read;
mod spanish;
pub(crate) mod token;
pub(crate) mod translate;
pub(crate) mod words;

pub use token::{MICRO, TOKENS_MAX};
pub use words::Currency;

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

/// "thirty plus thirty-five", "three times twenty-five": sums and products that are said out.
fn reckon(tokens: &Tokens, first: &mut Quantity, end: usize) -> Option<usize> {
    let priced = |kind: Kind| matches!(kind, Kind::Money { .. } | Kind::Plain);
    let times = tokens.word(end.checked_sub(1)?) == "times";
    let plus = tokens.word(end) == "plus" || tokens.mark(end) == Some('+');
    if times && matches!(first.kind, Kind::Count { .. }) {
        let (second, second_end) =
            quantity_at(tokens, end, false).filter(|(one, _)| priced(one.kind))?;
        let many = first.value / MICRO;
        *first = Quantity { tokens: first.tokens, ..second };
        first.value = first.value.saturating_mul(many);
        first.high = first.high.map(|high| high.saturating_mul(many));
        return Some(second_end);
    }
    if !plus || !priced(first.kind) {
        return None;
    }
    let (second, second_end) =
        quantity_at(tokens, end + 1, false).filter(|(one, _)| priced(one.kind))?;
    first.high = Some(first.most().saturating_add(second.most()))
        .filter(|_| first.high.is_some() || second.high.is_some());
    first.value = first.value.saturating_add(second.value);
    first.either = false;
    first.per_unit |= second.per_unit;
    if first.kind == Kind::Plain {
        first.kind = second.kind;
    }
    Some(second_end)
}

/// "55 to 60", "between fifty and sixty-five", "55-60": the second number joins the first.
fn range_end(tokens: &Tokens, first: &mut Quantity, end: usize, between: bool) -> Option<usize> {
    let linked = match tokens.word(end) {
        "to" | "through" | "till" | "until" => true,
        "and" => between,
        _ => tokens.mark(end) == Some('-'),
    };
    if !linked {
        return None;
    }
    let next_at = end + 1;
    let next_at = if matches!(tokens.word(next_at), "about" | "around" | "maybe" | "say") {
        next_at + 1
    } else {
        next_at
    };
    let (second, second_end) = quantity_at(tokens, next_at, false)?;
    // "from seventy to sixty" is a way down, no range.
    let from = tokens.word_before(first.tokens.0 as usize, 1) == "from";
    if from && first.value > second.most() {
        return None;
    }
    let same = std::mem::discriminant(&first.kind) == std::mem::discriminant(&second.kind);
    if !same && first.kind != Kind::Plain && second.kind != Kind::Plain {
        return None;
    }
    if first.kind == Kind::Plain {
        first.kind = second.kind;
    }
    let ends = [first.value, first.most(), second.value, second.most()];
    first.value = first.value.min(second.value);
    first.high = ends.into_iter().max();
    first.either = false;
    first.per_unit |= second.per_unit;
    first.approx |= second.approx;
    first.span.end = second.span.end;
    Some(second_end)
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

fn money_with_sign(
    tokens: &Tokens,
    at: usize,
    currency: Option<Currency>,
    between: bool,
) -> Option<(Quantity, usize)> {
    // "US $60", "USD $60".
    let skip = usize::from(tokens.mark(at + 1).is_some_and(|mark| words::symbol(mark).is_some()));
    let number = number_at(tokens, at + 1 + skip, between)?;
    let mut quantity = make(tokens, at, number.end, &number, Kind::Money { currency });
    let end = cents_behind(tokens, number.end, &mut quantity, false);
    let end = money_tail(tokens, end, &mut quantity, true);
    Some((quantity, end))
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

/// "my extension is 4410", "our PO number is 4471".
fn is_labelled(tokens: &Tokens, at: usize) -> bool {
    let mut back = at;
    while matches!(tokens.word_before(back, 1), "is" | "was" | "be" | "would" | "now" | "number")
        && at - back < 4
    {
        back -= 1;
    }
    back < at
        && matches!(
            tokens.word_before(back, 1),
            "extension"
                | "ext"
                | "zip"
                | "zipcode"
                | "postcode"
                | "code"
                | "reference"
                | "ref"
                | "id"
                | "sku"
                | "po"
                | "room"
                | "suite"
                | "serial"
                | "model"
                | "batch"
                | "account"
                | "phone"
                | "fax"
                | "mobile"
                | "cell"
                | "telephone"
                | "tracking"
                | "part"
                | "invoice"
                | "callback"
                | "confirmation"
                | "case"
                | "ticket"
                | "member"
                | "customer"
                | "article"
                | "item"
        )
}

/// "A572", "XR-90": digits that hang on letters.
fn is_part_of_a_name(tokens: &Tokens, at: usize) -> bool {
    if !matches!(tokens.get(at).map(|token| token.kind), Some(TokenKind::Digits { .. }))
        || !tokens.glued(at)
    {
        return false;
    }
    let tied = tokens.mark(at - 1) == Some('—') && tokens.glued(at - 1);
    let word = tokens.word_before(at, if tied { 2 } else { 1 });
    !word.is_empty()
        && words::part(word).is_none()
        && words::currency(word).is_none()
        && !matches!(word, "us" | "rs" | "at" | "to" | "for" | "about" | "say" | "is")
        && (word.len() <= 4 || tokens.mark(at + 1) == Some('@'))
}

/// "that one", "no one", "one of them", "one more thing": not a number.
fn is_pronoun(tokens: &Tokens, at: usize, number: &Number) -> bool {
    if tokens.word(at) != "one" || number.end != at + 1 {
        return false;
    }
    let before = tokens.word_before(at, 1);
    matches!(
        before,
        "that"
            | "this"
            | "the"
            | "no"
            | "which"
            | "another"
            | "every"
            | "any"
            | "some"
            | "good"
            | "each"
            | "only"
            | "right"
            | "last"
            | "first"
            | "other"
            | "new"
            | "better"
            | "either"
            | "neither"
            | "cheaper"
            | "expensive"
            | "lighter"
            | "standard"
            | "second"
            | "third"
            | "lower"
            | "higher"
            | "your"
            | "our"
    ) || matches!(
        tokens.word(at + 1),
        "of" | "moment"
            | "more"
            | "thing"
            | "another"
            | "other"
            | "last"
            | "question"
            | "way"
            | "can"
            | "could"
            | "would"
            | "should"
            | "is"
            | "final"
            | "quick"
            | "works"
            | "sounds"
            | "seems"
            | "looks"
            | "fits"
            | "suits"
            | "was"
    )
}

/// Times, dates, telephone numbers and ordinals that show in the digits' neighbours.
fn digits_special(tokens: &Tokens, at: usize, number: &Number) -> Option<(Kind, usize)> {
    let digits = |at: usize| match tokens.get(at).map(|token| token.kind) {
        Some(TokenKind::Digits { value, digits, split: false, .. }) => {
            Some((value / MICRO, digits))
        }
        _ => None,
    };
    let end = number.end;
    let (value, width) = digits(at)?;
    if end != at + 1 {
        return None;
    }
    if matches!(tokens.word(end), "st" | "nd" | "rd" | "th") && tokens.glued(end) {
        let date = value <= 31
            && (words::is_month(tokens.word(end + 1))
                || words::is_month(tokens.word_before(at, 1))
                || (tokens.word(end + 1) == "of" && words::is_month(tokens.word(end + 2))));
        return Some((if date { Kind::Date } else { Kind::Ordinal }, end + 1));
    }
    // "415 555 0142", "(415) 555-0142".
    let second = if tokens.mark(end) == Some(')') { end + 1 } else { end };
    let third = if tokens.mark(second + 1) == Some('-') { second + 2 } else { second + 1 };
    let widths = (width, digits(second).map(|(_, w)| w), digits(third).map(|(_, w)| w));
    if widths == (3, Some(3), Some(4)) {
        return Some((Kind::Ordinal, third + 1));
    }
    // "883 220", "555 0199".
    let apart = !tokens.glued(end) && tokens.mark(end).is_none();
    if apart && width == 3 && matches!(digits(end), Some((_, 3 | 4))) {
        return Some((Kind::Ordinal, end + 1));
    }
    // "72 Main Street".
    let street = |at: usize| {
        matches!(
            tokens.word(at),
            "street"
                | "avenue"
                | "road"
                | "lane"
                | "drive"
                | "boulevard"
                | "square"
                | "parkway"
                | "highway"
                | "terrace"
                | "plaza"
                | "blvd"
                | "ave"
        )
    };
    let name = |at: usize| {
        !tokens.word(at).is_empty()
            && !words::is_no_noun(tokens.word(at))
            && !is_little_word(tokens.word(at))
    };
    if (street(end + 1) && tokens.mark(end).is_none())
        || (name(end) && name(end + 1) && street(end + 2))
        || (name(end) && name(end + 1) && name(end + 2) && street(end + 3))
    {
        return Some((Kind::Ordinal, end));
    }
    // "8h30".
    if tokens.word(end) == "h" && tokens.glued(end) && value < 25 {
        let minutes = digits(end + 1).is_some() && tokens.glued(end + 1);
        return Some((Kind::Time, end + 1 + usize::from(minutes)));
    }
    let mark = tokens.mark(end).filter(|_| tokens.glued(end))?;
    let (next, next_width) = digits(end + 1).filter(|_| tokens.glued(end + 1))?;
    match mark {
        ':' if value < 25 && next < 60 && next_width == 2 => Some((Kind::Time, end + 2)),
        '/' if value <= 31 && next <= 31 => {
            let mut end = end + 2;
            if tokens.mark(end) == Some('/') && digits(end + 1).is_some() {
                end += 2;
            }
            Some((Kind::Date, end))
        }
        '-' => {
            let mut last = end + 1;
            let mut all = usize::from(width) + usize::from(next_width);
            let mut last_width = next_width;
            while tokens.mark(last + 1) == Some('-') && digits(last + 2).is_some() && all < 32 {
                last_width = digits(last + 2).map_or(0, |(_, width)| width);
                all += usize::from(last_width);
                last += 2;
            }
            let parts = (last - at) / 2 + 1;
            let phone = parts > 2 || (last_width == 4 && all >= 7 && width == 3);
            phone.then_some((Kind::Ordinal, last + 1))
        }
        _ => None,
    }
}

fn is_little_word(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "for"
            | "on"
            | "in"
            | "at"
            | "is"
            | "per"
            | "each"
            | "and"
            | "or"
            | "of"
            | "to"
            | "by"
            | "if"
            | "then"
            | "all"
            | "with"
            | "from"
            | "dollars"
            | "but"
            | "we"
            | "you"
            | "it"
    )
}

/// "sixtieth", "sixty-fifth", "a hundred and first".
fn spelled_ordinal(tokens: &Tokens, at: usize) -> Option<(Quantity, usize)> {
    let word = tokens.word(at);
    let tens = match words::part(word) {
        Some(words::Part::Tens(tens)) => tens,
        _ => 0,
    };
    let last = if tens > 0 { at + 1 } else { at };
    let value = words::ordinal(tokens.word(last))?;
    if tens > 0 && (value >= 10 || words::is_duration(tokens.word(last)) && !tokens.glued(last)) {
        return None;
    }
    let number = Number {
        value: (tens + value) * MICRO,
        high: None,
        end: last + 1,
        spelled: true,
        digits: 0,
        split: false,
    };
    let date = words::is_month(tokens.word_before(at, 1))
        || (tokens.word(last + 1) == "of" && words::is_month(tokens.word(last + 2)));
    let kind = if date { Kind::Date } else { Kind::Ordinal };
    Some((make(tokens, at, last + 1, &number, kind), last + 1))
}

fn approx_before(tokens: &Tokens, at: usize) -> bool {
    let approx = |word: &str| {
        matches!(
            word,
            "about"
                | "around"
                | "roughly"
                | "approximately"
                | "circa"
                | "nearly"
                | "almost"
                | "near"
                | "ish"
        )
    };
    // "How about sixty?" proposes exactly sixty.
    let proposes =
        tokens.word_before(at, 1) == "about" && matches!(tokens.word_before(at, 2), "how" | "what");
    (approx(tokens.word_before(at, 1)) && !proposes)
        || (matches!(tokens.word_before(at, 1), "a" | "an" | "the" | "of" | "to" | "at")
            && approx(tokens.word_before(at, 2)))
}

/// "-ish", "or so", "something", "plus", "and change", "give or take".
fn approx_behind(tokens: &Tokens, at: usize, quantity: &mut Quantity) -> usize {
    let start = at;
    let comma = usize::from(tokens.mark(at) == Some(','));
    let (one, two) = (tokens.word(at + comma), tokens.word(at + comma + 1));
    let three = tokens.word(at + comma + 2);
    let at = at + comma;
    let used = match (one, two) {
        ("or", "so" | "thereabouts" | "more" | "above" | "higher" | "over" | "beyond") => 2,
        ("or", "a") if is_little(three) && is_beyond(tokens.word(at + 3)) => 4,
        ("or", "slightly" | "somewhat" | "marginally") if is_beyond(three) => 3,
        ("and", "change" | "up" | "upwards" | "above" | "over" | "counting") => 2,
        ("and", "some" | "a")
            if matches!(three, "change" | "penny" | "cent" | "bit" | "little") =>
        {
            3
        }
        ("give", "or") if three == "take" => 3,
        ("more", "or") if three == "less" => 3,
        (
            "excluding" | "plus" | "before" | "without" | "ex" | "net",
            "tax" | "taxes" | "vat" | "shipping" | "delivery" | "freight",
        ) => 2,
        ("not", "including") => 2,
        _ if comma > 0 => return start,
        ("plus" | "minus" | "less", _) if number_at(tokens, at + 1, false).is_some() => {
            let percent = number_at(tokens, at + 1, false).is_some_and(|number| {
                tokens.mark(number.end) == Some('%') || tokens.word(number.end) == "percent"
            });
            if one == "plus" && !percent {
                return start;
            }
            quantity.approx = true;
            quantity.upwards = one == "plus";
            return start;
        }
        ("ish" | "odd" | "something" | "plus" | "upwards", _) => 1,
        _ if tokens.mark(at) == Some('+') => 1,
        _ => return start,
    };
    quantity.approx = true;
    quantity.upwards =
        one != "ish" && two != "so" && two != "thereabouts" && one != "give" && three != "less";
    at + used
}

fn is_little(word: &str) -> bool {
    matches!(word, "little" | "bit" | "touch" | "tad" | "hair" | "smidge" | "fraction" | "few")
}

fn is_beyond(word: &str) -> bool {
    matches!(word, "more" | "over" | "above" | "higher" | "beyond" | "extra")
}

/// "and fifty cents", "fifty cents", "fifty".
fn cents_behind(tokens: &Tokens, at: usize, quantity: &mut Quantity, bare: bool) -> usize {
    let link = usize::from(tokens.word(at) == "and");
    let Some(cents) = number_at(tokens, at + link, true) else { return at };
    let small = cents.value < 100 * MICRO && cents.value % MICRO == 0;
    let named = matches!(words::currency(tokens.word(cents.end)), Some((_, true)));
    let ended = tokens.get(cents.end).is_none()
        || tokens.mark(cents.end).is_some()
        || matches!(tokens.word(cents.end), "is" | "works" | "each" | "per" | "would" | "then");
    let said = cents.spelled && words::part(tokens.word(at + link)).is_some();
    let written = link == 0 && cents.digits == 2 && !cents.split;
    let bare = bare
        && (said && (link == 0 || ended) || written && ended)
        && cents.value >= 10 * MICRO
        && !named
        && counted(tokens, cents.end).is_none()
        && !words::is_duration(tokens.word(cents.end))
        && words::currency(tokens.word(cents.end)).is_none()
        && tokens.word(cents.end) != "percent";
    if !small || !(named || bare) {
        return at;
    }
    quantity.value = quantity.value.saturating_add(cents.value / 100);
    cents.end + usize::from(named)
}

/// What follows an amount: approximations, "each", "per unit", "a beam".
fn money_tail(tokens: &Tokens, at: usize, quantity: &mut Quantity, sure: bool) -> usize {
    let mut end = approx_behind(tokens, at, quantity);
    if words::currency(tokens.word(end)).is_some() && sure {
        end += 1;
    }
    end = approx_behind(tokens, end, quantity);
    let used = per_unit(tokens, end, sure);
    if used > 0 {
        quantity.per_unit = true;
        end = per_many(tokens, end, end + used, quantity);
    }
    let stop = end.checked_sub(1).and_then(|last| tokens.get(last)).map(|token| token.end as usize);
    quantity.span.end = stop.unwrap_or(quantity.span.end).max(quantity.span.end);
    end
}

/// "per dozen", "a hundred units", "per 100": the amount becomes that for one.
fn per_many(tokens: &Tokens, at: usize, unit_end: usize, quantity: &mut Quantity) -> usize {
    let many = match tokens.word(at + 1) {
        "dozen" => Some((12, unit_end)),
        "pair" | "couple" => Some((2, unit_end)),
        "half" if tokens.word(at + 2) == "dozen" => Some((6, unit_end + 1)),
        _ => number_at(tokens, at + 1, false)
            .filter(|number| number.value >= MICRO)
            .map(|number| (number.value / MICRO, number.end)),
    };
    let Some((many, mut end)) = many else { return unit_end };
    quantity.value /= many;
    quantity.high = quantity.high.map(|high| high / many);
    if let Some((_, counted_end)) = counted(tokens, end) {
        end = counted_end;
    }
    end.max(unit_end)
}

fn per_unit(tokens: &Tokens, at: usize, sure: bool) -> usize {
    let next = tokens.word(at + 1);
    if tokens.mark(at) == Some('/') {
        return if next.is_empty() { 0 } else { 2 };
    }
    match tokens.word(at) {
        "each" | "apiece" => 1,
        "per" if matches!(tokens.get(at + 1).map(|t| t.kind), Some(TokenKind::Digits { .. })) => 2,
        "per" if next == "cent" || next.is_empty() => 0,
        "per" | "pr" => 2,
        "a" if matches!(
            next,
            "piece"
                | "unit"
                | "beam"
                | "pop"
                | "item"
                | "head"
                | "ton"
                | "tonne"
                | "box"
                | "sheet"
                | "bag"
                | "case"
                | "pair"
                | "set"
                | "part"
        ) =>
        {
            2
        }
        "a" | "an"
            if sure
                && !matches!(
                    next,
                    "" | "month"
                        | "week"
                        | "year"
                        | "little"
                        | "lot"
                        | "bit"
                        | "total"
                        | "discount"
                        | "deal"
                        | "good"
                ) =>
        {
            2
        }
        "for" if next == "each" => 2,
        "the" if matches!(next, "unit" | "piece" | "beam" | "ton") => 2,
        _ => 0,
    }
}

fn is_clock(tokens: &Tokens, at: usize, end: usize) -> bool {
    let word = tokens.word(end);
    matches!(word, "am" | "pm" | "o'clock" | "oclock" | "noon")
        || (matches!(word, "a" | "p")
            && tokens.mark(end + 1) == Some('.')
            && tokens.word(end + 2) == "m")
        || (word == "in"
            && tokens.word(end + 1) == "the"
            && matches!(tokens.word(end + 2), "morning" | "afternoon" | "evening"))
        || matches!(tokens.word_before(at, 2), "half" | "quarter")
            && matches!(tokens.word_before(at, 1), "past" | "to")
}

fn is_date(tokens: &Tokens, at: usize, end: usize, number: &Number) -> bool {
    let value = number.value / MICRO;
    let before = tokens.word_before(at, 1);
    if (1..=31).contains(&value) {
        // "Am 15." of German.
        let placed = before == "the" && tokens.word_before(at, 2) == "on" && !number.spelled;
        if placed && (tokens.get(end).is_none() || tokens.mark(end) == Some('.')) {
            return true;
        }
        let month_before = words::is_month(before);
        let month_behind = words::is_month(tokens.word(end)) && tokens.word(end) != "may";
        return month_before || month_behind;
    }
    let year = number.digits == 4 && !number.split && (1900..2100).contains(&value);
    let priced = matches!(tokens.word(end), "per" | "each" | "a" | "an" | "apiece")
        || tokens.mark(end) == Some('/');
    let behind_a_day = tokens.mark(at.wrapping_sub(1)) == Some(',')
        && (words::is_month(tokens.word_before(at, 3))
            || words::is_month(tokens.word_before(at, 2)));
    let behind_of = before == "of"
        && (words::is_month(tokens.word_before(at, 2))
            || matches!(tokens.word_before(at, 2), "end" | "beginning" | "middle" | "year"));
    year && !priced
        && (matches!(before, "in" | "since" | "year" | "until")
            || words::is_month(before)
            || behind_a_day
            || behind_of)
}

/// The thing that is counted: "beams", "steel beams", "of your beams".
fn counted(tokens: &Tokens, at: usize) -> Option<(Range<usize>, usize)> {
    const QUALITIES_MAX: usize = 3;
    let some_of =
        tokens.word(at) == "of" && matches!(tokens.word(at + 1), "them" | "those" | "these");
    let in_stock = tokens.word(at) == "in" && matches!(tokens.word(at + 1), "stock" | "inventory");
    if some_of || in_stock {
        let (first, last) = (tokens.get(at)?, tokens.get(at + 1)?);
        return Some((first.start as usize..last.end as usize, at + 2));
    }
    let mut end = at;
    while end < at + QUALITIES_MAX && words::is_quality(tokens.word(end)) {
        end += 1;
    }
    let word = tokens.word(end);
    let plural = word.len() > 3
        && word.ends_with('s')
        && !word.contains('\'')
        && !word.ends_with("ss")
        && !words::is_no_noun(word);
    if !(words::is_counted(word) || plural) {
        return None;
    }
    let start = tokens.get(at)?.start as usize;
    let stop = tokens.get(end)?.end as usize;
    Some((start..stop, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `58.5 money each ~` for every quantity.
    fn show(text: &str) -> String {
        let mut shown = Vec::new();
        for quantity in scan(text) {
            assert!(text.get(quantity.span.clone()).is_some(), "{text}");
            let mut line = format!("{}", quantity.value as f64 / 1e6);
            if let Some(high) = quantity.high {
                line += &format!("..{}", high as f64 / 1e6);
            }
            line += match quantity.kind {
                Kind::Money { currency: Some(Currency::Usd) } => " usd",
                Kind::Money { currency: Some(Currency::Eur) } => " eur",
                Kind::Money { currency: Some(Currency::Gbp) } => " gbp",
                Kind::Money { .. } => " money",
                Kind::Percent => " percent",
                Kind::Count { .. } => " count",
                Kind::Duration => " duration",
                Kind::Time => " time",
                Kind::Date => " date",
                Kind::Ordinal => " ordinal",
                Kind::Plain => "",
            };
            line += if quantity.per_unit { " each" } else { "" };
            line += if quantity.approx { " ~" } else { "" };
            shown.push(line);
        }
        shown.join("; ")
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(show(text), expected, "{text}");
    }

    #[test]
    fn spelled_and_written() {
        check("fifty-eight", "58");
        check("58.50", "58.5");
        check("1,200", "1200");
        check("twelve hundred", "1200");
        check("a hundred and five", "105");
        check("one point five million", "1500000");
        check("one and a half million", "1500000");
        check("half a million", "500000");
        check("a dozen", "12");
        check("58k", "58000");
        check("fifty eight fifty", "58.5..5850");
        check("sixty oh five", "60.05..6005");
        check("sixty point two five", "60.25");
        check("sixty and a half", "60.5");
        check("two hundred and fifty thousand", "250000");
        check("five thousand two hundred", "5200");
        check("a grand", "1000 money");
        check("six five", "65");
        check("ＳＩＸＴＹ－ｆｉｖｅ", "65");
        check("６５", "65");
        check("si\u{200b}xty-five", "65");
        check("sixty… five per unit", "65 money each");
        check("sixty, uh, five", "65");
        check("sixty, one more thing", "60");
        check("60 5 per unit", "65 money each");
    }

    #[test]
    fn money() {
        check("58 bucks", "58 usd");
        check("$58", "58 usd");
        check("$58/unit", "58 usd each");
        check("60 dollars and fifty cents each", "60.5 usd each");
        check("ninety cents", "0.9 money");
        check("sixty and five cents each", "60.05 money each");
        check("$60 and fifty cents", "60.5 usd");
        check("700 dollars a dozen", "58.333333 usd each");
        check("$5,500 per hundred units", "55 usd each");
        check("1.234,50 €", "1234.5 eur");
        check("60,5 €", "60.5 eur");
        check("1.200 €", "1.2..1200 eur");
        check("1'200 francs", "1200 money");
        check("sixty-5 dollars", "65 usd");
        check("€40", "40 eur");
        check("40 euros a beam", "40 eur each");
        check("£1.5k", "1500 gbp");
        check("65 apiece", "65 money each");
        check("sixty-five a unit", "65 money each");
        check("USD 65", "65 usd");
        check("US$65", "65 usd");
        check("thirty grand", "30000 money");
        check("$30,000 for 500 units", "30000 usd; 500 count");
        check("sixty-ish", "60 ~");
        check("60ish dollars", "60 usd ~");
        check("about sixty", "60 ~");
        check("sixty bucks or so", "60 usd ~");
        check("high sixties", "60..69 ~");
        check("six fifty", "6.5..650");
    }

    #[test]
    fn ranges() {
        check("55 to 60", "55..60");
        check("between fifty and sixty-five", "50..65");
        check("$55-60 per unit", "55..60 usd each");
        check("55–65", "55..65");
        check("from one hundred to two hundred", "100..200");
        check("between one hundred and two hundred", "100..200");
    }

    #[test]
    fn not_prices() {
        check("the sixtieth", "60 ordinal");
        check("the sixty-fifth", "65 ordinal");
        check("65th", "65 ordinal");
        check("at 6:30", "6 time");
        check("at 6 pm", "6 time");
        check("March 15", "15 date");
        check("the 15th of March", "15 date");
        check("in 2026", "2026 date");
        check("by the end of 2026", "2026 date");
        check("March 15, 2026", "15 date; 2026 date");
        check("a price of 2026", "2026");
        check("okay, 2026 each", "2026 money each");
        check("3/15", "3 date");
        check("room 65", "65 ordinal");
        check("65 units", "65 count");
        check("65 steel beams", "65 count");
        check("65 days", "65 duration");
        check("in two hundred and fifty days", "250 duration");
        check("two hundred and fifty days", "200; 50 duration");
        check("sixty five business days", "65 duration");
        check("net 65", "65 duration");
        check("65 percent", "65 percent");
        check("65%", "65 percent");
        check("555-010-0123", "555 ordinal");
        check("five five five zero one two three", "5550123 ordinal");
        check("no one said so, one moment", "");
        check("", "");
    }

    #[test]
    fn words_behind_a_price_are_no_unit() {
        check("sixty-five works", "65");
        check("sixty-five then", "65");
        check("sixty-five sounds fine", "65");
        check("65 is ok", "65");
    }
}
