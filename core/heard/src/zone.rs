//! Civil time without a time-zone database: the zones that follow the rules of the United States, of
//! the European Union, or none. For any other zone the answer is "unknown", never a guess.

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Summer {
    Never,
    /// Second Sunday of March to first Sunday of November, at 2:00 local time.
    American,
    /// Last Sunday of March to last Sunday of October, at 1:00 UTC.
    European,
}

/// A moment as clocks on the wall show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Minutes since midnight.
    pub minute: u16,
}

impl Civil {
    /// 0 is Monday.
    pub fn weekday(self) -> u8 {
        weekday_of(self.day)
    }
}

/// Minutes by which clocks on the wall are ahead of UTC at a moment (milliseconds since the epoch), if
/// that is known.
pub type Offset<'a> = &'a dyn Fn(i64) -> Option<i64>;

/// Local time in a zone that is known by its IANA name or as an offset.
pub fn local_in(now_ms: u64, zone: &str) -> Option<Civil> {
    local(now_ms, &|utc_ms| offset_minutes(utc_ms, zone))
}

/// Local time, if the zone is known.
pub(crate) fn local(now_ms: u64, offset: Offset) -> Option<Civil> {
    let utc = i64::try_from(now_ms).ok()?;
    let local = utc.checked_add(offset(utc)? * MINUTE_MS)?;
    let minute = u16::try_from(local.rem_euclid(DAY_MS) / MINUTE_MS).ok()?;
    Some(Civil { day: local.div_euclid(DAY_MS), minute })
}

/// The moment at which those clocks show `civil`.
pub(crate) fn utc_ms(civil: Civil, offset: Offset) -> Option<u64> {
    let wall = civil.day.checked_mul(DAY_MS)? + i64::from(civil.minute) * MINUTE_MS;
    let guess = wall - offset(wall)? * MINUTE_MS;
    let utc = wall - offset(guess)? * MINUTE_MS;
    u64::try_from(utc).ok()
}

/// Month, day and weekday of `2026-11-27`.
pub(crate) fn iso_date(text: &str) -> Option<(u8, u8, u8)> {
    let date = text.trim().get(..10)?;
    let mut parts = date.split('-');
    let year: i64 = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok().filter(|month| (1..=12).contains(month))?;
    let day: u8 = parts.next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let weekday = weekday_of(days_from_civil(year, i64::from(month), i64::from(day)));
    Some((month, day, weekday))
}

/// Year and month of a day, and the day of the month.
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    // Counts from 1 March of year 0 in eras of 400 years, so that leap days come last.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The day, counted from 1970-01-01, of a year, a month and a day of that month.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = (month + 9) % 12;
    let of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

fn weekday_of(days: i64) -> u8 {
    // 1970-01-01 was a Thursday.
    u8::try_from((days + 3).rem_euclid(7)).unwrap_or(0)
}

pub(crate) fn offset_minutes(utc_ms: i64, zone: &str) -> Option<i64> {
    if let Some(fixed) = fixed_offset(zone) {
        return Some(fixed);
    }
    let (standard, summer) = named(zone)?;
    let in_summer = match summer {
        Summer::Never => false,
        Summer::American => {
            let year = civil_from_days((utc_ms + standard * MINUTE_MS).div_euclid(DAY_MS)).0;
            let start = nth_sunday(year, 3, 2) * DAY_MS + (120 - standard) * MINUTE_MS;
            let end = nth_sunday(year, 11, 1) * DAY_MS + (60 - standard) * MINUTE_MS;
            (start..end).contains(&utc_ms)
        }
        Summer::European => {
            let year = civil_from_days(utc_ms.div_euclid(DAY_MS)).0;
            let start = last_sunday(year, 3) * DAY_MS + 60 * MINUTE_MS;
            let end = last_sunday(year, 10) * DAY_MS + 60 * MINUTE_MS;
            (start..end).contains(&utc_ms)
        }
    };
    Some(standard + if in_summer { 60 } else { 0 })
}

fn nth_sunday(year: i64, month: i64, nth: i64) -> i64 {
    let first = days_from_civil(year, month, 1);
    first + i64::from(6 - weekday_of(first)) + (nth - 1) * 7
}

/// March and October have 31 days.
fn last_sunday(year: i64, month: i64) -> i64 {
    let last = days_from_civil(year, month, 31);
    last - i64::from((weekday_of(last) + 1) % 7)
}

/// `UTC`, `+02:00`, `-0530`, `UTC+2`.
fn fixed_offset(zone: &str) -> Option<i64> {
    let zone = zone.trim();
    if matches!(zone, "UTC" | "Etc/UTC" | "GMT" | "Etc/GMT" | "Z" | "Zulu") {
        return Some(0);
    }
    let rest = zone.strip_prefix("UTC").unwrap_or(zone);
    let (sign, digits) = match rest.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let number: i64 = digits.parse().ok().filter(|number| *number >= 0)?;
    let minutes = if digits.len() <= 2 { number * 60 } else { number / 100 * 60 + number % 100 };
    (minutes <= 14 * 60).then_some(sign * minutes)
}

fn named(zone: &str) -> Option<(i64, Summer)> {
    use Summer::{American, European, Never};
    let rule = match zone {
        "America/New_York"
        | "America/Detroit"
        | "America/Toronto"
        | "America/Indiana/Indianapolis"
        | "America/Kentucky/Louisville"
        | "US/Eastern" => (-300, American),
        "America/Chicago" | "America/Winnipeg" | "America/Menominee" | "US/Central" => {
            (-360, American)
        }
        "America/Denver" | "America/Boise" | "America/Edmonton" | "US/Mountain" => (-420, American),
        "America/Phoenix" | "US/Arizona" => (-420, Never),
        "America/Los_Angeles" | "US/Pacific" => (-480, American),
        "America/Anchorage" | "America/Juneau" => (-540, American),
        "America/Halifax" => (-240, American),
        "America/Puerto_Rico" => (-240, Never),
        "Pacific/Honolulu" | "US/Hawaii" => (-600, Never),
        "Europe/London" | "Europe/Dublin" | "Europe/Lisbon" => (0, European),
        "Europe/Berlin" | "Europe/Paris" | "Europe/Madrid" | "Europe/Rome" | "Europe/Amsterdam"
        | "Europe/Brussels" | "Europe/Vienna" | "Europe/Zurich" | "Europe/Stockholm"
        | "Europe/Oslo" | "Europe/Copenhagen" | "Europe/Warsaw" | "Europe/Prague"
        | "Europe/Budapest" | "Europe/Luxembourg" | "Europe/Belgrade" | "Europe/Zagreb" => {
            (60, European)
        }
        "Europe/Athens" | "Europe/Helsinki" | "Europe/Bucharest" | "Europe/Sofia"
        | "Europe/Kyiv" | "Europe/Riga" | "Europe/Vilnius" | "Europe/Tallinn" => (120, European),
        "Europe/Istanbul" => (180, Never),
        "Asia/Dubai" => (240, Never),
        "Asia/Kolkata" | "Asia/Calcutta" => (330, Never),
        "Asia/Singapore" | "Asia/Shanghai" | "Asia/Hong_Kong" | "Asia/Taipei" | "Asia/Manila"
        | "Australia/Perth" => (480, Never),
        "Asia/Tokyo" | "Asia/Seoul" => (540, Never),
        "Australia/Brisbane" => (600, Never),
        "America/Sao_Paulo" | "America/Argentina/Buenos_Aires" => (-180, Never),
        "America/Bogota" | "America/Lima" => (-300, Never),
        "Africa/Johannesburg" => (120, Never),
        "Africa/Lagos" => (60, Never),
        "Africa/Nairobi" => (180, Never),
        _ => return None,
    };
    Some(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-23 16:00 UTC, a Monday.
    const WINTER_MS: u64 = 1_795_449_600_000;
    // 2026-07-01 16:00 UTC, a Wednesday.
    const SUMMER_MS: u64 = 1_782_921_600_000;

    fn check(now: u64, zone: &str, expected: Option<(u8, u16)>) {
        let offset = |utc_ms| offset_minutes(utc_ms, zone);
        let civil = local(now, &offset);
        assert_eq!(civil.map(|civil| (civil.weekday(), civil.minute)), expected, "{zone}");
        if let Some(civil) = civil {
            assert_eq!(utc_ms(civil, &offset), Some(now), "{zone}");
        }
    }

    #[test]
    fn clocks_on_the_wall() {
        check(WINTER_MS, "UTC", Some((0, 960)));
        check(WINTER_MS, "America/New_York", Some((0, 660)));
        check(SUMMER_MS, "America/New_York", Some((2, 720)));
        check(WINTER_MS, "Europe/Berlin", Some((0, 1020)));
        check(SUMMER_MS, "Europe/Berlin", Some((2, 1080)));
        check(WINTER_MS, "Asia/Tokyo", Some((1, 60)));
        check(SUMMER_MS, "America/Phoenix", Some((2, 540)));
        check(WINTER_MS, "+05:30", Some((0, 1290)));
        check(WINTER_MS, "UTC-3", Some((0, 780)));
        check(WINTER_MS, "Mars/Olympus", None);
    }

    #[test]
    fn changes_of_the_clock() {
        // 2026-03-08 06:59:00 and 07:00:00 UTC: 1:59 and 3:00 in New York.
        let before = days_from_civil(2026, 3, 8) * DAY_MS + (6 * 60 + 59) * MINUTE_MS;
        assert_eq!(offset_minutes(before, "America/New_York"), Some(-300));
        assert_eq!(offset_minutes(before + MINUTE_MS, "America/New_York"), Some(-240));
        // 2026-10-25 01:00 UTC: back to standard time in Berlin.
        let change = days_from_civil(2026, 10, 25) * DAY_MS + 60 * MINUTE_MS;
        assert_eq!(offset_minutes(change - 1, "Europe/Berlin"), Some(120));
        assert_eq!(offset_minutes(change, "Europe/Berlin"), Some(60));
    }

    #[test]
    fn dates_there_and_back() {
        for day in [-1, 0, 59, 60, 11_016, 20_780, 47_540] {
            let (year, month, of_month) = civil_from_days(day);
            assert_eq!(days_from_civil(year, month, of_month), day);
        }
        assert_eq!(iso_date("2026-11-27"), Some((11, 27, 4)));
        assert_eq!(iso_date("next week"), None);
        assert_eq!(iso_date("2026-13-01"), None);
    }
}
