//! Numbers to call from, and the conversations over them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::{ConversationId, LineId, OrgId, Time};

use super::rows::{conversation_from, count, line_from, word};
use super::{SqlStore, push_scope};
use crate::store::db::{Sql, Tx};
use crate::store::{
    CallRecord, Conversation, ConversationFilter, Line, LineInserted, Lines, Mode, Scope,
    StoreError,
};

const CONVERSATION_COLUMNS: &str =
    "conversations.*, (SELECT COUNT(*) FROM calls WHERE conversation = conversations.id) AS calls";

fn count_sql(org: OrgId, mode: Mode) -> Sql {
    let sql = Sql::new("SELECT COUNT(*) AS lines FROM lines WHERE org = $1 AND mode = $2");
    sql.bind(org).bind(word(&mode))
}

#[async_trait]
impl Lines for SqlStore {
    async fn insert_line(
        &self,
        line: &Line,
        limit: Option<u32>,
    ) -> Result<LineInserted, StoreError> {
        let mut tx = self.db.begin().await?;
        if let Some(limit) = limit {
            // Two requests at once must not both find room for one.
            let lock = Sql::new("UPDATE organizations SET plan = plan WHERE id = $1");
            tx.run(lock.bind(line.org)).await?;
            let row = tx.first(count_sql(line.org, line.mode)).await?;
            let lines = row.map(|row| count(&row, "lines")).transpose()?.unwrap_or_default();
            if lines >= limit {
                return Ok(LineInserted::LimitReached { lines });
            }
        }
        let sql = Sql::new(
            "INSERT INTO lines (id, org, mode, pod, number, country, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (number) DO NOTHING",
        )
        .bind(line.id)
        .bind(line.org)
        .bind(word(&line.mode))
        .bind(line.pod.as_deref())
        .bind(line.number.as_str())
        .bind(line.country.as_str())
        .bind(line.created_at);
        if tx.run(sql).await? == 0 {
            return Ok(LineInserted::Taken);
        }
        tx.commit().await?;
        Ok(LineInserted::New)
    }

    async fn line(&self, scope: &Scope, id: LineId) -> Result<Option<Line>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM lines WHERE ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        self.db.first(sql).await?.as_ref().map(line_from).transpose()
    }

    async fn lines(
        &self,
        scope: &Scope,
        after: Option<LineId>,
        limit: u32,
    ) -> Result<Vec<Line>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM lines WHERE ");
        push_scope(&mut sql, scope);
        if let Some(after) = after {
            sql.push_bind(" AND id < ", after);
        }
        sql.push_bind(" ORDER BY id DESC LIMIT ", limit);
        self.db.all(sql).await?.iter().map(line_from).collect()
    }

    async fn count_lines(&self, org: OrgId, mode: Mode) -> Result<u32, StoreError> {
        let row = self.db.first(count_sql(org, mode)).await?;
        Ok(row.map(|row| count(&row, "lines")).transpose()?.unwrap_or_default())
    }

    async fn best_line(
        &self,
        scope: &Scope,
        country: Option<&str>,
    ) -> Result<Option<Line>, StoreError> {
        let sql = Sql::new(
            "SELECT * FROM lines WHERE org = $1 AND mode = $2 AND (pod IS NULL OR pod = $3)
             ORDER BY CASE WHEN pod IS NULL THEN 1 ELSE 0 END,
                      CASE WHEN country = $4 THEN 0 ELSE 1 END, id
             LIMIT 1",
        )
        .bind(scope.org)
        .bind(word(&scope.mode))
        .bind(scope.pod.as_deref())
        .bind(country);
        self.db.first(sql).await?.as_ref().map(line_from).transpose()
    }

    async fn delete_line(&self, scope: &Scope, id: LineId) -> Result<bool, StoreError> {
        let mut sql = Sql::new("DELETE FROM lines WHERE ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        Ok(self.db.run(sql).await? == 1)
    }

    async fn is_line_used(&self, id: LineId) -> Result<bool, StoreError> {
        let sql = Sql::new(
            "SELECT calls.id FROM conversations JOIN calls ON calls.conversation = conversations.id
             WHERE conversations.line = $1
               AND calls.status NOT IN ('completed', 'exhausted', 'failed', 'cancelled')
             LIMIT 1",
        );
        Ok(self.db.first(sql.bind(id)).await?.is_some())
    }

    async fn conversation(
        &self,
        scope: &Scope,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let mut sql = Sql::new(format!("SELECT {CONVERSATION_COLUMNS} FROM conversations WHERE "));
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        self.db.first(sql).await?.as_ref().map(conversation_from).transpose()
    }

    async fn conversations(
        &self,
        scope: &Scope,
        filter: &ConversationFilter,
        after: Option<(Time, ConversationId)>,
        limit: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        let mut sql = Sql::new(format!("SELECT {CONVERSATION_COLUMNS} FROM conversations WHERE "));
        push_scope(&mut sql, scope);
        if let Some(number) = &filter.number {
            sql.push_bind(" AND number = ", number.as_str());
        }
        if let Some(line) = filter.line {
            sql.push_bind(" AND line = ", line);
        }
        if let Some((at, id)) = after {
            sql.push_bind(" AND (last_call_at < ", at);
            sql.push_bind(" OR (last_call_at = ", at);
            sql.push_bind(" AND id < ", id);
            sql.push("))");
        }
        sql.push_bind(" ORDER BY last_call_at DESC, id DESC LIMIT ", limit);
        self.db.all(sql).await?.iter().map(conversation_from).collect()
    }
}

/// The new calls are the last ones of their conversations; no more than fit into a statement.
pub(super) async fn continue_conversations(
    tx: &mut Tx,
    records: impl Iterator<Item = &CallRecord>,
) -> Result<(), StoreError> {
    // One statement may touch a row only once.
    let mut last = BTreeMap::new();
    for record in records {
        if let Some(id) = record.spec.conversation_id {
            last.insert(id, record);
        }
    }
    if last.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(
        "INSERT INTO conversations (id, org, mode, pod, line, number, created_at, last_call_at)",
    );
    sql.push_rows(last.into_iter().map(|(id, record)| {
        vec![
            id.into(),
            record.org.into(),
            word(&record.mode).into(),
            record.pod.as_deref().into(),
            record.spec.from_line_id.into(),
            record.to.as_str().into(),
            record.call.created_at.into(),
            record.call.created_at.into(),
        ]
    }));
    sql.push(" ON CONFLICT (id) DO UPDATE SET last_call_at = excluded.last_call_at");
    tx.run(sql).await?;
    Ok(())
}
