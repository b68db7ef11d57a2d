//! A leg that rings, carries 20 ms frames, ends.
//!
//! What is not here: what is said on it, and whether to dial again.

pub mod numbers;
pub mod sandbox;
pub mod sip;

use async_trait::async_trait;
use domain::{AttemptId, CallId, E164};
pub use rtp::{Digit, Digits};
use tokio::sync::mpsc;

use crate::audio::Frame;

/// Events of a leg waiting for the engine.
pub const LEG_EVENTS_MAX: usize = 16;
/// Groups of digits waiting to be keyed in.
pub const DIGITS_QUEUED_MAX: usize = 8;

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
    /// It rang and nobody answered, or the phone is not there.
    NoAnswer,
    /// The other side declined.
    Rejected,
    InvalidNumber,
    /// The network or the carrier failed.
    Failed,
    /// The other side hung up.
    HungUp,
    /// The other side pressed a key; told once for each press.
    Digit(Digit),
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
    /// Keyed in one after the other, instead of audio while it lasts. Closed where the other side takes
    /// none.
    pub digits_out: mpsc::Sender<Digits>,
}

#[async_trait]
pub trait Carrier: Send + Sync + 'static {
    /// Places one leg. The attempt is written to the store before this is called, and no attempt is
    /// ever dialled twice.
    async fn dial(&self, dial: Dial) -> Result<Leg, DialError>;
}
