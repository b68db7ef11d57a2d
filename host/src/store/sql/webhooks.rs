//! Endpoints, and the deliveries on their way to them.
//!
//! A claimed delivery is one whose next time was moved on: if its server dies it comes again by itself.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::{DeliveryId, EventId, Time, WebhookId};

use super::events::deliver;
use super::rows::{self, delivery_from, try_from, webhook_from, word};
use super::{SqlStore, json, push_scope};
use crate::store::db::{Row, Sql, Tx};
use crate::store::{Delivery, DeliveryState, Fares, Scope, StoreError, Try, Webhook, Webhooks};

const DELIVERY_COLUMNS: &str = "deliveries.*, events.event_type, events.payload";
/// Endpoints looked at in one go; those that wait longest come first.
const TARGETS_MAX: u32 = 200;
/// Events sent again by one request.
const RECOVER_MAX: u32 = 10_000;

#[async_trait]
impl Webhooks for SqlStore {
    async fn insert_webhook(&self, webhook: &Webhook) -> Result<Webhook, StoreError> {
        let sql = Sql::new(
            "INSERT INTO webhooks (id, org, mode, pod, url, event_types, client_id, secret, active,
                                   created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             ON CONFLICT (org, mode, COALESCE(pod, ''), client_id) WHERE client_id IS NOT NULL
             DO NOTHING",
        )
        .bind(webhook.id)
        .bind(webhook.org)
        .bind(word(&webhook.mode))
        .bind(webhook.pod.as_deref())
        .bind(webhook.url.as_str())
        .bind(json(&webhook.event_types))
        .bind(webhook.client_id.as_deref())
        .bind(webhook.secret.as_str())
        .bind(webhook.active)
        .bind(webhook.created_at);
        if self.db.run(sql).await? == 1 {
            return Ok(webhook.clone());
        }
        let sql = Sql::new(
            "SELECT * FROM webhooks WHERE org = $1 AND mode = $2
               AND COALESCE(pod, '') = COALESCE($3, '') AND client_id = $4",
        )
        .bind(webhook.org)
        .bind(word(&webhook.mode))
        .bind(webhook.pod.as_deref())
        .bind(webhook.client_id.as_deref());
        let row = self.db.first(sql).await?;
        webhook_from(&row.ok_or_else(|| StoreError::BadRow("client_id".into()))?)
    }

    async fn webhook(&self, scope: &Scope, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM webhooks WHERE ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        self.db.first(sql).await?.as_ref().map(webhook_from).transpose()
    }

    async fn webhooks(&self, scope: &Scope) -> Result<Vec<Webhook>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM webhooks WHERE ");
        push_scope(&mut sql, scope);
        sql.push(" ORDER BY id");
        self.db.all(sql).await?.iter().map(webhook_from).collect()
    }

    async fn update_webhook(&self, webhook: &Webhook) -> Result<bool, StoreError> {
        let sql = Sql::new(
            "UPDATE webhooks SET url = $2, event_types = $3, secret = $4, previous_secret = $5,
                                 previous_until = $6, active = $7, disabled_reason = $8,
                                 failing_since = $9
             WHERE id = $1",
        )
        .bind(webhook.id)
        .bind(webhook.url.as_str())
        .bind(json(&webhook.event_types))
        .bind(webhook.secret.as_str())
        .bind(webhook.previous_secret.as_deref())
        .bind(webhook.previous_until)
        .bind(webhook.active)
        .bind(webhook.disabled_reason.as_deref())
        .bind(webhook.failing_since);
        Ok(self.db.run(sql).await? == 1)
    }

    async fn delete_webhook(&self, scope: &Scope, id: WebhookId) -> Result<bool, StoreError> {
        let mut sql = Sql::new("DELETE FROM webhooks WHERE ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        Ok(self.db.run(sql).await? == 1)
    }

    async fn claim_deliveries(
        &self,
        now: Time,
        until: Time,
        limit: u32,
        per_target_max: u32,
        busy: &BTreeMap<String, u32>,
    ) -> Result<Vec<Delivery>, StoreError> {
        if self.next_delivery().await?.is_none_or(|next| next > now) {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin().await?;
        let mut claimed = Vec::new();
        for row in tx.all(targets_sql(now)).await? {
            let target = row.text("target")?;
            let held = busy.get(target).copied().unwrap_or(0);
            let left = limit.saturating_sub(u32::try_from(claimed.len()).unwrap_or(u32::MAX));
            let places = per_target_max.saturating_sub(held).min(left);
            if places > 0 {
                claimed.extend(claim_of(&mut tx, target, now, until, places).await?);
            }
            if left == 0 {
                break;
            }
        }
        tx.commit().await?;
        Ok(claimed)
    }

    async fn next_delivery(&self) -> Result<Option<Time>, StoreError> {
        let sql =
            "SELECT next_at FROM deliveries WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1";
        self.db.first(Sql::new(sql)).await?.map(|row| rows::time(&row, "next_at")).transpose()
    }

    async fn settle_delivery(
        &self,
        delivery: &Delivery,
        attempt: &Try,
        state: DeliveryState,
        next_at: Option<Time>,
        endpoint: Option<Fares>,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let sql =
            Sql::new("UPDATE deliveries SET state = $2, attempts = $3, next_at = $4 WHERE id = $1");
        let sql = sql.bind(delivery.id).bind(word(&state)).bind(attempt.number).bind(next_at);
        if tx.run(sql).await? == 0 {
            // Its endpoint was deleted meanwhile.
            return Ok(());
        }
        let sql = Sql::new(
            "INSERT INTO delivery_attempts (delivery, number, at, took_ms, status, error)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(delivery.id)
        .bind(attempt.number)
        .bind(attempt.at)
        .bind(i64::try_from(attempt.took_ms).unwrap_or(i64::MAX))
        .bind(attempt.status.map(i64::from))
        .bind(attempt.error.as_deref());
        tx.run(sql).await?;
        if let (Some(id), Some(fares)) = (delivery.webhook, endpoint) {
            note(&mut tx, id, fares).await?;
        }
        tx.commit().await
    }

    async fn deliveries(
        &self,
        scope: &Scope,
        webhook: WebhookId,
        after: Option<DeliveryId>,
        limit: u32,
    ) -> Result<Vec<(Delivery, Vec<Try>)>, StoreError> {
        let mut sql = Sql::new(format!(
            "SELECT {DELIVERY_COLUMNS} FROM deliveries JOIN events ON events.id = deliveries.event
             WHERE "
        ));
        sql.push_bind("deliveries.org = ", scope.org);
        sql.push_bind(" AND deliveries.mode = ", word(&scope.mode));
        sql.push_bind(" AND deliveries.webhook = ", webhook);
        if let Some(after) = after {
            sql.push_bind(" AND deliveries.id < ", after);
        }
        sql.push_bind(" ORDER BY deliveries.id DESC LIMIT ", limit);
        let mut found = Vec::new();
        for row in self.db.all(sql).await? {
            let delivery = delivery_from(&row)?;
            let text = "SELECT * FROM delivery_attempts WHERE delivery = $1 ORDER BY number";
            let tries = self.db.all(Sql::new(text).bind(delivery.id)).await?;
            found.push((delivery, tries.iter().map(try_from).collect::<Result<_, _>>()?));
        }
        Ok(found)
    }

    async fn redeliver(
        &self,
        scope: &Scope,
        webhook: &Webhook,
        event: EventId,
        now: Time,
    ) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        let mut sql = Sql::new("SELECT id FROM events WHERE ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", event);
        if tx.first(sql).await?.is_none() {
            return Ok(false);
        }
        deliver(&mut tx, scope.org, scope.mode, event, Some(webhook.id), &webhook.url, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn recover(
        &self,
        scope: &Scope,
        webhook: &Webhook,
        since: Time,
        now: Time,
    ) -> Result<u64, StoreError> {
        let mut tx = self.db.begin().await?;
        // Failed, and not delivered to it by a later delivery either.
        let sql = Sql::new(
            "SELECT DISTINCT failed.event AS id FROM deliveries AS failed
             WHERE failed.webhook = $1 AND failed.state = $2 AND failed.created_at >= $3
               AND NOT EXISTS (SELECT 1 FROM deliveries AS other WHERE other.event = failed.event
                                 AND other.webhook = $1 AND other.state <> $2)
             ORDER BY failed.event LIMIT $4",
        )
        .bind(webhook.id)
        .bind(word(&DeliveryState::Failed))
        .bind(since)
        .bind(RECOVER_MAX);
        let mut count = 0;
        for row in tx.all(sql).await? {
            let event: EventId = rows::parsed(&row, "id")?;
            let url = &webhook.url;
            deliver(&mut tx, scope.org, scope.mode, event, Some(webhook.id), url, now).await?;
            count += 1;
        }
        tx.commit().await?;
        Ok(count)
    }
}

/// Endpoints with something due ($1: now), the longest waiting first.
fn targets_sql(now: Time) -> Sql {
    let text = "WITH RECURSIVE targets (target) AS (
                    SELECT MIN(target) FROM deliveries WHERE next_at IS NOT NULL
                    UNION ALL
                    SELECT (SELECT MIN(target) FROM deliveries
                            WHERE next_at IS NOT NULL AND target > targets.target)
                    FROM targets WHERE targets.target IS NOT NULL
                )
                SELECT target FROM (
                    SELECT target, (SELECT MIN(next_at) FROM deliveries
                                    WHERE deliveries.target = targets.target
                                      AND next_at IS NOT NULL) AS first_due
                    FROM targets WHERE target IS NOT NULL
                ) AS known WHERE first_due <= $1 ORDER BY first_due LIMIT $2";
    Sql::new(text).bind(now).bind(TARGETS_MAX)
}

async fn claim_of(
    tx: &mut Tx,
    target: &str,
    now: Time,
    until: Time,
    places: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let skip = if matches!(tx, Tx::Postgres(_)) { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = Sql::new(format!(
        "UPDATE deliveries SET next_at = $3 WHERE id IN (
             SELECT id FROM deliveries WHERE target = $1 AND next_at <= $2
             ORDER BY next_at, id LIMIT $4 {skip})
         RETURNING id"
    ));
    let sql = sql.bind(target).bind(now).bind(until).bind(places);
    let mut claimed = Vec::new();
    for row in tx.all(sql).await? {
        claimed.push(claimed_delivery(tx, &row).await?);
    }
    claimed.sort_by_key(|delivery| delivery.id);
    Ok(claimed)
}

async fn claimed_delivery(tx: &mut Tx, row: &Row) -> Result<Delivery, StoreError> {
    let sql = Sql::new(format!(
        "SELECT {DELIVERY_COLUMNS} FROM deliveries JOIN events ON events.id = deliveries.event
         WHERE deliveries.id = $1"
    ));
    let row = tx.first(sql.bind(row.text("id")?)).await?;
    delivery_from(&row.ok_or_else(|| StoreError::BadRow("event".into()))?)
}

async fn note(tx: &mut Tx, id: WebhookId, fares: Fares) -> Result<(), StoreError> {
    let sql = Sql::new("UPDATE webhooks SET failing_since = $2 WHERE id = $1");
    tx.run(sql.bind(id).bind(fares.failing_since)).await?;
    let Some(reason) = fares.disabled else { return Ok(()) };
    let sql = "UPDATE webhooks SET active = 0, disabled_reason = $2 WHERE id = $1";
    tx.run(Sql::new(sql).bind(id).bind(reason)).await?;
    // What waits for it can be recovered when it works again.
    let sql = "UPDATE deliveries SET state = $2, next_at = NULL
               WHERE webhook = $1 AND next_at IS NOT NULL";
    tx.run(Sql::new(sql).bind(id).bind(word(&DeliveryState::Failed))).await?;
    Ok(())
}
