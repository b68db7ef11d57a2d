//! The settings layer of a custom playbook: its maker's strategy, schema, tone and criteria.

use serde_json::Value;

use crate::extract::Schema;

/// What a fork of a platform playbook may set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    pub strategy: Option<String>,
    pub voice_tone: Option<String>,
    pub success_criteria: Option<String>,
    pub schema: Option<Schema>,
}

impl Settings {
    /// Settings that do not parse count as absent.
    pub fn read(json: &str) -> Self {
        let Ok(settings) = serde_json::from_str::<Value>(json) else { return Self::default() };
        let text = |name: &str| {
            let text = settings.get(name).and_then(Value::as_str).map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let schema = settings.get("extraction_schema").map(Schema::read);
        Self {
            strategy: text("strategy"),
            voice_tone: text("voice_tone"),
            success_criteria: text("success_criteria"),
            schema: schema.filter(|schema| !schema.is_empty()),
        }
    }

    /// JSON Schema of these settings.
    pub fn schema() -> String {
        serde_json::json!({
            "type": "object",
            "properties": {
                "strategy": {"type": "string", "description": "How to go about the call, in plain words"},
                "voice_tone": {"type": "string", "description": "How the voice should come across"},
                "success_criteria": {"type": "string", "description": "When the call counts as a success"},
                "extraction_schema": {
                    "type": "object",
                    "description": "What to know after the call: a JSON Schema, or name and type"
                }
            }
        })
        .to_string()
    }
}
