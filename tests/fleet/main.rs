//! Fleets of calls in virtual time; see `agenticcalling_tests::fleet`.

use agenticcalling_tests::{fleet, speech_cache};

const CALLS: usize = 30;
/// Seeds that once broke something, and the first ones.
const KEPT: [u64; 2] = [1, 2];
const FRESH: usize = 1;

/// One after the other: simulated time is the whole process's.
#[test]
fn no_seed_breaks_a_fleet() {
    let fresh = (0..FRESH).map(|_| agenticcalling::clock::random() as u64 >> 16);
    for seed in KEPT.into_iter().chain(fresh.collect::<Vec<_>>()) {
        let speech = speech_cache();
        let target = speech.parent().expect("the cache lies in the target folder").to_owned();
        let played = fleet::play(
            seed,
            CALLS,
            &target.join("playbooks"),
            &target.join("code-cache"),
            &speech,
        );
        match played {
            Ok(report) => println!("seed {seed}: {report:?}"),
            Err(error) => panic!("seed {seed}: {error:#}\nagain with: cargo x sim --seed {seed}"),
        }
    }
}
