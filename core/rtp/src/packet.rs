//! One RTP packet (RFC 3550), read and written.

const HEADER_BYTES: usize = 12;
const VERSION: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    pub marker: bool,
    /// 7 bits.
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedPacket {
    #[error("shorter than its header says")]
    TooShort,
    #[error("version {0} instead of 2")]
    Version(u8),
    #[error("more padding than payload")]
    Padding,
}

impl<'a> Packet<'a> {
    /// Skips contributing sources, header extension and padding.
    pub fn parse(bytes: &'a [u8]) -> Result<Packet<'a>, MalformedPacket> {
        let Some((header, rest)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
            return Err(MalformedPacket::TooShort);
        };
        let version = header[0] >> 6;
        if version != VERSION {
            return Err(MalformedPacket::Version(version));
        }
        let has_padding = header[0] & 0x20 != 0;
        let has_extension = header[0] & 0x10 != 0;
        let sources = usize::from(header[0] & 0x0F);
        let mut payload = rest.get(sources * 4..).ok_or(MalformedPacket::TooShort)?;
        if has_extension {
            let words = payload.get(2..4).ok_or(MalformedPacket::TooShort)?;
            let words = usize::from(u16::from_be_bytes([words[0], words[1]]));
            payload = payload.get(4 + words * 4..).ok_or(MalformedPacket::TooShort)?;
        }
        if has_padding {
            let padding = usize::from(*payload.last().ok_or(MalformedPacket::Padding)?);
            let kept = payload.len().checked_sub(padding).filter(|_| padding > 0);
            payload = &payload[..kept.ok_or(MalformedPacket::Padding)?];
        }
        Ok(Packet {
            marker: header[1] & 0x80 != 0,
            payload_type: header[1] & 0x7F,
            sequence: u16::from_be_bytes([header[2], header[3]]),
            timestamp: u32::from_be_bytes([header[4], header[5], header[6], header[7]]),
            ssrc: u32::from_be_bytes([header[8], header[9], header[10], header[11]]),
            payload,
        })
    }

    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.payload.len());
        bytes.push(VERSION << 6);
        bytes.push(u8::from(self.marker) << 7 | self.payload_type & 0x7F);
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(self.timestamp.to_be_bytes());
        bytes.extend(self.ssrc.to_be_bytes());
        bytes.extend(self.payload);
        bytes
    }
}

/// Whether a datagram on a port that carries both is RTCP (RFC 5761).
#[must_use]
pub fn is_rtcp(bytes: &[u8]) -> bool {
    bytes.len() >= 2 && bytes[0] >> 6 == VERSION && (192..=223).contains(&bytes[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    const PLAIN: Packet<'static> = Packet {
        marker: true,
        payload_type: 101,
        sequence: 0xFFFE,
        timestamp: 0x8000_0001,
        ssrc: 0xDEAD_BEEF,
        payload: b"frame",
    };

    #[test]
    fn what_is_written_is_read() {
        let bytes = PLAIN.to_bytes();
        assert_eq!(Packet::parse(&bytes), Ok(PLAIN));
        assert!(!is_rtcp(&bytes));
        assert!(is_rtcp(&[0x80, 200, 0, 6]));
    }

    #[test]
    fn sources_extension_and_padding_are_skipped() {
        let mut bytes = PLAIN.to_bytes();
        bytes[0] |= 0x02 | 0x10 | 0x20;
        let payload = bytes.split_off(12);
        bytes.extend([1; 8]);
        bytes.extend([0xBE, 0xDE, 0, 1, 9, 9, 9, 9]);
        bytes.extend(&payload);
        bytes.extend([0, 0, 3]);
        assert_eq!(Packet::parse(&bytes), Ok(PLAIN));
    }

    #[test]
    fn lies_about_lengths_are_refused() {
        use MalformedPacket::{Padding, TooShort, Version};
        let with = |first: u8, tail: &[u8]| {
            let mut bytes = Packet { payload: tail, ..PLAIN }.to_bytes();
            bytes[0] = first;
            Packet::parse(&bytes).map(|packet| packet.payload.to_vec())
        };
        assert_eq!(with(0x80, b""), Ok(Vec::new()));
        assert_eq!(with(0x40, b"x"), Err(Version(1)));
        assert_eq!(with(0x8F, b"x"), Err(TooShort));
        assert_eq!(with(0x90, b"x"), Err(TooShort));
        assert_eq!(with(0x90, &[0, 0, 0, 9]), Err(TooShort));
        assert_eq!(with(0xA0, b""), Err(Padding));
        assert_eq!(with(0xA0, &[0]), Err(Padding));
        assert_eq!(with(0xA0, &[7, 3]), Err(Padding));
        assert_eq!(with(0xA0, &[7, 1]), Ok(vec![7]));
        assert_eq!(Packet::parse(&[0x80; 11]), Err(TooShort));
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let mut random = Random::new(1);
        for _ in 0..50_000 {
            let length = random.below(64);
            let mut bytes = random.bytes(length);
            if random.below(2) == 0 && !bytes.is_empty() {
                bytes[0] = 0x80 | bytes[0] & 0x3F;
            }
            let _ = is_rtcp(&bytes);
            if let Ok(packet) = Packet::parse(&bytes) {
                assert!(packet.payload.len() + 12 <= bytes.len());
            }
        }
    }
}
