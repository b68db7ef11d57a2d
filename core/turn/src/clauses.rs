//! Cuts a model's text, as it comes, into clauses that can be checked and spoken.

/// A comma ends a clause only if this many characters precede it: short pieces sound chopped, and a
/// rule sees more of the sense in a longer one.
const COMMA_CHARS_MIN: usize = 30;
/// A clause without any border is cut at a space here.
const CLAUSE_CHARS_MAX: usize = 240;
const ABBREVIATIONS: [&str; 14] = [
    "mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "no.", "vs.", "inc.", "ltd.", "co.", "e.g.",
    "i.e.", "approx.",
];

#[derive(Default)]
pub struct Clauses {
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
        while let Some(end) = self.border() {
            let rest = self.text.split_off(end);
            let clause = std::mem::replace(&mut self.text, rest);
            clauses.extend(tidy(&clause));
        }
        clauses
    }

    /// The model is done: what is left is the last clause.
    pub fn finish(&mut self) -> Option<String> {
        tidy(&std::mem::take(&mut self.text))
    }

    /// Where the first complete clause ends, if there is one. A border counts only once the
    /// character after it is known, so that "3." is not cut from "3.50".
    fn border(&self) -> Option<usize> {
        let mut chars = 0;
        let mut last_space = None;
        for (at, c) in self.text.char_indices() {
            let end = at + c.len_utf8();
            let next = self.text[end..].chars().next();
            let before_space = next.is_some_and(char::is_whitespace);
            let ends = match c {
                '\n' => true,
                '!' | '?' | '…' => before_space,
                '.' => before_space && !self.is_abbreviation(end),
                ';' | ':' | ',' | '—' | '–' => before_space && chars >= COMMA_CHARS_MIN,
                _ => false,
            };
            if ends && !self.text[..end].trim().is_empty() {
                return Some(end);
            }
            if c.is_whitespace() {
                last_space = Some(end);
            }
            chars += 1;
            if chars >= CLAUSE_CHARS_MAX && next.is_some() {
                return last_space.or(Some(end));
            }
        }
        None
    }

    /// The full stop that ends here belongs to a word: "Mr.", "a.m.", an initial.
    fn is_abbreviation(&self, end: usize) -> bool {
        let word = self.text[..end].rsplit(char::is_whitespace).next().unwrap_or_default();
        let word = word.trim_start_matches(['(', '"', '\'']).to_lowercase();
        let letters = word.trim_end_matches('.');
        let initial = letters.chars().count() == 1 && letters.chars().all(char::is_alphabetic);
        let dotted =
            letters.contains('.') && letters.chars().all(|c| c.is_alphabetic() || c == '.');
        ABBREVIATIONS.contains(&word.as_str()) || dotted || (initial && letters != "i")
    }
}

/// Single spaces; nothing if there is nothing to say.
fn tidy(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut clauses = Clauses::new();
        let mut out = clauses.push(text);
        out.extend(clauses.finish());
        out
    }

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(all(text), expected, "whole: {text:?}");
        for size in 1..6 {
            let mut clauses = Clauses::new();
            let mut out = Vec::new();
            let chars: Vec<char> = text.chars().collect();
            for piece in chars.chunks(size) {
                out.extend(clauses.push(&piece.iter().collect::<String>()));
            }
            out.extend(clauses.finish());
            assert_eq!(out, expected, "in pieces of {size}: {text:?}");
        }
    }

    #[test]
    fn sentences_are_clauses() {
        check("Hello. How are you? Fine!", &["Hello.", "How are you?", "Fine!"]);
        check("No border", &["No border"]);
        check("  spaces \n and\tlines  ", &["spaces", "and lines"]);
        check("", &[]);
        check("...", &["..."]);
        check("Well… I see.", &["Well…", "I see."]);
    }

    #[test]
    fn numbers_are_not_cut() {
        check("It is $3.50 each. Or 1,200 in total.", &["It is $3.50 each.", "Or 1,200 in total."]);
        check("At 6:30, please.", &["At 6:30, please."]);
        check("Version 2.0.1 works.", &["Version 2.0.1 works."]);
    }

    #[test]
    fn abbreviations_are_not_cut() {
        check("Ask Mr. Chen at 9 a.m. tomorrow.", &["Ask Mr. Chen at 9 a.m. tomorrow."]);
        check("Say e.g. ten. Then J. Smith.", &["Say e.g. ten.", "Then J. Smith."]);
    }

    #[test]
    fn commas_cut_only_long_clauses() {
        check("Yes, of course, sir.", &["Yes, of course, sir."]);
        check(
            "We would need five hundred steel beams, and we would like your best price.",
            &["We would need five hundred steel beams,", "and we would like your best price."],
        );
    }

    #[test]
    fn an_endless_clause_is_cut_at_a_space() {
        let clauses = all(&"word ".repeat(200));
        assert!(clauses.iter().all(|clause| clause.chars().count() <= CLAUSE_CHARS_MAX));
        assert_eq!(clauses.join(" "), "word ".repeat(200).trim());
        assert_eq!(all(&"x".repeat(1000)).concat(), "x".repeat(1000));
    }

    /// Whatever the text and its pieces, nothing is lost, added or moved.
    #[test]
    fn no_text_is_lost() {
        let alphabet: Vec<char> = "ab .,;:!?…—\n\t39$é東\u{301}'\"(".chars().collect();
        let mut random = 7u64;
        let mut next = move || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random as usize
        };
        for _ in 0..3000 {
            let mut clauses = Clauses::new();
            let (mut whole, mut out) = (String::new(), Vec::new());
            for _ in 0..next() % 40 {
                let piece: String =
                    (0..next() % 12).map(|_| alphabet[next() % alphabet.len()]).collect();
                whole.push_str(&piece);
                out.extend(clauses.push(&piece));
            }
            out.extend(clauses.finish());
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(squeezed(&out.concat()), squeezed(&whole));
        }
    }
}
