//! What cargo knows of a playbook's crate.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::compiler::{Toolchain, output_of};

/// A crate that can be built into a component.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    pub name: String,
    /// Of its library, as its file is called.
    pub library: String,
    pub folder: PathBuf,
    /// Of its workspace.
    pub target_dir: PathBuf,
}

impl Package {
    /// The crate in a folder; says what is missing if it cannot become a component.
    pub fn find(toolchain: &Toolchain, folder: &Path) -> Result<Package> {
        let manifest = folder.join("Cargo.toml");
        if !manifest.is_file() {
            bail!(
                "{} has no Cargo.toml: name the folder of a playbook's crate, or make one with \
                 `agenticcalling playbook new`",
                folder.display()
            );
        }
        let manifest = manifest.canonicalize()?;
        let mut cargo = toolchain.plain_cargo();
        cargo.args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path"]);
        let metadata = output_of(cargo.arg(&manifest))?;
        let metadata: Value = serde_json::from_str(&metadata).context("cargo's metadata")?;
        read(&metadata, &manifest)
    }
}

fn read(metadata: &Value, manifest: &Path) -> Result<Package> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let wanted = manifest.to_string_lossy();
    let package = packages.iter().find(|one| one["manifest_path"] == *wanted);
    let Some(package) = package else {
        bail!("{wanted} is the manifest of a workspace: name the folder of one of its crates");
    };
    let name = package["name"].as_str().context("cargo's metadata has no name")?;
    let targets = package["targets"].as_array().map(Vec::as_slice).unwrap_or_default();
    let has = |target: &&Value, kind: &str| {
        target["crate_types"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    };
    let Some(library) = targets.iter().find(|target| has(target, "cdylib")) else {
        bail!(
            "{name} has no library that becomes a component: add to its Cargo.toml\n\n    [lib]\n    \
             crate-type = [\"cdylib\", \"rlib\"]\n"
        );
    };
    let library = library["name"].as_str().context("cargo's metadata has no library name")?;
    let target_dir = metadata["target_directory"].as_str().context("no target directory")?;
    Ok(Package {
        name: name.to_owned(),
        library: library.replace('-', "_"),
        folder: manifest.parent().unwrap_or(Path::new(".")).to_owned(),
        target_dir: PathBuf::from(target_dir),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_package_says_what_it_lacks() {
        let metadata = |kinds: &[&str]| {
            json!({"target_directory": "/t", "packages": [{
                "name": "a-b", "manifest_path": "/x/Cargo.toml",
                "targets": [{"name": "a-b", "crate_types": kinds}],
            }]})
        };
        let manifest = Path::new("/x/Cargo.toml");
        let package = read(&metadata(&["cdylib", "rlib"]), manifest).unwrap();
        assert_eq!((package.name.as_str(), package.library.as_str()), ("a-b", "a_b"));
        assert_eq!(package.folder, Path::new("/x"));
        let check = |metadata: &Value, manifest: &str, expected: &str| {
            let error = read(metadata, Path::new(manifest)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(&metadata(&["lib"]), "/x/Cargo.toml", "crate-type");
        check(&metadata(&["cdylib"]), "/y/Cargo.toml", "workspace");
    }
}
