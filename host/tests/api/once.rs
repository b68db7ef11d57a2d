//! `Idempotency-Key`, `ETag`, and keys that only read.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, App, Client, answer, call, text};

async fn post(client: &Client, path: &str, key: &str, body: Value) -> Answer {
    let request = client.request(Method::POST, path).json(&body);
    answer(request.header("idempotency-key", key)).await
}

#[tokio::test]
async fn a_request_that_is_sent_again_is_answered_as_before() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    for (path, body) in [
        ("/v1/calls", call(json!({}))),
        ("/v1/calls/batch", json!({"targets": [{"to": "+12025550100"}], "objective": "Ask"})),
        ("/v1/personas", json!({"name": "Buyer", "caller_name": "Alex"})),
        ("/v1/webhooks", json!({"url": "https://example.com/hook"})),
        ("/v1/lines", json!({"country": "DE"})),
        ("/v1/auth/api-keys", json!({"name": "Production"})),
    ] {
        let first = post(&client, path, path, body.clone()).await;
        assert!(first.status.is_success(), "{path}: {}", first.body);
        assert_eq!(first.header("idempotent-replayed"), None, "{path}");
        let again = post(&client, path, path, body.clone()).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body), "{path}");
        assert_eq!(again.header("idempotent-replayed"), Some("true"), "{path}");
        let other = post(&client, path, &format!("{path}2"), body).await;
        assert_ne!(other.body, first.body, "{path}");
    }
    assert_eq!(client.get("/v1/calls").await.body.as_array().unwrap().len(), 4);
    assert_eq!(client.get("/v1/personas").await.body.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_is_for_one_request() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let client = app.key(&live, json!({"mode": "test"})).await;
    let first = post(&client, "/v1/calls", "one", call(json!({}))).await;
    for (path, body) in [
        ("/v1/calls", call(json!({"objective": "Something else"}))),
        ("/v1/calls/batch", call(json!({}))),
    ] {
        let refused = post(&client, path, "one", body).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(refused.text("detail").contains("was used for another request"));
    }
    for bad in ["", "\u{e9}", &"x".repeat(256)] {
        let refused = post(&client, "/v1/calls", bad, call(json!({}))).await;
        assert_eq!(refused.status, 422, "{bad}");
        assert_eq!(refused.body["errors"][0]["field"], "Idempotency-Key");
    }
    // Others have keys of their own.
    let pod = app.key(&live, json!({"mode": "test", "pod_id": "a"})).await;
    let stranger = app.test("b@example.com").await;
    for other in [&pod, &stranger] {
        let made = post(other, "/v1/calls", "one", call(json!({}))).await;
        assert_eq!(made.status, 201);
        assert_ne!(made.body["id"], first.body["id"]);
    }
    assert_eq!(post(&app.anonymous(), "/v1/calls", "one", call(json!({}))).await.status, 401);
}

#[tokio::test]
async fn what_was_not_done_may_be_tried_again() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let refused = post(&client, "/v1/calls", "one", json!({"to": "nonsense"})).await;
    assert_eq!(refused.status, 422);
    let made = post(&client, "/v1/calls", "one", call(json!({}))).await;
    assert_eq!(made.status, 201, "{}", made.body);
}

#[tokio::test]
async fn many_at_once_do_it_once() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let all = (0..20).map(|_| post(&client, "/v1/calls", "one", call(json!({}))));
    let mut made = 0;
    for answer in futures::future::join_all(all).await {
        match answer.status.as_u16() {
            201 => made += 1,
            409 => {
                assert_eq!(answer.body["code"], "request_in_flight");
                assert_eq!(answer.header("retry-after"), Some("1"));
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
    assert!(made >= 1);
    assert_eq!(client.get("/v1/calls").await.body.as_array().unwrap().len(), 1);
}

/// The server died: nobody knows whether the call was made, so it is not made again.
#[tokio::test]
async fn what_came_of_a_request_may_be_unknown() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let body = call(json!({}));
    post(&client, "/v1/calls", "one", body.clone()).await;
    let pool = app.database().await;
    let lost = "UPDATE idempotency SET status = NULL, body = NULL, created_at = created_at - 61000";
    sqlx::query(lost).execute(&pool).await.unwrap();
    let refused = post(&client, "/v1/calls", "one", body).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (409, &json!("conflict")));
    assert!(refused.text("detail").contains("look whether it was done"), "{}", refused.body);
    assert_eq!(client.get("/v1/calls").await.body.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn secrets_in_kept_answers_are_sealed() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = post(&client, "/v1/auth/api-keys", "one", json!({})).await;
    let kept: String = sqlx::query_scalar("SELECT body FROM idempotency")
        .fetch_one(&app.database().await)
        .await
        .unwrap();
    assert!(!kept.contains("ac_test_") && kept.len() > made.text("api_key").len());
}

#[tokio::test]
async fn documents_that_did_not_change_are_not_sent_again() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let id = text(&client.create(json!({})).await, "id");
    for path in [format!("/v1/calls/{id}"), "/v1/voices".into(), "/v1/openapi.json".into()] {
        let read = client.get(&path).await;
        let etag = read.header("etag").unwrap().to_owned();
        for (known, status) in [
            (etag.clone(), 304),
            (format!("W/{etag}"), 304),
            (format!("\"other\", {etag}"), 304),
            ("*".into(), 304),
            ("\"other\"".into(), 200),
        ] {
            let request = client.request(Method::GET, &path).header("if-none-match", &known);
            let read = answer(request).await;
            assert_eq!(read.status, status, "{path} {known}");
            assert_eq!(read.header("etag"), Some(&etag[..]));
            assert_eq!(read.body == json!(""), status == 304);
        }
    }
    // A cancelled call is another document.
    let path = format!("/v1/calls/{id}");
    let etag = client.get(&path).await.header("etag").unwrap().to_owned();
    client.delete(&format!("{path}/cancel")).await;
    let read = answer(client.request(Method::GET, &path).header("if-none-match", &etag)).await;
    assert_eq!((read.status.as_u16(), &read.body["status"]), (200, &json!("cancelled")));
    assert_eq!(client.get("/v1/calls/unknown").await.header("etag"), None);
}

#[tokio::test]
async fn a_read_only_key_reads() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let client = app.key(&live, json!({"mode": "test"})).await;
    let reader = app.key(&client, json!({"read_only": true})).await;
    let id = text(&client.create(json!({})).await, "id");
    for path in [&format!("/v1/calls/{id}"), "/v1/usage", "/v1/lines", "/v1/auth/api-keys"] {
        assert_eq!(reader.get(path).await.status, 200, "{path}");
    }
    assert_eq!(reader.post("/v1/ws/tickets", json!({})).await.status, 201);
    let keys = reader.get("/v1/auth/api-keys").await.body;
    let read_only = keys.as_array().unwrap().iter().filter(|key| key["read_only"] == true).count();
    assert_eq!(read_only, 1);
    for (method, path, body) in [
        (Method::POST, "/v1/calls".to_owned(), call(json!({}))),
        (Method::POST, "/v1/auth/api-keys".into(), json!({})),
        (Method::POST, "/v1/lines".into(), json!({})),
        (Method::PATCH, "/v1/auth/settings".into(), json!({})),
        (Method::DELETE, format!("/v1/calls/{id}/cancel"), json!(null)),
    ] {
        let refused = reader.send(method, &path, Some(body)).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.body);
        assert!(refused.text("detail").contains("read-only"));
    }
    assert_eq!(client.call(&id).await["status"], "queued");
}
