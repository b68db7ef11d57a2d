//! Rows become domain values here; a row that does not is an error of its own, never a panic.

use std::str::FromStr;

use domain::{MicroUsd, Time};
use serde::de::DeserializeOwned;

use crate::store::db::Row;
use crate::store::{
    ApiKey, Attempt, BatchRecord, CallRecord, Conversation, Delivery, DoNotCall, EventRecord, Line,
    Organization, PlaybookVersion, Scope, StoreError, StoredPersona, StoredPlaybook, Try, Usage,
    Webhook,
};

pub(super) fn call_from(row: &Row) -> Result<CallRecord, StoreError> {
    Ok(CallRecord {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: owned(row, "pod")?,
        client_id: owned(row, "client_id")?,
        to: parsed(row, "to_number")?,
        spec: document(row, "spec")?,
        call: document(row, "state")?,
        outcome: document(row, "outcome")?,
        wake_at: maybe_time(row, "wake_at")?,
        updated_at: time(row, "updated_at")?,
        version: row.int("version")?,
    })
}

pub(super) fn batch_from(row: &Row) -> Result<BatchRecord, StoreError> {
    Ok(BatchRecord {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: owned(row, "pod")?,
        total: count(row, "total")?,
        open: count(row, "open")?,
        webhook_url: owned(row, "webhook_url")?,
        created_at: time(row, "created_at")?,
        completed_at: maybe_time(row, "completed_at")?,
    })
}

pub(super) fn organization_from(row: &Row) -> Result<Organization, StoreError> {
    Ok(Organization {
        id: parsed(row, "id")?,
        name: row.text("name")?.to_owned(),
        email: row.text("email")?.to_owned(),
        plan: row.text("plan")?.to_owned(),
        settings: document(row, "settings")?,
        signing_secret: row.text("signing_secret")?.to_owned(),
        stripe_customer: owned(row, "stripe_customer")?,
        stripe_subscription: owned(row, "stripe_subscription")?,
        created_at: time(row, "created_at")?,
    })
}

pub(super) fn key_from(row: &Row) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        pod: owned(row, "pod")?,
        name: owned(row, "name")?,
        mode: from_word(row.text("mode")?)?,
        hash: unhex(row.text("hash")?)?,
        last_four: row.text("last_four")?.to_owned(),
        read_only: row.int("read_only")? != 0,
        active: row.int("active")? != 0,
        pending_until: maybe_time(row, "pending_until")?,
        created_at: time(row, "created_at")?,
        last_used_at: maybe_time(row, "last_used_at")?,
    })
}

pub(super) fn scope_from(row: &Row) -> Result<Scope, StoreError> {
    Ok(Scope {
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: owned(row, "pod")?,
    })
}

pub(super) fn usage_from(row: &Row) -> Result<Usage, StoreError> {
    Ok(Usage {
        billed_seconds: whole(row, "billed_seconds")?,
        billed_calls: whole(row, "billed_calls")?,
        cost: MicroUsd(row.int("cost")?),
    })
}

pub(super) fn attempt_from(row: &Row) -> Result<Attempt, StoreError> {
    Ok(Attempt {
        id: parsed(row, "id")?,
        call: parsed(row, "call")?,
        number: count(row, "number")?,
        node: row.text("node")?.to_owned(),
        started_at: time(row, "started_at")?,
        answered_at: maybe_time(row, "answered_at")?,
        ended_at: maybe_time(row, "ended_at")?,
        answered_by: row.maybe_text("answered_by")?.map(from_word).transpose()?,
        reason: row.maybe_text("reason")?.map(from_word).transpose()?,
    })
}

pub(super) fn event_from(row: &Row) -> Result<EventRecord, StoreError> {
    Ok(EventRecord {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: owned(row, "pod")?,
        call: maybe_parsed(row, "call")?,
        batch: maybe_parsed(row, "batch")?,
        event_type: row.text("event_type")?.to_owned(),
        payload: document(row, "payload")?,
        created_at: time(row, "created_at")?,
    })
}

pub(super) fn do_not_call_from(row: &Row) -> Result<DoNotCall, StoreError> {
    Ok(DoNotCall {
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: Some(row.text("pod")?).filter(|pod| !pod.is_empty()).map(str::to_owned),
        number: parsed(row, "number")?,
        source: row.text("source")?.to_owned(),
        note: owned(row, "note")?,
        call: maybe_parsed(row, "call")?,
        created_at: time(row, "created_at")?,
    })
}

pub(super) fn webhook_from(row: &Row) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: owned(row, "pod")?,
        url: row.text("url")?.to_owned(),
        event_types: document(row, "event_types")?,
        client_id: owned(row, "client_id")?,
        secret: row.text("secret")?.to_owned(),
        previous_secret: owned(row, "previous_secret")?,
        previous_until: maybe_time(row, "previous_until")?,
        active: row.int("active")? != 0,
        disabled_reason: owned(row, "disabled_reason")?,
        failing_since: maybe_time(row, "failing_since")?,
        created_at: time(row, "created_at")?,
    })
}

pub(super) fn persona_from(row: &Row) -> Result<StoredPersona, StoreError> {
    Ok(StoredPersona {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: owned(row, "pod")?,
        client_id: owned(row, "client_id")?,
        name: row.text("name")?.to_owned(),
        traits: document(row, "traits")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}

/// A row of `playbooks` beside that of its newest version.
pub(super) fn playbook_from(row: &Row) -> Result<StoredPlaybook, StoreError> {
    Ok(StoredPlaybook {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: owned(row, "pod")?,
        client_id: owned(row, "client_id")?,
        version: version_from(row)?,
        created_at: time(row, "created_at")?,
    })
}

pub(super) fn version_from(row: &Row) -> Result<PlaybookVersion, StoreError> {
    Ok(PlaybookVersion {
        number: count(row, "number")?,
        digest: row.text("digest")?.to_owned(),
        code: row.text("code")?.to_owned(),
        settings: owned(row, "settings")?,
        about: document(row, "about")?,
        made_at: time(row, "made_at")?,
    })
}

pub(super) fn line_from(row: &Row) -> Result<Line, StoreError> {
    Ok(Line {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: owned(row, "pod")?,
        number: parsed(row, "number")?,
        country: row.text("country")?.to_owned(),
        created_at: time(row, "created_at")?,
    })
}

/// Of a row of `conversations` with the number of its `calls`.
pub(super) fn conversation_from(row: &Row) -> Result<Conversation, StoreError> {
    Ok(Conversation {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        pod: owned(row, "pod")?,
        line: maybe_parsed(row, "line")?,
        number: parsed(row, "number")?,
        calls: whole(row, "calls")?,
        created_at: time(row, "created_at")?,
        last_call_at: time(row, "last_call_at")?,
    })
}

/// Of a row of `deliveries` with `event_type` and `payload` of its event.
pub(super) fn delivery_from(row: &Row) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: parsed(row, "id")?,
        event: parsed(row, "event")?,
        org: parsed(row, "org")?,
        mode: from_word(row.text("mode")?)?,
        webhook: maybe_parsed(row, "webhook")?,
        url: row.text("url")?.to_owned(),
        target: row.text("target")?.to_owned(),
        event_type: row.text("event_type")?.to_owned(),
        payload: document(row, "payload")?,
        state: from_word(row.text("state")?)?,
        attempts: count(row, "attempts")?,
        next_at: maybe_time(row, "next_at")?,
        created_at: time(row, "created_at")?,
    })
}

pub(super) fn try_from(row: &Row) -> Result<Try, StoreError> {
    let status = row.maybe_int("status")?.map(|status| small(status, "status")).transpose();
    Ok(Try {
        number: count(row, "number")?,
        at: time(row, "at")?,
        took_ms: whole(row, "took_ms")?,
        status: status?,
        error: owned(row, "error")?,
    })
}

pub(super) fn parsed<T: FromStr>(row: &Row, column: &str) -> Result<T, StoreError> {
    row.text(column)?.parse().map_err(|_| bad(column))
}

pub(super) fn time(row: &Row, column: &str) -> Result<Time, StoreError> {
    Ok(Time::from_millis(row.int(column)?))
}

pub(super) fn maybe_time(row: &Row, column: &str) -> Result<Option<Time>, StoreError> {
    Ok(row.maybe_int(column)?.map(Time::from_millis))
}

pub(super) fn count(row: &Row, column: &str) -> Result<u32, StoreError> {
    u32::try_from(row.int(column)?).map_err(|_| bad(column))
}

pub(super) fn whole(row: &Row, column: &str) -> Result<u64, StoreError> {
    u64::try_from(row.int(column)?).map_err(|_| bad(column))
}

pub(super) fn small(number: i64, column: &str) -> Result<u16, StoreError> {
    u16::try_from(number).map_err(|_| bad(column))
}

fn owned(row: &Row, column: &str) -> Result<Option<String>, StoreError> {
    Ok(row.maybe_text(column)?.map(str::to_owned))
}

fn maybe_parsed<T: FromStr>(row: &Row, column: &str) -> Result<Option<T>, StoreError> {
    let text = row.maybe_text(column)?;
    text.map(|text| text.parse().map_err(|_| bad(column))).transpose()
}

pub(super) fn document<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, StoreError> {
    serde_json::from_str(row.text(column)?)
        .map_err(|error| StoreError::BadRow(format!("column {column}: {error}")))
}

fn bad(column: &str) -> StoreError {
    StoreError::BadRow(format!("column {column}"))
}

/// The wire word of a unit variant.
pub(super) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("only unit variants have a word, not {other:?}"),
    }
}

fn from_word<T: DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|error| StoreError::BadRow(error.to_string()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Result<[u8; 32], StoreError> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(bad("hash"));
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).map_err(|_| bad("hash"))?;
    }
    Ok(bytes)
}
