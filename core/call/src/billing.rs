//! What a call costs: connected time, in whole minutes, at the rate of its pipeline.
//!
//! All money is whole micro-dollars, so the parts of a bill add up to its cost exactly. Which plan
//! pays, and whether free minutes are left, is not decided here.

use std::time::Duration;

use domain::{MicroUsd, Time};

/// A call shorter than this is free.
pub const GRACE_SECONDS: u64 = 120;
pub const MARGIN_PERCENT: i64 = 20;

/// What the lines beyond those of the plan cost a month, at the price of one.
pub fn line_rental(lines: u32, included: u32, price: MicroUsd) -> MicroUsd {
    MicroUsd(i64::from(lines.saturating_sub(included)).saturating_mul(price.0))
}

/// A message, each segment, either way.
pub const SMS_RATE: MicroUsd = MicroUsd(9_500);

/// The AI side of a call. The wire words are part of the API.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Pipeline {
    #[default]
    Gemini,
    Pipeline,
    Realtime,
}

impl Pipeline {
    pub const ALL: [Pipeline; 3] = [Pipeline::Gemini, Pipeline::Pipeline, Pipeline::Realtime];
}

/// The price of a minute, in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rates {
    pub telephony: MicroUsd,
    pub servers: MicroUsd,
    pub llm: MicroUsd,
}

impl Rates {
    /// The public price list.
    pub const fn of(pipeline: Pipeline) -> Rates {
        const CARRIER: i64 = 10_000;
        const MEDIA: i64 = 4_000;
        const SERVERS: i64 = 16_000;
        let llm = match pipeline {
            Pipeline::Gemini => 6_000,
            Pipeline::Pipeline => 18_000,
            Pipeline::Realtime => 300_000,
        };
        Rates {
            telephony: with_margin(CARRIER + MEDIA),
            servers: with_margin(SERVERS),
            llm: MicroUsd(llm),
        }
    }

    pub fn per_minute(self) -> MicroUsd {
        self.telephony + self.servers + self.llm
    }
}

/// The margin lies on telephony and servers alike, and not on the model.
const fn with_margin(micro_usd: i64) -> MicroUsd {
    MicroUsd(micro_usd * (100 + MARGIN_PERCENT) / 100)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Breakdown {
    pub telephony: MicroUsd,
    pub servers: MicroUsd,
    pub llm: MicroUsd,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Bill {
    pub cost: MicroUsd,
    pub breakdown: Breakdown,
    /// What the meter counts: the seconds of a billed call, none of a free one.
    pub billed_seconds: u64,
}

/// The month whose minutes a moment belongs to, in UTC: `2026-11`.
pub fn month_of(at: Time) -> String {
    let date = date_of(at);
    format!("{:04}-{:02}", date.year(), date.month())
}

/// When that month's minutes come back.
pub fn next_month(at: Time) -> Time {
    let date = date_of(at);
    let (year, month) = match date.month() {
        12 => (date.year() + 1, 1),
        month => (date.year(), month + 1),
    };
    let first = jiff::civil::date(year, month, 1).at(0, 0, 0, 0);
    let first = jiff::tz::TimeZone::UTC.to_timestamp(first);
    first.map_or(at, |first| Time::from_millis(first.as_millisecond()))
}

/// A time beyond the calendar belongs to its first month: it is nobody's.
fn date_of(at: Time) -> jiff::civil::Date {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    jiff::tz::TimeZone::UTC.to_datetime(instant).date()
}

/// Shares of a month's minutes that are worth a word, in percent, the higher first.
pub const WARN_PERCENT: [u64; 2] = [95, 80];

/// The share that a meter passed on its way from one reading to the next, if any.
pub fn passed_percent(before_seconds: u64, after_seconds: u64, limit_seconds: u64) -> Option<u64> {
    WARN_PERCENT.into_iter().find(|percent| {
        let mark = limit_seconds * percent;
        before_seconds * 100 < mark && after_seconds * 100 >= mark
    })
}

/// How full a meter is, where that is worth a word in every response. A full one gets none: new calls
/// are refused.
pub fn usage_warning(used_seconds: u64, limit_seconds: u64) -> Option<&'static str> {
    let reached = |percent: u64| used_seconds * 100 >= limit_seconds * percent;
    match WARN_PERCENT {
        _ if used_seconds >= limit_seconds => None,
        [critical, _] if reached(critical) => Some("critical_limit"),
        [_, approaching] if reached(approaching) => Some("approaching_limit"),
        _ => None,
    }
}

/// How connected time becomes billed time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Up to the next full minute.
    #[default]
    Minute,
    /// Each second a sixtieth of the rate.
    Second,
}

/// `connected` runs from the answer by a human or a voicemail to the end of the leg. Parts of a
/// second do not count, so that the shown duration and the bill agree.
pub fn bill(connected: Duration, rates: Rates, grace_seconds: u64) -> Bill {
    bill_rounded(connected, rates, grace_seconds, Rounding::Minute)
}

pub fn bill_rounded(
    connected: Duration,
    rates: Rates,
    grace_seconds: u64,
    rounding: Rounding,
) -> Bill {
    let seconds = connected.as_secs();
    if seconds < grace_seconds || seconds == 0 {
        return Bill::default();
    }
    let breakdown = Breakdown {
        telephony: charge(seconds, rates.telephony, rounding),
        servers: charge(seconds, rates.servers, rounding),
        llm: charge(seconds, rates.llm, rounding),
    };
    Bill {
        cost: breakdown.telephony + breakdown.servers + breakdown.llm,
        breakdown,
        billed_seconds: seconds,
    }
}

fn charge(seconds: u64, per_minute: MicroUsd, rounding: Rounding) -> MicroUsd {
    match rounding {
        Rounding::Minute => {
            let minutes = i64::try_from(seconds.div_ceil(60)).unwrap_or(i64::MAX);
            per_minute.times(minutes)
        }
        Rounding::Second => {
            let sixtieths = i128::from(per_minute.0) * i128::from(seconds);
            // Half a micro-dollar rounds up.
            let rounded = (sixtieths + 30).div_euclid(60);
            MicroUsd(i64::try_from(rounded).unwrap_or(i64::MAX))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        Time::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn minutes_come_back_with_the_month() {
        for (at, month, next) in [
            ("2026-11-24T12:00:00Z", "2026-11", "2026-12-01T00:00:00Z"),
            ("2026-12-31T23:59:59.999Z", "2026-12", "2027-01-01T00:00:00Z"),
            ("2027-01-01T00:00:00Z", "2027-01", "2027-02-01T00:00:00Z"),
            ("2028-02-29T23:00:00Z", "2028-02", "2028-03-01T00:00:00Z"),
        ] {
            assert_eq!((month_of(time(at)).as_str(), next_month(time(at))), (month, time(next)));
        }
    }

    #[test]
    fn each_mark_is_passed_once() {
        for (before, after, expected) in [
            (0, 79, None),
            (0, 80, Some(80)),
            (79, 94, Some(80)),
            (80, 94, None),
            (80, 95, Some(95)),
            (0, 100, Some(95)),
            (95, 100, None),
            (200, 300, None),
        ] {
            assert_eq!(passed_percent(before, after, 100), expected, "{before} to {after}");
        }
        assert_eq!(passed_percent(0, 10, 0), None);
    }
}
