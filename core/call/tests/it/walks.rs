//! Thousands of random lives, each from a seed: what must hold whatever happens.

use std::collections::BTreeSet;
use std::time::Duration;

use agenticcalling_call::{
    AnsweredBy, Call, Ended, Event, FailReason, FollowUp, Input, Machine, NewCall, OnScreening,
    OnUnanswered, OnVoicemail, Output, Reason, RetryPolicy, Settled, Status,
};
use domain::Time;

use crate::{Random, drain, feed};

const START: Time = Time::from_secs(1_800_000_000);
const SEEDS: u64 = 3_000;
const INPUTS: usize = 400;

fn any_new(random: &mut Random) -> NewCall {
    let expires = [None, None, Some(START + Duration::from_secs(random.below(200_000)))];
    let schedule = [None, Some(START + Duration::from_secs(random.below(10_000)))];
    NewCall {
        policy: RetryPolicy {
            max_attempts: 1 + random.below(10) as u32,
            backoff_minutes: (0..random.below(4)).map(|_| random.below(300) as u32).collect(),
            business_hours_only: random.below(2) == 0,
            timezone: random.one_of(&["America/New_York", "Asia/Kolkata", "Nowhere/Else"]).into(),
            on_no_answer: random.one_of(&[OnUnanswered::Retry, OnUnanswered::Fail]),
            on_busy: random.one_of(&[OnUnanswered::Retry, OnUnanswered::Fail]),
            on_voicemail: random.one_of(&[
                OnVoicemail::LeaveMessage,
                OnVoicemail::HangUp,
                OnVoicemail::Retry,
            ]),
            expires_at: random.one_of(&expires),
        },
        on_screening: random.one_of(&[OnScreening::Navigate, OnScreening::HangUp]),
        max_duration_minutes: random.below(200) as u32,
        schedule_at: random.one_of(&schedule),
    }
}

fn any_input(random: &mut Random, now: Time) -> Input {
    let reason = random.one_of(&[
        FailReason::NoAnswer,
        FailReason::Busy,
        FailReason::Rejected,
        FailReason::CarrierError,
        FailReason::ModelError,
        FailReason::InvalidNumber,
    ]);
    let ended = random.one_of(&[
        Ended::Agent,
        Ended::Callee,
        Ended::MaxDuration,
        Ended::DeadLine,
        Ended::Failed(reason),
    ]);
    let by = random.one_of(&[
        AnsweredBy::Human,
        AnsweredBy::Voicemail,
        AnsweredBy::Screener,
        AnsweredBy::Unknown,
    ]);
    let call_back_at = now + Duration::from_secs(random.below(100_000));
    let follow_up = random.one_of(&[
        None,
        Some(FollowUp { at: None }),
        Some(FollowUp { at: Some(call_back_at) }),
        Some(FollowUp { at: Some(Time::from_millis(i64::MAX)) }),
    ]);
    let settled = Settled {
        follow_up,
        do_not_call: random.below(6) == 0,
        wrong_number: random.below(6) == 0,
        channel_switched: random.below(6) == 0,
    };
    let held_up = random.one_of(&[
        Input::Claimed,
        Input::Deferred(call_back_at),
        Input::Paused,
        Input::Refused(FailReason::DoNotCall),
    ]);
    let timeout = random.one_of(&[
        Reason::Due,
        Reason::NoAnswer,
        Reason::Unclassified,
        Reason::MaxDuration,
        Reason::FollowUpLapsed,
        Reason::Expired,
    ]);
    // Rare, or few calls would live long.
    let cancel = if random.below(50) == 0 { Input::Cancel } else { Input::Ringing };
    random.one_of(&[
        Input::Claimed,
        held_up,
        Input::Ringing,
        Input::Answered,
        Input::Answered,
        Input::Classified(by),
        Input::ConversationStarted,
        Input::Busy,
        Input::NoAnswer,
        Input::LegFailed(reason),
        Input::MessageLeft,
        Input::LegEnded(ended),
        Input::Settled(settled),
        cancel,
        Input::NodeLost,
        Input::Timeout(timeout),
    ])
}

/// What may announce that a call came into this status.
fn announces(before: Status, after: Status) -> Option<Event> {
    match (before, after) {
        (Status::Scheduled, Status::Queued)
        | (Status::NeedsFollowUp, Status::RetryScheduled)
        | (Status::Connected, Status::InProgress)
        | (Status::Dialing, Status::Voicemail) => None,
        (_, Status::Dialing) => Some(Event::Attempting),
        (_, Status::Connected) => Some(Event::Connected),
        (_, Status::RetryScheduled) => Some(Event::AttemptFailed),
        (_, Status::NeedsFollowUp) => Some(Event::NeedsFollowUp),
        (_, Status::Completed) => Some(Event::Completed),
        (_, Status::Exhausted) => Some(Event::Exhausted),
        (_, Status::Failed) => Some(Event::Failed),
        (_, Status::Cancelled) => Some(Event::Cancelled),
        (before, after) => panic!("{before} became {after}"),
    }
}

fn check_step(before: &Call, after: &Call, now: Time, outputs: &[Output]) {
    assert!(after.attempt <= after.policy.max_attempts, "more attempts than allowed");
    assert!(!matches!(after.status, Status::NoAnswer | Status::Busy), "at rest in passing");
    assert_eq!(after.policy, before.policy);

    let dials = outputs.iter().filter(|output| **output == Output::Dial).count();
    assert_eq!(dials as u32, after.attempt - before.attempt, "one dial for one attempt");
    if dials > 0 {
        assert!(after.policy.expires_at.is_none_or(|at| now < at), "dialled after expiry");
        assert!(before.due_at.is_some_and(|at| at <= now), "dialled before it was due");
    }

    if before.status.is_terminal() {
        assert_eq!(after, before, "a terminal state was left");
        assert!(outputs.is_empty());
    }
    if after.status != before.status
        && let Some(event) = announces(before.status, after.status)
    {
        let told = outputs.iter().filter(|output| **output == Output::Record(event)).count();
        assert_eq!(told, 1, "{} → {} is announced once", before.status, after.status);
    }
    let records = outputs.iter().map(|output| matches!(output, Output::Record(_)));
    assert!(records.is_sorted_by(|a, b| a >= b), "every record before every act: {outputs:?}");

    let waits_untimed = after.status == Status::NeedsFollowUp;
    assert!(after.due_at.is_some() || !after.status.is_waiting() || waits_untimed);
    assert!(after.due_at.is_none() || after.status.is_waiting());
    let settling = after.status.is_live() && after.ended_at.is_some();
    let wakes = Machine::resume(after.clone()).deadline().is_some();
    // Whoever brings the money wakes what waits for it.
    let bounded = !after.status.is_terminal() && !settling && !after.paused;
    assert!(!bounded || wakes, "every wait has an end");
    assert!(after.paused || wakes == bounded);
    assert!(!after.paused || after.status.is_waiting());
    assert!(after.answered_at.is_some() || after.ended_at.is_none(), "ended unanswered");
}

#[test]
fn what_must_hold_holds_on_every_walk() {
    let mut taken = 0;
    let mut seen = BTreeSet::new();
    let mut attempts_most = 0;
    for seed in 1..=SEEDS {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut now = START;
        let mut machine = Machine::create(now, any_new(&mut random));
        assert_eq!(drain(&mut machine), [Output::Record(Event::Queued)]);
        seen.insert(machine.call().status);
        for _ in 0..INPUTS {
            let pause_ms_max = 1_000 << random.below(12);
            now = now + Duration::from_millis(random.below(pause_ms_max));
            let before = machine.call().clone();
            let mut input = any_input(&mut random, now);
            let mut wanted = false;
            if random.below(16) == 0
                && let Some((at, reason)) = machine.deadline()
            {
                now = now.max(at);
                input = Input::Timeout(reason);
                wanted = true;
            }
            match feed(&mut machine, now, input) {
                Ok(outputs) => {
                    taken += 1;
                    seen.insert(machine.call().status);
                    check_step(&before, machine.call(), now, &outputs);
                }
                Err(refused) => {
                    assert!(!wanted, "seed {seed}: asked for {refused}");
                    assert_eq!(*machine.call(), before, "seed {seed}: {refused}, yet it changed");
                    assert_eq!(machine.poll(), None);
                }
            }
            // Nothing is kept outside the row: a restart at any moment changes nothing.
            machine = Machine::resume(machine.call().clone());
        }
        attempts_most = attempts_most.max(machine.call().attempt);
        seen.insert(check_end(machine.call().clone(), now, seed));
    }
    // The walks go somewhere.
    assert!(taken > 5 * SEEDS, "{taken} inputs taken");
    assert!(attempts_most >= 7, "{attempts_most} attempts at most");
    let in_passing = [Status::NoAnswer, Status::Busy];
    for status in Status::ALL {
        assert_eq!(seen.contains(&status), !in_passing.contains(&status), "{status}");
    }
}

/// Even if nobody ever answers and every node dies, the call ends, and within its attempts.
fn check_end(call: Call, mut now: Time, seed: u64) -> Status {
    let steps_max = 4 * (call.policy.max_attempts as usize + 2);
    let mut machine = Machine::resume(call);
    for _ in 0..steps_max {
        let status = machine.call().status;
        if status.is_terminal() {
            return status;
        }
        let input = match machine.deadline() {
            Some((at, reason)) => {
                now = now.max(at);
                if reason == Reason::Due { Input::Claimed } else { Input::Timeout(reason) }
            }
            // The money is there again.
            None if machine.call().paused => Input::Claimed,
            None => Input::Settled(Settled::default()),
        };
        let before = machine.call().clone();
        let outputs = feed(&mut machine, now, input).expect("what it asked for");
        check_step(&before, machine.call(), now, &outputs);
    }
    panic!("seed {seed}: {} goes on for ever", machine.call().status);
}
