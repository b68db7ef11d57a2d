//! Checks of single fields: what is wrong is collected, so that a client can mend everything at once.

use std::str::FromStr;

use call::{OnVoicemail, RetryPolicy};
use domain::{E164, ParseIdError, Time};
use serde_json::Value;

use super::create::RetryPolicyRequest;
use super::voices::{self, Gender};
use super::{ActionError, FieldError};
use crate::config::Webhooks;

pub(super) const OBJECTIVE_CHARS_MAX: usize = 2000;
pub(super) const CONTEXT_CHARS_MAX: usize = 4000;
pub(super) const CONSENT_CHARS_MAX: usize = 500;
const CLIENT_ID_CHARS_MAX: usize = 255;
const RULES_MAX: usize = 20;
const RULE_CHARS_MAX: usize = 500;
const SCHEMA_BYTES_MAX: usize = 32 * 1024;
const POD_CHARS_MAX: usize = 64;
const VENDOR_KEY_CHARS_MAX: usize = 500;
const URL_CHARS_MAX: usize = 2000;
const DURATION_MINUTES: std::ops::RangeInclusive<i64> = 1..=120;
const DURATION_MINUTES_DEFAULT: i64 = 30;

/// ISO 639-1. Longer codes are taken as they are.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch \
    co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he \
    hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv \
    kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny \
    oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su \
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

#[derive(Default)]
pub(super) struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    pub(super) fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    pub(super) fn done(self) -> Result<(), ActionError> {
        if self.errors.is_empty() { Ok(()) } else { Err(ActionError::Invalid(self.errors)) }
    }

    pub(super) fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    pub(super) fn number(&mut self, field: &str, text: &str) -> Option<E164> {
        let number: E164 = match text.parse() {
            Ok(number) => number,
            Err(error) => {
                self.wrong(field, error.to_string());
                return None;
            }
        };
        let parsed = rlibphonenumber::PHONE_NUMBER_UTIL.parse(number.as_str(), None);
        let possible = parsed
            .is_ok_and(|parsed| rlibphonenumber::PHONE_NUMBER_UTIL.is_possible_number(&parsed));
        if !possible {
            self.wrong(field, "no such number can exist: check the country code and the length");
            return None;
        }
        Some(number)
    }

    pub(super) fn id<T: FromStr<Err = ParseIdError>>(
        &mut self,
        field: &str,
        text: Option<&str>,
    ) -> Option<T> {
        text?.parse().map_err(|error: ParseIdError| self.wrong(field, error.to_string())).ok()
    }

    pub(super) fn text(&mut self, field: &str, text: &str, chars_max: usize) {
        if text.trim().is_empty() {
            return self.wrong(field, "must not be empty");
        }
        let chars = text.chars().count();
        if chars > chars_max {
            self.wrong(field, format!("has {chars} characters, at most {chars_max} are allowed"));
        }
        if text.contains('\0') {
            self.wrong(field, "must not hold the character U+0000");
        }
    }

    pub(super) fn maybe_text(&mut self, field: &str, text: Option<&str>, chars_max: usize) {
        if let Some(text) = text {
            self.text(field, text, chars_max);
        }
    }

    /// The pod a request is about: a key of one pod works in that pod only.
    pub(super) fn pod(&mut self, wanted: Option<&str>, own: Option<&str>) -> Option<String> {
        let Some(pod) = wanted else { return own.map(str::to_owned) };
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if pod.is_empty() || pod.len() > POD_CHARS_MAX || !pod.chars().all(allowed) {
            self.wrong("pod_id", "must be 1 to 64 of the characters A-Z a-z 0-9 _ . -");
        } else if own.is_some_and(|own| own != pod) {
            self.wrong("pod_id", "this key works in its own pod only: leave `pod_id` out");
        }
        Some(pod.to_owned())
    }

    pub(super) fn client_id(&mut self, client_id: Option<&str>) {
        self.maybe_text("client_id", client_id, CLIENT_ID_CHARS_MAX);
    }

    pub(super) fn webhook(&mut self, field: &str, url: Option<&str>, policy: &Webhooks) {
        let Some(text) = url else { return };
        if text.chars().count() > URL_CHARS_MAX {
            let message = format!("is longer than {URL_CHARS_MAX} characters");
            return self.wrong(field, message);
        }
        let url = match reqwest::Url::parse(text) {
            Ok(url) => url,
            Err(error) => return self.wrong(field, format!("is not a URL: {error}")),
        };
        let plain_allowed = policy.http_to_loopback && url.scheme() == "http" && is_loopback(&url);
        if url.scheme() != "https" && !plain_allowed {
            self.wrong(field, "must be an https URL");
        }
        if !url.username().is_empty() || url.password().is_some() {
            self.wrong(field, "must not hold a user name or password");
        }
    }

    /// A page that people are sent to.
    pub(super) fn page(&mut self, field: &str, url: &str) {
        let parsed = reqwest::Url::parse(url).ok();
        let is_web = parsed.is_some_and(|url| ["http", "https"].contains(&url.scheme()));
        if !is_web || url.len() > URL_CHARS_MAX {
            self.wrong(field, "must be an http or https URL");
        }
    }

    /// Empty: none any more.
    pub(super) fn vendor_key(&mut self, field: &str, key: Option<&str>) {
        let key = key.unwrap_or_default();
        if key.len() > VENDOR_KEY_CHARS_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let message = "must be the vendor's key as it is, without spaces, or empty to clear it";
            self.wrong(field, message);
        }
    }

    pub(super) fn language(&mut self, language: Option<&str>) -> String {
        let language = language.unwrap_or("en");
        if language == "auto" {
            return language.to_owned();
        }
        let (primary, rest) = language.split_once('-').unwrap_or((language, ""));
        let primary = primary.to_ascii_lowercase();
        let known = match primary.len() {
            2 => LANGUAGES.split_whitespace().any(|known| known == primary),
            3 => primary.bytes().all(|byte| byte.is_ascii_lowercase()),
            _ => false,
        };
        let subtag = |part: &str| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let has_rest = language.contains('-');
        if !known || (has_rest && !rest.split('-').all(subtag)) {
            self.wrong("language", "must be an ISO code such as \"en\" or \"pt-BR\", or \"auto\"");
        }
        if has_rest { format!("{primary}-{rest}") } else { primary }
    }

    pub(super) fn rules(&mut self, field: &str, rules: &[String]) {
        if rules.len() > RULES_MAX {
            let message = format!("has {} rules, at most {RULES_MAX} are allowed", rules.len());
            self.wrong(field, message);
        }
        for (index, rule) in rules.iter().enumerate() {
            self.text(&format!("{field}[{index}]"), rule, RULE_CHARS_MAX);
        }
    }

    /// What to know after a call: a JSON Schema of an object, or names with types.
    pub(super) fn extraction_schema(&mut self, field: &str, schema: &Value) {
        let Some(members) = schema.as_object() else {
            return self.wrong(field, "must be a JSON object");
        };
        if schema.to_string().len() > SCHEMA_BYTES_MAX {
            self.wrong(field, format!("is longer than {SCHEMA_BYTES_MAX} bytes"));
        }
        let is_schema = members.get("properties").is_some_and(Value::is_object);
        let fields = if is_schema { members["properties"].as_object() } else { Some(members) };
        let fields = fields.filter(|_| is_schema || !members.contains_key("$schema"));
        let Some(fields) = fields.filter(|fields| !fields.is_empty()) else {
            return self.wrong(field, "names nothing to know: such as {\"price\": \"number\"}");
        };
        if fields.len() > heard::SCHEMA_FIELDS_MAX {
            let message = format!("has more than {} fields", heard::SCHEMA_FIELDS_MAX);
            self.wrong(field, message);
        }
        for (name, kind) in fields {
            let allowed = kind.is_object() || !is_schema && (kind.is_string() || kind.is_array());
            if !allowed {
                let message = "must be \"number\", \"string\", \"boolean\", choices such as \
                               \"high/low\", or a JSON Schema";
                self.wrong(&format!("{field}.{name}"), message);
            }
        }
    }

    pub(super) fn voice(&mut self, name: Option<&str>, gender: Gender) -> &'static str {
        voices::choose(name, gender).unwrap_or_else(|| {
            self.wrong("voice", "there is no such voice: see GET /v1/voices");
            ""
        })
    }

    pub(super) fn minutes(&mut self, minutes: Option<i64>) -> u32 {
        let minutes = minutes.unwrap_or(DURATION_MINUTES_DEFAULT);
        if !DURATION_MINUTES.contains(&minutes) {
            self.wrong("max_duration_minutes", "must be from 1 to 120");
        }
        u32::try_from(minutes).unwrap_or(1)
    }

    pub(super) fn future(&mut self, field: &str, text: Option<&str>, now: Time) -> Option<Time> {
        let at = self.time(field, text?)?;
        if at <= now {
            self.wrong(field, "must be in the future");
        }
        Some(at)
    }

    pub(super) fn time(&mut self, field: &str, text: &str) -> Option<Time> {
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

    /// `on_voicemail` of the call goes before that of its policy.
    pub(super) fn policy(
        &mut self,
        request: Option<RetryPolicyRequest>,
        on_voicemail: Option<OnVoicemail>,
        now: Time,
    ) -> RetryPolicy {
        let mut policy = RetryPolicy::default();
        if let Some(request) = request {
            let expires_at = request.expires_at.as_deref();
            policy = RetryPolicy {
                max_attempts: request.max_attempts.unwrap_or(policy.max_attempts),
                backoff_minutes: request.backoff.unwrap_or(policy.backoff_minutes),
                business_hours_only: request.business_hours_only.unwrap_or_default(),
                timezone: request.timezone.unwrap_or(policy.timezone),
                on_no_answer: request.on_no_answer.unwrap_or_default(),
                on_busy: request.on_busy.unwrap_or_default(),
                on_voicemail: request.on_voicemail.unwrap_or_default(),
                expires_at: self.future("retry_policy.expires_at", expires_at, now),
            };
        }
        policy.on_voicemail = on_voicemail.unwrap_or(policy.on_voicemail);
        if let Err(error) = policy.validate() {
            self.wrong(&format!("retry_policy.{}", error.field()), error.to_string());
        }
        policy
    }
}

fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address: Result<std::net::IpAddr, _> = address.parse();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
