//! Compiled code is kept, believed only with its tag, and found again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::*;

fn timed_load(folder: &Path) -> u64 {
    let plugins = Plugins::new(Limits::default(), folder).unwrap();
    let start = Instant::now();
    let playbook = plugins.load(&hostile_component()).unwrap();
    let took = start.elapsed();
    println!("loaded in {took:?} with {} compilations", plugins.compilations());
    let mut instance = playbook.begin(&brief("nothing")).unwrap();
    assert_eq!(instance.check(&clause("hello")), Ok(Verdict::Pass));
    plugins.compilations()
}

fn only(folder: &Path, extension: &str) -> PathBuf {
    let mut found = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == extension));
    let path = found.next().unwrap();
    assert_eq!(found.next(), None);
    path
}

#[test]
fn a_component_is_compiled_once() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(timed_load(folder.path()), 1);
    assert_eq!(timed_load(folder.path()), 0);
}

#[test]
fn all_that_share_a_base_share_its_code() {
    const FORKS: u32 = 100;
    let folder = tempfile::tempdir().unwrap();
    let plugins = Plugins::new(Limits::default(), folder.path()).unwrap();
    let code = hostile_component();
    let mut digests = std::collections::BTreeSet::new();
    for number in 0..FORKS {
        let layer = Layer {
            id: format!("custom.fork-{number}"),
            name: format!("Fork {number}"),
            version: "1.0.0".to_owned(),
            behavior_rules: vec![format!("Rule {number}")],
            settings: serde_json::Map::new(),
        };
        let playbook = plugins.open(&with_layer(&code, &layer.text())).unwrap();
        assert_eq!((playbook.id(), playbook.layer()), (&*layer.id, Some(&layer)));
        assert_eq!(playbook.rules(), layer.behavior_rules);
        let known = plugins.opened(playbook.digest()).unwrap();
        assert!(Arc::ptr_eq(&known, &playbook));
        let mut instance = playbook.begin(&brief("nothing")).unwrap();
        assert_eq!(instance.check(&clause("hello")), Ok(Verdict::Pass));
        digests.insert(playbook.digest().to_owned());
    }
    assert_eq!((plugins.compilations(), digests.len()), (1, FORKS as usize));
    assert!(plugins.all().is_empty(), "what is opened belongs to nobody's library");
}

#[test]
fn a_changed_file_is_compiled_anew() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(timed_load(folder.path()), 1);
    let code = only(folder.path(), "cwasm");
    let mut bytes = fs::read(&code).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&code, &bytes).unwrap();
    assert_eq!(timed_load(folder.path()), 1, "tampered code was used");
    assert_eq!(timed_load(folder.path()), 0, "the file was not replaced");

    fs::write(only(folder.path(), "mac"), "short").unwrap();
    assert_eq!(timed_load(folder.path()), 1, "a wrong tag was accepted");
    fs::write(folder.path().join("key"), [7; 32]).unwrap();
    assert_eq!(timed_load(folder.path()), 1, "a tag of another key was accepted");
    fs::write(&code, "").unwrap();
    assert_eq!(timed_load(folder.path()), 1, "an empty file was accepted");
}

#[test]
fn code_of_another_component_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(timed_load(folder.path()), 1);
    let name = only(folder.path(), "cwasm").file_name().unwrap().to_owned();
    let name = name.to_string_lossy().into_owned();
    let other = name.replace(&sha_of_hostile(), &"0".repeat(64));
    assert_ne!(name, other);
    fs::rename(folder.path().join(&name), folder.path().join(other)).unwrap();
    assert_eq!(timed_load(folder.path()), 1);
}

fn sha_of_hostile() -> String {
    BENCH.hostile.digest().to_owned()
}

#[test]
fn code_of_other_engines_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["aa-0123456789abcdef.cwasm", "aa-0123456789abcdef.mac", "README"] {
        fs::write(folder.path().join(name), "old").unwrap();
    }
    assert_eq!(timed_load(folder.path()), 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "key, code, tag, README");
    assert!(folder.path().join("README").is_file());
}

#[test]
fn a_broken_key_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("key"), "too short").unwrap();
    let error = Plugins::new(Limits::default(), folder.path()).err().unwrap();
    assert!(format!("{error:#}").contains("remove it"), "{error:#}");
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_cache() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    timed_load(folder.path());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.path()), 0o700);
    assert_eq!(mode(&folder.path().join("key")), 0o600);
    assert_eq!(mode(&only(folder.path(), "cwasm")), 0o600);
}
