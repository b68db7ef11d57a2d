//! Speech to text, a language model, text to speech: three stages with OpenAI's HTTP interface.
//!
//! Each stage has its own base URL, model and key, so any compatible server can take a stage.

mod chat;
mod http;
mod schema;
mod sse;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use chat::{ChatEvent, Message, Role, Tool, ToolCall};

use super::{Model, ModelError, Reply, Speech};
use crate::audio;

/// Longest answer of a recogniser that is read.
const TRANSCRIPT_BYTES_MAX: usize = 64 * 1024;
/// Longest draft of structured data that is read.
const DRAFT_BYTES_MAX: usize = 256 * 1024;
/// The vendor's own limit on one speech request.
const SPEECH_CHARS_MAX: usize = 4096;

/// Where one stage is served.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stage {
    /// Such as `https://api.openai.com/v1`.
    pub base_url: String,
    pub model: String,
    /// Sent as `Authorization: Bearer`.
    #[serde(skip_serializing)]
    pub api_key: String,
    /// Until the first byte of an answer.
    pub first_byte_ms_max: u64,
    /// Between two pieces of a streamed answer.
    pub stall_ms_max: u64,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stage {{ base_url: {:?}, model: {:?}, api_key: … }}", self.base_url, self.model)
    }
}

impl Default for Stage {
    fn default() -> Self {
        Stage {
            base_url: "https://api.openai.com/v1".into(),
            model: String::new(),
            api_key: String::new(),
            first_byte_ms_max: 8000,
            stall_ms_max: 4000,
        }
    }
}

/// Model names are configuration: vendors retire them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PipelineConfig {
    pub transcription: Stage,
    pub chat: Stage,
    pub speech: Stage,
    /// Tries of one request, the first included, while nothing of the answer has arrived.
    pub tries_max: u32,
}

impl Default for PipelineConfig {
    fn default() -> Self {
        let stage = |model: &str| Stage { model: model.into(), ..Stage::default() };
        PipelineConfig {
            transcription: stage("gpt-transcribe"),
            chat: stage("gpt-6-luna"),
            speech: stage("gpt-4o-mini-tts"),
            tries_max: 3,
        }
    }
}

impl PipelineConfig {
    /// A customer's own key. It goes to the vendor only, not to whatever else is configured.
    #[must_use]
    pub fn with_openai_key(mut self, api_key: &str) -> Self {
        let vendor = Stage::default().base_url;
        for stage in [&mut self.transcription, &mut self.chat, &mut self.speech] {
            if stage.base_url == vendor {
                stage.api_key = api_key.to_owned();
            }
        }
        self
    }

    /// All three stages at one place with one key.
    #[must_use]
    pub fn at(mut self, base_url: &str, api_key: &str) -> Self {
        for stage in [&mut self.transcription, &mut self.chat, &mut self.speech] {
            stage.base_url = base_url.to_owned();
            stage.api_key = api_key.to_owned();
        }
        self
    }
}

/// A client for one call. Cheap to clone: connections are shared.
#[derive(Clone)]
pub struct Pipeline {
    http: reqwest::Client,
    config: PipelineConfig,
}

impl Pipeline {
    #[must_use]
    pub fn new(http: reqwest::Client, config: PipelineConfig) -> Self {
        Pipeline { http, config }
    }

    fn post(&self, stage: &Stage, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/{path}", stage.base_url.trim_end_matches('/'));
        self.http.post(url).bearer_auth(&stage.api_key)
    }

    async fn send(
        &self,
        name: &'static str,
        stage: &Stage,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, ModelError> {
        http::send(name, stage, self.config.tries_max, request).await
    }
}

#[async_trait]
impl Model for Pipeline {
    /// One connection for each stage, for they are busy at the same time; over HTTP/2 they share one.
    async fn warm(&self) {
        let touch = |name, stage: &Stage| {
            let url = format!("{}/models", stage.base_url.trim_end_matches('/'));
            let request = self.http.get(url).bearer_auth(&stage.api_key);
            let stage = stage.clone();
            async move { http::touch(name, &stage, request).await }
        };
        let PipelineConfig { transcription, chat, speech, .. } = &self.config;
        tokio::join!(
            touch("transcription", transcription),
            touch("chat", chat),
            touch("speech", speech),
        );
    }

    async fn transcribe(&self, samples: &[i16], language: &str) -> Result<String, ModelError> {
        let stage = &self.config.transcription;
        let file = Bytes::from(audio::wav(samples, 8000));
        let response = self
            .send("transcription", stage, || {
                let part = reqwest::multipart::Part::stream(file.clone())
                    .file_name("utterance.wav")
                    .mime_str("audio/wav")
                    .expect("a valid media type");
                let form = reqwest::multipart::Form::new()
                    .part("file", part)
                    .text("model", stage.model.clone())
                    .text("language", language.to_owned())
                    .text("response_format", "json");
                self.post(stage, "audio/transcriptions").multipart(form)
            })
            .await?;
        let body = http::body("transcription", stage, response, TRANSCRIPT_BYTES_MAX).await?;
        #[derive(Deserialize)]
        struct Transcription {
            text: String,
        }
        let transcription: Transcription = serde_json::from_slice(&body).map_err(|error| {
            ModelError::Protocol { stage: "transcription", message: error.to_string() }
        })?;
        Ok(transcription.text.trim().to_owned())
    }

    async fn reply(&self, messages: &[Message], tools: &[Tool]) -> Result<Reply, ModelError> {
        let stage = &self.config.chat;
        let mut request = json!({
            "model": stage.model,
            "messages": messages,
            "stream": true,
            "stream_options": { "include_usage": true, "include_obfuscation": false },
        });
        if !tools.is_empty() {
            request["tools"] = tools.iter().map(Tool::to_wire).collect();
        }
        let response = self
            .send("chat", stage, || self.post(stage, "chat/completions").json(&request))
            .await?;
        Ok(chat::events(response, Duration::from_millis(stage.stall_ms_max)).boxed())
    }

    async fn draft(&self, messages: &[Message], schema: &Value) -> Result<Value, ModelError> {
        let stage = &self.config.chat;
        let request = json!({
            "model": stage.model,
            "messages": messages,
            "response_format": {
                "type": "json_schema",
                "json_schema": {
                    "name": "call_result",
                    "strict": true,
                    "schema": schema::strict(schema),
                },
            },
        });
        let response = self
            .send("chat", stage, || self.post(stage, "chat/completions").json(&request))
            .await?;
        let body = http::body("chat", stage, response, DRAFT_BYTES_MAX).await?;
        chat::drafted(&body)
    }

    async fn speak(&self, text: &str, voice: &str) -> Result<Speech, ModelError> {
        let stage = &self.config.speech;
        let input: String = text.chars().take(SPEECH_CHARS_MAX).collect();
        let request = json!({
            "model": stage.model,
            "input": input,
            "voice": voice,
            "response_format": "pcm",
        });
        let response =
            self.send("speech", stage, || self.post(stage, "audio/speech").json(&request)).await?;
        Ok(http::samples(response, Duration::from_millis(stage.stall_ms_max)).boxed())
    }
}

/// The client all pipelines share: pooled connections, one TLS provider, no redirects.
pub fn http_client() -> anyhow::Result<reqwest::Client> {
    crate::tls::install();
    Ok(reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true)
        .build()?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::serve::ListenerExt as _;

    use super::*;

    /// Answers every request with one transcript, and counts the connections.
    async fn vendor() -> (String, Arc<AtomicUsize>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let accepted = Arc::new(AtomicUsize::new(0));
        let counted = accepted.clone();
        let app = axum::Router::new().fallback(|| async { r#"{"text": "hello"}"# });
        let listener = listener.tap_io(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        (base_url, accepted)
    }

    #[tokio::test]
    async fn a_warm_pipeline_opens_no_connection_when_it_is_needed() {
        let (base_url, accepted) = vendor().await;
        let config = PipelineConfig::default().at(&base_url, "key");
        let pipeline = Pipeline::new(http_client().unwrap(), config);
        pipeline.warm().await;
        let opened = accepted.load(Ordering::SeqCst);
        assert!((1..=3).contains(&opened), "{opened}");
        let text = pipeline.transcribe(&[0; 160], "en").await.unwrap();
        assert_eq!(text, "hello");
        drop(pipeline.speak("hello", "alloy").await.unwrap());
        assert_eq!(accepted.load(Ordering::SeqCst), opened);
    }

    #[tokio::test]
    async fn a_vendor_that_is_gone_does_not_hinder_the_call() {
        let config = PipelineConfig::default().at("http://127.0.0.1:1/v1", "key");
        Pipeline::new(http_client().unwrap(), config).warm().await;
    }

    #[test]
    fn a_customers_key_goes_to_its_vendor_only() {
        let mut config = PipelineConfig::default();
        config.speech.base_url = "http://127.0.0.1:9000/v1".into();
        config.speech.api_key = "ours".into();
        let keyed = config.with_openai_key("theirs");
        let keys = [keyed.transcription, keyed.chat, keyed.speech].map(|stage| stage.api_key);
        assert_eq!(keys, ["theirs", "theirs", "ours"]);
    }
}
