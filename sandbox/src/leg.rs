//! One leg between the server and a callee, on the sandbox's own 20 ms clock.

use std::sync::Arc;
use std::time::Duration;

use domain::E164;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use crate::callee::{Callee, CalleeEvent, Step};
use crate::line::Network;
use crate::room::Room;
use crate::voice::Voices;
use crate::{FRAME_MS, Frame};

/// Frames of either direction waiting for their reader: 400 ms, more is a stall.
pub const LEG_FRAMES_MAX: usize = 20;
/// Events waiting for the server; a leg has fewer.
pub const LEG_EVENTS_MAX: usize = 16;
/// More than this waiting from the server is caught up with: 100 ms.
const BEHIND_FRAMES_MAX: usize = 5;

/// A leg to a callee. Dropping it, or its `events`, hangs up.
pub struct Leg {
    pub events: mpsc::Receiver<CalleeEvent>,
    /// What the callee says, once it has answered.
    pub audio_in: mpsc::Receiver<Frame>,
    /// What is said to the callee. A full queue means that the caller is ahead of real time.
    pub audio_out: mpsc::Sender<Frame>,
}

impl Leg {
    pub fn hang_up(self) {}
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialError {
    UnknownNumber(E164),
    /// Every leg of the sandbox is in use.
    TooManyLegs,
    /// The dial log cannot be written, and nothing is dialled that is not written down.
    NotLogged(String),
}

impl std::fmt::Display for DialError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DialError::UnknownNumber(number) => write!(
                f,
                "nobody answers {number} in the sandbox: GET /v1/sandbox/numbers lists who does"
            ),
            DialError::TooManyLegs => {
                write!(f, "the sandbox has {} calls already: try again later", crate::LEGS_MAX)
            }
            DialError::NotLogged(reason) => write!(f, "the dial log cannot be written: {reason}"),
        }
    }
}

impl std::error::Error for DialError {}

/// The callee's ends of the channels.
pub struct CalleeEnd {
    events: mpsc::Sender<CalleeEvent>,
    audio: mpsc::Sender<Frame>,
    heard: mpsc::Receiver<Frame>,
}

pub fn pair() -> (Leg, CalleeEnd) {
    let (events, events_out) = mpsc::channel(LEG_EVENTS_MAX);
    let (audio, audio_in) = mpsc::channel(LEG_FRAMES_MAX);
    let (audio_out, heard) = mpsc::channel(LEG_FRAMES_MAX);
    (Leg { events: events_out, audio_in, audio_out }, CalleeEnd { events, audio, heard })
}

/// Plays the callee until either side hangs up.
pub async fn play(end: CalleeEnd, room: Arc<Room>, voices: Arc<Voices>, seed: u64) {
    let line = room.scenario.line;
    let made = {
        let room = room.clone();
        tokio::task::spawn_blocking(move || Callee::new(room, &voices, seed)).await
    };
    match made.map_err(anyhow::Error::from).and_then(|made| made) {
        Ok(callee) => run(end, callee, Network::new(line, seed)).await,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "a callee could not be prepared");
            let _ = end.events.send(CalleeEvent::Failed).await;
        }
    }
    room.end();
}

async fn run(mut end: CalleeEnd, mut callee: Callee, mut network: Network) {
    let mut clock = interval(Duration::from_millis(FRAME_MS));
    // After a stall the ticks that were missed follow at once: a second of speech stays a second.
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut now_ms = 0;
    loop {
        tokio::select! {
            biased;
            () = end.events.closed() => return,
            _ = clock.tick() => {}
        }
        while end.heard.len() > BEHIND_FRAMES_MAX {
            let Ok(frame) = end.heard.try_recv() else { break };
            callee.hear_more(now_ms, &frame);
        }
        let heard = end.heard.try_recv().ok();
        let Step { frame, event } = callee.step(now_ms, heard.as_ref());
        if let Some(frame) = frame {
            network.send(now_ms, frame);
        }
        let until_ms = if callee.is_over() { u64::MAX } else { now_ms };
        while let Some(frame) = network.receive(until_ms) {
            // A reader that stalls loses frames, as on any telephone.
            let _ = end.audio.try_send(frame);
        }
        if let Some(event) = event
            && end.events.send(event).await.is_err()
        {
            return;
        }
        if callee.is_over() {
            return;
        }
        now_ms += FRAME_MS;
    }
}
