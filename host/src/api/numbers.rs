//! `/v1/do-not-call`.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, Params, Raw, media_type};
use super::error::ErrorBody;
use super::paging::next_page;
use super::view::iso;
use super::{ApiError, App, no_content};
use crate::actions::{Caller, Imported, ListNumbers, ListedNumbers};
use crate::clock;
use crate::store::DoNotCall;

/// A number that is never dialled.
#[derive(Serialize, ToSchema)]
pub(super) struct NumberView {
    #[schema(example = "+12025550100")]
    number: String,
    /// Only in this pod; `null` in the whole organization.
    pod_id: Option<String>,
    /// `request` (asked for on a call), `api` or `import`.
    #[schema(example = "request")]
    source: String,
    /// The words that asked for it, or your note.
    #[schema(example = "Please take me off your list.")]
    note: Option<String>,
    /// The call on which it was asked for.
    call_id: Option<String>,
    created_at: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListParams {
    /// 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<u32>,
    /// From the previous response's `X-Next-Page-Token`.
    page_token: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PodParam {
    /// Only in this pod; in the whole organization if left out.
    pod_id: Option<String>,
}

/// List the numbers that are never dialled.
#[utoipa::path(
    operation_id = "list_do_not_call",
    get, path = "/v1/do-not-call", tag = "compliance", security(("api_key" = [])),
    params(ListParams),
    responses(
        (status = 200, description = "One page, by number", body = Vec<NumberView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn list(
    State(server): App,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiError> {
    let page = server.listed_numbers(&caller, params.limit, params.page_token.as_deref()).await?;
    let views: Vec<NumberView> = page.items.into_iter().map(view).collect();
    Ok((next_page(&uri, page.next.as_deref()), Json(views)).into_response())
}

/// Put numbers on the do-not-call list.
///
/// Calls that wait for such a number are cancelled when they are due.
#[utoipa::path(
    operation_id = "add_do_not_call",
    post, path = "/v1/do-not-call", tag = "compliance", security(("api_key" = [])),
    request_body = ListNumbers,
    responses(
        (status = 201, description = "Listed", body = ListedNumbers),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn add(
    State(server): App,
    caller: Caller,
    Body(request): Body<ListNumbers>,
) -> Result<Response, ApiError> {
    let listed = server.list_numbers(&caller, request, clock::now()).await?;
    Ok((StatusCode::CREATED, Json(listed)).into_response())
}

/// Import a CSV file.
///
/// A header row may name the columns `number` and `note`; without one the first column counts. Rows
/// without a number are named in the answer, all others are taken.
#[utoipa::path(
    operation_id = "import_do_not_call",
    post, path = "/v1/do-not-call/import", tag = "compliance", security(("api_key" = [])),
    params(PodParam),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, description = "What was taken and what was not", body = Imported),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 413, description = "Too large: import it in parts", body = ErrorBody),
        (status = 415, description = "Not text/csv", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn import(
    State(server): App,
    caller: Caller,
    Params(params): Params<PodParam>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Json<Imported>, ApiError> {
    if media_type(&headers) != "text/csv" {
        return Err(ApiError::not_csv());
    }
    let pod = params.pod_id.as_deref();
    Ok(Json(server.import_numbers(&caller, pod, &body, clock::now()).await?))
}

/// Take a number off the list.
#[utoipa::path(
    operation_id = "remove_do_not_call",
    delete, path = "/v1/do-not-call/{number}", tag = "compliance", security(("api_key" = [])),
    params(("number" = String, Path, description = "In E.164 format", example = "+12025550100"), PodParam),
    responses(
        (status = 204, description = "Off the list"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "Not on the list", body = ErrorBody),
        (status = 422, description = "Not a number", body = ErrorBody)
    )
)]
pub(super) async fn remove(
    State(server): App,
    caller: Caller,
    Path(number): Path<String>,
    Params(params): Params<PodParam>,
) -> Result<Response, ApiError> {
    server.unlist_number(&caller, &number, params.pod_id.as_deref()).await?;
    Ok(no_content())
}

fn view(entry: DoNotCall) -> NumberView {
    NumberView {
        number: entry.number.to_string(),
        pod_id: entry.pod,
        source: entry.source,
        note: entry.note,
        call_id: entry.call.map(|call| call.prefixed()),
        created_at: iso(entry.created_at),
    }
}
