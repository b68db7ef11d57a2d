//! 20 ms frames from payloads of any length: Twilio does not promise how it cuts its audio.

/// 20 ms at 8 kHz.
pub const FRAME_SAMPLES: usize = 160;
/// One frame of µ-law.
pub type Frame = [u8; FRAME_SAMPLES];

#[derive(Debug, Default)]
pub struct Frames {
    /// The beginning of a frame whose rest has not come: shorter than a frame.
    begun: Vec<u8>,
}

impl Frames {
    /// Every frame that is whole now.
    pub fn push(&mut self, payload: &[u8]) -> Vec<Frame> {
        self.begun.extend_from_slice(payload);
        let mut frames = Vec::with_capacity(self.begun.len() / FRAME_SAMPLES);
        let mut chunks = self.begun.chunks_exact(FRAME_SAMPLES);
        for chunk in &mut chunks {
            let frame: Frame = chunk.try_into().expect("a chunk has the length of a frame");
            frames.push(frame);
        }
        self.begun = chunks.remainder().to_vec();
        frames
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_wherever_the_audio_is_cut() {
        let audio: Vec<u8> = (0..1600u32).map(|n| (n % 251) as u8).collect();
        for length in [1, 7, 80, 159, 160, 161, 400, 1600] {
            let mut frames = Frames::default();
            let heard: Vec<u8> =
                audio.chunks(length).flat_map(|piece| frames.push(piece)).flatten().collect();
            assert_eq!(heard, audio, "in pieces of {length}");
        }
        let mut frames = Frames::default();
        assert!(frames.push(&[1; 159]).is_empty() && frames.push(&[]).is_empty());
        assert_eq!(frames.push(&[2]).len(), 1);
    }
}
