//! `playbook new`: a crate that builds and passes its own test at once.
//!
//! The SDK's sources are part of this program and go into the new crate, so nothing but Rust is needed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, ValueEnum};

/// Files of the workspace, by path.
const SDK: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/sdk.rs"));
const SDK_MEMBERS: [&str; 3] = ["core/heard", "core/scenario", "sdk-guest"];
const TEMPLATE: [(&str, &str); 6] = [
    ("Cargo.toml", include_str!("template/Cargo.toml.txt")),
    (".gitignore", include_str!("template/gitignore.txt")),
    ("README.md", include_str!("template/README.md.txt")),
    ("src/lib.rs", include_str!("template/src/lib.rs.txt")),
    ("tests/scenarios.rs", include_str!("template/tests/scenarios.rs.txt")),
    ("scenarios/price_and_date.txt", include_str!("template/scenarios/price_and_date.txt")),
];
const NAMESPACE_DEFAULT: &str = "my";
const NAME_BYTES_MAX: usize = 40;

/// Make a new playbook: a crate that builds and passes its test at once.
///
/// It holds an identity, a strategy, a rule, a scenario, and a copy of the SDK, so that nothing but Rust
/// is needed to build it. Nothing is ever overwritten.
#[derive(Args)]
pub(crate) struct New {
    /// Its id, `namespace.name`, or the name alone: a-z, 0-9, `_` and `-`, beginning with a letter.
    name: String,
    /// Folder to make [default: the name].
    #[arg(long)]
    dir: Option<PathBuf>,
    /// What it is written in.
    #[arg(long, value_enum, default_value_t = Language::Rust)]
    lang: Language,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Rust,
}

impl New {
    pub(super) fn run(self) -> Result<ExitCode> {
        let Language::Rust = self.lang;
        let name = Name::read(&self.name)?;
        let folder = self.dir.unwrap_or_else(|| PathBuf::from(&name.name));
        refuse_what_is_there(&folder)?;
        for (path, text) in TEMPLATE {
            write(&folder.join(path), name.filled(text))?;
        }
        write_sdk(&folder)?;
        let shown = folder.display();
        println!("made      {shown} ({})", name.id());
        println!();
        println!("next:");
        println!("  agenticcalling playbook test {shown}");
        println!("  agenticcalling playbook talk {shown}");
        Ok(ExitCode::SUCCESS)
    }
}

struct Name {
    namespace: String,
    name: String,
}

impl Name {
    fn read(text: &str) -> Result<Name> {
        let (namespace, name) = text.split_once('.').unwrap_or((NAMESPACE_DEFAULT, text));
        for part in [namespace, name] {
            let allowed = |byte: u8| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
            };
            let begins = part.starts_with(|first: char| first.is_ascii_lowercase());
            ensure!(
                begins && part.bytes().all(allowed) && part.len() <= NAME_BYTES_MAX,
                "{text:?} is no name for a playbook: use `name` or `namespace.name` of a-z, 0-9, `_` \
                 and `-`, each beginning with a letter, at most {NAME_BYTES_MAX} characters"
            );
        }
        ensure!(
            namespace != "platform",
            "the namespace `platform` is reserved for playbooks that ship with the server: choose your own"
        );
        Ok(Name { namespace: namespace.to_owned(), name: name.to_owned() })
    }

    fn id(&self) -> String {
        format!("{}.{}", self.namespace, self.name)
    }

    fn filled(&self, text: &str) -> String {
        let word = self.name.replace(['_', '-'], " ");
        let word = word.trim();
        let first = word.chars().next().map(|first| first.to_ascii_uppercase());
        let title: String = first.into_iter().chain(word.chars().skip(1)).collect();
        let library = format!("playbook_{}", self.name.replace('-', "_"));
        text.replace("LIBRARY", &library)
            .replace("TITLE", &title)
            .replace("WORD", word)
            .replace("NAME", &self.name)
            .replace("ID", &self.id())
    }
}

fn refuse_what_is_there(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let is_empty = folder.is_dir() && fs::read_dir(folder)?.next().is_none();
    if !is_empty {
        bail!("{} is there already: choose another folder with --dir", folder.display());
    }
    Ok(())
}

/// The crates as they are in this program's workspace, with a manifest for just them.
fn write_sdk(folder: &Path) -> Result<()> {
    for (path, bytes) in SDK {
        match *path {
            "Cargo.toml" => {
                let manifest = sdk_manifest(std::str::from_utf8(bytes)?);
                write(&folder.join("sdk/Cargo.toml"), manifest)?;
            }
            // The versions that the SDK is known to build with.
            "Cargo.lock" => write(&folder.join("Cargo.lock"), bytes)?,
            path => write(&folder.join("sdk").join(path), bytes)?,
        }
    }
    Ok(())
}

/// Of the workspace's manifest what its members inherit: `[workspace.…]`.
fn sdk_manifest(workspace: &str) -> String {
    let members: Vec<String> = SDK_MEMBERS.iter().map(|member| format!("{member:?}")).collect();
    let mut manifest = format!(
        "# The SDK that playbooks are written against, as it came with the server.\n\
         [workspace]\nresolver = \"3\"\nmembers = [{}]\n\n",
        members.join(", ")
    );
    let mut inherited = false;
    for line in workspace.lines() {
        if line.starts_with('[') {
            inherited = line.starts_with("[workspace.");
        }
        if inherited {
            manifest.push_str(line);
            manifest.push('\n');
        }
    }
    manifest
}

fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Name::read(text).ok().map(|name| name.id()).as_deref(), expected, "{text}");
        };
        check("florist", Some("my.florist"));
        check("acme.flower-shop_2", Some("acme.flower-shop_2"));
        for wrong in
            ["", ".", "a.", "a.b.c", "Florist", "7eleven", "../x", "a b", "platform.x", "é"]
        {
            check(wrong, None);
        }
        check(&"a".repeat(NAME_BYTES_MAX + 1), None);
    }

    #[test]
    fn the_sdk_is_whole() {
        for wanted in
            ["wit/playbook.wit", "sdk-guest/Cargo.toml", "sdk-guest/src/lib.rs", "Cargo.lock"]
        {
            assert!(SDK.iter().any(|(path, _)| *path == wanted), "{wanted} is missing");
        }
        let workspace = SDK.iter().find(|(path, _)| *path == "Cargo.toml").unwrap().1;
        let manifest = sdk_manifest(std::str::from_utf8(workspace).unwrap());
        for wanted in ["[workspace.package]", "[workspace.dependencies]", "[workspace.lints.rust]"]
        {
            assert!(manifest.contains(wanted), "{manifest}");
        }
        assert!(!manifest.contains("[profile") && !manifest.contains("\"host\","), "{manifest}");
    }
}
