//! Reads a chat request as the vendor would: what the vendor refuses is refused here, in its words.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::ApiError;
use super::schema;
use crate::mind::{self, Message, Role, Tool, ToolCall, ToolChoice};

const MESSAGES_MAX: usize = 2048;
const TOOLS_MAX: usize = 128;
const STOPS_MAX: usize = 4;
const NAME_CHARS_MAX: usize = 64;

const KNOWN: &[&str] = &[
    "model",
    "messages",
    "stream",
    "stream_options",
    "max_completion_tokens",
    "max_tokens",
    "temperature",
    "top_p",
    "stop",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "reasoning_effort",
    "verbosity",
    "service_tier",
    "prompt_cache_key",
    "safety_identifier",
    "store",
    "metadata",
    "n",
    "seed",
    "user",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "prediction",
    "modalities",
    "prompt_cache_retention",
];

/// A request the vendor would accept.
pub(super) struct ChatRequest {
    pub(super) model: String,
    pub(super) mind: mind::Request,
    pub(super) stream: bool,
    pub(super) include_usage: bool,
    pub(super) include_obfuscation: bool,
    pub(super) tokens_max: Option<usize>,
    pub(super) stops: Vec<String>,
    pub(super) wants_json_object: bool,
}

pub(super) fn parse(body: &[u8]) -> Result<ChatRequest, ApiError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| ApiError::bad_json())?;
    let body = body.as_object().ok_or_else(ApiError::bad_json)?;
    if let Some(unknown) = body.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        let message = format!("Unrecognized request argument supplied: {unknown}");
        return Err(ApiError::invalid(message, Some(unknown)).with_code("unknown_parameter"));
    }
    let model = model(body)?;
    let messages = messages(body)?;
    let tools = tools(body)?;
    let tool_choice = tool_choice(body, &tools)?;
    let (schema, wants_json_object) = response_format(body)?;
    let stream = flag(body, "stream")?.unwrap_or(false);
    let (include_usage, include_obfuscation) = stream_options(body, stream)?;
    between(body, "temperature", 0.0, 2.0)?;
    between(body, "top_p", 0.0, 1.0)?;
    between(body, "n", 1.0, 1.0)?;
    flag(body, "parallel_tool_calls")?;
    Ok(ChatRequest {
        model,
        mind: mind::Request { messages, tools, tool_choice, schema },
        stream,
        include_usage,
        include_obfuscation,
        tokens_max: tokens_max(body)?,
        stops: stops(body)?,
        wants_json_object,
    })
}

fn model(body: &Map<String, Value>) -> Result<String, ApiError> {
    match present(body, "model") {
        None => Err(ApiError::invalid("you must provide a model parameter", None)),
        Some(Value::String(model)) if !model.is_empty() => Ok(model.clone()),
        Some(Value::String(_)) => {
            Err(ApiError::invalid("you must provide a model parameter", Some("model")))
        }
        Some(other) => Err(ApiError::wrong_type("model", "a string", type_name(other))),
    }
}

fn messages(body: &Map<String, Value>) -> Result<Vec<Message>, ApiError> {
    let given = present(body, "messages").ok_or_else(|| ApiError::missing("messages"))?;
    let given = given
        .as_array()
        .ok_or_else(|| ApiError::wrong_type("messages", "an array of objects", type_name(given)))?;
    if given.is_empty() {
        let message = "Invalid 'messages': empty array. Expected an array with minimum length 1, \
                       but got an empty array instead.";
        return Err(ApiError::invalid(message, Some("messages")).with_code("empty_array"));
    }
    if given.len() > MESSAGES_MAX {
        let message = format!("Invalid 'messages': array too long. At most {MESSAGES_MAX} fit.");
        return Err(
            ApiError::invalid(message, Some("messages")).with_code("array_above_max_length")
        );
    }
    let mut messages = Vec::with_capacity(given.len());
    // Ids of tool calls that the messages so far leave without a result.
    let mut open: BTreeSet<String> = BTreeSet::new();
    for (index, value) in given.iter().enumerate() {
        let at = format!("messages[{index}]");
        let fields = value
            .as_object()
            .ok_or_else(|| ApiError::wrong_type(&at, "an object", type_name(value)))?;
        let role = role(fields, &at)?;
        match role {
            Role::Tool => answer_open_call(fields, &at, &mut open)?,
            _ => none_open(&open)?,
        }
        let message = message(role, fields, &at, &mut open)?;
        messages.push(message);
    }
    none_open(&open)?;
    Ok(messages)
}

fn role(fields: &Map<String, Value>, at: &str) -> Result<Role, ApiError> {
    let param = format!("{at}.role");
    let role = present(fields, "role").ok_or_else(|| ApiError::missing(&param))?;
    match role.as_str() {
        Some("system" | "developer") => Ok(Role::System),
        Some("user") => Ok(Role::User),
        Some("assistant") => Ok(Role::Assistant),
        Some("tool") => Ok(Role::Tool),
        Some(other) => {
            let message = format!(
                "Invalid value: '{other}'. Supported values are: 'system', 'assistant', 'user', \
                 'tool', and 'developer'."
            );
            Err(ApiError::invalid(message, Some(&param)).with_code("invalid_value"))
        }
        None => Err(ApiError::wrong_type(&param, "a string", type_name(role))),
    }
}

fn answer_open_call(
    fields: &Map<String, Value>,
    at: &str,
    open: &mut BTreeSet<String>,
) -> Result<(), ApiError> {
    let param = format!("{at}.tool_call_id");
    let id = present(fields, "tool_call_id").ok_or_else(|| ApiError::missing(&param))?;
    let id = id.as_str().ok_or_else(|| ApiError::wrong_type(&param, "a string", type_name(id)))?;
    if open.remove(id) {
        return Ok(());
    }
    let message = "Invalid parameter: messages with role 'tool' must be a response to a preceeding \
                   message with 'tool_calls'.";
    Err(ApiError::invalid(message, Some(&format!("{at}.role"))))
}

fn none_open(open: &BTreeSet<String>) -> Result<(), ApiError> {
    if open.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = open.iter().map(String::as_str).collect();
    let message = format!(
        "An assistant message with 'tool_calls' must be followed by tool messages responding to \
         each 'tool_call_id'. The following tool_call_ids did not have response messages: {}",
        ids.join(", ")
    );
    Err(ApiError::invalid(message, Some("messages")))
}

fn message(
    role: Role,
    fields: &Map<String, Value>,
    at: &str,
    open: &mut BTreeSet<String>,
) -> Result<Message, ApiError> {
    let tool_calls = match present(fields, "tool_calls") {
        Some(calls) if role == Role::Assistant => tool_calls(calls, at, open)?,
        Some(_) => {
            let message = format!("Only assistant messages may have '{at}.tool_calls'.");
            return Err(ApiError::invalid(message, Some(at)));
        }
        None => Vec::new(),
    };
    let param = format!("{at}.content");
    let content = match present(fields, "content") {
        None if !tool_calls.is_empty() => String::new(),
        None => return Err(ApiError::missing(&param)),
        Some(content) => text_of(content, &param)?,
    };
    Ok(Message { role, content, tool_calls })
}

fn text_of(content: &Value, param: &str) -> Result<String, ApiError> {
    let parts = match content {
        Value::String(text) => return Ok(text.clone()),
        Value::Array(parts) => parts,
        other => {
            let expected = "one of a string or array of objects";
            return Err(ApiError::wrong_type(param, expected, type_name(other)));
        }
    };
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        let kind = part.get("type").and_then(Value::as_str);
        let piece = part.get("text").and_then(Value::as_str);
        match (kind, piece) {
            (Some("text"), Some(piece)) => text.push_str(piece),
            _ => {
                let message = "The sandbox's model reads only content parts of type 'text'.";
                return Err(ApiError::invalid(message, Some(&format!("{param}[{index}]"))));
            }
        }
    }
    Ok(text)
}

fn tool_calls(
    calls: &Value,
    at: &str,
    open: &mut BTreeSet<String>,
) -> Result<Vec<ToolCall>, ApiError> {
    let param = format!("{at}.tool_calls");
    let calls = calls
        .as_array()
        .ok_or_else(|| ApiError::wrong_type(&param, "an array", type_name(calls)))?;
    let mut read = Vec::new();
    for (index, call) in calls.iter().enumerate() {
        let member = |pointer: &str| {
            let missing =
                || ApiError::missing(&format!("{param}[{index}]{}", pointer.replace('/', ".")));
            call.pointer(pointer).and_then(Value::as_str).ok_or_else(missing)
        };
        open.insert(member("/id")?.to_owned());
        let name = member("/function/name")?.to_owned();
        read.push(ToolCall { name, arguments: member("/function/arguments")?.to_owned() });
    }
    Ok(read)
}

fn tools(body: &Map<String, Value>) -> Result<Vec<Tool>, ApiError> {
    let Some(given) = present(body, "tools") else { return Ok(Vec::new()) };
    let given = given
        .as_array()
        .ok_or_else(|| ApiError::wrong_type("tools", "an array", type_name(given)))?;
    if given.is_empty() || given.len() > TOOLS_MAX {
        let message = format!("Invalid 'tools': expected 1 to {TOOLS_MAX} tools.");
        return Err(ApiError::invalid(message, Some("tools")));
    }
    let mut tools = Vec::new();
    for (index, tool) in given.iter().enumerate() {
        let at = format!("tools[{index}]");
        if tool.get("type").and_then(Value::as_str) != Some("function") {
            let message = "Invalid value: the sandbox supports only tools of type 'function'.";
            let error = ApiError::invalid(message, Some(&format!("{at}.type")));
            return Err(error.with_code("invalid_value"));
        }
        let function = tool.get("function").and_then(Value::as_object);
        let function = function.ok_or_else(|| ApiError::missing(&format!("{at}.function")))?;
        let param = format!("{at}.function.name");
        let name = present(function, "name").and_then(Value::as_str);
        let name = name.ok_or_else(|| ApiError::missing(&param))?;
        check_name(name, &param)?;
        let parameters = function.get("parameters").cloned().unwrap_or(Value::Null);
        let param = format!("{at}.function.parameters");
        if !parameters.is_null() {
            schema::check_shape(&parameters, name, &param)?;
        }
        if function.get("strict") == Some(&Value::Bool(true)) {
            schema::check_strict(&parameters, &format!("function '{name}'"), &param)?;
        }
        tools.push(Tool { name: name.to_owned(), parameters });
    }
    Ok(tools)
}

pub(super) fn check_name(name: &str, param: &str) -> Result<(), ApiError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.len() <= NAME_CHARS_MAX && name.chars().all(allowed) {
        return Ok(());
    }
    let message = format!(
        "Invalid '{param}': string does not match pattern. Expected a string that matches the \
         pattern '^[a-zA-Z0-9_-]+$' with at most {NAME_CHARS_MAX} characters."
    );
    Err(ApiError::invalid(message, Some(param)).with_code("invalid_value"))
}

fn tool_choice(body: &Map<String, Value>, tools: &[Tool]) -> Result<ToolChoice, ApiError> {
    let Some(given) = present(body, "tool_choice") else { return Ok(ToolChoice::Auto) };
    if tools.is_empty() {
        let message = "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' \
                       are specified.";
        return Err(ApiError::invalid(message, Some("tool_choice")));
    }
    match given {
        Value::String(choice) => match choice.as_str() {
            "none" => return Ok(ToolChoice::None),
            "auto" => return Ok(ToolChoice::Auto),
            "required" => return Ok(ToolChoice::Required),
            _ => {}
        },
        given => {
            let name = given.pointer("/function/name").and_then(Value::as_str);
            let is_function = given.get("type").and_then(Value::as_str) == Some("function");
            if let Some(name) = name.filter(|_| is_function)
                && tools.iter().any(|tool| tool.name == name)
            {
                return Ok(ToolChoice::Function(name.to_owned()));
            }
        }
    }
    let message = "Invalid value for 'tool_choice': expected 'none', 'auto', 'required', or the \
                   name of a function among 'tools'.";
    Err(ApiError::invalid(message, Some("tool_choice")).with_code("invalid_value"))
}

/// The schema of a structured answer, and whether any JSON object would do.
fn response_format(body: &Map<String, Value>) -> Result<(Option<Value>, bool), ApiError> {
    let Some(format) = present(body, "response_format") else { return Ok((None, false)) };
    match format.get("type").and_then(Value::as_str) {
        Some("text") => Ok((None, false)),
        Some("json_object") => Ok((None, true)),
        Some("json_schema") => {
            let param = "response_format.json_schema";
            let given = format.get("json_schema").and_then(Value::as_object);
            let given = given.ok_or_else(|| ApiError::missing(param))?;
            let name = given.get("name").and_then(Value::as_str);
            let name = name.ok_or_else(|| ApiError::missing(&format!("{param}.name")))?;
            check_name(name, &format!("{param}.name"))?;
            let wanted = given.get("schema").cloned().unwrap_or(Value::Null);
            schema::check_shape(&wanted, name, "response_format")?;
            if given.get("strict") == Some(&Value::Bool(true)) {
                let what = format!("response_format '{name}'");
                schema::check_strict(&wanted, &what, "response_format")?;
            }
            Ok((Some(wanted), false))
        }
        _ => {
            let message = "Invalid value. Supported values are: 'json_object', 'json_schema', and \
                           'text'.";
            let error = ApiError::invalid(message, Some("response_format.type"));
            Err(error.with_code("invalid_value"))
        }
    }
}

fn stream_options(body: &Map<String, Value>, stream: bool) -> Result<(bool, bool), ApiError> {
    let Some(options) = present(body, "stream_options") else { return Ok((false, true)) };
    if !stream {
        let message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
        return Err(ApiError::invalid(message, Some("stream_options")));
    }
    let options = options
        .as_object()
        .ok_or_else(|| ApiError::wrong_type("stream_options", "an object", type_name(options)))?;
    let include_usage = flag(options, "include_usage")?.unwrap_or(false);
    Ok((include_usage, flag(options, "include_obfuscation")?.unwrap_or(true)))
}

fn tokens_max(body: &Map<String, Value>) -> Result<Option<usize>, ApiError> {
    for name in ["max_completion_tokens", "max_tokens"] {
        let Some(given) = present(body, name) else { continue };
        let tokens = given.as_u64().filter(|tokens| *tokens > 0);
        let tokens = tokens
            .ok_or_else(|| ApiError::wrong_type(name, "a positive integer", type_name(given)))?;
        return Ok(Some(usize::try_from(tokens).unwrap_or(usize::MAX)));
    }
    Ok(None)
}

fn stops(body: &Map<String, Value>) -> Result<Vec<String>, ApiError> {
    let wrong = |given: &Value| {
        ApiError::wrong_type("stop", "a string or an array of up to 4 strings", type_name(given))
    };
    match present(body, "stop") {
        None => Ok(Vec::new()),
        Some(Value::String(stop)) => Ok(vec![stop.clone()]),
        Some(given @ Value::Array(stops)) if stops.len() <= STOPS_MAX => {
            let read = stops.iter().map(|stop| stop.as_str().map(str::to_owned)).collect();
            Option::ok_or_else(read, || wrong(given))
        }
        Some(given) => Err(wrong(given)),
    }
}

fn between(body: &Map<String, Value>, name: &str, min: f64, max: f64) -> Result<(), ApiError> {
    let Some(given) = present(body, name) else { return Ok(()) };
    match given.as_f64() {
        Some(value) if (min..=max).contains(&value) => Ok(()),
        Some(value) => {
            let message =
                format!("Invalid '{name}': expected {min} to {max}, but got {value} instead.");
            Err(ApiError::invalid(message, Some(name)).with_code("invalid_value"))
        }
        None => Err(ApiError::wrong_type(name, "a number", type_name(given))),
    }
}

fn flag(fields: &Map<String, Value>, name: &str) -> Result<Option<bool>, ApiError> {
    match present(fields, name) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(other) => Err(ApiError::wrong_type(name, "a boolean", type_name(other))),
    }
}

/// A member that is there and not null.
fn present<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| !value.is_null())
}

pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
