//! What the whole-server tests share: a server with a test key, and a client that follows calls.

pub mod duet;
pub mod fleet;
pub mod sim;
pub mod sip;

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use agenticcalling::config::Config;
use agenticcalling::server::{self, Running};
use anyhow::{Context as _, Result, ensure};
use futures::StreamExt as _;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

/// Far longer than any scripted call.
pub const CALL_MAX: Duration = Duration::from_secs(150);

/// A server of this process, on a free port, with data of its own.
pub struct TestServer {
    pub running: Running,
    pub client: Client,
    folder: tempfile::TempDir,
}

impl TestServer {
    pub async fn start() -> Result<TestServer> {
        TestServer::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Result<TestServer> {
        let folder = tempfile::tempdir()?;
        let mut config = config_in(folder.path());
        change(&mut config);
        // One after the other: the first compiles the playbooks, the others find them.
        static STARTING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let starting = STARTING.lock().await;
        let running = server::start(config).await?;
        drop(starting);
        let client = Client::register(&format!("http://{}", running.addr)).await?;
        Ok(TestServer { running, client, folder })
    }

    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    pub async fn stop(self) {
        self.running.stop().await;
    }
}

/// Loopback, a free port, and the speech that earlier runs rendered.
pub fn config_in(folder: &Path) -> Config {
    let mut config = Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        data: folder.to_owned(),
        ..Config::default()
    };
    config.sandbox.speech_cache = Some(speech_cache());
    share_compiled_playbooks(folder);
    config
}

/// Puts a link to one folder of compiled playbooks where a server will look: to compile nine of them takes
/// an unoptimised server most of a minute. What another build of the server left there it compiles anew.
fn share_compiled_playbooks(data: &Path) {
    let shared = target_folder().join("code-cache");
    std::fs::create_dir_all(&shared).expect("the target folder can be written to");
    let link = data.join("cache").join("code");
    if !link.exists() {
        std::fs::create_dir_all(data.join("cache")).expect("the data folder can be written to");
        // Another server of this test may be as quick.
        let _ = std::os::unix::fs::symlink(&shared, &link);
    }
}

/// Rendered speech is the same in every run, so all tests share it.
pub fn speech_cache() -> PathBuf {
    target_folder().join("speech-cache")
}

fn target_folder() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.ancestors().nth(3).map(Path::to_owned).unwrap_or_default()
}

/// The server as a process of its own, to be killed.
pub struct Node {
    child: Child,
    pub base: String,
}

impl Node {
    /// On SQLite in its folder, or on the database named.
    pub fn start(data: &Path, database: Option<&str>) -> Node {
        let url = database.map(|url| ("AGENTICCALLING_DATABASE_URL", url));
        Node::with(data, &url.into_iter().collect::<Vec<_>>())
    }

    /// With variables of configuration.
    pub fn with(data: &Path, variables: &[(&str, &str)]) -> Node {
        let mut command = Node::command(data);
        Node::run(command.envs(variables.iter().copied()).env("RUST_LOG", "error"))
    }

    /// As people run it, with its log in a file.
    pub fn logging(data: &Path, log: std::fs::File) -> Node {
        Node::run(Node::command(data).env_remove("RUST_LOG").stderr(log))
    }

    fn command(data: &Path) -> Command {
        share_compiled_playbooks(data);
        let mut command = Command::new(node_program());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.env("AGENTICCALLING_SANDBOX__SPEECH_CACHE", speech_cache());
        command
    }

    fn run(command: &mut Command) -> Node {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("the server says where it listens");
        let base = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
        assert!(!base.is_empty(), "the server did not start");
        Node { child, base }
    }

    /// SIGKILL: the process learns nothing of it.
    pub fn kill(mut self) {
        self.child.kill().expect("our own child can be killed");
        self.child.wait().expect("a killed child can be waited for");
    }
}

/// Beside the test program's folder.
fn node_program() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.ancestors().nth(2).map(|folder| folder.join("node")).unwrap_or_default()
}

/// A client with a test key.
#[derive(Clone)]
pub struct Client {
    pub http: reqwest::Client,
    pub base: String,
    pub live_key: String,
    pub key: String,
}

impl Client {
    pub async fn register(base: &str) -> Result<Client> {
        let http = agenticcalling::model::pipeline::http_client()?;
        let mut client =
            Client { http, base: base.to_owned(), live_key: String::new(), key: String::new() };
        let stamp = agenticcalling::clock::random();
        let who = json!({ "name": "Tests", "email": format!("t{stamp}@example.com") });
        let made = client.post("/v1/auth/register", &who).await?;
        client.live_key = made["api_key"].as_str().context("no live key")?.to_owned();
        client.key = client.live_key.clone();
        let made = client.post("/v1/auth/api-keys", &json!({ "mode": "test" })).await?;
        client.key = made["api_key"].as_str().context("no test key")?.to_owned();
        Ok(client)
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let request = self.http.post(format!("{}{path}", self.base)).json(body);
        let response = request.bearer_auth(&self.key).send().await?;
        let status = response.status();
        let body: Value = response.json().await?;
        ensure!(status.is_success(), "{path}: {status}: {body}");
        Ok(body)
    }

    pub async fn get(&self, path: &str) -> Result<Value> {
        let request = self.http.get(format!("{}{path}", self.base));
        let response = request.bearer_auth(&self.key).send().await?;
        let status = response.status();
        let body: Value = response.json().await?;
        ensure!(status.is_success(), "{path}: {status}: {body}");
        Ok(body)
    }

    /// The number that plays a scenario, with the request that suits it.
    pub async fn scenario(&self, name: &str) -> Result<Value> {
        let numbers = self.get("/v1/sandbox/numbers").await?;
        let numbers = numbers.as_array().context("no numbers")?;
        let found = numbers.iter().find(|number| number["scenario"] == name);
        let number = found.with_context(|| format!("no scenario {name}"))?;
        Ok(json!({
            "to": number["number"],
            "objective": number["objective"],
            "context": number["context"],
            "previous_call_context": number["previous_call_context"],
            "language": number["language"],
            "behavior_rules": number["behavior_rules"],
            "retry_policy": { "max_attempts": 1 },
        }))
    }

    pub async fn call(&self, request: &Value) -> Result<String> {
        let call = self.post("/v1/calls", request).await?;
        Ok(call["id"].as_str().context("a call without id")?.to_owned())
    }

    /// Waits until the call is over; gives its final state and everything the live stream told.
    pub async fn follow(&self, id: &str) -> Result<(Value, Vec<Value>)> {
        let url = format!("{}/v1/ws?call_id={id}&token={}", self.base, self.key);
        let url = url.replacen("http", "ws", 1);
        let (mut stream, _) = tokio_tungstenite::connect_async(url).await?;
        let mut told = Vec::new();
        let listen = async {
            while let Some(message) = stream.next().await {
                let Message::Text(text) = message? else { continue };
                let event: Value = serde_json::from_str(&text)?;
                let status = event["call"]["status"].as_str().unwrap_or_default().to_owned();
                told.push(event);
                if is_over(&status) {
                    return Ok(());
                }
            }
            anyhow::bail!("the live stream ended before the call")
        };
        let done: Result<()> =
            tokio::time::timeout(CALL_MAX, listen).await.context("the call does not end")?;
        done?;
        as_described(&told)?;
        Ok((self.get(&format!("/v1/calls/{id}")).await?, told))
    }

    /// A file behind a redirect.
    pub async fn fetch(&self, path: &str) -> Result<Vec<u8>> {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.key);
        let response = request.send().await?;
        ensure!(response.status() == 302, "{path}: {}", response.status());
        let link = response.headers()["location"].to_str()?;
        let here = reqwest::Url::parse(&self.base)?;
        let file = self.http.get(here.join(link)?).send().await?;
        Ok(file.error_for_status()?.bytes().await?.to_vec())
    }
}

/// Messages of the live stream are among those of the AsyncAPI document.
pub fn as_described(told: &[Value]) -> Result<()> {
    let document: Value = serde_json::from_str(include_str!("../../host/asyncapi.json"))?;
    let messages = document["components"]["messages"].as_object().context("no messages")?;
    let any: Vec<&Value> = messages.values().map(|message| &message["payload"]).collect();
    let schema = json!({ "oneOf": any, "components": document["components"] });
    let validator = jsonschema::validator_for(&schema)?;
    for message in told {
        let problem = validator.validate(message).map_err(|error| error.to_string());
        ensure!(problem.is_ok(), "not as described: {problem:?}: {message:#}");
    }
    Ok(())
}

pub fn is_over(status: &str) -> bool {
    ["completed", "exhausted", "failed", "cancelled"].contains(&status)
}

/// What one side said, in order.
pub fn said_by(call: &Value, speaker: &str) -> Vec<String> {
    let turns = call["transcript"].as_array().into_iter().flatten();
    let turns = turns.filter(|turn| turn["speaker"] == speaker);
    turns.filter_map(|turn| turn["text"].as_str()).map(str::to_owned).collect()
}
