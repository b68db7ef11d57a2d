//! Finds and runs the flite program. A process and not a library: only so is it byte-deterministic.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// Names the program where it is on no path.
const FLITE_ENV: &str = "AGENTICCALLING_FLITE";
/// Where the project unpacks Debian's packages when they cannot be installed.
const UNPACKED: &str = ".cache/flite";
/// Far more than the longest text needs.
const SPEAK_MS_MAX: u64 = 30_000;
const HOW_TO_INSTALL: &str = "the speech synthesiser flite was not found. Install it: on Debian or \
    Ubuntu `apt-get install flite`, on Fedora `dnf install flite`, on macOS `brew install flite`. Or \
    set AGENTICCALLING_FLITE to the program, or unpack the packages flite and libflite1 (`apt-get \
    download flite libflite1`, then `dpkg -x FILE .cache/flite` for each) in the project's folder";

/// The program, and the folders of its libraries where it is unpacked rather than installed.
pub struct Flite {
    program: PathBuf,
    libraries: Vec<PathBuf>,
}

impl Flite {
    /// In this order: `AGENTICCALLING_FLITE`, the PATH, `.cache/flite` here or in a folder above.
    pub fn locate() -> Result<Self> {
        if let Some(named) = std::env::var_os(FLITE_ENV).filter(|named| !named.is_empty()) {
            let program = PathBuf::from(named);
            ensure!(
                program.is_file(),
                "{FLITE_ENV} names {}, which is not a file: correct it or unset it",
                program.display()
            );
            return Ok(Flite { libraries: libraries_of(&program), program });
        }
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let installed = std::env::split_paths(&folders).map(|folder| folder.join("flite"));
        if let Some(program) = installed.into_iter().find(|program| program.is_file()) {
            return Ok(Flite { program, libraries: Vec::new() });
        }
        let here = std::env::current_dir().unwrap_or_default();
        let unpacked = here.ancestors().map(|folder| folder.join(UNPACKED).join("usr/bin/flite"));
        match unpacked.into_iter().find(|program| program.is_file()) {
            Some(program) => Ok(Flite { libraries: libraries_of(&program), program }),
            None => bail!(HOW_TO_INSTALL),
        }
    }

    /// The WAV file of a text that is already speakable. Blocks; `scratch` takes the file meanwhile.
    pub(super) fn speak(&self, voice: &str, text: &str, scratch: &Path) -> Result<Vec<u8>> {
        let file = scratch.join(unique("speaking", "wav"));
        let spoken = self.run(voice, text, &file).and_then(|()| {
            std::fs::read(&file).with_context(|| format!("flite left no {}", file.display()))
        });
        let removed = std::fs::remove_file(&file);
        if spoken.is_ok() {
            removed.with_context(|| format!("cannot remove {}", file.display()))?;
        }
        spoken
    }

    fn run(&self, voice: &str, text: &str, file: &Path) -> Result<()> {
        let mut command = Command::new(&self.program);
        command.args(["-voice", voice, "-t", text, "-o"]).arg(file);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        if !self.libraries.is_empty() {
            let existing = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
            let all = self.libraries.iter().cloned().chain(std::env::split_paths(&existing));
            command.env("LD_LIBRARY_PATH", std::env::join_paths(all)?);
        }
        let mut child =
            command.spawn().with_context(|| format!("cannot run {}", self.program.display()))?;
        let stderr = child.stderr.take().expect("stderr is piped");
        // The pipe closes when the process ends; a process that hangs is ended here.
        let (ended, end) = mpsc::channel();
        std::thread::spawn(move || {
            let mut complaint = String::new();
            let _ = stderr.take(4096).read_to_string(&mut complaint);
            let _ = ended.send(complaint);
        });
        let Ok(complaint) = end.recv_timeout(Duration::from_millis(SPEAK_MS_MAX)) else {
            let _ = child.kill();
            let _ = child.wait();
            bail!("flite took longer than {SPEAK_MS_MAX} ms for {} characters", text.len());
        };
        let status = child.wait().context("cannot wait for flite")?;
        ensure!(status.success(), "flite failed ({status}): {}", complaint.trim());
        Ok(())
    }
}

/// `…/usr/bin/flite` has its libraries in `…/usr/lib`, on Debian one folder deeper.
fn libraries_of(program: &Path) -> Vec<PathBuf> {
    let Some(usr) = program.parent().and_then(Path::parent) else { return Vec::new() };
    let lib = usr.join("lib");
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(&lib).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && entry.file_name().to_string_lossy().contains("linux-gnu") {
            folders.push(path);
        }
    }
    folders.push(lib);
    folders.retain(|folder| holds_flite(folder));
    folders
}

fn holds_flite(folder: &Path) -> bool {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten();
    names.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("libflite"))
}

/// Written beside and renamed, so that no reader ever sees half a file.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().context("a cached file has a folder")?;
    let beside = folder.join(unique("writing", "tmp"));
    std::fs::write(&beside, bytes)?;
    std::fs::rename(&beside, path)?;
    Ok(())
}

fn unique(what: &str, extension: &str) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{what}-{}-{number}.{extension}", std::process::id())
}
