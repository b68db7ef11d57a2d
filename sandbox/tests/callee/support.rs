//! Voices shared by every test of this binary, and ways to spoil samples.

use std::sync::{Arc, OnceLock};

use agenticcalling_sandbox::voice::{Speech, Voices};

pub(crate) fn voices() -> Arc<Voices> {
    static VOICES: OnceLock<Arc<Voices>> = OnceLock::new();
    let open = || {
        let cache = std::env::temp_dir().join("agenticcalling-test-speech");
        Arc::new(Voices::new(&cache).expect("flite is installed"))
    };
    VOICES.get_or_init(open).clone()
}

pub(crate) fn speech(voice: &str, text: &str) -> Arc<Speech> {
    voices().render(voice, text).unwrap()
}

/// Through µ-law and back, with quiet before and after, as an endpointer cuts it.
pub(crate) fn on_the_line(samples: &[i16], lead_ms: usize, tail_ms: usize) -> Vec<i16> {
    let mut line = vec![0; lead_ms * 8];
    line.extend(samples.iter().map(|&sample| {
        audio_codec_algorithms::decode_ulaw(audio_codec_algorithms::encode_ulaw(sample))
    }));
    line.resize(line.len() + tail_ms * 8, 0);
    line
}

pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / (1u64 << 31) as f64
    }
}

/// White noise so far under the mean power of the whole clip.
pub(crate) fn noisy(samples: &[i16], snr_db: f64, random: &mut Random) -> Vec<i16> {
    let energy: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
    let speech_rms = (energy / samples.len() as f64).sqrt();
    let noise_rms = speech_rms * 10f64.powf(-snr_db / 20.0);
    let mut noise = || {
        let sum: f64 = (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
        sum * noise_rms
    };
    samples.iter().map(|&sample| (f64::from(sample) + noise()) as i16).collect()
}

/// 20 ms packets lost at random: replaced by silence, or left out altogether.
pub(crate) fn lossy(
    samples: &[i16],
    percent: f64,
    concealed: bool,
    random: &mut Random,
) -> Vec<i16> {
    let mut line = Vec::new();
    for packet in samples.chunks(160) {
        if random.unit() * 100.0 >= percent {
            line.extend_from_slice(packet);
        } else if concealed {
            line.resize(line.len() + packet.len(), 0);
        }
    }
    line
}
