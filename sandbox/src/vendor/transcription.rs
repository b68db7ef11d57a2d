//! `POST /audio/transcriptions`: what the sandbox's ear makes of an uploaded WAV file.
//!
//! Silence is an empty text; speech that matches no line of the call is `[unrecognised]`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartRejection};
use axum::response::Response;
use serde_json::json;

use super::audio::{BadWav, Clip, LINE_HZ, decode_wav, is_silent, resample};
use super::chat_wire::{frame, pieces};
use super::control::Stage;
use super::error::ApiError;
use super::studio::Heard;
use super::{CallOf, Vendor, delivery};
use crate::ear::UNRECOGNISED;

const FIELDS_MAX: usize = 64;

/// Fields that are accepted and make no difference here.
const HINTS: &[&str] = &[
    "language",
    "languages[]",
    "keywords[]",
    "prompt",
    "temperature",
    "chunking_strategy",
    "include[]",
];
const EXTENSIONS: &[&str] =
    &["flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Text,
    Events,
}

#[derive(Default)]
struct Form {
    file: Option<Bytes>,
    model: Option<String>,
    response_format: Option<String>,
    stream: bool,
}

pub(super) async fn create(
    State(vendor): State<Arc<Vendor>>,
    CallOf(call): CallOf,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, ApiError> {
    let plan = vendor.control.arrive(call.as_deref(), Stage::Transcription);
    let form = read(multipart).await?;
    let model = form.model.as_deref().filter(|model| !model.is_empty());
    let model = model
        .ok_or_else(|| ApiError::invalid("you must provide a model parameter", Some("model")))?;
    let format = format(&form, model)?;
    let file = form.file.as_ref().ok_or_else(|| ApiError::missing("file"))?;
    let clip = decode_wav(file).map_err(bad_wav)?;
    delivery::begin(&plan, model).await?;
    let seconds = clip.samples.len().div_ceil(clip.rate_hz as usize);
    let text = vendor.beside(move |studio| {
        let Clip { rate_hz, samples } = clip;
        if is_silent(&samples, rate_hz) {
            return Ok(String::new());
        }
        let samples = resample(&samples, rate_hz, LINE_HZ);
        Ok(match studio.hear(call.as_deref(), &samples)? {
            Heard::Words(text) => text,
            Heard::Unrecognised => UNRECOGNISED.to_owned(),
        })
    });
    let text = text.await?;
    Ok(match format {
        Format::Json => {
            let body = json!({"text": text, "usage": {"type": "duration", "seconds": seconds}});
            delivery::send(&plan, "application/json", delivery::halves(body.to_string()))
        }
        Format::Text => {
            let body = delivery::halves(format!("{text}\n"));
            delivery::send(&plan, "text/plain; charset=utf-8", body)
        }
        Format::Events => {
            let events = events(&text, seconds);
            delivery::send(&plan, "text/event-stream; charset=utf-8", events)
        }
    })
}

fn events(text: &str, seconds: usize) -> Vec<Bytes> {
    let mut events = Vec::new();
    for delta in pieces(text) {
        let event = json!({"type": "transcript.text.delta", "delta": delta});
        events.push(Bytes::from(frame(&event.to_string())));
    }
    let usage = json!({"type": "duration", "seconds": seconds});
    let done = json!({"type": "transcript.text.done", "text": text, "usage": usage});
    events.push(Bytes::from(frame(&done.to_string())));
    events
}

async fn read(multipart: Result<Multipart, MultipartRejection>) -> Result<Form, ApiError> {
    let mut multipart = multipart.map_err(|_| {
        let message = "Send the request as multipart/form-data with the fields 'file' and 'model'.";
        ApiError::invalid(message, None)
    })?;
    let mut form = Form::default();
    let mut fields = 0;
    while let Some(field) = multipart.next_field().await.map_err(|error| unreadable(&error))? {
        fields += 1;
        if fields > FIELDS_MAX {
            return Err(ApiError::invalid(format!("At most {FIELDS_MAX} form fields fit."), None));
        }
        read_field(&mut form, field).await?;
    }
    Ok(form)
}

async fn read_field(form: &mut Form, field: Field<'_>) -> Result<(), ApiError> {
    let name = field.name().unwrap_or("").to_owned();
    match name.as_str() {
        "file" => {
            check_file_name(field.file_name())?;
            form.file = Some(field.bytes().await.map_err(|error| unreadable(&error))?);
        }
        "model" => form.model = Some(value(field).await?),
        "response_format" => form.response_format = Some(value(field).await?),
        "stream" => {
            form.stream = match value(field).await?.as_str() {
                "true" | "True" | "1" => true,
                "false" | "False" | "0" => false,
                other => {
                    let got = format!("'{other}'");
                    return Err(ApiError::wrong_type("stream", "a boolean", &got));
                }
            }
        }
        hint if HINTS.contains(&hint) => drop(value(field).await?),
        unknown => {
            let message = format!("Unrecognized request argument supplied: {unknown}");
            let error = ApiError::invalid(message, Some(unknown));
            return Err(error.with_code("unknown_parameter"));
        }
    }
    Ok(())
}

async fn value(field: Field<'_>) -> Result<String, ApiError> {
    let name = field.name().unwrap_or("").to_owned();
    if field.file_name().is_some() {
        return Err(ApiError::wrong_type(&name, "a string", "a file"));
    }
    field.text().await.map_err(|error| unreadable(&error))
}

fn unreadable(error: &axum::extract::multipart::MultipartError) -> ApiError {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::too_large("Maximum content size limit (26214400) exceeded.");
    }
    ApiError::invalid("The multipart body could not be read; it may be cut off.", None)
}

fn check_file_name(file_name: Option<&str>) -> Result<(), ApiError> {
    let Some(file_name) = file_name else {
        return Err(ApiError::wrong_type("file", "a file with a filename", "a string"));
    };
    let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    match extension.as_deref() {
        Some("wav") => Ok(()),
        Some(known) if EXTENSIONS.contains(&known) => {
            let message = format!("The sandbox's ear reads only wav files, not {known}.");
            Err(ApiError::invalid(message, Some("file")).with_code("unsupported_format"))
        }
        _ => {
            let message = format!("Invalid file format. Supported formats: {EXTENSIONS:?}");
            Err(ApiError::invalid(message, Some("file")).with_code("unsupported_format"))
        }
    }
}

fn format(form: &Form, model: &str) -> Result<Format, ApiError> {
    let format = match form.response_format.as_deref() {
        None | Some("json") => Format::Json,
        Some("text") => Format::Text,
        Some(other) => {
            let message = format!(
                "response_format '{other}' is not compatible with model '{model}' in the sandbox. \
                 Use 'json' or 'text' instead."
            );
            let error = ApiError::invalid(message, Some("response_format"));
            return Err(error.with_code("unsupported_value"));
        }
    };
    // The oldest model ignores the wish to stream.
    let streams = form.stream && model != "whisper-1";
    Ok(if streams { Format::Events } else { format })
}

fn bad_wav(bad: BadWav) -> ApiError {
    match bad {
        BadWav::Unreadable => {
            let message = "The audio file could not be decoded or its format is not supported.";
            ApiError::invalid(message, Some("file")).with_code("invalid_value")
        }
        BadWav::TooShort => {
            let message = "Audio file is too short. Minimum audio length is 0.1 seconds.";
            ApiError::invalid(message, Some("file")).with_code("audio_too_short")
        }
        BadWav::TooLong => {
            let message = "Audio file is too long for the sandbox. At most 120 seconds fit.";
            ApiError::invalid(message, Some("file")).with_code("invalid_value")
        }
        BadWav::Unsupported(got) => {
            let message = format!(
                "The sandbox's ear reads mono 16-bit wav files of 8000, 16000 or 24000 Hz; this one \
                 has {got}."
            );
            ApiError::invalid(message, Some("file")).with_code("unsupported_format")
        }
    }
}
