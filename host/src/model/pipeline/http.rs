//! Sending with a limited number of tries, and reading within limits.
//!
//! A request is tried again only while nothing of its answer has arrived: 408, 409, 429 (but not an
//! exhausted quota), 5xx and connection errors, as the vendor's own clients do.

use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use serde::Deserialize;
use tokio::time::timeout;

use super::Stage;
use crate::model::ModelError;

const BACKOFF_FIRST_MS: u64 = 250;
/// A phone call does not wait longer, whatever the vendor asks for.
const BACKOFF_MS_MAX: u64 = 2000;
/// Longest error body that is read.
const ERROR_BYTES_MAX: usize = 16 * 1024;
/// A longer answer costs its connection, no more.
const TOUCH_BYTES_MAX: usize = 256 * 1024;

pub(super) async fn send(
    name: &'static str,
    stage: &Stage,
    tries_max: u32,
    request: impl Fn() -> reqwest::RequestBuilder,
) -> Result<reqwest::Response, ModelError> {
    let limit = Duration::from_millis(stage.first_byte_ms_max);
    let mut tries = 1;
    loop {
        let failure = match timeout(limit, request().send()).await {
            Err(_) => {
                return Err(ModelError::Stalled { stage: name, limit_ms: stage.first_byte_ms_max });
            }
            Ok(Ok(response)) if response.status().is_success() => return Ok(response),
            Ok(Ok(response)) => refused(name, stage, response).await,
            Ok(Err(error)) => Failure {
                error: ModelError::Unavailable { stage: name, message: describe(&error) },
                again: Some(None),
            },
        };
        let Some(asked) = failure.again.filter(|_| tries < tries_max) else {
            return Err(failure.error);
        };
        tracing::warn!(stage = name, tries, error = %failure.error, "vendor request failed, trying again");
        let backoff = asked.unwrap_or(BACKOFF_FIRST_MS << (tries - 1).min(8)).min(BACKOFF_MS_MAX);
        tokio::time::sleep(Duration::from_millis(backoff)).await;
        tries += 1;
    }
}

/// Opens a connection to where a stage is served and leaves it to the pool, whatever is answered.
pub(super) async fn touch(name: &'static str, stage: &Stage, request: reqwest::RequestBuilder) {
    let limit = Duration::from_millis(stage.first_byte_ms_max);
    let told = match timeout(limit, request.send()).await {
        Ok(Ok(response)) => body(name, stage, response, TOUCH_BYTES_MAX).await.map(drop),
        Ok(Err(error)) => Err(ModelError::Unavailable { stage: name, message: describe(&error) }),
        Err(_) => Err(ModelError::Stalled { stage: name, limit_ms: stage.first_byte_ms_max }),
    };
    if let Err(error) = told {
        tracing::debug!(stage = name, %error, "a vendor could not be reached ahead of time");
    }
}

struct Failure {
    error: ModelError,
    /// Worth another try, after so many milliseconds if the vendor said.
    again: Option<Option<u64>>,
}

async fn refused(name: &'static str, stage: &Stage, response: reqwest::Response) -> Failure {
    let status = response.status().as_u16();
    let wait = retry_after_ms(response.headers());
    let said_retry = response.headers().get("x-should-retry").map(|value| value == "true");
    let body = body(name, stage, response, ERROR_BYTES_MAX).await.unwrap_or_default();
    let (message, code) = vendor_error(&body);
    let temporary =
        matches!(status, 408 | 409 | 429 | 500..) && code.as_deref() != Some("insufficient_quota");
    if said_retry.unwrap_or(temporary) {
        let error =
            ModelError::Unavailable { stage: name, message: format!("{status}: {message}") };
        return Failure { error, again: Some(wait) };
    }
    Failure { error: ModelError::Refused { stage: name, status, message }, again: None }
}

fn vendor_error(body: &[u8]) -> (String, Option<String>) {
    #[derive(Deserialize)]
    struct Envelope {
        error: Inner,
    }
    #[derive(Deserialize)]
    struct Inner {
        message: String,
        code: Option<String>,
    }
    match serde_json::from_slice::<Envelope>(body) {
        Ok(Envelope { error }) => (error.message, error.code),
        Err(_) => (String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned(), None),
    }
}

fn retry_after_ms(headers: &reqwest::header::HeaderMap) -> Option<u64> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(millis) = text("retry-after-ms").and_then(|value| value.parse().ok()) {
        return Some(millis);
    }
    let seconds: f64 = text("retry-after")?.parse().ok()?;
    Some((seconds.clamp(0.0, 120.0) * 1000.0) as u64)
}

/// Reads a whole body, never more than `bytes_max`.
pub(super) async fn body(
    name: &'static str,
    stage: &Stage,
    mut response: reqwest::Response,
    bytes_max: usize,
) -> Result<Vec<u8>, ModelError> {
    let limit = Duration::from_millis(stage.first_byte_ms_max);
    let mut body = Vec::new();
    loop {
        let chunk = match timeout(limit, response.chunk()).await {
            Err(_) => {
                return Err(ModelError::Stalled { stage: name, limit_ms: stage.first_byte_ms_max });
            }
            Ok(Err(error)) => {
                return Err(ModelError::Unavailable { stage: name, message: describe(&error) });
            }
            Ok(Ok(chunk)) => chunk,
        };
        let Some(chunk) = chunk else { return Ok(body) };
        if body.len() + chunk.len() > bytes_max {
            let message = format!("an answer of more than {bytes_max} bytes");
            return Err(ModelError::Protocol { stage: name, message });
        }
        body.extend_from_slice(&chunk);
    }
}

/// The pieces of a body, each within the stall limit.
pub(super) fn pieces(
    name: &'static str,
    response: reqwest::Response,
    stall: Duration,
) -> impl Stream<Item = Result<Bytes, ModelError>> + Send {
    let stream = Box::pin(response.bytes_stream());
    futures::stream::unfold(Some(stream), move |stream| async move {
        let mut stream = stream?;
        match timeout(stall, stream.next()).await {
            Err(_) => {
                let limit_ms = u64::try_from(stall.as_millis()).unwrap_or(u64::MAX);
                Some((Err(ModelError::Stalled { stage: name, limit_ms }), None))
            }
            Ok(None) => None,
            Ok(Some(Ok(bytes))) => Some((Ok(bytes), Some(stream))),
            Ok(Some(Err(error))) => {
                let message = describe(&error);
                Some((Err(ModelError::Unavailable { stage: name, message }), None))
            }
        }
    })
}

/// Headerless PCM, 16 bit little-endian, whatever the borders of the pieces.
pub(super) fn samples(
    response: reqwest::Response,
    stall: Duration,
) -> impl Stream<Item = Result<Vec<i16>, ModelError>> + Send {
    let pieces = Box::pin(pieces("speech", response, stall));
    futures::stream::unfold((pieces, None::<u8>), |(mut pieces, mut odd)| async move {
        let bytes = match pieces.next().await? {
            Ok(bytes) => bytes,
            Err(error) => return Some((Err(error), (pieces, None))),
        };
        let mut samples = Vec::with_capacity(bytes.len() / 2 + 1);
        for byte in bytes {
            match odd.take() {
                None => odd = Some(byte),
                Some(low) => samples.push(i16::from_le_bytes([low, byte])),
            }
        }
        Some((Ok(samples), (pieces, odd)))
    })
}

fn describe(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
