//! A compiler for guests, chosen in this order: an installed `wasm32-unknown-unknown` target, the
//! target added by rustup, Debian's compiler unpacked into a cache folder (which then builds the
//! standard library itself).

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{apt, progress};

const TARGET: &str = "wasm32-unknown-unknown";
/// Enough for a playbook; small, so that a fresh instance touches few pages.
const STACK_BYTES: u32 = 32 * 1024;
/// Memory a playbook begins with, behind stack and data: an hour of talk with room to spare.
const HEAP_BYTES: u32 = 256 * 1024;
/// Separates flags in `CARGO_ENCODED_RUSTFLAGS`.
const FLAG_SEPARATOR: &str = "\u{1f}";
/// Written last into the cache: the packages it holds.
const READY: &str = "ready";

/// How guests are built: the profile, and the settings of it.
const PROFILE: &str = "guest";
const SETTINGS: [&str; 7] = [
    "inherits=\"release\"",
    "opt-level=3",
    "lto=\"fat\"",
    "codegen-units=1",
    "panic=\"abort\"",
    "strip=\"debuginfo\"",
    "debug=false",
];

/// A crate to compile.
pub struct Job<'a> {
    /// Where cargo runs: in the crate or in its workspace.
    pub folder: &'a Path,
    pub package: &'a str,
    /// File name of the module, without its ending.
    pub library: &'a str,
    /// Best one of its own, so that guests and what is native do not rebuild each other.
    pub target_dir: &'a Path,
    /// The lock file must be complete.
    pub locked: bool,
}

pub struct Toolchain {
    kind: Kind,
    identity: String,
}

enum Kind {
    /// The toolchain that builds the server knows the target.
    Installed,
    /// Debian's, unpacked into this folder.
    Unpacked { folder: PathBuf, linker: PathBuf },
}

/// A toolchain, fetched if there is none.
pub fn find(cache: &Path, debian: bool) -> Result<Toolchain> {
    match installed(cache, debian)? {
        Some(found) => Ok(found),
        None => install(cache, debian),
    }
}

/// A toolchain that needs nothing fetched.
pub fn installed(cache: &Path, debian: bool) -> Result<Option<Toolchain>> {
    if !on_path("rustc") || !on_path("cargo") {
        bail!(
            "Rust is not installed: install it (Debian: `apt-get install rustup` and `rustup default stable`), then try again"
        );
    }
    if !debian && has_target() {
        let version = output_of(Command::new("rustc").arg("-vV"))?;
        return Ok(Some(Toolchain { kind: Kind::Installed, identity: version }));
    }
    let Ok(packages) = fs::read_to_string(cache.join(READY)) else { return Ok(None) };
    let folder = cache.join("root");
    let linker = linker()?;
    Ok(Some(Toolchain { kind: Kind::Unpacked { folder, linker }, identity: packages }))
}

/// Fetches what is missing.
pub fn install(cache: &Path, debian: bool) -> Result<Toolchain> {
    if !debian && on_path("rustup") && add_target() {
        return installed(cache, debian)?
            .context("rustup added the target, yet rustc does not know it");
    }
    if !apt::is_here() {
        bail!(
            "no compiler for {TARGET}: run `rustup target add {TARGET}`, or install your \
             distribution's package with Rust's {TARGET} standard library (Fedora: \
             rust-std-static-{TARGET}; Arch: rust-wasm; Alpine: rust-wasm), then try again"
        );
    }
    linker()?;
    let packages = apt::fetch(cache, &cache.join("root"))?;
    fs::write(cache.join(READY), packages)?;
    installed(cache, debian)?.context("the unpacked toolchain is not complete")
}

impl Toolchain {
    /// Changes when the compiler does.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    pub fn label(&self) -> &'static str {
        match self.kind {
            Kind::Installed => "the installed target",
            Kind::Unpacked { .. } => "Debian's compiler and a standard library of our own",
        }
    }

    /// Compiles a crate to a core module.
    pub fn compile(&self, job: &Job<'_>) -> Result<Vec<u8>> {
        let mut cargo = self.cargo();
        cargo
            .current_dir(job.folder)
            .args(["build", "--profile", PROFILE, "--target", TARGET])
            .args(["--package", job.package, "--lib"])
            .arg("--target-dir")
            .arg(job.target_dir)
            .stdin(Stdio::null());
        for setting in SETTINGS {
            cargo.arg("--config").arg(format!("profile.{PROFILE}.{setting}"));
        }
        if job.locked {
            cargo.arg("--locked");
        }
        let output = cargo.output().context("cannot run cargo")?;
        if !output.status.success() {
            bail!(
                "{} does not compile:\n{}",
                job.package,
                String::from_utf8_lossy(&output.stderr).trim_end()
            );
        }
        let file = format!("{}.wasm", job.library);
        let module = job.target_dir.join(TARGET).join(PROFILE).join(file);
        fs::read(&module).with_context(|| {
            format!("{} is missing: has the crate crate-type \"cdylib\"?", module.display())
        })
    }

    fn cargo(&self) -> Command {
        let mut flags = vec![
            format!("-Clink-arg=-zstack-size={STACK_BYTES}"),
            format!("-Clink-arg=--initial-heap={HEAP_BYTES}"),
        ];
        let mut cargo = self.plain_cargo();
        if let Kind::Unpacked { linker, .. } = &self.kind {
            flags.push(format!("-Clinker={}", linker.display()));
            // Lets a release compiler build the standard library from its sources.
            cargo.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
        }
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join(FLAG_SEPARATOR));
        cargo
    }

    /// Without what a guest is built with.
    pub(crate) fn plain_cargo(&self) -> Command {
        match &self.kind {
            Kind::Installed => Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())),
            Kind::Unpacked { folder, .. } => unpacked_cargo(folder),
        }
    }
}

fn unpacked_cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(folder.join("usr/bin/cargo"));
    cargo.env("RUSTC", folder.join("usr/bin/rustc")).env("LD_LIBRARY_PATH", library_path(folder));
    // They describe the toolchain that runs this command.
    for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTDOC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"]
    {
        cargo.env_remove(name);
    }
    cargo
}

/// The unpacked libraries: Debian's folder for this machine, and LLVM's of whatever version.
fn library_path(folder: &Path) -> String {
    let lib = folder.join("usr/lib");
    let mut paths = vec![lib.join(format!("{}-linux-gnu", env::consts::ARCH))];
    if let Ok(entries) = fs::read_dir(&lib) {
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with("llvm-") {
                paths.push(entry.path().join("lib"));
            }
        }
    }
    let texts: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    texts.join(":")
}

fn has_target() -> bool {
    let folder =
        output_of(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    folder.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn add_target() -> bool {
    progress(&format!("asking rustup for {TARGET}"));
    let status = Command::new("rustup")
        .args(["target", "add", TARGET])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success()) && has_target()
}

/// LLVM's linker: the one inside the rustup toolchain, or the system's.
fn linker() -> Result<PathBuf> {
    let sysroot = output_of(Command::new("rustc").args(["--print", "sysroot"]))?;
    let rustlib = Path::new(sysroot.trim()).join("lib/rustlib");
    if let Ok(hosts) = fs::read_dir(&rustlib) {
        for host in hosts.flatten() {
            let linker = host.path().join("bin/rust-lld");
            if linker.is_file() {
                return Ok(linker);
            }
        }
    }
    if on_path("wasm-ld") {
        return Ok("wasm-ld".into());
    }
    bail!(
        "no linker for WebAssembly: install LLVM's (Debian: `apt-get install lld`), then try again"
    )
}

pub(crate) fn on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {name}; is it installed?"))?;
    if !output.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
