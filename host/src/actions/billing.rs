//! Subscriptions: how they are bought and managed at Stripe, and the plan they give.

use domain::{OrgId, Time};
use serde::Deserialize;
use utoipa::ToSchema;

use super::check::Check;
use super::{ActionError, Caller, Server};
use crate::store::{Mode, Organization};
use crate::stripe::{Event, Stripe, StripeError, Subscription, is_signed};

/// The name under which Stripe keeps the organization of a subscription.
const ORG: &str = "org_id";

/// The body of `POST /v1/auth/checkout`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Checkout {
    /// Stripe's id of a price that this server sells.
    #[schema(example = "price_1QabcdEFGHijkl")]
    pub price_id: String,
    #[schema(example = "https://myapp.com/billing/done")]
    pub success_url: String,
    #[schema(example = "https://myapp.com/billing")]
    pub cancel_url: String,
}

/// The body of `POST /v1/auth/billing-portal`; it may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// Where the portal's way back leads.
    #[schema(example = "https://myapp.com/billing")]
    pub return_url: Option<String>,
}

impl Server {
    /// Where to send somebody who wants to subscribe. The plan holds once Stripe says so.
    pub async fn checkout(
        &self,
        caller: &Caller,
        request: Checkout,
    ) -> Result<String, ActionError> {
        let stripe = self.stripe()?;
        let mut check = Check::default();
        if !self.config.stripe.prices.contains_key(&request.price_id) {
            check.wrong("price_id", "there is no such price on this server");
        }
        check.page("success_url", &request.success_url);
        check.page("cancel_url", &request.cancel_url);
        check.done()?;
        let org = self.paying(caller).await?;
        let id = org.id.to_string();
        let who = match &org.stripe_customer {
            Some(customer) => ("customer", customer.as_str()),
            None => ("customer_email", org.email.as_str()),
        };
        let form = [
            ("mode", "subscription"),
            ("line_items[0][price]", &request.price_id),
            ("line_items[0][quantity]", "1"),
            ("success_url", &request.success_url),
            ("cancel_url", &request.cancel_url),
            ("client_reference_id", &id),
            ("metadata[org_id]", &id),
            ("subscription_data[metadata][org_id]", &id),
            who,
        ];
        let session = stripe.checkout(&form).await?;
        session.url.ok_or_else(|| StripeError::Unclear("a session without a URL".into()).into())
    }

    /// Where to send somebody who wants to change or end the subscription.
    pub async fn portal(&self, caller: &Caller, request: Portal) -> Result<String, ActionError> {
        let stripe = self.stripe()?;
        let mut check = Check::default();
        if let Some(url) = &request.return_url {
            check.page("return_url", url);
        }
        check.done()?;
        let org = self.paying(caller).await?;
        let Some(customer) = org.stripe_customer.as_deref() else {
            let detail =
                "there is no subscription to manage yet: buy one with POST /v1/auth/checkout";
            return Err(ActionError::Conflict(detail.into()));
        };
        let back = request.return_url.or_else(|| self.config.base_url.clone());
        let mut form = vec![("customer", customer)];
        form.extend(back.as_deref().map(|url| ("return_url", url)));
        let session = stripe.portal(&form).await?;
        session.url.ok_or_else(|| StripeError::Unclear("a session without a URL".into()).into())
    }

    /// What Stripe says has happened. The subscription is read anew: events come in any order, and
    /// more than once.
    pub async fn stripe_event(
        &self,
        signature: &str,
        body: &[u8],
        now: Time,
    ) -> Result<(), ActionError> {
        let stripe = self.stripe()?;
        let Some(secret) = &self.config.stripe.webhook_secret else {
            return Err(not_configured("stripe.webhook_secret"));
        };
        if !is_signed(signature, body, secret, now) {
            let detail = "the signature is not Stripe's, or too old";
            return Err(ActionError::Forbidden(detail));
        }
        let event: Event = serde_json::from_slice(body)
            .map_err(|error| ActionError::invalid("", error.to_string()))?;
        tracing::info!(event = event.id, kind = event.kind, "an event of Stripe's");
        let Some(id) = event.subscription() else { return Ok(()) };
        let subscription = stripe.subscription(id).await?;
        self.follow(&subscription).await
    }

    async fn follow(&self, subscription: &Subscription) -> Result<(), ActionError> {
        let org = subscription.metadata.get(ORG).and_then(|id| id.parse::<OrgId>().ok());
        let org = match org {
            Some(id) => self.store.organization(id).await?,
            None => None,
        };
        let Some(org) = org else {
            tracing::warn!(subscription = subscription.id, "a subscription of nobody here");
            return Ok(());
        };
        let prices = &self.config.stripe.prices;
        let sold = subscription.items.data.iter().find_map(|item| prices.get(&item.price.id));
        let rests_on_it = org.stripe_subscription.as_deref() == Some(&subscription.id);
        let (plan, kept) = match sold {
            Some(plan) if subscription.is_good() => (plan.as_str(), Some(subscription.id.as_str())),
            // One that was followed by another ends without consequences.
            _ if rests_on_it => (self.config.plans.default.as_str(), None),
            _ => return Ok(()),
        };
        self.store.set_subscription(org.id, &subscription.customer, kept, plan).await?;
        tracing::info!(org = %org.id, plan, "a subscription changed a plan");
        // Calls that waited for money may go on.
        self.live.wake.notify_one();
        Ok(())
    }

    fn stripe(&self) -> Result<&Stripe, ActionError> {
        self.stripe.as_ref().ok_or_else(|| not_configured("stripe.secret_key"))
    }

    async fn paying(&self, caller: &Caller) -> Result<Organization, ActionError> {
        if caller.mode == Mode::Test || caller.pod.is_some() {
            let detail = "plans hold for the whole organization: use one of its live keys";
            return Err(ActionError::Forbidden(detail));
        }
        self.organization(caller).await
    }
}

fn not_configured(key: &str) -> ActionError {
    let detail = format!("this server sells no subscriptions: `{key}` is not configured");
    ActionError::Unavailable { code: "stripe_not_configured", detail }
}

impl From<StripeError> for ActionError {
    fn from(error: StripeError) -> Self {
        tracing::error!(%error, "Stripe did not do its part");
        ActionError::Upstream { code: "stripe_failed", detail: error.to_string() }
    }
}
