//! Rate limits: what each plan allows, what is said of it, and who shares it.

use agenticcalling::config::Config;
use reqwest::Method;
use serde_json::json;

use crate::app::{Answer, App, Client, NUMBER, answer, call};

async fn on_plan(plan: &str) -> App {
    let mut config = Config::default();
    config.plans.default = plan.into();
    App::with(config).await
}

fn limited(refused: &Answer, who: &str) {
    assert_eq!(refused.status, 429, "{who}: {}", refused.body);
    assert_eq!(refused.body["code"], "rate_limited");
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    let detail = refused.text("detail");
    assert!(detail.contains(&format!("try again in {seconds} s")), "{detail}");
}

/// How many of one kind are let through, of more than there may be.
async fn let_through(client: &Client, method: Method, path: &str, tries: usize) -> usize {
    let mut count = 0;
    for _ in 0..tries {
        let body = match path {
            "/v1/calls" => call(json!({})),
            _ => json!({"targets": [{"to": NUMBER}], "objective": "Ask"}),
        };
        let body = (method != Method::GET).then_some(body);
        let answer = client.send(method.clone(), path, body).await;
        if answer.status.is_success() {
            count += 1;
        } else {
            limited(&answer, path);
        }
    }
    count
}

#[tokio::test]
async fn each_plan_has_its_limits() {
    for (plan, calls, batches, reads) in
        [("free", 10, 2, 60), ("pro", 60, 10, 300), ("business", 200, 30, 1000)]
    {
        let app = on_plan(plan).await;
        let client = app.test("a@example.com").await;
        for (method, path, limit) in [
            (Method::POST, "/v1/calls", calls),
            (Method::POST, "/v1/calls/batch", batches),
            (Method::GET, "/v1/sandbox/numbers", reads),
        ] {
            assert_eq!(let_through(&client, method, path, limit + 3).await, limit, "{plan} {path}");
        }
        // The organization, not the key; and no other organization.
        let live = app.live("b@example.com").await;
        assert_eq!(live.get("/v1/voices").await.status, 200);
    }
}

#[tokio::test]
async fn keys_of_an_organization_share_its_limit() {
    let app = on_plan("free").await;
    let live = app.live("a@example.com").await;
    let test = app.key(&live, json!({"mode": "test"})).await;
    let pod = app.key(&live, json!({"mode": "test", "pod_id": "a"})).await;
    let mut count = 0;
    for client in [&live, &test, &pod] {
        count += let_through(client, Method::GET, "/v1/voices", 30).await;
    }
    assert_eq!(count, 60);
    // What was used up of one kind is not of another.
    let made = pod.post("/v1/calls", call(json!({}))).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.header("ratelimit-policy"), Some("\"calls\";q=10;w=60"));
    assert_eq!(made.header("ratelimit"), Some("\"calls\";r=9;t=60"));
}

#[tokio::test]
async fn what_is_refused_counts_if_it_was_admitted() {
    let app = on_plan("free").await;
    let client = app.test("a@example.com").await;
    for left in (0..10).rev() {
        let refused = client.post("/v1/calls", json!({"to": "nonsense"})).await;
        assert_eq!(refused.status, 422);
        let shown = refused.header("ratelimit").unwrap();
        assert!(shown.starts_with(&format!("\"calls\";r={left};t=")), "{shown}");
    }
    limited(&client.post("/v1/calls", call(json!({}))).await, "the eleventh");
    // Without a key there is nobody to count for.
    let nobody = app.anonymous();
    for _ in 0..70 {
        let refused = nobody.get("/v1/calls").await;
        assert_eq!((refused.status.as_u16(), refused.header("ratelimit")), (401, None));
    }
}

#[tokio::test]
async fn an_unlimited_plan_is_told_of_no_limit() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    assert_eq!(let_through(&client, Method::GET, "/v1/voices", 80).await, 80);
    assert_eq!(client.get("/v1/voices").await.header("ratelimit"), None);
}

#[tokio::test]
async fn a_smaller_or_larger_plan_holds_at_once() {
    let app = on_plan("free").await;
    let client = app.test("a@example.com").await;
    assert_eq!(let_through(&client, Method::POST, "/v1/calls", 12).await, 10);
    let org = client.org.parse().unwrap();
    assert!(app.server.store.set_plan(org, "pro").await.unwrap());
    assert_eq!(let_through(&client, Method::POST, "/v1/calls", 60).await, 50);
    assert!(app.server.store.set_plan(org, "free").await.unwrap());
    assert_eq!(let_through(&client, Method::POST, "/v1/calls", 3).await, 0);
}

#[tokio::test]
async fn registrations_are_limited_by_address() {
    let mut config = Config::default();
    config.limits.registrations_per_minute = 3;
    config.limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let app = App::with(config).await;
    let register = async |number: usize, from: &str| {
        let body = json!({"name": "Acme", "email": format!("{number}@example.com")});
        let request = app.anonymous().request(Method::POST, "/v1/auth/register").json(&body);
        answer(request.header("x-forwarded-for", from)).await
    };
    for number in 0..3 {
        assert_eq!(register(number, "203.0.113.7").await.status, 201);
    }
    limited(&register(3, "203.0.113.7").await, "the fourth");
    limited(&register(3, "198.51.100.1, 203.0.113.7").await, "what anybody may write");
    assert_eq!(register(4, "203.0.113.8").await.status, 201);
}

#[tokio::test]
async fn servers_of_one_database_count_together() {
    let url = tokio::task::spawn_blocking(test_postgres::database).await.unwrap();
    let mut config = Config::default();
    config.plans.default = "free".into();
    config.database_url = Some(url);
    let (one, two) = (App::with(config.clone()).await, App::with(config).await);
    let here = one.test("a@example.com").await;
    let there = two.client(here.key.clone(), here.org.clone());
    let (a, b) = tokio::join!(
        let_through(&here, Method::POST, "/v1/calls", 12),
        let_through(&there, Method::POST, "/v1/calls", 12)
    );
    assert_eq!(a + b, 10, "{a} here and {b} there");
}
