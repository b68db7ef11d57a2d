//! The compiled guests that are measured.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub(crate) struct Files {
    /// `platform.price_inquiry`.
    pub(crate) playbook: Vec<u8>,
    /// `tests/guests/hostile`.
    pub(crate) endless: Vec<u8>,
    /// The plugin in `guest`.
    pub(crate) extism: Vec<u8>,
}

impl Files {
    /// From where `cargo x playbooks --all` and `cargo x extism` put them.
    pub(crate) fn read() -> Result<Self> {
        let folder = folder()?;
        Ok(Self {
            playbook: read(&folder.join("platform.price_inquiry.wasm"))?,
            endless: read(&folder.join("tests/hostile.wasm"))?,
            extism: read(&folder.join("tests/extism-rules.wasm"))?,
        })
    }
}

fn folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let mut folders = program.ancestors().map(|folder| folder.join("playbooks"));
    folders
        .find(|folder| folder.join("platform.price_inquiry.wasm").is_file())
        .context("no playbooks beside the target folder: build them with `cargo x playbooks --all`")
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
