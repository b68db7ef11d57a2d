//! Puts packets into the order they were sent in, and gives up on a hole after a while.
//!
//! There is no fixed playout delay: what comes in order passes at once. Only behind a hole is waited, and
//! not for longer than [`HOLE_WAIT`].

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use domain::Time;

/// How long the packets behind a hole wait for it to be filled.
pub const HOLE_WAIT: Duration = Duration::from_millis(60);
/// Packets waiting behind holes; one second of audio. The oldest hole is given up for a new one.
pub const WAITING_PACKETS_MAX: usize = 50;
/// A sequence number further off than this is another stream, if the next one agrees.
const JUMP_MAX: i64 = 500;

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    Taken,
    Duplicate,
    /// Its hole was given up.
    Late,
    /// Far from everything else; the next one decides.
    Astray,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordered<T> {
    Packet(T),
    /// So many packets in a row are given up.
    Missing(u32),
}

/// Drain [`Reorder::poll`] after each packet and at each deadline.
#[derive(Debug)]
pub struct Reorder<T> {
    /// The extended sequence number that is passed on next.
    next: Option<i64>,
    waiting: BTreeMap<i64, (Time, T)>,
    ready: VecDeque<Ordered<T>>,
    /// What would follow the packet that went astray.
    suspect: Option<u16>,
}

impl<T> Default for Reorder<T> {
    fn default() -> Self {
        Reorder { next: None, waiting: BTreeMap::new(), ready: VecDeque::new(), suspect: None }
    }
}

impl<T> Reorder<T> {
    pub fn handle(&mut self, now: Time, sequence: u16, packet: T) -> Arrival {
        let Some(next) = self.next else {
            self.next = Some(i64::from(sequence) + 1);
            self.ready.push_back(Ordered::Packet(packet));
            return Arrival::Taken;
        };
        let extended = extend(next, sequence);
        if (extended - next).abs() > JUMP_MAX {
            if self.suspect.replace(sequence.wrapping_add(1)) != Some(sequence) {
                return Arrival::Astray;
            }
            self.release_all();
            self.suspect = None;
            self.next = Some(i64::from(sequence) + 1);
            self.ready.push_back(Ordered::Packet(packet));
            return Arrival::Taken;
        }
        self.suspect = None;
        if extended < next {
            return Arrival::Late;
        }
        if self.waiting.contains_key(&extended) {
            return Arrival::Duplicate;
        }
        self.waiting.insert(extended, (now, packet));
        self.release_in_order();
        if self.waiting.len() > WAITING_PACKETS_MAX {
            self.give_up_hole();
        }
        Arrival::Taken
    }

    pub fn poll(&mut self, now: Time) -> Option<Ordered<T>> {
        while self.ready.is_empty() && self.deadline().is_some_and(|at| at <= now) {
            self.give_up_hole();
        }
        self.ready.pop_front()
    }

    /// When the next hole is given up.
    pub fn deadline(&self) -> Option<Time> {
        let arrived = self.waiting.values().map(|(arrived, _)| *arrived).min();
        arrived.map(|arrived| arrived + HOLE_WAIT)
    }

    fn give_up_hole(&mut self) {
        let (Some(next), Some((&first, _))) = (self.next, self.waiting.first_key_value()) else {
            return;
        };
        let missing = u32::try_from(first - next).unwrap_or(0);
        if missing > 0 {
            self.ready.push_back(Ordered::Missing(missing));
        }
        self.next = Some(first);
        self.release_in_order();
    }

    fn release_in_order(&mut self) {
        while let Some(next) = self.next
            && let Some((_, packet)) = self.waiting.remove(&next)
        {
            self.ready.push_back(Ordered::Packet(packet));
            self.next = Some(next + 1);
        }
    }

    fn release_all(&mut self) {
        while !self.waiting.is_empty() {
            self.give_up_hole();
        }
    }
}

/// The extended number nearest to `near` that ends in `sequence`.
fn extend(near: i64, sequence: u16) -> i64 {
    let difference = sequence.wrapping_sub(near as u16) as i16;
    near + i64::from(difference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    /// Packets as (arrival in ms, sequence); what passed as (ms, sequence or minus the missing).
    fn check(arrivals: &[(i64, u16)], expected: &[(i64, i64)]) {
        let mut order = Reorder::default();
        let mut passed = Vec::new();
        let end = arrivals.last().map_or(0, |(at, _)| at + 200);
        let mut arrivals = arrivals.iter().peekable();
        for ms in 0..=end {
            let now = Time::from_millis(ms);
            while let Some((_, sequence)) = arrivals.next_if(|(at, _)| *at == ms) {
                order.handle(now, *sequence, *sequence);
            }
            while let Some(ordered) = order.poll(now) {
                passed.push(match ordered {
                    Ordered::Packet(sequence) => (ms, i64::from(sequence)),
                    Ordered::Missing(count) => (ms, -i64::from(count)),
                });
            }
        }
        assert_eq!(passed, expected);
    }

    #[test]
    fn order_holes_and_wraps() {
        // In order: at once.
        check(&[(0, 7), (20, 8), (40, 9)], &[(0, 7), (20, 8), (40, 9)]);
        // Swapped: as soon as the hole is filled.
        check(&[(0, 7), (20, 9), (25, 8)], &[(0, 7), (25, 8), (25, 9)]);
        // Lost: 60 ms after the first packet behind the hole, with all that wait.
        check(
            &[(0, 7), (40, 9), (60, 10), (80, 11)],
            &[(0, 7), (100, -1), (100, 9), (100, 10), (100, 11)],
        );
        // Two holes: each has its own wait.
        check(&[(0, 1), (40, 3), (80, 5)], &[(0, 1), (100, -1), (100, 3), (140, -1), (140, 5)]);
        // Over the end of the numbers, with a swap across it.
        check(
            &[(0, 65534), (20, 0), (25, 65535), (40, 1)],
            &[(0, 65534), (25, 65535), (25, 0), (40, 1)],
        );
        // Late and doubled ones are dropped.
        check(
            &[(0, 1), (40, 3), (41, 3), (110, 2), (120, 4), (121, 4)],
            &[(0, 1), (100, -1), (100, 3), (120, 4)],
        );
        // One that is far away is nothing; two in a row are a new stream.
        check(&[(0, 1), (20, 9000), (40, 2)], &[(0, 1), (40, 2)]);
        check(&[(0, 1), (20, 9000), (40, 9001), (60, 9002)], &[(0, 1), (40, 9001), (60, 9002)]);
        // What waits when the stream changes is not lost.
        check(&[(0, 1), (10, 3), (20, 9000), (40, 9001)], &[(0, 1), (40, -1), (40, 3), (40, 9001)]);
    }

    #[test]
    fn a_stream_that_only_has_holes_stays_within_its_room() {
        let mut order = Reorder::default();
        for n in 0..400_u16 {
            order.handle(Time::ZERO, n.wrapping_mul(2), n);
            assert!(order.waiting.len() <= WAITING_PACKETS_MAX);
        }
    }

    #[test]
    fn whatever_the_network_does_the_order_holds_and_nothing_is_invented() {
        for seed in 0..200 {
            let mut random = Random::new(seed);
            let first = random.next() as u16;
            let mut arrivals = Vec::new();
            for n in 0..300_u16 {
                let sent = i64::from(n) * 20;
                if random.below(100) < 3 {
                    continue;
                }
                let delay = if random.below(100) < 10 { random.below(120) } else { 0 };
                arrivals.push((sent + delay as i64, n));
                if random.below(100) < 2 {
                    arrivals.push((sent + delay as i64 + 5, n));
                }
            }
            arrivals.sort_unstable();
            let mut order = Reorder::default();
            let (mut passed, mut longest) = (Vec::new(), 0);
            let mut arrivals = arrivals.into_iter().peekable();
            let begins = arrivals.peek().map_or(0, |(_, n)| *n);
            for ms in 0..6500 {
                let now = Time::from_millis(ms);
                while let Some((_, n)) = arrivals.next_if(|(at, _)| *at == ms) {
                    order.handle(now, first.wrapping_add(n), (n, ms));
                }
                while let Some(ordered) = order.poll(now) {
                    match ordered {
                        Ordered::Packet((n, arrived)) => {
                            longest = longest.max(ms - arrived);
                            passed.push(n);
                        }
                        Ordered::Missing(count) => {
                            for _ in 0..count {
                                let next = passed.last().map_or(0, |n| n + 1);
                                passed.push(next);
                            }
                        }
                    }
                }
            }
            let expected: Vec<u16> = (begins..begins + passed.len() as u16).collect();
            assert_eq!(passed, expected, "seed {seed}");
            assert!(longest <= HOLE_WAIT.as_millis() as i64, "seed {seed}: waited {longest} ms");
        }
    }
}
