//! Encryption of one leg's audio and reports (RFC 3711), by a library.

use std::collections::BTreeSet;

use bytes::Bytes;
use rtp::sdp::{Crypto, Suite};
use webrtc_srtp::context::Context;
use webrtc_srtp::option::{srtcp_replay_protection, srtp_replay_protection};
use webrtc_srtp::protection_profile::ProtectionProfile;

/// Packets that may come late without being taken for a repetition.
const REPLAY_WINDOW: usize = 128;
const KEY_BYTES: usize = 16;
/// The library keeps a state for every source it hears of, before it knows whether to believe it.
const SOURCES_MAX: usize = 8;

pub(super) struct Srtp {
    keys: (Crypto, Crypto),
    ours: Context,
    theirs: Context,
    sources: BTreeSet<[u8; 4]>,
}

impl Srtp {
    pub(super) fn new(keys: (Crypto, Crypto)) -> anyhow::Result<Srtp> {
        let (ours, theirs) = (context(&keys.0)?, context(&keys.1)?);
        Ok(Srtp { keys, ours, theirs, sources: BTreeSet::new() })
    }

    /// The same keys go on where they are: beginning anew would repeat what was used.
    pub(super) fn has(&self, keys: &(Crypto, Crypto)) -> bool {
        self.keys == *keys
    }

    pub(super) fn seal(&mut self, packet: &[u8]) -> Option<Bytes> {
        self.ours.encrypt_rtp(packet).ok()
    }

    pub(super) fn seal_report(&mut self, report: &[u8]) -> Option<Bytes> {
        self.ours.encrypt_rtcp(report).ok()
    }

    /// `None` for what was not sealed with their key, or came before.
    pub(super) fn open(&mut self, packet: &[u8]) -> Option<Bytes> {
        rtp::Packet::parse(packet).ok()?;
        self.knows(packet, 8)?;
        self.theirs.decrypt_rtp(packet).ok()
    }

    pub(super) fn open_report(&mut self, report: &[u8]) -> Option<Bytes> {
        // What follows the sender's source must hold index and tag.
        let long_enough = report.len() >= 8 + 4 + 10;
        self.knows(report, 4).filter(|()| long_enough)?;
        self.theirs.decrypt_rtcp(report).ok()
    }

    fn knows(&mut self, packet: &[u8], at: usize) -> Option<()> {
        let source = packet.get(at..)?.first_chunk::<4>()?;
        let room = self.sources.len() < SOURCES_MAX;
        (self.sources.contains(source) || (room && self.sources.insert(*source))).then_some(())
    }
}

fn context(key: &Crypto) -> anyhow::Result<Context> {
    let profile = match key.suite {
        Suite::AesCm128HmacSha1With80 => ProtectionProfile::Aes128CmHmacSha1_80,
        Suite::AesCm128HmacSha1With32 => ProtectionProfile::Aes128CmHmacSha1_32,
    };
    let (master, salt) = key.key.split_at(KEY_BYTES);
    let audio = srtp_replay_protection(REPLAY_WINDOW);
    let reports = srtcp_replay_protection(REPLAY_WINDOW);
    Ok(Context::new(master, salt, profile, Some(audio), Some(reports))?)
}

#[cfg(test)]
mod tests {
    use rtp::sdp::KEY_BYTES;

    use super::*;

    fn pair(suite: Suite) -> (Srtp, Srtp) {
        let key = |byte| Crypto { tag: 1, suite, key: [byte; KEY_BYTES] };
        let one = Srtp::new((key(1), key(2))).unwrap();
        (one, Srtp::new((key(2), key(1))).unwrap())
    }

    fn packet(sequence: u16, ssrc: u32) -> Vec<u8> {
        let (marker, payload_type, timestamp, payload) = (false, 0, 7, &b"what was said"[..]);
        rtp::Packet { marker, payload_type, sequence, timestamp, ssrc, payload }.to_bytes()
    }

    #[test]
    fn what_is_sealed_is_opened_once_and_only_by_the_other_side() {
        for (suite, tag) in Suite::ALL.into_iter().zip([10, 4]) {
            let (mut here, mut there) = pair(suite);
            // Over the end of the sequence numbers, where the rollover counter counts.
            for sequence in (65_400..=u16::MAX).chain(0..200) {
                let plain = packet(sequence, 9);
                let sealed = here.seal(&plain).unwrap();
                assert_eq!(sealed.len(), plain.len() + tag);
                assert_ne!(sealed[12..plain.len()], plain[12..]);
                assert_eq!(there.open(&sealed).as_deref(), Some(&plain[..]), "{sequence}");
                assert_eq!(there.open(&sealed), None, "a repetition is refused");
                assert_eq!(here.open(&sealed), None, "it is sealed for the other side");
            }
            let mut forged = here.seal(&packet(300, 9)).unwrap().to_vec();
            forged[15] ^= 1;
            assert_eq!(there.open(&forged), None);
        }
    }

    #[test]
    fn reports_are_sealed_too() {
        let (mut here, mut there) = pair(Suite::AesCm128HmacSha1With80);
        let report = rtp::rtcp::goodbye(domain::Time::ZERO, 9, "call@here");
        let sealed = here.seal_report(&report).unwrap();
        assert_eq!(there.open_report(&sealed).as_deref(), Some(&report[..]));
        assert_eq!(there.open_report(&sealed), None);
    }

    #[test]
    fn strangers_take_no_room_and_nothing_panics() {
        let (_, mut there) = pair(Suite::AesCm128HmacSha1With80);
        for ssrc in 0..1000 {
            assert_eq!(there.open(&packet(1, ssrc)), None);
        }
        assert_eq!(there.sources.len(), SOURCES_MAX);
        for length in 0..80 {
            for first in [0x80, 0x90, 0xBF, 0x00] {
                let mut bytes = vec![0xC8; length];
                if let Some(byte) = bytes.first_mut() {
                    *byte = first;
                }
                assert_eq!(there.open(&bytes), None);
                assert_eq!(there.open_report(&bytes), None);
            }
        }
    }
}
