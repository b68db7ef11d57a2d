//! Words, names and numbers that must not be said.

use super::phrase::{PHRASES_MAX, english_stems, is_small, match_phrase, stem, stems};
use crate::numbers::MICRO;
use crate::numbers::language::Language;
use crate::numbers::token::{Kind, Tokens};
use crate::numbers::translate::in_english;
use crate::numbers::words::{Part, part};

/// Words or phrases that must not be said.
#[derive(Clone, Debug)]
pub(super) struct Forbidden {
    phrases: Vec<Vec<String>>,
    shown: Vec<String>,
    /// What we can pay is not to be told, in whatever words.
    budget: bool,
    /// A number that is not to be told, digit by digit.
    number: String,
}

impl Forbidden {
    /// The phrases of a rule if its words decide: quoted, names, or plain words after "say".
    pub(super) fn new(object: &str, literal: bool, language: Language) -> Option<Self> {
        let mut listed = quoted(object);
        let number = long_number(&Tokens::of(object));
        let own = Tokens::of(object);
        let english = in_english(&own, language);
        let english = english.as_ref().unwrap_or(&own);
        let about = |words: &[&str]| (0..english.len()).any(|at| words.contains(&english.word(at)));
        let means = about(&["budget", "maximum", "limit", "ceiling", "max"]) && listed.is_empty();
        if means || (listed.is_empty() && !number.is_empty()) {
            let budget = about(&["budget"]).then(|| "budget".to_owned());
            let named = (0..own.len()).find(|at| {
                let word = Tokens::of(own.word(*at));
                in_english(&word, language).is_some_and(|english| english.word(0) == "budget")
            });
            let named = named.map(|at| own.word(at).to_owned()).filter(|_| means);
            let number = Some(number).filter(|_| !means);
            let (mut phrases, mut shown) = (Vec::new(), Vec::new());
            for word in [&budget, &named, &number].into_iter().flatten() {
                phrases.push(vec![stem(word).to_owned()]);
                shown.push(budget.as_ref().unwrap_or(word).clone());
            }
            return Some(Self {
                phrases,
                shown,
                budget: means,
                number: number.unwrap_or_default(),
            });
        }
        if listed.is_empty() {
            listed = plain_list(&without_common_capitals(object, language), literal)?;
        }
        listed.truncate(PHRASES_MAX);
        let (mut phrases, mut shown) = (Vec::new(), Vec::new());
        for words in listed {
            let phrase = stems(&words, false);
            let english = english_stems(&words, language, false);
            for phrase in [phrase, english] {
                if !phrase.is_empty() && !phrases.contains(&phrase) {
                    phrases.push(phrase);
                    shown.push(words.clone());
                }
            }
        }
        (!phrases.is_empty()).then_some(Self {
            phrases,
            shown,
            budget: false,
            number: String::new(),
        })
    }

    pub(super) fn reading(&self) -> String {
        let mut shown: Vec<&str> = self.shown.iter().map(String::as_str).collect();
        shown.dedup();
        if shown.is_empty() {
            shown.push("what we can pay");
        }
        format!("forbidden words: {}", shown.join(", "))
    }

    pub(super) fn check(&self, tokens: &Tokens, boundary: usize) -> Option<String> {
        if !self.number.is_empty() && tells_number(tokens, boundary, &self.number) {
            return Some(format!("{} must not be said", self.number));
        }
        if self.budget && tells_budget(tokens, boundary) {
            return Some("what we can pay must not be told".to_owned());
        }
        for (number, phrase) in self.phrases.iter().enumerate() {
            for at in 0..tokens.len() {
                if match_phrase(tokens, at, phrase).is_some_and(|end| end > boundary) {
                    let shown = self.shown.get(number).map_or("", String::as_str);
                    return Some(format!("\"{shown}\" must not be said"));
                }
            }
        }
        None
    }
}

const NUMBER_DIGITS_MIN: usize = 5;

/// The digits of a telephone number or the like in a rule.
fn long_number(tokens: &Tokens) -> String {
    let digits = digits_of(tokens);
    let digits: String = digits.into_iter().map(|(digit, _)| digit).collect();
    if digits.len() >= NUMBER_DIGITS_MIN { digits } else { String::new() }
}

/// Every digit said, with its token.
fn digits_of(tokens: &Tokens) -> Vec<(char, usize)> {
    let mut digits = Vec::new();
    for at in 0..tokens.len() {
        match tokens.get(at).map(|token| token.kind) {
            Some(Kind::Digits { value, digits: width, split: false, .. }) => {
                let shown = format!("{:0width$}", value / MICRO, width = usize::from(width));
                digits.extend(shown.chars().map(|digit| (digit, at)));
            }
            Some(Kind::Word) => {
                let digit = match part(tokens.word(at)) {
                    Some(Part::Digit(digit)) => digit,
                    _ if tokens.word(at) == "oh" => 0,
                    _ => continue,
                };
                digits.push((char::from(b'0' + digit as u8), at));
            }
            _ => {}
        }
    }
    digits
}

fn tells_number(tokens: &Tokens, boundary: usize, number: &str) -> bool {
    let digits = digits_of(tokens);
    digits.windows(number.len()).any(|said| {
        let same = said.iter().map(|(digit, _)| *digit).eq(number.chars());
        same && said.last().is_some_and(|(_, at)| *at >= boundary)
    })
}

/// "The most we can pay is sixty", "we can go up to sixty", "our limit is sixty".
fn tells_budget(tokens: &Tokens, boundary: usize) -> bool {
    let amount = |at: usize| {
        matches!(tokens.get(at).map(|token| token.kind), Some(Kind::Digits { .. }))
            || part(tokens.word(at)).is_some_and(|part| part != Part::Digit(1))
    };
    if !(0..tokens.len()).any(|at| at >= boundary && amount(at)) && !(0..boundary).any(amount) {
        return false;
    }
    (0..tokens.len()).any(|at| {
        let word = |offset: usize| tokens.word(at + offset);
        let us = |word: &str| matches!(word, "we" | "i" | "we're" | "i'm" | "we've");
        let told = match word(0) {
            "most" => us(word(1)) && matches!(word(2), "can" | "could" | "have" | "would"),
            "our" | "my" => (1..4).any(
                |near| one_of!(word(near); "maximum" "max" "limit" "ceiling" "cap" "allocation"),
            ),
            "up" => {
                word(1) == "to"
                    && one_of!(tokens.word_before(at, 1); "go" "pay" "spend" "afford" "have")
            }
            "afford" | "allocated" => true,
            "set" => word(1) == "aside",
            "spend" => matches!(tokens.word_before(at, 1), "can" | "could" | "to"),
            "go" | "pay" => {
                matches!(word(1), "above" | "over" | "higher" | "beyond" | "past")
                    || matches!((word(1), word(2)), ("more" | "any", _))
            }
            _ => false,
        };
        told && (at..tokens.len()).any(|near| near >= boundary)
    })
}

/// German writes every noun with a capital: those the glossary knows are no names.
fn without_common_capitals(object: &str, language: Language) -> String {
    if language != Language::German {
        return object.to_owned();
    }
    let mut words = Vec::new();
    for word in object.split_whitespace() {
        let tokens = Tokens::of(word);
        let known =
            in_english(&tokens, language).is_some_and(|english| english.word(0) != tokens.word(0));
        words.push(if known { word.to_lowercase() } else { word.to_owned() });
    }
    words.join(" ")
}

/// The parts of `text` in quotation marks.
fn quoted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((start, open)) = rest.char_indices().find(|(at, c)| {
        let opens = rest[..*at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        matches!(c, '"' | '“' | '„' | '«') || (matches!(c, '\'' | '‘') && opens)
    }) {
        let inner = &rest[start + open.len_utf8()..];
        let close: &[char] = match open {
            '\'' | '‘' => &['\'', '’'],
            _ => &['"', '”', '“', '»'],
        };
        let Some(end) = inner.find(close) else { break };
        if !inner[..end].trim().is_empty() {
            found.push(inner[..end].trim().to_owned());
        }
        rest = &inner[end..];
        rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or("");
    }
    found
}

/// "Globex or Initech", "the word sorry", "our budget": a list whose words themselves decide.
fn plain_list(object: &str, literal: bool) -> Option<Vec<String>> {
    let (object, named) = without_lead(object.trim());
    let mut found = Vec::new();
    for part in object.split([',', ';', '/']).flat_map(split_at_conjunctions) {
        let words = part.split_whitespace().skip_while(|word| is_determiner(&word.to_lowercase()));
        let words: Vec<&str> = words.collect();
        if words.is_empty() {
            continue;
        }
        let phrase = name_in(&words).or_else(|| {
            let concept = words.iter().any(|word| is_concept(&word.to_lowercase()));
            let plain = named || (literal && !concept && words.len() <= PHRASE_WORDS_MAX);
            plain.then(|| words.join(" "))
        });
        // "the CEO's name, Robert Paulson": what the name is of needs no words of its own.
        let named_by =
            words.last().is_some_and(|word| one_of!(*word; "name" "names" "number" "identity"));
        match phrase {
            Some(phrase) => found.push(phrase),
            None if named_by => {}
            None => return name_within(object).map(|name| vec![name]),
        }
    }
    (!found.is_empty()).then_some(found)
}

/// "that John Miller is our boss": the name in the middle.
fn name_within(object: &str) -> Option<String> {
    let capital =
        |word: &&str| word.chars().next().is_some_and(char::is_uppercase) && word.len() > 2;
    let words = object.split_whitespace().skip_while(|word| !capital(word));
    let name: Vec<&str> = words.take_while(capital).collect();
    let name = name.join(" ");
    let name = name.trim_end_matches(['.', ',', ';', '!']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// What stands behind "the words", and whether the list was announced so.
fn without_lead(object: &str) -> (&str, bool) {
    let (mut rest, mut named) = (object, false);
    while let Some((word, behind)) = rest.split_once(' ') {
        let word = word.to_ascii_lowercase();
        let announces = one_of!(word.as_str();
            "word" "words" "phrase" "phrases" "name" "names" "term" "terms"
        );
        let leads = announces || word == "the" || named && matches!(word.as_str(), "like" | "of");
        if !leads {
            break;
        }
        named |= announces;
        rest = behind.trim_start();
    }
    (rest, named)
}

fn split_at_conjunctions(part: &str) -> impl Iterator<Item = &str> {
    let parts = part.split(" or ").flat_map(|part| part.split(" and "));
    let parts = parts.flat_map(|part| part.split(" und ")).flat_map(|part| part.split(" oder "));
    let parts = parts.flat_map(|part| part.split(" ni ")).flat_map(|part| part.split(" ou "));
    parts
        .flat_map(|part| part.split(" nor "))
        .map(|part| part.trim().trim_start_matches("or ").trim_start_matches("and ").trim())
}

fn is_determiner(word: &str) -> bool {
    one_of!(word;
        "the" "a" "an" "any" "our" "my" "your" "their" "about" "to" "them" "anyone" "of" "nuestro"
        "nuestra" "nuestros" "nuestras" "el" "la" "los" "las" "al" "del" "de" "notre" "nos" "le" "les"
        "du" "des" "unser" "unsere" "unseren" "unserem" "unserer" "den" "der" "die" "das" "dem" "que"
    )
}

/// "our competitor Initech": the capitalised words are the name.
fn name_in<'a>(words: &[&'a str]) -> Option<String> {
    let is_name = |word: &&'a str| word.chars().next().is_some_and(char::is_uppercase);
    let from = words.iter().position(is_name)?;
    let name: Vec<&str> = words[from..].iter().copied().take_while(is_name).collect();
    (from + name.len() == words.len()).then(|| name.join(" "))
}

/// What words stand for cannot be forbidden by its words: "anything rude", "personal details".
fn is_concept(word: &str) -> bool {
    is_small(word)
        || word.contains('\'')
        || one_of!(word;
            "anything" "something" "everything" "information" "info" "details" "data" "secrets"
            "unless" "until" "except" "first" "without" "rude" "language" "others" "things" "no"
            "yes" "personal" "confidential" "sensitive" "private" "internal"
        )
}

/// A forbidden phrase may have this many words unless it is quoted.
const PHRASE_WORDS_MAX: usize = 4;
