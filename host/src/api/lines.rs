//! `/v1/lines`.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{Body, Params};
use super::error::ErrorBody;
use super::paging::next_page;
use super::view::iso;
use super::{ApiError, App, no_content};
use crate::actions::{Caller, CreateLine, ListLines};
use crate::clock;
use crate::store::{Line, Mode};

/// A number to call from.
#[derive(Serialize, ToSchema)]
pub(super) struct LineView {
    #[schema(example = "line_01JQ8X5W3N0000000000000000")]
    id: String,
    #[schema(example = "line_01JQ8X5W3N0000000000000000")]
    line_id: String,
    #[schema(example = "+14155550142")]
    phone_number: String,
    #[schema(example = "US")]
    country: String,
    /// Null: all tenants call from it.
    pod_id: Option<String>,
    #[schema(value_type = String, example = "test")]
    mode: Mode,
    #[schema(example = "2026-03-26T12:00:00Z")]
    created_at: String,
}

/// Provision a line.
///
/// An organization has one from the start, in the United States. Lines of test keys are numbers of the
/// sandbox, in more than forty countries.
#[utoipa::path(
    operation_id = "create_line",
    post, path = "/v1/lines", tag = "lines", security(("api_key" = [])),
    request_body = CreateLine,
    responses(
        (status = 201, description = "Provisioned", body = LineView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 402, description = "The plan includes no more lines"),
        (status = 422, description = "Not valid", body = ErrorBody),
        (status = 503, description = "No telephone carrier is configured", body = ErrorBody)
    )
)]
pub(super) async fn create(
    State(server): App,
    caller: Caller,
    Body(request): Body<CreateLine>,
) -> Result<Response, ApiError> {
    let line = server.create_line(&caller, request, clock::now()).await?;
    Ok((StatusCode::CREATED, Json(view(line))).into_response())
}

/// List the lines, the newest first.
#[utoipa::path(
    operation_id = "list_lines",
    get, path = "/v1/lines", tag = "lines", security(("api_key" = [])),
    params(ListLines),
    responses(
        (status = 200, description = "One page; `X-Next-Page-Token` leads on", body = Vec<LineView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn list(
    State(server): App,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(wanted): Params<ListLines>,
) -> Result<Response, ApiError> {
    let listed = server.list_lines(&caller, &wanted).await?;
    let headers = next_page(&uri, listed.next.as_deref());
    let views: Vec<LineView> = listed.items.into_iter().map(view).collect();
    Ok((headers, Json(views)).into_response())
}

/// Retrieve a line.
#[utoipa::path(
    operation_id = "read_line",
    get, path = "/v1/lines/{line_id}", tag = "lines", security(("api_key" = [])),
    params(("line_id" = String, Path, description = "With or without the prefix `line_`")),
    responses(
        (status = 200, description = "The line", body = LineView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such line", body = ErrorBody)
    )
)]
pub(super) async fn read(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<LineView>, ApiError> {
    Ok(Json(view(server.line(&caller, &id).await?)))
}

/// Give a line back.
#[utoipa::path(
    operation_id = "release_line",
    delete, path = "/v1/lines/{line_id}", tag = "lines", security(("api_key" = [])),
    params(("line_id" = String, Path, description = "With or without the prefix `line_`")),
    responses(
        (status = 204, description = "Released"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such line", body = ErrorBody),
        (status = 409, description = "Calls from it are not over", body = ErrorBody)
    )
)]
pub(super) async fn release(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    server.release_line(&caller, &id).await?;
    Ok(no_content())
}

fn view(line: Line) -> LineView {
    LineView {
        id: line.id.prefixed(),
        line_id: line.id.prefixed(),
        phone_number: line.number.to_string(),
        country: line.country,
        pod_id: line.pod,
        mode: line.mode,
        created_at: iso(line.created_at),
    }
}
