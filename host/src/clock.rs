//! The one place that reads the wall clock and draws random numbers for ids.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::Time;

#[must_use]
pub fn now() -> Time {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// Randomness for an id; only its low 80 bits are used.
#[must_use]
pub fn random() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system provides randomness");
    u128::from_le_bytes(bytes)
}
