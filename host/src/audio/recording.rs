//! The stereo recording: agent left, callee right, exactly what was sent and heard.
//!
//! During the call µ-law pairs go to a file beside the blobs, so a crash loses only what the
//! operating system had not been given yet; after the call the file becomes a WAV.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;

use super::{FRAME_SAMPLES, Frame};

/// Frames handed over at once: half a second.
const BATCH_FRAMES: usize = 25;
/// Batches waiting for the disk; a disk that is further behind costs recording, never audio.
const BACKLOG_BATCHES_MAX: usize = 120;

/// The audio side: never waits.
pub struct Recorder {
    batch: Vec<u8>,
    sender: mpsc::Sender<Vec<u8>>,
    /// Batches the disk was too slow for; replaced by nothing, and reported.
    pub lost_batches: u64,
}

/// The file side, joined after the call.
pub struct Recording {
    task: tokio::task::JoinHandle<anyhow::Result<PathBuf>>,
}

impl Recorder {
    /// Starts writing to `path` on the runtime of `io`.
    #[must_use]
    pub fn start(path: PathBuf, io: &tokio::runtime::Handle) -> (Recorder, Recording) {
        let (sender, receiver) = mpsc::channel(BACKLOG_BATCHES_MAX);
        let task = io.spawn(write(path, receiver));
        (Recorder { batch: Vec::new(), sender, lost_batches: 0 }, Recording { task })
    }

    /// One tick of the call: what was sent and what was heard in it.
    pub fn push(&mut self, agent: &Frame, callee: &Frame) {
        for (sent, heard) in agent.iter().zip(callee) {
            self.batch.extend([*sent, *heard]);
        }
        if self.batch.len() >= BATCH_FRAMES * FRAME_SAMPLES * 2 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.sender.try_send(std::mem::take(&mut self.batch)).is_err() {
            self.lost_batches += 1;
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Recording {
    /// Waits until everything is on disk. The recorder must have been dropped.
    pub async fn written(self) -> anyhow::Result<PathBuf> {
        self.task.await.context("the recording task ended early")?
    }
}

async fn write(path: PathBuf, mut batches: mpsc::Receiver<Vec<u8>>) -> anyhow::Result<PathBuf> {
    let mut file = tokio::fs::File::create(&path)
        .await
        .with_context(|| format!("cannot create the recording {}", path.display()))?;
    while let Some(batch) = batches.recv().await {
        file.write_all(&batch).await.context("cannot write the recording")?;
        file.flush().await.context("cannot write the recording")?;
    }
    Ok(path)
}

/// Turns a finished (or interrupted) file of µ-law pairs into a stereo WAV, 16 bit at 8 kHz.
pub fn finish(part: &Path) -> anyhow::Result<Vec<u8>> {
    let pairs = std::fs::read(part)
        .with_context(|| format!("cannot read the recording {}", part.display()))?;
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::with_capacity(44 + pairs.len() * 2));
    let mut writer = hound::WavWriter::new(&mut bytes, spec)?;
    let whole = pairs.len() / 2 * 2;
    for &byte in &pairs[..whole] {
        writer.write_sample(audio_codec_algorithms::decode_ulaw(byte))?;
    }
    writer.finalize()?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{SILENCE, decode};

    #[tokio::test]
    async fn both_sides_come_back_sample_for_sample() {
        let folder = tempfile::tempdir().unwrap();
        let handle = tokio::runtime::Handle::current();
        let (mut recorder, recording) = Recorder::start(folder.path().join("a.part"), &handle);
        let mut agent = SILENCE;
        for n in 0..60u8 {
            agent[usize::from(n)] = n;
            recorder.push(&agent, &SILENCE);
        }
        drop(recorder);
        let part = recording.written().await.unwrap();
        let wav = finish(&part).unwrap();
        let reader = hound::WavReader::new(std::io::Cursor::new(wav)).unwrap();
        assert_eq!((reader.spec().channels, reader.spec().sample_rate), (2, 8000));
        let samples: Vec<i16> = reader.into_samples().map(Result::unwrap).collect();
        assert_eq!(samples.len(), 60 * FRAME_SAMPLES * 2);
        let last = &samples[59 * FRAME_SAMPLES * 2..];
        let left: Vec<i16> = last.iter().step_by(2).copied().collect();
        assert_eq!(left, decode(&agent));
        assert!(last.iter().skip(1).step_by(2).all(|&sample| sample == 0));
    }
}
