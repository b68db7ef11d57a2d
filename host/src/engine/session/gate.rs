//! No clause is spoken unless the playbook lets it pass. What it withheld is kept for the report.

use crate::plugin::{Clause, Enforcement, GuardedCall, Plan, Verdict};
use crate::store::{RuleCheck, Withheld};

/// Withheld clauses that are kept word for word; later ones are only counted.
const WITHHELD_KEPT_MAX: usize = 200;

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

impl Gate {
    pub(super) fn new(rules: &[String], plan: &Plan) -> Self {
        let check = |(index, rule): (usize, &String)| {
            let planned = plan.rules.iter().find(|planned| planned.rule as usize == index);
            let enforcement = match planned.map(|planned| planned.enforcement) {
                Some(Enforcement::Deterministic) => "deterministic",
                Some(Enforcement::Model) => "model",
                Some(Enforcement::Prompt) | None => "prompt",
            };
            RuleCheck {
                rule: rule.clone(),
                enforcement: enforcement.to_owned(),
                reading: planned.map(|planned| planned.reading.clone()).unwrap_or_default(),
                clauses_checked: 0,
                clauses_withheld: 0,
            }
        };
        Gate { checks: rules.iter().enumerate().map(check).collect(), withheld: Vec::new() }
    }

    pub(super) fn decide(
        &mut self,
        guest: &mut GuardedCall,
        clause: Clause,
        at_ms: u64,
    ) -> Decision {
        for check in self.checks.iter_mut().filter(|check| check.enforcement == "deterministic") {
            check.clauses_checked += 1;
        }
        let text = clause.text.clone();
        match guest.check(&clause).verdict {
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
