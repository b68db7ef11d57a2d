//! Rate limits on the wire: which limit a request falls under, and the headers that tell of it.

use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::actions::{Admitted, Quota, seconds};

static LIMIT: HeaderName = HeaderName::from_static("ratelimit");
static POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

pub(super) fn quota(parts: &Parts) -> Quota {
    let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    match (&parts.method, route) {
        (&Method::GET | &Method::HEAD, _) => Quota::Reads,
        (_, Some("/v1/calls")) => Quota::Calls,
        (_, Some("/v1/calls/batch")) => Quota::Batches,
        _ => Quota::Writes,
    }
}

/// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers).
pub(super) fn show(admitted: &Admitted, headers: &mut HeaderMap) {
    let Admitted { quota, limit, remaining, resets } = admitted;
    let name = quota.as_str();
    let policy = format!("\"{name}\";q={limit};w={}", call::rate::WINDOW.as_secs());
    let left = format!("\"{name}\";r={remaining};t={}", seconds(*resets));
    for (header, value) in [(&POLICY, policy), (&LIMIT, left)] {
        let value = HeaderValue::from_str(&value).expect("words and numbers are plain ASCII");
        headers.insert(header.clone(), value);
    }
}
