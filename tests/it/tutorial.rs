//! The author's guide does what it says: its commands are run, in order, against a real server.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use agenticcalling_tests::Node;

const GUIDE: &str = include_str!("../../docs/playbooks.md");

/// The fenced blocks of one language, one after the other.
fn blocks(language: &str) -> String {
    let fence = format!("```{language}");
    let mut script = String::new();
    let mut inside = false;
    for line in GUIDE.lines() {
        if line == fence || inside && line == "```" {
            inside = !inside;
            continue;
        }
        if inside {
            script.push_str(line);
            script.push('\n');
        }
    }
    assert!(!inside && script.contains("playbook new"), "{script}");
    script
}

#[test]
fn the_tutorial_leads_to_a_call_and_its_replay() {
    let folder = tempfile::tempdir().unwrap();
    let programs = folder.path().join("bin");
    std::fs::create_dir(&programs).unwrap();
    symlink(env!("CARGO_BIN_EXE_node"), programs.join("agenticcalling")).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    // Kept between runs: what the SDK depends on is compiled once.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    let node = Node::start(&folder.path().join("data"), None);
    let shell = Command::new("sh")
        .args(["-e", "-c", &blocks("sh")])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("CARGO_TARGET_DIR", &target)
        .env("AC_BASE_URL", &node.base)
        .env_remove("AC_API_KEY")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    node.kill();
    let shown = String::from_utf8_lossy(&shell.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&shell.stderr).into_owned();
    assert!(shell.status.success(), "{shown}\n{complaint}");
    for part in [
        "made      florist (acme.florist)",
        "component ./florist.wasm",
        "1 of 1 scenarios as written",
        "2 of 2 scenarios as written",
        "card numbers are not given",
        "passed",
        "the playbook is playbook_",
        "status    completed",
        "\"price\": 52",
        "clauses checked, 0 differences",
        "\"verdict\":\"withhold\"",
        "\"may_end\":false",
        "\"chosen\":\"platform.price_inquiry\"",
    ] {
        assert!(shown.contains(part), "{part:?} is missing: {shown}\n{complaint}");
    }
}

#[test]
fn the_guide_names_the_limits_there_are() {
    let limits = agenticcalling::plugin::Limits::default();
    assert_eq!((limits.component_bytes_max, limits.memory_bytes_max), (8 << 20, 16 << 20));
    assert_eq!((limits.fuel_check, limits.fuel_turn), (5_000_000, 20_000_000));
    assert_eq!((limits.fuel_plan, limits.fuel_finish), (50_000_000, 500_000_000));
    assert_eq!((limits.output_bytes_max, limits.verdict_bytes_max), (1 << 20, 16 << 10));
}
