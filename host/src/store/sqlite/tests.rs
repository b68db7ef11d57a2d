//! The store contract on a real file, and what is SQLite's own.

use std::sync::Arc;

use sqlx::Row as _;
use tempfile::TempDir;

use super::{SqliteStore, query};
use crate::store::Store;
use crate::store::contract::{contract_tests, new_call, new_org};

async fn open() -> (Arc<dyn Store>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("test.db")).await.unwrap();
    (Arc::new(store), folder)
}

contract_tests!(open);

#[tokio::test]
async fn a_file_is_opened_again_with_what_it_held() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let store = SqliteStore::open(&file).await.unwrap();
    let record = new_call(new_org(&store).await);
    store.insert_call(&record, vec![]).await.unwrap();
    store.close().await;
    let store = SqliteStore::open(&file).await.unwrap();
    assert_eq!(store.call_unscoped(record.id).await.unwrap().unwrap(), record);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    std::fs::write(&file, "this is not a database, however often it is read".repeat(100)).unwrap();
    let error = SqliteStore::open(&file).await.err().unwrap();
    assert!(format!("{error:#}").contains("test.db"), "{error:#}");
}

#[tokio::test]
async fn a_commit_reaches_the_disk_and_readers_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("test.db")).await.unwrap();
    for (pragma, expected) in [("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1")]
    {
        let sql = format!("SELECT CAST({pragma} AS TEXT) AS value FROM pragma_{pragma}");
        let row = query(&sql).fetch_one(&store.writer).await.unwrap();
        assert_eq!(row.get::<String, _>("value"), expected, "{pragma}");
    }
    let refused = sqlx::query("DELETE FROM organizations").execute(&store.readers).await;
    assert!(refused.unwrap_err().to_string().contains("readonly"));
}

/// The dispatcher asks many times a second: it must not read the whole history each time.
#[tokio::test]
async fn due_work_is_found_without_reading_every_call() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("test.db")).await.unwrap();
    for sql in [
        super::due_sql(),
        super::next_wake_sql(),
        super::lost_sql(),
        "UPDATE calls SET lease_until = $2 WHERE lease_node = $1".to_owned(),
    ] {
        let rows = query(&format!("EXPLAIN QUERY PLAN {sql}"))
            .bind(1)
            .bind(1)
            .bind(1)
            .fetch_all(&store.readers)
            .await
            .unwrap();
        for row in rows {
            let step: String = row.get("detail");
            let reads_all = step.starts_with("SCAN calls") && !step.contains("INDEX");
            assert!(!reads_all, "{step}\nin {sql}");
        }
    }
}
