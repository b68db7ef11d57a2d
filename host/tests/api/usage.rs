//! What an organization used, and the warning before it has used all.

use agenticcalling::config::Config;
use agenticcalling::store::{Change, Metered, Usage};
use domain::MicroUsd;
use serde_json::json;

use crate::app::{App, Client, text};

/// As if a call of so many seconds had ended.
async fn meter(app: &App, client: &Client, billed_seconds: u64) {
    let made = client.create(json!({})).await;
    let record = app.record(&text(&made, "id")).await;
    let month = call::billing::month_of(record.updated_at);
    let usage = Usage { billed_seconds, billed_calls: 1, cost: MicroUsd(126_000) };
    let metered = Some(Metered { month, usage, warning: None });
    app.server.store.apply(Change { metered, ..Change::of(&record) }).await.unwrap();
}

async fn free() -> App {
    let mut config = Config::default();
    config.plans.default = "free".into();
    App::with(config).await
}

#[tokio::test]
async fn usage_is_shown_as_documented() {
    let app = free().await;
    let client = app.test("a@example.com").await;
    meter(&app, &client, 210).await;
    let usage = client.get("/v1/usage").await;
    assert_eq!(usage.status, 200, "{}", usage.body);
    let reset = text(&usage.body, "billing_reset_at");
    assert!(reset.ends_with("-01T00:00:00Z"), "{reset}");
    let expected = json!({
        "organization_id": client.org,
        "plan": "free",
        "minutes_used_this_month": 3.5,
        "minutes_limit": 5.0,
        "minutes_remaining": 1.5,
        "sms_sent_this_month": 0,
        "sms_limit": 10,
        "sms_remaining": 10,
        "billing_reset_at": reset,
        "concurrent_calls_limit": 3,
        "cost": {
            "total_spend_usd": 0.126,
            "total_calls_billed": 1,
            "total_seconds_billed": 210,
            "rates_per_pipeline": {
                "gemini": {"platform_per_min": 0.036, "llm_per_min": 0.006, "total_per_min": 0.042},
                "pipeline": {"platform_per_min": 0.036, "llm_per_min": 0.018, "total_per_min": 0.054},
                "realtime": {"platform_per_min": 0.036, "llm_per_min": 0.3, "total_per_min": 0.336}
            },
            "sms_rate_per_message_usd": 0.0095
        },
        "lines": {
            "count": 1, "included": 1, "additional_line_per_month_usd": 0.0, "monthly_usd": 0.0
        }
    });
    assert_eq!(usage.body, expected);
}

#[tokio::test]
async fn a_plan_without_limits_has_none_to_show() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    meter(&app, &client, 100_000).await;
    let usage = client.get("/v1/usage").await;
    for limit in ["minutes_limit", "minutes_remaining", "sms_limit", "sms_remaining"] {
        assert_eq!(usage.body[limit], json!(null), "{limit}");
    }
    assert_eq!(usage.header("x-ac-usage-warning"), None);
}

#[tokio::test]
async fn each_line_beyond_the_plans_has_its_price() {
    for (plan, price, monthly) in
        [("pro", 2.0, 4.0), ("business", 1.5, 3.0), ("unlimited", 0.0, 0.0)]
    {
        let mut config = Config::default();
        config.plans.default = plan.into();
        let app = App::with(config).await;
        let client = app.test("a@example.com").await;
        for pod in [json!({}), json!({"pod_id": "one"})] {
            assert_eq!(client.post("/v1/lines", pod).await.status, 201);
        }
        let expected = json!({
            "count": 3, "included": 1, "additional_line_per_month_usd": price, "monthly_usd": monthly
        });
        assert_eq!(client.get("/v1/usage").await.body["lines"], expected, "{plan}");
    }
}

#[tokio::test]
async fn responses_warn_before_the_minutes_are_gone() {
    let app = free().await;
    let client = app.test("a@example.com").await;
    let warning = async |path: &str| {
        let answer = client.get(path).await;
        answer.header("x-ac-usage-warning").map(|value| value.to_owned())
    };
    meter(&app, &client, 239).await;
    assert_eq!(warning("/v1/calls").await, None);
    meter(&app, &client, 1).await;
    assert_eq!(warning("/v1/calls").await.as_deref(), Some("approaching_limit"));
    // Errors carry it as well; another organization's answers do not.
    assert_eq!(warning("/v1/calls/nonsense").await.as_deref(), Some("approaching_limit"));
    let stranger = app.test("b@example.com").await;
    assert_eq!(stranger.get("/v1/calls").await.header("x-ac-usage-warning"), None);
    meter(&app, &client, 45).await;
    assert_eq!(warning("/v1/usage").await.as_deref(), Some("critical_limit"));
    meter(&app, &client, 15).await;
    assert_eq!(warning("/v1/usage").await, None);
}

#[tokio::test]
async fn a_pods_key_does_not_see_what_the_organization_used() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let pod = app.key(&live, json!({"mode": "test", "pod_id": "one"})).await;
    let refused = pod.get("/v1/usage").await;
    assert_eq!((refused.status.as_u16(), refused.text("code")), (403, "forbidden".into()));
}
