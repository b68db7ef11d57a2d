//! One task per call; drives the machines in `core/` and translates between them.
//!
//! What is not here: HTTP handlers, SQL, wire formats of carriers and vendors.

mod live;
pub mod session;

pub use live::{Control, LiveCalls};
