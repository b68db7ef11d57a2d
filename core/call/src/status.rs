//! The fourteen states of the product documentation.

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Created, waiting to be placed.
    Queued,
    /// Set for a future time.
    Scheduled,
    /// The phone is ringing, or was answered by something not yet told apart.
    Dialing,
    /// A human answered.
    Connected,
    /// Active conversation, or its results are being settled.
    InProgress,
    Completed,
    /// The other side asked to be called back.
    NeedsFollowUp,
    /// A voicemail answered; resolves at once.
    Voicemail,
    /// Rang, nobody answered; resolves at once.
    NoAnswer,
    /// Line occupied; resolves at once.
    Busy,
    RetryScheduled,
    Exhausted,
    Failed,
    Cancelled,
}

impl Status {
    pub const ALL: [Status; 14] = [
        Status::Queued,
        Status::Scheduled,
        Status::Dialing,
        Status::Connected,
        Status::InProgress,
        Status::Completed,
        Status::NeedsFollowUp,
        Status::Voicemail,
        Status::NoAnswer,
        Status::Busy,
        Status::RetryScheduled,
        Status::Exhausted,
        Status::Failed,
        Status::Cancelled,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Queued => "queued",
            Status::Scheduled => "scheduled",
            Status::Dialing => "dialing",
            Status::Connected => "connected",
            Status::InProgress => "in_progress",
            Status::Completed => "completed",
            Status::NeedsFollowUp => "needs_follow_up",
            Status::Voicemail => "voicemail",
            Status::NoAnswer => "no_answer",
            Status::Busy => "busy",
            Status::RetryScheduled => "retry_scheduled",
            Status::Exhausted => "exhausted",
            Status::Failed => "failed",
            Status::Cancelled => "cancelled",
        }
    }

    pub const fn is_terminal(self) -> bool {
        matches!(self, Status::Completed | Status::Exhausted | Status::Failed | Status::Cancelled)
    }

    /// A leg may exist: the call belongs to the node that holds its lease.
    pub const fn is_live(self) -> bool {
        matches!(self, Status::Dialing | Status::Connected | Status::InProgress | Status::Voicemail)
    }

    /// Waiting for its due time.
    pub const fn is_waiting(self) -> bool {
        matches!(
            self,
            Status::Queued | Status::Scheduled | Status::RetryScheduled | Status::NeedsFollowUp
        )
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Status {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Status::ALL.into_iter().find(|status| status.as_str() == text).ok_or(())
    }
}
