//! Organizations and their API keys.

use std::time::Duration;

use domain::{KeyId, OrgId, Time};
use sha2::{Digest as _, Sha256};

use super::check::Check;
use super::{ActionError, Caller, Server};
use crate::config::Register;
use crate::events::signing;
use crate::store::{ApiKey, Mode, OrgSettings, Organization};

const NAME_CHARS_MAX: usize = 200;
const EMAIL_CHARS_MAX: usize = 254;
const KEYS_MAX: usize = 100;
/// Keys of one organization that wait for approval.
const PENDING_MAX: usize = 3;
const PENDING: Duration = Duration::from_secs(24 * 3600);
/// `last_used_at` is exact to this; a write for every request would cost more than it tells.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

pub struct Registered {
    pub org: OrgId,
    pub api_key: String,
}

/// What a client may ask of a new key.
pub struct NewKey {
    pub name: Option<String>,
    /// By default that of the key in use.
    pub mode: Option<Mode>,
    /// Limits the key to one pod.
    pub pod_id: Option<String>,
    pub read_only: bool,
}

/// What is decided about a key before its secret is drawn.
struct Made {
    org: OrgId,
    pod: Option<String>,
    name: Option<String>,
    mode: Mode,
    read_only: bool,
    pending_until: Option<Time>,
}

const UNKNOWN_KEY: ActionError = ActionError::NotFound("there is no such API key");

pub struct CreatedKey {
    pub key: ApiKey,
    /// Shown once.
    pub api_key: String,
}

impl Server {
    /// The caller behind a key, if the key is known and active.
    pub async fn authenticate(&self, api_key: &str, now: Time) -> Result<Caller, ActionError> {
        let unknown = ActionError::Unauthorized(
            "missing or invalid API key: send `Authorization: Bearer ac_live_…` or `ac_test_…`",
        );
        let hash = hash(api_key);
        let Some((key, plan)) = self.store.key_by_hash(&hash).await? else { return Err(unknown) };
        let same: bool = subtle::ConstantTimeEq::ct_eq(&key.hash[..], &hash[..]).into();
        if !same {
            return Err(unknown);
        }
        if key.pending_until.is_some_and(|until| until > now) {
            let detail = "this API key waits for approval: an organization with that e-mail existed \
                          already, and one of its keys has to approve this one";
            return Err(ActionError::Unauthorized(detail));
        }
        if !key.active {
            return Err(unknown);
        }
        let stale = key.last_used_at.is_none_or(|used| now.since(used) >= TOUCH_EVERY);
        if stale && let Err(error) = self.store.touch_key(key.id, now).await {
            // Nobody is turned away because a date could not be written.
            tracing::warn!(%error, "the last use of a key was not written");
        }
        let ApiKey { id, org, mode, pod, read_only, .. } = key;
        Ok(Caller { org, key: id, mode, pod, plan, read_only })
    }

    /// A new organization and its first key. For an e-mail that is known already the key stays
    /// inactive until the organization approves it: knowing an address proves nothing.
    pub async fn register(
        &self,
        name: &str,
        email: &str,
        now: Time,
    ) -> Result<Registered, ActionError> {
        if self.config.register == Register::Closed {
            return Err(ActionError::Forbidden("registration is closed on this server"));
        }
        let mut check = Check::default();
        check.text("name", name, NAME_CHARS_MAX);
        let email = email.trim().to_lowercase();
        if !is_email(&email) {
            check.wrong("email", "must be an e-mail address");
        }
        check.done()?;
        let wanted = Organization {
            id: OrgId::new(now, crate::clock::random()),
            name: name.trim().to_owned(),
            email,
            plan: self.config.plans.default.clone(),
            settings: OrgSettings::default(),
            signing_secret: signing::new_secret(),
            stripe_customer: None,
            stripe_subscription: None,
            created_at: now,
        };
        let org = self.store.upsert_organization(&wanted).await?;
        let is_new = org.id == wanted.id;
        match is_new {
            true => self.first_line(org.id, now).await?,
            false => self.check_pending(org.id, now).await?,
        }
        let pending_until = (!is_new).then(|| now + PENDING);
        let name = Some("Registration".to_owned());
        let made = Made {
            org: org.id,
            pod: None,
            name,
            mode: Mode::Live,
            read_only: false,
            pending_until,
        };
        let made = self.make_key(made, now).await?;
        Ok(Registered { org: org.id, api_key: made.api_key })
    }

    async fn check_pending(&self, org: OrgId, now: Time) -> Result<(), ActionError> {
        let keys = self.store.keys(org).await?;
        let waiting = |key: &&ApiKey| key.pending_until.is_some_and(|until| until > now);
        if keys.iter().filter(waiting).count() >= PENDING_MAX {
            let detail = "too many keys of this organization wait for approval: approve or revoke \
                          one with an existing key";
            return Err(ActionError::Conflict(detail.into()));
        }
        Ok(())
    }

    /// The active keys, and if wanted those that wait for approval. A key of one pod sees its own.
    pub async fn keys(
        &self,
        caller: &Caller,
        with_pending: bool,
        now: Time,
    ) -> Result<Vec<ApiKey>, ActionError> {
        let mut keys = self.store.keys(caller.org).await?;
        keys.retain(|key| {
            let waits = key.pending_until.is_some_and(|until| until > now);
            let in_pod = caller.pod.is_none() || caller.pod == key.pod;
            in_pod && (key.active || (with_pending && waits))
        });
        Ok(keys)
    }

    pub async fn create_key(
        &self,
        caller: &Caller,
        wanted: NewKey,
        now: Time,
    ) -> Result<CreatedKey, ActionError> {
        let mut check = Check::default();
        check.maybe_text("name", wanted.name.as_deref(), NAME_CHARS_MAX);
        let pod = check.pod(wanted.pod_id.as_deref(), caller.pod.as_deref());
        check.done()?;
        let mode = wanted.mode.unwrap_or(caller.mode);
        if caller.mode == Mode::Test && mode == Mode::Live {
            return Err(ActionError::Forbidden("a test key cannot create live keys"));
        }
        let keys = self.store.keys(caller.org).await?;
        if keys.iter().filter(|key| key.active).count() >= KEYS_MAX {
            let detail = format!("an organization has at most {KEYS_MAX} keys: revoke one first");
            return Err(ActionError::Conflict(detail));
        }
        let NewKey { name, read_only, .. } = wanted;
        let made = Made { org: caller.org, pod, name, mode, read_only, pending_until: None };
        self.make_key(made, now).await
    }

    pub async fn revoke_key(
        &self,
        caller: &Caller,
        id: &str,
        now: Time,
    ) -> Result<(), ActionError> {
        let key = self.own_key(caller, id, now).await?;
        if caller.mode == Mode::Test && key.mode == Mode::Live {
            return Err(ActionError::Forbidden("a test key cannot revoke live keys"));
        }
        let revoked = self.store.revoke_key(caller.org, key.id).await?;
        if revoked { Ok(()) } else { Err(UNKNOWN_KEY) }
    }

    /// Lets a key work that was made by somebody who only knew the organization's e-mail.
    pub async fn approve_key(
        &self,
        caller: &Caller,
        id: &str,
        now: Time,
    ) -> Result<ApiKey, ActionError> {
        if caller.mode == Mode::Test || caller.pod.is_some() {
            let detail = "only a live key of the whole organization can approve another";
            return Err(ActionError::Forbidden(detail));
        }
        let key = self.own_key(caller, id, now).await?;
        if key.active {
            return Ok(key);
        }
        let approved = self.store.approve_key(key.id, now).await?;
        if !approved {
            return Err(UNKNOWN_KEY);
        }
        Ok(ApiKey { active: true, pending_until: None, ..key })
    }

    async fn own_key(&self, caller: &Caller, id: &str, now: Time) -> Result<ApiKey, ActionError> {
        let id: KeyId = id.parse().map_err(|_| UNKNOWN_KEY)?;
        let keys = self.keys(caller, true, now).await?;
        keys.into_iter().find(|key| key.id == id).ok_or(UNKNOWN_KEY)
    }

    async fn make_key(&self, made: Made, now: Time) -> Result<CreatedKey, ActionError> {
        let Made { org, pod, name, mode, read_only, pending_until } = made;
        let api_key = generate(mode);
        let key = ApiKey {
            id: KeyId::new(now, crate::clock::random()),
            org,
            pod,
            name,
            mode,
            hash: hash(&api_key),
            last_four: api_key[api_key.len() - 4..].to_owned(),
            read_only,
            active: pending_until.is_none(),
            pending_until,
            created_at: now,
            last_used_at: None,
        };
        self.store.insert_key(&key).await?;
        Ok(CreatedKey { key, api_key })
    }
}

/// 192 random bits behind the prefix that says where the key works.
fn generate(mode: Mode) -> String {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).expect("the operating system provides randomness");
    let prefix = if mode == Mode::Live { "ac_live_" } else { "ac_test_" };
    let random: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}{random}")
}

fn hash(api_key: &str) -> [u8; 32] {
    Sha256::digest(api_key.as_bytes()).into()
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let dotted = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    plain && !local.is_empty() && dotted && text.chars().count() <= EMAIL_CHARS_MAX
}
