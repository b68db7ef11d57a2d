//! SQLite: one file, one writer, readers beside it.

mod rows;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use domain::{CallId, EventId, KeyId, OrgId, Time};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use self::rows::{call_from, event_from, hex, key_from, organization_from, word};
use super::{
    ApiKey, Attempt, CallFilter, CallRecord, Change, EventDraft, EventRecord, Inserted,
    Organization, Page, Scope, Store, StoreError,
};

const READERS_MAX: u32 = 4;
const BUSY_MS_MAX: u64 = 10_000;
/// Status words of calls that may have a leg; see `Status::is_live`.
const LIVE: &str = "('dialing', 'connected', 'in_progress', 'voicemail')";
const CALL_COLUMNS: &str = "id, org, mode, pod, client_id, to_number, updated_at, wake_at, \
                            version, spec, state, outcome";

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens or creates the file and brings its tables up to date.
    ///
    /// `synchronous = NORMAL` in WAL mode: a killed process loses nothing that was committed; only a
    /// loss of power may lose the last commits, never consistency.
    pub async fn open(path: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(Duration::from_millis(BUSY_MS_MAX));
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .with_context(|| format!("cannot open the database {}", path.display()))?;
        MIGRATIONS.run(&writer).await.context("cannot bring the database up to date")?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS_MAX)
            .connect_with(options.read_only(true))
            .await?;
        Ok(SqliteStore { writer, readers })
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE organizations SET plan = plan WHERE id = ''")
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn upsert_organization(&self, org: &Organization) -> Result<Organization, StoreError> {
        sqlx::query(
            "INSERT INTO organizations (id, name, email, plan, created_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (email) DO NOTHING",
        )
        .bind(org.id.to_string())
        .bind(&org.name)
        .bind(&org.email)
        .bind(&org.plan)
        .bind(org.created_at.as_millis())
        .execute(&self.writer)
        .await?;
        let row = sqlx::query("SELECT * FROM organizations WHERE email = $1")
            .bind(&org.email)
            .fetch_one(&self.writer)
            .await?;
        organization_from(&row)
    }

    async fn organization(&self, id: OrgId) -> Result<Option<Organization>, StoreError> {
        let row = sqlx::query("SELECT * FROM organizations WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(organization_from).transpose()
    }

    async fn insert_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO api_keys (id, org, name, mode, hash, last_four, active, pending_until,
                                   created_at, last_used_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(key.id.to_string())
        .bind(key.org.to_string())
        .bind(&key.name)
        .bind(word(&key.mode))
        .bind(hex(&key.hash))
        .bind(&key.last_four)
        .bind(i64::from(key.active))
        .bind(key.pending_until.map(Time::as_millis))
        .bind(key.created_at.as_millis())
        .bind(key.last_used_at.map(Time::as_millis))
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        let row = sqlx::query("SELECT * FROM api_keys WHERE hash = $1")
            .bind(hex(hash))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(key_from).transpose()
    }

    async fn keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        let rows = sqlx::query("SELECT * FROM api_keys WHERE org = $1 ORDER BY id")
            .bind(org.to_string())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(key_from).collect()
    }

    async fn touch_key(&self, id: KeyId, used_at: Time) -> Result<(), StoreError> {
        sqlx::query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1")
            .bind(id.to_string())
            .bind(used_at.as_millis())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn revoke_key(&self, org: OrgId, id: KeyId) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE api_keys SET active = 0, pending_until = NULL
             WHERE id = $1 AND org = $2 AND (active = 1 OR pending_until IS NOT NULL)",
        )
        .bind(id.to_string())
        .bind(org.to_string())
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn approve_key(&self, id: KeyId, now: Time) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE api_keys SET active = 1, pending_until = NULL
             WHERE id = $1 AND pending_until > $2",
        )
        .bind(id.to_string())
        .bind(now.as_millis())
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn insert_call(
        &self,
        record: &CallRecord,
        events: Vec<EventDraft>,
    ) -> Result<Inserted, StoreError> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        if let Some(existing) = call_by_client_id(&mut tx, record).await? {
            return Ok(Inserted::Existing(Box::new(existing)));
        }
        sqlx::query(
            "INSERT INTO calls (id, org, mode, pod, client_id, to_number, status, playbook_id, batch,
                                created_at, updated_at, wake_at, version, spec, state, outcome)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        )
        .bind(record.id.to_string())
        .bind(record.org.to_string())
        .bind(word(&record.mode))
        .bind(&record.pod)
        .bind(&record.client_id)
        .bind(record.to.as_str())
        .bind(record.call.status.as_str())
        .bind(&record.spec.playbook_id)
        .bind(record.spec.batch_id.map(|id| id.to_string()))
        .bind(record.call.created_at.as_millis())
        .bind(record.updated_at.as_millis())
        .bind(record.wake_at.map(Time::as_millis))
        .bind(record.version)
        .bind(json(&record.spec))
        .bind(json(&record.call))
        .bind(json(&record.outcome))
        .execute(&mut *tx)
        .await?;
        insert_events(&mut tx, record, &events).await?;
        tx.commit().await?;
        Ok(Inserted::New)
    }

    async fn call(&self, scope: &Scope, id: CallId) -> Result<Option<CallRecord>, StoreError> {
        let found = self.call_unscoped(id).await?;
        Ok(found.filter(|record| scope.covers(&record.scope())))
    }

    async fn call_unscoped(&self, id: CallId) -> Result<Option<CallRecord>, StoreError> {
        let row = query(&format!("SELECT {CALL_COLUMNS} FROM calls WHERE id = $1"))
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(call_from).transpose()
    }

    async fn calls(
        &self,
        scope: &Scope,
        filter: &CallFilter,
        page: &Page,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let mut sql =
            QueryBuilder::<Sqlite>::new(format!("SELECT {CALL_COLUMNS} FROM calls WHERE "));
        push_scope(&mut sql, scope);
        if let Some(status) = filter.status {
            sql.push(" AND status = ").push_bind(status.as_str());
        }
        if let Some(to) = &filter.to {
            sql.push(" AND to_number = ").push_bind(to.as_str().to_owned());
        }
        if let Some(playbook) = &filter.playbook_id {
            sql.push(" AND playbook_id = ").push_bind(playbook.clone());
        }
        if let Some(batch) = filter.batch_id {
            sql.push(" AND batch = ").push_bind(batch.to_string());
        }
        if let Some(after) = filter.created_after {
            sql.push(" AND created_at > ").push_bind(after.as_millis());
        }
        if let Some(before) = filter.created_before {
            sql.push(" AND created_at < ").push_bind(before.as_millis());
        }
        if let Some(after) = page.after {
            sql.push(" AND id < ").push_bind(after.to_string());
        }
        sql.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(page.limit));
        let rows = sql.build().fetch_all(&self.readers).await?;
        rows.iter().map(call_from).collect()
    }

    async fn attempts(&self, id: CallId) -> Result<Vec<Attempt>, StoreError> {
        let rows = sqlx::query("SELECT * FROM attempts WHERE call = $1 ORDER BY number")
            .bind(id.to_string())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(rows::attempt_from).collect()
    }

    async fn apply(&self, change: Change<'_>) -> Result<i64, StoreError> {
        let record = change.record;
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let release = if change.release { ", lease_node = NULL, lease_until = NULL" } else { "" };
        let updated = query(&format!(
            "UPDATE calls SET status = $3, updated_at = $4, wake_at = $5, state = $6, outcome = $7,
                              version = version + 1{release}
             WHERE id = $1 AND version = $2"
        ))
        .bind(record.id.to_string())
        .bind(record.version)
        .bind(record.call.status.as_str())
        .bind(record.updated_at.as_millis())
        .bind(record.wake_at.map(Time::as_millis))
        .bind(json(&record.call))
        .bind(json(&record.outcome))
        .execute(&mut *tx)
        .await?;
        if updated.rows_affected() != 1 {
            return Err(StoreError::Conflict { expected: record.version });
        }
        if let Some(attempt) = &change.attempt {
            upsert_attempt(&mut tx, attempt).await?;
        }
        insert_events(&mut tx, record, &change.events).await?;
        tx.commit().await?;
        Ok(record.version + 1)
    }

    async fn claim_due(
        &self,
        node: &str,
        now: Time,
        lease: Duration,
        limit: u32,
        per_org_max: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        // A call that was claimed and is not yet dialling counts as live: it is about to be.
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let rows = query(&format!(
            "WITH held AS (
                 SELECT org, mode, COUNT(*) AS live FROM calls
                 WHERE status IN {LIVE} OR lease_until >= $1 GROUP BY org, mode
             ), due AS (
                 SELECT calls.id, COALESCE(held.live, 0) + ROW_NUMBER() OVER (
                     PARTITION BY calls.org, calls.mode ORDER BY calls.wake_at, calls.id) AS place,
                     calls.wake_at
                 FROM calls LEFT JOIN held ON held.org = calls.org AND held.mode = calls.mode
                 WHERE calls.wake_at <= $1 AND calls.status NOT IN {LIVE}
                   AND (calls.lease_until IS NULL OR calls.lease_until < $1)
             )
             SELECT id FROM due WHERE place <= $2 ORDER BY wake_at, id LIMIT $3"
        ))
        .bind(now.as_millis())
        .bind(i64::from(per_org_max))
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        let ids = ids_of(&rows)?;
        let records = lease_rows(&mut tx, &ids, node, now + lease).await?;
        tx.commit().await?;
        Ok(records)
    }

    async fn next_wake(&self) -> Result<Option<Time>, StoreError> {
        let row = query(&format!(
            "SELECT MIN(wake_at) AS wake FROM calls
             WHERE wake_at IS NOT NULL AND lease_node IS NULL AND status NOT IN {LIVE}"
        ))
        .fetch_one(&self.readers)
        .await?;
        let wake: Option<i64> = row.try_get("wake")?;
        Ok(wake.map(Time::from_millis))
    }

    async fn renew(&self, node: &str, until: Time) -> Result<Vec<CallId>, StoreError> {
        let rows =
            sqlx::query("UPDATE calls SET lease_until = $2 WHERE lease_node = $1 RETURNING id")
                .bind(node)
                .bind(until.as_millis())
                .fetch_all(&self.writer)
                .await?;
        ids_of(&rows)
    }

    async fn claim_lost(
        &self,
        node: &str,
        now: Time,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let rows = query(&format!(
            "SELECT id FROM calls WHERE status IN {LIVE}
               AND (lease_until IS NULL OR lease_until < $1) ORDER BY id LIMIT $2"
        ))
        .bind(now.as_millis())
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        let ids = ids_of(&rows)?;
        let records = lease_rows(&mut tx, &ids, node, now + lease).await?;
        tx.commit().await?;
        Ok(records)
    }

    async fn forget_leases(&self, node: &str) -> Result<u64, StoreError> {
        let done = sqlx::query(
            "UPDATE calls SET lease_node = NULL, lease_until = NULL WHERE lease_node = $1",
        )
        .bind(node)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected())
    }

    async fn events(
        &self,
        scope: &Scope,
        call: Option<CallId>,
        after: Option<EventId>,
        limit: u32,
    ) -> Result<Vec<EventRecord>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT * FROM events WHERE ");
        push_scope(&mut sql, scope);
        if let Some(call) = call {
            sql.push(" AND call = ").push_bind(call.to_string());
        }
        if let Some(after) = after {
            sql.push(" AND sequence > (SELECT sequence FROM events WHERE id = ")
                .push_bind(after.to_string())
                .push(")");
        }
        sql.push(" ORDER BY sequence LIMIT ").push_bind(i64::from(limit));
        let rows = sql.build().fetch_all(&self.readers).await?;
        rows.iter().map(event_from).collect()
    }
}

/// SQL put together from constants of this file; values are always bound.
fn query(sql: &str) -> sqlx::query::Query<'_, Sqlite, sqlx::sqlite::SqliteArguments> {
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
}

fn push_scope(sql: &mut QueryBuilder<Sqlite>, scope: &Scope) {
    sql.push("org = ").push_bind(scope.org.to_string());
    sql.push(" AND mode = ").push_bind(word(&scope.mode));
    if let Some(pod) = &scope.pod {
        sql.push(" AND pod = ").push_bind(pod.clone());
    }
}

async fn call_by_client_id(
    tx: &mut SqliteConnection,
    record: &CallRecord,
) -> Result<Option<CallRecord>, StoreError> {
    let Some(client_id) = &record.client_id else { return Ok(None) };
    let row = query(&format!(
        "SELECT {CALL_COLUMNS} FROM calls
         WHERE org = $1 AND mode = $2 AND COALESCE(pod, '') = COALESCE($3, '') AND client_id = $4"
    ))
    .bind(record.org.to_string())
    .bind(word(&record.mode))
    .bind(&record.pod)
    .bind(client_id)
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(call_from).transpose()
}

async fn insert_events(
    tx: &mut SqliteConnection,
    record: &CallRecord,
    events: &[EventDraft],
) -> Result<(), StoreError> {
    for event in events {
        sqlx::query(
            "INSERT INTO events (id, org, mode, pod, call, batch, event_type, payload, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(event.id.to_string())
        .bind(record.org.to_string())
        .bind(word(&record.mode))
        .bind(&record.pod)
        .bind(record.id.to_string())
        .bind(record.spec.batch_id.map(|id| id.to_string()))
        .bind(&event.event_type)
        .bind(event.payload.to_string())
        .bind(record.updated_at.as_millis())
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn upsert_attempt(tx: &mut SqliteConnection, attempt: &Attempt) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO attempts (id, call, number, node, started_at, answered_at, ended_at,
                               answered_by, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET answered_at = $6, ended_at = $7, answered_by = $8,
                                        reason = $9",
    )
    .bind(attempt.id.to_string())
    .bind(attempt.call.to_string())
    .bind(i64::from(attempt.number))
    .bind(&attempt.node)
    .bind(attempt.started_at.as_millis())
    .bind(attempt.answered_at.map(Time::as_millis))
    .bind(attempt.ended_at.map(Time::as_millis))
    .bind(attempt.answered_by.map(|by| word(&by)))
    .bind(attempt.reason.map(|reason| word(&reason)))
    .execute(tx)
    .await?;
    Ok(())
}

async fn lease_rows(
    tx: &mut SqliteConnection,
    ids: &[CallId],
    node: &str,
    until: Time,
) -> Result<Vec<CallRecord>, StoreError> {
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        let row = query(&format!(
            "UPDATE calls SET lease_node = $2, lease_until = $3 WHERE id = $1
             RETURNING {CALL_COLUMNS}"
        ))
        .bind(id.to_string())
        .bind(node)
        .bind(until.as_millis())
        .fetch_one(&mut *tx)
        .await?;
        records.push(call_from(&row)?);
    }
    Ok(records)
}

fn ids_of(rows: &[sqlx::sqlite::SqliteRow]) -> Result<Vec<CallId>, StoreError> {
    rows.iter().map(|row| rows::parsed(row, "id")).collect()
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("records are plain data")
}

impl Scope {
    /// This scope may see what belongs to `other`.
    #[must_use]
    pub fn covers(&self, other: &Scope) -> bool {
        let same_pod = self.pod.is_none() || self.pod == other.pod;
        self.org == other.org && self.mode == other.mode && same_pod
    }
}
