//! The life of a call, decided.
//!
//! [`Machine`] has three verbs: `handle(now, Input)`, `poll() -> Option<Output>` and
//! `deadline()`. The shell commits the changed [`Call`] together with every [`Output::Record`] in
//! one transaction, and only then performs the other outputs: so an attempt is written before
//! anything rings, and an event exists exactly if its transition does.
//!
//! What is not here: no clock, no store, no audio, no wording. Policies (retry delay, business hours,
//! billing) are plain functions beside the machine.

pub mod hours;
mod messages;
mod record;
mod status;

pub mod billing;
pub mod delivery;
pub mod gate;
pub mod machine;
pub mod rate;
pub mod recall;
pub mod region;
pub mod retry;
pub mod share;

pub use machine::Machine;
pub use messages::{Ended, Event, FollowUp, Input, Output, Reason, Refused, Settled};
pub use record::{AnsweredBy, Call, FailReason, NewCall};
pub use retry::{OnUnanswered, OnVoicemail, PolicyError, RetryPolicy};
pub use status::Status;

/// What to do when a screening assistant answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnScreening {
    #[default]
    Navigate,
    HangUp,
}
