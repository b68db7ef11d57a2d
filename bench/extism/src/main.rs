//! `make bench-extism`: our playbooks beside plugins of Extism, both in this process, in turns.
//!
//! Extism is the plugin system people would reach for instead. Its plugin in `guest` holds the rule
//! kit that `platform.price_inquiry` holds, and gives the same verdicts; this program checks that
//! before it measures. Where a choice was open it was made in Extism's favour: plain text instead of
//! JSON, rules alone where our playbook reads a whole brief, no WASI, no HTTP. It is the newest Extism
//! that this project's compiler takes. Like `make bench` it asserts nothing about time.

mod endless;
mod files;
mod live;
mod load;
mod ours;
mod theirs;

#[path = "../../src/inputs.rs"]
mod inputs;
#[path = "../../src/table.rs"]
mod table;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use agenticcalling::plugin::{Clause, Limits};
use anyhow::{Result, ensure};
use clap::{Parser, Subcommand};
use extism::CompiledPlugin;

use crate::files::Files;
use crate::inputs::{brief, clauses};
use crate::ours::Ours;
use crate::table::{Sample, Table, micros, millis};
use crate::theirs::Setup;

const CHECKS: usize = 20_000;
const STARTS: usize = 2_000;
/// So many of one side before it is the other's turn: both meet the same machine, warm.
const TURN_ROUNDS: usize = 100;
/// Instances at the same time when Extism is given a pool.
const POOL_INSTANCES: u32 = 1_000;

/// Measures playbooks beside plugins of Extism.
#[derive(Parser)]
#[command(name = "bench-extism")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Holds many instances, and prints what each of them weighs.
    #[command(hide = true)]
    Live(live::Live),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Some(Command::Live(live)) => live.run(),
        None => run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let files = Files::read()?;
    let ours = Ours::start(&files, Limits::default())?;
    let by_clock = theirs::compile(&files, limited_by_clock())?;
    same_verdicts(&ours, &by_clock)?;

    let version = extism::extism_version().trim_end_matches('\0');
    let mut table = Table::new(
        &format!("playbooks beside plugins of Extism {version}, the same rule kit in both"),
        &["", "ours p50", "p99", "Extism p50", "p99"],
    );
    eprintln!("bench: clause checks");
    let by_fuel = theirs::compile(&files, limited_by_fuel())?;
    table.row(row("clause check, Extism limited by its clock alone", checks(&ours, &by_clock)?));
    table.row(row("clause check, both limited by fuel", checks(&ours, &by_fuel)?));

    eprintln!("bench: starts");
    let pooled =
        theirs::compile(&files, Setup { pool: Some(POOL_INSTANCES), ..limited_by_clock() })?;
    table.row(row("start until the first verdict", starts(&ours, &by_clock, false)?));
    table.row(row("the same, Extism given a pool", starts(&ours, &pooled, false)?));
    table.row(row("start until gone again", starts(&ours, &by_clock, true)?));
    drop(pooled);

    eprintln!("bench: loads");
    load::rows(&files, &mut table)?;
    eprintln!("bench: instances alive");
    live::rows(&mut table)?;
    eprintln!("bench: endless loops");
    endless::rows(&files, &mut table)?;
    table.print();
    Ok(())
}

/// What an operator of Extism would set to bound a check as our limits do.
fn limited_by_clock() -> Setup<'static> {
    let limits = Limits::default();
    Setup {
        timeout: Some(Duration::from_millis(limits.check_ms_max)),
        memory_bytes_max: Some(limits.memory_bytes_max),
        ..Setup::default()
    }
}

/// The same with fuel, of which the start of a plugin may use as much as our constructor.
fn limited_by_fuel() -> Setup<'static> {
    Setup { fuel: Some(Limits::default().fuel_check), ..limited_by_clock() }
}

/// Nothing is measured before both sides do the same.
fn same_verdicts(ours: &Ours, compiled: &CompiledPlugin) -> Result<()> {
    let (mut instance, mut plugin) = (ours.call()?, theirs::call(compiled)?);
    let mut withheld = 0;
    for clause in clauses() {
        let our_reason = ours::reason(instance.check(&clause)?);
        let their_reason = theirs::check(&mut plugin, &theirs::clause_text(&clause))?;
        ensure!(our_reason == their_reason, "verdicts differ: {our_reason:?}, {their_reason:?}");
        withheld += usize::from(!our_reason.is_empty());
    }
    ensure!(withheld > 0, "the clauses break no rule");
    Ok(())
}

fn checks(ours: &Ours, compiled: &CompiledPlugin) -> Result<[Sample; 2]> {
    let (clauses, texts) = for_both();
    let (mut instance, mut plugin) = (ours.call()?, theirs::call(compiled)?);
    beside(
        CHECKS,
        |round| {
            let clause = &clauses[round % clauses.len()];
            let started = Instant::now();
            black_box(instance.check(black_box(clause))?);
            Ok(started.elapsed())
        },
        |round| {
            let text = &texts[round % texts.len()];
            let started = Instant::now();
            black_box(theirs::check(&mut plugin, black_box(text))?);
            Ok(started.elapsed())
        },
    )
}

/// A new instance until its verdict, or until it is gone as well.
fn starts(ours: &Ours, compiled: &CompiledPlugin, with_end: bool) -> Result<[Sample; 2]> {
    let (clauses, texts) = for_both();
    let brief = brief();
    beside(
        STARTS,
        |round| {
            let clause = &clauses[round % clauses.len()];
            let started = Instant::now();
            let mut instance = ours.playbook.begin(&brief)?;
            black_box(instance.check(black_box(clause))?);
            let until_verdict = started.elapsed();
            drop(instance);
            Ok(if with_end { started.elapsed() } else { until_verdict })
        },
        |round| {
            let text = &texts[round % texts.len()];
            let started = Instant::now();
            let mut plugin = theirs::begin(compiled)?;
            black_box(theirs::check(&mut plugin, black_box(text))?);
            let until_verdict = started.elapsed();
            drop(plugin);
            Ok(if with_end { started.elapsed() } else { until_verdict })
        },
    )
}

fn for_both() -> (Vec<Clause>, Vec<String>) {
    let clauses = clauses();
    let texts = clauses.iter().map(theirs::clause_text).collect();
    (clauses, texts)
}

/// Measures two things in turns; the first turn of each warms up.
fn beside(
    rounds: usize,
    mut ours: impl FnMut(usize) -> Result<Duration>,
    mut theirs: impl FnMut(usize) -> Result<Duration>,
) -> Result<[Sample; 2]> {
    let turn_rounds = TURN_ROUNDS.min(rounds);
    for round in 0..turn_rounds {
        ours(round)?;
        theirs(round)?;
    }
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    while our_times.len() < rounds {
        for round in 0..turn_rounds {
            our_times.push(ours(round)?);
        }
        for round in 0..turn_rounds {
            their_times.push(theirs(round)?);
        }
    }
    Ok([Sample::of(our_times), Sample::of(their_times)])
}

fn row(name: &str, [ours, theirs]: [Sample; 2]) -> Vec<String> {
    vec![
        name.to_owned(),
        written(ours.percentile(50)),
        written(ours.percentile(99)),
        written(theirs.percentile(50)),
        written(theirs.percentile(99)),
    ]
}

fn written(time: Duration) -> String {
    if time < Duration::from_millis(1) { micros(time) } else { millis(time) }
}
