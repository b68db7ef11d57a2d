//! Bodies and queries: whatever is wrong with them gets an answer that names the field.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use super::ApiError;
use crate::actions::{ActionError, Server};

/// A body as it came.
pub(super) struct Raw(pub Bytes);

impl FromRequest<Arc<Server>> for Raw {
    type Rejection = ApiError;

    /// All of it, in time: who sends a byte now and then holds a place that others need.
    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, ApiError> {
        let whole = Bytes::from_request(request, server);
        in_time(server, whole).await?.map(Raw).map_err(unreadable)
    }
}

pub(super) async fn in_time<T>(
    server: &Server,
    reading: impl Future<Output = T>,
) -> Result<T, ApiError> {
    let limit = Duration::from_secs(server.config.limits.body_secs);
    tokio::time::timeout(limit, reading).await.map_err(|_| ApiError::too_slow())
}

/// A JSON body.
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Server>> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, server: &Arc<Server>) -> Result<Self, ApiError> {
        let kind = media_type(request.headers());
        let Raw(bytes) = Raw::from_request(request, server).await?;
        json(&kind, &bytes).map(Body)
    }
}

/// Without its parameters; empty where none is said.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(super) fn json<T: DeserializeOwned>(kind: &str, bytes: &[u8]) -> Result<T, ApiError> {
    let is_json = kind == "application/json" || kind.ends_with("+json");
    if !(is_json || kind.is_empty() && bytes.is_empty()) {
        return Err(ApiError::media_type());
    }
    // An empty body is an empty object: every field of it may be optional.
    parse(if bytes.is_empty() { b"{}" } else { bytes })
}

fn unreadable(rejection: BytesRejection) -> ApiError {
    if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::too_large();
    }
    ActionError::invalid("", "could not be read").into()
}

fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, ApiError> {
    // What is no JSON is wrong as a whole, whichever field it was that the reader stopped at.
    serde_json::from_slice::<serde::de::IgnoredAny>(text)
        .map_err(|error| ApiError::from(ActionError::invalid("", message(&error))))?;
    // Lists would be taken for objects whose fields come in order.
    if text.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(ActionError::invalid("", "must be a JSON object").into());
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        named(path, &message(error.inner()))
    })
}

/// serde's words without its line and column, which mean nothing in a body without lines.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    let words = &text[..end];
    if error.is_data() { words.to_owned() } else { format!("is not valid JSON: {words}") }
}

/// A field that is missing, unknown or repeated stands in serde's words, not in its path.
fn named(path: String, words: &str) -> ApiError {
    let path = if path == "." { String::new() } else { path };
    for (start, instead) in [
        ("missing field `", "is required"),
        ("unknown field `", "is not known here: see /v1/openapi.json"),
        ("duplicate field `", "is given more than once"),
    ] {
        let name = words.strip_prefix(start).and_then(|rest| rest.split('`').next());
        let Some(name) = name else { continue };
        let whole = path == name || path.ends_with(&format!(".{name}"));
        let field = match path.as_str() {
            _ if whole => path,
            "" => name.to_owned(),
            _ => format!("{path}.{name}"),
        };
        return ActionError::invalid(&field, instead).into();
    }
    ActionError::invalid(&path, words).into()
}

/// A query string.
pub(super) struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        query(parts.uri.query().unwrap_or_default()).map(Params)
    }
}

pub(crate) fn query<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let pairs = form_urlencoded::parse(text.as_bytes());
    let reader = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        named(path, &error.inner().to_string())
    })
}

/// Whether `?include=` asks for the one thing that can be added.
pub(super) fn included(wanted: Option<&str>, known: &str) -> Result<bool, ApiError> {
    match wanted {
        None => Ok(false),
        Some(wanted) if wanted == known => Ok(true),
        Some(_) => Err(ActionError::invalid("include", format!("can only be `{known}`")).into()),
    }
}
