//! Ceilings and floors: for prices and percentages, durations, quantities, dates and times.

use super::accept::{Grade, accepts, is_approval, is_named, is_offer};
use super::idioms::agrees_to_any;
use super::measure::{self, Topic};
use super::offers::{Item, Offers};
use super::stance::{Place, excused, refused_before, repeated};
use super::turn::Table;
use crate::numbers::token::Tokens;
use crate::numbers::{Currency, Kind, MICRO, Quantity};
use std::borrow::Cow;
use std::ops::Range;

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
}

impl Unit {
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
            last_value: 0,
            offers: Offers::default(),
        }
    }

    pub(super) fn reading(&self) -> String {
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
        }
    }

    /// The quantities in the measure of the limit.
    fn measured<'a>(&self, tokens: &Tokens, quantities: &'a [Quantity]) -> Cow<'a, [Quantity]> {
        match self.bound.unit {
            Unit::Money | Unit::Percent | Unit::Count => Cow::Borrowed(quantities),
            Unit::Duration(_) => Cow::Owned(measure::durations(tokens, quantities)),
            Unit::Date => Cow::Owned(measure::dates(tokens, Some(self.bound.value / MICRO))),
            Unit::Time => Cow::Owned(measure::times(tokens, quantities)),
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
        let measured = self.measured(tokens, quantities);
        let quantities: &[Quantity] = &measured;
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
                last_beyond |= self.is_above(value.saturating_add(self.last_value));
            } else {
                self.last_value = value;
            }
            any_beyond |= last_beyond;
            let around = place.before.start..place.after.end;
            items.push(Item::new(tokens, around, quantities[index].most(), last_beyond));
        }
        self.fresh = named;
        self.asked = named && (0..tokens.len()).any(|at| tokens.mark(at) == Some('?'));
        if named {
            self.tabled_beyond = if corrects(tokens) { last_beyond } else { any_beyond };
            self.offers.add(self.tabled_beyond, items);
        } else if agreed && self.ours_within {
            self.tabled_beyond = false;
        }
    }

    pub(super) fn spoke(&mut self, tokens: &Tokens, quantities: &[Quantity]) {
        let measured = self.measured(tokens, quantities);
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
        let measured = self.measured(tokens, quantities);
        let quantities: &[Quantity] = &measured;
        let mut quoted = false;
        for (index, quantity) in quantities.iter().enumerate() {
            if !self.is_ours(tokens, quantities, index, table) {
                continue;
            }
            let sentence = sentence_of(tokens, (quantity.tokens.1 as usize).saturating_sub(1));
            let Some(strictly) = self.is_beyond(tokens, quantities, index, &sentence) else {
                continue;
            };
            let mut place = self.place(tokens, quantities, index, Some(table));
            place.beyond = strictly;
            quoted |= repeated(&place);
            if sentence.end <= boundary {
                continue;
            }
            if self.bound.strict || !excused(&place, self.bound.approval) {
                return Some(self.reason(quantity));
            }
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

    fn is_above(&self, value: i64) -> bool {
        let ceiling = self.bound.unit.is_money() && self.bound.side == Side::Ceiling;
        ceiling && !self.bound.total && value > self.bound.value
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
        if self.bound.unit.is_money() && table.counting && quantity.kind == Kind::Plain {
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
                matches!(quantity.kind, Kind::Money { .. } | Kind::Plain)
                    && !is_reduction(tokens, quantity)
            }
            Unit::Duration(topic) => {
                return !measure::is_other_duration(tokens, &sentence(), topic);
            }
            Unit::Count => {
                return measure::is_count(tokens, quantity, self.bound.noun.as_deref())
                    && !is_order_size(tokens, quantity);
            }
            Unit::Date => {
                let appointment =
                    self.bound.noun.is_some() && measure::is_appointment(tokens, sentence());
                return !appointment && !is_past(tokens, sentence());
            }
            Unit::Time => return true,
        };
        fits && !is_order_size(tokens, quantity) && !is_priced_count(tokens, quantities, index)
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
        if self.is_foreign(quantity) {
            return Some(true);
        }
        let lowered = self.bound.side == Side::Floor
            && sentence
                .clone()
                .any(|at| one_of!(tokens.word(at); "off" "discount" "minus" "rebate" "knock"));
        let vague = quantity.approx && !(self.bound.side == Side::Floor && quantity.upwards);
        let open = vague || lowered || opens_range(tokens, start, self.bound.side);
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
        if !quantity.either || !self.bound.unit.is_money() {
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
                || is_priced_count(tokens, quantities, *other))
                && found.value >= MICRO
                && sentence.contains(&(found.tokens.0 as usize))
        });
        let count = count.map(|index| &quantities[index]);
        if !self.bound.per_unit {
            let whole = self.bound.total && quantity.per_unit;
            let Some(count) = count.filter(|_| whole) else { return Some(value) };
            return Some(value.saturating_mul(count.value / MICRO));
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
        for (at, other) in quantities[..index].iter().enumerate() {
            if !self.is_candidate(tokens, quantities, at) {
                continue;
            }
            before.start = before.start.max((other.tokens.1 as usize).min(start));
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

    fn accepts_tabled(
        &self,
        tokens: &Tokens,
        quantities: &[Quantity],
        boundary: usize,
        table: &Table,
        first: bool,
        tabled: bool,
    ) -> bool {
        let asked = if self.bound.unit.is_money() { table.asked } else { self.asked };
        if first && asked && affirms(tokens) {
            return true;
        }
        let mut start = boundary;
        while start > 0 && !ends_sentence(tokens, start - 1) {
            start -= 1;
        }
        while start < tokens.len() {
            let mut end = start;
            while end < tokens.len() && !ends_sentence(tokens, end) {
                end += 1;
            }
            let end = (end + 1).min(tokens.len());
            if end > boundary
                && self.sentence_accepts(tokens, quantities, start..end, table, tabled)
            {
                return true;
            }
            start = end;
        }
        false
    }

    fn sentence_accepts(
        &self,
        tokens: &Tokens,
        quantities: &[Quantity],
        sentence: Range<usize>,
        table: &Table,
        tabled: bool,
    ) -> bool {
        let pointed = match self.offers.any_beyond() {
            true => self.offers.pointed_at(tokens, sentence.clone()),
            false => None,
        };
        let blank = self.bound.unit.is_money() && agrees_to_any(tokens, &sentence);
        if !tabled && pointed.is_none() && !blank {
            return false;
        }
        let grade = accepts(tokens, sentence.clone());
        if blank && grade == Some(Grade::Blank) && (tabled || !self.offers.last_within()) {
            return !is_question(tokens, sentence);
        }
        if let Some(beyond) = pointed {
            let chosen = grade.is_some() || chooses(tokens, sentence.clone());
            return chosen
                && beyond
                && !asks_lower(tokens, sentence.clone())
                && !is_question(tokens, sentence);
        }
        let Some(grade) = grade.filter(|_| tabled) else { return false };
        let aside = if self.bound.unit.is_money() { table.aside } else { !self.fresh };
        if grade <= Grade::Weak && aside {
            return false;
        }
        let named = if self.bound.unit.is_money() { table.priced } else { self.fresh };
        if grade == Grade::Faint && !named {
            return false;
        }
        if is_taken_back(tokens, sentence.clone())
            || (grade <= Grade::Weak && is_patience(tokens, sentence.clone()))
        {
            return false;
        }
        let theirs = sentence.clone().any(|at| {
            tokens.word(at) == "your"
                && (is_offer(tokens.word(at + 1)) || is_offer(tokens.word(at + 2)))
                || tokens.word(at) == "you"
                    && (is_named(tokens.word(at + 1)) || tokens.word(at + 1) == "want")
        });
        let own = quantities.iter().enumerate().any(|(index, quantity)| {
            sentence.contains(&(quantity.tokens.0 as usize))
                && self.is_candidate(tokens, quantities, index)
                && self.is_beyond(tokens, quantities, index, &sentence).is_none()
        });
        if own && !theirs {
            return false;
        }
        !asks_lower(tokens, sentence.clone()) && !is_question(tokens, sentence)
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

/// The sentence around a token, with the mark that ends it.
pub(super) fn sentence_of(tokens: &Tokens, at: usize) -> Range<usize> {
    let mut start = at;
    while start > 0 && !ends_sentence(tokens, start - 1) {
        start -= 1;
    }
    let mut end = at;
    while end < tokens.len() && !ends_sentence(tokens, end) {
        end += 1;
    }
    start..(end + 1).min(tokens.len())
}

fn is_total(word: &str) -> bool {
    one_of!(word;
        "total" "altogether" "overall" "order" "budget" "deposit" "invoice" "totals" "lot"
        "everything" "sum"
    )
}

/// "$10 off", "save 65", "ten more than our limit": a difference, not a price.
fn is_reduction(tokens: &Tokens, quantity: &Quantity) -> bool {
    let (start, end) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
    let compared = matches!(tokens.word(end), "more" | "higher" | "lower" | "less" | "cheaper")
        && tokens.word(end + 1) == "than"
        || matches!(tokens.word(end), "above" | "over" | "below" | "under")
            && matches!(tokens.word(end + 1), "our" | "my" | "your" | "the" | "what" | "that");
    let surplus =
        tokens.word(end) == "too" && matches!(tokens.word(end + 1), "much" | "high" | "many");
    if compared || surplus {
        return true;
    }
    matches!(tokens.word(end), "off" | "discount" | "rebate" | "savings" | "refund")
        || matches!(tokens.word_before(start, 1), "save" | "saves" | "saved" | "saving")
}

/// "a minimum order of one hundred", "the MOQ is 50": how many, not how much.
pub(super) fn is_order_size(tokens: &Tokens, quantity: &Quantity) -> bool {
    let mut at = quantity.tokens.0 as usize;
    while matches!(
        tokens.word_before(at, 1),
        "is" | "of" | "be" | "would" | "for" | "about" | "around" | "quantity" | "size" | "was"
    ) || tokens.mark(at.wrapping_sub(1)).is_some_and(|mark| matches!(mark, ':' | ','))
    {
        at -= 1;
    }
    let (two, one) = (tokens.word_before(at, 2), tokens.word_before(at, 1));
    quantity.kind == Kind::Plain
        && (matches!((two, one), ("minimum" | "min" | "smallest", "order")) || one == "moq")
}

/// "if you take six hundred": how many the other side wants us to take.
pub(super) fn is_bulk(tokens: &Tokens, quantity: &Quantity) -> bool {
    let start = quantity.tokens.0 as usize;
    quantity.kind == Kind::Plain
        && one_of!(tokens.word_before(start, 1);
            "take" "buy" "order" "get" "ordered" "took" "bought" "purchase"
        )
        && matches!(tokens.word_before(start, 2), "you" | "you'd" | "you'll" | "to")
        && (3..5).any(|back| one_of!(tokens.word_before(start, back); "if" "when" "once"))
}

/// "we need five hundred", "order about 80": a buyer says how many.
pub(super) fn is_wanted(tokens: &Tokens, quantity: &Quantity) -> bool {
    let mut at = quantity.tokens.0 as usize;
    while one_of!(tokens.word_before(at, 1);
        "about" "around" "roughly" "only" "up" "to" "another" "maybe" "at" "least" "a" "some" "just"
        "approximately"
    ) && !(tokens.word_before(at, 1) == "at" && tokens.word(at) != "least")
    {
        at -= 1;
    }
    let word = tokens.word_before(at, 1);
    let asks = tokens.word_before(at, 1) == "for"
        && (tokens.word_before(at, 2) == "and" && at <= 2
            || tokens.word_before(at, 2) == "about"
            || tokens.word_before(at, 2) == "was" && tokens.word_before(at, 3) == "order"
            || tokens.word_before(at, 2) == "order");
    quantity.kind == Kind::Plain
        && (asks
            || one_of!(word;
                "need" "needs" "needed" "order" "ordered" "ordering" "bought" "ship" "shipped" "stock"
                "require" "requires"
            ))
}

/// "$54 per unit for five hundred": what follows a marked price is how many it buys.
fn is_priced_count(tokens: &Tokens, quantities: &[Quantity], index: usize) -> bool {
    let quantity = &quantities[index];
    let start = quantity.tokens.0 as usize;
    let price = &quantities[index.saturating_sub(1)];
    let reach = matches!(
        tokens.word_before(start, 1),
        "to" | "above" | "over" | "from" | "below" | "under"
    );
    let next = price.tokens.1 as usize + if tokens.word_before(start, 1) == "to" { 2 } else { 1 };
    if reach
        && price.per_unit
        && next == start
        && quantity.kind == Kind::Plain
        && quantity.value / 3 >= price.value
    {
        return true;
    }
    let lead = match tokens.word_before(start, 1) {
        "all" | "the" | "your" | "another" | "these" => 2,
        _ => 1,
    };
    if index == 0 || quantity.kind != Kind::Plain || tokens.word_before(start, lead) != "for" {
        return false;
    }
    let price = &quantities[index - 1];
    let many = price.kind == Kind::Plain
        && quantity.value >= 100 * MICRO
        && price.value >= 10 * MICRO
        && quantity.value / 3 >= price.value;
    let marked = price.per_unit || matches!(price.kind, Kind::Money { .. }) || many;
    let between = price.tokens.1 as usize..start - lead;
    marked
        && between.into_iter().all(|at| {
            one_of!(tokens.word(at);
                "per" "each" "a" "an" "the" "unit" "piece" "item" "beam" "apiece" "or" "less"
                "under" "below" "dollars" "euros" "pounds"
            )
        })
}

/// "over sixty", "at least sixty": the amount is only where it begins.
fn opens_range(tokens: &Tokens, start: usize, side: Side) -> bool {
    let (two, one) = (tokens.word_before(start, 2), tokens.word_before(start, 1));
    match side {
        Side::Ceiling if kept_from_rising(tokens, start) => false,
        Side::Ceiling => {
            matches!(
                one,
                "over"
                    | "above"
                    | "beyond"
                    | "past"
                    | "exceeding"
                    | "exceed"
                    | "exceeds"
                    | "surpass"
                    | "top"
            ) || matches!(
                (two, one),
                ("more" | "higher" | "greater", "than")
                    | ("at", "least")
                    | ("upwards" | "north", "of")
            )
        }
        Side::Floor if kept_from_rising(tokens, start) => false,
        Side::Floor => {
            let raised = (two, one) == ("up", "to")
                && one_of!(tokens.word_before(start, 3); "go" "come" "get" "move" "goes" "went");
            matches!(one, "under" | "below")
                || !raised
                    && matches!(
                        (two, one),
                        ("less" | "lower" | "cheaper" | "shorter" | "earlier" | "sooner", "than")
                            | ("at", "most")
                            | ("up", "to")
                    )
        }
    }
}

/// "Plus sixty for delivery": it comes on top of the price before.
fn adds(tokens: &Tokens, place: &Place) -> bool {
    place.before.clone().chain(place.after.clone().take(5)).any(|at| {
        one_of!(tokens.word(at); "plus" "extra" "additional" "surcharge" "fee" "additionally" "top")
    })
}

/// Days of the past are not agreed to any more.
fn is_past(tokens: &Tokens, sentence: Range<usize>) -> bool {
    sentence.into_iter().any(|at| {
        one_of!(tokens.word(at);
            "was" "were" "ago" "since" "founded" "placed" "ordered" "called" "spoke" "today" "received"
        )
    })
}

/// "not a penny over sixty", "no more than sixty": the comparison is itself denied.
fn kept_from_rising(tokens: &Tokens, start: usize) -> bool {
    const LOOK_BACK_TOKENS: usize = 9;
    for at in (start.saturating_sub(LOOK_BACK_TOKENS)..start).rev() {
        let word = tokens.word(at);
        if matches!(word, "no" | "nothing") || super::stance::counts_as_no(word) {
            let doubled = (at.saturating_sub(4)..at)
                .any(|back| super::stance::counts_as_no(tokens.word(back)));
            return !doubled;
        }
        let carries = one_of!(word;
            "a" "one" "single" "penny" "cent" "dollar" "euro" "pound" "dime" "nickel" "buck" "any"
            "go" "going" "pay" "paying" "spend" "offer" "do" "anything" "even" "be" "able" "to"
            "is" "it" "must" "should" "bit" "higher" "more" "than" "over" "above" "beyond" "past"
            "exceed" "greater" "up" "cents" "dollars" "agree" "accept" "commit" "authorized"
            "allowed" "price" "prices" "that" "we" "i" "can" "could" "at" "upwards" "north" "of"
            "way" "them" "you" "let" "below" "under" "less" "lower" "beneath" "sell" "down"
        );
        if !carries {
            return false;
        }
    }
    false
}

/// Words by which a later number replaces an earlier one.
fn corrects(tokens: &Tokens) -> bool {
    (0..tokens.len()).any(|at| {
        one_of!(tokens.word(at);
            "no" "sorry" "actually" "correction" "mean" "meant" "but" "instead" "rather" "down"
            "special" "normally" "usually" "list" "discount" "wait" "mistake" "scratch"
            "originally" "today" "final" "wrong" "now" "was" "used"
        )
    })
}

/// In a turn of the other side "you said 58" is our own number.
fn quotes_us(place: &Place) -> bool {
    place
        .before
        .clone()
        .any(|at| matches!(place.tokens.word(at), "you" | "your" | "you're" | "you've"))
}

/// "Yes." "Sure, absolutely." as the answer to a question for agreement.
fn affirms(tokens: &Tokens) -> bool {
    let mut at = 0;
    while tokens.mark(at).is_some()
        || one_of!(tokens.word(at);
            "um" "uh" "well" "oh" "hmm" "great" "perfect"
        )
    {
        at += 1;
    }
    let yes = one_of!(tokens.word(at);
        "yes" "yeah" "yep" "yup" "sure" "absolutely" "certainly" "definitely" "ok" "okay"
        "alright" "indeed" "gladly" "yes'm" "aye" "affirmative" "correct" "exactly"
    ) || matches!(
        (tokens.word(at), tokens.word(at + 1)),
        ("of", "course")
            | ("all", "right")
            | ("we", "do")
            | ("i", "do")
            | ("it", "does")
            | ("that", "does")
            | ("we", "are")
            | ("please", "do")
    );
    let turned = (at..tokens.len()).any(|at| {
        one_of!(tokens.word(at);
            "but" "however" "too" "lower" "above" "budget" "ceiling" "unfortunately" "afraid"
        ) || super::stance::counts_as_no(tokens.word(at))
    });
    yes && !turned
}

/// "if you come down": agreement that hangs on a better price.
fn asks_lower(tokens: &Tokens, sentence: Range<usize>) -> bool {
    let mut conditional = false;
    for at in sentence {
        let word = tokens.word(at);
        conditional |= one_of!(word;
            "if" "once" "when" "unless" "until" "provided" "before"
        ) && one_of!(tokens.word(at + 1);
            "you" "the" "your" "we" "it" "you're" "i"
        );
        if conditional
            && one_of!(word;
                "lower" "reduce" "drop" "below" "under" "down" "better" "beat" "less" "closer"
                "match" "cheaper" "approve" "approves" "agree" "accept" "proceed" "go" "discount"
            )
        {
            return true;
        }
    }
    false
}

/// "The first one, please.", "I prefer option A": a choice without another word of agreement.
fn chooses(tokens: &Tokens, sentence: Range<usize>) -> bool {
    const BARE_TOKENS_MAX: usize = 5;
    let denied = sentence.clone().any(|at| {
        super::stance::counts_as_no(tokens.word(at))
            || one_of!(tokens.word(at); "too" "above" "over" "high" "expensive" "was" "noted" "thanks")
    });
    let wanted = sentence.clone().any(|at| {
        one_of!(tokens.word(at);
            "please" "take" "prefer" "choose" "go" "want" "pick" "order" "book" "do" "back" "have" "get"
            "like" "need"
        )
    });
    !denied && (wanted || sentence.len() <= BARE_TOKENS_MAX)
}

/// "When can we sign?", "how do we pay?": questions of somebody who has agreed.
fn closes_deal(tokens: &Tokens, at: usize) -> bool {
    matches!(tokens.word(at + 2), "we" | "i")
        && one_of!(tokens.word(at + 3); "sign" "pay" "proceed" "start" "begin")
}

/// "It's a good offer, but it's over our limit.": what follows takes the praise back.
fn is_taken_back(tokens: &Tokens, sentence: Range<usize>) -> bool {
    let settled = sentence.clone().any(|at| {
        one_of!(tokens.word(at); "deal" "agreed" "accept" "sold" "take" "agree" "okay" "done" "sign")
    });
    let mut turned = false;
    for at in sentence {
        let word = tokens.word(at);
        turned |= one_of!(word; "but" "however" "though" "except" "although");
        let against = one_of!(word; "over" "above" "too" "beyond" "higher" "expensive" "exceeds" "unfortunately")
            || super::stance::counts_as_no(word);
        if turned && against && !settled {
            return true;
        }
    }
    false
}

/// "That's fine, I'll wait.": said of the time it takes.
fn is_patience(tokens: &Tokens, sentence: Range<usize>) -> bool {
    sentence.clone().any(|at| {
        let (one, two, three) = (tokens.word(at), tokens.word(at + 1), tokens.word(at + 2));
        let ends = |at: usize| at >= sentence.end || tokens.mark(at).is_some();
        matches!(one, "i'll" | "can" | "we'll") && matches!(two, "wait" | "hold") && ends(at + 2)
            || (one == "take" && two == "your" && three == "time")
            || (one == "no" && matches!(two, "rush" | "hurry"))
            || matches!(one, "email" | "call" | "text")
                && two == "me"
                && matches!(three, "later" | "back")
    })
}

/// Questions by which nothing is agreed: "does that work for you?", "is that fine?".
fn is_question(tokens: &Tokens, sentence: Range<usize>) -> bool {
    let mut at = sentence.start;
    while at < sentence.end
        && (tokens.mark(at).is_some()
            || one_of!(tokens.word(at);
                "so" "and" "well" "but" "um" "uh" "or" "then" "sorry" "thanks" "okay" "ok"
            ))
    {
        at += 1;
    }
    let (first, second) = (tokens.word(at), tokens.word(at + 1));
    match first {
        // "Is fine by me", "is that a deal?", "are we agreed?", "which works": no mere questions.
        "is" => !is_approval(second) && !sentence.clone().any(|at| tokens.word(at) == "deal"),
        "are" => second != "we",
        "what" => second != "you",
        "which" => !matches!(second, "is" | "works" | "would" | "sounds" | "seems"),
        "where" | "when" | "how" if closes_deal(tokens, at) => false,
        "where" | "does" | "did" | "how" | "what's" | "who" | "when" => true,
        "would" | "will" | "can" | "could" | "do" | "have" => {
            one_of!(second;
                "you" "it" "that" "there" "your" "this" "they"
            )
        }
        _ => false,
    }
}
