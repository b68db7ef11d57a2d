//! Reading, listing and cancelling calls.

use call::{Input, Machine, Output, Status};
use domain::{BatchId, CallId, E164, Time};

use super::{ActionError, Caller, Server};
use crate::engine::Control;
use crate::events::{Live, payload};
use crate::store::{CallFilter, CallRecord, Change, Page, StoreError};

/// Attempts to write a cancellation against a call that is changing.
const CANCEL_TRIES_MAX: u32 = 20;
const PAGE_MAX: u32 = 100;

pub struct Listed {
    pub calls: Vec<CallRecord>,
    /// Where the list goes on: opaque to clients, signed, and bound to the filter it was made for.
    pub next: Option<String>,
}

impl Server {
    pub async fn call(&self, caller: &Caller, id: &str) -> Result<CallRecord, ActionError> {
        let unknown = || ActionError::NotFound("there is no such call");
        let id: CallId = id.parse().map_err(|_| unknown())?;
        self.store.call(&caller.scope(), id).await?.ok_or_else(unknown)
    }

    pub async fn list_calls(
        &self,
        caller: &Caller,
        pod: Option<String>,
        filter: CallFilter,
        limit: u32,
        page_token: Option<&str>,
    ) -> Result<Listed, ActionError> {
        if !(1..=PAGE_MAX).contains(&limit) {
            return Err(ActionError::invalid("limit", "must be from 1 to 100"));
        }
        let mut scope = caller.scope();
        scope.pod = pod;
        let filter_text = format!("{scope:?}\n{filter:?}");
        let after = match page_token {
            Some(token) => Some(self.read_cursor(token, &filter_text)?),
            None => None,
        };
        // One more than asked for tells whether there is a next page.
        let page = Page { limit: limit + 1, after };
        let mut calls = self.store.calls(&scope, &filter, &page).await?;
        let more = calls.len() > limit as usize;
        calls.truncate(limit as usize);
        let last = calls.last().filter(|_| more);
        let next = last.map(|last| self.make_cursor(last.id, &filter_text));
        Ok(Listed { calls, next })
    }

    fn make_cursor(&self, last: CallId, filter: &str) -> String {
        let signature = self.blobs.sign(&format!("cursor\n{last}\n{filter}"));
        format!("{last}{}", &signature[..32])
    }

    fn read_cursor(&self, token: &str, filter: &str) -> Result<CallId, ActionError> {
        let bad = || {
            let message = "is not a cursor of this list: use the one of the previous response, \
                           with the same filters";
            ActionError::invalid("page_token", message)
        };
        let id = token.get(..26).ok_or_else(bad)?;
        let last: CallId = id.parse().map_err(|_| bad())?;
        if self.make_cursor(last, filter) != token {
            return Err(bad());
        }
        Ok(last)
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
            let published = events.clone();
            let change = Change { record: &record, attempt: None, events, release: true };
            match self.store.apply(change).await {
                Ok(version) => record.version = version,
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

/// Filters as a client writes them.
pub fn filter(
    status: Option<&str>,
    to: Option<&str>,
    playbook_id: Option<String>,
    batch_id: Option<&str>,
) -> Result<CallFilter, ActionError> {
    let mut filter = CallFilter { playbook_id, ..CallFilter::default() };
    if let Some(text) = status {
        let unknown = || ActionError::invalid("status", "is not a status of a call");
        filter.status = Some(text.parse().map_err(|()| unknown())?);
    }
    if let Some(text) = to {
        let number: Result<E164, _> = text.parse();
        filter.to = Some(number.map_err(|error| ActionError::invalid("to", error.to_string()))?);
    }
    if let Some(text) = batch_id {
        let batch: Result<BatchId, _> = text.parse();
        let batch = batch.map_err(|error| ActionError::invalid("batch_id", error.to_string()))?;
        filter.batch_id = Some(batch);
    }
    Ok(filter)
}
