//! What came of the complaint.

use agenticcalling_playbook::extract::{self, Schema, Talk};
use agenticcalling_playbook::rules;
use agenticcalling_playbook::strategy::{self, Computed, Wishes};
use agenticcalling_playbook::{Report, Turn};
use serde_json::{Value as Json, json};

use crate::Complaint;

/// Longest reason that is taken over, in characters.
const REASON_CHARS_MAX: usize = 300;

pub(crate) fn schema() -> Schema {
    Schema::read(&json!({
        "resolution": "string",
        "resolution_date": "string",
        "reference_number": "string",
        "escalated_to": "string",
        "refused_reason": "string",
        "contact_name": "string",
    }))
}

/// The report of a call that was played again from its transcript.
pub(crate) fn report(call: &Complaint, transcript: &[Turn], draft: Option<&str>) -> Report {
    let talk = strategy::talk_of(transcript, &call.caller, &call.brief);
    let wishes = strategy::wishes(&talk, &call.brief);
    let (mut grounded, own) = computed(call).ground(&call.schema(), draft, &talk);
    let drafted = own.get("success").and_then(Json::as_bool);
    let judged = drafted.filter(|_| call.settings.success_criteria.is_some());
    let mut notes = std::mem::take(&mut grounded.notes);
    notes.extend(rules::unmet(&call.brief.rules, transcript));
    let spoken = strategy::spoken_summary(own.get("summary"), &talk);
    Report {
        success: judged.unwrap_or(call.outcome.agreed.is_some() && wishes.do_not_call.is_none()),
        summary: spoken.unwrap_or_else(|| summary(call, &talk, &wishes)),
        ungrounded: strategy::list_ungrounded(&grounded),
        data: Json::Object(grounded.data).to_string(),
        call_back: wishes.call_back,
        do_not_call: wishes.do_not_call,
        switch_channel: wishes.switch_channel,
        notes,
    }
}

fn computed(call: &Complaint) -> Computed {
    let outcome = &call.outcome;
    let settled = outcome.agreed.is_some() || outcome.promised;
    let reason = outcome.refused.as_deref().filter(|_| !settled);
    let reason = reason.map(|text| text.chars().take(REASON_CHARS_MAX).collect::<String>());
    let date = outcome.date.as_deref().filter(|_| settled);
    let mut computed = Computed::default();
    computed.set("resolution", outcome.agreed.map(|agreed| json!(agreed.name())));
    computed.set("resolution_date", date.map(|date| json!(date)));
    computed.set("reference_number", outcome.reference.as_deref().map(|code| json!(code)));
    computed.set("escalated_to", outcome.escalated_to.map(|whom| json!(whom)));
    computed.set("refused_reason", reason.map(|reason| json!(reason)));
    computed
}

/// "They agreed to a refund, Friday, reference 4711. Contact: Susan."
fn summary(call: &Complaint, talk: &Talk, wishes: &Wishes) -> String {
    let outcome = &call.outcome;
    let mut summary = match (outcome.agreed, outcome.promised, &outcome.refused) {
        (Some(agreed), _, _) => format!("They agreed to this resolution: {}", agreed.name()),
        (None, true, _) => "They promised to put it right without saying how".to_owned(),
        (None, false, Some(_)) => "They refused a resolution".to_owned(),
        (None, false, None) => "No resolution was reached".to_owned(),
    };
    let settled = outcome.agreed.is_some() || outcome.promised;
    if let Some(date) = outcome.date.as_ref().filter(|_| settled) {
        summary.push_str(&format!(", {date}"));
    }
    if let Some(reference) = &outcome.reference {
        summary.push_str(&format!(", reference {reference}"));
    }
    summary.push('.');
    if wishes.do_not_call.is_some() {
        summary.push_str(" They asked not to be called again.");
    } else if wishes.call_back.is_some() {
        summary.push_str(" They asked to be called back.");
    } else if let Some(name) = extract::contact_name(talk) {
        summary.push_str(&format!(" Contact: {name}."));
    }
    summary
}
