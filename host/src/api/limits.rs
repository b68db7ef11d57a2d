//! Rate limits on the wire: which limit a request falls under, and the headers that tell of it.

use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use utoipa::openapi::{Content, ObjectBuilder, Ref, Type};
use utoipa::openapi::{HeaderBuilder, OpenApi, PathItem, RefOr, ResponseBuilder};

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

/// Adds to every operation that wants a key the answer of one that came too often.
pub(super) fn document(document: &mut OpenApi) {
    let retry_after = HeaderBuilder::new()
        .description(Some("Seconds until the request is admitted"))
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
        .build();
    let body = Content::new(Some(RefOr::Ref(Ref::from_schema_name("ErrorBody"))));
    let limited = ResponseBuilder::new()
        .description("Too many requests within a minute")
        .header("Retry-After", retry_after)
        .content("application/json", body)
        .build();
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            if operation.security.is_some() || path == "/v1/auth/register" {
                let responses = &mut operation.responses.responses;
                responses.insert("429".into(), limited.clone().into());
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut utoipa::openapi::path::Operation> {
    let PathItem { get, post, put, patch, delete, .. } = item;
    [get, post, put, patch, delete].into_iter().flatten()
}
