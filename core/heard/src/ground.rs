//! Holds a model's draft against the transcript: a value that nobody said is not data.

use serde_json::{Map, Value as Json, json};

use super::answer::{answered, same_stem};
use super::contact::digits_of;
use super::fields::{self, clock_text, in_unit, number, topic};
use super::find;
use super::money::currency_word;
use super::number::only_number;
use super::role::Role;
use super::schema::{Field, FieldType, Schema};
use super::talk::{Day, Fact, Heard, Talk, Unit, Value};
use super::terms;
use super::token;
use super::zone;

/// Deepest nesting of a draft that is looked at.
const DRAFT_DEPTH_MAX: usize = 4;
/// Most items of a drafted list.
const DRAFT_ITEMS_MAX: usize = 100;
/// Share of a free text's words that must have been said.
const TEXT_SAID_MIN: f64 = 0.6;

/// What is left of a draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grounded {
    /// Validated, normalised, said.
    pub data: Map<String, Json>,
    pub ungrounded: Vec<Dropped>,
    /// What was put right, for the log.
    pub notes: Vec<String>,
}

/// A drafted value that is not data.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped {
    pub field: String,
    pub value: Json,
    pub reason: String,
}

/// What came of one value.
enum Outcome {
    Said(Json),
    /// It was said and then taken back in favour of this.
    Corrected(Json),
    Not(String),
}

/// Keeps of `draft` what was said, then fills what the transcript alone tells.
pub fn ground(schema: &Schema, draft: &Json, talk: &Talk) -> Grounded {
    let mut grounded = Grounded::default();
    if let Json::Object(draft) = draft {
        grounded.data = object(
            &schema.fields,
            draft,
            talk,
            "",
            0,
            &mut grounded.ungrounded,
            &mut grounded.notes,
        );
    }
    fields::fill(schema, talk, &mut grounded.data);
    // What the transcript tells by itself was not made up.
    let Grounded { data, ungrounded, .. } = &mut grounded;
    ungrounded.retain(|dropped| at_place(data, &dropped.field) != Some(&dropped.value));
    grounded
}

/// The value at `offer.moq`.
fn at_place<'d>(data: &'d Map<String, Json>, place: &str) -> Option<&'d Json> {
    if let Some(value) = data.get(place) {
        return Some(value);
    }
    let (first, rest) = place.split_once('.')?;
    at_place(data.get(first)?.as_object()?, rest)
}

fn object(
    schema: &[Field],
    draft: &Map<String, Json>,
    talk: &Talk,
    path: &str,
    depth: usize,
    dropped: &mut Vec<Dropped>,
    notes: &mut Vec<String>,
) -> Map<String, Json> {
    let mut data = Map::new();
    for (name, value) in draft {
        let place = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if is_absent(value) {
            continue;
        }
        let Some(field) = schema.iter().find(|field| field.name == *name) else {
            let reason = "the schema has no such field".to_owned();
            dropped.push(Dropped { field: place, value: value.clone(), reason });
            continue;
        };
        let kept = match (&field.kind, value) {
            (FieldType::Object(fields), Json::Object(inner)) if depth < DRAFT_DEPTH_MAX => {
                let inner = object(fields, inner, talk, &place, depth + 1, dropped, notes);
                (!inner.is_empty()).then_some(Json::Object(inner))
            }
            (FieldType::List(item), Json::Array(values)) => {
                let list = list(item, values, talk, &place, depth, dropped, notes);
                (!list.is_empty()).then_some(Json::Array(list))
            }
            _ => keep(outcome(field, value, talk), &place, value, dropped, notes),
        };
        if let Some(kept) = kept {
            data.insert(name.clone(), kept);
        }
    }
    data
}

fn list(
    item: &Field,
    values: &[Json],
    talk: &Talk,
    place: &str,
    depth: usize,
    dropped: &mut Vec<Dropped>,
    notes: &mut Vec<String>,
) -> Vec<Json> {
    let mut kept = Vec::new();
    for value in values.iter().take(DRAFT_ITEMS_MAX) {
        if let (FieldType::Object(fields), Json::Object(inner)) = (&item.kind, value)
            && depth < DRAFT_DEPTH_MAX
        {
            let inner = object(fields, inner, talk, place, depth + 1, dropped, notes);
            if !inner.is_empty() {
                kept.push(Json::Object(inner));
            }
            continue;
        }
        kept.extend(keep(outcome(item, value, talk), place, value, dropped, notes));
    }
    kept
}

fn keep(
    outcome: Outcome,
    place: &str,
    drafted: &Json,
    dropped: &mut Vec<Dropped>,
    notes: &mut Vec<String>,
) -> Option<Json> {
    match outcome {
        Outcome::Said(value) => Some(value),
        Outcome::Corrected(value) => {
            notes.push(format!("{place}: {drafted} was corrected to {value} in the call"));
            Some(value)
        }
        Outcome::Not(reason) => {
            let field = place.to_owned();
            dropped.push(Dropped { field, value: drafted.clone(), reason });
            None
        }
    }
}

fn is_absent(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => {
            let text = text.trim().to_lowercase();
            matches!(
                text.as_str(),
                "" | "unknown"
                    | "n/a"
                    | "none"
                    | "null"
                    | "not mentioned"
                    | "not specified"
                    | "not provided"
            )
        }
        _ => false,
    }
}

fn outcome(field: &Field, value: &Json, talk: &Talk) -> Outcome {
    if !talk.heard().iter().any(|heard| heard.callee) {
        return Outcome::Not("the other side said nothing".to_owned());
    }
    match &field.kind {
        FieldType::Number | FieldType::Integer => numeric(field, value, talk),
        FieldType::Boolean => boolean(field, value, talk),
        FieldType::Choice(choices) => choice(field, choices, value, talk),
        FieldType::String | FieldType::Any => match text_of(value) {
            Some(text) => textual(field, &text, value, talk),
            None => Outcome::Not("the value has the wrong type".to_owned()),
        },
        FieldType::List(_) | FieldType::Object(_) => {
            Outcome::Not("the value has the wrong type".to_owned())
        }
    }
}

fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

/// A value in the type of its field, if it can be.
pub(crate) fn fit(kind: &FieldType, value: Json) -> Option<Json> {
    match kind {
        FieldType::Number => value.is_number().then_some(value),
        FieldType::Integer => {
            let amount = value.as_f64()?;
            Some(json!(amount.round() as i64))
        }
        FieldType::String => text_of(&value).map(Json::String),
        FieldType::Boolean => value.is_boolean().then_some(value),
        FieldType::Choice(choices) => {
            let text = text_of(&value)?;
            choices.iter().find(|one| one.eq_ignore_ascii_case(&text)).map(|one| json!(one))
        }
        FieldType::Any => Some(value),
        FieldType::List(item) => fit(&item.kind, value).map(|value| json!([value])),
        FieldType::Object(_) => None,
    }
}

// Numbers.

fn numeric(field: &Field, value: &Json, talk: &Talk) -> Outcome {
    let Some(amount) = drafted_number(field.role, value) else {
        return Outcome::Not("the value is not a number".to_owned());
    };
    let mut reason = format!("nobody said {}", number(amount));
    for (index, fact) in talk.facts() {
        if !readings(field.role, &fact.value).into_iter().any(|said| close(said, amount)) {
            if fact.value.number().is_some_and(|said| close(said, amount)) {
                reason = format!("{} was said of something else", number(amount));
            }
            continue;
        }
        match standing(field.role, talk, index, fact) {
            Standing::Holds => return said_number(field, amount),
            Standing::Ours => reason = "only our side said it".to_owned(),
            Standing::Refused => reason = "the other side refused it".to_owned(),
            Standing::TakenBack => {
                if let Some(later) = replacement(talk, index, fact)
                    && let Some(amount) = readings(field.role, &later.value).last()
                {
                    return match fit(&field.kind, number(*amount)) {
                        Some(value) => Outcome::Corrected(value),
                        None => Outcome::Not("the correction has the wrong type".to_owned()),
                    };
                }
                reason = "it was taken back".to_owned();
            }
        }
    }
    if counted_zero(field.role, amount, talk) {
        return said_number(field, amount);
    }
    Outcome::Not(reason)
}

/// "There is no minimum" is a minimum of nothing.
fn counted_zero(role: Role, amount: f64, talk: &Talk) -> bool {
    role == Role::MinimumOrder && amount <= 1.0 && fields::minimum_order(talk) == Some(0.0)
}

fn said_number(field: &Field, amount: f64) -> Outcome {
    match fit(&field.kind, number(amount)) {
        Some(value) => Outcome::Said(value),
        None => Outcome::Not("the value has the wrong type".to_owned()),
    }
}

fn drafted_number(role: Role, value: &Json) -> Option<f64> {
    if let Some(amount) = value.as_f64() {
        return amount.is_finite().then_some(amount);
    }
    let text = value.as_str()?;
    let heard = find::read(true, text);
    let readings = heard.facts.iter().flat_map(|fact| readings(role, &fact.value)).last();
    readings.or_else(|| only_number(text))
}

/// What a fact amounts to for a field of this role; the best reading last.
fn readings(role: Role, value: &Value) -> Vec<f64> {
    match (role, value) {
        (Role::LeadTime(unit), Value::Duration { low, high, unit: said }) => {
            let mut readings = Vec::new();
            if *said == Unit::BusinessDay && unit == Unit::Day {
                readings.push((high * 1.4).ceil());
            }
            readings.push(in_unit(*low, *said, unit));
            readings.push(in_unit(*high, *said, unit).ceil());
            readings
        }
        (Role::LeadTime(_), Value::Number(number)) => vec![*number],
        (Role::LeadTime(_), _) => Vec::new(),
        (
            Role::Price | Role::VolumePrice | Role::Total | Role::Budget,
            Value::Money { amount, .. } | Value::Number(amount),
        ) => vec![*amount],
        (Role::Price | Role::VolumePrice | Role::Total | Role::Budget, _) => Vec::new(),
        (
            Role::MinimumOrder | Role::Quantity,
            Value::Quantity { amount, .. } | Value::Number(amount),
        ) => vec![*amount],
        (Role::MinimumOrder | Role::Quantity, _) => Vec::new(),
        (Role::Discount, Value::Percent(number) | Value::Number(number)) => vec![*number],
        (Role::Discount, _) => Vec::new(),
        (_, Value::Duration { low, high, unit }) => {
            let mut readings = Vec::new();
            for target in [Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month] {
                readings.push(in_unit(*high, *unit, target));
            }
            readings.extend([*low, *high]);
            readings
        }
        (_, Value::Clock { minute, .. }) => {
            vec![f64::from(minute / 60), f64::from(minute / 60 % 12)]
        }
        (_, Value::Percent(percent)) => vec![percent / 100.0, *percent],
        (_, other) => other.number().into_iter().collect(),
    }
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.005 || (one - other).abs() <= 1e-6 * one.abs().max(other.abs())
}

enum Standing {
    Holds,
    /// Only our side said it, and the other side did not affirm it.
    Ours,
    Refused,
    TakenBack,
}

fn standing(role: Role, talk: &Talk, index: usize, fact: &Fact) -> Standing {
    let heard = &talk.heard()[index];
    if fact.corrected {
        return Standing::TakenBack;
    }
    if heard.callee || !role.is_theirs() {
        return if fact.negated && heard.callee { Standing::Refused } else { Standing::Holds };
    }
    let affirmed = fields::confirmed(talk, index + 1, |_| true);
    if affirmed.is_some_and(|value| value.same_kind(&fact.value)) {
        Standing::Holds
    } else {
        Standing::Ours
    }
}

/// The value that the speaker put in the place of `fact`.
fn replacement<'a>(talk: &'a Talk, index: usize, fact: &Fact) -> Option<&'a Fact> {
    let callee = talk.heard()[index].callee;
    talk.facts().find_map(|(at, later)| {
        let after = at > index || (at == index && later.at.start > fact.at.start);
        let same = talk.heard()[at].callee == callee && later.value.same_kind(&fact.value);
        (after && same && !later.corrected && !later.negated).then_some(later)
    })
}

// Text.

fn textual(field: &Field, text: &str, drafted: &Json, talk: &Talk) -> Outcome {
    let said = |value: &str| Outcome::Said(json!(value));
    match field.role {
        Role::Currency => {
            let lower = text.to_lowercase();
            let code = currency_word(&lower).map_or(text.to_uppercase(), str::to_owned);
            let code = super::money::currency_symbol(text).map_or(code, str::to_owned);
            let named = talk.facts().any(|(_, fact)| {
                matches!(fact.value, Value::Money { currency: Some(one), .. } if one == code)
            });
            if named { said(&code) } else { Outcome::Not(format!("nobody named {code}")) }
        }
        Role::PaymentTerms => payment_terms(text, talk),
        Role::ContactName => name(text, talk),
        Role::Email => {
            let address = text.to_lowercase();
            by_fact(field, talk, &address, |value| match value {
                Value::Email(address) => Some(address.clone()),
                _ => None,
            })
        }
        Role::Phone => phone(text, field, talk),
        Role::OpeningTime | Role::ClosingTime | Role::Time => clock(text, field, talk),
        Role::Date => date(text, talk),
        Role::Moment | Role::Hours => match fields::read_field(field, talk) {
            Some(told) if told == json!(text) => said(text),
            _ if zone::iso_date(text).is_some() => date(text, talk),
            _ => free_text(text, talk),
        },
        Role::LeadTime(_) | Role::Price | Role::MinimumOrder | Role::VolumePrice | Role::Total => {
            match numeric(field, drafted, talk) {
                Outcome::Not(reason) => Outcome::Not(reason),
                Outcome::Said(_) => said(text),
                corrected => corrected,
            }
        }
        Role::Reference => {
            let wanted = letters_and_digits(text);
            let theirs = talk.heard().iter().filter(|heard| heard.callee);
            let mut all = String::new();
            for token in theirs.flat_map(|heard| &heard.tokens) {
                let digits = digits_of(&token.text);
                all.push_str(if digits.is_empty() { &token.text } else { &digits });
            }
            if !wanted.is_empty() && letters_and_digits(&all).contains(&wanted) {
                said(text)
            } else {
                Outcome::Not("nobody said it".to_owned())
            }
        }
        _ => free_text(text, talk),
    }
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn by_fact(
    field: &Field,
    talk: &Talk,
    wanted: &str,
    value: fn(&Value) -> Option<String>,
) -> Outcome {
    let mut reason = "nobody said it".to_owned();
    for (index, fact) in talk.facts() {
        if value(&fact.value).as_deref() != Some(wanted) {
            continue;
        }
        match standing(field.role, talk, index, fact) {
            Standing::Holds => return Outcome::Said(json!(wanted)),
            Standing::Ours => reason = "only our side said it".to_owned(),
            Standing::Refused => reason = "the other side refused it".to_owned(),
            Standing::TakenBack => {
                if let Some(later) = replacement(talk, index, fact).and_then(|f| value(&f.value)) {
                    return Outcome::Corrected(json!(later));
                }
            }
        }
    }
    Outcome::Not(reason)
}

fn payment_terms(text: &str, talk: &Talk) -> Outcome {
    let Some(wanted) = terms::canonical(text) else { return free_text(text, talk) };
    if fields::payment_terms(talk).is_some_and(|said| said == wanted || wanted.starts_with(&said)) {
        let said = fields::payment_terms(talk).unwrap_or(wanted);
        return Outcome::Said(json!(said));
    }
    for (index, fact) in talk.facts() {
        let Value::Terms(said) = &fact.value else { continue };
        if *said != wanted {
            continue;
        }
        match standing(Role::PaymentTerms, talk, index, fact) {
            Standing::Holds => return Outcome::Said(json!(wanted)),
            Standing::TakenBack => {
                if let Some(Value::Terms(later)) =
                    replacement(talk, index, fact).map(|fact| &fact.value)
                {
                    return Outcome::Corrected(json!(later));
                }
            }
            Standing::Ours => return Outcome::Not("only our side said it".to_owned()),
            Standing::Refused => return Outcome::Not("the other side refused it".to_owned()),
        }
    }
    Outcome::Not("nobody named these terms".to_owned())
}

fn name(text: &str, talk: &Talk) -> Outcome {
    let parts: Vec<String> = token::words(text)
        .into_iter()
        .filter(|word| !matches!(word.as_str(), "mr" | "mrs" | "ms" | "miss" | "dr"))
        .collect();
    if parts.is_empty() {
        return Outcome::Not("the value is not a name".to_owned());
    }
    if talk.is_own_name(text) {
        return Outcome::Not("it is our own name".to_owned());
    }
    let theirs = |word: &String| {
        talk.heard().iter().any(|heard| heard.callee && heard.spoken.iter().any(|one| one.is(word)))
    };
    if parts.iter().all(theirs) {
        return Outcome::Said(json!(text));
    }
    let confirmed = fields::contact_name(talk).is_some_and(|name| name.eq_ignore_ascii_case(text));
    if confirmed {
        return Outcome::Said(json!(text));
    }
    Outcome::Not("the other side did not say this name".to_owned())
}

fn phone(text: &str, field: &Field, talk: &Talk) -> Outcome {
    const SUFFIX_DIGITS_MIN: usize = 7;
    let wanted = digits_of(text);
    let mut reason = "nobody said this number".to_owned();
    for (index, fact) in talk.facts() {
        let Value::Phone(said) = &fact.value else { continue };
        let digits = said.trim_start_matches('+');
        let same = wanted == digits
            || (digits.len() >= SUFFIX_DIGITS_MIN
                && wanted.ends_with(digits)
                && wanted.len() <= digits.len() + 4);
        if !same {
            continue;
        }
        match standing(field.role, talk, index, fact) {
            Standing::Holds => return Outcome::Said(json!(said)),
            Standing::TakenBack => {
                if let Some(Value::Phone(later)) = replacement(talk, index, fact).map(|f| &f.value)
                {
                    return Outcome::Corrected(json!(later));
                }
            }
            _ => reason = "only our side said it".to_owned(),
        }
    }
    Outcome::Not(reason)
}

fn clock(text: &str, field: &Field, talk: &Talk) -> Outcome {
    let drafted = find::read(true, &format!("at {text} today"));
    let drafted = drafted.facts.iter().find_map(|fact| match fact.value {
        Value::Clock { minute, .. } => Some(minute),
        _ => None,
    });
    let Some(minute) = drafted else { return free_text(text, talk) };
    for (index, fact) in talk.facts().filter(|(_, fact)| !fact.corrected) {
        let same = match fact.value {
            Value::Clock { minute: said, certain } => {
                said == minute || (!certain && said % 720 == minute % 720)
            }
            Value::Number(hour) => close(hour * 60.0, f64::from(minute % 720)),
            _ => false,
        };
        if same && matches!(standing(field.role, talk, index, fact), Standing::Holds) {
            return Outcome::Said(json!(clock_text(minute)));
        }
    }
    Outcome::Not("nobody said this time".to_owned())
}

fn date(text: &str, talk: &Talk) -> Outcome {
    let Some((month, day, weekday)) = zone::iso_date(text) else {
        return free_text(text, talk);
    };
    for (_, fact) in talk.facts().filter(|(_, fact)| !fact.corrected) {
        let Value::Date(said) = fact.value else { continue };
        let fits = match said {
            Day::Weekday { day, .. } => day == weekday,
            Day::MonthDay { month: m, day: d } => (m, d) == (month, day),
            Day::DayOfMonth(d) => d == day,
            Day::Today | Day::Tomorrow | Day::DayAfterTomorrow => {
                talk.date(said).is_none_or(|told| text.starts_with(&told))
            }
            Day::NextWeek => true,
        };
        if fits {
            return Outcome::Said(json!(text));
        }
    }
    Outcome::Not("nobody said this day".to_owned())
}

const COMMON: &[&str] = &[
    "the", "and", "for", "with", "from", "that", "this", "will", "are", "was", "were", "has",
    "have", "had", "they", "them", "their", "she", "her", "him", "his", "our", "you", "your",
    "would", "could", "should", "can", "not", "but", "into", "than", "then", "there", "here",
    "who", "what", "when", "which", "how", "said", "says", "customer", "caller", "supplier",
    "agent", "person", "about", "after", "before", "per", "all", "any", "been", "being", "does",
    "did", "its",
];

/// Every number in it and most of its words were said.
fn free_text(text: &str, talk: &Talk) -> Outcome {
    let tokens = token::tokens(text);
    let mut words = 0;
    let mut said = 0;
    for token in tokens.iter().filter(|token| token.is_word()) {
        let short = token.text.chars().count() < 3;
        if short || COMMON.contains(&token.text.as_str()) {
            continue;
        }
        words += 1;
        said += usize::from(was_said(&token.text, talk));
    }
    let drafted = find::read(true, text);
    for fact in &drafted.facts {
        let spoken = match &fact.value {
            Value::Email(_) | Value::Phone(_) => {
                talk.facts().any(|(_, one)| one.value == fact.value)
            }
            value => match value.number() {
                Some(amount) => number_was_said(amount, talk),
                None => true,
            },
        };
        if !spoken {
            let what = drafted.slice(fact.at.clone()).to_owned();
            return Outcome::Not(format!("nobody said {what}"));
        }
    }
    let addressed = drafted.facts.iter().any(|fact| matches!(fact.value, Value::Email(_)));
    let enough = words == 0 || said as f64 >= TEXT_SAID_MIN * words as f64 || addressed && said > 0;
    if enough && (words > 0 || !drafted.facts.is_empty()) {
        return Outcome::Said(json!(text));
    }
    Outcome::Not("most of its words were not said".to_owned())
}

fn was_said(word: &str, talk: &Talk) -> bool {
    let in_talk = |heard: &Heard| {
        let mut tokens = heard.tokens.iter().chain(&heard.spoken);
        tokens.any(|token| same_stem(&token.text, word))
    };
    talk.heard().iter().any(in_talk)
        || talk.facts().any(|(_, fact)| match &fact.value {
            Value::Email(address) => address.split(['@', '.']).any(|part| part == word),
            Value::Terms(terms) => token::words(terms).iter().any(|one| one == word),
            _ => false,
        })
}

fn number_was_said(amount: f64, talk: &Talk) -> bool {
    talk.facts().any(|(_, fact)| {
        !fact.corrected
            && (readings(Role::Other, &fact.value).into_iter().any(|said| close(said, amount))
                || matches!(&fact.value, Value::Terms(text) | Value::Phone(text)
                    if only_number(text).is_some_and(|said| close(said, amount))))
    })
}

// Yes or no, and choices.

fn boolean(field: &Field, value: &Json, talk: &Talk) -> Outcome {
    let Some(drafted) = as_bool(value) else {
        return Outcome::Not("the value is neither true nor false".to_owned());
    };
    match answered(talk, &topic(field)) {
        Some(answer) if answer == drafted => Outcome::Said(json!(drafted)),
        Some(answer) => {
            Outcome::Not(format!("the answer was {}", if answer { "yes" } else { "no" }))
        }
        None if came_up(field, talk) => Outcome::Said(json!(drafted)),
        None => Outcome::Not("it did not come up".to_owned()),
    }
}

fn as_bool(value: &Json) -> Option<bool> {
    match value {
        Json::Bool(yes) => Some(*yes),
        Json::String(text) => match text.trim().to_lowercase().as_str() {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// The callee used a word of the field's name or description, or answered a question that did.
fn came_up(field: &Field, talk: &Talk) -> bool {
    let mut words = topic(field);
    for word in token::words(&field.description) {
        if word.chars().count() >= 4 && !COMMON.contains(&word.as_str()) {
            words.push(word);
        }
    }
    let used = |heard: &Heard| {
        heard.tokens.iter().any(|token| words.iter().any(|word| same_stem(&token.text, word)))
    };
    talk.heard().iter().enumerate().any(|(index, heard)| {
        heard.callee && (used(heard) || talk.question_before(index).is_some_and(used))
    })
}

fn choice(field: &Field, choices: &[String], value: &Json, talk: &Talk) -> Outcome {
    let Some(text) = text_of(value) else {
        return Outcome::Not("the value has the wrong type".to_owned());
    };
    let Some(choice) = choices.iter().find(|one| one.trim().eq_ignore_ascii_case(&text)) else {
        return Outcome::Not(format!("it is none of {}", choices.join(", ")));
    };
    if field.role == Role::Negotiable {
        let told = !fields::prices(talk).is_empty();
        let reason = || "no price was talked about".to_owned();
        return if told { Outcome::Said(json!(choice)) } else { Outcome::Not(reason()) };
    }
    let words = token::words(choice);
    let named = talk.heard().iter().any(|heard| {
        heard.callee
            && words.iter().any(|word| heard.tokens.iter().any(|one| same_stem(&one.text, word)))
    });
    if named || came_up(field, talk) {
        return Outcome::Said(json!(choice));
    }
    Outcome::Not("it did not come up".to_owned())
}
