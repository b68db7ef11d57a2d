//! What we are going to say, as frames, and the record of what was really heard of it.

use std::collections::VecDeque;

use turn::Ledger;

use crate::audio::{FRAME_SAMPLES, Frame, Resampler, encode};

/// Speech of one clause that is kept: two minutes, longer than any clause.
const CLAUSE_FRAMES_MAX: usize = 6000;

/// One clause on its way to the line.
struct Item {
    clause: u64,
    text: String,
    frames: VecDeque<Frame>,
    resampler: Resampler,
    samples: Vec<i16>,
    /// Synthesis is over: no more frames will come.
    sealed: bool,
    begun: bool,
}

pub(super) struct Playout {
    items: VecDeque<Item>,
    ledger: Ledger,
    /// Number of the next clause in the current turn.
    next_index: u32,
    /// Speech is prepared but nobody may hear it yet.
    pub(super) held: bool,
}

/// What one tick sends.
pub(super) struct Sent {
    pub(super) frame: Option<Frame>,
    /// The clause whose first frame this is.
    pub(super) begun: Option<String>,
}

impl Playout {
    pub(super) fn new() -> Self {
        Playout { items: VecDeque::new(), ledger: Ledger::new(), next_index: 0, held: true }
    }

    pub(super) fn push(&mut self, clause: u64, text: String) {
        self.ledger.push(self.next_index, text.clone(), 0);
        self.next_index += 1;
        self.items.push_back(Item {
            clause,
            text,
            frames: VecDeque::new(),
            resampler: Resampler::new(24_000, 8000),
            samples: Vec::new(),
            sealed: false,
            begun: false,
        });
    }

    /// Synthesised samples at 24 kHz; those of a clause that was cleared meanwhile are ignored.
    pub(super) fn feed(&mut self, clause: u64, samples: &[i16]) {
        let Some(at) = self.position(clause) else { return };
        let item = &mut self.items[at];
        item.resampler.push(samples, &mut item.samples);
        self.cut_frames(at);
    }

    /// The clause is synthesised, or never will be.
    pub(super) fn seal(&mut self, clause: u64) {
        let Some(at) = self.position(clause) else { return };
        let item = &mut self.items[at];
        if !item.frames.is_empty() || item.begun || !item.samples.is_empty() {
            item.resampler.finish(&mut item.samples);
        }
        self.cut_frames(at);
        self.items[at].sealed = true;
        self.ledger.seal(self.index_of(at));
    }

    fn cut_frames(&mut self, at: usize) {
        let item = &mut self.items[at];
        let room = CLAUSE_FRAMES_MAX.saturating_sub(item.frames.len());
        let whole = (item.samples.len() / FRAME_SAMPLES).min(room);
        for chunk in item.samples[..whole * FRAME_SAMPLES].chunks_exact(FRAME_SAMPLES) {
            let frame: Frame = encode(chunk).try_into().expect("a whole frame");
            item.frames.push_back(frame);
        }
        item.samples.drain(..whole * FRAME_SAMPLES);
        let index = self.index_of(at);
        self.ledger.extend(index, u32::try_from(whole).unwrap_or(u32::MAX));
    }

    /// The next 20 ms. Clauses that have been played out are dropped.
    pub(super) fn next(&mut self) -> Sent {
        let mut begun = None;
        if self.held {
            return Sent { frame: None, begun };
        }
        while self.items.front().is_some_and(|item| item.sealed && item.frames.is_empty()) {
            self.items.pop_front();
        }
        let Some(item) = self.items.front_mut() else { return Sent { frame: None, begun } };
        let frame = item.frames.pop_front();
        if frame.is_some() {
            self.ledger.played(1);
            if !item.begun {
                item.begun = true;
                begun = Some(item.text.clone());
            }
        }
        Sent { frame, begun }
    }

    /// Everything that was queued has been played out.
    pub(super) fn is_idle(&self) -> bool {
        self.items.iter().all(|item| item.sealed && item.frames.is_empty())
    }

    /// Stops at once. Gives the clauses whose synthesis is no longer wanted.
    pub(super) fn clear(&mut self) -> Vec<u64> {
        let unwanted = self.items.iter().filter(|item| !item.sealed).map(|item| item.clause);
        let unwanted = unwanted.collect();
        self.items.clear();
        unwanted
    }

    /// Ends our turn: what of it was heard.
    pub(super) fn take_turn(&mut self) -> String {
        self.next_index = 0;
        self.ledger.take_turn().text
    }

    fn position(&self, clause: u64) -> Option<usize> {
        self.items.iter().position(|item| item.clause == clause)
    }

    /// Clauses leave from the front, so the last item carries the last index given out.
    fn index_of(&self, at: usize) -> u32 {
        let behind = u32::try_from(self.items.len() - at).unwrap_or(u32::MAX);
        self.next_index.saturating_sub(behind)
    }
}
