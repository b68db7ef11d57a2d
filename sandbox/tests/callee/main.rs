//! The sandbox's ears and callees, with real voices.

mod ear;
mod support;
