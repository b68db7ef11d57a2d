//! What is heard in place of a frame that was lost: the one before it, fading, then silence.

use audio_codec_algorithms::{decode_ulaw, encode_ulaw};

use crate::{Frame, SILENCE};

/// A longer gap is not filled: the time it took has passed in silence already.
pub const CONCEALED_FRAMES_MAX: u32 = 10;
/// How loud the repetitions are, in percent.
const FADE_PERCENT: [i32; 3] = [75, 40, 15];

#[derive(Debug)]
pub struct Concealer {
    last: Frame,
    /// Frames concealed since the last one that was heard.
    concealed: usize,
}

impl Default for Concealer {
    fn default() -> Self {
        Concealer { last: SILENCE, concealed: 0 }
    }
}

impl Concealer {
    pub fn heard(&mut self, frame: &Frame) {
        self.last = *frame;
        self.concealed = 0;
    }

    /// In place of the next frame.
    pub fn conceal(&mut self) -> Frame {
        let percent = FADE_PERCENT.get(self.concealed);
        self.concealed += 1;
        let Some(percent) = percent else { return SILENCE };
        self.last.map(|byte| encode_ulaw((i32::from(decode_ulaw(byte)) * percent / 100) as i16))
    }

    /// How many frames stand in for a gap of so many samples.
    #[must_use]
    pub fn frames_for(samples: u32) -> u32 {
        let frames = samples / crate::FRAME_SAMPLES as u32;
        if frames > CONCEALED_FRAMES_MAX { 0 } else { frames }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loudness(frame: &Frame) -> i32 {
        frame.iter().map(|byte| i32::from(decode_ulaw(*byte)).abs()).sum::<i32>() / 160
    }

    #[test]
    fn the_last_frame_fades_to_silence_and_a_new_one_starts_over() {
        let mut concealer = Concealer::default();
        assert_eq!(concealer.conceal(), SILENCE);
        let tone = [encode_ulaw(8000); 160];
        concealer.heard(&tone);
        for percent in FADE_PERCENT {
            let expected = loudness(&tone) * percent / 100;
            let heard = loudness(&concealer.conceal());
            assert!((heard - expected).abs() <= expected / 16, "{percent} %: {heard}");
        }
        assert_eq!(concealer.conceal(), SILENCE);
        concealer.heard(&tone);
        assert!(loudness(&concealer.conceal()) > 5000);
    }

    #[test]
    fn only_short_gaps_are_filled() {
        for (samples, frames) in [(0, 0), (159, 0), (160, 1), (480, 3), (1600, 10), (1760, 0)] {
            assert_eq!(Concealer::frames_for(samples), frames, "{samples}");
        }
        assert_eq!(Concealer::frames_for(u32::MAX), 0);
    }
}
