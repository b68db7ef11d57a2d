//! An objective as words: lower case, without accents, and with what their punctuation says.

/// Words of an objective that are looked at; an objective has at most 2000 characters.
pub(super) const WORDS_MAX: usize = 400;

/// How the words before this one are closed off from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    #[default]
    Space,
    Comma,
    Stop,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    start: u32,
    end: u32,
    pub(super) before: Gap,
    /// Written with an 's: "Friday's".
    pub(super) possessive: bool,
    /// Written with a currency sign.
    pub(super) money: bool,
    /// Written with a per cent sign.
    pub(super) percent: bool,
}

/// The words of one objective, spelled for comparison with the cues.
#[derive(Debug, Default)]
pub(super) struct Words {
    letters: String,
    words: Vec<Word>,
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut words = Words {
            letters: String::with_capacity(text.len() + 8),
            words: Vec::with_capacity((text.len() / 5 + 4).min(WORDS_MAX)),
        };
        let mut reader = Reader::default();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            if words.words.len() >= WORDS_MAX {
                return words;
            }
            reader.read(character, characters.peek().copied(), &mut words);
        }
        reader.close(&mut words);
        words
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    pub(super) fn at(&self, index: usize) -> Word {
        self.words.get(index).copied().unwrap_or_default()
    }

    #[inline(never)]
    pub(super) fn text(&self, index: usize) -> &str {
        let word = self.at(index);
        self.letters.get(word.start as usize..word.end as usize).unwrap_or_default()
    }

    fn letters_of(&self, word: &Word) -> &str {
        &self.letters[word.start as usize..]
    }
}

/// The word being read.
#[derive(Default)]
struct Reader {
    word: Word,
    open: bool,
    /// A sign that belongs to the next word: "$50".
    sign: bool,
    gap: Gap,
}

impl Reader {
    fn read(&mut self, character: char, next: Option<char>, words: &mut Words) {
        if character.is_alphanumeric() || is_accent(character) {
            self.open(words);
            push_folded(character, &mut words.letters);
            return;
        }
        let last_is_digit =
            self.open && words.letters.ends_with(|last: char| last.is_ascii_digit());
        let next_is_digit = next.is_some_and(|next| next.is_ascii_digit());
        match character {
            // "7:30", "1,200", "2.50" stay one word.
            ':' | '.' | ',' if last_is_digit && next_is_digit => words.letters.push(character),
            '\'' | '’' | '`' if self.open && next.is_some_and(char::is_alphabetic) => {
                self.apostrophe(next, words);
            }
            '$' | '€' | '£' => {
                if self.open {
                    self.word.money = true;
                } else if let Some(last) = words.words.last_mut().filter(|_| !next_is_digit) {
                    last.money = true;
                } else {
                    self.sign = true;
                }
            }
            '%' => {
                self.word.percent = true;
                if !self.open
                    && let Some(last) = words.words.last_mut()
                {
                    last.percent = true;
                }
            }
            '.' if self.open && is_abbreviation(words.letters_of(&self.word)) => self.close(words),
            '.' | '!' | '?' | ';' | ':' | '\n' | '—' | '–' | '(' | ')' | '¿' | '¡' | '|' => {
                self.close(words);
                self.gap = Gap::Stop;
            }
            ',' | '/' | '+' | '&' => {
                self.close(words);
                self.gap = self.gap.max(Gap::Comma);
            }
            '-' if !self.open && next == Some(' ') => self.gap = Gap::Stop,
            _ => self.close(words),
        }
    }

    /// "don't" is one word, "l'heure" two, and "Friday's" is Friday.
    #[inline(never)]
    fn apostrophe(&mut self, next: Option<char>, words: &mut Words) {
        const ELIDED_BYTES_MAX: usize = 2;
        if words.letters_of(&self.word).len() <= ELIDED_BYTES_MAX
            && !matches!(next, Some('m' | 'd' | 'l' | 'r' | 'v' | 's'))
        {
            self.close(words);
        } else if next == Some('s') {
            self.word.possessive = !is_pronoun(words.letters_of(&self.word));
            self.close(words);
        } else if words.letters_of(&self.word).len() <= ELIDED_BYTES_MAX
            && matches!(
                words.letters_of(&self.word),
                "l" | "d" | "j" | "s" | "n" | "c" | "qu" | "m" | "t"
            )
        {
            self.close(words);
        }
    }

    #[inline(never)]
    fn open(&mut self, words: &Words) {
        if self.open {
            return;
        }
        self.open = true;
        self.word = Word {
            start: words.letters.len() as u32,
            before: std::mem::take(&mut self.gap),
            money: std::mem::take(&mut self.sign),
            ..Word::default()
        };
    }

    #[inline(never)]
    fn close(&mut self, words: &mut Words) {
        if !self.open {
            return;
        }
        self.open = false;
        self.word.end = words.letters.len() as u32;
        // The rest of "Friday's" is no word.
        if words.letters_of(&self.word) == "s" {
            return;
        }
        words.words.push(self.word);
    }
}

/// With an 's that is short for "is": "there's".
fn is_pronoun(word: &str) -> bool {
    matches!(
        word,
        "there"
            | "it"
            | "he"
            | "she"
            | "that"
            | "what"
            | "who"
            | "where"
            | "how"
            | "here"
            | "let"
            | "when"
    )
}

/// Behind which a dot ends no sentence: "Dr.", "p.m.", "3.".
fn is_abbreviation(word: &str) -> bool {
    word.len() == 1
        || matches!(
            word,
            "dr" | "mr"
                | "mrs"
                | "ms"
                | "st"
                | "prof"
                | "nr"
                | "no"
                | "sr"
                | "sra"
                | "hr"
                | "fr"
                | "tel"
                | "approx"
        )
}

/// In text that is written with its accents apart.
fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

#[inline(never)]
fn push_folded(character: char, letters: &mut String) {
    for lower in character.to_lowercase() {
        match lower {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => letters.push('a'),
            'ç' | 'ć' | 'č' => letters.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' => letters.push('e'),
            'ì' | 'í' | 'î' | 'ï' => letters.push('i'),
            'ñ' | 'ń' => letters.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => letters.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => letters.push('u'),
            'ý' | 'ÿ' => letters.push('y'),
            'ß' => letters.push_str("ss"),
            'œ' => letters.push_str("oe"),
            'æ' => letters.push_str("ae"),
            accent if is_accent(accent) => {}
            other => letters.push(other),
        }
    }
}
