//! How an endpoint knows that an event is ours: two schemes from one `whsec_` secret.
//!
//! `X-AC-Signature` is the hex HMAC-SHA256 of the body under the secret as it is written.
//! `webhook-signature` follows Standard Webhooks 1.0.0: `v1,` and the base64 HMAC-SHA256 of
//! `{webhook-id}.{webhook-timestamp}.{body}` under the bytes that the secret encodes, one for each
//! secret in force, apart by spaces.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

pub const SECRET_PREFIX: &str = "whsec_";
const SECRET_BYTES: usize = 24;

/// A fresh secret.
#[must_use]
pub fn new_secret() -> String {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).expect("the operating system provides randomness");
    format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes))
}

/// `X-AC-Signature`.
#[must_use]
pub fn of_body(secret: &str, body: &[u8]) -> String {
    let tag = hmac(secret.as_bytes(), &[body]);
    tag.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `webhook-signature`, signed with every secret that is in force.
#[must_use]
pub fn standard(secrets: &[&str], id: &str, timestamp: i64, body: &[u8]) -> String {
    let head = format!("{id}.{timestamp}.");
    let sign = |secret: &&str| {
        let encoded = secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret);
        let key = STANDARD.decode(encoded).unwrap_or_else(|_| secret.as_bytes().to_vec());
        format!("v1,{}", STANDARD.encode(hmac(&key, &[head.as_bytes(), body])))
    };
    secrets.iter().map(sign).collect::<Vec<_>>().join(" ")
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key length is allowed");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification and its reference libraries.
    #[test]
    fn the_standards_own_example_holds() {
        let signature = standard(
            &["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn every_secret_in_force_signs() {
        let both = standard(&["whsec_MfKQ", "whsec_ABCD"], "evt_1", 1, b"{}");
        let alone = standard(&["whsec_ABCD"], "evt_1", 1, b"{}");
        assert!(both.ends_with(&format!(" {alone}")), "{both}");
    }

    #[test]
    fn secrets_are_fresh_and_long() {
        let (one, two) = (new_secret(), new_secret());
        assert_ne!(one, two);
        assert_eq!(STANDARD.decode(one.strip_prefix(SECRET_PREFIX).unwrap()).unwrap().len(), 24);
        assert_eq!(of_body("whsec_x", b"{}").len(), 64);
    }
}
