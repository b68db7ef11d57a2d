//! The life of a call as Twilio tells it: callbacks that come twice, late or not at all, answers to
//! questions in between, and the media stream, made into one story.

use crate::{Form, value};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Queued,
    Initiated,
    Ringing,
    InProgress,
    Completed,
    Busy,
    NoAnswer,
    Canceled,
    Failed,
}

impl Status {
    #[must_use]
    pub fn read(word: &str) -> Option<Status> {
        Some(match word {
            "queued" => Status::Queued,
            "initiated" => Status::Initiated,
            "ringing" => Status::Ringing,
            "in-progress" => Status::InProgress,
            "completed" => Status::Completed,
            "busy" => Status::Busy,
            "no-answer" => Status::NoAnswer,
            "canceled" => Status::Canceled,
            "failed" => Status::Failed,
            _ => return None,
        })
    }

    #[must_use]
    pub fn is_over(self) -> bool {
        self >= Status::Completed
    }

    /// All ends are equally late.
    fn stage(self) -> u8 {
        (self as u8).min(Status::Completed as u8)
    }
}

/// What answered, as Twilio's detection has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    Human,
    /// A machine speaks.
    Machine,
    /// A machine has said that it records now.
    Beep,
    /// A machine has fallen silent.
    MachineEnded,
    Fax,
    Unknown,
}

impl Hint {
    #[must_use]
    pub fn read(word: &str) -> Option<Hint> {
        Some(match word {
            "human" => Hint::Human,
            "machine_start" => Hint::Machine,
            "machine_end_beep" => Hint::Beep,
            "machine_end_silence" | "machine_end_other" => Hint::MachineEnded,
            "fax" => Hint::Fax,
            "unknown" => Hint::Unknown,
            _ => return None,
        })
    }
}

/// A status callback, as far as it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// `CA…`
    pub call: String,
    pub status: Status,
    /// Its place among the callbacks of the call, from 0.
    pub sequence: Option<u32>,
    /// The last word of the network, with the end of the call.
    pub sip_code: Option<u16>,
    pub hint: Option<Hint>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a status callback: {0} is missing or unknown")]
pub struct Malformed(pub &'static str);

impl Callback {
    pub fn read(form: &Form) -> Result<Callback, Malformed> {
        let call = value(form, "CallSid").filter(|sid| is_sid(sid)).ok_or(Malformed("CallSid"))?;
        let status = value(form, "CallStatus").and_then(Status::read);
        Ok(Callback {
            call: call.to_owned(),
            status: status.ok_or(Malformed("CallStatus"))?,
            sequence: value(form, "SequenceNumber").and_then(|text| text.parse().ok()),
            sip_code: value(form, "SipResponseCode").and_then(|text| text.parse().ok()),
            hint: value(form, "AnsweredBy").and_then(Hint::read),
        })
    }
}

/// `CA` and what follows it; it becomes part of a path.
#[must_use]
pub fn is_sid(text: &str) -> bool {
    (3..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    Ringing,
    /// Somebody picked up; the stream is to begin now.
    PickedUp,
    Answered,
    Busy,
    NoAnswer,
    Rejected,
    InvalidNumber,
    Failed,
    HungUp,
    Hint(Hint),
}

/// How far a call has come, as far as anybody was told.
#[derive(Debug, Default)]
pub struct Progress {
    stage: u8,
    sequence: Option<u32>,
    picked_up: bool,
    answered: bool,
    over: bool,
}

impl Progress {
    pub fn callback(&mut self, callback: &Callback) -> Vec<Told> {
        // An older one has been overtaken, whatever it says.
        let stale = match (callback.sequence, self.sequence) {
            (Some(number), Some(last)) => number <= last,
            _ => false,
        };
        if stale || self.over {
            return Vec::new();
        }
        self.sequence = callback.sequence.or(self.sequence);
        let mut told = self.status(callback.status, callback.sip_code);
        if let Some(hint) = callback.hint
            && !self.over
        {
            told.push(Told::Hint(hint));
        }
        told
    }

    /// Learned by a callback, or by asking.
    pub fn status(&mut self, status: Status, sip_code: Option<u16>) -> Vec<Told> {
        if self.over || status.stage() <= self.stage {
            return Vec::new();
        }
        self.stage = status.stage();
        match status {
            Status::Queued | Status::Initiated => Vec::new(),
            Status::Ringing => vec![Told::Ringing],
            Status::InProgress => self.picked_up(),
            Status::Completed => {
                self.over = true;
                let answered = std::mem::replace(&mut self.answered, true);
                if answered { vec![Told::HungUp] } else { vec![Told::Answered, Told::HungUp] }
            }
            _ => {
                self.over = true;
                vec![if self.answered { Told::HungUp } else { failure(status, sip_code) }]
            }
        }
    }

    /// The media stream begins, which is when anybody can be heard.
    pub fn streaming(&mut self) -> Vec<Told> {
        if self.over || self.answered {
            return Vec::new();
        }
        self.stage = self.stage.max(Status::InProgress.stage());
        (self.picked_up, self.answered) = (true, true);
        vec![Told::Answered]
    }

    /// The stream said its last word. It ends with the call.
    pub fn stopped(&mut self) -> Vec<Told> {
        if std::mem::replace(&mut self.over, true) { Vec::new() } else { vec![Told::HungUp] }
    }

    /// Nothing can be said or heard any more, and nobody said why.
    pub fn lost(&mut self) -> Vec<Told> {
        if std::mem::replace(&mut self.over, true) { Vec::new() } else { vec![Told::Failed] }
    }

    pub fn hint(&self, hint: Hint) -> Vec<Told> {
        if self.over { Vec::new() } else { vec![Told::Hint(hint)] }
    }

    /// Picked up, and no stream so far.
    #[must_use]
    pub fn waits_for_stream(&self) -> bool {
        self.picked_up && !self.answered && !self.over
    }

    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.answered
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over
    }

    fn picked_up(&mut self) -> Vec<Told> {
        let known = std::mem::replace(&mut self.picked_up, true);
        if known { Vec::new() } else { vec![Told::PickedUp] }
    }
}

/// Why nobody answered. The network's own word is more exact: a call that was declined is `no-answer`.
fn failure(status: Status, sip_code: Option<u16>) -> Told {
    match (status, sip_code) {
        (_, Some(603 | 607 | 608)) => Told::Rejected,
        (_, Some(404 | 410 | 484 | 485 | 604)) => Told::InvalidNumber,
        (_, Some(486 | 600)) | (Status::Busy, _) => Told::Busy,
        (Status::NoAnswer, _) => Told::NoAnswer,
        _ => Told::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `number status [code]`, `stream`, `stop`, `lost`, `? status`, apart by commas.
    fn check(story: &str, expected: &[Told]) {
        let mut progress = Progress::default();
        let mut told = Vec::new();
        for step in story.split(", ") {
            let words: Vec<&str> = step.split(' ').collect();
            told.extend(match words[0] {
                "stream" => progress.streaming(),
                "stop" => progress.stopped(),
                "lost" => progress.lost(),
                "?" => progress.status(Status::read(words[1]).unwrap(), None),
                number => progress.callback(&Callback {
                    call: "CA1".into(),
                    status: Status::read(words[1]).unwrap(),
                    sequence: number.parse().ok(),
                    sip_code: words.get(2).and_then(|code| code.parse().ok()),
                    hint: words.get(2).and_then(|word| Hint::read(word)),
                }),
            });
        }
        assert_eq!(told, expected, "{story}");
    }

    use Told::{
        Answered, Busy, Failed, HungUp, InvalidNumber, NoAnswer, PickedUp, Rejected, Ringing,
    };

    #[test]
    fn a_call_is_one_story() {
        let ok = [Ringing, PickedUp, Answered, HungUp];
        check("0 initiated, 1 ringing, 2 in-progress, stream, stop, 3 completed", &ok);
        check("0 initiated, 1 ringing, 2 in-progress, stream, 3 completed, stop", &ok);
        check("1 ringing, stream, 2 in-progress, stop", &[Ringing, Answered, HungUp]);
        check("stream, stop", &[Answered, HungUp]);
        check("stream, lost, 3 completed", &[Answered, Failed]);
        check("1 ringing, 2 in-progress, lost", &[Ringing, PickedUp, Failed]);
    }

    #[test]
    fn callbacks_come_twice_and_in_any_order() {
        let ok = [Ringing, PickedUp, Answered, HungUp];
        check("1 ringing, 1 ringing, 2 in-progress, 2 in-progress, stream, stop, stop", &ok);
        // What was overtaken is not told.
        check("2 in-progress, 1 ringing, 0 initiated, stream, stop", &[PickedUp, Answered, HungUp]);
        check("3 busy, 1 ringing, 0 initiated", &[Busy]);
        check("3 no-answer, 3 no-answer, 3 completed", &[NoAnswer]);
        check("3 completed, 2 in-progress, 1 ringing", &[Answered, HungUp]);
        // A number that is too high does not undo anything, and without numbers the status decides.
        check("1 ringing, 9 queued, 3 busy", &[Ringing]);
        check("x ringing, x initiated, x ringing, x busy", &[Ringing, Busy]);
        // Asking tells the same things.
        check("? ringing, 1 ringing, ? in-progress, stream", &[Ringing, PickedUp, Answered]);
        check("1 ringing, ? busy, 3 busy", &[Ringing, Busy]);
    }

    #[test]
    fn the_networks_word_counts_more() {
        for (end, expected) in [
            ("busy", Busy),
            ("no-answer", NoAnswer),
            ("no-answer 487", NoAnswer),
            ("no-answer 603", Rejected),
            ("busy 603", Rejected),
            ("no-answer 486", Busy),
            ("failed", Failed),
            ("failed 404", InvalidNumber),
            ("failed 484", InvalidNumber),
            ("failed 503", Failed),
            ("canceled", Failed),
        ] {
            check(&format!("0 initiated, 1 ringing, 2 {end}"), &[Ringing, expected]);
        }
        check("1 ringing, stream, 3 failed 503", &[Ringing, Answered, HungUp]);
    }

    #[test]
    fn hints_are_passed_on_while_the_call_lasts() {
        check(
            "1 ringing, stream, 2 in-progress human",
            &[Ringing, Answered, Told::Hint(Hint::Human)],
        );
        check("stream, 3 completed human", &[Answered, HungUp]);
        let mut progress = Progress::default();
        assert_eq!(progress.hint(Hint::Beep), [Told::Hint(Hint::Beep)]);
        progress.lost();
        assert_eq!(progress.hint(Hint::Beep), []);
        for (word, hint) in [
            ("human", Hint::Human),
            ("machine_start", Hint::Machine),
            ("machine_end_beep", Hint::Beep),
            ("machine_end_silence", Hint::MachineEnded),
            ("machine_end_other", Hint::MachineEnded),
            ("fax", Hint::Fax),
            ("unknown", Hint::Unknown),
        ] {
            assert_eq!(Hint::read(word), Some(hint));
        }
        assert_eq!(Hint::read("martian"), None);
    }

    #[test]
    fn a_callback_without_its_fields_is_none() {
        let form = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
        };
        let whole = form(&[
            ("CallSid", "CA1"),
            ("CallStatus", "busy"),
            ("SequenceNumber", "3"),
            ("SipResponseCode", "486"),
            ("Added", "later"),
        ]);
        let read = Callback::read(&whole).unwrap();
        assert_eq!((read.status, read.sequence, read.sip_code), (Status::Busy, Some(3), Some(486)));
        let wrong = [
            (form(&[("CallStatus", "busy")]), "CallSid"),
            (form(&[("CallSid", "../x"), ("CallStatus", "busy")]), "CallSid"),
            (form(&[("CallSid", "CA1")]), "CallStatus"),
            (form(&[("CallSid", "CA1"), ("CallStatus", "lost")]), "CallStatus"),
        ];
        for (form, missing) in wrong {
            assert_eq!(Callback::read(&form), Err(Malformed(missing)));
        }
    }
}
