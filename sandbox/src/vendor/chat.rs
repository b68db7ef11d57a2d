//! `POST /chat/completions`: the mind's reply, streamed or whole.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use super::chat_request::{self, ChatRequest};
use super::chat_wire::{Answer, StreamOptions, Usage, frame, pieces, short_hash};
use super::control::{Fault, Plan, Stage};
use super::error::ApiError;
use super::{CallOf, Vendor, WholeBody, delivery};
use crate::mind::{self, Reply};

pub(super) async fn create(
    State(vendor): State<Arc<Vendor>>,
    CallOf(call): CallOf,
    WholeBody(body): WholeBody,
) -> Result<Response, ApiError> {
    let call = call.as_deref();
    let plan = vendor.control.arrive(call, Stage::Chat);
    let request = chat_request::parse(&body)?;
    delivery::begin(&plan, &request.model).await?;
    let is_draft = request.mind.schema.is_some() || request.wants_json_object;
    let hostile = if is_draft { None } else { vendor.control.take_said_next(call) };
    let reply = match hostile {
        Some(text) => Reply { text, tool_calls: Vec::new() },
        None => reply_of(&request, &vendor.control.invented(call)),
    };
    let answer = finish(&request, reply, &body);
    if !request.stream {
        let body = delivery::halves(answer.object());
        return Ok(delivery::send(&plan, "application/json", body));
    }
    let events = stream_events(&request, &answer, &plan);
    let chunks = events.into_iter().map(Bytes::from).collect();
    Ok(delivery::send(&plan, "text/event-stream; charset=utf-8", chunks))
}

fn reply_of(request: &ChatRequest, invented: &[(String, Value)]) -> Reply {
    let mut reply = mind::reply(&request.mind);
    if request.mind.schema.is_some() {
        reply.text = with_inventions(&reply.text, invented);
    } else if request.wants_json_object {
        reply.text = serde_json::json!({ "reply": reply.text }).to_string();
    }
    reply
}

/// Puts made-up values into a draft, as a careless model would; only where it has such a field.
fn with_inventions(draft: &str, invented: &[(String, Value)]) -> String {
    let Ok(Value::Object(mut object)) = serde_json::from_str(draft) else {
        return draft.to_owned();
    };
    for (field, value) in invented {
        if let Some(slot) = object.get_mut(field) {
            slot.clone_from(value);
        }
    }
    Value::Object(object).to_string()
}

/// Applies the request's limits to a reply.
fn finish(request: &ChatRequest, reply: Reply, body: &[u8]) -> Answer {
    let Reply { mut text, mut tool_calls } = reply;
    for stop in request.stops.iter().filter(|stop| !stop.is_empty()) {
        if let Some(at) = text.find(stop) {
            text.truncate(at);
        }
    }
    let mut finish_reason = if tool_calls.is_empty() { "stop" } else { "tool_calls" };
    let mut tokens: usize = pieces(&text).len();
    if let Some(tokens_max) = request.tokens_max.filter(|max| tokens > *max) {
        text = pieces(&text)[..tokens_max].concat();
        tokens = tokens_max;
        tool_calls.clear();
        finish_reason = "length";
    }
    tokens += tool_calls.iter().map(|call| pieces(&call.arguments).len() + 1).sum::<usize>();
    let prompt = request.mind.messages.iter().map(|message| pieces(&message.content).len() + 4);
    Answer {
        id: format!("chatcmpl-{}", short_hash(&String::from_utf8_lossy(body), 29)),
        created: unix_seconds(),
        model: request.model.clone(),
        usage: Usage::new(prompt.sum(), tokens),
        text,
        tool_calls,
        finish_reason,
    }
}

fn stream_events(request: &ChatRequest, answer: &Answer, plan: &Plan) -> Vec<String> {
    let options = StreamOptions {
        include_usage: request.include_usage,
        include_obfuscation: request.include_obfuscation,
    };
    let mut events = answer.events(&options);
    match plan.fault {
        Some(Fault::MalformedChunk) => {
            let at = events.len() / 2;
            let mut half = events[at].trim_end().to_owned();
            half.truncate(half.floor_char_boundary(half.len() / 2));
            events[at] = format!("{half}\n\n");
        }
        Some(Fault::ErrorInStream) => {
            events.truncate(events.len() / 2);
            let error = ApiError::server("The server had an error while processing your request.");
            events.push(frame(&error.body()));
            return events;
        }
        _ => {}
    }
    events.push(frame("[DONE]"));
    events
}

fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
