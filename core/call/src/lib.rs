//! The life of a call, decided.
//!
//! [`Machine`] has three verbs: `handle(now, Input)`, `poll() -> Option<Output>` and
//! `deadline()`. The shell commits the changed [`Call`] together with every [`Output::Record`] in
//! one transaction, and only then performs the other outputs: so an attempt is written before
//! anything rings, and an event exists exactly if its transition does.
//!
//! What is not here: no clock, no store, no audio, no wording. Policies (retry delay, business hours,
//! billing) are plain functions beside the machine.

mod machine;
mod status;

pub mod billing;
pub mod retry;

pub use machine::{
    AnsweredBy, Call, Ended, Event, FailReason, FollowUp, Input, Machine, NewCall, Output, Reason,
    Refused, Settled,
};
pub use retry::{OnUnanswered, OnVoicemail, RetryPolicy};
pub use status::Status;

/// What to do when a screening assistant answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnScreening {
    #[default]
    Navigate,
    HangUp,
}
