//! A call in which both sides say anything at all.

use serde_json::Value;

use crate::{Brief, Clause, Playable, Speaker, Turn};

const TURNS: usize = 12;

/// Holds a call made from `seed` and goes through every function of the playbook. It is enough that
/// every question is answered and that schema and data are JSON.
pub fn babble(seed: u64, playable: &mut impl Playable) -> Result<(), String> {
    talk(seed, playable).map_err(|problem| format!("seed {seed}: {problem}"))
}

fn talk(seed: u64, call: &mut impl Playable) -> Result<(), String> {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let brief = Brief {
        objective: random.text(),
        context: Some(random.text()),
        rules: vec![random.text(), format!("Always ask for {}", random.text())],
        settings: random.text(),
        now_ms: random.next() >> 20,
        zone: "America/New_York".to_owned(),
        ..Brief::default()
    };
    let opening = call.begin(&brief)?.opening;
    let mut transcript = vec![turn(Speaker::Agent, &opening)];
    call.spoke(&transcript[0])?;
    for _ in 0..TURNS {
        let heard = turn(Speaker::Callee, &random.text());
        let guidance = call.heard(&heard)?;
        transcript.push(heard);
        let suggestion = guidance.and_then(|guidance| guidance.suggestion);
        let text = suggestion.unwrap_or_else(|| random.text());
        call.check(&Clause { turn: 0, text: text.clone(), said: random.text() })?;
        let spoken = turn(Speaker::Agent, &text);
        call.spoke(&spoken)?;
        transcript.push(spoken);
        call.may_end()?;
    }
    let schema = call.extraction()?;
    let _: Value = serde_json::from_str(&schema)
        .map_err(|error| format!("the extraction schema is no JSON: {error}"))?;
    for draft in [None, Some(random.text()), Some(r#"{"summary":"x","success":1}"#.to_owned())] {
        let report = call.finish(&transcript, draft.as_deref())?;
        let data: Value = serde_json::from_str(&report.data)
            .map_err(|error| format!("the data is no JSON: {error}"))?;
        if !data.is_object() {
            return Err("the data is no object".to_owned());
        }
    }
    Ok(())
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn text(&mut self) -> String {
        const PIECES: &str = "ask what they close book a table for 6 at 8pm friday if works . ? ! , name: \
            tell them that the price fifty two hundred dollars $ per unit minimum order net thirty days \
            weeks this is Mike sorry no yes call me back tomorrow email at dot com never above 60 / always \
            how many who is calling hold on goodbye { } \" : İ ß — … whether and";
        let pieces: Vec<&str> = PIECES.split_whitespace().collect();
        let mut text = String::new();
        for _ in 0..self.next() % 20 {
            if self.next().is_multiple_of(5) {
                let code = u32::try_from(self.next() % 0x11_0000).unwrap_or(0);
                text.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
            } else {
                text.push_str(pieces[(self.next() % pieces.len() as u64) as usize]);
            }
            if !self.next().is_multiple_of(6) {
                text.push(' ');
            }
        }
        text
    }
}

fn turn(speaker: Speaker, text: &str) -> Turn {
    Turn { speaker, text: text.to_owned(), started_ms: 0, ended_ms: 0 }
}
