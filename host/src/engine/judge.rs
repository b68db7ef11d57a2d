//! Asks a second model whether a clause keeps the rules that code cannot decide.
//!
//! It is asked between the playbook's check and the synthesis, for one clause at a time. Without an
//! answer in time the clause counts as not judged, and is not spoken.

use std::time::Duration;

use domain::Speaker;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::session::{Judged, Question};
use crate::model::{Message, Model, ModelError, Role};

/// The other side waits for us meanwhile.
const JUDGE_MAX: Duration = Duration::from_millis(2500);
const REASON_CHARS_MAX: usize = 300;

const TASK: &str = "You watch over an agent on the telephone. Before it says a clause you decide \
whether saying it would break one of its customer's rules. Judge the clause alone, in the light of \
what was said before: what the other side says breaks no rule of ours, nor does a refusal to do what \
a rule forbids. Only a clause that clearly breaks a rule breaks it. Answer with the number of the \
first rule it breaks and a short reason for the agent, or with null and null.";

/// `broken_rule` is what the sandbox's emulated judge knows the question by.
fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "broken_rule": {"type": ["integer", "null"]},
            "reason": {"type": ["string", "null"]}
        },
        "required": ["broken_rule", "reason"],
        "additionalProperties": false
    })
}

pub(super) async fn judge(model: &dyn Model, question: &Question) -> Judged {
    let messages = [Message::text(Role::System, TASK), Message::text(Role::User, asked(question))];
    let answer = timeout(JUDGE_MAX, model.draft(&messages, &schema())).await;
    match answer {
        Ok(Ok(answer)) => read(&answer, question),
        Ok(Err(error)) => unknown(&error),
        Err(_) => {
            tracing::warn!("the judge took too long: a clause is withheld");
            Judged::Unknown
        }
    }
}

fn unknown(error: &ModelError) -> Judged {
    tracing::warn!(%error, "the judge failed: a clause is withheld");
    Judged::Unknown
}

fn asked(question: &Question) -> String {
    let mut text = String::from("Rules:\n");
    for (number, rule) in &question.rules {
        text.push_str(&format!("{number}: {rule}\n"));
    }
    text.push_str("Said before:\n");
    for turn in &question.history {
        let who = match turn.speaker {
            Speaker::Agent => "Agent",
            Speaker::Callee => "Callee",
        };
        text.push_str(&format!("{who}: {}\n", turn.text));
    }
    if !question.said.is_empty() {
        text.push_str(&format!("Agent, in this turn: {}\n", question.said));
    }
    text.push_str(&format!("Clause: {}", question.clause));
    text
}

/// An answer that names no rule of the question is none.
fn read(answer: &Value, question: &Question) -> Judged {
    let Some(broken) = answer.get("broken_rule") else { return Judged::Unknown };
    if broken.is_null() {
        return Judged::Keeps;
    }
    let broken = broken.as_u64().and_then(|number| u32::try_from(number).ok());
    let known = question.rules.iter().find(|(number, _)| Some(*number) == broken);
    let Some((rule, text)) = known else { return Judged::Unknown };
    let reason = answer.get("reason").and_then(Value::as_str).map(str::trim);
    let reason = reason.filter(|reason| !reason.is_empty());
    let reason = reason.map_or_else(
        || format!("it would break the rule \"{text}\""),
        |reason| reason.chars().take(REASON_CHARS_MAX).collect(),
    );
    Judged::Breaks { rule: *rule, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        let rules = vec![(0, "Be polite".to_owned()), (3, "Promise no dates".to_owned())];
        Question { rules, history: Vec::new(), said: "Well,".into(), clause: "By May.".into() }
    }

    #[test]
    fn only_an_answer_about_the_rules_counts() {
        let breaks = |rule, reason: &str| Judged::Breaks { rule, reason: reason.to_owned() };
        for (answer, expected) in [
            (json!({"broken_rule": null, "reason": null}), Judged::Keeps),
            (json!({"broken_rule": 3, "reason": "a date"}), breaks(3, "a date")),
            (
                json!({"broken_rule": 3, "reason": " "}),
                breaks(3, "it would break the rule \"Promise no dates\""),
            ),
            (json!({"broken_rule": 1, "reason": "not asked"}), Judged::Unknown),
            (json!({"broken_rule": "3"}), Judged::Unknown),
            (json!({"broken_rule": -1}), Judged::Unknown),
            (json!({}), Judged::Unknown),
            (json!("no"), Judged::Unknown),
        ] {
            assert_eq!(read(&answer, &question()), expected, "{answer}");
        }
    }

    #[test]
    fn the_question_has_the_rules_by_number() {
        let text = asked(&question());
        assert!(text.starts_with("Rules:\n0: Be polite\n3: Promise no dates\n"), "{text}");
        assert!(text.ends_with("Agent, in this turn: Well,\nClause: By May."), "{text}");
    }
}
