//! The phrase tables. A line of a text is `English words: phrase; phrase`; `#` begins a remark.

use super::Language;
use super::tables;
use crate::token::Token;

/// Made from the texts beforehand: to read them in every call would cost more than the call.
pub(super) struct Table {
    /// The words of each phrase with its English, in order of the words.
    pub(super) phrases: &'static [(&'static str, &'static str)],
    /// Words that only this language has, as against English, in order.
    pub(super) markers: &'static [&'static str],
}

static NOTHING: Table = Table { phrases: &[], markers: &[] };

pub(super) fn of(language: Language) -> &'static Table {
    match language {
        Language::English => &NOTHING,
        Language::Spanish => &tables::SPANISH,
        Language::French => &tables::FRENCH,
        Language::German => &tables::GERMAN,
    }
}

/// A word that shows that English is spoken.
pub(super) fn is_english(word: &str) -> bool {
    tables::ENGLISH.binary_search(&word).is_ok()
}

impl Table {
    pub(super) fn is_marker(&self, word: &str) -> bool {
        self.markers.binary_search(&word).is_ok()
    }

    /// The English of the longest phrase that begins at `at`, and the tokens it takes.
    pub(super) fn longest(&self, tokens: &[Token], at: usize) -> Option<(&'static str, usize)> {
        let first = tokens.get(at)?.text.as_str();
        let from = self.phrases.partition_point(|(phrase, _)| first_word(phrase) < first);
        let mut best: Option<(&'static str, usize)> = None;
        for (phrase, english) in &self.phrases[from..] {
            if first_word(phrase) != first {
                break;
            }
            let words = phrase.split(' ').count();
            let longer = best.is_none_or(|(_, used)| words > used);
            if longer && stands(tokens, at, phrase) {
                best = Some((english, words));
            }
        }
        best
    }
}

fn first_word(phrase: &str) -> &str {
    phrase.split(' ').next().unwrap_or(phrase)
}

fn stands(tokens: &[Token], at: usize, phrase: &str) -> bool {
    let mut words = phrase.split(' ').enumerate();
    words.all(|(offset, word)| tokens.get(at + offset).is_some_and(|token| token.text == word))
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
    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use std::path::Path;

    use super::*;
    use crate::token::tokens;

    /// Longest phrase, in words.
    const PHRASE_WORDS_MAX: usize = 8;
    const TEXTS: [(&str, Language, &str); 3] = [
        ("SPANISH", Language::Spanish, include_str!("spanish.txt")),
        ("FRENCH", Language::French, include_str!("french.txt")),
        ("GERMAN", Language::German, include_str!("german.txt")),
    ];

    fn phrase_words(phrase: &str, language: Language) -> Vec<String> {
        let split = super::super::split_elisions(&tokens(phrase.trim()), language);
        let words: Vec<String> = split.into_iter().map(|token| token.text).collect();
        if words.len() > PHRASE_WORDS_MAX { Vec::new() } else { words }
    }

    fn english() -> BTreeSet<&'static str> {
        include_str!("english.txt").split_whitespace().collect()
    }

    type Read = (Vec<(Vec<String>, &'static str)>, BTreeSet<String>);

    fn read(text: &'static str, language: Language) -> Read {
        let own = english();
        let (mut phrases, mut markers) = (Vec::new(), BTreeSet::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((english, foreign)) = line.split_once(':') else { continue };
            let english = english.trim();
            for phrase in foreign.split(';') {
                let words = phrase_words(phrase, language);
                markers.extend(words.iter().filter(|word| !own.contains(word.as_str())).cloned());
                if english != "-" && !words.is_empty() {
                    phrases.push((words, english));
                }
            }
        }
        phrases.sort();
        markers.retain(|word| !is_shared(word));
        (phrases, markers)
    }

    /// The source of `tables.rs`.
    fn source() -> String {
        let mut source = String::from(
            "//! Made from the texts beside it: `HEARD_TABLES=write cargo test -p agenticcalling-heard --lib tables`.\n\
             \nuse super::table::Table;\n\n#[rustfmt::skip]\npub(super) static ENGLISH: &[&str] = &[\n",
        );
        for word in english() {
            let _ = writeln!(source, "    {word:?},");
        }
        source.push_str("];\n");
        for (name, language, text) in TEXTS {
            let (phrases, markers) = read(text, language);
            let _ = writeln!(
                source,
                "\n#[rustfmt::skip]\npub(super) static {name}: Table = Table {{\n    phrases: &["
            );
            for (words, english) in phrases {
                let _ = writeln!(source, "        ({:?}, {english:?}),", words.join(" "));
            }
            source.push_str("    ],\n    markers: &[\n");
            for marker in markers {
                let _ = writeln!(source, "        {marker:?},");
            }
            source.push_str("    ],\n};\n");
        }
        source
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test makes a file of this folder again")]
    fn tables_are_those_of_the_texts() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/language/tables.rs");
        let source = source();
        if std::env::var_os("HEARD_TABLES").is_some() {
            std::fs::write(&file, &source).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap();
        assert!(kept == source, "make them again: HEARD_TABLES=write cargo test … --lib tables");
    }

    #[test]
    fn texts_are_well_formed() {
        for (_, language, text) in TEXTS {
            for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                let (english, foreign) = line.split_once(':').expect(line);
                assert_eq!(english, english.to_lowercase(), "{line}");
                for phrase in foreign.split(';') {
                    assert!(!phrase_words(phrase, language).is_empty(), "{phrase} in {line}");
                }
            }
            let (phrases, _) = read(text, language);
            for pair in phrases.windows(2) {
                assert_ne!(pair[0].0, pair[1].0, "it stands twice");
            }
        }
    }
}
