//! Hostile guests against the plugin host: every limit kept and broken, and no neighbour disturbed.

mod caching;
mod loading;
mod timings;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::{env, fs, thread};

use tempfile::TempDir;

use super::*;

/// The engine and both playbooks, compiled once for all tests.
struct Bench {
    plugins: Plugins,
    hostile: Arc<Playbook>,
    /// The same code, but well behaved.
    general: Arc<Playbook>,
    _cache: TempDir,
}

static BENCH: LazyLock<Bench> = LazyLock::new(|| {
    let cache = tempfile::tempdir().unwrap();
    let plugins = Plugins::new(Limits::default(), cache.path()).unwrap();
    let hostile = plugins.load(&hostile_component()).unwrap();
    let general = plugins.load(&general_component()).unwrap();
    Bench { plugins, hostile, general, _cache: cache }
});

const HOSTILE: &str = "test.misbehaving";

/// Built by `cargo x playbooks`, now if it was not before.
fn hostile_component() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |dir| root.join(PathBuf::from(dir)));
    let path = target.join("playbooks/tests/hostile.wasm");
    if !path.is_file() {
        let built = Command::new("cargo")
            .current_dir(root)
            .args(["x", "playbooks", "hostile"])
            .status()
            .unwrap();
        assert!(built.success(), "`cargo x playbooks hostile` failed");
    }
    fs::read(path).unwrap()
}

/// The hostile guest under the name that makes it behave.
fn general_component() -> Vec<u8> {
    let mut bytes = hostile_component();
    let places: Vec<usize> = (0..bytes.len() - HOSTILE.len())
        .filter(|at| bytes[*at..].starts_with(HOSTILE.as_bytes()))
        .collect();
    assert!(!places.is_empty(), "the hostile guest does not hold its id");
    for at in places {
        bytes[at..at + GENERAL.len()].copy_from_slice(GENERAL.as_bytes());
    }
    bytes
}

fn brief(objective: &str) -> Brief {
    Brief {
        objective: objective.to_owned(),
        context: None,
        previous_call: None,
        persona: Persona { caller_name: None, company: None, role: None, tone: None },
        rules: vec!["Never say forbidden".to_owned()],
        settings: "{}".to_owned(),
        language: "en".to_owned(),
        now_ms: 0,
        zone: "UTC".to_owned(),
    }
}

fn turn(speaker: Speaker, text: &str) -> Turn {
    Turn { speaker, text: text.to_owned(), started_ms: 0, ended_ms: 1, interrupted: false }
}

fn heard(text: &str) -> Turn {
    turn(Speaker::Callee, text)
}

fn clause(text: &str) -> Clause {
    Clause { turn: 0, index: 0, text: text.to_owned(), said: String::new() }
}

fn guarded(objective: &str) -> GuardedCall {
    GuardedCall::new(Arc::clone(&BENCH.hostile), Arc::clone(&BENCH.general), brief(objective))
}

/// What the guest remembers, told through a replacement.
fn state(call: &mut GuardedCall) -> String {
    match call.check(&clause("state?")).verdict {
        Verdict::Replace(state) => state,
        other => panic!("no state but {other:?}"),
    }
}

fn kinds(call: &GuardedCall) -> Vec<(&str, BreachKind)> {
    call.breaches().iter().map(|it| (it.playbook.as_str(), it.breach.kind)).collect()
}

/// Commits the crime named by the objective and says what came of it.
fn crime(objective: &str) -> Result<(), Breach> {
    let mut instance = BENCH.hostile.begin(&brief(objective))?;
    instance.plan()?;
    instance.heard(&heard("now"))?;
    instance.spoke(&turn(Speaker::Agent, "now"))?;
    instance.check(&clause("now"))?;
    let _ = instance.tool("any", "now")?;
    let _ = instance.may_end()?;
    instance.extraction()?;
    let _ = instance.finish(&[heard("now")], None)?;
    Ok(())
}

#[test]
fn every_crime_ends_its_instance_with_the_right_breach() {
    use BreachKind::*;
    let check = |objective: &str, allowed: &[BreachKind]| {
        let breach = crime(objective).expect_err(objective);
        assert!(allowed.contains(&breach.kind), "{objective}: {breach}");
        let (_, place) = objective.split_once(" in ").unwrap();
        assert_eq!(breach.entry, place);
    };
    for place in ["constructor", "plan", "heard", "spoke", "check", "tool", "extraction", "finish"]
    {
        check(&format!("loop in {place}"), &[Fuel, Deadline]);
        check(&format!("memory in {place}"), &[Memory]);
        check(&format!("recursion in {place}"), &[Stack, Trap]);
        check(&format!("trap in {place}"), &[Trap]);
    }
    for place in ["plan", "heard", "check", "tool", "extraction", "finish"] {
        check(&format!("huge in {place}"), &[OutputTooLarge]);
    }
    check("list in plan", &[OutputTooLarge]);
}

#[test]
fn work_within_the_limits_is_no_crime() {
    for place in ["constructor", "plan", "heard", "spoke", "check", "tool", "extraction", "finish"]
    {
        assert_eq!(crime(&format!("slow in {place}")), Ok(()), "{place}");
    }
    assert_eq!(crime("nothing at all"), Ok(()));
}

#[test]
fn an_ended_instance_answers_nothing() {
    let mut instance = BENCH.hostile.begin(&brief("trap in check")).unwrap();
    assert_eq!(instance.check(&clause("hello")), Ok(Verdict::Pass));
    assert_eq!(instance.check(&clause("now")).unwrap_err().kind, BreachKind::Trap);
    assert_eq!(instance.check(&clause("hello")).unwrap_err().kind, BreachKind::Ended);
    assert_eq!(instance.plan().unwrap_err().kind, BreachKind::Ended);
}

#[test]
fn the_clock_stops_what_fuel_does_not() {
    let cache = tempfile::tempdir().unwrap();
    let limits = Limits { fuel_check: u64::MAX, check_ms_max: 5, ..Limits::default() };
    let plugins = Plugins::new(limits, cache.path()).unwrap();
    let hostile = plugins.load(&hostile_component()).unwrap();
    let mut instance = hostile.begin(&brief("loop in check")).unwrap();
    assert_eq!(instance.check(&clause("now")).unwrap_err().kind, BreachKind::Deadline);
}

#[test]
fn fuel_is_the_same_each_time() {
    let fuel = || {
        let mut instance = BENCH.hostile.begin(&brief("slow in check")).unwrap();
        instance.check(&clause("now")).unwrap();
        instance.fuel_used()
    };
    let first = fuel();
    assert!(first > 10_000, "{first}");
    assert_eq!(fuel(), first);
}

#[test]
fn a_call_goes_on_after_a_breach_and_remembers_everything() {
    let mut call = guarded("trap in check");
    assert_eq!(call.plan().opening, "Hello.");
    call.heard(&heard("first"));
    call.spoke(&turn(Speaker::Agent, "second"));
    call.heard(&heard("third"));
    assert_eq!(state(&mut call), "heard 2 spoke 1 last third");

    let failed = call.check(&clause("now"));
    assert!(failed.failed && matches!(failed.verdict, Verdict::Withhold(_)), "{failed:?}");
    assert_eq!(kinds(&call), [(HOSTILE, BreachKind::Trap)]);

    assert_eq!(state(&mut call), "heard 2 spoke 1 last third");
    assert!(!call.fell_back());
    call.heard(&heard("fourth"));
    assert_eq!(state(&mut call), "heard 3 spoke 1 last fourth");
}

#[test]
fn a_turn_that_went_on_was_never_told() {
    let mut call = guarded("nothing at all");
    call.heard(&heard("Hello."));
    call.spoke(&turn(Speaker::Agent, "Good morning."));
    let before = state(&mut call);
    call.heard(&heard("I would say Thursday"));
    assert_ne!(state(&mut call), before);
    call.unhear();
    assert_eq!(state(&mut call), before);
    // Only the last turn of the other side can be taken back, and once.
    call.unhear();
    assert_eq!(state(&mut call), before);
    call.heard(&heard("I would say Thursday at noon."));
    assert!(state(&mut call).starts_with("heard 2 spoke 1"));
    assert!(call.breaches().is_empty());
}

#[test]
fn a_second_breach_falls_back_with_the_same_brief_and_history() {
    let mut call = guarded("loop in check");
    call.plan();
    call.heard(&heard("hello"));
    assert!(call.check(&clause("now")).failed);
    assert!(call.check(&clause("now")).failed);
    assert_eq!(kinds(&call).len(), 2);

    assert_eq!(call.check(&clause("now")), Checked { verdict: Verdict::Pass, failed: false });
    assert!(call.fell_back());
    assert_eq!(call.playbook().id(), GENERAL);
    assert_eq!(state(&mut call), "heard 1 spoke 0 last hello");
    let ruled = call.check(&clause("this is forbidden")).verdict;
    assert!(matches!(ruled, Verdict::Withhold(Violation { rule: Some(0), .. })), "{ruled:?}");
    assert_eq!(call.finish(&[heard("hello")], None).summary, "1 turns");
}

#[test]
fn a_playbook_that_always_fails_somewhere_is_replaced_at_once() {
    let check = |objective: &str| {
        let mut call = guarded(objective);
        assert_eq!(call.plan().opening, "Hello.", "{objective}");
        call.heard(&heard("and now"));
        assert!(call.fell_back(), "{objective}");
        assert_eq!(state(&mut call), "heard 1 spoke 0 last and now", "{objective}");
        assert_eq!(call.breaches().len(), 2, "{objective}");
    };
    check("trap in constructor");
    check("loop in plan");
    check("memory in plan");
    check("huge in heard");
    check("recursion in heard");
}

#[test]
fn a_call_without_any_working_playbook_says_nothing() {
    let hostile = &BENCH.hostile;
    let brief = brief("trap in plan");
    let mut call = GuardedCall::new(Arc::clone(hostile), Arc::clone(hostile), brief);
    assert_eq!(call.plan().rules.len(), 1);
    let checked = call.check(&clause("hello"));
    assert!(checked.failed && matches!(checked.verdict, Verdict::Withhold(_)));
    assert_eq!(call.heard(&heard("hello")), None);
    assert_eq!(call.may_end(), Ok(()));
    assert!(call.tool("any", "{}").is_err());
    let report = call.finish(&[heard("hello")], None);
    assert!(!report.success && report.data == "{}", "{report:?}");
}

#[test]
fn no_crime_is_felt_by_a_call_on_another_thread() {
    let over = Arc::new(AtomicBool::new(false));
    let neighbour = thread::spawn({
        let over = Arc::clone(&over);
        move || {
            let mut call = guarded("nothing at all");
            call.plan();
            let mut turns = 0;
            while !over.load(Ordering::Relaxed) || turns < 100 {
                turns += 1;
                let text = format!("turn {turns}");
                call.heard(&heard(&text));
                assert_eq!(state(&mut call), format!("heard {turns} spoke 0 last {text}"));
                let pass = Checked { verdict: Verdict::Pass, failed: false };
                assert_eq!(call.check(&clause("hello now")), pass);
                let ruled = call.check(&clause("this is forbidden"));
                assert!(!ruled.failed && matches!(ruled.verdict, Verdict::Withhold(_)));
            }
            call.breaches().len()
        }
    });
    for crime_name in ["loop", "memory", "recursion", "huge", "trap"] {
        for place in ["constructor", "plan", "heard", "check", "finish"] {
            let _ = crime(&format!("{crime_name} in {place}"));
        }
    }
    over.store(true, Ordering::Relaxed);
    assert_eq!(neighbour.join().unwrap(), 0, "the neighbour saw a breach");
}

#[test]
fn a_full_server_refuses_without_blaming_the_playbook() {
    let cache = tempfile::tempdir().unwrap();
    let limits = Limits { instances_max: 2, ..Limits::default() };
    let plugins = Plugins::new(limits, cache.path()).unwrap();
    let general = plugins.load(&general_component()).unwrap();
    let first = general.begin(&brief("a")).unwrap();
    let _second = general.begin(&brief("b")).unwrap();
    let mut third = GuardedCall::new(Arc::clone(&general), Arc::clone(&general), brief("c"));
    assert!(third.check(&clause("hello")).failed);
    assert_eq!(third.breaches(), []);
    drop(first);
    assert!(!third.check(&clause("hello")).failed);
}

#[test]
fn instances_are_reset_completely() {
    for round in 0..50 {
        let mut call = guarded("nothing at all");
        call.plan();
        assert_eq!(state(&mut call), "heard 0 spoke 0 last ", "round {round}");
        call.heard(&heard(&"x".repeat(100_000)));
    }
}

#[test]
fn a_call_of_two_hours_stays_within_its_memory() {
    let mut call = guarded("nothing at all");
    call.plan();
    let mut transcript = Vec::new();
    for minute in 0..120 {
        for step in 0..15 {
            let words =
                "so what we can offer you there is a price for the lot, delivered ".repeat(2);
            let said = heard(&format!("{minute} {step} {words}"));
            call.heard(&said);
            call.spoke(&turn(Speaker::Agent, &words));
            assert!(!call.check(&clause(&words)).failed);
            transcript.push(said);
        }
    }
    assert_eq!(call.finish(&transcript, None).summary, "1800 turns");
    assert_eq!(call.breaches(), []);
}

#[test]
fn calls_may_move_between_threads() {
    fn movable<T: Send>() {}
    fn shared<T: Send + Sync>() {}
    movable::<Instance>();
    movable::<GuardedCall>();
    shared::<Playbook>();
    shared::<Plugins>();
}

#[test]
fn objectives_find_their_playbook() {
    let check = |objective: &str, expected: &str| {
        let found = BENCH.plugins.classify(objective, "en", &[]);
        assert_eq!(found.id(), expected, "{objective}");
    };
    check("anything in particular", HOSTILE);
    check("a tie", GENERAL);
    check("nobody knows", GENERAL);
    check("loop in score", GENERAL);
    assert_eq!(BENCH.hostile.score("anything in particular", "en"), 100);
    let ids: Vec<String> =
        BENCH.plugins.all().iter().map(|playbook| playbook.id().to_owned()).collect();
    assert_eq!(ids, [GENERAL, HOSTILE]);
}
