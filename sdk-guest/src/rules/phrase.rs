//! Words by their stems, and phrases found in what is said.

use crate::numbers::language::Language;
use crate::numbers::token::{Kind, Tokens};
use crate::numbers::translate::in_english;

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
    let bytes = stem.as_bytes();
    let twice = bytes.len() > STEM_BYTES_MIN && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
    if twice && bytes[bytes.len() - 1].is_ascii_lowercase() {
        &stem[..stem.len() - 1]
    } else {
        stem
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

pub(super) fn match_phrase(tokens: &Tokens, at: usize, phrase: &[String]) -> Option<usize> {
    let mut next = at;
    for (number, word) in phrase.iter().enumerate() {
        // Marks between the words of a phrase are not heard.
        while number > 0 && tokens.mark(next).is_some() {
            next += 1;
        }
        next = match_word(tokens, next, word)?;
    }
    Some(next)
}
