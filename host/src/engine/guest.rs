//! The playbook of a call, opened and told what it is about.

use std::sync::Arc;

use anyhow::Context as _;
use domain::PlaybookId;

use super::requests::callee_zone;
use crate::clock;
use crate::plugin::{Brief, GENERAL, GuardedCall, Persona, Playbook, Plugins, put_together};
use crate::store::{CallRecord, Store};

/// The call's playbook, or `platform.general` where that is not to be had any more.
pub(crate) async fn of(
    record: &CallRecord,
    store: &Arc<dyn Store>,
    plugins: &Arc<Plugins>,
) -> anyhow::Result<GuardedCall> {
    let general = plugins.playbook(GENERAL).context("platform.general is not installed")?;
    let spec = &record.spec;
    let found = match spec.playbook_id.parse() {
        Ok(id) => opened(id, &spec.playbook_digest, store, plugins).await?,
        Err(_) => plugins.playbook(&spec.playbook_id),
    };
    let playbook = found.unwrap_or_else(|| {
        tracing::warn!(call = %record.id, playbook = spec.playbook_id, "playbook is gone");
        general.clone()
    });
    let brief = brief(record, playbook.settings());
    Ok(GuardedCall::new(playbook, general, brief))
}

/// A custom playbook in the version with that digest, if it is to be had.
pub(crate) async fn opened(
    id: PlaybookId,
    digest: &str,
    store: &Arc<dyn Store>,
    plugins: &Arc<Plugins>,
) -> anyhow::Result<Option<Arc<Playbook>>> {
    if let Some(known) = plugins.opened(digest) {
        return Ok(Some(known));
    }
    let Some(file) = store.playbook_file(id, digest).await? else { return Ok(None) };
    let plugins = plugins.clone();
    let opened = tokio::task::spawn_blocking(move || {
        plugins.open(&put_together(&file.code, file.settings.as_deref()))
    });
    let opened = opened.await.context("opening a playbook panicked")?;
    Ok(opened.inspect_err(|error| tracing::error!(%error, "a playbook does not open")).ok())
}

fn brief(record: &CallRecord, settings: String) -> Brief {
    let spec = &record.spec;
    let language = if spec.language == "auto" { "en" } else { &spec.language };
    Brief {
        objective: spec.objective.clone(),
        context: spec.context.clone(),
        previous_call: spec.previous_call_context.clone(),
        persona: Persona {
            caller_name: spec.persona.caller_name.clone(),
            company: spec.persona.company.clone(),
            role: spec.persona.role.clone(),
            tone: spec.persona.tone.clone(),
        },
        rules: spec.behavior_rules.clone(),
        settings,
        language: language.to_owned(),
        now_ms: u64::try_from(clock::now().as_millis()).unwrap_or(0),
        zone: callee_zone(record).to_owned(),
    }
}
