//! The voice session: one conversation on one answered leg, without I/O.
//!
//! Drives `core/turn` and `core/line`, asks the playbook before every clause, and says what the shell
//! is to do. The shell calls [`Session::tick`] every 20 ms, [`Session::handle`] for whatever comes
//! back from a vendor, and drains [`Session::poll`] after each. Time comes in as an argument, so a
//! long call runs in milliseconds in a test.

mod draft;
mod gate;
mod hearing;
mod lines;
mod listening;
mod messages;
mod playout;
mod reply;
mod speaking;

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use call::{AnsweredBy, Ended, FailReason};
use domain::{Speaker, Time, Turn};
use turn::{Expected, Language};

use self::draft::Draft;
use self::gate::Gate;
use self::hearing::Hearing;
use self::lines::Lines;
use self::playout::Playout;
use self::reply::Reply;
use crate::audio::{Frame, SILENCE};
use crate::model::{Message, Tool, ToolCall};
use crate::plugin::{GuardedCall, Guidance, Plan};
use crate::store::{RuleCheck, Withheld};

pub(crate) use self::gate::rule_checks;
pub(crate) use self::lines::recording_notice;
pub(crate) use self::messages::END_CALL;
pub use self::messages::for_guest;

/// After our goodbye: how long the other side may stay silent before we hang up.
const GOODBYE_MS_MAX: u64 = 1500;
/// After our goodbye: how long the other side may talk before we hang up.
const FAREWELL_MS_MAX: u64 = 6000;
/// A closing line that is not played out by then is cut off, before the call reaches its cap.
const CLOSING_MS_MAX: u64 = call::machine::CLOSING_LEAD_SECS * 1000 - 500;

/// A question counts as heard so long before its end: people answer early.
const EARLY_ANSWER_FRAMES: u64 = 30;

/// What comes from outside, besides the ticks.
#[derive(Clone, Debug)]
pub enum Input {
    /// The leg was answered, by whatever answered.
    Answered,
    /// Begin what the lifecycle decided.
    Start(Start),
    /// Words of a take; `None` where recognition failed.
    Transcribed {
        take: u64,
        text: Option<String>,
    },
    Reply {
        reply: u64,
        event: ReplyEvent,
    },
    /// Synthesised samples of a clause at 24 kHz.
    Speech {
        clause: u64,
        samples: Vec<i16>,
    },
    /// Synthesis of a clause is over, whether it succeeded or not.
    SpeechDone {
        clause: u64,
        failed: bool,
    },
    /// What the second model says of the clause it was asked about.
    Judged {
        judgement: u64,
        judged: Judged,
    },
    /// The cap is reached: say the closing line and end.
    Close(Ended),
}

/// What a second model says of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    Keeps,
    Breaks {
        /// Its place in the call's list.
        rule: u32,
        reason: String,
    },
    /// It did not answer, or not in time.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Conversation,
    LeaveMessage,
    AnswerScreening,
}

#[derive(Clone, Debug)]
pub enum ReplyEvent {
    Text(String),
    Tool(ToolCall),
    Done,
    Failed(String),
}

/// What the shell is to do.
#[derive(Debug)]
pub enum Output {
    /// Recognise this audio, 8 kHz.
    Transcribe {
        take: u64,
        samples: Vec<i16>,
    },
    /// The words of that take are no longer wanted.
    Disregard {
        take: u64,
    },
    /// Ask the model for our next turn.
    Think {
        reply: u64,
        messages: Vec<Message>,
        tools: Vec<Tool>,
    },
    /// The answer to that is no longer wanted.
    Forget {
        reply: u64,
    },
    /// Ask the second model whether this clause keeps the rules.
    Judge {
        judgement: u64,
        question: Question,
    },
    Speak {
        clause: u64,
        text: String,
    },
    /// The speech of that clause is no longer wanted.
    Mute {
        clause: u64,
    },
    Classified(AnsweredBy),
    /// Our first words to a person went out.
    Started,
    MessageLeft,
    /// Someone says this now.
    Partial {
        speaker: Speaker,
        text: String,
    },
    /// A turn is over: this was heard.
    Final(Turn),
    HangUp(Ended),
}

/// A clause, and what a judge needs to know to judge it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The rules with their places in the call's list.
    pub rules: Vec<(u32, String)>,
    /// The last turns, as they were heard.
    pub history: Vec<Turn>,
    /// What of our turn comes before the clause.
    pub said: String,
    pub clause: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nobody answered yet.
    Ringing,
    /// `core/line` listens for what answered.
    Listening,
    Talking,
    Screening,
    Voicemail,
    /// Our goodbye is queued; nothing but hanging up follows it.
    Ending {
        how: Ended,
        until: Option<Time>,
    },
    Over,
}

/// What the call left behind.
pub struct Finished {
    pub transcript: Vec<Turn>,
    pub withheld: Vec<Withheld>,
    pub rule_checks: Vec<RuleCheck>,
    pub guest: GuardedCall,
}

pub struct Session {
    guest: GuardedCall,
    plan: Plan,
    rules: Vec<String>,
    lines: &'static Lines,
    gate: Gate,
    turn: turn::Machine,
    line: line::Machine,
    language: Language,
    hearing: Hearing,
    playout: Playout,
    phase: Phase,
    answered_at: Time,
    history: Vec<Turn>,
    guidance: Option<Guidance>,
    notice: Option<&'static str>,
    reply: Option<Reply>,
    /// A turn of the other side that may go on; the reply in the making answers it.
    draft: Option<Draft>,
    replies: u64,
    clauses: u64,
    judgements: u64,
    /// When our current turn began to be heard.
    speaking_since: Option<Time>,
    /// Number of our current turn.
    our_turn: u32,
    started: bool,
    /// Takes whose words are awaited.
    listening: BTreeSet<u64>,
    outputs: VecDeque<Output>,
}

impl Session {
    /// Plans the call and prepares the opening line, so that it is ready when somebody answers.
    #[must_use]
    pub fn new(mut guest: GuardedCall, rules: &[String], turn_config: turn::Config) -> Self {
        let plan = guest.plan();
        let language = turn_config.language;
        let gate = Gate::new(rules, &plan, false);
        let mut session = Session {
            guest,
            plan,
            rules: rules.to_vec(),
            lines: Lines::of("en"),
            gate,
            turn: turn::Machine::new(turn_config),
            line: line::Machine::new(),
            language,
            hearing: Hearing::new(),
            playout: Playout::new(),
            phase: Phase::Ringing,
            answered_at: Time::ZERO,
            history: Vec::new(),
            guidance: None,
            notice: None,
            reply: None,
            draft: None,
            replies: 0,
            clauses: 0,
            judgements: 0,
            speaking_since: None,
            our_turn: 0,
            started: false,
            listening: BTreeSet::new(),
            outputs: VecDeque::new(),
        };
        let opening = session.plan.opening.clone();
        session.queue_line(Time::ZERO, &opening);
        session
    }

    /// The host's own lines are said in this language (a BCP 47 tag).
    #[must_use]
    pub fn in_language(mut self, language: &str) -> Session {
        self.lines = Lines::of(language);
        self
    }

    /// A second model is there: it judges what the model words, by the rules that code cannot decide.
    /// Lines of the playbook and of the host are not its matter.
    #[must_use]
    pub fn with_judge(mut self, judged: bool) -> Session {
        self.gate = Gate::new(&self.rules, &self.plan, judged);
        self
    }

    /// Says this right after the opening line, to everyone who hears that.
    #[must_use]
    pub fn with_notice(mut self, notice: Option<&'static str>) -> Session {
        self.notice = notice;
        if let Some(notice) = notice {
            self.queue_line(Time::ZERO, notice);
        }
        self
    }

    /// 20 ms: takes what was heard in them and gives what to send.
    pub fn tick(&mut self, now: Time, heard: Option<&Frame>) -> Frame {
        if matches!(self.phase, Phase::Ringing | Phase::Over) {
            return SILENCE;
        }
        let speech = self.hearing.tick(now, heard);
        if self.is_classifying() {
            let tone = heard.and_then(|frame| line::tone(&crate::audio::decode(frame)));
            self.line.handle(now, line::Input::Frame { speech, tone });
            self.drain_line(now);
        }
        self.turn.handle(now, turn::Input::Voice { speech });
        self.drain_turn(now);
        self.check_ending(now);
        self.send(now)
    }

    pub fn handle(&mut self, now: Time, input: Input) {
        match input {
            Input::Answered => self.answered(now),
            Input::Start(start) => self.start(now, start),
            Input::Transcribed { take, text } => self.transcribed(now, take, text),
            Input::Reply { reply, event } => self.reply_event(now, reply, event),
            Input::Speech { clause, samples } => self.playout.feed(clause, &samples),
            Input::SpeechDone { clause, failed } => self.speech_done(now, clause, failed),
            Input::Judged { judgement, judged } => self.judged(now, judgement, judged),
            Input::Close(how) => self.close(now, how),
        }
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The leg is gone. What was being said is settled; recognition of what was heard may be
    /// outstanding, see [`Session::is_settled`].
    pub fn leg_ended(&mut self, now: Time) {
        if self.phase != Phase::Over {
            self.drop_draft();
            self.forget_reply();
            self.end_our_turn(now, !self.playout.is_idle());
            self.phase = Phase::Over;
        }
        self.turn.handle(now, turn::Input::LegEnded);
        self.drain_turn(now);
    }

    /// Nothing is outstanding that belongs into the transcript.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.listening.is_empty()
    }

    #[must_use]
    pub fn finish(self) -> Finished {
        let (withheld, rule_checks) = self.gate.finish();
        Finished { transcript: self.history, withheld, rule_checks, guest: self.guest }
    }

    fn answered(&mut self, now: Time) {
        if self.phase != Phase::Ringing {
            return;
        }
        self.answered_at = now;
        self.phase = Phase::Listening;
        self.expect(now, Expected::Greeting);
    }

    fn start(&mut self, now: Time, start: Start) {
        match start {
            Start::Conversation => {
                if self.phase == Phase::Screening {
                    // Somebody came to the telephone, who heard nothing of us yet.
                    self.discard_speech();
                    let opening = self.plan.opening.clone();
                    self.queue_line(now, &opening);
                    if let Some(notice) = self.notice {
                        self.queue_line(now, notice);
                    }
                }
                self.phase = Phase::Talking;
                self.expect(now, Expected::Nothing);
                self.playout.held = false;
                self.announce_reply(now);
            }
            Start::LeaveMessage => {
                self.discard_speech();
                self.phase = Phase::Voicemail;
                let message = self.plan.voicemail.clone();
                self.playout.held = !self.line.may_start();
                self.queue_line(now, &message);
            }
            Start::AnswerScreening => {
                self.discard_speech();
                self.phase = Phase::Screening;
                let answer = self.plan.screening.clone();
                self.playout.held = false;
                self.queue_line(now, &answer);
                self.announce_reply(now);
            }
        }
    }

    fn is_classifying(&self) -> bool {
        matches!(self.phase, Phase::Listening | Phase::Screening | Phase::Voicemail)
    }

    fn drain_line(&mut self, now: Time) {
        while let Some(output) = self.line.poll() {
            match output {
                line::Output::Answered(kind) => {
                    let by = match kind {
                        line::Kind::Human => AnsweredBy::Human,
                        line::Kind::Voicemail => AnsweredBy::Voicemail,
                        line::Kind::Screener => AnsweredBy::Screener,
                        line::Kind::Unknown => AnsweredBy::Unknown,
                    };
                    self.outputs.push_back(Output::Classified(by));
                }
                line::Output::MayStart => {
                    if self.phase == Phase::Voicemail {
                        self.playout.held = false;
                        self.announce_reply(now);
                    }
                }
            }
        }
    }

    fn not_understood(&mut self, now: Time) {
        if self.phase == Phase::Talking && self.started {
            self.say_now(now, self.lines.not_understood);
        }
    }

    fn nudge(&mut self, now: Time, nth: u32) {
        if self.phase == Phase::Talking {
            let line = self.lines.nudges[nth as usize % self.lines.nudges.len()];
            self.say_now(now, line);
        }
    }

    fn close(&mut self, now: Time, how: Ended) {
        if matches!(self.phase, Phase::Ending { .. } | Phase::Over) {
            return;
        }
        self.drop_draft();
        self.forget_reply();
        self.end_our_turn(now, true);
        let line = match how {
            Ended::Failed(FailReason::ModelError) => self.lines.trouble.to_owned(),
            _ => self.plan.closing.clone(),
        };
        self.playout.held = false;
        self.queue_line(now, &line);
        self.begin_ending(now, how, Some(now + Duration::from_millis(CLOSING_MS_MAX)));
        self.announce_reply(now);
    }

    fn begin_ending(&mut self, now: Time, how: Ended, until: Option<Time>) {
        self.phase = Phase::Ending { how, until };
        self.turn.handle(now, turn::Input::Ending);
        self.drain_turn(now);
    }

    /// After our goodbye the other side may still say theirs.
    fn check_ending(&mut self, now: Time) {
        let Phase::Ending { how, until } = self.phase else { return };
        if !self.playout.is_idle() {
            if until.is_some_and(|until| now >= until) {
                self.hang_up(how);
            }
            return;
        }
        if self.speaking_since.is_some() {
            self.end_our_turn(now, false);
            let patience = if how == Ended::Agent { GOODBYE_MS_MAX } else { 0 };
            let until = Some(now + Duration::from_millis(patience));
            self.phase = Phase::Ending { how, until };
            return;
        }
        if until.is_none_or(|until| now >= until) {
            self.hang_up(how);
        }
    }

    fn hang_up(&mut self, how: Ended) {
        if self.phase != Phase::Over {
            self.phase = Phase::Over;
            self.outputs.push_back(Output::HangUp(how));
        }
    }

    fn since_answer(&self, at: Time) -> u64 {
        u64::try_from(at.since(self.answered_at).as_millis()).unwrap_or(u64::MAX)
    }
}
