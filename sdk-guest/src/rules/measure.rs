//! Limits that are no prices: how long, how many, until which day, until what time.
//!
//! Every measure is brought to one number, so that the reading of limits is the same for all:
//! durations to hours, dates to the day of the year, times to minutes of the day.

use super::limit::{is_bulk, is_wanted};
use super::phrase::stem;
use crate::numbers::token::{Kind as TokenKind, Tokens};
use crate::numbers::{Kind, MICRO, Quantity, words};
use std::ops::Range;

/// What a duration is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Contract,
    Delivery,
    Payment,
    Warranty,
    Notice,
}

impl Topic {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Delivery => "delivery",
            Self::Payment => "payment",
            Self::Warranty => "warranty",
            Self::Notice => "notice",
        }
    }

    pub(super) fn of(tokens: &Tokens, range: Range<usize>) -> Option<Self> {
        range.into_iter().find_map(|at| Self::named(tokens, at))
    }

    fn named(tokens: &Tokens, at: usize) -> Option<Self> {
        let topic = match tokens.word(at) {
            "contract" | "contracts" | "term" | "commitment" | "subscription" | "lease"
            | "agreement" | "lock" | "membership" | "rental" | "engagement" | "commit"
            | "committed" | "locked" | "contractual" | "renewal" | "sign" | "plan" => {
                Self::Contract
            }
            "delivery" | "deliver" | "lead" | "ship" | "shipping" | "shipment" | "turnaround"
            | "delivered" | "wait" => Self::Delivery,
            "payment" | "pay" | "net" | "invoice" | "credit" | "paid" | "terms" => Self::Payment,
            "warranty" | "guarantee" => Self::Warranty,
            "notice" | "cancellation" => Self::Notice,
            _ => return None,
        };
        Some(topic)
    }
}

/// The hours in what the word names.
fn hours(word: &str) -> Option<i64> {
    let hours = match word {
        "hour" | "hours" | "hr" | "hrs" => 1,
        "day" | "days" | "weekday" | "weekdays" | "night" | "nights" => 24,
        "week" | "weeks" => 168,
        "month" | "months" => 730,
        "quarters" => 2_190,
        "year" | "years" => 8_760,
        _ => return None,
    };
    Some(hours)
}

/// The durations among `quantities`, in hours.
pub(super) fn durations(tokens: &Tokens, quantities: &[Quantity]) -> Vec<Quantity> {
    let mut found = Vec::new();
    for quantity in quantities {
        let end = quantity.tokens.1 as usize;
        let net = tokens.word_before(quantity.tokens.0 as usize, 1) == "net";
        let unit = (end.saturating_sub(1)..end + 2)
            .find_map(|at| hours(tokens.word(at)))
            .or(net.then_some(24));
        let (Kind::Duration, Some(unit)) = (quantity.kind, unit) else { continue };
        let mut scaled = quantity.clone();
        scaled.value = quantity.value.saturating_mul(unit);
        scaled.high = quantity.high.map(|high| high.saturating_mul(unit));
        found.push(scaled);
    }
    for at in 0..tokens.len() {
        let priced = quantities.iter().any(|one| {
            matches!(one.kind, Kind::Money { .. } | Kind::Plain)
                && one.tokens.1 as usize + 2 > at
                && (one.tokens.0 as usize) < at
        });
        let article =
            !priced && matches!(tokens.word_before(at, 1), "a" | "an" | "one" | "full" | "whole");
        let spoken = article && matches!(tokens.word(at), "year" | "month" | "quarter" | "week");
        if !spoken
            || found.iter().any(|one| (one.tokens.0..one.tokens.1 + 1).contains(&(at as u32)))
        {
            continue;
        }
        let unit =
            if tokens.word(at) == "quarter" { 2_190 } else { hours(tokens.word(at)).unwrap_or(0) };
        let half = matches!((tokens.word(at + 1), tokens.word(at + 3)), ("and", "half"));
        let value = unit * MICRO + if half { unit * MICRO / 2 } else { 0 };
        found.push(plain(tokens, at - 1, at + 1, value, value, Kind::Duration));
    }
    found.sort_by_key(|quantity| quantity.tokens.0);
    found
}

/// The percentages among `quantities`, and the fractions that are one: "a fifth off".
pub(super) fn percents(tokens: &Tokens, quantities: &[Quantity]) -> Vec<Quantity> {
    let mut found = quantities.to_vec();
    for at in 0..tokens.len() {
        let percent = match tokens.word(at) {
            "half" => 50,
            "third" => 33,
            "quarter" => 25,
            "fifth" => 20,
            "tenth" => 10,
            _ => continue,
        };
        let reduces = one_of!(tokens.word(at + 1); "off" "less" "discount" "cheaper" "reduction")
            || one_of!(tokens.word_before(at, 2); "by" "off");
        if !reduces || found.iter().any(|one| one.kind == Kind::Percent && holds(one, at)) {
            continue;
        }
        let many = match words::part(tokens.word_before(at, 1)) {
            Some(words::Part::Digit(many @ 2..)) => many,
            _ => 1,
        };
        let value = percent * many * MICRO;
        found.retain(|one| !holds(one, at));
        found.push(plain(tokens, at, at + 1, value, value, Kind::Percent));
    }
    found.sort_by_key(|quantity| quantity.tokens.0);
    found
}

/// A duration that is spoken of something else than `topic`, or of the past.
pub(super) fn is_other_duration(tokens: &Tokens, sentence: &Range<usize>, topic: Topic) -> bool {
    let named = Topic::of(tokens, sentence.clone());
    let same = sentence.clone().any(|at| Topic::named(tokens, at) == Some(topic));
    let past = sentence.clone().any(|at| {
        one_of!(tokens.word(at);
            "been" "ago" "since" "experience" "founded" "old" "business" "past" "hold" "minutes"
            "history" "worked" "lived" "last" "lasted" "waited" "used"
        )
    });
    !same && (named.is_some() || past)
}

/// "Call me on July 5th": no day of delivery.
pub(super) fn is_appointment(tokens: &Tokens, sentence: Range<usize>) -> bool {
    let delivery = Topic::of(tokens, sentence.clone()) == Some(Topic::Delivery);
    !delivery
        && sentence.into_iter().any(|at| {
            one_of!(tokens.word(at); "call" "talk" "speak" "meeting" "meet" "email" "phone" "birthday" "back")
        })
}

/// What is counted: "500 units" and "600 beams" are the same, "600 employees" are not.
pub(super) fn noun_of(tokens: &Tokens, quantity: &Quantity) -> Option<String> {
    let Kind::Count { .. } = quantity.kind else { return None };
    let last = (quantity.tokens.1 as usize).checked_sub(1)?;
    Some(tokens.word(last).to_owned())
}

/// Stems by which people are counted, whatever they are called.
fn is_people(noun: &str) -> bool {
    one_of!(noun; "guest" "peopl" "person" "adult" "us" "attend" "participant" "din" "pax" "visitor")
}

pub(super) fn is_count(tokens: &Tokens, quantity: &Quantity, noun: Option<&str>) -> bool {
    let start = quantity.tokens.0 as usize;
    match quantity.kind {
        Kind::Count { .. } => {
            let own = noun_of(tokens, quantity).unwrap_or_default();
            let own = stem(&own);
            let noun = noun.map(stem);
            let generic = |noun: &str| one_of!(noun; "us" "stock" "inventor" "left" "unit" "piec" "item" "them" "thos" "thes" "pcs" "part");
            let last = tokens.word((quantity.tokens.1 as usize).saturating_sub(1));
            let other = one_of!(last;
                "employees" "employee" "people" "person" "workers" "customers" "times" "miles" "mile"
                "inch" "inches" "feet" "foot" "questions" "stores" "locations" "kids" "adults" "kg"
                "lbs" "watt" "watts" "volts" "calls" "degrees" "millimeters" "meters" "clients"
            );
            match noun {
                None => !other,
                Some(noun) if generic(noun) => !other,
                Some(noun) => noun == own || generic(own) || is_people(noun) && is_people(own),
            }
        }
        Kind::Plain => {
            is_wanted(tokens, quantity)
                || is_bulk(tokens, quantity)
                || one_of!(tokens.word_before(start, 1);
                    "take" "book" "reserve" "order" "buy" "purchase" "quantity" "get" "commit"
                )
                || (tokens.word_before(start, 2) == "make" && tokens.word_before(start, 1) == "it")
                || (tokens.word_before(start, 2) == "party" && tokens.word_before(start, 1) == "of")
                || tokens.word_before(start, 1) == "for"
                    && one_of!(tokens.word_before(start, 2);
                        "down" "table" "reservation" "booking" "room" "dinner" "lunch" "tables"
                    )
        }
        _ => false,
    }
}

fn holds(quantity: &Quantity, at: usize) -> bool {
    (quantity.tokens.0..quantity.tokens.1).contains(&(at as u32))
}

fn plain(tokens: &Tokens, at: usize, end: usize, value: i64, high: i64, kind: Kind) -> Quantity {
    let start = tokens.get(at).map_or(0, |token| token.start as usize);
    let stop = tokens.get(end - 1).map_or(start, |token| token.end as usize);
    Quantity {
        value,
        high: (high != value).then_some(high),
        span: start..stop.max(start),
        kind,
        per_unit: false,
        approx: false,
        upwards: false,
        either: false,
        tokens: (at as u32, end as u32),
    }
}

const MONTHS: [(&str, &str, i64); 12] = [
    ("january", "jan", 0),
    ("february", "feb", 31),
    ("march", "mar", 59),
    ("april", "apr", 90),
    ("may", "may", 120),
    ("june", "jun", 151),
    ("july", "jul", 181),
    ("august", "aug", 212),
    ("september", "sep", 243),
    ("october", "oct", 273),
    ("november", "nov", 304),
    ("december", "dec", 334),
];

fn month(word: &str) -> Option<i64> {
    let named = MONTHS.iter().find(|(long, short, _)| {
        word == *long || word == *short || (word == "sept" && *short == "sep")
    });
    named.map(|(_, _, before)| *before)
}

/// A day of a month said as a number or a place in a row, and the token behind it.
fn day(tokens: &Tokens, at: usize) -> Option<(i64, usize)> {
    if let TokenKind::Digits { value, split: false, .. } = tokens.get(at)?.kind {
        let suffix = matches!(tokens.word(at + 1), "st" | "nd" | "rd" | "th");
        let day = value / MICRO;
        return (1..=31).contains(&day).then_some((day, at + 1 + usize::from(suffix)));
    }
    let tens = match words::part(tokens.word(at)) {
        Some(words::Part::Tens(tens)) => tens,
        Some(words::Part::Digit(day) | words::Part::Teen(day)) => {
            return (1..=31).contains(&day).then_some((day, at + 1));
        }
        _ => 0,
    };
    let last = at + usize::from(tens > 0);
    let ones = words::ordinal(tokens.word(last)).or_else(|| match words::part(tokens.word(last)) {
        Some(words::Part::Digit(ones)) if tens > 0 => Some(ones),
        _ => None,
    });
    match ones {
        Some(ones) if (1..=31).contains(&(tens + ones)) => Some((tens + ones, last + 1)),
        _ if tens > 0 => Some((tens, last)),
        _ => None,
    }
}

/// The dates of a text as days of the year; a day without a month is one of the month before `bound`.
pub(super) fn dates(tokens: &Tokens, bound: Option<i64>) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let next = date_at(tokens, at, bound, &mut found);
        at = next.max(at + 1);
    }
    found
}

fn date_at(tokens: &Tokens, at: usize, bound: Option<i64>, found: &mut Vec<Quantity>) -> usize {
    let mut push = |start: usize, end: usize, low: i64, high: i64| {
        found.push(plain(tokens, start, end, low * MICRO, high * MICRO, Kind::Date));
        end
    };
    // "March 15", "March the 15th", "in March".
    if let Some(before) = month(tokens.word(at)) {
        let skip = at + 1 + usize::from(tokens.word(at + 1) == "the");
        if let Some((day, end)) = day(tokens, skip) {
            return push(at, end, before + day, before + day);
        }
        let ambiguous = matches!(tokens.word(at), "may" | "march" | "mar");
        let led = one_of!(tokens.word_before(at, 1);
            "in" "by" "until" "till" "before" "after" "of" "early" "mid" "late" "end" "through" "for"
            "next" "this" "than" "is"
        );
        if ambiguous && !led {
            return at;
        }
        let start = matches!(tokens.word_before(at, 1), "by" | "before" | "early");
        return push(at, at + 1, before + 1, if start { before + 1 } else { before + 31 });
    }
    // "the 15th of March", "15 March", "3/15".
    let Some((number, end)) = day(tokens, at) else { return at };
    let named = end + usize::from(tokens.word(end) == "of");
    if let Some(before) =
        month(tokens.word(named)).filter(|_| tokens.word(named) != "may" || named > end)
    {
        return push(at, named + 1, before + number, before + number);
    }
    if matches!(tokens.mark(end), Some('/'))
        && tokens.glued(end)
        && let Some((second, last)) = day(tokens, end + 1)
    {
        let (number, second) = if number > 12 { (second, number) } else { (number, second) };
        let before = MONTHS.get((number - 1) as usize).map_or(0, |(_, _, before)| *before);
        return push(at, last, before + second, before + second);
    }
    // "the 20th" is of the month that the limit is in.
    let placed = tokens.word_before(at, 1) == "the"
        && number >= 4
        && (matches!(tokens.word(end - 1), "st" | "nd" | "rd" | "th")
            || words::ordinal(tokens.word(end - 1)).is_some());
    if let Some(bound) = bound.filter(|_| placed) {
        let before =
            MONTHS.iter().rev().find(|(_, _, before)| *before < bound).map_or(0, |one| one.2);
        return push(at, end, before + number, before + number);
    }
    at
}

/// How many days behind the limit a day may be and still be read as behind it, not in the year before.
const DAYS_BEHIND_MAX: i64 = 275;

/// Whether a day of the year lies behind another, over the end of the year too.
pub(super) fn is_later(day: i64, bound: i64) -> bool {
    let days = (day - bound).div_euclid(MICRO).rem_euclid(365);
    days > 0 && days <= DAYS_BEHIND_MAX
}

/// "Nine fifteen": an hour and its minutes, where it is times that are limited.
fn hour_and_minutes(tokens: &Tokens, quantity: &Quantity) -> Option<i64> {
    let start = quantity.tokens.0 as usize;
    let number = quantity.most() / MICRO;
    let spoken = matches!(
        words::part(tokens.word(start)),
        Some(words::Part::Digit(1..) | words::Part::Teen(10..=12))
    );
    let fits = (110..=1_259).contains(&number) && (10..60).contains(&(number % 100));
    let priced = quantity.per_unit
        || tokens.word_before(start, 1) == "for"
        || quantity.most() % MICRO != 0
        || (start..quantity.tokens.1 as usize).any(|at| tokens.word(at) == "hundred");
    (quantity.kind == Kind::Plain && spoken && fits && !priced)
        .then(|| number / 100 * 60 + number % 100)
}

/// Whether the words around a bare number make it an hour: "half past eight", "ten on Thursday".
fn is_hour(tokens: &Tokens, start: usize, end: usize) -> bool {
    let article = usize::from(tokens.word_before(start, 1) == "the");
    let led = one_of!(tokens.word_before(start, 1 + article);
        "at" "by" "until" "till" "after" "before" "around" "o'clock")
        || tokens.word_before(start, 1) == "than"
            && one_of!(tokens.word_before(start, 2); "later" "earlier" "sooner");
    let parted = one_of!(tokens.word_before(start, 1); "half" "halb")
        || matches!(tokens.word_before(start, 1), "past" | "to")
            && one_of!(tokens.word_before(start, 2); "half" "quarter");
    let dated = tokens.word(end) == "on"
        && one_of!(tokens.word(end + 1);
            "monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday")
        || tokens.word(end) == "in" && tokens.word(end + 2) == "morning";
    led || parted || dated
}

/// The minutes that the words before an hour add to it or take from it.
fn minutes_before(tokens: &Tokens, start: usize) -> i64 {
    match (tokens.word_before(start, 2), tokens.word_before(start, 1)) {
        ("half", "past") | (_, "half") => 30,
        ("quarter", "past") => 15,
        ("quarter", "to") => -15,
        // "Halb zehn" is half past nine.
        (_, "halb") => -30,
        _ => 0,
    }
}

/// The times of day, in minutes. What is held against a limit in the evening is of the evening too.
///
/// With the bound comes whether hours are being spoken of, so that a bare "seven" is one.
pub(super) fn times(
    tokens: &Tokens,
    quantities: &[Quantity],
    bound: Option<(i64, bool)>,
) -> Vec<Quantity> {
    let asked = bound.is_some_and(|(_, asked)| asked);
    let bound = bound.map(|(bound, _)| bound);
    const EVENING: i64 = 18 * 60 * MICRO;
    let mut found = Vec::new();
    for quantity in quantities {
        let (start, end) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
        let bare = quantity.kind == Kind::Plain
            && quantity.value <= 24 * MICRO
            && quantity.value >= MICRO
            && (is_hour(tokens, start, end)
                || asked && !quantity.per_unit && tokens.word_before(start, 1) != "for");
        let day = (0..=24 * MICRO).contains(&quantity.value);
        let spoken = bound.and_then(|_| hour_and_minutes(tokens, quantity));
        if spoken.is_none() && (!day || (quantity.kind != Kind::Time && !bare)) {
            continue;
        }
        let mut minutes = spoken.unwrap_or(quantity.value / MICRO * 60);
        let half = (start..end).any(|at| tokens.word(at) == "half");
        if spoken.is_none() && quantity.value % MICRO != 0 {
            let written = if half { 60 } else { 100 };
            minutes += (quantity.value % MICRO) * written / MICRO;
        }
        if tokens.mark(start + 1) == Some(':')
            && let Some(TokenKind::Digits { value, .. }) =
                tokens.get(start + 2).map(|token| token.kind)
        {
            minutes += value / MICRO;
        }
        minutes += minutes_before(tokens, start);
        let later = (end.saturating_sub(1)..end + 4).any(|at| {
            one_of!(tokens.word(at); "pm" "evening" "afternoon" "tonight" "night")
                || tokens.word(at) == "p" && tokens.mark(at + 1) == Some('.')
        });
        let earlier =
            (end.saturating_sub(1)..end + 4).any(|at| one_of!(tokens.word(at); "am" "morning"));
        // Nobody is called at three in the night.
        let evening = bound.is_some_and(|bound| bound >= EVENING);
        if minutes < 12 * 60 && (later || (!earlier && (evening || minutes < 7 * 60))) {
            minutes += 12 * 60;
        }
        found.push(plain(
            tokens,
            start,
            end.max(start + 1),
            minutes * MICRO,
            minutes * MICRO,
            Kind::Time,
        ));
    }
    for at in 0..tokens.len() {
        let minutes = match tokens.word(at) {
            "noon" => 720,
            "midnight" => 1_440,
            _ => continue,
        };
        found.push(plain(tokens, at, at + 1, minutes * MICRO, minutes * MICRO, Kind::Time));
    }
    if bound.is_some() {
        parts_of_the_day(tokens, &mut found);
    }
    found
}

/// "Tuesday afternoon", "in the evening": a time of day without an hour.
fn parts_of_the_day(tokens: &Tokens, found: &mut Vec<Quantity>) {
    const NEAR_TOKENS: usize = 6;
    for at in 0..tokens.len() {
        let hour = match tokens.word(at) {
            "morning" | "mornings" => 9,
            "afternoon" | "afternoons" => 15,
            "evening" | "evenings" | "tonight" => 19,
            "night" if tokens.word_before(at, 1) == "at" => 21,
            _ => continue,
        };
        let greets = tokens.word_before(at, 1) == "good";
        let timed = found.iter().any(|one| {
            (one.tokens.0 as usize) < at + NEAR_TOKENS && one.tokens.1 as usize + NEAR_TOKENS > at
        });
        if !greets && !timed {
            let minutes = hour * 60 * MICRO;
            found.push(plain(tokens, at, at + 1, minutes, minutes, Kind::Time));
        }
    }
}

/// The hours that a rule about parts of the day leaves: "only mornings", "never in the evening".
pub(super) fn part_limit(tokens: &Tokens) -> Option<(bool, bool, i64)> {
    const NOON: i64 = 12 * 60 * MICRO;
    const EVENING: i64 = 17 * 60 * MICRO;
    let mut part = None;
    let (mut only, mut negative) = (false, false);
    for at in 0..tokens.len() {
        let word = tokens.word(at);
        if one_of!(word;
            "if" "unless" "when" "say" "tell" "mention" "ask" "until" "discuss" "confirm" "greet" "wish"
        ) {
            return None;
        }
        only |= word == "only";
        negative |= super::read::is_negative(word);
        let found = match word {
            "morning" | "mornings" => 0,
            "afternoon" | "afternoons" => 1,
            "evening" | "evenings" | "nights" => 2,
            _ => continue,
        };
        if part.is_some_and(|part| part != found) {
            return None;
        }
        part = Some(found);
    }
    // Whether from above, whether the bound itself is too far, and the bound.
    match (part?, only && !negative, negative && !only) {
        (0, true, _) => Some((true, true, NOON)),
        (0, _, true) | (1, true, _) => Some((false, false, NOON)),
        (2, true, _) => Some((false, false, EVENING)),
        (2, _, true) => Some((true, false, EVENING)),
        _ => None,
    }
}

/// "March 15" of a day of the year.
pub(super) fn show_date(value: i64) -> String {
    let day = value / MICRO;
    let (name, _, before) =
        MONTHS.iter().rev().find(|(_, _, before)| *before < day).unwrap_or(&MONTHS[0]);
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase()).unwrap_or(' ');
    format!("{first}{} {}", letters.as_str(), day - before)
}

pub(super) fn show_time(value: i64) -> String {
    let minutes = value / MICRO;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// In the unit the rule has.
pub(super) fn show_duration(value: i64, unit: &str) -> String {
    let many = value / hours(unit).unwrap_or(1);
    let whole = many / MICRO;
    if many % MICRO == 0 {
        return format!("{whole} {unit}");
    }
    format!("{whole}.{} {unit}", many % MICRO * 10 / MICRO)
}

/// The unit that the duration is said in.
pub(super) fn unit_of(tokens: &Tokens, quantity: &Quantity) -> Option<String> {
    let end = quantity.tokens.1 as usize;
    let at = (end.saturating_sub(1)..end + 2).find(|at| hours(tokens.word(*at)).is_some())?;
    Some(tokens.word(at).to_owned())
}
