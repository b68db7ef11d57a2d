//! What the vendor needs of the sandbox's voices and rooms. Both calls block; the vendor runs them
//! beside the runtime.

/// Speech and hearing of the sandbox.
pub trait Studio: Send + Sync + 'static {
    /// Speaks the text with a synthesiser's voice and, given a call, teaches the line to whoever
    /// listens to our agent there.
    fn speak(&self, call: Option<&str>, voice: &str, text: &str) -> anyhow::Result<Rendered>;

    /// What was said in these 8 kHz samples, as far as the call's vocabulary goes.
    fn hear(&self, call: Option<&str>, samples: &[i16]) -> anyhow::Result<Heard>;
}

pub struct Rendered {
    pub rate_hz: u32,
    pub samples: Vec<i16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Words(String),
    /// Speech that matches no line of the call.
    Unrecognised,
}
