//! Where an utterance pauses, ends, and completes the turn.

use std::time::Duration;

use domain::Time;

use super::{
    DRAFTS_MAX, FRAME, Machine, Open, Ours, Output, PENDING_MAX, Pending, TAKES_MAX, Take,
};
use crate::endpoint::Reading;
use crate::words::{Expected, Remark, remark};

/// The words of several utterances, and when they were said.
struct Said {
    text: String,
    from: Time,
    to: Time,
}

impl Machine {
    /// Start of the frame with which the pause is long enough to listen.
    pub(super) fn listen_at(&self, open: &Open) -> Option<Time> {
        let due = open.take.is_none() && open.takes < TAKES_MAX;
        due.then(|| open.to + Duration::from_millis(self.listen_ms()) - FRAME)
    }

    /// Never later than the end of the utterance.
    fn listen_ms(&self) -> u64 {
        let ends_ms = match self.expected {
            Expected::Greeting => self.config.greeting_ms,
            _ => self.config.endpointing.ms_min(),
        };
        self.config.listen_ms.min(ends_ms)
    }

    pub(super) fn check_listen(&mut self, now: Time) {
        let Some(mut open) = self.open.take() else { return };
        if self.listen_at(&open).is_some_and(|at| now >= at) {
            open.take = Some(self.listen(now, open.from, open.to));
            open.takes += 1;
        }
        self.open = Some(open);
    }

    fn listen(&mut self, now: Time, from: Time, to: Time) -> Take {
        let id = self.next_take;
        self.next_take += 1;
        self.outputs.push_back(Output::Listen { take: id, from, to });
        Take { id, asked_at: now, words: None }
    }

    /// Start of the frame with which the silence after the utterance is long enough.
    pub(super) fn endpoint_at(&self, open: &Open) -> Time {
        open.to + Duration::from_millis(self.endpoint_ms(open)) - FRAME
    }

    fn endpoint_ms(&self, open: &Open) -> u64 {
        if self.expected == Expected::Greeting {
            return self.config.greeting_ms;
        }
        let words = open.take.as_ref().and_then(|take| take.words.as_ref());
        let Some(words) = words else { return self.config.endpointing.ms_max() };
        let over = matches!(self.ours, Ours::Speaking { .. } | Ours::Paused { .. });
        if over && self.is_no_interruption(words.as_deref()) {
            return self.listen_ms();
        }
        self.config.endpointing.wait_ms(self.reading(open))
    }

    /// Of the whole turn so far.
    fn reading(&self, open: &Open) -> Reading {
        let text = self.turn_with(open).map(|said| said.text).unwrap_or_default();
        Reading::of(&text, self.config.language, self.expected)
    }

    pub(super) fn check_endpoint(&mut self, now: Time) {
        let Some(open) = &self.open else { return };
        // While a word begins, nothing ends.
        let quiet = self.onset.is_zero() && now >= self.endpoint_at(open);
        let too_long =
            open.to.since(open.from).as_millis() >= u128::from(self.config.utterance_ms_max);
        if (quiet || too_long)
            && let Some(open) = self.open.take()
        {
            self.end_utterance(now, open);
        }
    }

    pub(super) fn end_utterance(&mut self, now: Time, open: Open) {
        if self.pending.len() >= PENDING_MAX {
            self.fold_oldest();
        }
        let Open { id, from, to, aside, take, .. } = open;
        let take = match take {
            Some(take) => take,
            None => self.listen(now, from, to),
        };
        // Who goes on after we have finished has the turn, even if they began before.
        let aside = aside && matches!(self.ours, Ours::Speaking { .. });
        self.outputs.push_back(Output::UtteranceEnded { utterance: id, from, to });
        if let Some(text) = take.words.clone() {
            self.outputs.push_back(Output::Understood { utterance: id, text });
        }
        self.pending.push_back(Pending { id, from, to, aside, take, before: Vec::new() });
    }

    /// Somebody who goes on and on while words are awaited: none that are known are lost.
    fn fold_oldest(&mut self) {
        let Some(oldest) = self.pending.pop_front() else { return };
        if oldest.take.words.is_none() {
            self.outputs.push_back(Output::DropTake { take: oldest.take.id });
            self.outputs.push_back(Output::Understood { utterance: oldest.id, text: None });
        }
        let Some(next) = self.pending.front_mut() else { return };
        let mut before = oldest.before;
        before.extend(oldest.take.words.flatten());
        before.append(&mut next.before);
        next.before = before;
        next.from = oldest.from;
        next.aside &= oldest.aside;
    }

    pub(super) fn transcript(&mut self, now: Time, take: u64, text: Option<String>) {
        let text = text.filter(|text| !text.trim().is_empty());
        let awaited = |of: &Take| of.id == take && of.words.is_none();
        if let Some(open) = &mut self.open
            && let Some(of) = open.take.as_mut().filter(|of| awaited(of))
        {
            of.words = Some(text);
        } else if let Some(at) = self.pending.iter().position(|pending| awaited(&pending.take)) {
            self.understood(at, text);
        } else {
            return;
        }
        self.words_over_ours(now);
        self.check_endpoint(now);
        self.commit_if_complete(now);
        self.draft();
    }

    fn understood(&mut self, at: usize, text: Option<String>) {
        let pending = &mut self.pending[at];
        pending.take.words = Some(text.clone());
        let utterance = pending.id;
        self.outputs.push_back(Output::Understood { utterance, text });
    }

    pub(super) fn transcript_late_at(&self) -> Option<Time> {
        let limit = Duration::from_millis(self.config.transcript_ms_max);
        let waiting = self.pending.iter().filter(|pending| pending.take.words.is_none());
        waiting.map(|pending| pending.take.asked_at + limit).min()
    }

    pub(super) fn check_transcripts(&mut self, now: Time) {
        let limit = Duration::from_millis(self.config.transcript_ms_max);
        for at in 0..self.pending.len() {
            let take = &self.pending[at].take;
            if take.words.is_none() && now >= take.asked_at + limit {
                let take = take.id;
                self.outputs.push_back(Output::DropTake { take });
                self.understood(at, None);
            }
        }
    }

    /// An answer is prepared for what is probably a whole turn.
    fn draft(&mut self) {
        let allowed = self.config.drafts && self.drafted.is_none() && self.drafts < DRAFTS_MAX;
        let ours = self.ours == Ours::Quiet && !self.ending;
        if !allowed || !ours || self.expected == Expected::Greeting || !self.onset.is_zero() {
            return;
        }
        self.take_late_answers();
        let Some(open) = &self.open else { return };
        if !self.words_are_known() || !self.reading(open).may_be_over() {
            return;
        }
        let Some(Said { text, from, to }) = self.turn_with(open) else { return };
        self.drafted = Some(text.clone());
        self.drafts += 1;
        self.outputs.push_back(Output::Draft { text, from, to });
    }

    pub(super) fn drop_draft(&mut self) {
        if self.drafted.take().is_some() {
            self.outputs.push_back(Output::DropDraft);
        }
    }

    fn words_are_known(&self) -> bool {
        let open = self.open.as_ref().map(|open| open.take.as_ref());
        let open = open.is_none_or(|take| take.is_some_and(|take| take.words.is_some()));
        open && self.pending.iter().all(|pending| pending.take.words.is_some())
    }

    /// A turn that only waits for a click to be over.
    pub(super) fn complete_at(&self) -> Option<Time> {
        self.pending.back().map(|last| last.to).filter(|_| self.words_are_known())
    }

    /// The turn as it would be if it ended now.
    fn turn_with(&self, open: &Open) -> Option<Said> {
        let mut turn: Vec<&Pending> =
            self.pending.iter().filter(|pending| !pending.aside).collect();
        let last = open.take.clone().map(|take| Pending {
            id: open.id,
            from: open.from,
            to: open.to,
            aside: false,
            take,
            before: Vec::new(),
        });
        turn.extend(&last);
        joined(&turn)
    }

    /// The other side is silent and all its words are known.
    pub(super) fn commit_if_complete(&mut self, now: Time) {
        // The first frames of the next utterance count as speech too: a turn that was cut for its
        // length is not complete.
        let silent = self.open.is_none() && self.onset.is_zero();
        if self.pending.is_empty() || !silent || !self.words_are_known() {
            return;
        }
        self.settle_over_ours();
        let ours = self.ours;
        let (aside, turn): (Vec<_>, Vec<_>) =
            self.pending.drain(..).partition(|pending| pending.aside || ours != Ours::Quiet);
        let said = joined(&turn.iter().collect::<Vec<_>>());
        if self.drafted.as_deref() == said.as_ref().map(|said| said.text.as_str()) {
            self.drafted = None;
        }
        self.drop_draft();
        if let Some(Said { text, from, to }) = joined(&aside.iter().collect::<Vec<_>>()) {
            self.outputs.push_back(Output::Backchannel { text, from, to });
        }
        if turn.is_empty() {
            return;
        }
        self.nudges = 0;
        self.drafts = 0;
        match said {
            Some(Said { text, from, to }) => {
                self.ours = Ours::Preparing { since: now };
                self.outputs.push_back(Output::CommitTurn { text, from, to });
            }
            None => {
                self.quiet_since = Some(now);
                self.outputs.push_back(Output::NotUnderstood);
            }
        }
    }

    /// Nothing, or no more than a sign that we are listened to.
    pub(super) fn is_no_interruption(&self, words: Option<&str>) -> bool {
        let Some(text) = words else { return true };
        remark(text, self.config.language, self.expected) == Remark::Backchannel
    }
}

/// `None` if there is no word.
fn joined(utterances: &[&Pending]) -> Option<Said> {
    let mut texts: Vec<&str> = Vec::new();
    for utterance in utterances {
        texts.extend(utterance.before.iter().map(String::as_str));
        texts.extend(utterance.take.words.iter().flatten().map(String::as_str));
    }
    if texts.is_empty() {
        return None;
    }
    let from = utterances.first()?.from;
    let to = utterances.last()?.to;
    Some(Said { text: texts.join(" "), from, to })
}
