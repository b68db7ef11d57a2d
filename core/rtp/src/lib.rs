//! Audio on the wire, decided: what a packet means, when a hole is given up, what fills it, how a digit
//! is sent, what the two sides agreed on.
//!
//! What is not here: sockets, encryption, SIP, and who speaks.

mod conceal;
mod digits;
mod g711;
mod order;
mod packet;
mod path;
mod receiver;
pub mod rtcp;
pub mod sdp;
mod sender;
#[cfg(test)]
mod testing;

pub use conceal::{CONCEALED_FRAMES_MAX, Concealer};
pub use digits::{
    DIGITS_MAX, Digit, Digits, Hearing as DigitHearing, ParseDigitsError, TelephoneEvent,
};
pub use g711::{FRAME_MS, FRAME_SAMPLES, Frame, Law, SILENCE};
pub use order::{Arrival, HOLE_WAIT, Ordered, Reorder, WAITING_PACKETS_MAX};
pub use packet::{MalformedPacket, Packet, is_rtcp};
pub use path::{Latch, Watchdog};
pub use receiver::{Heard, Ignored, Receiver};
pub use sender::{DIGITS_WAITING_MAX, Sender, TooManyDigits};
