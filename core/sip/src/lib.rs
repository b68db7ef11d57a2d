//! Decisions about SIP that no library makes for us: what a final response means, which challenge is
//! answered, when a session is refreshed.
//!
//! What is not here: messages, transactions and sockets (a library has those), and audio.

pub mod challenge;
pub mod outcome;
pub mod session;
