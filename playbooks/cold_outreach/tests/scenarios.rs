//! Every scenario of the playbook, played through the SDK's trait.

use agenticcalling_playbook::scenario;
use playbook_cold_outreach::ColdOutreach;

const SCENARIOS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));

#[test]
fn every_scenario_plays_as_written() {
    let mut failures = Vec::new();
    for (name, text) in SCENARIOS {
        if let Err(problem) = scenario::run::<ColdOutreach>(text) {
            failures.push(format!("{name}: {problem}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn nothing_said_makes_it_panic() {
    for seed in 1..=300 {
        if let Err(problem) = scenario::babble::<ColdOutreach>(seed) {
            panic!("{problem}");
        }
    }
}
