//! Creating calls: what comes back, defaults, and repeating a request.

use agenticcalling::config::Config;
use agenticcalling::store::EventFilter;
use serde_json::{Value, json};

use crate::app::{App, NUMBER, call, text};

#[tokio::test]
async fn a_new_call_has_every_documented_key() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client
        .post(
            "/v1/calls",
            json!({
                "to": NUMBER,
                "objective": "Get bulk pricing for 500 steel beams",
                "context": "We are Acme Corp. Budget is $50-60 per unit.",
                "voice": "professional_male_en",
                "behavior_rules": ["Never agree to price above $60/unit"],
                "client_id": "steel-inquiry-v1"
            }),
        )
        .await;
    assert_eq!(made.status, 201);
    assert_eq!(made.header("idempotent-replayed"), None);
    let call = made.body;
    let id = text(&call, "id");
    assert_eq!(id.len(), 26);
    let line = client.get("/v1/lines").await.body[0].clone();
    let expected = json!({
        "id": id, "call_id": format!("call_{id}"), "organization_id": client.org,
        "to_number": NUMBER, "objective": "Get bulk pricing for 500 steel beams",
        "context": "We are Acme Corp. Budget is $50-60 per unit.", "previous_call_context": null,
        "status": "queued", "mode": "test", "attempt_number": 1, "max_attempts": 3,
        "language": "en", "voice": "professional_male_en", "pipeline": "pipeline",
        "playbook_id": "platform.price_inquiry", "persona_id": null, "pod_id": null,
        "batch_id": null, "client_id": "steel-inquiry-v1",
        "behavior_rules": ["Never agree to price above $60/unit"],
        "on_voicemail": "leave_message", "on_screening": "navigate", "max_duration_minutes": 30,
        "retry_policy": {
            "max_attempts": 3, "backoff": [15, 120], "business_hours_only": false,
            "timezone": "America/New_York", "on_no_answer": "retry", "on_busy": "retry",
            "on_voicemail": "leave_message", "expires_at": null
        },
        "webhook_url": null, "from_line_id": line["id"], "from_number": line["phone_number"],
        "conversation_id": call["conversation_id"], "schedule_at": null, "scheduled_for": call["created_at"], "answered_by": null, "reason": null, "success": null,
        "structured_data": null, "summary": null, "duration_seconds": null, "cost": null,
        "cost_breakdown": null, "recording_url": null, "transcript_url": null, "transcript": null,
        "rule_checks": [{
            "rule": "Never agree to price above $60/unit", "enforcement": "deterministic",
            "reading": "price ceiling: 60 USD per unit", "clauses_checked": 0,
            "clauses_withheld": 0, "clauses": []
        }],
        "withheld": [], "ungrounded": [], "notes": [],
        "requests": [], "recording_disclosed": false, "consent": null, "paused": false,
        "created_at": call["created_at"], "updated_at": call["created_at"]
    });
    assert_eq!(call, expected);
    let created = text(&call, "created_at");
    assert!(created.len() == 20 && created.ends_with('Z'), "{created}");
    assert_eq!(client.call(&id).await, expected);
    assert_eq!(client.call(&format!("call_{id}")).await, expected);
}

#[tokio::test]
async fn what_was_asked_for_is_what_is_kept() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let asked = json!({
        "playbook_id": "platform.general", "voice_gender": "male", "language": "PT-BR",
        "on_voicemail": "retry", "on_screening": "hang_up", "max_duration_minutes": 5,
        "schedule_at": "2099-03-26T10:00:00-04:00", "webhook_url": "https://example.com/hook",
        "pod_id": "customer_acme", "previous_call_context": "They asked us to call back",
        "pipeline": "pipeline",
        "retry_policy": {
            "max_attempts": 10, "backoff": [1], "business_hours_only": true,
            "timezone": "Europe/Berlin", "on_no_answer": "fail", "on_busy": "fail",
            "on_voicemail": "hang_up", "expires_at": "2099-04-01T00:00:00Z"
        }
    });
    let made = client.create(asked).await;
    for (field, expected) in [
        ("playbook_id", json!("platform.general")),
        ("voice", json!("professional_male_en")),
        ("language", json!("pt-BR")),
        // That of the call goes before that of its policy.
        ("on_voicemail", json!("retry")),
        ("on_screening", json!("hang_up")),
        ("max_duration_minutes", json!(5)),
        ("max_attempts", json!(10)),
        ("status", json!("scheduled")),
        ("schedule_at", json!("2099-03-26T14:00:00Z")),
        ("scheduled_for", json!("2099-03-26T14:00:00Z")),
        ("webhook_url", json!("https://example.com/hook")),
        ("pod_id", json!("customer_acme")),
        ("previous_call_context", json!("They asked us to call back")),
    ] {
        assert_eq!(made[field], expected, "{field}");
    }
    assert_eq!(made["retry_policy"]["expires_at"], "2099-04-01T00:00:00Z");
    assert_eq!(made["retry_policy"]["timezone"], "Europe/Berlin");
    assert_eq!(made["retry_policy"]["on_busy"], "fail");
}

#[tokio::test]
async fn a_call_is_queued_with_its_event_and_wakes_the_dispatcher() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client.create(json!({})).await;
    let woken = app.server.live.wake.notified();
    tokio::time::timeout(crate::app::PATIENCE, woken).await.expect("the dispatcher was told");
    let record = app.record(&text(&made, "id")).await;
    let filter = EventFilter::of_call(record.id);
    let events = app.server.store.events(&record.scope(), &filter, None, 10).await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].event_type, "call.queued");
    assert_eq!(events[0].payload["call"]["call_id"], made["call_id"]);
    assert_eq!(record.wake_at, record.call.due_at);
}

#[tokio::test]
async fn the_same_client_id_gives_the_same_call() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let first = client.create(json!({"client_id": "once"})).await;
    // The same, another body, and one that would now be refused: the first call stands.
    for more in [
        json!({"client_id": "once"}),
        json!({"client_id": "once", "objective": "Something else", "max_duration_minutes": 3}),
        json!({"client_id": "once", "schedule_at": "2020-01-01T00:00:00Z"}),
    ] {
        let again = client.post("/v1/calls", call(more)).await;
        assert_eq!(again.status, 200);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.body, first);
    }
    // Another pod is another tenant.
    let other = client.create(json!({"client_id": "once", "pod_id": "a"})).await;
    assert_ne!(other["id"], first["id"]);
    let listed = client.get("/v1/calls").await;
    assert_eq!(listed.body.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn many_at_once_with_one_client_id_make_one_call() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let mut tasks = Vec::new();
    for _ in 0..16 {
        let client = client.clone();
        tasks.push(tokio::spawn(async move {
            let answer = client.post("/v1/calls", call(json!({"client_id": "race"}))).await;
            (answer.status.as_u16(), answer.text("id"))
        }));
    }
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 15);
    assert!(answers.iter().all(|(_, id)| *id == answers[0].1));
}

#[tokio::test]
async fn what_is_not_configured_is_said() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let test = app.key(&live, json!({"mode": "test"})).await;
    check(&live, json!({}), "carrier_not_configured", "configure a carrier").await;
    check(&test, json!({"pipeline": "gemini"}), "pipeline_not_configured", "`pipeline` out").await;
    check(&test, json!({"pipeline": "realtime"}), "pipeline_not_configured", "only").await;
    // A mistake is told before what is missing.
    let wrong = live.post("/v1/calls", call(json!({"to": "1"}))).await;
    assert_eq!(wrong.status, 422);

    async fn check(client: &crate::app::Client, more: Value, code: &str, detail: &str) {
        let answer = client.post("/v1/calls", call(more)).await;
        assert_eq!(answer.status, 503, "{}", answer.body);
        assert_eq!(answer.body["code"], code);
        assert!(answer.text("detail").contains(detail), "{}", answer.body);
    }
}

#[tokio::test]
async fn plain_http_is_for_this_machine_and_only_if_configured() {
    let mut config = Config::default();
    config.webhooks.http_to_loopback = true;
    let app = App::with(config).await;
    let client = app.test("a@example.com").await;
    for url in ["http://127.0.0.1:9/hook", "http://localhost/x", "http://[::1]:8080/"] {
        client.create(json!({"webhook_url": url})).await;
    }
    for url in ["http://example.com/", "http://10.0.0.1/", "http://127.0.0.1.example.com/"] {
        let refused = client.post("/v1/calls", call(json!({"webhook_url": url}))).await;
        assert_eq!(refused.status, 422, "{url}");
    }
}
