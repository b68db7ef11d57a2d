//! Many calls in one request: all of them are created, or none.

use std::collections::BTreeMap;

use domain::{BatchId, Time};
use serde::Deserialize;
use utoipa::ToSchema;

use super::check::Check;
use super::create::{CreateCall, queued};
use super::{ActionError, Caller, FieldError, Server};
use crate::events::Live;
use crate::store::{BatchRecord, CallFilter, CallRecord, Page, Scope};

const TARGETS_MAX: usize = 1000;
/// Mistakes named in one answer; a client mends these first.
const MISTAKES_MAX: usize = 100;

/// The body of `POST /v1/calls/batch`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateBatch {
    /// 1 to 1000.
    #[schema(min_items = 1, max_items = 1000)]
    pub targets: Vec<Target>,
    /// For every target that has none of its own; needed unless all have one.
    #[schema(example = "Get steel beam pricing quote for 500 units", max_length = 2000)]
    pub objective: Option<String>,
    #[schema(example = "platform.price_inquiry")]
    pub playbook_id: Option<String>,
    pub persona_id: Option<String>,
    /// Events of the batch and of its calls are sent here.
    pub webhook_url: Option<String>,
    #[schema(example = "customer_acme")]
    pub pod_id: Option<String>,
    /// On what the right to call rests, for all targets.
    pub consent: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    #[schema(example = "+12025550101")]
    pub to: String,
    #[schema(max_length = 2000)]
    pub objective: Option<String>,
    #[schema(example = "Shenzhen Metals Co", max_length = 4000)]
    pub context: Option<String>,
    #[schema(max_length = 255)]
    pub client_id: Option<String>,
}

/// A batch with its calls, in the order of its targets when it was just created.
pub struct Batch {
    pub record: BatchRecord,
    pub statuses: BTreeMap<String, u64>,
    pub calls: Vec<CallRecord>,
}

impl Server {
    pub async fn create_batch(
        &self,
        caller: &Caller,
        request: CreateBatch,
        now: Time,
    ) -> Result<Batch, ActionError> {
        let mut check = Check::default();
        let pod = check.pod(request.pod_id.as_deref(), caller.pod.as_deref());
        if !(1..=TARGETS_MAX).contains(&request.targets.len()) {
            let count = request.targets.len();
            check.wrong("targets", format!("has {count} targets: 1 to {TARGETS_MAX} are allowed"));
        }
        let policy = &self.config.webhooks;
        check.webhook("webhook_url", request.webhook_url.as_deref(), policy);
        check.done()?;
        let scope = Scope { pod, ..caller.scope() };
        let org = self.check_account(caller, now).await?;
        let id = BatchId::new(now, crate::clock::random());
        let total = u32::try_from(request.targets.len()).unwrap_or(u32::MAX);
        let webhook_url = request.webhook_url.clone();
        let mut mistakes: Vec<FieldError> = Vec::new();
        let mut calls = Vec::with_capacity(request.targets.len());
        for (index, call) in each(request).enumerate() {
            let client_id = call.client_id.clone();
            let mut check = Check::default();
            check.client_id(client_id.as_deref());
            let checked = match check.is_clean() {
                true => self.check(check, caller, &org, call, now).await,
                false => Err(check.done().expect_err("it is not clean")),
            };
            match checked {
                Ok(mut wanted) => {
                    wanted.spec.batch_id = Some(id);
                    calls.push(queued(scope.clone(), client_id, wanted, now));
                }
                Err(error) => mistakes.extend(at_target(index, error)?),
            }
            if mistakes.len() >= MISTAKES_MAX {
                break;
            }
        }
        if !mistakes.is_empty() {
            return Err(ActionError::Invalid(mistakes));
        }
        let mut records = Vec::with_capacity(calls.len());
        for (record, _) in &mut calls {
            records.push(record);
        }
        self.read_rules(records).await?;
        let record = BatchRecord {
            id,
            org: scope.org,
            mode: scope.mode,
            pod: scope.pod,
            total,
            open: total,
            webhook_url,
            created_at: now,
            completed_at: None,
        };
        let events: Vec<_> = calls.iter().map(|(_, events)| events.clone()).collect();
        let written = self.store.insert_batch(&record, calls).await?;
        for (call, events) in written.iter().zip(events) {
            if call.spec.batch_id == Some(id) {
                for event in events {
                    self.hub.publish(Live::of(call, event.payload));
                }
            }
        }
        self.live.wake.notify_one();
        let statuses = self.store.batch_statuses(id).await?;
        Ok(Batch { record, statuses, calls: written })
    }

    pub async fn batch(&self, caller: &Caller, id: &str) -> Result<Batch, ActionError> {
        let scope = caller.scope();
        let record = self.batch_in(&scope, id).await?;
        let id = record.id;
        let statuses = self.store.batch_statuses(id).await?;
        let filter = CallFilter { batch_id: Some(id), ..CallFilter::default() };
        let limit = u32::try_from(TARGETS_MAX).unwrap_or(u32::MAX);
        let mut calls = self.store.calls(&scope, &filter, &Page { limit, after: None }).await?;
        calls.reverse();
        Ok(Batch { record, statuses, calls })
    }
}

/// One request for a call per target.
fn each(batch: CreateBatch) -> impl Iterator<Item = CreateCall> {
    let CreateBatch { targets, objective, playbook_id, persona_id, webhook_url, pod_id, consent } =
        batch;
    targets.into_iter().map(move |target| CreateCall {
        to: target.to,
        objective: target.objective.or_else(|| objective.clone()).unwrap_or_default(),
        context: target.context,
        client_id: target.client_id,
        playbook_id: playbook_id.clone(),
        persona_id: persona_id.clone(),
        webhook_url: webhook_url.clone(),
        pod_id: pod_id.clone(),
        consent: consent.clone(),
        ..CreateCall::default()
    })
}

/// A mistake in one target is named with its place in the list.
fn at_target(index: usize, error: ActionError) -> Result<Vec<FieldError>, ActionError> {
    let errors = match error {
        ActionError::Invalid(errors) => errors,
        ActionError::Blocked { field, detail, .. } => {
            vec![FieldError { field: field.to_owned(), message: detail }]
        }
        other => return Err(other),
    };
    let placed = |error: FieldError| FieldError {
        field: format!("targets[{index}].{}", error.field),
        message: error.message,
    };
    Ok(errors.into_iter().map(placed).collect())
}

/// What a batch is doing, in one word.
#[must_use]
pub fn status_word(record: &BatchRecord) -> &'static str {
    if record.completed_at.is_some() { "completed" } else { "in_progress" }
}
