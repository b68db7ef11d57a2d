//! Times and days as two people settle them: what the customer wants and would accept, what the other
//! side offers or refuses, and what is to be said next about it.
//!
//! [`Wish`] is read from the brief, [`Said`] from a turn of the other side; [`Search`] holds the one
//! against the other and never takes a [`Slot`] that the wish does not accept. [`spoken`] says days and
//! times in the language of the call. Nothing here greets, thanks or books: that is for a playbook.

mod change;
mod data;
mod day;
mod person;
mod questions;
mod read;
mod said;
mod search;
pub mod spoken;
mod text;
mod wish;
mod words;

pub use change::{Action, Change, Current};
pub use data::{code_in, ground_known, speaks_of_number};
pub use day::{Calendar, DAYS_AHEAD_MAX, Days};
pub use person::Person;
pub use questions::{asks, before_question, questions};
pub use said::{Ask, Said};
pub use search::{OFFERED_MAX, Search, Step};
pub use wish::{CHOICES_MAX, Choice, Kind, Slot, Times, Wish};
