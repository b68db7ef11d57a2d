//! The server that places AI phone calls.
//!
//! One module a room; `ARCHITECTURE.md` holds the map, and says for each room what must stay absent.

pub mod actions;
pub mod api;
pub mod audio;
pub mod carrier;
pub mod cli;
pub mod clock;
pub mod config;
pub mod engine;
pub mod events;
pub mod model;
pub mod plugin;
pub mod server;
pub mod store;
pub mod stripe;
pub mod telemetry;
pub mod tls;
pub mod vault;
