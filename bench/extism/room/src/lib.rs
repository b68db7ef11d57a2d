//! The room of the server that runs playbooks, from the server's own sources, and nothing else of it.
//!
//! The room imports no other, so the benchmark builds in a third of the time. The link `wit` beside
//! this package stands where the room looks for the contract.

#[path = "../../../../host/src/plugin/mod.rs"]
pub mod plugin;
