//! Carries the live stream between servers that share a database, so that a client hears of its calls
//! whichever server it is connected to and whichever holds the call.
//!
//! Nothing here is durable: what a relay loses, the store has.

use std::sync::Arc;
use std::time::Duration;

use domain::{BatchId, CallId, EventId, LineId, OrgId};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::sleep;

use super::hub::{Hub, Live};
use crate::store::{Mode, Scope, Store};

/// PostgreSQL takes less than 8000 bytes; what is larger is named and read from the store.
const MESSAGE_BYTES_MAX: usize = 7900;
/// A channel that broke is opened again after so long.
const RETRY: Duration = Duration::from_secs(1);

pub struct Relay {
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

#[derive(Serialize, Deserialize)]
struct Message {
    /// The server that sent it, which need not hear it again.
    from: String,
    org: OrgId,
    mode: Mode,
    pod: Option<String>,
    call: Option<CallId>,
    batch: Option<BatchId>,
    line: Option<LineId>,
    /// `None`: too large; the stored event has it.
    payload: Option<Value>,
    event: Option<EventId>,
}

impl Relay {
    /// Does nothing on a database that one server has for itself.
    #[must_use]
    pub fn start(store: Arc<dyn Store>, hub: Hub, node: String) -> Relay {
        if !store.is_shared() {
            return Relay { tasks: Vec::new() };
        }
        let out = tokio::spawn(send(store.clone(), hub.clone(), node.clone()));
        let back = tokio::spawn(receive(store, hub, node));
        Relay { tasks: vec![out, back] }
    }

    pub fn stop(self) {
        for task in self.tasks {
            task.abort();
        }
    }
}

async fn send(store: Arc<dyn Store>, hub: Hub, node: String) {
    let mut subscription = hub.subscribe();
    loop {
        let live = match subscription.recv().await {
            Ok(live) if live.from_here => live,
            Ok(_) => continue,
            Err(RecvError::Lagged(lost)) => {
                tracing::warn!(lost, "the relay is too slow: other servers miss live messages");
                continue;
            }
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = store.tell(&message(&live, &node)).await {
            tracing::warn!(%error, "a live message did not reach the other servers");
        }
    }
}

fn message(live: &Live, node: &str) -> String {
    let event = live.payload["event_id"].as_str().and_then(|id| id.parse().ok());
    let mut message = Message {
        from: node.to_owned(),
        org: live.scope.org,
        mode: live.scope.mode,
        pod: live.scope.pod.clone(),
        call: live.call,
        batch: live.batch,
        line: live.line,
        payload: Some(live.payload.clone()),
        event,
    };
    let text = serde_json::to_string(&message).expect("messages are plain data");
    if text.len() <= MESSAGE_BYTES_MAX {
        return text;
    }
    message.payload = None;
    serde_json::to_string(&message).expect("messages are plain data")
}

async fn receive(store: Arc<dyn Store>, hub: Hub, node: String) {
    loop {
        match store.listen().await {
            Ok(mut messages) => {
                while let Some(text) = messages.next().await {
                    if let Some(live) = read(&*store, &text, &node).await {
                        hub.publish(live);
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "other servers cannot be listened to"),
        }
        sleep(RETRY).await;
    }
}

async fn read(store: &dyn Store, text: &str, node: &str) -> Option<Live> {
    let message: Message = serde_json::from_str(text).ok()?;
    if message.from == node {
        return None;
    }
    let scope = Scope { org: message.org, mode: message.mode, pod: message.pod };
    let payload = match (message.payload, message.event) {
        (Some(payload), _) => payload,
        (None, Some(event)) => store.event(&scope, event).await.ok()??.payload,
        (None, None) => return None,
    };
    let Message { call, batch, line, .. } = message;
    Some(Live { scope, call, batch, line, payload, from_here: false })
}

#[cfg(test)]
mod tests {
    use domain::Time;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_too_large_is_named() {
        let org = OrgId::new(Time::ZERO, 1);
        let id = EventId::new(Time::ZERO, 2);
        let live = |text: String| Live {
            scope: Scope { org, mode: Mode::Test, pod: None },
            call: None,
            batch: None,
            line: None,
            payload: json!({"event_id": id.prefixed(), "text": text}),
            from_here: true,
        };
        let small: Message = serde_json::from_str(&message(&live("short".into()), "one")).unwrap();
        assert_eq!(small.payload.unwrap()["text"], "short");
        let text = message(&live("long ".repeat(4000)), "one");
        assert!(text.len() < MESSAGE_BYTES_MAX);
        let large: Message = serde_json::from_str(&text).unwrap();
        assert_eq!((large.payload, large.event), (None, Some(id)));
    }
}
