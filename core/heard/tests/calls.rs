//! Measures how much of what was said in whole calls is found, and how much of what is found was said.
//!
//! `calls/tuning.txt` was looked at while the kit was made; `calls/aside.txt` was kept apart, and tells what
//! to expect of calls that nobody has seen. Both are written as the corpus is, with `call: en …` before each:
//! its language, then what it is about. `HEARD_CALLS=1` prints every difference.

mod moment;

use std::collections::BTreeMap;

use agenticcalling_heard::{Schema, Talk, Utterance, from_talk};
use moment::moment;
use serde_json::Value as Json;

/// Share of the words of a quote, counted both ways, that makes it the same quote.
const QUOTE_SAME_MIN: f64 = 0.6;

#[derive(Clone, Copy, Debug, Default)]
struct Score {
    calls: u32,
    right: u32,
    found: u32,
    expected: u32,
}

impl Score {
    fn precision(self) -> f64 {
        f64::from(self.right) / f64::from(self.found.max(1))
    }

    fn recall(self) -> f64 {
        f64::from(self.right) / f64::from(self.expected.max(1))
    }

    fn add(&mut self, other: Score) {
        self.calls += other.calls;
        self.right += other.right;
        self.found += other.found;
        self.expected += other.expected;
    }
}

#[test]
fn tuned_calls() {
    check("tuning", include_str!("calls/tuning.txt"), 0.97, 0.94);
}

#[test]
fn calls_kept_aside() {
    check("aside", include_str!("calls/aside.txt"), 0.9, 0.84);
}

/// Prints the score of each language; asserts the floors of all of them.
fn check(name: &str, text: &str, precision_min: f64, recall_min: f64) {
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for call in text.split("\ncall: ").skip(1) {
        let language = call.split_whitespace().next().expect("a call names its language");
        let score = play(name, call);
        scores.entry(language.to_owned()).or_default().add(score);
        scores.entry("all".to_owned()).or_default().add(score);
    }
    for (language, score) in &scores {
        eprintln!(
            "{name} {language}: {} calls, {} of {} found values right (precision {:.3}), {} expected \
             (recall {:.3})",
            score.calls,
            score.right,
            score.found,
            score.precision(),
            score.expected,
            score.recall(),
        );
    }
    let all = scores["all"];
    assert!(all.precision() >= precision_min, "{name}: precision {:.3}", all.precision());
    assert!(all.recall() >= recall_min, "{name}: recall {:.3}", all.recall());
}

fn play(name: &str, call: &str) -> Score {
    let mut schema = Schema::default();
    let mut now = None;
    let mut said = Vec::new();
    let mut expected = Json::Null;
    let title = call.lines().next().unwrap_or("");
    let lines = call.lines().skip(1);
    for line in lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let (verb, rest) = line.split_once(':').unwrap_or_else(|| panic!("{title}: {line}"));
        let rest = rest.trim();
        let json = || serde_json::from_str(rest).unwrap_or_else(|e| panic!("{title}: {e}: {rest}"));
        match verb {
            "schema" => schema = Schema::read(&json()),
            "now" => now = Some(moment(rest)),
            "us" => said.push(Utterance::ours(rest)),
            "them" => said.push(Utterance::theirs(rest)),
            "data" => expected = json(),
            _ => panic!("{title}: unknown verb {verb}"),
        }
    }
    let mut talk = Talk::read(&said);
    if let Some((now_ms, zone)) = &now {
        talk.set_now(*now_ms, zone);
    }
    let found = Json::Object(from_talk(&schema, &talk));
    let mut score = Score { calls: 1, ..Score::default() };
    compare(&format!("{name} {title}"), &expected, &found, &mut score);
    score
}

fn compare(path: &str, expected: &Json, found: &Json, score: &mut Score) {
    match (expected, found) {
        (Json::Object(expected), Json::Object(found)) => {
            let mut names: Vec<&String> = expected.keys().chain(found.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let [one, other] =
                    [expected, found].map(|all| all.get(name).unwrap_or(&Json::Null));
                compare(&format!("{path}.{name}"), one, other, score);
            }
        }
        (Json::Array(expected), Json::Array(found)) => {
            let mut left: Vec<&Json> = expected.iter().collect();
            for item in found {
                let same = left.iter().position(|one| leaf_is(one, item));
                let one = same.map_or(&Json::Null, |same| left.remove(same));
                compare(path, one, item, score);
            }
            left.into_iter().for_each(|one| compare(path, one, &Json::Null, score));
        }
        (Json::Null, Json::Object(inner)) => {
            inner.iter().for_each(|(name, one)| {
                compare(&format!("{path}.{name}"), &Json::Null, one, score);
            });
        }
        (Json::Object(inner), Json::Null) => {
            inner.iter().for_each(|(name, one)| {
                compare(&format!("{path}.{name}"), one, &Json::Null, score);
            });
        }
        (Json::Null, Json::Array(items)) => {
            items.iter().for_each(|one| compare(path, &Json::Null, one, score));
        }
        (Json::Array(items), Json::Null) => {
            items.iter().for_each(|one| compare(path, one, &Json::Null, score));
        }
        _ => {
            let right = !expected.is_null() && leaf_is(expected, found);
            score.expected += u32::from(!expected.is_null());
            score.found += u32::from(!found.is_null());
            score.right += u32::from(right);
            if !right && (!expected.is_null() || !found.is_null()) && prints() {
                eprintln!("{path}: expected {expected}, found {found}");
            }
        }
    }
}

fn prints() -> bool {
    std::env::var_os("HEARD_CALLS").is_some()
}

fn leaf_is(expected: &Json, found: &Json) -> bool {
    match (expected, found) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (Json::String(one), Json::String(other)) => is_quote(one, other),
        (Json::Object(one), Json::Object(other)) => one
            .iter()
            .all(|(name, value)| other.get(name).is_some_and(|found| leaf_is(value, found))),
        (one, other) => one == other,
    }
}

/// The same figures and addresses; the same words, or most of them where it is a quote.
fn is_quote(expected: &str, found: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let letters = |c: char| !c.is_alphanumeric() && c != '@';
        let words = text.split(letters).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (expected, found) = (words(expected), words(found));
    if expected.concat() == found.concat() {
        return true;
    }
    let figures = expected.concat().chars().any(|c| c.is_ascii_digit());
    let mut left = found.clone();
    let mut shared = 0_u32;
    for word in &expected {
        if let Some(at) = left.iter().position(|one| one == word) {
            left.swap_remove(at);
            shared += 1;
        }
    }
    let all = (expected.len() + found.len()) as f64;
    !figures && 2.0 * f64::from(shared) / all.max(1.0) >= QUOTE_SAME_MIN
}
