//! The signalling of one leg: what is told and asked while it is up, and its last word.

use std::sync::Arc;
use std::time::Duration;

use domain::{CallId, Time};
use rsipstack::dialog::dialog::{
    DialogState, DialogStateReceiver, TerminatedReason, TransactionHandle,
};
use rsipstack::dialog::invite_dialog::InviteDialog;
use rsipstack::sip::headers::untyped::{Allow, ContentType, SessionExpires, Supported};
use rsipstack::sip::{Header, HeadersExt as _, Method, Request, Response, StatusCode};
use rtp::sdp::{Agreed, Local};
use sip::session::{self, Session};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::media;
use super::trunk::{ALLOW, Trunk};
use crate::carrier::{Digit, LegEvent};

pub(super) const SDP: &str = "application/sdp";
/// Longest wait for the other side to take our last word; 64 times the time of one way and back.
pub(super) const GOODBYE_MAX: Duration = Duration::from_secs(33);
/// Longest wait for an answer to a refresh.
const REFRESH_MAX: Duration = Duration::from_secs(40);
/// Both sides refreshed at the same time: so often it is tried again.
const GLARE_TRIES_MAX: usize = 3;
/// Answers to refreshes that are waited for; there is one at a time.
const REFRESHES_MAX: usize = 1;

pub(super) struct Call {
    pub(super) trunk: Arc<Trunk>,
    pub(super) to: String,
    pub(super) from: String,
    pub(super) local: Local,
    pub(super) leg: mpsc::Sender<LegEvent>,
    pub(super) media: mpsc::Sender<media::Command>,
    pub(super) media_events: mpsc::Receiver<media::Event>,
    /// The same in every INVITE of this leg.
    pub(super) call_id: String,
    /// What a log calls it: never by a number.
    pub(super) id: CallId,
}

/// A call that is up.
pub(super) struct Up {
    pub(super) dialog: InviteDialog,
    pub(super) states: DialogStateReceiver,
    pub(super) session: Option<Session>,
    pub(super) refreshed: Time,
    /// We made an offer in an answer of ours: theirs comes with the acknowledgement.
    pub(super) offered: bool,
    /// A refresh of ours is not answered yet.
    pub(super) refreshing: bool,
}

/// How a call that was up ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// They said goodbye.
    Theirs,
    /// The engine hung up.
    Ours,
    Dead,
}

impl Call {
    /// Runs the leg to its end. What it has to tell goes into the leg's events, the last word last.
    pub(super) async fn run(mut self) {
        match self.invite().await {
            Ok(Some(up)) => self.talk(up).await,
            Ok(None) => {}
            Err(last) => self.tell(last).await,
        }
    }

    async fn talk(&mut self, mut up: Up) {
        let (refreshes_in, mut refreshes) = mpsc::channel(REFRESHES_MAX);
        let end = loop {
            let wake = up.wake();
            tokio::select! {
                state = up.states.recv() => match state {
                    Some(DialogState::Terminated(_, TerminatedReason::UasBye)) => break End::Theirs,
                    Some(DialogState::Terminated(..)) | None => break End::Dead,
                    Some(state) => self.asked(&mut up, state).await,
                },
                event = self.media_events.recv() => {
                    if event != Some(media::Event::Dead) {
                        tracing::error!(call = %self.id, "the audio of a leg ended early");
                    }
                    break End::Dead;
                }
                () = self.leg.closed() => break End::Ours,
                Some(refreshed) = refreshes.recv() => {
                    up.refreshing = false;
                    if !self.refreshed(&mut up, refreshed).await {
                        break End::Dead;
                    }
                }
                () = sleep_until(wake) => {
                    let now = crate::clock::now();
                    if up.expires_at().is_some_and(|at| at <= now) {
                        tracing::warn!(call = %self.id, "nobody refreshed the session");
                        break End::Dead;
                    }
                    if !up.refreshing && up.refresh_at().is_some_and(|at| at <= now) {
                        up.refreshing = true;
                        self.refresh(&up, refreshes_in.clone());
                    }
                }
            }
        };
        match end {
            End::Theirs => self.tell(LegEvent::HungUp).await,
            End::Dead => self.tell(LegEvent::Failed).await,
            End::Ours => {}
        }
        self.goodbye(&up.dialog, end != End::Theirs);
    }

    /// The other side asks something within the call.
    async fn asked(&mut self, up: &mut Up, state: DialogState) {
        match state {
            DialogState::Updated(_, request, handle) => self.updated(up, &request, &handle).await,
            DialogState::Info(_, request, handle) => {
                let digit = relayed_digit(&request);
                let known = digit.is_some() || request.body.is_empty();
                let status = if known { StatusCode::OK } else { StatusCode::UnsupportedMediaType };
                let _ = handle.reply(status).await;
                if let Some(digit) = digit {
                    self.tell(LegEvent::Digit(digit)).await;
                }
            }
            DialogState::Options(_, _, handle) => {
                let allow = vec![Header::Allow(Allow::from(ALLOW))];
                let _ = handle.respond(StatusCode::OK, Some(allow), None).await;
            }
            DialogState::Refer(_, _, handle)
            | DialogState::Notify(_, _, handle)
            | DialogState::Message(_, _, handle)
            | DialogState::Publish(_, _, handle) => {
                let allow = vec![Header::Allow(Allow::from(ALLOW))];
                let _ = handle.respond(StatusCode::MethodNotAllowed, Some(allow), None).await;
            }
            DialogState::Confirmed(..) if up.offered => {
                up.offered = false;
                let acknowledged = up.dialog.last_remote_ack();
                let answer = acknowledged.map(|request| request.body).unwrap_or_default();
                if let Ok(agreed) = self.local.agree(&answer) {
                    self.command(media::Command::Agreed(Box::new(agreed))).await;
                }
            }
            _ => {}
        }
    }

    /// A re-INVITE or UPDATE: another description, a refresh, or both.
    async fn updated(&mut self, up: &mut Up, request: &Request, handle: &TransactionHandle) {
        if up.refreshing && (request.method == Method::Invite || !request.body.is_empty()) {
            // Both sides offer at the same time: they wait, as we do.
            let _ = handle.reply(StatusCode::RequestPending).await;
            return;
        }
        let mut headers = vec![Header::Allow(Allow::from(ALLOW))];
        let session = request.session_expires_header();
        if let Some(session) = session.and_then(|header| Session::requested(header.value())) {
            headers.push(Header::SessionExpires(SessionExpires::from(session.answer())));
            up.session = Some(session);
        }
        let mut agreed: Option<Agreed> = None;
        let mut body = None;
        if !request.body.is_empty() {
            match self.local.answer(&request.body) {
                Ok((answer, now)) => (agreed, body) = (Some(now), Some(answer)),
                Err(error) => {
                    tracing::warn!(call = %self.id, %error, "a change of audio is refused");
                    let _ = handle.reply(StatusCode::NotAcceptableHere).await;
                    return;
                }
            }
        } else if request.method == Method::Invite {
            body = Some(self.local.offer());
            up.offered = true;
        }
        if body.is_some() {
            headers.push(Header::ContentType(ContentType::from(SDP)));
        }
        let body = body.map(String::into_bytes);
        let _ = handle.respond(StatusCode::OK, Some(headers), body).await;
        up.refreshed = crate::clock::now();
        if let Some(agreed) = agreed {
            self.command(media::Command::Agreed(Box::new(agreed))).await;
        }
    }

    /// Ours to do: a re-INVITE with what was agreed on already.
    fn refresh(&mut self, up: &Up, answers: mpsc::Sender<Option<Response>>) {
        let Some(session) = up.session else { return };
        let headers = vec![
            Header::ContentType(ContentType::from(SDP)),
            Header::Allow(Allow::from(ALLOW)),
            Header::Supported(Supported::from("timer")),
            Header::SessionExpires(SessionExpires::from(session.refresh())),
        ];
        let offer = self.local.offer().into_bytes();
        let dialog = up.dialog.clone();
        tokio::spawn(async move {
            let asking =
                dialog.reinvite_with_glare_retry(Some(headers), Some(offer), GLARE_TRIES_MAX);
            let answer = timeout(REFRESH_MAX, asking).await;
            let answer = answer.ok().and_then(Result::ok).flatten();
            let _ = answers.send(answer).await;
        });
    }

    /// False: the other side knows of no such call.
    async fn refreshed(&mut self, up: &mut Up, response: Option<Response>) -> bool {
        let Some(response) = response else { return false };
        match response.status_code.code() {
            200..=299 => {
                up.refreshed = crate::clock::now();
                let session = response.session_expires_header();
                up.session = session.and_then(|header| Session::answered(header.value()));
                if let Ok(agreed) = self.local.agree(&response.body) {
                    self.command(media::Command::Agreed(Box::new(agreed))).await;
                }
                true
            }
            408 | 481 => false,
            code => {
                // The call goes on; if nobody refreshes it, it expires.
                tracing::warn!(call = %self.id, code, "a refresh was refused");
                up.session = up
                    .session
                    .map(|session| Session { refresher: session::Refresher::They, ..session });
                true
            }
        }
    }

    /// What is left to be said, while nobody waits: their end may take half a minute to answer.
    pub(super) fn goodbye(&self, dialog: &InviteDialog, bye: bool) {
        let dialogs = self.trunk.dialogs.clone();
        let dialog = dialog.clone();
        let call = self.id;
        tokio::spawn(async move {
            if bye {
                match timeout(GOODBYE_MAX, dialog.bye()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::info!(%call, %error, "a BYE was not taken"),
                    Err(_) => tracing::info!(%call, "a BYE was not answered"),
                }
            }
            dialogs.remove_dialog(&dialog.id());
        });
    }

    pub(super) async fn command(&self, command: media::Command) {
        // The media task lives as long as its channel; if it died, that is told elsewhere.
        let _ = self.media.send(command).await;
    }

    pub(super) async fn tell(&self, event: LegEvent) {
        let _ = self.leg.send(event).await;
    }
}

impl Up {
    fn refresh_at(&self) -> Option<Time> {
        self.session.and_then(|session| session.refresh_at(self.refreshed))
    }

    fn expires_at(&self) -> Option<Time> {
        self.session.map(|session| session.expires_at(self.refreshed))
    }

    fn wake(&self) -> Instant {
        let refresh = self.refresh_at().filter(|_| !self.refreshing);
        let next = refresh.into_iter().chain(self.expires_at()).min();
        let now = crate::clock::now();
        // A clock that is set must not make us miss it by much.
        let longest = Duration::from_secs(60);
        Instant::now() + next.map_or(longest, |at| at.since(now).min(longest))
    }
}

/// A key that was pressed, told in signalling (`Signal=5`).
fn relayed_digit(request: &Request) -> Option<Digit> {
    let kind = request.headers.iter().find_map(|header| match header {
        Header::ContentType(ContentType(kind)) => Some(kind.to_ascii_lowercase()),
        _ => None,
    })?;
    let body = std::str::from_utf8(&request.body).ok()?;
    let key = match kind.split(';').next()?.trim() {
        "application/dtmf-relay" => body.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            name.trim().eq_ignore_ascii_case("signal").then(|| value.trim())
        })?,
        "application/dtmf" => body.trim(),
        _ => return None,
    };
    let mut keys = key.chars();
    let digit = Digit::new(keys.next()?)?;
    keys.next().is_none().then_some(digit)
}
