//! E-mail addresses, telephone numbers and the names people give themselves.

use super::number::{small_word, tens_word};
use super::talk::Value;
use super::token::{Token, match_phrase};
use super::when::Match;

const PHONE_DIGITS_MIN: usize = 7;
const PHONE_DIGITS_MAX: usize = 15;
/// Longest spoken address, in tokens on either side of the "at".
const ADDRESS_TOKENS_MAX: usize = 24;

/// An address around the "at" or "@" at token `at`: its value, first token and end.
pub(crate) fn email_around(tokens: &[Token], at: usize) -> Option<(Value, usize, usize)> {
    let sign = tokens.get(at)?;
    let written = sign.is("@");
    if !written && !sign.is("at") {
        return None;
    }
    let (host, end) = host_after(tokens, at + 1, written)?;
    let (user, start) = user_before(tokens, at, written)?;
    Some((Value::Email(format!("{user}@{host}")), start, end))
}

fn host_after(tokens: &[Token], from: usize, written: bool) -> Option<(String, usize)> {
    let mut host = String::new();
    let mut end = from;
    let mut at = from;
    let mut dotted = false;
    let limit = (from + ADDRESS_TOKENS_MAX).min(tokens.len());
    while at < limit {
        let token = &tokens[at];
        if let Some(joint) = joint(token).filter(|joint| *joint != "_") {
            let after = tokens.get(at + 1).filter(|after| !after.is_mark());
            let follows = after.is_some_and(|after| !token.is_mark() || after.glued);
            if host.is_empty() || !follows {
                break;
            }
            host.push_str(joint);
            dotted |= joint == ".";
            at += 1;
            continue;
        }
        let joined = host.is_empty()
            || host.ends_with(['.', '-'])
            || spelled_on(tokens, at)
            || !dotted && !written && runs_on(tokens, at);
        if token.is_mark() || !joined || (written && !token.glued) {
            break;
        }
        if !host.is_empty() && host.ends_with(|c: char| c.is_alphanumeric()) && token.glued {
            let hyphen = token.start > tokens[at - 1].end;
            host.push_str(if hyphen { "-" } else { "" });
        }
        host.push_str(&token.text);
        at += 1;
        end = at;
    }
    let host = host.trim_end_matches(['.', '-']);
    let top = host.rsplit('.').next().unwrap_or("");
    let real = dotted && top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    real.then(|| (host.to_owned(), end))
}

/// "At blue door dot com": the words up to the first "dot" are one name.
fn runs_on(tokens: &[Token], at: usize) -> bool {
    const WORDS_MAX: usize = 2;
    const NO_NAME: &[&str] = &["the", "our", "a", "my", "your", "this", "that", "and", "or", "is"];
    let plain = |token: &Token| token.is_word() && !token.is_any(NO_NAME) && joint(token).is_none();
    let ahead = tokens[at..].iter().take(WORDS_MAX + 1).position(|token| token.is("dot"));
    let before = at.checked_sub(1).is_some_and(|before| plain(&tokens[before]));
    before && ahead.is_some_and(|ahead| tokens[at..at + ahead].iter().all(plain))
}

/// What joins two parts of an address, spoken or written.
fn joint(token: &Token) -> Option<&'static str> {
    match token.text.as_str() {
        "dot" | "." => Some("."),
        "dash" | "hyphen" | "minus" | "-" => Some("-"),
        "underscore" | "_" => Some("_"),
        _ => None,
    }
}

/// Single letters said one after the other belong together, and so do glued parts.
fn spelled_on(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else { return false };
    let single = |token: &Token| token.text.chars().count() == 1 && !token.is_mark();
    tokens[at].glued || (single(before) && single(&tokens[at]))
}

fn user_before(tokens: &[Token], sign: usize, written: bool) -> Option<(String, usize)> {
    let mut parts: Vec<String> = Vec::new();
    let mut at = sign;
    let mut start = sign;
    let mut open = true;
    while at > 0 && sign - at < ADDRESS_TOKENS_MAX {
        at -= 1;
        let token = &tokens[at];
        if let Some(joint) = joint(token).or(token.is("plus").then_some("+")) {
            let glued_mark = !token.is_mark() || tokens.get(at + 1).is_some_and(|next| next.glued);
            if open || !glued_mark {
                break;
            }
            parts.push(joint.to_owned());
            open = true;
            continue;
        }
        let counted = tokens[at + 1].is_digits() && at > 0 && joint(&tokens[at - 1]).is_some();
        let initial = parts.len() == 1 && is_initial(token) && tokens[at + 1].is_word();
        let joined = open || spelled_on(tokens, at + 1) || counted && token.is_word() || initial;
        if token.is_mark() || !joined || (written && at + 1 == sign && !tokens[sign].glued) {
            break;
        }
        let digit = small_word(&token.text).filter(|digit| *digit < 10);
        let hyphen = !open && tokens[at + 1].glued && tokens[at + 1].start > token.end;
        if hyphen {
            parts.push("-".to_owned());
        }
        parts.push(digit.map_or_else(|| token.text.clone(), |digit| digit.to_string()));
        open = false;
        start = at;
    }
    parts.reverse();
    let user = parts.concat();
    let user = user.trim_start_matches(['.', '-', '_', '+']);
    let name = user.chars().any(char::is_alphanumeric);
    let place = ["us", "me", "you", "is", "him", "her", "them", "it", "look"].contains(&user);
    (name && !place).then(|| (user.to_owned(), start))
}

/// "H pell at …": the letter of a first name before the last.
fn is_initial(token: &Token) -> bool {
    token.is_word()
        && token.text.chars().count() == 1
        && !token.is_any(&["a", "i", "y", "e", "o", "à"])
}

/// A telephone number: seven to fifteen digits in a row, in figures or words.
pub(crate) fn phone_at(tokens: &[Token], at: usize) -> Match {
    let mut digits = String::new();
    let mut end = at;
    let mut next = at;
    let mut plus = false;
    if tokens[at].is_any(&["+", "plus"]) {
        plus = true;
        next += 1;
    }
    while let Some(token) = tokens.get(next) {
        if digits.len() > PHONE_DIGITS_MAX {
            return None;
        }
        if let Some(used) = push_digits(&mut digits, tokens, next) {
            next += used;
            end = next;
            continue;
        }
        let separator = token.is_any(&["-", "(", ")", ",", ".", "/", "–", "and"]);
        if digits.is_empty() && !token.is("(") || !separator || token.is("and") {
            break;
        }
        next += 1;
    }
    let counted = tokens.get(end).is_some_and(|after| {
        after.is_any(&["dollars", "%", "percent", "units", "pieces", "thousand", "hundred"])
    });
    let priced = at.checked_sub(1).is_some_and(|before| tokens[before].is_any(&["$", "€", "£"]));
    let fits = (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits.len());
    if !fits || counted || priced {
        return None;
    }
    let sign = if plus { "+" } else { "" };
    Some((Value::Phone(format!("{sign}{digits}")), end - at))
}

fn push_digits(digits: &mut String, tokens: &[Token], at: usize) -> Option<usize> {
    let token = tokens.get(at)?;
    if token.is_digits() {
        if token.text.contains('.') {
            let parts = token.text.split('.');
            let grouped = parts.clone().count() > 1 && parts.clone().all(|part| part.len() >= 3);
            if !grouped {
                return None;
            }
            parts.for_each(|part| digits.push_str(part));
            return Some(1);
        }
        digits.push_str(&token.text);
        return Some(1);
    }
    let times = match token.text.as_str() {
        "double" => 2,
        "triple" | "treble" => 3,
        _ => {
            let value = one_digit(&token.text).map(String::from).or_else(|| two_digits(tokens, at));
            let value = value?;
            let used = if value.len() == 2 && tens_word(&token.text).is_some() {
                1 + usize::from(!value.ends_with('0'))
            } else {
                1
            };
            digits.push_str(&value);
            return Some(used);
        }
    };
    let digit = tokens.get(at + 1).and_then(|next| {
        one_digit(&next.text).or_else(|| next.text.chars().next().filter(char::is_ascii_digit))
    })?;
    for _ in 0..times {
        digits.push(digit);
    }
    Some(2)
}

fn one_digit(word: &str) -> Option<char> {
    if matches!(word, "oh" | "o") {
        return Some('0');
    }
    small_word(word).and_then(|digit| char::from_digit(digit, 10))
}

fn two_digits(tokens: &[Token], at: usize) -> Option<String> {
    let word = &tokens.get(at)?.text;
    if let Some(teen) = small_word(word).filter(|teen| *teen >= 10) {
        return Some(teen.to_string());
    }
    let tens = tens_word(word)?;
    let unit = tokens.get(at + 1).and_then(|next| small_word(&next.text));
    let unit = unit.filter(|unit| (1..10).contains(unit)).unwrap_or(0);
    Some((tens + unit).to_string())
}

/// The digits of a number written in any way, for comparison.
pub(crate) fn digits_of(text: &str) -> String {
    let tokens = super::token::tokens(text);
    let mut digits = String::new();
    let mut at = 0;
    while at < tokens.len() {
        at += push_digits(&mut digits, &tokens, at).unwrap_or(1);
    }
    digits
}

const INTRODUCTIONS: &[&str] = &[
    "this is",
    "my name is",
    "my name's",
    "name is",
    "name's",
    "i'm",
    "i am",
    "it's",
    "speaking with",
    "talking to",
    "speaking to",
    "talk to",
    "ask for",
    "contact is",
    "contact person is",
    "person is",
    "send it to",
    "attention of",
    "you can call me",
    "call me",
    "here is",
];
/// These also come before much that is not a name, so they need a capital letter to count.
const LOOSE: &[&str] =
    &["it's", "i'm", "i am", "this is", "talk to", "send it to", "here is", "call me", "ask for"];
const TITLES: &[&str] = &["mr", "mrs", "ms", "miss", "dr"];
const NAME_WORDS_MAX: usize = 3;
const NEVER_NAMES: &[&str] = &[
    "a",
    "an",
    "the",
    "speaking",
    "calling",
    "here",
    "from",
    "with",
    "at",
    "and",
    "or",
    "of",
    "in",
    "for",
    "to",
    "not",
    "no",
    "yes",
    "who",
    "what",
    "how",
    "sorry",
    "afraid",
    "sure",
    "just",
    "fine",
    "good",
    "great",
    "well",
    "right",
    "okay",
    "ok",
    "so",
    "happy",
    "glad",
    "going",
    "looking",
    "trying",
    "about",
    "your",
    "you",
    "my",
    "me",
    "his",
    "her",
    "their",
    "our",
    "it",
    "that",
    "this",
    "there",
    "he",
    "she",
    "they",
    "we",
    "i",
    "i'm",
    "is",
    "are",
    "was",
    "be",
    "back",
    "later",
    "tomorrow",
    "today",
    "anytime",
    "available",
    "only",
    "also",
    "still",
    "very",
    "really",
    "all",
    "on",
    "by",
    "if",
    "but",
    "because",
    "again",
    "regarding",
    "someone",
    "somebody",
    "anyone",
    "customer",
    "sales",
    "manager",
    "reception",
    "support",
    "dot",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "please",
    "one",
    "hello",
    "hi",
    "um",
    "uh",
    "oh",
    "er",
    "hmm",
    "thanks",
    "thank",
    "would",
    "could",
    "can",
    "will",
    "do",
    "does",
    "did",
    "have",
    "has",
];
const COMPANY_WORDS: &[&str] = &[
    "company",
    "corp",
    "corporation",
    "inc",
    "incorporated",
    "llc",
    "ltd",
    "limited",
    "gmbh",
    "supply",
    "supplies",
    "steel",
    "restaurant",
    "clinic",
    "hotel",
    "store",
    "shop",
    "office",
    "department",
    "services",
    "service",
    "solutions",
    "industries",
    "group",
    "bank",
    "school",
    "hospital",
    "metals",
    "trading",
    "partners",
    "systems",
    "center",
    "centre",
    "bistro",
    "cafe",
];

/// A name introduced at token `at`: "this is Mike Chen", "Mike Chen speaking".
pub(crate) fn name_at(tokens: &[Token], at: usize) -> Option<(Value, usize, usize)> {
    for introduction in INTRODUCTIONS {
        let Some(found) = match_phrase(tokens, at, tokens.len(), introduction) else { continue };
        let capital = LOOSE.contains(introduction);
        let negated = at.checked_sub(1).is_some_and(|before| tokens[before].is("not"));
        if negated {
            continue;
        }
        if let Some((name, end)) = name_words(tokens, found.end, capital) {
            return Some((Value::Name(name), found.end, end));
        }
    }
    let titled = tokens[at].capital && tokens[at].is_any(TITLES);
    if titled && let Some((name, end)) = name_words(tokens, at, true) {
        return Some((Value::Name(name), at, end));
    }
    let first = at == 0 || tokens[at - 1].is_mark() || tokens[at - 1].is("yes");
    if !first || !tokens[at].capital {
        return None;
    }
    let (name, end) = name_words(tokens, at, true)?;
    let sign_off = tokens.get(end).is_some_and(|after| after.is_any(&["speaking", "here"]));
    sign_off.then_some((Value::Name(name), at, end))
}

/// The name that is all of an answer to "may I have your name?": "Sure, it's Mike Chen."
pub(crate) fn name_answer(tokens: &[Token]) -> Option<String> {
    let polite = ["sure", "yes", "yeah", "of", "course", "certainly", "it's", "its", "oh"];
    let mut at = 0;
    while tokens.get(at).is_some_and(|token| token.is_mark() || token.is_any(&polite)) {
        at += 1;
    }
    let (name, end) = name_words(tokens, at, false)?;
    let over = tokens.get(end).is_none_or(|after| {
        after.is_mark() || after.is_any(&["from", "here", "speaking", "in", "at"])
    });
    over.then_some(name)
}

/// The capitalised name that begins at `from`.
pub(crate) fn name_from(tokens: &[Token], from: usize) -> Option<String> {
    name_words(tokens, from, true).map(|(name, _)| name)
}

fn name_words(tokens: &[Token], from: usize, capital: bool) -> Option<(String, usize)> {
    let mut words: Vec<String> = Vec::new();
    let mut at = from;
    while let Some(token) = tokens.get(at) {
        if TITLES.contains(&token.text.as_str()) && words.is_empty() {
            at += 1;
            at += usize::from(tokens.get(at).is_some_and(|dot| dot.is(".")));
            continue;
        }
        let fits = token.is_word()
            && !NEVER_NAMES.contains(&token.text.as_str())
            && !token.text.contains('\'')
            && small_word(&token.text).is_none()
            && tens_word(&token.text).is_none()
            && (token.capital || !capital);
        if let Some(particles) = particles(tokens, at).filter(|_| !words.is_empty()) {
            words.extend(tokens[at..at + particles].iter().map(|token| token.text.clone()));
            at += particles;
            continue;
        }
        let lower_tail = !words.is_empty() && !token.capital && first_was_capital(tokens, from);
        let new_part = at > from && tokens[at - 1].is(".") && words.is_empty();
        if !fits || lower_tail || named_words(&words) == NAME_WORDS_MAX && !new_part {
            break;
        }
        words.push(capitalised(&token.text));
        at += 1;
    }
    let lower = words.iter().map(|word| word.to_lowercase());
    let company = lower.clone().any(|word| COMPANY_WORDS.contains(&word.as_str()));
    let long = words.iter().all(|word| word.chars().count() > 1);
    let uncapitalised_too_long = words.len() > 2 && !first_was_capital(tokens, from);
    if words.is_empty() || company || !long || uncapitalised_too_long {
        return None;
    }
    Some((words.join(" "), at))
}

/// Words without the particles between them.
fn named_words(words: &[String]) -> usize {
    words.iter().filter(|word| word.starts_with(char::is_uppercase)).count()
}

/// "de la", "von" and the like, which stand in lower case between the parts of a name.
fn particles(tokens: &[Token], at: usize) -> Option<usize> {
    const PARTICLES: &[&str] = &[
        "de", "la", "del", "los", "von", "van", "der", "den", "zu", "di", "da", "dos", "le", "du",
    ];
    let particle = |token: &&Token| !token.capital && token.is_any(PARTICLES);
    let count = tokens.get(at..)?.iter().take(2).take_while(particle).count();
    let named = tokens.get(at + count).is_some_and(|token| token.is_word() && token.capital);
    (count > 0 && named).then_some(count)
}

fn first_was_capital(tokens: &[Token], from: usize) -> bool {
    tokens.get(from).is_some_and(|token| token.capital)
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
