//! `Idempotency-Key` on every POST that needs a key, and `ETag` on every document that is read.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use super::body::in_time;
use super::{ApiError, App, IMPORT_BYTES_MAX, error};
use crate::actions::{ActionError, Begun, Caller, Saved, Server};

static KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub(super) static REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// The largest documents are batches of a thousand calls.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Nobody is known there to whom an answer could belong.
const OPEN: [&str; 2] = ["/v1/auth/register", "/v1/billing/stripe"];

pub(super) async fn once(
    State(server): App,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let known = route.is_some_and(|route| !OPEN.contains(&route));
    let Some(key) =
        request.headers().get(&KEY).filter(|_| request.method() == Method::POST && known)
    else {
        return Ok(next.run(request).await);
    };
    // What is not text cannot be a good key either, and is refused as one.
    let key = key.to_str().unwrap_or_default().to_owned();
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, &server).await?;
    let body = in_time(&server, to_bytes(body, IMPORT_BYTES_MAX)).await?;
    let body = body.map_err(|_| ApiError::too_large())?;
    let mut hash = Sha256::new();
    for part in [parts.method.as_str(), &parts.uri.to_string()] {
        hash.update(part);
        hash.update([0]);
    }
    let fingerprint: String =
        hash.chain_update(&body).finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let begun = server.begin_once(&caller, &key, &fingerprint, crate::clock::now()).await?;
    let begun = match begun {
        Ok(begun) => begun,
        Err(saved) => return Ok(replay(saved)),
    };
    let request = Request::from_parts(parts, Body::from(body));
    let id = error::REQUEST.try_with(Clone::clone).unwrap_or_default();
    // On a task of its own: a client that gives up waiting and asks again gets this answer.
    let answering = tokio::spawn(error::REQUEST.scope(id, async move {
        let response = next.run(request).await;
        keep(&server, &begun, response).await
    }));
    match answering.await {
        Ok(response) => response,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}

async fn keep(
    server: &Arc<Server>,
    begun: &Begun,
    response: Response,
) -> Result<Response, ApiError> {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|error| {
        ActionError::Internal(anyhow::anyhow!("an answer could not be read back: {error}"))
    })?;
    let answer =
        Saved { status: parts.status.as_u16(), body: String::from_utf8_lossy(&bytes).into_owned() };
    if let Err(error) = server.finish_once(begun, &answer).await {
        // It was done: the client is told so, and a repetition that it is not known what came of it.
        tracing::error!(?error, "an answer was not kept for repetitions");
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn replay(saved: Saved) -> Response {
    let status = StatusCode::from_u16(saved.status).unwrap_or(StatusCode::OK);
    let mut headers = HeaderMap::new();
    headers.insert(REPLAYED.clone(), HeaderValue::from_static("true"));
    if saved.body.is_empty() {
        return (status, headers).into_response();
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    (status, headers, saved.body).into_response()
}

/// Documents carry a tag of their bytes; who has them already is sent none.
pub(super) async fn tag(request: Request, next: Next) -> Result<Response, ApiError> {
    if request.method() != Method::GET {
        return Ok(next.run(request).await);
    }
    let wanted = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let json = HeaderValue::from_static("application/json");
    let is_document = response.headers().get(header::CONTENT_TYPE) == Some(&json);
    if response.status() != StatusCode::OK || !is_document {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|error| {
        ActionError::Internal(anyhow::anyhow!("an answer could not be read back: {error}"))
    })?;
    let hash = Sha256::digest(&bytes);
    let hash: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{hash}\"");
    let known = wanted.as_ref().and_then(|value| value.to_str().ok()).is_some_and(|list| {
        // RFC 9110, section 13.1.2: compared without regard to weakness.
        list.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == etag)
    });
    parts.headers.insert(header::ETAG, HeaderValue::from_str(&etag).expect("hex is plain ASCII"));
    if !known {
        return Ok(Response::from_parts(parts, Body::from(bytes)));
    }
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    Ok(Response::from_parts(parts, Body::empty()))
}
