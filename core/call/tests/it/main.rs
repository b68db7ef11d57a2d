//! The call machine and its policies, seen from outside.

mod after_talk;
mod lives;
mod policy;
mod rate;
mod table;
mod walks;

use agenticcalling_call::{Call, Input, Machine, NewCall, Output, Refused};
use domain::Time;

/// Feeds one input and drains what it causes.
fn feed(machine: &mut Machine, now: Time, input: Input) -> Result<Vec<Output>, Refused> {
    machine.handle(now, input)?;
    Ok(drain(machine))
}

fn drain(machine: &mut Machine) -> Vec<Output> {
    let mut outputs = Vec::new();
    while let Some(output) = machine.poll() {
        outputs.push(output);
    }
    outputs
}

/// One word per output, in the order they came.
fn words(outputs: &[Output]) -> String {
    let mut words = Vec::new();
    for output in outputs {
        words.push(match output {
            Output::Record(event) => event.as_str().trim_start_matches("call.").to_owned(),
            act => format!("{act:?}!"),
        });
    }
    words.join(" ")
}

/// A time written down: `2026-03-09T14:00:00Z`.
fn time(text: &str) -> Time {
    let timestamp: jiff::Timestamp = text.parse().expect(text);
    Time::from_millis(timestamp.as_millisecond())
}

fn created(new: NewCall, now: Time) -> Call {
    Machine::create(now, new).call().clone()
}

/// xorshift64: good enough to wander, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}
