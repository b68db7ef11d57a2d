//! Subscriptions, against a peer that checks what Stripe would.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use agenticcalling::config::Config;
use agenticcalling::events::signing;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, App, Client, answer, call};

const SECRET_KEY: &str = "sk_test_peer";
const WEBHOOK_SECRET: &str = "whsec_peer";

type Form = BTreeMap<String, String>;
type Refusal = (StatusCode, Json<Value>);

/// Stripe's side of the wire.
#[derive(Default)]
struct Peer {
    sessions: Mutex<Vec<Form>>,
    subscriptions: Mutex<BTreeMap<String, Value>>,
    /// Requests that are answered with 500 before the next is answered well.
    failures: Mutex<u32>,
    keys: Mutex<Vec<String>>,
}

fn refusal(status: u16, kind: &str, message: &str) -> Refusal {
    let body = json!({"error": {"type": kind, "message": message}});
    (StatusCode::from_u16(status).unwrap(), Json(body))
}

impl Peer {
    fn check(&self, headers: &HeaderMap, is_post: bool) -> Result<(), Refusal> {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if header("authorization") != Some(&format!("Bearer {SECRET_KEY}")) {
            return Err(refusal(401, "invalid_request_error", "Invalid API Key provided"));
        }
        if header("stripe-version") != Some("2026-06-24.dahlia") {
            return Err(refusal(400, "invalid_request_error", "Unpinned version"));
        }
        if is_post {
            if header("content-type") != Some("application/x-www-form-urlencoded") {
                return Err(refusal(400, "invalid_request_error", "Not a form"));
            }
            let key = header("idempotency-key").unwrap_or_default();
            assert!((1..=255).contains(&key.len()), "a key makes it safe to repeat");
            self.keys.lock().unwrap().push(key.to_owned());
        }
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(refusal(500, "api_error", "Something went wrong on Stripe's end"));
        }
        Ok(())
    }
}

fn form(body: &str, required: &[&str], known: &[&str]) -> Result<Form, Refusal> {
    let form: Form = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    for name in required {
        if !form.contains_key(*name) {
            let message = format!("Missing required param: {name}.");
            return Err(refusal(400, "invalid_request_error", &message));
        }
    }
    for name in form.keys() {
        if !required.contains(&name.as_str()) && !known.contains(&name.as_str()) {
            let message = format!("Received unknown parameter: {name}");
            return Err(refusal(400, "invalid_request_error", &message));
        }
    }
    Ok(form)
}

async fn checkout(
    State(peer): State<Arc<Peer>>,
    headers: HeaderMap,
    body: String,
) -> Result<Json<Value>, Refusal> {
    peer.check(&headers, true)?;
    let required = ["mode", "line_items[0][price]", "line_items[0][quantity]", "success_url"];
    let known = [
        "cancel_url",
        "client_reference_id",
        "customer",
        "customer_email",
        "metadata[org_id]",
        "subscription_data[metadata][org_id]",
    ];
    let form = form(&body, &required, &known)?;
    if form.contains_key("customer") == form.contains_key("customer_email") {
        let message = "You may only specify one of these parameters: customer, customer_email.";
        return Err(refusal(400, "invalid_request_error", message));
    }
    peer.sessions.lock().unwrap().push(form);
    let url = "https://checkout.stripe.com/c/pay/cs_test_1";
    Ok(Json(json!({"id": "cs_test_1", "object": "checkout.session", "url": url, "status": "open"})))
}

async fn portal(
    State(peer): State<Arc<Peer>>,
    headers: HeaderMap,
    body: String,
) -> Result<Json<Value>, Refusal> {
    peer.check(&headers, true)?;
    let form = form(&body, &["customer"], &["return_url"])?;
    if form["customer"] != "cus_1" {
        return Err(refusal(400, "invalid_request_error", "No such customer"));
    }
    let url = "https://billing.stripe.com/p/session/bps_1";
    Ok(Json(json!({"id": "bps_1", "object": "billing_portal.session", "url": url})))
}

async fn subscription(
    State(peer): State<Arc<Peer>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    peer.check(&headers, false)?;
    let found = peer.subscriptions.lock().unwrap().get(&id).cloned();
    found.map(Json).ok_or_else(|| refusal(404, "invalid_request_error", "No such subscription"))
}

async fn shop() -> (App, Arc<Peer>) {
    let peer = Arc::new(Peer::default());
    let router = Router::new()
        .route("/v1/checkout/sessions", post(checkout))
        .route("/v1/billing_portal/sessions", post(portal))
        .route("/v1/subscriptions/{id}", get(subscription))
        .with_state(peer.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = Config::default();
    config.plans.default = "free".into();
    config.stripe.secret_key = Some(SECRET_KEY.into());
    config.stripe.webhook_secret = Some(WEBHOOK_SECRET.into());
    config.stripe.base_url = format!("http://{}", listener.local_addr().unwrap());
    let price = |id: &str, plan: &str| (id.to_owned(), plan.to_owned());
    config.stripe.prices = [price("price_pro", "pro"), price("price_biz", "business")].into();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (App::with(config).await, peer)
}

/// What a person subscribed to, as Stripe keeps it.
fn subscribed(peer: &Peer, id: &str, org: &str, price: &str, status: &str) {
    let subscription = json!({
        "id": id, "object": "subscription", "status": status, "customer": "cus_1",
        "items": {"object": "list", "data": [{"id": "si_1", "price": {"id": price}}]},
        "metadata": {"org_id": org}
    });
    peer.subscriptions.lock().unwrap().insert(id.to_owned(), subscription);
}

async fn tell(app: &App, kind: &str, object: Value) -> Answer {
    let event = json!({"id": "evt_1", "object": "event", "type": kind, "data": {"object": object}});
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    tell_signed(app, &event.to_string(), WEBHOOK_SECRET, now).await
}

async fn tell_signed(app: &App, body: &str, secret: &str, at: u64) -> Answer {
    let signature = signing::of_body(secret, format!("{at}.{body}").as_bytes());
    let request = app.anonymous().request(Method::POST, "/v1/billing/stripe");
    let request = request.header("stripe-signature", format!("t={at},v1={signature},v0=00"));
    answer(request.header("content-type", "application/json").body(body.to_owned())).await
}

async fn plan(client: &Client) -> Value {
    client.get("/v1/usage").await.body["plan"].clone()
}

fn wanted(price: &str) -> Value {
    json!({
        "price_id": price, "success_url": "https://myapp.com/done?id={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://myapp.com/billing"
    })
}

#[tokio::test]
async fn an_upgrade_is_bought_and_holds_at_once() {
    let (app, peer) = shop().await;
    let client = app.live("a@example.com").await;
    let test = app.key(&client, json!({"mode": "test"})).await;
    let bought = client.post("/v1/auth/checkout", wanted("price_pro")).await;
    assert_eq!(bought.status, 200, "{}", bought.body);
    assert_eq!(bought.body, json!({"url": "https://checkout.stripe.com/c/pay/cs_test_1"}));
    let session = peer.sessions.lock().unwrap()[0].clone();
    for (name, value) in [
        ("mode", "subscription"),
        ("line_items[0][price]", "price_pro"),
        ("success_url", "https://myapp.com/done?id={CHECKOUT_SESSION_ID}"),
        ("client_reference_id", &client.org),
        ("subscription_data[metadata][org_id]", &client.org),
        ("customer_email", "a@example.com"),
    ] {
        assert_eq!(session[name], value, "{name}");
    }
    assert_eq!(plan(&client).await, "free", "to have begun is not to have paid");

    subscribed(&peer, "sub_1", &client.org, "price_pro", "active");
    let session = json!({"id": "cs_test_1", "object": "checkout.session", "subscription": "sub_1"});
    assert_eq!(tell(&app, "checkout.session.completed", session).await.status, 204);
    assert_eq!(plan(&client).await, "pro");
    let made = test.post("/v1/calls", call(json!({}))).await;
    assert_eq!(made.header("ratelimit-policy"), Some("\"calls\";q=60;w=60"));

    // Somebody who is known there is not made anew.
    client.post("/v1/auth/checkout", wanted("price_biz")).await;
    assert_eq!(peer.sessions.lock().unwrap()[1]["customer"], "cus_1");
    let portal = client.post("/v1/auth/billing-portal", json!({})).await;
    assert_eq!(portal.body, json!({"url": "https://billing.stripe.com/p/session/bps_1"}));
}

#[tokio::test]
async fn the_plan_follows_the_subscription_whatever_order_events_come_in() {
    let (app, peer) = shop().await;
    let client = app.live("a@example.com").await;
    let about = |id: &str| json!({"id": id, "object": "subscription"});
    for (id, price, status, kind, expected) in [
        ("sub_1", "price_pro", "incomplete", "created", "free"),
        ("sub_1", "price_pro", "trialing", "updated", "pro"),
        ("sub_1", "price_biz", "active", "updated", "business"),
        ("sub_1", "price_biz", "past_due", "updated", "business"),
        // Late news of what has changed since: the subscription itself counts.
        ("sub_1", "price_biz", "active", "deleted", "business"),
        ("sub_2", "price_pro", "active", "created", "pro"),
        // The former one ends, and takes nothing with it.
        ("sub_1", "price_biz", "canceled", "deleted", "pro"),
        ("sub_2", "price_other", "active", "updated", "free"),
        ("sub_2", "price_pro", "active", "updated", "pro"),
        ("sub_2", "price_pro", "canceled", "deleted", "free"),
        ("sub_2", "price_pro", "canceled", "deleted", "free"),
    ] {
        subscribed(&peer, id, &client.org, price, status);
        let kind = format!("customer.subscription.{kind}");
        assert_eq!(tell(&app, &kind, about(id)).await.status, 204);
        assert_eq!(plan(&client).await, expected, "{id} {price} {status} {kind}");
    }
    let stranger = app.live("b@example.com").await;
    assert_eq!(plan(&stranger).await, "free");
    subscribed(&peer, "sub_9", "01HXYZ0000000000000000000Z", "price_pro", "active");
    assert_eq!(tell(&app, "customer.subscription.created", about("sub_9")).await.status, 204);
    assert_eq!(tell(&app, "invoice.paid", json!({"id": "in_1"})).await.status, 204);
}

#[tokio::test]
async fn only_stripe_changes_plans() {
    let (app, peer) = shop().await;
    let client = app.live("a@example.com").await;
    subscribed(&peer, "sub_1", &client.org, "price_pro", "active");
    let event = json!({
        "id": "evt_1", "type": "customer.subscription.created", "data": {"object": {"id": "sub_1"}}
    });
    let body = event.to_string();
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    for (secret, at) in [("whsec_other", now), (WEBHOOK_SECRET, now - 400)] {
        assert_eq!(tell_signed(&app, &body, secret, at).await.status, 403);
    }
    let unsigned = app.anonymous().post("/v1/billing/stripe", event).await;
    assert_eq!(unsigned.status, 403);
    assert_eq!(tell_signed(&app, "not an event", WEBHOOK_SECRET, now).await.status, 422);
    assert_eq!(plan(&client).await, "free");
}

#[tokio::test]
async fn what_fails_at_stripe_is_tried_again_and_said() {
    let (app, peer) = shop().await;
    let client = app.live("a@example.com").await;
    *peer.failures.lock().unwrap() = 2;
    assert_eq!(client.post("/v1/auth/checkout", wanted("price_pro")).await.status, 200);
    let keys = std::mem::take(&mut *peer.keys.lock().unwrap());
    assert!(keys.len() == 3 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    *peer.failures.lock().unwrap() = 3;
    let failed = client.post("/v1/auth/checkout", wanted("price_pro")).await;
    assert_eq!((failed.status.as_u16(), &failed.body["code"]), (502, &json!("stripe_failed")));
    // Stripe sends an event again that was not taken.
    let about = json!({"id": "sub_unknown"});
    assert_eq!(tell(&app, "customer.subscription.created", about).await.status, 502);

    for (body, field) in [
        (
            json!({"price_id": "price_x", "success_url": "https://a.b", "cancel_url": "https://a.b"}),
            "price_id",
        ),
        (
            json!({"price_id": "price_pro", "success_url": "ftp://a", "cancel_url": "https://a.b"}),
            "success_url",
        ),
    ] {
        let refused = client.post("/v1/auth/checkout", body).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["errors"][0]["field"]),
            (422, &json!(field))
        );
    }
    let nothing = client.post("/v1/auth/billing-portal", json!({})).await;
    assert_eq!(nothing.status, 409, "{}", nothing.body);
    let test = app.key(&client, json!({"mode": "test"})).await;
    assert_eq!(test.post("/v1/auth/checkout", wanted("price_pro")).await.status, 403);
}

#[tokio::test]
async fn a_server_that_sells_nothing_says_so() {
    let app = App::start().await;
    let client = app.live("a@example.com").await;
    let checkout = client.post("/v1/auth/checkout", wanted("price_pro")).await;
    let portal = client.post("/v1/auth/billing-portal", json!({})).await;
    let event = app.anonymous().post("/v1/billing/stripe", json!({})).await;
    for refused in [checkout, portal, event] {
        assert_eq!(refused.status, 503);
        assert_eq!(refused.body["code"], "stripe_not_configured");
        assert!(refused.text("detail").contains("stripe.secret_key"), "{}", refused.body);
    }
}

#[tokio::test]
async fn a_customers_own_keys_are_kept_sealed_and_never_shown() {
    let app = App::start().await;
    let client = app.live("a@example.com").await;
    let change = json!({"openai_api_key": "sk-proj-0123456789", "gemini_api_key": "AIza0123"});
    let changed = client.send(Method::PATCH, "/v1/auth/settings", Some(change)).await;
    assert_eq!((changed.status.as_u16(), &changed.body), (200, &json!({"updated": true})));
    let settings = client.get("/v1/auth/settings").await.body;
    assert_eq!(settings["openai_api_key_set"], true);
    assert!(!settings.to_string().contains("0123"), "{settings}");
    let kept: String = sqlx::query_scalar("SELECT settings FROM organizations")
        .fetch_one(&app.database().await)
        .await
        .unwrap();
    let is_sealed = !kept.contains("sk-proj") && !kept.contains("AIza0123");
    assert!(is_sealed && kept.contains("openai_key"), "{kept}");
    let clear = json!({"openai_api_key": ""});
    client.send(Method::PATCH, "/v1/auth/settings", Some(clear)).await;
    let settings = client.get("/v1/auth/settings").await.body;
    let set = (&settings["openai_api_key_set"], &settings["gemini_api_key_set"]);
    assert_eq!(set, (&json!(false), &json!(true)));
    let wrong = json!({"openai_api_key": "sk with spaces"});
    let refused = client.send(Method::PATCH, "/v1/auth/settings", Some(wrong)).await;
    assert_eq!(refused.status, 422);
    assert!(!refused.body.to_string().contains("with spaces"));
}
