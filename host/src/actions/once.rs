//! `Idempotency-Key`: a request that is sent again is answered as before, and not done again.

use std::time::Duration;

use domain::Time;

use super::{ActionError, Caller, Server};
use crate::store::{Repeat, Scope};

/// No request takes nearly as long to answer.
const IN_FLIGHT_MAX: Duration = Duration::from_secs(60);
const KEY_CHARS_MAX: usize = 255;
const FIELD: &str = "Idempotency-Key";

/// A key that this request holds.
pub struct Begun {
    scope: Scope,
    key: String,
}

/// What was answered before.
pub struct Saved {
    pub status: u16,
    pub body: String,
}

impl Begun {
    fn about(&self) -> String {
        about(&self.scope, &self.key)
    }
}

fn about(scope: &Scope, key: &str) -> String {
    format!("answer\n{scope:?}\n{key}")
}

impl Server {
    /// Either the request is new, or it was answered already.
    pub async fn begin_once(
        &self,
        caller: &Caller,
        key: &str,
        fingerprint: &str,
        now: Time,
    ) -> Result<Result<Begun, Saved>, ActionError> {
        let printable = key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if !(1..=KEY_CHARS_MAX).contains(&key.len()) || !printable {
            let message = format!("must be 1 to {KEY_CHARS_MAX} printable ASCII characters");
            return Err(ActionError::invalid(FIELD, message));
        }
        let scope = caller.scope();
        let (at, before, answered) =
            match self.store.begin_once(&scope, key, fingerprint, now).await? {
                Repeat::First => return Ok(Ok(Begun { scope, key: key.to_owned() })),
                Repeat::Since { at, fingerprint, answered } => (at, fingerprint, answered),
            };
        if before != fingerprint {
            let message = "was used for another request: use a new key for each request";
            return Err(ActionError::invalid(FIELD, message));
        }
        if let Some((status, sealed)) = answered {
            let body = self.vault.open(&sealed, &about(&scope, key))?;
            return Ok(Err(Saved { status, body }));
        }
        if now.since(at) < IN_FLIGHT_MAX {
            let detail =
                "the first request with this `Idempotency-Key` is being answered: try again";
            return Err(ActionError::InFlight(detail));
        }
        let detail = "the server stopped while it answered the first request with this \
                      `Idempotency-Key`: look whether it was done, and use a new key if not";
        Err(ActionError::Conflict(detail.into()))
    }

    /// Keeps the answer for repetitions; an answer that changed nothing is not kept, so that the
    /// client may mend its request and send it again.
    pub async fn finish_once(&self, begun: &Begun, answer: &Saved) -> Result<(), ActionError> {
        let Begun { scope, key } = begun;
        if !(200..300).contains(&answer.status) {
            return Ok(self.store.forget_once(scope, key).await?);
        }
        let sealed = self.vault.seal(&answer.body, &begun.about());
        Ok(self.store.finish_once(scope, key, answer.status, &sealed).await?)
    }
}
