//! `make bench`: measures, and prints tables. It asserts nothing: machines differ, and so do days.

mod check;
mod cpu;
mod http;
mod inputs;
mod load;
mod matching;
mod replay;
mod startup;
mod store;
mod table;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// Measures the server and prints tables.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only these tables; all of them by default.
    #[arg(value_enum)]
    tables: Vec<Table>,
    /// Calls at the same time in each round of the load table.
    #[arg(long, value_delimiter = ',', default_values_t = [10, 30, 60])]
    calls: Vec<usize>,
    /// Calls stored in each round of the store table.
    #[arg(long, value_delimiter = ',', default_values_t = [1000, 100_000])]
    stored: Vec<usize>,
}

#[derive(Subcommand)]
enum Command {
    /// The server itself, as a process to be measured.
    #[command(hide = true)]
    Serve(startup::Serve),
    /// What the server is measured beside over HTTP.
    #[command(hide = true)]
    Bare(http::Bare),
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Table {
    /// A clause check in the call's instance, in a fresh one, and natively.
    Check,
    /// Which playbook labelled objectives find.
    Matching,
    /// From the start of the process until it answers.
    Startup,
    /// Whole calls without a clock.
    Virtual,
    /// Creating, claiming, ending and delivering on both databases.
    Store,
    /// Calls created and read over HTTP, beside a bare handler.
    Http,
    /// Calls in real time: processor time, lateness of frames, results.
    Load,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Some(Command::Serve(serve)) => serve.run(),
        Some(Command::Bare(bare)) => bare.run(),
        None => run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let wanted = |table: Table| arguments.tables.is_empty() || arguments.tables.contains(&table);
    if wanted(Table::Check) {
        check::run()?;
    }
    if wanted(Table::Matching) {
        matching::run()?;
    }
    if wanted(Table::Startup) {
        startup::run()?;
    }
    if wanted(Table::Virtual) {
        replay::run()?;
    }
    if wanted(Table::Store) {
        store::run(&arguments.stored)?;
    }
    if wanted(Table::Http) {
        http::run()?;
    }
    if wanted(Table::Load) {
        load::run(&arguments.calls)?;
    }
    Ok(())
}
