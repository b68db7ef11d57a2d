//! Lists: of choices, days, numbers, names of things, and of things with their prices.

use std::ops::Range;

use serde_json::{Map, Value as Json, json};

use super::choice::{hits, is_denied};
use super::lexicon::{Set, folded};
use super::profile::{Profile, name_words};
use super::quote::{ASKED_MIN, TOLD_MIN, claimed, evades, question_about};
use super::scene::{Line, Scene};
use crate::fields::{by_day, clock_text, number};
use crate::schema::{Field, FieldType};
use crate::talk::{Day, Value};

/// What was listed for a field.
pub(super) fn items(scene: &Scene, field: &Profile, all: &[Profile]) -> Option<Json> {
    let FieldType::List(item) = &field.field.kind else { return None };
    if let FieldType::Object(fields) = &item.kind {
        return offers(scene, fields);
    }
    for (_, line) in scene.theirs().collect::<Vec<_>>().into_iter().rev() {
        let asked = question_about(scene, line, field);
        let about = asked >= ASKED_MIN && !claimed(scene, line, field, all, asked);
        let statements = line.clauses().into_iter().filter(|(_, asks)| !asks);
        let told_most = statements.map(|(clause, _)| field.about(line, clause)).fold(0.0, f32::max);
        let told = told_most >= ASKED_MIN && !field.is_general();
        let named = matches!(item.kind, FieldType::Choice(_));
        if !(about || told || named) || evades(line) {
            continue;
        }
        let found = listed(scene, line, field, item, about || told);
        let enough = if about || told_most >= TOLD_MIN { 1 } else { 2 };
        if found.len() >= enough {
            return Some(Json::Array(found));
        }
    }
    None
}

fn listed(scene: &Scene, line: &Line, field: &Profile, item: &Field, about: bool) -> Vec<Json> {
    let mut found: Vec<Json> = Vec::new();
    if let FieldType::Choice(choices) = &item.kind {
        let denied: Vec<Range<usize>> = line
            .sentences
            .iter()
            .filter(|one| {
                is_denied(line, (*one).clone()) && !line.says((*one).clone(), &["no problem"])
            })
            .cloned()
            .collect();
        let said = |choice: &String| {
            let sentences = line.sentences.iter().filter(|one| !denied.contains(one));
            sentences.map(|one| hits(line, one.clone(), choice)).fold(0.0, f32::max)
        };
        // A word that only means something near is no choice where another was named.
        let best = choices.iter().map(said).fold(0.0, f32::max);
        let needed = if best >= 1.0 { 1.0 } else { 0.8 };
        for choice in choices {
            let said = said(choice) >= needed;
            // "Extra large" alone is no "large".
            let plain = folded(choice);
            let large = plain == "l" || plain == "large";
            let only_in_longer = large
                && line.says(line.all(), &["extra large"])
                && line.tokens().iter().filter(|token| token.is("large")).count() < 2;
            if said && !only_in_longer {
                found.push(json!(choice));
            }
        }
        return found;
    }
    if !about {
        return found;
    }
    let numeric = matches!(item.kind, FieldType::Number | FieldType::Integer);
    let words = name_words(&field.field.name);
    let named = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let dates = named(&["date", "dates", "fechas"]);
    let days = dates || field.kind_set.meets(Set::of(&["date"]));
    let times =
        !days && named(&["time", "times", "slots", "hours", "horas", "heures", "uhrzeiten"]);
    let weekdays = days && !dates;
    for fact in line.facts() {
        match &fact.value {
            Value::Clock { minute, .. } if times && !numeric => {
                found.push(json!(clock_text(by_day(*minute, &fact.value))));
            }
            Value::Date(Day::Weekday { day, .. }) if weekdays && !numeric => {
                const NAMES: [&str; 7] =
                    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
                found.extend(NAMES.get(usize::from(*day)).map(|name| json!(name)));
            }
            Value::Date(day) if days && !numeric => {
                found.extend(scene.talk.date(*day).map(|date| json!(date)))
            }
            value if numeric => found.extend(value.number().map(|value| json!(value))),
            _ => {}
        }
    }
    if !found.is_empty() || numeric || days || times {
        return found;
    }
    enumerated(line).into_iter().map(|text| json!(text)).collect()
}

/// "We have red, green and blue": the three.
fn enumerated(line: &Line) -> Vec<String> {
    const LEADS: &[&str] = &[
        "yes", "well", "sure", "we", "we've", "have", "offer", "do", "accept", "take", "there's",
        "there", "are", "is", "it's", "got", "they're", "they", "come", "in", "you", "can", "get",
        "i", "i've", "um", "uh", "oh", "so", "right", "now", "the", "our", "also", "choose",
        "from", "between", "need", "would", "of", "course", "pay", "with", "by", "sell", "stock",
        "both", "either", "mostly", "mainly", "provide", "carry", "make", "bring", "just", "some",
        "a", "an", "his", "her", "your", "their", "its", "only", "tenemos", "hay", "los", "las",
        "el", "la", "un", "una", "unos", "si", "claro", "su", "sus", "on", "nous", "avons", "des",
        "du", "le", "les", "une", "l'", "sa", "son", "ses", "oui", "wir", "haben", "ja", "die",
        "der", "das", "den", "ein", "eine", "einen", "seine", "ihre", "missing", "we're", "he",
        "she", "needs", "any", "lovely", "should", "and", "or", "y", "o", "et", "ou", "und",
        "oder", "yeah", "que", "traer", "de", "with", "all", "nur", "nous", "it",
    ];
    const ITEM_WORDS_MAX: usize = 4;
    let tokens = line.tokens();
    let Some(sentence) = line.sentences.iter().find(|one| {
        !line.heard.is_question(one) && one.len() >= 2 && !is_denied(line, (*one).clone())
    }) else {
        return Vec::new();
    };
    let mut items = Vec::new();
    let mut at = sentence.start;
    while at < sentence.end {
        let splits = |at: usize| tokens[at].is_mark() || tokens[at].is_any(&["and", "or"]);
        let mut end = at;
        while end < sentence.end && !splits(end) {
            end += 1;
        }
        let mut start = at;
        while start < end {
            let spoken = folded(line.slice(start..start + 1));
            let leads = tokens[start].is_any(LEADS)
                || spoken
                    .split(['\'', ' '])
                    .all(|word| word.is_empty() || word == "l" || LEADS.contains(&word));
            // "A bit of Portuguese" is no Portuguese.
            let some = tokens.get(start + 1).is_some_and(|next| {
                next.is_any(&["bit", "few", "couple", "lot", "little", "pair"])
            });
            if !leads || tokens[start].is("a") && some {
                break;
            }
            start += 1;
        }
        if start < end && end - start <= ITEM_WORDS_MAX {
            let text = line.slice(start..end);
            let text = text.strip_prefix("l'").or(text.strip_prefix("l’")).unwrap_or(text);
            let text = text.trim();
            if !text.is_empty() {
                items.push(text.to_owned());
            }
        }
        at = end + 1;
    }
    items
}

/// "A small for 45, a medium for 70": each with its name and its number.
fn offers(scene: &Scene, fields: &[Field]) -> Option<Json> {
    let text = fields.iter().find(|field| matches!(field.kind, FieldType::String))?;
    let amount =
        fields.iter().find(|field| matches!(field.kind, FieldType::Number | FieldType::Integer))?;
    for (_, line) in scene.theirs() {
        let mut found = Vec::new();
        for sentence in &line.sentences {
            let mut from = sentence.start;
            for fact in line.facts().filter(|fact| sentence.contains(&fact.at.start)) {
                let Some(value) =
                    fact.value.number().filter(|_| !matches!(fact.value, Value::Duration { .. }))
                else {
                    continue;
                };
                let name = offered(line, from..fact.at.start);
                from = fact.at.end;
                if let Some(name) = name {
                    let mut one = Map::new();
                    one.insert(text.name.clone(), json!(name));
                    one.insert(amount.name.clone(), number(value));
                    found.push(Json::Object(one));
                }
            }
        }
        if found.len() >= 2 {
            return Some(Json::Array(found));
        }
    }
    None
}

/// The words that name what is offered, nearest before its price.
fn offered(line: &Line, range: Range<usize>) -> Option<String> {
    const AROUND: &[&str] = &[
        "a", "an", "the", "for", "at", "is", "are", "costs", "cost", "we", "we've", "have", "got",
        "and", "or", "then", "there's", "it's", "runs", "el", "la", "los", "las", "un", "una", "a",
        "por", "cuesta", "son", "y", "le", "les", "une", "est", "et", "coute", "die", "der", "das",
        "ein", "eine", "kostet", "fur", "und", "month", "each", "per", "of", "with", "tenemos",
        "on", "nous", "avons", "wir", "haben",
    ];
    let tokens = line.tokens();
    let is_around = |at: usize| {
        tokens[at].is_mark()
            || tokens[at].is_any(AROUND)
            || AROUND.contains(&folded(line.slice(at..at + 1)).as_str())
    };
    let mut end = range.end;
    while end > range.start && is_around(end - 1) {
        end -= 1;
    }
    let mut start = end;
    while start > range.start && !is_around(start - 1) && end - start < 3 {
        start -= 1;
    }
    (start < end).then(|| line.slice(start..end).to_owned())
}
