//! Which addresses events may be sent to: public ones, and what the operator allows.
//!
//! Checked where the connection is made, after the name was resolved, so that a name that resolves to
//! something else the second time gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// What the configuration says of addresses.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    networks: Vec<IpNet>,
    loopback: bool,
}

impl Allowed {
    #[must_use]
    pub fn new(networks: Vec<IpNet>, loopback: bool) -> Self {
        Allowed { networks, loopback }
    }

    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        let address = plain(address);
        let listed = self.networks.iter().any(|network| network.contains(&address));
        listed || (self.loopback && address.is_loopback()) || is_public(address)
    }
}

/// Resolves names for the delivery client and hides what may not be reached.
pub(super) struct PublicOnly(pub Arc<Allowed>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.0.clone();
        Box::pin(async move {
            // The port is the connector's; 0 stands for "not said".
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let permitted: Vec<SocketAddr> =
                found.filter(|address| allowed.permits(address.ip())).collect();
            if permitted.is_empty() {
                return Err("the name leads to no address that may be reached".into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

/// An IPv4 address in IPv6 clothes is that IPv4 address.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let segments = v6.segments();
    let tail = |at: usize| {
        let [a, b] = segments[at].to_be_bytes();
        let [c, d] = segments[at + 1].to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // ::ffff:0:0/96 (RFC 4291), 64:ff9b::/96 (RFC 6052), ::/96 but for :: and ::1.
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => tail(6),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 || low > 1 => tail(6),
        // 2002::/16 (RFC 3056).
        [0x2002, ..] => tail(1),
        _ => address,
    }
}

/// The special-purpose registries of IANA (RFC 6890 and later), as far as they are not globally
/// reachable.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let special = address.is_unspecified()
        || address.is_loopback()
        || address.is_multicast()
        || first & 0xfe00 == 0xfc00
        || first & 0xffc0 == 0xfe80
        || first & 0xffc0 == 0xfec0
        || (first == 0x2001 && second < 0x0200)
        || (first == 0x2001 && second == 0x0db8)
        || (first == 0x64 && second == 0xff9b)
        || first == 0x0100
        || first == 0x3fff;
    !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_reached() {
        for (address, expected) in [
            ("93.184.216.34", true),
            ("8.8.8.8", true),
            ("2606:4700:4700::1111", true),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("172.32.0.1", true),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("255.255.255.255", false),
            ("224.0.0.1", false),
            ("198.18.0.1", false),
            ("::", false),
            ("::1", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("::10.0.0.1", false),
            ("64:ff9b::a00:1", false),
            ("64:ff9b::808:808", true),
            ("2002:a00:1::", false),
        ] {
            let parsed = address.parse().unwrap();
            assert_eq!(Allowed::default().permits(parsed), expected, "{address}");
        }
    }

    #[test]
    fn an_operator_may_allow_more() {
        let inside = Allowed::new(vec!["10.0.0.0/8".parse().unwrap()], false);
        assert!(inside.permits("10.1.2.3".parse().unwrap()));
        assert!(inside.permits("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!inside.permits("192.168.0.1".parse().unwrap()));
        let own = Allowed::new(vec![], true);
        assert!(own.permits("127.0.0.1".parse().unwrap()));
        assert!(!own.permits("10.0.0.1".parse().unwrap()));
    }
}
