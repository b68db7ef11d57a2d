//! Durations, times of day and dates.

use super::number::{number_at, small_word, tens_word};
use super::talk::{Day, Unit, Value};
use super::token::{Token, any_phrase, sentence_around};

/// A value and how many tokens it took.
pub(crate) type Match = Option<(Value, usize)>;

pub(crate) fn duration_at(tokens: &[Token], at: usize) -> Match {
    if let Some(found) = plain_duration(tokens, at) {
        return Some(found);
    }
    let low = number_at(tokens, at)?;
    let mut used = low.tokens;
    let mut high = low.value;
    if tokens.get(at + used).is_some_and(|token| token.is_any(&["to", "or", "-", "–", "and"]))
        && let Some(end) = number_at(tokens, at + used + 1)
        && unit_at(tokens, at + used + 1 + end.tokens).is_some()
        && (end.value > low.value)
        && !tokens[at + used].is("and")
    {
        high = end.value;
        used += 1 + end.tokens;
    }
    let (unit, unit_tokens) = unit_at(tokens, at + used)?;
    Some((Value::Duration { low: low.value, high, unit }, used + unit_tokens))
}

/// "a week", "half an hour", "overnight".
fn plain_duration(tokens: &[Token], at: usize) -> Match {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let span = |count: f64, unit: Unit| Value::Duration { low: count, high: count, unit };
    match (word(0), word(1), word(2)) {
        ("half", "an", "hour") => return Some((span(30.0, Unit::Minute), 3)),
        ("an", "hour", "and") if word(3) == "a" && word(4) == "half" => {
            return Some((span(90.0, Unit::Minute), 5));
        }
        ("a", "fortnight", _) => return Some((span(2.0, Unit::Week), 2)),
        ("overnight", _, _) => return Some((span(1.0, Unit::Day), 1)),
        ("same", "day", _) => return Some((span(0.0, Unit::Day), 2)),
        ("next", "day", _) => return Some((span(1.0, Unit::Day), 2)),
        ("a" | "an", _, _) => {}
        _ => return None,
    }
    let (unit, used) = unit_at(tokens, at + 1)?;
    let rate = at.checked_sub(1).is_some_and(|before| {
        let before = &tokens[before];
        before.is_digits() || before.is_any(&["dollars", "times", "twice", "once", "open", "days"])
    });
    if rate {
        return None;
    }
    Some((span(1.0, unit), 1 + used))
}

fn unit_at(tokens: &[Token], at: usize) -> Option<(Unit, usize)> {
    let token = tokens.get(at)?;
    let business = token.is_any(&["business", "working", "work"]);
    if business || token.is_any(&["calendar", "full", "whole", "more"]) {
        let (unit, used) = unit_word(tokens.get(at + 1)?)?;
        let unit = if business && unit == Unit::Day { Unit::BusinessDay } else { unit };
        return Some((unit, used + 1));
    }
    unit_word(token)
}

/// A word for a span of time.
pub(crate) fn is_unit(word: &str) -> bool {
    const NAMES: &[&str] = &[
        "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
        "year", "years",
    ];
    NAMES.contains(&word)
}

fn unit_word(token: &Token) -> Option<(Unit, usize)> {
    let unit = match token.text.as_str() {
        "minute" | "minutes" | "min" | "mins" => Unit::Minute,
        "hour" | "hours" | "hr" | "hrs" => Unit::Hour,
        "day" | "days" | "day's" => Unit::Day,
        "week" | "weeks" | "week's" => Unit::Week,
        "month" | "months" | "month's" => Unit::Month,
        "year" | "years" => Unit::Year,
        _ => return None,
    };
    Some((unit, 1))
}

const TIME_CUES: &[&str] = &[
    "open",
    "opens",
    "opening",
    "close",
    "closes",
    "closed",
    "closing",
    "hours",
    "tonight",
    "tomorrow",
    "today",
    "morning",
    "evening",
    "afternoon",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mondays",
    "tuesdays",
    "wednesdays",
    "thursdays",
    "fridays",
    "saturdays",
    "sundays",
    "weekdays",
    "weekends",
    "call",
    "come",
    "table",
    "o'clock",
    "noon",
    "midnight",
    "appointment",
    "available",
    "time",
    "until",
    "till",
    "book",
    "booked",
    "reservation",
    "slot",
    "meet",
    "day",
];

const BEFORE_HOUR: &[&str] = &[
    "at", "until", "till", "by", "after", "before", "around", "about", "from", "past", "close",
    "closes", "open", "opens", "between", "is",
];

pub(crate) fn clock_at(tokens: &[Token], at: usize) -> Match {
    let (minute, used, stated) = clock_digits(tokens, at)
        .or_else(|| clock_phrase(tokens, at))
        .or_else(|| clock_words(tokens, at))?;
    if let Some((afternoon, half_tokens)) = half_of_day(tokens, at + used) {
        let minute = in_half(minute, afternoon)?;
        return Some((Value::Clock { minute, certain: true }, used + half_tokens));
    }
    let o_clock = tokens.get(at + used).is_some_and(|token| token.is("o'clock"));
    let used = used + usize::from(o_clock);
    let cued = stated || o_clock || is_cued(tokens, at, used);
    if !cued {
        return None;
    }
    let sentence = sentence_around(tokens, at);
    if minute < 12 * 60 && minute > 0 {
        let said = |words: &[&str]| any_phrase(tokens, sentence.clone(), words);
        if said(&["tonight", "evening", "afternoon", "night"]) {
            return Some((Value::Clock { minute: minute + 720, certain: true }, used));
        }
        let certain = said(&["morning"]);
        return Some((Value::Clock { minute, certain }, used));
    }
    let certain = minute >= 13 * 60 || named_hour(&tokens[at]);
    Some((Value::Clock { minute, certain }, used))
}

fn named_hour(token: &Token) -> bool {
    token.is_any(&["noon", "midday", "midnight"])
}

/// A bare hour is a time only where the sentence speaks of times and nothing is counted.
fn is_cued(tokens: &[Token], at: usize, used: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else { return false };
    let after = tokens.get(at + used);
    let counts = after.is_some_and(|after| {
        after.is_any(&["%", "percent", "dollars", "bucks", "euros", "each", "per", "a", "units"])
            || (after.is_word() && !super::find::is_plain_word(&after.text))
    });
    let in_range = before.is_any(&["to", "-", "–", "and"]);
    let symbol = before.is_any(&["$", "€", "£"]);
    let cue_before = before.is_any(BEFORE_HOUR) || in_range;
    cue_before && !counts && !symbol && any_phrase(tokens, sentence_around(tokens, at), TIME_CUES)
}

/// "7:30", "19:00", "8": minutes since midnight, tokens, and whether it can be nothing else.
fn clock_digits(tokens: &[Token], at: usize) -> Option<(u16, usize, bool)> {
    let token = tokens.get(at).filter(|token| token.is_digits())?;
    let hour: u16 = token.text.parse().ok()?;
    let colon = tokens.get(at + 1).is_some_and(|mark| mark.is(":") && mark.glued);
    if colon && let Some(minutes) = tokens.get(at + 2).filter(|token| token.text.len() == 2) {
        let minutes: u16 = minutes.text.parse().ok()?;
        return (hour < 24 && minutes < 60).then(|| (hour * 60 + minutes, 3, true));
    }
    (1..=12).contains(&hour).then(|| (hour * 60, 1, false))
}

/// "noon", "half past two", "quarter to five".
fn clock_phrase(tokens: &[Token], at: usize) -> Option<(u16, usize, bool)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    if matches!(word(0), "noon" | "midday") {
        return Some((720, 1, true));
    }
    if word(0) == "midnight" {
        return Some((0, 1, true));
    }
    // "Half nine" is half past nine; German's "halb neun" comes here as "half past eight".
    let counted = |at: usize| tokens.get(at).is_some_and(|after| is_unit(&after.text));
    if word(0) == "half"
        && let Some(hour) = hour_at(tokens, at + 1).filter(|_| !counted(at + 2))
    {
        return Some((hour * 60 + 30, 2, true));
    }
    let article = usize::from(word(0) == "a");
    let minutes = match word(article) {
        "half" => 30,
        "quarter" => 15,
        other => small_word(other).or_else(|| tens_word(other)).filter(|m| m.is_multiple_of(5))?,
    };
    let hour = hour_at(tokens, at + article + 2)?;
    let minutes = u16::try_from(minutes).ok()?;
    match word(article + 1) {
        "past" | "after" if minutes > 0 && (minutes == 30 || minutes == 15) => {
            Some((hour * 60 + minutes, article + 3, true))
        }
        "past" if minutes > 0 => Some((hour * 60 + minutes, article + 3, true)),
        "to" if word(article) == "quarter" => Some((hour * 60 - minutes, article + 3, true)),
        _ => None,
    }
}

fn hour_at(tokens: &[Token], at: usize) -> Option<u16> {
    let token = tokens.get(at)?;
    let hour = match token.text.parse::<u16>() {
        Ok(hour) => hour,
        Err(_) => u16::try_from(small_word(&token.text)?).ok()?,
    };
    (1..=12).contains(&hour).then_some(hour)
}

/// "eight", "eight thirty", "eight oh five".
pub(crate) fn clock_words(tokens: &[Token], at: usize) -> Option<(u16, usize, bool)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let hour = u16::try_from(small_word(word(0))?).ok().filter(|hour| (1..=12).contains(hour))?;
    if let Some(tens) = tens_word(word(1)).filter(|tens| *tens < 60) {
        let unit = small_word(word(2)).filter(|unit| (1..10).contains(unit));
        let minutes = u16::try_from(tens + unit.unwrap_or(0)).ok()?;
        return Some((hour * 60 + minutes, 2 + usize::from(unit.is_some()), false));
    }
    if let Some(teen) = small_word(word(1)).filter(|teen| matches!(teen, 10 | 15)) {
        return Some((hour * 60 + u16::try_from(teen).ok()?, 2, false));
    }
    if word(1) == "oh"
        && let Some(unit) = small_word(word(2)).filter(|unit| (1..10).contains(unit))
    {
        return Some((hour * 60 + u16::try_from(unit).ok()?, 3, false));
    }
    Some((hour * 60, 1, false))
}

/// "pm", "p.m.", "in the evening", "tonight": true for the second half, with its tokens.
fn half_of_day(tokens: &[Token], at: usize) -> Option<(bool, usize)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let o_clock = usize::from(word(0) == "o'clock");
    let letters = |first: &str| first == "a" || first == "p";
    if letters(word(o_clock)) && word(o_clock + 1) == "." && word(o_clock + 2) == "m" {
        return Some((word(o_clock) == "p", o_clock + 3));
    }
    if letters(word(o_clock)) && word(o_clock + 1) == "m" {
        return Some((word(o_clock) == "p", o_clock + 2));
    }
    match word(o_clock) {
        "am" => Some((false, o_clock + 1)),
        "pm" => Some((true, o_clock + 1)),
        "tonight" => Some((true, o_clock)),
        "in" | "at" if matches!(word(o_clock + 1), "the" | "night") => {
            let part = if word(o_clock + 1) == "night" { "night" } else { word(o_clock + 2) };
            match part {
                "morning" => Some((false, o_clock + 3)),
                "afternoon" | "evening" => Some((true, o_clock + 3)),
                "night" => Some((true, o_clock + 2)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn in_half(minute: u16, afternoon: bool) -> Option<u16> {
    let hour = minute / 60;
    match (afternoon, hour) {
        (true, 12) => Some(minute),
        (false, 12) => Some(minute - 720),
        (true, 0..12) => Some(minute + 720),
        (false, 0..12) => Some(minute),
        (true, _) => Some(minute),
        (false, _) => None,
    }
}

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const ORDINALS: [&str; 20] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

/// 0 for Monday, also for "Mondays".
pub(crate) fn weekday(word: &str) -> Option<u8> {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let word = word.strip_suffix('s').unwrap_or(word);
    WEEKDAYS.iter().position(|day| *day == word).and_then(|day| u8::try_from(day).ok())
}

pub(crate) fn date_at(tokens: &[Token], at: usize) -> Match {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let found = |day: Day, used: usize| Some((Value::Date(day), used));
    match (word(0), word(1)) {
        ("today" | "tonight", _) => return found(Day::Today, 1),
        ("tomorrow", _) => return found(Day::Tomorrow, 1),
        ("day", "after") if word(2) == "tomorrow" => return found(Day::DayAfterTomorrow, 3),
        ("next", "week") => return found(Day::NextWeek, 2),
        ("next", day) if weekday(day).is_some() => {
            return found(Day::Weekday { day: weekday(day)?, next: true }, 2);
        }
        ("coming", day) if weekday(day).is_some() => {
            return found(Day::Weekday { day: weekday(day)?, next: false }, 2);
        }
        _ => {}
    }
    if let Some(day) = weekday(word(0)) {
        return found(Day::Weekday { day, next: false }, 1);
    }
    if let Some(month) = month(word(0)) {
        let the = usize::from(word(1) == "the");
        let (day, used) = day_at(tokens, at + 1 + the)?;
        return found(Day::MonthDay { month, day }, 1 + the + used);
    }
    let (day, used) = ordinal_at(tokens, at)?;
    if word(used) == "of"
        && let Some(month) = month(word(used + 1))
    {
        return found(Day::MonthDay { month, day }, used + 2);
    }
    if let Some(month) = month(word(used)) {
        return found(Day::MonthDay { month, day }, used + 1);
    }
    let the_nth = at.checked_sub(1).is_some_and(|before| tokens[before].is("the"));
    let dated = at.checked_sub(2).is_some_and(|on| {
        let on = &tokens[on];
        on.is_any(&["on", "by", "until", "from"]) || weekday(&on.text).is_some()
    });
    // "Friday, the fourth"; "the 14th is booked".
    let named = at
        .checked_sub(3)
        .is_some_and(|day| tokens[day + 1].is(",") && weekday(&tokens[day].text).is_some());
    let counted = tokens.get(at + used).is_some_and(|next| {
        next.is_any(&["floor", "street", "avenue", "grade", "time", "year", "century", "edition"])
    });
    let figures = tokens[at].is_digits() && !counted;
    if the_nth && (dated || named || figures) { found(Day::DayOfMonth(day), used) } else { None }
}

fn month(word: &str) -> Option<u8> {
    let month = MONTHS.iter().position(|month| *month == word)?;
    u8::try_from(month + 1).ok()
}

fn day_at(tokens: &[Token], at: usize) -> Option<(u8, usize)> {
    if let Some(found) = ordinal_at(tokens, at) {
        return Some(found);
    }
    let number = number_at(tokens, at)?;
    let whole = number.value.fract() == 0.0 && (1.0..=31.0).contains(&number.value);
    whole.then_some((number.value as u8, number.tokens))
}

/// "3rd", "third", "twenty-first".
fn ordinal_at(tokens: &[Token], at: usize) -> Option<(u8, usize)> {
    let token = tokens.get(at)?;
    let next = tokens.get(at + 1);
    if token.is_digits() {
        let suffix = next.is_some_and(|next| next.glued && next.is_any(&["st", "nd", "rd", "th"]));
        let day: u8 = token.text.parse().ok().filter(|day| (1..=31).contains(day))?;
        return suffix.then_some((day, 2));
    }
    let position = |word: &str| ORDINALS.iter().position(|ordinal| *ordinal == word);
    if let Some(day) = position(&token.text) {
        return Some((u8::try_from(day + 1).ok()?, 1));
    }
    if token.is("thirtieth") {
        return Some((30, 1));
    }
    let tens = match token.text.as_str() {
        "twenty" => 20,
        "thirty" => 30,
        _ => return None,
    };
    let unit = position(&next?.text).filter(|unit| *unit < 9)?;
    let day = tens + u8::try_from(unit + 1).ok()?;
    (day <= 31).then_some((day, 2))
}
