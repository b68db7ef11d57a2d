//! What most strategies share: who is calling, what the brief says, how a direct question is
//! answered from it, the model's prompt in prose, and the report at the end.
//!
//! A playbook decides what to say next; the functions here only save it the common work. Everything
//! follows from the brief and the turns, so a call can be replayed.

mod abroad;
mod caller;
mod computed;
mod courtesy;
mod facts;
mod language;
mod obligations;
mod patience;
mod phrase;
mod price;
mod prompt;
mod replay;
mod replies;
mod report;
mod settings;
pub mod slots;
mod spoken;

pub use caller::Caller;
pub use computed::Computed;
pub use courtesy::{Courtesy, advise, part};
pub use facts::BriefFacts;
pub use language::{LANGUAGES, Language};
pub use obligations::{Obligation, obligations, obligations_in};
pub use patience::Patience;
pub use phrase::{folded, says};
pub use prompt::{Prompt, sentence};
pub use replay::replay;
pub use replies::{Reply, is_farewell, is_hold, is_transfer, is_wrong_number, reply};
pub use report::{Wishes, ground_draft, list_ungrounded, spoken_summary, talk_of, wishes};
pub use settings::Settings;
pub use spoken::Spoken;
