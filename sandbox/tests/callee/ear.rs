//! Lines that were learnt are understood through a telephone; other things hardly ever.

use agenticcalling_sandbox::ear::Ear;
use agenticcalling_sandbox::scenario::{Scenario, Scenarios};

use crate::support::{Random, lossy, noisy, on_the_line, speech};

/// Of a hundred lines with packets lost, so many may not be understood.
const LOST_PERCENT_MAX: usize = 3;
/// Of a hundred lines that nobody learnt, so many may resemble one that was: most begin with the same
/// "Hello?" or differ in a word.
const FOREIGN_PERCENT_MAX: usize = 4;
/// Of a hundred lines that break off shortly before their end, so many may be taken for whole.
const TORN_PERCENT_MAX: usize = 8;

fn scenarios() -> Scenarios {
    Scenarios::load(None).unwrap()
}

fn ear_of(scenario: &Scenario) -> Ear {
    let mut ear = Ear::default();
    for line in scenario.lines() {
        ear.learn_speech(&speech(&scenario.voice, line));
    }
    ear
}

/// Every line of every scenario, spoilt in some way; lists what was not understood word for word.
fn misheard(spoil: impl Fn(&[i16], &mut Random) -> Vec<i16>) -> (usize, Vec<String>) {
    let mut random = Random(1);
    let (mut count, mut wrong) = (0, Vec::new());
    for scenario in scenarios().all().iter().filter(|scenario| !scenario.is_mute()) {
        let ear = ear_of(scenario);
        for line in scenario.lines() {
            let clean = on_the_line(&speech(&scenario.voice, line).at_8k(), 200, 500);
            let heard = ear.recognise(&spoil(&clean, &mut random));
            count += 1;
            if heard.as_deref() != Some(line) {
                wrong.push(format!("{}: {line:?} was heard as {heard:?}", scenario.name));
            }
        }
    }
    (count, wrong)
}

#[test]
fn every_line_is_understood_on_a_clean_line() {
    let (count, wrong) = misheard(|clean, _| clean.to_vec());
    assert!(count > 100 && wrong.is_empty(), "{} of {count}: {wrong:#?}", wrong.len());
}

#[test]
fn every_line_is_understood_over_noise() {
    let (count, wrong) = misheard(|clean, random| noisy(clean, 15.0, random));
    assert!(wrong.is_empty(), "{} of {count}: {wrong:#?}", wrong.len());
}

#[test]
fn every_line_is_understood_with_packets_lost() {
    for concealed in [true, false] {
        let (count, wrong) = misheard(|clean, random| lossy(clean, 3.0, concealed, random));
        let few = wrong.len() * 100 <= count * LOST_PERCENT_MAX;
        assert!(few, "{concealed}: {} of {count}: {wrong:#?}", wrong.len());
    }
}

#[test]
fn lines_that_were_not_learnt_are_not_understood() {
    let scenarios = scenarios();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (turn, scenario) in scenarios.all().iter().filter(|one| !one.is_mute()).enumerate() {
        let ear = ear_of(scenario);
        let known: Vec<String> =
            scenario.lines().iter().flat_map(|line| sentences_of(line)).collect();
        for other in scenarios.all().iter().filter(|other| other.name != scenario.name) {
            // A third of them, another third for each ear.
            for line in other.lines().into_iter().skip(turn % 3).step_by(3) {
                if sentences_of(line).iter().any(|sentence| known.contains(sentence)) {
                    continue;
                }
                count += 1;
                let clean = on_the_line(&speech(&scenario.voice, line).at_8k(), 200, 500);
                if let Some(heard) = ear.recognise(&clean) {
                    wrong.push(format!("{}: {line:?} was heard as {heard:?}", scenario.name));
                }
            }
        }
    }
    let few = wrong.len() * 100 <= count * FOREIGN_PERCENT_MAX;
    assert!(count > 1000 && few, "{} of {count}: {wrong:#?}", wrong.len());
}

fn sentences_of(line: &str) -> Vec<String> {
    agenticcalling_sandbox::voice::sentences(line).iter().map(|text| (*text).to_owned()).collect()
}

/// A sentence that was cut off is rarely understood; those before it are.
#[test]
fn what_was_cut_off_is_not_understood() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for scenario in scenarios().all().iter().filter(|scenario| !scenario.is_mute()) {
        let ear = ear_of(scenario);
        for line in scenario.lines() {
            let whole = sentences_of(line);
            let samples = speech(&scenario.voice, line).at_8k();
            let last = speech(&scenario.voice, whole.last().unwrap()).at_8k();
            for part in [0.3, 0.5, 0.7, 0.85] {
                // Within the last sentence, and at least 250 ms of it missing.
                let cut = (last.len() as f64 * (1.0 - part)) as usize;
                if cut < 2000 {
                    continue;
                }
                count += 1;
                let clean = on_the_line(&samples[..samples.len() - cut], 200, 500);
                let heard = ear.recognise(&clean).unwrap_or_default();
                let heard = heard.replace("[unrecognised]", "");
                let expected = whole[..whole.len() - 1].join(" ");
                if heard.trim() != expected {
                    wrong.push(format!("{part} of {line:?} was heard as {heard:?}"));
                }
            }
        }
    }
    let few = wrong.len() * 100 <= count * TORN_PERCENT_MAX;
    assert!(count > 200 && few, "{} of {count}: {wrong:#?}", wrong.len());
}

#[test]
fn one_changed_word_is_noticed() {
    let check = |learnt: &str, said: &str| {
        let mut ear = Ear::default();
        ear.learn_speech(&speech("rms", learnt));
        let heard = ear.recognise(&on_the_line(&speech("rms", said).at_8k(), 200, 500));
        assert_eq!(heard, None, "{said:?} for {learnt:?}");
    };
    check(
        "Could you do fifty-four dollars per unit?",
        "Could you do fifty-eight dollars per unit?",
    );
    check("It is seventy-two dollars per unit.", "It is seventy dollars per unit.");
    check("The lead time is two weeks.", "The lead time is ten weeks.");
    check("Yes, we are open on Sunday.", "No, we are closed on Sunday.");
}

#[test]
fn runs_pauses_and_gaps() {
    let mut ear = Ear::default();
    let lines = ["Got it.", "What is the minimum order?", "Thank you very much.", "Goodbye."];
    for line in lines {
        ear.learn_speech(&speech("slt", line));
    }
    let check = |parts: &[(&str, usize)], expected: Option<&str>| {
        let mut samples = Vec::new();
        for (line, pause_ms) in parts {
            samples.extend_from_slice(&speech("slt", line).at_8k());
            samples.resize(samples.len() + pause_ms * 8, 0);
        }
        let heard = ear.recognise(&on_the_line(&samples, 200, 500));
        assert_eq!(heard.as_deref(), expected, "{parts:?}");
    };
    check(&[(lines[0], 0), (lines[1], 0)], Some("Got it. What is the minimum order?"));
    check(&[(lines[0], 900), (lines[1], 400)], Some("Got it. What is the minimum order?"));
    check(
        &[(lines[2], 100), (lines[3], 0), (lines[3], 0)],
        Some("Thank you very much. Goodbye. Goodbye."),
    );
    check(
        &[(lines[0], 200), ("I should like to know something else.", 200), (lines[3], 0)],
        Some("Got it. [unrecognised] Goodbye."),
    );
    check(&[("I should like to know something else.", 0)], None);
    let whole: Vec<(&str, usize)> = lines.iter().map(|line| (*line, 150)).collect();
    check(&whole, Some("Got it. What is the minimum order? Thank you very much. Goodbye."));
}

#[test]
fn a_gap_within_a_sentence_is_forgiven_and_a_late_start_too() {
    let line = "Our minimum order is one hundred units.";
    let mut ear = Ear::default();
    ear.learn_speech(&speech("rms", line));
    let samples = speech("rms", line).at_8k();
    let middle = samples.len() / 2;
    let gap = [&samples[..middle], &[0; 100 * 8], &samples[middle..]].concat();
    assert_eq!(ear.recognise(&on_the_line(&gap, 200, 500)).as_deref(), Some(line));
    assert_eq!(ear.recognise(&on_the_line(&samples[100 * 8..], 0, 500)).as_deref(), Some(line));
    assert_eq!(ear.recognise(&on_the_line(&samples, 0, 0)).as_deref(), Some(line));
}

#[test]
fn nothing_noise_and_tones_are_no_words() {
    let scenario = scenarios().named("steel_supplier").unwrap().clone();
    let ear = ear_of(&scenario);
    let tone: Vec<i16> =
        (0..16_000).map(|n| ((f64::from(n) * 0.5).sin() * 8000.0) as i16).collect();
    let mut random = Random(3);
    let noise: Vec<i16> = (0..16_000).map(|_| (random.unit() * 8000.0) as i16 - 4000).collect();
    for samples in [vec![], vec![0; 1], vec![0; 16_000], vec![i16::MIN; 999], tone, noise] {
        assert_eq!(ear.recognise(&samples), None);
    }
    assert_eq!(Ear::default().recognise(&[100; 8000]), None);
    let mut empty = Ear::default();
    empty.learn("", &[5; 800]);
    empty.learn("Words without sound.", &[]);
    assert!(empty.is_empty());
}
