//! The lifecycle of one call: the whole table of transitions, and what each one causes.
//!
//! A call waits (`queued`, `scheduled`, `retry_scheduled`, `needs_follow_up`), is live (`dialing`,
//! `connected`, `in_progress`, `voicemail`) or is over. `no_answer` and `busy` are passed through
//! within one input: a call is never at rest in them, so they take nothing.
//!
//! Every change of status records an event, except these four, for which the product has none:
//! `scheduled` → `queued` and `needs_follow_up` → `retry_scheduled` when due, `connected` →
//! `in_progress`, and `dialing` → `voicemail`.

use std::collections::VecDeque;
use std::time::Duration;

use domain::Time;

use crate::retry::{self, Next};
use crate::{
    AnsweredBy, Call, Ended, Event, FailReason, FollowUp, Input, NewCall, OnScreening, OnVoicemail,
    Output, Reason, Refused, Settled, Status,
};

/// A phone that has rung for this long is not going to be picked up.
pub const RING_SECS_MAX: u64 = 45;
/// From the answer to somebody to talk to: long enough for a screening assistant to ask its human.
pub const UNCLASSIFIED_SECS_MAX: u64 = 120;
/// From the answer of a voicemail to the end of our message.
pub const VOICEMAIL_SECS_MAX: u64 = 180;
/// So long before its cap a conversation is closed: the closing line must fit before it.
pub const CLOSING_LEAD_SECS: u64 = 10;
/// From asking for the end of a leg to no longer waiting for it: a second past the cap.
pub const CLOSING_SECS_MAX: u64 = CLOSING_LEAD_SECS + 1;
/// A follow-up without a time is closed after this long.
pub const FOLLOW_UP_LAPSE_DAYS: u64 = 7;
/// A call-back time further off than this was misunderstood.
pub const FOLLOW_UP_DAYS_MAX: u64 = 366;
/// Bounds of [`Call::max_duration_minutes`].
pub const DURATION_MINUTES_MAX: u32 = 120;

const DAY_SECS: u64 = 24 * 60 * 60;

/// Drain [`Machine::poll`] after each input, before the next.
pub struct Machine {
    call: Call,
    outputs: VecDeque<Output>,
}

impl Machine {
    /// A new call: `queued`, or `scheduled` for a later time. Records `call.queued`.
    pub fn create(now: Time, new: NewCall) -> Machine {
        let later = new.schedule_at.filter(|at| *at > now);
        let call = Call {
            status: if later.is_some() { Status::Scheduled } else { Status::Queued },
            attempt: 0,
            policy: new.policy,
            on_screening: new.on_screening,
            max_duration_minutes: new.max_duration_minutes,
            created_at: now,
            due_at: Some(later.unwrap_or(now)),
            dialed_at: None,
            answered_at: None,
            closing_at: None,
            ended_at: None,
            answered_by: None,
            paused: false,
            reason: None,
        };
        let mut machine = Machine::resume(call);
        machine.record(Event::Queued);
        machine
    }

    /// A call read back from its row.
    pub fn resume(call: Call) -> Machine {
        Machine { call, outputs: VecDeque::new() }
    }

    pub fn call(&self) -> &Call {
        &self.call
    }

    /// The table. What it does not list is refused and changes nothing.
    pub fn handle(&mut self, now: Time, input: Input) -> Result<(), Refused> {
        debug_assert!(self.outputs.is_empty(), "drain the outputs of one input before the next");
        match (self.call.status, input) {
            // Waiting.
            (status, Input::Claimed) if status.is_waiting() && self.is_due(now) => self.claim(now),
            (status, Input::Deferred(at)) if status.is_waiting() && self.is_due(now) => {
                self.defer(now, at);
            }
            (status, Input::Paused) if status.is_waiting() && self.is_due(now) => {
                self.pause(now);
            }
            (status, Input::Refused(reason)) if status.is_waiting() && self.is_due(now) => {
                self.refuse(reason);
            }
            (status, Input::Timeout(Reason::Due)) if status.is_waiting() && self.is_due(now) => {
                self.become_due(now);
            }
            (status, Input::Timeout(Reason::Expired))
                if status.is_waiting() && self.is_expired(now) =>
            {
                self.expire();
            }
            (Status::NeedsFollowUp, Input::Timeout(Reason::FollowUpLapsed))
                if self.has_passed(now, self.lapses_at()) =>
            {
                self.complete();
            }

            // Ringing.
            (Status::Dialing, Input::Ringing) if self.is_ringing() => {}
            (Status::Dialing, Input::Answered) if self.is_ringing() => {
                self.call.answered_at = Some(now);
            }
            (Status::Dialing, Input::Busy) if self.is_ringing() => {
                self.fail_attempt(now, FailReason::Busy);
            }
            (Status::Dialing, Input::NoAnswer) if self.is_ringing() => {
                self.fail_attempt(now, FailReason::NoAnswer);
            }
            (Status::Dialing, Input::LegFailed(reason)) if self.is_ringing() => {
                self.fail_attempt(now, reason);
            }
            (Status::Dialing, Input::Timeout(Reason::NoAnswer))
                if self.is_ringing() && self.leg_timed_out(now) =>
            {
                self.drop_attempt(now, FailReason::NoAnswer);
            }

            // Answered, by what is not yet known, or by a screening assistant.
            (Status::Dialing, Input::Classified(AnsweredBy::Screener)) if self.is_screened() => {
                return Err(Refused { status: self.call.status, input });
            }
            (Status::Dialing, Input::Classified(by)) if !self.is_ringing() => {
                self.classified(now, by);
            }
            (Status::Dialing, Input::LegEnded(ended)) if !self.is_ringing() => {
                self.fail_attempt(now, self.why_unheard(ended));
            }
            (Status::Dialing, Input::Timeout(Reason::Unclassified))
                if !self.is_ringing() && self.leg_timed_out(now) =>
            {
                self.drop_attempt(now, self.why_unheard(Ended::DeadLine));
            }

            // Talking, or talking to a machine.
            (Status::Connected, Input::ConversationStarted) if self.leg_is_up() => {
                self.call.status = Status::InProgress;
            }
            (Status::Voicemail, Input::MessageLeft) if self.leg_is_up() && !self.message_left() => {
                self.call.reason = None;
                self.call.closing_at = Some(now);
                self.act(Output::HangUp);
            }
            (
                Status::Connected | Status::InProgress | Status::Voicemail,
                Input::Timeout(Reason::MaxDuration),
            ) if self.leg_timed_out(now) => self.cap_reached(now),
            (
                Status::Connected | Status::InProgress | Status::Voicemail,
                Input::LegEnded(ended),
            ) if self.leg_is_up() => self.leg_ended(now, ended),

            // Settling.
            (
                Status::Connected | Status::InProgress | Status::Voicemail,
                Input::Settled(settled),
            ) if !self.leg_is_up() => self.settled(now, settled),

            // At any time.
            (Status::Cancelled, Input::Cancel) => {}
            (Status::Dialing, Input::Cancel) => {
                self.end(Status::Cancelled, Event::Cancelled);
                self.act(Output::HangUp);
            }
            (status, Input::Cancel) if status.is_waiting() => {
                self.end(Status::Cancelled, Event::Cancelled);
            }
            (status, Input::NodeLost) if status.is_live() => self.node_lost(now),

            (status, input) => return Err(Refused { status, input }),
        }
        Ok(())
    }

    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The next time at which the machine wants `Timeout` with that reason. A stale one is refused
    /// and does no harm.
    ///
    /// A call that is due is the dispatcher's: it answers with `Claimed` once a node has room, and
    /// until then `Due` stays where it is. One that waits for money has no time: whoever brings the
    /// money brings the call back. `Timeout(Due)` only brings the status up to date.
    pub fn deadline(&self) -> Option<(Time, Reason)> {
        if self.call.status.is_waiting() {
            let due = self.call.due_at.filter(|_| !self.call.paused).map(|at| (at, Reason::Due));
            let expired = self.call.policy.expires_at.map(|at| (at, Reason::Expired));
            let lapsed = self.lapses_at().map(|at| (at, Reason::FollowUpLapsed));
            return [due, expired, lapsed].into_iter().flatten().min();
        }
        self.leg_deadline()
    }
}

// What a call is, beyond its status.
impl Machine {
    fn is_due(&self, now: Time) -> bool {
        self.has_passed(now, self.call.due_at)
    }

    fn is_expired(&self, now: Time) -> bool {
        self.has_passed(now, self.call.policy.expires_at)
    }

    fn has_passed(&self, now: Time, at: Option<Time>) -> bool {
        at.is_some_and(|at| at <= now)
    }

    fn has_attempts_left(&self) -> bool {
        self.call.attempt < self.call.policy.max_attempts
    }

    fn is_ringing(&self) -> bool {
        self.call.answered_at.is_none()
    }

    fn is_screened(&self) -> bool {
        self.call.answered_by == Some(AnsweredBy::Screener)
    }

    fn leg_is_up(&self) -> bool {
        self.call.ended_at.is_none()
    }

    /// Only of a call in `voicemail`, which is entered with the reason set.
    fn message_left(&self) -> bool {
        self.call.reason.is_none()
    }

    fn leg_timed_out(&self, now: Time) -> bool {
        self.leg_deadline().is_some_and(|(at, _)| at <= now)
    }

    /// When the leg of a live call is to be over, or at least further than now.
    fn leg_deadline(&self) -> Option<(Time, Reason)> {
        if !self.call.status.is_live() || !self.leg_is_up() {
            return None;
        }
        let Some(answered_at) = self.call.answered_at else {
            let dialed_at = self.call.dialed_at.unwrap_or(self.call.created_at);
            return Some((dialed_at + Duration::from_secs(RING_SECS_MAX), Reason::NoAnswer));
        };
        if let Some(closing_at) = self.call.closing_at {
            let gone_at = closing_at + Duration::from_secs(CLOSING_SECS_MAX);
            return Some((gone_at, Reason::MaxDuration));
        }
        let minutes = self.call.max_duration_minutes.clamp(1, DURATION_MINUTES_MAX);
        let cap_secs = u64::from(minutes) * 60;
        let (secs, reason) = match self.call.status {
            Status::Dialing => (cap_secs.min(UNCLASSIFIED_SECS_MAX), Reason::Unclassified),
            Status::Voicemail => (cap_secs.min(VOICEMAIL_SECS_MAX), Reason::MaxDuration),
            _ => (cap_secs - CLOSING_LEAD_SECS, Reason::MaxDuration),
        };
        Some((answered_at + Duration::from_secs(secs), reason))
    }

    fn lapses_at(&self) -> Option<Time> {
        if self.call.status != Status::NeedsFollowUp || self.call.due_at.is_some() {
            return None;
        }
        let asked_at = self.call.ended_at.unwrap_or(self.call.created_at);
        Some(asked_at + Duration::from_secs(FOLLOW_UP_LAPSE_DAYS * DAY_SECS))
    }

    /// Why a leg that was answered came to nothing before there was anybody to talk to.
    fn why_unheard(&self, ended: Ended) -> FailReason {
        match ended {
            Ended::Failed(reason) => reason,
            _ if self.is_screened() => FailReason::Screened,
            Ended::Callee => FailReason::Rejected,
            Ended::Agent | Ended::MaxDuration | Ended::DeadLine => FailReason::CarrierError,
        }
    }
}

// What happens to it.
impl Machine {
    /// A due call is dialled, unless its policy ended meanwhile.
    fn claim(&mut self, now: Time) {
        if self.is_expired(now) {
            return self.expire();
        }
        if !self.has_attempts_left() {
            return match self.call.status {
                Status::NeedsFollowUp => self.complete(),
                _ => self.end(Status::Exhausted, Event::Exhausted),
            };
        }
        let call = &mut self.call;
        call.status = Status::Dialing;
        call.attempt += 1;
        call.due_at = None;
        call.paused = false;
        call.dialed_at = Some(now);
        call.answered_at = None;
        call.closing_at = None;
        call.ended_at = None;
        call.answered_by = None;
        call.reason = None;
        self.record(Event::Attempting);
        self.act(Output::Dial);
    }

    /// One that would only be open after its policy's end is over now.
    fn defer(&mut self, now: Time, at: Time) {
        let too_late = self.call.policy.expires_at.is_some_and(|end| end <= at);
        if self.is_expired(now) || too_late {
            return self.expire();
        }
        self.become_due(now);
        if self.call.status.is_waiting() {
            self.call.due_at = Some(at);
            self.call.paused = false;
        }
    }

    fn pause(&mut self, now: Time) {
        if self.is_expired(now) {
            return self.expire();
        }
        self.become_due(now);
        self.call.paused = self.call.status.is_waiting();
    }

    /// Not even tried, or not any more: nothing failed, and nothing will be tried. A conversation that
    /// was held is complete as it stands.
    fn refuse(&mut self, reason: FailReason) {
        if self.call.status == Status::NeedsFollowUp {
            return self.complete();
        }
        self.call.reason = Some(reason);
        self.end(Status::Cancelled, Event::Cancelled);
    }

    /// A follow-up is an attempt like any other: one that the callee asked for is dialled if
    /// `max_attempts` has room for it, and otherwise the call is complete as it stands.
    fn become_due(&mut self, now: Time) {
        match self.call.status {
            Status::NeedsFollowUp if self.is_expired(now) || !self.has_attempts_left() => {
                self.complete();
            }
            Status::NeedsFollowUp => self.call.status = Status::RetryScheduled,
            Status::Scheduled => self.call.status = Status::Queued,
            _ => {}
        }
    }

    /// A call whose conversation was held is complete; any other ran out of time.
    fn expire(&mut self) {
        if self.call.status == Status::NeedsFollowUp {
            return self.complete();
        }
        self.call.reason = Some(FailReason::Expired);
        self.end(Status::Exhausted, Event::Exhausted);
    }

    fn classified(&mut self, now: Time, by: AnsweredBy) {
        self.call.answered_by = Some(by);
        match by {
            AnsweredBy::Human | AnsweredBy::Unknown => {
                self.call.status = Status::Connected;
                self.record(Event::Connected);
                self.act(Output::StartConversation);
            }
            AnsweredBy::Voicemail => match self.call.policy.on_voicemail {
                OnVoicemail::LeaveMessage => {
                    self.call.status = Status::Voicemail;
                    self.call.reason = Some(FailReason::Voicemail);
                    self.act(Output::LeaveMessage);
                }
                OnVoicemail::HangUp | OnVoicemail::Retry => {
                    self.drop_attempt(now, FailReason::Voicemail);
                }
            },
            AnsweredBy::Screener => match self.call.on_screening {
                OnScreening::Navigate => self.act(Output::AnswerScreening),
                OnScreening::HangUp => self.drop_attempt(now, FailReason::Screened),
            },
        }
    }

    /// First time: end it politely. Second time: the leg did not end, so stop waiting for it.
    fn cap_reached(&mut self, now: Time) {
        if self.call.closing_at.is_some() {
            self.call.ended_at = Some(now);
            self.act(Output::HangUp);
            self.act(Output::Settle);
            return;
        }
        self.call.closing_at = Some(now);
        self.act(match self.call.status {
            Status::Voicemail => Output::HangUp,
            _ => Output::CloseConversation,
        });
    }

    /// What was said before a failure is kept: it is settled like any other conversation, and only
    /// then does the attempt fail. A message that was left whole cannot fail any more.
    fn leg_ended(&mut self, now: Time, ended: Ended) {
        let done = self.call.status == Status::Voicemail && self.message_left();
        if let Ended::Failed(reason) = ended
            && !done
        {
            self.call.reason = Some(reason);
        }
        self.call.ended_at = Some(now);
        self.act(Output::Settle);
    }

    /// In this order: a request not to be called ends everything; a call-back the callee asked for
    /// beats the retry policy; then the leg's own failure counts.
    fn settled(&mut self, now: Time, settled: Settled) {
        if settled.channel_switched {
            self.record(Event::ChannelSwitched);
        }
        if settled.do_not_call {
            self.record(Event::DncRequested);
            return self.complete();
        }
        if settled.wrong_number {
            return self.complete();
        }
        if let Some(follow_up) = settled.follow_up {
            return self.follow_up(now, follow_up);
        }
        match self.call.reason {
            Some(reason) => self.fail_attempt(now, reason),
            None => self.complete(),
        }
    }

    fn follow_up(&mut self, now: Time, follow_up: FollowUp) {
        let latest = now + Duration::from_secs(FOLLOW_UP_DAYS_MAX * DAY_SECS);
        let at = follow_up.at.filter(|at| *at <= latest);
        self.call.status = Status::NeedsFollowUp;
        self.call.due_at = at.map(|at| at.max(now));
        self.call.reason = None;
        self.record(Event::NeedsFollowUp);
    }

    /// The node is gone, its leg perhaps not: so hang up. What had already come to an end is settled
    /// again; it must not ring a second time.
    fn node_lost(&mut self, now: Time) {
        if !self.leg_is_up() {
            return self.act(Output::Settle);
        }
        if self.call.status == Status::Voicemail && self.message_left() {
            self.call.ended_at = Some(now);
            self.act(Output::HangUp);
            return self.act(Output::Settle);
        }
        self.drop_attempt(now, FailReason::NodeLost);
    }

    fn drop_attempt(&mut self, now: Time, reason: FailReason) {
        self.fail_attempt(now, reason);
        self.act(Output::HangUp);
    }

    fn fail_attempt(&mut self, now: Time, reason: FailReason) {
        self.call.reason = Some(reason);
        if !self.is_ringing() && self.leg_is_up() {
            self.call.ended_at = Some(now);
        }
        self.record(Event::AttemptFailed);
        match retry::after_failure(&self.call.policy, self.call.attempt, reason, now) {
            Next::Retry(at) => {
                self.call.status = Status::RetryScheduled;
                self.call.due_at = Some(at);
            }
            Next::Exhausted => self.end(Status::Exhausted, Event::Exhausted),
            Next::Failed => self.end(Status::Failed, Event::Failed),
        }
    }

    fn complete(&mut self) {
        self.call.reason = None;
        self.end(Status::Completed, Event::Completed);
    }

    fn end(&mut self, status: Status, event: Event) {
        self.call.status = status;
        self.call.due_at = None;
        self.call.paused = false;
        self.record(event);
    }

    fn record(&mut self, event: Event) {
        self.outputs.push_back(Output::Record(event));
    }

    fn act(&mut self, output: Output) {
        self.outputs.push_back(output);
    }
}
