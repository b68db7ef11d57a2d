//! Organizations and their API keys.

use std::time::Duration;

use domain::{KeyId, OrgId, Time};
use sha2::{Digest as _, Sha256};

use super::{ActionError, Caller, FieldError, Server};
use crate::config::Register;
use crate::store::{ApiKey, Mode, Organization};

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
        let Some(key) = self.store.key_by_hash(&hash).await? else { return Err(unknown) };
        let same: bool = subtle::ConstantTimeEq::ct_eq(&key.hash[..], &hash[..]).into();
        if !same || !key.active {
            return Err(unknown);
        }
        let stale = key.last_used_at.is_none_or(|used| now.since(used) >= TOUCH_EVERY);
        if stale {
            self.store.touch_key(key.id, now).await?;
        }
        Ok(Caller { org: key.org, key: key.id, mode: key.mode })
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
        let mut errors = Vec::new();
        check_length("name", name, NAME_CHARS_MAX, &mut errors);
        let email = email.trim().to_lowercase();
        if !is_email(&email) {
            let message = "must be an e-mail address".to_owned();
            errors.push(FieldError { field: "email".into(), message });
        }
        if !errors.is_empty() {
            return Err(ActionError::Invalid(errors));
        }
        let wanted = Organization {
            id: OrgId::new(now, crate::clock::random()),
            name: name.trim().to_owned(),
            email,
            plan: self.config.plans.default.clone(),
            created_at: now,
        };
        let org = self.store.upsert_organization(&wanted).await?;
        let is_new = org.id == wanted.id;
        if !is_new {
            self.check_pending(org.id, now).await?;
        }
        let pending_until = (!is_new).then(|| now + PENDING);
        let name = Some("Registration".to_owned());
        let made = self.make_key(org.id, name, Mode::Live, pending_until, now).await?;
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

    pub async fn keys(&self, caller: &Caller) -> Result<Vec<ApiKey>, ActionError> {
        let keys = self.store.keys(caller.org).await?;
        Ok(keys.into_iter().filter(|key| key.active).collect())
    }

    pub async fn create_key(
        &self,
        caller: &Caller,
        name: Option<String>,
        mode: Mode,
        now: Time,
    ) -> Result<CreatedKey, ActionError> {
        if let Some(name) = &name {
            let mut errors = Vec::new();
            check_length("name", name, NAME_CHARS_MAX, &mut errors);
            if !errors.is_empty() {
                return Err(ActionError::Invalid(errors));
            }
        }
        if caller.mode == Mode::Test && mode == Mode::Live {
            return Err(ActionError::Forbidden("a test key cannot create live keys"));
        }
        if self.keys(caller).await?.len() >= KEYS_MAX {
            let detail = format!("an organization has at most {KEYS_MAX} keys: revoke one first");
            return Err(ActionError::Conflict(detail));
        }
        self.make_key(caller.org, name, mode, None, now).await
    }

    pub async fn revoke_key(&self, caller: &Caller, id: &str) -> Result<(), ActionError> {
        let unknown = ActionError::NotFound("there is no such API key");
        let Ok(id) = id.parse::<KeyId>() else { return Err(unknown) };
        let revoked = self.store.revoke_key(caller.org, id).await?;
        if revoked { Ok(()) } else { Err(unknown) }
    }

    async fn make_key(
        &self,
        org: OrgId,
        name: Option<String>,
        mode: Mode,
        pending_until: Option<Time>,
        now: Time,
    ) -> Result<CreatedKey, ActionError> {
        let api_key = generate(mode);
        let key = ApiKey {
            id: KeyId::new(now, crate::clock::random()),
            org,
            name,
            mode,
            hash: hash(&api_key),
            last_four: api_key[api_key.len() - 4..].to_owned(),
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

fn check_length(field: &str, text: &str, chars_max: usize, errors: &mut Vec<FieldError>) {
    let chars = text.trim().chars().count();
    if chars == 0 || chars > chars_max {
        let message = format!("must have 1 to {chars_max} characters");
        errors.push(FieldError { field: field.into(), message });
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let dotted = host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    plain && !local.is_empty() && dotted && text.chars().count() <= EMAIL_CHARS_MAX
}
