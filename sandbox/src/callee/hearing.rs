//! Voice activity and endpointing at the callee's end: frames in, whole utterances out.

use std::collections::VecDeque;

use crate::{FRAME_MS, Frame};

/// Heard before the first loud frame and kept with it.
const LEAD_FRAMES: usize = 12;
/// Loud frames in a row that make speech.
const ONSET_FRAMES: u32 = 2;
/// Of one utterance this much is kept; the rest is not listened to.
const UTTERANCE_FRAMES_MAX: usize = 4500;
/// Mean square that is speech on a quiet line…
const LOUD_POWER_MIN: f32 = 40_000.0;
/// … and on a noisy one, over the noise.
const LOUD_OVER_NOISE: f32 = 8.0;
/// Once speech has begun, less is enough.
const STILL_LOUD: f32 = 0.4;
/// The noise estimate follows a louder line by so much a frame.
const NOISE_RISE: f32 = 1.02;
/// A pause shorter than this is within speech.
const GAP_MS_MAX: u64 = 200;

#[derive(Default)]
pub(super) struct Hearing {
    end_of_turn_ms: u64,
    noise: f32,
    lead: VecDeque<[i16; 160]>,
    onset: u32,
    utterance: Option<Utterance>,
}

struct Utterance {
    samples: Vec<i16>,
    started_ms: u64,
    loud_ms: u64,
    last_loud_ms: u64,
}

impl Hearing {
    pub(super) fn new(end_of_turn_ms: u64) -> Self {
        Hearing { end_of_turn_ms, noise: f32::MAX, ..Hearing::default() }
    }

    /// Takes 20 ms; gives the samples of an utterance that has just ended.
    pub(super) fn hear(&mut self, now_ms: u64, frame: Option<&Frame>) -> Option<Vec<i16>> {
        let mut samples = [0i16; 160];
        for (sample, byte) in samples.iter_mut().zip(frame.into_iter().flatten()) {
            *sample = audio_codec_algorithms::decode_ulaw(*byte);
        }
        let loud = self.is_loud(&samples);
        match &mut self.utterance {
            None => {
                self.wait_for_onset(now_ms, samples, loud);
                None
            }
            Some(utterance) => {
                if utterance.samples.len() < UTTERANCE_FRAMES_MAX * samples.len() {
                    utterance.samples.extend_from_slice(&samples);
                }
                if loud {
                    utterance.last_loud_ms = now_ms;
                    utterance.loud_ms += FRAME_MS;
                }
                let ended = now_ms - utterance.last_loud_ms >= self.end_of_turn_ms;
                if ended { self.utterance.take().map(|utterance| utterance.samples) } else { None }
            }
        }
    }

    /// An utterance has begun and not ended.
    pub(super) fn is_open(&self) -> bool {
        self.utterance.is_some()
    }

    /// Someone is heard at this moment, or was a moment ago.
    pub(super) fn is_speaking(&self, now_ms: u64) -> bool {
        let open = self.utterance.as_ref();
        open.is_some_and(|utterance| now_ms - utterance.last_loud_ms <= GAP_MS_MAX)
    }

    /// How long the other side has been speaking, its pauses included.
    pub(super) fn speaking_for_ms(&self, now_ms: u64) -> u64 {
        let open = self.utterance.as_ref().filter(|_| self.is_speaking(now_ms));
        open.map_or(0, |utterance| now_ms - utterance.started_ms)
    }

    /// Speech of the open utterance since a moment, at most.
    pub(super) fn speech_since_ms(&self, since_ms: u64) -> u64 {
        let open = self.utterance.as_ref();
        open.map_or(0, |utterance| {
            let span = utterance.last_loud_ms.saturating_sub(utterance.started_ms.max(since_ms));
            span.min(utterance.loud_ms)
        })
    }

    fn is_loud(&mut self, samples: &[i16; 160]) -> bool {
        let energy: f32 = samples.iter().map(|&sample| f32::from(sample).powi(2)).sum();
        let power = energy / samples.len() as f32;
        self.noise = if power < self.noise { power } else { (self.noise * NOISE_RISE).max(1.0) };
        let threshold = LOUD_POWER_MIN.max(self.noise * LOUD_OVER_NOISE);
        power > if self.utterance.is_some() { threshold * STILL_LOUD } else { threshold }
    }

    fn wait_for_onset(&mut self, now_ms: u64, samples: [i16; 160], loud: bool) {
        if self.lead.len() == LEAD_FRAMES {
            self.lead.pop_front();
        }
        self.lead.push_back(samples);
        self.onset = if loud { self.onset + 1 } else { 0 };
        if self.onset < ONSET_FRAMES {
            return;
        }
        self.onset = 0;
        let kept = self.lead.drain(..).flatten().collect();
        let loud_ms = u64::from(ONSET_FRAMES) * FRAME_MS;
        self.utterance =
            Some(Utterance { samples: kept, started_ms: now_ms, loud_ms, last_loud_ms: now_ms });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of (milliseconds, amplitude), and when utterances end: (at_ms, milliseconds kept).
    fn check(runs: &[(u64, i16)], expected: &[(u64, u64)]) {
        let mut hearing = Hearing::new(700);
        let mut ends = Vec::new();
        let mut now_ms = 0;
        for (length_ms, amplitude) in runs {
            for _ in 0..length_ms / FRAME_MS {
                let wave = |n: usize| if n % 8 < 4 { *amplitude } else { -amplitude };
                let frame: Frame =
                    std::array::from_fn(|n| audio_codec_algorithms::encode_ulaw(wave(n)));
                if let Some(samples) = hearing.hear(now_ms, Some(&frame)) {
                    ends.push((now_ms, samples.len() as u64 / 8));
                }
                now_ms += FRAME_MS;
            }
        }
        assert_eq!(ends, expected, "{runs:?}");
    }

    #[test]
    fn an_utterance_ends_after_silence() {
        check(&[(1000, 0), (1000, 4000), (2000, 0)], &[(2680, 1900)]);
    }

    #[test]
    fn short_pauses_do_not_end_it() {
        check(&[(500, 0), (400, 4000), (500, 0), (400, 4000), (1000, 0)], &[(2480, 2200)]);
    }

    #[test]
    fn clicks_and_steady_noise_are_no_speech() {
        check(&[(500, 0), (20, 9000), (2000, 0)], &[]);
        check(&[(5000, 150)], &[]);
        check(&[(2000, 300), (1000, 4000), (2000, 300)], &[(3680, 1900)]);
    }

    #[test]
    fn lost_frames_are_silence() {
        let mut hearing = Hearing::new(700);
        for tick in 0..100 {
            assert_eq!(hearing.hear(tick * FRAME_MS, None), None);
        }
        assert!(!hearing.is_open());
    }
}
