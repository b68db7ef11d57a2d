//! The two databases under one roof: statements with `$n` places, integers and texts.
//!
//! Rows hold little else (see the migrations), so the same text runs on both. What differs, the
//! locking of due work, asks [`Db::is_postgres`]. What is not here: any table's name.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use domain::{MicroUsd, Time};
use sqlx::postgres::{PgArguments, PgConnectOptions, PgListener, PgPool, PgPoolOptions, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Postgres, Row as _, Sqlite, Transaction};

use super::{StoreError, migrations};

const READERS_MAX: u32 = 4;
const BUSY_MS_MAX: u64 = 10_000;
/// Connections of one server to PostgreSQL.
const CONNECTIONS_MAX: u32 = 16;
/// Rows of one statement: SQLite takes 32,766 values, and no table has as many as 40 columns.
pub(super) const ROWS_MAX: usize = 500;
const CONNECT_MAX: Duration = Duration::from_secs(10);

/// An open database, brought up to date.
pub(super) enum Db {
    /// One file, one writer, readers beside it.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        probe: Option<Arc<dyn Probe>>,
    },
    Postgres(PgPool),
}

/// Stands between the store and its file, so that a test can make it fail or stop at any step.
#[async_trait]
pub trait Probe: Send + Sync + 'static {
    /// May refuse the step, or never return. What it gives is kept until the step is done.
    async fn step(&self, step: Step) -> Result<Box<dyn Send>, StoreError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Read,
    /// A transaction, or a statement of its own, is about to begin.
    Write,
    Commit,
    Committed,
}

/// A statement of this folder's own text; values are always bound.
#[derive(Clone)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

#[derive(Clone)]
pub(super) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Vec<u8>),
}

pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

pub(super) enum Tx {
    Sqlite {
        tx: Transaction<'static, Sqlite>,
        probe: Option<Arc<dyn Probe>>,
        /// What the probe gave at the beginning.
        _held: Option<Box<dyn Send>>,
    },
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Opens or creates the file.
    ///
    /// `synchronous = FULL`: what was committed survives a loss of power as well as a killed process.
    /// The rows say what was dialled, so a commit that comes undone could ring a phone twice.
    pub(super) async fn open_file(
        path: &Path,
        probe: Option<Arc<dyn Probe>>,
    ) -> anyhow::Result<Db> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_millis(BUSY_MS_MAX));
        // A file does not go away like a server: to ask before every statement would cost as much again.
        let pool = || SqlitePoolOptions::new().test_before_acquire(false);
        let writer = pool()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .with_context(|| format!("cannot open the database {}", path.display()))?;
        migrations::sqlite().run(&writer).await.context("cannot bring the database up to date")?;
        let readers =
            pool().max_connections(READERS_MAX).connect_with(options.read_only(true)).await?;
        Ok(Db::Sqlite { writer, readers, probe })
    }

    /// `postgres://user:password@host/database`. The address is not repeated in errors, for it may
    /// hold a password.
    pub(super) async fn connect(url: &str) -> anyhow::Result<Db> {
        let is_postgres = ["postgres://", "postgresql://"].iter().any(|head| url.starts_with(head));
        let options = PgConnectOptions::from_str(url).ok().filter(|_| is_postgres);
        let options = options.context("database_url must be a postgres:// address")?;
        let host = options.get_host().to_owned();
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(CONNECT_MAX)
            .connect_with(options)
            .await
            .with_context(|| format!("cannot reach the PostgreSQL at {host}"))?;
        migrations::postgres().run(&pool).await.context("cannot bring the database up to date")?;
        Ok(Db::Postgres(pool))
    }

    pub(super) async fn close(&self) {
        match self {
            Db::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// A connection that hears what is told; none on a file.
    pub(super) async fn listener(&self) -> Result<Option<PgListener>, StoreError> {
        match self {
            Db::Sqlite { .. } => Ok(None),
            Db::Postgres(pool) => Ok(Some(PgListener::connect_with(pool).await?)),
        }
    }

    pub(super) fn is_postgres(&self) -> bool {
        matches!(self, Db::Postgres(_))
    }

    /// A transaction that will write.
    pub(super) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            // Locks at once: a transaction that reads first and writes later could not be repeated.
            Db::Sqlite { writer, probe, .. } => {
                let held = held(probe, Step::Write).await?;
                let tx = writer.begin_with("BEGIN IMMEDIATE").await?;
                Tx::Sqlite { tx, probe: probe.clone(), _held: held }
            }
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Reads beside the writer.
    pub(super) async fn all(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Db::Sqlite { readers, probe, .. } => {
                let _held = held(probe, Step::Read).await?;
                let rows = sql.sqlite().fetch_all(readers).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Db::Postgres(pool) => {
                let rows = sql.postgres().fetch_all(pool).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(super) async fn first(&self, sql: Sql) -> Result<Option<Row>, StoreError> {
        Ok(match self {
            Db::Sqlite { readers, probe, .. } => {
                let _held = held(probe, Step::Read).await?;
                sql.sqlite().fetch_optional(readers).await?.map(Row::Sqlite)
            }
            Db::Postgres(pool) => sql.postgres().fetch_optional(pool).await?.map(Row::Postgres),
        })
    }

    /// One statement that writes; how many rows it changed.
    pub(super) async fn run(&self, sql: Sql) -> Result<u64, StoreError> {
        Ok(match self {
            Db::Sqlite { writer, probe, .. } => {
                let _held = held(probe, Step::Write).await?;
                let changed = sql.sqlite().execute(writer).await?.rows_affected();
                held(probe, Step::Committed).await?;
                changed
            }
            Db::Postgres(pool) => sql.postgres().execute(pool).await?.rows_affected(),
        })
    }

    /// One statement that writes and gives rows back.
    pub(super) async fn run_all(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        match self {
            Db::Sqlite { writer, probe, .. } => {
                let _held = held(probe, Step::Write).await?;
                let rows = sql.sqlite().fetch_all(writer).await?;
                held(probe, Step::Committed).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Db::Postgres(_) => self.all(sql).await,
        }
    }
}

impl Tx {
    pub(super) async fn all(&mut self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Tx::Sqlite { tx, .. } => {
                let rows = sql.sqlite().fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Tx::Postgres(tx) => {
                let rows = sql.postgres().fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(super) async fn first(&mut self, sql: Sql) -> Result<Option<Row>, StoreError> {
        Ok(match self {
            Tx::Sqlite { tx, .. } => sql.sqlite().fetch_optional(&mut **tx).await?.map(Row::Sqlite),
            Tx::Postgres(tx) => sql.postgres().fetch_optional(&mut **tx).await?.map(Row::Postgres),
        })
    }

    pub(super) async fn run(&mut self, sql: Sql) -> Result<u64, StoreError> {
        Ok(match self {
            Tx::Sqlite { tx, .. } => sql.sqlite().execute(&mut **tx).await?.rows_affected(),
            Tx::Postgres(tx) => sql.postgres().execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Until the end of this transaction no other holds the same name. SQLite has one writer anyway.
    pub(super) async fn lock(&mut self, name: &str) -> Result<(), StoreError> {
        if let Tx::Postgres(_) = self {
            let sql = Sql::new("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended($1, 0))");
            self.first(sql.bind(name)).await?;
        }
        Ok(())
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Tx::Sqlite { tx, probe, _held } => {
                held(&probe, Step::Commit).await?;
                tx.commit().await?;
                held(&probe, Step::Committed).await?;
            }
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

async fn held(
    probe: &Option<Arc<dyn Probe>>,
    step: Step,
) -> Result<Option<Box<dyn Send>>, StoreError> {
    match probe {
        Some(probe) => probe.step(step).await.map(Some),
        None => Ok(None),
    }
}

impl Sql {
    pub(super) fn new(text: impl Into<String>) -> Sql {
        Sql { text: text.into(), values: Vec::new() }
    }

    /// The next `$n` of a text that has its places.
    pub(super) fn bind(mut self, value: impl Into<Value>) -> Sql {
        self.values.push(value.into());
        self
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Text that ends before a value, and the value.
    pub(super) fn push_bind(&mut self, text: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.text.push_str(text);
        self.text.push_str(&format!("${}", self.values.len()));
    }

    /// `($1, $2), ($3, $4)`: each row in the order of the columns named before.
    pub(super) fn push_rows(&mut self, rows: impl IntoIterator<Item = Vec<Value>>) {
        for (index, row) in rows.into_iter().enumerate() {
            self.text.push_str(if index == 0 { " VALUES (" } else { "), (" });
            for (place, value) in row.into_iter().enumerate() {
                self.push_bind(if place == 0 { "" } else { ", " }, value);
            }
        }
        self.text.push(')');
    }

    #[cfg(test)]
    pub(super) fn explained(self) -> Sql {
        Sql { text: format!("EXPLAIN QUERY PLAN {}", self.text), values: self.values }
    }

    fn sqlite(self) -> Query<'static, Sqlite, SqliteArguments> {
        let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(self.text));
        for value in self.values {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }

    fn postgres(self) -> Query<'static, Postgres, PgArguments> {
        let mut query = sqlx::query::<Postgres>(AssertSqlSafe(self.text));
        for value in self.values {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }
}

impl Row {
    pub(super) fn int(&self, column: &str) -> Result<i64, StoreError> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn maybe_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn text(&self, column: &str) -> Result<&str, StoreError> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(super) fn maybe_text(&self, column: &str) -> Result<Option<&str>, StoreError> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get(column)?,
        })
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Value {
        Value::Bytes(value.to_vec())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Value {
        Value::Int(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Value {
        Value::Int(Some(i64::from(value)))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Int(Some(i64::from(value)))
    }
}

impl From<MicroUsd> for Value {
    fn from(value: MicroUsd) -> Value {
        Value::Int(Some(value.0))
    }
}

impl From<Time> for Value {
    fn from(value: Time) -> Value {
        Value::Int(Some(value.as_millis()))
    }
}

impl From<Option<Time>> for Value {
    fn from(value: Option<Time>) -> Value {
        Value::Int(value.map(Time::as_millis))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(Some(value.to_owned()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(Some(value))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Value {
        Value::Text(value.map(str::to_owned))
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Value {
        Value::Text(value)
    }
}

macro_rules! id_value {
    ($($id:ident),*) => {
        $(
            impl From<domain::$id> for Value {
                fn from(id: domain::$id) -> Value {
                    Value::Text(Some(id.to_string()))
                }
            }

            impl From<Option<domain::$id>> for Value {
                fn from(id: Option<domain::$id>) -> Value {
                    Value::Text(id.map(|id| id.to_string()))
                }
            }
        )*
    };
}

id_value!(
    CallId,
    AttemptId,
    OrgId,
    KeyId,
    BatchId,
    EventId,
    WebhookId,
    DeliveryId,
    PersonaId,
    PlaybookId,
    LineId,
    ConversationId
);
