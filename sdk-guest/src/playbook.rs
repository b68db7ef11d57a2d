//! The one trait an author implements.

use crate::{
    Brief, Clause, Description, ExtractionRequest, Guidance, Plan, Report, ToolOutcome, Turn,
    Verdict, defaults,
};

/// One kind of telephone call; a value of it holds one call.
///
/// The host calls `new`, then `plan` once; then `spoke`, `heard`, `check`, `tool` and `may_end` as
/// the call goes; `extraction` and `finish` at its end. After a breach of limits it makes a new
/// value and repeats `plan` and every `spoke` and `heard`, so state must follow from those alone.
pub trait Playbook: Sized + 'static {
    /// Who the playbook is.
    fn describe() -> Description;

    /// How well it suits an objective: 0 (not at all) to 100 (made for it).
    fn score(_objective: &str, _language: &str) -> u8 {
        0
    }

    /// A call begins.
    fn new(brief: Brief) -> Self;

    /// How to hold the call. [`Plan::for_brief`] is a good start.
    fn plan(&mut self) -> Plan;

    /// A turn of the other side is complete. Advice for our next turn, if any.
    fn heard(&mut self, _turn: Turn) -> Option<Guidance> {
        None
    }

    /// A turn of ours is over: what of it was really played out.
    fn spoke(&mut self, _turn: Turn) {}

    /// May this clause be spoken? On the audio path: decide in microseconds.
    fn check(&mut self, _clause: &Clause) -> Verdict {
        Verdict::Pass
    }

    /// The model called one of the plan's tools. An error is shown to the model.
    fn tool(&mut self, name: &str, _arguments: &str) -> Result<ToolOutcome, String> {
        Err(format!("there is no tool named {name}"))
    }

    /// May the agent end the call? If obligations are open, what to do about them.
    fn may_end(&mut self) -> Result<(), Guidance> {
        Ok(())
    }

    /// What the model should draft from the transcript. By default `success` and `summary`.
    fn extraction(&mut self) -> ExtractionRequest {
        defaults::extraction()
    }

    /// Validate, normalise and ground the draft; must work without one too. By default `success`
    /// and `summary` are taken from the draft and everything else in it is dropped, because
    /// nothing here can tell whether it was said.
    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        Ok(defaults::report(transcript, draft))
    }
}
