//! Recordings and transcripts behind signed links.

use std::time::Duration;

use serde_json::json;

use crate::app::{App, Client, answer, text};

/// A call with a recording of ten bytes.
pub(crate) async fn recorded(app: &App, client: &Client) -> String {
    let id = text(&client.create(json!({})).await, "id");
    let mut record = app.record(&id).await;
    app.server.blobs.put("recordings/a.wav", b"0123456789".to_vec()).await.unwrap();
    record.outcome.recording_key = Some("recordings/a.wav".into());
    app.write(&record).await;
    id
}

pub(crate) async fn link(client: &Client, id: &str) -> String {
    let redirect = client.get(&format!("/v1/calls/{id}/recording")).await;
    assert_eq!(redirect.status, 302, "{}", redirect.body);
    redirect.header("location").unwrap().to_owned()
}

#[tokio::test]
async fn a_link_needs_no_key_and_fetches_parts() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let id = recorded(&app, &client).await;
    let link = link(&client, &id).await;
    let whole = app.anonymous().get(&link).await;
    assert_eq!(whole.status, 200);
    assert_eq!(whole.header("content-type"), Some("audio/wav"));
    assert_eq!(whole.header("content-length"), Some("10"));
    let part = app.anonymous().request(reqwest::Method::GET, &link).header("range", "bytes=2-4");
    let part = answer(part).await;
    assert_eq!(part.status, 206);
    assert_eq!(part.header("content-range"), Some("bytes 2-4/10"));
    assert_eq!(part.header("content-length"), Some("3"));
    let beyond = app.anonymous().request(reqwest::Method::GET, &link).header("range", "bytes=10-");
    assert_eq!(answer(beyond).await.status, 416);
}

#[tokio::test]
async fn what_is_not_there_yet_is_not_found() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let id = text(&client.create(json!({})).await, "id");
    for file in ["recording", "transcript"] {
        let missing = client.get(&format!("/v1/calls/{id}/{file}")).await;
        assert_eq!(missing.status, 404);
        assert!(missing.text("detail").contains("not available yet"), "{}", missing.body);
    }
}

#[tokio::test]
async fn a_link_that_was_changed_or_has_expired_is_refused() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let id = recorded(&app, &client).await;
    let link = link(&client, &id).await;
    // Any single character replaced.
    for at in "/v1/".len()..link.len() {
        let mut changed = link.clone().into_bytes();
        changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
        let changed = String::from_utf8(changed).unwrap();
        let refused = app.anonymous().get(&changed).await;
        assert!(refused.status.is_client_error(), "{changed}: {}", refused.status);
    }
    let hours_ago = agenticcalling::clock::now() - Duration::from_secs(2 * 3600);
    let old = app.server.blobs.own_link("recordings/a.wav", hours_ago);
    let refused = app.anonymous().get(&old).await;
    assert_eq!(
        (refused.status.as_u16(), refused.body["code"].as_str()),
        (403, Some("link_expired"))
    );
}
