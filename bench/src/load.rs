//! Calls in real time: what they cost the server, how late frames leave, and whether they go right.

use std::time::{Duration, Instant};

use agenticcalling::engine::PaceReport;
use agenticcalling_tests::TestServer;
use anyhow::{Context as _, Result};
use futures::future::join_all;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::cpu::{Watch, Whose};
use crate::table::Table;

const SCENARIO: &str = "steel_supplier";
/// Calls of a round begin within this time, as real ones do not begin at once.
const BEGIN_WITHIN: Duration = Duration::from_secs(20);
/// What the scenario ends with when it goes right.
const PRICE: u64 = 54;

/// One round of calls.
struct Round {
    calls: usize,
    right: usize,
    call_seconds: f64,
    wall: Duration,
    server: f64,
    audio: f64,
    sandbox: f64,
    pace: PaceReport,
}

pub(crate) fn run(calls: &[usize]) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut table = Table::new(
        &format!("{SCENARIO} in real time, {cores} cores shared by server, callees and AI vendor"),
        &[
            "calls",
            "went right",
            "server per call-second",
            "of it clocks",
            "callee + vendor",
            "busy",
            "frame late p50",
            "p99",
            "max",
        ],
    );
    eprintln!("bench: one call first, so that all speech is rendered");
    round(1)?;
    for &calls in calls {
        eprintln!("bench: {calls} calls at the same time, about two minutes");
        let round = round(calls)?;
        let per = |seconds: f64| format!("{:.2} ms", seconds * 1000.0 / round.call_seconds);
        let late = |ms: f64| format!("{ms:.1} ms");
        let used = round.server + round.audio + round.sandbox;
        let busy = used / round.wall.as_secs_f64() / cores as f64;
        table.row(vec![
            round.calls.to_string(),
            round.right.to_string(),
            per(round.server + round.audio),
            per(round.audio),
            per(round.sandbox),
            format!("{:.0} %", busy * 100.0),
            late(round.pace.p50_ms),
            late(round.pace.p99_ms),
            late(round.pace.max_ms),
        ]);
    }
    table.print();
    println!("  aims: server under 5 ms per call-second, frames sent within 2 ms at p99");
    Ok(())
}

fn round(calls: usize) -> Result<Round> {
    // The server has threads of its own, so that its time can be told from the benchmark's.
    let server_threads = Builder::new_multi_thread().thread_name("server").enable_all().build()?;
    let clients = Builder::new_current_thread().enable_all().build()?;
    let server = start(&server_threads)?;
    let watch = Watch::start();
    let (before, began) = (watch.seconds(), Instant::now());
    let all = (0..calls).map(|n| call(&server, BEGIN_WITHIN.mul_f64(n as f64 / calls as f64)));
    let ended: Vec<Result<Value>> = clients.block_on(join_all(all));
    let (after, wall) = (watch.seconds(), began.elapsed());
    let mut round = Round {
        calls,
        right: 0,
        call_seconds: 0.0,
        wall,
        server: 0.0,
        audio: 0.0,
        sandbox: 0.0,
        pace: server.running.pace.report(),
    };
    for call in ended {
        let call = call?;
        round.right += usize::from(call["structured_data"]["quoted_price"] == PRICE);
        round.call_seconds += call["duration_seconds"].as_f64().unwrap_or(0.0);
    }
    let spent = |whose: Whose| {
        let at = |sums: &std::collections::BTreeMap<Whose, f64>| sums.get(&whose).copied();
        at(&after).unwrap_or(0.0) - at(&before).unwrap_or(0.0)
    };
    round.server = spent(Whose::Server);
    round.audio = spent(Whose::Audio);
    round.sandbox = spent(Whose::Sandbox);
    server_threads.block_on(server.stop());
    Ok(round)
}

fn start(threads: &Runtime) -> Result<TestServer> {
    let playbooks = crate::startup::playbooks()?;
    threads.block_on(async move {
        let started = tokio::spawn(TestServer::with(|config| {
            config.playbooks = Some(playbooks);
        }));
        started.await.context("the server does not start")?
    })
}

async fn call(server: &TestServer, after: Duration) -> Result<Value> {
    tokio::time::sleep(after).await;
    let request = server.client.scenario(SCENARIO).await?;
    let id = server.client.call(&request).await?;
    let (call, _) = server.client.follow(&id).await?;
    Ok(call)
}
