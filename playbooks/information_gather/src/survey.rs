//! How far the survey has come: consent, the question that is put, what was answered.

use agenticcalling_playbook::extract::words;
use agenticcalling_playbook::strategy::{Language, is_hold};
use serde_json::{Value, json};

use crate::answer;
use crate::passing;
use crate::questions::{Kind, Question, overlap};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Answered,
    Refused,
}

pub(crate) struct Step {
    pub(crate) question: Question,
    pub(crate) state: State,
    pub(crate) asked: u8,
    probed: bool,
    /// Their words.
    pub(crate) answer: String,
    /// What they come to, where the kind of the question says so.
    pub(crate) value: Option<Value>,
}

/// What their turn did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Begin,
    Answered,
    Refused,
    /// Too little to be of use; ask once for more.
    Probe,
    /// An answer, but none that fits the question's form; offer the form once more.
    Form,
    Repeat,
    /// Nothing was put yet, or they said nothing to it.
    Waiting,
    /// They want none of it.
    Over,
}

/// A question is put this often before it is given up.
const ASKED_MAX: u8 = 3;

pub(crate) struct Survey {
    pub(crate) steps: Vec<Step>,
    consented: bool,
    /// The question that their next turn answers.
    pending: Option<usize>,
    /// The last advice was to ask for more of the same, so our next turn puts nothing new.
    probing: bool,
    pub(crate) refused: bool,
    language: Language,
}

impl Survey {
    pub(crate) fn new(questions: Vec<Question>, language: Language) -> Self {
        let mut steps = Vec::new();
        for question in questions {
            steps.push(Step {
                question,
                state: State::Open,
                asked: 0,
                probed: false,
                answer: String::new(),
                value: None,
            });
        }
        Self { steps, consented: false, pending: None, probing: false, refused: false, language }
    }

    /// We spoke. A question is known by its words, or, however the model put it, by its turn.
    pub(crate) fn spoke(&mut self, text: &str) {
        if self.probing {
            self.probing = false;
            return;
        }
        if !text.contains('?') && !self.is_put(text) {
            return;
        }
        let named = self.steps.iter().position(|step| {
            step.state == State::Open && overlap(&step.question.content, text) >= 0.67
        });
        let next = if self.consented { self.next() } else { None };
        if let Some(place) = named.or(next) {
            self.steps[place].asked = self.steps[place].asked.saturating_add(1);
            self.pending = Some(place);
            self.consented = true;
        }
    }

    /// "Please give me a number from 1 to 10." puts a question without its mark.
    fn is_put(&self, text: &str) -> bool {
        self.next().is_some_and(|place| {
            let wording = &self.steps[place].question.wording;
            !wording.contains('?') && text.contains(wording.as_str())
        })
    }

    /// They spoke; `asks` if they asked us something and said little else.
    pub(crate) fn heard(&mut self, text: &str, asks: bool) -> Effect {
        if is_hold(text) {
            return Effect::Waiting;
        }
        if answer::refuses_all(text) {
            self.refused = true;
            return Effect::Over;
        }
        if !self.consented {
            return self.consent(text, asks);
        }
        let Some(place) = self.pending else { return Effect::Waiting };
        let step = &mut self.steps[place];
        if step.state != State::Open {
            return Effect::Waiting;
        }
        let statement = statements(text);
        if answer::is_unclear(text) && step.asked < ASKED_MAX {
            return Effect::Repeat;
        }
        if answer::refuses_question(text) && step.answer.is_empty() {
            step.state = State::Refused;
            return Effect::Refused;
        }
        if asks || answer::says_nothing(&statement) && step.question.kind != Kind::YesNo {
            if step.asked >= ASKED_MAX {
                step.state = State::Refused;
                return Effect::Refused;
            }
            return Effect::Waiting;
        }
        let effect = step.take(text);
        self.probing = effect == Effect::Probe || effect == Effect::Form;
        self.take_in_passing(&statement);
        effect
    }

    /// Answers to questions that were not put yet.
    fn take_in_passing(&mut self, statement: &str) {
        for step in &mut self.steps {
            if step.state != State::Open || step.asked > 0 {
                continue;
            }
            let mut sentences = statement.split_inclusive(['.', '!']).map(str::trim);
            if let Some(told) = sentences.find(|one| passing::answers(one, &step.question)) {
                step.take(told);
                step.state = State::Answered;
            }
        }
    }

    fn consent(&mut self, text: &str, asks: bool) -> Effect {
        if asks {
            return Effect::Waiting;
        }
        if answer::yes(text) == Some(false) {
            self.refused = true;
            return Effect::Over;
        }
        if answer::is_unclear(text) {
            return Effect::Repeat;
        }
        self.consented = true;
        Effect::Begin
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.consented
    }

    fn next(&self) -> Option<usize> {
        self.steps.iter().position(|step| step.state == State::Open)
    }

    pub(crate) fn next_step(&self) -> Option<&Step> {
        self.next().map(|place| &self.steps[place])
    }

    pub(crate) fn pending_step(&self) -> Option<&Step> {
        self.pending.map(|place| &self.steps[place])
    }

    /// The next question that was not put at all, the rules' first.
    pub(crate) fn unasked(&self) -> Option<&Step> {
        let unasked = |step: &&Step| step.state == State::Open && step.asked == 0;
        let rule = self.steps.iter().filter(unasked).find(|step| step.question.rule);
        rule.or(self.steps.iter().find(unasked))
    }

    pub(crate) fn answered(&self) -> usize {
        self.steps.iter().filter(|step| step.state == State::Answered).count()
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }
}

impl Step {
    /// An answer. Asked for more once, any further words count as they are.
    fn take(&mut self, text: &str) -> Effect {
        self.value = match &self.question.kind {
            Kind::Open => None,
            Kind::Number(bounds) => answer::number(text, *bounds).map(number),
            Kind::Choice(choices) => answer::choice(text, choices).map(|choice| json!(choice)),
            Kind::YesNo => answer::yes(text).map(Value::Bool),
        };
        if self.answer.is_empty() {
            text.trim().clone_into(&mut self.answer);
        } else if !answer::adds_nothing(text) {
            self.answer = format!("{} {}", self.answer, text.trim());
        }
        let lacks_form =
            matches!(self.question.kind, Kind::Number(_) | Kind::Choice(_)) && self.value.is_none();
        let vague = self.question.kind == Kind::Open && answer::is_vague(text);
        if !self.probed && (lacks_form || vague) {
            self.probed = true;
            return if lacks_form { Effect::Form } else { Effect::Probe };
        }
        self.state = State::Answered;
        Effect::Answered
    }
}

fn number(amount: f64) -> Value {
    if amount.fract() == 0.0 && amount.abs() < 9e15 { json!(amount as i64) } else { json!(amount) }
}

/// The turn without its questions.
pub(crate) fn statements(text: &str) -> String {
    let parts = text.split_inclusive(['.', '!', '?']);
    parts.filter(|part| !part.trim_end().ends_with('?')).collect::<String>().trim().to_owned()
}

/// A question back and hardly anything else.
pub(crate) fn mostly_asks(text: &str) -> bool {
    const STATEMENT_WORDS_MAX: usize = 4;
    words(&statements(text)).len() <= STATEMENT_WORDS_MAX
}
