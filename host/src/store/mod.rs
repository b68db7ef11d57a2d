//! What must survive a crash: organizations, keys, calls, attempts, batches, events, deliveries.
//!
//! One trait a concern, all together [`Store`], so that the rest of the host does not know which
//! database it runs on. Organization, mode and pod are part of every query a caller can reach
//! ([`Scope`]), not of every `if`.
//!
//! What is not here: no decisions about a call's life (those are `core/call`'s) and no HTTP.

pub mod blobs;
pub mod bucket;
#[cfg(test)]
mod contract;
mod db;
mod migrations;
mod record;
mod sql;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use call::rate;
use call::share::Allowance;
use domain::{
    AttemptId, BatchId, CallId, ConversationId, DeliveryId, E164, EventId, KeyId, LineId, OrgId,
    PersonaId, PlaybookId, Time, WebhookId,
};
use futures::stream::BoxStream;

pub use db::{Probe, Step};
pub use record::{
    ApiKey, Attempt, BatchRecord, CallFilter, CallRecord, CallSpec, Conversation, Delivery,
    DeliveryState, Disclosure, DoNotCall, EventDraft, EventRecord, Fares, Line, Mode, OrgSettings,
    Organization, Outcome, Page, Persona, Pipeline, PlaybookAbout, PlaybookFile, PlaybookVersion,
    Request, RequestKind, RuleCheck, Scope, StoredPersona, StoredPlaybook, Traits, Try, Ungrounded,
    Usage, Webhook, Withheld, conversation_id,
};
pub use sql::SqlStore;
pub use sqlx::Error as DatabaseError;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the row first: read it again and decide anew.
    #[error("the call was changed by somebody else (expected version {expected})")]
    Conflict { expected: i64 },
    /// Whether it was written is not known.
    #[error("a write was interrupted")]
    Interrupted,
    #[error("a stored row could not be read back: {0}")]
    BadRow(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What [`Calls::insert_call`] did.
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
    /// What this transition adds to the organization's meter.
    pub metered: Option<Metered>,
    /// A number that is not to be called any more.
    pub do_not_call: Option<DoNotCall>,
    /// How the end of the call's batch is announced, if this is the last of its calls to end.
    pub batch_completed: Option<BatchCompleted>,
}

impl<'a> Change<'a> {
    /// A transition that causes nothing but itself.
    #[must_use]
    pub fn of(record: &'a CallRecord) -> Self {
        Change {
            record,
            attempt: None,
            events: Vec::new(),
            release: true,
            metered: None,
            do_not_call: None,
            batch_completed: None,
        }
    }
}

/// The event of a batch whose calls have all ended, so many in each status.
pub type BatchCompleted = fn(&BatchRecord, &BTreeMap<String, u64>, Time) -> EventDraft;

/// A bill on its way to the meter.
pub struct Metered {
    /// `2026-11`.
    pub month: String,
    pub usage: Usage,
    /// The event that the meter's way from one reading to the next causes, if any.
    pub warning: Option<Warning>,
}

pub type Warning = Box<dyn Fn(Usage, Usage) -> Option<EventDraft> + Send + Sync>;

/// Everything the server keeps.
pub trait Store:
    Accounts
    + Limits
    + Personas
    + Playbooks
    + Repeats
    + Lines
    + Calls
    + Work
    + Guards
    + Events
    + Webhooks
    + Channel
    + Send
    + Sync
    + 'static
{
}

/// Requests, counted across all servers of one database.
#[async_trait]
pub trait Limits {
    /// Counts a request under `key`, unless the last minute holds `limit` of them already.
    async fn count_request(
        &self,
        key: &str,
        limit: u32,
        now: Time,
    ) -> Result<rate::Verdict, StoreError>;
    /// Forgets the keys that were not used since.
    async fn purge_rates(&self, before: Time) -> Result<u64, StoreError>;
}

/// Requests that are done once, however often they are sent.
#[async_trait]
pub trait Repeats {
    /// Takes the key for a request, unless one has it.
    async fn begin_once(
        &self,
        scope: &Scope,
        key: &str,
        fingerprint: &str,
        now: Time,
    ) -> Result<Repeat, StoreError>;
    /// What was answered, for the next time.
    async fn finish_once(
        &self,
        scope: &Scope,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), StoreError>;
    /// Gives the key back: nothing was done.
    async fn forget_once(&self, scope: &Scope, key: &str) -> Result<(), StoreError>;
    async fn purge_repeats(&self, before: Time, limit: u32) -> Result<u64, StoreError>;
}

/// Whether a key was used before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repeat {
    First,
    Since { at: Time, fingerprint: String, answered: Option<(u16, String)> },
}

/// Caller identities.
#[async_trait]
pub trait Personas {
    /// The one that has this `client_id` already, otherwise the new one.
    async fn insert_persona(&self, persona: &StoredPersona) -> Result<StoredPersona, StoreError>;
    async fn persona(
        &self,
        scope: &Scope,
        id: PersonaId,
    ) -> Result<Option<StoredPersona>, StoreError>;
    /// The newest first.
    async fn personas(
        &self,
        scope: &Scope,
        after: Option<PersonaId>,
        limit: u32,
    ) -> Result<Vec<StoredPersona>, StoreError>;
    /// False if there is none.
    async fn update_persona(&self, persona: &StoredPersona) -> Result<bool, StoreError>;
    async fn delete_persona(&self, scope: &Scope, id: PersonaId) -> Result<bool, StoreError>;
}

/// What came of a custom playbook that was to be kept.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaybookInserted {
    New,
    /// One with that `client_id` exists.
    Existing(Box<StoredPlaybook>),
    LimitReached {
        playbooks: u32,
    },
}

/// Custom playbooks. Every version stays for the calls that were made with it.
#[async_trait]
pub trait Playbooks {
    /// `limit`: playbooks that the organization may have in this mode.
    async fn insert_playbook(
        &self,
        playbook: &StoredPlaybook,
        code: &[u8],
        limit: Option<u32>,
    ) -> Result<PlaybookInserted, StoreError>;
    async fn playbook(
        &self,
        scope: &Scope,
        id: PlaybookId,
    ) -> Result<Option<StoredPlaybook>, StoreError>;
    /// The newest first.
    async fn playbooks(
        &self,
        scope: &Scope,
        after: Option<PlaybookId>,
        limit: u32,
    ) -> Result<Vec<StoredPlaybook>, StoreError>;
    /// `playbook` with its next version, and its code if that is new. False if it was changed or
    /// deleted by somebody else.
    async fn add_version(
        &self,
        playbook: &StoredPlaybook,
        code: Option<&[u8]>,
    ) -> Result<bool, StoreError>;
    /// The newest first.
    async fn playbook_versions(
        &self,
        id: PlaybookId,
        before: Option<u32>,
        limit: u32,
    ) -> Result<Vec<PlaybookVersion>, StoreError>;
    /// Of a deleted playbook as well: calls keep what they began with.
    async fn playbook_file(
        &self,
        id: PlaybookId,
        digest: &str,
    ) -> Result<Option<PlaybookFile>, StoreError>;
    /// False if there is none.
    async fn delete_playbook(
        &self,
        scope: &Scope,
        id: PlaybookId,
        now: Time,
    ) -> Result<bool, StoreError>;
}

/// Numbers to call from, and the conversations over them.
#[async_trait]
pub trait Lines {
    /// `limit`: lines that the organization may have in this mode.
    async fn insert_line(
        &self,
        line: &Line,
        limit: Option<u32>,
    ) -> Result<LineInserted, StoreError>;
    async fn line(&self, scope: &Scope, id: LineId) -> Result<Option<Line>, StoreError>;
    /// The newest first.
    async fn lines(
        &self,
        scope: &Scope,
        after: Option<LineId>,
        limit: u32,
    ) -> Result<Vec<Line>, StoreError>;
    /// How many lines an organization has, those of its pods included.
    async fn count_lines(&self, org: OrgId, mode: Mode) -> Result<u32, StoreError>;
    /// The line to call a country from: one of exactly this pod rather than of the organization, then
    /// one of that country, then the oldest.
    async fn best_line(
        &self,
        scope: &Scope,
        country: Option<&str>,
    ) -> Result<Option<Line>, StoreError>;
    /// False if there is none.
    async fn delete_line(&self, scope: &Scope, id: LineId) -> Result<bool, StoreError>;
    /// Calls that are not over will be made from it, or are being made.
    async fn is_line_used(&self, id: LineId) -> Result<bool, StoreError>;
    async fn conversation(
        &self,
        scope: &Scope,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError>;
    /// That of the last call first.
    async fn conversations(
        &self,
        scope: &Scope,
        filter: &ConversationFilter,
        after: Option<(Time, ConversationId)>,
        limit: u32,
    ) -> Result<Vec<Conversation>, StoreError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineInserted {
    New,
    /// Somebody has that number.
    Taken,
    /// The organization has as many lines as it may.
    LimitReached {
        lines: u32,
    },
}

#[derive(Clone, Debug, Default)]
pub struct ConversationFilter {
    pub number: Option<E164>,
    pub line: Option<LineId>,
}

/// Organizations and their keys.
#[async_trait]
pub trait Accounts {
    /// A row was written and read back: the store works.
    async fn ping(&self) -> Result<(), StoreError>;
    /// The value kept under this name; if there is none yet, this one from now on. Shared by all
    /// servers of one database.
    async fn shared_secret(&self, name: &str, fresh: &str) -> Result<String, StoreError>;
    /// The organization with that e-mail, or a new one with this id.
    async fn upsert_organization(&self, org: &Organization) -> Result<Organization, StoreError>;
    async fn organization(&self, id: OrgId) -> Result<Option<Organization>, StoreError>;
    async fn set_settings(&self, id: OrgId, settings: &OrgSettings) -> Result<(), StoreError>;
    /// The new plan holds at once, for calls that wait as well.
    async fn set_plan(&self, id: OrgId, plan: &str) -> Result<bool, StoreError>;
    /// What is known from Stripe: the plan holds at once, as with `set_plan`.
    async fn set_subscription(
        &self,
        id: OrgId,
        customer: &str,
        subscription: Option<&str>,
        plan: &str,
    ) -> Result<bool, StoreError>;
    async fn insert_key(&self, key: &ApiKey) -> Result<(), StoreError>;
    /// With the plan of its organization.
    async fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<(ApiKey, String)>, StoreError>;
    async fn keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError>;
    async fn touch_key(&self, id: KeyId, used_at: Time) -> Result<(), StoreError>;
    /// False if there is no such active key in that organization.
    async fn revoke_key(&self, org: OrgId, id: KeyId) -> Result<bool, StoreError>;
    /// Activates a key that waits for approval; false if there is none.
    async fn approve_key(&self, id: KeyId, now: Time) -> Result<bool, StoreError>;
    /// What the organization used in a month (`2026-11`).
    async fn usage(&self, org: OrgId, mode: Mode, month: &str) -> Result<Usage, StoreError>;
    /// What it used in all months.
    async fn total_usage(&self, org: OrgId, mode: Mode) -> Result<Usage, StoreError>;
    /// Keeps the caller behind a ticket until `expires_at`.
    async fn insert_ticket(
        &self,
        hash: &[u8; 32],
        scope: &Scope,
        expires_at: Time,
    ) -> Result<(), StoreError>;
    /// A ticket works once, and not after its time.
    async fn take_ticket(&self, hash: &[u8; 32], now: Time) -> Result<Option<Scope>, StoreError>;
}

#[async_trait]
pub trait Calls {
    async fn insert_call(
        &self,
        record: &CallRecord,
        events: Vec<EventDraft>,
    ) -> Result<Inserted, StoreError>;
    /// All of them or none. Calls whose `client_id` exists already are not written; the existing
    /// ones are returned in their place.
    async fn insert_batch(
        &self,
        batch: &BatchRecord,
        calls: Vec<(CallRecord, Vec<EventDraft>)>,
    ) -> Result<Vec<CallRecord>, StoreError>;
    async fn batch(&self, scope: &Scope, id: BatchId) -> Result<Option<BatchRecord>, StoreError>;
    /// How many calls of a batch are in which status.
    async fn batch_statuses(&self, id: BatchId) -> Result<BTreeMap<String, u64>, StoreError>;
    async fn call(&self, scope: &Scope, id: CallId) -> Result<Option<CallRecord>, StoreError>;
    /// The call a client created under this id, in exactly this pod (`None`: outside of all pods).
    async fn call_by_client_id(
        &self,
        scope: &Scope,
        client_id: &str,
    ) -> Result<Option<CallRecord>, StoreError>;
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
    /// Writes the transition if the row is still at `record.version`; the new version is returned,
    /// and the events that the store itself had to add.
    async fn apply(&self, change: Change<'_>) -> Result<Applied, StoreError>;
}

/// What [`Calls::apply`] wrote.
#[derive(Debug)]
pub struct Applied {
    pub version: i64,
    /// Events beyond those of the change: the batch is complete, the balance runs low.
    pub added: Vec<EventDraft>,
}

/// What each plan allows, by its name.
pub type Plans<'a> = &'a (dyn Fn(&str) -> Allowance + Send + Sync);

/// Due work, shared by lease.
#[async_trait]
pub trait Work {
    /// Leases waiting calls whose `wake_at` has come to this node: never more live calls of an
    /// organization than its plan allows, and the free places shared fairly between organizations.
    async fn claim_due(
        &self,
        node: &str,
        now: Time,
        lease: Duration,
        limit: u32,
        plans: Plans<'_>,
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
    /// Wakes calls that wait for money, of one organization or of all.
    async fn unpause(&self, org: Option<OrgId>, now: Time) -> Result<u64, StoreError>;
}

/// Numbers that are not to be called.
#[async_trait]
pub trait Guards {
    /// Entries that exist stay as they are; how many are new.
    async fn list_numbers(&self, entries: &[DoNotCall]) -> Result<u64, StoreError>;
    /// The entry that forbids this call: of its pod, or of the whole organization.
    async fn listed(
        &self,
        scope: &Scope,
        to: &domain::E164,
    ) -> Result<Option<DoNotCall>, StoreError>;
    /// In the order of the numbers; `after` is exclusive.
    async fn do_not_call(
        &self,
        scope: &Scope,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<DoNotCall>, StoreError>;
    /// False if it was not listed there.
    async fn unlist(&self, scope: &Scope, number: &domain::E164) -> Result<bool, StoreError>;
}

/// What servers of one database tell each other; nothing of it is kept.
#[async_trait]
pub trait Channel {
    /// Other servers may work on this database.
    fn is_shared(&self) -> bool;
    /// To every server that listens.
    async fn tell(&self, message: &str) -> Result<(), StoreError>;
    /// What was told from now on, until the connection breaks.
    async fn listen(&self) -> Result<BoxStream<'static, String>, StoreError>;
}

#[async_trait]
pub trait Events {
    /// In order of their sequence number; `after` is exclusive.
    async fn events(
        &self,
        scope: &Scope,
        filter: &EventFilter,
        after: Option<EventId>,
        limit: u32,
    ) -> Result<Vec<EventRecord>, StoreError>;
    async fn event(&self, scope: &Scope, id: EventId) -> Result<Option<EventRecord>, StoreError>;
    /// Writes events that no transition of a call causes.
    async fn insert_events(
        &self,
        scope: &Scope,
        events: Vec<EventDraft>,
        now: Time,
    ) -> Result<(), StoreError>;
    /// Removes what is older and was delivered or given up.
    async fn purge_events(&self, before: Time, limit: u32) -> Result<u64, StoreError>;
}

/// The one event that goes only where it is sent to.
pub const WEBHOOK_TEST: &str = "webhook.test";

#[derive(Clone, Copy, Debug, Default)]
pub struct EventFilter {
    pub call: Option<CallId>,
    pub batch: Option<BatchId>,
    pub since: Option<Time>,
}

impl EventFilter {
    #[must_use]
    pub fn of_call(call: CallId) -> Self {
        EventFilter { call: Some(call), ..EventFilter::default() }
    }
}

/// Endpoints, and what is on its way to them.
#[async_trait]
pub trait Webhooks {
    /// The existing one if its `client_id` was used before.
    async fn insert_webhook(&self, webhook: &Webhook) -> Result<Webhook, StoreError>;
    async fn webhook(&self, scope: &Scope, id: WebhookId) -> Result<Option<Webhook>, StoreError>;
    async fn webhooks(&self, scope: &Scope) -> Result<Vec<Webhook>, StoreError>;
    /// Writes everything but id and owner. False if it is gone.
    async fn update_webhook(&self, webhook: &Webhook) -> Result<bool, StoreError>;
    async fn delete_webhook(&self, scope: &Scope, id: WebhookId) -> Result<bool, StoreError>;
    /// Deliveries whose time has come, at most `per_target_max` of a target together with those the
    /// node is busy with; they come again unless settled by then.
    async fn claim_deliveries(
        &self,
        now: Time,
        until: Time,
        limit: u32,
        per_target_max: u32,
        busy: &BTreeMap<String, u32>,
    ) -> Result<Vec<Delivery>, StoreError>;
    async fn next_delivery(&self) -> Result<Option<Time>, StoreError>;
    /// What came of one attempt, when the next is (`None`: there is none), and how the endpoint
    /// fares where that changed: all of it or nothing.
    async fn settle_delivery(
        &self,
        delivery: &Delivery,
        attempt: &Try,
        state: DeliveryState,
        next_at: Option<Time>,
        endpoint: Option<Fares>,
    ) -> Result<(), StoreError>;
    /// Newest first, with the attempts of each.
    async fn deliveries(
        &self,
        scope: &Scope,
        webhook: WebhookId,
        after: Option<DeliveryId>,
        limit: u32,
    ) -> Result<Vec<(Delivery, Vec<Try>)>, StoreError>;
    /// Sends an event once more to one endpoint; false if there is no such event.
    async fn redeliver(
        &self,
        scope: &Scope,
        webhook: &Webhook,
        event: EventId,
        now: Time,
    ) -> Result<bool, StoreError>;
    /// Sends what failed since then once more; how many.
    async fn recover(
        &self,
        scope: &Scope,
        webhook: &Webhook,
        since: Time,
        now: Time,
    ) -> Result<u64, StoreError>;
}

/// A new attempt's id.
#[must_use]
pub fn new_attempt_id(now: Time) -> AttemptId {
    AttemptId::new(now, crate::clock::random())
}
