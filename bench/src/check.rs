//! One clause check: in the call's own instance, in a fresh one, and the same logic without a sandbox.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agenticcalling::cli::playbook::Component;
use agenticcalling::plugin::{Clause, Limits, Playbook, Plugins};
use agenticcalling_playbook as kit;
use agenticcalling_playbook::Playbook as _;
use anyhow::{Context as _, Result};
use playbook_price_inquiry::PriceInquiry;

use crate::inputs::{HEARD, RULE, brief, clauses, turn};
use crate::table::{Sample, Table, micros, millis};

const ROUNDS: usize = 20_000;
const WARM_UP_ROUNDS: usize = 2_000;
/// Of one scenario, and how often it is played.
const SCENARIO_CHECKS: usize = 1_000;
const SCENARIO_ROUNDS: usize = 50;

pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let plugins = Plugins::new(Limits::default(), folder.path())?;
    plugins.load_dir(&crate::startup::playbooks()?)?;
    let playbook = plugins.playbook("platform.price_inquiry");
    let playbook = playbook.context("platform.price_inquiry is not built")?;
    let mut table = Table::new(
        &format!("clause check, platform.price_inquiry, rule {RULE:?}, {ROUNDS} checks"),
        &["", "p50", "p99", "aim"],
    );
    table.row(row("natively", "", natively()));
    table.row(row("natively, a new call and a check", "", natively_fresh()));
    table.row(row("in the call's instance", "p50 5, p99 15 µs", in_instance(&playbook)?));
    let [verdict, dropped] = fresh(&playbook)?;
    table.row(row("fresh instance until its verdict", "p99 25 µs", verdict));
    table.row(row("fresh instance until it is gone again", "", dropped));
    table.row(row("the same with the call's plan", "", fresh_with_plan(&playbook)?));
    table.print();
    scenario_checks(&playbook)
}

/// What `playbook test` does with a scenario of many checks: reading, playing, comparing.
fn scenario_checks(playbook: &Arc<Playbook>) -> Result<()> {
    let mut text = format!("objective: Get bulk pricing for 500 steel beams\nrule: {RULE}\n");
    for heard in HEARD {
        text.push_str(&format!("them: {heard}\n"));
    }
    for clause in clauses().iter().cycle().take(SCENARIO_CHECKS) {
        text.push_str(&format!("check: {} -> pass\n", clause.text));
    }
    let mut component = Component::new(Arc::clone(playbook));
    let mut times = Vec::new();
    for _ in 0..SCENARIO_ROUNDS {
        let started = Instant::now();
        black_box(scenario::play(&text, &mut component));
        times.push(started.elapsed());
    }
    let sample = Sample::of(times);
    let mut table = Table::new("playbook test, platform.price_inquiry", &["", "p50", "p99", "aim"]);
    table.row(vec![
        format!("a scenario of {SCENARIO_CHECKS} checks"),
        millis(sample.percentile(50)),
        millis(sample.percentile(99)),
        "50 ms".to_owned(),
    ]);
    table.print();
    Ok(())
}

fn row(name: &str, aim: &str, sample: Sample) -> Vec<String> {
    vec![
        name.to_owned(),
        micros(sample.percentile(50)),
        micros(sample.percentile(99)),
        aim.to_owned(),
    ]
}

fn measured(mut check: impl FnMut(usize) -> Result<Duration>) -> Result<Sample> {
    for round in 0..WARM_UP_ROUNDS {
        check(round)?;
    }
    let times: Result<Vec<Duration>> = (0..ROUNDS).map(check).collect();
    Ok(Sample::of(times?))
}

fn in_instance(playbook: &Playbook) -> Result<Sample> {
    let mut instance = playbook.begin(&brief())?;
    instance.plan()?;
    for text in HEARD {
        instance.heard(&turn(text))?;
    }
    let clauses = clauses();
    measured(|round| {
        let clause = &clauses[round % clauses.len()];
        let started = Instant::now();
        black_box(instance.check(black_box(clause))?);
        Ok(started.elapsed())
    })
}

/// Until the verdict, and until the memory is clean for the next one.
fn fresh(playbook: &Playbook) -> Result<[Sample; 2]> {
    let (brief, clauses) = (brief(), clauses());
    let mut verdicts = Vec::with_capacity(WARM_UP_ROUNDS + ROUNDS);
    let dropped = measured(|round| {
        let clause = &clauses[round % clauses.len()];
        let started = Instant::now();
        let mut instance = playbook.begin(&brief)?;
        black_box(instance.check(black_box(clause))?);
        verdicts.push(started.elapsed());
        drop(instance);
        Ok(started.elapsed())
    })?;
    Ok([Sample::of(verdicts.split_off(WARM_UP_ROUNDS)), dropped])
}

fn fresh_with_plan(playbook: &Playbook) -> Result<Sample> {
    let (brief, clauses) = (brief(), clauses());
    measured(|round| {
        let clause = &clauses[round % clauses.len()];
        let started = Instant::now();
        let mut instance = playbook.begin(&brief)?;
        black_box(instance.plan()?);
        black_box(instance.check(black_box(clause))?);
        drop(instance);
        Ok(started.elapsed())
    })
}

fn natively() -> Sample {
    let mut native = PriceInquiry::new(native_brief());
    for text in HEARD {
        native.heard(kit::Turn {
            speaker: kit::Speaker::Callee,
            text: text.to_owned(),
            started_ms: 0,
            ended_ms: 0,
            interrupted: false,
        });
    }
    let clauses = native_clauses();
    let sample = measured(|round| {
        let clause = &clauses[round % clauses.len()];
        let started = Instant::now();
        black_box(native.check(black_box(clause)));
        Ok(started.elapsed())
    });
    sample.unwrap_or_else(|_| Sample::of(Vec::new()))
}

fn natively_fresh() -> Sample {
    let (brief, clauses) = (native_brief(), native_clauses());
    let sample = measured(|round| {
        let clause = &clauses[round % clauses.len()];
        // The sandbox copies the brief as well.
        let started = Instant::now();
        let mut native = PriceInquiry::new(brief.clone());
        black_box(native.check(black_box(clause)));
        drop(native);
        Ok(started.elapsed())
    });
    sample.unwrap_or_else(|_| Sample::of(Vec::new()))
}

pub(crate) fn native_brief() -> kit::Brief {
    let host = brief();
    kit::Brief {
        objective: host.objective,
        rules: host.rules,
        settings: host.settings,
        language: host.language,
        now_ms: host.now_ms,
        zone: host.zone,
        ..kit::Brief::default()
    }
}

fn native_clauses() -> Vec<kit::Clause> {
    let native = |clause: Clause| kit::Clause {
        turn: clause.turn,
        index: clause.index,
        text: clause.text,
        said: clause.said,
    };
    clauses().into_iter().map(native).collect()
}
