//! `/v1/auth`.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, Params, included};
use super::error::ErrorBody;
use super::view::iso;
use super::{ApiError, App, no_content};
use crate::actions::{Caller, ChangeSettings, NewKey};
use crate::clock;
use crate::store::{ApiKey, Disclosure, Mode};

const KEEP_IT: &str = "Store this key — it won't be shown again";

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Register {
    #[schema(example = "Acme Corp")]
    name: String,
    #[schema(example = "dev@acme.com")]
    email: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct RegisteredView {
    org_id: String,
    #[schema(example = "ac_live_7f8a9b2c…")]
    api_key: String,
    message: &'static str,
}

/// Create an organization and its first live key.
///
/// For an e-mail that is known already the new key stays inactive until it is approved.
#[utoipa::path(
    post, path = "/v1/auth/register", tag = "auth", request_body = Register,
    responses(
        (status = 201, description = "Created", body = RegisteredView),
        (status = 403, description = "Registration is closed", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn register(
    State(server): App,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Body(request): Body<Register>,
) -> Result<Response, ApiError> {
    // Several such headers are one list.
    let forwarded: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    server.count_registration(peer.ip(), &forwarded.join(","), clock::now()).await?;
    let made = server.register(&request.name, &request.email, clock::now()).await?;
    let view =
        RegisteredView { org_id: made.org.to_string(), api_key: made.api_key, message: KEEP_IT };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

#[derive(Serialize, ToSchema)]
pub(super) struct KeyView {
    id: String,
    name: Option<String>,
    /// `ac_live_` or `ac_test_`.
    #[schema(example = "ac_live_")]
    key_prefix: &'static str,
    #[schema(example = "1f0c")]
    last_four: String,
    #[schema(value_type = String, example = "live")]
    mode: Mode,
    /// The one tenant the key is limited to.
    pod_id: Option<String>,
    /// The key changes nothing.
    read_only: bool,
    is_active: bool,
    created_at: String,
    last_used_at: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListKeys {
    /// `pending` adds the keys that wait for approval.
    #[param(example = "pending")]
    include: Option<String>,
}

/// List the active keys of the organization.
#[utoipa::path(
    get, path = "/v1/auth/api-keys", tag = "auth", security(("api_key" = [])),
    params(ListKeys),
    responses(
        (status = 200, description = "The keys, without their secrets", body = Vec<KeyView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn list_keys(
    State(server): App,
    caller: Caller,
    Params(params): Params<ListKeys>,
) -> Result<Json<Vec<KeyView>>, ApiError> {
    let with_pending = included(params.include.as_deref(), "pending")?;
    let keys = server.keys(&caller, with_pending, clock::now()).await?;
    Ok(Json(keys.into_iter().map(key_view).collect()))
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateKey {
    /// A label for this key.
    #[schema(example = "Production")]
    name: Option<String>,
    /// `live` or `test`; by default that of the key in use.
    #[schema(value_type = Option<String>, example = "test")]
    mode: Option<Mode>,
    /// Limits the key to one of your tenants.
    #[schema(example = "customer_acme")]
    pod_id: Option<String>,
    /// The key reads, and changes nothing.
    #[schema(default = false)]
    read_only: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct CreatedKeyView {
    id: String,
    #[schema(example = "ac_test_7f8a9b2c…")]
    api_key: String,
    name: Option<String>,
    #[schema(value_type = String, example = "test")]
    mode: Mode,
    pod_id: Option<String>,
    read_only: bool,
    message: &'static str,
}

/// Create a key; it is shown only once.
#[utoipa::path(
    post, path = "/v1/auth/api-keys", tag = "auth", security(("api_key" = [])),
    request_body = CreateKey,
    responses(
        (status = 201, description = "Created", body = CreatedKeyView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "A test key cannot create live keys", body = ErrorBody),
        (status = 409, description = "Too many keys", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn create_key(
    State(server): App,
    caller: Caller,
    Body(request): Body<CreateKey>,
) -> Result<Response, ApiError> {
    let CreateKey { name, mode, pod_id, read_only } = request;
    let wanted = NewKey { name, mode, pod_id, read_only: read_only.unwrap_or_default() };
    let made = server.create_key(&caller, wanted, clock::now()).await?;
    let view = CreatedKeyView {
        id: made.key.id.to_string(),
        api_key: made.api_key,
        name: made.key.name,
        mode: made.key.mode,
        pod_id: made.key.pod,
        read_only: made.key.read_only,
        message: KEEP_IT,
    };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

/// Revoke a key.
#[utoipa::path(
    delete, path = "/v1/auth/api-keys/{key_id}", tag = "auth", security(("api_key" = [])),
    params(("key_id" = String, Path, description = "Id of the key")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "A test key cannot revoke live keys", body = ErrorBody),
        (status = 404, description = "No such key", body = ErrorBody)
    )
)]
pub(super) async fn revoke_key(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    server.revoke_key(&caller, &id, clock::now()).await?;
    Ok(no_content())
}

/// Approve a key that waits.
///
/// Registering with the e-mail of an organization that exists makes such a key; it works from now on.
#[utoipa::path(
    post, path = "/v1/auth/api-keys/{key_id}/approve", tag = "auth", security(("api_key" = [])),
    params(("key_id" = String, Path, description = "Id of the key")),
    responses(
        (status = 200, description = "The key works now", body = KeyView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "Only a live key of the whole organization may approve", body = ErrorBody),
        (status = 404, description = "No such key, or it has expired", body = ErrorBody)
    )
)]
pub(super) async fn approve_key(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<KeyView>, ApiError> {
    let key = server.approve_key(&caller, &id, clock::now()).await?;
    Ok(Json(key_view(key)))
}

/// What an organization decided for all of its calls.
#[derive(Serialize, ToSchema)]
pub(super) struct SettingsView {
    record_calls: bool,
    /// `auto`, `always` or `never`.
    #[schema(value_type = String, example = "auto")]
    recording_disclosure: Disclosure,
    require_consent: bool,
    /// Calls use your own OpenAI account. The key itself is never shown.
    openai_api_key_set: bool,
    /// Calls use your own Gemini account.
    gemini_api_key_set: bool,
}

/// Read the organization's settings.
#[utoipa::path(
    operation_id = "read_settings",
    get, path = "/v1/auth/settings", tag = "auth", security(("api_key" = [])),
    responses(
        (status = 200, description = "As they stand", body = SettingsView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody)
    )
)]
pub(super) async fn settings(
    State(server): App,
    caller: Caller,
) -> Result<Json<SettingsView>, ApiError> {
    let settings = server.settings(&caller).await?;
    Ok(Json(SettingsView {
        record_calls: !settings.record_nothing,
        recording_disclosure: settings.recording_disclosure,
        require_consent: settings.require_consent,
        openai_api_key_set: settings.openai_key.is_some(),
        gemini_api_key_set: settings.gemini_key.is_some(),
    }))
}

#[derive(Serialize, ToSchema)]
pub(super) struct UpdatedView {
    updated: bool,
}

/// Change the organization's settings.
#[utoipa::path(
    patch, path = "/v1/auth/settings", tag = "auth", security(("api_key" = [])),
    request_body = ChangeSettings,
    responses(
        (status = 200, description = "Changed", body = UpdatedView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "Not with a test key or the key of one pod", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn change_settings(
    State(server): App,
    caller: Caller,
    Body(request): Body<ChangeSettings>,
) -> Result<Json<UpdatedView>, ApiError> {
    server.change_settings(&caller, request).await?;
    Ok(Json(UpdatedView { updated: true }))
}

fn key_view(key: ApiKey) -> KeyView {
    KeyView {
        id: key.id.to_string(),
        name: key.name,
        key_prefix: if key.mode == Mode::Live { "ac_live_" } else { "ac_test_" },
        last_four: key.last_four,
        mode: key.mode,
        pod_id: key.pod,
        read_only: key.read_only,
        is_active: key.active,
        created_at: iso(key.created_at),
        last_used_at: key.last_used_at.map(iso),
    }
}
