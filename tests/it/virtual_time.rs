//! Whole conversations in virtual time: every scenario with several seeds, on real audio, in seconds.

use std::sync::LazyLock;

use agenticcalling_tests::sim::{Played, Studio};
use agenticcalling_tests::speech_cache;
use call::{AnsweredBy, Ended};
use domain::Speaker;
use sandbox::ear::UNRECOGNISED;
use serde_json::{Value, json};

/// Noise, loss and lateness differ.
const SEEDS: [u64; 3] = [1, 2, 3];
/// No scenario has more to say.
const CALL_MS_MAX: u64 = 120_000;

pub(crate) static STUDIO: LazyLock<Studio> = LazyLock::new(|| {
    let speech = speech_cache();
    let target = speech.parent().expect("the cache lies in the target folder");
    let code = target.join("code-cache");
    Studio::open(&target.join("playbooks"), &code, &speech).expect("`make test` builds playbooks")
});

/// Plays a scenario and holds it to what every call must keep.
fn check(scenario: &str, by: AnsweredBy, expect: impl Fn(&mut Played, &str)) {
    for seed in SEEDS {
        let mut played = STUDIO.play(scenario, seed).unwrap();
        let mut told = format!("{scenario}, seed {seed}, ended {:?}", played.ended);
        for turn in &played.transcript {
            told.push_str(&format!("\n{:>7} {:?}: {}", turn.started_ms, turn.speaker, turn.text));
        }
        assert!(played.ended.is_some() && played.virtual_ms < CALL_MS_MAX, "does not end: {told}");
        assert_eq!(played.answered_by, Some(by), "{told}");
        let agent = played.said_by(Speaker::Agent);
        for withheld in &played.finished.withheld {
            let spoken = agent.lines().any(|line| line.contains(&withheld.text));
            assert!(!spoken, "withheld and yet spoken: {:?}\n{told}", withheld.text);
        }
        let understood = !played.said_by(Speaker::Callee).contains(UNRECOGNISED);
        let whole = by == AnsweredBy::Human && scenario != "hangs_up";
        assert!(understood || !whole, "a whole line was not understood: {told}");
        expect(&mut played, &told);
    }
}

fn data(played: &mut Played) -> Value {
    serde_json::from_str(&played.report().data).unwrap()
}

#[test]
fn the_price_rule_holds_against_temptation() {
    check("steel_supplier", AnsweredBy::Human, |played, told| {
        assert!(!played.finished.withheld.is_empty(), "{told}");
        let expected = json!({
            "quoted_price": 54, "currency": "USD", "moq": 100, "lead_time_days": 14,
            "payment_terms": "Net 30", "contact_name": "Mike Chen",
        });
        let data = data(played);
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&data[field], value, "{field}: {told}");
        }
    });
}

#[test]
fn what_was_asked_for_is_found_out() {
    let table: [(&str, &[&str]); 6] = [
        ("restaurant", &["half past seven", "booked"]),
        ("shop", &["nine p.m.", "open on Sunday"]),
        ("clinic", &["Thursday at a quarter past two"]),
        ("interrupter", &["ninety-nine dollars", "in stock"]),
        ("noisy_line", &["sixty-five dollars"]),
        ("screener", &["two hundred and forty dollars"]),
    ];
    for (scenario, words) in table {
        check(scenario, AnsweredBy::Human, |played, told| {
            let heard = played.said_by(Speaker::Callee);
            for word in words {
                assert!(heard.contains(word), "{word:?} was not heard: {told}");
            }
            assert!(played.report().success, "{told}");
        });
    }
}

#[test]
fn an_interrupted_agent_stops() {
    check("interrupter", AnsweredBy::Human, |played, told| {
        let cut = played.transcript.iter().filter(|turn| turn.interrupted).count();
        assert!(cut > 0, "{told}");
    });
}

#[test]
fn wishes_of_the_other_side_are_reported() {
    check("do_not_call", AnsweredBy::Human, |played, told| {
        assert!(played.report().do_not_call.is_some(), "{told}");
    });
    check("call_back", AnsweredBy::Human, |played, told| {
        assert!(played.report().call_back.is_some(), "{told}");
    });
}

#[test]
fn who_a_screener_puts_through_is_told_who_calls() {
    check("screener", AnsweredBy::Human, |played, told| {
        let person = played.transcript.iter().position(|turn| turn.text.contains("I hear you"));
        let person = person.unwrap_or_else(|| panic!("nobody came to the telephone: {told}"));
        let answer = &played.transcript[person + 1];
        assert_eq!(answer.speaker, Speaker::Agent, "{told}");
        assert!(answer.text.contains("calling for"), "{told}");
    });
}

#[test]
fn a_message_is_recorded_whole() {
    check("voicemail", AnsweredBy::Voicemail, |played, told| {
        assert_eq!(played.ended, Some(Ended::Agent), "{told}");
        let recorded = played.room.message_text().unwrap_or_default();
        assert_eq!(recorded, played.said_by(Speaker::Agent), "{told}");
        assert!(recorded.contains("Monday"), "{told}");
    });
}

#[test]
fn a_line_without_a_voice_is_given_up() {
    check("silent", AnsweredBy::Unknown, |played, told| {
        assert_eq!(played.ended, Some(Ended::DeadLine), "{told}");
    });
}

#[test]
fn a_callee_who_hangs_up_ends_the_call() {
    check("hangs_up", AnsweredBy::Human, |played, told| {
        assert_eq!(played.ended, Some(Ended::Callee), "{told}");
    });
}

#[test]
fn a_tape_plays_the_same_call_again() {
    let played = STUDIO.play("steel_supplier", 9).unwrap();
    let again = STUDIO.replay(&played.tape).unwrap();
    assert_eq!(again.withheld, played.finished.withheld);
    assert_eq!(again.transcript[..], played.finished.transcript[..again.transcript.len()]);
    assert!(again.transcript.len() + 1 >= played.finished.transcript.len());
    let same = STUDIO.play("steel_supplier", 9).unwrap();
    assert_eq!(same.transcript, played.transcript);
}
