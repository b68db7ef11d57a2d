//! The AI side of a conversation.
//!
//! What is not here: what to say (the playbook's), when to say it (`core/turn`), and whether it may be
//! said (the gate in `engine`).

pub mod pipeline;

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
