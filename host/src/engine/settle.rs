//! After the leg: recording, draft, report, cost. Whatever fails here, the call still ends, with what
//! is known.

use std::path::PathBuf;
use std::time::Duration;

use call::billing::{self, Rates};
use call::{AnsweredBy, FollowUp, Settled};
use domain::{MicroUsd, Speaker, Time, Turn};
use serde_json::{Value, json};

use super::dispatcher::Parts;
use super::session::{Finished, for_guest};
use crate::audio;
use crate::model::{Message, Role};
use crate::plugin::{ExtractionRequest, GuardedCall, Report};
use crate::store::{CallRecord, Pipeline, Ungrounded};

/// The model has so long to draft; after that the report is made from the transcript alone.
const DRAFT_MAX: Duration = Duration::from_secs(30);

pub(super) async fn settle(
    parts: &Parts,
    record: &mut CallRecord,
    finished: Finished,
    part: Option<PathBuf>,
) -> Settled {
    store_recording(parts, record, part).await;
    bill(parts, record);
    let report = report(parts, record, finished).await;
    store_transcript(parts, record).await;
    let Some(report) = report else { return Settled::default() };
    let settled = Settled {
        follow_up: report.call_back.as_ref().map(|wish| FollowUp {
            at: wish.at_ms.map(|at| Time::from_millis(i64::try_from(at).unwrap_or(i64::MAX))),
        }),
        do_not_call: report.do_not_call.is_some(),
    };
    take_report(record, report);
    settled
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
fn bill(parts: &Parts, record: &mut CallRecord) {
    let (Some(from), Some(to)) = (record.call.answered_at, record.call.ended_at) else { return };
    let pipeline = match record.spec.pipeline {
        Pipeline::Gemini => billing::Pipeline::Gemini,
        Pipeline::Pipeline => billing::Pipeline::Pipeline,
        Pipeline::Realtime => billing::Pipeline::Realtime,
    };
    let connected = to.since(from);
    let grace = parts.config.billing.grace_seconds;
    let bill = billing::bill(connected, Rates::of(pipeline), grace);
    let outcome = &mut record.outcome;
    let seconds = outcome.duration_seconds.unwrap_or(0) + connected.as_secs();
    outcome.duration_seconds = Some(seconds);
    outcome.cost = Some(outcome.cost.unwrap_or(MicroUsd::ZERO) + bill.cost);
    outcome.cost_telephony += bill.breakdown.telephony;
    outcome.cost_servers += bill.breakdown.servers;
    outcome.cost_llm += bill.breakdown.llm;
    outcome.billed_seconds += bill.billed_seconds;
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
    let pipeline = parts.pipeline(record);
    match tokio::time::timeout(DRAFT_MAX, pipeline.draft(&messages, &schema)).await {
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
