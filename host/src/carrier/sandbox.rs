//! Legs to the sandbox's scripted callees.

use std::sync::Arc;

use async_trait::async_trait;
use sandbox::{CalleeEvent, Sandbox};
use tokio::sync::mpsc;

use super::{Carrier, Dial, DialError, LEG_EVENTS_MAX, Leg, LegEvent};

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
        let callee = self.sandbox.dial(&call, &attempt, &dial.to);
        let mut callee = callee.map_err(|_| DialError::InvalidNumber)?;
        let (sender, events) = mpsc::channel(LEG_EVENTS_MAX);
        tokio::spawn(async move {
            while let Some(event) = callee.events.recv().await {
                if sender.send(leg_event(event)).await.is_err() {
                    return;
                }
            }
        });
        Ok(Leg {
            events,
            audio_in: callee.audio_in,
            audio_out: callee.audio_out,
            hang_up: callee.hang_up,
        })
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
    }
}
