//! `playbook talk`: a conversation with a playbook in the terminal.

use std::io::{self, BufRead, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use sandbox::callee::Typed;
use sandbox::scenario::{Scenario, Scenarios};
use serde_json::{Value, json};

use super::brief::BriefArguments;
use super::eval::report_json;
use super::shelf::{PlaybookFolder, Shelf};
use crate::plugin::{
    Brief, Clause, Enforcement, Guidance, Instance, Plan, Playbook, Speaker, Turn, Verdict,
};

/// A scripted callee that is answered so often goes in circles.
const TURNS_MAX: usize = 60;
const TURN_EVERY_MS: u64 = 4_000;
const TURN_MS: u64 = 3_000;
const HELP: &str = "\
    what you type     the callee says it
    /say TEXT         the agent says it, after `check`, in place of the suggestion
    /check TEXT       the verdict on a clause; nothing is said
    /end              end the call and see the report
    /help             this list";

/// Hold a conversation with a playbook.
///
/// You type what the callee says, one turn a line; you see the playbook's guidance, and its suggestion is
/// spoken as the agent's turn, clause by clause after `check`, as in a call. In a real call a language
/// model speaks in its own words, with the guidance before it. Commands:
///
///   /say TEXT     the agent says this instead, after `check`
///   /check TEXT   the verdict on a clause; nothing is said
///   /end          end the call and see the report
///
/// With --scenario a scripted callee of the sandbox answers instead of you (`agenticcalling demo
/// --scenario list` shows them). Standard input may be a pipe.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct TalkTo {
    /// A component file, the folder of a playbook's crate (which is built first), or an id.
    #[arg(value_name = "FILE|DIR|ID")]
    playbook: String,
    /// Let this scripted callee answer; objective, context and rules are its own unless given.
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Print one JSON document at the end, and nothing before.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    brief: BriefArguments,
    #[command(flatten)]
    folder: PlaybookFolder,
}

impl TalkTo {
    pub(super) fn run(mut self) -> Result<ExitCode> {
        let shelf = Shelf::open(&self.folder)?;
        let playbook = shelf.find(&self.playbook)?;
        let scenario = self.scenario.as_deref().map(scenario).transpose()?;
        if let Some(scenario) = &scenario {
            self.take_demo(scenario);
        }
        let brief = self.brief.brief(&playbook)?;
        let mut talk = Talk::begin(&playbook, &brief, self.json)?;
        match &scenario {
            Some(scenario) => talk.with_callee(scenario)?,
            None => talk.with_lines(io::stdin().lock())?,
        }
        talk.end()?;
        Ok(ExitCode::SUCCESS)
    }

    fn take_demo(&mut self, scenario: &Scenario) {
        let demo = &scenario.demo;
        let brief = &mut self.brief;
        if brief.objective.is_none() && !demo.objective.is_empty() {
            brief.objective = Some(demo.objective.clone());
        }
        if brief.context.is_none() && !demo.context.is_empty() {
            brief.context = Some(demo.context.clone());
        }
        if brief.rules.is_empty() {
            brief.rules.clone_from(&demo.rules);
        }
    }
}

fn scenario(name: &str) -> Result<Arc<Scenario>> {
    let scenarios = Scenarios::load(None)?;
    let Some(scenario) = scenarios.named(name) else {
        let names: Vec<&str> = scenarios.all().iter().map(|one| one.name.as_str()).collect();
        bail!("there is no scenario {name:?}: choose one of {}", names.join(", "));
    };
    Ok(Arc::clone(scenario))
}

struct Talk {
    call: Instance,
    plan: Plan,
    rules: Vec<String>,
    guidance: Option<Guidance>,
    transcript: Vec<Turn>,
    /// Every clause and its verdict.
    checks: Vec<Value>,
    agent_turns: u32,
    quiet: bool,
}

impl Talk {
    fn begin(playbook: &Playbook, brief: &Brief, quiet: bool) -> Result<Talk> {
        let mut call = playbook.begin(brief).context("the playbook cannot begin the call")?;
        let plan = call.plan().context("the playbook cannot plan the call")?;
        let talk = Talk {
            call,
            plan,
            rules: brief.rules.clone(),
            guidance: None,
            transcript: Vec::new(),
            checks: Vec::new(),
            agent_turns: 0,
            quiet,
        };
        talk.show(&format!("playbook  {} {}", playbook.id(), playbook.version()));
        talk.show(&format!("objective {}", brief.objective));
        for planned in &talk.plan.rules {
            let rule = brief.rules.get(planned.rule as usize).map_or("", String::as_str);
            let enforcement = match planned.enforcement {
                Enforcement::Deterministic => "deterministic",
                Enforcement::Model => "model",
                Enforcement::Prompt => "prompt",
            };
            talk.show(&format!(
                "rule {}    {rule} ({enforcement}: {})",
                planned.rule, planned.reading
            ));
        }
        talk.show("");
        Ok(talk)
    }

    /// A person, or a pipe.
    fn with_lines(&mut self, input: impl BufRead) -> Result<()> {
        let interactive = io::stdin().is_terminal() && !self.quiet;
        if interactive {
            self.show("You are the callee. /help lists the commands, /end ends the call.\n");
        }
        let opening = self.plan.opening.clone();
        self.agent(&opening)?;
        let prompt = || {
            if interactive {
                print!("  callee: ");
                // A prompt that does not show is no reason to stop.
                let _ = io::stdout().flush();
            }
        };
        prompt();
        for line in input.lines() {
            let line = line.context("cannot read what you typed")?;
            let line = line.trim();
            let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
            match command {
                "" => {}
                "/end" => return Ok(()),
                "/help" => self.show(HELP),
                "/check" => self.check_alone(rest.trim())?,
                "/say" => self.agent(rest.trim())?,
                _ if command.starts_with('/') => {
                    self.show(&format!("    there is no command {command}:\n{HELP}"));
                }
                _ => {
                    if !interactive {
                        self.show(&format!("  callee: {line}"));
                    }
                    self.callee(line)?;
                    self.speak_suggestion()?;
                }
            }
            prompt();
        }
        Ok(())
    }

    fn with_callee(&mut self, scenario: &Arc<Scenario>) -> Result<()> {
        let Some(mut callee) = Typed::new(scenario) else {
            bail!("nobody talks in the scenario {}: {}", scenario.name, scenario.description);
        };
        let greeting = callee.greeting().to_owned();
        if !greeting.is_empty() {
            self.show(&format!("  callee: {greeting}"));
            self.callee(&greeting)?;
        }
        let opening = self.plan.opening.clone();
        self.agent(&opening)?;
        for _ in 0..TURNS_MAX {
            let said = self.last_of_ours();
            let answer = callee.hear(&said);
            if !answer.text.is_empty() {
                self.show(&format!("  callee: {}", answer.text));
                self.callee(&answer.text)?;
            }
            if answer.hangs_up {
                self.show("    the callee hangs up");
                return Ok(());
            }
            if !self.speak_suggestion()? {
                self.show("    there is no suggestion: here a model would speak in its own words");
                return Ok(());
            }
            let settled = self.guidance.as_ref().is_some_and(|guidance| guidance.settled);
            if settled && self.call.may_end()?.is_ok() {
                self.show("    the agent hangs up");
                return Ok(());
            }
        }
        self.show(&format!("    the conversation did not end within {TURNS_MAX} turns"));
        Ok(())
    }

    /// What we said since the callee spoke.
    fn last_of_ours(&self) -> String {
        match self.transcript.last() {
            Some(turn) if turn.speaker == Speaker::Agent => turn.text.clone(),
            _ => String::new(),
        }
    }

    fn callee(&mut self, text: &str) -> Result<()> {
        let turn = self.turn(Speaker::Callee, text);
        self.guidance = self.call.heard(&turn)?;
        let Some(guidance) = &self.guidance else { return Ok(()) };
        self.show(&format!("    guidance: {}", guidance.instruction));
        if guidance.settled {
            self.show("    the objective is settled");
        }
        for note in &guidance.notes {
            self.show(&format!("    note: {note}"));
        }
        Ok(())
    }

    /// False if there is none.
    fn speak_suggestion(&mut self) -> Result<bool> {
        let suggestion = self.guidance.as_ref().and_then(|guidance| guidance.suggestion.clone());
        let Some(suggestion) = suggestion else { return Ok(false) };
        self.agent(&suggestion)?;
        Ok(true)
    }

    /// Speaks as much of it as passes: the first clause that is withheld ends the turn.
    fn agent(&mut self, text: &str) -> Result<()> {
        let mut clauses = turn::Clauses::new();
        let mut pieces = clauses.push(text);
        pieces.extend(clauses.finish());
        let mut said = String::new();
        for (index, piece) in (0..).zip(pieces) {
            let clause = Clause { turn: self.agent_turns, index, text: piece, said: said.clone() };
            let Some(spoken) = self.checked(&clause)? else { break };
            if !said.is_empty() {
                said.push(' ');
            }
            said.push_str(&spoken);
        }
        self.agent_turns += 1;
        if said.is_empty() {
            return Ok(());
        }
        self.show(&format!("   agent: {said}"));
        let turn = self.turn(Speaker::Agent, &said);
        self.call.spoke(&turn)?;
        Ok(())
    }

    /// What may be spoken of a clause.
    fn checked(&mut self, clause: &Clause) -> Result<Option<String>> {
        let verdict = self.call.check(clause)?;
        self.note(clause, &verdict);
        Ok(match verdict {
            Verdict::Pass => Some(clause.text.clone()),
            Verdict::Replace(text) => {
                self.show(&format!("    replaced: \"{}\"", clause.text));
                Some(text)
            }
            Verdict::Withhold(violation) | Verdict::HangUp(violation) => {
                self.show(&format!("    withheld: \"{}\"", clause.text));
                self.show(&format!(
                    "    because:  {}{}",
                    self.rule(violation.rule),
                    violation.reason
                ));
                None
            }
        })
    }

    fn check_alone(&mut self, text: &str) -> Result<()> {
        let clause =
            Clause { turn: self.agent_turns, index: 0, text: text.to_owned(), said: String::new() };
        let verdict = self.call.check(&clause)?;
        self.note(&clause, &verdict);
        self.show(&match verdict {
            Verdict::Pass => "    pass".to_owned(),
            Verdict::Replace(text) => format!("    replace: \"{text}\""),
            Verdict::Withhold(violation) => {
                format!("    withhold: {}{}", self.rule(violation.rule), violation.reason)
            }
            Verdict::HangUp(violation) => {
                format!("    hang up: {}{}", self.rule(violation.rule), violation.reason)
            }
        });
        Ok(())
    }

    fn rule(&self, index: Option<u32>) -> String {
        let rule = index.and_then(|index| self.rules.get(index as usize));
        rule.map_or_else(String::new, |rule| format!("rule \"{rule}\": "))
    }

    fn note(&mut self, clause: &Clause, verdict: &Verdict) {
        let (name, violation) = match verdict {
            Verdict::Pass => ("pass", None),
            Verdict::Replace(_) => ("replace", None),
            Verdict::Withhold(violation) => ("withhold", Some(violation)),
            Verdict::HangUp(violation) => ("hang_up", Some(violation)),
        };
        self.checks.push(json!({
            "text": clause.text,
            "said": clause.said,
            "verdict": name,
            "rule": violation.and_then(|violation| violation.rule),
            "reason": violation.map(|violation| &violation.reason),
        }));
    }

    fn turn(&mut self, speaker: Speaker, text: &str) -> Turn {
        let started_ms = self.transcript.len() as u64 * TURN_EVERY_MS;
        let turn = Turn {
            speaker,
            text: text.to_owned(),
            started_ms,
            ended_ms: started_ms + TURN_MS,
            interrupted: false,
        };
        self.transcript.push(turn.clone());
        turn
    }

    /// The report, from the transcript alone: no model drafts here.
    fn end(&mut self) -> Result<()> {
        let open = self.call.may_end()?.err();
        let report = self.call.finish(&self.transcript, None)?;
        let report =
            report.map_err(|why| anyhow::anyhow!("the playbook gives no report: {why}"))?;
        let report = Value::Object(report_json(report));
        if self.quiet {
            let transcript: Vec<Value> = self.transcript.iter().map(turn_json).collect();
            let open = open.map(|open| open.instruction);
            let checks = std::mem::take(&mut self.checks);
            let told = json!({ "transcript": transcript, "checks": checks, "open": open, "report": report });
            println!("{told:#}");
            return Ok(());
        }
        println!();
        if let Some(open) = open {
            println!("open      {}", open.instruction);
        }
        println!("success   {}", report["success"]);
        println!("summary   {}", report["summary"].as_str().unwrap_or_default());
        println!("data      {:#}", report["structured_data"]);
        for name in ["ungrounded", "notes"] {
            for one in report[name].as_array().into_iter().flatten() {
                println!(
                    "{name:<9} {}",
                    one.as_str().map_or_else(|| one.to_string(), str::to_owned)
                );
            }
        }
        for name in ["call_back", "do_not_call", "switch_channel"] {
            if !report[name].is_null() {
                println!("{:<9} {}", name.replace('_', " "), report[name]);
            }
        }
        Ok(())
    }

    fn show(&self, text: &str) {
        if !self.quiet {
            println!("{text}");
        }
    }
}

pub(super) fn turn_json(turn: &Turn) -> Value {
    let speaker = match turn.speaker {
        Speaker::Agent => "agent",
        Speaker::Callee => "human",
    };
    json!({ "speaker": speaker, "text": turn.text })
}
