//! Voice activity on telephone frames.

use earshot::Detector;

use super::{Frame, Resampler, decode};

/// Score above which a window counts as speech; chosen by measurement on telephone speech and noise.
const THRESHOLD: f32 = 0.6;
/// The detector hears 16 ms windows at 16 kHz.
const WINDOW_SAMPLES: usize = 256;

pub struct Vad {
    detector: Box<Detector>,
    upsampler: Resampler,
    pending: Vec<i16>,
    speech: bool,
}

impl Vad {
    #[must_use]
    pub fn new() -> Self {
        Vad {
            detector: Detector::default_boxed(),
            upsampler: Resampler::new(8000, 16_000),
            pending: Vec::new(),
            speech: false,
        }
    }

    /// Whether someone speaks in this frame. A frame that completes no window keeps the last answer.
    pub fn speech(&mut self, frame: &Frame) -> bool {
        self.upsampler.push(&decode(frame), &mut self.pending);
        let mut at = 0;
        while self.pending.len() - at >= WINDOW_SAMPLES {
            let window = &self.pending[at..at + WINDOW_SAMPLES];
            self.speech = self.detector.predict_i16(window) >= THRESHOLD;
            at += WINDOW_SAMPLES;
        }
        self.pending.drain(..at);
        self.speech
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
}
