//! When to try again.

use domain::Time;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnUnanswered {
    #[default]
    Retry,
    Fail,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnVoicemail {
    #[default]
    LeaveMessage,
    HangUp,
    Retry,
}

/// The customer's retry policy, defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RetryPolicy {
    /// 1 to 10.
    pub max_attempts: u32,
    /// Minutes before the second, third… attempt; the last is repeated when there are more attempts.
    pub backoff_minutes: Vec<u32>,
    pub business_hours_only: bool,
    /// IANA name.
    pub timezone: String,
    pub on_no_answer: OnUnanswered,
    pub on_busy: OnUnanswered,
    pub on_voicemail: OnVoicemail,
    pub expires_at: Option<Time>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy {
            max_attempts: 3,
            backoff_minutes: vec![15, 120],
            business_hours_only: false,
            timezone: "America/New_York".into(),
            on_no_answer: OnUnanswered::Retry,
            on_busy: OnUnanswered::Retry,
            on_voicemail: OnVoicemail::LeaveMessage,
            expires_at: None,
        }
    }
}
