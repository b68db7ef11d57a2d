//! One sandbox call from nothing: a server of its own on loopback, a key, the call, its results.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

use super::follow::{Api, place_and_follow, print_results};
use crate::config::Config;
use crate::{server, telemetry};

#[derive(Args)]
pub(super) struct Demo {
    /// Which scripted callee to call; `list` shows them.
    #[arg(long, default_value = "steel_supplier")]
    scenario: String,
    /// Folder for the demo's data.
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Folder of playbook components.
    #[arg(long)]
    playbooks: Option<PathBuf>,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        telemetry::start("warn,sqlx=error");
        let config = Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: self.data.clone(),
            playbooks: self.playbooks.clone(),
            ..Config::default()
        };
        let running = server::start(config).await?;
        let base = format!("http://{}", running.addr);
        println!("server    {base} (SQLite and local files in {})", self.data.display());
        let outcome = self.place(&base).await;
        running.stop().await;
        outcome
    }

    async fn place(&self, base: &str) -> anyhow::Result<ExitCode> {
        let api = test_api(base).await?;
        let numbers = api.send(Method::GET, "/v1/sandbox/numbers", None).await?;
        let numbers = numbers.as_array().context("the server lists no sandbox numbers")?;
        let chosen = numbers.iter().find(|number| number["scenario"] == self.scenario.as_str());
        let Some(number) = chosen else {
            for number in numbers {
                let (name, what) = (&number["scenario"], &number["description"]);
                println!("  {:<18} {}", name.as_str().unwrap_or(""), what.as_str().unwrap_or(""));
            }
            anyhow::ensure!(self.scenario == "list", "there is no scenario {:?}", self.scenario);
            return Ok(ExitCode::SUCCESS);
        };
        println!("calling   {} ({})", plain(&number["number"]), plain(&number["description"]));
        println!("expect    {}", plain(&number["expected_outcome"]));
        println!("objective {}", plain(&number["objective"]));
        let request = json!({
            "to": number["number"],
            "objective": number["objective"],
            "context": number["context"],
            "previous_call_context": number["previous_call_context"],
            "language": number["language"],
            "behavior_rules": number["behavior_rules"],
            "voice": "professional_male_en",
            "retry_policy": { "max_attempts": 1 },
        });
        let call = place_and_follow(&api, &request).await?;
        print_results(&call);
        save_recording(base, &api, &call, &self.data).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A fresh organization, and a test key made with its live key.
async fn test_api(base: &str) -> anyhow::Result<Api> {
    let stamp = crate::clock::now().as_millis();
    let who = json!({ "name": "Demo", "email": format!("demo-{stamp}@example.com") });
    let registered =
        Api::new(base, "")?.send(Method::POST, "/v1/auth/register", Some(&who)).await?;
    let live = registered["api_key"].as_str().context("registration gave no key")?;
    let wanted = json!({ "name": "Demo", "mode": "test" });
    let made = Api::new(base, live)?.send(Method::POST, "/v1/auth/api-keys", Some(&wanted)).await?;
    Api::new(base, made["api_key"].as_str().context("no test key was given")?)
}

async fn save_recording(base: &str, api: &Api, call: &Value, data: &Path) -> anyhow::Result<()> {
    let Some(url) = call["recording_url"].as_str() else { return Ok(()) };
    let bytes = api.download(&format!("{base}{url}")).await?;
    let file = data.join(format!("recording-{}.wav", plain(&call["id"])));
    std::fs::write(&file, bytes)?;
    println!("recording {} (left: agent, right: callee)", file.display());
    Ok(())
}

fn plain(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}
