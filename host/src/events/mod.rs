//! What happened, told to whoever listens: the outbox of stored events and the live stream.

mod hub;
pub mod payload;
pub mod signing;
pub(crate) mod ws;

pub use hub::{Hub, Live, Subscription};
