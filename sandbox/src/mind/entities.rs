//! Things with a shape of their own in speech: e-mail addresses, telephone numbers, names, days and
//! times, terms of payment.

use super::numbers::{self, Word};

pub(super) fn email(text: &str) -> Option<String> {
    let words = numbers::words(text);
    let is_written = |word: &&Word| word.text.contains('@') && word.text.contains('.');
    if let Some(written) = words.iter().find(is_written) {
        return Some(written.text.clone());
    }
    let text_at = |index: usize| words.get(index).map(|word| word.text.as_str());
    for at in 1..words.len() {
        if text_at(at) != Some("at") || text_at(at + 2) != Some("dot") {
            continue;
        }
        let mut local = words[at - 1].text.clone();
        let mut left = at - 1;
        while left >= 2 && text_at(left - 1) == Some("dot") {
            local = format!("{}.{local}", words[left - 2].text);
            left -= 2;
        }
        let mut domain = words[at + 1].text.clone();
        let mut right = at + 2;
        while text_at(right) == Some("dot") {
            let Some(part) = text_at(right + 1) else { break };
            domain = format!("{domain}.{part}");
            right += 2;
        }
        return Some(format!("{local}@{domain}"));
    }
    None
}

const PHONE_DIGITS_MIN: usize = 7;
const PHONE_DIGITS_MAX: usize = 15;

pub(super) fn phone(text: &str) -> Option<String> {
    let mut run = String::new();
    let mut best = String::new();
    for word in numbers::words(text) {
        match spoken_digits(&word.text) {
            Some(digits) => run.push_str(&digits),
            None => run.clear(),
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    let plus = if text.contains("+1") || text.contains("plus one") { "+" } else { "" };
    let fits = (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&best.len());
    fits.then(|| format!("{plus}{best}"))
}

fn spoken_digits(word: &str) -> Option<String> {
    if matches!(word, "oh" | "o") {
        return Some("0".to_owned());
    }
    if let Some(value) = numbers::small(word) {
        return (value < 10.0).then(|| format!("{value:.0}"));
    }
    let bare = word.replace([')', '('], "");
    let all_digits = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then_some(bare)
}

const NAME_LEADS: &[&str] = &[
    "my name is ",
    "name is ",
    "my name's ",
    "this is ",
    "speaking with ",
    "speaking to ",
    "ask for ",
    "contact is ",
    "i'm ",
    "i am ",
];

/// "This is Mike Chen." gives "Mike Chen".
pub(super) fn person(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    // Offsets in the lower-case copy fit the original only if lengths agree.
    if lower.len() != text.len() {
        return None;
    }
    for lead in NAME_LEADS {
        for (at, _) in lower.match_indices(lead) {
            let starts_word = at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphanumeric();
            let rest = text.get(at + lead.len()..).filter(|_| starts_word);
            if let Some(name) = rest.and_then(capitalised) {
                return Some(name);
            }
        }
    }
    let before = lower.find(" speaking").and_then(|at| text.get(..at))?;
    let tail: Vec<&str> = before.rsplit([',', '.', '!']).next()?.split_whitespace().collect();
    capitalised(&tail.join(" ")).filter(|name| name.split(' ').count() == tail.len())
}

/// Up to three capitalised words.
fn capitalised(text: &str) -> Option<String> {
    let mut name: Vec<&str> = Vec::new();
    for word in text.split_whitespace().take(3) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
        let title = matches!(bare, "Mr." | "Mrs." | "Ms." | "Dr.");
        let bare = if title { bare } else { bare.trim_end_matches('.') };
        if !bare.starts_with(char::is_uppercase) || bare == "I" {
            break;
        }
        name.push(bare);
        if !title && word.ends_with([',', '.', '?', '!', ';', ':']) {
            break;
        }
    }
    (!name.is_empty()).then(|| name.join(" "))
}

const DAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "tomorrow",
    "today",
    "tonight",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const HOURS: &[&str] = &["am", "pm", "oclock", "noon", "midnight", "a.m", "p.m", "o'clock"];
const INSIDE: &[&str] = &[
    "at",
    "the",
    "of",
    "in",
    "morning",
    "afternoon",
    "evening",
    "next",
    "this",
    "on",
    "half",
    "past",
    "quarter",
    "to",
];

/// "Friday at seven thirty pm", as it was said.
pub(super) fn when(text: &str) -> Option<String> {
    let words = numbers::words(text);
    let raw: Vec<&str> = text.split_whitespace().collect();
    let marks =
        |word: &Word| DAYS.contains(&word.text.as_str()) || HOURS.contains(&word.text.as_str());
    let anchor = words.iter().position(marks)?;
    let belongs = |word: &Word| {
        marks(word)
            || INSIDE.contains(&word.text.as_str())
            || numbers::small(&word.text).is_some()
            || word.text.starts_with(|c: char| c.is_ascii_digit())
            || is_ordinal(&word.text)
    };
    let mut from = anchor;
    while from > 0 && belongs(&words[from - 1]) && !words[from - 1].ends {
        from -= 1;
    }
    let mut to = anchor;
    while to + 1 < words.len() && belongs(&words[to + 1]) {
        to += 1;
    }
    while from < anchor && is_inside(&words[from]) {
        from += 1;
    }
    while to > anchor && is_inside(&words[to]) && !is_part_of_day(&words[to]) {
        to -= 1;
    }
    let said: Vec<String> = words[from..=to].iter().map(|word| as_written(&raw, word)).collect();
    Some(said.join(" "))
}

fn is_inside(word: &Word) -> bool {
    INSIDE.contains(&word.text.as_str())
}

fn is_part_of_day(word: &Word) -> bool {
    matches!(word.text.as_str(), "morning" | "afternoon" | "evening")
}

fn is_ordinal(word: &str) -> bool {
    const ORDINALS: &[&str] = &[
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "twentieth",
        "thirtieth",
    ];
    ORDINALS.contains(&word)
}

/// The word with the capitals it was written with.
fn as_written(raw: &[&str], word: &Word) -> String {
    for piece in raw {
        let bare = piece.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.to_lowercase() == word.text {
            return bare.to_owned();
        }
    }
    word.text.clone()
}

/// "Net 30", however it was said.
pub(super) fn net_terms(text: &str) -> Option<String> {
    let words = numbers::words(text);
    let at = words.iter().position(|word| word.text == "net")?;
    let after: Vec<&str> = words[at + 1..].iter().map(|word| word.text.as_str()).collect();
    let days = numbers::numbers(&after.join(" ")).into_iter().find(|said| said.at == 0)?;
    Some(format!("Net {:.0}", days.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: fn(&str) -> Option<String>, text: &str, expected: Option<&str>) {
        assert_eq!(read(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn addresses_and_numbers() {
        check(email, "Write to mike at supplier dot com, please.", Some("mike@supplier.com"));
        check(
            email,
            "It's mike dot chen at supplier dot co dot uk",
            Some("mike.chen@supplier.co.uk"),
        );
        check(email, "Send it to mike@supplier.com.", Some("mike@supplier.com"));
        check(email, "We meet at the office.", None);
        check(phone, "Call 415-555-1234 then", Some("4155551234"));
        check(phone, "It's five five five, oh one two three.", Some("5550123"));
        check(phone, "Five hundred units", None);
    }

    #[test]
    fn names() {
        check(person, "Apex Steel, this is Mike Chen.", Some("Mike Chen"));
        check(person, "I'm happy to help.", None);
        check(person, "Hello, Dana speaking.", Some("Dana"));
        check(person, "My name is Dr. Lee, how can I help?", Some("Dr. Lee"));
        check(person, "This is a recording.", None);
    }

    #[test]
    fn days_and_terms() {
        check(
            when,
            "We can do Friday at seven thirty pm for you.",
            Some("Friday at seven thirty pm"),
        );
        check(when, "Come in on the third of March.", Some("third of March"));
        check(when, "Tomorrow morning works.", Some("Tomorrow morning"));
        check(when, "No day was said.", None);
        check(net_terms, "Terms are net thirty.", Some("Net 30"));
        check(net_terms, "Net 45 days for new accounts", Some("Net 45"));
        check(net_terms, "The net result", None);
    }
}
