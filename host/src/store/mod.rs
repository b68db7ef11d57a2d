//! What must survive a crash: organizations, keys, calls, attempts, events.
//!
//! One trait, so that the rest of the host does not know which database it runs on. Organization,
//! mode and pod are part of every query a caller can reach ([`Scope`]), not of every `if`.
//!
//! What is not here: no decisions about a call's life (those are `core/call`'s) and no HTTP.

pub mod blobs;
mod record;
pub mod sqlite;

use std::time::Duration;

use async_trait::async_trait;
use domain::{AttemptId, CallId, EventId, KeyId, OrgId, Time};

pub use record::{
    ApiKey, Attempt, CallFilter, CallRecord, CallSpec, EventDraft, EventRecord, Mode, Organization,
    Outcome, Page, Persona, Pipeline, RuleCheck, Scope, Ungrounded, Withheld,
};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the row first: read it again and decide anew.
    #[error("the call was changed by somebody else (expected version {expected})")]
    Conflict { expected: i64 },
    #[error("a stored row could not be read back: {0}")]
    BadRow(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What [`Store::insert_call`] did.
pub enum Inserted {
    New,
    /// A call with that `client_id` exists in this scope; nothing was written.
    Existing(Box<CallRecord>),
}

/// One transition of one call, written whole or not at all.
pub struct Change<'a> {
    /// The record with its new `call`, `outcome` and `updated_at`; `version` is the one it was read at.
    pub record: &'a CallRecord,
    /// The attempt this transition begins or changes.
    pub attempt: Option<Attempt>,
    pub events: Vec<EventDraft>,
    /// Gives the lease back; a call that is waiting or terminal has no business with a node.
    pub release: bool,
}

#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// A row was written and read back: the store works.
    async fn ping(&self) -> Result<(), StoreError>;

    // Organizations and keys.
    /// The organization with that e-mail, or a new one with this id.
    async fn upsert_organization(&self, org: &Organization) -> Result<Organization, StoreError>;
    async fn organization(&self, id: OrgId) -> Result<Option<Organization>, StoreError>;
    async fn insert_key(&self, key: &ApiKey) -> Result<(), StoreError>;
    async fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<ApiKey>, StoreError>;
    async fn keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError>;
    async fn touch_key(&self, id: KeyId, used_at: Time) -> Result<(), StoreError>;
    /// False if there is no such active key in that organization.
    async fn revoke_key(&self, org: OrgId, id: KeyId) -> Result<bool, StoreError>;

    /// Activates a key that waits for approval; false if there is none.
    async fn approve_key(&self, id: KeyId, now: Time) -> Result<bool, StoreError>;

    // Calls.
    async fn insert_call(
        &self,
        record: &CallRecord,
        events: Vec<EventDraft>,
    ) -> Result<Inserted, StoreError>;
    async fn call(&self, scope: &Scope, id: CallId) -> Result<Option<CallRecord>, StoreError>;
    /// For the engine, which serves all organizations.
    async fn call_unscoped(&self, id: CallId) -> Result<Option<CallRecord>, StoreError>;
    /// Newest first. `page.after` is exclusive.
    async fn calls(
        &self,
        scope: &Scope,
        filter: &CallFilter,
        page: &Page,
    ) -> Result<Vec<CallRecord>, StoreError>;
    async fn attempts(&self, id: CallId) -> Result<Vec<Attempt>, StoreError>;
    /// Writes the transition if the row is still at `record.version`; the new version is returned.
    async fn apply(&self, change: Change<'_>) -> Result<i64, StoreError>;

    // Due work.
    /// Leases waiting calls whose `due_at` (or other deadline, column `wake_at`) has come, to this
    /// node, oldest first, never more live calls for an organization than `per_org_max`.
    async fn claim_due(
        &self,
        node: &str,
        now: Time,
        lease: Duration,
        limit: u32,
        per_org_max: u32,
    ) -> Result<Vec<CallRecord>, StoreError>;
    /// The earliest `wake_at` of a waiting call, for the dispatcher's timer.
    async fn next_wake(&self) -> Result<Option<Time>, StoreError>;
    /// Keeps this node's leases; returns the calls it still holds.
    async fn renew(&self, node: &str, until: Time) -> Result<Vec<CallId>, StoreError>;
    /// Takes over live calls whose lease ran out (or was never held): their node is gone.
    async fn claim_lost(
        &self,
        node: &str,
        now: Time,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<CallRecord>, StoreError>;
    /// At start: leases held under this node's own name are from a life before.
    async fn forget_leases(&self, node: &str) -> Result<u64, StoreError>;

    // Events.
    /// In order of their sequence number; `after` is exclusive.
    async fn events(
        &self,
        scope: &Scope,
        call: Option<CallId>,
        after: Option<EventId>,
        limit: u32,
    ) -> Result<Vec<EventRecord>, StoreError>;
}

/// A new attempt's id.
#[must_use]
pub fn new_attempt_id(now: Time) -> AttemptId {
    AttemptId::new(now, crate::clock::random())
}
