//! An S3-compatible store for recordings and transcripts.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use futures::StreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::buffered::BufWriter;
use object_store::signer::Signer as _;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientOptions, ObjectStore as _, ObjectStoreExt as _,
    RetryConfig, path,
};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;

const CONNECT_MAX: Duration = Duration::from_secs(5);
/// For one request, which carries at most one part of a file.
const REQUEST_MAX: Duration = Duration::from_secs(30);
/// After a failure, within one upload; what fails then is tried again later.
const RETRIES_MAX: usize = 2;
/// Larger files are sent in parts of this size. S3 takes none below 5 MiB.
const PART_BYTES: usize = 8 * 1024 * 1024;

/// Answers that no waiting mends.
const REFUSALS: [&str; 4] = ["403 Forbidden", "404 Not Found", "401 Unauthorized", "NoSuchBucket"];

/// Where the bucket is, and how to use it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketConfig {
    pub bucket: String,
    #[serde(default = "first_region")]
    pub region: String,
    /// Of a store that is not Amazon's, such as `https://minio.example.com`.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Where clients reach the store, if that is not `endpoint`: links lead there.
    #[serde(default)]
    pub public_endpoint: Option<String>,
    /// Put before every key, such as `calls`.
    #[serde(default)]
    pub prefix: String,
    /// Without keys, the variables `AWS_…` or the role of the machine count.
    #[serde(default)]
    pub access_key_id: Option<String>,
    #[serde(default, skip_serializing)]
    pub secret_access_key: Option<String>,
    /// The bucket's name stands in the host, not in the path.
    #[serde(default)]
    pub virtual_hosted: bool,
}

fn first_region() -> String {
    "us-east-1".into()
}

impl std::fmt::Debug for BucketConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let BucketConfig { bucket, region, endpoint, .. } = self;
        write!(f, "BucketConfig {{ {bucket:?} in {region:?} at {endpoint:?}, keys: … }}")
    }
}

impl BucketConfig {
    pub fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(!self.bucket.is_empty(), "recordings.s3.bucket must name a bucket");
        anyhow::ensure!(
            self.access_key_id.is_some() == self.secret_access_key.is_some(),
            "recordings.s3 must have both access_key_id and secret_access_key, or neither"
        );
        path::Path::parse(&self.prefix).context("recordings.s3.prefix is no part of a key")?;
        let endpoints = [("endpoint", &self.endpoint), ("public_endpoint", &self.public_endpoint)];
        for (name, url) in endpoints {
            let Some(url) = url else { continue };
            let parsed = reqwest::Url::parse(url).ok();
            anyhow::ensure!(
                parsed.is_some_and(|url| ["http", "https"].contains(&url.scheme())),
                "recordings.s3.{name} must be an http or https URL, not {url:?}"
            );
        }
        Ok(())
    }

    fn client(&self, endpoint: Option<&String>) -> anyhow::Result<AmazonS3> {
        let options = ClientOptions::new()
            .with_connect_timeout(CONNECT_MAX)
            .with_timeout(REQUEST_MAX)
            .with_allow_http(endpoint.is_some_and(|url| url.starts_with("http:")));
        let retry = RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: RETRIES_MAX,
            retry_timeout: REQUEST_MAX,
        };
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(&self.bucket)
            .with_region(&self.region)
            .with_virtual_hosted_style_request(self.virtual_hosted)
            .with_client_options(options)
            .with_retry(retry);
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let (Some(id), Some(secret)) = (&self.access_key_id, &self.secret_access_key) {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        }
        builder.build().context("recordings.s3 cannot be used")
    }
}

pub struct Bucket {
    objects: Arc<AmazonS3>,
    /// The same bucket as clients reach it.
    public: AmazonS3,
    prefix: String,
}

impl Bucket {
    pub fn new(config: &BucketConfig) -> anyhow::Result<Bucket> {
        crate::tls::install();
        let public = config.public_endpoint.as_ref().or(config.endpoint.as_ref());
        Ok(Bucket {
            objects: Arc::new(config.client(config.endpoint.as_ref())?),
            public: config.client(public)?,
            prefix: config.prefix.clone(),
        })
    }

    /// A store that says no will go on saying it; one that says nothing may come back.
    pub async fn probe(&self) -> anyhow::Result<()> {
        let prefix = path::Path::parse(&self.prefix)?;
        let Some(Err(error)) = self.objects.list(Some(&prefix)).next().await else { return Ok(()) };
        let error = anyhow::Error::from(error);
        // The library does not tell these apart for lists, but quotes the answer.
        let text = format!("{error:#}");
        if REFUSALS.iter().any(|refusal| text.contains(refusal)) {
            return Err(error.context(
                "recordings.s3: the bucket must exist, and its keys must allow s3:GetObject, \
                 s3:PutObject and s3:ListBucket",
            ));
        }
        tracing::warn!(error = text, "the S3 store does not answer yet");
        Ok(())
    }

    pub async fn upload(&self, key: &str, file: &Path) -> anyhow::Result<()> {
        let mut source = tokio::fs::File::open(file).await?;
        let mut attributes = Attributes::new();
        attributes.insert(Attribute::ContentType, content_type(key).into());
        let mut writer =
            BufWriter::with_capacity(self.objects.clone(), self.path(key)?, PART_BYTES)
                .with_attributes(attributes);
        match tokio::io::copy(&mut source, &mut writer).await {
            Ok(_) => writer.shutdown().await.context("the S3 store did not take a file"),
            Err(error) => {
                // Parts of what is not a whole would be kept, and paid for.
                let _ = writer.abort().await;
                Err(error).context("the S3 store did not take a file")
            }
        }
    }

    pub async fn holds(&self, key: &str) -> anyhow::Result<bool> {
        match self.objects.head(&self.path(key)?).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error).context("the S3 store does not say whether it has a file"),
        }
    }

    /// A link that needs no key and expires.
    pub async fn link(&self, key: &str, lifetime: Duration) -> anyhow::Result<String> {
        let path = self.path(key)?;
        let signed = self.public.signed_url(axum::http::Method::GET, &path, lifetime).await;
        Ok(signed.context("a link to the S3 store could not be signed")?.into())
    }

    fn path(&self, key: &str) -> anyhow::Result<path::Path> {
        Ok(path::Path::parse(format!("{}/{key}", self.prefix))?)
    }
}

/// By the end of its key.
#[must_use]
pub fn content_type(key: &str) -> &'static str {
    if key.ends_with(".wav") { "audio/wav" } else { "application/json" }
}
