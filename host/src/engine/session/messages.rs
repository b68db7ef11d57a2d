//! What the language model is shown for its next turn.

use domain::{Speaker, Turn};
use serde_json::json;

use crate::model::{Message, Role, Tool};
use crate::plugin::{self, Guidance, Plan};

/// The tool every call has.
pub(crate) const END_CALL: &str = "end_call";

/// A turn as the contract writes it.
#[must_use]
pub fn for_guest(turn: &Turn) -> plugin::Turn {
    let speaker = match turn.speaker {
        Speaker::Agent => plugin::Speaker::Agent,
        Speaker::Callee => plugin::Speaker::Callee,
    };
    plugin::Turn {
        speaker,
        text: turn.text.clone(),
        started_ms: turn.started_ms,
        ended_ms: turn.ended_ms,
        interrupted: turn.interrupted,
    }
}

/// Instructions first, then the conversation as it was heard.
pub(super) fn conversation<'a>(
    plan: &Plan,
    history: impl Iterator<Item = &'a Turn>,
) -> Vec<Message> {
    let mut messages = vec![Message::text(Role::System, plan.instructions.as_str())];
    for turn in history {
        let role = match turn.speaker {
            Speaker::Agent => Role::Assistant,
            Speaker::Callee => Role::User,
        };
        messages.push(Message::text(role, turn.text.as_str()));
    }
    messages
}

/// The playbook's advice for this turn only.
pub(super) fn advice(guidance: &Guidance) -> Message {
    let mut text = format!("Guidance for your next turn: {}", guidance.instruction);
    if let Some(suggestion) = &guidance.suggestion {
        text.push_str(&format!("\nSuggested wording: \"{suggestion}\""));
    }
    if guidance.settled {
        text.push_str("\nThe objective is settled: thank them, say goodbye and call end_call.");
    }
    Message::text(Role::System, text)
}

pub(super) fn withheld(clause: &str, reason: &str) -> Message {
    let text = format!("Your clause \"{clause}\" was withheld: {reason}. Say something else.");
    Message::text(Role::System, text)
}

/// The playbook's tools and the host's own.
pub(super) fn tools(plan: &Plan) -> Vec<Tool> {
    let mut tools = vec![Tool {
        name: END_CALL.into(),
        description: "Hang up. Call it together with your goodbye, once the objective is settled \
                      or cannot be reached."
            .into(),
        parameters: json!({ "type": "object", "properties": {}, "additionalProperties": false }),
    }];
    for tool in &plan.tools {
        let parameters = serde_json::from_str(&tool.parameters);
        tools.push(Tool {
            name: tool.name.clone(),
            description: tool.description.clone(),
            parameters: parameters.unwrap_or_else(|_| json!({ "type": "object" })),
        });
    }
    tools
}
