//! `POST /audio/speech`: a line spoken by the sandbox's synthesiser, as `pcm` or `wav`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value};

use super::audio::{VENDOR_HZ, resample, to_bytes, wav_header};
use super::chat_request::type_name;
use super::control::Stage;
use super::error::ApiError;
use super::{CallOf, Vendor, WholeBody, delivery};

const INPUT_CHARS_MAX: usize = 4096;
/// 100 ms of `pcm`.
const CHUNK_BYTES: usize = VENDOR_HZ as usize / 10 * 2;

const KNOWN: &[&str] =
    &["model", "input", "voice", "instructions", "response_format", "speed", "stream_format"];

/// The vendor's voices and the synthesiser's that stand in for them.
const VOICES: &[(&str, &str)] = &[
    ("alloy", "slt"),
    ("ash", "rms"),
    ("ballad", "rms"),
    ("cedar", "rms"),
    ("coral", "slt"),
    ("echo", "rms"),
    ("fable", "rms"),
    ("marin", "slt"),
    ("nova", "slt"),
    ("onyx", "rms"),
    ("sage", "slt"),
    ("shimmer", "slt"),
    ("verse", "rms"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Pcm,
    Wav,
}

struct SpeechRequest {
    model: String,
    input: String,
    voice: &'static str,
    format: Format,
}

pub(super) async fn create(
    State(vendor): State<Arc<Vendor>>,
    CallOf(call): CallOf,
    WholeBody(body): WholeBody,
) -> Result<Response, ApiError> {
    let plan = vendor.control.arrive(call.as_deref(), Stage::Speech);
    let SpeechRequest { model, input, voice, format } = parse(&body)?;
    delivery::begin(&plan, &model).await?;
    let chunks = vendor
        .beside(move |studio| {
            let rendered = studio.speak(call.as_deref(), voice, &input)?;
            let samples = resample(&rendered.samples, rendered.rate_hz, VENDOR_HZ);
            Ok(chunks(&samples, format))
        })
        .await?;
    let content_type = match format {
        Format::Pcm => "audio/pcm",
        Format::Wav => "audio/wav",
    };
    Ok(delivery::send(&plan, content_type, chunks))
}

fn chunks(samples: &[i16], format: Format) -> Vec<Bytes> {
    let mut bytes = match format {
        Format::Pcm => Vec::new(),
        Format::Wav => wav_header(VENDOR_HZ, samples.len()),
    };
    bytes.extend(to_bytes(samples));
    let bytes = Bytes::from(bytes);
    let ends = (0..bytes.len()).step_by(CHUNK_BYTES);
    ends.map(|start| bytes.slice(start..bytes.len().min(start + CHUNK_BYTES))).collect()
}

fn parse(body: &[u8]) -> Result<SpeechRequest, ApiError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| ApiError::bad_json())?;
    let body = body.as_object().ok_or_else(ApiError::bad_json)?;
    if let Some(unknown) = body.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        let message = format!("Unrecognized request argument supplied: {unknown}");
        return Err(ApiError::invalid(message, Some(unknown)).with_code("unknown_parameter"));
    }
    let model = text(body, "model")?.ok_or_else(|| ApiError::missing("model"))?;
    let input = text(body, "input")?.ok_or_else(|| ApiError::missing("input"))?;
    if input.trim().is_empty() {
        let message = "Invalid 'input': string too short. Expected a string with minimum length 1.";
        return Err(ApiError::invalid(message, Some("input")).with_code("string_below_min_length"));
    }
    if input.chars().count() > INPUT_CHARS_MAX {
        let message =
            format!("Invalid 'input': string too long. At most {INPUT_CHARS_MAX} characters.");
        return Err(ApiError::invalid(message, Some("input")).with_code("string_above_max_length"));
    }
    text(body, "instructions")?;
    normal_speed(body)?;
    if let Some(stream_format) = text(body, "stream_format")?.filter(|format| format != "audio") {
        let message = format!("The sandbox streams only 'audio', not '{stream_format}'.");
        return Err(ApiError::invalid(message, Some("stream_format")));
    }
    let (voice, format) = (voice(body)?, format(body)?);
    Ok(SpeechRequest { model, input, voice, format })
}

fn voice(body: &Map<String, Value>) -> Result<&'static str, ApiError> {
    let wanted = text(body, "voice")?.ok_or_else(|| ApiError::missing("voice"))?;
    if let Some((_, voice)) = VOICES.iter().find(|(name, _)| *name == wanted) {
        return Ok(voice);
    }
    let names: Vec<String> = VOICES.iter().map(|(name, _)| format!("'{name}'")).collect();
    let message = format!("Invalid value: '{wanted}'. Supported values are: {}.", names.join(", "));
    Err(ApiError::invalid(message, Some("voice")).with_code("invalid_value"))
}

fn format(body: &Map<String, Value>) -> Result<Format, ApiError> {
    let wanted = text(body, "response_format")?.unwrap_or_else(|| "mp3".to_owned());
    match wanted.as_str() {
        "pcm" => Ok(Format::Pcm),
        "wav" => Ok(Format::Wav),
        other => {
            let message = format!(
                "The sandbox speaks only 'pcm' and 'wav', not '{other}': set response_format to \
                 one of them (the default is 'mp3')."
            );
            Err(ApiError::invalid(message, Some("response_format")).with_code("invalid_value"))
        }
    }
}

fn normal_speed(body: &Map<String, Value>) -> Result<(), ApiError> {
    let Some(given) = body.get("speed").filter(|speed| !speed.is_null()) else { return Ok(()) };
    match given.as_f64() {
        Some(1.0) => Ok(()),
        Some(_) => {
            let message = "The sandbox speaks only at speed 1: leave 'speed' out.";
            Err(ApiError::invalid(message, Some("speed")).with_code("invalid_value"))
        }
        None => Err(ApiError::wrong_type("speed", "a number", type_name(given))),
    }
}

fn text(body: &Map<String, Value>, name: &str) -> Result<Option<String>, ApiError> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(ApiError::wrong_type(name, "a string", type_name(other))),
    }
}
