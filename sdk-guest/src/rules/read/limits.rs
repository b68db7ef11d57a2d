//! Reads limits: how much, how many, how long, until when.

use super::{comparison, is_negative};
use crate::numbers::token::Tokens;
use crate::numbers::{Kind, Quantity};
use crate::rules::limit::{Bound, Limit, Side, Unit};
use crate::rules::measure::{self, Topic};

pub(super) fn limit(tokens: &Tokens, quantities: &[Quantity]) -> Option<Limit> {
    let money = |quantity: &Quantity| matches!(quantity.kind, Kind::Money { .. });
    if bound(tokens, quantities, money, false).is_some() {
        return price(tokens, quantities);
    }
    other_measure(tokens, quantities).or_else(|| price(tokens, quantities))
}

/// Limits that are no prices: how long, until when, how many.
fn other_measure(tokens: &Tokens, quantities: &[Quantity]) -> Option<Limit> {
    let limit = |unit: Unit, (up, exclusive, quantity): (bool, bool, &Quantity)| {
        let side = if up { Side::Ceiling } else { Side::Floor };
        Limit::new(Bound::new(side, unit, quantity.value, exclusive))
    };
    let any = |_: &Quantity| true;
    if let Some(topic) = Topic::of(tokens, 0..tokens.len()) {
        let durations = measure::durations(tokens, quantities);
        if let Some(found) = bound(tokens, &durations, any, false) {
            let (up, exclusive, quantity) = found;
            let side = if up { Side::Ceiling } else { Side::Floor };
            let mut bound = Bound::new(side, Unit::Duration(topic), quantity.value, exclusive);
            bound.noun = measure::unit_of(tokens, quantity);
            return Some(Limit::new(bound));
        }
    }
    let dates = measure::dates(tokens, None);
    if let Some(found) = bound(tokens, &dates, any, true) {
        let (up, exclusive, quantity) = found;
        let side = if up { Side::Ceiling } else { Side::Floor };
        let mut bound = Bound::new(side, Unit::Date, quantity.value, exclusive);
        let delivery = Topic::of(tokens, 0..tokens.len()) == Some(Topic::Delivery);
        bound.noun = delivery.then(|| "delivery".to_owned());
        return Some(Limit::new(bound));
    }
    let times = measure::times(tokens, quantities, None);
    if let Some(found) = bound(tokens, &times, any, true) {
        return Some(limit(Unit::Time, found));
    }
    let orders = (0..tokens.len()).any(|at| {
        one_of!(tokens.word(at);
            "order" "ordering" "buy" "buying" "purchase" "take" "commit" "book" "reserve" "agree" "accept"
            "request" "sell" "quantity" "quantities" "booking"
        )
    });
    let ordered =
        (0..tokens.len()).any(|at| one_of!(tokens.word(at); "order" "ordering" "book" "reserve"));
    // "At most two rooms": the rule is nothing but the limit.
    let leads = matches!(
        (tokens.word(0), tokens.word(1)),
        ("at", "most" | "least")
            | ("no" | "not", "more" | "less" | "fewer")
            | ("up", "to")
            | ("maximum" | "max" | "minimum", _)
    );
    let spoken = |quantity: &Quantity| {
        one_of!(measure::noun_of(tokens, quantity).as_deref().unwrap_or_default();
            "questions" "calls" "times" "attempts" "sentences" "words" "tries" "topics" "minutes" "interruptions")
    };
    let counted = |quantity: &Quantity| match quantity.kind {
        Kind::Count { .. } => orders || leads && !spoken(quantity),
        Kind::Plain => ordered,
        _ => false,
    };
    let (up, exclusive, quantity) = bound(tokens, quantities, counted, false)?;
    let side = if up { Side::Ceiling } else { Side::Floor };
    let mut bound = Bound::new(side, Unit::Count, quantity.value, exclusive);
    bound.noun = measure::noun_of(tokens, quantity);
    Some(Limit::new(bound))
}

fn price(tokens: &Tokens, quantities: &[Quantity]) -> Option<Limit> {
    let usable = |quantity: &Quantity| {
        matches!(quantity.kind, Kind::Money { .. } | Kind::Plain | Kind::Percent)
    };
    let (up, exclusive, quantity) = bound(tokens, quantities, usable, false)?;
    let unit = match quantity.kind {
        Kind::Percent => Unit::Percent,
        Kind::Money { .. } | Kind::Plain => Unit::Money,
        _ => return None,
    };
    let mut per_unit = quantity.per_unit;
    let mut total = false;
    let mut approval = false;
    let mut strict = false;
    let mut priced = matches!(quantity.kind, Kind::Money { .. } | Kind::Percent);
    for at in 0..tokens.len() {
        let word = tokens.word(at);
        per_unit |= word == "each"
            || (matches!(word, "per" | "a") && tokens.word(at + 1) == "unit")
            || (word == "unit" && tokens.word(at + 1) == "price");
        total |= one_of!(word;
            "total" "purchase" "purchases" "order" "orders" "spend" "budget" "overall" "altogether"
            "invoice" "together" "inclusive" "whole" "entire"
        ) || word == "all" && tokens.word(at + 1) == "in";
        approval |= matches!(word, "approval" | "authorization" | "permission" | "authorisation");
        strict |= matches!(word, "mention" | "disclose" | "reveal" | "say" | "discuss");
        priced |= one_of!(word;
            "price" "prices" "pay" "cost" "spend" "budget" "offer" "agree" "accept" "commit"
            "rate" "amount" "quote" "bid" "purchase" "purchases" "sell" "ceiling" "go" "buy"
            "total" "deal" "fee" "charge" "cap" "propose" "rent" "deposit" "fare" "take" "within" "highest" "lowest"
        );
    }
    if !priced {
        return None;
    }
    let currency = match quantity.kind {
        Kind::Money { currency } => currency,
        _ => None,
    };
    let side = if up { Side::Ceiling } else { Side::Floor };
    let total = total && !per_unit;
    let bound = Bound::new(side, unit, quantity.value, exclusive);
    Some(Limit::new(Bound { currency, per_unit, total, approval, strict, ..bound }))
}

/// The amount that limits: whether from above, whether it is itself beyond, and which it is.
///
/// Of days and times `dated` says that "after" and "before" compare.
fn bound<'a>(
    tokens: &Tokens,
    quantities: &'a [Quantity],
    usable: impl Fn(&Quantity) -> bool,
    dated: bool,
) -> Option<(bool, bool, &'a Quantity)> {
    let negative = (0..tokens.len()).any(|at| is_negative(tokens.word(at)));
    let negative = negative
        || (0..tokens.len()).any(|at| tokens.word(at) == "walk" && tokens.word(at + 1) == "away");
    let only = (0..tokens.len()).any(|at| tokens.word(at) == "only");
    let asks =
        (0..3).any(|at| one_of!(tokens.word(at); "ask" "tell" "mention" "say" "find" "confirm"));
    for quantity in quantities.iter().filter(|quantity| usable(quantity)) {
        // "Ask for a discount if it is above 60" limits nothing.
        if !negative && !only && is_condition(tokens, quantity.tokens.0 as usize) {
            continue;
        }
        let (start, end) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
        let behind = (tokens.word(end), tokens.word(end + 1));
        match behind {
            ("or", "more" | "higher" | "above" | "over") => {
                return Some((negative, negative, quantity));
            }
            ("or", "less" | "lower" | "below" | "under") => {
                return Some((!negative, negative, quantity));
            }
            _ => {}
        }
        // "or more" may have been read as part of the amount.
        if quantity.approx && tokens.word_before(end, 2) == "or" {
            return Some((negative, negative, quantity));
        }
        const LOOK_BACK_TOKENS: usize = 6;
        for at in (start.saturating_sub(LOOK_BACK_TOKENS)..start).rev() {
            let (word, next) = (tokens.word(at), tokens.word(at + 1));
            if matches!((word, next), ("at", "most") | ("up", "to")) {
                let barred = word == "up" && negative;
                return Some((true, barred, quantity));
            }
            if matches!((word, next), ("at", "least")) {
                return Some((false, false, quantity));
            }
            if one_of!(word;
                "maximum" "max" "ceiling" "cap" "limit" "capped" "most"
            ) {
                return Some((true, false, quantity));
            }
            if matches!(word, "minimum" | "min" | "floor" | "least") {
                return Some((false, false, quantity));
            }
            let bare = !negative && !asks;
            if matches!(word, "budget" | "within") && !asks
                || matches!(
                    (word, next, tokens.word(at + 2)),
                    ("as", "high" | "much" | "far", "as")
                )
                || word == "highest" && bare
            {
                return Some((true, false, quantity));
            }
            if word == "lowest" && bare
                || matches!((word, next, tokens.word(at + 2)), ("as", "low", "as"))
            {
                return Some((false, false, quantity));
            }
            if dated && matches!(word, "after" | "before" | "by" | "until" | "till") {
                let up = word == "after";
                let barred = !negative && matches!(word, "after" | "before");
                return Some((up == negative, barred, quantity));
            }
            if let Some((up, _)) = comparison(tokens, at) {
                let stays = !negative;
                return Some((up != stays, false, quantity));
            }
        }
        if one_of!(tokens.word(end); "is" "are" "be") {
            for at in end + 1..end + 5 {
                match tokens.word(at) {
                    "most" | "maximum" | "max" | "limit" | "ceiling" | "cap" | "highest" => {
                        return Some((true, false, quantity));
                    }
                    "minimum" | "min" | "floor" | "lowest" | "least" => {
                        return Some((false, false, quantity));
                    }
                    _ => {}
                }
            }
        }
        let exceeded = (end..end + 4).any(|at| one_of!(tokens.word(at); "exceed" "exceeds"));
        if exceeded && negative {
            return Some((true, false, quantity));
        }
        if matches!(behind.0, "maximum" | "max" | "tops" | "ceiling" | "limit" | "cap") {
            return Some((true, false, quantity));
        }
        if matches!(behind.0, "minimum" | "min" | "floor") {
            return Some((false, false, quantity));
        }
    }
    None
}

/// The part of the sentence before `at` opens with "if" or "when".
fn is_condition(tokens: &Tokens, at: usize) -> bool {
    for back in (0..at).rev() {
        if one_of!(tokens.word(back); "if" "when" "whenever" "unless" "once" "until" "while") {
            return true;
        }
        if matches!(tokens.mark(back), Some(',' | '.' | ';')) {
            return false;
        }
    }
    false
}
