//! One shape for everything that went wrong: `detail` as documented, with the members of RFC 9457.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::iso;
use crate::actions::{ActionError, FieldError, OutOfMinutes, OverPlan, seconds};

tokio::task_local! {
    /// Id of the request being answered.
    pub(super) static REQUEST: String;
}

/// What a client reads when a request was not done.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong and what to do about it.
    #[schema(example = "there is no such call")]
    pub detail: String,
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    pub kind: &'static str,
    #[schema(example = "Not Found")]
    pub title: &'static str,
    #[schema(example = 404)]
    pub status: u16,
    /// Stable word for programs.
    #[schema(example = "not_found")]
    pub code: &'static str,
    #[schema(example = "req_01JQ8X5W3N0000000000000000")]
    pub request_id: String,
    /// Each mistake of a request that is not valid.
    pub errors: Vec<FieldError>,
}

#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<u64>,
    /// A body of its own shape, in place of the usual one.
    instead: Option<serde_json::Value>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        ApiError { status, code, detail, errors: Vec::new(), retry_after: None, instead: None }
    }

    pub(super) fn method_not_allowed() -> Self {
        let detail = "this path does not take that method: see /v1/openapi.json";
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
    }

    pub(super) fn too_large() -> Self {
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "the body is too large")
    }

    pub(super) fn too_slow() -> Self {
        let detail = "the body did not arrive in time: send it faster, or in parts";
        ApiError::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", detail)
    }

    pub(super) fn media_type() -> Self {
        let detail = "send the body as JSON, with `Content-Type: application/json`";
        ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
    }

    pub(super) fn not_csv() -> Self {
        let detail = "send the file as it is, with `Content-Type: text/csv`";
        ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
    }

    pub(super) fn not_a_component() -> Self {
        let detail = "send the component file as it is, with `Content-Type: application/wasm`";
        ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
    }

    pub(super) fn link_expired() -> Self {
        let detail = "the link has expired: ask for the recording or transcript again";
        ApiError::new(StatusCode::FORBIDDEN, "link_expired", detail)
    }

    pub(super) fn link_invalid() -> Self {
        ApiError::new(StatusCode::FORBIDDEN, "link_invalid", "the link is not one of this server")
    }

    pub(super) fn out_of_range() -> Self {
        let detail = "the file has no such part";
        ApiError::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", detail)
    }

    pub(crate) fn upgrade_required() -> Self {
        let detail = "this path speaks WebSocket: connect with a WebSocket client";
        ApiError::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", detail)
    }

    pub(crate) fn too_many_streams() -> Self {
        let detail = "this server streams to as many clients as it can: try again later";
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_streams", detail)
    }

    pub(super) fn not_ready(detail: impl Into<String>) -> Self {
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail)
    }
}

impl From<ActionError> for ApiError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Unauthorized(detail) => {
                ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
            }
            ActionError::Forbidden(detail) => {
                ApiError::new(StatusCode::FORBIDDEN, "forbidden", detail)
            }
            ActionError::NotFound(detail) => {
                ApiError::new(StatusCode::NOT_FOUND, "not_found", detail)
            }
            ActionError::Conflict(detail) => {
                ApiError::new(StatusCode::CONFLICT, "conflict", detail)
            }
            ActionError::InFlight(detail) => {
                let error = ApiError::new(StatusCode::CONFLICT, "request_in_flight", detail);
                ApiError { retry_after: Some(1), ..error }
            }
            ActionError::Blocked { code, field, detail } => {
                let errors = vec![FieldError { field: field.to_owned(), message: detail.clone() }];
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                ApiError { errors, ..ApiError::new(status, code, detail) }
            }
            ActionError::TooLarge(detail) => {
                ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
            }
            ActionError::RateLimited { retry_after, detail } => {
                let retry_after = Some(seconds(retry_after));
                let status = StatusCode::TOO_MANY_REQUESTS;
                ApiError { retry_after, ..ApiError::new(status, "rate_limited", detail) }
            }
            ActionError::OutOfMinutes(out) => {
                let status = StatusCode::PAYMENT_REQUIRED;
                let instead = Some(out_of_minutes(&out));
                ApiError { instead, ..ApiError::new(status, "insufficient_balance", "") }
            }
            ActionError::OverPlan(over) => {
                let status = StatusCode::PAYMENT_REQUIRED;
                let instead = Some(over_plan(*over));
                ApiError { instead, ..ApiError::new(status, "over_plan", "") }
            }
            ActionError::Unavailable { code, detail } => {
                ApiError::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
            }
            ActionError::Invalid(errors) => {
                let mut detail = String::new();
                for error in &errors {
                    let separator = if detail.is_empty() { "" } else { "; " };
                    let field = if error.field.is_empty() { "body" } else { &error.field };
                    detail.push_str(&format!("{separator}{field}: {}", error.message));
                }
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                ApiError { errors, ..ApiError::new(status, "validation_error", detail) }
            }
            ActionError::Upstream { code, detail } => {
                ApiError::new(StatusCode::BAD_GATEWAY, code, detail)
            }
            ActionError::LinkFailed(error) => {
                tracing::error!(error = format!("{error:#}"), "a link was not made");
                let detail = "the store of recordings and transcripts does not answer: try again";
                ApiError::new(StatusCode::BAD_GATEWAY, "link_failed", detail)
            }
            ActionError::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "a request failed");
                ApiError::internal()
            }
        }
    }
}

impl ApiError {
    fn internal() -> Self {
        let detail =
            "the server failed; nothing more can be said here, its log knows the request id";
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", detail)
    }
}

/// The documented body of a 402.
fn out_of_minutes(out: &OutOfMinutes) -> serde_json::Value {
    let balance = &out.balance;
    let minutes = |seconds: u64| seconds as f64 / 60.0;
    let limit = minutes(balance.limit_seconds.unwrap_or_default());
    let resets_at = iso(balance.resets_at);
    let day = jiff::Timestamp::from_millisecond(balance.resets_at.as_millis());
    let day = day.map(|day| day.strftime("%B %-d").to_string()).unwrap_or_default();
    let plan = &balance.plan;
    let free = if plan == "free" { "free " } else { "" };
    serde_json::json!({
        "error": {
            "code": "insufficient_balance",
            "message": format!("You've used all {limit} {free}minutes this month."),
            "details": {
                "plan": plan,
                "minutes_used": minutes(balance.used.billed_seconds),
                "minutes_limit": limit,
                "resets_at": resets_at,
                "upgrade_url": out.upgrade_url,
            },
            "suggestions": [
                "Upgrade to Pro for unlimited calls",
                format!("Wait until {day} for {plan} tier reset"),
            ],
        }
    })
}

/// In the shape of the documented 402.
fn over_plan(over: OverPlan) -> serde_json::Value {
    let mut details = over.details;
    details.insert("plan".into(), over.plan.into());
    details.insert("upgrade_url".into(), over.upgrade_url.into());
    serde_json::json!({
        "error": {
            "code": over.code,
            "message": over.message,
            "details": details,
            "suggestions": over.suggestions,
        }
    })
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Some(body) = self.instead {
            return (self.status, Json(body)).into_response();
        }
        let body = ErrorBody {
            detail: self.detail,
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            code: self.code,
            request_id: REQUEST.try_with(Clone::clone).unwrap_or_default(),
            errors: self.errors,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UPGRADE_REQUIRED {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        response
    }
}

/// A bug: told to the log, not to the client.
pub(super) fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    tracing::error!(panic = text, "a request handler panicked");
    ApiError::internal().into_response()
}
