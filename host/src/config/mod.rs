//! Configuration, read once: defaults, then a TOML file, then `AGENTICCALLING_…` variables.

mod turn_taking;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use call::billing::{Bill, Rates, Rounding, bill_rounded};
use call::hours::LegalHours;
use call::share::Allowance;
use domain::MicroUsd;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::carrier::sip::Carriers;
use crate::events::Allowed;
use crate::model::{PipelineConfig, Stage};
use crate::plugin::Limits;
use crate::store::bucket::BucketConfig;
use crate::stripe::StripeConfig;

pub use self::turn_taking::TurnTaking;

const ENV_PREFIX: &str = "AGENTICCALLING_";
const SECRET_CHARS_MIN: usize = 32;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub listen: SocketAddr,
    /// Database, recordings, caches, secrets.
    pub data: PathBuf,
    /// `postgres://…` in place of the SQLite file in the data folder; several servers may share it.
    pub database_url: Option<String>,
    /// Signs links and seals the secrets of others, in place of one that the server draws and keeps
    /// with its data. Servers that share a database need the same.
    pub secret: Option<String>,
    /// Folder of playbook components; by default the one the build writes.
    pub playbooks: Option<PathBuf>,
    /// Serves figures for Prometheus at `/metrics` of this address; without one, nothing is measured.
    pub metrics_listen: Option<SocketAddr>,
    /// Where clients reach the server, if that is not where it listens; shown in its documentation.
    pub base_url: Option<String>,
    pub register: Register,
    /// Web pages that may use the API from a browser, such as `https://app.example.com`.
    pub cors_origins: Vec<String>,
    pub plans: Plans,
    pub billing: Billing,
    /// Hours of the day in which people may be called where they are.
    pub calling_hours: LegalHours,
    pub recordings: Recordings,
    pub webhooks: Webhooks,
    pub stripe: StripeConfig,
    pub pipelines: Pipelines,
    /// What live calls go out on.
    pub carriers: Carriers,
    pub sandbox: Sandbox,
    pub turn: TurnTaking,
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
    /// Calls at the same time.
    pub concurrent_calls: u32,
    /// How fast calls are begun.
    #[serde(default = "dials_per_second")]
    pub dials_per_second: u32,
    /// Minutes of billed calls a month; none for no limit.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// Messages a month; none for no limit.
    #[serde(default)]
    pub sms: Option<u32>,
    /// Numbers to call from; none for no limit.
    #[serde(default)]
    pub lines: Option<u32>,
    /// Lines that cost nothing beside the plan.
    #[serde(default = "lines_included")]
    pub lines_included: u32,
    /// Micro-dollars a month for every line beyond those.
    #[serde(default)]
    pub line_rate: MicroUsd,
    /// Custom playbooks; none for no limit.
    #[serde(default)]
    pub playbooks: Option<u32>,
    #[serde(default)]
    pub rates: RateLimits,
}

/// Requests in any 60 seconds; none for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimits {
    /// `POST /v1/calls`; as many again of all other changes together.
    pub calls: Option<u32>,
    pub batches: Option<u32>,
    pub reads: Option<u32>,
}

fn dials_per_second() -> u32 {
    10
}

fn lines_included() -> u32 {
    1
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Billing {
    /// A shorter connection costs nothing.
    pub grace_seconds: u64,
    /// `minute` (up to the next full one) or `second`.
    pub rounding: Rounding,
    /// Micro-dollars a minute, by pipeline, in place of the public price list.
    pub rates: BTreeMap<call::billing::Pipeline, Rates>,
}

impl Billing {
    /// What `connected` costs.
    #[must_use]
    pub fn bill(&self, pipeline: call::billing::Pipeline, connected: Duration) -> Bill {
        bill_rounded(connected, self.rates_of(pipeline), self.grace_seconds, self.rounding)
    }

    #[must_use]
    pub fn rates_of(&self, pipeline: call::billing::Pipeline) -> Rates {
        self.rates.get(&pipeline).copied().unwrap_or(Rates::of(pipeline))
    }
}

/// Where recordings and transcripts are kept: in the data folder, or in an S3-compatible store.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recordings {
    pub s3: Option<BucketConfig>,
}

/// Where events may be sent, and how often.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// Plain HTTP is taken for addresses of this machine; for development.
    pub http_to_loopback: bool,
    /// Networks that may be reached although they are not public, such as `10.0.0.0/8`.
    pub allow_networks: Vec<String>,
    /// Waits before the second, third… attempt of a delivery.
    pub retry_secs: Vec<u64>,
}

impl Default for Webhooks {
    fn default() -> Self {
        Webhooks {
            http_to_loopback: false,
            allow_networks: Vec::new(),
            retry_secs: call::delivery::RETRY_SECS.to_vec(),
        }
    }
}

impl Webhooks {
    pub fn allowed(&self) -> anyhow::Result<Allowed> {
        let mut networks = Vec::new();
        for text in &self.allow_networks {
            let network = text.parse().ok();
            networks.push(network.with_context(|| {
                format!("webhooks.allow_networks: {text:?} is no network such as 10.0.0.0/8")
            })?);
        }
        Ok(Allowed::new(networks, self.http_to_loopback))
    }
}

/// The AI sides that are configured for live calls.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pipelines {
    pub pipeline: Option<PipelineConfig>,
    /// A language model that judges every clause by the rules that code cannot decide. Without one
    /// such rules are asked of the model that speaks.
    pub judge: Option<Stage>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sandbox {
    /// More scenarios than those that ship with the server.
    pub scenarios: Option<PathBuf>,
    /// Sandbox numbers keep the calling hours as well, to see what that does.
    pub keeps_hours: bool,
    /// Where rendered speech is kept; by default in the data folder.
    pub speech_cache: Option<PathBuf>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerLimits {
    /// Calls this node holds at the same time.
    pub live_calls_max: u32,
    /// Due calls and deliveries are looked for at least so often, for those that another server wrote.
    pub look_secs: u64,
    /// A server that does not renew its leases for so long is taken for dead. Its calls are recovered
    /// within one and a half times as long.
    pub lease_secs: u64,
    pub body_bytes_max: usize,
    /// Until a request's body has arrived whole.
    pub body_secs: u64,
    /// `POST /v1/auth/register` from one address in any 60 seconds.
    pub registrations_per_minute: u32,
    /// Networks of reverse proxies, such as `10.0.0.0/8`: what comes from there is taken to come from
    /// the last address in `X-Forwarded-For` that is not one of them.
    pub trusted_proxies: Vec<ipnet::IpNet>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            database_url: None,
            secret: None,
            playbooks: None,
            metrics_listen: None,
            base_url: None,
            register: Register::OpenForNew,
            cors_origins: Vec::new(),
            plans: Plans::default(),
            billing: Billing::default(),
            calling_hours: LegalHours::default(),
            recordings: Recordings::default(),
            webhooks: Webhooks::default(),
            stripe: StripeConfig::default(),
            pipelines: Pipelines::default(),
            carriers: Carriers::default(),
            sandbox: Sandbox::default(),
            turn: TurnTaking::default(),
            limits: ServerLimits::default(),
            plugins: Limits::default(),
        }
    }
}

impl Default for Plans {
    fn default() -> Self {
        let plan = |concurrent_calls, dials_per_second, rates| Plan {
            concurrent_calls,
            dials_per_second,
            minutes: None,
            sms: None,
            lines: None,
            lines_included: lines_included(),
            line_rate: MicroUsd::ZERO,
            playbooks: None,
            rates,
        };
        let rented = |line_rate, plan| Plan { line_rate: MicroUsd(line_rate), ..plan };
        let rates = |calls, batches, reads| RateLimits {
            calls: Some(calls),
            batches: Some(batches),
            reads: Some(reads),
        };
        let free = Plan {
            minutes: Some(5),
            sms: Some(10),
            lines: Some(1),
            playbooks: Some(0),
            ..plan(3, 1, rates(10, 2, 60))
        };
        let table = [
            ("free", free),
            ("pro", rented(2_000_000, plan(20, 5, rates(60, 10, 300)))),
            ("business", rented(1_500_000, plan(50, 10, rates(200, 30, 1000)))),
            ("enterprise", plan(200, 50, rates(1000, 150, 5000))),
            ("unlimited", plan(1000, 100, RateLimits::default())),
        ];
        let table = table.into_iter().map(|(name, plan)| (name.to_owned(), plan)).collect();
        Plans { default: "unlimited".into(), table }
    }
}

impl Default for Billing {
    fn default() -> Self {
        Billing {
            grace_seconds: call::billing::GRACE_SECONDS,
            rounding: Rounding::default(),
            rates: BTreeMap::new(),
        }
    }
}

impl Default for ServerLimits {
    fn default() -> Self {
        ServerLimits {
            live_calls_max: 500,
            look_secs: 1,
            lease_secs: 9,
            body_bytes_max: 256 * 1024,
            body_secs: 20,
            registrations_per_minute: 20,
            trusted_proxies: Vec::new(),
        }
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
        let env = Env::prefixed(ENV_PREFIX).ignore(&["flite", "url"]).split("__");
        let config: Config = figment.merge(env).extract().map_err(explain)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        let plan = &self.plans.default;
        anyhow::ensure!(
            self.plans.table.contains_key(plan),
            "plans.default names the plan {plan:?}, which plans.table does not have"
        );
        for (name, plan) in &self.plans.table {
            anyhow::ensure!(
                plan.concurrent_calls > 0,
                "plans.table.{name}.concurrent_calls must be at least 1"
            );
            anyhow::ensure!(
                (1..=1000).contains(&plan.dials_per_second),
                "plans.table.{name}.dials_per_second must be from 1 to 1000"
            );
        }
        self.webhooks.allowed()?;
        self.turn.check()?;
        self.carriers.check()?;
        if let Some(secret) = &self.secret {
            let long = secret.chars().count() >= SECRET_CHARS_MIN;
            anyhow::ensure!(long, "secret must have at least {SECRET_CHARS_MIN} characters");
        }
        if let Some(bucket) = &self.recordings.s3 {
            bucket.check()?;
        }
        anyhow::ensure!(self.limits.look_secs > 0, "limits.look_secs must be at least 1");
        anyhow::ensure!(self.limits.lease_secs >= 3, "limits.lease_secs must be at least 3");
        let hours = self.calling_hours;
        anyhow::ensure!(
            0 <= hours.from && hours.from < hours.until && hours.until <= 24,
            "calling_hours must run from an hour to a later one of the same day, 0 to 24"
        );
        for origin in &self.cors_origins {
            let parsed = reqwest::Url::parse(origin).ok();
            let is_origin = parsed.is_some_and(|url| url.origin().ascii_serialization() == *origin);
            anyhow::ensure!(
                is_origin,
                "cors_origins: {origin:?} is no origin such as https://app.example.com"
            );
        }
        for (price, plan) in &self.stripe.prices {
            anyhow::ensure!(
                self.plans.table.contains_key(plan),
                "stripe.prices.{price} names the plan {plan:?}, which plans.table does not have"
            );
        }
        if let Some(url) = &self.base_url {
            let parsed = reqwest::Url::parse(url);
            let is_http = parsed.is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
            anyhow::ensure!(is_http, "base_url must be an http or https URL, not {url:?}");
        }
        Ok(())
    }

    /// An organization whose plan was removed gets the default.
    #[must_use]
    pub fn plan(&self, name: &str) -> &Plan {
        let named = self.plans.table.get(name);
        named.unwrap_or_else(|| &self.plans.table[&self.plans.default])
    }

    #[must_use]
    pub fn allowance(&self, plan: &str) -> Allowance {
        let plan = self.plan(plan);
        Allowance {
            concurrent_calls: plan.concurrent_calls,
            dials_per_second: plan.dials_per_second,
        }
    }
}

/// Every mistake, with the key and the file or variable it stands in. Values are not repeated where
/// they may be secrets.
fn explain(errors: figment::Error) -> anyhow::Error {
    let mut lines = Vec::new();
    for error in errors {
        let path = error.path.join(".");
        let from_env =
            error.metadata.as_ref().is_some_and(|from| from.name.contains("environment"));
        let place = match &error.metadata {
            Some(_) if from_env => {
                format!("variable {ENV_PREFIX}{}", error.path.join("__").to_uppercase())
            }
            Some(from) => from.source.as_ref().map_or(from.name.to_string(), ToString::to_string),
            None => "the configuration".to_owned(),
        };
        let what = match &error.kind {
            figment::error::Kind::InvalidType(_, expected) => format!("must be {expected}"),
            kind => kind.to_string(),
        };
        let key = if path.is_empty() || from_env { String::new() } else { format!("{path}: ") };
        lines.push(format!("{place}: {key}{what}"));
    }
    anyhow::anyhow!("the configuration is not valid: {}", lines.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_that_make_no_sense_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.toml");
        let load = |turn: &str| {
            std::fs::write(&file, format!("[turn]\n{turn}\n")).unwrap();
            Config::load(Some(&file))
        };
        let adaptive = turn::Endpointing::Adaptive { ms_min: 300, ms_max: 2500 };
        let config = load("adaptive_ms_min = 300\nadaptive_ms_max = 2500").unwrap();
        assert_eq!(config.turn.of_call("de-DE").endpointing, adaptive);
        assert_eq!(config.turn.of_call("de-DE").language, turn::Language::German);
        let config = load("fixed_ms = 200\nspeculate = false").unwrap();
        assert_eq!(config.turn.of_call("en").endpointing, turn::Endpointing::Fixed { ms: 200 });
        assert!(!config.turn.of_call("en").drafts);
        for (wrong, named) in [
            ("fixed_ms = 199", "turn.fixed_ms"),
            ("fixed_ms = 5001", "turn.fixed_ms"),
            ("adaptive_ms_min = 100", "turn.adaptive_ms_min"),
            ("adaptive_ms_min = 900\nadaptive_ms_max = 800", "turn.adaptive_ms_max"),
            ("adaptive_ms_max = 60000", "turn.adaptive_ms_max"),
            ("fixed = 300", "fixed"),
        ] {
            let error = format!("{:#}", load(wrong).unwrap_err());
            assert!(error.contains(named), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_file_overrides_defaults_and_mistakes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.toml");
        std::fs::write(&file, "register = \"closed\"\n[billing]\ngrace_seconds = 0\n").unwrap();
        let config = Config::load(Some(&file)).unwrap();
        assert_eq!(config.register, Register::Closed);
        assert_eq!(config.billing.grace_seconds, 0);
        assert_eq!(config.plan("free").concurrent_calls, 3);
        assert_eq!(config.plan("gone").concurrent_calls, 1000);

        std::fs::write(&file, "[billing]\ngrace_secs = 0\n").unwrap();
        let error = format!("{:#}", Config::load(Some(&file)).unwrap_err());
        assert!(error.contains("grace_secs"), "{error}");

        std::fs::write(&file, "[plans]\ndefault = \"gold\"\n").unwrap();
        let error = format!("{:#}", Config::load(Some(&file)).unwrap_err());
        assert!(error.contains("gold"), "{error}");

        let missing = folder.path().join("missing.toml");
        assert!(Config::load(Some(&missing)).is_err());
    }

    #[test]
    fn trunks_are_read_and_their_mistakes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.toml");
        let load = |more: &str| {
            let text = format!(
                "[carriers.sip.main]\naddress = \"sip.example.com\"\ntransport = \"tls\"\n\
                 caller_ids = [\"+12025550123\"]\nnetworks = [\"192.0.2.0/24\"]\n{more}"
            );
            std::fs::write(&file, text).unwrap();
            Config::load(Some(&file)).map_err(|error| format!("{error:#}"))
        };
        let config = load("srtp = \"required\"\n").unwrap();
        assert_eq!(config.carriers.sip["main"].place().unwrap().1, 5061);
        let wrong = |more: &str, part: &str| {
            let error = load(more).unwrap_err();
            assert!(error.contains(part), "{more}: {error}");
        };
        wrong("passwort = \"x\"\n", "passwort");
        wrong("srtp = \"yes\"\n", "srtp");
        wrong("register = true\n", "carriers.sip.main: register needs a username");
        wrong("[carriers]\nrtp_ports = { first = 1, last = 2 }\n", "carriers.rtp_ports");
    }
}
