//! The live stream of one node: status events after their commit, and transcripts as they happen.
//!
//! Nothing here is durable; what must not be lost is in the store before it is published here.

use std::sync::Arc;

use domain::{BatchId, CallId, LineId};
use serde_json::Value;
use tokio::sync::{Notify, broadcast};

use crate::store::{CallRecord, Scope};

/// A subscriber further behind than this loses messages, and is told so.
const BACKLOG_MESSAGES_MAX: usize = 4096;

/// One message of the live stream.
#[derive(Clone, Debug)]
pub struct Live {
    /// Whose it is: a subscriber sees only what its own scope covers.
    pub scope: Scope,
    pub call: Option<CallId>,
    pub batch: Option<BatchId>,
    pub line: Option<LineId>,
    /// The envelope: `event_type` and the rest.
    pub payload: Value,
    /// It happened on this server; others have to be told.
    pub from_here: bool,
}

impl Live {
    /// A message about one call.
    #[must_use]
    pub fn of(record: &CallRecord, payload: Value) -> Self {
        Live {
            scope: record.scope(),
            call: Some(record.id),
            batch: record.spec.batch_id,
            line: record.spec.from_line_id,
            payload,
            from_here: true,
        }
    }
}

#[derive(Clone)]
pub struct Hub {
    sender: broadcast::Sender<Arc<Live>>,
    written: Arc<Notify>,
}

/// Receives everything; the subscriber filters by scope and by what the client asked for.
pub type Subscription = broadcast::Receiver<Arc<Live>>;

impl Hub {
    #[must_use]
    pub fn new() -> Self {
        Hub { sender: broadcast::channel(BACKLOG_MESSAGES_MAX).0, written: Arc::default() }
    }

    pub fn publish(&self, message: Live) {
        if message.from_here && message.payload["event_id"].is_string() {
            self.written();
        }
        // No subscriber is no error.
        let _ = self.sender.send(Arc::new(message));
    }

    /// Events are in the store that wait for delivery.
    pub fn written(&self) {
        self.written.notify_one();
    }

    /// Whom [`Hub::written`] wakes.
    #[must_use]
    pub fn outbox_wake(&self) -> Arc<Notify> {
        self.written.clone()
    }

    #[must_use]
    pub fn subscribers(&self) -> usize {
        self.sender.receiver_count()
    }

    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        self.sender.subscribe()
    }
}

impl Default for Hub {
    fn default() -> Self {
        Hub::new()
    }
}
