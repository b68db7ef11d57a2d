//! What the sandbox knows of one call: who is called, and which lines each side can be understood by.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::ear::Ear;
use crate::scenario::Scenario;
use crate::voice::locked;

/// Calls remembered; the oldest that are over go first.
pub const ROOMS_MAX: usize = 4096;
/// Entries of one call's log.
pub const LOG_ENTRIES_MAX: usize = 2000;

/// One line of what happened at the callee's end, in milliseconds since the first ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Said {
        at_ms: u64,
        text: String,
    },
    /// `None`: not understood.
    Heard {
        at_ms: u64,
        text: Option<String>,
    },
    /// The caller talked over the line, and it was broken off.
    Yielded {
        at_ms: u64,
    },
    Interrupted {
        at_ms: u64,
    },
    HungUp {
        at_ms: u64,
    },
}

pub struct Room {
    pub call_id: String,
    pub scenario: Arc<Scenario>,
    /// Lines the speech vendor rendered for the agent. Kept when the call is dialled again.
    pub agent: Arc<Mutex<Ear>>,
    /// The scenario's lines.
    pub callee: Mutex<Ear>,
    log: Mutex<Vec<Entry>>,
    message: Mutex<Vec<i16>>,
    over: AtomicBool,
}

impl Room {
    pub fn new(call_id: &str, scenario: Arc<Scenario>) -> Self {
        Room::with_agent(call_id, scenario, Arc::default())
    }

    fn with_agent(call_id: &str, scenario: Arc<Scenario>, agent: Arc<Mutex<Ear>>) -> Self {
        Room {
            call_id: call_id.to_owned(),
            scenario,
            agent,
            callee: Mutex::default(),
            log: Mutex::default(),
            message: Mutex::default(),
            over: AtomicBool::new(false),
        }
    }

    /// What the callee said and understood.
    pub fn log(&self) -> Vec<Entry> {
        locked(&self.log).clone()
    }

    /// What the voicemail recorded, at 8 kHz.
    pub fn message(&self) -> Vec<i16> {
        locked(&self.message).clone()
    }

    /// What can be understood of the recorded message.
    pub fn message_text(&self) -> Option<String> {
        let message = self.message();
        locked(&self.agent).recognise(&message)
    }

    pub(crate) fn note(&self, entry: Entry) {
        let mut log = locked(&self.log);
        if log.len() < LOG_ENTRIES_MAX {
            log.push(entry);
        }
    }

    pub(crate) fn record(&self, samples: &[i16]) {
        locked(&self.message).extend_from_slice(samples);
    }

    /// The leg has ended: the room may be forgotten when others need its place.
    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Every call of the sandbox by its id.
#[derive(Default)]
pub struct Rooms {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    calls: HashMap<String, Call>,
    opened: u64,
}

/// A call may be spoken for before it is dialled, so its agent's ear comes first.
struct Call {
    agent: Arc<Mutex<Ear>>,
    room: Option<Arc<Room>>,
    age: u64,
}

impl Rooms {
    pub fn open(&self, call_id: &str, scenario: Arc<Scenario>) -> Arc<Room> {
        let mut known = locked(&self.known);
        let call = known.call(call_id);
        let room = Arc::new(Room::with_agent(call_id, scenario, call.agent.clone()));
        call.room = Some(room.clone());
        room
    }

    pub fn find(&self, call_id: &str) -> Option<Arc<Room>> {
        locked(&self.known).calls.get(call_id).and_then(|call| call.room.clone())
    }

    pub fn close(&self, call_id: &str) {
        locked(&self.known).calls.remove(call_id);
    }

    /// The ear that understands this call's agent, whether or not the call was dialled yet.
    pub fn agent_ear(&self, call_id: &str) -> Arc<Mutex<Ear>> {
        locked(&self.known).call(call_id).agent.clone()
    }
}

impl Known {
    fn call(&mut self, call_id: &str) -> &mut Call {
        if !self.calls.contains_key(call_id) && self.calls.len() >= ROOMS_MAX {
            self.forget_oldest();
        }
        self.opened += 1;
        let age = self.opened;
        let call = self.calls.entry(call_id.to_owned());
        let call = call.or_insert_with(|| Call { agent: Arc::default(), room: None, age });
        call.age = age;
        call
    }

    fn forget_oldest(&mut self) {
        let over =
            |call: &Call| call.room.as_ref().is_none_or(|room| room.over.load(Ordering::Relaxed));
        let idle =
            self.calls.iter().filter(|(_, call)| over(call)).min_by_key(|(_, call)| call.age);
        let oldest = idle.or_else(|| self.calls.iter().min_by_key(|(_, call)| call.age));
        if let Some(id) = oldest.map(|(id, _)| id.clone()) {
            self.calls.remove(&id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenarios;

    fn scenario() -> Arc<Scenario> {
        Scenarios::load(None).unwrap().named("shop").unwrap().clone()
    }

    #[test]
    fn a_call_dialled_again_keeps_what_its_agent_said() {
        let rooms = Rooms::default();
        locked(&rooms.agent_ear("a")).learn("Hello.", &[1000; 4000]);
        let first = rooms.open("a", scenario());
        assert!(!locked(&first.agent).is_empty());
        let second = rooms.open("a", scenario());
        assert!(!Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&first.agent, &second.agent));
        assert!(Arc::ptr_eq(&rooms.find("a").unwrap(), &second));
        rooms.close("a");
        assert!(rooms.find("a").is_none());
    }

    #[test]
    fn the_oldest_call_that_is_over_makes_room() {
        let rooms = Rooms::default();
        let scenario = scenario();
        for n in 0..ROOMS_MAX {
            let room = rooms.open(&n.to_string(), scenario.clone());
            if n == 5 || n == 9 {
                room.end();
            }
        }
        rooms.open("one more", scenario.clone());
        assert!(rooms.find("5").is_none() && rooms.find("9").is_some());
        rooms.open("another", scenario);
        assert!(rooms.find("9").is_none() && rooms.find("0").is_some());
        assert_eq!(locked(&rooms.known).calls.len(), ROOMS_MAX);
    }
}
