//! A call played again from its transcript, so that its report depends on nothing else.

use crate::{Brief, Playbook, Speaker, Turn};

/// A new value of the playbook to which the whole transcript was told.
pub fn replay<P: Playbook>(brief: &Brief, transcript: &[Turn]) -> P {
    let mut call = P::new(brief.clone());
    for turn in transcript {
        match turn.speaker {
            Speaker::Callee => drop(call.heard(turn.clone())),
            Speaker::Agent => call.spoke(turn.clone()),
        }
    }
    call
}
