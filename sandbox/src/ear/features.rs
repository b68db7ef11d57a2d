//! Samples to mel-frequency cepstra, one vector every 10 ms.

use std::f32::consts::PI;
use std::sync::{Arc, OnceLock};

use realfft::{RealFftPlanner, RealToComplex};

/// A new vector every 10 ms at 8 kHz.
pub(crate) const HOP_SAMPLES: usize = 80;
/// 32 ms are seen at a time.
const WINDOW_SAMPLES: usize = 256;
const BANDS: usize = 20;
const BAND_HZ_MIN: f32 = 120.0;
/// Filters on the way through a telephone differ above this.
const BAND_HZ_MAX: f32 = 3400.0;
const RATE_HZ: f32 = 8000.0;
/// Coefficients 0 to 12, padded so that a distance is whole vector registers.
const COEFFICIENTS: usize = 13;
const LANES: usize = 16;
/// Loudness says less about words than the spectrum's shape does.
const LOUDNESS_WEIGHT: f32 = 0.35;
/// Power in one band that counts as nothing: what noise 15 dB under speech puts there. Below it,
/// clean and noisy speech look alike.
const BAND_POWER_FLOOR: f32 = 4.0e8;
/// Mean square of a frame without any sound in it.
const SILENT_POWER_MAX: f32 = 400.0;
/// The quietest frames are a little quieter than the noise is on average.
const QUIETEST_BIAS: f32 = 1.2;
/// One vector may not differ from another by more: a lost packet costs little.
pub(crate) const DISTANCE_MAX: f32 = 8.0;

#[derive(Clone, Copy, PartialEq)]
#[repr(align(64))]
pub(crate) struct Vector([f32; LANES]);

impl Vector {
    pub(crate) fn distance(&self, other: &Vector) -> f32 {
        let mut sums = [0.0f32; LANES];
        for ((sum, ours), theirs) in sums.iter_mut().zip(&self.0).zip(&other.0) {
            let difference = ours - theirs;
            *sum = difference * difference;
        }
        let sum: f32 = sums.iter().sum();
        sum.sqrt().min(DISTANCE_MAX)
    }
}

/// Power in each band.
pub(crate) type Bands = [f32; BANDS];

/// A clip as the ear sees it, 10 ms by 10 ms.
#[derive(Default)]
pub(crate) struct Features {
    pub(crate) vectors: Vec<Vector>,
    bands: Vec<Bands>,
    /// Mean square of each 10 ms.
    pub(crate) powers: Vec<f32>,
}

impl Features {
    pub(crate) fn of(samples: &[i16]) -> Self {
        let tables = tables();
        let mut input = tables.fft.make_input_vec();
        let mut spectrum = tables.fft.make_output_vec();
        let mut scratch = tables.fft.make_scratch_vec();
        let mut features = Features::default();
        for start in (0..samples.len()).step_by(HOP_SAMPLES) {
            let hop = &samples[start..samples.len().min(start + HOP_SAMPLES)];
            let energy: f32 = hop.iter().map(|&sample| f32::from(sample).powi(2)).sum();
            features.powers.push(energy / HOP_SAMPLES as f32);
            tables.window(samples, start, &mut input);
            let done = tables.fft.process_with_scratch(&mut input, &mut spectrum, &mut scratch);
            done.expect("buffers have the sizes the transform asked for");
            let mut powers = [0.0f32; BANDS];
            for (power, band) in powers.iter_mut().zip(&tables.bands) {
                let bins = &spectrum[band.first..band.first + band.weights.len()];
                let weighted = bins.iter().zip(&band.weights);
                *power = weighted.map(|(bin, weight)| bin.norm_sqr() * weight).sum();
            }
            features.vectors.push(tables.cepstrum(&powers, &[0.0; BANDS]));
            features.bands.push(powers);
        }
        features
    }

    /// The vectors as they would be with this noise over the clip.
    pub(crate) fn vectors_over(&self, noise: &Bands) -> Vec<Vector> {
        let tables = tables();
        self.bands.iter().map(|bands| tables.cepstrum(bands, noise)).collect()
    }

    /// The steady noise in the clip: what its quietest tenth holds.
    pub(crate) fn noise(&self) -> Bands {
        // Judged by what the whole window saw: beside a lost packet the window still holds speech.
        let mut quietest: Vec<(f32, usize)> = Vec::with_capacity(self.bands.len());
        for (frame, bands) in self.bands.iter().enumerate() {
            quietest.push((bands.iter().sum(), frame));
        }
        quietest.sort_by(|a, b| a.0.total_cmp(&b.0));
        quietest.truncate(quietest.len() / 10);
        let mut noise = [0.0; BANDS];
        for (_, frame) in &quietest {
            for (sum, power) in noise.iter_mut().zip(&self.bands[*frame]) {
                *sum += power * QUIETEST_BIAS / quietest.len() as f32;
            }
        }
        noise
    }

    /// Nothing at all, as where a packet was lost.
    pub(crate) fn is_silent(&self, at: usize) -> bool {
        self.powers[at] < SILENT_POWER_MAX
    }
}

/// How far noise lifts the spectrum, on average over the bands: 0 on a clean line, about 1.5 where it
/// is 15 dB under the speech.
pub(crate) fn noisiness(noise: &Bands) -> f32 {
    let lift = |power: &f32| (1.0 + power / BAND_POWER_FLOOR).ln();
    noise.iter().map(lift).sum::<f32>() / BANDS as f32
}

struct Tables {
    fft: Arc<dyn RealToComplex<f32>>,
    taper: [f32; WINDOW_SAMPLES],
    bands: Vec<Band>,
    cosines: [[f32; BANDS]; COEFFICIENTS],
}

struct Band {
    first: usize,
    weights: Vec<f32>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(Tables::new)
}

impl Tables {
    fn new() -> Self {
        let mut taper = [0.0; WINDOW_SAMPLES];
        for (n, weight) in taper.iter_mut().enumerate() {
            *weight = 0.54 - 0.46 * (2.0 * PI * n as f32 / (WINDOW_SAMPLES - 1) as f32).cos();
        }
        let mut cosines = [[0.0; BANDS]; COEFFICIENTS];
        for (order, row) in cosines.iter_mut().enumerate() {
            let loudness = if order == 0 { LOUDNESS_WEIGHT } else { 1.0 };
            for (band, weight) in row.iter_mut().enumerate() {
                let angle = PI * order as f32 * (band as f32 + 0.5) / BANDS as f32;
                *weight = loudness * (2.0 / BANDS as f32).sqrt() * angle.cos();
            }
        }
        let fft = RealFftPlanner::<f32>::new().plan_fft_forward(WINDOW_SAMPLES);
        Tables { fft, taper, bands: bands(), cosines }
    }

    /// The window is centred on its hop, so that clips keep their times whatever precedes them.
    fn window(&self, samples: &[i16], hop_start: usize, input: &mut [f32]) {
        let lead = (WINDOW_SAMPLES - HOP_SAMPLES) / 2;
        for (n, (place, weight)) in input.iter_mut().zip(&self.taper).enumerate() {
            let at = (hop_start + n).checked_sub(lead);
            let sample = |at: usize| samples.get(at).copied().map_or(0.0, f32::from);
            let (now, before) = match at {
                None => (0.0, 0.0),
                Some(0) => (sample(0), 0.0),
                Some(at) => (sample(at), sample(at - 1)),
            };
            *place = (now - 0.95 * before) * weight;
        }
    }

    fn cepstrum(&self, bands: &Bands, noise: &Bands) -> Vector {
        let mut logs = [0.0; BANDS];
        for ((log, power), noise) in logs.iter_mut().zip(bands).zip(noise) {
            *log = (power + noise + BAND_POWER_FLOOR).ln();
        }
        let mut vector = [0.0; LANES];
        for (value, row) in vector.iter_mut().zip(&self.cosines) {
            *value = row.iter().zip(&logs).map(|(weight, log)| weight * log).sum();
        }
        Vector(vector)
    }
}

/// Triangles that overlap by half, evenly spaced in mel.
fn bands() -> Vec<Band> {
    let mel = |hz: f32| 2595.0 * (1.0 + hz / 700.0).log10();
    let hz = |mel: f32| 700.0 * (10f32.powf(mel / 2595.0) - 1.0);
    let (low, high) = (mel(BAND_HZ_MIN), mel(BAND_HZ_MAX));
    let edge = |n: usize| hz(low + (high - low) * n as f32 / (BANDS + 1) as f32);
    let bin_hz = RATE_HZ / WINDOW_SAMPLES as f32;
    let mut bands = Vec::with_capacity(BANDS);
    for n in 0..BANDS {
        let (left, centre, right) = (edge(n), edge(n + 1), edge(n + 2));
        let first = (left / bin_hz).ceil() as usize;
        let last = (right / bin_hz).floor() as usize;
        let weight = |bin: usize| {
            let at = bin as f32 * bin_hz;
            let slope = if at < centre {
                (at - left) / (centre - left)
            } else {
                (right - at) / (right - centre)
            };
            slope.max(0.0)
        };
        bands.push(Band { first, weights: (first..=last).map(weight).collect() });
    }
    bands
}
