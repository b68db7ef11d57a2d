//! Identifiers: ULIDs with a type each, so that a call's id never stands where a batch's belongs.
//!
//! Stored and sent bare (`01H…`); events carry the prefixed form (`call_01H…`); parsing takes both.

use std::fmt;
use std::str::FromStr;

use crate::Time;
use ulid::Ulid;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a valid {kind} id: expected 26 characters of Crockford base 32, with or without the prefix {prefix:?}"
)]
pub struct ParseIdError {
    pub kind: &'static str,
    pub prefix: &'static str,
}

macro_rules! id {
    ($name:ident, $kind:literal, $prefix:literal) => {
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// `random` is the shell's: this crate draws no randomness. Only its low 80 bits count.
            pub fn new(at: Time, random: u128) -> Self {
                let millis = u64::try_from(at.as_millis()).unwrap_or(0);
                $name(Ulid::from_parts(millis, random))
            }

            /// When it was made.
            pub fn time(&self) -> Time {
                Time::from_millis(i64::try_from(self.0.timestamp_ms()).unwrap_or(i64::MAX))
            }

            /// The form events and SDKs carry.
            pub fn prefixed(&self) -> String {
                format!("{}{}", $prefix, self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let bare = text.strip_prefix($prefix).unwrap_or(text);
                let canonical = bare.len() == 26 && bare.as_bytes()[0] <= b'7';
                let parsed = if canonical { Ulid::from_string(bare).ok() } else { None };
                parsed.map($name).ok_or(ParseIdError { kind: $kind, prefix: $prefix })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(CallId, "call", "call_");
id!(AttemptId, "attempt", "attempt_");
id!(OrgId, "organization", "org_");
id!(KeyId, "API key", "key_");
id!(LineId, "line", "line_");
id!(BatchId, "batch", "batch_");
id!(EventId, "event", "evt_");
id!(PersonaId, "persona", "persona_");
id!(PlaybookId, "playbook", "playbook_");
id!(WebhookId, "webhook", "wh_");
id!(DeliveryId, "delivery", "dlv_");
id!(ConversationId, "conversation", "conv_");
id!(RequestId, "request", "req_");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_parse_to_the_same_id() {
        let id = CallId::new(Time::from_secs(1_700_000_000), 42);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.prefixed().parse(), Ok(id));
        assert!(id.prefixed().starts_with("call_01"));
    }

    #[test]
    fn another_kind_of_prefix_is_refused() {
        let id = BatchId::new(Time::from_secs(1_700_000_000), 42);
        assert!(id.prefixed().parse::<CallId>().is_err());
    }

    #[test]
    fn rubbish_is_refused_with_a_reason() {
        for text in [
            "",
            "call_",
            "01H",
            "zzzzzzzzzzzzzzzzzzzzzzzzzz",
            "é01HXYZ000000000000000000",
            "call_01HXYZ\0",
        ] {
            let error = text.parse::<CallId>().expect_err(text);
            assert!(error.to_string().contains("26 characters"), "{error}");
        }
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early = EventId::new(Time::from_secs(1), u128::MAX);
        let late = EventId::new(Time::from_secs(2), 0);
        assert!(early < late && early.to_string() < late.to_string());
    }
}
