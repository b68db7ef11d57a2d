//! A component becomes a playbook: checked, compiled once, described once.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use thiserror::Error;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

use super::contract::{Playbook as Bindings, PlaybookPre};
use super::instance::{State, allow, breach};
use super::layer::Layer;
use super::limits::Limits;
use super::{Breach, Brief, Description, Instance};

/// Why a file is not a playbook this server takes.
#[derive(Debug, Error)]
pub enum LoadError {
    #[error("the component has {bytes} bytes, at most {bytes_max} are allowed")]
    TooLarge { bytes: usize, bytes_max: usize },
    #[error("not a WebAssembly component: {0}")]
    NotAComponent(String),
    #[error("the component imports {0}; a playbook imports nothing")]
    Imports(String),
    #[error("not a playbook of agenticcalling:playbook@1.0.0: {0}")]
    WrongWorld(String),
    #[error("the component asks for more than the server allows: {0}")]
    AboveLimits(String),
    #[error("the playbook cannot say who it is: {0}")]
    Describe(#[from] Breach),
    #[error("the playbook describes itself badly: {0}")]
    Description(String),
    #[error("the playbook cannot plan a call: {0}")]
    Plan(Breach),
    #[error("the settings in the file are not usable: {0}")]
    Settings(String),
    #[error("cannot keep the compiled playbook: {0:#}")]
    Cache(anyhow::Error),
}

/// A compiled playbook. Cheap to share; every call gets its own instance.
pub struct Playbook {
    engine: Engine,
    pre: PlaybookPre<State>,
    limits: Limits,
    digest: String,
    description: Description,
    layer: Option<Layer>,
}

impl Playbook {
    /// Checks a compiled component and asks it who it is.
    pub(super) fn new(
        engine: &Engine,
        component: &Component,
        digest: String,
        limits: &Limits,
    ) -> Result<Self, LoadError> {
        refuse_imports(engine, component)?;
        let wrong_world = |error: wasmtime::Error| LoadError::WrongWorld(format!("{error:#}"));
        let linker: Linker<State> = Linker::new(engine);
        let pre = linker.instantiate_pre(component).map_err(wrong_world)?;
        let pre = PlaybookPre::new(pre).map_err(wrong_world)?;
        let mut playbook = Self {
            engine: engine.clone(),
            pre,
            limits: limits.clone(),
            digest,
            description: unknown(),
            layer: None,
        };
        playbook.description = playbook.describe()?;
        validate(&playbook.description).map_err(LoadError::Description)?;
        Ok(playbook)
    }

    /// The same code under a custom playbook's name, with its settings.
    pub(super) fn with_layer(&self, layer: Layer, digest: String) -> Result<Self, LoadError> {
        let mut description = self.description.clone();
        refuse_unknown_settings(&layer, &description.config_schema)?;
        description.id.clone_from(&layer.id);
        description.name.clone_from(&layer.name);
        description.version.clone_from(&layer.version);
        validate(&description).map_err(LoadError::Settings)?;
        Ok(Self {
            engine: self.engine.clone(),
            pre: self.pre.clone(),
            limits: self.limits.clone(),
            digest,
            description,
            layer: Some(layer),
        })
    }

    /// `namespace.name`.
    pub fn id(&self) -> &str {
        &self.description.id
    }

    pub fn version(&self) -> &str {
        &self.description.version
    }

    pub fn description(&self) -> &Description {
        &self.description
    }

    /// SHA-256 of the component file, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    pub fn layer(&self) -> Option<&Layer> {
        self.layer.as_ref()
    }

    /// What a brief of this playbook says in `settings`.
    pub fn settings(&self) -> String {
        let settings = self.layer.as_ref().map(|layer| &layer.settings);
        settings
            .map_or_else(|| "{}".to_owned(), |it| serde_json::Value::from(it.clone()).to_string())
    }

    /// Rules that hold for every call made with it.
    pub fn rules(&self) -> &[String] {
        self.layer.as_ref().map_or(&[], |layer| &layer.behavior_rules)
    }

    /// How well the playbook suits an objective, 0 to 100. A playbook that fails to say scores 0.
    pub fn score(&self, objective: &str, language: &str) -> u8 {
        match self.try_score(objective, language) {
            Ok(score) => score.min(100),
            Err(breach) => {
                tracing::warn!(playbook = self.id(), %breach, "playbook cannot score an objective");
                0
            }
        }
    }

    /// A call begins.
    pub fn begin(&self, brief: &Brief) -> Result<Instance, Breach> {
        Instance::begin(self, brief)
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Size of its machine code, as it lies in the cache.
    pub fn compiled_bytes(&self) -> Option<usize> {
        let component = self.pre.instance_pre().component();
        component.serialize().ok().map(|code| code.len())
    }

    /// A fresh instance for `entry`, with the fuel of `plan` for its start.
    pub(super) fn instantiate(&self, entry: &str) -> Result<(Store<State>, Bindings), Breach> {
        let mut store = Store::new(&self.engine, State::new(&self.limits));
        store.limiter(|state| state);
        allow(&mut store, self.limits.plan());
        match self.pre.instantiate(&mut store) {
            Ok(bindings) => Ok((store, bindings)),
            Err(error) => Err(breach(entry, &error, store.data())),
        }
    }

    fn try_score(&self, objective: &str, language: &str) -> Result<u8, Breach> {
        let (mut store, bindings) = self.instantiate("score")?;
        bindings
            .agenticcalling_playbook_matching()
            .call_score(&mut store, objective, language)
            .map_err(|error| breach("score", &error, store.data()))
    }

    fn describe(&self) -> Result<Description, Breach> {
        let (mut store, bindings) = self.instantiate("describe")?;
        bindings
            .agenticcalling_playbook_about()
            .call_describe(&mut store)
            .map_err(|error| breach("describe", &error, store.data()))
    }
}

/// Whether bytes may be a component at all; says what is wrong otherwise.
pub(super) fn refuse_other_files(bytes: &[u8], limits: &Limits) -> Result<(), LoadError> {
    if bytes.len() > limits.component_bytes_max {
        let bytes_max = limits.component_bytes_max;
        return Err(LoadError::TooLarge { bytes: bytes.len(), bytes_max });
    }
    let problem = match bytes.get(..8) {
        None => "the file is too short",
        Some(header) if !header.starts_with(b"\0asm") => "the file is not WebAssembly",
        Some(header) if header[6..8] != [1, 0] => {
            "the file is a core module; make it a component first"
        }
        Some(_) => return Ok(()),
    };
    Err(LoadError::NotAComponent(problem.to_owned()))
}

/// An interface that only names types grants nothing. Any other import is refused by name.
fn refuse_imports(engine: &Engine, component: &Component) -> Result<(), LoadError> {
    for (name, import) in component.component_type().imports(engine) {
        match import.ty {
            ComponentItem::Type(_) => {}
            ComponentItem::ComponentInstance(instance) => {
                for (inner, export) in instance.exports(engine) {
                    if !matches!(export.ty, ComponentItem::Type(_)) {
                        return Err(LoadError::Imports(format!("{name}#{inner}")));
                    }
                }
            }
            _ => return Err(LoadError::Imports(name.to_owned())),
        }
    }
    Ok(())
}

/// A setting that the component does not know would be lost without a word.
fn refuse_unknown_settings(layer: &Layer, config_schema: &str) -> Result<(), LoadError> {
    let schema: serde_json::Value = serde_json::from_str(config_schema).unwrap_or_default();
    let known = schema.get("properties").and_then(serde_json::Value::as_object);
    for name in layer.settings.keys() {
        if !known.is_some_and(|known| known.contains_key(name)) {
            return Err(LoadError::Settings(format!("the component has no setting {name:?}")));
        }
    }
    Ok(())
}

fn unknown() -> Description {
    Description {
        id: String::new(),
        name: String::new(),
        version: String::new(),
        summary: String::new(),
        languages: Vec::new(),
        config_schema: String::new(),
        effects: Vec::new(),
    }
}

/// Length of an id, `namespace.name`.
const ID_BYTES_MAX: usize = 100;
/// Length of a name or version.
const NAME_BYTES_MAX: usize = 200;
/// Length of the one-sentence summary.
const SUMMARY_BYTES_MAX: usize = 1_000;

fn validate(description: &Description) -> Result<(), String> {
    let Description { id, name, version, summary, languages, config_schema, .. } = description;
    if !is_id(id) {
        return Err(format!(
            "id {id:?} must be `namespace.name` of a-z, 0-9, `_` and `-`, at most {ID_BYTES_MAX} bytes"
        ));
    }
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return Err(format!("name must have 1 to {NAME_BYTES_MAX} bytes"));
    }
    if !is_version(version) {
        return Err(format!("version {version:?} must be semantic, such as 1.0.0"));
    }
    if summary.len() > SUMMARY_BYTES_MAX {
        return Err(format!("summary must have at most {SUMMARY_BYTES_MAX} bytes"));
    }
    let distinct: BTreeSet<&String> = languages.iter().collect();
    if languages.is_empty() || distinct.len() != languages.len() {
        return Err("languages must name at least one language, each once".to_owned());
    }
    match serde_json::from_str::<serde_json::Value>(config_schema) {
        Ok(serde_json::Value::Object(_)) => Ok(()),
        _ => Err("config-schema must be a JSON object".to_owned()),
    }
}

fn is_id(id: &str) -> bool {
    let parts: Vec<&str> = id.split('.').collect();
    let plain = |part: &&str| {
        let allowed = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
        };
        !part.is_empty() && part.bytes().all(allowed)
    };
    parts.len() == 2 && parts.iter().all(plain) && id.len() <= ID_BYTES_MAX
}

fn is_version(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(number) && version.len() <= NAME_BYTES_MAX
}

/// The digest by which a component is known.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_a_namespace() {
        let check = |id: &str, expected: bool| assert_eq!(is_id(id), expected, "{id}");
        check("platform.general", true);
        check("acme.price-inquiry_2", true);
        check("general", false);
        check("a.b.c", false);
        check("a.", false);
        check("Acme.general", false);
        check("../../etc.passwd", false);
        check(&format!("a.{}", "b".repeat(ID_BYTES_MAX)), false);
    }

    #[test]
    fn versions_are_semantic() {
        let check = |version: &str, expected: bool| assert_eq!(is_version(version), expected);
        check("1.0.0", true);
        check("1.0.0-rc.1+7", true);
        check("1.0", false);
        check("1.0.x", false);
        check("", false);
    }
}
