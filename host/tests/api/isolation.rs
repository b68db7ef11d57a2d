//! A key sees what is its organization's, its mode's and its pod's, and learns nothing of the rest.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, App, Client, NUMBER, call, text};

/// In every text that somebody owns here.
const MARK: &str = "Zanzibar";
const LISTED: &str = "+14155550177";
const NEVER: &str = "01HXYZ0000000000000000000Z";

/// The call looks to `stranger` exactly as one that never existed.
async fn hidden(stranger: &Client, id: &str) {
    let never = "01HXYZ0000000000000000000Z";
    for path in ["", "/transcript", "/recording", "/attempts"] {
        let seen = stranger.get(&format!("/v1/calls/{id}{path}")).await;
        let unseen = stranger.get(&format!("/v1/calls/{never}{path}")).await;
        assert_eq!((seen.status.as_u16(), unseen.status.as_u16()), (404, 404), "{path}");
        assert_eq!(seen.body["detail"], unseen.body["detail"], "{path}");
    }
    let cancelled = stranger.delete(&format!("/v1/calls/{id}/cancel")).await;
    assert_eq!(cancelled.status, 404);
    let stream = stranger.get(&format!("/v1/ws?call_id={id}")).await;
    assert_eq!(stream.status, 404);
    let list = stranger.get("/v1/calls?limit=100").await;
    assert!(!list.body.to_string().contains(id), "{}", list.body);
}

#[tokio::test]
async fn organizations_modes_and_pods_are_apart() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let owner = app.key(&live, json!({"mode": "test"})).await;
    let pod = app.key(&live, json!({"mode": "test", "pod_id": "one"})).await;
    let other_pod = app.key(&live, json!({"mode": "test", "pod_id": "two"})).await;
    let stranger = app.test("b@example.com").await;
    let id = text(&owner.create(json!({"client_id": "x"})).await, "id");
    for other in [&stranger, &live, &pod, &other_pod] {
        hidden(other, &id).await;
    }
    let in_pod = pod.create(json!({"client_id": "x"})).await;
    assert_eq!(in_pod["pod_id"], "one", "a key of a pod creates in its pod");
    assert_ne!(in_pod["id"], id);
    hidden(&other_pod, &text(&in_pod, "id")).await;
    hidden(&stranger, &text(&in_pod, "id")).await;
    // A key of the whole organization sees into its pods.
    assert_eq!(owner.call(&text(&in_pod, "id")).await["pod_id"], "one");
    let elsewhere = pod.post("/v1/calls", call(json!({"pod_id": "two"}))).await;
    assert!(elsewhere.status.is_client_error(), "{}", elsewhere.body);
    // The same client_id in another organization is another call.
    let foreign = stranger.create(json!({"client_id": "x"})).await;
    assert_ne!(foreign["id"], id);
}

#[tokio::test]
async fn keys_of_others_are_neither_shown_nor_revoked() {
    let app = App::start().await;
    let owner = app.live("a@example.com").await;
    let stranger = app.live("b@example.com").await;
    let keys = owner.get("/v1/auth/api-keys").await.body;
    let id = text(&keys[0], "id");
    assert!(!stranger.get("/v1/auth/api-keys").await.body.to_string().contains(&id));
    assert_eq!(stranger.delete(&format!("/v1/auth/api-keys/{id}")).await.status, 404);
    assert_eq!(owner.get("/v1/calls").await.status, 200);
}

/// One of each kind of resource, in pod "one"; by the name of its place in a path.
async fn everything(owner: &Client) -> BTreeMap<&'static str, String> {
    let post = async |path: &str, body: Value| {
        let made = owner.post(path, body).await;
        assert!(made.status.is_success(), "{path}: {}", made.body);
        made.body
    };
    let line = post("/v1/lines", json!({"country": "PT"})).await;
    let persona = json!({"name": MARK, "caller_name": MARK, "client_id": MARK});
    let persona = post("/v1/personas", persona).await;
    let playbook = json!({"name": MARK, "strategy": MARK, "client_id": MARK});
    let playbook = post("/v1/playbooks", playbook).await;
    let hook = json!({"url": format!("https://{MARK}.example.com"), "client_id": MARK});
    let webhook = post("/v1/webhooks", hook).await;
    let wanted = json!({
        "objective": format!("Ask about {MARK}"), "client_id": MARK,
        "persona_id": persona["id"], "from_line_id": line["id"], "playbook_id": playbook["id"]
    });
    let made = post("/v1/calls", call(wanted)).await;
    let targets = json!({"targets": [{"to": NUMBER, "context": MARK}], "objective": MARK});
    let batch = post("/v1/calls/batch", targets).await;
    let key = post("/v1/auth/api-keys", json!({"name": MARK})).await;
    post("/v1/do-not-call", json!({"numbers": [LISTED], "note": MARK})).await;
    let deliveries = format!("/v1/webhooks/{}/deliveries", text(&webhook, "id"));
    let event = owner.get(&deliveries).await.body[0]["event_id"].clone();
    BTreeMap::from([
        ("line_id", text(&line, "id")),
        ("persona_id", text(&persona, "id")),
        ("playbook_id", text(&playbook, "id")),
        ("webhook_id", text(&webhook, "id")),
        ("call_id", text(&made, "id")),
        ("conversation_id", text(&made, "conversation_id")),
        ("batch_id", text(&batch, "batch_id")),
        ("key_id", text(&key, "id")),
        ("number", LISTED.to_owned()),
        ("event_id", event.as_str().unwrap().to_owned()),
    ])
}

fn body(method: &Method, path: &str, event: &str) -> Option<Value> {
    if matches!(*method, Method::GET | Method::DELETE) {
        return None;
    }
    Some(match path.rsplit('/').next().unwrap() {
        "redeliver" => json!({"event_id": event}),
        "recover" => json!({"since": "2020-01-01T00:00:00Z"}),
        "rollback" => json!({"version": 1}),
        "{persona_id}" | "{playbook_id}" => json!({"name": "Mine now"}),
        "{webhook_id}" => json!({"event_types": ["call.failed"]}),
        _ => json!({}),
    })
}

/// What is somebody else's looks exactly as what never was.
fn same(seen: &Answer, unseen: &Answer, what: &str) {
    let plain = |answer: &Answer| {
        let mut body = answer.body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("request_id");
        }
        (answer.status, body)
    };
    assert_eq!(plain(seen), plain(unseen), "{what}");
    assert!(seen.status.is_client_error(), "{what}: {}", seen.body);
}

#[tokio::test]
async fn no_operation_shows_or_changes_what_is_anothers() {
    let app = App::start().await;
    let (live, other_live) = (app.live("a@example.com").await, app.live("b@example.com").await);
    let owner = app.key(&live, json!({"mode": "test", "pod_id": "one"})).await;
    let owned = everything(&owner).await;
    let pod = |name: &str| json!({"mode": "test", "pod_id": name});
    let strangers = [
        ("another pod", app.key(&live, pod("two")).await),
        ("another mode", live.clone()),
        ("another organization", app.key(&other_live, json!({"mode": "test"})).await),
        ("its live key", other_live.clone()),
        ("its pod of that name", app.key(&other_live, pod("one")).await),
    ];
    let document = serde_json::to_value(agenticcalling::api::document()).unwrap();
    let mut before = Vec::new();
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let Some((_, rest)) = path.split_once('{') else { continue };
        let (parameter, _) = rest.split_once('}').unwrap();
        // A link to a file proves itself.
        if parameter == "key" {
            continue;
        }
        let place = format!("{{{parameter}}}");
        let own = path.replace(&place, &owned[parameter]);
        let never = if parameter == "number" { "+14155550178" } else { NEVER };
        let never = path.replace(&place, never);
        // Deliveries go on meanwhile.
        if methods.get("get").is_some() && !path.ends_with("/deliveries") {
            before.push((own.clone(), settled(owner.get(&own).await.body)));
        }
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            for (who, stranger) in &strangers {
                // Keys are the organization's, whatever their mode.
                if parameter == "key_id" && *who == "another mode" {
                    continue;
                }
                let body = body(&method, path, NEVER);
                let seen = stranger.send(method.clone(), &own, body.clone()).await;
                let unseen = stranger.send(method.clone(), &never, body).await;
                same(&seen, &unseen, &format!("{who}: {method} {own}"));
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "only {tried} were tried");

    // Named in a request, or as a filter.
    for (who, stranger) in &strangers {
        let asked = async |field: &str, id: &str| {
            stranger.post("/v1/calls", call(json!({ field: id }))).await
        };
        for field in ["persona_id", "playbook_id", "from_line_id"] {
            let (seen, unseen) =
                (asked(field, &owned[field_of(field)]).await, asked(field, NEVER).await);
            same(&seen, &unseen, &format!("{who}: {field}"));
        }
        for (path, parameter) in [
            ("/v1/ws?call_id=", "call_id"),
            ("/v1/ws?batch_id=", "batch_id"),
            ("/v1/ws?last_event_id=", "event_id"),
        ] {
            let seen = stranger.get(&format!("{path}{}", owned[parameter])).await;
            let unseen = stranger.get(&format!("{path}{NEVER}")).await;
            same(&seen, &unseen, &format!("{who}: {path}"));
        }
        for (path, parameter) in [
            ("/v1/calls?batch_id=", "batch_id"),
            ("/v1/calls?conversation_id=", "conversation_id"),
            ("/v1/conversations?line_id=", "line_id"),
        ] {
            let seen = stranger.get(&format!("{path}{}", owned[parameter])).await;
            assert_eq!((seen.status.as_u16(), &seen.body), (200, &json!([])), "{who}: {path}");
        }
        let token = owner.get("/v1/calls?limit=1").await;
        let token = token.header("x-next-page-token").unwrap();
        let stolen = stranger.get(&format!("/v1/calls?limit=1&page_token={token}")).await;
        let rubbish = stranger.get("/v1/calls?limit=1&page_token=rubbish").await;
        same(&stolen, &rubbish, &format!("{who}: a cursor"));
        // What a client calls its own may be called so by others.
        if stranger.get("/v1/lines").await.body[0].is_object() {
            let mine = stranger.create(json!({"client_id": MARK, "to": NUMBER})).await;
            assert_ne!(mine["id"], owned["call_id"], "{who}");
        }
        let persona = json!({"name": "Mine", "caller_name": "Me", "client_id": MARK});
        let persona = stranger.post("/v1/personas", persona).await;
        assert_eq!(persona.status, 201, "{who}: {}", persona.body);

        // And nothing of it is in a list.
        for (path, methods) in document["paths"].as_object().unwrap() {
            if path.contains('{') || methods.get("get").is_none() {
                continue;
            }
            let text = stranger.get(path).await.body.to_string();
            let ids =
                owned.iter().filter(|(name, _)| !(**name == "key_id" && *who == "another mode"));
            for (name, id) in ids {
                assert!(!text.contains(bare(id)), "{who}: {path} shows a {name}");
            }
            let own_mark = format!("\"client_id\":\"{MARK}\"");
            let known = text.replace(&own_mark, "");
            let is_keys = path == "/v1/auth/api-keys" && *who == "another mode";
            assert!(is_keys || !known.contains(MARK), "{who}: {path}: {text}");
        }
    }
    for (path, body) in before {
        assert_eq!(settled(owner.get(&path).await.body), body, "{path} was changed by a stranger");
    }
}

fn settled(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.remove("failing_since");
        fields.remove("request_id");
    }
    body
}

fn field_of(field: &str) -> &str {
    if field == "from_line_id" { "line_id" } else { field }
}

fn bare(id: &str) -> &str {
    id.rsplit('_').next().unwrap_or(id)
}
