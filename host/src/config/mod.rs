//! Configuration, read once: defaults, then a TOML file, then `AGENTICCALLING_…` variables.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::model::PipelineConfig;
use crate::plugin::Limits;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub listen: SocketAddr,
    /// Database, recordings, caches, secrets.
    pub data: PathBuf,
    /// Folder of playbook components; by default the one the build writes.
    pub playbooks: Option<PathBuf>,
    pub register: Register,
    pub plans: Plans,
    pub billing: Billing,
    pub pipelines: Pipelines,
    pub sandbox: Sandbox,
    pub limits: ServerLimits,
    pub plugins: Limits,
}

/// Who may create organizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Register {
    OpenForNew,
    Closed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plans {
    /// What a new organization gets.
    pub default: String,
    pub table: BTreeMap<String, Plan>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub concurrent_calls: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Billing {
    /// A shorter connection costs nothing.
    pub grace_seconds: u64,
}

/// The AI sides that are configured for live calls.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pipelines {
    pub pipeline: Option<PipelineConfig>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sandbox {
    /// More scenarios than those that ship with the server.
    pub scenarios: Option<PathBuf>,
    /// Where rendered speech is kept; by default in the data folder.
    pub speech_cache: Option<PathBuf>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerLimits {
    /// Calls this node holds at the same time.
    pub live_calls_max: u32,
    pub body_bytes_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            playbooks: None,
            register: Register::OpenForNew,
            plans: Plans::default(),
            billing: Billing::default(),
            pipelines: Pipelines::default(),
            sandbox: Sandbox::default(),
            limits: ServerLimits::default(),
            plugins: Limits::default(),
        }
    }
}

impl Default for Plans {
    fn default() -> Self {
        let plan = |name: &str, concurrent_calls| (name.to_owned(), Plan { concurrent_calls });
        Plans {
            default: "unlimited".into(),
            table: BTreeMap::from([
                plan("free", 3),
                plan("pro", 20),
                plan("business", 50),
                plan("unlimited", 1000),
            ]),
        }
    }
}

impl Default for Billing {
    fn default() -> Self {
        Billing { grace_seconds: call::billing::GRACE_SECONDS }
    }
}

impl Default for ServerLimits {
    fn default() -> Self {
        ServerLimits { live_calls_max: 500, body_bytes_max: 256 * 1024 }
    }
}

impl Config {
    /// Reads the file, if one is named, and the environment.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Config> {
        let mut figment = Figment::from(Serialized::defaults(Config::default()));
        if let Some(file) = file {
            anyhow::ensure!(file.is_file(), "there is no config file {}", file.display());
            figment = figment.merge(Toml::file_exact(file));
        }
        let env = Env::prefixed("AGENTICCALLING_").ignore(&["flite", "url"]).split("__");
        let config: Config =
            figment.merge(env).extract().context("the configuration is not valid")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        let plan = &self.plans.default;
        anyhow::ensure!(
            self.plans.table.contains_key(plan),
            "plans.default names the plan {plan:?}, which plans.table does not have"
        );
        Ok(())
    }

    /// Concurrent calls of a plan; an organization whose plan was removed gets the default's.
    #[must_use]
    pub fn concurrent_calls(&self, plan: &str) -> u32 {
        let named = self.plans.table.get(plan);
        let default = self.plans.table.get(&self.plans.default);
        named.or(default).map_or(1, |plan| plan.concurrent_calls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_overrides_defaults_and_mistakes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.toml");
        std::fs::write(&file, "register = \"closed\"\n[billing]\ngrace_seconds = 0\n").unwrap();
        let config = Config::load(Some(&file)).unwrap();
        assert_eq!(config.register, Register::Closed);
        assert_eq!(config.billing.grace_seconds, 0);
        assert_eq!(config.concurrent_calls("free"), 3);

        std::fs::write(&file, "[billing]\ngrace_secs = 0\n").unwrap();
        let error = format!("{:#}", Config::load(Some(&file)).unwrap_err());
        assert!(error.contains("grace_secs"), "{error}");

        std::fs::write(&file, "[plans]\ndefault = \"gold\"\n").unwrap();
        let error = format!("{:#}", Config::load(Some(&file)).unwrap_err());
        assert!(error.contains("gold"), "{error}");

        let missing = folder.path().join("missing.toml");
        assert!(Config::load(Some(&missing)).is_err());
    }
}
