//! What we are going to say, as frames, and the record of what was really heard of it.

use std::collections::VecDeque;

use turn::Ledger;

use crate::audio::{FRAME_SAMPLES, Frame, Resampler, decode, encode};

/// Speech of one clause that is kept: two minutes, longer than any clause.
const CLAUSE_FRAMES_MAX: usize = 6000;
/// Where a word begins is an estimate: the quietest of so many frames before it is taken.
const QUIET_WITHIN: usize = 10;

/// One clause on its way to the line.
struct Item {
    clause: u64,
    text: String,
    frames: Vec<Frame>,
    /// The next of them to be played.
    next: usize,
    /// How many of the next frames were counted as played before.
    again: usize,
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
    /// Silent in the middle of a turn.
    paused: bool,
}

/// What one tick sends.
pub(super) struct Sent {
    pub(super) frame: Option<Frame>,
    /// The clause whose first frame this is.
    pub(super) begun: Option<String>,
}

impl Playout {
    pub(super) fn new() -> Self {
        let (items, ledger) = (VecDeque::new(), Ledger::new());
        Playout { items, ledger, next_index: 0, held: true, paused: false }
    }

    pub(super) fn push(&mut self, clause: u64, text: String) {
        self.ledger.push(self.next_index, text.clone(), 0);
        self.next_index += 1;
        self.items.push_back(Item {
            clause,
            text,
            frames: Vec::new(),
            next: 0,
            again: 0,
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
            item.frames.push(frame);
        }
        item.samples.drain(..whole * FRAME_SAMPLES);
        let index = self.index_of(at);
        self.ledger.extend(index, u32::try_from(whole).unwrap_or(u32::MAX));
    }

    /// The next 20 ms. Clauses that have been played out are dropped.
    pub(super) fn next(&mut self) -> Sent {
        let mut begun = None;
        if self.held || self.paused {
            return Sent { frame: None, begun };
        }
        while self.items.front().is_some_and(Item::is_played) {
            self.items.pop_front();
        }
        let Some(item) = self.items.front_mut() else { return Sent { frame: None, begun } };
        let frame = item.frames.get(item.next).copied();
        if frame.is_some() {
            item.next += 1;
            match item.again {
                0 => self.ledger.played(1),
                _ => item.again -= 1,
            }
            if !item.begun {
                item.begun = true;
                begun = Some(item.text.clone());
            }
        }
        Sent { frame, begun }
    }

    /// Everything that was queued has been played out.
    pub(super) fn is_idle(&self) -> bool {
        self.items.iter().all(Item::is_played)
    }

    /// Silent from the next frame on; what was not played is kept.
    pub(super) fn pause(&mut self) {
        self.paused = true;
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused
    }

    /// Goes on with the word after those that were heard, from its beginning.
    pub(super) fn resume(&mut self) {
        self.paused = false;
        let Some(item) = self.items.front_mut() else { return };
        let broken = self.ledger.frames_of_broken_word();
        self.ledger.back(broken);
        let counted = item.next + item.again;
        let word = counted.saturating_sub(usize::try_from(broken).unwrap_or(usize::MAX));
        let start = quietest(&item.frames, word);
        item.again = word - start;
        item.next = start;
    }

    /// What was heard, with what will be within so many frames.
    pub(super) fn heard_within(&self, frames: u64) -> String {
        self.ledger.heard_within(frames)
    }

    /// Stops at once. Gives the clauses whose synthesis is no longer wanted.
    pub(super) fn clear(&mut self) -> Vec<u64> {
        let unwanted = self.items.iter().filter(|item| !item.sealed).map(|item| item.clause);
        let unwanted = unwanted.collect();
        self.items.clear();
        self.paused = false;
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

impl Item {
    fn is_played(&self) -> bool {
        self.sealed && self.next == self.frames.len()
    }
}

/// The quietest frame shortly before one, the latest of several.
fn quietest(frames: &[Frame], at: usize) -> usize {
    let energy = |n: &usize| {
        let samples = frames.get(*n).map(|frame| decode(frame)).unwrap_or_default();
        samples.iter().map(|sample| i64::from(*sample).pow(2)).sum::<i64>()
    };
    let near = (at.saturating_sub(QUIET_WITHIN)..=at).rev();
    near.min_by_key(energy).unwrap_or(at)
}

#[cfg(test)]
mod tests;
