//! Chores of the workspace: `cargo x …`.

mod playbooks;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo x", about = "Chores of the workspace.")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build playbooks into components.
    Playbooks(playbooks::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Playbooks(arguments) => playbooks::run(&arguments),
    }
}
