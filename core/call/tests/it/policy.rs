//! Retry policy, business hours and bills, by table.

use std::time::Duration;

use agenticcalling_call::billing::{
    Breakdown, GRACE_SECONDS, Pipeline, Rates, Rounding, bill, bill_rounded, line_rental,
    usage_warning,
};
use agenticcalling_call::retry::{Next, REDIAL_GAP, after_failure, next_attempt};
use agenticcalling_call::{FailReason, OnUnanswered, OnVoicemail, PolicyError, RetryPolicy};
use domain::MicroUsd;

use crate::time;

fn policy(backoff_minutes: &[u32], max_attempts: u32) -> RetryPolicy {
    RetryPolicy { backoff_minutes: backoff_minutes.to_vec(), max_attempts, ..Default::default() }
}

#[test]
fn backoff_repeats_its_last_and_ignores_its_surplus() {
    #[track_caller]
    fn check(backoff: &[u32], max_attempts: u32, expected: &[u32]) {
        let policy = policy(backoff, max_attempts);
        let now = time("2026-03-02T12:00:00Z");
        let mut minutes = Vec::new();
        for attempt in 1.. {
            let Some(at) = next_attempt(&policy, attempt, now) else { break };
            minutes.push((at.since(now).as_secs() / 60) as u32);
        }
        assert_eq!(minutes, expected);
    }
    check(&[15, 120], 3, &[15, 120]);
    check(&[15, 120], 5, &[15, 120, 120, 120]);
    check(&[15, 120], 2, &[15]);
    check(&[15, 120], 1, &[]);
    check(&[5], 4, &[5, 5, 5]);
    check(&[0], 3, &[0, 0]);
    check(&[1, 2, 3, 4, 5], 3, &[1, 2]);
    check(&[1, 2, 3], 10, &[1, 2, 3, 3, 3, 3, 3, 3, 3]);
    // No validated policy looks like these; they still may not panic or go on for ever.
    check(&[], 3, &[15, 15]);
    check(&[15], 0, &[]);
}

#[test]
fn no_backoff_still_lets_the_old_leg_go() {
    let now = time("2026-03-02T12:00:00Z");
    let soon = time("2026-03-02T12:00:01Z");
    assert_eq!(next_attempt(&policy(&[0], 3), 1, now), Some(soon));
    let expires_at = Some(soon);
    assert_eq!(next_attempt(&RetryPolicy { expires_at, ..policy(&[0], 3) }, 1, now), None);
}

#[test]
fn nothing_is_scheduled_at_or_after_expiry() {
    let now = time("2026-03-02T12:00:00Z");
    let at = time("2026-03-02T12:15:00Z");
    let cases = [
        (None, Some(at)),
        (Some("2026-03-02T12:15:00.001Z"), Some(at)),
        (Some("2026-03-02T12:15:00Z"), None),
        (Some("2026-03-01T00:00:00Z"), None),
    ];
    for (expires_at, expected) in cases {
        let expires_at = expires_at.map(time);
        let policy = RetryPolicy { expires_at, ..Default::default() };
        assert_eq!(next_attempt(&policy, 1, now), expected, "{expires_at:?}");
    }
}

#[test]
fn expiry_is_compared_with_the_opening_and_not_with_the_delay() {
    // Friday evening; Monday's opening is 13:00 UTC.
    let mut policy = RetryPolicy { business_hours_only: true, ..Default::default() };
    policy.expires_at = Some(time("2026-06-07T00:00:00Z"));
    assert_eq!(next_attempt(&policy, 1, time("2026-06-05T22:00:00Z")), None);
    policy.expires_at = Some(time("2026-06-09T00:00:00Z"));
    let opening = Some(time("2026-06-08T13:00:00Z"));
    assert_eq!(next_attempt(&policy, 1, time("2026-06-05T22:00:00Z")), opening);
}

#[test]
fn what_follows_a_failure() {
    let now = time("2026-03-02T12:00:00Z");
    let retry = Next::Retry(time("2026-03-02T12:15:00Z"));
    let default = RetryPolicy::default();
    let strict = RetryPolicy {
        on_no_answer: OnUnanswered::Fail,
        on_busy: OnUnanswered::Fail,
        on_voicemail: OnVoicemail::HangUp,
        ..Default::default()
    };
    let cases = [
        (FailReason::NoAnswer, retry, Next::Failed),
        (FailReason::Busy, retry, Next::Failed),
        (FailReason::Voicemail, retry, Next::Exhausted),
        (FailReason::Screened, retry, retry),
        (FailReason::Rejected, retry, retry),
        (FailReason::InvalidNumber, Next::Failed, Next::Failed),
        (FailReason::CarrierError, retry, retry),
        (FailReason::ModelError, retry, retry),
        (FailReason::NodeLost, retry, retry),
    ];
    for (reason, by_default, when_strict) in cases {
        assert_eq!(after_failure(&default, 1, reason, now), by_default, "{reason:?}");
        assert_eq!(after_failure(&strict, 1, reason, now), when_strict, "{reason:?}");
    }
    assert_eq!(after_failure(&default, 3, FailReason::Busy, now), Next::Exhausted);
    assert_eq!(after_failure(&strict, 3, FailReason::Busy, now), Next::Failed);
}

/// An attempt that could begin at `ready` begins then, or at the next opening.
#[track_caller]
fn check_hours(zone: &str, ready: &str, expected: &str) {
    let policy =
        RetryPolicy { business_hours_only: true, timezone: zone.into(), ..policy(&[0], 2) };
    assert_eq!(next_attempt(&policy, 1, time(ready) - REDIAL_GAP), Some(time(expected)));
}

#[test]
fn inside_business_hours_nothing_moves() {
    let ny = "America/New_York";
    check_hours(ny, "2026-06-03T09:00:00-04:00", "2026-06-03T09:00:00-04:00");
    check_hours(ny, "2026-06-03T12:34:56.789-04:00", "2026-06-03T12:34:56.789-04:00");
    check_hours(ny, "2026-06-03T16:59:59.999-04:00", "2026-06-03T16:59:59.999-04:00");
}

#[test]
fn outside_business_hours_the_next_opening_counts() {
    let ny = "America/New_York";
    check_hours(ny, "2026-06-03T08:59:59-04:00", "2026-06-03T09:00:00-04:00");
    check_hours(ny, "2026-06-03T17:00:00-04:00", "2026-06-04T09:00:00-04:00");
    check_hours(ny, "2026-06-03T23:30:00-04:00", "2026-06-04T09:00:00-04:00");
    check_hours(ny, "2026-06-04T00:00:00-04:00", "2026-06-04T09:00:00-04:00");
    // Over the weekend.
    check_hours(ny, "2026-06-05T17:00:00-04:00", "2026-06-08T09:00:00-04:00");
    check_hours(ny, "2026-06-06T12:00:00-04:00", "2026-06-08T09:00:00-04:00");
    check_hours(ny, "2026-06-07T23:59:59-04:00", "2026-06-08T09:00:00-04:00");
}

#[test]
fn month_ends_year_ends_and_leap_days() {
    check_hours("UTC", "2026-04-30T18:00:00Z", "2026-05-01T09:00:00Z");
    check_hours("UTC", "2026-07-31T18:00:00Z", "2026-08-03T09:00:00Z");
    check_hours("UTC", "2026-12-31T18:00:00Z", "2027-01-01T09:00:00Z");
    check_hours("UTC", "2028-02-28T18:00:00Z", "2028-02-29T09:00:00Z");
    check_hours("UTC", "2027-02-26T18:00:00Z", "2027-03-01T09:00:00Z");
    // 2100 is no leap year.
    check_hours("UTC", "2100-02-26T18:00:00Z", "2100-03-01T09:00:00Z");
}

#[test]
fn the_day_is_the_one_of_the_zone() {
    // Friday night in New York is Saturday in UTC, Sunday night in UTC is Monday in Tokyo.
    check_hours("America/New_York", "2026-06-06T00:30:00Z", "2026-06-08T13:00:00Z");
    check_hours("Asia/Tokyo", "2026-06-07T23:00:00Z", "2026-06-08T00:00:00Z");
    check_hours("Asia/Tokyo", "2026-06-08T00:30:00Z", "2026-06-08T00:30:00Z");
    check_hours("Asia/Kolkata", "2026-06-08T00:00:00Z", "2026-06-08T03:30:00Z");
    check_hours("Asia/Kathmandu", "2026-06-08T00:00:00Z", "2026-06-08T03:15:00Z");
    check_hours("Pacific/Kiritimati", "2026-06-07T18:00:00Z", "2026-06-07T19:00:00Z");
    check_hours("Pacific/Pago_Pago", "2026-06-06T03:30:00Z", "2026-06-06T03:30:00Z");
    check_hours("Pacific/Pago_Pago", "2026-06-06T04:00:00Z", "2026-06-08T20:00:00Z");
}

#[test]
fn over_a_clock_change() {
    let ny = "America/New_York";
    // Forward on Sunday the 8th of March, back on Sunday the 1st of November.
    check_hours(ny, "2026-03-06T17:00:00-05:00", "2026-03-09T09:00:00-04:00");
    check_hours(ny, "2026-03-08T02:30:00-05:00", "2026-03-09T09:00:00-04:00");
    check_hours(ny, "2026-10-30T17:00:00-04:00", "2026-11-02T09:00:00-05:00");
    check_hours(ny, "2026-11-01T01:30:00-05:00", "2026-11-02T09:00:00-05:00");
    check_hours("Europe/Berlin", "2026-03-27T18:00:00+01:00", "2026-03-30T09:00:00+02:00");
    check_hours("Europe/Berlin", "2026-10-23T18:00:00+02:00", "2026-10-26T09:00:00+01:00");
    // Half an hour, southern summer.
    check_hours("Australia/Lord_Howe", "2026-04-03T17:00:00+11:00", "2026-04-06T09:00:00+10:30");
}

#[test]
fn a_clock_change_on_a_working_day() {
    // Egypt went forward in the first hour of a Friday.
    check_hours("Africa/Cairo", "2026-04-23T22:30:00Z", "2026-04-24T06:00:00Z");
    // Casey lived three hours of a Thursday night twice.
    check_hours("Antarctica/Casey", "2010-03-04T17:00:00+11:00", "2010-03-05T09:00:00+08:00");
    // Vostok came to five o'clock twice on a Monday, and had closed at the first.
    check_hours("Antarctica/Vostok", "1994-01-31T16:59:59+07:00", "1994-01-31T16:59:59+07:00");
    check_hours("Antarctica/Vostok", "1994-01-31T17:00:00+07:00", "1994-02-01T09:00:00+00:00");
    check_hours("Antarctica/Vostok", "1994-01-31T17:00:00+00:00", "1994-02-01T09:00:00+00:00");
}

#[test]
fn a_day_that_never_was_has_no_hours() {
    // Samoa went from Thursday 2011-12-29 to Saturday the 31st.
    check_hours("Pacific/Apia", "2011-12-29T17:00:00-10:00", "2012-01-02T09:00:00+14:00");
    check_hours("Pacific/Apia", "2011-12-29T16:59:59-10:00", "2011-12-29T16:59:59-10:00");
}

#[test]
fn beyond_the_calendar_there_is_no_attempt() {
    let policy =
        RetryPolicy { business_hours_only: true, timezone: "UTC".into(), ..policy(&[0], 2) };
    for millis in [i64::MAX, i64::MIN] {
        assert_eq!(next_attempt(&policy, 1, domain::Time::from_millis(millis)), None);
    }
}

#[test]
fn a_zone_that_is_not_known_counts_as_utc() {
    check_hours("Nowhere/Else", "2026-06-03T08:00:00Z", "2026-06-03T09:00:00Z");
}

#[test]
fn policies_are_validated() {
    #[track_caller]
    fn check(change: impl FnOnce(&mut RetryPolicy), expected: Result<(), PolicyError>) {
        let mut policy = RetryPolicy::default();
        change(&mut policy);
        assert_eq!(policy.validate(), expected);
    }
    check(|_| {}, Ok(()));
    check(|p| p.max_attempts = 1, Ok(()));
    check(|p| p.max_attempts = 10, Ok(()));
    check(|p| p.max_attempts = 0, Err(PolicyError::MaxAttempts(0)));
    check(|p| p.max_attempts = 11, Err(PolicyError::MaxAttempts(11)));
    check(|p| p.backoff_minutes = vec![], Err(PolicyError::BackoffEmpty));
    check(|p| p.backoff_minutes = vec![0], Ok(()));
    check(|p| p.backoff_minutes = vec![1; 32], Ok(()));
    check(|p| p.backoff_minutes = vec![1; 33], Err(PolicyError::BackoffTooMany(33)));
    check(|p| p.backoff_minutes = vec![1, 43_200], Ok(()));
    check(|p| p.backoff_minutes = vec![1, 43_201], Err(PolicyError::BackoffTooLong(43_201)));
    for zone in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"] {
        check(|p| p.timezone = zone.into(), Ok(()));
    }
    for zone in ["", " ", "Berlin", "Europe/Atlantis", "+02:00", "../etc/passwd", "Etc/Unknown"] {
        check(|p| p.timezone = zone.into(), Err(PolicyError::Timezone(zone.into())));
    }
    let long = "x".repeat(100_000);
    check(|p| p.timezone = long, Err(PolicyError::Timezone("x".repeat(64))));
}

#[test]
fn a_refused_policy_says_where_and_what_to_write() {
    let cases = [
        (PolicyError::MaxAttempts(11), "max_attempts", "max_attempts must be 1 to 10, not 11"),
        (
            PolicyError::BackoffTooLong(50_000),
            "backoff",
            "a backoff must be at most 43200 minutes (30 days), not 50000",
        ),
        (
            PolicyError::Timezone("Berlin".into()),
            "timezone",
            "timezone \"Berlin\" is not known: give an IANA name, for example \"America/New_York\"",
        ),
    ];
    for (error, field, message) in cases {
        assert_eq!((error.field(), error.to_string().as_str()), (field, message));
    }
}

#[test]
fn the_public_prices() {
    let cases = [
        (Pipeline::Gemini, 6_000, 42_000),
        (Pipeline::Pipeline, 18_000, 54_000),
        (Pipeline::Realtime, 300_000, 336_000),
    ];
    for (pipeline, llm, per_minute) in cases {
        let rates = Rates::of(pipeline);
        assert_eq!(rates.telephony, MicroUsd(16_800));
        assert_eq!(rates.servers, MicroUsd(19_200));
        assert_eq!(rates.llm, MicroUsd(llm));
        assert_eq!(rates.per_minute(), MicroUsd(per_minute));
    }
}

#[test]
fn lines_beyond_the_plans_are_rented() {
    for (lines, included, price, expected) in [
        (0, 1, 2_000_000, 0),
        (1, 1, 2_000_000, 0),
        (4, 1, 2_000_000, 6_000_000),
        (3, 0, 1_500_000, 4_500_000),
    ] {
        assert_eq!(line_rental(lines, included, MicroUsd(price)), MicroUsd(expected));
    }
}

#[test]
fn minutes_are_begun_and_short_calls_free() {
    let cases = [
        (0, 0, 0),
        (119_999, 0, 0),
        (120_000, 108_000, 120),
        (120_999, 108_000, 120),
        (121_000, 162_000, 121),
        (180_000, 162_000, 180),
        (252_000, 270_000, 252),
        (7_200_000, 6_480_000, 7_200),
    ];
    for (millis, cost, billed_seconds) in cases {
        let bill =
            bill(Duration::from_millis(millis), Rates::of(Pipeline::Pipeline), GRACE_SECONDS);
        assert_eq!((bill.cost, bill.billed_seconds), (MicroUsd(cost), billed_seconds), "{millis}");
    }
}

#[test]
fn the_parts_of_a_bill() {
    let bill = bill(Duration::from_secs(252), Rates::of(Pipeline::Gemini), GRACE_SECONDS);
    let breakdown =
        Breakdown { telephony: MicroUsd(84_000), servers: MicroUsd(96_000), llm: MicroUsd(30_000) };
    assert_eq!((bill.breakdown, bill.cost.as_usd()), (breakdown, 0.21));
}

#[test]
fn grace_and_rounding_can_be_configured() {
    let rates = Rates::of(Pipeline::Pipeline);
    assert_eq!(bill(Duration::from_secs(1), rates, 0).cost, MicroUsd(54_000));
    assert_eq!(bill(Duration::from_millis(999), rates, 0).cost, MicroUsd::ZERO);
    assert_eq!(bill(Duration::from_secs(599), rates, 600).cost, MicroUsd::ZERO);
    let exact = bill_rounded(Duration::from_secs(121), rates, 120, Rounding::Second);
    assert_eq!((exact.cost, exact.billed_seconds), (MicroUsd(108_900), 121));
    // 121 sixtieths of 31, of 15 and of 14: 62.5, 30.25 and 28.2.
    let odd = Rates { telephony: MicroUsd(31), servers: MicroUsd(15), llm: MicroUsd(14) };
    let exact = bill_rounded(Duration::from_secs(121), odd, 120, Rounding::Second);
    let parts = Breakdown { telephony: MicroUsd(63), servers: MicroUsd(30), llm: MicroUsd(28) };
    assert_eq!((exact.breakdown, exact.cost), (parts, MicroUsd(121)));
}

#[test]
fn the_parts_always_add_up_to_the_cost() {
    let odd = Rates { telephony: MicroUsd(16_801), servers: MicroUsd(7), llm: MicroUsd(299_999) };
    let all = [
        Rates::of(Pipeline::Gemini),
        Rates::of(Pipeline::Pipeline),
        Rates::of(Pipeline::Realtime),
        odd,
    ];
    for rates in all {
        for rounding in [Rounding::Minute, Rounding::Second] {
            let mut before = MicroUsd::ZERO;
            for seconds in 0..=7_300 {
                let bill = bill_rounded(Duration::from_secs(seconds), rates, 120, rounding);
                let parts = bill.breakdown;
                assert_eq!(parts.telephony + parts.servers + parts.llm, bill.cost);
                assert!(bill.cost >= before, "a longer call is never cheaper");
                assert_eq!(bill.cost == MicroUsd::ZERO, seconds < 120);
                before = bill.cost;
            }
        }
    }
    // Nonsense saturates instead of wrapping.
    let endless = bill(Duration::MAX, Rates::of(Pipeline::Realtime), 120);
    assert!(endless.cost > MicroUsd::ZERO);
}

#[test]
fn a_meter_that_fills_up_is_worth_a_word() {
    let table = [
        (0, 300, None),
        (239, 300, None),
        (240, 300, Some("approaching_limit")),
        (284, 300, Some("approaching_limit")),
        (285, 300, Some("critical_limit")),
        (299, 300, Some("critical_limit")),
        (300, 300, None),
        (301, 300, None),
        (0, 0, None),
    ];
    for (used, limit, expected) in table {
        assert_eq!(usage_warning(used, limit), expected, "{used} of {limit}");
    }
}
