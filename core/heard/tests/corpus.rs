//! Plays the conversations of `corpus/*.txt` and compares what is heard in them.
//!
//! ```text
//! schema: {"moq": "number"}    begins a conversation; its value runs to the end of the line
//! now: 2026-11-27 09:30 Europe/Madrid
//! us: …                        said by our side
//! them: …                      said by the other side
//! data: {"moq": 200}           what the transcript alone answers, completely
//! facts: text => facts         one utterance by itself and the facts that stand
//! wish: text => wish           what the other side wants, by one utterance
//! ```

mod moment;

use agenticcalling_heard::{
    Channel, Schema, Talk, Utterance, Value, call_back, channel_wish, do_not_call, from_talk,
    speak_to_human, wrong_number, yes_or_no,
};
use moment::moment;
use serde_json::Value as Json;

const FILES: &[(&str, &str)] = &[
    ("facts", include_str!("corpus/facts.txt")),
    ("wishes", include_str!("corpus/wishes.txt")),
    ("english", include_str!("corpus/english.txt")),
    ("spanish", include_str!("corpus/spanish.txt")),
    ("french", include_str!("corpus/french.txt")),
    ("german", include_str!("corpus/german.txt")),
    ("mixed", include_str!("corpus/mixed.txt")),
];

/// Conversations the files must hold together.
const CONVERSATIONS_MIN: usize = 250;

#[test]
fn what_is_said_is_heard() {
    let mut failures = Vec::new();
    let mut conversations = 0;
    for (name, text) in FILES {
        conversations += play(name, text, &mut failures);
    }
    if let Some((path, text)) = given() {
        let mut found = Vec::new();
        let played = play(&path, &text, &mut found);
        eprintln!("{path}: {} of {played} conversations differ", found.len());
        failures.extend(found);
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
    assert!(conversations >= CONVERSATIONS_MIN, "only {conversations} conversations");
}

/// A further corpus, whose path is in `HEARD_CORPUS`.
#[expect(
    clippy::disallowed_methods,
    reason = "a corpus that may not be published stays outside the tree"
)]
fn given() -> Option<(String, String)> {
    let path = std::env::var("HEARD_CORPUS").ok()?;
    let text = std::fs::read_to_string(&path).expect("the corpus named can be read");
    Some((path, text))
}

fn play(name: &str, text: &str, failures: &mut Vec<String>) -> usize {
    let mut conversations = 0;
    let mut schema = Schema::default();
    let mut now: Option<(u64, String)> = None;
    let mut said: Vec<Utterance> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = format!("{name}:{}", number + 1);
        let (verb, rest) = line.split_once(':').unwrap_or_else(|| panic!("{place}: no verb"));
        let rest = rest.trim();
        match verb {
            "schema" => {
                let json: Json =
                    serde_json::from_str(rest).unwrap_or_else(|e| panic!("{place}: {e}"));
                schema = Schema::read(&json);
                said.clear();
                now = None;
            }
            "now" => now = Some(moment(rest)),
            "us" => said.push(Utterance::ours(rest)),
            "them" => said.push(Utterance::theirs(rest)),
            "data" => {
                conversations += 1;
                let mut talk = Talk::read(&said);
                if let Some((now_ms, zone)) = &now {
                    talk.set_now(*now_ms, zone);
                }
                let expected: Json =
                    serde_json::from_str(rest).unwrap_or_else(|e| panic!("{place}: {e}"));
                let found = Json::Object(from_talk(&schema, &talk));
                if found != expected {
                    failures.push(format!("{place}: expected {expected}\n    found {found}"));
                }
            }
            "facts" | "wish" => {
                let (text, expected) =
                    rest.split_once("=>").unwrap_or_else(|| panic!("{place}: no =>"));
                let found = if verb == "facts" { facts(text.trim()) } else { wish(text.trim()) };
                if found != expected.trim() {
                    failures.push(format!(
                        "{place}: {}\n    expected {}\n    found {found}",
                        text.trim(),
                        expected.trim()
                    ));
                }
            }
            _ => panic!("{place}: unknown verb {verb}"),
        }
    }
    conversations
}

fn facts(text: &str) -> String {
    let talk = Talk::read(&[Utterance::theirs(text)]);
    let mut found = Vec::new();
    for (_, fact) in talk.facts().filter(|(_, fact)| !fact.corrected) {
        let not = if fact.negated { "not " } else { "" };
        found.push(format!("{not}{}", shown(&fact.value)));
    }
    found.join("; ")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Money { amount, currency, per_unit } => {
            let each = if *per_unit { " each" } else { "" };
            format!("{amount} {}{each}", currency.unwrap_or("?"))
        }
        Value::Quantity { amount, of } => format!("{amount} of {of}"),
        Value::Number(number) => format!("number {number}"),
        Value::Percent(percent) => format!("{percent}%"),
        Value::Duration { low, high, unit } if low == high => format!("{low} {unit:?}"),
        Value::Duration { low, high, unit } => format!("{low}-{high} {unit:?}"),
        Value::Clock { minute, certain } => {
            let doubt = if *certain { "" } else { "?" };
            format!("{:02}:{:02}{doubt}", minute / 60, minute % 60)
        }
        Value::Date(day) => format!("{day:?}"),
        Value::Terms(text) => format!("terms {text}"),
        Value::Name(text) => format!("name {text}"),
        Value::Email(text) => format!("email {text}"),
        Value::Phone(text) => format!("phone {text}"),
    }
}

// Friday 2026-11-27, 10:00 in Madrid, Paris and Berlin.
const NOW_MS: u64 = 1_795_770_000_000;
const MINUTE_MS: u64 = 60_000;

/// Every wish of one utterance: `yes`, `no`, `stop`, `back +90` (minutes from now), `sms`, `email`,
/// `wrong`, `human`.
fn wish(text: &str) -> String {
    let talk = Talk::read(&[Utterance::theirs(text)]);
    let mut found = Vec::new();
    match yes_or_no(text) {
        Some(true) => found.push("yes".to_owned()),
        Some(false) => found.push("no".to_owned()),
        None => {}
    }
    if do_not_call(&talk).is_some() {
        found.push("stop".to_owned());
    }
    if let Some(wish) = call_back(&talk, NOW_MS, "Europe/Madrid") {
        let after = wish.at_ms.map(|at| format!("back +{}", (at - NOW_MS) / MINUTE_MS));
        found.push(after.unwrap_or_else(|| "back".to_owned()));
    }
    if let Some(wish) = channel_wish(&talk) {
        let name = if wish.channel == Channel::Sms { "sms" } else { "email" };
        found.push(wish.address.map_or(name.to_owned(), |address| format!("{name} {address}")));
    }
    if wrong_number(&talk).is_some() {
        found.push("wrong".to_owned());
    }
    if speak_to_human(&talk).is_some() {
        found.push("human".to_owned());
    }
    found.join("; ")
}

/// A small generator of its own, so that a failure names a seed that fails again.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// Words of every file in any order, with any characters between them.
#[test]
fn no_words_make_it_panic() {
    let words: Vec<&str> = FILES.iter().flat_map(|(_, text)| text.split_whitespace()).collect();
    let schemas: Vec<&str> = FILES
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter_map(|line| line.strip_prefix("schema: "))
        .collect();
    for seed in 1..=800_u64 {
        let mut random = Seeded(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut talk = Talk::new();
        talk.set_now(NOW_MS, "Europe/Madrid");
        for _ in 0..6 {
            let mut text = String::new();
            for _ in 0..random.below(30) {
                if random.below(6) == 0 {
                    let code = random.below(0x11_0000) as u32;
                    text.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
                } else {
                    text.push_str(words[random.below(words.len())]);
                }
                if random.below(5) > 0 {
                    text.push(' ');
                }
            }
            talk.push(random.below(2) == 0, &text);
        }
        for heard in talk.heard() {
            for fact in &heard.facts {
                assert!(heard.text.get(fact.span.clone()).is_some(), "seed {seed}");
            }
        }
        let schema = serde_json::from_str(schemas[random.below(schemas.len())]).unwrap();
        let _ = from_talk(&Schema::read(&schema), &talk);
        let _ =
            (call_back(&talk, NOW_MS, "Europe/Madrid"), do_not_call(&talk), channel_wish(&talk));
    }
}
