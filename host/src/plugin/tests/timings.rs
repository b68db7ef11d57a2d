//! How long things take: printed, never asserted.
//!
//! `cargo test --release -p agenticcalling --lib plugin::tests::timings -- --ignored --nocapture`

use std::time::Instant;

use super::*;

const ROUNDS: usize = 5_000;
/// 205 bytes, a long clause.
const WORDS: &str = "We would be happy to take five hundred beams if the unit price stays within \
    what we have discussed, which our buyer put at about fifty-eight dollars each, delivered to \
    the yard before the month ends, okay";

fn print(name: &str, mut question: impl FnMut()) {
    let mut micros = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        question();
        micros.push(start.elapsed().as_nanos() as f64 / 1_000.0);
    }
    micros.sort_by(f64::total_cmp);
    let (p50, p99) = (micros[ROUNDS / 2], micros[ROUNDS * 99 / 100]);
    println!("{name:<44} p50 {p50:>7.2} us   p99 {p99:>7.2} us");
}

#[test]
#[ignore = "prints timings"]
fn timings() {
    let playbook = &BENCH.hostile;
    let brief = brief("nothing at all");
    let words = clause(WORDS);
    let mut instance = playbook.begin(&brief).unwrap();
    print("check, the call's instance", || drop(instance.check(&words).unwrap()));
    print("begin + check + end, a fresh instance", || {
        drop(playbook.begin(&brief).unwrap().check(&words).unwrap());
    });
    print("score", || assert_eq!(playbook.score("anything", "en"), 0));

    for place in ["check", "heard", "plan", "finish"] {
        let start = Instant::now();
        let breach = crime(&format!("loop in {place}")).unwrap_err();
        println!("endless loop in {place} stopped after {:?}: {}", start.elapsed(), breach.kind);
    }
}
