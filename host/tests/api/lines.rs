//! Numbers to call from: the first, more of them, the one a call takes, and the way back.

use std::collections::BTreeSet;

use agenticcalling::config::Config;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, Client, NUMBER, call, text};

async fn free() -> App {
    let mut config = Config::default();
    config.plans.default = "free".into();
    App::with(config).await
}

async fn line(client: &Client, wanted: Value) -> Value {
    let made = client.post("/v1/lines", wanted).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

#[tokio::test]
async fn an_organization_has_a_line_from_the_start() {
    let app = free().await;
    let client = app.test("a@example.com").await;
    let lines = client.get("/v1/lines").await.body;
    let [line] = &lines.as_array().unwrap()[..] else { panic!("not one line: {lines}") };
    assert_eq!(line["country"], "US");
    assert!(text(line, "phone_number").starts_with("+1"));
    let id = text(line, "id");
    assert!(id.starts_with("line_") && line["line_id"] == *id);
    for path in [format!("/v1/lines/{id}"), format!("/v1/lines/{}", &id["line_".len()..])] {
        assert_eq!(client.get(&path).await.body, *line);
    }
    // It is the one that calls are made from.
    let made = client.create(json!({})).await;
    assert_eq!(made["from_line_id"], id);
    assert_eq!(made["from_number"], line["phone_number"]);
}

#[tokio::test]
async fn a_plan_without_more_lines_says_so_in_the_documented_shape() {
    let app = free().await;
    let client = app.test("a@example.com").await;
    let refused = client.post("/v1/lines", json!({"country": "US"})).await;
    assert_eq!(refused.status, 402);
    let expected = json!({"error": {
        "code": "line_limit_reached",
        "message": "The plan \"free\" includes 1 phone line.",
        "details": {
            "plan": "free", "lines_used": 1, "lines_limit": 1, "upgrade_url": "/dashboard/upgrade"
        },
        "suggestions": [
            "Upgrade to Pro for unlimited lines",
            "Release a line that is not needed: DELETE /v1/lines/{line_id}"
        ]
    }});
    assert_eq!(refused.body, expected);
    let org = client.org.parse().unwrap();
    assert!(app.server.store.set_plan(org, "pro").await.unwrap());
    line(&client, json!({})).await;
}

#[tokio::test]
async fn two_requests_at_once_do_not_share_the_last_place() {
    let mut config = Config::default();
    config.plans.table.get_mut("unlimited").unwrap().lines = Some(3);
    let app = App::with(config).await;
    let client = app.test("a@example.com").await;
    let tries = (0..8).map(|_| client.post("/v1/lines", json!({"country": "FR"})));
    let answers = futures::future::join_all(tries).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let over = answers.iter().filter(|answer| answer.status == 402).count();
    assert_eq!((made, over), (2, 6));
}

#[tokio::test]
async fn more_than_forty_countries_have_lines() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let refused = client.post("/v1/lines", json!({"country": "XX"})).await;
    assert_eq!(refused.status, 422);
    let detail = refused.text("detail");
    let (_, known) = detail.split_once("one of ").unwrap();
    let mut numbers = BTreeSet::new();
    for country in known.split(", ") {
        let made = line(&client, json!({"country": country.to_lowercase()})).await;
        assert_eq!(made["country"], country);
        numbers.insert(text(&made, "phone_number"));
    }
    assert!(numbers.len() > 40, "{} countries", numbers.len());
    let mut listed = BTreeSet::new();
    let mut path = "/v1/lines?limit=20".to_owned();
    loop {
        let page = client.get(&path).await;
        listed.extend(page.body.as_array().unwrap().iter().map(|one| text(one, "phone_number")));
        let Some(token) = page.header("x-next-page-token") else { break };
        path = format!("/v1/lines?limit=20&page_token={token}");
    }
    assert!(listed.is_superset(&numbers) && listed.len() == numbers.len() + 1);
}

#[tokio::test]
async fn the_best_line_is_taken_unless_one_is_named() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let client = app.key(&live, json!({"mode": "test"})).await;
    let first = client.get("/v1/lines").await.body[0]["id"].clone();
    let french = line(&client, json!({"country": "FR"})).await;
    assert_eq!(client.create(json!({})).await["from_line_id"], first, "one of the same country");
    let named = client.create(json!({"from_line_id": french["id"]})).await;
    assert_eq!(named["from_number"], french["phone_number"]);
    // A tenant's own line goes before those of all.
    let in_pod = client.create(json!({"pod_id": "one"})).await;
    assert_eq!(in_pod["from_line_id"], first);
    let own = line(&client, json!({"country": "FR", "pod_id": "one"})).await;
    assert_eq!(client.create(json!({"pod_id": "one"})).await["from_line_id"], own["id"]);
    // And is nobody else's.
    let other_pod = app.key(&live, json!({"mode": "test", "pod_id": "two"})).await;
    let stranger = app.test("b@example.com").await;
    for (who, pod) in [(&other_pod, json!(null)), (&stranger, json!(null)), (&client, json!("two"))]
    {
        let wanted = call(json!({"from_line_id": own["id"], "pod_id": pod}));
        let refused = who.post("/v1/calls", wanted).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert_eq!(refused.text("detail"), "from_line_id: there is no such line");
    }
    let never = call(json!({"from_line_id": "line_abc123"}));
    let refused = client.post("/v1/calls", never).await;
    assert_eq!(refused.text("detail"), "from_line_id: there is no such line");
    let id = text(&own, "id");
    for who in [&other_pod, &stranger, &live] {
        assert_eq!(who.get(&format!("/v1/lines/{id}")).await.status, 404);
        assert_eq!(who.delete(&format!("/v1/lines/{id}")).await.status, 404);
    }
}

#[tokio::test]
async fn a_line_is_released_when_no_call_needs_it() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client.create(json!({})).await;
    let path = format!("/v1/lines/{}", text(&made, "from_line_id"));
    let refused = client.delete(&path).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    let cancel = format!("/v1/calls/{}/cancel", text(&made, "id"));
    assert_eq!(client.delete(&cancel).await.status, 200);
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.delete(&path).await.status, 404);
    let refused = client.post("/v1/calls", call(json!({}))).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text("detail").contains("POST /v1/lines"), "{}", refused.body);
}

#[tokio::test]
async fn live_lines_need_a_carrier() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    assert_eq!(live.get("/v1/lines").await.body, json!([]));
    let refused = live.post("/v1/lines", json!({"country": "US"})).await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.body["code"], "carrier_not_configured");
}

#[tokio::test]
async fn calls_between_a_line_and_a_number_are_one_conversation() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let french = line(&client, json!({"country": "FR"})).await;
    let first = client.create(json!({})).await;
    let other_line = client.create(json!({"from_line_id": french["id"]})).await;
    let in_pod = client.create(json!({"pod_id": "one"})).await;
    let second = client.create(json!({})).await;
    let id = text(&first, "conversation_id");
    assert!(id.starts_with("conv_"));
    assert_eq!(second["conversation_id"], id);
    assert_ne!(other_line["conversation_id"], id);
    assert_ne!(in_pod["conversation_id"], id);

    let mut record = app.record(&text(&first, "id")).await;
    record.call.status = call::Status::Completed;
    record.outcome.summary = Some("They asked 72.".into());
    app.write(&record).await;
    let read = client.get(&format!("/v1/conversations/{id}")).await;
    assert_eq!(read.status, 200, "{}", read.body);
    assert_eq!((&read.body["number"], &read.body["call_count"]), (&json!(NUMBER), &json!(2)));
    let calls = read.body["calls"].as_array().unwrap();
    let calls: Vec<&Value> = calls.iter().map(|call| &call["call_id"]).collect();
    assert_eq!(calls, [&second["call_id"], &first["call_id"]]);
    let context = text(&read.body, "previous_call_context");
    assert!(context.ends_with("(completed): They asked 72."), "{context}");
    client.create(json!({"previous_call_context": context})).await;

    let listed = client.get(&format!("/v1/calls?conversation_id={id}")).await;
    assert_eq!(listed.body.as_array().unwrap().len(), 3);
    let all = client.get("/v1/conversations").await;
    assert_eq!(all.body.as_array().unwrap().len(), 3);
    assert_eq!(all.body[0]["id"], id, "that of the last call comes first");
    let of_line = format!("/v1/conversations?line_id={}", text(&french, "id"));
    let of_line = client.get(&of_line).await.body;
    assert_eq!(of_line.as_array().unwrap().len(), 1);
    assert_eq!(of_line[0]["id"], other_line["conversation_id"]);
    let mut seen = BTreeSet::new();
    let mut path = "/v1/conversations?limit=1".to_owned();
    loop {
        let page = client.get(&path).await;
        assert_eq!(page.body.as_array().unwrap().len(), 1, "{path}");
        seen.insert(text(&page.body[0], "id"));
        let Some(token) = page.header("x-next-page-token") else { break };
        path = format!("/v1/conversations?limit=1&page_token={token}");
    }
    assert_eq!(seen.len(), 3);
    let stranger = app.test("b@example.com").await;
    assert_eq!(stranger.get(&format!("/v1/conversations/{id}")).await.status, 404);
    assert_eq!(stranger.get("/v1/conversations").await.body, json!([]));
    let wrong = client.send(Method::GET, "/v1/conversations?number=12", None).await;
    assert_eq!(wrong.status, 422);
}
