//! `playbook test`: scenarios, played through the compiled component.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use scenario::{Outcome, Problem};
use serde_json::{Value, json};

use super::build::built;
use super::shelf::{PlaybookFolder, Shelf};
use super::stage::{Component, Fuel};
use crate::plugin::Playbook;

/// Play scenarios through the compiled component.
///
/// A scenario is a text file with one step a line: what is known before, who says what, what is
/// expected then.
///
///   objective: Order flowers for Ann
///   rule: Never agree to a price above $50
///   us: opening
///   them: That would be sixty dollars.
///   suggests: better price
///   check: Sixty dollars is fine. -> withhold
///   may end: no
///
/// `docs/playbooks.md` lists every verb. Every difference is shown with its line, what was expected and
/// what was found. The fuel of each check is counted, which is the same on every machine; with
/// --fuel-budget a check that needs more fails the test. The exit code is 0 only if all went as written.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Test {
    /// A component file, the folder of a playbook's crate (which is built first), or an id.
    #[arg(value_name = "DIR|FILE|ID", default_value = ".")]
    playbook: String,
    /// Scenario files, or folders of them [default: `scenarios` in the crate, or beside the file].
    scenarios: Vec<PathBuf>,
    /// Most fuel one check may use.
    #[arg(long, value_name = "FUEL")]
    fuel_budget: Option<u64>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: PlaybookFolder,
}

impl Test {
    pub(super) fn run(self) -> Result<ExitCode> {
        let shelf = Shelf::open(&self.folder)?;
        let (playbook, beside) = opened(&shelf, &self.playbook)?;
        let files = scenario_files(&self.scenarios, &beside)?;
        let mut played = Vec::new();
        for file in files {
            let text = fs::read_to_string(&file)
                .with_context(|| format!("cannot read the scenario {}", file.display()))?;
            played.push(Played::new(&playbook, file, &text));
        }
        let summary = Summary::of(&playbook, &played, self.fuel_budget);
        if self.json {
            println!("{:#}", summary.json(&played));
        } else {
            show(&played);
            summary.show();
        }
        Ok(if summary.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// The playbook, and the folder beside which its scenarios lie.
fn opened(shelf: &Shelf, name: &str) -> Result<(Arc<Playbook>, PathBuf)> {
    let path = Path::new(name);
    if path.is_dir() {
        let made = built(path, None)?;
        return Ok((shelf.open_file(&made.file)?.0, path.to_owned()));
    }
    let beside = path.parent().unwrap_or(Path::new("")).to_owned();
    Ok((shelf.find(name)?, beside))
}

fn scenario_files(named: &[PathBuf], beside: &Path) -> Result<Vec<PathBuf>> {
    if named.is_empty() {
        let folder = beside.join("scenarios");
        ensure!(
            folder.is_dir(),
            "there is no folder {}: write scenarios there, or name their files",
            folder.display()
        );
        return in_folder(&folder);
    }
    let mut files = Vec::new();
    for path in named {
        if path.is_dir() {
            files.extend(in_folder(path)?);
        } else if path.is_file() {
            files.push(path.clone());
        } else {
            bail!("there is no scenario {}", path.display());
        }
    }
    Ok(files)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            files.push(path);
        }
    }
    ensure!(!files.is_empty(), "{} holds no scenario: write a .txt file", folder.display());
    files.sort();
    Ok(files)
}

/// One scenario, and what came of it.
struct Played {
    file: PathBuf,
    outcome: Outcome,
    fuel: Fuel,
}

impl Played {
    fn new(playbook: &Arc<Playbook>, file: PathBuf, text: &str) -> Played {
        let mut component = Component::new(Arc::clone(playbook));
        let outcome = scenario::play(text, &mut component);
        Played { file, outcome, fuel: component.fuel().clone() }
    }

    fn name(&self) -> String {
        self.file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }
}

fn show(played: &[Played]) {
    for one in played {
        let (name, outcome) = (one.name(), &one.outcome);
        if outcome.differences.is_empty() {
            println!("ok    {name:<24} {} expectations", outcome.expectations);
            continue;
        }
        println!("FAIL  {name:<24} {}", one.file.display());
        for difference in &outcome.differences {
            println!("  {}", difference.to_string().replace('\n', "\n  "));
        }
    }
}

/// All scenarios together.
struct Summary {
    failed: usize,
    scenarios: usize,
    differences: usize,
    /// In order.
    fuel: Vec<u64>,
    limit: u64,
    budget: Option<u64>,
}

impl Summary {
    fn of(playbook: &Playbook, played: &[Played], budget: Option<u64>) -> Summary {
        let mut fuel = Vec::new();
        for one in played {
            fuel.extend(&one.fuel.check);
        }
        fuel.sort_unstable();
        Summary {
            failed: played.iter().filter(|one| !one.outcome.differences.is_empty()).count(),
            scenarios: played.len(),
            differences: played.iter().map(|one| one.outcome.differences.len()).sum(),
            fuel,
            limit: playbook.limits().fuel_check,
            budget,
        }
    }

    fn max(&self) -> u64 {
        self.fuel.last().copied().unwrap_or(0)
    }

    fn p99(&self) -> u64 {
        let place = (self.fuel.len() * 99).div_ceil(100).saturating_sub(1);
        self.fuel.get(place).copied().unwrap_or(0)
    }

    fn is_over_budget(&self) -> bool {
        self.budget.is_some_and(|budget| self.max() > budget)
    }

    fn is_good(&self) -> bool {
        self.failed == 0 && !self.is_over_budget()
    }

    fn show(&self) {
        println!();
        let passed = self.scenarios - self.failed;
        println!(
            "{passed} of {} scenarios as written, {} differences",
            self.scenarios, self.differences
        );
        if self.fuel.is_empty() {
            println!("fuel  no check was made");
            return;
        }
        let (checks, max, p99, limit) = (self.fuel.len(), self.max(), self.p99(), self.limit);
        println!("fuel  {checks} checks: p99 {p99}, most {max}; the server allows {limit}");
        if let Some(budget) = self.budget.filter(|_| self.is_over_budget()) {
            println!("FAIL  the most expensive check needs {max}, the budget is {budget}");
        }
    }

    fn json(&self, played: &[Played]) -> Value {
        let scenarios: Vec<Value> = played.iter().map(played_json).collect();
        json!({
            "passed": self.is_good(),
            "scenarios": scenarios,
            "fuel": {
                "checks": self.fuel.len(),
                "p99": self.p99(),
                "max": self.max(),
                "budget": self.budget,
                "limit": self.limit,
            },
        })
    }
}

fn played_json(one: &Played) -> Value {
    let mut differences = Vec::new();
    for difference in &one.outcome.differences {
        let (expected, found, problem) = match &difference.problem {
            Problem::Differs { expected, found } => (Some(expected), Some(found), None),
            Problem::Cannot(why) => (None, None, Some(why)),
        };
        differences.push(json!({
            "line": difference.line,
            "step": difference.step,
            "expected": expected,
            "found": found,
            "problem": problem,
        }));
    }
    json!({
        "name": one.name(),
        "file": one.file,
        "expectations": one.outcome.expectations,
        "passed": differences.is_empty(),
        "differences": differences,
    })
}
