//! What a price inquiry wants to know, in which order, and how far it has come.

use agenticcalling_playbook::extract::{self, Talk, Unit, words};
use agenticcalling_playbook::strategy::Obligation;

/// One question of the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Price,
    Minimum,
    LeadTime,
    Terms,
    Contact,
    Volume,
    /// An obligation of the customer's rules, by its place in the list.
    Rule(usize),
}

/// A question is put this often before it is given up.
const ASKED_MAX: u8 = 2;
const STANDARD: [Topic; 6] =
    [Topic::Price, Topic::Minimum, Topic::LeadTime, Topic::Terms, Topic::Contact, Topic::Volume];

struct Item {
    topic: Topic,
    asked: u8,
    /// The other side has spoken since it was asked last.
    replied: bool,
    given_up: bool,
}

/// The agenda of one call.
pub(crate) struct Agenda {
    items: Vec<Item>,
    obligations: Vec<Obligation>,
}

impl Agenda {
    pub(crate) fn new(obligations: Vec<Obligation>) -> Self {
        let mut items = Vec::new();
        let mut extra: Vec<Topic> = Vec::new();
        for (index, obligation) in obligations.iter().enumerate() {
            if covered_by_standard(obligation).is_none() {
                extra.push(Topic::Rule(index));
            }
        }
        for topic in STANDARD.into_iter().chain(extra) {
            items.push(Item { topic, asked: 0, replied: false, given_up: false });
        }
        Self { items, obligations }
    }

    /// We spoke: which questions did that put?
    pub(crate) fn spoke(&mut self, text: &str) {
        for question in
            text.split_inclusive(['.', '!', '?']).filter(|part| part.trim_end().ends_with('?'))
        {
            let spoken = format!(" {} ", words(question).join(" "));
            for item in &mut self.items {
                let put = match item.topic {
                    Topic::Rule(index) => self.obligations[index].is_asked_by(question),
                    topic => cues(topic).iter().any(|cue| spoken.contains(cue)),
                };
                if put {
                    item.asked = item.asked.saturating_add(1);
                    item.replied = false;
                }
            }
        }
    }

    /// The other side spoke; `refused` if it said it cannot or will not tell.
    pub(crate) fn heard(&mut self, refused: bool) {
        for item in self.items.iter_mut().filter(|item| item.asked > 0 && !item.replied) {
            item.replied = true;
            item.given_up |= refused || item.asked >= ASKED_MAX;
        }
    }

    /// The first question still open, and whether it has been put before.
    pub(crate) fn next(&self, talk: &Talk) -> Option<(Topic, bool)> {
        let open = self.items.iter().find(|item| !item.given_up && !is_answered(item, talk));
        open.map(|item| (item.topic, item.asked > 0))
    }

    /// An obligation of the rules that has not been put yet.
    pub(crate) fn open_obligation(&self) -> Option<&Obligation> {
        for item in self.items.iter().filter(|item| item.asked == 0) {
            if let Topic::Rule(index) = item.topic {
                return self.obligations.get(index);
            }
        }
        None
    }

    pub(crate) fn was_asked(&self, topic: Topic) -> bool {
        self.items.iter().any(|item| item.topic == topic && item.asked > 0)
    }

    pub(crate) fn question(&self, topic: Topic, subject: &str, again: bool) -> String {
        match (topic, again) {
            (Topic::Price, false) => format!("What would your price per unit be for {subject}?"),
            (Topic::Price, true) => {
                format!("Could you give me a rough price per unit for {subject}?")
            }
            (Topic::Minimum, false) => "What is your minimum order?".into(),
            (Topic::Minimum, true) => "Is there a minimum order, and how large is it?".into(),
            (Topic::LeadTime, false) => "What is the lead time for delivery?".into(),
            (Topic::LeadTime, true) => "Roughly how many days or weeks is the lead time?".into(),
            (Topic::Terms, false) => "What payment terms do you offer?".into(),
            (Topic::Terms, true) => "When would payment be due, what are your terms?".into(),
            (Topic::Contact, false) => "May I ask who I am speaking with?".into(),
            (Topic::Contact, true) => "Could I have your name for my notes?".into(),
            (Topic::Volume, _) => "Would the price per unit come down if we ordered more?".into(),
            (Topic::Rule(index), _) => {
                self.obligations.get(index).map_or_else(String::new, |one| one.question.clone())
            }
        }
    }

    /// Purpose and wording of each question, for the prompt.
    pub(crate) fn wordings(&self, subject: &str) -> Vec<(String, String)> {
        let mut list = Vec::new();
        for item in &self.items {
            let purpose = match item.topic {
                Topic::Price => "the price per unit and its currency",
                Topic::Minimum => "the minimum order",
                Topic::LeadTime => "the lead time",
                Topic::Terms => "the payment terms",
                Topic::Contact => "the name of the person you speak with",
                Topic::Volume => "whether the price moves with volume",
                Topic::Rule(_) => "what a rule wants asked in every call",
            };
            list.push((purpose.to_owned(), self.question(item.topic, subject, false)));
        }
        list
    }
}

fn is_answered(item: &Item, talk: &Talk) -> bool {
    match item.topic {
        Topic::Price => extract::price(talk).is_some(),
        Topic::Minimum => extract::minimum_order(talk).is_some(),
        Topic::LeadTime => extract::lead_time(talk, Unit::Day).is_some(),
        Topic::Terms => extract::payment_terms(talk).is_some(),
        Topic::Contact => extract::contact_name(talk).is_some(),
        Topic::Volume | Topic::Rule(_) => item.asked > 0 && item.replied,
    }
}

/// Phrases, set in spaces, by which a question of ours is recognised however the model words it.
fn cues(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Price => &[" price ", " cost ", " quote ", " charge "],
        Topic::Minimum => &[" minimum ", " moq ", " smallest order "],
        Topic::LeadTime => &[" lead time ", " how soon ", " deliver ", " delivery ", " how long "],
        Topic::Terms => &[" payment ", " terms "],
        Topic::Contact => &[" speaking with ", " your name ", " speaking to ", " who i am "],
        Topic::Volume => {
            &[" ordered more ", " larger order ", " order more ", " volume ", " larger quantity "]
        }
        Topic::Rule(_) => &[],
    }
}

/// "Always ask for payment terms" asks for what the agenda has anyway.
fn covered_by_standard(obligation: &Obligation) -> Option<Topic> {
    let only = |list: &[&str]| obligation.topic.iter().all(|word| list.contains(&word.as_str()));
    if only(&["payment", "terms"]) {
        Some(Topic::Terms)
    } else if only(&["minimum", "order", "quantity", "moq"]) {
        Some(Topic::Minimum)
    } else if only(&["lead", "time", "times", "delivery"]) {
        Some(Topic::LeadTime)
    } else if only(&["bulk", "volume", "discount", "discounts", "pricing"]) {
        Some(Topic::Volume)
    } else {
        None
    }
}
