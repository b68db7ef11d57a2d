//! What came of the call: computed by the component, with the model's draft held against it.

use agenticcalling_playbook::extract::Schema;
use agenticcalling_playbook::rules;
use agenticcalling_playbook::strategy::slots::{Calendar, Kind, Slot, ground_known, spoken};
use agenticcalling_playbook::strategy::{self, Language, Wishes};
use agenticcalling_playbook::{ExtractionRequest, Report, Turn};
use serde_json::{Map, Value as Json, json};

use crate::Reservation;

pub(crate) fn extraction(call: &Reservation) -> ExtractionRequest {
    let criteria = call
        .settings()
        .success_criteria
        .as_deref()
        .unwrap_or("it was booked as the customer wishes or accepts");
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

pub(crate) fn report(call: &Reservation, transcript: &[Turn], draft: Option<&str>) -> Report {
    let talk = call.talk(transcript);
    let wishes = strategy::wishes(&talk, &call.brief);
    let slot = call.search.agreed.filter(|_| call.booked || call.confirmed);
    let schema = schema(call);
    let known = known(call, &schema, slot);
    let (grounded, own) = ground_known(&schema, &known, draft, &talk, call.calendar, call.language);
    let judged = own.get("success").and_then(Json::as_bool);
    let judged = judged.filter(|_| call.settings().success_criteria.is_some());
    let mut notes = grounded.notes.clone();
    if call.money > 0 {
        notes.push("they asked for a card or a deposit; none was given".to_owned());
    }
    notes.extend(rules::unmet(&call.brief.rules, transcript));
    Report {
        success: judged.unwrap_or(slot.is_some() && wishes.do_not_call.is_none()),
        summary: summary(call, slot, &wishes),
        ungrounded: strategy::list_ungrounded(&grounded),
        data: Json::Object(grounded.data).to_string(),
        call_back: wishes.call_back,
        do_not_call: wishes.do_not_call,
        switch_channel: wishes.switch_channel,
        notes,
    }
}

fn schema(call: &Reservation) -> Schema {
    if let Some(schema) = &call.settings().schema {
        return schema.clone();
    }
    let mut fields = json!({
        "confirmed": {"type": "boolean", "description": "whether it is booked"},
        "date": {"type": "string", "description": "the day booked, as YYYY-MM-DD"},
        "name": {"type": "string", "description": "the name it is booked under"},
        "confirmation_number": {"type": "string"},
        "alternatives_offered": {
            "type": "array",
            "items": {"type": "string"},
            "description": "days and times they offered that the customer does not accept"
        },
        "notes": {"type": "string", "description": "what they said about wishes, deposits and questions"},
    });
    let own = match call.request.kind {
        Kind::Table => json!({
            "time": {"type": "string", "description": "the time booked, as HH:MM"},
            "party_size": {"type": "integer"},
        }),
        Kind::Appointment => {
            json!({"time": {"type": "string", "description": "the time booked, as HH:MM"}})
        }
        Kind::Stay => json!({
            "guests": {"type": "integer"},
            "nights": {"type": "integer"},
            "rooms": {"type": "integer"},
            "check_out": {"type": "string", "description": "the day of departure, as YYYY-MM-DD"},
        }),
    };
    if let (Json::Object(fields), Json::Object(own)) = (&mut fields, own) {
        fields.extend(own);
    }
    Schema::read(&json!({"type": "object", "properties": fields}))
}

/// What the component knows, under the names that the schema has for it.
fn known(call: &Reservation, schema: &Schema, slot: Option<Slot>) -> Map<String, Json> {
    let mut known = Map::new();
    for field in &schema.fields {
        if let Some(value) = value(call, &field.name, slot) {
            known.insert(field.name.clone(), value);
        }
    }
    known
}

fn value(call: &Reservation, field: &str, slot: Option<Slot>) -> Option<Json> {
    let wish = &call.search.wish;
    let counted = |count: Option<u16>| slot.and(count).map_or(Json::Null, |count| json!(count));
    let text = |text: Option<String>| text.map_or(Json::Null, |text| json!(text));
    let value = match field {
        "confirmed" | "booked" | "confirmation" | "reserved" => json!(slot.is_some()),
        "date" | "day" | "check_in" | "arrival" | "booked_date" | "appointment_date" => {
            text(slot.map(|slot| Calendar::iso(slot.day)))
        }
        "time" | "booked_time" | "appointment_time" => {
            text(slot.and_then(|slot| slot.minute).map(spoken::clock))
        }
        "check_out" | "departure" => {
            let nights = wish.nights.map(i64::from);
            text(slot.zip(nights).map(|(slot, nights)| Calendar::iso(slot.day + nights)))
        }
        "party_size" | "people" | "guests" => counted(wish.people),
        "nights" => counted(wish.nights),
        "rooms" => counted(wish.rooms.or(Some(1))),
        "name" | "booked_name" | "reservation_name" => text(slot.and(call.person.name.clone())),
        "confirmation_number" | "booking_number" | "reference_number" => text(call.number.clone()),
        "alternatives_offered" => {
            let offered: Vec<String> =
                call.search.offered.iter().map(|slot| written(*slot)).collect();
            if offered.is_empty() { Json::Null } else { json!(offered) }
        }
        "notes" => text((!call.notes.is_empty()).then(|| call.notes.join(" "))),
        _ => return None,
    };
    Some(value)
}

/// `2026-11-27 21:45`.
fn written(slot: Slot) -> String {
    let day = Calendar::iso(slot.day);
    slot.minute.map_or(day.clone(), |minute| format!("{day} {}", spoken::clock(minute)))
}

/// "Booked: a table for 6 people on Friday at 8:30 pm, under the name Alex Chen."
fn summary(call: &Reservation, slot: Option<Slot>, wishes: &Wishes) -> String {
    let what = call.request.subject(&call.search.wish, Language::English);
    let mut summary = match slot {
        Some(slot) => {
            let when = spoken::slot(slot, call.calendar, Language::English);
            let name = call.person.name.as_deref();
            let under = name.map_or(String::new(), |name| format!(", under the name {name}"));
            format!("Booked: {what} {when}{under}.")
        }
        None => format!("Not booked: {what}."),
    };
    if wishes.do_not_call.is_some() {
        summary.push_str(" They asked not to be called again.");
    } else if wishes.call_back.is_some() {
        summary.push_str(" They asked to be called back.");
    } else if slot.is_none() && !call.search.offered.is_empty() {
        let offered: Vec<String> = call.search.offered.iter().map(|slot| written(*slot)).collect();
        summary.push_str(&format!(" They offered {}.", offered.join(", ")));
    }
    if call.money > 0 {
        summary.push_str(" They asked for a card or a deposit.");
    }
    summary
}
