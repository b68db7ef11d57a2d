//! Numbers that can be bought, and what came of buying one.

use domain::E164;
use serde::Deserialize;

use crate::create::{Answer, Refusal, refusal};

/// Where a country's numbers are looked for, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberSearch {
    Local,
    National,
    Mobile,
}

impl NumberSearch {
    pub const ALL: [NumberSearch; 3] =
        [NumberSearch::Local, NumberSearch::National, NumberSearch::Mobile];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            NumberSearch::Local => "Local",
            NumberSearch::National => "National",
            NumberSearch::Mobile => "Mobile",
        }
    }
}

#[derive(Deserialize)]
struct WireAvailable {
    available_phone_numbers: Vec<WireNumber>,
}

#[derive(Deserialize)]
struct WireOwned {
    incoming_phone_numbers: Vec<WireNumber>,
}

#[derive(Deserialize)]
struct WireNumber {
    sid: Option<String>,
    phone_number: String,
    friendly_name: Option<String>,
}

/// `None`: the answer was not understood.
#[must_use]
pub fn available(body: &[u8]) -> Option<Vec<E164>> {
    let found: WireAvailable = serde_json::from_slice(body).ok()?;
    Some(found.available_phone_numbers.iter().filter_map(|n| n.phone_number.parse().ok()).collect())
}

/// A country may have no numbers of a kind: that is no fault.
#[must_use]
pub fn search_is_refused(answer: &Answer<'_>) -> Option<Refusal> {
    match answer {
        Answer::Http { status: 404 | 200..=299, .. } => None,
        Answer::Http { status, body } => Some(refusal(*status, body)),
        Answer::NotSent | Answer::Lost => Some(refusal(503, b"")),
    }
}

/// A number of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// `PN…`
    pub sid: String,
    pub number: E164,
    pub name: Option<String>,
}

#[must_use]
pub fn owned(body: &[u8]) -> Option<Vec<Owned>> {
    let found: WireOwned = serde_json::from_slice(body).ok()?;
    Some(found.incoming_phone_numbers.into_iter().filter_map(kept).collect())
}

fn kept(number: WireNumber) -> Option<Owned> {
    let sid = number.sid.filter(|sid| crate::status::is_sid(sid))?;
    Some(Owned { sid, number: number.phone_number.parse().ok()?, name: number.friendly_name })
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bought {
    Yes(Owned),
    /// Somebody else was faster: another one may be had.
    Gone,
    Refused(Refusal),
    /// It may be ours: it is looked for, and not bought again.
    Unknown,
}

/// Of `POST …/IncomingPhoneNumbers.json`.
#[must_use]
pub fn bought(answer: &Answer<'_>) -> Bought {
    match answer {
        Answer::NotSent => Bought::Refused(refusal(503, b"")),
        Answer::Lost | Answer::Http { status: 408 | 500.., .. } => Bought::Unknown,
        Answer::Http { status: 200..=299, body } => {
            let number: Option<WireNumber> = serde_json::from_slice(body).ok();
            number.and_then(kept).map_or(Bought::Unknown, Bought::Yes)
        }
        Answer::Http { status, body } => {
            let refusal = refusal(*status, body);
            match refusal.code {
                Some(21421 | 21422 | 21452) => Bought::Gone,
                _ => Bought::Refused(refusal),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(status: u16, body: &str) -> Answer<'_> {
        Answer::Http { status, body: body.as_bytes() }
    }

    #[test]
    fn numbers_are_found() {
        let body = br#"{"available_phone_numbers":[{"phone_number":"+12025550123"},
            {"phone_number":"nonsense"},{"phone_number":"+12025550124","beta":false}]}"#;
        let found = available(body).unwrap();
        let found: Vec<&str> = found.iter().map(E164::as_str).collect();
        assert_eq!(found, ["+12025550123", "+12025550124"]);
        assert_eq!(available(b"{}"), None);
        assert_eq!(search_is_refused(&http(200, "")), None);
        assert_eq!(search_is_refused(&http(404, "")), None);
        assert!(search_is_refused(&http(401, "")).is_some());
        assert!(search_is_refused(&Answer::Lost).is_some());
    }

    #[test]
    fn a_purchase_succeeds_fails_or_is_looked_up() {
        let yes = r#"{"sid":"PN1","phone_number":"+12025550123","friendly_name":"ours"}"#;
        let number = Owned {
            sid: "PN1".into(),
            number: "+12025550123".parse().unwrap(),
            name: Some("ours".into()),
        };
        assert_eq!(bought(&http(201, yes)), Bought::Yes(number.clone()));
        let list = format!(r#"{{"incoming_phone_numbers":[{yes}]}}"#);
        assert_eq!(owned(list.as_bytes()), Some(vec![number]));
        for code in [21421, 21422, 21452] {
            assert_eq!(bought(&http(400, &format!(r#"{{"code":{code}}}"#))), Bought::Gone);
        }
        assert!(matches!(bought(&http(400, r#"{"code":21631}"#)), Bought::Refused(_)));
        assert!(matches!(bought(&Answer::NotSent), Bought::Refused(_)));
        for unknown in [Answer::Lost, http(503, ""), http(201, "{}")] {
            assert_eq!(bought(&unknown), Bought::Unknown, "{unknown:?}");
        }
    }
}
