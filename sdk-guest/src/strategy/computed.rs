//! Data that the course of the call decides better than any single sentence.

use serde_json::{Map, Value as Json};

use super::ground_draft;
use crate::extract::{Dropped, FieldType, Grounded, Schema, Talk};

/// Values that a playbook has computed, and the fields it decides: one that is decided and has no
/// value stays empty, whatever the model drafted.
#[derive(Clone, Debug, Default)]
pub struct Computed {
    decided: Vec<&'static str>,
    values: Map<String, Json>,
}

impl Computed {
    /// Decides `field`.
    pub fn set(&mut self, field: &'static str, value: Option<Json>) {
        self.decided.push(field);
        if let Some(value) = value {
            self.values.insert(field.to_owned(), value);
        }
    }

    /// The draft held against the transcript and these values; the second map holds `success` and
    /// `summary` as [`ground_draft`] does.
    pub fn ground(
        &self,
        schema: &Schema,
        draft: Option<&str>,
        talk: &Talk,
    ) -> (Grounded, Map<String, Json>) {
        let parsed = draft.and_then(|text| serde_json::from_str::<Json>(text).ok());
        let mut fields = match parsed {
            Some(Json::Object(fields)) => fields,
            _ => Map::new(),
        };
        let mut taken = Vec::new();
        for name in self.decided.iter().filter(|name| self.decides(schema, name)) {
            if let Some(value) = fields.remove(*name).filter(|value| !value.is_null()) {
                taken.push((*name, value));
            }
        }
        let rest = Json::Object(fields).to_string();
        let (mut grounded, own) = ground_draft(schema, Some(&rest), talk);
        for name in self.decided.iter().filter(|name| self.decides(schema, name)) {
            grounded.data.remove(*name);
            if let Some(value) = self.values.get(*name) {
                grounded.data.insert((*name).to_owned(), value.clone());
            }
        }
        for (name, value) in taken {
            if !self.values.get(name).is_some_and(|computed| same(computed, &value)) {
                let reason = "the course of the call says otherwise".to_owned();
                grounded.ungrounded.push(Dropped { field: name.to_owned(), value, reason });
            }
        }
        grounded.ungrounded.sort_by(|one, other| one.field.cmp(&other.field));
        (grounded, own)
    }

    /// A field of the same name with another type is the customer's own.
    fn decides(&self, schema: &Schema, name: &str) -> bool {
        let Some(field) = schema.field(name) else { return false };
        let Some(value) = self.values.get(name) else { return true };
        match &field.kind {
            FieldType::Number => value.is_number(),
            FieldType::String => value.is_string(),
            FieldType::Boolean => value.is_boolean(),
            FieldType::List(_) => value.is_array(),
            FieldType::Choice(choices) => {
                value.as_str().is_some_and(|value| choices.iter().any(|choice| choice == value))
            }
            FieldType::Any => true,
            FieldType::Integer | FieldType::Object(_) => false,
        }
    }
}

fn same(one: &Json, other: &Json) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() < 0.005,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Utterance;
    use serde_json::json;

    #[test]
    fn what_was_computed_outranks_the_draft() {
        let schema =
            Schema::read(&json!({"outcome": "string", "price": "number", "moq": "number"}));
        let mut computed = Computed::default();
        computed.set("outcome", Some(json!("agreed")));
        computed.set("price", None);
        computed.set("elsewhere", Some(json!(1)));
        let talk = Talk::read(&[Utterance::theirs("The minimum order is fifty.")]);
        let draft = r#"{"outcome": "pending", "price": 50, "moq": 50, "success": true}"#;
        let (grounded, own) = computed.ground(&schema, Some(draft), &talk);
        assert_eq!(Json::Object(grounded.data), json!({"outcome": "agreed", "moq": 50}));
        let dropped: Vec<&str> =
            grounded.ungrounded.iter().map(|dropped| dropped.field.as_str()).collect();
        assert_eq!(dropped, ["outcome", "price"]);
        assert_eq!(own["success"], json!(true));
    }

    #[test]
    fn a_field_of_another_type_is_the_customers() {
        let schema = Schema::read(&json!({"outcome": "boolean"}));
        let mut computed = Computed::default();
        computed.set("outcome", Some(json!("agreed")));
        let (grounded, _) = computed.ground(&schema, None, &Talk::new());
        assert!(grounded.data.is_empty());
    }
}
