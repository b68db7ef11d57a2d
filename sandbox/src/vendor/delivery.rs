//! Sends an answer as its plan says: on time, late, cut off, or never.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use futures::stream;

use super::control::{Fault, Plan};
use super::error::ApiError;

/// A stalled request is let go after this; clients give up long before.
const STALL_S_MAX: u64 = 600;

/// Waits for the first byte's time, or fails the request as planned.
pub(super) async fn begin(plan: &Plan, model: &str) -> Result<(), ApiError> {
    if !plan.first_byte.is_zero() {
        tokio::time::sleep(plan.first_byte).await;
    }
    match plan.fault {
        Some(Fault::RateLimited { retry_after_s }) => Err(ApiError::rate_limited(retry_after_s)),
        Some(Fault::QuotaExceeded) => Err(ApiError::quota_exceeded()),
        Some(Fault::ServerError) => {
            Err(ApiError::server("The server had an error while processing your request."))
        }
        Some(Fault::Overloaded) => Err(ApiError::overloaded()),
        Some(Fault::NoSuchModel) => Err(ApiError::no_such_model(model)),
        Some(Fault::Stall) => {
            tokio::time::sleep(Duration::from_secs(STALL_S_MAX)).await;
            Err(ApiError::overloaded())
        }
        Some(Fault::Truncate { .. } | Fault::MalformedChunk | Fault::ErrorInStream) | None => {
            Ok(())
        }
    }
}

/// A chunked body, paced and perhaps broken off as planned.
pub(super) fn send(plan: &Plan, content_type: &'static str, chunks: Vec<Bytes>) -> Response {
    let pace = plan.each_chunk;
    let breaks_after = match plan.fault {
        Some(Fault::Truncate { after_chunks }) => Some(after_chunks),
        _ => None,
    };
    let items = items(chunks, breaks_after);
    let paced = stream::unfold(items.into_iter(), move |mut items| async move {
        let item = items.next()?;
        if !pace.is_zero() {
            tokio::time::sleep(pace).await;
        }
        if item.is_err() {
            // Being pending once lets the server flush what came before the break.
            tokio::task::yield_now().await;
        }
        Some((item, items))
    });
    let mut response = Response::new(Body::from_stream(paced));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// An error in the body makes the server drop the connection without the closing chunk.
fn items(chunks: Vec<Bytes>, breaks_after: Option<usize>) -> Vec<io::Result<Bytes>> {
    let keep = breaks_after.unwrap_or(usize::MAX);
    let mut items: Vec<io::Result<Bytes>> = chunks.into_iter().take(keep).map(Ok).collect();
    if breaks_after.is_some() {
        items.push(Err(io::Error::other("broken off as planned")));
    }
    items
}

/// Cuts a whole body into two chunks, so that a truncated one is cut in the middle.
pub(super) fn halves(body: impl Into<Bytes>) -> Vec<Bytes> {
    let mut first = body.into();
    let second = first.split_off(first.len() / 2);
    vec![first, second]
}
