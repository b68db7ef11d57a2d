//! Custom playbooks and their versions.

use async_trait::async_trait;
use domain::{PlaybookId, Time};

use super::rows::{count, playbook_from, version_from, word};
use super::{SqlStore, json, push_scope};
use crate::store::db::{Sql, Tx};
use crate::store::{
    PlaybookFile, PlaybookInserted, PlaybookVersion, Playbooks, Scope, StoreError, StoredPlaybook,
};

/// Each with its newest version.
const WHOLE: &str = "SELECT * FROM playbooks JOIN playbook_versions
                       ON playbook = id AND number = version WHERE deleted_at IS NULL AND ";

#[async_trait]
impl Playbooks for SqlStore {
    async fn insert_playbook(
        &self,
        playbook: &StoredPlaybook,
        code: &[u8],
        limit: Option<u32>,
    ) -> Result<PlaybookInserted, StoreError> {
        let mut tx = self.db.begin().await?;
        if let Some(existing) = by_client_id(&mut tx, playbook).await? {
            return Ok(PlaybookInserted::Existing(Box::new(existing)));
        }
        if let Some(limit) = limit {
            // Two requests at once must not both find room for one.
            tx.lock(&format!("playbooks {}", playbook.org)).await?;
            let sql = Sql::new(
                "SELECT COUNT(*) AS playbooks FROM playbooks
                 WHERE org = $1 AND mode = $2 AND deleted_at IS NULL",
            );
            let row = tx.first(sql.bind(playbook.org).bind(word(&playbook.mode))).await?;
            let playbooks = row.map(|row| count(&row, "playbooks")).transpose()?;
            let playbooks = playbooks.unwrap_or_default();
            if playbooks >= limit {
                return Ok(PlaybookInserted::LimitReached { playbooks });
            }
        }
        let sql = Sql::new(
            "INSERT INTO playbooks (id, org, mode, pod, client_id, version, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (org, mode, COALESCE(pod, ''), client_id)
               WHERE client_id IS NOT NULL AND deleted_at IS NULL
             DO NOTHING",
        )
        .bind(playbook.id)
        .bind(playbook.org)
        .bind(word(&playbook.mode))
        .bind(playbook.pod.as_deref())
        .bind(playbook.client_id.as_deref())
        .bind(playbook.version.number)
        .bind(playbook.created_at);
        if tx.run(sql).await? == 0 {
            let existing = by_client_id(&mut tx, playbook).await?;
            let existing = existing.ok_or_else(|| StoreError::BadRow("client_id".into()))?;
            return Ok(PlaybookInserted::Existing(Box::new(existing)));
        }
        insert_version(&mut tx, playbook, Some(code)).await?;
        tx.commit().await?;
        Ok(PlaybookInserted::New)
    }

    async fn playbook(
        &self,
        scope: &Scope,
        id: PlaybookId,
    ) -> Result<Option<StoredPlaybook>, StoreError> {
        let mut sql = Sql::new(WHOLE);
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        self.db.first(sql).await?.as_ref().map(playbook_from).transpose()
    }

    async fn playbooks(
        &self,
        scope: &Scope,
        after: Option<PlaybookId>,
        limit: u32,
    ) -> Result<Vec<StoredPlaybook>, StoreError> {
        let mut sql = Sql::new(WHOLE);
        push_scope(&mut sql, scope);
        if let Some(after) = after {
            sql.push_bind(" AND id < ", after);
        }
        sql.push_bind(" ORDER BY id DESC LIMIT ", limit);
        self.db.all(sql).await?.iter().map(playbook_from).collect()
    }

    async fn add_version(
        &self,
        playbook: &StoredPlaybook,
        code: Option<&[u8]>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let number = playbook.version.number;
        let sql = Sql::new(
            "UPDATE playbooks SET version = $2
             WHERE id = $1 AND version = $3 AND deleted_at IS NULL",
        )
        .bind(playbook.id)
        .bind(number)
        .bind(number.saturating_sub(1));
        if tx.run(sql).await? == 0 {
            return Ok(false);
        }
        insert_version(&mut tx, playbook, code).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn playbook_versions(
        &self,
        id: PlaybookId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<PlaybookVersion>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM playbook_versions WHERE ");
        sql.push_bind("playbook = ", id);
        if let Some(before) = before {
            sql.push_bind(" AND number < ", before);
        }
        sql.push_bind(" ORDER BY number DESC LIMIT ", limit);
        self.db.all(sql).await?.iter().map(version_from).collect()
    }

    async fn playbook_file(
        &self,
        id: PlaybookId,
        digest: &str,
    ) -> Result<Option<PlaybookFile>, StoreError> {
        let sql = Sql::new(
            "SELECT bytes, settings FROM playbook_versions v JOIN playbook_code c ON c.digest = v.code
             WHERE v.playbook = $1 AND v.digest = $2 ORDER BY v.number LIMIT 1",
        );
        let row = self.db.first(sql.bind(id).bind(digest)).await?;
        row.map(|row| {
            let settings = row.maybe_text("settings")?.map(str::to_owned);
            Ok(PlaybookFile { code: row.bytes("bytes")?, settings })
        })
        .transpose()
    }

    async fn delete_playbook(
        &self,
        scope: &Scope,
        id: PlaybookId,
        now: Time,
    ) -> Result<bool, StoreError> {
        let mut sql = Sql::new("UPDATE playbooks SET ");
        sql.push_bind("deleted_at = ", now);
        sql.push(" WHERE deleted_at IS NULL AND ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        Ok(self.db.run(sql).await? == 1)
    }
}

async fn by_client_id(
    tx: &mut Tx,
    wanted: &StoredPlaybook,
) -> Result<Option<StoredPlaybook>, StoreError> {
    let Some(client_id) = &wanted.client_id else { return Ok(None) };
    let mut sql = Sql::new(WHOLE);
    sql.push_bind("org = ", wanted.org);
    sql.push_bind(" AND mode = ", word(&wanted.mode));
    sql.push_bind(" AND COALESCE(pod, '') = ", wanted.pod.as_deref().unwrap_or_default());
    sql.push_bind(" AND client_id = ", client_id.as_str());
    tx.first(sql).await?.as_ref().map(playbook_from).transpose()
}

async fn insert_version(
    tx: &mut Tx,
    playbook: &StoredPlaybook,
    code: Option<&[u8]>,
) -> Result<(), StoreError> {
    let version = &playbook.version;
    if let Some(code) = code {
        let sql = Sql::new(
            "INSERT INTO playbook_code (digest, bytes) VALUES ($1, $2)
             ON CONFLICT (digest) DO NOTHING",
        );
        tx.run(sql.bind(version.code.as_str()).bind(code)).await?;
    }
    let sql = Sql::new(
        "INSERT INTO playbook_versions (playbook, number, digest, code, settings, about, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(playbook.id)
    .bind(version.number)
    .bind(version.digest.as_str())
    .bind(version.code.as_str())
    .bind(version.settings.as_deref())
    .bind(json(&version.about))
    .bind(version.made_at);
    tx.run(sql).await?;
    Ok(())
}
