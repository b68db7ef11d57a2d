//! The calls this node holds at the moment, and how to reach their tasks.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::CallId;
use tokio::sync::{Notify, mpsc};

use crate::telemetry::metrics;

/// Commands waiting for one call's task; more than these are refused, not queued.
const CONTROL_MAX: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The row was changed by the API (cancelled): read it again.
    Changed,
    /// The server shuts down: end politely.
    Drain,
}

#[derive(Default)]
pub struct LiveCalls {
    calls: Mutex<HashMap<CallId, mpsc::Sender<Control>>>,
    /// Something became due: the dispatcher looks again.
    pub wake: Notify,
}

impl LiveCalls {
    pub fn enter(&self, id: CallId) -> mpsc::Receiver<Control> {
        let (sender, receiver) = mpsc::channel(CONTROL_MAX);
        let mut calls = self.lock();
        calls.insert(id, sender);
        metrics::calls(calls.len());
        receiver
    }

    pub fn leave(&self, id: CallId) {
        let mut calls = self.lock();
        calls.remove(&id);
        metrics::calls(calls.len());
    }

    pub fn count(&self) -> usize {
        self.lock().len()
    }

    pub fn ids(&self) -> Vec<CallId> {
        self.lock().keys().copied().collect()
    }

    pub fn contains(&self, id: CallId) -> bool {
        self.lock().contains_key(&id)
    }

    /// True if this node holds the call and its task was told.
    pub fn tell(&self, id: CallId, control: Control) -> bool {
        self.lock().get(&id).is_some_and(|sender| sender.try_send(control).is_ok())
    }

    pub fn tell_all(&self, control: Control) {
        for sender in self.lock().values() {
            let _ = sender.try_send(control);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<CallId, mpsc::Sender<Control>>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
