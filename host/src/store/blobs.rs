//! Recordings and transcripts, and the signed links under which they can be fetched.
//!
//! A file is written to the data folder first. Where an S3 store is configured it is carried there, at
//! once or as soon as the store takes it, and then removed from the folder.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use domain::Time;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use hmac::{Hmac, Mac as _};
use object_store::local::LocalFileSystem;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, path};
use sha2::Sha256;
use tokio::sync::Notify;

use super::bucket::Bucket;

/// A link works for one hour.
pub const LINK_SECS: u64 = 3600;
/// A call's end waits so long for its files to reach the S3 store; they go on in the background.
const UPLOAD_WAIT: Duration = Duration::from_secs(3);
/// What the S3 store did not take is offered again, with growing waits.
const UPLOAD_AGAIN: Duration = Duration::from_secs(1);
const UPLOAD_AGAIN_MAX: Duration = Duration::from_secs(15);
/// A store that refuses so many files in a row is left alone until the next round.
const FAILURES_MAX: u32 = 3;

#[derive(Clone)]
pub struct Blobs {
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    files: LocalFileSystem,
    bucket: Option<Bucket>,
    /// Files on their way to the bucket.
    leaving: Mutex<BTreeSet<String>>,
    /// Something was left behind.
    left: Notify,
    secret: [u8; 32],
}

/// Why a link is not honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    Expired,
    Tampered,
}

impl Blobs {
    /// Files below `folder`, and in the bucket if there is one; the secret signs links and cursors.
    pub fn open(folder: &Path, secret: [u8; 32], bucket: Option<Bucket>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let folder = folder.canonicalize()?;
        let files = LocalFileSystem::new_with_prefix(&folder)?.with_automatic_cleanup(true);
        let (leaving, left) = (Mutex::default(), Notify::new());
        Ok(Blobs { shared: Arc::new(Shared { folder, files, bucket, leaving, left, secret }) })
    }

    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        let path = path::Path::parse(key)?;
        self.shared.files.put(&path, bytes.into()).await.context("cannot store a blob")?;
        if self.shared.bucket.is_some() {
            let (blobs, key) = (self.clone(), key.to_owned());
            let upload = tokio::spawn(async move {
                if !blobs.upload(&key).await {
                    blobs.shared.left.notify_one();
                }
            });
            let _ = tokio::time::timeout(UPLOAD_WAIT, upload).await;
        }
        Ok(())
    }

    /// Carries to the bucket what has not reached it, again and again.
    pub async fn carry(self) {
        if self.shared.bucket.is_none() {
            return;
        }
        let mut wait = UPLOAD_AGAIN;
        loop {
            let carried = self.carry_once().await.unwrap_or_else(|error| {
                tracing::error!(error = format!("{error:#}"), "recordings cannot be listed");
                false
            });
            if carried {
                self.shared.left.notified().await;
                wait = UPLOAD_AGAIN;
            } else {
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(UPLOAD_AGAIN_MAX);
            }
        }
    }

    /// Whether nothing is left behind.
    async fn carry_once(&self) -> anyhow::Result<bool> {
        let waiting: Vec<_> = self.shared.files.list(None).try_collect().await?;
        let (mut failures, mut all) = (0, true);
        for file in waiting {
            let uploaded = self.upload(file.location.as_ref()).await;
            all &= uploaded;
            failures = if uploaded { 0 } else { failures + 1 };
            if failures == FAILURES_MAX {
                break;
            }
        }
        Ok(all)
    }

    /// Moves a file to the bucket. What fails is logged and stays.
    async fn upload(&self, key: &str) -> bool {
        let shared = &self.shared;
        let Some(bucket) = &shared.bucket else { return true };
        let leaving = || shared.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        if !leaving().insert(key.to_owned()) {
            return true;
        }
        let moved = async {
            bucket.upload(key, &shared.folder.join(key)).await?;
            shared.files.delete(&path::Path::parse(key)?).await?;
            anyhow::Ok(())
        };
        let moved = moved.await;
        leaving().remove(key);
        if let Err(error) = &moved {
            tracing::warn!(key, error = format!("{error:#}"), "kept here until the store takes it");
        }
        moved.is_ok()
    }

    /// Bytes of a blob of this server; `None` if there is none.
    pub async fn size(&self, key: &str) -> anyhow::Result<Option<u64>> {
        let path = path::Path::parse(key)?;
        match self.shared.files.head(&path).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A part of a blob of this server, piece by piece; `None` if there is no such blob.
    pub async fn stream(
        &self,
        key: &str,
        part: Range<u64>,
    ) -> anyhow::Result<Option<BoxStream<'static, object_store::Result<Bytes>>>> {
        let path = path::Path::parse(key)?;
        let range = (!part.is_empty()).then_some(GetRange::Bounded(part));
        let options = GetOptions { range, ..GetOptions::default() };
        match self.shared.files.get_opts(&path, options).await {
            Ok(found) => Ok(Some(found.into_stream().boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A link that needs no key and expires: to this server for what it has itself, else to the S3
    /// store. `None` if that does not have the file (yet).
    pub async fn link(&self, key: &str, now: Time) -> anyhow::Result<Option<String>> {
        let Some(bucket) = &self.shared.bucket else { return Ok(Some(self.own_link(key, now))) };
        if self.size(key).await?.is_some() {
            return Ok(Some(self.own_link(key, now)));
        }
        self.link_in(bucket, key).await
    }

    /// A link to the S3 store, if there is one and it has the file.
    pub async fn bucket_link(&self, key: &str) -> anyhow::Result<Option<String>> {
        match &self.shared.bucket {
            Some(bucket) => self.link_in(bucket, key).await,
            None => Ok(None),
        }
    }

    async fn link_in(&self, bucket: &Bucket, key: &str) -> anyhow::Result<Option<String>> {
        if !bucket.holds(key).await? {
            return Ok(None);
        }
        bucket.link(key, Duration::from_secs(LINK_SECS)).await.map(Some)
    }

    /// A link to this server.
    #[must_use]
    pub fn own_link(&self, key: &str, now: Time) -> String {
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
        let mut mac = Hmac::new_from_slice(&self.shared.secret).expect("any key length is allowed");
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
        let blobs = Blobs::open(&folder.path().join("blobs"), secret, None).unwrap();
        blobs.put("recordings/a.wav", b"RIFF".to_vec()).await.unwrap();
        assert_eq!(blobs.size("recordings/a.wav").await.unwrap(), Some(4));
        assert_eq!(blobs.size("recordings/b.wav").await.unwrap(), None);

        let now = Time::from_secs(1000);
        let link = blobs.link("recordings/a.wav", now).await.unwrap().unwrap();
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
        let blobs = Blobs::open(&folder.path().join("blobs"), [0; 32], None).unwrap();
        std::fs::write(folder.path().join("secret"), "x").unwrap();
        assert!(blobs.size("../secret").await.is_err());
    }
}
