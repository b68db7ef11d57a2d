//! Translates requests into actions, and their results into responses. Nothing is decided here.

mod asyncapi;
mod auth;
mod batches;
mod billing;
mod blobs;
mod body;
mod calls;
mod conversations;
mod document;
mod error;
mod limits;
mod lines;
mod numbers;
mod once;
mod ops;
mod paging;
mod personas;
mod playbooks;
mod reference;
mod usage;
mod view;
mod webhooks;

use std::cell::RefCell;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::extract::{DefaultBodyLimit, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::RequestId;
use serde_json::json;
use tower_http::cors::CorsLayer;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

pub(crate) use body::query;
pub use error::{ApiError, ErrorBody};
pub use view::CallView;
pub(crate) use view::iso;

use crate::actions::{ActionError, Admitted, Caller, Server};
use crate::telemetry::metrics;

pub type App = State<Arc<Server>>;

tokio::task_local! {
    /// Who sent the request being answered, once that is known.
    static CALLER: RefCell<Option<Known>>;
}

#[derive(Clone)]
struct Known {
    caller: Caller,
    /// As far as its plan has limits.
    admitted: Option<Admitted>,
}

static USAGE_WARNING: HeaderName = HeaderName::from_static("x-ac-usage-warning");
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Browsers need not ask again for so long.
const CORS_KEPT: Duration = Duration::from_secs(3600);
const REQUEST_ID_CHARS_MAX: usize = 128;
/// A hundred thousand rows with notes.
const IMPORT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// A component; how large one may be in fact is configured.
const COMPONENT_BYTES_MAX: usize = 16 * 1024 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "agenticcalling",
        description = "Places AI phone calls. Post a number and an objective; get transcript, \
                       recording, summary, structured data and cost."
    ),
    modifiers(&Security),
    tags(
        (name = "calls", description = "Create, follow and cancel calls"),
        (name = "personas", description = "Who the agent says it is"),
        (name = "playbooks", description = "How a call is held"),
        (name = "lines", description = "Numbers to call from, and the conversations over them"),
        (name = "events", description = "What happens, as it happens"),
        (name = "webhooks", description = "Where events are sent"),
        (name = "compliance", description = "Who must not be called"),
        (name = "auth", description = "Organizations and API keys"),
        (name = "sandbox", description = "Numbers that test keys can call"),
        (name = "operations", description = "Health and documentation")
    )
)]
struct Document;

/// Everything the server answers, to clients whose addresses it knows.
pub fn service(server: Arc<Server>) -> IntoMakeServiceWithConnectInfo<Router, SocketAddr> {
    router(server).into_make_service_with_connect_info()
}

/// The index of everything the server answers.
fn router(server: Arc<Server>) -> Router {
    let body_bytes_max = server.config.limits.body_bytes_max;
    let (documented, mut document) = documented().split_for_parts();
    document::complete(&mut document);
    if let Some(url) = &server.config.base_url {
        document.servers = Some(vec![utoipa::openapi::Server::new(url)]);
    }
    let document = Arc::new(document);
    let stream = Arc::new(asyncapi::document(server.config.base_url.as_deref()));
    let page: Arc<str> = reference::page(&json!(*document)).into();
    let router = documented
        .route("/v1/openapi.json", get(move || async move { Json((*document).clone()) }))
        .route("/v1/asyncapi.json", get(move || async move { Json((*stream).clone()) }))
        .route("/v1/reference", get(move || async move { reference_page(&page) }))
        .fallback(|| async { ApiError::from(ActionError::NotFound("there is no such path")) })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(DefaultBodyLimit::max(body_bytes_max))
        .layer(middleware::from_fn_with_state(server.clone(), once::once))
        .layer(middleware::from_fn(once::tag))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(error::panicked))
        .layer(middleware::from_fn_with_state(server.clone(), account_for))
        .layer(middleware::from_fn(identify));
    // Without a list, browsers keep the pages of others out by themselves.
    let origins = &server.config.cors_origins;
    let router = if origins.is_empty() { router } else { router.layer(cors(origins)) };
    router.with_state(server)
}

/// For pages of the listed origins only.
fn cors(origins: &[String]) -> CorsLayer {
    let name = HeaderName::from_static;
    let origins: Vec<HeaderValue> =
        origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            name("idempotency-key"),
            name("x-request-id"),
            name("traceparent"),
        ])
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::RETRY_AFTER,
            name("x-next-page-token"),
            name("ratelimit"),
            name("ratelimit-policy"),
            name("idempotent-replayed"),
            REQUEST_ID.clone(),
            USAGE_WARNING.clone(),
        ])
        .max_age(CORS_KEPT)
}

fn reference_page(page: &str) -> Response {
    // The page needs nothing but its own style.
    let policy = (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'");
    ([policy], Html(page.to_owned())).into_response()
}

/// The OpenAPI document, as it is served.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = documented().split_for_parts().1;
    document::complete(&mut document);
    document
}

fn documented() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(auth::register))
        .routes(routes!(auth::list_keys, auth::create_key))
        .routes(routes!(auth::revoke_key))
        .routes(routes!(auth::approve_key))
        .routes(routes!(auth::settings, auth::change_settings))
        .routes(routes!(billing::checkout))
        .routes(routes!(billing::portal))
        .routes(routes!(billing::stripe_event))
        .routes(routes!(usage::usage))
        .routes(routes!(calls::create, calls::list))
        .routes(routes!(batches::create))
        .routes(routes!(batches::read))
        .routes(routes!(calls::read))
        .routes(routes!(calls::cancel))
        .routes(routes!(calls::transcript))
        .routes(routes!(calls::recording))
        .routes(routes!(calls::attempts))
        .routes(routes!(blobs::blob))
        .routes(routes!(crate::events::ws::connect))
        .routes(routes!(crate::events::ws::ticket))
        .routes(routes!(webhooks::create, webhooks::list))
        .routes(routes!(webhooks::read, webhooks::change, webhooks::replace, webhooks::delete))
        .routes(routes!(webhooks::rotate_secret))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::redeliver))
        .routes(routes!(webhooks::recover))
        .routes(routes!(personas::create, personas::list))
        .routes(routes!(personas::read, personas::change, personas::replace, personas::delete))
        .routes(
            routes!(playbooks::create, playbooks::list)
                .layer(DefaultBodyLimit::max(COMPONENT_BYTES_MAX)),
        )
        .routes(routes!(playbooks::read, playbooks::change, playbooks::replace, playbooks::delete))
        .routes(
            routes!(playbooks::component, playbooks::replace_component)
                .layer(DefaultBodyLimit::max(COMPONENT_BYTES_MAX)),
        )
        .routes(routes!(playbooks::versions))
        .routes(routes!(playbooks::roll_back))
        .routes(routes!(lines::create, lines::list))
        .routes(routes!(lines::read, lines::release))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::read))
        .routes(routes!(numbers::add, numbers::list))
        .routes(routes!(numbers::import).layer(DefaultBodyLimit::max(IMPORT_BYTES_MAX)))
        .routes(routes!(numbers::remove))
        .routes(routes!(ops::voices))
        .routes(routes!(ops::sandbox_numbers))
        .routes(routes!(ops::healthz))
        .routes(routes!(ops::readyz))
}

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
        let components = document.components.get_or_insert_default();
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("api_key", scheme);
    }
}

/// Every request has an id, ours or the client's, and one line in the log.
async fn identify(mut request: Request, next: Next) -> Response {
    let id = request_id(&request);
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let began = Instant::now();
    let mut response = error::REQUEST.scope(id.0.clone(), next.run(request)).await;
    let status = response.status().as_u16();
    metrics::request(method.as_str(), route.as_deref().unwrap_or("none"), status, began.elapsed());
    // The route, not the path: paths and queries carry ids, numbers and keys.
    tracing::info!(%method, route, status, request_id = id.0, "request answered");
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    response
}

/// Says in every response to a known caller how many requests are left of this minute, and how far
/// the month's minutes are used up.
async fn account_for(State(server): App, request: Request, next: Next) -> Response {
    let (mut response, known) = CALLER
        .scope(RefCell::default(), async {
            let response = next.run(request).await;
            (response, CALLER.with(RefCell::take))
        })
        .await;
    let Some(known) = known else { return response };
    if let Some(admitted) = &known.admitted {
        limits::show(admitted, response.headers_mut());
    }
    if let Some(warning) = usage_warning(&server, &known.caller).await {
        response.headers_mut().insert(USAGE_WARNING.clone(), HeaderValue::from_static(warning));
    }
    response
}

async fn usage_warning(server: &Server, caller: &Caller) -> Option<&'static str> {
    // Most plans have no limit, and nothing to read.
    crate::engine::limit_seconds(&server.config, &caller.plan)?;
    let balance = server.balance(caller, crate::clock::now()).await;
    // The request itself was answered: what is not known is not warned of.
    let balance =
        balance.inspect_err(|error| tracing::warn!(?error, "usage could not be read")).ok()?;
    call::billing::usage_warning(balance.used.billed_seconds, balance.limit_seconds?)
}

#[derive(Clone)]
struct Id(String);

fn request_id(request: &Request) -> Id {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let usable = |id: &&str| (1..=REQUEST_ID_CHARS_MAX).contains(&id.len());
    let made = || RequestId::new(crate::clock::now(), crate::clock::random()).prefixed();
    Id(given.filter(usable).map_or_else(made, str::to_owned))
}

/// The proof that a key was checked: a handler that takes a `Caller` cannot run without one.
impl FromRequestParts<Arc<Server>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        server: &Arc<Server>,
    ) -> Result<Self, Self::Rejection> {
        // A request is checked and counted once.
        if let Some(caller) = parts.extensions.get::<Caller>() {
            return Ok(caller.clone());
        }
        let key = bearer(&parts.headers).unwrap_or_default();
        let now = crate::clock::now();
        let caller = server.authenticate(key, now).await?;
        let know = |admitted| {
            let known = Known { caller: caller.clone(), admitted };
            // Outside of a request there is nobody to tell.
            let _ = CALLER.try_with(|cell| cell.replace(Some(known)));
        };
        know(None);
        know(server.count(&caller, limits::quota(parts), now).await?);
        if caller.read_only && !only_reads(parts) {
            return Err(ActionError::Forbidden("this key is read-only: it changes nothing").into());
        }
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// A ticket lets nobody do more than its key.
fn only_reads(parts: &Parts) -> bool {
    let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    matches!(parts.method, Method::GET | Method::HEAD) || route == Some("/v1/ws/tickets")
}

pub(crate) fn bearer(headers: &axum::http::HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

/// A response without a body.
fn no_content() -> Response {
    axum::http::StatusCode::NO_CONTENT.into_response()
}
