//! `/v1/personas`.

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
use crate::actions::{Caller, ChangePersona, CreatePersona, ListPersonas};
use crate::clock;
use crate::store::{Mode, StoredPersona};

/// A caller identity.
#[derive(Serialize, ToSchema)]
pub(super) struct PersonaView {
    #[schema(example = "01JQ8X5W3N0000000000000000")]
    id: String,
    #[schema(example = "persona_01JQ8X5W3N0000000000000000")]
    persona_id: String,
    #[schema(example = "Procurement Agent")]
    name: String,
    #[schema(example = "Alex")]
    caller_name: Option<String>,
    company: Option<String>,
    role: Option<String>,
    tone: Option<String>,
    #[schema(example = "professional_male_en")]
    voice: Option<String>,
    #[schema(example = "en")]
    language: Option<String>,
    default_rules: Vec<String>,
    client_id: Option<String>,
    pod_id: Option<String>,
    #[schema(value_type = String, example = "test")]
    mode: Mode,
    created_at: String,
    updated_at: String,
}

/// Create a caller identity.
///
/// What a call says itself goes before its persona; the rules of both hold.
#[utoipa::path(
    operation_id = "create_persona",
    post, path = "/v1/personas", tag = "personas", security(("api_key" = [])),
    request_body = CreatePersona,
    responses(
        (status = 201, description = "Created", body = PersonaView),
        (status = 200, description = "One with that `client_id` exists", body = PersonaView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn create(
    State(server): App,
    caller: Caller,
    Body(request): Body<CreatePersona>,
) -> Result<Response, ApiError> {
    let (persona, is_new) = server.create_persona(&caller, request, clock::now()).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view(persona))).into_response())
}

/// List caller identities, the newest first.
#[utoipa::path(
    operation_id = "list_personas",
    get, path = "/v1/personas", tag = "personas", security(("api_key" = [])),
    params(ListPersonas),
    responses(
        (status = 200, description = "One page; `X-Next-Page-Token` leads on", body = Vec<PersonaView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn list(
    State(server): App,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(wanted): Params<ListPersonas>,
) -> Result<Response, ApiError> {
    let listed = server.list_personas(&caller, &wanted).await?;
    let headers = next_page(&uri, listed.next.as_deref());
    let views: Vec<PersonaView> = listed.items.into_iter().map(view).collect();
    Ok((headers, Json(views)).into_response())
}

/// Retrieve a caller identity.
#[utoipa::path(
    operation_id = "read_persona",
    get, path = "/v1/personas/{persona_id}", tag = "personas", security(("api_key" = [])),
    params(("persona_id" = String, Path, description = "With or without the prefix `persona_`")),
    responses(
        (status = 200, description = "The persona", body = PersonaView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such persona", body = ErrorBody)
    )
)]
pub(super) async fn read(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonaView>, ApiError> {
    Ok(Json(view(server.persona(&caller, &id).await?)))
}

/// Change a caller identity; calls that exist keep what they were made with.
#[utoipa::path(
    operation_id = "change_persona",
    patch, path = "/v1/personas/{persona_id}", tag = "personas", security(("api_key" = [])),
    params(("persona_id" = String, Path, description = "With or without the prefix `persona_`")),
    request_body = ChangePersona,
    responses(
        (status = 200, description = "Changed", body = PersonaView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such persona", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn change(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<ChangePersona>,
) -> Result<Json<PersonaView>, ApiError> {
    Ok(Json(view(server.change_persona(&caller, &id, request, clock::now()).await?)))
}

/// Change a caller identity: the same as PATCH.
#[utoipa::path(
    operation_id = "replace_persona",
    put, path = "/v1/personas/{persona_id}", tag = "personas", security(("api_key" = [])),
    params(("persona_id" = String, Path, description = "With or without the prefix `persona_`")),
    request_body = ChangePersona,
    responses(
        (status = 200, description = "Changed", body = PersonaView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such persona", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn replace(
    state: App,
    caller: Caller,
    id: Path<String>,
    request: Body<ChangePersona>,
) -> Result<Json<PersonaView>, ApiError> {
    change(state, caller, id, request).await
}

/// Delete a caller identity; calls that exist keep what they were made with.
#[utoipa::path(
    operation_id = "delete_persona",
    delete, path = "/v1/personas/{persona_id}", tag = "personas", security(("api_key" = [])),
    params(("persona_id" = String, Path, description = "With or without the prefix `persona_`")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such persona", body = ErrorBody)
    )
)]
pub(super) async fn delete(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    server.delete_persona(&caller, &id).await?;
    Ok(no_content())
}

fn view(persona: StoredPersona) -> PersonaView {
    let traits = persona.traits;
    PersonaView {
        id: persona.id.to_string(),
        persona_id: persona.id.prefixed(),
        name: persona.name,
        caller_name: traits.identity.caller_name,
        company: traits.identity.company,
        role: traits.identity.role,
        tone: traits.identity.tone,
        voice: traits.voice,
        language: traits.language,
        default_rules: traits.rules,
        client_id: persona.client_id,
        pod_id: persona.pod,
        mode: persona.mode,
        created_at: iso(persona.created_at),
        updated_at: iso(persona.updated_at),
    }
}
