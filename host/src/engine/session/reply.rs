//! One turn of the model: its text becomes clauses, its tools are answered, its slips are withheld.

use std::collections::VecDeque;

use call::{Ended, FailReason};
use domain::Time;
use serde_json::json;

use super::gate::Decision;
use super::{END_CALL, Judged, Output, Phase, Question, ReplyEvent, Session, messages};
use crate::model::{Message, ToolCall};
use crate::plugin::ToolOutcome;

/// How often the model is asked again within one turn after a clause of its was withheld.
const WITHHELD_TRIES_MAX: u32 = 3;
/// Rounds of tool calls within one turn.
const TOOL_ROUNDS_MAX: u32 = 4;
/// How often a failed request for a turn is repeated.
const FAILURES_MAX: u32 = 1;
/// Turns that a judge is shown of what was said before.
const JUDGED_TURNS_MAX: usize = 8;

/// The turn in the making.
pub(super) struct Reply {
    id: u64,
    clauses: turn::Clauses,
    next_index: u32,
    /// What has passed the gate.
    pub(super) said: String,
    /// Clauses that were not checked yet: one before them is being judged.
    waiting: VecDeque<String>,
    /// The clause that the second model is asked about.
    judging: Option<Judging>,
    /// A clause that may not be said, and what to do about it once the turn is ours.
    refused: Option<(String, Decision)>,
    /// Why the model gave up, until the turn is ours.
    failed: Option<String>,
    /// The model has said everything.
    complete: bool,
    tools: Vec<ToolCall>,
    /// Added to the conversation for this turn only: tool results, reasons for withholding.
    notes: Vec<Message>,
    withheld: u32,
    rounds: u32,
    failures: u32,
}

struct Judging {
    judgement: u64,
    text: String,
}

impl Session {
    /// Asks the model for our next turn.
    pub(super) fn think(&mut self, now: Time) {
        self.forget_reply();
        self.reply = Some(Reply {
            id: 0,
            clauses: turn::Clauses::new(),
            next_index: 0,
            said: String::new(),
            waiting: VecDeque::new(),
            judging: None,
            refused: None,
            failed: None,
            complete: false,
            tools: Vec::new(),
            notes: Vec::new(),
            withheld: 0,
            rounds: 0,
            failures: 0,
        });
        self.ask(now);
    }

    /// Asks (again) with what this turn has gathered so far.
    fn ask(&mut self, _now: Time) {
        let Some(reply) = &mut self.reply else { return };
        reply.id = self.replies;
        self.replies += 1;
        reply.clauses = turn::Clauses::new();
        reply.waiting.clear();
        reply.judging = None;
        reply.refused = None;
        reply.failed = None;
        reply.complete = false;
        let drafted = self.draft.as_ref().map(|draft| &draft.turn);
        let history = self.history.iter().chain(drafted);
        let mut conversation = messages::conversation(&self.plan, history);
        if !reply.said.is_empty() && reply.tools.is_empty() && reply.rounds == 0 {
            let said = Message::text(crate::model::Role::Assistant, reply.said.as_str());
            conversation.push(said);
        }
        let (tool_notes, other_notes): (Vec<_>, Vec<_>) =
            reply.notes.iter().cloned().partition(|note| note.role != crate::model::Role::System);
        conversation.extend(tool_notes);
        conversation.extend(self.guidance.as_ref().map(messages::advice));
        conversation.extend(other_notes);
        let tools = messages::tools(&self.plan);
        let think = Output::Think { reply: reply.id, messages: conversation, tools };
        self.outputs.push_back(think);
    }

    pub(super) fn forget_reply(&mut self) {
        if let Some(reply) = self.reply.take() {
            self.outputs.push_back(Output::Forget { reply: reply.id });
        }
    }

    /// The other side went on before we began: what was prepared no longer fits. An opening that waits
    /// for somebody does.
    pub(super) fn discard_reply(&mut self) {
        if self.phase == Phase::Talking {
            self.forget_reply();
            self.discard_speech();
        }
    }

    pub(super) fn reply_event(&mut self, now: Time, id: u64, event: ReplyEvent) {
        if self.reply.as_ref().is_none_or(|reply| reply.id != id) {
            return;
        }
        match event {
            ReplyEvent::Text(text) => {
                let reply = self.reply_mut();
                reply.waiting.extend(reply.clauses.push(&text));
                self.go_on(now);
            }
            ReplyEvent::Tool(call) => self.reply_mut().tools.push(call),
            ReplyEvent::Done => self.reply_done(now),
            ReplyEvent::Failed(error) => self.reply_failed(now, &error),
        }
    }

    fn reply_mut(&mut self) -> &mut Reply {
        self.reply.as_mut().expect("checked by the caller: a reply is in the making")
    }

    /// Clauses in order, one at a time where they are judged; the first that is withheld ends what the
    /// model says, for the rest may build on it.
    fn go_on(&mut self, now: Time) {
        while let Some(reply) = &mut self.reply
            && reply.judging.is_none()
            && reply.refused.is_none()
        {
            let Some(piece) = reply.waiting.pop_front() else {
                if reply.complete && !self.reply_waits() {
                    self.reply_said(now);
                }
                return;
            };
            let index = reply.next_index;
            reply.next_index += 1;
            let said = reply.said.clone();
            match self.check_clause(now, index, &piece, &said) {
                Decision::Say(text) => self.judge_or_say(now, text, said),
                other => return self.refused(now, &piece, other),
            }
        }
    }

    fn judge_or_say(&mut self, now: Time, text: String, said: String) {
        let rules = self.gate.judged();
        if rules.is_empty() {
            return self.say_clause(now, &text);
        }
        let judgement = self.judgements;
        self.judgements += 1;
        let recent = self.history.len().saturating_sub(JUDGED_TURNS_MAX);
        let mut history = self.history[recent..].to_vec();
        history.extend(self.draft.as_ref().map(|draft| draft.turn.clone()));
        let question = Question { rules, history, said, clause: text.clone() };
        self.reply_mut().judging = Some(Judging { judgement, text });
        self.outputs.push_back(Output::Judge { judgement, question });
    }

    pub(super) fn judged(&mut self, now: Time, judgement: u64, judged: Judged) {
        let asked = self
            .reply
            .as_mut()
            .and_then(|reply| reply.judging.take_if(|judging| judging.judgement == judgement));
        // The turn it belonged to may be given up.
        let Some(Judging { text, .. }) = asked else { return };
        let at_ms = self.since_answer(now);
        match self.gate.decide_judged(text.clone(), judged, at_ms) {
            Decision::Say(text) => self.say_clause(now, &text),
            other => return self.refused(now, &text, other),
        }
        self.go_on(now);
    }

    fn say_clause(&mut self, now: Time, text: &str) {
        self.speak_clause(text);
        let reply = self.reply_mut();
        let first = reply.said.is_empty();
        if !first {
            reply.said.push(' ');
        }
        reply.said.push_str(text);
        if first && self.draft.is_none() {
            self.turn.handle(now, turn::Input::ReplyReady);
            self.drain_turn(now);
        }
    }

    fn refused(&mut self, now: Time, clause: &str, decision: Decision) {
        // Asking again commits us to nothing.
        let tries = self.reply_mut().withheld + 1;
        let again = matches!(decision, Decision::Withheld(_)) && tries < WITHHELD_TRIES_MAX;
        if self.reply_waits() && !again {
            self.reply_mut().refused = Some((clause.to_owned(), decision));
            return;
        }
        match decision {
            Decision::Say(_) => {}
            Decision::Withheld(reason) => self.clause_withheld(now, clause, &reason),
            Decision::End => self.close(now, Ended::Agent),
        }
    }

    /// It is clear that we may speak: what had to wait for that is done.
    pub(super) fn take_up_reply(&mut self, now: Time) {
        let Some(reply) = &mut self.reply else { return };
        if let Some((clause, decision)) = reply.refused.take() {
            return self.refused(now, &clause, decision);
        }
        if let Some(error) = reply.failed.take() {
            return self.reply_failed(now, &error);
        }
        self.go_on(now);
    }

    fn clause_withheld(&mut self, now: Time, clause: &str, reason: &str) {
        let note = messages::withheld(clause, reason);
        let reply = self.reply_mut();
        let id = reply.id;
        reply.withheld += 1;
        reply.tools.clear();
        reply.notes.push(note);
        let again = reply.withheld < WITHHELD_TRIES_MAX;
        self.outputs.push_back(Output::Forget { reply: id });
        if again {
            self.ask(now);
        } else {
            self.give_up(now);
        }
    }

    /// The model keeps offering what may not be said: the playbook's own wording, or a neutral line.
    fn give_up(&mut self, now: Time) {
        let suggestion = self.guidance.as_ref().and_then(|guidance| guidance.suggestion.clone());
        let said_something = !self.reply_mut().said.is_empty();
        let line = suggestion.unwrap_or_else(|| self.lines.neutral.to_owned());
        self.reply = None;
        if said_something {
            self.turn.handle(now, turn::Input::ReplyDone);
            return self.drain_turn(now);
        }
        self.say_now(now, &line);
    }

    fn reply_done(&mut self, now: Time) {
        let reply = self.reply_mut();
        reply.waiting.extend(reply.clauses.finish());
        reply.complete = true;
        self.go_on(now);
    }

    /// Every clause has passed.
    fn reply_said(&mut self, now: Time) {
        let reply = self.reply_mut();
        reply.complete = false;
        let tools = std::mem::take(&mut reply.tools);
        if !tools.is_empty() {
            return self.use_tools(now, tools);
        }
        self.complete_reply(now);
    }

    fn complete_reply(&mut self, now: Time) {
        let silent = self.reply.take().is_some_and(|reply| reply.said.is_empty());
        if silent {
            return self.say_now(now, self.lines.not_understood);
        }
        self.turn.handle(now, turn::Input::ReplyDone);
        self.drain_turn(now);
        self.end_silent_turn(now);
    }

    fn use_tools(&mut self, now: Time, tools: Vec<ToolCall>) {
        if let Some(end) = tools.iter().find(|call| call.name == END_CALL) {
            return self.end_call(now, end);
        }
        let said = self.said_before_tools();
        for call in &tools {
            let result = self.tool_result(call);
            let reply = self.reply_mut();
            reply.notes.push(Message::called(said.clone(), call));
            reply.notes.push(Message::result(call, result));
        }
        self.next_round(now);
    }

    fn tool_result(&mut self, call: &ToolCall) -> String {
        match self.guest.tool(&call.name, &call.arguments) {
            Ok(ToolOutcome::Answer(json)) => json,
            Ok(ToolOutcome::Ask(effect)) => {
                let error = format!("this server grants no effect of the kind {:?}", effect.kind);
                json!({ "error": error }).to_string()
            }
            Err(error) => json!({ "error": error }).to_string(),
        }
    }

    /// The model wants to hang up: allowed unless the playbook has open obligations.
    fn end_call(&mut self, now: Time, call: &ToolCall) {
        let refused = self.guest.may_end().err();
        let rounds = self.reply_mut().rounds;
        let Some(advice) = refused.filter(|_| rounds < TOOL_ROUNDS_MAX) else {
            let silent = self.reply.take().is_some_and(|reply| reply.said.is_empty());
            if silent {
                return self.close(now, Ended::Agent);
            }
            self.turn.handle(now, turn::Input::ReplyDone);
            self.drain_turn(now);
            return self.begin_ending(now, Ended::Agent, None);
        };
        let result = json!({
            "ended": false,
            "advice": advice.instruction,
            "suggested_wording": advice.suggestion,
        });
        let said = self.said_before_tools();
        self.guidance = Some(advice);
        let reply = self.reply_mut();
        reply.notes.push(Message::called(said, call));
        reply.notes.push(Message::result(call, result.to_string()));
        self.next_round(now);
    }

    fn said_before_tools(&mut self) -> Option<String> {
        let reply = self.reply_mut();
        let first = reply.rounds == 0 && !reply.said.is_empty();
        first.then(|| reply.said.clone())
    }

    fn next_round(&mut self, now: Time) {
        let reply = self.reply_mut();
        reply.rounds += 1;
        if reply.rounds > TOOL_ROUNDS_MAX {
            return self.complete_reply(now);
        }
        self.ask(now);
    }

    pub(super) fn reply_late(&mut self, now: Time) {
        self.forget_reply();
        if self.phase == Phase::Talking {
            self.close(now, Ended::Failed(FailReason::ModelError));
        }
    }

    fn reply_failed(&mut self, now: Time, error: &str) {
        if self.reply_waits() {
            self.reply_mut().failed = Some(error.to_owned());
            return;
        }
        tracing::warn!(error, "the language model failed in the middle of a turn");
        let reply = self.reply_mut();
        reply.failures += 1;
        if reply.failures <= FAILURES_MAX && reply.said.is_empty() {
            return self.ask(now);
        }
        if !reply.said.is_empty() {
            return self.complete_reply(now);
        }
        self.reply = None;
        if self.phase != Phase::Over {
            self.close(now, Ended::Failed(FailReason::ModelError));
        }
    }
}
