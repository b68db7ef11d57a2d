//! Numbers in speech: reads "seventy-two dollars per unit", "$1,200" and "sixty k", and says amounts
//! in words. English only, as the sandbox's scenarios are.

use crate::voice::{SMALL, TENS};

/// A number as it was said, with what it counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) value: f64,
    /// ISO 4217 code, if a currency was named.
    pub(super) currency: Option<&'static str>,
    /// "unit" in "per unit", "a unit" or "each".
    pub(super) per: Option<String>,
    /// The word after the number if it is no currency: "days", "percent".
    pub(super) noun: Option<String>,
    /// Index of the number's first word in [`words`].
    pub(super) at: usize,
}

impl Said {
    pub(super) fn is_money(&self) -> bool {
        self.currency.is_some() || (self.per.is_some() && self.noun.is_none())
    }
}

/// One word, lower case, without punctuation around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) sign: Option<&'static str>,
    pub(super) percent: bool,
    /// A clause ends here.
    pub(super) ends: bool,
}

/// Splits text into words; "14-day" and "$52/unit" into their parts.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for raw in text.split_whitespace() {
        let pieces: Vec<&str> = if raw.contains('@') { vec![raw] } else { split_raw(raw) };
        let count = pieces.len();
        for (index, piece) in pieces.into_iter().enumerate() {
            let last = index + 1 == count;
            if piece == "/" {
                found.push(bare("per"));
            } else if let Some(word) = word(piece, last) {
                found.push(word);
            }
        }
    }
    found
}

fn split_raw(raw: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, character) in raw.char_indices() {
        if matches!(character, '-' | '–' | '—' | '/') {
            pieces.push(&raw[start..at]);
            if character == '/' {
                pieces.push("/");
            }
            start = at + character.len_utf8();
        }
    }
    pieces.push(&raw[start..]);
    pieces
}

fn word(piece: &str, may_end: bool) -> Option<Word> {
    let text = piece.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if text.is_empty() {
        return None;
    }
    let sign = piece.chars().find_map(|character| match character {
        '$' => Some("USD"),
        '€' => Some("EUR"),
        '£' => Some("GBP"),
        _ => None,
    });
    let ends = may_end && piece.ends_with(['.', ',', '?', '!', ';', ':']);
    Some(Word { text, sign, percent: piece.contains('%'), ends })
}

fn bare(text: &str) -> Word {
    Word { text: text.to_owned(), sign: None, percent: false, ends: false }
}

/// Every number of a text, in the order said.
pub(super) fn numbers(text: &str) -> Vec<Said> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((value, used)) = number(&words[at..]) else {
            at += 1;
            continue;
        };
        let said = complete(&words, at, value, used);
        at += said.1;
        found.push(said.0);
    }
    found
}

/// Amounts of money, in the order said.
pub(super) fn amounts(text: &str) -> Vec<Said> {
    numbers(text).into_iter().filter(Said::is_money).collect()
}

/// Adds currency, cents, unit and noun to a number; gives the count of words used.
fn complete(words: &[Word], at: usize, value: f64, used: usize) -> (Said, usize) {
    let mut said = Said { value, currency: words[at].sign, per: None, noun: None, at };
    let mut next = at + used;
    let text = |index: usize| words.get(index).map(|word| word.text.as_str());
    let open = !words[next - 1].ends;
    if words[next - 1].percent {
        said.noun = Some("percent".to_owned());
        return (said, used);
    }
    if open && let Some(code) = text(next).and_then(currency) {
        said.currency = Some(code);
        next += 1;
        let skip = usize::from(text(next) == Some("and"));
        if let Some(rest) = words.get(next + skip..)
            && let Some((cents, cents_used)) = number(rest)
            && matches!(text(next + skip + cents_used), Some("cents" | "cent"))
        {
            said.value += cents / 100.0;
            next += skip + cents_used + 1;
        }
    }
    if words[next - 1].ends {
        return (said, next - at);
    }
    match (text(next), text(next + 1)) {
        (Some("each" | "apiece"), _) => said.per = Some("unit".to_owned()),
        (Some("per"), Some(unit)) => said.per = Some(unit.to_owned()),
        (Some("a" | "an"), Some(unit)) if !is_function_word(unit) => {
            said.per = Some(unit.to_owned());
        }
        (Some(noun), _)
            if said.currency.is_none() && small(noun).is_none() && !is_function_word(noun) =>
        {
            said.noun = Some(noun.to_owned());
        }
        _ => {}
    }
    (said, next - at)
}

fn currency(word: &str) -> Option<&'static str> {
    match word {
        "dollar" | "dollars" | "buck" | "bucks" | "usd" => Some("USD"),
        "euro" | "euros" | "eur" => Some("EUR"),
        "pound" | "pounds" | "gbp" => Some("GBP"),
        _ => None,
    }
}

fn is_function_word(word: &str) -> bool {
    const FUNCTION: &[&str] = &[
        "a", "an", "and", "are", "as", "at", "but", "by", "each", "for", "from", "if", "in", "is",
        "it", "little", "lot", "of", "on", "or", "per", "so", "that", "the", "then", "to", "up",
        "was", "we", "when", "with", "would", "you", "right", "which", "because", "works", "today",
        "tomorrow",
    ];
    FUNCTION.contains(&word)
}

/// The number that begins the words, and how many words it took.
fn number(words: &[Word]) -> Option<(f64, usize)> {
    let first = words.first()?;
    if first.text.starts_with(|character: char| character.is_ascii_digit()) {
        return digits(words);
    }
    let scaled = words.get(1).is_some_and(|word| scale(word).is_some());
    if scaled && matches!(first.text.as_str(), "a" | "one") {
        return group(words, 1.0, 1);
    }
    small(&first.text)?;
    group(words, 0.0, 0)
}

fn digits(words: &[Word]) -> Option<(f64, usize)> {
    let text = words[0].text.replace(',', "");
    let (text, factor) = match text.strip_suffix('k') {
        Some(shorter) => (shorter.to_owned(), 1000.0),
        None => (text, 1.0),
    };
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let (mut value, mut used) = (value * factor, 1);
    if !words[0].ends
        && let Some(scale) = words.get(1).and_then(scale)
    {
        value *= scale;
        used = 2;
    }
    Some((value, used))
}

/// Reads words such as "two thousand five hundred and sixty", "fifty-eight fifty", "two point five".
fn group(words: &[Word], start: f64, start_used: usize) -> Option<(f64, usize)> {
    let mut total = 0.0;
    let mut part = start;
    let mut used = start_used;
    while let Some(word) = words.get(used) {
        let ended = used > 0 && words[used - 1].ends;
        if ended {
            break;
        }
        if let Some(factor) = scale(word).filter(|_| part > 0.0) {
            part *= factor;
            if factor >= 1000.0 {
                total += part;
                part = 0.0;
            }
        } else if let Some(value) = small(&word.text) {
            let fits = part == 0.0
                || (part % 100.0 == 0.0 && value < 100.0)
                || (part % 10.0 == 0.0 && part % 100.0 >= 20.0 && (1.0..10.0).contains(&value));
            if fits {
                part += value;
            } else if (10.0..100.0).contains(&part) && value >= 10.0 {
                return Some(with_cents(words, total + part, used, value));
            } else {
                break;
            }
        } else if word.text == "and" && (part >= 100.0 || total > 0.0) && follows(words, used) {
            // "two hundred and fifty"; the next word is a number.
        } else if word.text == "point" && follows(words, used) {
            return Some(with_point(words, total + part, used));
        } else {
            break;
        }
        used += 1;
    }
    (used > 0).then_some((total + part, used))
}

fn follows(words: &[Word], at: usize) -> bool {
    words.get(at + 1).is_some_and(|word| small(&word.text).is_some())
}

/// "fifty-eight fifty" is 58.50.
fn with_cents(words: &[Word], whole: f64, used: usize, tens: f64) -> (f64, usize) {
    let unit = words.get(used + 1).filter(|_| !words[used].ends && tens >= 20.0);
    let unit = unit.and_then(|word| small(&word.text)).filter(|unit| (1.0..10.0).contains(unit));
    match unit {
        Some(unit) => (whole + (tens + unit) / 100.0, used + 2),
        None => (whole + tens / 100.0, used + 1),
    }
}

/// "two point five" is 2.5: each word after the point is a digit.
fn with_point(words: &[Word], whole: f64, point: usize) -> (f64, usize) {
    let (mut value, mut factor, mut used) = (whole, 0.1, point + 1);
    while let Some(digit) = words.get(used).and_then(|word| small(&word.text)) {
        if digit >= 10.0 {
            break;
        }
        value += digit * factor;
        factor /= 10.0;
        used += 1;
    }
    ((value * 1e6).round() / 1e6, used)
}

fn scale(word: &Word) -> Option<f64> {
    match word.text.as_str() {
        "hundred" => Some(100.0),
        "dozen" => Some(12.0),
        "thousand" | "k" | "grand" => Some(1000.0),
        "million" => Some(1_000_000.0),
        _ => None,
    }
}

/// Zero to nineteen, and the tens.
pub(super) fn small(word: &str) -> Option<f64> {
    if let Some(value) = SMALL.iter().position(|name| *name == word) {
        return Some(value as f64);
    }
    let tens = TENS.iter().position(|name| !name.is_empty() && *name == word)?;
    Some(tens as f64 * 10.0)
}

/// "seventy-two dollars and fifty cents per unit".
pub(super) fn speak_amount(said: &Said) -> String {
    let mut cents = (said.value * 100.0).round() as u64;
    let whole = cents / 100;
    cents %= 100;
    let mut spoken = speak_whole(whole);
    if let Some(code) = said.currency {
        spoken.push_str(currency_word(code, whole));
        if cents > 0 {
            spoken.push_str(&format!(" and {} cents", speak_whole(cents)));
        }
    } else if cents > 0 {
        spoken.push_str(&format!(" point {}", speak_whole(cents)));
    }
    if let Some(unit) = &said.per {
        spoken.push_str(&format!(" per {unit}"));
    }
    spoken
}

fn currency_word(code: &str, whole: u64) -> &'static str {
    match (code, whole) {
        ("EUR", _) => " euros",
        ("GBP", _) => " pounds",
        (_, 1) => " dollar",
        _ => " dollars",
    }
}

/// A whole number in words; those past the billions as digits.
pub(super) fn speak_whole(value: u64) -> String {
    match value {
        0..=19 => SMALL[value as usize].to_owned(),
        20..=99 => {
            let tens = TENS[(value / 10) as usize];
            match value % 10 {
                0 => tens.to_owned(),
                unit => format!("{tens}-{}", SMALL[unit as usize]),
            }
        }
        100..=999 => scaled(value, 100, "hundred"),
        1000..=999_999 => scaled(value, 1000, "thousand"),
        1_000_000..=999_999_999 => scaled(value, 1_000_000, "million"),
        _ => value.to_string(),
    }
}

fn scaled(value: u64, factor: u64, name: &str) -> String {
    let head = format!("{} {name}", speak_whole(value / factor));
    match value % factor {
        0 => head,
        rest => format!("{head} {}", speak_whole(rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_said() {
        let check = |text: &str, expected: &[f64]| {
            let read: Vec<f64> = numbers(text).iter().map(|said| said.value).collect();
            assert_eq!(read, expected, "{text}");
        };
        check("seventy-two dollars", &[72.0]);
        check("two thousand five hundred and sixty units", &[2560.0]);
        check("a hundred and twenty", &[120.0]);
        check("fifty-eight fifty a unit", &[58.5]);
        check("nineteen ninety-five", &[19.95]);
        check("$1,200.75 total", &[1200.75]);
        check("60k, no less", &[60_000.0]);
        check("two point five percent", &[2.5]);
        check("between sixty and sixty-five dollars", &[60.0, 65.0]);
        check("fifty-eight dollars and fifty cents", &[58.5]);
        check("sixty, five", &[60.0, 5.0]);
        check("a 14-day lead time", &[14.0]);
        check("two dozen", &[24.0]);
        check("five five five one", &[5.0, 5.0, 5.0, 1.0]);
        check("no number, someone said", &[]);
        check("and point hundred", &[]);
        check("2500000000000 units", &[2.5e12]);
    }

    #[test]
    fn money_is_told_from_counts() {
        let check = |text: &str, expected: &[&str]| {
            let read: Vec<String> = amounts(text).iter().map(speak_amount).collect();
            assert_eq!(read, expected, "{text}");
        };
        check("five hundred beams at $72 each", &["seventy-two dollars per unit"]);
        check("It's $52/unit.", &["fifty-two dollars per unit"]);
        check("68.50 dollars a beam", &["sixty-eight dollars and fifty cents per beam"]);
        check("two weeks, one hundred units", &[]);
        check("one dollar", &["one dollar"]);
        check("ten euros, or eight pounds", &["ten euros", "eight pounds"]);
        check("1250 dollars", &["one thousand two hundred fifty dollars"]);
    }
}
