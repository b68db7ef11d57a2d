//! The call that the product is shown with: every promise of it, on real audio.

use agenticcalling_tests::{TestServer, said_by};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn the_steel_supplier_is_asked_and_the_price_rule_holds() {
    let server = TestServer::start().await.unwrap();
    let request = server.client.scenario("steel_supplier").await.unwrap();
    let id = server.client.call(&request).await.unwrap();
    let (call, told) = server.client.follow(&id).await.unwrap();

    assert_eq!(call["status"], "completed", "{call:#}");
    assert_eq!(call["playbook_id"], "platform.price_inquiry");
    assert_eq!(call["answered_by"], "human");
    data_is_what_was_said(&call);
    the_rule_held(&call);
    events_tell_the_story(&told);
    the_recording_holds_both_sides(&server, &call).await;

    let transcript = server.client.fetch(&format!("/v1/calls/{id}/transcript")).await.unwrap();
    let transcript: Value = serde_json::from_slice(&transcript).unwrap();
    assert_eq!(
        transcript["turns"].as_array().unwrap().len(),
        call["transcript"].as_array().unwrap().len()
    );
    server.stop().await;
}

fn data_is_what_was_said(call: &Value) {
    let data = &call["structured_data"];
    assert_eq!(data["quoted_price"], 54, "the corrected price counts: {data:#}");
    assert_eq!(data["currency"], "USD");
    assert_eq!(data["moq"], 100);
    assert_eq!(data["lead_time_days"], 14);
    let terms = data["payment_terms"].as_str().unwrap_or_default().to_lowercase();
    assert!(terms.contains("30"), "{data:#}");
    assert!(data["contact_name"].as_str().unwrap_or_default().contains("Mike"), "{data:#}");
    let summary = call["summary"].as_str().unwrap_or_default();
    assert!(summary.contains("54"), "{summary}");
    assert_eq!(call["success"], true);
}

fn the_rule_held(call: &Value) {
    let withheld = call["withheld"].as_array().unwrap();
    assert!(!withheld.is_empty(), "the supplier tempts the agent, who gives in: {call:#}");
    assert_eq!(withheld[0]["rule"], "Never agree to price above $60/unit");
    let check = &call["rule_checks"][0];
    assert_eq!(check["enforcement"], "deterministic");
    assert!(check["clauses_checked"].as_u64() > check["clauses_withheld"].as_u64());
    for said in said_by(call, "agent") {
        for clause in withheld {
            let clause = clause["text"].as_str().unwrap();
            assert!(!said.contains(clause), "withheld and yet spoken: {said}");
        }
    }
}

fn events_tell_the_story(told: &[Value]) {
    let kinds: Vec<&str> = told.iter().filter_map(|event| event["event_type"].as_str()).collect();
    let status: Vec<&str> =
        kinds.iter().copied().filter(|kind| kind.starts_with("call.")).collect();
    assert_eq!(status, ["call.queued", "call.attempting", "call.connected", "call.completed"]);
    let first_words = kinds.iter().position(|kind| *kind == "transcript.partial").unwrap();
    let connected = kinds.iter().position(|kind| *kind == "call.connected").unwrap();
    let last = kinds.len() - 1;
    assert!(first_words < last && connected < last);
    assert!(kinds.iter().filter(|kind| **kind == "transcript.final").count() > 6);
}

async fn the_recording_holds_both_sides(server: &TestServer, call: &Value) {
    let id = call["id"].as_str().unwrap();
    let wav = server.client.fetch(&format!("/v1/calls/{id}/recording")).await.unwrap();
    let reader = hound::WavReader::new(std::io::Cursor::new(wav)).unwrap();
    let spec = reader.spec();
    assert_eq!((spec.channels, spec.sample_rate, spec.bits_per_sample), (2, 8000, 16));
    let samples: Vec<i16> = reader.into_samples().map(Result::unwrap).collect();
    let seconds = samples.len() as f64 / 16_000.0;
    let duration = call["duration_seconds"].as_f64().unwrap();
    assert!((seconds - duration).abs() < 2.0, "{seconds} s recorded, {duration} s connected");
    // Where the transcript says that one side speaks, its channel is loud.
    for turn in call["transcript"].as_array().unwrap() {
        let channel = usize::from(turn["speaker"] == "human");
        let at = |key: &str| turn[key].as_u64().unwrap() as usize * 8;
        let range = at("started_ms")..at("ended_ms");
        let heard = samples[channel..].iter().step_by(2).skip(range.start).take(range.len());
        let loud = heard.filter(|sample| sample.unsigned_abs() > 500).count();
        assert!(loud > range.len() / 50, "{turn}: silent in the recording");
    }
}
