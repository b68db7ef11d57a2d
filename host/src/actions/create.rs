//! Creating a call: every field checked, then the row and its first event in one transaction.

use call::{Machine, NewCall, OnScreening, OnUnanswered, OnVoicemail, Output, RetryPolicy};
use domain::{CallId, E164, Time};
use serde::Deserialize;
use utoipa::ToSchema;

use super::check::{CONSENT_CHARS_MAX, CONTEXT_CHARS_MAX, Check, OBJECTIVE_CHARS_MAX};
use super::playbooks::Wish;
use super::voices::Gender;
use super::{ActionError, Caller, Server};
use crate::engine::guest;
use crate::engine::session::rule_checks;
use crate::events::{Live, payload};
use crate::store::{
    CallRecord, CallSpec, EventDraft, Inserted, Mode, Organization, Outcome, Pipeline, Scope,
    conversation_id,
};

/// The body of `POST /v1/calls`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCall {
    /// Destination in E.164 format.
    #[schema(example = "+12025550100")]
    pub to: String,
    /// What the agent should accomplish, at most 2000 characters.
    #[schema(example = "Get bulk pricing for 500 steel beams", max_length = 2000)]
    pub objective: String,
    /// Background for the agent, at most 4000 characters.
    #[schema(example = "We are Acme Corp. Budget is $50-60 per unit.", max_length = 4000)]
    pub context: Option<String>,
    /// The playbook to use, one of `GET /v1/playbooks`; chosen from the objective if left out.
    #[schema(example = "platform.price_inquiry")]
    pub playbook_id: Option<String>,
    pub persona_id: Option<String>,
    /// One of `GET /v1/voices`.
    #[schema(example = "professional_male_en")]
    pub voice: Option<String>,
    /// Used where no voice is named.
    pub voice_gender: Option<Gender>,
    /// ISO code or `auto`.
    #[schema(example = "en", default = "en")]
    pub language: Option<String>,
    /// Hard constraints, at most 20 of at most 500 characters.
    #[schema(example = json!(["Never agree to price above $60/unit"]), max_items = 20)]
    pub behavior_rules: Option<Vec<String>>,
    #[schema(value_type = Option<String>, example = "leave_message")]
    pub on_voicemail: Option<OnVoicemail>,
    #[schema(value_type = Option<String>, example = "navigate")]
    pub on_screening: Option<OnScreening>,
    /// Hard cap on one conversation.
    #[schema(minimum = 1, maximum = 120, default = 30)]
    pub max_duration_minutes: Option<i64>,
    /// ISO 8601 with an offset, in the future.
    #[schema(example = "2030-03-26T10:00:00-04:00")]
    pub schedule_at: Option<String>,
    pub retry_policy: Option<RetryPolicyRequest>,
    /// Events of this call are sent here.
    pub webhook_url: Option<String>,
    /// The line to call from; the best one if left out.
    pub from_line_id: Option<String>,
    /// Isolates the call to one of your tenants.
    #[schema(example = "customer_acme")]
    pub pod_id: Option<String>,
    /// Makes the request safe to repeat.
    #[schema(example = "steel-inquiry-v1", max_length = 255)]
    pub client_id: Option<String>,
    /// Summary of an earlier call that the agent may refer to.
    pub previous_call_context: Option<String>,
    #[schema(value_type = Option<String>, example = "pipeline")]
    pub pipeline: Option<Pipeline>,
    /// On what the right to call rests, for your records; needed where the organization's settings ask
    /// for it.
    #[schema(example = "Written consent of 2026-03-02", max_length = 500)]
    pub consent: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryPolicyRequest {
    #[schema(minimum = 1, maximum = 10, default = 3)]
    pub max_attempts: Option<u32>,
    /// Minutes before the second, third… attempt; 0: a second, so that the carrier has let go of the
    /// one before.
    #[schema(example = json!([15, 120]))]
    pub backoff: Option<Vec<u32>>,
    pub business_hours_only: Option<bool>,
    #[schema(example = "America/New_York")]
    pub timezone: Option<String>,
    #[schema(value_type = Option<String>, example = "retry")]
    pub on_no_answer: Option<OnUnanswered>,
    #[schema(value_type = Option<String>, example = "retry")]
    pub on_busy: Option<OnUnanswered>,
    #[schema(value_type = Option<String>, example = "leave_message")]
    pub on_voicemail: Option<OnVoicemail>,
    /// ISO 8601 with an offset.
    pub expires_at: Option<String>,
}

pub enum Created {
    New(Box<CallRecord>),
    /// A call with that `client_id` exists already.
    Existing(Box<CallRecord>),
}

/// What was asked for, after every check.
pub(super) struct Wanted {
    to: E164,
    pub(super) spec: CallSpec,
    policy: RetryPolicy,
    max_duration_minutes: u32,
}

impl Server {
    pub async fn create_call(
        &self,
        caller: &Caller,
        request: CreateCall,
        now: Time,
    ) -> Result<Created, ActionError> {
        let mut check = Check::default();
        let client_id = request.client_id.clone();
        check.client_id(client_id.as_deref());
        let pod = check.pod(request.pod_id.as_deref(), caller.pod.as_deref());
        let scope = Scope { pod, ..caller.scope() };
        // Before anything that may have changed since the first time, such as "in the future": to
        // repeat a request is safe.
        if let Some(client_id) = &client_id
            && check.is_clean()
            && let Some(existing) = self.store.call_by_client_id(&scope, client_id).await?
        {
            return Ok(Created::Existing(Box::new(existing)));
        }
        let org = self.check_account(caller, now).await?;
        let wanted = self.check(check, caller, &org, request, now).await?;
        let (mut record, events) = queued(scope, client_id, wanted, now);
        self.read_rules(vec![&mut record]).await?;
        let published = events.clone();
        if let Inserted::Existing(existing) = self.store.insert_call(&record, events).await? {
            return Ok(Created::Existing(existing));
        }
        for event in published {
            self.hub.publish(Live::of(&record, event.payload));
        }
        self.live.wake.notify_one();
        Ok(Created::New(Box::new(record)))
    }

    pub(super) async fn check(
        &self,
        mut check: Check,
        caller: &Caller,
        org: &Organization,
        request: CreateCall,
        now: Time,
    ) -> Result<Wanted, ActionError> {
        let to = check.number("to", &request.to);
        check.text("objective", &request.objective, OBJECTIVE_CHARS_MAX);
        check.maybe_text("context", request.context.as_deref(), CONTEXT_CHARS_MAX);
        let previous = request.previous_call_context.as_deref();
        check.maybe_text("previous_call_context", previous, CONTEXT_CHARS_MAX);
        let webhook_url = request.webhook_url.as_deref();
        check.webhook("webhook_url", webhook_url, &self.config.webhooks);
        check.maybe_text("consent", request.consent.as_deref(), CONSENT_CHARS_MAX);
        if org.settings.require_consent && request.consent.is_none() {
            let message =
                "is required: this organization's settings ask on what consent a call rests";
            check.wrong("consent", message);
        }
        let pod = request.pod_id.or_else(|| caller.pod.clone());
        let persona_id = request.persona_id.as_deref();
        let persona = self.persona_of(&mut check, caller, pod.as_deref(), persona_id).await?;
        let persona_id = persona.as_ref().map(|persona| persona.id);
        let traits = persona.map(|persona| persona.traits).unwrap_or_default();
        let language = check.language(request.language.as_deref().or(traits.language.as_deref()));
        let mut rules = request.behavior_rules.unwrap_or_default();
        check.rules("behavior_rules", &rules);
        rules.extend(traits.rules);
        // A gender that the call asks for goes before the voice of its persona.
        let voice = match request.voice_gender {
            Some(_) => request.voice.as_deref(),
            None => request.voice.as_deref().or(traits.voice.as_deref()),
        };
        let voice = check.voice(voice, request.voice_gender.unwrap_or_default());
        let max_duration_minutes = check.minutes(request.max_duration_minutes);
        let schedule_at = check.future("schedule_at", request.schedule_at.as_deref(), now);
        let policy = check.policy(request.retry_policy, request.on_voicemail, now);
        if policy.expires_at.is_some_and(|expires| schedule_at.is_some_and(|at| expires <= at)) {
            check.wrong("retry_policy.expires_at", "must be after `schedule_at`");
        }
        let line_id = request.from_line_id.as_deref();
        let line = self.line_of(&mut check, caller, pod.as_deref(), line_id, to.as_ref()).await?;
        let playbook_id = request.playbook_id.as_deref();
        let wanted = Wish { id: playbook_id, objective: &request.objective, language: &language };
        let playbook = self.playbook_of(&mut check, caller, pod.as_deref(), &wanted).await?;
        if let Some(to) = &to {
            self.check_reach(&mut check, caller, to);
        }
        check.done()?;
        let (Some(to), Some(playbook)) = (to, playbook) else {
            return Err(anyhow::anyhow!("a mistake in a request was not noted").into());
        };
        rules.extend(playbook.rules);
        let scope = Scope { pod, ..caller.scope() };
        self.check_law(&scope, &to).await?;
        let pipeline = self.pipeline(caller.mode, org, request.pipeline)?;
        let line_id = line.as_ref().map(|line| line.id);
        let spec = CallSpec {
            objective: request.objective,
            context: request.context,
            previous_call_context: request.previous_call_context,
            playbook_id: playbook.id,
            playbook_digest: playbook.digest,
            persona_id,
            persona: traits.identity,
            voice: voice.to_owned(),
            language,
            behavior_rules: rules,
            on_screening: request.on_screening.unwrap_or_default(),
            schedule_at,
            webhook_url: request.webhook_url,
            from_line_id: line_id,
            from_number: line.map(|line| line.number),
            conversation_id: Some(conversation_id(&scope, line_id, &to)),
            batch_id: None,
            pipeline,
            consent: request.consent,
        };
        Ok(Wanted { to, spec, policy, max_duration_minutes })
    }

    /// How the rules of new calls will be enforced, as their playbooks plan it.
    pub(super) async fn read_rules(
        &self,
        records: Vec<&mut CallRecord>,
    ) -> Result<(), ActionError> {
        let (mut ruled, mut guests) = (Vec::new(), Vec::new());
        for record in records {
            if !record.spec.behavior_rules.is_empty() {
                guests.push(guest::of(record, &self.store, &self.plugins).await?);
                ruled.push(record);
            }
        }
        if ruled.is_empty() {
            return Ok(());
        }
        let plan = move || guests.into_iter().map(|mut guest| guest.plan()).collect::<Vec<_>>();
        let plans = tokio::task::spawn_blocking(plan).await;
        let plans = plans.map_err(|error| ActionError::Internal(error.into()))?;
        let judged = self.config.pipelines.judge.is_some();
        for (record, plan) in ruled.into_iter().zip(plans) {
            record.outcome.rule_checks = rule_checks(&record.spec.behavior_rules, &plan, judged);
        }
        Ok(())
    }

    fn check_reach(&self, check: &mut Check, caller: &Caller, to: &E164) {
        let in_sandbox = self.sandbox_numbers.iter().any(|known| known.number == *to);
        if caller.mode == Mode::Test && !in_sandbox {
            check.wrong("to", "a test key calls only sandbox numbers: see GET /v1/sandbox/numbers");
        }
    }

    /// What will be checked again before every dial is said at once where it is clear already.
    async fn check_law(&self, scope: &Scope, to: &E164) -> Result<(), ActionError> {
        if let Some(entry) = self.store.listed(scope, to).await? {
            let since = jiff::Timestamp::from_millisecond(entry.created_at.as_millis());
            let since = since.map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default();
            let detail = format!(
                "this number has been on the do-not-call list since {since}: it is not called \
                 (DELETE /v1/do-not-call/{{number}} takes it off, if you have the right to call)"
            );
            return Err(ActionError::Blocked { code: "do_not_call", field: "to", detail });
        }
        if scope.mode == Mode::Live && call::region::zones(to).is_empty() {
            let detail = "the time zone of this number is not known, so legal calling hours cannot \
                          be kept: it is not called";
            let (code, detail) = ("unknown_zone", detail.to_owned());
            return Err(ActionError::Blocked { code, field: "to", detail });
        }
        Ok(())
    }

    /// The AI side: the one asked for, or the first that is there.
    fn pipeline(
        &self,
        mode: Mode,
        org: &Organization,
        wanted: Option<Pipeline>,
    ) -> Result<Pipeline, ActionError> {
        // The sandbox emulates the vendors of one pipeline, which is then always there.
        if mode == Mode::Live {
            if self.config.carriers.sip.is_empty() {
                return Err(no_carrier("live calls cannot be placed"));
            }
            if self.config.pipelines.pipeline.is_none() && org.settings.openai_key.is_none() {
                let detail = "no AI vendor is configured for live calls: configure \
                              [pipelines.pipeline], or set `openai_api_key` in your settings";
                let (code, detail) = ("pipeline_not_configured", detail.to_owned());
                return Err(ActionError::Unavailable { code, detail });
            }
        }
        let configured = [Pipeline::Pipeline];
        let Some(wanted) = wanted else { return Ok(configured[0]) };
        if configured.contains(&wanted) {
            return Ok(wanted);
        }
        Err(ActionError::Unavailable {
            code: "pipeline_not_configured",
            detail: "this server has only the pipeline \"pipeline\" (STT+LLM+TTS) configured: ask \
                     for that one, or leave `pipeline` out"
                .into(),
        })
    }
}

pub(super) fn no_carrier(consequence: &str) -> ActionError {
    let detail = format!(
        "no telephone carrier is configured, so {consequence}: configure a carrier, or use a test key \
         and sandbox numbers"
    );
    ActionError::Unavailable { code: "carrier_not_configured", detail }
}

pub(super) fn queued(
    scope: Scope,
    client_id: Option<String>,
    wanted: Wanted,
    now: Time,
) -> (CallRecord, Vec<EventDraft>) {
    let new = NewCall {
        policy: wanted.policy,
        on_screening: wanted.spec.on_screening,
        max_duration_minutes: wanted.max_duration_minutes,
        schedule_at: wanted.spec.schedule_at,
    };
    let mut machine = Machine::create(now, new);
    let record = CallRecord {
        id: CallId::new(now, crate::clock::random()),
        org: scope.org,
        mode: scope.mode,
        pod: scope.pod,
        client_id,
        to: wanted.to,
        spec: wanted.spec,
        call: machine.call().clone(),
        outcome: Outcome::default(),
        wake_at: machine.deadline().map(|(at, _)| at),
        updated_at: now,
        version: 1,
    };
    let mut events = Vec::new();
    while let Some(output) = machine.poll() {
        if let Output::Record(event) = output {
            events.push(payload::call_event(event, &record));
        }
    }
    (record, events)
}
