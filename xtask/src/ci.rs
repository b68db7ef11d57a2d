//! `cargo x ci`: formatting, lints, and the directions in which rooms may import each other.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

/// Core decides; it must not be able to act.
const CORE: [&str; 9] = [
    "agenticcalling-domain",
    "agenticcalling-call",
    "agenticcalling-turn",
    "agenticcalling-line",
    "agenticcalling-heard",
    "agenticcalling-scenario",
    "agenticcalling-rtp",
    "agenticcalling-sip",
    "agenticcalling-twilio",
];
const NEVER_IN_CORE: [&str; 8] =
    ["tokio", "sqlx", "wasmtime", "reqwest", "axum", "hyper", "rand", "getrandom"];
/// Machines never import each other; `engine` translates.
const MACHINES: [&str; 8] = [
    "agenticcalling-call",
    "agenticcalling-turn",
    "agenticcalling-line",
    "agenticcalling-heard",
    "agenticcalling-scenario",
    "agenticcalling-rtp",
    "agenticcalling-sip",
    "agenticcalling-twilio",
];
/// These rooms of the host know nothing of each other.
const SEPARATE: [&str; 4] = ["carrier", "model", "plugin", "store"];

pub(crate) fn run() -> Result<()> {
    let root = &crate::workspace()?;
    step(root, "formatting", &["fmt", "--all", "--check"])?;
    step(
        root,
        "clippy",
        &["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-D", "warnings"],
    )?;
    dependencies(root)?;
    imports(root)?;
    eprintln!("ci: all checks passed");
    Ok(())
}

fn step(root: &Path, name: &str, arguments: &[&str]) -> Result<()> {
    eprintln!("ci: {name}");
    let status = Command::new("cargo").args(arguments).current_dir(root).status()?;
    ensure!(status.success(), "{name} failed: cargo {}", arguments.join(" "));
    Ok(())
}

fn dependencies(root: &Path) -> Result<()> {
    eprintln!("ci: dependencies of core");
    for package in CORE {
        let tree = Command::new("cargo")
            .args([
                "tree",
                "--locked",
                "--edges",
                "normal",
                "--prefix",
                "none",
                "--package",
                package,
            ])
            .current_dir(root)
            .output()?;
        ensure!(tree.status.success(), "cargo tree failed for {package}");
        let tree = String::from_utf8(tree.stdout)?;
        for line in tree.lines() {
            let name = line.split(' ').next().unwrap_or_default();
            let machine = MACHINES.contains(&name) && name != package;
            ensure!(
                !NEVER_IN_CORE.contains(&name) && !machine,
                "{package} must not depend on {name}: core decides, the host acts"
            );
        }
    }
    Ok(())
}

fn imports(root: &Path) -> Result<()> {
    eprintln!("ci: directions inside the host");
    for room in SEPARATE {
        for file in sources(&root.join("host/src").join(room))? {
            let text = std::fs::read_to_string(&file)?;
            for other in SEPARATE.iter().filter(|other| **other != room) {
                if text.contains(&format!("crate::{other}")) {
                    bail!("{} must not import {other}: engine translates", file.display());
                }
            }
        }
    }
    Ok(())
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("the room {} is gone", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}
