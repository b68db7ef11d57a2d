//! The store on either database, one file a concern.

mod accounts;
mod calls;
mod channel;
mod events;
mod guards;
mod limits;
mod lines;
mod personas;
mod playbooks;
mod repeats;
mod rows;
mod together;
mod webhooks;
mod work;

use std::path::Path;
use std::sync::Arc;

use self::together::Together;
use super::db::{Db, Probe, Sql};
use super::{Scope, Store};

pub struct SqlStore {
    db: Arc<Db>,
    together: Together,
}

impl SqlStore {
    /// One file, which is created if need be.
    pub async fn open_file(path: &Path) -> anyhow::Result<Self> {
        Ok(SqlStore::on(Db::open_file(path, None).await?))
    }

    /// The same with somebody who may make it fail.
    pub async fn open_probed(path: &Path, probe: Arc<dyn Probe>) -> anyhow::Result<Self> {
        Ok(SqlStore::on(Db::open_file(path, Some(probe)).await?))
    }

    /// A PostgreSQL, which several servers may share.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        Ok(SqlStore::on(Db::connect(url).await?))
    }

    fn on(db: Db) -> SqlStore {
        SqlStore { db: Arc::new(db), together: Together::default() }
    }

    pub async fn close(&self) {
        self.db.close().await;
    }

    #[cfg(test)]
    pub(super) fn db(&self) -> &Db {
        &self.db
    }
}

impl Store for SqlStore {}

/// Status words of calls that may have a leg; see `Status::is_live`.
const LIVE: &str = "('dialing', 'connected', 'in_progress', 'voicemail')";

/// `org = $1 AND mode = $2 AND pod = $3`, as far as the scope says.
fn push_scope(sql: &mut Sql, scope: &Scope) {
    sql.push_bind("org = ", scope.org);
    sql.push_bind(" AND mode = ", rows::word(&scope.mode));
    if let Some(pod) = &scope.pod {
        sql.push_bind(" AND pod = ", pod.as_str());
    }
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("records are plain data")
}

#[cfg(test)]
pub(super) use work::frequent;
