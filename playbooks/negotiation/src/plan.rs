//! The concession plan: which offers we make, in which order, and how far each may go.
//!
//! Everything is counted as a cost to us, in whole ticks: a buyer's cost is the price, a seller's the
//! price with its sign turned. So the lower cost is the better one on either side, and no offer is
//! ever above the walk-away cost.

/// Which side of the table we sit on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Side {
    #[default]
    Buyer,
    Seller,
}

impl Side {
    /// What a price costs us: the lower the better.
    pub(crate) fn cost(self, price: f64) -> f64 {
        match self {
            Side::Buyer => price,
            Side::Seller => -price,
        }
    }

    /// As good for us as `limit`, or better.
    pub(crate) fn is_within(self, price: f64, limit: f64) -> bool {
        self.cost(price) <= self.cost(limit) + EQUAL
    }

    pub(crate) fn is_better(self, price: f64, than: f64) -> bool {
        self.cost(price) < self.cost(than) - EQUAL
    }

    /// The price that is `share` of it better for us.
    pub(crate) fn better_by(self, price: f64, share: f64) -> f64 {
        match self {
            Side::Buyer => price * (1.0 - share),
            Side::Seller => price * (1.0 + share),
        }
    }

    pub(crate) fn better_of(self, one: f64, other: f64) -> f64 {
        if self.is_better(other, one) { other } else { one }
    }
}

/// Prices closer than this are the same.
pub(crate) const EQUAL: f64 = 0.004;
/// The anchor lies at least and at most this share of the target on our side of it.
const ANCHOR_SHARE_MIN: f64 = 0.06;
const ANCHOR_SHARE_MAX: f64 = 0.15;
/// How far each offer goes on the way from the anchor to the walk-away price, in percent. Each step is
/// smaller than the one before, and the last stops short of the end.
const WAY_PERCENT: [i64; 5] = [0, 45, 70, 85, 95];

/// Where to begin, when we know what we aim at and where we stop.
pub(crate) fn anchor(side: Side, target: f64, walk_away: f64) -> f64 {
    let room = (side.cost(walk_away) - side.cost(target)) / target.abs();
    side.better_by(target, room.clamp(ANCHOR_SHARE_MIN, ANCHOR_SHARE_MAX))
}

/// The offers of one call, as they were really made.
#[derive(Clone, Debug)]
pub(crate) struct Concessions {
    side: Side,
    tick: f64,
    offers: Vec<i64>,
    /// The last offer that was spoken.
    made: Option<i64>,
    /// How far the smallest concession went; the next goes no further.
    last_step: i64,
}

impl Concessions {
    /// A plan from `anchor` towards `walk_away`, which it never reaches.
    pub(crate) fn new(side: Side, anchor: f64, walk_away: f64) -> Self {
        let tick = tick_of(walk_away);
        let ticks = |price: f64| (side.cost(price) / tick + 1e-6).floor() as i64;
        let last = ticks(walk_away);
        let first = ticks(anchor).min(last);
        let way = last.saturating_sub(first);
        let offers = WAY_PERCENT.iter().map(|percent| first + way.saturating_mul(*percent) / 100);
        Self { side, tick, offers: offers.collect(), made: None, last_step: i64::MAX }
    }

    /// The next offer: the anchor, or a concession no larger than the last one and no larger than
    /// `moved`, the way the other side came towards us since then.
    pub(crate) fn next(&self, moved: Option<f64>) -> Option<f64> {
        let Some(made) = self.made else {
            return self.offers.first().map(|ticks| self.price(*ticks));
        };
        let planned = *self.offers.iter().find(|offer| **offer > made)?;
        let mirrored = moved.map_or(i64::MAX, |moved| ((moved / self.tick) as i64).max(1));
        let step = (planned - made).min(mirrored).min(self.last_step);
        (step > 0).then(|| self.price(made + step))
    }

    /// We said this price. A price better for us than the offer that stands takes nothing back.
    pub(crate) fn say(&mut self, price: f64) {
        let ticks = (self.side.cost(price) / self.tick).round() as i64;
        let Some(made) = self.made else {
            self.made = Some(ticks);
            return;
        };
        if ticks > made {
            self.last_step = self.last_step.min(ticks.saturating_sub(made));
            self.made = Some(ticks);
        }
    }

    fn price(&self, ticks: i64) -> f64 {
        let cents = (ticks as f64 * self.tick * 100.0).round();
        self.side.cost(cents / 100.0)
    }
}

/// About one percent of the price, as people round: 0.5 for 58, 1 for 120, 250 for 25 000.
fn tick_of(price: f64) -> f64 {
    const TICK_MIN: f64 = 0.01;
    let percent = price.abs() / 100.0;
    if percent <= TICK_MIN {
        return TICK_MIN;
    }
    let power = 10_f64.powf((percent + 1e-9).log10().floor());
    let lead = percent / power + 1e-9;
    let round = match lead {
        lead if lead >= 5.0 => 5.0,
        lead if lead >= 2.5 => 2.5,
        _ => 1.0,
    };
    (power * round * 100.0).round().max(1.0) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        for (price, tick) in
            [(58.0, 0.5), (30.0, 0.25), (120.0, 1.0), (25_000.0, 250.0), (0.4, 0.01), (0.0, 0.01)]
        {
            assert_eq!(tick_of(price), tick, "{price}");
        }
    }

    #[test]
    fn anchors_lie_on_our_side_of_the_target() {
        let check = |side: Side, target: f64, walk_away: f64, expected: f64| {
            assert_eq!(anchor(side, target, walk_away), expected);
        };
        check(Side::Buyer, 50.0, 58.0, 42.5);
        check(Side::Buyer, 100.0, 110.0, 90.0);
        check(Side::Buyer, 100.0, 100.0, 94.0);
        check(Side::Seller, 1000.0, 900.0, 1100.0);
    }

    /// Makes every offer, the other side moving by `moved` each time.
    fn offers(side: Side, anchor: f64, walk_away: f64, moved: Option<f64>) -> Vec<f64> {
        let mut plan = Concessions::new(side, anchor, walk_away);
        let mut made = Vec::new();
        while let Some(price) = plan.next(moved).filter(|_| made.len() < 100) {
            plan.say(price);
            made.push(price);
        }
        made
    }

    #[test]
    fn concessions_shrink_and_stop_short_of_the_walk_away_price() {
        let free = offers(Side::Buyer, 42.5, 58.0, None);
        assert_eq!(free, [42.5, 49.0, 53.0, 55.5, 57.0]);
        let sold = offers(Side::Seller, 1100.0, 900.0, None);
        assert_eq!(sold, [1100.0, 1010.0, 960.0, 930.0, 910.0]);
    }

    #[test]
    fn concessions_mirror_the_other_side() {
        let small = offers(Side::Buyer, 42.5, 58.0, Some(1.0));
        assert_eq!(small[..4], [42.5, 43.5, 44.5, 45.5]);
        let tiny = offers(Side::Buyer, 42.5, 45.0, Some(0.1));
        assert_eq!(tiny[..2], [42.5, 42.75]);
    }

    #[test]
    fn what_was_said_counts() {
        let mut plan = Concessions::new(Side::Buyer, 42.5, 58.0);
        plan.say(44.0);
        plan.say(40.0);
        plan.say(45.0);
        assert_eq!(plan.next(None), Some(46.0), "no concession is larger than the last one");
    }

    #[test]
    fn nothing_to_concede_where_target_and_walk_away_meet() {
        assert!(offers(Side::Buyer, 50.0, 50.0, None).iter().all(|price| *price <= 50.0));
    }
}
