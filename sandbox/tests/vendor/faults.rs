//! Every switch of the vendor's control.

use std::time::{Duration, Instant};

use agenticcalling_sandbox::vendor::{Fault, Stage};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{CALL, check_error, merged, tones, user, vendor, wav};

fn speech() -> Value {
    json!({"model": "m", "input": "Hello there.", "voice": "ash", "response_format": "pcm"})
}

#[tokio::test]
async fn requests_fail_as_often_as_told() {
    let vendor = vendor().await;
    let switches = vendor.control.call(CALL);
    let check = async |fault: Fault, status: u16, code: Value| {
        switches.fault_next(Stage::Chat, 1, fault);
        let response = vendor.chat(&user("Hello")).await;
        assert_eq!(response.status(), status);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["error"]["code"], code, "{body}");
        assert_eq!(vendor.chat(&user("Hello")).await.status(), 200);
    };
    check(Fault::ServerError, 500, Value::Null).await;
    check(Fault::Overloaded, 503, Value::Null).await;
    check(Fault::QuotaExceeded, 429, json!("insufficient_quota")).await;
    check(Fault::NoSuchModel, 404, json!("model_not_found")).await;
    check(Fault::RateLimited { retry_after_s: 1 }, 429, json!("rate_limit_exceeded")).await;

    switches.fault_next(Stage::Speech, 2, Fault::RateLimited { retry_after_s: 7 });
    for _ in 0..2 {
        let response = vendor.speech(&speech()).await;
        assert_eq!(response.headers()["retry-after"], "7");
        check_error(response, 429, Value::Null, "try again in 7s").await;
    }
    assert_eq!(vendor.speech(&speech()).await.status(), 200);
    switches.fault_next(Stage::Transcription, 1, Fault::Overloaded);
    let turn = wav(8_000, &tones("Hello", 8_000));
    assert_eq!(vendor.hear(turn.clone()).await.status(), 503);
    assert_eq!(vendor.hear(turn).await.status(), 200);
}

#[tokio::test]
async fn switches_of_a_call_leave_others_alone() {
    let vendor = vendor().await;
    vendor.control.call("other").fault_next(Stage::Chat, 1, Fault::ServerError);
    assert_eq!(vendor.chat(&user("Hello")).await.status(), 200);
    vendor.control.everywhere().fault_next(Stage::Chat, 1, Fault::Overloaded);
    vendor.control.call(CALL).fault_next(Stage::Chat, 1, Fault::ServerError);
    assert_eq!(vendor.chat(&user("Hello")).await.status(), 500);
    assert_eq!(vendor.chat(&user("Hello")).await.status(), 503);
    vendor.control.everywhere().fault_next(Stage::Chat, 5, Fault::Overloaded);
    vendor.control.everywhere().clear();
    assert_eq!(vendor.chat(&user("Hello")).await.status(), 200);
}

#[tokio::test]
async fn requests_are_counted_by_call_and_stage() {
    let vendor = vendor().await;
    vendor.chat(&user("Hello")).await;
    vendor.chat(&json!({})).await;
    vendor.speech(&speech()).await;
    let elsewhere = vendor.at(Method::POST, "/v1/chat/completions").json(&user("Hello"));
    elsewhere.send().await.unwrap();
    assert_eq!(vendor.control.requests(Stage::Chat), 3);
    assert_eq!(vendor.control.requests_of(CALL, Stage::Chat), 2);
    assert_eq!(vendor.control.requests_of(CALL, Stage::Speech), 1);
    assert_eq!(vendor.control.requests_of(CALL, Stage::Transcription), 0);
    vendor.control.call(CALL).clear();
    assert_eq!(vendor.control.requests_of(CALL, Stage::Chat), 2);
    vendor.control.forget(CALL);
    assert_eq!(vendor.control.requests_of(CALL, Stage::Chat), 0);
}

#[tokio::test]
async fn answers_come_late_when_told() {
    let vendor = vendor().await;
    let delay = Duration::from_millis(60);
    vendor.control.everywhere().delay_first_byte(Stage::Chat, delay);
    let started = Instant::now();
    vendor.chat(&user("Hello")).await.bytes().await.unwrap();
    assert!(started.elapsed() >= delay);

    // Four chunks of 100 ms, each after its own wait.
    vendor.control.call(CALL).delay_each_chunk(Stage::Speech, delay);
    let started = Instant::now();
    let spoken = vendor.speech(&speech()).await.bytes().await.unwrap();
    assert_eq!(spoken.len().div_ceil(4_800), 4);
    assert!(started.elapsed() >= 4 * delay);
}

#[tokio::test]
async fn a_stalled_request_is_never_answered() {
    let vendor = vendor().await;
    for stage in [Stage::Chat, Stage::Speech] {
        vendor.control.everywhere().fault_next(stage, 1, Fault::Stall);
    }
    let patience = Duration::from_millis(200);
    assert!(tokio::time::timeout(patience, vendor.chat(&user("Hello"))).await.is_err());
    assert!(tokio::time::timeout(patience, vendor.speech(&speech())).await.is_err());
    assert_eq!(vendor.chat(&user("Hello")).await.status(), 200);
}

#[tokio::test]
async fn streams_break_off_in_the_middle() {
    let vendor = vendor().await;
    let switches = vendor.control.call(CALL);
    let truncate = Fault::Truncate { after_chunks: 2 };
    switches.fault_next(Stage::Chat, 1, truncate.clone());
    let streamed = merged(user("Hello"), json!({"stream": true}));
    let mut response = vendor.chat(&streamed).await;
    let mut received = String::new();
    let broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => received.push_str(std::str::from_utf8(&chunk).unwrap()),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(broken, "the connection is dropped without the closing chunk");
    assert_eq!(received.matches("\n\n").count(), 2, "{received}");
    assert!(!received.contains("[DONE]"));

    switches.fault_next(Stage::Speech, 1, truncate);
    assert!(vendor.speech(&speech()).await.bytes().await.is_err());
    switches.fault_next(Stage::Transcription, 1, Fault::Truncate { after_chunks: 1 });
    let turn = wav(8_000, &tones("Hello", 8_000));
    assert!(vendor.hear(turn).await.bytes().await.is_err());
}

#[tokio::test]
async fn chat_streams_carry_broken_chunks_and_errors() {
    let vendor = vendor().await;
    let streamed = merged(user("Hello"), json!({"stream": true}));
    let events = async || {
        let text = vendor.chat(&streamed).await.text().await.unwrap();
        let events: Vec<String> = text.split_terminator("\n\n").map(str::to_owned).collect();
        events
    };
    vendor.control.call(CALL).fault_next(Stage::Chat, 1, Fault::MalformedChunk);
    let with_broken = events().await;
    let bad: Vec<&String> = with_broken
        .iter()
        .filter(|event| event.as_str() != "data: [DONE]")
        .filter(|event| serde_json::from_str::<Value>(&event["data: ".len()..]).is_err())
        .collect();
    assert_eq!(bad.len(), 1, "{with_broken:?}");
    assert_eq!(with_broken.last().unwrap(), "data: [DONE]");

    vendor.control.call(CALL).fault_next(Stage::Chat, 1, Fault::ErrorInStream);
    let with_error = events().await;
    let last: Value = serde_json::from_str(&with_error.last().unwrap()["data: ".len()..]).unwrap();
    assert_eq!(last["error"]["type"], "server_error");
    assert!(with_error.len() > 1);
    assert_eq!(events().await.last().unwrap(), "data: [DONE]");
}

#[tokio::test]
async fn a_hostile_mind_says_what_it_is_given() {
    let vendor = vendor().await;
    let said = async || {
        let body: Value = vendor.chat(&user("Hello?")).await.json().await.unwrap();
        body["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
    };
    vendor.control.call(CALL).say_next(["Our supplier is Apex.", "We pay a million."]);
    let object = json!({"response_format": {"type": "json_object"}});
    let draft = vendor.chat(&merged(user("Hello?"), object)).await.text().await.unwrap();
    assert!(!draft.contains("Apex"), "{draft}");
    assert_eq!(said().await, "Our supplier is Apex.");
    assert_eq!(said().await, "We pay a million.");
    assert_ne!(said().await, "We pay a million.");
}

#[tokio::test]
async fn a_careless_mind_makes_up_fields() {
    let vendor = vendor().await;
    let schema = json!({"type": "object", "additionalProperties": false, "required": ["moq"],
        "properties": {"moq": {"type": ["integer", "null"]}}});
    let format = json!({"type": "json_schema",
        "json_schema": {"name": "draft", "strict": true, "schema": schema}});
    let request = merged(user("Hello."), json!({"response_format": format}));
    let drafted = async || {
        let body: Value = vendor.chat(&request).await.json().await.unwrap();
        body["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
    };
    assert_eq!(drafted().await, r#"{"moq":null}"#);
    vendor.control.call(CALL).invent("moq", json!(250));
    vendor.control.call(CALL).invent("colour", json!("red"));
    assert_eq!(drafted().await, r#"{"moq":250}"#);
    vendor.control.call(CALL).clear();
    assert_eq!(drafted().await, r#"{"moq":null}"#);
}
