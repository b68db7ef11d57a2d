//! `agenticcalling playbook …`: what a playbook's author works with, without a server.
//!
//! Every command runs components exactly as the server does: the same engine, the same limits, the same
//! counts of fuel. Only the clock's backstop is longer here, so that a busy machine changes nothing.

mod brief;
mod build;
mod check;
mod eval;
mod inspect;
mod new;
mod replay;
mod schema;
mod shelf;
mod stage;
mod talk;
mod test;

use std::process::ExitCode;

use clap::Subcommand;

pub use stage::{Component, Fuel};

#[derive(Subcommand)]
pub(crate) enum Playbook {
    New(new::New),
    Build(build::Build),
    Check(check::Check),
    Test(test::Test),
    Talk(talk::TalkTo),
    Replay(replay::Replay),
    Eval(eval::Eval),
    Inspect(inspect::Inspect),
}

impl Playbook {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::New(new) => new.run(),
            Self::Build(build) => build.run(),
            Self::Check(check) => check.run(),
            Self::Test(test) => test.run(),
            Self::Talk(talk) => talk.run(),
            Self::Replay(replay) => replay.run().await,
            Self::Eval(eval) => eval.run(),
            Self::Inspect(inspect) => inspect.run(),
        }
    }
}
