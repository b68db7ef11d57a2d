//! Plays a scenario to its end, whatever is different on the way.

use serde_json::Value;

use crate::difference::{equal, holds, same_data};
use crate::script::{Expectation, Script, Take, Words};
use crate::{
    CallBack, Channel, Clause, Difference, Guidance, Lines, Playable, Problem, Report, Speaker,
    Turn,
};

/// Between the beginnings of two turns, and the length of each.
const TURN_EVERY_MS: u64 = 4_000;
const TURN_MS: u64 = 3_000;

/// What came of playing a scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Expectations that were looked at.
    pub expectations: usize,
    /// In the order of the lines; empty if all went as written.
    pub differences: Vec<Difference>,
}

/// Plays the scenario against a fresh call of `playable`.
pub fn play(scenario: &str, playable: &mut impl Playable) -> Outcome {
    let script = match Script::read(scenario) {
        Ok(script) => script,
        Err(differences) => return Outcome { expectations: 0, differences },
    };
    let mut outcome = Outcome::default();
    let lines = match playable.begin(&script.brief) {
        Ok(lines) => lines,
        Err(why) => {
            let problem = Problem::Cannot(format!("the call does not begin: {why}"));
            outcome.differences.push(Difference { line: 0, step: String::new(), problem });
            return outcome;
        }
    };
    let mut stage = Stage {
        playable,
        lines,
        guidance: None,
        transcript: Vec::new(),
        draft: None,
        report: None,
    };
    for step in &script.steps {
        outcome.expectations += usize::from(matches!(step.take, Take::Expect(_)));
        let Err(stop) = stage.take(&step.take) else { continue };
        let (problem, ended) = match stop {
            Stop::Different(problem) => (problem, false),
            Stop::Ended(why) => (Problem::Cannot(why), true),
        };
        outcome.differences.push(Difference { line: step.line, step: step.text.clone(), problem });
        if ended {
            break;
        }
    }
    outcome
}

/// Why a step did not go as written.
enum Stop {
    /// The rest can still be played.
    Different(Problem),
    /// The playbook no longer answers.
    Ended(String),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Stop::Different(problem)
    }
}

struct Stage<'a, P> {
    playable: &'a mut P,
    lines: Lines,
    guidance: Option<Guidance>,
    transcript: Vec<Turn>,
    draft: Option<String>,
    report: Option<Report>,
}

impl<P: Playable> Stage<'_, P> {
    fn take(&mut self, take: &Take) -> Result<(), Stop> {
        match take {
            Take::Them(text) => {
                let turn = self.turn(Speaker::Callee, text);
                self.guidance = self.playable.heard(&turn).map_err(Stop::Ended)?;
            }
            Take::Us(words) => {
                let text = self.words(words)?;
                let turn = self.turn(Speaker::Agent, &text);
                self.playable.spoke(&turn).map_err(Stop::Ended)?;
            }
            Take::Draft(draft) => self.draft = Some(draft.clone()),
            Take::Expect(expectation) => self.expect(expectation)?,
        }
        Ok(())
    }

    fn words(&self, words: &Words) -> Result<String, Problem> {
        match words {
            Words::Opening => Ok(self.lines.opening.clone()),
            Words::These(text) => Ok(text.clone()),
            Words::Suggestion => {
                let suggestion = self.guidance.as_ref().and_then(|one| one.suggestion.clone());
                suggestion
                    .ok_or_else(|| Problem::Cannot("there is no suggestion to speak".to_owned()))
            }
        }
    }

    fn turn(&mut self, speaker: Speaker, text: &str) -> Turn {
        let started_ms = self.transcript.len() as u64 * TURN_EVERY_MS;
        let turn =
            Turn { speaker, text: text.to_owned(), started_ms, ended_ms: started_ms + TURN_MS };
        self.transcript.push(turn.clone());
        turn
    }

    fn expect(&mut self, expectation: &Expectation) -> Result<(), Stop> {
        match expectation {
            Expectation::Opening(words) => holds(&self.lines.opening, words)?,
            Expectation::Instructions(words) => holds(&self.lines.instructions, words)?,
            Expectation::Voicemail(words) => holds(&self.lines.voicemail, words)?,
            Expectation::Screening(words) => holds(&self.lines.screening, words)?,
            Expectation::Closing(words) => holds(&self.lines.closing, words)?,
            Expectation::Suggests(words) => self.suggests(words.as_deref())?,
            Expectation::Instructs(words) => {
                holds(self.guidance.as_ref().map_or("", |one| &one.instruction), words)?;
            }
            Expectation::Settled(wanted) => {
                let settled = self.guidance.as_ref().is_some_and(|one| one.settled);
                equal(yes_or_no(settled), yes_or_no(*wanted))?;
            }
            Expectation::Check { clause, verdict } => self.check(clause, verdict)?,
            Expectation::MayEnd(wanted) => self.may_end(*wanted)?,
            Expectation::Data(wanted) => {
                let data: Value = serde_json::from_str(&self.report()?.data)
                    .map_err(|error| Problem::Cannot(format!("the data is no JSON: {error}")))?;
                same_data(&data, wanted)?;
            }
            Expectation::Ungrounded(names) => {
                equal(&self.report()?.ungrounded.join(", "), names)?;
            }
            Expectation::Summary(text) => equal(&self.report()?.summary, text)?,
            Expectation::Success(wanted) => {
                equal(yes_or_no(self.report()?.success), yes_or_no(*wanted))?;
            }
            Expectation::DoNotCall(wanted) => {
                equal(yes_or_no(self.report()?.do_not_call), yes_or_no(*wanted))?;
            }
            Expectation::CallBack(wanted) => {
                let told = match self.report()?.call_back {
                    CallBack::No => "no".to_owned(),
                    CallBack::InWords => "words".to_owned(),
                    CallBack::At(at) => at.to_string(),
                };
                equal(&told, wanted)?;
            }
            Expectation::Channel(wanted) => {
                let told = match self.report()?.channel {
                    None => "no",
                    Some(Channel::Sms) => "sms",
                    Some(Channel::Email) => "email",
                };
                equal(told, wanted)?;
            }
        }
        Ok(())
    }

    fn suggests(&self, words: Option<&str>) -> Result<(), Problem> {
        let suggestion = self.guidance.as_ref().and_then(|one| one.suggestion.as_deref());
        match (suggestion, words) {
            (None, None) => Ok(()),
            (Some(suggestion), Some(words)) => holds(suggestion, words),
            (Some(suggestion), None) => {
                Err(Problem::differs("no suggestion", format!("`{suggestion}`")))
            }
            (None, Some(words)) => {
                Err(Problem::differs(format!("a text with `{words}`"), "no suggestion"))
            }
        }
    }

    fn check(&mut self, clause: &str, wanted: &str) -> Result<(), Stop> {
        let turn = u32::try_from(self.transcript.len()).unwrap_or(u32::MAX);
        let clause = Clause { turn, text: clause.to_owned(), said: String::new() };
        let verdict = self.playable.check(&clause).map_err(Stop::Ended)?;
        if verdict.name() == wanted {
            return Ok(());
        }
        let why = match &verdict {
            crate::Verdict::Pass => String::new(),
            crate::Verdict::Replace(text) => format!(" with `{text}`"),
            crate::Verdict::Withhold(reason) | crate::Verdict::HangUp(reason) => {
                format!(", because: {reason}")
            }
        };
        Err(Problem::differs(wanted, format!("{}{why}", verdict.name())).into())
    }

    fn may_end(&mut self, wanted: bool) -> Result<(), Stop> {
        let open = self.playable.may_end().map_err(Stop::Ended)?;
        match open {
            None if wanted => Ok(()),
            Some(_) if !wanted => Ok(()),
            None => Err(Problem::differs("no", "yes").into()),
            Some(open) => {
                let found = format!("no, first: {}", open.instruction);
                Err(Problem::differs("yes", found).into())
            }
        }
    }

    fn report(&mut self) -> Result<&Report, Stop> {
        if self.report.is_none() {
            let report = self.playable.finish(&self.transcript, self.draft.as_deref());
            self.report = Some(report.map_err(Stop::Ended)?);
        }
        self.report.as_ref().ok_or_else(|| Stop::Ended("there is no report".to_owned()))
    }
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
