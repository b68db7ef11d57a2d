//! Whole conversations in virtual time: every scenario, several seeds, in seconds.

use std::path::PathBuf;
use std::sync::LazyLock;

use agenticcalling_tests::sim::Studio;
use agenticcalling_tests::speech_cache;

static STUDIO: LazyLock<Studio> = LazyLock::new(|| {
    let cache = std::env::temp_dir().join("x");
    let playbooks: PathBuf = speech_cache().parent().unwrap().join("playbooks");
    Studio::open(&playbooks, &cache, &speech_cache()).unwrap()
});

#[test]
fn look() {
    for scenario in [
        "call_back",
        "clinic",
        "do_not_call",
        "hangs_up",
        "interrupter",
        "noisy_line",
        "restaurant",
        "screener",
        "shop",
        "silent",
        "steel_supplier",
        "voicemail",
    ] {
        let started = std::time::Instant::now();
        let played = STUDIO.play(scenario, 1).unwrap();
        println!(
            "== {scenario} {:?} {:?} {} s in {:?}",
            played.ended,
            played.answered_by,
            played.virtual_ms / 1000,
            started.elapsed()
        );
        for turn in &played.transcript {
            println!(
                "{:>7} {:?}{} {}",
                turn.started_ms,
                turn.speaker,
                if turn.interrupted { "!" } else { "" },
                turn.text
            );
        }
    }
}
