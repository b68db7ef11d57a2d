//! A compiled component as something scenarios can be played against, with its fuel counted.

use std::sync::Arc;

use scenario::{CallBack, Channel, Guidance, Lines, Playable};

use crate::plugin::{self, Breach, Instance, Playbook};

/// Fuel of each question of one kind, in the order they were asked.
#[derive(Clone, Debug, Default)]
pub struct Fuel {
    pub plan: Vec<u64>,
    pub check: Vec<u64>,
    pub turn: Vec<u64>,
    pub finish: Vec<u64>,
}

/// The call in hand of a component.
pub struct Component {
    playbook: Arc<Playbook>,
    call: Option<Instance>,
    fuel: Fuel,
    memory_bytes: usize,
}

impl Component {
    pub fn new(playbook: Arc<Playbook>) -> Component {
        Component { playbook, call: None, fuel: Fuel::default(), memory_bytes: 0 }
    }

    /// Of all questions so far.
    pub fn fuel(&self) -> &Fuel {
        &self.fuel
    }

    /// The most memory a call had.
    pub fn memory_bytes(&self) -> usize {
        self.memory_bytes
    }

    /// Asks the call, and counts.
    fn ask<T>(
        &mut self,
        kind: fn(&mut Fuel) -> &mut Vec<u64>,
        question: impl FnOnce(&mut Instance) -> Result<T, Breach>,
    ) -> Result<T, String> {
        let call = self.call.as_mut().ok_or("the call has not begun")?;
        let answer = question(call).map_err(|breach| breach.to_string());
        kind(&mut self.fuel).push(call.fuel_used());
        self.memory_bytes = self.memory_bytes.max(call.memory_bytes());
        answer
    }
}

impl Playable for Component {
    fn begin(&mut self, brief: &scenario::Brief) -> Result<Lines, String> {
        // A call begins when the one before has left its place.
        self.call = None;
        let brief = brief_of(&self.playbook, brief);
        let call = self.playbook.begin(&brief).map_err(|breach| breach.to_string())?;
        self.call = Some(call);
        let plan = self.ask(|fuel| &mut fuel.plan, Instance::plan)?;
        Ok(Lines {
            instructions: plan.instructions,
            opening: plan.opening,
            voicemail: plan.voicemail,
            screening: plan.screening,
            closing: plan.closing,
        })
    }

    fn heard(&mut self, turn: &scenario::Turn) -> Result<Option<Guidance>, String> {
        let turn = turn_of(turn);
        let guidance = self.ask(|fuel| &mut fuel.turn, |call| call.heard(&turn))?;
        Ok(guidance.map(guidance_of))
    }

    fn spoke(&mut self, turn: &scenario::Turn) -> Result<(), String> {
        let turn = turn_of(turn);
        self.ask(|fuel| &mut fuel.turn, |call| call.spoke(&turn))
    }

    fn check(&mut self, clause: &scenario::Clause) -> Result<scenario::Verdict, String> {
        let clause = plugin::Clause {
            turn: clause.turn,
            index: 0,
            text: clause.text.clone(),
            said: clause.said.clone(),
        };
        let verdict = self.ask(|fuel| &mut fuel.check, |call| call.check(&clause))?;
        Ok(match verdict {
            plugin::Verdict::Pass => scenario::Verdict::Pass,
            plugin::Verdict::Replace(text) => scenario::Verdict::Replace(text),
            plugin::Verdict::Withhold(violation) => scenario::Verdict::Withhold(violation.reason),
            plugin::Verdict::HangUp(violation) => scenario::Verdict::HangUp(violation.reason),
        })
    }

    fn may_end(&mut self) -> Result<Option<Guidance>, String> {
        let answer = self.ask(|fuel| &mut fuel.turn, Instance::may_end)?;
        Ok(answer.err().map(guidance_of))
    }

    fn extraction(&mut self) -> Result<String, String> {
        Ok(self.ask(|fuel| &mut fuel.finish, Instance::extraction)?.schema)
    }

    fn finish(
        &mut self,
        transcript: &[scenario::Turn],
        draft: Option<&str>,
    ) -> Result<scenario::Report, String> {
        let turns: Vec<plugin::Turn> = transcript.iter().map(turn_of).collect();
        let report = self.ask(|fuel| &mut fuel.finish, |call| call.finish(&turns, draft))??;
        Ok(report_of(report))
    }
}

/// A playbook with settings of its own has them, and its rules after those of the scenario.
fn brief_of(playbook: &Playbook, brief: &scenario::Brief) -> plugin::Brief {
    let mut rules = brief.rules.clone();
    rules.extend(playbook.rules().iter().cloned());
    let own = brief.settings == "{}";
    plugin::Brief {
        objective: brief.objective.clone(),
        context: brief.context.clone(),
        previous_call: brief.previous_call.clone(),
        persona: plugin::Persona {
            caller_name: brief.caller.clone(),
            company: brief.company.clone(),
            role: None,
            tone: None,
        },
        rules,
        settings: if own { playbook.settings() } else { brief.settings.clone() },
        language: brief.language.clone(),
        now_ms: brief.now_ms,
        zone: brief.zone.clone(),
    }
}

fn turn_of(turn: &scenario::Turn) -> plugin::Turn {
    plugin::Turn {
        speaker: match turn.speaker {
            scenario::Speaker::Agent => plugin::Speaker::Agent,
            scenario::Speaker::Callee => plugin::Speaker::Callee,
        },
        text: turn.text.clone(),
        started_ms: turn.started_ms,
        ended_ms: turn.ended_ms,
        interrupted: false,
    }
}

fn guidance_of(guidance: plugin::Guidance) -> Guidance {
    Guidance {
        instruction: guidance.instruction,
        suggestion: guidance.suggestion,
        settled: guidance.settled,
    }
}

fn report_of(report: plugin::Report) -> scenario::Report {
    scenario::Report {
        success: report.success,
        summary: report.summary,
        data: report.data,
        ungrounded: report.ungrounded.into_iter().map(|one| one.field).collect(),
        call_back: match report.call_back.map(|wish| wish.at_ms) {
            None => CallBack::No,
            Some(None) => CallBack::InWords,
            Some(Some(at_ms)) => CallBack::At(at_ms),
        },
        do_not_call: report.do_not_call.is_some(),
        channel: report.switch_channel.map(|wish| match wish.channel {
            plugin::Channel::Sms => Channel::Sms,
            plugin::Channel::Email => Channel::Email,
        }),
    }
}
