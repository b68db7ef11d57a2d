//! Samples in and out: WAV files, and a resampler between the rates of telephone, synthesiser and vendor.

use std::f64::consts::PI;
use std::io::Cursor;

/// The rate the sandbox's ears work at.
pub(super) const LINE_HZ: u32 = 8_000;
/// The rate of the vendor's `pcm`.
pub(super) const VENDOR_HZ: u32 = 24_000;
const ACCEPTED_HZ: [u32; 3] = [8_000, 16_000, 24_000];
/// Longer recordings are refused; a turn on the telephone is far shorter.
const SECONDS_MAX: u32 = 120;
const MILLISECONDS_MIN: u32 = 100;

#[derive(Debug)]
pub(super) struct Clip {
    pub(super) rate_hz: u32,
    pub(super) samples: Vec<i16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BadWav {
    Unreadable,
    TooShort,
    TooLong,
    Unsupported(String),
}

/// Reads a mono 16-bit WAV file of an accepted rate.
pub(super) fn decode_wav(bytes: &[u8]) -> Result<Clip, BadWav> {
    let mut reader = hound::WavReader::new(Cursor::new(bytes)).map_err(|_| BadWav::Unreadable)?;
    let spec = reader.spec();
    let is_pcm = spec.sample_format == hound::SampleFormat::Int && spec.bits_per_sample == 16;
    if !is_pcm || spec.channels != 1 || !ACCEPTED_HZ.contains(&spec.sample_rate) {
        return Err(BadWav::Unsupported(format!(
            "{} channels, {} bits, {} Hz",
            spec.channels, spec.bits_per_sample, spec.sample_rate
        )));
    }
    if reader.duration() > SECONDS_MAX * spec.sample_rate {
        return Err(BadWav::TooLong);
    }
    let samples: Result<Vec<i16>, _> = reader.samples::<i16>().collect();
    let samples = samples.map_err(|_| BadWav::Unreadable)?;
    if samples.len() < (MILLISECONDS_MIN * spec.sample_rate / 1000) as usize {
        return Err(BadWav::TooShort);
    }
    Ok(Clip { rate_hz: spec.sample_rate, samples })
}

/// The header of a mono 16-bit WAV file with so many samples.
pub(super) fn wav_header(rate_hz: u32, samples: usize) -> Vec<u8> {
    let data_bytes = u32::try_from(2 * samples).unwrap_or(u32::MAX - 36);
    let mut header = Vec::with_capacity(44);
    header.extend_from_slice(b"RIFF");
    header.extend_from_slice(&(36 + data_bytes).to_le_bytes());
    header.extend_from_slice(b"WAVEfmt ");
    header.extend_from_slice(&16_u32.to_le_bytes());
    for half in [1_u16, 1] {
        header.extend_from_slice(&half.to_le_bytes());
    }
    for word in [rate_hz, 2 * rate_hz] {
        header.extend_from_slice(&word.to_le_bytes());
    }
    for half in [2_u16, 16] {
        header.extend_from_slice(&half.to_le_bytes());
    }
    header.extend_from_slice(b"data");
    header.extend_from_slice(&data_bytes.to_le_bytes());
    header
}

pub(super) fn to_bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

/// Zero crossings of the filter on each side, at the lower of both rates.
const CROSSINGS: usize = 12;
/// Where the filter lets go, as a part of half the lower rate.
const PASS: f64 = 0.92;

/// Converts a whole clip between rates with a windowed sinc, one table of weights per phase.
pub(super) fn resample(samples: &[i16], from_hz: u32, to_hz: u32) -> Vec<i16> {
    if from_hz == to_hz || samples.is_empty() || from_hz == 0 || to_hz == 0 {
        return samples.to_vec();
    }
    let common = gcd(from_hz, to_hz);
    let (step, phases) = ((from_hz / common) as usize, (to_hz / common) as usize);
    let cutoff = PASS * f64::min(1.0, f64::from(to_hz) / f64::from(from_hz));
    let reach = (CROSSINGS as f64 / cutoff).ceil() as usize;
    let tables: Vec<Vec<f32>> =
        (0..phases).map(|phase| weights(phase as f64 / phases as f64, cutoff, reach)).collect();
    let count = samples.len() * phases / step;
    let mut output = Vec::with_capacity(count);
    for index in 0..count {
        let position = index * step;
        let (whole, phase) = (position / phases, position % phases);
        output.push(filtered(samples, whole, reach, &tables[phase]));
    }
    output
}

/// Weights of the samples from `reach - 1` before a position to `reach` after it.
fn weights(fraction: f64, cutoff: f64, reach: usize) -> Vec<f32> {
    let mut weights = Vec::with_capacity(2 * reach);
    for tap in 0..2 * reach {
        let distance = tap as f64 - (reach as f64 - 1.0) - fraction;
        let window = 0.5 + 0.5 * (PI * distance / (reach as f64 + 1.0)).cos();
        weights.push(cutoff * sinc(cutoff * distance) * window);
    }
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| (weight / sum) as f32).collect()
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

fn filtered(samples: &[i16], whole: usize, reach: usize, weights: &[f32]) -> i16 {
    let first = whole as isize - (reach as isize - 1);
    let skip = usize::try_from(-first).unwrap_or(0);
    let start = usize::try_from(first).unwrap_or(0);
    let mut sum = 0.0;
    for (sample, weight) in samples[start..].iter().zip(&weights[skip..]) {
        sum += f32::from(*sample) * weight;
    }
    sum.round().clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Loudness of the loudest 20 ms that counts as silence.
const SILENCE_RMS_MAX: f64 = 60.0;

pub(super) fn is_silent(samples: &[i16], rate_hz: u32) -> bool {
    let frame = (rate_hz / 50).max(1) as usize;
    samples.chunks(frame).all(|frame| {
        let energy: f64 = frame.iter().map(|sample| f64::from(*sample).powi(2)).sum();
        (energy / frame.len() as f64).sqrt() <= SILENCE_RMS_MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f64, rate_hz: u32, samples: usize) -> Vec<i16> {
        let sample = |index: usize| {
            let phase = 2.0 * PI * hz * index as f64 / f64::from(rate_hz);
            (phase.sin() * 10_000.0) as i16
        };
        (0..samples).map(sample).collect()
    }

    fn rms(samples: &[i16]) -> f64 {
        let energy: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
        (energy / samples.len() as f64).sqrt()
    }

    #[test]
    fn tones_survive_resampling_and_what_does_not_fit_is_removed() {
        for (from_hz, to_hz) in
            [(16_000, 24_000), (24_000, 8_000), (16_000, 8_000), (8_000, 24_000)]
        {
            let given = tone(1_000.0, from_hz, from_hz as usize);
            let made = resample(&given, from_hz, to_hz);
            let wanted = tone(1_000.0, to_hz, to_hz as usize);
            assert_eq!(made.len(), wanted.len());
            let inner = 500..made.len() - 500;
            let errors: Vec<i16> =
                inner.map(|index| made[index].saturating_sub(wanted[index])).collect();
            assert!(rms(&errors) < 40.0, "{from_hz} to {to_hz}: {}", rms(&errors));
        }
        let too_high = resample(&tone(6_000.0, 24_000, 24_000), 24_000, 8_000);
        assert!(rms(&too_high[200..7_800]) < 40.0);
        assert!(resample(&[], 24_000, 8_000).is_empty());
    }

    #[test]
    fn wav_files_are_checked() {
        let file = |rate_hz: u32, samples: &[i16]| {
            let mut bytes = wav_header(rate_hz, samples.len());
            bytes.extend(to_bytes(samples));
            bytes
        };
        let good = decode_wav(&file(8_000, &tone(440.0, 8_000, 1_600))).expect("a good file");
        assert_eq!((good.rate_hz, good.samples.len()), (8_000, 1_600));
        let check = |bytes: &[u8], expected: BadWav| {
            assert_eq!(decode_wav(bytes).expect_err("a bad file"), expected);
        };
        check(b"not a wav", BadWav::Unreadable);
        check(&[], BadWav::Unreadable);
        check(&file(8_000, &[0; 10]), BadWav::TooShort);
        let unsupported = BadWav::Unsupported("1 channels, 16 bits, 44100 Hz".to_owned());
        check(&file(44_100, &[0; 44_100]), unsupported);
        let mut cut = file(8_000, &[0; 8_000]);
        cut.truncate(9_000);
        check(&cut, BadWav::Unreadable);
    }

    #[test]
    fn silence_is_told_from_speech() {
        assert!(is_silent(&[3; 8_000], 8_000));
        let mut burst = vec![0; 8_000];
        burst[4_000..4_160].copy_from_slice(&tone(440.0, 8_000, 160));
        assert!(!is_silent(&burst, 8_000));
    }
}
