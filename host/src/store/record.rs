//! Rows as domain values.

use call::{AnsweredBy, Call, FailReason, OnScreening, Status};
use domain::{
    AttemptId, BatchId, CallId, ConversationId, DeliveryId, E164, EventId, KeyId, LineId, MicroUsd,
    OrgId, PersonaId, PlaybookId, Time, Turn, WebhookId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Test and live mode are worlds apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Live,
    Test,
}

/// What a caller may see: part of every query it can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub org: OrgId,
    pub mode: Mode,
    /// `Some` restricts to one pod; `None` sees all pods of the organization.
    pub pod: Option<String>,
}

impl Scope {
    /// This scope may see what belongs to `other`.
    #[must_use]
    pub fn covers(&self, other: &Scope) -> bool {
        let same_pod = self.pod.is_none() || self.pod == other.pod;
        self.org == other.org && self.mode == other.mode && same_pod
    }
}

#[derive(Clone, Debug)]
pub struct Organization {
    pub id: OrgId,
    pub name: String,
    pub email: String,
    pub plan: String,
    pub settings: OrgSettings,
    /// Signs what goes to a call's own webhook URL.
    pub signing_secret: String,
    /// `cus_…`
    pub stripe_customer: Option<String>,
    /// `sub_…`, on which the plan rests.
    pub stripe_subscription: Option<String>,
    pub created_at: Time,
}

/// What an organization decided for all of its calls. Kept as one JSON document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrgSettings {
    /// Keep no audio of any call.
    pub record_nothing: bool,
    pub recording_disclosure: Disclosure,
    /// Dial only calls that say on what consent they rest.
    pub require_consent: bool,
    /// Keys of the organization's own accounts with AI vendors, sealed by the vault.
    pub openai_key: Option<String>,
    pub gemini_key: Option<String>,
}

/// When the other side is told that the call is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// Where the law of the number's region asks for it, or may.
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Debug)]
pub struct ApiKey {
    pub id: KeyId,
    pub org: OrgId,
    /// `Some` in a key that sees one pod only.
    pub pod: Option<String>,
    pub name: Option<String>,
    pub mode: Mode,
    /// SHA-256 of the whole key.
    pub hash: [u8; 32],
    pub last_four: String,
    /// Changes nothing.
    pub read_only: bool,
    /// A key for an organization that existed already waits for approval.
    pub active: bool,
    pub pending_until: Option<Time>,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pipeline {
    #[default]
    Gemini,
    Pipeline,
    Realtime,
}

/// The identity resolved when the call was created.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    pub caller_name: Option<String>,
    pub company: Option<String>,
    pub role: Option<String>,
    pub tone: Option<String>,
}

/// A caller identity that calls refer to.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPersona {
    pub id: PersonaId,
    pub org: OrgId,
    pub mode: Mode,
    pub pod: Option<String>,
    pub client_id: Option<String>,
    pub name: String,
    pub traits: Traits,
    pub created_at: Time,
    pub updated_at: Time,
}

/// What a persona brings to a call. Kept as one JSON document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Traits {
    pub identity: Persona,
    pub voice: Option<String>,
    pub language: Option<String>,
    pub rules: Vec<String>,
}

/// A custom playbook, with its newest version.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredPlaybook {
    pub id: PlaybookId,
    pub org: OrgId,
    pub mode: Mode,
    pub pod: Option<String>,
    pub client_id: Option<String>,
    pub version: PlaybookVersion,
    pub created_at: Time,
}

/// One state of a custom playbook. Never changed: a change makes the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaybookVersion {
    /// From 1.
    pub number: u32,
    /// SHA-256 of the component file.
    pub digest: String,
    /// SHA-256 of the file without its settings.
    pub code: String,
    /// As they stand in the file.
    pub settings: Option<String>,
    pub about: PlaybookAbout,
    pub made_at: Time,
}

/// What lists show of a playbook without opening it. Kept as one JSON document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaybookAbout {
    /// `namespace.name`.
    pub id: String,
    pub name: String,
    pub version: String,
    pub summary: String,
    pub languages: Vec<String>,
    /// What it was forked from.
    pub base: Option<String>,
}

/// The file of a playbook is its code with its settings.
pub struct PlaybookFile {
    pub code: Vec<u8>,
    pub settings: Option<String>,
}

/// A number to call from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: LineId,
    pub org: OrgId,
    pub mode: Mode,
    /// `None`: all pods of the organization may call from it.
    pub pod: Option<String>,
    pub number: E164,
    /// ISO 3166-1, two letters.
    pub country: String,
    pub created_at: Time,
}

/// The calls between one line and one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    pub id: ConversationId,
    pub org: OrgId,
    pub mode: Mode,
    pub pod: Option<String>,
    pub line: Option<LineId>,
    pub number: E164,
    pub calls: u64,
    pub created_at: Time,
    pub last_call_at: Time,
}

/// The same calls always have the same conversation, which need not be looked up first.
#[must_use]
pub fn conversation_id(scope: &Scope, line: Option<LineId>, number: &E164) -> ConversationId {
    let mut hash = Sha256::new();
    let line = line.map(|line| line.to_string()).unwrap_or_default();
    let mode = format!("{:?}", scope.mode);
    let pod = scope.pod.as_deref().unwrap_or_default();
    for part in [&scope.org.to_string(), &mode, pod, &line, number.as_str()] {
        hash.update(part);
        hash.update([0]);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    let (time, rest) = (&bytes[..8], &bytes[8..24]);
    let time = i64::from_be_bytes(time.try_into().expect("eight bytes"));
    // Of a ULID's time 48 bits are kept.
    let time = Time::from_millis(time & 0xffff_ffff_ffff);
    ConversationId::new(time, u128::from_be_bytes(rest.try_into().expect("sixteen bytes")))
}

/// What the client fixed when it created the call. Kept as one JSON document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallSpec {
    pub objective: String,
    pub context: Option<String>,
    pub previous_call_context: Option<String>,
    pub playbook_id: String,
    /// Digest of the component the call began with.
    pub playbook_digest: String,
    pub persona_id: Option<PersonaId>,
    #[serde(default)]
    pub persona: Persona,
    pub voice: String,
    pub language: String,
    pub behavior_rules: Vec<String>,
    pub on_screening: OnScreening,
    /// When the client wanted the first attempt.
    #[serde(default)]
    pub schedule_at: Option<Time>,
    pub webhook_url: Option<String>,
    pub from_line_id: Option<LineId>,
    /// The line's number, which the other side sees.
    #[serde(default)]
    pub from_number: Option<E164>,
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
    pub batch_id: Option<BatchId>,
    pub pipeline: Pipeline,
    /// On what the right to call rests, in the client's words.
    #[serde(default)]
    pub consent: Option<String>,
}

/// What came of the call so far. Kept as one JSON document, apart from what is queried.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcome {
    pub success: Option<bool>,
    pub summary: Option<String>,
    pub structured_data: Option<Value>,
    pub ungrounded: Vec<Ungrounded>,
    /// What the playbook and the host noticed, for people to read.
    pub notes: Vec<String>,
    pub transcript: Vec<Turn>,
    pub rule_checks: Vec<RuleCheck>,
    pub withheld: Vec<Withheld>,
    /// Connected time of all attempts.
    pub duration_seconds: Option<u64>,
    pub cost: Option<MicroUsd>,
    pub cost_telephony: MicroUsd,
    pub cost_servers: MicroUsd,
    pub cost_llm: MicroUsd,
    pub billed_seconds: u64,
    /// What the other side asked for, with the words that showed it.
    pub requests: Vec<Request>,
    /// The other side was told that the call is recorded.
    pub recording_disclosed: bool,
    /// Keys in the blob store.
    pub recording_key: Option<String>,
    pub transcript_key: Option<String>,
}

/// Something the other side asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub kind: RequestKind,
    pub words: String,
    /// When to call back, in milliseconds since the epoch, if that was understood.
    #[serde(default)]
    pub at: Option<Time>,
    /// Where to go on.
    #[serde(default)]
    pub address: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    DoNotCall,
    CallBack,
    WrongNumber,
    SpeakToHuman,
    Sms,
    Email,
}

/// A drafted value that nobody said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ungrounded {
    pub field: String,
    pub value: Value,
    pub reason: String,
}

/// How one behaviour rule was enforced on the call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleCheck {
    pub rule: String,
    /// `deterministic`, `model` or `prompt`.
    pub enforcement: String,
    /// How the rule was understood.
    pub reading: String,
    pub clauses_checked: u64,
    pub clauses_withheld: u64,
}

/// A clause the model wanted to say and the gate did not let through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Withheld {
    pub text: String,
    pub rule: Option<String>,
    pub reason: String,
    /// Milliseconds since the leg was answered.
    pub at_ms: u64,
}

/// One call: its fixed request, its life, its results.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRecord {
    pub id: CallId,
    pub org: OrgId,
    pub mode: Mode,
    pub pod: Option<String>,
    pub client_id: Option<String>,
    pub to: E164,
    pub spec: CallSpec,
    pub call: Call,
    pub outcome: Outcome,
    /// When the call wants to be looked at next: `Machine::deadline` of a waiting call.
    pub wake_at: Option<Time>,
    pub updated_at: Time,
    /// Counts the writes to the row; see `Store::apply`.
    pub version: i64,
}

impl CallRecord {
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { org: self.org, mode: self.mode, pod: self.pod.clone() }
    }
}

/// One dial. Written before anything rings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub id: AttemptId,
    pub call: CallId,
    /// From 1; unique in its call, so that one attempt cannot be dialled twice.
    pub number: u32,
    pub node: String,
    pub started_at: Time,
    pub answered_at: Option<Time>,
    pub ended_at: Option<Time>,
    pub answered_by: Option<AnsweredBy>,
    /// Why it did not succeed.
    pub reason: Option<FailReason>,
}

/// An event as the transition causes it; the store gives it its place in the sequence, and in the same
/// transaction a delivery for every endpoint that wants it.
#[derive(Clone, Debug)]
pub struct EventDraft {
    pub id: EventId,
    pub call: Option<CallId>,
    pub batch: Option<BatchId>,
    /// A URL of the call or batch itself.
    pub url: Option<String>,
    /// `call.completed`, …
    pub event_type: String,
    /// The whole envelope as it will be delivered.
    pub payload: Value,
}

#[derive(Clone, Debug)]
pub struct EventRecord {
    pub id: EventId,
    pub org: OrgId,
    pub mode: Mode,
    pub pod: Option<String>,
    pub call: Option<CallId>,
    pub batch: Option<BatchId>,
    pub event_type: String,
    pub payload: Value,
    pub created_at: Time,
}

/// Calls created together.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRecord {
    pub id: BatchId,
    pub org: OrgId,
    pub mode: Mode,
    pub pod: Option<String>,
    /// Targets asked for.
    pub total: u32,
    /// Calls that have not ended.
    pub open: u32,
    pub webhook_url: Option<String>,
    pub created_at: Time,
    pub completed_at: Option<Time>,
}

impl BatchRecord {
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { org: self.org, mode: self.mode, pod: self.pod.clone() }
    }
}

/// What a month's calls came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub billed_seconds: u64,
    pub billed_calls: u64,
    pub cost: MicroUsd,
}

/// A number on the do-not-call list.
#[derive(Clone, Debug, PartialEq)]
pub struct DoNotCall {
    pub org: OrgId,
    pub mode: Mode,
    /// `None`: in the whole organization.
    pub pod: Option<String>,
    pub number: E164,
    /// `request` (heard on a call), `api` or `import`.
    pub source: String,
    /// The words that asked for it, or the client's note.
    pub note: Option<String>,
    pub call: Option<CallId>,
    pub created_at: Time,
}

/// An endpoint for events.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    pub id: WebhookId,
    pub org: OrgId,
    pub mode: Mode,
    /// `None`: events of all pods.
    pub pod: Option<String>,
    pub url: String,
    /// Empty: all events.
    pub event_types: Vec<String>,
    pub client_id: Option<String>,
    pub secret: String,
    /// After a rotation the old one signs on for a while.
    pub previous_secret: Option<String>,
    pub previous_until: Option<Time>,
    pub active: bool,
    /// Why it is not.
    pub disabled_reason: Option<String>,
    /// Nothing was delivered since then.
    pub failing_since: Option<Time>,
    pub created_at: Time,
}

/// One event on its way to one endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    pub id: DeliveryId,
    pub event: EventId,
    pub org: OrgId,
    pub mode: Mode,
    /// `None`: the URL of a call or batch.
    pub webhook: Option<WebhookId>,
    pub url: String,
    /// What must not delay others: the endpoint.
    pub target: String,
    pub event_type: String,
    pub payload: Value,
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    pub next_at: Option<Time>,
    pub created_at: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Pending,
    Delivered,
    /// Every attempt failed; the event stays in the store.
    Failed,
}

/// What an attempt says about its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fares {
    pub failing_since: Option<Time>,
    /// Why the endpoint is switched off, if it is.
    pub disabled: Option<&'static str>,
}

/// One attempt of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    pub number: u32,
    pub at: Time,
    pub took_ms: u64,
    /// HTTP status, if there was an answer.
    pub status: Option<u16>,
    pub error: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct CallFilter {
    pub status: Option<Status>,
    pub to: Option<E164>,
    pub playbook_id: Option<String>,
    pub batch_id: Option<BatchId>,
    pub conversation_id: Option<ConversationId>,
    pub created_after: Option<Time>,
    pub created_before: Option<Time>,
}

#[derive(Clone, Debug)]
pub struct Page {
    /// 1 to 100.
    pub limit: u32,
    pub after: Option<CallId>,
}
