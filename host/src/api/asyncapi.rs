//! The AsyncAPI document: what the live stream tells.

use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../asyncapi.json");

/// With the address of this server, as far as that is known.
pub(super) fn document(base_url: Option<&str>) -> Value {
    let mut document: Value = serde_json::from_str(DOCUMENT).expect("it is JSON, as a test shows");
    let url = base_url.and_then(|url| reqwest::Url::parse(url).ok());
    if let Some((url, host)) = url.as_ref().and_then(|url| Some((url, url.host_str()?))) {
        let protocol = if url.scheme() == "https" { "wss" } else { "ws" };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let path = url.path().trim_end_matches('/');
        document["servers"] = json!({
            "this": {"host": format!("{host}{port}"), "protocol": protocol, "pathname": path}
        });
    }
    document
}
