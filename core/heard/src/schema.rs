//! What the customer wants to know: a JSON Schema, or the shorthand `{"moq": "number"}`.

use serde_json::{Map, Value, json};

use super::role::Role;

/// Most fields that are read of a schema; further ones are left out.
pub const SCHEMA_FIELDS_MAX: usize = 100;
/// Objects and arrays are read down to this depth.
pub const SCHEMA_DEPTH_MAX: usize = 4;

#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    Number,
    Integer,
    String,
    Boolean,
    Choice(Vec<String>),
    List(Box<Field>),
    Object(Vec<Field>),
    /// A type this kit has no opinion on; values are held against the transcript as text.
    Any,
}

/// One thing to be known.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    pub description: String,
    /// The schema's `format`: `date`, `time`, `date-time`, `email`; empty if it names none.
    pub format: String,
    pub kind: FieldType,
    pub required: bool,
    pub role: Role,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    pub fields: Vec<Field>,
    /// The complete JSON Schema, for the model.
    json: Value,
}

impl Schema {
    /// Reads a JSON Schema of an object or the shorthand. Anything else is a schema without fields.
    pub fn read(value: &Value) -> Self {
        let json = to_json_schema(value);
        let fields = object_fields(&json, 0);
        Self { fields, json }
    }

    pub fn json(&self) -> &Value {
        &self.json
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

/// The shorthand as JSON Schema; a JSON Schema as it is.
pub fn to_json_schema(value: &Value) -> Value {
    let Value::Object(object) = value else {
        return json!({"type": "object", "properties": {}});
    };
    if object.get("properties").is_some_and(Value::is_object) || object.contains_key("$schema") {
        return value.clone();
    }
    let mut properties = Map::new();
    for (name, short) in object {
        properties.insert(name.clone(), property(short, 0));
    }
    json!({"type": "object", "properties": properties})
}

fn property(short: &Value, depth: usize) -> Value {
    match short {
        Value::String(text) => match text.trim() {
            "number" | "integer" | "string" | "boolean" => json!({"type": text.trim()}),
            "bool" => json!({"type": "boolean"}),
            choices if choices.contains('/') => {
                let choices: Vec<&str> = choices.split('/').map(str::trim).collect();
                json!({"type": "string", "enum": choices})
            }
            "" => json!({"type": "string"}),
            description => json!({"type": "string", "description": description}),
        },
        Value::Array(items) if depth < SCHEMA_DEPTH_MAX => {
            let item =
                items.first().map_or(json!({"type": "string"}), |item| property(item, depth + 1));
            json!({"type": "array", "items": item})
        }
        Value::Object(object) if object.contains_key("type") || object.contains_key("enum") => {
            short.clone()
        }
        Value::Object(object) if depth < SCHEMA_DEPTH_MAX => {
            let mut properties = Map::new();
            for (name, short) in object {
                properties.insert(name.clone(), property(short, depth + 1));
            }
            json!({"type": "object", "properties": properties})
        }
        _ => json!({"type": "string"}),
    }
}

fn object_fields(schema: &Value, depth: usize) -> Vec<Field> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    let required = schema.get("required").and_then(Value::as_array);
    let mut fields = Vec::new();
    for (name, property) in properties.iter().take(SCHEMA_FIELDS_MAX) {
        let mut field = one_field(name, property, depth);
        field.required = required.is_some_and(|names| names.iter().any(|one| one == name));
        fields.push(field);
    }
    fields
}

fn one_field(name: &str, property: &Value, depth: usize) -> Field {
    let text = |key: &str| property.get(key).and_then(Value::as_str).unwrap_or("");
    let description = format!("{} {}", text("title"), text("description")).trim().to_owned();
    let kind = field_type(name, property, depth);
    let role = Role::of(name, &description, &kind);
    let format = text("format").to_owned();
    Field { name: name.to_owned(), description, format, kind, required: false, role }
}

fn field_type(name: &str, property: &Value, depth: usize) -> FieldType {
    if let Some(choices) = property.get("enum").and_then(Value::as_array) {
        let choices: Vec<String> =
            choices.iter().filter_map(|choice| choice.as_str().map(str::to_owned)).collect();
        if !choices.is_empty() {
            return FieldType::Choice(choices);
        }
    }
    match type_name(property) {
        "number" => FieldType::Number,
        "integer" => FieldType::Integer,
        "string" => FieldType::String,
        "boolean" => FieldType::Boolean,
        "array" if depth < SCHEMA_DEPTH_MAX => {
            let items = property.get("items").cloned().unwrap_or(Value::Null);
            FieldType::List(Box::new(one_field(name, &items, depth + 1)))
        }
        "object" if depth < SCHEMA_DEPTH_MAX => {
            FieldType::Object(object_fields(property, depth + 1))
        }
        _ => FieldType::Any,
    }
}

/// The type's name; of `["number", "null"]` the one that is not null.
fn type_name(property: &Value) -> &str {
    match property.get("type") {
        Some(Value::String(name)) => name,
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("")
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(short: Value, expected: Value) {
        assert_eq!(to_json_schema(&short)["properties"], expected, "{short}");
    }

    #[test]
    fn shorthand_becomes_a_schema() {
        check(json!({"moq": "number"}), json!({"moq": {"type": "number"}}));
        check(json!({"ok": "boolean"}), json!({"ok": {"type": "boolean"}}));
        check(
            json!({"will": "high/medium/low"}),
            json!({"will": {"type": "string", "enum": ["high", "medium", "low"]}}),
        );
        check(
            json!({"who": "the person to ask for"}),
            json!({"who": {"type": "string", "description": "the person to ask for"}}),
        );
        check(
            json!({"names": ["string"]}),
            json!({"names": {"type": "array", "items": {"type": "string"}}}),
        );
        check(json!("nonsense"), json!({}));
        check(json!({"odd": 7}), json!({"odd": {"type": "string"}}));
    }

    #[test]
    fn a_real_schema_is_kept() {
        let schema = json!({
            "type": "object",
            "properties": {"price": {"type": ["number", "null"], "description": "per unit"}},
            "required": ["price"],
        });
        let read = Schema::read(&schema);
        assert_eq!(read.json(), &schema);
        assert_eq!(read.fields[0].kind, FieldType::Number);
        assert!(read.fields[0].required);
        assert_eq!(Schema::read(&json!({"$schema": "x"})).fields, []);
    }
}
