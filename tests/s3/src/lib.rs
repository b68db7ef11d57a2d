//! An S3-compatible store for tests, on a free port of loopback, with files in a temporary folder.
//!
//! It checks signatures and their expiry, and can be down for a while.

use std::path::PathBuf;

use anyhow::Result;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub const BUCKET: &str = "recordings";
pub const KEY_ID: &str = "test-key";
pub const SECRET: &str = "test-secret";

pub struct S3 {
    pub endpoint: String,
    folder: tempfile::TempDir,
    down: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<()>,
}

impl S3 {
    /// With one empty bucket.
    pub async fn start() -> Result<S3> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join(BUCKET))?;
        let files = s3s_fs::FileSystem::new(folder.path())
            .map_err(|error| anyhow::anyhow!("the store does not start: {error:?}"))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(KEY_ID, SECRET));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (down, is_down) = watch::channel(false);
        let serving = tokio::spawn(async move {
            let server = Builder::new(TokioExecutor::new());
            while let Ok((socket, _)) = listener.accept().await {
                let connection = server.serve_connection(TokioIo::new(socket), service.clone());
                let connection = connection.into_owned();
                let mut is_down = is_down.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        biased;
                        _ = is_down.wait_for(|down| *down) => {}
                        _ = connection => {}
                    }
                });
            }
        });
        Ok(S3 { endpoint, folder, down, serving })
    }

    /// Connections are closed without an answer.
    pub fn set_down(&self, down: bool) {
        self.down.send_replace(down);
    }

    /// Where an object's bytes lie.
    #[must_use]
    pub fn object(&self, key: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(key)
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
