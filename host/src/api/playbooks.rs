//! `/v1/playbooks`.

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, Params, Raw, json, media_type};
use super::error::ErrorBody;
use super::paging::next_page;
use super::view::iso;
use super::{ApiError, App, no_content};
use crate::actions::{
    Caller, ChangePlaybook, CreatePlaybook, ListPlaybooks, Rollback, ShownPlaybook, read_layer,
};
use crate::clock;
use crate::plugin::{Layer, Playbook};
use crate::store::{Mode, PlaybookAbout, PlaybookVersion, StoredPlaybook};

const COMPONENT: &str = "application/wasm";

/// How calls are held.
#[derive(Serialize, ToSchema)]
pub(super) struct PlaybookView {
    #[schema(example = "01JQ8X5W3N0000000000000000")]
    id: String,
    /// What a call names as its `playbook_id`.
    #[schema(example = "playbook_01JQ8X5W3N0000000000000000")]
    playbook_id: String,
    /// `platform` (comes with the server) or `custom`.
    #[schema(example = "custom")]
    source: &'static str,
    #[schema(example = "Steel beam negotiation")]
    name: String,
    /// What its component is for.
    summary: String,
    /// What it was forked from.
    #[schema(example = "platform.price_inquiry")]
    base: Option<String>,
    #[schema(example = "Build rapport first. Our target is $50/unit.")]
    strategy: Option<String>,
    behavior_rules: Vec<String>,
    #[schema(value_type = Option<Object>, example = json!({"quoted_price": "number"}))]
    extraction_schema: Option<Value>,
    #[schema(example = "Warm, professional, never pushy.")]
    voice_tone: Option<String>,
    success_criteria: Option<String>,
    /// Languages it has lines for.
    languages: Vec<String>,
    /// Counts the changes, from 1.
    #[schema(example = 1)]
    version: u32,
    component: ComponentView,
    client_id: Option<String>,
    pod_id: Option<String>,
    #[schema(value_type = Option<String>, example = "test")]
    mode: Option<Mode>,
    /// `null` for what comes with the server.
    created_at: Option<String>,
    updated_at: Option<String>,
}

/// The file that a playbook is.
#[derive(Serialize, ToSchema)]
pub(super) struct ComponentView {
    #[schema(example = "custom.01jq8x5w3n0000000000000000")]
    id: String,
    #[schema(example = "1.0.0")]
    version: String,
    /// SHA-256, in hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    digest: String,
}

/// One state of a playbook.
#[derive(Serialize, ToSchema)]
pub(super) struct VersionView {
    #[schema(example = 1)]
    version: u32,
    #[schema(example = "Steel beam negotiation")]
    name: String,
    base: Option<String>,
    strategy: Option<String>,
    behavior_rules: Vec<String>,
    #[schema(value_type = Option<Object>, example = json!({"quoted_price": "number"}))]
    extraction_schema: Option<Value>,
    voice_tone: Option<String>,
    success_criteria: Option<String>,
    component: ComponentView,
    created_at: String,
}

/// The query of a `POST /v1/playbooks` whose body is a component.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct UploadParams {
    /// With a component as the body: makes the request safe to repeat.
    client_id: Option<String>,
    /// With a component as the body: only in this pod.
    pod_id: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ComponentParams {
    /// The newest if left out.
    #[param(minimum = 1)]
    version: Option<u32>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct VersionsParams {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    page_token: Option<String>,
}

/// Create a playbook.
///
/// From settings, on the code of another playbook; or from a component built elsewhere, as the body
/// with `Content-Type: application/wasm`. Either way it becomes a component file of its own.
#[utoipa::path(
    operation_id = "create_playbook",
    post, path = "/v1/playbooks", tag = "playbooks", security(("api_key" = [])),
    params(UploadParams),
    request_body(content((CreatePlaybook = "application/json"), (String = "application/wasm"))),
    responses(
        (status = 201, description = "Created", body = PlaybookView),
        (status = 200, description = "One with that `client_id` exists", body = PlaybookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 402, description = "The plan includes no more custom playbooks"),
        (status = 413, description = "The component is too large", body = ErrorBody),
        (status = 415, description = "Neither JSON nor a component", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody),
        (status = 503, description = "Too many components are being compiled", body = ErrorBody)
    )
)]
pub(super) async fn create(
    State(server): App,
    caller: Caller,
    Params(params): Params<UploadParams>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Response, ApiError> {
    let kind = media_type(&headers);
    let (playbook, is_new) = if kind == COMPONENT {
        let UploadParams { client_id, pod_id } = params;
        server.upload_playbook(&caller, pod_id.as_deref(), client_id, &body, clock::now()).await?
    } else {
        let mut request: CreatePlaybook = json(&kind, &body)?;
        request.client_id = request.client_id.or(params.client_id);
        request.pod_id = request.pod_id.or(params.pod_id);
        server.create_playbook(&caller, request, clock::now()).await?
    };
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(custom(playbook)?)).into_response())
}

/// List playbooks: your own, the newest first, then those of the server.
#[utoipa::path(
    operation_id = "list_playbooks",
    get, path = "/v1/playbooks", tag = "playbooks", security(("api_key" = [])),
    params(ListPlaybooks),
    responses(
        (status = 200, description = "One page; `X-Next-Page-Token` leads on", body = Vec<PlaybookView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn list(
    State(server): App,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Params(wanted): Params<ListPlaybooks>,
) -> Result<Response, ApiError> {
    let listed = server.list_playbooks(&caller, &wanted).await?;
    let headers = next_page(&uri, listed.next.as_deref());
    let views: Result<Vec<PlaybookView>, ApiError> = listed.items.into_iter().map(view).collect();
    Ok((headers, Json(views?)).into_response())
}

/// Retrieve a playbook.
#[utoipa::path(
    operation_id = "read_playbook",
    get, path = "/v1/playbooks/{playbook_id}", tag = "playbooks", security(("api_key" = [])),
    params(("playbook_id" = String, Path, description = "With or without the prefix `playbook_`")),
    responses(
        (status = 200, description = "The playbook", body = PlaybookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such playbook", body = ErrorBody)
    )
)]
pub(super) async fn read(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<PlaybookView>, ApiError> {
    Ok(Json(view(server.playbook(&caller, &id).await?)?))
}

/// Change a playbook, which makes its next version; calls that exist keep theirs.
#[utoipa::path(
    operation_id = "change_playbook",
    patch, path = "/v1/playbooks/{playbook_id}", tag = "playbooks", security(("api_key" = [])),
    params(("playbook_id" = String, Path, description = "With or without the prefix `playbook_`")),
    request_body = ChangePlaybook,
    responses(
        (status = 200, description = "Changed", body = PlaybookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "It comes with the server", body = ErrorBody),
        (status = 404, description = "No such playbook", body = ErrorBody),
        (status = 409, description = "Changed by somebody else meanwhile", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody),
        (status = 503, description = "Too many components are being compiled", body = ErrorBody)
    )
)]
pub(super) async fn change(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<ChangePlaybook>,
) -> Result<Json<PlaybookView>, ApiError> {
    let changed = server.change_playbook(&caller, &id, request, clock::now()).await?;
    Ok(Json(custom(changed)?))
}

/// Change a playbook: the same as PATCH.
#[utoipa::path(
    operation_id = "replace_playbook",
    put, path = "/v1/playbooks/{playbook_id}", tag = "playbooks", security(("api_key" = [])),
    params(("playbook_id" = String, Path, description = "With or without the prefix `playbook_`")),
    request_body = ChangePlaybook,
    responses(
        (status = 200, description = "Changed", body = PlaybookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "It comes with the server", body = ErrorBody),
        (status = 404, description = "No such playbook", body = ErrorBody),
        (status = 409, description = "Changed by somebody else meanwhile", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody),
        (status = 503, description = "Too many components are being compiled", body = ErrorBody)
    )
)]
pub(super) async fn replace(
    state: App,
    caller: Caller,
    id: Path<String>,
    request: Body<ChangePlaybook>,
) -> Result<Json<PlaybookView>, ApiError> {
    change(state, caller, id, request).await
}

/// Delete a playbook; calls that exist keep the version they were made with.
#[utoipa::path(
    operation_id = "delete_playbook",
    delete, path = "/v1/playbooks/{playbook_id}", tag = "playbooks", security(("api_key" = [])),
    params(("playbook_id" = String, Path, description = "With or without the prefix `playbook_`")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "It comes with the server", body = ErrorBody),
        (status = 404, description = "No such playbook", body = ErrorBody)
    )
)]
pub(super) async fn delete(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    server.delete_playbook(&caller, &id, clock::now()).await?;
    Ok(no_content())
}

/// Download the component file of a playbook.
#[utoipa::path(
    operation_id = "read_playbook_component",
    get, path = "/v1/playbooks/{playbook_id}/component", tag = "playbooks",
    security(("api_key" = [])),
    params(
        ("playbook_id" = String, Path, description = "With or without the prefix `playbook_`"),
        ComponentParams
    ),
    responses(
        (status = 200, description = "The file", body = String, content_type = "application/wasm"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such playbook or version", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn component(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
    Params(params): Params<ComponentParams>,
) -> Result<Response, ApiError> {
    let file = server.component(&caller, &id, params.version).await?;
    let headers = [
        (header::CONTENT_TYPE, COMPONENT.to_owned()),
        (header::ETAG, format!("\"{}\"", file.digest)),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.wasm\"", file.id)),
    ];
    Ok((headers, file.bytes).into_response())
}

/// Put a component in the place of a playbook's, which makes its next version.
#[utoipa::path(
    operation_id = "replace_playbook_component",
    put, path = "/v1/playbooks/{playbook_id}/component", tag = "playbooks",
    security(("api_key" = [])),
    params(("playbook_id" = String, Path, description = "With or without the prefix `playbook_`")),
    request_body(content = String, content_type = "application/wasm"),
    responses(
        (status = 200, description = "Changed", body = PlaybookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "It comes with the server", body = ErrorBody),
        (status = 404, description = "No such playbook", body = ErrorBody),
        (status = 409, description = "Changed by somebody else meanwhile", body = ErrorBody),
        (status = 413, description = "The component is too large", body = ErrorBody),
        (status = 415, description = "Not application/wasm", body = ErrorBody),
        (status = 422, description = "Not a playbook", body = ErrorBody),
        (status = 503, description = "Too many components are being compiled", body = ErrorBody)
    )
)]
pub(super) async fn replace_component(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Json<PlaybookView>, ApiError> {
    if media_type(&headers) != COMPONENT {
        return Err(ApiError::not_a_component());
    }
    let changed = server.replace_component(&caller, &id, &body, clock::now()).await?;
    Ok(Json(custom(changed)?))
}

/// List the versions of a playbook, the newest first.
#[utoipa::path(
    operation_id = "list_playbook_versions",
    get, path = "/v1/playbooks/{playbook_id}/versions", tag = "playbooks",
    security(("api_key" = [])),
    params(
        ("playbook_id" = String, Path, description = "With or without the prefix `playbook_`"),
        VersionsParams
    ),
    responses(
        (status = 200, description = "One page; `X-Next-Page-Token` leads on", body = Vec<VersionView>),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "It comes with the server, which has one version of it", body = ErrorBody),
        (status = 404, description = "No such playbook", body = ErrorBody),
        (status = 422, description = "Not valid", body = ErrorBody)
    )
)]
pub(super) async fn versions(
    State(server): App,
    caller: Caller,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    Params(params): Params<VersionsParams>,
) -> Result<Response, ApiError> {
    let token = params.page_token.as_deref();
    let listed = server.playbook_versions(&caller, &id, params.limit, token).await?;
    let headers = next_page(&uri, listed.next.as_deref());
    let views: Result<Vec<VersionView>, ApiError> =
        listed.items.into_iter().map(version_view).collect();
    Ok((headers, Json(views?)).into_response())
}

/// Go back to an earlier version, which becomes the next one.
#[utoipa::path(
    operation_id = "roll_back_playbook",
    post, path = "/v1/playbooks/{playbook_id}/rollback", tag = "playbooks",
    security(("api_key" = [])),
    params(("playbook_id" = String, Path, description = "With or without the prefix `playbook_`")),
    request_body = Rollback,
    responses(
        (status = 200, description = "Changed", body = PlaybookView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "It comes with the server", body = ErrorBody),
        (status = 404, description = "No such playbook", body = ErrorBody),
        (status = 409, description = "Changed by somebody else meanwhile", body = ErrorBody),
        (status = 422, description = "No such version", body = ErrorBody),
        (status = 503, description = "Too many components are being compiled", body = ErrorBody)
    )
)]
pub(super) async fn roll_back(
    State(server): App,
    caller: Caller,
    Path(id): Path<String>,
    Body(request): Body<Rollback>,
) -> Result<Json<PlaybookView>, ApiError> {
    let changed = server.roll_back(&caller, &id, &request, clock::now()).await?;
    Ok(Json(custom(changed)?))
}

fn view(shown: ShownPlaybook) -> Result<PlaybookView, ApiError> {
    match shown {
        ShownPlaybook::Installed(playbook) => Ok(installed(&playbook)),
        ShownPlaybook::Custom(playbook) => custom(*playbook),
    }
}

fn installed(playbook: &Playbook) -> PlaybookView {
    let description = playbook.description();
    let mut laid = Laid::of(playbook.layer().cloned());
    PlaybookView {
        id: description.id.clone(),
        playbook_id: description.id.clone(),
        source: "platform",
        name: description.name.clone(),
        summary: description.summary.clone(),
        base: None,
        strategy: laid.text("strategy"),
        extraction_schema: laid.settings.remove("extraction_schema"),
        voice_tone: laid.text("voice_tone"),
        success_criteria: laid.text("success_criteria"),
        behavior_rules: laid.rules,
        languages: description.languages.clone(),
        version: 1,
        component: ComponentView {
            id: description.id.clone(),
            version: description.version.clone(),
            digest: playbook.digest().to_owned(),
        },
        client_id: None,
        pod_id: None,
        mode: None,
        created_at: None,
        updated_at: None,
    }
}

fn custom(playbook: StoredPlaybook) -> Result<PlaybookView, ApiError> {
    let version = playbook.version;
    let mut laid = Laid::of(read_layer(&version)?);
    Ok(PlaybookView {
        id: playbook.id.to_string(),
        playbook_id: playbook.id.prefixed(),
        source: "custom",
        strategy: laid.text("strategy"),
        extraction_schema: laid.settings.remove("extraction_schema"),
        voice_tone: laid.text("voice_tone"),
        success_criteria: laid.text("success_criteria"),
        behavior_rules: laid.rules,
        version: version.number,
        component: component_view(&version.about, version.digest),
        name: version.about.name,
        summary: version.about.summary,
        base: version.about.base,
        languages: version.about.languages,
        client_id: playbook.client_id,
        pod_id: playbook.pod,
        mode: Some(playbook.mode),
        created_at: Some(iso(playbook.created_at)),
        updated_at: Some(iso(version.made_at)),
    })
}

fn version_view(version: PlaybookVersion) -> Result<VersionView, ApiError> {
    let mut laid = Laid::of(read_layer(&version)?);
    Ok(VersionView {
        version: version.number,
        strategy: laid.text("strategy"),
        extraction_schema: laid.settings.remove("extraction_schema"),
        voice_tone: laid.text("voice_tone"),
        success_criteria: laid.text("success_criteria"),
        behavior_rules: laid.rules,
        component: component_view(&version.about, version.digest),
        name: version.about.name,
        base: version.about.base,
        created_at: iso(version.made_at),
    })
}

fn component_view(about: &PlaybookAbout, digest: String) -> ComponentView {
    ComponentView { id: about.id.clone(), version: about.version.clone(), digest }
}

/// What lies over the component, if anything.
struct Laid {
    rules: Vec<String>,
    settings: Map<String, Value>,
}

impl Laid {
    fn of(layer: Option<Layer>) -> Laid {
        let (rules, settings) =
            layer.map(|layer| (layer.behavior_rules, layer.settings)).unwrap_or_default();
        Laid { rules, settings }
    }

    fn text(&self, name: &str) -> Option<String> {
        self.settings.get(name)?.as_str().map(str::to_owned)
    }
}
