//! What was said, cut into folded words, digits and marks, so that one table of words does for every
//! way of writing them: without accents, apostrophes and hyphens.

/// How much of one text is read, in tokens.
pub(crate) const TOKENS_MAX: usize = 800;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Digits,
    Mark,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Lower case, without accents.
    pub(crate) text: String,
    pub(crate) kind: Kind,
    /// Nothing stands between this token and the one before.
    pub(crate) glued: bool,
    /// Number of the sentence it belongs to, from 0.
    pub(crate) sentence: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub(crate) fn is_any(&self, texts: &[&str]) -> bool {
        texts.contains(&self.text.as_str())
    }

    pub(crate) fn is_mark(&self) -> bool {
        self.kind == Kind::Mark
    }

    pub(crate) fn is_digits(&self) -> bool {
        self.kind == Kind::Digits
    }
}

pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut sentence = 0;
    let mut ended = false;
    let mut end_before = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if tokens.len() == TOKENS_MAX {
            break;
        }
        if first.is_whitespace() || is_apostrophe(first) {
            continue;
        }
        let kind = kind_of(first);
        let mut word = String::new();
        fold(first, &mut word);
        let mut end = start + first.len_utf8();
        while kind != Kind::Mark
            && let Some((at, next)) = chars.next_if(|(_, next)| kind_of(*next) == kind)
        {
            fold(next, &mut word);
            end = at + next.len_utf8();
        }
        let glued = !tokens.is_empty() && start == end_before;
        end_before = end;
        if is_hyphen(first) && joins_words(&tokens, glued, chars.peek().map(|(_, c)| *c)) {
            continue;
        }
        if ended && kind != Kind::Mark {
            sentence += 1;
            ended = false;
        }
        if matches!(first, '.' | '?' | '!' | '…') {
            ended |= first != '.' || ends_sentence(&tokens, glued, &text[end..]);
        }
        tokens.push(Token { text: word, kind, glued, sentence, start, end });
    }
    tokens
}

/// The folded words and numbers of `tokens`, set in spaces: ready to be searched for phrases.
pub(crate) fn spoken(tokens: &[Token]) -> String {
    let mut spoken = String::from(" ");
    for token in tokens.iter().filter(|token| !token.is_mark()) {
        spoken.push_str(&token.text);
        spoken.push(' ');
    }
    spoken
}

/// Whether one of `phrases`, each folded and without spaces around it, stands in `spoken`.
pub(crate) fn says(spoken: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| {
        spoken.match_indices(phrase).any(|(at, _)| {
            spoken[..at].ends_with(' ') && spoken[at + phrase.len()..].starts_with(' ')
        })
    })
}

/// The folded form of `text`, as [`spoken`] gives it.
pub(crate) fn folded(text: &str) -> String {
    spoken(&tokens(text))
}

fn kind_of(c: char) -> Kind {
    if c.is_ascii_digit() {
        Kind::Digits
    } else if c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c) {
        Kind::Word
    } else {
        Kind::Mark
    }
}

fn fold(c: char, word: &mut String) {
    for c in c.to_lowercase() {
        let plain = match c {
            'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => 'a',
            'ç' => 'c',
            'è' | 'é' | 'ê' | 'ë' => 'e',
            'ì' | 'í' | 'î' | 'ï' => 'i',
            'ñ' => 'n',
            'ò' | 'ó' | 'ô' | 'ö' | 'õ' => 'o',
            'ù' | 'ú' | 'û' | 'ü' => 'u',
            'ß' => {
                word.push('s');
                's'
            }
            'œ' => {
                word.push('o');
                'e'
            }
            '\u{300}'..='\u{36f}' => continue,
            c => c,
        };
        word.push(plain);
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '"' | '“' | '”' | '„' | '«' | '»')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑')
}

/// "Twenty-two" is two words; "7-9" keeps its mark.
fn joins_words(tokens: &[Token], glued: bool, next: Option<char>) -> bool {
    let after_word = tokens.last().is_some_and(|token| token.kind == Kind::Word);
    glued && after_word && next.is_some_and(char::is_alphabetic)
}

/// Not behind "p." and "Dr.", not within "19.30", and not behind the number of "28. November".
fn ends_sentence(tokens: &[Token], glued: bool, rest: &str) -> bool {
    let Some(before) = tokens.last().filter(|_| glued) else { return true };
    let next = rest.trim_start();
    match before.kind {
        Kind::Digits => {
            let digit = rest.starts_with(|c: char| c.is_ascii_digit());
            let word: String = next.chars().take_while(|c| c.is_alphabetic()).collect();
            !digit && !super::words::is_month(folded(&word).trim())
        }
        Kind::Word => {
            let single = before.text.len() == 1;
            let title =
                before.is_any(&["mr", "mrs", "ms", "dr", "st", "sr", "sra", "dra", "hr", "fr"]);
            !title && (!single || next.starts_with(char::is_uppercase) && !before.is("p"))
        }
        Kind::Mark => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        let check = |text: &str, expected: &str| {
            let found: Vec<String> = tokens(text).into_iter().map(|token| token.text).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        };
        check("Miércoles por la mañana", "miercoles por la manana");
        check("Fünf Uhr dreißig", "funf uhr dreissig");
        check("L'après-midi, à 20h30", "l apres midi , a 20 h 30");
        check("seven-thirty, or 7:30-9pm", "seven thirty , or 7 : 30 - 9 pm");
        check("", "");
    }

    #[test]
    fn sentences_are_numbered() {
        let check = |text: &str, expected: usize| {
            let last = tokens(text).last().map_or(0, |token| token.sentence + 1);
            assert_eq!(last, expected, "{text}");
        };
        check("At 8 p.m. or later. Is that possible?", 2);
        check("Am 28. November um 19.30 Uhr. Passt das?", 2);
        check("Dr. Patel has time at 8. Would that work?", 2);
        check("¿A las ocho? Muy bien.", 2);
        assert_eq!(tokens(&"word ".repeat(5_000)).len(), TOKENS_MAX);
    }
}
