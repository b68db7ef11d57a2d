//! Turn-taking on one line, a frame at a time.
//!
//! An utterance is recognised as soon as it pauses, and recognised anew if it goes on. Its words say
//! how long a pause ends the turn; meanwhile an answer may be drafted that nobody hears before the turn
//! is committed. Whoever speaks over us makes us pause; what they say decides whether we stop.

mod over;
mod turn_end;

use std::collections::VecDeque;
use std::time::Duration;

use domain::Time;

use crate::endpoint::Endpointing;
use crate::words::{Expected, Language};

/// Length of one `Voice` frame.
const FRAME: Duration = Duration::from_millis(20);
/// Utterances of one turn that are kept apart; beyond that the oldest are folded into one.
const PENDING_MAX: usize = 16;
/// How often one utterance is recognised before it is over; after that only as a whole.
const TAKES_MAX: u32 = 12;
/// How often an answer to one turn is drafted before the turn is over.
const DRAFTS_MAX: u32 = 4;

#[derive(Clone, Debug)]
pub struct Config {
    pub endpointing: Endpointing,
    /// Of the call, for what words tell.
    pub language: Language,
    /// Answers are drafted before a turn is certain to be over.
    pub drafts: bool,
    /// A pause after which an utterance is recognised although it may go on.
    pub listen_ms: u64,
    /// Silence that ends an utterance while it is not known what answered.
    pub greeting_ms: u64,
    /// Speech before an utterance counts as begun, and after a pause as going on.
    pub onset_ms: u64,
    /// Speech over ours before we pause.
    pub barge_in_ms: u64,
    /// Speech over ours that is an interruption whatever its words.
    pub interruption_ms: u64,
    /// Words that are to decide whether we were interrupted are waited for so long.
    pub verdict_ms_max: u64,
    /// Silence of both sides before we ask whether anybody is there.
    pub nudge_after_ms: u64,
    pub nudges_max: u32,
    /// Silence of both sides on hold before it is no use to wait any longer.
    pub hold_ms_max: u64,
    /// A longer utterance is cut in two.
    pub utterance_ms_max: u64,
    /// Words that have not come by then are given up.
    pub transcript_ms_max: u64,
    /// A reply that has not begun by then is given up. One that stalls after it has begun is the
    /// shell's to notice, for only it sees the pieces come: it says [`Input::ReplyFailed`].
    pub reply_ms_max: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            endpointing: Endpointing::default(),
            language: Language::default(),
            drafts: true,
            listen_ms: 200,
            greeting_ms: 500,
            onset_ms: 60,
            barge_in_ms: 240,
            interruption_ms: 1000,
            verdict_ms_max: 1500,
            nudge_after_ms: 6000,
            nudges_max: 2,
            hold_ms_max: 60_000,
            utterance_ms_max: 30_000,
            transcript_ms_max: 5000,
            reply_ms_max: 15_000,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// One 20 ms frame of the other side.
    Voice { speech: bool },
    /// Words of a take; `None` where nothing was understood.
    Transcript { take: u64, text: Option<String> },
    /// What the other side was asked with what it has heard of us.
    Expect(Expected),
    /// The first clause of a reply to a committed turn is on its way to the line.
    ReplyReady,
    /// No more clauses will come for this reply.
    ReplyDone,
    /// The model gave up on this reply; what it has said of it is still played.
    ReplyFailed,
    /// Everything of a complete reply was played out. Means nothing before `ReplyDone`: the line may
    /// fall idle between two clauses.
    PlayoutIdle,
    /// We were asked to wait for somebody, or no longer are: silence on hold is not nudged.
    Holding(bool),
    /// Our goodbye is queued: no interruption and no nudge matters any more.
    Ending,
    /// The leg is gone: what was being said is complete.
    LegEnded,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    UtteranceStarted {
        utterance: u64,
        at: Time,
    },
    /// The audio between these times is an utterance so far: recognise it.
    Listen {
        take: u64,
        from: Time,
        to: Time,
    },
    /// The utterance went on: the words of that take are no longer wanted.
    DropTake {
        take: u64,
    },
    /// An utterance is over, for certain.
    UtteranceEnded {
        utterance: u64,
        from: Time,
        to: Time,
    },
    /// The words of an utterance that is over; `None` if it had none or they came too late. Given once
    /// for each.
    Understood {
        utterance: u64,
        text: Option<String>,
    },
    /// The turn may be complete: prepare an answer, and let nobody hear it. `CommitTurn` with the same
    /// words or `DropDraft` follows, before any other draft.
    Draft {
        text: String,
        from: Time,
        to: Time,
    },
    /// The turn was not complete: what was prepared for it is void.
    DropDraft,
    /// The other side's turn is complete: ask the model, or say what was drafted. It carries only what
    /// was said since the last commit; after a `DiscardReply` the earlier words are in the conversation
    /// already.
    CommitTurn {
        text: String,
        from: Time,
        to: Time,
    },
    /// Said while we spoke, without taking the turn.
    Backchannel {
        text: String,
        from: Time,
        to: Time,
    },
    /// A turn without a word that was understood.
    NotUnderstood,
    /// Somebody speaks over us: fall silent at once, and keep what was not said.
    /// `ResumeSpeaking` or `StopSpeaking` follows, unless our goodbye does.
    PauseSpeaking {
        at: Time,
    },
    /// It was no interruption: go on with the word after those that were heard.
    ResumeSpeaking,
    /// We are interrupted: what was not heard is void.
    StopSpeaking {
        at: Time,
    },
    /// The other side goes on: the reply in the making is stale.
    DiscardReply,
    /// The reply did not come in time.
    ReplyLate,
    /// Nobody has spoken for long; counts from 0.
    Nudge {
        nth: u32,
    },
    /// Nobody has spoken for too long.
    DeadLine,
}

/// Why the machine wants to be woken; frames do it, one every 20 ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    Listen,
    Endpoint,
    Verdict,
    TranscriptLate,
    ReplyLate,
    Silence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ours {
    Quiet,
    /// The model was asked; nothing of the answer is on its way yet.
    Preparing {
        since: Time,
    },
    Speaking {
        complete: bool,
    },
    /// Silent in the middle of a turn, until it is clear whether that was an interruption.
    Paused {
        complete: bool,
    },
}

/// A recognition that was asked for.
#[derive(Clone, Debug)]
struct Take {
    id: u64,
    asked_at: Time,
    words: Option<Option<String>>,
}

/// An utterance that may go on.
#[derive(Clone, Debug)]
struct Open {
    id: u64,
    from: Time,
    /// End of the last frame with speech.
    to: Time,
    /// How much of it was said while we spoke, or had paused for it.
    over_ours: Duration,
    /// It began while we spoke, and has not made us pause.
    aside: bool,
    /// The recognition of all of it, while it pauses.
    take: Option<Take>,
    takes: u32,
}

/// An utterance whose words are awaited, or held until the turn is complete.
#[derive(Clone, Debug)]
struct Pending {
    id: u64,
    from: Time,
    to: Time,
    /// It was over before we were: it does not take the turn.
    aside: bool,
    take: Take,
    /// The words of older utterances that were folded into this one.
    before: Vec<String>,
}

pub struct Machine {
    config: Config,
    ours: Ours,
    open: Option<Open>,
    pending: VecDeque<Pending>,
    next_utterance: u64,
    next_take: u64,
    /// Length of the run of speech that may become an utterance, or let one go on.
    onset: Duration,
    expected: Expected,
    /// The words to which an answer is being prepared, though their turn may go on.
    drafted: Option<String>,
    /// Drafts for the turn that is being heard.
    drafts: u32,
    /// Since when neither side has spoken; `None` until we have said something.
    quiet_since: Option<Time>,
    nudges: u32,
    holding: bool,
    ending: bool,
    outputs: VecDeque<Output>,
}

impl Machine {
    pub fn new(config: Config) -> Self {
        Machine {
            config,
            ours: Ours::Quiet,
            open: None,
            pending: VecDeque::new(),
            next_utterance: 0,
            next_take: 0,
            onset: Duration::ZERO,
            expected: Expected::default(),
            drafted: None,
            drafts: 0,
            quiet_since: None,
            nudges: 0,
            holding: false,
            ending: false,
            outputs: VecDeque::new(),
        }
    }

    /// Drain [`Machine::poll`] before the next input.
    pub fn handle(&mut self, now: Time, input: Input) {
        match input {
            Input::Voice { speech } => self.voice(now, speech),
            Input::Transcript { take, text } => self.transcript(now, take, text),
            Input::Expect(expected) => self.expected = expected,
            Input::ReplyReady => self.reply_ready(),
            Input::ReplyDone | Input::ReplyFailed => self.reply_over(now),
            Input::PlayoutIdle => self.playout_idle(now),
            Input::Holding(holding) => self.hold(now, holding),
            Input::Ending => self.end(),
            Input::LegEnded => self.leg_ended(now),
        }
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The next time at which a frame will change something even if nothing is heard in it.
    pub fn deadline(&self) -> Option<(Time, Reason)> {
        let open = self.open.as_ref();
        let listen = open.and_then(|open| self.listen_at(open)).map(|at| (at, Reason::Listen));
        let endpoint = open.map(|open| self.endpoint_at(open)).or(self.complete_at());
        let endpoint = endpoint.map(|at| (at, Reason::Endpoint));
        let verdict = self.verdict_at().map(|at| (at, Reason::Verdict));
        let late = self.transcript_late_at().map(|at| (at, Reason::TranscriptLate));
        let reply = match self.ours {
            Ours::Preparing { since } => Some((since + self.reply_limit(), Reason::ReplyLate)),
            _ => None,
        };
        let silence = self.silence_at().map(|at| (at, Reason::Silence));
        [listen, endpoint, verdict, late, reply, silence].into_iter().flatten().min()
    }

    fn voice(&mut self, now: Time, speech: bool) {
        if speech {
            self.speech(now);
        } else {
            self.onset = Duration::ZERO;
        }
        self.check_listen(now);
        self.check_endpoint(now);
        self.check_transcripts(now);
        self.check_verdict(now);
        self.commit_if_complete(now);
        self.check_reply(now);
        self.check_silence(now);
    }

    fn speech(&mut self, now: Time) {
        let end = now + FRAME;
        let over_ours = matches!(self.ours, Ours::Speaking { .. } | Ours::Paused { .. });
        match &mut self.open {
            Some(open) if open.take.is_none() => {
                open.to = end;
                if over_ours {
                    open.over_ours += FRAME;
                }
            }
            // A click in a pause, or a word: only a word takes back what was begun in the pause.
            _ => {
                self.onset += FRAME;
                if self.onset < Duration::from_millis(self.config.onset_ms) {
                    return;
                }
                match self.open.is_some() {
                    true => self.go_on(end),
                    false => self.begin_utterance(end),
                }
            }
        }
        self.check_interruption(now);
    }

    fn begin_utterance(&mut self, end: Time) {
        let onset = std::mem::take(&mut self.onset);
        let from = end - onset;
        let aside = matches!(self.ours, Ours::Speaking { .. });
        let over_ours = match self.ours {
            Ours::Speaking { .. } | Ours::Paused { .. } => onset,
            Ours::Quiet | Ours::Preparing { .. } => Duration::ZERO,
        };
        let id = self.next_utterance;
        self.next_utterance += 1;
        self.open = Some(Open { id, from, to: end, over_ours, aside, take: None, takes: 0 });
        self.quiet_since = None;
        self.outputs.push_back(Output::UtteranceStarted { utterance: id, at: from });
        self.drop_draft();
        if matches!(self.ours, Ours::Preparing { .. }) {
            self.ours = Ours::Quiet;
            self.outputs.push_back(Output::DiscardReply);
        }
    }

    /// The pause was only a pause.
    fn go_on(&mut self, end: Time) {
        let onset = std::mem::take(&mut self.onset);
        let Some(open) = &mut self.open else { return };
        open.to = end;
        if matches!(self.ours, Ours::Speaking { .. } | Ours::Paused { .. }) {
            open.over_ours += onset;
        }
        if let Some(take) = open.take.take() {
            self.outputs.push_back(Output::DropTake { take: take.id });
        }
        self.drop_draft();
    }

    fn reply_ready(&mut self) {
        self.drop_draft();
        self.ours = Ours::Speaking { complete: false };
    }

    fn reply_over(&mut self, now: Time) {
        match &mut self.ours {
            Ours::Speaking { complete } | Ours::Paused { complete } => *complete = true,
            // It ended without a clause that could be said.
            Ours::Preparing { .. } => {
                self.ours = Ours::Quiet;
                self.quiet_since = Some(now);
            }
            Ours::Quiet => {}
        }
    }

    fn playout_idle(&mut self, now: Time) {
        if self.ours == (Ours::Speaking { complete: true }) {
            self.ours = Ours::Quiet;
            self.quiet_since = Some(now);
        }
    }

    fn check_reply(&mut self, now: Time) {
        let Ours::Preparing { since } = self.ours else { return };
        if now >= since + self.reply_limit() {
            self.ours = Ours::Quiet;
            self.quiet_since = Some(now);
            self.outputs.push_back(Output::ReplyLate);
        }
    }

    fn check_silence(&mut self, now: Time) {
        if self.silence_at().is_none_or(|at| now < at) {
            return;
        }
        self.quiet_since = Some(now);
        if self.holding || self.nudges >= self.config.nudges_max {
            self.ending = true;
            self.outputs.push_back(Output::DeadLine);
            return;
        }
        self.outputs.push_back(Output::Nudge { nth: self.nudges });
        self.nudges += 1;
    }

    fn silence_at(&self) -> Option<Time> {
        let idle = self.ours == Ours::Quiet && self.open.is_none() && self.pending.is_empty();
        let since = self.quiet_since.filter(|_| idle && !self.ending)?;
        let limit = if self.holding { self.config.hold_ms_max } else { self.config.nudge_after_ms };
        Some(since + Duration::from_millis(limit))
    }

    /// The silence before the change is over: it is counted anew.
    fn hold(&mut self, now: Time, holding: bool) {
        if self.holding != holding {
            self.holding = holding;
            self.quiet_since = Some(now);
            self.nudges = 0;
        }
    }

    /// Nothing that was paused or drafted will be said.
    fn end(&mut self) {
        self.ending = true;
        self.drop_draft();
        if matches!(self.ours, Ours::Paused { .. }) {
            self.ours = Ours::Quiet;
        }
    }

    fn leg_ended(&mut self, now: Time) {
        self.end();
        self.ours = Ours::Quiet;
        self.onset = Duration::ZERO;
        if let Some(open) = self.open.take() {
            self.end_utterance(now, open);
        }
        self.commit_if_complete(now);
    }

    fn reply_limit(&self) -> Duration {
        Duration::from_millis(self.config.reply_ms_max)
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
