//! From a playbook's crate to its component: finds or fetches a compiler for guests, compiles the crate
//! to a core module, and makes that a component that imports nothing.
//!
//! Used by `cargo x playbooks` for the playbooks of this workspace and by `agenticcalling playbook build`
//! for everyone else's. What is not here: which crates are built, and when one is fresh.

mod apt;
mod compiler;
mod component;
mod package;

pub use compiler::{Job, Toolchain, find, install, installed};
pub use component::{Interfaces, encode, interfaces};
pub use package::Package;

#[expect(clippy::print_stderr, reason = "progress of a command-line chore")]
pub fn progress(line: &str) {
    eprintln!("playbooks: {line}");
}
