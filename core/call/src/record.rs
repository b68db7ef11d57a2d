//! What is kept of a call between two inputs: one row of the store, and nothing else.

use domain::Time;

use crate::{OnScreening, RetryPolicy, Status};

/// Everything the machine knows of a call: one row of the store.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Call {
    pub status: Status,
    /// Attempts begun so far; 0 before the first dial.
    pub attempt: u32,
    pub policy: RetryPolicy,
    pub on_screening: OnScreening,
    /// Cap on one conversation, 1 to 120.
    pub max_duration_minutes: u32,
    pub created_at: Time,
    /// When a waiting call is to be dialled. `None` in a call that waits for nothing, and in one
    /// that needs a follow-up at no known time.
    pub due_at: Option<Time>,
    /// When the current attempt began.
    #[serde(default)]
    pub dialed_at: Option<Time>,
    /// When the leg of the current attempt was answered, by whatever answered.
    pub answered_at: Option<Time>,
    /// When the machine asked for that leg to end: the cap is reached, or the message is left.
    #[serde(default)]
    pub closing_at: Option<Time>,
    /// When that leg ended; from then on results are being settled.
    pub ended_at: Option<Time>,
    pub answered_by: Option<AnsweredBy>,
    /// A retry that waits for money.
    #[serde(default)]
    pub paused: bool,
    /// Why the last attempt, or the call, did not succeed. In a live call: what the attempt fails
    /// by unless something better happens (a voicemail until the message is left, a conversation
    /// that broke off).
    pub reason: Option<FailReason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    Human,
    Voicemail,
    Screener,
    Unknown,
}

/// Why an attempt or a call did not succeed. The wire words are part of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailReason {
    NoAnswer,
    Busy,
    /// A voicemail answered and the policy leaves no message.
    Voicemail,
    /// A screening assistant answered and the call may not navigate it, or did not get past it.
    Screened,
    /// The other side declined.
    Rejected,
    /// The number does not exist or cannot be reached.
    InvalidNumber,
    /// The carrier failed for a reason that may pass.
    CarrierError,
    /// The AI side could not hold the conversation.
    ModelError,
    /// The server that held the call stopped.
    NodeLost,
    /// The retry policy's `expires_at` passed.
    Expired,
    /// The number is on the do-not-call list.
    DoNotCall,
    /// The organization dials only with consent, and the call names none.
    NoConsent,
    /// Nobody knows what time it is where the number is called.
    UnknownZone,
    /// The month's minutes are used up.
    InsufficientBalance,
}

/// What a client fixes when it creates a call.
#[derive(Clone, Debug)]
pub struct NewCall {
    pub policy: RetryPolicy,
    pub on_screening: OnScreening,
    pub max_duration_minutes: u32,
    pub schedule_at: Option<Time>,
}
