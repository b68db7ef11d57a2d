//! Files behind signed links: streamed, and in parts where a player asks for a part.

use std::ops::Range;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::Params;
use super::calls::found;
use super::error::ErrorBody;
use super::{ApiError, App};
use crate::actions::ActionError;
use crate::clock;
use crate::store::blobs::LinkError;
use crate::store::bucket::content_type;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LinkParams {
    /// Seconds since the epoch.
    #[serde(default)]
    #[param(example = "1774522800")]
    expires: String,
    /// HMAC-SHA256 in hex.
    #[serde(default)]
    signature: String,
}

/// Fetch a file by a signed link.
///
/// Takes `Range: bytes=…` with one range.
#[utoipa::path(
    get, path = "/v1/blobs/{*key}", tag = "operations",
    params(("key" = String, Path, description = "As in the link"), LinkParams),
    responses(
        (status = 200, description = "The file"),
        (status = 302, description = "The file has moved to the S3 store meanwhile"),
        (status = 206, description = "The part that was asked for"),
        (status = 403, description = "The link expired or was changed", body = ErrorBody),
        (status = 404, description = "The file is gone", body = ErrorBody),
        (status = 416, description = "The file has no such part", body = ErrorBody),
        (status = 502, description = "The S3 store does not answer", body = ErrorBody)
    )
)]
pub(super) async fn blob(
    State(server): App,
    Path(key): Path<String>,
    Params(link): Params<LinkParams>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let checked = server.blobs.check_link(&key, &link.expires, &link.signature, clock::now());
    match checked {
        Ok(()) => {}
        Err(LinkError::Expired) => return Err(ApiError::link_expired()),
        Err(LinkError::Tampered) => return Err(ApiError::link_invalid()),
    }
    let gone = || ActionError::NotFound("the file is gone");
    let Some(size) = server.blobs.size(&key).await.map_err(ActionError::from)? else {
        // Since the link was made, the file may have gone where files go.
        let moved = server.blobs.bucket_link(&key).await.map_err(ActionError::LinkFailed)?;
        return Ok(found(&moved.ok_or_else(gone)?));
    };
    let part = match wanted_part(&headers, size) {
        Wanted::All => 0..size,
        Wanted::Part(part) => part,
        Wanted::Nothing => return Ok(out_of_range(size)),
    };
    let length = part.end - part.start;
    let partial = length < size;
    let range = format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1));
    let stream = server.blobs.stream(&key, part).await.map_err(ActionError::from)?;
    let stream = stream.ok_or_else(gone)?;
    let status = if partial { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut response = (status, Body::from_stream(stream)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&key)));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if partial {
        let range = HeaderValue::from_str(&range).expect("digits are plain ASCII");
        headers.insert(header::CONTENT_RANGE, range);
    }
    Ok(response)
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Part(Range<u64>),
    /// A range that lies outside of the file.
    Nothing,
}

/// Several ranges, or what is no range, may be answered with the whole.
fn wanted_part(headers: &HeaderMap, size: u64) -> Wanted {
    // The parts of a file that may have changed cannot be put together: there are no validators.
    if headers.contains_key(header::IF_RANGE) {
        return Wanted::All;
    }
    let text = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some((first, last)) = text
        .and_then(|text| text.strip_prefix("bytes="))
        .and_then(|ranges| ranges.trim().split_once('-'))
    else {
        return Wanted::All;
    };
    let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.saturating_add(1).min(size)),
        (Ok(first), Err(_)) if last.is_empty() => (first, size),
        (Err(_), Ok(count)) if first.is_empty() => (size - count.min(size), size),
        _ => return Wanted::All,
    };
    if start < end { Wanted::Part(start..end) } else { Wanted::Nothing }
}

fn out_of_range(size: u64) -> Response {
    let mut response = ApiError::out_of_range().into_response();
    let range = HeaderValue::from_str(&format!("bytes */{size}")).expect("digits are plain ASCII");
    response.headers_mut().insert(header::CONTENT_RANGE, range);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(range: &str, expected: Wanted) {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        assert_eq!(wanted_part(&headers, 100), expected, "{range}");
    }

    #[test]
    fn one_range_is_understood() {
        check("bytes=0-9", Wanted::Part(0..10));
        check("bytes=0-0", Wanted::Part(0..1));
        check("bytes=90-", Wanted::Part(90..100));
        check("bytes=-10", Wanted::Part(90..100));
        check("bytes=-1000", Wanted::Part(0..100));
        check("bytes=50-1000", Wanted::Part(50..100));
        check("bytes=0-18446744073709551615", Wanted::Part(0..100));
        check("bytes=100-", Wanted::Nothing);
        check("bytes=100-200", Wanted::Nothing);
        check("bytes=-0", Wanted::Nothing);
        for whole in ["bytes=9-0", "bytes=0-1,3-4", "bytes=", "bytes=-", "items=0-9", "bytes=a-b"] {
            check(whole, Wanted::All);
        }
        assert_eq!(wanted_part(&HeaderMap::new(), 0), Wanted::All);
    }
}
