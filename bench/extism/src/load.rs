//! Loading code that was compiled before, each side from its own cache on disk.

use std::fs;
use std::time::Instant;

use anyhow::Result;

use crate::files::Files;
use crate::table::{Sample, Table};
use crate::{beside, limited_by_clock, ours, row, theirs};

const LOADS: usize = 100;

pub(crate) fn rows(files: &Files, table: &mut Table) -> Result<()> {
    table.row(row("load, compiled before", loads(files, false)?));
    table.row(row("the same with a new engine on our side too", loads(files, true)?));
    Ok(())
}

/// Extism makes an engine for every plugin it compiles; our server makes one for all.
fn loads(files: &Files, with_engine: bool) -> Result<[Sample; 2]> {
    let folder = tempfile::tempdir()?;
    let our_cache = folder.path().join("ours");
    let config = folder.path().join("extism.toml");
    let their_cache = folder.path().join("extism");
    fs::write(&config, format!("[cache]\ndirectory = {their_cache:?}\n"))?;
    let setup = theirs::Setup { cache: Some(&config), ..limited_by_clock() };
    beside(
        LOADS,
        |_| {
            let begun = Instant::now();
            let plugins = ours::host(&our_cache)?;
            let started = if with_engine { begun } else { Instant::now() };
            plugins.load(&files.playbook)?;
            Ok(started.elapsed())
        },
        |_| {
            let manifest = theirs::manifest(files, setup);
            let started = Instant::now();
            let compiled = theirs::compile_manifest(manifest, setup)?;
            let took = started.elapsed();
            drop(compiled);
            Ok(took)
        },
    )
}
