//! A call's playbook that never fails.
//!
//! When an instance breaches a limit, the next question goes to a new instance of the same
//! playbook into which the call so far was repeated. The same takes back a turn that was told too
//! early. After a second breach `platform.general` takes the call over, with the same brief and so
//! the same rules. A clause whose check failed is withheld, always.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Breach, BreachKind, Brief, Clause, Enforcement, ExtractionRequest, Guidance, Instance, Plan,
    Playbook, Report, RulePlan, ToolOutcome, Turn, Verdict, Violation,
};

/// Breaches after which a playbook is given up, for the call's own and for the fallback.
const PRIMARY_BREACHES_MAX: u32 = 2;
const FALLBACK_BREACHES_MAX: u32 = 8;

/// Turns and questions kept for replay; a call of two hours has far fewer. Beyond it the oldest are
/// forgotten, and a new instance remembers only the rest.
const REPLAY_MAX: usize = 20_000;

/// The verdict on a clause. `failed` says that the playbook could not decide, so that the clause
/// is withheld without it.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    pub verdict: Verdict,
    pub failed: bool,
}

/// A breach, for the call's report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreachRecord {
    /// The playbook that breached.
    pub playbook: String,
    #[serde(flatten)]
    pub breach: Breach,
}

/// What the engine holds for one call. Dropping it ends the instance.
pub struct GuardedCall {
    primary: Arc<Playbook>,
    fallback: Arc<Playbook>,
    brief: Brief,
    told: Vec<Told>,
    live: Option<Instance>,
    /// What the playbook in use planned: an instance plans once, when it begins.
    plan: Option<Plan>,
    on_fallback: bool,
    /// Of the playbook in use.
    breaches_left: u32,
    breaches: Vec<BreachRecord>,
}

/// What an instance was told or asked that it may remember.
enum Told {
    Heard(Turn),
    Spoke(Turn),
    Tool { name: String, arguments: String },
    MayEnd,
}

impl GuardedCall {
    /// `fallback` is `platform.general`. Nothing runs before the first question.
    pub fn new(primary: Arc<Playbook>, fallback: Arc<Playbook>, brief: Brief) -> Self {
        Self {
            primary,
            fallback,
            brief,
            told: Vec::new(),
            live: None,
            plan: None,
            on_fallback: false,
            breaches_left: PRIMARY_BREACHES_MAX,
            breaches: Vec::new(),
        }
    }

    /// How to hold the call. Ask again after a fallback: the plan is the new playbook's then.
    pub fn plan(&mut self) -> Plan {
        match self.revive() {
            Ok(()) => self.plan.clone().unwrap_or_else(|| plain_plan(&self.brief)),
            Err(NoneLeft) => plain_plan(&self.brief),
        }
    }

    /// A turn of the other side is complete.
    pub fn heard(&mut self, turn: &Turn) -> Option<Guidance> {
        let guidance = self.ask(|instance| instance.heard(turn));
        self.remember(Told::Heard(turn.clone()));
        guidance.flatten()
    }

    /// The turn that was heard last went on: it was never told. Only right after [`GuardedCall::heard`]
    /// and checks of clauses.
    pub fn unhear(&mut self) {
        if let Some(Told::Heard(_)) = self.told.last() {
            self.told.pop();
            self.live = None;
        }
    }

    /// A turn of ours is over.
    pub fn spoke(&mut self, turn: &Turn) {
        self.ask(|instance| instance.spoke(turn));
        self.remember(Told::Spoke(turn.clone()));
    }

    /// May this clause be spoken? Asked once: if the playbook fails, the clause is withheld.
    pub fn check(&mut self, clause: &Clause) -> Checked {
        if self.revive().is_ok()
            && let Some(instance) = &mut self.live
        {
            match instance.check(clause) {
                Ok(verdict) => return Checked { verdict, failed: false },
                Err(breach) => self.note(breach),
            }
        }
        let reason = "the clause could not be checked; say it in another way".to_owned();
        Checked { verdict: Verdict::Withhold(Violation { rule: None, reason }), failed: true }
    }

    /// The model called a tool. An error is for the model.
    pub fn tool(&mut self, name: &str, arguments: &str) -> Result<ToolOutcome, String> {
        let outcome = self.ask(|instance| instance.tool(name, arguments));
        if outcome.is_some() {
            let (name, arguments) = (name.to_owned(), arguments.to_owned());
            self.remember(Told::Tool { name, arguments });
        }
        outcome.unwrap_or_else(|| Err("the tool is not available in this call".to_owned()))
    }

    /// May the agent end the call?
    pub fn may_end(&mut self) -> Result<(), Guidance> {
        let Some(answer) = self.ask(Instance::may_end) else { return Ok(()) };
        self.remember(Told::MayEnd);
        answer
    }

    /// What the model should draft after the call.
    pub fn extraction(&mut self) -> ExtractionRequest {
        self.ask(Instance::extraction).unwrap_or_else(|| ExtractionRequest {
            schema: r#"{"type":"object"}"#.to_owned(),
            instructions: String::new(),
        })
    }

    /// What came of the call.
    pub fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Report {
        match self.ask(|instance| instance.finish(transcript, draft)) {
            Some(Ok(report)) => report,
            Some(Err(reason)) => plain_report(&format!("The playbook gave no report: {reason}")),
            None => plain_report("The playbook failed; the transcript is complete."),
        }
    }

    /// The playbook in use: the call's own, or the fallback.
    pub fn playbook(&self) -> &Arc<Playbook> {
        if self.on_fallback { &self.fallback } else { &self.primary }
    }

    /// Whether the fallback has taken over.
    pub fn fell_back(&self) -> bool {
        self.on_fallback
    }

    /// All breaches so far, in order.
    pub fn breaches(&self) -> &[BreachRecord] {
        &self.breaches
    }

    /// Asks until an instance answers; `None` if none is left that could.
    fn ask<T>(&mut self, question: impl Fn(&mut Instance) -> Result<T, Breach>) -> Option<T> {
        loop {
            self.revive().ok()?;
            match question(self.live.as_mut()?) {
                Ok(answer) => return Some(answer),
                Err(breach) => self.note(breach),
            }
        }
    }

    /// Makes sure of a live instance that knows the call so far.
    fn revive(&mut self) -> Result<(), NoneLeft> {
        while self.live.is_none() {
            if self.breaches_left == 0 {
                if self.on_fallback {
                    return Err(NoneLeft);
                }
                self.on_fallback = true;
                self.breaches_left = FALLBACK_BREACHES_MAX;
            }
            match self.replay() {
                Ok((instance, plan)) => {
                    self.live = Some(instance);
                    self.plan = Some(plan);
                }
                Err(breach) => {
                    let full = breach.kind == BreachKind::Capacity;
                    self.note(breach);
                    if full {
                        return Err(NoneLeft);
                    }
                }
            }
        }
        Ok(())
    }

    /// A new instance, told everything the last one was told.
    fn replay(&self) -> Result<(Instance, Plan), Breach> {
        let mut instance = self.playbook().begin(&self.brief)?;
        let plan = instance.plan()?;
        for told in &self.told {
            match told {
                Told::Heard(turn) => drop(instance.heard(turn)?),
                Told::Spoke(turn) => instance.spoke(turn)?,
                Told::Tool { name, arguments } => drop(instance.tool(name, arguments)?),
                Told::MayEnd => drop(instance.may_end()?),
            }
        }
        Ok((instance, plan))
    }

    fn remember(&mut self, told: Told) {
        if self.told.len() == REPLAY_MAX {
            self.told.remove(0);
        }
        self.told.push(told);
    }

    /// Ends the instance. A full server is no breach of the playbook's.
    fn note(&mut self, breach: Breach) {
        self.live = None;
        let playbook = self.playbook().id().to_owned();
        tracing::warn!(playbook, %breach, "a playbook's instance ended");
        if breach.kind == BreachKind::Capacity {
            return;
        }
        self.breaches_left = self.breaches_left.saturating_sub(1);
        self.breaches.push(BreachRecord { playbook, breach });
    }
}

/// No instance can be had: every playbook was given up, or the server is full.
struct NoneLeft;

/// For a call without any working playbook: polite, and nothing is enforced but by asking. Every
/// clause of such a call is withheld by `check`, so it says its lines and ends.
fn plain_plan(brief: &Brief) -> Plan {
    let mut rules = Vec::with_capacity(brief.rules.len());
    for (index, rule) in brief.rules.iter().enumerate() {
        rules.push(RulePlan {
            rule: u32::try_from(index).unwrap_or(u32::MAX),
            enforcement: Enforcement::Prompt,
            reading: format!("asked of the model: {rule}"),
        });
    }
    let apology = "I am sorry, there is a technical problem on our side. Goodbye.";
    Plan {
        instructions: "Apologise for a technical problem and end the call.".to_owned(),
        opening: apology.to_owned(),
        voicemail: apology.to_owned(),
        screening: apology.to_owned(),
        closing: apology.to_owned(),
        tools: Vec::new(),
        rules,
        notes: vec!["no playbook could plan this call".to_owned()],
    }
}

fn plain_report(summary: &str) -> Report {
    Report {
        success: false,
        summary: summary.to_owned(),
        data: "{}".to_owned(),
        ungrounded: Vec::new(),
        call_back: None,
        do_not_call: None,
        switch_channel: None,
        notes: Vec::new(),
    }
}
