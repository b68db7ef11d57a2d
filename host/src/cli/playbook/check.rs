//! `playbook check`: whether a server would take a component, and how it behaves at its limits.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use serde_json::{Value, json};

use super::brief::plain_brief;
use super::build::built;
use super::schema;
use super::shelf::{PlaybookFolder, Shelf};
use super::stage::{Component, Fuel};
use crate::plugin::{Breach, Brief, Clause, Instance, LoadError, Plan, Playbook, Speaker, Turn};

/// Calls in which anything at all is said.
const BABBLES: u64 = 50;
/// Checks of one call, before memory is looked at and after.
const CHECKS_FIRST: u32 = 500;
const CHECKS_LONG: u32 = 10_000;
/// A check leaves nothing behind; so much is forgiven for buffers that grow once.
const CHECK_GROWTH_BYTES_MAX: usize = 256 * 1024;
/// Turns of each side in a very long call, an hour and more.
const TURNS_LONG: u64 = 500;
/// A share of a limit that leaves little room.
const MUCH_PERCENT: u64 = 50;
const TOOL_NAME_BYTES_MAX: usize = 64;

/// Check whether a server would take a component, and how it behaves at its limits.
///
/// Looks at its size, that it imports nothing and has the playbook's world, at its description, its
/// config schema and its extraction schema; lets it plan a call in every language it lists; holds calls
/// in which anything at all is said; measures memory over ten thousand checks and an hour of talk, and
/// the fuel of every function against the server's limits. Each line says ok, warn or FAIL; the exit
/// code is 0 if nothing failed.
#[derive(Args)]
pub(crate) struct Check {
    /// A component file, the folder of a playbook's crate (which is built first), a folder of components,
    /// or an id.
    #[arg(value_name = "FILE|DIR|ID", default_value = ".")]
    playbook: String,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: PlaybookFolder,
}

impl Check {
    pub(super) fn run(self) -> Result<ExitCode> {
        let shelf = Shelf::open(&self.folder)?;
        let mut results = Vec::new();
        for (name, bytes) in components(&shelf, &self.playbook)? {
            let mut findings = Findings::default();
            examine(&shelf, &bytes, &mut findings);
            if !self.json {
                findings.show(&name);
            }
            results.push((name, findings));
        }
        let passed = results.iter().all(|(_, findings)| findings.passed());
        if self.json {
            let checked: Vec<Value> =
                results.iter().map(|(name, findings)| findings.json(name)).collect();
            println!("{:#}", json!({ "passed": passed, "components": checked }));
        }
        Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Names and bytes of what is to be checked.
fn components(shelf: &Shelf, name: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let path = Path::new(name);
    let read = |path: &Path| -> Result<(String, Vec<u8>)> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok((path.display().to_string(), bytes))
    };
    if path.is_file() {
        return Ok(vec![read(path)?]);
    }
    if path.join("Cargo.toml").is_file() {
        return Ok(vec![read(&built(path, None)?.file)?]);
    }
    if path.is_dir() {
        let mut files: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(path)? {
            let file = entry?.path();
            if file.extension().is_some_and(|extension| extension == "wasm") {
                files.push(file);
            }
        }
        ensure!(!files.is_empty(), "{name} holds no crate and no component");
        files.sort();
        return files.iter().map(|file| read(file)).collect();
    }
    let playbook = shelf.find(name)?;
    let file = shelf.plugins().file(playbook.id()).context("the component is not kept")?;
    Ok(vec![(playbook.id().to_owned(), file.to_vec())])
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grade {
    Ok,
    Warn,
    Fail,
}

/// What was found, in the order of looking.
#[derive(Default)]
struct Findings(Vec<(Grade, &'static str, String)>);

impl Findings {
    fn ok(&mut self, what: &'static str, text: impl Into<String>) {
        self.0.push((Grade::Ok, what, text.into()));
    }

    fn warn(&mut self, what: &'static str, text: impl Into<String>) {
        self.0.push((Grade::Warn, what, text.into()));
    }

    fn fail(&mut self, what: &'static str, text: impl Into<String>) {
        self.0.push((Grade::Fail, what, text.into()));
    }

    fn passed(&self) -> bool {
        self.0.iter().all(|(grade, ..)| *grade != Grade::Fail)
    }

    fn show(&self, name: &str) {
        println!("{name}");
        for (grade, what, text) in &self.0 {
            println!("  {:<5} {what:<12} {text}", grade.shown());
        }
        println!("{}", if self.passed() { "passed" } else { "FAILED" });
    }

    fn json(&self, name: &str) -> Value {
        let mut checks = Vec::new();
        for (grade, what, text) in &self.0 {
            let grade = grade.shown().to_lowercase();
            checks.push(json!({ "check": what, "result": grade, "detail": text }));
        }
        json!({ "file": name, "passed": self.passed(), "checks": checks })
    }
}

impl Grade {
    fn shown(self) -> &'static str {
        match self {
            Grade::Ok => "ok",
            Grade::Warn => "warn",
            Grade::Fail => "FAIL",
        }
    }
}

fn examine(shelf: &Shelf, bytes: &[u8], findings: &mut Findings) {
    let playbook = match shelf.plugins().open(bytes) {
        Ok(playbook) => playbook,
        Err(error) => return refused(&error, findings),
    };
    let size = format!("{} of {} bytes", bytes.len(), playbook.limits().component_bytes_max);
    findings.ok("size", size);
    findings.ok("imports", "none");
    findings.ok("world", "agenticcalling:playbook@1.0.0");
    description(&playbook, findings);
    plans(&playbook, findings);
    if let Err(breach) = schema_of_the_draft(&playbook, findings) {
        findings.fail("extraction", breach.to_string());
    }
    let mut component = Component::new(Arc::clone(&playbook));
    babble(&mut component, findings);
    if let Err(breach) = memory(&playbook, findings) {
        findings.fail("memory", format!("a long call: {breach}"));
    }
    match replay(&playbook) {
        Ok(None) => findings.ok("replay", "verdicts follow from the turns alone"),
        Ok(Some(clause)) => findings.fail(
            "replay",
            format!(
                "the verdict on {clause:?} depends on what was checked before: keep state only in \
                 `heard` and `spoke`, for after a breach the server repeats nothing else"
            ),
        ),
        Err(breach) => findings.fail("replay", breach.to_string()),
    }
    fuel(&playbook, component.fuel(), findings);
}

/// What went well before the component was refused, and why it was.
fn refused(error: &LoadError, findings: &mut Findings) {
    let (what, advice) = match error {
        LoadError::TooLarge { .. } => ("size", "leave out large tables and dependencies"),
        LoadError::NotAComponent(_) => {
            ("component", "build it with `agenticcalling playbook build`")
        }
        LoadError::Imports(_) => (
            "imports",
            "a playbook cannot use time, files, network or randomness: leave out the crate that does",
        ),
        LoadError::WrongWorld(_) => (
            "world",
            "call `agenticcalling_playbook::export!` once, and use the SDK of this server",
        ),
        LoadError::AboveLimits(_) => ("limits", "use less memory and fewer tables at the start"),
        LoadError::Describe(_) => ("description", "`describe` must answer at once, without a call"),
        LoadError::Description(_) => ("description", "correct what `describe` returns"),
        LoadError::Plan(_) => ("plan", "`plan` must answer for every brief"),
        LoadError::Settings(_) => ("settings", "they must be settings of its config schema"),
        LoadError::Cache(_) => ("cache", "compiled code must find a place"),
    };
    findings.fail(what, format!("{error}: {advice}"));
}

fn description(playbook: &Playbook, findings: &mut Findings) {
    let description = playbook.description();
    let languages = description.languages.join(", ");
    findings.ok("description", format!("{} {} ({languages})", playbook.id(), playbook.version()));
    if playbook.id().starts_with("platform.") {
        findings
            .warn("description", "`platform.*` is reserved: an upload under this id is refused");
    }
    if description.summary.trim().is_empty() {
        findings.warn("description", "there is no summary: say in one sentence what it is for");
    }
    for tag in description.languages.iter().filter(|tag| !is_tag(tag)) {
        findings.fail(
            "description",
            format!("{tag:?} is no language: use BCP 47, such as en or de-AT"),
        );
    }
    match schema::object_problem(&description.config_schema) {
        None => findings.ok("settings", format!("{} of its own", settings(description).len())),
        Some(problem) => findings.fail("settings", format!("the config schema: {problem}")),
    }
}

/// Names in the config schema.
pub(super) fn settings(description: &crate::plugin::Description) -> Vec<String> {
    let schema: Value = serde_json::from_str(&description.config_schema).unwrap_or_default();
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}

/// Letters first, then parts of letters and digits.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let plain = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(plain)
}

fn plans(playbook: &Playbook, findings: &mut Findings) {
    let mut openings: Vec<(String, String)> = Vec::new();
    for language in &playbook.description().languages {
        let brief = ordinary_brief(playbook, language);
        let planned = playbook.begin(&brief).and_then(|mut call| call.plan());
        let plan = match planned {
            Ok(plan) => plan,
            Err(breach) => {
                findings.fail("plan", format!("{language}: {breach}"));
                continue;
            }
        };
        let problems = plan_problems(&plan, &brief);
        if problems.is_empty() {
            findings.ok("plan", format!("{language}: {:?}", plan.opening));
        }
        for problem in problems {
            findings.fail("plan", format!("{language}: {problem}"));
        }
        if let Some((other, _)) = openings.iter().find(|(_, opening)| *opening == plan.opening) {
            findings.warn("plan", format!("{language}: the opening is the same as in {other}"));
        }
        openings.push((language.clone(), plan.opening));
    }
}

fn plan_problems(plan: &Plan, brief: &Brief) -> Vec<String> {
    let mut problems = Vec::new();
    let lines = [
        ("instructions", &plan.instructions),
        ("opening", &plan.opening),
        ("voicemail", &plan.voicemail),
        ("screening", &plan.screening),
        ("closing", &plan.closing),
    ];
    for (name, _) in lines.iter().filter(|(_, line)| line.trim().is_empty()) {
        problems.push(format!("the {name} is empty"));
    }
    let indexes: Vec<usize> = plan.rules.iter().map(|rule| rule.rule as usize).collect();
    let expected: Vec<usize> = (0..brief.rules.len()).collect();
    if indexes != expected {
        problems.push(format!(
            "`rules` needs one entry for each rule of the brief, in order: {expected:?}, not {indexes:?}"
        ));
    }
    for tool in &plan.tools {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let fits = (1..=TOOL_NAME_BYTES_MAX).contains(&tool.name.len());
        if !fits || !tool.name.bytes().all(allowed) {
            problems.push(format!("the tool {:?} needs a name of a-z, 0-9 and `_`", tool.name));
        }
        if let Some(problem) = schema::object_problem(&tool.parameters) {
            problems.push(format!("the parameters of the tool {:?}: {problem}", tool.name));
        }
    }
    problems
}

fn schema_of_the_draft(playbook: &Playbook, findings: &mut Findings) -> Result<(), Breach> {
    let brief = ordinary_brief(playbook, "en");
    let mut call = playbook.begin(&brief)?;
    call.plan()?;
    let request = call.extraction()?;
    match schema::object_problem(&request.schema) {
        None => {
            let schema: Value = serde_json::from_str(&request.schema).unwrap_or_default();
            let fields = schema.get("properties").and_then(Value::as_object);
            let fields = fields.map_or(0, serde_json::Map::len);
            findings.ok("extraction", format!("a schema with {fields} fields"));
        }
        Some(problem) => findings.fail("extraction", format!("the schema: {problem}")),
    }
    Ok(())
}

fn babble(component: &mut Component, findings: &mut Findings) {
    for seed in 1..=BABBLES {
        if let Err(problem) = scenario::babble(seed, component) {
            return findings.fail("babble", format!("a call in which anything is said: {problem}"));
        }
    }
    findings.ok("babble", format!("{BABBLES} calls in which anything at all is said"));
}

/// One very long call: many checks, then many turns.
fn memory(playbook: &Playbook, findings: &mut Findings) -> Result<(), Breach> {
    let mut call = playbook.begin(&ordinary_brief(playbook, "en"))?;
    call.plan()?;
    check_many(&mut call, CHECKS_FIRST)?;
    let before = call.memory_bytes();
    check_many(&mut call, CHECKS_LONG)?;
    let checked = call.memory_bytes();
    for number in 0..TURNS_LONG {
        let at = number * 8_000;
        call.heard(&turn(Speaker::Callee, "That would be seventy-two dollars per unit.", at))?;
        call.spoke(&turn(Speaker::Agent, "I see. And what about the lead time?", at + 4_000))?;
    }
    let talked = call.memory_bytes();
    let shown = |bytes: usize| format!("{} KiB", bytes / 1024);
    let limit = playbook.limits().memory_bytes_max;
    let text = format!(
        "{}; {} after {CHECKS_LONG} checks, {} after {} turns, of {} allowed",
        shown(before),
        shown(checked),
        shown(talked),
        2 * TURNS_LONG,
        shown(limit)
    );
    if checked - before > CHECK_GROWTH_BYTES_MAX {
        findings.fail("memory", format!("{text}: checks must leave nothing behind"));
    } else if talked > limit / 2 {
        findings.warn("memory", format!("{text}: a long call comes near the limit"));
    } else {
        findings.ok("memory", text);
    }
    Ok(())
}

fn check_many(call: &mut Instance, times: u32) -> Result<(), Breach> {
    for index in 0..times {
        let text = CLAUSES[index as usize % CLAUSES.len()];
        call.check(&clause(index, text))?;
    }
    Ok(())
}

const CLAUSES: [&str; 5] = [
    "Hello, this is Alex calling for Acme Corp.",
    "Yes, seventy-two dollars per unit works for us.",
    "Could you come down to $60 or less per unit for 500?",
    "Thank you, I will pass that on.",
    "My number is 555 0100, extension 12.",
];

/// Two calls with the same turns, in one of them with checks between: the first clause on which they
/// differ.
fn replay(playbook: &Playbook) -> Result<Option<&'static str>, Breach> {
    const HEARD: [&str; 3] =
        ["Hello, who is calling?", "It is seventy-two dollars per unit.", "Can we agree on that?"];
    let brief = ordinary_brief(playbook, "en");
    let (mut checked, mut told) = (playbook.begin(&brief)?, playbook.begin(&brief)?);
    for call in [&mut checked, &mut told] {
        call.plan()?;
    }
    check_many(&mut checked, 20)?;
    for (at, text) in HEARD.iter().enumerate() {
        let turn = turn(Speaker::Callee, text, at as u64 * 4_000);
        checked.heard(&turn)?;
        told.heard(&turn)?;
        check_many(&mut checked, 20)?;
    }
    for text in CLAUSES {
        if checked.check(&clause(0, text))? != told.check(&clause(0, text))? {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

fn fuel(playbook: &Playbook, fuel: &Fuel, findings: &mut Findings) {
    let limits = playbook.limits();
    let kinds = [
        ("check", &fuel.check, limits.fuel_check),
        ("heard, spoke, may_end", &fuel.turn, limits.fuel_turn),
        ("plan", &fuel.plan, limits.fuel_plan),
        ("extraction, finish", &fuel.finish, limits.fuel_finish),
    ];
    for (name, used, limit) in kinds {
        let most = used.iter().copied().max().unwrap_or(0);
        let percent = most.saturating_mul(100) / limit.max(1);
        let text = format!("{name}: most {most}, {percent} % of {limit}");
        if percent >= MUCH_PERCENT {
            findings.warn("fuel", format!("{text}: that leaves little room"));
        } else {
            findings.ok("fuel", text);
        }
    }
}

/// A brief as customers write it.
pub(super) fn ordinary_brief(playbook: &Playbook, language: &str) -> Brief {
    let mut rules = vec![
        "Never agree to price above $60/unit".to_owned(),
        "Always ask for the name of the person".to_owned(),
    ];
    rules.extend(playbook.rules().iter().cloned());
    Brief {
        objective: "Get bulk pricing for 500 steel beams".to_owned(),
        context: Some("We are Acme Corp.".to_owned()),
        rules,
        settings: playbook.settings(),
        language: language.to_owned(),
        now_ms: 1_774_519_200_000,
        zone: "America/New_York".to_owned(),
        ..plain_brief()
    }
}

pub(super) fn clause(turn: u32, text: &str) -> Clause {
    Clause { turn, index: 0, text: text.to_owned(), said: String::new() }
}

fn turn(speaker: Speaker, text: &str, started_ms: u64) -> Turn {
    Turn {
        speaker,
        text: text.to_owned(),
        started_ms,
        ended_ms: started_ms + 3_000,
        interrupted: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_tags() {
        for (tag, expected) in
            [("en", true), ("de-AT", true), ("zh-Hant-TW", true), ("English", false), ("", false)]
        {
            assert_eq!(is_tag(tag), expected, "{tag}");
        }
    }
}
