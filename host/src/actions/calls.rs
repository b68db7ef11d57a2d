//! Reading, listing and cancelling calls.

use call::{Input, Machine, Output, Status};
use domain::Time;

use super::check::Check;
use super::{ActionError, Caller, Paged, Server, playbooks};
use crate::engine::Control;
use crate::events::{Live, payload};
use crate::store::{CallFilter, CallRecord, Change, Page, Scope, StoreError};

/// Attempts to write a cancellation against a call that is changing.
const CANCEL_TRIES_MAX: u32 = 20;

impl Server {
    pub async fn call(&self, caller: &Caller, id: &str) -> Result<CallRecord, ActionError> {
        self.call_in(&caller.scope(), id).await
    }

    pub async fn list_calls(
        &self,
        caller: &Caller,
        wanted: &ListCalls,
        page_token: Option<&str>,
    ) -> Result<Paged<CallRecord>, ActionError> {
        let mut check = Check::default();
        let filter = wanted.filter(&mut check);
        let scope = Scope { pod: wanted.pod(&mut check, caller), ..caller.scope() };
        let limit = check.limit(wanted.limit);
        check.done()?;
        let asked = self.asked(limit, page_token, wanted.bound_to(&scope))?;
        let after = asked.after.as_deref().and_then(|place| place.parse().ok());
        let page = Page { limit: asked.to_read(), after };
        let calls = self.store.calls(&scope, &filter, &page).await?;
        Ok(self.paged(&asked, calls, |last| last.id.to_string()))
    }

    /// Cancels a call that is not being held. Cancelling a cancelled call is no mistake.
    pub async fn cancel_call(
        &self,
        caller: &Caller,
        id: &str,
        now: Time,
    ) -> Result<CallRecord, ActionError> {
        for _ in 0..CANCEL_TRIES_MAX {
            let mut record = self.call(caller, id).await?;
            let before = record.call.status;
            let mut machine = Machine::resume(record.call.clone());
            if machine.handle(now, Input::Cancel).is_err() {
                let detail = format!("a call that is {before} cannot be cancelled");
                return Err(ActionError::Conflict(detail));
            }
            if before == Status::Cancelled {
                return Ok(record);
            }
            record.call = machine.call().clone();
            record.wake_at = None;
            record.updated_at = now;
            let mut events = Vec::new();
            while let Some(output) = machine.poll() {
                if let Output::Record(event) = output {
                    events.push(payload::call_event(event, &record));
                }
            }
            let mut published = events.clone();
            let change = Change {
                events,
                batch_completed: Some(payload::batch_completed),
                ..Change::of(&record)
            };
            match self.store.apply(change).await {
                Ok(applied) => {
                    record.version = applied.version;
                    published.extend(applied.added);
                }
                Err(StoreError::Conflict { .. }) => continue,
                Err(error) => return Err(error.into()),
            }
            // A leg that rings is hung up by the task that holds it.
            self.live.tell(record.id, Control::Changed);
            for event in published {
                self.hub.publish(Live::of(&record, event.payload));
            }
            return Ok(record);
        }
        Err(ActionError::Conflict("the call keeps changing: try again".into()))
    }
}

/// What a client may ask of a list, as it wrote it.
#[derive(Clone, Debug, Default)]
pub struct ListCalls {
    pub status: Option<String>,
    pub to: Option<String>,
    pub playbook_id: Option<String>,
    pub batch_id: Option<String>,
    pub conversation_id: Option<String>,
    pub pod_id: Option<String>,
    pub created_after: Option<String>,
    pub created_before: Option<String>,
    /// 1 to 100.
    pub limit: Option<u32>,
}

impl ListCalls {
    fn filter(&self, check: &mut Check) -> CallFilter {
        let playbook = self.playbook_id.as_deref();
        let playbook = playbook.map(playbooks::kept);
        let mut filter = CallFilter { playbook_id: playbook, ..CallFilter::default() };
        if let Some(text) = &self.status {
            filter.status = text.parse().ok();
            if filter.status.is_none() {
                let known = Status::ALL.map(Status::as_str).join(", ");
                check.wrong("status", format!("must be one of {known}"));
            }
        }
        filter.to = self.to.as_deref().and_then(|text| check.number("to", text));
        filter.batch_id = check.id("batch_id", self.batch_id.as_deref());
        filter.conversation_id = check.id("conversation_id", self.conversation_id.as_deref());
        let mut time =
            |field, text: &Option<String>| text.as_deref().and_then(|text| check.time(field, text));
        filter.created_after = time("created_after", &self.created_after);
        filter.created_before = time("created_before", &self.created_before);
        filter
    }

    /// A key of one pod sees nothing of another: such a list is a mistake, not empty.
    fn pod(&self, check: &mut Check, caller: &Caller) -> Option<String> {
        check.pod(self.pod_id.as_deref(), caller.pod.as_deref())
    }

    /// Everything that decides which calls the list holds; the size of its pages may change.
    fn bound_to(&self, scope: &Scope) -> String {
        let wanted = ListCalls { limit: None, ..self.clone() };
        format!("{scope:?}\n{wanted:?}")
    }
}
