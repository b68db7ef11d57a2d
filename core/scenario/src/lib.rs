//! Written dialogues, played against a playbook.
//!
//! A scenario is a text in which one line is one step: what is known before, who says what, what is
//! expected then. [`play`] plays it against whatever implements [`Playable`]: a playbook's own type in
//! a unit test, a compiled component in the server's tools. [`babble`] says anything at all instead.
//!
//! ```text
//! # A comment. Empty lines count for nothing.
//! objective: … | context: … | previous call: … | rule: … | caller: … | company: …
//! settings: {…} | now: ms | zone: … | language: tag       the brief; before everything else
//! opening: words          the opening line holds these words
//! instructions: words     the system prompt holds these words
//! voicemail: words | screening: words | closing: words    so do those lines
//! them: text              the callee speaks
//! suggests: words         the suggestion holds these words; `suggests: -` if there must be none
//! instructs: words        the guidance's instruction holds these words
//! settled: yes|no         the guidance says so
//! us: text                we speak; `us: *` speaks the last suggestion, `us: opening` the opening line
//! check: text -> pass     or withhold, replace, hang-up: the verdict on a clause
//! may end: yes|no
//! draft: {…}              what the model drafts
//! data: {…}               the report's data, exactly
//! ungrounded: a, b        the dropped fields, in order; empty if none
//! summary: text           exactly
//! success: yes|no
//! do not call: yes|no | call back: ms|words|no | channel: sms|email|no
//! ```
//!
//! Nothing here knows WebAssembly, the contract's generated types or any playbook.

mod babble;
mod difference;
mod play;
mod script;

pub use babble::babble;
pub use difference::{Difference, Problem};
pub use play::{Outcome, play};
pub use script::{Expectation, Script, Step, Take};

/// What a playbook is told before the call.
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    pub objective: String,
    pub context: Option<String>,
    pub previous_call: Option<String>,
    pub caller: Option<String>,
    pub company: Option<String>,
    pub rules: Vec<String>,
    /// JSON.
    pub settings: String,
    pub language: String,
    pub now_ms: u64,
    pub zone: String,
}

impl Default for Brief {
    fn default() -> Self {
        Self {
            objective: String::new(),
            context: None,
            previous_call: None,
            caller: None,
            company: None,
            rules: Vec::new(),
            settings: "{}".to_owned(),
            language: "en".to_owned(),
            now_ms: 0,
            zone: "UTC".to_owned(),
        }
    }
}

/// The texts of a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    pub instructions: String,
    pub opening: String,
    pub voicemail: String,
    pub screening: String,
    pub closing: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Guidance {
    pub instruction: String,
    pub suggestion: Option<String>,
    pub settled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    Agent,
    Callee,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    pub speaker: Speaker,
    pub text: String,
    pub started_ms: u64,
    pub ended_ms: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clause {
    /// Number of the agent's turn.
    pub turn: u32,
    pub text: String,
    /// What of this turn already passed.
    pub said: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Pass,
    Replace(String),
    Withhold(String),
    HangUp(String),
}

impl Verdict {
    /// As scenarios write it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Replace(_) => "replace",
            Self::Withhold(_) => "withhold",
            Self::HangUp(_) => "hang-up",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub success: bool,
    pub summary: String,
    /// JSON.
    pub data: String,
    /// Names of the dropped fields.
    pub ungrounded: Vec<String>,
    pub call_back: CallBack,
    pub do_not_call: bool,
    pub channel: Option<Channel>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallBack {
    /// Nobody asked for it.
    #[default]
    No,
    /// In words that name no time that was understood.
    InWords,
    /// Milliseconds since the Unix epoch.
    At(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Sms,
    Email,
}

/// Something that holds calls. The error of a function says why it could not answer; nothing is asked
/// of that call afterwards.
pub trait Playable {
    /// Begins a call, in place of the one before, and plans it.
    fn begin(&mut self, brief: &Brief) -> Result<Lines, String>;
    fn heard(&mut self, turn: &Turn) -> Result<Option<Guidance>, String>;
    fn spoke(&mut self, turn: &Turn) -> Result<(), String>;
    fn check(&mut self, clause: &Clause) -> Result<Verdict, String>;
    /// What to do first, if the call may not end yet.
    fn may_end(&mut self) -> Result<Option<Guidance>, String>;
    /// The JSON Schema of the draft.
    fn extraction(&mut self) -> Result<String, String>;
    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String>;
}
