//! Whole lives again, of calls that were talked through: what the report or a lost node makes of them.

use agenticcalling_call::{Ended, FailReason, FollowUp, Input, Reason, Settled, machine};
use domain::Time;

use crate::lives::{DONE, HUMAN, HUNG_UP, after, check, new, with};

const DAY: u64 = 24 * 60 * 60;
const DO_NOT_CALL: Input = Input::Settled(Settled { do_not_call: true, ..Settled::NOTHING });

fn later(at: Option<Time>) -> Input {
    Input::Settled(Settled { follow_up: Some(FollowUp { at }), ..Settled::NOTHING })
}

const TALKED: [(u64, Input, &str); 5] = [
    (0, Input::Claimed, "dialing: attempting Dial!"),
    (2, Input::Answered, "dialing:"),
    (1, HUMAN, "connected: connected StartConversation!"),
    (1, Input::ConversationStarted, "in_progress:"),
    (60, HUNG_UP, "in_progress: Settle!"),
];

pub(crate) fn talked_then(rest: &[(u64, Input, &'static str)]) -> Vec<(u64, Input, &'static str)> {
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
        ..Settled::NOTHING
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
    let call = check(new(), &broken);
    assert_eq!((call.due_at, call.reason), (Some(after(7200)), None));
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
