//! Calls with custom playbooks, on the whole server.

use agenticcalling_tests::{Client, Node, said_by};
use serde_json::{Value, json};

/// The first server opens the playbook, is killed, and the second holds the call with it: from the
/// store, although it was changed and deleted meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_custom_playbook_holds_the_calls_that_were_made_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), None);
    let mut client = Client::register(&node.base).await.unwrap();
    let wanted = json!({
        "name": "Supplier quote",
        "base": "platform.price_inquiry",
        "strategy": "Get pricing details for our order",
        "behavior_rules": ["Never agree to price above $60/unit"],
        "extraction_schema": {
            "quoted_price": "number",
            "currency": "string",
            "lead_time_days": "number",
            "contact_name": "string"
        },
    });
    let playbook = client.post("/v1/playbooks", &wanted).await.unwrap();
    let id = playbook["playbook_id"].as_str().unwrap();
    let mut request = client.scenario("steel_supplier").await.unwrap();
    request["behavior_rules"] = json!([]);
    request["playbook_id"] = json!(id);
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3);
    request["schedule_at"] = json!(soon.to_string());
    let call = client.call(&request).await.unwrap();
    let path = format!("{}/v1/playbooks/{id}", client.base);
    let change = json!({"behavior_rules": [], "extraction_schema": {"nothing": "string"}});
    let changed = client.http.patch(&path).bearer_auth(&client.key).json(&change).send().await;
    assert_eq!(changed.unwrap().status(), 200);
    let deleted = client.http.delete(&path).bearer_auth(&client.key).send().await;
    assert_eq!(deleted.unwrap().status(), 204);
    node.kill();

    let node = Node::start(folder.path(), None);
    client.base.clone_from(&node.base);
    let (call, _) = client.follow(&call).await.unwrap();
    assert_eq!(
        (&call["status"], &call["playbook_id"]),
        (&json!("completed"), &json!(id)),
        "{call:#}"
    );
    let data: Vec<(&String, &Value)> =
        call["structured_data"].as_object().unwrap().iter().collect();
    let names: Vec<&str> = data.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["contact_name", "currency", "lead_time_days", "quoted_price"], "{call:#}");
    assert_eq!(call["structured_data"]["quoted_price"], 54);
    assert_eq!(call["rule_checks"][0]["enforcement"], "deterministic", "{call:#}");
    let withheld = call["withheld"].as_array().unwrap();
    assert_eq!(withheld[0]["rule"], "Never agree to price above $60/unit", "{call:#}");
    assert!(!said_by(&call, "agent").is_empty());
    node.kill();
}
