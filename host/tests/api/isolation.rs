//! A key sees what is its organization's, its mode's and its pod's, and learns nothing of the rest.

use serde_json::json;

use crate::app::{App, Client, call, text};

/// The call looks to `stranger` exactly as one that never existed.
async fn hidden(stranger: &Client, id: &str) {
    let never = "01HXYZ0000000000000000000Z";
    for path in ["", "/transcript", "/recording", "/attempts"] {
        let seen = stranger.get(&format!("/v1/calls/{id}{path}")).await;
        let unseen = stranger.get(&format!("/v1/calls/{never}{path}")).await;
        assert_eq!((seen.status.as_u16(), unseen.status.as_u16()), (404, 404), "{path}");
        assert_eq!(seen.body["detail"], unseen.body["detail"], "{path}");
    }
    let cancelled = stranger.delete(&format!("/v1/calls/{id}/cancel")).await;
    assert_eq!(cancelled.status, 404);
    let stream = stranger.get(&format!("/v1/ws?call_id={id}")).await;
    assert_eq!(stream.status, 404);
    let list = stranger.get("/v1/calls?limit=100").await;
    assert!(!list.body.to_string().contains(id), "{}", list.body);
}

#[tokio::test]
async fn organizations_modes_and_pods_are_apart() {
    let app = App::start().await;
    let live = app.live("a@example.com").await;
    let owner = app.key(&live, json!({"mode": "test"})).await;
    let pod = app.key(&live, json!({"mode": "test", "pod_id": "one"})).await;
    let other_pod = app.key(&live, json!({"mode": "test", "pod_id": "two"})).await;
    let stranger = app.test("b@example.com").await;
    let id = text(&owner.create(json!({"client_id": "x"})).await, "id");
    for other in [&stranger, &live, &pod, &other_pod] {
        hidden(other, &id).await;
    }
    let in_pod = pod.create(json!({"client_id": "x"})).await;
    assert_eq!(in_pod["pod_id"], "one", "a key of a pod creates in its pod");
    assert_ne!(in_pod["id"], id);
    hidden(&other_pod, &text(&in_pod, "id")).await;
    hidden(&stranger, &text(&in_pod, "id")).await;
    // A key of the whole organization sees into its pods.
    assert_eq!(owner.call(&text(&in_pod, "id")).await["pod_id"], "one");
    let elsewhere = pod.post("/v1/calls", call(json!({"pod_id": "two"}))).await;
    assert!(elsewhere.status.is_client_error(), "{}", elsewhere.body);
    // The same client_id in another organization is another call.
    let foreign = stranger.create(json!({"client_id": "x"})).await;
    assert_ne!(foreign["id"], id);
}

#[tokio::test]
async fn keys_of_others_are_neither_shown_nor_revoked() {
    let app = App::start().await;
    let owner = app.live("a@example.com").await;
    let stranger = app.live("b@example.com").await;
    let keys = owner.get("/v1/auth/api-keys").await.body;
    let id = text(&keys[0], "id");
    assert!(!stranger.get("/v1/auth/api-keys").await.body.to_string().contains(&id));
    assert_eq!(stranger.delete(&format!("/v1/auth/api-keys/{id}")).await.status, 404);
    assert_eq!(owner.get("/v1/calls").await.status, 200);
}
