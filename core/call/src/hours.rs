//! Business hours: Monday to Friday, 09:00 to 17:00 where the policy's time zone says.
//!
//! Not the legal calling hours of the callee, which the host guards always and separately.

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
