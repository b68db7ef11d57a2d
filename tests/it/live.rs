//! Live keys: their calls leave on the configured trunk, and are held like any other.

use std::time::{Duration, Instant};

use agenticcalling::config::Config;
use agenticcalling::model::PipelineConfig;
use agenticcalling_tests::sip::{Peer, carriers, trunk};
use agenticcalling_tests::{Client, TestServer, speech_cache};
use domain::{E164, Time};
use rtp::{Heard, Law, Receiver, Sender};
use sandbox::callee::CalleeEvent;
use sandbox::{Sandbox, SandboxConfig};
use serde_json::{Value, json};
use tokio::net::UdpSocket;

/// A server whose trunk is the peer, called at any hour.
async fn server(peer: &Peer, vendor: &str) -> TestServer {
    let port = peer.port;
    let change = |config: &mut Config| {
        config.carriers = carriers(trunk(port));
        (config.calling_hours.from, config.calling_hours.until) = (0, 24);
        config.pipelines.pipeline = Some(PipelineConfig::default().at(vendor, "key"));
    };
    TestServer::with(change).await.unwrap()
}

fn live(server: &TestServer) -> Client {
    Client { key: server.client.live_key.clone(), ..server.client.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_call_leaves_on_the_trunk_and_its_refusal_is_told() {
    let mut peer = Peer::listen().await.unwrap();
    let server = server(&peer, "http://127.0.0.1:9/v1").await;
    let client = live(&server);
    let table = [
        ("486 Busy Here", "exhausted", "busy"),
        ("480 Temporarily Unavailable", "exhausted", "no_answer"),
        ("603 Decline", "exhausted", "rejected"),
        ("404 Not Found", "failed", "invalid_number"),
        ("500 Server Internal Error", "exhausted", "carrier_error"),
    ];
    for (refusal, status, reason) in table {
        let request = json!({
            "to": "+12025550123",
            "objective": "Ask for their opening hours",
            "retry_policy": { "max_attempts": 1 },
        });
        let id = client.call(&request).await.unwrap();
        let invite = peer.expect("INVITE").await.unwrap();
        assert!(invite.start.starts_with("INVITE sip:+12025550123@127.0.0.1"), "{invite:#?}");
        peer.answer(&invite, "180 Ringing", &[], "").await.unwrap();
        peer.answer(&invite, refusal, &[], "").await.unwrap();
        peer.expect("ACK").await.unwrap();
        let (call, _) = client.follow(&id).await.unwrap();
        let told = (&call["status"], &call["reason"]);
        assert_eq!(told, (&json!(status), &json!(reason)), "{refusal}: {call:#}");
    }
    // A test key stays in the sandbox, whatever is configured.
    let request = server.client.scenario("busy").await.unwrap();
    let id = server.client.call(&request).await.unwrap();
    let (call, _) = server.client.follow(&id).await.unwrap();
    assert_eq!(call["reason"], "busy");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_of_a_trunk_are_lines_to_call_from() {
    let mut peer = Peer::listen().await.unwrap();
    let server = server(&peer, "http://127.0.0.1:9/v1").await;
    let client = live(&server);
    let line = client.post("/v1/lines", &json!({ "country": "US" })).await.unwrap();
    assert_eq!(line["phone_number"], "+12025550100");
    let none = client.post("/v1/lines", &json!({ "country": "US" })).await.unwrap_err();
    assert!(none.to_string().contains("no_number_free"), "{none}");
    let request = json!({
        "to": "+12025550123",
        "objective": "Ask for their opening hours",
        "from_line_id": line["id"],
        "retry_policy": { "max_attempts": 1 },
    });
    let id = client.call(&request).await.unwrap();
    let invite = peer.expect("INVITE").await.unwrap();
    assert!(invite.header("from").unwrap().contains("+12025550100"), "{invite:#?}");
    peer.answer(&invite, "486 Busy Here", &[], "").await.unwrap();
    client.follow(&id).await.unwrap();
    server.stop().await;
}

/// The scripted steel supplier picks up on the other side of the trunk; server, trunk and audio are real.
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_held_over_a_trunk() {
    let config = SandboxConfig::new(speech_cache());
    let sandbox = tokio::task::spawn_blocking(move || Sandbox::start(config));
    let sandbox = sandbox.await.unwrap().unwrap();
    let peer = Peer::listen().await.unwrap();
    let server = server(&peer, &sandbox.vendor_base_url("live")).await;
    let client = live(&server);
    let mut request: Value = server.client.scenario("steel_supplier").await.unwrap();
    request["retry_policy"] = json!({ "max_attempts": 1 });
    // Its phone rings before the INVITE is there, so that the vendor knows the call from the start.
    let to: E164 = request["to"].as_str().unwrap().parse().unwrap();
    let callee = sandbox.dial("live", "attempt", &to, None).unwrap();
    let other_side = tokio::spawn(pick_up(peer, callee));
    let id = client.call(&request).await.unwrap();
    let (call, _) = client.follow(&id).await.unwrap();
    assert_eq!(
        (&call["status"], &call["success"]),
        (&json!("completed"), &json!(true)),
        "{call:#}"
    );
    assert_eq!(call["structured_data"]["quoted_price"], 54, "{call:#}");
    assert!(call["recording_url"].is_string(), "{call:#}");
    other_side.await.unwrap();
    server.stop().await;
}

/// Answers one call with a scripted callee.
async fn pick_up(mut peer: Peer, mut callee: sandbox::leg::Leg) {
    let invite = peer.expect("INVITE").await.unwrap();
    let socket = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
    let port = socket.local_addr().unwrap().port();
    let description = format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP 0\r\n"
    );
    loop {
        match callee.events.recv().await.unwrap() {
            CalleeEvent::Ringing => peer.answer(&invite, "180 Ringing", &[], "").await.unwrap(),
            CalleeEvent::Answered => break,
            other => panic!("{other:?}"),
        }
    }
    peer.answer(&invite, "200 OK", &[], &description).await.unwrap();
    peer.expect("ACK").await.unwrap();
    let trunk_side = invite.audio().unwrap();
    let mut sender = Sender::new(1, 1, Law::Mu, 0);
    let mut receiver = Receiver::new([(0, Law::Mu)].into(), None);
    let began = Instant::now();
    let mut buffer = vec![0; 2048];
    loop {
        let now = Time::ZERO + began.elapsed();
        while let Some(heard) = receiver.poll(now) {
            if let Heard::Frame(frame) = heard {
                let _ = callee.audio_out.try_send(frame);
            }
        }
        tokio::select! {
            Some(frame) = callee.audio_in.recv() => {
                socket.send_to(&sender.frame(&frame), trunk_side).await.unwrap();
            }
            received = socket.recv_from(&mut buffer) => {
                let (length, _) = received.unwrap();
                let _ = receiver.handle(now, &buffer[..length]);
            }
            message = peer.next_within(Duration::from_secs(150)) => {
                let message = message.unwrap();
                assert_eq!(message.method(), "BYE", "{message:#?}");
                peer.answer(&message, "200 OK", &[], "").await.unwrap();
                return;
            }
            () = tokio::time::sleep(Duration::from_millis(20)) => {}
        }
    }
}
