//! People and codes: who is named, what was spelled.

use super::lexicon::{Set, folded};
use super::profile::Profile;
use super::scene::{Line, Scene};
use crate::contact::{name_answer, name_from};
use crate::fields::contact_name;
use crate::language::Language;
use crate::talk::Value;

const NAMED_MIN: f32 = 0.5;

/// The person a field asks for.
pub(super) fn person(scene: &Scene, field: &Profile) -> Option<String> {
    let roles = Set::of(&[
        "doctor", "manager", "stylist", "mechanic", "teacher", "owner", "adjuster", "driver",
        "decides", "key",
    ]);
    if field.topic_set.meets(Set::of(&["booking", "customer"])) || is_just_a_name(field) {
        if let Some(name) = booked_under(scene) {
            return Some(name);
        }
        if field.topic_set.meets(Set::of(&["booking"])) {
            return None;
        }
    }
    if !field.topic_set.meets(roles) {
        let known = contact_name(scene.talk);
        return known.or_else(|| asked_for(scene, field));
    }
    let serves = Set::of(&["doctor", "stylist", "mechanic", "teacher"]);
    asked_for(scene, field).or_else(|| with(scene).filter(|_| field.topic_set.meets(serves)))
}

/// "Thursday at five, with Jasmine": who it is that an appointment is with.
fn with(scene: &Scene) -> Option<String> {
    const WITH: &[&str] = &["with", "con", "avec", "mit", "bei"];
    let mut found = None;
    for (_, line) in scene.theirs() {
        let tokens = line.tokens();
        for at in 1..tokens.len() {
            let spoken = folded(line.slice(at - 1..at));
            let led = tokens[at - 1].is("with") || WITH.contains(&spoken.as_str());
            let name = if led { name_from(tokens, at) } else { None };
            // German nouns have capitals, too.
            let titled = line.heard.language != Language::German
                || tokens[at].is_any(&["ms", "mr", "mrs", "dr"]);
            found = name.filter(|name| titled && !scene.talk.is_own_name(name)).or(found);
        }
    }
    found
}

fn is_just_a_name(field: &Profile) -> bool {
    field.is_general() && !field.kind_set.meets(Set::of(&["person"]))
}

fn asked_for(scene: &Scene, field: &Profile) -> Option<String> {
    const WHO: &[&str] = &[
        "who",
        "who's",
        "who'll",
        "whom",
        "with whom",
        "ask for",
        "quien",
        "qui",
        "wer",
        "wem",
        "wen",
        "con quien",
        "avec qui",
        "bei wem",
        "whose",
    ];
    let mut found = None;
    for (_, line) in scene.theirs() {
        let question = scene.question(line).map_or(0.0, |(ours, sentences)| {
            sentences.into_iter().map(|one| field.about(ours, one)).fold(0.0, f32::max)
        });
        let who = scene.question_says(line, WHO);
        let told = field.names_topic(line, line.all());
        // A field that is only called a name takes only who was asked for.
        if !(who || !field.is_general() && (question >= NAMED_MIN || told)) {
            continue;
        }
        if let Some(name) = named(scene, line, who || question >= NAMED_MIN) {
            found = Some(name);
        }
    }
    found
}

/// The name in a line: behind a title, behind "with" or "it's", or all there is to the answer.
fn named(scene: &Scene, line: &Line, asked: bool) -> Option<String> {
    const TITLES: &[&str] = &[
        "doctor",
        "dr",
        "doctora",
        "docteur",
        "doktor",
        "mr",
        "mrs",
        "ms",
        "miss",
        "frau",
        "herr",
        "herrn",
        "senora",
        "senor",
        "madame",
        "monsieur",
        "don",
        "dona",
        "professor",
    ];
    const LEADS: &[&str] = &[
        "with", "is", "be", "it's", "that's", "by", "for", "to", "con", "avec", "mit", "bei",
        "c'est", "lleva", "es", "ist", "est", "named", "called", "call", "von", "de", "an", "see",
        "lo",
    ];
    let tokens = line.tokens();
    let own = |name: &str| scene.talk.is_own_name(name);
    for at in 0..tokens.len() {
        let spoken = folded(line.slice(at..at + 1));
        let titled = TITLES.contains(&tokens[at].text.as_str())
            || TITLES.contains(&spoken.trim_matches('.'));
        if titled {
            let mut next = at + 1;
            while tokens.get(next).is_some_and(|token| {
                token.is(".")
                    || TITLES.contains(&folded(&token.text).as_str())
                    || token.start == tokens[at].start
            }) {
                next += 1;
            }
            if let Some(name) = name_from(tokens, next).filter(|name| !own(name)) {
                return Some(name);
            }
        }
    }
    for fact in line.facts() {
        if let Value::Name(name) = &fact.value
            && !own(name)
        {
            return Some(name.clone());
        }
    }
    let german = line.heard.language == Language::German;
    if !german {
        for at in 1..tokens.len() {
            let spoken = folded(line.slice(at - 1..at));
            let led = LEADS.contains(&tokens[at - 1].text.as_str())
                || spoken.split([' ', '\'']).any(|word| LEADS.contains(&word));
            if led && let Some(name) = name_from(tokens, at).filter(|name| !own(name)) {
                return Some(name);
            }
        }
    }
    if asked && !german {
        return name_answer(tokens).filter(|name| !own(name) && is_capital(line, name));
    }
    None
}

fn is_capital(line: &Line, name: &str) -> bool {
    line.heard.text.contains(name)
}

/// "Under the name Whitaker", whoever says it.
fn booked_under(scene: &Scene) -> Option<String> {
    const UNDER: &[&str] = &[
        "under the name",
        "the name is",
        "in the name of",
        "name of",
        "under",
        "au nom de",
        "a nombre de",
        "auf den namen",
        "unter dem namen",
        "name's",
        "name is",
        "book it for",
        "el nombre es",
        "c'est au nom de",
        "name ist",
        "for the name",
    ];
    let mut found = None;
    for line in &scene.lines {
        let tokens = line.tokens();
        for at in 1..tokens.len() {
            if !tokens[at].capital || !tokens[at].is_word() {
                continue;
            }
            let before = at.saturating_sub(5)..at;
            let led = UNDER.iter().any(|phrase| ends_with(line, before.clone(), phrase));
            if led
                && let Some(name) =
                    name_from(tokens, at).filter(|name| !scene.talk.is_own_name(name))
            {
                found.get_or_insert(name);
            }
        }
    }
    found
}

/// The words before a place are this phrase.
fn ends_with(line: &Line, range: std::ops::Range<usize>, phrase: &str) -> bool {
    let spoken = folded(line.slice(range));
    spoken
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .ends_with(phrase)
}

/// A reference that was spelled or read out.
pub(super) fn code(scene: &Scene, field: &Profile, rivals: &[&Profile]) -> Option<String> {
    let kinds = Set::of(&["code", "confirm", "booking", "ticket", "tracking", "order"]);
    for (_, line) in scene.theirs().collect::<Vec<_>>().into_iter().rev() {
        let about = |profile: &Profile| {
            let question = scene.question(line).map_or(0.0, |(ours, sentences)| {
                sentences.into_iter().map(|one| profile.about(ours, one)).fold(0.0, f32::max)
            });
            question.max(profile.about(line, line.all()))
        };
        let own = about(field);
        let mut means = scene.question_means(line);
        means.add(line.means(line.all()));
        let of_some_code = means.meets(kinds) && rivals.is_empty();
        let rival = rivals.iter().any(|rival| about(rival) > own + 0.05);
        let repeated = own < NAMED_MIN && is_repeated(scene, line, field);
        if rival || !(own >= NAMED_MIN || of_some_code || repeated) || is_phone(line) {
            continue;
        }
        if let Some(code) = spelled(&line.heard.text) {
            return Some(code);
        }
    }
    None
}

/// They asked for it, we gave it, they said it again.
fn is_repeated(scene: &Scene, line: &Line, field: &Profile) -> bool {
    let Some(ours) = line.asked.as_ref().map(|asked| asked.line) else { return false };
    let asked = ours.checked_sub(1).map(|before| &scene.lines[before]);
    let code = spelled(&line.heard.text);
    code.is_some()
        && code == spelled(&scene.lines[ours].heard.text)
        && asked
            .is_some_and(|asked| asked.heard.callee && field.about(asked, asked.all()) >= NAMED_MIN)
}

fn is_phone(line: &Line) -> bool {
    line.facts().any(|fact| matches!(fact.value, Value::Phone(_)))
        && line.means(line.all()).meets(Set::of(&["phone"]))
}

/// The longest run of letters and digits said one after the other: "R-T-8-8-1", "B as in Bravo, four".
pub(super) fn spelled(text: &str) -> Option<String> {
    const CODE_SIGNS_MIN: usize = 3;
    let chunks: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '(' | ')'))
        .map(|chunk| chunk.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    let mut best: Option<String> = None;
    let mut code = String::new();
    let mut at = 0;
    let mut keep = |code: &mut String| {
        let plain = code.trim_matches('-').to_owned();
        let signs = plain.chars().filter(|c| *c != '-').count();
        let digits = plain.chars().any(|c| c.is_ascii_digit());
        let longer = best.as_ref().is_none_or(|known| plain.len() > known.len());
        if signs >= CODE_SIGNS_MIN && digits && longer {
            best = Some(plain);
        }
        code.clear();
    };
    while at < chunks.len() {
        let chunk = chunks[at];
        if chunk.is_empty() {
            at += 1;
            continue;
        }
        if let Some(signs) = signs(chunk, !code.is_empty() || follows_sign(&chunks, at + 1)) {
            code.push_str(&signs);
            at += 1;
            at += aside(&chunks[at.min(chunks.len())..], &signs);
            continue;
        }
        let word = folded(chunk);
        if matches!(
            word.as_str(),
            "dash" | "hyphen" | "guion" | "tiret" | "strich" | "bindestrich" | "minus"
        ) {
            if !code.is_empty() {
                code.push('-');
            }
            at += 1;
            continue;
        }
        let times = match word.as_str() {
            "double" | "doble" | "doppel" | "doppelt" => 2,
            "triple" | "treble" => 3,
            _ => 0,
        };
        if times > 0
            && let Some(one) = chunks.get(at + 1).and_then(|next| signs(next, true))
        {
            code.push_str(&one.repeat(times));
            at += 2;
            continue;
        }
        keep(&mut code);
        at += 1;
    }
    keep(&mut code);
    best
}

fn follows_sign(chunks: &[&str], at: usize) -> bool {
    const ASIDES: &[&str] = &["as", "like", "wie", "comme", "como", "for"];
    chunks.get(at).is_some_and(|next| {
        ASIDES.contains(&next.to_lowercase().as_str())
            || signs(next, false).is_some()
            || next.chars().count() == 1
    })
}

/// The letters and digits of one chunk, if it is nothing else.
fn signs(chunk: &str, beside: bool) -> Option<String> {
    let letters = chunk.chars().filter(|c| c.is_alphabetic()).count();
    let digits = chunk.chars().filter(char::is_ascii_digit).count();
    let plain = chunk.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '.'));
    if !plain {
        return None;
    }
    let parts: Vec<&str> = chunk.split('-').collect();
    if parts.len() > 1 && parts.iter().all(|part| part.chars().count() == 1) {
        return Some(parts.concat().to_uppercase());
    }
    if digits > 0 && !chunk.contains('.') && !ends_in_ordinal(chunk) {
        // "WD-20931" is written as it is.
        return Some(chunk.to_uppercase());
    }
    if letters == 1 && chunk.chars().count() == 1 {
        return (beside && !["y", "à", "I"].contains(&chunk)).then(|| chunk.to_uppercase());
    }
    digit(&folded(chunk)).map(str::to_owned)
}

fn ends_in_ordinal(chunk: &str) -> bool {
    ["st", "nd", "rd", "th", "am", "pm", "h"].iter().any(|end| chunk.to_lowercase().ends_with(end))
}

/// How many chunks behind a letter only say which it is: "as in Bravo", "wie Anton".
fn aside(rest: &[&str], signs: &str) -> usize {
    if signs.chars().count() != 1 || !signs.chars().all(char::is_alphabetic) {
        return 0;
    }
    let word = |at: usize| rest.get(at).map_or(String::new(), |chunk| chunk.to_lowercase());
    match (word(0).as_str(), word(1).as_str()) {
        ("as", "in") => 3,
        ("as" | "like" | "wie" | "comme" | "como" | "for", _) => 2,
        ("de", _) if rest.get(1).is_some_and(|next| next.chars().count() > 2) => 2,
        _ => 0,
    }
}

fn digit(word: &str) -> Option<&'static str> {
    let digit = match word {
        "zero" | "oh" | "cero" | "null" => "0",
        "one" | "uno" | "un" | "eins" => "1",
        "two" | "dos" | "deux" | "zwei" | "zwo" => "2",
        "three" | "tres" | "trois" | "drei" => "3",
        "four" | "cuatro" | "quatre" | "vier" => "4",
        "five" | "cinco" | "cinq" | "funf" => "5",
        "six" | "seis" | "sechs" => "6",
        "seven" | "siete" | "sept" | "sieben" => "7",
        "eight" | "ocho" | "huit" | "acht" => "8",
        "nine" | "nueve" | "neuf" | "neun" => "9",
        _ => return None,
    };
    Some(digit)
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn codes_are_read_as_they_are_spelled() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(spelled(text).as_deref(), expected, "{text}");
        };
        check("Your code is R-T-8-8-1.", Some("RT881"));
        check("It's B as in Bravo, K as in Kilo, four seven one nine.", Some("BK4719"));
        check("Ja, A wie Anton, M wie Martha, drei drei sieben.", Some("AM337"));
        check("Yes, P-O dash 5-5-2.", Some("PO-552"));
        check("Sí, es H T 3 0 9.", Some("HT309"));
        check("WD-20931, thank you.", Some("WD-20931"));
        check("Yes, it's 7 7 4 0 2 1.", Some("774021"));
        check("A table for four.", None);
        check("I have no idea.", None);
    }
}
