//! Rate limits: a row for each key, locked while a request is counted.

use async_trait::async_trait;
use call::rate::{Verdict, Window};
use domain::Time;

use super::rows::document;
use super::{SqlStore, json};
use crate::store::db::Sql;
use crate::store::{Limits, StoreError};

#[async_trait]
impl Limits for SqlStore {
    async fn count_request(&self, key: &str, limit: u32, now: Time) -> Result<Verdict, StoreError> {
        let mut tx = self.db.begin().await?;
        let lock = Sql::new(
            "INSERT INTO rate_windows (key, admitted, used_at) VALUES ($1, '[]', $2)
             ON CONFLICT (key) DO UPDATE SET used_at = $2 RETURNING admitted",
        );
        let row = tx.first(lock.bind(key).bind(now)).await?;
        let row = row.ok_or_else(|| StoreError::BadRow("rate_windows".into()))?;
        let mut window: Window = document(&row, "admitted")?;
        let verdict = window.request(now, limit);
        if matches!(verdict, Verdict::Admitted { .. }) {
            let sql = Sql::new("UPDATE rate_windows SET admitted = $2 WHERE key = $1");
            tx.run(sql.bind(key).bind(json(&window))).await?;
            tx.commit().await?;
        }
        Ok(verdict)
    }

    async fn purge_rates(&self, before: Time) -> Result<u64, StoreError> {
        self.db.run(Sql::new("DELETE FROM rate_windows WHERE used_at < $1").bind(before)).await
    }
}
