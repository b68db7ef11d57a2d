//! The callee's audio: voice activity for every frame, and the samples of each utterance.

use std::collections::VecDeque;
use std::time::Duration;

use domain::Time;

use crate::audio::{FRAME_MS, FRAME_SAMPLES, Frame, SILENCE, Vad, decode};

/// Audio kept for recognition: the longest utterance and its surroundings.
const KEPT_FRAMES_MAX: usize = 2000;
/// Kept before and after an utterance, so that soft beginnings and ends are not cut.
const AROUND: Duration = Duration::from_millis(160);

pub(super) struct Hearing {
    vad: Vad,
    frames: VecDeque<Frame>,
    /// When the first kept frame began.
    start: Time,
}

impl Hearing {
    pub(super) fn new() -> Self {
        Hearing { vad: Vad::new(), frames: VecDeque::new(), start: Time::ZERO }
    }

    /// One tick; a frame that did not arrive is silence.
    pub(super) fn tick(&mut self, now: Time, heard: Option<&Frame>) -> bool {
        if self.frames.is_empty() {
            self.start = now;
        }
        let frame = *heard.unwrap_or(&SILENCE);
        self.frames.push_back(frame);
        if self.frames.len() > KEPT_FRAMES_MAX {
            self.frames.pop_front();
            self.start = self.start + Duration::from_millis(FRAME_MS);
        }
        self.vad.speech(&frame)
    }

    /// The samples between two times, with a little around them.
    pub(super) fn between(&self, from: Time, to: Time) -> Vec<i16> {
        let first = self.frame_at(from - AROUND);
        let last = (self.frame_at(to + AROUND) + 1).min(self.frames.len());
        let mut samples = Vec::with_capacity((last.saturating_sub(first)) * FRAME_SAMPLES);
        for frame in self.frames.range(first.min(last)..last) {
            samples.extend(decode(frame));
        }
        samples
    }

    fn frame_at(&self, at: Time) -> usize {
        let frames = at.since(self.start).as_millis() / u128::from(FRAME_MS);
        usize::try_from(frames).unwrap_or(usize::MAX).min(self.frames.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_utterance_is_cut_out_with_its_surroundings() {
        let mut hearing = Hearing::new();
        for n in 0..100u8 {
            let now = Time::from_millis(1000 + i64::from(n) * 20);
            hearing.tick(now, Some(&[n; FRAME_SAMPLES]));
        }
        let samples = hearing.between(Time::from_millis(2000), Time::from_millis(2100));
        // From 1840 to the frame at 2260: frames 42 to 63.
        assert_eq!(samples.len(), 22 * FRAME_SAMPLES);
        assert_eq!(samples[0], decode(&[42])[0]);
        assert_eq!(*samples.last().unwrap(), decode(&[63])[0]);
    }

    #[test]
    fn what_is_no_longer_kept_is_left_out() {
        let mut hearing = Hearing::new();
        for n in 0..(KEPT_FRAMES_MAX as i64 + 50) {
            hearing.tick(Time::from_millis(n * 20), None);
        }
        let all = hearing.between(Time::ZERO, Time::from_millis(1_000_000));
        assert_eq!(all.len(), KEPT_FRAMES_MAX * FRAME_SAMPLES);
        assert!(hearing.between(Time::from_millis(900_000), Time::ZERO).is_empty());
    }
}
