//! The server that places AI phone calls.
//!
//! One module a room; `ARCHITECTURE.md` holds the map, and says for each room what must stay absent.

pub mod audio;
pub mod carrier;
pub mod clock;
pub mod engine;
pub mod events;
pub mod model;
pub mod plugin;
pub mod store;
