//! What happened, told to whoever listens: the outbox of stored events and the live stream.

mod address;
mod courier;
mod hub;
mod outbox;
pub mod payload;
mod relay;
pub mod signing;
pub(crate) mod ws;

pub use address::Allowed;
pub use courier::{Courier, HttpCourier};
pub use hub::{Hub, Live, Subscription};
pub use outbox::Outbox;
pub use relay::Relay;
