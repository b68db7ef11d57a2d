//! Money inside is whole micro-dollars; only the edge turns it into a decimal.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct MicroUsd(pub i64);

impl MicroUsd {
    pub const ZERO: MicroUsd = MicroUsd(0);

    /// Dollars with at most four decimals, as the API shows them; half a unit rounds away from zero.
    pub fn as_usd(self) -> f64 {
        let magnitude = self.0.unsigned_abs();
        let ten_thousandths = magnitude.saturating_add(50) / 100;
        let usd = ten_thousandths as f64 / 10_000.0;
        if self.0 < 0 { -usd } else { usd }
    }

    pub fn times(self, factor: i64) -> MicroUsd {
        MicroUsd(self.0.saturating_mul(factor))
    }
}

impl Add for MicroUsd {
    type Output = MicroUsd;
    fn add(self, other: MicroUsd) -> MicroUsd {
        MicroUsd(self.0.saturating_add(other.0))
    }
}

impl AddAssign for MicroUsd {
    fn add_assign(&mut self, other: MicroUsd) {
        *self = *self + other;
    }
}

impl Sub for MicroUsd {
    type Output = MicroUsd;
    fn sub(self, other: MicroUsd) -> MicroUsd {
        MicroUsd(self.0.saturating_sub(other.0))
    }
}

impl Sum for MicroUsd {
    fn sum<I: Iterator<Item = MicroUsd>>(iter: I) -> MicroUsd {
        iter.fold(MicroUsd::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_with_four_decimals() {
        assert_eq!(MicroUsd(54_000).as_usd(), 0.054);
        assert_eq!(MicroUsd(49).as_usd(), 0.0);
        assert_eq!(MicroUsd(50).as_usd(), 0.0001);
        assert_eq!(MicroUsd(-50).as_usd(), -0.0001);
    }
}
