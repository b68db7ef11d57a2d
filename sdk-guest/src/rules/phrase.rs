//! Words by their stems, and phrases found in what is said.

use crate::numbers::language::Language;
use crate::numbers::token::{Kind, Tokens};
use crate::numbers::translate::in_english;
use crate::numbers::words::{ordinal, part};

/// Phrases one rule may forbid, and topics it may require.
pub(super) const PHRASES_MAX: usize = 32;
/// A word may have been taken apart into this many: "re fund".
pub(super) const WORD_PARTS_MAX: usize = 3;

/// The part of a word its forms share: "refund" of "refunds", "refunded", "refunding".
pub(super) fn stem(word: &str) -> &str {
    const STEM_BYTES_MIN: usize = 3;
    let word = word.strip_suffix("'s").unwrap_or(word);
    let mut stem = word;
    for ending in
        ["ations", "ation", "ings", "ing", "ied", "ies", "ers", "ed", "es", "er", "ly", "s"]
    {
        if let Some(cut) = word.strip_suffix(ending)
            && cut.len() >= STEM_BYTES_MIN
            && !(ending == "s" && cut.ends_with('s'))
        {
            stem = cut;
            break;
        }
    }
    if stem == "written" {
        return "writ";
    }
    let bytes = stem.as_bytes();
    if stem.len() > STEM_BYTES_MIN && matches!(bytes[bytes.len() - 1], b'e' | b'y' | b'i') {
        stem = &stem[..stem.len() - 1];
    }
    // "guarantee" and "guaranteed".
    if stem.len() > STEM_BYTES_MIN + 2 {
        stem = stem.strip_suffix('e').unwrap_or(stem);
    }
    let bytes = stem.as_bytes();
    let twice = bytes.len() > STEM_BYTES_MIN && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
    if twice && bytes[bytes.len() - 1].is_ascii_lowercase() {
        &stem[..stem.len() - 1]
    } else {
        stem
    }
}

/// A number in digits or in words.
pub(super) fn is_number(tokens: &Tokens, at: usize) -> bool {
    match tokens.get(at).map(|token| token.kind) {
        Some(Kind::Digits { .. }) => true,
        Some(Kind::Word) => {
            let word = tokens.word(at);
            word != "one" && (part(word).is_some() || ordinal(word).is_some())
        }
        _ => false,
    }
}

pub(super) fn is_small(word: &str) -> bool {
    one_of!(word;
        "a" "an" "the" "of" "to" "for" "in" "on" "at" "by" "with" "and" "or" "is" "are" "be"
        "their" "they" "them" "your" "our" "my" "you" "we" "i" "it" "its" "any" "some" "that"
        "this" "if" "do" "does" "have" "has" "can" "could" "would" "will" "there" "about" "from"
        "what" "which" "how" "as" "when" "before" "call" "ending" "end" "whether" "offer" "each"
        "every" "all"
    )
}

/// Little words of the other languages, where a text is not put into English.
pub(super) fn is_small_abroad(word: &str) -> bool {
    one_of!(word;
        "dass" "das" "es" "ist" "sind" "wir" "ich" "bin" "haben" "hat" "habe" "war" "waren" "wird" "werden"
        "sehr" "noch" "ein" "eine" "einen" "der" "die" "den" "dem" "zu" "und" "uns" "er" "sie" "que" "esta"
        "estamos" "estoy" "tenemos" "tengo" "tiene" "hay" "somos" "soy" "un" "una" "muy" "mucho" "mucha" "el"
        "la" "los" "las" "de" "en" "nous" "sommes" "suis" "est" "c'est" "avons" "on" "une" "tres" "le" "les"
        "du" "des" "il" "ai" "j'ai" "qu'il" "qu'on" "nos" "lo" "se" "al" "auf" "in" "im" "mit" "von" "est-ce" "nach" "por" "s'il" "tu" "si" "ob" "votre" "su" "ihren" "ihrem" "immer" "siempre" "toujours" "para"
    )
}

pub(super) fn stems(text: &str, content_only: bool) -> Vec<String> {
    stems_of(&Tokens::of(text), content_only)
}

/// The stems of what the text is in English.
pub(super) fn english_stems(text: &str, language: Language, content_only: bool) -> Vec<String> {
    let tokens = Tokens::of(text);
    stems_of(in_english(&tokens, language).as_ref().unwrap_or(&tokens), content_only)
}

pub(super) fn stems_of(tokens: &Tokens, content_only: bool) -> Vec<String> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        match tokens.get(at).map(|token| token.kind) {
            Some(Kind::Word) => {
                let word = tokens.word(at);
                if !content_only || !is_small(word) {
                    found.push(stem(word).to_owned());
                }
            }
            Some(Kind::Digits { value, .. }) => found.push(value.to_string()),
            _ => {}
        }
    }
    found
}

/// Where the token matches `want`, possibly as several tokens written apart: the token behind it.
pub(super) fn match_word(tokens: &Tokens, at: usize, want: &str) -> Option<usize> {
    match tokens.get(at)?.kind {
        Kind::Mark(_) => return None,
        Kind::Digits { value, .. } => {
            let same = want.as_bytes()[0].is_ascii_digit() && want.parse() == Ok(value);
            return same.then_some(at + 1);
        }
        Kind::Word => {}
    }
    let word = tokens.word(at);
    if word.as_bytes().first() != want.as_bytes().first() {
        return None;
    }
    if stem(word) == want {
        return Some(at + 1);
    }
    let mut left = want.strip_prefix(word)?;
    for parts in 1..WORD_PARTS_MAX {
        let next = tokens.word(at + parts);
        if next.is_empty() {
            return None;
        }
        if stem(next) == left || next == left {
            return Some(at + parts + 1);
        }
        left = left.strip_prefix(next)?;
    }
    None
}

/// What stands for a mark where an address is spoken: "jane dot doe".
pub(super) fn is_joint(word: &str) -> bool {
    one_of!(word; "dot" "punkt" "punto" "underscore" "hyphen" "dash")
}

pub(super) fn match_phrase(tokens: &Tokens, at: usize, phrase: &[String]) -> Option<usize> {
    let mut next = at;
    for (number, word) in phrase.iter().enumerate() {
        // Marks between the words of a phrase are not heard.
        while number > 0 && (tokens.mark(next).is_some() || is_joint(tokens.word(next))) {
            next += 1;
        }
        next = match_word(tokens, next, word)?;
    }
    Some(next)
}
