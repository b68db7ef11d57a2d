//! Subscriptions at Stripe.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{Body, Raw};
use super::error::ErrorBody;
use super::{ApiError, App};
use crate::actions::{Caller, Checkout, Portal};
use crate::clock;

/// Where to send the person.
#[derive(Serialize, ToSchema)]
pub(super) struct PageView {
    #[schema(example = "https://checkout.stripe.com/c/pay/cs_test_a1b2")]
    url: String,
}

/// Begin a subscription at Stripe.
///
/// The plan changes when Stripe reports the subscription, not when the person comes back.
#[utoipa::path(
    post, path = "/v1/auth/checkout", tag = "auth", security(("api_key" = [])),
    request_body = Checkout,
    responses(
        (status = 200, description = "Stripe's page", body = PageView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "Not with a test key or the key of one pod", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody),
        (status = 502, description = "Stripe failed", body = ErrorBody),
        (status = 503, description = "Stripe is not configured", body = ErrorBody)
    )
)]
pub(super) async fn checkout(
    State(server): App,
    caller: Caller,
    Body(request): Body<Checkout>,
) -> Result<Json<PageView>, ApiError> {
    Ok(Json(PageView { url: server.checkout(&caller, request).await? }))
}

/// Manage the subscription at Stripe.
#[utoipa::path(
    operation_id = "billing_portal",
    post, path = "/v1/auth/billing-portal", tag = "auth", security(("api_key" = [])),
    request_body = Portal,
    responses(
        (status = 200, description = "Stripe's page, for this moment", body = PageView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "Not with a test key or the key of one pod", body = ErrorBody),
        (status = 409, description = "There is no subscription yet", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody),
        (status = 502, description = "Stripe failed", body = ErrorBody),
        (status = 503, description = "Stripe is not configured", body = ErrorBody)
    )
)]
pub(super) async fn portal(
    State(server): App,
    caller: Caller,
    Body(request): Body<Portal>,
) -> Result<Json<PageView>, ApiError> {
    Ok(Json(PageView { url: server.portal(&caller, request).await? }))
}

/// Where Stripe sends its events.
#[utoipa::path(
    post, path = "/v1/billing/stripe", tag = "operations",
    request_body(content = String, content_type = "application/json"),
    params(("Stripe-Signature" = String, Header, description = "Of the body, by the endpoint's secret")),
    responses(
        (status = 204, description = "Taken"),
        (status = 403, description = "Not signed by Stripe", body = ErrorBody),
        (status = 422, description = "Not an event", body = ErrorBody),
        (status = 502, description = "Stripe could not be asked: it sends the event again", body = ErrorBody),
        (status = 503, description = "Stripe is not configured", body = ErrorBody)
    )
)]
pub(super) async fn stripe_event(
    State(server): App,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<StatusCode, ApiError> {
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    server.stripe_event(signature.unwrap_or_default(), &body, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
