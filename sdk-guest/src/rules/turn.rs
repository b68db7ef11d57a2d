//! What the last turn of the other side was about.

use super::limit::{is_bulk, is_order_size, is_wanted};
use crate::numbers::token::{Kind as TokenKind, MICRO, Tokens};
use crate::numbers::words::{Part, part};
use crate::numbers::{Kind, Quantity};

/// Amounts remembered so that an echo of them is known.
const HEARD_VALUES_MAX: usize = 64;

/// The last turn of the other side, and the amounts it has named so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// It was about something else than the price, so that "sounds good" is about that.
    pub(super) aside: bool,
    /// It named a price.
    pub(super) priced: bool,
    /// It asked how many.
    pub(super) counting: bool,
    /// It asked at what time.
    pub(super) when: bool,
    /// Our last turn asked about something else.
    aside_asked: bool,
    /// It asked us to agree, so that "yes" is an agreement.
    pub(super) asked: bool,
    values: Vec<i64>,
    /// Numbers of things that either side has named.
    counts: Vec<i64>,
}

impl Table {
    pub(super) fn heard(&mut self, tokens: &Tokens, quantities: &[Quantity]) {
        let mut amount = false;
        self.count(tokens, quantities);
        for quantity in quantities {
            if !matches!(quantity.kind, Kind::Money { .. } | Kind::Plain | Kind::Percent)
                || is_order_size(tokens, quantity)
                || is_bulk(tokens, quantity)
            {
                continue;
            }
            amount = true;
            for value in [quantity.value, quantity.most()] {
                if !self.values.contains(&value) {
                    if self.values.len() == HEARD_VALUES_MAX {
                        self.values.remove(0);
                    }
                    self.values.push(value);
                }
            }
        }
        let priced = amount || (0..tokens.len()).any(|at| is_business(tokens, at));
        let detail = quantities.iter().any(|quantity| {
            matches!(quantity.kind, Kind::Duration | Kind::Count { .. } | Kind::Date | Kind::Time)
        }) || (0..tokens.len()).any(|at| is_detail(tokens.word(at)));
        self.priced = amount;
        self.aside = !priced && (detail || self.aside_asked);
        self.counting = (0..tokens.len()).any(|at| {
            tokens.word(at) == "how" && tokens.word(at + 1) == "many"
                || tokens.word(at) == "what" && tokens.word(at + 1) == "quantity"
        });
        self.when = (0..tokens.len()).any(|at| {
            tokens.word(at) == "what" && tokens.word(at + 1) == "time"
                || tokens.word(at) == "when" && tokens.mark(tokens.len() - 1) == Some('?')
        });
        self.asked = asks_agreement(tokens, amount);
    }

    /// A turn of ours: what it asked about is what the other side will answer.
    pub(super) fn spoke(&mut self, tokens: &Tokens, quantities: &[Quantity]) {
        self.count(tokens, quantities);
        let asks = (0..tokens.len()).any(|at| tokens.mark(at) == Some('?'));
        let amount = quantities.iter().any(|quantity| {
            matches!(quantity.kind, Kind::Money { .. } | Kind::Plain | Kind::Percent)
        });
        self.aside_asked = asks && !amount && !(0..tokens.len()).any(|at| is_business(tokens, at));
    }

    fn count(&mut self, tokens: &Tokens, quantities: &[Quantity]) {
        for quantity in quantities {
            let counts = matches!(quantity.kind, Kind::Count { .. })
                || is_order_size(tokens, quantity)
                || is_bulk(tokens, quantity)
                || is_wanted(tokens, quantity);
            if counts
                && !self.counts.contains(&quantity.value)
                && self.counts.len() < HEARD_VALUES_MAX
            {
                self.counts.push(quantity.value);
            }
        }
    }

    pub(super) fn counted(&self, value: i64) -> bool {
        self.counts.contains(&value)
    }

    pub(super) fn has(&self, quantity: &Quantity) -> bool {
        self.values.contains(&quantity.value)
            && quantity.high.is_none_or(|high| self.values.contains(&high))
    }
}

fn is_business(tokens: &Tokens, at: usize) -> bool {
    one_of!(tokens.word(at);
        "price" "offer" "deal" "best" "final" "lower" "quote" "take" "agree" "discount" "rate"
        "accept" "cheaper" "budget" "cost" "leave" "lowest" "agreed" "prices" "costs" "charge" "pay"
        "meet" "middle" "split" "firm" "say" "think" "ahead" "proceed"
    )
}

fn is_detail(word: &str) -> bool {
    one_of!(word;
        "minimum" "delivery" "deliver" "payment" "email" "e-mail" "shipping" "warranty" "lead"
        "address" "name" "stock" "moment" "hold" "confirmation" "brochure" "sample" "samples"
    )
}

fn asks_agreement(tokens: &Tokens, amount: bool) -> bool {
    let mut marked = false;
    let mut words = false;
    let mut opens = false;
    for at in 0..tokens.len() {
        marked |= tokens.mark(at) == Some('?');
        words |= one_of!(tokens.word(at);
            "deal" "work" "works" "agree" "agreed" "accept" "ahead" "proceed" "acceptable"
            "happy" "lock" "interested" "settle" "fine" "okay" "ok" "sign" "shake" "down"
        ) || (tokens.word(at) == "place" && tokens.word(at + 2) == "order");
        opens |= matches!(
            (tokens.word(at), tokens.word(at + 1)),
            ("do", "we")
                | ("shall", _)
                | ("does" | "would" | "will" | "is", "that" | "it")
                | ("can" | "should", "we" | "i")
                | ("are", "we" | "you")
                | ("would" | "do" | "will" | "can", "you")
        );
    }
    (marked || opens) && (words || amount)
}

/// The other side says yes to what we said last.
pub(super) fn agrees(tokens: &Tokens) -> bool {
    let mut yes = false;
    for at in 0..tokens.len() {
        let word = tokens.word(at);
        if super::stance::counts_as_no(word) || matches!(word, "but" | "however" | "low") {
            return false;
        }
        yes |= one_of!(word;
            "yes" "ok" "okay" "deal" "agreed" "sure" "works" "done" "fine" "accept" "yeah" "yep"
            "absolutely"
        ) || (word == "do" && matches!(tokens.word(at + 1), "that" | "it"));
        if tokens.mark(at) == Some('?') {
            return false;
        }
    }
    yes
}

/// The number a turn ends with, if ones may follow it: "we could do sixty…".
pub(super) fn open_number(tokens: &Tokens, text: &str) -> String {
    let Some(last) = (0..tokens.len()).rev().find(|at| tokens.mark(*at).is_none()) else {
        return String::new();
    };
    let opens = match tokens.get(last).map(|token| token.kind) {
        Some(TokenKind::Digits { value, split: false, .. }) => {
            value % (10 * MICRO) == 0 && value >= 20 * MICRO
        }
        _ => {
            matches!(part(tokens.word(last)), Some(Part::Tens(_) | Part::Hundred | Part::Scale(_)))
        }
    };
    let Some(token) = tokens.get(last).filter(|_| opens) else { return String::new() };
    let number = text.get(token.start as usize..token.end as usize).unwrap_or("");
    number.to_owned()
}

/// The turn begins with a number.
pub(super) fn goes_on(tokens: &Tokens) -> bool {
    let mut at = 0;
    while tokens.mark(at).is_some() || one_of!(tokens.word(at); "and" "uh" "um" "er" "well") {
        at += 1;
    }
    match tokens.get(at).map(|token| token.kind) {
        Some(TokenKind::Digits { digits: 1, split: false, .. }) => true,
        _ => matches!(part(tokens.word(at)), Some(Part::Digit(1..) | Part::Teen(_))),
    }
}
