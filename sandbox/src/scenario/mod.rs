//! What a scripted callee does: one TOML file each, read once and checked whole.
//!
//! The built-in ones are part of the program; a folder of the user's adds to them. `docs` of the format
//! are in `scenarios/README.md`.

mod file;
mod matching;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use domain::E164;

pub use file::parse;

/// A file of a user larger than this is refused.
const FILE_BYTES_MAX: u64 = 256 * 1024;
/// Scenario files taken from a folder.
const FILES_MAX: usize = 1000;

/// What answers, if anything does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Answers, greets and talks by its steps.
    #[default]
    Talk,
    Busy,
    /// Rings for ever.
    NoAnswer,
    /// No such number.
    Invalid,
    /// Rings, then declines.
    Rejected,
    /// Greets, beeps, then records until the caller hangs up or its time is over.
    Voicemail,
    /// Answers and says nothing.
    Silent,
}

#[derive(Clone, Debug)]
pub struct Scenario {
    pub name: String,
    pub numbers: Vec<E164>,
    pub kind: Kind,
    pub description: String,
    pub expected_outcome: String,
    pub demo: Demo,
    pub voice: String,
    pub ring_ms: u64,
    pub greeting: String,
    pub greeting_delay_ms: u64,
    /// Silence after which the caller is taken to have finished.
    pub end_of_turn_ms: u64,
    /// Between the caller's end and the answer.
    pub reply_delay_ms: u64,
    /// The caller talking over a line for so long ends it.
    pub yields_after_ms: u64,
    /// How long a voicemail records.
    pub record_ms: u64,
    pub line: Line,
    pub fallback: Fallback,
    pub first_state: String,
    pub steps: Vec<Step>,
}

/// What to ask for when this scenario is shown.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Demo {
    pub objective: String,
    #[serde(default)]
    pub context: String,
    /// What came of an earlier call.
    #[serde(default)]
    pub previous_call: String,
    /// A BCP 47 tag; empty for English.
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub rules: Vec<String>,
}

/// How bad the line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Line {
    /// White noise at the callee's end, so far under the speech; absent for none.
    pub noise_snr_db: Option<f32>,
    /// Packets lost on the way to the caller.
    pub loss_percent: f32,
    /// Packets arrive up to so much late, in order.
    pub jitter_ms: u64,
}

/// What is said when nothing else fits.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fallback {
    /// Asked when the caller was not understood, in order.
    pub say: Vec<String>,
    /// Asked when the caller says nothing.
    pub silent: Vec<String>,
    pub silence_ms: u64,
    /// After so many fallbacks in a row the callee gives up.
    pub limit: u32,
    pub goodbye: String,
}

impl Default for Fallback {
    fn default() -> Self {
        let lines = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect();
        Fallback {
            say: lines(&[
                "Sorry, could you say that again?",
                "I didn't get that, the line is not very good. One more time, please?",
            ]),
            silent: lines(&["Hello? Are you still there?"]),
            silence_ms: 8000,
            limit: 3,
            goodbye: "I'm sorry, I can't hear you properly. Please try again later. Goodbye."
                .into(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// One of these was said, and none of those.
    Heard { any: Vec<matching::Phrase>, unless: Vec<matching::Phrase> },
    /// Speech that could not be understood.
    Unrecognised,
    /// Whatever was said.
    Always,
    /// Nobody has spoken for so long.
    SilenceMs(u64),
    /// The caller has been speaking for so long: barge in.
    InterruptAfterMs(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    Stay,
    Goto(String),
    HangUp,
    /// Hangs up half way through what it says.
    HangUpMidSentence,
}

#[derive(Clone, Debug)]
pub struct Step {
    /// Empty: in every state.
    pub states: Vec<String>,
    pub when: When,
    /// The first time the first, then the next; the last one again and again.
    pub say: Vec<String>,
    pub once: bool,
    /// May be said together with other topics that were asked for in one breath.
    pub topic: bool,
    pub then: Then,
    pub delay_ms: Option<u64>,
}

impl Scenario {
    /// Every line that may be said, in the order of the file.
    pub fn lines(&self) -> Vec<&str> {
        let mut lines = vec![self.greeting.as_str()];
        lines.extend(self.steps.iter().flat_map(|step| step.say.iter().map(String::as_str)));
        lines.extend(self.fallback.say.iter().map(String::as_str));
        lines.extend(self.fallback.silent.iter().map(String::as_str));
        lines.push(&self.fallback.goodbye);
        lines.retain(|line| !line.is_empty());
        lines
    }

    /// Nobody ever speaks here.
    pub fn is_mute(&self) -> bool {
        matches!(
            self.kind,
            Kind::Busy | Kind::NoAnswer | Kind::Invalid | Kind::Rejected | Kind::Silent
        )
    }
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        [$((concat!("scenarios/", $name, ".toml"), include_str!(concat!("../../scenarios/", $name, ".toml")))),*]
    };
}

const BUILT_IN: [(&str, &str); 28] = built_in![
    "steel_supplier",
    "restaurant",
    "clinic",
    "shop",
    "do_not_call",
    "call_back",
    "wrong_number",
    "wants_human",
    "text_me",
    "busy",
    "no_answer",
    "invalid",
    "rejected",
    "voicemail",
    "screener",
    "silent",
    "hangs_up",
    "interrupter",
    "noisy_line",
    "timber_yard",
    "car_dealer",
    "complaint_desk",
    "front_office",
    "not_interested",
    "dentist",
    "survey_customer",
    "print_shop",
    "zahnarzt",
];

/// Every scenario, by number.
#[derive(Clone, Debug, Default)]
pub struct Scenarios {
    by_number: BTreeMap<E164, Arc<Scenario>>,
    in_order: Vec<Arc<Scenario>>,
}

impl Scenarios {
    /// The built-in ones, and those of a folder. A file of the folder may take a built-in number over.
    pub fn load(folder: Option<&Path>) -> Result<Self> {
        let mut scenarios = Scenarios::default();
        for (name, text) in BUILT_IN {
            let scenario = parse(name, text)?;
            scenarios.add(scenario, false).with_context(|| name.to_owned())?;
        }
        for path in folder.map(files_of).transpose()?.unwrap_or_default() {
            let shown = path.display().to_string();
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
            scenarios.add(parse(&shown, &text)?, true).with_context(|| shown.clone())?;
        }
        Ok(scenarios)
    }

    pub fn find(&self, number: &E164) -> Option<&Arc<Scenario>> {
        self.by_number.get(number)
    }

    pub fn named(&self, name: &str) -> Option<&Arc<Scenario>> {
        self.in_order.iter().find(|scenario| scenario.name == name)
    }

    /// Each once, built-in ones first.
    pub fn all(&self) -> &[Arc<Scenario>] {
        &self.in_order
    }

    fn add(&mut self, scenario: Scenario, may_replace: bool) -> Result<()> {
        let scenario = Arc::new(scenario);
        if let Some(same) = self.named(&scenario.name).cloned() {
            ensure!(may_replace, "two scenarios are called '{}': rename one", scenario.name);
            self.by_number.retain(|_, other| !Arc::ptr_eq(other, &same));
            self.in_order.retain(|other| !Arc::ptr_eq(other, &same));
        }
        for number in &scenario.numbers {
            if let Some(other) = self.by_number.get(number) {
                bail!(
                    "number {number} belongs to the scenario '{}' already: choose another one",
                    other.name
                );
            }
            self.by_number.insert(number.clone(), scenario.clone());
        }
        self.in_order.push(scenario);
        Ok(())
    }
}

fn files_of(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder of scenarios, {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let bytes = entry.metadata()?.len();
        ensure!(
            bytes <= FILE_BYTES_MAX,
            "{} has {bytes} bytes: a scenario has at most {FILE_BYTES_MAX}",
            path.display()
        );
        files.push(path);
    }
    ensure!(files.len() <= FILES_MAX, "{} holds more than {FILES_MAX} scenarios", folder.display());
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests;
