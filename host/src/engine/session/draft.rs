//! An answer that is prepared before it is certain that the other side has finished.
//!
//! The playbook hears the turn, the model answers, clauses are checked and synthesised, and nothing of
//! it leaves: it is said when the turn is committed, or all of it is taken back. Whatever cannot be
//! taken back (a tool, the end of the call, giving up) waits for the commit.

use domain::{Time, Turn};

use super::messages::for_guest;
use super::{Phase, Session};
use crate::plugin::Guidance;

pub(super) struct Draft {
    pub(super) turn: Turn,
    /// The advice before it.
    guidance: Option<Guidance>,
}

impl Session {
    pub(super) fn draft(&mut self, now: Time, text: String, from: Time, to: Time) {
        if self.phase != Phase::Talking || !self.reply_is_due() {
            return;
        }
        let turn = self.their_turn(&text, from, to);
        let advice = self.guest.heard(&for_guest(&turn));
        let guidance = std::mem::replace(&mut self.guidance, advice);
        self.draft = Some(Draft { turn, guidance });
        self.playout.held = true;
        self.think(now);
    }

    /// The other side went on: nothing of it was ever said or heard. What the gate withheld of it stays
    /// in the report, for the model did offer it.
    pub(super) fn drop_draft(&mut self) {
        let Some(draft) = self.draft.take() else { return };
        self.forget_reply();
        self.discard_speech();
        self.playout.held = false;
        self.guidance = draft.guidance;
        self.guest.unhear();
    }

    /// The turn was complete: what is prepared may be heard.
    pub(super) fn commit_draft(&mut self, now: Time, draft: Draft) {
        self.tell_turn(draft.turn);
        self.playout.held = false;
        let begun = self.reply.as_ref().is_some_and(|reply| !reply.said.is_empty());
        if begun {
            self.turn.handle(now, turn::Input::ReplyReady);
            self.drain_turn(now);
        }
        self.take_up_reply(now);
    }

    /// What the model does besides speaking waits while it is open whether it may speak.
    pub(super) fn reply_waits(&self) -> bool {
        self.draft.is_some() || self.playout.is_paused()
    }
}
