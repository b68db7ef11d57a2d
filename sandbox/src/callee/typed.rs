//! A scripted callee by text alone: no audio, no time. For trying a playbook in a terminal.

use std::sync::Arc;

use super::script::{Cue, Script};
use crate::scenario::{Kind, Scenario, Then};

/// Longer than any silence a scenario waits for.
const SILENCE_MS: u64 = 120_000;

pub struct Typed {
    scenario: Arc<Scenario>,
    script: Script,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedAnswer {
    /// May be empty.
    pub text: String,
    pub hangs_up: bool,
}

impl Typed {
    /// `None` where nobody answers, or only a machine.
    pub fn new(scenario: &Arc<Scenario>) -> Option<Typed> {
        let talks = scenario.kind == Kind::Talk;
        let script = Script::new(Arc::clone(scenario));
        talks.then(|| Typed { scenario: Arc::clone(scenario), script })
    }

    /// What it says when it answers; may be empty.
    pub fn greeting(&self) -> &str {
        &self.scenario.greeting
    }

    /// The answer to what the caller said; to silence, if that was nothing.
    pub fn hear(&mut self, said: &str) -> TypedAnswer {
        let cue = match said.trim() {
            "" => Cue::SilentForMs(SILENCE_MS),
            said => Cue::Heard(Some(said.to_owned())),
        };
        let answer = self.script.answer(&cue);
        let answer = answer.or_else(|| self.script.answer(&Cue::SilentForMs(SILENCE_MS)));
        let Some(answer) = answer else {
            return TypedAnswer { text: String::new(), hangs_up: false };
        };
        let hangs_up = matches!(answer.then, Then::HangUp | Then::HangUpMidSentence);
        TypedAnswer { text: answer.lines.join(" "), hangs_up }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenarios;

    #[test]
    fn a_callee_answers_by_text() {
        let scenarios = Scenarios::load(None).unwrap();
        let mut shop = Typed::new(scenarios.named("shop").unwrap()).unwrap();
        assert!(!shop.greeting().is_empty());
        let answer = shop.hear("When do you close today?");
        assert_eq!(answer.text, "We close at nine p.m. today.");
        assert_eq!(shop.hear("").text, "Hello? Are you still there?");
        assert!(shop.hear("Thanks, goodbye.").hangs_up);
        assert!(Typed::new(scenarios.named("busy").unwrap()).is_none());
    }
}
