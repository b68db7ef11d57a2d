//! Many calls in one request.

use serde_json::{Value, json};

use crate::app::{App, NUMBER, OTHER_NUMBER, text};

fn targets(count: usize) -> Vec<Value> {
    (0..count).map(|n| json!({"to": NUMBER, "context": format!("Supplier {n}")})).collect()
}

#[tokio::test]
async fn a_batch_makes_a_call_for_every_target() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client
        .post(
            "/v1/calls/batch",
            json!({
                "targets": [
                    {"to": NUMBER, "context": "Shenzhen Metals Co"},
                    {"to": OTHER_NUMBER, "objective": "Ask about their business hours"},
                    {"to": NUMBER, "client_id": "third"}
                ],
                "objective": "Get steel beam pricing quote for 500 units",
                "playbook_id": "platform.price_inquiry"
            }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.text("batch_id");
    assert!(id.starts_with("batch_"));
    assert_eq!((&made.body["total"], &made.body["status"]), (&json!(3), &json!("in_progress")));
    assert_eq!(made.body["statuses"], json!({"queued": 3}));
    let calls = made.body["calls"].as_array().unwrap();
    assert_eq!(calls[0]["context"], "Shenzhen Metals Co");
    assert_eq!(calls[1]["objective"], "Ask about their business hours");
    assert_eq!(calls[1]["to_number"], OTHER_NUMBER);
    for call in calls {
        assert_eq!(call["batch_id"], id.as_str());
        assert_eq!(call["playbook_id"], "platform.price_inquiry");
        assert_eq!(client.call(&text(call, "id")).await["batch_id"], id.as_str());
    }
    let listed = client.get(&format!("/v1/calls?batch_id={id}")).await;
    assert_eq!(listed.body.as_array().unwrap().len(), 3);

    for call in calls {
        let path = format!("/v1/calls/{}/cancel", text(call, "id"));
        assert_eq!(client.delete(&path).await.status, 200);
    }
    let read = client.get(&format!("/v1/calls/batch/{id}")).await;
    assert_eq!(read.body["statuses"], json!({"cancelled": 3}));
    assert_eq!(read.body["status"], "completed");
    assert!(read.body["completed_at"].is_string());
    assert_eq!(read.body["calls"].as_array().unwrap().len(), 3);
    let bare = id.trim_start_matches("batch_");
    assert_eq!(client.get(&format!("/v1/calls/batch/{bare}")).await.status, 200);
    let stranger = app.test("b@example.com").await;
    assert_eq!(stranger.get(&format!("/v1/calls/batch/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_thousand_targets_are_taken_and_one_more_is_not() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let batch = |count| json!({"objective": "Ask for a price", "targets": targets(count)});
    let made = client.post("/v1/calls/batch", batch(1000)).await;
    assert_eq!(made.status, 201);
    let calls = made.body["calls"].as_array().unwrap();
    assert_eq!((calls.len(), &calls[999]["context"]), (1000, &json!("Supplier 999")));
    for count in [0, 1001] {
        let refused = client.post("/v1/calls/batch", batch(count)).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["errors"][0]["field"]),
            (422, &json!("targets"))
        );
    }
}

#[tokio::test]
async fn one_wrong_target_stops_all_and_is_named() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let mut some = targets(3);
    some[1]["to"] = json!("+1");
    some[2]["client_id"] = json!("");
    let wrong = json!({"objective": "Ask for a price", "targets": some});
    let refused = client.post("/v1/calls/batch", wrong).await;
    assert_eq!(refused.status, 422);
    let fields: Vec<&Value> =
        refused.body["errors"].as_array().unwrap().iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, [&json!("targets[1].to"), &json!("targets[2].client_id")]);
    let without = json!({"targets": targets(1)});
    let refused = client.post("/v1/calls/batch", without).await;
    assert_eq!(refused.body["errors"][0]["field"], "targets[0].objective");
    assert_eq!(client.get("/v1/calls").await.body, json!([]), "nothing was created");
    let each = json!({"targets": [{"to": NUMBER, "objective": "Ask"}]});
    assert_eq!(client.post("/v1/calls/batch", each).await.status, 201);
}

#[tokio::test]
async fn a_target_that_was_created_before_is_answered_with_that_call() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let first = client.create(json!({"client_id": "known"})).await;
    let batch = json!({
        "objective": "Ask",
        "targets": [{"to": NUMBER, "client_id": "known"}, {"to": NUMBER, "client_id": "new"}]
    });
    let made = client.post("/v1/calls/batch", batch).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["calls"][0]["id"], first["id"]);
    assert_ne!(made.body["calls"][1]["id"], first["id"]);
    assert_eq!(made.body["statuses"], json!({"queued": 1}));
}
