//! Our side of the line: clauses through the gate, speech in order, turns as they were heard.

use domain::{Speaker, Time, Turn};
use turn::Expected;

use super::gate::Decision;
use super::messages::for_guest;
use super::{Output, Phase, Session};
use crate::audio::{Frame, SILENCE};
use crate::plugin::Clause;

impl Session {
    /// One clause: checked, and if it may be said, on its way to synthesis.
    pub(super) fn queue_clause(
        &mut self,
        now: Time,
        index: u32,
        text: &str,
        said: &str,
    ) -> Decision {
        let decision = self.check_clause(now, index, text, said);
        if let Decision::Say(text) = &decision {
            self.speak_clause(text);
        }
        decision
    }

    pub(super) fn check_clause(
        &mut self,
        now: Time,
        index: u32,
        text: &str,
        said: &str,
    ) -> Decision {
        let clause =
            Clause { turn: self.our_turn, index, text: text.to_owned(), said: said.to_owned() };
        let at_ms = self.since_answer(now);
        self.gate.decide(&mut self.guest, clause, at_ms)
    }

    /// To synthesis; whatever comes here has passed the gate.
    pub(super) fn speak_clause(&mut self, text: &str) {
        let clause = self.clauses;
        self.clauses += 1;
        self.playout.push(clause, text.to_owned());
        self.outputs.push_back(Output::Speak { clause, text: text.to_owned() });
    }

    /// A line of the plan or of the host: it passes the gate like any other.
    pub(super) fn queue_line(&mut self, now: Time, line: &str) {
        let mut clauses = turn::Clauses::new();
        let mut pieces = clauses.push(line);
        pieces.extend(clauses.finish());
        let mut said = String::new();
        for (index, piece) in (0..).zip(pieces) {
            if let Decision::Say(text) = self.queue_clause(now, index, &piece, &said) {
                if !said.is_empty() {
                    said.push(' ');
                }
                said.push_str(&text);
            }
        }
    }

    /// A line of the host in the middle of a conversation.
    pub(super) fn say_now(&mut self, now: Time, line: &str) {
        self.queue_line(now, line);
        self.announce_reply(now);
    }

    /// What is queued is a whole turn of ours.
    pub(super) fn announce_reply(&mut self, now: Time) {
        if self.playout.is_idle() {
            return;
        }
        self.turn.handle(now, turn::Input::ReplyReady);
        self.drain_turn(now);
        self.turn.handle(now, turn::Input::ReplyDone);
        self.drain_turn(now);
    }

    /// The frame of this tick.
    pub(super) fn send(&mut self, now: Time) -> Frame {
        let sent = self.playout.next();
        if let Some(text) = sent.begun {
            self.clause_begun(now, text);
        }
        if sent.frame.is_none() && self.speaking_since.is_some() && self.turn_is_said() {
            self.turn_said(now);
        }
        sent.frame.unwrap_or(SILENCE)
    }

    fn clause_begun(&mut self, now: Time, text: String) {
        if self.speaking_since.is_none() {
            self.speaking_since = Some(now);
        }
        if self.phase == Phase::Talking && !self.started {
            self.started = true;
            self.outputs.push_back(Output::Started);
        }
        self.outputs.push_back(Output::Partial { speaker: Speaker::Agent, text });
    }

    fn turn_is_said(&self) -> bool {
        self.playout.is_idle() && !self.playout.is_paused() && self.reply.is_none()
    }

    fn turn_said(&mut self, now: Time) {
        if matches!(self.phase, Phase::Ending { .. }) {
            // `check_ending` settles the goodbye.
            return;
        }
        self.end_our_turn(now, false);
        self.turn.handle(now, turn::Input::PlayoutIdle);
        self.drain_turn(now);
        if self.phase == Phase::Voicemail {
            self.phase = Phase::Over;
            self.outputs.push_back(Output::MessageLeft);
        }
    }

    /// Our turn is over, played out or cut off: the transcript takes what was heard.
    pub(super) fn end_our_turn(&mut self, now: Time, interrupted: bool) {
        for clause in self.playout.clear() {
            self.outputs.push_back(Output::Mute { clause });
        }
        let text = self.playout.take_turn();
        let Some(since) = self.speaking_since.take() else { return };
        self.our_turn += 1;
        if self.phase == Phase::Talking {
            self.expect(now, Expected::after(&text, self.language));
        }
        if text.is_empty() {
            return;
        }
        let turn = Turn {
            speaker: Speaker::Agent,
            text,
            started_ms: self.since_answer(since),
            ended_ms: self.since_answer(now),
            interrupted,
        };
        self.guest.spoke(&for_guest(&turn));
        self.remember(turn);
    }

    /// Prepared speech that nobody has heard is thrown away.
    pub(super) fn discard_speech(&mut self) {
        for clause in self.playout.clear() {
            self.outputs.push_back(Output::Mute { clause });
        }
        self.playout.take_turn();
    }

    /// Somebody speaks over us. A message is left all the same: what talks there does not listen.
    pub(super) fn pause_speaking(&mut self) {
        if self.phase != Phase::Voicemail {
            self.playout.pause();
        }
    }

    /// They only listened.
    pub(super) fn resume_speaking(&mut self, now: Time) {
        self.playout.resume();
        self.take_up_reply(now);
    }

    pub(super) fn interrupted(&mut self, now: Time) {
        if self.phase != Phase::Voicemail {
            self.forget_reply();
            self.end_our_turn(now, true);
        }
    }

    pub(super) fn speech_done(&mut self, now: Time, clause: u64, failed: bool) {
        if failed {
            tracing::warn!(clause, "a clause could not be synthesised and is not spoken");
        }
        self.playout.seal(clause);
        if failed {
            self.end_silent_turn(now);
        }
    }

    /// A turn whose speech failed whole is over without having begun.
    pub(super) fn end_silent_turn(&mut self, now: Time) {
        let silent = self.speaking_since.is_none() && !self.playout.held;
        if silent && self.turn_is_said() {
            self.playout.take_turn();
            self.turn.handle(now, turn::Input::PlayoutIdle);
            self.drain_turn(now);
        }
    }
}
