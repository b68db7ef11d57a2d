//! What goes into the machine and what comes out: closed lists.

use domain::Time;

use crate::{AnsweredBy, FailReason, Status};

/// Who ended a leg that had been answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The agent said goodbye.
    Agent,
    Callee,
    /// The call reached its cap.
    MaxDuration,
    /// Nobody spoke for too long.
    DeadLine,
    /// The conversation could not go on.
    Failed(FailReason),
}

/// The other side asked to be called back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FollowUp {
    /// When, if it was understood. A time in the past means now; one further off than
    /// [`FOLLOW_UP_DAYS_MAX`](crate::machine::FOLLOW_UP_DAYS_MAX) counts as not understood.
    pub at: Option<Time>,
}

/// What the report means for the lifecycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Settled {
    pub follow_up: Option<FollowUp>,
    pub do_not_call: bool,
    /// We reached somebody else: nobody is to be called back or again.
    #[serde(default)]
    pub wrong_number: bool,
    /// They want to go on by SMS or e-mail.
    #[serde(default)]
    pub channel_switched: bool,
}

impl Settled {
    /// The report asks nothing of the lifecycle.
    pub const NOTHING: Settled = Settled {
        follow_up: None,
        do_not_call: false,
        wrong_number: false,
        channel_switched: false,
    };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A node took the lease of a call that is due.
    Claimed,
    /// A due call must not be dialled before then: it is night where the callee is.
    Deferred(Time),
    /// A due retry waits until there is money again.
    Paused,
    /// A due call must not be dialled at all.
    Refused(FailReason),
    /// The callee's phone rings.
    Ringing,
    /// The leg was answered, by whatever answered.
    Answered,
    /// `core/line` said what answered.
    Classified(AnsweredBy),
    /// Agent and callee talk: the first words of ours went out.
    ConversationStarted,
    Busy,
    NoAnswer,
    /// The leg failed before it was answered.
    LegFailed(FailReason),
    /// A voicemail message was played out whole.
    MessageLeft,
    /// An answered leg is over.
    LegEnded(Ended),
    /// Recording, transcript and extraction are stored.
    Settled(Settled),
    /// The customer cancels.
    Cancel,
    /// The lease of a live call ran out: its node is gone.
    NodeLost,
    /// A deadline passed.
    Timeout(Reason),
}

/// Why the machine wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A waiting call is due.
    Due,
    /// Rang long enough.
    NoAnswer,
    /// Answered, and still nobody to talk to.
    Unclassified,
    /// The conversation reached `max_duration_minutes`, or an ending leg takes too long to end.
    MaxDuration,
    /// Nothing happened for a follow-up without a time for seven days.
    FollowUpLapsed,
    /// The retry policy's `expires_at`.
    Expired,
}

/// What the shell is to do, in order. Every `Record` comes before every act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Write this event in the transaction of the transition.
    Record(Event),
    /// Place the leg of the current attempt.
    Dial,
    /// End the leg of the current attempt, if there is one.
    HangUp,
    /// Start the voice session with a person.
    StartConversation,
    /// Play the plan's voicemail message after the beep.
    LeaveMessage,
    /// Play the plan's screening answer and wait for a person.
    AnswerScreening,
    /// Say the plan's closing line, then hang up.
    CloseConversation,
    /// The leg is over: store the recording, extract, report; then send `Settled`.
    Settle,
}

/// Events of the product documentation, as far as the lifecycle causes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Event {
    #[serde(rename = "call.queued")]
    Queued,
    #[serde(rename = "call.attempting")]
    Attempting,
    #[serde(rename = "call.connected")]
    Connected,
    #[serde(rename = "call.completed")]
    Completed,
    #[serde(rename = "call.attempt_failed")]
    AttemptFailed,
    #[serde(rename = "call.needs_follow_up")]
    NeedsFollowUp,
    #[serde(rename = "call.exhausted")]
    Exhausted,
    #[serde(rename = "call.channel_switched")]
    ChannelSwitched,
    #[serde(rename = "call.dnc_requested")]
    DncRequested,
    #[serde(rename = "call.failed")]
    Failed,
    #[serde(rename = "call.cancelled")]
    Cancelled,
}

impl Event {
    pub const fn as_str(self) -> &'static str {
        match self {
            Event::Queued => "call.queued",
            Event::Attempting => "call.attempting",
            Event::Connected => "call.connected",
            Event::Completed => "call.completed",
            Event::AttemptFailed => "call.attempt_failed",
            Event::NeedsFollowUp => "call.needs_follow_up",
            Event::Exhausted => "call.exhausted",
            Event::ChannelSwitched => "call.channel_switched",
            Event::DncRequested => "call.dnc_requested",
            Event::Failed => "call.failed",
            Event::Cancelled => "call.cancelled",
        }
    }
}

/// The transition is not in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a call that is {status} does not take {input:?}")]
pub struct Refused {
    pub status: Status,
    pub input: Input,
}
