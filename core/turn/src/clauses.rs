//! Cuts a model's text, as it comes, into clauses that can be checked and spoken.
//!
//! Text goes through unchanged but for its white space: nothing is lost, added or moved.

/// A comma ends a clause only if this many characters precede it: short pieces sound chopped, and a
/// rule sees more of the sense in a longer one.
const COMMA_CHARS_MIN: usize = 30;
/// A clause without any border is cut here, at a space if it has one.
const CLAUSE_CHARS_MAX: usize = 240;
/// Text without an end to its white space is not waited for any longer than this.
const UNDECIDED_BYTES_MAX: usize = 4 * CLAUSE_CHARS_MAX;
/// Words whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 20] = [
    "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "mt.", "ave.", "dept.", "ext.", "jr.", "sr.",
    "vs.", "inc.", "ltd.", "co.", "etc.", "approx.", "e.g.", "i.e.",
];
/// As those, but only before a number: "No. 5" is one thing, "No. Never." are two.
const BEFORE_NUMBERS: [&str; 4] = ["no.", "nos.", "p.", "pp."];

#[derive(Default)]
pub struct Clauses {
    /// What is not yet part of a clause that was given.
    text: String,
}

impl Clauses {
    pub fn new() -> Self {
        Clauses::default()
    }

    /// Takes the next piece of text; gives the clauses it completes.
    pub fn push(&mut self, piece: &str) -> Vec<String> {
        self.text.push_str(piece);
        let mut clauses = Vec::new();
        let mut start = 0;
        while let Some(length) = border(&self.text[start..]) {
            clauses.extend(tidy(&self.text[start..start + length]));
            start += length;
        }
        self.text.drain(..start);
        clauses
    }

    /// The model is done: what is left is the last clause.
    pub fn finish(&mut self) -> Option<String> {
        tidy(&std::mem::take(&mut self.text))
    }
}

/// Where the first complete clause of this text ends, if there is one. A border counts only once the
/// character after it is known, so that "3." is not cut from "3.50".
fn border(text: &str) -> Option<usize> {
    let mut last_space = None;
    for (chars, (at, c)) in text.char_indices().enumerate() {
        let end = at + c.len_utf8();
        let next = text[end..].chars().next();
        let cut = match c {
            '\n' => Cut::Here,
            '。' | '！' | '？' => Cut::Here,
            _ if next.is_none_or(|next| !next.is_whitespace()) => Cut::No,
            '!' | '?' | '…' => Cut::Here,
            '.' => full_stop(text, end),
            // The end of a sentence may stand inside its quotation marks or brackets.
            '"' | '\'' | '”' | '’' | ')' | ']' => closed_sentence(text, at),
            ';' | ':' | ',' | '—' | '–' if chars >= COMMA_CHARS_MIN => Cut::Here,
            '-' if chars >= COMMA_CHARS_MIN && text[..at].ends_with(char::is_whitespace) => {
                Cut::Here
            }
            _ => Cut::No,
        };
        match cut {
            Cut::Here if !text[..end].trim().is_empty() => return Some(end),
            Cut::Unknown if text.len() < UNDECIDED_BYTES_MAX => return None,
            _ => {}
        }
        if c.is_whitespace() {
            last_space = Some(end);
        }
        if chars + 1 >= CLAUSE_CHARS_MAX && next.is_some() {
            return last_space.or(Some(end));
        }
    }
    None
}

enum Cut {
    Here,
    No,
    /// More text will tell.
    Unknown,
}

fn closed_sentence(text: &str, at: usize) -> Cut {
    let inside = text[..at].trim_end_matches(['"', '\'', '”', '’', ')', ']']);
    match inside.chars().next_back() {
        Some('!' | '?' | '…') => Cut::Here,
        Some('.') => full_stop(text, inside.len()),
        _ => Cut::No,
    }
}

/// Whether the full stop that ends here ends a sentence too.
fn full_stop(text: &str, end: usize) -> Cut {
    let word = text[..end].rsplit(char::is_whitespace).next().unwrap_or_default();
    let first = word.len() == text[..end].trim_start().len();
    let word = word.trim_start_matches(['(', '[', '"', '\'', '“', '‘']).to_lowercase();
    if BEFORE_NUMBERS.contains(&word.as_str()) {
        return match text[end..].trim_start().chars().next() {
            Some(next) if next.is_ascii_digit() => Cut::No,
            Some(_) => Cut::Here,
            None => Cut::Unknown,
        };
    }
    let letters = word.trim_end_matches('.');
    let one = letters.chars().count() == 1;
    let initial = one && letters.chars().all(char::is_alphabetic) && letters != "i";
    let dotted = letters.contains('.') && letters.chars().all(|c| c.is_alphabetic() || c == '.');
    // "1. First…" is an item of a list.
    let item = first && !letters.is_empty() && letters.chars().all(|c| c.is_ascii_digit());
    if ABBREVIATIONS.contains(&word.as_str()) || initial || dotted || item {
        return Cut::No;
    }
    Cut::Here
}

/// Single spaces; nothing if there is nothing to say.
fn tidy(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests;
