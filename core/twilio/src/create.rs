//! What an answer to a request means: done, surely not done, or nobody knows.
//!
//! A call whose creation nobody knows of is looked for, and never created again.

use domain::Time;
use serde::Deserialize;

use crate::status::is_sid;
use crate::{Status, value};

/// The body of an answer that is read.
pub const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    Http {
        status: u16,
        body: &'a [u8],
    },
    /// No connection was made, so nothing was asked.
    NotSent,
    /// It was sent, or may have been, and no answer came.
    Lost,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// `CA…`, and how far it is.
    Taken {
        call: String,
        status: Option<Status>,
    },
    Refused(Refusal),
    /// It may exist.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub why: Why,
    /// Twilio's own number for it, if it said one.
    pub code: Option<u32>,
    /// For the operator's log.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    InvalidNumber,
    /// Nothing will change until the operator changes something.
    Misconfigured,
    /// It may work later.
    Unavailable,
}

#[derive(Deserialize)]
struct WireCall {
    sid: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
struct WireError {
    code: Option<u32>,
    message: Option<String>,
}

/// Of `POST …/Calls.json`.
#[must_use]
pub fn created(answer: &Answer<'_>) -> Created {
    match answer {
        Answer::NotSent => Created::Refused(Refusal {
            why: Why::Unavailable,
            code: None,
            message: "no connection to Twilio could be made".into(),
        }),
        Answer::Lost => Created::Unknown,
        Answer::Http { status: 200..=299, body } => match call(body) {
            Some((call, status)) => Created::Taken { call, status },
            None => Created::Unknown,
        },
        // A gateway gave up waiting, or something broke on the way: the request may have gone through.
        Answer::Http { status: 408 | 500.., .. } => Created::Unknown,
        Answer::Http { status, body } => Created::Refused(refusal(*status, body)),
    }
}

/// `sid` and `status` of a call object.
#[must_use]
pub fn call(body: &[u8]) -> Option<(String, Option<Status>)> {
    let call: WireCall = serde_json::from_slice(body).ok()?;
    let sid = call.sid.filter(|sid| is_sid(sid))?;
    Some((sid, call.status.as_deref().and_then(Status::read)))
}

#[must_use]
pub fn refusal(status: u16, body: &[u8]) -> Refusal {
    let error = serde_json::from_slice(body).unwrap_or(WireError { code: None, message: None });
    let why = match (error.code, status) {
        (Some(21211 | 21214 | 21217 | 13224), _) => Why::InvalidNumber,
        (Some(20429 | 32001 | 32012), _) | (_, 429) => Why::Unavailable,
        _ => Why::Misconfigured,
    };
    let message = error.message.unwrap_or_else(|| format!("HTTP {status}"));
    Refusal { why, code: error.code, message }
}

/// What came of asking a call to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is over, or it does not exist.
    Over,
    /// It goes on: `Status=canceled` does nothing to a call that was just picked up.
    GoesOn,
    Refused,
    /// Ask again.
    Unknown,
}

#[must_use]
pub fn ended(answer: &Answer<'_>) -> Ended {
    match answer {
        Answer::Http { status: 200..=299, body } => match call(body) {
            // A call that is being ended may still be said to ring.
            Some((_, Some(Status::InProgress))) => Ended::GoesOn,
            Some(_) => Ended::Over,
            None => Ended::Unknown,
        },
        Answer::Http { status: 404, .. } => Ended::Over,
        Answer::Http { status: 429 | 408 | 500.., .. } | Answer::NotSent | Answer::Lost => {
            Ended::Unknown
        }
        Answer::Http { status, body } => match refusal(*status, body).code {
            Some(21220) => Ended::Over,
            _ => Ended::Refused,
        },
    }
}

/// A call that may be the one whose creation nobody knows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub call: String,
    pub status: Option<Status>,
}

#[derive(Deserialize)]
struct WireCalls {
    calls: Vec<WireListed>,
}

#[derive(Deserialize)]
struct WireListed {
    sid: String,
    status: Option<String>,
    to: Option<String>,
    from: Option<String>,
    direction: Option<String>,
    date_created: Option<String>,
}

/// Times in lists are whole seconds, and clocks are not the same.
const CLOCKS_DIFFER_MS: i64 = 5000;

/// Calls between these numbers that were created since, of `GET …/Calls.json`. `None`: not a list.
#[must_use]
pub fn candidates(body: &[u8], to: &str, from: &str, since: Time) -> Option<Vec<Candidate>> {
    let listed: WireCalls = serde_json::from_slice(body).ok()?;
    let earliest = since.as_millis().saturating_sub(CLOCKS_DIFFER_MS);
    let mut found = Vec::new();
    for listed in listed.calls {
        let created = listed.date_created.as_deref().and_then(rfc2822);
        let fits = listed.to.as_deref() == Some(to)
            && listed.from.as_deref() == Some(from)
            && listed.direction.as_deref().is_none_or(|direction| direction == "outbound-api")
            // A call that is still queued may have no time.
            && created.is_none_or(|created| created.as_millis() >= earliest)
            && is_sid(&listed.sid);
        if fits {
            let status = listed.status.as_deref().and_then(Status::read);
            found.push(Candidate { call: listed.sid, status });
        }
    }
    Some(found)
}

fn rfc2822(text: &str) -> Option<Time> {
    let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Time::from_millis(parsed.as_millisecond()))
}

/// The call that a form speaks of.
#[must_use]
pub fn call_of(form: &crate::Form) -> Option<&str> {
    value(form, "CallSid").filter(|sid| is_sid(sid))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(status: u16, body: &str) -> Answer<'_> {
        Answer::Http { status, body: body.as_bytes() }
    }

    fn refused(code: u32) -> String {
        format!(r#"{{"code":{code},"message":"no","more_info":"x","status":400}}"#)
    }

    #[test]
    fn an_answer_says_yes_no_or_nothing() {
        let taken = r#"{"sid":"CA1","status":"queued","to":"+12025550123"}"#;
        let yes = Created::Taken { call: "CA1".into(), status: Some(Status::Queued) };
        assert_eq!(created(&http(201, taken)), yes);
        for unknown in [
            Answer::Lost,
            http(201, ""),
            http(201, r#"{"sid":"CA1""#),
            http(200, r#"{"sid":"../x"}"#),
            http(408, ""),
            http(500, &refused(20500)),
            http(502, "<html>"),
            http(503, ""),
            http(504, ""),
            http(599, ""),
        ] {
            assert_eq!(created(&unknown), Created::Unknown, "{unknown:?}");
        }
        let table = [
            (400, 21211, Why::InvalidNumber),
            (400, 21217, Why::InvalidNumber),
            (400, 21214, Why::InvalidNumber),
            (400, 13224, Why::InvalidNumber),
            (400, 21210, Why::Misconfigured),
            (400, 21212, Why::Misconfigured),
            (400, 21215, Why::Misconfigured),
            (400, 21216, Why::Misconfigured),
            (401, 20003, Why::Misconfigured),
            (404, 20404, Why::Misconfigured),
            (429, 20429, Why::Unavailable),
            (429, 1, Why::Unavailable),
        ];
        for (status, code, why) in table {
            let Created::Refused(refusal) = created(&http(status, &refused(code))) else {
                panic!("{status} {code} is no refusal")
            };
            assert_eq!((refusal.why, refusal.code), (why, Some(code)), "{status} {code}");
        }
        let Created::Refused(refusal) = created(&Answer::NotSent) else { panic!("not refused") };
        assert_eq!(refusal.why, Why::Unavailable);
    }

    #[test]
    fn a_call_that_is_over_need_not_be_ended() {
        let call = |status: &str| format!(r#"{{"sid":"CA1","status":"{status}"}}"#);
        let table = [
            (200, call("canceled"), Ended::Over),
            (200, call("completed"), Ended::Over),
            (200, call("ringing"), Ended::Over),
            (200, call("in-progress"), Ended::GoesOn),
            (200, String::new(), Ended::Unknown),
            (400, refused(21220), Ended::Over),
            (404, refused(20404), Ended::Over),
            (400, refused(21211), Ended::Refused),
            (401, String::new(), Ended::Refused),
            (429, String::new(), Ended::Unknown),
            (503, String::new(), Ended::Unknown),
        ];
        for (status, body, expected) in table {
            assert_eq!(ended(&http(status, &body)), expected, "{status} {body}");
        }
        assert_eq!(ended(&Answer::Lost), Ended::Unknown);
        assert_eq!(ended(&Answer::NotSent), Ended::Unknown);
    }

    #[test]
    fn a_lost_call_is_found_by_its_numbers_and_its_time() {
        let call = |sid: &str, to: &str, created: &str| {
            format!(
                r#"{{"sid":"{sid}","status":"ringing","to":"{to}","from":"+12025550100",
                    "direction":"outbound-api","date_created":{created}}}"#
            )
        };
        let calls = [
            call("CA1", "+12025550123", r#""Fri, 27 Nov 2026 12:00:01 +0000""#),
            call("CA2", "+12025550123", r#""Fri, 27 Nov 2026 11:59:00 +0000""#),
            call("CA3", "+12025550124", r#""Fri, 27 Nov 2026 12:00:01 +0000""#),
            call("CA4", "+12025550123", "null"),
        ];
        let body = format!(r#"{{"calls":[{}],"page":0}}"#, calls.join(","));
        let noon = "2026-11-27T12:00:00Z".parse::<jiff::Timestamp>().unwrap();
        let since = Time::from_millis(noon.as_millisecond());
        let found = candidates(body.as_bytes(), "+12025550123", "+12025550100", since).unwrap();
        let found: Vec<&str> = found.iter().map(|found| found.call.as_str()).collect();
        assert_eq!(found, ["CA1", "CA4"]);
        let none = candidates(body.as_bytes(), "+12025550123", "+12025550101", since);
        assert_eq!(none, Some(vec![]));
        assert_eq!(candidates(b"{}", "+12025550123", "+12025550100", since), None);
    }
}
