//! The keys that a description carries.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Master key and salt of AES-CM with 128 bits.
pub const KEY_BYTES: usize = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    AesCm128HmacSha1With80,
    AesCm128HmacSha1With32,
}

impl Suite {
    /// The stronger first.
    pub const ALL: [Suite; 2] = [Suite::AesCm128HmacSha1With80, Suite::AesCm128HmacSha1With32];

    const fn name(self) -> &'static str {
        match self {
            Suite::AesCm128HmacSha1With80 => "AES_CM_128_HMAC_SHA1_80",
            Suite::AesCm128HmacSha1With32 => "AES_CM_128_HMAC_SHA1_32",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Crypto {
    pub tag: u32,
    pub suite: Suite,
    /// 16 bytes of key, 14 of salt.
    pub key: [u8; KEY_BYTES],
}

impl Crypto {
    /// `None` for what we cannot do: other suites, key identifiers, session parameters.
    pub(super) fn parse(value: &str) -> Option<Crypto> {
        let mut words = value.split_ascii_whitespace();
        let tag = words.next()?.parse().ok()?;
        let suite = words.next()?;
        let suite =
            Suite::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(suite))?;
        let key = words.next()?;
        let (method, key) = key.split_once(':')?;
        let mut parts = key.split('|');
        let key = STANDARD.decode(parts.next()?).ok()?;
        // A lifetime does no harm; a key identifier would be in every packet.
        let identified = parts.any(|part| part.contains(':'));
        if !method.eq_ignore_ascii_case("inline") || identified || words.next().is_some() {
            return None;
        }
        Some(Crypto { tag, suite, key: key.try_into().ok()? })
    }
}

impl fmt::Display for Crypto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} inline:{}", self.tag, self.suite.name(), STANDARD.encode(self.key))
    }
}

/// A log shows no keys.
impl fmt::Debug for Crypto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crypto({} {})", self.tag, self.suite.name())
    }
}
