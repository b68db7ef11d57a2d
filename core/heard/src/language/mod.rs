//! Spanish, French and German, put into the English words that the rest of the kit knows.
//!
//! An utterance in another language becomes the English tokens of its numbers, times, dates and known
//! phrases; each keeps its place in the original text, and what no table knows stays as it was said.
//! So every finder, question and wish is written once. What is not here: grammar. Word order stays
//! foreign, and a sentence is only as well understood as its phrases.

mod address;
mod clock;
mod date;
mod digits;
mod number;
mod table;
mod tables;

use std::ops::Range;

use super::token::{Kind, Token};
use table::Table;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Spanish,
    French,
    German,
}

const FOREIGN: [Language; 3] = [Language::Spanish, Language::French, Language::German];

/// The language of an utterance; a short one that shows none is in the language of the talk.
pub(crate) fn detect(tokens: &[Token], talk: Option<Language>) -> Language {
    // Names show no language, so capitals within the utterance are not counted against one.
    let counts = |(at, token): &(usize, &Token)| token.is_word() && (!token.capital || *at == 0);
    let words = tokens.iter().enumerate().filter(counts).count();
    let english = tokens.iter().filter(|token| table::is_english(&token.text)).count() * 2;
    let mut best = Language::English;
    let mut most = 0;
    for language in FOREIGN {
        let weight = tokens.iter().map(|token| weight(token, language)).sum();
        if weight > most || weight == most && talk == Some(language) {
            best = language;
            most = weight;
        }
    }
    if talk == Some(best) && best != Language::English {
        return if english > most { Language::English } else { best };
    }
    if most > english && (most >= words || most >= 4 && most * 3 >= words * 2) {
        return best;
    }
    if english == 0 { talk.unwrap_or_default() } else { Language::English }
}

/// How much a token shows the language: 2 for one of its words, 1 for what names have too.
fn weight(token: &Token, language: Language) -> usize {
    const OF_NAMES: &[&str] = &["de", "la", "le", "el", "los", "las", "der", "von", "del", "das"];
    if token.is_any(&["¿", "¡"]) {
        return if language == Language::Spanish { 2 } else { 0 };
    }
    if !token.is_word() {
        return 0;
    }
    let table = table::of(language);
    let elided = language == Language::French && elision(&token.text).is_some();
    let ordinal = language == Language::German && number::ordinal(language, &token.text).is_some();
    let number = ordinal || number::word(language, &token.text).is_some();
    let counted = number && !table::is_shared(&token.text);
    if !elided && !counted && !table.is_marker(&token.text) {
        return 0;
    }
    match token.text.as_str() {
        "arroba" | "arobase" | "klammeraffe" => 8,
        word if OF_NAMES.contains(&word) => 1,
        _ => 2,
    }
}

/// The tokens in English words.
pub(crate) fn in_english(tokens: &[Token], language: Language) -> Vec<Token> {
    if language == Language::English {
        return tokens.to_vec();
    }
    let mut source = split_elisions(tokens, language);
    let addresses = address::protect(&mut source);
    let mut translation = Translation {
        source: &source,
        language,
        table: table::of(language),
        english: Vec::with_capacity(source.len()),
        merged_sentences: 0,
    };
    let mut at = 0;
    while at < source.len() {
        let address = addresses.iter().find(|range| range.contains(&at));
        at = match address {
            Some(range) => translation.keep(at..range.end),
            None => translation.step(at),
        };
    }
    digits::join_cents(translation.english)
}

struct Translation<'a> {
    source: &'a [Token],
    language: Language,
    table: &'static Table,
    english: Vec<Token>,
    /// Full stops that ended no sentence: "am 15. März".
    merged_sentences: usize,
}

impl Translation<'_> {
    /// Translates what begins at `at`; returns where to go on.
    fn step(&mut self, at: usize) -> usize {
        if let Some(date) = date::at(self.source, at, self.language) {
            let range = at..at + date.tokens;
            let words = date.words.iter().map(String::as_str);
            self.emit(range.clone(), words);
            self.merged_sentences += date.full_stops;
            return range.end;
        }
        if let Some(clock) = clock::at(self.source, at, self.language) {
            let range = at..at + clock.tokens;
            self.emit(range.clone(), clock.words().iter().map(String::as_str));
            return range.end;
        }
        if let Some(used) = self.credit(at) {
            return used;
        }
        if let Some(english) = self.range(at) {
            self.emit(at..at + 1, [english].into_iter());
            return at + 1;
        }
        if let Some((value, used)) = self.number(at) {
            self.emit(at..at + used, [digits::written(value).as_str()].into_iter());
            return at + used;
        }
        let Some((english, used)) = self.phrase(at) else {
            return self.keep(at..at + 1);
        };
        if used == 1 && self.denies(at) {
            let opens = at == 0 || self.source[at - 1].sentence != self.source[at].sentence;
            let words: &[&str] = if opens { &["no", "don't"] } else { &["don't"] };
            self.emit(at..at + 1, words.iter().copied());
            return at + 1;
        }
        self.emit(at..at + used, english.split(' ').filter(|word| !word.is_empty()));
        let end = at + used;
        if introduces(english) { self.keep_name(end) } else { end }
    }

    /// The English of the phrase at `at`; of its first word, where the whole is no plea to be left alone.
    fn phrase(&self, at: usize) -> Option<(&'static str, usize)> {
        let (english, used) = self.table.longest(self.source, at)?;
        if english == "stop calling" && !self.is_plea(at..at + used) {
            return self.table.longest(&self.source[..=at], at);
        }
        Some((english, used))
    }

    /// German parts its verbs: "bieten wir nicht mehr an" wants no fewer calls than "nehmen keine Anrufe
    /// mehr an", and "lassen Sie mich in Ruhe nachsehen" asks for a moment.
    fn is_plea(&self, range: Range<usize>) -> bool {
        const CALLING: &[&str] = &["rufen", "ruf", "ruft", "schreiben", "sprechen"];
        let (Some(first), Some(last)) =
            (self.source.get(range.start), self.source.get(range.end.saturating_sub(1)))
        else {
            return false;
        };
        if self.language != Language::German {
            return true;
        }
        if first.is_any(&["nicht", "nie"]) && last.is("an") {
            return (0..range.start).any(|at| {
                let token = &self.source[at];
                let ours = at > 0 && self.source[at - 1].is_any(&["wir", "ich"]);
                token.sentence == first.sentence && token.is_any(CALLING) && !ours
            });
        }
        if first.is("keine") {
            let next = self.source.get(range.end);
            return !next.is_some_and(|next| next.is_any(&["an", "entgegen"]));
        }
        !last.is("ruhe") || !self.ends_in_infinitive(range.end, last.sentence)
    }

    /// "… nachsehen", "… darüber nachdenken"; not "… mit Ihren Fragen".
    fn ends_in_infinitive(&self, from: usize, sentence: usize) -> bool {
        let rest = self.source[from.min(self.source.len())..].iter();
        let clause: Vec<&Token> =
            rest.take_while(|token| token.is_word() && token.sentence == sentence).collect();
        let (Some(first), Some(last)) = (clause.first(), clause.last()) else { return false };
        let infinitive = ["en", "ern", "eln"].iter().any(|end| last.text.ends_with(end));
        infinitive && !last.capital && !first.is("mit")
    }

    /// Spanish says "no" before a verb where English says "don't".
    fn denies(&self, at: usize) -> bool {
        let spoken = self.language == Language::Spanish && self.source[at].is("no");
        let next = self.source.get(at + 1);
        let verb = next.is_some_and(|next| {
            next.is_word()
                && self.table.longest(self.source, at + 1).is_none_or(|(english, _)| {
                    !["sorry", "thank you", "sure", "the", "at", "a", "or rather"]
                        .contains(&english)
                })
        });
        spoken && verb
    }

    /// "A 30 días", "à 30 jours", "zahlbar innerhalb von 30 Tagen": credit, in the words for it.
    fn credit(&mut self, at: usize) -> Option<usize> {
        let word = |at: usize| self.source.get(at).map_or("", |token| token.text.as_str());
        let number_at = match (self.language, word(at), word(at + 1)) {
            (Language::Spanish, "a", _) | (Language::French, "à", _) => at + 1,
            (Language::German, "innerhalb" | "binnen", "von") => at + 2,
            (Language::German, "innerhalb" | "binnen", _) => at + 1,
            _ => return None,
        };
        let (days, used) = match word(number_at).parse::<u32>() {
            Ok(days) => (f64::from(days), 1),
            Err(_) => number::whole(self.source, number_at, self.language)?,
        };
        let end = number_at + used + 1;
        let counted = matches!(word(end - 1), "días" | "jours" | "tagen" | "tage");
        let said = |words: &[&str]| self.source[..at].iter().any(|token| token.is_any(words));
        let paying = self.language != Language::German
            || said(&["zahlbar", "zahlung", "zahlen", "bezahlen", "rechnung", "zahlungsziel"]);
        let other = said(&["entrega", "plazo", "livraison", "délai", "lieferung"]);
        let ranged = self.english.last().is_some_and(Token::is_digits);
        if !counted || !paying || other || ranged || days < 1.0 {
            return None;
        }
        let days = digits::written(days);
        self.emit(at..end, ["net", days.as_str(), "days"].into_iter());
        Some(end)
    }

    /// "De nueve a dos", "de deux à trois", "zwei bis drei": the words between two numbers.
    fn range(&self, at: usize) -> Option<&'static str> {
        let counts = |at: usize| {
            self.source.get(at).is_some_and(Token::is_digits)
                || number::at(self.source, at, self.language).is_some()
        };
        let ahead = |from: usize| {
            let limit = (from + 5).min(self.source.len());
            (from..limit).find(|at| self.source[*at].is_any(&["a", "à", "bis"]))
        };
        let token = &self.source[at];
        let after_number = self.english.last().is_some_and(Token::is_digits);
        if token.is_any(&["a", "à", "bis"]) && after_number && counts(at + 1) {
            return Some("to");
        }
        let opens = token.is_any(&["de", "von"]) && counts(at + 1);
        let linked = ahead(at + 2).is_some_and(|link| counts(link + 1));
        (opens && linked).then_some("from")
    }

    fn number(&self, at: usize) -> Option<(f64, usize)> {
        if let Some(found) = digits::at(self.source, at, self.language) {
            return Some(found);
        }
        if number::is_article(self.language, &self.source[at].text) {
            return self.counts_one(at).then_some((1.0, 1));
        }
        let (value, used) = number::at(self.source, at, self.language)?;
        // "Dieciocho con noventa" is 18.90.
        let link = self.source.get(at + used).filter(|_| self.language == Language::Spanish);
        if link.is_some_and(|link| link.is("con"))
            && let Some((cents, more)) = number::whole(self.source, at + used + 1, self.language)
            && (1.0..100.0).contains(&cents)
            && self.source.get(at + used + 1 + more).is_none_or(Token::is_mark)
        {
            return Some((value + cents / 100.0, used + 1 + more));
        }
        Some((value, used))
    }

    /// "Una semana" is one week; "una mesa" is a table; "zéro un quarante" are digits.
    fn counts_one(&self, at: usize) -> bool {
        let digit_before = self.english.last().is_some_and(|before| {
            before.is_digits() && before.text.len() <= 2 && !before.text.contains('.')
        });
        let Some(next) = self.source.get(at + 1) else { return digit_before };
        let counted = self.table.longest(self.source, at + 1).is_some_and(|(english, _)| {
            let word = english.split(' ').next().unwrap_or("");
            super::when::is_unit(word)
                || super::money::currency_word(word).is_some()
                || word == "percent"
        });
        let digit_after = number::at(self.source, at + 1, self.language).is_some();
        counted || digit_before && digit_after || next.is("%")
    }

    /// Capitalised words after an introduction are a name, whatever else they mean.
    fn keep_name(&mut self, from: usize) -> usize {
        const NAME_TOKENS_MAX: usize = 4;
        let mut at = from;
        while at < self.source.len() && at - from < NAME_TOKENS_MAX {
            let token = &self.source[at];
            let title = self.table.longest(self.source, at).is_some_and(|(english, _)| {
                matches!(english, "mr" | "ms" | "dr") || english.starts_with("speaking")
            });
            if !token.is_word() || !token.capital || title {
                break;
            }
            self.keep(at..at + 1);
            at += 1;
        }
        at
    }

    fn keep(&mut self, range: Range<usize>) -> usize {
        for token in &self.source[range.clone()] {
            let mut token = token.clone();
            token.sentence = token.sentence.saturating_sub(self.merged_sentences);
            self.english.push(token);
        }
        range.end
    }

    /// Words in the place of the source tokens of `range`; each spans all of them.
    fn emit<'w>(&mut self, range: Range<usize>, words: impl Iterator<Item = &'w str>) {
        let (Some(first), Some(last)) =
            (self.source.get(range.start), self.source.get(range.end.saturating_sub(1)))
        else {
            return;
        };
        for (number, word) in words.enumerate() {
            let kind = match word.chars().next() {
                Some(c) if c.is_ascii_digit() => Kind::Digits,
                Some(c) if c.is_alphabetic() => Kind::Word,
                _ => Kind::Mark,
            };
            let glued = if number == 0 { first.glued } else { word == ":" || word == "th" };
            self.english.push(Token {
                text: word.to_owned(),
                start: first.start,
                end: last.end,
                kind,
                glued,
                capital: number == 0 && first.capital,
                sentence: first.sentence.saturating_sub(self.merged_sentences),
            });
        }
    }
}

fn introduces(english: &str) -> bool {
    ["name is", "this is", "speaking with", "i'm", "it's", "here is"].contains(&english)
        || matches!(english, "mr" | "ms" | "dr")
}

/// "L'unité" is two words.
fn split_elisions(tokens: &[Token], language: Language) -> Vec<Token> {
    if language != Language::French {
        return tokens.to_vec();
    }
    let mut split = Vec::with_capacity(tokens.len());
    for token in tokens {
        let Some(length) = elision(&token.text) else {
            split.push(token.clone());
            continue;
        };
        // A curly apostrophe is two bytes longer than the straight one it became. Letters that changed
        // their length with their case leave the place of the cut unknown: both parts span the word.
        let (head, tail) = token.text.split_at(length);
        let bytes = token.end - token.start;
        let known = bytes == token.text.len() || bytes == token.text.len() + 2;
        let middle = if known { token.end - tail.len() } else { token.start };
        let head_end = if known { middle } else { token.end };
        split.push(Token { text: head.to_owned(), end: head_end, ..token.clone() });
        split.push(Token {
            text: tail.to_owned(),
            start: middle,
            glued: true,
            capital: false,
            ..token.clone()
        });
    }
    split
}

/// Length of the elided article or pronoun that a French word begins with.
fn elision(word: &str) -> Option<usize> {
    let (head, tail) = word.split_once('\'')?;
    let elided = ["l", "d", "j", "n", "s", "c", "m", "t", "qu", "jusqu", "lorsqu", "puisqu"];
    let long = tail.chars().count() >= 2 || tail == "y" || tail == "à" || tail == "a";
    (elided.contains(&head) && long).then_some(head.len() + 1)
}
