//! A JSON Schema as the vendor's strict mode takes it: every object closed, every property required,
//! and what was optional may be null instead.

use serde_json::{Map, Value, json};

/// Deeper schemas are passed on as they are.
const DEPTH_MAX: usize = 16;

pub(super) fn strict(schema: &Value) -> Value {
    let mut schema = schema.clone();
    close(&mut schema, 0);
    schema
}

fn close(schema: &mut Value, depth: usize) {
    let Some(object) = schema.as_object_mut().filter(|_| depth < DEPTH_MAX) else { return };
    close_properties(object, depth);
    for key in ["items", "additionalItems"] {
        if let Some(inner) = object.get_mut(key) {
            close(inner, depth + 1);
        }
    }
    for key in ["anyOf", "$defs", "definitions"] {
        match object.get_mut(key) {
            Some(Value::Array(inner)) => inner.iter_mut().for_each(|one| close(one, depth + 1)),
            Some(Value::Object(inner)) => inner.values_mut().for_each(|one| close(one, depth + 1)),
            _ => {}
        }
    }
}

fn close_properties(object: &mut Map<String, Value>, depth: usize) {
    let required: Vec<String> = names(object.get("required"));
    let Some(Value::Object(properties)) = object.get_mut("properties") else { return };
    for (name, property) in properties.iter_mut() {
        close(property, depth + 1);
        if !required.contains(name) {
            allow_null(property);
        }
    }
    let all: Vec<Value> = properties.keys().map(|name| json!(name)).collect();
    object.insert("required".into(), Value::Array(all));
    object.insert("additionalProperties".into(), Value::Bool(false));
}

fn names(required: Option<&Value>) -> Vec<String> {
    let names = required.and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn allow_null(property: &mut Value) {
    let Some(object) = property.as_object_mut() else { return };
    match object.get_mut("type") {
        Some(Value::String(kind)) if kind != "null" => {
            let kind = kind.clone();
            object.insert("type".into(), json!([kind, "null"]));
        }
        Some(Value::Array(kinds)) if !kinds.contains(&json!("null")) => kinds.push(json!("null")),
        _ => {}
    }
    if let Some(Value::Array(values)) = object.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_closed_and_optional_becomes_nullable() {
        let schema = json!({
            "type": "object",
            "properties": {
                "price": { "type": "number" },
                "mood": { "type": "string", "enum": ["high", "low"] },
                "name": { "type": "string" },
                "items": { "type": "array", "items": {
                    "type": "object", "properties": { "n": { "type": ["integer", "null"] } } } }
            },
            "required": ["name"]
        });
        let strict = strict(&schema);
        assert_eq!(strict["additionalProperties"], false);
        assert_eq!(strict["required"].as_array().unwrap().len(), 4);
        assert_eq!(strict["properties"]["price"]["type"], json!(["number", "null"]));
        assert_eq!(strict["properties"]["mood"]["enum"], json!(["high", "low", null]));
        assert_eq!(strict["properties"]["name"]["type"], "string");
        let inner = &strict["properties"]["items"]["items"];
        assert_eq!(inner["required"], json!(["n"]));
        assert_eq!(inner["properties"]["n"]["type"], json!(["integer", "null"]));
    }

    #[test]
    fn what_is_no_object_stays_as_it_is() {
        for schema in [json!(true), json!({}), json!({"type": "string"}), json!({"required": 3})] {
            assert_eq!(strict(&schema), schema);
        }
    }
}
