//! `/v1/calls/batch`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Body;
use super::error::ErrorBody;
use super::view::{CallView, iso};
use super::{ApiError, App};
use crate::actions::{Batch, Caller, CreateBatch, batch_status};
use crate::clock;

#[derive(Serialize, ToSchema)]
pub(super) struct BatchView {
    #[schema(example = "batch_01JQ8X5W3N0000000000000000")]
    batch_id: String,
    /// `in_progress`, or `completed` when every call has ended.
    #[schema(example = "in_progress")]
    status: &'static str,
    total: u32,
    /// How many calls are in which status.
    #[schema(example = json!({"completed": 2, "exhausted": 1}))]
    statuses: BTreeMap<String, u64>,
    pod_id: Option<String>,
    created_at: String,
    completed_at: Option<String>,
    /// In the order of the targets.
    calls: Vec<CallView>,
}

/// Create up to 1000 calls at once.
///
/// All of them or none: every mistake is named with its target. A target whose `client_id` was used
/// before is answered with the call that has it.
#[utoipa::path(
    operation_id = "create_batch",
    post, path = "/v1/calls/batch", tag = "calls", security(("api_key" = [])),
    request_body = CreateBatch,
    responses(
        (status = 201, description = "Created", body = BatchView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 402, description = "No minutes are left this month"),
        (status = 422, description = "Not valid; the mistakes are listed by target", body = ErrorBody),
        (status = 503, description = "Something needed is not configured", body = ErrorBody)
    )
)]
pub(super) async fn create(
    State(server): App,
    caller: Caller,
    Body(request): Body<CreateBatch>,
) -> Result<Response, ApiError> {
    let batch = server.create_batch(&caller, request, clock::now()).await?;
    Ok((StatusCode::CREATED, Json(view(&batch))).into_response())
}

/// Retrieve a batch with its calls.
#[utoipa::path(
    operation_id = "read_batch",
    get, path = "/v1/calls/batch/{batch_id}", tag = "calls", security(("api_key" = [])),
    params(("batch_id" = String, Path, description = "With or without the prefix `batch_`")),
    responses(
        (status = 200, description = "The batch", body = BatchView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such batch", body = ErrorBody)
    )
)]
pub(super) async fn read(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<BatchView>, ApiError> {
    Ok(Json(view(&server.batch(&caller, &id).await?)))
}

fn view(batch: &Batch) -> BatchView {
    let record = &batch.record;
    BatchView {
        batch_id: record.id.prefixed(),
        status: batch_status(record),
        total: record.total,
        statuses: batch.statuses.clone(),
        pod_id: record.pod.clone(),
        created_at: iso(record.created_at),
        completed_at: record.completed_at.map(iso),
        calls: batch.calls.iter().map(CallView::new).collect(),
    }
}
