//! What a playbook is told before a call, from the command line or from a line of JSON.

use anyhow::{Result, anyhow, ensure};
use clap::Args;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::plugin::{Brief, Persona, Playbook, Speaker, Turn};

/// Between the beginnings of two turns of which no times are known, and the length of each.
const TURN_EVERY_MS: u64 = 4_000;
const TURN_MS: u64 = 3_000;

const OBJECTIVE_DEFAULT: &str = "Ask what time they close today";

/// A brief without anything in it.
pub(super) fn plain_brief() -> Brief {
    Brief {
        objective: String::new(),
        context: None,
        previous_call: None,
        persona: Persona { caller_name: None, company: None, role: None, tone: None },
        rules: Vec::new(),
        settings: "{}".to_owned(),
        language: "en".to_owned(),
        now_ms: 0,
        zone: "UTC".to_owned(),
    }
}

// The brief of a command line. No doc comment: it would become the command's.
#[derive(Args, Clone, Debug)]
pub(super) struct BriefArguments {
    /// What the agent should accomplish.
    #[arg(long)]
    pub(super) objective: Option<String>,
    /// Background for the agent.
    #[arg(long)]
    pub(super) context: Option<String>,
    /// A behaviour rule; may be given several times.
    #[arg(long = "rule", value_name = "RULE")]
    pub(super) rules: Vec<String>,
    /// Language of the call, a BCP 47 tag.
    #[arg(long, default_value = "en")]
    pub(super) language: String,
    /// Name the agent gives.
    #[arg(long)]
    pub(super) caller: Option<String>,
    /// Company the agent calls for.
    #[arg(long)]
    pub(super) company: Option<String>,
    /// Settings for the playbook, as its config schema describes them: a JSON object.
    #[arg(long, value_name = "JSON")]
    pub(super) settings: Option<String>,
    /// IANA time zone of the other side.
    #[arg(long, default_value = "UTC")]
    pub(super) zone: String,
    /// When the call is answered: RFC 3339, or milliseconds since 1970 [default: now].
    #[arg(long, value_name = "TIME")]
    pub(super) now: Option<String>,
}

impl BriefArguments {
    /// For this playbook: its own rules and settings count as in a call.
    pub(super) fn brief(&self, playbook: &Playbook) -> Result<Brief> {
        let settings = self.settings.as_deref().map(serde_json::from_str::<Map<String, Value>>);
        let settings = settings.transpose();
        let settings =
            settings.map_err(|error| anyhow!("--settings is no JSON object: {error}"))?;
        let now = self.now.clone().map(Value::String);
        let mut rules = self.rules.clone();
        rules.extend(playbook.rules().iter().cloned());
        Ok(Brief {
            objective: self.objective.clone().unwrap_or_else(|| OBJECTIVE_DEFAULT.to_owned()),
            context: self.context.clone(),
            persona: Persona {
                caller_name: self.caller.clone(),
                company: self.company.clone(),
                role: None,
                tone: None,
            },
            rules,
            settings: settings_for(playbook, settings.unwrap_or_default())?,
            language: self.language.clone(),
            now_ms: now_ms(now.as_ref(), &self.zone)?,
            zone: self.zone.clone(),
            ..plain_brief()
        })
    }
}

/// Something that was said, as JSON gives it.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    pub(super) speaker: Who,
    pub(super) text: String,
    pub(super) started_ms: Option<u64>,
    pub(super) ended_ms: Option<u64>,
    #[serde(default)]
    pub(super) interrupted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Who {
    Agent,
    #[serde(alias = "callee")]
    Human,
}

/// As turns of a call; where no times are given they follow each other evenly.
pub(super) fn turns(said: &[Said]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::with_capacity(said.len());
    for one in said {
        let even = turns.last().map_or(0, |last| last.started_ms.saturating_add(TURN_EVERY_MS));
        let started_ms = one.started_ms.unwrap_or(even);
        turns.push(Turn {
            speaker: match one.speaker {
                Who::Agent => Speaker::Agent,
                Who::Human => Speaker::Callee,
            },
            text: one.text.clone(),
            started_ms,
            ended_ms: one.ended_ms.unwrap_or(started_ms.saturating_add(TURN_MS)),
            interrupted: one.interrupted,
        });
    }
    turns
}

/// The settings of a brief: those in the component's file, and these over them. A setting that the
/// playbook does not know would be lost without a word.
pub(super) fn settings_for(playbook: &Playbook, over: Map<String, Value>) -> Result<String> {
    if over.is_empty() {
        return Ok(playbook.settings());
    }
    let schema: Value =
        serde_json::from_str(&playbook.description().config_schema).unwrap_or_default();
    let known = schema.get("properties").and_then(Value::as_object);
    let mut settings: Map<String, Value> =
        serde_json::from_str(&playbook.settings()).unwrap_or_default();
    for (name, value) in over {
        let is_known = known.is_some_and(|known| known.contains_key(&name));
        ensure!(is_known, "{} has no setting {name:?}", playbook.id());
        settings.insert(name, value);
    }
    Ok(Value::Object(settings).to_string())
}

/// RFC 3339, a civil time in the zone given, or milliseconds since 1970; the present if left out.
pub(super) fn now_ms(now: Option<&Value>, zone: &str) -> Result<u64> {
    let zone = TimeZone::get(zone);
    let zone =
        zone.map_err(|_| anyhow!("no such time zone: use an IANA name such as Europe/Paris"))?;
    let at = match now {
        None | Some(Value::Null) => crate::clock::now().as_millis(),
        Some(Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(ms), _) => ms,
            (None, Some(ms)) => ms as i64,
            (None, None) => -1,
        },
        Some(Value::String(text)) => written_ms(text.trim(), &zone)?,
        Some(_) => -1,
    };
    u64::try_from(at).map_err(|_| anyhow!("`now` must be RFC 3339 or milliseconds since 1970"))
}

fn written_ms(text: &str, zone: &TimeZone) -> Result<i64> {
    if let Ok(at) = text.parse::<i64>() {
        return Ok(at);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at.as_millisecond());
    }
    let civil = text.parse::<DateTime>().ok().and_then(|at| zone.to_timestamp(at).ok());
    let at = civil.map(|at| at.as_millisecond());
    at.ok_or_else(|| anyhow!("`now` must be RFC 3339 or milliseconds since 1970, not {text:?}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn now_is_read_in_every_form() {
        let check = |now: Value, zone: &str, expected: u64| {
            assert_eq!(now_ms(Some(&now), zone).unwrap(), expected, "{now}");
        };
        let at = 1_774_519_200_000;
        check(json!(at), "UTC", at);
        check(json!(at.to_string()), "UTC", at);
        check(json!("2026-03-26T10:00:00Z"), "America/New_York", at);
        check(json!("2026-03-26T06:00:00-04:00"), "UTC", at);
        check(json!("2026-03-26T06:00:00"), "America/New_York", at);
        for (now, zone) in [(json!("soon"), "UTC"), (json!(-1), "UTC"), (json!([]), "UTC")] {
            assert!(now_ms(Some(&now), zone).is_err(), "{now}");
        }
        assert!(now_ms(None, "Mars/Olympus").is_err());
        assert!(now_ms(None, "UTC").unwrap() > at - 1_000_000_000_000);
    }
}
