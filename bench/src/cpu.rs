//! Processor time by the names of threads, from `/proc`.

use std::collections::BTreeMap;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Result;

/// Threads that end are counted up to here before their end.
const LOOK_EVERY: Duration = Duration::from_millis(200);
const NANOS_PER_SECOND: f64 = 1e9;

/// Whose time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    Server,
    /// The 20 ms clocks of the server, a part of it.
    Audio,
    /// The callees and the AI vendor.
    Sandbox,
    /// The benchmark itself.
    Bench,
}

type Seen = BTreeMap<u64, (Whose, u64)>;

pub(crate) struct Watch {
    seen: Arc<Mutex<Seen>>,
    /// Dropped to stop.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub(crate) fn start() -> Self {
        let seen = Arc::new(Mutex::new(Seen::new()));
        let (stop, stopped) = channel::<()>();
        let to = seen.clone();
        let thread = std::thread::spawn(move || {
            while stopped.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                let _ = look(&to);
            }
        });
        Watch { seen, stop: Some(stop), thread: Some(thread) }
    }

    /// Seconds since each thread began, up to now.
    pub(crate) fn seconds(&self) -> BTreeMap<Whose, f64> {
        let _ = look(&self.seen);
        let mut sums = BTreeMap::new();
        for (whose, nanos) in self.seen.lock().unwrap_or_else(PoisonError::into_inner).values() {
            *sums.entry(*whose).or_default() += *nanos as f64 / NANOS_PER_SECOND;
        }
        sums
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// `schedstat` begins with the nanoseconds spent on a processor.
fn look(seen: &Mutex<Seen>) -> Result<()> {
    for entry in std::fs::read_dir("/proc/self/task")? {
        let task = entry?.path();
        let Some(id) = task.file_name().and_then(|name| name.to_str()?.parse().ok()) else {
            continue;
        };
        // A thread may end between two reads.
        let Ok(name) = std::fs::read_to_string(task.join("comm")) else { continue };
        let Ok(stat) = std::fs::read_to_string(task.join("schedstat")) else { continue };
        let nanos = stat.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0);
        let whose = whose(name.trim());
        seen.lock().unwrap_or_else(PoisonError::into_inner).insert(id, (whose, nanos));
    }
    Ok(())
}

fn whose(thread: &str) -> Whose {
    match thread {
        "audio" => Whose::Audio,
        "server" => Whose::Server,
        name if name.starts_with("sandbox") => Whose::Sandbox,
        // The store's own threads belong to the server.
        name if name.starts_with("sqlx") => Whose::Server,
        _ => Whose::Bench,
    }
}
