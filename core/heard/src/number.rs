//! Reads one number at a place in an utterance: digits or words, with scale words behind it.

use super::token::{Kind, Token};

/// A number and how many tokens it took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: f64,
    pub(crate) tokens: usize,
    /// Written in words, not in digits.
    pub(crate) spelled: bool,
}

/// The number that begins at token `at`.
pub(crate) fn number_at(tokens: &[Token], at: usize) -> Option<Number> {
    let token = tokens.get(at)?;
    match token.kind {
        Kind::Digits => digits_at(tokens, at),
        Kind::Word => spelled_at(tokens, at),
        Kind::Mark => None,
    }
}

/// The number if `text` is nothing else: `52`, `fifty-two`, `$1,200.50`.
pub(crate) fn only_number(text: &str) -> Option<f64> {
    let tokens = super::token::tokens(text);
    let mut found = None;
    let mut at = 0;
    while at < tokens.len() {
        if let Some(number) = number_at(&tokens, at) {
            if found.is_some() {
                return None;
            }
            found = Some(number.value);
            at += number.tokens;
        } else {
            at += 1;
        }
    }
    found
}

pub(crate) fn small_word(word: &str) -> Option<u32> {
    let value = match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        _ => return None,
    };
    Some(value)
}

pub(crate) fn tens_word(word: &str) -> Option<u32> {
    let value = match word {
        "twenty" => 20,
        "thirty" => 30,
        "forty" | "fourty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    };
    Some(value)
}

fn scale_word(word: &str) -> Option<f64> {
    match word {
        "thousand" | "grand" => Some(1e3),
        "million" => Some(1e6),
        "billion" => Some(1e9),
        _ => None,
    }
}

fn digits_at(tokens: &[Token], at: usize) -> Option<Number> {
    let mut value: f64 = tokens[at].text.parse().ok()?;
    let mut used = 1;
    while let Some(next) = tokens.get(at + used).filter(|next| next.is_word()) {
        let scale = match next.text.as_str() {
            "k" => 1e3,
            "hundred" => 100.0,
            "dozen" => 12.0,
            word => match scale_word(word) {
                Some(scale) => scale,
                None => break,
            },
        };
        value *= scale;
        used += 1;
        if used > 3 {
            break;
        }
    }
    value.is_finite().then_some(Number { value, tokens: used, spelled: false })
}

/// What has been read of a spelled number.
#[derive(Default)]
struct Reading {
    total: f64,
    group: u32,
    /// A smaller scale may still follow, an equal or larger one may not.
    scale_last: Option<f64>,
    used: usize,
    any: bool,
}

fn spelled_at(tokens: &[Token], at: usize) -> Option<Number> {
    if let Some(number) = loose_word(tokens, at) {
        return Some(number);
    }
    if is_pronoun(tokens, at) {
        return None;
    }
    let mut reading = Reading::default();
    while let Some(token) = tokens.get(at + reading.used) {
        if !take_word(&mut reading, tokens, at, token) {
            break;
        }
    }
    if !reading.any {
        return None;
    }
    let mut value = reading.total + f64::from(reading.group);
    if tokens.get(at + reading.used).is_some_and(|token| token.is("dozen")) {
        return Some(Number { value: value * 12.0, tokens: reading.used + 1, spelled: true });
    }
    let (fraction, fraction_tokens) = fraction_at(tokens, at + reading.used);
    value += fraction;
    let mut used = reading.used + fraction_tokens;
    let after = tokens.get(at + used).and_then(|token| scale_word(&token.text));
    if let Some(scale) = after.filter(|_| fraction > 0.0) {
        value *= scale;
        used += 1;
    }
    Some(Number { value, tokens: used, spelled: true })
}

/// "a dozen", "half a dozen", "a couple of", "a hundred and fifty".
fn loose_word(tokens: &[Token], at: usize) -> Option<Number> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let spelled = |value: f64, tokens: usize| Some(Number { value, tokens, spelled: true });
    match (word(0), word(1), word(2)) {
        ("half", "a", "dozen") => spelled(6.0, 3),
        ("a" | "one", "dozen", _) => spelled(12.0, 2),
        ("a", "couple", "of") => spelled(2.0, 3),
        ("a", "couple", _) => spelled(2.0, 2),
        ("a", "hundred" | "thousand" | "million", _) => {
            let rest = spelled_at(tokens, at + 1)?;
            spelled(rest.value, rest.tokens + 1)
        }
        _ => None,
    }
}

/// "that one", "no one", "one of them": not a number.
fn is_pronoun(tokens: &[Token], at: usize) -> bool {
    if !tokens[at].is("one") {
        return false;
    }
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let pronouns = [
        "that", "this", "the", "no", "which", "another", "every", "any", "some", "good", "better",
        "cheaper", "larger", "smaller", "bigger", "longer", "shorter", "other", "new", "same",
    ];
    let next = tokens.get(at + 1);
    before.is_some_and(|before| before.is_any(&pronouns))
        || next.is_some_and(|next| next.is("of") || next.is("second") || next.is("moment"))
}

/// Takes the next word into the number, if it can belong to it.
fn take_word(reading: &mut Reading, tokens: &[Token], at: usize, token: &Token) -> bool {
    if !token.is_word() {
        return false;
    }
    let word = token.text.as_str();
    if let Some(small) = small_word(word) {
        let rest = reading.group % 100;
        let fits = if small < 10 && rest >= 20 { rest.is_multiple_of(10) } else { rest == 0 };
        let zero_inside = small == 0 && reading.any;
        let ended = reading.any && reading.group == 0 && reading.total == 0.0;
        if !fits || zero_inside || ended {
            return false;
        }
        reading.group += small;
    } else if let Some(tens) = tens_word(word) {
        if !reading.group.is_multiple_of(100) {
            return false;
        }
        reading.group += tens;
    } else if word == "hundred" {
        if reading.group >= 100 || (reading.any && reading.group == 0) {
            return false;
        }
        reading.group = reading.group.max(1) * 100;
    } else if let Some(scale) = scale_word(word) {
        let fits = reading.scale_last.is_none_or(|last| scale < last);
        let bare = word == "grand" && !reading.any;
        if !fits || bare || (reading.any && reading.group == 0) {
            return false;
        }
        reading.total += f64::from(reading.group.max(1)) * scale;
        reading.group = 0;
        reading.scale_last = Some(scale);
    } else if word == "and" {
        return take_and(reading, tokens, at);
    } else {
        return false;
    }
    reading.used += 1;
    reading.any = true;
    true
}

/// "two hundred and fifty": the word joins only if something smaller than a hundred follows.
fn take_and(reading: &mut Reading, tokens: &[Token], at: usize) -> bool {
    let round = reading.group >= 100 && reading.group.is_multiple_of(100)
        || reading.group == 0 && reading.total > 0.0;
    let next = tokens.get(at + reading.used + 1).map_or("", |token| token.text.as_str());
    let followed = small_word(next).is_some_and(|small| small > 0) || tens_word(next).is_some();
    let new_measure = tokens
        .get(at + reading.used + 2)
        .is_some_and(|token| token.is_any(&["week", "weeks", "month", "months"]));
    if !round || !followed || new_measure {
        return false;
    }
    reading.used += 1;
    true
}

/// "point five", "and a half": what it adds and how many tokens it takes.
fn fraction_at(tokens: &[Token], at: usize) -> (f64, usize) {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    if (word(0), word(1), word(2)) == ("and", "a", "half") {
        return (0.5, 3);
    }
    if word(0) != "point" {
        return (0.0, 0);
    }
    let mut fraction = 0.0;
    let mut place = 0.1;
    let mut used = 1;
    while let Some(digit) = fraction_digit(word(used)).filter(|_| used <= 6) {
        fraction += f64::from(digit) * place;
        place /= 10.0;
        used += 1;
    }
    if used == 1 {
        let Some(tens) = tens_word(word(1)) else { return (0.0, 0) };
        let unit = small_word(word(2)).filter(|unit| (1..10).contains(unit));
        let used = if unit.is_some() { 3 } else { 2 };
        return (f64::from(tens + unit.unwrap_or(0)) / 100.0, used);
    }
    (fraction, used)
}

fn fraction_digit(word: &str) -> Option<u32> {
    if word == "oh" {
        return Some(0);
    }
    small_word(word).filter(|digit| *digit < 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokens;

    fn check(text: &str, expected: f64) {
        let tokens = tokens(text);
        let number = number_at(&tokens, 0).unwrap_or_else(|| panic!("no number in {text}"));
        assert!((number.value - expected).abs() < 1e-9, "{text}: {}", number.value);
    }

    fn check_none(text: &str) {
        assert_eq!(number_at(&tokens(text), 0), None, "{text}");
    }

    #[test]
    fn numbers_in_every_dress() {
        check("52", 52.0);
        check("1,200", 1200.0);
        check("1.5 million", 1_500_000.0);
        check("60k", 60_000.0);
        check("fifty-two", 52.0);
        check("fifty", 50.0);
        check("nineteen", 19.0);
        check("zero", 0.0);
        check("one hundred", 100.0);
        check("a hundred and fifty units", 150.0);
        check("two hundred fifty", 250.0);
        check("five hundred and twenty-one", 521.0);
        check("a thousand", 1000.0);
        check("twelve hundred", 1200.0);
        check("two thousand and fifty", 2050.0);
        check("three thousand four hundred", 3400.0);
        check("two hundred thousand", 200_000.0);
        check("one million two hundred thousand", 1_200_000.0);
        check("fifty-two point five", 52.5);
        check("fifty two point two five", 52.25);
        check("three and a half", 3.5);
        check("a dozen", 12.0);
        check("half a dozen", 6.0);
        check("a couple of weeks", 2.0);
        check("two dozen", 24.0);
        check("five five five", 5.0);
        check("one hundred and two weeks", 100.0);
    }

    #[test]
    fn words_that_only_look_like_numbers() {
        check_none("one of them");
        let larger = tokens("a larger one");
        assert_eq!(number_at(&larger, 2), None);
        check_none("and five");
        check_none("grand opening");
        check_none("a unit");
        check_none("often");
        check_none("");
    }
}
