//! A voice session on a line that a test plays itself: real speech at chosen moments, a model whose
//! answers are given, vendors with fixed delays of virtual time. What happened when is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use agenticcalling::audio::{FRAME_MS, FRAME_SAMPLES, Frame, SILENCE, decode, encode};
use agenticcalling::engine::session::{Finished, Input, Output, ReplyEvent, Session, Start};
use agenticcalling::model::{Message, Role, ToolCall};
use anyhow::Result;
use call::{AnsweredBy, Ended};
use domain::{Speaker, Turn};
use sandbox::voice::Voices;

use crate::sim::{REPLY_MS, SPEECH_MS, Studio, TRANSCRIPT_MS, VOICE, at};

/// The other side speaks with another voice.
const THEIR_VOICE: &str = "slt";
/// Samples this loud are speech.
const LOUD: u16 = 400;

/// Something the other side says.
struct Clip {
    text: String,
    start_ms: u64,
    frames: Vec<Frame>,
    /// From its first loud sample to its last.
    loud_ms: (u64, u64),
    /// Nobody could make out its words.
    noise: bool,
}

/// What the session wanted, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Listened,
    Asked { reply: u64, history: Vec<(Role, String)> },
    Forgot { reply: u64 },
    Started,
    Turn(Turn),
    Over(Ended),
}

pub struct Duet {
    session: Session,
    voices: Arc<Voices>,
    clips: Vec<Clip>,
    /// What the model says.
    reply: String,
    due: BTreeMap<(u64, u64), (Origin, Input)>,
    sequence: u64,
    tick: u64,
    /// The frames that came in and went out, one for each tick.
    heard: Vec<Frame>,
    sent: Vec<Frame>,
    events: Vec<(u64, Event)>,
    /// How long recognition takes.
    pub transcript_ms: u64,
    /// How long the model takes from its last word to the end of its answer.
    pub done_ms: u64,
    /// It wants to hang up.
    pub ends_call: bool,
    /// Nothing can be synthesised.
    pub mute: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Take(u64),
    Reply(u64),
    Clause(u64),
}

impl Duet {
    /// A call of the scenario's demo that rings until [`Duet::answer`].
    pub fn ring(studio: &Studio, turn: turn::Config) -> Result<Duet> {
        let scenario = studio.scenario("shop")?;
        let mut duet = Duet {
            session: studio.session_with(&scenario, turn)?,
            voices: studio.voices.clone(),
            clips: Vec::new(),
            reply: "I see.".to_owned(),
            due: BTreeMap::new(),
            sequence: 0,
            tick: 0,
            heard: Vec::new(),
            sent: Vec::new(),
            events: Vec::new(),
            transcript_ms: TRANSCRIPT_MS,
            done_ms: 0,
            ends_call: false,
            mute: false,
        };
        duet.act()?;
        duet.run(1000)?;
        Ok(duet)
    }

    /// A conversation in which our opening was said and it is their turn.
    pub fn talking(studio: &Studio, turn: turn::Config) -> Result<Duet> {
        let mut duet = Duet::ring(studio, turn)?;
        duet.answer()?;
        duet.hear("Hello?")?;
        duet.run_until_we_are_silent()?;
        duet.events.clear();
        Ok(duet)
    }

    pub fn answer(&mut self) -> Result<()> {
        self.give(Input::Answered)
    }

    /// What the model says from now on, whatever it is asked.
    pub fn will_reply(&mut self, text: &str) {
        text.clone_into(&mut self.reply);
    }

    /// The other side says this, from now on. Gives when the last of it is heard.
    pub fn begin(&mut self, text: &str) -> Result<u64> {
        self.clip(text, false)
    }

    /// As [`Duet::begin`], and nobody can make out a word.
    pub fn begin_noise(&mut self, text: &str) -> Result<u64> {
        self.clip(text, true)
    }

    /// The other side says this, and we listen to its end. Gives the moment of that.
    pub fn hear(&mut self, text: &str) -> Result<u64> {
        let end_ms = self.begin(text)?;
        self.run(end_ms.saturating_sub(self.now_ms()))?;
        Ok(end_ms)
    }

    fn clip(&mut self, text: &str, noise: bool) -> Result<u64> {
        let speech = self.voices.render(THEIR_VOICE, text)?;
        let samples = speech.at_8k();
        let loud = |sample: &i16| sample.unsigned_abs() > LOUD;
        let first = samples.iter().position(loud).unwrap_or(0);
        let last = samples.iter().rposition(loud).unwrap_or(0);
        let mut frames = Vec::new();
        for chunk in samples[first..=last].chunks(FRAME_SAMPLES) {
            let mut frame = SILENCE;
            frame[..chunk.len()].copy_from_slice(&encode(chunk));
            frames.push(frame);
        }
        let start_ms = self.now_ms();
        let end_ms = start_ms + frames.len() as u64 * FRAME_MS;
        let loud_ms = (start_ms, end_ms);
        self.clips.push(Clip { text: text.to_owned(), start_ms, frames, loud_ms, noise });
        Ok(end_ms)
    }

    pub fn now_ms(&self) -> u64 {
        self.tick * FRAME_MS
    }

    pub fn run(&mut self, ms: u64) -> Result<()> {
        for _ in 0..ms / FRAME_MS {
            self.step()?;
        }
        Ok(())
    }

    /// Until something of ours is heard; gives when.
    pub fn run_until_we_speak(&mut self) -> Result<u64> {
        for _ in 0..500 {
            self.step()?;
            if self.sent.last().is_some_and(is_loud) {
                return Ok(self.now_ms() - FRAME_MS);
            }
        }
        anyhow::bail!("ten seconds without a word of ours: {:#?}", self.events)
    }

    /// Until a whole turn of ours is over.
    pub fn run_until_we_are_silent(&mut self) -> Result<()> {
        self.run_until_we_speak()?;
        let ours = |duet: &Duet| duet.turns(Speaker::Agent).len();
        let before = ours(self);
        for _ in 0..3000 {
            self.step()?;
            if ours(self) > before {
                return Ok(());
            }
        }
        anyhow::bail!("a minute without an end of our turn: {:#?}", self.events)
    }

    /// When we were heard, between two moments.
    pub fn loud_ms(&self, from_ms: u64, to_ms: u64) -> Vec<u64> {
        let ticks = (from_ms / FRAME_MS)..(to_ms / FRAME_MS).min(self.sent.len() as u64);
        ticks
            .filter(|tick| is_loud(&self.sent[*tick as usize]))
            .map(|tick| tick * FRAME_MS)
            .collect()
    }

    /// What came in, and what went out, tick by tick.
    pub fn frames(&self) -> impl Iterator<Item = (&Frame, &Frame)> {
        self.heard.iter().zip(&self.sent)
    }

    pub fn events(&self) -> &[(u64, Event)] {
        &self.events
    }

    pub fn count(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|(_, event)| wanted(event)).count()
    }

    pub fn turns(&self, speaker: Speaker) -> Vec<Turn> {
        let turn = |(_, event): &'_ (u64, Event)| match event {
            Event::Turn(turn) if turn.speaker == speaker => Some(turn.clone()),
            _ => None,
        };
        self.events.iter().filter_map(turn).collect()
    }

    pub fn finish(self) -> Finished {
        self.session.finish()
    }

    fn step(&mut self) -> Result<()> {
        while let Some(entry) = self.due.first_entry() {
            if entry.key().0 > self.tick {
                break;
            }
            let (_, input) = entry.remove();
            self.give(input)?;
        }
        let now_ms = self.now_ms();
        let heard = self.clips.iter().find_map(|clip| {
            let frame = now_ms.checked_sub(clip.start_ms)? / FRAME_MS;
            clip.frames.get(frame as usize).copied()
        });
        let heard = heard.unwrap_or(SILENCE);
        let frame = self.session.tick(at(self.tick), Some(&heard));
        self.heard.push(heard);
        self.sent.push(frame);
        self.tick += 1;
        self.act()
    }

    fn give(&mut self, input: Input) -> Result<()> {
        self.session.handle(at(self.tick), input);
        self.act()
    }

    fn later(&mut self, ms: u64, origin: Origin, input: Input) {
        self.sequence += 1;
        self.due.insert((self.tick + ms / FRAME_MS, self.sequence), (origin, input));
    }

    fn forget(&mut self, origin: Origin) {
        self.due.retain(|_, (of, _)| *of != origin);
    }

    fn note(&mut self, event: Event) {
        self.events.push((self.now_ms(), event));
    }

    fn act(&mut self) -> Result<()> {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Transcribe { take, samples } => {
                    self.note(Event::Listened);
                    let text = self.words_of((samples.len() / FRAME_SAMPLES) as u64 * FRAME_MS);
                    let input = Input::Transcribed { take, text };
                    self.later(self.transcript_ms, Origin::Take(take), input);
                }
                Output::Think { reply, messages, .. } => self.think(reply, &messages),
                Output::Speak { clause, .. } if self.mute => {
                    let done = Input::SpeechDone { clause, failed: true };
                    self.later(SPEECH_MS, Origin::Clause(clause), done);
                }
                Output::Speak { clause, text } => {
                    let samples = self.voices.render(VOICE, &text)?.at_24k().to_vec();
                    self.later(
                        SPEECH_MS,
                        Origin::Clause(clause),
                        Input::Speech { clause, samples },
                    );
                    let done = Input::SpeechDone { clause, failed: false };
                    self.later(SPEECH_MS, Origin::Clause(clause), done);
                }
                Output::Disregard { take } => self.forget(Origin::Take(take)),
                Output::Forget { reply } => {
                    self.forget(Origin::Reply(reply));
                    self.note(Event::Forgot { reply });
                }
                Output::Mute { clause } => self.forget(Origin::Clause(clause)),
                Output::Classified(AnsweredBy::Voicemail) => {
                    self.give(Input::Start(Start::LeaveMessage))?;
                }
                Output::Classified(_) => self.give(Input::Start(Start::Conversation))?,
                Output::Started => self.note(Event::Started),
                Output::Final(turn) => self.note(Event::Turn(turn)),
                Output::Judge { .. } => anyhow::bail!("no judge was promised to the session"),
                Output::HangUp(how) => self.note(Event::Over(how)),
                Output::MessageLeft | Output::Partial { .. } => {}
            }
        }
        Ok(())
    }

    fn think(&mut self, reply: u64, messages: &[Message]) {
        let spoken = messages.iter().filter(|message| message.role != Role::System);
        let history = spoken
            .map(|message| (message.role, message.content.clone().unwrap_or_default()))
            .collect();
        self.note(Event::Asked { reply, history });
        let mut events = vec![(REPLY_MS, ReplyEvent::Text(self.reply.clone()))];
        let done_ms = REPLY_MS + self.done_ms;
        if self.ends_call {
            let (id, name, arguments) = ("call_1".into(), "end_call".into(), "{}".into());
            events.push((done_ms, ReplyEvent::Tool(ToolCall { id, name, arguments })));
        }
        events.push((done_ms, ReplyEvent::Done));
        for (ms, event) in events {
            self.later(ms, Origin::Reply(reply), Input::Reply { reply, event });
        }
    }

    /// What a recogniser would make of the last so many milliseconds: the words that were over by now.
    fn words_of(&self, ms: u64) -> Option<String> {
        let now_ms = self.now_ms();
        let from_ms = now_ms.saturating_sub(ms + 200);
        let mut texts = Vec::new();
        for clip in &self.clips {
            let (start, end) = clip.loud_ms;
            if clip.noise || end <= from_ms || start >= now_ms {
                continue;
            }
            let words: Vec<&str> = clip.text.split(' ').collect();
            let said = (now_ms.min(end) - start) * words.len() as u64 / (end - start).max(1);
            texts.push(words[..said as usize].join(" "));
        }
        let text = texts.join(" ");
        (!text.trim().is_empty()).then_some(text)
    }
}

pub fn is_loud(frame: &Frame) -> bool {
    decode(frame).iter().any(|sample| sample.unsigned_abs() > LOUD)
}
