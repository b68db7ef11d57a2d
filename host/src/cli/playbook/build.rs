//! `playbook build`: a crate becomes a component.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;
use toolchain::{Job, Package};

use super::shelf::cache_folder;
use crate::plugin::sha256_hex;

/// Build a playbook's crate into a component.
///
/// Looks for a compiler in this order: the target wasm32-unknown-unknown of the installed Rust; that
/// target, added with rustup; Debian's compiler, unpacked into a cache folder, which needs no rights and
/// changes nothing of the system. The component imports nothing, or it is refused.
#[derive(Args)]
pub(crate) struct Build {
    /// Folder of the crate.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Where the component goes [default: NAME.wasm in the crate].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

impl Build {
    pub(super) fn run(self) -> Result<ExitCode> {
        let made = built(&self.dir, self.out.as_deref())?;
        let (file, digest, bytes) = (made.file.display(), &made.digest, made.bytes);
        if self.json {
            println!("{:#}", json!({ "file": made.file, "bytes": bytes, "digest": digest }));
        } else {
            println!("component {file}");
            println!("size      {bytes} bytes");
            println!("digest    sha256:{digest}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A component that lies in a file.
pub(super) struct Built {
    pub(super) file: PathBuf,
    pub(super) bytes: usize,
    pub(super) digest: String,
}

/// Builds the crate of a folder; cargo skips what is fresh.
pub(super) fn built(folder: &Path, out: Option<&Path>) -> Result<Built> {
    let cache = std::env::var_os("GUEST_TOOLCHAIN_DIR")
        .map_or_else(|| cache_folder().join("guest-toolchain"), PathBuf::from);
    let toolchain = toolchain::find(&cache, false)?;
    let package = Package::find(&toolchain, folder)?;
    let module = toolchain.compile(&Job {
        folder: &package.folder,
        package: &package.name,
        library: &package.library,
        target_dir: &package.target_dir.join("guest"),
        locked: false,
    })?;
    let component = toolchain::encode(&module)?;
    let name = package.name.strip_prefix("playbook-").unwrap_or(&package.name);
    let file = out.map_or_else(|| folder.join(format!("{name}.wasm")), Path::to_owned);
    write_whole(&file, &component)?;
    Ok(Built { file, bytes: component.len(), digest: sha256_hex(&component) })
}

/// A reader sees the old file or the new one, never half of it.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = PathBuf::from(name);
    fs::write(&new, bytes).with_context(|| format!("cannot write {}", new.display()))?;
    fs::rename(&new, path).with_context(|| format!("cannot replace {}", path.display()))
}
