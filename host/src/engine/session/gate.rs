//! No clause is spoken unless the playbook lets it pass. What it withheld is kept for the report.

use std::time::Instant;

use super::Judged;
use crate::plugin::{Checked, Clause, Enforcement, GuardedCall, Plan, Verdict};
use crate::store::{RuleCheck, Withheld};
use crate::telemetry::metrics;

/// Withheld clauses that are kept word for word; later ones are only counted.
const WITHHELD_KEPT_MAX: usize = 200;

/// How firmly a rule holds, in the API's words.
const DETERMINISTIC: &str = "deterministic";
const MODEL: &str = "model";
const PROMPT: &str = "prompt";

pub(super) struct Gate {
    checks: Vec<RuleCheck>,
    withheld: Vec<Withheld>,
}

/// What may be said instead of a clause.
pub(super) enum Decision {
    Say(String),
    /// Nothing; the model is told the reason.
    Withheld(String),
    /// Nothing, and the call ends.
    End,
}

/// How each rule will be enforced, as the playbook plans it: a rule for a second model is asked of the
/// first where there is no second.
pub(crate) fn rule_checks(rules: &[String], plan: &Plan, judged: bool) -> Vec<RuleCheck> {
    let check = |(index, rule): (usize, &String)| {
        let planned = plan.rules.iter().find(|planned| planned.rule as usize == index);
        let enforcement = match planned.map(|planned| planned.enforcement) {
            Some(Enforcement::Deterministic) => DETERMINISTIC,
            Some(Enforcement::Model) if judged => MODEL,
            Some(Enforcement::Model | Enforcement::Prompt) | None => PROMPT,
        };
        RuleCheck {
            rule: rule.clone(),
            enforcement: enforcement.to_owned(),
            reading: planned.map(|planned| planned.reading.clone()).unwrap_or_default(),
            clauses_checked: 0,
            clauses_withheld: 0,
        }
    };
    rules.iter().enumerate().map(check).collect()
}

fn word(checked: &Checked) -> &'static str {
    match &checked.verdict {
        _ if checked.failed => "failed",
        Verdict::Pass => "pass",
        Verdict::Withhold(_) => "withhold",
        Verdict::Replace(_) => "replace",
        Verdict::HangUp(_) => "hang_up",
    }
}

impl Gate {
    pub(super) fn new(rules: &[String], plan: &Plan, judged: bool) -> Self {
        Gate { checks: rule_checks(rules, plan, judged), withheld: Vec::new() }
    }

    /// What the playbook says of a clause.
    pub(super) fn decide(
        &mut self,
        guest: &mut GuardedCall,
        clause: Clause,
        at_ms: u64,
    ) -> Decision {
        self.count(DETERMINISTIC);
        let text = clause.text.clone();
        // The one look at a clock here: it is for a dashboard and decides nothing.
        let began = Instant::now();
        let checked = guest.check(&clause);
        metrics::check(word(&checked), began.elapsed());
        match checked.verdict {
            Verdict::Pass => Decision::Say(text),
            Verdict::Replace(instead) => Decision::Say(instead),
            Verdict::Withhold(violation) => {
                self.note(text, violation.rule, &violation.reason, at_ms);
                Decision::Withheld(violation.reason)
            }
            Verdict::HangUp(violation) => {
                self.note(text, violation.rule, &violation.reason, at_ms);
                Decision::End
            }
        }
    }

    /// The rules that a second model judges, with their places in the call's list.
    pub(super) fn judged(&self) -> Vec<(u32, String)> {
        let judged = |(_, check): &(u32, &RuleCheck)| check.enforcement == MODEL;
        let rules = (0..).zip(&self.checks).filter(judged);
        rules.map(|(index, check)| (index, check.rule.clone())).collect()
    }

    /// What the second model says of a clause that the playbook let pass.
    pub(super) fn decide_judged(&mut self, text: String, judged: Judged, at_ms: u64) -> Decision {
        self.count(MODEL);
        let (rule, reason) = match judged {
            Judged::Keeps => return Decision::Say(text),
            Judged::Breaks { rule, reason } => (Some(rule), reason),
            Judged::Unknown => (None, "it could not be judged in time".to_owned()),
        };
        self.note(text, rule, &reason, at_ms);
        Decision::Withheld(reason)
    }

    fn count(&mut self, enforcement: &str) {
        for check in self.checks.iter_mut().filter(|check| check.enforcement == enforcement) {
            check.clauses_checked += 1;
        }
    }

    pub(super) fn finish(self) -> (Vec<Withheld>, Vec<RuleCheck>) {
        (self.withheld, self.checks)
    }

    fn note(&mut self, text: String, rule: Option<u32>, reason: &str, at_ms: u64) {
        let check = rule.and_then(|rule| self.checks.get_mut(rule as usize));
        let rule = check.map(|check| {
            check.clauses_withheld += 1;
            check.rule.clone()
        });
        if self.withheld.len() < WITHHELD_KEPT_MAX {
            self.withheld.push(Withheld { text, rule, reason: reason.to_owned(), at_ms });
        }
    }
}
