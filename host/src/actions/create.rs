//! Creating a call: every field checked, all mistakes reported at once.

use call::{Machine, NewCall, OnScreening, OnUnanswered, OnVoicemail, Output, RetryPolicy};
use domain::{CallId, E164, Time};
use serde::Deserialize;
use utoipa::ToSchema;

use super::voices::{self, Gender};
use super::{ActionError, Caller, FieldError, Server};
use crate::events::{Live, payload};
use crate::store::{CallRecord, CallSpec, Inserted, Mode, Outcome, Persona, Pipeline};

const OBJECTIVE_CHARS_MAX: usize = 2000;
const CONTEXT_CHARS_MAX: usize = 4000;
const RULES_MAX: usize = 20;
const RULE_CHARS_MAX: usize = 500;
const CLIENT_ID_CHARS_MAX: usize = 255;
const POD_CHARS_MAX: usize = 64;
const URL_CHARS_MAX: usize = 2000;
const DURATION_MINUTES: std::ops::RangeInclusive<i64> = 1..=120;
const DURATION_MINUTES_DEFAULT: i64 = 30;

/// The body of `POST /v1/calls`.
#[derive(Debug, Deserialize, ToSchema)]
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
    /// The playbook to use; chosen from the objective if left out.
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
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryPolicyRequest {
    #[schema(minimum = 1, maximum = 10, default = 3)]
    pub max_attempts: Option<u32>,
    /// Minutes before the second, third… attempt.
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

impl Server {
    pub async fn create_call(
        &self,
        caller: &Caller,
        request: CreateCall,
        now: Time,
    ) -> Result<Created, ActionError> {
        let mut record = self.checked(caller, request, now)?;
        let mut events = Vec::new();
        let mut machine = Machine::create(
            now,
            NewCall {
                policy: record.call.policy.clone(),
                on_screening: record.spec.on_screening,
                max_duration_minutes: record.call.max_duration_minutes,
                schedule_at: record.wake_at,
            },
        );
        record.call = machine.call().clone();
        record.wake_at = machine.deadline().map(|(at, _)| at);
        while let Some(output) = machine.poll() {
            if let Output::Record(event) = output {
                events.push(payload::call_event(event, &record));
            }
        }
        let published = events.clone();
        match self.store.insert_call(&record, events).await? {
            Inserted::Existing(existing) => Ok(Created::Existing(existing)),
            Inserted::New => {
                for event in published {
                    self.hub.publish(Live::of(&record, event.payload));
                }
                self.live.wake.notify_one();
                Ok(Created::New(Box::new(record)))
            }
        }
    }

    /// The request as a record that was not decided on yet: `wake_at` holds `schedule_at`.
    fn checked(
        &self,
        caller: &Caller,
        request: CreateCall,
        now: Time,
    ) -> Result<CallRecord, ActionError> {
        let mut check = Check::default();
        let to = check.number(&request.to);
        check.text("objective", &request.objective, OBJECTIVE_CHARS_MAX);
        check.maybe_text("context", request.context.as_deref(), CONTEXT_CHARS_MAX);
        let previous = request.previous_call_context.as_deref();
        check.maybe_text("previous_call_context", previous, CONTEXT_CHARS_MAX);
        check.maybe_text("client_id", request.client_id.as_deref(), CLIENT_ID_CHARS_MAX);
        check.pod(request.pod_id.as_deref());
        check.webhook(request.webhook_url.as_deref());
        let language = check.language(request.language.as_deref());
        let rules = request.behavior_rules.unwrap_or_default();
        check.rules(&rules);
        let voice = check.voice(request.voice.as_deref(), request.voice_gender.unwrap_or_default());
        let minutes = check.minutes(request.max_duration_minutes);
        let schedule_at = check.schedule(request.schedule_at.as_deref(), now);
        let policy = check.policy(request.retry_policy, request.on_voicemail, now);
        if request.persona_id.is_some() {
            check.wrong("persona_id", "there is no such persona");
        }
        if request.from_line_id.is_some() {
            check.wrong("from_line_id", "there is no such line");
        }
        let playbook = match request.playbook_id.as_deref() {
            None => Some(self.plugins.classify(&request.objective, &language)),
            Some(id) => {
                let id = id.strip_prefix("playbook_").unwrap_or(id);
                let found = self.plugins.playbook(id);
                if found.is_none() {
                    check.wrong("playbook_id", "there is no such playbook");
                }
                found
            }
        };
        if let Some(to) = &to
            && caller.mode == Mode::Test
            && !self.sandbox_numbers.iter().any(|known| known.number == *to)
        {
            check.wrong("to", "a test key calls only sandbox numbers: see GET /v1/sandbox/numbers");
        }
        let (Some(to), Some(playbook), true) = (to, playbook, check.errors.is_empty()) else {
            return Err(ActionError::Invalid(check.errors));
        };
        if caller.mode == Mode::Live {
            return Err(ActionError::Unavailable {
                code: "carrier_not_configured",
                detail: "no telephone carrier is configured, so live calls cannot be placed: \
                         configure a carrier, or use a test key and a sandbox number"
                    .into(),
            });
        }
        let pipeline = self.pipeline(request.pipeline)?;
        let spec = CallSpec {
            objective: request.objective,
            context: request.context,
            previous_call_context: request.previous_call_context,
            playbook_id: playbook.id().to_owned(),
            playbook_digest: playbook.digest().to_owned(),
            persona_id: None,
            persona: Persona::default(),
            voice: voice.to_owned(),
            language,
            behavior_rules: rules,
            on_screening: request.on_screening.unwrap_or_default(),
            webhook_url: request.webhook_url,
            from_line_id: None,
            batch_id: None,
            pipeline,
        };
        let new = NewCall {
            policy,
            on_screening: spec.on_screening,
            max_duration_minutes: minutes,
            schedule_at,
        };
        Ok(CallRecord {
            id: CallId::new(now, crate::clock::random()),
            org: caller.org,
            mode: caller.mode,
            pod: request.pod_id,
            client_id: request.client_id,
            to,
            spec,
            call: Machine::create(now, new).call().clone(),
            outcome: Outcome::default(),
            wake_at: schedule_at,
            updated_at: now,
            version: 1,
        })
    }

    /// The sandbox emulates the vendors of `pipeline`; a call that names none gets that.
    fn pipeline(&self, wanted: Option<Pipeline>) -> Result<Pipeline, ActionError> {
        match wanted {
            None | Some(Pipeline::Pipeline) => Ok(Pipeline::Pipeline),
            Some(Pipeline::Gemini | Pipeline::Realtime) => Err(ActionError::Unavailable {
                code: "pipeline_not_configured",
                detail: "this server has only the pipeline \"pipeline\" (STT+LLM+TTS) configured: \
                         ask for that one, or leave `pipeline` out"
                    .into(),
            }),
        }
    }
}

/// Collects what is wrong, so that a client can mend everything at once.
#[derive(Default)]
struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    fn number(&mut self, text: &str) -> Option<E164> {
        let number: E164 = match text.parse() {
            Ok(number) => number,
            Err(error) => {
                self.wrong("to", error.to_string());
                return None;
            }
        };
        let parsed = rlibphonenumber::PHONE_NUMBER_UTIL.parse(number.as_str(), None);
        let possible = parsed
            .is_ok_and(|parsed| rlibphonenumber::PHONE_NUMBER_UTIL.is_possible_number(&parsed));
        if !possible {
            self.wrong("to", "no such number can exist: check the country code and the length");
            return None;
        }
        Some(number)
    }

    fn text(&mut self, field: &str, text: &str, chars_max: usize) {
        if text.trim().is_empty() {
            return self.wrong(field, "must not be empty");
        }
        let chars = text.chars().count();
        if chars > chars_max {
            self.wrong(field, format!("has {chars} characters, at most {chars_max} are allowed"));
        }
    }

    fn maybe_text(&mut self, field: &str, text: Option<&str>, chars_max: usize) {
        if let Some(text) = text {
            self.text(field, text, chars_max);
        }
    }

    fn pod(&mut self, pod: Option<&str>) {
        let Some(pod) = pod else { return };
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if pod.is_empty() || pod.len() > POD_CHARS_MAX || !pod.chars().all(allowed) {
            self.wrong("pod_id", "must be 1 to 64 of the characters A-Z a-z 0-9 _ . -");
        }
    }

    fn webhook(&mut self, url: Option<&str>) {
        let Some(url) = url else { return };
        if url.len() > URL_CHARS_MAX {
            return self.wrong("webhook_url", "is longer than 2000 characters");
        }
        match reqwest::Url::parse(url) {
            Err(error) => self.wrong("webhook_url", format!("is not a URL: {error}")),
            Ok(url) if url.scheme() == "https" && url.has_host() => {}
            Ok(_) => self.wrong("webhook_url", "must be an https URL"),
        }
    }

    fn language(&mut self, language: Option<&str>) -> String {
        let language = language.unwrap_or("en");
        let mut parts = language.split('-');
        let first = parts.next().unwrap_or_default();
        let letters = first.chars().all(|c| c.is_ascii_lowercase());
        let primary = letters && (2..=3).contains(&first.len());
        let subtag = |part: &str| {
            (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        };
        if language != "auto" && !(primary && parts.all(subtag)) {
            self.wrong("language", "must be an ISO code such as \"en\" or \"pt-BR\", or \"auto\"");
        }
        language.to_owned()
    }

    fn rules(&mut self, rules: &[String]) {
        if rules.len() > RULES_MAX {
            let message = format!("has {} rules, at most {RULES_MAX} are allowed", rules.len());
            self.wrong("behavior_rules", message);
        }
        for (index, rule) in rules.iter().enumerate() {
            self.text(&format!("behavior_rules[{index}]"), rule, RULE_CHARS_MAX);
        }
    }

    fn voice(&mut self, name: Option<&str>, gender: Gender) -> &'static str {
        voices::choose(name, gender).unwrap_or_else(|| {
            self.wrong("voice", "there is no such voice: see GET /v1/voices");
            ""
        })
    }

    fn minutes(&mut self, minutes: Option<i64>) -> u32 {
        let minutes = minutes.unwrap_or(DURATION_MINUTES_DEFAULT);
        if !DURATION_MINUTES.contains(&minutes) {
            self.wrong("max_duration_minutes", "must be from 1 to 120");
        }
        u32::try_from(minutes).unwrap_or(1)
    }

    fn schedule(&mut self, text: Option<&str>, now: Time) -> Option<Time> {
        let at = self.time("schedule_at", text?)?;
        if at <= now {
            self.wrong("schedule_at", "must be in the future");
        }
        Some(at)
    }

    fn time(&mut self, field: &str, text: &str) -> Option<Time> {
        match text.parse::<jiff::Timestamp>() {
            Ok(at) => Some(Time::from_millis(at.as_millisecond())),
            Err(_) => {
                let message = "must be an ISO 8601 time with an offset, such as \
                               2030-03-26T10:00:00-04:00 or 2030-03-26T14:00:00Z";
                self.wrong(field, message);
                None
            }
        }
    }

    fn policy(
        &mut self,
        request: Option<RetryPolicyRequest>,
        on_voicemail: Option<OnVoicemail>,
        now: Time,
    ) -> RetryPolicy {
        let mut policy = RetryPolicy::default();
        if let Some(request) = request {
            let RetryPolicyRequest { max_attempts, backoff, business_hours_only, .. } = request;
            policy.max_attempts = max_attempts.unwrap_or(policy.max_attempts);
            policy.backoff_minutes = backoff.unwrap_or(policy.backoff_minutes);
            policy.business_hours_only = business_hours_only.unwrap_or(false);
            policy.timezone = request.timezone.unwrap_or(policy.timezone);
            policy.on_no_answer = request.on_no_answer.unwrap_or_default();
            policy.on_busy = request.on_busy.unwrap_or_default();
            policy.on_voicemail = request.on_voicemail.unwrap_or_default();
            let expires_at = request.expires_at.as_deref();
            policy.expires_at =
                expires_at.and_then(|text| self.time("retry_policy.expires_at", text));
            if policy.expires_at.is_some_and(|at| at <= now) {
                self.wrong("retry_policy.expires_at", "must be in the future");
            }
        }
        if let Some(on_voicemail) = on_voicemail {
            policy.on_voicemail = on_voicemail;
        }
        if let Err(error) = policy.validate() {
            self.wrong(&format!("retry_policy.{}", error.field()), error.to_string());
        }
        policy
    }
}
