//! Requests that are done once, however often they are sent.

use async_trait::async_trait;
use domain::Time;

use super::SqlStore;
use super::rows::{small, time, word};
use crate::store::db::Sql;
use crate::store::{Repeat, Repeats, Scope, StoreError};

#[async_trait]
impl Repeats for SqlStore {
    async fn begin_once(
        &self,
        scope: &Scope,
        key: &str,
        fingerprint: &str,
        now: Time,
    ) -> Result<Repeat, StoreError> {
        let insert = "INSERT INTO idempotency (org, mode, pod, key, fingerprint, created_at)
                      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        let insert = of(insert, scope, key).bind(fingerprint).bind(now);
        if self.db.run(insert).await? == 1 {
            return Ok(Repeat::First);
        }
        let sql = "SELECT * FROM idempotency
                   WHERE org = $1 AND mode = $2 AND pod = $3 AND key = $4";
        let Some(row) = self.db.first(of(sql, scope, key)).await? else {
            // The other one gave it back in this moment; the client asks again.
            let (at, fingerprint) = (now, fingerprint.to_owned());
            return Ok(Repeat::Since { at, fingerprint, answered: None });
        };
        let status = row.maybe_int("status")?.map(|status| small(status, "status")).transpose()?;
        let body = row.maybe_text("body")?.unwrap_or_default().to_owned();
        Ok(Repeat::Since {
            at: time(&row, "created_at")?,
            fingerprint: row.text("fingerprint")?.to_owned(),
            answered: status.map(|status| (status, body)),
        })
    }

    async fn finish_once(
        &self,
        scope: &Scope,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE idempotency SET status = $5, body = $6
                   WHERE org = $1 AND mode = $2 AND pod = $3 AND key = $4";
        self.db.run(of(sql, scope, key).bind(i64::from(status)).bind(body)).await?;
        Ok(())
    }

    async fn forget_once(&self, scope: &Scope, key: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM idempotency
                   WHERE org = $1 AND mode = $2 AND pod = $3 AND key = $4 AND status IS NULL";
        self.db.run(of(sql, scope, key)).await?;
        Ok(())
    }

    async fn purge_repeats(&self, before: Time, limit: u32) -> Result<u64, StoreError> {
        let sql = Sql::new(
            "DELETE FROM idempotency WHERE (org, mode, pod, key) IN (
                 SELECT org, mode, pod, key FROM idempotency
                 WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
        );
        self.db.run(sql.bind(before).bind(limit)).await
    }
}

fn of(sql: &str, scope: &Scope, key: &str) -> Sql {
    let pod = scope.pod.as_deref().unwrap_or_default();
    Sql::new(sql).bind(scope.org).bind(word(&scope.mode)).bind(pod).bind(key)
}
