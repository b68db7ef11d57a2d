//! Playbooks: WebAssembly components that decide how a call is held.
//!
//! [`Plugins`] compiles and keeps them, [`Playbook`] is one of them, [`GuardedCall`] is what the
//! engine holds for a call: it never fails, whatever the guest does. Everything here is
//! synchronous; `check`, `heard`, `spoke`, `tool` and `may_end` take microseconds, while `plan`,
//! `extraction` and `finish` may take as long as their limits say and belong off the audio thread.

mod cache;
mod guard;
mod instance;
mod layer;
mod library;
mod limits;
mod load;

#[cfg(test)]
mod tests;

pub use guard::{BreachRecord, Checked, GuardedCall};
pub use instance::{Breach, BreachKind, Instance};
pub use layer::{Layer, put_together, split, with_layer};
pub use library::{Plugins, best};
pub use limits::Limits;
pub use load::{LoadError, Playbook, sha256_hex};

pub use contract::agenticcalling::playbook::types::{
    Brief, CallBack, Channel, ChannelWish, Clause, Effect, Enforcement, ExtractionRequest,
    Guidance, Json, Persona, Plan, Report, RulePlan, Speaker, Tool, ToolOutcome, Turn, Ungrounded,
    Verdict, Violation,
};
pub use contract::exports::agenticcalling::playbook::about::Description;

/// The playbook that takes every call no other is better at, and every call whose own failed.
pub const GENERAL: &str = "platform.general";

/// `wit/` as Rust.
mod contract {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "playbook",
        additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    });
}
