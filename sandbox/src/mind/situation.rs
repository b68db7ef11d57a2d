//! Reads the messages of a request: whose turn it is, and what the playbook asks for.
//!
//! The wordings recognised here are the ones the server's model client writes.

use super::tongue::Tongue;
use super::{Message, Request, Role};

const GUIDANCE: &str = "Guidance for your next turn:";
const SUGGESTION: &str = "Suggested wording:";
const SETTLED: &str = "The objective is settled";
const WITHHELD_START: &str = "Your clause";
const WITHHELD: &str = "was withheld:";
const WITHHELD_END: &str = "Say something else";

/// Where the conversation stands.
pub(super) struct Situation<'a> {
    /// The system prompt.
    pub(super) instructions: &'a str,
    pub(super) tongue: &'static Tongue,
    /// What the other side said last; none before they spoke.
    pub(super) last_user: Option<&'a str>,
    /// What they said before that, oldest first.
    pub(super) earlier_user: Vec<&'a str>,
    /// What we said so far, oldest first.
    pub(super) said: Vec<&'a str>,
    /// What we said since the other side spoke: the beginning of this turn.
    pub(super) said_now: String,
    pub(super) guidance: Guidance,
    /// Clauses withheld since the other side spoke, oldest first.
    pub(super) withheld: Vec<Withheld>,
    /// The last message, if it is the result of a tool: its name and content.
    pub(super) tool_result: Option<ToolResult<'a>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Guidance {
    pub(super) instruction: Option<String>,
    pub(super) suggestion: Option<String>,
    pub(super) settled: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Withheld {
    pub(super) clause: String,
}

pub(super) struct ToolResult<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) content: &'a str,
}

impl<'a> Situation<'a> {
    pub(super) fn read(request: &'a Request) -> Self {
        let messages = &request.messages;
        let first = messages.first().filter(|message| message.role == Role::System);
        let user_at = messages.iter().rposition(|message| message.role == Role::User);
        let (guidance_from, withheld_from) = current_span(messages, user_at);
        let said_by = |role| {
            let of_role = messages.iter().filter(move |message| message.role == role);
            of_role.map(|message| message.content.as_str()).filter(|text| !text.trim().is_empty())
        };
        let mut earlier_user: Vec<&str> = said_by(Role::User).collect();
        let last_user = user_at.map(|at| messages[at].content.as_str());
        if last_user.is_some_and(|text| !text.trim().is_empty()) {
            earlier_user.pop();
        }
        let of_this_turn = messages[withheld_from..].iter();
        let ours = of_this_turn.filter(|message| message.role == Role::Assistant);
        let said_now: Vec<&str> = ours.map(|message| message.content.as_str()).collect();
        Situation {
            said_now: said_now.join(" "),
            tongue: Tongue::of(first.map_or("", |message| message.content.as_str())),
            instructions: first.map_or("", |message| message.content.as_str()),
            last_user,
            earlier_user,
            said: said_by(Role::Assistant).collect(),
            guidance: read_guidance(&messages[guidance_from..]),
            withheld: read_withheld(&messages[withheld_from..]),
            tool_result: last_tool_result(messages),
        }
    }
}

/// Guidance counts from the other side's last turn, or from just before it if it was written first;
/// withheld clauses only from that turn on.
fn current_span(messages: &[Message], user_at: Option<usize>) -> (usize, usize) {
    let Some(user_at) = user_at else {
        let after_spoken = messages.iter().rposition(|message| message.role == Role::Assistant);
        return (after_spoken.map_or(0, |at| at + 1), 0);
    };
    let before = &messages[..user_at];
    let answered = before.iter().rposition(|message| message.role == Role::Assistant);
    (answered.map_or(0, |at| at + 1), user_at)
}

fn read_guidance(messages: &[Message]) -> Guidance {
    let mut guidance = Guidance::default();
    for message in messages.iter().filter(|message| message.role == Role::System) {
        let read = parse_guidance(&message.content);
        if read != Guidance::default() {
            guidance = read;
        }
    }
    guidance
}

pub(super) fn parse_guidance(text: &str) -> Guidance {
    Guidance {
        instruction: text.split_once(GUIDANCE).and_then(|(_, rest)| first_line(rest)),
        suggestion: text.split_once(SUGGESTION).and_then(|(_, rest)| quoted(rest)),
        settled: text.contains(SETTLED),
    }
}

fn first_line(rest: &str) -> Option<String> {
    let line = rest.lines().next()?.trim();
    let line = line.split(SUGGESTION).next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

fn read_withheld(messages: &[Message]) -> Vec<Withheld> {
    let mut withheld = Vec::new();
    for message in messages.iter().filter(|message| message.role == Role::System) {
        for part in message.content.split(WITHHELD_END) {
            let Some(start) = part.find(WITHHELD_START) else { continue };
            let Some((notice, _reason)) = part[start..].split_once(WITHHELD) else { continue };
            let Some(clause) = quoted(notice) else { continue };
            withheld.push(Withheld { clause });
        }
    }
    withheld
}

/// The text between the first quotation mark and the last one on its line.
fn quoted(rest: &str) -> Option<String> {
    let is_mark = |character: char| matches!(character, '"' | '“' | '”');
    let line = rest.lines().find(|line| !line.trim().is_empty())?;
    let open = line.find(is_mark)?;
    let open_len = line[open..].chars().next()?.len_utf8();
    let close = line.rfind(is_mark)?;
    if close <= open {
        return None;
    }
    let inner = line[open + open_len..close].trim();
    (!inner.is_empty()).then(|| inner.to_owned())
}

fn last_tool_result(messages: &[Message]) -> Option<ToolResult<'_>> {
    let at = messages.iter().rposition(|message| message.role != Role::System)?;
    let last = &messages[at];
    if last.role != Role::Tool {
        return None;
    }
    // The tool's name is in the call that precedes its result.
    let call = messages[..at].iter().rev().find_map(|message| message.tool_calls.last());
    Some(ToolResult { name: call.map(|call| call.name.as_str()), content: &last.content })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guidance_is_read_line_by_line() {
        let text = "Guidance for your next turn: ask about delivery.\n\
                    Suggested wording: \"How long is \"lead time\" for that?\"\n\
                    The objective is settled: thank them, say goodbye and call end_call.";
        let guidance = parse_guidance(text);
        assert_eq!(guidance.instruction.as_deref(), Some("ask about delivery."));
        assert_eq!(guidance.suggestion.as_deref(), Some("How long is \"lead time\" for that?"));
        assert!(guidance.settled);
        assert_eq!(parse_guidance("You are polite."), Guidance::default());
    }

    #[test]
    fn only_withheld_clauses_of_this_turn_count() {
        let notice = |clause: &str| {
            let text = format!("Your clause \"{clause}\" was withheld: no. Say something else.");
            Message::new(Role::System, text)
        };
        let messages = vec![
            Message::new(Role::System, "Be brief."),
            Message::new(Role::User, "Deal?"),
            notice("old"),
            Message::new(Role::Assistant, "I can't."),
            Message::new(Role::User, "And now, deal?"),
            notice("new"),
        ];
        let request = Request { messages, ..Request::default() };
        let situation = Situation::read(&request);
        assert_eq!(situation.withheld, [Withheld { clause: "new".to_owned() }]);
        assert_eq!(situation.last_user, Some("And now, deal?"));
        assert_eq!(situation.earlier_user, ["Deal?"]);
    }

    #[test]
    fn old_guidance_is_not_followed_again() {
        let messages = vec![
            Message::new(Role::System, "Be brief."),
            Message::new(Role::User, "Hello?"),
            Message::new(Role::System, "Suggested wording: \"What is the price?\""),
            Message::new(Role::Assistant, "What is the price?"),
            Message::new(Role::User, "Fifty dollars."),
        ];
        let request = Request { messages, ..Request::default() };
        assert_eq!(Situation::read(&request).guidance, Guidance::default());
    }
}
