//! Health, and what the server offers to choose from.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ErrorBody;
use super::{ApiError, App};
use crate::actions::voices::{VOICES, Voice};
use crate::actions::{Caller, SandboxNumber};

#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    #[schema(example = "ok")]
    status: &'static str,
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// The process answers.
#[utoipa::path(
    get, path = "/healthz", tag = "operations",
    responses((status = 200, description = "Alive", body = Health))
)]
pub(super) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// The server can take calls: its store works and its engine runs.
#[utoipa::path(
    get, path = "/readyz", tag = "operations",
    responses(
        (status = 200, description = "Ready", body = Health),
        (status = 503, description = "Not ready", body = ErrorBody)
    )
)]
pub(super) async fn readyz(State(server): App) -> Result<Json<Health>, ApiError> {
    if !server.ready.load(Ordering::Acquire) {
        return Err(ApiError::not_ready("the server is starting or stopping"));
    }
    if let Err(error) = server.store.ping().await {
        tracing::error!(%error, "the store does not answer");
        return Err(ApiError::not_ready("the store does not answer"));
    }
    Ok(healthz().await)
}

/// Numbers that test keys can call.
#[utoipa::path(
    get, path = "/v1/sandbox/numbers", tag = "sandbox", security(("api_key" = [])),
    responses(
        (status = 200, description = "Number, what answers, and what to expect", body = Vec<SandboxNumber>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody)
    )
)]
pub(super) async fn sandbox_numbers(
    State(server): App,
    _caller: Caller,
) -> Json<Vec<SandboxNumber>> {
    Json(server.sandbox_numbers.clone())
}

/// Voices a call can use.
#[utoipa::path(
    get, path = "/v1/voices", tag = "calls", security(("api_key" = [])),
    responses(
        (status = 200, description = "The presets", body = Vec<Voice>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody)
    )
)]
pub(super) async fn voices(_caller: Caller) -> Json<Vec<Voice>> {
    Json(VOICES.to_vec())
}
