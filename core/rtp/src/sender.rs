//! What we send: a packet for every 20 ms, audio or a digit.

use std::collections::VecDeque;
use std::f32::consts::TAU;

use audio_codec_algorithms::encode_ulaw;

use crate::digits::{Digit, TelephoneEvent};
use crate::packet::Packet;
use crate::{FRAME_SAMPLES, Frame, Law, SILENCE};

/// Digits waiting to be sent.
pub const DIGITS_WAITING_MAX: usize = 64;
/// A press lasts 100 ms, and the next one begins 100 ms later.
const TONE_FRAMES: u16 = 5;
const GAP_FRAMES: u16 = 5;
/// The last packet of a press, which the others may be lost without, is sent so often.
const END_PACKETS: u16 = 3;
const VOLUME: u8 = 10;
/// Of each of the two tones; together about −9 dBm0.
const TONE_AMPLITUDE: f32 = 6000.0;
const SAMPLES_PER_SECOND: f32 = 8000.0;
const FRAME: u32 = FRAME_SAMPLES as u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{DIGITS_WAITING_MAX} digits are waiting to be sent already")]
pub struct TooManyDigits;

#[derive(Debug)]
struct Press {
    digit: Digit,
    began: u32,
    /// Frames since.
    frames: u16,
}

#[derive(Debug)]
pub struct Sender {
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    law: Law,
    payload_type: u8,
    /// Where the other side takes digits; without it they are sent as tones.
    events: Option<u8>,
    /// The next packet of audio is the first after a pause.
    resumes: bool,
    waiting: VecDeque<Digit>,
    press: Option<Press>,
    packets: u32,
    octets: u32,
}

impl Sender {
    /// `ssrc` and the first sequence number are random.
    #[must_use]
    pub fn new(ssrc: u32, sequence: u16, law: Law, payload_type: u8) -> Sender {
        Sender {
            ssrc,
            sequence,
            timestamp: ssrc.rotate_left(13) ^ u32::from(sequence),
            law,
            payload_type,
            events: None,
            resumes: true,
            waiting: VecDeque::new(),
            press: None,
            packets: 0,
            octets: 0,
        }
    }

    /// After an agreement, or a new one: the stream goes on.
    pub fn agree(&mut self, law: Law, payload_type: u8, events: Option<u8>) {
        (self.law, self.payload_type, self.events) = (law, payload_type, events);
    }

    pub fn press(&mut self, digit: Digit) -> Result<(), TooManyDigits> {
        if self.waiting.len() >= DIGITS_WAITING_MAX {
            return Err(TooManyDigits);
        }
        self.waiting.push_back(digit);
        Ok(())
    }

    /// The packet of the next 20 ms: this frame, or what is being pressed.
    pub fn frame(&mut self, frame: &Frame) -> Vec<u8> {
        if self.press.is_none() {
            let digit = self.waiting.pop_front();
            let began = self.timestamp;
            self.press = digit.map(|digit| Press { digit, began, frames: 0 });
        }
        let packet = match self.press.take() {
            Some(mut press) => {
                press.frames += 1;
                let packet = self.pressing(&press, frame);
                self.press = Some(press).filter(|press| press.frames < TONE_FRAMES + GAP_FRAMES);
                packet
            }
            None => self.audio(frame),
        };
        self.timestamp = self.timestamp.wrapping_add(FRAME);
        packet
    }

    /// 20 ms in which nothing is sent: the other side wants nothing.
    pub fn pause(&mut self) {
        self.timestamp = self.timestamp.wrapping_add(FRAME);
        self.resumes = true;
    }

    pub fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Timestamp, packets and octets so far, as a report has them.
    pub fn sent(&self) -> (u32, u32, u32) {
        (self.timestamp, self.packets, self.octets)
    }

    fn pressing(&mut self, press: &Press, frame: &Frame) -> Vec<u8> {
        let Some(payload_type) = self.events else {
            let tone = press.frames <= TONE_FRAMES;
            let tone = if tone { tone_frame(press.digit, press.frames - 1) } else { SILENCE };
            return self.audio(&tone);
        };
        if press.frames >= TONE_FRAMES + END_PACKETS {
            return self.audio(frame);
        }
        let lasted = press.frames.min(TONE_FRAMES);
        let event = TelephoneEvent {
            event: press.digit.event(),
            end: press.frames >= TONE_FRAMES,
            volume: VOLUME,
            duration: lasted * FRAME_SAMPLES as u16,
        };
        self.resumes = true;
        self.packet(press.frames == 1, payload_type, press.began, &event.to_bytes())
    }

    fn audio(&mut self, frame: &Frame) -> Vec<u8> {
        let marker = std::mem::take(&mut self.resumes);
        let payload = frame.map(|byte| self.law.write(byte));
        self.packet(marker, self.payload_type, self.timestamp, &payload)
    }

    fn packet(
        &mut self,
        marker: bool,
        payload_type: u8,
        timestamp: u32,
        payload: &[u8],
    ) -> Vec<u8> {
        let Sender { sequence, ssrc, .. } = *self;
        self.sequence = sequence.wrapping_add(1);
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(u32::try_from(payload.len()).unwrap_or(0));
        Packet { marker, payload_type, sequence, timestamp, ssrc, payload }.to_bytes()
    }
}

fn tone_frame(digit: Digit, nth: u16) -> Frame {
    let (low, high) = digit.tones();
    let mut frame = SILENCE;
    for (n, byte) in frame.iter_mut().enumerate() {
        let at = (usize::from(nth) * FRAME_SAMPLES + n) as f32 / SAMPLES_PER_SECOND;
        let wave = (TAU * low * at).sin() + (TAU * high * at).sin();
        *byte = encode_ulaw((wave * TONE_AMPLITUDE) as i16);
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;
    use audio_codec_algorithms::decode_ulaw;

    fn digit(key: char) -> Digit {
        Digit::new(key).unwrap()
    }

    #[test]
    fn audio_counts_on_and_wraps() {
        let mut sender = Sender::new(5, 0xFFFF, Law::A, 8);
        let first = sender.frame(&SILENCE);
        let second = sender.frame(&SILENCE);
        sender.pause();
        let third = sender.frame(&SILENCE);
        let [first, second, third] = [&first, &second, &third].map(|p| Packet::parse(p).unwrap());
        assert_eq!([first.sequence, second.sequence, third.sequence], [0xFFFF, 0, 1]);
        assert_eq!([first.marker, second.marker, third.marker], [true, false, true]);
        assert_eq!(second.timestamp.wrapping_sub(first.timestamp), 160);
        assert_eq!(third.timestamp.wrapping_sub(second.timestamp), 320);
        assert_eq!((first.payload_type, first.payload), (8, &[0xD5; 160][..]));
        assert_eq!(sender.sent().1, 3);
        assert_eq!(sender.sent().2, 480);
    }

    #[test]
    fn a_press_is_seven_packets_of_which_the_last_three_are_the_same() {
        let mut sender = Sender::new(5, 10, Law::Mu, 0);
        sender.agree(Law::Mu, 0, Some(96));
        sender.frame(&SILENCE);
        sender.press(digit('#')).unwrap();
        sender.press(digit('1')).unwrap();
        let packets: Vec<Vec<u8>> = (0..20).map(|_| sender.frame(&SILENCE)).collect();
        let packets: Vec<Packet<'_>> = packets.iter().map(|p| Packet::parse(p).unwrap()).collect();
        let types: Vec<u8> = packets.iter().map(|packet| packet.payload_type).collect();
        let expected: Vec<u8> = [vec![96; 7], vec![0; 3], vec![96; 7], vec![0; 3]].concat();
        assert_eq!(types, expected);
        let pressed = &packets[..7];
        let durations: Vec<(bool, u16)> = pressed
            .iter()
            .map(|packet| TelephoneEvent::parse(packet.payload).unwrap())
            .map(|event| (event.end, event.duration))
            .collect();
        let ends = [(true, 800); 3];
        let expected = [(false, 160), (false, 320), (false, 480), (false, 640)];
        assert_eq!(durations, [&expected[..], &ends[..]].concat());
        assert!(pressed.iter().all(|packet| packet.timestamp == pressed[0].timestamp));
        let markers = pressed.iter().filter(|packet| packet.marker).count();
        assert!(markers == 1 && pressed[0].marker);
        for (before, after) in packets.iter().zip(&packets[1..]) {
            assert_eq!(after.sequence, before.sequence.wrapping_add(1));
        }
        // Time went on during the press.
        assert_eq!(packets[7].timestamp.wrapping_sub(packets[0].timestamp), 7 * 160);
    }

    #[test]
    fn without_events_a_digit_is_two_tones() {
        let mut sender = Sender::new(5, 10, Law::Mu, 0);
        sender.press(digit('5')).unwrap();
        let frames: Vec<Vec<u8>> = (0..10).map(|_| sender.frame(&[0x20; 160])).collect();
        let power = |frame: &[u8], hz: f32| {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, byte) in frame[12..].iter().enumerate() {
                let angle = TAU * hz * n as f32 / SAMPLES_PER_SECOND;
                let sample = f32::from(decode_ulaw(*byte));
                re += sample * angle.cos();
                im += sample * angle.sin();
            }
            (re * re + im * im).sqrt()
        };
        for frame in &frames[..5] {
            for other in [697.0, 852.0, 941.0, 1209.0, 1477.0, 1633.0] {
                assert!(power(frame, 770.0) > 3.0 * power(frame, other), "{other}");
                assert!(power(frame, 1336.0) > 3.0 * power(frame, other), "{other}");
            }
        }
        for frame in &frames[5..] {
            assert_eq!(frame[12..], SILENCE, "a gap follows");
        }
    }

    #[test]
    fn waiting_digits_are_limited() {
        let mut sender = Sender::new(5, 10, Law::Mu, 0);
        for _ in 0..DIGITS_WAITING_MAX {
            sender.press(digit('1')).unwrap();
        }
        assert_eq!(sender.press(digit('1')), Err(TooManyDigits));
    }
}
