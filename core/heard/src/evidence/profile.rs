//! What a field wants: a value of which kind, and of what.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use super::lexicon::{self, Set, folded, meanings};
use super::scene::Line;
use crate::answer::same_stem;
use crate::role::Role;
use crate::schema::{Field, FieldType};
use crate::talk::Unit;

/// The kind of value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Want {
    YesNo,
    Money,
    Count,
    Span(Unit),
    Percent,
    Score,
    Year,
    /// A number whose name does not say of which kind.
    Number,
    Date,
    Clock,
    Moment,
    Email,
    Phone,
    Code,
    Person,
    Choice,
    Items,
    Text,
    /// Read elsewhere, or not at all.
    Nothing,
}

/// A word of a field's name: its meanings, or itself where the table knows none.
#[derive(Clone, Debug)]
struct Word {
    text: String,
    set: Set,
}

#[derive(Clone, Debug)]
pub(super) struct Profile<'f> {
    pub field: &'f Field,
    pub want: Want,
    /// Of what: the words that set the field apart.
    topic: Vec<Word>,
    /// What the topic means, all of it.
    pub topic_set: Set,
    /// Words for the kind of value: price, date, minimum, monthly.
    pub kind_set: Set,
    /// What the description adds, and the object that holds the field.
    hints: Set,
    /// What was found of ranges that were looked at before: many fields ask about the same words.
    known: RefCell<BTreeMap<(usize, usize, usize), f32>>,
}

/// Words of a name that mean nothing by themselves.
const EMPTY: &[&str] = &[
    "is",
    "are",
    "has",
    "have",
    "had",
    "the",
    "a",
    "an",
    "of",
    "to",
    "will",
    "does",
    "do",
    "did",
    "it",
    "they",
    "them",
    "on",
    "in",
    "for",
    "if",
    "or",
    "and",
    "was",
    "s",
    "whether",
    "any",
    "you",
    "your",
    "what",
    "which",
    "with",
    "by",
    "at",
    "from",
    "de",
    "la",
    "el",
    "du",
    "des",
    "le",
    "les",
    "pour",
    "para",
    "y",
    "et",
    "und",
    "der",
    "die",
    "das",
    "pro",
    "per",
    "their",
    "our",
    "this",
    "that",
    "be",
    "value",
    "given",
    "said",
    "told",
    "seating",
    "desde",
    "hasta",
    "ab",
    "bis",
    "partir",
    "since",
    "service",
    "services",
    "facility",
    "facilities",
    "access",
    "working",
    "works",
    "wanted",
    "exact",
    "as",
    "there",
    "who",
];

impl<'f> Profile<'f> {
    pub(super) fn of(field: &'f Field, parents: &[&str]) -> Self {
        let words = name_words(&field.name);
        let sets = meanings(&words);
        let kinds = lexicon::kinds();
        let mut topic = Vec::new();
        let mut kind_set = Set::default();
        for (text, set) in words.iter().zip(&sets) {
            if EMPTY.contains(&text.as_str()) || text.chars().all(|c| c.is_ascii_digit()) {
                continue;
            }
            kind_set.add(set.and(kinds));
            let apart = set.without(kinds);
            if set.meets(kinds) && apart.is_empty() {
                continue;
            }
            topic.push(Word { text: text.clone(), set: apart });
        }
        let described = described(&field.description);
        let described_sets = meanings(&described);
        let mut hints = Set::default();
        described_sets.iter().for_each(|set| hints.add(set.without(plain_kinds())));
        for parent in parents {
            let words = name_words(parent);
            for (text, set) in words.iter().zip(meanings(&words)) {
                let apart = set.without(kinds);
                kind_set.add(set.and(Set::of(&["person"])));
                hints.add(apart);
                // The fee of a delivery is of the delivery.
                if topic.is_empty() && !apart.is_empty() {
                    topic.push(Word { text: text.clone(), set: apart });
                }
            }
        }
        if topic.is_empty() {
            for (text, set) in described.iter().zip(&described_sets) {
                if !set.without(kinds).is_empty() {
                    topic.push(Word { text: text.clone(), set: set.without(kinds) });
                }
            }
            topic.truncate(2);
        }
        let mut topic_set = Set::default();
        topic.iter().for_each(|word| topic_set.add(word.set));
        let mut all = kind_set;
        all.add(topic_set);
        let mut described_kinds = Set::default();
        described_sets.iter().for_each(|set| described_kinds.add(set.and(kinds)));
        let want = want(field, &words, all, described_kinds);
        Self { field, want, topic, topic_set, kind_set, hints, known: RefCell::default() }
    }

    /// Nothing but its kind sets it apart.
    pub(super) fn is_general(&self) -> bool {
        self.topic.is_empty()
    }

    /// One word sets it apart.
    pub(super) fn is_single(&self) -> bool {
        self.topic.len() <= 1
    }

    /// How much of the topic the tokens of a range speak of, 0 to 1, and a little for its kind.
    pub(super) fn about(&self, line: &Line, range: Range<usize>) -> f32 {
        let place = (line.index, range.start, range.end);
        if let Some(known) = self.known.borrow().get(&place) {
            return *known;
        }
        let about = self.weigh(line, range);
        self.known.borrow_mut().insert(place, about);
        about
    }

    fn weigh(&self, line: &Line, range: Range<usize>) -> f32 {
        const KIND_WEIGHT: f32 = 0.15;
        const HINT_WEIGHT: f32 = 0.3;
        const GENERAL_WEIGHT: f32 = 0.75;
        let set = line.means(range.clone());
        let mut hits = 0.0;
        for word in &self.topic {
            hits += f32::from(u8::from(word.stands(line, range.clone(), set)));
        }
        let kinds = self.kind_set.and(set).count() as f32 / self.kind_set.count().max(1) as f32;
        if self.topic.is_empty() {
            let hinted = f32::from(u8::from(self.hints.meets(set)));
            let apart = self.kind_set.without(units());
            let kinds = if apart.is_empty() { self.kind_set } else { apart };
            let of_kind = kinds.meets(set);
            return (GENERAL_WEIGHT * f32::from(u8::from(of_kind)) + HINT_WEIGHT * hinted).min(1.0);
        }
        let hinted = hits > 0.0 && self.hints.without(self.topic_set).meets(set);
        let hint = if hinted { HINT_WEIGHT / 2.0 } else { 0.0 };
        hits / self.topic.len() as f32 + KIND_WEIGHT * kinds + hint
    }

    /// What the description adds is said in a range.
    pub(super) fn is_hinted(&self, line: &Line, range: Range<usize>) -> bool {
        self.hints.meets(line.means(range))
    }

    /// The part of [`Profile::about`] that comes from the topic's own words.
    pub(super) fn names_topic(&self, line: &Line, range: Range<usize>) -> bool {
        let set = line.means(range.clone());
        self.topic.iter().any(|word| word.stands(line, range.clone(), set))
    }
}

impl Word {
    /// A word whose meaning is known stands where that is meant; another one where it is said.
    fn stands(&self, line: &Line, range: Range<usize>, means: Set) -> bool {
        if !self.set.is_empty() {
            return self.set.meets(means);
        }
        // "hebebuehne" is written for "Hebebühne".
        let plain = self.text.replace("ae", "a").replace("oe", "o").replace("ue", "u");
        line.names(range.clone(), &self.text) || plain != self.text && line.names(range, &plain)
    }
}

/// Kinds that every description names.
fn plain_kinds() -> Set {
    static KINDS: OnceLock<Set> = OnceLock::new();
    *KINDS.get_or_init(|| {
        Set::of(&[
            "price",
            "date",
            "time",
            "name",
            "code",
            "count",
            "length",
            "required",
            "possible",
            "available",
            "included",
            "note",
            "unit",
            "new",
            "status",
            "option",
            "person",
            "address",
            "confirm",
            "percent",
        ])
    })
}

/// Kinds that only say in what a value is counted.
fn units() -> Set {
    static UNITS: OnceLock<Set> = OnceLock::new();
    *UNITS.get_or_init(|| {
        Set::of(&[
            "minutes", "hours", "date", "month", "week", "year", "night", "hourly", "unit",
            "percent",
        ])
    })
}

/// A field whose name says nothing but what kind of value it has.
pub(super) fn is_general(field: &Field) -> bool {
    Profile::of(field, &[]).is_general()
}

fn want(field: &Field, words: &[String], set: Set, described: Set) -> Want {
    let is = |names: &[&str]| set.meets(Set::of(names));
    let said = |names: &[&str]| described.meets(Set::of(names));
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match &field.kind {
        FieldType::Boolean => Want::YesNo,
        FieldType::Choice(_) if field.role == Role::Negotiable => Want::Nothing,
        FieldType::Choice(_) => Want::Choice,
        FieldType::List(_) => Want::Items,
        FieldType::Object(_) => Want::Nothing,
        FieldType::Number | FieldType::Integer => {
            if is(&["percent"]) || has(&["vat", "commission", "interest"]) {
                return Want::Percent;
            }
            if is(&["satisfied"]) || has(&["rating", "score", "stars", "nps"]) {
                return Want::Score;
            }
            let unit = unit(words);
            let worth = is(&["price", "rent", "salary", "copay", "budget", "refund", "discount"])
                || is(&["deposit", "tuition", "fine", "compensation", "total"]);
            if let Some(unit) = unit.filter(|_| !is(&["price"])) {
                return Want::Span(unit);
            }
            if worth && !is(&["count"]) {
                return Want::Money;
            }
            if has(&["year", "ano", "jahr", "annee"]) && !is(&["age", "price"]) {
                return Want::Year;
            }
            if is(&["count", "guests", "capacity", "spots", "weight", "age", "team", "floor"])
                || is(&["surface", "min", "max", "stock"])
            {
                return Want::Count;
            }
            if said(&["price"]) { Want::Money } else { Want::Number }
        }
        FieldType::String | FieldType::Any => text_want(field, words, &is),
    }
}

fn text_want(field: &Field, words: &[String], is: &dyn Fn(&[&str]) -> bool) -> Want {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match field.format.as_str() {
        "date" => return Want::Date,
        "time" => return Want::Clock,
        "date-time" => return Want::Moment,
        "email" | "idn-email" => return Want::Email,
        "phone" | "tel" => return Want::Phone,
        _ => {}
    }
    match field.role {
        Role::Email => return Want::Email,
        Role::Phone => return Want::Phone,
        Role::Date => return Want::Date,
        Role::Time => return Want::Clock,
        Role::Moment => return Want::Moment,
        Role::Currency | Role::PaymentTerms | Role::Hours => return Want::Nothing,
        Role::OpeningTime | Role::ClosingTime => return Want::Clock,
        _ => {}
    }
    if is(&["email"]) {
        return Want::Email;
    }
    if is(&["phone"]) || has(&["line"]) {
        return Want::Phone;
    }
    if is(&["reason", "note", "title", "url"]) || has(&["window", "hours", "range", "policy"]) {
        return Want::Text;
    }
    let person = is(&["doctor", "manager", "stylist", "mechanic", "teacher", "owner", "adjuster"])
        || is(&["driver", "person", "decides"]);
    if person && !is(&["tool", "provider", "frequency"]) {
        return Want::Person;
    }
    if is(&["code", "ticket", "tracking"]) && !has(&["dress"]) {
        return Want::Code;
    }
    if is(&["provider", "tool", "brand", "model"]) {
        return Want::Text;
    }
    if is(&["name"]) && (words.len() == 1 || is(&["customer", "booking", "person"])) {
        return Want::Person;
    }
    if is(&["address", "length", "next_steps"]) {
        return Want::Text;
    }
    if is(&["date"]) && is(&["time"]) || is(&["appointment"]) && !is(&["date", "time"]) {
        return Want::Moment;
    }
    if is(&["date"]) {
        return Want::Date;
    }
    if is(&["time"]) {
        return Want::Clock;
    }
    Want::Text
}

fn unit(words: &[String]) -> Option<Unit> {
    let per = words.iter().position(|word| matches!(word.as_str(), "per" | "pro" | "por" | "par"));
    words[..per.unwrap_or(words.len())].iter().rev().find_map(|word| match word.as_str() {
        "minutes" | "mins" | "min" | "minute" | "minutos" | "minuten" => Some(Unit::Minute),
        "hours" | "hrs" | "horas" | "heures" | "stunden" => Some(Unit::Hour),
        "days" | "dias" | "jours" | "tage" | "tagen" => Some(Unit::Day),
        "weeks" | "semanas" | "semaines" | "wochen" => Some(Unit::Week),
        "months" | "meses" | "mois" | "monate" => Some(Unit::Month),
        "years" | "anos" | "ans" | "jahre" => Some(Unit::Year),
        _ => None,
    })
}

/// The words of a field's name without accents, abbreviations written out.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        let boundary = c.is_uppercase() && before.is_lowercase()
            || c.is_ascii_digit() && before.is_alphabetic() && before.is_lowercase();
        if boundary {
            spaced.push(' ');
        }
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
        before = c;
    }
    let mut words: Vec<String> = spaced.split_whitespace().map(folded).collect();
    let several = words.len() > 1;
    for (place, word) in words.iter_mut().enumerate() {
        let long = match word.as_str() {
            "no" | "num" | "nr" if several && place > 0 => "number",
            "qty" => "quantity",
            "amt" => "amount",
            "appt" => "appointment",
            "addr" => "address",
            "est" => "estimated",
            "conf" => "confirmation",
            "cust" => "customer",
            "mgr" => "manager",
            "dept" => "department",
            "pct" => "percent",
            "dob" => "birthdate",
            "avail" => "available",
            "req" | "reqd" => "required",
            other => {
                if let Some(plain) = without_umlauts(other) {
                    *word = plain;
                }
                continue;
            }
        };
        *word = long.to_owned();
    }
    words
}

/// "stueckpreis" is "stückpreis", which is "stuckpreis" here; what the table knows stays as it is.
fn without_umlauts(word: &str) -> Option<String> {
    let written = word.contains("ae") || word.contains("oe") || word.contains("ue");
    if !written || !meanings(&[word.to_owned()])[0].is_empty() {
        return None;
    }
    let plain = word.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    (!meanings(std::slice::from_ref(&plain))[0].is_empty()).then_some(plain)
}

fn described(description: &str) -> Vec<String> {
    const DESCRIBED_WORDS_MAX: usize = 14;
    let words: Vec<String> = description
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(folded)
        .collect();
    if words.len() > DESCRIBED_WORDS_MAX { Vec::new() } else { words }
}

/// The same word, or another form of it.
pub(super) fn same_word(one: &str, other: &str) -> bool {
    one == other || same_stem(one, other)
}
