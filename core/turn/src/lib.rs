//! Who speaks when, decided.
//!
//! [`Machine`] hears voice activity, transcripts and playout, and says when an utterance begins and
//! ends, when a turn is complete, when we must fall silent, and when silence has lasted too long.
//! [`Reading`] and [`Endpointing`] are the policy behind that: how long a silence ends a turn.
//! [`Clauses`] cuts a model's text into pieces that can be checked and spoken; [`Ledger`] knows what of
//! it was really heard.
//!
//! What is not here: no audio samples, no words of ours, no clock.

mod clauses;
mod endpoint;
mod ledger;
mod machine;
mod words;

pub use clauses::Clauses;
pub use endpoint::{ADAPTIVE_MS_MAX, ADAPTIVE_MS_MIN, Endpointing, Reading};
pub use ledger::{Heard, Ledger};
pub use machine::{Config, Input, Machine, Output, Reason};
pub use words::{Expected, Language};
