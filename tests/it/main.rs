//! Whole-server tests: HTTP, WebSocket, audio and crashes, against the real server.

mod cli;
mod conversation;
mod crash;
mod outcomes;
mod virtual_time;
