//! Decisions about Twilio: who signed a request, what an answer to a dial means, what callbacks that come
//! twice or in any order tell, what may be said on a media stream and what of our speech was played.
//!
//! What is not here: HTTP, sockets, and when to dial.

pub mod create;
mod frames;
mod numbers;
mod order;
mod playout;
pub mod signature;
mod status;
mod stream;
pub mod twiml;

pub use frames::{FRAME_SAMPLES, Frame, Frames};
pub use numbers::{Bought, NumberSearch, Owned, available, bought, owned, search_is_refused};
pub use order::{Disorder, Order};
pub use playout::{Echo, MARKS_MAX, Playout};
pub use status::{Callback, Hint, Malformed, Progress, Status, Told, is_sid};
pub use stream::{
    Format, MESSAGE_BYTES_MAX, Message, PARAMETER_CHARS_MAX, PARAMETERS_MAX, PAYLOAD_BYTES_MAX,
    Said, Start, StreamError, clear, mark, media, read,
};

/// Names and values of a form, in the order in which they came.
pub type Form = [(String, String)];

/// The first value of that name.
#[must_use]
pub fn value<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
