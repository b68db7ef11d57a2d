//! What stands between a due call and its dial. Nothing a client or a playbook says opens this gate.

use domain::Time;

use crate::FailReason;
use crate::hours::{self, LegalHours};

/// What is known of a call that is due.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The number is on the do-not-call list.
    pub listed: bool,
    /// The organization dials only with consent, and the call names none.
    pub lacks_consent: bool,
    /// Minutes are left this month, or the plan has no limit.
    pub has_balance: bool,
    /// It was dialled before.
    pub tried: bool,
    /// Sandbox numbers can be called at night.
    pub any_hour: bool,
    /// Where the callee may be; see [`crate::region::zones`].
    pub zones: &'a [&'a str],
    pub hours: LegalHours,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    Dial,
    /// It is too early or too late where the callee is: not before then.
    Wait(Time),
    /// Until there is money again.
    Pause,
    Refuse(FailReason),
}

/// The law comes first, then money, then the clock.
pub fn decide(now: Time, facts: Facts) -> Gate {
    if facts.listed {
        return Gate::Refuse(FailReason::DoNotCall);
    }
    if facts.lacks_consent {
        return Gate::Refuse(FailReason::NoConsent);
    }
    let opens = match facts.any_hour {
        true => Some(now),
        false => hours::next_legal(now, facts.zones, facts.hours),
    };
    let Some(opens) = opens else { return Gate::Refuse(FailReason::UnknownZone) };
    match (facts.has_balance, facts.tried) {
        (false, true) => Gate::Pause,
        (false, false) => Gate::Refuse(FailReason::InsufficientBalance),
        (true, _) if opens > now => Gate::Wait(opens),
        (true, _) => Gate::Dial,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts<'static> {
        Facts {
            listed: false,
            lacks_consent: false,
            has_balance: true,
            tried: false,
            any_hour: false,
            zones: &["America/New_York"],
            hours: LegalHours::default(),
        }
    }

    fn at(text: &str) -> Time {
        Time::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn each_obstacle_says_what_it_is_and_the_law_goes_first() {
        let noon = at("2026-11-24T12:00:00-05:00");
        let night = at("2026-11-24T23:00:00-05:00");
        let morning = at("2026-11-25T08:00:00-05:00");
        let table = [
            (noon, facts(), Gate::Dial),
            (night, facts(), Gate::Wait(morning)),
            (night, Facts { any_hour: true, ..facts() }, Gate::Dial),
            (night, Facts { any_hour: true, zones: &[], ..facts() }, Gate::Dial),
            (noon, Facts { zones: &[], ..facts() }, Gate::Refuse(FailReason::UnknownZone)),
            (noon, Facts { listed: true, ..facts() }, Gate::Refuse(FailReason::DoNotCall)),
            (
                night,
                Facts { listed: true, any_hour: true, has_balance: false, ..facts() },
                Gate::Refuse(FailReason::DoNotCall),
            ),
            (noon, Facts { lacks_consent: true, ..facts() }, Gate::Refuse(FailReason::NoConsent)),
            (
                noon,
                Facts { has_balance: false, ..facts() },
                Gate::Refuse(FailReason::InsufficientBalance),
            ),
            (noon, Facts { has_balance: false, tried: true, ..facts() }, Gate::Pause),
            (night, Facts { has_balance: false, tried: true, ..facts() }, Gate::Pause),
        ];
        for (now, facts, expected) in table {
            assert_eq!(decide(now, facts), expected, "{facts:?}");
        }
    }
}
