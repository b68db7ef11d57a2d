//! When to try again, and when not: plain functions of the policy, the attempt and the time.

use std::time::Duration;

use domain::Time;

use crate::{FailReason, hours};

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

pub const ATTEMPTS_MAX: u32 = 10;
/// More entries than attempts are allowed and ignored, within reason.
pub const BACKOFF_ENTRIES_MAX: usize = 32;
/// Thirty days.
pub const BACKOFF_MINUTES_MAX: u32 = 30 * 24 * 60;
/// The shortest wait between two attempts: the leg that failed has to be gone at the carrier.
pub const REDIAL_GAP: Duration = Duration::from_secs(1);
/// What a policy without any backoff waits; validation lets none through.
const BACKOFF_MINUTES_FALLBACK: u32 = 15;
/// Of an unknown time zone's name, in the message that refuses it.
const ZONE_CHARS_SHOWN_MAX: usize = 64;

/// What a client can get wrong in a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("max_attempts must be 1 to {ATTEMPTS_MAX}, not {0}")]
    MaxAttempts(u32),
    #[error("backoff must list at least one delay in minutes, for example [15, 120]")]
    BackoffEmpty,
    #[error("backoff must list at most {BACKOFF_ENTRIES_MAX} delays, not {0}")]
    BackoffTooMany(usize),
    #[error("a backoff must be at most {BACKOFF_MINUTES_MAX} minutes (30 days), not {0}")]
    BackoffTooLong(u32),
    #[error("timezone {0:?} is not known: give an IANA name, for example \"America/New_York\"")]
    Timezone(String),
}

impl PolicyError {
    /// The wire name of the field at fault.
    pub const fn field(&self) -> &'static str {
        match self {
            PolicyError::MaxAttempts(_) => "max_attempts",
            PolicyError::BackoffEmpty
            | PolicyError::BackoffTooMany(_)
            | PolicyError::BackoffTooLong(_) => "backoff",
            PolicyError::Timezone(_) => "timezone",
        }
    }
}

impl RetryPolicy {
    /// What holds whenever it is asked. That `expires_at` lies ahead is the caller's to check, who
    /// knows the time.
    pub fn validate(&self) -> Result<(), PolicyError> {
        if !(1..=ATTEMPTS_MAX).contains(&self.max_attempts) {
            return Err(PolicyError::MaxAttempts(self.max_attempts));
        }
        if self.backoff_minutes.is_empty() {
            return Err(PolicyError::BackoffEmpty);
        }
        if self.backoff_minutes.len() > BACKOFF_ENTRIES_MAX {
            return Err(PolicyError::BackoffTooMany(self.backoff_minutes.len()));
        }
        for minutes in &self.backoff_minutes {
            if *minutes > BACKOFF_MINUTES_MAX {
                return Err(PolicyError::BackoffTooLong(*minutes));
            }
        }
        if !hours::is_zone(&self.timezone) {
            let shown = self.timezone.chars().take(ZONE_CHARS_SHOWN_MAX).collect();
            return Err(PolicyError::Timezone(shown));
        }
        Ok(())
    }
}

/// What becomes of a call after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Retry(Time),
    Exhausted,
    Failed,
}

/// `attempt` is the one that failed, counted from 1.
pub fn after_failure(policy: &RetryPolicy, attempt: u32, reason: FailReason, now: Time) -> Next {
    match reason {
        FailReason::InvalidNumber => return Next::Failed,
        FailReason::NoAnswer if policy.on_no_answer == OnUnanswered::Fail => return Next::Failed,
        FailReason::Busy if policy.on_busy == OnUnanswered::Fail => return Next::Failed,
        // The customer wants neither a message nor another attempt.
        FailReason::Voicemail if policy.on_voicemail == OnVoicemail::HangUp => {
            return Next::Exhausted;
        }
        _ => {}
    }
    match next_attempt(policy, attempt, now) {
        Some(at) => Next::Retry(at),
        None => Next::Exhausted,
    }
}

/// When to dial again after attempt number `attempt` failed at `now`; `None`: never.
///
/// A delay that ends outside business hours is moved to their next opening. An attempt that could
/// not begin before `expires_at` is not scheduled at all.
pub fn next_attempt(policy: &RetryPolicy, attempt: u32, now: Time) -> Option<Time> {
    if attempt >= policy.max_attempts {
        return None;
    }
    let minutes = backoff_minutes(policy, attempt);
    let mut at = now + Duration::from_secs(u64::from(minutes) * 60).max(REDIAL_GAP);
    if policy.business_hours_only {
        at = hours::next_open(at, &policy.timezone)?;
    }
    match policy.expires_at {
        Some(expires_at) if expires_at <= at => None,
        _ => Some(at),
    }
}

fn backoff_minutes(policy: &RetryPolicy, attempt: u32) -> u32 {
    let index = attempt.saturating_sub(1) as usize;
    let listed = policy.backoff_minutes.get(index).or(policy.backoff_minutes.last());
    listed.copied().unwrap_or(BACKOFF_MINUTES_FALLBACK)
}
