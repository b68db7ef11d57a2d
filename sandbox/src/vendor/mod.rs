//! The emulated AI vendor: OpenAI's transcription, chat and speech endpoints on loopback, so that the
//! production client runs unchanged against the sandbox.
//!
//! Nothing here is a model. The ear matches samples with lines the sandbox rendered itself, the voice
//! is a small synthesiser, the mind is `crate::mind`. Behaviour that only tests want, such as delays
//! and broken streams, is switched on through [`VendorControl`].
//!
//! Each call has a base URL of its own, `/calls/{call_id}/v1`, and with it its own vocabulary; plain
//! `/v1` serves clients without a call.

mod audio;
mod chat;
mod chat_request;
mod chat_wire;
mod control;
mod delivery;
mod error;
mod schema;
mod speech;
mod studio;
mod transcription;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{
    DefaultBodyLimit, FromRequest, FromRequestParts, RawPathParams, Request, State,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

pub use self::control::{Fault, Stage, Switches, VendorControl};
use self::error::ApiError;
pub use self::studio::{Heard, Rendered, Studio};

/// An upload with its file of at most 25 MB.
const UPLOAD_BYTES_MAX: usize = 26 * 1024 * 1024;
const JSON_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Rendering and recognition run beside the runtime: one job a core, this many at most.
const SOUND_JOBS_MAX: usize = 8;
/// Jobs running or waiting; past that the vendor says that it is overloaded.
const SOUND_QUEUE_MAX: usize = 1024;

struct Vendor {
    studio: Arc<dyn Studio>,
    control: VendorControl,
    sound_jobs: Arc<Semaphore>,
    sound_queue: Semaphore,
    requests: AtomicU64,
}

/// Serves until the listener fails. Ends when the task that runs it is dropped.
pub async fn serve(
    studio: Arc<dyn Studio>,
    control: VendorControl,
    listener: TcpListener,
) -> std::io::Result<()> {
    // Small events must not wait for the client's acknowledgement of earlier ones.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY on a vendor connection");
        }
    });
    axum::serve(listener, router(studio, control)).await
}

pub fn router(studio: Arc<dyn Studio>, control: VendorControl) -> Router {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let vendor = Arc::new(Vendor {
        studio,
        control,
        sound_jobs: Arc::new(Semaphore::new(cores.min(SOUND_JOBS_MAX))),
        sound_queue: Semaphore::new(SOUND_QUEUE_MAX),
        requests: AtomicU64::new(0),
    });
    let uploads = DefaultBodyLimit::max(UPLOAD_BYTES_MAX);
    let endpoints = Router::new()
        .route("/audio/transcriptions", post(transcription::create).layer(uploads))
        .route("/audio/speech", post(speech::create))
        .route("/chat/completions", post(chat::create))
        .route("/models", get(models))
        .method_not_allowed_fallback(no_such_method);
    Router::new()
        .nest("/calls/{call_id}/v1", endpoints.clone())
        .nest("/v1", endpoints)
        .fallback(no_such_url)
        .layer(DefaultBodyLimit::max(JSON_BYTES_MAX))
        .layer(middleware::from_fn_with_state(vendor.clone(), vendor_headers))
        .with_state(vendor)
}

/// Refuses callers without a key and puts the vendor's headers on every answer.
async fn vendor_headers(
    State(vendor): State<Arc<Vendor>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let number = vendor.requests.fetch_add(1, Ordering::Relaxed);
    let mut response = match has_key(request.headers()) {
        true => next.run(request).await,
        false => ApiError::no_key().into_response(),
    };
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    put("x-request-id", format!("req_sandbox{number:016x}"));
    put("openai-processing-ms", started.elapsed().as_millis().to_string());
    put("openai-version", "2020-10-01".to_owned());
    put("x-ratelimit-limit-requests", "10000".to_owned());
    put("x-ratelimit-remaining-requests", "9999".to_owned());
    put("x-ratelimit-reset-requests", "6ms".to_owned());
    response
}

fn has_key(headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    given.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|key| !key.trim().is_empty())
}

/// The whole body of a JSON request.
struct WholeBody(Bytes);

impl<S: Send + Sync> FromRequest<S> for WholeBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let body = Bytes::from_request(request, state).await;
        body.map(WholeBody).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                ApiError::too_large(format!("The body is longer than {JSON_BYTES_MAX} bytes."))
            }
            _ => ApiError::bad_json(),
        })
    }
}

/// The call a request belongs to, from its URL.
struct CallOf(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for CallOf {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|error| ApiError::invalid(error.to_string(), None))?;
        let call = params.iter().find(|(name, _)| *name == "call_id");
        Ok(CallOf(call.map(|(_, id)| id.to_owned())))
    }
}

const MODELS: &[&str] = &["gpt-6-luna", "gpt-4o-mini-tts", "gpt-transcribe"];

async fn models() -> Response {
    let model = |id: &&str| serde_json::json!({"id": id, "object": "model", "created": 0, "owned_by": "sandbox"});
    let data: Vec<_> = MODELS.iter().map(model).collect();
    axum::Json(serde_json::json!({"object": "list", "data": data})).into_response()
}

async fn no_such_url(request: Request) -> ApiError {
    ApiError::no_such_url(request.method().as_str(), request.uri().path())
}

async fn no_such_method(request: Request) -> ApiError {
    ApiError::no_such_method(request.method().as_str(), request.uri().path())
}

impl Vendor {
    /// Runs work on samples beside the runtime, a bounded number at a time.
    async fn beside<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&dyn Studio) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let _place = self.sound_queue.try_acquire().map_err(|_| ApiError::overloaded())?;
        let permit = self.sound_jobs.clone().acquire_owned().await;
        let permit = permit.map_err(|_| ApiError::server("The sandbox is closing."))?;
        let studio = self.studio.clone();
        let done = tokio::task::spawn_blocking(move || {
            // The job keeps its permit even if its client hangs up meanwhile.
            let _permit = permit;
            work(&*studio)
        })
        .await;
        let done = done.map_err(anyhow::Error::from).and_then(|result| result);
        done.map_err(|error| {
            tracing::error!(error = format!("{error:#}"), "the sandbox's voice or ear failed");
            ApiError::server(format!("The sandbox's voice or ear failed: {error:#}"))
        })
    }
}
