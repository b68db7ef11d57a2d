//! What a chat answer looks like on the wire: one object, or server-sent events.
//!
//! Structs, not maps, so that members come in the vendor's order.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::mind::ToolCall;

/// Characters of text or of arguments in one delta, at most.
const PIECE_CHARS_MAX: usize = 8;

/// A finished answer, ready to be written either way.
pub(super) struct Answer {
    pub(super) id: String,
    pub(super) created: u64,
    pub(super) model: String,
    pub(super) text: String,
    pub(super) tool_calls: Vec<ToolCall>,
    pub(super) finish_reason: &'static str,
    pub(super) usage: Usage,
}

#[derive(Clone, Copy, Serialize)]
pub(super) struct Usage {
    prompt_tokens: usize,
    completion_tokens: usize,
    total_tokens: usize,
    prompt_tokens_details: PromptDetails,
    completion_tokens_details: CompletionDetails,
}

#[derive(Clone, Copy, Serialize)]
struct PromptDetails {
    cached_tokens: usize,
    audio_tokens: usize,
}

#[derive(Clone, Copy, Serialize)]
struct CompletionDetails {
    reasoning_tokens: usize,
    audio_tokens: usize,
    accepted_prediction_tokens: usize,
    rejected_prediction_tokens: usize,
}

impl Usage {
    pub(super) fn new(prompt_tokens: usize, completion_tokens: usize) -> Self {
        Usage {
            prompt_tokens,
            completion_tokens,
            total_tokens: prompt_tokens + completion_tokens,
            prompt_tokens_details: PromptDetails { cached_tokens: 0, audio_tokens: 0 },
            completion_tokens_details: CompletionDetails {
                reasoning_tokens: 0,
                audio_tokens: 0,
                accepted_prediction_tokens: 0,
                rejected_prediction_tokens: 0,
            },
        }
    }
}

#[derive(Serialize)]
struct Chunk<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    service_tier: &'static str,
    system_fingerprint: Option<&'static str>,
    choices: Vec<ChunkChoice<'a>>,
    // Absent unless asked for; then null in all chunks but the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Option<Usage>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    obfuscation: Option<String>,
}

#[derive(Serialize)]
struct ChunkChoice<'a> {
    index: u32,
    delta: Delta<'a>,
    logprobs: Option<()>,
    finish_reason: Option<&'static str>,
}

#[derive(Default, Serialize)]
struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    // Some(None) is written as null.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<[CallDelta<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Option<&'a str>>,
}

#[derive(Serialize)]
struct CallDelta<'a> {
    index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    function: FunctionDelta<'a>,
}

#[derive(Serialize)]
struct FunctionDelta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    arguments: &'a str,
}

/// What a stream carries besides the answer.
pub(super) struct StreamOptions {
    pub(super) include_usage: bool,
    pub(super) include_obfuscation: bool,
}

impl Answer {
    /// The events of a stream, without the closing `[DONE]`.
    pub(super) fn events(&self, options: &StreamOptions) -> Vec<String> {
        let has_text = !self.text.is_empty();
        let opening = Delta {
            role: Some("assistant"),
            content: Some(has_text.then_some("")),
            refusal: Some(None),
            ..Delta::default()
        };
        let mut deltas = vec![opening];
        for piece in pieces(&self.text) {
            deltas.push(Delta { content: Some(Some(piece)), ..Delta::default() });
        }
        for (index, call) in self.tool_calls.iter().enumerate() {
            deltas.push(Delta {
                tool_calls: Some([self.call_head(index, call)]),
                ..Delta::default()
            });
            for arguments in pieces(&call.arguments) {
                let function = FunctionDelta { name: None, arguments };
                let delta = CallDelta { index, id: None, r#type: None, function };
                deltas.push(Delta { tool_calls: Some([delta]), ..Delta::default() });
            }
        }
        let mut events: Vec<String> =
            deltas.into_iter().map(|delta| self.event(delta, None, options)).collect();
        events.push(self.event(Delta::default(), Some(self.finish_reason), options));
        if options.include_usage {
            events.push(event(&self.chunk(Vec::new(), Some(Some(self.usage)), options)));
        }
        events
    }

    fn call_head<'a>(&self, index: usize, call: &'a ToolCall) -> CallDelta<'a> {
        CallDelta {
            index,
            id: Some(self.call_id(index)),
            r#type: Some("function"),
            function: FunctionDelta { name: Some(&call.name), arguments: "" },
        }
    }

    fn call_id(&self, index: usize) -> String {
        format!("call_{}", short_hash(&format!("{} {index}", self.id), 24))
    }

    fn event(
        &self,
        delta: Delta<'_>,
        finish_reason: Option<&'static str>,
        options: &StreamOptions,
    ) -> String {
        let choice = ChunkChoice { index: 0, delta, logprobs: None, finish_reason };
        let usage = options.include_usage.then_some(None);
        event(&self.chunk(vec![choice], usage, options))
    }

    fn chunk<'a>(
        &'a self,
        choices: Vec<ChunkChoice<'a>>,
        usage: Option<Option<Usage>>,
        options: &StreamOptions,
    ) -> Chunk<'a> {
        // The vendor pads chunks with noise of varying length; ours is noise of the answer's id.
        let length =
            choices.first().and_then(|choice| choice.delta.content.flatten()).map_or(0, str::len);
        let obfuscation =
            options.include_obfuscation.then(|| short_hash(&self.id, 16 - length.min(15)));
        Chunk {
            id: &self.id,
            object: "chat.completion.chunk",
            created: self.created,
            model: &self.model,
            service_tier: "default",
            system_fingerprint: None,
            choices,
            usage,
            obfuscation,
        }
    }

    /// The answer as one object.
    pub(super) fn object(&self) -> String {
        let tool_calls: Vec<serde_json::Value> = self
            .tool_calls
            .iter()
            .enumerate()
            .map(|(index, call)| {
                let function = serde_json::json!({"name": call.name, "arguments": call.arguments});
                serde_json::json!({"id": self.call_id(index), "type": "function", "function": function})
            })
            .collect();
        let message = FullMessage {
            role: "assistant",
            content: (!self.text.is_empty()).then_some(self.text.as_str()),
            tool_calls,
            refusal: None,
            annotations: [],
        };
        let choice =
            FullChoice { index: 0, message, logprobs: None, finish_reason: self.finish_reason };
        let completion = Completion {
            id: &self.id,
            object: "chat.completion",
            created: self.created,
            model: &self.model,
            choices: [choice],
            usage: self.usage,
            service_tier: "default",
            system_fingerprint: None,
        };
        serde_json::to_string(&completion).expect("plain data serialises")
    }
}

#[derive(Serialize)]
struct Completion<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: [FullChoice<'a>; 1],
    usage: Usage,
    service_tier: &'static str,
    system_fingerprint: Option<&'static str>,
}

#[derive(Serialize)]
struct FullChoice<'a> {
    index: u32,
    message: FullMessage<'a>,
    logprobs: Option<()>,
    finish_reason: &'static str,
}

#[derive(Serialize)]
struct FullMessage<'a> {
    role: &'static str,
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<serde_json::Value>,
    refusal: Option<&'static str>,
    annotations: [(); 0],
}

fn event(chunk: &Chunk<'_>) -> String {
    frame(&serde_json::to_string(chunk).expect("plain data serialises"))
}

/// One server-sent event.
pub(super) fn frame(data: &str) -> String {
    format!("data: {data}\n\n")
}

/// Splits text as a model's tokens would: words with the space before them, long ones in pieces.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut count) = (0, 0);
    for (at, character) in text.char_indices() {
        if at > start && (character == ' ' || count >= PIECE_CHARS_MAX) {
            pieces.push(&text[start..at]);
            (start, count) = (at, 0);
        }
        count += 1;
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// The first characters of a hash in hexadecimal.
pub(super) fn short_hash(text: &str, length: usize) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut hexadecimal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hexadecimal.truncate(length);
    hexadecimal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_rejoin_and_stay_short() {
        let check = |text: &str, expected: &[&str]| assert_eq!(pieces(text), expected);
        check("", &[]);
        check("Yes, it is.", &["Yes,", " it", " is."]);
        check("unbelievable", &["unbeliev", "able"]);
        check("ünïcödéé text", &["ünïcödéé", " text"]);
        check("  two", &[" ", " two"]);
    }
}
