//! Scripts in virtual time. `S` speech, `.` silence, `B` a 1 kHz tone, each with a number of frames;
//! words in quotes are the transcript of the utterance that just ended.

use super::*;

fn run(script: &[&str]) -> Vec<String> {
    let mut machine = Machine::new();
    let mut now = Time::ZERO;
    let mut log = Vec::new();
    let mut speaking = false;
    for step in script {
        let count: u32 = step[1..].parse().unwrap_or(0);
        if count == 0 {
            machine.handle(now, Input::Words((*step).to_owned()));
        }
        for _ in 0..count {
            let speech = step.starts_with('S');
            if speech && !speaking {
                machine.handle(now, Input::UtteranceStarted);
            }
            if !speech && speaking {
                machine.handle(now, Input::UtteranceEnded);
            }
            speaking = speech;
            let tone = step.starts_with('B').then_some(Tone { hz: 1000.0, share: 0.97 });
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
    let log = run(&["S100", ".10", "B20", ".100"]);
    assert_eq!(log, ["Answered(Voicemail)@2600", "MayStart@2820"]);
}

#[test]
fn a_voicemail_without_a_beep() {
    let log = run(&["S100", ".25", "leave a message", ".200"]);
    assert_eq!(log, ["Answered(Voicemail)@2500", "MayStart@4500"]);
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
    let log = run(&["S50", ".25", "hi this is ann", "S50", ".10", "B15", ".20"]);
    assert_eq!(log, ["Answered(Human)@1500", "Answered(Voicemail)@3000", "MayStart@3220"]);
}

/// Whatever is heard: no panic, a message may start once at most, and only on a voicemail.
#[test]
fn random_lines_give_lawful_outputs() {
    let words = ["hello", "", "leave a message", "say your name", "stay on the line"];
    for seed in 1..300u64 {
        let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = move || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random
        };
        let mut machine = Machine::new();
        let (mut kind, mut starts) = (None, 0);
        for n in 0..4000 {
            let input = match next() % 30 {
                0 => Input::UtteranceStarted,
                1 => Input::UtteranceEnded,
                2 => Input::Words(words[next() as usize % words.len()].to_owned()),
                r => {
                    let hz = 300.0 + (seed % 40) as f32 * 50.0;
                    let tone = (r % 3 == 0).then_some(Tone { hz, share: (r % 10) as f32 / 9.0 });
                    Input::Frame { speech: (r + seed) % 4 == 0, tone }
                }
            };
            machine.handle(Time::from_millis(n * 20), input);
            while let Some(output) = machine.poll() {
                match output {
                    Output::Answered(now) => assert_ne!(kind.replace(now), Some(now)),
                    Output::MayStart => {
                        starts += 1;
                        assert_eq!(kind, Some(Kind::Voicemail));
                    }
                }
            }
        }
        assert!(starts <= 1);
    }
}
