//! What outranks the objective: no more calls, a wrong number, another time, another channel.

use super::is_wrong_number;
use crate::extract::{self, Channel, Talk};
use crate::{Brief, Guidance};

/// Heeds what the other side asks for itself.
#[derive(Clone, Debug, Default)]
pub struct Courtesy {
    asked_for_address: bool,
}

impl Courtesy {
    /// What to do about a turn of theirs, if it asks for any of this. Settled guidance ends the call.
    pub fn heed(&mut self, text: &str, brief: &Brief) -> Option<Guidance> {
        let mut said = Talk::new();
        said.push(true, text);
        if extract::do_not_call(&said).is_some() {
            let words = "I am sorry for the trouble. We will not call you again. Goodbye.";
            return Some(part("They want no more calls.", words));
        }
        if is_wrong_number(text) {
            let words = "I am sorry, I have the wrong number. Goodbye.";
            return Some(part("It is the wrong number.", words));
        }
        if extract::call_back(&said, brief.now_ms, &brief.zone).is_some() {
            let words = "Of course, I will call back then. Thank you, goodbye.";
            return Some(part("They want to be called back. Promise it.", words));
        }
        let wish = extract::channel_wish(&said)?;
        if wish.address.is_none() && !self.asked_for_address {
            self.asked_for_address = true;
            let question = match wish.channel {
                Channel::Email => "Gladly. Which e-mail address should we write to?",
                Channel::Sms => "Gladly. Which number should the message go to?",
            };
            return Some(advise("They want to go on in writing. Ask where to write.", question));
        }
        let words = "Thank you. We will write to you there. Goodbye.";
        Some(part("They want to go on in writing.", words))
    }
}

/// Advice for the next turn, with words for it.
pub fn advise(instruction: &str, suggestion: &str) -> Guidance {
    Guidance {
        instruction: instruction.to_owned(),
        suggestion: Some(suggestion.trim().to_owned()),
        ..Guidance::default()
    }
}

/// Advice to end the call, with words for it.
pub fn part(instruction: &str, suggestion: &str) -> Guidance {
    Guidance { settled: true, ..advise(instruction, suggestion) }
}
