//! How many requests an organization may send, and how many registrations an address.

use std::net::IpAddr;
use std::time::Duration;

use call::rate::{Verdict, WINDOW};
use domain::Time;
use ipnet::IpNet;

use super::{ActionError, Caller, Server};
use crate::config::RateLimits;

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// `POST /v1/calls`
    Calls,
    /// `POST /v1/calls/batch`
    Batches,
    Reads,
    /// Everything else that changes something.
    Writes,
}

/// A request that was counted.
#[derive(Clone, Copy, Debug)]
pub struct Admitted {
    pub quota: Quota,
    pub limit: u32,
    pub remaining: u32,
    /// Until one of those that were counted is a minute old.
    pub resets: Duration,
}

impl Quota {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Quota::Calls => "calls",
            Quota::Batches => "batches",
            Quota::Reads => "reads",
            Quota::Writes => "writes",
        }
    }

    fn limit(self, limits: RateLimits) -> Option<u32> {
        match self {
            Quota::Calls | Quota::Writes => limits.calls,
            Quota::Batches => limits.batches,
            Quota::Reads => limits.reads,
        }
    }
}

impl Server {
    /// Counts a request of the caller's organization; `None` where its plan has no limit.
    pub async fn count(
        &self,
        caller: &Caller,
        quota: Quota,
        now: Time,
    ) -> Result<Option<Admitted>, ActionError> {
        let plan = &caller.plan;
        let Some(limit) = quota.limit(self.config.plan(plan).rates) else { return Ok(None) };
        let what = quota.as_str();
        let key = format!("{}/{what}", caller.org);
        match self.store.count_request(&key, limit, now).await? {
            Verdict::Admitted { remaining, resets } => {
                Ok(Some(Admitted { quota, limit, remaining, resets }))
            }
            Verdict::Limited { retry_after } => Err(ActionError::RateLimited {
                retry_after,
                detail: format!(
                    "the plan {plan:?} allows {limit} {what} a minute: try again in {} s",
                    seconds(retry_after)
                ),
            }),
        }
    }

    pub async fn count_registration(
        &self,
        peer: IpAddr,
        forwarded_for: &str,
        now: Time,
    ) -> Result<(), ActionError> {
        let limits = &self.config.limits;
        let address = network(client(peer, forwarded_for, &limits.trusted_proxies));
        let limit = limits.registrations_per_minute;
        let key = format!("register/{address}");
        match self.store.count_request(&key, limit, now).await? {
            Verdict::Admitted { .. } => Ok(()),
            Verdict::Limited { retry_after } => Err(ActionError::RateLimited {
                retry_after,
                detail: format!(
                    "an address can register {limit} times a minute: try again in {} s",
                    seconds(retry_after)
                ),
            }),
        }
    }
}

/// Whole seconds after which the time is over, at least one.
pub(crate) fn seconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(WINDOW.as_secs()).max(1)
}

/// Proxies append whom they heard: the last address that is no proxy of ours is the one they vouch
/// for, everything before it anybody may have written.
fn client(peer: IpAddr, forwarded_for: &str, proxies: &[IpNet]) -> IpAddr {
    let is_proxy = |address: &IpAddr| {
        let address = address.to_canonical();
        proxies.iter().any(|network| network.contains(&address))
    };
    let mut last = peer;
    let mut hops = forwarded_for.rsplit(',').map(|hop| hop.trim().parse::<IpAddr>());
    while is_proxy(&last)
        && let Some(Ok(hop)) = hops.next()
    {
        last = hop;
    }
    last
}

/// One customer of a provider has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpNet {
    let address = address.to_canonical();
    let prefix = if address.is_ipv4() { 32 } else { 64 };
    IpNet::new_assert(address, prefix).trunc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_the_last_that_our_proxies_vouch_for() {
        let proxies: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let table = [
            ("203.0.113.7", "198.51.100.1", "203.0.113.7/32"),
            ("10.0.0.1", "", "10.0.0.1/32"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1/32"),
            ("10.0.0.1", "192.0.2.9, 198.51.100.1, 10.2.3.4", "198.51.100.1/32"),
            ("10.0.0.1", "192.0.2.9, unknown", "10.0.0.1/32"),
            ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1/32"),
            ("fd00::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ];
        for (peer, forwarded_for, expected) in table {
            let found = network(client(peer.parse().unwrap(), forwarded_for, &proxies));
            assert_eq!(found.to_string(), expected, "{peer} for {forwarded_for:?}");
        }
    }
}
