//! A playbook without a scenario does not compile. Lists the scenarios for the tests.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=scenarios");
    // Asked for when it runs: a build folder that was copied or moved lists the scenarios beside it.
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts");
    let folder = Path::new(&package).join("scenarios");
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "txt") {
            paths.push(entry.path());
        }
    }
    assert!(!paths.is_empty(), "{} holds no scenario: write at least one .txt", folder.display());
    paths.sort();
    let mut list = String::from("&[\n");
    for path in &paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let _ = writeln!(list, "    ({name:?}, include_str!({path:?})),");
    }
    list.push(']');
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    fs::write(Path::new(&out).join("scenarios.rs"), list).expect("the build folder can be written");
}
