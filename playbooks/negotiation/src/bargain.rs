//! The bargaining: which move answers a turn of theirs.
//!
//! Their prices, our offers and what was tried are kept here; `respond` proposes a move, `said` takes
//! note of what we really said. No concession follows another unless they moved in between.

use crate::hearing::Hearing;
use crate::plan::{Concessions, EQUAL, anchor};
use crate::terms::{Terms, Trade};

/// They are asked for a price this often.
const ASKED_MAX: u8 = 2;
/// Turns of theirs without a move after which we stop pushing; a final offer counts twice more.
const UNMOVED_MAX: u8 = 4;
/// Turns after which we stop pushing, whatever they say.
const ROUNDS_MAX: u8 = 14;
/// They are held this often to an agreement that they take back.
const HELD_MAX: u8 = 1;
/// Without a target we ask for this much less than they do, and aim for a little more.
const FIRST_SHARE: f64 = 0.14;
const TARGET_SHARE: f64 = 0.10;
/// How far below the target the first offer lies when the target is a discount.
const BELOW_SHARE: f64 = 0.05;

/// Something we do about their price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Move {
    /// Let them name a price first.
    AskPrice {
        again: bool,
    },
    /// The anchor, or a concession.
    Offer(f64),
    /// Name the competing quote.
    Compete(f64),
    /// Ask what a trade would do to the price.
    Trade(Trade, bool),
    /// Ask whether that is their best price.
    Insist,
    /// The last offer.
    Final(f64),
    /// They took an agreement back: ask them to keep to its price.
    Hold(f64),
    Accept(f64),
    Leave,
}

#[derive(Clone, Debug)]
pub(crate) struct Bargain {
    terms: Terms,
    plan: Option<Concessions>,
    /// Everything they stood by, in order.
    theirs: Vec<f64>,
    /// Their price when we made our last offer.
    at_offer: Option<f64>,
    offers: Vec<f64>,
    asked: u8,
    competed: bool,
    traded: usize,
    insisted: bool,
    /// The price of the agreement that they took back in this turn.
    taken_back: Option<f64>,
    held: u8,
    /// Something was tried since the last concession.
    pushed: bool,
    unmoved: u8,
    firm: bool,
    rounds: u8,
    last_made: bool,
    proposed: Option<Move>,
    pub(crate) agreed: Option<f64>,
    pub(crate) left: bool,
}

impl Bargain {
    pub(crate) fn new(terms: Terms) -> Self {
        let mut bargain = Self {
            plan: None,
            theirs: Vec::new(),
            at_offer: None,
            offers: Vec::new(),
            asked: 0,
            competed: false,
            traded: 0,
            insisted: false,
            taken_back: None,
            held: 0,
            pushed: false,
            unmoved: 0,
            firm: false,
            rounds: 0,
            last_made: false,
            proposed: None,
            agreed: None,
            left: false,
            terms,
        };
        bargain.theirs.extend(bargain.terms.asked);
        bargain
    }

    pub(crate) fn terms(&self) -> &Terms {
        &self.terms
    }

    pub(crate) fn offers(&self) -> &[f64] {
        &self.offers
    }

    /// The prices they named in the call.
    pub(crate) fn theirs(&self) -> &[f64] {
        let known = usize::from(self.terms.asked.is_some());
        &self.theirs[known.min(self.theirs.len())..]
    }

    /// The price talked about so far.
    pub(crate) fn reference(&self) -> Option<f64> {
        let theirs = self.theirs.last().copied();
        theirs.or(self.offers.last().copied()).or(self.terms.target).or(self.terms.walk_away)
    }

    /// The offers that were ours alone: a price that they named too is no echo of us.
    pub(crate) fn own_offers(&self) -> Vec<f64> {
        let theirs = |offer: &f64| self.theirs.iter().any(|theirs| (theirs - offer).abs() <= EQUAL);
        self.offers.iter().copied().filter(|offer| !theirs(offer)).collect()
    }

    /// The price that a yes would accept.
    pub(crate) fn on_the_table(&self) -> Option<f64> {
        match self.proposed {
            Some(Move::Accept(_) | Move::Leave) => None,
            Some(Move::Hold(price)) => Some(price),
            _ => self.offers.last().copied(),
        }
    }

    /// What the brief offers in return, if we have just put it to them.
    pub(crate) fn trade_offered(&self) -> Option<Trade> {
        match self.proposed {
            Some(Move::Trade(trade, true)) => Some(trade),
            _ => None,
        }
    }

    /// Our move; call it once for every turn of theirs that is about the price.
    pub(crate) fn respond(&mut self, hearing: &Hearing) -> Move {
        self.rounds = self.rounds.saturating_add(1);
        let price = hearing.price.or_else(|| self.matched(hearing));
        self.take_in(price, hearing);
        let held = self.taken_back.take().filter(|_| self.held < HELD_MAX);
        let proposed = match (held, self.theirs.last().copied()) {
            (Some(price), _) => Move::Hold(price),
            (None, Some(standing)) => self.answer(standing),
            (None, None) => self.without_price(hearing),
        };
        self.proposed = Some(proposed);
        proposed
    }

    /// "Yes, we can match that": the price is the competing quote's.
    fn matched(&self, hearing: &Hearing) -> Option<f64> {
        match self.proposed {
            Some(Move::Compete(quote)) if hearing.accepts => Some(quote),
            _ => None,
        }
    }

    fn take_in(&mut self, price: Option<f64>, hearing: &Hearing) {
        let before = self.theirs.last().copied();
        let moved = match (price, before) {
            (Some(price), Some(before)) => self.terms.side.is_better(price, before),
            (Some(_), None) => true,
            (None, _) => false,
        };
        self.theirs.extend(price);
        if moved {
            self.unmoved = 0;
            self.firm = false;
        } else {
            self.unmoved = self.unmoved.saturating_add(1);
        }
        self.firm |= hearing.firm;
    }

    fn without_price(&mut self, hearing: &Hearing) -> Move {
        let offered = !self.offers.is_empty();
        if !offered && let Some(target) = self.terms.target {
            return self.first_offer(target, self.terms.walk_away.unwrap_or(target));
        }
        if self.asked < ASKED_MAX {
            return Move::AskPrice { again: self.asked > 0 || offered };
        }
        if let Some(walk_away) = self.terms.walk_away.filter(|_| !offered && hearing.asks_offer) {
            let target = self.terms.side.better_by(walk_away, TARGET_SHARE);
            return self.first_offer(target, walk_away);
        }
        if self.unmoved <= UNMOVED_MAX && !hearing.refuses && !self.is_over() {
            return Move::AskPrice { again: true };
        }
        Move::Leave
    }

    fn first_offer(&mut self, target: f64, walk_away: f64) -> Move {
        let side = self.terms.side;
        let plan = Concessions::new(side, anchor(side, target, walk_away), walk_away);
        let offer = plan.next(None).unwrap_or(target);
        self.plan = Some(plan);
        Move::Offer(offer)
    }

    fn answer(&mut self, standing: f64) -> Move {
        let side = self.terms.side;
        if self.plan.is_none() {
            let mut plan = self.plan_from(self.theirs[0]);
            self.offers.iter().for_each(|offer| plan.say(*offer));
            self.plan = Some(plan);
        }
        if side.is_within(standing, self.target()) || self.meets_offer(standing) {
            return Move::Accept(standing);
        }
        if self.last_made || self.is_over() {
            return self.end(standing);
        }
        if self.offers.is_empty() {
            return self.offer(standing, None).unwrap_or(Move::Leave);
        }
        let moved = self.moved(standing);
        if let Some(push) = self.push(standing, moved.is_none()) {
            return push;
        }
        let concession = moved.and_then(|moved| self.offer(standing, Some(moved)));
        concession.unwrap_or_else(|| self.end(standing))
    }

    /// The plan when they named the first price: with a target from it, else from what they ask.
    fn plan_from(&self, first: f64) -> Concessions {
        let (side, terms) = (self.terms.side, &self.terms);
        let least = terms.discount_min.map(|share| side.better_by(first, share));
        let stop = terms.walk_away.or(least).or(terms.target).unwrap_or(first);
        let stop = side.better_of(stop, first);
        let begin = match (terms.target, terms.discount) {
            (Some(target), _) => anchor(side, target, stop),
            (None, Some(share)) => side.better_by(first, share + BELOW_SHARE),
            (None, None) => side.better_by(first, FIRST_SHARE),
        };
        Concessions::new(side, side.better_of(begin, side.better_by(stop, BELOW_SHARE)), stop)
    }

    /// At this price we take it at once.
    fn target(&self) -> f64 {
        let side = self.terms.side;
        let first = self.theirs.first().copied().unwrap_or(0.0);
        let target = match (self.terms.target, self.terms.discount) {
            (Some(target), _) => target,
            (None, Some(share)) => side.better_by(first, share),
            (None, None) => side.better_by(first, TARGET_SHARE),
        };
        self.terms.walk_away.map_or(target, |walk_away| side.better_of(target, walk_away))
    }

    /// Whether a price may be agreed to when nothing more can be had.
    fn is_acceptable(&self, price: f64) -> bool {
        let side = self.terms.side;
        if let Some(walk_away) = self.terms.walk_away {
            return side.is_within(price, walk_away);
        }
        let first = self.theirs.first().copied().unwrap_or(price);
        if let Some(share) = self.terms.discount_min {
            return side.is_within(price, side.better_by(first, share));
        }
        match (self.terms.target, self.terms.discount) {
            (None, None) => side.is_better(price, first),
            _ => side.is_within(price, self.target()),
        }
    }

    /// They came as far as our own offer.
    fn meets_offer(&self, standing: f64) -> bool {
        let met = |offer: &f64| self.terms.side.is_within(standing, *offer);
        self.offers.last().is_some_and(met) && self.is_acceptable(standing)
    }

    /// How far they came towards us since our last offer; `None` if they did not.
    fn moved(&self, standing: f64) -> Option<f64> {
        let side = self.terms.side;
        let Some(before) = self.at_offer else { return Some(f64::INFINITY) };
        side.is_better(standing, before).then(|| side.cost(before) - side.cost(standing))
    }

    /// Something that costs us nothing: first the competing quote, then a trade, then a question. When
    /// they moved, one of them comes before each concession but the first.
    fn push(&self, standing: f64, stuck: bool) -> Option<Move> {
        let side = self.terms.side;
        let within = |quote: f64| self.terms.walk_away.is_none_or(|end| side.is_within(quote, end));
        let quote = self.terms.competing.filter(|quote| side.is_better(*quote, standing));
        if let Some(quote) = quote.filter(|quote| !self.competed && within(*quote)) {
            return Some(Move::Compete(quote));
        }
        let due = stuck || self.offers.len() > 1 && !self.pushed;
        if !due {
            return None;
        }
        if let Some((trade, offered)) = self.terms.trades.get(self.traded) {
            return Some(Move::Trade(*trade, *offered));
        }
        (stuck && !self.insisted).then_some(Move::Insist)
    }

    /// The next offer of the plan; theirs is taken if it is no worse.
    fn offer(&self, standing: f64, moved: Option<f64>) -> Option<Move> {
        let moved = moved.filter(|moved| moved.is_finite());
        let next = self.plan.as_ref()?.next(moved)?;
        if self.terms.side.is_within(standing, next) {
            return Some(self.take_or_leave(standing));
        }
        Some(Move::Offer(next))
    }

    fn take_or_leave(&self, standing: f64) -> Move {
        if self.is_acceptable(standing) { Move::Accept(standing) } else { Move::Leave }
    }

    fn is_over(&self) -> bool {
        let firm = if self.firm { 2 } else { 0 };
        self.unmoved + firm >= UNMOVED_MAX || self.rounds >= ROUNDS_MAX
    }

    /// Nothing more can be had: take it, make the last offer, or leave.
    fn end(&mut self, standing: f64) -> Move {
        if self.is_acceptable(standing) {
            return Move::Accept(standing);
        }
        if self.last_made {
            return Move::Leave;
        }
        let free = self.offers.len() < 2 || self.moved(standing).is_some();
        let next = if free { self.offer(standing, None) } else { None };
        match (next, self.offers.last()) {
            (Some(Move::Offer(next)), _) => Move::Final(next),
            (Some(other), _) => other,
            (None, Some(offer)) => Move::Final(*offer),
            (None, None) => Move::Leave,
        }
    }

    /// We spoke: `prices` are those of the turn that are ours. What was proposed and said is done.
    pub(crate) fn said(&mut self, prices: &[f64], accepted: bool) {
        match self.proposed {
            Some(Move::Accept(price)) if accepted || prices.contains(&price) => {
                self.agreed = Some(price);
            }
            Some(Move::AskPrice { .. }) => self.asked = self.asked.saturating_add(1),
            Some(Move::Compete(quote)) => {
                self.competed |= prices.iter().any(|price| (price - quote).abs() <= EQUAL);
                self.pushed = true;
            }
            Some(Move::Trade(..)) => {
                self.traded += 1;
                self.pushed = true;
            }
            Some(Move::Insist) => {
                self.insisted = true;
                self.pushed = true;
            }
            Some(Move::Final(_)) => self.last_made = true,
            Some(Move::Hold(_)) => self.held = self.held.saturating_add(1),
            Some(Move::Leave) => self.left = true,
            Some(Move::Offer(_) | Move::Accept(_)) | None => {}
        }
        if accepted && self.agreed.is_none() {
            self.agreed =
                self.theirs.last().copied().filter(|standing| names_only(prices, *standing));
        }
        for price in prices {
            self.say(*price);
        }
    }

    fn say(&mut self, price: f64) {
        let near = |other: f64| (other - price).abs() <= EQUAL;
        let foreign = self.theirs.iter().any(|theirs| near(*theirs))
            || self.terms.competing.is_some_and(near)
            || self.agreed.is_some();
        if foreign {
            return;
        }
        if self.plan.is_none()
            && let Some(target) = self.terms.target
        {
            self.first_offer(target, self.terms.walk_away.unwrap_or(target));
        }
        let repeated = self.offers.last().is_some_and(|last| near(*last));
        if let Some(plan) = &mut self.plan {
            plan.say(price);
        }
        if !repeated {
            self.offers.push(price);
            self.at_offer = self.theirs.last().copied().or(self.at_offer);
            self.pushed = false;
        }
    }

    /// They said yes to our offer.
    pub(crate) fn agree(&mut self, price: f64) {
        self.agreed = Some(price);
    }

    /// They took the agreement back. Our yes to its price stands as an offer: we do not go back from it.
    pub(crate) fn reopen(&mut self) {
        let Some(price) = self.agreed.take().filter(|price| self.is_acceptable(*price)) else {
            return;
        };
        self.taken_back = Some(price);
        let side = self.terms.side;
        if self.offers.last().is_some_and(|last| side.is_within(price, *last)) {
            return;
        }
        if let Some(plan) = &mut self.plan {
            plan.say(price);
        }
        self.offers.push(price);
        self.at_offer = Some(price);
        self.pushed = false;
    }

    pub(crate) fn walked_away(&self) -> bool {
        let beyond = |walk_away: f64| {
            self.theirs.last().is_some_and(|price| !self.terms.side.is_within(*price, walk_away))
        };
        self.left && self.agreed.is_none() && self.terms.walk_away.is_some_and(beyond)
    }
}

/// The price is named, and no other.
fn names_only(prices: &[f64], price: f64) -> bool {
    !prices.is_empty() && prices.iter().all(|one| (one - price).abs() <= EQUAL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Side;

    fn terms(target: Option<f64>, walk_away: Option<f64>) -> Terms {
        Terms {
            target,
            walk_away,
            trades: vec![(Trade::Volume, false), (Trade::Payment, false)],
            ..Terms::default()
        }
    }

    /// Plays their prices; a zero is a refusal without a price. Each move is said as proposed.
    fn play(terms: Terms, theirs: &[f64]) -> Vec<Move> {
        let mut bargain = Bargain::new(terms);
        let mut moves = Vec::new();
        for price in theirs {
            let hearing = Hearing {
                price: Some(*price).filter(|price| *price > 0.0),
                refuses: *price == 0.0,
                ..Hearing::default()
            };
            let proposed = bargain.respond(&hearing);
            moves.push(proposed);
            match proposed {
                Move::Offer(price) | Move::Final(price) | Move::Compete(price) => {
                    bargain.said(&[price], false);
                }
                Move::Accept(price) => bargain.said(&[price], true),
                _ => bargain.said(&[], false),
            }
        }
        moves
    }

    #[test]
    fn an_offer_within_the_target_is_taken_at_once() {
        assert_eq!(play(terms(Some(50.0), Some(58.0)), &[49.0]), [Move::Accept(49.0)]);
    }

    #[test]
    fn they_move_we_move() {
        let moves = play(terms(Some(50.0), Some(58.0)), &[72.0, 66.0, 62.0, 58.0, 56.0]);
        assert_eq!(moves[0], Move::Offer(42.5));
        assert_eq!(moves[1], Move::Offer(48.5));
        assert_eq!(moves[2], Move::Trade(Trade::Volume, false));
        let Move::Offer(third) = moves[3] else { panic!("{moves:?}") };
        assert!(third > 48.5 && third < 55.0, "{moves:?}");
    }

    #[test]
    fn without_a_move_of_theirs_nothing_is_conceded() {
        let moves = play(terms(Some(50.0), Some(58.0)), &[72.0, 72.0, 72.0, 72.0, 72.0, 72.0]);
        assert_eq!(moves[0], Move::Offer(42.5));
        assert_eq!(moves[1], Move::Trade(Trade::Volume, false));
        assert_eq!(moves[2], Move::Trade(Trade::Payment, false));
        assert_eq!(moves[3], Move::Insist);
        assert!(matches!(moves[4], Move::Final(price) if price < 58.0), "{moves:?}");
        assert_eq!(moves[5], Move::Leave);
    }

    #[test]
    fn the_competing_quote_is_used_once() {
        let with_quote = Terms { competing: Some(53.0), ..terms(Some(50.0), Some(58.0)) };
        let moves = play(with_quote, &[72.0, 66.0, 60.0, 57.0]);
        assert_eq!(moves[1], Move::Compete(53.0));
        assert!(!moves[2..].contains(&Move::Compete(53.0)), "{moves:?}");
    }

    #[test]
    fn at_the_end_what_lies_within_is_taken() {
        let moves = play(terms(Some(50.0), Some(58.0)), &[57.0, 57.0, 57.0, 57.0, 57.0]);
        assert_eq!(moves.last(), Some(&Move::Accept(57.0)));
    }

    #[test]
    fn without_a_target_they_speak_first() {
        let moves = play(terms(None, None), &[0.0, 100.0, 95.0, 95.0]);
        assert_eq!(moves[0], Move::AskPrice { again: false });
        assert_eq!(moves[1], Move::Offer(86.0));
        assert!(
            matches!(moves[2], Move::Offer(price) if price > 86.0 && price < 95.0),
            "{moves:?}"
        );
    }

    #[test]
    fn a_price_that_was_taken_without_advice_is_agreed() {
        let mut bargain = Bargain::new(terms(Some(50.0), Some(58.0)));
        bargain.respond(&Hearing { price: Some(57.0), ..Hearing::default() });
        bargain.said(&[57.0, 45.0], true);
        assert_eq!(bargain.agreed, None);
        bargain.said(&[57.0], true);
        assert_eq!(bargain.agreed, Some(57.0));
    }

    #[test]
    fn our_yes_stands_when_they_take_theirs_back() {
        let mut bargain = Bargain::new(terms(Some(50.0), Some(58.0)));
        let hear = |bargain: &mut Bargain, price: f64| {
            let hearing = Hearing { price: Some(price), ..Hearing::default() };
            bargain.respond(&hearing)
        };
        hear(&mut bargain, 72.0);
        bargain.said(&[42.5], false);
        assert_eq!(hear(&mut bargain, 50.0), Move::Accept(50.0));
        bargain.said(&[50.0], true);
        bargain.reopen();
        assert_eq!(hear(&mut bargain, 64.0), Move::Hold(50.0));
        assert_eq!(bargain.on_the_table(), Some(50.0));
        bargain.said(&[50.0], false);
        assert_eq!(bargain.offers(), [42.5, 50.0]);
        let moved = hear(&mut bargain, 58.0);
        assert!(!matches!(moved, Move::Hold(_)), "they are held to it once");
        assert_eq!(hear(&mut bargain, 50.0), Move::Accept(50.0));
    }

    #[test]
    fn who_comes_as_far_as_our_offer_is_taken_at_once() {
        let moves = play(terms(Some(50.0), Some(58.0)), &[72.0, 64.0, 60.0, 59.0, 53.0]);
        assert_eq!(moves[3..], [Move::Offer(53.0), Move::Accept(53.0)]);
    }

    #[test]
    fn a_seller_comes_down() {
        let seller = Terms { side: Side::Seller, ..terms(Some(1000.0), Some(900.0)) };
        let moves = play(seller, &[700.0, 800.0, 850.0, 850.0, 905.0]);
        assert_eq!(moves[0], Move::Offer(1100.0));
        assert_eq!(moves[1], Move::Offer(1010.0));
    }

    /// Their prices are random walks, often refusing, sometimes coming back.
    #[test]
    fn whatever_they_say_it_stays_within_and_ends() {
        let mut random = Random(7);
        for round in 0..20_000 {
            let side = if random.below(2) == 0 { Side::Buyer } else { Side::Seller };
            let target = 5.0 + random.below(2_000) as f64 / 10.0;
            let walk_away = side.better_by(target, -(random.below(40) as f64) / 100.0);
            let known = random.below(4);
            let terms = Terms {
                side,
                competing: (random.below(3) == 0).then(|| side.better_by(target, -0.05)),
                ..terms((known != 1).then_some(target), (known != 2).then_some(walk_away))
            };
            let stop = terms.walk_away.or(terms.target);
            let moves = random_call(terms, &mut random, target);
            check_moves(side, stop, &moves, round);
        }
    }

    fn random_call(terms: Terms, random: &mut Random, target: f64) -> Vec<(Option<f64>, Move)> {
        const TURNS_MAX: usize = 40;
        let mut bargain = Bargain::new(terms);
        let mut price = target * (0.7 + random.below(120) as f64 / 100.0);
        let mut moves = Vec::new();
        for _ in 0..TURNS_MAX {
            price *= 0.9 + random.below(16) as f64 / 100.0;
            let said = (random.below(4) > 0).then(|| (price * 100.0).round() / 100.0);
            let hearing = Hearing {
                price: said,
                refuses: said.is_none(),
                firm: random.below(6) == 0,
                ..Hearing::default()
            };
            let proposed = bargain.respond(&hearing);
            moves.push((said, proposed));
            match proposed {
                Move::Offer(price) | Move::Final(price) | Move::Compete(price) => {
                    bargain.said(&[price], false);
                }
                Move::Accept(_) | Move::Leave => return moves,
                _ => bargain.said(&[], false),
            }
        }
        panic!("it does not end: {moves:?}");
    }

    fn check_moves(side: Side, stop: Option<f64>, moves: &[(Option<f64>, Move)], round: u32) {
        let mut last: Option<f64> = None;
        let mut last_step = f64::INFINITY;
        for (_, proposed) in moves {
            let (Move::Offer(price) | Move::Final(price) | Move::Accept(price)) = *proposed else {
                continue;
            };
            if let Some(stop) = stop {
                assert!(side.is_within(price, stop), "{round}: beyond {stop}: {moves:?}");
            }
            if matches!(proposed, Move::Accept(_)) {
                continue;
            }
            if let Some(last) = last {
                let step = side.cost(price) - side.cost(last);
                assert!(step >= -EQUAL, "{round}: back from {last}: {moves:?}");
                assert!(step <= last_step + 0.011, "{round}: a growing step: {moves:?}");
                if step > EQUAL {
                    last_step = step;
                }
            }
            last = Some(price);
        }
    }

    struct Random(u64);

    impl Random {
        fn below(&mut self, end: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % end
        }
    }
}
