//! Who may follow the live stream, and from where on.

use std::time::Duration;

use domain::{BatchId, CallId, EventId, Time};
use sha2::{Digest as _, Sha256};

use super::{ActionError, Caller, Quota, Server};
use crate::store::{BatchRecord, CallRecord, Scope};

const TICKET_PREFIX: &str = "tkt_";
const TICKET_WORKS: Duration = Duration::from_secs(60);

impl Server {
    /// A ticket that stands for the caller's key once, and until when it works.
    pub async fn ticket(&self, caller: &Caller, now: Time) -> Result<(String, Time), ActionError> {
        let random = (crate::clock::random(), crate::clock::random());
        let ticket = format!("{TICKET_PREFIX}{:032x}{:032x}", random.0, random.1);
        let expires_at = now + TICKET_WORKS;
        self.store.insert_ticket(&hash(&ticket), &caller.scope(), expires_at).await?;
        Ok((ticket, expires_at))
    }

    /// What the holder of a key or of a ticket may see.
    pub async fn admit(&self, token: &str, now: Time) -> Result<Scope, ActionError> {
        if !token.starts_with(TICKET_PREFIX) {
            let caller = self.authenticate(token, now).await?;
            self.count(&caller, Quota::Reads, now).await?;
            return Ok(caller.scope());
        }
        let taken = self.store.take_ticket(&hash(token), now).await?;
        taken.ok_or(ActionError::Unauthorized(
            "this ticket was used, is too old or never existed: get a new one from \
             POST /v1/ws/tickets",
        ))
    }

    pub async fn call_in(&self, scope: &Scope, id: &str) -> Result<CallRecord, ActionError> {
        let unknown = || ActionError::NotFound("there is no such call");
        let id: CallId = id.parse().map_err(|_| unknown())?;
        self.store.call(scope, id).await?.ok_or_else(unknown)
    }

    pub async fn batch_in(&self, scope: &Scope, id: &str) -> Result<BatchRecord, ActionError> {
        let unknown = || ActionError::NotFound("there is no such batch");
        let id: BatchId = id.parse().map_err(|_| unknown())?;
        self.store.batch(scope, id).await?.ok_or_else(unknown)
    }

    /// Who resumes after an event that is gone would miss what is gone with it.
    pub async fn check_resume(
        &self,
        scope: &Scope,
        after: Option<EventId>,
    ) -> Result<(), ActionError> {
        let Some(after) = after else { return Ok(()) };
        if self.store.event(scope, after).await?.is_some() {
            return Ok(());
        }
        let detail = "there is no such event any more: events are kept for 7 days; read the calls \
                      themselves, then connect without `last_event_id`";
        Err(ActionError::NotFound(detail))
    }
}

fn hash(ticket: &str) -> [u8; 32] {
    Sha256::digest(ticket.as_bytes()).into()
}
