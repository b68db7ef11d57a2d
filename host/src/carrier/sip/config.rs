//! What an operator says of the trunks that live calls go out on.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context as _;
use domain::E164;
use serde::{Deserialize, Serialize};

/// Seconds of a session that nobody refreshes; 0 asks for no timer.
const SESSION_SECS_DEFAULT: u64 = 1800;
const SILENCE_SECS_DEFAULT: u64 = 15;
const REGISTER_SECS_DEFAULT: u32 = 600;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Carriers {
    /// By a name of the operator's choice.
    pub sip: BTreeMap<String, TrunkConfig>,
    /// UDP ports for audio; each call takes two.
    pub rtp_ports: PortRange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortRange {
    pub first: u16,
    pub last: u16,
}

impl Default for PortRange {
    fn default() -> Self {
        PortRange { first: 20_000, last: 29_999 }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    #[default]
    Udp,
    Tcp,
    Tls,
}

impl Transport {
    pub(super) const fn default_port(self) -> u16 {
        match self {
            Transport::Udp | Transport::Tcp => 5060,
            Transport::Tls => 5061,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Codec {
    Pcmu,
    Pcma,
}

impl From<Codec> for rtp::Law {
    fn from(codec: Codec) -> rtp::Law {
        match codec {
            Codec::Pcmu => rtp::Law::Mu,
            Codec::Pcma => rtp::Law::A,
        }
    }
}

/// Encrypted audio (SDES). Its keys are in the signalling, so it protects only with TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Srtp {
    #[default]
    Off,
    /// If the trunk can.
    Optional,
    Required,
}

impl From<Srtp> for rtp::sdp::Encryption {
    fn from(srtp: Srtp) -> rtp::sdp::Encryption {
        match srtp {
            Srtp::Off => rtp::sdp::Encryption::Off,
            Srtp::Optional => rtp::sdp::Encryption::Optional,
            Srtp::Required => rtp::sdp::Encryption::Required,
        }
    }
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrunkConfig {
    /// Name or number of the trunk, with a port if it is not the usual one.
    pub address: String,
    pub transport: Transport,
    /// What follows the `@`, if it is not the address.
    pub domain: Option<String>,
    pub username: Option<String>,
    /// The name that proves who calls, if it is not `username`.
    pub auth_username: Option<String>,
    #[serde(skip_serializing)]
    pub password: Password,
    /// Numbers of ours on this trunk. The first is shown by calls that come from no line.
    pub caller_ids: Vec<E164>,
    /// Numbers that are called through this trunk: those that begin so. The longest one decides.
    pub prefixes: Vec<String>,
    /// In the order of preference.
    pub codecs: Vec<Codec>,
    pub srtp: Srtp,
    /// Whether the trunk wants to be told where we are.
    pub register: bool,
    pub register_secs: u32,
    /// Where we listen for what the trunk has to say; port 0 is any.
    pub bind: SocketAddr,
    /// Our address as the trunk sees it, behind address translation.
    pub public_address: Option<IpAddr>,
    /// More networks than its own address that the trunk's messages come from.
    pub networks: Vec<ipnet::IpNet>,
    /// Who may have issued the trunk's certificate (PEM), in place of the system's authorities.
    pub ca_file: Option<PathBuf>,
    /// A call that the trunk does not refresh for so long is over; 0 for no such limit.
    pub session_secs: u64,
    /// A call in which no audio arrives for so long is over.
    pub silence_secs: u64,
}

impl Default for TrunkConfig {
    fn default() -> Self {
        TrunkConfig {
            address: String::new(),
            transport: Transport::default(),
            domain: None,
            username: None,
            auth_username: None,
            password: Password::default(),
            caller_ids: Vec::new(),
            prefixes: vec!["+".into()],
            codecs: vec![Codec::Pcmu, Codec::Pcma],
            srtp: Srtp::default(),
            register: false,
            register_secs: REGISTER_SECS_DEFAULT,
            bind: SocketAddr::from(([0, 0, 0, 0], 0)),
            public_address: None,
            networks: Vec::new(),
            ca_file: None,
            session_secs: SESSION_SECS_DEFAULT,
            silence_secs: SILENCE_SECS_DEFAULT,
        }
    }
}

impl Carriers {
    pub fn check(&self) -> anyhow::Result<()> {
        let PortRange { first, last } = self.rtp_ports;
        anyhow::ensure!(
            first >= 1024 && first.is_multiple_of(2) && last > first,
            "carriers.rtp_ports must run from an even port above 1023 to a later one"
        );
        for (name, trunk) in &self.sip {
            trunk.check().with_context(|| format!("carriers.sip.{name}"))?;
        }
        Ok(())
    }
}

impl TrunkConfig {
    fn check(&self) -> anyhow::Result<()> {
        self.place()?;
        anyhow::ensure!(
            !self.caller_ids.is_empty(),
            "caller_ids must name at least one number of this trunk, such as [\"+12025550123\"]"
        );
        anyhow::ensure!(!self.codecs.is_empty(), "codecs must name \"pcmu\", \"pcma\" or both");
        anyhow::ensure!(!self.prefixes.is_empty(), "prefixes must not be empty: [\"+\"] is all");
        for prefix in &self.prefixes {
            let digits = prefix.strip_prefix('+');
            let is_prefix = digits.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
            anyhow::ensure!(is_prefix, "prefixes: {prefix:?} is no beginning such as \"+49\"");
        }
        anyhow::ensure!(
            self.password.0.is_empty() || self.username.is_some(),
            "there is a password, but no username"
        );
        anyhow::ensure!(
            !self.register || self.username.is_some(),
            "register needs a username and a password"
        );
        anyhow::ensure!(self.register_secs >= 60, "register_secs must be at least 60");
        anyhow::ensure!(
            self.session_secs == 0 || self.session_secs >= sip::session::MIN_SE_SECS,
            "session_secs must be 0 or at least {}",
            sip::session::MIN_SE_SECS
        );
        anyhow::ensure!(self.silence_secs >= 1, "silence_secs must be at least 1");
        anyhow::ensure!(
            self.ca_file.is_none() || self.transport == Transport::Tls,
            "ca_file is for transport = \"tls\""
        );
        for text in self.words() {
            let plain = text.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"@;?".contains(&b));
            anyhow::ensure!(
                plain && !text.is_empty(),
                "{text:?} cannot stand in a SIP address: leave out scheme, user and parameters"
            );
        }
        Ok(())
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        let words = [self.domain.as_deref(), self.username.as_deref()];
        words.into_iter().flatten().chain([self.address.as_str()])
    }

    /// Host and port.
    pub fn place(&self) -> anyhow::Result<(String, u16)> {
        let wrong = || {
            let address = &self.address;
            anyhow::anyhow!("address must be a host, or host:port, not {address:?}")
        };
        if let Ok(address) = self.address.parse::<SocketAddr>() {
            return Ok((address.ip().to_string(), address.port()));
        }
        if let Ok(address) = self.address.parse::<IpAddr>() {
            return Ok((address.to_string(), self.transport.default_port()));
        }
        let (host, port) = match self.address.split_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
            None => (self.address.as_str(), self.transport.default_port()),
        };
        let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if host.is_empty() || port == 0 || !host.bytes().all(named) {
            return Err(wrong());
        }
        Ok((host.to_owned(), port))
    }

    /// What the number is called by is this trunk's.
    pub(super) fn owns(&self, from: &E164) -> bool {
        self.caller_ids.contains(from)
    }

    /// How much of the number this trunk was made for.
    pub(super) fn reach(&self, to: &E164) -> Option<usize> {
        let fitting =
            self.prefixes.iter().filter(|prefix| to.as_str().starts_with(prefix.as_str()));
        fitting.map(String::len).max()
    }
}

/// The trunk of a call: the one that its number belongs to, otherwise the one that was made for where it
/// goes.
pub(super) fn trunk_for<'a>(
    trunks: impl Iterator<Item = (&'a str, &'a TrunkConfig)>,
    from: Option<&E164>,
    to: &E164,
) -> Option<&'a str> {
    let reaching: Vec<_> = trunks.filter(|(_, trunk)| trunk.reach(to).is_some()).collect();
    let owning = reaching.iter().filter(|(_, trunk)| from.is_some_and(|from| trunk.owns(from)));
    let best = owning.min_by_key(|(_, trunk)| Reverse(trunk.reach(to)));
    let best = best.or_else(|| reaching.iter().min_by_key(|(_, trunk)| Reverse(trunk.reach(to))));
    best.map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trunk(caller: &str, prefixes: &[&str]) -> TrunkConfig {
        TrunkConfig {
            address: "sip.example.com".into(),
            caller_ids: vec![caller.parse().unwrap()],
            prefixes: prefixes.iter().map(|prefix| (*prefix).to_owned()).collect(),
            ..TrunkConfig::default()
        }
    }

    #[test]
    fn calls_go_out_on_the_trunk_that_was_made_for_them() {
        let trunks = [
            ("all", trunk("+12025550100", &["+"])),
            ("berlin", trunk("+493012345678", &["+49", "+43"])),
            ("house", trunk("+493099999999", &["+4930"])),
        ];
        let check = |from: Option<&str>, to: &str, expected| {
            let from: Option<E164> = from.map(|from| from.parse().unwrap());
            let trunks = trunks.iter().map(|(name, trunk)| (*name, trunk));
            assert_eq!(trunk_for(trunks, from.as_ref(), &to.parse().unwrap()), expected, "{to}");
        };
        check(None, "+12025550111", Some("all"));
        check(None, "+498912345678", Some("berlin"));
        check(None, "+493011111111", Some("house"));
        check(Some("+493012345678"), "+493011111111", Some("berlin"));
        check(Some("+12025550100"), "+493011111111", Some("all"));
        check(Some("+12025559999"), "+431234567", Some("berlin"));
        let only = [("berlin", &trunks[1].1)];
        let to = "+12025550111".parse().unwrap();
        assert_eq!(trunk_for(only.into_iter(), None, &to), None);
    }

    #[test]
    fn addresses() {
        let place = |address: &str, transport| {
            let trunk =
                TrunkConfig { address: address.into(), transport, ..trunk("+12025550100", &["+"]) };
            trunk.place().ok()
        };
        let is = |host: &str, port| Some((host.to_owned(), port));
        assert_eq!(place("sip.example.com", Transport::Udp), is("sip.example.com", 5060));
        assert_eq!(place("sip.example.com:5080", Transport::Tls), is("sip.example.com", 5080));
        assert_eq!(place("192.0.2.1", Transport::Tls), is("192.0.2.1", 5061));
        assert_eq!(place("[2001:db8::1]:5060", Transport::Udp), is("2001:db8::1", 5060));
        for wrong in ["", ":5060", "host:port", "host:0", "sip:host", "a b", "host:5060:1"] {
            assert_eq!(place(wrong, Transport::Udp), None, "{wrong}");
        }
    }

    #[test]
    fn mistakes_say_what_to_do() {
        let wrong = |change: fn(&mut TrunkConfig)| {
            let mut trunk = trunk("+12025550100", &["+"]);
            change(&mut trunk);
            let sip = BTreeMap::from([("main".to_owned(), trunk)]);
            let error = Carriers { sip, ..Carriers::default() }.check().unwrap_err();
            format!("{error:#}")
        };
        let check = |error: String, part: &str| {
            assert!(error.contains("carriers.sip.main") && error.contains(part), "{error}");
        };
        check(wrong(|trunk| trunk.address = "sip:x".into()), "address must be a host");
        check(wrong(|trunk| trunk.caller_ids.clear()), "caller_ids");
        check(wrong(|trunk| trunk.prefixes = vec!["49".into()]), "prefixes");
        check(wrong(|trunk| trunk.register = true), "username");
        check(wrong(|trunk| trunk.password = Password("x".into())), "no username");
        check(wrong(|trunk| trunk.session_secs = 10), "session_secs");
        check(wrong(|trunk| trunk.domain = Some("a@b".into())), "cannot stand");
        check(wrong(|trunk| trunk.ca_file = Some("ca.pem".into())), "tls");
        let range = PortRange { first: 20_001, last: 20_003 };
        let error = Carriers { rtp_ports: range, ..Carriers::default() }.check().unwrap_err();
        assert!(format!("{error}").contains("rtp_ports"), "{error}");
        let trunk = TrunkConfig { password: Password("s3cret".into()), ..TrunkConfig::default() };
        assert!(!format!("{trunk:?}").contains("s3cret"));
    }
}
