//! A fleet of calls in virtual time: the real dispatcher, machines, sessions, playbooks and SQLite store,
//! with a carrier, vendors and crashes that a seed decides.
//!
//! Each life of the server is a runtime with a paused clock, dropped where the seed says: in the middle
//! of whatever it does, before or after a commit. First the faults are on and nothing unlawful may
//! happen; then they are off and every call must end. While the store's file or a thread is waited for,
//! time stands still.
//!
//! Events go to two endpoints: one takes them, if not always at once, the other never answers.
//!
//! One fleet a process: the simulated clock is the process's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agenticcalling::actions::{Caller, CreateCall, CreateWebhook, NewKey, SandboxNumber, Server};
use agenticcalling::carrier::{
    Carrier, DIGITS_QUEUED_MAX, Dial, DialError, LEG_EVENTS_MAX, Leg, LegEvent,
};
use agenticcalling::clock;
use agenticcalling::config::{Billing, Config};
use agenticcalling::engine::{Engine, LiveCalls, Models, Pace, Parts};
use agenticcalling::events::{Courier, Hub, Outbox};
use agenticcalling::model::{ChatEvent, Message, Model, ModelError, Reply, Speech, Tool, ToolCall};
use agenticcalling::plugin::Plugins;
use agenticcalling::store::blobs::Blobs;
use agenticcalling::store::{
    Attempt, CallRecord, Calls as _, Delivery, DeliveryState, EventFilter, Mode, OrgSettings,
    Probe, Scope, SqlStore, Step, Store, StoreError, Usage,
};
use agenticcalling::vault::Vault;
use anyhow::{Context as _, Result, ensure};
use async_trait::async_trait;
use call::billing::{Bill, Pipeline, Rates, Rounding};
use call::hours::{LegalHours, next_legal};
use call::{AnsweredBy, FailReason, OnVoicemail, region};
use domain::{AttemptId, CallId, E164, EventId, MicroUsd, Time, WebhookId};
use futures::StreamExt as _;
use reqwest::header::HeaderMap;
use sandbox::callee::CalleeEvent;
use sandbox::ear::UNRECOGNISED;
use sandbox::mind;
use sandbox::room::Rooms;
use sandbox::scenario::Scenarios;
use sandbox::voice::Voices;
use serde_json::Value;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::time::sleep;

use crate::sim::{REPLY_MS, SPEECH_MS, TRANSCRIPT_MS, request};

/// 19:40 in Washington: retries run into the night, and wait for the morning.
const BEGINS: Time = Time::from_secs(1_795_567_200);
/// Lives with faults; the one after them has none.
const LIVES: u32 = 6;
const LIFE_SECS_MAX: u64 = 1800;
/// The last life has so long: retries, nights, weekends, a call back at no known time (seven days).
const CALM: Duration = Duration::from_secs(12 * 24 * 3600);
const LOOK: Duration = Duration::from_secs(1800);
/// A server that cannot start is gone for so long.
const RESTART: Duration = Duration::from_secs(5);
/// An endpoint that takes everything.
const HOOK: &str = "https://hook.example.com/events";
/// One that hangs until the server gives it up.
const HANGING: &str = "https://hanging.example.com/events";
/// As long as the server waits for an answer.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// Without faults, an event is with its endpoint so soon, whatever the other endpoint does.
const TOLD_MAX: Duration = Duration::from_secs(5);

const SCENARIOS: [&str; 12] = [
    "busy",
    "no_answer",
    "rejected",
    "invalid",
    "voicemail",
    "hangs_up",
    "do_not_call",
    "call_back",
    "wrong_number",
    "screener",
    "shop",
    "steel_supplier",
];

/// What came of a fleet.
#[derive(Debug, Default)]
pub struct Report {
    pub calls: usize,
    pub dials: usize,
    pub crashes: u32,
    pub store_errors: u32,
    pub carrier_faults: u32,
    pub vendor_faults: u32,
    pub webhook_faults: u32,
    pub events: usize,
    pub virtual_secs: u64,
    pub by_status: BTreeMap<String, usize>,
}

/// What all lives of a fleet share, and what the world knows of it.
struct World {
    plugins: Arc<Plugins>,
    voices: Arc<Voices>,
    scenarios: Scenarios,
    rooms: Rooms,
    faulty: AtomicBool,
    random: Mutex<u64>,
    ledger: Mutex<Ledger>,
}

#[derive(Default)]
struct Ledger {
    /// Calls whose leg is up, in this life.
    live: BTreeMap<CallId, AttemptId>,
    /// Events that the endpoint has taken, and those whose answer it owed.
    told: BTreeSet<String>,
    calm_since: Option<Time>,
    dialled: BTreeSet<AttemptId>,
    unlawful: Vec<String>,
    report: Report,
}

/// Plays a fleet of so many calls. An error is a broken invariant.
pub fn play(
    seed: u64,
    calls: usize,
    playbooks: &Path,
    code: &Path,
    speech: &Path,
) -> Result<Report> {
    let plugins = Plugins::new(agenticcalling::plugin::Limits::default(), code)?;
    plugins.load_dir(playbooks)?;
    let world = Arc::new(World {
        plugins: Arc::new(plugins),
        voices: Arc::new(Voices::new(speech)?),
        scenarios: Scenarios::load(None)?,
        rooms: Rooms::default(),
        faulty: AtomicBool::new(true),
        random: Mutex::new(seed | 1),
        ledger: Mutex::default(),
    });
    let folder = tempfile::tempdir()?;
    let fleet = Fleet { world, data: folder.path().to_owned(), seed };
    fleet.play(calls)
}

struct Fleet {
    world: Arc<World>,
    data: std::path::PathBuf,
    seed: u64,
}

/// Who asks, and for what, kept between lives.
struct Asked {
    caller: Caller,
    webhook: WebhookId,
    ids: Vec<CallId>,
}

impl Fleet {
    fn play(self, calls: usize) -> Result<Report> {
        let mut now = BEGINS;
        let mut asked = None;
        for life in 0..LIVES {
            let lasts = Duration::from_millis(1000 + self.world.below(LIFE_SECS_MAX * 1000));
            let stops_at = self.world.below(4000) + 50;
            let crash = Crash { after: lasts, at_step: (life % 2 == 0).then_some(stops_at) };
            now = self.life(now, life, Some(crash), &mut asked, calls)?;
            self.world.ledger().live.clear();
            self.world.ledger().report.crashes += 1;
            self.check_lawful()?;
        }
        self.world.faulty.store(false, Ordering::Relaxed);
        self.world.ledger().calm_since = Some(now);
        let end = self.life(now, LIVES, None, &mut asked, calls)?;
        self.check_lawful()?;
        let asked = asked.context("no life lasted until the calls were made")?;
        self.check_end(&asked)?;
        let mut report = std::mem::take(&mut self.world.ledger().report);
        report.calls = asked.ids.len();
        report.virtual_secs = end.since(BEGINS).as_secs();
        Ok(report)
    }

    /// One life of the server; gives the time of its death.
    fn life(
        &self,
        now: Time,
        life: u32,
        crash: Option<Crash>,
        asked: &mut Option<Asked>,
        calls: usize,
    ) -> Result<Time> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()?;
        let ended = runtime.block_on(async {
            clock::simulation::begin(now, self.seed.wrapping_add(u64::from(life)));
            let probe = Arc::new(SimProbe::new(self.world.clone(), crash.as_ref()));
            let crashed = probe.crashed.clone();
            let lived = async {
                let (server, _engine, _outbox) = match self.start(probe).await {
                    Ok(started) => started,
                    // A store that fails at the start: whoever looks after the server starts it again.
                    Err(_) if self.world.faulty.load(Ordering::Relaxed) => {
                        sleep(RESTART).await;
                        return Ok(());
                    }
                    Err(error) => return Err(error),
                };
                if asked.is_none() {
                    *asked = Some(self.ask(&server, calls).await?);
                }
                self.until_over(&server, asked.as_ref()).await
            };
            let after = crash.map_or(CALM, |crash| crash.after);
            tokio::select! {
                lived = lived => lived?,
                () = crashed.notified() => {}
                () = sleep(after) => {}
            }
            anyhow::Ok(clock::now())
        });
        // Whatever ran is gone in the middle of it, as in a process that was killed.
        runtime.shutdown_background();
        ended
    }

    async fn start(&self, probe: Arc<SimProbe>) -> Result<(Arc<Server>, Engine, Outbox)> {
        let config = Arc::new(self.config());
        let file = self.data.join("fleet.db");
        let still = stand_still();
        let store: Arc<dyn Store> = Arc::new(SqlStore::open_probed(&file, probe).await?);
        drop(still);
        let blobs = Blobs::open(&self.data.join("blobs"), [7; 32], None)?;
        let (hub, live) = (Hub::new(), Arc::new(LiveCalls::default()));
        let server = Arc::new(Server {
            store: store.clone(),
            blobs: blobs.clone(),
            vault: Arc::new(Vault::new(&[7; 32])),
            hub: hub.clone(),
            live: live.clone(),
            config: config.clone(),
            plugins: self.world.plugins.clone(),
            compiling: Semaphore::new(1),
            stripe: None,
            sandbox_numbers: self.numbers(),
            ready: AtomicBool::new(true),
        });
        let courier = Arc::new(SimCourier { world: self.world.clone() });
        let outbox = Outbox::start(store.clone(), courier, config.clone(), hub.outbox_wake());
        let engine = Engine::start(Parts {
            node: "simulated".into(),
            store,
            blobs,
            hub,
            live,
            config,
            plugins: self.world.plugins.clone(),
            models: Arc::new(SimModels { world: self.world.clone() }),
            test_carrier: Arc::new(SimCarrier { world: self.world.clone() }),
            live_carrier: None,
            audio: tokio::runtime::Handle::current(),
            pace: Arc::new(Pace::new()),
        })
        .await?;
        Ok((server, engine, outbox))
    }

    fn config(&self) -> Config {
        let mut config = Config { data: self.data.clone(), ..Config::default() };
        config.sandbox.keeps_hours = true;
        config.billing = self.billing();
        config.limits.look_secs = 60;
        config.limits.lease_secs = 60;
        config
    }

    /// A price list of this seed's own.
    fn billing(&self) -> Billing {
        let drawn = |place: u64, choices: u64| {
            // SplitMix64: neighbouring seeds give unlike lists.
            let mut mixed = self.seed.wrapping_add((place + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ (mixed >> 31)) % choices
        };
        let price = |place| MicroUsd(i64::try_from(drawn(place, 400_000)).unwrap_or_default());
        let rates = Rates { telephony: price(0), servers: price(1), llm: price(2) };
        Billing {
            grace_seconds: [0, 10, 30, 120][drawn(3, 4) as usize],
            rounding: [Rounding::Minute, Rounding::Second][drawn(4, 2) as usize],
            rates: [(Pipeline::Pipeline, rates)].into(),
        }
    }

    fn numbers(&self) -> Vec<SandboxNumber> {
        let unless_empty = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let number = |number: &E164, scenario: &sandbox::scenario::Scenario| SandboxNumber {
            number: number.clone(),
            scenario: scenario.name.clone(),
            description: scenario.description.clone(),
            expected_outcome: scenario.expected_outcome.clone(),
            objective: scenario.demo.objective.clone(),
            context: unless_empty(&scenario.demo.context),
            previous_call_context: unless_empty(&scenario.demo.previous_call),
            language: unless_empty(&scenario.demo.language),
            behavior_rules: scenario.demo.rules.clone(),
        };
        let all = self.world.scenarios.all().iter();
        all.flat_map(|scenario| scenario.numbers.iter().map(|one| number(one, scenario))).collect()
    }

    /// The fleet, asked for as a client would.
    async fn ask(&self, server: &Server, calls: usize) -> Result<Asked> {
        let faulty = self.world.faulty.swap(false, Ordering::Relaxed);
        let now = clock::now();
        let registered = server.register("Fleet", "fleet@example.com", now).await?;
        let live = server.authenticate(&registered.api_key, now).await?;
        let wanted = NewKey { name: None, mode: Some(Mode::Test), pod_id: None, read_only: false };
        let key = server.create_key(&live, wanted, now).await?;
        let caller = server.authenticate(&key.api_key, now).await?;
        let endpoint = |url: &str| CreateWebhook {
            url: url.into(),
            event_types: None,
            client_id: None,
            pod_id: None,
        };
        let webhook = server.create_webhook(&caller, endpoint(HOOK), now).await?.0.id;
        server.create_webhook(&caller, endpoint(HANGING), now).await?;
        let numbers = self.numbers();
        let mut ids = Vec::new();
        for _ in 0..calls {
            let name = SCENARIOS[self.world.below(SCENARIOS.len() as u64) as usize];
            let number = numbers.iter().find(|number| number.scenario == name);
            let number = number.with_context(|| format!("no scenario {name}"))?;
            let request = self.request(number, now);
            let made = server.create_call(&caller, request, clock::now()).await?;
            let (agenticcalling::actions::Created::New(record)
            | agenticcalling::actions::Created::Existing(record)) = made;
            ids.push(record.id);
        }
        self.world.faulty.store(faulty, Ordering::Relaxed);
        Ok(Asked { caller, webhook, ids })
    }

    fn request(&self, number: &SandboxNumber, now: Time) -> CreateCall {
        let world = &self.world;
        let policy = serde_json::json!({
            "max_attempts": 1 + world.below(4),
            "backoff": [world.below(3) * 7, world.below(3) * 60],
            "business_hours_only": world.below(4) == 0,
        });
        let scheduled = (world.below(5) == 0).then(|| {
            let at = now + Duration::from_secs(60 + world.below(40_000));
            jiff::Timestamp::from_millisecond(at.as_millis()).map(|at| at.to_string())
        });
        CreateCall {
            to: number.number.to_string(),
            objective: number.objective.clone(),
            context: number.context.clone(),
            behavior_rules: Some(number.behavior_rules.clone()),
            max_duration_minutes: Some(1 + world.below(4) as i64),
            schedule_at: scheduled.and_then(Result::ok),
            retry_policy: serde_json::from_value(policy).ok(),
            ..CreateCall::default()
        }
    }

    /// Until all calls have ended and all that is to be told of them was told.
    async fn until_over(&self, server: &Server, asked: Option<&Asked>) -> Result<()> {
        let asked = asked.context("nothing was asked for")?;
        loop {
            let mut open = 0;
            for id in &asked.ids {
                // The world looks on; it is not what is tested.
                if let Ok(Some(record)) = server.store.call_unscoped(*id).await {
                    open += usize::from(!record.call.status.is_terminal());
                } else {
                    open += 1;
                }
            }
            if open == 0 {
                let scope = asked.caller.scope();
                let told = deliveries(&*server.store, &scope, asked.webhook).await;
                let waits = |one: &Delivery| one.state == DeliveryState::Pending;
                if told.is_ok_and(|told| !told.iter().any(waits)) {
                    return Ok(());
                }
            }
            sleep(LOOK).await;
        }
    }

    fn check_lawful(&self) -> Result<()> {
        let ledger = self.world.ledger();
        ensure!(ledger.unlawful.is_empty(), "unlawful:\n{}", ledger.unlawful.join("\n"));
        Ok(())
    }

    /// Everything that must hold of what is stored, when all is over.
    fn check_end(&self, asked: &Asked) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let store = SqlStore::open_file(&self.data.join("fleet.db")).await?;
            let scope = asked.caller.scope();
            let mut billed = Usage::default();
            let told = deliveries(&store, &scope, asked.webhook).await?;
            self.world.ledger().report.events = told.len();
            self.check_told(&told)?;
            let told: BTreeSet<EventId> = told.iter().map(|one| one.event).collect();
            for id in &asked.ids {
                let record = store.call_unscoped(*id).await?.context("a call is lost")?;
                let events = self.check_call(&store, &scope, &record).await?;
                let untold = events.iter().find(|event| !told.contains(event));
                ensure!(untold.is_none(), "{id}: nobody is told of the event {untold:?}");
                let outcome = &record.outcome;
                billed.billed_seconds += outcome.billed_seconds;
                billed.cost += outcome.cost.unwrap_or(MicroUsd::ZERO);
                let word = record.call.status.as_str().to_owned();
                *self.world.ledger().report.by_status.entry(word).or_default() += 1;
            }
            check_listed(&store, &scope, &asked.ids).await?;
            let mut metered = Usage::default();
            for month in ["2026-11", "2026-12"] {
                let accounts: &dyn Store = &store;
                let usage = accounts.usage(scope.org, scope.mode, month).await?;
                metered.billed_seconds += usage.billed_seconds;
                metered.cost += usage.cost;
            }
            let sums = |usage: &Usage| (usage.billed_seconds, usage.cost);
            ensure!(sums(&metered) == sums(&billed), "billed {billed:?}, on the meter {metered:?}");
            Ok(())
        })
    }

    /// What was delivered has arrived; what was not was tried as often as promised.
    fn check_told(&self, told: &[Delivery]) -> Result<()> {
        let ledger = self.world.ledger();
        let tries_max = call::delivery::RETRY_SECS.len() as u32 + 1;
        for one in told {
            let arrived = ledger.told.contains(&one.event.prefixed());
            match one.state {
                DeliveryState::Delivered => ensure!(arrived, "{} is lost on its way", one.event),
                DeliveryState::Failed => {
                    ensure!(one.attempts >= tries_max, "{} is given up early", one.event);
                }
                DeliveryState::Pending => anyhow::bail!("{} still waits", one.event),
            }
        }
        Ok(())
    }

    /// The events of a call that has ended as it must.
    async fn check_call(
        &self,
        store: &SqlStore,
        scope: &Scope,
        record: &CallRecord,
    ) -> Result<Vec<EventId>> {
        let (id, call) = (record.id, &record.call);
        ensure!(call.status.is_terminal(), "{id} does not end: it is {}", call.status);
        let attempts = store.attempts(id).await?;
        ensure!(attempts.len() == call.attempt as usize, "{id}: {} attempts", attempts.len());
        ensure!(call.attempt <= call.policy.max_attempts, "{id}: too many attempts");
        for (at, attempt) in attempts.iter().enumerate() {
            ensure!(attempt.number as usize == at + 1, "{id}: attempts are not counted");
            ensure!(attempt.ended_at.is_some(), "{id}: attempt {} goes on", attempt.number);
        }
        let filter = EventFilter::of_call(id);
        let events =
            agenticcalling::store::Events::events(store, scope, &filter, None, 1000).await?;
        let count = |kind: &str| events.iter().filter(|event| event.event_type == kind).count();
        ensure!(events[0].event_type == "call.queued", "{id} begins otherwise");
        ensure!(count("call.attempting") == attempts.len(), "{id}: a dial without its event");
        let ends = ["call.completed", "call.exhausted", "call.failed", "call.cancelled"];
        let ended: usize = ends.iter().map(|kind| count(kind)).sum();
        let last = events.last().map_or("", |event| event.event_type.as_str());
        ensure!(ended == 1 && ends.contains(&last), "{id} ends {ended} times, last with {last}");
        let mut due = Bill::default();
        for attempt in attempts.iter().filter(|attempt| is_billed(record, attempt)) {
            if let (Some(from), Some(to)) = (attempt.answered_at, attempt.ended_at) {
                let bill = self.billing().bill(Pipeline::Pipeline, to.since(from));
                due.cost += bill.cost;
                due.billed_seconds += bill.billed_seconds;
            }
        }
        let outcome = &record.outcome;
        let cost = outcome.cost.unwrap_or(MicroUsd::ZERO);
        let parts = outcome.cost_telephony + outcome.cost_servers + outcome.cost_llm;
        ensure!(
            (outcome.billed_seconds, cost, parts) == (due.billed_seconds, due.cost, due.cost),
            "{id}: {} s for {cost:?} (in parts {parts:?}) billed, {due:?} due for {attempts:#?}",
            outcome.billed_seconds
        );
        Ok(events.iter().map(|event| event.id).collect())
    }
}

/// The clock starts when a human or a voicemail answers (or nobody knows who did). What a dying server
/// cut off costs nothing, nor does a voicemail on which nothing was to be left.
fn is_billed(record: &CallRecord, attempt: &Attempt) -> bool {
    let by = match attempt.answered_by {
        Some(AnsweredBy::Human | AnsweredBy::Unknown) => true,
        Some(AnsweredBy::Voicemail) => record.call.policy.on_voicemail == OnVoicemail::LeaveMessage,
        Some(AnsweredBy::Screener) | None => false,
    };
    by && attempt.reason != Some(FailReason::NodeLost)
}

/// No number is dialled after it was listed.
async fn check_listed(store: &SqlStore, scope: &Scope, ids: &[CallId]) -> Result<()> {
    let store: &dyn Store = store;
    for entry in store.do_not_call(scope, None, 1000).await? {
        for id in ids {
            let record = store.call_unscoped(*id).await?.context("a call is lost")?;
            if record.to != entry.number {
                continue;
            }
            let attempts = store.attempts(*id).await?;
            let late = attempts.iter().find(|attempt| attempt.started_at > entry.created_at);
            ensure!(late.is_none(), "{id} is dialled although its number is listed");
        }
    }
    Ok(())
}

async fn deliveries(store: &dyn Store, scope: &Scope, webhook: WebhookId) -> Result<Vec<Delivery>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = store.deliveries(scope, webhook, after, 500).await?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        after = Some(last.id);
        all.extend(page.into_iter().map(|(delivery, _)| delivery));
    }
}

impl World {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn below(&self, bound: u64) -> u64 {
        let mut state = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state % bound.max(1)
    }

    /// One time in so many, while faults are on.
    fn fault(&self, one_in: u64) -> bool {
        self.faulty.load(Ordering::Relaxed) && self.below(one_in) == 0
    }
}

/// Where a life ends.
struct Crash {
    after: Duration,
    /// The step of the store at which it ends already.
    at_step: Option<u64>,
}

struct SimProbe {
    world: Arc<World>,
    steps_left: Mutex<Option<u64>>,
    crashed: Arc<Notify>,
}

impl SimProbe {
    fn new(world: Arc<World>, crash: Option<&Crash>) -> Self {
        let steps_left = Mutex::new(crash.and_then(|crash| crash.at_step));
        SimProbe { world, steps_left, crashed: Arc::default() }
    }

    fn crashes(&self) -> bool {
        let mut left = self.steps_left.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing dies while the fleet is asked for.
        let steps = left.as_mut().filter(|_| self.world.faulty.load(Ordering::Relaxed));
        let Some(steps) = steps else { return false };
        *steps = steps.saturating_sub(1);
        *steps == 0
    }
}

#[async_trait]
impl Probe for SimProbe {
    async fn step(&self, step: Step) -> Result<Box<dyn Send>, StoreError> {
        if self.crashes() {
            self.crashed.notify_one();
            std::future::pending::<()>().await;
        }
        // A commit that happened is never reported as one that did not.
        if step != Step::Committed && self.world.fault(300) {
            self.world.ledger().report.store_errors += 1;
            return Err(StoreError::Database(sqlx_error()));
        }
        Ok(Box::new(stand_still()))
    }
}

fn sqlx_error() -> agenticcalling::store::DatabaseError {
    agenticcalling::store::DatabaseError::PoolTimedOut
}

/// Until it is dropped, the paused clock stands still: a thread outside the runtime is waited for.
struct Still(Option<std::sync::mpsc::Sender<()>>);

fn stand_still() -> Still {
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || {
        let _ = receiver.recv();
    });
    Still(Some(sender))
}

impl Drop for Still {
    fn drop(&mut self) {
        self.0.take();
    }
}

struct SimCarrier {
    world: Arc<World>,
}

#[async_trait]
impl Carrier for SimCarrier {
    async fn dial(&self, dial: Dial) -> Result<Leg, DialError> {
        self.check(&dial);
        if self.world.fault(20) {
            self.world.ledger().report.carrier_faults += 1;
            return Err(DialError::Carrier("the simulated carrier is out of order".into()));
        }
        let scenario = self.world.scenarios.find(&dial.to).ok_or(DialError::InvalidNumber)?.clone();
        self.connect(&dial);
        let room = self.world.rooms.open(&dial.call.to_string(), scenario);
        let (mut callee, end) = sandbox::leg::pair();
        let seed = self.world.below(u64::MAX);
        tokio::spawn(sandbox::leg::play(end, room, self.world.voices.clone(), seed));
        let (sender, events) = mpsc::channel(LEG_EVENTS_MAX);
        let world = self.world.clone();
        tokio::spawn(async move {
            loop {
                let event = tokio::select! {
                    event = callee.events.recv() => event,
                    () = sender.closed() => break,
                };
                let Some(event) = event else { break };
                let (lost, repeated) = (world.fault(25), world.fault(25));
                if lost || repeated {
                    world.ledger().report.carrier_faults += 1;
                }
                for _ in 0..usize::from(!lost) + usize::from(repeated) {
                    if sender.send(leg_event(event)).await.is_err() {
                        break;
                    }
                }
            }
            let mut ledger = world.ledger();
            if ledger.live.get(&dial.call) == Some(&dial.attempt) {
                ledger.live.remove(&dial.call);
            }
        });
        let (digits_out, _) = mpsc::channel(DIGITS_QUEUED_MAX);
        let (audio_in, audio_out) = (callee.audio_in, callee.audio_out);
        Ok(Leg { events, audio_in, audio_out, digits_out })
    }
}

impl SimCarrier {
    /// What must hold of every dial.
    fn check(&self, dial: &Dial) {
        let now = clock::now();
        let mut ledger = self.world.ledger();
        ledger.report.dials += 1;
        let mut wrong = Vec::new();
        if !ledger.dialled.insert(dial.attempt) {
            wrong.push(format!("{:?} is dialled twice", dial.attempt));
        }
        let opens = next_legal(now, region::zones(&dial.to), LegalHours::default());
        if opens != Some(now) {
            wrong.push(format!("{:?} is dialled at {now:?}, outside of the hours", dial.call));
        }
        ledger.unlawful.extend(wrong);
    }

    /// From here on there is a leg; a dial that the carrier refuses leaves none.
    fn connect(&self, dial: &Dial) {
        let mut ledger = self.world.ledger();
        if let Some(other) = ledger.live.insert(dial.call, dial.attempt) {
            let (call, attempt) = (dial.call, dial.attempt);
            ledger.unlawful.push(format!("{call} has two legs: {other} and {attempt}"));
        }
    }
}

fn leg_event(event: CalleeEvent) -> LegEvent {
    match event {
        CalleeEvent::Ringing => LegEvent::Ringing,
        CalleeEvent::Answered => LegEvent::Answered,
        CalleeEvent::Busy => LegEvent::Busy,
        CalleeEvent::Rejected => LegEvent::Rejected,
        CalleeEvent::Invalid => LegEvent::InvalidNumber,
        CalleeEvent::HungUp => LegEvent::HungUp,
        CalleeEvent::Failed => LegEvent::Failed,
    }
}

struct SimCourier {
    world: Arc<World>,
}

#[async_trait]
impl Courier for SimCourier {
    async fn post(&self, url: &str, headers: HeaderMap, body: String) -> Result<u16, String> {
        let unanswered = || Err("no answer in time".to_owned());
        if url == HANGING {
            sleep(ANSWER_MAX).await;
            return unanswered();
        }
        sleep(Duration::from_millis(20 + self.world.below(300))).await;
        let fault = self.world.fault(8).then(|| self.world.below(3));
        if fault == Some(0) {
            self.world.ledger().report.webhook_faults += 1;
            return Ok(500);
        }
        self.check(&headers, &body);
        if fault.is_some() {
            // Taken, but the answer is slow or lost: the event comes again.
            self.world.ledger().report.webhook_faults += 1;
            sleep(ANSWER_MAX).await;
            return unanswered();
        }
        Ok(200)
    }
}

impl SimCourier {
    /// What must hold of every event that arrives.
    fn check(&self, headers: &HeaderMap, body: &str) {
        let now = clock::now();
        let event: Value = serde_json::from_str(body).unwrap_or_default();
        let id = event["event_id"].as_str().unwrap_or_default();
        let mut ledger = self.world.ledger();
        if headers.get("webhook-id").is_none_or(|header| header != id) {
            ledger.unlawful.push(format!("the headers of {id:?} name another event"));
        }
        let happened = id.parse::<EventId>().map_or(now, |id| id.time());
        let calm = ledger.calm_since.is_some_and(|since| happened > since);
        let first = ledger.told.insert(id.to_owned());
        if calm && first && now.since(happened) > TOLD_MAX {
            let late = now.since(happened).as_secs();
            ledger.unlawful.push(format!("{id} arrives {late} s late"));
        }
    }
}

struct SimModels {
    world: Arc<World>,
}

impl Models for SimModels {
    fn of(&self, record: &CallRecord, _: &OrgSettings) -> Arc<dyn Model> {
        Arc::new(SimModel { world: self.world.clone(), call: record.id.to_string() })
    }
}

/// The sandbox's ears, mind and voice, without a network between.
struct SimModel {
    world: Arc<World>,
    call: String,
}

impl SimModel {
    /// A vendor takes its time, now and then far too much of it, and now and then it fails.
    async fn answer(&self, stage: &'static str, ms: u64) -> Result<(), ModelError> {
        sleep(Duration::from_millis(ms)).await;
        if self.world.fault(40) {
            self.world.ledger().report.vendor_faults += 1;
            sleep(Duration::from_secs(8)).await;
            return Err(ModelError::Stalled { stage, limit_ms: 8000 });
        }
        Ok(())
    }
}

#[async_trait]
impl Model for SimModel {
    async fn transcribe(&self, samples: &[i16], _: &str) -> Result<String, ModelError> {
        self.answer("transcription", TRANSCRIPT_MS).await?;
        let room = self.world.rooms.find(&self.call);
        let words = room.and_then(|room| {
            room.callee.lock().unwrap_or_else(PoisonError::into_inner).recognise(samples)
        });
        Ok(words.unwrap_or_else(|| UNRECOGNISED.to_owned()))
    }

    async fn reply(&self, messages: &[Message], tools: &[Tool]) -> Result<Reply, ModelError> {
        self.answer("chat", REPLY_MS).await?;
        let answer = mind::reply(&request(messages, tools));
        let mut events = vec![Ok(ChatEvent::Text(answer.text))];
        for (n, call) in answer.tool_calls.into_iter().enumerate() {
            let (id, name) = (format!("call_{n}"), call.name);
            events.push(Ok(ChatEvent::ToolCall(ToolCall { id, name, arguments: call.arguments })));
        }
        events.push(Ok(ChatEvent::Done));
        Ok(futures::stream::iter(events).boxed())
    }

    async fn draft(&self, messages: &[Message], schema: &Value) -> Result<Value, ModelError> {
        self.answer("chat", REPLY_MS).await?;
        let wanted = mind::Request { schema: Some(schema.clone()), ..request(messages, &[]) };
        let drafted = mind::reply(&wanted).text;
        serde_json::from_str(&drafted)
            .map_err(|error| ModelError::Protocol { stage: "chat", message: error.to_string() })
    }

    async fn speak(&self, text: &str, _: &str) -> Result<Speech, ModelError> {
        self.answer("speech", SPEECH_MS).await?;
        let unavailable = |error: anyhow::Error| ModelError::Unavailable {
            stage: "speech",
            message: error.to_string(),
        };
        let speech = self.world.voices.render("rms", text).map_err(unavailable)?;
        let ear = self.world.rooms.agent_ear(&self.call);
        ear.lock().unwrap_or_else(PoisonError::into_inner).learn_speech(&speech);
        Ok(futures::stream::iter([Ok(speech.at_24k().to_vec())]).boxed())
    }
}
