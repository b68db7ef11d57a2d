//! Lists of calls: pages, filters, cursors.

use call::Status;
use serde_json::{Value, json};

use crate::app::{App, Client, NUMBER, OTHER_NUMBER, text};

fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|call| text(call, "id")).collect()
}

async fn create(client: &Client, count: usize, more: Value) -> Vec<String> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(text(&client.create(more.clone()).await, "id"));
    }
    ids
}

fn query(value: &str) -> String {
    form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

#[tokio::test]
async fn pages_hold_every_call_once() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let mut wanted = create(&client, 23, json!({})).await;
    wanted.sort();
    wanted.reverse();
    for limit in [1, 5, 22, 23, 24, 100] {
        let (mut got, mut token, mut pages) = (Vec::new(), None::<String>, 0);
        loop {
            let more = token.map(|token| format!("&page_token={token}")).unwrap_or_default();
            let page = client.get(&format!("/v1/calls?limit={limit}{more}")).await;
            assert_eq!(page.status, 200, "{}", page.body);
            assert!(page.body.as_array().unwrap().len() <= limit);
            got.extend(ids(&page.body));
            pages += 1;
            token = page.header("x-next-page-token").map(str::to_owned);
            if token.is_none() {
                assert_eq!(page.header("link"), None);
                break;
            }
        }
        assert_eq!(got, wanted, "limit {limit}");
        assert_eq!(pages, 23_usize.div_ceil(limit), "limit {limit}: no empty last page");
    }
    let default = client.get("/v1/calls").await;
    assert_eq!(ids(&default.body), wanted[..20]);
}

#[tokio::test]
async fn the_link_leads_on_with_the_same_filters() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    create(&client, 5, json!({"pod_id": "a"})).await;
    create(&client, 5, json!({"pod_id": "b"})).await;
    let path = format!("/v1/calls?limit=2&pod_id=a&status=queued&to={}", query(NUMBER));
    let (mut got, mut next) = (Vec::new(), Some(path));
    while let Some(path) = next {
        let page = client.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.as_array().unwrap().iter().all(|call| call["pod_id"] == "a"));
        got.extend(ids(&page.body));
        next = page.header("link").map(|link| {
            let path = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
            path.to_owned()
        });
    }
    assert_eq!(got.len(), 5);
}

#[tokio::test]
async fn a_cursor_works_only_for_the_list_it_came_from() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let other = app.test("b@example.com").await;
    create(&client, 3, json!({})).await;
    create(&other, 3, json!({})).await;
    let page = client.get("/v1/calls?limit=1&status=queued").await;
    let token = page.header("x-next-page-token").unwrap().to_owned();
    let good = client.get(&format!("/v1/calls?limit=2&status=queued&page_token={token}")).await;
    assert_eq!(good.status, 200, "the size of a page may change");
    let mut flipped = token.clone().into_bytes();
    flipped[3] = if flipped[3] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    let foreign = other.get("/v1/calls?limit=1&status=queued").await;
    let foreign = foreign.header("x-next-page-token").unwrap().to_owned();
    for (query, token) in [
        ("limit=1", token.as_str()),
        ("limit=1&status=completed", &token),
        ("limit=1&status=queued&pod_id=a", &token),
        ("limit=1&status=queued&to=%2B12025550100", &token),
        ("limit=1&status=queued", &flipped),
        ("limit=1&status=queued", &foreign),
        ("limit=1&status=queued", &token[..token.len() - 1]),
        ("limit=1&status=queued", ""),
        ("limit=1&status=queued", "eyJ"),
        ("limit=1&status=queued", "%C3%A9%C3%A9"),
    ] {
        let refused = client.get(&format!("/v1/calls?{query}&page_token={token}")).await;
        assert_eq!(refused.status, 422, "{query} {token}");
        assert_eq!(refused.body["errors"][0]["field"], "page_token");
    }
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let plain = create(&client, 1, json!({})).await.remove(0);
    let special = json!({
        "to": OTHER_NUMBER, "pod_id": "a", "objective": "Ask for a price"
    });
    let special = create(&client, 1, special).await.remove(0);
    let mut record = app.record(&special).await;
    record.call.status = Status::Completed;
    app.write(&record).await;
    let both = || vec![special.clone(), plain.clone()];
    for (filter, expected) in [
        (String::new(), both()),
        ("status=completed".into(), vec![special.clone()]),
        ("status=queued".into(), vec![plain.clone()]),
        ("status=failed".into(), vec![]),
        (format!("to={}", query(OTHER_NUMBER)), vec![special.clone()]),
        ("pod_id=a".into(), vec![special.clone()]),
        ("pod_id=b".into(), vec![]),
        ("playbook_id=platform.price_inquiry".into(), vec![special.clone()]),
        ("batch_id=batch_01HXYZ0000000000000000000Z".into(), vec![]),
        ("created_after=2020-01-01T00:00:00Z".into(), both()),
        ("created_before=2020-01-01T00:00:00Z".into(), vec![]),
        ("created_after=2099-01-01T00%3A00%3A00%2B01%3A00".into(), vec![]),
    ] {
        let mut listed = ids(&client.get(&format!("/v1/calls?{filter}")).await.body);
        listed.sort();
        let mut expected = expected;
        expected.sort();
        assert_eq!(listed, expected, "{filter}");
    }
}

#[tokio::test]
async fn transcripts_come_only_when_asked_for() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    client.create(json!({})).await;
    let plain = client.get("/v1/calls").await.body;
    assert!(plain[0].get("transcript").is_none());
    let full = client.get("/v1/calls?include=transcript").await.body;
    assert_eq!(full[0].get("transcript"), Some(&Value::Null));
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    for (query, field, message) in [
        ("limit=0", "limit", "1 to 100"),
        ("limit=101", "limit", "1 to 100"),
        ("limit=-1", "limit", "invalid digit"),
        ("limit=ten", "limit", "invalid digit"),
        ("limit=", "limit", "empty"),
        ("limit=1&limit=2", "limit", "more than once"),
        ("status=ringing", "status", "queued, scheduled"),
        ("to=123", "to", "E.164"),
        ("batch_id=call_01HXYZ0000000000000000000Z", "batch_id", "batch_"),
        ("pod_id=a%20b", "pod_id", "1 to 64"),
        ("created_after=yesterday", "created_after", "with an offset"),
        ("created_before=2026-03-01T00:00:00", "created_before", "with an offset"),
        ("include=everything", "include", "transcript"),
        ("offset=3", "offset", "is not known"),
    ] {
        let refused = client.get(&format!("/v1/calls?{query}")).await;
        assert_eq!(refused.status, 422, "{query}: {}", refused.body);
        let error = &refused.body["errors"][0];
        assert_eq!(error["field"], field, "{query}");
        assert!(text(error, "message").contains(message), "{query}: {error}");
    }
}
