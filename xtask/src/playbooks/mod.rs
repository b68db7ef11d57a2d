//! `cargo x playbooks`: builds playbook crates into WebAssembly components.
//!
//! Finds or fetches a toolchain, compiles each crate to a core module, wraps it into a component
//! and checks that it imports nothing. What is fresh is skipped.

mod fresh;
mod guest;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use guest::Guest;
use toolchain::{Job, Toolchain, progress};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Build the test suites' guests too, not only the platform playbooks.
    #[arg(long)]
    all: bool,
    /// Build only these: `price_inquiry`, `platform.price_inquiry`, `hostile`.
    #[arg(conflicts_with = "all")]
    names: Vec<String>,
    /// Where the components go, the tests' guests into `tests` below it
    /// [default: `playbooks` in the target directory].
    #[arg(long)]
    out: Option<PathBuf>,
    /// Use Debian's compiler even where the target is installed.
    #[arg(long)]
    debian: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let places = Places::find(arguments.out.as_deref())?;
    let guests = guest::select(&places.root, arguments.all, &arguments.names)?;
    let tests = places.out.join("tests");
    fs::create_dir_all(&tests).with_context(|| format!("cannot create {}", tests.display()))?;
    // Worktrees may share a target directory: one builds at a time, from compiling to copying.
    let _lock = lock(&places.target.join("guest.lock"))?;

    let found = toolchain::installed(&places.cache, arguments.debian)?;
    let stale = match &found {
        Some(found) => stale(&guests, &places, found)?,
        None => guests,
    };
    if stale.is_empty() {
        return Ok(());
    }
    let toolchain = match found {
        Some(found) => found,
        None => toolchain::install(&places.cache, arguments.debian)?,
    };
    for guest in &stale {
        progress(&format!("building {} with {}", guest.id, toolchain.label()));
        build(guest, &places, &toolchain)?;
    }
    Ok(())
}

/// `cargo x extism`: the plugin of Extism that `make bench-extism` measures, a core module, which is
/// all that Extism takes. Lies beside the tests' guests.
pub(crate) fn extism() -> Result<()> {
    let places = Places::find(None)?;
    let workspace = places.root.join("bench/extism");
    let guest = Guest {
        id: "extism-rules".to_owned(),
        package: "extism-rules".to_owned(),
        folder: workspace.join("guest"),
        for_tests: true,
    };
    let file = places.component(&guest);
    fs::create_dir_all(places.out.join("tests"))?;
    let _lock = lock(&places.target.join("guest.lock"))?;
    let toolchain = match toolchain::installed(&places.cache, false)? {
        Some(found) => found,
        None => toolchain::install(&places.cache, false)?,
    };
    // Another workspace, so other versions: a folder of its own.
    let target = places.target.with_file_name("extism-guest");
    let module = toolchain.compile(&Job {
        folder: &workspace,
        package: &guest.package,
        library: "extism_rules",
        target_dir: &target,
        locked: true,
    })?;
    fs::write(&file, module).with_context(|| format!("cannot write {}", file.display()))
}

/// The folders the command works in.
struct Places {
    root: PathBuf,
    /// Holds the compiler's own output; separate from the host's, so that neither rebuilds the other.
    target: PathBuf,
    out: PathBuf,
    /// Holds the fetched toolchain. `GUEST_TOOLCHAIN_DIR` lets several checkouts share one.
    cache: PathBuf,
}

impl Places {
    fn find(out: Option<&Path>) -> Result<Self> {
        let root = crate::workspace()?;
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| root.join(PathBuf::from(dir)));
        let out = match out {
            Some(out) => env::current_dir()?.join(out),
            None => target.join("playbooks"),
        };
        let cache = env::var_os("GUEST_TOOLCHAIN_DIR")
            .map_or_else(|| root.join(".cache/guest-toolchain"), PathBuf::from);
        Ok(Self { root, target: target.join("guest"), out, cache })
    }

    /// The guests of the tests lie apart: no server may load them.
    fn component(&self, guest: &Guest) -> PathBuf {
        let name = format!("{}.wasm", guest.id);
        if guest.for_tests { self.out.join("tests").join(name) } else { self.out.join(name) }
    }
}

fn lock(path: &Path) -> Result<fs::File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let file =
        fs::File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

fn stale(guests: &[Guest], places: &Places, toolchain: &Toolchain) -> Result<Vec<Guest>> {
    let mut stale = Vec::new();
    for guest in guests {
        let inputs = fresh::inputs(&places.root, guest, toolchain)?;
        if !fresh::is_fresh(&places.component(guest), &inputs) {
            stale.push(guest.clone());
        }
    }
    Ok(stale)
}

fn build(guest: &Guest, places: &Places, toolchain: &Toolchain) -> Result<()> {
    // Taken before the build: a source edited meanwhile makes the result stale, not fresh.
    let inputs = fresh::inputs(&places.root, guest, toolchain)?;
    let module = toolchain.compile(&Job {
        folder: &places.root,
        package: &guest.package,
        library: &guest.package.replace('-', "_"),
        target_dir: &places.target,
        locked: true,
    })?;
    let component = toolchain::encode(&module)
        .with_context(|| format!("cannot make {} a component", guest.id))?;
    fresh::store(&places.component(guest), &component, &inputs)
}
