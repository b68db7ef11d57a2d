//! What the server writes down at its default level, and what it never does.

use agenticcalling_tests::{Client, Node};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn logs_carry_the_request_id_and_nothing_of_people() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.log");
    let node = Node::logging(&folder.path().join("data"), std::fs::File::create(&file).unwrap());
    let client = Client::register(&node.base).await.unwrap();

    let mut request = client.scenario("hangs_up").await.unwrap();
    request["objective"] = json!("Ask for Zebedee at +14155550173");
    let id = client.call(&request).await.unwrap();
    let (call, _) = client.follow(&id).await.unwrap();
    let send = async |method: Method, path: &str, key: &str, body: Value| {
        let request = client.http.request(method, format!("{}{path}", client.base));
        let request = request.bearer_auth(key).header("x-request-id", "trace-me-1").json(&body);
        request.send().await.unwrap().status().as_u16()
    };
    let vendor = json!({"openai_api_key": "sk-proj-zebedee"});
    assert_eq!(send(Method::PATCH, "/v1/auth/settings", &client.live_key, vendor).await, 200);
    let listed = json!({"numbers": ["+14155550173"], "note": "Zebedee asked"});
    assert_eq!(send(Method::POST, "/v1/do-not-call", &client.key, listed).await, 201);
    let blocked = json!({"to": "+14155550173", "objective": "Zebedee again"});
    assert_eq!(send(Method::POST, "/v1/calls", &client.key, blocked).await, 422);
    let nobody = "ac_live_00000000000000000000000000000000000000000000zebe";
    assert_eq!(send(Method::POST, "/v1/calls?token=zebedee", nobody, json!({})).await, 401);
    node.kill();

    let log = std::fs::read_to_string(&file).unwrap();
    assert!(log.contains("trace-me-1") && log.contains(&id), "{log}");
    let to = request["to"].as_str().unwrap();
    let spoken = call["transcript"].as_array().unwrap().iter();
    let spoken = spoken.filter_map(|turn| turn["text"].as_str()).filter(|text| text.len() > 8);
    let secrets = [&client.key[..], &client.live_key, nobody, to, "5550173", "@example.com"];
    for private in secrets.into_iter().chain(spoken) {
        assert!(!log.contains(private), "{private:?} is in the log: {log}");
    }
    assert!(!log.to_lowercase().contains("zebedee"), "{log}");
}
