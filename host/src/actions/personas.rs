//! Caller identities.

use domain::{PersonaId, Time};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::check::Check;
use super::voices::Gender;
use super::{ActionError, Caller, Paged, Server};
use crate::store::{Persona, Scope, StoredPersona, Traits};

const NAME_CHARS_MAX: usize = 200;
const UNKNOWN: ActionError = ActionError::NotFound("there is no such persona");

/// The body of `POST /v1/personas`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePersona {
    /// What you call it.
    #[schema(example = "Procurement Agent", max_length = 200)]
    pub name: String,
    /// Who the agent says it is.
    #[schema(example = "Alex", max_length = 200)]
    pub caller_name: String,
    #[schema(example = "Acme Corp", max_length = 200)]
    pub company: Option<String>,
    #[schema(example = "Procurement specialist", max_length = 200)]
    pub role: Option<String>,
    #[schema(example = "Warm, but direct", max_length = 200)]
    pub tone: Option<String>,
    #[schema(example = "professional_male_en")]
    pub voice: Option<String>,
    #[schema(example = "en")]
    pub language: Option<String>,
    /// Added to the rules of every call.
    #[schema(max_items = 20, example = json!(["Never commit to purchases over $10,000"]))]
    pub default_rules: Option<Vec<String>>,
    /// Makes the request safe to repeat.
    #[schema(example = "procurement-v1", max_length = 255)]
    pub client_id: Option<String>,
    pub pod_id: Option<String>,
}

/// The body of `PATCH /v1/personas/{id}`: what is left out stays as it is, an empty text clears it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePersona {
    pub name: Option<String>,
    pub caller_name: Option<String>,
    pub company: Option<String>,
    pub role: Option<String>,
    pub tone: Option<String>,
    pub voice: Option<String>,
    pub language: Option<String>,
    /// In place of all that there were.
    pub default_rules: Option<Vec<String>>,
}

/// The query of `GET /v1/personas`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListPersonas {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u32>,
    pub page_token: Option<String>,
    pub pod_id: Option<String>,
}

impl Server {
    /// True beside a persona that was made just now.
    pub async fn create_persona(
        &self,
        caller: &Caller,
        request: CreatePersona,
        now: Time,
    ) -> Result<(StoredPersona, bool), ActionError> {
        let mut check = Check::default();
        let pod = check.pod(request.pod_id.as_deref(), caller.pod.as_deref());
        check.client_id(request.client_id.as_deref());
        let traits = Traits {
            identity: Persona {
                caller_name: Some(request.caller_name),
                company: request.company,
                role: request.role,
                tone: request.tone,
            },
            voice: request.voice,
            language: request.language,
            rules: request.default_rules.unwrap_or_default(),
        };
        check_persona(&mut check, &request.name, &traits);
        check.done()?;
        let wanted = StoredPersona {
            id: PersonaId::new(now, crate::clock::random()),
            org: caller.org,
            mode: caller.mode,
            pod,
            client_id: request.client_id,
            name: request.name,
            traits,
            created_at: now,
            updated_at: now,
        };
        let made = self.store.insert_persona(&wanted).await?;
        let is_new = made.id == wanted.id;
        Ok((made, is_new))
    }

    pub async fn persona(&self, caller: &Caller, id: &str) -> Result<StoredPersona, ActionError> {
        let id: PersonaId = id.parse().map_err(|_| UNKNOWN)?;
        self.store.persona(&caller.scope(), id).await?.ok_or(UNKNOWN)
    }

    pub async fn list_personas(
        &self,
        caller: &Caller,
        wanted: &ListPersonas,
    ) -> Result<Paged<StoredPersona>, ActionError> {
        let mut check = Check::default();
        let pod = check.pod(wanted.pod_id.as_deref(), caller.pod.as_deref());
        let limit = check.limit(wanted.limit);
        check.done()?;
        let scope = Scope { pod, ..caller.scope() };
        let asked =
            self.asked(limit, wanted.page_token.as_deref(), format!("personas\n{scope:?}"))?;
        let after = asked.after.as_deref().and_then(|place| place.parse().ok());
        let personas = self.store.personas(&scope, after, asked.to_read()).await?;
        Ok(self.paged(&asked, personas, |one| one.id.to_string()))
    }

    pub async fn change_persona(
        &self,
        caller: &Caller,
        id: &str,
        change: ChangePersona,
        now: Time,
    ) -> Result<StoredPersona, ActionError> {
        let mut persona = self.persona(caller, id).await?;
        let traits = &mut persona.traits;
        let merge = |field: &mut Option<String>, change: Option<String>| {
            if let Some(text) = change {
                *field = Some(text).filter(|text| !text.is_empty());
            }
        };
        merge(&mut traits.identity.company, change.company);
        merge(&mut traits.identity.role, change.role);
        merge(&mut traits.identity.tone, change.tone);
        merge(&mut traits.voice, change.voice);
        merge(&mut traits.language, change.language);
        if let Some(name) = change.caller_name {
            traits.identity.caller_name = Some(name);
        }
        if let Some(rules) = change.default_rules {
            traits.rules = rules;
        }
        persona.name = change.name.unwrap_or(persona.name);
        let mut check = Check::default();
        check_persona(&mut check, &persona.name, &persona.traits);
        check.done()?;
        persona.updated_at = now;
        let written = self.store.update_persona(&persona).await?;
        if written { Ok(persona) } else { Err(UNKNOWN) }
    }

    /// Calls that were made with it keep what they were made with.
    pub async fn delete_persona(&self, caller: &Caller, id: &str) -> Result<(), ActionError> {
        let id: PersonaId = id.parse().map_err(|_| UNKNOWN)?;
        let deleted = self.store.delete_persona(&caller.scope(), id).await?;
        if deleted { Ok(()) } else { Err(UNKNOWN) }
    }

    /// The persona a call asks for: its pod's, or one that belongs to no pod where the key sees it.
    pub(super) async fn persona_of(
        &self,
        check: &mut Check,
        caller: &Caller,
        pod: Option<&str>,
        id: Option<&str>,
    ) -> Result<Option<StoredPersona>, ActionError> {
        let Some(id) = id else { return Ok(None) };
        let found = match self.persona(caller, id).await {
            Err(ActionError::NotFound(_)) => None,
            found => Some(found?),
        };
        let found = found.filter(|one| one.pod.is_none() || one.pod.as_deref() == pod);
        if found.is_none() {
            check.wrong("persona_id", "there is no such persona");
        }
        Ok(found)
    }
}

fn check_persona(check: &mut Check, name: &str, traits: &Traits) {
    check.text("name", name, NAME_CHARS_MAX);
    let identity = &traits.identity;
    check.text("caller_name", identity.caller_name.as_deref().unwrap_or(""), NAME_CHARS_MAX);
    check.maybe_text("company", identity.company.as_deref(), NAME_CHARS_MAX);
    check.maybe_text("role", identity.role.as_deref(), NAME_CHARS_MAX);
    check.maybe_text("tone", identity.tone.as_deref(), NAME_CHARS_MAX);
    check.voice(traits.voice.as_deref(), Gender::default());
    check.language(traits.language.as_deref());
    check.rules("default_rules", &traits.rules);
}
