//! Gathers what `core/call`'s gate decides by, right before a dial.

use call::gate::{self, Facts, Gate};
use call::region;
use domain::Time;

use super::Balance;
use super::dispatcher::Parts;
use crate::store::{CallRecord, Mode, StoreError};

pub(super) async fn gate(
    parts: &Parts,
    record: &CallRecord,
    now: Time,
) -> Result<Gate, StoreError> {
    let listed = parts.store.listed(&record.scope(), &record.to).await?.is_some();
    let org = parts.store.organization(record.org).await?;
    let org = org.ok_or_else(|| StoreError::BadRow("organizations".into()))?;
    let balance =
        Balance::read(&*parts.store, &parts.config, org.id, &org.plan, record.mode, now).await?;
    let facts = Facts {
        listed,
        lacks_consent: org.settings.require_consent && record.spec.consent.is_none(),
        has_balance: balance.is_left(),
        tried: record.call.attempt > 0,
        any_hour: record.mode == Mode::Test && !parts.config.sandbox.keeps_hours,
        zones: region::zones(&record.to),
        hours: parts.config.calling_hours,
    };
    Ok(gate::decide(now, facts))
}
