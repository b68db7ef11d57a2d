//! Scripted callees and the emulated AI vendors, used by test keys and by tests.

pub mod ear;
pub mod mind;
pub mod vendor;
pub mod voice;
