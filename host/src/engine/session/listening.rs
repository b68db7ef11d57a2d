//! What `core/turn` makes of the line, and what follows from it for the conversation.

use std::time::Duration;

use call::Ended;
use domain::{Speaker, Time, Turn};
use turn::Expected;

use super::messages::for_guest;
use super::{EARLY_ANSWER_FRAMES, FAREWELL_MS_MAX, Output, Phase, Session};
use crate::plugin::Guidance;

impl Session {
    pub(super) fn drain_turn(&mut self, now: Time) {
        while let Some(output) = self.turn.poll() {
            match output {
                turn::Output::UtteranceStarted { .. } => self.utterance_started(now),
                turn::Output::Listen { take, from, to } => {
                    let samples = self.hearing.between(from, to);
                    self.listening.insert(take);
                    self.outputs.push_back(Output::Transcribe { take, samples });
                }
                turn::Output::DropTake { take } => {
                    if self.listening.remove(&take) {
                        self.outputs.push_back(Output::Disregard { take });
                    }
                }
                turn::Output::UtteranceEnded { .. } => {
                    self.line.handle(now, line::Input::UtteranceEnded);
                }
                turn::Output::Understood { text, .. } => self.understood(now, text),
                turn::Output::Draft { text, from, to } => self.draft(now, text, from, to),
                turn::Output::DropDraft => self.drop_draft(),
                turn::Output::CommitTurn { text, from, to } => {
                    self.turn_heard(now, &text, from, to)
                }
                turn::Output::Backchannel { text, from, to } => {
                    self.note_turn(&text, from, to);
                }
                turn::Output::NotUnderstood => self.not_understood(now),
                turn::Output::PauseSpeaking { .. } => self.pause_speaking(),
                turn::Output::ResumeSpeaking => self.resume_speaking(now),
                turn::Output::StopSpeaking { .. } => self.interrupted(now),
                turn::Output::DiscardReply => self.discard_reply(),
                turn::Output::ReplyLate => self.reply_late(now),
                turn::Output::Nudge { nth } => self.nudge(now, nth),
                turn::Output::DeadLine => self.close(now, Ended::DeadLine),
            }
        }
    }

    fn utterance_started(&mut self, now: Time) {
        self.line.handle(now, line::Input::UtteranceStarted);
        if self.phase == Phase::Talking && self.speaking_since.is_some() {
            let heard = self.playout.heard_within(EARLY_ANSWER_FRAMES);
            self.expect(now, Expected::after(&heard, self.language));
        }
        if let Phase::Ending { until: Some(until), .. } = &mut self.phase {
            *until = now + Duration::from_millis(FAREWELL_MS_MAX);
        }
    }

    /// What answered may be told by the words of an utterance that is over.
    fn understood(&mut self, now: Time, text: Option<String>) {
        if self.is_classifying() {
            self.line.handle(now, line::Input::Words(text.unwrap_or_default()));
            self.drain_line(now);
        }
    }

    pub(super) fn transcribed(&mut self, now: Time, take: u64, text: Option<String>) {
        if self.listening.remove(&take) {
            self.turn.handle(now, turn::Input::Transcript { take, text });
            self.drain_turn(now);
        }
    }

    pub(super) fn expect(&mut self, now: Time, expected: Expected) {
        self.turn.handle(now, turn::Input::Expect(expected));
    }

    /// A turn of the other side is complete: the playbook hears it, and if we are talking, we answer.
    fn turn_heard(&mut self, now: Time, text: &str, from: Time, to: Time) {
        if let Some(draft) = self.draft.take() {
            return self.commit_draft(now, draft);
        }
        let guidance = self.note_turn(text, from, to);
        match self.phase {
            Phase::Talking if self.reply_is_due() => {
                self.guidance = guidance;
                self.think(now);
            }
            Phase::Ending { how, until: Some(_) } => self.hang_up(how),
            _ => {}
        }
    }

    /// The opening still waits to be said: it answers the greeting.
    pub(super) fn reply_is_due(&self) -> bool {
        self.started || self.playout.is_idle()
    }

    fn note_turn(&mut self, text: &str, from: Time, to: Time) -> Option<Guidance> {
        let turn = self.their_turn(text, from, to);
        let guidance = self.guest.heard(&for_guest(&turn));
        self.tell_turn(turn);
        guidance
    }

    pub(super) fn their_turn(&self, text: &str, from: Time, to: Time) -> Turn {
        Turn {
            speaker: Speaker::Callee,
            text: text.to_owned(),
            started_ms: self.since_answer(from),
            ended_ms: self.since_answer(to),
            interrupted: false,
        }
    }

    pub(super) fn tell_turn(&mut self, turn: Turn) {
        let partial = Output::Partial { speaker: Speaker::Callee, text: turn.text.clone() };
        self.outputs.push_back(partial);
        self.remember(turn);
    }

    pub(super) fn remember(&mut self, turn: Turn) {
        self.outputs.push_back(Output::Final(turn.clone()));
        self.history.push(turn);
    }
}
