//! Compiled playbooks on disk, so that a server compiles each once.
//!
//! Compiled code is native code: whoever can change it can run anything. So each file carries a
//! MAC under a key that lies beside it, in a folder only the server may read, and a file that
//! does not match is compiled anew. Files are named by component digest and engine.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, bail};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use super::LoadError;
use super::load::hex;

const KEY_BYTES: usize = 32;
const KEY_FILE: &str = "key";
/// Compiled playbooks on disk; the oldest make room. What is in use stays mapped all the same.
const FILES_MAX: usize = 512;

pub(super) struct Cache {
    folder: PathBuf,
    key: [u8; KEY_BYTES],
    engine: String,
    compilations: AtomicU64,
}

impl Cache {
    pub(super) fn open(engine: &Engine, folder: &Path) -> Result<Self> {
        create_private_folder(folder)
            .with_context(|| format!("cannot create the playbook cache {}", folder.display()))?;
        let cache = Self {
            folder: folder.to_owned(),
            key: key(&folder.join(KEY_FILE))?,
            engine: engine_hash(engine),
            compilations: AtomicU64::new(0),
        };
        cache.remove_other_engines()?;
        Ok(cache)
    }

    /// The component's machine code: mapped from disk, or compiled and kept.
    pub(super) fn compiled(
        &self,
        engine: &Engine,
        digest: &str,
        component: &[u8],
    ) -> Result<Component, LoadError> {
        let name = format!("{digest}-{}", self.engine);
        if let Some(component) = self.find(engine, &name) {
            return Ok(component);
        }
        self.compilations.fetch_add(1, Ordering::Relaxed);
        let compiled =
            Component::from_binary(engine, component).map_err(|error| refusal(&error))?;
        let code =
            compiled.serialize().map_err(|error| LoadError::Cache(anyhow::anyhow!("{error:#}")))?;
        // Without a cache the server still works; it only starts slower.
        if let Err(error) = self.keep(&name, &code) {
            tracing::warn!("cannot keep a compiled playbook: {error:#}");
        }
        Ok(compiled)
    }

    pub(super) fn compilations(&self) -> u64 {
        self.compilations.load(Ordering::Relaxed)
    }

    /// Code of an older server is of no use to this one.
    fn remove_other_engines(&self) -> Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let ours = path.extension().is_some_and(|it| it == "cwasm" || it == "mac");
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            if ours
                && !stem.ends_with(&self.engine)
                && let Err(error) = fs::remove_file(&path)
            {
                tracing::warn!(file = %path.display(), "cannot remove old compiled code: {error}");
            }
        }
        Ok(())
    }

    fn find(&self, engine: &Engine, name: &str) -> Option<Component> {
        let path = self.code_path(name);
        let code = fs::read(&path).ok()?;
        let tag = fs::read(self.tag_path(name)).ok()?;
        if self.mac(name, &code).verify_slice(&tag).is_err() {
            tracing::warn!(file = %path.display(), "a compiled playbook was changed; compiling it anew");
            return None;
        }
        match map(engine, &path) {
            Ok(component) => Some(component),
            Err(error) => {
                tracing::warn!(file = %path.display(), "a compiled playbook does not load: {error:#}");
                None
            }
        }
    }

    fn keep(&self, name: &str, code: &[u8]) -> Result<()> {
        let tag = self.mac(name, code).finalize().into_bytes();
        self.make_room()?;
        write_whole(&self.code_path(name), code)?;
        write_whole(&self.tag_path(name), &tag)
    }

    fn make_room(&self) -> Result<()> {
        let mut codes = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "cwasm") {
                let written = fs::metadata(&path).and_then(|it| it.modified());
                codes.push((written.unwrap_or(std::time::UNIX_EPOCH), path));
            }
        }
        codes.sort();
        let surplus = (codes.len() + 1).saturating_sub(FILES_MAX);
        for (_, code) in codes.iter().take(surplus) {
            fs::remove_file(code)?;
            fs::remove_file(code.with_extension("mac"))?;
        }
        Ok(())
    }

    fn mac(&self, name: &str, code: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("any length of key is good");
        mac.update(name.as_bytes());
        mac.update(code);
        mac
    }

    fn code_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.cwasm"))
    }

    fn tag_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.mac"))
    }
}

#[expect(unsafe_code, reason = "mapping machine code that this server wrote itself")]
fn map(engine: &Engine, path: &Path) -> Result<Component> {
    // SAFETY: the MAC showed that this server wrote the file with `Component::serialize`, and only
    // the server may write in its folder, where files are replaced and never written over.
    let component = unsafe { Component::deserialize_file(engine, path) };
    component.map_err(|error| anyhow::anyhow!("{error:#}"))
}

/// What the compiler did not like.
fn refusal(error: &wasmtime::Error) -> LoadError {
    let message = format!("{error:#}");
    if message.contains("limit") || message.contains("exceed") {
        return LoadError::AboveLimits(message);
    }
    LoadError::NotAComponent(message)
}

/// Different for every engine whose machine code differs.
fn engine_hash(engine: &Engine) -> String {
    struct Digester(Sha256);
    impl Hasher for Digester {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut digester = Digester(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut digester);
    hex(&digester.0.finalize()[..8])
}

/// The key of this folder; made at the first start.
fn key(path: &Path) -> Result<[u8; KEY_BYTES]> {
    let unusable = || format!("cannot use the playbook cache's key {}", path.display());
    match fs::read(path) {
        Ok(bytes) => {
            let Ok(key) = bytes.try_into() else {
                bail!(
                    "{}: it must have {KEY_BYTES} bytes; remove it to have a new one",
                    unusable()
                );
            };
            return Ok(key);
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(unusable),
    }
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    write_whole(path, &key).with_context(unusable)?;
    Ok(key)
}

fn create_private_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A reader sees the whole file or none. Nobody else may read it.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let new = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&new).with_context(|| format!("cannot write {}", new.display()))?;
    file.write_all(bytes)?;
    drop(file);
    fs::rename(&new, path).with_context(|| format!("cannot replace {}", path.display()))
}
