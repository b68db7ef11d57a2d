//! What the other side wants of us beyond the subject: to be called again, never to be called, or to
//! go on in writing. Each with the words that showed it.

use std::ops::Range;

use super::talk::{Day, Heard, Talk, Value};
use super::token::{any_phrase, find_phrase};
use super::zone::{self, Civil, Offset};

/// The callee asked to be called again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallBackWish {
    /// When, in milliseconds since the Unix epoch, if that can be computed.
    pub at_ms: Option<u64>,
    pub words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Sms,
    Email,
}

/// The callee wants to go on by SMS or e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelWish {
    pub channel: Channel,
    /// Address or number, if one was said.
    pub address: Option<String>,
    pub words: String,
}

const CALL_BACK: &[&str] = &[
    "call back",
    "call me back",
    "call us back",
    "call him back",
    "call her back",
    "call again",
    "try again",
    "try me again",
    "ring back",
    "ring me back",
    "call me later",
    "call later",
    "call me tomorrow",
    "call us tomorrow",
    "call tomorrow",
    "call me on",
    "call us on",
    "call on",
    "call me at",
    "call us at",
    "call me in",
    "call us in",
    "call me after",
    "call us after",
    "call after",
    "call me next",
    "call us next",
    "call me this",
    "give me a call",
    "give us a call",
    "give me a ring",
    "phone me",
    "phone back",
    "ring me",
    "reach me later",
    "reach me tomorrow",
    "calling back",
    "calling again",
    "call in an hour",
    "call me when",
    "call me around",
    "better time to call",
    "call back later",
    "speak later",
    "talk later",
    "talk tomorrow",
    "busy right now could you call",
    "can you call",
    "could you call",
    "please call",
];
/// Somebody else will call, or nobody should.
const NOT_A_CALL_BACK: &[&str] = &[
    "i'll call",
    "we'll call",
    "i will call",
    "we will call",
    "i'll give you a call",
    "we'll give you a call",
    "he'll call",
    "she'll call",
    "they'll call",
    "have him call",
    "have her call",
    "have someone call",
    "let me call",
    "i can call you",
    "we can call you",
    "don't call back",
    "do not call back",
    "no need to call",
    "we'd call",
    "i'd call",
];

/// The newest call-back request, with its time in the callee's zone.
///
/// Spans ("in two hours") need only `now_ms`. Times of day need the zone's offset, which is known for
/// fixed offsets and for zones on American or European rules; otherwise `at_ms` is `None`.
pub fn call_back(talk: &Talk, now_ms: u64, zone: &str) -> Option<CallBackWish> {
    call_back_at(talk, now_ms, &|utc_ms| zone::offset_minutes(utc_ms, zone))
}

/// The same with a full time-zone database behind it: `offset` gives the minutes by which clocks of the
/// callee are ahead of UTC at a moment, in milliseconds since the Unix epoch.
pub fn call_back_at(talk: &Talk, now_ms: u64, offset: Offset) -> Option<CallBackWish> {
    for (index, heard) in talk.heard().iter().enumerate().rev().filter(|(_, heard)| heard.callee) {
        let Some(sentence) = request(heard) else { continue };
        let words = heard.slice(sentence.clone()).to_owned();
        let at_ms = moment(heard, sentence, now_ms, offset)
            .or_else(|| moment(heard, 0..heard.tokens.len(), now_ms, offset))
            .or_else(|| later_moment(talk, index, now_ms, offset));
        return Some(CallBackWish { at_ms, words });
    }
    None
}

fn request(heard: &Heard) -> Option<Range<usize>> {
    heard.sentences().into_iter().rev().find(|sentence| {
        let asks = any_phrase(&heard.tokens, sentence.clone(), CALL_BACK);
        let not = any_phrase(&heard.tokens, sentence.clone(), NOT_A_CALL_BACK);
        let never = any_phrase(&heard.tokens, sentence.clone(), NEVER_AGAIN);
        asks && !not
            && !never
            && !refuses_calls(heard, sentence)
            && !names_a_person(heard, sentence)
    })
}

/// "You can call me Mike" is about the name.
fn names_a_person(heard: &Heard, sentence: &Range<usize>) -> bool {
    heard.facts.iter().any(|fact| {
        let after_call_me = fact.at.start >= 2 && heard.tokens[fact.at.start - 2].is("call");
        matches!(fact.value, Value::Name(_)) && sentence.contains(&fact.at.start) && after_call_me
    })
}

/// The time may come one turn later: "When should I call?" "Tomorrow after two."
fn later_moment(talk: &Talk, index: usize, now_ms: u64, offset: Offset) -> Option<u64> {
    let later = talk.heard().iter().skip(index + 1).filter(|heard| heard.callee).take(2);
    later.into_iter().find_map(|heard| moment(heard, 0..heard.tokens.len(), now_ms, offset))
}

fn moment(heard: &Heard, sentence: Range<usize>, now_ms: u64, offset: Offset) -> Option<u64> {
    let facts = heard
        .facts
        .iter()
        .filter(|fact| sentence.contains(&fact.at.start) && !fact.corrected && !fact.negated);
    let mut span = None;
    let mut day = None;
    let mut clock = None;
    for fact in facts {
        match fact.value {
            Value::Duration { high, unit, .. } if is_from_now(heard, &fact.at) => {
                span = Some(high * unit.days());
            }
            Value::Date(said) => day = Some(said),
            Value::Clock { minute, certain } => clock = Some((minute, certain)),
            Value::Number(hour) if clock.is_none() && is_hour(heard, &fact.at, hour) => {
                clock = Some((hour as u16 * 60, false));
            }
            _ => {}
        }
    }
    if let Some(days) = span {
        return later(now_ms, days, clock, offset);
    }
    let part = part_of_day(heard, sentence);
    if day.is_none() && clock.is_none() && part.is_none() {
        return None;
    }
    let now = zone::local(now_ms, offset)?;
    let minute = match (clock, part) {
        (Some((minute, certain)), _) => business_hour(minute, certain),
        (None, Some(part)) => part,
        (None, None) => DEFAULT_MINUTE,
    };
    let target = target_day(now, day, minute)?;
    zone::utc_ms(Civil { day: target, minute }, offset).filter(|at| *at > now_ms)
}

/// Ten in the morning, where only a day was said.
const DEFAULT_MINUTE: u16 = 600;

pub(crate) fn is_from_now(heard: &Heard, at: &Range<usize>) -> bool {
    let before = at.start.checked_sub(1).map(|before| &heard.tokens[before]);
    let after = heard.tokens.get(at.end);
    before.is_some_and(|before| {
        before.is_any(&["in", "after", "about", "within", "another", "around"])
    }) || after.is_some_and(|after| after.is_any(&["from", "later"]))
}

/// "After two" with nothing counted behind it.
fn is_hour(heard: &Heard, at: &Range<usize>, hour: f64) -> bool {
    let before = at.start.checked_sub(1).map(|before| &heard.tokens[before]);
    let fits = hour.fract() == 0.0 && (1.0..=12.0).contains(&hour);
    fits && before.is_some_and(|before| before.is_any(&["at", "after", "around", "about", "by"]))
}

fn later(now_ms: u64, days: f64, clock: Option<(u16, bool)>, offset: Offset) -> Option<u64> {
    const DAY_MS: f64 = 86_400_000.0;
    const DAYS_MAX: f64 = 3_650.0;
    if !(0.0..=DAYS_MAX).contains(&days) {
        return None;
    }
    let at = now_ms.checked_add((days * DAY_MS).round() as u64)?;
    let Some((minute, certain)) = clock.filter(|_| days >= 1.0) else { return Some(at) };
    let day = zone::local(at, offset)?.day;
    zone::utc_ms(Civil { day, minute: business_hour(minute, certain) }, offset)
}

/// "After two" on the telephone means the afternoon.
fn business_hour(minute: u16, certain: bool) -> u16 {
    if !certain && minute < 8 * 60 { minute + 720 } else { minute }
}

fn part_of_day(heard: &Heard, sentence: Range<usize>) -> Option<u16> {
    let said = |phrases: &[&str]| any_phrase(&heard.tokens, sentence.clone(), phrases);
    if said(&["after lunch"]) {
        Some(13 * 60 + 30)
    } else if said(&["first thing", "in the morning", "tomorrow morning"]) {
        Some(9 * 60)
    } else if said(&["afternoon"]) {
        Some(14 * 60)
    } else if said(&["evening", "tonight"]) {
        Some(18 * 60)
    } else {
        None
    }
}

pub(crate) fn target_day(now: Civil, day: Option<Day>, minute: u16) -> Option<i64> {
    let today = now.day;
    let ahead = |weekday: u8| i64::from((weekday + 7 - now.weekday()) % 7);
    let target = match day {
        None => today + i64::from(minute <= now.minute),
        Some(Day::Today) => today,
        Some(Day::Tomorrow) => today + 1,
        Some(Day::DayAfterTomorrow) => today + 2,
        Some(Day::NextWeek) => today + i64::from(7 - now.weekday()),
        Some(Day::Weekday { day, next }) => {
            let days = ahead(day);
            let passed = days == 0 && minute <= now.minute;
            let after_weekend = next && days > 0 && days + i64::from(now.weekday()) < 7;
            today + if days == 0 && next || passed || after_weekend { days + 7 } else { days }
        }
        Some(Day::MonthDay { month, day }) => {
            let (year, _, _) = zone::civil_from_days(today);
            let this_year = zone::days_from_civil(year, i64::from(month), i64::from(day));
            if this_year >= today {
                this_year
            } else {
                zone::days_from_civil(year + 1, i64::from(month), i64::from(day))
            }
        }
        Some(Day::DayOfMonth(day)) => {
            let (year, month, of_month) = zone::civil_from_days(today);
            let day = i64::from(day);
            match (day >= of_month, month) {
                (true, _) => zone::days_from_civil(year, month, day),
                (false, 12) => zone::days_from_civil(year + 1, 1, day),
                (false, _) => zone::days_from_civil(year, month + 1, day),
            }
        }
    };
    Some(target)
}

const NEVER_AGAIN: &[&str] = &[
    "stop calling",
    "quit calling",
    "take me off",
    "take us off",
    "take my number off",
    "take this number off",
    "remove me from",
    "remove us from",
    "remove my number",
    "remove this number",
    "remove our number",
    "lose my number",
    "lose this number",
    "never call",
    "no more calls",
    "do not call list",
    "don't call list",
    "delete my number",
    "unsubscribe me",
    "don't want any more calls",
    "don't want any calls",
    "don't want these calls",
    "stop phoning",
    "stop contacting",
    "leave me alone",
    "leave us alone",
];
const REFUSALS: &[&str] = &["don't", "do not", "never", "don't ever", "not", "please don't"];
const CALLS: &[&str] = &["call", "contact", "phone", "ring", "bother", "dial", "calling"];
const EVER: &[&str] =
    &["again", "anymore", "any more", "ever", "this number", "here", "any longer"];

/// The words with which the callee asked never to be called again.
pub fn do_not_call(talk: &Talk) -> Option<String> {
    said(talk, |heard, sentence| {
        any_phrase(&heard.tokens, sentence.clone(), NEVER_AGAIN) || refuses_calls(heard, sentence)
    })
}

/// "Don't call here again"; not "don't call before nine" and not "why don't you call again?".
fn refuses_calls(heard: &Heard, sentence: &Range<usize>) -> bool {
    let tokens = &heard.tokens;
    if any_phrase(
        tokens,
        sentence.clone(),
        &["why don't", "unless", "if you don't", "don't hesitate"],
    ) {
        return false;
    }
    let refused = REFUSALS.iter().find_map(|word| find_phrase(tokens, sentence.clone(), word));
    let Some(refused) = refused else { return false };
    const CALL_WITHIN_TOKENS: usize = 4;
    let near = refused.end..(refused.end + CALL_WITHIN_TOKENS).min(sentence.end);
    let called = CALLS.iter().find_map(|word| find_phrase(tokens, near.clone(), word));
    let Some(called) = called else { return false };
    any_phrase(tokens, called.end..sentence.end, EVER)
        || any_phrase(tokens, refused.clone(), &["don't ever"])
        || any_phrase(tokens, refused.end..called.end, &["ever"])
}

const BY_EMAIL: &[&str] = &[
    "email me",
    "e mail me",
    "email us",
    "e mail us",
    "send me an email",
    "send us an email",
    "send an email",
    "send me an e mail",
    "by email",
    "via email",
    "by e mail",
    "drop me an email",
    "drop us an email",
    "shoot me an email",
    "over email",
    "prefer email",
    "in an email",
    "put it in writing",
    "send it in writing",
    "just email",
    "can you email",
    "could you email",
];
const BY_SMS: &[&str] = &[
    "text me",
    "text us",
    "send me a text",
    "send us a text",
    "by text",
    "via text",
    "by sms",
    "send an sms",
    "send me an sms",
    "shoot me a text",
    "drop me a text",
    "message me",
    "prefer text",
    "can you text",
    "could you text",
    "over text",
    "text this number",
];
const BY_THEM: &[&str] = &["i'll", "we'll", "i will", "we will", "i can", "we can", "let me"];

/// The newest wish to go on by SMS or e-mail.
pub fn channel_wish(talk: &Talk) -> Option<ChannelWish> {
    for (index, heard) in talk.heard().iter().enumerate().rev().filter(|(_, heard)| heard.callee) {
        for sentence in heard.sentences() {
            let tokens = &heard.tokens;
            let channel = if any_phrase(tokens, sentence.clone(), BY_EMAIL) {
                Channel::Email
            } else if any_phrase(tokens, sentence.clone(), BY_SMS) {
                Channel::Sms
            } else {
                continue;
            };
            let theirs = any_phrase(tokens, sentence.clone(), BY_THEM);
            let refused =
                any_phrase(tokens, sentence.clone(), &["don't", "do not", "never", "stop"]);
            if theirs || refused {
                continue;
            }
            let words = heard.slice(sentence).to_owned();
            return Some(ChannelWish { channel, address: address(talk, index, channel), words });
        }
    }
    None
}

/// Said with the wish or after it.
fn address(talk: &Talk, from: usize, channel: Channel) -> Option<String> {
    for heard in talk.heard().iter().skip(from).filter(|heard| heard.callee) {
        for fact in heard.facts.iter().rev().filter(|fact| !fact.corrected) {
            match (&fact.value, channel) {
                (Value::Email(address), Channel::Email) => return Some(address.clone()),
                (Value::Phone(number), Channel::Sms) => return Some(number.clone()),
                _ => {}
            }
        }
    }
    None
}

const WRONG_NUMBER: &[&str] = &[
    "wrong number",
    "wrong person",
    "wrong phone number",
    "wrong telephone number",
    "nobody by that name",
    "no one by that name",
    "nobody of that name",
    "no one of that name",
    "there is no one here called",
    "there's no one here called",
    "doesn't live here",
    "does not live here",
    "doesn't work here",
    "does not work here",
    "no longer works here",
    "this is a private number",
    "this is a private house",
    "you have the wrong",
    "you've got the wrong",
    "you must have the wrong",
    "you got the wrong",
    "misdialed",
    "misdialled",
];

/// The words with which the callee said that we reached somebody else.
pub fn wrong_number(talk: &Talk) -> Option<String> {
    said(talk, |heard, sentence| {
        let asked = any_phrase(&heard.tokens, sentence.clone(), &["is this the", "do i have the"]);
        let denied = any_phrase(
            &heard.tokens,
            sentence.clone(),
            &["not the wrong", "isn't the wrong", "is not a wrong", "not a wrong"],
        );
        !asked && !denied && any_phrase(&heard.tokens, sentence.clone(), WRONG_NUMBER)
    })
}

const TO_A_HUMAN: &[&str] = &[
    "speak to a human",
    "talk to a human",
    "speak with a human",
    "talk with a human",
    "speak to a person",
    "talk to a person",
    "speak with a person",
    "talk with a person",
    "speak to a real person",
    "talk to a real person",
    "speak with a real person",
    "talk with a real person",
    "speak to a real human",
    "talk to a real human",
    "speak to someone real",
    "talk to someone real",
    "speak to an actual person",
    "talk to an actual person",
    "speak to an actual human",
    "talk to an actual human",
    "want a human",
    "want a real person",
    "get me a human",
    "get me a person",
    "get a human",
    "put a human on",
    "put a real person on",
    "put a person on",
    "don't talk to robots",
    "don't talk to machines",
    "don't talk to bots",
    "don't speak to robots",
    "don't speak to machines",
    "don't speak with robots",
    "not talking to a robot",
    "not talking to a machine",
    "not talking to a bot",
    "not speaking to a robot",
    "won't talk to a robot",
    "won't talk to a machine",
    "have a human call",
    "have a person call",
    "have a real person call",
    "connect me to a human",
    "connect me with a human",
    "human please",
    "real person please",
];

/// The words with which the callee asked for a person instead of a machine.
pub fn speak_to_human(talk: &Talk) -> Option<String> {
    said(talk, |heard, sentence| any_phrase(&heard.tokens, sentence.clone(), TO_A_HUMAN))
}

/// The first sentence of the callee that fits.
fn said(talk: &Talk, fits: impl Fn(&Heard, &Range<usize>) -> bool) -> Option<String> {
    for heard in talk.heard().iter().filter(|heard| heard.callee) {
        for sentence in heard.sentences() {
            if fits(heard, &sentence) {
                return Some(heard.slice(sentence).to_owned());
            }
        }
    }
    None
}
