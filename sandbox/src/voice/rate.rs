//! WAV bytes to samples, and whole clips from one rate to another.

use std::io::Cursor;

use anyhow::{Result, ensure};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

/// Mono 16-bit only, which is what the synthesiser writes.
pub(super) fn read_wav(bytes: &[u8]) -> Result<(Vec<i16>, u32)> {
    let mut reader = hound::WavReader::new(Cursor::new(bytes))?;
    let spec = reader.spec();
    ensure!(
        spec.channels == 1 && spec.bits_per_sample == 16,
        "expected mono samples of 16 bits, found {spec:?}"
    );
    ensure!(
        spec.sample_rate >= 8000 && spec.sample_rate.is_multiple_of(1000),
        "a rate of {} Hz is not one of the synthesiser's",
        spec.sample_rate
    );
    let samples = reader.samples::<i16>().collect::<Result<Vec<i16>, _>>()?;
    Ok((samples, spec.sample_rate))
}

/// The clip at the other rate, in step with the original: the filter's delay is taken off. Both
/// rates must be multiples of 50 Hz, so that 20 ms are whole samples.
pub(super) fn converted(samples: &[i16], from: u32, to: u32) -> Vec<i16> {
    if from == to || samples.is_empty() {
        return samples.to_vec();
    }
    let (step_in, step_out) = ((from / 50) as usize, (to / 50) as usize);
    let mut fft = Fft::<f32>::new(from as usize, to as usize, step_in, 1, FixedSync::Both)
        .expect("rates are positive and steps match them");
    let delay = fft.output_delay();
    let length = samples.len() * to as usize / from as usize;
    let mut input = vec![0.0; step_in];
    let mut output = vec![0.0; step_out];
    let mut made = Vec::with_capacity(length + delay + step_out);
    let mut rest = samples;
    while made.len() < length + delay {
        let (now, later) = rest.split_at(rest.len().min(step_in));
        input.fill(0.0);
        for (place, &sample) in input.iter_mut().zip(now) {
            *place = f32::from(sample);
        }
        let source = InterleavedSlice::new(&input, 1, step_in).expect("one whole step");
        let mut target =
            InterleavedSlice::new_mut(&mut output, 1, step_out).expect("one whole step");
        fft.process_into_buffer(&source, &mut target, None)
            .expect("buffers have the sizes the resampler asked for");
        made.extend(output.iter().map(|&sample| to_i16(sample)));
        rest = later;
    }
    made[delay..delay + length].to_vec()
}

fn to_i16(sample: f32) -> i16 {
    sample.round().clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, hz: f64, samples: usize) -> Vec<i16> {
        let step = 2.0 * std::f64::consts::PI * hz / f64::from(rate);
        (0..samples).map(|n| ((n as f64 * step).sin() * 10_000.0) as i16).collect()
    }

    #[test]
    fn a_tone_stays_the_tone_and_stays_in_place() {
        for (from, to) in [(16_000, 8000), (16_000, 24_000), (8000, 24_000)] {
            let made = converted(&tone(from, 500.0, from as usize), from, to);
            let wanted = tone(to, 500.0, to as usize);
            assert_eq!(made.len(), wanted.len());
            let inner = 1000..made.len() - 1000;
            let worst = inner.map(|n| (i32::from(made[n]) - i32::from(wanted[n])).abs()).max();
            assert!(worst.is_some_and(|worst| worst < 400), "{from} to {to}: {worst:?}");
        }
    }

    #[test]
    fn odd_lengths_and_foreign_files() {
        assert!(converted(&[], 16_000, 8000).is_empty());
        assert_eq!(converted(&[5; 333], 16_000, 8000).len(), 166);
        assert!(read_wav(b"").is_err());
        assert!(read_wav(b"RIFF\xff\xff\xff\xffWAVE").is_err());
    }
}
