//! What answered: a human, a voicemail and its beep, a screening assistant.
//!
//! The evidence in order of weight: a beep decides; then words; how long something speaks decides
//! nothing. Listening goes on after a decision, for a voicemail may follow a screening hold.
//!
//! What is not here: recognition of words, and what is said to whatever answered.

mod cues;
mod tone;

use std::collections::VecDeque;
use std::time::Duration;

use domain::Time;

pub use cues::{Cue, cue};
pub use tone::{Tone, tone};

const FRAME: Duration = Duration::from_millis(20);
/// Nobody says anything: the agent speaks first.
const HELLO: Duration = Duration::from_millis(4000);
/// A beep lasts at least so many frames…
const BEEP_FRAMES_MIN: u32 = 5;
/// …and at most so many: longer is a line tone.
const BEEP_FRAMES_MAX: u32 = 75;
/// Share of the energy that one frequency must have.
const BEEP_SHARE_MIN: f32 = 0.8;
/// How far the frequency may move within one beep.
const BEEP_DRIFT_HZ_MAX: f32 = 40.0;
/// Quiet after a beep before a message may start.
const AFTER_BEEP: Duration = Duration::from_millis(240);
/// A greeting without a beep: quiet before the message starts.
const AFTER_GREETING: Duration = Duration::from_millis(2500);
/// A voicemail that never falls silent is spoken to all the same.
const GREETING_MAX: Duration = Duration::from_millis(45_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Human,
    Voicemail,
    Screener,
    /// Answered, and nobody spoke.
    Unknown,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// 20 ms of the other side.
    Frame {
        speech: bool,
        tone: Option<Tone>,
    },
    UtteranceStarted,
    UtteranceEnded,
    /// What was recognised in an utterance; empty if nothing was.
    Words(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Given again only when a later sign corrects it.
    Answered(Kind),
    /// A voicemail is ready for the message. Given once.
    MayStart,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    Hello,
    MessageStart,
}

pub struct Machine {
    answered_at: Option<Time>,
    kind: Option<Kind>,
    /// Somebody spoke: only then is a tone a beep.
    spoke: bool,
    speaking: bool,
    beep: Option<Beep>,
    /// Since when the voicemail has been silent after its beep or its greeting.
    beeped_at: Option<Time>,
    quiet_since: Option<Time>,
    may_start: bool,
    outputs: VecDeque<Output>,
}

#[derive(Clone, Copy)]
struct Beep {
    hz: f32,
    frames: u32,
}

impl Machine {
    pub fn new() -> Self {
        Machine {
            answered_at: None,
            kind: None,
            spoke: false,
            speaking: false,
            beep: None,
            beeped_at: None,
            quiet_since: None,
            may_start: false,
            outputs: VecDeque::new(),
        }
    }

    /// Drain [`Machine::poll`] before the next input.
    pub fn handle(&mut self, now: Time, input: Input) {
        match input {
            Input::Frame { speech, tone } => self.frame(now, speech, tone),
            Input::UtteranceStarted => {
                self.spoke = true;
                self.speaking = true;
            }
            Input::UtteranceEnded => self.speaking = false,
            Input::Words(words) => self.words(&words),
        }
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// A voicemail is ready for the message.
    pub fn may_start(&self) -> bool {
        self.may_start
    }

    pub fn deadline(&self) -> Option<(Time, Reason)> {
        let answered_at = self.answered_at?;
        if self.kind.is_none() && !self.spoke {
            return Some((answered_at + HELLO, Reason::Hello));
        }
        self.start_at().map(|at| (at, Reason::MessageStart))
    }

    fn frame(&mut self, now: Time, speech: bool, tone: Option<Tone>) {
        let answered_at = *self.answered_at.get_or_insert(now);
        self.spoke |= speech;
        let loud = speech || self.speaking || tone.is_some_and(|tone| tone.share >= BEEP_SHARE_MIN);
        if loud {
            self.quiet_since = None;
        } else {
            self.quiet_since.get_or_insert(now);
        }
        self.follow_beep(now, tone);
        if self.kind.is_none() && !self.spoke && now >= answered_at + HELLO {
            self.decide(Kind::Unknown);
        }
        if !self.may_start && self.start_at().is_some_and(|at| now >= at) {
            self.may_start = true;
            self.outputs.push_back(Output::MayStart);
        }
    }

    /// A steady tone that begins after speech and ends within its time.
    fn follow_beep(&mut self, now: Time, tone: Option<Tone>) {
        let tone = tone.filter(|tone| tone.share >= BEEP_SHARE_MIN);
        match (self.beep, tone) {
            (None, Some(tone)) => self.beep = Some(Beep { hz: tone.hz, frames: 1 }),
            (Some(beep), Some(tone)) if (tone.hz - beep.hz).abs() <= BEEP_DRIFT_HZ_MAX => {
                self.beep = Some(Beep { hz: beep.hz, frames: beep.frames + 1 });
            }
            (Some(_), Some(tone)) => self.beep = Some(Beep { hz: tone.hz, frames: 1 }),
            (Some(beep), None) => {
                self.beep = None;
                self.beep_ended(now, beep);
            }
            (None, None) => {}
        }
    }

    fn beep_ended(&mut self, now: Time, beep: Beep) {
        if !self.spoke || !(BEEP_FRAMES_MIN..=BEEP_FRAMES_MAX).contains(&beep.frames) {
            return;
        }
        self.beeped_at = Some(now);
        self.decide(Kind::Voicemail);
    }

    fn words(&mut self, words: &str) {
        match cue(words) {
            Some(Cue::Voicemail) => self.decide(Kind::Voicemail),
            Some(Cue::Screening) if self.kind != Some(Kind::Voicemail) => {
                self.decide(Kind::Screener);
            }
            // "Please stay on the line": the person has not come yet.
            Some(Cue::Hold | Cue::Screening) => {}
            None if self.kind == Some(Kind::Voicemail) => {}
            None => self.decide(Kind::Human),
        }
    }

    fn decide(&mut self, kind: Kind) {
        if self.kind != Some(kind) {
            self.kind = Some(kind);
            self.outputs.push_back(Output::Answered(kind));
        }
    }

    /// When a message may start, as far as is known.
    fn start_at(&self) -> Option<Time> {
        if self.kind != Some(Kind::Voicemail) || self.may_start {
            return None;
        }
        if let Some(beeped_at) = self.beeped_at {
            return Some(beeped_at + AFTER_BEEP - FRAME);
        }
        let longest = self.answered_at.map(|at| at + GREETING_MAX);
        let quiet = self.quiet_since.map(|at| at + AFTER_GREETING);
        [longest, quiet].into_iter().flatten().min()
    }
}

impl Default for Machine {
    fn default() -> Self {
        Machine::new()
    }
}

#[cfg(test)]
mod tests;
