//! Plays a written dialogue against a playbook, natively, through the trait.
//!
//! The format is that of `agenticcalling playbook test`, which plays the same files through the
//! compiled component. One line is one step: what is known before, who says what, what is expected
//! then. The playbook author's guide in short:
//!
//! ```text
//! objective: … | context: … | previous call: … | rule: … | caller: … | company: …
//! settings: {…} | now: ms | zone: … | language: tag
//! opening: words          the opening line holds these words
//! instructions: words     the system prompt holds these words
//! voicemail: words | screening: words | closing: words    so do those lines
//! them: text              the callee speaks
//! suggests: words         the suggestion holds these words; `suggests: -` if there must be none
//! instructs: words        the guidance's instruction holds these words
//! settled: yes|no         the guidance says so
//! us: text                we speak; `us: *` speaks the last suggestion, `us: opening` the opening line
//! check: text -> pass     or withhold, replace, hang-up: the verdict on a clause
//! may end: yes|no
//! draft: {…}              what the model drafts
//! data: {…}               the report's data, exactly
//! ungrounded: a, b        the dropped fields, in order; empty if none
//! summary: text           exactly
//! success: yes|no
//! do not call: yes|no | call back: ms|words|no | channel: sms|email|no
//! ```

use scenario as play;
use scenario::Playable;

use crate::{
    Brief, Channel, Clause, Guidance, Persona, Playbook, Report, Speaker, Turn, Verdict, Violation,
};

/// Runs the scenario. The error names every line that was different, with what was expected and found.
pub fn run<P: Playbook>(scenario: &str) -> Result<(), String> {
    let outcome = play::play(scenario, &mut Native::<P>(None));
    if outcome.differences.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = outcome.differences.iter().map(ToString::to_string).collect();
    Err(shown.join("\n"))
}

/// Holds a call in which both sides say anything at all, made from `seed`, and goes through every
/// function of the playbook. It is enough that nothing panics and that the data is a JSON object.
pub fn babble<P: Playbook>(seed: u64) -> Result<(), String> {
    play::babble(seed, &mut Native::<P>(None))
}

/// The call in hand.
struct Native<P>(Option<P>);

impl<P: Playbook> Native<P> {
    fn call(&mut self) -> Result<&mut P, String> {
        self.0.as_mut().ok_or_else(|| "the call has not begun".to_owned())
    }
}

impl<P: Playbook> Playable for Native<P> {
    fn begin(&mut self, brief: &play::Brief) -> Result<play::Lines, String> {
        let plan = self.0.insert(P::new(brief_of(brief))).plan();
        Ok(play::Lines {
            instructions: plan.instructions,
            opening: plan.opening,
            voicemail: plan.voicemail,
            screening: plan.screening,
            closing: plan.closing,
        })
    }

    fn heard(&mut self, turn: &play::Turn) -> Result<Option<play::Guidance>, String> {
        Ok(self.call()?.heard(turn_of(turn)).map(guidance_of))
    }

    fn spoke(&mut self, turn: &play::Turn) -> Result<(), String> {
        self.call()?.spoke(turn_of(turn));
        Ok(())
    }

    fn check(&mut self, clause: &play::Clause) -> Result<play::Verdict, String> {
        let clause = Clause {
            turn: clause.turn,
            index: 0,
            text: clause.text.clone(),
            said: clause.said.clone(),
        };
        let reason = |violation: Violation| violation.reason;
        Ok(match self.call()?.check(&clause) {
            Verdict::Pass => play::Verdict::Pass,
            Verdict::Replace(text) => play::Verdict::Replace(text),
            Verdict::Withhold(violation) => play::Verdict::Withhold(reason(violation)),
            Verdict::HangUp(violation) => play::Verdict::HangUp(reason(violation)),
        })
    }

    fn may_end(&mut self) -> Result<Option<play::Guidance>, String> {
        Ok(self.call()?.may_end().err().map(guidance_of))
    }

    fn extraction(&mut self) -> Result<String, String> {
        Ok(self.call()?.extraction().schema)
    }

    fn finish(
        &mut self,
        transcript: &[play::Turn],
        draft: Option<&str>,
    ) -> Result<play::Report, String> {
        let turns: Vec<Turn> = transcript.iter().map(turn_of).collect();
        self.call()?.finish(&turns, draft).map(report_of)
    }
}

fn brief_of(brief: &play::Brief) -> Brief {
    Brief {
        objective: brief.objective.clone(),
        context: brief.context.clone(),
        previous_call: brief.previous_call.clone(),
        persona: Persona {
            caller_name: brief.caller.clone(),
            company: brief.company.clone(),
            ..Persona::default()
        },
        rules: brief.rules.clone(),
        settings: brief.settings.clone(),
        language: brief.language.clone(),
        now_ms: brief.now_ms,
        zone: brief.zone.clone(),
    }
}

fn turn_of(turn: &play::Turn) -> Turn {
    Turn {
        speaker: match turn.speaker {
            play::Speaker::Agent => Speaker::Agent,
            play::Speaker::Callee => Speaker::Callee,
        },
        text: turn.text.clone(),
        started_ms: turn.started_ms,
        ended_ms: turn.ended_ms,
        interrupted: false,
    }
}

fn guidance_of(guidance: Guidance) -> play::Guidance {
    play::Guidance {
        instruction: guidance.instruction,
        suggestion: guidance.suggestion,
        settled: guidance.settled,
    }
}

fn report_of(report: Report) -> play::Report {
    play::Report {
        success: report.success,
        summary: report.summary,
        data: report.data,
        ungrounded: report.ungrounded.into_iter().map(|one| one.field).collect(),
        call_back: match report.call_back.map(|wish| wish.at_ms) {
            None => play::CallBack::No,
            Some(None) => play::CallBack::InWords,
            Some(Some(at_ms)) => play::CallBack::At(at_ms),
        },
        do_not_call: report.do_not_call.is_some(),
        channel: report.switch_channel.map(|wish| match wish.channel {
            Channel::Sms => play::Channel::Sms,
            Channel::Email => play::Channel::Email,
        }),
    }
}
