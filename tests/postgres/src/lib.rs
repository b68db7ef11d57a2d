//! A real PostgreSQL for tests: one server a process, one empty database a test.
//!
//! It listens on a Unix socket in a temporary folder, so nothing can clash with it. A shell holds it and
//! waits for the end of our pipe: however the test process ends, the server stops and its folder goes.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

const START_MAX: Duration = Duration::from_secs(60);
/// Room for every test of a process with a pool of its own.
const CONNECTIONS: u32 = 400;

/// PostgreSQL does not run as root: root starts it as this user.
const USER: &str = "nobody";

static SERVER: LazyLock<Postgres> = LazyLock::new(|| {
    Postgres::start(false).expect("`make test` installs PostgreSQL; scripts/postgres says how")
});
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The address of a new, empty database.
#[must_use]
pub fn database() -> String {
    SERVER.database().expect("a running PostgreSQL makes databases")
}

/// A server of one's own; [`database`] shares one.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    holder: Child,
}

impl Postgres {
    /// `durable` commits reach the disk, as in production; tests have no use for that.
    pub fn start(durable: bool) -> Result<Postgres> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("agenticcalling-pg-").tempdir()?.keep();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777))?;
        let shown = folder.display();
        let sync = if durable { "on" } else { "off" };
        let serve = format!(
            "{initdb} --pgdata={shown}/data --username=postgres --auth=trust --encoding=UTF8 \
                 --locale=C.UTF-8 --no-sync >{shown}/log 2>&1 || exit 1
             {postgres} -D {shown}/data -k {shown} -c listen_addresses= -c fsync={sync} \
                 -c synchronous_commit={sync} -c max_connections={CONNECTIONS} -c jit=off \
                 >>{shown}/log 2>&1 &
             server=$!
             read -r _ignored
             kill -INT $server
             wait $server
             rm -rf {shown}/data",
            initdb = programs.join("initdb").display(),
            postgres = programs.join("postgres").display(),
        );
        let mut holder = as_user("sh")
            .args(["-c", &serve])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start a shell for PostgreSQL")?;
        let began = Instant::now();
        while !is_ready(&programs, &folder) {
            if let Some(status) = holder.try_wait()? {
                let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
                bail!("PostgreSQL does not start ({status}):\n{log}");
            }
            ensure!(began.elapsed() < START_MAX, "PostgreSQL does not start in time");
            pause();
        }
        Ok(Postgres { programs, folder, holder })
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> Result<String> {
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let made = Command::new(self.programs.join("createdb"))
            .arg("-h")
            .arg(&self.folder)
            .args(["-U", "postgres", &name])
            .output()?;
        ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let socket = self.folder.display().to_string().replace('/', "%2F");
        Ok(format!("postgres://postgres@{socket}/{name}"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut pipe) = self.holder.stdin.take() {
            let _ = pipe.write_all(b"stop\n");
        }
        let _ = self.holder.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[expect(clippy::disallowed_methods, reason = "a process of its own has no event to wait for here")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

fn is_ready(programs: &Path, folder: &Path) -> bool {
    let ask = Command::new(programs.join("pg_isready"))
        .arg("-h")
        .arg(folder)
        .args(["-U", "postgres", "-q"])
        .status();
    ask.is_ok_and(|status| status.success())
}

fn as_user(program: &str) -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|me| {
        use std::os::unix::fs::MetadataExt as _;
        me.uid() == 0
    });
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    let clear = ["--reuid", USER, "--regid", "nogroup", "--clear-groups", program];
    command.args(clear).current_dir("/");
    command
}

/// The newest PostgreSQL that is installed or was unpacked by `scripts/postgres`.
fn programs() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for base in [root.join(".cache/postgres/usr/lib/postgresql"), "/usr/lib/postgresql".into()] {
        for entry in std::fs::read_dir(&base).into_iter().flatten().flatten() {
            found.push(entry.path().join("bin"));
        }
    }
    found.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    let found = found.into_iter().find(|folder| {
        ["initdb", "postgres", "createdb", "pg_isready"].iter().all(|p| folder.join(p).is_file())
    });
    found.context("PostgreSQL is not installed: run scripts/postgres")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_starts_makes_databases_and_goes() {
        let server = Postgres::start(false).unwrap();
        let one = server.database().unwrap();
        let two = server.database().unwrap();
        assert_ne!(one, two);
        let folder = server.folder.clone();
        assert!(is_ready(&server.programs, &folder));
        drop(server);
        assert!(!folder.exists(), "its folder is gone with it");
    }
}
