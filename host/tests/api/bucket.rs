//! Recordings in an S3-compatible store, which checks signatures as S3 does.

use std::time::Duration;

use agenticcalling::config::Config;
use agenticcalling::store::bucket::{Bucket, BucketConfig};
use serde_json::json;
use test_s3::S3;

use crate::app::{App, PATIENCE, answer};
use crate::files::{link, recorded};

fn wanted(store: &S3) -> BucketConfig {
    let wanted = json!({
        "bucket": test_s3::BUCKET,
        "endpoint": store.endpoint,
        "prefix": "calls",
        "access_key_id": test_s3::KEY_ID,
        "secret_access_key": test_s3::SECRET,
    });
    serde_json::from_value(wanted).unwrap()
}

async fn app(bucket: BucketConfig) -> App {
    let mut config = Config::default();
    config.recordings.s3 = Some(bucket);
    App::with(config).await
}

#[tokio::test]
async fn a_recording_goes_to_the_bucket_and_its_link_leads_there() {
    let store = S3::start().await.unwrap();
    let app = app(wanted(&store)).await;
    let client = app.test("a@example.com").await;
    let id = recorded(&app, &client).await;
    assert_eq!(std::fs::read(store.object("calls/recordings/a.wav")).unwrap(), b"0123456789");
    assert_eq!(app.server.blobs.size("recordings/a.wav").await.unwrap(), None);
    let link = link(&client, &id).await;
    assert!(link.starts_with(&format!("{}/", store.endpoint)), "{link}");
    assert!(link.contains("X-Amz-Expires=3600"), "{link}");
    let whole = app.http.get(&link).send().await.unwrap();
    assert_eq!(whole.headers()["content-type"], "audio/wav");
    assert_eq!(whole.text().await.unwrap(), "0123456789");
    let part = app.http.get(&link).header("range", "bytes=2-4").send().await.unwrap();
    assert_eq!(part.text().await.unwrap(), "234");
    let not_read = app.http.put(&link).body("changed").send().await.unwrap();
    assert_eq!(not_read.status(), 403);
    // Any single character of the path or the query replaced.
    let start = store.endpoint.len() + 1;
    for at in start..link.len() {
        let mut changed = link.clone().into_bytes();
        changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
        let changed = String::from_utf8(changed).unwrap();
        let refused = app.http.get(&changed).send().await.unwrap();
        assert!(!refused.status().is_success(), "{changed}: {}", refused.status());
    }
    let bare = link.split('?').next().unwrap();
    assert_eq!(app.http.get(bare).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_link_to_the_bucket_expires() {
    let store = S3::start().await.unwrap();
    std::fs::create_dir_all(store.object("calls")).unwrap();
    std::fs::write(store.object("calls/a.wav"), "RIFF").unwrap();
    let bucket = Bucket::new(&wanted(&store)).unwrap();
    let link = bucket.link("a.wav", Duration::from_secs(1)).await.unwrap();
    let http = reqwest::Client::new();
    let expired = async {
        while http.get(&link).send().await.unwrap().status() != 403 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(PATIENCE, expired).await.unwrap();
    let fresh = bucket.link("a.wav", Duration::from_secs(60)).await.unwrap();
    assert_eq!(http.get(&fresh).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_store_that_is_down_loses_nothing() {
    let store = S3::start().await.unwrap();
    let app = app(wanted(&store)).await;
    let client = app.test("a@example.com").await;
    store.set_down(true);
    let id = recorded(&app, &client).await;
    let own = link(&client, &id).await;
    assert!(own.starts_with("/v1/blobs/"), "{own}");
    assert_eq!(app.anonymous().get(&own).await.body, json!("0123456789"));
    store.set_down(false);
    let carried = async {
        while app.server.blobs.size("recordings/a.wav").await.unwrap().is_some() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, carried).await.unwrap();
    assert!(store.object("calls/recordings/a.wav").is_file());
    // The link that was given before leads on to where the file went.
    let moved = app.anonymous().get(&own).await;
    assert_eq!(moved.status, 302, "{}", moved.body);
    let there = app.http.get(moved.header("location").unwrap()).send().await.unwrap();
    assert_eq!(there.text().await.unwrap(), "0123456789");
}

#[tokio::test]
async fn a_link_that_cannot_be_made_says_so() {
    let store = S3::start().await.unwrap();
    let app = app(wanted(&store)).await;
    let client = app.test("a@example.com").await;
    let id = recorded(&app, &client).await;
    let link_path = format!("/v1/calls/{id}/recording");
    std::fs::remove_file(store.object("calls/recordings/a.wav")).unwrap();
    assert_eq!(client.get(&link_path).await.status, 404);
    store.set_down(true);
    let request = client.request(reqwest::Method::GET, &link_path);
    let failed = answer(request).await;
    assert_eq!((failed.status.as_u16(), failed.text("code").as_str()), (502, "link_failed"));
}

#[tokio::test]
async fn links_lead_to_where_clients_reach_the_store() {
    let store = S3::start().await.unwrap();
    let public = BucketConfig {
        public_endpoint: Some("https://files.example.com".into()),
        ..wanted(&store)
    };
    let app = app(public).await;
    let client = app.test("a@example.com").await;
    let id = recorded(&app, &client).await;
    let link = link(&client, &id).await;
    assert!(link.starts_with("https://files.example.com/recordings/calls/"), "{link}");
}

#[tokio::test]
async fn a_bucket_that_cannot_be_used_is_noticed_at_start() {
    let store = S3::start().await.unwrap();
    Bucket::new(&wanted(&store)).unwrap().probe().await.unwrap();
    let missing = BucketConfig { bucket: "missing".into(), ..wanted(&store) };
    let error = Bucket::new(&missing).unwrap().probe().await.unwrap_err();
    assert!(format!("{error:#}").contains("recordings.s3"), "{error:#}");
    let wrong = BucketConfig { secret_access_key: Some("wrong".into()), ..wanted(&store) };
    Bucket::new(&wrong).unwrap().probe().await.unwrap_err();
    let half = BucketConfig { secret_access_key: None, ..wanted(&store) };
    assert!(format!("{:#}", half.check().unwrap_err()).contains("access_key_id"));
}
