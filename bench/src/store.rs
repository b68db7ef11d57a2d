//! Calls created, claimed and ended, and deliveries, a second, on both stores, with more and more calls
//! stored: the curves should stay flat.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agenticcalling::clock;
use agenticcalling::events::payload;
use agenticcalling::store::{
    BatchRecord, CallRecord, CallSpec, Change, DeliveryState, EventDraft, Mode, OrgSettings,
    Organization, Outcome, Persona, Pipeline, SqlStore, Store, Try, Webhook,
};
use anyhow::Result;
use call::share::Allowance;
use call::{Event, Machine, NewCall, OnScreening, RetryPolicy, Status};
use domain::{BatchId, CallId, OrgId, Time, WebhookId};

use crate::table::{Sample, Table, millis};

const ROUNDS: usize = 300;
const BATCH: usize = 1000;
/// Longer than the rounds, which lie a second apart.
const LEASE: Duration = Duration::from_secs(3600);

pub(crate) fn run(sizes: &[usize]) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut table = Table::new(
        "the store, commits on the disk: one client, p50 / p99 and how many a second",
        &["store", "calls stored", "create", "claim", "end", "deliver"],
    );
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("bench.db");
    let sqlite: Arc<dyn Store> = Arc::new(runtime.block_on(SqlStore::open_file(&file))?);
    runtime.block_on(measure(&mut table, "SQLite", sqlite, sizes))?;
    let server = test_postgres::Postgres::start(true)?;
    let url = server.database()?;
    let postgres: Arc<dyn Store> = Arc::new(runtime.block_on(SqlStore::connect(&url))?);
    runtime.block_on(measure(&mut table, "PostgreSQL", postgres, sizes))?;
    drop(runtime);
    table.print();
    Ok(())
}

async fn measure(
    table: &mut Table,
    name: &str,
    store: Arc<dyn Store>,
    sizes: &[usize],
) -> Result<()> {
    let org = organization(&*store).await?;
    let mut stored = 0;
    for size in sizes {
        eprintln!("bench: {name}, {size} calls");
        while stored < *size {
            fill(&*store, org, BATCH.min(size - stored)).await?;
            stored += BATCH.min(size - stored);
        }
        let mut created = Vec::new();
        for _ in 0..ROUNDS {
            let (record, events) = call(org, Status::Queued);
            created.push(timed(store.insert_call(&record, events)).await?.0);
        }
        let plans = |_: &str| Allowance { concurrent_calls: 1_000_000, dials_per_second: 1000 };
        let (mut claimed, mut records) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            // A second apart, so that the pace lets each begin one.
            let now = clock::now() + Duration::from_secs(round as u64);
            let (took, found) = timed(store.claim_due("bench", now, LEASE, 1, &plans)).await?;
            claimed.push(took);
            records.extend(found);
        }
        let mut ended = Vec::new();
        for mut record in records {
            record.call.status = Status::Completed;
            record.wake_at = None;
            record.updated_at = clock::now();
            let events = vec![payload::call_event(Event::Completed, &record)];
            ended.push(timed(store.apply(Change { events, ..Change::of(&record) })).await?.0);
        }
        let delivered = deliver(&*store).await?;
        let cell = |times: Vec<Duration>| {
            let total: Duration = times.iter().sum();
            let a_second = times.len() as f64 / total.as_secs_f64().max(f64::EPSILON);
            let sample = Sample::of(times);
            let (half, most) = (sample.percentile(50), sample.percentile(99));
            format!("{} / {}, {a_second:.0}/s", millis(half), millis(most))
        };
        let mut row = vec![name.to_owned(), size.to_string()];
        row.extend([created, claimed, ended, delivered].map(cell));
        table.row(row);
    }
    Ok(())
}

/// Claims and settles what waits for the endpoint, as the outbox does; a time for each delivery.
async fn deliver(store: &dyn Store) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    let none = BTreeMap::new();
    loop {
        let now = clock::now();
        let (took, claimed) =
            timed(store.claim_deliveries(now, now + LEASE, 16, 16, &none)).await?;
        if claimed.is_empty() {
            return Ok(times);
        }
        let share = took / u32::try_from(claimed.len()).unwrap_or(1);
        for delivery in claimed {
            let done = Try { number: 1, at: now, took_ms: 1, status: Some(200), error: None };
            let state = DeliveryState::Delivered;
            let settled = store.settle_delivery(&delivery, &done, state, None, None);
            times.push(share + timed(settled).await?.0);
        }
    }
}

async fn timed<T, E>(work: impl Future<Output = Result<T, E>>) -> Result<(Duration, T), E> {
    let began = Instant::now();
    let done = work.await?;
    Ok((began.elapsed(), done))
}

async fn organization(store: &dyn Store) -> Result<OrgId> {
    let now = clock::now();
    let id = OrgId::new(now, clock::random());
    let org = Organization {
        id,
        name: "Bench".into(),
        email: format!("{id}@example.com"),
        plan: "unlimited".into(),
        settings: OrgSettings::default(),
        signing_secret: "whsec_MfKQ".into(),
        stripe_customer: None,
        stripe_subscription: None,
        created_at: now,
    };
    store.upsert_organization(&org).await?;
    let webhook = Webhook {
        id: WebhookId::new(now, clock::random()),
        org: id,
        mode: Mode::Test,
        pod: None,
        url: "https://example.com/hook".into(),
        event_types: vec!["call.completed".into()],
        client_id: None,
        secret: "whsec_ABCD".into(),
        previous_secret: None,
        previous_until: None,
        active: true,
        disabled_reason: None,
        failing_since: None,
        created_at: now,
    };
    store.insert_webhook(&webhook).await?;
    Ok(id)
}

/// Calls that are over.
async fn fill(store: &dyn Store, org: OrgId, count: usize) -> Result<()> {
    let now = clock::now();
    let id = BatchId::new(now, clock::random());
    let total = u32::try_from(count)?;
    let batch = BatchRecord {
        id,
        org,
        mode: Mode::Test,
        pod: None,
        total,
        open: total,
        webhook_url: None,
        created_at: now,
        completed_at: None,
    };
    let calls = (0..count).map(|_| call(org, Status::Completed)).collect();
    store.insert_batch(&batch, calls).await?;
    Ok(())
}

fn call(org: OrgId, status: Status) -> (CallRecord, Vec<EventDraft>) {
    let now: Time = clock::now();
    let new = NewCall {
        policy: RetryPolicy::default(),
        on_screening: OnScreening::Navigate,
        max_duration_minutes: 30,
        schedule_at: None,
    };
    let mut state = Machine::create(now, new).call().clone();
    state.status = status;
    let record = CallRecord {
        id: CallId::new(now, clock::random()),
        org,
        mode: Mode::Test,
        pod: None,
        client_id: None,
        to: "+12025550100".parse().expect("a good number"),
        spec: CallSpec {
            objective: "Get bulk pricing for 500 steel beams".into(),
            context: Some("We are Acme Corp. Budget is $50-60 per unit.".into()),
            previous_call_context: None,
            playbook_id: "platform.price_inquiry".into(),
            playbook_digest: "00".repeat(32),
            persona_id: None,
            persona: Persona::default(),
            voice: "professional_male_en".into(),
            language: "en".into(),
            behavior_rules: vec!["Never agree to price above $60/unit".into()],
            on_screening: OnScreening::Navigate,
            schedule_at: None,
            webhook_url: None,
            from_line_id: None,
            from_number: None,
            conversation_id: None,
            batch_id: None,
            pipeline: Pipeline::Pipeline,
            consent: None,
        },
        wake_at: (!status.is_terminal()).then_some(now),
        call: state,
        outcome: Outcome::default(),
        updated_at: now,
        version: 1,
    };
    let events = vec![payload::call_event(Event::Queued, &record)];
    (record, events)
}
