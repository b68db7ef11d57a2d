//! Telephone digits: what they are, how RFC 4733 writes them, and how they are heard.

use std::fmt;
use std::str::FromStr;

/// Digits in one go; the longest extension with pauses is far shorter.
pub const DIGITS_MAX: usize = 64;
const KEYS: [char; 16] =
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];
/// RFC 4733 durations end here; a longer event goes on in another one.
const DURATION_MAX: u16 = 0xFFFF;

/// A key of a telephone: `0` to `9`, `*`, `#`, `A` to `D`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digit(u8);

impl Digit {
    #[must_use]
    pub fn new(key: char) -> Option<Digit> {
        let key = key.to_ascii_uppercase();
        let event = KEYS.iter().position(|known| *known == key)?;
        u8::try_from(event).ok().map(Digit)
    }

    /// By its RFC 4733 number.
    #[must_use]
    pub fn from_event(event: u8) -> Option<Digit> {
        (usize::from(event) < KEYS.len()).then_some(Digit(event))
    }

    #[must_use]
    pub fn event(self) -> u8 {
        self.0
    }

    #[must_use]
    pub fn as_char(self) -> char {
        KEYS[usize::from(self.0)]
    }

    /// The two tones in Hz.
    pub(crate) fn tones(self) -> (f32, f32) {
        let (row, column) = match self.as_char() {
            '1' => (0, 0),
            '2' => (0, 1),
            '3' => (0, 2),
            'A' => (0, 3),
            '4' => (1, 0),
            '5' => (1, 1),
            '6' => (1, 2),
            'B' => (1, 3),
            '7' => (2, 0),
            '8' => (2, 1),
            '9' => (2, 2),
            'C' => (2, 3),
            '*' => (3, 0),
            '0' => (3, 1),
            '#' => (3, 2),
            _ => (3, 3),
        };
        ([697.0, 770.0, 852.0, 941.0][row], [1209.0, 1336.0, 1477.0, 1633.0][column])
    }
}

impl fmt::Display for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_char())
    }
}

/// What is keyed in may be a card number: a log does not show it.
impl fmt::Debug for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digit(…)")
    }
}

/// Keys pressed one after the other.
#[derive(Clone, PartialEq, Eq)]
pub struct Digits(Vec<Digit>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("digits are 1 to {DIGITS_MAX} of 0-9, *, #, A-D")]
pub struct ParseDigitsError;

impl Digits {
    #[must_use]
    pub fn as_slice(&self) -> &[Digit] {
        &self.0
    }
}

impl FromStr for Digits {
    type Err = ParseDigitsError;
    fn from_str(text: &str) -> Result<Digits, ParseDigitsError> {
        let length = text.chars().take(DIGITS_MAX + 1).count();
        if !(1..=DIGITS_MAX).contains(&length) {
            return Err(ParseDigitsError);
        }
        let digits: Option<Vec<Digit>> = text.chars().map(Digit::new).collect();
        digits.map(Digits).ok_or(ParseDigitsError)
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digits({} of them)", self.0.len())
    }
}

/// The payload of one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TelephoneEvent {
    pub event: u8,
    pub end: bool,
    /// −dBm0, 6 bits.
    pub volume: u8,
    /// Since the start of the event, in samples.
    pub duration: u16,
}

impl TelephoneEvent {
    /// The first event of a payload; `None` if there is none.
    #[must_use]
    pub fn parse(payload: &[u8]) -> Option<TelephoneEvent> {
        let [event, flags, high, low] = *payload.first_chunk::<4>()?;
        Some(TelephoneEvent {
            event,
            end: flags & 0x80 != 0,
            volume: flags & 0x3F,
            duration: u16::from_be_bytes([high, low]),
        })
    }

    #[must_use]
    pub fn to_bytes(self) -> [u8; 4] {
        let [high, low] = self.duration.to_be_bytes();
        [self.event, u8::from(self.end) << 7 | self.volume & 0x3F, high, low]
    }
}

/// Tells presses from the many packets of each.
#[derive(Debug, Default)]
pub struct Hearing {
    last: Option<Press>,
}

#[derive(Debug)]
struct Press {
    timestamp: u32,
    event: TelephoneEvent,
    told: bool,
}

impl Hearing {
    /// The digit, once for each press: with the first packet that says how long it has been.
    pub fn handle(&mut self, timestamp: u32, event: TelephoneEvent) -> Option<Digit> {
        let told = self.last.as_ref().is_some_and(|last| {
            let goes_on = last.event.duration == DURATION_MAX
                && !last.event.end
                && timestamp == last.timestamp.wrapping_add(u32::from(DURATION_MAX));
            last.told && last.event.event == event.event && (timestamp == last.timestamp || goes_on)
        });
        let tells = !told && event.duration > 0;
        self.last = Some(Press { timestamp, event, told: told || tells });
        if tells { Digit::from_event(event.event) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Random;

    #[test]
    fn digits_are_parsed_and_nothing_else() {
        for good in ["0", "123#", "*69", "ABCD", "abcd"] {
            let digits: Digits = good.parse().unwrap();
            assert_eq!(digits.to_string(), good.to_ascii_uppercase());
        }
        let long = "1".repeat(DIGITS_MAX + 1);
        for bad in ["", "12 3", "E", "+1", "１", long.as_str()] {
            assert_eq!(bad.parse::<Digits>(), Err(ParseDigitsError), "{bad}");
        }
        assert!("1".repeat(DIGITS_MAX).parse::<Digits>().is_ok());
    }

    #[test]
    fn a_log_shows_no_digits() {
        let digits: Digits = "4929".parse().unwrap();
        assert_eq!(format!("{digits:?} {:?}", digits.as_slice()[0]), "Digits(4 of them) Digit(…)");
    }

    #[test]
    fn events_are_what_the_registry_says() {
        for (event, key) in KEYS.iter().enumerate() {
            let digit = Digit::new(*key).unwrap();
            assert_eq!((usize::from(digit.event()), digit.as_char()), (event, *key));
        }
        assert_eq!(Digit::from_event(16), None);
        let event = TelephoneEvent { event: 11, end: true, volume: 10, duration: 800 };
        assert_eq!(event.to_bytes(), [11, 0x8A, 0x03, 0x20]);
        assert_eq!(TelephoneEvent::parse(&event.to_bytes()), Some(event));
        assert_eq!(TelephoneEvent::parse(&[1, 2, 3]), None);
    }

    /// Packets as (timestamp, event, end, duration); the keys heard.
    fn check(packets: &[(u32, u8, bool, u16)], expected: &str) {
        let mut hearing = Hearing::default();
        let mut heard = String::new();
        for &(timestamp, event, end, duration) in packets {
            let event = TelephoneEvent { event, end, volume: 10, duration };
            heard.extend(hearing.handle(timestamp, event).map(Digit::as_char));
        }
        assert_eq!(heard, expected, "{packets:?}");
    }

    #[test]
    fn one_press_is_one_digit() {
        let whole = [(9, 5, false, 160), (9, 5, false, 320), (9, 5, true, 480), (9, 5, true, 480)];
        check(&whole, "5");
        // Only an end arrived.
        check(&[(9, 5, true, 480)], "5");
        // No end arrived, and another press of the same key.
        check(&[(9, 5, false, 160), (2009, 5, false, 160)], "55");
        check(&[(9, 5, false, 160), (2009, 10, true, 160)], "5*");
        // A press that has not lasted yet is none, until it has.
        check(&[(9, 5, false, 0)], "");
        check(&[(9, 5, false, 0), (9, 5, false, 160)], "5");
        // So long that it is written as two.
        check(&[(9, 5, false, 0xFFFF), (9 + 0xFFFF, 5, false, 160)], "5");
        check(&[(9, 5, true, 0xFFFF), (9 + 0xFFFF, 5, false, 160)], "55");
        // A hook flash is no digit.
        check(&[(9, 16, false, 160)], "");
    }

    #[test]
    fn no_payload_makes_it_panic() {
        let mut random = Random::new(2);
        let mut hearing = Hearing::default();
        for _ in 0..20_000 {
            let length = random.below(8);
            let payload = random.bytes(length);
            if let Some(event) = TelephoneEvent::parse(&payload) {
                hearing.handle(random.next() as u32 % 3, event);
            }
        }
    }
}
