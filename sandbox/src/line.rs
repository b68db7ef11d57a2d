//! The bad line between callee and caller: noise, lost packets, packets that come late. Seeded, so
//! that the same call fails in the same way.

use std::collections::VecDeque;

use crate::Frame;
use crate::scenario::Line;

/// Frames on their way; a jitter of so many frames would be an outage.
const UNDER_WAY_MAX: usize = 500;
/// A delay goes on for a while before the next one is drawn, as a queue in a network does.
const DELAY_KEPT_FRAMES: u32 = 10;

/// Small and repeatable; nothing here needs better (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// 0 to 1, without 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Roughly Gaussian, of power 1.
    pub(crate) fn noise(&mut self) -> f32 {
        let sum: f32 = (0..3).map(|_| self.unit() - 0.5).sum();
        sum * 2.0
    }
}

/// Loss and lateness. Frames keep their order, as after a jitter buffer.
pub struct Network {
    line: Line,
    random: Random,
    under_way: VecDeque<(u64, Frame)>,
    delay_ms: u64,
    delay_kept: u32,
}

impl Network {
    pub fn new(line: Line, seed: u64) -> Self {
        let random = Random::new(seed ^ 0x006E_6574);
        Network { line, random, under_way: VecDeque::new(), delay_ms: 0, delay_kept: 0 }
    }

    pub fn send(&mut self, now_ms: u64, frame: Frame) {
        if self.line.loss_percent > 0.0 && self.random.unit() * 100.0 < self.line.loss_percent {
            return;
        }
        if self.line.jitter_ms > 0 && self.delay_kept == 0 {
            self.delay_ms = (self.random.unit() * (self.line.jitter_ms + 1) as f32) as u64;
            self.delay_kept = DELAY_KEPT_FRAMES;
        }
        self.delay_kept = self.delay_kept.saturating_sub(1);
        if self.under_way.len() == UNDER_WAY_MAX {
            self.under_way.pop_front();
        }
        self.under_way.push_back((now_ms + self.delay_ms, frame));
    }

    /// The next frame that has arrived.
    pub fn receive(&mut self, now_ms: u64) -> Option<Frame> {
        let arrived = self.under_way.front().is_some_and(|(at, _)| *at <= now_ms);
        if arrived { self.under_way.pop_front().map(|(_, frame)| frame) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(line: Line, seed: u64) -> Vec<(u64, u8)> {
        let mut network = Network::new(line, seed);
        let mut arrivals = Vec::new();
        for tick in 0..250u64 {
            network.send(tick * 20, [tick as u8; 160]);
            while let Some(frame) = network.receive(tick * 20) {
                arrivals.push((tick, frame[0]));
            }
        }
        arrivals
    }

    #[test]
    fn a_good_line_is_left_alone() {
        assert!(sent(Line::default(), 1).iter().all(|(tick, frame)| *tick as u8 == *frame));
        assert_eq!(sent(Line::default(), 1).len(), 250);
    }

    #[test]
    fn packets_are_lost_and_late_but_never_out_of_order() {
        let line = Line { loss_percent: 10.0, jitter_ms: 80, noise_snr_db: None };
        let arrivals = sent(line, 7);
        assert!((200..245).contains(&arrivals.len()), "{}", arrivals.len());
        assert!(arrivals.windows(2).all(|pair| pair[0].1 < pair[1].1));
        assert!(arrivals.iter().all(|(tick, frame)| (*tick - u64::from(*frame)) * 20 <= 100));
        assert!(arrivals.iter().any(|(tick, frame)| *tick > u64::from(*frame) + 1));
        assert_eq!(arrivals, sent(line, 7));
        assert_ne!(arrivals, sent(line, 8));
    }

    #[test]
    fn noise_has_the_power_it_says() {
        let mut random = Random::new(3);
        let power: f32 = (0..20_000).map(|_| random.noise().powi(2)).sum::<f32>() / 20_000.0;
        assert!((0.9..1.1).contains(&power), "{power}");
    }
}
