//! `playbook eval`: questions to playbooks as JSON Lines, answers as JSON Lines.
//!
//! One line in, one line out, in order, at once. A line that cannot be answered is answered with an
//! error; nothing ends the command but the end of its input.

use std::io::{self, BufRead, BufReader, ErrorKind, Read as _, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::brief::{Said, now_ms, settings_for, turns};
use super::shelf::{PlaybookFolder, Shelf};
use crate::plugin::{
    Breach, Brief, Channel, Clause, GENERAL, Instance, Persona, Playbook, Report, Speaker, Turn,
    Verdict, best,
};

/// A longer line is answered with an error.
const LINE_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Answer questions about playbooks, one line of JSON each.
///
/// Reads JSON Lines from standard input and writes one line for each, in order. The forms:
///
///   {"rules": […], "history": [{"speaker", "text"}], "clause": "…"}
///       → {"verdict": "pass|withhold|replace|hang_up", "rule": index|null, "reason": "…"|null}
///
///   {"rules": […], "history": […], "at_end": true}
///       → {"may_end": true|false, "open": what to do first|null}
///
///   {"objective": "…", "schema": {…}, "transcript": […], "now": "…", "timezone": "…"}
///       → the report: success, summary, structured_data, ungrounded, notes, call_back,
///         do_not_call, switch_channel
///
///   {"objective": "…"}
///       → {"chosen": id, "scores": {id: 0 to 100}}
///
/// A speaker is `agent` or `human`. `now` is RFC 3339 or milliseconds since 1970, the present if left
/// out. `schema` is a JSON Schema or the shorthand {"price": "number"}. Every form takes `id` (which
/// the answer repeats), `playbook`, `language`, `timezone`, `objective`, `context`, `previous_call`,
/// `persona` and `settings`; checks take `said`, what of this turn has passed already; reports take
/// `draft`, what the model drafted.
///
/// A line that cannot be answered gives {"error": "…"}, and the next one is read.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Eval {
    /// Component files or ids; the first is asked about rules and reports, all are scored [default:
    /// the playbooks of the server, platform.general first].
    #[arg(value_name = "FILE|ID")]
    playbooks: Vec<String>,
    /// The playbook asked about rules and reports, unless a line names another.
    #[arg(long, value_name = "FILE|ID")]
    playbook: Option<String>,
    #[command(flatten)]
    folder: PlaybookFolder,
}

impl Eval {
    pub(super) fn run(self) -> Result<ExitCode> {
        let asked = Asked::open(&self)?;
        match answer_all(&asked, io::stdin().lock(), io::stdout().lock()) {
            // Nobody reads on.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
            done => done.map(|()| ExitCode::SUCCESS).context("cannot read or write the lines"),
        }
    }
}

/// The playbooks in question.
struct Asked {
    shelf: Shelf,
    /// Those that are scored.
    scored: Vec<Arc<Playbook>>,
    /// The one for rules and reports.
    main: Arc<Playbook>,
}

impl Asked {
    fn open(eval: &Eval) -> Result<Asked> {
        let shelf = Shelf::open(&eval.folder)?;
        let mut scored = Vec::new();
        for name in &eval.playbooks {
            scored.push(shelf.find(name)?);
        }
        if scored.is_empty() {
            scored = shelf.load_folder()?;
        }
        let main = match (&eval.playbook, eval.playbooks.is_empty()) {
            (Some(name), _) => shelf.find(name)?,
            (None, true) => shelf.installed(GENERAL)?,
            (None, false) => Arc::clone(&scored[0]),
        };
        Ok(Asked { shelf, scored, main })
    }

    fn playbook(&self, id: Option<&str>) -> Result<Arc<Playbook>> {
        let Some(id) = id else { return Ok(Arc::clone(&self.main)) };
        let named = self.scored.iter().chain([&self.main]).find(|playbook| playbook.id() == id);
        match named {
            Some(playbook) => Ok(Arc::clone(playbook)),
            // A line is data: it makes nothing be built.
            None if Path::new(id).is_dir() => {
                bail!("{id} is a folder: name a component file or an id")
            }
            None => self.shelf.find(id),
        }
    }
}

fn answer_all(asked: &Asked, input: impl io::Read, mut output: impl Write) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut input).take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        let whole = line.ends_with(b"\n") || (read as u64) < LINE_BYTES_MAX;
        let answer = if whole {
            answered(asked, &line)
        } else {
            skip_line(&mut input)?;
            json!({ "error": format!("the line is longer than {LINE_BYTES_MAX} bytes") })
        };
        let mut text = answer.to_string();
        text.push('\n');
        output.write_all(text.as_bytes())?;
        output.flush()?;
    }
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let held = input.fill_buf()?;
        let end = held.iter().position(|&byte| byte == b'\n');
        let (bytes, over) =
            (end.map_or(held.len(), |end| end + 1), end.is_some() || held.is_empty());
        input.consume(bytes);
        if over {
            return Ok(());
        }
    }
}

fn answered(asked: &Asked, line: &[u8]) -> Value {
    let value: Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(error) => return json!({ "error": format!("the line is no JSON: {error}") }),
    };
    let id = value.get("id").cloned();
    let mut answer = match answer(asked, value) {
        Ok(answer) => answer,
        Err(error) => Map::from_iter([("error".to_owned(), format!("{error:#}").into())]),
    };
    if let Some(id) = id {
        answer.insert("id".to_owned(), id);
    }
    Value::Object(answer)
}

/// What a line may say. What it says besides is passed over.
#[derive(Deserialize)]
struct Line {
    playbook: Option<String>,
    objective: Option<String>,
    context: Option<String>,
    #[serde(alias = "previous_call_context")]
    previous_call: Option<String>,
    persona: Option<PersonaOfLine>,
    #[serde(alias = "behavior_rules")]
    rules: Option<Vec<String>>,
    settings: Option<Map<String, Value>>,
    #[serde(alias = "extraction_schema")]
    schema: Option<Value>,
    language: Option<String>,
    #[serde(alias = "zone")]
    timezone: Option<String>,
    now: Option<Value>,
    history: Option<Vec<Said>>,
    transcript: Option<Vec<Said>>,
    clause: Option<String>,
    said: Option<String>,
    at_end: Option<bool>,
    draft: Option<Value>,
}

#[derive(Deserialize)]
struct PersonaOfLine {
    #[serde(alias = "name", alias = "caller")]
    caller_name: Option<String>,
    company: Option<String>,
    role: Option<String>,
    tone: Option<String>,
}

fn answer(asked: &Asked, value: Value) -> Result<Map<String, Value>> {
    if !value.is_object() {
        bail!("the line must be a JSON object");
    }
    let line: Line = serde_path_to_error::deserialize(value).map_err(|error| {
        let (path, inner) = (error.path().to_string(), error.inner());
        anyhow!("`{path}`: {inner}")
    })?;
    if let Some(clause) = &line.clause {
        return check(asked, &line, clause);
    }
    if line.at_end == Some(true) {
        return may_end(asked, &line);
    }
    if line.transcript.is_some() || line.schema.is_some() && line.history.is_some() {
        return report(asked, &line);
    }
    match &line.objective {
        Some(objective) if line.schema.is_none() => Ok(choose(asked, &line, objective)),
        Some(_) => bail!("`transcript` is missing: a report needs what was said"),
        None => bail!(
            "nothing is asked: say `clause`, `at_end`, `transcript`, or an `objective` alone (see \
             `playbook eval --help`)"
        ),
    }
}

fn check(asked: &Asked, line: &Line, clause: &str) -> Result<Map<String, Value>> {
    let history = line.said_so_far();
    let (mut instance, _) = line.begin(asked, &history)?;
    let ours = history.iter().filter(|turn| turn.speaker == Speaker::Agent).count();
    let said = line.said.clone().unwrap_or_default();
    let index = u32::from(!said.is_empty());
    let clause = Clause {
        turn: u32::try_from(ours).unwrap_or(u32::MAX),
        index,
        text: clause.to_owned(),
        said,
    };
    Ok(match instance.check(&clause) {
        Ok(verdict) => verdict_json(verdict),
        // As on a call: what cannot be checked is not spoken.
        Err(breach) => members(json!({
            "verdict": "withhold",
            "rule": null,
            "reason": "the clause could not be checked",
            "breach": breach.to_string(),
        })),
    })
}

fn verdict_json(verdict: Verdict) -> Map<String, Value> {
    members(match verdict {
        Verdict::Pass => json!({ "verdict": "pass", "rule": null, "reason": null }),
        Verdict::Replace(text) => {
            json!({ "verdict": "replace", "rule": null, "reason": null, "text": text })
        }
        Verdict::Withhold(violation) => {
            json!({ "verdict": "withhold", "rule": violation.rule, "reason": violation.reason })
        }
        Verdict::HangUp(violation) => {
            json!({ "verdict": "hang_up", "rule": violation.rule, "reason": violation.reason })
        }
    })
}

fn may_end(asked: &Asked, line: &Line) -> Result<Map<String, Value>> {
    let (mut instance, _) = line.begin(asked, &line.said_so_far())?;
    let open = instance.may_end()?.err();
    Ok(members(json!({
        "may_end": open.is_none(),
        "open": open.as_ref().map(|open| &open.instruction),
        "suggestion": open.as_ref().and_then(|open| open.suggestion.as_ref()),
    })))
}

fn report(asked: &Asked, line: &Line) -> Result<Map<String, Value>> {
    let transcript = line.said_so_far();
    let (mut instance, _) = line.begin(asked, &transcript)?;
    let draft = match &line.draft {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(draft) => Some(draft.to_string()),
    };
    let report = instance.finish(&transcript, draft.as_deref())?;
    Ok(report_json(report.map_err(|why| anyhow!("the playbook gives no report: {why}"))?))
}

/// A report as the API names its parts.
pub(super) fn report_json(report: Report) -> Map<String, Value> {
    let data: Value = serde_json::from_str(&report.data).unwrap_or_default();
    let mut ungrounded = Vec::new();
    for dropped in report.ungrounded {
        let value: Value = serde_json::from_str(&dropped.value).unwrap_or_default();
        let (field, reason) = (dropped.field, dropped.reason);
        ungrounded.push(json!({ "field": field, "value": value, "reason": reason }));
    }
    let call_back = report.call_back.map(|wish| {
        let at = wish.at_ms.and_then(|ms| i64::try_from(ms).ok());
        let at = at.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        json!({ "at": at.map(|at| at.to_string()), "at_ms": wish.at_ms, "words": wish.words })
    });
    let switch_channel = report.switch_channel.map(|wish| {
        let channel = match wish.channel {
            Channel::Sms => "sms",
            Channel::Email => "email",
        };
        json!({ "channel": channel, "address": wish.address, "words": wish.words })
    });
    members(json!({
        "success": report.success,
        "summary": report.summary,
        "structured_data": data,
        "ungrounded": ungrounded,
        "notes": report.notes,
        "call_back": call_back,
        "do_not_call": report.do_not_call,
        "switch_channel": switch_channel,
    }))
}

/// As the server chooses: the highest score; ties and misses go to `platform.general`.
fn choose(asked: &Asked, line: &Line, objective: &str) -> Map<String, Value> {
    let language = line.language.as_deref().unwrap_or("en");
    let mut scored = Vec::new();
    let mut scores = Map::new();
    for playbook in &asked.scored {
        let score = playbook.score(objective, language);
        scores.insert(playbook.id().to_owned(), score.into());
        scored.push((Arc::clone(playbook), score));
    }
    let chosen = best(&scored).map(|playbook| playbook.id().to_owned());
    let general = || scores.contains_key(GENERAL).then(|| GENERAL.to_owned());
    members(json!({ "chosen": chosen.or_else(general), "scores": scores }))
}

impl Line {
    fn said_so_far(&self) -> Vec<Turn> {
        let said = self.transcript.as_ref().or(self.history.as_ref());
        turns(said.map(Vec::as_slice).unwrap_or_default())
    }

    /// An instance that knows the call so far.
    fn begin(&self, asked: &Asked, history: &[Turn]) -> Result<(Instance, Arc<Playbook>)> {
        let playbook = asked.playbook(self.playbook.as_deref())?;
        let brief = self.brief(&playbook)?;
        let instance = begun(&playbook, &brief, history).context("the playbook failed")?;
        Ok((instance, playbook))
    }

    fn brief(&self, playbook: &Playbook) -> Result<Brief> {
        let mut settings = self.settings.clone().unwrap_or_default();
        if let Some(schema) = self.schema.as_ref().filter(|schema| !schema.is_null()) {
            if !schema.is_object() {
                bail!("`schema` must be a JSON Schema of an object, or {{\"price\": \"number\"}}");
            }
            settings.insert("extraction_schema".to_owned(), schema.clone());
        }
        let zone = self.timezone.as_deref().unwrap_or("UTC");
        let mut rules = self.rules.clone().unwrap_or_default();
        rules.extend(playbook.rules().iter().cloned());
        let persona = self.persona.as_ref();
        let told = |part: fn(&PersonaOfLine) -> &Option<String>| {
            persona.and_then(|persona| part(persona).clone())
        };
        Ok(Brief {
            objective: self.objective.clone().unwrap_or_default(),
            context: self.context.clone(),
            previous_call: self.previous_call.clone(),
            persona: Persona {
                caller_name: told(|it| &it.caller_name),
                company: told(|it| &it.company),
                role: told(|it| &it.role),
                tone: told(|it| &it.tone),
            },
            rules,
            settings: settings_for(playbook, settings)?,
            language: self.language.clone().unwrap_or_else(|| "en".to_owned()),
            now_ms: now_ms(self.now.as_ref(), zone)?,
            zone: zone.to_owned(),
        })
    }
}

fn begun(playbook: &Playbook, brief: &Brief, history: &[Turn]) -> Result<Instance, Breach> {
    let mut instance = playbook.begin(brief)?;
    instance.plan()?;
    for turn in history {
        match turn.speaker {
            Speaker::Callee => drop(instance.heard(turn)?),
            Speaker::Agent => instance.spoke(turn)?,
        }
    }
    Ok(instance)
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
