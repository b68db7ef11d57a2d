//! Ceilings and floors: for prices and percentages, durations, quantities, dates and times.

use super::days;
use super::measure::{self, Topic};
use super::offers::{Item, Offers};
use super::stance::{Place, declines, excused, refused_before, repeated};
use super::turn::Table;
use crate::numbers::token::Tokens;
use crate::numbers::{Currency, Kind, MICRO, Quantity};
use amounts::{
    adds, corrects, is_added, is_age, is_party, is_past, is_priced_count, is_reduction, is_settled,
    is_spoken_of_as_price, is_topped, is_total, is_visit, is_weight, multiplier, opens_range,
    quotes_us, recurring,
};
pub(super) use amounts::{is_bulk, is_order_size, is_wanted};
use std::borrow::Cow;
use std::ops::Range;

mod agree;
mod amounts;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Ceiling,
    Floor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Money,
    Percent,
    Duration(Topic),
    /// Of the noun of the bound, or of anything.
    Count,
    Date,
    Time,
    /// The days of the week that are barred, Monday in the lowest bit.
    Days(u8),
}

impl Unit {
    /// A time at which something happens.
    fn is_when(self) -> bool {
        matches!(self, Self::Date | Self::Time | Self::Days(_))
    }

    fn is_money(self) -> bool {
        self == Self::Money
    }
}

/// An unmarked amount this many times a price for one unit is a total.
const TOTAL_FACTOR: i64 = 100;
/// An amount this many times the price for one unit is a total if something says so.
const MARKED_TOTAL_FACTOR: i64 = 10;

/// An amount this many times the limit that was a count before is that count again.
const COUNT_FACTOR: i64 = 3;

/// A bare number this many times the limit is a price only if something says so.
const FAR_FACTOR: i64 = 5;

/// A limit as the rule words it.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) side: Side,
    pub(super) unit: Unit,
    pub(super) value: i64,
    pub(super) currency: Option<Currency>,
    pub(super) per_unit: bool,
    /// For everything together: a price for one counts as often as is bought.
    pub(super) total: bool,
    /// The limit itself is already too far: "60 or more".
    pub(super) exclusive: bool,
    /// The rule allows more with somebody's approval.
    pub(super) approval: bool,
    /// The amount must not even be named.
    pub(super) strict: bool,
    /// What is counted, or the unit of a duration.
    pub(super) noun: Option<String>,
}

impl Bound {
    pub(super) fn new(side: Side, unit: Unit, value: i64, exclusive: bool) -> Self {
        Self {
            side,
            unit,
            value,
            currency: None,
            per_unit: false,
            total: false,
            exclusive,
            approval: false,
            strict: false,
            noun: None,
        }
    }
}

/// A limit we must not pass, and whether the price that lies on the table passes it.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    bound: Bound,
    /// The last price on the table, theirs or ours if they took it, lies beyond.
    tabled_beyond: bool,
    /// The last price we named is within the limit.
    ours_within: bool,
    /// Their last turn named what is limited, and whether it asked us.
    fresh: bool,
    asked: bool,
    /// It asked how many, or named a number of what is limited: a bare number is one too.
    counting: bool,
    /// The last price they named, to which something may be added.
    last_value: i64,
    offers: Offers,
}

impl Limit {
    pub(super) fn new(bound: Bound) -> Self {
        Self {
            bound,
            tabled_beyond: false,
            ours_within: false,
            fresh: false,
            asked: false,
            counting: false,
            last_value: 0,
            offers: Offers::default(),
        }
    }

    pub(super) fn reading(&self) -> String {
        if let Unit::Days(barred) = self.bound.unit {
            return format!("never on: {}", days::show(barred));
        }
        let limit = match self.bound.side {
            Side::Ceiling => "ceiling",
            Side::Floor => "floor",
        };
        let kind = match self.bound.unit {
            Unit::Money => "price",
            Unit::Percent => "percentage",
            Unit::Duration(_) => "duration",
            Unit::Count => "quantity",
            Unit::Date => "date",
            Unit::Time => "time",
            Unit::Days(_) => "day",
        };
        let mut reading = format!("{kind} {limit}: {}", self.shown(self.bound.value));
        if let Unit::Duration(topic) = self.bound.unit {
            reading.push_str(" of ");
            reading.push_str(topic.name());
        }
        if let Some(currency) = self.bound.currency {
            reading.push(' ');
            reading.push_str(currency.code());
        }
        if self.bound.per_unit {
            reading.push_str(" per unit");
        }
        if self.bound.total {
            reading.push_str(" in total");
        }
        if self.bound.exclusive {
            reading.push_str(", itself excluded");
        }
        if self.bound.approval {
            reading.push_str(", nothing beyond it can be approved in a call");
        }
        reading
    }

    fn shown(&self, value: i64) -> String {
        match self.bound.unit {
            Unit::Money => amount(value),
            Unit::Percent => format!("{}%", amount(value)),
            Unit::Duration(_) => {
                measure::show_duration(value, self.bound.noun.as_deref().unwrap_or("hours"))
            }
            Unit::Count => match &self.bound.noun {
                Some(noun) => format!("{} {noun}", amount(value)),
                None => amount(value),
            },
            Unit::Date => measure::show_date(value),
            Unit::Time => measure::show_time(value),
            Unit::Days(_) => days::name(value).to_owned(),
        }
    }

    /// The quantities in the measure of the limit.
    fn measured<'a>(
        &self,
        tokens: &Tokens,
        quantities: &'a [Quantity],
        table: Option<&Table>,
    ) -> Cow<'a, [Quantity]> {
        match self.bound.unit {
            Unit::Money | Unit::Count => Cow::Borrowed(quantities),
            Unit::Percent => Cow::Owned(measure::percents(tokens, quantities)),
            Unit::Duration(_) => Cow::Owned(measure::durations(tokens, quantities)),
            Unit::Date => Cow::Owned(measure::dates(tokens, Some(self.bound.value / MICRO))),
            Unit::Time => {
                let asked = self.fresh || table.is_some_and(|table| table.when);
                Cow::Owned(measure::times(tokens, quantities, Some((self.bound.value, asked))))
            }
            Unit::Days(_) => Cow::Owned(days::days(tokens)),
        }
    }

    pub(super) fn price_ceiling(&self) -> Option<(f64, Option<&'static str>)> {
        self.price_bound(Side::Ceiling)
    }

    pub(super) fn price_floor(&self) -> Option<(f64, Option<&'static str>)> {
        self.price_bound(Side::Floor)
    }

    fn price_bound(&self, side: Side) -> Option<(f64, Option<&'static str>)> {
        let bound = &self.bound;
        let price = bound.unit == Unit::Money && bound.side == side;
        if !price || bound.total || bound.approval {
            return None;
        }
        let amount = bound.value as f64 / MICRO as f64;
        Some((amount, bound.currency.map(Currency::code)))
    }

    pub(super) fn heard(&mut self, tokens: &Tokens, quantities: &[Quantity], agreed: bool) {
        let measured = self.measured(tokens, quantities, None);
        let quantities: &[Quantity] = &measured;
        self.counting = false;
        let mut named = false;
        let mut any_beyond = false;
        let mut last_beyond = false;
        let mut items = Vec::new();
        for index in 0..quantities.len() {
            let bulk = self.bound.unit.is_money()
                && self.bound.side == Side::Ceiling
                && is_bulk(tokens, &quantities[index]);
            if bulk || !self.is_candidate(tokens, quantities, index) {
                continue;
            }
            let place = self.place(tokens, quantities, index, None);
            if refused_before(&place) || (repeated(&place) && quotes_us(&place)) {
                continue;
            }
            named = true;
            let value = quantities[index].most();
            last_beyond = self.is_beyond(tokens, quantities, index, &place.sentence).is_some();
            if adds(tokens, &place) {
                // Three parts add up as two do.
                self.last_value = self.last_value.saturating_add(value);
                last_beyond |= self.is_above(self.last_value);
            } else {
                self.last_value = value;
            }
            any_beyond |= last_beyond;
            let around = place.before.start..place.after.end;
            items.push(Item::new(tokens, around, quantities[index].most(), last_beyond));
        }
        self.fresh = named;
        self.counting = named
            || (0..tokens.len())
                .any(|at| tokens.word(at) == "how" && tokens.word(at + 1) == "many");
        self.asked = named && (0..tokens.len()).any(|at| tokens.mark(at) == Some('?'));
        if named {
            self.tabled_beyond = if corrects(tokens) { last_beyond } else { any_beyond };
            self.offers.add(self.tabled_beyond, items);
        } else if agreed && self.ours_within {
            self.tabled_beyond = false;
        }
    }

    pub(super) fn spoke(&mut self, tokens: &Tokens, quantities: &[Quantity]) {
        let measured = self.measured(tokens, quantities, None);
        let quantities: &[Quantity] = &measured;
        for (index, quantity) in quantities.iter().enumerate() {
            if !self.is_candidate(tokens, quantities, index) {
                continue;
            }
            let sentence = sentence_of(tokens, quantity.tokens.1 as usize - 1);
            self.ours_within = self.is_beyond(tokens, quantities, index, &sentence).is_none();
        }
    }

    /// Why the clause behind `boundary` may not be said.
    pub(super) fn check(
        &self,
        tokens: &Tokens,
        quantities: &[Quantity],
        boundary: usize,
        table: &Table,
        first: bool,
    ) -> Option<String> {
        let measured = self.measured(tokens, quantities, Some(table));
        let quantities: &[Quantity] = &measured;
        let mut quoted = false;
        let mut sum: Option<(usize, i64)> = None;
        for (index, quantity) in quantities.iter().enumerate() {
            if !self.is_ours(tokens, quantities, index, table) {
                continue;
            }
            let sentence = sentence_of(tokens, (quantity.tokens.1 as usize).saturating_sub(1));
            let beyond = self.is_beyond(tokens, quantities, index, &sentence);
            let before = sum.replace((sentence.start, quantity.most()));
            let added = before
                .filter(|(start, _)| *start == sentence.start && is_added(tokens, quantity))
                .map(|(_, before)| before.saturating_add(quantity.most()));
            let over = added.filter(|total| self.is_above(*total)).map(|_| true);
            let Some(strictly) = beyond.or(over) else { continue };
            let mut place = self.place(tokens, quantities, index, Some(table));
            place.beyond = strictly;
            quoted |= repeated(&place);
            if sentence.end <= boundary {
                continue;
            }
            let declined = self.bound.unit.is_when() && declines(&place);
            if self.bound.strict || !(declined || excused(&place, self.bound.approval)) {
                return Some(self.reason(quantity));
            }
        }
        if let Some(value) = self.multiplied(tokens, boundary) {
            return Some(format!(
                "comes to {} where the rule is: {}",
                self.shown(value),
                self.reading()
            ));
        }
        let tabled = self.tabled_beyond || quoted;
        if self.accepts_tabled(tokens, quantities, boundary, table, first && tabled, tabled) {
            let named = match self.bound.unit {
                Unit::Money => "the price",
                _ => "what",
            };
            return Some(format!(
                "agrees to {named} the other side named, which is beyond the limit ({})",
                self.reading()
            ));
        }
        None
    }

    /// "Double that", "make it three times that": beyond the limit, though the number named is not.
    fn multiplied(&self, tokens: &Tokens, boundary: usize) -> Option<i64> {
        let counts = matches!(self.bound.unit, Unit::Money | Unit::Count);
        if !counts || self.bound.side == Side::Floor || self.last_value == 0 {
            return None;
        }
        for at in boundary..tokens.len() {
            let Some(factor) = multiplier(tokens, at) else { continue };
            let value = self.last_value.saturating_mul(factor);
            let sentence = sentence_of(tokens, at);
            let denied = sentence.clone().any(|at| super::stance::counts_as_no(tokens.word(at)));
            let asks = one_of!(tokens.word(sentence.start); "is" "why" "isn't" "what" "did");
            if value > self.bound.value && !denied && !asks {
                return Some(value);
            }
        }
        None
    }

    fn is_above(&self, value: i64) -> bool {
        let ceiling = self.bound.unit.is_money() && self.bound.side == Side::Ceiling;
        ceiling && value > self.bound.value
    }

    fn reason(&self, quantity: &Quantity) -> String {
        let said = match self.bound.side {
            Side::Ceiling => quantity.most(),
            Side::Floor => quantity.value,
        };
        let said = match self.bound.unit {
            Unit::Percent => amount(said),
            _ => self.shown(said),
        };
        format!("says {said} where the rule is: {}", self.reading())
    }

    /// Whether an amount of ours can be a price: "we need five hundred" of a buyer is none.
    fn is_ours(
        &self,
        tokens: &Tokens,
        quantities: &[Quantity],
        index: usize,
        table: &Table,
    ) -> bool {
        let quantity = &quantities[index];
        let counted = quantity.kind == Kind::Plain
            && table.counted(quantity.value)
            && quantity.value / COUNT_FACTOR >= self.bound.value;
        let answers = table.counting && !is_settled(tokens, quantity);
        if self.bound.unit.is_money() && answers && quantity.kind == Kind::Plain {
            return false;
        }
        if self.bound.unit.is_money()
            && self.bound.side == Side::Ceiling
            && quantity.kind == Kind::Plain
            && quantity.value / FAR_FACTOR >= self.bound.value
            && !is_spoken_of_as_price(tokens, quantity)
        {
            return false;
        }
        let buys = self.bound.unit.is_money()
            && self.bound.side == Side::Ceiling
            && (counted || is_wanted(tokens, quantity));
        !buys && self.is_candidate(tokens, quantities, index)
    }

    fn is_candidate(&self, tokens: &Tokens, quantities: &[Quantity], index: usize) -> bool {
        let quantity = &quantities[index];
        let sentence = || sentence_of(tokens, (quantity.tokens.1 as usize).saturating_sub(1));
        let fits = match self.bound.unit {
            Unit::Percent => quantity.kind == Kind::Percent,
            Unit::Money => {
                let weighs = self.is_foreign(quantity) && is_weight(tokens, quantity, sentence());
                let other = is_reduction(tokens, quantity)
                    || is_visit(tokens, quantity, sentence)
                    || is_age(tokens, quantity);
                let amount = matches!(quantity.kind, Kind::Money { .. } | Kind::Plain);
                amount && !weighs && !other
            }
            Unit::Duration(topic) => {
                return !measure::is_other_duration(tokens, &sentence(), topic);
            }
            Unit::Count => {
                let counted = measure::is_count(tokens, quantity, self.bound.noun.as_deref());
                let bare = self.counting
                    && quantity.kind == Kind::Plain
                    && !one_of!(tokens.word_before(quantity.tokens.0 as usize, 1);
                        "at" "by" "until" "on" "before" "after" "per" "for");
                return (counted || bare) && !is_order_size(tokens, quantity);
            }
            Unit::Date => {
                let appointment =
                    self.bound.noun.is_some() && measure::is_appointment(tokens, sentence());
                return !appointment && !is_past(tokens, sentence());
            }
            Unit::Time => return true,
            Unit::Days(_) => return !is_past(tokens, sentence()),
        };
        let party = self.bound.total && is_party(tokens, quantity);
        fits && !party
            && !is_order_size(tokens, quantity)
            && !is_priced_count(tokens, quantities, index)
    }

    /// Whether the amount passes the limit; the flag says that it is not merely on it.
    fn is_beyond(
        &self,
        tokens: &Tokens,
        quantities: &[Quantity],
        index: usize,
        sentence: &Range<usize>,
    ) -> Option<bool> {
        let quantity = &quantities[index];
        let start = quantity.tokens.0 as usize;
        if let Unit::Days(barred) = self.bound.unit {
            return days::is_barred(quantity, barred).then_some(true);
        }
        if self.is_foreign(quantity) {
            return Some(true);
        }
        let lowered = self.bound.side == Side::Floor
            && sentence
                .clone()
                .any(|at| one_of!(tokens.word(at); "off" "discount" "minus" "rebate" "knock"));
        let vague = quantity.approx && !(self.bound.side == Side::Floor && quantity.upwards);
        let after = self.bound.unit == Unit::Date
            && self.bound.side == Side::Ceiling
            && tokens.word_before(start, 1 + usize::from(tokens.word_before(start, 1) == "the"))
                == "after";
        let topped = self.bound.unit.is_money()
            && self.bound.side == Side::Ceiling
            && is_topped(tokens, quantity.tokens.1 as usize);
        let open =
            vague || lowered || after || topped || opens_range(tokens, start, self.bound.side);
        if self.bound.unit == Unit::Date {
            let (day, bound) = match self.bound.side {
                Side::Ceiling => (quantity.most(), self.bound.value),
                Side::Floor => (self.bound.value, quantity.value),
            };
            let later = measure::is_later(day, bound);
            let on = day == bound && (self.bound.exclusive || open);
            return (later || on).then_some(later);
        }
        match self.bound.side {
            Side::Floor => {
                let value = self.likely(quantity).0;
                let plain_small = self.bound.unit.is_money()
                    && self.in_thousands(quantity).is_none()
                    && quantity.kind == Kind::Plain
                    && quantity.most() < self.bound.value / 10;
                let beyond = value < self.bound.value
                    || (value == self.bound.value && (self.bound.exclusive || open));
                (beyond && !plain_small).then_some(value < self.bound.value)
            }
            Side::Ceiling => {
                let down = tokens.word_before(start, 1) == "from"
                    && tokens.word_before(start, 2) == "down";
                let value = if down { quantity.value } else { self.likely(quantity).1 };
                let value = self.comparable(tokens, quantities, index, sentence, value)?;
                let beyond = value > self.bound.value
                    || (value == self.bound.value && (self.bound.exclusive || open));
                beyond.then_some(value > self.bound.value)
            }
        }
    }

    /// The ends of the amount. "Five fifty" is 5.50 or 550: of two readings the one that makes no
    /// sense beside the limit is left out.
    fn likely(&self, quantity: &Quantity) -> (i64, i64) {
        const SENSE_FACTOR: i64 = 10;
        let (low, high) = (quantity.value, quantity.most());
        if !self.bound.unit.is_money() {
            return (low, high);
        }
        if let Some(long) = self.in_thousands(quantity) {
            return (long, long);
        }
        if !quantity.either {
            return (low, high);
        }
        let low_fits = low >= self.bound.value / SENSE_FACTOR;
        let high_fits = high <= self.bound.value.saturating_mul(SENSE_FACTOR);
        match (low_fits, high_fits) {
            (true, false) => (low, low),
            (false, true) => (high, high),
            _ => (low, high),
        }
    }

    /// "Five twenty" where half a million is the limit, "two point six" where 2,500 is, "one point two"
    /// where a million is: the thousands or millions are left unsaid.
    fn in_thousands(&self, quantity: &Quantity) -> Option<i64> {
        const LIMIT_MIN: i64 = 10_000 * MICRO;
        const BROKEN_LIMIT_MIN: i64 = 1_000 * MICRO;
        if quantity.kind == Kind::Plain && self.last_value > quantity.value && quantity.value > 0 {
            // "Thirty-four", where they have just said thirty-four hundred.
            let mut whole =
                [100, 1_000].into_iter().map(|scale| quantity.value.saturating_mul(scale));
            let echo = whole.find(|whole| *whole == self.last_value);
            if echo.is_some() {
                return echo;
            }
        }
        let broken = quantity.value % MICRO != 0 && !quantity.either;
        let least = if broken { BROKEN_LIMIT_MIN } else { LIMIT_MIN };
        if quantity.kind != Kind::Plain || self.bound.value < least {
            return None;
        }
        let near =
            |long: &i64| (self.bound.value / 2..self.bound.value.saturating_mul(2)).contains(long);
        let scaled = |scale: i64| {
            let ends = [quantity.most(), quantity.value];
            ends.into_iter().map(|value| value.saturating_mul(scale)).find(near)
        };
        scaled(1_000).or_else(|| scaled(1_000_000).filter(|_| broken))
    }

    /// An amount in another currency cannot be compared, so it is held to be beyond.
    fn is_foreign(&self, quantity: &Quantity) -> bool {
        let Kind::Money { currency: Some(currency) } = quantity.kind else { return false };
        self.bound.currency.is_some_and(|own| own != currency)
    }

    /// The amount in the measure of the limit: for one unit, or for all.
    fn comparable(
        &self,
        tokens: &Tokens,
        quantities: &[Quantity],
        index: usize,
        sentence: &Range<usize>,
        value: i64,
    ) -> Option<i64> {
        if !self.bound.unit.is_money() {
            return Some(value);
        }
        let quantity = &quantities[index];
        let count = (0..quantities.len()).find(|other| {
            let found = &quantities[*other];
            (matches!(found.kind, Kind::Count { .. })
                || is_party(tokens, found)
                || is_priced_count(tokens, quantities, *other))
                && found.value >= MICRO
                && sentence.contains(&(found.tokens.0 as usize))
        });
        let count = count.map(|index| &quantities[index]);
        if !self.bound.per_unit {
            let whole = self.bound.total && quantity.per_unit;
            if let Some(times) =
                recurring(tokens, quantities, index, sentence).filter(|_| self.bound.total)
            {
                return Some(value.saturating_mul(times));
            }
            let Some(count) = count.filter(|_| whole) else { return Some(value) };
            return Some(value.saturating_mul(count.value / MICRO));
        }
        if let Some(each) = self.each_of_many(tokens, quantities, index, value) {
            return Some(each);
        }
        if quantity.per_unit || value < self.bound.value.saturating_mul(MARKED_TOTAL_FACTOR) {
            return Some(value);
        }
        let each = count.map(|count| value / (count.value / MICRO));
        let marked = count.is_some() || sentence.clone().any(|at| is_total(tokens.word(at)));
        if marked || value >= self.bound.value.saturating_mul(TOTAL_FACTOR) {
            return each;
        }
        Some(value)
    }

    /// "Three nights for four hundred and fifty": what one costs, if that is a price at all.
    fn each_of_many(
        &self,
        tokens: &Tokens,
        quantities: &[Quantity],
        index: usize,
        value: i64,
    ) -> Option<i64> {
        const SENSE_FACTOR: i64 = 4;
        let before = &quantities[index.checked_sub(1)?];
        let start = quantities[index].tokens.0 as usize;
        let many = before.value / MICRO;
        let counts = matches!(before.kind, Kind::Count { .. } | Kind::Duration)
            && before.tokens.1 as usize + 1 == start
            && tokens.word_before(start, 1) == "for"
            && many > 1
            && !quantities[index].per_unit;
        let each = value.checked_div(many).filter(|_| counts)?;
        (each >= self.bound.value / SENSE_FACTOR).then_some(each)
    }

    fn place<'a>(
        &self,
        tokens: &'a Tokens,
        quantities: &'a [Quantity],
        index: usize,
        table: Option<&Table>,
    ) -> Place<'a> {
        let quantity = &quantities[index];
        let (start, end) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
        let mut sentence = sentence_of(tokens, end.saturating_sub(1));
        sentence.start = sentence.start.min(start);
        let mut before = sentence.start..start;
        let mut after = end..sentence.end.max(end);
        let last = (0..index).rev().find(|at| self.is_candidate(tokens, quantities, *at));
        if let Some(last) = last {
            before.start = before.start.max((quantities[last].tokens.1 as usize).min(start));
        }
        let next = (index + 1..quantities.len())
            .find(|at| self.is_candidate(tokens, quantities, *at))
            .map(|at| quantities[at].tokens.0 as usize);
        if let Some(next) = next.filter(|next| *next < after.end) {
            after.end = next;
            let turn = after.clone().find(|at| {
                tokens.mark(*at).is_some()
                    || matches!(
                        tokens.word(*at),
                        "and" | "but" | "so" | "while" | "however" | "whereas"
                    )
            });
            after.end = turn.unwrap_or(after.end);
        }
        Place {
            tokens,
            quantity,
            sentence,
            before,
            after,
            beyond: true,
            floor: self.bound.side == Side::Floor,
            heard: table.is_some_and(|table| table.has(quantity)),
        }
    }
}

fn amount(micro: i64) -> String {
    let whole = micro / MICRO;
    let cents = (micro % MICRO).abs() / (MICRO / 100);
    if cents == 0 { whole.to_string() } else { format!("{whole}.{cents:02}") }
}

pub(super) fn ends_sentence(tokens: &Tokens, at: usize) -> bool {
    matches!(tokens.mark(at), Some('.' | '?' | '!'))
}

/// How far a sentence is looked at on either side of a token.
const SENTENCE_TOKENS_MAX: usize = 150;

/// The sentence around a token, with the mark that ends it.
pub(super) fn sentence_of(tokens: &Tokens, at: usize) -> Range<usize> {
    let first = at.saturating_sub(SENTENCE_TOKENS_MAX);
    let last = (at + SENTENCE_TOKENS_MAX).min(tokens.len());
    let mut start = at;
    while start > first && !ends_sentence(tokens, start - 1) {
        start -= 1;
    }
    let mut end = at;
    while end < last && !ends_sentence(tokens, end) {
        end += 1;
    }
    start..(end + 1).min(tokens.len())
}
