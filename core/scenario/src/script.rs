//! Reads a scenario. Every line that cannot be read is told, not only the first.

use serde_json::Value;

use crate::{Brief, Difference, Problem};

/// A longer scenario is refused.
const SCENARIO_BYTES_MAX: usize = 1024 * 1024;

/// A scenario that can be played.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    pub brief: Brief,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// From 1.
    pub line: usize,
    pub text: String,
    pub take: Take,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Take {
    Them(String),
    Us(Words),
    Draft(String),
    Expect(Expectation),
}

/// What we say.
#[derive(Clone, Debug, PartialEq)]
pub enum Words {
    Opening,
    Suggestion,
    These(String),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expectation {
    Opening(String),
    Instructions(String),
    Voicemail(String),
    Screening(String),
    Closing(String),
    /// `None`: there must be no suggestion.
    Suggests(Option<String>),
    Instructs(String),
    Settled(bool),
    Check {
        clause: String,
        verdict: String,
    },
    MayEnd(bool),
    Data(Value),
    Ungrounded(String),
    Summary(String),
    Success(bool),
    DoNotCall(bool),
    CallBack(String),
    Channel(String),
}

const VERDICTS: [&str; 4] = ["pass", "withhold", "replace", "hang-up"];
const CHANNELS: [&str; 3] = ["sms", "email", "no"];
const VERBS: &str = "objective, context, previous call, rule, caller, company, settings, now, zone, \
    language, opening, instructions, voicemail, screening, closing, them, suggests, instructs, \
    settled, us, check, may end, draft, data, ungrounded, summary, success, do not call, call back, \
    channel";

impl Script {
    pub fn read(text: &str) -> Result<Script, Vec<Difference>> {
        let whole = |why: String| {
            Err(vec![Difference { line: 0, step: String::new(), problem: Problem::Cannot(why) }])
        };
        if text.len() > SCENARIO_BYTES_MAX {
            return whole(format!("the scenario is longer than {SCENARIO_BYTES_MAX} bytes"));
        }
        let mut script = Script { brief: Brief::default(), steps: Vec::new() };
        let mut problems = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let number = index + 1;
            match script.line(line) {
                Ok(None) => {}
                Ok(Some(take)) => {
                    script.steps.push(Step { line: number, text: line.to_owned(), take });
                }
                Err(why) => problems.push(Difference {
                    line: number,
                    step: line.to_owned(),
                    problem: Problem::Cannot(why),
                }),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        if !script.steps.iter().any(|step| matches!(step.take, Take::Expect(_))) {
            return whole("the scenario expects nothing".to_owned());
        }
        Ok(script)
    }

    /// A line of the brief gives no step.
    fn line(&mut self, line: &str) -> Result<Option<Take>, String> {
        let Some((verb, rest)) = line.split_once(':') else {
            return Err("no verb: a line is `verb: text`".to_owned());
        };
        let (verb, rest) = (verb.trim(), rest.trim());
        if self.is_of_the_brief(verb, rest)? {
            return Ok(None);
        }
        let text = || rest.to_owned();
        let take = match verb {
            "them" => Take::Them(text()),
            "us" => Take::Us(match rest {
                "*" => Words::Suggestion,
                "opening" => Words::Opening,
                _ => Words::These(text()),
            }),
            "draft" => Take::Draft(text()),
            _ => Take::Expect(expectation(verb, rest)?),
        };
        Ok(Some(take))
    }

    fn is_of_the_brief(&mut self, verb: &str, rest: &str) -> Result<bool, String> {
        let brief = &mut self.brief;
        let text = rest.to_owned();
        match verb {
            "objective" => brief.objective = text,
            "context" => brief.context = Some(text),
            "previous call" => brief.previous_call = Some(text),
            "rule" => brief.rules.push(text),
            "caller" => brief.caller = Some(text),
            "company" => brief.company = Some(text),
            "settings" => brief.settings = text,
            "zone" => brief.zone = text,
            "language" => brief.language = text,
            "now" => {
                let now = rest.parse();
                brief.now_ms =
                    now.map_err(|_| "not a number of milliseconds since 1970".to_owned())?;
            }
            _ => return Ok(false),
        }
        if !self.steps.is_empty() {
            return Err("the brief must come before the conversation".to_owned());
        }
        Ok(true)
    }
}

fn expectation(verb: &str, rest: &str) -> Result<Expectation, String> {
    let text = || rest.to_owned();
    Ok(match verb {
        "opening" => Expectation::Opening(text()),
        "instructions" => Expectation::Instructions(text()),
        "voicemail" => Expectation::Voicemail(text()),
        "screening" => Expectation::Screening(text()),
        "closing" => Expectation::Closing(text()),
        "suggests" => Expectation::Suggests((rest != "-").then(text)),
        "instructs" => Expectation::Instructs(text()),
        "settled" => Expectation::Settled(yes(rest)?),
        "check" => checked(rest)?,
        "may end" => Expectation::MayEnd(yes(rest)?),
        "data" => {
            let data = serde_json::from_str(rest);
            Expectation::Data(data.map_err(|error| format!("the data is no JSON: {error}"))?)
        }
        "ungrounded" => Expectation::Ungrounded(text()),
        "summary" => Expectation::Summary(text()),
        "success" => Expectation::Success(yes(rest)?),
        "do not call" => Expectation::DoNotCall(yes(rest)?),
        "call back" => {
            if !matches!(rest, "no" | "words") && rest.parse::<u64>().is_err() {
                return Err("expected `no`, `words` or milliseconds since 1970".to_owned());
            }
            Expectation::CallBack(text())
        }
        "channel" => Expectation::Channel(one_of(rest, &CHANNELS)?),
        _ => return Err(format!("unknown verb `{verb}`: there are {VERBS}")),
    })
}

fn checked(rest: &str) -> Result<Expectation, String> {
    let Some((clause, verdict)) = rest.rsplit_once("->") else {
        return Err("no `->` with the expected verdict".to_owned());
    };
    let verdict = one_of(verdict.trim(), &VERDICTS)?;
    Ok(Expectation::Check { clause: clause.trim().to_owned(), verdict })
}

fn one_of(text: &str, known: &[&str]) -> Result<String, String> {
    if known.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(format!("expected one of {}, not `{text}`", known.join(", ")))
}

fn yes(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(format!("expected yes or no, not `{other}`")),
    }
}
