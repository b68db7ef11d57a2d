//! `GET /v1/ws`: status events and live transcripts as they happen.
//!
//! A client that follows one call or batch first gets its stored events, so nothing is missed between
//! creating it and connecting; one that was cut off names the last event it saw and gets what followed.

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::{BatchId, CallId, EventId, LineId, ParseIdError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, interval, timeout};
use utoipa::{IntoParams, ToSchema};

use super::hub::{Live, Subscription};
use crate::actions::{ActionError, Caller, Server};
use crate::api::{ApiError, App, ErrorBody, bearer, query};
use crate::store::{EventFilter, Scope};

const PING_EVERY: Duration = Duration::from_secs(20);
/// A client that does not take a message by then is cut off.
const SEND_MAX: Duration = Duration::from_secs(10);
/// A client that answers no ping for so long is gone.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// Streams of this node at the same time.
const STREAMS_MAX: usize = 1000;
/// Stored events that are read at a time to be repeated.
const REPLAY_PAGE: u32 = 500;
/// Largest message a client may send: it has nothing to say but pongs.
const CLIENT_BYTES_MAX: usize = 4096;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// The API key, or a ticket of `POST /v1/ws/tickets`, where no `Authorization` header can be sent.
    token: Option<String>,
    /// Only this call; what happened to it so far is repeated first.
    call_id: Option<String>,
    /// Only calls of this batch.
    batch_id: Option<String>,
    /// Only calls from this line.
    line_id: Option<String>,
    /// The last event seen: what was stored since then is repeated first.
    #[param(example = "evt_01JQ8X5W3N0000000000000000")]
    last_event_id: Option<String>,
}

struct Filter {
    scope: Scope,
    call: Option<CallId>,
    batch: Option<BatchId>,
    line: Option<LineId>,
    after: Option<EventId>,
}

/// Follow calls as they happen, over a WebSocket.
///
/// Each message is one JSON object: the events and envelopes of webhooks, and `transcript.partial` and
/// `transcript.final` lines. `/v1/asyncapi.json` describes each.
#[utoipa::path(
    operation_id = "stream_events",
    get, path = "/v1/ws", tag = "events", security(("api_key" = []), ()),
    params(Wanted),
    responses(
        (status = 101, description = "The stream begins"),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 404, description = "No such call, batch or event", body = ErrorBody),
        (status = 422, description = "A filter is not valid", body = ErrorBody),
        (status = 426, description = "Not a WebSocket client", body = ErrorBody),
        (status = 503, description = "Too many streams", body = ErrorBody)
    )
)]
pub(crate) async fn connect(
    State(server): App,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let wanted: Wanted = query(uri.query().unwrap_or_default())?;
    let key = wanted.token.as_deref().or_else(|| bearer(&headers)).unwrap_or_default();
    let scope = server.admit(key, crate::clock::now()).await?;
    let filter = Filter {
        call: match wanted.call_id.as_deref() {
            Some(id) => Some(server.call_in(&scope, id).await?.id),
            None => None,
        },
        batch: match wanted.batch_id.as_deref() {
            Some(id) => Some(server.batch_in(&scope, id).await?.id),
            None => None,
        },
        line: parsed("line_id", wanted.line_id.as_deref())?,
        after: parsed("last_event_id", wanted.last_event_id.as_deref())?,
        scope,
    };
    server.check_resume(&filter.scope, filter.after).await?;
    let upgrade = upgrade.map_err(|_| ApiError::upgrade_required())?;
    if server.hub.subscribers() >= STREAMS_MAX {
        return Err(ApiError::too_many_streams());
    }
    // Before the stored events are read, so that none can fall in between.
    let subscription = server.hub.subscribe();
    let upgrade = upgrade.max_message_size(CLIENT_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |socket| serve(server, filter, subscription, socket)))
}

/// A way in for clients that must not hold a key.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketView {
    /// For `token`; works once.
    #[schema(example = "tkt_3f1c…")]
    ticket: String,
    expires_at: String,
}

/// Get a ticket for one WebSocket connection.
///
/// A browser can send no `Authorization` header with a WebSocket, and a key in a URL ends up in logs: a
/// ticket works once, within a minute, and sees what the key sees.
#[utoipa::path(
    operation_id = "create_ticket",
    post, path = "/v1/ws/tickets", tag = "events", security(("api_key" = [])),
    responses(
        (status = 201, description = "The ticket", body = TicketView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody)
    )
)]
pub(crate) async fn ticket(
    State(server): App,
    caller: Caller,
) -> Result<(StatusCode, Json<TicketView>), ApiError> {
    let (ticket, expires_at) = server.ticket(&caller, crate::clock::now()).await?;
    let view = TicketView { ticket, expires_at: crate::api::iso(expires_at) };
    Ok((StatusCode::CREATED, Json(view)))
}

fn parsed<T: FromStr<Err = ParseIdError>>(
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>, ApiError> {
    let parsed = text.map(str::parse).transpose();
    parsed.map_err(|error: ParseIdError| ActionError::invalid(field, error.to_string()).into())
}

async fn serve(
    server: Arc<Server>,
    filter: Filter,
    mut subscription: Subscription,
    mut socket: WebSocket,
) {
    let Some(mut seen) = replay(&server, &filter, &mut socket).await else { return };
    let mut ping = interval(PING_EVERY);
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            message = subscription.recv() => match message {
                Ok(live) if filter.wants(&live) && is_new(&live.payload, &mut seen) => {
                    if !send(&mut socket, text(&live.payload)).await {
                        return;
                    }
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => {
                    return close(&mut socket, "too slow: messages were lost, connect again").await;
                }
                Err(RecvError::Closed) => return close(&mut socket, "the server stops").await,
            },
            _ = ping.tick() => {
                if heard.elapsed() > SILENCE_MAX {
                    return close(&mut socket, "silent: no ping was answered").await;
                }
                if !send(&mut socket, Message::Ping(Default::default())).await {
                    return;
                }
            }
            said = socket.recv() => match said {
                Some(Ok(_)) => heard = Instant::now(),
                Some(Err(_)) | None => return,
            },
        }
    }
}

/// The ids of what was repeated; `None` if the client is gone.
async fn replay(
    server: &Server,
    filter: &Filter,
    socket: &mut WebSocket,
) -> Option<HashSet<String>> {
    let mut seen = HashSet::new();
    if filter.call.is_none() && filter.batch.is_none() && filter.after.is_none() {
        return Some(seen);
    }
    let of = EventFilter { call: filter.call, batch: filter.batch, since: None };
    let mut after = filter.after;
    loop {
        let stored = match server.store.events(&filter.scope, &of, after, REPLAY_PAGE).await {
            Ok(stored) => stored,
            Err(error) => {
                tracing::error!(%error, "stored events could not be read");
                close(socket, "the server failed, connect again").await;
                return None;
            }
        };
        let more = stored.len() == REPLAY_PAGE as usize;
        for event in stored {
            after = Some(event.id);
            seen.insert(event.id.prefixed());
            if !send(socket, text(&event.payload)).await {
                return None;
            }
        }
        if !more {
            return Some(seen);
        }
    }
}

/// False for what was repeated from the store already; that can come only once more. Transcript lines
/// have no id and are always new.
fn is_new(payload: &Value, repeated: &mut HashSet<String>) -> bool {
    payload["event_id"].as_str().is_none_or(|id| !repeated.remove(id))
}

fn text(payload: &Value) -> Message {
    Message::Text(payload.to_string().into())
}

async fn send(socket: &mut WebSocket, message: Message) -> bool {
    match timeout(SEND_MAX, socket.send(message)).await {
        Ok(sent) => sent.is_ok(),
        Err(_) => {
            close(socket, "too slow: a message was not taken in time").await;
            false
        }
    }
}

async fn close(socket: &mut WebSocket, reason: &'static str) {
    let frame = CloseFrame { code: close_code::AGAIN, reason: reason.into() };
    let _ = timeout(SEND_MAX, socket.send(Message::Close(Some(frame)))).await;
}

impl Filter {
    fn wants(&self, live: &Live) -> bool {
        let call = self.call.is_none_or(|call| live.call == Some(call));
        let batch = self.batch.is_none_or(|batch| live.batch == Some(batch));
        let line = self.line.is_none_or(|line| live.line == Some(line));
        self.scope.covers(&live.scope) && call && batch && line
    }
}
