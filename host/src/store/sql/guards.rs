//! The do-not-call list.

use async_trait::async_trait;
use domain::E164;

use super::SqlStore;
use super::rows::{do_not_call_from, word};
use crate::store::db::{Sql, Tx};
use crate::store::{DoNotCall, Guards, Scope, StoreError};

#[async_trait]
impl Guards for SqlStore {
    async fn list_numbers(&self, entries: &[DoNotCall]) -> Result<u64, StoreError> {
        let mut tx = self.db.begin().await?;
        let mut new = 0;
        for entry in entries {
            new += list_number(&mut tx, entry).await?;
        }
        tx.commit().await?;
        Ok(new)
    }

    async fn listed(&self, scope: &Scope, to: &E164) -> Result<Option<DoNotCall>, StoreError> {
        let sql = Sql::new(
            "SELECT * FROM do_not_call
             WHERE org = $1 AND mode = $2 AND number = $3 AND pod IN ('', $4) ORDER BY pod LIMIT 1",
        )
        .bind(scope.org)
        .bind(word(&scope.mode))
        .bind(to.as_str())
        .bind(scope.pod.as_deref().unwrap_or_default());
        self.db.first(sql).await?.as_ref().map(do_not_call_from).transpose()
    }

    async fn do_not_call(
        &self,
        scope: &Scope,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DoNotCall>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM do_not_call WHERE ");
        super::push_scope(&mut sql, scope);
        if let Some((number, pod)) = after.and_then(|after| after.split_once(' ')) {
            sql.push_bind(" AND (number > ", number);
            sql.push_bind(" OR (number = ", number);
            sql.push_bind(" AND pod > ", pod);
            sql.push("))");
        }
        sql.push_bind(" ORDER BY number, pod LIMIT ", limit);
        self.db.all(sql).await?.iter().map(do_not_call_from).collect()
    }

    async fn unlist(&self, scope: &Scope, number: &E164) -> Result<bool, StoreError> {
        let sql = Sql::new(
            "DELETE FROM do_not_call WHERE org = $1 AND mode = $2 AND number = $3 AND pod = $4",
        )
        .bind(scope.org)
        .bind(word(&scope.mode))
        .bind(number.as_str())
        .bind(scope.pod.as_deref().unwrap_or_default());
        Ok(self.db.run(sql).await? == 1)
    }
}

/// 1 if it was not listed yet.
pub(super) async fn list_number(tx: &mut Tx, entry: &DoNotCall) -> Result<u64, StoreError> {
    let sql = Sql::new(
        "INSERT INTO do_not_call (org, mode, pod, number, source, note, call, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(entry.org)
    .bind(word(&entry.mode))
    .bind(entry.pod.as_deref().unwrap_or_default())
    .bind(entry.number.as_str())
    .bind(entry.source.as_str())
    .bind(entry.note.as_deref())
    .bind(entry.call)
    .bind(entry.created_at);
    tx.run(sql).await
}
