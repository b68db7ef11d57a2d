//! RTCP (RFC 3550): how well we hear, what we sent, and goodbye.

use std::time::Duration;

use domain::Time;

/// Mean time between two reports.
pub const REPORT_EVERY: Duration = Duration::from_secs(5);
const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;
const SOURCE_DESCRIPTION: u8 = 202;
const BYE: u8 = 203;
const CNAME: u8 = 1;
const CNAME_BYTES_MAX: usize = 255;
/// From the NTP epoch (1900) to ours.
const NTP_TO_UNIX_SECS: u64 = 2_208_988_800;

/// The time to the next report, 0.5 to 1.5 of the mean, so that reports of many calls do not meet.
#[must_use]
pub fn next_report_in(random: u32) -> Duration {
    REPORT_EVERY / 2 + REPORT_EVERY.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// How well a source is received (RFC 3550, appendix A).
#[derive(Clone, Debug, Default)]
pub struct Reception {
    first: Option<i64>,
    highest: i64,
    received: u64,
    /// Since the last report.
    expected_before: u64,
    received_before: u64,
    /// In timestamp units, times 16.
    jitter: u32,
    transit: Option<i64>,
    /// The other side's last report: its middle 32 bits of NTP time, and when it came.
    report: Option<(u32, Time)>,
}

/// What a report says of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub source: u32,
    /// Of 256, since the last report.
    pub fraction_lost: u8,
    pub lost: u32,
    pub highest: u32,
    pub jitter: u32,
    pub last_report: u32,
    pub since_last_report: u32,
}

impl Reception {
    pub fn note(&mut self, now: Time, sequence: u16, timestamp: u32) {
        self.received += 1;
        let sequence = match self.first {
            None => {
                self.first = Some(i64::from(sequence));
                self.highest = i64::from(sequence);
                self.highest
            }
            Some(_) => {
                let step = sequence.wrapping_sub(self.highest as u16) as i16;
                self.highest + i64::from(step)
            }
        };
        self.highest = self.highest.max(sequence);
        // 8000 timestamp units a second.
        let arrived = now.as_millis().wrapping_mul(8);
        let transit = arrived.wrapping_sub(i64::from(timestamp));
        if let Some(before) = self.transit.replace(transit) {
            // Modulo 2^32, as timestamps are.
            let difference = (transit.wrapping_sub(before) as i32).unsigned_abs();
            let smoothed = self.jitter - (self.jitter + 8) / 16;
            self.jitter = smoothed.saturating_add(difference.min(u32::MAX / 64));
        }
    }

    /// The other side's report came.
    pub fn reported(&mut self, now: Time, report: &SenderReport) {
        self.report = Some((report.ntp_middle, now));
    }

    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }

    #[must_use]
    pub fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    #[must_use]
    pub fn jitter_ms(&self) -> u32 {
        self.jitter / 16 / 8
    }

    fn expected(&self) -> u64 {
        self.first.map_or(0, |first| u64::try_from(self.highest - first + 1).unwrap_or(0))
    }

    /// For our next report; counts from here on anew.
    pub fn block(&mut self, now: Time, source: u32) -> Block {
        let expected = self.expected() - self.expected_before;
        let received = self.received - self.received_before;
        self.expected_before = self.expected();
        self.received_before = self.received;
        let lost = expected.saturating_sub(received);
        let fraction = (lost * 256).checked_div(expected).unwrap_or(0).min(255);
        let since = self.report.map_or(Duration::ZERO, |(_, came)| now.since(came));
        Block {
            source,
            fraction_lost: u8::try_from(fraction).unwrap_or(u8::MAX),
            lost: u32::try_from(self.lost()).unwrap_or(u32::MAX).min(0x7F_FFFF),
            highest: self.highest as u32,
            jitter: self.jitter / 16,
            last_report: self.report.map_or(0, |(middle, _)| middle),
            since_last_report: u32::try_from(since.as_millis() * 65_536 / 1000).unwrap_or(u32::MAX),
        }
    }
}

/// What we sent so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    pub timestamp: u32,
    pub packets: u32,
    pub octets: u32,
}

/// A report as it goes out: what we sent, what we heard, who we are.
#[must_use]
pub fn report(
    now: Time,
    ssrc: u32,
    sent: Option<Sent>,
    heard: Option<Block>,
    cname: &str,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let kind = if sent.is_some() { SENDER_REPORT } else { RECEIVER_REPORT };
    let mut body = ssrc.to_be_bytes().to_vec();
    if let Some(sent) = sent {
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        let seconds = millis / 1000 + NTP_TO_UNIX_SECS;
        let fraction = (millis % 1000) * (1 << 32) / 1000;
        body.extend((seconds as u32).to_be_bytes());
        body.extend((fraction as u32).to_be_bytes());
        for field in [sent.timestamp, sent.packets, sent.octets] {
            body.extend(field.to_be_bytes());
        }
    }
    if let Some(block) = heard {
        body.extend(block.source.to_be_bytes());
        body.extend((u32::from(block.fraction_lost) << 24 | block.lost).to_be_bytes());
        for field in [block.highest, block.jitter, block.last_report, block.since_last_report] {
            body.extend(field.to_be_bytes());
        }
    }
    write(&mut bytes, u8::from(heard.is_some()), kind, body);
    write(&mut bytes, 1, SOURCE_DESCRIPTION, description(ssrc, cname));
    bytes
}

/// The last thing that is sent.
#[must_use]
pub fn goodbye(now: Time, ssrc: u32, cname: &str) -> Vec<u8> {
    let mut bytes = report(now, ssrc, None, None, cname);
    write(&mut bytes, 1, BYE, ssrc.to_be_bytes().to_vec());
    bytes
}

fn description(ssrc: u32, cname: &str) -> Vec<u8> {
    let name = &cname.as_bytes()[..cname.len().min(CNAME_BYTES_MAX)];
    let mut body = ssrc.to_be_bytes().to_vec();
    body.extend([CNAME, name.len() as u8]);
    body.extend(name);
    body.push(0);
    body
}

fn write(bytes: &mut Vec<u8>, count: u8, kind: u8, mut body: Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
    let words = u16::try_from(body.len() / 4).unwrap_or(u16::MAX);
    bytes.extend([0x80 | count, kind]);
    bytes.extend(words.to_be_bytes());
    bytes.extend(body);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderReport {
    pub ssrc: u32,
    pub ntp_middle: u32,
    pub packets: u32,
}

/// What matters to us of what the other side sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Sent(SenderReport),
    /// How well a source, such as ours, is received over there.
    Heard(Block),
    Bye(u32),
}

/// Reads a compound packet as far as it is one.
#[must_use]
pub fn parse(mut bytes: &[u8]) -> Vec<Told> {
    let mut told = Vec::new();
    while let Some(([first, kind, high, low], rest)) = bytes.split_first_chunk::<4>() {
        let length = usize::from(u16::from_be_bytes([*high, *low])) * 4;
        let Some((body, next)) = rest.split_at_checked(length).filter(|_| first >> 6 == 2) else {
            break;
        };
        let count = usize::from(first & 0x1F);
        let word = |n: usize| {
            let bytes = body.get(n * 4..n * 4 + 4)?;
            Some(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        };
        match *kind {
            SENDER_REPORT => {
                if let (Some(ssrc), Some(seconds), Some(fraction), Some(packets)) =
                    (word(0), word(1), word(2), word(4))
                {
                    let ntp_middle = seconds << 16 | fraction >> 16;
                    told.push(Told::Sent(SenderReport { ssrc, ntp_middle, packets }));
                }
                told.extend((0..count).map_while(|n| block(&word, 6 + n * 6)).map(Told::Heard));
            }
            RECEIVER_REPORT => {
                told.extend((0..count).map_while(|n| block(&word, 1 + n * 6)).map(Told::Heard));
            }
            BYE => told.extend((0..count).map_while(word).map(Told::Bye)),
            _ => {}
        }
        bytes = next;
    }
    told
}

fn block(word: &impl Fn(usize) -> Option<u32>, at: usize) -> Option<Block> {
    let losses = word(at + 1)?;
    Some(Block {
        source: word(at)?,
        fraction_lost: (losses >> 24) as u8,
        lost: losses & 0xFF_FFFF,
        highest: word(at + 2)?,
        jitter: word(at + 3)?,
        last_report: word(at + 4)?,
        since_last_report: word(at + 5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    const SENT: Sent = Sent { timestamp: 160, packets: 3, octets: 480 };

    #[test]
    fn a_report_says_what_was_sent_and_heard() {
        let mut reception = Reception::default();
        let began = Time::from_secs(1_800_000_000);
        for (n, sequence) in [65534_u16, 65535, 1, 2].into_iter().enumerate() {
            let now = began + Duration::from_millis(20 * n as u64);
            reception.note(now, sequence, sequence.wrapping_add(2).into());
        }
        assert_eq!((reception.received(), reception.lost()), (4, 1));
        let block = reception.block(began, 9);
        assert_eq!((block.fraction_lost, block.lost, block.highest), (51, 1, 65538));
        let bytes = report(began, 7, Some(SENT), Some(block), "call@here");
        assert_eq!(bytes.len() % 4, 0);
        let told = parse(&bytes);
        let ntp_middle = ((1_800_000_000 + NTP_TO_UNIX_SECS) as u32) << 16;
        let sent = SenderReport { ssrc: 7, ntp_middle, packets: 3 };
        assert_eq!(told, [Told::Sent(sent), Told::Heard(block)]);
        // The next report counts anew, and says how long ago theirs was.
        reception.reported(began, &sent);
        let next = reception.block(began + Duration::from_millis(500), 9);
        assert_eq!((next.fraction_lost, next.lost), (0, 1));
        assert_eq!((next.last_report, next.since_last_report), (ntp_middle, 32_768));
    }

    #[test]
    fn goodbye_is_understood() {
        assert_eq!(parse(&goodbye(Time::ZERO, 7, "x")), [Told::Bye(7)]);
    }

    #[test]
    fn jitter_is_that_of_the_rfc() {
        let mut even = Reception::default();
        let mut shaken = Reception::default();
        for n in 0..500_u32 {
            let sent = i64::from(n) * 20;
            even.note(Time::from_millis(sent + 35), n as u16, n * 160);
            let delay = if n % 2 == 0 { 0 } else { 40 };
            shaken.note(Time::from_millis(sent + delay), n as u16, n * 160);
        }
        assert_eq!(even.jitter_ms(), 0);
        assert!((38..=40).contains(&shaken.jitter_ms()), "{}", shaken.jitter_ms());
    }

    #[test]
    fn reports_are_spread() {
        assert_eq!(next_report_in(0), REPORT_EVERY / 2);
        assert_eq!(next_report_in(u32::MAX), REPORT_EVERY * 3 / 2);
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let mut random = Random::new(4);
        let whole = report(
            Time::from_secs(1),
            7,
            Some(SENT),
            Some(Reception::default().block(Time::ZERO, 1)),
            "call@here",
        );
        for _ in 0..50_000 {
            let mut bytes = whole.clone();
            for _ in 0..random.below(6) {
                let at = random.below(bytes.len() as u64);
                bytes[at] = random.next() as u8;
            }
            bytes.truncate(random.below(80));
            let _ = parse(&bytes);
            let mut reception = Reception::default();
            for _ in 0..3 {
                let now = Time::from_millis(random.next() as i64);
                reception.note(now, random.next() as u16, random.next() as u32);
                reception.block(now, 1);
            }
        }
    }
}
