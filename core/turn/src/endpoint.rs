//! How long a silence ends a turn.
//!
//! Short after a sentence that is complete, longer after "my number is four one…". A mistake costs
//! time on one side and talking over somebody on the other, so what is not known is waited for.

use crate::words::{Expected, Language, is_letter, is_made_of, words};

/// People pause for less between two sentences, mostly.
pub const ADAPTIVE_MS_MIN: u64 = 400;
/// Between two groups of digits hardly anybody pauses for longer.
pub const ADAPTIVE_MS_MAX: u64 = 1800;
/// A telephone number has at least so many digits…
const NUMBER_DIGITS_MIN: usize = 7;
/// …and with so many it is complete almost everywhere.
const NUMBER_DIGITS: usize = 10;
/// So far before the digits stands the word that says what they are.
const NUMBERED_WITHIN: usize = 4;

/// When silence ends a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpointing {
    /// Always after so long.
    Fixed { ms: u64 },
    /// After `ms_min` where the turn is complete, `ms_max` where more is certain to come.
    Adaptive { ms_min: u64, ms_max: u64 },
}

impl Default for Endpointing {
    fn default() -> Self {
        Endpointing::Adaptive { ms_min: ADAPTIVE_MS_MIN, ms_max: ADAPTIVE_MS_MAX }
    }
}

impl Endpointing {
    /// The silence that ends a turn with these words.
    #[must_use]
    pub fn wait_ms(self, reading: Reading) -> u64 {
        let (ms_min, ms_max) = match self {
            Endpointing::Fixed { ms } => return ms,
            Endpointing::Adaptive { ms_min, ms_max } => (ms_min, ms_max),
        };
        let span = ms_max.saturating_sub(ms_min);
        match reading {
            Reading::Complete => ms_min,
            Reading::Unclear => ms_min + span / 5,
            Reading::Open => ms_min + span * 3 / 4,
            Reading::Dictating => ms_min + span,
        }
    }

    /// The silence that ends a turn whatever its words.
    #[must_use]
    pub fn ms_max(self) -> u64 {
        match self {
            Endpointing::Fixed { ms } => ms,
            Endpointing::Adaptive { ms_min, ms_max } => ms_max.max(ms_min),
        }
    }

    pub(crate) fn ms_min(self) -> u64 {
        match self {
            Endpointing::Fixed { ms } => ms,
            Endpointing::Adaptive { ms_min, .. } => ms_min,
        }
    }
}

/// How much of a turn some words seem to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A whole sentence, or a whole answer.
    Complete,
    Unclear,
    /// The sentence goes on: "and", "of the", "um".
    Open,
    /// Digits or letters, and more of them to come.
    Dictating,
}

impl Reading {
    #[must_use]
    pub fn of(text: &str, language: Language, expected: Expected) -> Reading {
        let text = text.trim().trim_end_matches(['"', '”', '»', ')', '\'']);
        let words = words(text);
        let Some(last) = words.last() else { return Reading::Unclear };
        if text.ends_with('?') {
            return Reading::Complete;
        }
        let stopped = text.ends_with(['.', '!', '。', '！']) && !text.ends_with("..");
        let cut_off = text.ends_with(['…', ',', ';', ':', '-', '–', '—']) || text.ends_with("..");
        if let Some(reading) = dictation(&words, language, expected) {
            return reading;
        }
        let table = language.table();
        let whole =
            |phrase: &str| table.answers.contains(&phrase) || table.agrees.contains(&phrase);
        let reading = match is_made_of(&words, whole) {
            _ if cut_off => Reading::Open,
            true => Reading::Complete,
            false if is_open(&words, last, stopped, language) => Reading::Open,
            false if stopped => Reading::Complete,
            false => Reading::Unclear,
        };
        // "Sure." The number is still to come.
        let awaited = expected == Expected::Dictation && reading == Reading::Complete;
        if awaited { Reading::Unclear } else { reading }
    }

    /// Worth preparing an answer for, before it is certain.
    pub(crate) fn may_be_over(self) -> bool {
        matches!(self, Reading::Complete | Reading::Unclear)
    }
}

fn is_open(words: &[String], last: &str, stopped: bool, language: Language) -> bool {
    let table = language.table();
    let before = words.len().checked_sub(2).map(|at| words[at].as_str());
    if table.copulas.contains(&last) {
        return !stopped || before.is_none_or(|before| !table.subjects.contains(&before));
    }
    let pair = before.map(|before| format!("{before} {last}"));
    let hangs = |list: &[&str]| {
        list.contains(&last) || pair.as_deref().is_some_and(|pair| list.contains(&pair))
    };
    hangs(table.hanging) || (!stopped && hangs(table.joining))
}

/// Whether the words end in digits or letters that are dictated, and whether these are enough.
fn dictation(words: &[String], language: Language, expected: Expected) -> Option<Reading> {
    let table = language.table();
    let digits_of = |word: &String| match word.chars().all(|c| c.is_ascii_digit()) {
        true => Some(word.len()),
        false => table.digits.contains(&word.as_str()).then_some(1),
    };
    let spelled = |word: &String| is_letter(word) && !table.letters.contains(&word.as_str());
    let mut start = words.len();
    let (mut digits, mut pieces, mut letters) = (0, 0, 0);
    while start > 0 {
        let word = &words[start - 1];
        if let Some(count) = digits_of(word) {
            digits += count;
            pieces += 1;
        } else if spelled(word) {
            letters += 1;
        } else if letters > 0 && is_letter(word) {
            // "A" and "I" are letters among letters.
            letters += 1;
        } else {
            break;
        }
        start -= 1;
    }
    let before = &words[start.saturating_sub(NUMBERED_WITHIN)..start];
    let named = before.iter().any(|word| table.numbered.contains(&word.as_str()));
    let awaited = expected == Expected::Dictation || named;
    let dictated = match (pieces, letters) {
        (0, 0) => false,
        (0, letters) => letters >= 2 || expected == Expected::Dictation,
        // A single number may be a price or an hour; "four one" can only be dictated.
        (pieces, letters) => awaited || (pieces + letters >= 2 && digits == pieces),
    };
    if !dictated {
        return None;
    }
    Some(match digits {
        NUMBER_DIGITS.. => Reading::Complete,
        NUMBER_DIGITS_MIN.. => Reading::Unclear,
        _ => Reading::Dictating,
    })
}

#[cfg(test)]
mod tests;
