//! Days as they are named, and the calendar that tells which ones are meant.

use crate::Brief;
use crate::extract::{civil_from_days, days_from_civil, local_in};

/// Days without an end, such as "any day", end this many days from today.
pub const DAYS_AHEAD_MAX: i64 = 180;

/// A day or some days, as they were named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayName {
    Today,
    Tomorrow,
    AfterTomorrow,
    /// 0 is Monday. With `next` the one of the next calendar week.
    Weekday {
        day: u8,
        next: bool,
    },
    MonthDay {
        month: u8,
        day: u8,
    },
    DayOfMonth(u8),
    /// Counted from 1970-01-01.
    Absolute(i64),
    ThisWeek,
    NextWeek,
    Weekend {
        next: bool,
    },
    Any,
}

/// One day or several in a row, counted from 1970-01-01; both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: i64,
    pub to: i64,
}

impl Days {
    pub fn one(day: i64) -> Self {
        Self { from: day, to: day }
    }

    /// The day, if it is only one.
    pub fn single(self) -> Option<i64> {
        (self.from == self.to).then_some(self.from)
    }

    pub fn contains(self, day: i64) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// The days in both.
    pub(crate) fn common(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from <= both.to).then_some(both)
    }
}

/// Today, where the call goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Counted from 1970-01-01.
    pub today: i64,
    /// Minutes since midnight.
    pub minute: u16,
}

impl Calendar {
    /// In the brief's zone, or in UTC where that zone is not known.
    pub fn of(brief: &Brief) -> Self {
        let now = local_in(brief.now_ms, &brief.zone).or_else(|| local_in(brief.now_ms, "UTC"));
        now.map_or_else(Self::default, |now| Self { today: now.day, minute: now.minute })
    }

    /// 0 for Monday.
    pub fn weekday(day: i64) -> u8 {
        // 1970-01-01 was a Thursday.
        u8::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// `2026-11-27`.
    pub fn iso(day: i64) -> String {
        let (year, month, day) = civil_from_days(day);
        format!("{year:04}-{month:02}-{day:02}")
    }

    pub(crate) fn resolve(self, name: DayName) -> Option<Days> {
        let today = self.today;
        let monday = today - i64::from(Self::weekday(today));
        let days = match name {
            DayName::Today => Days::one(today),
            DayName::Tomorrow => Days::one(today + 1),
            DayName::AfterTomorrow => Days::one(today + 2),
            DayName::Weekday { day, next: false } => Days::one(self.coming(day)),
            DayName::Weekday { day, next: true } => {
                let coming = self.coming(day);
                Days::one(if coming < monday + 7 { coming + 7 } else { coming })
            }
            DayName::MonthDay { month, day } => Days::one(self.month_day(month, day)?),
            DayName::DayOfMonth(day) => Days::one(self.day_of_month(day)?),
            DayName::Absolute(day) => Days::one(day),
            DayName::ThisWeek => Days { from: today, to: monday + 6 },
            DayName::NextWeek => Days { from: monday + 7, to: monday + 13 },
            DayName::Weekend { next } => {
                let saturday = monday + if next { 12 } else { 5 };
                Days { from: saturday.max(today), to: saturday + 1 }
            }
            DayName::Any => Days { from: today, to: today + DAYS_AHEAD_MAX },
        };
        Some(days)
    }

    /// The next day of that name, today included.
    fn coming(self, weekday: u8) -> i64 {
        self.today + i64::from((weekday + 7 - Self::weekday(self.today)) % 7)
    }

    fn month_day(self, month: u8, day: u8) -> Option<i64> {
        let (year, _, _) = civil_from_days(self.today);
        (year..=year + 1).find_map(|year| {
            let date = date(year, i64::from(month), i64::from(day))?;
            (date >= self.today).then_some(date)
        })
    }

    fn day_of_month(self, day: u8) -> Option<i64> {
        let (mut year, mut month, _) = civil_from_days(self.today);
        // A day of this month that is over, and one that a short month lacks, is of a later one.
        for _ in 0..3 {
            if let Some(date) = date(year, month, i64::from(day)).filter(|date| *date >= self.today)
            {
                return Some(date);
            }
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        None
    }
}

/// The day, if that month has it.
pub(crate) fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    let days = days_from_civil(year, month, day);
    (civil_from_days(days) == (year, month, day)).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_days_are_dates() {
        // Monday 2026-11-23, 11:00 in New York.
        let brief = Brief {
            now_ms: 1_795_449_600_000,
            zone: "America/New_York".into(),
            ..Brief::default()
        };
        let calendar = Calendar::of(&brief);
        assert_eq!((Calendar::weekday(calendar.today), calendar.minute), (0, 660));
        let check = |name: DayName, expected: &str| {
            let days = calendar.resolve(name);
            let found = days.map(|days| (Calendar::iso(days.from), Calendar::iso(days.to)));
            let found = found.map_or("none".into(), |(from, to)| match from == to {
                true => from,
                false => format!("{from} to {to}"),
            });
            assert_eq!(found, expected, "{name:?}");
        };
        check(DayName::Today, "2026-11-23");
        check(DayName::Tomorrow, "2026-11-24");
        check(DayName::Weekday { day: 4, next: false }, "2026-11-27");
        check(DayName::Weekday { day: 4, next: true }, "2026-12-04");
        check(DayName::Weekday { day: 0, next: false }, "2026-11-23");
        check(DayName::MonthDay { month: 1, day: 5 }, "2027-01-05");
        check(DayName::MonthDay { month: 2, day: 30 }, "none");
        check(DayName::DayOfMonth(28), "2026-11-28");
        check(DayName::DayOfMonth(3), "2026-12-03");
        check(DayName::DayOfMonth(31), "2026-12-31");
        check(DayName::ThisWeek, "2026-11-23 to 2026-11-29");
        check(DayName::NextWeek, "2026-11-30 to 2026-12-06");
        check(DayName::Weekend { next: false }, "2026-11-28 to 2026-11-29");
    }
}
