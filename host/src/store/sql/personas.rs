//! Caller identities.

use async_trait::async_trait;
use domain::PersonaId;

use super::rows::{persona_from, word};
use super::{SqlStore, json, push_scope};
use crate::store::db::Sql;
use crate::store::{Personas, Scope, StoreError, StoredPersona};

#[async_trait]
impl Personas for SqlStore {
    async fn insert_persona(&self, persona: &StoredPersona) -> Result<StoredPersona, StoreError> {
        let sql = Sql::new(
            "INSERT INTO personas (id, org, mode, pod, client_id, name, traits, created_at,
                                   updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (org, mode, COALESCE(pod, ''), client_id) WHERE client_id IS NOT NULL
             DO NOTHING",
        )
        .bind(persona.id)
        .bind(persona.org)
        .bind(word(&persona.mode))
        .bind(persona.pod.as_deref())
        .bind(persona.client_id.as_deref())
        .bind(persona.name.as_str())
        .bind(json(&persona.traits))
        .bind(persona.created_at)
        .bind(persona.updated_at);
        if self.db.run(sql).await? == 1 {
            return Ok(persona.clone());
        }
        let sql = Sql::new(
            "SELECT * FROM personas WHERE org = $1 AND mode = $2
               AND COALESCE(pod, '') = COALESCE($3, '') AND client_id = $4",
        )
        .bind(persona.org)
        .bind(word(&persona.mode))
        .bind(persona.pod.as_deref())
        .bind(persona.client_id.as_deref());
        let row = self.db.first(sql).await?;
        persona_from(&row.ok_or_else(|| StoreError::BadRow("client_id".into()))?)
    }

    async fn persona(
        &self,
        scope: &Scope,
        id: PersonaId,
    ) -> Result<Option<StoredPersona>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM personas WHERE ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        self.db.first(sql).await?.as_ref().map(persona_from).transpose()
    }

    async fn personas(
        &self,
        scope: &Scope,
        after: Option<PersonaId>,
        limit: u32,
    ) -> Result<Vec<StoredPersona>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM personas WHERE ");
        push_scope(&mut sql, scope);
        if let Some(after) = after {
            sql.push_bind(" AND id < ", after);
        }
        sql.push_bind(" ORDER BY id DESC LIMIT ", i64::from(limit));
        self.db.all(sql).await?.iter().map(persona_from).collect()
    }

    async fn update_persona(&self, persona: &StoredPersona) -> Result<bool, StoreError> {
        let sql =
            Sql::new("UPDATE personas SET name = $2, traits = $3, updated_at = $4 WHERE id = $1")
                .bind(persona.id)
                .bind(persona.name.as_str())
                .bind(json(&persona.traits))
                .bind(persona.updated_at);
        Ok(self.db.run(sql).await? == 1)
    }

    async fn delete_persona(&self, scope: &Scope, id: PersonaId) -> Result<bool, StoreError> {
        let mut sql = Sql::new("DELETE FROM personas WHERE ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        Ok(self.db.run(sql).await? == 1)
    }
}
