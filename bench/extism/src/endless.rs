//! A guest that never ends: how soon it is stopped, and what its neighbours notice.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use agenticcalling::plugin::{BreachKind, Limits};
use anyhow::{Context as _, Result, ensure};

use crate::files::Files;
use crate::inputs::clauses;
use crate::ours::Ours;
use crate::table::{Sample, Table};
use crate::theirs::{self, Setup};
use crate::{beside, limited_by_clock, row};

const LOOPS: usize = 100;
/// Little enough to be used up at once, enough for the way to the loop.
const FUEL_AT_ONCE: u64 = 20_000;
/// More than the clock lets anyone use.
const FUEL_ENDLESS: u64 = u64::MAX / 4;
/// Loops stopped by the clock, so in 50 ms and more each.
const CLOCK_LOOPS: usize = 40;
const NEIGHBOUR_LOOPS: usize = 20;

pub(crate) fn rows(files: &Files, table: &mut Table) -> Result<()> {
    let fuel = Limits::default().fuel_check;
    table
        .row(row(&format!("endless loop, fuel of {fuel}, until its error"), by_fuel(files, fuel)?));
    table.row(row("fuel used up at once, until its error", by_fuel(files, FUEL_AT_ONCE)?));
    let ms = Limits::default().check_ms_max;
    table.row(row(&format!("endless loop, past a clock limit of {ms} ms"), by_clock(files)?));
    let name = format!("a busy neighbour's calls broken by {NEIGHBOUR_LOOPS} such loops");
    let [ours, theirs] = neighbours(files)?.map(|broken| broken.to_string());
    table.row(vec![name, ours, String::new(), theirs, String::new()]);
    Ok(())
}

fn by_fuel(files: &Files, fuel: u64) -> Result<[Sample; 2]> {
    let ours = Ours::start(files, Limits { fuel_check: fuel, ..Limits::default() })?;
    let setup = Setup { fuel: Some(fuel), timeout: None, ..limited_by_clock() };
    let compiled = theirs::compile(files, setup)?;
    beside(
        LOOPS,
        |_| {
            let mut call = ours.endless_call()?;
            let started = Instant::now();
            let breach = call.check()?;
            let took = started.elapsed();
            ensure!(breach.kind == BreachKind::Fuel, "not stopped by fuel: {breach}");
            Ok(took)
        },
        |_| {
            let mut plugin = extism::Plugin::new_from_compiled(&compiled)?;
            plugin.call::<&str, ()>("new_call", "")?;
            let started = Instant::now();
            let message = theirs::endless(&mut plugin)?;
            let took = started.elapsed();
            ensure!(message.contains("fuel"), "not stopped by fuel: {message}");
            Ok(took)
        },
    )
}

fn by_clock(files: &Files) -> Result<[Sample; 2]> {
    let limit = Duration::from_millis(Limits::default().check_ms_max);
    let ours = ours_without_fuel(files)?;
    let compiled = theirs::compile(files, limited_by_clock())?;
    beside(
        CLOCK_LOOPS,
        |_| Ok(stop_ours(&ours)?.saturating_sub(limit)),
        |_| {
            let mut plugin = theirs::begin(&compiled)?;
            let started = Instant::now();
            theirs::endless(&mut plugin)?;
            Ok(started.elapsed().saturating_sub(limit))
        },
    )
}

/// Calls of another instance of the same plugin that failed while loops were stopped by the clock.
fn neighbours(files: &Files) -> Result<[usize; 2]> {
    let ours = ours_without_fuel(files)?;
    let compiled = theirs::compile(files, limited_by_clock())?;
    let clauses = clauses();
    let clause = clauses.iter().max_by_key(|clause| clause.text.len()).context("no clauses")?;
    let text = theirs::clause_text(clause);

    let mut instance = ours.call()?;
    let our_broken = beside_loops(
        || stop_ours(&ours).map(drop),
        || {
            let broken = instance.check(clause).is_err();
            if broken {
                instance = ours.call()?;
            }
            Ok(broken)
        },
    )?;
    let mut plugin = theirs::call(&compiled)?;
    let their_broken = beside_loops(
        || theirs::endless(&mut theirs::begin(&compiled)?).map(drop),
        || {
            let broken = theirs::check(&mut plugin, &text).is_err();
            if broken {
                plugin = theirs::call(&compiled)?;
            }
            Ok(broken)
        },
    )?;
    Ok([our_broken, their_broken])
}

/// How often `check`, asked again and again, breaks while this thread stops endless loops.
fn beside_loops(
    mut stop: impl FnMut() -> Result<()>,
    mut check: impl FnMut() -> Result<bool> + Send,
) -> Result<usize> {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let neighbour = scope.spawn(|| {
            let mut broken = 0;
            while !over.load(Ordering::Relaxed) {
                broken += usize::from(check()?);
            }
            Ok(broken)
        });
        let stopped = (0..NEIGHBOUR_LOOPS).try_for_each(|_| stop());
        over.store(true, Ordering::Relaxed);
        let broken = neighbour.join().expect("a neighbour does not panic");
        stopped.and(broken)
    })
}

fn ours_without_fuel(files: &Files) -> Result<Ours> {
    Ours::start(files, Limits { fuel_check: FUEL_ENDLESS, ..Limits::default() })
}

fn stop_ours(ours: &Ours) -> Result<Duration> {
    let mut call = ours.endless_call()?;
    let started = Instant::now();
    let breach = call.check()?;
    let took = started.elapsed();
    ensure!(breach.kind == BreachKind::Deadline, "not stopped by the clock: {breach}");
    Ok(took)
}
