//! Events, written with what causes them, and with them a delivery for every endpoint that wants one.

use async_trait::async_trait;
use domain::{DeliveryId, EventId, OrgId, Time, WebhookId};

use super::rows::{event_from, webhook_from, word};
use super::{SqlStore, push_scope};
use crate::store::db::{ROWS_MAX, Sql, Tx};
use crate::store::{
    DeliveryState, EventDraft, EventFilter, EventRecord, Events, Mode, Scope, StoreError,
    WEBHOOK_TEST, Webhook,
};

#[async_trait]
impl Events for SqlStore {
    async fn events(
        &self,
        scope: &Scope,
        filter: &EventFilter,
        after: Option<EventId>,
        limit: u32,
    ) -> Result<Vec<EventRecord>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM events WHERE ");
        push_scope(&mut sql, scope);
        if let Some(call) = filter.call {
            sql.push_bind(" AND call = ", call);
        }
        if let Some(batch) = filter.batch {
            sql.push_bind(" AND batch = ", batch);
        }
        if let Some(since) = filter.since {
            sql.push_bind(" AND created_at >= ", since);
        }
        if let Some(after) = after {
            sql.push_bind(" AND sequence > (SELECT sequence FROM events WHERE id = ", after);
            sql.push(")");
        }
        sql.push_bind(" ORDER BY sequence LIMIT ", limit);
        self.db.all(sql).await?.iter().map(event_from).collect()
    }

    async fn event(&self, scope: &Scope, id: EventId) -> Result<Option<EventRecord>, StoreError> {
        let mut sql = Sql::new("SELECT * FROM events WHERE ");
        push_scope(&mut sql, scope);
        sql.push_bind(" AND id = ", id);
        self.db.first(sql).await?.as_ref().map(event_from).transpose()
    }

    async fn insert_events(
        &self,
        scope: &Scope,
        events: Vec<EventDraft>,
        now: Time,
    ) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        insert_events(&mut tx, scope, &events, now).await?;
        tx.commit().await
    }

    async fn purge_events(&self, before: Time, limit: u32) -> Result<u64, StoreError> {
        let sql = Sql::new(
            "DELETE FROM events WHERE id IN (
                 SELECT id FROM events WHERE created_at < $1 AND NOT EXISTS (
                     SELECT 1 FROM deliveries WHERE deliveries.event = events.id
                       AND deliveries.next_at IS NOT NULL)
                 ORDER BY created_at LIMIT $2)",
        );
        self.db.run(sql.bind(before).bind(limit)).await
    }
}

/// In the order of the drafts. The lock makes the order of their numbers that of their commits, so
/// that whoever reads on after the last number it saw misses nothing.
pub(super) async fn insert_events(
    tx: &mut Tx,
    scope: &Scope,
    events: &[EventDraft],
    now: Time,
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    tx.lock(&format!("events {}", scope.org)).await?;
    let endpoints = endpoints(tx, scope).await?;
    for events in events.chunks(ROWS_MAX) {
        insert_rows(tx, scope, events, now).await?;
    }
    for event in events {
        for (webhook, url) in targets(&endpoints, event) {
            deliver(tx, scope.org, scope.mode, event.id, webhook, url, now).await?;
        }
    }
    Ok(())
}

async fn insert_rows(
    tx: &mut Tx,
    scope: &Scope,
    events: &[EventDraft],
    now: Time,
) -> Result<(), StoreError> {
    let mut sql = Sql::new(
        "INSERT INTO events (id, org, mode, pod, call, batch, event_type, payload, created_at)",
    );
    sql.push_rows(events.iter().map(|event| {
        vec![
            event.id.into(),
            scope.org.into(),
            word(&scope.mode).into(),
            scope.pod.as_deref().into(),
            event.call.into(),
            event.batch.into(),
            event.event_type.as_str().into(),
            event.payload.to_string().into(),
            now.into(),
        ]
    }));
    tx.run(sql).await?;
    Ok(())
}

/// The active endpoints that see this scope: those of its pod and those of the whole organization.
async fn endpoints(tx: &mut Tx, scope: &Scope) -> Result<Vec<Webhook>, StoreError> {
    let sql = Sql::new(
        "SELECT * FROM webhooks WHERE org = $1 AND mode = $2 AND active = 1
           AND (pod IS NULL OR pod = $3) ORDER BY id",
    );
    let sql = sql.bind(scope.org).bind(word(&scope.mode)).bind(scope.pod.as_deref());
    tx.all(sql).await?.iter().map(webhook_from).collect()
}

/// Where an event goes: every endpoint that wants its type, and the URL of the call itself unless that
/// is one of them.
fn targets<'a>(
    endpoints: &'a [Webhook],
    event: &'a EventDraft,
) -> Vec<(Option<WebhookId>, &'a str)> {
    let mut targets: Vec<(Option<WebhookId>, &str)> = Vec::new();
    if event.event_type == WEBHOOK_TEST {
        return targets;
    }
    for endpoint in endpoints {
        let wanted =
            endpoint.event_types.is_empty() || endpoint.event_types.contains(&event.event_type);
        let own = event.url.as_ref() == Some(&endpoint.url);
        if wanted || own {
            targets.push((Some(endpoint.id), &endpoint.url));
        }
    }
    if let Some(url) = &event.url
        && !targets.iter().any(|(_, known)| known == url)
    {
        targets.push((None, url));
    }
    targets
}

pub(super) async fn deliver(
    tx: &mut Tx,
    org: OrgId,
    mode: Mode,
    event: EventId,
    webhook: Option<WebhookId>,
    url: &str,
    now: Time,
) -> Result<(), StoreError> {
    let target = match webhook {
        Some(webhook) => webhook.to_string(),
        None => format!("{org} {}", origin(url)),
    };
    let sql = Sql::new(
        "INSERT INTO deliveries (id, event, org, mode, webhook, url, target, state, attempts,
                                 next_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9)",
    )
    .bind(DeliveryId::new(now, crate::clock::random()))
    .bind(event)
    .bind(org)
    .bind(word(&mode))
    .bind(webhook)
    .bind(url)
    .bind(target)
    .bind(word(&DeliveryState::Pending))
    .bind(now);
    tx.run(sql).await?;
    Ok(())
}

/// Scheme, host and port: what hangs or fails together.
fn origin(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let rest = &url[after_scheme..];
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    &url[..after_scheme + host]
}
