//! The envelopes of the product documentation: `event_type`, `event_id`, then the resource.

use call::Event;
use domain::{EventId, Speaker};
use serde_json::{Value, json};

use crate::store::{CallRecord, EventDraft};

/// The event a transition causes, as it will be delivered.
#[must_use]
pub fn call_event(event: Event, record: &CallRecord) -> EventDraft {
    let id = EventId::new(record.updated_at, crate::clock::random());
    let payload = json!({
        "event_type": event.as_str(),
        "event_id": id.prefixed(),
        "call": call_object(record),
    });
    EventDraft {
        id,
        call: Some(record.id),
        batch: record.spec.batch_id,
        url: record.spec.webhook_url.clone(),
        event_type: event.as_str().to_owned(),
        payload,
    }
}

/// A line of the live transcript; `transcript.partial` as it is spoken, `transcript.final` as it was heard.
#[must_use]
pub fn transcript(kind: &str, record: &CallRecord, speaker: Speaker, text: &str) -> Value {
    json!({
        "event_type": kind,
        "call_id": record.id.prefixed(),
        "speaker": speaker,
        "text": text,
    })
}

fn call_object(record: &CallRecord) -> Value {
    let call = &record.call;
    let outcome = &record.outcome;
    let id = record.id.prefixed();
    let transcript_url =
        outcome.transcript_key.as_ref().map(|_| format!("/v1/calls/{id}/transcript"));
    let recording_url = outcome.recording_key.as_ref().map(|_| format!("/v1/calls/{id}/recording"));
    json!({
        "call_id": id,
        "status": call.status,
        "to_number": record.to,
        "batch_id": record.spec.batch_id.map(|batch| batch.prefixed()),
        "client_id": record.client_id,
        "pod_id": record.pod,
        "attempts": call.attempt,
        "max_attempts": call.policy.max_attempts,
        "answered_by": call.answered_by,
        "reason": call.reason,
        "duration_seconds": outcome.duration_seconds,
        "cost": outcome.cost.map(domain::MicroUsd::as_usd),
        "structured_data": outcome.structured_data,
        "summary": outcome.summary,
        "transcript_url": transcript_url,
        "recording_url": recording_url,
    })
}
