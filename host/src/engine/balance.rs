//! What is left of a month's minutes.

use call::billing::{month_of, next_month};
use domain::{OrgId, Time};

use crate::config::Config;
use crate::store::{Mode, Store, StoreError, Usage};

/// An organization's meter against its plan.
#[derive(Clone, Debug)]
pub struct Balance {
    pub plan: String,
    pub used: Usage,
    /// `None`: the plan has no limit.
    pub limit_seconds: Option<u64>,
    pub resets_at: Time,
}

impl Balance {
    pub async fn read(
        store: &dyn Store,
        config: &Config,
        org: OrgId,
        plan: &str,
        mode: Mode,
        now: Time,
    ) -> Result<Balance, StoreError> {
        let used = store.usage(org, mode, &month_of(now)).await?;
        Ok(Balance {
            plan: plan.to_owned(),
            used,
            limit_seconds: limit_seconds(config, plan),
            resets_at: next_month(now),
        })
    }

    #[must_use]
    pub fn is_left(&self) -> bool {
        self.limit_seconds.is_none_or(|limit| self.used.billed_seconds < limit)
    }
}

#[must_use]
pub fn limit_seconds(config: &Config, plan: &str) -> Option<u64> {
    config.plan(plan).minutes.map(|minutes| u64::from(minutes) * 60)
}
