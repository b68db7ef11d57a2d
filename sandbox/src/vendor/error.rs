//! Errors in the vendor's shape: `{"error":{"message","type","param","code"}}`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

#[derive(Clone, Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    detail: Detail,
    retry_after_s: Option<u32>,
}

#[derive(Clone, Debug, Serialize)]
struct Detail {
    message: String,
    r#type: &'static str,
    param: Option<String>,
    code: Option<&'static str>,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a Detail,
}

const INVALID_REQUEST: &str = "invalid_request_error";

impl ApiError {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        let detail = Detail { message: message.into(), r#type: kind, param: None, code: None };
        ApiError { status, detail, retry_after_s: None }
    }

    pub(super) fn invalid(message: impl Into<String>, param: Option<&str>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, INVALID_REQUEST, message);
        error.detail.param = param.map(str::to_owned);
        error
    }

    pub(super) fn with_code(mut self, code: &'static str) -> Self {
        self.detail.code = Some(code);
        self
    }

    pub(super) fn missing(param: &str) -> Self {
        let message = format!("Missing required parameter: '{param}'.");
        Self::invalid(message, Some(param)).with_code("missing_required_parameter")
    }

    /// `expected` completes "expected …", such as "a string".
    pub(super) fn wrong_type(param: &str, expected: &str, got: &str) -> Self {
        let message =
            format!("Invalid type for '{param}': expected {expected}, but got {got} instead.");
        Self::invalid(message, Some(param)).with_code("invalid_type")
    }

    pub(super) fn bad_json() -> Self {
        let message = "We could not parse the JSON body of your request. Send a JSON object with \
                       the header Content-Type: application/json.";
        Self::invalid(message, None)
    }

    pub(super) fn too_large(message: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, INVALID_REQUEST, message)
    }

    pub(super) fn no_key() -> Self {
        let message = "You didn't provide an API key. You need to provide your API key in an \
                       Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).";
        Self::new(StatusCode::UNAUTHORIZED, INVALID_REQUEST, message)
    }

    pub(super) fn no_such_url(method: &str, path: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, INVALID_REQUEST, format!("Invalid URL ({method} {path})"))
            .with_code("unknown_url")
    }

    pub(super) fn no_such_method(method: &str, path: &str) -> Self {
        let message = format!("Not allowed to {method} on {path}.");
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self::new(status, INVALID_REQUEST, message).with_code("method_not_supported")
    }

    pub(super) fn no_such_model(model: &str) -> Self {
        let message =
            format!("The model `{model}` does not exist or you do not have access to it.");
        Self::new(StatusCode::NOT_FOUND, INVALID_REQUEST, message).with_code("model_not_found")
    }

    pub(super) fn rate_limited(retry_after_s: u32) -> Self {
        let message = format!("Rate limit reached. Please try again in {retry_after_s}s.");
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "requests", message);
        error.retry_after_s = Some(retry_after_s);
        error.with_code("rate_limit_exceeded")
    }

    pub(super) fn quota_exceeded() -> Self {
        let message =
            "You exceeded your current quota, please check your plan and billing details.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "insufficient_quota", message)
            .with_code("insufficient_quota")
    }

    pub(super) fn server(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", message)
    }

    pub(super) fn overloaded() -> Self {
        let message = "The engine is currently overloaded, please try again later.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "server_error", message)
    }

    /// The body alone, as it also appears inside a stream.
    pub(super) fn body(&self) -> String {
        serde_json::to_string(&Body { error: &self.detail }).expect("strings and nulls serialise")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(Body { error: &self.detail })).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
