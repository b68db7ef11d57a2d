//! Logs: readable lines with queryable fields, to standard error; figures for a dashboard.

pub(crate) mod metrics;

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

pub use metrics::MetricsPage;

/// `RUST_LOG` decides what is shown; by default this server's own words from `info` on.
pub fn start(default: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .try_init();
}
