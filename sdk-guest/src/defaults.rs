//! Sensible starting values: what a playbook gets when it does not say otherwise.

use crate::{
    Brief, Description, Enforcement, ExtractionRequest, Guidance, Persona, Plan, Report, RulePlan,
    Speaker, Turn, Verdict, Violation,
};

/// The verdict that keeps a clause from being spoken. `rule` is an index into the brief's rules.
pub fn withhold(rule: Option<u32>, reason: impl Into<String>) -> Verdict {
    Verdict::Withhold(Violation { rule, reason: reason.into() })
}

impl Description {
    /// A playbook in English without settings and without effects.
    pub fn new(id: &str, version: &str, name: &str, summary: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            version: version.into(),
            summary: summary.into(),
            languages: vec!["en".into()],
            config_schema: r#"{"type":"object"}"#.into(),
            effects: Vec::new(),
        }
    }
}

impl Plan {
    /// A complete plan made from the brief alone: plain instructions, polite lines, no tools, and
    /// every rule asked of the model (`prompt`). Override what you do better.
    pub fn for_brief(brief: &Brief) -> Self {
        let caller = caller(&brief.persona);
        let objective = brief.objective.trim().trim_end_matches('.');
        Self {
            instructions: instructions(brief, &caller),
            opening: format!("Hello, this is {caller}. Do you have a moment?"),
            voicemail: format!(
                "Hello, this is {caller}. I am calling about the following: {objective}. I will try again later. Goodbye."
            ),
            screening: format!("This is {caller}, calling about: {objective}."),
            closing: "I am sorry, I have to end our call here. Thank you for your time. Goodbye."
                .into(),
            tools: Vec::new(),
            rules: rules_by_prompt(&brief.rules),
            notes: Vec::new(),
        }
    }
}

fn caller(persona: &Persona) -> String {
    match (&persona.caller_name, &persona.company) {
        (Some(name), Some(company)) => format!("{name} from {company}"),
        (Some(name), None) => name.clone(),
        (None, Some(company)) => format!("an assistant calling for {company}"),
        (None, None) => "an assistant calling for a customer".into(),
    }
}

fn instructions(brief: &Brief, caller: &str) -> String {
    let mut text = format!(
        "You are {caller}, on the telephone. Speak in short, natural sentences in the language `{}`. \
         Never invent facts. Your task: {}\n",
        brief.language, brief.objective
    );
    let optional = [
        ("Your role", &brief.persona.role),
        ("Tone of voice", &brief.persona.tone),
        ("Background", &brief.context),
        ("An earlier call with them", &brief.previous_call),
    ];
    for (label, value) in optional {
        if let Some(value) = value {
            text.push_str(&format!("{label}: {value}\n"));
        }
    }
    if !brief.rules.is_empty() {
        text.push_str("Rules you must keep:\n");
        for rule in &brief.rules {
            text.push_str(&format!("- {rule}\n"));
        }
    }
    text
}

fn rules_by_prompt(rules: &[String]) -> Vec<RulePlan> {
    let mut plans = Vec::with_capacity(rules.len());
    for (index, rule) in rules.iter().enumerate() {
        plans.push(RulePlan {
            rule: index as u32,
            enforcement: Enforcement::Prompt,
            reading: format!("asked of the model: {rule}"),
        });
    }
    plans
}

pub(crate) fn extraction() -> ExtractionRequest {
    ExtractionRequest {
        schema: r#"{"type":"object","properties":{"success":{"type":"boolean"},"summary":{"type":"string"}},"required":["success","summary"]}"#.into(),
        instructions: "Say whether the caller's objective was reached, and sum the call up in one to three sentences. Use only what was said.".into(),
    }
}

pub(crate) fn report(transcript: &[Turn], draft: Option<&str>) -> Report {
    let draft = draft.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let drafted = |field: &str| draft.as_ref().and_then(|draft| draft.get(field));
    let summary = drafted("summary").and_then(|value| value.as_str());
    Report {
        success: drafted("success").and_then(|value| value.as_bool()).unwrap_or(false),
        summary: summary.map_or_else(|| plain_summary(transcript), str::to_owned),
        ..Report::default()
    }
}

fn plain_summary(transcript: &[Turn]) -> String {
    match transcript.iter().filter(|turn| turn.speaker == Speaker::Callee).count() {
        0 => "The other side said nothing.".into(),
        1 => "The other side spoke once; the call was not summed up.".into(),
        turns => format!("The other side spoke {turns} times; the call was not summed up."),
    }
}

impl Default for Brief {
    fn default() -> Self {
        Self {
            objective: String::new(),
            context: None,
            previous_call: None,
            persona: Persona::default(),
            rules: Vec::new(),
            settings: "{}".into(),
            language: "en".into(),
            now_ms: 0,
            zone: "UTC".into(),
        }
    }
}

#[expect(clippy::derivable_impls, reason = "the type is generated from the contract")]
impl Default for Persona {
    fn default() -> Self {
        Self { caller_name: None, company: None, role: None, tone: None }
    }
}

#[expect(clippy::derivable_impls, reason = "the type is generated from the contract")]
impl Default for Guidance {
    fn default() -> Self {
        Self { instruction: String::new(), suggestion: None, settled: false, notes: Vec::new() }
    }
}

impl Default for Report {
    fn default() -> Self {
        Self {
            success: false,
            summary: String::new(),
            data: "{}".into(),
            ungrounded: Vec::new(),
            call_back: None,
            do_not_call: None,
            switch_channel: None,
            notes: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(text: &str) -> Turn {
        Turn {
            speaker: Speaker::Callee,
            text: text.into(),
            started_ms: 0,
            ended_ms: 0,
            interrupted: false,
        }
    }

    #[test]
    fn a_plan_names_every_rule_in_order() {
        let rules = vec!["Never swear".to_owned(), "Always be brief".to_owned()];
        let plan = Plan::for_brief(&Brief { rules, ..Brief::default() });
        assert_eq!(plan.rules.iter().map(|rule| rule.rule).collect::<Vec<_>>(), [0, 1]);
        assert!(plan.instructions.contains("- Never swear\n- Always be brief\n"));
    }

    #[test]
    fn a_caller_is_introduced_by_what_is_known() {
        let check = |name: Option<&str>, company: Option<&str>, expected: &str| {
            let persona = Persona {
                caller_name: name.map(str::to_owned),
                company: company.map(str::to_owned),
                ..Persona::default()
            };
            assert_eq!(caller(&persona), expected);
        };
        check(Some("Ann"), Some("Acme"), "Ann from Acme");
        check(Some("Ann"), None, "Ann");
        check(None, Some("Acme"), "an assistant calling for Acme");
        check(None, None, "an assistant calling for a customer");
    }

    #[test]
    fn a_report_takes_only_what_it_can_stand_by() {
        let check = |draft: Option<&str>, success: bool, summary: &str| {
            let report = report(&[turn("hello")], draft);
            assert_eq!((report.success, report.summary.as_str()), (success, summary));
            assert_eq!(report.data, "{}");
        };
        let plain = "The other side spoke once; the call was not summed up.";
        check(None, false, plain);
        check(Some("not json"), false, plain);
        check(Some(r#"{"success":true,"summary":"Done.","price":9}"#), true, "Done.");
        check(Some(r#"{"success":"yes"}"#), false, plain);
    }
}
