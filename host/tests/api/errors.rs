//! Answers to requests that are wrong as a whole: one shape, a request id, never a 500.

use reqwest::Method;
use serde_json::json;

use crate::app::{App, answer, call};

#[tokio::test]
async fn every_error_has_the_documented_shape() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let table = [
        (client.get("/v1/nothing").await, 404, "not_found"),
        (client.get("/").await, 404, "not_found"),
        (client.get("/v1/calls/call_x").await, 404, "not_found"),
        (client.delete("/v1/calls").await, 405, "method_not_allowed"),
        (client.post("/v1/calls", json!({})).await, 422, "validation_error"),
        (app.anonymous().get("/v1/calls").await, 401, "unauthorized"),
        (client.get("/v1/ws").await, 426, "upgrade_required"),
    ];
    for (answer, status, code) in table {
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(answer.body["code"], code);
        assert_eq!(answer.body["status"], status);
        assert_eq!(answer.body["type"], "about:blank");
        assert!(!answer.text("detail").is_empty() && !answer.text("title").is_empty());
        assert_eq!(answer.header("x-request-id"), answer.body["request_id"].as_str());
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
}

#[tokio::test]
async fn a_request_keeps_the_id_its_client_gave() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let with = |id: &str| client.request(Method::GET, "/v1/calls").header("x-request-id", id);
    assert_eq!(answer(with("trace-7")).await.header("x-request-id"), Some("trace-7"));
    let long = "x".repeat(129);
    let made = answer(with(&long)).await;
    assert!(made.header("x-request-id").unwrap().starts_with("req_"));
}

#[tokio::test]
async fn bodies_must_be_json_and_not_too_large() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let post = || client.request(Method::POST, "/v1/calls");
    let text = call(json!({})).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
        let refused = answer(post().header("content-type", kind).body(text.clone())).await;
        assert_eq!(refused.status, 415, "{kind}");
    }
    for kind in ["application/json", "application/json; charset=utf-8", "application/vnd.x+json"] {
        let made = answer(post().header("content-type", kind).body(text.clone())).await;
        assert_eq!(made.status, 201, "{kind}: {}", made.body);
    }
    let huge = call(json!({"context": "x".repeat(app.server.config.limits.body_bytes_max)}));
    let refused = client.post("/v1/calls", huge).await;
    assert_eq!(
        (refused.status.as_u16(), refused.body["code"].as_str()),
        (413, Some("body_too_large"))
    );
    let broken = post().header("content-type", "application/json").body(vec![0xff, 0xfe, b'{']);
    assert_eq!(answer(broken).await.status, 422);
}
