//! Where audio goes and whether any comes: the address to answer, and the silence that ends a leg.

use std::net::SocketAddr;
use std::time::Duration;

use domain::Time;

/// So many packets in a row from an address that was not named make it the one we talk to.
const LATCH_PACKETS: u32 = 3;

/// Behind address translation packets come from elsewhere than the description said, and only there an
/// answer arrives. Decided once for each agreement: nobody takes a call over later.
#[derive(Debug)]
pub struct Latch {
    named: SocketAddr,
    latched: Option<SocketAddr>,
    candidate: Option<(SocketAddr, u32)>,
}

impl Latch {
    #[must_use]
    pub fn new(named: SocketAddr) -> Latch {
        Latch { named, latched: None, candidate: None }
    }

    /// A new agreement; what was decided stands if it names the same address.
    pub fn name(&mut self, named: SocketAddr) {
        if named != self.named {
            *self = Latch::new(named);
        }
    }

    /// Whether a good packet from there belongs to this call.
    pub fn accepts(&mut self, from: SocketAddr) -> bool {
        if let Some(latched) = self.latched {
            return latched == from;
        }
        let before = self.candidate.filter(|(address, _)| *address == from);
        let packets = before.map_or(1, |(_, packets)| packets + 1);
        self.candidate = Some((from, packets));
        if from == self.named || packets >= LATCH_PACKETS {
            self.latched = Some(from);
        }
        self.latched.is_some()
    }

    /// Where to send. Nowhere, as long as the other side gives no address.
    #[must_use]
    pub fn target(&self) -> Option<SocketAddr> {
        let target = self.latched.unwrap_or(self.named);
        (!target.ip().is_unspecified() && target.port() != 0).then_some(target)
    }

    /// Packets came from elsewhere than was named.
    #[must_use]
    pub fn moved(&self) -> bool {
        self.latched.is_some_and(|latched| latched != self.named)
    }
}

/// A leg on which nothing arrives is dead, whatever its signalling says.
#[derive(Debug)]
pub struct Watchdog {
    limit: Duration,
    since: Option<Time>,
    /// Nothing came yet: it may take twice as long.
    heard: bool,
    held: bool,
}

impl Watchdog {
    #[must_use]
    pub fn new(limit: Duration) -> Watchdog {
        Watchdog { limit, since: None, heard: false, held: false }
    }

    /// From now on something must come.
    pub fn begin(&mut self, now: Time) {
        self.since.get_or_insert(now);
    }

    pub fn heard(&mut self, now: Time) {
        self.heard = true;
        if let Some(since) = &mut self.since {
            *since = now;
        }
    }

    /// While the other side holds, nothing need come.
    pub fn hold(&mut self, now: Time, held: bool) {
        if let Some(since) = &mut self.since
            && self.held
            && !held
        {
            *since = now;
        }
        self.held = held;
    }

    /// When the leg counts as dead.
    #[must_use]
    pub fn deadline(&self) -> Option<Time> {
        let limit = if self.heard { self.limit } else { self.limit * 2 };
        self.since.filter(|_| !self.held).map(|since| since + limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    /// Who sends, and whether it is accepted; where we send in the end.
    fn check(packets: &[(&str, bool)], target: &str) {
        let mut latch = Latch::new(address("192.0.2.1:4000"));
        for (from, accepted) in packets {
            assert_eq!(latch.accepts(address(from)), *accepted, "{from} in {packets:?}");
        }
        assert_eq!(latch.target(), Some(address(target)), "{packets:?}");
        assert_eq!(latch.moved(), target != "192.0.2.1:4000");
    }

    #[test]
    fn audio_is_answered_where_it_comes_from() {
        let (named, nat, thief) = ("192.0.2.1:4000", "198.51.100.7:61000", "203.0.113.66:9");
        check(&[], named);
        check(&[(named, true), (nat, false), (nat, false), (nat, false), (nat, false)], named);
        check(&[(nat, false), (nat, false), (nat, true), (nat, true)], nat);
        check(&[(nat, false), (nat, false), (nat, true), (named, false), (thief, false)], nat);
        check(&[(nat, false), (thief, false), (nat, false), (thief, false)], named);
        check(&[(nat, false), (nat, false), (named, true), (nat, false)], named);
    }

    #[test]
    fn a_new_agreement_decides_anew_only_for_a_new_address() {
        let mut latch = Latch::new(address("192.0.2.1:4000"));
        for _ in 0..3 {
            latch.accepts(address("198.51.100.7:61000"));
        }
        latch.name(address("192.0.2.1:4000"));
        assert_eq!(latch.target(), Some(address("198.51.100.7:61000")));
        latch.name(address("192.0.2.9:5000"));
        assert_eq!(latch.target(), Some(address("192.0.2.9:5000")));
        latch.name(address("0.0.0.0:5000"));
        assert_eq!(latch.target(), None);
    }

    #[test]
    fn silence_ends_a_leg_unless_it_is_held() {
        let at = Time::from_secs;
        let mut watchdog = Watchdog::new(Duration::from_secs(15));
        assert_eq!(watchdog.deadline(), None, "before the answer nothing need come");
        watchdog.begin(at(100));
        assert_eq!(watchdog.deadline(), Some(at(130)));
        watchdog.heard(at(110));
        assert_eq!(watchdog.deadline(), Some(at(125)));
        watchdog.hold(at(112), true);
        assert_eq!(watchdog.deadline(), None);
        watchdog.hold(at(500), false);
        assert_eq!(watchdog.deadline(), Some(at(515)));
        watchdog.hold(at(505), false);
        assert_eq!(watchdog.deadline(), Some(at(515)), "a refresh is no sign of life");
    }
}
