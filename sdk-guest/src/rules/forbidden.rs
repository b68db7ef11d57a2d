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
    /// The digits our earlier turns ended with: a number may be told in several.
    told: String,
    /// The words that are told as well when they are spelled.
    letters: Vec<String>,
    /// It is about the matter more than the words: naming it to refuse it tells nothing.
    topical: bool,
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
                told: String::new(),
                letters: Vec::new(),
                topical: false,
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
        let letters = letters_of(&shown);
        (!phrases.is_empty()).then_some(Self {
            phrases,
            shown,
            budget: false,
            number: String::new(),
            told: String::new(),
            letters,
            topical: false,
        })
    }

    /// A number or an e-mail address in a rule that keeps it private, whatever verb says so.
    pub(super) fn private(object: &str, digits_min: usize) -> Option<Self> {
        let number: String =
            digits_of(&Tokens::of(object)).into_iter().map(|said| said.digit).collect();
        let number = if number.len() >= digits_min { number } else { String::new() };
        let mail = object.split_whitespace().find_map(|word| {
            let (name, domain) =
                word.trim_matches(['(', ')', ',', '.', '"', '<', '>']).split_once('@')?;
            (domain.contains('.') && !name.is_empty()).then_some(name)
        });
        let phrases: Vec<Vec<String>> = mail.map(address_words).into_iter().collect();
        let shown: Vec<String> = mail.into_iter().map(str::to_owned).collect();
        let found = !number.is_empty() || !phrases.is_empty();
        let (phrases, shown) = match phrases.is_empty() {
            true => (vec![vec![number.clone()]], vec![number.clone()]),
            false => (phrases, shown),
        };
        let letters = letters_of(&shown);
        found.then_some(Self {
            phrases,
            shown,
            budget: false,
            number,
            told: String::new(),
            letters,
            topical: false,
        })
    }

    /// Takes over the names another reading of the rule found, but for those that `common` knows.
    pub(super) fn with_names_of(mut self, other: Self, common: fn(&str) -> bool) -> Self {
        for (phrase, shown) in other.phrases.into_iter().zip(other.shown) {
            let capital = shown.chars().next().is_some_and(char::is_uppercase);
            let known =
                common(&shown.to_lowercase()) || shown.contains(|c: char| c.is_ascii_digit());
            if capital && !known {
                self.phrases.push(phrase);
                self.shown.push(shown);
            }
        }
        self.letters = letters_of(&self.shown);
        self
    }

    /// Whether the object of a rule has a name in it.
    pub(super) fn names(object: &str) -> bool {
        name_within(object).is_some() || !quoted(object).is_empty()
    }

    /// Told as a matter, not as words.
    pub(super) fn into_topic(mut self) -> Self {
        self.topical = true;
        self
    }

    pub(super) fn reading(&self) -> String {
        let mut shown: Vec<&str> = self.shown.iter().map(String::as_str).collect();
        shown.dedup();
        if shown.is_empty() {
            shown.push("what we can pay");
        }
        format!("forbidden words: {}", shown.join(", "))
    }

    /// A turn of ours, as far as it may be a part of the number.
    pub(super) fn spoke(&mut self, tokens: &Tokens) {
        if self.number.is_empty() {
            return;
        }
        self.told.extend(digits_of(tokens).into_iter().map(|said| said.digit));
        let surplus = self.told.len().saturating_sub(self.number.len());
        self.told.drain(..surplus);
    }

    pub(super) fn check(&self, tokens: &Tokens, boundary: usize) -> Option<String> {
        if !self.number.is_empty() && tells_number(tokens, boundary, &self.number, &self.told) {
            return Some(format!("{} must not be said", self.number));
        }
        if self.budget && tells_budget(tokens, boundary) {
            return Some("what we can pay must not be told".to_owned());
        }
        if let Some(word) = self.letters.iter().find(|word| spells(tokens, boundary, word)) {
            return Some(format!("\"{word}\" must not be spelled"));
        }
        for (number, phrase) in self.phrases.iter().enumerate() {
            for at in 0..tokens.len() {
                let said = match_phrase(tokens, at, phrase).is_some_and(|end| end > boundary);
                let kept = || {
                    let sentence = super::limit::sentence_of(tokens, at);
                    self.topical && super::secret::declines_to_tell(tokens, sentence)
                };
                if said && !kept() {
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
    let digits: String = digits.into_iter().map(|said| said.digit).collect();
    if digits.len() >= NUMBER_DIGITS_MIN { digits } else { String::new() }
}

/// A digit that was said.
#[derive(Clone, Copy)]
struct Said {
    digit: char,
    at: usize,
    /// By itself, as numbers are dictated.
    dictated: bool,
}

/// Every digit said, with its token: "oh one three two", "double five", "thirty-two".
fn digits_of(tokens: &Tokens) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    let mut times = 1;
    for at in 0..tokens.len() {
        let mut say = |digit: i64, dictated: bool| {
            for _ in 0..times {
                found.push(Said { digit: char::from(b'0' + (digit % 10) as u8), at, dictated });
            }
        };
        match tokens.get(at).map(|token| token.kind) {
            Some(Kind::Digits { value, digits: width, split: false, .. }) => {
                let shown = format!("{:0width$}", value / MICRO, width = usize::from(width));
                for digit in shown.bytes() {
                    say(i64::from(digit - b'0'), width == 1);
                }
            }
            Some(Kind::Word) => match part(tokens.word(at)) {
                Some(Part::Digit(digit)) => {
                    let ties = matches!(part(tokens.word_before(at, 1)), Some(Part::Tens(_)));
                    say(digit, !ties);
                }
                Some(Part::Teen(teen)) => {
                    say(teen / 10, false);
                    say(teen, false);
                }
                Some(Part::Tens(tens)) => {
                    say(tens / 10, false);
                    if !matches!(part(tokens.word(at + 1)), Some(Part::Digit(1..))) {
                        say(0, false);
                    }
                }
                _ if matches!(tokens.word(at), "oh" | "o" | "null") => say(0, true),
                _ => {}
            },
            _ => {}
        }
        times = match tokens.word(at) {
            "double" | "doppel" | "doble" => 2,
            "triple" | "treble" | "dreifach" => 3,
            _ => 1,
        };
    }
    found
}

/// Whether the number is told, or enough of it: five digits in a row, or four that are dictated or
/// announced as its end.
fn tells_number(tokens: &Tokens, boundary: usize, number: &str, told: &str) -> bool {
    const GAP_TOKENS: usize = 4;
    const PART_DIGITS: usize = 5;
    const END_DIGITS: usize = 4;
    let mut said: Vec<Said> =
        told.chars().map(|digit| Said { digit, at: 0, dictated: true }).collect();
    said.extend(digits_of(tokens));
    let announced = (0..tokens.len()).any(|at| {
        one_of!(tokens.word(at);
            "end" "ends" "ending" "last" "final" "digits" "endet" "letzten" "ziffern" "termina" "ultimos"
            "cifras" "finit" "derniers" "chiffres"
        )
    });
    let (number, told_digits) = (number.as_bytes(), told.len());
    for first in 0..said.len() {
        for from in 0..number.len() {
            let mut length = 0;
            let mut dictated = true;
            while let (Some(one), Some(digit)) =
                (said.get(first + length), number.get(from + length))
            {
                let apart = length > 0
                    && first + length > told_digits
                    && one.at > said[first + length - 1].at + GAP_TOKENS;
                if one.digit != char::from(*digit) || apart {
                    break;
                }
                dictated &= one.dictated;
                length += 1;
            }
            let enough = length == number.len()
                || length >= PART_DIGITS
                || length >= END_DIGITS && (dictated || announced);
            let behind = first + length > told_digits && said[first + length - 1].at >= boundary;
            if enough && behind {
                return true;
            }
        }
    }
    false
}

/// The words of the name in an e-mail address, with the "at" that must follow.
fn address_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in name.split(['.', '_', '-', '+']).filter(|word| !word.is_empty()) {
        words.push(stem(&word.to_lowercase()).to_owned());
    }
    words
}

/// What may be spelled of the phrases: each as a whole, and the names in it.
fn letters_of(shown: &[String]) -> Vec<String> {
    const LETTERS_MIN: usize = 4;
    let mut found: Vec<String> = Vec::new();
    for phrase in shown {
        let whole: String = phrase.chars().filter(|c| c.is_alphabetic()).collect();
        let capital = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
        for word in std::iter::once(whole.as_str()).chain(phrase.split_whitespace().filter(capital))
        {
            let tokens = Tokens::of(word);
            let word = tokens.word(0);
            if word.len() >= LETTERS_MIN && !found.iter().any(|other| other == word) {
                found.push(word.to_owned());
            }
        }
    }
    found
}

/// "K-O-W-A-L-S-K-I", "K as in kilo, O, W…": the word letter by letter.
fn spells(tokens: &Tokens, boundary: usize, word: &str) -> bool {
    let mut heard = String::new();
    let mut at = 0;
    while at < tokens.len() {
        let letter = tokens.word(at);
        if letter.len() == 1 {
            heard.push_str(letter);
            if at >= boundary && heard.len() >= word.len() && heard.ends_with(word) {
                return true;
            }
        } else if one_of!(letter; "as" "like" "for" "wie" "de" "como" "comme") && !heard.is_empty()
        {
            at += 1 + usize::from(tokens.word(at + 1) == "in");
        } else if tokens.mark(at).is_none() && !super::phrase::is_joint(letter) {
            heard.clear();
        }
        at += 1;
    }
    false
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
    let whole = object;
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
        // "the name of my company, Northwind": the same, where a name follows.
        let names = whole.split_whitespace().take(3).any(|word| matches!(word, "name" | "names"))
            && name_in(&words).is_none()
            && object.contains(',');
        match phrase {
            Some(_) if names => {}
            Some(phrase) => found.push(phrase),
            None if named_by => {}
            None => return name_within(object).map(|name| vec![name]),
        }
    }
    (!found.is_empty()).then_some(found)
}

/// "that John Miller is our boss": the name in the middle, which is no name of a day or a month.
fn name_within(object: &str) -> Option<String> {
    let capital = |word: &&str| {
        let lower = word.trim_end_matches(['.', ',', ';', '!']).to_lowercase();
        let dated =
            super::days::weekday(&lower).is_some() || crate::numbers::words::is_month(&lower);
        word.chars().next().is_some_and(char::is_uppercase) && word.len() > 2 && !dated
    };
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
            "word" "words" "phrase" "phrases" "name" "names" "term" "terms" "wort" "worte" "begriff" "palabra"
            "palabras" "mot" "mots"
        );
        let leads = announces
            || matches!(word.as_str(), "the" | "das" | "la" | "las" | "le" | "les" | "den")
            || named && matches!(word.as_str(), "like" | "of");
        if !leads {
            break;
        }
        named |= announces;
        rest = behind.trim_start();
    }
    (rest, named)
}

pub(super) fn split_at_conjunctions(part: &str) -> impl Iterator<Item = &str> {
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
