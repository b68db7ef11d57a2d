//! Organizations, keys, the meter, tickets.

use async_trait::async_trait;
use domain::{KeyId, OrgId, Time};

use super::rows::{hex, key_from, organization_from, scope_from, usage_from, word};
use super::{SqlStore, json};
use crate::store::db::Sql;
use crate::store::{Accounts, ApiKey, Mode, OrgSettings, Organization, Scope, StoreError, Usage};

#[async_trait]
impl Accounts for SqlStore {
    async fn ping(&self) -> Result<(), StoreError> {
        let beat = "INSERT INTO pings (id, beat) VALUES (1, 1)
                    ON CONFLICT (id) DO UPDATE SET beat = 1 - pings.beat";
        self.db.run(Sql::new(beat)).await?;
        self.db.first(Sql::new("SELECT beat FROM pings")).await?;
        Ok(())
    }

    async fn shared_secret(&self, name: &str, fresh: &str) -> Result<String, StoreError> {
        let insert = "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.db.run(Sql::new(insert).bind(name).bind(fresh)).await?;
        let sql = Sql::new("SELECT value FROM secrets WHERE name = $1").bind(name);
        let row = self.db.first(sql).await?.ok_or(StoreError::BadRow("secrets".into()))?;
        Ok(row.text("value")?.to_owned())
    }

    async fn upsert_organization(&self, org: &Organization) -> Result<Organization, StoreError> {
        let insert = Sql::new(
            "INSERT INTO organizations (id, name, email, plan, settings, signing_secret, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email) DO NOTHING",
        )
        .bind(org.id)
        .bind(org.name.as_str())
        .bind(org.email.as_str())
        .bind(org.plan.as_str())
        .bind(json(&org.settings))
        .bind(org.signing_secret.as_str())
        .bind(org.created_at);
        self.db.run(insert).await?;
        let sql = Sql::new("SELECT * FROM organizations WHERE email = $1").bind(org.email.as_str());
        let rows = self.db.run_all(sql).await?;
        let row = rows.first().ok_or(StoreError::BadRow("organizations".into()))?;
        organization_from(row)
    }

    async fn organization(&self, id: OrgId) -> Result<Option<Organization>, StoreError> {
        let sql = Sql::new("SELECT * FROM organizations WHERE id = $1").bind(id);
        self.db.first(sql).await?.as_ref().map(organization_from).transpose()
    }

    async fn set_settings(&self, id: OrgId, settings: &OrgSettings) -> Result<(), StoreError> {
        let sql = Sql::new("UPDATE organizations SET settings = $2 WHERE id = $1");
        self.db.run(sql.bind(id).bind(json(settings))).await?;
        Ok(())
    }

    async fn set_plan(&self, id: OrgId, plan: &str) -> Result<bool, StoreError> {
        let sql = Sql::new("UPDATE organizations SET plan = $2 WHERE id = $1");
        Ok(self.db.run(sql.bind(id).bind(plan)).await? == 1)
    }

    async fn set_subscription(
        &self,
        id: OrgId,
        customer: &str,
        subscription: Option<&str>,
        plan: &str,
    ) -> Result<bool, StoreError> {
        let sql = Sql::new(
            "UPDATE organizations SET stripe_customer = $2, stripe_subscription = $3, plan = $4
             WHERE id = $1",
        );
        let sql = sql.bind(id).bind(customer).bind(subscription).bind(plan);
        Ok(self.db.run(sql).await? == 1)
    }

    async fn insert_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let sql = Sql::new(
            "INSERT INTO api_keys (id, org, pod, name, mode, hash, last_four, read_only, active,
                                   pending_until, created_at, last_used_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(key.id)
        .bind(key.org)
        .bind(key.pod.as_deref())
        .bind(key.name.as_deref())
        .bind(word(&key.mode))
        .bind(hex(&key.hash))
        .bind(key.last_four.as_str())
        .bind(key.read_only)
        .bind(key.active)
        .bind(key.pending_until)
        .bind(key.created_at)
        .bind(key.last_used_at);
        self.db.run(sql).await?;
        Ok(())
    }

    async fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<(ApiKey, String)>, StoreError> {
        let sql = Sql::new(
            "SELECT api_keys.*, organizations.plan FROM api_keys
             JOIN organizations ON organizations.id = api_keys.org WHERE hash = $1",
        );
        let row = self.db.first(sql.bind(hex(hash))).await?;
        row.map(|row| Ok((key_from(&row)?, row.text("plan")?.to_owned()))).transpose()
    }

    async fn keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        let sql = Sql::new("SELECT * FROM api_keys WHERE org = $1 ORDER BY id").bind(org);
        self.db.all(sql).await?.iter().map(key_from).collect()
    }

    async fn touch_key(&self, id: KeyId, used_at: Time) -> Result<(), StoreError> {
        let sql = Sql::new("UPDATE api_keys SET last_used_at = $2 WHERE id = $1");
        self.db.run(sql.bind(id).bind(used_at)).await?;
        Ok(())
    }

    async fn revoke_key(&self, org: OrgId, id: KeyId) -> Result<bool, StoreError> {
        let sql = Sql::new(
            "UPDATE api_keys SET active = 0, pending_until = NULL
             WHERE id = $1 AND org = $2 AND (active = 1 OR pending_until IS NOT NULL)",
        );
        Ok(self.db.run(sql.bind(id).bind(org)).await? == 1)
    }

    async fn approve_key(&self, id: KeyId, now: Time) -> Result<bool, StoreError> {
        let sql = Sql::new(
            "UPDATE api_keys SET active = 1, pending_until = NULL
             WHERE id = $1 AND pending_until > $2",
        );
        Ok(self.db.run(sql.bind(id).bind(now)).await? == 1)
    }

    async fn usage(&self, org: OrgId, mode: Mode, month: &str) -> Result<Usage, StoreError> {
        let sql = Sql::new("SELECT * FROM usage WHERE org = $1 AND mode = $2 AND month = $3");
        let row = self.db.first(sql.bind(org).bind(word(&mode)).bind(month)).await?;
        Ok(row.as_ref().map(usage_from).transpose()?.unwrap_or_default())
    }

    async fn total_usage(&self, org: OrgId, mode: Mode) -> Result<Usage, StoreError> {
        // PostgreSQL adds whole numbers up to a decimal.
        let sql = Sql::new(
            "SELECT CAST(COALESCE(SUM(billed_seconds), 0) AS BIGINT) AS billed_seconds,
                    CAST(COALESCE(SUM(billed_calls), 0) AS BIGINT) AS billed_calls,
                    CAST(COALESCE(SUM(cost), 0) AS BIGINT) AS cost
             FROM usage WHERE org = $1 AND mode = $2",
        );
        let row = self.db.first(sql.bind(org).bind(word(&mode))).await?;
        Ok(row.as_ref().map(usage_from).transpose()?.unwrap_or_default())
    }

    async fn insert_ticket(
        &self,
        hash: &[u8; 32],
        scope: &Scope,
        expires_at: Time,
    ) -> Result<(), StoreError> {
        let sql = Sql::new(
            "INSERT INTO tickets (hash, org, mode, pod, expires_at) VALUES ($1, $2, $3, $4, $5)",
        );
        let sql = sql.bind(hex(hash)).bind(scope.org).bind(word(&scope.mode));
        self.db.run(sql.bind(scope.pod.as_deref()).bind(expires_at)).await?;
        Ok(())
    }

    async fn take_ticket(&self, hash: &[u8; 32], now: Time) -> Result<Option<Scope>, StoreError> {
        // Those whose time is over go with it.
        let sql = Sql::new(
            "DELETE FROM tickets WHERE hash = $1 OR expires_at <= $2
             RETURNING hash, org, mode, pod, expires_at",
        );
        let rows = self.db.run_all(sql.bind(hex(hash)).bind(now)).await?;
        for row in rows {
            if row.text("hash")? == hex(hash) && row.int("expires_at")? > now.as_millis() {
                return scope_from(&row).map(Some);
            }
        }
        Ok(None)
    }
}
