//! What the other side sends, from datagrams to frames and digits.

use std::collections::{BTreeMap, VecDeque};

use domain::Time;

use crate::digits::{Digit, Hearing, TelephoneEvent};
use crate::order::{Arrival, Ordered, Reorder};
use crate::packet::{MalformedPacket, Packet};
use crate::rtcp::Reception;
use crate::{Concealer, FRAME_SAMPLES, Frame, Law};

/// Audio of one packet; nobody sends more than 200 ms.
const PAYLOAD_BYTES_MAX: usize = 1600;
/// A new source must send so many packets in a row before it is believed.
const SOURCE_PACKETS_MIN: u32 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Frame(Frame),
    Digit(Digit),
}

/// Why a datagram was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ignored {
    #[error("it is no RTP: {0}")]
    Malformed(MalformedPacket),
    #[error("its payload type {0} was not agreed on")]
    PayloadType(u8),
    #[error("it is too long")]
    TooLong,
    #[error("it comes from a source that is not known yet")]
    Source,
}

#[derive(Debug)]
enum Content {
    Audio(Law, Vec<u8>),
    Event(TelephoneEvent),
    Nothing,
}

#[derive(Debug)]
struct Timed {
    timestamp: u32,
    content: Content,
}

/// Drain [`Receiver::poll`] after each datagram and at each deadline.
#[derive(Debug)]
pub struct Receiver {
    audio: BTreeMap<u8, Law>,
    events: Option<u8>,
    source: Option<u32>,
    /// Another source, and how many packets of it came in a row.
    newcomer: Option<(u32, u32)>,
    order: Reorder<Timed>,
    digits: Hearing,
    concealer: Concealer,
    /// Where the audio that was passed on ends; unknown after an event or a new source.
    ends: Option<u32>,
    /// Packets were given up since then.
    missing: bool,
    /// Samples that do not fill a frame yet.
    partial: Vec<u8>,
    heard: VecDeque<Heard>,
    pub reception: Reception,
}

impl Receiver {
    /// With the payload types that we said we take.
    #[must_use]
    pub fn new(audio: BTreeMap<u8, Law>, events: Option<u8>) -> Receiver {
        Receiver {
            audio,
            events,
            source: None,
            newcomer: None,
            order: Reorder::default(),
            digits: Hearing::default(),
            concealer: Concealer::default(),
            ends: None,
            missing: false,
            partial: Vec::new(),
            heard: VecDeque::new(),
            reception: Reception::default(),
        }
    }

    /// After a new agreement; the stream goes on.
    pub fn accept(&mut self, audio: BTreeMap<u8, Law>, events: Option<u8>) {
        self.audio = audio;
        self.events = events;
    }

    pub fn handle(&mut self, now: Time, datagram: &[u8]) -> Result<Arrival, Ignored> {
        let packet = Packet::parse(datagram).map_err(Ignored::Malformed)?;
        let content = self.content(&packet)?;
        self.known_source(packet.ssrc)?;
        let Packet { sequence, timestamp, .. } = packet;
        let arrival = self.order.handle(now, sequence, Timed { timestamp, content });
        if arrival != Arrival::Astray {
            self.reception.note(now, sequence, timestamp);
        }
        Ok(arrival)
    }

    pub fn poll(&mut self, now: Time) -> Option<Heard> {
        while self.heard.is_empty() {
            match self.order.poll(now)? {
                Ordered::Missing(_) => self.missing = true,
                Ordered::Packet(packet) => self.pass(packet),
            }
        }
        self.heard.pop_front()
    }

    pub fn deadline(&self) -> Option<Time> {
        self.order.deadline()
    }

    /// The source that is listened to.
    pub fn source(&self) -> Option<u32> {
        self.source
    }

    fn content(&self, packet: &Packet<'_>) -> Result<Content, Ignored> {
        if packet.payload.len() > PAYLOAD_BYTES_MAX {
            return Err(Ignored::TooLong);
        }
        if self.events == Some(packet.payload_type) {
            let event = TelephoneEvent::parse(packet.payload);
            return Ok(event.map_or(Content::Nothing, Content::Event));
        }
        match self.audio.get(&packet.payload_type) {
            Some(law) => Ok(Content::Audio(*law, packet.payload.to_vec())),
            None => Err(Ignored::PayloadType(packet.payload_type)),
        }
    }

    fn known_source(&mut self, ssrc: u32) -> Result<(), Ignored> {
        match self.source {
            None => self.source = Some(ssrc),
            Some(known) if known == ssrc => self.newcomer = None,
            Some(_) => {
                let before = self.newcomer.filter(|(source, _)| *source == ssrc);
                let packets = before.map_or(1, |(_, packets)| packets + 1);
                self.newcomer = Some((ssrc, packets));
                if packets < SOURCE_PACKETS_MIN {
                    return Err(Ignored::Source);
                }
                self.source = Some(ssrc);
                self.newcomer = None;
                self.order = Reorder::default();
                self.digits = Hearing::default();
                self.reception = Reception::default();
                self.ends = None;
                self.missing = false;
            }
        }
        Ok(())
    }

    fn pass(&mut self, packet: Timed) {
        let missing = std::mem::take(&mut self.missing);
        match packet.content {
            Content::Audio(law, payload) => {
                if let (true, Some(ends)) = (missing, self.ends) {
                    self.fill(packet.timestamp.wrapping_sub(ends));
                }
                let samples = u32::try_from(payload.len()).unwrap_or(0);
                self.ends = Some(packet.timestamp.wrapping_add(samples));
                self.audio(law, &payload);
            }
            Content::Event(event) => {
                self.ends = None;
                let digit = self.digits.handle(packet.timestamp, event);
                self.heard.extend(digit.map(Heard::Digit));
            }
            Content::Nothing => self.ends = None,
        }
    }

    fn fill(&mut self, samples: u32) {
        for _ in 0..Concealer::frames_for(samples) {
            let frame = self.concealer.conceal();
            self.heard.push_back(Heard::Frame(frame));
        }
    }

    /// Packets of 10 or 30 ms are cut anew.
    fn audio(&mut self, law: Law, payload: &[u8]) {
        self.partial.extend(payload.iter().map(|byte| law.read(*byte)));
        while let Some(frame) = self.partial.first_chunk::<FRAME_SAMPLES>().copied() {
            self.partial.drain(..FRAME_SAMPLES);
            self.concealer.heard(&frame);
            self.heard.push_back(Heard::Frame(frame));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sender;
    use crate::testing::Random;

    fn receiver() -> Receiver {
        let audio = [Law::Mu, Law::A].map(|law| (law.payload_type(), law));
        Receiver::new(BTreeMap::from(audio), Some(101))
    }

    fn packet(sequence: u16, timestamp: u32, payload_type: u8, payload: &[u8]) -> Vec<u8> {
        let ssrc = 7;
        Packet { marker: false, payload_type, sequence, timestamp, ssrc, payload }.to_bytes()
    }

    fn drain(receiver: &mut Receiver, now: Time) -> Vec<Heard> {
        std::iter::from_fn(|| receiver.poll(now)).collect()
    }

    #[test]
    fn packets_of_any_length_become_frames() {
        let mut receiver = receiver();
        let mut heard = Vec::new();
        let mut sent = Vec::new();
        for (n, length) in [80, 80, 240, 40, 40].into_iter().enumerate() {
            let payload: Vec<u8> = (0..length).map(|i| (n * 50 + i) as u8).collect();
            let bytes = packet(n as u16, sent.len() as u32, 0, &payload);
            sent.extend(payload);
            receiver.handle(Time::ZERO, &bytes).unwrap();
            heard.extend(drain(&mut receiver, Time::ZERO));
        }
        let frames: Vec<u8> = heard
            .iter()
            .flat_map(|heard| match heard {
                Heard::Frame(frame) => frame.to_vec(),
                Heard::Digit(_) => Vec::new(),
            })
            .collect();
        assert_eq!(frames, sent);
    }

    #[test]
    fn a_lost_packet_is_concealed_and_a_pause_is_not() {
        let mut receiver = receiver();
        let tone = [0x20; 160];
        // 1 is lost; between 2 and 3 the other side was silent for a second.
        for (sequence, timestamp) in [(0, 0), (2, 320), (3, 8480), (4, 8640)] {
            receiver.handle(Time::ZERO, &packet(sequence, timestamp, 0, &tone)).unwrap();
        }
        assert_eq!(drain(&mut receiver, Time::ZERO).len(), 1);
        assert_eq!(receiver.deadline(), Some(Time::from_millis(60)));
        let heard = drain(&mut receiver, Time::from_millis(60));
        assert_eq!(heard.len(), 4);
        assert_ne!(heard[0], Heard::Frame(tone), "the concealed one is quieter");
        assert_eq!(heard[1], Heard::Frame(tone));
        assert_eq!((receiver.reception.lost(), receiver.reception.received()), (1, 4));
    }

    #[test]
    fn a_lost_packet_beside_a_press_is_not_filled_with_audio() {
        let mut receiver = receiver();
        let event = TelephoneEvent { event: 1, end: true, volume: 10, duration: 800 };
        receiver.handle(Time::ZERO, &packet(0, 0, 0, &[0x20; 160])).unwrap();
        receiver.handle(Time::ZERO, &packet(2, 160, 101, &event.to_bytes())).unwrap();
        receiver.handle(Time::ZERO, &packet(3, 1120, 0, &[0x20; 160])).unwrap();
        let heard = drain(&mut receiver, Time::from_millis(60));
        let digits = heard.iter().filter(|heard| matches!(heard, Heard::Digit(_))).count();
        assert_eq!((heard.len(), digits), (3, 1), "{heard:?}");
    }

    #[test]
    fn strangers_are_ignored_until_they_stay() {
        let mut receiver = receiver();
        let from = |ssrc, sequence| {
            let payload = &[0x20; 160];
            let (marker, payload_type, timestamp) = (false, 0, 0);
            Packet { marker, payload_type, sequence, timestamp, ssrc, payload }.to_bytes()
        };
        receiver.handle(Time::ZERO, &from(1, 10)).unwrap();
        assert_eq!(receiver.handle(Time::ZERO, &from(2, 500)), Err(Ignored::Source));
        receiver.handle(Time::ZERO, &from(1, 11)).unwrap();
        assert_eq!(receiver.handle(Time::ZERO, &from(2, 501)), Err(Ignored::Source));
        receiver.handle(Time::ZERO, &from(2, 502)).unwrap();
        assert_eq!(receiver.source(), Some(2));
        let wrong = receiver.handle(Time::ZERO, &packet(12, 0, 18, &[1]));
        assert_eq!(wrong, Err(Ignored::PayloadType(18)));
        let long = vec![0; PAYLOAD_BYTES_MAX + 1];
        let wrong = receiver.handle(Time::ZERO, &packet(12, 0, 0, &long));
        assert_eq!(wrong, Err(Ignored::TooLong));
    }

    /// What one of ours sends through a bad line: every digit arrives once, and time stays true.
    #[test]
    fn a_bad_line_loses_no_digit_and_keeps_time() {
        for seed in 0..50 {
            let mut random = Random::new(seed);
            let mut sender = Sender::new(random.next() as u32, random.next() as u16, Law::A, 8);
            sender.agree(Law::A, 8, Some(101));
            let mut receiver = receiver();
            let mut line: Vec<(i64, u64, Vec<u8>)> = Vec::new();
            for n in 0..500_i64 {
                if n == 100 {
                    for key in "1593#".chars() {
                        sender.press(Digit::new(key).unwrap()).unwrap();
                    }
                }
                let bytes = sender.frame(&[0x30; 160]);
                let late = if random.below(100) < 3 { 50 } else { 0 };
                if random.below(100) >= 3 {
                    line.push((n * 20 + late, random.next(), bytes));
                }
            }
            line.sort();
            let (mut keys, mut frames) = (String::new(), 0);
            let mut line = line.into_iter().peekable();
            for ms in 0..11_000 {
                let now = Time::from_millis(ms);
                while let Some((_, _, bytes)) = line.next_if(|(at, _, _)| *at == ms) {
                    receiver.handle(now, &bytes).unwrap();
                }
                while let Some(heard) = receiver.poll(now) {
                    match heard {
                        Heard::Frame(_) => frames += 1,
                        Heard::Digit(digit) => keys.push(digit.as_char()),
                    }
                }
            }
            assert_eq!(keys, "1593#", "seed {seed}");
            // Five presses of seven packets each are no frames; a loss beside one is not filled.
            assert!((455..=465).contains(&frames), "seed {seed}: {frames}");
        }
    }

    #[test]
    fn no_datagram_makes_it_panic() {
        let mut random = Random::new(3);
        let mut receiver = receiver();
        for n in 0..30_000 {
            let length = random.below(400);
            let mut bytes = random.bytes(length);
            if let Some(first) = bytes.first_mut() {
                *first = 0x80 | *first & 0x31;
            }
            if bytes.len() > 12 {
                bytes[1] = [0, 8, 101, 3][random.below(4)];
                bytes[2] = 0;
                bytes[8..12].copy_from_slice(&[0, 0, 0, random.below(2) as u8]);
            }
            let now = Time::from_millis(n);
            let _ = receiver.handle(now, &bytes);
            while receiver.poll(now).is_some() {}
            assert!(receiver.partial.len() < FRAME_SAMPLES);
        }
    }
}
