//! Days that were said, as dates of the calendar: `2026-12-04`.

use super::talk::Day;
use super::wishes::target_day;
use super::zone::{self, Civil};

/// Furthest ahead that a date is counted.
const DAYS_AHEAD_MAX: i64 = 3_650;
/// A day that was named ends with it.
const LAST_MINUTE: u16 = 1_439;

/// The next such day on the callee's calendar, if its zone is known.
pub fn date_of(day: Day, now_ms: u64, zone: &str) -> Option<String> {
    let target = target_day(today(now_ms, zone)?, Some(day), LAST_MINUTE)?;
    Some(written(target))
}

/// The day that many days from now.
pub fn date_in(days: i64, now_ms: u64, zone: &str) -> Option<String> {
    let ahead = Some(days).filter(|days| (0..=DAYS_AHEAD_MAX).contains(days))?;
    Some(written(today(now_ms, zone)?.day + ahead))
}

fn today(now_ms: u64, zone: &str) -> Option<Civil> {
    zone::local(now_ms, &|utc_ms| zone::offset_minutes(utc_ms, zone))
}

fn written(day: i64) -> String {
    let (year, month, of_month) = zone::civil_from_days(day);
    format!("{year:04}-{month:02}-{of_month:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_were_said() {
        // Monday 2026-11-23, 11:00 in New York.
        const NOW: u64 = 1_795_449_600_000;
        let check = |day: Day, expected: &str| {
            assert_eq!(date_of(day, NOW, "America/New_York").as_deref(), Some(expected));
        };
        check(Day::Today, "2026-11-23");
        check(Day::Tomorrow, "2026-11-24");
        check(Day::Weekday { day: 4, next: false }, "2026-11-27");
        check(Day::MonthDay { month: 1, day: 5 }, "2027-01-05");
        assert_eq!(date_in(14, NOW, "America/New_York").as_deref(), Some("2026-12-07"));
        assert_eq!(date_in(-1, NOW, "UTC"), None);
        assert_eq!(date_in(1, NOW, "Mars/Olympus"), None);
    }
}
