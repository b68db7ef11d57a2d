//! The steps after a refusal, each taken once and in order.

use crate::case::Resolution;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rung {
    /// Something else that the customer would accept.
    Alternative(Resolution),
    Supervisor,
    /// The complaint is registered and has a reference number.
    Register,
    Writing,
}

impl Rung {
    pub(crate) fn instruction(self) -> &'static str {
        match self {
            Rung::Alternative(_) => "They refuse. Ask for what the customer would also accept.",
            Rung::Supervisor => "They refuse. Ask for a supervisor or manager, politely.",
            Rung::Register => "Ask them to register the complaint and for its reference number.",
            Rung::Writing => {
                "Say that the complaint will also come in writing and ask for the address."
            }
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Escalation {
    /// How many of the customer's alternatives have been asked for.
    alternatives: usize,
    supervisor: bool,
    registered: bool,
    written: bool,
    current: Option<Rung>,
}

impl Escalation {
    /// The next step, if there is one. `wanted` begins with what has been refused already; with a
    /// `known` reference number none is asked for.
    pub(crate) fn climb(&mut self, wanted: &[Resolution], known: bool) -> Option<Rung> {
        let next = self.next(wanted, known);
        self.current = next.or(self.current);
        if let Some(rung) = next {
            self.reached(rung);
        }
        next
    }

    fn next(&mut self, wanted: &[Resolution], known: bool) -> Option<Rung> {
        if let Some(other) = wanted.get(self.alternatives + 1).filter(|_| !self.supervisor) {
            self.alternatives += 1;
            return Some(Rung::Alternative(*other));
        }
        if !self.supervisor {
            return Some(Rung::Supervisor);
        }
        if !self.registered && !known {
            return Some(Rung::Register);
        }
        (!self.written).then_some(Rung::Writing)
    }

    pub(crate) fn reached(&mut self, rung: Rung) {
        match rung {
            Rung::Alternative(_) => {}
            Rung::Supervisor => self.supervisor = true,
            Rung::Register => self.registered = true,
            Rung::Writing => self.written = true,
        }
    }

    /// What was asked for last.
    pub(crate) fn current(&self) -> Option<Rung> {
        self.current
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.current.is_some()
    }

    /// The next person may say yes to the resolution itself.
    pub(crate) fn begin_again(&mut self) {
        self.current = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rungs(wanted: &[Resolution], known: bool) -> Vec<Rung> {
        let mut escalation = Escalation::default();
        let mut taken = Vec::new();
        while let Some(rung) = escalation.climb(wanted, known) {
            taken.push(rung);
        }
        taken
    }

    #[test]
    fn every_step_is_taken_once() {
        use Resolution::{Refund, Replacement};
        assert_eq!(rungs(&[Refund], false), [Rung::Supervisor, Rung::Register, Rung::Writing]);
        assert_eq!(rungs(&[], true), [Rung::Supervisor, Rung::Writing]);
        assert_eq!(
            rungs(&[Refund, Replacement], false),
            [Rung::Alternative(Replacement), Rung::Supervisor, Rung::Register, Rung::Writing]
        );
    }
}
