//! The messages of a media stream, theirs read within limits and ours written.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};
use serde_json::json;

/// Longest message that is read.
pub const MESSAGE_BYTES_MAX: usize = 64 * 1024;
/// Audio in one message: two seconds.
pub const PAYLOAD_BYTES_MAX: usize = 16_000;
/// Parameters of a start.
pub const PARAMETERS_MAX: usize = 32;
/// Twilio takes 500; others that speak like it may want to say more.
pub const PARAMETER_CHARS_MAX: usize = 4000;
const NAME_CHARS_MAX: usize = 128;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    #[error("a message of more than {MESSAGE_BYTES_MAX} bytes")]
    TooLong,
    #[error("not a message of a media stream: {0}")]
    Malformed(String),
    #[error("a {0} message without its {0}")]
    Empty(&'static str),
    #[error("the payload is not base64")]
    NotBase64,
    #[error("a payload of more than {PAYLOAD_BYTES_MAX} bytes")]
    TooMuchAudio,
    #[error("more parameters, or longer ones, than are taken")]
    TooManyParameters,
    #[error("a name of more than {NAME_CHARS_MAX} characters")]
    NameTooLong,
    #[error("this is no key of a telephone")]
    NotADigit,
}

/// A message with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub sequence: Option<u64>,
    /// `MZ…`; not in the first one.
    pub stream: Option<String>,
    pub said: Said,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    Connected,
    Start(Box<Start>),
    /// Of the other side, if `inbound`; otherwise what we hear is ourselves.
    Media {
        inbound: bool,
        timestamp_ms: Option<u64>,
        payload: Vec<u8>,
    },
    Digit(char),
    /// Everything that was sent before this mark was played, or cleared.
    Mark(String),
    Stop,
    /// New kinds may come: they mean nothing to us.
    Other(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    pub call: Option<String>,
    pub account: Option<String>,
    pub format: Option<Format>,
    pub parameters: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Format {
    pub encoding: String,
    #[serde(deserialize_with = "count")]
    pub sample_rate: u64,
    #[serde(deserialize_with = "count")]
    pub channels: u64,
}

impl Format {
    /// µ-law, 8 kHz, one channel: the only one there is.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.encoding == "audio/x-mulaw" && self.sample_rate == 8000 && self.channels == 1
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    event: String,
    #[serde(default, deserialize_with = "maybe_count")]
    sequence_number: Option<u64>,
    stream_sid: Option<String>,
    start: Option<WireStart>,
    media: Option<WireMedia>,
    dtmf: Option<WireDigit>,
    mark: Option<WireMark>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireStart {
    account_sid: Option<String>,
    call_sid: Option<String>,
    #[serde(default)]
    custom_parameters: BTreeMap<String, String>,
    media_format: Option<Format>,
}

#[derive(Deserialize)]
struct WireMedia {
    track: Option<String>,
    #[serde(default, deserialize_with = "maybe_count")]
    timestamp: Option<u64>,
    payload: String,
}

#[derive(Deserialize)]
struct WireDigit {
    digit: String,
}

#[derive(Deserialize)]
struct WireMark {
    name: String,
}

/// Many numbers come as strings.
#[derive(Deserialize)]
#[serde(untagged)]
enum Count {
    Number(u64),
    Text(String),
}

fn count<'de, D: Deserializer<'de>>(reader: D) -> Result<u64, D::Error> {
    maybe_count(reader)?.ok_or_else(|| serde::de::Error::custom("a number is missing"))
}

fn maybe_count<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<u64>, D::Error> {
    match Option::<Count>::deserialize(reader)? {
        None => Ok(None),
        Some(Count::Number(number)) => Ok(Some(number)),
        Some(Count::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

/// One text frame.
pub fn read(text: &str) -> Result<Message, StreamError> {
    if text.len() > MESSAGE_BYTES_MAX {
        return Err(StreamError::TooLong);
    }
    let wire: Wire =
        serde_json::from_str(text).map_err(|error| StreamError::Malformed(error.to_string()))?;
    let said = match wire.event.as_str() {
        "connected" => Said::Connected,
        "start" => started(wire.start.ok_or(StreamError::Empty("start"))?)?,
        "media" => heard(wire.media.ok_or(StreamError::Empty("media"))?)?,
        "dtmf" => {
            let digit = wire.dtmf.ok_or(StreamError::Empty("dtmf"))?.digit;
            let mut keys = digit.chars();
            match (keys.next(), keys.next()) {
                (Some(key), None) => Said::Digit(key),
                _ => return Err(StreamError::NotADigit),
            }
        }
        "mark" => Said::Mark(named(wire.mark.ok_or(StreamError::Empty("mark"))?.name)?),
        "stop" => Said::Stop,
        _ => Said::Other(named(wire.event)?),
    };
    let stream = wire.stream_sid.map(named).transpose()?;
    Ok(Message { sequence: wire.sequence_number, stream, said })
}

fn started(start: WireStart) -> Result<Said, StreamError> {
    let parameters = start.custom_parameters;
    let too_long = |(name, value): (&String, &String)| {
        name.chars().count() > NAME_CHARS_MAX || value.chars().count() > PARAMETER_CHARS_MAX
    };
    if parameters.len() > PARAMETERS_MAX || parameters.iter().any(too_long) {
        return Err(StreamError::TooManyParameters);
    }
    Ok(Said::Start(Box::new(Start {
        call: start.call_sid.map(named).transpose()?,
        account: start.account_sid.map(named).transpose()?,
        format: start.media_format,
        parameters,
    })))
}

fn heard(media: WireMedia) -> Result<Said, StreamError> {
    if media.payload.len() > PAYLOAD_BYTES_MAX.div_ceil(3) * 4 {
        return Err(StreamError::TooMuchAudio);
    }
    let payload = STANDARD.decode(&media.payload).map_err(|_| StreamError::NotBase64)?;
    let inbound = media.track.is_none_or(|track| track.starts_with("inbound"));
    Ok(Said::Media { inbound, timestamp_ms: media.timestamp, payload })
}

fn named(name: String) -> Result<String, StreamError> {
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(StreamError::NameTooLong);
    }
    Ok(name)
}

/// µ-law to be played after whatever was sent before.
#[must_use]
pub fn media(stream: &str, payload: &[u8]) -> String {
    let payload = STANDARD.encode(payload);
    json!({"event": "media", "streamSid": stream, "media": {"payload": payload}}).to_string()
}

/// Comes back once everything before it was played.
#[must_use]
pub fn mark(stream: &str, name: &str) -> String {
    json!({"event": "mark", "streamSid": stream, "mark": {"name": name}}).to_string()
}

/// Nothing that was sent and not played yet is wanted any more.
#[must_use]
pub fn clear(stream: &str) -> String {
    json!({"event": "clear", "streamSid": stream}).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(sequence: Option<u64>, said: Said) -> Result<Message, StreamError> {
        let stream = sequence.map(|_| "MZ1".to_owned());
        Ok(Message { sequence, stream, said })
    }

    #[test]
    fn every_message_of_the_interface_is_read() {
        let start = r#"{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"streamSid":"MZ1",
            "accountSid":"AC1","callSid":"CA1","tracks":["inbound"],"customParameters":{"a":"b"},
            "mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}"#;
        let format = Format { encoding: "audio/x-mulaw".into(), sample_rate: 8000, channels: 1 };
        assert!(format.is_ours());
        assert!(!Format { sample_rate: 16_000, ..format.clone() }.is_ours());
        let started = Start {
            call: Some("CA1".into()),
            account: Some("AC1".into()),
            format: Some(format),
            parameters: [("a".to_owned(), "b".to_owned())].into(),
        };
        let table = [
            (
                r#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#,
                message(None, Said::Connected),
            ),
            (start, message(Some(1), Said::Start(Box::new(started)))),
            (
                r#"{"event":"media","sequenceNumber":"4","streamSid":"MZ1",
                   "media":{"track":"inbound","chunk":"2","timestamp":"20","payload":"AP8="}}"#,
                message(
                    Some(4),
                    Said::Media { inbound: true, timestamp_ms: Some(20), payload: vec![0, 255] },
                ),
            ),
            (
                r#"{"event":"dtmf","streamSid":"MZ1","sequenceNumber":5,
                   "dtmf":{"track":"inbound_track","digit":"1"}}"#,
                message(Some(5), Said::Digit('1')),
            ),
            (
                r#"{"event":"mark","sequenceNumber":"9","streamSid":"MZ1","mark":{"name":"7"}}"#,
                message(Some(9), Said::Mark("7".into())),
            ),
            (
                r#"{"event":"stop","sequenceNumber":"50","streamSid":"MZ1","stop":{}}"#,
                message(Some(50), Said::Stop),
            ),
            (
                r#"{"event":"weather","sequenceNumber":"51","streamSid":"MZ1"}"#,
                message(Some(51), Said::Other("weather".into())),
            ),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_too_much_or_no_message_is_refused() {
        let audio = "A".repeat(PAYLOAD_BYTES_MAX * 2);
        let long = "x".repeat(NAME_CHARS_MAX + 1);
        let many: BTreeMap<String, String> =
            (0..=PARAMETERS_MAX).map(|n| (n.to_string(), String::new())).collect();
        let table = [
            (" ".repeat(MESSAGE_BYTES_MAX + 1), StreamError::TooLong),
            (json!({"event": "media"}).to_string(), StreamError::Empty("media")),
            (
                json!({"event": "media", "media": {"payload": "%"}}).to_string(),
                StreamError::NotBase64,
            ),
            (
                json!({"event": "media", "media": {"payload": audio}}).to_string(),
                StreamError::TooMuchAudio,
            ),
            (
                json!({"event": "start", "start": {"customParameters": many}}).to_string(),
                StreamError::TooManyParameters,
            ),
            (
                json!({"event": "mark", "mark": {"name": long}}).to_string(),
                StreamError::NameTooLong,
            ),
            (json!({"event": "dtmf", "dtmf": {"digit": "12"}}).to_string(), StreamError::NotADigit),
        ];
        for (text, expected) in table {
            assert_eq!(read(&text), Err(expected), "{}", &text[..text.len().min(80)]);
        }
        let cut = r#"{"event":"media","media":{"payload":"AP8="}"#;
        let wrong = [
            "",
            "[]",
            "{}",
            cut,
            r#"{"event":7}"#,
            r#"{"event":"stop","sequenceNumber":"x"}"#,
            r#"{"event":"stop","sequenceNumber":-1}"#,
        ];
        for text in wrong {
            assert!(matches!(read(text), Err(StreamError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn ours_are_what_the_interface_wants() {
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&media("MZ\"1", &[0, 255])).unwrap(),
            json!({"event": "media", "streamSid": "MZ\"1", "media": {"payload": "AP8="}})
        );
        assert_eq!(mark("MZ1", "7"), r#"{"event":"mark","mark":{"name":"7"},"streamSid":"MZ1"}"#);
        assert_eq!(clear("MZ1"), r#"{"event":"clear","streamSid":"MZ1"}"#);
    }
}
