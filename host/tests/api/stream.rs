//! The live stream: what is told, to whom, and from when on.

use agenticcalling::events::Live;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::app::{App, Client, PATIENCE, text};

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(client: &Client, query: &str) -> Stream {
    let url = format!("{}/v1/ws?token={}&{query}", client.base, client.key);
    let url = url.replacen("http", "ws", 1);
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

/// The next event; pings are answered by the library.
async fn next(stream: &mut Stream) -> Value {
    loop {
        let message = tokio::time::timeout(PATIENCE, stream.next()).await.unwrap().unwrap();
        if let Message::Text(text) = message.unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

fn line(app: &App, record: &agenticcalling::store::CallRecord, text: &str) {
    let payload = json!({"event_type": "transcript.partial", "text": text});
    app.server.hub.publish(Live::of(record, payload));
}

#[tokio::test]
async fn a_followed_call_is_told_from_its_beginning() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let call = client.create(json!({})).await;
    let mut stream = connect(&client, &format!("call_id={}", text(&call, "id"))).await;
    let first = next(&mut stream).await;
    assert_eq!(first["event_type"], "call.queued");
    assert_eq!(first["call"]["call_id"], call["call_id"]);
    let cancelled = client.delete(&format!("/v1/calls/{}/cancel", text(&call, "id"))).await;
    assert_eq!(cancelled.status, 200);
    assert_eq!(next(&mut stream).await["event_type"], "call.cancelled");
}

#[tokio::test]
async fn nobody_hears_the_calls_of_others() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let owner = app.key(&live, json!({"mode": "test"})).await;
    let pod = app.key(&live, json!({"mode": "test", "pod_id": "one"})).await;
    let stranger = app.test("b@example.com").await;
    let mine = app.record(&text(&owner.create(json!({})).await, "id")).await;
    let other = app.record(&text(&owner.create(json!({})).await, "id")).await;
    let theirs = app.record(&text(&stranger.create(json!({})).await, "id")).await;
    let in_pod = app.record(&text(&pod.create(json!({})).await, "id")).await;
    let mut all = connect(&owner, "").await;
    let mut podded = connect(&pod, "").await;
    let mut strange = connect(&stranger, "").await;
    let mut one = connect(&owner, &format!("call_id={}", mine.id)).await;
    assert_eq!(next(&mut one).await["event_type"], "call.queued");
    for (record, said) in [
        (&theirs, "theirs"),
        (&other, "other"),
        (&in_pod, "pod"),
        (&mine, "mine"),
        (&theirs, "end"),
    ] {
        line(&app, record, said);
    }
    assert_eq!(next(&mut all).await["text"], "other");
    assert_eq!(next(&mut all).await["text"], "pod");
    assert_eq!(next(&mut all).await["text"], "mine");
    assert_eq!(next(&mut podded).await["text"], "pod");
    assert_eq!(next(&mut strange).await["text"], "theirs");
    assert_eq!(next(&mut strange).await["text"], "end");
    assert_eq!(next(&mut one).await["text"], "mine");
}

#[tokio::test]
async fn a_client_that_talks_too_much_is_cut_off() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let mut stream = connect(&client, "").await;
    stream.send(Message::Text("hello".into())).await.unwrap();
    stream.send(Message::Text("x".repeat(100_000).into())).await.unwrap();
    let ended = tokio::time::timeout(PATIENCE, async {
        while let Some(Ok(message)) = stream.next().await {
            assert!(!matches!(message, Message::Text(_)), "it is told nothing");
        }
    });
    ended.await.expect("the stream ends");
}

#[tokio::test]
async fn a_ticket_opens_one_stream() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let call = client.create(json!({})).await;
    let ticket = client.post("/v1/ws/tickets", json!({})).await;
    assert_eq!(ticket.status, 201);
    let holder = app.client(ticket.text("ticket"), client.org.clone());
    let mut stream = connect(&holder, &format!("call_id={}", text(&call, "id"))).await;
    assert_eq!(next(&mut stream).await["event_type"], "call.queued");
    let url = format!("{}/v1/ws?token={}", client.base, holder.key).replacen("http", "ws", 1);
    let refused = tokio_tungstenite::connect_async(url).await.err().unwrap();
    assert!(refused.to_string().contains("401"), "{refused}");
    assert_eq!(holder.get("/v1/calls").await.status, 401, "a ticket is no key");
}

#[tokio::test]
async fn a_stream_goes_on_after_the_last_event_seen() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let mut calls = Vec::new();
    for _ in 0..3 {
        calls.push(client.create(json!({})).await["call_id"].clone());
    }
    let id = text(&json!({"id": calls[0]}), "id");
    let mut stream = connect(&client, &format!("call_id={id}")).await;
    let first = next(&mut stream).await;
    drop(stream);
    let last = text(&first, "event_id");
    let mut stream = connect(&client, &format!("last_event_id={last}")).await;
    assert_eq!(next(&mut stream).await["call"]["call_id"], calls[1]);
    assert_eq!(next(&mut stream).await["call"]["call_id"], calls[2]);
    let later = client.create(json!({})).await;
    assert_eq!(next(&mut stream).await["call"]["call_id"], later["call_id"]);
    let stranger = app.test("b@example.com").await;
    for (client, event) in [(&client, "evt_01JQ8X5W3N0000000000000000"), (&stranger, &last)] {
        let answer =
            client.get(&format!("/v1/ws?token={}&last_event_id={event}", client.key)).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_batch_is_followed_from_its_beginning() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    client.create(json!({})).await;
    let targets = json!([{"to": crate::app::NUMBER}, {"to": crate::app::NUMBER}]);
    let made =
        client.post("/v1/calls/batch", json!({"objective": "Ask", "targets": targets})).await;
    let mut stream = connect(&client, &format!("batch_id={}", made.text("batch_id"))).await;
    for n in 0..2 {
        let event = next(&mut stream).await;
        assert_eq!(event["call"]["call_id"], made.body["calls"][n]["call_id"]);
    }
    for n in 0..2 {
        let id = text(&made.body["calls"][n], "id");
        assert_eq!(client.delete(&format!("/v1/calls/{id}/cancel")).await.status, 200);
        assert_eq!(next(&mut stream).await["event_type"], "call.cancelled");
    }
    let done = next(&mut stream).await;
    assert_eq!(done["event_type"], "batch.completed");
    assert_eq!(done["batch"]["statuses"], json!({"cancelled": 2}));
}
