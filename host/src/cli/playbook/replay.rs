//! `playbook replay`: a finished call's log, run through a component again.
//!
//! A playbook imports nothing, so the same brief and the same turns give the same verdicts. Another
//! version, or other rules, give others, and those are shown. What a call does not tell is made up as
//! little as possible: the draft of the model is taken to be the data and what was dropped of it.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use call::region;
use clap::Args;
use domain::E164;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::brief::{Said, now_ms, turns};
use super::eval::report_json;
use super::shelf::{PlaybookFolder, Shelf};
use crate::cli::follow::Api;
use crate::plugin::{
    Brief, Clause, Instance, Persona, Plan, Playbook, Speaker, Turn, Verdict, Violation,
};

/// Run a finished call's log through a playbook and show what it decides otherwise.
///
/// The call is an id, read from a server, or a JSON file as `GET /v1/calls/{id}` gives it. Its turns are
/// told to the playbook, every clause of ours is checked again, those that were withheld included, and
/// the report is made anew. Without --playbook it is the one that the call used, fetched from the server.
/// The exit code is 1 if anything is decided otherwise.
#[derive(Args)]
pub(crate) struct Replay {
    /// Id of a call, or a JSON file.
    #[arg(value_name = "CALL|FILE")]
    call: String,
    /// Component file, folder of a crate, or id to run it through.
    #[arg(long, value_name = "FILE|ID")]
    playbook: Option<String>,
    /// Address of the server.
    #[arg(
        long = "server",
        visible_alias = "url",
        env = "AC_BASE_URL",
        default_value = "http://127.0.0.1:8080"
    )]
    server: String,
    /// API key.
    #[arg(long, env = "AC_API_KEY", hide_env_values = true, default_value = "")]
    key: String,
    /// When the call was answered, where that matters: RFC 3339 or milliseconds since 1970.
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
    /// IANA time zone of the other side [default: that of the number].
    #[arg(long)]
    zone: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: PlaybookFolder,
}

/// What is read of a call.
#[derive(Deserialize)]
struct Call {
    id: String,
    to_number: Option<String>,
    objective: String,
    context: Option<String>,
    previous_call_context: Option<String>,
    language: Option<String>,
    playbook_id: String,
    persona_id: Option<String>,
    #[serde(default)]
    behavior_rules: Vec<String>,
    answered_by: Option<String>,
    success: Option<bool>,
    summary: Option<String>,
    structured_data: Option<Value>,
    transcript: Option<Vec<Said>>,
    #[serde(default)]
    withheld: Vec<Withheld>,
    #[serde(default)]
    ungrounded: Vec<Ungrounded>,
    created_at: Option<String>,
    updated_at: Option<String>,
    retry_policy: Option<RetryPolicy>,
}

#[derive(Clone, Deserialize)]
struct Withheld {
    text: String,
    rule: Option<String>,
    reason: String,
    at_ms: u64,
}

#[derive(Deserialize)]
struct Ungrounded {
    field: String,
    value: Value,
}

#[derive(Deserialize)]
struct RetryPolicy {
    timezone: Option<String>,
}

impl Replay {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let value = self.call_json().await?;
        let call: Call = serde_path_to_error::deserialize(&value).map_err(|error| {
            anyhow::anyhow!("this is no call: `{}`: {}", error.path(), error.inner())
        })?;
        ensure!(
            call.transcript.as_ref().is_some_and(|turns| !turns.is_empty()),
            "nothing was said in the call {}: there is nothing to replay",
            call.id
        );
        let shelf = Shelf::open(&self.folder)?;
        let playbook = self.component(&shelf, &call).await?;
        let persona = self.persona(&call).await;
        let brief = self.brief(&call, &playbook, persona)?;
        let told = Told::replay(&playbook, &brief, &call)?;
        if self.json {
            println!("{:#}", told.json(&call, &playbook));
        } else {
            told.show(&call, &playbook);
        }
        Ok(if told.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn call_json(&self) -> Result<Value> {
        let path = Path::new(&self.call);
        if path.is_file() {
            let text =
                fs::read_to_string(path).with_context(|| format!("cannot read {}", self.call))?;
            return serde_json::from_str(&text)
                .with_context(|| format!("{} is no JSON", self.call));
        }
        ensure!(
            !self.call.ends_with(".json") && !self.call.contains('/'),
            "there is no file {}",
            self.call
        );
        self.api()?.send(Method::GET, &format!("/v1/calls/{}", self.call), None).await
    }

    fn api(&self) -> Result<Api> {
        ensure!(
            !self.key.is_empty(),
            "a server is asked with an API key: set AC_API_KEY, or give --key"
        );
        Api::new(&self.server, &self.key)
    }

    /// The one named, otherwise the one that the call used.
    async fn component(&self, shelf: &Shelf, call: &Call) -> Result<Arc<Playbook>> {
        if let Some(name) = &self.playbook {
            return shelf.find(name);
        }
        let id = &call.playbook_id;
        if self.key.is_empty() {
            return shelf.installed(id).with_context(|| {
                format!(
                    "the call used {id}: name it with --playbook, or set AC_API_KEY to fetch it"
                )
            });
        }
        let file = self.api()?.bytes(&format!("/v1/playbooks/{id}/component")).await?;
        let opened = shelf.plugins().open(&file);
        opened.with_context(|| format!("{id}, as the server gives it, is no usable playbook"))
    }

    /// A call names its persona; where the server does not tell it, the call is replayed without.
    async fn persona(&self, call: &Call) -> Option<Value> {
        let id = call.persona_id.as_ref()?;
        let api = self.api().ok()?;
        api.send(Method::GET, &format!("/v1/personas/{id}"), None).await.ok()
    }

    fn brief(&self, call: &Call, playbook: &Playbook, persona: Option<Value>) -> Result<Brief> {
        let zone = self.zone.clone().unwrap_or_else(|| zone_of(call));
        let answered = self.now.clone().or_else(|| call.created_at.clone());
        let told = |name: &str| {
            let persona = persona.as_ref()?;
            persona[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
        };
        // Rules of the playbook are among those of the call already.
        Ok(Brief {
            objective: call.objective.clone(),
            context: call.context.clone(),
            previous_call: call.previous_call_context.clone(),
            persona: Persona {
                caller_name: told("caller_name"),
                company: told("company"),
                role: told("role"),
                tone: told("tone"),
            },
            rules: call.behavior_rules.clone(),
            settings: playbook.settings(),
            language: spoken(call),
            now_ms: now_ms(answered.map(Value::String).as_ref(), &zone)?,
            zone,
        })
    }
}

fn spoken(call: &Call) -> String {
    let language = call.language.clone().filter(|language| language != "auto");
    language.unwrap_or_else(|| "en".to_owned())
}

/// As the server has it: the westernmost zone of the number.
fn zone_of(call: &Call) -> String {
    let number: Option<E164> = call.to_number.as_deref().and_then(|number| number.parse().ok());
    let zones = number.as_ref().map(region::zones).unwrap_or_default();
    let at = call.updated_at.as_deref().and_then(|at| at.parse::<Timestamp>().ok());
    let at = at.unwrap_or_default();
    let offset =
        |zone: &&&str| TimeZone::get(zone).map_or(i32::MAX, |zone| zone.to_offset(at).seconds());
    let own = call.retry_policy.as_ref().and_then(|policy| policy.timezone.clone());
    let westernmost = zones.iter().min_by_key(offset).map(|zone| (*zone).to_owned());
    westernmost.or(own).unwrap_or_else(|| "UTC".to_owned())
}

/// What is decided otherwise.
struct Difference {
    what: String,
    then: String,
    now: String,
}

struct Told {
    checked: usize,
    differences: Vec<Difference>,
}

impl Told {
    fn replay(playbook: &Playbook, brief: &Brief, call: &Call) -> Result<Told> {
        let mut instance = playbook.begin(brief).context("the playbook cannot begin the call")?;
        let plan = instance.plan().context("the playbook cannot plan the call")?;
        let transcript = turns(call.transcript.as_deref().unwrap_or_default());
        let mut run = Run {
            instance,
            told: Told { checked: 0, differences: Vec::new() },
            rules: &call.behavior_rules,
            agent_turns: 0,
        };
        run.turns(&plan, &transcript, &call.withheld)?;
        run.report(call, &transcript)?;
        Ok(run.told)
    }

    fn differs(&mut self, what: impl Into<String>, then: String, now: String) {
        self.differences.push(Difference { what: what.into(), then, now });
    }

    fn show(&self, call: &Call, playbook: &Playbook) {
        println!("call      {}", call.id);
        println!("playbook  {} {}", playbook.id(), playbook.version());
        if playbook.id() != call.playbook_id {
            println!("          the call used {}", call.playbook_id);
        }
        for difference in &self.differences {
            println!();
            println!("{}", difference.what);
            println!("  then    {}", difference.then);
            println!("  now     {}", difference.now);
        }
        println!();
        println!("{} clauses checked, {} differences", self.checked, self.differences.len());
    }

    fn json(&self, call: &Call, playbook: &Playbook) -> Value {
        let mut differences = Vec::new();
        for one in &self.differences {
            differences.push(json!({ "what": one.what, "then": one.then, "now": one.now }));
        }
        json!({
            "call": call.id,
            "playbook": playbook.id(),
            "digest": playbook.digest(),
            "checked": self.checked,
            "differences": differences,
        })
    }
}

struct Run<'a> {
    instance: Instance,
    told: Told,
    rules: &'a [String],
    agent_turns: u32,
}

impl Run<'_> {
    /// Clauses are checked when the call checked them: before the turn they became part of was told.
    fn turns(&mut self, plan: &Plan, transcript: &[Turn], withheld: &[Withheld]) -> Result<()> {
        // The opening was checked before anybody answered.
        let opening = cut(&plan.opening);
        self.spoken(&opening, false)?;
        let mut open: Vec<Withheld> = withheld.to_vec();
        open.sort_by_key(|one| one.at_ms);
        let mut open = open.into_iter().peekable();
        for turn in transcript {
            match turn.speaker {
                Speaker::Callee => {
                    // What was withheld before they spoke and had no turn of ours after it.
                    while let Some(one) = open.next_if(|one| one.at_ms < turn.ended_ms) {
                        self.withheld(&one, &[])?;
                    }
                    self.instance.heard(turn)?;
                }
                Speaker::Agent => {
                    let clauses = cut(&turn.text);
                    while let Some(one) = open.next_if(|one| one.at_ms < turn.ended_ms) {
                        self.withheld(&one, &clauses)?;
                    }
                    let is_opening = self.agent_turns == 0 && clauses.starts_with(&opening);
                    let rest = if is_opening { &clauses[opening.len()..] } else { &clauses[..] };
                    self.spoken(rest, turn.interrupted)?;
                    self.instance.spoke(turn)?;
                    self.agent_turns += 1;
                }
            }
        }
        for one in open {
            self.withheld(&one, &[])?;
        }
        Ok(())
    }

    /// Clauses that were spoken, so they passed. The last of a turn that was cut off is not whole.
    fn spoken(&mut self, clauses: &[String], cut_off: bool) -> Result<()> {
        let whole = if cut_off { clauses.len().saturating_sub(1) } else { clauses.len() };
        let mut said = String::new();
        for (index, text) in (0..).zip(&clauses[..whole]) {
            let verdict = self.check(index, text, &said)?;
            // A clause that was put in place of another is not checked, and may be found again.
            if let Verdict::Withhold(violation) | Verdict::HangUp(violation) = verdict {
                let now = self.shown(&violation);
                self.told.differs(format!("spoken    \"{text}\""), "pass".to_owned(), now);
            }
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(text);
        }
        Ok(())
    }

    /// What of its turn had passed before is not told by the call: any beginning of the turn may be it.
    fn withheld(&mut self, one: &Withheld, clauses: &[String]) -> Result<()> {
        let mut found = None;
        for passed in 0..=clauses.len() {
            let said = clauses[..passed].join(" ");
            let index = u32::try_from(passed).unwrap_or(u32::MAX);
            let verdict = self.check(index, &one.text, &said)?;
            if let Verdict::Withhold(violation) | Verdict::HangUp(violation) = &verdict {
                let rule = violation.rule.and_then(|rule| self.rules.get(rule as usize));
                if rule == one.rule.as_ref() {
                    return Ok(());
                }
            }
            found.get_or_insert(verdict);
        }
        let rule = one.rule.as_ref().map_or_else(String::new, |rule| format!("rule \"{rule}\": "));
        let then = format!("withheld, {rule}{}", one.reason);
        let now = match found {
            Some(Verdict::Withhold(violation) | Verdict::HangUp(violation)) => {
                self.shown(&violation)
            }
            Some(Verdict::Replace(text)) => format!("replaced by \"{text}\""),
            Some(Verdict::Pass) | None => "pass".to_owned(),
        };
        self.told.differs(format!("withheld  \"{}\"", one.text), then, now);
        Ok(())
    }

    fn check(&mut self, index: u32, text: &str, said: &str) -> Result<Verdict> {
        self.told.checked += 1;
        let turn = self.agent_turns;
        let clause = Clause { turn, index, text: text.to_owned(), said: said.to_owned() };
        Ok(self.instance.check(&clause)?)
    }

    fn shown(&self, violation: &Violation) -> String {
        let rule = violation.rule.and_then(|rule| self.rules.get(rule as usize));
        let rule = rule.map_or_else(String::new, |rule| format!("rule \"{rule}\": "));
        format!("withheld, {rule}{}", violation.reason)
    }

    fn report(&mut self, call: &Call, transcript: &[Turn]) -> Result<()> {
        let draft = draft_of(call).map(|draft| draft.to_string());
        let report = match self.instance.finish(transcript, draft.as_deref())? {
            Ok(report) => report_json(report),
            Err(why) => bail!("the playbook gives no report: {why}"),
        };
        let dropped: Vec<&str> = call.ungrounded.iter().map(|one| one.field.as_str()).collect();
        let mut found = Vec::new();
        for one in report["ungrounded"].as_array().into_iter().flatten() {
            found.push(one["field"].as_str().unwrap_or_default());
        }
        let told = &mut self.told;
        if dropped != found {
            told.differs("ungrounded", dropped.join(", "), found.join(", "));
        }
        if let Some(success) = call.success.filter(|success| report["success"] != *success) {
            told.differs("success", success.to_string(), report["success"].to_string());
        }
        if let Some(summary) =
            call.summary.as_ref().filter(|summary| report["summary"] != **summary)
        {
            let now = report["summary"].as_str().unwrap_or_default().to_owned();
            told.differs("summary", summary.clone(), now);
        }
        let Some(Value::Object(then)) = &call.structured_data else { return Ok(()) };
        let now = report["structured_data"].as_object().cloned().unwrap_or_default();
        for name in then.keys().chain(now.keys().filter(|name| !then.contains_key(*name))) {
            let value = |data: &Map<String, Value>| data.get(name).cloned().unwrap_or(Value::Null);
            if value(then) != value(&now) {
                told.differs(
                    format!("data      {name}"),
                    value(then).to_string(),
                    value(&now).to_string(),
                );
            }
        }
        Ok(())
    }
}

/// What the model drafted, as far as the call tells: a person's answers, and what was dropped of them.
fn draft_of(call: &Call) -> Option<Value> {
    if call.answered_by.as_deref() != Some("human") {
        return None;
    }
    let mut draft = call.structured_data.as_ref()?.as_object()?.clone();
    for dropped in &call.ungrounded {
        draft.insert(dropped.field.clone(), dropped.value.clone());
    }
    draft.retain(|_, value| !value.is_null());
    if let Some(success) = call.success {
        draft.entry("success").or_insert(success.into());
    }
    if let Some(summary) = &call.summary {
        draft.entry("summary").or_insert(summary.clone().into());
    }
    Some(Value::Object(draft))
}

/// As the session cuts what is to be said.
fn cut(text: &str) -> Vec<String> {
    let mut clauses = turn::Clauses::new();
    let mut pieces = clauses.push(text);
    pieces.extend(clauses.finish());
    pieces
}
