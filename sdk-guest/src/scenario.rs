//! Plays a written dialogue against a playbook, natively, through the trait.
//!
//! One line is one step: what is known before, who says what, what is expected then. The playbook
//! author's guide in short:
//!
//! ```text
//! objective: … | context: … | rule: … | caller: … | company: … | settings: {…} | now: ms | zone: … | language: tag
//! opening: words          the opening line holds these words
//! instructions: words     the system prompt holds these words
//! voicemail: words | screening: words | closing: words    so do those lines
//! them: text              the callee speaks
//! suggests: words         the suggestion holds these words; `suggests: -` if there must be none
//! settled: yes|no         the guidance says so
//! us: text                we speak; `us: *` speaks the last suggestion
//! check: text -> pass     or withhold, replace, hang-up: the verdict on a clause
//! may end: yes|no
//! draft: {…}              what the model drafts
//! data: {…}               the report's data, exactly
//! ungrounded: a, b        the dropped fields, in order; empty if none
//! summary: text           exactly
//! success: yes|no
//! do not call: yes|no | call back: ms|words|no | channel: sms|email|no
//! ```

use serde_json::Value;

use crate::{Brief, Channel, Clause, Guidance, Plan, Playbook, Report, Speaker, Turn, Verdict};

/// Runs the scenario. The error names the line and says what was different.
pub fn run<P: Playbook>(scenario: &str) -> Result<(), String> {
    let mut stage: Stage<P> = Stage::new();
    let mut expectations = 0;
    for (number, line) in scenario.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (verb, rest) = line
            .split_once(':')
            .ok_or_else(|| format!("line {}: no verb in `{line}`", number + 1))?;
        let expected = stage.step(verb.trim(), rest.trim());
        expectations += usize::from(
            expected.map_err(|problem| format!("line {}: `{line}`: {problem}", number + 1))?,
        );
    }
    if expectations == 0 {
        return Err("the scenario expects nothing".into());
    }
    Ok(())
}

/// Holds a call in which both sides say anything at all, made from `seed`, and goes through every
/// function of the playbook. It is enough that nothing panics and that the data is a JSON object.
pub fn babble<P: Playbook>(seed: u64) -> Result<(), String> {
    const TURNS: usize = 12;
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let brief = Brief {
        objective: random.text(),
        context: Some(random.text()),
        rules: vec![random.text(), format!("Always ask for {}", random.text())],
        settings: random.text(),
        now_ms: random.next() >> 20,
        zone: "America/New_York".into(),
        ..Brief::default()
    };
    let mut call = P::new(brief);
    let plan = call.plan();
    let mut transcript = vec![turn_of(Speaker::Agent, &plan.opening)];
    call.spoke(turn_of(Speaker::Agent, &plan.opening));
    for _ in 0..TURNS {
        let heard = turn_of(Speaker::Callee, &random.text());
        transcript.push(heard.clone());
        let suggestion = call.heard(heard).and_then(|guidance| guidance.suggestion);
        let text = suggestion.unwrap_or_else(|| random.text());
        let clause = Clause { turn: 0, index: 0, text: text.clone(), said: random.text() };
        let _ = call.check(&clause);
        let spoken = turn_of(Speaker::Agent, &text);
        transcript.push(spoken.clone());
        call.spoke(spoken);
        let _ = call.may_end();
    }
    let schema = call.extraction().schema;
    let _: Value =
        serde_json::from_str(&schema).map_err(|error| format!("seed {seed}: {error}"))?;
    for draft in [None, Some(random.text()), Some(r#"{"summary":"x","success":1}"#.to_owned())] {
        let report = call.finish(&transcript, draft.as_deref())?;
        let data: Value = serde_json::from_str(&report.data).map_err(|error| error.to_string())?;
        if !data.is_object() {
            return Err(format!("seed {seed}: the data is no object"));
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

fn turn_of(speaker: Speaker, text: &str) -> Turn {
    Turn { speaker, text: text.to_owned(), started_ms: 0, ended_ms: 0, interrupted: false }
}

struct Stage<P> {
    brief: Brief,
    call: Option<P>,
    plan: Plan,
    guidance: Option<Guidance>,
    transcript: Vec<Turn>,
    draft: Option<String>,
    report: Option<Report>,
}

impl<P: Playbook> Stage<P> {
    fn new() -> Self {
        Self {
            brief: Brief::default(),
            call: None,
            plan: Plan::for_brief(&Brief::default()),
            guidance: None,
            transcript: Vec::new(),
            draft: None,
            report: None,
        }
    }

    /// Takes one step; true if it expected something.
    fn step(&mut self, verb: &str, rest: &str) -> Result<bool, String> {
        if self.set(verb, rest)? {
            return Ok(false);
        }
        self.begin();
        match verb {
            "them" => {
                let turn = self.turn(Speaker::Callee, rest);
                self.guidance = self.call()?.heard(turn);
                Ok(false)
            }
            "us" => {
                let suggested = self.guidance.as_ref().and_then(|one| one.suggestion.clone());
                let text = match rest {
                    "*" => suggested.ok_or("there is no suggestion to speak")?,
                    "opening" => self.plan.opening.clone(),
                    text => text.to_owned(),
                };
                let turn = self.turn(Speaker::Agent, &text);
                self.call()?.spoke(turn);
                Ok(false)
            }
            "draft" => {
                self.draft = Some(rest.to_owned());
                Ok(false)
            }
            _ => self.expect(verb, rest).map(|()| true),
        }
    }

    fn set(&mut self, verb: &str, rest: &str) -> Result<bool, String> {
        let known = matches!(
            verb,
            "objective"
                | "context"
                | "previous call"
                | "rule"
                | "caller"
                | "company"
                | "settings"
                | "now"
                | "zone"
                | "language"
        );
        if known && self.call.is_some() {
            return Err("the brief must come before the conversation".into());
        }
        let text = || rest.to_owned();
        match verb {
            "objective" => self.brief.objective = text(),
            "context" => self.brief.context = Some(text()),
            "previous call" => self.brief.previous_call = Some(text()),
            "rule" => self.brief.rules.push(text()),
            "caller" => self.brief.persona.caller_name = Some(text()),
            "company" => self.brief.persona.company = Some(text()),
            "settings" => self.brief.settings = text(),
            "now" => self.brief.now_ms = rest.parse().map_err(|_| "not a number".to_owned())?,
            "zone" => self.brief.zone = text(),
            "language" => self.brief.language = text(),
            _ => {}
        }
        Ok(known)
    }

    fn begin(&mut self) {
        if self.call.is_some() {
            return;
        }
        let mut call = P::new(self.brief.clone());
        self.plan = call.plan();
        self.call = Some(call);
    }

    fn call(&mut self) -> Result<&mut P, String> {
        self.call.as_mut().ok_or_else(|| "the call has not begun".to_owned())
    }

    fn turn(&mut self, speaker: Speaker, text: &str) -> Turn {
        let started_ms = self.transcript.len() as u64 * 4_000;
        let turn = Turn {
            speaker,
            text: text.to_owned(),
            started_ms,
            ended_ms: started_ms + 3_000,
            interrupted: false,
        };
        self.transcript.push(turn.clone());
        turn
    }

    fn report(&mut self) -> Result<&Report, String> {
        if self.report.is_none() {
            let transcript = self.transcript.clone();
            let draft = self.draft.clone();
            self.report = Some(self.call()?.finish(&transcript, draft.as_deref())?);
        }
        self.report.as_ref().ok_or_else(|| "there is no report".to_owned())
    }

    fn expect(&mut self, verb: &str, rest: &str) -> Result<(), String> {
        match verb {
            "opening" => holds(&self.plan.opening, rest),
            "instructions" => holds(&self.plan.instructions, rest),
            "voicemail" => holds(&self.plan.voicemail, rest),
            "screening" => holds(&self.plan.screening, rest),
            "closing" => holds(&self.plan.closing, rest),
            "suggests" => {
                let suggestion = self.guidance.as_ref().and_then(|one| one.suggestion.as_deref());
                match (suggestion, rest) {
                    (None, "-") => Ok(()),
                    (Some(suggestion), _) => holds(suggestion, rest),
                    (None, _) => Err("there was no suggestion".into()),
                }
            }
            "instructs" => {
                holds(self.guidance.as_ref().map_or("", |one| one.instruction.as_str()), rest)
            }
            "settled" => equal(self.guidance.as_ref().is_some_and(|one| one.settled), yes(rest)?),
            "may end" => {
                let may = self.call()?.may_end().is_ok();
                equal(may, yes(rest)?)
            }
            "check" => self.check(rest),
            "data" => {
                let wanted: Value =
                    serde_json::from_str(rest).map_err(|error| error.to_string())?;
                let data: Value = serde_json::from_str(&self.report()?.data)
                    .map_err(|error| format!("the data is no JSON: {error}"))?;
                equal(data, wanted)
            }
            "ungrounded" => {
                let fields: Vec<&str> =
                    self.report()?.ungrounded.iter().map(|one| one.field.as_str()).collect();
                equal(fields.join(", "), rest.to_owned())
            }
            "summary" => equal(self.report()?.summary.clone(), rest.to_owned()),
            "success" => equal(self.report()?.success, yes(rest)?),
            "do not call" => equal(self.report()?.do_not_call.is_some(), yes(rest)?),
            "call back" => {
                let wish = self.report()?.call_back.clone();
                let told = match wish.map(|wish| wish.at_ms) {
                    None => "no".to_owned(),
                    Some(None) => "words".to_owned(),
                    Some(Some(at)) => at.to_string(),
                };
                equal(told, rest.to_owned())
            }
            "channel" => {
                let told = match self.report()?.switch_channel.as_ref().map(|wish| wish.channel) {
                    None => "no",
                    Some(Channel::Sms) => "sms",
                    Some(Channel::Email) => "email",
                };
                equal(told.to_owned(), rest.to_owned())
            }
            _ => Err(format!("unknown verb `{verb}`")),
        }
    }

    fn check(&mut self, rest: &str) -> Result<(), String> {
        let (text, wanted) = rest.rsplit_once("->").ok_or("no `->` with the expected verdict")?;
        let turn = self.transcript.len() as u32;
        let clause = Clause { turn, index: 0, text: text.trim().to_owned(), said: String::new() };
        let verdict = match self.call()?.check(&clause) {
            Verdict::Pass => "pass",
            Verdict::Replace(_) => "replace",
            Verdict::Withhold(_) => "withhold",
            Verdict::HangUp(_) => "hang-up",
        };
        equal(verdict, wanted.trim())
    }
}

fn yes(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(format!("expected yes or no, not `{other}`")),
    }
}

fn holds(text: &str, wanted: &str) -> Result<(), String> {
    if text.contains(wanted) { Ok(()) } else { Err(format!("it was `{text}`")) }
}

fn equal<T: PartialEq + std::fmt::Debug>(found: T, wanted: T) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("it was {found:?}")) }
}
