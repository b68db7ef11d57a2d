//! Scripts in virtual time, each step with its number of frames: `S` speech, `.` silence, `B` a beep of
//! 1 kHz, `A` another tone, `V` a beep that is taken for speech too, `C` clicks that begin no utterance.
//! Anything else is the transcript of the utterance that just ended.

use super::*;

fn run(script: &[&str]) -> Vec<String> {
    let mut machine = Machine::new();
    let mut now = Time::ZERO;
    let mut log = Vec::new();
    let mut speaking = false;
    for step in script {
        let count: u32 = step.get(1..).and_then(|count| count.parse().ok()).unwrap_or(0);
        if count == 0 {
            machine.handle(now, Input::Words((*step).to_owned()));
        }
        for _ in 0..count {
            let utterance = step.starts_with(['S', 'V']);
            if utterance && !speaking {
                machine.handle(now, Input::UtteranceStarted);
            }
            if !utterance && speaking {
                machine.handle(now, Input::UtteranceEnded);
            }
            speaking = utterance;
            let hz = if step.starts_with('A') { 1400.0 } else { 1000.0 };
            let tone = step.starts_with(['A', 'B', 'V']).then_some(Tone { hz, share: 0.97 });
            let speech = utterance || step.starts_with('C');
            machine.handle(now, Input::Frame { speech, tone });
            while let Some(output) = machine.poll() {
                log.push(format!("{output:?}@{}", now.as_millis()));
            }
            now = now + FRAME;
        }
        while let Some(output) = machine.poll() {
            log.push(format!("{output:?}@{}", now.as_millis()));
        }
    }
    log
}

#[test]
fn a_short_hello_is_a_person() {
    assert_eq!(run(&[".20", "S20", ".25", "hello"]), ["Answered(Human)@1300"]);
}

#[test]
fn a_long_greeting_of_a_business_is_a_person_too() {
    let greeting = "steel supply company this is mike chen speaking how can i help you";
    assert_eq!(run(&[".20", "S250", ".25", greeting]), ["Answered(Human)@5900"]);
}

#[test]
fn unclear_words_are_taken_for_a_person() {
    assert_eq!(run(&["S20", ".25", "[unrecognised]"]), ["Answered(Human)@900"]);
}

#[test]
fn nobody_speaks() {
    assert_eq!(run(&[".300"]), ["Answered(Unknown)@4000"]);
}

#[test]
fn a_voicemail_by_its_words_then_its_beep() {
    let log = run(&["S100", ".25", "please leave a message after the tone", "B20", ".100"]);
    // The beep ends at 2900; the message starts 220 ms later.
    assert_eq!(log, ["Answered(Voicemail)@2500", "MayStart@3120"]);
}

#[test]
fn a_voicemail_by_its_beep_alone() {
    let log = run(&["S100", ".10", "B20", ".5", "[unrecognised]", ".100"]);
    assert_eq!(log, ["Answered(Voicemail)@2600", "MayStart@2820"]);
    // The words might have been a screener's: they are waited for, but not for long.
    let log = run(&["S100", ".10", "B20", ".100"]);
    assert_eq!(log, ["Answered(Voicemail)@2600", "MayStart@3600"]);
}

#[test]
fn a_voicemail_without_a_beep() {
    let log = run(&["S100", ".25", "leave a message", ".200"]);
    assert_eq!(log, ["Answered(Voicemail)@2500", "MayStart@4000"]);
}

#[test]
fn a_tone_before_anybody_spoke_is_the_network() {
    assert_eq!(run(&["B20", ".20", "S20", ".25", "hello"]), ["Answered(Human)@1700"]);
}

#[test]
fn a_tone_without_end_is_no_beep() {
    assert_eq!(run(&["S20", ".25", "hello", "B100", ".20"]), ["Answered(Human)@900"]);
}

#[test]
fn a_screener_then_a_person() {
    let log = run(&[
        "S100",
        ".25",
        "record your name and reason for calling",
        ".100",
        "S30",
        ".25",
        "thanks please stay on the line",
        ".100",
        "S20",
        ".25",
        "hello",
    ]);
    assert_eq!(log, ["Answered(Screener)@2500", "Answered(Human)@8500"]);
}

#[test]
fn a_screener_then_a_voicemail() {
    let log = run(&["S50", ".25", "say your name", "S50", ".25", "leave a message", "B10", ".20"]);
    assert_eq!(log, ["Answered(Screener)@1500", "Answered(Voicemail)@3000", "MayStart@3420"]);
}

#[test]
fn a_person_taken_too_early_is_corrected_by_the_beep() {
    let log = run(&["S50", ".25", "hi this is ann", "S50", ".10", "B15", ".60"]);
    assert_eq!(log, ["Answered(Human)@1500", "Answered(Voicemail)@3000", "MayStart@4000"]);
}

#[test]
fn clicks_are_nobody() {
    assert_eq!(run(&[".20", "C1", ".20", "C2", ".300"]), ["Answered(Unknown)@4000"]);
}

#[test]
fn who_begins_late_is_waited_for() {
    assert_eq!(run(&[".190", "S100", ".25", "hello"]), ["Answered(Human)@6300"]);
}

#[test]
fn words_that_never_come_are_not_waited_for() {
    assert_eq!(run(&["S20", ".400"]), ["Answered(Human)@5400"]);
}

#[test]
fn a_tone_taken_for_speech_is_nobody() {
    assert_eq!(run(&["V50", ".25", "", ".300"]), ["Answered(Unknown)@4000"]);
    assert_eq!(run(&["V50", ".25", "", "V50", ".25", "", ".99"]), ["Answered(Unknown)@4000"]);
}

#[test]
fn tones_in_a_row_are_the_networks() {
    let log = run(&["S20", ".25", "hello", "A16", "B16", "A16", ".20"]);
    assert_eq!(log, ["Answered(Human)@900"]);
    // The first frame of a beep may seem to be another tone.
    let log = run(&["S20", ".25", "hello", "A1", "B16", ".60"]);
    assert_eq!(log, ["Answered(Human)@900", "Answered(Voicemail)@1240", "MayStart@1460"]);
}

#[test]
fn a_blip_is_no_beep() {
    assert_eq!(run(&["S20", ".25", "hello", "B4", ".100"]), ["Answered(Human)@900"]);
}

#[test]
fn a_message_waits_for_quiet_after_the_beep() {
    let words = "please leave a message after the tone";
    let log = run(&["S100", ".25", words, "B20", ".5", "C3", ".100"]);
    assert_eq!(log, ["Answered(Voicemail)@2500", "MayStart@3280"]);
    // The greeting goes on: that was not the beep to wait for.
    let log = run(&["S100", ".25", words, "B20", ".5", "S50", ".25", "", "B20", ".60"]);
    assert_eq!(log, ["Answered(Voicemail)@2500", "MayStart@5120"]);
}

#[test]
fn a_greeting_without_end_is_spoken_to_all_the_same() {
    let log = run(&["S100", ".25", "leave a message", "S2500", ".10"]);
    assert_eq!(log, ["Answered(Voicemail)@2500", "MayStart@45000"]);
}

#[test]
fn a_voicemail_late_in_the_call_has_its_whole_greeting() {
    let log = run(&[
        "S100",
        ".25",
        "say your name",
        ".3000",
        "S100",
        ".25",
        "leave a message",
        "S50",
        "B10",
        ".20",
    ]);
    let expected = ["Answered(Screener)@2500", "Answered(Voicemail)@65000", "MayStart@66420"];
    assert_eq!(log, expected);
}

#[test]
fn a_screener_may_beep() {
    let words = "please state your name after the tone";
    assert_eq!(run(&["S100", ".25", words, "B20", ".100"]), ["Answered(Screener)@2500"]);
    // Its words come after its beep, but before anything was said.
    let log = run(&["S100", ".10", "B20", ".10", words, ".200", "S20", ".25", "hello"]);
    let expected = ["Answered(Voicemail)@2600", "Answered(Screener)@2800", "Answered(Human)@7700"];
    assert_eq!(log, expected);
    // A voicemail that follows it may beep as well.
    let log = run(&["S50", ".25", words, "S50", ".25", "leave a message", "B10", ".20"]);
    assert_eq!(log, ["Answered(Screener)@1500", "Answered(Voicemail)@3000", "MayStart@3420"]);
}

#[test]
fn a_noise_on_hold_is_no_person() {
    let log = run(&["S50", ".25", "say your name", "S50", ".25", "", "S20", ".25", "hello"]);
    assert_eq!(log, ["Answered(Screener)@1500", "Answered(Human)@3900"]);
}

#[test]
fn who_asks_to_wait_is_waited_for() {
    let log = run(&["S50", ".25", "golden dragon please hold", ".500", "S20", ".25", "hello"]);
    assert_eq!(log, ["Answered(Human)@12400"]);
    let log = run(&["S50", ".25", "please hold", ".3000"]);
    assert_eq!(log, ["Answered(Unknown)@45000"]);
}

#[test]
fn a_menu_is_no_person_until_a_person_comes() {
    let log = run(&["S50", ".25", "for sales press one for support press two", "S20", ".25", "hi"]);
    assert_eq!(log, ["Answered(Unknown)@1500", "Answered(Human)@2400"]);
}

/// Whatever is heard: no panic, a message may start once at most and only on a voicemail, silence
/// changes nothing before the deadline, and in the end something is decided.
#[test]
fn random_lines_give_lawful_outputs() {
    let words =
        ["hello", "", "leave a message", "say your name", "stay on the line", "press one for"];
    let mut messages = 0;
    for seed in 1..120u64 {
        let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = move || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random
        };
        let mut machine = Machine::new();
        let (mut kind, mut starts) = (None, 0);
        let (mut sound, mut now) = (0, Time::ZERO);
        for n in 0..6000 {
            if next() % 24 == 7 {
                sound = next() % 4;
            }
            let last = n > 3500;
            let input = match next() % 300 {
                0..3 if !last => Input::UtteranceStarted,
                3..6 if !last => Input::UtteranceEnded,
                6..8 if !last => Input::Words(words[next() as usize % words.len()].to_owned()),
                _ => {
                    let hz = 300.0 + (seed % 40) as f32 * 60.0;
                    let share = 0.75 + (next() % 8) as f32 / 32.0;
                    let tone = (sound == 1 && !last).then_some(Tone { hz, share });
                    Input::Frame { speech: sound == 2 && !last, tone }
                }
            };
            let silent = input == Input::Frame { speech: false, tone: None };
            let in_beep = machine.beep.is_some();
            let before = machine.deadline().filter(|_| machine.answered_at.is_some());
            let frame = matches!(input, Input::Frame { .. });
            machine.handle(now, input);
            let mut outputs = 0;
            while let Some(output) = machine.poll() {
                outputs += 1;
                match output {
                    Output::Answered(found) => assert_ne!(kind.replace(found), Some(found)),
                    Output::MayStart => {
                        starts += 1;
                        assert_eq!(kind, Some(Kind::Voicemail));
                    }
                }
            }
            let due = before.is_some_and(|(at, _)| now >= at);
            if silent && !due && !in_beep {
                assert_eq!(outputs, 0, "seed {seed}: silence before the deadline");
            }
            if silent && due {
                assert!(machine.deadline().is_none_or(|(at, _)| at > now), "seed {seed}: stuck");
            }
            if frame {
                now = now + FRAME;
                assert!(kind.is_some() || machine.deadline().is_some());
            }
        }
        assert!(kind.is_some() && machine.deadline().is_none(), "seed {seed}: undecided");
        assert!(starts <= 1);
        assert_eq!(machine.may_start(), starts == 1);
        messages += starts;
    }
    assert!(messages > 20, "the inputs are random, not senseless: {messages}");
}
