//! The command line as a person uses it: what it prints, and what it exits with.

use std::process::{Command, Output};

use agenticcalling_tests::{TestServer, speech_cache};
use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_node"))
        .args(arguments)
        .env("AGENTICCALLING_SANDBOX__SPEECH_CACHE", speech_cache())
        .env_remove("AC_API_KEY")
        .output()
        .unwrap()
}

/// Runs off the runtime: the server in this process must answer meanwhile.
async fn call(server: &TestServer, key: &str, to: &str) -> (bool, String, String) {
    let arguments: Vec<String> =
        ["call", to, "--objective", "Ask about their business hours", "--key", key, "--url"]
            .map(str::to_owned)
            .into_iter()
            .chain([server.client.base.clone()])
            .collect();
    let ran = tokio::task::spawn_blocking(move || {
        run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    });
    let output = ran.await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

async fn number(server: &TestServer, scenario: &str) -> String {
    let request = server.client.scenario(scenario).await.unwrap();
    request["to"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_placed_and_followed() {
    let server = TestServer::start().await.unwrap();
    let to = number(&server, "hangs_up").await;
    let (done, shown, complaint) = call(&server, &server.client.key, &to).await;
    assert!(done, "{shown}{complaint}");
    for line in ["status    in_progress", " callee: ", "  agent: ", "status    completed"] {
        assert!(shown.contains(line), "{line:?} is missing: {shown}");
    }
    let results = shown.split("\n\n").last().unwrap();
    for line in ["summary   ", "duration  ", "cost      $"] {
        assert!(results.contains(line), "{line:?} is missing: {shown}");
    }

    let to = number(&server, "invalid").await;
    let (done, shown, _) = call(&server, &server.client.key, &to).await;
    assert!(!done && shown.contains("reason    invalid_number"), "{shown}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_wrong_is_said_with_what_to_do() {
    let server = TestServer::start().await.unwrap();
    let table = [
        (server.client.key.as_str(), "12025550117", "422"),
        ("ac_test_wrong", "+12025550117", "401"),
        (server.client.live_key.as_str(), "+12025550117", "503"),
    ];
    for (key, to, status) in table {
        let (done, _, complaint) = call(&server, key, to).await;
        assert!(!done && complaint.starts_with("error: "), "{complaint}");
        assert!(complaint.contains(status), "{to}: {complaint}");
        assert!(!complaint.contains(key), "the key is shown: {complaint}");
    }
    server.stop().await;
    let nobody = run(&[
        "call",
        "+12025550117",
        "--objective",
        "x",
        "--key",
        "k",
        "--url",
        "http://127.0.0.1:9",
    ]);
    let complaint = String::from_utf8_lossy(&nobody.stderr).into_owned();
    assert!(complaint.contains("no answer from the server at http://127.0.0.1:9"), "{complaint}");
}

#[test]
fn every_command_explains_itself() {
    for command in ["serve", "call", "demo", "approve-key", "openapi"] {
        let help = run(&[command, "--help"]);
        let text = String::from_utf8_lossy(&help.stdout).into_owned();
        assert!(help.status.success() && text.contains("Usage: "), "{command}: {text}");
    }
    let document: Value = serde_json::from_slice(&run(&["openapi"]).stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let listed = run(&["openapi", "--nonsense"]);
    assert_eq!(listed.status.code(), Some(2));
}

#[test]
fn the_demo_lists_its_scenarios() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let listed = run(&["demo", "--scenario", "list", "--data", folder]);
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.status.success(), "{text}");
    for scenario in ["steel_supplier", "voicemail", "screener", "timber_yard", "zahnarzt"] {
        assert!(text.contains(scenario), "{text}");
    }
    let unknown = run(&["demo", "--scenario", "nobody", "--data", folder]);
    let complaint = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(complaint.contains("there is no scenario \"nobody\""), "{complaint}");
}
