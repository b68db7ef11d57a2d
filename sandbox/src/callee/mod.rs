//! A scripted callee: rings, answers, listens to real samples and speaks real samples, one 20 ms tick at
//! a time. Sans-IO: time and frames come in, frames and events go out, so it runs in virtual time too.

mod hearing;
mod script;
mod typed;

use std::collections::HashMap;
use std::f32::consts::PI;
use std::sync::Arc;

use anyhow::Result;

use self::hearing::Hearing;
use self::script::{Answer, Cue, Script};
use crate::line::Random;
use crate::room::{Entry, Room};
use crate::scenario::{Kind, Scenario, Then};
use crate::voice::{Voices, locked};

pub use self::typed::{Typed, TypedAnswer};
use crate::{FRAME_SAMPLES, Frame, SILENCE};

/// Between two lines said in one breath.
const BETWEEN_LINES_MS: usize = 220;
/// A line broken off before this part of it does not count as said.
const SAID_PERCENT_MIN: usize = 80;
/// A sentence is hung up in at this part of the line.
const CUT_PERCENT: usize = 55;
const BEEP_HZ: f32 = 1000.0;
const BEEP_MS: usize = 400;
const BEEP_AMPLITUDE: f32 = 6000.0;
/// Between a greeting and its beep.
const BEFORE_BEEP_MS: usize = 400;
const SAMPLES_PER_MS: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalleeEvent {
    Ringing,
    Answered,
    Busy,
    Rejected,
    /// No such number.
    Invalid,
    HungUp,
    /// The sandbox itself could not play its part; the log says why.
    Failed,
}

/// What one tick brings for the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Step {
    pub frame: Option<Frame>,
    pub event: Option<CalleeEvent>,
}

pub struct Callee {
    room: Arc<Room>,
    scenario: Arc<Scenario>,
    /// Samples of every line, at 8 kHz.
    lines: HashMap<String, Arc<[i16]>>,
    script: Script,
    hearing: Hearing,
    random: Random,
    noise_amplitude: f32,
    phase: Phase,
    /// Since when nobody has spoken.
    quiet_since_ms: u64,
    planned: Option<Planned>,
    speaking: Option<Speaking>,
    /// Heard while speaking, to be answered afterwards.
    unanswered: Option<Option<String>>,
    /// The utterance that was interrupted gets no answer of its own.
    ignore_open_utterance: bool,
    recording_since_ms: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Ringing { since_ms: u64 },
    Answered,
    Over,
}

struct Planned {
    at_ms: u64,
    what: What,
}

enum What {
    Greeting,
    Reply(Option<String>),
}

struct Speaking {
    samples: Vec<i16>,
    at: usize,
    then: Then,
    since_ms: u64,
    yields: bool,
    /// How things stood before this line, should it be broken off.
    before: Script,
}

impl Callee {
    /// Renders every line up front, so it blocks: call it beside the runtime. The same seed gives the
    /// same frames.
    pub fn new(room: Arc<Room>, voices: &Voices, seed: u64) -> Result<Self> {
        let scenario = room.scenario.clone();
        let mut lines = HashMap::new();
        if !scenario.is_mute() {
            for line in scenario.lines() {
                let speech = voices.render(&scenario.voice, line)?;
                locked(&room.callee).learn_speech(&speech);
                lines.insert(line.to_owned(), speech.at_8k());
            }
        }
        let noise_amplitude = scenario
            .line
            .noise_snr_db
            .map_or(0.0, |snr_db| loudness(&lines) * 10f32.powf(-snr_db / 20.0));
        Ok(Callee {
            script: Script::new(scenario.clone()),
            hearing: Hearing::new(scenario.end_of_turn_ms),
            random: Random::new(seed),
            noise_amplitude,
            phase: Phase::Idle,
            quiet_since_ms: 0,
            planned: None,
            speaking: None,
            unanswered: None,
            ignore_open_utterance: false,
            recording_since_ms: None,
            room,
            scenario,
            lines,
        })
    }

    pub fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    /// One tick. `now_ms` counts from the first one, in steps of 20; `heard` is what the caller's
    /// network delivered in it, if anything.
    pub fn step(&mut self, now_ms: u64, heard: Option<&Frame>) -> Step {
        match self.phase {
            Phase::Idle => Step { frame: None, event: self.begin(now_ms) },
            Phase::Ringing { since_ms } => Step { frame: None, event: self.ring(now_ms, since_ms) },
            Phase::Answered => self.talk(now_ms, heard),
            Phase::Over => Step::default(),
        }
    }

    /// A frame that came late, beside the one of this tick.
    pub fn hear_more(&mut self, now_ms: u64, heard: &Frame) {
        if self.phase == Phase::Answered {
            self.listen(now_ms, Some(heard));
        }
    }

    fn begin(&mut self, now_ms: u64) -> Option<CalleeEvent> {
        self.phase = Phase::Ringing { since_ms: now_ms };
        match self.scenario.kind {
            Kind::Busy | Kind::Invalid => self.ring(now_ms, now_ms),
            _ => Some(CalleeEvent::Ringing),
        }
    }

    fn ring(&mut self, now_ms: u64, since_ms: u64) -> Option<CalleeEvent> {
        if self.scenario.kind == Kind::NoAnswer || now_ms < since_ms + self.scenario.ring_ms {
            return None;
        }
        self.phase = Phase::Over;
        match self.scenario.kind {
            Kind::Busy => Some(CalleeEvent::Busy),
            Kind::Invalid => Some(CalleeEvent::Invalid),
            Kind::Rejected => Some(CalleeEvent::Rejected),
            _ => {
                self.phase = Phase::Answered;
                self.quiet_since_ms = now_ms;
                let at_ms = now_ms + self.scenario.greeting_delay_ms;
                self.planned = Some(Planned { at_ms, what: What::Greeting });
                Some(CalleeEvent::Answered)
            }
        }
    }

    fn talk(&mut self, now_ms: u64, heard: Option<&Frame>) -> Step {
        self.listen(now_ms, heard);
        if self.recording_is_full(now_ms) {
            return self.hang_up(now_ms);
        }
        if self.scenario.kind == Kind::Silent {
            return Step { frame: Some(self.frame_of(&[])), event: None };
        }
        if self.speaking.is_none() {
            self.decide(now_ms);
        }
        self.yield_if_talked_over(now_ms);
        self.speak(now_ms)
    }

    fn listen(&mut self, now_ms: u64, heard: Option<&Frame>) {
        if self.recording_since_ms.is_some() {
            let frame = heard.unwrap_or(&SILENCE);
            let samples = frame.map(audio_codec_algorithms::decode_ulaw);
            self.room.record(&samples);
            return;
        }
        let ended = self.hearing.hear(now_ms, heard);
        if self.hearing.is_speaking(now_ms) {
            self.quiet_since_ms = now_ms;
        }
        let Some(utterance) = ended else { return };
        if std::mem::take(&mut self.ignore_open_utterance) || !self.converses() {
            return;
        }
        let text = locked(&self.room.agent).recognise(&utterance);
        self.room.note(Entry::Heard { at_ms: now_ms, text: text.clone() });
        // What was heard before and not answered yet belongs to the same turn.
        let waiting = match self.planned.take() {
            Some(Planned { what: What::Reply(earlier), .. }) => Some(earlier),
            other => {
                self.planned = other;
                self.unanswered.take()
            }
        };
        self.unanswered = Some(match waiting {
            Some(earlier) => joined(earlier, text),
            None => text,
        });
    }

    fn converses(&self) -> bool {
        self.scenario.kind == Kind::Talk
    }

    /// Starts what is due: a reply, a line into the silence, an interruption.
    fn decide(&mut self, now_ms: u64) {
        if let Some(heard) = self.unanswered.take() {
            let at_ms = now_ms + self.scenario.reply_delay_ms;
            self.planned = Some(Planned { at_ms, what: What::Reply(heard) });
        }
        if self.converses() && self.hearing.is_open() && !self.ignore_open_utterance {
            let cue = Cue::SpeakingForMs(self.hearing.speaking_for_ms(now_ms));
            if self.script.answers(&cue) {
                self.room.note(Entry::Interrupted { at_ms: now_ms });
                self.ignore_open_utterance = true;
                self.planned = None;
                self.answer(now_ms, &cue, false);
                return;
            }
        }
        let due = self.planned.as_ref().is_some_and(|planned| now_ms >= planned.at_ms);
        if due && !self.hearing.is_open() {
            let Some(planned) = self.planned.take() else { return };
            self.start_planned(now_ms, planned.what);
        } else if self.planned.is_none() && !self.hearing.is_open() && self.converses() {
            let cue = Cue::SilentForMs(now_ms - self.quiet_since_ms);
            if self.script.answers(&cue) {
                self.answer(now_ms, &cue, true);
            }
        }
    }

    fn answer(&mut self, now_ms: u64, cue: &Cue, yields: bool) {
        let before = self.script.clone();
        if let Some(answer) = self.script.answer(cue) {
            self.start(now_ms, answer, yields, before);
        }
    }

    fn start_planned(&mut self, now_ms: u64, what: What) {
        match what {
            What::Greeting if self.scenario.greeting.is_empty() => {}
            What::Greeting => {
                let lines = vec![self.scenario.greeting.clone()];
                let answer = Answer { lines, then: Then::Stay, delay_ms: None };
                let yields = self.scenario.kind == Kind::Talk;
                self.start(now_ms, answer, yields, self.script.clone());
                if self.scenario.kind == Kind::Voicemail
                    && let Some(speaking) = &mut self.speaking
                {
                    speaking.samples.extend(beep());
                }
            }
            What::Reply(heard) => self.answer(now_ms, &Cue::Heard(heard), true),
        }
    }

    fn start(&mut self, now_ms: u64, answer: Answer, yields: bool, before: Script) {
        let delay_ms = answer.delay_ms.unwrap_or(0) as usize;
        let mut samples = vec![0; delay_ms * SAMPLES_PER_MS];
        for (n, line) in answer.lines.iter().enumerate() {
            if n > 0 {
                samples.resize(samples.len() + BETWEEN_LINES_MS * SAMPLES_PER_MS, 0);
            }
            samples.extend(self.lines.get(line).into_iter().flat_map(|line| line.iter()));
            self.room.note(Entry::Said { at_ms: now_ms, text: line.clone() });
        }
        if answer.then == Then::HangUpMidSentence {
            samples.truncate(samples.len() * CUT_PERCENT / 100);
        }
        let then = answer.then;
        self.speaking = Some(Speaking { samples, at: 0, then, since_ms: now_ms, yields, before });
    }

    /// A caller who keeps talking over a line is let talk.
    fn yield_if_talked_over(&mut self, now_ms: u64) {
        let limit_ms = self.scenario.yields_after_ms;
        let talked_over = |speaking: &Speaking| {
            speaking.yields
                && !matches!(speaking.then, Then::HangUp | Then::HangUpMidSentence)
                && self.hearing.is_speaking(now_ms)
                && self.hearing.speech_since_ms(speaking.since_ms) >= limit_ms
        };
        if !self.speaking.as_ref().is_some_and(talked_over) {
            return;
        }
        let Some(speaking) = self.speaking.take() else { return };
        if speaking.at * 100 < speaking.samples.len() * SAID_PERCENT_MIN {
            self.script = speaking.before;
        }
        self.room.note(Entry::Yielded { at_ms: now_ms });
    }

    fn speak(&mut self, now_ms: u64) -> Step {
        let Some(mut speaking) = self.speaking.take() else {
            return Step { frame: Some(self.frame_of(&[])), event: None };
        };
        self.quiet_since_ms = now_ms;
        let end = speaking.samples.len().min(speaking.at + FRAME_SAMPLES);
        let frame = self.frame_of(&speaking.samples[speaking.at..end]);
        speaking.at = end;
        if end < speaking.samples.len() {
            self.speaking = Some(speaking);
            return Step { frame: Some(frame), event: None };
        }
        if self.scenario.kind == Kind::Voicemail {
            self.recording_since_ms = Some(now_ms);
        }
        if matches!(speaking.then, Then::HangUp | Then::HangUpMidSentence) {
            let event = self.hang_up(now_ms).event;
            return Step { frame: Some(frame), event };
        }
        Step { frame: Some(frame), event: None }
    }

    fn recording_is_full(&self, now_ms: u64) -> bool {
        self.recording_since_ms.is_some_and(|since_ms| now_ms >= since_ms + self.scenario.record_ms)
    }

    fn hang_up(&mut self, now_ms: u64) -> Step {
        self.phase = Phase::Over;
        self.room.note(Entry::HungUp { at_ms: now_ms });
        Step { frame: None, event: Some(CalleeEvent::HungUp) }
    }

    /// The samples, silence after them, and the noise over all.
    fn frame_of(&mut self, samples: &[i16]) -> Frame {
        let mut frame = SILENCE;
        for (n, byte) in frame.iter_mut().enumerate() {
            let clean = samples.get(n).copied().unwrap_or(0);
            let noise = match self.noise_amplitude {
                0.0 => 0.0,
                amplitude => self.random.noise() * amplitude,
            };
            if clean != 0 || noise != 0.0 {
                let sum = f32::from(clean) + noise;
                let sum = sum.clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16;
                *byte = audio_codec_algorithms::encode_ulaw(sum);
            }
        }
        frame
    }
}

fn joined(earlier: Option<String>, later: Option<String>) -> Option<String> {
    match (earlier, later) {
        (Some(earlier), Some(later)) => Some(format!("{earlier} {later}")),
        (earlier, later) => earlier.or(later),
    }
}

/// Root mean square of the lines where they are loud.
fn loudness(lines: &HashMap<String, Arc<[i16]>>) -> f32 {
    const LOUD: u16 = 300;
    // Whole numbers: the sum is the same in whatever order the lines come.
    let (mut energy, mut count) = (0u64, 0u64);
    for sample in lines.values().flat_map(|line| line.iter()) {
        if sample.unsigned_abs() > LOUD {
            energy += u64::from(sample.unsigned_abs()).pow(2);
            count += 1;
        }
    }
    (energy as f64 / count.max(1) as f64).sqrt() as f32
}

fn beep() -> impl Iterator<Item = i16> {
    let quiet = std::iter::repeat_n(0, BEFORE_BEEP_MS * SAMPLES_PER_MS);
    let step = 2.0 * PI * BEEP_HZ / 8000.0;
    let tone = (0..BEEP_MS * SAMPLES_PER_MS)
        .map(move |n| ((n as f32 * step).sin() * BEEP_AMPLITUDE) as i16);
    quiet.chain(tone)
}
