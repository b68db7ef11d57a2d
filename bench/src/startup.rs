//! From the start of the process until it says where it listens: without and with compiled components.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::Args;

use crate::table::{Sample, Table, millis};

const WARM_STARTS: usize = 20;

/// What the measured process is told.
#[derive(Args)]
pub(crate) struct Serve {
    #[arg(long)]
    data: PathBuf,
}

impl Serve {
    pub(crate) fn run(&self) -> Result<()> {
        let mut config = agenticcalling_tests::config_in(&self.data);
        config.playbooks = Some(playbooks()?);
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            let running = agenticcalling::server::start(config).await?;
            println!("listening on http://{}", running.addr);
            std::future::pending::<Result<()>>().await
        })
    }
}

/// The folder that `cargo x playbooks` fills.
pub(crate) fn playbooks() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let mut folders = program.ancestors().map(|folder| folder.join("playbooks"));
    folders.find(|folder| folder.join("platform.general.wasm").is_file()).with_context(
        || "no playbooks beside the target folder: build them with `cargo x playbooks`",
    )
}

pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cold = start(folder.path())?;
    let mut warm = Vec::new();
    for _ in 0..WARM_STARTS {
        warm.push(start(folder.path())?);
    }
    let warm = Sample::of(warm);
    let mut table =
        Table::new("start of the server until it listens", &["", "p50", "p99", "starts", "aim"]);
    let cells = |name: &str, sample: &Sample, starts: usize, aim: &str| {
        let (half, most) = (sample.percentile(50), sample.percentile(99));
        vec![name.to_owned(), millis(half), millis(most), starts.to_string(), aim.to_owned()]
    };
    table.row(cells("nothing cached", &Sample::of(vec![cold]), 1, ""));
    table.row(cells("components compiled before", &warm, WARM_STARTS, "300 ms"));
    table.print();
    Ok(())
}

fn start(data: &Path) -> Result<Duration> {
    let started = Instant::now();
    let child = Command::new(std::env::current_exe()?)
        .args(["serve", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut child = Ended(child);
    let stdout = child.0.stdout.take().context("stdout is piped")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let took = started.elapsed();
    ensure!(line.starts_with("listening on "), "the server did not start: {line:?}");
    Ok(took)
}

/// Our own child, ended whatever happens.
pub(crate) struct Ended(pub(crate) Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
