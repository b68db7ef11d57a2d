//! The sandbox's ears and callees, with real voices.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod ear;
mod support;
