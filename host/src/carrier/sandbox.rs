//! Legs to the sandbox's scripted callees.

use std::sync::Arc;

use async_trait::async_trait;
use sandbox::Sandbox;
use sandbox::callee::CalleeEvent;
use tokio::sync::mpsc;

use super::{Carrier, DIGITS_QUEUED_MAX, Dial, DialError, LEG_EVENTS_MAX, Leg, LegEvent};

pub struct SandboxCarrier {
    sandbox: Arc<Sandbox>,
}

impl SandboxCarrier {
    #[must_use]
    pub fn new(sandbox: Arc<Sandbox>) -> Self {
        SandboxCarrier { sandbox }
    }
}

#[async_trait]
impl Carrier for SandboxCarrier {
    async fn dial(&self, dial: Dial) -> Result<Leg, DialError> {
        let call = dial.call.to_string();
        let attempt = dial.attempt.to_string();
        let callee = self.sandbox.dial(&call, &attempt, &dial.to, dial.from.as_ref());
        let mut callee = callee.map_err(|error| match error {
            sandbox::DialError::UnknownNumber(_) => DialError::InvalidNumber,
            other => DialError::Carrier(other.to_string()),
        })?;
        let (sender, events) = mpsc::channel(LEG_EVENTS_MAX);
        tokio::spawn(async move {
            // Ending this task drops the callee's events, which hangs up.
            loop {
                let event = tokio::select! {
                    event = callee.events.recv() => event,
                    () = sender.closed() => return,
                };
                let Some(event) = event else { return };
                if sender.send(leg_event(event)).await.is_err() {
                    return;
                }
            }
        });
        // Scripted callees have no keypad to listen to.
        let (digits_out, _) = mpsc::channel(DIGITS_QUEUED_MAX);
        let (audio_in, audio_out) = (callee.audio_in, callee.audio_out);
        Ok(Leg { events, audio_in, audio_out, digits_out })
    }
}

fn leg_event(event: CalleeEvent) -> LegEvent {
    match event {
        CalleeEvent::Ringing => LegEvent::Ringing,
        CalleeEvent::Answered => LegEvent::Answered,
        CalleeEvent::Busy => LegEvent::Busy,
        CalleeEvent::Rejected => LegEvent::Rejected,
        CalleeEvent::Invalid => LegEvent::InvalidNumber,
        CalleeEvent::HungUp => LegEvent::HungUp,
        CalleeEvent::Failed => LegEvent::Failed,
    }
}
