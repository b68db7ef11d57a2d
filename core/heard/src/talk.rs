//! The conversation as it is read: every utterance with the facts found in it.
//!
//! Reading is incremental, so a playbook can keep one [`Talk`] for the length of a call and push
//! each turn as it comes.

use std::ops::Range;

use super::find;
use super::language::Language;
use super::money;
use super::token::{self, Token};
use super::{wishes, zone};

/// Most utterances that are kept; later ones are not read.
pub const TALK_UTTERANCES_MAX: usize = 2_000;

/// Something one side said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// The person who was called said it; otherwise our side did.
    pub callee: bool,
    pub text: String,
}

impl Utterance {
    pub fn ours(text: impl Into<String>) -> Self {
        Self { callee: false, text: text.into() }
    }

    pub fn theirs(text: impl Into<String>) -> Self {
        Self { callee: true, text: text.into() }
    }
}

/// A time unit as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Minute,
    Hour,
    Day,
    /// Ten business days count as ten, because that is the number that was said.
    BusinessDay,
    Week,
    Month,
    Year,
}

impl Unit {
    pub(crate) fn days(self) -> f64 {
        match self {
            Unit::Minute => 1.0 / 1440.0,
            Unit::Hour => 1.0 / 24.0,
            Unit::Day | Unit::BusinessDay => 1.0,
            Unit::Week => 7.0,
            Unit::Month => 30.0,
            Unit::Year => 365.0,
        }
    }
}

/// A day, as precisely as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Today,
    Tomorrow,
    DayAfterTomorrow,
    /// 0 is Monday. `next` when "next Monday" was said.
    Weekday {
        day: u8,
        next: bool,
    },
    MonthDay {
        month: u8,
        day: u8,
    },
    DayOfMonth(u8),
    NextWeek,
}

/// What was said, normalised.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Money {
        amount: f64,
        currency: Option<&'static str>,
        per_unit: bool,
    },
    /// A number of something: "500 steel beams".
    Quantity {
        amount: f64,
        of: String,
    },
    /// A number of nothing in particular.
    Number(f64),
    Percent(f64),
    /// "Two to three weeks" has both ends; otherwise they are equal.
    Duration {
        low: f64,
        high: f64,
        unit: Unit,
    },
    /// Minutes since midnight. `certain` when it was clear which half of the day was meant.
    Clock {
        minute: u16,
        certain: bool,
    },
    Date(Day),
    /// Canonical payment terms: `Net 30`, `50% up front`.
    Terms(String),
    Name(String),
    Email(String),
    /// Digits, with a leading `+` if one was said.
    Phone(String),
}

impl Value {
    pub(crate) fn same_kind(&self, other: &Value) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// The number in it, if it has exactly one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Money { amount, .. } | Value::Quantity { amount, .. } => Some(*amount),
            Value::Number(number) | Value::Percent(number) => Some(*number),
            Value::Duration { high, .. } => Some(*high),
            _ => None,
        }
    }
}

/// A fact and where it was said.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub value: Value,
    /// Bytes of the utterance's text.
    pub span: Range<usize>,
    /// Tokens of the utterance.
    pub(crate) at: Range<usize>,
    /// The speaker put another value in its place.
    pub corrected: bool,
    /// "We cannot do fifty."
    pub negated: bool,
    /// "If you took a thousand, fifty": holds for something else than what we asked for.
    pub conditional: bool,
}

/// One utterance, read.
#[derive(Clone, Debug)]
pub struct Heard {
    pub callee: bool,
    pub text: String,
    pub facts: Vec<Fact>,
    /// In English words, whatever was spoken.
    pub(crate) tokens: Vec<Token>,
    /// As they were spoken.
    pub(crate) spoken: Vec<Token>,
    pub(crate) language: Language,
}

impl Heard {
    /// The sentence around a fact, trimmed.
    pub fn sentence(&self, fact: &Fact) -> &str {
        self.slice(token::sentence_around(&self.tokens, fact.at.start))
    }

    pub(crate) fn sentence_tokens(&self, fact: &Fact) -> Range<usize> {
        token::sentence_around(&self.tokens, fact.at.start)
    }

    pub(crate) fn slice(&self, tokens: Range<usize>) -> &str {
        let (Some(first), Some(last)) =
            (self.tokens.get(tokens.start), self.tokens.get(tokens.end.saturating_sub(1)))
        else {
            return "";
        };
        self.text.get(first.start..last.end).unwrap_or("").trim()
    }

    /// The token ranges of its sentences, in order.
    pub(crate) fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let sentence = token::sentence_around(&self.tokens, at);
            at = sentence.end;
            sentences.push(sentence);
        }
        sentences
    }

    pub(crate) fn is_question(&self, sentence: &Range<usize>) -> bool {
        sentence
            .end
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .is_some_and(|token| token.is("?"))
    }

    pub(crate) fn says(&self, phrases: &[&str]) -> bool {
        token::any_phrase(&self.tokens, 0..self.tokens.len(), phrases)
    }
}

fn iso(days: i64) -> String {
    let (year, month, of_month) = zone::civil_from_days(days);
    format!("{year:04}-{month:02}-{of_month:02}")
}

/// A conversation, read.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    heard: Vec<Heard>,
    /// Lower-case words of our own names; they are nobody else's.
    own_names: Vec<String>,
    /// How many utterances were in Spanish, French and German, and how many in English.
    languages: [(Language, u32); 4],
    now: Option<Now>,
}

/// When a conversation took place, on the clocks of the other side.
#[derive(Clone, Debug, PartialEq)]
struct Now {
    ms: u64,
    zone: String,
}

impl Talk {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn read(utterances: &[Utterance]) -> Self {
        let mut talk = Self::new();
        for utterance in utterances {
            talk.push(utterance.callee, &utterance.text);
        }
        talk
    }

    /// Adds what was said next.
    pub fn push(&mut self, callee: bool, text: &str) {
        if self.heard.len() == TALK_UTTERANCES_MAX {
            return;
        }
        let mut heard = find::read_in(callee, text, self.language());
        self.count_language(&heard);
        self.settle_pairs(&mut heard);
        self.condition(&mut heard);
        self.correct_earlier(&heard);
        self.heard.push(heard);
    }

    /// Tells when and where the conversation took place, so that "tomorrow" is a date: milliseconds since
    /// the Unix epoch (0 if unknown) and the callee's zone.
    pub fn set_now(&mut self, now_ms: u64, zone: &str) {
        self.now = (now_ms > 0).then(|| Now { ms: now_ms, zone: zone.to_owned() });
    }

    /// The date of a day that was said, as `2026-11-27`, if the day of the conversation is known.
    pub(crate) fn date(&self, day: Day) -> Option<String> {
        let now = self.now.as_ref()?;
        let local = zone::local(now.ms, &|utc_ms| zone::offset_minutes(utc_ms, &now.zone))?;
        // Who means today says so: a Friday named on a Friday is the next one.
        let days = wishes::target_day(local, Some(day), 0)?;
        Some(iso(days))
    }

    /// The date so many days after the conversation.
    pub(crate) fn date_after(&self, days: f64) -> Option<String> {
        const DAYS_MAX: f64 = 3_650.0;
        let now = self.now.as_ref()?;
        let local = zone::local(now.ms, &|utc_ms| zone::offset_minutes(utc_ms, &now.zone))?;
        if !(1.0..=DAYS_MAX).contains(&days) {
            return None;
        }
        Some(iso(local.day + days.round() as i64))
    }

    /// The language of most that was said.
    fn language(&self) -> Option<Language> {
        let most = self.languages.iter().max_by_key(|(_, utterances)| *utterances)?;
        (most.1 > 0).then_some(most.0)
    }

    fn count_language(&mut self, heard: &Heard) {
        let free = self
            .languages
            .iter()
            .position(|(language, utterances)| *language == heard.language || *utterances == 0);
        if let Some(place) = free {
            self.languages[place].0 = heard.language;
            self.languages[place].1 += 1;
        }
    }

    /// Names of our side, so that "is this Alex?" does not make Alex the contact.
    pub fn own_name(&mut self, name: &str) {
        self.own_names.push(name.trim().to_lowercase());
    }

    pub(crate) fn is_own_name(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.own_names.iter().any(|own| {
            *own == name
                || own.split(' ').next() == Some(&name)
                || own.ends_with(&format!(" {name}"))
        })
    }

    pub fn heard(&self) -> &[Heard] {
        &self.heard
    }

    pub fn last(&self) -> Option<&Heard> {
        self.heard.last()
    }

    /// What our side said last before utterance `index`, if the callee has not spoken between.
    pub(crate) fn question_before(&self, index: usize) -> Option<&Heard> {
        /// "Sure." between a question and its answer is none of its own.
        const NOD_TOKENS_MAX: usize = 3;
        let mut before = index;
        let mut nodded = false;
        let mut nod = None;
        while before > 0 {
            before -= 1;
            let heard = &self.heard[before];
            if !heard.callee {
                let asks = heard.tokens.iter().any(|token| token.is("?"));
                let nods = !asks && heard.tokens.len() <= NOD_TOKENS_MAX && !nodded && before > 0;
                if !nods {
                    return Some(heard);
                }
                nodded = true;
                nod = Some(heard);
                continue;
            }
            if heard.tokens.len() > 6 {
                return nod;
            }
        }
        nod
    }

    /// Every fact with the index of its utterance, in the order they were said.
    pub fn facts(&self) -> impl DoubleEndedIterator<Item = (usize, &Fact)> {
        self.heard
            .iter()
            .enumerate()
            .flat_map(|(index, heard)| heard.facts.iter().map(move |fact| (index, fact)))
    }

    /// "Eight fifty" is 8.50 or 850: whichever is nearer to the price before.
    fn settle_pairs(&self, heard: &mut Heard) {
        let before = self.facts().rev().find_map(|(_, fact)| match fact.value {
            Value::Money { amount, .. } if amount > 0.0 => Some(amount),
            _ => None,
        });
        let Some(before) = before else { return };
        let Heard { facts, tokens, .. } = heard;
        for fact in facts {
            let Value::Money { amount, .. } = &mut fact.value else { continue };
            let small = money::small_reading(tokens, fact.at.start, *amount);
            let distance = |price: f64| (price / before).ln().abs();
            if let Some(small) = small.filter(|small| distance(*small) < distance(*amount)) {
                *amount = small;
            }
        }
    }

    /// A price named for a quantity that we did not ask about holds only under that condition.
    fn condition(&self, heard: &mut Heard) {
        if !heard.callee {
            return;
        }
        let ours = self.our_amounts();
        let mut conditional = Vec::new();
        for fact in &heard.facts {
            let price = matches!(fact.value, Value::Money { .. });
            conditional.push(price && find::is_conditional(heard, fact, &ours));
        }
        for (fact, conditional) in heard.facts.iter_mut().zip(conditional) {
            fact.conditional = conditional;
        }
    }

    fn our_amounts(&self) -> Vec<f64> {
        let mut amounts = Vec::new();
        for heard in self.heard.iter().filter(|heard| !heard.callee) {
            for fact in &heard.facts {
                if let Value::Quantity { amount, .. } | Value::Number(amount) = fact.value {
                    amounts.push(amount);
                }
            }
        }
        amounts
    }

    /// "Sorry, I meant fifty-four": takes back what the same side said before.
    fn correct_earlier(&mut self, heard: &Heard) {
        if !find::opens_with_correction(heard) {
            return;
        }
        let Some(earlier) = self.heard.iter_mut().rev().find(|one| one.callee == heard.callee)
        else {
            return;
        };
        for fact in heard.facts.iter().filter(|fact| !fact.negated && !fact.conditional) {
            let said = earlier.facts.iter_mut().rev().find(|one| one.value.same_kind(&fact.value));
            if let Some(said) = said.filter(|said| said.value != fact.value) {
                said.corrected = true;
            }
        }
    }
}
