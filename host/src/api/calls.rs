//! `/v1/calls`.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, Params, included};
use super::error::ErrorBody;
use super::once::REPLAYED;
use super::paging::next_page;
use super::view::{CallView, iso};
use super::{ApiError, App};
use crate::actions::{ActionError, Caller, CreateCall, Created, ListCalls};
use crate::clock;

/// Create a call.
///
/// The call is queued and dialled as soon as there is room. A `client_id` that was used before gives
/// the existing call with status 200 and `Idempotent-Replayed: true`.
#[utoipa::path(
    operation_id = "create_call",
    post, path = "/v1/calls", tag = "calls", security(("api_key" = [])),
    request_body = CreateCall,
    responses(
        (status = 201, description = "Created", body = CallView),
        (status = 200, description = "A call with that `client_id` exists", body = CallView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 402, description = "No minutes are left this month"),
        (status = 422, description = "Not valid, every mistake is listed; or the number must not be called", body = ErrorBody),
        (status = 503, description = "Something needed is not configured", body = ErrorBody)
    )
)]
pub(super) async fn create(
    State(server): App,
    caller: Caller,
    Body(request): Body<CreateCall>,
) -> Result<Response, ApiError> {
    Ok(match server.create_call(&caller, request, clock::now()).await? {
        Created::New(record) => (StatusCode::CREATED, Json(CallView::new(&record))).into_response(),
        Created::Existing(record) => {
            let replayed = [(REPLAYED.clone(), HeaderValue::from_static("true"))];
            (StatusCode::OK, replayed, Json(CallView::new(&record))).into_response()
        }
    })
}

/// Retrieve a call.
#[utoipa::path(
    operation_id = "read_call",
    get, path = "/v1/calls/{call_id}", tag = "calls", security(("api_key" = [])),
    params(("call_id" = String, Path, description = "With or without the prefix `call_`")),
    responses(
        (status = 200, description = "The call", body = CallView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such call", body = ErrorBody)
    )
)]
pub(super) async fn read(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CallView>, ApiError> {
    let record = server.call(&caller, &id).await?;
    Ok(Json(CallView::new(&record)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ListParams {
    /// Only calls in this status.
    #[param(example = "completed")]
    status: Option<String>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// From the previous response's `X-Next-Page-Token`; the filters must be the same.
    page_token: Option<String>,
    /// Only calls to this number.
    #[param(example = "+12025550100")]
    to: Option<String>,
    #[param(example = "platform.price_inquiry")]
    playbook_id: Option<String>,
    batch_id: Option<String>,
    conversation_id: Option<String>,
    pod_id: Option<String>,
    /// ISO 8601 with an offset.
    #[param(example = "2026-03-01T00:00:00Z")]
    created_after: Option<String>,
    #[param(example = "2026-04-01T00:00:00Z")]
    created_before: Option<String>,
    /// `transcript` adds the transcripts.
    #[param(example = "transcript")]
    include: Option<String>,
}

/// List calls, newest first.
#[utoipa::path(
    operation_id = "list_calls",
    get, path = "/v1/calls", tag = "calls", security(("api_key" = [])),
    params(ListParams),
    responses(
        (status = 200, description = "One page", body = Vec<CallView>,
         headers(
            ("X-Next-Page-Token" = String, description = "Cursor of the next page, if there is one"),
            ("Link" = String, description = "The next page, as `rel=\"next\"`")
         )),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 422, description = "A filter or the cursor is not valid", body = ErrorBody)
    )
)]
pub(super) async fn list(
    State(server): App,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(params): Params<ListParams>,
) -> Result<Response, ApiError> {
    let with_transcript = included(params.include.as_deref(), "transcript")?;
    let wanted = ListCalls {
        status: params.status,
        to: params.to,
        playbook_id: params.playbook_id,
        batch_id: params.batch_id,
        conversation_id: params.conversation_id,
        pod_id: params.pod_id,
        created_after: params.created_after,
        created_before: params.created_before,
        limit: params.limit,
    };
    let listed = server.list_calls(&caller, &wanted, params.page_token.as_deref()).await?;
    let views: Vec<CallView> =
        listed.items.iter().map(|record| CallView::listed(record, with_transcript)).collect();
    let headers = next_page(&uri, listed.next.as_deref());
    Ok((headers, Json(views)).into_response())
}

/// Cancel a call that has not been answered.
#[utoipa::path(
    operation_id = "cancel_call",
    delete, path = "/v1/calls/{call_id}/cancel", tag = "calls", security(("api_key" = [])),
    params(("call_id" = String, Path, description = "With or without the prefix `call_`")),
    responses(
        (status = 200, description = "Cancelled", body = CallView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such call", body = ErrorBody),
        (status = 409, description = "Cannot be cancelled in its current state", body = ErrorBody)
    )
)]
pub(super) async fn cancel(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CallView>, ApiError> {
    let record = server.cancel_call(&caller, &id, clock::now()).await?;
    Ok(Json(CallView::new(&record)))
}

/// Fetch the transcript.
///
/// Redirects to a signed link that expires in one hour.
#[utoipa::path(
    operation_id = "read_transcript",
    get, path = "/v1/calls/{call_id}/transcript", tag = "calls", security(("api_key" = [])),
    params(("call_id" = String, Path, description = "With or without the prefix `call_`")),
    responses(
        (status = 302, description = "Redirect to the signed link"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "Not available (yet)", body = ErrorBody),
        (status = 502, description = "The link could not be signed", body = ErrorBody)
    )
)]
pub(super) async fn transcript(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let record = server.call(&caller, &id).await?;
    let missing = || ActionError::NotFound("the transcript is not available yet");
    let key = record.outcome.transcript_key.ok_or_else(missing)?;
    let link = server.blobs.link(&key, clock::now()).await.map_err(ActionError::LinkFailed)?;
    Ok(found(&link.ok_or_else(missing)?))
}

/// Fetch the recording: stereo WAV, agent left, callee right.
///
/// Redirects to a signed link that expires in one hour.
#[utoipa::path(
    operation_id = "read_recording",
    get, path = "/v1/calls/{call_id}/recording", tag = "calls", security(("api_key" = [])),
    params(("call_id" = String, Path, description = "With or without the prefix `call_`")),
    responses(
        (status = 302, description = "Redirect to the signed link"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "Not available (yet)", body = ErrorBody),
        (status = 502, description = "The link could not be signed", body = ErrorBody)
    )
)]
pub(super) async fn recording(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let record = server.call(&caller, &id).await?;
    let missing = || ActionError::NotFound("the recording is not available yet");
    let key = record.outcome.recording_key.ok_or_else(missing)?;
    let link = server.blobs.link(&key, clock::now()).await.map_err(ActionError::LinkFailed)?;
    Ok(found(&link.ok_or_else(missing)?))
}

/// One dial of a call.
#[derive(Serialize, ToSchema)]
pub(super) struct AttemptView {
    id: String,
    #[schema(example = 1)]
    number: u32,
    started_at: String,
    answered_at: Option<String>,
    ended_at: Option<String>,
    #[schema(value_type = Option<String>, example = "human")]
    answered_by: Option<call::AnsweredBy>,
    #[schema(value_type = Option<String>, example = "no_answer")]
    reason: Option<call::FailReason>,
}

/// List the attempts of a call.
#[utoipa::path(
    operation_id = "list_attempts",
    get, path = "/v1/calls/{call_id}/attempts", tag = "calls", security(("api_key" = [])),
    params(("call_id" = String, Path, description = "With or without the prefix `call_`")),
    responses(
        (status = 200, description = "In order", body = Vec<AttemptView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such call", body = ErrorBody)
    )
)]
pub(super) async fn attempts(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<AttemptView>>, ApiError> {
    let record = server.call(&caller, &id).await?;
    let attempts = server.store.attempts(record.id).await.map_err(ActionError::from)?;
    let view = |attempt: crate::store::Attempt| AttemptView {
        id: attempt.id.to_string(),
        number: attempt.number,
        started_at: iso(attempt.started_at),
        answered_at: attempt.answered_at.map(iso),
        ended_at: attempt.ended_at.map(iso),
        answered_by: attempt.answered_by,
        reason: attempt.reason,
    };
    Ok(Json(attempts.into_iter().map(view).collect()))
}

pub(super) fn found(location: &str) -> Response {
    let location = HeaderValue::from_str(location).expect("links are plain ASCII");
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}
