//! What a follow-up still wants to know, in which order, and what it has learnt.

use agenticcalling_playbook::extract::{Field, Role, Schema, Talk, Value, words};
use agenticcalling_playbook::strategy::Obligation;

use crate::promise::{self, Promise};
use crate::status::{self, Status};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Status,
    /// What is missing or in the way.
    Missing,
    Date,
    Responsible,
    /// A field of the customer's schema, by its place in `extras`.
    Extra(usize),
    /// An obligation of the rules, by its place in the list.
    Rule(usize),
}

struct Item {
    topic: Topic,
    asked: u8,
    closed: bool,
}

/// The agenda and what is known so far.
pub(crate) struct Agenda {
    items: Vec<Item>,
    obligations: Vec<Obligation>,
    /// Name and description of fields that only the customer knows the meaning of.
    extras: Vec<(String, String)>,
    /// What our next turn is to put, then what their next turn answers.
    planned: Option<Topic>,
    pending: Option<Topic>,
    nudged: bool,
    pub(crate) status: Option<Status>,
    pub(crate) promise: Option<Promise>,
    pub(crate) responsible: Option<String>,
    /// The speaker takes it on; a name may come later.
    pub(crate) speaker_responsible: bool,
    pub(crate) blocker: Option<String>,
    pub(crate) next_steps: Option<String>,
}

/// A question is put this often before it is given up.
const ASKED_MAX: u8 = 2;
/// Longest text that is kept as a value.
const VALUE_CHARS_MAX: usize = 300;
/// Most fields of a schema that are asked for.
const EXTRAS_MAX: usize = 10;

impl Agenda {
    pub(crate) fn new(obligations: Vec<Obligation>, schema: Option<&Schema>) -> Self {
        let extras = extras(schema);
        let mut items = Vec::new();
        let mut topics = vec![Topic::Status, Topic::Missing, Topic::Date, Topic::Responsible];
        topics.extend((0..extras.len()).map(Topic::Extra));
        topics.extend((0..obligations.len()).map(Topic::Rule));
        for topic in topics {
            items.push(Item { topic, asked: 0, closed: false });
        }
        Self {
            items,
            obligations,
            extras,
            planned: Some(Topic::Status),
            pending: None,
            nudged: false,
            status: None,
            promise: None,
            responsible: None,
            speaker_responsible: false,
            blocker: None,
            next_steps: None,
        }
    }

    pub(crate) fn plan(&mut self, topic: Option<Topic>) {
        self.planned = topic;
    }

    /// We spoke: a question of ours puts what was planned.
    pub(crate) fn spoke(&mut self, text: &str) {
        for place in 0..self.obligations.len() {
            if self.obligations[place].is_asked_by(text) && self.planned != Some(Topic::Rule(place))
            {
                self.put(Topic::Rule(place));
            }
        }
        if text.contains('?')
            && let Some(topic) = self.planned.take()
        {
            self.put(topic);
            self.pending = Some(topic);
        }
    }

    fn put(&mut self, topic: Topic) {
        for item in self.items.iter_mut().filter(|item| item.topic == topic) {
            item.asked = item.asked.saturating_add(1);
        }
    }

    /// They spoke. True if the answer was evasive and they have not been nudged yet.
    pub(crate) fn heard(&mut self, text: &str, asks: bool, now_ms: u64, zone: &str) -> bool {
        let statement = statements(text);
        let pending = self.pending.take();
        self.learn(&statement, pending, now_ms, zone);
        let Some(topic) = pending else { return false };
        if asks && words(&statement).len() <= 3 {
            self.give_up(topic);
            return false;
        }
        let answered = self.is_known(topic);
        let evasive = topic == Topic::Date && !answered
            || topic == Topic::Status
                && !answered
                && self.promise.is_none()
                && status::is_evasive(&statement);
        if evasive && !self.nudged && !status::does_not_know(&statement) {
            self.nudged = true;
            return true;
        }
        let item = self.items.iter_mut().find(|item| item.topic == topic);
        if let Some(item) = item {
            item.closed = answered
                || topic != Topic::Status
                || item.asked >= ASKED_MAX
                || words(&statement).len() > 2;
        }
        false
    }

    fn give_up(&mut self, topic: Topic) {
        for item in self.items.iter_mut().filter(|item| item.topic == topic) {
            item.closed |= item.asked >= ASKED_MAX;
        }
    }

    fn learn(&mut self, statement: &str, pending: Option<Topic>, now_ms: u64, zone: &str) {
        let found = status::of(statement);
        self.status = found.or(self.status);
        let over = found == Some(Status::Done);
        if !over && let Some(promise) = promise::find(statement, now_ms, zone) {
            self.promise = Some(promise);
            self.status = self.status.or(Some(Status::InProgress));
        }
        for sentence in statement.split_inclusive(['.', '!']) {
            if status::is_blocked(sentence) {
                self.blocker = Some(cut(sentence));
            }
            if status::commits(sentence) {
                self.next_steps = Some(cut(sentence));
            }
        }
        match pending {
            Some(Topic::Missing) if self.blocker.is_none() && names_something(statement) => {
                self.blocker = Some(cut(statement));
            }
            Some(Topic::Responsible) if !status::does_not_know(statement) => {
                self.learn_who(statement)
            }
            _ => {}
        }
    }

    fn learn_who(&mut self, statement: &str) {
        let mut talk = Talk::new();
        talk.push(true, statement);
        let name = talk.facts().find_map(|(_, fact)| match &fact.value {
            Value::Name(name) if !fact.negated => Some(name.clone()),
            _ => None,
        });
        if status::is_themselves(statement) {
            self.speaker_responsible = true;
            self.responsible = name;
        } else if name.is_some() {
            self.responsible = name;
        } else if !statement.trim().is_empty() {
            self.responsible = Some(cut(statement.trim().trim_end_matches(['.', '!'])));
        }
    }

    fn is_known(&self, topic: Topic) -> bool {
        match topic {
            Topic::Status => self.status.is_some(),
            Topic::Missing => self.blocker.is_some(),
            Topic::Date => self.promise.is_some(),
            Topic::Responsible => self.responsible.is_some() || self.speaker_responsible,
            Topic::Extra(_) | Topic::Rule(_) => false,
        }
    }

    /// Done and declined leave nothing to ask about how it goes on.
    fn is_needed(&self, topic: Topic) -> bool {
        let settled = matches!(self.status, Some(Status::Done | Status::Declined));
        !(settled && matches!(topic, Topic::Missing | Topic::Date | Topic::Responsible))
    }

    /// The next thing to ask, and whether it has been asked before.
    pub(crate) fn next(&self) -> Option<(Topic, bool)> {
        let open = |item: &&Item| {
            !item.closed
                && item.asked < ASKED_MAX
                && !self.is_known(item.topic)
                && self.is_needed(item.topic)
        };
        self.items.iter().find(open).map(|item| (item.topic, item.asked > 0))
    }

    pub(crate) fn was_asked(&self, topic: Topic) -> bool {
        self.items.iter().any(|item| item.topic == topic && item.asked > 0)
    }

    pub(crate) fn open_obligation(&self) -> Option<(Topic, &Obligation)> {
        let item = self
            .items
            .iter()
            .find(|item| item.asked == 0 && matches!(item.topic, Topic::Rule(_)))?;
        match item.topic {
            Topic::Rule(place) => Some((item.topic, self.obligations.get(place)?)),
            _ => None,
        }
    }

    pub(crate) fn obligation(&self, place: usize) -> &str {
        self.obligations.get(place).map_or("", |one| one.question.as_str())
    }

    pub(crate) fn extra(&self, place: usize) -> &str {
        self.extras.get(place).map_or("", |(_, about)| about.as_str())
    }

    pub(crate) fn topics(&self) -> impl Iterator<Item = Topic> + '_ {
        self.items.iter().map(|item| item.topic)
    }
}

/// Fields that no question of ours covers.
fn extras(schema: Option<&Schema>) -> Vec<(String, String)> {
    const OURS: &[&str] = &[
        "status",
        "state",
        "date",
        "promised",
        "deadline",
        "eta",
        "responsible",
        "owner",
        "who",
        "next",
        "steps",
        "blocker",
        "blockers",
        "missing",
        "reason",
        "success",
        "summary",
        "contact",
        "name",
        "notes",
    ];
    let mut list = Vec::new();
    let fields: &[Field] = match schema {
        Some(schema) => &schema.fields,
        None => &[],
    };
    for field in fields {
        let spaced = field.name.replace(['_', '-'], " ");
        let ours = words(&spaced).iter().any(|word| OURS.contains(&word.as_str()));
        if ours || matches!(field.role, Role::NextSteps | Role::Date) || list.len() == EXTRAS_MAX {
            continue;
        }
        let about = if field.description.is_empty() { spaced } else { field.description.clone() };
        list.push((field.name.clone(), about));
    }
    list
}

fn names_something(statement: &str) -> bool {
    const NOTHING: &[&str] =
        &["no", "nothing", "nada", "rien", "nichts", "non", "nein", "none", "nope"];
    let said = words(statement);
    said.len() > 1
        && !said.iter().take(3).any(|word| NOTHING.contains(&word.as_str()))
        && !status::does_not_know(statement)
}

fn cut(text: &str) -> String {
    text.trim().chars().take(VALUE_CHARS_MAX).collect()
}

/// The turn without its questions.
fn statements(text: &str) -> String {
    let parts = text.split_inclusive(['.', '!', '?']);
    parts.filter(|part| !part.trim_end().ends_with('?')).collect::<String>().trim().to_owned()
}
