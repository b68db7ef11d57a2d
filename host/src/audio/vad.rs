//! Voice activity on telephone frames: a detector's score, and louder than the line's own noise.

use std::collections::VecDeque;

use earshot::Detector;

use super::{Frame, Resampler, decode};

/// Score above which a window counts as speech; chosen by measurement on telephone speech and noise.
const THRESHOLD: f32 = 0.6;
/// The detector hears 16 ms windows at 16 kHz.
const WINDOW_SAMPLES: usize = 256;

/// The noise of the line is known from the last three seconds.
const FLOOR_FRAMES: usize = 150;
/// Before so many frames the score alone decides.
const FLOOR_FRAMES_MIN: usize = 5;
/// How often the noise is measured anew.
const FLOOR_EVERY_FRAMES: usize = 10;
/// Pauses are a tenth of the time at least, even while somebody tells a story.
const FLOOR_PERCENT: usize = 10;
/// Speech is louder than the noise by this factor, 4.6 dB.
const ABOVE_FLOOR: f32 = 1.7;
/// Quieter frames are lost ones, which tell nothing of the noise.
const LOST_RMS_MAX: f32 = 4.0;
/// A frame counts as loud a little longer, for words have quiet ends.
const LOUD_HOLD_FRAMES: u32 = 3;

pub struct Vad {
    detector: Box<Detector>,
    upsampler: Resampler,
    pending: Vec<i16>,
    speech: bool,
    floor: Floor,
}

impl Vad {
    #[must_use]
    pub fn new() -> Self {
        Vad {
            detector: Detector::default_boxed(),
            upsampler: Resampler::new(8000, 16_000),
            pending: Vec::new(),
            speech: false,
            floor: Floor::default(),
        }
    }

    /// Whether someone speaks in this frame. A frame that completes no window keeps the last answer.
    pub fn speech(&mut self, frame: &Frame) -> bool {
        let samples = decode(frame);
        let loud = self.floor.is_above(&samples);
        self.upsampler.push(&samples, &mut self.pending);
        let mut at = 0;
        while self.pending.len() - at >= WINDOW_SAMPLES {
            let window = &self.pending[at..at + WINDOW_SAMPLES];
            self.speech = self.detector.predict_i16(window) >= THRESHOLD;
            at += WINDOW_SAMPLES;
        }
        self.pending.drain(..at);
        self.speech && loud
    }
}

/// How loud the line is when nobody speaks.
#[derive(Default)]
struct Floor {
    recent: VecDeque<f32>,
    rms: f32,
    until_measured: usize,
    loud_for: u32,
}

impl Floor {
    fn is_above(&mut self, samples: &[i16]) -> bool {
        let energy: f32 = samples.iter().map(|sample| f32::from(*sample).powi(2)).sum();
        let rms = (energy / samples.len().max(1) as f32).sqrt();
        if rms > LOST_RMS_MAX {
            self.recent.push_back(rms);
            if self.recent.len() > FLOOR_FRAMES {
                self.recent.pop_front();
            }
        }
        self.measure();
        self.loud_for = self.loud_for.saturating_sub(1);
        if rms > self.rms * ABOVE_FLOOR {
            self.loud_for = LOUD_HOLD_FRAMES;
        }
        self.loud_for > 0
    }

    fn measure(&mut self) {
        if self.recent.len() < FLOOR_FRAMES_MIN {
            return;
        }
        if self.until_measured > 0 {
            self.until_measured -= 1;
            return;
        }
        // At first often: a noisy line must be known before its noise is taken for a greeting.
        self.until_measured = FLOOR_EVERY_FRAMES.min(self.recent.len() / 5);
        let mut sorted: Vec<f32> = self.recent.iter().copied().collect();
        let at = sorted.len() * FLOOR_PERCENT / 100;
        self.rms = *sorted.select_nth_unstable_by(at, f32::total_cmp).1;
    }
}

impl Default for Vad {
    fn default() -> Self {
        Vad::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{SILENCE, encode};

    #[test]
    fn silence_and_a_steady_tone_are_not_speech() {
        let mut vad = Vad::new();
        let mut speech = 0;
        for _ in 0..100 {
            speech += usize::from(vad.speech(&SILENCE));
        }
        assert_eq!(speech, 0);
        let samples: Vec<i16> = (0..160)
            .map(|n| ((f64::from(n) * std::f64::consts::PI / 4.0).sin() * 8000.0) as i16)
            .collect();
        let frame: Frame = encode(&samples).try_into().unwrap();
        let heard = (0..100).filter(|_| vad.speech(&frame)).count();
        assert!(heard < 20, "{heard} of 100 frames of a 1 kHz tone taken for speech");
    }

    /// Noise of a fixed loudness, the same each time.
    fn noise(seed: &mut u32, amplitude: f32) -> Vec<i16> {
        let mut samples = Vec::with_capacity(160);
        for _ in 0..160 {
            *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            samples.push((((*seed >> 8) as f32 / 8_388_608.0 - 1.0) * amplitude) as i16);
        }
        samples
    }

    #[test]
    fn steady_noise_is_not_speech_whatever_the_loss() {
        for (amplitude, lost_every) in [(300.0, 1000), (1500.0, 1000), (1500.0, 20), (4000.0, 50)] {
            let (mut vad, mut seed) = (Vad::new(), 7);
            let mut speech = 0;
            for n in 1..500 {
                let frame: Frame = encode(&noise(&mut seed, amplitude)).try_into().unwrap();
                let frame = if n % lost_every == 0 { SILENCE } else { frame };
                speech += usize::from(vad.speech(&frame) && n > 10);
            }
            assert!(speech < 10, "{speech} frames of noise of {amplitude} taken for speech");
        }
    }

    #[test]
    fn the_floor_follows_the_line() {
        let (mut floor, mut seed) = (Floor::default(), 7);
        let mut above = |floor: &mut Floor, amplitude: f32, frames: usize| {
            (0..frames).filter(|_| floor.is_above(&noise(&mut seed, amplitude))).count()
        };
        assert!(above(&mut floor, 800.0, 100) < 10);
        assert_eq!(above(&mut floor, 4000.0, 50), 50, "a second of speech");
        assert!(above(&mut floor, 800.0, 100) < 5);
        // The line becomes noisier: after the time it is known by, that is the floor.
        above(&mut floor, 2000.0, 160);
        assert_eq!(above(&mut floor, 2000.0, 50), 0);
    }
}
