//! A model whose vendors are watched: how long each stage took, and how it failed.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use async_trait::async_trait;
use futures::{Stream, StreamExt as _};
use serde_json::Value;

use crate::model::{Message, Model, ModelError, Reply, Speech, Tool};
use crate::telemetry::metrics;

pub(super) struct Timed(pub(super) Arc<dyn Model>);

#[async_trait]
impl Model for Timed {
    async fn warm(&self) {
        self.0.warm().await;
    }

    async fn transcribe(&self, samples: &[i16], language: &str) -> Result<String, ModelError> {
        let began = Instant::now();
        let words = self.0.transcribe(samples, language).await;
        note("stt", began, &words);
        words
    }

    async fn reply(&self, messages: &[Message], tools: &[Tool]) -> Result<Reply, ModelError> {
        let began = Instant::now();
        let reply =
            self.0.reply(messages, tools).await.inspect_err(|error| failed("llm", error))?;
        Ok(FirstOf { stage: "llm", began: Some(began), rest: reply }.boxed())
    }

    async fn draft(&self, messages: &[Message], schema: &Value) -> Result<Value, ModelError> {
        let began = Instant::now();
        let drafted = self.0.draft(messages, schema).await;
        note("draft", began, &drafted);
        drafted
    }

    async fn speak(&self, text: &str, voice: &str) -> Result<Speech, ModelError> {
        let began = Instant::now();
        let speech = self.0.speak(text, voice).await.inspect_err(|error| failed("tts", error))?;
        Ok(FirstOf { stage: "tts", began: Some(began), rest: speech }.boxed())
    }
}

/// Notes when the first item came, and every error.
struct FirstOf<S> {
    stage: &'static str,
    /// Until the first item.
    began: Option<Instant>,
    rest: S,
}

impl<T, S: Stream<Item = Result<T, ModelError>> + Unpin> Stream for FirstOf<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let item = self.rest.poll_next_unpin(context);
        if let Poll::Ready(Some(item)) = &item {
            match (item, self.began.take()) {
                (Ok(_), Some(began)) => metrics::stage(self.stage, began.elapsed()),
                (Ok(_), None) => {}
                (Err(error), _) => failed(self.stage, error),
            }
        }
        item
    }
}

fn note<T>(stage: &'static str, began: Instant, outcome: &Result<T, ModelError>) {
    match outcome {
        Ok(_) => metrics::stage(stage, began.elapsed()),
        Err(error) => failed(stage, error),
    }
}

fn failed(stage: &'static str, error: &ModelError) {
    let kind = match error {
        ModelError::Refused { .. } => "refused",
        ModelError::Unavailable { .. } => "unavailable",
        ModelError::Stalled { .. } => "stalled",
        ModelError::Protocol { .. } => "protocol",
    };
    metrics::stage_failed(stage, kind);
}
