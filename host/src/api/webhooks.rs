//! `/v1/webhooks`.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, Params};
use super::error::ErrorBody;
use super::paging::next_page;
use super::view::iso;
use super::{ApiError, App, no_content};
use crate::actions::{Caller, ChangeWebhook, CreateWebhook};
use crate::clock;
use crate::store::{Delivery, Mode, Try, Webhook};

#[derive(Serialize, ToSchema)]
pub(super) struct WebhookView {
    #[schema(example = "01JQ8X5W3N0000000000000000")]
    id: String,
    #[schema(example = "wh_01JQ8X5W3N0000000000000000")]
    webhook_id: String,
    url: String,
    /// Empty: all events.
    event_types: Vec<String>,
    pod_id: Option<String>,
    client_id: Option<String>,
    #[schema(value_type = String, example = "test")]
    mode: Mode,
    is_active: bool,
    /// Why it is switched off.
    disabled_reason: Option<String>,
    /// Nothing was delivered since then.
    failing_since: Option<String>,
    /// Shown when it is made or rotated, and not again.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// Until then the secret before the last rotation signs as well.
    previous_secret_expires_at: Option<String>,
    created_at: String,
}

/// Register an endpoint for events.
///
/// Every delivery is signed with its secret: `X-AC-Signature` (hex HMAC-SHA256 of the body) and the
/// headers of Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`). Any 2xx within
/// 10 seconds counts as delivered; otherwise it is tried again after 1, 5 and 30 minutes.
#[utoipa::path(
    operation_id = "create_webhook",
    post, path = "/v1/webhooks", tag = "webhooks", security(("api_key" = [])),
    request_body = CreateWebhook,
    responses(
        (status = 201, description = "Created; the secret is shown once", body = WebhookView),
        (status = 200, description = "One with that `client_id` exists", body = WebhookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 409, description = "Too many webhooks", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn create(
    State(server): App,
    caller: Caller,
    Body(request): Body<CreateWebhook>,
) -> Result<Response, ApiError> {
    let (webhook, is_new) = server.create_webhook(&caller, request, clock::now()).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(with_secret(webhook))).into_response())
}

/// List endpoints.
#[utoipa::path(
    operation_id = "list_webhooks",
    get, path = "/v1/webhooks", tag = "webhooks", security(("api_key" = [])),
    responses(
        (status = 200, description = "All of them", body = Vec<WebhookView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody)
    )
)]
pub(super) async fn list(
    State(server): App,
    caller: Caller,
) -> Result<Json<Vec<WebhookView>>, ApiError> {
    Ok(Json(server.webhooks(&caller).await?.into_iter().map(view).collect()))
}

/// Retrieve an endpoint.
#[utoipa::path(
    operation_id = "read_webhook",
    get, path = "/v1/webhooks/{webhook_id}", tag = "webhooks", security(("api_key" = [])),
    params(("webhook_id" = String, Path, description = "With or without the prefix `wh_`")),
    responses(
        (status = 200, description = "The endpoint", body = WebhookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such webhook", body = ErrorBody)
    )
)]
pub(super) async fn read(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<WebhookView>, ApiError> {
    Ok(Json(view(server.webhook(&caller, &id).await?)))
}

/// Change an endpoint, or switch it on again.
#[utoipa::path(
    operation_id = "change_webhook",
    patch, path = "/v1/webhooks/{webhook_id}", tag = "webhooks", security(("api_key" = [])),
    params(("webhook_id" = String, Path, description = "With or without the prefix `wh_`")),
    request_body = ChangeWebhook,
    responses(
        (status = 200, description = "Changed", body = WebhookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such webhook", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn change(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<ChangeWebhook>,
) -> Result<Json<WebhookView>, ApiError> {
    Ok(Json(view(server.change_webhook(&caller, &id, request).await?)))
}

/// Change an endpoint: the same as PATCH.
#[utoipa::path(
    operation_id = "replace_webhook",
    put, path = "/v1/webhooks/{webhook_id}", tag = "webhooks", security(("api_key" = [])),
    params(("webhook_id" = String, Path, description = "With or without the prefix `wh_`")),
    request_body = ChangeWebhook,
    responses(
        (status = 200, description = "Changed", body = WebhookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such webhook", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn replace(
    state: App,
    caller: Caller,
    id: Path<String>,
    request: Body<ChangeWebhook>,
) -> Result<Json<WebhookView>, ApiError> {
    change(state, caller, id, request).await
}

/// Delete an endpoint, and what is on its way to it.
#[utoipa::path(
    operation_id = "delete_webhook",
    delete, path = "/v1/webhooks/{webhook_id}", tag = "webhooks", security(("api_key" = [])),
    params(("webhook_id" = String, Path, description = "With or without the prefix `wh_`")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such webhook", body = ErrorBody)
    )
)]
pub(super) async fn delete(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    server.delete_webhook(&caller, &id).await?;
    Ok(no_content())
}

/// Give an endpoint a new secret.
///
/// For 24 hours `X-AC-Signature` stays on the old one and `webhook-signature` carries both.
#[utoipa::path(
    operation_id = "rotate_webhook_secret",
    post, path = "/v1/webhooks/{webhook_id}/rotate-secret", tag = "webhooks", security(("api_key" = [])),
    params(("webhook_id" = String, Path, description = "With or without the prefix `wh_`")),
    responses(
        (status = 200, description = "With the new secret", body = WebhookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such webhook", body = ErrorBody)
    )
)]
pub(super) async fn rotate_secret(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<WebhookView>, ApiError> {
    Ok(Json(with_secret(server.rotate_secret(&caller, &id, clock::now()).await?)))
}

#[derive(Serialize, ToSchema)]
pub(super) struct SentView {
    #[schema(example = "evt_01JQ8X5W3N0000000000000000")]
    event_id: String,
}

/// Send an endpoint a `webhook.test` event.
///
/// It goes the usual way; the delivery log says what came of it.
#[utoipa::path(
    operation_id = "test_webhook",
    post, path = "/v1/webhooks/{webhook_id}/test", tag = "webhooks", security(("api_key" = [])),
    params(("webhook_id" = String, Path, description = "With or without the prefix `wh_`")),
    responses(
        (status = 202, description = "On its way", body = SentView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such webhook", body = ErrorBody),
        (status = 409, description = "Switched off", body = ErrorBody)
    )
)]
pub(super) async fn test(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let event = server.test_webhook(&caller, &id, clock::now()).await?;
    Ok((StatusCode::ACCEPTED, Json(SentView { event_id: event.prefixed() })).into_response())
}

/// One event on its way to one endpoint.
#[derive(Serialize, ToSchema)]
pub(super) struct DeliveryView {
    #[schema(example = "dlv_01JQ8X5W3N0000000000000000")]
    delivery_id: String,
    event_id: String,
    #[schema(example = "call.completed")]
    event_type: String,
    /// `pending`, `delivered` or `failed`.
    #[schema(value_type = String, example = "delivered")]
    state: crate::store::DeliveryState,
    next_attempt_at: Option<String>,
    created_at: String,
    attempts: Vec<TryView>,
}

#[derive(Serialize, ToSchema)]
struct TryView {
    #[schema(example = 1)]
    number: u32,
    at: String,
    /// Milliseconds until the answer.
    #[schema(example = 87)]
    took_ms: u64,
    /// HTTP status, if there was an answer.
    #[schema(example = 200)]
    status: Option<u16>,
    error: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListParams {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// From the previous response's `X-Next-Page-Token`.
    page_token: Option<String>,
}

/// Read the delivery log, newest first.
#[utoipa::path(
    operation_id = "list_deliveries",
    get, path = "/v1/webhooks/{webhook_id}/deliveries", tag = "webhooks", security(("api_key" = [])),
    params(("webhook_id" = String, Path, description = "With or without the prefix `wh_`"), ListParams),
    responses(
        (status = 200, description = "One page", body = Vec<DeliveryView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such webhook", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn deliveries(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiError> {
    let token = params.page_token.as_deref();
    let page = server.deliveries(&caller, &id, params.limit, token).await?;
    let views: Vec<DeliveryView> = page.items.into_iter().map(delivery).collect();
    Ok((next_page(&uri, page.next.as_deref()), Json(views)).into_response())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Redeliver {
    #[schema(example = "evt_01JQ8X5W3N0000000000000000")]
    event_id: String,
}

/// Send an event once more.
#[utoipa::path(
    operation_id = "redeliver_event",
    post, path = "/v1/webhooks/{webhook_id}/redeliver", tag = "webhooks", security(("api_key" = [])),
    params(("webhook_id" = String, Path, description = "With or without the prefix `wh_`")),
    request_body = Redeliver,
    responses(
        (status = 202, description = "On its way", body = SentView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such webhook or event", body = ErrorBody),
        (status = 409, description = "Switched off", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn redeliver(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<Redeliver>,
) -> Result<Response, ApiError> {
    let event = server.redeliver(&caller, &id, &request.event_id, clock::now()).await?;
    Ok((StatusCode::ACCEPTED, Json(SentView { event_id: event.prefixed() })).into_response())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Recover {
    /// ISO 8601 with an offset; events are kept for 7 days.
    #[schema(example = "2026-03-26T10:00:00Z")]
    since: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct RecoveredView {
    /// Events that are sent once more.
    #[schema(example = 3)]
    events: u64,
}

/// Send everything once more that could not be delivered since a time.
#[utoipa::path(
    operation_id = "recover_events",
    post, path = "/v1/webhooks/{webhook_id}/recover", tag = "webhooks", security(("api_key" = [])),
    params(("webhook_id" = String, Path, description = "With or without the prefix `wh_`")),
    request_body = Recover,
    responses(
        (status = 202, description = "On their way", body = RecoveredView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such webhook", body = ErrorBody),
        (status = 409, description = "Switched off", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn recover(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<Recover>,
) -> Result<Response, ApiError> {
    let events = server.recover(&caller, &id, &request.since, clock::now()).await?;
    Ok((StatusCode::ACCEPTED, Json(RecoveredView { events })).into_response())
}

fn with_secret(webhook: Webhook) -> WebhookView {
    let secret = Some(webhook.secret.clone());
    WebhookView { secret, ..view(webhook) }
}

fn view(webhook: Webhook) -> WebhookView {
    WebhookView {
        id: webhook.id.to_string(),
        webhook_id: webhook.id.prefixed(),
        url: webhook.url,
        event_types: webhook.event_types,
        pod_id: webhook.pod,
        client_id: webhook.client_id,
        mode: webhook.mode,
        is_active: webhook.active,
        disabled_reason: webhook.disabled_reason,
        failing_since: webhook.failing_since.map(iso),
        secret: None,
        previous_secret_expires_at: webhook.previous_until.map(iso),
        created_at: iso(webhook.created_at),
    }
}

fn delivery((delivery, tries): (Delivery, Vec<Try>)) -> DeliveryView {
    let attempt = |tried: Try| TryView {
        number: tried.number,
        at: iso(tried.at),
        took_ms: tried.took_ms,
        status: tried.status,
        error: tried.error,
    };
    DeliveryView {
        delivery_id: delivery.id.prefixed(),
        event_id: delivery.event.prefixed(),
        event_type: delivery.event_type,
        state: delivery.state,
        next_attempt_at: delivery.next_at.map(iso),
        created_at: iso(delivery.created_at),
        attempts: tries.into_iter().map(attempt).collect(),
    }
}
