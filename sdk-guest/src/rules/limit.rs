//! Ceilings and floors for prices and percentages.

use super::accept::{Grade, accepts, is_approval, is_named, is_offer};
use super::stance::{Place, excused, refused_before, repeated};
use super::turn::Table;
use crate::numbers::token::Tokens;
use crate::numbers::{Currency, Kind, MICRO, Quantity};
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
}

/// An unmarked amount this many times a price for one unit is a total.
const TOTAL_FACTOR: i64 = 100;
/// An amount this many times the price for one unit is a total if something says so.
const MARKED_TOTAL_FACTOR: i64 = 10;

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
}

/// A limit we must not pass, and whether the price that lies on the table passes it.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    bound: Bound,
    /// The last price on the table, theirs or ours if they took it, lies beyond.
    tabled_beyond: bool,
    /// The last price we named is within the limit.
    ours_within: bool,
}

impl Limit {
    pub(super) fn new(bound: Bound) -> Self {
        Self { bound, tabled_beyond: false, ours_within: false }
    }

    pub(super) fn reading(&self) -> String {
        let kind = match (self.bound.unit, self.bound.side) {
            (Unit::Money, Side::Ceiling) => "price ceiling",
            (Unit::Money, Side::Floor) => "price floor",
            (Unit::Percent, Side::Ceiling) => "percentage ceiling",
            (Unit::Percent, Side::Floor) => "percentage floor",
        };
        let mut reading = format!("{kind}: {}", amount(self.bound.value));
        if self.bound.unit == Unit::Percent {
            reading.push('%');
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
        let mut named = false;
        let mut any_beyond = false;
        let mut last_beyond = false;
        for index in 0..quantities.len() {
            if !self.is_candidate(tokens, quantities, index) {
                continue;
            }
            let place = self.place(tokens, quantities, index, None);
            if refused_before(&place) || (repeated(&place) && quotes_us(&place)) {
                continue;
            }
            named = true;
            last_beyond = self.is_beyond(tokens, quantities, index, &place.sentence).is_some();
            any_beyond |= last_beyond;
        }
        if named {
            self.tabled_beyond = if corrects(tokens) { last_beyond } else { any_beyond };
        } else if agreed && self.ours_within {
            self.tabled_beyond = false;
        }
    }

    pub(super) fn spoke(&mut self, tokens: &Tokens, quantities: &[Quantity]) {
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
        for (index, quantity) in quantities.iter().enumerate() {
            if !self.is_candidate(tokens, quantities, index) {
                continue;
            }
            let sentence = sentence_of(tokens, (quantity.tokens.1 as usize).saturating_sub(1));
            if sentence.end <= boundary {
                continue;
            }
            let Some(strictly) = self.is_beyond(tokens, quantities, index, &sentence) else {
                continue;
            };
            let mut place = self.place(tokens, quantities, index, Some(table));
            place.beyond = strictly;
            if self.bound.strict || !excused(&place, self.bound.approval) {
                return Some(self.reason(quantity));
            }
        }
        if self.tabled_beyond && self.accepts_tabled(tokens, quantities, boundary, table, first) {
            return Some(format!(
                "agrees to the price the other side named, which is beyond the limit ({})",
                self.reading()
            ));
        }
        None
    }

    fn reason(&self, quantity: &Quantity) -> String {
        let said = match self.bound.side {
            Side::Ceiling => quantity.most(),
            Side::Floor => quantity.value,
        };
        format!("says {} where the rule is: {}", amount(said), self.reading())
    }

    fn is_candidate(&self, tokens: &Tokens, quantities: &[Quantity], index: usize) -> bool {
        let quantity = &quantities[index];
        let kind = match self.bound.unit {
            Unit::Percent => quantity.kind == Kind::Percent,
            Unit::Money => matches!(quantity.kind, Kind::Money { .. } | Kind::Plain),
        };
        kind && (self.bound.unit == Unit::Percent || !is_reduction(tokens, quantity))
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
        if self.is_foreign(quantity) {
            return Some(true);
        }
        let open = quantity.approx || opens_range(tokens, start, self.bound.side);
        match self.bound.side {
            Side::Floor => {
                let value = quantity.value;
                let plain_small =
                    quantity.kind == Kind::Plain && quantity.most() < self.bound.value / 10;
                let beyond = value < self.bound.value
                    || (value == self.bound.value && (self.bound.exclusive || open));
                (beyond && !plain_small).then_some(value < self.bound.value)
            }
            Side::Ceiling => {
                let down = tokens.word_before(start, 1) == "from"
                    && tokens.word_before(start, 2) == "down";
                let value = if down { quantity.value } else { quantity.most() };
                let value = self.comparable(tokens, quantities, index, sentence, value)?;
                let beyond = value > self.bound.value
                    || (value == self.bound.value && (self.bound.exclusive || open));
                beyond.then_some(value > self.bound.value)
            }
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
        if self.bound.unit == Unit::Percent {
            return Some(value);
        }
        let quantity = &quantities[index];
        let count = quantities.iter().find(|other| {
            matches!(other.kind, Kind::Count { .. })
                && other.value >= MICRO
                && sentence.contains(&(other.tokens.0 as usize))
        });
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
    ) -> bool {
        if first && table.asked && affirms(tokens) {
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
            if end > boundary && self.sentence_accepts(tokens, quantities, start..end, table) {
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
    ) -> bool {
        let Some(grade) = accepts(tokens, sentence.clone()) else { return false };
        if grade == Grade::Weak && !table.priced {
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

/// "$10 off", "save 65": the price goes down by it.
fn is_reduction(tokens: &Tokens, quantity: &Quantity) -> bool {
    let (start, end) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
    matches!(tokens.word(end), "off" | "discount" | "rebate" | "savings" | "refund")
        || matches!(tokens.word_before(start, 1), "save" | "saves" | "saved" | "saving")
}

/// "a minimum order of one hundred", "the MOQ is 50": how many, not how much.
fn is_order_size(tokens: &Tokens, quantity: &Quantity) -> bool {
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

/// "$54 per unit for five hundred": what follows a marked price is how many it buys.
fn is_priced_count(tokens: &Tokens, quantities: &[Quantity], index: usize) -> bool {
    let quantity = &quantities[index];
    let start = quantity.tokens.0 as usize;
    if index == 0 || quantity.kind != Kind::Plain || tokens.word_before(start, 1) != "for" {
        return false;
    }
    let price = &quantities[index - 1];
    let marked = price.per_unit || matches!(price.kind, Kind::Money { .. });
    let between = price.tokens.1 as usize..start - 1;
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
        Side::Ceiling => {
            matches!(one, "over" | "above" | "beyond" | "past" | "exceeding")
                || matches!(
                    (two, one),
                    ("more" | "higher" | "greater", "than")
                        | ("at", "least")
                        | ("upwards" | "north", "of")
                )
        }
        Side::Floor => {
            matches!(one, "under" | "below")
                || matches!(
                    (two, one),
                    ("less" | "lower" | "cheaper", "than") | ("at", "most") | ("up", "to")
                )
        }
    }
}

/// Words by which a later number replaces an earlier one.
fn corrects(tokens: &Tokens) -> bool {
    (0..tokens.len()).any(|at| {
        one_of!(tokens.word(at);
            "no" "sorry" "actually" "correction" "mean" "meant" "but" "instead" "rather" "down"
            "special" "normally" "usually" "list" "discount" "wait" "mistake" "scratch"
            "originally" "today" "final" "wrong"
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
        "does" | "did" | "how" | "what's" | "where" | "who" | "when" => true,
        "would" | "will" | "can" | "could" | "do" | "have" => {
            one_of!(second;
                "you" "it" "that" "there" "your" "this" "they"
            )
        }
        _ => false,
    }
}
