//! Scripted callees and the emulated AI vendors, used by test keys and by tests.
//!
//! Real audio goes both ways, and no carrier or vendor is ever reached: callees are scenarios read from
//! files, voices are a synthesiser, ears match samples against lines the sandbox rendered for the same
//! call. Everything runs on threads of its own, named `sandbox-N`, so that its CPU can be told apart.

pub mod callee;
mod dial_log;
pub mod ear;
pub mod leg;
pub mod line;
pub mod mind;
pub mod room;
pub mod scenario;
pub mod vendor;
pub mod voice;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use domain::E164;
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;

use dial_log::DialLog;
pub use leg::{DialError, Leg};
use room::Rooms;
use scenario::Scenarios;
use vendor::{Heard, Rendered, Studio, VendorControl};
use voice::{Voices, locked};

/// 20 ms at 8 kHz.
pub const FRAME_SAMPLES: usize = 160;
pub const FRAME_MS: u64 = 20;
/// One frame of µ-law.
pub type Frame = [u8; FRAME_SAMPLES];
/// µ-law silence.
pub const SILENCE: Frame = [0xFF; FRAME_SAMPLES];
/// Legs at a time.
pub const LEGS_MAX: usize = 5000;

const THREADS_DEFAULT: usize = 2;

pub struct SandboxConfig {
    /// Rendered speech is kept here.
    pub cache_dir: PathBuf,
    /// Scenarios of the user's, beside the built-in ones.
    pub scenarios_dir: Option<PathBuf>,
    /// One line for each leg dialled, appended before it rings.
    pub dial_log: Option<PathBuf>,
    /// The vendor listens here; port 0 takes any.
    pub vendor_port: u16,
    /// Switches of the emulated vendor.
    pub vendor: VendorControl,
    /// Noise, loss and lateness of every call derive from it.
    pub seed: u64,
    pub threads: usize,
}

impl SandboxConfig {
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        SandboxConfig {
            cache_dir: cache_dir.into(),
            scenarios_dir: None,
            dial_log: None,
            vendor_port: 0,
            vendor: VendorControl::new(),
            seed: 1,
            threads: THREADS_DEFAULT,
        }
    }
}

/// A magic number and what it does.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Number {
    pub number: E164,
    pub scenario: String,
    pub description: String,
    pub expected_outcome: String,
    pub objective: String,
    pub context: String,
    pub previous_call: String,
    pub language: String,
    pub rules: Vec<String>,
}

pub struct Sandbox {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    world: Arc<World>,
    dial_log: Option<DialLog>,
    vendor: VendorControl,
    vendor_at: SocketAddr,
    seed: u64,
    legs: Arc<Semaphore>,
}

/// What callees and vendor share.
struct World {
    voices: Arc<Voices>,
    rooms: Rooms,
    scenarios: Scenarios,
}

impl Sandbox {
    /// Blocks for a moment, and may be called within another runtime.
    pub fn start(config: SandboxConfig) -> Result<Self> {
        let voices = Arc::new(Voices::new(&config.cache_dir)?);
        let scenarios = Scenarios::load(config.scenarios_dir.as_deref())?;
        let dial_log = config.dial_log.as_deref().map(DialLog::open).transpose()?;
        let world = Arc::new(World { voices, rooms: Rooms::default(), scenarios });
        let runtime = runtime(config.threads.max(1))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.vendor_port))
            .with_context(|| format!("the sandbox's vendor cannot listen on port {} of loopback: choose another or 0", config.vendor_port))?;
        listener.set_nonblocking(true)?;
        let vendor_at = listener.local_addr()?;
        let studio: Arc<dyn Studio> = world.clone();
        let control = config.vendor.clone();
        let entered = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener)?;
        drop(entered);
        runtime.spawn(async move {
            if let Err(error) = vendor::serve(studio, control, listener).await {
                tracing::error!(%error, "the sandbox's vendor stopped");
            }
        });
        let legs = Arc::new(Semaphore::new(LEGS_MAX));
        Ok(Sandbox {
            runtime: Some(runtime),
            world,
            dial_log,
            vendor: config.vendor,
            vendor_at,
            seed: config.seed,
            legs,
        })
    }

    /// Every number, built-in scenarios first.
    pub fn numbers(&self) -> Vec<Number> {
        let mut numbers = Vec::new();
        for scenario in self.world.scenarios.all() {
            for number in &scenario.numbers {
                numbers.push(Number {
                    number: number.clone(),
                    scenario: scenario.name.clone(),
                    description: scenario.description.clone(),
                    expected_outcome: scenario.expected_outcome.clone(),
                    objective: scenario.demo.objective.clone(),
                    context: scenario.demo.context.clone(),
                    previous_call: scenario.demo.previous_call.clone(),
                    language: scenario.demo.language.clone(),
                    rules: scenario.demo.rules.clone(),
                });
            }
        }
        numbers
    }

    /// Where the call's AI vendor answers; each call has a vocabulary of its own.
    pub fn vendor_base_url(&self, call_id: &str) -> String {
        format!("http://{}/calls/{call_id}/v1", self.vendor_at)
    }

    /// Switches of the emulated vendor, for tests.
    pub fn vendor(&self) -> &VendorControl {
        &self.vendor
    }

    pub fn rooms(&self) -> &Rooms {
        &self.world.rooms
    }

    pub fn scenarios(&self) -> &Scenarios {
        &self.world.scenarios
    }

    pub fn voices(&self) -> &Arc<Voices> {
        &self.world.voices
    }

    /// Legs that are ringing or talking.
    pub fn legs(&self) -> usize {
        LEGS_MAX - self.legs.available_permits()
    }

    /// Dials a magic number. The attempt is in the dial log before anything rings.
    pub fn dial(
        &self,
        call_id: &str,
        attempt_id: &str,
        to: &E164,
        from: Option<&E164>,
    ) -> Result<Leg, DialError> {
        let scenario = self.world.scenarios.find(to);
        let scenario = scenario.ok_or_else(|| DialError::UnknownNumber(to.clone()))?.clone();
        let place = self.legs.clone().try_acquire_owned().map_err(|_| DialError::TooManyLegs)?;
        if let Some(log) = &self.dial_log {
            let written = log.write(call_id, attempt_id, to, from);
            written.map_err(|error| DialError::NotLogged(error.to_string()))?;
        }
        let room = self.world.rooms.open(call_id, scenario);
        let (leg, end) = leg::pair();
        let voices = self.world.voices.clone();
        let seed = seed_of(self.seed, call_id, attempt_id);
        let runtime = self.runtime.as_ref().expect("the runtime lives as long as the sandbox");
        runtime.spawn(async move {
            leg::play(end, room, voices, seed).await;
            drop(place);
        });
        Ok(leg)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Dropping a runtime blocks, which another runtime forbids.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn runtime(threads: usize) -> Result<Runtime> {
    let counter = AtomicUsize::new(0);
    let name = move || format!("sandbox-{}", counter.fetch_add(1, Ordering::Relaxed));
    Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name_fn(name)
        .enable_all()
        .build()
        .context("cannot start the sandbox's threads")
}

/// Every attempt has its own bad luck, the same each time.
fn seed_of(seed: u64, call_id: &str, attempt_id: &str) -> u64 {
    let digest = Sha256::digest(format!("{seed}\n{call_id}\n{attempt_id}"));
    digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

impl Studio for World {
    fn speak(&self, call: Option<&str>, voice: &str, text: &str) -> Result<Rendered> {
        let speech = self.voices.render(voice, text)?;
        if let Some(call) = call {
            locked(&self.rooms.agent_ear(call)).learn_speech(&speech);
        }
        Ok(Rendered { rate_hz: speech.rate, samples: speech.samples.clone() })
    }

    fn hear(&self, call: Option<&str>, samples: &[i16]) -> Result<Heard> {
        let room = call.and_then(|call| self.rooms.find(call));
        let words = room.and_then(|room| locked(&room.callee).recognise(samples));
        Ok(words.map_or(Heard::Unrecognised, Heard::Words))
    }
}
