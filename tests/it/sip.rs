//! Calls over SIP trunks to `sipp`, whose scenarios check what we send.

use std::time::Duration;

use agenticcalling::carrier::LegEvent::{
    Answered, Busy, Digit, Failed, HungUp, InvalidNumber, NoAnswer, Rejected, Ringing,
};
use agenticcalling::carrier::sip::Transport;
use agenticcalling::carrier::{Digit as Key, LegEvent};
use agenticcalling_tests::sip::{Sipp, arrived, dial, event, expect, noise, open, talk, trunk};

/// sipp sends back what it hears.
const ECHO: &[&str] = &["-rtp_echo"];

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_answered_heard_and_hung_up() {
    for transport in [Transport::Udp, Transport::Tcp] {
        let sipp = Sipp::over(transport, "answer", ECHO).await.unwrap();
        let mut config = trunk(sipp.port);
        config.transport = transport;
        let carrier = open(config).await.unwrap();
        let mut leg = dial(&carrier).await.unwrap();
        expect(&mut leg, &[Ringing, Answered]).await.unwrap();
        let said = noise(1, 100);
        let conversation = talk(&mut leg, &said, Duration::from_millis(200)).await;
        drop(leg);
        let (share, in_order) = arrived(&said, &conversation.heard);
        assert!(share > 0.97 && in_order, "{transport:?}: {share} of the echo came back");
        assert_eq!(conversation.events, []);
        let messages = sipp.played().await.unwrap();
        assert!(messages.contains("INVITE sip:+12025550123@127.0.0.1"), "{messages}");
        assert!(messages.contains("From: <sip:+12025550100@127.0.0.1"), "{messages}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_apart() {
    let table: [(&str, &str, LegEvent); 11] = [
        ("486 Busy Here", "X-A: b", Busy),
        ("600 Busy Everywhere", "X-A: b", Busy),
        ("603 Decline", "X-A: b", Rejected),
        ("608 Rejected", "X-A: b", Rejected),
        ("480 Temporarily Unavailable", "X-A: b", NoAnswer),
        ("480 Temporarily Unavailable", "Reason: Q.850;cause=17", Busy),
        ("404 Not Found", "X-A: b", InvalidNumber),
        ("484 Address Incomplete", "X-A: b", InvalidNumber),
        ("403 Forbidden", "X-A: b", Failed),
        ("503 Service Unavailable", "Retry-After: 5", Failed),
        ("302 Moved Temporarily", "X-A: b", Failed),
    ];
    for (code, more, expected) in table {
        let sipp = Sipp::refusing(code, more).await.unwrap();
        let carrier = open(trunk(sipp.port)).await.unwrap();
        let mut leg = dial(&carrier).await.unwrap();
        assert_eq!(event(&mut leg).await.unwrap(), expected, "{code}");
        sipp.played().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_only_rings_is_cancelled() {
    let sipp = Sipp::play("ring", &[]).await.unwrap();
    let carrier = open(trunk(sipp.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Ringing]).await.unwrap();
    drop(leg);
    sipp.played().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trunk_that_asks_is_told_who_calls() {
    let sipp = Sipp::play("challenge", &[]).await.unwrap();
    let carrier = open(trunk(sipp.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Answered]).await.unwrap();
    drop(leg);
    sipp.played().await.unwrap();
    // With another password it is refused.
    let sipp = Sipp::play("challenge", &[]).await.unwrap();
    let mut config = trunk(sipp.port);
    config.password = agenticcalling::carrier::sip::Password("wrong".into());
    let carrier = open(config).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Failed]).await.unwrap();
    sipp.played().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callee_who_hangs_up_ends_the_leg() {
    let sipp = Sipp::play("hang_up", &[]).await.unwrap();
    let carrier = open(trunk(sipp.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Answered, HungUp]).await.unwrap();
    sipp.played().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_on_hold_is_not_dead_and_questions_are_answered() {
    let sipp = Sipp::play("hold", &[]).await.unwrap();
    let mut config = trunk(sipp.port);
    config.silence_secs = 1;
    let carrier = open(config).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    let five = Key::new('5').unwrap();
    expect(&mut leg, &[Answered, Digit(five), HungUp]).await.unwrap();
    sipp.played().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_made_when_it_is_asked_for() {
    let sipp = Sipp::play("delayed_offer", ECHO).await.unwrap();
    let carrier = open(trunk(sipp.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Answered, HungUp]).await.unwrap();
    sipp.played().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_refreshed_expire_and_are_made_longer() {
    let sipp = Sipp::play("refreshed", &[]).await.unwrap();
    let carrier = open(trunk(sipp.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Answered, HungUp]).await.unwrap();
    sipp.played().await.unwrap();

    let sipp = Sipp::play("forgotten", &[]).await.unwrap();
    let carrier = open(trunk(sipp.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Answered, Failed]).await.unwrap();
    sipp.played().await.unwrap();

    let sipp = Sipp::play("interval", &[]).await.unwrap();
    let carrier = open(trunk(sipp.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Busy]).await.unwrap();
    sipp.played().await.unwrap();
}

/// The trunk's machine is gone in mid-call: no goodbye, no audio.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_audio_is_dead() {
    let sipp = Sipp::play("answer", ECHO).await.unwrap();
    let mut config = trunk(sipp.port);
    config.silence_secs = 1;
    let carrier = open(config).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Ringing, Answered]).await.unwrap();
    let conversation = talk(&mut leg, &noise(2, 75), Duration::ZERO).await;
    assert_eq!(conversation.events, [], "while audio comes the call is up");
    drop(sipp);
    let conversation = talk(&mut leg, &noise(3, 150), Duration::ZERO).await;
    assert_eq!(conversation.events.first(), Some(&Failed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trunk_that_is_not_there_takes_no_call() {
    // A connection is refused at once.
    let mut config = trunk(agenticcalling_tests::sip::free_port().unwrap());
    config.transport = Transport::Tcp;
    let carrier = open(config).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Failed]).await.unwrap();
}
