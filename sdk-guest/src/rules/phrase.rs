//! Rules about words: what must not be said, what must be, and under which name we call.

use super::themes::Theme;
use crate::numbers::MICRO;
use crate::numbers::language::{Language, language_of};
use crate::numbers::token::{Kind, Tokens};
use crate::numbers::translate::in_english;
use crate::numbers::words::{Part, part};

/// Phrases one rule may forbid, and topics it may require.
const PHRASES_MAX: usize = 32;
/// A word may have been taken apart into this many: "re fund".
const WORD_PARTS_MAX: usize = 3;
/// A forbidden phrase may have this many words unless it is quoted.
const PHRASE_WORDS_MAX: usize = 4;

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

fn is_small(word: &str) -> bool {
    one_of!(word;
        "a" "an" "the" "of" "to" "for" "in" "on" "at" "by" "with" "and" "or" "is" "are" "be"
        "their" "they" "them" "your" "our" "my" "you" "we" "i" "it" "its" "any" "some" "that"
        "this" "if" "do" "does" "have" "has" "can" "could" "would" "will" "there" "about" "from"
        "what" "which" "how" "as" "when" "before" "call" "ending" "end" "whether" "offer" "each"
        "every" "all"
    )
}

fn stems(text: &str, content_only: bool) -> Vec<String> {
    stems_of(&Tokens::of(text), content_only)
}

/// The stems of what the text is in English.
fn english_stems(text: &str, language: Language, content_only: bool) -> Vec<String> {
    let tokens = Tokens::of(text);
    stems_of(in_english(&tokens, language).as_ref().unwrap_or(&tokens), content_only)
}

fn stems_of(tokens: &Tokens, content_only: bool) -> Vec<String> {
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
fn match_word(tokens: &Tokens, at: usize, want: &str) -> Option<usize> {
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

fn match_phrase(tokens: &Tokens, at: usize, phrase: &[String]) -> Option<usize> {
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

/// Words or phrases that must not be said.
#[derive(Clone, Debug)]
pub(super) struct Forbidden {
    phrases: Vec<Vec<String>>,
    shown: Vec<String>,
    /// What we can pay is not to be told, in whatever words.
    budget: bool,
    /// A number that is not to be told, digit by digit.
    number: String,
}

impl Forbidden {
    /// The phrases of a rule if its words decide: quoted, names, or plain words after "say".
    pub(super) fn new(object: &str, literal: bool, language: Language) -> Option<Self> {
        let mut listed = quoted(object);
        let number = long_number(&Tokens::of(object));
        let budget = listed.is_empty()
            && english_stems(object, language, false).iter().any(|word| word == "budget");
        if budget || (listed.is_empty() && !number.is_empty()) {
            let shown = if budget { "budget" } else { number.as_str() };
            let mut phrases = vec![vec![shown.to_owned()]];
            let own = Tokens::of(object);
            let own = (0..own.len())
                .find(|at| {
                    let word = Tokens::of(own.word(*at));
                    in_english(&word, language).is_some_and(|english| english.word(0) == "budget")
                })
                .map(|at| own.word(at).to_owned());
            phrases.extend(own.map(|own| vec![stem(&own).to_owned()]).filter(|_| budget));
            let shown = vec![shown.to_owned(); phrases.len()];
            return Some(Self { phrases, shown, budget, number });
        }
        if listed.is_empty() {
            listed = plain_list(&without_common_capitals(object, language), literal)?;
        }
        listed.truncate(PHRASES_MAX);
        let (mut phrases, mut shown) = (Vec::new(), Vec::new());
        for words in listed {
            let phrase = stems(&words, false);
            let english = english_stems(&words, language, false);
            for phrase in [phrase, english] {
                if !phrase.is_empty() && !phrases.contains(&phrase) {
                    phrases.push(phrase);
                    shown.push(words.clone());
                }
            }
        }
        (!phrases.is_empty()).then_some(Self {
            phrases,
            shown,
            budget: false,
            number: String::new(),
        })
    }

    pub(super) fn reading(&self) -> String {
        let mut shown: Vec<&str> = self.shown.iter().map(String::as_str).collect();
        shown.dedup();
        format!("forbidden words: {}", shown.join(", "))
    }

    pub(super) fn check(&self, tokens: &Tokens, boundary: usize) -> Option<String> {
        if !self.number.is_empty() && tells_number(tokens, boundary, &self.number) {
            return Some(format!("{} must not be said", self.number));
        }
        if self.budget && tells_budget(tokens, boundary) {
            return Some("what we can pay must not be told".to_owned());
        }
        for (number, phrase) in self.phrases.iter().enumerate() {
            for at in 0..tokens.len() {
                if match_phrase(tokens, at, phrase).is_some_and(|end| end > boundary) {
                    let shown = self.shown.get(number).map_or("", String::as_str);
                    return Some(format!("\"{shown}\" must not be said"));
                }
            }
        }
        None
    }
}

const NUMBER_DIGITS_MIN: usize = 5;

/// The digits of a telephone number or the like in a rule.
fn long_number(tokens: &Tokens) -> String {
    let digits = digits_of(tokens);
    let digits: String = digits.into_iter().map(|(digit, _)| digit).collect();
    if digits.len() >= NUMBER_DIGITS_MIN { digits } else { String::new() }
}

/// Every digit said, with its token.
fn digits_of(tokens: &Tokens) -> Vec<(char, usize)> {
    let mut digits = Vec::new();
    for at in 0..tokens.len() {
        match tokens.get(at).map(|token| token.kind) {
            Some(Kind::Digits { value, digits: width, split: false, .. }) => {
                let shown = format!("{:0width$}", value / MICRO, width = usize::from(width));
                digits.extend(shown.chars().map(|digit| (digit, at)));
            }
            Some(Kind::Word) => {
                let digit = match part(tokens.word(at)) {
                    Some(Part::Digit(digit)) => digit,
                    _ if tokens.word(at) == "oh" => 0,
                    _ => continue,
                };
                digits.push((char::from(b'0' + digit as u8), at));
            }
            _ => {}
        }
    }
    digits
}

fn tells_number(tokens: &Tokens, boundary: usize, number: &str) -> bool {
    let digits = digits_of(tokens);
    digits.windows(number.len()).any(|said| {
        let same = said.iter().map(|(digit, _)| *digit).eq(number.chars());
        same && said.last().is_some_and(|(_, at)| *at >= boundary)
    })
}

/// "The most we can pay is sixty", "we can go up to sixty", "our limit is sixty".
fn tells_budget(tokens: &Tokens, boundary: usize) -> bool {
    let amount = |at: usize| {
        matches!(tokens.get(at).map(|token| token.kind), Some(Kind::Digits { .. }))
            || part(tokens.word(at)).is_some_and(|part| part != Part::Digit(1))
    };
    if !(0..tokens.len()).any(|at| at >= boundary && amount(at)) && !(0..boundary).any(amount) {
        return false;
    }
    (0..tokens.len()).any(|at| {
        let word = |offset: usize| tokens.word(at + offset);
        let us = |word: &str| matches!(word, "we" | "i" | "we're" | "i'm" | "we've");
        let told = match word(0) {
            "most" => us(word(1)) && matches!(word(2), "can" | "could" | "have" | "would"),
            "our" | "my" => (1..4).any(
                |near| one_of!(word(near); "maximum" "max" "limit" "ceiling" "cap" "allocation"),
            ),
            "up" => {
                word(1) == "to"
                    && one_of!(tokens.word_before(at, 1); "go" "pay" "spend" "afford" "have")
            }
            "afford" | "allocated" => true,
            "set" => word(1) == "aside",
            "spend" => matches!(tokens.word_before(at, 1), "can" | "could" | "to"),
            "go" | "pay" => {
                matches!(word(1), "above" | "over" | "higher" | "beyond" | "past")
                    || matches!((word(1), word(2)), ("more" | "any", _))
            }
            _ => false,
        };
        told && (at..tokens.len()).any(|near| near >= boundary)
    })
}

/// German writes every noun with a capital: those the glossary knows are no names.
fn without_common_capitals(object: &str, language: Language) -> String {
    if language != Language::German {
        return object.to_owned();
    }
    let mut words = Vec::new();
    for word in object.split_whitespace() {
        let tokens = Tokens::of(word);
        let known =
            in_english(&tokens, language).is_some_and(|english| english.word(0) != tokens.word(0));
        words.push(if known { word.to_lowercase() } else { word.to_owned() });
    }
    words.join(" ")
}

/// The parts of `text` in quotation marks.
fn quoted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((start, open)) = rest.char_indices().find(|(at, c)| {
        let opens = rest[..*at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        matches!(c, '"' | '“' | '„' | '«') || (matches!(c, '\'' | '‘') && opens)
    }) {
        let inner = &rest[start + open.len_utf8()..];
        let close: &[char] = match open {
            '\'' | '‘' => &['\'', '’'],
            _ => &['"', '”', '“', '»'],
        };
        let Some(end) = inner.find(close) else { break };
        if !inner[..end].trim().is_empty() {
            found.push(inner[..end].trim().to_owned());
        }
        rest = &inner[end..];
        rest = rest.get(rest.chars().next().map_or(0, char::len_utf8)..).unwrap_or("");
    }
    found
}

/// "Globex or Initech", "the word sorry", "our budget": a list whose words themselves decide.
fn plain_list(object: &str, literal: bool) -> Option<Vec<String>> {
    let (object, named) = without_lead(object.trim());
    let mut found = Vec::new();
    for part in object.split([',', ';', '/']).flat_map(split_at_conjunctions) {
        let words = part.split_whitespace().skip_while(|word| is_determiner(&word.to_lowercase()));
        let words: Vec<&str> = words.collect();
        if words.is_empty() {
            continue;
        }
        let phrase = name_in(&words).or_else(|| {
            let concept = words.iter().any(|word| is_concept(&word.to_lowercase()));
            let plain = named || (literal && !concept && words.len() <= PHRASE_WORDS_MAX);
            plain.then(|| words.join(" "))
        });
        // "the CEO's name, Robert Paulson": what the name is of needs no words of its own.
        let named_by =
            words.last().is_some_and(|word| one_of!(*word; "name" "names" "number" "identity"));
        match phrase {
            Some(phrase) => found.push(phrase),
            None if named_by => {}
            None => return name_within(object).map(|name| vec![name]),
        }
    }
    (!found.is_empty()).then_some(found)
}

/// "that John Miller is our boss": the name in the middle.
fn name_within(object: &str) -> Option<String> {
    let capital =
        |word: &&str| word.chars().next().is_some_and(char::is_uppercase) && word.len() > 2;
    let words = object.split_whitespace().skip_while(|word| !capital(word));
    let name: Vec<&str> = words.take_while(capital).collect();
    let name = name.join(" ");
    let name = name.trim_end_matches(['.', ',', ';', '!']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// What stands behind "the words", and whether the list was announced so.
fn without_lead(object: &str) -> (&str, bool) {
    let (mut rest, mut named) = (object, false);
    while let Some((word, behind)) = rest.split_once(' ') {
        let word = word.to_ascii_lowercase();
        let announces = one_of!(word.as_str();
            "word" "words" "phrase" "phrases" "name" "names" "term" "terms"
        );
        let leads = announces || word == "the" || named && matches!(word.as_str(), "like" | "of");
        if !leads {
            break;
        }
        named |= announces;
        rest = behind.trim_start();
    }
    (rest, named)
}

fn split_at_conjunctions(part: &str) -> impl Iterator<Item = &str> {
    let parts = part.split(" or ").flat_map(|part| part.split(" and "));
    let parts = parts.flat_map(|part| part.split(" und ")).flat_map(|part| part.split(" oder "));
    let parts = parts.flat_map(|part| part.split(" ni ")).flat_map(|part| part.split(" ou "));
    parts
        .flat_map(|part| part.split(" nor "))
        .map(|part| part.trim().trim_start_matches("or ").trim_start_matches("and ").trim())
}

fn is_determiner(word: &str) -> bool {
    one_of!(word;
        "the" "a" "an" "any" "our" "my" "your" "their" "about" "to" "them" "anyone" "of" "nuestro"
        "nuestra" "nuestros" "nuestras" "el" "la" "los" "las" "al" "del" "de" "notre" "nos" "le" "les"
        "du" "des" "unser" "unsere" "unseren" "unserem" "unserer" "den" "der" "die" "das" "dem" "que"
    )
}

/// "our competitor Initech": the capitalised words are the name.
fn name_in<'a>(words: &[&'a str]) -> Option<String> {
    let is_name = |word: &&'a str| word.chars().next().is_some_and(char::is_uppercase);
    let from = words.iter().position(is_name)?;
    let name: Vec<&str> = words[from..].iter().copied().take_while(is_name).collect();
    (from + name.len() == words.len()).then(|| name.join(" "))
}

/// What words stand for cannot be forbidden by its words: "anything rude", "personal details".
fn is_concept(word: &str) -> bool {
    is_small(word)
        || word.contains('\'')
        || one_of!(word;
            "anything" "something" "everything" "information" "info" "details" "data" "secrets"
            "unless" "until" "except" "first" "without" "rude" "language" "others" "things" "no"
            "yes" "personal" "confidential" "sensitive" "private" "internal"
        )
}

/// Something that must still be said before the call may end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// `must be asked: payment terms`.
    pub todo: String,
    /// A wording that does it.
    pub wording: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Ask,
    Tell,
}

/// Something that must be asked or said before the call may end.
#[derive(Clone, Debug)]
pub(super) struct Obligation {
    act: Act,
    topics: Vec<Topic>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Topic {
    /// The question that asks it, or the sentence that says it.
    pub(crate) wording: String,
    shown: String,
    words: Vec<String>,
    theme: Option<Theme>,
    done: bool,
}

impl Topic {
    /// Whether a turn of ours, in English, asks or says it.
    fn is_met(&self, act: Act, tokens: &Tokens) -> bool {
        if act == Act::Ask && !asks(tokens) {
            return false;
        }
        self.theme.is_some_and(|theme| theme.is_in(tokens)) || has_most(tokens, &self.words)
    }

    pub(crate) fn is_asked_by(&self, text: &str) -> bool {
        let tokens = Tokens::of(text);
        let english = in_english(&tokens, language_of(&tokens, Language::English));
        self.is_met(Act::Ask, english.as_ref().unwrap_or(&tokens))
    }
}

/// The little words that lead from the verb to what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lead {
    /// "for", "about", "if", "whether", or nothing.
    word: &'static str,
    /// "their" and "they" of the rule, as they are said to the other side.
    theirs: &'static str,
}

impl Lead {
    /// What leads on from `at` behind `verb`, and where the object begins.
    pub(super) fn behind(tokens: &Tokens, at: usize, verb: &str) -> (Self, usize) {
        let mut lead = Self { word: "", theirs: "" };
        if matches!(verb, "request" | "get" | "obtain") {
            lead.word = "for";
        }
        let mut from = at;
        loop {
            match tokens.word(from) {
                "for" => lead.word = "for",
                "about" => lead.word = "about",
                "if" => lead.word = "if",
                "whether" => lead.word = "whether",
                "their" => lead.theirs = "your ",
                "they" => lead.theirs = "you ",
                "what" => lead.word = "what",
                "them" | "that" | "to" | "us" | "always" | "you" | "me" | "of" | "out" => {}
                _ => return (lead, from),
            }
            from += 1;
        }
    }

    /// "Always get going": nothing that could be asked for follows.
    pub(super) fn is_idle(self, tokens: &Tokens, from: usize) -> bool {
        let article =
            one_of!(tokens.word(from); "a" "an" "the" "at" "any" "some" "quotes" "references");
        !article && self.theirs.is_empty() && tokens.word(from.saturating_sub(1)) != "out"
    }

    fn question(self, shown: &str, language: Language) -> String {
        let theirs = self.theirs;
        match language {
            Language::Spanish => return format!("¿Podría decirme algo sobre esto: {shown}?"),
            Language::French => return format!("Pourriez-vous me parler de ceci : {shown} ?"),
            Language::German => return format!("Könnten Sie mir dazu etwas sagen: {shown}?"),
            Language::English => {}
        }
        let shown = shown.replace(" their ", " your ").replace(" they ", " you ");
        match self.word {
            "for" => format!("Could I have {theirs}{shown}?"),
            "" => format!("Could you tell me {theirs}{shown}?"),
            word => format!("Could you tell me {word} {theirs}{shown}?"),
        }
    }
}

impl Obligation {
    pub(super) fn new(act: Act, object: &str, lead: Lead, language: Language) -> Option<Self> {
        let mut topics = Vec::new();
        let joint = match language {
            Language::English => " and ",
            Language::Spanish => " y ",
            Language::French => " et ",
            Language::German => " und ",
        };
        for part in object.split([',', ';']).flat_map(|part| part.split(joint)) {
            let part = part.trim().trim_start_matches("and ").trim();
            let words = english_stems(part, language, true);
            if !words.is_empty() && topics.len() < PHRASES_MAX {
                let theme = Theme::of(&words);
                let wording = match act {
                    Act::Ask => lead.question(part, language),
                    Act::Tell => format!("Let me also say this: {part}."),
                };
                topics.push(Topic { wording, shown: part.to_owned(), words, theme, done: false });
            }
        }
        (!topics.is_empty()).then_some(Self { act, topics })
    }

    pub(super) fn reading(&self) -> String {
        let shown: Vec<&str> = self.topics.iter().map(|topic| topic.shown.as_str()).collect();
        format!("{}: {}", self.verb(), shown.join("; "))
    }

    pub(super) fn open(&self) -> impl Iterator<Item = Duty> + '_ {
        self.topics.iter().filter(|topic| !topic.done).map(|topic| Duty {
            todo: format!("{}: {}", self.verb(), topic.shown),
            wording: topic.wording.clone(),
        })
    }

    fn verb(&self) -> &'static str {
        match self.act {
            Act::Ask => "must be asked",
            Act::Tell => "must be said",
        }
    }

    pub(super) fn spoke(&mut self, tokens: &Tokens) {
        for topic in self.topics.iter_mut().filter(|topic| !topic.done) {
            topic.done = topic.is_met(self.act, tokens);
        }
    }

    /// What must be asked.
    pub(super) fn questions(&self) -> &[Topic] {
        match self.act {
            Act::Ask => &self.topics,
            Act::Tell => &[],
        }
    }
}

/// Whether most of `words`, at least two of three, are among the tokens.
fn has_most(tokens: &Tokens, words: &[String]) -> bool {
    let mut hits = 0;
    for word in words {
        let hit = (0..tokens.len()).any(|at| match_word(tokens, at, word).is_some());
        hits += usize::from(hit);
    }
    hits * 3 >= words.len() * 2 && hits > 0
}

/// Whether the text asks or requests anything.
fn asks(tokens: &Tokens) -> bool {
    (0..tokens.len()).any(|at| {
        tokens.mark(at) == Some('?')
            || matches!(
                tokens.word(at),
                "please" | "need" | "wondering" | "ask" | "asking" | "appreciate"
            )
            || tokens.word(at) == "send" && !matches!(tokens.word_before(at, 1), "will" | "you'll")
            || matches!((tokens.word(at), tokens.word(at + 1)), ("to" | "me" | "us", "know"))
    })
}

/// The name under which we call.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    shown: String,
    words: Vec<String>,
    /// The name itself; absent for a role such as "an AI assistant".
    name: Vec<String>,
    /// We are introduced as a machine, so we must not claim to be human.
    machine: bool,
    met: bool,
}

impl Identity {
    pub(super) fn new(object: &str) -> Option<Self> {
        let words = stems(object, true);
        if words.is_empty() {
            return None;
        }
        let tokens = Tokens::of(object);
        let mut name = Vec::new();
        let role = matches!(
            tokens.word(0),
            "a" | "an" | "the" | "calling" | "our" | "part" | "un" | "une" | "ein" | "eine" | "una"
        );
        for at in 0..tokens.len() {
            let word = tokens.word(at);
            if role
                || word.is_empty()
                || matches!(word, "from" | "of" | "at" | "with" | "calling" | "and")
            {
                break;
            }
            name.push(word.to_owned());
        }
        let machine = (0..tokens.len()).any(|at| is_machine(tokens.word(at)));
        Some(Self { shown: object.to_owned(), words, name, machine, met: false })
    }

    /// "Never claim to be human" names nobody.
    pub(super) fn machine() -> Self {
        Self { shown: String::new(), words: Vec::new(), name: Vec::new(), machine: true, met: true }
    }

    pub(super) fn reading(&self) -> String {
        if self.shown.is_empty() {
            return "must not be claimed: to be human".to_owned();
        }
        format!("must be introduced as: {}", self.shown)
    }

    pub(super) fn duty(&self) -> Duty {
        Duty { todo: self.reading(), wording: format!("By the way, this is {}.", self.shown) }
    }

    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    pub(super) fn met(&self) -> bool {
        self.met
    }

    pub(super) fn spoke(&mut self, tokens: &Tokens) {
        self.met |= has_most(tokens, &self.words);
    }

    /// "My name is Bob" when the rule says Alex.
    pub(super) fn check(
        &self,
        said: &str,
        clause: &str,
        tokens: &Tokens,
        boundary: usize,
        translated: bool,
    ) -> Option<String> {
        if self.machine
            && let Some(reason) = claims_human(tokens, boundary)
        {
            return Some(reason.to_owned());
        }
        if self.name.is_empty() {
            return None;
        }
        for at in 0..tokens.len() {
            let Some((mut name_at, sure)) = introduction(tokens, at) else { continue };
            while matches!(tokens.word(name_at), "mr" | "mrs" | "ms" | "dr" | "miss")
                || tokens.mark(name_at) == Some(',')
            {
                name_at += 1;
            }
            if name_at < boundary {
                continue;
            }
            let word = tokens.word(name_at);
            let start = tokens.get(name_at).map_or(0, |token| token.start as usize);
            let first =
                clause.get(start.saturating_sub(said.len())..).and_then(|rest| rest.chars().next());
            // German nouns have capitals as well.
            if translated && !sure && !is_called(tokens, at) {
                continue;
            }
            let named = sure || first.is_some_and(char::is_uppercase);
            if !named || word.is_empty() || is_no_name(word) || self.is_ours(word) {
                continue;
            }
            return Some(format!("we call as {}, not under another name", self.shown));
        }
        None
    }

    fn is_ours(&self, word: &str) -> bool {
        let stemmed = stem(word);
        self.words.iter().any(|own| own == stemmed)
            || self.name.iter().any(|own| own == word || (word.len() > 2 && own.starts_with(word)))
    }
}

/// The token behind "my name is", "this is", "I'm", and whether only a name can follow.
fn introduction(tokens: &Tokens, at: usize) -> Option<(usize, bool)> {
    let word = |offset: usize| tokens.word(at + offset);
    match (word(0), word(1), word(2)) {
        ("my" | "the", "name" | "name's", "is") => Some((at + 3, word(0) == "my")),
        ("my" | "the", "name's", _) => Some((at + 2, true)),
        (_, "here", _) if is_greeted(tokens, at) => Some((at, false)),
        ("this", "is", _) => Some((at + 2, false)),
        ("i", "am", _) => Some((at + 2, false)),
        ("i'm", _, _) => Some((at + 1, false)),
        ("call", "me", _) => Some((at + 2, false)),
        ("you're" | "are", "speaking" | "talking", "with" | "to") => Some((at + 3, false)),
        _ => None,
    }
}

/// "Jordan here": the word begins the sentence, but for a greeting.
fn is_greeted(tokens: &Tokens, at: usize) -> bool {
    let start = at == 0
        || tokens.mark(at - 1).is_some()
        || one_of!(tokens.word_before(at, 1); "hi" "hello" "hey" "yes");
    start
        && !tokens.word(at).contains('\'')
        && !one_of!(tokens.word(at);
            "nobody" "everyone" "everybody" "someone" "anyone" "right" "over" "out" "down" "we" "people"
            "not" "same" "still" "me" "just" "get" "come" "stay" "is" "i" "you" "all"
        )
}

/// "This is Bob" of a translated "hier ist Bob", but not "I am" with a noun behind.
fn is_called(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "this"
}

fn is_machine(word: &str) -> bool {
    one_of!(word; "ai" "robot" "bot" "machine" "automated" "virtual" "computer" "artificial")
}

/// "I'm a real person", "this isn't a robot".
fn claims_human(tokens: &Tokens, boundary: usize) -> Option<&'static str> {
    const CLAIM_TOKENS: usize = 7;
    for at in 0..tokens.len() {
        let subject = matches!(tokens.word(at), "i'm" | "not" | "isn't" | "ain't")
            || matches!(
                (tokens.word(at), tokens.word(at + 1)),
                ("i", "am") | ("this", "is") | ("you're" | "are", "speaking" | "talking")
            );
        if !subject {
            continue;
        }
        let mut denied = false;
        for near in at..(at + CLAIM_TOKENS).min(tokens.len()) {
            if tokens.mark(near).is_some() {
                break;
            }
            let word = tokens.word(near);
            denied |= super::stance::counts_as_no(word);
            let claims = (denied && is_machine(word))
                || (!denied && matches!(word, "human" | "person" | "man" | "woman"));
            if claims && near >= boundary {
                return Some("we call as a machine and must not claim to be human");
            }
        }
    }
    None
}

fn is_no_name(word: &str) -> bool {
    one_of!(word;
        "i" "ok" "okay" "sorry" "calling" "monday" "tuesday" "wednesday" "thursday" "friday"
        "saturday" "sunday" "an" "a" "the" "not" "on" "in" "for" "about" "great" "good" "ai"
        "english" "american"
    ) || crate::numbers::words::is_month(word)
}
