//! UDP ports for audio: an even one for RTP, the next for RTCP.

use std::net::{IpAddr, UdpSocket};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::config::PortRange;

pub(super) struct Ports {
    range: PortRange,
    /// Pairs are taken in turn, so that what still arrives for a former call meets no new one.
    turn: AtomicUsize,
}

/// Bound, and not yet on a runtime.
pub(super) struct Pair {
    pub rtp: UdpSocket,
    pub rtcp: UdpSocket,
    pub port: u16,
}

impl Ports {
    pub(super) fn new(range: PortRange) -> Ports {
        Ports { range, turn: AtomicUsize::new(0) }
    }

    /// `None` if every pair is in use.
    pub(super) fn take(&self, address: IpAddr) -> Option<Pair> {
        let PortRange { first, last } = self.range;
        let pairs = usize::from(last - first).div_ceil(2);
        for _ in 0..pairs {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed) % pairs;
            let port = first + u16::try_from(turn).unwrap_or(0) * 2;
            if let Ok(pair) = bind(address, port) {
                return Some(pair);
            }
        }
        None
    }
}

fn bind(address: IpAddr, port: u16) -> std::io::Result<Pair> {
    let rtp = UdpSocket::bind((address, port))?;
    let rtcp = UdpSocket::bind((address, port + 1))?;
    rtp.set_nonblocking(true)?;
    rtcp.set_nonblocking(true)?;
    Ok(Pair { rtp, rtcp, port })
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn pairs_are_taken_in_turn_until_none_is_left() {
        // Whatever is in use on this machine, these two pairs are ours while their sockets live.
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let (first, taken) = (0..100)
            .map(|n| 41_000 + n * 4)
            .find_map(|port| Some((port, (bind(here, port).ok()?, bind(here, port + 2).ok()?))))
            .unwrap();
        let ports = Ports::new(PortRange { first, last: first + 3 });
        assert!(ports.take(here).is_none());
        drop(taken);
        let one = ports.take(here).unwrap();
        let other = ports.take(here).unwrap();
        assert_eq!(one.port.abs_diff(other.port), 2);
        assert!(ports.take(here).is_none());
        drop(one);
        assert!(ports.take(here).is_some());
    }
}
