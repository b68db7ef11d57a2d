//! Chat completions: messages out, text and tool calls in.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use futures::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::http::pieces;
use super::sse::Events;
use crate::model::ModelError;

/// Tool calls of one reply; a model that asks for more has lost its way.
const TOOL_CALLS_MAX: usize = 8;
const ARGUMENTS_BYTES_MAX: usize = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    System,
    User,
    Assistant,
    Tool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub role: Role,
    pub content: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
}

impl Message {
    #[must_use]
    pub fn text(role: Role, content: impl Into<String>) -> Self {
        Message { role, content: Some(content.into()), tool_calls: Vec::new(), tool_call_id: None }
    }

    /// The model's own tool call, as it must precede its result.
    #[must_use]
    pub fn called(said: Option<String>, call: &ToolCall) -> Self {
        let function = json!({ "name": call.name, "arguments": call.arguments });
        let call = json!({ "id": call.id, "type": "function", "function": function });
        Message { role: Role::Assistant, content: said, tool_calls: vec![call], tool_call_id: None }
    }

    #[must_use]
    pub fn result(call: &ToolCall, content: impl Into<String>) -> Self {
        let tool_call_id = Some(call.id.clone());
        Message {
            role: Role::Tool,
            content: Some(content.into()),
            tool_calls: Vec::new(),
            tool_call_id,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Tool {
    pub name: String,
    pub description: String,
    /// JSON Schema.
    pub parameters: Value,
}

impl Tool {
    pub(super) fn to_wire(&self) -> Value {
        json!({
            "type": "function",
            "function": {
                "name": self.name,
                "description": self.description,
                "parameters": self.parameters,
            },
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    /// JSON text as the model wrote it.
    pub arguments: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatEvent {
    Text(String),
    ToolCall(ToolCall),
    /// The reply is complete.
    Done,
}

/// The stream of one reply. Ends after `Done` or an error; an early end of the connection is an error.
pub(super) fn events(
    response: reqwest::Response,
    stall: Duration,
) -> impl Stream<Item = Result<ChatEvent, ModelError>> + Send {
    let pieces = Box::pin(pieces("chat", response, stall));
    let state = (pieces, Reader::default());
    futures::stream::unfold(Some(state), |state| async move {
        let (mut pieces, mut reader) = state?;
        loop {
            if let Some(event) = reader.ready.pop_front() {
                let more = event.is_ok() && !matches!(event, Ok(ChatEvent::Done));
                return Some((event, more.then_some((pieces, reader))));
            }
            match pieces.next().await {
                Some(Ok(bytes)) => reader.push(&bytes),
                Some(Err(error)) => return Some((Err(error), None)),
                None => {
                    let message = "the stream ended before [DONE]".to_owned();
                    return Some((Err(ModelError::Unavailable { stage: "chat", message }), None));
                }
            }
        }
    })
}

#[derive(Default)]
struct Reader {
    events: Events,
    calls: BTreeMap<u32, ToolCall>,
    ready: VecDeque<Result<ChatEvent, ModelError>>,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Delta,
}

#[derive(Default, Deserialize)]
struct Delta {
    content: Option<String>,
    #[serde(default)]
    tool_calls: Vec<ToolPiece>,
}

#[derive(Deserialize)]
struct ToolPiece {
    #[serde(default)]
    index: u32,
    id: Option<String>,
    function: Option<FunctionPiece>,
}

#[derive(Deserialize)]
struct FunctionPiece {
    name: Option<String>,
    arguments: Option<String>,
}

impl Reader {
    fn push(&mut self, bytes: &[u8]) {
        let mut data = Vec::new();
        if self.events.push(bytes, &mut data).is_err() {
            return self.fail("an event without end");
        }
        for event in data {
            self.event(&event);
        }
    }

    fn event(&mut self, data: &str) {
        if data == "[DONE]" {
            for call in std::mem::take(&mut self.calls).into_values() {
                self.ready.push_back(Ok(ChatEvent::ToolCall(call)));
            }
            return self.ready.push_back(Ok(ChatEvent::Done));
        }
        let chunk: Chunk = match serde_json::from_str(data) {
            Ok(chunk) => chunk,
            Err(error) => return self.fail(&error.to_string()),
        };
        if let Some(error) = chunk.error {
            let message = error["message"].as_str().unwrap_or("an error in the stream").to_owned();
            self.ready.push_back(Err(ModelError::Unavailable { stage: "chat", message }));
            return;
        }
        for choice in chunk.choices {
            if let Some(text) = choice.delta.content.filter(|text| !text.is_empty()) {
                self.ready.push_back(Ok(ChatEvent::Text(text)));
            }
            for piece in choice.delta.tool_calls {
                self.tool_piece(piece);
            }
        }
    }

    /// Id and name come with the first piece, the arguments in as many as the vendor likes.
    fn tool_piece(&mut self, piece: ToolPiece) {
        if self.calls.len() >= TOOL_CALLS_MAX && !self.calls.contains_key(&piece.index) {
            return self.fail("too many tool calls in one reply");
        }
        let call = self.calls.entry(piece.index).or_insert_with(|| ToolCall {
            id: String::new(),
            name: String::new(),
            arguments: String::new(),
        });
        if let Some(id) = piece.id {
            call.id = id;
        }
        let Some(function) = piece.function else { return };
        if let Some(name) = function.name {
            call.name = name;
        }
        call.arguments.push_str(&function.arguments.unwrap_or_default());
        if call.arguments.len() > ARGUMENTS_BYTES_MAX {
            self.fail("tool arguments without end");
        }
    }

    fn fail(&mut self, message: &str) {
        let message = message.to_owned();
        self.ready.push_back(Err(ModelError::Protocol { stage: "chat", message }));
    }
}

/// The drafted object of a complete answer.
pub(super) fn drafted(body: &[u8]) -> Result<Value, ModelError> {
    #[derive(Deserialize)]
    struct Completion {
        choices: Vec<Full>,
    }
    #[derive(Deserialize)]
    struct Full {
        message: Said,
        finish_reason: Option<String>,
    }
    #[derive(Deserialize)]
    struct Said {
        content: Option<String>,
        refusal: Option<String>,
    }
    let protocol = |message: String| ModelError::Protocol { stage: "chat", message };
    let completion: Completion =
        serde_json::from_slice(body).map_err(|error| protocol(error.to_string()))?;
    let first = completion.choices.into_iter().next();
    let first = first.ok_or_else(|| protocol("an answer without choices".into()))?;
    if let Some(refusal) = first.message.refusal {
        return Err(ModelError::Refused { stage: "chat", status: 200, message: refusal });
    }
    if first.finish_reason.as_deref() == Some("length") {
        return Err(protocol("the draft was cut off".into()));
    }
    let content = first.message.content.unwrap_or_default();
    serde_json::from_str(&content)
        .map_err(|error| protocol(format!("the draft is no JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&str]) -> Vec<Result<ChatEvent, String>> {
        let mut reader = Reader::default();
        for chunk in chunks {
            reader.push(format!("data: {chunk}\n\n").as_bytes());
        }
        reader.ready.into_iter().map(|event| event.map_err(|error| error.to_string())).collect()
    }

    #[test]
    fn text_and_tool_calls_are_put_together() {
        let events = read(&[
            r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}],"usage":null}"#,
            r#"{"choices":[{"index":0,"delta":{"content":"lo."}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"end_call","arguments":""}}]}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}"#,
            r#"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
            r#"{"choices":[],"usage":{"total_tokens":9}}"#,
            "[DONE]",
        ]);
        let call =
            ToolCall { id: "c1".into(), name: "end_call".into(), arguments: "{\"a\":1}".into() };
        let expected = [
            Ok(ChatEvent::Text("Hel".into())),
            Ok(ChatEvent::Text("lo.".into())),
            Ok(ChatEvent::ToolCall(call)),
            Ok(ChatEvent::Done),
        ];
        assert_eq!(events, expected);
    }

    #[test]
    fn rubbish_and_errors_in_the_stream_are_errors() {
        assert!(read(&["{"])[0].as_ref().unwrap_err().contains("not its protocol"));
        let error = r#"{"error":{"message":"overloaded","type":"server_error","code":null}}"#;
        assert!(read(&[error])[0].as_ref().unwrap_err().contains("overloaded"));
        let flood: Vec<String> = (0..9)
            .map(|n| format!(r#"{{"choices":[{{"delta":{{"tool_calls":[{{"index":{n}}}]}}}}]}}"#))
            .collect();
        let flood: Vec<&str> = flood.iter().map(String::as_str).collect();
        assert!(read(&flood)[0].as_ref().unwrap_err().contains("too many"));
    }

    #[test]
    fn a_draft_is_parsed_or_explained() {
        let good = br#"{"choices":[{"message":{"content":"{\"a\":1}"},"finish_reason":"stop"}]}"#;
        assert_eq!(drafted(good).unwrap()["a"], 1);
        for bad in [
            &br#"{"choices":[]}"#[..],
            br#"{"choices":[{"message":{"content":"{"},"finish_reason":"length"}]}"#,
            br#"{"choices":[{"message":{"content":null,"refusal":"no"},"finish_reason":"stop"}]}"#,
            b"<html>",
        ] {
            assert!(drafted(bad).is_err());
        }
    }
}
