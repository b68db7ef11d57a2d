//! Calls in virtual time: how much faster than the telephone they run.

use std::time::{Duration, Instant};

use agenticcalling_tests::sim::Studio;
use anyhow::Result;

use crate::table::{Sample, Table, millis};

const SCENARIO: &str = "steel_supplier";
const CALLS: usize = 20;
const REPLAYS: usize = 50;

pub(crate) fn run() -> Result<()> {
    let cache = tempfile::tempdir()?;
    let speech = agenticcalling_tests::speech_cache();
    let studio = Studio::open(&crate::startup::playbooks()?, cache.path(), &speech)?;
    // The first call renders whatever speech no run before has.
    let tape = studio.play(SCENARIO, 0)?.tape;
    let call = Duration::from_millis(tape.virtual_ms());

    let mut whole = Vec::new();
    for seed in 1..=CALLS as u64 {
        let started = Instant::now();
        studio.play(SCENARIO, seed)?;
        whole.push(started.elapsed());
    }
    let mut server = Vec::new();
    for _ in 0..REPLAYS {
        let started = Instant::now();
        studio.replay(&tape)?;
        server.push(started.elapsed());
    }
    let mut table = Table::new(
        &format!("virtual time, {SCENARIO}, a call of {:.1} s", call.as_secs_f64()),
        &["", "p50", "p99", "times real time", "of a call-second", "aim"],
    );
    table.row(cells("server, callee, ears, voice and mind", &Sample::of(whole), call, ""));
    table.row(cells("server alone, given the same inputs", &Sample::of(server), call, "1000×"));
    table.print();
    Ok(())
}

fn cells(name: &str, sample: &Sample, call: Duration, aim: &str) -> Vec<String> {
    let half = sample.percentile(50);
    let share = half.as_secs_f64() / call.as_secs_f64();
    vec![
        name.to_owned(),
        millis(half),
        millis(sample.percentile(99)),
        format!("{:.0}×", 1.0 / share),
        format!("{:.2} ms", share * 1000.0),
        aim.to_owned(),
    ]
}
