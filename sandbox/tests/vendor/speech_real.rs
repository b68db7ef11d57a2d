//! The way of a real line: synthesised for the vendor's client, sent down a telephone line, understood.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use agenticcalling_sandbox::ear::Ear;
use agenticcalling_sandbox::vendor::{Heard, Rendered, Studio};
use agenticcalling_sandbox::voice::Voices;
use serde_json::{Value, json};

use crate::support::{pcm_to_line, vendor_with, wav};

/// The sandbox's own voices, and one ear for each call.
struct Real {
    voices: Voices,
    ears: Mutex<BTreeMap<String, Ear>>,
}

impl Studio for Real {
    fn speak(&self, call: Option<&str>, voice: &str, text: &str) -> anyhow::Result<Rendered> {
        let speech = self.voices.render(voice, text)?;
        if let Some(call) = call {
            let mut ears = self.ears.lock().unwrap();
            ears.entry(call.to_owned()).or_default().learn_speech(&speech);
        }
        Ok(Rendered { rate_hz: 24_000, samples: speech.at_24k().to_vec() })
    }

    fn hear(&self, call: Option<&str>, samples: &[i16]) -> anyhow::Result<Heard> {
        let ears = self.ears.lock().unwrap();
        let understood = call.and_then(|call| ears.get(call)?.recognise(samples));
        Ok(understood.map_or(Heard::Unrecognised, Heard::Words))
    }
}

#[tokio::test]
async fn real_speech_is_understood_and_a_torn_line_is_not_taken_for_whole() {
    let cache = tempfile::tempdir().unwrap();
    let voices = Voices::new(cache.path()).unwrap();
    let vendor = vendor_with(Arc::new(Real { voices, ears: Mutex::default() })).await;
    let lines = [
        "Yes, seventy-two dollars per unit works for us.",
        "I'm afraid I can't agree to that. Could you do fifty-eight?",
        "Thank you very much for your help. Goodbye.",
    ];
    for voice in ["onyx", "nova"] {
        for line in lines {
            let request = json!({"model": "gpt-4o-mini-tts", "input": line, "voice": voice,
                "response_format": "pcm"});
            let pcm = vendor.speech(&request).await.bytes().await.unwrap();
            let samples = pcm_to_line(&pcm);
            let heard: Value = vendor.hear(wav(8_000, &samples)).await.json().await.unwrap();
            assert_eq!(heard["text"], line, "{voice}");
        }
    }
    let request = json!({"model": "m", "input": lines[0], "voice": "onyx",
        "response_format": "pcm"});
    let samples = pcm_to_line(&vendor.speech(&request).await.bytes().await.unwrap());
    let torn = wav(8_000, &samples[..samples.len() / 2]);
    let heard: Value = vendor.hear(torn).await.json().await.unwrap();
    let heard = heard["text"].as_str().unwrap();
    assert!(!heard.contains("seventy-two"), "{heard}");
}
