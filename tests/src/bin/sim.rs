//! `cargo x sim --seed N`: plays one fleet and says what came of it.

use std::process::ExitCode;

use agenticcalling_tests::fleet;

const USAGE: &str = "usage: sim [--seed N] [--calls N] [--seeds COUNT]";
const CALLS: usize = 200;

fn main() -> ExitCode {
    let (mut seed, mut calls, mut seeds) = (None, CALLS, 1u64);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().and_then(|value| value.parse::<u64>().ok());
        match (name.as_str(), value) {
            ("--seed", Some(value)) => seed = Some(value),
            ("--calls", Some(value)) => calls = usize::try_from(value).unwrap_or(CALLS),
            ("--seeds", Some(value)) => seeds = value,
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::FAILURE;
            }
        }
    }
    let first = seed.unwrap_or_else(|| agenticcalling::clock::random() as u64 >> 16);
    let program = std::env::current_exe().unwrap_or_default();
    let target = program.ancestors().nth(2).unwrap_or(std::path::Path::new("target")).to_owned();
    for seed in first..first.saturating_add(seeds) {
        let (code, speech) = (target.join("code-cache"), target.join("speech-cache"));
        match fleet::play(seed, calls, &target.join("playbooks"), &code, &speech) {
            Ok(report) => println!("seed {seed}: {report:#?}"),
            Err(error) => {
                eprintln!("seed {seed} breaks the fleet: {error:#}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
