//! Rate limits, to the millisecond.

use std::time::Duration;

use agenticcalling_call::rate::{Verdict, WINDOW, Window};
use domain::Time;

use crate::Random;

fn at(millis: i64) -> Time {
    Time::from_millis(millis)
}

#[test]
fn a_request_counts_until_it_is_a_minute_old() {
    let mut window = Window::default();
    let admitted =
        |remaining, resets| Verdict::Admitted { remaining, resets: Duration::from_millis(resets) };
    let limited = |millis| Verdict::Limited { retry_after: Duration::from_millis(millis) };
    let table = [
        (0, 3, admitted(2, 60_000)),
        (20_000, 3, admitted(1, 40_000)),
        (30_000, 3, admitted(0, 30_000)),
        (30_000, 3, limited(30_000)),
        (59_999, 3, limited(1)),
        (60_000, 3, admitted(0, 20_000)),
        // A clock that is behind.
        (59_000, 3, limited(20_000)),
        // A larger plan holds at once, a smaller one waits until enough is old.
        (60_000, 5, admitted(1, 20_000)),
        (60_001, 2, limited(59_999)),
        (60_001, 0, limited(60_000)),
        (500_000, 1, admitted(0, 60_000)),
    ];
    for (millis, limit, expected) in table {
        assert_eq!(window.request(at(millis), limit), expected, "at {millis} of {limit}");
    }
}

#[test]
fn no_minute_holds_more_and_the_wait_is_exact() {
    for seed in 1..=500 {
        let mut random = Random(seed);
        let limit = 1 + random.below(8) as u32;
        let (mut window, mut now) = (Window::default(), Time::ZERO);
        let mut admitted: Vec<Time> = Vec::new();
        for _ in 0..200 {
            now = now + Duration::from_millis(random.below(25_000));
            let recent = admitted.iter().filter(|past| now.since(**past) < WINDOW).count();
            let refused =
                |at: Time| matches!(window.clone().request(at, limit), Verdict::Limited { .. });
            match window.clone().request(now, limit) {
                Verdict::Admitted { remaining, .. } => {
                    assert_eq!(remaining as usize + recent + 1, limit as usize, "seed {seed}");
                    admitted.push(now);
                }
                Verdict::Limited { retry_after } => {
                    assert_eq!(recent, limit as usize, "seed {seed}");
                    assert!(refused(now + retry_after - Duration::from_millis(1)), "seed {seed}");
                    assert!(!refused(now + retry_after), "seed {seed}");
                }
            }
            window.request(now, limit);
        }
    }
}
