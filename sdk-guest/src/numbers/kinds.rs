//! Numbers that are no amounts: times, dates, names, telephone numbers, things that are counted.

use super::read::Number;
use super::token::{Kind as TokenKind, MICRO, Tokens};
use super::{Kind, Quantity, make, words};
use std::ops::Range;

/// "my extension is 4410", "our PO number is 4471".
pub(super) fn is_labelled(tokens: &Tokens, at: usize) -> bool {
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
pub(super) fn is_part_of_a_name(tokens: &Tokens, at: usize) -> bool {
    if !matches!(tokens.get(at).map(|token| token.kind), Some(TokenKind::Digits { .. }))
        || !tokens.glued(at)
        || at == 0
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
pub(super) fn is_pronoun(tokens: &Tokens, at: usize, number: &Number) -> bool {
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
pub(super) fn digits_special(tokens: &Tokens, at: usize, number: &Number) -> Option<(Kind, usize)> {
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
    let long = |next: u8| usize::from(width) + usize::from(next) >= 9;
    if apart && digits(end).is_some_and(|(_, next)| long(next)) {
        return Some((Kind::Ordinal, end + 1));
    }
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

pub(super) fn is_little_word(word: &str) -> bool {
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
pub(super) fn spelled_ordinal(tokens: &Tokens, at: usize) -> Option<(Quantity, usize)> {
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

pub(super) fn is_clock(tokens: &Tokens, at: usize, end: usize) -> bool {
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

pub(super) fn is_date(tokens: &Tokens, at: usize, end: usize, number: &Number) -> bool {
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
        && (matches!(
            before,
            "in" | "since"
                | "year"
                | "until"
                | "fiscal"
                | "during"
                | "spring"
                | "summer"
                | "fall"
                | "winter"
        ) || words::is_month(before)
            || behind_a_day
            || behind_of)
}

/// The thing that is counted: "beams", "steel beams", "of your beams".
pub(super) fn counted(tokens: &Tokens, at: usize) -> Option<(Range<usize>, usize)> {
    const QUALITIES_MAX: usize = 3;
    let some_of =
        tokens.word(at) == "of" && matches!(tokens.word(at + 1), "them" | "those" | "these" | "us");
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
