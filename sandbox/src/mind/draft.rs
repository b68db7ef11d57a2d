//! Drafts the object a JSON Schema describes from what was said. Plain look-ups by the property's name,
//! description and type; null where nothing fits. A draft, not a finding: the playbook grounds it.

use serde_json::{Map, Value, json};

use super::numbers::Said;
use super::passage::{self, Sentence};
use super::{Message, cues, entities, facts};

const DEPTH_MAX: usize = 5;
const ITEMS_MAX: usize = 5;

pub(super) fn draft(schema: &Value, messages: &[Message]) -> Value {
    let sentences = passage::sentences(messages);
    let drafter = Drafter { sentences: &sentences };
    drafter.object(schema, 0)
}

struct Drafter<'a> {
    sentences: &'a [Sentence],
}

/// What a property asks for.
struct Wanted {
    name: Vec<String>,
    /// Stems of name and description, with what people say for them.
    keywords: Vec<String>,
}

impl Wanted {
    fn new(name: &str, schema: &Value) -> Self {
        let plain_name = split_name(name);
        let described = schema.get("description").and_then(Value::as_str).unwrap_or("");
        let mut keywords = facts::stems(&plain_name);
        for word in plain_name.split(' ') {
            for synonym in synonyms(word) {
                keywords.push((*synonym).to_owned());
            }
        }
        for stem in facts::stems(&cues::plain(described)) {
            if !keywords.contains(&stem) && !NOISE.contains(&stem.as_str()) {
                keywords.push(stem);
            }
        }
        Wanted { name: plain_name.split(' ').map(str::to_owned).collect(), keywords }
    }

    fn names(&self, any_of: &[&str]) -> bool {
        self.name.iter().any(|word| any_of.contains(&word.as_str()))
    }

    fn overlap(&self, sentence: &Sentence) -> usize {
        self.keywords.iter().filter(|word| sentence.stems.contains(word)).count()
    }
}

/// Words of descriptions that say nothing about the subject.
const NOISE: &[&str] =
    &["null", "number", "string", "value", "unknown", "call", "said", "suppli", "supplier", "if"];

const MONEY_NAMES: &[&str] = &[
    "price", "cost", "rate", "amount", "quote", "quoted", "fee", "budget", "total", "deposit",
    "charge", "usd",
];
const PLAIN_MONEY: &[&str] = &[
    "price", "cost", "rate", "amount", "quote", "quoted", "unit", "per", "usd", "dollars",
    "offered", "best", "final", "current", "value", "in", "charge",
];
const WHEN_NAMES: &[&str] = &["date", "time", "day", "when", "appointment", "slot", "datetime"];
const SUCCESS_NAMES: &[&str] = &["success", "successful", "succeeded", "reached", "achieved"];
const YES: &[&str] =
    &["yes", "yeah", "yep", "sure", "absolutely", "certainly", "of course", "correct"];
const NO: &[&str] =
    &["no", "nope", "not", "dont", "cant", "cannot", "wont", "never", "unfortunately"];

impl Drafter<'_> {
    fn object(&self, schema: &Value, depth: usize) -> Value {
        let mut object = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            object.insert(name.clone(), self.value(name, property, depth));
        }
        Value::Object(object)
    }

    fn value(&self, name: &str, schema: &Value, depth: usize) -> Value {
        let (schema, nullable) = without_null(schema);
        let kind = kind_of(schema);
        let wanted = Wanted::new(name, schema);
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            return self.choice(&wanted, choices, nullable);
        }
        let found = match kind {
            "object" if depth < DEPTH_MAX => Some(self.object(schema, depth + 1)),
            "array" => Some(self.list(&wanted, schema)),
            "boolean" if wanted.names(SUCCESS_NAMES) => Some(Value::Bool(self.succeeded())),
            // A summary is more than a sentence that somebody said.
            "string" if wanted.names(&["summary"]) => None,
            "boolean" => self.yes_or_no(&wanted).map(Value::Bool),
            "number" | "integer" => self.number(&wanted).map(|value| as_number(value, kind)),
            _ => self.text(&wanted).map(Value::String),
        };
        found.unwrap_or_else(|| if nullable { Value::Null } else { empty(kind) })
    }

    fn by_callee(&self) -> impl DoubleEndedIterator<Item = &Sentence> {
        self.sentences.iter().filter(|sentence| !sentence.by_agent)
    }

    fn number(&self, wanted: &Wanted) -> Option<f64> {
        if wanted.names(MONEY_NAMES) && !wanted.names(&["percent", "percentage"]) {
            return self.money(wanted).map(|said| said.value);
        }
        self.count(wanted)
    }

    /// The last amount the callee named; for "deposit" or "delivery fee", near that word.
    fn money(&self, wanted: &Wanted) -> Option<Said> {
        let special: Vec<&String> =
            wanted.name.iter().filter(|word| !PLAIN_MONEY.contains(&word.as_str())).collect();
        let mut found: Option<Said> = None;
        for sentence in self.by_callee() {
            let near = special.is_empty()
                || special.iter().any(|word| cues::has_phrase(&sentence.plain, word));
            for said in sentence.numbers.iter().filter(|said| near && said.is_money()) {
                let replaces = match &found {
                    None => true,
                    Some(old) => said.per.is_some() || old.per.is_none() || is_correction(sentence),
                };
                if replaces && !(wanted.names(&["first", "initial"]) && found.is_some()) {
                    found = Some(said.clone());
                }
            }
        }
        found
    }

    /// A number near the words of the property, or in the answer to a question with them.
    fn count(&self, wanted: &Wanted) -> Option<f64> {
        let mut best: Option<(usize, f64)> = None;
        let mut asked = 0;
        for sentence in self.sentences {
            let here = wanted.overlap(sentence);
            if sentence.by_agent {
                asked = here;
                continue;
            }
            for said in sentence.numbers.iter().filter(|said| said.currency.is_none()) {
                let Some(value) = in_wanted_unit(said, wanted) else { continue };
                let noun = said.noun.as_deref().map(facts::stems).unwrap_or_default();
                let fits = noun.iter().any(|stem| wanted.keywords.contains(stem));
                let score = 2 * here + asked + usize::from(fits);
                let relevant = here > 0 || asked > 0 || fits;
                if relevant && best.is_none_or(|(old, _)| score >= old) {
                    best = Some((score, value));
                }
            }
        }
        best.map(|(_, value)| value)
    }

    fn yes_or_no(&self, wanted: &Wanted) -> Option<bool> {
        let mut best: Option<(usize, bool)> = None;
        let mut asked = 0;
        for sentence in self.sentences {
            let here = wanted.overlap(sentence);
            if sentence.by_agent {
                asked = if sentence.text.ends_with('?') { here } else { 0 };
                continue;
            }
            let says =
                |cues: &[&str]| cues.iter().any(|cue| cues::has_phrase(&sentence.plain, cue));
            let answer = match (says(NO), says(YES)) {
                (true, _) => Some(false),
                (false, true) => Some(true),
                (false, false) => (here > 0 && !sentence.text.ends_with('?')).then_some(true),
            };
            let score = here + asked;
            if let Some(answer) = answer.filter(|_| score > 0)
                && best.is_none_or(|(old, _)| score >= old)
            {
                best = Some((score, answer));
            }
            asked = 0;
        }
        best.map(|(_, answer)| answer)
    }

    /// The callee told us something: a number, a time, or a yes that no later no took back.
    fn succeeded(&self) -> bool {
        let mut succeeded = false;
        for sentence in self.by_callee() {
            let says =
                |cues: &[&str]| cues.iter().any(|cue| cues::has_phrase(&sentence.plain, cue));
            let told = !sentence.numbers.is_empty() || entities::when(&sentence.text).is_some();
            if told || says(YES) {
                succeeded = true;
            } else if says(&["unfortunately", "not interested", "we dont", "we cant"]) {
                succeeded = false;
            }
        }
        succeeded
    }

    fn text(&self, wanted: &Wanted) -> Option<String> {
        if wanted.names(&["currency"]) {
            let mut named = self.sentences.iter().rev().flat_map(|sentence| &sentence.numbers);
            return named.find_map(|said| said.currency).map(str::to_owned);
        }
        if wanted.names(&["email", "mail"]) {
            return self.last_of(entities::email);
        }
        if wanted.names(&["phone", "telephone", "mobile", "callback"]) {
            return self.last_of(entities::phone);
        }
        if wanted.names(&["contact", "person", "name", "representative", "spoke"]) {
            return self.last_of(entities::person);
        }
        if wanted.names(&["summary"]) {
            return self.summary();
        }
        if wanted.names(&["terms"])
            && let Some(terms) = self.last_of(entities::net_terms)
        {
            return Some(terms);
        }
        if wanted.names(&["lead", "duration"])
            && let Some(span) = self.span(wanted)
        {
            return Some(span);
        }
        if wanted.names(WHEN_NAMES) && !wanted.names(&["lead"]) {
            return self.last_of(entities::when);
        }
        if wanted.names(MONEY_NAMES)
            && let Some(said) = self.money(wanted)
        {
            return Some(super::numbers::speak_amount(&said));
        }
        self.best_sentence(wanted)
    }

    fn last_of(&self, read: fn(&str) -> Option<String>) -> Option<String> {
        self.by_callee().rev().find_map(|sentence| read(&sentence.text))
    }

    /// "14 days", in the words' own unit.
    fn span(&self, wanted: &Wanted) -> Option<String> {
        let mut found = None;
        for sentence in self.by_callee() {
            for said in &sentence.numbers {
                let Some(noun) = said.noun.as_deref().filter(|noun| days_in(noun).is_some()) else {
                    continue;
                };
                let relevant = wanted.overlap(sentence) > 0 || found.is_none();
                if relevant {
                    found = Some(format!("{} {noun}", said.value));
                }
            }
        }
        found
    }

    fn best_sentence(&self, wanted: &Wanted) -> Option<String> {
        let mut best: Option<(usize, &Sentence)> = None;
        for sentence in self.by_callee().filter(|sentence| !sentence.text.ends_with('?')) {
            let score = wanted.overlap(sentence);
            if score > 0 && best.is_none_or(|(old, _)| score >= old) {
                best = Some((score, sentence));
            }
        }
        best.map(|(_, sentence)| sentence.text.trim_end_matches(['.', '!']).to_owned())
    }

    fn summary(&self) -> Option<String> {
        let telling = |sentence: &&Sentence| !sentence.numbers.is_empty();
        let said: Vec<&str> = self
            .by_callee()
            .filter(telling)
            .take(3)
            .map(|sentence| sentence.text.as_str())
            .collect();
        (!said.is_empty()).then(|| format!("They said: {}", said.join(" ")))
    }

    fn list(&self, wanted: &Wanted, schema: &Value) -> Value {
        let items = schema.get("items").unwrap_or(&Value::Null);
        if kind_of(without_null(items).0) != "string" {
            return json!([]);
        }
        let about = |sentence: &&Sentence| wanted.overlap(sentence) > 0;
        let found: Vec<&str> = self
            .by_callee()
            .filter(about)
            .take(ITEMS_MAX)
            .map(|sentence| sentence.text.trim_end_matches(['.', '!', '?']))
            .collect();
        json!(found)
    }

    fn choice(&self, wanted: &Wanted, choices: &[Value], nullable: bool) -> Value {
        for sentence in self.by_callee().rev() {
            for choice in choices.iter().filter(|choice| choice.is_string()) {
                let plain = split_name(choice.as_str().unwrap_or(""));
                if !plain.is_empty() && cues::has_phrase(&sentence.plain, &plain) {
                    return choice.clone();
                }
            }
        }
        let named = |names: &[&str]| {
            choices.iter().find(|choice| choice.as_str().is_some_and(|name| names.contains(&name)))
        };
        let leaning = self.yes_or_no(wanted).and_then(|yes| match yes {
            true => named(&["yes", "medium", "some", "true"]),
            false => named(&["no", "low", "none", "false"]),
        });
        if let Some(choice) = leaning {
            return choice.clone();
        }
        if nullable || choices.contains(&Value::Null) {
            return Value::Null;
        }
        let unknown = named(&["unknown", "unclear", "none", "other"]);
        unknown.or(choices.first()).cloned().unwrap_or(Value::Null)
    }
}

fn is_correction(sentence: &Sentence) -> bool {
    ["sorry", "correction", "actually", "i mean"]
        .iter()
        .any(|cue| cues::has_phrase(&sentence.plain, cue))
}

/// Days for "lead_time_days", whatever unit was said; none if the number counts something else.
fn in_wanted_unit(said: &Said, wanted: &Wanted) -> Option<f64> {
    let spoken = said.noun.as_deref().and_then(days_in);
    let asked = wanted.name.iter().rev().find_map(|word| days_in(word));
    match (spoken, asked) {
        (Some(spoken), Some(asked)) => Some(said.value * spoken / asked),
        (Some(_), None) => {
            wanted.names(&["time", "duration", "lead", "term"]).then_some(said.value)
        }
        (None, Some(_)) => said.noun.is_none().then_some(said.value),
        (None, None) => Some(said.value),
    }
}

fn days_in(unit: &str) -> Option<f64> {
    match unit {
        "day" | "days" => Some(1.0),
        "week" | "weeks" => Some(7.0),
        "month" | "months" => Some(30.0),
        "year" | "years" => Some(365.0),
        _ => None,
    }
}

fn synonyms(word: &str) -> &'static [&'static str] {
    match word {
        "moq" => &["minimum", "least"],
        "minimum" => &["moq", "least"],
        "lead" | "delivery" => &["deliver", "ship", "delivery", "lead", "week", "day"],
        "days" => &["week", "month"],
        "terms" => &["net", "payment", "upfront", "deposit", "term"],
        "party" | "guests" | "people" => &["people", "guest", "party", "table"],
        "next" | "steps" => &["send", "email", "follow", "back"],
        "discount" | "discounts" => &["percent", "off", "discount", "bulk"],
        "willingness" | "negotiate" => &["negotiate", "negotiat", "flexible", "room"],
        "available" | "availability" => &["available", "stock", "availability"],
        _ => &[],
    }
}

/// "leadTime_days" gives "lead time days".
fn split_name(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut lower_before = false;
    for character in name.chars() {
        if character.is_uppercase() && lower_before {
            spaced.push(' ');
        }
        lower_before = character.is_lowercase() || character.is_ascii_digit();
        spaced.push(character);
    }
    cues::plain(&spaced)
}

/// The schema of the value itself, and whether null would do.
fn without_null(schema: &Value) -> (&Value, bool) {
    for union in ["anyOf", "oneOf"] {
        let Some(options) = schema.get(union).and_then(Value::as_array) else { continue };
        let is_null = |option: &&Value| option.get("type") == Some(&json!("null"));
        let nullable = options.iter().any(|option| is_null(&option));
        let inner = options.iter().find(|option| !is_null(option)).unwrap_or(schema);
        return (inner, nullable);
    }
    let nullable = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.contains(&json!("null")),
        Some(kind) => kind == "null",
        None => false,
    };
    (schema, nullable)
}

fn kind_of(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("string")
        }
        _ if schema.get("properties").is_some() => "object",
        _ => "string",
    }
}

fn as_number(value: f64, kind: &str) -> Value {
    let whole = value.fract() == 0.0 && value.abs() < 9e15;
    if whole || kind == "integer" { json!(value.round() as i64) } else { json!(value) }
}

fn empty(kind: &str) -> Value {
    match kind {
        "number" | "integer" => json!(0),
        "boolean" => json!(false),
        "array" => json!([]),
        "object" => json!({}),
        "null" => Value::Null,
        _ => json!(""),
    }
}
