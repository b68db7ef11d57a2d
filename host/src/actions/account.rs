//! What an organization decided for all of its calls, and whether it may place one more.

use domain::Time;
use serde::Deserialize;
use utoipa::ToSchema;

use super::check::Check;
use super::{ActionError, Caller, Server};
use crate::engine::{Balance, limit_seconds};
use crate::store::{Disclosure, Mode, OrgSettings, Organization, Usage};
use crate::vault::Vendor;

/// The body of `PATCH /v1/auth/settings`: what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSettings {
    /// False: keep no audio of any call.
    pub record_calls: Option<bool>,
    /// `auto` (where the law of the number's region asks for it, or may), `always` or `never`.
    #[schema(value_type = Option<String>, example = "auto")]
    pub recording_disclosure: Option<Disclosure>,
    /// Only calls that say on what `consent` they rest are placed.
    pub require_consent: Option<bool>,
    /// Your own OpenAI API key, used for your calls from now on; an empty text clears it.
    #[schema(example = "sk-proj-7f8a9b2c", max_length = 500)]
    pub openai_api_key: Option<String>,
    /// Your own Gemini API key, used for your calls from now on; an empty text clears it.
    #[schema(example = "AIza7f8a9b2c", max_length = 500)]
    pub gemini_api_key: Option<String>,
}

/// What an organization used.
#[derive(Debug)]
pub struct Account {
    pub balance: Balance,
    /// Of all months.
    pub total: Usage,
    /// Numbers to call from.
    pub lines: u32,
}

/// Why there is no call without money.
#[derive(Debug)]
pub struct OutOfMinutes {
    pub balance: Balance,
    pub upgrade_url: String,
}

impl Server {
    pub async fn settings(&self, caller: &Caller) -> Result<OrgSettings, ActionError> {
        Ok(self.organization(caller).await?.settings)
    }

    pub async fn change_settings(
        &self,
        caller: &Caller,
        change: ChangeSettings,
    ) -> Result<OrgSettings, ActionError> {
        if caller.mode == Mode::Test || caller.pod.is_some() {
            let detail = "settings hold for the whole organization: change them with one of its \
                          live keys";
            return Err(ActionError::Forbidden(detail));
        }
        let mut check = Check::default();
        check.vendor_key("openai_api_key", change.openai_api_key.as_deref());
        check.vendor_key("gemini_api_key", change.gemini_api_key.as_deref());
        check.done()?;
        let mut settings = self.organization(caller).await?.settings;
        let keep = |kept: &mut Option<String>, given: Option<String>, vendor: Vendor| {
            let Some(key) = given else { return };
            let seal = |key: String| self.vault.seal(&key, &vendor.seal_about(caller.org));
            *kept = Some(key).filter(|key| !key.is_empty()).map(seal);
        };
        keep(&mut settings.openai_key, change.openai_api_key, Vendor::OpenAi);
        keep(&mut settings.gemini_key, change.gemini_api_key, Vendor::Gemini);
        if let Some(record_calls) = change.record_calls {
            settings.record_nothing = !record_calls;
        }
        if let Some(disclosure) = change.recording_disclosure {
            settings.recording_disclosure = disclosure;
        }
        if let Some(require) = change.require_consent {
            settings.require_consent = require;
        }
        self.store.set_settings(caller.org, &settings).await?;
        Ok(settings)
    }

    pub async fn usage(&self, caller: &Caller, now: Time) -> Result<Account, ActionError> {
        if caller.pod.is_some() {
            let detail =
                "usage is counted for the whole organization: read it with one of its keys";
            return Err(ActionError::Forbidden(detail));
        }
        let total = self.store.total_usage(caller.org, caller.mode).await?;
        let lines = self.store.count_lines(caller.org, caller.mode).await?;
        Ok(Account { balance: self.balance(caller, now).await?, total, lines })
    }

    pub async fn balance(&self, caller: &Caller, now: Time) -> Result<Balance, ActionError> {
        let Caller { org, mode, plan, .. } = caller;
        Ok(Balance::read(&*self.store, &self.config, *org, plan, *mode, now).await?)
    }

    /// The organization, if its plan has minutes left.
    pub(super) async fn check_account(
        &self,
        caller: &Caller,
        now: Time,
    ) -> Result<Organization, ActionError> {
        if limit_seconds(&self.config, &caller.plan).is_none() {
            return self.organization(caller).await;
        }
        let balance = self.balance(caller, now).await?;
        if balance.is_left() {
            return self.organization(caller).await;
        }
        let upgrade_url = self.upgrade_url();
        Err(ActionError::OutOfMinutes(Box::new(OutOfMinutes { balance, upgrade_url })))
    }

    pub(super) fn upgrade_url(&self) -> String {
        let base = self.config.base_url.as_deref().unwrap_or_default().trim_end_matches('/');
        format!("{base}/dashboard/upgrade")
    }

    pub(super) async fn organization(&self, caller: &Caller) -> Result<Organization, ActionError> {
        let org = self.store.organization(caller.org).await?;
        Ok(org.ok_or_else(|| anyhow::anyhow!("the organization of a key is gone"))?)
    }
}
