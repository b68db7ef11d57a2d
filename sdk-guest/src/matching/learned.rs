//! What the labelled objectives teach beside the cues: a linear model over words and pieces of words.
//!
//! Its weights lie in `learned.bin`, made from `tests/matching/tuning.txt` by [`train`]:
//! `MATCHING_WEIGHTS=write cargo test -p agenticcalling-playbook --lib learned`. Objectives that are set
//! aside are not learned from.

use super::words::Words;

/// The purposes, in their order.
pub(super) const PURPOSES: usize = 9;
/// Places of one kind of features: a feature's place is its hash.
const PLACES: usize = 1 << 13;
/// Lengths of the pieces of a word, its ends counted.
const PIECES: std::ops::RangeInclusive<usize> = 3..=5;

/// First the step of a weight as `f32`, then a bias for each purpose as `f32`, then a signed byte for
/// each place and purpose.
static LEARNED: &[u8] = include_bytes!("learned.bin");
const HEAD_BYTES: usize = 4 * (1 + PURPOSES);

/// Places with their values: words and pairs of words, then pieces of words, each kind of length 1.
type Features = Vec<(usize, f32)>;

/// The logarithm of how likely each purpose is.
pub(super) fn log_likely(words: &Words) -> [f32; PURPOSES] {
    let head = |at: usize| {
        let bytes = LEARNED.get(4 * at..4 * at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0.0, f32::from_le_bytes)
    };
    let mut sums = [0.0; PURPOSES];
    for (place, value) in features(words) {
        let from = HEAD_BYTES + place * PURPOSES;
        let weights = LEARNED.get(from..from + PURPOSES).unwrap_or_default();
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += value * f32::from(weight.cast_signed());
        }
    }
    let step = head(0);
    for (purpose, sum) in sums.iter_mut().enumerate() {
        *sum = *sum * step + head(1 + purpose);
    }
    log_softmax(sums)
}

fn log_softmax(sums: [f32; PURPOSES]) -> [f32; PURPOSES] {
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    let all: f32 = sums.iter().map(|sum| (sum - most).exp()).sum();
    sums.map(|sum| sum - most - all.ln())
}

fn features(words: &Words) -> Features {
    let (mut whole, mut pieces) = (Vec::new(), Vec::new());
    let mut before: Option<u32> = None;
    for index in 0..words.len() {
        let word = plain(words.text(index));
        let own = hash(OFFSET, word.bytes());
        whole.push(own);
        if let Some(before) = before {
            whole.push(hash(hash(before, [b' ']), word.bytes()));
        }
        before = Some(own);
        let spaced: Vec<char> = format!(" {word} ").chars().collect();
        for length in PIECES {
            for piece in spaced.windows(length) {
                let mut bytes = [0; 4];
                let of = |state, letter: &char| hash(state, letter.encode_utf8(&mut bytes).bytes());
                pieces.push(piece.iter().fold(OFFSET, of));
            }
        }
    }
    let mut features = counted(&whole, 0);
    features.extend(counted(&pieces, PLACES));
    features
}

/// Any number is as good as another.
fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for letter in word.chars() {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        if letter != '0' || !plain.ends_with('0') {
            plain.push(letter);
        }
    }
    plain
}

fn counted(hashes: &[u32], first: usize) -> Features {
    let mut places: Vec<usize> = hashes.iter().map(|hash| *hash as usize % PLACES).collect();
    places.sort_unstable();
    let mut features = Features::new();
    for place in places {
        match features.last_mut() {
            Some((last, count)) if *last == first + place => *count += 1.0,
            _ => features.push((first + place, 1.0)),
        }
    }
    let length = features.iter().map(|(_, count)| count * count).sum::<f32>().sqrt();
    features.iter_mut().for_each(|(_, count)| *count /= length);
    features
}

/// FNV-1a.
const OFFSET: u32 = 0x811c_9dc5;

fn hash(state: u32, bytes: impl IntoIterator<Item = u8>) -> u32 {
    bytes.into_iter().fold(state, |state, byte| (state ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const NAMES: [&str; PURPOSES] = [
        "reservation",
        "price_inquiry",
        "negotiation",
        "information_gather",
        "scheduling",
        "cold_outreach",
        "complaint",
        "follow_up",
        "general",
    ];
    const WEIGHTS: usize = 2 * PLACES * PURPOSES;
    const ROUNDS: usize = 40;
    const RATE: f32 = 0.5;
    /// Keeps weights small.
    const DECAY: f32 = 2e-5;

    fn labelled() -> Vec<(Features, usize)> {
        let text = include_str!("../../tests/matching/tuning.txt");
        let mut examples = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut fields = line.splitn(3, '|').map(str::trim);
            let purpose = fields.next().unwrap();
            let objective = fields.nth(1).unwrap();
            let purpose = NAMES.iter().position(|name| *name == purpose).unwrap();
            examples.push((features(&Words::of(objective)), purpose));
        }
        examples
    }

    /// Multinomial logistic regression by AdaGrad, in the order of a fixed stride.
    fn train(examples: &[(Features, usize)]) -> Vec<u8> {
        let mut weights = vec![0.0f32; WEIGHTS];
        let mut moved = vec![1e-6f32; WEIGHTS];
        let mut bias = [0.0f32; PURPOSES];
        let stride = 1021;
        for round in 0..ROUNDS {
            for step in 0..examples.len() {
                let (features, purpose) = &examples[(step * stride + round) % examples.len()];
                let mut sums = bias;
                for (place, value) in features {
                    for (sum, weight) in sums.iter_mut().zip(&weights[place * PURPOSES..]) {
                        *sum += value * weight;
                    }
                }
                for (other, likely) in log_softmax(sums).into_iter().enumerate() {
                    let wrong = likely.exp() - f32::from(u8::from(other == *purpose));
                    bias[other] -= 0.01 * wrong;
                    for (place, value) in features {
                        let at = place * PURPOSES + other;
                        let slope = wrong * value + DECAY * weights[at];
                        moved[at] += slope * slope;
                        weights[at] -= RATE * slope / moved[at].sqrt();
                    }
                }
            }
        }
        let most = weights.iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
        let step = most / 127.0;
        let mut bytes = step.to_le_bytes().to_vec();
        bias.iter().for_each(|bias| bytes.extend(bias.to_le_bytes()));
        bytes.extend(weights.iter().map(|weight| (weight / step).round() as i8 as u8));
        bytes
    }

    #[test]
    fn the_weights_are_of_the_labelled_objectives() {
        let examples = labelled();
        if std::env::var_os("MATCHING_WEIGHTS").is_some() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/matching/learned.bin");
            std::fs::write(file, train(&examples)).unwrap();
            return;
        }
        assert_eq!(LEARNED.len(), HEAD_BYTES + WEIGHTS);
        let text = "Book a table for four on Saturday";
        let likely = log_likely(&Words::of(text));
        assert!(likely[0] > -0.1, "{likely:?}");
    }
}
