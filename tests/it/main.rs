//! Whole-server tests: HTTP, WebSocket, audio and crashes, against the real server.

mod cli;
mod conversation;
mod crash;
mod outcomes;
mod vendor_faults;
mod virtual_time;
