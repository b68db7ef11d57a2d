//! Whole-server tests: HTTP, WebSocket, audio and crashes, against the real server.

mod conversation;
mod crash;
mod outcomes;
mod virtual_time;
