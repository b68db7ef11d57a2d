//! `/v1/conversations`.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Params;
use super::error::ErrorBody;
use super::paging::next_page;
use super::view::iso;
use super::{ApiError, App};
use crate::actions::{Caller, ListConversations};
use crate::store::{CallRecord, Conversation, Mode};

/// The calls between one line and one number.
#[derive(Serialize, ToSchema)]
pub(super) struct ConversationView {
    #[schema(example = "conv_01JQ8X5W3N0000000000000000")]
    id: String,
    #[schema(example = "conv_01JQ8X5W3N0000000000000000")]
    conversation_id: String,
    /// The other side.
    #[schema(example = "+12025550100")]
    number: String,
    #[schema(example = "line_01JQ8X5W3N0000000000000000")]
    line_id: Option<String>,
    /// How many there were.
    #[schema(example = 2)]
    call_count: u64,
    pod_id: Option<String>,
    #[schema(value_type = String, example = "test")]
    mode: Mode,
    created_at: String,
    last_call_at: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct RecalledView {
    #[serde(flatten)]
    conversation: ConversationView,
    /// What came of the calls that are over, ready to be sent with a new one.
    #[schema(example = "Call of 2026-03-26 (completed): Supplier quoted $54/unit.")]
    previous_call_context: Option<String>,
    /// The newest twenty, the newest first.
    calls: Vec<BriefView>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct BriefView {
    #[schema(example = "call_01JQ8X5W3N0000000000000000")]
    call_id: String,
    #[schema(example = "completed")]
    status: &'static str,
    objective: String,
    summary: Option<String>,
    created_at: String,
}

/// List conversations, that of the last call first.
///
/// Calls with the same number from the same line are one conversation.
#[utoipa::path(
    operation_id = "list_conversations",
    get, path = "/v1/conversations", tag = "lines", security(("api_key" = [])),
    params(ListConversations),
    responses(
        (status = 200, description = "One page; `X-Next-Page-Token` leads on", body = Vec<ConversationView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn list(
    State(server): App,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(wanted): Params<ListConversations>,
) -> Result<Response, ApiError> {
    let listed = server.list_conversations(&caller, &wanted).await?;
    let headers = next_page(&uri, listed.next.as_deref());
    let views: Vec<ConversationView> = listed.items.into_iter().map(view).collect();
    Ok((headers, Json(views)).into_response())
}

/// Retrieve a conversation, with what a new call may be told of it.
#[utoipa::path(
    operation_id = "read_conversation",
    get, path = "/v1/conversations/{conversation_id}", tag = "lines", security(("api_key" = [])),
    params(("conversation_id" = String, Path, description = "With or without the prefix `conv_`")),
    responses(
        (status = 200, description = "The conversation", body = RecalledView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such conversation", body = ErrorBody)
    )
)]
pub(super) async fn read(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RecalledView>, ApiError> {
    let recalled = server.conversation(&caller, &id).await?;
    Ok(Json(RecalledView {
        conversation: view(recalled.conversation),
        previous_call_context: recalled.context,
        calls: recalled.calls.iter().map(brief).collect(),
    }))
}

fn view(conversation: Conversation) -> ConversationView {
    ConversationView {
        id: conversation.id.prefixed(),
        conversation_id: conversation.id.prefixed(),
        number: conversation.number.to_string(),
        line_id: conversation.line.map(|line| line.prefixed()),
        call_count: conversation.calls,
        pod_id: conversation.pod,
        mode: conversation.mode,
        created_at: iso(conversation.created_at),
        last_call_at: iso(conversation.last_call_at),
    }
}

fn brief(record: &CallRecord) -> BriefView {
    BriefView {
        call_id: record.id.prefixed(),
        status: record.call.status.as_str(),
        objective: record.spec.objective.clone(),
        summary: record.outcome.summary.clone(),
        created_at: iso(record.call.created_at),
    }
}
