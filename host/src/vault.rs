//! Secrets of others at rest: sealed with AES-256-GCM, and bound to what they belong to.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use domain::OrgId;
use sha2::{Digest as _, Sha256};

const NONCE_BYTES: usize = 12;

pub struct Vault {
    cipher: Aes256Gcm,
}

impl Vault {
    /// The server's secret signs links; the vault's key is another one, derived from it.
    #[must_use]
    pub fn new(server_secret: &[u8; 32]) -> Self {
        let key: [u8; 32] =
            Sha256::new().chain_update(b"vault\0").chain_update(server_secret).finalize().into();
        Vault { cipher: Aes256Gcm::new(&key.into()) }
    }

    /// `about`: to whom and what it belongs; it opens for nothing else.
    #[must_use]
    pub fn seal(&self, plain: &str, about: &str) -> String {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).expect("the operating system provides randomness");
        let payload = Payload { msg: plain.as_bytes(), aad: about.as_bytes() };
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.expect("texts are far shorter than the cipher's limit");
        STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat())
    }

    pub fn open(&self, sealed: &str, about: &str) -> anyhow::Result<String> {
        let bytes = STANDARD_NO_PAD.decode(sealed).context("a sealed value is damaged")?;
        let (nonce, sealed) =
            bytes.split_first_chunk::<NONCE_BYTES>().context("a sealed value is cut off")?;
        let payload = Payload { msg: sealed, aad: about.as_bytes() };
        let plain = self.cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| {
            anyhow::anyhow!("a sealed value does not open: was the server's secret changed?")
        })?;
        String::from_utf8(plain).context("a sealed value is no text")
    }
}

/// Whose key a sealed one is.
#[derive(Clone, Copy, Debug)]
pub enum Vendor {
    OpenAi,
    Gemini,
}

impl Vendor {
    /// What the vault binds a key to.
    #[must_use]
    pub fn seal_about(self, org: OrgId) -> String {
        format!("{self:?} key of {org}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_for_what_it_belongs_to() {
        let vault = Vault::new(&[7; 32]);
        let sealed = vault.seal("sk-secret", "org_a");
        assert!(!sealed.contains("secret"));
        assert_eq!(vault.open(&sealed, "org_a").unwrap(), "sk-secret");
        assert!(vault.open(&sealed, "org_b").is_err());
        assert!(Vault::new(&[8; 32]).open(&sealed, "org_a").is_err());
        assert_ne!(vault.seal("sk-secret", "org_a"), sealed, "never twice the same");
        let mut damaged = sealed.clone().into_bytes();
        damaged[20] ^= 1;
        assert!(vault.open(&String::from_utf8(damaged).unwrap(), "org_a").is_err());
        assert!(vault.open("", "org_a").is_err());
    }
}
