//! The whole server: store, engine and API put together, and taken down in order.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use domain::RequestId;
use sandbox::{Sandbox, SandboxConfig};
use sha2::Digest as _;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

use crate::actions::{SandboxNumber, Server};
use crate::api;
use crate::carrier::Carrier;
use crate::carrier::sandbox::SandboxCarrier;
use crate::carrier::sip::SipCarrier;
use crate::config::Config;
use crate::engine::{Engine, LiveCalls, Pace, Parts, Vendors};
use crate::events::{HttpCourier, Hub, Outbox, Relay};
use crate::model::pipeline::http_client;
use crate::plugin::Plugins;
use crate::store::blobs::{Blobs, server_secret};
use crate::store::bucket::{Bucket, BucketConfig};
use crate::store::{Accounts as _, SqlStore, Store};
use crate::stripe::Stripe;
use crate::telemetry::MetricsPage;
use crate::vault::Vault;

/// Threads of the 20 ms clocks.
const AUDIO_THREADS_MAX: usize = 2;

/// A server that answers. Call [`Running::stop`]; dropping it stops without waiting for calls.
pub struct Running {
    pub addr: SocketAddr,
    pub server: Arc<Server>,
    pub pace: Arc<Pace>,
    pub sandbox: Arc<Sandbox>,
    /// Where figures are served, if they are.
    pub metrics: Option<MetricsPage>,
    engine: Option<Engine>,
    outbox: Option<Outbox>,
    relay: Option<Relay>,
    uploads: tokio::task::JoinHandle<()>,
    audio: Option<tokio::runtime::Runtime>,
    stop_http: Option<oneshot::Sender<()>>,
    http: tokio::task::JoinHandle<std::io::Result<()>>,
}

/// Opens everything, recovers what a former life left behind, and listens.
pub async fn start(config: Config) -> anyhow::Result<Running> {
    let data = config.data.clone();
    std::fs::create_dir_all(&data)
        .with_context(|| format!("cannot create the data folder {}", data.display()))?;
    // First: whoever measures looks its figure up when it starts.
    let metrics = match config.metrics_listen {
        Some(listen) => Some(MetricsPage::start(listen).await?),
        None => None,
    };
    let config = Arc::new(config);
    let plugins = tokio::task::spawn_blocking({
        let config = config.clone();
        move || load_playbooks(&config)
    });
    let store = Arc::new(open_store(&config).await?);
    let bucket = match &config.recordings.s3 {
        Some(wanted) => Some(open_bucket(wanted).await?),
        None => None,
    };
    let secret = link_secret(&config, &store).await?;
    let vault = Arc::new(Vault::new(&secret));
    let blobs = Blobs::open(&data.join("blobs"), secret, bucket)?;
    let speech = config.sandbox.speech_cache.clone();
    let mut sandbox_config =
        SandboxConfig::new(speech.unwrap_or_else(|| data.join("cache").join("speech")));
    sandbox_config.scenarios_dir.clone_from(&config.sandbox.scenarios);
    sandbox_config.dial_log = Some(data.join("sandbox-dials.log"));
    let sandbox = tokio::task::spawn_blocking(move || Sandbox::start(sandbox_config));
    let sandbox = Arc::new(sandbox.await?.context("the sandbox does not start")?);
    let plugins = Arc::new(plugins.await??);
    let audio_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let audio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(audio_threads.min(AUDIO_THREADS_MAX))
        .thread_name("audio")
        .enable_all()
        .build()?;
    let live_carrier = match live_carrier(&config, audio.handle()).await {
        Ok(carrier) => carrier,
        Err(error) => {
            // A runtime must not be dropped where others wait.
            audio.shutdown_background();
            return Err(error);
        }
    };
    let hub = Hub::new();
    let live = Arc::new(LiveCalls::default());
    let pace = Arc::new(Pace::new());
    let server = Arc::new(Server {
        store: store.clone(),
        blobs: blobs.clone(),
        vault: vault.clone(),
        hub: hub.clone(),
        live: live.clone(),
        config: config.clone(),
        plugins: plugins.clone(),
        compiling: Semaphore::new(1),
        stripe: Stripe::new(&config.stripe)?,
        sandbox_numbers: numbers(&sandbox),
        ready: AtomicBool::new(false),
    });
    let uploads = tokio::spawn(blobs.clone().carry());
    let courier = Arc::new(HttpCourier::new(&config.webhooks)?);
    let outbox = Outbox::start(store.clone(), courier, config.clone(), hub.outbox_wake());
    let node = node_name(&data.join("node"))?;
    let relay = Relay::start(store.clone(), hub.clone(), node.clone());
    let engine = Engine::start(Parts {
        node,
        store: store as Arc<dyn Store>,
        blobs,
        hub,
        live,
        config: config.clone(),
        plugins,
        models: Arc::new(Vendors {
            http: http_client()?,
            config: config.clone(),
            sandbox: sandbox.clone(),
            vault,
        }),
        test_carrier: Arc::new(SandboxCarrier::new(sandbox.clone())),
        live_carrier,
        audio: audio.handle().clone(),
        pace: pace.clone(),
    })
    .await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let addr = listener.local_addr()?;
    server.ready.store(true, Ordering::Release);
    let (stop_http, stopped) = oneshot::channel::<()>();
    let app = api::service(server.clone());
    let serve = axum::serve(listener, app).with_graceful_shutdown(async move {
        let _ = stopped.await;
    });
    let http = tokio::spawn(async move { serve.await });
    Ok(Running {
        addr,
        server,
        pace,
        sandbox,
        metrics,
        engine: Some(engine),
        outbox: Some(outbox),
        relay: Some(relay),
        uploads,
        audio: Some(audio),
        stop_http: Some(stop_http),
        http,
    })
}

impl Running {
    /// Takes no more calls, lets the running ones end, and closes.
    pub async fn stop(mut self) {
        self.server.ready.store(false, Ordering::Release);
        if let Some(engine) = self.engine.take() {
            engine.stop().await;
        }
        if let Some(outbox) = self.outbox.take() {
            outbox.stop();
        }
        if let Some(relay) = self.relay.take() {
            relay.stop();
        }
        if let Some(stop) = self.stop_http.take() {
            let _ = stop.send(());
        }
        // A live stream may stay open for ever; requests are short.
        let wait = std::time::Duration::from_secs(2);
        let _ = tokio::time::timeout(wait, &mut self.http).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.http.abort();
        self.uploads.abort();
        if let Some(outbox) = self.outbox.take() {
            outbox.stop();
        }
        if let Some(relay) = self.relay.take() {
            relay.stop();
        }
        if let Some(audio) = self.audio.take() {
            audio.shutdown_background();
        }
    }
}

/// The database that the configuration names.
pub(crate) async fn open_store(config: &Config) -> anyhow::Result<SqlStore> {
    match &config.database_url {
        Some(url) => SqlStore::connect(url).await,
        None => SqlStore::open_file(&config.data.join("agenticcalling.db")).await,
    }
}

/// What live keys call with.
async fn live_carrier(
    config: &Config,
    audio: &tokio::runtime::Handle,
) -> anyhow::Result<Option<Arc<dyn Carrier>>> {
    if config.carriers.sip.is_empty() {
        return Ok(None);
    }
    let sip = SipCarrier::open(&config.carriers, audio.clone()).await?;
    Ok(Some(Arc::new(sip)))
}

async fn open_bucket(wanted: &BucketConfig) -> anyhow::Result<Bucket> {
    let bucket = Bucket::new(wanted)?;
    bucket.probe().await?;
    Ok(bucket)
}

/// Signs links and cursors, and seals what is secret. Servers that share a database share it, for a
/// client may come back to another one.
async fn link_secret(config: &Config, store: &SqlStore) -> anyhow::Result<[u8; 32]> {
    if let Some(secret) = &config.secret {
        return Ok(sha2::Sha256::digest(secret.as_bytes()).into());
    }
    if config.database_url.is_none() {
        return server_secret(&config.data.join("secret"));
    }
    tracing::warn!(
        "the server's secret is kept in the database that it protects: set `secret` to keep it apart"
    );
    let fresh = format!("{:032x}{:032x}", crate::clock::random(), crate::clock::random());
    let kept = store.shared_secret("links", &fresh).await?;
    Ok(sha2::Sha256::digest(kept.as_bytes()).into())
}

fn load_playbooks(config: &Config) -> anyhow::Result<Plugins> {
    let plugins = Plugins::new(config.plugins.clone(), &config.data.join("cache").join("code"))?;
    let folder = playbook_folder(config)?;
    plugins.load_dir(&folder).with_context(|| format!("playbooks in {}", folder.display()))?;
    Ok(plugins)
}

/// The configured folder, or `playbooks` beside the program or a few levels above it.
pub(crate) fn playbook_folder(config: &Config) -> anyhow::Result<PathBuf> {
    if let Some(folder) = &config.playbooks {
        return Ok(folder.clone());
    }
    let program = std::env::current_exe()?;
    let mut tried = Vec::new();
    for folder in program.ancestors().skip(1).take(3) {
        let candidate = folder.join("playbooks");
        if candidate.join("platform.general.wasm").is_file() {
            return Ok(candidate);
        }
        tried.push(candidate.display().to_string());
    }
    anyhow::bail!(
        "no playbooks found (looked in {}): build them with `cargo x playbooks`, or name their \
         folder with --playbooks",
        tried.join(", ")
    )
}

/// Made once and kept, so that a restarted server knows its own leases.
fn node_name(file: &Path) -> anyhow::Result<String> {
    if let Ok(name) = std::fs::read_to_string(file)
        && !name.trim().is_empty()
    {
        return Ok(name.trim().to_owned());
    }
    let name = RequestId::new(crate::clock::now(), crate::clock::random()).to_string();
    let name = format!("node_{name}");
    std::fs::write(file, &name).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(name)
}

fn numbers(sandbox: &Sandbox) -> Vec<SandboxNumber> {
    let unless_empty = |text: String| Some(text).filter(|text| !text.is_empty());
    let number = |number: sandbox::Number| SandboxNumber {
        number: number.number,
        scenario: number.scenario,
        description: number.description,
        expected_outcome: number.expected_outcome,
        objective: number.objective,
        context: unless_empty(number.context),
        previous_call_context: unless_empty(number.previous_call),
        language: unless_empty(number.language),
        behavior_rules: number.rules,
    };
    sandbox.numbers().into_iter().map(number).collect()
}
