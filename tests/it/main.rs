//! Whole-server tests: HTTP, WebSocket, audio and crashes, against the real server.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod author;
mod cli;
mod cluster;
mod conversation;
mod crash;
mod documentation;
mod fuzz;
mod judge;
mod lifecycle;
mod live;
mod logs;
mod metrics;
mod outcomes;
mod playbook_calls;
mod playbooks;
mod sip;
mod sip_peers;
mod stream;
mod turn_taking;
mod tutorial;
mod vendor_faults;
mod virtual_time;
