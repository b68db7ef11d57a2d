//! Speech over ours: a sign of listening, an interruption, or nothing at all.

use std::time::Duration;

use domain::Time;

use super::{Machine, Ours, Output};
use crate::words::{Expected, Remark, remark};

impl Machine {
    /// At first by duration alone: we pause while it is not clear, and stop when it is long.
    pub(super) fn check_interruption(&mut self, now: Time) {
        let Some(open) = &mut self.open else { return };
        let pause = open.over_ours >= Duration::from_millis(self.config.barge_in_ms);
        let stop = open.over_ours >= Duration::from_millis(self.config.interruption_ms);
        match self.ours {
            Ours::Speaking { complete } if pause && !self.ending => {
                open.aside = false;
                self.ours = Ours::Paused { complete };
                self.outputs.push_back(Output::PauseSpeaking { at: now });
            }
            Ours::Paused { .. } if stop => self.stop_speaking(now),
            _ => {}
        }
    }

    /// Then by words, as soon as they are known.
    pub(super) fn words_over_ours(&mut self, now: Time) {
        let open = self.open.as_ref().map(|open| (open.aside, open.take.as_ref()));
        let pending = self.pending.iter().map(|pending| (pending.aside, Some(&pending.take)));
        let stops = pending.chain(open).any(|(aside, take)| {
            let words = take.and_then(|take| take.words.as_ref());
            words.is_some_and(|words| self.stops_us(aside, words.as_deref()))
        });
        if stops {
            self.stop_speaking(now);
        }
    }

    fn stops_us(&self, aside: bool, words: Option<&str>) -> bool {
        match self.ours {
            Ours::Paused { .. } => !aside && !self.is_no_interruption(words),
            // A sound so short is only believed if it is a word for it, or an answer.
            Ours::Speaking { .. } if aside && !self.ending => {
                words.is_some_and(|text| self.takes_the_turn(text))
            }
            _ => false,
        }
    }

    fn takes_the_turn(&self, text: &str) -> bool {
        let plain = remark(text, self.config.language, Expected::Nothing);
        let asked = remark(text, self.config.language, self.expected);
        let answers = plain == Remark::Backchannel && asked == Remark::Words;
        answers || asked == Remark::Stop
    }

    fn stop_speaking(&mut self, now: Time) {
        self.ours = Ours::Quiet;
        if let Some(open) = &mut self.open {
            open.aside = false;
        }
        self.take_late_answers();
        self.outputs.push_back(Output::StopSpeaking { at: now });
    }

    /// When words that would decide are no longer waited for.
    pub(super) fn verdict_at(&self) -> Option<Time> {
        if !matches!(self.ours, Ours::Paused { .. }) {
            return None;
        }
        let limit = Duration::from_millis(self.config.verdict_ms_max);
        let open = self.open.as_ref().map(|open| open.take.as_ref());
        if open.is_some_and(|take| take.is_none()) {
            return None;
        }
        let takes = self.pending.iter().map(|pending| &pending.take).chain(open.flatten());
        takes.map(|take| take.asked_at + limit).max()
    }

    /// Silence, and no word that says otherwise: it was no interruption.
    pub(super) fn check_verdict(&mut self, now: Time) {
        if !self.onset.is_zero() || self.verdict_at().is_none_or(|at| now < at) {
            return;
        }
        if let Some(open) = self.open.take() {
            self.end_utterance(now, open);
        }
        self.resume_speaking();
    }

    /// Everything said over us is over, and its words are known.
    pub(super) fn settle_over_ours(&mut self) {
        match self.ours {
            Ours::Paused { .. } => self.resume_speaking(),
            Ours::Quiet => self.take_late_answers(),
            Ours::Speaking { .. } | Ours::Preparing { .. } => {}
        }
    }

    fn resume_speaking(&mut self) {
        let Ours::Paused { complete } = self.ours else { return };
        self.ours = Ours::Speaking { complete };
        for pending in &mut self.pending {
            pending.aside = true;
        }
        self.outputs.push_back(Output::ResumeSpeaking);
    }

    /// What was too short to stop us may have been an answer, just before we finished.
    pub(super) fn take_late_answers(&mut self) {
        for at in 0..self.pending.len() {
            let words = self.pending[at].take.words.as_ref().and_then(Option::as_deref);
            let listens = self.is_no_interruption(words);
            self.pending[at].aside &= listens;
        }
    }
}
