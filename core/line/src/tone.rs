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
const HZ_MIN: f32 = 350.0;
const HZ_MAX: f32 = 2500.0;
const STEP_HZ: f32 = 50.0;
/// Mean square below which a frame is silence.
const POWER_MIN: f32 = 10_000.0;

/// Scans 20 ms of 8 kHz samples with a bank of Goertzel filters one bin apart. `None` for silence.
///
/// The window is rectangular and a tone between two bins leaks into both, so the share is taken over
/// the strongest bin and its louder neighbour.
pub fn tone(samples: &[i16]) -> Option<Tone> {
    let energy: f32 = samples.iter().map(|&sample| f32::from(sample).powi(2)).sum();
    if samples.is_empty() || energy / (samples.len() as f32) < POWER_MIN {
        return None;
    }
    let bins = ((HZ_MAX - HZ_MIN) / STEP_HZ) as usize + 1;
    let mut powers = [0.0f32; 64];
    for (bin, power) in powers.iter_mut().enumerate().take(bins) {
        *power = goertzel(samples, HZ_MIN + bin as f32 * STEP_HZ);
    }
    let (best, power) =
        powers[..bins].iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let below = if best > 0 { powers[best - 1] } else { 0.0 };
    let above = if best + 1 < bins { powers[best + 1] } else { 0.0 };
    let neighbour = below.max(above);
    let whole = energy * samples.len() as f32 / 2.0;
    let share = ((power + neighbour) / whole).min(1.0);
    // The centre of the two bins, weighted by amplitude.
    let (low, high) = (power.sqrt(), neighbour.sqrt());
    let towards = if above >= below { STEP_HZ } else { -STEP_HZ };
    let hz = HZ_MIN + best as f32 * STEP_HZ + towards * high / (low + high).max(1.0);
    Some(Tone { hz, share })
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

    fn tones(parts: &[(f32, f32)]) -> Vec<i16> {
        let at = |n: usize, hz: f32| (2.0 * std::f32::consts::PI * hz * n as f32 / RATE_HZ).sin();
        (0..160).map(|n| parts.iter().map(|(hz, a)| a * at(n, *hz)).sum::<f32>() as i16).collect()
    }

    #[test]
    fn single_tones_are_found_wherever_they_lie() {
        for hz in [400.0, 440.0, 523.0, 1000.0, 1010.0, 1025.0, 1400.0, 1633.0, 2400.0] {
            let found = tone(&tones(&[(hz, 5000.0)])).expect("loud enough");
            assert!(found.share >= 0.8, "{hz}: {found:?}");
            assert!((found.hz - hz).abs() < 40.0, "{hz}: {found:?}");
        }
    }

    #[test]
    fn pairs_and_noise_are_no_tone() {
        let pairs =
            [(350.0, 440.0), (440.0, 620.0), (480.0, 620.0), (697.0, 1209.0), (941.0, 1477.0)];
        for (low, high) in pairs {
            let found = tone(&tones(&[(low, 4000.0), (high, 4000.0)])).expect("loud enough");
            assert!(found.share < 0.8, "{low}+{high}: {found:?}");
        }
        let mut random = 1u32;
        for _ in 0..50 {
            let noise: Vec<i16> = (0..160)
                .map(|_| {
                    random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (random >> 16) as i16 / 4
                })
                .collect();
            assert!(tone(&noise).is_some_and(|found| found.share < 0.5));
        }
    }

    #[test]
    fn silence_has_no_tone() {
        assert_eq!(tone(&[0; 160]), None);
        assert_eq!(tone(&[]), None);
        assert_eq!(tone(&tones(&[(1000.0, 30.0)])), None);
    }
}
