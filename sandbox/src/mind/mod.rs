//! The emulated mind: what answers chat requests in the sandbox.
//!
//! It is no language model and does not pretend to be one outside the sandbox. It is a pure function
//! of the request: it follows the playbook's guidance as an obliging model would, and, like one, it
//! gives in when it is pressed, so that what guards a call is tested and not taken on trust.

mod cues;
mod draft;
mod entities;
mod facts;
mod judge;
mod numbers;
mod passage;
mod situation;
mod talk;
mod tongue;

use serde_json::Value;

/// One chat request, reduced to what the mind looks at.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub messages: Vec<Message>,
    pub tools: Vec<Tool>,
    pub tool_choice: ToolChoice,
    /// JSON Schema of the object to draft, if the request asks for one.
    pub schema: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Also the newer `developer` role.
    System,
    User,
    Assistant,
    Tool,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub role: Role,
    pub content: String,
    pub tool_calls: Vec<ToolCall>,
}

#[derive(Clone, Debug)]
pub struct Tool {
    pub name: String,
    /// JSON Schema of the arguments.
    pub parameters: Value,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ToolChoice {
    #[default]
    Auto,
    None,
    Required,
    Function(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    pub name: String,
    /// A JSON object as text.
    pub arguments: String,
}

/// What the mind says: text to be spoken, calls of tools, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    pub text: String,
    pub tool_calls: Vec<ToolCall>,
}

/// Answers a request. The same request always gets the same answer.
pub fn reply(request: &Request) -> Reply {
    if let Some(schema) = &request.schema {
        let asks_for_judgement = schema["properties"].get(judge::BROKEN_RULE).is_some();
        let drafted = match asks_for_judgement {
            true => judge::verdict(&request.messages),
            false => draft::draft(schema, &request.messages),
        };
        return Reply { text: drafted.to_string(), tool_calls: Vec::new() };
    }
    talk::talk(request)
}

impl Message {
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Message { role, content: content.into(), tool_calls: Vec::new() }
    }
}
