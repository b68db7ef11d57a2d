//! Due work and the leases by which servers share it.

use std::time::Duration;

use async_trait::async_trait;
use call::share::{self, Allowance, Waiting};
use domain::{CallId, OrgId, Time};

use super::calls::CALL_COLUMNS;
use super::rows::{self, call_from, word};
use super::{LIVE, SqlStore};
use crate::store::db::{Sql, Tx};
use crate::store::{CallRecord, Mode, Plans, StoreError, Work};

/// Organizations looked at in one go; those whose calls are due longest come first.
const DIALERS_MAX: u32 = 200;

/// An organization with due calls, and what it may begin.
struct Dialer {
    org: OrgId,
    mode: Mode,
    next_dial_at: Time,
    allowance: Allowance,
    waiting: Waiting,
}

#[async_trait]
impl Work for SqlStore {
    async fn claim_due(
        &self,
        node: &str,
        now: Time,
        lease: Duration,
        limit: u32,
        plans: Plans<'_>,
    ) -> Result<Vec<CallRecord>, StoreError> {
        if self.db.first(anything_due_sql(now)).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin().await?;
        // Two servers that count at the same time would both fill the last place.
        tx.lock("claims").await?;
        let dialers = dialers(&mut tx, now, limit, plans).await?;
        let waiting: Vec<Waiting> = dialers.iter().map(|dialer| dialer.waiting).collect();
        let granted = share::fair(&waiting, limit);
        let mut records = Vec::new();
        for (dialer, places) in dialers.iter().zip(granted).filter(|(_, places)| *places > 0) {
            let claimed = lease_due(&mut tx, dialer, node, now, now + lease, places).await?;
            let dials = u32::try_from(claimed.len()).unwrap_or(places);
            let next = share::after_dials(dialer.next_dial_at, now, dials, dialer.allowance);
            let sql = Sql::new("UPDATE dialers SET next_dial_at = $3 WHERE org = $1 AND mode = $2");
            tx.run(sql.bind(dialer.org).bind(word(&dialer.mode)).bind(next)).await?;
            records.extend(claimed);
        }
        tx.commit().await?;
        Ok(records)
    }

    async fn next_wake(&self) -> Result<Option<Time>, StoreError> {
        let row = self.db.first(next_wake_sql()).await?;
        row.map(|row| rows::time(&row, "wake_at")).transpose()
    }

    async fn renew(&self, node: &str, until: Time) -> Result<Vec<CallId>, StoreError> {
        let rows = self.db.run_all(renew_sql().bind(node).bind(until)).await?;
        rows.iter().map(|row| rows::parsed(row, "id")).collect()
    }

    async fn claim_lost(
        &self,
        node: &str,
        now: Time,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError> {
        let lost = lost_sql(self.db.is_postgres());
        let sql = Sql::new(format!(
            "UPDATE calls SET lease_node = $3, lease_until = $4 WHERE id IN ({lost})
             RETURNING {CALL_COLUMNS}"
        ));
        let sql = sql.bind(now).bind(limit).bind(node).bind(now + lease);
        self.db.run_all(sql).await?.iter().map(call_from).collect()
    }

    async fn forget_leases(&self, node: &str) -> Result<u64, StoreError> {
        let sql = Sql::new(
            "UPDATE calls SET lease_node = NULL, lease_until = NULL WHERE lease_node = $1",
        );
        self.db.run(sql.bind(node)).await
    }

    async fn unpause(&self, org: Option<OrgId>, now: Time) -> Result<u64, StoreError> {
        let mut sql = Sql::new("UPDATE calls SET paused = 0, wake_at = ");
        sql.push_bind("", now);
        sql.push(" WHERE paused = 1");
        if let Some(org) = org {
            sql.push_bind(" AND org = ", org);
        }
        self.db.run(sql).await
    }
}

/// Those who may begin something, with how much.
async fn dialers(
    tx: &mut Tx,
    now: Time,
    limit: u32,
    plans: Plans<'_>,
) -> Result<Vec<Dialer>, StoreError> {
    let mut dialers = Vec::new();
    for row in tx.all(dialers_sql(now)).await? {
        let allowance = plans(row.text("plan")?);
        let org: OrgId = rows::parsed(&row, "org")?;
        let mode: Mode = rows::scope_from(&row)?.mode;
        let next_dial_at = rows::time(&row, "next_dial_at")?;
        let held = tx.first(held_sql(org, mode, now)).await?;
        let live = held.map(|row| rows::count(&row, "held")).transpose()?.unwrap_or(0);
        let places = allowance.concurrent_calls.saturating_sub(live);
        let dials = share::dials_now(next_dial_at, now, allowance);
        let may_begin = places.min(dials).min(limit);
        if may_begin == 0 {
            continue;
        }
        let due = tx.first(count_due_sql(org, mode, now, may_begin)).await?;
        let due = due.map(|row| rows::count(&row, "due")).transpose()?.unwrap_or(0);
        let waiting = Waiting { live, may_begin: may_begin.min(due) };
        dialers.push(Dialer { org, mode, next_dial_at, allowance, waiting });
    }
    Ok(dialers)
}

async fn lease_due(
    tx: &mut Tx,
    dialer: &Dialer,
    node: &str,
    now: Time,
    until: Time,
    places: u32,
) -> Result<Vec<CallRecord>, StoreError> {
    let sql = Sql::new(lease_due_sql(matches!(tx, Tx::Postgres(_))))
        .bind(dialer.org)
        .bind(word(&dialer.mode))
        .bind(now)
        .bind(places)
        .bind(node)
        .bind(until);
    let leased = tx.all(sql).await?;
    let mut records: Vec<CallRecord> = leased.iter().map(call_from).collect::<Result<_, _>>()?;
    records.sort_by_key(|record| (record.wake_at, record.id));
    Ok(records)
}

/// Waiting calls that are due and free, of all organizations ($1: now).
fn anything_due_sql(now: Time) -> Sql {
    let text = format!("SELECT 1 AS due FROM calls WHERE {} LIMIT 1", due_at("$1"));
    Sql::new(text).bind(now)
}

fn due_at(now: &str) -> String {
    format!(
        "wake_at <= {now} AND status NOT IN {LIVE}
         AND (lease_until IS NULL OR lease_until < {now})"
    )
}

/// Organizations by how long their first call has been due ($1: now).
fn dialers_sql(now: Time) -> Sql {
    let text = "SELECT org, mode, pod, next_dial_at, plan FROM (
                    SELECT dialers.org, dialers.mode, NULL AS pod, dialers.next_dial_at,
                           organizations.plan,
                           (SELECT MIN(wake_at) FROM calls WHERE calls.org = dialers.org
                              AND calls.mode = dialers.mode AND wake_at IS NOT NULL) AS first_due
                    FROM dialers JOIN organizations ON organizations.id = dialers.org
                ) AS known WHERE first_due <= $1 ORDER BY first_due LIMIT $2";
    Sql::new(text).bind(now).bind(DIALERS_MAX)
}

/// A call that was claimed and is not yet dialling counts as live: it is about to be.
fn held_sql(org: OrgId, mode: Mode, now: Time) -> Sql {
    let text = format!(
        "SELECT COUNT(*) AS held FROM (
             SELECT id FROM calls WHERE org = $1 AND mode = $2 AND status IN {LIVE}
             UNION SELECT id FROM calls WHERE org = $1 AND mode = $2 AND lease_until >= $3
         ) AS held"
    );
    Sql::new(text).bind(org).bind(word(&mode)).bind(now)
}

/// As far as it matters: no further than `enough`.
fn count_due_sql(org: OrgId, mode: Mode, now: Time, enough: u32) -> Sql {
    let text = format!(
        "SELECT COUNT(*) AS due FROM (
             SELECT id FROM calls WHERE org = $1 AND mode = $2 AND {} LIMIT $4) AS due",
        due_at("$3")
    );
    Sql::new(text).bind(org).bind(word(&mode)).bind(now).bind(enough)
}

/// $1 organization, $2 mode, $3 now, $4 how many, $5 node, $6 until.
fn lease_due_sql(is_postgres: bool) -> String {
    // A row that is being cancelled is not waited for.
    let skip = if is_postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    format!(
        "UPDATE calls SET lease_node = $5, lease_until = $6 WHERE id IN (
             SELECT id FROM calls WHERE org = $1 AND mode = $2 AND {}
             ORDER BY wake_at, id LIMIT $4 {skip})
         RETURNING {CALL_COLUMNS}",
        due_at("$3")
    )
}

fn next_wake_sql() -> Sql {
    Sql::new(format!(
        "SELECT wake_at FROM calls
         WHERE wake_at IS NOT NULL AND lease_node IS NULL AND status NOT IN {LIVE}
         ORDER BY wake_at LIMIT 1"
    ))
}

fn renew_sql() -> Sql {
    Sql::new("UPDATE calls SET lease_until = $2 WHERE lease_node = $1 RETURNING id")
}

/// Live calls that nobody holds ($1: now), at most $2.
fn lost_sql(is_postgres: bool) -> String {
    let skip = if is_postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    format!(
        "SELECT id FROM calls WHERE status IN {LIVE}
           AND (lease_until IS NULL OR lease_until < $1) ORDER BY id LIMIT $2 {skip}"
    )
}

/// The statements that run many times a second, for the test that none reads every call.
#[cfg(test)]
pub(in crate::store) fn frequent() -> Vec<Sql> {
    let org = OrgId::new(Time::ZERO, 1);
    let one = |text: String| Sql::new(text).bind("x").bind("x").bind(1i64).bind(1i64);
    vec![
        anything_due_sql(Time::ZERO),
        dialers_sql(Time::ZERO),
        held_sql(org, Mode::Test, Time::ZERO),
        count_due_sql(org, Mode::Test, Time::ZERO, 1),
        one(lease_due_sql(false)).bind("n").bind(1i64),
        next_wake_sql(),
        renew_sql().bind("n").bind(1i64),
        Sql::new(lost_sql(false)).bind(1i64).bind(1i64),
    ]
}
