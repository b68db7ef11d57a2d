//! After the leg: recording, draft, report, cost. Whatever fails here, the call still ends, with what
//! is known.

use std::path::PathBuf;
use std::time::Duration;

use call::billing;
use call::{AnsweredBy, FollowUp, Settled};
use domain::{MicroUsd, Speaker, Time, Turn};
use serde_json::{Value, json};

use super::dispatcher::Parts;
use super::requests;
use super::session::{Finished, for_guest};
use crate::audio;
use crate::model::{Message, Role};
use crate::plugin::{Channel, ExtractionRequest, GuardedCall, Report};
use crate::store::{CallRecord, Pipeline, Request, RequestKind, Ungrounded, Usage};

/// The model has so long to draft; after that the report is made from the transcript alone.
const DRAFT_MAX: Duration = Duration::from_secs(30);

/// What the lifecycle is told, and what goes to the meter.
pub(super) struct Results {
    pub settled: Settled,
    pub usage: Usage,
}

pub(super) async fn settle(
    parts: &Parts,
    record: &mut CallRecord,
    finished: Finished,
    part: Option<PathBuf>,
) -> Results {
    store_recording(parts, record, part).await;
    let usage = bill(parts, record);
    record.outcome.requests = requests::heard(record, &finished.transcript, crate::clock::now());
    let report = report(parts, record, finished).await;
    store_transcript(parts, record).await;
    if let Some(report) = &report {
        add_requests(&mut record.outcome.requests, report);
    }
    let settled = asked_of_us(&record.outcome.requests);
    if let Some(report) = report {
        take_report(record, report);
    }
    Results { settled, usage }
}

/// What the playbook heard and the host did not: it may know more languages.
fn add_requests(requests: &mut Vec<Request>, report: &Report) {
    let mut add = |kind, words: &str, at: Option<u64>, address: Option<&String>| {
        if !requests.iter().any(|known| known.kind == kind) {
            let at = at.and_then(|at| i64::try_from(at).ok()).map(Time::from_millis);
            let (words, address) = (words.to_owned(), address.cloned());
            requests.push(Request { kind, words, at, address });
        }
    };
    if let Some(words) = &report.do_not_call {
        add(RequestKind::DoNotCall, words, None, None);
    }
    if let Some(wish) = &report.call_back {
        add(RequestKind::CallBack, &wish.words, wish.at_ms, None);
    }
    if let Some(wish) = &report.switch_channel {
        let kind = match wish.channel {
            Channel::Sms => RequestKind::Sms,
            Channel::Email => RequestKind::Email,
        };
        add(kind, &wish.words, None, wish.address.as_ref());
    }
}

fn asked_of_us(requests: &[Request]) -> Settled {
    let asked = |kind| requests.iter().find(|request| request.kind == kind);
    Settled {
        follow_up: asked(RequestKind::CallBack).map(|wish| FollowUp { at: wish.at }),
        do_not_call: asked(RequestKind::DoNotCall).is_some(),
        wrong_number: asked(RequestKind::WrongNumber).is_some(),
        channel_switched: asked(RequestKind::Sms).or(asked(RequestKind::Email)).is_some(),
    }
}

async fn store_recording(parts: &Parts, record: &mut CallRecord, part: Option<PathBuf>) {
    let Some(part) = part else { return };
    let source = part.clone();
    let made = tokio::task::spawn_blocking(move || audio::finish_recording(&source)).await;
    let wav = match made {
        Ok(Ok(wav)) => wav,
        Ok(Err(error)) => {
            tracing::error!(call = %record.id, error = format!("{error:#}"), "no recording");
            return;
        }
        Err(_) => return,
    };
    let key = format!("recordings/{}-{}.wav", record.id, record.call.attempt);
    match parts.blobs.put(&key, wav).await {
        Ok(()) => {
            record.outcome.recording_key = Some(key);
            let _ = tokio::fs::remove_file(&part).await;
        }
        Err(error) => {
            // The raw file stays where it is: nothing is lost.
            tracing::error!(call = %record.id, error = format!("{error:#}"), "recording not stored");
        }
    }
}

async fn store_transcript(parts: &Parts, record: &mut CallRecord) {
    let turns = &record.outcome.transcript;
    let document = json!({ "call_id": record.id.prefixed(), "turns": turns });
    let key = format!("transcripts/{}-{}.json", record.id, record.call.attempt);
    match parts.blobs.put(&key, document.to_string().into_bytes()).await {
        Ok(()) => record.outcome.transcript_key = Some(key),
        Err(error) => {
            tracing::error!(call = %record.id, error = format!("{error:#}"), "transcript not stored");
        }
    }
}

/// The clock runs from the answer of a human or a voicemail to the end of the leg.
fn bill(parts: &Parts, record: &mut CallRecord) -> Usage {
    let (Some(from), Some(to)) = (record.call.answered_at, record.call.ended_at) else {
        return Usage::default();
    };
    let pipeline = match record.spec.pipeline {
        Pipeline::Gemini => billing::Pipeline::Gemini,
        Pipeline::Pipeline => billing::Pipeline::Pipeline,
        Pipeline::Realtime => billing::Pipeline::Realtime,
    };
    let connected = to.since(from);
    let bill = parts.config.billing.bill(pipeline, connected);
    let outcome = &mut record.outcome;
    let seconds = outcome.duration_seconds.unwrap_or(0) + connected.as_secs();
    outcome.duration_seconds = Some(seconds);
    outcome.cost = Some(outcome.cost.unwrap_or(MicroUsd::ZERO) + bill.cost);
    outcome.cost_telephony += bill.breakdown.telephony;
    outcome.cost_servers += bill.breakdown.servers;
    outcome.cost_llm += bill.breakdown.llm;
    outcome.billed_seconds += bill.billed_seconds;
    Usage {
        billed_seconds: bill.billed_seconds,
        billed_calls: u64::from(bill.billed_seconds > 0),
        cost: bill.cost,
    }
}

async fn report(parts: &Parts, record: &CallRecord, finished: Finished) -> Option<Report> {
    let Finished { transcript, mut guest, .. } = finished;
    let (request, guest) = tokio::task::spawn_blocking(move || (guest.extraction(), guest))
        .await
        .inspect_err(|_| tracing::error!(call = %record.id, "the extraction request panicked"))
        .ok()?;
    let talked = record.call.answered_by == Some(AnsweredBy::Human);
    let draft = if talked { draft(parts, record, &request, &transcript).await } else { None };
    let report = tokio::task::spawn_blocking(move || finish(guest, &transcript, draft)).await;
    report.inspect_err(|_| tracing::error!(call = %record.id, "the report panicked")).ok()
}

fn finish(mut guest: GuardedCall, transcript: &[Turn], draft: Option<Value>) -> Report {
    let turns: Vec<_> = transcript.iter().map(for_guest).collect();
    let draft = draft.map(|draft| draft.to_string());
    let mut report = guest.finish(&turns, draft.as_deref());
    for record in guest.breaches() {
        tracing::warn!(breach = ?record, "a playbook broke its limits during a call");
        report.notes.push(format!("{} broke its limits: {}", record.playbook, record.breach));
    }
    report
}

async fn draft(
    parts: &Parts,
    record: &CallRecord,
    request: &ExtractionRequest,
    transcript: &[Turn],
) -> Option<Value> {
    let schema: Value = serde_json::from_str(&request.schema).ok()?;
    let mut said = String::from("Transcript of the call:\n");
    for turn in transcript {
        let who = match turn.speaker {
            Speaker::Agent => "Agent",
            Speaker::Callee => "Callee",
        };
        said.push_str(&format!("{who}: {}\n", turn.text));
    }
    let messages =
        [Message::text(Role::System, &request.instructions), Message::text(Role::User, said)];
    let org = parts.store.organization(record.org).await;
    let org = org.inspect_err(|error| tracing::error!(%error, "no draft: settings are not known"));
    let model = parts.models.of(record, &org.ok().flatten()?.settings);
    match tokio::time::timeout(DRAFT_MAX, model.draft(&messages, &schema)).await {
        Ok(Ok(draft)) => Some(draft),
        Ok(Err(error)) => {
            tracing::warn!(call = %record.id, %error, "no draft: the report uses the transcript");
            None
        }
        Err(_) => {
            tracing::warn!(call = %record.id, "the draft took too long");
            None
        }
    }
}

fn take_report(record: &mut CallRecord, report: Report) {
    let outcome = &mut record.outcome;
    outcome.success = Some(report.success);
    outcome.summary = Some(report.summary);
    outcome.structured_data = serde_json::from_str(&report.data).ok();
    outcome.notes = report.notes;
    outcome.ungrounded = report
        .ungrounded
        .into_iter()
        .map(|dropped| Ungrounded {
            field: dropped.field,
            value: serde_json::from_str(&dropped.value).unwrap_or(Value::Null),
            reason: dropped.reason,
        })
        .collect();
}
