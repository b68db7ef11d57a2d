//! The reference page: the OpenAPI document for people, without scripts and without anything from
//! elsewhere.

use std::fmt::Write as _;

use serde_json::{Map, Value};

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8884;--soft:#8881}\
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:0 1rem 4rem}\
nav ul{columns:2;list-style:none;padding:0}nav a{text-decoration:none}\
section{border-top:1px solid var(--line);margin-top:2rem}\
code{background:var(--soft);border-radius:3px;font:.9em ui-monospace,monospace;padding:.1em .3em}\
h3 code{background:none;padding:0}\
table{border-collapse:collapse;width:100%}\
td,th{border-bottom:1px solid var(--line);padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top}";

/// The page for a document.
pub(super) fn page(document: &Value) -> String {
    let title = words(document, "/info/title");
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title} API</title>\
         <style>{STYLE}</style></head><body>\n<h1>{title} API</h1>\n"
    );
    page.push_str(&prose(text(document, "/info/description")));
    page.push_str(
        "<p>Send <code>Authorization: Bearer ac_live_…</code> or <code>ac_test_…</code> where a key is \
         needed. The same as <a href=\"/v1/openapi.json\">OpenAPI 3.1</a>.</p>\n",
    );
    let operations = operations(document);
    page.push_str("<nav>");
    for tag in list(document, "/tags") {
        let name = text(tag, "/name");
        write(&mut page, format_args!("<h2>{}</h2><ul>", escape(name)));
        for one in operations.iter().filter(|one| one.tag == name) {
            let (id, method, path) = (escape(one.id), &one.method, escape(one.path));
            write(
                &mut page,
                format_args!("<li><a href=\"#{id}\"><code>{method} {path}</code></a></li>"),
            );
        }
        page.push_str("</ul>\n");
    }
    page.push_str("</nav>\n");
    for operation in &operations {
        describe(&mut page, operation);
    }
    if let Some(schemas) = object(document, "/components/schemas") {
        page.push_str("<section><h2>Shapes</h2>\n");
        for (name, schema) in schemas {
            let name = escape(name);
            write(&mut page, format_args!("<h3 id=\"shape-{name}\"><code>{name}</code></h3>"));
            page.push_str(&prose(text(schema, "/description")));
            fields(&mut page, schema);
        }
        page.push_str("</section>\n");
    }
    page.push_str("</body></html>\n");
    page
}

struct Operation<'a> {
    id: &'a str,
    tag: &'a str,
    method: String,
    path: &'a str,
    value: &'a Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    for (path, methods) in object(document, "/paths").into_iter().flatten() {
        for (method, value) in methods.as_object().into_iter().flatten() {
            let (id, tag) = (text(value, "/operationId"), text(value, "/tags/0"));
            found.push(Operation { id, tag, method: method.to_uppercase(), path, value });
        }
    }
    found
}

fn describe(page: &mut String, operation: &Operation<'_>) {
    let Operation { id, method, path, value, .. } = operation;
    let (id, path) = (escape(id), escape(path));
    write(
        page,
        format_args!("<section id=\"{id}\"><h3><code>{method} {path}</code></h3>\n<p><strong>"),
    );
    write(page, format_args!("{}</strong></p>\n", inline(text(value, "/summary"))));
    page.push_str(&prose(text(value, "/description")));
    if value.get("security").is_none() {
        page.push_str("<p>Needs no API key.</p>\n");
    }
    let parameters = list(value, "/parameters");
    if !parameters.is_empty() {
        page.push_str("<h4>Parameters</h4><table>");
        for parameter in parameters {
            let place = escape(text(parameter, "/in"));
            let required = parameter["required"] == true;
            let note = inline(text(parameter, "/description"));
            row(page, text(parameter, "/name"), &parameter["schema"], required, &place, &note);
        }
        page.push_str("</table>\n");
    }
    for (kind, content) in object(value, "/requestBody/content").into_iter().flatten() {
        let shape = shape(&content["schema"]);
        write(page, format_args!("<h4>Body</h4><p>{shape} as <code>{}</code></p>\n", escape(kind)));
    }
    page.push_str("<h4>Responses</h4><table>");
    for (status, response) in object(value, "/responses").into_iter().flatten() {
        let contents = object(response, "/content").into_iter().flatten();
        let shapes: Vec<String> = contents.map(|(_, content)| shape(&content["schema"])).collect();
        let (note, shapes) = (inline(text(response, "/description")), shapes.join(", "));
        let status = escape(status);
        write(
            page,
            format_args!("<tr><td><code>{status}</code></td><td>{note}</td><td>{shapes}</td></tr>"),
        );
    }
    page.push_str("</table></section>\n");
}

fn fields(page: &mut String, schema: &Value) {
    let parts: Vec<&Value> = match list(schema, "/allOf") {
        [] => vec![schema],
        parts => parts.iter().collect(),
    };
    page.push_str("<table>");
    for part in parts {
        if part.get("$ref").is_some() {
            write(page, format_args!("<tr><td colspan=\"3\">all of {}</td></tr>", shape(part)));
        }
        let required = list(part, "/required");
        for (name, field) in object(part, "/properties").into_iter().flatten() {
            let is_required = required.iter().any(|one| one == name);
            row(page, name, field, is_required, "", &inline(text(field, "/description")));
        }
    }
    page.push_str("</table>\n");
}

fn row(page: &mut String, name: &str, schema: &Value, required: bool, place: &str, note: &str) {
    let required = if required { ", required" } else { "" };
    let place = if place.is_empty() { String::new() } else { format!(", {place}") };
    let example = schema.get("example").or_else(|| schema.pointer("/examples/0"));
    let example =
        example.map(|value| format!(" Example: <code>{}</code>", escape(&value.to_string())));
    let (name, shape) = (escape(name), shape(schema));
    let example = example.unwrap_or_default();
    write(
        page,
        format_args!(
            "<tr><td><code>{name}</code></td><td>{shape}{place}{required}</td>\
             <td>{note}{example}</td></tr>"
        ),
    );
}

/// A schema in a few words, with a link where it has a name.
fn shape(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = escape(reference.rsplit('/').next().unwrap_or_default());
        return format!("<a href=\"#shape-{name}\">{name}</a>");
    }
    for (choice, joined) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if let Some(choices) = schema[choice].as_array() {
            return choices.iter().map(shape).collect::<Vec<_>>().join(joined);
        }
    }
    let kinds = match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec!["any"],
    };
    let named = kinds.iter().map(|kind| match *kind {
        "array" => format!("list of {}", shape(&schema["items"])),
        kind => escape(kind),
    });
    named.collect::<Vec<_>>().join(" or ")
}

/// Paragraphs.
fn prose(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter(|part| !part.trim().is_empty());
    paragraphs.map(|part| format!("<p>{}</p>\n", inline(part))).collect()
}

/// What stands between backticks is code.
fn inline(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = escape(part);
        match index % 2 {
            0 => html.push_str(&part),
            _ => write(&mut html, format_args!("<code>{part}</code>")),
        }
    }
    html
}

fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html
}

fn write(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).expect("a string takes everything");
}

fn words(value: &Value, pointer: &str) -> String {
    escape(text(value, pointer))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn object<'a>(value: &'a Value, pointer: &str) -> Option<&'a Map<String, Value>> {
    value.pointer(pointer).and_then(Value::as_object)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everything_is_there_and_every_link_leads_somewhere() {
        let document = serde_json::to_value(crate::api::document()).unwrap();
        let page = page(&document);
        let after = |mark: &str| -> BTreeSet<String> {
            let parts = page.split(mark).skip(1);
            parts.map(|part| part.split('"').next().unwrap_or_default().to_owned()).collect()
        };
        let (ids, links) = (after(" id=\""), after("href=\"#"));
        assert!(links.is_subset(&ids), "{:?}", links.difference(&ids));
        for operation in operations(&document) {
            assert!(links.contains(operation.id), "{} is not in the list", operation.id);
        }
        for schema in object(&document, "/components/schemas").unwrap().keys() {
            assert!(ids.contains(&format!("shape-{schema}")), "{schema}");
        }
        assert!(page.contains("<code>Idempotency-Key</code>"));
        assert!(!page.contains("<script") && !page.contains("src="));
    }

    #[test]
    fn texts_cannot_become_markup() {
        assert_eq!(inline("a `<b>` & \"c\""), "a <code>&lt;b&gt;</code> &amp; &quot;c&quot;");
        assert_eq!(prose("One.\n\nTwo."), "<p>One.</p>\n<p>Two.</p>\n");
    }
}
