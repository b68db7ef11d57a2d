//! How calls end that are no conversation, and calls that end early.

use std::time::Duration;

use agenticcalling_tests::{TestServer, said_by};
use serde_json::{Value, json};

/// Calls a scenario once and follows it to its end.
async fn called(server: &TestServer, scenario: &str) -> (Value, Vec<Value>) {
    let request = server.client.scenario(scenario).await.unwrap();
    let id = server.client.call(&request).await.unwrap();
    server.client.follow(&id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_do_not_answer() {
    let server = TestServer::start().await.unwrap();
    let table = [
        ("busy", "exhausted", "busy"),
        ("rejected", "exhausted", "rejected"),
        ("invalid", "failed", "invalid_number"),
    ];
    for (scenario, status, reason) in table {
        let (call, told) = called(&server, scenario).await;
        assert_eq!((&call["status"], &call["reason"]), (&json!(status), &json!(reason)));
        assert_eq!(call["duration_seconds"], Value::Null);
        assert_eq!(call["recording_url"], Value::Null);
        let failed = told.iter().filter(|event| event["event_type"] == "call.attempt_failed");
        assert_eq!(failed.count(), 1, "{scenario}: {told:#?}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_line_is_tried_again() {
    let server = TestServer::start().await.unwrap();
    let mut request = server.client.scenario("busy").await.unwrap();
    request["retry_policy"] = json!({ "max_attempts": 3, "backoff": [0] });
    let id = server.client.call(&request).await.unwrap();
    let (call, _) = server.client.follow(&id).await.unwrap();
    assert_eq!((&call["status"], &call["attempt_number"]), (&json!("exhausted"), &json!(3)));
    let attempts = server.client.get(&format!("/v1/calls/{id}/attempts")).await.unwrap();
    assert_eq!(attempts.as_array().unwrap().len(), 3);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ringing_call_can_be_cancelled() {
    let server = TestServer::start().await.unwrap();
    let request = server.client.scenario("no_answer").await.unwrap();
    let id = server.client.call(&request).await.unwrap();
    let path = format!("/v1/calls/{id}");
    while server.client.get(&path).await.unwrap()["status"] != "dialing" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let url = format!("{}{path}/cancel", server.client.base);
    let answer = server.client.http.delete(url).bearer_auth(&server.client.key).send().await;
    assert_eq!(answer.unwrap().status(), 200);
    let (call, told) = server.client.follow(&id).await.unwrap();
    assert_eq!(call["status"], "cancelled");
    assert_eq!(told.last().unwrap()["event_type"], "call.cancelled");
    // The leg is gone as well: nothing of the call is left on this node.
    while server.running.server.live.count() > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voicemail_gets_the_message_after_the_beep() {
    let server = TestServer::start().await.unwrap();
    let (call, told) = called(&server, "voicemail").await;
    assert_eq!((&call["status"], &call["answered_by"]), (&json!("completed"), &json!("voicemail")));
    let message = said_by(&call, "agent");
    assert_eq!(message.len(), 1, "{call:#}");
    let connected = told.iter().any(|event| event["event_type"] == "call.connected");
    assert!(!connected, "a voicemail is nobody who was connected");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_at_its_cap_with_a_closing_line() {
    let server = TestServer::start().await.unwrap();
    let mut request = server.client.scenario("steel_supplier").await.unwrap();
    request["max_duration_minutes"] = json!(1);
    let id = server.client.call(&request).await.unwrap();
    let (call, _) = server.client.follow(&id).await.unwrap();
    assert_eq!(call["status"], "completed", "{call:#}");
    let seconds = call["duration_seconds"].as_u64().unwrap();
    assert!((50..=61).contains(&seconds), "{seconds} s of 60");
    let last = said_by(&call, "agent").pop().unwrap_or_default();
    assert!(last.contains("have to end the call"), "{call:#}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_not_to_be_called_is_heard() {
    let server = TestServer::start().await.unwrap();
    let (call, told) = called(&server, "do_not_call").await;
    assert_eq!(call["status"], "completed", "{call:#}");
    let heard = told.iter().any(|event| event["event_type"] == "call.dnc_requested");
    assert!(heard, "{told:#?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callee_who_hangs_up_ends_the_call() {
    let server = TestServer::start().await.unwrap();
    let (call, _) = called(&server, "hangs_up").await;
    assert_eq!(call["status"], "completed", "{call:#}");
    assert!(call["recording_url"].is_string() && call["summary"].is_string());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_booked() {
    let server = TestServer::start().await.unwrap();
    let (call, _) = called(&server, "restaurant").await;
    assert_eq!(
        (&call["status"], &call["success"]),
        (&json!("completed"), &json!(true)),
        "{call:#}"
    );
    server.stop().await;
}
