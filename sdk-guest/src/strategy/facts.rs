//! What the customer's words say: how many of what, when, under which name, at most at what price.

use crate::Brief;
use crate::extract::{Talk, Utterance, Value, words};

/// The facts of objective and context that a callee asks about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BriefFacts {
    pub quantity: Option<f64>,
    /// What is wanted: `steel beams`.
    pub item: Option<String>,
    /// Party size of a reservation.
    pub people: Option<f64>,
    /// The day and the time, in the customer's words.
    pub day: Option<String>,
    pub time: Option<String>,
    /// The name to book under.
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Sentences of the context and the objective that may be said aloud.
    pub sentences: Vec<String>,
}

const COUNTERS: &[&str] = &["unit", "units", "piece", "pieces", "item", "items", "pcs"];
const PEOPLE: &[&str] = &["people", "persons", "guests", "adults", "person"];

impl BriefFacts {
    pub fn of(brief: &Brief) -> Self {
        let context = brief.context.as_deref().unwrap_or("");
        let talk =
            Talk::read(&[Utterance::ours(brief.objective.as_str()), Utterance::ours(context)]);
        let mut facts = Self { name: labelled_name(&brief.objective, context), ..Self::default() };
        for (index, fact) in talk.facts() {
            let heard = &talk.heard()[index];
            let words = || Some(heard.text[fact.span.clone()].to_owned());
            match &fact.value {
                Value::Quantity { amount, of } => facts.quantity(*amount, of),
                Value::Date(_) if facts.day.is_none() && !is_birth(&heard.text) => {
                    facts.day = words();
                }
                Value::Clock { .. } if facts.time.is_none() => facts.time = words(),
                Value::Email(address) if facts.email.is_none() => {
                    facts.email = Some(address.clone())
                }
                Value::Phone(number) if facts.phone.is_none() => facts.phone = Some(number.clone()),
                _ => {}
            }
        }
        facts.people = facts.people.or_else(|| party(&brief.objective));
        if facts.item.is_none() {
            facts.item = item_of(&brief.objective);
        }
        facts.sentences = sayable(&brief.objective, context);
        facts
    }

    fn quantity(&mut self, amount: f64, of: &str) {
        let first = of.split(' ').next().unwrap_or("");
        if PEOPLE.contains(&first) {
            self.people.get_or_insert(amount);
            return;
        }
        if self.quantity.is_some() {
            return;
        }
        self.quantity = Some(amount);
        if !COUNTERS.contains(&of) {
            self.item = Some(of.to_owned());
        }
    }

    /// "500 steel beams", "steel beams", "your products".
    pub fn subject(&self) -> String {
        match (self.quantity, &self.item) {
            (Some(amount), Some(item)) => format!("{amount} {item}"),
            (Some(amount), None) => format!("{amount} units"),
            (None, Some(item)) => item.clone(),
            (None, None) => "your products".into(),
        }
    }
}

/// A date of birth is not the day of an appointment.
fn is_birth(text: &str) -> bool {
    words(text).iter().any(|word| matches!(word.as_str(), "born" | "birth" | "birthday"))
}

/// "Table for 6".
fn party(objective: &str) -> Option<f64> {
    let words = words(objective);
    let place = words.windows(3).find(|three| {
        three[1] == "for"
            && matches!(three[0].as_str(), "table" | "reservation" | "booking" | "room")
    })?;
    let talk = Talk::read(&[Utterance::ours(place[2].as_str())]);
    talk.facts().find_map(|(_, fact)| fact.value.number())
}

/// "Name: Alex Chen", "under the name of Alex Chen".
fn labelled_name(objective: &str, context: &str) -> Option<String> {
    for text in [objective, context] {
        let lower = text.to_ascii_lowercase();
        for lead in
            ["name: ", "name is ", "under the name of ", "under the name ", "for mr. ", "for ms. "]
        {
            let Some(start) = lower.find(lead) else { continue };
            let mut name = Vec::new();
            for word in text[start + lead.len()..].split_whitespace().take(3) {
                let bare = word.trim_end_matches(['.', ',', ';', '!']);
                if !bare.chars().next().is_some_and(char::is_uppercase) {
                    break;
                }
                name.push(bare);
                if bare.len() < word.len() {
                    break;
                }
            }
            if !name.is_empty() {
                return Some(name.join(" "));
            }
        }
    }
    None
}

/// "Get steel beam pricing" is about steel beams; "a quote for copper wire" about copper wire.
fn item_of(objective: &str) -> Option<String> {
    const PRICE_NOUNS: &[&str] = &[
        "pricing",
        "price",
        "prices",
        "quote",
        "quotes",
        "rates",
        "rate",
        "quotation",
        "cost",
        "costs",
        "much",
    ];
    const SKIP: &[&str] = &[
        "get",
        "ask",
        "about",
        "for",
        "a",
        "an",
        "the",
        "find",
        "out",
        "bulk",
        "request",
        "obtain",
        "me",
        "us",
        "their",
        "your",
        "volume",
        "wholesale",
        "best",
        "inquire",
        "check",
        "what",
        "on",
        "of",
        "unit",
        "is",
        "how",
        "call",
        "them",
        "and",
        "please",
        "to",
        "does",
        "are",
    ];
    let words = words(objective);
    let noun = words.iter().position(|word| PRICE_NOUNS.contains(&word.as_str()))?;
    let keep = |word: &&String| {
        !SKIP.contains(&word.as_str())
            && !PRICE_NOUNS.contains(&word.as_str())
            && word.chars().all(char::is_alphabetic)
            && !COUNTERS.contains(&word.as_str())
    };
    let before: Vec<&str> = words[..noun].iter().filter(keep).map(String::as_str).collect();
    if !before.is_empty() {
        return Some(before.join(" "));
    }
    let link = words[noun..]
        .iter()
        .position(|word| matches!(word.as_str(), "for" | "on" | "of" | "is" | "are" | "does"))?;
    let mut after = Vec::new();
    for word in words[noun + link + 1..].iter().map(String::as_str) {
        let leads = after.is_empty() && SKIP.contains(&word);
        if leads {
            continue;
        }
        if STOP.contains(&word) || COUNTERS.contains(&word) || after.len() == ITEM_WORDS_MAX {
            break;
        }
        after.push(word);
    }
    (!after.is_empty()).then(|| after.join(" "))
}

/// Words that the name of a thing may have.
const ITEM_WORDS_MAX: usize = 6;
/// Where the name of a thing is over.
const STOP: &[&str] = &[
    "and",
    "or",
    "but",
    "cost",
    "costs",
    "before",
    "by",
    "with",
    "including",
    "to",
    "if",
    "when",
    "whether",
    "what",
    "from",
    "at",
];

/// What may be quoted to the other side: not our budget, and not what only the agent should know.
fn sayable(objective: &str, context: &str) -> Vec<String> {
    const PRIVATE: &[&str] = &[
        "budget",
        "ceiling",
        "walk",
        "maximum",
        "max",
        "target",
        "competitor",
        "competing",
        "confidential",
        "secret",
        "disclose",
        "internal",
        "limit",
        "never",
        "don't",
        "not",
    ];
    let mut kept = Vec::new();
    for sentence in context
        .split_inclusive(['.', '!', '\n', ';'])
        .chain(objective.split_inclusive(['.', '\n', ';']))
    {
        let private = words(sentence).iter().any(|word| PRIVATE.contains(&word.as_str()));
        let sentence = sentence.trim();
        if !private && !sentence.is_empty() {
            kept.push(sentence.to_owned());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(objective: &str) -> BriefFacts {
        BriefFacts::of(&Brief { objective: objective.into(), ..Brief::default() })
    }

    #[test]
    fn subjects() {
        let check = |objective: &str, expected: &str| {
            assert_eq!(facts(objective).subject(), expected, "{objective}");
        };
        check("Get bulk pricing for 500 steel beams", "500 steel beams");
        check("Get steel beam pricing quote for 500 units", "500 steel beam");
        check("Get steel beam pricing", "steel beam");
        check("Ask for a quote for copper wire", "copper wire");
        check(
            "Ask about the price of office cleaning twice a week",
            "office cleaning twice a week",
        );
        check("Get a price for the large tent and ask about delivery", "large tent");
        check("Call them and get a quote for copper wire", "copper wire");
        check("Ask what the cordless drill costs", "cordless drill");
        check("How much is a haircut?", "haircut");
        check("How much does the blue sofa cost?", "blue sofa");
        check("Get pricing", "your products");
    }

    #[test]
    fn reservations() {
        let facts = facts(
            "Book a table for 6 at 8pm this Friday. If 8pm unavailable, anything between 7:30-9pm works. Name: Alex Chen.",
        );
        assert_eq!(facts.people, Some(6.0));
        assert_eq!(facts.name.as_deref(), Some("Alex Chen"));
        assert_eq!(facts.time.as_deref(), Some("8pm"));
        assert_eq!(facts.day.as_deref(), Some("Friday"));
    }
}
