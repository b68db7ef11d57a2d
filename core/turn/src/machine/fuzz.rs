//! Random inputs from a seed, and the laws that their outputs keep.

use std::collections::BTreeMap;

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
    paused: bool,
    /// Nothing more of our turn will come.
    complete: bool,
    /// The last frame had speech.
    voice: bool,
    open: Option<u64>,
    /// Utterances that are over and whose words are not told yet.
    ended: Vec<u64>,
    utterances: u64,
    /// Takes that may still be answered, and the words they got.
    takes: BTreeMap<u64, Option<Option<String>>>,
    /// Words given on, as a turn or beside ours.
    taken: Vec<String>,
    draft: Option<String>,
    preparing: bool,
    dead: bool,
    drafts: [u32; 2],
    verdicts: [u32; 2],
}

impl Law {
    fn input(&mut self, input: &Input) {
        match input {
            Input::ReplyReady => {
                self.speaking = true;
                self.paused = false;
                self.complete = false;
                self.preparing = false;
            }
            Input::ReplyDone | Input::ReplyFailed => {
                self.complete = self.speaking || self.paused;
                self.preparing = false;
            }
            Input::PlayoutIdle => self.speaking &= !self.complete,
            Input::Ending => self.paused = false,
            Input::LegEnded => {
                (self.paused, self.speaking, self.preparing) = (false, false, false);
            }
            Input::Voice { speech } => self.voice = *speech,
            Input::Transcript { take, text } => {
                if let Some(words @ None) = self.takes.get_mut(take) {
                    *words = Some(text.clone());
                }
            }
            Input::Expect(_) | Input::Holding(_) => {}
        }
    }

    fn output(&mut self, output: &Output) {
        match output {
            Output::UtteranceStarted { utterance, .. } => {
                assert_eq!(self.open.replace(*utterance), None, "one utterance at a time");
                assert_eq!(*utterance, self.utterances);
                self.utterances += 1;
                assert!(self.draft.is_some() || !self.preparing || self.voice);
            }
            Output::Listen { take, from, to } => {
                assert!(from < to);
                assert_eq!(self.takes.insert(*take, None), None, "a take is asked for once");
            }
            Output::DropTake { take } => {
                assert!(self.takes.remove(take).is_some(), "only what is awaited is dropped");
            }
            Output::UtteranceEnded { utterance, from, to } => {
                assert_eq!(self.open.take(), Some(*utterance));
                assert!(from < to && !self.ended.contains(utterance));
                self.ended.push(*utterance);
            }
            Output::Understood { utterance, .. } => {
                let at = self.ended.iter().position(|ended| ended == utterance);
                self.ended.remove(at.expect("understood once, after it ended"));
            }
            Output::Draft { text, .. } => {
                assert!(!self.speaking && !self.paused && !self.preparing && !self.voice);
                assert_eq!(self.draft.replace(text.clone()), None, "one draft at a time");
                self.drafts[0] += 1;
            }
            Output::DropDraft => assert!(self.draft.take().is_some(), "a draft is dropped once"),
            Output::PauseSpeaking { .. } => {
                assert!(std::mem::take(&mut self.speaking) && self.voice);
                self.paused = true;
            }
            Output::ResumeSpeaking => {
                assert!(std::mem::take(&mut self.paused));
                assert!(self.open.is_none() && !self.voice, "we speak over somebody");
                self.speaking = true;
                self.verdicts[0] += 1;
            }
            Output::StopSpeaking { .. } => {
                assert!(std::mem::take(&mut self.speaking) | std::mem::take(&mut self.paused));
                self.verdicts[1] += 1;
            }
            Output::DiscardReply => assert!(std::mem::take(&mut self.preparing)),
            Output::ReplyLate => assert!(std::mem::take(&mut self.preparing)),
            Output::CommitTurn { text, from, to } => {
                assert!(self.open.is_none() && from < to, "a turn while somebody speaks");
                assert!(!self.paused && !self.voice);
                assert!(!self.preparing, "two replies in the making");
                if let Some(draft) = self.draft.take() {
                    assert_eq!(draft, *text, "the draft answers other words");
                    self.drafts[1] += 1;
                }
                self.preparing = true;
                self.take(text);
            }
            Output::Backchannel { text, .. } => self.take(text),
            Output::NotUnderstood => assert!(self.open.is_none() && self.draft.is_none()),
            Output::Nudge { nth } => {
                assert!(self.open.is_none() && !self.preparing && !self.dead && !self.paused);
                assert!(*nth < Config::default().nudges_max);
            }
            Output::DeadLine => assert!(!std::mem::replace(&mut self.dead, true)),
        }
    }

    fn take(&mut self, text: &str) {
        assert!(!text.is_empty());
        self.taken.extend(text.split(' ').map(str::to_owned));
    }

    /// Something is always due, or somebody else's turn to tell us.
    fn check_not_stuck(&self, machine: &Machine) {
        let awaits = self.open.is_some() || !machine.pending.is_empty() || self.preparing;
        assert!(!awaits || machine.deadline().is_some(), "nobody would wake it");
        assert!(!self.paused || machine.deadline().is_some(), "paused for ever");
        assert_eq!(self.draft.is_some(), machine.drafted.is_some());
        assert!(self.draft.is_none() || !machine.pending.is_empty() || self.open.is_some());
        assert!(machine.pending.len() <= PENDING_MAX);
    }
}

fn some_words(n: u64, random: u64) -> Option<String> {
    match random % 8 {
        0 => None,
        1 => Some("mm-hm".to_owned()),
        2 => Some("yeah".to_owned()),
        3 => Some(format!("no w{n}")),
        4 => Some(format!("w{n} and")),
        5 => Some(format!("w{n}")),
        6 => Some("four one".to_owned()),
        _ => Some(format!("w{n}.")),
    }
}

fn some_config(seed: u64) -> Config {
    let endpointing = match seed % 4 {
        0 => Endpointing::Fixed { ms: 200 },
        1 => Endpointing::Fixed { ms: 700 },
        _ => Endpointing::default(),
    };
    Config { endpointing, drafts: !seed.is_multiple_of(5), ..Config::default() }
}

/// Any inputs in any order: lawful outputs, no panic, no word lost or repeated, and whatever silence
/// changes is announced by the deadline.
#[test]
fn random_inputs_give_lawful_outputs() {
    let (mut words, mut drafts, mut verdicts) = (0, [0; 2], [0; 2]);
    for seed in 1..250u64 {
        let mut next = xorshift(seed);
        let mut machine = Machine::new(some_config(seed));
        let mut now = Time::ZERO;
        let mut law = Law::default();
        let mut speech = false;
        for step in 0..3000 {
            let input = match next() % 60 {
                0 => Input::ReplyReady,
                1 => Input::ReplyDone,
                2 => Input::ReplyFailed,
                3 | 4 => Input::PlayoutIdle,
                5..8 => {
                    let take = (machine.next_take + 1).saturating_sub(next() % 4);
                    Input::Transcript { take, text: some_words(step, next()) }
                }
                8 if seed % 7 == 0 && next() % 64 == 7 => Input::Ending,
                9 if seed % 9 == 0 && next() % 128 == 7 => Input::LegEnded,
                10 if next() % 32 == 7 => Input::Holding(next() % 2 == 1),
                11 => Input::Expect(
                    [Expected::Nothing, Expected::Answer, Expected::Dictation, Expected::Greeting]
                        [next() as usize % 4],
                ),
                _ => {
                    if next() % (if speech { 16 } else { 24 }) == 7 {
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
            law.check_not_stuck(&machine);
            if frame {
                now = now + FRAME;
            }
        }
        // Silence until nothing is awaited.
        law.input(&Input::LegEnded);
        law.voice = false;
        machine.handle(now, Input::LegEnded);
        for _ in 0..1000 {
            while let Some(output) = machine.poll() {
                law.output(&output);
            }
            machine.handle(now, Input::Voice { speech: false });
            now = now + FRAME;
        }
        assert!(machine.pending.is_empty() && machine.open.is_none() && law.ended.is_empty());
        assert!(law.draft.is_none() && !law.paused);
        let given = law.takes.values().flatten().flatten().flat_map(|text| text.split(' '));
        let mut given: Vec<&str> = given.collect();
        given.sort_unstable();
        law.taken.sort_unstable();
        assert_eq!(law.taken, given, "seed {seed}: every word is given on once");
        words += law.taken.len();
        drafts = [drafts[0] + law.drafts[0], drafts[1] + law.drafts[1]];
        verdicts = [verdicts[0] + law.verdicts[0], verdicts[1] + law.verdicts[1]];
    }
    let random = format!("{words} words, drafts {drafts:?}, verdicts {verdicts:?}");
    assert!(words > 1000 && drafts[0] > 2 * drafts[1] && drafts[1] > 50, "{random}");
    assert!(verdicts.iter().all(|count| *count > 50), "random, not senseless: {random}");
}
