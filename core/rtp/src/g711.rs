//! Frames as the rest of the system carries them (µ-law, 20 ms), and the two laws of the wire.

use audio_codec_algorithms::{decode_alaw, decode_ulaw, encode_alaw, encode_ulaw};

/// 20 ms at 8 kHz, the frame of every telephone network.
pub const FRAME_SAMPLES: usize = 160;
pub const FRAME_MS: u64 = 20;

/// One frame of µ-law.
pub type Frame = [u8; FRAME_SAMPLES];

/// µ-law silence.
pub const SILENCE: Frame = [0xFF; FRAME_SAMPLES];

/// ITU-T G.711, with the payload types that RFC 3551 fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    Mu,
    A,
}

impl Law {
    pub const ALL: [Law; 2] = [Law::Mu, Law::A];

    pub const fn payload_type(self) -> u8 {
        match self {
            Law::Mu => 0,
            Law::A => 8,
        }
    }

    /// The name in SDP.
    pub const fn name(self) -> &'static str {
        match self {
            Law::Mu => "PCMU",
            Law::A => "PCMA",
        }
    }

    pub(crate) fn read(self, byte: u8) -> u8 {
        match self {
            Law::Mu => byte,
            Law::A => encode_ulaw(decode_alaw(byte)),
        }
    }

    pub(crate) fn write(self, byte: u8) -> u8 {
        match self {
            Law::Mu => byte,
            Law::A => encode_alaw(decode_ulaw(byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mu_law_passes_unchanged_and_a_law_stays_close() {
        for byte in 0..=u8::MAX {
            assert_eq!(Law::Mu.write(byte), byte);
            assert_eq!(Law::Mu.read(byte), byte);
            let before = i32::from(decode_ulaw(byte));
            let after = i32::from(decode_ulaw(Law::A.read(Law::A.write(byte))));
            let allowed = 16 + before.abs() / 16;
            assert!((before - after).abs() <= allowed, "{byte}: {before} became {after}");
        }
    }
}
