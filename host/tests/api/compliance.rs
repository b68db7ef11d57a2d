//! Who must not be called, and what else stands before a call.

use agenticcalling::config::Config;
use agenticcalling::store::{Change, Metered, Usage};
use domain::MicroUsd;
use reqwest::Method;
use serde_json::json;

use crate::app::{App, NUMBER, OTHER_NUMBER, answer, call, text};

#[tokio::test]
async fn a_listed_number_is_not_called() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let listed = client
        .post("/v1/do-not-call", json!({"numbers": [NUMBER], "note": "Asked by e-mail"}))
        .await;
    assert_eq!(listed.status, 201, "{}", listed.body);
    assert_eq!(listed.body, json!({"added": 1, "already_listed": 0}));
    let again = client.post("/v1/do-not-call", json!({"numbers": [NUMBER, OTHER_NUMBER]})).await;
    assert_eq!(again.body, json!({"added": 1, "already_listed": 1}));
    let refused = client.post("/v1/calls", call(json!({}))).await;
    assert_eq!((refused.status.as_u16(), refused.text("code")), (422, "do_not_call".into()));
    assert!(refused.text("detail").contains("do-not-call list since"), "{}", refused.body);
    let batch = json!({"objective": "Ask", "targets": [{"to": NUMBER}]});
    let refused = client.post("/v1/calls/batch", batch).await;
    assert_eq!(refused.body["errors"][0]["field"], "targets[0].to");

    let first = client.get("/v1/do-not-call?limit=1").await;
    assert_eq!(first.body[0]["number"], NUMBER);
    assert_eq!(
        (&first.body[0]["source"], &first.body[0]["note"]),
        (&json!("api"), &json!("Asked by e-mail"))
    );
    let token = first.header("x-next-page-token").unwrap();
    let rest = client.get(&format!("/v1/do-not-call?limit=1&page_token={token}")).await;
    assert_eq!(rest.body[0]["number"], OTHER_NUMBER);
    assert_eq!(rest.header("x-next-page-token"), None);
    assert_eq!(client.get("/v1/do-not-call?page_token=forged").await.status, 422);

    let stranger = app.test("b@example.com").await;
    stranger.create(json!({})).await;
    assert_eq!(stranger.delete(&format!("/v1/do-not-call/{NUMBER}")).await.status, 404);
    assert_eq!(client.delete(&format!("/v1/do-not-call/{NUMBER}")).await.status, 204);
    client.create(json!({})).await;
    assert_eq!(client.delete("/v1/do-not-call/nonsense").await.status, 422);
}

#[tokio::test]
async fn a_pods_list_holds_in_that_pod() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let all = app.key(&live, json!({"mode": "test"})).await;
    let one = app.key(&live, json!({"mode": "test", "pod_id": "one"})).await;
    let two = app.key(&live, json!({"mode": "test", "pod_id": "two"})).await;
    assert_eq!(one.post("/v1/do-not-call", json!({"numbers": [NUMBER]})).await.status, 201);
    assert_eq!(one.post("/v1/calls", call(json!({}))).await.status, 422);
    let in_pod = call(json!({"pod_id": "one"}));
    assert_eq!(all.post("/v1/calls", in_pod).await.status, 422);
    two.create(json!({})).await;
    all.create(json!({})).await;
    assert_eq!(two.get("/v1/do-not-call").await.body, json!([]));
    assert_eq!(two.delete(&format!("/v1/do-not-call/{NUMBER}")).await.status, 404);
    assert_eq!(all.get("/v1/do-not-call").await.body[0]["pod_id"], "one");
    assert_eq!(all.delete(&format!("/v1/do-not-call/{NUMBER}?pod_id=one")).await.status, 204);
}

#[tokio::test]
async fn a_csv_file_is_imported_and_its_bad_rows_are_named() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let import = async |csv: &str, kind: &str| {
        let request = client.request(Method::POST, "/v1/do-not-call/import");
        answer(request.header("content-type", kind).body(csv.to_owned())).await
    };
    let csv = "Name,Phone,Note\n\"Chen, Mike\",+1 (202) 555-0100,asked\nNobody,12345,\nPark,+12025550101,\n\
               Park,+12025550101,twice\n";
    let imported = import(csv, "text/csv; charset=utf-8").await;
    assert_eq!(imported.status, 200, "{}", imported.body);
    assert_eq!(
        (&imported.body["added"], &imported.body["already_listed"], &imported.body["rejected"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert_eq!(imported.body["rejected_rows"][0]["line"], 3);
    let listed = client.get("/v1/do-not-call").await.body;
    assert_eq!(
        (&listed[0]["number"], &listed[0]["note"]),
        (&json!("+12025550100"), &json!("asked"))
    );
    assert_eq!(listed[0]["source"], "import");
    let plain = import("+12025550102\n+12025550103\n", "text/csv").await;
    assert_eq!(plain.body["added"], 2, "without a header the first column counts");
    assert_eq!(import("\u{0}\u{1}\n,,,\n", "text/csv").await.body["rejected"], 2);
    assert_eq!(import("", "text/csv").await.body["added"], 0);
    assert_eq!(import("+12025550104", "application/json").await.status, 415);
    // Larger than any other body may be.
    let many: String = (0..40_000).map(|n| format!("+1202556{n:04}\n", n = n % 10_000)).collect();
    assert_eq!(import(&many, "text/csv").await.body["added"], 10_000);
}

#[tokio::test]
async fn consent_is_asked_for_where_the_settings_say_so() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let test = app.key(&live, json!({"mode": "test"})).await;
    let settings = live.get("/v1/auth/settings").await.body;
    let defaults = json!({
        "record_calls": true, "recording_disclosure": "auto", "require_consent": false,
        "openai_api_key_set": false, "gemini_api_key_set": false
    });
    assert_eq!(settings, defaults);
    let change = json!({"require_consent": true, "recording_disclosure": "always"});
    let refused = test.send(Method::PATCH, "/v1/auth/settings", Some(change.clone())).await;
    assert_eq!(refused.status, 403, "a test key changes nothing of the live world");
    let changed = live.send(Method::PATCH, "/v1/auth/settings", Some(change)).await;
    assert_eq!((changed.status.as_u16(), changed.body), (200, json!({"updated": true})));
    assert_eq!(test.get("/v1/auth/settings").await.body["recording_disclosure"], "always");
    let without = test.post("/v1/calls", call(json!({}))).await;
    assert_eq!(
        (without.status.as_u16(), &without.body["errors"][0]["field"]),
        (422, &json!("consent"))
    );
    let made = test.create(json!({"consent": "Written consent of 2026-03-02"})).await;
    assert_eq!(made["consent"], "Written consent of 2026-03-02");
    let wrong = json!({"recording_disclosure": "sometimes"});
    assert_eq!(live.send(Method::PATCH, "/v1/auth/settings", Some(wrong)).await.status, 422);
}

#[tokio::test]
async fn without_minutes_there_is_no_call_but_the_documented_answer() {
    let mut config = Config::default();
    config.plans.default = "free".into();
    let app = App::with(config).await;
    let client = app.test("a@example.com").await;
    let made = client.create(json!({})).await;
    let record = app.record(&text(&made, "id")).await;
    let month = call::billing::month_of(record.updated_at);
    let usage = Usage { billed_seconds: 300, billed_calls: 1, cost: MicroUsd(1) };
    let metered = Some(Metered { month, usage, warning: None });
    app.server.store.apply(Change { metered, ..Change::of(&record) }).await.unwrap();
    for path in ["/v1/calls", "/v1/calls/batch"] {
        let body = match path {
            "/v1/calls" => call(json!({})),
            _ => json!({"objective": "Ask", "targets": [{"to": NUMBER}]}),
        };
        let refused = client.post(path, body).await;
        assert_eq!(refused.status, 402, "{}", refused.body);
        let error = &refused.body["error"];
        assert_eq!(error["code"], "insufficient_balance");
        assert_eq!(error["message"], "You've used all 5 free minutes this month.");
        let details = &error["details"];
        assert_eq!((&details["plan"], &details["minutes_used"]), (&json!("free"), &json!(5.0)));
        assert_eq!(details["minutes_limit"], json!(5.0));
        assert!(text(details, "resets_at").ends_with("-01T00:00:00Z"), "{details}");
        assert_eq!(details["upgrade_url"], "/dashboard/upgrade");
        assert_eq!(error["suggestions"].as_array().unwrap().len(), 2);
    }
}
