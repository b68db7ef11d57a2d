//! The envelopes of the product documentation: `event_type`, `event_id`, then the resource.

use std::collections::BTreeMap;

use call::Event;
use call::billing::passed_percent;
use domain::{EventId, Speaker, Time};
use serde_json::{Value, json};

use crate::store::{BatchRecord, CallRecord, EventDraft, WEBHOOK_TEST, Warning, Webhook};

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

/// All calls of a batch have ended.
#[must_use]
pub fn batch_completed(
    batch: &BatchRecord,
    statuses: &BTreeMap<String, u64>,
    now: Time,
) -> EventDraft {
    let id = EventId::new(now, crate::clock::random());
    let payload = json!({
        "event_type": "batch.completed",
        "event_id": id.prefixed(),
        "batch": {
            "batch_id": batch.id.prefixed(),
            "pod_id": batch.pod,
            "status": "completed",
            "total": batch.total,
            "statuses": statuses,
        },
    });
    EventDraft {
        id,
        call: None,
        batch: Some(batch.id),
        url: batch.webhook_url.clone(),
        event_type: "batch.completed".into(),
        payload,
    }
}

/// What an endpoint is tried with.
#[must_use]
pub fn webhook_test(webhook: &Webhook, now: Time) -> EventDraft {
    let id = EventId::new(now, crate::clock::random());
    let payload = json!({
        "event_type": WEBHOOK_TEST,
        "event_id": id.prefixed(),
        "webhook": { "webhook_id": webhook.id.prefixed(), "url": webhook.url },
    });
    EventDraft { id, call: None, batch: None, url: None, event_type: WEBHOOK_TEST.into(), payload }
}

/// Tells of a month's minutes running low, when the meter passes a mark of this limit.
#[must_use]
pub fn balance_warning(limit_seconds: u64, now: Time) -> Warning {
    Box::new(move |before, after| {
        let (before, after) = (before.billed_seconds, after.billed_seconds);
        let percent = passed_percent(before, after, limit_seconds)?;
        let id = EventId::new(now, crate::clock::random());
        let level = if percent >= 95 { "critical_limit" } else { "approaching_limit" };
        let minutes = |seconds: u64| seconds as f64 / 60.0;
        let payload = json!({
            "event_type": "balance.warning",
            "event_id": id.prefixed(),
            "balance": {
                "level": level,
                "threshold_percent": percent,
                "minutes_used": minutes(after),
                "minutes_limit": minutes(limit_seconds),
                "minutes_remaining": minutes(limit_seconds.saturating_sub(after)),
            },
        });
        let event_type = "balance.warning".into();
        Some(EventDraft { id, call: None, batch: None, url: None, event_type, payload })
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
        "requests": outcome.requests,
    })
}
