//! What came of the sales call.

use agenticcalling_playbook::extract::{self, Schema, Talk};
use agenticcalling_playbook::rules;
use agenticcalling_playbook::strategy::{self, Computed, Wishes};
use agenticcalling_playbook::{Report, Turn};
use serde_json::{Value as Json, json};

use crate::ColdOutreach;

pub(crate) fn schema() -> Schema {
    Schema::read(&json!({
        "interested": "boolean",
        "qualified": "boolean",
        "decision_maker": "boolean",
        "current_solution": "string",
        "objections": ["string"],
        "next_step": "string",
        "meeting_date": "string",
        "meeting_time": "string",
        "contact_name": "string",
        "email": "string",
    }))
}

/// The report of a call that was played again from its transcript.
pub(crate) fn report(call: &ColdOutreach, transcript: &[Turn], draft: Option<&str>) -> Report {
    let talk = strategy::talk_of(transcript, &call.caller, &call.brief);
    let wishes = strategy::wishes(&talk, &call.brief);
    let refused = wishes.do_not_call.is_some();
    let (mut grounded, own) = computed(call, refused).ground(&call.schema(), draft, &talk);
    let drafted = own.get("success").and_then(Json::as_bool);
    let judged = drafted.filter(|_| call.settings.success_criteria.is_some());
    let mut notes = std::mem::take(&mut grounded.notes);
    notes.extend(rules::unmet(&call.brief.rules, transcript));
    let spoken = strategy::spoken_summary(own.get("summary"), &talk);
    Report {
        success: judged.unwrap_or(is_agreed(call) && !refused),
        summary: spoken.unwrap_or_else(|| summary(call, &talk, &wishes)),
        ungrounded: strategy::list_ungrounded(&grounded),
        data: Json::Object(grounded.data).to_string(),
        call_back: wishes.call_back,
        do_not_call: wishes.do_not_call,
        switch_channel: wishes.switch_channel,
        notes,
    }
}

/// A meeting has a day, a mail an address.
fn is_agreed(call: &ColdOutreach) -> bool {
    let found = &call.found;
    match found.next_step {
        Some("meeting") => found.day.is_some() || found.time.is_some(),
        Some("send information") => found.email.is_some(),
        _ => false,
    }
}

fn computed(call: &ColdOutreach, refused: bool) -> Computed {
    let found = &call.found;
    let interested = if refused { Some(false) } else { found.interested };
    let qualified = match (interested, found.decision_maker) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    let objections: Vec<&str> = found.objections.iter().map(|objection| objection.name()).collect();
    let step = found.next_step.filter(|_| !refused);
    let meets = step == Some("meeting");
    let mut computed = Computed::default();
    computed.set("interested", interested.map(|yes| json!(yes)));
    computed.set("qualified", qualified.map(|yes| json!(yes)));
    computed.set("decision_maker", found.decision_maker.map(|yes| json!(yes)));
    computed.set("current_solution", found.current.as_deref().map(|text| json!(text)));
    computed.set("objections", (!objections.is_empty()).then(|| json!(objections)));
    computed.set("next_step", step.map(|step| json!(step)));
    computed.set("meeting_date", found.day.as_deref().filter(|_| meets).map(|day| json!(day)));
    computed.set("meeting_time", found.time.as_deref().filter(|_| meets).map(|time| json!(time)));
    computed.set("email", found.email.as_deref().map(|address| json!(address)));
    computed
}

/// "They agreed to a meeting, Tuesday, 15:00. Contact: Susan."
fn summary(call: &ColdOutreach, talk: &Talk, wishes: &Wishes) -> String {
    let found = &call.found;
    let mut summary = match (found.next_step, found.interested) {
        _ if wishes.do_not_call.is_some() => "They asked not to be called again".to_owned(),
        (Some("meeting"), _) => "They agreed to a meeting".to_owned(),
        (Some(step), _) => format!("Next step: {step}"),
        (None, Some(false)) => "They are not interested".to_owned(),
        (None, _) => "No next step was agreed".to_owned(),
    };
    if wishes.do_not_call.is_none() {
        for part in [&found.day, &found.time, &found.email].into_iter().flatten() {
            summary.push_str(&format!(", {part}"));
        }
    }
    summary.push('.');
    if wishes.do_not_call.is_some() {
        return summary;
    }
    if wishes.call_back.is_some() {
        summary.push_str(" They asked to be called back.");
    } else if let Some(name) = extract::contact_name(talk) {
        summary.push_str(&format!(" Contact: {name}."));
    }
    summary
}
