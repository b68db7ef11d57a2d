//! Registration and keys.

use agenticcalling::config::{Config, Register};
use serde_json::{Value, json};

use crate::app::{App, text};

#[tokio::test]
async fn registration_gives_a_live_key_once() {
    let app = App::start().await;
    let body = json!({"name": "Acme Corp", "email": "dev@acme.com"});
    let made = app.anonymous().post("/v1/auth/register", body).await;
    assert_eq!(made.status, 201);
    assert!(made.text("api_key").starts_with("ac_live_"));
    assert_eq!(made.text("message"), "Store this key — it won't be shown again");
    assert_eq!(made.body.as_object().unwrap().len(), 3, "{}", made.body);
    let client = app.client(made.text("api_key"), made.text("org_id"));
    let keys = client.get("/v1/auth/api-keys").await;
    let key = &keys.body.as_array().unwrap()[0];
    assert_eq!((&key["mode"], &key["is_active"]), (&json!("live"), &json!(true)));
    assert_eq!(text(key, "key_prefix"), "ac_live_");
    assert!(made.text("api_key").ends_with(&text(key, "last_four")));
    assert!(!keys.body.to_string().contains(&made.text("api_key")), "the secret is shown again");
}

#[tokio::test]
async fn a_test_key_is_made_with_a_live_one() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let made = live.post("/v1/auth/api-keys", json!({"name": "CI", "mode": "test"})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert!(made.text("api_key").starts_with("ac_test_"));
    assert_eq!((made.text("name"), made.text("mode")), ("CI".into(), "test".into()));
    // Without a mode the new key is like its maker; nothing at all is a request too.
    let request = live.request(reqwest::Method::POST, "/v1/auth/api-keys");
    let plain = crate::app::answer(request).await;
    assert_eq!((plain.status.as_u16(), plain.text("mode")), (201, "live".into()));
    let test = app.client(made.text("api_key"), live.org.clone());
    let refused = test.post("/v1/auth/api-keys", json!({"mode": "live"})).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(test.post("/v1/auth/api-keys", json!({})).await.text("mode"), "test");
}

#[tokio::test]
async fn who_only_knows_an_address_gets_no_working_key() {
    let app = App::start().await;
    let owner = app.live("owner@example.com").await;
    let body = json!({"name": "Mallory", "email": " Owner@Example.com "});
    let again = app.anonymous().post("/v1/auth/register", body.clone()).await;
    assert_eq!(again.status, 201, "{}", again.body);
    assert_eq!(again.text("org_id"), owner.org, "the organization is the same");
    let stranger = app.client(again.text("api_key"), owner.org.clone());
    let refused = stranger.get("/v1/calls").await;
    assert_eq!(refused.status, 401);
    assert!(refused.text("detail").contains("waits for approval"), "{}", refused.body);

    let waiting = |keys: &Value| -> Vec<String> {
        let keys = keys.as_array().unwrap().iter();
        keys.filter(|key| key["is_active"] == false).map(|key| text(key, "id")).collect()
    };
    assert!(waiting(&owner.get("/v1/auth/api-keys").await.body).is_empty());
    let pending = owner.get("/v1/auth/api-keys?include=pending").await;
    let id = waiting(&pending.body).remove(0);
    let test = app.key(&owner, json!({"mode": "test"})).await;
    let path = format!("/v1/auth/api-keys/{id}/approve");
    assert_eq!(test.post(&path, json!({})).await.status, 403, "a test key approves nothing");
    assert_eq!(owner.post(&path, json!({})).await.status, 200);
    assert_eq!(stranger.get("/v1/calls").await.status, 200);

    for expected in [201, 201, 201, 409] {
        let more = app.anonymous().post("/v1/auth/register", body.clone()).await;
        assert_eq!(more.status, expected, "{}", more.body);
    }
}

#[tokio::test]
async fn a_revoked_key_stops_working() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let test = app.key(&live, json!({"mode": "test"})).await;
    let keys = live.get("/v1/auth/api-keys").await.body;
    let id_of = |mode: &str| {
        let key = keys.as_array().unwrap().iter().find(|key| key["mode"] == mode);
        text(key.unwrap(), "id")
    };
    let path = |mode: &str| format!("/v1/auth/api-keys/{}", id_of(mode));
    assert_eq!(test.delete(&path("live")).await.status, 403);
    assert_eq!(live.delete(&path("test")).await.status, 204);
    assert_eq!(test.get("/v1/calls").await.status, 401);
    assert_eq!(live.delete(&path("test")).await.status, 404, "it is gone");
    assert_eq!(live.delete("/v1/auth/api-keys/nonsense").await.status, 404);
}

#[tokio::test]
async fn registrations_are_checked() {
    let app = App::start().await;
    let table = [
        (json!({"email": "a@example.com"}), "name"),
        (json!({"name": "A"}), "email"),
        (json!({"name": "", "email": "a@example.com"}), "name"),
        (json!({"name": "x".repeat(201), "email": "a@example.com"}), "name"),
        (json!({"name": "A", "email": "example.com"}), "email"),
        (json!({"name": "A", "email": "a@nowhere"}), "email"),
        (json!({"name": "A", "email": "a b@example.com"}), "email"),
        (json!({"name": "A", "email": 7}), "email"),
        (json!({"name": "A", "email": "a@example.com", "plan": "pro"}), "plan"),
    ];
    for (body, field) in table {
        let refused = app.anonymous().post("/v1/auth/register", body.clone()).await;
        assert_eq!(refused.status, 422, "{body}: {}", refused.body);
        assert_eq!(refused.body["errors"][0]["field"], field, "{body}");
    }
    let closed = App::with(Config { register: Register::Closed, ..Config::default() }).await;
    let body = json!({"name": "A", "email": "a@example.com"});
    assert_eq!(closed.anonymous().post("/v1/auth/register", body).await.status, 403);
}

#[tokio::test]
async fn nothing_is_answered_without_a_key() {
    let app = App::start().await;
    let wrong = ["", "ac_live_0", "ac_test_zzz", "nonsense"];
    for key in wrong {
        let client = app.client(key.into(), String::new());
        for path in ["/v1/calls", "/v1/auth/api-keys", "/v1/voices", "/v1/sandbox/numbers"] {
            let refused = client.get(path).await;
            assert_eq!(refused.status, 401, "{path} with {key:?}");
            assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
            assert!(refused.text("detail").contains("Authorization: Bearer"), "{}", refused.body);
        }
    }
    for path in ["/healthz", "/readyz", "/v1/openapi.json"] {
        assert_eq!(app.anonymous().get(path).await.status, 200, "{path}");
    }
}
