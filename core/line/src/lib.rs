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

use cues::announces_tone;
pub use cues::{Cue, cue};
use tone::{HZ_MAX, HZ_MIN};
pub use tone::{Tone, tone};

const FRAME: Duration = Duration::from_millis(20);
/// Nobody says anything: the agent speaks first.
const HELLO: Duration = Duration::from_millis(4000);
/// Words of an utterance that have not come by then are not waited for.
const WORDS: Duration = Duration::from_millis(5000);
/// Without a decision by then the agent speaks.
const UNDECIDED_MAX: Duration = Duration::from_millis(45_000);
/// So many frames of speech in a row, and somebody spoke: only then is a tone a beep.
const SPEECH_FRAMES_MIN: u32 = 3;
/// So many frames of speech in a row after a beep, and the greeting goes on: it was not the last.
const GREETING_FRAMES_MIN: u32 = 10;
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
/// How long after a beep the words before it are waited for: they may be a screener's.
const WORDS_AFTER_BEEP: Duration = Duration::from_millis(1000);
/// A greeting without a beep: quiet before the message starts.
const AFTER_GREETING: Duration = Duration::from_millis(2000);
/// A voicemail that never falls silent is spoken to all the same.
const GREETING_MAX: Duration = Duration::from_millis(45_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Human,
    Voicemail,
    Screener,
    /// Nobody spoke, or a recording that takes no message.
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
    /// What was recognised in an utterance; empty if nothing was. Give it after `UtteranceEnded`.
    Words(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Given again only when a later sign corrects it.
    Answered(Kind),
    /// A voicemail is ready for the message. Given once.
    MayStart,
}

/// Why the machine wants to be woken; frames do it, one every 20 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Nobody has spoken.
    Hello,
    /// The words of an utterance have not come.
    WordsLate,
    /// Nothing has given away what answered.
    Undecided,
    MessageStart,
}

/// Where the latest utterance stands.
#[derive(Clone, Copy)]
enum Utterance {
    None,
    Open,
    /// Over, its words are awaited.
    Ended {
        at: Time,
    },
}

/// How sure a voicemail is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Evidence {
    Beep,
    Words,
}

#[derive(Clone, Copy)]
struct Beep {
    hz: f32,
    frames: u32,
    /// No other tone came right before: three in a row are the network's.
    alone: bool,
}

/// The voicemail that answered.
#[derive(Clone, Copy)]
struct Voicemail {
    /// When its greeting began.
    since: Time,
    evidence: Evidence,
    /// End of its last beep.
    beeped_at: Option<Time>,
    may_start: bool,
}

pub struct Machine {
    answered_at: Option<Time>,
    kind: Option<Kind>,
    utterance: Utterance,
    utterance_at: Option<Time>,
    /// Length of the present run of frames with speech that is not a tone.
    speech_frames: u32,
    spoke: bool,
    /// We were asked to wait before anything else was said.
    on_hold: bool,
    beep: Option<Beep>,
    /// A screener announced its beep: it tells nothing.
    screener_beeps: bool,
    voicemail: Option<Voicemail>,
    /// Since when there has been neither speech nor tone.
    quiet_since: Option<Time>,
    outputs: VecDeque<Output>,
}

impl Machine {
    pub fn new() -> Self {
        Machine {
            answered_at: None,
            kind: None,
            utterance: Utterance::None,
            utterance_at: None,
            speech_frames: 0,
            spoke: false,
            on_hold: false,
            beep: None,
            screener_beeps: false,
            voicemail: None,
            quiet_since: None,
            outputs: VecDeque::new(),
        }
    }

    /// Drain [`Machine::poll`] before the next input.
    pub fn handle(&mut self, now: Time, input: Input) {
        match input {
            Input::Frame { speech, tone } => self.frame(now, speech, tone),
            Input::UtteranceStarted => {
                self.utterance = Utterance::Open;
                self.utterance_at = Some(now);
            }
            Input::UtteranceEnded => self.utterance = Utterance::Ended { at: now },
            Input::Words(words) => self.words(now, &words),
        }
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// A voicemail is ready for the message.
    pub fn may_start(&self) -> bool {
        self.voicemail.is_some_and(|voicemail| voicemail.may_start)
    }

    /// The next time at which a frame will change something even if nothing is heard in it.
    pub fn deadline(&self) -> Option<(Time, Reason)> {
        let start = self.start_at().map(|at| (at, Reason::MessageStart));
        [self.decide_at(), start].into_iter().flatten().min()
    }

    fn frame(&mut self, now: Time, speech: bool, tone: Option<Tone>) {
        self.answered_at.get_or_insert(now);
        let tone = tone.filter(is_beep);
        self.follow_speech(speech && tone.is_none());
        self.follow_beep(now, tone);
        if speech || tone.is_some() {
            self.quiet_since = None;
        } else {
            self.quiet_since.get_or_insert(now);
        }
        if let Some((at, reason)) = self.decide_at()
            && now >= at
        {
            self.give_up(reason);
        }
        self.check_start(now);
    }

    fn follow_speech(&mut self, speech: bool) {
        self.speech_frames = if speech { self.speech_frames.saturating_add(1) } else { 0 };
        self.spoke |= self.speech_frames >= SPEECH_FRAMES_MIN;
        if let Some(voicemail) = &mut self.voicemail
            && self.speech_frames >= GREETING_FRAMES_MIN
        {
            voicemail.beeped_at = None;
        }
    }

    /// A steady tone that begins after speech and ends within its time.
    fn follow_beep(&mut self, now: Time, tone: Option<Tone>) {
        let Some(tone) = tone else {
            if let Some(beep) = self.beep.take() {
                self.tone_ended(now, beep);
            }
            return;
        };
        let fresh = Beep { hz: tone.hz, frames: 1, alone: true };
        self.beep = Some(match self.beep {
            None => fresh,
            Some(beep) if (tone.hz - beep.hz).abs() <= BEEP_DRIFT_HZ_MAX => {
                Beep { frames: beep.frames.saturating_add(1), ..beep }
            }
            Some(beep) => Beep { alone: beep.alone && beep.frames < BEEP_FRAMES_MIN, ..fresh },
        });
    }

    fn tone_ended(&mut self, now: Time, beep: Beep) {
        let long_enough = (BEEP_FRAMES_MIN..=BEEP_FRAMES_MAX).contains(&beep.frames);
        if !self.spoke || !long_enough || !beep.alone {
            return;
        }
        if std::mem::take(&mut self.screener_beeps) {
            return;
        }
        self.is_voicemail(now, Evidence::Beep);
        if let Some(voicemail) = &mut self.voicemail {
            voicemail.beeped_at = Some(now);
        }
    }

    fn words(&mut self, now: Time, words: &str) {
        if matches!(self.utterance, Utterance::Ended { .. }) {
            self.utterance = Utterance::None;
        }
        match cue(words) {
            Some(Cue::Voicemail) => self.is_voicemail(now, Evidence::Words),
            Some(Cue::Screening) => self.is_screener(words),
            Some(Cue::Recording) if self.kind.is_none() => self.decide(Kind::Unknown),
            Some(Cue::Hold) if self.kind.is_none() => self.on_hold = true,
            Some(Cue::Recording | Cue::Hold) => {}
            None => self.may_be_person(words),
        }
    }

    /// What is not recognised may well be a person, but is no reason to change one's mind.
    fn may_be_person(&mut self, words: &str) {
        let nothing = words.trim().is_empty();
        let first = self.kind.is_none() && self.spoke;
        if self.voicemail.is_none() && (first || !nothing) {
            self.decide(Kind::Human);
        }
    }

    fn is_voicemail(&mut self, now: Time, evidence: Evidence) {
        let since = self.utterance_at.unwrap_or(now);
        let fresh = Voicemail { since, evidence, beeped_at: None, may_start: false };
        let voicemail = self.voicemail.get_or_insert(fresh);
        if evidence == Evidence::Words {
            voicemail.evidence = evidence;
            self.screener_beeps = false;
        }
        self.decide(Kind::Voicemail);
    }

    /// A screener that records a name beeps too, and its words may come after its beep.
    fn is_screener(&mut self, words: &str) {
        let tone = announces_tone(words);
        if let Some(voicemail) = self.voicemail {
            let by_beep = voicemail.evidence == Evidence::Beep && !voicemail.may_start;
            if !by_beep || !tone {
                return;
            }
            self.voicemail = None;
        } else {
            self.screener_beeps = tone;
        }
        self.decide(Kind::Screener);
    }

    fn decide(&mut self, kind: Kind) {
        if self.kind != Some(kind) {
            self.kind = Some(kind);
            self.outputs.push_back(Output::Answered(kind));
        }
    }

    /// When something is decided without further signs.
    fn decide_at(&self) -> Option<(Time, Reason)> {
        let answered_at = self.answered_at.filter(|_| self.kind.is_none())?;
        let patience = match self.utterance {
            Utterance::Open => None,
            Utterance::Ended { at } => Some((at + WORDS, Reason::WordsLate)),
            Utterance::None if self.on_hold => None,
            Utterance::None => Some((answered_at + HELLO, Reason::Hello)),
        };
        let longest = (answered_at + UNDECIDED_MAX, Reason::Undecided);
        Some(patience.map_or(longest, |patience| patience.min(longest)))
    }

    fn give_up(&mut self, reason: Reason) {
        match reason {
            Reason::WordsLate if self.spoke => self.decide(Kind::Human),
            _ => self.decide(Kind::Unknown),
        }
    }

    fn check_start(&mut self, now: Time) {
        let due = self.start_at().is_some_and(|at| now >= at);
        if let Some(voicemail) = &mut self.voicemail
            && due
        {
            voicemail.may_start = true;
            self.outputs.push_back(Output::MayStart);
        }
    }

    /// When a message may start, as far as is known.
    fn start_at(&self) -> Option<Time> {
        let voicemail = self.voicemail.filter(|voicemail| !voicemail.may_start)?;
        let longest = voicemail.since + GREETING_MAX;
        let Some(quiet_since) = self.quiet_since else { return Some(longest) };
        let Some(beeped_at) = voicemail.beeped_at else {
            return Some(longest.min(quiet_since + AFTER_GREETING));
        };
        let mut start = quiet_since.max(beeped_at) + AFTER_BEEP - FRAME;
        if voicemail.evidence == Evidence::Beep && !matches!(self.utterance, Utterance::None) {
            start = start.max(beeped_at + WORDS_AFTER_BEEP);
        }
        Some(longest.min(start))
    }
}

fn is_beep(tone: &Tone) -> bool {
    tone.share >= BEEP_SHARE_MIN && (HZ_MIN..=HZ_MAX).contains(&tone.hz)
}

impl Default for Machine {
    fn default() -> Self {
        Machine::new()
    }
}

#[cfg(test)]
mod tests;
