//! Calls over SIP trunks to `baresip`, and to a peer of our own for what neither it nor `sipp` does: other
//! proofs, announcements, bad lines, late answers, registration.

use std::time::Duration;

use agenticcalling::audio::Frame;
use agenticcalling::carrier::LegEvent::{Answered, Busy, HungUp, NoAnswer, Ringing};
use agenticcalling::carrier::sip::{Codec, Srtp, Transport};
use agenticcalling::carrier::{Digits, LegEvent};
use agenticcalling_tests::sip::{
    Baresip, Line, Message, Peer, Speaker, arrived, dial, expect, noise, open, talk, trunk,
};
use rtp::Heard;
use sha2::{Digest as _, Sha256};

#[tokio::test(flavor = "multi_thread")]
async fn baresip_hears_what_is_said_and_is_heard() {
    let table = [
        ("audio_codecs=PCMU/8000/1", Codec::Pcmu, Srtp::Off),
        ("audio_codecs=PCMA/8000/1", Codec::Pcma, Srtp::Off),
        ("audio_codecs=PCMU/8000/1;mediaenc=srtp-mand", Codec::Pcmu, Srtp::Required),
        ("audio_codecs=PCMU/8000/1;mediaenc=srtp", Codec::Pcmu, Srtp::Optional),
    ];
    for (account, codec, srtp) in table {
        let theirs = noise(5, 150);
        let baresip = Baresip::answering(&theirs, account, "").await.unwrap();
        let mut config = trunk(baresip.port);
        (config.codecs, config.srtp) = (vec![codec], srtp);
        let carrier = open(config).await.unwrap();
        let mut leg = dial(&carrier).await.unwrap();
        expect(&mut leg, &[Ringing, Answered]).await.unwrap();
        let ours = noise(6, 150);
        let conversation = talk(&mut leg, &ours, Duration::from_millis(300)).await;
        drop(leg);
        let heard = baresip.heard().await.unwrap();
        let here = same(codec, &theirs, &conversation.heard);
        let there = same(codec, &ours, &heard);
        let log = baresip.log();
        assert!(here > 0.95 && there > 0.95, "{account}: {here} here, {there} there\n{log}");
    }
}

/// Through A-law a frame comes out almost, not exactly, as it went in.
fn same(codec: Codec, said: &[Frame], heard: &[Frame]) -> f64 {
    let alike = |one: &Frame, other: &Frame| {
        let pairs = agenticcalling::audio::decode(one).into_iter();
        let mut pairs = pairs.zip(agenticcalling::audio::decode(other));
        pairs.all(|(one, other)| {
            let difference = (i32::from(one) - i32::from(other)).abs();
            match codec {
                Codec::Pcmu => difference == 0,
                Codec::Pcma => difference <= 16 + i32::from(one).abs() / 8,
            }
        })
    };
    let found: Vec<usize> = heard
        .iter()
        .filter_map(|frame| said.iter().position(|known| alike(known, frame)))
        .collect();
    assert!(found.windows(2).all(|pair| pair[0] < pair[1]), "out of order: {found:?}");
    found.len() as f64 / said.len() as f64
}

#[tokio::test(flavor = "multi_thread")]
async fn digits_are_understood_on_both_sides() {
    let mut baresip =
        Baresip::answering(&noise(7, 10), "audio_codecs=PCMU/8000/1", "").await.unwrap();
    let carrier = open(trunk(baresip.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Ringing, Answered]).await.unwrap();
    let digits: Digits = "159*0#".parse().unwrap();
    leg.digits_out.send(digits).await.unwrap();
    talk(&mut leg, &noise(8, 90), Duration::ZERO).await;
    let meanwhile = noise(9, 120);
    let (conversation, pressed) =
        tokio::join!(talk(&mut leg, &meanwhile, Duration::ZERO), baresip.press("5*"));
    pressed.unwrap();
    drop(leg);
    baresip.heard().await.unwrap();
    let log = baresip.log();
    let told =
        log.split("received event: '").skip(1).filter(|rest| rest[1..].starts_with("' (end=1)"));
    let heard: String = told.filter_map(|rest| rest.chars().next()).collect();
    assert_eq!(heard, "159*0#", "{log}");
    assert_eq!(keys(digits_of(&conversation.events)), "5*");
}

fn digits_of(events: &[LegEvent]) -> impl Iterator<Item = rtp::Digit> {
    events.iter().filter_map(|event| match event {
        LegEvent::Digit(digit) => Some(*digit),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_line_is_survived() {
    let line = Line { lost_percent: 3, swapped_percent: 3, jitter: Duration::from_millis(120) };
    for seed in [1, 2] {
        let mut peer = Peer::listen().await.unwrap();
        let carrier = open(trunk(peer.port)).await.unwrap();
        let mut leg = dial(&carrier).await.unwrap();
        let invite = peer.expect("INVITE").await.unwrap();
        let speaker = Speaker::listen(line, seed).await.unwrap();
        let description = speaker.description();
        peer.answer(&invite, "200 OK", &[], &description).await.unwrap();
        peer.expect("ACK").await.unwrap();
        expect(&mut leg, &[Answered]).await.unwrap();
        let (theirs, ours) = (noise(10 + seed, 500), noise(20 + seed, 500));
        let digits: Digits = "42#".parse().unwrap();
        leg.digits_out.send(digits).await.unwrap();
        let said = theirs.clone();
        let to = invite.audio().unwrap();
        let wait = Duration::from_millis(600);
        let other = tokio::spawn(async move { speaker.talk(to, &said, "7*19", wait).await });
        let conversation = talk(&mut leg, &ours, wait).await;
        let heard = other.await.unwrap().unwrap();
        drop(leg);

        let pressed = keys(digits_of(&conversation.events));
        assert_eq!(pressed, "7*19", "every press is told once");
        // Four presses take 28 frames; 3 % are lost.
        let (share, in_order) = arrived(&theirs, &conversation.heard);
        assert!(in_order && share > 0.87, "seed {seed}: {share} of their frames came");
        let frames = conversation.heard.len();
        assert!((460..=485).contains(&frames), "seed {seed}: {frames} frames: time is kept");

        let there: Vec<Frame> = heard.iter().filter_map(frame).collect();
        let (share, in_order) = arrived(&ours, &there);
        assert!(in_order && share > 0.87, "seed {seed}: {share} of our frames came");
        let pressed = keys(heard.iter().filter_map(|heard| match heard {
            Heard::Digit(digit) => Some(*digit),
            Heard::Frame(_) => None,
        }));
        assert_eq!(pressed, "42#", "seed {seed}");
    }
}

fn frame(heard: &Heard) -> Option<Frame> {
    match heard {
        Heard::Frame(frame) => Some(*frame),
        Heard::Digit(_) => None,
    }
}

fn keys(digits: impl Iterator<Item = rtp::Digit>) -> String {
    digits.map(rtp::Digit::as_char).collect()
}

/// RFC 7616, worked out here once more.
fn proof(header: &str, method: &str, password: &str) -> String {
    let named = |name| Message::parameter(header, name).unwrap_or_default();
    let hash = |text: String| {
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let who = hash(format!("{}:{}:{password}", named("username"), named("realm")));
    let what = hash(format!("{method}:{}", named("uri")));
    let (nonce, nc, cnonce) = (named("nonce"), named("nc"), named("cnonce"));
    hash(format!("{who}:{nonce}:{nc}:{cnonce}:auth:{what}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn proxies_are_told_who_calls_with_the_best_proof_they_ask_for() {
    let mut peer = Peer::listen().await.unwrap();
    let carrier = open(trunk(peer.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    let invite = peer.expect("INVITE").await.unwrap();
    assert_eq!(invite.header("proxy-authorization"), None);
    let challenges = [
        "Proxy-Authenticate: Digest realm=\"proxy\", nonce=\"n0\", algorithm=SHA-512-256, qop=\"auth\"",
        "Proxy-Authenticate: Digest realm=\"proxy\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth,auth-int\"",
        "Proxy-Authenticate: Digest realm=\"proxy\", nonce=\"n2\", algorithm=MD5",
    ];
    peer.answer(&invite, "407 Proxy Authentication Required", &challenges, "").await.unwrap();
    peer.expect("ACK").await.unwrap();
    let again = peer.expect("INVITE").await.unwrap();
    assert_eq!(again.header("call-id"), invite.header("call-id"));
    let credentials = again.header("proxy-authorization").unwrap().to_owned();
    assert!(credentials.contains("algorithm=SHA-256, qop=auth,"), "{credentials}");
    let expected = proof(&credentials, "INVITE", "s3cret");
    assert_eq!(Message::parameter(&credentials, "response"), Some(&expected[..]));
    let speaker = Speaker::listen(Line::default(), 1).await.unwrap();
    peer.answer(&again, "200 OK", &[], &speaker.description()).await.unwrap();
    let ack = peer.expect("ACK").await.unwrap();
    assert!(ack.start.contains(&format!("sip:peer@127.0.0.1:{}", peer.port)), "{}", ack.start);
    expect(&mut leg, &[Answered]).await.unwrap();
    drop(leg);
    // Even a goodbye may be asked for a proof.
    let bye = peer.expect("BYE").await.unwrap();
    peer.answer(&bye, "407 Proxy Authentication Required", &challenges[1..2], "").await.unwrap();
    let again = peer.expect("BYE").await.unwrap();
    let credentials = again.header("proxy-authorization").unwrap().to_owned();
    let expected = proof(&credentials, "BYE", "s3cret");
    assert_eq!(Message::parameter(&credentials, "response"), Some(&expected[..]));
    peer.answer(&again, "200 OK", &[], "").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_before_the_answer_are_heard() {
    let mut peer = Peer::listen().await.unwrap();
    let carrier = open(trunk(peer.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    let invite = peer.expect("INVITE").await.unwrap();
    let speaker = Speaker::listen(Line::default(), 1).await.unwrap();
    let description = speaker.description();
    peer.answer(&invite, "183 Session Progress", &[], &description).await.unwrap();
    expect(&mut leg, &[Ringing]).await.unwrap();
    let said = noise(30, 50);
    let announcement = said.clone();
    let to = invite.audio().unwrap();
    let wait = Duration::from_millis(100);
    let other = tokio::spawn(async move { speaker.talk(to, &announcement, "", wait).await });
    let conversation = talk(&mut leg, &noise(31, 60), Duration::ZERO).await;
    assert!(arrived(&said, &conversation.heard).0 > 0.97);
    // Until the answer we only keep the way open: nothing of ours is said.
    let heard: Vec<Frame> = other.await.unwrap().unwrap().iter().filter_map(frame).collect();
    assert!(heard.len() > 30 && heard.iter().all(|frame| *frame == agenticcalling::audio::SILENCE));
    peer.answer(&invite, "486 Busy Here", &[], "").await.unwrap();
    peer.expect("ACK").await.unwrap();
    expect(&mut leg, &[Busy]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_crosses_our_cancel_is_ended() {
    let mut peer = Peer::listen().await.unwrap();
    let carrier = open(trunk(peer.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    let invite = peer.expect("INVITE").await.unwrap();
    peer.answer(&invite, "180 Ringing", &[], "").await.unwrap();
    expect(&mut leg, &[Ringing]).await.unwrap();
    drop(leg);
    let cancel = peer.expect("CANCEL").await.unwrap();
    assert_eq!(cancel.header("via"), invite.header("via"));
    let speaker = Speaker::listen(Line::default(), 1).await.unwrap();
    peer.answer(&invite, "200 OK", &[], &speaker.description()).await.unwrap();
    peer.answer(&cancel, "200 OK", &[], "").await.unwrap();
    let mut methods = Vec::new();
    for _ in 0..2 {
        let message = peer.next().await.unwrap();
        if message.method() == "BYE" {
            peer.answer(&message, "200 OK", &[], "").await.unwrap();
        }
        methods.push(message.method().to_owned());
    }
    assert_eq!(methods, ["ACK", "BYE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_trunk_that_then_says_no_is_no_answer() {
    let mut peer = Peer::listen().await.unwrap();
    let carrier = open(trunk(peer.port)).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    let invite = peer.expect("INVITE").await.unwrap();
    peer.answer(&invite, "100 Trying", &[], "").await.unwrap();
    peer.answer(&invite, "408 Request Timeout", &[], "").await.unwrap();
    expect(&mut leg, &[NoAnswer]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trunk_that_wants_to_know_is_told_where_we_are() {
    let mut peer = Peer::listen().await.unwrap();
    let mut config = trunk(peer.port);
    config.register = true;
    let carrier = open(config).await.unwrap();
    let register = peer.expect("REGISTER").await.unwrap();
    let challenge =
        ["WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\""];
    peer.answer(&register, "401 Unauthorized", &challenge, "").await.unwrap();
    let register = peer.expect("REGISTER").await.unwrap();
    let credentials = register.header("authorization").unwrap();
    let expected = proof(credentials, "REGISTER", "s3cret");
    assert_eq!(Message::parameter(credentials, "response"), Some(&expected[..]));
    let contact = register.header("contact").unwrap();
    assert!(contact.contains("sip:agent@127.0.0.1:"), "{contact}");
    peer.answer(&register, "200 OK", &["Expires: 600"], "").await.unwrap();
    drop(carrier);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_go_over_tls_to_who_proves_to_be_the_trunk() {
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("both.pem");
    let certificate = folder.path().join("certificate.pem");
    let key = folder.path().join("key.pem");
    let made = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .expect("scripts/sip installs openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let both = [std::fs::read(&key).unwrap(), std::fs::read(&certificate).unwrap()].concat();
    std::fs::write(&pem, both).unwrap();
    let theirs = noise(40, 100);
    let config = format!("sip_certificate {}", pem.display());
    let account = "audio_codecs=PCMU/8000/1;mediaenc=srtp-mand";
    let baresip = Baresip::answering(&theirs, account, &config).await.unwrap();
    let mut config = trunk(baresip.port + 1);
    (config.transport, config.srtp) = (Transport::Tls, Srtp::Required);
    // Whoever is not known to us is not believed.
    let carrier = open(config.clone()).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[LegEvent::Failed]).await.unwrap();
    config.ca_file = Some(certificate);
    let carrier = open(config).await.unwrap();
    let mut leg = dial(&carrier).await.unwrap();
    expect(&mut leg, &[Ringing, Answered]).await.unwrap();
    let ours = noise(41, 100);
    let conversation = talk(&mut leg, &ours, Duration::from_millis(300)).await;
    assert!(!conversation.events.contains(&HungUp));
    drop(leg);
    let heard = baresip.heard().await.unwrap();
    let (here, there) = (arrived(&theirs, &conversation.heard).0, arrived(&ours, &heard).0);
    assert!(here > 0.95 && there > 0.95, "{here} here, {there} there\n{}", baresip.log());
}
