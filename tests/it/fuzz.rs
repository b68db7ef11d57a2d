//! The whole API against its own OpenAPI document: thousands of requests, right and wrong, and no answer
//! that the document does not know.

use std::path::{Path, PathBuf};
use std::process::Command;

use agenticcalling_tests::TestServer;

/// For each operation and phase; `make fuzz` goes on for as long as it is told.
const EXAMPLES: &str = "15";
const SEED: &str = "1";

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_one_that_the_document_knows() {
    let program = workspace().join(".cache/schemathesis/bin/schemathesis");
    assert!(program.is_file(), "schemathesis is missing: scripts/schemathesis installs it");
    let server = TestServer::with(|config| {
        config.limits.registrations_per_minute = u32::MAX;
        // The calls that are made are not what this is about.
        config.limits.live_calls_max = 1;
    });
    let server = server.await.unwrap();
    let mut command = Command::new(program);
    command
        .arg("--config-file")
        .arg(workspace().join("tests/schemathesis.toml"))
        .args(["--no-color", "run"])
        .arg(format!("{}/v1/openapi.json", server.client.base))
        .args(["-H", &format!("Authorization: Bearer {}", server.client.key)])
        .args(["--phases", "examples,coverage,fuzzing", "--continue-on-failure"])
        .args(["--generation-database", "none", "--request-timeout", "20"])
        .env("SCHEMATHESIS_HOOKS", workspace().join("tests/schemathesis_hooks.py"))
        .current_dir(server.data());
    match std::env::var("AGENTICCALLING_FUZZ_SECONDS") {
        Ok(seconds) => command.args(["--max-time", &seconds]),
        Err(_) => command.args(["--seed", SEED, "--max-examples", EXAMPLES]),
    };
    let ran = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let report = String::from_utf8_lossy(&ran.stdout);
    let complaint = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{report}{complaint}");
    let tested = report.lines().any(|line| line.contains("generated") && line.contains("passed"));
    assert!(tested, "nothing was tested: {report}{complaint}");
    server.stop().await;
}
