//! The AI side of a conversation.
//!
//! What is not here: what to say (the playbook's), when to say it (`core/turn`), and whether it may be
//! said (the gate in `engine`).

pub mod pipeline;

use async_trait::async_trait;
use futures::stream::BoxStream;
use serde_json::Value;

pub use pipeline::{ChatEvent, Message, Pipeline, PipelineConfig, Role, Stage, Tool, ToolCall};

/// Why a vendor did not deliver.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Refused for good: asking again would not help.
    #[error("{stage} refused the request ({status}): {message}")]
    Refused { stage: &'static str, status: u16, message: String },
    /// Tried as often as allowed.
    #[error("{stage} is unavailable: {message}")]
    Unavailable { stage: &'static str, message: String },
    /// Silent for longer than its limit.
    #[error("{stage} did not answer within {limit_ms} ms")]
    Stalled { stage: &'static str, limit_ms: u64 },
    /// Answered something that is not its protocol.
    #[error("{stage} sent something that is not its protocol: {message}")]
    Protocol { stage: &'static str, message: String },
}

/// The model's next turn, as it is generated.
pub type Reply = BoxStream<'static, Result<ChatEvent, ModelError>>;
/// 24 kHz samples, as they are synthesised.
pub type Speech = BoxStream<'static, Result<Vec<i16>, ModelError>>;

/// The ears, the mind and the voice of one call.
#[async_trait]
pub trait Model: Send + Sync + 'static {
    /// Opens what the first requests would have to wait for. Called while it rings; nothing depends on
    /// whether it succeeds.
    async fn warm(&self) {}
    /// What was said in 8 kHz samples; empty if nothing was.
    async fn transcribe(&self, samples: &[i16], language: &str) -> Result<String, ModelError>;
    async fn reply(&self, messages: &[Message], tools: &[Tool]) -> Result<Reply, ModelError>;
    /// A JSON object that follows the schema, drafted from the messages.
    async fn draft(&self, messages: &[Message], schema: &Value) -> Result<Value, ModelError>;
    /// Speech of one clause.
    async fn speak(&self, text: &str, voice: &str) -> Result<Speech, ModelError>;
}
