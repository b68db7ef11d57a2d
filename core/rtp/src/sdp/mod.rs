//! What the two sides agree on before audio flows: offer and answer (RFC 3264) for one stream of G.711
//! with telephone events, and its keys (RFC 4568).

mod crypto;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

pub use crypto::{Crypto, KEY_BYTES, Suite};
use read::{Description, Media};

use crate::Law;

/// The number we offer for telephone events.
pub const EVENTS_PAYLOAD_TYPE: u8 = 101;
/// A longer description is not read.
pub const SDP_BYTES_MAX: usize = 16 * 1024;
/// Streams in one description; more are not read.
pub const MEDIA_MAX: usize = 8;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    #[error("the description is not UTF-8, or longer than {SDP_BYTES_MAX} bytes")]
    Unreadable,
    #[error("the line {0} of the description cannot be read")]
    Line(usize),
    #[error("no audio stream is offered or taken")]
    NoAudio,
    #[error("no numeric address is given for audio")]
    NoAddress,
    #[error("neither PCMU nor PCMA is among the formats")]
    NoFormat,
    #[error("encryption is required on one side and not there on the other")]
    Encryption,
}

/// Which way audio may flow, seen from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Both,
    SendOnly,
    ReceiveOnly,
    Inactive,
}

impl Direction {
    const ALL: [(Direction, &'static str); 4] = [
        (Direction::Both, "sendrecv"),
        (Direction::SendOnly, "sendonly"),
        (Direction::ReceiveOnly, "recvonly"),
        (Direction::Inactive, "inactive"),
    ];

    pub const fn sends(self) -> bool {
        matches!(self, Direction::Both | Direction::SendOnly)
    }

    pub const fn receives(self) -> bool {
        matches!(self, Direction::Both | Direction::ReceiveOnly)
    }

    const fn of(sends: bool, receives: bool) -> Direction {
        match (sends, receives) {
            (true, true) => Direction::Both,
            (true, false) => Direction::SendOnly,
            (false, true) => Direction::ReceiveOnly,
            (false, false) => Direction::Inactive,
        }
    }

    /// The same seen from the other side.
    const fn reversed(self) -> Direction {
        Direction::of(self.receives(), self.sends())
    }

    fn name(self) -> &'static str {
        let named = Direction::ALL.iter().find(|(direction, _)| *direction == self);
        named.map_or("sendrecv", |(_, name)| name)
    }
}

/// Whether audio is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    #[default]
    Off,
    /// Where the other side can.
    Optional,
    Required,
}

/// What both sides said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Where audio goes, and where reports go.
    pub remote: SocketAddr,
    pub remote_rtcp: SocketAddr,
    /// What we send, under their number.
    pub law: Law,
    pub payload_type: u8,
    /// Their number for telephone events, if they take them.
    pub events: Option<u8>,
    /// What we may get, under our numbers.
    pub receive: BTreeMap<u8, Law>,
    pub receive_events: Option<u8>,
    pub direction: Direction,
    /// Ours, theirs.
    pub crypto: Option<(Crypto, Crypto)>,
}

/// Our side of a call's descriptions, from the first offer on.
#[derive(Clone, Debug)]
pub struct Local {
    address: IpAddr,
    port: u16,
    laws: Vec<Law>,
    encryption: Encryption,
    /// One for each suite we know.
    keys: Vec<Crypto>,
    session: u64,
    version: u64,
    /// What we said last, without the line that numbers it.
    said: String,
}

impl Local {
    /// `session` is random, and so is each key.
    #[must_use]
    pub fn new(
        address: IpAddr,
        port: u16,
        laws: Vec<Law>,
        encryption: Encryption,
        keys: Vec<Crypto>,
        session: u64,
    ) -> Local {
        let version = 0;
        let said = String::new();
        // Above this some implementations fail; the RFC has 64 bits.
        let session = session & (u64::MAX >> 2);
        Local { address, port, laws, encryption, keys, session, version, said }
    }

    /// The offer of our INVITE; also what we say when they refresh without an offer.
    pub fn offer(&mut self) -> String {
        let mut formats: Vec<(u8, String)> = Vec::new();
        for law in &self.laws {
            formats.push((law.payload_type(), format!("{}/8000", law.name())));
        }
        formats.push((EVENTS_PAYLOAD_TYPE, "telephone-event/8000".into()));
        let secure = self.encryption == Encryption::Required;
        let keys = if self.encryption == Encryption::Off { Vec::new() } else { self.keys.clone() };
        let media = self.media(secure, &formats, Direction::Both, &keys);
        self.say(media)
    }

    /// What the answer to our offer means.
    pub fn agree(&self, answer: &[u8]) -> Result<Agreed, SdpError> {
        let described = Description::read(answer)?;
        let media = described.audio().ok_or(SdpError::NoAudio)?;
        let crypto = match (media.secure, self.encryption) {
            (false, Encryption::Required) | (true, Encryption::Off) => {
                return Err(SdpError::Encryption);
            }
            (_, Encryption::Off) => None,
            (secure, _) => {
                let theirs = media.crypto.first().copied();
                let ours = theirs.and_then(|theirs| self.key_for(theirs.suite));
                if secure && ours.is_none() {
                    return Err(SdpError::Encryption);
                }
                ours.zip(theirs)
            }
        };
        let (payload_type, law) = self.first_format(media)?;
        let receive = self.laws.iter().map(|law| (law.payload_type(), *law)).collect();
        let (remote, remote_rtcp) = described.addresses(media)?;
        Ok(Agreed {
            remote,
            remote_rtcp,
            law,
            payload_type,
            events: media.events(),
            receive,
            receive_events: Some(EVENTS_PAYLOAD_TYPE),
            direction: described.direction(media).reversed(),
            crypto,
        })
    }

    /// Our answer to an offer of theirs, and what it makes of the call.
    pub fn answer(&mut self, offer: &[u8]) -> Result<(String, Agreed), SdpError> {
        let described = Description::read(offer)?;
        let media = described.audio().ok_or(SdpError::NoAudio)?;
        let crypto = match (media.secure, self.encryption) {
            (true, Encryption::Off) => return Err(SdpError::Encryption),
            (false, Encryption::Off) => None,
            (secure, encryption) => {
                let theirs = media.crypto.iter().find(|key| self.key_for(key.suite).is_some());
                let pair = theirs.copied().and_then(|theirs| {
                    let ours = self.key_for(theirs.suite)?;
                    Some((Crypto { tag: theirs.tag, ..ours }, theirs))
                });
                if pair.is_none() && (secure || encryption == Encryption::Required) {
                    return Err(SdpError::Encryption);
                }
                pair
            }
        };
        let (payload_type, law) = self.first_format(media)?;
        let events = media.events();
        let direction = described.direction(media).reversed();
        let mut formats = vec![(payload_type, format!("{}/8000", law.name()))];
        formats.extend(events.map(|number| (number, "telephone-event/8000".to_owned())));
        let keys: Vec<Crypto> = crypto.iter().map(|(ours, _)| *ours).collect();
        let ours = self.media(media.secure, &formats, direction, &keys);
        let mut body = String::new();
        for other in &described.media {
            if std::ptr::eq(other, media) {
                body.push_str(&ours);
            } else {
                let _ = write!(body, "m={} 0 {} {}\r\n", other.kind, other.protocol, other.formats);
            }
        }
        let (remote, remote_rtcp) = described.addresses(media)?;
        let agreed = Agreed {
            remote,
            remote_rtcp,
            law,
            payload_type,
            events,
            receive: BTreeMap::from([(payload_type, law)]),
            receive_events: events,
            direction,
            crypto,
        };
        Ok((self.say(body), agreed))
    }

    fn key_for(&self, suite: Suite) -> Option<Crypto> {
        self.keys.iter().find(|key| key.suite == suite).copied()
    }

    fn first_format(&self, media: &Media) -> Result<(u8, Law), SdpError> {
        let usable = media.laws.iter().find(|(_, law)| self.laws.contains(law));
        usable.copied().ok_or(SdpError::NoFormat)
    }

    fn media(
        &self,
        secure: bool,
        formats: &[(u8, String)],
        direction: Direction,
        keys: &[Crypto],
    ) -> String {
        let protocol = if secure { "RTP/SAVP" } else { "RTP/AVP" };
        let mut text = format!("m=audio {} {protocol}", self.port);
        for (number, _) in formats {
            let _ = write!(text, " {number}");
        }
        text.push_str("\r\n");
        for (number, name) in formats {
            let _ = write!(text, "a=rtpmap:{number} {name}\r\n");
            if name.starts_with("telephone-event") {
                let _ = write!(text, "a=fmtp:{number} 0-15\r\n");
            }
        }
        for key in keys {
            let _ = write!(text, "a=crypto:{key}\r\n");
        }
        let _ = write!(text, "a=ptime:20\r\na={}\r\n", direction.name());
        text
    }

    fn say(&mut self, media: String) -> String {
        if self.said != media {
            self.version += 1;
            self.said = media;
        }
        let Local { address, session, version, .. } = self;
        let family = if address.is_ipv4() { "IP4" } else { "IP6" };
        format!(
            "v=0\r\no=- {session} {version} IN {family} {address}\r\ns=-\r\n\
             c=IN {family} {address}\r\nt=0 0\r\n{}",
            self.said
        )
    }
}
