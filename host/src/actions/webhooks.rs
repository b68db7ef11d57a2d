//! Endpoints for events.

use std::time::Duration;

use call::delivery::ROTATION_GRACE_SECS;
use domain::{DeliveryId, EventId, Time, WebhookId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::check::Check;
use super::{ActionError, Caller, Paged, Server};
use crate::events::{payload, signing};
use crate::store::{Delivery, Scope, Try, Webhook};

const ENDPOINTS_MAX: usize = 100;

/// Every event that there is, or will be once its part of the product is there.
pub const EVENT_TYPES: [&str; 18] = [
    "call.queued",
    "call.attempting",
    "call.connected",
    "call.completed",
    "call.attempt_failed",
    "call.needs_follow_up",
    "call.exhausted",
    "call.callback_received",
    "call.channel_switched",
    "call.dnc_requested",
    "call.failed",
    "call.cancelled",
    "batch.completed",
    "sms.sent",
    "sms.received",
    "sms.schedule_extracted",
    "sms.dnc_detected",
    "balance.warning",
];

/// The body of `POST /v1/webhooks`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWebhook {
    #[schema(example = "https://myapp.com/webhooks/agenticcalling")]
    pub url: String,
    /// All events if left out or empty.
    #[schema(example = json!(["call.completed", "call.exhausted"]))]
    pub event_types: Option<Vec<String>>,
    /// Makes the request safe to repeat.
    #[schema(example = "my-webhook-v1", max_length = 255)]
    pub client_id: Option<String>,
    /// Only events of this pod.
    pub pod_id: Option<String>,
}

/// The body of `PATCH /v1/webhooks/{id}`: what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeWebhook {
    pub url: Option<String>,
    pub event_types: Option<Vec<String>>,
    /// True switches an endpoint on again that was switched off.
    pub is_active: Option<bool>,
}

const UNKNOWN: ActionError = ActionError::NotFound("there is no such webhook");

impl Server {
    /// True beside an endpoint that was made just now.
    pub async fn create_webhook(
        &self,
        caller: &Caller,
        request: CreateWebhook,
        now: Time,
    ) -> Result<(Webhook, bool), ActionError> {
        let mut check = Check::default();
        let pod = check.pod(request.pod_id.as_deref(), caller.pod.as_deref());
        check.client_id(request.client_id.as_deref());
        check.webhook("url", Some(&request.url), &self.config.webhooks);
        let event_types = request.event_types.unwrap_or_default();
        check_types(&mut check, &event_types);
        check.done()?;
        let scope = Scope { pod, ..caller.scope() };
        let known = self.store.webhooks(&scope).await?;
        let replayed = request.client_id.is_some()
            && known.iter().any(|one| one.client_id == request.client_id);
        if known.len() >= ENDPOINTS_MAX && !replayed {
            let detail = format!("there are {ENDPOINTS_MAX} webhooks already: delete one first");
            return Err(ActionError::Conflict(detail));
        }
        let wanted = Webhook {
            id: WebhookId::new(now, crate::clock::random()),
            org: scope.org,
            mode: scope.mode,
            pod: scope.pod,
            url: request.url,
            event_types,
            client_id: request.client_id,
            secret: signing::new_secret(),
            previous_secret: None,
            previous_until: None,
            active: true,
            disabled_reason: None,
            failing_since: None,
            created_at: now,
        };
        let made = self.store.insert_webhook(&wanted).await?;
        let is_new = made.id == wanted.id;
        Ok((made, is_new))
    }

    pub async fn webhook(&self, caller: &Caller, id: &str) -> Result<Webhook, ActionError> {
        let id: WebhookId = id.parse().map_err(|_| UNKNOWN)?;
        self.store.webhook(&caller.scope(), id).await?.ok_or(UNKNOWN)
    }

    pub async fn webhooks(&self, caller: &Caller) -> Result<Vec<Webhook>, ActionError> {
        Ok(self.store.webhooks(&caller.scope()).await?)
    }

    pub async fn change_webhook(
        &self,
        caller: &Caller,
        id: &str,
        change: ChangeWebhook,
    ) -> Result<Webhook, ActionError> {
        let mut webhook = self.webhook(caller, id).await?;
        let mut check = Check::default();
        if let Some(url) = change.url {
            check.webhook("url", Some(&url), &self.config.webhooks);
            webhook.url = url;
        }
        if let Some(types) = change.event_types {
            check_types(&mut check, &types);
            webhook.event_types = types;
        }
        check.done()?;
        if let Some(active) = change.is_active {
            webhook.active = active;
            webhook.disabled_reason = (!active).then(|| "switched off by request".to_owned());
            webhook.failing_since = None;
        }
        self.write_webhook(webhook).await
    }

    pub async fn delete_webhook(&self, caller: &Caller, id: &str) -> Result<(), ActionError> {
        let id: WebhookId = id.parse().map_err(|_| UNKNOWN)?;
        let deleted = self.store.delete_webhook(&caller.scope(), id).await?;
        if deleted { Ok(()) } else { Err(UNKNOWN) }
    }

    /// A new secret; the old one signs on beside it for a day.
    pub async fn rotate_secret(
        &self,
        caller: &Caller,
        id: &str,
        now: Time,
    ) -> Result<Webhook, ActionError> {
        let mut webhook = self.webhook(caller, id).await?;
        let fresh = signing::new_secret();
        webhook.previous_secret = Some(std::mem::replace(&mut webhook.secret, fresh));
        webhook.previous_until = Some(now + Duration::from_secs(ROTATION_GRACE_SECS));
        self.write_webhook(webhook).await
    }

    /// Sends an event of no consequence, the usual way.
    pub async fn test_webhook(
        &self,
        caller: &Caller,
        id: &str,
        now: Time,
    ) -> Result<EventId, ActionError> {
        let webhook = self.active_webhook(caller, id).await?;
        let event = payload::webhook_test(&webhook, now);
        let event_id = event.id;
        let scope = Scope { org: webhook.org, mode: webhook.mode, pod: webhook.pod.clone() };
        self.store.insert_events(&scope, vec![event], now).await?;
        self.store.redeliver(&scope, &webhook, event_id, now).await?;
        self.hub.written();
        Ok(event_id)
    }

    pub async fn deliveries(
        &self,
        caller: &Caller,
        id: &str,
        limit: Option<u32>,
        page_token: Option<&str>,
    ) -> Result<Paged<(Delivery, Vec<Try>)>, ActionError> {
        let webhook = self.webhook(caller, id).await?;
        let mut check = Check::default();
        let limit = check.limit(limit);
        check.done()?;
        let asked = self.asked(limit, page_token, format!("deliveries\n{}", webhook.id))?;
        let after = asked.after.as_deref().and_then(|place| place.parse::<DeliveryId>().ok());
        let scope = caller.scope();
        let found = self.store.deliveries(&scope, webhook.id, after, asked.to_read()).await?;
        Ok(self.paged(&asked, found, |(last, _)| last.id.to_string()))
    }

    pub async fn redeliver(
        &self,
        caller: &Caller,
        id: &str,
        event: &str,
        now: Time,
    ) -> Result<EventId, ActionError> {
        let webhook = self.active_webhook(caller, id).await?;
        let unknown = ActionError::NotFound("there is no such event; events are kept for 7 days");
        let Ok(event) = event.parse::<EventId>() else { return Err(unknown) };
        let scope = Scope { pod: webhook.pod.clone(), ..caller.scope() };
        if !self.store.redeliver(&scope, &webhook, event, now).await? {
            return Err(unknown);
        }
        self.hub.written();
        Ok(event)
    }

    /// Sends everything that failed since then once more; how many events.
    pub async fn recover(
        &self,
        caller: &Caller,
        id: &str,
        since: &str,
        now: Time,
    ) -> Result<u64, ActionError> {
        let webhook = self.active_webhook(caller, id).await?;
        let mut check = Check::default();
        let since = check.time("since", since);
        check.done()?;
        let since = since.unwrap_or(now);
        let count = self.store.recover(&caller.scope(), &webhook, since, now).await?;
        self.hub.written();
        Ok(count)
    }

    async fn active_webhook(&self, caller: &Caller, id: &str) -> Result<Webhook, ActionError> {
        let webhook = self.webhook(caller, id).await?;
        if !webhook.active {
            let detail = "this webhook is switched off: switch it on first (`is_active`: true)";
            return Err(ActionError::Conflict(detail.into()));
        }
        Ok(webhook)
    }

    async fn write_webhook(&self, webhook: Webhook) -> Result<Webhook, ActionError> {
        match self.store.update_webhook(&webhook).await? {
            true => Ok(webhook),
            false => Err(UNKNOWN),
        }
    }
}

fn check_types(check: &mut Check, types: &[String]) {
    for (index, kind) in types.iter().enumerate() {
        if !EVENT_TYPES.contains(&kind.as_str()) {
            let known = EVENT_TYPES.join(", ");
            check.wrong(&format!("event_types[{index}]"), format!("must be one of {known}"));
        }
    }
    if types.len() > EVENT_TYPES.len() {
        check.wrong("event_types", "names a type more than once");
    }
}
