//! Puts the sources of the playbook SDK into the program, for `playbook new`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What a playbook's crate is built from, of the workspace: no tests.
const PARTS: [&str; 9] = [
    "wit",
    "sdk-guest/Cargo.toml",
    "sdk-guest/src",
    "core/heard/Cargo.toml",
    "core/heard/src",
    "core/scenario/Cargo.toml",
    "core/scenario/src",
    "Cargo.toml",
    "Cargo.lock",
];

fn main() {
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let root = Path::new(&package).parent().expect("the package lies in a workspace");
    let mut files = Vec::new();
    for part in PARTS {
        let path = root.join(part);
        println!("cargo:rerun-if-changed={}", path.display());
        list(&path, &mut files);
    }
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(root).expect("it lies in the workspace").display().to_string();
        let _ = writeln!(list, "    ({name:?}, include_bytes!({file:?})),");
    }
    list.push(']');
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    fs::write(Path::new(&out).join("sdk.rs"), list).expect("the build folder can be written");
}

fn list(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
        return;
    }
    for entry in fs::read_dir(path).expect("the SDK lies beside the server").flatten() {
        list(&entry.path(), files);
    }
}
