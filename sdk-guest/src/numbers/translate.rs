//! Says a foreign text in plain English, word by word and phrase by phrase, so that one set of rules
//! reads every language. The result is clumsy on purpose: it keeps who, how much and whether.

use super::compose::{self, Piece};
use super::language::{Language, is_elided};
use super::token::{Kind, Token, Tokens};
use super::{french, german, spanish};

/// Words one phrase of a glossary may have.
const PHRASE_WORDS_MAX: usize = 8;

/// The same text in English; nothing for English itself.
pub(crate) fn in_english(tokens: &Tokens, language: Language) -> Option<Tokens> {
    let book = match language {
        Language::English => return None,
        Language::Spanish => Book {
            phrases: spanish::PHRASES,
            stems: spanish::STEMS,
            piece: spanish::piece,
            language,
        },
        Language::French => {
            Book { phrases: french::PHRASES, stems: french::STEMS, piece: french::piece, language }
        }
        Language::German => {
            Book { phrases: german::PHRASES, stems: german::STEMS, piece: german::piece, language }
        }
    };
    let mut writer = Writer { from: tokens, to: Tokens::with_capacity(tokens.len() * 2) };
    let source = Source::of(tokens, language);
    let mut at = 0;
    while at < source.parts.len() {
        at = book.write(&source, at, &mut writer);
    }
    if language != Language::Spanish {
        negate_first(&mut writer.to);
    }
    Some(writer.to)
}

struct Book {
    phrases: &'static [(&'static str, &'static str)],
    stems: &'static [(&'static str, &'static str)],
    piece: fn(&str) -> Option<Piece>,
    language: Language,
}

/// A word or a part of one, and the token it belongs to.
struct Part<'a> {
    word: &'a str,
    token: usize,
}

struct Source<'a> {
    tokens: &'a Tokens,
    parts: Vec<Part<'a>>,
}

impl<'a> Source<'a> {
    /// "d'accord" is two words in French.
    fn of(tokens: &'a Tokens, language: Language) -> Self {
        let mut parts = Vec::with_capacity(tokens.len() + 8);
        for token in 0..tokens.len() {
            let word = tokens.word(token);
            if language == Language::French
                && let Some((head, rest)) = word.split_once('\'')
                && is_elided(head)
            {
                parts.push(Part { word: head, token });
                parts.push(Part { word: rest, token });
                continue;
            }
            parts.push(Part { word, token });
        }
        Self { tokens, parts }
    }

    fn word(&self, at: usize) -> &'a str {
        self.parts.get(at).map_or("", |part| part.word)
    }

    fn mark(&self, at: usize) -> Option<char> {
        self.parts.get(at).and_then(|part| self.tokens.mark(part.token))
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.parts.get(at).and_then(|part| self.tokens.get(part.token)).map(|token| token.kind)
    }

    fn token(&self, at: usize) -> Option<&Token> {
        self.parts.get(at).and_then(|part| self.tokens.get(part.token))
    }
}

struct Writer<'a> {
    from: &'a Tokens,
    to: Tokens,
}

impl Writer<'_> {
    fn copy(&mut self, token: usize) {
        self.to.copy(self.from, token);
    }

    /// English words for the tokens from `first` up to `last`.
    fn say(&mut self, english: &str, first: usize, last: usize) {
        let (Some(first), Some(last)) = (self.from.get(first), self.from.get(last)) else { return };
        let (start, end) = (first.start, last.end);
        for word in english.split(' ').filter(|word| !word.is_empty()) {
            self.to.push_word(word, start, end);
        }
    }
}

impl Book {
    /// Writes what stands at `at` and tells where to go on.
    fn write(&self, source: &Source, at: usize, writer: &mut Writer) -> usize {
        let token = source.parts[at].token;
        if source.word(at).is_empty() {
            return self.write_other(source, at, writer);
        }
        let piece = |at: usize| {
            let word = source.word(at);
            if word.is_empty() { None } else { (self.piece)(word) }
        };
        if let Some((value, end)) = compose::number(piece, at, self.only_one()) {
            let last = source.parts[end - 1].token;
            write_number(value, token, last, writer);
            return self.write_decimals(source, end, writer);
        }
        // "Gut sechzig" is a little more than sixty.
        if source.word(at) == "gut"
            && self.language == Language::German
            && compose::number(piece, at + 1, self.only_one()).is_some()
        {
            writer.say("just over", token, token);
            return at + 1;
        }
        // "Cinq pour cent", but "va pour cent dollars".
        let numbered = at > 0
            && (matches!(source.kind(at - 1), Some(Kind::Digits { .. }))
                || piece(at - 1).is_some());
        if source.word(at) == "pour"
            && source.word(at + 1) == "cent"
            && (!numbered || piece(at + 2).is_some())
        {
            writer.say("for", token, token);
            return at + 1;
        }
        // "Sale por ciento ochenta": for a hundred and eighty.
        if source.word(at) == "por"
            && source.word(at + 1) == "ciento"
            && !numbered
            && piece(at + 2).is_some()
        {
            writer.say("for", token, token);
            return at + 1;
        }
        if let Some((english, used)) = self.phrase(source, at) {
            let last = source.parts[at + used - 1].token;
            writer.say(english, token, last);
            return at + used;
        }
        if self.language == Language::German
            && let Some(half) = source.word(at).strip_suffix("einhalb")
            && let Some(
                Piece::Unit(value) | Piece::Teen(value) | Piece::Tens(value) | Piece::Whole(value),
            ) = (self.piece)(half)
        {
            write_number(value, token, token, writer);
            writer.say("and a half", token, token);
            return at + 1;
        }
        if let Some(english) = self.stem(source.word(at)) {
            writer.say(english, token, token);
            return at + 1;
        }
        if self.parts_of_one(source, at) {
            writer.say(source.word(at), token, token);
        } else {
            writer.copy(token);
        }
        at + 1
    }

    /// "Superaríamos" by its beginning.
    fn stem(&self, word: &str) -> Option<&'static str> {
        const ENDING_BYTES_MAX: usize = 7;
        let known = |(stem, _): &&(&str, &str)| {
            word.strip_prefix(*stem).is_some_and(|rest| rest.len() <= ENDING_BYTES_MAX)
        };
        self.stems.iter().find(known).map(|(_, english)| *english)
    }

    fn only_one(&self) -> bool {
        self.language == Language::French
    }

    /// The token was split, so its halves are written one by one.
    fn parts_of_one(&self, source: &Source, at: usize) -> bool {
        let token = source.parts[at].token;
        let same = |other: Option<&Part>| other.is_some_and(|other| other.token == token);
        same(source.parts.get(at + 1)) || at > 0 && same(source.parts.get(at - 1))
    }

    /// Digits and marks: "1.200", "1 200", "8h30", "15. März".
    fn write_other(&self, source: &Source, at: usize, writer: &mut Writer) -> usize {
        let token = source.parts[at].token;
        let Some(Kind::Digits { value, digits, split, thousands }) = source.kind(at) else {
            let day = source.mark(at) == Some('.')
                && at > 0
                && matches!(source.kind(at - 1), Some(Kind::Digits { .. }))
                && self
                    .phrase(source, at + 1)
                    .is_some_and(|(word, _)| super::words::is_month(word));
            if !day {
                writer.copy(token);
            }
            return at + 1;
        };
        if thousands {
            writer.to.push_digits(source.tokens, token, token, value.saturating_mul(1_000), 0);
            return at + 1;
        }
        if source.word(at + 1) == "h" && source.token(at + 1).is_some_and(|token| token.glued) {
            writer.copy(token);
            let minutes = matches!(source.kind(at + 2), Some(Kind::Digits { .. }));
            writer.say("o'clock", token, token);
            return at + if minutes { 3 } else { 2 };
        }
        let (mut sum, mut end, mut width, mut groups) = (value, at + 1, digits, true);
        while !split
            && width < 16
            && let Some(Kind::Digits { value: next, digits: more, split: false, .. }) =
                source.kind(end)
            && source.token(end).is_some_and(|token| !token.glued)
            && (2..=8).contains(&more)
        {
            sum = sum.saturating_mul(10_i64.pow(u32::from(more))).saturating_add(next);
            width += more;
            groups &= more == 3;
            end += 1;
        }
        groups &= digits <= 3;
        // "91 555 01 23" is a telephone number, "12 500" an amount.
        if end > at + 1 && (groups || end > at + 2 || width >= 9) {
            let last = source.parts[end - 1].token;
            let width = if groups { 0 } else { width.max(7) };
            writer.to.push_digits(source.tokens, token, last, sum, width);
            return end;
        }
        writer.copy(token);
        at + 1
    }

    /// "sesenta con cincuenta": the cents behind "with".
    fn write_decimals(&self, source: &Source, at: usize, writer: &mut Writer) -> usize {
        let linked = source.word(at) == "con" && self.language == Language::Spanish;
        if !linked {
            return at;
        }
        let piece = |at: usize| (self.piece)(source.word(at));
        let Some((value, end)) = compose::number(piece, at + 1, self.only_one()) else { return at };
        let counts = self.phrase(source, end).is_some_and(|(word, _)| {
            matches!(word, "units" | "beams" | "days" | "weeks" | "months" | "percent" | "people")
        });
        if value >= 100 || counts {
            return at;
        }
        let (first, last) = (source.parts[at].token, source.parts[end - 1].token);
        writer.say("point", first, last);
        if value < 10 {
            writer.say("oh", first, last);
        }
        write_number(value, first, last, writer);
        end
    }

    /// The longest phrase that begins at `at`.
    fn phrase(&self, source: &Source, at: usize) -> Option<(&'static str, usize)> {
        let word = source.word(at);
        if word.is_empty() {
            return None;
        }
        let from = self.phrases.partition_point(|(phrase, _)| *phrase < word);
        let mut best: Option<(&'static str, usize, usize)> = None;
        for (phrase, english) in &self.phrases[from..] {
            let begins = phrase
                .strip_prefix(word)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
            if !begins {
                break;
            }
            let Some((used, weight)) = matches(phrase, source, at) else { continue };
            if best.is_none_or(|(_, _, most)| weight > most) {
                best = Some((english, used, weight));
            }
        }
        best.map(|(english, used, _)| (english, used))
    }
}

/// How many parts the phrase takes, and how much it demands of them.
fn matches(phrase: &str, source: &Source, at: usize) -> Option<(usize, usize)> {
    let mut used = 0;
    let mut weight = 0;
    for wanted in phrase.split(' ').take(PHRASE_WORDS_MAX) {
        weight += 2;
        match wanted {
            "." => {
                let next = at + used;
                let ends = next >= source.parts.len()
                    || matches!(source.mark(next), Some('.' | '!' | '…'));
                return ends.then_some((used, weight - 1));
            }
            "," => return (source.mark(at + used) == Some(',')).then_some((used, weight - 1)),
            // "Mehr, als wir zahlen können".
            "als"
                if source.mark(at + used) == Some(',') && source.word(at + used + 1) == wanted =>
            {
                used += 2;
            }
            _ if source.word(at + used) == wanted => used += 1,
            _ => return None,
        }
    }
    Some((used, weight))
}

/// A whole number in the words the English reader knows.
fn write_number(value: i64, first: usize, last: usize, writer: &mut Writer) {
    const ONES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] =
        ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let mut rest = value;
    for (scale, word) in [(1_000_000, "million"), (1_000, "thousand"), (100, "hundred")] {
        if rest >= scale {
            write_number(rest / scale, first, last, writer);
            writer.say(word, first, last);
            rest %= scale;
        }
    }
    if rest >= 20 {
        writer.say(TENS[(rest / 10 % 10) as usize], first, last);
        rest %= 10;
    }
    if rest > 0 || value == 0 {
        writer.say(ONES[(rest % 20) as usize], first, last);
    }
}

/// "We accept that not": the denial goes to the front of its part of the sentence, as in English.
fn negate_first(tokens: &mut Tokens) {
    const REACH_TOKENS: usize = 40;
    for at in 0..tokens.len() {
        if tokens.word(at) != "not" {
            continue;
        }
        let stays = matches!(
            tokens.word(at + 1),
            "too"
                | "only"
                | "just"
                | "bad"
                | "wrong"
                | "a"
                | "quite"
                | "problem"
                | "possible"
                | "acceptable"
                | "fine"
        );
        let mut start = at;
        let mut verb = false;
        while start > 0 && at - start < REACH_TOKENS && !breaks(tokens, start - 1) {
            start -= 1;
            verb |= is_verb(tokens.word(start));
        }
        if verb && !stays {
            tokens.bring_forward(at, start);
        }
    }
}

fn breaks(tokens: &Tokens, at: usize) -> bool {
    tokens.mark(at).is_some_and(|mark| mark != '€' && mark != '$' && mark != '£' && mark != '%')
        || matches!(tokens.word(at), "but" | "so" | "then" | "if" | "that's")
}

fn is_verb(word: &str) -> bool {
    matches!(
        word,
        "accept"
            | "agree"
            | "pay"
            | "take"
            | "works"
            | "work"
            | "can"
            | "could"
            | "do"
            | "buy"
            | "want"
            | "offer"
            | "go"
            | "would"
            | "will"
            | "commit"
            | "exceed"
            | "exceeds"
            | "sell"
            | "spend"
            | "need"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_sorted() {
        for phrases in [spanish::PHRASES, french::PHRASES, german::PHRASES] {
            for pair in phrases.windows(2) {
                assert!(pair[0].0 < pair[1].0, "{:?} stands before {:?}", pair[0], pair[1]);
            }
        }
    }

    fn check(language: Language, text: &str, expected: &str) {
        let english = in_english(&Tokens::of(text), language).unwrap();
        let words: Vec<&str> = (0..english.len()).map(|at| english.word(at)).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        assert_eq!(words.join(" "), expected, "{text}");
    }

    #[test]
    fn numbers_of_spain() {
        let check = |text, expected| check(Language::Spanish, text, expected);
        check("sesenta y cinco", "sixty five");
        check("veintiuno", "twenty one");
        check("ciento veinte", "one hundred twenty");
        check("mil doscientos", "one thousand two hundred");
        check("treinta y un mil quinientos", "thirty one thousand five hundred");
        check("sesenta con cincuenta", "sixty point fifty");
        check("cien", "one hundred");
        check("dos mil veintiséis", "two thousand twenty six");
        check("cincuenta y ocho cincuenta", "fifty eight fifty");
        check("un precio", "a price");
    }

    #[test]
    fn numbers_of_france() {
        let check = |text, expected| check(Language::French, text, expected);
        check("quatre-vingt-dix-neuf", "ninety nine");
        check("soixante et onze", "seventy one");
        check("soixante-dix", "seventy");
        check("soixante-douze", "seventy two");
        check("quatre-vingts", "eighty");
        check("quatre-vingt-un", "eighty one");
        check("cent vingt", "one hundred twenty");
        check("deux cents", "two hundred");
        check("mille deux cents", "one thousand two hundred");
        check("vingt et un", "twenty one");
        check("trente mille", "thirty thousand");
        check("nonante-neuf", "ninety nine");
        check("trois mille quatre cent vingt-deux", "three thousand four hundred twenty two");
        check("cinq pour cent", "five percent");
        check("va pour cent six", "let's settle at one hundred six");
    }

    #[test]
    fn numbers_of_germany() {
        let check = |text, expected| check(Language::German, text, expected);
        check("zweiundsiebzig", "seventy two");
        check("neunundfünfzig", "fifty nine");
        check("hundertzwanzig", "one hundred twenty");
        check("zweihundertfünfzig", "two hundred fifty");
        check("tausend", "one thousand");
        check("dreißigtausend", "thirty thousand");
        check("zwei und siebzig", "seventy two");
        check("zweitausend fünfhundert", "two thousand five hundred");
        check("sechzigeinhalb", "sixty and a half");
        check("ein Preis", "a price");
    }
}
