//! Answers to requests that are wrong as a whole: one shape, a request id, never a 500.

use agenticcalling::config::Config;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::app::{App, PATIENCE, answer, call};

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

/// A body that never ends is given up with an answer, whoever reads it.
#[tokio::test]
async fn slow_bodies_are_given_up() {
    let mut config = Config::default();
    config.limits.body_secs = 1;
    let app = App::with(config).await;
    let client = app.test("a@example.com").await;
    for (path, kind, more) in [
        ("/v1/calls", "application/json", ""),
        ("/v1/calls", "application/json", "Idempotency-Key: one\r\n"),
        ("/v1/do-not-call/import", "text/csv", ""),
    ] {
        let address = app.base.trim_start_matches("http://");
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\n\
             Content-Type: {kind}\r\nContent-Length: 1000\r\n{more}\r\n{{",
            client.key
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut answer)).await.unwrap().unwrap();
        let answer = String::from_utf8_lossy(&answer[..read]);
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
        assert!(answer.contains("\"code\":\"body_too_slow\""), "{path}: {answer}");
    }
    assert_eq!(client.post("/v1/calls", call(json!({}))).await.status, 201);
}

#[tokio::test]
async fn pages_of_listed_origins_may_use_the_api() {
    let page = "https://app.example.com";
    let config = Config { cors_origins: vec![page.into()], ..Config::default() };
    let app = App::with(config).await;
    let client = app.test("a@example.com").await;
    let ask = |origin: &str| {
        let request = client.request(Method::OPTIONS, "/v1/calls").header("origin", origin);
        answer(request.header("access-control-request-method", "POST"))
    };
    let allowed = ask(page).await;
    assert_eq!(allowed.header("access-control-allow-origin"), Some(page));
    assert!(allowed.header("access-control-allow-headers").unwrap().contains("idempotency-key"));
    assert_eq!(ask("https://evil.example").await.header("access-control-allow-origin"), None);
    let read = answer(client.request(Method::GET, "/v1/calls").header("origin", page)).await;
    let shown = read.header("access-control-expose-headers").unwrap();
    for name in ["x-next-page-token", "retry-after", "x-ac-usage-warning", "x-request-id"] {
        assert!(shown.contains(name), "{shown}");
    }
}
