//! The engine that runs playbooks, and the playbooks this server has.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use lru::LruCache;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::cache::Cache;
use super::layer::{Layer, split};
use super::load::{Playbook, refuse_other_files, sha256_hex};
use super::{GENERAL, Limits, LoadError};

/// One tick of the clock behind the `…_ms_max` limits. Waking up every millisecond cost 3 % of a
/// core on an idle server, and the clock only stops what fuel, which is exact, does not.
const TICK_MS: u64 = 10;

/// Ticks after which at least `ms` have passed: the first may come at once.
pub(super) fn ticks(ms: u64) -> u64 {
    ms.div_ceil(TICK_MS) + 1
}

/// Core instances, memories and tables one component may have. A playbook of the SDK has one core
/// module and two small ones made by its encoder.
const CORE_INSTANCES_PER_COMPONENT_MAX: u32 = 8;
const MEMORIES_PER_COMPONENT_MAX: u32 = 1;
const TABLES_PER_COMPONENT_MAX: u32 = 4;

/// Opened components that are kept at hand, the code of each mapped once.
const CODES_MAX: NonZeroUsize = NonZeroUsize::new(256).expect("it is more than 0");
/// Objectives whose playbook is remembered.
const CLASSIFIED_MAX: NonZeroUsize = NonZeroUsize::new(2048).expect("it is more than 0");
/// Custom playbooks that are kept at hand: little more than their settings.
const OPENED_MAX: NonZeroUsize = NonZeroUsize::new(4096).expect("it is more than 0");

/// A playbook of every organization.
struct Installed {
    playbook: Arc<Playbook>,
    file: Arc<[u8]>,
}

/// The playbook of the library for an objective, and the highest score there.
#[derive(Clone)]
struct Suited {
    id: String,
    score: u8,
}

/// Compiles, keeps and chooses playbooks.
pub struct Plugins {
    engine: Engine,
    limits: Limits,
    cache: Cache,
    library: RwLock<BTreeMap<String, Installed>>,
    /// By digest, without their settings.
    codes: Mutex<LruCache<String, Arc<Playbook>>>,
    /// By digest of the file.
    opened: Mutex<LruCache<String, Arc<Playbook>>>,
    /// By objective and language: many calls share one, and to ask every playbook takes milliseconds.
    classified: Mutex<LruCache<(String, String), Suited>>,
    /// Dropped with the server, which ends the ticker.
    _ticker: Sender<()>,
}

impl Plugins {
    /// `cache_dir` holds compiled machine code: only the server may write there.
    pub fn new(limits: Limits, cache_dir: &Path) -> Result<Self> {
        let engine = Engine::new(&config(&limits)).map_err(|error| {
            anyhow::anyhow!("cannot reserve room for playbooks, lower `instances_max`: {error:#}")
        })?;
        let cache = Cache::open(&engine, cache_dir)?;
        let ticker = start_ticker(&engine)?;
        Ok(Self {
            engine,
            limits,
            cache,
            library: RwLock::default(),
            codes: Mutex::new(LruCache::new(CODES_MAX)),
            opened: Mutex::new(LruCache::new(OPENED_MAX)),
            classified: Mutex::new(LruCache::new(CLASSIFIED_MAX)),
            _ticker: ticker,
        })
    }

    /// A component that belongs to nobody's library. Compiles its code unless that was compiled
    /// before, so never on the path of a call.
    pub fn open(&self, file: &[u8]) -> Result<Arc<Playbook>, LoadError> {
        let digest = sha256_hex(file);
        if let Some(known) = self.opened(&digest) {
            return Ok(known);
        }
        let (code, layer) = self.taken_apart(file)?;
        let code_digest = if layer.is_some() { sha256_hex(code) } else { digest.clone() };
        let bare = self.code(code, code_digest)?;
        let Some(layer) = layer else { return Ok(bare) };
        let playbook = Arc::new(bare.with_layer(Layer::read(layer)?, digest.clone())?);
        guard(&self.opened).put(digest, Arc::clone(&playbook));
        Ok(playbook)
    }

    /// What may be a component, and the settings in it.
    pub fn taken_apart<'a>(
        &self,
        file: &'a [u8],
    ) -> Result<(&'a [u8], Option<&'a str>), LoadError> {
        refuse_other_files(file, &self.limits)?;
        split(file)
    }

    /// One that was opened lately.
    pub fn opened(&self, digest: &str) -> Option<Arc<Playbook>> {
        let custom = guard(&self.opened).get(digest).cloned();
        custom.or_else(|| guard(&self.codes).get(digest).cloned())
    }

    fn code(&self, code: &[u8], digest: String) -> Result<Arc<Playbook>, LoadError> {
        if let Some(known) = guard(&self.codes).get(&digest) {
            return Ok(Arc::clone(known));
        }
        let compiled = self.cache.compiled(&self.engine, &digest, code)?;
        let playbook = Playbook::new(&self.engine, &compiled, digest.clone(), &self.limits)?;
        let playbook = Arc::new(playbook);
        guard(&self.codes).put(digest, Arc::clone(&playbook));
        Ok(playbook)
    }

    /// Adds a component to the library, in place of an older one with its id. Compiles it unless
    /// it was compiled before, so never on the path of a call.
    pub fn load(&self, file: &[u8]) -> Result<Arc<Playbook>, LoadError> {
        let playbook = self.open(file)?;
        let installed = Installed { playbook: Arc::clone(&playbook), file: file.into() };
        self.library
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(playbook.id().to_owned(), installed);
        guard(&self.classified).clear();
        Ok(playbook)
    }

    /// Loads every `*.wasm` of a folder, in the order of their names. One of them must be
    /// `platform.general`, unless it is there already.
    pub fn load_dir(&self, dir: &Path) -> Result<Vec<Arc<Playbook>>> {
        let entries = fs::read_dir(dir)
            .with_context(|| format!("cannot read the folder of playbooks {}", dir.display()))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "wasm") {
                files.push(path);
            }
        }
        files.sort();
        let mut loaded = Vec::new();
        for file in files {
            let bytes =
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let playbook = self
                .load(&bytes)
                .with_context(|| format!("cannot load the playbook {}", file.display()))?;
            loaded.push(playbook);
        }
        if self.playbook(GENERAL).is_none() {
            bail!("{} has no {GENERAL}.wasm, which every server needs", dir.display());
        }
        Ok(loaded)
    }

    pub fn playbook(&self, id: &str) -> Option<Arc<Playbook>> {
        let library = self.library.read().unwrap_or_else(PoisonError::into_inner);
        library.get(id).map(|installed| Arc::clone(&installed.playbook))
    }

    /// The component file of a playbook of the library.
    pub fn file(&self, id: &str) -> Option<Arc<[u8]>> {
        let library = self.library.read().unwrap_or_else(PoisonError::into_inner);
        library.get(id).map(|installed| Arc::clone(&installed.file))
    }

    /// All playbooks of the library, by id.
    pub fn all(&self) -> Vec<Arc<Playbook>> {
        let library = self.library.read().unwrap_or_else(PoisonError::into_inner);
        library.values().map(|installed| Arc::clone(&installed.playbook)).collect()
    }

    /// The playbook that suits an objective best, of the library and of `own`. Ties and misses go to
    /// `platform.general`; one of `own` must suit better than the library's best. Takes milliseconds.
    ///
    /// # Panics
    /// If `platform.general` is not loaded, which `load_dir` has ruled out.
    pub fn classify(
        &self,
        objective: &str,
        language: &str,
        own: &[Arc<Playbook>],
    ) -> Arc<Playbook> {
        let suited = self.suited(objective, language);
        let scored = own.iter().map(|own| (Arc::clone(own), own.score(objective, language)));
        let better: Vec<_> = scored.filter(|(_, score)| *score > suited.score).collect();
        let found = best(&better).or_else(|| self.playbook(&suited.id));
        found.or_else(|| self.playbook(GENERAL)).expect("platform.general is loaded")
    }

    fn suited(&self, objective: &str, language: &str) -> Suited {
        let asked = (objective.to_owned(), language.to_owned());
        if let Some(known) = guard(&self.classified).get(&asked) {
            return known.clone();
        }
        let mut scores = Vec::new();
        for playbook in self.all() {
            let score = playbook.score(objective, language);
            scores.push((playbook, score));
        }
        let score = scores.iter().map(|(_, score)| *score).max().unwrap_or_default();
        let id = best(&scores).map_or_else(|| GENERAL.to_owned(), |found| found.id().to_owned());
        let suited = Suited { id, score };
        guard(&self.classified).put(asked, suited.clone());
        suited
    }

    /// How many components this server has compiled rather than found compiled.
    pub fn compilations(&self) -> u64 {
        self.cache.compilations()
    }
}

/// The one with the highest score, if there is one such.
pub fn best(scores: &[(Arc<Playbook>, u8)]) -> Option<Arc<Playbook>> {
    let mut best = None;
    let mut best_score = 0;
    for (playbook, score) in scores {
        if *score > best_score {
            best = Some(Arc::clone(playbook));
            best_score = *score;
        } else if *score == best_score {
            best = None;
        }
    }
    best
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn config(limits: &Limits) -> Config {
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)))
        // Fuel counts on the audio path and is the same everywhere; epochs are the backstop.
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(limits.stack_bytes_max)
        // Nothing here is asynchronous, so a call keeps no bookkeeping for tasks.
        .concurrency_support(false)
        // The same bits on every machine, so that a call can be replayed.
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false);
    config
}

fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits.instances_max)
        .total_core_instances(limits.instances_max.saturating_mul(CORE_INSTANCES_PER_COMPONENT_MAX))
        .total_memories(limits.instances_max)
        .total_tables(limits.instances_max.saturating_mul(TABLES_PER_COMPONENT_MAX))
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT_MAX)
        .max_memories_per_component(MEMORIES_PER_COMPONENT_MAX)
        .max_tables_per_component(TABLES_PER_COMPONENT_MAX)
        .max_memory_size(limits.memory_bytes_max)
        .table_elements(limits.table_elements_max)
        // Reset by copying, never by faulting.
        .linear_memory_keep_resident(limits.memory_resident_bytes)
        .table_keep_resident(limits.table_elements_max * size_of::<usize>())
        .pagemap_scan(Enabled::No);
    pool
}

/// The one thread that moves the clock. Nothing else does: a caller that gave up early would
/// otherwise cut its neighbours short.
fn start_ticker(engine: &Engine) -> Result<Sender<()>> {
    let (stop, stopped) = mpsc::channel::<()>();
    let engine = engine.weak();
    let tick = Duration::from_millis(TICK_MS);
    thread::Builder::new()
        .name("playbook-ticker".to_owned())
        .spawn(move || {
            while stopped.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                let Some(engine) = engine.upgrade() else { return };
                engine.increment_epoch();
            }
        })
        .context("cannot start the clock of playbooks")?;
    Ok(stop)
}
