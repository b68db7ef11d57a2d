//! Splits what was said into words, digits and marks, each with its place in the text.
//!
//! Speech recognisers write the same thing in many ways ("fifty-two", "52", "$52.00", "8pm"), so
//! hyphenated words are taken apart and a number is taken from the letters glued to it.

use std::ops::Range;

/// Longest utterance that is read, in tokens; what follows is not looked at.
pub const UTTERANCE_TOKENS_MAX: usize = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Digits,
    Mark,
}

#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// Lower case, with straight apostrophes; digits without their thousands separators.
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    /// Nothing but a hyphen, or nothing at all, stands between this token and the one before.
    pub(crate) glued: bool,
    /// The word begins with a capital letter.
    pub(crate) capital: bool,
    /// Number of the sentence it belongs to, from 0.
    pub(crate) sentence: usize,
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub(crate) fn is_any(&self, texts: &[&str]) -> bool {
        texts.contains(&self.text.as_str())
    }

    pub(crate) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub(crate) fn is_digits(&self) -> bool {
        self.kind == Kind::Digits
    }

    pub(crate) fn is_mark(&self) -> bool {
        self.kind == Kind::Mark
    }
}

/// All tokens of `text`, at most [`UTTERANCE_TOKENS_MAX`].
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut sentence = 0;
    let mut sentence_ended = false;
    let mut position = 0;
    let mut glued = false;
    while let Some(c) = text[position..].chars().next() {
        if tokens.len() == UTTERANCE_TOKENS_MAX {
            break;
        }
        if c.is_whitespace() {
            position += c.len_utf8();
            glued = false;
            continue;
        }
        if is_hyphen(c) && joins(text, position, c) {
            position += c.len_utf8();
            glued = true;
            continue;
        }
        let (kind, end) = token_end(text, position, c);
        let raw = &text[position..end];
        let ends_sentence = matches!(raw, "." | "?" | "!" | "…");
        if sentence_ended && !ends_sentence && !glued {
            sentence += 1;
            sentence_ended = false;
        }
        sentence_ended |= ends_sentence && !is_abbreviation(tokens.last());
        tokens.push(Token {
            text: normal(raw, kind),
            start: position,
            end,
            kind,
            glued: glued && !tokens.is_empty(),
            capital: c.is_uppercase(),
            sentence,
        });
        position = end;
        glued = true;
    }
    tokens
}

/// The words of `text` in the form tokens are compared in, without marks.
pub fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for token in tokens(text) {
        if !token.is_mark() {
            found.push(token.text);
        }
    }
    found
}

/// Where `phrase`, given as words, stands in `tokens[range]`; marks between its words are passed over.
pub(crate) fn find_phrase(
    tokens: &[Token],
    range: Range<usize>,
    phrase: &str,
) -> Option<Range<usize>> {
    let end = range.end.min(tokens.len());
    (range.start..end).find_map(|start| match_phrase(tokens, start, end, phrase))
}

/// Whether `phrase` stands at `start`.
pub(crate) fn match_phrase(
    tokens: &[Token],
    start: usize,
    end: usize,
    phrase: &str,
) -> Option<Range<usize>> {
    let mut at = start;
    for (number, word) in phrase.split(' ').enumerate() {
        while number > 0 && at < end && tokens[at].is_mark() {
            at += 1;
        }
        if at >= end || !tokens[at].is(word) {
            return None;
        }
        at += 1;
    }
    Some(start..at)
}

/// Whether any of `phrases` stands in `tokens[range]`.
pub(crate) fn any_phrase(tokens: &[Token], range: Range<usize>, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| find_phrase(tokens, range.clone(), phrase).is_some())
}

/// The tokens of the sentence that token `at` belongs to.
pub(crate) fn sentence_around(tokens: &[Token], at: usize) -> Range<usize> {
    let Some(token) = tokens.get(at) else { return 0..0 };
    let mut start = at;
    while start > 0 && tokens[start - 1].sentence == token.sentence {
        start -= 1;
    }
    let mut end = at + 1;
    while end < tokens.len() && tokens[end].sentence == token.sentence {
        end += 1;
    }
    start..end
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

/// A hyphen between two letters, or after a number and before a word, is not a mark of its own.
fn joins(text: &str, at: usize, hyphen: char) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + hyphen.len_utf8()..].chars().next();
    match (before, after) {
        (Some(before), Some(after)) => before.is_alphanumeric() && after.is_alphabetic(),
        _ => false,
    }
}

fn token_end(text: &str, start: usize, first: char) -> (Kind, usize) {
    if first.is_ascii_digit() {
        return (Kind::Digits, digits_end(text, start));
    }
    if first.is_alphabetic() {
        return (Kind::Word, word_end(text, start));
    }
    (Kind::Mark, start + first.len_utf8())
}

fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    for (offset, c) in text[start..].char_indices() {
        let at = start + offset;
        let inner_apostrophe = is_apostrophe(c)
            && text[at + c.len_utf8()..].chars().next().is_some_and(char::is_alphabetic);
        if !c.is_alphabetic() && !is_combining(c) && !inner_apostrophe {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// Digits, groups of three behind commas, and one decimal part.
fn digits_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = start;
    while digit(end) {
        end += 1;
    }
    while end - start <= 24
        && bytes.get(end) == Some(&b',')
        && digit(end + 1)
        && digit(end + 2)
        && digit(end + 3)
        && !digit(end + 4)
    {
        end += 4;
    }
    if bytes.get(end) == Some(&b'.') && digit(end + 1) {
        end += 1;
        while digit(end) {
            end += 1;
        }
    }
    end
}

fn normal(raw: &str, kind: Kind) -> String {
    match kind {
        Kind::Digits => raw.replace(',', ""),
        Kind::Word => raw.to_lowercase().replace(['’', 'ʼ'], "'"),
        Kind::Mark => raw.to_owned(),
    }
}

fn is_abbreviation(before: Option<&Token>) -> bool {
    before.is_some_and(|token| token.is_any(&["mr", "mrs", "ms", "dr", "st", "inc", "corp", "co"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found: Vec<String> = tokens(text).into_iter().map(|token| token.text).collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn words_digits_and_marks_come_apart() {
        check("Fifty-two dollars!", "fifty two dollars !");
        check("$1,200.50 each", "$ 1200.50 each");
        check("8pm, or 7:30-9pm", "8 pm , or 7 : 30 - 9 pm");
        check("We’re open", "we're open");
        check("60k.", "60 k .");
        check("555-0123", "555 - 0123");
        check("1,2,3", "1 , 2 , 3");
        check("Ünïcode — ok…", "ünïcode — ok …");
        check("", "");
    }

    #[test]
    fn sentences_are_numbered() {
        let sentences: Vec<usize> =
            tokens("Hi. Mr. Chen is at a.b. Bye").into_iter().map(|token| token.sentence).collect();
        assert_eq!(sentences, [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
    }

    #[test]
    fn a_long_utterance_is_cut() {
        assert_eq!(tokens(&"word ".repeat(5_000)).len(), UTTERANCE_TOKENS_MAX);
    }
}
