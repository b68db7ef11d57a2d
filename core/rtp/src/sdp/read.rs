//! Reading a description (RFC 8866), as far as it concerns us.

use std::net::{IpAddr, SocketAddr};

use super::{Crypto, Direction, MEDIA_MAX, SDP_BYTES_MAX, SdpError};
use crate::Law;

/// Where a stream comes from. A name is no address: nobody looks names up for audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    At(IpAddr),
    Named,
}

#[derive(Debug, Default)]
pub(super) struct Description {
    place: Option<Place>,
    direction: Option<Direction>,
    pub(super) media: Vec<Media>,
}

#[derive(Debug)]
pub(super) struct Media {
    pub(super) kind: String,
    pub(super) protocol: String,
    pub(super) formats: String,
    port: u16,
    /// `RTP/SAVP`.
    pub(super) secure: bool,
    place: Option<Place>,
    direction: Option<Direction>,
    rtcp: Option<(u16, Option<IpAddr>)>,
    numbers: Vec<u8>,
    /// In the order of preference.
    pub(super) laws: Vec<(u8, Law)>,
    event_numbers: Vec<u8>,
    pub(super) crypto: Vec<Crypto>,
}

impl Description {
    pub(super) fn read(bytes: &[u8]) -> Result<Description, SdpError> {
        if bytes.len() > SDP_BYTES_MAX {
            return Err(SdpError::Unreadable);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| SdpError::Unreadable)?;
        let mut described = Description::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() {
                continue;
            }
            let bad = SdpError::Line(number + 1);
            let (kind, value) = line.split_once('=').ok_or(bad.clone())?;
            match kind {
                "m" => described.media.push(Media::read(value).ok_or(bad)?),
                "c" => {
                    let place = address(value).map_or(Place::Named, Place::At);
                    *described.place_mut() = Some(place);
                }
                "a" => described.attribute(value),
                _ => {}
            }
            if described.media.len() > MEDIA_MAX {
                return Err(SdpError::Line(number + 1));
            }
        }
        for media in &mut described.media {
            media.assume_static_formats();
        }
        Ok(described)
    }

    /// The first stream we can use.
    pub(super) fn audio(&self) -> Option<&Media> {
        self.media.iter().find(|media| {
            let plain = media.protocol.eq_ignore_ascii_case("RTP/AVP");
            media.kind == "audio" && media.port != 0 && (plain || media.secure)
        })
    }

    /// For audio and for reports.
    pub(super) fn addresses(&self, media: &Media) -> Result<(SocketAddr, SocketAddr), SdpError> {
        let Some(Place::At(address)) = media.place.or(self.place) else {
            return Err(SdpError::NoAddress);
        };
        let (port, other) = media.rtcp.unwrap_or((media.port.saturating_add(1), None));
        Ok((SocketAddr::new(address, media.port), SocketAddr::new(other.unwrap_or(address), port)))
    }

    /// Seen from them. The address 0.0.0.0 is how old devices say that they hold.
    pub(super) fn direction(&self, media: &Media) -> Direction {
        let direction = media.direction.or(self.direction).unwrap_or(Direction::Both);
        let place = media.place.or(self.place);
        let held = matches!(place, Some(Place::At(address)) if address.is_unspecified());
        Direction::of(direction.sends(), direction.receives() && !held)
    }

    fn place_mut(&mut self) -> &mut Option<Place> {
        match self.media.last_mut() {
            Some(media) => &mut media.place,
            None => &mut self.place,
        }
    }

    fn attribute(&mut self, value: &str) {
        let named = Direction::ALL.iter().find(|(_, name)| *name == value);
        if let Some((direction, _)) = named {
            match self.media.last_mut() {
                Some(media) => media.direction = Some(*direction),
                None => self.direction = Some(*direction),
            }
            return;
        }
        let (Some(media), Some((name, value))) = (self.media.last_mut(), value.split_once(':'))
        else {
            return;
        };
        match name {
            "rtpmap" => media.map(value),
            "rtcp" => media.rtcp = rtcp(value),
            "crypto" => media.crypto.extend(Crypto::parse(value)),
            _ => {}
        }
    }
}

impl Media {
    /// `audio 49170 RTP/AVP 0 8 101`.
    fn read(value: &str) -> Option<Media> {
        let mut words = value.splitn(4, ' ');
        let (kind, port) = (words.next()?, words.next()?);
        let (protocol, formats) = (words.next()?, words.next().unwrap_or_default());
        let port = port.split('/').next()?.parse().ok()?;
        let numbers = formats.split_ascii_whitespace().filter_map(|number| number.parse().ok());
        Some(Media {
            kind: kind.to_owned(),
            protocol: protocol.to_owned(),
            formats: formats.to_owned(),
            port,
            secure: protocol.eq_ignore_ascii_case("RTP/SAVP"),
            place: None,
            direction: None,
            rtcp: None,
            numbers: numbers.filter(|number| *number < 128).collect(),
            laws: Vec::new(),
            event_numbers: Vec::new(),
            crypto: Vec::new(),
        })
    }

    pub(super) fn events(&self) -> Option<u8> {
        self.event_numbers.first().copied()
    }

    /// `101 telephone-event/8000`.
    fn map(&mut self, value: &str) {
        let Some((number, encoding)) = value.split_once(' ') else { return };
        let Some(number) = number.parse().ok().filter(|number| self.numbers.contains(number))
        else {
            return;
        };
        let mut parts = encoding.trim().split('/');
        let (name, rate) = (parts.next().unwrap_or_default(), parts.next());
        if rate != Some("8000") {
            return;
        }
        if name.eq_ignore_ascii_case("telephone-event") {
            self.event_numbers.push(number);
        }
        let law = [Law::Mu, Law::A].into_iter().find(|law| name.eq_ignore_ascii_case(law.name()));
        self.laws.extend(law.map(|law| (number, law)));
    }

    /// 0 and 8 need no `rtpmap`; and formats count in the order of the list.
    fn assume_static_formats(&mut self) {
        for law in [Law::Mu, Law::A] {
            let number = law.payload_type();
            let known = self.laws.iter().any(|(mapped, _)| *mapped == number);
            if self.numbers.contains(&number) && !known {
                self.laws.push((number, law));
            }
        }
        let place = |number: u8| self.numbers.iter().position(|listed| *listed == number);
        self.laws.sort_by_key(|(number, _)| place(*number));
    }
}

/// `IN IP4 203.0.113.10`, perhaps with `/TTL`.
fn address(value: &str) -> Option<IpAddr> {
    let address = value.split_ascii_whitespace().nth(2)?;
    address.split('/').next()?.parse().ok()
}

/// `53020` or `53020 IN IP4 203.0.113.10`.
fn rtcp(value: &str) -> Option<(u16, Option<IpAddr>)> {
    let (port, place) = value.split_once(' ').unwrap_or((value, ""));
    Some((port.parse().ok()?, address(place)))
}
