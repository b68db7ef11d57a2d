//! Turn-taking on one line, a frame at a time.

use std::collections::VecDeque;
use std::time::Duration;

use domain::Time;

/// Length of one `Voice` frame.
const FRAME: Duration = Duration::from_millis(20);
/// Utterances of one turn that are kept apart; beyond that the oldest are folded into one.
const PENDING_MAX: usize = 16;

#[derive(Clone, Debug)]
pub struct Config {
    /// Silence that ends an utterance.
    pub endpoint_ms: u64,
    /// Speech before an utterance counts as begun.
    pub onset_ms: u64,
    /// Speech over ours before it counts as an interruption.
    pub barge_in_ms: u64,
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
            endpoint_ms: 500,
            onset_ms: 60,
            barge_in_ms: 240,
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
    /// Words of an utterance; `None` where nothing was understood.
    Transcript { utterance: u64, text: Option<String> },
    /// The first clause of a reply is on its way to the line.
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
    /// The audio between these times is one utterance: recognise it.
    UtteranceEnded {
        utterance: u64,
        from: Time,
        to: Time,
    },
    /// The other side's turn is complete: ask the model. It carries only what was said since the
    /// last commit; after a `DiscardReply` the earlier words are in the conversation already.
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
    /// We are being interrupted.
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
    Endpoint,
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
}

/// An utterance being spoken.
#[derive(Clone, Copy, Debug)]
struct Open {
    id: u64,
    from: Time,
    /// End of the last frame with speech.
    to: Time,
    /// How much of it was said while we spoke.
    over_ours: Duration,
    /// It began while we spoke, and has not stopped us.
    aside: bool,
}

/// An utterance whose words are awaited, or held until the turn is complete.
#[derive(Clone, Debug)]
struct Pending {
    id: u64,
    from: Time,
    to: Time,
    asked_at: Time,
    /// It was over before we were: it does not take the turn.
    aside: bool,
    words: Option<Option<String>>,
    /// The words of older utterances that were folded into this one.
    before: Vec<String>,
}

pub struct Machine {
    config: Config,
    ours: Ours,
    open: Option<Open>,
    pending: VecDeque<Pending>,
    next_id: u64,
    /// Length of the run of speech that may become an utterance.
    onset: Duration,
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
            next_id: 0,
            onset: Duration::ZERO,
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
            Input::Transcript { utterance, text } => self.transcript(now, utterance, text),
            Input::ReplyReady => self.ours = Ours::Speaking { complete: false },
            Input::ReplyDone | Input::ReplyFailed => self.reply_over(now),
            Input::PlayoutIdle => self.playout_idle(now),
            Input::Holding(holding) => self.hold(now, holding),
            Input::Ending => self.ending = true,
            Input::LegEnded => self.leg_ended(now),
        }
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The next time at which a frame will change something even if nothing is heard in it.
    pub fn deadline(&self) -> Option<(Time, Reason)> {
        let endpoint = self.open.map(|open| (self.endpoint_at(open), Reason::Endpoint));
        let limit = Duration::from_millis(self.config.transcript_ms_max);
        let waiting = self.pending.iter().filter(|pending| pending.words.is_none());
        let late = waiting.map(|pending| (pending.asked_at + limit, Reason::TranscriptLate)).min();
        let reply = match self.ours {
            Ours::Preparing { since } => Some((since + self.reply_limit(), Reason::ReplyLate)),
            _ => None,
        };
        let silence = self.silence_at().map(|at| (at, Reason::Silence));
        [endpoint, late, reply, silence].into_iter().flatten().min()
    }

    fn voice(&mut self, now: Time, speech: bool) {
        if speech {
            self.speech(now);
        } else {
            self.onset = Duration::ZERO;
        }
        self.check_endpoint(now);
        self.check_transcripts(now);
        self.check_reply(now);
        self.check_silence(now);
    }

    fn speech(&mut self, now: Time) {
        let end = now + FRAME;
        if let Some(open) = &mut self.open {
            open.to = end;
            if matches!(self.ours, Ours::Speaking { .. }) {
                open.over_ours += FRAME;
            }
        } else {
            self.onset += FRAME;
            if self.onset < Duration::from_millis(self.config.onset_ms) {
                return;
            }
            self.begin_utterance(end);
        }
        self.check_interruption(now);
    }

    fn begin_utterance(&mut self, end: Time) {
        let from = end - self.onset;
        let aside = matches!(self.ours, Ours::Speaking { .. });
        let over_ours = if aside { self.onset } else { Duration::ZERO };
        let id = self.next_id;
        self.next_id += 1;
        self.open = Some(Open { id, from, to: end, over_ours, aside });
        self.onset = Duration::ZERO;
        self.quiet_since = None;
        self.outputs.push_back(Output::UtteranceStarted { utterance: id, at: from });
        if matches!(self.ours, Ours::Preparing { .. }) {
            self.ours = Ours::Quiet;
            self.outputs.push_back(Output::DiscardReply);
        }
    }

    fn check_interruption(&mut self, now: Time) {
        let Some(open) = &mut self.open else { return };
        let speaking = matches!(self.ours, Ours::Speaking { .. });
        let long_enough = open.over_ours >= Duration::from_millis(self.config.barge_in_ms);
        if !speaking || !long_enough || self.ending {
            return;
        }
        open.aside = false;
        self.ours = Ours::Quiet;
        self.outputs.push_back(Output::StopSpeaking { at: now });
    }

    fn check_endpoint(&mut self, now: Time) {
        let Some(open) = self.open else { return };
        let quiet = now >= self.endpoint_at(open);
        let too_long =
            open.to.since(open.from).as_millis() >= u128::from(self.config.utterance_ms_max);
        if quiet || too_long {
            self.end_utterance(now, open);
        }
    }

    fn end_utterance(&mut self, now: Time, open: Open) {
        self.open = None;
        if self.pending.len() >= PENDING_MAX {
            self.fold_oldest();
        }
        let Open { id, from, to, .. } = open;
        // Who goes on after we have finished has the turn, even if they began before.
        let aside = open.aside && matches!(self.ours, Ours::Speaking { .. });
        let pending =
            Pending { id, from, to, asked_at: now, aside, words: None, before: Vec::new() };
        self.pending.push_back(pending);
        self.outputs.push_back(Output::UtteranceEnded { utterance: id, from, to });
    }

    /// Somebody who goes on and on while words are awaited: none that are known are lost.
    fn fold_oldest(&mut self) {
        let Some(oldest) = self.pending.pop_front() else { return };
        let Some(next) = self.pending.front_mut() else { return };
        let mut before = oldest.before;
        before.extend(oldest.words.flatten());
        before.append(&mut next.before);
        next.before = before;
        next.from = oldest.from;
        next.aside &= oldest.aside;
    }

    fn transcript(&mut self, now: Time, utterance: u64, text: Option<String>) {
        let awaited = |pending: &&mut Pending| pending.id == utterance && pending.words.is_none();
        let Some(pending) = self.pending.iter_mut().find(awaited) else { return };
        pending.words = Some(text.filter(|text| !text.trim().is_empty()));
        self.commit_if_complete(now);
    }

    fn check_transcripts(&mut self, now: Time) {
        let limit = Duration::from_millis(self.config.transcript_ms_max);
        let mut late = false;
        for pending in &mut self.pending {
            if pending.words.is_none() && now >= pending.asked_at + limit {
                pending.words = Some(None);
                late = true;
            }
        }
        // A turn that was complete while the other side went on is committed once it stops.
        if late || self.open.is_none() {
            self.commit_if_complete(now);
        }
    }

    /// The other side is silent and all its words are known.
    fn commit_if_complete(&mut self, now: Time) {
        let complete = self.pending.iter().all(|pending| pending.words.is_some());
        // The first frames of the next utterance count as speech too: a turn that was cut for its
        // length is not complete.
        let silent = self.open.is_none() && self.onset.is_zero();
        if self.pending.is_empty() || !complete || !silent {
            return;
        }
        let turn: Vec<Pending> = self.pending.drain(..).collect();
        let (aside, turn): (Vec<_>, Vec<_>) =
            turn.into_iter().partition(|pending| pending.aside || self.ours != Ours::Quiet);
        if let Some((text, from, to)) = joined(&aside) {
            self.outputs.push_back(Output::Backchannel { text, from, to });
        }
        if turn.is_empty() {
            return;
        }
        self.nudges = 0;
        match joined(&turn) {
            Some((text, from, to)) => {
                self.ours = Ours::Preparing { since: now };
                self.outputs.push_back(Output::CommitTurn { text, from, to });
            }
            None => {
                self.quiet_since = Some(now);
                self.outputs.push_back(Output::NotUnderstood);
            }
        }
    }

    fn reply_over(&mut self, now: Time) {
        match &mut self.ours {
            Ours::Speaking { complete } => *complete = true,
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

    fn leg_ended(&mut self, now: Time) {
        self.ending = true;
        self.ours = Ours::Quiet;
        self.onset = Duration::ZERO;
        if let Some(open) = self.open {
            self.end_utterance(now, open);
        }
    }

    /// Start of the frame with which the silence after the utterance is long enough.
    fn endpoint_at(&self, open: Open) -> Time {
        open.to + Duration::from_millis(self.config.endpoint_ms) - FRAME
    }

    fn reply_limit(&self) -> Duration {
        Duration::from_millis(self.config.reply_ms_max)
    }
}

/// The words of several utterances as one text; `None` if there are none.
fn joined(utterances: &[Pending]) -> Option<(String, Time, Time)> {
    let mut texts: Vec<&str> = Vec::new();
    for utterance in utterances {
        texts.extend(utterance.before.iter().map(String::as_str));
        texts.extend(utterance.words.iter().flatten().map(String::as_str));
    }
    if texts.is_empty() {
        return None;
    }
    let from = utterances.first()?.from;
    let to = utterances.last()?.to;
    Some((texts.join(" "), from, to))
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
