//! Placing a call over the API and following it: status changes and transcript as they happen, then
//! the results.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use futures::StreamExt as _;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::{interval, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::model::pipeline::http_client;

const REQUEST_MAX: Duration = Duration::from_secs(30);
/// The stream tells at once; asking as well costs little and survives a lost connection.
const ASK_EVERY: Duration = Duration::from_secs(2);

#[derive(Args)]
pub(super) struct Call {
    /// Number to call, in E.164 format: +12025550101.
    to: String,
    /// What the agent should accomplish.
    #[arg(long)]
    objective: String,
    /// Background for the agent.
    #[arg(long)]
    context: Option<String>,
    /// A behaviour rule; may be given several times.
    #[arg(long = "rule")]
    rules: Vec<String>,
    /// Playbook; chosen from the objective if left out.
    #[arg(long)]
    playbook: Option<String>,
    /// Voice preset.
    #[arg(long)]
    voice: Option<String>,
    /// API key.
    #[arg(long, env = "AC_API_KEY", hide_env_values = true)]
    key: String,
    /// Address of the server.
    #[arg(long, env = "AC_BASE_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
}

impl Call {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let mut request = json!({ "to": self.to, "objective": self.objective });
        let optional = [
            ("context", json!(self.context)),
            ("playbook_id", json!(self.playbook)),
            ("voice", json!(self.voice)),
        ];
        for (name, value) in optional {
            if !value.is_null() {
                request[name] = value;
            }
        }
        if !self.rules.is_empty() {
            request["behavior_rules"] = json!(self.rules);
        }
        let api = Api::new(&self.url, &self.key)?;
        let call = place_and_follow(&api, &request).await?;
        print_results(&call);
        let completed = call["status"] == "completed";
        Ok(if completed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// A client of our own API.
pub(super) struct Api {
    http: Client,
    base: String,
    key: String,
}

impl Api {
    pub(super) fn new(url: &str, key: &str) -> anyhow::Result<Self> {
        let base = url.trim_end_matches('/').trim_end_matches("/v1").to_owned();
        Ok(Api { http: http_client()?, base, key: key.to_owned() })
    }

    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.base);
        let mut request = self.http.request(method, url).timeout(REQUEST_MAX);
        if !self.key.is_empty() {
            request = request.bearer_auth(&self.key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request
            .send()
            .await
            .with_context(|| format!("no answer from the server at {}", self.base))?;
        let status = response.status();
        let body: Value = response.json().await.context("the server's answer is not JSON")?;
        let detail = body["detail"].as_str().unwrap_or("no reason given");
        anyhow::ensure!(status.is_success(), "the server answered {status}: {detail}");
        Ok(body)
    }
}

impl Api {
    /// A file of the API itself.
    pub(super) async fn bytes(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.key);
        let response = request.timeout(REQUEST_MAX).send().await;
        let response =
            response.with_context(|| format!("no answer from the server at {}", self.base))?;
        let status = response.status();
        anyhow::ensure!(status.is_success(), "the server answered {status} to {path}");
        Ok(response.bytes().await?.to_vec())
    }

    /// A file behind a redirect to a signed link.
    pub(super) async fn download(&self, url: &str) -> anyhow::Result<Vec<u8>> {
        let redirect =
            self.http.get(url).bearer_auth(&self.key).timeout(REQUEST_MAX).send().await?;
        let location = redirect.headers().get("location").and_then(|link| link.to_str().ok());
        let link = location.context("the server gave no link to the file")?;
        // The link is signed: the key stays here.
        let file = self.http.get(format!("{}{link}", self.base)).timeout(REQUEST_MAX);
        Ok(file.send().await?.error_for_status()?.bytes().await?.to_vec())
    }
}

/// Creates the call and shows what happens until it is over.
pub(super) async fn place_and_follow(api: &Api, request: &Value) -> anyhow::Result<Value> {
    let call = api.send(Method::POST, "/v1/calls", Some(request)).await?;
    let id = call["id"].as_str().context("the server created a call without id")?;
    println!("call      {id}");
    println!("playbook  {}", call["playbook_id"].as_str().unwrap_or("-"));
    for rule in call["behavior_rules"].as_array().into_iter().flatten() {
        println!("rule      {}", rule.as_str().unwrap_or_default());
    }
    println!();
    follow(api, id).await
}

async fn follow(api: &Api, id: &str) -> anyhow::Result<Value> {
    let url = format!("{}/v1/ws?call_id={id}", api.base.replacen("http", "ws", 1));
    let mut upgrade = url.into_client_request()?;
    let bearer = format!("Bearer {}", api.key).parse().context("the key is not usable")?;
    upgrade.headers_mut().insert("authorization", bearer);
    let stream = timeout(REQUEST_MAX, tokio_tungstenite::connect_async(upgrade)).await;
    let (mut stream, _) =
        stream.context("the live stream does not answer")?.context("no live stream")?;
    let mut shown = Shown::default();
    let mut ask = interval(ASK_EVERY);
    let path = format!("/v1/calls/{id}");
    let mut connected = true;
    loop {
        tokio::select! {
            message = stream.next(), if connected => match message {
                Some(Ok(Message::Text(text))) => {
                    let event: Value = serde_json::from_str(&text)?;
                    shown.event(&event);
                    if is_over(&event["call"]) {
                        let call = api.send(Method::GET, &path, None).await?;
                        return Ok(call);
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => connected = false,
            },
            _ = ask.tick() => {
                let call = api.send(Method::GET, &path, None).await?;
                shown.status(call["status"].as_str().unwrap_or_default());
                if is_over(&call) {
                    return Ok(call);
                }
            }
        }
    }
}

fn is_over(call: &Value) -> bool {
    let over =
        ["completed", "exhausted", "failed", "cancelled", "retry_scheduled", "needs_follow_up"];
    call["status"].as_str().is_some_and(|status| over.contains(&status))
}

#[derive(Default)]
struct Shown {
    status: String,
}

impl Shown {
    fn event(&mut self, event: &Value) {
        match event["event_type"].as_str().unwrap_or_default() {
            "transcript.partial" => {
                let who = if event["speaker"] == "agent" { "agent" } else { "callee" };
                println!("  {who:>7}: {}", event["text"].as_str().unwrap_or_default());
            }
            "transcript.final" => {}
            _ => self.status(event["call"]["status"].as_str().unwrap_or_default()),
        }
    }

    fn status(&mut self, status: &str) {
        if !status.is_empty() && self.status != status {
            println!("status    {status}");
            status.clone_into(&mut self.status);
        }
    }
}

/// The results for a person to read.
pub(super) fn print_results(call: &Value) {
    let text = |key: &str| call[key].as_str().unwrap_or("-").to_owned();
    println!();
    println!("status    {}", text("status"));
    if let Some(reason) = call["reason"].as_str() {
        println!("reason    {reason}");
    }
    println!("summary   {}", text("summary"));
    if let Some(data) = call["structured_data"].as_object() {
        println!("data");
        for (name, value) in data.iter().filter(|(_, value)| !value.is_null()) {
            println!("  {name:<22} {}", plain(value));
        }
    }
    for check in call["rule_checks"].as_array().into_iter().flatten() {
        println!("rule      {}", plain(&check["rule"]));
        println!("  understood as          {}", plain(&check["reading"]));
        println!("  enforcement            {}", plain(&check["enforcement"]));
        let (checked, withheld) = (&check["clauses_checked"], &check["clauses_withheld"]);
        println!("  clauses                {checked} checked, {withheld} withheld");
    }
    for clause in call["withheld"].as_array().into_iter().flatten() {
        println!("withheld  \"{}\"", plain(&clause["text"]));
        println!("  because                {}", plain(&clause["reason"]));
    }
    for value in call["ungrounded"].as_array().into_iter().flatten() {
        let (field, reason) = (plain(&value["field"]), plain(&value["reason"]));
        println!("dropped   {field} = {} ({reason})", plain(&value["value"]));
    }
    for note in call["notes"].as_array().into_iter().flatten() {
        println!("note      {}", plain(note));
    }
    let seconds = call["duration_seconds"].as_u64().unwrap_or(0);
    println!("duration  {seconds} s");
    match call["cost"].as_f64() {
        Some(cost) if cost > 0.0 => println!("cost      ${cost:.4}"),
        Some(_) => println!("cost      $0.0000 (shorter than two minutes, so free)"),
        None => println!("cost      none (nobody answered)"),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
