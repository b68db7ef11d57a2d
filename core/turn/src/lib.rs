//! Who speaks when, decided.
//!
//! [`Machine`] hears voice activity, transcripts and playout, and says when an utterance begins and
//! ends, when a turn is complete, when we must stop speaking, and when silence has lasted too long.
//! [`Clauses`] cuts a model's text into pieces that can be checked and spoken; [`Ledger`] knows what of
//! it was really heard.
//!
//! What is not here: no audio samples, no words of ours, no clock.

mod clauses;
mod ledger;
mod machine;

pub use clauses::Clauses;
pub use ledger::{Heard, Ledger};
pub use machine::{Config, Input, Machine, Output, Reason};
