//! One clause check: in the call's own instance, in a fresh one, and the same logic without a sandbox.

use std::hint::black_box;
use std::time::{Duration, Instant};

use agenticcalling::plugin::{Brief, Clause, Limits, Playbook, Plugins, Speaker, Turn};
use agenticcalling_playbook as kit;
use agenticcalling_playbook::Playbook as _;
use anyhow::{Context as _, Result};
use playbook_price_inquiry::PriceInquiry;

use crate::table::{Sample, Table, micros};

const ROUNDS: usize = 20_000;
const WARM_UP_ROUNDS: usize = 2_000;
const RULE: &str = "Never agree to price above $60/unit";

/// What was said so far in the turn, and the clause to be checked.
const CLAUSES: [(&str, &str); 10] = [
    ("", "Hello, this is Alex calling for Acme Corp."),
    ("", "Yes, seventy-two dollars per unit works for us."),
    ("", "Sure."),
    ("I can't agree to that.", "Could you come down to $60 or less per unit for 500?"),
    ("", "That is helpful, thank you."),
    ("Thank you.", "What is your minimum order?"),
    ("We could do sixty", "five per unit."),
    ("", "So that is fifty-four dollars per unit, a minimum of one hundred, payment net thirty."),
    ("Let me see.", "I will take it back to my team and come back to you tomorrow."),
    ("", "Thank you very much for your help."),
];
const HEARD: [&str; 4] = [
    "Steel Supply Company, this is Mike Chen speaking. How can I help you?",
    "For an order like that, it is seventy-two dollars per unit. Can we agree on seventy-two?",
    "I could do fifty-eight. No, sorry, fifty-four dollars per unit.",
    "Our minimum order is one hundred units.",
];

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

fn clauses() -> Vec<Clause> {
    let clause = |(said, text): &(&str, &str)| Clause {
        turn: 1,
        index: 0,
        text: (*text).to_owned(),
        said: (*said).to_owned(),
    };
    CLAUSES.iter().map(clause).collect()
}

fn turn(text: &str) -> Turn {
    Turn {
        speaker: Speaker::Callee,
        text: text.to_owned(),
        started_ms: 0,
        ended_ms: 0,
        interrupted: false,
    }
}

fn brief() -> Brief {
    Brief {
        objective: "Get bulk pricing for 500 steel beams".to_owned(),
        context: None,
        previous_call: None,
        persona: agenticcalling::plugin::Persona {
            caller_name: None,
            company: None,
            role: None,
            tone: None,
        },
        rules: vec![RULE.to_owned()],
        settings: "{}".to_owned(),
        language: "en".to_owned(),
        now_ms: 0,
        zone: "UTC".to_owned(),
    }
}
