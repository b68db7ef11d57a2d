//! Finds in a transcript what was said, and keeps from a model's draft only what was.
//!
//! [`Talk`] reads the utterances of both sides and finds money, quantities, durations, times and
//! dates, payment terms, names, e-mail addresses and telephone numbers. [`ground`] holds a drafted
//! value against them; [`from_talk`] fills a schema's fields without a draft, well-known ones by what they are
//! called and all others by what their words mean. Plain Rust, no types of
//! the contract, nothing but computation: both sides of the contract use it, a playbook to extract and
//! the host to hear what the other side asks for.
//!
//! English, Spanish, French and German are understood, each utterance by its own words or in the
//! language of the talk; nobody has to say which it is.
//!
//! ```
//! use agenticcalling_heard::{Schema, Talk, Utterance, ground};
//! use serde_json::json;
//!
//! let talk = Talk::read(&[
//!     Utterance::ours("What is your price per unit, and how soon can you deliver?"),
//!     Utterance::theirs("Fifty-two dollars. No, sorry, fifty-four. And two weeks."),
//! ]);
//! let schema = Schema::read(&json!({"quoted_price": "number", "lead_time_days": "number", "moq": "number"}));
//! let grounded = ground(&schema, &json!({"quoted_price": 52, "lead_time_days": 14, "moq": 100}), &talk);
//! assert_eq!(grounded.data["quoted_price"], json!(54));
//! assert_eq!(grounded.data["lead_time_days"], json!(14));
//! assert_eq!(grounded.ungrounded[0].field, "moq");
//! ```

mod answer;
mod calendar;
mod contact;
mod evidence;
mod fields;
mod find;
mod ground;
mod language;
mod money;
mod number;
mod role;
mod schema;
mod talk;
mod terms;
mod token;
mod when;
mod wishes;
mod zone;

pub use answer::{answered, yes_or_no};
pub use calendar::{date_in, date_of};
pub use fields::{
    Quoted, TEXT_VALUE_CHARS_MAX, contact_name, currency, email, from_talk, hours, lead_time,
    minimum_order, next_steps, payment_terms, phone, price, prices, read_field,
};
pub use find::UTTERANCE_FACTS_MAX;
pub use ground::{Dropped, Grounded, ground};
pub use role::Role;
pub use schema::{Field, FieldType, SCHEMA_DEPTH_MAX, SCHEMA_FIELDS_MAX, Schema, to_json_schema};
pub use talk::{Day, Fact, Heard, TALK_UTTERANCES_MAX, Talk, Unit, Utterance, Value};
pub use terms::canonical as canonical_terms;
pub use token::{UTTERANCE_TOKENS_MAX, words};
pub use wishes::{
    CallBackWish, Channel, ChannelWish, call_back, call_back_at, channel_wish, do_not_call,
    speak_to_human, wrong_number,
};
pub use zone::{Civil, Offset, civil_from_days, days_from_civil, local_in};
