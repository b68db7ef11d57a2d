//! The lifecycle task: owns the row of one call while this node holds its lease.
//!
//! Every step is the same: the machine decides, the row and its events are committed, and only then
//! something is done. So an attempt is written before anything rings.

use std::path::PathBuf;
use std::sync::Arc;

use call::billing::month_of;
use call::gate::Gate;
use call::{Ended, Event, FailReason, Input, Machine, Output, Reason, Status, region};
use domain::{E164, Speaker, Time};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep};

use super::dispatcher::Parts;
use super::limit_seconds;
use super::media::{self, Command, Over, Report};
use super::session::{Finished, Session, Start, recording_notice};
use super::{Control, gate, guest, settle};
use crate::actions::voices;
use crate::carrier::{Dial, DialError, LegEvent};
use crate::clock;
use crate::events::{Live, payload};
use crate::plugin::GuardedCall;
use crate::store::{
    Attempt, CallRecord, Change, Disclosure, DoNotCall, Metered, OrgSettings, RequestKind,
    StoreError, Usage, new_attempt_id,
};
use crate::telemetry::metrics;

const COMMANDS_MAX: usize = 16;
const REPORTS_MAX: usize = 64;
/// A store that fails is tried again after so long; the lease bounds how often.
const STORE_RETRY: Duration = Duration::from_millis(500);
const STORE_TRIES_MAX: u32 = 10;

pub(super) struct Lifecycle {
    parts: Arc<Parts>,
    record: CallRecord,
    attempt: Option<Attempt>,
    leg: Option<mpsc::Sender<Command>>,
    reports: Option<mpsc::Receiver<Report>>,
    /// What the leg left behind, until it is settled.
    finished: Option<(Finished, Option<PathBuf>)>,
    /// Billed, and not yet on the meter.
    unmetered: Option<Usage>,
}

/// The row is no longer ours, or the store does not work: leave it to whoever finds it.
struct Lost;

/// How a call came to this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// It was due.
    Due,
    /// The node that held it is gone.
    FromLostNode,
}

pub(super) async fn run(
    parts: Arc<Parts>,
    record: CallRecord,
    came: Came,
    mut control: mpsc::Receiver<Control>,
) {
    let id = record.id;
    let mut task = Lifecycle {
        parts,
        record,
        attempt: None,
        leg: None,
        reports: None,
        finished: None,
        unmetered: None,
    };
    if task.live(came, &mut control).await.is_err() {
        tracing::warn!(call = %id, "a call was left to another owner");
    }
}

impl Lifecycle {
    async fn live(
        &mut self,
        came: Came,
        control: &mut mpsc::Receiver<Control>,
    ) -> Result<(), Lost> {
        self.attempt = self.last_attempt().await?;
        let first = match came {
            Came::FromLostNode => Input::NodeLost,
            Came::Due => self.due_input().await?,
        };
        self.step(first).await?;
        while self.record.call.status.is_live() {
            let deadline = Machine::resume(self.record.call.clone()).deadline();
            tokio::select! {
                report = next_report(&mut self.reports) => self.reported(report).await?,
                Some(control) = control.recv() => self.controlled(control).await?,
                () = until(deadline) => {
                    if let Some((_, reason)) = deadline {
                        self.step(Input::Timeout(reason)).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Why a waiting call was claimed.
    async fn due_input(&self) -> Result<Input, Lost> {
        let now = clock::now();
        let expired = self.record.call.policy.expires_at.is_some_and(|at| at <= now);
        if expired {
            return Ok(Input::Timeout(Reason::Expired));
        }
        if let Some((at, Reason::FollowUpLapsed)) =
            Machine::resume(self.record.call.clone()).deadline()
            && at <= now
        {
            return Ok(Input::Timeout(Reason::FollowUpLapsed));
        }
        let gate = gate::gate(&self.parts, &self.record, now).await.map_err(|error| {
            // Without an answer nothing is dialled; the lease runs out and the call comes again.
            tracing::error!(call = %self.record.id, %error, "a call could not be checked");
            Lost
        })?;
        Ok(match gate {
            Gate::Dial => Input::Claimed,
            Gate::Wait(at) => Input::Deferred(at),
            Gate::Pause => Input::Paused,
            Gate::Refuse(reason) => Input::Refused(reason),
        })
    }

    async fn reported(&mut self, report: Option<Report>) -> Result<(), Lost> {
        match report {
            Some(Report::Leg(event)) => self.leg_event(event).await,
            Some(Report::Classified(by)) => self.step(Input::Classified(by)).await,
            Some(Report::Started) => self.step(Input::ConversationStarted).await,
            Some(Report::MessageLeft) => self.step(Input::MessageLeft).await,
            Some(Report::Over(over)) => self.leg_over(*over).await,
            None => {
                // The media task died: a bug, but the call must end.
                self.reports = None;
                self.leg = None;
                tracing::error!(call = %self.record.id, "the media task of a call ended early");
                self.lost_leg(FailReason::CarrierError).await
            }
        }
    }

    async fn leg_event(&mut self, event: LegEvent) -> Result<(), Lost> {
        let input = match event {
            LegEvent::Ringing => Input::Ringing,
            LegEvent::Answered => Input::Answered,
            LegEvent::Busy => Input::Busy,
            LegEvent::NoAnswer => Input::NoAnswer,
            LegEvent::Rejected => Input::LegFailed(FailReason::Rejected),
            LegEvent::InvalidNumber => Input::LegFailed(FailReason::InvalidNumber),
            LegEvent::Failed | LegEvent::HungUp => Input::LegFailed(FailReason::CarrierError),
            LegEvent::Digit(_) => return Ok(()),
        };
        self.step(input).await
    }

    async fn leg_over(&mut self, over: Over) -> Result<(), Lost> {
        self.reports = None;
        self.leg = None;
        if !over.answered {
            // Its last event said why; if the machine still waits, the leg vanished.
            return self.lost_leg(FailReason::CarrierError).await;
        }
        let outcome = &mut self.record.outcome;
        outcome.transcript = over.finished.transcript.clone();
        outcome.withheld = over.finished.withheld.clone();
        outcome.rule_checks = over.finished.rule_checks.clone();
        let notice = recording_notice(&self.record.spec.language);
        outcome.recording_disclosed |= outcome
            .transcript
            .iter()
            .any(|turn| turn.speaker == Speaker::Agent && turn.text.contains(notice));
        self.finished = Some((over.finished, over.recording));
        self.step(Input::LegEnded(over.ended)).await
    }

    async fn lost_leg(&mut self, reason: FailReason) -> Result<(), Lost> {
        if self.record.call.answered_at.is_some() {
            return self.step(Input::LegEnded(Ended::Failed(reason))).await;
        }
        self.step(Input::LegFailed(reason)).await
    }

    async fn controlled(&mut self, control: Control) -> Result<(), Lost> {
        if control == Control::Changed {
            self.reload().await?;
            if !self.record.call.status.is_live() {
                self.command(Command::HangUp);
            }
        }
        Ok(())
    }

    /// One transition: decide, commit, then act.
    async fn step(&mut self, input: Input) -> Result<(), Lost> {
        let mut next = Some(input);
        while let Some(input) = next.take() {
            let now = clock::now();
            let mut machine = Machine::resume(self.record.call.clone());
            if let Err(refused) = machine.handle(now, input) {
                tracing::warn!(call = %self.record.id, %refused, "a transition was refused");
                return Ok(());
            }
            let mut outputs = Vec::new();
            while let Some(output) = machine.poll() {
                outputs.push(output);
            }
            match self.commit(now, machine.call().clone(), &outputs).await? {
                Committed::Written => {}
                Committed::Changed => {
                    // Somebody cancelled meanwhile: what was decided no longer stands.
                    self.command(Command::HangUp);
                    return Ok(());
                }
            }
            for output in outputs {
                if let Some(input) = self.act(output).await? {
                    next = Some(input);
                }
            }
        }
        Ok(())
    }

    async fn commit(
        &mut self,
        now: Time,
        call: call::Call,
        outputs: &[Output],
    ) -> Result<Committed, Lost> {
        let before = std::mem::replace(&mut self.record.call, call);
        let waiting = self.record.call.status.is_waiting();
        let deadline = Machine::resume(self.record.call.clone()).deadline();
        self.record.wake_at = deadline.filter(|_| waiting).map(|(at, _)| at);
        self.record.updated_at = now;
        let attempt = self.attempt_after(&before, now);
        let mut events = Vec::new();
        for output in outputs {
            if let Output::Record(event) = output {
                events.push(payload::call_event(*event, &self.record));
            }
        }
        let release = !self.record.call.status.is_live();
        let asked = outputs.contains(&Output::Record(Event::DncRequested));
        let do_not_call = asked.then(|| self.listed_by_request(now));
        let mut tries = 0;
        loop {
            let change = Change {
                attempt: attempt.clone(),
                events: events.clone(),
                release,
                metered: self.metered(now).await,
                do_not_call: do_not_call.clone(),
                batch_completed: Some(payload::batch_completed),
                ..Change::of(&self.record)
            };
            match self.parts.store.apply(change).await {
                Ok(applied) => {
                    self.record.version = applied.version;
                    self.measure(attempt.as_ref());
                    events.extend(applied.added);
                    break;
                }
                Err(StoreError::Conflict { .. }) => {
                    self.reload().await?;
                    return Ok(Committed::Changed);
                }
                Err(error) if tries < STORE_TRIES_MAX => {
                    tries += 1;
                    tracing::error!(call = %self.record.id, %error, "a transition could not be stored");
                    sleep(STORE_RETRY).await;
                }
                Err(_) => return Err(Lost),
            }
        }
        self.unmetered = None;
        self.attempt = attempt.or(self.attempt.take());
        for event in events {
            self.parts.hub.publish(Live::of(&self.record, event.payload));
        }
        if waiting {
            self.parts.live.wake.notify_one();
        }
        tracing::info!(call = %self.record.id, status = %self.record.call.status, "call changed");
        Ok(Committed::Written)
    }

    /// The bill that goes to the meter with this transition.
    async fn metered(&self, now: Time) -> Option<Metered> {
        let usage = self.unmetered.filter(|usage| usage.billed_calls > 0)?;
        let org = self.parts.store.organization(self.record.org).await.ok().flatten();
        let limit = org.and_then(|org| limit_seconds(&self.parts.config, &org.plan));
        let warning = limit.map(|limit| payload::balance_warning(limit, now));
        Some(Metered { month: month_of(now), usage, warning })
    }

    /// An attempt that has just ended. `self.attempt` is still what was known before.
    fn measure(&self, attempt: Option<&Attempt>) {
        let Some((attempt, ended_at)) = attempt.and_then(|it| Some((it, it.ended_at?))) else {
            return;
        };
        if self.attempt.as_ref().is_some_and(|before| before.ended_at.is_some()) {
            return;
        }
        let outcome = match (attempt.reason, attempt.answered_by) {
            (Some(reason), _) => json!(reason),
            (None, Some(answered_by)) => json!(answered_by),
            (None, None) => json!("unanswered"),
        };
        let mode = json!(self.record.mode);
        let words = [&mode, &outcome].map(|word| word.as_str().unwrap_or("unknown").to_owned());
        let connected = attempt.answered_at.map(|answered_at| ended_at.since(answered_at));
        metrics::attempt(words, connected);
    }

    fn listed_by_request(&self, now: Time) -> DoNotCall {
        let record = &self.record;
        let asked =
            record.outcome.requests.iter().find(|asked| asked.kind == RequestKind::DoNotCall);
        DoNotCall {
            org: record.org,
            mode: record.mode,
            pod: record.pod.clone(),
            number: record.to.clone(),
            source: "request".into(),
            note: asked.map(|asked| asked.words.clone()),
            call: Some(record.id),
            created_at: now,
        }
    }

    /// The attempt row after this transition: begun by a dial, otherwise brought up to date.
    fn attempt_after(&self, before: &call::Call, now: Time) -> Option<Attempt> {
        let call = &self.record.call;
        if call.attempt > before.attempt {
            return Some(Attempt {
                id: new_attempt_id(now),
                call: self.record.id,
                number: call.attempt,
                node: self.parts.node.clone(),
                started_at: now,
                answered_at: None,
                ended_at: None,
                answered_by: None,
                reason: None,
            });
        }
        brought_up_to_date(self.attempt.clone()?, before, call, now)
    }

    /// Does one thing; may give the next input.
    async fn act(&mut self, output: Output) -> Result<Option<Input>, Lost> {
        match output {
            Output::Record(_) => {}
            Output::Dial => return Ok(self.dial().await),
            Output::HangUp => self.command(Command::HangUp),
            Output::StartConversation => self.command(Command::Start(Start::Conversation)),
            Output::LeaveMessage => self.command(Command::Start(Start::LeaveMessage)),
            Output::AnswerScreening => self.command(Command::Start(Start::AnswerScreening)),
            Output::CloseConversation => self.command(Command::Close(Ended::MaxDuration)),
            Output::Settle => return self.settle().await.map(Some),
        }
        Ok(None)
    }

    fn command(&self, command: Command) {
        if let Some(leg) = &self.leg {
            // The task drains its commands every few milliseconds; a full queue is a dead task.
            let _ = leg.try_send(command);
        }
    }

    async fn dial(&mut self) -> Option<Input> {
        let attempt = self.attempt.clone()?;
        let Ok(guest) = self.guest().await else {
            return Some(Input::LegFailed(FailReason::ModelError));
        };
        let rules = self.record.spec.behavior_rules.clone();
        let Some(settings) = self.settings().await else {
            return Some(Input::LegFailed(FailReason::CarrierError));
        };
        let disclosed = !settings.record_nothing && must_disclose(&settings, &self.record.to);
        let notice = disclosed.then(|| recording_notice(&self.record.spec.language));
        let judge = self.parts.models.judge(&self.record, &settings);
        let judged = judge.is_some();
        let language = self.record.spec.language.clone();
        let turn = self.parts.config.turn.of_call(&language);
        let prepared = tokio::task::spawn_blocking(move || {
            let session = Session::new(guest, &rules, turn);
            session.in_language(&language).with_judge(judged).with_notice(notice)
        });
        let Ok(session) = prepared.await else {
            return Some(Input::LegFailed(FailReason::ModelError));
        };
        let dial = Dial {
            call: self.record.id,
            attempt: attempt.id,
            to: self.record.to.clone(),
            from: self.record.spec.from_number.clone(),
        };
        let Some(carrier) = self.parts.carrier(&self.record) else {
            // It was created when there was one.
            tracing::error!(call = %self.record.id, "no carrier is configured for live calls");
            return Some(Input::LegFailed(FailReason::CarrierError));
        };
        let leg = match carrier.dial(dial).await {
            Ok(leg) => leg,
            Err(DialError::InvalidNumber) => {
                return Some(Input::LegFailed(FailReason::InvalidNumber));
            }
            Err(DialError::Carrier(error)) => {
                tracing::warn!(call = %self.record.id, error, "the carrier did not take a call");
                return Some(Input::LegFailed(FailReason::CarrierError));
            }
        };
        let (commands, to_media) = mpsc::channel(COMMANDS_MAX);
        let (to_us, reports) = mpsc::channel(REPORTS_MAX);
        let job = media::Job {
            record: self.record.clone(),
            session,
            leg,
            model: self.parts.models.of(&self.record, &settings),
            judge,
            voice: voices::vendor_voice(&self.record.spec.voice),
            recording: (!settings.record_nothing).then(|| self.parts.recording(attempt.id)),
            hub: self.parts.hub.clone(),
            io: tokio::runtime::Handle::current(),
            pace: self.parts.pace.clone(),
            commands: to_media,
            reports: to_us,
        };
        self.parts.audio.spawn(media::run(job));
        self.leg = Some(commands);
        self.reports = Some(reports);
        None
    }

    /// Without an answer nothing may be recorded, and so nothing is dialled.
    async fn settings(&self) -> Option<OrgSettings> {
        let org = self.parts.store.organization(self.record.org).await;
        org.inspect_err(|error| tracing::error!(%error, "settings could not be read"))
            .ok()
            .flatten()
            .map(|org| org.settings)
    }

    async fn guest(&self) -> Result<GuardedCall, Lost> {
        let Parts { store, plugins, .. } = &*self.parts;
        let guest = guest::of(&self.record, store, plugins).await;
        guest
            .inspect_err(|error| {
                tracing::error!(call = %self.record.id, error = format!("{error:#}"), "no playbook");
            })
            .map_err(|_| Lost)
    }

    /// Results: from what the leg left behind, or after a crash from what was stored with its end.
    async fn settle(&mut self) -> Result<Input, Lost> {
        let (finished, part) = match self.finished.take() {
            Some(finished) => finished,
            None => self.recovered().await?,
        };
        let settled = settle::settle(&self.parts, &mut self.record, finished, part).await;
        self.unmetered = Some(settled.usage);
        Ok(Input::Settled(settled.settled))
    }

    async fn recovered(&mut self) -> Result<(Finished, Option<PathBuf>), Lost> {
        let mut guest = self.guest().await?;
        let outcome = &self.record.outcome;
        let transcript = outcome.transcript.clone();
        let turns: Vec<_> = transcript.iter().map(super::session::for_guest).collect();
        let replayed = tokio::task::spawn_blocking(move || {
            guest.plan();
            for turn in &turns {
                match turn.speaker {
                    crate::plugin::Speaker::Agent => guest.spoke(turn),
                    crate::plugin::Speaker::Callee => drop(guest.heard(turn)),
                }
            }
            guest
        });
        let guest = replayed.await.map_err(|_| Lost)?;
        let part = self.attempt.as_ref().map(|attempt| self.parts.recording(attempt.id));
        let finished = Finished {
            transcript,
            withheld: outcome.withheld.clone(),
            rule_checks: outcome.rule_checks.clone(),
            guest,
        };
        Ok((finished, part.filter(|part| part.exists())))
    }

    async fn last_attempt(&self) -> Result<Option<Attempt>, Lost> {
        match self.parts.store.attempts(self.record.id).await {
            Ok(mut attempts) => Ok(attempts.pop()),
            Err(error) => {
                tracing::error!(call = %self.record.id, %error, "attempts could not be read");
                Err(Lost)
            }
        }
    }

    async fn reload(&mut self) -> Result<(), Lost> {
        match self.parts.store.call_unscoped(self.record.id).await {
            Ok(Some(record)) => {
                self.record = record;
                Ok(())
            }
            Ok(None) => Err(Lost),
            Err(error) => {
                tracing::error!(call = %self.record.id, %error, "a call could not be read");
                Err(Lost)
            }
        }
    }
}

fn must_disclose(settings: &OrgSettings, to: &E164) -> bool {
    match settings.recording_disclosure {
        Disclosure::Always => true,
        Disclosure::Never => false,
        Disclosure::Auto => region::may_require_disclosure(to),
    }
}

enum Committed {
    Written,
    /// Somebody else was faster; the record is fresh now.
    Changed,
}

async fn next_report(reports: &mut Option<mpsc::Receiver<Report>>) -> Option<Report> {
    match reports {
        Some(reports) => reports.recv().await,
        None => std::future::pending().await,
    }
}

async fn until(deadline: Option<(Time, Reason)>) {
    match deadline {
        Some((at, _)) => sleep(at.since(clock::now())).await,
        None => std::future::pending().await,
    }
}

/// What happens to a call that waits is not its last attempt's matter: that one is over.
fn brought_up_to_date(
    mut attempt: Attempt,
    before: &call::Call,
    call: &call::Call,
    now: Time,
) -> Option<Attempt> {
    if !before.status.is_live() {
        return None;
    }
    let over = !call.status.is_live() || call.ended_at.is_some();
    attempt.answered_at = call.answered_at.or(attempt.answered_at);
    attempt.answered_by = call.answered_by.or(attempt.answered_by);
    if over && attempt.ended_at.is_none() {
        attempt.ended_at = Some(now);
    }
    if !call.status.is_live() {
        attempt.reason = call.reason;
    }
    Some(attempt)
}

/// For logs only.
impl std::fmt::Debug for Lifecycle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let status: Status = self.record.call.status;
        write!(f, "Lifecycle({}, {status})", self.record.id)
    }
}

#[cfg(test)]
mod tests {
    use call::{NewCall, OnScreening, RetryPolicy};

    use super::*;

    #[test]
    fn an_attempt_keeps_its_own_reason() {
        let now = Time::from_secs(1_800_000_000);
        let new = NewCall {
            policy: RetryPolicy::default(),
            on_screening: OnScreening::default(),
            max_duration_minutes: 30,
            schedule_at: None,
        };
        let mut machine = Machine::create(now, new);
        let step = |machine: &mut Machine, now, input| {
            while machine.poll().is_some() {}
            machine.handle(now, input).unwrap();
        };
        step(&mut machine, now, Input::Claimed);
        let dialing = machine.call().clone();
        step(&mut machine, now, Input::Busy);
        let waiting = machine.call().clone();
        let attempt = Attempt {
            id: new_attempt_id(now),
            call: domain::CallId::new(now, 1),
            number: 1,
            node: "node".into(),
            started_at: now,
            answered_at: None,
            ended_at: None,
            answered_by: None,
            reason: None,
        };
        let ended = brought_up_to_date(attempt, &dialing, &waiting, now).unwrap();
        assert_eq!((ended.reason, ended.ended_at), (Some(FailReason::Busy), Some(now)));
        let later = waiting.due_at.unwrap();
        step(&mut machine, later, Input::Refused(FailReason::DoNotCall));
        assert_eq!(machine.call().reason, Some(FailReason::DoNotCall));
        assert_eq!(brought_up_to_date(ended, &waiting, machine.call(), later), None);
    }
}
