//! Component files of custom playbooks: made, taken in, checked before they are kept, handed out.

use std::sync::Arc;
use std::time::Duration;

use domain::{PlaybookId, Time};

use super::check::Check;
use super::playbooks::{Shown, UNKNOWN};
use super::{ActionError, Caller, Server};
use crate::plugin::{Brief, Layer, LoadError, Persona, Playbook, put_together, sha256_hex, split};
use crate::store::{PlaybookAbout, PlaybookVersion, Scope, StoredPlaybook};

/// Others wait so long for their turn to be compiled.
const COMPILE_WAIT_MAX: Duration = Duration::from_secs(20);
const RESERVED: &str = "platform.";

/// What a playbook is made of.
pub(super) struct Draft {
    /// Without settings.
    pub(super) code: Arc<[u8]>,
    pub(super) layer: Option<Layer>,
    /// What it was forked from, as its maker said it.
    pub(super) base: Option<String>,
}

/// A component file and what to call it.
pub struct ComponentFile {
    /// `namespace.name`.
    pub id: String,
    pub digest: String,
    pub bytes: Vec<u8>,
}

impl Server {
    /// True beside a playbook that was made just now.
    pub async fn upload_playbook(
        &self,
        caller: &Caller,
        pod: Option<&str>,
        client_id: Option<String>,
        file: &[u8],
        now: Time,
    ) -> Result<(StoredPlaybook, bool), ActionError> {
        let mut check = Check::default();
        let pod = check.pod(pod, caller.pod.as_deref());
        check.client_id(client_id.as_deref());
        let draft = self.taken_apart(&mut check, file)?;
        check.done()?;
        let id = PlaybookId::new(now, crate::clock::random());
        let scope = Scope { pod, ..caller.scope() };
        self.keep_playbook(caller, scope, id, client_id, draft, now).await
    }

    /// The file as it is becomes the next version.
    pub async fn replace_component(
        &self,
        caller: &Caller,
        id: &str,
        file: &[u8],
        now: Time,
    ) -> Result<StoredPlaybook, ActionError> {
        let playbook = self.custom_playbook(caller, id).await?;
        let mut check = Check::default();
        let draft = self.taken_apart(&mut check, file)?;
        check.done()?;
        if playbook.version.digest == sha256_hex(file) {
            return Ok(playbook);
        }
        self.add_version(playbook, draft, now).await
    }

    fn taken_apart(&self, check: &mut Check, file: &[u8]) -> Result<Draft, ActionError> {
        let (code, text) = self.plugins.taken_apart(file).map_err(refused)?;
        let layer = text.map(serde_json::from_str::<Layer>).transpose();
        let layer = layer.map_err(|error| refused(LoadError::Settings(error.to_string())))?;
        if let Some(layer) = &layer {
            check.rules("behavior_rules", &layer.behavior_rules);
            // Otherwise its file could not be put together again.
            if text != Some(&layer.text()) {
                check.wrong(
                    "",
                    "the settings in the file are not written as this server writes them",
                );
            }
        }
        Ok(Draft { code: code.into(), layer, base: None })
    }

    /// The file of the newest version, or of the one asked for.
    pub async fn component(
        &self,
        caller: &Caller,
        id: &str,
        number: Option<u32>,
    ) -> Result<ComponentFile, ActionError> {
        let playbook = match self.playbook(caller, id).await? {
            Shown::Custom(playbook) => *playbook,
            Shown::Installed(playbook) if number.is_none_or(|number| number == 1) => {
                let (id, digest) = (playbook.id().to_owned(), playbook.digest().to_owned());
                let bytes = self.plugins.file(&id).ok_or(UNKNOWN)?.to_vec();
                return Ok(ComponentFile { id, digest, bytes });
            }
            Shown::Installed(_) => return Err(no_version()),
        };
        let version = match number {
            None => playbook.version.clone(),
            Some(number) => self.version_of(&playbook, number).await?.ok_or_else(no_version)?,
        };
        let code = self.code_in(playbook.id, &version).await?;
        let bytes = put_together(&code, version.settings.as_deref());
        Ok(ComponentFile { id: version.about.id, digest: version.digest, bytes })
    }

    /// What is forked: the code, and the settings that lie on it.
    pub(super) async fn base(
        &self,
        check: &mut Check,
        caller: &Caller,
        pod: Option<&str>,
        id: &str,
    ) -> Result<Option<Draft>, ActionError> {
        let found = match self.playbook(caller, id).await {
            Err(ActionError::NotFound(_)) => None,
            found => Some(found?),
        };
        let file = match found.filter(|found| found.is_for(pod)) {
            None => {
                check.wrong("base", "there is no such playbook: see GET /v1/playbooks");
                return Ok(None);
            }
            Some(Shown::Custom(playbook)) => {
                let layer = super::playbooks::read_layer(&playbook.version)?;
                return Ok(Some(Draft { code: self.code_of(&playbook).await?, layer, base: None }));
            }
            Some(Shown::Installed(playbook)) => self.plugins.file(playbook.id()).ok_or(UNKNOWN)?,
        };
        let (code, text) = split(&file).map_err(|error| ActionError::Internal(error.into()))?;
        let layer = text.map(serde_json::from_str).transpose();
        let layer = layer.map_err(|error| ActionError::Internal(error.into()))?;
        Ok(Some(Draft { code: code.into(), layer, base: None }))
    }

    pub(super) async fn code_of(
        &self,
        playbook: &StoredPlaybook,
    ) -> Result<Arc<[u8]>, ActionError> {
        self.code_in(playbook.id, &playbook.version).await
    }

    pub(super) async fn code_in(
        &self,
        id: PlaybookId,
        version: &PlaybookVersion,
    ) -> Result<Arc<[u8]>, ActionError> {
        let file = self.store.playbook_file(id, &version.digest).await?;
        let missing = || ActionError::Internal(anyhow::anyhow!("the code of {id} is not kept"));
        Ok(file.ok_or_else(missing)?.code.into())
    }

    /// Makes the component, and tries whether it can plan a call.
    pub(super) async fn version(
        &self,
        draft: Draft,
        number: u32,
        now: Time,
    ) -> Result<PlaybookVersion, ActionError> {
        let turn = tokio::time::timeout(COMPILE_WAIT_MAX, self.compiling.acquire());
        let Ok(Ok(_turn)) = turn.await else {
            let detail = "other playbooks are being compiled: try again".to_owned();
            return Err(ActionError::Unavailable { code: "compiler_busy", detail });
        };
        let plugins = self.plugins.clone();
        let made = tokio::task::spawn_blocking(move || {
            let Draft { code, mut layer, base } = draft;
            // What was built elsewhere says its version itself.
            if let Some(layer) = layer.as_mut().filter(|layer| layer.version.is_empty()) {
                layer.version = format!("{number}.0.0");
            }
            let settings = layer.as_ref().map(Layer::text);
            let playbook = plugins.open(&put_together(&code, settings.as_deref()))?;
            rehearse(&playbook)?;
            Ok((sha256_hex(&code), settings, base, playbook))
        });
        let made = made.await.map_err(|error| ActionError::Internal(error.into()))?;
        let (code, settings, base, playbook) = made.map_err(refused)?;
        let description = playbook.description();
        if description.id.starts_with(RESERVED) {
            let message =
                format!("{} is not yours: ids of `{RESERVED}*` are reserved", description.id);
            return Err(ActionError::invalid("", message));
        }
        let about = PlaybookAbout {
            id: description.id.clone(),
            name: description.name.clone(),
            version: description.version.clone(),
            summary: description.summary.clone(),
            languages: description.languages.clone(),
            base,
        };
        let digest = playbook.digest().to_owned();
        Ok(PlaybookVersion { number, digest, code, settings, about, made_at: now })
    }
}

fn no_version() -> ActionError {
    ActionError::NotFound("the playbook has no such version")
}

/// What cannot plan a call is not worth keeping.
fn rehearse(playbook: &Playbook) -> Result<(), LoadError> {
    let brief = Brief {
        objective: "Ask what time they close today".to_owned(),
        context: None,
        previous_call: None,
        persona: Persona { caller_name: None, company: None, role: None, tone: None },
        rules: playbook.rules().to_vec(),
        settings: playbook.settings(),
        language: "en".to_owned(),
        now_ms: 0,
        zone: "UTC".to_owned(),
    };
    let planned = playbook.begin(&brief).and_then(|mut instance| instance.plan());
    planned.map(drop).map_err(LoadError::Plan)
}

fn refused(error: LoadError) -> ActionError {
    match error {
        LoadError::Cache(error) => ActionError::Internal(error),
        LoadError::TooLarge { .. } => ActionError::TooLarge(error.to_string()),
        error => ActionError::invalid("", error.to_string()),
    }
}
