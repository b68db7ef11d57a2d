//! The call whose clauses are checked: its brief, what was heard, and what the agent would say.
//!
//! `bench/extism` measures the same call.

use agenticcalling::plugin::{Brief, Clause, Persona, Speaker, Turn};

pub(crate) const RULE: &str = "Never agree to price above $60/unit";

/// What was said so far in the turn, and the clause to be checked.
const CLAUSES: [(&str, &str); 10] = [
    ("", "Hello, this is Alex calling for Acme Corp."),
    ("", "Yes, seventy-two dollars per unit works for us."),
    ("", "Sure."),
    ("I can't agree to that.", "Could you come down to $60 or less per unit for 500?"),
    ("", "That is helpful, thank you."),
    ("Thank you.", "What is your minimum order?"),
    ("We could do sixty", "five per unit."),
    ("", "So that is fifty-four dollars per unit, a minimum of one hundred, payment net thirty."),
    ("Let me see.", "I will take it back to my team and come back to you tomorrow."),
    ("", "Thank you very much for your help."),
];
pub(crate) const HEARD: [&str; 4] = [
    "Steel Supply Company, this is Mike Chen speaking. How can I help you?",
    "For an order like that, it is seventy-two dollars per unit. Can we agree on seventy-two?",
    "I could do fifty-eight. No, sorry, fifty-four dollars per unit.",
    "Our minimum order is one hundred units.",
];

pub(crate) fn clauses() -> Vec<Clause> {
    let clause = |(said, text): &(&str, &str)| Clause {
        turn: 1,
        index: 0,
        text: (*text).to_owned(),
        said: (*said).to_owned(),
    };
    CLAUSES.iter().map(clause).collect()
}

pub(crate) fn turn(text: &str) -> Turn {
    Turn {
        speaker: Speaker::Callee,
        text: text.to_owned(),
        started_ms: 0,
        ended_ms: 0,
        interrupted: false,
    }
}

pub(crate) fn brief() -> Brief {
    Brief {
        objective: "Get bulk pricing for 500 steel beams".to_owned(),
        context: None,
        previous_call: None,
        persona: Persona { caller_name: None, company: None, role: None, tone: None },
        rules: vec![RULE.to_owned()],
        settings: "{}".to_owned(),
        language: "en".to_owned(),
        now_ms: 0,
        zone: "UTC".to_owned(),
    }
}
