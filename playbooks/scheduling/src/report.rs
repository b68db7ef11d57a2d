//! What came of the call: computed by the component, with the model's draft held against it.

use agenticcalling_playbook::extract::{self, Schema};
use agenticcalling_playbook::rules;
use agenticcalling_playbook::strategy::slots::{Action, Calendar, Slot, ground_known, spoken};
use agenticcalling_playbook::strategy::{self, Language, Wishes};
use agenticcalling_playbook::{ExtractionRequest, Report, Turn};
use serde_json::{Map, Value as Json, json};

use crate::Scheduling;

pub(crate) fn extraction(call: &Scheduling) -> ExtractionRequest {
    let criteria = call
        .settings()
        .success_criteria
        .as_deref()
        .unwrap_or("the appointment was moved, cancelled or confirmed as the customer wishes");
    ExtractionRequest {
        schema: schema(call).json().to_string(),
        instructions: format!(
            "The objective was: {} From the transcript, take what was agreed on in the end, the corrected value \
             where something was corrected. Dates as YYYY-MM-DD, times as HH:MM. Leave out what was not said. The \
             call is a success if {criteria}.",
            strategy::sentence(&call.brief.objective)
        ),
    }
}

pub(crate) fn report(call: &Scheduling, transcript: &[Turn], draft: Option<&str>) -> Report {
    let talk = call.talk(transcript);
    let wishes = strategy::wishes(&talk, &call.brief);
    let schema = schema(call);
    let contact = extract::contact_name(&talk);
    let mut known = Map::new();
    for field in &schema.fields {
        if let Some(value) = value(call, &field.name, contact.as_deref()) {
            known.insert(field.name.clone(), value);
        }
    }
    let (grounded, own) = ground_known(&schema, &known, draft, &talk, call.calendar, call.language);
    let judged = own.get("success").and_then(Json::as_bool);
    let judged = judged.filter(|_| call.settings().success_criteria.is_some());
    let mut notes = grounded.notes.clone();
    if let Some(slot) = call.theirs {
        notes.push(format!("they have it down for {}", written(slot)));
    }
    for slot in call.search.offered.iter().filter(|slot| call.theirs != Some(**slot)) {
        notes.push(format!("they offered {}, which the customer does not accept", written(*slot)));
    }
    notes.extend(rules::unmet(&call.brief.rules, transcript));
    Report {
        success: judged.unwrap_or(succeeded(call) && wishes.do_not_call.is_none()),
        summary: summary(call, &wishes),
        ungrounded: strategy::list_ungrounded(&grounded),
        data: Json::Object(grounded.data).to_string(),
        call_back: wishes.call_back,
        do_not_call: wishes.do_not_call,
        switch_channel: wishes.switch_channel,
        notes,
    }
}

fn succeeded(call: &Scheduling) -> bool {
    match call.action {
        Action::Move | Action::Make => new_slot(call).is_some(),
        Action::Cancel => call.done,
        Action::Confirm => call.confirmed,
    }
}

/// What the appointment has become.
fn new_slot(call: &Scheduling) -> Option<Slot> {
    let moves = matches!(call.action, Action::Move | Action::Make);
    let slot = call.search.agreed.filter(|_| moves && (call.done || call.confirmed))?;
    call.wish().accepts(slot).then_some(slot)
}

fn schema(call: &Scheduling) -> Schema {
    call.settings().schema.clone().unwrap_or_else(|| {
        Schema::read(&json!({
            "type": "object",
            "properties": {
                "action": {"type": "string", "description": "move, cancel, confirm or make"},
                "old_date": {"type": "string", "description": "as YYYY-MM-DD"},
                "old_time": {"type": "string", "description": "as HH:MM"},
                "new_date": {"type": "string", "description": "as YYYY-MM-DD"},
                "new_time": {"type": "string", "description": "as HH:MM"},
                "confirmed": {"type": "boolean", "description": "whether it was done"},
                "fee": {"type": "number", "description": "what cancelling costs; 0 if nothing"},
                "reference_number": {"type": "string"},
                "contact_name": {"type": "string", "description": "whom we spoke with"},
            }
        }))
    })
}

fn value(call: &Scheduling, field: &str, contact: Option<&str>) -> Option<Json> {
    let text = |text: Option<String>| text.map_or(Json::Null, |text| json!(text));
    let value = match field {
        "action" => json!(match call.action {
            Action::Move => "move",
            Action::Cancel => "cancel",
            Action::Confirm => "confirm",
            Action::Make => "make",
        }),
        "old_date" => text(call.current.day.map(Calendar::iso)),
        "old_time" => text(call.current.minute.map(spoken::clock)),
        "new_date" | "date" | "appointment_date" => {
            text(new_slot(call).map(|slot| Calendar::iso(slot.day)))
        }
        "new_time" | "time" | "appointment_time" => {
            text(new_slot(call).and_then(|slot| slot.minute).map(spoken::clock))
        }
        "confirmed" | "confirmation" | "done" => json!(succeeded(call)),
        "fee" | "cancellation_fee" => call.fee.map_or(Json::Null, number),
        "reference_number" | "confirmation_number" => text(call.reference.clone()),
        // Without a name of its own the draft's is grounded.
        "contact_name" => json!(contact?),
        _ => return None,
    };
    Some(value)
}

fn number(amount: f64) -> Json {
    if amount.fract() == 0.0 && amount.abs() < 1e15 { json!(amount as i64) } else { json!(amount) }
}

fn written(slot: Slot) -> String {
    let day = Calendar::iso(slot.day);
    slot.minute.map_or(day.clone(), |minute| format!("{day} {}", spoken::clock(minute)))
}

/// "Moved to Thursday at 10 am: the appointment of Ann Lee on Tuesday at 3 pm."
fn summary(call: &Scheduling, wishes: &Wishes) -> String {
    let said = |slot: Slot| spoken::slot(slot, call.calendar, Language::English);
    let whose = call.person.name.as_deref().map_or(String::new(), |name| format!(" of {name}"));
    let old = match (call.current.day, call.current.minute) {
        (Some(day), minute) => format!(" {}", said(Slot { day, minute })),
        _ => String::new(),
    };
    let done = succeeded(call);
    let mut summary = match (call.action, new_slot(call)) {
        (Action::Move, Some(slot)) => {
            format!("The appointment{whose}{old} was moved; it is now {}.", said(slot))
        }
        (Action::Make, Some(slot)) => format!("An appointment{whose} was made {}.", said(slot)),
        (Action::Move, None) => format!("The appointment{whose}{old} was not moved."),
        (Action::Make, None) => format!("No appointment{whose} was made."),
        (Action::Cancel, _) if done => format!("The appointment{whose}{old} was cancelled."),
        (Action::Cancel, _) => format!("The appointment{whose}{old} was not cancelled."),
        (Action::Confirm, _) if done => format!("The appointment{whose}{old} was confirmed."),
        (Action::Confirm, _) => format!("The appointment{whose}{old} was not confirmed."),
    };
    match call.fee {
        Some(fee) if fee > 0.0 => summary.push_str(&format!(" A fee of {} applies.", number(fee))),
        Some(_) => summary.push_str(" No fee applies."),
        None => {}
    }
    if wishes.do_not_call.is_some() {
        summary.push_str(" They asked not to be called again.");
    } else if wishes.call_back.is_some() {
        summary.push_str(" They asked to be called back.");
    } else if let Some(slot) = call.theirs {
        summary.push_str(&format!(" They have it down for {}.", written(slot)));
    }
    summary
}
