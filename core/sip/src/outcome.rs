//! What the final response to an INVITE means for the call.

/// As far as the life of a call distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Busy,
    /// It rang, or nobody is there.
    NoAnswer,
    /// A person, or an analysis on their behalf, does not want the call.
    Rejected,
    /// Nobody has this number.
    InvalidNumber,
    /// The trunk takes our calls not at all, or not like this: the operator has to do something.
    Misconfigured,
    /// It may work later.
    Unavailable,
}

/// A final response other than 2xx.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Final<'a> {
    pub code: u16,
    /// Its `Reason` header, if it has one.
    pub reason: Option<&'a str>,
    /// Something provisional came before, so somebody took the call.
    pub progressed: bool,
}

impl Final<'_> {
    /// The cause that a telephone network gave is more exact than what a gateway made of it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let by_cause = self.reason.and_then(q850_cause).and_then(of_cause);
        by_cause.unwrap_or_else(|| self.by_code())
    }

    /// Another address of the same trunk may take the call, for this one surely did not.
    #[must_use]
    pub fn try_next_address(&self) -> bool {
        self.code == 503 && !self.progressed
    }

    fn by_code(&self) -> Outcome {
        match self.code {
            486 | 600 => Outcome::Busy,
            // No answer to our INVITE at all, on any address: nobody was called.
            408 if !self.progressed => Outcome::Unavailable,
            408 | 480 | 487 => Outcome::NoAnswer,
            603 | 607 | 608 => Outcome::Rejected,
            404 | 410 | 484 | 485 | 604 => Outcome::InvalidNumber,
            // Our minutes or our pace at the trunk are used up.
            402 | 429 => Outcome::Unavailable,
            // They ask us to call elsewhere, which a trunk is not expected to.
            300..=399 => Outcome::Misconfigured,
            430 | 481 | 482 | 483 | 491 => Outcome::Unavailable,
            400..=499 | 606 => Outcome::Misconfigured,
            // What we asked for is not understood.
            501 | 505 | 513 => Outcome::Misconfigured,
            _ => Outcome::Unavailable,
        }
    }
}

/// `Q.850;cause=17;text="User busy"`, among other values.
#[must_use]
pub fn q850_cause(reason: &str) -> Option<u16> {
    reason.split(',').find_map(|value| {
        let mut parts = value.split(';').map(str::trim);
        if !parts.next()?.eq_ignore_ascii_case("Q.850") {
            return None;
        }
        let named = parts.filter_map(|part| part.split_once('='));
        let mut causes = named.filter(|(name, _)| name.trim().eq_ignore_ascii_case("cause"));
        causes.next()?.1.trim().parse().ok()
    })
}

/// Causes that say no more than the response does are left to it.
fn of_cause(cause: u16) -> Option<Outcome> {
    match cause {
        1 | 22 | 28 => Some(Outcome::InvalidNumber),
        17 => Some(Outcome::Busy),
        18..=20 => Some(Outcome::NoAnswer),
        21 => Some(Outcome::Rejected),
        2 | 3 | 27 | 34 | 38 | 41 | 42 | 47 => Some(Outcome::Unavailable),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_of_response_has_an_outcome() {
        use Outcome::{Busy, InvalidNumber, Misconfigured, NoAnswer, Rejected, Unavailable};
        let table: [(Outcome, &[u16]); 6] = [
            (Busy, &[486, 600]),
            (NoAnswer, &[408, 480, 487]),
            (Rejected, &[603, 607, 608]),
            (InvalidNumber, &[404, 410, 484, 485, 604]),
            (
                Misconfigured,
                &[
                    300, 302, 305, 380, 400, 401, 403, 405, 406, 407, 413, 414, 415, 416, 420, 421,
                    422, 423, 436, 438, 488, 493, 606, 501, 505, 513,
                ],
            ),
            (Unavailable, &[402, 429, 430, 481, 482, 491, 500, 502, 503, 504, 580, 599, 699]),
        ];
        for (expected, codes) in table {
            for code in codes {
                let response = Final { code: *code, reason: None, progressed: true };
                assert_eq!(response.outcome(), expected, "{code}");
            }
        }
        // Whatever a peer invents has one too.
        for code in 0..=u16::MAX {
            let _ = Final { code, ..Final::default() }.outcome();
        }
    }

    #[test]
    fn a_trunk_that_says_nothing_is_not_a_phone_that_rings() {
        let silent = Final { code: 408, reason: None, progressed: false };
        assert_eq!(silent.outcome(), Outcome::Unavailable);
    }

    #[test]
    fn a_cause_of_the_telephone_network_counts_more() {
        let check = |code, reason: &str, expected| {
            let response = Final { code, reason: Some(reason), progressed: true };
            assert_eq!(response.outcome(), expected, "{code} {reason}");
        };
        check(480, "Q.850;cause=17;text=\"User busy\"", Outcome::Busy);
        check(403, "q.850 ; cause = 21", Outcome::Rejected);
        check(503, "SIP;cause=503, Q.850;cause=1", Outcome::InvalidNumber);
        check(404, "Q.850;cause=41", Outcome::Unavailable);
        // These say nothing more.
        check(486, "Q.850;cause=16", Outcome::Busy);
        check(486, "Q.850;cause=31", Outcome::Busy);
        check(603, "SIP;cause=603;text=\"v=analytics1\"", Outcome::Rejected);
        for bad in ["", ";", "Q.850", "Q.850;cause", "Q.850;cause=x", "Q.850;cause=99999999"] {
            check(486, bad, Outcome::Busy);
        }
    }

    #[test]
    fn only_an_address_that_surely_took_nothing_is_left_for_another() {
        let check = |code, progressed, expected| {
            let response = Final { code, reason: None, progressed };
            assert_eq!(response.try_next_address(), expected, "{code} {progressed}");
        };
        check(503, false, true);
        check(503, true, false);
        check(408, false, false);
        check(500, false, false);
        check(486, false, false);
    }
}
