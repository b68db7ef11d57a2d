//! What an instance weighs while its call lasts: growth of a process's resident memory.

use std::fs;
use std::process::Command;

use agenticcalling::plugin::Limits;
use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum};

use crate::files::Files;
use crate::inputs::clauses;
use crate::ours::Ours;
use crate::table::Table;
use crate::theirs::{self, Setup};
use crate::{POOL_INSTANCES, limited_by_clock};

const INSTANCES: usize = 400;

/// What the measured process is told.
#[derive(Args)]
pub(crate) struct Live {
    side: Side,
}

#[derive(Clone, Copy, ValueEnum)]
enum Side {
    Ours,
    Extism,
    ExtismPooled,
}

pub(crate) fn rows(table: &mut Table) -> Result<()> {
    let row = |name: &str, theirs: String, ours: &str| {
        vec![name.to_owned(), ours.to_owned(), String::new(), theirs, String::new()]
    };
    let ours = weigh(Side::Ours)?;
    table.row(row(
        &format!("memory of each of {INSTANCES} live instances"),
        weigh(Side::Extism)?,
        &ours,
    ));
    table.row(row("the same, Extism given a pool", weigh(Side::ExtismPooled)?, &ours));
    Ok(())
}

impl Live {
    pub(crate) fn run(&self) -> Result<()> {
        let files = Files::read()?;
        let bytes = match self.side {
            Side::Ours => {
                let ours = Ours::start(&files, Limits::default())?;
                growth(|| {
                    let mut instance = ours.call()?;
                    for clause in clauses() {
                        instance.check(&clause)?;
                    }
                    Ok(instance)
                })?
            }
            Side::Extism => extism(&files, limited_by_clock())?,
            Side::ExtismPooled => {
                extism(&files, Setup { pool: Some(POOL_INSTANCES), ..limited_by_clock() })?
            }
        };
        println!("{:.0} KiB", bytes as f64 / 1024.0);
        Ok(())
    }
}

fn extism(files: &Files, setup: Setup<'_>) -> Result<usize> {
    let compiled = theirs::compile(files, setup)?;
    growth(|| {
        let mut plugin = theirs::call(&compiled)?;
        for clause in clauses() {
            theirs::check(&mut plugin, &theirs::clause_text(&clause))?;
        }
        Ok(plugin)
    })
}

/// Bytes for each instance, after one that has touched all code.
fn growth<T>(mut begin: impl FnMut() -> Result<T>) -> Result<usize> {
    let first = begin()?;
    let mut live = Vec::with_capacity(INSTANCES);
    let before = resident_bytes()?;
    for _ in 0..INSTANCES {
        live.push(begin()?);
    }
    let after = resident_bytes()?;
    drop((first, live));
    Ok(after.saturating_sub(before) / INSTANCES)
}

/// In a process of its own, so that nothing else grows.
fn weigh(side: Side) -> Result<String> {
    let name = side.to_possible_value().context("every side has a name")?;
    let output = Command::new(std::env::current_exe()?).args(["live", name.get_name()]).output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "live instances cannot be weighed: {}", errors.trim());
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn resident_bytes() -> Result<usize> {
    let status = fs::read_to_string("/proc/self/status").context("this system has no /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes: usize = kibibytes.context("/proc/self/status has no VmRSS")?.parse()?;
    Ok(kibibytes * 1024)
}
