//! Business hours: Monday to Friday, 09:00 to 17:00 where the policy's time zone says. And the legal
//! calling hours, which are those where the callee is and hold always.

use domain::Time;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

const OPEN_HOUR: i8 = 9;
const CLOSE_HOUR: i8 = 17;
/// No zone skips so many days that a week and a day holds no opening.
const DAYS_SEARCHED_MAX: usize = 8;

pub(crate) fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok_and(|zone| !zone.is_unknown())
}

/// `at` itself if business is open then, otherwise the next opening. `None` at the end of the
/// calendar.
///
/// Days are compared as instants, so that a clock change inside or at the edge of the hours counts
/// as it is lived. A zone that is not known (validation lets none through) is taken as UTC.
pub(crate) fn next_open(at: Time, zone: &str) -> Option<Time> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let instant = Timestamp::from_millisecond(at.as_millis()).ok()?;
    let mut day = zone.to_datetime(instant).date();
    for _ in 0..DAYS_SEARCHED_MAX {
        if let Some((opens, closes)) = hours_of(day, &zone)
            && instant < closes
        {
            let open_at = instant.max(opens);
            return Some(Time::from_millis(open_at.as_millisecond()));
        }
        day = day.tomorrow().ok()?;
    }
    None
}

/// `None` at a weekend, and on a day the zone skipped over.
fn hours_of(day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        return None;
    }
    let opens = zone.to_timestamp(day.at(OPEN_HOUR, 0, 0, 0)).ok()?;
    let closes = zone.to_timestamp(day.at(CLOSE_HOUR, 0, 0, 0)).ok()?;
    if zone.to_datetime(opens).date() != day {
        return None;
    }
    Some((opens, closes))
}

/// When people may be called where they are: hours of the day, from the first to before the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalHours {
    pub from: i8,
    pub until: i8,
}

impl Default for LegalHours {
    /// 47 CFR 64.1200(c)(1): not before 8:00 and not after 21:00 at the called party's location.
    fn default() -> Self {
        LegalHours { from: 8, until: 21 }
    }
}

/// Rounds of the search for a moment that suits every zone; each takes at least one zone to its next
/// opening.
const ROUNDS_MAX: usize = 64;

/// `at` itself if people may be called then in every one of these zones, otherwise the next time that
/// suits all. `None` where none is known, or where they never are open together.
pub fn next_legal(at: Time, zones: &[&str], hours: LegalHours) -> Option<Time> {
    if zones.is_empty() {
        return None;
    }
    let zones: Vec<TimeZone> =
        zones.iter().map(|zone| TimeZone::get(zone)).collect::<Result<_, _>>().ok()?;
    let mut instant = Timestamp::from_millisecond(at.as_millis()).ok()?;
    for _ in 0..ROUNDS_MAX {
        let mut latest = instant;
        for zone in &zones {
            latest = latest.max(opens(instant, zone, hours)?);
        }
        if latest == instant {
            return Some(Time::from_millis(instant.as_millisecond()));
        }
        instant = latest;
    }
    None
}

fn opens(at: Timestamp, zone: &TimeZone, hours: LegalHours) -> Option<Timestamp> {
    let mut day = zone.to_datetime(at).date();
    for _ in 0..DAYS_SEARCHED_MAX {
        let from = zone.to_timestamp(day.at(hours.from, 0, 0, 0)).ok()?;
        let until = match hours.until {
            24 => zone.to_timestamp(day.tomorrow().ok()?.at(0, 0, 0, 0)).ok()?,
            until => zone.to_timestamp(day.at(until, 0, 0, 0)).ok()?,
        };
        if at < until {
            return Some(at.max(from));
        }
        day = day.tomorrow().ok()?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        Time::from_millis(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn people_are_called_when_it_is_day_in_every_zone_they_may_be_in() {
        const EAST: &[&str] = &["America/New_York"];
        const BOTH: &[&str] = &["America/Chicago", "America/New_York"];
        const COASTS: &[&str] = &["America/New_York", "America/Los_Angeles", "Pacific/Honolulu"];
        let table: [(&str, &[&str], Option<&str>); 16] = [
            ("2026-11-24T08:00:00-05:00", EAST, Some("2026-11-24T08:00:00-05:00")),
            ("2026-11-24T07:59:59.999-05:00", EAST, Some("2026-11-24T08:00:00-05:00")),
            ("2026-11-24T20:59:59.999-05:00", EAST, Some("2026-11-24T20:59:59.999-05:00")),
            ("2026-11-24T21:00:00-05:00", EAST, Some("2026-11-25T08:00:00-05:00")),
            // A Sunday, a month's end, a leap day, a year's end.
            ("2026-11-22T12:00:00-05:00", EAST, Some("2026-11-22T12:00:00-05:00")),
            ("2026-11-30T23:00:00-05:00", EAST, Some("2026-12-01T08:00:00-05:00")),
            ("2028-02-28T23:00:00-05:00", EAST, Some("2028-02-29T08:00:00-05:00")),
            ("2026-12-31T23:00:00-05:00", EAST, Some("2027-01-01T08:00:00-05:00")),
            // The nights in which the clocks change.
            ("2026-03-07T23:00:00-05:00", EAST, Some("2026-03-08T08:00:00-04:00")),
            ("2026-10-31T23:00:00-04:00", EAST, Some("2026-11-01T08:00:00-05:00")),
            // The stricter of two zones, in the morning and in the evening.
            ("2026-11-24T08:30:00-05:00", BOTH, Some("2026-11-24T09:00:00-05:00")),
            ("2026-11-24T21:30:00-05:00", BOTH, Some("2026-11-25T09:00:00-05:00")),
            ("2026-11-24T20:30:00-05:00", COASTS, Some("2026-11-24T20:30:00-05:00")),
            ("2026-11-24T09:00:00-05:00", COASTS, Some("2026-11-24T13:00:00-05:00")),
            ("2026-11-24T12:00:00-05:00", &[], None),
            ("2026-11-24T12:00:00-05:00", &["Mars/Olympus_Mons"], None),
        ];
        for (at, zones, expected) in table {
            let found = next_legal(time(at), zones, LegalHours::default());
            assert_eq!(found, expected.map(time), "{at} in {zones:?}");
        }
    }

    #[test]
    fn zones_that_never_meet_are_never_called() {
        let narrow = LegalHours { from: 9, until: 12 };
        let never =
            next_legal(time("2026-11-24T12:00:00Z"), &["Asia/Tokyo", "America/New_York"], narrow);
        assert_eq!(never, None);
        let always = LegalHours { from: 0, until: 24 };
        let at = time("2026-11-24T03:00:00Z");
        assert_eq!(next_legal(at, &["Asia/Tokyo", "America/New_York"], always), Some(at));
    }
}
