//! Speech, transcription, and the way from one to the other.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{CALL, check_error, form, merged, pcm_to_line, tones, vendor, wav};

const LINE: &str = "Yes, seventy-two dollars works.";

fn line() -> Value {
    json!({"model": "gpt-4o-mini-tts", "input": LINE, "voice": "onyx", "response_format": "pcm"})
}

#[tokio::test]
async fn what_was_spoken_is_understood_in_that_call_only() {
    let vendor = vendor().await;
    let response = vendor.speech(&line()).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "audio/pcm");
    assert_eq!(response.headers()["transfer-encoding"], "chunked");
    let pcm = response.bytes().await.unwrap();
    assert_eq!(pcm.len(), LINE.len() * 480 * 3 / 2 * 2);
    let samples = pcm_to_line(&pcm);

    let heard: Value = vendor.hear(wav(8_000, &samples)).await.json().await.unwrap();
    let usage = json!({"type": "duration", "seconds": 1});
    assert_eq!(heard, json!({"text": LINE, "usage": usage}));

    let cut_off = &samples[..samples.len() / 2];
    let heard: Value = vendor.hear(wav(8_000, cut_off)).await.json().await.unwrap();
    assert_eq!(heard["text"], "[unrecognised]");

    for elsewhere in ["/calls/another/v1", "/v1"] {
        let path = format!("{elsewhere}/audio/transcriptions");
        let form = form(wav(8_000, &samples)).text("model", "m");
        let response = vendor.at(Method::POST, &path).multipart(form).send().await.unwrap();
        let heard: Value = response.json().await.unwrap();
        assert_eq!(heard["text"], "[unrecognised]", "{elsewhere}");
    }
}

#[tokio::test]
async fn every_accepted_rate_is_heard() {
    let vendor = vendor().await;
    vendor.speech(&line()).await.bytes().await.unwrap();
    for rate_hz in [8_000, 16_000, 24_000] {
        let spoken = wav(rate_hz, &tones(LINE, rate_hz));
        let heard: Value = vendor.hear(spoken).await.json().await.unwrap();
        assert_eq!(heard["text"], LINE, "{rate_hz} Hz");
    }
    let silence: Value = vendor.hear(wav(8_000, &[1; 8_000])).await.json().await.unwrap();
    assert_eq!(silence["text"], "");
}

#[tokio::test]
async fn transcriptions_come_as_json_text_or_events() {
    let vendor = vendor().await;
    vendor.speech(&line()).await.bytes().await.unwrap();
    let ask = async |name: &'static str, value: &'static str| {
        let form = form(wav(8_000, &tones(LINE, 8_000)))
            .text("model", "gpt-transcribe")
            .text("language", "en")
            .text(name, value);
        let request = vendor.request(Method::POST, "/audio/transcriptions").multipart(form);
        request.send().await.unwrap()
    };
    let text = ask("response_format", "text").await;
    assert_eq!(text.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(text.text().await.unwrap(), format!("{LINE}\n"));
    let events = ask("stream", "true").await.text().await.unwrap();
    let start = "data: {\"delta\":\"Yes,\",\"type\":\"transcript.text.delta\"}\n\n";
    assert!(events.starts_with(start), "{events}");
    let last: Value = serde_json::from_str(
        events.trim_end().rsplit("\n\n").next().unwrap().strip_prefix("data: ").unwrap(),
    )
    .unwrap();
    assert_eq!((&last["type"], &last["text"]), (&json!("transcript.text.done"), &json!(LINE)));
    check_error(ask("response_format", "srt").await, 400, json!("response_format"), "srt").await;
    check_error(ask("stream", "maybe").await, 400, json!("stream"), "a boolean").await;
    check_error(ask("foo", "bar").await, 400, json!("foo"), "Unrecognized request argument").await;
}

#[tokio::test]
async fn bad_uploads_are_refused() {
    let vendor = vendor().await;
    let send = async |form: reqwest::multipart::Form| {
        let request = vendor.request(Method::POST, "/audio/transcriptions").multipart(form);
        request.send().await.unwrap()
    };
    let new = reqwest::multipart::Form::new;
    let good = || wav(8_000, &tones(LINE, 8_000));
    let file = |name: &'static str| reqwest::multipart::Part::bytes(good()).file_name(name);

    check_error(send(new().text("model", "m")).await, 400, json!("file"), "'file'").await;
    check_error(send(form(good())).await, 400, json!("model"), "model parameter").await;
    let as_text = new().text("model", "m").text("file", "hello");
    check_error(send(as_text).await, 400, json!("file"), "a filename").await;
    let model_as_file = form(good()).part("model", file("m.wav"));
    check_error(send(model_as_file).await, 400, json!("model"), "a file").await;
    let mp3 = new().text("model", "m").part("file", file("a.mp3"));
    check_error(send(mp3).await, 400, json!("file"), "only wav").await;
    let unknown = new().text("model", "m").part("file", file("a.exe"));
    check_error(send(unknown).await, 400, json!("file"), "Invalid file format").await;

    let check = async |bytes: Vec<u8>, message: &str| {
        check_error(vendor.hear(bytes).await, 400, json!("file"), message).await;
    };
    check(b"RIFFnothing".to_vec(), "could not be decoded").await;
    check(good()[..2_000].to_vec(), "could not be decoded").await;
    check(wav(8_000, &[0; 100]), "too short").await;
    check(wav(8_000, &vec![0; 8_000 * 121]), "too long").await;
    check(wav(44_100, &vec![0; 44_100]), "44100 Hz").await;

    let json = vendor.request(Method::POST, "/audio/transcriptions").json(&json!({}));
    check_error(json.send().await.unwrap(), 400, Value::Null, "multipart/form-data").await;
    let cut_off = vendor
        .request(Method::POST, "/audio/transcriptions")
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwh");
    check_error(cut_off.send().await.unwrap(), 400, Value::Null, "could not be read").await;
}

#[tokio::test]
async fn speech_comes_as_wav_too() {
    let vendor = vendor().await;
    let request = merged(line(), json!({"response_format": "wav", "voice": "nova", "speed": 1.0}));
    let response = vendor.speech(&request).await;
    assert_eq!(response.headers()["content-type"], "audio/wav");
    let bytes = response.bytes().await.unwrap();
    let reader = hound::WavReader::new(&bytes[..]).unwrap();
    assert_eq!((reader.spec().sample_rate, reader.spec().channels), (24_000, 1));
    assert_eq!(reader.duration() as usize, LINE.len() * 480 * 3 / 2);
    // The wav file itself is understood as well.
    let heard: Value = vendor.hear(bytes.to_vec()).await.json().await.unwrap();
    assert_eq!(heard["text"], LINE);
}

#[tokio::test]
async fn bad_speech_requests_are_refused() {
    let vendor = vendor().await;
    let check = async |more: Value, param: Value, message: &str| {
        check_error(vendor.speech(&merged(line(), more)).await, 400, param, message).await;
    };
    check(json!({"voice": "robot"}), json!("voice"), "'shimmer'").await;
    check(json!({"voice": null}), json!("voice"), "Missing").await;
    check(json!({"voice": {"id": "voice_1"}}), json!("voice"), "an object").await;
    check(json!({"model": null}), json!("model"), "Missing").await;
    check(json!({"input": " "}), json!("input"), "too short").await;
    check(json!({"input": "x".repeat(4097)}), json!("input"), "too long").await;
    check(json!({"input": 7}), json!("input"), "a number").await;
    check(json!({"response_format": "opus"}), json!("response_format"), "'pcm' and 'wav'").await;
    check(json!({"response_format": null}), json!("response_format"), "'mp3'").await;
    check(json!({"speed": 2}), json!("speed"), "speed 1").await;
    check(json!({"stream_format": "sse"}), json!("stream_format"), "audio").await;
    check(json!({"pitch": 2}), json!("pitch"), "Unrecognized").await;
    let garbage = vendor.request(Method::POST, "/audio/speech").body("{");
    check_error(garbage.send().await.unwrap(), 400, Value::Null, "JSON body").await;
}

#[tokio::test]
async fn every_endpoint_wants_a_key_and_unknown_urls_are_refused() {
    let vendor = vendor().await;
    let models: Value =
        vendor.request(Method::GET, "/models").send().await.unwrap().json().await.unwrap();
    assert_eq!(models["object"], "list");
    assert_eq!(models["data"][0]["object"], "model");
    for path in ["models", "audio/speech", "audio/transcriptions", "chat/completions"] {
        for value in ["", "Bearer ", "Basic abc"] {
            let request = vendor.at(Method::POST, &format!("/calls/{CALL}/v1/{path}"));
            let (client, request) = request.build_split();
            let mut request = request.unwrap();
            request.headers_mut().insert("authorization", value.parse().unwrap());
            let response = client.execute(request).await.unwrap();
            check_error(response, 401, Value::Null, "API key").await;
        }
    }
    let nowhere = vendor.request(Method::GET, "/embeddings").send().await.unwrap();
    check_error(nowhere, 404, Value::Null, "Invalid URL (GET").await;
    let method = vendor.request(Method::GET, "/audio/speech").send().await.unwrap();
    check_error(method, 405, Value::Null, "Not allowed to GET").await;
}
