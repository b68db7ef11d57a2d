//! Playbooks: those of the server, and those that an organization makes of them.

use std::sync::Arc;

use domain::{PlaybookId, Time};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::check::Check;
use super::components::Draft;
use super::{ActionError, Caller, OverPlan, Paged, Server};
use crate::engine::guest;
use crate::plugin::{GENERAL, Layer, Playbook};
use crate::store::{PlaybookInserted, PlaybookVersion, Scope, StoredPlaybook};

pub(super) const NAME_CHARS_MAX: usize = 200;
const STRATEGY_CHARS_MAX: usize = 8000;
const TONE_CHARS_MAX: usize = 500;
const CRITERIA_CHARS_MAX: usize = 1000;
/// The newest of an organization's own playbooks, so many, are asked whether an objective suits them.
const OWN_SCORED_MAX: u32 = 32;
/// The namespace of playbooks that were made of another one's code.
const MADE_HERE: &str = "custom.";
pub(super) const UNKNOWN: ActionError = ActionError::NotFound("there is no such playbook");
const INSTALLED: ActionError = ActionError::Forbidden(
    "this playbook comes with the server: make one of your own with it as `base`",
);

/// The body of `POST /v1/playbooks`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePlaybook {
    /// What you call it.
    #[schema(example = "Steel beam negotiation", max_length = 200)]
    pub name: String,
    /// How to go about the call, in plain words.
    #[schema(example = "Build rapport first. Our target is $50/unit.", max_length = 8000)]
    pub strategy: String,
    /// The playbook to fork, one of `GET /v1/playbooks`; `platform.general` if left out.
    #[schema(example = "platform.price_inquiry")]
    pub base: Option<String>,
    /// Hold for every call made with it, beside the call's own.
    #[schema(max_items = 20, example = json!(["Never agree to price above $58/unit"]))]
    pub behavior_rules: Option<Vec<String>>,
    /// What to know after a call: names with `"number"`, `"string"`, `"boolean"` or choices such as
    /// `"high/medium/low"`, or a JSON Schema of an object.
    #[schema(value_type = Option<Object>, example = json!({"quoted_price": "number", "currency": "string"}))]
    pub extraction_schema: Option<Value>,
    #[schema(example = "Warm, professional, never pushy.", max_length = 500)]
    pub voice_tone: Option<String>,
    /// When a call counts as a success.
    #[schema(example = "A written quote was promised", max_length = 1000)]
    pub success_criteria: Option<String>,
    /// Makes the request safe to repeat.
    #[schema(example = "steel-v1", max_length = 255)]
    pub client_id: Option<String>,
    pub pod_id: Option<String>,
}

/// The body of `PATCH /v1/playbooks/{id}`: what is left out stays as it is, an empty text, list or
/// object clears it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePlaybook {
    pub name: Option<String>,
    pub strategy: Option<String>,
    /// Puts the settings on another playbook's code, or on the present code of the same.
    pub base: Option<String>,
    /// In place of all that there were.
    pub behavior_rules: Option<Vec<String>>,
    #[schema(value_type = Option<Object>)]
    pub extraction_schema: Option<Value>,
    pub voice_tone: Option<String>,
    pub success_criteria: Option<String>,
}

/// The body of `POST /v1/playbooks/{id}/rollback`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollback {
    /// The version to go back to: one of `GET /v1/playbooks/{id}/versions`.
    #[schema(minimum = 1, example = 1)]
    pub version: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Comes with the server.
    Platform,
    Custom,
}

/// The query of `GET /v1/playbooks`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListPlaybooks {
    /// Only those of the server, or only your own.
    #[param(inline)]
    pub source: Option<Source>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u32>,
    pub page_token: Option<String>,
    pub pod_id: Option<String>,
}

/// One that a call can use.
pub enum Shown {
    Installed(Arc<Playbook>),
    Custom(Box<StoredPlaybook>),
}

/// What a call asks of its playbook.
pub(super) struct Wish<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) objective: &'a str,
    pub(super) language: &'a str,
}

/// The playbook of a new call.
pub(super) struct Chosen {
    pub(super) id: String,
    /// Of its component.
    pub(super) digest: String,
    pub(super) rules: Vec<String>,
}

impl Server {
    /// True beside a playbook that was made just now.
    pub async fn create_playbook(
        &self,
        caller: &Caller,
        request: CreatePlaybook,
        now: Time,
    ) -> Result<(StoredPlaybook, bool), ActionError> {
        let mut check = Check::default();
        let pod = check.pod(request.pod_id.as_deref(), caller.pod.as_deref());
        check.client_id(request.client_id.as_deref());
        let base = request.base.as_deref().unwrap_or(GENERAL);
        let base = self.base(&mut check, caller, pod.as_deref(), base).await?;
        let id = PlaybookId::new(now, crate::clock::random());
        let mut layer = base.as_ref().and_then(|base| base.layer.clone()).unwrap_or_else(empty);
        layer.id = format!("{MADE_HERE}{}", id.to_string().to_lowercase());
        layer.version.clear();
        let change = ChangePlaybook {
            name: Some(request.name),
            strategy: Some(request.strategy),
            base: None,
            behavior_rules: request.behavior_rules,
            extraction_schema: request.extraction_schema,
            voice_tone: request.voice_tone,
            success_criteria: request.success_criteria,
        };
        if change.strategy.as_deref().is_none_or(|text| text.trim().is_empty()) {
            check.wrong("strategy", "must not be empty");
        }
        lay(&mut check, &mut layer, change);
        check.done()?;
        let Some(base) = base else {
            return Err(anyhow::anyhow!("a mistake in a request was not noted").into());
        };
        let draft = Draft { code: base.code, layer: Some(layer), base: request.base };
        let scope = Scope { pod, ..caller.scope() };
        self.keep_playbook(caller, scope, id, request.client_id, draft, now).await
    }

    /// A new playbook, in its first version.
    pub(super) async fn keep_playbook(
        &self,
        caller: &Caller,
        scope: Scope,
        id: PlaybookId,
        client_id: Option<String>,
        draft: Draft,
        now: Time,
    ) -> Result<(StoredPlaybook, bool), ActionError> {
        let limit = self.config.plan(&caller.plan).playbooks;
        if limit == Some(0) {
            return Err(self.too_many_playbooks(&scope, &caller.plan, 0));
        }
        let code = draft.code.clone();
        let version = self.version(draft, 1, now).await?;
        let Scope { org, mode, pod } = scope.clone();
        let wanted = StoredPlaybook { id, org, mode, pod, client_id, version, created_at: now };
        match self.store.insert_playbook(&wanted, &code, limit).await? {
            PlaybookInserted::New => Ok((wanted, true)),
            PlaybookInserted::Existing(existing) => Ok((*existing, false)),
            PlaybookInserted::LimitReached { playbooks } => {
                Err(self.too_many_playbooks(&scope, &caller.plan, playbooks))
            }
        }
    }

    fn too_many_playbooks(&self, scope: &Scope, plan: &str, used: u32) -> ActionError {
        let limit = self.config.plan(plan).playbooks.unwrap_or_default();
        let message = match limit {
            0 => format!("The plan {plan:?} includes the platform's playbooks only."),
            _ => format!("The plan {plan:?} includes {limit} custom playbooks."),
        };
        // How many playbooks other tenants have is not for one of them to know.
        let used = scope.pod.is_none().then_some(("playbooks_used", used));
        let details = used.into_iter().chain([("playbooks_limit", limit)]);
        let details = details.map(|(name, count)| (name.to_owned(), count.into()));
        ActionError::OverPlan(Box::new(OverPlan {
            code: "playbook_limit_reached",
            message,
            plan: plan.to_owned(),
            upgrade_url: self.upgrade_url(),
            details: details.collect(),
            suggestions: vec![
                "Upgrade to Pro for custom playbooks".into(),
                "Use a playbook of the platform: GET /v1/playbooks?source=platform".into(),
            ],
        }))
    }

    pub async fn playbook(&self, caller: &Caller, id: &str) -> Result<Shown, ActionError> {
        if let Some(installed) = self.plugins.playbook(bare(id)) {
            return Ok(Shown::Installed(installed));
        }
        Ok(Shown::Custom(Box::new(self.custom_playbook(caller, id).await?)))
    }

    /// One that the caller may change.
    pub(super) async fn custom_playbook(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<StoredPlaybook, ActionError> {
        if self.plugins.playbook(bare(id)).is_some() {
            return Err(INSTALLED);
        }
        let id: PlaybookId = id.parse().map_err(|_| UNKNOWN)?;
        self.store.playbook(&caller.scope(), id).await?.ok_or(UNKNOWN)
    }

    /// The organization's own, the newest first, then those of the server.
    pub async fn list_playbooks(
        &self,
        caller: &Caller,
        wanted: &ListPlaybooks,
    ) -> Result<Paged<Shown>, ActionError> {
        let mut check = Check::default();
        let pod = check.pod(wanted.pod_id.as_deref(), caller.pod.as_deref());
        let limit = check.limit(wanted.limit);
        check.done()?;
        let scope = Scope { pod, ..caller.scope() };
        let bound_to = format!("playbooks\n{scope:?}\n{:?}", wanted.source);
        let asked = self.asked(limit, wanted.page_token.as_deref(), bound_to)?;
        let mut shown = Vec::new();
        let own_until = asked.after.as_deref().map(str::parse::<PlaybookId>);
        let has_own = !matches!(own_until, Some(Err(_)));
        if has_own && wanted.source != Some(Source::Platform) {
            let after = own_until.and_then(Result::ok);
            let own = self.store.playbooks(&scope, after, asked.to_read()).await?;
            shown.extend(own.into_iter().map(|one| Shown::Custom(Box::new(one))));
        }
        if wanted.source != Some(Source::Custom) {
            let after = asked.after.as_deref().filter(|_| !has_own);
            let rest =
                self.plugins.all().into_iter().filter(|it| after.is_none_or(|id| it.id() > id));
            shown.extend(rest.map(Shown::Installed));
            shown.truncate(asked.to_read() as usize);
        }
        Ok(self.paged(&asked, shown, |one| match one {
            Shown::Installed(playbook) => playbook.id().to_owned(),
            Shown::Custom(playbook) => playbook.id.to_string(),
        }))
    }

    /// The next version, unless nothing would be different.
    pub async fn change_playbook(
        &self,
        caller: &Caller,
        id: &str,
        change: ChangePlaybook,
        now: Time,
    ) -> Result<StoredPlaybook, ActionError> {
        let playbook = self.custom_playbook(caller, id).await?;
        let mut check = Check::default();
        let pod = playbook.pod.as_deref();
        let base = match &change.base {
            Some(base) => self.base(&mut check, caller, pod, base).await?,
            None => None,
        };
        let about = &playbook.version.about;
        let plain = || Layer { id: about.id.clone(), name: about.name.clone(), ..empty() };
        let known = read_layer(&playbook.version)?.unwrap_or_else(plain);
        let known = Layer { version: String::new(), ..known };
        let mut layer = known.clone();
        let base_name = change.base.clone().or_else(|| about.base.clone());
        lay(&mut check, &mut layer, change);
        check.done()?;
        let code = match base {
            None if layer == known => return Ok(playbook),
            None => self.code_of(&playbook).await?,
            Some(base) => base.code,
        };
        self.add_version(playbook, Draft { code, layer: Some(layer), base: base_name }, now).await
    }

    pub(super) async fn add_version(
        &self,
        mut playbook: StoredPlaybook,
        draft: Draft,
        now: Time,
    ) -> Result<StoredPlaybook, ActionError> {
        let code = draft.code.clone();
        let before = playbook.version;
        playbook.version = self.version(draft, before.number.saturating_add(1), now).await?;
        let code = (playbook.version.code != before.code).then_some(&*code);
        if self.store.add_version(&playbook, code).await? {
            return Ok(playbook);
        }
        let detail = "the playbook was changed or deleted meanwhile: read it again";
        Err(ActionError::Conflict(detail.into()))
    }

    /// Makes an earlier version the newest once more.
    pub async fn roll_back(
        &self,
        caller: &Caller,
        id: &str,
        wanted: &Rollback,
        now: Time,
    ) -> Result<StoredPlaybook, ActionError> {
        let playbook = self.custom_playbook(caller, id).await?;
        let version = self.version_of(&playbook, wanted.version).await?;
        let version = version
            .ok_or_else(|| ActionError::invalid("version", "the playbook has no such version"))?;
        let layer = read_layer(&version)?.map(|layer| Layer { version: String::new(), ..layer });
        let base = version.about.base.clone();
        let code = self.code_in(playbook.id, &version).await?;
        self.add_version(playbook, Draft { code, layer, base }, now).await
    }

    pub(super) async fn version_of(
        &self,
        playbook: &StoredPlaybook,
        number: u32,
    ) -> Result<Option<PlaybookVersion>, ActionError> {
        let before = Some(number.saturating_add(1));
        let found = self.store.playbook_versions(playbook.id, before, 1).await?;
        Ok(found.into_iter().find(|version| version.number == number))
    }

    /// The newest first.
    pub async fn playbook_versions(
        &self,
        caller: &Caller,
        id: &str,
        limit: Option<u32>,
        page_token: Option<&str>,
    ) -> Result<Paged<PlaybookVersion>, ActionError> {
        let mut check = Check::default();
        let limit = check.limit(limit);
        check.done()?;
        let playbook = self.custom_playbook(caller, id).await?;
        let asked = self.asked(limit, page_token, format!("versions\n{}", playbook.id))?;
        let before = asked.after.as_deref().and_then(|place| place.parse().ok());
        let versions = self.store.playbook_versions(playbook.id, before, asked.to_read()).await?;
        Ok(self.paged(&asked, versions, |version| version.number.to_string()))
    }

    /// Calls that were made with it keep it.
    pub async fn delete_playbook(
        &self,
        caller: &Caller,
        id: &str,
        now: Time,
    ) -> Result<(), ActionError> {
        let playbook = self.custom_playbook(caller, id).await?;
        let deleted = self.store.delete_playbook(&caller.scope(), playbook.id, now).await?;
        if deleted { Ok(()) } else { Err(UNKNOWN) }
    }

    /// The playbook a call asks for (the server's, its pod's, or one that belongs to no pod where
    /// the key sees it), otherwise the one that suits its objective best.
    pub(super) async fn playbook_of(
        &self,
        check: &mut Check,
        caller: &Caller,
        pod: Option<&str>,
        wish: &Wish<'_>,
    ) -> Result<Option<Chosen>, ActionError> {
        let Some(id) = wish.id else {
            // An objective that is refused anyway is not worth asking every playbook about.
            if !check.is_clean() {
                return Ok(None);
            }
            return Ok(Some(self.classified(caller, pod, wish).await?));
        };
        let found = match self.playbook(caller, id).await {
            Err(ActionError::NotFound(_)) => None,
            found => Some(found?),
        };
        let found = found.filter(|one| one.is_for(pod));
        if found.is_none() {
            check.wrong("playbook_id", "there is no such playbook: see GET /v1/playbooks");
        }
        found
            .map(|found| match found {
                Shown::Installed(playbook) => Ok(chosen(&playbook)),
                Shown::Custom(playbook) => Ok(Chosen {
                    id: playbook.id.prefixed(),
                    rules: read_layer(&playbook.version)?
                        .map(|layer| layer.behavior_rules)
                        .unwrap_or_default(),
                    digest: playbook.version.digest,
                }),
            })
            .transpose()
    }

    async fn classified(
        &self,
        caller: &Caller,
        pod: Option<&str>,
        wish: &Wish<'_>,
    ) -> Result<Chosen, ActionError> {
        let own = self.authored(caller, pod).await?;
        let candidates: Vec<_> = own.iter().map(|(_, opened)| Arc::clone(opened)).collect();
        let (objective, language) = (wish.objective.to_owned(), wish.language.to_owned());
        let plugins = Arc::clone(&self.plugins);
        let classify = move || plugins.classify(&objective, &language, &candidates);
        let found = tokio::task::spawn_blocking(classify).await;
        let found = found.map_err(|error| ActionError::Internal(error.into()))?;
        let mut chosen = chosen(&found);
        if let Some((id, _)) = own.iter().find(|(_, opened)| Arc::ptr_eq(opened, &found)) {
            chosen.id = id.prefixed();
        }
        Ok(chosen)
    }

    /// Components that the organization brought. What it made of a playbook of the server would
    /// score as that one does, and is used where it is named.
    async fn authored(
        &self,
        caller: &Caller,
        pod: Option<&str>,
    ) -> Result<Vec<(PlaybookId, Arc<Playbook>)>, ActionError> {
        if self.config.plan(&caller.plan).playbooks == Some(0) {
            return Ok(Vec::new());
        }
        let own = self.store.playbooks(&caller.scope(), None, OWN_SCORED_MAX).await?;
        let suits = |one: &StoredPlaybook| {
            (one.pod.is_none() || one.pod.as_deref() == pod)
                && !one.version.about.id.starts_with(MADE_HERE)
        };
        let mut authored = Vec::new();
        for one in own.into_iter().filter(suits) {
            let digest = &one.version.digest;
            if let Some(opened) = guest::opened(one.id, digest, &self.store, &self.plugins).await? {
                authored.push((one.id, opened));
            }
        }
        Ok(authored)
    }
}

impl Shown {
    pub(super) fn is_for(&self, pod: Option<&str>) -> bool {
        match self {
            Shown::Installed(_) => true,
            Shown::Custom(own) => own.pod.is_none() || own.pod.as_deref() == pod,
        }
    }
}

fn chosen(playbook: &Playbook) -> Chosen {
    Chosen {
        id: playbook.id().to_owned(),
        digest: playbook.digest().to_owned(),
        rules: playbook.rules().to_vec(),
    }
}

/// A playbook's id as calls keep it.
pub(super) fn kept(id: &str) -> String {
    match id.parse::<PlaybookId>() {
        Ok(id) => id.prefixed(),
        Err(_) => bare(id).to_owned(),
    }
}

fn bare(id: &str) -> &str {
    id.strip_prefix(PlaybookId::PREFIX).unwrap_or(id)
}

/// The settings of a version, as this server wrote them.
pub(crate) fn read_layer(version: &PlaybookVersion) -> Result<Option<Layer>, ActionError> {
    let layer = version.settings.as_deref().map(serde_json::from_str).transpose();
    layer.map_err(|error| ActionError::Internal(error.into()))
}

fn empty() -> Layer {
    Layer {
        id: String::new(),
        name: String::new(),
        version: String::new(),
        behavior_rules: Vec::new(),
        settings: Map::new(),
    }
}

/// Merges what is wanted into the settings, and checks it.
fn lay(check: &mut Check, layer: &mut Layer, change: ChangePlaybook) {
    if let Some(name) = change.name {
        check.text("name", &name, NAME_CHARS_MAX);
        layer.name = name;
    }
    if let Some(rules) = change.behavior_rules {
        check.rules("behavior_rules", &rules);
        layer.behavior_rules = rules;
    }
    let texts = [
        ("strategy", change.strategy, STRATEGY_CHARS_MAX),
        ("voice_tone", change.voice_tone, TONE_CHARS_MAX),
        ("success_criteria", change.success_criteria, CRITERIA_CHARS_MAX),
    ];
    for (field, text, chars_max) in texts {
        let Some(text) = text else { continue };
        if text.is_empty() {
            layer.settings.remove(field);
            continue;
        }
        check.text(field, &text, chars_max);
        layer.settings.insert(field.to_owned(), text.into());
    }
    let field = "extraction_schema";
    match change.extraction_schema {
        None => {}
        Some(Value::Object(schema)) if schema.is_empty() => drop(layer.settings.remove(field)),
        Some(schema) => {
            check.extraction_schema(field, &schema);
            layer.settings.insert(field.to_owned(), schema);
        }
    }
}
