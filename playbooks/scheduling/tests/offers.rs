//! Whatever is offered, in whatever words: nothing outside the wish is ever taken, and every call ends.

use agenticcalling_playbook::{Brief, Playbook, Speaker, Turn};
use playbook_scheduling::Scheduling;
use serde_json::Value;

const OBJECTIVE: &str = "Move the appointment of Ann Lee from Tuesday at 3pm to Thursday at 10am, or any time on Thursday between 9 and 12, or Friday afternoon.";
const CALLS: u64 = 2_000;
const TURNS_MAX: usize = 60;

#[test]
fn nothing_outside_the_wish_is_taken_and_every_call_ends() {
    let mut booked = 0;
    for seed in 1..=CALLS {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let (transcript, settled) = hold(&mut random);
        assert!(settled, "seed {seed} goes on and on: {}", told(&transcript));
        let report = Scheduling::new(brief()).finish(&transcript, None).expect("a report");
        let data: Value = serde_json::from_str(&report.data).expect("JSON");
        assert_eq!(data["confirmed"] == true, report.success, "seed {seed}");
        if report.success {
            booked += 1;
            let day = data["new_date"].as_str().unwrap_or("");
            let time = data["new_time"].as_str().unwrap_or("");
            let within = match day {
                "2026-11-26" => ("09:00"..="12:00").contains(&time),
                "2026-11-27" => ("12:00"..="18:00").contains(&time),
                _ => false,
            };
            assert!(within, "seed {seed} moved to {day} {time}: {}", told(&transcript));
        }
    }
    // The callee of this test is fair: there is something to move to often enough.
    assert!(booked > CALLS / 40, "{booked} of {CALLS} calls moved it");
}

/// One call with a callee that offers, refuses, corrects itself and presses at random.
fn hold(random: &mut Random) -> (Vec<Turn>, bool) {
    let mut call = Scheduling::new(brief());
    let mut transcript = Vec::new();
    let opening = call.plan().opening;
    speak(&mut call, &mut transcript, &opening);
    for _ in 0..TURNS_MAX {
        let text = turn(random);
        let heard = said(Speaker::Callee, &text, transcript.len());
        transcript.push(heard.clone());
        let Some(guidance) = call.heard(heard) else { continue };
        let words = guidance.suggestion.unwrap_or_default();
        speak(&mut call, &mut transcript, &words);
        if guidance.settled {
            return (transcript, call.may_end().is_ok());
        }
    }
    (transcript, false)
}

fn turn(random: &mut Random) -> String {
    let (one, other, third) = (random.slot(), random.slot(), random.slot());
    match random.below(18) {
        0 => format!("We have {one} or {other}."),
        1 => format!("I could offer you {one}. Would that suit you?"),
        2 => format!("{one}, no sorry, {other}."),
        3 => format!("{one} is fully booked, but {other} is free."),
        4 => format!("I'm sorry, {one} is taken."),
        5 => format!("Shall I put you down for {one}?"),
        6 => format!("Perfect, you're all set for {one}."),
        7 => "Yes, of course.".into(),
        8 => "No, I'm sorry.".into(),
        9 => "We have nothing left.".into(),
        10 => "Under what name?".into(),
        11 => "What is the date of birth?".into(),
        12 => "Okay, it's booked.".into(),
        13 => format!("Only {one}, {other} and {third} are left."),
        14 => format!("Nothing before {one}."),
        15 => format!("So that is {one}, right?"),
        16 => format!("How about {one}? Or {other}, sorry, {third}?"),
        _ => format!("We need a credit card for {one}."),
    }
}

fn speak(call: &mut Scheduling, transcript: &mut Vec<Turn>, text: &str) {
    let spoken = said(Speaker::Agent, text, transcript.len());
    transcript.push(spoken.clone());
    call.spoke(spoken);
}

fn said(speaker: Speaker, text: &str, number: usize) -> Turn {
    let started_ms = number as u64 * 4_000;
    Turn {
        speaker,
        text: text.to_owned(),
        started_ms,
        ended_ms: started_ms + 3_000,
        interrupted: false,
    }
}

fn told(transcript: &[Turn]) -> String {
    let lines: Vec<String> =
        transcript.iter().map(|turn| format!("\n{:?}: {}", turn.speaker, turn.text)).collect();
    lines.concat()
}

/// Monday 2026-11-23, 11:00 in New York.
fn brief() -> Brief {
    Brief {
        objective: OBJECTIVE.into(),
        now_ms: 1_795_449_600_000,
        zone: "America/New_York".into(),
        ..Brief::default()
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len() as u64) as usize]
    }

    /// A time, often with its half of the day or a day.
    fn slot(&mut self) -> String {
        const HOURS: &[&str] =
            &["one", "two", "three", "four", "nine", "ten", "eleven", "7", "8", "9"];
        const MINUTES: &[&str] = &["", "", " thirty", " fifteen", " forty-five", " o'clock"];
        const HALVES: &[&str] = &["", "", "", " pm", " am", " in the morning", " in the evening"];
        const DAYS: &[&str] =
            &["", "", "", " on Thursday", " on Friday", " on Tuesday", " tomorrow", " next Friday"];
        let hour = self.pick(HOURS);
        let minutes = if hour.len() == 1 {
            self.pick(&["", ":30", ":15", ":45"])
        } else {
            self.pick(MINUTES)
        };
        format!("{hour}{minutes}{}{}", self.pick(HALVES), self.pick(DAYS))
    }
}
