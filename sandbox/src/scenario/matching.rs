//! Phrases of a step against what was heard. Case, punctuation and the way numbers are written make no
//! difference; nothing else is forgiven.

use crate::voice::{SMALL, TENS, spoken_words};

/// Parts joined by `+` must all occur, each word for word; a word that ends in `*` stands for every
/// word that begins so. The word `<number>` stands for any number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    parts: Vec<Vec<Word>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Exactly(String),
    Beginning(String),
    Number,
}

const NUMBER: &str = "<number>";
/// Number words beside the small ones and the tens.
const LARGE: [&str; 3] = ["hundred", "thousand", "dozen"];

impl Phrase {
    /// `None` if there is nothing in it to listen for.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<Vec<Word>> = text.split('+').map(words).collect();
        let empty = parts.iter().any(Vec::is_empty);
        (!empty).then_some(Phrase { parts })
    }

    /// `heard` is in [`spoken_words`].
    pub fn occurs_in(&self, heard: &[String]) -> bool {
        self.parts.iter().all(|part| {
            heard
                .windows(part.len())
                .any(|window| window.iter().zip(part).all(|(heard, word)| word.matches(heard)))
        })
    }
}

impl Word {
    fn matches(&self, heard: &str) -> bool {
        match self {
            Word::Exactly(word) => word == heard,
            Word::Beginning(start) => heard.starts_with(start.as_str()),
            Word::Number => is_number(heard),
        }
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && (SMALL.contains(&word) || TENS.contains(&word) || LARGE.contains(&word))
}

fn words(part: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for token in part.split_whitespace() {
        if token == NUMBER {
            words.push(Word::Number);
        } else if let Some(start) = token.strip_suffix('*') {
            words.extend(spoken_words(start).into_iter().map(Word::Beginning));
        } else {
            words.extend(spoken_words(token).into_iter().map(Word::Exactly));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_however_they_are_written() {
        let check = |phrase: &str, heard: &str, expected: bool| {
            let found = Phrase::parse(phrase).unwrap().occurs_in(&spoken_words(heard));
            assert_eq!(found, expected, "{phrase:?} in {heard:?}");
        };
        check("price", "What's the PRICE?", true);
        check("price", "It is priceless.", false);
        check("deliver*", "When can you deliver?", true);
        check("deliver*", "And the delivery time", true);
        check("lead time", "What is your lead-time?", true);
        check("lead time", "The time you lead", false);
        check("five hundred", "We need 500 units.", true);
        check("72", "seventy-two dollars", true);
        check("$72", "72 dollars", true);
        check("can't", "We can’t do that", true);
        check("price + units", "For the units, what's the price?", true);
        check("price + units", "What's the price?", false);
        check("<number> people", "A table for 4 people", true);
        check("<number> people", "A table for some people", false);
        check("price", "", false);
        check("price", "[unrecognised]", false);
    }

    #[test]
    fn a_phrase_without_words_is_none() {
        for empty in ["", " ", "+", "price +", "?!", "*"] {
            assert_eq!(Phrase::parse(empty), None, "{empty:?}");
        }
    }
}
