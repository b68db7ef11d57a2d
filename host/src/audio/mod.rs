//! Samples: G.711 frames, resampling, voice activity, the recording.
//!
//! What is not here: who speaks when (`core/turn`) and where frames come from (`carrier`).

mod recording;
mod resample;
mod vad;

pub use recording::{Recorder, Recording, finish as finish_recording};
pub use resample::Resampler;
pub use vad::Vad;

/// 20 ms at 8 kHz, the frame of every telephone network.
pub const FRAME_SAMPLES: usize = 160;
pub const FRAME_MS: u64 = 20;

/// One frame of µ-law (ITU-T G.711).
pub type Frame = [u8; FRAME_SAMPLES];

/// µ-law silence.
pub const SILENCE: Frame = [0xFF; FRAME_SAMPLES];

#[must_use]
pub fn decode(ulaw: &[u8]) -> Vec<i16> {
    ulaw.iter().map(|&byte| audio_codec_algorithms::decode_ulaw(byte)).collect()
}

#[must_use]
pub fn encode(samples: &[i16]) -> Vec<u8> {
    samples.iter().map(|&sample| audio_codec_algorithms::encode_ulaw(sample)).collect()
}

/// A mono 16-bit WAV file in memory, as speech recognisers take it.
#[must_use]
pub fn wav(samples: &[i16], rate: u32) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::with_capacity(44 + samples.len() * 2));
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a mono 16-bit spec is valid");
    for &sample in samples {
        writer.write_sample(sample).expect("writing to memory does not fail");
    }
    writer.finalize().expect("writing to memory does not fail");
    bytes.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g711_round_trip_stays_within_its_quantisation() {
        for sample in (-32_000..32_000).step_by(97) {
            let sample = sample as i16;
            let back = decode(&encode(&[sample]))[0];
            let error = (i32::from(sample) - i32::from(back)).abs();
            assert!(error <= 16 + i32::from(sample.unsigned_abs()) / 16, "{sample} → {back}");
        }
    }

    #[test]
    fn silence_is_silent() {
        assert!(decode(&SILENCE).iter().all(|&sample| sample == 0));
    }

    #[test]
    fn wav_can_be_read_back() {
        let samples: Vec<i16> = (0..800).map(|n| (n * 37 % 2000) as i16).collect();
        let reader = hound::WavReader::new(std::io::Cursor::new(wav(&samples, 8000))).unwrap();
        assert_eq!(reader.spec().sample_rate, 8000);
        let back: Vec<i16> = reader.into_samples().map(Result::unwrap).collect();
        assert_eq!(back, samples);
    }
}
