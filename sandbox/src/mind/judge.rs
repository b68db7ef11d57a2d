//! The emulated judge: does a clause break one of the rules it is shown?
//!
//! It knows no meaning. A rule that forbids something is broken by a clause that shares at least half
//! of the rule's content words; every other rule is kept. So a test knows what it will say.

use serde_json::{Value, json};

use super::{Message, Role, cues, facts};

/// The property by which a draft is known for a judgement.
pub(super) const BROKEN_RULE: &str = "broken_rule";

const FORBIDS: &[&str] = &["never", "not", "dont", "no", "avoid", "without"];
/// Words of rules that name no subject.
const PLAIN: &[&str] = &[
    "never", "not", "dont", "avoid", "without", "mention", "talk", "discuss", "say", "tell",
    "promise", "about", "anything", "make", "give", "them", "with", "that", "this", "our", "your",
    "their", "the",
];
const STEM_CHARS_MIN: usize = 4;

pub(super) fn verdict(messages: &[Message]) -> Value {
    let question = messages.iter().rev().find(|message| message.role == Role::User);
    let text = question.map(|message| message.content.as_str()).unwrap_or_default();
    let rules = text.split("\nSaid before:").next().unwrap_or_default();
    let clause = text.rsplit_once("\nClause: ").map(|(_, clause)| clause).unwrap_or_default();
    for line in rules.lines() {
        let Some((number, rule)) = line.split_once(": ") else { continue };
        let Ok(number) = number.parse::<u32>() else { continue };
        if is_broken(rule, clause) {
            return json!({ BROKEN_RULE: number, "reason": format!("it would break the rule: {rule}") });
        }
    }
    json!({ BROKEN_RULE: null, "reason": null })
}

fn is_broken(rule: &str, clause: &str) -> bool {
    let rule = cues::plain(rule);
    if !rule.split(' ').any(|word| FORBIDS.contains(&word)) {
        return false;
    }
    let mut subject = facts::stems(&rule);
    subject.retain(|stem| stem.len() >= STEM_CHARS_MIN && !PLAIN.contains(&stem.as_str()));
    let said = facts::stems(&cues::plain(clause));
    let shared = subject.iter().filter(|stem| said.contains(stem)).count();
    shared > 0 && shared * 2 >= subject.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: &str, clause: &str, expected: Option<u32>) {
        let text = format!("Rules:\n{rules}\nSaid before:\nCallee: weather\nClause: {clause}");
        let found = verdict(&[Message::new(Role::User, text)]);
        assert_eq!(found[BROKEN_RULE].as_u64(), expected.map(u64::from), "{clause}");
    }

    #[test]
    fn what_shares_the_subject_breaks_the_rule() {
        check("0: Never talk about the weather", "The weather is fine today.", Some(0));
        check("0: Never talk about the weather", "What would your price be?", None);
        check("2: Be friendly\n5: Do not discuss politics", "Politics are a mess.", Some(5));
        check("2: Always be friendly to them", "I am not friendly.", None);
        check("", "The weather is fine.", None);
    }
}
