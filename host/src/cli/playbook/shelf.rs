//! The components that a command works with: files, crates, and the playbooks that servers have.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::build::built;
use crate::config::Config;
use crate::plugin::{Limits, Playbook, Plugins};
use crate::server::playbook_folder;

/// Instances at the same time: a command asks one, or compares two.
const INSTANCES_MAX: u32 = 8;
/// Fuel decides here; the clock only ends what would never end.
const BACKSTOP_MS: u64 = 60_000;

// Where the playbooks lie that are named by their id. No doc comment: it would become the command's.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct PlaybookFolder {
    /// Folder of playbook components, for playbooks named by their id [default: where `serve` finds
    /// them].
    #[arg(long = "playbooks", value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
}

/// Opens playbooks, each compiled once and kept for the next command.
pub(super) struct Shelf {
    plugins: Plugins,
    config: Config,
}

impl Shelf {
    /// With the limits of this machine's server: `AGENTICCALLING_PLUGINS__…` counts.
    pub(super) fn open(folder: &PlaybookFolder) -> Result<Shelf> {
        let mut config = Config::load(None)?;
        config.playbooks = folder.dir.clone().or(config.playbooks);
        let limits = Limits {
            instances_max: INSTANCES_MAX,
            check_ms_max: BACKSTOP_MS,
            turn_ms_max: BACKSTOP_MS,
            plan_ms_max: BACKSTOP_MS,
            finish_ms_max: BACKSTOP_MS,
            ..config.plugins.clone()
        };
        let plugins = Plugins::new(limits, &cache_folder().join("code"))?;
        Ok(Shelf { plugins, config })
    }

    /// Loads the folder of playbooks; its playbooks, by id.
    pub(super) fn load_folder(&self) -> Result<Vec<Arc<Playbook>>> {
        self.plugins.load_dir(&playbook_folder(&self.config)?)?;
        Ok(self.plugins.all())
    }

    /// A component file, the folder of a crate (which is built), or the id of a playbook.
    pub(super) fn find(&self, name: &str) -> Result<Arc<Playbook>> {
        let path = Path::new(name);
        if path.is_dir() {
            return Ok(self.open_file(&built(path, None)?.file)?.0);
        }
        if path.is_file() {
            return Ok(self.open_file(path)?.0);
        }
        if looks_like_a_file(name) {
            bail!("there is no file {name}");
        }
        self.installed(name)
    }

    /// A component file, and its bytes.
    pub(super) fn open_file(&self, path: &Path) -> Result<(Arc<Playbook>, Vec<u8>)> {
        let shown = path.display();
        let bytes = fs::read(path).with_context(|| format!("cannot read {shown}"))?;
        let playbook =
            self.plugins.open(&bytes).with_context(|| format!("{shown} is no usable playbook"))?;
        Ok((playbook, bytes))
    }

    /// One of the folder of playbooks.
    pub(super) fn installed(&self, id: &str) -> Result<Arc<Playbook>> {
        let known = match self.plugins.all() {
            none if none.is_empty() => self.load_folder()?,
            known => known,
        };
        if let Some(playbook) = self.plugins.playbook(id) {
            return Ok(playbook);
        }
        let ids: Vec<&str> = known.iter().map(|playbook| playbook.id()).collect();
        bail!(
            "there is no file and no playbook {id:?}: name a component file or one of {}",
            ids.join(", ")
        )
    }

    pub(super) fn plugins(&self) -> &Plugins {
        &self.plugins
    }
}

fn looks_like_a_file(name: &str) -> bool {
    name.ends_with(".wasm") || name.contains('/')
}

/// What may be made anew: compiled code, and a fetched compiler.
pub(super) fn cache_folder() -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(folder) = set("XDG_CACHE_HOME") {
        return PathBuf::from(folder).join("agenticcalling");
    }
    match set("HOME") {
        Some(home) => PathBuf::from(home).join(".cache/agenticcalling"),
        None => std::env::temp_dir().join("agenticcalling-cache"),
    }
}
