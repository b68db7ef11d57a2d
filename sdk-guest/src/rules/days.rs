//! Days of the week: which ones a rule leaves, and which ones a text names.

use super::read::is_negative;
use crate::numbers::token::Tokens;
use crate::numbers::{Kind, MICRO, Quantity};

const NAMES: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WEEKEND: u8 = 0b110_0000;
const WEEK: u8 = 0b111_1111;

/// The day, Monday first.
pub(super) fn weekday(word: &str) -> Option<u8> {
    let day = match word {
        "monday" | "mondays" | "monday's" => 0,
        "tuesday" | "tuesdays" | "tuesday's" => 1,
        "wednesday" | "wednesdays" | "wednesday's" => 2,
        "thursday" | "thursdays" | "thursday's" => 3,
        "friday" | "fridays" | "friday's" => 4,
        "saturday" | "saturdays" | "saturday's" => 5,
        "sunday" | "sundays" | "sunday's" => 6,
        _ => return None,
    };
    Some(day)
}

fn is_weekend(word: &str) -> bool {
    matches!(word, "weekend" | "weekends")
}

/// The days a text names; their value is the day, Monday first.
pub(super) fn days(tokens: &Tokens) -> Vec<Quantity> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let word = tokens.word(at);
        let (low, high) = match weekday(word) {
            Some(day) => (day, day),
            None if is_weekend(word) => (5, 6),
            None => continue,
        };
        let span = tokens.get(at).map_or(0..0, |token| token.start as usize..token.end as usize);
        found.push(Quantity {
            value: i64::from(low) * MICRO,
            high: (high != low).then_some(i64::from(high) * MICRO),
            span,
            kind: Kind::Date,
            per_unit: false,
            approx: false,
            upwards: false,
            either: false,
            tokens: (at as u32, at as u32 + 1),
        });
    }
    found
}

/// Whether one of the days of `quantity` is among `barred`.
pub(super) fn is_barred(quantity: &Quantity, barred: u8) -> bool {
    let days = quantity.value / MICRO..=quantity.most() / MICRO;
    days.into_iter().any(|day| (0..7).contains(&day) && barred & (1 << day) != 0)
}

pub(super) fn show(barred: u8) -> String {
    let mut shown = Vec::new();
    for (day, name) in NAMES.iter().enumerate() {
        if barred & (1 << day) != 0 {
            shown.push(*name);
        }
    }
    shown.join(", ")
}

pub(super) fn name(value: i64) -> &'static str {
    usize::try_from(value / MICRO).ok().and_then(|day| NAMES.get(day)).unwrap_or(&"that day")
}

/// The days that a rule bars: "never on Sundays", "only Mondays", "nothing after Thursday".
pub(super) fn barred(tokens: &Tokens) -> Option<u8> {
    let mut named = 0;
    let mut first = None;
    for at in 0..tokens.len() {
        let word = tokens.word(at);
        // What is told, or hangs on something else, is for somebody who understands it.
        if one_of!(word;
            "if" "unless" "when" "say" "tell" "mention" "disclose" "reveal" "ask" "until" "share" "except"
            "discuss" "confirm" "cancel"
        ) {
            return None;
        }
        let days = match weekday(word) {
            Some(day) => 1 << day,
            None if is_weekend(word) => WEEKEND,
            None if matches!(word, "weekday" | "weekdays") => WEEK & !WEEKEND,
            None => continue,
        };
        named |= days;
        first = first.or(Some(at));
    }
    let first = first?;
    // "Monday to Thursday", "between Monday and Thursday".
    let single = named.count_ones() == 1;
    if !single
        && (first + 1..tokens.len()).any(|at| one_of!(tokens.word(at); "to" "through" "till"))
    {
        let (low, high) = (named.trailing_zeros(), 7 - named.leading_zeros());
        named = (low..=high.min(6)).fold(named, |days, day| days | 1 << day);
    }
    let any = |is: fn(&str) -> bool| (0..tokens.len()).any(|at| is(tokens.word(at)));
    let led = |words: &[&str]| (1..4).any(|back| words.contains(&tokens.word_before(first, back)));
    let negative = any(is_negative);
    let later = led(&["after", "later", "past", "beyond"]);
    let earlier = led(&["before", "earlier", "sooner"]);
    let day = named.trailing_zeros();
    let barred = match (negative, single) {
        (true, true) if later => WEEK & !((2 << day) - 1),
        (true, true) if earlier => (1 << day) - 1,
        (true, _) if later || earlier => return None,
        (true, _) => named,
        (false, _) if any(|word| word == "only") => WEEK & !named,
        (false, true) if led(&["by", "latest"]) && any(|word| word == "must") => {
            WEEK & !((2 << day) - 1)
        }
        _ => return None,
    };
    (barred != 0 && barred != WEEK).then_some(barred)
}
