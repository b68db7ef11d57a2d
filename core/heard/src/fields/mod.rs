//! Fills well-known fields from the transcript alone: by what was asked and what was answered.

mod hours;
mod measure;
mod order;
mod people;
mod price;
mod subject;
mod texts;

use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use super::answer::{self, answered};
use super::evidence;
use super::role::Role;
use super::schema::{Field, FieldType, Schema};
use super::talk::{Fact, Talk, Value};
use super::token::any_phrase;

pub use hours::hours;
pub use order::{lead_time, minimum_order, payment_terms};
pub use people::{contact_name, email, phone};
pub use price::{Quoted, currency, price, prices};
pub use texts::next_steps;

pub(crate) use hours::{by_day, clock_text};
pub(crate) use order::in_unit;
pub(crate) use subject::{clause, related, topic};

/// Longest text taken over as a value, in characters.
pub const TEXT_VALUE_CHARS_MAX: usize = 300;

/// Every field of the schema that the transcript answers by itself.
pub fn from_talk(schema: &Schema, talk: &Talk) -> Map<String, Json> {
    let mut data = Map::new();
    fill(schema, talk, &mut data);
    data
}

/// Adds to `data` what it lacks and the transcript answers by itself.
pub(crate) fn fill(schema: &Schema, talk: &Talk, data: &mut Map<String, Json>) {
    let read = |data: &mut Map<String, Json>, field: &Field| match read_field(field, talk) {
        Some(Json::Object(inner)) if data.get(&field.name).is_some_and(Json::is_object) => {
            if let Some(Json::Object(known)) = data.get_mut(&field.name) {
                inner.into_iter().for_each(|(name, value)| {
                    known.entry(name).or_insert(value);
                });
            }
        }
        Some(value) if !data.contains_key(&field.name) => {
            data.insert(field.name.clone(), value);
        }
        _ => {}
    };
    let (unknown, known): (Vec<&Field>, Vec<&Field>) =
        schema.fields.iter().partition(|field| evidence::reads(field));
    known.into_iter().for_each(|field| read(data, field));
    evidence::fill(schema, talk, data);
    // Texts are short quotes or nothing.
    let text = |field: &&Field| matches!(field.kind, FieldType::String | FieldType::Any);
    unknown.into_iter().filter(|field| !text(field)).for_each(|field| read(data, field));
}

/// One field, from the transcript alone.
pub fn read_field(field: &Field, talk: &Talk) -> Option<Json> {
    if let FieldType::Object(fields) = &field.kind {
        let mut inner = Map::new();
        for field in fields.iter().filter(|field| !evidence::reads(field)) {
            inner.extend(read_field(field, talk).map(|value| (field.name.clone(), value)));
        }
        return (!inner.is_empty()).then_some(Json::Object(inner));
    }
    if matches!(field.kind, FieldType::List(_)) && field.role != Role::NextSteps {
        return texts::by_topic(field, talk);
    }
    let value = match field.role {
        Role::Price => number(measure::price_of(field, talk)?),
        Role::VolumePrice => number(price::volume_price(talk)?),
        Role::Total => number(price::total(talk)?),
        Role::Currency => json!(currency(talk)?),
        Role::MinimumOrder => number(minimum_order(talk)?),
        Role::LeadTime(unit) => number(lead_time(talk, unit)?),
        Role::PaymentTerms => json!(payment_terms(talk)?),
        Role::Discount => number(order::discount(talk)?),
        Role::ContactName => json!(people::name_of(field, talk)?),
        Role::Email => json!(email(talk)?),
        Role::Phone => json!(phone(talk)?),
        Role::NextSteps => json!(next_steps(talk)?),
        Role::Negotiable => {
            return order::negotiable(talk, &field.kind).or_else(|| texts::by_topic(field, talk));
        }
        Role::OpeningTime => json!(hours::hour_for(field, talk, false)?),
        Role::ClosingTime => json!(hours::hour_for(field, talk, true)?),
        Role::Date => json!(hours::date(field, talk)?),
        Role::Time => json!(hours::time(field, talk)?),
        Role::Reference => match order::reference(field, talk) {
            Some(code) => json!(code),
            // A dress code is told in words.
            None if field.name.contains("code") => return texts::by_topic(field, talk),
            None => return None,
        },
        Role::Quantity => number(measure::quantity(talk, field)?),
        Role::YesNo => json!(answered(talk, &topic(field))?),
        Role::Budget => number(measure::measured(field, talk)?),
        Role::Moment => json!(hours::moment(field, talk)?),
        Role::Hours => match hours::both(talk) {
            Some(hours) => json!(hours),
            None => return texts::by_topic(field, talk),
        },
        Role::Other => return texts::by_topic(field, talk),
    };
    super::ground::fit(&field.kind, value)
}

fn stands(fact: &Fact) -> bool {
    !fact.corrected && !fact.negated
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
