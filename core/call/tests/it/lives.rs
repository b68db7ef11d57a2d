//! Whole lives, told as scripts: seconds since the line before, what happens, what comes of it.

use agenticcalling_call::{
    AnsweredBy, Call, Ended, FailReason, FollowUp, Input, Machine, NewCall, OnScreening,
    OnUnanswered, OnVoicemail, Output, Reason, RetryPolicy, Settled, Status, machine,
};
use domain::Time;
use std::time::Duration;

use crate::{drain, feed, words};

const START: Time = Time::from_secs(1_800_000_000);
const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * 60;

const HUMAN: Input = Input::Classified(AnsweredBy::Human);
const VOICEMAIL: Input = Input::Classified(AnsweredBy::Voicemail);
const SCREENER: Input = Input::Classified(AnsweredBy::Screener);
const HUNG_UP: Input = Input::LegEnded(Ended::Callee);
const DONE: Input = Input::Settled(Settled { follow_up: None, do_not_call: false });
const DO_NOT_CALL: Input = Input::Settled(Settled { follow_up: None, do_not_call: true });

fn later(at: Option<Time>) -> Input {
    Input::Settled(Settled { follow_up: Some(FollowUp { at }), do_not_call: false })
}

fn new() -> NewCall {
    NewCall {
        policy: RetryPolicy::default(),
        on_screening: OnScreening::Navigate,
        max_duration_minutes: 30,
        schedule_at: None,
    }
}

fn with(change: impl FnOnce(&mut RetryPolicy)) -> NewCall {
    let mut new = new();
    change(&mut new.policy);
    new
}

/// A line reads `status: outputs`, or `refused`.
fn check(new: NewCall, script: &[(u64, Input, &str)]) -> Call {
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

fn after(secs: u64) -> Time {
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
fn scheduled_for_the_past_is_queued() {
    let mut new = new();
    new.schedule_at = Some(START - Duration::from_secs(1));
    let machine = Machine::create(START, new);
    assert_eq!(machine.call().status, Status::Queued);
    assert_eq!(machine.deadline(), Some((START, Reason::Due)));
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
            (57, Input::Timeout(Reason::MaxDuration), "refused"),
            (1, Input::Timeout(Reason::MaxDuration), "in_progress: CloseConversation!"),
            (0, Input::Timeout(Reason::MaxDuration), "refused"),
            (15, Input::Timeout(Reason::MaxDuration), "in_progress: HangUp! Settle!"),
            (1, Input::LegEnded(Ended::MaxDuration), "refused"),
            (1, DONE, "completed: completed"),
        ],
    );
}

const TALKED: [(u64, Input, &str); 5] = [
    (0, Input::Claimed, "dialing: attempting Dial!"),
    (2, Input::Answered, "dialing:"),
    (1, HUMAN, "connected: connected StartConversation!"),
    (1, Input::ConversationStarted, "in_progress:"),
    (60, HUNG_UP, "in_progress: Settle!"),
];

fn talked_then(rest: &[(u64, Input, &'static str)]) -> Vec<(u64, Input, &'static str)> {
    let mut script = TALKED.to_vec();
    script.extend(rest);
    script
}

#[test]
fn called_back_when_asked() {
    let script = talked_then(&[
        (1, later(Some(after(7200))), "needs_follow_up: needs_follow_up"),
        (7134, Input::Claimed, "refused"),
        (1, Input::Timeout(Reason::Due), "retry_scheduled:"),
        (0, Input::Claimed, "dialing: attempting Dial!"),
        (2, Input::Answered, "dialing:"),
        (1, HUMAN, "connected: connected StartConversation!"),
        (30, HUNG_UP, "connected: Settle!"),
        (1, DONE, "completed: completed"),
    ]);
    assert_eq!(check(new(), &script).attempt, 2);
}

#[test]
fn a_call_back_beyond_the_attempts_is_not_dialled() {
    let once = || with(|policy| policy.max_attempts = 1);
    for input in [Input::Claimed, Input::Timeout(Reason::Due)] {
        let script = talked_then(&[
            (1, later(Some(after(7200))), "needs_follow_up: needs_follow_up"),
            (7135, input, "completed: completed"),
        ]);
        assert_eq!(check(once(), &script).attempt, 1);
    }
}

#[test]
fn a_call_back_after_the_policy_expired_is_not_dialled() {
    let expiring = with(|policy| policy.expires_at = Some(after(3600)));
    let script = talked_then(&[
        (1, later(Some(after(7200))), "needs_follow_up: needs_follow_up"),
        (3535, Input::Timeout(Reason::Expired), "completed: completed"),
    ]);
    check(expiring, &script);
}

#[test]
fn a_call_back_at_no_known_time_lapses() {
    let too_far = after(2 * machine::FOLLOW_UP_DAYS_MAX * DAY);
    for at in [None, Some(too_far)] {
        let script = talked_then(&[
            (1, later(at), "needs_follow_up: needs_follow_up"),
            (7 * DAY - 2, Input::Timeout(Reason::FollowUpLapsed), "refused"),
            (1, Input::Timeout(Reason::FollowUpLapsed), "completed: completed"),
        ]);
        check(new(), &script);
    }
}

#[test]
fn a_call_back_in_the_past_is_due_now() {
    let script = talked_then(&[(1, later(Some(after(1))), "needs_follow_up: needs_follow_up")]);
    assert_eq!(check(new(), &script).due_at, Some(after(65)));
}

#[test]
fn a_request_not_to_be_called_beats_everything() {
    let both = Input::Settled(Settled {
        follow_up: Some(FollowUp { at: Some(after(7200)) }),
        do_not_call: true,
    });
    for settled in [DO_NOT_CALL, both] {
        check(new(), &talked_then(&[(1, settled, "completed: dnc_requested completed")]));
    }

    let mut broken = TALKED.to_vec();
    let failed = Input::LegEnded(Ended::Failed(FailReason::CarrierError));
    broken[4] = (60, failed, "in_progress: Settle!");
    broken.push((1, DO_NOT_CALL, "completed: dnc_requested completed"));
    assert_eq!(check(new(), &broken).reason, None);
}

#[test]
fn a_call_back_beats_the_retry_policy() {
    let mut broken = TALKED.to_vec();
    let failed = Input::LegEnded(Ended::Failed(FailReason::CarrierError));
    broken[4] = (60, failed, "in_progress: Settle!");
    broken.push((1, later(Some(after(7200))), "needs_follow_up: needs_follow_up"));
    assert_eq!(check(new(), &broken).due_at, Some(after(7200)));
}

#[test]
fn a_lost_node_costs_an_attempt_while_the_leg_is_up() {
    let talking = &TALKED[..4];
    for upto in 1..=4 {
        let mut script = talking[..upto].to_vec();
        script.push((30, Input::NodeLost, "retry_scheduled: attempt_failed HangUp!"));
        let call = check(new(), &script);
        assert_eq!((call.attempt, call.reason), (1, Some(FailReason::NodeLost)));
    }
}

#[test]
fn a_lost_node_costs_nothing_once_the_leg_is_over() {
    let script = talked_then(&[
        (30, Input::NodeLost, "in_progress: Settle!"),
        (30, Input::NodeLost, "in_progress: Settle!"),
        (1, DONE, "completed: completed"),
    ]);
    let call = check(new(), &script);
    assert_eq!((call.attempt, call.ended_at), (1, Some(after(64))));
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
    check(new(), &talked_then(&[(0, Input::Cancel, "refused")]));
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
        (HUMAN, Some((after(1800), Reason::MaxDuration))),
        (Input::ConversationStarted, Some((after(1800), Reason::MaxDuration))),
        (HUNG_UP, None),
        (later(None), Some((after(9000), Reason::Expired))),
        (Input::Cancel, None),
    ];
    assert_eq!(machine.deadline(), Some((START, Reason::Due)));
    for (input, deadline) in steps {
        feed(&mut machine, START, input).expect("in the table");
        assert_eq!(machine.deadline(), deadline, "after {input:?}");
    }
}
