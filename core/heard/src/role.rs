//! What a field is about, judged by its name and description.

use super::schema::FieldType;
use super::talk::Unit;

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
            Role::Quantity | Role::Budget | Role::Currency | Role::Other | Role::Date | Role::Time
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
    super::token::words(&spaced)
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
    } else if any(&["phone", "telephone", "mobile", "cell"]) {
        Role::Phone
    } else if any(&["closing", "closes", "close"]) && !numeric {
        Role::ClosingTime
    } else if any(&["opening", "opens"]) && !numeric {
        Role::OpeningTime
    } else if any(&["next"]) && any(&["step", "steps", "action", "actions"]) || pair("follow", "up")
    {
        Role::NextSteps
    } else if any(&["discount"]) && numeric {
        Role::Discount
    } else if any(&["budget"]) {
        Role::Budget
    } else if any(&["total"]) && any(&["price", "cost", "amount"]) {
        Role::Total
    } else if any(&["volume", "bulk", "tier"]) && any(&["price", "pricing", "rate"]) {
        Role::VolumePrice
    } else if any(&["price", "rate", "quote", "cost", "fee"]) && numeric {
        Role::Price
    } else if any(&["confirmation", "reference"]) && any(&["number", "code", "id"]) {
        Role::Reference
    } else if (any(&["contact", "representative", "rep", "person", "name"]) && !numeric)
        && !any(&["company", "business", "product", "supplier"])
    {
        Role::ContactName
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
