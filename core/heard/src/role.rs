//! What a field is about, judged by its name and description.

use super::language;
use super::schema::FieldType;
use super::talk::Unit;
use super::when::weekday;

/// A meaning for which the kit knows where in a conversation to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Price,
    /// A price for another quantity than the one asked for.
    VolumePrice,
    Total,
    /// What our side may spend; it is ours to say.
    Budget,
    Currency,
    MinimumOrder,
    /// Counted in the unit.
    LeadTime(Unit),
    PaymentTerms,
    Discount,
    ContactName,
    Email,
    Phone,
    NextSteps,
    Negotiable,
    OpeningTime,
    ClosingTime,
    Date,
    Time,
    /// A day with its time: the earliest appointment.
    Moment,
    /// From when to when somebody is open.
    Hours,
    Reference,
    /// How many of something; either side may have said it.
    Quantity,
    /// A yes-or-no question.
    YesNo,
    /// Nothing in particular.
    Other,
}

impl Role {
    pub fn of(name: &str, description: &str, kind: &FieldType) -> Role {
        let words = name_words(name);
        if let Some(role) = by_words(&words, kind) {
            return role;
        }
        let described = super::token::words(description);
        let known = if described.len() <= 12 { by_words(&described, kind) } else { None };
        known.unwrap_or(match kind {
            FieldType::Boolean => Role::YesNo,
            _ => Role::Other,
        })
    }

    /// Only the callee can say it; our own words do not ground it.
    pub(crate) fn is_theirs(self) -> bool {
        !matches!(
            self,
            Role::Quantity
                | Role::Budget
                | Role::Currency
                | Role::Other
                | Role::Date
                | Role::Time
                | Role::Moment
        )
    }
}

/// `leadTimeDays`, `lead_time_days` and `lead-time days` are the same words.
pub(crate) fn name_words(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut before_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && before_lower {
            spaced.push(' ');
        }
        before_lower = c.is_lowercase();
        spaced.push(if matches!(c, '_' | '-' | '.') { ' ' } else { c });
    }
    let spoken = super::token::tokens(&spaced);
    let language = language::detect(&spoken, None);
    let english = language::in_english(&spoken, language);
    english.into_iter().filter(|token| !token.is_mark()).map(|token| token.text).collect()
}

fn by_words(words: &[String], kind: &FieldType) -> Option<Role> {
    let has = |word: &str| words.iter().any(|one| one == word);
    let any = |list: &[&str]| list.iter().any(|word| has(word));
    let pair = |first: &str, second: &str| {
        words.windows(2).any(|pair| pair[0] == first && pair[1] == second)
    };
    if *kind == FieldType::Boolean {
        return Some(Role::YesNo);
    }
    let numeric = matches!(kind, FieldType::Number | FieldType::Integer);
    if matches!(kind, FieldType::Choice(_)) {
        let judged = any(&["negotiate", "negotiable", "willingness", "flexibility", "flexible"]);
        return judged.then_some(Role::Negotiable);
    }
    let role = if any(&["currency"]) {
        Role::Currency
    } else if any(&["moq"]) || (any(&["minimum", "min"]) && any(&["order", "quantity", "units"])) {
        Role::MinimumOrder
    } else if any(&["terms"]) || (has("payment") && !numeric) {
        Role::PaymentTerms
    } else if pair("lead", "time")
        || any(&["turnaround", "delivery", "shipping", "leadtime"]) && unit(words).is_some()
    {
        Role::LeadTime(unit(words).unwrap_or(Unit::Day))
    } else if any(&["email", "mail"]) {
        Role::Email
    } else if any(&["phone", "telephone", "mobile", "cell", "whatsapp"])
        || has("number") && any(&["callback", "contact", "call"])
        || pair("call", "back") && has("number")
    {
        Role::Phone
    } else if has("hours")
        && !numeric
        && (words.len() == 1
            || (any(&["opening", "business", "open", "office"])
                || words.iter().any(|word| weekday(word).is_some())))
    {
        Role::Hours
    } else if any(&["closing", "closes", "close"]) && !numeric && !has("date") {
        Role::ClosingTime
    } else if any(&["opening", "opens"]) && !numeric && !any(&["date", "next", "earliest"]) {
        Role::OpeningTime
    } else if any(&["next"]) && any(&["step", "steps", "action", "actions"])
        || pair("follow", "up") && !any(&["date", "time", "day"])
    {
        Role::NextSteps
    } else if any(&["discount"]) && numeric {
        Role::Discount
    } else if any(&["budget"]) {
        Role::Budget
    } else if numeric
        && has("total")
        && (words.len() == 1 || any(&["price", "cost", "amount", "bill", "sum", "due"]))
    {
        Role::Total
    } else if any(&["volume", "bulk", "tier"]) && any(&["price", "pricing", "rate"]) {
        Role::VolumePrice
    } else if numeric
        && has("rate")
        && any(&["tax", "vat", "interest", "success", "exchange", "commission"])
    {
        return None;
    } else if numeric
        && any(&[
            "price",
            "rate",
            "quote",
            "cost",
            "fee",
            "rent",
            "deposit",
            "fare",
            "charge",
            "surcharge",
        ])
        && !any(&["percent", "percentage", "days", "hours", "weeks", "minutes"])
    {
        Role::Price
    } else if !numeric
        && (any(&["number", "code", "id"]) && words.len() > 1
            || words.len() == 1 && has("reference"))
    {
        Role::Reference
    } else if (any(&["contact", "representative", "rep", "person", "name"]) && !numeric)
        && !any(&[
            "company",
            "business",
            "product",
            "supplier",
            "hotel",
            "restaurant",
            "street",
            "brand",
            "model",
            "dish",
            "street",
            "insurance",
            "plan",
            "medication",
            "file",
            "project",
            "title",
            "method",
            "reason",
            "preferred",
            "time",
            "date",
            "type",
            "address",
        ])
    {
        Role::ContactName
    } else if !numeric && is_moment(words) {
        Role::Moment
    } else if any(&["date", "day"]) && !numeric {
        Role::Date
    } else if any(&["time"]) && !numeric {
        Role::Time
    } else if numeric && any(&["quantity", "units", "people", "guests", "size", "count"]) {
        Role::Quantity
    } else {
        return None;
    };
    Some(role)
}

/// An appointment, or the first of something, with neither "date" nor "time" in its name.
fn is_moment(words: &[String]) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let event = any(&["appointment", "slot", "datetime", "earliest", "soonest", "availability"])
        || any(&["next"]) && any(&["available", "opening", "free"])
        || any(&["date"]) && any(&["time"]);
    let either = any(&["date", "day", "time"]) && !(any(&["date"]) && any(&["time"]));
    let other = any(&[
        "type",
        "reason",
        "notes",
        "confirmation",
        "length",
        "duration",
        "status",
        "with",
        "policy",
        "details",
        "location",
        "instructions",
    ]);
    event && !either && !other
}

fn unit(words: &[String]) -> Option<Unit> {
    words.iter().find_map(|word| match word.as_str() {
        "minutes" => Some(Unit::Minute),
        "hours" => Some(Unit::Hour),
        "days" => Some(Unit::Day),
        "weeks" => Some(Unit::Week),
        "months" => Some(Unit::Month),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, kind: FieldType, expected: Role) {
        assert_eq!(Role::of(name, "", &kind), expected, "{name}");
    }

    #[test]
    fn names_are_understood() {
        check("quoted_price", FieldType::Number, Role::Price);
        check("unitPrice", FieldType::Number, Role::Price);
        check("volume_price", FieldType::Number, Role::VolumePrice);
        check("currency", FieldType::String, Role::Currency);
        check("moq", FieldType::Number, Role::MinimumOrder);
        check("minimum_order_quantity", FieldType::Integer, Role::MinimumOrder);
        check("lead_time_days", FieldType::Number, Role::LeadTime(Unit::Day));
        check("delivery_weeks", FieldType::Number, Role::LeadTime(Unit::Week));
        check("payment_terms", FieldType::String, Role::PaymentTerms);
        check("contact_name", FieldType::String, Role::ContactName);
        check("email", FieldType::String, Role::Email);
        check("callback_phone", FieldType::String, Role::Phone);
        check("next_steps", FieldType::String, Role::NextSteps);
        check("closing_time", FieldType::String, Role::ClosingTime);
        check("open_sunday", FieldType::Boolean, Role::YesNo);
        check("party_size", FieldType::Integer, Role::Quantity);
        check("mood", FieldType::String, Role::Other);
        check("willingness_to_negotiate", FieldType::Choice(vec!["high".into()]), Role::Negotiable);
        assert_eq!(Role::of("q1", "unit price", &FieldType::Number), Role::Price);
    }
}
