//! Our side: components in the server's own plugin host.

use std::path::Path;
use std::sync::Arc;

use agenticcalling::plugin::{Breach, Brief, Clause, Instance, Limits, Playbook, Plugins, Verdict};
use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::files::Files;
use crate::inputs::{HEARD, brief, turn};

/// A plugin host with the playbook that is measured and the one that never ends.
pub(crate) struct Ours {
    pub(crate) playbook: Arc<Playbook>,
    endless: Arc<Playbook>,
    _plugins: Plugins,
    _cache: TempDir,
}

impl Ours {
    pub(crate) fn start(files: &Files, limits: Limits) -> Result<Self> {
        let cache = tempfile::tempdir()?;
        let plugins = Plugins::new(limits, cache.path())?;
        Ok(Self {
            playbook: plugins.load(&files.playbook)?,
            endless: plugins.open(&files.endless)?,
            _plugins: plugins,
            _cache: cache,
        })
    }

    /// The instance of a call in which somebody spoke.
    pub(crate) fn call(&self) -> Result<Instance> {
        let mut instance = self.playbook.begin(&brief())?;
        for text in HEARD {
            instance.heard(&turn(text))?;
        }
        Ok(instance)
    }

    /// A call whose next check does not end.
    pub(crate) fn endless_call(&self) -> Result<EndlessCall> {
        let brief = Brief { objective: "loop in check".to_owned(), ..brief() };
        let now = Clause { turn: 1, index: 0, text: "now".to_owned(), said: String::new() };
        Ok(EndlessCall { instance: self.endless.begin(&brief)?, now })
    }
}

pub(crate) struct EndlessCall {
    instance: Instance,
    now: Clause,
}

impl EndlessCall {
    pub(crate) fn check(&mut self) -> Result<Breach> {
        match self.instance.check(&self.now) {
            Err(breach) => Ok(breach),
            Ok(_) => bail!("the endless loop of our playbook ended"),
        }
    }
}

/// Why a clause is withheld, or nothing.
pub(crate) fn reason(verdict: Verdict) -> String {
    match verdict {
        Verdict::Withhold(violation) | Verdict::HangUp(violation) => violation.reason,
        Verdict::Pass | Verdict::Replace(_) => String::new(),
    }
}

/// A new plugin host over a folder of compiled playbooks.
pub(crate) fn host(cache: &Path) -> Result<Plugins> {
    Plugins::new(Limits::default(), cache).context("our plugin host does not start")
}
