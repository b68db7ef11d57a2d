//! Endpoints and what is delivered to them.

use std::time::Duration;

use agenticcalling::config::Config;
use agenticcalling::events::signing;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, Client, PATIENCE, text};
use crate::receiver::Receiver;

/// Endpoints of this machine are allowed, and tried again at once.
fn config() -> Config {
    let mut config = Config::default();
    config.webhooks.http_to_loopback = true;
    config.webhooks.retry_secs = vec![0, 0, 0];
    config
}

async fn endpoint(client: &Client, url: &str) -> Value {
    let made = client.post("/v1/webhooks", json!({"url": url})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

/// The delivery log, once every delivery is settled.
async fn settled(client: &Client, webhook: &Value, count: usize) -> Vec<Value> {
    let path = format!("/v1/webhooks/{}/deliveries", text(webhook, "webhook_id"));
    let all = async {
        loop {
            let log = client.get(&path).await.body.as_array().unwrap().clone();
            let open = log.iter().filter(|delivery| delivery["state"] == "pending").count();
            if log.len() >= count && open == 0 {
                return log;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, all).await.unwrap()
}

#[tokio::test]
async fn an_endpoint_is_made_read_changed_and_deleted() {
    let app = App::with(config()).await;
    let client = app.test("a@example.com").await;
    let made = client
        .post(
            "/v1/webhooks",
            json!({
                "url": "https://myapp.com/webhooks/agenticcalling",
                "event_types": ["call.completed", "call.exhausted", "call.dnc_requested"],
                "client_id": "my-webhook-v1"
            }),
        )
        .await;
    assert_eq!(made.status, 201);
    let secret = made.text("secret");
    assert!(secret.starts_with("whsec_"), "{secret}");
    let again = client
        .post("/v1/webhooks", json!({"url": "https://other.com/", "client_id": "my-webhook-v1"}))
        .await;
    assert_eq!((again.status.as_u16(), again.text("id")), (200, made.text("id")));
    let path = format!("/v1/webhooks/{}", made.text("webhook_id"));
    let read = client.get(&path).await;
    assert_eq!(read.body["event_types"].as_array().unwrap().len(), 3);
    assert_eq!(read.body["is_active"], true);
    assert!(read.body.get("secret").is_none(), "a secret is shown once");
    for method in [Method::PATCH, Method::PUT] {
        let changed = client.send(method, &path, Some(json!({"event_types": []}))).await;
        assert_eq!(changed.status, 200);
        assert_eq!(changed.body["event_types"], json!([]));
        assert_eq!(changed.body["url"], "https://myapp.com/webhooks/agenticcalling");
    }
    let off = client.send(Method::PATCH, &path, Some(json!({"is_active": false}))).await;
    assert_eq!(
        (&off.body["is_active"], &off.body["disabled_reason"]),
        (&json!(false), &json!("switched off by request"))
    );
    assert_eq!(client.post(&format!("{path}/test"), json!({})).await.status, 409);
    let rotated = client.post(&format!("{path}/rotate-secret"), json!({})).await;
    assert_eq!(rotated.status, 200);
    assert_ne!(rotated.text("secret"), secret);
    assert!(rotated.body["previous_secret_expires_at"].is_string());
    assert_eq!(client.get("/v1/webhooks").await.body.as_array().unwrap().len(), 1);
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.delete(&path).await.status, 404);
    assert_eq!(client.get(&path).await.status, 404);
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_is_refused_by_name() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    for (wanted, field) in [
        (json!({"url": "ftp://example.com"}), "url"),
        (json!({"url": "http://example.com"}), "url"),
        (json!({"url": "http://127.0.0.1:9"}), "url"),
        (json!({"url": "https://user:word@example.com"}), "url"),
        (json!({"url": "no url"}), "url"),
        (json!({}), "url"),
        (json!({"url": "https://example.com", "event_types": ["call.dreamt"]}), "event_types[0]"),
        (json!({"url": "https://example.com", "client_id": ""}), "client_id"),
        (json!({"url": "https://example.com", "pod_id": "ä"}), "pod_id"),
        (json!({"url": "https://example.com", "extra": 1}), "extra"),
    ] {
        let refused = client.post("/v1/webhooks", wanted.clone()).await;
        assert_eq!(refused.status, 422, "{wanted}");
        assert_eq!(refused.body["errors"][0]["field"], field, "{}", refused.body);
    }
}

#[tokio::test]
async fn nobody_sees_the_endpoints_of_others() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let owner = app.key(&live, json!({"mode": "test"})).await;
    let pod = app.key(&live, json!({"mode": "test", "pod_id": "one"})).await;
    let stranger = app.test("b@example.com").await;
    let made = endpoint(&owner, "https://example.com").await;
    let path = format!("/v1/webhooks/{}", text(&made, "webhook_id"));
    for other in [&live, &pod, &stranger] {
        assert_eq!(other.get("/v1/webhooks").await.body, json!([]));
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(other.send(Method::PATCH, &path, Some(json!({}))).await.status, 404);
        assert_eq!(other.delete(&path).await.status, 404);
        for (action, body) in [
            ("test", json!({})),
            ("rotate-secret", json!({})),
            ("redeliver", json!({"event_id": "evt_01JQ8X5W3N0000000000000000"})),
            ("recover", json!({"since": "2026-01-01T00:00:00Z"})),
        ] {
            assert_eq!(other.post(&format!("{path}/{action}"), body).await.status, 404, "{action}");
        }
        assert_eq!(other.get(&format!("{path}/deliveries")).await.status, 404);
    }
}

#[tokio::test]
async fn a_delivery_is_signed_both_ways() {
    let app = App::with(config()).await;
    let receiver = Receiver::start().await;
    let client = app.test("a@example.com").await;
    let made = endpoint(&client, &receiver.url("ok")).await;
    let call = client.create(json!({})).await;
    let got = receiver.wait("ok", 1).await.remove(0);
    let event = got.json();
    assert_eq!(event["event_type"], "call.queued");
    assert_eq!(event["call"]["call_id"], call["call_id"]);
    assert_eq!(got.headers["webhook-id"], event["event_id"].as_str().unwrap());
    assert_eq!(got.headers["content-type"], "application/json");
    let secret = text(&made, "secret");
    assert_eq!(got.headers["x-ac-signature"], signing::of_body(&secret, &got.body));
    let timestamp: i64 = got.headers["webhook-timestamp"].parse().unwrap();
    let expected = signing::standard(&[&secret], &got.headers["webhook-id"], timestamp, &got.body);
    assert_eq!(got.headers["webhook-signature"], expected);

    // After a rotation the old secret signs on, and the new one beside it.
    let path = format!("/v1/webhooks/{}", text(&made, "webhook_id"));
    let fresh = client.post(&format!("{path}/rotate-secret"), json!({})).await.text("secret");
    assert_eq!(client.post(&format!("{path}/test"), json!({})).await.status, 202);
    let tested = receiver.wait("ok", 2).await.remove(1);
    assert_eq!(tested.event_type(), "webhook.test");
    assert_eq!(tested.headers["x-ac-signature"], signing::of_body(&secret, &tested.body));
    assert_ne!(fresh, secret);
    assert_eq!(tested.headers["webhook-signature"].split(' ').count(), 2);
}

#[tokio::test]
async fn the_url_of_a_call_gets_the_calls_events() {
    let app = App::with(config()).await;
    let receiver = Receiver::start().await;
    let client = app.test("a@example.com").await;
    let call = client.create(json!({"webhook_url": receiver.url("own")})).await;
    client.create(json!({})).await;
    client.delete(&format!("/v1/calls/{}/cancel", text(&call, "id"))).await;
    let got = receiver.wait("own", 2).await;
    let mut types: Vec<String> = got.iter().map(|one| one.event_type()).collect();
    types.sort();
    assert_eq!(types, ["call.cancelled", "call.queued"]);
    let org = app.server.store.organization(client.org.parse().unwrap()).await.unwrap().unwrap();
    let expected = signing::of_body(&org.signing_secret, &got[0].body);
    assert_eq!(got[0].headers["x-ac-signature"], expected);
}

#[tokio::test]
async fn what_fails_is_tried_again_and_written_down() {
    let app = App::with(config()).await;
    let receiver = Receiver::start().await;
    let client = app.test("a@example.com").await;
    let flaky = endpoint(&client, &receiver.url("once")).await;
    let broken = endpoint(&client, &receiver.url("500")).await;
    let elsewhere = endpoint(&client, &receiver.url("redirect")).await;
    client.create(json!({})).await;
    let log = settled(&client, &flaky, 1).await;
    assert_eq!(log[0]["state"], "delivered");
    let statuses = |delivery: &Value| {
        let attempts = delivery["attempts"].as_array().unwrap();
        attempts.iter().map(|attempt| attempt["status"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(statuses(&log[0]), [json!(502), json!(204)]);
    let log = settled(&client, &broken, 1).await;
    assert_eq!(log[0]["state"], "failed");
    assert_eq!(statuses(&log[0]), vec![json!(500); 4], "one attempt and three more");
    let log = settled(&client, &elsewhere, 1).await;
    assert_eq!((&log[0]["state"], statuses(&log[0])), (&json!("failed"), vec![json!(302); 4]));
    let error = text(&log[0]["attempts"][0], "error");
    assert!(error.contains("redirects are not followed"), "{error}");
    assert!(receiver.at("ok").is_empty(), "a redirect was followed");
    let read = client.get(&format!("/v1/webhooks/{}", text(&broken, "id"))).await;
    assert!(read.body["failing_since"].is_string());

    // Mended: what failed is sent again, once.
    let path = format!("/v1/webhooks/{}", text(&broken, "webhook_id"));
    let change = json!({"url": receiver.url("mended")});
    assert_eq!(client.send(Method::PATCH, &path, Some(change)).await.status, 200);
    let since = json!({"since": "2020-01-01T00:00:00Z"});
    let recovered = client.post(&format!("{path}/recover"), since).await;
    assert_eq!((recovered.status.as_u16(), &recovered.body["events"]), (202, &json!(1)));
    let event = receiver.wait("mended", 1).await.remove(0).json();
    let once_more = json!({"event_id": event["event_id"]});
    assert_eq!(client.post(&format!("{path}/redeliver"), once_more).await.status, 202);
    assert_eq!(receiver.wait("mended", 2).await[1].json(), event);
    let unknown = json!({"event_id": "evt_01JQ8X5W3N0000000000000000"});
    assert_eq!(client.post(&format!("{path}/redeliver"), unknown).await.status, 404);
    settled(&client, &broken, 3).await;
    let page = client.get(&format!("{path}/deliveries?limit=2")).await;
    assert_eq!(page.body.as_array().unwrap().len(), 2);
    let token = page.header("x-next-page-token").unwrap();
    let rest = client.get(&format!("{path}/deliveries?limit=2&page_token={token}")).await;
    assert_eq!(rest.body.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_switched_off() {
    let app = App::with(config()).await;
    let receiver = Receiver::start().await;
    let client = app.test("a@example.com").await;
    let gone = endpoint(&client, &receiver.url("410")).await;
    client.create(json!({})).await;
    let log = settled(&client, &gone, 1).await;
    assert_eq!(log[0]["attempts"].as_array().unwrap().len(), 1);
    let read = client.get(&format!("/v1/webhooks/{}", text(&gone, "id"))).await;
    assert_eq!(read.body["is_active"], false);
    assert!(text(&read.body, "disabled_reason").contains("410"), "{}", read.body);
    client.create(json!({})).await;
    assert_eq!(settled(&client, &gone, 1).await.len(), 1, "nothing more is sent there");
    assert_eq!(receiver.at("410").len(), 1);
}

#[tokio::test]
async fn a_bad_endpoint_costs_the_others_nothing() {
    let app = App::with(config()).await;
    let mut receiver = Receiver::start().await;
    let client = app.test("a@example.com").await;
    let early = receiver.closing_early().await;
    for url in [receiver.url("hang"), receiver.url("flood"), receiver.url("500"), early] {
        endpoint(&client, &url).await;
    }
    endpoint(&client, &receiver.url("ok")).await;
    let mut expected = Vec::new();
    for _ in 0..30 {
        expected.push(client.create(json!({})).await["call_id"].clone());
    }
    // Far below the ten seconds that the hanging one is given.
    let all = tokio::time::timeout(Duration::from_secs(9), receiver.wait("ok", 30)).await;
    let got = all.expect("thirty events wait for an endpoint that hangs");
    let mut calls: Vec<Value> =
        got.iter().map(|one| one.json()["call"]["call_id"].clone()).collect();
    let key = |call: &Value| call.as_str().unwrap().to_owned();
    calls.sort_by_key(key);
    expected.sort_by_key(key);
    assert_eq!(calls, expected, "each once");
    let flood = receiver.wait("flood", 30).await;
    assert_eq!(flood.len(), 30, "a flood of an answer is not read");
}

#[tokio::test]
async fn addresses_inside_are_refused_when_they_are_reached() {
    // Written as the engine would have it, past the check of the request.
    let mut inside = Config::default();
    inside.webhooks.retry_secs = vec![];
    let app = App::with(inside).await;
    let receiver = Receiver::start().await;
    let client = app.test("a@example.com").await;
    let call = client.create(json!({})).await;
    let port = receiver.base.rsplit(':').next().unwrap().to_owned();
    for url in [
        receiver.url("ok"),
        format!("http://localhost:{port}/ok"),
        format!("http://[::ffff:127.0.0.1]:{port}/ok"),
    ] {
        let made = endpoint(&client, "https://example.com/placeholder").await;
        let record = app.record(&text(&call, "id")).await;
        let id = text(&made, "webhook_id").parse().unwrap();
        let mut webhook = app.server.store.webhook(&record.scope(), id).await.unwrap().unwrap();
        webhook.url = url.clone();
        app.server.store.update_webhook(&webhook).await.unwrap();
        let path = format!("/v1/webhooks/{}", text(&made, "webhook_id"));
        assert_eq!(client.post(&format!("{path}/test"), json!({})).await.status, 202);
        let log = settled(&client, &made, 1).await;
        assert_eq!(log[0]["state"], "failed", "{url}");
        let error = text(&log[0]["attempts"][0], "error");
        assert!(error.contains("may"), "{url}: {error}");
    }
    assert!(receiver.at("ok").is_empty());
}
