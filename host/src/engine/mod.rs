//! One task per call; drives the machines in `core/` and translates between them.
//!
//! [`Engine`] claims what is due and gives each call a lifecycle task, which owns its row, and while a
//! leg exists a media task, which owns its 20 ms clock. What is not here: HTTP handlers, SQL, wire
//! formats of carriers and vendors.

mod balance;
mod dispatcher;
mod gate;
pub(crate) mod guest;
mod judge;
mod lifecycle;
mod live;
mod media;
mod pace;
mod requests;
pub mod session;
mod settle;
mod timed;

pub use balance::{Balance, limit_seconds};
pub use dispatcher::{Engine, Models, Parts, Vendors};
pub use live::{Control, LiveCalls};
pub use pace::{Pace, PaceReport};
