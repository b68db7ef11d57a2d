//! Chores of the workspace: `cargo x …`.

mod ci;
mod playbooks;

use std::process::ExitCode;

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
}

fn main() -> ExitCode {
    let done = match Arguments::parse().chore {
        Chore::Ci => ci::run(),
        Chore::Playbooks(arguments) => playbooks::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a command-line chore tells its progress")]
fn progress(line: &str) {
    eprintln!("{line}");
}
