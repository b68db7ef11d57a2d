//! The command line: run the server, place a call and follow it, show the demo, work on playbooks.

mod demo;
mod follow;
pub mod playbook;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use domain::{KeyId, OrgId};

use crate::config::Config;
use crate::store::{Accounts as _, SqlStore, Work as _};
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
    /// Make, build, check, test and try playbooks; none of it needs a server.
    #[command(subcommand)]
    Playbook(playbook::Playbook),
    /// Approve an API key that waits because its organization existed already.
    ApproveKey(ApproveKey),
    /// Put an organization on another plan; it holds at once.
    SetPlan(SetPlan),
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
    #[command(flatten)]
    server: ServerData,
}

#[derive(Args)]
struct SetPlan {
    /// Id of the organization, as registering gave it.
    org_id: OrgId,
    /// One of the configured plans; by default free, pro, business, enterprise, unlimited.
    plan: String,
    #[command(flatten)]
    server: ServerData,
}

/// Where a server, running or not, keeps its rows.
#[derive(Args)]
struct ServerData {
    /// Folder of the server's data.
    #[arg(long)]
    data: Option<PathBuf>,
    /// TOML file of the server.
    #[arg(long)]
    config: Option<PathBuf>,
}

impl ServerData {
    async fn open(self) -> anyhow::Result<(Config, SqlStore)> {
        let mut config = Config::load(self.config.as_deref())?;
        config.data = self.data.unwrap_or(config.data);
        let file = config.data.join("agenticcalling.db");
        let exists = config.database_url.is_some() || file.is_file();
        anyhow::ensure!(exists, "there is no database in {}", config.data.display());
        let store = server::open_store(&config).await?;
        Ok((config, store))
    }
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
        Command::Playbook(command) => command.run().await,
        Command::ApproveKey(approve) => approve.run().await,
        Command::SetPlan(set) => set.run().await,
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

impl SetPlan {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (config, store) = self.server.open().await?;
        let known: Vec<&str> = config.plans.table.keys().map(String::as_str).collect();
        anyhow::ensure!(
            known.contains(&self.plan.as_str()),
            "there is no plan {:?}: choose one of {}",
            self.plan,
            known.join(", ")
        );
        let found = store.set_plan(self.org_id, &self.plan).await?;
        anyhow::ensure!(found, "there is no organization with that id");
        let woken = store.unpause(Some(self.org_id), crate::clock::now()).await?;
        store.close().await;
        println!("the plan is {}; {woken} calls that waited for minutes go on", self.plan);
        Ok(ExitCode::SUCCESS)
    }
}

impl ApproveKey {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, store) = self.server.open().await?;
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
