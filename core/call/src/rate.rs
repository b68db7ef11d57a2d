//! Rate limits: so many requests in any 60 seconds, counted exactly.
//!
//! A bucket that refills lets nearly twice its limit through in a minute; here every admitted request
//! is remembered until it is a minute old.

use std::collections::VecDeque;
use std::time::Duration;

use domain::Time;
use serde::{Deserialize, Serialize};

pub const WINDOW: Duration = Duration::from_secs(60);

/// The requests that were admitted within the last minute, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Window {
    admitted: VecDeque<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// So many more may come before one of them is a minute old, which is in `resets`.
    Admitted {
        remaining: u32,
        resets: Duration,
    },
    Limited {
        retry_after: Duration,
    },
}

impl Window {
    /// A request that is refused leaves no trace: who asks again too early does not wait longer.
    pub fn request(&mut self, now: Time, limit: u32) -> Verdict {
        // Servers' clocks differ a little, and may step back.
        let now = self.admitted.back().map_or(now, |last| now.max(*last));
        while self.admitted.front().is_some_and(|oldest| now.since(*oldest) >= WINDOW) {
            self.admitted.pop_front();
        }
        let limit = limit as usize;
        // A plan may have become smaller: more than one request may have to grow old first.
        let over = (self.admitted.len() + 1).saturating_sub(limit);
        if let Some(blocking) = over.checked_sub(1) {
            let leaves = self.admitted.get(blocking).map_or(WINDOW, |at| until_old(*at, now));
            return Verdict::Limited { retry_after: leaves };
        }
        self.admitted.push_back(now);
        let oldest = self.admitted.front().copied().unwrap_or(now);
        let remaining = u32::try_from(limit - self.admitted.len()).unwrap_or(u32::MAX);
        Verdict::Admitted { remaining, resets: until_old(oldest, now) }
    }
}

fn until_old(at: Time, now: Time) -> Duration {
    WINDOW.saturating_sub(now.since(at))
}
