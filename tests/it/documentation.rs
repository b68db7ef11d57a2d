//! The table of the documentation's sentences names tests that exist.

use std::collections::BTreeSet;
use std::path::Path;

/// Names of all functions in the sources of this workspace.
fn functions(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            functions(&path, names);
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let named = text.split("fn ").skip(1).filter_map(|rest| rest.split_once('('));
            names.extend(named.map(|(name, _)| name.to_owned()));
        }
    }
}

#[test]
fn every_sentence_is_shown_by_a_test_that_exists_or_says_what_is_missing() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = BTreeSet::new();
    functions(tests.parent().unwrap(), &mut known);
    let table = std::fs::read_to_string(tests.join("documentation.md")).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| Page"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    assert!(rows.len() > 80, "only {} rows", rows.len());
    for row in rows {
        let [page, sentence, shown] = row[..] else { panic!("not three columns: {row:?}") };
        if shown.starts_with("not yet: ") {
            continue;
        }
        for test in shown.split(", ") {
            let name = test.trim_matches('`');
            assert!(known.contains(name), "{page}: {sentence}: there is no test {name:?}");
        }
    }
}
