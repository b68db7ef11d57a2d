//! A vendor on a free port, a client for it, and a studio whose voice is a row of tones.

use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::sync::{Arc, Mutex, Once};

use agenticcalling_sandbox::vendor::{Heard, Rendered, Studio, VendorControl, serve};
use anyhow::ensure;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

pub(crate) const CALL: &str = "01JD0000000000000000000000";
const VOICE_HZ: u32 = 16_000;
const LETTER_SAMPLES: usize = 480;
/// Correlation with a line at which it counts as heard.
const MATCH_MIN: f64 = 0.8;

pub(crate) struct Vendor {
    pub(crate) control: VendorControl,
    pub(crate) client: reqwest::Client,
    root: String,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

pub(crate) async fn vendor() -> Vendor {
    vendor_with(Arc::new(Tones::default())).await
}

pub(crate) async fn vendor_with(studio: Arc<dyn Studio>) -> Vendor {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().expect("installed once");
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let control = VendorControl::new();
    let serving = tokio::spawn(serve(studio, control.clone(), listener));
    Vendor { control, client: reqwest::Client::new(), root, serving }
}

impl Vendor {
    /// `path` is what follows the call's base URL.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.at(method, &format!("/calls/{CALL}/v1{path}"))
    }

    pub(crate) fn at(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.root)).bearer_auth("sk-test")
    }

    pub(crate) async fn chat(&self, body: &Value) -> Response {
        self.request(Method::POST, "/chat/completions").json(body).send().await.unwrap()
    }

    pub(crate) async fn speech(&self, body: &Value) -> Response {
        self.request(Method::POST, "/audio/speech").json(body).send().await.unwrap()
    }

    pub(crate) async fn hear(&self, wav: Vec<u8>) -> Response {
        let form = form(wav).text("model", "gpt-transcribe");
        self.request(Method::POST, "/audio/transcriptions").multipart(form).send().await.unwrap()
    }
}

pub(crate) fn form(wav: Vec<u8>) -> reqwest::multipart::Form {
    let part = reqwest::multipart::Part::bytes(wav).file_name("turn.wav");
    reqwest::multipart::Form::new().part("file", part)
}

/// The answer must be an error of the vendor's shape.
pub(crate) async fn check_error(response: Response, status: u16, param: Value, message: &str) {
    let got = response.status().as_u16();
    let id = response.headers().get("x-request-id").cloned().expect("every answer has an id");
    assert!(id.to_str().unwrap().starts_with("req_"));
    let body: Value = response.json().await.expect("errors are JSON");
    let error = &body["error"];
    assert_eq!((got, &error["param"]), (status, &param), "{body}");
    assert!(error["message"].as_str().unwrap().contains(message), "{message}: {body}");
    assert!(error["type"].is_string() && error.get("code").is_some(), "{body}");
}

pub(crate) fn user(text: &str) -> Value {
    json!({"model": "gpt-6-luna", "messages": [
        {"role": "system", "content": "You are Alex."},
        {"role": "user", "content": text},
    ]})
}

pub(crate) fn merged(mut body: Value, more: Value) -> Value {
    let fields = body.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    body
}

pub(crate) fn wav(rate_hz: u32, samples: &[i16]) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rate_hz,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
    for sample in samples {
        writer.write_sample(*sample).unwrap();
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}

/// Takes every third sample of 24 kHz after averaging it with its neighbours.
pub(crate) fn pcm_to_line(bytes: &[u8]) -> Vec<i16> {
    let samples: Vec<i32> = bytes
        .chunks_exact(2)
        .map(|pair| i32::from(i16::from_le_bytes([pair[0], pair[1]])))
        .collect();
    samples.chunks_exact(3).map(|three| (three.iter().sum::<i32>() / 3) as i16).collect()
}

/// Speaks each letter as a tone; hears by comparing with the lines spoken in the same call.
#[derive(Default)]
struct Tones {
    lines: Mutex<BTreeMap<String, Vec<String>>>,
}

impl Studio for Tones {
    fn speak(&self, call: Option<&str>, voice: &str, text: &str) -> anyhow::Result<Rendered> {
        ensure!(["rms", "slt"].contains(&voice), "no such voice: {voice}");
        if let Some(call) = call {
            let mut lines = self.lines.lock().unwrap();
            lines.entry(call.to_owned()).or_default().push(text.to_owned());
        }
        Ok(Rendered { rate_hz: VOICE_HZ, samples: tones(text, VOICE_HZ) })
    }

    fn hear(&self, call: Option<&str>, samples: &[i16]) -> anyhow::Result<Heard> {
        let lines = self.lines.lock().unwrap();
        for line in call.and_then(|call| lines.get(call)).into_iter().flatten() {
            if likeness(&tones(line, 8_000), samples) >= MATCH_MIN {
                return Ok(Heard::Words(line.clone()));
            }
        }
        Ok(Heard::Unrecognised)
    }
}

pub(crate) fn tones(text: &str, rate_hz: u32) -> Vec<i16> {
    let letter_samples = LETTER_SAMPLES * rate_hz as usize / VOICE_HZ as usize;
    let mut samples = Vec::new();
    for letter in text.bytes() {
        let hz = 200.0 + 10.0 * f64::from(letter);
        for index in 0..letter_samples {
            let phase = 2.0 * PI * hz * index as f64 / f64::from(rate_hz);
            samples.push((phase.sin() * 8_000.0) as i16);
        }
    }
    samples
}

fn likeness(a: &[i16], b: &[i16]) -> f64 {
    if a.len().abs_diff(b.len()) > 80 {
        return 0.0;
    }
    let dot = |a: &[i16], b: &[i16]| -> f64 {
        a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
