//! The `Call` object: documented keys are always there, `null` where nothing is known yet.

use domain::Time;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::store::{CallRecord, Request, RequestKind, RuleCheck, Ungrounded, Withheld};

#[derive(Serialize, ToSchema)]
pub struct CallView {
    #[schema(example = "01JQ8X5W3N0000000000000000")]
    id: String,
    #[schema(example = "call_01JQ8X5W3N0000000000000000")]
    call_id: String,
    organization_id: String,
    #[schema(example = "+12025550100")]
    to_number: String,
    objective: String,
    context: Option<String>,
    previous_call_context: Option<String>,
    #[schema(example = "completed")]
    status: &'static str,
    /// `live` or `test`.
    #[schema(value_type = String, example = "test")]
    mode: crate::store::Mode,
    #[schema(example = 1)]
    attempt_number: u32,
    #[schema(example = 3)]
    max_attempts: u32,
    language: String,
    #[schema(example = "professional_female_en")]
    voice: String,
    #[schema(value_type = String, example = "pipeline")]
    pipeline: crate::store::Pipeline,
    #[schema(example = "platform.price_inquiry")]
    playbook_id: String,
    persona_id: Option<String>,
    pod_id: Option<String>,
    batch_id: Option<String>,
    client_id: Option<String>,
    behavior_rules: Vec<String>,
    #[schema(value_type = String, example = "leave_message")]
    on_voicemail: call::OnVoicemail,
    #[schema(value_type = String, example = "navigate")]
    on_screening: call::OnScreening,
    #[schema(example = 30)]
    max_duration_minutes: u32,
    retry_policy: RetryPolicyView,
    webhook_url: Option<String>,
    #[schema(example = "line_01JQ8X5W3N0000000000000000")]
    from_line_id: Option<String>,
    /// What the other side sees.
    #[schema(example = "+14155550142")]
    from_number: Option<String>,
    /// Groups the calls between this line and this number.
    #[schema(example = "conv_01JQ8X5W3N0000000000000000")]
    conversation_id: Option<String>,
    /// As asked for.
    schedule_at: Option<String>,
    /// When a waiting call will be dialled.
    scheduled_for: Option<String>,
    /// `human`, `voicemail`, `screener` or `unknown`.
    #[schema(value_type = Option<String>, example = "human")]
    answered_by: Option<call::AnsweredBy>,
    /// Why the last attempt, or the call, did not succeed.
    #[schema(value_type = Option<String>)]
    reason: Option<call::FailReason>,
    success: Option<bool>,
    #[schema(value_type = Option<Object>, example = json!({"quoted_price": 54, "currency": "USD"}))]
    structured_data: Option<Value>,
    summary: Option<String>,
    #[schema(example = 84)]
    duration_seconds: Option<u64>,
    #[schema(example = 0.0)]
    cost: Option<f64>,
    cost_breakdown: Option<CostBreakdown>,
    recording_url: Option<String>,
    transcript_url: Option<String>,
    /// Null before somebody answered. Lists leave it out unless they are asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<TranscriptTurn>>)]
    transcript: Option<Option<Vec<TranscriptTurn>>>,
    /// How each behaviour rule is enforced: known when the call is created, counted when it is over.
    rule_checks: Vec<RuleCheckView>,
    /// Clauses that the agent wanted to say and was not allowed to.
    withheld: Vec<WithheldView>,
    /// Drafted values that nobody said, left out of the data.
    ungrounded: Vec<UngroundedView>,
    /// What the playbook noticed: corrected values, rules that were not kept.
    #[schema(example = json!(["quoted_price: 58 was corrected to 54 in the call"]))]
    notes: Vec<String>,
    /// What the other side asked for, with the words that showed it.
    requests: Vec<RequestView>,
    /// The other side was told that the call is recorded.
    recording_disclosed: bool,
    /// On what the right to call rests.
    consent: Option<String>,
    /// A retry that waits until minutes are left again.
    paused: bool,
    #[schema(example = "2026-03-26T10:00:00Z")]
    created_at: String,
    #[schema(example = "2026-03-26T10:00:00Z")]
    updated_at: String,
}

#[derive(Serialize, ToSchema)]
struct RetryPolicyView {
    #[schema(example = 3)]
    max_attempts: u32,
    /// Minutes before the second, third… attempt.
    #[schema(example = json!([15, 120]))]
    backoff: Vec<u32>,
    business_hours_only: bool,
    #[schema(example = "America/New_York")]
    timezone: String,
    #[schema(value_type = String, example = "retry")]
    on_no_answer: call::OnUnanswered,
    #[schema(value_type = String, example = "retry")]
    on_busy: call::OnUnanswered,
    #[schema(value_type = String, example = "leave_message")]
    on_voicemail: call::OnVoicemail,
    expires_at: Option<String>,
}

/// Dollars, at most four decimals.
#[derive(Serialize, ToSchema)]
struct CostBreakdown {
    telephony: f64,
    servers: f64,
    llm: f64,
}

#[derive(Serialize, ToSchema)]
struct TranscriptTurn {
    /// `agent` or `human`.
    #[schema(value_type = String, example = "human")]
    speaker: domain::Speaker,
    text: String,
    /// Milliseconds since the call was answered.
    started_ms: u64,
    ended_ms: u64,
    interrupted: bool,
}

#[derive(Serialize, ToSchema)]
struct RuleCheckView {
    rule: String,
    /// `deterministic`, `model` or `prompt`.
    enforcement: String,
    /// How the rule was understood.
    #[schema(example = "price ceiling: 60 USD per unit")]
    reading: String,
    clauses_checked: u64,
    clauses_withheld: u64,
    /// The clauses it touched: at most 200 of a call are kept.
    clauses: Vec<TouchedView>,
}

/// A clause that a rule kept from being spoken.
#[derive(Serialize, ToSchema)]
struct TouchedView {
    #[schema(example = "Yes, seventy-two dollars works for us.")]
    text: String,
    #[schema(example = "withhold")]
    verdict: &'static str,
    #[schema(example = "72 is above the ceiling of 60")]
    reason: String,
    /// Milliseconds after the answer.
    #[schema(example = 18_400)]
    at_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct WithheldView {
    text: String,
    rule: Option<String>,
    reason: String,
    at_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct RequestView {
    /// `do_not_call`, `call_back`, `wrong_number`, `speak_to_human`, `sms` or `email`.
    #[schema(value_type = String, example = "call_back")]
    kind: RequestKind,
    #[schema(example = "Could you call me tomorrow after two?")]
    words: String,
    /// When to call back, if that was understood.
    at: Option<String>,
    /// Where to go on, if an address or a number was said.
    address: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct UngroundedView {
    field: String,
    #[schema(value_type = Object)]
    value: Value,
    reason: String,
}

impl CallView {
    pub(super) fn new(record: &CallRecord) -> Self {
        CallView::listed(record, true)
    }

    pub(super) fn listed(record: &CallRecord, with_transcript: bool) -> Self {
        let CallRecord { spec, call, outcome, .. } = record;
        let id = record.id.to_string();
        let cost = outcome.cost.map(|cost| cost.as_usd());
        let breakdown = outcome.cost.map(|_| CostBreakdown {
            telephony: outcome.cost_telephony.as_usd(),
            servers: outcome.cost_servers.as_usd(),
            llm: outcome.cost_llm.as_usd(),
        });
        let url =
            |key: &Option<String>, what| key.as_ref().map(|_| format!("/v1/calls/{id}/{what}"));
        let waiting_until = call.due_at.filter(|_| call.status.is_waiting());
        let was_heard = call.answered_at.is_some() || !outcome.transcript.is_empty();
        let turns = outcome.transcript.iter().map(|turn| TranscriptTurn {
            speaker: turn.speaker,
            text: turn.text.clone(),
            started_ms: turn.started_ms,
            ended_ms: turn.ended_ms,
            interrupted: turn.interrupted,
        });
        CallView {
            call_id: record.id.prefixed(),
            organization_id: record.org.to_string(),
            to_number: record.to.to_string(),
            objective: spec.objective.clone(),
            context: spec.context.clone(),
            previous_call_context: spec.previous_call_context.clone(),
            status: call.status.as_str(),
            mode: record.mode,
            attempt_number: call.attempt.max(1),
            max_attempts: call.policy.max_attempts,
            language: spec.language.clone(),
            voice: spec.voice.clone(),
            pipeline: spec.pipeline,
            playbook_id: spec.playbook_id.clone(),
            persona_id: spec.persona_id.map(|persona| persona.prefixed()),
            pod_id: record.pod.clone(),
            batch_id: spec.batch_id.map(|batch| batch.prefixed()),
            client_id: record.client_id.clone(),
            behavior_rules: spec.behavior_rules.clone(),
            on_voicemail: call.policy.on_voicemail,
            on_screening: call.on_screening,
            max_duration_minutes: call.max_duration_minutes,
            retry_policy: retry_policy(&call.policy),
            webhook_url: spec.webhook_url.clone(),
            from_line_id: spec.from_line_id.map(|line| line.prefixed()),
            from_number: spec.from_number.as_ref().map(ToString::to_string),
            conversation_id: spec.conversation_id.map(|one| one.prefixed()),
            schedule_at: spec.schedule_at.map(iso),
            scheduled_for: waiting_until.map(iso),
            answered_by: call.answered_by,
            reason: call.reason,
            success: outcome.success,
            structured_data: outcome.structured_data.clone(),
            summary: outcome.summary.clone(),
            duration_seconds: outcome.duration_seconds,
            cost,
            cost_breakdown: breakdown,
            recording_url: url(&outcome.recording_key, "recording"),
            transcript_url: url(&outcome.transcript_key, "transcript"),
            transcript: with_transcript.then(|| was_heard.then(|| turns.collect())),
            rule_checks: outcome
                .rule_checks
                .iter()
                .map(|check| rule_check(check, &outcome.withheld))
                .collect(),
            withheld: outcome.withheld.iter().map(withheld).collect(),
            ungrounded: outcome.ungrounded.iter().map(ungrounded).collect(),
            notes: outcome.notes.clone(),
            requests: outcome.requests.iter().map(request).collect(),
            recording_disclosed: outcome.recording_disclosed,
            consent: spec.consent.clone(),
            paused: call.paused,
            created_at: iso(call.created_at),
            updated_at: iso(record.updated_at),
            id,
        }
    }
}

fn retry_policy(policy: &call::RetryPolicy) -> RetryPolicyView {
    RetryPolicyView {
        max_attempts: policy.max_attempts,
        backoff: policy.backoff_minutes.clone(),
        business_hours_only: policy.business_hours_only,
        timezone: policy.timezone.clone(),
        on_no_answer: policy.on_no_answer,
        on_busy: policy.on_busy,
        on_voicemail: policy.on_voicemail,
        expires_at: policy.expires_at.map(iso),
    }
}

fn rule_check(check: &RuleCheck, withheld: &[Withheld]) -> RuleCheckView {
    let touched = withheld.iter().filter(|one| one.rule.as_ref() == Some(&check.rule));
    RuleCheckView {
        clauses: touched.map(touched_by).collect(),
        rule: check.rule.clone(),
        enforcement: check.enforcement.clone(),
        reading: check.reading.clone(),
        clauses_checked: check.clauses_checked,
        clauses_withheld: check.clauses_withheld,
    }
}

fn touched_by(clause: &Withheld) -> TouchedView {
    TouchedView {
        text: clause.text.clone(),
        verdict: "withhold",
        reason: clause.reason.clone(),
        at_ms: clause.at_ms,
    }
}

fn withheld(clause: &Withheld) -> WithheldView {
    WithheldView {
        text: clause.text.clone(),
        rule: clause.rule.clone(),
        reason: clause.reason.clone(),
        at_ms: clause.at_ms,
    }
}

fn ungrounded(value: &Ungrounded) -> UngroundedView {
    UngroundedView {
        field: value.field.clone(),
        value: value.value.clone(),
        reason: value.reason.clone(),
    }
}

fn request(request: &Request) -> RequestView {
    RequestView {
        kind: request.kind,
        words: request.words.clone(),
        at: request.at.map(iso),
        address: request.address.clone(),
    }
}

/// UTC in whole seconds, as every time of the API.
pub(crate) fn iso(at: Time) -> String {
    let seconds = at.as_millis().div_euclid(1000);
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_in_whole_seconds() {
        assert_eq!(iso(Time::from_millis(1_774_519_200_999)), "2026-03-26T10:00:00Z");
        assert_eq!(iso(Time::from_millis(i64::MAX)), "");
    }
}
