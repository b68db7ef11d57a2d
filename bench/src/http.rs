//! Creating and reading calls over HTTP, with one core for the server, beside a bare axum handler that
//! does one insert or one read in the same kind of file: what is ours is a ratio.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agenticcalling_tests::Client;
use anyhow::{Context as _, Result, ensure};
use axum::extract::{Path as Segment, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::Args;
use serde_json::{Value, json};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use crate::startup::Ended;
use crate::table::{Sample, Table, millis};

const CLIENTS: usize = 16;
const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(10);

/// The bare handler, as a process to be measured.
#[derive(Args)]
pub(crate) struct Bare {
    #[arg(long)]
    data: PathBuf,
}

struct Pools {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Bare {
    pub(crate) fn run(&self) -> Result<()> {
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            let url = format!("sqlite://{}/bare.db", self.data.display());
            // As the store opens its file.
            let options = SqliteConnectOptions::from_str(&url)?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            let pool = || SqlitePoolOptions::new().test_before_acquire(false);
            let writer = pool().max_connections(1).connect_with(options.clone()).await?;
            sqlx::query("CREATE TABLE calls (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
                .execute(&writer)
                .await?;
            let readers = pool().max_connections(4).connect_with(options).await?;
            let app = Router::new()
                .route("/v1/calls", post(insert))
                .route("/v1/calls/{id}", get(read))
                .with_state(Arc::new(Pools { writer, readers }));
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            println!("listening on http://{}", listener.local_addr()?);
            axum::serve(listener, app).await?;
            Ok(())
        })
    }
}

async fn insert(
    State(pools): State<Arc<Pools>>,
    Json(mut body): Json<Value>,
) -> Result<(StatusCode, Json<Value>), StatusCode> {
    let id = format!("{:032x}", agenticcalling::clock::random());
    body["id"] = json!(id);
    let done = sqlx::query("INSERT INTO calls (id, body) VALUES ($1, $2)")
        .bind(&id)
        .bind(body.to_string())
        .execute(&pools.writer)
        .await;
    done.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok((StatusCode::CREATED, Json(body)))
}

async fn read(
    State(pools): State<Arc<Pools>>,
    Segment(id): Segment<String>,
) -> Result<Json<Value>, StatusCode> {
    let body: String = sqlx::query_scalar("SELECT body FROM calls WHERE id = $1")
        .bind(id)
        .fetch_one(&pools.readers)
        .await
        .map_err(|_| StatusCode::NOT_FOUND)?;
    serde_json::from_str(&body).map(Json).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

struct Measured {
    per_second: f64,
    sample: Sample,
}

pub(crate) fn run() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let head = ["", "requests/s", "p50", "p99", "of the bare rate"];
    let title = format!("HTTP, {CLIENTS} clients, one core for the server, SQLite");
    let mut table = Table::new(&title, &head);
    let bare = measure(&runtime, "bare", false)?;
    let ours = measure(&runtime, "serve", true)?;
    for (name, ours, bare) in
        [("POST /v1/calls", &ours.0, &bare.0), ("GET /v1/calls/{id}", &ours.1, &bare.1)]
    {
        for (who, one) in [("bare", bare), ("ours", ours)] {
            table.row(vec![
                format!("{name}, {who}"),
                format!("{:.0}", one.per_second),
                millis(one.sample.percentile(50)),
                millis(one.sample.percentile(99)),
                format!("{:.2}", one.per_second / bare.per_second),
            ]);
        }
    }
    table.print();
    Ok(())
}

fn measure(
    runtime: &tokio::runtime::Runtime,
    command: &str,
    with_key: bool,
) -> Result<(Measured, Measured)> {
    let folder = tempfile::tempdir()?;
    let (server, base) = start(command, folder.path())?;
    let measured = runtime.block_on(async {
        let client = match with_key {
            true => Client::register(&base).await?,
            false => Client {
                http: agenticcalling::model::pipeline::http_client()?,
                base,
                live_key: String::new(),
                key: String::new(),
            },
        };
        // So far ahead that nothing is dialled meanwhile.
        let body = json!({
            "to": "+12025550101", "objective": "Get bulk pricing for 500 steel beams",
            "context": "We are Acme Corp. Budget is $50-60 per unit.",
            "behavior_rules": ["Never agree to price above $60/unit"],
            "schedule_at": "2099-01-01T00:00:00Z"
        });
        let made = client.post("/v1/calls", &body).await?;
        let id = made["id"].as_str().context("a call without id")?.to_owned();
        let create = load(&client, |client| {
            let body = body.clone();
            async move { client.post("/v1/calls", &body).await }
        });
        let create = create.await?;
        let path = format!("/v1/calls/{id}");
        let read = load(&client, |client| {
            let path = path.clone();
            async move { client.get(&path).await }
        });
        anyhow::Ok((create, read.await?))
    });
    drop(server);
    measured
}

/// So many clients, each sending its next request when the last was answered.
async fn load<F>(client: &Client, request: impl Fn(Client) -> F) -> Result<Measured>
where
    F: Future<Output = Result<Value>>,
{
    let began = Instant::now();
    let one = async || {
        let mut times = Vec::new();
        while began.elapsed() < WARM_UP + MEASURED {
            let sent = Instant::now();
            request(client.clone()).await?;
            if began.elapsed() > WARM_UP {
                times.push(sent.elapsed());
            }
        }
        anyhow::Ok(times)
    };
    let all = futures::future::try_join_all((0..CLIENTS).map(|_| one())).await?;
    let times: Vec<Duration> = all.into_iter().flatten().collect();
    let per_second = times.len() as f64 / MEASURED.as_secs_f64();
    Ok(Measured { per_second, sample: Sample::of(times) })
}

/// On the first core, where the machine lets us say so.
fn start(command: &str, data: &Path) -> Result<(Ended, String)> {
    let program = std::env::current_exe()?;
    let pinned = Command::new("taskset").arg("--version").output().is_ok();
    let mut process = match pinned {
        true => Command::new("taskset"),
        false => Command::new(&program),
    };
    if pinned {
        process.args(["-c", "0"]).arg(&program);
    } else {
        eprintln!("bench: without taskset the server has all cores");
    }
    let process = process.args([command, "--data"]).arg(data);
    let mut child = Ended(process.stdout(Stdio::piped()).spawn()?);
    let stdout = child.0.stdout.take().context("stdout is piped")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let base = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
    ensure!(!base.is_empty(), "the server did not start: {line:?}");
    Ok((child, base))
}
