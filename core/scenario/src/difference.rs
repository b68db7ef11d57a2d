//! What was otherwise than a scenario expects, for a person to read.

use std::fmt;

use serde_json::{Map, Value};

/// One line of a scenario that did not go as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// From 1; 0 for the scenario as a whole.
    pub line: usize,
    /// The line itself.
    pub step: String,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// The answer was another one.
    Differs { expected: String, found: String },
    /// The step could not be taken at all.
    Cannot(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: `{}`", self.line, self.step)?;
        }
        match &self.problem {
            Problem::Differs { expected, found } => {
                write!(f, "\n    expected  {expected}\n    found     {found}")
            }
            Problem::Cannot(why) if self.line > 0 => write!(f, "\n    {why}"),
            Problem::Cannot(why) => f.write_str(why),
        }
    }
}

impl Problem {
    pub(crate) fn differs(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Differs { expected: expected.into(), found: found.into() }
    }
}

/// `text` must hold `wanted`.
pub(crate) fn holds(text: &str, wanted: &str) -> Result<(), Problem> {
    if text.contains(wanted) {
        return Ok(());
    }
    let found = if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") };
    Err(Problem::differs(format!("a text with `{wanted}`"), found))
}

pub(crate) fn equal(found: &str, wanted: &str) -> Result<(), Problem> {
    if found == wanted {
        return Ok(());
    }
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    Err(Problem::differs(shown(wanted), shown(found)))
}

/// Of two objects only the fields that differ are shown.
pub(crate) fn same_data(found: &Value, wanted: &Value) -> Result<(), Problem> {
    if found == wanted {
        return Ok(());
    }
    let (Value::Object(found), Value::Object(wanted)) = (found, wanted) else {
        return Err(Problem::differs(wanted.to_string(), found.to_string()));
    };
    let only = |these: &Map<String, Value>, others: &Map<String, Value>| {
        let mut parts = Vec::new();
        for (name, value) in these {
            if others.get(name) != Some(value) {
                parts.push(format!("{name}: {value}"));
            }
        }
        for name in others.keys().filter(|name| !these.contains_key(*name)) {
            parts.push(format!("no {name}"));
        }
        parts.sort();
        parts.join(", ")
    };
    Err(Problem::differs(only(wanted, found), only(found, wanted)))
}
