//! Custom playbooks: made of settings or of components, changed, and used by calls.

use std::fs;

use agenticcalling::config::Config;
use agenticcalling::plugin::{
    Brief, Enforcement, Layer, Persona, put_together, sha256_hex, split, with_layer,
};
use agenticcalling::store::PlaybookFile;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, App, Client, NUMBER, answer, built, call, text};

/// As the documentation has it, on a playbook that is there.
fn steel() -> Value {
    json!({
        "name": "Steel beam negotiation",
        "base": "platform.price_inquiry",
        "strategy": "Build rapport first. Our target is $50/unit for 500 units.",
        "behavior_rules": [
            "Never agree to price above $58/unit",
            "Never disclose our current supplier",
            "Always ask for a written quote"
        ],
        "extraction_schema": {
            "quoted_price": "number",
            "currency": "string",
            "willingness_to_negotiate": "high/medium/low"
        },
        "voice_tone": "Warm, professional, never pushy."
    })
}

/// In the order of their ids.
const PLATFORM: [&str; 9] = [
    "cold_outreach",
    "complaint",
    "follow_up",
    "general",
    "information_gather",
    "negotiation",
    "price_inquiry",
    "reservation",
    "scheduling",
];

/// Each plans a call in every language it has lines for, and knows what to extract.
#[tokio::test]
async fn the_platform_has_nine_playbooks() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let listed = client.get("/v1/playbooks?source=platform&limit=100").await;
    let listed = listed.body.as_array().unwrap().clone();
    assert_eq!(listed.len(), PLATFORM.len());
    for (shown, name) in listed.iter().zip(PLATFORM) {
        let id = format!("platform.{name}");
        assert_eq!((&shown["id"], &shown["source"]), (&json!(id), &json!("platform")));
        assert_eq!(shown["languages"], json!(["en", "es", "fr", "de"]), "{id}");
        let mut openings = std::collections::BTreeSet::new();
        let playbook = app.server.plugins.playbook(&id).unwrap();
        for language in ["en", "es", "fr", "de"] {
            let brief = Brief {
                objective: "Talk to them".into(),
                context: None,
                previous_call: None,
                persona: Persona {
                    caller_name: Some("Ann".into()),
                    company: None,
                    role: None,
                    tone: None,
                },
                rules: vec!["Never agree to price above $60/unit".into()],
                settings: "{}".into(),
                language: language.into(),
                now_ms: 1_800_000_000_000,
                zone: "Europe/Berlin".into(),
            };
            let mut call = playbook.begin(&brief).unwrap();
            let plan = call.plan().unwrap();
            assert_eq!(plan.rules[0].enforcement, Enforcement::Deterministic, "{id}");
            for line in [&plan.voicemail, &plan.screening, &plan.closing] {
                assert!(!line.trim().is_empty(), "{id}, {language}");
            }
            openings.insert(plan.opening);
            let schema: Value = serde_json::from_str(&call.extraction().unwrap().schema).unwrap();
            assert!(schema["properties"].is_object(), "{id}: {schema}");
        }
        assert_eq!(openings.len(), 4, "{id}: {openings:?}");
    }
}

async fn upload(client: &Client, method: Method, path: &str, file: &[u8]) -> Answer {
    let request = client.request(method, path).header("content-type", "application/wasm");
    answer(request.body(file.to_vec())).await
}

async fn download(client: &Client, path: &str) -> Vec<u8> {
    let response = client.request(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/wasm");
    response.bytes().await.unwrap().to_vec()
}

fn whole(file: PlaybookFile) -> Vec<u8> {
    put_together(&file.code, file.settings.as_deref())
}

/// A component that belongs to no platform.
fn foreign() -> Vec<u8> {
    fs::read(built().join("tests/hostile.wasm")).expect("`cargo x playbooks --all` was run")
}

#[tokio::test]
async fn a_playbook_is_made_read_changed_and_deleted() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client.post("/v1/playbooks", steel()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = text(&made.body, "id");
    assert_eq!(made.body["playbook_id"], format!("playbook_{id}"));
    assert_eq!((&made.body["source"], &made.body["version"]), (&json!("custom"), &json!(1)));
    for (field, value) in steel().as_object().unwrap() {
        assert_eq!(made.body[field], *value, "{field}");
    }
    for path in [format!("/v1/playbooks/{id}"), format!("/v1/playbooks/playbook_{id}")] {
        assert_eq!(client.get(&path).await.body, made.body);
    }
    let path = format!("/v1/playbooks/{id}");
    let change = json!({"strategy": "Ask for dates", "voice_tone": "", "behavior_rules": [],
                        "extraction_schema": {}});
    let changed = client.send(Method::PATCH, &path, Some(change)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    let mut expected = made.body.clone();
    expected["strategy"] = json!("Ask for dates");
    expected["voice_tone"] = json!(null);
    expected["behavior_rules"] = json!([]);
    expected["extraction_schema"] = json!(null);
    expected["version"] = json!(2);
    expected["component"]["version"] = json!("2.0.0");
    assert_ne!(changed.body["component"]["digest"], made.body["component"]["digest"]);
    expected["updated_at"] = changed.body["updated_at"].clone();
    expected["component"]["digest"] = changed.body["component"]["digest"].clone();
    assert_eq!(changed.body, expected);
    let same = client.send(Method::PUT, &path, Some(json!({"strategy": "Ask for dates"}))).await;
    assert_eq!(same.body, changed.body, "nothing to change makes no version");
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.delete(&path).await.status, 404);
    assert_eq!(client.get(&path).await.status, 404);
    assert_eq!(client.get(&format!("{path}/component")).await.status, 404);
}

#[tokio::test]
async fn what_is_wrong_with_a_playbook_is_said_by_field() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let wrong = json!({
        "name": " ", "strategy": "", "base": "platform.nothing", "voice_tone": "x".repeat(501),
        "behavior_rules": vec!["Be brief"; 21], "extraction_schema": {"price": 5},
        "client_id": "", "pod_id": "a/b"
    });
    let refused = client.post("/v1/playbooks", wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let errors = refused.body["errors"].as_array().unwrap();
    let mut fields: Vec<&str> =
        errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    let expected = [
        "base",
        "behavior_rules",
        "client_id",
        "extraction_schema.price",
        "name",
        "pod_id",
        "strategy",
        "voice_tone",
    ];
    assert_eq!(fields, expected);
    for (schema, good) in [
        (json!({"type": "object", "properties": {"a": {"type": "number"}}}), true),
        (json!({"stops": ["string"], "who": {"name": "string"}}), true),
        (json!({"$schema": "https://json-schema.org/draft/2020-12/schema"}), false),
        (json!({"properties": {"a": "number"}}), false),
        (json!(["price"]), false),
    ] {
        let mut wanted = steel();
        wanted["extraction_schema"] = schema.clone();
        let made = client.post("/v1/playbooks", wanted).await;
        assert_eq!(made.status == 201, good, "{schema}: {}", made.body);
    }
    assert_eq!(client.get("/v1/playbooks/nonsense").await.status, 404);
    assert_eq!(client.get("/v1/playbooks?limit=0").await.status, 422);
    assert_eq!(client.get("/v1/playbooks?source=mine").await.status, 422);
    let text = client.request(Method::POST, "/v1/playbooks").header("content-type", "text/plain");
    assert_eq!(answer(text.body("playbook")).await.status, 415);
}

#[tokio::test]
async fn own_playbooks_are_listed_before_those_of_the_server() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let mut ids = Vec::new();
    for number in 0..3 {
        let mut wanted = steel();
        wanted["client_id"] = json!(format!("steel-{number}"));
        let made = client.post("/v1/playbooks", wanted.clone()).await;
        assert_eq!(made.status, 201);
        let again = client.post("/v1/playbooks", wanted).await;
        assert_eq!((again.status.as_u16(), &again.body), (200, &made.body));
        ids.push(text(&made.body, "id"));
    }
    ids.sort();
    ids.reverse();
    let installed = PLATFORM.map(|name| format!("platform.{name}"));
    let cases = [
        ("", [ids.clone(), installed.to_vec()].concat()),
        ("&source=custom", ids),
        ("&source=platform", installed.to_vec()),
    ];
    for (filter, expected) in cases {
        for limit in [1, 2, 3, 4, 5, 100] {
            let first = format!("/v1/playbooks?limit={limit}{filter}");
            let (mut seen, mut path) = (Vec::new(), first.clone());
            loop {
                let page = client.get(&path).await;
                assert_eq!(page.status, 200, "{}", page.body);
                let page_ids = page.body.as_array().unwrap().iter().map(|one| text(one, "id"));
                seen.extend(page_ids);
                let Some(token) = page.header("x-next-page-token") else { break };
                path = format!("{first}&page_token={token}");
            }
            assert_eq!(seen, expected, "{first}");
        }
    }
}

#[tokio::test]
async fn what_comes_with_the_server_is_forked_and_not_changed() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let path = "/v1/playbooks/platform.price_inquiry";
    let shown = client.get(path).await;
    assert_eq!((&shown.body["source"], &shown.body["mode"]), (&json!("platform"), &json!(null)));
    let file = download(&client, &format!("{path}/component")).await;
    assert_eq!(shown.body["component"]["digest"], sha256_hex(&file));
    for (method, path, body) in [
        (Method::PATCH, path.to_owned(), Some(json!({"name": "Mine"}))),
        (Method::DELETE, path.to_owned(), None),
        (Method::POST, format!("{path}/rollback"), Some(json!({"version": 1}))),
    ] {
        let refused = client.send(method, &path, body).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.body);
        assert!(refused.text("detail").contains("`base`"));
    }
    assert_eq!(upload(&client, Method::PUT, &format!("{path}/component"), &file).await.status, 403);
}

#[tokio::test]
async fn a_fork_of_a_fork_has_its_settings_until_it_says_otherwise() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let first = client.post("/v1/playbooks", steel()).await;
    let base = first.text("playbook_id");
    let own = json!({"name": "Copper", "base": base, "strategy": "Be quick", "behavior_rules": []});
    let made = client.post("/v1/playbooks", own).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["extraction_schema"], steel()["extraction_schema"]);
    assert_eq!(
        (&made.body["strategy"], &made.body["behavior_rules"]),
        (&json!("Be quick"), &json!([]))
    );
    assert_eq!(made.body["base"], base);
    assert_ne!(made.body["component"]["id"], first.body["component"]["id"]);
    // What it was made of may go.
    client.delete(&format!("/v1/playbooks/{base}")).await;
    let path = format!("/v1/playbooks/{}", made.text("id"));
    let changed = client.send(Method::PATCH, &path, Some(json!({"name": "Brass"}))).await;
    assert_eq!((changed.status.as_u16(), &changed.body["name"]), (200, &json!("Brass")));
    let moved = json!({"base": "platform.general"});
    let moved = client.send(Method::PATCH, &path, Some(moved)).await;
    assert_eq!(
        (&moved.body["base"], &moved.body["version"]),
        (&json!("platform.general"), &json!(3))
    );
    assert_eq!(moved.body["strategy"], "Be quick");
}

#[tokio::test]
async fn a_playbook_is_one_component_file_with_its_settings_in_it() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client.post("/v1/playbooks", steel()).await;
    let path = format!("/v1/playbooks/{}", made.text("id"));
    let file = download(&client, &format!("{path}/component")).await;
    assert_eq!(made.body["component"]["digest"], sha256_hex(&file));
    let (code, settings) = split(&file).unwrap();
    assert_eq!(code, fs::read(built().join("platform.price_inquiry.wasm")).unwrap());
    let settings: Value = serde_json::from_str(settings.unwrap()).unwrap();
    assert_eq!(settings["id"], made.body["component"]["id"]);
    assert_eq!(settings["behavior_rules"], steel()["behavior_rules"]);

    // The file is the playbook elsewhere as well, byte for byte.
    let other = app.test("b@example.com").await;
    let taken = upload(&other, Method::POST, "/v1/playbooks?client_id=steel", &file).await;
    assert_eq!(taken.status, 201, "{}", taken.body);
    for field in ["name", "strategy", "behavior_rules", "extraction_schema", "component"] {
        assert_eq!(taken.body[field], made.body[field], "{field}");
    }
    let again = upload(&other, Method::POST, "/v1/playbooks?client_id=steel", &file).await;
    assert_eq!((again.status.as_u16(), &again.body), (200, &taken.body));
    let theirs = format!("/v1/playbooks/{}/component", taken.text("id"));
    assert_eq!(download(&other, &theirs).await, file);
}

#[tokio::test]
async fn versions_are_kept_and_come_back() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client.post("/v1/playbooks", steel()).await;
    let path = format!("/v1/playbooks/{}", made.text("id"));
    for strategy in ["Second", "Third"] {
        let changed = client.send(Method::PATCH, &path, Some(json!({"strategy": strategy}))).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
    }
    let back = client.post(&format!("{path}/rollback"), json!({"version": 2})).await;
    assert_eq!(back.status, 200, "{}", back.body);
    assert_eq!((&back.body["version"], &back.body["strategy"]), (&json!(4), &json!("Second")));
    let first = client.get(&format!("{path}/versions?limit=3")).await;
    let token = first.header("x-next-page-token").unwrap();
    let second = client.get(&format!("{path}/versions?limit=3&page_token={token}")).await;
    let versions =
        [first.body.as_array().unwrap().clone(), second.body.as_array().unwrap().clone()];
    let told: Vec<(u64, String)> = versions
        .concat()
        .iter()
        .map(|one| (one["version"].as_u64().unwrap(), text(one, "strategy")))
        .collect();
    let strategy = text(&steel(), "strategy");
    let expected = [(4, "Second"), (3, "Third"), (2, "Second"), (1, strategy.as_str())];
    assert_eq!(told, expected.map(|(number, text)| (number, text.to_owned())));
    let old = download(&client, &format!("{path}/component?version=1")).await;
    assert_eq!(sha256_hex(&old), made.body["component"]["digest"].as_str().unwrap());
    for (wrong, status) in [(9, 422), (0, 422)] {
        let refused = client.post(&format!("{path}/rollback"), json!({"version": wrong})).await;
        assert_eq!(refused.status, status, "{}", refused.body);
        let missing = client.get(&format!("{path}/component?version={wrong}")).await;
        assert_eq!(missing.status, 404, "{}", missing.body);
    }
}

#[tokio::test]
async fn a_component_built_elsewhere_is_checked_before_it_is_kept() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let file = foreign();
    let made = upload(&client, Method::POST, "/v1/playbooks", &file).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["component"]["id"], "test.misbehaving");
    assert_eq!((&made.body["strategy"], &made.body["base"]), (&json!(null), &json!(null)));
    let path = format!("/v1/playbooks/{}", made.text("id"));
    assert_eq!(download(&client, &format!("{path}/component")).await, file);
    // It has no such setting, and a name is no setting.
    let refused = client.send(Method::PATCH, &path, Some(json!({"strategy": "Be kind"}))).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.text("detail").contains("no setting \"strategy\""), "{}", refused.body);
    let named = client.send(Method::PATCH, &path, Some(json!({"name": "Ours"}))).await;
    assert_eq!((named.status.as_u16(), &named.body["name"]), (200, &json!("Ours")));
    let bare = upload(&client, Method::PUT, &format!("{path}/component"), &file).await;
    assert_eq!((bare.status.as_u16(), &bare.body["version"]), (200, &json!(3)));
    assert_eq!(bare.body["component"], made.body["component"]);

    let general = fs::read(built().join("platform.general.wasm")).unwrap();
    let layer = |id: &str, settings: Value| {
        let name = "x".to_owned();
        let (version, behavior_rules) = ("1.0.0".to_owned(), Vec::new());
        let settings = settings.as_object().unwrap().clone();
        let layer = Layer { id: id.to_owned(), name, version, behavior_rules, settings };
        with_layer(&general, &layer.text())
    };
    let mut after = layer("acme.after", json!({}));
    after.extend([0, 2, 1, b'x']);
    let spaced = with_layer(&general, r#"{ "id": "a.b", "name": "n", "version": "1.0.0" }"#);
    let core = wat::parse_str("(module)").unwrap();
    let importing = wat::parse_str(r#"(component (import "clock" (func)))"#).unwrap();
    let empty = wat::parse_str("(component)").unwrap();
    for (file, reason) in [
        (Vec::new(), "too short"),
        (b"hello, world".to_vec(), "not WebAssembly"),
        (core, "core module"),
        (importing, "imports clock"),
        (empty, "not a playbook"),
        (general.clone(), "reserved"),
        (layer("platform.mine", json!({})), "reserved"),
        (layer("Nonsense", json!({})), "namespace.name"),
        (layer("acme.typo", json!({"stratgy": "x"})), "no setting \"stratgy\""),
        (after, "last section"),
        (spaced, "as this server writes them"),
        (with_layer(&general, "{"), "settings"),
    ] {
        let refused = upload(&client, Method::POST, "/v1/playbooks", &file).await;
        assert_eq!(refused.status, 422, "{reason}: {}", refused.body);
        assert!(refused.text("detail").contains(reason), "{reason}: {}", refused.body);
        let refused = upload(&client, Method::PUT, &format!("{path}/component"), &file).await;
        assert_eq!(refused.status, 422, "{reason}: {}", refused.body);
    }
    let huge = vec![0; 8 * 1024 * 1024 + 1];
    assert_eq!(upload(&client, Method::POST, "/v1/playbooks", &huge).await.status, 413);
    let json = client.send(Method::PUT, &format!("{path}/component"), Some(json!({}))).await;
    assert_eq!(json.status, 415);
}

#[tokio::test]
async fn an_objective_may_suit_a_component_of_the_organization_best() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = upload(&client, Method::POST, "/v1/playbooks", &foreign()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let own = made.body["playbook_id"].clone();
    // Made of the server's code, it is used where it is named.
    assert_eq!(client.post("/v1/playbooks", steel()).await.status, 201);
    let other = app.test("b@example.com").await;
    let table = "Book a table for four at 7 pm on Saturday";
    for (objective, expected) in [
        ("Mischief in the making", own),
        (table, json!("platform.reservation")),
        // It never answers, and is not waited for.
        ("loop in score", json!("platform.general")),
    ] {
        let call = json!({"to": NUMBER, "objective": objective});
        let call = client.post("/v1/calls", call).await;
        assert_eq!(call.status, 201, "{}", call.body);
        assert_eq!(call.body["playbook_id"], expected, "{objective}");
    }
    let theirs = json!({"to": NUMBER, "objective": "Mischief in the making"});
    let theirs = other.post("/v1/calls", theirs).await;
    assert!(theirs.text("playbook_id").starts_with("platform."), "{}", theirs.body);
}

#[tokio::test]
async fn a_plan_without_custom_playbooks_says_so_in_the_documented_shape() {
    let mut config = Config::default();
    config.plans.default = "free".into();
    let app = App::with(config).await;
    let client = app.test("a@example.com").await;
    let refused = client.post("/v1/playbooks", steel()).await;
    assert_eq!(refused.status, 402, "{}", refused.body);
    let error = &refused.body["error"];
    assert_eq!(error["code"], "playbook_limit_reached");
    assert_eq!(
        (&error["details"]["plan"], &error["details"]["playbooks_limit"]),
        (&json!("free"), &json!(0))
    );
    assert_eq!(upload(&client, Method::POST, "/v1/playbooks", &foreign()).await.status, 402);
    // Those of the server are for all.
    let listed = client.get("/v1/playbooks").await;
    assert_eq!(listed.body.as_array().unwrap().len(), PLATFORM.len());

    let mut config = Config::default();
    config.plans.table.get_mut("unlimited").unwrap().playbooks = Some(1);
    let app = App::with(config).await;
    let client = app.test("a@example.com").await;
    let (one, two) =
        tokio::join!(client.post("/v1/playbooks", steel()), client.post("/v1/playbooks", steel()));
    let mut answers = [one.status.as_u16(), two.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 402]);
}

#[tokio::test]
async fn a_call_keeps_the_playbook_as_it_was() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let made = client.post("/v1/playbooks", steel()).await;
    let id = made.text("playbook_id");
    let own = json!({"playbook_id": id, "behavior_rules": ["Be brief"]});
    let created = client.create(own).await;
    assert_eq!(created["playbook_id"], id);
    let rules = created["behavior_rules"].as_array().unwrap();
    assert_eq!(
        (rules.len(), &rules[0], &rules[1]),
        (4, &json!("Be brief"), &steel()["behavior_rules"][0])
    );
    let path = format!("/v1/playbooks/{id}");
    client.send(Method::PATCH, &path, Some(json!({"behavior_rules": []}))).await;
    let record = app.record(&text(&created, "id")).await;
    assert_eq!(json!(record.spec.playbook_digest), made.body["component"]["digest"]);
    let later = client.create(json!({"playbook_id": made.text("id")})).await;
    assert_eq!((&later["playbook_id"], &later["behavior_rules"]), (&json!(id), &json!([])));
    for filter in [id.clone(), made.text("id")] {
        let listed = client.get(&format!("/v1/calls?playbook_id={filter}")).await;
        assert_eq!(listed.body.as_array().unwrap().len(), 2, "{filter}");
    }
    client.delete(&path).await;
    let refused = client.post("/v1/calls", call(json!({"playbook_id": id}))).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.body["errors"][0]["field"]),
        (422, &json!("playbook_id"))
    );
    let digest = &record.spec.playbook_digest;
    let kept = app.server.store.playbook_file(id.parse().unwrap(), digest).await.unwrap();
    assert_eq!(sha256_hex(&whole(kept.unwrap())), *digest, "its calls still have it");
}

#[tokio::test]
async fn a_playbook_stays_in_its_pod_its_mode_and_its_organization() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let all = app.key(&live, json!({"mode": "test"})).await;
    let one = app.key(&live, json!({"mode": "test", "pod_id": "one"})).await;
    let two = app.key(&live, json!({"mode": "test", "pod_id": "two"})).await;
    let stranger = app.test("b@example.com").await;
    let made = one.post("/v1/playbooks", steel()).await;
    assert_eq!(made.body["pod_id"], "one");
    let id = text(&made.body, "id");
    let path = format!("/v1/playbooks/{id}");
    for outside in [&two, &stranger, &live] {
        assert_eq!(outside.get(&path).await.status, 404);
        assert_eq!(outside.get("/v1/playbooks?source=custom").await.body, json!([]));
        assert_eq!(outside.send(Method::PATCH, &path, Some(json!({}))).await.status, 404);
        let file = foreign();
        let replaced = upload(outside, Method::PUT, &format!("{path}/component"), &file).await;
        assert_eq!(replaced.status, 404);
        assert_eq!(outside.delete(&path).await.status, 404);
        let fork = json!({"name": "Mine", "strategy": "Mine", "base": id});
        assert_eq!(outside.post("/v1/playbooks", fork).await.status, 422);
    }
    let refused = two.post("/v1/calls", call(json!({"playbook_id": id}))).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    // The organization's key sees all pods, and mixes none.
    assert_eq!(all.get(&path).await.status, 200);
    assert_eq!(all.post("/v1/calls", call(json!({"playbook_id": id}))).await.status, 422);
    all.create(json!({"playbook_id": id, "pod_id": "one"})).await;
}
