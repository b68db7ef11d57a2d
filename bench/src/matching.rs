//! Which playbook the built components choose for labelled objectives, and how long one score takes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use agenticcalling::plugin::{Limits, Plugins};
use anyhow::{Context as _, Result};

use crate::table::{Sample, Table, micros};

/// What an objective's label says before the name.
const PLATFORM: &str = "platform.";

struct Case {
    expected: String,
    language: String,
    objective: String,
}

pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let plugins = Plugins::new(Limits::default(), folder.path())?;
    plugins.load_dir(&crate::startup::playbooks()?)?;
    let mut choices = Vec::new();
    for path in sets()? {
        let cases = cases(&path)?;
        let mut confusion = BTreeMap::new();
        for case in &cases {
            let started = Instant::now();
            let playbook = plugins.classify(&case.objective, &case.language, &[]);
            choices.push(started.elapsed());
            let found = playbook.id().trim_start_matches(PLATFORM).to_owned();
            *confusion.entry((case.expected.clone(), found)).or_insert(0_usize) += 1;
        }
        print_confusion(&path, &confusion);
    }
    let components = plugins.all().len();
    let sample = Sample::of(choices);
    let mut table = Table::new(
        &format!("choosing a playbook, {components} components"),
        &["", "p50", "p99", "choices"],
    );
    table.row(vec![
        "every component scores the objective".to_owned(),
        micros(sample.percentile(50)),
        micros(sample.percentile(99)),
        sample.len().to_string(),
    ]);
    table.print();
    Ok(())
}

/// The sets that the tests of the matching kit play.
fn sets() -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk-guest/tests/matching");
    let mut sets = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            sets.push(path);
        }
    }
    sets.sort();
    Ok(sets)
}

fn cases(path: &Path) -> Result<Vec<Case>> {
    let text = fs::read_to_string(path)?;
    let mut cases = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut fields = line.splitn(3, '|').map(|field| field.trim().to_owned());
        let mut field = || fields.next().with_context(|| format!("three fields in `{line}`"));
        cases.push(Case { expected: field()?, language: field()?, objective: field()? });
    }
    Ok(cases)
}

/// A row for each label, a column for each playbook that was chosen.
fn print_confusion(path: &Path, confusion: &BTreeMap<(String, String), usize>) {
    let mut expected: Vec<&str> = confusion.keys().map(|(expected, _)| expected.as_str()).collect();
    expected.dedup();
    let mut found: Vec<&str> = confusion.keys().map(|(_, found)| found.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    let (mut right, mut all) = (0, 0);
    for ((expected, found), count) in confusion {
        all += count;
        right += if expected == found { *count } else { 0 };
    }
    let set = path.file_stem().unwrap_or_default().to_string_lossy();
    let accuracy = 100.0 * right as f64 / all.max(1) as f64;
    let title =
        format!("objectives of {set}: {right} of {all} find their playbook, {accuracy:.1} %");
    let mut head = vec![""];
    head.extend(&found);
    let mut table = Table::new(&title, &head);
    for row in expected {
        let mut cells = vec![row.to_owned()];
        for column in &found {
            let count = confusion.get(&(row.to_owned(), (*column).to_owned())).copied();
            cells.push(count.map_or_else(|| "·".to_owned(), |count| count.to_string()));
        }
        table.row(cells);
    }
    table.print();
}
