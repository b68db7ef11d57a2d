//! Every leg that was dialled, one line each, so that a test can prove that none was dialled twice.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use domain::E164;

use crate::voice::locked;

pub(crate) struct DialLog {
    file: Mutex<File>,
}

impl DialLog {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.with_context(|| format!("cannot open the dial log {}", path.display()))?;
        Ok(DialLog { file: Mutex::new(file) })
    }

    /// Milliseconds since 1970, call, attempt, number, caller's number or `-`. In one write, so a
    /// process that is killed leaves a whole line or none.
    pub(crate) fn write(
        &self,
        call_id: &str,
        attempt_id: &str,
        to: &E164,
        from: Option<&E164>,
    ) -> std::io::Result<()> {
        let at_ms =
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let from = from.map_or("-", E164::as_str);
        let line = format!("{at_ms} {call_id} {attempt_id} {to} {from}\n");
        locked(&self.file).write_all(line.as_bytes())
    }
}
