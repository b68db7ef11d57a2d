//! An objective with its cues, and how they stand to each other: what is negated, what is only told
//! about, what the first task of a sentence governs.

use super::cues::{Cue, set};
use super::find;
use super::small::{
    is_article, is_currency, is_definite, is_nothing, is_one_of, is_preposition, is_whether,
};
use super::words::{Gap, Words};

/// How far before a word its "not" stands.
const NOT_WORDS_MAX: usize = 3;
/// How far before a word its "my" stands.
const WHOSE_WORDS_MAX: usize = 3;

/// One word: what it and the phrase that begins with it mean.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    pub(super) cues: u128,
    /// It is a word of its own, not the beginning of a phrase.
    pub(super) single: bool,
    /// Sentences, and parts of sentences, that are over before it.
    pub(super) sentence: u16,
    pub(super) part: u16,
    /// "Not to book": the cue does not hold.
    pub(super) negated: bool,
    /// What is told about, not what is to be done: "complain that …".
    pub(super) subordinate: bool,
    /// What is to be done in some case only: "if …".
    pub(super) conditional: bool,
    /// Something was asked in the same sentence before it.
    pub(super) question: bool,
    /// What is passed on: "tell them …".
    pub(super) told: bool,
    /// What is asked: "whether …".
    pub(super) asked: bool,
    /// A thing rather than something to be done: "the survey".
    pub(super) topic: bool,
    /// Tasks before it in its part: "ask …" in "survey … how they ask …".
    pub(super) depth: u8,
}

impl Mark {
    pub(super) fn has(&self, cue: Cue) -> bool {
        self.cues & cue.bit() != 0
    }
}

pub(super) fn read(objective: &str) -> Vec<Mark> {
    let words = Words::of(objective);
    let mut marks = vec![Mark::default(); words.len()];
    find::mark_cues(&words, &mut marks);
    let mut reading = Reading { words, marks };
    reading.mark_numbers();
    reading.divide();
    reading.mark_questions();
    reading.mark_standing();
    reading.mark_topics();
    reading.mark_depth();
    reading.marks
}

/// Where in a sentence a word stands.
#[derive(Default)]
struct State {
    sentence: u16,
    part: u16,
    subordinate: bool,
    conditional: bool,
    /// In this part, so that an "if" is a "whether".
    asked: bool,
    whether: bool,
    told: bool,
    question: bool,
}

impl State {
    fn mark(&self, mark: &mut Mark) {
        (mark.sentence, mark.part) = (self.sentence, self.part);
        (mark.subordinate, mark.conditional) = (self.subordinate, self.conditional);
        (mark.told, mark.question, mark.asked) = (self.told, self.question, self.whether);
    }
}

struct Reading {
    words: Words,
    marks: Vec<Mark>,
}

impl Reading {
    fn mark_numbers(&mut self) {
        let mut amounts = 0;
        for index in 0..self.marks.len() {
            if !self.words.text(index).starts_with(|first: char| first.is_ascii_digit()) {
                continue;
            }
            self.marks[index].cues |= Cue::Number.bit();
            if self.is_time(index) {
                self.marks[index].cues |= Cue::Time.bit();
                continue;
            }
            let is_money = self.is_money(index);
            if is_money {
                self.marks[index].cues |= Cue::Money.bit();
            }
            // A single digit counts people or things.
            if is_money || self.words.text(index).len() > 1 {
                amounts += 1;
            }
            if amounts > 1 {
                self.marks[index].cues |= Cue::Second.bit();
            }
        }
        // What they want and what we would pay are two; more are quantities.
        if amounts > 2 {
            for mark in &mut self.marks {
                mark.cues &= !Cue::Second.bit();
            }
        }
    }

    /// "7:30", "7pm", "8 uhr", "5 may".
    fn is_time(&self, index: usize) -> bool {
        let text = self.words.text(index);
        let last = if index > 0 { self.words.text(index - 1) } else { "" };
        text.contains(':')
            || is_one_of(unit(text), "am pm h uhr th st nd rd")
            || is_one_of(self.words.text(index + 1), "am pm h uhr o may")
            || last == "may"
    }

    fn is_money(&self, index: usize) -> bool {
        let (word, next) = (self.words.at(index), self.words.text(index + 1));
        word.money
            || word.percent
            || is_currency(next)
            || is_one_of(next, "percent prozent")
            || is_one_of(unit(self.words.text(index)), "k eur usd euro")
    }

    /// Into sentences and their parts; what is negated, subordinate, conditional.
    fn divide(&mut self) {
        let mut state = State::default();
        let mut not_until = 0;
        for index in 0..self.marks.len() {
            let (mark, before) = (self.marks[index], self.words.at(index).before);
            let last = if index > 0 { self.marks[index - 1] } else { Mark::default() };
            if index > 0 && before == Gap::Stop {
                state = State {
                    sentence: state.sentence + 1,
                    part: state.part + 1,
                    ..State::default()
                };
                not_until = 0;
            } else if index > 0 && (before == Gap::Comma || mark.has(Cue::And)) {
                state.part += 1;
                state.whether &= mark.has(Cue::And) && !self.begins_act(index);
                state.asked &= mark.has(Cue::And);
                state.subordinate &= !self.begins_act(index);
                state.conditional &= before != Gap::Comma;
                // "Do not commit or bargain" denies both.
                let denies =
                    not_until > 0 && is_one_of(self.words.text(index), "or nor ni ou oder");
                not_until = if denies { index + 1 + NOT_WORDS_MAX } else { 0 };
            }
            state.told |= mark.has(Cue::Tell);
            // "Check that …" is no less than "check whether …", and "in that area" no clause.
            let is_clause = index > 0 && !is_preposition(self.words.text(index - 1));
            state.subordinate |= is_clause && mark.has(Cue::That) && last.cues & CHECKS == 0;
            state.conditional |= mark.has(Cue::If) && !state.asked;
            state.whether |= is_whether(self.words.text(index)) && !state.conditional;
            state.asked |= mark.has(Cue::Ask);
            state.mark(&mut self.marks[index]);
            self.marks[index].negated = index < not_until || is_nothing(self.words.text(index + 1));
            state.question |= mark.has(Cue::Ask);
            // "If not, ask for Saturday" asks for it.
            if mark.has(Cue::Not) && !last.has(Cue::If) {
                not_until = index + 1 + NOT_WORDS_MAX;
            }
        }
    }

    /// "…, and ask for": a new task begins here.
    fn begins_act(&self, index: usize) -> bool {
        const ACTS: u128 = set(&[
            Cue::Ask,
            Cue::Get,
            Cue::Tell,
            Cue::Book,
            Cue::Cancel,
            Cue::Reschedule,
            Cue::Complain,
            Cue::Haggle,
            Cue::Arrange,
        ]);
        let next = self.marks.get(index + 1).map_or(0, |mark| mark.cues);
        (self.marks[index].cues | next) & ACTS != 0
    }

    /// "Do they …?" asks as "ask whether they …" does.
    fn mark_questions(&mut self) {
        const DIGITS_MIN: usize = 4;
        let (mut sentence, mut part, mut after_and) = (None, None, false);
        for index in 0..self.marks.len() {
            let counts = self.words.text(index + 1).len() < DIGITS_MIN;
            let numbered = self.marks.get(index + 1).is_some_and(|next| next.has(Cue::Number));
            let mark = &mut self.marks[index];
            let begins = sentence != Some(mark.sentence);
            if begins && mark.has(Cue::Question) {
                mark.cues |= Cue::Ask.bit();
            }
            // "Order a pizza" and "order 12 chairs", but "my order" and "order 8812".
            let is_noun = numbered && !counts;
            if part == Some(mark.part) && !after_and || is_noun {
                mark.cues &= !Cue::Purchase.bit();
            }
            after_and = mark.has(Cue::And);
            part = Some(mark.part);
            sentence = Some(mark.sentence);
        }
    }

    /// "The survey" is a thing; "do the survey" is something to be done.
    fn mark_topics(&mut self) {
        const LIGHT_WORDS_MAX: usize = 4;
        for index in 1..self.marks.len() {
            let last = self.words.text(index - 1);
            let mut determined = self.is_determined(index - 1) || is_preposition(last);
            if index > 1 && !matches!(last, "to" | "and") {
                determined |= self.is_determined(index - 2);
            }
            determined &= self.marks[index - 1].part == self.marks[index].part;
            let from = index.saturating_sub(LIGHT_WORDS_MAX);
            let light = (from..index).any(|before| self.marks[before].has(Cue::Light));
            self.marks[index].topic = self.marks[index].single && determined && !light;
        }
    }

    /// "Get me an appointment".
    fn is_wanted(&self, index: usize) -> bool {
        const WANT_WORDS_MAX: usize = 3;
        let from = index.saturating_sub(WANT_WORDS_MAX);
        (from..index)
            .any(|before| self.marks[before].has(Cue::Get) || self.marks[before].has(Cue::Arrange))
    }

    /// A word that makes a thing of the next one or the one after it.
    fn is_determined(&self, index: usize) -> bool {
        let word = self.words.text(index);
        self.marks[index].has(Cue::Whose) || is_definite(word) || is_article(word)
    }

    /// The first task of a part governs what follows in it.
    fn mark_depth(&mut self) {
        let mut depth: u8 = 0;
        for index in 0..self.marks.len() {
            if index > 0 && self.marks[index].part != self.marks[index - 1].part {
                depth = 0;
            }
            self.marks[index].depth = depth;
            let mark = self.marks[index];
            let is_task = mark.cues & TASKS != 0 && (!mark.topic || mark.has(Cue::Status));
            // "Get an appointment to complain" asks for the appointment.
            let is_wish = mark.has(Cue::Visit) && !mark.has(Cue::Standing) && self.is_wanted(index);
            if (is_task || is_wish) && !mark.negated {
                depth = depth.saturating_add(1);
            }
        }
    }

    /// "My appointment", "Friday's table": something that was arranged before.
    fn mark_standing(&mut self) {
        for index in 0..self.marks.len() {
            if !self.marks[index].has(Cue::Visit) && !self.marks[index].has(Cue::Booking) {
                continue;
            }
            let is_booking = self.marks[index].has(Cue::Booking);
            let from = index.saturating_sub(WHOSE_WORDS_MAX);
            let owned = (from..index).any(|before| {
                let is_the = is_booking && is_definite(self.words.text(before));
                is_the || self.words.at(before).possessive || self.marks[before].has(Cue::Whose)
            });
            let together = self.marks[from].sentence == self.marks[index].sentence;
            let new = index > 0 && is_article(self.words.text(index - 1));
            if owned && together && !new {
                self.marks[index].cues |= Cue::Standing.bit();
            }
        }
    }
}

/// Cues of asking and making sure.
const CHECKS: u128 = set(&[Cue::Ask, Cue::Confirm]);

/// Cues of what is to be done.
const TASKS: u128 = set(&[
    Cue::Book,
    Cue::Reschedule,
    Cue::Move,
    Cue::Cancel,
    Cue::Confirm,
    Cue::HowMuch,
    Cue::Haggle,
    Cue::Survey,
    Cue::Pitch,
    Cue::Propose,
    Cue::Complain,
    Cue::Chase,
    Cue::Remind,
    Cue::Fact,
    Cue::Status,
    Cue::Received,
    Cue::Price,
    Cue::Discount,
    Cue::Opinion,
    Cue::Practice,
    Cue::Tell,
]);

/// "pm" of "7:30pm".
fn unit(number: &str) -> &str {
    number.trim_start_matches(|character: char| {
        character.is_ascii_digit() || matches!(character, '.' | ',' | ':')
    })
}
