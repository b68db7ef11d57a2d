//! The emulated vendor over real HTTP on loopback, and what its mind says.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod chat;
mod faults;
mod mind;
mod sound;
mod speech_real;
mod support;
