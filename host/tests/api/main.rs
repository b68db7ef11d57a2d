//! The HTTP API as a client meets it: the real router on a real socket, over a real database file.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod app;
mod auth;
mod batches;
mod bucket;
mod calls;
mod compliance;
mod create;
mod errors;
mod files;
mod isolation;
mod lines;
mod lists;
mod once;
mod openapi;
mod personas;
mod playbooks;
mod rates;
mod receiver;
mod rubbish;
mod stream;
mod stripe;
mod usage;
mod validation;
mod webhooks;
