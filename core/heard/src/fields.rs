//! Fills well-known fields from the transcript alone: by what was asked and what was answered.

use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use super::answer::{self, answered, mentions};
use super::contact;
use super::role::{Role, name_words};
use super::schema::{Field, FieldType, Schema};
use super::talk::{Fact, Heard, Talk, Unit, Value};
use super::terms::net_text;
use super::token::{Token, any_phrase, find_phrase};

/// Longest text taken over as a value, in characters.
pub const TEXT_VALUE_CHARS_MAX: usize = 300;

pub(crate) const ASKS_PRICE: &[&str] = &[
    "price",
    "prices",
    "pricing",
    "cost",
    "costs",
    "charge",
    "quote",
    "rate",
    "how much",
    "come down",
    "could you do",
    "can you do",
    "per unit",
];
pub(crate) const ASKS_MINIMUM: &[&str] = &["minimum", "moq", "smallest order", "at least"];
pub(crate) const ASKS_LEAD_TIME: &[&str] = &[
    "lead time",
    "how soon",
    "how long",
    "how quickly",
    "how fast",
    "deliver",
    "delivery",
    "turnaround",
    "ship",
    "ready",
    "when could",
    "when can",
];
pub(crate) const ASKS_TERMS: &[&str] =
    &["payment", "terms", "pay", "invoice", "how would we pay", "settle the bill"];
pub(crate) const ASKS_NAME: &[&str] = &[
    "your name",
    "speaking with",
    "speaking to",
    "who am i",
    "with whom",
    "whom am i",
    "talking to",
];
const TELLS_LEAD_TIME: &[&str] = &[
    "lead time",
    "deliver",
    "delivery",
    "delivered",
    "ship",
    "ships",
    "shipping",
    "ready",
    "turnaround",
    "takes",
    "production",
    "out",
    "get it to you",
    "there in",
    "arrive",
];
const NOT_THE_UNIT_PRICE: &[&str] = &[
    "shipping",
    "freight",
    "delivery",
    "setup",
    "tooling",
    "deposit",
    "total",
    "altogether",
    "fee",
    "surcharge",
    "tax",
    "minimum",
    "insurance",
    "handling",
    "overall",
];
const NEXT_STEPS: &[&str] = &[
    "send you",
    "send me",
    "send us",
    "send a",
    "send the",
    "send over",
    "send your",
    "email me",
    "email you",
    "email us",
    "call us back",
    "call me back",
    "call you back",
    "get back to you",
    "purchase order",
    "send it",
    "follow up",
    "set up an account",
    "next step",
    "put together",
    "place the order",
    "place an order",
    "email it",
    "get in touch",
    "be in touch",
];

/// Every field of the schema that the transcript answers by itself.
pub fn from_talk(schema: &Schema, talk: &Talk) -> Map<String, Json> {
    let mut data = Map::new();
    for field in &schema.fields {
        if let Some(value) = read_field(field, talk) {
            data.insert(field.name.clone(), value);
        }
    }
    data
}

/// One field, from the transcript alone.
pub fn read_field(field: &Field, talk: &Talk) -> Option<Json> {
    let value = match field.role {
        Role::Price => number(price(talk)?.amount),
        Role::VolumePrice => number(volume_price(talk)?),
        Role::Total => number(total(talk)?),
        Role::Currency => json!(currency(talk)?),
        Role::MinimumOrder => number(minimum_order(talk)?),
        Role::LeadTime(unit) => number(lead_time(talk, unit)?),
        Role::PaymentTerms => json!(payment_terms(talk)?),
        Role::Discount => number(discount(talk)?),
        Role::ContactName => json!(contact_name(talk)?),
        Role::Email => json!(email(talk)?),
        Role::Phone => json!(phone(talk)?),
        Role::NextSteps => json!(next_steps(talk)?),
        Role::Negotiable => return negotiable(talk, &field.kind),
        Role::OpeningTime => json!(hours(talk)?.0?),
        Role::ClosingTime => json!(hours(talk)?.1?),
        Role::Date => json!(date(talk)?),
        Role::Time => json!(time(talk)?),
        Role::Reference => json!(reference(talk)?),
        Role::Quantity => number(quantity(talk, field)?),
        Role::YesNo => json!(answered(talk, &topic(field))?),
        Role::Budget => return None,
        Role::Other => return by_topic(field, talk),
    };
    super::ground::fit(&field.kind, value)
}

/// A price the other side stands by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quoted {
    pub amount: f64,
    pub currency: Option<&'static str>,
    /// Index of the utterance it was said in.
    pub utterance: usize,
}

/// Every price the callee named for what we asked about, in order.
pub fn prices(talk: &Talk) -> Vec<Quoted> {
    let mut quoted = Vec::new();
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let mut found = false;
        for fact in &heard.facts {
            let Value::Money { amount, currency, .. } = fact.value else { continue };
            if is_bare(&fact.value) && asked_only_minimum(talk, index) {
                continue;
            }
            found |= fact.conditional;
            if stands(fact) && !fact.conditional && !is_other_charge(heard, fact) {
                quoted.push(Quoted { amount, currency, utterance: index });
                found = true;
            }
        }
        if found {
            continue;
        }
        if let Some(amount) = bare_price(talk, index) {
            quoted.push(Quoted { amount, currency: None, utterance: index });
        } else if let Some(Value::Money { amount, currency, .. }) =
            confirmed(talk, index, |value| matches!(value, Value::Money { .. }))
        {
            quoted.push(Quoted { amount, currency, utterance: index });
        }
    }
    quoted
}

/// The last price the callee stands by.
pub fn price(talk: &Talk) -> Option<Quoted> {
    prices(talk).pop()
}

/// "We don't go below two hundred" has no currency: asked for the minimum, it counts things.
fn asked_only_minimum(talk: &Talk, index: usize) -> bool {
    asked(talk, index, ASKS_MINIMUM) && !asked(talk, index, ASKS_PRICE)
}

fn is_bare(value: &Value) -> bool {
    matches!(value, Value::Money { currency: None, per_unit: false, .. })
}

/// A number that is all there is to the answer to a question about the price.
fn bare_price(talk: &Talk, index: usize) -> Option<f64> {
    let heard = &talk.heard()[index];
    if !asked(talk, index, ASKS_PRICE) || heard.says(&["minimum", "moq"]) {
        return None;
    }
    heard.facts.iter().rev().find_map(|fact| match fact.value {
        Value::Number(amount) if stands(fact) && amount > 0.0 => Some(amount),
        _ => None,
    })
}

fn stands(fact: &Fact) -> bool {
    !fact.corrected && !fact.negated
}

fn is_other_charge(heard: &Heard, fact: &Fact) -> bool {
    const BEFORE_TOKENS_MAX: usize = 6;
    let mut start = fact.at.start;
    while start > 0 && fact.at.start - start < BEFORE_TOKENS_MAX {
        let before = &heard.tokens[start - 1];
        if before.is_any(&[",", ";", ".", "?", "!", "and", "but"]) {
            break;
        }
        start -= 1;
    }
    let end = (fact.at.end + 3).min(heard.tokens.len());
    let after_stop = (fact.at.end..end).find(|at| heard.tokens[*at].is_mark()).unwrap_or(end);
    any_phrase(&heard.tokens, start..fact.at.start, NOT_THE_UNIT_PRICE)
        || any_phrase(
            &heard.tokens,
            fact.at.end..after_stop,
            &["total", "altogether", "in total", "for shipping", "for delivery", "for freight"],
        )
}

fn volume_price(talk: &Talk) -> Option<f64> {
    let mut found = None;
    for (index, fact) in talk.facts() {
        let Value::Money { amount, .. } = fact.value else { continue };
        let after_question = asked(talk, index, &["more", "larger", "volume", "double", "twice"]);
        let theirs = talk.heard()[index].callee && stands(fact);
        if theirs && (fact.conditional || after_question) {
            found = Some(amount);
        }
    }
    found
}

fn total(talk: &Talk) -> Option<f64> {
    let mut found = None;
    for (index, fact) in talk.facts() {
        let heard = &talk.heard()[index];
        let Value::Money { amount, .. } = fact.value else { continue };
        let sentence = heard.sentence_tokens(fact);
        let named = any_phrase(&heard.tokens, sentence, &["total", "altogether", "in all"]);
        if heard.callee && stands(fact) && named {
            found = Some(amount);
        }
    }
    found
}

/// The currency the callee named, else the one we named.
pub fn currency(talk: &Talk) -> Option<&'static str> {
    let named = |callee: bool| {
        talk.facts().find_map(|(index, fact)| match fact.value {
            Value::Money { currency: Some(code), .. } if talk.heard()[index].callee == callee => {
                Some(code)
            }
            _ => None,
        })
    };
    named(true).or_else(|| named(false))
}

pub fn minimum_order(talk: &Talk) -> Option<f64> {
    let none = ["no minimum", "don't have a minimum", "do not have a minimum", "isn't a minimum"];
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        if heard.says(&none) {
            found = Some(0.0);
            continue;
        }
        let asked = asked(talk, index, ASKS_MINIMUM);
        let bare_counts = asked_only_minimum(talk, index);
        for sentence in heard.sentences() {
            let keyword = ["minimum", "moq", "at least", "smallest"]
                .iter()
                .find_map(|word| find_phrase(&heard.tokens, sentence.clone(), word));
            let counted =
                counted_in(heard, &sentence, keyword.as_ref().map_or(0, |keyword| keyword.end))
                    .or_else(|| bare_amount_in(heard, &sentence).filter(|_| bare_counts));
            if (keyword.is_some() || asked) && counted.is_some() {
                found = counted;
                if keyword.is_some() {
                    break;
                }
            }
        }
        if let Some(value) = confirmed(talk, index, |value| matches!(value, Value::Quantity { .. }))
            && asked
        {
            found = value.number();
        }
    }
    found
}

fn bare_amount_in(heard: &Heard, sentence: &Range<usize>) -> Option<f64> {
    let facts = heard.facts.iter().filter(|fact| sentence.contains(&fact.at.start));
    let mut bare = facts.filter(|fact| stands(fact) && is_bare(&fact.value));
    bare.next().and_then(|fact| match fact.value {
        Value::Money { amount, .. } => Some(amount),
        _ => None,
    })
}

/// The first amount behind token `from`, else the last one before it.
fn counted_in(heard: &Heard, sentence: &Range<usize>, from: usize) -> Option<f64> {
    let mut before = None;
    for fact in heard.facts.iter().filter(|fact| sentence.contains(&fact.at.start) && stands(fact))
    {
        let (Value::Quantity { amount, .. } | Value::Number(amount)) = fact.value else { continue };
        if fact.at.start >= from {
            return Some(amount);
        }
        before = Some(amount);
    }
    before
}

/// How long delivery takes, counted in `unit`; part of a unit counts as a whole one.
pub fn lead_time(talk: &Talk, unit: Unit) -> Option<f64> {
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let asked = asked(talk, index, ASKS_LEAD_TIME);
        let paying = asked_only_terms(talk, index);
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            let Value::Duration { high, unit: said, .. } = fact.value else { continue };
            let sentence = heard.sentence_tokens(fact);
            let told = any_phrase(&heard.tokens, sentence, TELLS_LEAD_TIME);
            if (asked && !paying) || told {
                found = Some(in_unit(high, said, unit).ceil());
            }
        }
        let confirm = confirmed(talk, index, |value| matches!(value, Value::Duration { .. }));
        if let Some(Value::Duration { high, unit: said, .. }) = confirm
            && asked
        {
            found = Some(in_unit(high, said, unit).ceil());
        }
    }
    found
}

fn asked_only_terms(talk: &Talk, index: usize) -> bool {
    asked(talk, index, ASKS_TERMS) && !asked(talk, index, ASKS_LEAD_TIME)
}

pub(crate) fn in_unit(count: f64, said: Unit, unit: Unit) -> f64 {
    let days = count * said.days() / unit.days();
    (days * 1e6).round() / 1e6
}

pub fn payment_terms(talk: &Talk) -> Option<String> {
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let mut parts: Vec<String> = Vec::new();
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            match &fact.value {
                Value::Terms(text) if !parts.contains(text) => parts.push(text.clone()),
                Value::Duration { high, unit: Unit::Day, .. }
                    if asked_only_terms(talk, index) && parts.is_empty() =>
                {
                    parts.extend(net_text(*high));
                }
                _ => {}
            }
        }
        if !parts.is_empty() {
            found = Some(parts.join(", "));
        } else if let Some(Value::Terms(text)) =
            confirmed(talk, index, |value| matches!(value, Value::Terms(_)))
        {
            found = Some(text);
        }
    }
    found
}

fn discount(talk: &Talk) -> Option<f64> {
    let mut found = None;
    for (index, fact) in talk.facts() {
        let heard = &talk.heard()[index];
        let Value::Percent(percent) = fact.value else { continue };
        let sentence = heard.sentence_tokens(fact);
        let named = any_phrase(&heard.tokens, sentence, &["discount", "off", "less", "reduction"])
            || asked(talk, index, &["discount", "off"]);
        if heard.callee && stands(fact) && named {
            found = Some(percent);
        }
    }
    found
}

/// Who we spoke with: the last person to introduce themselves, else the first name mentioned.
pub fn contact_name(talk: &Talk) -> Option<String> {
    let mut introduced: Option<String> = None;
    let mut mentioned: Option<String> = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            let Value::Name(name) = &fact.value else { continue };
            if talk.is_own_name(name) {
                continue;
            }
            if introduces_itself(heard, fact) {
                introduced = Some(fuller(introduced, name));
            } else {
                mentioned.get_or_insert_with(|| name.clone());
            }
        }
        if introduced.is_some() || !asked(talk, index, ASKS_NAME) {
            continue;
        }
        let confirm = confirmed(talk, index, |value| matches!(value, Value::Name(_)));
        if let Some(name) =
            contact::name_answer(&heard.tokens).filter(|name| !talk.is_own_name(name))
        {
            introduced = Some(name);
        } else if let Some(Value::Name(name)) = confirm {
            introduced = Some(name);
        }
    }
    introduced.or(mentioned)
}

/// "Mike" said again after "Mike Chen" is the same person.
fn fuller(known: Option<String>, name: &str) -> String {
    match known {
        Some(known) if known.split(' ').any(|part| part == name) => known,
        _ => name.to_owned(),
    }
}

fn introduces_itself(heard: &Heard, fact: &Fact) -> bool {
    let before = fact.at.start.saturating_sub(3)..fact.at.start;
    let after = fact.at.end..(fact.at.end + 1).min(heard.tokens.len());
    any_phrase(
        &heard.tokens,
        before,
        &[
            "this is",
            "my name is",
            "my name's",
            "name is",
            "name's",
            "i'm",
            "i am",
            "speaking with",
            "it's",
        ],
    ) || any_phrase(&heard.tokens, after, &["speaking", "here"])
}

pub fn email(talk: &Talk) -> Option<String> {
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate() {
        for fact in heard.facts.iter().filter(|fact| heard.callee && !fact.corrected) {
            if let Value::Email(address) = &fact.value {
                found = Some(address.clone());
            }
        }
        if let Some(Value::Email(address)) =
            confirmed(talk, index, |value| matches!(value, Value::Email(_)))
        {
            found = Some(address);
        }
    }
    found
}

pub fn phone(talk: &Talk) -> Option<String> {
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate() {
        for fact in heard.facts.iter().filter(|fact| heard.callee && !fact.corrected) {
            if let Value::Phone(number) = &fact.value {
                found = Some(number.clone());
            }
        }
        if let Some(Value::Phone(number)) =
            confirmed(talk, index, |value| matches!(value, Value::Phone(_)))
        {
            found = Some(number);
        }
    }
    found
}

pub fn next_steps(talk: &Talk) -> Option<String> {
    let mut found = None;
    for heard in talk.heard().iter().filter(|heard| heard.callee) {
        for sentence in heard.sentences() {
            if any_phrase(&heard.tokens, sentence.clone(), NEXT_STEPS) {
                found = Some(cut(heard.slice(sentence)));
            }
        }
    }
    found
}

/// How far the callee moved on the price, told as high, medium or low.
fn negotiable(talk: &Talk, kind: &FieldType) -> Option<Json> {
    let FieldType::Choice(choices) = kind else { return None };
    let quoted = prices(talk);
    let moves = quoted.windows(2).filter(|pair| pair[1].amount < pair[0].amount).count();
    let firm = talk.heard().iter().filter(|heard| heard.callee).any(|heard| {
        heard.says(&[
            "not negotiable",
            "final offer",
            "best i can do",
            "best we can do",
            "fixed price",
            "is firm",
            "can't go lower",
            "can't go below",
        ])
    });
    let word = match moves {
        0 if firm => "low",
        0 => return None,
        1 => "medium",
        _ => "high",
    };
    choices.iter().find(|choice| choice.eq_ignore_ascii_case(word)).map(|choice| json!(choice))
}

/// Opening and closing time as `HH:MM`.
pub fn hours(talk: &Talk) -> Option<(Option<String>, Option<String>)> {
    let mut opening = None;
    let mut closing = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let asks_close = asked(talk, index, &["close", "closing", "closed"]);
        let asks_open = asked(talk, index, &["open", "opening", "hours"]);
        let mut clocks = Vec::new();
        for fact in heard.facts.iter().filter(|fact| stands(fact)) {
            if let Value::Clock { minute, certain } = fact.value {
                clocks.push((fact, minute, certain));
            }
        }
        for (place, (fact, minute, certain)) in clocks.iter().enumerate() {
            let before = lead_in(heard, fact);
            let range_end =
                place > 0 && before.iter().any(|word| matches!(*word, "to" | "-" | "–" | "and"));
            let says_close = before
                .iter()
                .any(|word| matches!(*word, "close" | "closes" | "closing" | "until" | "till"));
            let says_open =
                before.iter().any(|word| matches!(*word, "open" | "opens" | "opening" | "from"));
            if range_end || says_close {
                closing = Some(clock_text(half(*minute, *certain, true)));
            } else if says_open {
                opening = Some(clock_text(half(*minute, *certain, false)));
            } else if asks_close {
                closing = Some(clock_text(half(*minute, *certain, true)));
            } else if asks_open {
                opening = Some(clock_text(half(*minute, *certain, false)));
            }
        }
        if clocks.is_empty()
            && (asks_close || asks_open)
            && let Some(minute) = bare_hour(heard)
        {
            let text = Some(clock_text(half(minute, false, asks_close)));
            if asks_close { closing = text } else { opening = text }
        }
    }
    (opening.is_some() || closing.is_some()).then_some((opening, closing))
}

/// "Ten." or "nine thirty" as an answer to "what time do you close?".
fn bare_hour(heard: &Heard) -> Option<u16> {
    for (place, fact) in heard.facts.iter().enumerate() {
        let Value::Number(hour) = fact.value else { continue };
        if !(1.0..=12.0).contains(&hour) || hour.fract() != 0.0 {
            continue;
        }
        let minutes = heard.facts.get(place + 1).and_then(|next| match next.value {
            Value::Number(minutes) if next.at.start == fact.at.end => Some(minutes),
            _ => None,
        });
        let minutes = minutes.filter(|minutes| (1.0..60.0).contains(minutes)).unwrap_or(0.0);
        return Some(hour as u16 * 60 + minutes as u16);
    }
    None
}

fn lead_in<'a>(heard: &'a Heard, fact: &Fact) -> Vec<&'a str> {
    let start = fact.at.start.saturating_sub(3);
    heard.tokens[start..fact.at.start].iter().map(|token| token.text.as_str()).collect()
}

/// Shops close in the second half of the day and open in the first, unless it was said.
fn half(minute: u16, certain: bool, closing: bool) -> u16 {
    let shift = !certain && minute < 720 && (closing || minute < 5 * 60);
    if shift { minute + 720 } else { minute }
}

pub(crate) fn clock_text(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

fn time(talk: &Talk) -> Option<String> {
    let mut found = None;
    for (_, fact) in talk.facts().filter(|(_, fact)| stands(fact)) {
        if let Value::Clock { minute, certain } = fact.value {
            let evening = !certain && minute < 8 * 60;
            found = Some(clock_text(if evening { minute + 720 } else { minute }));
        }
    }
    found
}

/// The day in the words it was said in.
fn date(talk: &Talk) -> Option<String> {
    let mut found = None;
    for (index, fact) in talk.facts().filter(|(_, fact)| stands(fact)) {
        if matches!(fact.value, Value::Date(_)) {
            found = Some(talk.heard()[index].slice(fact.at.clone()).to_owned());
        }
    }
    found
}

/// A confirmation or order number, letters and digits run together.
fn reference(talk: &Talk) -> Option<String> {
    let names =
        ["confirmation", "reference", "booking number", "order number", "case number", "ticket"];
    for heard in talk.heard().iter().rev().filter(|heard| heard.callee) {
        for name in names {
            let Some(found) = find_phrase(&heard.tokens, 0..heard.tokens.len(), name) else {
                continue;
            };
            if let Some(code) = code_after(heard, found.end) {
                return Some(code);
            }
        }
    }
    None
}

fn code_after(heard: &Heard, from: usize) -> Option<String> {
    let mut code = String::new();
    let single = |token: &Token| token.is_word() && token.text.chars().count() == 1;
    for (at, token) in heard.tokens.iter().enumerate().skip(from) {
        let digits = contact::digits_of(&token.text);
        // "A" begins a code only where another sign follows.
        let next = heard.tokens.get(at + 1);
        let spelled = next.is_some_and(|next| single(next) || next.is_digits());
        let letter = single(token) && (!token.is("a") || !code.is_empty() || spelled);
        if !digits.is_empty() {
            code.push_str(&digits);
        } else if letter {
            code.push_str(&token.text.to_uppercase());
        } else if !code.is_empty() && !token.is_any(&["-", ","]) {
            break;
        }
    }
    let real = code.chars().count() >= 2 && code.chars().any(|c| c.is_ascii_digit());
    real.then_some(code)
}

fn quantity(talk: &Talk, field: &Field) -> Option<f64> {
    let topic = topic(field);
    let people = ["people", "guests", "persons", "party"];
    let wants_people = topic.iter().any(|word| people.contains(&word.as_str()));
    talk.facts().find_map(|(_, fact)| match &fact.value {
        Value::Quantity { amount, of } if stands(fact) => {
            let counts_people = people.iter().any(|word| of.starts_with(word));
            (counts_people == wants_people).then_some(*amount)
        }
        _ => None,
    })
}

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

/// What was answered when we asked in the words of the field.
fn by_topic(field: &Field, talk: &Talk) -> Option<Json> {
    let topic = topic(field);
    for (index, heard) in talk.heard().iter().enumerate().rev().filter(|(_, heard)| heard.callee) {
        let asked = talk.question_before(index);
        if !asked.is_some_and(|asked| mentions(&asked.tokens, &topic)) {
            continue;
        }
        match field.kind {
            FieldType::Number | FieldType::Integer => {
                let numbers = heard.facts.iter().filter(|fact| stands(fact));
                if let Some(amount) = numbers.filter_map(|fact| fact.value.number()).next_back() {
                    return super::ground::fit(&field.kind, number(amount));
                }
            }
            FieldType::String | FieldType::Any if !heard.text.trim().is_empty() => {
                return Some(json!(cut(heard.text.trim())));
            }
            _ => {}
        }
    }
    None
}

/// Our last words before utterance `index` asked about one of `phrases`.
pub(crate) fn asked(talk: &Talk, index: usize, phrases: &[&str]) -> bool {
    let Some(ours) = talk.question_before(index) else { return false };
    let questions: Vec<Range<usize>> =
        ours.sentences().into_iter().filter(|sentence| ours.is_question(sentence)).collect();
    if questions.is_empty() {
        return any_phrase(&ours.tokens, 0..ours.tokens.len(), phrases);
    }
    questions.into_iter().any(|sentence| any_phrase(&ours.tokens, sentence, phrases))
}

/// A value in our question that the callee affirmed without more ado.
pub(crate) fn confirmed(talk: &Talk, index: usize, fits: fn(&Value) -> bool) -> Option<Value> {
    const AFFIRMATION_TOKENS_MAX: usize = 14;
    let heard = talk.heard().get(index).filter(|heard| heard.callee)?;
    let hesitates = heard.says(&["let me", "check", "see", "but", "hold on", "depends", "maybe"]);
    let short = heard.tokens.len() <= AFFIRMATION_TOKENS_MAX;
    if hesitates || !short || answer::of_tokens(&heard.tokens) != Some(true) {
        return None;
    }
    let ours = index.checked_sub(1).map(|before| &talk.heard()[before])?;
    if ours.callee {
        return None;
    }
    let last = ours.sentences().into_iter().rev().find(|sentence| ours.is_question(sentence))?;
    let said =
        ours.facts.iter().rev().find(|fact| last.contains(&fact.at.start) && fits(&fact.value));
    said.map(|fact| fact.value.clone())
}

pub(crate) fn number(amount: f64) -> Json {
    let whole = amount.fract() == 0.0 && amount.abs() < 9e15;
    if whole { json!(amount as i64) } else { json!((amount * 1e6).round() / 1e6) }
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_VALUE_CHARS_MAX).collect()
}
