//! What was answered in words: texts, choices, lists.

use std::ops::Range;

use serde_json::{Value as Json, json};

use super::hours::clock_text;
use super::measure::measured;
use super::subject::{Subject, related, topic};
use super::{cut, number, stands};
use crate::answer::{self, answered, mentions};
use crate::role::name_words;
use crate::schema::{Field, FieldType};
use crate::talk::{Heard, Talk, Value};
use crate::token::{self, any_phrase, find_phrase};

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

/// What was answered when we asked in the words of the field, or said in them unasked.
pub(super) fn by_topic(field: &Field, talk: &Talk) -> Option<Json> {
    match &field.kind {
        FieldType::Number | FieldType::Integer => {
            crate::ground::fit(&field.kind, number(measured(field, talk)?))
        }
        FieldType::String | FieldType::Any => text(field, talk).map(|text| json!(cut(&text))),
        FieldType::Choice(choices) => choice(field, choices, talk),
        FieldType::List(item) => list(field, item, talk),
        FieldType::Boolean | FieldType::Object(_) => None,
    }
}

fn text(field: &Field, talk: &Talk) -> Option<String> {
    let topic = topic(field);
    let subject = Subject::of(field);
    for (index, heard) in talk.heard().iter().enumerate().rev().filter(|(_, heard)| heard.callee) {
        let asked = talk.question_before(index);
        let about = asked.is_some_and(|asked| mentions(&asked.tokens, &topic))
            || subject.was_asked(talk, index);
        if about && !heard.text.trim().is_empty() && !evades(heard) {
            return Some(heard.text.trim().to_owned());
        }
    }
    if topic.len() < 2 && subject.is_general() {
        return None;
    }
    told(talk, &topic)
}

/// A sentence of theirs that names all of the topic: "Our cancellation policy is …".
fn told(talk: &Talk, topic: &[String]) -> Option<String> {
    const WORDS_MIN: usize = 4;
    for heard in talk.heard().iter().rev().filter(|heard| heard.callee) {
        for sentence in heard.sentences() {
            let tokens = &heard.tokens[sentence.clone()];
            let all =
                topic.iter().all(|word| tokens.iter().any(|token| related(&token.text, word)));
            if all && tokens.len() >= WORDS_MIN && !heard.is_question(&sentence) {
                return Some(heard.slice(sentence).to_owned());
            }
        }
    }
    None
}

/// No answer yet: a question back, a moment to look, or none known.
fn evades(heard: &Heard) -> bool {
    let last = heard.sentences().pop();
    let asks_back = last.is_some_and(|last| heard.is_question(&last));
    const MOMENT_TOKENS_MAX: usize = 12;
    let moment = heard.tokens.len() <= MOMENT_TOKENS_MAX
        && heard.says(&[
            "let me check",
            "one moment",
            "hold on",
            "let me see",
            "one second",
            "a moment",
        ]);
    asks_back || moment || answer::is_unsure(&heard.tokens)
}

/// The choice the other side named when it was asked, or beside the words of the field.
fn choice(field: &Field, choices: &[String], talk: &Talk) -> Option<Json> {
    if let Some(value) = yes_or_no_choice(field, choices, talk) {
        return Some(value);
    }
    let topic = topic(field);
    let mut found = None;
    for (index, heard) in talk.heard().iter().enumerate().filter(|(_, heard)| heard.callee) {
        let asked = talk.question_before(index).is_some_and(|ours| {
            let offered = choices.iter().filter(|choice| said(ours, choice).is_some()).count();
            offered >= 1 || topic.iter().any(|word| has(ours, 0..ours.tokens.len(), word))
        });
        let asked = asked || is_plain_answer(choices, talk, index);
        let mut named = None;
        let mut several = false;
        for choice in choices {
            let Some(at) = said(heard, choice) else { continue };
            let sentence = token::sentence_around(&heard.tokens, at.start);
            let about = topic.iter().any(|word| has(heard, sentence.clone(), word));
            let but = any_phrase(
                &heard.tokens,
                sentence.start..at.start,
                &["any time but", "anytime but", "anything but", "except", "other than"],
            );
            if (asked || about) && !but && !crate::find::is_negated(&heard.tokens, at.start) {
                several |= named.is_some();
                // What was taken back stands before what replaced it.
                let later = named.is_none_or(|(before, _)| at.start > before);
                if later {
                    named = Some((at.start, choice));
                }
            }
        }
        let corrected = crate::find::opens_with_correction(heard)
            || any_phrase(
                &heard.tokens,
                0..heard.tokens.len(),
                &[
                    "sorry",
                    "i mean",
                    "actually",
                    "no",
                    "moved to",
                    "switched to",
                    "changed to",
                    "now",
                ],
            );
        if let Some((_, choice)) = named.filter(|_| !several || corrected) {
            found = Some(choice);
        } else if several {
            found = None;
        }
    }
    found.map(|choice| json!(choice))
}

/// A short answer to an open question names one of the choices, and the choices are no levels.
fn is_plain_answer(choices: &[String], talk: &Talk, index: usize) -> bool {
    const ANSWER_TOKENS_MAX: usize = 10;
    const LEVELS: &[&str] = &["high", "medium", "low", "good", "bad", "yes", "no", "none", "other"];
    let heard = &talk.heard()[index];
    let levels = choices.iter().any(|choice| LEVELS.contains(&choice.to_lowercase().as_str()));
    let open = super::asked(talk, index, &["what", "which", "how", "who", "where"]);
    !levels && open && heard.tokens.len() <= ANSWER_TOKENS_MAX
}

fn yes_or_no_choice(field: &Field, choices: &[String], talk: &Talk) -> Option<Json> {
    let find = |word: &str| choices.iter().find(|choice| choice.eq_ignore_ascii_case(word));
    let (yes, no) = (find("yes")?, find("no")?);
    answered(talk, &topic(field)).map(|answer| json!(if answer { yes } else { no }))
}

/// Where the words of a choice were said.
fn said(heard: &Heard, choice: &str) -> Option<Range<usize>> {
    let words = name_words(choice);
    if words.is_empty() {
        return None;
    }
    find_phrase(&heard.tokens, 0..heard.tokens.len(), &words.join(" ")).or_else(|| {
        let [word] = words.as_slice() else { return None };
        let at = heard.tokens.iter().position(|token| answer::same_stem(&token.text, word))?;
        Some(at..at + 1)
    })
}

fn has(heard: &Heard, range: Range<usize>, word: &str) -> bool {
    heard.tokens[range].iter().any(|token| related(&token.text, word))
}

/// Every item of the answer to a question about the field.
fn list(field: &Field, item: &Field, talk: &Talk) -> Option<Json> {
    let topic = topic(field);
    let subject = Subject::of(field);
    for (index, heard) in talk.heard().iter().enumerate().rev().filter(|(_, heard)| heard.callee) {
        let asked = talk
            .question_before(index)
            .is_some_and(|ours| mentions(&ours.tokens, &topic) || subject.was_asked(talk, index));
        if !asked || evades(heard) {
            continue;
        }
        let items = items(&name_words(&field.name), item, heard, talk);
        if !items.is_empty() {
            return Some(Json::Array(items));
        }
    }
    None
}

fn items(name: &[String], item: &Field, heard: &Heard, talk: &Talk) -> Vec<Json> {
    let named = |list: &[&str]| name.iter().any(|word| list.contains(&word.as_str()));
    let numeric = matches!(item.kind, FieldType::Number | FieldType::Integer);
    let mut items = Vec::new();
    for fact in heard.facts.iter().filter(|fact| stands(fact)) {
        match &fact.value {
            Value::Clock { minute, .. } if named(&["time", "times", "slots", "hours"]) => {
                items.push(json!(clock_text(super::hours::by_day(*minute, &fact.value))));
            }
            Value::Date(day) if named(&["date", "dates", "day", "days"]) => {
                let words = heard.slice(fact.at.clone()).to_owned();
                items.push(json!(talk.date(*day).unwrap_or(words)));
            }
            value if numeric => items.extend(value.number().map(number)),
            _ => {}
        }
    }
    if !items.is_empty() || numeric || item.kind != FieldType::String {
        return items;
    }
    enumerated(heard).into_iter().map(|text| json!(text)).collect()
}

/// "We have red, green and blue": the three.
fn enumerated(heard: &Heard) -> Vec<String> {
    const LEADS: &[&str] = &[
        "yes",
        "well",
        "sure",
        "we",
        "have",
        "offer",
        "do",
        "accept",
        "take",
        "there's",
        "there",
        "are",
        "is",
        "it's",
        "they're",
        "they",
        "come",
        "in",
        "you",
        "can",
        "get",
        "i",
        "um",
        "uh",
        "oh",
        "so",
        "right",
        "now",
        "currently",
        "the",
        "our",
        "also",
        "choose",
        "from",
        "between",
        "need",
        "would",
        "of",
        "course",
        "pay",
        "with",
        "by",
        "sell",
        "stock",
        "and",
        "or",
        "both",
        "either",
        "mostly",
        "mainly",
        "speak",
        "support",
        "provide",
        "carry",
        "make",
        "bring",
    ];
    const ITEM_WORDS_MAX: usize = 5;
    let sentence = heard.sentences().into_iter().max_by_key(Range::len).unwrap_or(0..0);
    let mut items = Vec::new();
    let mut at = sentence.start;
    while at < sentence.end {
        let mut end = at;
        while end < sentence.end
            && !(heard.tokens[end].is_mark() || heard.tokens[end].is_any(&["and", "or"]))
        {
            end += 1;
        }
        let mut start = at;
        while start < end && heard.tokens[start].is_any(LEADS) {
            start += 1;
        }
        let negated = start < end && crate::find::is_negated(&heard.tokens, start);
        if start < end && end - start <= ITEM_WORDS_MAX && !negated {
            items.push(heard.slice(start..end).to_owned());
        }
        at = end + 1;
    }
    items
}
