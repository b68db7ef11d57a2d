//! Telephone numbers in the one form the system keeps them.

use std::fmt;
use std::str::FromStr;

/// An E.164 number: `+`, then 8 to 15 digits, the first not zero (ITU-T E.164 §6; 7 is the
/// practical minimum of subscriber numbers, so fewer than 8 digits in all is refused).
///
/// Shape only. Whether a number can exist in its country is the host's question.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct E164(Box<str>);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an E.164 telephone number: write + and the country code, then only digits, 8 to 15 in all (for example +14155551234)"
)]
pub struct ParseE164Error;

const DIGITS_MIN: usize = 8;
const DIGITS_MAX: usize = 15;

impl E164 {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for E164 {
    type Err = ParseE164Error;
    fn from_str(text: &str) -> Result<Self, ParseE164Error> {
        let digits = text.strip_prefix('+').ok_or(ParseE164Error)?;
        let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
        let right_length = (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len());
        if all_digits && right_length && !digits.starts_with('0') {
            Ok(E164(text.into()))
        } else {
            Err(ParseE164Error)
        }
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number identifies a person, so a log shows only its end.
impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = &self.0[self.0.len() - 2..];
        write!(f, "+…{tail}")
    }
}

impl serde::Serialize for E164 {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for E164 {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_e164_and_nothing_else() {
        for good in ["+14155551234", "+4930901820", "+12345678", "+123456789012345"] {
            assert_eq!(good.parse::<E164>().expect(good).as_str(), good);
        }
        for bad in [
            "",
            "+",
            "14155551234",
            "+0415555123",
            "+1 415 555 1234",
            "+1234567",
            "+1234567890123456",
            "+1415555123a",
            "+１４１５５５５１２３４",
        ] {
            assert_eq!(bad.parse::<E164>(), Err(ParseE164Error), "{bad}");
        }
    }

    #[test]
    fn debug_hides_the_number() {
        let number: E164 = "+14155551234".parse().expect("valid");
        assert_eq!(format!("{number:?}"), "+…34");
    }
}
