//! The order of a stream's messages: `connected`, `start`, then anything, `stop` last; numbers only rise.

use crate::{Message, Said};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Nothing,
    Connected,
    Started,
    Stopped,
}

#[derive(Debug)]
pub struct Order {
    place: Place,
    stream: Option<String>,
    last: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disorder {
    #[error("the first message must be `connected`")]
    NotConnected,
    #[error("`connected` is said once")]
    ConnectedTwice,
    #[error("after `connected` comes `start`")]
    NotStarted,
    #[error("`start` is said once")]
    StartedTwice,
    #[error("`start` does not name its stream")]
    Nameless,
    #[error("a message of another stream")]
    OtherStream,
    #[error("a message number that does not rise")]
    Number,
    #[error("nothing follows `stop`")]
    Stopped,
}

impl Default for Order {
    fn default() -> Self {
        Order { place: Place::Nothing, stream: None, last: 0 }
    }
}

impl Order {
    /// What the message says, if it may be said now.
    pub fn take(&mut self, message: Message) -> Result<Said, Disorder> {
        let Message { sequence, stream, said } = message;
        match (self.place, &said) {
            (Place::Nothing, Said::Connected) => {
                self.place = Place::Connected;
                return Ok(said);
            }
            (Place::Nothing, _) => return Err(Disorder::NotConnected),
            (Place::Stopped, _) => return Err(Disorder::Stopped),
            (_, Said::Connected) => return Err(Disorder::ConnectedTwice),
            (Place::Connected, Said::Start(_)) => {
                self.stream = Some(stream.ok_or(Disorder::Nameless)?);
                self.place = Place::Started;
            }
            (Place::Connected, _) => return Err(Disorder::NotStarted),
            (Place::Started, Said::Start(_)) => return Err(Disorder::StartedTwice),
            (Place::Started, _) => {
                if stream.is_some() && stream != self.stream {
                    return Err(Disorder::OtherStream);
                }
            }
        }
        if let Some(number) = sequence {
            if number <= self.last {
                return Err(Disorder::Number);
            }
            self.last = number;
        }
        if said == Said::Stop {
            self.place = Place::Stopped;
        }
        Ok(said)
    }

    /// `MZ…`, once it has started.
    #[must_use]
    pub fn stream(&self) -> Option<&str> {
        self.stream.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `c`onnected, `s`tart, `m`edia, sto`p`, `o`ther; with a number and a stream.
    fn message(kind: char, sequence: Option<u64>, stream: Option<&str>) -> Message {
        let said = match kind {
            'c' => Said::Connected,
            's' => Said::Start(Box::default()),
            'm' => Said::Media { inbound: true, timestamp_ms: None, payload: vec![] },
            'p' => Said::Stop,
            _ => Said::Other("new".into()),
        };
        Message { sequence, stream: stream.map(str::to_owned), said }
    }

    fn check(messages: &[(char, Option<u64>, Option<&str>)], expected: Result<(), Disorder>) {
        let mut order = Order::default();
        let (last, before) = messages.split_last().unwrap();
        for (kind, sequence, stream) in before {
            let taken = order.take(message(*kind, *sequence, *stream));
            assert!(taken.is_ok(), "{messages:?}: {taken:?}");
        }
        let taken = order.take(message(last.0, last.1, last.2));
        assert_eq!(taken.map(|_| ()), expected, "{messages:?}");
    }

    #[test]
    fn messages_come_in_their_order_or_are_refused() {
        let (c, z) = (('c', None, None), Some("MZ1"));
        let s = ('s', Some(1), z);
        check(&[c, s, ('m', Some(2), z), ('o', Some(3), z), ('p', Some(9), z)], Ok(()));
        // Numbers may be left out, and so may the stream after the start.
        check(&[c, ('s', None, z), ('m', None, None), ('p', None, None)], Ok(()));
        check(&[s], Err(Disorder::NotConnected));
        check(&[('m', Some(1), z)], Err(Disorder::NotConnected));
        check(&[c, c], Err(Disorder::ConnectedTwice));
        check(&[c, s, c], Err(Disorder::ConnectedTwice));
        check(&[c, ('m', Some(1), z)], Err(Disorder::NotStarted));
        check(&[c, ('s', Some(1), None)], Err(Disorder::Nameless));
        check(&[c, s, ('s', Some(2), z)], Err(Disorder::StartedTwice));
        check(&[c, s, ('m', Some(2), Some("MZ2"))], Err(Disorder::OtherStream));
        check(&[c, s, ('m', Some(1), z)], Err(Disorder::Number));
        check(&[c, s, ('m', Some(5), z), ('m', Some(4), z)], Err(Disorder::Number));
        check(&[c, s, ('p', Some(2), z), ('m', Some(3), z)], Err(Disorder::Stopped));
        check(&[c, s, ('p', Some(2), z), c], Err(Disorder::Stopped));
    }
}
