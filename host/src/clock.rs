//! The one place that reads the wall clock and draws random numbers for ids.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::Time;

#[must_use]
pub fn now() -> Time {
    #[cfg(feature = "simulation")]
    if let Some(now) = simulation::now() {
        return now;
    }
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// Randomness for an id; only its low 80 bits are used.
#[must_use]
pub fn random() -> u128 {
    #[cfg(feature = "simulation")]
    if let Some(number) = simulation::random() {
        return number;
    }
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system provides randomness");
    u128::from_le_bytes(bytes)
}

/// Time that a runtime with a paused clock moves, and numbers from a seed. For a process that simulates
/// and does nothing else.
#[cfg(feature = "simulation")]
pub mod simulation {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Mutex, PoisonError};

    use domain::Time;
    use tokio::time::Instant;

    struct Simulated {
        began: Time,
        at: Instant,
        state: u64,
    }

    static SIMULATED: Mutex<Option<Simulated>> = Mutex::new(None);
    static BEGUN: AtomicBool = AtomicBool::new(false);

    /// From now on it is `began`, on the clock of the runtime that this is called in.
    pub fn begin(began: Time, seed: u64) {
        *lock() = Some(Simulated { began, at: Instant::now(), state: seed });
        BEGUN.store(true, Ordering::Relaxed);
    }

    pub(super) fn now() -> Option<Time> {
        if !BEGUN.load(Ordering::Relaxed) {
            return None;
        }
        let simulated = lock();
        let simulated = simulated.as_ref()?;
        Some(simulated.began + Instant::now().saturating_duration_since(simulated.at))
    }

    pub(super) fn random() -> Option<u128> {
        let mut simulated = lock();
        let simulated = simulated.as_mut()?;
        Some(u128::from(next(&mut simulated.state)) << 64 | u128::from(next(&mut simulated.state)))
    }

    /// SplitMix64.
    fn next(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn lock() -> std::sync::MutexGuard<'static, Option<Simulated>> {
        SIMULATED.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
