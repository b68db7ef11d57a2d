//! What came of the bargaining.

use agenticcalling_playbook::extract::{self, Schema, Talk};
use agenticcalling_playbook::rules;
use agenticcalling_playbook::strategy::{self, Computed, Language, Wishes};
use agenticcalling_playbook::{Report, Turn};
use serde_json::{Value as Json, json};

use crate::Negotiation;

pub(crate) fn schema() -> Schema {
    Schema::read(&json!({
        "agreed_price": "number",
        "currency": "string",
        "initial_price": "number",
        "final_offer": "number",
        "outcome": "agreed/walked_away/pending",
        "concessions": ["string"],
        "terms": "string",
        "contact_name": "string",
    }))
}

/// The report of a call that was played again from its transcript.
pub(crate) fn report(call: &Negotiation, transcript: &[Turn], draft: Option<&str>) -> Report {
    let talk = strategy::talk_of(transcript, &call.caller, &call.brief);
    let wishes = strategy::wishes(&talk, &call.brief);
    let (mut grounded, own) = computed(call, &talk).ground(&call.schema(), draft, &talk);
    let drafted = own.get("success").and_then(Json::as_bool);
    let judged = drafted.filter(|_| call.settings.success_criteria.is_some());
    let mut notes = std::mem::take(&mut grounded.notes);
    notes.extend(rules::unmet(&call.brief.rules, transcript));
    let spoken = strategy::spoken_summary(own.get("summary"), &talk);
    Report {
        success: judged.unwrap_or(call.bargain.agreed.is_some() && wishes.do_not_call.is_none()),
        summary: spoken.unwrap_or_else(|| summary(call, &talk, &wishes)),
        ungrounded: strategy::list_ungrounded(&grounded),
        data: Json::Object(grounded.data).to_string(),
        call_back: wishes.call_back,
        do_not_call: wishes.do_not_call,
        switch_channel: wishes.switch_channel,
        notes,
    }
}

fn computed(call: &Negotiation, talk: &Talk) -> Computed {
    let theirs = call.bargain.theirs();
    let number =
        |price: f64| json!(if price.fract() == 0.0 { json!(price as i64) } else { json!(price) });
    let first = theirs.first().copied().or(call.bargain.terms().asked);
    let last = call.bargain.agreed.or(theirs.last().copied());
    let named = first.is_some() || call.bargain.agreed.is_some();
    let currency = extract::currency(talk).or(call.lines.currency).filter(|_| named);
    let mut computed = Computed::default();
    computed.set("agreed_price", call.bargain.agreed.map(number));
    computed.set("currency", currency.map(|code| json!(code)));
    computed.set("initial_price", first.map(number));
    computed.set("final_offer", last.map(number));
    computed.set("outcome", Some(json!(outcome(call))));
    let concessions = concessions(call);
    computed.set("concessions", Some(json!(concessions)).filter(|_| !concessions.is_empty()));
    if let Some(terms) = terms(talk) {
        computed.set("terms", Some(json!(terms)));
    }
    computed
}

fn outcome(call: &Negotiation) -> &'static str {
    if call.bargain.agreed.is_some() {
        "agreed"
    } else if call.bargain.walked_away() {
        "walked_away"
    } else {
        "pending"
    }
}

/// How far they came: "72 to 66".
fn concessions(call: &Negotiation) -> Vec<String> {
    let side = call.bargain.terms().side;
    let theirs = call.bargain.theirs();
    let mut list = Vec::new();
    for pair in theirs.windows(2).filter(|pair| side.is_better(pair[1], pair[0])) {
        list.push(format!("{} to {}", pair[0], pair[1]));
    }
    if let (Some(last), Some(agreed)) = (theirs.last(), call.bargain.agreed)
        && side.is_better(agreed, *last)
    {
        list.push(format!("{last} to {agreed}"));
    }
    list
}

/// "Net 30, 14 days lead time".
fn terms(talk: &Talk) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(extract::payment_terms(talk));
    if let Some(days) = extract::lead_time(talk, extract::Unit::Day) {
        parts.push(format!("{days} days lead time"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// "Agreed at $54 per unit, down from $72. Contact: Mike Chen."
fn summary(call: &Negotiation, talk: &Talk, wishes: &Wishes) -> String {
    let currency = extract::currency(talk).or(call.lines.currency);
    let price = |amount: f64| {
        let price = Language::English.price(amount, currency);
        if call.lines.per_unit { format!("{price} per unit") } else { price }
    };
    let theirs = call.bargain.theirs();
    let mut summary = match (call.bargain.agreed, theirs.first(), theirs.last()) {
        (Some(agreed), Some(first), _) if *first != agreed => {
            format!("Agreed at {}, from {} at first.", price(agreed), price(*first))
        }
        (Some(agreed), _, _) => format!("Agreed at {}.", price(agreed)),
        (None, _, Some(last)) if call.bargain.walked_away() => {
            format!("No agreement: their last offer, {}, was not acceptable.", price(*last))
        }
        (None, _, Some(last)) => {
            format!("No agreement yet; their last offer was {}.", price(*last))
        }
        (None, _, None) => "No price was named.".to_owned(),
    };
    if wishes.do_not_call.is_some() {
        summary.push_str(" They asked not to be called again.");
    } else if wishes.call_back.is_some() {
        summary.push_str(" They asked to be called back.");
    } else if let Some(name) = extract::contact_name(talk) {
        summary.push_str(&format!(" Contact: {name}."));
    }
    summary
}
