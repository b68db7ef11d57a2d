//! Calls that come at the same time are written together.
//!
//! A file has one writer, and each commit waits until it is on the disk: whoever comes while one is
//! under way waits, and then all who wait share the next. A PostgreSQL does as much by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::SqlStore;
use super::calls::{insert_calls, know_dialer};
use super::events::insert_events;
use super::rows::word;
use crate::store::db::Db;
use crate::store::{CallRecord, EventDraft, Inserted, StoreError};

/// Calls of one commit; the rest waits for the next.
const TOGETHER_MAX: usize = 64;

type New = (CallRecord, Vec<EventDraft>);

#[derive(Default)]
pub(super) struct Together {
    waiting: Mutex<Vec<Waiting>>,
    /// Held by who writes.
    writing: Arc<tokio::sync::Mutex<()>>,
}

struct Waiting {
    new: New,
    done: oneshot::Sender<Result<Inserted, StoreError>>,
}

impl Together {
    /// Some of those who still wait for it.
    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|one| !one.done.is_closed());
        let count = waiting.len().min(TOGETHER_MAX);
        waiting.drain(..count).collect()
    }
}

impl SqlStore {
    pub(super) async fn insert_with_others(
        &self,
        record: CallRecord,
        events: Vec<EventDraft>,
    ) -> Result<Inserted, StoreError> {
        let new = (record, events);
        if self.db.is_postgres() {
            return only(insert(&self.db, &[&new]).await?);
        }
        let (done, mut answer) = oneshot::channel();
        let waiting = Waiting { new, done };
        self.together.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(waiting);
        loop {
            let writing = self.together.writing.clone().lock_owned().await;
            match answer.try_recv() {
                Ok(written) => return written,
                Err(oneshot::error::TryRecvError::Empty) => {}
                // Who wrote it is gone in the middle of it: what came of it is not known.
                Err(oneshot::error::TryRecvError::Closed) => return Err(StoreError::Interrupted),
            }
            let group = self.together.take();
            let db = self.db.clone();
            // On a task of its own: others depend on it, whoever gives up waiting.
            let written = tokio::spawn(async move {
                write(&db, group).await;
                drop(writing);
            });
            let _ = written.await;
        }
    }
}

async fn write(db: &Db, group: Vec<Waiting>) {
    let (calls, waiting): (Vec<New>, Vec<_>) =
        group.into_iter().map(|one| (one.new, one.done)).unzip();
    let all: Vec<&New> = calls.iter().collect();
    let written = match insert(db, &all).await {
        Ok(written) => written.into_iter().map(Ok).collect(),
        Err(error) if all.len() == 1 => vec![Err(error)],
        // Nobody fails for another's sake.
        Err(_) => {
            let mut each = Vec::with_capacity(all.len());
            for new in all {
                each.push(match insert(db, &[new]).await {
                    Ok(written) => only(written),
                    Err(error) => Err(error),
                });
            }
            each
        }
    };
    for (done, written) in waiting.into_iter().zip(written) {
        // Who does not wait any more needs no answer.
        let _ = done.send(written);
    }
}

fn only(written: Vec<Inserted>) -> Result<Inserted, StoreError> {
    written.into_iter().next().ok_or_else(|| StoreError::BadRow("calls".into()))
}

async fn insert(db: &Db, calls: &[&New]) -> Result<Vec<Inserted>, StoreError> {
    let mut tx = db.begin().await?;
    let mut dialers = BTreeSet::new();
    for (record, _) in calls {
        if dialers.insert((record.org, word(&record.mode))) {
            know_dialer(&mut tx, record).await?;
        }
    }
    let records: Vec<&CallRecord> = calls.iter().map(|(record, _)| record).collect();
    let existing = insert_calls(&mut tx, &records).await?;
    let mut written = Vec::with_capacity(calls.len());
    let mut scopes = BTreeMap::new();
    for ((record, events), existing) in calls.iter().zip(existing) {
        written.push(match existing {
            Some(existing) => Inserted::Existing(Box::new(existing)),
            None => {
                let key = (record.org, word(&record.mode), record.pod.clone());
                let (_, _, caused) = scopes
                    .entry(key)
                    .or_insert_with(|| (record.scope(), record.updated_at, Vec::new()));
                caused.extend(events.iter().cloned());
                Inserted::New
            }
        });
    }
    for (scope, now, events) in scopes.values() {
        insert_events(&mut tx, scope, events, *now).await?;
    }
    tx.commit().await?;
    Ok(written)
}
