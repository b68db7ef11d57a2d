//! The OpenAPI document: true to the code, and kept in the tree.

use std::path::Path;

use serde_json::Value;

use crate::app::App;

#[tokio::test]
async fn the_document_in_the_tree_is_the_one_that_is_served() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let kept: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let made = serde_json::to_value(agenticcalling::api::document()).unwrap();
    let regenerate = "cargo run -p agenticcalling -- openapi > host/openapi.json";
    assert_eq!(kept, made, "host/openapi.json is not up to date: {regenerate}");
    let app = App::start().await;
    let served = app.anonymous().get("/v1/openapi.json").await;
    assert_eq!(served.body["paths"], made["paths"]);
    assert_eq!(served.body["openapi"], "3.1.0");
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = serde_json::to_value(agenticcalling::api::document()).unwrap();
    let mut names = std::collections::BTreeSet::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} is used twice");
        }
    }
}

#[tokio::test]
async fn every_path_of_the_document_is_answered() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let document = serde_json::to_value(agenticcalling::api::document()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let known = operation["responses"].as_object().unwrap();
            let filled = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
            let filled: Vec<&str> = filled.collect();
            let method = method.to_uppercase().parse().unwrap();
            let answer = client.send(method, &filled.join("/"), None).await;
            let status = answer.status.as_u16().to_string();
            assert!(known.contains_key(&status), "{path} answers {status}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn the_reference_page_is_for_people() {
    let app = App::start().await;
    let page = app.anonymous().get("/v1/reference").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    assert!(page.body.as_str().unwrap().contains("POST /v1/calls/batch"));
}
