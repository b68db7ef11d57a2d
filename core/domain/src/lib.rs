//! The nouns every other room shares: ids, telephone numbers, time, money, personal data.
//!
//! Data only. Nothing here reads a clock, draws a random number or knows a database.

mod id;
mod money;
mod phone;
mod pii;
mod time;

pub use id::{
    AttemptId, BatchId, CallId, ConversationId, DeliveryId, EventId, KeyId, LineId, OrgId,
    ParseIdError, PersonaId, PlaybookId, RequestId, WebhookId,
};
pub use money::MicroUsd;
pub use phone::{E164, ParseE164Error};
pub use pii::Pii;
pub use time::Time;

/// Who said something. The wire word for the callee is `human`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    Agent,
    #[serde(rename = "human")]
    Callee,
}

/// One turn of the conversation as it was heard, not as it was generated.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Turn {
    pub speaker: Speaker,
    pub text: String,
    /// Milliseconds since the leg was answered.
    pub started_ms: u64,
    pub ended_ms: u64,
    /// The turn was cut off by the other side; `text` holds what was heard of it.
    #[serde(default)]
    pub interrupted: bool,
}
