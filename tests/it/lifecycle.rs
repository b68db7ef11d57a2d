//! The life of a call beyond one conversation: what holds a dial up, what the other side asks for, what
//! comes of voicemails and screeners by the caller's policy.

use std::time::Duration;

use agenticcalling::store::{CallRecord, Change, EventFilter, Metered, Usage};
use agenticcalling_tests::{CALL_MAX, TestServer};
use call::{FailReason, Status};
use domain::{CallId, MicroUsd, Time};
use serde_json::{Value, json};

/// Calls a scenario, with some fields changed, and follows it to its end.
async fn called(server: &TestServer, scenario: &str, more: &Value) -> (Value, Vec<Value>) {
    let id = begun(server, scenario, more).await;
    followed(server, &id).await
}

/// The call at its end, and every event of it that is stored.
async fn followed(server: &TestServer, id: &str) -> (Value, Vec<Value>) {
    let (call, _) = server.client.follow(id).await.unwrap();
    let record = record(server, id).await;
    let filter = EventFilter::of_call(record.id);
    let store = &server.running.server.store;
    let events = store.events(&record.scope(), &filter, None, 100).await.unwrap();
    (call, events.into_iter().map(|event| event.payload).collect())
}

async fn begun(server: &TestServer, scenario: &str, more: &Value) -> String {
    let mut request = server.client.scenario(scenario).await.unwrap();
    for (field, value) in more.as_object().unwrap() {
        request[field] = value.clone();
    }
    server.client.call(&request).await.unwrap()
}

async fn until(server: &TestServer, id: &str, wanted: &str) -> Value {
    let reached = async {
        loop {
            let call = server.client.get(&format!("/v1/calls/{id}")).await.unwrap();
            if call["status"] == wanted {
                return call;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(CALL_MAX, reached).await.unwrap()
}

fn types(told: &[Value]) -> Vec<&str> {
    told.iter().filter_map(|event| event["event_type"].as_str()).collect()
}

async fn record(server: &TestServer, id: &str) -> CallRecord {
    let id: CallId = id.parse().unwrap();
    server.running.server.store.call_unscoped(id).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_other_side_asks_for_is_heard() {
    let server = TestServer::start().await.unwrap();
    let retries = json!({"retry_policy": {"max_attempts": 3, "backoff": [0]}});
    let (wrong, human, text) = tokio::join!(
        called(&server, "wrong_number", &retries),
        called(&server, "wants_human", &retries),
        called(&server, "text_me", &retries),
    );
    for ((call, _), kind, words) in [
        (&wrong, "wrong_number", "wrong number"),
        (&human, "speak_to_human", "real person"),
        (&text, "sms", "text me"),
    ] {
        assert_eq!((&call["status"], &call["attempt_number"]), (&json!("completed"), &json!(1)));
        let asked = call["requests"].as_array().unwrap();
        let asked = asked.iter().find(|asked| asked["kind"] == kind);
        let said = asked.unwrap_or_else(|| panic!("{kind} was not heard: {call:#}"));
        assert!(said["words"].as_str().unwrap().contains(words), "{call:#}");
    }
    assert!(types(&text.1).contains(&"call.channel_switched"), "{:#?}", text.1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_back_is_scheduled_where_the_callee_is() {
    let server = TestServer::start().await.unwrap();
    let policy = json!({"retry_policy": {"max_attempts": 3, "timezone": "Asia/Tokyo"}});
    let id = begun(&server, "call_back", &policy).await;
    let call = until(&server, &id, "needs_follow_up").await;
    // Tomorrow at two in the afternoon in Washington, whatever zone the policy is written in.
    let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let tomorrow = zone.to_datetime(jiff::Timestamp::now()).date().tomorrow().unwrap();
    let expected = zone.to_timestamp(tomorrow.at(14, 0, 0, 0)).unwrap();
    assert_eq!(call["scheduled_for"], expected.to_string(), "{call:#}");
    assert_eq!(call["requests"][0]["kind"], "call_back");
    let url = format!("{}/v1/calls/{id}/cancel", server.client.base);
    let cancelled = server.client.http.delete(url).bearer_auth(&server.client.key).send().await;
    assert_eq!(cancelled.unwrap().status(), 200, "a call-back can be cancelled");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn voicemails_and_screeners_are_met_as_the_caller_wants() {
    let server = TestServer::start().await.unwrap();
    let again =
        json!({"on_voicemail": "retry", "retry_policy": {"max_attempts": 2, "backoff": [0]}});
    let never =
        json!({"on_voicemail": "hang_up", "retry_policy": {"max_attempts": 2, "backoff": [0]}});
    let not_screened = json!({"on_screening": "hang_up"});
    let (again, never, screened) = tokio::join!(
        called(&server, "voicemail", &again),
        called(&server, "voicemail", &never),
        called(&server, "screener", &not_screened),
    );
    for ((call, told), reason, attempts) in
        [(&again, "voicemail", 2), (&never, "voicemail", 1), (&screened, "screened", 1)]
    {
        assert_eq!((&call["status"], &call["reason"]), (&json!("exhausted"), &json!(reason)));
        assert_eq!(call["attempt_number"], attempts, "{call:#}");
        let failed = types(told).iter().filter(|kind| **kind == "call.attempt_failed").count();
        assert_eq!(failed, attempts, "{told:#?}");
        assert_eq!(types(told).last(), Some(&"call.exhausted"));
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_not_to_be_called_is_not_called_again() {
    let server = TestServer::start().await.unwrap();
    let scheduled = (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(45)).to_string();
    let later = begun(&server, "do_not_call", &json!({"schedule_at": scheduled})).await;
    let (call, told) = called(&server, "do_not_call", &json!({})).await;
    assert_eq!(call["status"], "completed", "{call:#}");
    let expected = [
        "call.queued",
        "call.attempting",
        "call.connected",
        "call.dnc_requested",
        "call.completed",
    ];
    assert_eq!(types(&told), expected);
    let listed = server.client.get("/v1/do-not-call").await.unwrap();
    assert_eq!(
        (&listed[0]["source"], &listed[0]["call_id"]),
        (&json!("request"), &call["call_id"])
    );
    assert!(listed[0]["note"].as_str().unwrap().contains("take me off"), "{listed:#}");
    let request = server.client.scenario("do_not_call").await.unwrap();
    let refused = server.client.call(&request).await.unwrap_err().to_string();
    assert!(refused.contains("422") && refused.contains("do-not-call"), "{refused}");
    // The one that was scheduled before anybody asked is not dialled either.
    let (call, told) = followed(&server, &later).await;
    assert_eq!((&call["status"], &call["reason"]), (&json!("cancelled"), &json!("do_not_call")));
    assert_eq!(types(&told), ["call.queued", "call.cancelled"]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_that_runs_out_cancels_what_is_queued_and_pauses_what_was_tried() {
    let server = TestServer::with(|config| {
        config.plans.default = "free".into();
        config.billing.grace_seconds = 0;
    })
    .await
    .unwrap();
    let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3)).to_string();
    let queued = begun(&server, "busy", &json!({"schedule_at": soon})).await;
    let policy = json!({"retry_policy": {"max_attempts": 2, "backoff": [1000]}});
    let tried = begun(&server, "busy", &policy).await;
    until(&server, &tried, "retry_scheduled").await;
    let store = &server.running.server.store;
    let now = agenticcalling::clock::now();

    // The retry is due now, and the month's minutes are used up.
    let mut retry = record(&server, &tried).await;
    retry.call.due_at = Some(now);
    retry.wake_at = Some(now + Duration::from_secs(1));
    let usage = Usage { billed_seconds: 300, billed_calls: 1, cost: MicroUsd(42_000) };
    let metered = Metered { month: call::billing::month_of(now), usage, warning: None };
    store.apply(Change { metered: Some(metered), ..Change::of(&retry) }).await.unwrap();
    let (call, _) = server.client.follow(&queued).await.unwrap();
    let reason = json!("insufficient_balance");
    assert_eq!((&call["status"], &call["reason"]), (&json!("cancelled"), &reason));
    let paused = async {
        while !record(&server, &tried).await.call.paused {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(CALL_MAX, paused).await.unwrap();
    let call = server.client.get(&format!("/v1/calls/{tried}")).await.unwrap();
    assert_eq!((&call["status"], &call["paused"]), (&json!("retry_scheduled"), &json!(true)));

    // With another plan it goes on at once.
    store.set_plan(retry.org, "pro").await.unwrap();
    assert_eq!(store.unpause(Some(retry.org), now).await.unwrap(), 1);
    let (call, _) = server.client.follow(&tried).await.unwrap();
    assert_eq!((&call["status"], &call["attempt_number"]), (&json!("exhausted"), &json!(2)));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_announced_or_not_made_as_the_settings_say() {
    let server = TestServer::start().await.unwrap();
    let settings = async |change: Value| {
        let url = format!("{}/v1/auth/settings", server.client.base);
        let request = server.client.http.patch(url).json(&change);
        let answer = request.bearer_auth(&server.client.live_key).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    };
    settings(json!({"recording_disclosure": "always"})).await;
    let (call, _) = called(&server, "hangs_up", &json!({})).await;
    let said = call["transcript"].to_string();
    assert!(said.contains("This call is recorded."), "{call:#}");
    assert_eq!(call["recording_disclosed"], true);
    settings(json!({"record_calls": false})).await;
    let (call, _) = called(&server, "hangs_up", &json!({})).await;
    assert_eq!((&call["status"], &call["recording_url"]), (&json!("completed"), &Value::Null));
    assert!(!call["transcript"].to_string().contains("recorded"), "{call:#}");
    assert!(std::fs::read_dir(server.data().join("recording")).unwrap().next().is_none());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_keeps_its_plans_places_and_ends_once() {
    let server = TestServer::with(|config| config.plans.default = "free".into()).await.unwrap();
    let busy = server.client.scenario("busy").await.unwrap();
    let targets: Vec<Value> = (0..8).map(|_| json!({"to": busy["to"]})).collect();
    let batch = json!({"objective": "Ask about their business hours", "targets": targets});
    // Every attempt of a batch has the default policy; one that fails for good ends its call.
    let made = server.client.post("/v1/calls/batch", &batch).await.unwrap();
    let ids: Vec<String> = made["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["id"].as_str().unwrap().to_owned())
        .collect();
    let mut live_most = 0;
    loop {
        let mut records = Vec::new();
        for id in &ids {
            records.push(record(&server, id).await);
        }
        let live = records.iter().filter(|record| record.call.status.is_live()).count();
        live_most = live_most.max(live);
        let tried = records.iter().filter(|record| record.call.status == Status::RetryScheduled);
        if tried.count() == ids.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!((1..=3).contains(&live_most), "{live_most} calls at once with three places");
    let starts = async {
        let mut starts: Vec<Time> = Vec::new();
        for id in &ids {
            let attempts = server.running.server.store.attempts(id.parse().unwrap()).await.unwrap();
            starts.push(attempts[0].started_at);
        }
        starts
    };
    let mut starts = starts.await;
    starts.sort();
    // One a second in the free plan; the burst of a pause is one more.
    let spread = starts[starts.len() - 1].since(starts[0]);
    assert!(spread >= Duration::from_secs(5), "eight dials within {spread:?}");
    for id in &ids {
        let url = format!("{}/v1/calls/{id}/cancel", server.client.base);
        server.client.http.delete(url).bearer_auth(&server.client.key).send().await.unwrap();
    }
    let id = made["batch_id"].as_str().unwrap();
    let done = server.client.get(&format!("/v1/calls/batch/{id}")).await.unwrap();
    assert_eq!(
        (&done["status"], &done["statuses"]),
        (&json!("completed"), &json!({"cancelled": 8}))
    );
    let first = record(&server, &ids[0]).await;
    assert_eq!(first.call.reason, Some(FailReason::Busy));
    server.stop().await;
}
