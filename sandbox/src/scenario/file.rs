//! The file format of a scenario. Errors name the file, the key and what to do.

use anyhow::{Result, anyhow, bail, ensure};
use domain::E164;
use serde::Deserialize;

use super::matching::Phrase;
use super::{Demo, Fallback, Kind, Line, Scenario, Step, Then, When};
use crate::voice::{TEXT_CHARS_MAX, VOICES, speakable};

const STEPS_MAX: usize = 500;
const LINES_MAX: usize = 500;
const RING_MS_MAX: u64 = 120_000;
const WAIT_MS_MAX: u64 = 600_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    number: E164,
    #[serde(default)]
    also_at: Vec<E164>,
    #[serde(default)]
    kind: Kind,
    description: String,
    expected_outcome: String,
    demo: Demo,
    #[serde(default = "default_voice")]
    voice: String,
    #[serde(default = "default_ring_ms")]
    ring_ms: u64,
    #[serde(default)]
    greeting: String,
    #[serde(default = "default_greeting_delay_ms")]
    greeting_delay_ms: u64,
    #[serde(default = "default_end_of_turn_ms")]
    end_of_turn_ms: u64,
    #[serde(default = "default_reply_delay_ms")]
    reply_delay_ms: u64,
    #[serde(default = "default_yields_after_ms")]
    yields_after_ms: u64,
    #[serde(default = "default_record_ms")]
    record_ms: u64,
    #[serde(default)]
    line: Line,
    #[serde(default)]
    fallback: Fallback,
    first_state: Option<String>,
    #[serde(default, rename = "step")]
    steps: Vec<FileStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileStep {
    #[serde(default)]
    state: Names,
    when: toml::Value,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    say: Names,
    #[serde(default)]
    once: bool,
    #[serde(default)]
    topic: bool,
    then: Option<String>,
    delay_ms: Option<u64>,
}

/// One text or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl Default for Names {
    fn default() -> Self {
        Names::Several(Vec::new())
    }
}

impl Names {
    fn list(self) -> Vec<String> {
        match self {
            Names::One(one) => vec![one],
            Names::Several(several) => several,
        }
    }
}

fn default_voice() -> String {
    "rms".to_owned()
}
fn default_ring_ms() -> u64 {
    2000
}
fn default_greeting_delay_ms() -> u64 {
    400
}
fn default_end_of_turn_ms() -> u64 {
    700
}
fn default_reply_delay_ms() -> u64 {
    300
}
fn default_yields_after_ms() -> u64 {
    700
}
fn default_record_ms() -> u64 {
    30_000
}

/// Reads and checks a scenario; `name` of the file is for the errors.
pub fn parse(file_name: &str, text: &str) -> Result<Scenario> {
    let file: File = toml::from_str(text).map_err(|error| anyhow!("{file_name}: {error}"))?;
    let scenario = checked(file).map_err(|error| anyhow!("{file_name}: {error:#}"))?;
    Ok(scenario)
}

fn checked(file: File) -> Result<Scenario> {
    ensure!(
        !file.name.is_empty()
            && file.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
        "name: '{}' must be lower-case letters, digits and underscores",
        file.name
    );
    ensure!(
        VOICES.contains(&file.voice.as_str()),
        "voice: there is no voice '{}'; use one of {}",
        file.voice,
        VOICES.join(", ")
    );
    ensure!(file.steps.len() <= STEPS_MAX, "step: at most {STEPS_MAX} steps fit");
    within("ring_ms", file.ring_ms, RING_MS_MAX)?;
    let waits = [
        ("greeting_delay_ms", file.greeting_delay_ms),
        ("end_of_turn_ms", file.end_of_turn_ms),
        ("reply_delay_ms", file.reply_delay_ms),
        ("yields_after_ms", file.yields_after_ms),
        ("record_ms", file.record_ms),
        ("line.jitter_ms", file.line.jitter_ms),
        ("fallback.silence_ms", file.fallback.silence_ms),
    ];
    for (key, value) in waits {
        within(key, value, WAIT_MS_MAX)?;
    }
    let percent = file.line.loss_percent;
    ensure!((0.0..=100.0).contains(&percent), "line.loss_percent: {percent} is not 0 to 100");
    let noise = file.line.noise_snr_db.unwrap_or(0.0);
    ensure!((-20.0..=60.0).contains(&noise), "line.noise_snr_db: {noise} is not -20 to 60");
    let mut numbers = vec![file.number];
    numbers.extend(file.also_at);
    let mut steps = Vec::new();
    for (index, step) in file.steps.into_iter().enumerate() {
        let step = checked_step(step).map_err(|error| anyhow!("step {}: {error:#}", index + 1))?;
        steps.push(step);
    }
    let first_step_state = steps.iter().find_map(|step| step.states.first().cloned());
    let scenario = Scenario {
        name: file.name,
        numbers,
        kind: file.kind,
        description: file.description,
        expected_outcome: file.expected_outcome,
        demo: file.demo,
        voice: file.voice,
        ring_ms: file.ring_ms,
        greeting: file.greeting,
        greeting_delay_ms: file.greeting_delay_ms,
        end_of_turn_ms: file.end_of_turn_ms,
        reply_delay_ms: file.reply_delay_ms,
        yields_after_ms: file.yields_after_ms,
        record_ms: file.record_ms,
        line: file.line,
        fallback: file.fallback,
        first_state: file.first_state.or(first_step_state).unwrap_or_default(),
        steps,
    };
    check_lines(&scenario)?;
    check_states(&scenario)?;
    Ok(scenario)
}

fn checked_step(step: FileStep) -> Result<Step> {
    let say = step.say.list();
    let when = when(step.when, step.unless)?;
    let then = then(step.then.as_deref())?;
    let waits = match when {
        When::SilenceMs(ms) | When::InterruptAfterMs(ms) => ms,
        _ => 0,
    };
    within("when", waits, WAIT_MS_MAX)?;
    within("delay_ms", step.delay_ms.unwrap_or(0), WAIT_MS_MAX)?;
    ensure!(
        !say.is_empty() || matches!(then, Then::HangUp | Then::Goto(_)),
        "it neither says something nor leads anywhere: add `say` or `then`"
    );
    let states = step.state.list();
    Ok(Step {
        states,
        when,
        say,
        once: step.once,
        topic: step.topic,
        then,
        delay_ms: step.delay_ms,
    })
}

const WHEN_HELP: &str = "when: write a list of phrases, \"unrecognised\", \"always\", \
    { silence_ms = 5000 } or { interrupt_after_ms = 900 }";

fn when(value: toml::Value, unless: Vec<String>) -> Result<When> {
    let unless_phrases = phrases("unless", unless)?;
    if let toml::Value::Array(list) = value {
        let texts = list.into_iter().map(|item| item.as_str().map(str::to_owned));
        let texts: Option<Vec<String>> = texts.collect();
        let any = phrases("when", texts.ok_or_else(|| anyhow!(WHEN_HELP))?)?;
        ensure!(!any.is_empty(), "when: the list is empty; {WHEN_HELP}");
        return Ok(When::Heard { any, unless: unless_phrases });
    }
    ensure!(unless_phrases.is_empty(), "unless: goes only with a list of phrases in `when`");
    match &value {
        toml::Value::String(word) if word == "unrecognised" => Ok(When::Unrecognised),
        toml::Value::String(word) if word == "always" => Ok(When::Always),
        toml::Value::Table(table) if table.len() == 1 => {
            let ms = |key: &str| table.get(key).and_then(toml::Value::as_integer);
            let positive = |ms: i64| u64::try_from(ms).ok().filter(|ms| *ms > 0);
            if let Some(ms) = ms("silence_ms").and_then(positive) {
                return Ok(When::SilenceMs(ms));
            }
            if let Some(ms) = ms("interrupt_after_ms").and_then(positive) {
                return Ok(When::InterruptAfterMs(ms));
            }
            bail!(WHEN_HELP)
        }
        _ => bail!("{WHEN_HELP}; found {value}"),
    }
}

fn phrases(key: &str, texts: Vec<String>) -> Result<Vec<Phrase>> {
    let mut phrases = Vec::new();
    for text in texts {
        let phrase = Phrase::parse(&text);
        let phrase = phrase.ok_or_else(|| anyhow!("{key}: '{text}' has no words to listen for"))?;
        phrases.push(phrase);
    }
    Ok(phrases)
}

fn then(text: Option<&str>) -> Result<Then> {
    match text.map(str::trim) {
        None => Ok(Then::Stay),
        Some("hang_up") => Ok(Then::HangUp),
        Some("hang_up_mid_sentence") => Ok(Then::HangUpMidSentence),
        Some(other) => match other.strip_prefix("goto ").map(str::trim) {
            Some(state) if !state.is_empty() => Ok(Then::Goto(state.to_owned())),
            _ => bail!(
                "then: write \"hang_up\", \"hang_up_mid_sentence\" or \"goto STATE\"; found '{other}'"
            ),
        },
    }
}

fn within(key: &str, value: u64, max: u64) -> Result<()> {
    ensure!(value <= max, "{key}: {value} is too long, at most {max}");
    Ok(())
}

fn check_lines(scenario: &Scenario) -> Result<()> {
    let greets = matches!(scenario.kind, Kind::Talk | Kind::Voicemail);
    ensure!(!greets || !scenario.greeting.is_empty(), "greeting: say how it answers");
    ensure!(!scenario.fallback.say.is_empty(), "fallback.say: write at least one line");
    ensure!(!scenario.fallback.silent.is_empty(), "fallback.silent: write at least one line");
    let lines = scenario.lines();
    ensure!(lines.len() <= LINES_MAX, "at most {LINES_MAX} lines fit");
    for line in lines {
        ensure!(line.len() <= TEXT_CHARS_MAX, "a line is longer than {TEXT_CHARS_MAX} characters");
        ensure!(!speakable(line).is_empty(), "the line '{line}' has nothing in it to speak");
    }
    Ok(())
}

fn check_states(scenario: &Scenario) -> Result<()> {
    let exists = |state: &String| {
        *state == scenario.first_state
            || scenario.steps.iter().any(|step| step.states.contains(state))
    };
    for (index, step) in scenario.steps.iter().enumerate() {
        if let Then::Goto(state) = &step.then {
            ensure!(
                exists(state),
                "step {}: then: there is no state '{state}'; give some step `state = \"{state}\"`",
                index + 1
            );
        }
    }
    Ok(())
}
