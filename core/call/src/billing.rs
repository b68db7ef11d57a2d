//! What a call costs: connected time, in whole minutes, at the rate of its pipeline.
//!
//! All money is whole micro-dollars, so the parts of a bill add up to its cost exactly. Which plan
//! pays, and whether free minutes are left, is not decided here.

use std::time::Duration;

use domain::MicroUsd;

/// A call shorter than this is free.
pub const GRACE_SECONDS: u64 = 120;
pub const MARGIN_PERCENT: i64 = 20;

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
