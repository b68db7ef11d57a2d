//! The phrase tables. A line is `English words: phrase; phrase`; `#` begins a remark.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Language;
use crate::token::{Token, tokens};

/// Longest phrase, in words.
const PHRASE_WORDS_MAX: usize = 8;

pub(super) struct Table {
    /// Words of each phrase with its English, in order of the words.
    phrases: Vec<(Vec<String>, &'static str)>,
    /// Words that only this language has, as against English.
    markers: BTreeSet<String>,
}

static SPANISH: LazyLock<Table> =
    LazyLock::new(|| Table::read(include_str!("spanish.txt"), Language::Spanish));
static FRENCH: LazyLock<Table> =
    LazyLock::new(|| Table::read(include_str!("french.txt"), Language::French));
static GERMAN: LazyLock<Table> =
    LazyLock::new(|| Table::read(include_str!("german.txt"), Language::German));
static ENGLISH: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("english.txt").split_whitespace().collect());
static NOTHING: Table = Table { phrases: Vec::new(), markers: BTreeSet::new() };

pub(super) fn of(language: Language) -> &'static Table {
    match language {
        Language::English => &NOTHING,
        Language::Spanish => &SPANISH,
        Language::French => &FRENCH,
        Language::German => &GERMAN,
    }
}

/// A word that shows that English is spoken.
pub(super) fn is_english(word: &str) -> bool {
    ENGLISH.contains(word)
}

impl Table {
    fn read(text: &'static str, language: Language) -> Self {
        let mut phrases: Vec<(Vec<String>, &'static str)> = Vec::new();
        let mut markers = BTreeSet::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((english, foreign)) = line.split_once(':') else { continue };
            let english = english.trim();
            for phrase in foreign.split(';') {
                let words = phrase_words(phrase, language);
                for word in words.iter().filter(|word| !ENGLISH.contains(word.as_str())) {
                    markers.insert(word.clone());
                }
                if english != "-" && !words.is_empty() {
                    phrases.push((words, english));
                }
            }
        }
        phrases.sort();
        markers.retain(|word| !is_shared(word));
        Self { phrases, markers }
    }

    pub(super) fn is_marker(&self, word: &str) -> bool {
        self.markers.contains(word)
    }

    /// The English of the longest phrase that begins at `at`, and the tokens it takes.
    pub(super) fn longest(&self, tokens: &[Token], at: usize) -> Option<(&'static str, usize)> {
        let first = tokens.get(at)?.text.as_str();
        let from = self.phrases.partition_point(|(words, _)| words[0].as_str() < first);
        let mut best: Option<(&'static str, usize)> = None;
        for (words, english) in &self.phrases[from..] {
            if words[0] != first {
                break;
            }
            let longer = best.is_none_or(|(_, used)| words.len() > used);
            if longer && stands(tokens, at, words) {
                best = Some((english, words.len()));
            }
        }
        best
    }
}

fn stands(tokens: &[Token], at: usize, words: &[String]) -> bool {
    words
        .iter()
        .enumerate()
        .all(|(offset, word)| tokens.get(at + offset).is_some_and(|token| token.text == *word))
}

fn phrase_words(phrase: &str, language: Language) -> Vec<String> {
    let split = super::split_elisions(&tokens(phrase.trim()), language);
    let words: Vec<String> = split.into_iter().map(|token| token.text).collect();
    if words.len() > PHRASE_WORDS_MAX { Vec::new() } else { words }
}

/// A word that English talk, or the name of somebody in it, may have too.
pub(super) fn is_shared(word: &str) -> bool {
    const SHARED: &[&str] = &[
        "san",
        "van",
        "don",
        "mar",
        "sol",
        "rosa",
        "max",
        "paul",
        "santa",
        "cruz",
        "once",
        "six",
        "on",
        "pour",
        "die",
        "me",
        "no",
        "son",
        "hat",
        "man",
        "am",
        "was",
        "so",
        "war",
        "also",
        "gut",
        "or",
        "sans",
        "plus",
        "cent",
        "cents",
        "mille",
        "million",
        "table",
        "date",
        "restaurant",
        "hotel",
        "message",
        "note",
        "service",
        "menu",
        "simple",
        "place",
        "minutes",
        "minute",
        "total",
        "main",
        "fin",
        "come",
        "era",
        "pan",
        "red",
        "has",
        "he",
        "ten",
        "si",
        "tu",
        "ton",
        "mon",
        "chat",
        "four",
        "long",
        "grand",
        "part",
        "parking",
        "euro",
        "euros",
        "dollar",
        "dollars",
        "net",
        "pension",
        "elf",
        "email",
        "mail",
        "sms",
        "bar",
        "port",
        "budget",
        "minimum",
        "halt",
        "rest",
        "per",
        "es",
        "en",
        "les",
        "des",
        "ms",
        "m",
        "dr",
        "garage",
        "salon",
        "boutique",
        "brasserie",
        "auberge",
        "point",
        "mars",
        "august",
        "april",
        "september",
        "november",
        "mai",
        "okay",
        "ok",
        "hello",
        "real",
        "satz",
        "stock",
        "transfer",
        "transport",
        "note",
        "personal",
        "agent",
        "exact",
        "compris",
        "ma",
        "da",
        "do",
        "du",
        "to",
        "an",
        "in",
        "name",
        "moment",
        "telefon",
        "email",
        "person",
        "pardon",
        "sorry",
        "a",
        "y",
        "e",
        "o",
        "cabinet",
        "clinique",
        "taller",
        "señor",
        "mr",
        "sr",
        "us",
        "au",
        "diner",
        "sale",
        "sales",
        "sin",
        "con",
        "par",
        "real",
        "as",
        "pro",
        "je",
        "um",
        "ab",
        "bei",
        "senior",
        "normal",
    ];
    SHARED.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_well_formed() {
        for (language, text) in [
            (Language::Spanish, include_str!("spanish.txt")),
            (Language::French, include_str!("french.txt")),
            (Language::German, include_str!("german.txt")),
        ] {
            for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                let (english, foreign) = line.split_once(':').expect(line);
                assert_eq!(english, english.to_lowercase(), "{line}");
                for phrase in foreign.split(';') {
                    assert!(!phrase_words(phrase, language).is_empty(), "{phrase} in {line}");
                }
            }
            let table = of(language);
            for pair in table.phrases.windows(2) {
                assert!(
                    pair[0].0 != pair[1].0,
                    "{:?} stands twice: {}, {}",
                    pair[0].0,
                    pair[0].1,
                    pair[1].1
                );
            }
        }
    }
}
