//! Splits a clause into words, numbers and marks without allocating per word.
//!
//! The extraction kit has a richer splitter for transcripts; this one runs before every spoken
//! clause, so its two buffers are reused and a word is a range of one lower-case copy of the text.

/// What is read of a text, in tokens; what follows is not looked at.
pub const TOKENS_MAX: usize = 2_000;

/// A million of these make one.
pub const MICRO: i64 = 1_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    /// Digits: the value in micro units, how many digits, and whether a comma or a point was inside.
    Digits {
        value: i64,
        digits: u8,
        split: bool,
        /// `1.200`: said in thousandths here, in thousands elsewhere.
        thousands: bool,
    },
    /// `…` stands for any run of dots, `-` for a hyphen between digits, `—` for every other dash.
    Mark(char),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) start: u32,
    pub(crate) end: u32,
    low_start: u32,
    low_end: u32,
    pub(crate) kind: Kind,
    /// Nothing, or only a hyphen, stands between this token and the one before.
    pub(crate) glued: bool,
}

/// The tokens of one text. Reading another text reuses the buffers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    lower: String,
    items: Vec<Token>,
}

impl Tokens {
    pub(crate) fn of(text: &str) -> Self {
        let mut tokens = Self {
            lower: String::with_capacity(text.len()),
            items: Vec::with_capacity(text.len() / 4 + 4),
        };
        tokens.add(text, 0);
        tokens
    }

    /// Reads `text` behind what was read before; its positions begin at `offset`.
    pub(crate) fn add(&mut self, text: &str, offset: usize) {
        let mut at = 0;
        let mut glued = false;
        while at < text.len() && self.items.len() < TOKENS_MAX {
            let Some(c) = text[at..].chars().next() else { break };
            let width = c.len_utf8();
            if is_invisible(c) {
                at += width;
                continue;
            }
            if c.is_whitespace() {
                at += width;
                glued = false;
                continue;
            }
            if is_hyphen(c) && joins_words(text, at, width) {
                at += width;
                continue;
            }
            let low_start = self.lower.len();
            let (kind, end) = self.take(text, at, c);
            self.items.push(Token {
                start: (at + offset) as u32,
                end: (end + offset) as u32,
                low_start: low_start as u32,
                low_end: self.lower.len() as u32,
                kind,
                glued,
            });
            self.mend_apostrophe();
            self.split_ish();
            self.split_number();
            at = end;
            glued = true;
        }
    }

    /// "thats" and "doesnt" as people type them.
    fn mend_apostrophe(&mut self) {
        let Some(token) = self.items.last_mut() else { return };
        let start = token.low_start as usize;
        let word = &self.lower[start..token.low_end as usize];
        let last = match word.as_bytes() {
            [.., b'n', b't'] if is_clipped(word) => 1,
            _ if matches!(word, "thats" | "whats" | "theres") => 1,
            _ if matches!(word, "youre" | "ive" | "youve" | "weve" | "theyre") => 2,
            _ => return,
        };
        self.lower.insert(token.low_end as usize - last, '\'');
        token.low_end += 1;
    }

    /// "sixtyfive" is "sixty" and "five".
    fn split_number(&mut self) {
        const WORD_BYTES_MIN: usize = 8;
        let Some(token) = self.items.last_mut() else { return };
        let word = &self.lower[token.low_start as usize..token.low_end as usize];
        if word.len() < WORD_BYTES_MIN || token.kind != Kind::Word {
            return;
        }
        let Some(end) = word.find("ty").map(|at| at + 2) else { return };
        let whole = |part: &str| super::words::part(part).is_some();
        if !whole(&word[..end]) || !whole(&word[end..]) {
            return;
        }
        let mut ones = *token;
        token.low_end = token.low_start + end as u32;
        ones.low_start = token.low_end;
        ones.start = token.end;
        ones.glued = true;
        self.items.push(ones);
    }

    /// "sixtyish" is "sixty" and "ish".
    fn split_ish(&mut self) {
        let Some(token) = self.items.last_mut() else { return };
        let word = &self.lower[token.low_start as usize..token.low_end as usize];
        let Some(number) = word.strip_suffix("ish").filter(|_| word.len() > 5) else { return };
        if super::words::part(number).is_none() {
            return;
        }
        let mut ish = *token;
        token.low_end -= 3;
        ish.low_start = token.low_end;
        ish.start = token.end;
        ish.glued = true;
        self.items.push(ish);
    }

    pub(super) fn with_capacity(tokens: usize) -> Self {
        Self { lower: String::with_capacity(tokens * 6), items: Vec::with_capacity(tokens) }
    }

    /// Takes over a token of another text.
    pub(super) fn copy(&mut self, from: &Tokens, at: usize) {
        let Some(token) = from.items.get(at) else { return };
        let low_start = self.lower.len() as u32;
        self.lower.push_str(from.word(at));
        self.items.push(Token { low_start, low_end: self.lower.len() as u32, ..*token });
    }

    /// A word that stands for the text from `start` to `end`.
    pub(super) fn push_word(&mut self, word: &str, start: u32, end: u32) {
        let low_start = self.lower.len() as u32;
        self.lower.push_str(word);
        let low_end = self.lower.len() as u32;
        self.items.push(Token { start, end, low_start, low_end, kind: Kind::Word, glued: false });
    }

    pub(super) fn push_digits(
        &mut self,
        from: &Tokens,
        first: usize,
        last: usize,
        value: i64,
        digits: u8,
    ) {
        let (Some(first), Some(last)) = (from.items.get(first), from.items.get(last)) else {
            return;
        };
        let low = self.lower.len() as u32;
        let kind = Kind::Digits { value, digits, split: digits < 7, thousands: false };
        let (start, end) = (first.start, last.end);
        self.items.push(Token {
            start,
            end,
            low_start: low,
            low_end: low,
            kind,
            glued: first.glued,
        });
    }

    /// Moves the token at `at` before the one at `to`.
    pub(super) fn bring_forward(&mut self, at: usize, to: usize) {
        self.items[to..=at].rotate_right(1);
    }

    /// The first token that reaches behind `byte` of the text.
    pub(crate) fn behind(&self, byte: usize) -> usize {
        self.items.iter().position(|token| token.end as usize > byte).unwrap_or(self.items.len())
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Token> {
        self.items.get(at)
    }

    /// The lower-case word at `at`, or nothing for a number, a mark or the end.
    pub(crate) fn word(&self, at: usize) -> &str {
        match self.items.get(at) {
            Some(token) => &self.lower[token.low_start as usize..token.low_end as usize],
            None => "",
        }
    }

    /// The word `back` places before `at`.
    pub(crate) fn word_before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |at| self.word(at))
    }

    pub(crate) fn mark(&self, at: usize) -> Option<char> {
        match self.items.get(at)?.kind {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    pub(crate) fn glued(&self, at: usize) -> bool {
        self.items.get(at).is_some_and(|token| token.glued)
    }

    fn take(&mut self, text: &str, at: usize, c: char) -> (Kind, usize) {
        let leading_point = c == '.'
            && digit_at(text, at + 1).is_some()
            && !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        if digit_of(c).is_some() || leading_point {
            return take_digits(text, at);
        }
        if c.is_alphabetic() {
            return (Kind::Word, self.take_word(text, at));
        }
        let mut end = at + c.len_utf8();
        if c == '.' && text[end..].starts_with('.') {
            while text[end..].starts_with('.') {
                end += 1;
            }
            return (Kind::Mark('…'), end);
        }
        let mark = match c {
            '-' | '‐' | '‑' | '–' | '—' | '−' => {
                let after = digit_at(text, end).is_some();
                let before = text[..at].chars().next_back().is_some_and(|c| digit_of(c).is_some());
                if after && before { '-' } else { '—' }
            }
            '％' => '%',
            '？' | '؟' | '⁇' | '‽' => '?',
            '！' => '!',
            '。' => '.',
            '，' | '、' => ',',
            '＄' => '$',
            '⁄' => '/',
            other => other,
        };
        (Kind::Mark(mark), end)
    }

    fn take_word(&mut self, text: &str, start: usize) -> usize {
        let mut end = start;
        for (offset, c) in text[start..].char_indices() {
            let at = start + offset;
            let next = at + c.len_utf8();
            if is_apostrophe(c) {
                if !text[next..].chars().next().is_some_and(char::is_alphabetic) {
                    break;
                }
                self.lower.push('\'');
            } else if c.is_ascii_alphabetic() {
                self.lower.push(c.to_ascii_lowercase());
            } else if c.is_alphabetic() {
                for letter in c.to_lowercase() {
                    match letter {
                        'ß' => self.lower.push_str("ss"),
                        'œ' => self.lower.push_str("oe"),
                        'æ' => self.lower.push_str("ae"),
                        letter => self.lower.push(plain_letter(letter)),
                    }
                }
            } else if !is_combining(c) && !is_invisible(c) {
                break;
            }
            end = next;
        }
        end
    }
}

fn is_clipped(word: &str) -> bool {
    matches!(
        word,
        "doesnt"
            | "isnt"
            | "didnt"
            | "wouldnt"
            | "couldnt"
            | "shouldnt"
            | "arent"
            | "wasnt"
            | "werent"
            | "havent"
            | "hasnt"
            | "hadnt"
            | "dont"
            | "cant"
            | "wont"
    )
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '－')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘' | '`')
}

/// Accents and other signs that change no letter for the ear of this module.
fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Characters nobody hears: they must not break a word in two.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '*' | '_')
}

/// Full-width letters and letters with accents are read as the letters they are.
fn plain_letter(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        'ａ'..='ｚ' => char::from(b'a' + (c as u32 - 'ａ' as u32) as u8),
        other => other,
    }
}

/// A hyphen before a letter and after a letter or a digit only ties two words together.
fn joins_words(text: &str, at: usize, width: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + width..].chars().next();
    before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphabetic)
}

fn digit_of(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        _ => return None,
    };
    Some((c as u32 - zero as u32) as u8)
}

fn digit_at(text: &str, at: usize) -> Option<(u8, usize)> {
    let c = text.get(at..)?.chars().next()?;
    digit_of(c).map(|digit| (digit, at + c.len_utf8()))
}

/// How many digits follow from `at`, at most four: enough to know groups of three.
fn digits_ahead(text: &str, at: usize) -> usize {
    let mut count = 0;
    let mut at = at;
    while let Some((_, next)) = digit_at(text, at).filter(|_| count < 4) {
        count += 1;
        at = next;
    }
    count
}

/// Digits with groups of three and one decimal part, as they are written here or elsewhere:
/// `1,200.50`, `1.200,50`, `1'200`, `60,5`. Three digits behind one point may be either.
fn take_digits(text: &str, start: usize) -> (Kind, usize) {
    let mut at = start;
    let mut value: i64 = 0;
    let mut digits: u8 = 0;
    let mut split = false;
    let mut group: Option<char> = None;
    loop {
        while let Some((digit, next)) = digit_at(text, at) {
            value = value.saturating_mul(10).saturating_add(i64::from(digit));
            digits = digits.saturating_add(1);
            at = next;
        }
        let Some(mark) = text[at..].chars().next().filter(|_| (1..=3).contains(&digits) || split)
        else {
            break;
        };
        let known = group.is_none_or(|group| group == mark);
        let groups = known
            && digits_ahead(text, at + mark.len_utf8()) == 3
            && (matches!(mark, ',' | '\'' | '’') || (mark == '.' && groups_on(text, at + 4)));
        if !groups {
            break;
        }
        group = Some(mark);
        split = true;
        at += mark.len_utf8();
    }
    value = value.saturating_mul(MICRO);
    let ahead = digits_ahead(text, at + 1);
    let comma = text[at..].starts_with(',')
        && (ahead == 2 || (ahead == 1 && !text[at + 2..].starts_with(',')));
    let point = text[at..].starts_with('.') && ahead > 0;
    let mut places: u8 = 0;
    if point || comma {
        split = true;
        at += 1;
        let mut place = MICRO / 10;
        while let Some((digit, next)) = digit_at(text, at) {
            value = value.saturating_add(i64::from(digit) * place);
            place /= 10;
            places = places.saturating_add(1);
            at = next;
        }
    }
    let thousands = point && places == 3 && group.is_none() && (1..=3).contains(&digits);
    (Kind::Digits { value, digits, split, thousands: thousands && value >= MICRO }, at)
}

/// Whether `1.200` goes on as only a number with groups does: `1.200.000`, `1.200,50`.
fn groups_on(text: &str, at: usize) -> bool {
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some('.') => digits_ahead(text, at + 1) == 3,
        Some(',') => (1..=2).contains(&digits_ahead(text, at + 1)),
        _ => false,
    }
}
