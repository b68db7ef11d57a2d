//! Debian's Rust compiler, downloaded and unpacked beside the system instead of installed: its
//! packages conflict with rustup's only when installed. Works with and without root.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::compiler::{on_path, output_of};
use crate::progress;

/// What a guest build needs; the libraries behind them are asked of apt.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "libstd-rust-web-dev", "rust-web-src"];

pub(crate) fn is_here() -> bool {
    ["apt-get", "apt-cache", "dpkg", "dpkg-query"].iter().all(|program| on_path(program))
}

/// Unpacks the compiler into `folder`; the names and versions of the packages.
pub(crate) fn fetch(cache: &Path, folder: &Path) -> Result<String> {
    let downloads = cache.join("downloads");
    remove(folder)?;
    remove(&downloads)?;
    fs::create_dir_all(folder)?;
    fs::create_dir_all(&downloads)?;

    let apt = Apt::with_candidates(cache)?;
    let packages = match apt.download(&downloads) {
        Ok(packages) => packages,
        // The lists may name versions that the mirror has dropped since.
        Err(_) if !apt.own_lists => Apt::updated(cache)?.download(&downloads)?,
        Err(error) => return Err(error),
    };
    progress("unpacking Debian's Rust compiler");
    for archive in fs::read_dir(&downloads)? {
        output_of(Command::new("dpkg").arg("-x").arg(archive?.path()).arg(folder))?;
    }
    remove(&downloads)?;
    Ok(packages)
}

/// apt, with the system's package lists or with lists of our own.
struct Apt {
    options: Vec<String>,
    own_lists: bool,
}

impl Apt {
    fn with_candidates(cache: &Path) -> Result<Self> {
        let system = Self { options: Vec::new(), own_lists: false };
        if system.depends(PACKAGES[0]).is_ok() {
            return Ok(system);
        }
        Self::updated(cache)
    }

    /// Fetches package lists into the cache, which needs no rights.
    fn updated(cache: &Path) -> Result<Self> {
        progress("updating apt's package lists");
        let lists = fs::canonicalize(cache)?.join("apt");
        fs::create_dir_all(lists.join("lists/partial"))?;
        fs::create_dir_all(lists.join("archives/partial"))?;
        let options = vec![
            format!("-oDir::State::lists={}", lists.join("lists").display()),
            format!("-oDir::Cache={}", lists.display()),
        ];
        let apt = Self { options, own_lists: true };
        output_of(apt.command("apt-get").arg("update"))
            .context("cannot update apt's package lists; is the mirror reachable?")?;
        apt.depends(PACKAGES[0]).context(
            "this system's apt has no package rustc-web (Debian 12 or newer has it): run `rustup \
             target add wasm32-unknown-unknown` where it can be fetched, then try again",
        )?;
        Ok(apt)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(&self.options).env("LC_ALL", "C");
        command
    }

    /// Downloads the packages with the libraries the system lacks, as `name version` lines.
    fn download(&self, downloads: &Path) -> Result<String> {
        let packages = self.closure()?;
        progress(&format!("downloading Debian's Rust compiler ({} packages)", packages.len()));
        let mut download = self.command("apt-get");
        download
            .current_dir(downloads)
            // Root may write here, the user apt would otherwise become may not.
            .arg("-oAPT::Sandbox::User=root")
            .args(["--quiet", "download"])
            .args(&packages);
        output_of(&mut download).context("cannot download Debian's Rust compiler")?;

        let mut archives: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(downloads)? {
            archives.push(entry?.path());
        }
        archives.sort();
        let mut names = String::new();
        for archive in archives {
            let name = archive.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            names.push_str(&name);
            names.push('\n');
        }
        Ok(names)
    }

    /// The packages and every library they need that is not installed.
    fn closure(&self) -> Result<BTreeSet<String>> {
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        let mut pending: Vec<String> = PACKAGES.iter().map(|name| (*name).to_owned()).collect();
        while let Some(name) = pending.pop() {
            if !wanted.insert(name.clone()) {
                continue;
            }
            for needed in self.depends(&name)? {
                if is_library(&needed) && !is_installed(&needed) {
                    pending.push(needed);
                }
            }
        }
        Ok(wanted)
    }

    /// The first alternative of each dependency of the version apt would take.
    fn depends(&self, package: &str) -> Result<Vec<String>> {
        let record =
            output_of(self.command("apt-cache").args(["show", "--no-all-versions", package]))?;
        if record.trim().is_empty() {
            bail!("apt knows no package {package}");
        }
        Ok(dependencies(&record))
    }
}

fn dependencies(record: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in record.lines() {
        let fields = line.strip_prefix("Depends:").or_else(|| line.strip_prefix("Pre-Depends:"));
        for dependency in fields.unwrap_or_default().split(',') {
            let first = dependency.split('|').next().unwrap_or_default();
            let name = first.split_whitespace().next().unwrap_or_default();
            let name = name.split(':').next().unwrap_or_default();
            if !name.is_empty() {
                names.push(name.to_owned());
            }
        }
    }
    names
}

/// Shared libraries only: the C compiler and headers are not needed to build guests.
fn is_library(package: &str) -> bool {
    package.starts_with("lib") && !package.contains("-dev")
}

fn is_installed(package: &str) -> bool {
    let status = output_of(Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]));
    status.is_ok_and(|status| status == "install ok installed")
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_read_from_a_record() {
        let check = |record: &str, expected: &[&str]| assert_eq!(dependencies(record), expected);
        check("Package: a\n", &[]);
        check(
            "Package: a\nDepends: libc6 (>= 2.34), gcc | clang, libx1:any\nBreaks: b\n",
            &["libc6", "gcc", "libx1"],
        );
        check("Pre-Depends: libz1\nDepends: liby2\n", &["libz1", "liby2"]);
    }

    #[test]
    fn only_shared_libraries_are_fetched() {
        let check = |package: &str, expected: bool| assert_eq!(is_library(package), expected);
        check("libllvm22", true);
        check("libgit2-1.5", true);
        check("libc6-dev", false);
        check("binutils", false);
    }
}
