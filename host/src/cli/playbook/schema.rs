//! Whether a JSON Schema makes sense, as far as its author is likely to go wrong.

use serde_json::Value;

/// A schema nested deeper is not looked at.
const DEPTH_MAX: usize = 32;
const TYPES: [&str; 7] = ["object", "array", "string", "number", "integer", "boolean", "null"];

/// What is wrong with a schema, with where: `properties.price.type: …`.
pub(super) fn problem(schema: &Value) -> Option<String> {
    problem_at(schema, "", 0)
}

/// What is wrong with a schema that must be an object's.
pub(super) fn object_problem(text: &str) -> Option<String> {
    let schema: Value = match serde_json::from_str(text) {
        Ok(schema) => schema,
        Err(error) => return Some(format!("it is no JSON: {error}")),
    };
    let kind = schema.get("type").and_then(Value::as_str);
    if kind != Some("object") {
        return Some(
            "it must be the JSON Schema of an object: {\"type\": \"object\", …}".to_owned(),
        );
    }
    problem(&schema)
}

fn problem_at(schema: &Value, path: &str, depth: usize) -> Option<String> {
    let at = |rest: &str| if path.is_empty() { rest.to_owned() } else { format!("{path}.{rest}") };
    if depth > DEPTH_MAX {
        return Some(format!("{path}: it is nested more than {DEPTH_MAX} deep"));
    }
    let members = match schema {
        Value::Bool(_) => return None,
        Value::Object(members) => members,
        _ => return Some(format!("{path}: a schema is an object")),
    };
    let known = |kind: &Value| kind.as_str().is_some_and(|kind| TYPES.contains(&kind));
    let kinds_are_known = match members.get("type") {
        None => true,
        Some(Value::Array(kinds)) => !kinds.is_empty() && kinds.iter().all(known),
        Some(kind) => known(kind),
    };
    if !kinds_are_known {
        return Some(format!("{}: must be one of {}", at("type"), TYPES.join(", ")));
    }
    if members.get("enum").is_some_and(|choices| choices.as_array().is_none_or(Vec::is_empty)) {
        return Some(format!("{}: must be a list of choices", at("enum")));
    }
    if let Some(problem) = required_problem(members, &at) {
        return Some(problem);
    }
    if let Some(properties) = members.get("properties") {
        let Some(properties) = properties.as_object() else {
            return Some(format!("{}: must be an object", at("properties")));
        };
        for (name, property) in properties {
            let path = at(&format!("properties.{name}"));
            if let Some(problem) = problem_at(property, &path, depth + 1) {
                return Some(problem);
            }
        }
    }
    let items = members.get("items").and_then(|items| problem_at(items, &at("items"), depth + 1));
    if items.is_some() {
        return items;
    }
    for together in ["anyOf", "oneOf", "allOf"] {
        let Some(schemas) = members.get(together) else { continue };
        let Some(schemas) = schemas.as_array().filter(|schemas| !schemas.is_empty()) else {
            return Some(format!("{}: must be a list of schemas", at(together)));
        };
        for schema in schemas {
            if let Some(problem) = problem_at(schema, &at(together), depth + 1) {
                return Some(problem);
            }
        }
    }
    None
}

fn required_problem(
    members: &serde_json::Map<String, Value>,
    at: &impl Fn(&str) -> String,
) -> Option<String> {
    let required = members.get("required")?;
    let Some(names) = required.as_array() else {
        return Some(format!("{}: must be a list of names", at("required")));
    };
    let properties = members.get("properties").and_then(Value::as_object);
    for name in names {
        let Some(name) = name.as_str() else {
            return Some(format!("{}: must be a list of names", at("required")));
        };
        if !properties.is_some_and(|properties| properties.contains_key(name)) {
            return Some(format!("{}: there is no property {name:?}", at("required")));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_looked_at_closely() {
        let check = |schema: &str, expected: Option<&str>| {
            let found = object_problem(schema);
            match expected {
                None => assert_eq!(found, None, "{schema}"),
                Some(part) => {
                    let found = found.unwrap_or_default();
                    assert!(found.contains(part), "{schema}: {found:?}");
                }
            }
        };
        check(r#"{"type":"object"}"#, None);
        check(
            r#"{"type":"object","properties":{"a":{"type":["string","null"],"enum":["x"]}},"required":["a"]}"#,
            None,
        );
        check("{", Some("no JSON"));
        check("[]", Some("of an object"));
        check(r#"{"type":"string"}"#, Some("of an object"));
        check(r#"{"type":"object","properties":[]}"#, Some("properties: must be an object"));
        check(
            r#"{"type":"object","properties":{"a":{"type":"text"}}}"#,
            Some("properties.a.type: must be one of"),
        );
        check(
            r#"{"type":"object","properties":{"a":{"type":"array","items":{"enum":[]}}}}"#,
            Some("properties.a.items.enum"),
        );
        check(r#"{"type":"object","required":["a"]}"#, Some("no property \"a\""));
        check(r#"{"type":"object","properties":{"a":{"anyOf":{}}}}"#, Some("properties.a.anyOf"));
    }
}
