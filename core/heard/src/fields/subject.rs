//! What a field is about, and where in a conversation that comes up.

use std::ops::Range;

use crate::answer::same_stem;
use crate::role::name_words;
use crate::schema::Field;
use crate::talk::{Fact, Heard, Talk, Value};
use crate::token::{Token, find_phrase};

/// What a field without a role is about, as words.
pub(crate) fn topic(field: &Field) -> Vec<String> {
    const EMPTY: &[&str] = &[
        "is", "are", "has", "have", "had", "the", "a", "an", "of", "to", "can", "will", "does",
        "do", "did", "it", "they", "them", "on", "in", "for", "if", "or", "and", "was", "s",
        "whether", "any", "you", "your", "what",
    ];
    let mut words = name_words(&field.name);
    words.retain(|word| !EMPTY.contains(&word.as_str()));
    words
}

/// Words that say what kind of value is wanted, not of what.
const GENERIC: &[&str] = &[
    "price",
    "prices",
    "pricing",
    "priced",
    "rate",
    "rates",
    "cost",
    "costs",
    "fee",
    "fees",
    "charge",
    "charges",
    "quote",
    "quoted",
    "quotation",
    "amount",
    "value",
    "number",
    "per",
    "in",
    "of",
    "the",
    "a",
    "an",
    "for",
    "is",
    "are",
    "to",
    "on",
    "at",
    "by",
    "current",
    "final",
    "agreed",
    "offered",
    "offer",
    "asking",
    "their",
    "they",
    "our",
    "your",
    "usd",
    "eur",
    "gbp",
    "euros",
    "dollars",
    "pounds",
    "unit",
    "units",
    "item",
    "product",
    "base",
    "regular",
    "standard",
    "best",
    "lowest",
    "new",
    "initial",
    "original",
    "time",
    "times",
    "date",
    "dates",
    "day",
    "count",
    "quantity",
    "how",
    "many",
    "much",
    "what",
    "expected",
    "estimated",
    "approximate",
    "average",
    "minutes",
    "minute",
    "mins",
    "hours",
    "weeks",
    "months",
    "years",
    "days",
    "percent",
    "percentage",
    "available",
    "availability",
    "exact",
    "given",
    "said",
    "list",
    "any",
    "does",
    "do",
    "has",
    "have",
    "required",
    "needed",
    "possible",
    "string",
    "iso",
    "hh",
    "mm",
    "yyyy",
    "dd",
    "format",
    "with",
    "and",
    "or",
    "it",
    "long",
    "was",
    "were",
    "you",
    "there",
    "be",
    "can",
    "will",
    "would",
    "no",
    "as",
    "that",
    "this",
    "which",
    "who",
    "when",
    "where",
];

/// Words that mean the same when something is asked about.
const SYNONYMS: &[&[&str]] = &[
    &["night", "nightly", "overnight"],
    &["month", "monthly"],
    &["week", "weekly"],
    &["year", "yearly", "annual", "annually"],
    &["daily", "day"],
    &["hour", "hourly"],
    &["person", "people", "guest", "head", "persons"],
    &["delivery", "deliver", "shipping", "ship", "freight", "delivered", "shipment"],
    &["wait", "waiting", "queue"],
    &["parking", "park"],
    &["vegetarian", "veggie", "vegetarians"],
    &["cancel", "cancellation", "cancelling", "canceling", "cancelled"],
    &["recommend", "recommendation", "recommended"],
    &["capacity", "seat", "seats", "hold", "holds", "fit", "accommodate"],
    &["pet", "pets", "dog", "dogs", "animals"],
    &["wifi", "internet"],
    &["child", "children", "kid", "kids"],
    &["warranty", "guarantee", "guaranteed"],
    &["setup", "installation", "install"],
    &["rating", "rate", "score", "scale", "stars", "points"],
    &["reservation", "booking", "book", "reserve"],
    &["appointment", "slot"],
    &["employee", "employees", "staff"],
    &["bulk", "volume"],
    &["pay", "payment"],
    &["return", "refund", "returns", "refunds"],
    &["satisfaction", "satisfied", "happy"],
    &["rent", "rental"],
    &["earliest", "soonest", "first", "next"],
    &["latest", "last"],
    &["minimum", "least", "min"],
    &["maximum", "most", "max"],
    &["wheelchair", "accessible", "accessibility"],
    &["card", "cards", "credit"],
    &["address", "located", "location"],
    &["reason", "why", "because"],
];

/// A part of a bill or a stay that has its own price or time.
const LABELS: &[&str] = &[
    "deposit",
    "delivery",
    "shipping",
    "freight",
    "setup",
    "installation",
    "breakfast",
    "parking",
    "cleaning",
    "total",
    "altogether",
    "insurance",
    "handling",
    "surcharge",
    "tooling",
    "membership",
    "registration",
    "cancellation",
    "late",
    "check in",
    "check out",
    "lunch",
    "dinner",
    "child",
    "children",
    "kids",
    "adult",
    "adults",
    "close",
    "open",
];
/// Spans a price may be for.
const PERIODS: &[&str] = &["night", "day", "week", "month", "year", "hour", "person"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Our question named it.
    Asked,
    /// Another part of the sentence did.
    Sentence,
    /// It stands beside the value.
    Clause,
}

pub(super) struct Subject {
    /// Words, or two that belong together: `check in`.
    words: Vec<String>,
}

impl Subject {
    pub(super) fn of(field: &Field) -> Self {
        let mut words = joined(&name_words(&field.name));
        words.retain(|word| !GENERIC.contains(&word.as_str()));
        if words.is_empty() {
            const DESCRIBED_WORDS_MAX: usize = 12;
            let described = crate::token::words(&field.description);
            if described.len() <= DESCRIBED_WORDS_MAX {
                words = joined(&described);
                words.retain(|word| !GENERIC.contains(&word.as_str()));
            }
        }
        Self { words }
    }

    /// The same without some of its words, in any form.
    pub(super) fn without(mut self, words: &[&str]) -> Self {
        self.words.retain(|own| !words.iter().any(|word| related(own, word)));
        self
    }

    /// Nothing sets it apart.
    pub(super) fn is_general(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|own| related(own, word))
    }

    /// How near to the fact the subject is named, if it is.
    pub(super) fn place(&self, talk: &Talk, index: usize, fact: &Fact) -> Option<Place> {
        let heard = &talk.heard()[index];
        let clause = clause(heard, fact);
        if self.is_another(heard, &clause) {
            return None;
        }
        if self.is_named(&heard.tokens, clause.clone()) {
            return Some(Place::Clause);
        }
        let sentence = heard.sentence_tokens(fact);
        let alone = heard.facts.iter().filter(|one| sentence.contains(&one.at.start)).count() == 1;
        if alone && self.is_named(&heard.tokens, sentence.clone()) {
            return Some(Place::Sentence);
        }
        self.was_asked(talk, index).then_some(Place::Asked)
    }

    /// The clause speaks of another part of the bill, or of a price for another span.
    fn is_another(&self, heard: &Heard, clause: &Range<usize>) -> bool {
        let other = LABELS.iter().any(|label| {
            let named = find_phrase(&heard.tokens, clause.clone(), label);
            named.is_some_and(|at| !self.has(label) && !is_part_of_it(&heard.tokens, at.start))
        });
        if other {
            return true;
        }
        let own_period = PERIODS.iter().any(|period| self.has(period));
        let said_period = |period: &&str| {
            clause.clone().any(|at| {
                let rated = at > 0 && heard.tokens[at - 1].is_any(&["per", "a", "an", "/", "each"]);
                let adverb = heard.tokens[at].text.ends_with("ly");
                (rated || adverb) && related(&heard.tokens[at].text, period)
            })
        };
        own_period && PERIODS.iter().any(|period| said_period(period) && !self.has(period))
    }

    pub(super) fn was_asked(&self, talk: &Talk, index: usize) -> bool {
        let Some(ours) = talk.question_before(index) else { return false };
        let questions: Vec<Range<usize>> =
            ours.sentences().into_iter().filter(|sentence| ours.is_question(sentence)).collect();
        if questions.is_empty() {
            return self.is_named(&ours.tokens, 0..ours.tokens.len());
        }
        questions.into_iter().any(|question| self.is_named(&ours.tokens, question))
    }

    /// Enough of its words stand in the range: all of two, all but one of more.
    pub(super) fn is_named(&self, tokens: &[Token], range: Range<usize>) -> bool {
        if self.words.is_empty() {
            return false;
        }
        let mut hits = 0;
        for word in &self.words {
            hits += usize::from(names(tokens, range.clone(), word));
        }
        let needed = if self.words.len() <= 2 { self.words.len() } else { self.words.len() - 1 };
        hits >= needed
    }
}

/// "Ninety with breakfast" is the price of the whole.
fn is_part_of_it(tokens: &[Token], at: usize) -> bool {
    at > 0 && tokens[at - 1].is_any(&["with", "including", "without", "excluding"])
}

/// Words in order, "check" and "in" as one.
fn joined(words: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for word in words {
        let pair = joined.last().is_some_and(|last| last == "check")
            && matches!(word.as_str(), "in" | "out");
        match joined.last_mut().filter(|_| pair) {
            Some(last) => *last = format!("check {word}"),
            None if word == "checkin" => joined.push("check in".to_owned()),
            None if word == "checkout" => joined.push("check out".to_owned()),
            None => joined.push(word.clone()),
        }
    }
    joined
}

fn names(tokens: &[Token], range: Range<usize>, word: &str) -> bool {
    if word.contains(' ') {
        return find_phrase(tokens, range, word).is_some();
    }
    let end = range.end.min(tokens.len());
    tokens[range.start.min(end)..end].iter().any(|token| related(&token.text, word))
}

/// The same word in another form, or another word for it.
pub(crate) fn related(one: &str, other: &str) -> bool {
    if one == other || same_stem(one, other) {
        return true;
    }
    const WORD_BYTES_MIN: usize = 3;
    if one.len() < WORD_BYTES_MIN || other.len() < WORD_BYTES_MIN {
        return false;
    }
    let among =
        |group: &&[&str], word: &str| group.iter().any(|own| *own == word || same_stem(own, word));
    SYNONYMS.iter().any(|group| among(group, one) && among(group, other))
}

/// The part of the sentence that a fact belongs to.
pub(crate) fn clause(heard: &Heard, fact: &Fact) -> Range<usize> {
    let tokens = &heard.tokens;
    let sentence = heard.sentence_tokens(fact);
    let counts = |range: Range<usize>| {
        heard.facts.iter().any(|one| range.contains(&one.at.start) && is_measured(&one.value))
    };
    let mut start = fact.at.start;
    while start > sentence.start {
        let before = start - 1;
        if stops(&tokens[before]) || joins(&tokens[before]) && counts(sentence.start..before) {
            break;
        }
        start = before;
    }
    let mut end = fact.at.end;
    while end < sentence.end {
        if stops(&tokens[end]) || joins(&tokens[end]) && counts(end..sentence.end) {
            break;
        }
        end += 1;
    }
    // "For delivery, it's fifty": the opening belongs to it; so does ", that's the deposit".
    if start > sentence.start && tokens[start - 1].is(",") {
        let mut opening = start - 1;
        while opening > sentence.start && !stops(&tokens[opening - 1]) {
            opening -= 1;
        }
        let leads = tokens[opening].is_any(&["for", "with", "on", "as", "in", "per"]);
        if leads && !counts(opening..start - 1) {
            start = opening;
        }
    }
    let adds = tokens.get(end + 1).is_some_and(|next| next.is_any(&["that's", "which", "per"]));
    if end + 1 < sentence.end && tokens[end].is(",") && adds && !counts(end..sentence.end) {
        end = sentence.end;
    }
    start..end
}

fn stops(token: &Token) -> bool {
    token.is_any(&[",", ";", "—", "–", "but", "plus"])
}

fn joins(token: &Token) -> bool {
    token.is_any(&["and", "or", "then", "with"])
}

fn is_measured(value: &Value) -> bool {
    value.number().is_some() || matches!(value, Value::Clock { .. } | Value::Duration { .. })
}
