//! Chores of the workspace: `cargo x …`.

mod ci;
mod playbooks;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo x", about = "Chores of the workspace.")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Check formatting, lints and the directions of imports.
    Ci,
    /// Build playbooks into components.
    Playbooks(playbooks::Arguments),
    /// Build the plugin of Extism that `make bench-extism` measures.
    Extism,
    /// Play fleets of calls in virtual time: --seed N, --calls N, --seeds COUNT.
    Sim {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().chore {
        Chore::Ci => ci::run(),
        Chore::Playbooks(arguments) => playbooks::run(&arguments),
        Chore::Extism => playbooks::extism(),
        Chore::Sim { arguments } => sim(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// The workspace that `cargo x` was called in. Asked at run time: checkouts that share a target folder
/// may share this program too.
fn workspace() -> anyhow::Result<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").context("call it as `cargo x`")?;
    let root = Path::new(&package).parent().context("xtask lies in the workspace")?;
    Ok(root.to_owned())
}

fn sim(arguments: &[String]) -> anyhow::Result<()> {
    let run = ["run", "--release", "--locked", "--quiet", "--package", "agenticcalling-tests"];
    let status = std::process::Command::new("cargo")
        .args(run)
        .args(["--bin", "sim", "--"])
        .args(arguments)
        .status()?;
    anyhow::ensure!(status.success(), "the simulation failed");
    Ok(())
}

#[expect(clippy::print_stderr, reason = "a command-line chore tells its progress")]
fn progress(line: &str) {
    eprintln!("{line}");
}
