//! The command line: run the server, place a call and follow it, show the demo.

mod demo;
mod follow;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use domain::KeyId;

use crate::config::Config;
use crate::store::Accounts as _;
use crate::store::SqlStore;
use crate::{server, telemetry};

/// Places AI phone calls: a server, and commands to use it.
#[derive(Parser)]
#[command(name = "agenticcalling", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve(Serve),
    /// Place a call through a running server and follow it to its end.
    Call(follow::Call),
    /// Start a server of its own and place one sandbox call with it.
    Demo(demo::Demo),
    /// Approve an API key that waits because its organization existed already.
    ApproveKey(ApproveKey),
    /// Print the OpenAPI document.
    Openapi,
}

#[derive(Args)]
struct Serve {
    /// Address to listen on.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Folder for the database, recordings and caches.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Folder of playbook components.
    #[arg(long)]
    playbooks: Option<PathBuf>,
    /// TOML file; flags and AGENTICCALLING_… variables go before it.
    #[arg(long)]
    config: Option<PathBuf>,
}

#[derive(Args)]
struct ApproveKey {
    /// Id of the key, as `GET /v1/auth/api-keys` shows it.
    key_id: KeyId,
    /// Folder of the server's data.
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_name("server")
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let done = runtime.block_on(run(cli.command));
    // Nothing that still runs may hold the process back.
    runtime.shutdown_background();
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(serve) => serve.run().await,
        Command::Call(call) => call.run().await,
        Command::Demo(demo) => demo.run().await,
        Command::ApproveKey(approve) => approve.run().await,
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&crate::api::document())?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

impl Serve {
    async fn run(self) -> anyhow::Result<ExitCode> {
        telemetry::start("info,sqlx=warn,hyper=warn");
        let mut config = Config::load(self.config.as_deref())?;
        config.listen = self.listen.unwrap_or(config.listen);
        config.data = self.data.unwrap_or(config.data);
        config.playbooks = self.playbooks.or(config.playbooks);
        let running = server::start(config).await?;
        println!("listening on http://{}", running.addr);
        stop_signal().await?;
        tracing::info!("stopping: running calls may end");
        running.stop().await;
        Ok(ExitCode::SUCCESS)
    }
}

impl ApproveKey {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let file = self.data.join("agenticcalling.db");
        anyhow::ensure!(file.is_file(), "there is no database in {}", self.data.display());
        let store = SqlStore::open_file(&file).await?;
        let approved = store.approve_key(self.key_id, crate::clock::now()).await?;
        store.close().await;
        anyhow::ensure!(approved, "no key with that id waits for approval");
        println!("approved");
        Ok(ExitCode::SUCCESS)
    }
}

/// Ctrl-C, or the signal of a service manager.
async fn stop_signal() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done.context("cannot listen for signals"),
        _ = terminate.recv() => Ok(()),
    }
}
