//! Caller identities, and the calls made with them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, call, text};

fn agent() -> Value {
    json!({
        "name": "Procurement Agent",
        "caller_name": "Alex",
        "company": "Acme Corp",
        "role": "Procurement specialist",
        "voice": "professional_male_en",
        "language": "en",
        "default_rules": [
            "Always identify yourself as Alex from Acme Corp",
            "Never commit to purchases over $10,000 without approval"
        ]
    })
}

#[tokio::test]
async fn a_persona_is_made_read_changed_and_deleted() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client.post("/v1/personas", agent()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = text(&made.body, "id");
    assert_eq!(made.body["persona_id"], format!("persona_{id}"));
    for (field, value) in agent().as_object().unwrap() {
        assert_eq!(made.body[field], *value, "{field}");
    }
    for path in [format!("/v1/personas/{id}"), format!("/v1/personas/persona_{id}")] {
        assert_eq!(client.get(&path).await.body, made.body);
    }
    let path = format!("/v1/personas/{id}");
    let change = json!({"caller_name": "Sam", "company": "", "default_rules": []});
    let changed = client.send(Method::PATCH, &path, Some(change)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let mut expected = made.body.clone();
    expected["caller_name"] = json!("Sam");
    expected["company"] = json!(null);
    expected["default_rules"] = json!([]);
    expected["updated_at"] = changed.body["updated_at"].clone();
    assert_eq!(changed.body, expected);
    let put = client.send(Method::PUT, &path, Some(json!({"name": "Buyer"}))).await;
    assert_eq!((&put.body["name"], &put.body["caller_name"]), (&json!("Buyer"), &json!("Sam")));
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.delete(&path).await.status, 404);
    assert_eq!(client.get(&path).await.status, 404);
}

#[tokio::test]
async fn what_is_wrong_with_a_persona_is_said_by_field() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let wrong = json!({
        "name": " ", "caller_name": "", "voice": "nobody", "language": "english",
        "default_rules": vec!["Be brief"; 21]
    });
    let refused = client.post("/v1/personas", wrong).await;
    assert_eq!(refused.status, 422);
    let errors = refused.body["errors"].as_array().unwrap();
    let fields: Vec<&str> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["name", "caller_name", "voice", "language", "default_rules"]);
    let nameless = client.post("/v1/personas", json!({"name": "Agent"})).await;
    assert_eq!(nameless.status, 422);
    assert!(nameless.text("detail").contains("caller_name"), "{}", nameless.body);
    assert_eq!(client.get("/v1/personas/nonsense").await.status, 404);
    assert_eq!(client.get("/v1/personas?limit=0").await.status, 422);
}

#[tokio::test]
async fn personas_are_listed_by_the_page_and_made_once_by_client_id() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let mut ids = Vec::new();
    for number in 0..3 {
        let mut wanted = agent();
        wanted["client_id"] = json!(format!("agent-{number}"));
        let made = client.post("/v1/personas", wanted.clone()).await;
        assert_eq!(made.status, 201);
        let again = client.post("/v1/personas", wanted).await;
        assert_eq!((again.status.as_u16(), &again.body), (200, &made.body));
        ids.push(text(&made.body, "id"));
    }
    ids.sort();
    let (mut seen, mut path) = (Vec::new(), "/v1/personas?limit=2".to_owned());
    loop {
        let page = client.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        seen.extend(page.body.as_array().unwrap().iter().map(|one| text(one, "id")));
        let Some(token) = page.header("x-next-page-token") else { break };
        path = format!("/v1/personas?limit=2&page_token={token}");
    }
    seen.reverse();
    assert_eq!(seen, ids);
}

#[tokio::test]
async fn a_call_has_what_its_persona_brings_and_its_own_words_go_first() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client.post("/v1/personas", agent()).await;
    let persona = text(&made.body, "persona_id");
    let created =
        client.create(json!({"persona_id": persona, "behavior_rules": ["Be brief"]})).await;
    assert_eq!(created["persona_id"], persona.as_str());
    assert_eq!(created["voice"], "professional_male_en");
    let rules = created["behavior_rules"].as_array().unwrap();
    assert_eq!((rules.len(), &rules[0]), (3, &json!("Be brief")));
    let record = app.record(&text(&created, "id")).await;
    assert_eq!(record.spec.persona.caller_name.as_deref(), Some("Alex"));
    assert_eq!(record.spec.persona.company.as_deref(), Some("Acme Corp"));
    let own = client.create(json!({"persona_id": persona, "voice": "friendly_female_en"})).await;
    assert_eq!(own["voice"], "friendly_female_en");

    // What the call was made with stays.
    client.delete(&format!("/v1/personas/{persona}")).await;
    assert_eq!(client.call(&text(&created, "id")).await["persona_id"], persona.as_str());
    let refused = client.post("/v1/calls", call(json!({"persona_id": persona}))).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.body["errors"][0]["field"], "persona_id");
}

#[tokio::test]
async fn a_persona_stays_in_its_pod_its_mode_and_its_organization() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let all = app.key(&live, json!({"mode": "test"})).await;
    let one = app.key(&live, json!({"mode": "test", "pod_id": "one"})).await;
    let two = app.key(&live, json!({"mode": "test", "pod_id": "two"})).await;
    let stranger = app.test("b@example.com").await;
    let made = one.post("/v1/personas", agent()).await;
    assert_eq!(made.body["pod_id"], "one");
    let id = text(&made.body, "id");
    let path = format!("/v1/personas/{id}");
    for outside in [&two, &stranger, &live] {
        assert_eq!(outside.get(&path).await.status, 404);
        assert_eq!(outside.get("/v1/personas").await.body, json!([]));
        assert_eq!(outside.send(Method::PATCH, &path, Some(json!({}))).await.status, 404);
        assert_eq!(outside.delete(&path).await.status, 404);
    }
    let refused = two.post("/v1/calls", call(json!({"persona_id": id}))).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    // The organization's key sees all pods, and mixes none.
    assert_eq!(all.get(&path).await.status, 200);
    assert_eq!(all.post("/v1/calls", call(json!({"persona_id": id}))).await.status, 422);
    all.create(json!({"persona_id": id, "pod_id": "one"})).await;
}
