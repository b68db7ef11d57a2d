//! Stripe, as far as subscriptions need it: checkout, the billing portal, and signed events.
//!
//! Requests are form-encoded and pin the version of the API (see `VERSION`). What is not here: which
//! plan a subscription gives (`actions::billing`).

use std::collections::BTreeMap;
use std::time::Duration;

use domain::Time;
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::events::signing;

const VERSION: &str = "2026-06-24.dahlia";
const ANSWER_MAX: Duration = Duration::from_secs(20);
const TRIES_MAX: u32 = 3;
const RETRY_AFTER: Duration = Duration::from_millis(500);
/// An event whose signature is older is refused (Stripe's own default).
const TOLERANCE: Duration = Duration::from_secs(300);

#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StripeConfig {
    /// `sk_live_…`, `sk_test_…` or a restricted `rk_…`.
    #[serde(skip_serializing)]
    pub secret_key: Option<String>,
    /// `whsec_…` of the endpoint `/v1/billing/stripe`.
    #[serde(skip_serializing)]
    pub webhook_secret: Option<String>,
    pub base_url: String,
    /// The plan that each price gives.
    pub prices: BTreeMap<String, String>,
}

impl Default for StripeConfig {
    fn default() -> Self {
        StripeConfig {
            secret_key: None,
            webhook_secret: None,
            base_url: "https://api.stripe.com".into(),
            prices: BTreeMap::new(),
        }
    }
}

impl std::fmt::Debug for StripeConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StripeConfig {{ base_url: {:?}, prices: {:?} }}", self.base_url, self.prices)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum StripeError {
    #[error("Stripe did not answer: {0}")]
    Unreachable(String),
    /// In Stripe's own words.
    #[error("Stripe refused the request ({status}): {message}")]
    Refused { status: u16, message: String },
    #[error("Stripe's answer was not understood: {0}")]
    Unclear(String),
}

/// A client with a key.
pub struct Stripe {
    http: reqwest::Client,
    base_url: String,
    secret_key: String,
}

/// A page of Stripe's that a person is sent to.
#[derive(Debug, Deserialize)]
pub struct Session {
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Subscription {
    pub id: String,
    pub status: String,
    /// An id, for nothing is asked to be expanded.
    pub customer: String,
    pub items: Items,
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Items {
    pub data: Vec<Item>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Item {
    pub price: Price,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Price {
    pub id: String,
}

impl Subscription {
    /// A payment that is late does not end a subscription: Stripe tries again for a while.
    #[must_use]
    pub fn is_good(&self) -> bool {
        ["trialing", "active", "past_due"].contains(&self.status.as_str())
    }
}

/// What Stripe says of an event. What the event is about is read anew, for events come in any order.
#[derive(Debug, Deserialize)]
pub struct Event {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub data: EventData,
}

#[derive(Debug, Deserialize)]
pub struct EventData {
    pub object: EventObject,
}

#[derive(Debug, Deserialize)]
pub struct EventObject {
    pub id: String,
    /// Of a checkout session.
    #[serde(default)]
    pub subscription: Option<String>,
}

impl Event {
    /// The subscription that may have changed.
    #[must_use]
    pub fn subscription(&self) -> Option<&str> {
        let object = &self.data.object;
        match self.kind.as_str() {
            "checkout.session.completed" | "checkout.session.async_payment_succeeded" => {
                object.subscription.as_deref()
            }
            kind if kind.starts_with("customer.subscription.") => Some(&object.id),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct Failure {
    error: FailureWords,
}

#[derive(Deserialize)]
struct FailureWords {
    message: Option<String>,
}

impl Stripe {
    /// `None` without a key.
    pub fn new(config: &StripeConfig) -> anyhow::Result<Option<Stripe>> {
        let Some(secret_key) = config.secret_key.clone() else { return Ok(None) };
        crate::tls::install();
        let http = reqwest::Client::builder()
            .timeout(ANSWER_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let base_url = config.base_url.trim_end_matches('/').to_owned();
        Ok(Some(Stripe { http, base_url, secret_key }))
    }

    pub async fn checkout(&self, form: &[(&str, &str)]) -> Result<Session, StripeError> {
        self.ask(Method::POST, "/v1/checkout/sessions", form).await
    }

    pub async fn portal(&self, form: &[(&str, &str)]) -> Result<Session, StripeError> {
        self.ask(Method::POST, "/v1/billing_portal/sessions", form).await
    }

    pub async fn subscription(&self, id: &str) -> Result<Subscription, StripeError> {
        let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
        self.ask(Method::GET, &format!("/v1/subscriptions/{id}"), &[]).await
    }

    /// Tries again where Stripe may not have done it, under one key, so that it is done once.
    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<T, StripeError> {
        let once = format!("{:032x}", crate::clock::random());
        let mut tried = 1;
        loop {
            let answer = self.try_once(method.clone(), path, form, &once).await;
            let again = match &answer {
                Err(StripeError::Unreachable(_)) => true,
                Err(StripeError::Refused { status, .. }) => *status == 409 || *status >= 500,
                _ => false,
            };
            if !again || tried == TRIES_MAX {
                return answer;
            }
            tokio::time::sleep(RETRY_AFTER * tried).await;
            tried += 1;
        }
    }

    async fn try_once<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
        once: &str,
    ) -> Result<T, StripeError> {
        let url = format!("{}{path}", self.base_url);
        let mut request = self
            .http
            .request(method.clone(), url)
            .bearer_auth(&self.secret_key)
            .header("stripe-version", VERSION);
        if method == Method::POST {
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
            request = request
                .header("idempotency-key", once)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body);
        }
        let unreachable =
            |error: reqwest::Error| StripeError::Unreachable(error.without_url().to_string());
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let body = response.bytes().await.map_err(unreachable)?;
        if status != StatusCode::OK {
            let words = serde_json::from_slice::<Failure>(&body).ok();
            let message = words.and_then(|failure| failure.error.message).unwrap_or_default();
            return Err(StripeError::Refused { status: status.as_u16(), message });
        }
        serde_json::from_slice(&body).map_err(|error| StripeError::Unclear(error.to_string()))
    }
}

/// Whether Stripe signed this body with the endpoint's secret, not long ago.
#[must_use]
pub fn is_signed(header: &str, body: &[u8], secret: &str, now: Time) -> bool {
    let mut stamp = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", text)) => stamp = text.parse::<i64>().ok(),
            Some(("v1", signature)) => signatures.push(signature),
            // v0 and whatever may come is not ours to judge by.
            _ => {}
        }
    }
    let Some(stamp) = stamp else { return false };
    if now.since(Time::from_secs(stamp)) > TOLERANCE {
        return false;
    }
    let signed = [format!("{stamp}.").as_bytes(), body].concat();
    let expected = signing::of_body(secret, &signed);
    signatures.iter().any(|signature| {
        subtle::ConstantTimeEq::ct_eq(signature.as_bytes(), expected.as_bytes()).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_checked_by_the_published_rule() {
        let body = br#"{"id":"evt_test","object":"event"}"#;
        let right = "691252e266ce41cb94d709c84e9580d4172b117a510bbc81723f657d2cd5d215";
        let wrong = right.replace('6', "7");
        let at = |secs: i64| Time::from_secs(1_492_774_577 + secs);
        let table = [
            (format!("t=1492774577,v1={right}"), at(0), true),
            (format!("t=1492774577,v1={right}"), at(300), true),
            (format!("t=1492774577,v1={right}"), at(301), false),
            (format!("t=1492774577,v1={right}"), at(-60), true),
            (format!("t=1492774577,v1={wrong}"), at(0), false),
            (format!("t=1492774577,v1={wrong},v1={right}"), at(0), true),
            (format!("t=1492774577,v0={right}"), at(0), false),
            (format!("t=1492774578,v1={right}"), at(0), false),
            (format!("v1={right}"), at(0), false),
            ("t=x,v1".into(), at(0), false),
            (String::new(), at(0), false),
        ];
        for (header, now, expected) in table {
            assert_eq!(is_signed(&header, body, "whsec_test_secret", now), expected, "{header}");
        }
    }
}
