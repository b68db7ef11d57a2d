//! What single words tell about whose turn it is, in English, Spanish, French and German.
//!
//! What is not here: what was meant. A word that is missing in a list costs half a second of waiting,
//! not a misunderstanding.

mod tables;

use tables::Table;

/// Longer than this, and it is no mere sign of listening.
const BACKCHANNEL_WORDS_MAX: usize = 5;

/// The language of a call, as far as its words are known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Spanish,
    French,
    German,
    /// Punctuation and digits are read, words are not.
    Other,
}

impl Language {
    /// By a BCP 47 tag.
    #[must_use]
    pub fn of(tag: &str) -> Language {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        match primary.to_ascii_lowercase().as_str() {
            "en" => Language::English,
            "es" => Language::Spanish,
            "fr" => Language::French,
            "de" => Language::German,
            _ => Language::Other,
        }
    }

    pub(crate) fn table(self) -> &'static Table {
        match self {
            Language::English => &tables::ENGLISH,
            Language::Spanish => &tables::SPANISH,
            Language::French => &tables::FRENCH,
            Language::German => &tables::GERMAN,
            Language::Other => &tables::OTHER,
        }
    }
}

/// What we have just asked, if anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// What answered is not known yet: a greeting is heard out.
    Greeting,
    #[default]
    Nothing,
    /// We asked a question: a "yes" answers it.
    Answer,
    /// We asked for something that is said in pieces: a telephone number, a spelled name.
    Dictation,
}

impl Expected {
    /// From what we have said and the other side has heard.
    #[must_use]
    pub fn after(said: &str, language: Language) -> Expected {
        let last = last_sentence(said);
        let question = last.ends_with('?');
        let table = language.table();
        let words = words(last);
        let asks = question || words.iter().any(|word| table.please.contains(&word.as_str()));
        if asks && table.dictated.iter().any(|phrase| contains(&words, phrase)) {
            return Expected::Dictation;
        }
        if question { Expected::Answer } else { Expected::Nothing }
    }
}

/// What somebody says while we speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remark {
    /// They listen: we go on.
    Backchannel,
    /// They want us to stop.
    Stop,
    /// Anything else.
    Words,
}

pub(crate) fn remark(text: &str, language: Language, expected: Expected) -> Remark {
    let table = language.table();
    let words = words(text);
    if table.stops.iter().any(|phrase| contains(&words, phrase)) {
        return Remark::Stop;
    }
    let mut agrees = false;
    let listens = |phrase: &str| {
        let sound = table.sounds.contains(&phrase);
        let agreement = !sound && table.agrees.contains(&phrase);
        agrees |= agreement;
        sound || agreement
    };
    let short = !words.is_empty() && words.len() <= BACKCHANNEL_WORDS_MAX;
    let listens = short && is_made_of(&words, listens);
    let answers = agrees && matches!(expected, Expected::Answer | Expected::Dictation);
    if listens && !answers { Remark::Backchannel } else { Remark::Words }
}

/// Lower case, without punctuation; hyphens part words, apostrophes do not, and "a.m." is one word.
pub(crate) fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('’', "'");
    let mut words = Vec::new();
    for chunk in text.split_whitespace() {
        let parts = chunk.split(|c: char| !c.is_alphanumeric() && c != '\'');
        let parts = parts.map(|word| word.trim_matches('\'')).filter(|word| !word.is_empty());
        let parts: Vec<&str> = parts.collect();
        if parts.len() > 1 && chunk.contains('.') && parts.iter().all(|part| is_letter(part)) {
            words.push(parts.concat());
        } else {
            words.extend(parts.into_iter().map(str::to_owned));
        }
    }
    words
}

pub(crate) fn is_letter(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

/// Whether these words are nothing but phrases of one or two words that are known.
pub(crate) fn is_made_of(words: &[String], mut known: impl FnMut(&str) -> bool) -> bool {
    let mut at = 0;
    while at < words.len() {
        let pair = words.get(at + 1).map(|next| format!("{} {next}", words[at]));
        at += match pair {
            Some(pair) if known(&pair) => 2,
            _ if known(&words[at]) => 1,
            _ => return false,
        };
    }
    true
}

fn contains(words: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    words.windows(phrase.len()).any(|window| window.iter().eq(phrase.iter()))
}

/// The last that is complete: what was only begun has not been asked yet.
fn last_sentence(text: &str) -> &str {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '…');
    let text = match text.rfind(ends) {
        Some(last) => &text[..last + text[last..].chars().next().map_or(0, char::len_utf8)],
        None => text,
    };
    let body = text.trim_end_matches(ends);
    let start = body.rfind(|c| ends(c) || matches!(c, '¿' | '¡'));
    let start = start.map_or(0, |at| at + body[at..].chars().next().map_or(0, char::len_utf8));
    text[start..].trim()
}

#[cfg(test)]
mod tests;
