//! The rules for JSON Schemas in requests: any schema must be an object's, a strict one must close
//! every object and require every property.

use serde_json::Value;

use super::chat_request::type_name;
use super::error::ApiError;

const DEPTH_MAX: usize = 10;

/// The top level must describe an object.
pub(super) fn check_shape(schema: &Value, name: &str, param: &str) -> Result<(), ApiError> {
    let Some(fields) = schema.as_object() else {
        return Err(ApiError::wrong_type(param, "an object", type_name(schema)));
    };
    if fields.get("type").and_then(Value::as_str) == Some("object") {
        return Ok(());
    }
    let kind = fields.get("type").map_or("None".to_owned(), Value::to_string);
    let message = format!(
        "Invalid schema for '{name}': schema must be a JSON Schema of 'type: \"object\"', got \
         'type: {kind}'."
    );
    Err(invalid(message, param))
}

/// Strict mode: `additionalProperties: false` and every property required, all the way down.
pub(super) fn check_strict(schema: &Value, what: &str, param: &str) -> Result<(), ApiError> {
    check_node(schema, what, param, &mut Vec::new())
}

fn check_node(
    node: &Value,
    what: &str,
    param: &str,
    path: &mut Vec<String>,
) -> Result<(), ApiError> {
    let refuse = |path: &[String], message: &str| {
        let context = path.iter().map(|part| format!("'{part}'")).collect::<Vec<_>>().join(", ");
        Err(invalid(format!("Invalid schema for {what}: In context=({context}), {message}"), param))
    };
    if path.len() > 2 * DEPTH_MAX {
        return refuse(path, "the schema is nested too deeply: at most 10 levels.");
    }
    let Some(fields) = node.as_object() else { return refuse(path, "a schema must be an object.") };
    if is_object(node) {
        if fields.get("additionalProperties") != Some(&Value::Bool(false)) {
            return refuse(
                path,
                "'additionalProperties' is required to be supplied and to be false.",
            );
        }
        let required: Vec<&str> = match fields.get("required").and_then(Value::as_array) {
            Some(names) => names.iter().filter_map(Value::as_str).collect(),
            None => Vec::new(),
        };
        let properties = fields.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if !required.contains(&name.as_str()) {
                let message = format!(
                    "'required' is required to be supplied and to be an array including every key \
                     in properties. Missing '{name}'."
                );
                return refuse(path, &message);
            }
            step(property, ["properties", name], what, param, path)?;
        }
        for name in required {
            if properties.is_none_or(|properties| !properties.contains_key(name)) {
                return refuse(path, &format!("extra required key '{name}' supplied."));
            }
        }
    }
    if let Some(items) = fields.get("items") {
        step(items, ["items", "0"], what, param, path)?;
    }
    let options = fields.get("anyOf").and_then(Value::as_array);
    for (index, option) in options.into_iter().flatten().enumerate() {
        step(option, ["anyOf", &index.to_string()], what, param, path)?;
    }
    Ok(())
}

fn step(
    node: &Value,
    names: [&str; 2],
    what: &str,
    param: &str,
    path: &mut Vec<String>,
) -> Result<(), ApiError> {
    path.extend(names.map(str::to_owned));
    check_node(node, what, param, path)?;
    path.truncate(path.len() - names.len());
    Ok(())
}

fn is_object(node: &Value) -> bool {
    match node.get("type") {
        Some(Value::String(kind)) => kind == "object",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "object"),
        _ => false,
    }
}

fn invalid(message: String, param: &str) -> ApiError {
    ApiError::invalid(message, Some(param)).with_code("invalid_json_schema")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: Value, refused_for: Option<&str>) {
        let result = check_strict(&schema, "response_format 'x'", "response_format");
        let message = result.err().map(|error| error.body());
        match (message, refused_for) {
            (None, None) => {}
            (Some(message), Some(part)) => assert!(message.contains(part), "{message}"),
            (message, expected) => panic!("{message:?} but expected {expected:?} for {schema}"),
        }
    }

    #[test]
    fn strict_schemas_are_closed_and_complete() {
        check(json!({"type": "object", "properties": {}, "additionalProperties": false}), None);
        let text = json!({"type": ["string", "null"]});
        let closed = json!({"type": "object", "additionalProperties": false, "required": ["a"],
            "properties": {"a": text}});
        check(closed.clone(), None);
        let open = json!({"type": "object", "required": ["a"], "properties": {"a": text}});
        check(open.clone(), Some("'additionalProperties' is required"));
        check(
            json!({"type": "object", "additionalProperties": false, "properties": {"a": text}}),
            Some("Missing 'a'"),
        );
        check(
            json!({"type": "object", "additionalProperties": false, "required": ["b"]}),
            Some("extra required key 'b'"),
        );
        let outer = |inner: &Value| {
            json!({"type": "object", "additionalProperties": false, "required": ["list"],
                "properties": {"list": {"type": "array", "items": inner}}})
        };
        check(outer(&closed), None);
        check(outer(&open), Some("'properties', 'list', 'items', '0'"));
        let either = |inner: &Value| {
            json!({"type": "object", "additionalProperties": false, "required": ["e"],
                "properties": {"e": {"anyOf": [inner, {"type": "null"}]}}})
        };
        check(either(&open), Some("'anyOf', '0'"));
        check(either(&closed), None);
        check(json!([]), Some("must be an object"));
    }

    #[test]
    fn endless_nesting_is_refused() {
        let mut schema = json!({"type": "string"});
        for _ in 0..40 {
            schema = json!({"type": "array", "items": schema});
        }
        check(schema, Some("nested too deeply"));
    }
}
