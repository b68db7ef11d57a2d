//! Rules that code cannot decide, judged by a second model before a clause is spoken.

use agenticcalling::model::Stage;
use agenticcalling_tests::{TestServer, said_by};
use serde_json::json;

const FRIENDLY: &str = "Sound cheerful and friendly";
const WEATHER: &str = "Do not be the one who brings up how wonderful the sunshine and the rain are";
const FORBIDDEN: &str = "What wonderful sunshine after all the rain!";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_judge_refuses_is_not_heard() {
    let server = TestServer::with(|config| config.pipelines.judge = Some(Stage::default())).await;
    let server = server.unwrap();
    let mut request = server.client.scenario("shop").await.unwrap();
    request["behavior_rules"] = json!([FRIENDLY, WEATHER]);
    server.running.sandbox.vendor().everywhere().say_next([FORBIDDEN]);
    let call = server.client.post("/v1/calls", &request).await.unwrap();
    let classes = |call: &serde_json::Value| {
        let checks = call["rule_checks"].as_array().unwrap();
        checks.iter().map(|check| check["enforcement"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(classes(&call), ["model", "model"], "known when the call is made: {call:#}");
    let (call, _) = server.client.follow(call["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(call["status"], "completed", "{call:#}");
    assert_eq!(classes(&call), ["model", "model"]);
    let check = &call["rule_checks"][1];
    assert_eq!(check["clauses_withheld"], 1, "{call:#}");
    assert!(check["clauses_checked"].as_u64().unwrap() > 1);
    assert_eq!(check["clauses"][0]["text"], FORBIDDEN);
    assert_eq!(check["clauses"][0]["verdict"], "withhold");
    assert!(!said_by(&call, "agent").join(" ").contains("sunshine"), "{call:#}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_judge_the_rule_is_asked_of_the_model_and_said_so() {
    let server = TestServer::start().await.unwrap();
    let mut request = server.client.scenario("busy").await.unwrap();
    request["behavior_rules"] = json!([FRIENDLY]);
    let call = server.client.post("/v1/calls", &request).await.unwrap();
    assert_eq!(call["rule_checks"][0]["enforcement"], "prompt");
    server.stop().await;
}
