//! Every situation of a call against every input, the refused ones included.
//!
//! The table is written by hand. A cell names what is expected, as spelled out in [`expected`];
//! two dots mean refused. The attempt under way is the first of three, the backoff 15 minutes.

use std::time::Duration;

use agenticcalling_call::{
    AnsweredBy, Call, Ended, FailReason, FollowUp, Input, Machine, NewCall, OnScreening, Output,
    Reason, RetryPolicy, Settled, Status,
};
use domain::Time;

use crate::{created, feed, words};

const TABLE: &str = "
                   claim ring answ human unkn vmail scrn start busy noans carr inval left ended brok done later never canc lost due noan uncl cap lapse exp    night money stop wrong write
queued             dial  ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   ok  ..   ..   ..  ..    ..     ok    ok    canc ..    ..
queued_expired     exp   ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   ok  ..   ..   ..  ..    exp    exp   exp   canc ..    ..
scheduled_early    ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
scheduled          dial  ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   que ..   ..   ..  ..    ..     que   que   canc ..    ..
scheduled_expired  exp   ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   que ..   ..   ..  ..    exp    exp   exp   canc ..    ..
ringing            ..    ok   ok   ..    ..   ..    ..   ..    rtry rtry  rtry fail  ..   ..    ..   ..   ..    ..    hang drop ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
ringing_long       ..    ok   ok   ..    ..   ..    ..   ..    rtry rtry  rtry fail  ..   ..    ..   ..   ..    ..    hang drop ..  drop ..   ..  ..    ..     ..    ..    ..   ..    ..
ringing_last       ..    ok   ok   ..    ..   ..    ..   ..    exh  exh   exh  fail  ..   ..    ..   ..   ..    ..    hang xdrp ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
answered           ..    ..   ..   conn  conn vmail scrn ..    ..   ..    ..   ..    ..   rtry  rtry ..   ..    ..    hang drop ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
answered_long      ..    ..   ..   conn  conn vmail scrn ..    ..   ..    ..   ..    ..   rtry  rtry ..   ..    ..    hang drop ..  ..   drop ..  ..    ..     ..    ..    ..   ..    ..
screened           ..    ..   ..   conn  conn vmail ..   ..    ..   ..    ..   ..    ..   rtry  rtry ..   ..    ..    hang drop ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
screened_long      ..    ..   ..   conn  conn vmail ..   ..    ..   ..    ..   ..    ..   rtry  rtry ..   ..    ..    hang drop ..  ..   drop ..  ..    ..     ..    ..    ..   ..    ..
connected          ..    ..   ..   ..    ..   ..    ..   talk  ..   ..    ..   ..    ..   sett  sett ..   ..    ..    ..   drop ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
connected_cap      ..    ..   ..   ..    ..   ..    ..   talk  ..   ..    ..   ..    ..   sett  sett ..   ..    ..    ..   drop ..  ..   ..   cls ..    ..     ..    ..    ..   ..    ..
connected_ended    ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   comp late  dnc   ..   sett ..  ..   ..   ..  ..    ..     ..    ..    ..   comp  chan
talking            ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   sett  sett ..   ..    ..    ..   drop ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
talking_cap        ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   sett  sett ..   ..    ..    ..   drop ..  ..   ..   cls ..    ..     ..    ..    ..   ..    ..
closing            ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   sett  sett ..   ..    ..    ..   drop ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
closing_long       ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   sett  sett ..   ..    ..    ..   drop ..  ..   ..   cut ..    ..     ..    ..    ..   ..    ..
settling           ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   comp late  dnc   ..   sett ..  ..   ..   ..  ..    ..     ..    ..    ..   comp  chan
settling_broken    ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   rtry late  dnc   ..   sett ..  ..   ..   ..  ..    ..     ..    ..    ..   comp  chrt
completed          ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    ..   ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
follow_up_early    ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
follow_up          dial  ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   wait ..  ..   ..  ..    ..     wait  wait  comp ..    ..
follow_up_last     comp  ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   comp ..  ..   ..  ..    ..     comp  comp  comp ..    ..
follow_up_expired  comp  ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   comp ..  ..   ..  ..    comp   comp  comp  comp ..    ..
follow_up_untimed  ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
follow_up_lapsed   ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   ..  ..   ..   ..  comp  ..     ..    ..    ..   ..    ..
voicemail          ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    bye  sett  sett ..   ..    ..    ..   drop ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
voicemail_long     ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    bye  sett  sett ..   ..    ..    ..   drop ..  ..   ..   bye ..    ..     ..    ..    ..   ..    ..
voicemail_left     ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   sett  sett ..   ..    ..    ..   cut  ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
voicemail_hanging  ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   sett  sett ..   ..    ..    ..   cut  ..  ..   ..   cut ..    ..     ..    ..    ..   ..    ..
voicemail_settling ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   comp late  dnc   ..   sett ..  ..   ..   ..  ..    ..     ..    ..    ..   comp  chan
voicemail_cut_off  ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   rtry late  dnc   ..   sett ..  ..   ..   ..  ..    ..     ..    ..    ..   comp  chrt
no_answer          ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    ..   ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
busy               ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    ..   ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
retry_early        ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
retry              dial  ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   ok  ..   ..   ..  ..    ..     ok    ok    canc ..    ..
retry_expired      exp   ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    canc ..   ok  ..   ..   ..  ..    exp    exp   exp   canc ..    ..
exhausted          ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    ..   ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
failed             ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    ..   ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
cancelled          ..    ..   ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..    ..   ..   ..    ..    ok   ..   ..  ..   ..   ..  ..    ..     ..    ..    ..   ..    ..
";

/// The status a cell ends in (`None`: unchanged) and what comes out, in order.
fn expected(cell: &str) -> (Option<Status>, &'static str) {
    match cell {
        "ok" => (None, ""),
        "que" => (Some(Status::Queued), ""),
        "wait" => (Some(Status::RetryScheduled), ""),
        "dial" => (Some(Status::Dialing), "attempting Dial!"),
        "exp" => (Some(Status::Exhausted), "exhausted"),
        "canc" => (Some(Status::Cancelled), "cancelled"),
        "hang" => (Some(Status::Cancelled), "cancelled HangUp!"),
        "rtry" => (Some(Status::RetryScheduled), "attempt_failed"),
        "drop" => (Some(Status::RetryScheduled), "attempt_failed HangUp!"),
        "exh" => (Some(Status::Exhausted), "attempt_failed exhausted"),
        "xdrp" => (Some(Status::Exhausted), "attempt_failed exhausted HangUp!"),
        "fail" => (Some(Status::Failed), "attempt_failed failed"),
        "conn" => (Some(Status::Connected), "connected StartConversation!"),
        "vmail" => (Some(Status::Voicemail), "LeaveMessage!"),
        "scrn" => (None, "AnswerScreening!"),
        "talk" => (Some(Status::InProgress), ""),
        "bye" => (None, "HangUp!"),
        "cls" => (None, "CloseConversation!"),
        "cut" => (None, "HangUp! Settle!"),
        "sett" => (None, "Settle!"),
        "comp" => (Some(Status::Completed), "completed"),
        "late" => (Some(Status::NeedsFollowUp), "needs_follow_up"),
        "dnc" => (Some(Status::Completed), "dnc_requested completed"),
        "chan" => (Some(Status::Completed), "channel_switched completed"),
        "chrt" => (Some(Status::RetryScheduled), "channel_switched attempt_failed"),
        other => panic!("no such cell: {other}"),
    }
}

const NOW: Time = Time::from_secs(1_800_000_000);
/// No wait of a leg is this long, no backoff and no lapse this short.
const AGES: Duration = Duration::from_secs(8 * 24 * 60 * 60);
const A_MOMENT: Duration = Duration::from_secs(5);

fn input(column: &str) -> Input {
    match column {
        "claim" => Input::Claimed,
        "ring" => Input::Ringing,
        "answ" => Input::Answered,
        "human" => Input::Classified(AnsweredBy::Human),
        "unkn" => Input::Classified(AnsweredBy::Unknown),
        "vmail" => Input::Classified(AnsweredBy::Voicemail),
        "scrn" => Input::Classified(AnsweredBy::Screener),
        "start" => Input::ConversationStarted,
        "busy" => Input::Busy,
        "noans" => Input::NoAnswer,
        "carr" => Input::LegFailed(FailReason::CarrierError),
        "inval" => Input::LegFailed(FailReason::InvalidNumber),
        "left" => Input::MessageLeft,
        "ended" => Input::LegEnded(Ended::Callee),
        "brok" => Input::LegEnded(Ended::Failed(FailReason::ModelError)),
        "done" => Input::Settled(Settled::default()),
        "later" => Input::Settled(Settled {
            follow_up: Some(FollowUp { at: Some(NOW + AGES) }),
            ..Settled::default()
        }),
        "never" => Input::Settled(Settled { do_not_call: true, ..Settled::default() }),
        "night" => Input::Deferred(NOW + A_MOMENT),
        "money" => Input::Paused,
        "stop" => Input::Refused(FailReason::DoNotCall),
        "wrong" => Input::Settled(Settled {
            wrong_number: true,
            // Who we reached may well ask us to call another time: it is not whom we called.
            follow_up: Some(FollowUp { at: None }),
            ..Settled::default()
        }),
        "write" => Input::Settled(Settled { channel_switched: true, ..Settled::default() }),
        "canc" => Input::Cancel,
        "lost" => Input::NodeLost,
        "due" => Input::Timeout(Reason::Due),
        "noan" => Input::Timeout(Reason::NoAnswer),
        "uncl" => Input::Timeout(Reason::Unclassified),
        "cap" => Input::Timeout(Reason::MaxDuration),
        "lapse" => Input::Timeout(Reason::FollowUpLapsed),
        "exp" => Input::Timeout(Reason::Expired),
        other => panic!("no such column: {other}"),
    }
}

/// Which kind of input, so that a kind added to the machine does not compile until it is here, and
/// then misses its column.
fn kind(input: Input) -> usize {
    match input {
        Input::Claimed => 0,
        Input::Ringing => 1,
        Input::Answered => 2,
        Input::Classified(_) => 3,
        Input::ConversationStarted => 4,
        Input::Busy => 5,
        Input::NoAnswer => 6,
        Input::LegFailed(_) => 7,
        Input::MessageLeft => 8,
        Input::LegEnded(_) => 9,
        Input::Settled(_) => 10,
        Input::Cancel => 11,
        Input::NodeLost => 12,
        Input::Timeout(Reason::Due) => 13,
        Input::Timeout(Reason::NoAnswer) => 14,
        Input::Timeout(Reason::Unclassified) => 15,
        Input::Timeout(Reason::MaxDuration) => 16,
        Input::Timeout(Reason::FollowUpLapsed) => 17,
        Input::Timeout(Reason::Expired) => 18,
        Input::Deferred(_) => 19,
        Input::Paused => 20,
        Input::Refused(_) => 21,
    }
}
const KINDS: usize = 22;

fn situation(row: &str) -> Call {
    let policy = RetryPolicy::default();
    let new = NewCall {
        policy,
        on_screening: OnScreening::Navigate,
        max_duration_minutes: 30,
        schedule_at: None,
    };
    let mut call = created(new, NOW - AGES);
    let (status, rest) = match row.split_once('_') {
        _ if row == "no_answer" => (Status::NoAnswer, ""),
        _ if row.starts_with("follow_up") => {
            (Status::NeedsFollowUp, row.trim_start_matches("follow_up").trim_start_matches('_'))
        }
        Some((stem, rest)) => (status(stem), rest),
        None => (status(row), ""),
    };
    call.status = status;
    call.due_at = None;
    if status.is_waiting() {
        call.due_at = Some(NOW);
    }
    if !matches!(status, Status::Queued | Status::Scheduled) {
        call.attempt = 1;
        call.dialed_at = Some(NOW - A_MOMENT);
    }
    let stem = row.split('_').next().expect("a row has a name");
    let held = matches!(
        status,
        Status::Connected | Status::InProgress | Status::Voicemail | Status::NeedsFollowUp
    );
    if held || matches!(stem, "answered" | "screened") {
        call.answered_at = Some(NOW - A_MOMENT);
    }
    if stem == "screened" {
        call.answered_by = Some(AnsweredBy::Screener);
    }
    if stem == "closing" {
        call.closing_at = Some(NOW - A_MOMENT);
    }
    if status == Status::Voicemail {
        call.reason = Some(FailReason::Voicemail);
    }
    if stem == "settling" || status == Status::NeedsFollowUp {
        call.ended_at = Some(NOW - A_MOMENT);
    }
    match (status, rest) {
        (_, "") => {}
        (_, "early") => call.due_at = Some(NOW + A_MOMENT),
        (_, "expired") => call.policy.expires_at = Some(NOW),
        (_, "last") => call.attempt = 3,
        (_, "ended") => call.ended_at = Some(NOW - A_MOMENT),
        (_, "cap") => call.answered_at = Some(NOW - AGES),
        (Status::Dialing, "long") if stem == "ringing" => call.dialed_at = Some(NOW - AGES),
        (Status::InProgress, "long") => call.closing_at = Some(NOW - AGES),
        (_, "long") => call.answered_at = Some(NOW - AGES),
        (_, "broken") => call.reason = Some(FailReason::ModelError),
        (_, "untimed") => call.due_at = None,
        (_, "lapsed") => {
            call.due_at = None;
            call.ended_at = Some(NOW - AGES);
        }
        (_, "left") => {
            call.reason = None;
            call.closing_at = Some(NOW - A_MOMENT);
        }
        (_, "hanging") => {
            call.reason = None;
            call.closing_at = Some(NOW - AGES);
        }
        (Status::Voicemail, "settling") => {
            call.reason = None;
            call.ended_at = Some(NOW - A_MOMENT);
        }
        (Status::Voicemail, "cut_off") => call.ended_at = Some(NOW - A_MOMENT),
        (_, other) => panic!("no such situation: {other}"),
    }
    call
}

fn status(stem: &str) -> Status {
    match stem {
        "ringing" | "answered" | "screened" => Status::Dialing,
        "talking" | "closing" | "settling" => Status::InProgress,
        "retry" => Status::RetryScheduled,
        other => other.parse().expect("a status"),
    }
}

#[test]
fn every_situation_takes_or_refuses_every_input_as_written() {
    let mut lines = TABLE.trim_matches('\n').lines();
    let columns: Vec<&str> = lines.next().expect("a header").split_whitespace().collect();
    let mut cells_checked = 0;
    for line in lines {
        let mut cells = line.split_whitespace();
        let row = cells.next().expect("a row has a name");
        let cells: Vec<&str> = cells.collect();
        assert_eq!(cells.len(), columns.len(), "{row}");
        for (column, cell) in columns.iter().zip(cells) {
            check(row, column, cell);
            cells_checked += 1;
        }
    }
    assert_eq!(cells_checked, 42 * 31);
}

fn check(row: &str, column: &str, cell: &str) {
    let before = situation(row);
    let mut machine = Machine::resume(before.clone());
    let taken = feed(&mut machine, NOW, input(column));
    let after = machine.call();
    if cell == ".." {
        let refused = taken.expect_err(&format!("{row} × {column} is to be refused"));
        assert_eq!((refused.status, refused.input), (before.status, input(column)));
        assert_eq!(*after, before, "{row} × {column} is refused, so it changes nothing");
        assert_eq!(machine.poll(), None, "{row} × {column} is refused, so nothing comes of it");
        return;
    }
    let outputs: Vec<Output> =
        taken.unwrap_or_else(|refused| panic!("{row} × {column}: {refused}"));
    let (status, said) = expected(cell);
    assert_eq!(after.status, status.unwrap_or(before.status), "{row} × {column}");
    assert_eq!(words(&outputs), said, "{row} × {column}");
}

#[test]
fn the_table_leaves_no_status_and_no_kind_of_input_out() {
    let mut lines = TABLE.trim_matches('\n').lines();
    let columns = lines.next().expect("a header").split_whitespace();
    let mut kinds: Vec<usize> = columns.map(|column| kind(input(column))).collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds, (0..KINDS).collect::<Vec<_>>());

    let rows: Vec<&str> = lines.filter_map(|line| line.split_whitespace().next()).collect();
    for status in Status::ALL {
        assert!(rows.iter().any(|row| situation(row).status == status), "{status} has no row");
    }
}
