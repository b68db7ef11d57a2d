//! What a playbook author writes against: one trait, one macro, and the types of the contract.
//!
//! A playbook decides how a telephone call is held. Implement [`Playbook`], hand the type to
//! [`export!`], and build the crate (a `cdylib`) with `cargo x playbooks`. A playbook can compute
//! and nothing else: the same brief and the same turns must always give the same answers, because
//! the server repeats them into a new instance after a failure.
//!
//! ```
//! use agenticcalling_playbook::*;
//!
//! struct Florist { brief: Brief }
//!
//! impl Playbook for Florist {
//!     fn describe() -> Description {
//!         Description::new("acme.florist", "1.0.0", "Orders flowers", "Asks a florist for a bouquet.")
//!     }
//!     fn score(objective: &str, _language: &str) -> u8 {
//!         if objective.to_lowercase().contains("flowers") { 80 } else { 0 }
//!     }
//!     fn new(brief: Brief) -> Self { Florist { brief } }
//!     fn plan(&mut self) -> Plan {
//!         Plan { opening: "Hello! I would like to order flowers.".into(), ..Plan::for_brief(&self.brief) }
//!     }
//!     fn check(&mut self, clause: &Clause) -> Verdict {
//!         if clause.text.contains("lilies") { withhold(None, "lilies are poisonous to cats") } else { Verdict::Pass }
//!     }
//! }
//!
//! agenticcalling_playbook::export!(Florist);
//! # fn main() {
//! # let mut call = Florist::new(Brief { objective: "Order flowers".into(), ..Brief::default() });
//! # assert!(call.plan().instructions.contains("Order flowers"));
//! # let clause = Clause { turn: 0, index: 0, text: "A dozen lilies".into(), said: String::new() };
//! # assert!(matches!(call.check(&clause), Verdict::Withhold(_)));
//! # assert_eq!(Florist::score("Send flowers to Ann", "en"), 80);
//! # }
//! ```
//!
//! Native unit tests call the trait's methods directly; nothing of the WebAssembly side is needed.

#[cfg(any(test, target_arch = "wasm32"))]
mod arena;
mod defaults;
mod export;
pub use heard as extract;
pub mod matching;
pub mod numbers;
mod playbook;
pub mod rules;
#[cfg(not(target_arch = "wasm32"))]
pub mod scenario;
pub mod strategy;

pub use defaults::withhold;
pub use export::bindings::agenticcalling::playbook::types::{
    Brief, CallBack, Channel, ChannelWish, Clause, Effect, Enforcement, ExtractionRequest,
    Guidance, Json, Persona, Plan, Report, RulePlan, Speaker, Tool, ToolOutcome, Turn, Ungrounded,
    Verdict, Violation,
};
pub use export::bindings::exports::agenticcalling::playbook::about::Description;
pub use playbook::Playbook;

#[doc(hidden)]
pub use export::{Exported, bindings};
