//! A leg that rings, carries 20 ms frames, ends.
//!
//! What is not here: what is said on it, and whether to dial again.

pub mod numbers;
pub mod sandbox;

use async_trait::async_trait;
use domain::{AttemptId, CallId, E164};
use tokio::sync::mpsc;

use crate::audio::Frame;

/// Events of a leg waiting for the engine.
pub const LEG_EVENTS_MAX: usize = 16;

#[derive(Clone, Debug)]
pub struct Dial {
    pub call: CallId,
    pub attempt: AttemptId,
    pub to: E164,
    pub from: Option<E164>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegEvent {
    Ringing,
    Answered,
    Busy,
    /// The other side declined.
    Rejected,
    InvalidNumber,
    /// The network or the carrier failed.
    Failed,
    /// The other side hung up.
    HungUp,
}

#[derive(Debug, thiserror::Error)]
pub enum DialError {
    #[error("no such number")]
    InvalidNumber,
    #[error("the carrier did not take the call: {0}")]
    Carrier(String),
}

/// One leg. Dropping it hangs up.
pub struct Leg {
    pub events: mpsc::Receiver<LegEvent>,
    pub audio_in: mpsc::Receiver<Frame>,
    pub audio_out: mpsc::Sender<Frame>,
}

#[async_trait]
pub trait Carrier: Send + Sync + 'static {
    /// Places one leg. The attempt is written to the store before this is called, and no attempt is
    /// ever dialled twice.
    async fn dial(&self, dial: Dial) -> Result<Leg, DialError>;
}
