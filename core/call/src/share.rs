//! Who may dial next when more calls are due than there is room for.
//!
//! Two plain functions: how many calls an organization may begin now (its places and its pace), and how
//! free places are shared between organizations.

use std::time::Duration;

use domain::Time;

/// What a plan allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Allowance {
    /// Calls at the same time.
    pub concurrent_calls: u32,
    /// Dials in any second, over time.
    pub dials_per_second: u32,
}

/// A pause earns no more than this: what was not dialled in it is not dialled all at once.
pub const BURST: Duration = Duration::from_secs(1);

/// An organization with due calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Calls it holds already.
    pub live: u32,
    /// Calls it may begin now: due, and within its places and its pace.
    pub may_begin: u32,
}

/// How many dials fit now. `next_dial_at` is what [`after_dials`] gave the last time.
pub fn dials_now(next_dial_at: Time, now: Time, allowance: Allowance) -> u32 {
    let interval = interval_ms(allowance);
    let earliest = (now - BURST).as_millis().saturating_add(interval);
    let from = next_dial_at.as_millis().max(earliest);
    let room_ms = now.as_millis() - from;
    if room_ms < 0 {
        return 0;
    }
    u32::try_from(room_ms / interval + 1).unwrap_or(u32::MAX)
}

/// When the next dial fits after `dials` more.
pub fn after_dials(next_dial_at: Time, now: Time, dials: u32, allowance: Allowance) -> Time {
    let interval = interval_ms(allowance);
    let earliest = (now - BURST).as_millis().saturating_add(interval);
    let from = next_dial_at.as_millis().max(earliest);
    Time::from_millis(from.saturating_add(interval.saturating_mul(i64::from(dials))))
}

fn interval_ms(allowance: Allowance) -> i64 {
    (1000 / i64::from(allowance.dials_per_second.clamp(1, 1000))).max(1)
}

/// How many calls each may begin, of at most `places`: the next place always goes to whoever holds the
/// fewest, so an organization with a thousand due calls does not keep another's single one waiting.
pub fn fair(waiting: &[Waiting], places: u32) -> Vec<u32> {
    let mut granted = vec![0; waiting.len()];
    for _ in 0..places {
        let fewest = waiting
            .iter()
            .enumerate()
            .filter(|(at, waiting)| granted[*at] < waiting.may_begin)
            .min_by_key(|(at, waiting)| waiting.live.saturating_add(granted[*at]));
        let Some((at, _)) = fewest else { break };
        granted[at] += 1;
    }
    granted
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    #[test]
    fn free_places_go_to_whoever_holds_the_fewest() {
        let check = |waiting: &[(u32, u32)], places: u32, expected: &[u32]| {
            let waiting: Vec<Waiting> =
                waiting.iter().map(|&(live, may_begin)| Waiting { live, may_begin }).collect();
            assert_eq!(fair(&waiting, places), expected, "{waiting:?} in {places}");
        };
        check(&[], 5, &[]);
        check(&[(0, 3)], 5, &[3]);
        check(&[(0, 1000), (0, 1)], 10, &[9, 1]);
        check(&[(0, 1000), (0, 1000)], 10, &[5, 5]);
        // The first holds four already.
        check(&[(4, 1000), (0, 1000)], 6, &[1, 5]);
        check(&[(9, 1000), (0, 1000)], 6, &[0, 6]);
        check(&[(0, 0), (0, 2)], 6, &[0, 2]);
        check(&[(0, 5), (0, 5), (0, 5)], 4, &[2, 1, 1]);
    }

    #[test]
    fn a_pace_holds_over_any_time_and_a_pause_earns_one_second() {
        for per_second in [1, 2, 3, 7, 50, 1000] {
            let allowance = Allowance { concurrent_calls: 1000, dials_per_second: per_second };
            let mut next = Time::ZERO;
            let mut begun = Vec::new();
            // Ten seconds in uneven steps, with a pause in between.
            let mut now = NOW;
            for step in 0..200 {
                let dials = dials_now(next, now, allowance);
                next = after_dials(next, now, dials, allowance);
                begun.extend(std::iter::repeat_n(now, dials as usize));
                let pause = if step == 100 { 60_000 } else { 13 + (step % 7) * 20 };
                now = now + Duration::from_millis(pause);
            }
            for (at, first) in begun.iter().enumerate() {
                let within = |time: &&Time| time.since(*first) < Duration::from_secs(1);
                let second = begun[at..].iter().take_while(within).count();
                // The burst of a pause and the second after it.
                assert!(second <= 2 * per_second as usize, "{per_second}: {second}");
            }
            let last = begun.last().unwrap();
            assert!(last.since(NOW) > Duration::from_secs(60), "{per_second} goes on");
        }
    }

    #[test]
    fn nothing_fits_before_its_time() {
        let allowance = Allowance { concurrent_calls: 1, dials_per_second: 2 };
        let table = [(-10_000, 2), (-500, 2), (-499, 1), (0, 1), (1, 0), (500, 0)];
        for (next_ms, expected) in table {
            let next = Time::from_millis(NOW.as_millis() + next_ms);
            assert_eq!(dials_now(next, NOW, allowance), expected, "{next_ms}");
        }
    }
}
