//! Whole lives, told as scripts: seconds since the line before, what happens, what comes of it.

use agenticcalling_call::{
    AnsweredBy, Call, Ended, FailReason, FollowUp, Input, Machine, NewCall, OnScreening,
    OnUnanswered, OnVoicemail, Output, Reason, RetryPolicy, Settled, Status, machine,
};
use domain::Time;
use std::time::Duration;

use crate::{drain, feed, words};

pub(crate) const START: Time = Time::from_secs(1_800_000_000);
pub(crate) const MINUTE: u64 = 60;

pub(crate) const HUMAN: Input = Input::Classified(AnsweredBy::Human);
const VOICEMAIL: Input = Input::Classified(AnsweredBy::Voicemail);
const SCREENER: Input = Input::Classified(AnsweredBy::Screener);
pub(crate) const HUNG_UP: Input = Input::LegEnded(Ended::Callee);
pub(crate) const DONE: Input = Input::Settled(Settled::NOTHING);

pub(crate) fn new() -> NewCall {
    NewCall {
        policy: RetryPolicy::default(),
        on_screening: OnScreening::Navigate,
        max_duration_minutes: 30,
        schedule_at: None,
    }
}

pub(crate) fn with(change: impl FnOnce(&mut RetryPolicy)) -> NewCall {
    let mut new = new();
    change(&mut new.policy);
    new
}

/// A line reads `status: outputs`, or `refused`.
pub(crate) fn check(new: NewCall, script: &[(u64, Input, &str)]) -> Call {
    let mut now = START;
    let mut machine = Machine::create(now, new);
    assert_eq!(drain(&mut machine), [Output::Record(agenticcalling_call::Event::Queued)]);
    for (number, (secs, input, expected)) in script.iter().enumerate() {
        now = now + Duration::from_secs(*secs);
        let happened = match feed(&mut machine, now, *input) {
            Ok(outputs) => format!("{}: {}", machine.call().status, words(&outputs)),
            Err(_) => "refused".to_owned(),
        };
        assert_eq!(happened.trim_end(), *expected, "line {number}: {input:?}");
        // A server that restarts here goes on from the row alone.
        machine = Machine::resume(machine.call().clone());
    }
    machine.call().clone()
}

pub(crate) fn after(secs: u64) -> Time {
    START + Duration::from_secs(secs)
}

#[test]
fn answered_talked_done() {
    let call = check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (1, Input::Ringing, "dialing:"),
            (7, Input::Answered, "dialing:"),
            (2, HUMAN, "connected: connected StartConversation!"),
            (1, Input::ConversationStarted, "in_progress:"),
            (90, HUNG_UP, "in_progress: Settle!"),
            (3, DONE, "completed: completed"),
        ],
    );
    assert_eq!((call.attempt, call.reason, call.due_at), (1, None, None));
    assert_eq!(call.answered_by, Some(AnsweredBy::Human));
    assert_eq!((call.answered_at, call.ended_at), (Some(after(8)), Some(after(101))));
}

#[test]
fn something_unknown_that_answers_is_talked_to() {
    check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (7, Input::Answered, "dialing:"),
            (2, Input::Classified(AnsweredBy::Unknown), "connected: connected StartConversation!"),
        ],
    );
}

#[test]
fn scheduled_for_later() {
    let mut new = new();
    new.schedule_at = Some(after(600));
    check(
        new,
        &[
            (0, Input::Claimed, "refused"),
            (599, Input::Claimed, "refused"),
            (1, Input::Timeout(Reason::Due), "queued:"),
            (0, Input::Claimed, "dialing: attempting Dial!"),
        ],
    );
}

#[test]
fn scheduled_for_no_later_than_now_is_queued() {
    for ago in [0, 1] {
        let mut new = new();
        new.schedule_at = Some(START - Duration::from_secs(ago));
        let machine = Machine::create(START, new);
        assert_eq!(machine.call().status, Status::Queued);
        assert_eq!(machine.deadline(), Some((START, Reason::Due)));
    }
}

#[test]
fn an_attempt_knows_nothing_of_the_one_before() {
    let call = check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (2, Input::Answered, "dialing:"),
            (3, SCREENER, "dialing: AnswerScreening!"),
            (20, HUNG_UP, "retry_scheduled: attempt_failed"),
            (900, Input::Claimed, "dialing: attempting Dial!"),
            (0, HUMAN, "refused"),
            (2, Input::Answered, "dialing:"),
            (3, SCREENER, "dialing: AnswerScreening!"),
            (9, HUMAN, "connected: connected StartConversation!"),
            (30, HUNG_UP, "connected: Settle!"),
            (1, DONE, "completed: completed"),
        ],
    );
    assert_eq!((call.attempt, call.reason), (2, None));

    let mut machine = Machine::resume(call.clone());
    assert_eq!(machine.deadline(), None);
    let mut again = Call { status: Status::RetryScheduled, due_at: Some(START), ..call };
    again.closing_at = Some(START);
    machine = Machine::resume(again);
    feed(&mut machine, START, Input::Claimed).expect("due");
    let call = machine.call();
    assert_eq!((call.answered_at, call.closing_at, call.ended_at), (None, None, None));
    assert_eq!((call.answered_by, call.reason, call.due_at), (None, None, None));
}

#[test]
fn retries_by_its_backoff_until_exhausted() {
    let call = check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (9, Input::Busy, "retry_scheduled: attempt_failed"),
            (15 * MINUTE - 1, Input::Claimed, "refused"),
            (1, Input::Claimed, "dialing: attempting Dial!"),
            (1, Input::Ringing, "dialing:"),
            (43, Input::Timeout(Reason::NoAnswer), "refused"),
            (1, Input::Timeout(Reason::NoAnswer), "retry_scheduled: attempt_failed HangUp!"),
            (120 * MINUTE, Input::Claimed, "dialing: attempting Dial!"),
            (1, Input::LegFailed(FailReason::CarrierError), "exhausted: attempt_failed exhausted"),
            (9000, Input::Claimed, "refused"),
        ],
    );
    assert_eq!((call.attempt, call.reason), (3, Some(FailReason::CarrierError)));
}

#[test]
fn a_policy_that_fails_where_others_retry() {
    let fail_busy = with(|policy| policy.on_busy = OnUnanswered::Fail);
    let call = check(
        fail_busy,
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (9, Input::NoAnswer, "retry_scheduled: attempt_failed"),
            (900, Input::Claimed, "dialing: attempting Dial!"),
            (9, Input::Busy, "failed: attempt_failed failed"),
        ],
    );
    assert_eq!(call.reason, Some(FailReason::Busy));

    let fail_no_answer = with(|policy| policy.on_no_answer = OnUnanswered::Fail);
    check(
        fail_no_answer,
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (45, Input::Timeout(Reason::NoAnswer), "failed: attempt_failed failed HangUp!"),
        ],
    );
}

#[test]
fn a_number_that_does_not_exist_is_not_tried_again() {
    let call = check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (1, Input::LegFailed(FailReason::InvalidNumber), "failed: attempt_failed failed"),
        ],
    );
    assert_eq!(call.reason, Some(FailReason::InvalidNumber));
}

#[test]
fn a_voicemail_gets_its_message() {
    let call = check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (9, Input::Answered, "dialing:"),
            (4, VOICEMAIL, "voicemail: LeaveMessage!"),
            (20, Input::MessageLeft, "voicemail: HangUp!"),
            (0, Input::MessageLeft, "refused"),
            (1, Input::LegEnded(Ended::Agent), "voicemail: Settle!"),
            (1, DONE, "completed: completed"),
        ],
    );
    assert_eq!((call.answered_by, call.reason), (Some(AnsweredBy::Voicemail), None));
}

#[test]
fn a_message_cut_off_is_no_message() {
    let call = check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (9, Input::Answered, "dialing:"),
            (4, VOICEMAIL, "voicemail: LeaveMessage!"),
            (5, HUNG_UP, "voicemail: Settle!"),
            (1, DONE, "retry_scheduled: attempt_failed"),
        ],
    );
    assert_eq!(call.reason, Some(FailReason::Voicemail));
}

#[test]
fn a_message_left_whole_survives_its_leg_and_its_node() {
    let left = [
        (0, Input::Claimed, "dialing: attempting Dial!"),
        (9, Input::Answered, "dialing:"),
        (4, VOICEMAIL, "voicemail: LeaveMessage!"),
        (20, Input::MessageLeft, "voicemail: HangUp!"),
    ];
    let ends = [
        (1, Input::LegEnded(Ended::Failed(FailReason::CarrierError)), "voicemail: Settle!"),
        (30, Input::NodeLost, "voicemail: HangUp! Settle!"),
        (15, Input::Timeout(Reason::MaxDuration), "voicemail: HangUp! Settle!"),
    ];
    for end in ends {
        let mut script = left.to_vec();
        script.extend([end, (1, DONE, "completed: completed")]);
        check(new(), &script);
    }
}

#[test]
fn a_voicemail_that_never_beeps_is_given_up() {
    check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (9, Input::Answered, "dialing:"),
            (4, VOICEMAIL, "voicemail: LeaveMessage!"),
            (175, Input::Timeout(Reason::MaxDuration), "refused"),
            (1, Input::Timeout(Reason::MaxDuration), "voicemail: HangUp!"),
            (1, Input::LegEnded(Ended::Agent), "voicemail: Settle!"),
            (1, DONE, "retry_scheduled: attempt_failed"),
        ],
    );
}

#[test]
fn a_voicemail_that_is_not_wanted() {
    let hang_up = with(|policy| policy.on_voicemail = OnVoicemail::HangUp);
    let retry = with(|policy| policy.on_voicemail = OnVoicemail::Retry);
    let last = with(|policy| {
        policy.on_voicemail = OnVoicemail::Retry;
        policy.max_attempts = 1;
    });
    let ends = [
        (hang_up, "exhausted: attempt_failed exhausted HangUp!"),
        (retry, "retry_scheduled: attempt_failed HangUp!"),
        (last, "exhausted: attempt_failed exhausted HangUp!"),
    ];
    for (new, end) in ends {
        let call = check(
            new,
            &[
                (0, Input::Claimed, "dialing: attempting Dial!"),
                (9, Input::Answered, "dialing:"),
                (4, VOICEMAIL, end),
            ],
        );
        assert_eq!(call.reason, Some(FailReason::Voicemail));
        assert_eq!(call.ended_at, Some(after(13)));
    }
}

#[test]
fn past_a_screener_to_its_human() {
    let call = check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (2, Input::Answered, "dialing:"),
            (3, SCREENER, "dialing: AnswerScreening!"),
            (20, SCREENER, "refused"),
            (5, HUMAN, "connected: connected StartConversation!"),
        ],
    );
    assert_eq!(call.answered_by, Some(AnsweredBy::Human));
}

#[test]
fn stopped_by_a_screener() {
    let start = [
        (0, Input::Claimed, "dialing: attempting Dial!"),
        (2, Input::Answered, "dialing:"),
        (3, SCREENER, "dialing: AnswerScreening!"),
    ];
    let ends = [
        (20, HUNG_UP, "retry_scheduled: attempt_failed"),
        (117, Input::Timeout(Reason::Unclassified), "retry_scheduled: attempt_failed HangUp!"),
    ];
    for end in ends {
        let mut script = start.to_vec();
        script.push(end);
        assert_eq!(check(new(), &script).reason, Some(FailReason::Screened));
    }

    let mut hang_up = new();
    hang_up.on_screening = OnScreening::HangUp;
    let mut script = start[..2].to_vec();
    script.push((3, SCREENER, "retry_scheduled: attempt_failed HangUp!"));
    assert_eq!(check(hang_up, &script).reason, Some(FailReason::Screened));
}

#[test]
fn over_before_there_was_anybody() {
    let ends = [
        (Ended::Callee, FailReason::Rejected),
        (Ended::DeadLine, FailReason::CarrierError),
        (Ended::Failed(FailReason::ModelError), FailReason::ModelError),
    ];
    for (ended, reason) in ends {
        let call = check(
            new(),
            &[
                (0, Input::Claimed, "dialing: attempting Dial!"),
                (2, Input::Answered, "dialing:"),
                (1, Input::LegEnded(ended), "retry_scheduled: attempt_failed"),
            ],
        );
        assert_eq!(call.reason, Some(reason));
    }
}

#[test]
fn a_conversation_that_breaks_off_is_settled_and_then_retried() {
    let call = check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (2, Input::Answered, "dialing:"),
            (1, HUMAN, "connected: connected StartConversation!"),
            (1, Input::ConversationStarted, "in_progress:"),
            (9, Input::LegEnded(Ended::Failed(FailReason::ModelError)), "in_progress: Settle!"),
            (1, DONE, "retry_scheduled: attempt_failed"),
        ],
    );
    assert_eq!(call.reason, Some(FailReason::ModelError));
    assert_eq!(call.due_at, Some(after(14 + 15 * MINUTE)));
}

#[test]
fn the_cap_is_kept_even_if_the_leg_does_not_end() {
    let mut new = new();
    new.max_duration_minutes = 1;
    check(
        new,
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (2, Input::Answered, "dialing:"),
            (1, HUMAN, "connected: connected StartConversation!"),
            (1, Input::ConversationStarted, "in_progress:"),
            (47, Input::Timeout(Reason::MaxDuration), "refused"),
            (1, Input::Timeout(Reason::MaxDuration), "in_progress: CloseConversation!"),
            (0, Input::Timeout(Reason::MaxDuration), "refused"),
            (10, Input::Timeout(Reason::MaxDuration), "refused"),
            (1, Input::Timeout(Reason::MaxDuration), "in_progress: HangUp! Settle!"),
            (1, Input::LegEnded(Ended::MaxDuration), "refused"),
            (1, DONE, "completed: completed"),
        ],
    );
}

#[test]
fn cancelled_while_it_waits_or_rings() {
    let call = check(
        new(),
        &[
            (0, Input::Cancel, "cancelled: cancelled"),
            (1, Input::Cancel, "cancelled:"),
            (0, Input::Claimed, "refused"),
        ],
    );
    assert_eq!((call.attempt, call.due_at), (0, None));
    check(
        new(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (1, Input::Ringing, "dialing:"),
            (1, Input::Cancel, "cancelled: cancelled HangUp!"),
            (0, Input::Answered, "refused"),
        ],
    );
    check(new(), &crate::after_talk::talked_then(&[(0, Input::Cancel, "refused")]));
}

#[test]
fn expired_before_it_could_be_dialled() {
    let expiring = || with(|policy| policy.expires_at = Some(after(60)));
    for input in [Input::Claimed, Input::Timeout(Reason::Expired)] {
        let call = check(expiring(), &[(60, input, "exhausted: exhausted")]);
        assert_eq!((call.attempt, call.reason), (0, Some(FailReason::Expired)));
    }
    // The next attempt would begin too late, so there is none.
    check(
        expiring(),
        &[
            (0, Input::Claimed, "dialing: attempting Dial!"),
            (1, Input::Busy, "exhausted: attempt_failed exhausted"),
        ],
    );
}

#[test]
fn deadlines_along_a_life() {
    let mut machine = Machine::create(START, with(|p| p.expires_at = Some(after(9000))));
    drain(&mut machine);
    let steps = [
        (Input::Claimed, Some((after(45), Reason::NoAnswer))),
        (Input::Ringing, Some((after(45), Reason::NoAnswer))),
        (Input::Answered, Some((after(120), Reason::Unclassified))),
        (HUMAN, Some((after(1790), Reason::MaxDuration))),
        (Input::ConversationStarted, Some((after(1790), Reason::MaxDuration))),
        (HUNG_UP, None),
        (
            Input::Settled(Settled { follow_up: Some(FollowUp { at: None }), ..Settled::NOTHING }),
            Some((after(9000), Reason::Expired)),
        ),
        (Input::Cancel, None),
    ];
    assert_eq!(machine.deadline(), Some((START, Reason::Due)));
    for (input, deadline) in steps {
        feed(&mut machine, START, input).expect("in the table");
        assert_eq!(machine.deadline(), deadline, "after {input:?}");
    }
}

#[test]
fn no_wait_of_a_leg_is_longer_than_its_cap_and_conversations_close_before_it() {
    let answered = [Input::Claimed, Input::Answered];
    let left_alone = [Input::Claimed, Input::Answered, VOICEMAIL];
    let talked_to = [Input::Claimed, Input::Answered, HUMAN];
    let cases: [(u32, &[Input], u64); 10] = [
        (30, &answered, machine::UNCLASSIFIED_SECS_MAX),
        (1, &answered, 60),
        (30, &left_alone, machine::VOICEMAIL_SECS_MAX),
        (1, &left_alone, 60),
        (30, &talked_to, 1790),
        (1, &talked_to, 50),
        (120, &talked_to, 7190),
        // Validation lets neither through; they still may not talk for ever, or not at all.
        (0, &talked_to, 50),
        (121, &talked_to, 7190),
        (u32::MAX, &talked_to, 7190),
    ];
    for (minutes, inputs, secs) in cases {
        let mut new = new();
        new.max_duration_minutes = minutes;
        let mut machine = Machine::create(START, new);
        drain(&mut machine);
        for input in inputs {
            feed(&mut machine, START, *input).expect("in the table");
        }
        let (at, _) = machine.deadline().expect("a leg that is up has an end");
        assert_eq!(at, after(secs), "{minutes} minutes, {inputs:?}");
    }
}
