//! Which language a text is in, told by words that only one of them has.
//!
//! Nearly every word of English is turned away by a filter of bits; only the others are looked up.

use super::markers::MARKERS;
use super::token::Tokens;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Spanish,
    French,
    German,
}

const ENGLISH: u8 = 1;
const SPANISH: u8 = 2;
const FRENCH: u8 = 4;
const GERMAN: u8 = 8;
/// The word is a number: alone it is reason enough.
const NUMBER: u8 = 16;

const FOREIGN: [(u8, Language); 3] =
    [(SPANISH, Language::Spanish), (FRENCH, Language::French), (GERMAN, Language::German)];

/// The language of the text; `usual` is that of the conversation, for texts that do not tell.
pub(crate) fn language_of(tokens: &Tokens, usual: Language) -> Language {
    let mut english = 0;
    let mut counts = [0_u32; 3];
    let mut numbers = [false; 3];
    for at in 0..tokens.len() {
        let bits = match tokens.mark(at) {
            Some('¿' | '¡') => SPANISH,
            Some(_) => continue,
            None if is_hundred(tokens, at) => FRENCH | NUMBER,
            None => bits_of(tokens.word(at)),
        };
        if bits == 0 {
            continue;
        }
        english += u32::from(bits & ENGLISH != 0);
        for (index, (bit, _)) in FOREIGN.iter().enumerate() {
            // A number tells more than a little word.
            let weight = if bits & NUMBER != 0 { 2 } else { 1 };
            counts[index] += weight * u32::from(bits & bit != 0);
            numbers[index] |= bits & bit != 0 && bits & NUMBER != 0;
        }
    }
    let mut best = None;
    for (index, (_, language)) in FOREIGN.iter().enumerate() {
        let count = counts[index];
        let enough = count > 0 && (count * 2 >= english || numbers[index]);
        let better =
            best.is_none_or(|(most, _)| count > most || (count == most && *language == usual));
        if enough && better {
            best = Some((count, *language));
        }
    }
    match best {
        Some((_, language)) => language,
        None if english == 0 => usual,
        None => Language::English,
    }
}

/// "Cent six", "cent dollars": a hundred, not the hundredth part.
fn is_hundred(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "cent"
        && matches!(tokens.word(at + 1), "un" | "six" | "dollars" | "euros" | "par" | "mille")
}

fn bits_of(word: &str) -> u8 {
    if word.len() < 2 {
        return 0;
    }
    if FILTER.may_hold(word)
        && let Ok(found) = MARKERS.binary_search_by(|(marker, _)| (*marker).cmp(word))
    {
        return MARKERS[found].1;
    }
    if let Some((head, _)) = word.split_once('\'') {
        return if is_elided(head) && word != "d'you" { FRENCH } else { 0 };
    }
    let german = word.len() > 6
        && (word.ends_with("zig")
            || word.ends_with("hundert")
            || word.ends_with("tausend")
            || word.ends_with("zehn")
            || word.ends_with("ssig")
            || word.contains("hundert")
            || word.contains("tausend"));
    if german { GERMAN | NUMBER } else { 0 }
}

/// "l'offre", "d'accord", "qu'il".
pub(super) fn is_elided(head: &str) -> bool {
    matches!(
        head,
        "c" | "d" | "j" | "l" | "n" | "s" | "t" | "m" | "qu" | "jusqu" | "lorsqu" | "puisqu"
    )
}

static FILTER: Filter = {
    let mut filter = Filter::new();
    let mut at = 0;
    while at < MARKERS.len() {
        filter = filter.with(MARKERS[at].0);
        at += 1;
    }
    filter
};

const FILTER_BITS: usize = 16 * 1024;

/// Bits by which a word that is not in a table is nearly always known without looking it up.
pub(crate) struct Filter([u64; FILTER_BITS / 64]);

impl Filter {
    pub(crate) const fn new() -> Self {
        Self([0; FILTER_BITS / 64])
    }

    pub(crate) const fn with(mut self, word: &str) -> Self {
        let slot = slot(word.as_bytes());
        self.0[slot / 64] |= 1 << (slot % 64);
        self
    }

    pub(crate) fn may_hold(&self, word: &str) -> bool {
        if word.is_empty() {
            return false;
        }
        let slot = slot(word.as_bytes());
        self.0[slot / 64] & (1 << (slot % 64)) != 0
    }
}

const fn slot(word: &[u8]) -> usize {
    let last = word.len() - 1;
    let second = if word.len() > 1 { word[1] } else { 0 };
    let mixed = word[0] as usize * 131
        + word[last] as usize * 31
        + second as usize * 1_031
        + word[word.len() / 2] as usize * 517
        + word.len() * 71;
    mixed % FILTER_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_tell_their_language() {
        let check = |text: &str, expected: Language| {
            assert_eq!(language_of(&Tokens::of(text), Language::English), expected, "{text}");
        };
        check("We could do sixty-five per unit.", Language::English);
        check("It's a deal, let's do it once more.", Language::English);
        check("Nos parece bien.", Language::Spanish);
        check("Sesenta y cinco.", Language::Spanish);
        check("C'est trop cher.", Language::French);
        check("Soixante-douze.", Language::French);
        check("Das passt uns.", Language::German);
        check("Zweiundsiebzig.", Language::German);
        check("Los Angeles is where we are, and that is fine.", Language::English);
    }

    #[test]
    fn markers_are_sorted() {
        for pair in MARKERS.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{:?} stands before {:?}", pair[0], pair[1]);
        }
    }
}
