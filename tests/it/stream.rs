//! The AsyncAPI document of the live stream. That the stream keeps it is checked wherever a call is
//! followed.

use agenticcalling_tests::{TestServer, as_described};
use serde_json::{Value, json};

fn document() -> Value {
    serde_json::from_str(include_str!("../../host/asyncapi.json")).unwrap()
}

#[test]
fn examples_are_what_they_are_examples_of() {
    let document = document();
    let messages = document["components"]["messages"].as_object().unwrap();
    let example = |message: &Value| message["examples"][0]["payload"].clone();
    let examples: Vec<Value> = messages.values().map(example).collect();
    assert_eq!(examples.len(), 4);
    as_described(&examples).unwrap();
    for mut wrong in examples {
        wrong["extra"] = json!(1);
        assert!(as_described(&[wrong]).is_err(), "it would let everything pass");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_is_described_by_the_server_itself() {
    let base = "https://calls.example.com:8443/api/";
    let server = TestServer::with(|config| config.base_url = Some(base.into())).await.unwrap();
    let mut served = server.client.get("/v1/asyncapi.json").await.unwrap();
    let here = json!({"host": "calls.example.com:8443", "protocol": "wss", "pathname": "/api"});
    assert_eq!(served["servers"], json!({"this": here}));
    served.as_object_mut().unwrap().remove("servers");
    assert_eq!(served, document());
    server.stop().await;
}
