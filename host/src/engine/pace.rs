//! How late frames leave: a histogram that all calls of a node share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const BUCKET_US: u64 = 100;
/// The last bucket holds everything from 50 ms on.
const BUCKETS: usize = 500;

pub struct Pace {
    buckets: [AtomicU64; BUCKETS],
    shown: metrics::Histogram,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PaceReport {
    pub frames: u64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
}

impl Pace {
    #[must_use]
    pub fn new() -> Self {
        Pace {
            buckets: [const { AtomicU64::new(0) }; BUCKETS],
            shown: crate::telemetry::metrics::lateness(),
        }
    }

    pub fn note(&self, late: Duration) {
        let micros = u64::try_from(late.as_micros()).unwrap_or(u64::MAX);
        let bucket = usize::try_from(micros / BUCKET_US).unwrap_or(BUCKETS).min(BUCKETS - 1);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.shown.record(late);
    }

    #[must_use]
    pub fn report(&self) -> PaceReport {
        let counts: Vec<u64> =
            self.buckets.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let frames: u64 = counts.iter().sum();
        let at = |share: f64| {
            let wanted = (frames as f64 * share).ceil() as u64;
            let mut seen = 0;
            for (bucket, count) in counts.iter().enumerate() {
                seen += count;
                if seen >= wanted.max(1) {
                    return (bucket as u64 + 1) as f64 * BUCKET_US as f64 / 1000.0;
                }
            }
            0.0
        };
        PaceReport { frames, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1.0) }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Pace::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_upper_bounds_of_their_buckets() {
        let pace = Pace::new();
        assert_eq!(pace.report().frames, 0);
        for _ in 0..99 {
            pace.note(Duration::from_micros(250));
        }
        pace.note(Duration::from_secs(9));
        let report = pace.report();
        assert_eq!((report.frames, report.p50_ms, report.p99_ms), (100, 0.3, 0.3));
        assert_eq!(report.max_ms, 50.0);
    }
}
