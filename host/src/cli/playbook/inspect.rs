//! `playbook inspect`: what a component is, at a glance.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Value, json};

use super::build::built;
use super::check::{clause, ordinary_brief, settings};
use super::shelf::{PlaybookFolder, Shelf};
use crate::plugin::{Playbook, split};

/// Show what a component is: identity, languages, digest, interfaces, settings, limits, fuel.
#[derive(Args)]
pub(crate) struct Inspect {
    /// A component file, the folder of a playbook's crate (which is built first), or an id.
    #[arg(value_name = "FILE|ID", default_value = ".")]
    playbook: String,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: PlaybookFolder,
}

impl Inspect {
    pub(super) fn run(self) -> Result<ExitCode> {
        let shelf = Shelf::open(&self.folder)?;
        let path = Path::new(&self.playbook);
        let crate_made = if path.is_dir() { Some(built(path, None)?.file) } else { None };
        let file = crate_made.as_deref().or_else(|| path.is_file().then_some(path));
        let facts = match file {
            Some(file) => {
                let (playbook, bytes) = shelf.open_file(file)?;
                facts(&playbook, &bytes)?
            }
            None => {
                let playbook = shelf.find(&self.playbook)?;
                let bytes = shelf.plugins().file(playbook.id());
                facts(&playbook, &bytes.context("the component is not kept")?)?
            }
        };
        if self.json {
            println!("{facts:#}");
        } else {
            show(&facts);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn facts(playbook: &Playbook, bytes: &[u8]) -> Result<Value> {
    let description = playbook.description();
    let (code, layer) = split(bytes)?;
    let interfaces = toolchain::interfaces(code)?;
    let layer: Option<Value> = layer.map(serde_json::from_str).transpose()?;
    let schema: Value = serde_json::from_str(&description.config_schema).unwrap_or_default();
    let mut call = playbook.begin(&ordinary_brief(playbook, "en"))?;
    let begin = call.memory_bytes();
    call.plan()?;
    let plan = call.fuel_used();
    call.check(&clause(0, "Yes, seventy-two dollars per unit works for us."))?;
    let check = call.fuel_used();
    let limits = playbook.limits();
    Ok(json!({
        "id": playbook.id(),
        "name": description.name,
        "version": playbook.version(),
        "summary": description.summary,
        "languages": description.languages,
        "effects": description.effects,
        "digest": playbook.digest(),
        "bytes": bytes.len(),
        "compiled_bytes": playbook.compiled_bytes(),
        "imports": interfaces.imports,
        "exports": interfaces.exports,
        "settings": layer,
        "settings_known": settings(description),
        "config_schema": schema,
        "memory_bytes": begin,
        "fuel": { "plan": plan, "check": check },
        "limits": {
            "fuel_check": limits.fuel_check,
            "fuel_turn": limits.fuel_turn,
            "fuel_plan": limits.fuel_plan,
            "fuel_finish": limits.fuel_finish,
            "memory_bytes_max": limits.memory_bytes_max,
            "table_elements_max": limits.table_elements_max,
            "output_bytes_max": limits.output_bytes_max,
            "verdict_bytes_max": limits.verdict_bytes_max,
            "component_bytes_max": limits.component_bytes_max,
        },
    }))
}

fn show(facts: &Value) {
    let text =
        |name: &str| facts[name].as_str().map_or_else(|| facts[name].to_string(), str::to_owned);
    let list = |name: &str| {
        let items = facts[name].as_array().map(Vec::as_slice).unwrap_or_default();
        let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
        if items.is_empty() { "none".to_owned() } else { items.join(", ") }
    };
    println!("id         {} {}", text("id"), text("version"));
    println!("name       {}", text("name"));
    println!("summary    {}", text("summary"));
    println!("languages  {}", list("languages"));
    println!("effects    {}", list("effects"));
    println!("digest     sha256:{}", text("digest"));
    println!("size       {} bytes, {} compiled", text("bytes"), text("compiled_bytes"));
    // A playbook that opens has no others.
    println!("imports    {} (types only)", list("imports"));
    println!("exports    {}", list("exports"));
    println!("knows      {} (settings of its config schema)", list("settings_known"));
    match &facts["settings"] {
        Value::Null => println!("settings   none in the file"),
        settings => println!("settings   {settings:#}"),
    }
    println!("memory     {} bytes at the start", text("memory_bytes"));
    let (fuel, limits) = (&facts["fuel"], &facts["limits"]);
    println!("fuel       plan {} of {}", fuel["plan"], limits["fuel_plan"]);
    println!("           check {} of {}", fuel["check"], limits["fuel_check"]);
    println!("limits     {limits:#}");
}
