//! Calls, attempts and batches: every transition in one transaction with what it causes.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::{BatchId, CallId, Time};

use super::events::insert_events;
use super::guards::list_number;
use super::lines::continue_conversations;
use super::rows::{self, batch_from, call_from, usage_from, word};
use super::{SqlStore, json, push_scope};
use crate::store::db::{ROWS_MAX, Row, Sql, Tx, Value};
use crate::store::{
    Applied, Attempt, BatchRecord, CallFilter, CallRecord, Calls, Change, EventDraft, Inserted,
    Metered, Page, Scope, StoreError, Usage,
};

pub(super) const CALL_COLUMNS: &str = "id, org, mode, pod, client_id, to_number, updated_at, \
                                       wake_at, version, spec, state, outcome";

#[async_trait]
impl Calls for SqlStore {
    async fn insert_call(
        &self,
        record: &CallRecord,
        events: Vec<EventDraft>,
    ) -> Result<Inserted, StoreError> {
        self.insert_with_others(record.clone(), events).await
    }

    async fn insert_batch(
        &self,
        batch: &BatchRecord,
        calls: Vec<(CallRecord, Vec<EventDraft>)>,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let mut tx = self.db.begin().await?;
        let records: Vec<&CallRecord> = calls.iter().map(|(record, _)| record).collect();
        if let Some(first) = records.first() {
            know_dialer(&mut tx, first).await?;
        }
        let existing = insert_calls(&mut tx, &records).await?;
        let mut written = Vec::with_capacity(calls.len());
        let mut events = Vec::with_capacity(calls.len());
        let mut open = 0u32;
        for ((record, caused), existing) in calls.into_iter().zip(existing) {
            if existing.is_none() {
                open += 1;
                events.extend(caused);
            }
            written.push(existing.unwrap_or(record));
        }
        let completed_at = if open == 0 { Some(batch.created_at) } else { None };
        let sql = Sql::new(
            "INSERT INTO batches (id, org, mode, pod, total, open, webhook_url, created_at,
                                  completed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(batch.id)
        .bind(batch.org)
        .bind(word(&batch.mode))
        .bind(batch.pod.as_deref())
        .bind(batch.total)
        .bind(open)
        .bind(batch.webhook_url.as_deref())
        .bind(batch.created_at)
        .bind(completed_at);
        tx.run(sql).await?;
        insert_events(&mut tx, &batch.scope(), &events, batch.created_at).await?;
        tx.commit().await?;
        Ok(written)
    }

    async fn batch(&self, scope: &Scope, id: BatchId) -> Result<Option<BatchRecord>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM batches WHERE ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        self.db.first(sql).await?.as_ref().map(batch_from).transpose()
    }

    async fn batch_statuses(&self, id: BatchId) -> Result<BTreeMap<String, u64>, StoreError> {
        counts(&self.db.all(statuses_sql(id)).await?)
    }

    async fn call(&self, scope: &Scope, id: CallId) -> Result<Option<CallRecord>, StoreError> {
        let mut sql = Sql::new(format!("SELECT {CALL_COLUMNS} FROM calls WHERE "));
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        self.db.first(sql).await?.as_ref().map(call_from).transpose()
    }

    async fn call_by_client_id(
        &self,
        scope: &Scope,
        client_id: &str,
    ) -> Result<Option<CallRecord>, StoreError> {
        let row = self.db.first(client_id_sql(scope, client_id)).await?;
        row.as_ref().map(call_from).transpose()
    }

    async fn call_unscoped(&self, id: CallId) -> Result<Option<CallRecord>, StoreError> {
        let sql = Sql::new(format!("SELECT {CALL_COLUMNS} FROM calls WHERE id = $1"));
        self.db.first(sql.bind(id)).await?.as_ref().map(call_from).transpose()
    }

    async fn calls(
        &self,
        scope: &Scope,
        filter: &CallFilter,
        page: &Page,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let mut sql = Sql::new(format!("SELECT {CALL_COLUMNS} FROM calls WHERE "));
        push_scope(&mut sql, scope);
        if let Some(status) = filter.status {
            sql.push_bind(" AND status = ", status.as_str());
        }
        if let Some(to) = &filter.to {
            sql.push_bind(" AND to_number = ", to.as_str());
        }
        if let Some(playbook) = &filter.playbook_id {
            sql.push_bind(" AND playbook_id = ", playbook.as_str());
        }
        if let Some(batch) = filter.batch_id {
            sql.push_bind(" AND batch = ", batch);
        }
        if let Some(conversation) = filter.conversation_id {
            sql.push_bind(" AND conversation = ", conversation);
        }
        if let Some(after) = filter.created_after {
            sql.push_bind(" AND created_at > ", after);
        }
        if let Some(before) = filter.created_before {
            sql.push_bind(" AND created_at < ", before);
        }
        if let Some(after) = page.after {
            sql.push_bind(" AND id < ", after);
        }
        sql.push_bind(" ORDER BY id DESC LIMIT ", page.limit);
        self.db.all(sql).await?.iter().map(call_from).collect()
    }

    async fn attempts(&self, id: CallId) -> Result<Vec<Attempt>, StoreError> {
        let sql = Sql::new("SELECT * FROM attempts WHERE call = $1 ORDER BY number").bind(id);
        self.db.all(sql).await?.iter().map(rows::attempt_from).collect()
    }

    async fn apply(&self, change: Change<'_>) -> Result<Applied, StoreError> {
        let record = change.record;
        let mut tx = self.db.begin().await?;
        let was_over = update_call(&mut tx, record, change.release).await?;
        if let Some(attempt) = &change.attempt {
            upsert_attempt(&mut tx, attempt).await?;
        }
        if let Some(entry) = &change.do_not_call {
            list_number(&mut tx, entry).await?;
        }
        let mut added = Vec::new();
        if let Some(metered) = &change.metered {
            added.extend(meter(&mut tx, record, metered).await?);
        }
        let ends = record.call.status.is_terminal() && !was_over;
        if let (Some(batch), Some(announce), true) =
            (record.spec.batch_id, change.batch_completed, ends)
            && let Some((batch, statuses)) = close_one(&mut tx, batch, record.updated_at).await?
        {
            added.push(announce(&batch, &statuses, record.updated_at));
        }
        let events: Vec<EventDraft> = change.events.iter().chain(&added).cloned().collect();
        insert_events(&mut tx, &record.scope(), &events, record.updated_at).await?;
        tx.commit().await?;
        Ok(Applied { version: record.version + 1, added })
    }
}

/// For each the existing call, if the client's id was used before.
pub(super) async fn insert_calls(
    tx: &mut Tx,
    records: &[&CallRecord],
) -> Result<Vec<Option<CallRecord>>, StoreError> {
    let mut existing = Vec::with_capacity(records.len());
    for records in records.chunks(ROWS_MAX) {
        let mut sql = Sql::new(
            "INSERT INTO calls (id, org, mode, pod, client_id, to_number, status, playbook_id, batch,
                                conversation, created_at, updated_at, wake_at, paused, version, spec,
                                state, outcome)",
        );
        sql.push_rows(records.iter().map(|record| values(record)));
        sql.push(
            " ON CONFLICT (org, mode, COALESCE(pod, ''), client_id) WHERE client_id IS NOT NULL
              DO NOTHING RETURNING id",
        );
        let mut new = BTreeSet::new();
        for row in tx.all(sql).await? {
            new.insert(rows::parsed::<CallId>(&row, "id")?);
        }
        let is_new = |record: &&&CallRecord| new.contains(&record.id);
        continue_conversations(tx, records.iter().filter(is_new).copied()).await?;
        for record in records {
            existing.push(match new.contains(&record.id) {
                true => None,
                false => Some(first_of(tx, record).await?),
            });
        }
    }
    Ok(existing)
}

/// The call that has this one's `client_id`.
async fn first_of(tx: &mut Tx, record: &CallRecord) -> Result<CallRecord, StoreError> {
    let client_id = record.client_id.as_deref().unwrap_or_default();
    let row = tx.first(client_id_sql(&record.scope(), client_id)).await?;
    call_from(&row.ok_or_else(|| StoreError::BadRow("client_id".into()))?)
}

fn values(record: &CallRecord) -> Vec<Value> {
    vec![
        record.id.into(),
        record.org.into(),
        word(&record.mode).into(),
        record.pod.as_deref().into(),
        record.client_id.as_deref().into(),
        record.to.as_str().into(),
        record.call.status.as_str().into(),
        record.spec.playbook_id.as_str().into(),
        record.spec.batch_id.into(),
        record.spec.conversation_id.into(),
        record.call.created_at.into(),
        record.updated_at.into(),
        record.wake_at.into(),
        false.into(),
        record.version.into(),
        json(&record.spec).into(),
        json(&record.call).into(),
        json(&record.outcome).into(),
    ]
}

pub(super) async fn know_dialer(tx: &mut Tx, record: &CallRecord) -> Result<(), StoreError> {
    let sql = Sql::new(
        "INSERT INTO dialers (org, mode, next_dial_at) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
    );
    tx.run(sql.bind(record.org).bind(word(&record.mode))).await?;
    Ok(())
}

/// The pod is taken as it stands: a call without a pod is not the one of any pod.
fn client_id_sql(scope: &Scope, client_id: &str) -> Sql {
    Sql::new(format!(
        "SELECT {CALL_COLUMNS} FROM calls
         WHERE org = $1 AND mode = $2 AND COALESCE(pod, '') = COALESCE($3, '') AND client_id = $4"
    ))
    .bind(scope.org)
    .bind(word(&scope.mode))
    .bind(scope.pod.as_deref())
    .bind(client_id)
}

/// True if the call was over before.
async fn update_call(tx: &mut Tx, record: &CallRecord, release: bool) -> Result<bool, StoreError> {
    let conflict = StoreError::Conflict { expected: record.version };
    // Locks the row, so that its old status is the one that is replaced.
    let lock = Sql::new(
        "UPDATE calls SET version = version + 1 WHERE id = $1 AND version = $2 RETURNING status",
    );
    let old = tx.first(lock.bind(record.id).bind(record.version)).await?.ok_or(conflict)?;
    let old: call::Status = rows::parsed(&old, "status")?;
    let release = if release { ", lease_node = NULL, lease_until = NULL" } else { "" };
    let sql = Sql::new(format!(
        "UPDATE calls SET status = $2, updated_at = $3, wake_at = $4, paused = $5, state = $6,
                          outcome = $7{release}
         WHERE id = $1"
    ))
    .bind(record.id)
    .bind(record.call.status.as_str())
    .bind(record.updated_at)
    .bind(record.wake_at)
    .bind(record.call.paused)
    .bind(json(&record.call))
    .bind(json(&record.outcome));
    tx.run(sql).await?;
    Ok(old.is_terminal())
}

async fn upsert_attempt(tx: &mut Tx, attempt: &Attempt) -> Result<(), StoreError> {
    let sql = Sql::new(
        "INSERT INTO attempts (id, call, number, node, started_at, answered_at, ended_at,
                               answered_by, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET answered_at = $6, ended_at = $7, answered_by = $8,
                                        reason = $9",
    )
    .bind(attempt.id)
    .bind(attempt.call)
    .bind(attempt.number)
    .bind(attempt.node.as_str())
    .bind(attempt.started_at)
    .bind(attempt.answered_at)
    .bind(attempt.ended_at)
    .bind(attempt.answered_by.map(|by| word(&by)))
    .bind(attempt.reason.map(|reason| word(&reason)));
    tx.run(sql).await?;
    Ok(())
}

async fn meter(
    tx: &mut Tx,
    record: &CallRecord,
    metered: &Metered,
) -> Result<Option<EventDraft>, StoreError> {
    let added = metered.usage;
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let sql = Sql::new(
        "INSERT INTO usage (org, mode, month, billed_seconds, billed_calls, cost)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (org, mode, month) DO UPDATE SET
             billed_seconds = usage.billed_seconds + $4, billed_calls = usage.billed_calls + $5,
             cost = usage.cost + $6
         RETURNING billed_seconds, billed_calls, cost",
    )
    .bind(record.org)
    .bind(word(&record.mode))
    .bind(metered.month.as_str())
    .bind(whole(added.billed_seconds))
    .bind(whole(added.billed_calls))
    .bind(added.cost);
    let row = tx.first(sql).await?.ok_or_else(|| StoreError::BadRow("usage".into()))?;
    let after = usage_from(&row)?;
    let before = Usage {
        billed_seconds: after.billed_seconds.saturating_sub(added.billed_seconds),
        billed_calls: after.billed_calls.saturating_sub(added.billed_calls),
        cost: after.cost - added.cost,
    };
    Ok(metered.warning.as_ref().and_then(|warning| warning(before, after)))
}

/// One call of the batch has ended; the batch and its counts if it was the last.
async fn close_one(
    tx: &mut Tx,
    id: BatchId,
    now: Time,
) -> Result<Option<(BatchRecord, BTreeMap<String, u64>)>, StoreError> {
    let sql = Sql::new(
        "UPDATE batches SET open = open - 1,
                            completed_at = CASE WHEN open = 1 THEN $2 ELSE completed_at END
         WHERE id = $1 AND open > 0 RETURNING *",
    );
    let Some(row) = tx.first(sql.bind(id).bind(now)).await? else { return Ok(None) };
    let batch = batch_from(&row)?;
    if batch.open > 0 {
        return Ok(None);
    }
    let statuses = counts(&tx.all(statuses_sql(id)).await?)?;
    Ok(Some((batch, statuses)))
}

fn statuses_sql(id: BatchId) -> Sql {
    let text = "SELECT status, COUNT(*) AS calls FROM calls WHERE batch = $1 GROUP BY status";
    Sql::new(text).bind(id)
}

fn counts(rows: &[Row]) -> Result<BTreeMap<String, u64>, StoreError> {
    let count = |row: &Row| Ok((row.text("status")?.to_owned(), rows::whole(row, "calls")?));
    rows.iter().map(count).collect()
}
