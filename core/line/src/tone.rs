//! Is this frame one steady tone?

/// The strongest single frequency of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    pub hz: f32,
    /// Its part of the frame's energy, 0 to 1.
    pub share: f32,
}

const RATE_HZ: f32 = 8000.0;
/// Beeps of answering machines lie between these.
pub(crate) const HZ_MIN: f32 = 350.0;
pub(crate) const HZ_MAX: f32 = 2500.0;
/// 20 ms cannot tell apart frequencies that are closer.
const STEP_HZ: f32 = 50.0;
/// The strongest is then looked for between the steps: a tone midway would lose 60 % of its energy.
const FINE_STEP_HZ: f32 = 10.0;
/// Mean square below which a frame is silence.
const POWER_MIN: f32 = 10_000.0;
/// Two frequencies closer than a step look like one that swells and fades; ringback is such a pair.
/// The quietest quarter of a frame of one tone has at least this part of the loudest's energy.
const STEADINESS_MIN: f32 = 0.5;
/// What each of two frequencies has at most, where they cannot be told apart.
const SHARE_OF_PAIR: f32 = 0.5;

/// Scans 20 ms of 8 kHz samples with a bank of Goertzel filters. `None` for silence.
pub fn tone(samples: &[i16]) -> Option<Tone> {
    let energy = energy(samples);
    if samples.is_empty() || energy / (samples.len() as f32) < POWER_MIN {
        return None;
    }
    let coarse = strongest(samples, HZ_MIN, HZ_MAX, STEP_HZ);
    let from = (coarse.0 - STEP_HZ + FINE_STEP_HZ).max(HZ_MIN);
    let to = (coarse.0 + STEP_HZ - FINE_STEP_HZ).min(HZ_MAX);
    let (hz, power) = strongest(samples, from, to, FINE_STEP_HZ);
    let whole = energy * samples.len() as f32 / 2.0;
    let share = (power / whole).min(1.0);
    let share = if is_steady(samples) { share } else { share.min(SHARE_OF_PAIR) };
    Some(Tone { hz, share })
}

fn energy(samples: &[i16]) -> f32 {
    samples.iter().map(|&sample| f32::from(sample).powi(2)).sum()
}

/// The frequency with the most power, and that power.
fn strongest(samples: &[i16], from_hz: f32, to_hz: f32, step_hz: f32) -> (f32, f32) {
    let mut best = (from_hz, 0.0);
    let mut hz = from_hz;
    while hz <= to_hz {
        let power = goertzel(samples, hz);
        if power > best.1 {
            best = (hz, power);
        }
        hz += step_hz;
    }
    best
}

fn is_steady(samples: &[i16]) -> bool {
    let quarter = (samples.len() / 4).max(1);
    let (mut quietest, mut loudest) = (f32::MAX, 0.0f32);
    for part in samples.chunks_exact(quarter).take(4) {
        quietest = quietest.min(energy(part));
        loudest = loudest.max(energy(part));
    }
    quietest >= loudest * STEADINESS_MIN
}

/// Power at one frequency: |X|², so a pure tone of amplitude A gives (A·N/2)².
fn goertzel(samples: &[i16], hz: f32) -> f32 {
    let coefficient = 2.0 * (2.0 * std::f32::consts::PI * hz / RATE_HZ).cos();
    let (mut before, mut last) = (0.0f32, 0.0f32);
    for &sample in samples {
        let next = f32::from(sample) + coefficient * last - before;
        before = last;
        last = next;
    }
    last * last + before * before - coefficient * last * before
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME_SAMPLES: usize = 160;

    /// Frame `n` of a sum of tones, each with its amplitude and phase.
    fn tones(n: usize, parts: &[(f32, f32, f32)]) -> Vec<i16> {
        let part = |at: usize, (hz, amplitude, phase): &(f32, f32, f32)| {
            amplitude * (2.0 * std::f32::consts::PI * hz * at as f32 / RATE_HZ + phase).sin()
        };
        let frame = n * FRAME_SAMPLES..(n + 1) * FRAME_SAMPLES;
        frame.map(|at| parts.iter().map(|p| part(at, p)).sum::<f32>() as i16).collect()
    }

    fn noise(seed: u32) -> impl FnMut() -> f32 {
        let mut random = seed;
        move || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 16) as f32 / 32_768.0 - 1.0
        }
    }

    #[test]
    fn single_tones_are_found_wherever_they_lie() {
        for hz in (350..=2500).step_by(5) {
            for phase in [0.0, 1.0, 2.0, 3.0] {
                let hz = hz as f32;
                let found = tone(&tones(0, &[(hz, 5000.0, phase)])).expect("loud enough");
                assert!(found.share >= 0.9, "{hz}: {found:?}");
                assert!((found.hz - hz).abs() <= 15.0, "{hz}: {found:?}");
            }
        }
    }

    #[test]
    fn a_beep_stands_out_of_noise() {
        let mut noise = noise(3);
        for hz in [400.0, 425.0, 875.0, 1000.0, 1375.0, 2125.0] {
            for n in 0..20 {
                let beep = tones(n, &[(hz, 5000.0, 0.0)]);
                // White noise 12 dB below it.
                let heard: Vec<i16> =
                    beep.iter().map(|&sample| sample + (noise() * 1540.0) as i16).collect();
                let found = tone(&heard).expect("loud enough");
                assert!(found.share >= 0.8, "{hz}: {found:?}");
            }
        }
    }

    #[test]
    fn pairs_are_no_tone() {
        let pairs = [
            (350.0, 440.0),
            (440.0, 480.0),
            (440.0, 620.0),
            (480.0, 620.0),
            (697.0, 1209.0),
            (770.0, 1336.0),
            (852.0, 1477.0),
            (941.0, 1633.0),
            (941.0, 1209.0),
        ];
        // As loud as each other, or one 4 dB louder.
        for (low, high) in pairs {
            for (low_at, high_at) in [(4000.0, 4000.0), (4000.0, 2520.0), (2520.0, 4000.0)] {
                for phase in 0..16 {
                    let phase = phase as f32 * 0.4;
                    let parts = [(low, low_at, phase), (high, high_at, 0.0)];
                    let found = tone(&tones(0, &parts)).expect("loud enough");
                    assert!(found.share < 0.8, "{low}+{high} {low_at}/{high_at}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn noise_is_no_tone() {
        let mut noise = noise(1);
        for _ in 0..200 {
            let frame: Vec<i16> = (0..FRAME_SAMPLES).map(|_| (noise() * 8000.0) as i16).collect();
            assert!(tone(&frame).is_some_and(|found| found.share < 0.5));
        }
    }

    /// Vowels: harmonics of a voice under two formants, the pitch gliding.
    #[test]
    fn a_voice_is_no_tone() {
        let formants = [(700.0, 1220.0), (270.0, 2290.0), (390.0, 1990.0), (530.0, 1840.0)];
        for (first, second) in formants {
            for pitch in [95.0, 120.0, 150.0, 210.0, 240.0] {
                for n in 0..10 {
                    let pitch = pitch + n as f32;
                    let harmonic = |k: usize| {
                        let hz = k as f32 * pitch;
                        let near = |formant: f32| 1.0 / (1.0 + ((hz - formant) / 90.0).powi(2));
                        (hz, 4000.0 * (near(first) + 0.5 * near(second) + 0.05), k as f32)
                    };
                    let parts: Vec<_> = (1..).map(harmonic).take_while(|p| p.0 < 3400.0).collect();
                    let found = tone(&tones(n, &parts));
                    assert!(found.is_none_or(|found| found.share < 0.8), "{pitch}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn silence_has_no_tone() {
        assert_eq!(tone(&[0; FRAME_SAMPLES]), None);
        assert_eq!(tone(&[]), None);
        assert_eq!(tone(&tones(0, &[(1000.0, 30.0, 0.0)])), None);
    }

    #[test]
    fn odd_frames_are_harmless() {
        for length in 0..20 {
            let found = tone(&vec![i16::MIN; length]);
            assert!(found.is_none_or(|found| (0.0..=1.0).contains(&found.share)));
        }
        assert!(tone(&[i16::MIN; 2000]).is_some_and(|found| found.share < 0.8));
    }
}
