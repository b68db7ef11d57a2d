//! Streaming rate conversion in 20 ms steps.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

/// Takes samples as they come, gives whole 20 ms steps at the other rate.
pub struct Resampler {
    fft: Fft<f32>,
    step_in: usize,
    step_out: usize,
    pending: Vec<f32>,
    scratch: Vec<f32>,
}

impl Resampler {
    /// Both rates must be multiples of 50 Hz, so that 20 ms are whole samples.
    #[must_use]
    pub fn new(rate_in: usize, rate_out: usize) -> Self {
        let step_in = rate_in / 50;
        let step_out = rate_out / 50;
        let fft = Fft::new(rate_in, rate_out, step_in, 1, FixedSync::Both)
            .expect("rates are positive and steps match them");
        Resampler { fft, step_in, step_out, pending: Vec::new(), scratch: vec![0.0; step_out] }
    }

    /// Converts what fills whole steps; the rest waits for the next push.
    pub fn push(&mut self, samples: &[i16], out: &mut Vec<i16>) {
        self.pending.extend(samples.iter().map(|&sample| f32::from(sample)));
        let mut at = 0;
        while self.pending.len() - at >= self.step_in {
            self.step(at, out);
            at += self.step_in;
        }
        self.pending.drain(..at);
    }

    /// Pads the rest with silence, and pushes out what the filter still holds.
    pub fn finish(&mut self, out: &mut Vec<i16>) {
        let held = self.pending.len() + self.fft.output_delay() * self.step_in / self.step_out;
        let steps = held.div_ceil(self.step_in);
        let silence = vec![0i16; steps * self.step_in - self.pending.len()];
        self.push(&silence, out);
    }

    fn step(&mut self, at: usize, out: &mut Vec<i16>) {
        let source = &self.pending[at..at + self.step_in];
        let input = InterleavedSlice::new(source, 1, self.step_in).expect("one whole step");
        let mut output =
            InterleavedSlice::new_mut(&mut self.scratch, 1, self.step_out).expect("one whole step");
        self.fft
            .process_into_buffer(&input, &mut output, None)
            .expect("buffers have the sizes the resampler asked for");
        out.extend(self.scratch.iter().map(|&sample| to_i16(sample)));
    }
}

fn to_i16(sample: f32) -> i16 {
    sample.round().clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: usize, hz: f64, millis: usize) -> Vec<i16> {
        let step = 2.0 * std::f64::consts::PI * hz / rate as f64;
        (0..rate * millis / 1000).map(|n| ((n as f64 * step).sin() * 12_000.0) as i16).collect()
    }

    fn power(samples: &[i16]) -> f64 {
        samples.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / samples.len() as f64
    }

    #[test]
    fn a_tone_keeps_its_power_whatever_the_chunks() {
        for chunk in [1, 7, 480, 1000, 12_000] {
            let source = tone(24_000, 1000.0, 500);
            let mut resampler = Resampler::new(24_000, 8000);
            let mut out = Vec::new();
            for piece in source.chunks(chunk) {
                resampler.push(piece, &mut out);
            }
            resampler.finish(&mut out);
            assert!(out.len() >= 4000 && out.len() <= 4000 + 480, "{}", out.len());
            let ratio = power(&out[800..3200]) / power(&source[2400..9600]);
            assert!((0.95..1.05).contains(&ratio), "chunk {chunk}: {ratio}");
        }
    }

    #[test]
    fn what_telephones_cannot_carry_is_filtered_not_folded() {
        let source = tone(24_000, 6000.0, 500);
        let mut resampler = Resampler::new(24_000, 8000);
        let mut out = Vec::new();
        resampler.push(&source, &mut out);
        assert!(power(&out[800..3200]) < power(&source) / 1000.0);
    }
}
