//! Recordings and transcripts, and the signed links under which they can be fetched.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use domain::Time;
use futures::stream::BoxStream;
use hmac::{Hmac, Mac as _};
use object_store::local::LocalFileSystem;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, path};
use sha2::Sha256;

/// A link works for one hour.
pub const LINK_SECS: u64 = 3600;

#[derive(Clone)]
pub struct Blobs {
    objects: Arc<dyn ObjectStore>,
    secret: Arc<[u8; 32]>,
}

/// Why a link is not honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    Expired,
    Tampered,
}

impl Blobs {
    /// Files below `folder`; the secret signs links and cursors.
    pub fn open(folder: &Path, secret: [u8; 32]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let objects = LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true);
        Ok(Blobs { objects: Arc::new(objects), secret: Arc::new(secret) })
    }

    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        let path = path::Path::parse(key)?;
        self.objects.put(&path, bytes.into()).await.context("cannot store a blob")?;
        Ok(())
    }

    /// `None` if there is no such blob.
    pub async fn get(&self, key: &str) -> anyhow::Result<Option<Bytes>> {
        let path = path::Path::parse(key)?;
        match self.objects.get(&path).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Bytes of a blob; `None` if there is none.
    pub async fn size(&self, key: &str) -> anyhow::Result<Option<u64>> {
        let path = path::Path::parse(key)?;
        match self.objects.head(&path).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A part of a blob, piece by piece; `None` if there is no such blob.
    pub async fn stream(
        &self,
        key: &str,
        part: Range<u64>,
    ) -> anyhow::Result<Option<BoxStream<'static, object_store::Result<Bytes>>>> {
        let path = path::Path::parse(key)?;
        let range = (!part.is_empty()).then_some(GetRange::Bounded(part));
        let options = GetOptions { range, ..GetOptions::default() };
        match self.objects.get_opts(&path, options).await {
            Ok(found) => Ok(Some(found.into_stream())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A link to this server that needs no key and expires.
    #[must_use]
    pub fn link(&self, key: &str, now: Time) -> String {
        let expires = (now + Duration::from_secs(LINK_SECS)).as_millis() / 1000;
        let signature = self.sign(&format!("blob\n{key}\n{expires}"));
        format!("/v1/blobs/{key}?expires={expires}&signature={signature}")
    }

    /// `expires` as it stands in the link.
    pub fn check_link(
        &self,
        key: &str,
        expires: &str,
        signature: &str,
        now: Time,
    ) -> Result<(), LinkError> {
        if !self.verify(&format!("blob\n{key}\n{expires}"), signature) {
            return Err(LinkError::Tampered);
        }
        let fresh = expires.parse().is_ok_and(|expires| Time::from_secs(expires) > now);
        if fresh { Ok(()) } else { Err(LinkError::Expired) }
    }

    /// HMAC-SHA256 in hex.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        let tag = self.mac(text).finalize().into_bytes();
        tag.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[must_use]
    pub fn verify(&self, text: &str, signature: &str) -> bool {
        let expected = self.sign(text);
        subtle::ConstantTimeEq::ct_eq(expected.as_bytes(), signature.as_bytes()).into()
    }

    fn mac(&self, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::new_from_slice(&*self.secret).expect("any key length is allowed");
        mac.update(text.as_bytes());
        mac
    }
}

/// The server's own secret, made at first start and readable by its owner only.
pub fn server_secret(file: &Path) -> anyhow::Result<[u8; 32]> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    if !file.exists() {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).expect("the operating system provides randomness");
        let mut options = std::fs::OpenOptions::new();
        let mut created = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)
            .with_context(|| format!("cannot create {}", file.display()))?;
        created.write_all(&secret)?;
        created.sync_all()?;
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let length = bytes.len();
    bytes.try_into().map_err(|_| {
        anyhow::anyhow!(
            "{} holds {length} bytes instead of 32: restore or delete it",
            file.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn links_expire_and_refuse_tampering() {
        let folder = tempfile::tempdir().unwrap();
        let secret = server_secret(&folder.path().join("secret")).unwrap();
        let again = server_secret(&folder.path().join("secret")).unwrap();
        assert_eq!(secret, again);
        let blobs = Blobs::open(&folder.path().join("blobs"), secret).unwrap();
        blobs.put("recordings/a.wav", b"RIFF".to_vec()).await.unwrap();
        assert_eq!(blobs.get("recordings/a.wav").await.unwrap().unwrap(), "RIFF");
        assert_eq!(blobs.get("recordings/b.wav").await.unwrap(), None);

        let now = Time::from_secs(1000);
        let link = blobs.link("recordings/a.wav", now);
        let signature = link.split("signature=").nth(1).unwrap();
        let check = |key, expires, signature, at| {
            blobs.check_link(key, expires, signature, Time::from_secs(at))
        };
        assert_eq!(check("recordings/a.wav", "4600", signature, 1000), Ok(()));
        assert_eq!(check("recordings/a.wav", "4600", signature, 4600), Err(LinkError::Expired));
        assert_eq!(check("recordings/b.wav", "4600", signature, 1000), Err(LinkError::Tampered));
        assert_eq!(check("recordings/a.wav", "9999", signature, 1000), Err(LinkError::Tampered));
        assert_eq!(check("recordings/a.wav", "4600", "", 1000), Err(LinkError::Tampered));
    }

    #[tokio::test]
    async fn a_key_cannot_leave_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&folder.path().join("blobs"), [0; 32]).unwrap();
        std::fs::write(folder.path().join("secret"), "x").unwrap();
        assert!(blobs.get("../secret").await.is_err());
    }
}
