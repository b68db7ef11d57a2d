//! One call in virtual time: the voice session against a scripted callee, on real audio, without a
//! clock, a socket or a second thread.
//!
//! The callee, its line, the ears, the voice and the mind are the sandbox's own; what the vendor would
//! answer over the network is answered after a fixed delay of virtual time. What the session was given
//! is kept on a [`Tape`], so that the server's own part can be played again alone and measured.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use agenticcalling::engine::session::{self, Finished, Input, Output, ReplyEvent, Session, Start};
use agenticcalling::model::{self, ToolCall};
use agenticcalling::plugin::{self, Brief, GuardedCall, Limits, Persona, Plugins};
use anyhow::{Context as _, Result};
use call::{AnsweredBy, Ended};
use domain::{Speaker, Time, Turn};
use sandbox::callee::{Callee, CalleeEvent};
use sandbox::ear::UNRECOGNISED;
use sandbox::line::Network;
use sandbox::mind;
use sandbox::room::Room;
use sandbox::scenario::{Scenario, Scenarios};
use sandbox::voice::Voices;
use sandbox::{FRAME_MS, Frame};

/// What a vendor takes until its first answer.
pub(crate) const TRANSCRIPT_MS: u64 = 200;
pub(crate) const REPLY_MS: u64 = 300;
pub(crate) const SPEECH_MS: u64 = 160;
/// Five minutes: no scripted call is longer.
const TICKS_MAX: u64 = 15_000;
pub(crate) const VOICE: &str = "rms";
/// An afternoon, so that "tomorrow" is never a question of the minute.
const BEGINS_AT_MS: i64 = 1_790_000_000_000;

/// What calls share: components compiled once, speech rendered once.
pub struct Studio {
    plugins: Plugins,
    pub(crate) voices: Arc<Voices>,
    scenarios: Scenarios,
}

/// A call that is over.
pub struct Played {
    pub ended: Option<Ended>,
    pub answered_by: Option<AnsweredBy>,
    pub virtual_ms: u64,
    pub transcript: Vec<Turn>,
    pub finished: Finished,
    pub tape: Tape,
    /// What the callee said, understood and recorded.
    pub room: Arc<Room>,
}

impl Played {
    /// What the playbook makes of the call, without a model's draft.
    pub fn report(&mut self) -> plugin::Report {
        let turns: Vec<plugin::Turn> = self.transcript.iter().map(session::for_guest).collect();
        self.finished.guest.finish(&turns, None)
    }

    pub fn said_by(&self, speaker: Speaker) -> String {
        let turns = self.transcript.iter().filter(|turn| turn.speaker == speaker);
        turns.map(|turn| turn.text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// Everything a session was given, tick by tick.
#[derive(Clone, Default)]
pub struct Tape {
    scenario: String,
    ticks: Vec<Given>,
}

#[derive(Clone, Default)]
struct Given {
    before: Vec<Input>,
    heard: Option<Frame>,
    after: Vec<Input>,
}

impl Studio {
    /// `playbooks` holds the components, `cache` the compiled code.
    pub fn open(playbooks: &Path, cache: &Path, speech: &Path) -> Result<Studio> {
        let plugins = Plugins::new(Limits::default(), cache)?;
        plugins.load_dir(playbooks)?;
        let voices = Arc::new(Voices::new(speech)?);
        Ok(Studio { plugins, voices, scenarios: Scenarios::load(None)? })
    }

    /// Plays a scenario to its end. The same seed gives the same call.
    pub fn play(&self, scenario: &str, seed: u64) -> Result<Played> {
        let scenario = self.scenario(scenario)?;
        let room = Arc::new(Room::new("call_virtual", scenario.clone()));
        let callee = Callee::new(room.clone(), &self.voices, seed)?;
        let call = VirtualCall {
            session: self.session(&scenario)?,
            callee,
            network: Network::new(scenario.line, seed),
            room,
            voices: self.voices.clone(),
            due: BTreeMap::new(),
            sequence: 0,
            tick: 0,
            ticked: false,
            ended: None,
            answered_by: None,
            transcript: Vec::new(),
            tape: Tape { scenario: scenario.name.clone(), ticks: Vec::new() },
        };
        call.run()
    }

    /// The server's part of a call alone: session, turn-taking, playbook, gate and playout.
    pub fn replay(&self, tape: &Tape) -> Result<Finished> {
        let scenario = self.scenario(&tape.scenario)?;
        let mut session = self.session(&scenario)?;
        while session.poll().is_some() {}
        for (tick, given) in tape.ticks.iter().enumerate() {
            let now = at(tick as u64);
            repeat(&mut session, now, &given.before);
            session.tick(now, given.heard.as_ref());
            while session.poll().is_some() {}
            repeat(&mut session, now, &given.after);
        }
        Ok(session.finish())
    }

    pub(crate) fn scenario(&self, name: &str) -> Result<Arc<Scenario>> {
        let scenario = self.scenarios.named(name).with_context(|| format!("no scenario {name}"))?;
        Ok(scenario.clone())
    }

    fn session(&self, scenario: &Scenario) -> Result<Session> {
        self.session_with(scenario, turn::Config::default())
    }

    pub(crate) fn session_with(&self, scenario: &Scenario, turn: turn::Config) -> Result<Session> {
        let brief = brief(scenario);
        let playbook = self.plugins.classify(&brief.objective, &brief.language, &[]);
        let general = self.plugins.playbook(agenticcalling::plugin::GENERAL);
        let general = general.context("platform.general is not loaded")?;
        let (rules, language) = (brief.rules.clone(), brief.language.clone());
        let guest = GuardedCall::new(playbook, general, brief);
        Ok(Session::new(guest, &rules, turn).in_language(&language))
    }
}

fn repeat(session: &mut Session, now: Time, inputs: &[Input]) {
    for input in inputs {
        session.handle(now, input.clone());
        while session.poll().is_some() {}
    }
}

impl Tape {
    pub fn virtual_ms(&self) -> u64 {
        self.ticks.len() as u64 * FRAME_MS
    }
}

fn unless_empty(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// What a scenario's own demo asks for.
pub fn brief(scenario: &Scenario) -> Brief {
    Brief {
        objective: scenario.demo.objective.clone(),
        context: unless_empty(&scenario.demo.context),
        previous_call: unless_empty(&scenario.demo.previous_call),
        persona: Persona { caller_name: None, company: None, role: None, tone: None },
        rules: scenario.demo.rules.clone(),
        settings: "{}".to_owned(),
        language: unless_empty(&scenario.demo.language).unwrap_or_else(|| "en".to_owned()),
        now_ms: BEGINS_AT_MS as u64,
        zone: "America/New_York".to_owned(),
    }
}

/// What an answer belongs to, so that it can be taken back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Take(u64),
    Reply(u64),
    Clause(u64),
}

struct VirtualCall {
    session: Session,
    callee: Callee,
    network: Network,
    room: Arc<Room>,
    voices: Arc<Voices>,
    /// Answers on their way, by tick and order.
    due: BTreeMap<(u64, u64), (Origin, Input)>,
    sequence: u64,
    tick: u64,
    /// The session had its frame of this tick.
    ticked: bool,
    ended: Option<Ended>,
    answered_by: Option<AnsweredBy>,
    transcript: Vec<Turn>,
    tape: Tape,
}

pub(crate) fn at(tick: u64) -> Time {
    Time::from_millis(BEGINS_AT_MS + (tick * FRAME_MS) as i64)
}

impl VirtualCall {
    fn run(mut self) -> Result<Played> {
        self.act()?;
        while self.ended.is_none() && self.tick < TICKS_MAX {
            self.tape.ticks.push(Given::default());
            self.ticked = false;
            self.answer_due()?;
            let heard = self.network.receive(self.now_ms());
            if let Some(given) = self.tape.ticks.last_mut() {
                given.heard = heard;
            }
            let frame = self.session.tick(at(self.tick), heard.as_ref());
            self.ticked = true;
            self.act()?;
            let step = self.callee.step(self.now_ms(), Some(&frame));
            if let Some(frame) = step.frame {
                self.network.send(self.now_ms(), frame);
            }
            if let Some(event) = step.event {
                self.leg_event(event)?;
            }
            self.tick += 1;
        }
        self.session.leg_ended(at(self.tick));
        self.act()?;
        // The words of the last utterance still come.
        while let Some(((tick, _), (origin, input))) = self.due.pop_first() {
            if matches!(origin, Origin::Take(_)) {
                self.session.handle(at(tick), input);
                self.act()?;
            }
        }
        Ok(Played {
            ended: self.ended,
            answered_by: self.answered_by,
            virtual_ms: self.now_ms(),
            transcript: self.transcript,
            finished: self.session.finish(),
            tape: self.tape,
            room: self.room,
        })
    }

    fn now_ms(&self) -> u64 {
        self.tick * FRAME_MS
    }

    fn leg_event(&mut self, event: CalleeEvent) -> Result<()> {
        match event {
            CalleeEvent::Ringing => Ok(()),
            CalleeEvent::Answered => self.give(Input::Answered),
            _ => {
                self.ended.get_or_insert(Ended::Callee);
                Ok(())
            }
        }
    }

    fn give(&mut self, input: Input) -> Result<()> {
        if let Some(given) = self.tape.ticks.last_mut() {
            let inputs = if self.ticked { &mut given.after } else { &mut given.before };
            inputs.push(input.clone());
        }
        self.session.handle(at(self.tick), input);
        self.act()
    }

    fn answer_due(&mut self) -> Result<()> {
        while let Some(entry) = self.due.first_entry() {
            if entry.key().0 > self.tick {
                break;
            }
            let (_, input) = entry.remove();
            self.give(input)?;
        }
        Ok(())
    }

    fn later(&mut self, ms: u64, origin: Origin, input: Input) {
        self.sequence += 1;
        self.due.insert((self.tick + ms / FRAME_MS, self.sequence), (origin, input));
    }

    fn act(&mut self) -> Result<()> {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Transcribe { take, samples } => {
                    let ear = self.room.callee.lock();
                    let text = ear.unwrap_or_else(PoisonError::into_inner).recognise(&samples);
                    let text = Some(text.unwrap_or_else(|| UNRECOGNISED.to_owned()));
                    let input = Input::Transcribed { take, text };
                    self.later(TRANSCRIPT_MS, Origin::Take(take), input);
                }
                Output::Think { reply, messages, tools } => self.think(reply, &messages, &tools),
                Output::Judge { .. } => anyhow::bail!("no judge was promised to the session"),
                Output::Speak { clause, text } => self.speak(clause, &text)?,
                Output::Disregard { take } => self.forget(Origin::Take(take)),
                Output::Forget { reply } => self.forget(Origin::Reply(reply)),
                Output::Mute { clause } => self.forget(Origin::Clause(clause)),
                Output::Classified(by) => {
                    self.answered_by = Some(by);
                    // What the lifecycle decides for one attempt with the default policies.
                    let start = match by {
                        AnsweredBy::Voicemail => Start::LeaveMessage,
                        AnsweredBy::Screener => Start::AnswerScreening,
                        AnsweredBy::Human | AnsweredBy::Unknown => Start::Conversation,
                    };
                    self.give(Input::Start(start))?;
                }
                Output::Final(turn) => self.transcript.push(turn),
                Output::HangUp(how) => {
                    self.ended.get_or_insert(how);
                }
                Output::MessageLeft => {
                    self.ended.get_or_insert(Ended::Agent);
                }
                Output::Started | Output::Partial { .. } => {}
            }
        }
        Ok(())
    }

    fn forget(&mut self, origin: Origin) {
        self.due.retain(|_, (of, _)| *of != origin);
    }

    fn think(&mut self, reply: u64, messages: &[model::Message], tools: &[model::Tool]) {
        let answer = mind::reply(&request(messages, tools));
        let mut events: Vec<ReplyEvent> = Vec::new();
        for word in answer.text.split_inclusive(' ') {
            events.push(ReplyEvent::Text(word.to_owned()));
        }
        for (n, call) in answer.tool_calls.into_iter().enumerate() {
            let id = format!("call_{reply}_{n}");
            let call = ToolCall { id, name: call.name, arguments: call.arguments };
            events.push(ReplyEvent::Tool(call));
        }
        events.push(ReplyEvent::Done);
        for event in events {
            self.later(REPLY_MS, Origin::Reply(reply), Input::Reply { reply, event });
        }
    }

    fn speak(&mut self, clause: u64, text: &str) -> Result<()> {
        let speech = self.voices.render(VOICE, text)?;
        let ear = self.room.agent.lock();
        ear.unwrap_or_else(PoisonError::into_inner).learn_speech(&speech);
        let samples = speech.at_24k().to_vec();
        self.later(SPEECH_MS, Origin::Clause(clause), Input::Speech { clause, samples });
        let done = Input::SpeechDone { clause, failed: false };
        self.later(SPEECH_MS, Origin::Clause(clause), done);
        Ok(())
    }
}

/// The chat request as the mind reads it off the wire.
pub(crate) fn request(messages: &[model::Message], tools: &[model::Tool]) -> mind::Request {
    let mut read = mind::Request::default();
    for message in messages {
        let role = match message.role {
            model::Role::System => mind::Role::System,
            model::Role::User => mind::Role::User,
            model::Role::Assistant => mind::Role::Assistant,
            model::Role::Tool => mind::Role::Tool,
        };
        let mut shown = mind::Message::new(role, message.content.clone().unwrap_or_default());
        for call in &message.tool_calls {
            let function = &call["function"];
            let text = |key: &str| function[key].as_str().unwrap_or_default().to_owned();
            shown
                .tool_calls
                .push(mind::ToolCall { name: text("name"), arguments: text("arguments") });
        }
        read.messages.push(shown);
    }
    for tool in tools {
        let (name, parameters) = (tool.name.clone(), tool.parameters.clone());
        read.tools.push(mind::Tool { name, parameters });
    }
    read
}
