//! The beginning of one leg: from its INVITE to its answer, or to why there is none.

use std::net::SocketAddr;

use rsipstack::dialog::dialog::{DialogState, DialogStateReceiver};
use rsipstack::dialog::invitation::{InviteAsyncResult, InviteOption};
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::platform::JoinHandle;
use rsipstack::sip::headers::untyped::{
    Allow, MinSE, PAssertedIdentity, SessionExpires, Supported,
};
use rsipstack::sip::{Header, HeadersExt as _, Response};
use rsipstack::transport::SipAddr;
use sip::outcome::{Final, Outcome};
use sip::session::{self, Session};
use tokio::time::timeout;

use super::call::{Call, GOODBYE_MAX, SDP, Up};
use super::media;
use super::trunk::{ALLOW, Routed};
use crate::carrier::LegEvent;

/// A trunk that finds our session too short says once what it wants.
const INTERVAL_TRIES_MAX: u32 = 2;

/// How an INVITE ended.
enum Invited {
    Answered(Up),
    /// Nobody waits for it any more.
    Abandoned,
    /// The session must last this long at least.
    TooShort(u64),
    NextAddress(String),
    Over(LegEvent),
}

/// What came before the final answer.
#[derive(Default)]
struct Progress {
    /// Somebody works on it.
    taken: bool,
    rang: bool,
    /// The description of announcements.
    said: Vec<u8>,
}

impl Call {
    /// Every address of the trunk in turn, as long as none has taken the call.
    pub(super) async fn invite(&mut self) -> Result<Option<Up>, LegEvent> {
        let addresses = match self.trunk.addresses().await {
            Ok(addresses) => addresses,
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(call = %self.id, trunk = self.trunk.name, error, "no call");
                return Err(LegEvent::Failed);
            }
        };
        for address in addresses {
            let mut session_secs = self.trunk.config.session_secs;
            for _ in 0..INTERVAL_TRIES_MAX {
                match self.invite_at(address, session_secs).await {
                    Invited::Answered(up) => return Ok(Some(up)),
                    Invited::Abandoned => return Ok(None),
                    Invited::Over(event) => return Err(event),
                    Invited::TooShort(wanted) => session_secs = wanted,
                    Invited::NextAddress(why) => {
                        let trunk = &self.trunk.name;
                        tracing::warn!(call = %self.id, trunk, why, "an address takes no call");
                        break;
                    }
                }
            }
        }
        Err(LegEvent::Failed)
    }

    async fn invite_at(&mut self, address: SocketAddr, session_secs: u64) -> Invited {
        let target = match self.trunk.reach(address).await {
            Ok(target) => target,
            Err(error) => return Invited::NextAddress(format!("{error:#}")),
        };
        let (option, route) = match self.option(target, session_secs) {
            Ok(option) => option,
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(call = %self.id, error, "an INVITE cannot be written");
                return Invited::Over(LegEvent::Failed);
            }
        };
        let (states_in, mut states) = self.trunk.dialogs.new_dialog_state_channel();
        let (dialog, mut handle) = match self.trunk.dialogs.do_invite_async(option, states_in) {
            Ok(invited) => invited,
            Err(error) => return Invited::NextAddress(error.to_string()),
        };
        let mut progress = Progress::default();
        let invited = loop {
            tokio::select! {
                biased;
                Some(state) = states.recv() => self.progress(&mut progress, state).await,
                invited = &mut handle => break invited,
                () = self.leg.closed() => {
                    self.abandon(dialog, handle, route);
                    return Invited::Abandoned;
                }
            }
        };
        drop(route);
        match invited {
            Ok(Ok((_, Some(response)))) if response.status_code.code() / 100 == 2 => {
                self.answered(dialog, states, &progress, &response).await
            }
            Ok(Ok((_, response))) => self.refused(&progress, response.as_ref()),
            Ok(Err(error)) => {
                tracing::error!(call = %self.id, %error, "an INVITE failed");
                Invited::Over(LegEvent::Failed)
            }
            Err(error) => {
                tracing::error!(call = %self.id, %error, "an INVITE ended");
                Invited::Over(LegEvent::Failed)
            }
        }
    }

    fn option(
        &mut self,
        target: SipAddr,
        session_secs: u64,
    ) -> anyhow::Result<(InviteOption, Routed)> {
        let callee = self.trunk.uri(&self.to)?;
        let caller = self.trunk.uri(&self.from)?;
        let route = self.trunk.route(&callee, target.clone());
        let mut headers = vec![
            Header::Allow(Allow::from(ALLOW)),
            Header::PAssertedIdentity(PAssertedIdentity::from(format!("<{caller}>"))),
        ];
        if session_secs > 0 {
            headers.push(Header::Supported(Supported::from("timer")));
            headers.push(Header::SessionExpires(SessionExpires::from(session_secs.to_string())));
            let least = session_secs.min(session::MIN_SE_SECS);
            headers.push(Header::MinSE(MinSE::from(least.to_string())));
        }
        let user = self.trunk.config.username.clone().unwrap_or_else(|| self.from.clone());
        let option = InviteOption {
            caller,
            callee,
            destination: Some(target),
            content_type: Some(SDP.into()),
            offer: Some(self.local.offer().into_bytes()),
            contact: self.trunk.contact_uri(&user)?,
            credential: self.trunk.credential(),
            headers: Some(headers),
            call_id: Some(self.call_id.clone()),
            ..InviteOption::default()
        };
        Ok((option, route))
    }

    /// Something happened before the final answer.
    async fn progress(&mut self, progress: &mut Progress, state: DialogState) {
        match state {
            DialogState::Trying(_) => progress.taken = true,
            DialogState::Early(_, response) => {
                progress.taken = true;
                if !progress.rang {
                    progress.rang = true;
                    self.tell(LegEvent::Ringing).await;
                }
                if !response.body.is_empty() && progress.said != response.body {
                    // An announcement that cannot be heard is no reason to end the call.
                    if let Ok(agreed) = self.local.agree(&response.body) {
                        progress.said.clone_from(&response.body);
                        self.command(media::Command::Agreed(Box::new(agreed))).await;
                    }
                }
            }
            _ => {}
        }
    }

    async fn answered(
        &mut self,
        dialog: InviteDialog,
        states: DialogStateReceiver,
        progress: &Progress,
        response: &Response,
    ) -> Invited {
        self.trunk.learn(response);
        // What was said before the answer need not be said again.
        let said = if response.body.is_empty() { &progress.said } else { &response.body };
        match self.local.agree(said) {
            Ok(agreed) => {
                self.command(media::Command::Agreed(Box::new(agreed))).await;
                self.command(media::Command::Answered).await;
            }
            Err(error) => {
                tracing::error!(
                    call = %self.id, trunk = self.trunk.name, %error,
                    "the trunk's answer leaves no audio that we can send: see its codecs and srtp"
                );
                self.goodbye(&dialog, true);
                return Invited::Over(LegEvent::Failed);
            }
        }
        self.tell(LegEvent::Answered).await;
        let session = response.session_expires_header();
        let session = session.and_then(|header| Session::answered(header.value()));
        let refreshed = crate::clock::now();
        Invited::Answered(Up {
            dialog,
            states,
            session,
            refreshed,
            offered: false,
            refreshing: false,
        })
    }

    fn refused(&self, progress: &Progress, response: Option<&Response>) -> Invited {
        let code = response.map_or(408, |response| response.status_code.code());
        let min_se = response.and_then(|response| {
            response.headers.iter().find_map(|header| match header {
                Header::MinSE(MinSE(value)) => session::min_se(value),
                _ => None,
            })
        });
        if let (422, Some(wanted)) = (code, min_se) {
            return Invited::TooShort(wanted);
        }
        let reason = response.and_then(|response| response.reason_header());
        let reason = reason.map(|reason| reason.value());
        let last = Final { code, reason, progressed: progress.taken };
        if last.try_next_address() {
            return Invited::NextAddress("503".into());
        }
        let outcome = last.outcome();
        let (call, trunk) = (self.id, &self.trunk.name);
        if outcome == Outcome::Misconfigured {
            let phrase = response.and_then(|response| response.wire_reason.as_deref());
            tracing::error!(%call, trunk, code, phrase, reason, "the trunk refuses our calls");
        } else {
            tracing::info!(%call, trunk, code, reason, ?outcome, "not answered");
        }
        Invited::Over(match outcome {
            Outcome::Busy => LegEvent::Busy,
            Outcome::NoAnswer => LegEvent::NoAnswer,
            Outcome::Rejected => LegEvent::Rejected,
            Outcome::InvalidNumber => LegEvent::InvalidNumber,
            Outcome::Misconfigured | Outcome::Unavailable => LegEvent::Failed,
        })
    }

    /// A CANCEL, and whatever is left to be said about it, while nobody waits.
    fn abandon(&self, dialog: InviteDialog, handle: JoinHandle<InviteAsyncResult>, route: Routed) {
        let dialogs = self.trunk.dialogs.clone();
        let call = self.id;
        tokio::spawn(async move {
            if let Err(error) = timeout(GOODBYE_MAX, dialog.cancel()).await {
                tracing::warn!(%call, %error, "a CANCEL was not answered");
            }
            // A late answer is acknowledged and ended by the library.
            let _ = timeout(GOODBYE_MAX, handle).await;
            drop(route);
            dialogs.remove_dialog(&dialog.id());
        });
    }
}
