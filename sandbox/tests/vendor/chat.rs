//! Chat: the exact bytes of a stream, whole answers, and what is refused.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{check_error, merged, user, vendor};

fn end_call() -> Value {
    json!({"type": "function", "function": {"name": "end_call", "description": "Hang up.",
        "strict": true, "parameters": {"type": "object", "additionalProperties": false,
            "properties": {"reason": {"type": "string", "enum": ["settled", "other"]}},
            "required": ["reason"]}}})
}

fn parting(more: Value) -> Value {
    merged(merged(user("Thanks, bye."), json!({"tools": [end_call()]})), more)
}

#[tokio::test]
async fn a_stream_has_the_vendors_bytes() {
    let vendor = vendor().await;
    let options = json!({"include_usage": true, "include_obfuscation": false});
    let request = parting(json!({"stream": true, "stream_options": options}));
    let response = vendor.chat(&request).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    let text = response.text().await.unwrap();
    let first: Value =
        serde_json::from_str(text.lines().next().unwrap().strip_prefix("data: ").unwrap()).unwrap();
    let (id, created) = (first["id"].as_str().unwrap(), first["created"].as_u64().unwrap());
    assert!(id.starts_with("chatcmpl-") && created > 1_700_000_000);
    let call_id = text.split_once("\"id\":\"call_").unwrap().1.split('"').next().unwrap();

    let head = format!(
        "data: {{\"id\":\"{id}\",\"object\":\"chat.completion.chunk\",\"created\":{created},\
         \"model\":\"gpt-6-luna\",\"service_tier\":\"default\",\"system_fingerprint\":null,"
    );
    let mut expected = String::new();
    let mut chunk = |delta: &str, finish: &str| {
        expected.push_str(&format!(
            "{head}\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\
             \"finish_reason\":{finish}}}],\"usage\":null}}\n\n"
        ));
    };
    chunk(r#"{"role":"assistant","content":"","refusal":null}"#, "null");
    for piece in ["Thank", " you", " for", " your", " time.", " Goodbye", "."] {
        chunk(&format!(r#"{{"content":"{piece}"}}"#), "null");
    }
    let call = format!(
        r#"{{"tool_calls":[{{"index":0,"id":"call_{call_id}","type":"function","function":{{"name":"end_call","arguments":""}}}}]}}"#
    );
    chunk(&call, "null");
    for piece in [r#"{\"reason"#, r#"\":\"settl"#, r#"ed\"}"#] {
        let delta =
            format!(r#"{{"tool_calls":[{{"index":0,"function":{{"arguments":"{piece}"}}}}]}}"#);
        chunk(&delta, "null");
    }
    chunk("{}", r#""tool_calls""#);
    expected.push_str(&format!(
        "{head}\"choices\":[],\"usage\":{{\"prompt_tokens\":13,\"completion_tokens\":11,\
         \"total_tokens\":24,\"prompt_tokens_details\":{{\"cached_tokens\":0,\"audio_tokens\":0}},\
         \"completion_tokens_details\":{{\"reasoning_tokens\":0,\"audio_tokens\":0,\
         \"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}}}}}\n\n"
    ));
    expected.push_str("data: [DONE]\n\n");
    assert_eq!(text, expected);
}

#[tokio::test]
async fn a_plain_stream_has_no_usage_but_padding() {
    let vendor = vendor().await;
    let text = vendor.chat(&parting(json!({"stream": true}))).await.text().await.unwrap();
    assert!(!text.contains("\"usage\""), "{text}");
    assert!(text.contains("\"obfuscation\":\""), "{text}");
    assert!(text.ends_with("data: [DONE]\n\n"));
}

#[tokio::test]
async fn whole_answers_hold_text_and_tool_calls() {
    let vendor = vendor().await;
    let body: Value = vendor.chat(&parting(json!({}))).await.json().await.unwrap();
    let choice = &body["choices"][0];
    assert_eq!(body["object"], "chat.completion");
    assert_eq!(choice["finish_reason"], "tool_calls");
    assert_eq!(choice["message"]["content"], "Thank you for your time. Goodbye.");
    let call = &choice["message"]["tool_calls"][0];
    assert_eq!(call["type"], "function");
    assert_eq!(
        call["function"],
        json!({"name": "end_call", "arguments": r#"{"reason":"settled"}"#})
    );
    assert_eq!(body["usage"]["total_tokens"], 24);

    let forbidden = parting(json!({"tool_choice": "none"}));
    let body: Value = vendor.chat(&forbidden).await.json().await.unwrap();
    assert_eq!(body["choices"][0]["finish_reason"], "stop");
    assert!(body["choices"][0]["message"].get("tool_calls").is_none());

    let forced = json!({"type": "function", "function": {"name": "end_call"}});
    let forced = merged(user("Hello"), json!({"tools": [end_call()], "tool_choice": forced}));
    let body: Value = vendor.chat(&forced).await.json().await.unwrap();
    assert_eq!(body["choices"][0]["message"]["content"], Value::Null);
    assert_eq!(body["choices"][0]["finish_reason"], "tool_calls");
}

#[tokio::test]
async fn a_tool_result_is_taken_up() {
    let vendor = vendor().await;
    let call = json!({"id": "call_1", "type": "function",
        "function": {"name": "end_call", "arguments": "{}"}});
    let messages = json!([
        {"role": "system", "content": "You are Alex."},
        {"role": "user", "content": [{"type": "text", "text": "Thanks, "}, {"type": "text", "text": "bye."}]},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1",
         "content": "Not yet. Suggested wording: \"Who is my contact?\""},
    ]);
    let request = json!({"model": "m", "messages": messages, "tools": [end_call()]});
    let body: Value = vendor.chat(&request).await.json().await.unwrap();
    assert_eq!(body["choices"][0]["message"]["content"], "Who is my contact?");
}

#[tokio::test]
async fn limits_of_the_request_are_kept() {
    let vendor = vendor().await;
    let answer = async |more: Value| {
        let body: Value = vendor.chat(&parting(more)).await.json().await.unwrap();
        let choice = body["choices"][0].clone();
        let text = choice["message"]["content"].as_str().unwrap().to_owned();
        (text, choice["finish_reason"].as_str().unwrap().to_owned())
    };
    let (text, reason) = answer(json!({"max_completion_tokens": 2})).await;
    assert_eq!((text.as_str(), reason.as_str()), ("Thank you", "length"));
    let (text, _) = answer(json!({"stop": [" Good"]})).await;
    assert_eq!(text, "Thank you for your time.");
    let (text, _) = answer(json!({"response_format": {"type": "json_object"}})).await;
    assert!(text.starts_with("{\"reply\":"));
}

#[tokio::test]
async fn a_schema_gets_an_object() {
    let vendor = vendor().await;
    let schema = json!({"type": "object", "additionalProperties": false,
        "properties": {"price": {"type": ["number", "null"]}, "colour": {"type": ["string", "null"]}},
        "required": ["price", "colour"]});
    let format = json!({"type": "json_schema",
        "json_schema": {"name": "call_result", "strict": true, "schema": schema}});
    let request = merged(user("It is $58.50 per unit."), json!({"response_format": format}));
    let body: Value = vendor.chat(&request).await.json().await.unwrap();
    let text = body["choices"][0]["message"]["content"].as_str().unwrap();
    let drafted: Value = serde_json::from_str(text).unwrap();
    assert_eq!(drafted, json!({"price": 58.5, "colour": null}));
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let vendor = vendor().await;
    let check = async |more: Value, param: Value, message: &str| {
        let request = merged(user("Hello"), more);
        check_error(vendor.chat(&request).await, 400, param, message).await;
    };
    check(json!({"model": null}), Value::Null, "model parameter").await;
    check(json!({"model": 5}), json!("model"), "a number").await;
    check(json!({"messages": null}), json!("messages"), "Missing").await;
    check(json!({"messages": "hi"}), json!("messages"), "an array").await;
    check(json!({"messages": []}), json!("messages"), "empty array").await;
    check(json!({"temperature": 3}), json!("temperature"), "0 to 2").await;
    check(json!({"stream": "yes"}), json!("stream"), "a boolean").await;
    check(json!({"stream_options": {}}), json!("stream_options"), "'stream' is enabled").await;
    check(json!({"stop": [1]}), json!("stop"), "strings").await;
    check(json!({"max_completion_tokens": 0}), json!("max_completion_tokens"), "positive").await;
    check(json!({"colour": 1}), json!("colour"), "Unrecognized").await;
    check(json!({"tool_choice": "auto"}), json!("tool_choice"), "'tools' are specified").await;
    check(json!({"tools": []}), json!("tools"), "1 to 128").await;
    let garbage = vendor.request(Method::POST, "/chat/completions").body("[1,").send().await;
    check_error(garbage.unwrap(), 400, Value::Null, "JSON body").await;
    let long = vendor.chat(&user(&"x".repeat(4 * 1024 * 1024))).await;
    check_error(long, 413, Value::Null, "longer than 4194304 bytes").await;
}

#[tokio::test]
async fn bad_messages_are_refused() {
    let vendor = vendor().await;
    let check = async |messages: Value, param: &str, message: &str| {
        let request = json!({"model": "m", "messages": messages});
        check_error(vendor.chat(&request).await, 400, json!(param), message).await;
    };
    check(json!([7]), "messages[0]", "an object").await;
    check(json!([{"content": "x"}]), "messages[0].role", "Missing").await;
    check(json!([{"role": "robot", "content": "x"}]), "messages[0].role", "'robot'").await;
    check(json!([{"role": "user"}]), "messages[0].content", "Missing").await;
    check(json!([{"role": "user", "content": 7}]), "messages[0].content", "a number").await;
    let image = json!([{"role": "user", "content": [{"type": "image_url"}]}]);
    check(image, "messages[0].content[0]", "'text'").await;
    let orphan = json!([{"role": "tool", "tool_call_id": "call_1", "content": "x"}]);
    check(orphan, "messages[0].role", "preceeding message").await;
    let nameless = json!([{"role": "tool", "content": "x"}]);
    check(nameless, "messages[0].tool_call_id", "Missing").await;
    let call =
        json!({"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}});
    let calling = json!({"role": "assistant", "content": null, "tool_calls": [call]});
    check(json!([calling]), "messages", "call_1").await;
    check(json!([calling, {"role": "user", "content": "x"}]), "messages", "call_1").await;
    let twice = json!([calling, {"role": "tool", "tool_call_id": "call_1", "content": "x"},
        {"role": "tool", "tool_call_id": "call_1", "content": "x"}]);
    check(twice, "messages[2].role", "preceeding message").await;
}

#[tokio::test]
async fn bad_tools_and_schemas_are_refused() {
    let vendor = vendor().await;
    let tool = async |tool: Value, param: &str, message: &str| {
        let request = merged(user("Hello"), json!({"tools": [tool]}));
        check_error(vendor.chat(&request).await, 400, json!(param), message).await;
    };
    let function = |fields: Value| json!({"type": "function", "function": fields});
    tool(json!({"type": "web_search"}), "tools[0].type", "'function'").await;
    tool(json!({"type": "function"}), "tools[0].function", "Missing").await;
    tool(function(json!({})), "tools[0].function.name", "Missing").await;
    tool(function(json!({"name": "end call"})), "tools[0].function.name", "pattern").await;
    let array = function(json!({"name": "f", "parameters": {"type": "array"}}));
    tool(array, "tools[0].function.parameters", "\"object\"").await;
    let open = function(json!({"name": "f", "strict": true, "parameters": {"type": "object"}}));
    tool(open, "tools[0].function.parameters", "additionalProperties").await;

    let format = async |format: Value, param: &str, message: &str| {
        let request = merged(user("Hello"), json!({"response_format": format}));
        check_error(vendor.chat(&request).await, 400, json!(param), message).await;
    };
    let schema = |fields: Value| json!({"type": "json_schema", "json_schema": fields});
    format(json!({"type": "xml"}), "response_format.type", "'json_schema'").await;
    format(json!({"type": "json_schema"}), "response_format.json_schema", "Missing").await;
    format(schema(json!({})), "response_format.json_schema.name", "Missing").await;
    format(schema(json!({"name": "a b"})), "response_format.json_schema.name", "pattern").await;
    let long = schema(json!({"name": "x".repeat(65)}));
    format(long, "response_format.json_schema.name", "64").await;
    format(schema(json!({"name": "x"})), "response_format", "an object").await;
    let open = json!({"name": "x", "strict": true, "schema": {"type": "object"}});
    format(schema(open), "response_format", "additionalProperties").await;
}
