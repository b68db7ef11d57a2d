//! A server to test against, and clients that hold a key of it.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use agenticcalling::actions::{SandboxNumber, Server};
use agenticcalling::api;
use agenticcalling::config::Config;
use agenticcalling::engine::LiveCalls;
use agenticcalling::events::{HttpCourier, Hub, Outbox};
use agenticcalling::plugin::{Limits, Plugins};
use agenticcalling::store::SqlStore;
use agenticcalling::store::blobs::{Blobs, server_secret};
use agenticcalling::store::bucket::Bucket;
use agenticcalling::store::{CallRecord, Change, Store};
use agenticcalling::stripe::Stripe;
use agenticcalling::vault::Vault;
use domain::CallId;
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Semaphore;

pub(crate) const NUMBER: &str = "+12025550100";
pub(crate) const OTHER_NUMBER: &str = "+12025550101";
/// Nothing here takes nearly as long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct App {
    pub(crate) server: Arc<Server>,
    pub(crate) base: String,
    pub(crate) http: reqwest::Client,
    serving: tokio::task::JoinHandle<()>,
    uploads: tokio::task::JoinHandle<()>,
    outbox: Option<Outbox>,
    folder: TempDir,
}

/// One key and how to use it.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) key: String,
    pub(crate) org: String,
    pub(crate) base: String,
    http: reqwest::Client,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// Those that were built, compiled once for all tests.
fn plugins() -> Arc<Plugins> {
    static PLUGINS: OnceLock<(Arc<Plugins>, TempDir)> = OnceLock::new();
    let (plugins, _) = PLUGINS.get_or_init(|| {
        let cache = tempfile::tempdir().unwrap();
        let plugins = Plugins::new(Limits::default(), cache.path()).unwrap();
        plugins.load_dir(&built()).expect("`cargo x playbooks` was run");
        (Arc::new(plugins), cache)
    });
    plugins.clone()
}

/// Where `cargo x playbooks` writes.
pub(crate) fn built() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap().join("playbooks")
}

impl App {
    pub(crate) async fn start() -> App {
        App::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> App {
        agenticcalling::tls::install();
        let folder = tempfile::tempdir().unwrap();
        let store = match &config.database_url {
            Some(url) => SqlStore::connect(url).await.unwrap(),
            None => SqlStore::open_file(&folder.path().join("test.db")).await.unwrap(),
        };
        let secret = server_secret(&folder.path().join("secret")).unwrap();
        let store: Arc<dyn Store> = Arc::new(store);
        let vault = Arc::new(Vault::new(&secret));
        let stripe = Stripe::new(&config.stripe).unwrap();
        let hub = Hub::new();
        let config = Arc::new(config);
        let courier = Arc::new(HttpCourier::new(&config.webhooks).unwrap());
        let outbox = Outbox::start(store.clone(), courier, config.clone(), hub.outbox_wake());
        let bucket = config.recordings.s3.as_ref().map(|wanted| Bucket::new(wanted).unwrap());
        let blobs = Blobs::open(&folder.path().join("blobs"), secret, bucket).unwrap();
        let uploads = tokio::spawn(blobs.clone().carry());
        let server = Arc::new(Server {
            store,
            blobs: blobs.clone(),
            vault,
            hub,
            live: Arc::new(LiveCalls::default()),
            config,
            plugins: plugins(),
            compiling: Semaphore::new(1),
            stripe,
            sandbox_numbers: vec![number(NUMBER), number(OTHER_NUMBER)],
            ready: AtomicBool::new(true),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let service = api::service(server.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .unwrap();
        App { server, base, http, serving, uploads, outbox: Some(outbox), folder }
    }

    /// Nobody's.
    pub(crate) fn anonymous(&self) -> Client {
        self.client(String::new(), String::new())
    }

    pub(crate) fn client(&self, key: String, org: String) -> Client {
        Client { key, org, base: self.base.clone(), http: self.http.clone() }
    }

    /// The live key of a new organization.
    pub(crate) async fn live(&self, email: &str) -> Client {
        let body = json!({"name": "Acme", "email": email});
        let made = self.anonymous().post("/v1/auth/register", body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        self.client(made.text("api_key"), made.text("org_id"))
    }

    /// The test key of a new organization.
    pub(crate) async fn test(&self, email: &str) -> Client {
        let live = self.live(email).await;
        self.key(&live, json!({"mode": "test"})).await
    }

    pub(crate) async fn key(&self, maker: &Client, wanted: Value) -> Client {
        let made = maker.post("/v1/auth/api-keys", wanted).await;
        assert_eq!(made.status, 201, "{}", made.body);
        self.client(made.text("api_key"), maker.org.clone())
    }

    /// The database itself, to look into it behind the server's back.
    pub(crate) async fn database(&self) -> sqlx::SqlitePool {
        let file = self.folder.path().join("test.db");
        sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display())).await.unwrap()
    }

    pub(crate) async fn record(&self, id: &str) -> CallRecord {
        let id: CallId = id.parse().unwrap();
        self.server.store.call_unscoped(id).await.unwrap().unwrap()
    }

    /// Writes a record as the engine would.
    pub(crate) async fn write(&self, record: &CallRecord) {
        let change = Change::of(record);
        self.server.store.apply(change).await.unwrap();
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.serving.abort();
        self.uploads.abort();
        if let Some(outbox) = self.outbox.take() {
            outbox.stop();
        }
    }
}

fn number(number: &str) -> SandboxNumber {
    SandboxNumber {
        number: number.parse().unwrap(),
        scenario: "steel_supplier".into(),
        description: "A supplier of steel beams".into(),
        expected_outcome: "completed".into(),
        objective: "Get bulk pricing".into(),
        context: None,
        previous_call_context: None,
        language: None,
        behavior_rules: vec![],
    }
}

impl Client {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request).await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        if self.key.is_empty() { request } else { request.bearer_auth(&self.key) }
    }

    /// A call that was made.
    pub(crate) async fn create(&self, more: Value) -> Value {
        let made = self.post("/v1/calls", call(more)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body
    }

    pub(crate) async fn call(&self, id: &str) -> Value {
        let found = self.get(&format!("/v1/calls/{id}")).await;
        assert_eq!(found.status, 200, "{}", found.body);
        found.body
    }
}

pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status, headers, body }
}

impl Answer {
    pub(crate) fn text(&self, field: &str) -> String {
        text(&self.body, field)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub(crate) fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).to_owned()
}

/// A good request with some fields changed; null takes one out.
pub(crate) fn call(more: Value) -> Value {
    let mut body = json!({"to": NUMBER, "objective": "Ask about their business hours"});
    for (field, value) in more.as_object().unwrap() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(field);
        } else {
            body[field] = value.clone();
        }
    }
    body
}
