//! Numbers a field asks for by its words: the deposit, the price per night, the minutes to wait.

use super::order::in_unit;
use super::price::{ASKS_PRICE, is_other_charge, prices};
use super::subject::{Place, Subject, clause, topic};
use super::{asked, confirmed, stands};
use crate::role::{Role, name_words};
use crate::schema::Field;
use crate::talk::{Fact, Talk, Unit, Value};
use crate::token::any_phrase;

#[derive(Clone, Copy, PartialEq)]
enum Measure {
    Money,
    Percent,
    Span(Unit),
    Score,
    Count,
}

impl Measure {
    fn of(field: &Field) -> Self {
        let words = name_words(&field.name);
        let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        if any(&["percent", "percentage", "vat", "commission", "interest"]) {
            return Measure::Percent;
        }
        let money = [
            "price",
            "prices",
            "cost",
            "costs",
            "fee",
            "fees",
            "rent",
            "deposit",
            "charge",
            "fare",
            "salary",
            "budget",
            "surcharge",
            "quote",
            "amount",
            "usd",
            "eur",
            "gbp",
            "euros",
            "dollars",
        ];
        if any(&money) || any(&["rate"]) && !any(&["rating"]) {
            return Measure::Money;
        }
        if any(&["rating", "score", "stars", "nps", "satisfaction", "likelihood"]) {
            return Measure::Score;
        }
        let unit = words.iter().find_map(|word| match word.as_str() {
            "minutes" | "mins" => Some(Unit::Minute),
            "hours" => Some(Unit::Hour),
            "days" => Some(Unit::Day),
            "weeks" => Some(Unit::Week),
            "months" => Some(Unit::Month),
            "years" => Some(Unit::Year),
            _ => None,
        });
        unit.map_or(Measure::Count, Measure::Span)
    }

    /// What the value is in this measure; `asked` when it answers a question about the field.
    fn read(self, value: &Value, asked: bool) -> Option<f64> {
        match (self, value) {
            (Measure::Money, Value::Money { amount, .. })
            | (Measure::Percent, Value::Percent(amount)) => Some(*amount),
            (Measure::Span(unit), Value::Duration { high, unit: said, .. }) => {
                Some(in_unit(*high, *said, unit))
            }
            (Measure::Count, Value::Quantity { amount, .. }) => Some(*amount),
            (Measure::Score, Value::Quantity { amount, .. })
            | (Measure::Count | Measure::Score, Value::Number(amount))
            | (
                Measure::Count | Measure::Score,
                Value::Money { amount, currency: None, per_unit: false },
            ) => Some(*amount),
            (_, Value::Number(amount)) if asked => Some(*amount),
            _ => None,
        }
    }
}

/// A price, told apart from other prices by the words of the field.
pub(super) fn price_of(field: &Field, talk: &Talk) -> Option<f64> {
    let words = name_words(&field.name);
    let first = ["initial", "original", "first", "starting", "opening"];
    if words.iter().any(|word| first.contains(&word.as_str())) {
        return prices(talk).first().map(|quoted| quoted.amount);
    }
    let subject = Subject::of(field);
    if subject.is_general() {
        return prices(talk).pop().map(|quoted| quoted.amount);
    }
    measured(field, talk).or_else(|| only_price(&subject, talk))
}

/// The one price that was named, where nothing says that it is for something else.
fn only_price(subject: &Subject, talk: &Talk) -> Option<f64> {
    const SET_APART: &[&str] = &[
        "competitor",
        "previous",
        "old",
        "retail",
        "market",
        "deposit",
        "delivery",
        "setup",
        "breakfast",
        "parking",
        "cleaning",
        "tax",
        "total",
        "night",
        "month",
        "week",
        "year",
        "day",
        "hour",
        "person",
        "child",
        "insurance",
        "late",
        "volume",
        "cancellation",
        "registration",
        "membership",
        "weekend",
        "adult",
        "extra",
    ];
    if SET_APART.iter().any(|word| subject.has(word)) {
        return None;
    }
    let mut only: Option<f64> = None;
    for (index, fact) in talk.facts() {
        let heard = &talk.heard()[index];
        let Value::Money { amount, .. } = fact.value else { continue };
        if !heard.callee || !stands(fact) || fact.conditional || is_other_charge(heard, fact) {
            continue;
        }
        if only.is_some_and(|known| known != amount) {
            return None;
        }
        only = Some(amount);
    }
    only
}

/// The number that stands nearest to the words of the field, the newest of several answers.
pub(super) fn measured(field: &Field, talk: &Talk) -> Option<f64> {
    let subject = Subject::of(field);
    let measure = Measure::of(field);
    let volume = subject.has("volume") || subject.has("discount");
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let mut best: Option<(Place, f64)> = None;
        for fact in &heard.facts {
            if !stands(fact) || fact.conditional && !volume || is_scale(talk, index, fact) {
                continue;
            }
            let place = if subject.is_general() {
                general_place(measure, talk, index, fact)
            } else {
                subject.place(talk, index, fact)
            };
            let Some(place) = place else { continue };
            let beside =
                place == Place::Clause && !matches!(measure, Measure::Span(_) | Measure::Percent);
            let answers = place == Place::Asked || beside;
            let amount = measure.read(&fact.value, answers).or_else(|| sum(field, measure, fact));
            let Some(amount) = amount else { continue };
            if best.is_none_or(|(known, _)| place > known) {
                best = Some((place, amount));
            }
        }
        if let Some((_, amount)) = best {
            found = Some(amount);
        } else if measure == Measure::Money && is_free(&subject, talk, index) {
            found = Some(0.0);
        } else if let Some(value) = confirmed(talk, index, |value| !matches!(value, Value::Date(_)))
            && subject.was_asked(talk, index)
            && !asked(talk, index, &["how", "what", "which", "when", "scale"])
            && let Some(amount) = measure.read(&value, true)
        {
            found = Some(amount);
        }
    }
    found
}

/// A field with a word of its own for a sum of money, such as `copay`.
fn sum(field: &Field, measure: Measure, fact: &Fact) -> Option<f64> {
    let words = name_words(&field.name);
    let counts = words.iter().any(|word| {
        word.ends_with('s')
            || matches!(word.as_str(), "number" | "count" | "capacity" | "available")
    });
    match fact.value {
        Value::Money { amount, .. } if measure == Measure::Count && !counts => Some(amount),
        _ => None,
    }
}

/// A field such as `rating` or `minutes` has only its measure to go by.
fn general_place(measure: Measure, talk: &Talk, index: usize, fact: &Fact) -> Option<Place> {
    let asks = match measure {
        Measure::Money => asked(talk, index, ASKS_PRICE),
        Measure::Span(_) => asked(talk, index, &["how long", "how many", "how soon", "when"]),
        Measure::Percent => {
            return matches!(fact.value, Value::Percent(_)).then_some(Place::Sentence);
        }
        _ => asked(talk, index, &["how many", "number", "what"]),
    };
    asks.then_some(Place::Asked)
}

/// "Eight out of ten": the ten is the scale.
fn is_scale(talk: &Talk, index: usize, fact: &Fact) -> bool {
    let before = fact.at.start.saturating_sub(2)..fact.at.start;
    any_phrase(&talk.heard()[index].tokens, before, &["out of", "scale of"])
}

/// "Delivery is free": nothing is charged.
fn is_free(subject: &Subject, talk: &Talk, index: usize) -> bool {
    const FREE: &[&str] =
        &["free", "no charge", "no extra charge", "don't charge", "complimentary"];
    let heard = &talk.heard()[index];
    heard.sentences().into_iter().any(|sentence| {
        let free = any_phrase(&heard.tokens, sentence.clone(), FREE);
        let refused = any_phrase(
            &heard.tokens,
            sentence.clone(),
            &[
                "up to",
                "until",
                "within",
                "before",
                "not free",
                "isn't free",
                "free if",
                "free over",
                "free for",
                "free when",
                "not",
            ],
        );
        let about = subject.is_named(&heard.tokens, sentence.clone())
            || subject.was_asked(talk, index) && heard.sentences().len() == 1;
        free && about && !refused
    })
}

/// How many of something; either side may have said it.
pub(super) fn quantity(talk: &Talk, field: &Field) -> Option<f64> {
    let topic = topic(field);
    let people = ["people", "guests", "persons", "party"];
    let wants_people = topic.iter().any(|word| people.contains(&word.as_str()));
    let subject = Subject::of(field);
    if !wants_people && !subject.is_general() && field.role != Role::Price {
        let own = ["size", "order", "ordered", "needed", "wanted"];
        if !own.iter().any(|word| subject.has(word)) {
            return measured(field, talk);
        }
    }
    talk.facts().find_map(|(_, fact)| match &fact.value {
        Value::Quantity { amount, of } if stands(fact) => {
            let counts_people = people.iter().any(|word| of.starts_with(word));
            (counts_people == wants_people).then_some(*amount)
        }
        _ => None,
    })
}

/// A price in a clause that names the whole.
pub(super) fn is_of_total(talk: &Talk, index: usize, fact: &Fact) -> bool {
    let heard = &talk.heard()[index];
    let named = ["total", "altogether", "in all", "overall", "all together", "grand total"];
    any_phrase(&heard.tokens, clause(heard, fact), &named)
}
