//! Single calls: reading results and cancelling.

use agenticcalling::engine::Control;
use agenticcalling::store::{EventFilter, RuleCheck, Ungrounded, Withheld};
use call::{AnsweredBy, Status};
use domain::{MicroUsd, Speaker, Turn};
use serde_json::json;

use crate::app::{App, text};

#[tokio::test]
async fn results_are_shown_as_documented() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let id = text(&client.create(json!({})).await, "id");
    let mut record = app.record(&id).await;
    record.call.status = Status::Completed;
    record.call.attempt = 2;
    record.call.answered_by = Some(AnsweredBy::Human);
    record.call.answered_at = Some(record.updated_at);
    let said = |speaker, text: &str| Turn {
        speaker,
        text: text.into(),
        started_ms: 10,
        ended_ms: 20,
        interrupted: false,
    };
    let outcome = &mut record.outcome;
    outcome.success = Some(true);
    outcome.summary = Some("Supplier quoted $52/unit".into());
    outcome.structured_data = Some(json!({"quoted_price": 52.0}));
    outcome.duration_seconds = Some(252);
    outcome.cost = Some(MicroUsd(270_000));
    outcome.cost_telephony = MicroUsd(84_000);
    outcome.cost_servers = MicroUsd(96_000);
    outcome.cost_llm = MicroUsd(90_000);
    outcome.recording_key = Some("recordings/a.wav".into());
    outcome.transcript_key = Some("transcripts/a.json".into());
    outcome.transcript =
        vec![said(Speaker::Agent, "Hi, this is Alex"), said(Speaker::Callee, "How many units?")];
    outcome.rule_checks = vec![RuleCheck {
        rule: "Never agree above $60".into(),
        enforcement: "deterministic".into(),
        reading: "price ceiling: 60 USD".into(),
        clauses_checked: 9,
        clauses_withheld: 1,
    }];
    outcome.withheld = vec![Withheld {
        text: "65 is fine".into(),
        rule: Some("Never agree above $60".into()),
        reason: "65 USD is above 60 USD".into(),
        at_ms: 5000,
    }];
    outcome.ungrounded = vec![Ungrounded {
        field: "moq".into(),
        value: json!(100),
        reason: "nobody said it".into(),
    }];
    outcome.notes = vec!["quoted_price: 50 was corrected to 52 in the call".into()];
    app.write(&record).await;
    let call = client.call(&id).await;
    assert_eq!(call["notes"][0], "quoted_price: 50 was corrected to 52 in the call");
    for (field, expected) in [
        ("status", json!("completed")),
        ("attempt_number", json!(2)),
        ("answered_by", json!("human")),
        ("success", json!(true)),
        ("summary", json!("Supplier quoted $52/unit")),
        ("structured_data", json!({"quoted_price": 52.0})),
        ("duration_seconds", json!(252)),
        ("cost", json!(0.27)),
        ("cost_breakdown", json!({"telephony": 0.084, "servers": 0.096, "llm": 0.09})),
        ("recording_url", json!(format!("/v1/calls/{id}/recording"))),
        ("transcript_url", json!(format!("/v1/calls/{id}/transcript"))),
        ("scheduled_for", json!(null)),
    ] {
        assert_eq!(call[field], expected, "{field}");
    }
    assert_eq!(call["transcript"][0]["speaker"], "agent");
    assert_eq!(call["transcript"][1]["speaker"], "human");
    assert_eq!(call["transcript"][1]["text"], "How many units?");
    assert_eq!(call["rule_checks"][0]["clauses_withheld"], 1);
    assert_eq!(call["withheld"][0]["at_ms"], 5000);
    assert_eq!(call["ungrounded"][0]["value"], 100);
    let attempts = client.get(&format!("/v1/calls/{id}/attempts")).await;
    assert_eq!((attempts.status.as_u16(), attempts.body), (200, json!([])));
}

#[tokio::test]
async fn a_call_is_cancelled_only_before_it_is_answered() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    for status in Status::ALL {
        let id = text(&client.create(json!({})).await, "id");
        let mut record = app.record(&id).await;
        record.call.status = status;
        app.write(&record).await;
        let cancelled = client.delete(&format!("/v1/calls/{id}/cancel")).await;
        let can = status.is_waiting() || matches!(status, Status::Dialing | Status::Cancelled);
        let after = app.record(&id).await;
        if can {
            assert_eq!(cancelled.status, 200, "{status}: {}", cancelled.body);
            assert_eq!(cancelled.body["status"], "cancelled");
            assert_eq!(after.call.status, Status::Cancelled, "{status}");
            assert_eq!(after.wake_at.is_some(), status == Status::Cancelled, "{status}");
        } else {
            assert_eq!(cancelled.status, 409, "{status}");
            assert!(cancelled.text("detail").contains(status.as_str()), "{}", cancelled.body);
            assert_eq!(after.call.status, status);
        }
        let (scope, filter) = (after.scope(), EventFilter::of_call(after.id));
        let events = app.server.store.events(&scope, &filter, None, 10);
        let told = events.await.unwrap().iter().any(|event| event.event_type == "call.cancelled");
        assert_eq!(told, can && status != Status::Cancelled, "{status}");
    }
}

#[tokio::test]
async fn the_task_of_a_ringing_call_is_told() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let id = text(&client.create(json!({})).await, "id");
    let mut record = app.record(&id).await;
    record.call.status = Status::Dialing;
    app.write(&record).await;
    let mut control = app.server.live.enter(record.id);
    assert_eq!(client.delete(&format!("/v1/calls/{id}/cancel")).await.status, 200);
    assert_eq!(control.try_recv(), Ok(Control::Changed));
}

#[tokio::test]
async fn unknown_calls_are_not_found() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    for id in ["01HXYZ0000000000000000000Z", "nonsense", "call_", "batch_01HXYZ", "%00", "é"] {
        for (method, path) in [
            (reqwest::Method::GET, format!("/v1/calls/{id}")),
            (reqwest::Method::DELETE, format!("/v1/calls/{id}/cancel")),
            (reqwest::Method::GET, format!("/v1/calls/{id}/transcript")),
            (reqwest::Method::GET, format!("/v1/calls/{id}/recording")),
            (reqwest::Method::GET, format!("/v1/calls/{id}/attempts")),
        ] {
            let answer = client.send(method, &path, None).await;
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(answer.body["detail"], "there is no such call", "{path}");
        }
    }
}
