//! What the other side asked for, heard by the host itself, whatever the playbook makes of it.

use call::{AnsweredBy, region};
use domain::{Speaker, Time, Turn};
use heard::{Channel, Talk, Utterance};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::store::{CallRecord, Request, RequestKind};

/// In the order of their weight. What a machine says is no wish of anybody's.
pub(super) fn heard(record: &CallRecord, transcript: &[Turn], now: Time) -> Vec<Request> {
    let person = matches!(record.call.answered_by, Some(AnsweredBy::Human | AnsweredBy::Unknown));
    if !person {
        return Vec::new();
    }
    let utterances: Vec<Utterance> = transcript
        .iter()
        .map(|turn| match turn.speaker {
            Speaker::Agent => Utterance::ours(&turn.text),
            Speaker::Callee => Utterance::theirs(&turn.text),
        })
        .collect();
    let talk = Talk::read(&utterances);
    let plain = |kind, words: Option<String>| {
        words.map(|words| Request { kind, words, at: None, address: None })
    };
    let mut requests = Vec::new();
    requests.extend(plain(RequestKind::DoNotCall, heard::do_not_call(&talk)));
    requests.extend(plain(RequestKind::WrongNumber, heard::wrong_number(&talk)));
    requests.extend(plain(RequestKind::SpeakToHuman, heard::speak_to_human(&talk)));
    requests.extend(call_back(record, &talk, now));
    requests.extend(heard::channel_wish(&talk).map(|wish| Request {
        kind: match wish.channel {
            Channel::Sms => RequestKind::Sms,
            Channel::Email => RequestKind::Email,
        },
        words: wish.words,
        at: None,
        address: wish.address,
    }));
    requests
}

fn call_back(record: &CallRecord, talk: &Talk, now: Time) -> Option<Request> {
    let now_ms = u64::try_from(now.as_millis()).ok()?;
    let zone = TimeZone::get(callee_zone(record)).ok()?;
    let offset = |utc_ms: i64| {
        let at = Timestamp::from_millisecond(utc_ms).ok()?;
        Some(i64::from(zone.to_offset(at).seconds()) / 60)
    };
    let wish = heard::call_back_at(talk, now_ms, &offset)?;
    let at = wish.at_ms.and_then(|at| i64::try_from(at).ok()).map(Time::from_millis);
    Some(Request { kind: RequestKind::CallBack, words: wish.words, at, address: None })
}

/// Where the callee's clocks are, as far as the number tells: the westernmost of several zones, so that
/// "after two" is kept in all of them. A number that tells nothing has the policy's zone.
pub(super) fn callee_zone(record: &CallRecord) -> &str {
    let zones = region::zones(&record.to);
    let at = Timestamp::from_millisecond(record.updated_at.as_millis()).unwrap_or_default();
    let offset =
        |zone: &&&str| TimeZone::get(zone).map_or(i32::MAX, |zone| zone.to_offset(at).seconds());
    zones.iter().min_by_key(offset).copied().unwrap_or(&record.call.policy.timezone)
}
