//! Which questions there are: of the objective, the settings, the schema and the rules, each one once.

use agenticcalling_playbook::Brief;
use agenticcalling_playbook::extract::{Field, FieldType, Schema, words};
use agenticcalling_playbook::strategy::{Language, Settings, obligations_in};
use serde_json::Value;

/// Most questions of one call.
pub(crate) const QUESTIONS_MAX: usize = 30;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Open,
    Number(Option<(f64, f64)>),
    Choice(Vec<String>),
    YesNo,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    /// Name of its field.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// What to say.
    pub(crate) wording: String,
    /// What it is about, in the customer's words.
    pub(crate) content: String,
    /// A rule wants it asked.
    pub(crate) rule: bool,
}

/// The questions and what they are about together.
pub(crate) fn of(brief: &Brief, settings: &Settings) -> (Vec<Question>, Option<String>) {
    let language = Language::of(&brief.language);
    let mut found: Vec<Question> = Vec::new();
    let (count, topic) = counted(&brief.objective);
    for text in
        listed(&brief.objective).iter().chain(&explicit(settings.strategy.as_deref().unwrap_or("")))
    {
        add(&mut found, from_text(text, language));
    }
    if let Some(schema) = &settings.schema {
        for field in &schema.fields {
            add_field(&mut found, field, schema, language);
        }
    }
    if found.is_empty() {
        let about = topic.clone().or_else(|| subject(&brief.objective));
        for wording in
            general(about.as_deref(), language).into_iter().take(count.unwrap_or(GENERAL_COUNT))
        {
            let name = format!("answer_{}", found.len() + 1);
            let content = wording.trim_end_matches(['?', ' ']).to_owned();
            found.push(Question { name, kind: Kind::Open, wording, content, rule: false });
        }
    }
    for obligation in obligations_in(&brief.rules, language) {
        let content = obligation.topic.join(" ");
        let name = name_of(&content);
        add(
            &mut found,
            Question { name, kind: Kind::Open, wording: obligation.question, content, rule: true },
        );
    }
    (found, topic)
}

/// Questions about a subject that nobody broke down.
const GENERAL_COUNT: usize = 3;

fn add(found: &mut Vec<Question>, mut question: Question) {
    let known = found.iter().any(|one| overlap(&one.content, &question.content) > 0.8);
    if known || found.len() >= QUESTIONS_MAX || question.content.is_empty() {
        return;
    }
    let taken = |name: &str| found.iter().any(|one| one.name == name);
    if taken(&question.name) {
        let base = question.name.clone();
        let free = (2..=QUESTIONS_MAX + 1)
            .map(|number| format!("{base}_{number}"))
            .find(|name| !taken(name));
        question.name = free.unwrap_or(base);
    }
    found.push(question);
}

/// A field that a question of the objective asks for takes that question; any other is one of its own.
fn add_field(found: &mut Vec<Question>, field: &Field, schema: &Schema, language: Language) {
    if ["success", "summary", "answered", "questions"].contains(&field.name.as_str()) {
        return;
    }
    let kind = kind_of(field, schema);
    let about = spaced(&field.name);
    let asked = found.iter_mut().find(|one| {
        !one.rule
            && (overlap(&about, &one.content) >= 0.5
                || overlap(&field.description, &one.content) >= 0.6)
            && !schema.fields.iter().any(|other| other.name == one.name && other.name != field.name)
    });
    if let Some(question) = asked {
        question.name = field.name.clone();
        if kind != Kind::Open {
            question.wording = with_form(&question.wording, &kind, language);
            question.kind = kind;
        }
        return;
    }
    let described = field.description.trim();
    let mut question = if described.ends_with('?') || described.contains(' ') {
        from_text(described, language)
    } else {
        from_text(&about, language)
    };
    question.name = field.name.clone();
    question.wording = with_form(&question.wording, &kind, language);
    question.kind = kind;
    if found.len() < QUESTIONS_MAX {
        found.push(question);
    }
}

fn kind_of(field: &Field, schema: &Schema) -> Kind {
    match &field.kind {
        FieldType::Boolean => Kind::YesNo,
        FieldType::Choice(choices) => Kind::Choice(choices.clone()),
        FieldType::Number | FieldType::Integer => Kind::Number(bounds(field, schema)),
        _ => Kind::Open,
    }
}

/// Of the schema, of "1-10" or "from 1 to 5" in the description, or of a name such as `rating`.
fn bounds(field: &Field, schema: &Schema) -> Option<(f64, f64)> {
    let property = schema.json().get("properties").and_then(|all| all.get(&field.name));
    let limit = |key: &str| property.and_then(|one| one.get(key)).and_then(Value::as_f64);
    if let (Some(least), Some(most)) = (limit("minimum"), limit("maximum")) {
        return Some((least, most)).filter(|(least, most)| least < most);
    }
    if let Some(range) =
        range_in(&field.description).or_else(|| range_in(&field.name.replace('_', " ")))
    {
        return Some(range);
    }
    let name = words(&spaced(&field.name));
    let is = |list: &[&str]| name.iter().any(|word| list.contains(&word.as_str()));
    if is(&["nps"]) || is(&["likelihood"]) {
        return Some((0.0, 10.0));
    }
    is(&["rating", "score", "satisfaction", "grade"]).then_some((1.0, 10.0))
}

/// "1-10", "1 to 10", "from 0 to 5", "1–5".
pub(crate) fn range_in(text: &str) -> Option<(f64, f64)> {
    let mut numbers: Vec<(f64, usize)> = Vec::new();
    let spaced = text.replace(['-', '–', '—'], " to ");
    for (place, word) in spaced.split_whitespace().enumerate() {
        let digits = word.trim_matches(|c: char| !c.is_ascii_digit());
        if let Ok(number) = digits.parse::<u16>() {
            numbers.push((f64::from(number), place));
        }
    }
    let joints = ["to", "through", "and", "a", "à", "bis"];
    let parts: Vec<&str> = spaced.split_whitespace().collect();
    for pair in numbers.windows(2) {
        let [(least, at), (most, next)] = pair else { continue };
        let joined = *next == at + 2 && parts.get(at + 1).is_some_and(|word| joints.contains(word));
        if joined && least <= &1.0 && most > least {
            return Some((*least, *most));
        }
    }
    None
}

/// The question and the form its answer should have.
fn with_form(wording: &str, kind: &Kind, language: Language) -> String {
    match kind {
        Kind::Number(Some(bounds)) => format!("{wording} {}", scale(*bounds, language)),
        Kind::Choice(choices) => format!("{wording} {}", offer(choices, language)),
        _ => wording.to_owned(),
    }
}

pub(crate) fn scale((least, most): (f64, f64), language: Language) -> String {
    let words = language.pick([
        "Please give me a number from {a} to {b}, where {b} is the highest.",
        "Dígame por favor un número del {a} al {b}, donde {b} es lo más alto.",
        "Donnez-moi s'il vous plaît un chiffre de {a} à {b}, {b} étant le plus élevé.",
        "Bitte nennen Sie mir eine Zahl von {a} bis {b}, wobei {b} die höchste ist.",
    ]);
    words.replace("{a}", &least.to_string()).replace("{b}", &most.to_string())
}

/// Every choice in the order it was given, none of them recommended.
pub(crate) fn offer(choices: &[String], language: Language) -> String {
    let or = language.pick(["or", "o", "ou", "oder"]);
    let list = match choices {
        [] => return String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} {or} {last}", others.join(", ")),
    };
    match language {
        Language::English => format!("Would you say {list}?"),
        Language::Spanish => format!("¿Diría {list}?"),
        Language::French => format!("Diriez-vous {list} ?"),
        Language::German => format!("Würden Sie sagen: {list}?"),
    }
}

/// The parts of an objective that ask something each.
fn listed(objective: &str) -> Vec<String> {
    let numbered = explicit(objective);
    if !numbered.is_empty() {
        return numbered;
    }
    let mut list = Vec::new();
    for sentence in objective.split(['.', ';', '\n']) {
        let lower = sentence.to_ascii_lowercase();
        let Some(start) = first_clause(&lower) else { continue };
        clauses(&sentence[start..], &mut list);
    }
    list.truncate(QUESTIONS_MAX);
    list
}

/// Questions written out, and the items of a numbered or dashed list.
fn explicit(text: &str) -> Vec<String> {
    let mut list = Vec::new();
    for line in text.lines() {
        let mut start = 0;
        for (at, mark) in line.match_indices('?') {
            let part = &line[start..at];
            let from = part
                .rfind(['.', '!', ':', ';', '¿'])
                .map_or(0, |cut| cut + part[cut..].chars().next().map_or(1, char::len_utf8));
            push(&mut list, &format!("{}?", item_text(&part[from..]).trim_end()));
            start = at + mark.len();
        }
        if start == 0 && is_item(line) {
            push(&mut list, item_text(line));
        }
    }
    if list.is_empty() {
        inline_items(text, &mut list);
    }
    list
}

/// "1) how …, 2) what …" in one line.
fn inline_items(text: &str, list: &mut Vec<String>) {
    let mut starts = Vec::new();
    for number in 1..=QUESTIONS_MAX {
        let from = starts.last().map_or(0, |(_, end)| *end);
        let marks = [format!("{number})"), format!("{number}. ")];
        let found = marks.iter().filter_map(|mark| {
            text[from..].find(mark.as_str()).map(|at| (from + at, from + at + mark.len()))
        });
        let Some(found) = found.min() else { break };
        starts.push(found);
    }
    if starts.len() < 2 {
        return;
    }
    for (place, (_, start)) in starts.iter().enumerate() {
        let end = starts.get(place + 1).map_or(text.len(), |(next, _)| *next);
        push(list, &text[*start..end]);
    }
}

fn push(list: &mut Vec<String>, text: &str) {
    let text = text.trim().trim_end_matches([',', ';', '.']).trim();
    let text = text.strip_suffix(" and").unwrap_or(text).trim_end_matches(',');
    if text.chars().any(char::is_alphabetic) && list.len() < QUESTIONS_MAX {
        list.push(text.to_owned());
    }
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with(['-', '*', '•']) || digits.len() < line.len() && digits.starts_with(['.', ')'])
}

fn item_text(line: &str) -> &str {
    line.trim_start()
        .trim_start_matches(['-', '*', '•', '¿', ' '])
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start_matches(['.', ')', ' '])
}

const OPENERS: [&str; 11] = [
    "whether ", "if ", "how ", "what ", "when ", "where ", "who ", "which ", "why ", "about ",
    "for ",
];

/// Where the first clause after "ask", "find out" and the like begins.
fn first_clause(lower: &str) -> Option<usize> {
    const LEADS: [&str; 9] = [
        "ask ",
        "find out ",
        "learn ",
        "inquire ",
        "understand ",
        "determine ",
        "collect ",
        "and ask ",
        "check ",
    ];
    let mut first: Option<usize> = None;
    for lead in LEADS {
        let Some(at) = lower.find(lead).filter(|at| *at == 0 || lower[..*at].ends_with(' ')) else {
            continue;
        };
        let mut start = at + lead.len();
        for whom in [
            "them ",
            "him ",
            "her ",
            "customers ",
            "customer ",
            "people ",
            "the customer ",
            "the owner ",
        ] {
            start += if lower[start..].starts_with(whom) { whom.len() } else { 0 };
        }
        let opens = OPENERS.iter().any(|word| lower[start..].starts_with(word)) || lead == "check ";
        let counted = lower[start..].split(' ').take(3).any(|word| word.starts_with("question"));
        if opens && !counted && first.is_none_or(|before| start < before) {
            first = Some(start);
        }
    }
    first
}

/// "whether …, how … and what …"; "about price, quality and service".
fn clauses(text: &str, list: &mut Vec<String>) {
    let lower = text.to_ascii_lowercase();
    let about = ["about ", "for "].into_iter().find(|lead| lower.starts_with(lead));
    let mut cuts = vec![0];
    for joint in [", and ", " and ", ", "] {
        for (at, _) in lower.match_indices(joint) {
            let after = &lower[at + joint.len()..];
            let opens = OPENERS[..9].iter().any(|word| after.starts_with(word));
            if opens || about.is_some() {
                cuts.push(at);
            }
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    for (place, start) in cuts.iter().enumerate() {
        let end = cuts.get(place + 1).copied().unwrap_or(text.len());
        let part = text[*start..end].trim_start_matches([',', ' ']);
        let part = part.strip_prefix("and ").unwrap_or(part);
        push(
            list,
            part.strip_prefix("about ").or_else(|| part.strip_prefix("for ")).unwrap_or(part),
        );
    }
}

/// "Ask 5 questions about satisfaction", "a survey on delivery times".
fn counted(objective: &str) -> (Option<usize>, Option<String>) {
    const NUMBERS: [&str; 10] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let said = words(objective);
    let noun = said.iter().position(|word| {
        matches!(
            word.as_str(),
            "questions"
                | "question"
                | "preguntas"
                | "fragen"
                | "survey"
                | "interview"
                | "encuesta"
                | "enquete"
                | "enquête"
                | "umfrage"
                | "sondage"
        )
    });
    let Some(noun) = noun else { return (None, None) };
    let number = said[..noun].iter().rev().take(2).find_map(|word| {
        let spelled = NUMBERS.iter().position(|name| name == word).map(|place| place + 1);
        word.parse::<usize>().ok().or(spelled)
    });
    (number.filter(|number| (1..=QUESTIONS_MAX).contains(number)), topic_after(objective))
}

fn topic_after(objective: &str) -> Option<String> {
    for link in [" about ", " on ", " regarding ", " sobre ", " sur ", " zur ", " zum ", " über "]
    {
        if let Some(at) = objective.find(link) {
            let rest = &objective[at + link.len()..];
            let end = rest.find(['.', ';', ':', '\n', ',', '?']).unwrap_or(rest.len());
            let topic = to_them(rest[..end].trim());
            return (!topic.is_empty()).then_some(topic);
        }
    }
    None
}

fn subject(objective: &str) -> Option<String> {
    let text = objective.trim().trim_end_matches(['.', '!', '?']);
    (!text.is_empty()).then(|| text.to_owned())
}

/// Open questions about anything; none of them suggests its answer.
fn general(about: Option<&str>, language: Language) -> Vec<String> {
    let topic = about.unwrap_or(language.pick(["this", "este tema", "ce sujet", "dieses Thema"]));
    let wordings: [[&str; 4]; 8] = [
        [
            "Thinking of {}, how would you describe your experience in your own words?",
            "Sobre {}, ¿cómo describiría su experiencia con sus propias palabras?",
            "À propos de {}, comment décririez-vous votre expérience avec vos propres mots ?",
            "Zum Thema {}: Wie würden Sie Ihre Erfahrung in eigenen Worten beschreiben?",
        ],
        [
            "What works well for you?",
            "¿Qué le funciona bien?",
            "Qu'est-ce qui fonctionne bien pour vous ?",
            "Was läuft für Sie gut?",
        ],
        [
            "And what does not work well?",
            "¿Y qué no le funciona bien?",
            "Et qu'est-ce qui ne fonctionne pas bien ?",
            "Und was läuft nicht gut?",
        ],
        [
            "What matters most to you in it?",
            "¿Qué es lo más importante para usted?",
            "Qu'est-ce qui compte le plus pour vous ?",
            "Was ist Ihnen dabei am wichtigsten?",
        ],
        [
            "What, if anything, would you change?",
            "¿Qué cambiaría, si es que cambiaría algo?",
            "Que changeriez-vous, le cas échéant ?",
            "Was würden Sie ändern, wenn überhaupt etwas?",
        ],
        [
            "How has it changed over the last year?",
            "¿Cómo ha cambiado en el último año?",
            "Comment cela a-t-il évolué depuis un an ?",
            "Wie hat es sich im letzten Jahr verändert?",
        ],
        [
            "How do you expect it to develop?",
            "¿Cómo cree que evolucionará?",
            "Comment pensez-vous que cela va évoluer ?",
            "Wie wird es sich Ihrer Meinung nach entwickeln?",
        ],
        [
            "What else would you like to add?",
            "¿Qué más le gustaría añadir?",
            "Que souhaitez-vous ajouter ?",
            "Was möchten Sie noch hinzufügen?",
        ],
    ];
    wordings.iter().map(|four| language.pick(*four).replace("{}", topic)).collect()
}

fn from_text(text: &str, language: Language) -> Question {
    let text = text.trim();
    let asked = text.ends_with('?');
    let content = to_them(text.trim_end_matches(['?', '.', '!', ' ']).trim_start_matches('¿'));
    let opener = OPENERS[..9].iter().find(|word| content.to_ascii_lowercase().starts_with(**word));
    let wording = match (language, opener) {
        (Language::Spanish, _) if asked => format!("¿{}?", capital(&content)),
        (Language::French, _) if asked => format!("{} ?", capital(&content)),
        _ if asked => format!("{}?", capital(&content)),
        (Language::English, Some(_)) => format!("Could you tell me {}?", lower_first(&content)),
        (Language::English, None) => {
            format!("What can you tell me about {}?", with_your(&lower_first(&content)))
        }
        (Language::Spanish, _) => format!("Mi pregunta es la siguiente: ¿{content}?"),
        (Language::French, _) => format!("Ma question est la suivante : {content} ?"),
        (Language::German, _) => format!("Meine Frage lautet: {content}?"),
    };
    let either = opener.is_some_and(|word| matches!(*word, "whether " | "if "));
    let range = range_in(&content);
    let kind = match (range, either) {
        (Some(range), _) => Kind::Number(Some(range)),
        (None, true) => Kind::YesNo,
        (None, false) => Kind::Open,
    };
    Question { name: name_of(&content), kind, wording, content, rule: false }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first: String =
        chars.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    format!("{first}{}", chars.as_str())
}

fn lower_first(text: &str) -> String {
    let second_upper = text.chars().nth(1).is_some_and(char::is_uppercase);
    if second_upper {
        return text.to_owned();
    }
    let mut chars = text.chars();
    let first: String =
        chars.next().map_or_else(String::new, |first| first.to_lowercase().collect());
    format!("{first}{}", chars.as_str())
}

fn with_your(text: &str) -> String {
    const DETERMINERS: &[&str] =
        &["the", "a", "an", "your", "our", "this", "that", "any", "these", "their"];
    let first = text.split(' ').next().unwrap_or("").to_ascii_lowercase();
    if DETERMINERS.contains(&first.as_str()) { text.to_owned() } else { format!("your {text}") }
}

/// The customer speaks of them; we speak to them.
fn to_them(text: &str) -> String {
    let mut turned = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let bare = word.trim_end_matches([',', '.', ';', '?', '!']);
        let new = match bare.to_ascii_lowercase().as_str() {
            "they" | "them" => "you",
            "their" => "your",
            "theirs" => "yours",
            "they're" => "you're",
            "they've" => "you've",
            "they'd" => "you'd",
            _ => bare,
        };
        turned.push(format!("{new}{}", &word[bare.len()..]));
    }
    turned.join(" ")
}

fn spaced(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let mut before_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && before_lower {
            text.push(' ');
        }
        before_lower = c.is_lowercase();
        text.extend(if matches!(c, '_' | '-') { vec![' '] } else { c.to_lowercase().collect() });
    }
    text
}

const EMPTY: &[&str] = &[
    "if", "whether", "what", "when", "how", "where", "who", "which", "why", "do", "does", "are",
    "is", "can", "will", "have", "has", "you", "your", "the", "a", "an", "on", "in", "at", "to",
    "for", "of", "and", "or", "any", "it", "they", "there", "i", "we", "us", "my", "our", "me",
    "be", "about", "s", "with", "would", "that", "from", "their", "did", "was", "were",
];

/// Two or three words of it, as a name.
fn name_of(content: &str) -> String {
    const NAME_WORDS_MAX: usize = 3;
    let mut kept = Vec::new();
    for word in words(content) {
        let fits = word.chars().all(char::is_alphanumeric) && !EMPTY.contains(&word.as_str());
        if fits && kept.len() < NAME_WORDS_MAX {
            kept.push(word);
        }
    }
    if kept.is_empty() { "answer".into() } else { kept.join("_") }
}

/// Share of the content words of `one` that are in `other`.
pub(crate) fn overlap(one: &str, other: &str) -> f64 {
    let there = words(other);
    let mut content = words(one);
    content.retain(|word| !EMPTY.contains(&word.as_str()));
    if content.is_empty() {
        return 0.0;
    }
    let alike = |word: &String| there.iter().any(|other| stem(other) == stem(word));
    content.iter().filter(|word| alike(word)).count() as f64 / content.len() as f64
}

fn stem(word: &str) -> &str {
    for ending in ["faction", "fied", "ing", "ed", "es", "s", "e"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 3
        {
            return stem;
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn questions(objective: &str, settings: Value) -> Vec<Question> {
        let brief = Brief {
            objective: objective.into(),
            settings: settings.to_string(),
            ..Brief::default()
        };
        let settings = Settings::read(&brief.settings);
        of(&brief, &settings).0
    }

    fn check(objective: &str, expected: &[&str]) {
        let found = questions(objective, json!({}));
        let wordings: Vec<&str> = found.iter().map(|one| one.wording.as_str()).collect();
        assert_eq!(wordings, expected, "{objective}");
    }

    #[test]
    fn objectives_become_questions() {
        check(
            "Ask customers whether they are satisfied, how often they order and what they would change.",
            &[
                "Could you tell me whether you are satisfied?",
                "Could you tell me how often you order?",
                "Could you tell me what you would change?",
            ],
        );
        check(
            "Survey: 1) how they found us, 2) what they liked",
            &["Could you tell me how you found us?", "Could you tell me what you liked?"],
        );
        check(
            "Interview the owner:\n- How many people work here?\n- hiring plans",
            &["How many people work here?", "What can you tell me about your hiring plans?"],
        );
        check(
            "Ask about price, quality and service",
            &[
                "What can you tell me about your price?",
                "What can you tell me about your quality?",
                "What can you tell me about your service?",
            ],
        );
        assert_eq!(questions("Ask 5 questions about satisfaction", json!({})).len(), 5);
        assert_eq!(questions("Do a survey on delivery times", json!({})).len(), 3);
        assert!(
            questions("Ask 2 questions about our app", json!({}))[0].wording.contains("our app")
        );
        assert_eq!(questions("", json!({})).len(), 3);
    }

    #[test]
    fn fields_are_questions_too() {
        let found = questions(
            "Ask how satisfied they are and why",
            json!({"extraction_schema": {"type": "object", "properties": {
                "satisfaction": {"type": "integer", "minimum": 1, "maximum": 5},
                "plan": {"type": "string", "enum": ["basic", "pro"]},
                "would_recommend": {"type": "boolean"},
            }}}),
        );
        let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        assert!(
            names.contains(&"satisfaction")
                && names.contains(&"plan")
                && names.contains(&"would_recommend"),
            "{names:?}"
        );
        let rated = found.iter().find(|one| one.name == "satisfaction").map(|one| one.kind.clone());
        assert_eq!(rated, Some(Kind::Number(Some((1.0, 5.0)))));
        assert!(found.iter().any(|one| one.wording.contains("basic or pro")));
        assert_eq!(range_in("rate it 1-10"), Some((1.0, 10.0)));
        assert_eq!(range_in("between 0 and 5"), Some((0.0, 5.0)));
        assert_eq!(range_in("2024-11"), None);
    }
}
