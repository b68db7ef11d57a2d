//! Session timers (RFC 4028): when a call that is up is refreshed, and when it counts as gone.

use std::time::Duration;

use domain::Time;

/// What we ask for; the smallest that anybody may ask for.
pub const MIN_SE_SECS: u64 = 90;
/// A peer that wants less than the RFC allows is still served, down to this.
const INTERVAL_SECS_MIN: u64 = 4;
/// A day; more is no limit.
const INTERVAL_SECS_MAX: u64 = 86_400;

/// Who has to refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresher {
    We,
    They,
}

/// What was agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub interval: Duration,
    pub refresher: Refresher,
}

impl Session {
    /// From the `Session-Expires` of the answer to a request of ours.
    #[must_use]
    pub fn answered(value: &str) -> Option<Session> {
        let (interval, refresher) = parse(value)?;
        // The client of that request is us.
        let refresher = match refresher {
            Some(Side::Server) => Refresher::They,
            Some(Side::Client) | None => Refresher::We,
        };
        Some(Session { interval, refresher })
    }

    /// From the `Session-Expires` of a request of theirs.
    #[must_use]
    pub fn requested(value: &str) -> Option<Session> {
        let (interval, refresher) = parse(value)?;
        let refresher = match refresher {
            Some(Side::Server) => Refresher::We,
            Some(Side::Client) | None => Refresher::They,
        };
        Some(Session { interval, refresher })
    }

    /// The header of our answer to their request.
    #[must_use]
    pub fn answer(&self) -> String {
        let refresher = match self.refresher {
            Refresher::We => "uas",
            Refresher::They => "uac",
        };
        format!("{};refresher={refresher}", self.interval.as_secs())
    }

    /// The header of our refresh.
    #[must_use]
    pub fn refresh(&self) -> String {
        format!("{};refresher=uac", self.interval.as_secs())
    }

    /// When we refresh, if it is ours to do.
    #[must_use]
    pub fn refresh_at(&self, refreshed: Time) -> Option<Time> {
        (self.refresher == Refresher::We).then(|| refreshed + self.interval / 2)
    }

    /// When nobody has refreshed it for too long.
    #[must_use]
    pub fn expires_at(&self, refreshed: Time) -> Time {
        let margin = (self.interval / 3).min(Duration::from_secs(32));
        refreshed + (self.interval - margin)
    }
}

/// What a 422 wants at least.
#[must_use]
pub fn min_se(value: &str) -> Option<u64> {
    let seconds = value.split(';').next()?.trim().parse().ok()?;
    (1..=INTERVAL_SECS_MAX).contains(&seconds).then_some(seconds)
}

enum Side {
    Client,
    Server,
}

/// `1800;refresher=uac`.
fn parse(value: &str) -> Option<(Duration, Option<Side>)> {
    let mut parts = value.split(';').map(str::trim);
    let seconds: u64 = parts.next()?.parse().ok()?;
    let seconds = seconds.clamp(INTERVAL_SECS_MIN, INTERVAL_SECS_MAX);
    let refresher = parts.find_map(|part| {
        let (name, side) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("refresher").then(|| side.trim().to_ascii_lowercase())
    });
    let side = match refresher.as_deref() {
        Some("uac") => Some(Side::Client),
        Some("uas") => Some(Side::Server),
        _ => None,
    };
    Some((Duration::from_secs(seconds), side))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_who_refreshes() {
        use Refresher::{They, We};
        let table = [
            ("1800;refresher=uac", 1800, We, They),
            ("1800 ; Refresher = UAS", 1800, They, We),
            ("90", 90, We, They),
            ("1;refresher=uac", 4, We, They),
            ("4294967295;refresher=uas;x", 86_400, They, We),
        ];
        for (value, seconds, answered, requested) in table {
            let interval = Duration::from_secs(seconds);
            let session = |refresher| Some(Session { interval, refresher });
            assert_eq!(Session::answered(value), session(answered), "{value}");
            assert_eq!(Session::requested(value), session(requested), "{value}");
        }
        for bad in ["", ";", "x", "-1", "99999999999999999999999"] {
            assert_eq!(Session::answered(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_we_answer_is_what_was_asked() {
        for value in ["1800;refresher=uac", "600;refresher=uas"] {
            assert_eq!(Session::requested(value).unwrap().answer(), value);
        }
        assert_eq!(Session::answered("600").unwrap().refresh(), "600;refresher=uac");
    }

    #[test]
    fn deadlines_are_those_of_the_rfc() {
        let at = |value: &str| {
            let session = Session::answered(value).unwrap();
            let secs = |time: Time| time.as_millis() / 1000;
            (session.refresh_at(Time::ZERO).map(secs), secs(session.expires_at(Time::ZERO)))
        };
        assert_eq!(at("1800;refresher=uac"), (Some(900), 1768));
        assert_eq!(at("90;refresher=uac"), (Some(45), 60));
        assert_eq!(at("90;refresher=uas"), (None, 60));
    }

    #[test]
    fn a_422_names_the_least() {
        assert_eq!(min_se("1800"), Some(1800));
        assert_eq!(min_se(" 1800 ;x=y"), Some(1800));
        for bad in ["", "x", "0", "999999999"] {
            assert_eq!(min_se(bad), None, "{bad}");
        }
    }
}
