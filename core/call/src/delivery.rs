//! When an event is sent again, and when an endpoint is given up.

use std::time::Duration;

use domain::Time;

/// Waits before the second, third and fourth attempt, as documented.
pub const RETRY_SECS: [u64; 3] = [60, 300, 1800];
/// An endpoint that has taken nothing for so long is switched off.
pub const FAILING_SECS_MAX: u64 = 5 * 24 * 3600;
/// An old secret goes on signing for so long after a rotation.
pub const ROTATION_GRACE_SECS: u64 = 24 * 3600;
/// HTTP 410: the endpoint says itself that it is gone for good.
const GONE: u16 = 410;

/// What an attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Any 2xx.
    Taken,
    /// Any other answer; a redirect is one.
    Refused(u16),
    /// No answer: not reached, cut off, too slow.
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Delivered,
    Retry(Time),
    GiveUp,
}

/// `attempt` is the one that just ended, from 1.
pub fn after_attempt(attempt: u32, outcome: Outcome, now: Time, retry_secs: &[u64]) -> Next {
    match outcome {
        Outcome::Taken => return Next::Delivered,
        Outcome::Refused(GONE) => return Next::GiveUp,
        Outcome::Refused(_) | Outcome::Failed => {}
    }
    let wait = (attempt as usize).checked_sub(1).and_then(|index| retry_secs.get(index));
    wait.map_or(Next::GiveUp, |secs| Next::Retry(now + Duration::from_secs(*secs)))
}

/// How the endpoint stands after that attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Well,
    FailingSince(Time),
    /// Switch it off.
    Gone(&'static str),
}

pub fn health(failing_since: Option<Time>, outcome: Outcome, now: Time) -> Health {
    match (outcome, failing_since) {
        (Outcome::Taken, _) => Health::Well,
        (Outcome::Refused(GONE), _) => Health::Gone("it answered 410 Gone"),
        (_, None) => Health::FailingSince(now),
        (_, Some(since)) if now.since(since) >= Duration::from_secs(FAILING_SECS_MAX) => {
            Health::Gone("nothing could be delivered for 5 days")
        }
        (_, Some(since)) => Health::FailingSince(since),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    #[test]
    fn an_event_is_sent_four_times_and_no_more() {
        let after = |secs| Next::Retry(NOW + Duration::from_secs(secs));
        for (attempt, outcome, expected) in [
            (1, Outcome::Taken, Next::Delivered),
            (4, Outcome::Taken, Next::Delivered),
            (1, Outcome::Refused(500), after(60)),
            (1, Outcome::Refused(301), after(60)),
            (1, Outcome::Refused(404), after(60)),
            (2, Outcome::Failed, after(300)),
            (3, Outcome::Failed, after(1800)),
            (4, Outcome::Failed, Next::GiveUp),
            (9, Outcome::Failed, Next::GiveUp),
            (1, Outcome::Refused(410), Next::GiveUp),
        ] {
            let next = after_attempt(attempt, outcome, NOW, &RETRY_SECS);
            assert_eq!(next, expected, "{attempt} {outcome:?}");
        }
        assert_eq!(after_attempt(1, Outcome::Failed, NOW, &[]), Next::GiveUp);
    }

    #[test]
    fn a_dead_endpoint_is_switched_off() {
        let day = Duration::from_secs(24 * 3600);
        for (since, outcome, expected) in [
            (None, Outcome::Taken, Health::Well),
            (Some(NOW - day), Outcome::Taken, Health::Well),
            (None, Outcome::Failed, Health::FailingSince(NOW)),
            (Some(NOW - day * 4), Outcome::Refused(500), Health::FailingSince(NOW - day * 4)),
            (
                Some(NOW - day * 5),
                Outcome::Failed,
                Health::Gone("nothing could be delivered for 5 days"),
            ),
            (None, Outcome::Refused(410), Health::Gone("it answered 410 Gone")),
        ] {
            assert_eq!(health(since, outcome, NOW), expected, "{since:?} {outcome:?}");
        }
    }
}
