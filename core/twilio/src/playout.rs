//! What of our speech was really played: marks come back when what was sent before them is over, or at
//! once when it is cleared, and only we know which of the two it was.

use std::collections::VecDeque;
use std::time::Duration;

use domain::Time;

/// Marks on their way.
pub const MARKS_MAX: usize = 64;
const FRAME_MS: u64 = 20;

#[derive(Debug, Default)]
pub struct Playout {
    /// Frames sent so far.
    sent: u64,
    /// Of these, known to be played.
    played: u64,
    /// Frames that were cleared before they were played, as far as is known.
    cleared: u64,
    /// Where playing stood, and when that was learned.
    anchor: Option<(Time, u64)>,
    next: u64,
    waiting: VecDeque<Mark>,
}

#[derive(Debug)]
struct Mark {
    number: u64,
    /// Frames sent before it.
    after: u64,
    cleared: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// So many frames are played, from the first one on.
    Played(u64),
    /// What was before it was thrown away by a `clear` of ours, at least in part.
    Cleared,
    /// No mark of ours, or one that came back already.
    Unknown,
}

impl Playout {
    /// A frame leaves.
    pub fn sent(&mut self, now: Time) {
        if self.ahead(now).is_zero() {
            // Nothing is waiting, so it is played from now on.
            self.anchor = Some((now, self.sent));
        }
        self.sent += 1;
    }

    /// A mark for what was sent so far. `None`: too many are on their way already.
    pub fn mark(&mut self) -> Option<String> {
        if self.waiting.len() >= MARKS_MAX {
            return None;
        }
        self.next += 1;
        self.waiting.push_back(Mark { number: self.next, after: self.sent, cleared: false });
        Some(self.next.to_string())
    }

    /// A `clear` leaves: marks that come from now on may mean that.
    pub fn clear(&mut self, now: Time) {
        for mark in &mut self.waiting {
            mark.cleared = true;
        }
        self.cleared = self.sent - self.played;
        self.anchor = Some((now, self.sent));
    }

    /// A mark comes back. They come in their order: those before it were lost.
    pub fn echoed(&mut self, now: Time, name: &str) -> Echo {
        let number: Option<u64> = name.parse().ok();
        let known = self.waiting.iter().position(|mark| Some(mark.number) == number);
        let Some(at) = known else { return Echo::Unknown };
        let mark = self.waiting.drain(..=at).next_back().expect("the one that was found");
        if mark.cleared {
            return Echo::Cleared;
        }
        // What was cleared earlier is no longer between what is sent and what is played.
        let played = mark.after.saturating_sub(self.cleared);
        self.played = self.played.max(played);
        self.anchor = Some((now, mark.after));
        Echo::Played(self.played)
    }

    /// How much is sent and, by the clock, not played yet.
    #[must_use]
    pub fn ahead(&self, now: Time) -> Duration {
        let Some((at, place)) = self.anchor else { return Duration::ZERO };
        let since = u64::try_from(now.since(at).as_millis()).unwrap_or(u64::MAX);
        let behind = self.sent.saturating_sub(place).saturating_mul(FRAME_MS);
        Duration::from_millis(behind.saturating_sub(since))
    }

    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Time {
        Time::from_millis(ms)
    }

    #[test]
    fn a_mark_tells_what_was_played() {
        let mut playout = Playout::default();
        assert_eq!(playout.ahead(at(0)), Duration::ZERO);
        for n in 0..10 {
            playout.sent(at(n));
        }
        assert_eq!(playout.mark().as_deref(), Some("1"));
        assert_eq!(playout.ahead(at(0)), Duration::from_millis(200));
        assert_eq!(playout.ahead(at(150)), Duration::from_millis(50));
        assert_eq!(playout.ahead(at(999)), Duration::ZERO);
        for _ in 0..5 {
            playout.sent(at(210));
        }
        assert_eq!(playout.mark().as_deref(), Some("2"));
        assert_eq!(playout.echoed(at(220), "1"), Echo::Played(10));
        // The network holds up what is played by the clock.
        assert_eq!(playout.ahead(at(220)), Duration::from_millis(100));
        assert_eq!(playout.echoed(at(300), "1"), Echo::Unknown);
        assert_eq!(playout.echoed(at(300), "x"), Echo::Unknown);
        assert!(playout.is_waiting());
        assert_eq!(playout.echoed(at(320), "2"), Echo::Played(15));
        assert!(!playout.is_waiting());
    }

    #[test]
    fn a_mark_after_a_clear_tells_nothing_of_playing() {
        let mut playout = Playout::default();
        for _ in 0..10 {
            playout.sent(at(0));
        }
        playout.mark();
        assert_eq!(playout.echoed(at(200), "1"), Echo::Played(10));
        for _ in 0..20 {
            playout.sent(at(200));
        }
        playout.mark();
        playout.clear(at(300));
        assert_eq!(playout.ahead(at(300)), Duration::ZERO);
        assert_eq!(playout.echoed(at(310), "2"), Echo::Cleared);
        for _ in 0..5 {
            playout.sent(at(400));
        }
        playout.mark();
        // Ten before the clear and five after it.
        assert_eq!(playout.echoed(at(500), "3"), Echo::Played(15));
    }

    #[test]
    fn a_mark_that_was_lost_does_not_hold_up_the_next() {
        let mut playout = Playout::default();
        for _ in 0..MARKS_MAX {
            playout.sent(at(0));
            assert!(playout.mark().is_some());
        }
        assert_eq!(playout.mark(), None, "so many are on their way and no more");
        assert_eq!(playout.echoed(at(60), "3"), Echo::Played(3));
        assert_eq!(playout.echoed(at(61), "2"), Echo::Unknown);
        assert!(playout.mark().is_some());
    }
}
