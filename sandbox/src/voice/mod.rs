//! The sandbox's voices: text to samples through the flite program, cached in memory and on disk.
//!
//! A text is spoken sentence by sentence with a fixed pause between, so a line that says the same
//! sentence twice says it in the same samples, and listeners know where each sentence lies.

mod flite;
mod rate;
mod text;

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

pub use flite::Flite;
pub(crate) use text::{SMALL, TENS};
pub use text::{sentences, speakable, spoken_words};

use crate::ear::Template;

/// The voices callees and agents may have.
pub const VOICES: [&str; 4] = ["rms", "slt", "kal", "awb"];
/// The rate of every telephone line.
pub const LINE_HZ: u32 = 8000;
/// Longer texts are refused; a turn on the telephone is far shorter.
pub const TEXT_CHARS_MAX: usize = 5000;

/// Synthesiser processes at a time.
const PROCESSES_MAX: usize = 4;
/// Samples kept in memory, about nine minutes at 16 kHz; the oldest go first.
const MEMORY_SAMPLES_MAX: usize = 8 << 20;
/// Rendered sentences kept on disk; past that new ones are not written.
const DISK_FILES_MAX: usize = 50_000;
/// Quiet between two sentences of one text.
const PAUSE_MS: u32 = 220;
/// Quiet kept before and after the speech of a sentence.
const MARGIN_MS: u32 = 30;
/// Samples below this at the ends of what the synthesiser gives are cut off.
const QUIET_MAX: u16 = 120;

/// One sentence in one voice.
pub struct Sentence {
    /// As it was written, which is what a listener understands.
    pub text: String,
    pub rate: u32,
    pub samples: Vec<i16>,
    at_8k: OnceLock<Arc<[i16]>>,
    template: OnceLock<Arc<Template>>,
}

/// A whole text in one voice.
pub struct Speech {
    pub rate: u32,
    pub samples: Vec<i16>,
    sentences: Vec<Arc<Sentence>>,
    at_8k: OnceLock<Arc<[i16]>>,
    at_24k: OnceLock<Arc<[i16]>>,
}

impl Speech {
    pub fn sentences(&self) -> &[Arc<Sentence>] {
        &self.sentences
    }

    pub fn at_8k(&self) -> Arc<[i16]> {
        let joined = || joined(self.sentences.iter().map(|sentence| sentence.at_8k()), LINE_HZ);
        self.at_8k.get_or_init(|| joined().into()).clone()
    }

    pub fn at_24k(&self) -> Arc<[i16]> {
        let converted = || rate::converted(&self.samples, self.rate, 24_000).into();
        self.at_24k.get_or_init(converted).clone()
    }

    pub fn duration_ms(&self) -> u64 {
        self.samples.len() as u64 * 1000 / u64::from(self.rate)
    }
}

impl Sentence {
    pub fn at_8k(&self) -> Arc<[i16]> {
        let converted = || rate::converted(&self.samples, self.rate, LINE_HZ).into();
        self.at_8k.get_or_init(converted).clone()
    }

    /// What an ear compares with; computed once.
    pub fn template(&self) -> Arc<Template> {
        let made = || Arc::new(Template::new(&self.text, &self.at_8k()));
        self.template.get_or_init(made).clone()
    }
}

fn joined<S: AsRef<[i16]>>(parts: impl Iterator<Item = S>, rate: u32) -> Vec<i16> {
    let mut samples = Vec::new();
    for part in parts {
        if !samples.is_empty() {
            samples.resize(samples.len() + (rate * PAUSE_MS / 1000) as usize, 0);
        }
        samples.extend_from_slice(part.as_ref());
    }
    samples
}

/// Renders and remembers. Every method blocks: call it beside the runtime.
pub struct Voices {
    flite: Flite,
    cache_dir: PathBuf,
    memory: Mutex<Memory>,
    processes: Gate,
}

/// Empty while the sentence is being rendered, so that two callers do not render it twice.
type Slot = Arc<Mutex<Option<Arc<Sentence>>>>;
type Key = (&'static str, String);

#[derive(Default)]
struct Memory {
    slots: HashMap<Key, Slot>,
    oldest_first: VecDeque<(Key, usize)>,
    samples: usize,
    files: usize,
}

impl Voices {
    /// Finds the synthesiser and opens the cache; the error says how to install what is missing.
    pub fn new(cache_dir: &Path) -> Result<Self> {
        let flite = Flite::locate()?;
        std::fs::create_dir_all(cache_dir).with_context(|| {
            format!("cannot create the folder for rendered speech, {}", cache_dir.display())
        })?;
        let listed = std::fs::read_dir(cache_dir)
            .with_context(|| format!("cannot read the folder {}", cache_dir.display()))?;
        let memory = Memory { files: listed.count(), ..Memory::default() };
        let processes = Gate::new(PROCESSES_MAX);
        Ok(Voices { flite, cache_dir: cache_dir.to_owned(), memory: Mutex::new(memory), processes })
    }

    /// The same voice and text give the same samples, whoever asks and whenever.
    pub fn render(&self, voice: &str, text: &str) -> Result<Arc<Speech>> {
        let voice = known(voice)?;
        let chars = text.chars().count();
        ensure!(
            chars <= TEXT_CHARS_MAX,
            "a text of {chars} characters is too long to speak: at most {TEXT_CHARS_MAX}"
        );
        let mut spoken = Vec::new();
        for sentence in sentences(text) {
            spoken.push(self.sentence(voice, sentence)?);
        }
        ensure!(!spoken.is_empty(), "there is nothing to speak: the text is empty");
        let rate = spoken[0].rate;
        let samples = joined(spoken.iter().map(|sentence| &sentence.samples), rate);
        Ok(Arc::new(Speech {
            rate,
            samples,
            sentences: spoken,
            at_8k: OnceLock::new(),
            at_24k: OnceLock::new(),
        }))
    }

    fn sentence(&self, voice: &'static str, text: &str) -> Result<Arc<Sentence>> {
        let key = (voice, text.to_owned());
        let slot = locked(&self.memory).slots.entry(key.clone()).or_default().clone();
        let mut place = locked(&slot);
        if let Some(sentence) = &*place {
            return Ok(sentence.clone());
        }
        let rendered = self.rendered(voice, text);
        if rendered.is_err() {
            locked(&self.memory).slots.remove(&key);
        }
        let sentence = Arc::new(rendered?);
        *place = Some(sentence.clone());
        drop(place);
        locked(&self.memory).remember(key, sentence.samples.len());
        Ok(sentence)
    }

    fn rendered(&self, voice: &'static str, text: &str) -> Result<Sentence> {
        let (samples, rate) = self.cached_or_made(voice, &speakable(text))?;
        Ok(Sentence {
            text: text.to_owned(),
            rate,
            samples: trimmed(&samples, rate),
            at_8k: OnceLock::new(),
            template: OnceLock::new(),
        })
    }

    fn cached_or_made(&self, voice: &str, spoken: &str) -> Result<(Vec<i16>, u32)> {
        if spoken.is_empty() {
            // Nothing in it can be pronounced: a short silence.
            return Ok((vec![0; (LINE_HZ * MARGIN_MS / 1000) as usize], LINE_HZ));
        }
        let name = format!("{:x}", Sha256::digest(format!("{voice}\n{spoken}")));
        let path = self.cache_dir.join(format!("{}.wav", &name[..32]));
        if let Ok(bytes) = std::fs::read(&path)
            && let Ok(found) = rate::read_wav(&bytes)
        {
            return Ok(found);
        }
        let _running = self.processes.enter();
        let bytes = self.flite.speak(voice, spoken, &self.cache_dir)?;
        let made = rate::read_wav(&bytes).context("flite wrote something that is not speech")?;
        self.keep(&path, &bytes);
        Ok(made)
    }

    /// A cache that cannot be written costs time, not the call.
    fn keep(&self, path: &Path, bytes: &[u8]) {
        let files = {
            let mut memory = locked(&self.memory);
            memory.files += 1;
            memory.files
        };
        if files > DISK_FILES_MAX {
            return;
        }
        if let Err(error) = flite::write_whole(path, bytes) {
            tracing::warn!(%error, path = %path.display(), "rendered speech was not kept");
        }
    }
}

impl Memory {
    fn remember(&mut self, key: Key, samples: usize) {
        self.samples += samples;
        self.oldest_first.push_back((key, samples));
        while self.samples > MEMORY_SAMPLES_MAX && self.oldest_first.len() > 1 {
            let Some((oldest, samples)) = self.oldest_first.pop_front() else { return };
            self.slots.remove(&oldest);
            self.samples -= samples;
        }
    }
}

fn known(voice: &str) -> Result<&'static str> {
    match VOICES.iter().find(|known| **known == voice) {
        Some(known) => Ok(known),
        None => bail!("the sandbox has no voice '{voice}': use one of {}", VOICES.join(", ")),
    }
}

/// The speech in it, with a short margin of quiet on both sides.
fn trimmed(samples: &[i16], rate: u32) -> Vec<i16> {
    let loud = |sample: &i16| sample.unsigned_abs() > QUIET_MAX;
    let first = samples.iter().position(loud).unwrap_or(0);
    let last = samples.iter().rposition(loud).unwrap_or(0);
    let margin = (rate * MARGIN_MS / 1000) as usize;
    let mut kept = vec![0; margin];
    kept.extend_from_slice(&samples[first..=last.max(first).min(samples.len().saturating_sub(1))]);
    kept.resize(kept.len() + margin, 0);
    kept
}

/// Lets so many in at a time.
struct Gate {
    free: Mutex<usize>,
    freed: Condvar,
}

struct Entered<'a>(&'a Gate);

impl Gate {
    fn new(places: usize) -> Self {
        Gate { free: Mutex::new(places), freed: Condvar::new() }
    }

    fn enter(&self) -> Entered<'_> {
        let free = locked(&self.free);
        let waited = self.freed.wait_while(free, |free| *free == 0);
        *waited.unwrap_or_else(PoisonError::into_inner) -= 1;
        Entered(self)
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        *locked(&self.0.free) += 1;
        self.0.freed.notify_one();
    }
}

/// Nothing in this crate leaves shared data half-written when it panics.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
