//! Extism's side: its plugins, set up as its documents say, with the limits of our playbooks.

use std::path::Path;
use std::time::Duration;

use agenticcalling::plugin::Clause;
use anyhow::{Result, bail};
use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::files::Files;
use crate::inputs::{HEARD, RULE};

const PAGE_BYTES: usize = 64 * 1024;
/// The kernel that Extism links to each plugin has an instance and a memory of its own.
const INSTANCES_PER_PLUGIN: u32 = 2;

/// How a plugin is compiled. A limit that is `None` is off.
#[derive(Clone, Copy, Default)]
pub(crate) struct Setup<'a> {
    pub(crate) timeout: Option<Duration>,
    pub(crate) fuel: Option<u64>,
    pub(crate) memory_bytes_max: Option<usize>,
    /// Instances a pool is made for; without one, wasmtime maps memory for each.
    pub(crate) pool: Option<u32>,
    /// The file that configures a cache of compiled code.
    pub(crate) cache: Option<&'a Path>,
}

pub(crate) fn compile(files: &Files, setup: Setup<'_>) -> Result<CompiledPlugin> {
    compile_manifest(manifest(files, setup), setup)
}

pub(crate) fn manifest(files: &Files, setup: Setup<'_>) -> Manifest {
    let mut manifest = Manifest::new([Wasm::data(files.extism.clone())]);
    if let Some(bytes) = setup.memory_bytes_max {
        manifest = manifest.with_memory_max((bytes / PAGE_BYTES) as u32);
    }
    if let Some(timeout) = setup.timeout {
        manifest = manifest.with_timeout(timeout);
    }
    manifest
}

pub(crate) fn compile_manifest(manifest: Manifest, setup: Setup<'_>) -> Result<CompiledPlugin> {
    let mut builder = PluginBuilder::new(manifest);
    builder = match setup.cache {
        Some(config) => builder.with_cache_config(config),
        None => builder.with_cache_disabled(),
    };
    if let Some(fuel) = setup.fuel {
        builder = builder.with_fuel_limit(fuel);
    }
    if let Some(instances) = setup.pool {
        builder = builder.with_wasmtime_config(pooled(instances, setup.memory_bytes_max));
    }
    builder.compile()
}

/// A new plugin that knows the rule of its call.
pub(crate) fn begin(compiled: &CompiledPlugin) -> Result<Plugin> {
    let mut plugin = Plugin::new_from_compiled(compiled)?;
    plugin.call::<&str, ()>("new_call", RULE)?;
    Ok(plugin)
}

/// The plugin of a call in which somebody spoke.
pub(crate) fn call(compiled: &CompiledPlugin) -> Result<Plugin> {
    let mut plugin = begin(compiled)?;
    for text in HEARD {
        plugin.call::<&str, ()>("heard", text)?;
    }
    Ok(plugin)
}

/// What `check` of the plugin is told.
pub(crate) fn clause_text(clause: &Clause) -> String {
    format!("{}\0{}", clause.said, clause.text)
}

pub(crate) fn check<'a>(plugin: &'a mut Plugin, clause: &str) -> Result<&'a str> {
    plugin.call("check", clause)
}

/// The message with which the endless loop was stopped.
pub(crate) fn endless(plugin: &mut Plugin) -> Result<String> {
    match plugin.call::<(), String>("endless", ()) {
        Err(error) => Ok(format!("{error:#}")),
        Ok(_) => bail!("the endless loop of Extism's plugin ended"),
    }
}

fn pooled(instances: u32, memory_bytes_max: Option<usize>) -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(instances * INSTANCES_PER_PLUGIN)
        .total_memories(instances * INSTANCES_PER_PLUGIN)
        .total_tables(instances * INSTANCES_PER_PLUGIN)
        .total_gc_heaps(instances);
    if let Some(bytes) = memory_bytes_max {
        pool.max_memory_size(bytes).linear_memory_keep_resident(192 * 1024);
    }
    let mut config = Config::new();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}
