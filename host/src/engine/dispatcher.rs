//! Claims what is due and gives each call its task.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use call::billing::next_month;
use domain::{AttemptId, CallId, OrgId};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::lifecycle::{self, Came};
use super::timed::Timed;
use super::{Control, LiveCalls, Pace};
use crate::carrier::Carrier;
use crate::clock;
use crate::config::Config;
use crate::events::Hub;
use crate::model::{Model, Pipeline, PipelineConfig};
use crate::plugin::Plugins;
use crate::store::blobs::Blobs;
use crate::store::{CallRecord, Mode, OrgSettings, Store};
use crate::vault::{Vault, Vendor};

/// Calls taken in one go.
const CLAIM_MAX: u32 = 100;
/// Clocks may be set; a sleep of weeks would not notice.
const MONTH_LOOK_EVERY: Duration = Duration::from_secs(60);
/// At a stop: how long running calls may go on.
const DRAIN_MAX: Duration = Duration::from_secs(20);

/// Everything a call's tasks need.
pub struct Parts {
    /// This server's own name, the same after a restart.
    pub node: String,
    pub store: Arc<dyn Store>,
    pub blobs: Blobs,
    pub hub: Hub,
    pub live: Arc<LiveCalls>,
    pub config: Arc<Config>,
    pub plugins: Arc<Plugins>,
    pub models: Arc<dyn Models>,
    pub test_carrier: Arc<dyn Carrier>,
    /// None where no trunk is configured.
    pub live_carrier: Option<Arc<dyn Carrier>>,
    /// The runtime of the 20 ms clocks, where nothing else runs.
    pub audio: Handle,
    pub pace: Arc<Pace>,
}

/// Which model holds which call.
pub trait Models: Send + Sync + 'static {
    fn of(&self, record: &CallRecord, settings: &OrgSettings) -> Arc<dyn Model>;
    /// The second model, which judges what code cannot decide.
    fn judge(&self, _record: &CallRecord, _settings: &OrgSettings) -> Option<Arc<dyn Model>> {
        None
    }
}

/// Vendors as they are configured for live calls, and the sandbox's for the others.
pub struct Vendors {
    pub http: reqwest::Client,
    pub config: Arc<Config>,
    pub sandbox: Arc<sandbox::Sandbox>,
    pub vault: Arc<Vault>,
}

impl Models for Vendors {
    fn of(&self, record: &CallRecord, settings: &OrgSettings) -> Arc<dyn Model> {
        let config = self.config.pipelines.pipeline.clone().unwrap_or_default();
        let config = self.keyed(config, record, settings);
        Arc::new(Timed(Arc::new(Pipeline::new(self.http.clone(), config))))
    }

    fn judge(&self, record: &CallRecord, settings: &OrgSettings) -> Option<Arc<dyn Model>> {
        let chat = self.config.pipelines.judge.clone()?;
        let config = PipelineConfig { chat, tries_max: 1, ..PipelineConfig::default() };
        let config = self.keyed(config, record, settings);
        Some(Arc::new(Pipeline::new(self.http.clone(), config)))
    }
}

impl Vendors {
    /// The sandbox's emulated vendors for a test call, a customer's own key for a live one.
    fn keyed(
        &self,
        config: PipelineConfig,
        record: &CallRecord,
        settings: &OrgSettings,
    ) -> PipelineConfig {
        if record.mode == Mode::Test {
            let url = self.sandbox.vendor_base_url(&record.id.to_string());
            let PipelineConfig { tries_max, .. } = config;
            return PipelineConfig { tries_max, ..PipelineConfig::default() }.at(&url, "sandbox");
        }
        match self.own_key(record.org, settings) {
            Some(key) => config.with_openai_key(&key),
            None => config,
        }
    }

    fn own_key(&self, org: OrgId, settings: &OrgSettings) -> Option<String> {
        let key = self.vault.open(settings.openai_key.as_deref()?, &Vendor::OpenAi.seal_about(org));
        key.inspect_err(|error| tracing::error!(%org, %error, "the OpenAI key was not used")).ok()
    }
}

pub struct Engine {
    parts: Arc<Parts>,
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Parts {
    pub(super) fn carrier(&self, record: &CallRecord) -> Option<Arc<dyn Carrier>> {
        // Test keys never reach a real carrier; live calls need one, which is checked at creation.
        match record.mode {
            Mode::Test => Some(self.test_carrier.clone()),
            Mode::Live => self.live_carrier.clone(),
        }
    }

    /// A node that does not renew its leases for so long is taken for dead.
    fn lease(&self) -> Duration {
        Duration::from_secs(self.config.limits.lease_secs)
    }

    /// Where an attempt is recorded while it lasts.
    pub(super) fn recording(&self, attempt: AttemptId) -> PathBuf {
        self.config.data.join("recording").join(format!("{attempt}.part"))
    }
}

impl Engine {
    /// Takes over what a former life of this node left behind, then works.
    pub async fn start(parts: Parts) -> anyhow::Result<Engine> {
        let parts = Arc::new(parts);
        std::fs::create_dir_all(parts.config.data.join("recording"))?;
        parts.store.forget_leases(&parts.node).await?;
        recover(&parts).await?;
        let (stop, stopped) = watch::channel(false);
        let tasks = vec![
            tokio::spawn(dispatch(parts.clone(), stopped.clone())),
            tokio::spawn(renew(parts.clone())),
            tokio::spawn(resume_monthly(parts.clone())),
            tokio::spawn(recover_forever(parts.clone(), stopped)),
        ];
        Ok(Engine { parts, stop, tasks })
    }

    /// Takes no more calls and lets the running ones go on for a while.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let drained = async {
            while self.parts.live.count() > 0 {
                sleep(Duration::from_millis(50)).await;
            }
        };
        if timeout(DRAIN_MAX, drained).await.is_err() {
            let calls = self.parts.live.count();
            tracing::warn!(
                calls,
                "calls are still running: they will be recovered after the restart"
            );
        }
        for task in self.tasks {
            task.abort();
        }
    }
}

async fn dispatch(parts: Arc<Parts>, mut stopped: watch::Receiver<bool>) {
    let look_every = Duration::from_secs(parts.config.limits.look_secs);
    loop {
        if *stopped.borrow() {
            return;
        }
        if let Err(error) = claim(&parts).await {
            tracing::error!(%error, "due calls could not be claimed");
        }
        let wait = match parts.store.next_wake().await {
            Ok(Some(at)) => at.since(clock::now()).min(look_every),
            _ => look_every,
        };
        tokio::select! {
            () = parts.live.wake.notified() => {}
            // A call that is due but has no room is looked at again only when something changes.
            () = sleep(wait.max(Duration::from_millis(20))) => {}
            _ = stopped.changed() => return,
        }
    }
}

async fn claim(parts: &Arc<Parts>) -> Result<(), crate::store::StoreError> {
    let held = u32::try_from(parts.live.count()).unwrap_or(u32::MAX);
    let room = parts.config.limits.live_calls_max.saturating_sub(held).min(CLAIM_MAX);
    if room == 0 {
        return Ok(());
    }
    let now = clock::now();
    let plans = |plan: &str| parts.config.allowance(plan);
    let records = parts.store.claim_due(&parts.node, now, parts.lease(), room, &plans).await?;
    for record in records {
        spawn(parts, record, Came::Due);
    }
    Ok(())
}

async fn recover_forever(parts: Arc<Parts>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = sleep(parts.lease() / 2) => {}
            _ = stopped.changed() => return,
        }
        if let Err(error) = recover(&parts).await {
            tracing::error!(%error, "lost calls could not be recovered");
        }
    }
}

async fn recover(parts: &Arc<Parts>) -> Result<(), crate::store::StoreError> {
    let lost = parts.store.claim_lost(&parts.node, clock::now(), parts.lease(), CLAIM_MAX).await?;
    for record in lost {
        // Our own, whose lease was renewed too late: it is not lost.
        if !parts.live.contains(record.id) {
            tracing::warn!(call = %record.id, "a call is recovered from a node that is gone");
            spawn(parts, record, Came::FromLostNode);
        }
    }
    Ok(())
}

fn spawn(parts: &Arc<Parts>, record: CallRecord, came: Came) {
    let id = record.id;
    let control = parts.live.enter(id);
    let parts = parts.clone();
    let task = tokio::spawn(lifecycle::run(parts.clone(), record, came, control));
    tokio::spawn(async move {
        if task.await.is_err() {
            tracing::error!(call = %id, "the task of a call panicked");
        }
        parts.live.leave(id);
        parts.live.wake.notify_one();
    });
}

async fn renew(parts: Arc<Parts>) {
    loop {
        sleep(parts.lease() / 3).await;
        let before = parts.live.ids();
        if before.is_empty() {
            continue;
        }
        match parts.store.renew(&parts.node, clock::now() + parts.lease()).await {
            Ok(held) => {
                let held: BTreeSet<CallId> = held.into_iter().collect();
                // Cancelled through another server, which gave the lease back: hang up.
                for lost in before.into_iter().filter(|id| !held.contains(id)) {
                    parts.live.tell(lost, Control::Changed);
                }
            }
            Err(error) => tracing::error!(%error, "leases could not be renewed"),
        }
    }
}

/// With a new month come new minutes: retries that waited for them go on.
async fn resume_monthly(parts: Arc<Parts>) {
    loop {
        let next = next_month(clock::now());
        while clock::now() < next {
            sleep(next.since(clock::now()).min(MONTH_LOOK_EVERY)).await;
        }
        match parts.store.unpause(None, clock::now()).await {
            Ok(calls) => {
                tracing::info!(calls, "a new month: calls that waited for minutes go on");
                parts.live.wake.notify_one();
            }
            Err(error) => tracing::error!(%error, "calls that wait for minutes were not woken"),
        }
    }
}
