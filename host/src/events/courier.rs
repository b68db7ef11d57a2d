//! Brings one event to its endpoint by HTTP.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;

use super::address::{Allowed, PublicOnly};
use crate::config::Webhooks as Settings;

/// An endpoint has so long to answer.
const ANSWER_MAX: Duration = Duration::from_secs(10);

#[async_trait]
pub trait Courier: Send + Sync + 'static {
    /// The status of the answer, or why there is none.
    async fn post(&self, url: &str, headers: HeaderMap, body: String) -> Result<u16, String>;
}

/// Public addresses only, unless the settings allow others.
pub struct HttpCourier {
    allowed: Arc<Allowed>,
    client: reqwest::Client,
}

impl HttpCourier {
    pub fn new(settings: &Settings) -> anyhow::Result<HttpCourier> {
        let allowed = Arc::new(settings.allowed()?);
        crate::tls::install();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(ANSWER_MAX)
            .no_proxy()
            .dns_resolver(Arc::new(PublicOnly(allowed.clone())))
            .build()?;
        Ok(HttpCourier { allowed, client })
    }

    /// A URL that names its address leads past the resolver.
    fn permits(&self, url: &str) -> bool {
        let url = reqwest::Url::parse(url).ok();
        let host = url.as_ref().and_then(reqwest::Url::host_str).unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        address.map_or(true, |address| self.allowed.permits(address))
    }
}

#[async_trait]
impl Courier for HttpCourier {
    async fn post(&self, url: &str, headers: HeaderMap, body: String) -> Result<u16, String> {
        if !self.permits(url) {
            return Err("its address may not be reached: it is not public".into());
        }
        let sent = self.client.post(url).headers(headers).body(body).send().await;
        // The status is the answer; whatever else the endpoint has to say is not read.
        sent.map(|answer| answer.status().as_u16()).map_err(|error| causes(&error.without_url()))
    }
}

/// An error with what lies behind it: "error sending request" alone helps nobody.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}
