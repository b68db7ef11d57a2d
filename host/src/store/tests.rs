//! The store contract on real databases, and what is one's own.

use std::sync::Arc;

use sqlx::Row as _;

use super::contract::{contract_tests, new_call, new_org};
use super::db::Db;
use super::{Calls as _, SqlStore, Store, sql};

mod sqlite {
    use super::*;

    async fn open() -> (Arc<dyn Store>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = SqlStore::open_file(&folder.path().join("test.db")).await.unwrap();
        (Arc::new(store), folder)
    }

    contract_tests!(open);
}

mod postgres {
    use super::*;

    async fn open() -> (Arc<dyn Store>, ()) {
        let url = tokio::task::spawn_blocking(test_postgres::database).await.unwrap();
        (Arc::new(SqlStore::connect(&url).await.unwrap()), ())
    }

    contract_tests!(open);
}

#[tokio::test]
async fn a_file_is_opened_again_with_what_it_held() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let store = SqlStore::open_file(&file).await.unwrap();
    let record = new_call(new_org(&store).await);
    store.insert_call(&record, vec![]).await.unwrap();
    store.close().await;
    let store = SqlStore::open_file(&file).await.unwrap();
    assert_eq!(store.call_unscoped(record.id).await.unwrap().unwrap(), record);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    std::fs::write(&file, "this is not a database, however often it is read".repeat(100)).unwrap();
    let error = SqlStore::open_file(&file).await.err().unwrap();
    assert!(format!("{error:#}").contains("test.db"), "{error:#}");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_refused_without_its_password() {
    for url in ["postgres://user:hunter2@127.0.0.1:1/none", "mysql://user:hunter2@host/none"] {
        let error = format!("{:#}", SqlStore::connect(url).await.err().unwrap());
        assert!(!error.contains("hunter2"), "{error}");
        assert!(error.contains("127.0.0.1") || error.contains("postgres://"), "{error}");
    }
}

#[tokio::test]
async fn a_commit_reaches_the_disk_and_readers_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqlStore::open_file(&folder.path().join("test.db")).await.unwrap();
    let Db::Sqlite { writer, readers, .. } = store.db() else { unreachable!("a file is SQLite") };
    for (pragma, expected) in [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1")]
    {
        let sql = format!("SELECT CAST({pragma} AS TEXT) AS value FROM pragma_{pragma}");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_one(writer).await.unwrap();
        assert_eq!(row.get::<String, _>("value"), expected, "{pragma}");
    }
    let refused = sqlx::query("DELETE FROM organizations").execute(readers).await;
    assert!(refused.unwrap_err().to_string().contains("readonly"));
}

/// The dispatcher asks many times a second: it must not read the whole history each time.
#[tokio::test]
async fn due_work_is_found_without_reading_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqlStore::open_file(&folder.path().join("test.db")).await.unwrap();
    for sql in sql::frequent() {
        let sql = sql.explained();
        for row in store.db().all(sql.clone()).await.unwrap() {
            let step = row.text("detail").unwrap();
            let large = step.starts_with("SCAN calls") || step.starts_with("SCAN deliveries");
            assert!(!large || step.contains("INDEX"), "{step}");
        }
    }
}
