//! Which crates are playbooks: every folder in `playbooks/` and `tests/guests/` with a manifest.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// A crate that becomes a component.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Guest {
    /// File name of the component: `platform.general`, `hostile`.
    pub(crate) id: String,
    /// Name of the cargo package.
    pub(crate) package: String,
    pub(crate) folder: PathBuf,
    /// Only the test suites want it.
    pub(crate) for_tests: bool,
}

/// The guests a command names: all platform playbooks unless told otherwise.
pub(crate) fn select(root: &Path, all: bool, names: &[String]) -> Result<Vec<Guest>> {
    let mut guests = find(&root.join("playbooks"), false)?;
    guests.extend(find(&root.join("tests/guests"), true)?);
    if names.is_empty() {
        guests.retain(|guest| all || !guest.for_tests);
        return Ok(guests);
    }
    let mut selected = Vec::new();
    for name in names {
        let guest = guests.iter().find(|guest| guest.id == *name || guest.id == platform_id(name));
        let Some(guest) = guest else {
            let known: Vec<&str> = guests.iter().map(|guest| guest.id.as_str()).collect();
            bail!("there is no playbook {name}; there are {}", known.join(", "));
        };
        selected.push(guest.clone());
    }
    Ok(selected)
}

fn find(parent: &Path, for_tests: bool) -> Result<Vec<Guest>> {
    let mut guests = Vec::new();
    if !parent.is_dir() {
        return Ok(guests);
    }
    for entry in fs::read_dir(parent)? {
        let folder = entry?.path();
        let manifest = folder.join("Cargo.toml");
        if !manifest.is_file() {
            continue;
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let package = package_name(&fs::read_to_string(&manifest)?)
            .with_context(|| format!("{} names no package", manifest.display()))?;
        let id = if for_tests { name } else { platform_id(&name) };
        guests.push(Guest { id, package, folder, for_tests });
    }
    guests.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(guests)
}

fn platform_id(name: &str) -> String {
    format!("platform.{name}")
}

/// The first `name = "…"` of a manifest, which is its package's.
fn package_name(manifest: &str) -> Option<String> {
    for line in manifest.lines() {
        let Some((key, value)) = line.split_once('=') else { continue };
        if key.trim() == "name" {
            return Some(value.trim().trim_matches('"').to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
    }

    fn check(all: bool, names: &[&str], expected: &[&str]) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let guests = select(workspace(), all, &names).unwrap();
        let ids: Vec<&str> = guests.iter().map(|guest| guest.id.as_str()).collect();
        for id in expected {
            assert!(ids.contains(id), "{id} is missing from {ids:?}");
        }
        assert!(names.is_empty() || ids.len() == expected.len(), "{ids:?}");
        assert_eq!(ids.contains(&"hostile"), expected.contains(&"hostile"));
    }

    #[test]
    fn guests_are_chosen_by_name() {
        check(false, &[], &["platform.general", "platform.price_inquiry"]);
        check(true, &[], &["platform.general", "platform.price_inquiry", "hostile"]);
        check(false, &["general"], &["platform.general"]);
        check(false, &["platform.general", "hostile"], &["platform.general", "hostile"]);
    }

    #[test]
    fn an_unknown_name_lists_what_there_is() {
        let error = select(workspace(), false, &["nonsense".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("platform.general"), "{error}");
    }

    #[test]
    fn a_package_is_named_by_its_manifest() {
        assert_eq!(package_name("[package]\nname = \"a-b\"\n"), Some("a-b".to_owned()));
        assert_eq!(package_name("[workspace]\n"), None);
    }
}
