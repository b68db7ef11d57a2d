//! Random inputs from a seed, and the laws that their outputs keep.

use super::*;

fn xorshift(seed: u64) -> impl FnMut() -> u64 {
    let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    }
}

/// What must hold between the outputs, whatever the inputs.
#[derive(Default)]
struct Law {
    speaking: bool,
    open: Option<u64>,
    ended: Vec<u64>,
    /// Utterances whose words came while they were awaited.
    given: Vec<u64>,
    taken: Vec<u64>,
    preparing: bool,
    dead: bool,
}

impl Law {
    fn input(&mut self, input: &Input) {
        match input {
            Input::ReplyReady => {
                self.speaking = true;
                self.preparing = false;
            }
            Input::ReplyDone | Input::ReplyFailed => self.preparing = false,
            _ => {}
        }
    }

    fn output(&mut self, output: &Output) {
        match output {
            Output::UtteranceStarted { utterance, .. } => {
                assert_eq!(self.open.replace(*utterance), None, "one utterance at a time");
            }
            Output::UtteranceEnded { utterance, from, to } => {
                assert_eq!(self.open.take(), Some(*utterance));
                assert!(from < to && !self.ended.contains(utterance));
                self.ended.push(*utterance);
            }
            Output::StopSpeaking { .. } => assert!(std::mem::take(&mut self.speaking)),
            Output::DiscardReply => assert!(std::mem::take(&mut self.preparing)),
            Output::ReplyLate => assert!(std::mem::take(&mut self.preparing)),
            Output::CommitTurn { text, from, to } => {
                assert!(self.open.is_none() && from < to, "a turn while somebody speaks");
                assert!(!self.preparing, "two replies in the making");
                self.preparing = true;
                self.take(text);
            }
            Output::Backchannel { text, .. } => self.take(text),
            Output::NotUnderstood => assert!(self.open.is_none()),
            Output::Nudge { nth } => {
                assert!(self.open.is_none() && !self.preparing && !self.dead);
                assert!(*nth < Config::default().nudges_max);
            }
            Output::DeadLine => assert!(!std::mem::replace(&mut self.dead, true)),
        }
    }

    fn take(&mut self, text: &str) {
        assert!(!text.is_empty());
        for word in text.split(' ') {
            let utterance = word.parse().unwrap();
            assert!(!self.taken.contains(&utterance), "words twice: {utterance}");
            self.taken.push(utterance);
        }
    }
}

/// Any inputs in any order: lawful outputs, no panic, no word lost or repeated, and whatever silence
/// changes is announced by the deadline.
#[test]
fn random_inputs_give_lawful_outputs() {
    let mut words = 0;
    for seed in 1..400u64 {
        let mut next = xorshift(seed);
        let mut machine = Machine::new(Config::default());
        let mut now = Time::ZERO;
        let mut law = Law::default();
        let mut speech = false;
        for _ in 0..3000 {
            let input = match next() % 60 {
                0 => Input::ReplyReady,
                1 => Input::ReplyDone,
                2 => Input::ReplyFailed,
                3 | 4 => Input::PlayoutIdle,
                5 | 6 => {
                    let utterance = (machine.next_id + 1).saturating_sub(next() % 4);
                    let text = (next() % 4 != 3).then(|| utterance.to_string());
                    let mut pending = machine.pending.iter();
                    let awaited = pending.any(|p| p.id == utterance && p.words.is_none());
                    if awaited && text.is_some() {
                        law.given.push(utterance);
                    }
                    Input::Transcript { utterance, text }
                }
                7 if seed % 7 == 0 && next() % 64 == 7 => Input::Ending,
                8 if seed % 9 == 0 && next() % 128 == 7 => Input::LegEnded,
                9 if next() % 32 == 7 => Input::Holding(next() % 2 == 1),
                _ => {
                    if next() % (if speech { 12 } else { 40 }) == 7 {
                        speech = !speech;
                    }
                    Input::Voice { speech }
                }
            };
            let silent = input == (Input::Voice { speech: false });
            let (before, frame) = (machine.deadline(), matches!(input, Input::Voice { .. }));
            let click = !machine.onset.is_zero();
            law.input(&input);
            machine.handle(now, input);
            let mut outputs = 0;
            while let Some(output) = machine.poll() {
                law.output(&output);
                outputs += 1;
            }
            let due = before.is_some_and(|(at, _)| now >= at);
            if silent && !due && !click {
                assert_eq!(outputs, 0, "seed {seed}: silence before the deadline changes nothing");
            }
            if silent && due {
                assert!(machine.deadline().is_none_or(|(at, _)| at > now), "seed {seed}: stuck");
            }
            assert!(law.open.is_none() || machine.deadline().is_some());
            assert!(machine.pending.len() <= PENDING_MAX);
            if frame {
                now = now + FRAME;
            }
        }
        // Silence until nothing is awaited.
        machine.handle(now, Input::LegEnded);
        for _ in 0..1000 {
            machine.handle(now, Input::Voice { speech: false });
            while let Some(output) = machine.poll() {
                law.output(&output);
            }
            now = now + FRAME;
        }
        assert!(machine.pending.is_empty() && machine.open.is_none());
        law.given.sort_unstable();
        law.taken.sort_unstable();
        assert_eq!(law.taken, law.given, "seed {seed}: every word is given on once");
        words += law.taken.len();
    }
    assert!(words > 1000, "the inputs are random, not senseless: {words}");
}
