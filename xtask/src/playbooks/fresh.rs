//! What a component was made of, so that nothing is built twice.
//!
//! Beside each component lies a stamp: the digest of its inputs and the digest of the component.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use toolchain::Toolchain;

use super::guest::Guest;

/// Everything outside the guest's own folder that its component depends on.
const SHARED_INPUTS: [&str; 7] = [
    "wit",
    "sdk-guest",
    "core/heard",
    "toolchain/src",
    "xtask/src/playbooks",
    "Cargo.toml",
    "Cargo.lock",
];

/// Digest of all inputs: names and contents of the sources, and the toolchain.
pub(crate) fn inputs(root: &Path, guest: &Guest, toolchain: &Toolchain) -> Result<String> {
    let mut files = Vec::new();
    for shared in SHARED_INPUTS {
        list(&root.join(shared), &mut files)?;
    }
    list(&guest.folder, &mut files)?;
    files.sort();

    let mut digest = Sha256::new();
    digest.update(toolchain.identity());
    for file in files {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy();
        digest.update(format!("\0{name}\0{}\0", content.len()));
        digest.update(content);
    }
    Ok(hex(digest))
}

pub(crate) fn is_fresh(component: &Path, inputs: &str) -> bool {
    let (Ok(stamp), Ok(bytes)) = (fs::read_to_string(stamp_path(component)), fs::read(component))
    else {
        return false;
    };
    stamp == stamp_text(inputs, &bytes)
}

/// Writes the component, then the stamp that vouches for it.
pub(crate) fn store(component: &Path, bytes: &[u8], inputs: &str) -> Result<()> {
    write_whole(component, bytes)?;
    write_whole(&stamp_path(component), stamp_text(inputs, bytes).as_bytes())
}

fn list(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    for entry in entries {
        let entry = entry?.path();
        if entry.file_name().is_some_and(|name| name == "target") {
            continue;
        }
        list(&entry, files)?;
    }
    Ok(())
}

fn stamp_path(component: &Path) -> PathBuf {
    component.with_extension("stamp")
}

fn stamp_text(inputs: &str, component: &[u8]) -> String {
    format!("inputs {inputs}\ncomponent {}\n", hex(Sha256::new_with_prefix(component)))
}

/// A reader sees the old file or the new one, never half of it.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = PathBuf::from(name);
    fs::write(&new, bytes).with_context(|| format!("cannot write {}", new.display()))?;
    fs::rename(&new, path).with_context(|| format!("cannot replace {}", path.display()))
}

fn hex(digest: Sha256) -> String {
    let mut text = String::with_capacity(64);
    for byte in digest.finalize() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
