//! Rows become domain values here; a row that does not is an error of its own, never a panic.

use std::str::FromStr;

use domain::Time;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::store::{ApiKey, Attempt, CallRecord, EventRecord, Organization, StoreError};

pub(super) fn call_from(row: &SqliteRow) -> Result<CallRecord, StoreError> {
    Ok(CallRecord {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.try_get("mode")?)?,
        pod: row.try_get("pod")?,
        client_id: row.try_get("client_id")?,
        to: parsed(row, "to_number")?,
        spec: document(row, "spec")?,
        call: document(row, "state")?,
        outcome: document(row, "outcome")?,
        wake_at: maybe_time(row, "wake_at")?,
        updated_at: time(row, "updated_at")?,
        version: row.try_get("version")?,
    })
}

pub(super) fn organization_from(row: &SqliteRow) -> Result<Organization, StoreError> {
    Ok(Organization {
        id: parsed(row, "id")?,
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        plan: row.try_get("plan")?,
        created_at: time(row, "created_at")?,
    })
}

pub(super) fn key_from(row: &SqliteRow) -> Result<ApiKey, StoreError> {
    let active: i64 = row.try_get("active")?;
    Ok(ApiKey {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        pod: row.try_get("pod")?,
        name: row.try_get("name")?,
        mode: from_word(row.try_get("mode")?)?,
        hash: unhex(row.try_get("hash")?)?,
        last_four: row.try_get("last_four")?,
        active: active != 0,
        pending_until: maybe_time(row, "pending_until")?,
        created_at: time(row, "created_at")?,
        last_used_at: maybe_time(row, "last_used_at")?,
    })
}

pub(super) fn attempt_from(row: &SqliteRow) -> Result<Attempt, StoreError> {
    let number: i64 = row.try_get("number")?;
    let answered_by: Option<&str> = row.try_get("answered_by")?;
    let reason: Option<&str> = row.try_get("reason")?;
    Ok(Attempt {
        id: parsed(row, "id")?,
        call: parsed(row, "call")?,
        number: u32::try_from(number).map_err(|_| StoreError::BadRow("attempt number".into()))?,
        node: row.try_get("node")?,
        started_at: time(row, "started_at")?,
        answered_at: maybe_time(row, "answered_at")?,
        ended_at: maybe_time(row, "ended_at")?,
        answered_by: answered_by.map(from_word).transpose()?,
        reason: reason.map(from_word).transpose()?,
    })
}

pub(super) fn event_from(row: &SqliteRow) -> Result<EventRecord, StoreError> {
    Ok(EventRecord {
        id: parsed(row, "id")?,
        org: parsed(row, "org")?,
        mode: from_word(row.try_get("mode")?)?,
        pod: row.try_get("pod")?,
        call: maybe_parsed(row, "call")?,
        batch: maybe_parsed(row, "batch")?,
        event_type: row.try_get("event_type")?,
        payload: document(row, "payload")?,
        created_at: time(row, "created_at")?,
    })
}

pub(super) fn parsed<T: FromStr>(row: &SqliteRow, column: &str) -> Result<T, StoreError> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| StoreError::BadRow(format!("column {column}")))
}

fn maybe_parsed<T: FromStr>(row: &SqliteRow, column: &str) -> Result<Option<T>, StoreError> {
    let text: Option<&str> = row.try_get(column)?;
    let parse =
        |text: &str| text.parse().map_err(|_| StoreError::BadRow(format!("column {column}")));
    text.map(parse).transpose()
}

fn document<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T, StoreError> {
    let text: &str = row.try_get(column)?;
    serde_json::from_str(text)
        .map_err(|error| StoreError::BadRow(format!("column {column}: {error}")))
}

fn time(row: &SqliteRow, column: &str) -> Result<Time, StoreError> {
    Ok(Time::from_millis(row.try_get(column)?))
}

fn maybe_time(row: &SqliteRow, column: &str) -> Result<Option<Time>, StoreError> {
    let millis: Option<i64> = row.try_get(column)?;
    Ok(millis.map(Time::from_millis))
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
    let bad = || StoreError::BadRow("column hash".into());
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(bad());
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).map_err(|_| bad())?;
    }
    Ok(bytes)
}
