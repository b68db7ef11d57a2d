//! Times of day and days.

use super::subject::{Subject, clause};
use super::{asked, stands};
use crate::answer;
use crate::role::name_words;
use crate::schema::Field;
use crate::talk::{Day, Fact, Heard, Talk, Value};
use crate::token::any_phrase;
use crate::when::weekday;
use crate::wishes;

/// Opening and closing time as `HH:MM`.
pub fn hours(talk: &Talk) -> Option<(Option<String>, Option<String>)> {
    hours_on(talk, None)
}

type Hours = (Option<String>, Option<String>);

/// Those of a weekday (0 for Monday), or those that are not said of the weekend alone.
fn hours_on(talk: &Talk, day: Option<u8>) -> Option<Hours> {
    let mut opening = None;
    let mut closing = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let asks_close = asked(talk, index, &["close", "closing", "closed"]);
        let asks_open = asked(talk, index, &["open", "opening", "hours"]);
        let mut clocks = Vec::new();
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            if let Value::Clock { minute, certain } = fact.value {
                clocks.push((fact, minute, certain));
            }
        }
        let fits: Vec<bool> = clocks.iter().map(|(fact, ..)| is_of_day(heard, fact, day)).collect();
        let any_fits = fits.contains(&true);
        if any_fits {
            let mut fit = fits.iter();
            clocks.retain(|_| fit.next() == Some(&true));
        } else if day.is_some() && names_days(heard) {
            continue;
        }
        for (place, (fact, minute, certain)) in clocks.iter().enumerate() {
            let before = lead_in(heard, fact);
            let range_end =
                place > 0 && before.iter().any(|word| matches!(*word, "to" | "-" | "–" | "and"));
            let says_close = before
                .iter()
                .any(|word| matches!(*word, "close" | "closes" | "closing" | "until" | "till"));
            let says_open =
                before.iter().any(|word| matches!(*word, "open" | "opens" | "opening" | "from"));
            if range_end || says_close {
                closing = Some(clock_text(half(*minute, *certain, true)));
            } else if says_open {
                opening = Some(clock_text(half(*minute, *certain, false)));
            } else if asks_close {
                closing = Some(clock_text(half(*minute, *certain, true)));
            } else if asks_open {
                opening = Some(clock_text(half(*minute, *certain, false)));
            }
        }
        if clocks.is_empty()
            && (asks_close || asks_open)
            && let Some(minute) = bare_hour(heard)
        {
            let text = Some(clock_text(half(minute, false, asks_close)));
            if asks_close { closing = text } else { opening = text }
        }
    }
    (opening.is_some() || closing.is_some()).then_some((opening, closing))
}

/// Whether a time is said of the day; without one, whether it is not of the weekend alone.
fn is_of_day(heard: &Heard, fact: &Fact, day: Option<u8>) -> bool {
    let said = days_of(heard, fact);
    let Some(day) = day else {
        return said.is_empty() || said.iter().any(|day| *day < 5);
    };
    match said.as_slice() {
        [first, last] if first < last => (*first..=*last).contains(&day),
        said => said.contains(&day),
    }
}

/// The weekdays named nearest before the time, else behind it in its clause.
fn days_of(heard: &Heard, fact: &Fact) -> Vec<u8> {
    let sentence = heard.sentence_tokens(fact);
    let day = |at: usize| match heard.tokens[at].text.as_str() {
        "weekdays" => Some(0),
        "weekends" | "weekend" => Some(6),
        word => weekday(word),
    };
    let clause = clause(heard, fact);
    let own: Vec<u8> = clause.clone().filter_map(day).collect();
    if !own.is_empty() {
        return own;
    }
    let mut days: Vec<u8> = (sentence.start..fact.at.start).filter_map(day).collect();
    if days.len() > 2 {
        days.drain(..days.len() - 1);
    }
    days
}

fn names_days(heard: &Heard) -> bool {
    heard.facts.iter().any(|fact| matches!(fact.value, Value::Date(Day::Weekday { .. })))
}

/// "Ten." or "nine thirty" as an answer to "what time do you close?".
fn bare_hour(heard: &Heard) -> Option<u16> {
    for (place, fact) in heard.facts.iter().enumerate() {
        let Value::Number(hour) = fact.value else { continue };
        if !(1.0..=12.0).contains(&hour) || hour.fract() != 0.0 {
            continue;
        }
        let minutes = heard.facts.get(place + 1).and_then(|next| match next.value {
            Value::Number(minutes) if next.at.start == fact.at.end => Some(minutes),
            _ => None,
        });
        let minutes = minutes.filter(|minutes| (1.0..60.0).contains(minutes)).unwrap_or(0.0);
        return Some(hour as u16 * 60 + minutes as u16);
    }
    None
}

fn lead_in<'a>(heard: &'a Heard, fact: &Fact) -> Vec<&'a str> {
    let start = fact.at.start.saturating_sub(3);
    heard.tokens[start..fact.at.start].iter().map(|token| token.text.as_str()).collect()
}

/// Shops close in the second half of the day and open in the first, unless it was said.
fn half(minute: u16, certain: bool, closing: bool) -> u16 {
    let shift = !certain && minute < 720 && (closing || minute < 5 * 60);
    if shift { minute + 720 } else { minute }
}

pub(crate) fn clock_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// The newest time the other side named or agreed to; by the words of the field, if it has any.
pub(super) fn time(field: &Field, talk: &Talk) -> Option<String> {
    let subject = Subject::of(field);
    let general = is_of_the_call(&subject);
    let mut found = None;
    for (index, fact) in talk.facts().filter(|(_, fact)| stands(fact)) {
        let Value::Clock { minute, certain } = fact.value else { continue };
        let heard = &talk.heard()[index];
        if is_refused(heard, fact) {
            continue;
        }
        let counts = if general {
            heard.callee || is_agreed(talk, index)
        } else {
            heard.callee && subject.place(talk, index, fact).is_some()
        };
        if counts {
            let late = subject.has("last") || subject.has("dinner") || subject.has("end");
            let minute =
                if late { half(minute, certain, true) } else { by_day(minute, &fact.value) };
            found = Some(clock_text(minute));
        }
    }
    if found.is_none() {
        found = bare_time(&subject, general, talk);
    }
    found
}

/// The time or day that the call is about, rather than that of something else.
fn is_of_the_call(subject: &Subject) -> bool {
    const OWN: &[&str] = &[
        "reservation",
        "appointment",
        "meeting",
        "slot",
        "confirmed",
        "callback",
        "follow",
        "call",
        "visit",
        "booked",
        "preferred",
        "proposed",
        "next",
    ];
    subject.is_general() || OWN.iter().any(|word| subject.has(word))
}

/// "Eight." as an answer to a question about the time.
fn bare_time(subject: &Subject, general: bool, talk: &Talk) -> Option<String> {
    for (index, heard) in talk.heard().iter().enumerate().rev().filter(|(_, heard)| heard.callee) {
        let timed = asked(talk, index, &["what time", "when", "at what time", "which time"]);
        if timed && (general || subject.was_asked(talk, index)) {
            let minute = bare_hour(heard)?;
            let clock = Value::Clock { minute, certain: false };
            return Some(clock_text(by_day(minute, &clock)));
        }
    }
    None
}

/// "Monday is no good": what was named is not what was agreed.
fn is_refused(heard: &Heard, fact: &Fact) -> bool {
    const AFTERWARDS: &[&str] = &[
        "not possible",
        "isn't possible",
        "no good",
        "not good",
        "doesn't work",
        "won't work",
        "is taken",
        "is full",
        "is gone",
        "is booked",
        "fully booked",
        "not available",
        "isn't available",
        "don't work",
        "impossible",
        "is out",
        "unavailable",
        "does not work",
        "will not work",
    ];
    let clause = clause(heard, fact);
    any_phrase(&heard.tokens, fact.at.end..clause.end, AFTERWARDS)
}

/// Our proposal stands unless the next words of the other side refuse it.
fn is_agreed(talk: &Talk, index: usize) -> bool {
    let mut answers = talk.heard().iter().skip(index + 1).filter(|heard| heard.callee);
    answers.next().is_some_and(|heard| answer::of_tokens(&heard.tokens) != Some(false))
}

/// Small hours that were said without more are of the afternoon.
pub(crate) fn by_day(minute: u16, value: &Value) -> u16 {
    let doubtful = matches!(value, Value::Clock { certain: false, .. });
    if doubtful && minute < 8 * 60 { minute + 720 } else { minute }
}

/// The newest day the other side named or agreed to: a date if the day of the call is known, else
/// the words it was said in.
pub(super) fn date(field: &Field, talk: &Talk) -> Option<String> {
    let subject = Subject::of(field);
    let general = is_of_the_call(&subject);
    let mut found = None;
    for (index, fact) in talk.facts().filter(|(_, fact)| stands(fact)) {
        let heard = &talk.heard()[index];
        if is_refused(heard, fact) {
            continue;
        }
        let said = match fact.value {
            Value::Date(day) => talk.date(day),
            Value::Duration { high, unit, .. } if wishes::is_from_now(heard, &fact.at) => {
                let Some(date) = talk.date_after(high * unit.days()) else { continue };
                Some(date)
            }
            _ => continue,
        };
        let counts = if general {
            heard.callee || is_agreed(talk, index)
        } else {
            heard.callee && subject.place(talk, index, fact).is_some()
        };
        if counts {
            let words = heard.slice(fact.at.clone()).to_owned();
            found = Some(said.unwrap_or(words));
        }
    }
    found
}

/// A day with its time, as `2026-11-27T10:00`; one of them if the other was not said.
pub(super) fn moment(field: &Field, talk: &Talk) -> Option<String> {
    const EVENTS: &[&str] =
        &["appointment", "earliest", "available", "opening", "datetime", "free", "meeting"];
    let subject = Subject::of(field).without(EVENTS);
    for (index, heard) in talk.heard().iter().enumerate().rev().filter(|(_, heard)| heard.callee) {
        let asks =
            ["when", "what time", "which day", "appointment", "available", "slot", "earliest"];
        let asked = asked(talk, index, &asks);
        let mut day = None;
        let mut clock = None;
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            let about = subject.is_general() || subject.place(talk, index, fact).is_some();
            match fact.value {
                Value::Date(said) if about => {
                    day = talk.date(said).or_else(|| Some(heard.slice(fact.at.clone()).to_owned()));
                }
                Value::Clock { minute, .. } if about || day.is_some() => {
                    clock = Some(clock_text(by_day(minute, &fact.value)));
                }
                _ => {}
            }
        }
        match (day, clock) {
            (Some(day), Some(clock)) if day.starts_with(|c: char| c.is_ascii_digit()) => {
                return Some(format!("{day}T{clock}"));
            }
            (Some(day), Some(clock)) => return Some(format!("{day} {clock}")),
            (Some(one), None) | (None, Some(one)) if asked || !subject.is_general() => {
                return Some(one);
            }
            _ => {}
        }
    }
    None
}

/// `09:00-18:00`, if one opening and one closing time were said.
pub(super) fn both(talk: &Talk) -> Option<String> {
    let clocks = talk.facts().filter(|(index, fact)| {
        talk.heard()[*index].callee && stands(fact) && matches!(fact.value, Value::Clock { .. })
    });
    if clocks.count() != 2 {
        return None;
    }
    // "Ten to six, Tuesday through Sunday" is more than two times.
    let daily =
        talk.heard().iter().filter(|heard| heard.callee && names_days(heard)).find_map(|heard| {
            let clock =
                heard.facts.iter().find(|fact| matches!(fact.value, Value::Clock { .. }))?;
            Some(heard.sentence(clock).to_owned())
        });
    if daily.is_some() {
        return daily;
    }
    let (opening, closing) = hours(talk)?;
    Some(format!("{}-{}", opening?, closing?))
}

/// The opening or closing time for the weekday that the field names, if it names one.
pub(super) fn hour_for(field: &Field, talk: &Talk, closing: bool) -> Option<String> {
    let words = name_words(&field.name);
    let day = words.iter().find_map(|word| weekday(word));
    let (opening, closes) = hours_on(talk, day)?;
    if closing { closes } else { opening }
}
