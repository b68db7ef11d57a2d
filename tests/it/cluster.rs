//! Three servers on one PostgreSQL, killed in turn: no call is lost, none is dialled twice, and what a
//! dead server held is taken over in time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use agenticcalling::store::{Calls as _, SqlStore};
use agenticcalling_tests::{Client, Node, is_over};
use call::FailReason;
use domain::CallId;
use serde_json::json;
use test_s3::S3;

const CALLS: usize = 12;
/// A lease and the time until somebody looks.
const TAKEN_OVER_MAX: Duration = Duration::from_secs(15);
const END_MAX: Duration = Duration::from_secs(200);

#[tokio::test(flavor = "multi_thread")]
async fn servers_share_their_work_and_survive_each_other() {
    let url = tokio::task::spawn_blocking(test_postgres::database).await.unwrap();
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let start = |number: usize| Node::start(folders[number].path(), Some(&url));
    let mut nodes: Vec<Option<Node>> = Vec::new();
    for number in 0..3 {
        nodes.push(Some(start(number)));
    }
    let base = |nodes: &[Option<Node>]| nodes.iter().flatten().next().unwrap().base.clone();
    let mut client = Client::register(&base(&nodes)).await.unwrap();
    let store = SqlStore::connect(&url).await.unwrap();
    let mut ids: Vec<CallId> = Vec::new();
    let scenarios = ["steel_supplier", "clinic", "busy", "voicemail"];
    for number in 0..CALLS {
        let scenario = scenarios[number % scenarios.len()];
        let mut request = client.scenario(scenario).await.unwrap();
        request["retry_policy"] = json!({"max_attempts": 10, "backoff": [0]});
        // Whichever server is asked, all of them see the call.
        client.base.clone_from(&nodes[number % 3].as_ref().unwrap().base);
        ids.push(client.call(&request).await.unwrap().parse().unwrap());
    }
    for number in 0..3 {
        tokio::time::sleep(Duration::from_secs(4)).await;
        let name = std::fs::read_to_string(folders[number].path().join("node")).unwrap();
        nodes[number].take().unwrap().kill();
        let killed_at = Instant::now();
        let held = held_by(&store, &ids, name.trim()).await;
        for (id, attempt) in &held {
            loop {
                let attempts = store.attempts(*id).await.unwrap();
                let ended = attempts.iter().find(|one| one.number == *attempt).unwrap();
                if ended.ended_at.is_some() {
                    assert_eq!(ended.reason, Some(FailReason::NodeLost), "{id}");
                    break;
                }
                let waited = killed_at.elapsed();
                assert!(waited < TAKEN_OVER_MAX, "{id} is held by a dead server for {waited:?}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        println!("server {number} held {} calls", held.len());
        nodes[number] = Some(start(number));
    }
    client.base = base(&nodes);
    let started = Instant::now();
    loop {
        let mut open = 0;
        for id in &ids {
            let call = client.get(&format!("/v1/calls/{id}")).await.unwrap();
            open += usize::from(!is_over(call["status"].as_str().unwrap()));
        }
        if open == 0 {
            break;
        }
        assert!(started.elapsed() < END_MAX, "{open} calls do not end");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    nodes.into_iter().flatten().for_each(Node::kill);
    let mut dials: BTreeMap<String, u32> = BTreeMap::new();
    for folder in &folders {
        let log = std::fs::read_to_string(folder.path().join("sandbox-dials.log"));
        for line in log.unwrap_or_default().lines() {
            *dials.entry(line.to_owned()).or_default() += 1;
        }
    }
    for (dial, count) in &dials {
        assert_eq!(*count, 1, "{dial} was dialled {count} times");
    }
    assert!(dials.len() > CALLS, "killed calls are dialled again: {dials:?}");
    let mut by_node: BTreeMap<String, u32> = BTreeMap::new();
    for id in &ids {
        for attempt in store.attempts(*id).await.unwrap() {
            *by_node.entry(attempt.node).or_default() += 1;
        }
    }
    assert_eq!(by_node.len(), 3, "all three took calls: {by_node:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_followed_through_whichever_server() {
    let url = tokio::task::spawn_blocking(test_postgres::database).await.unwrap();
    let folders: Vec<_> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    let files = S3::start().await.unwrap();
    let variables = [
        ("AGENTICCALLING_DATABASE_URL", url.as_str()),
        ("AGENTICCALLING_RECORDINGS__S3__ENDPOINT", files.endpoint.as_str()),
        ("AGENTICCALLING_RECORDINGS__S3__BUCKET", test_s3::BUCKET),
        ("AGENTICCALLING_RECORDINGS__S3__ACCESS_KEY_ID", test_s3::KEY_ID),
        ("AGENTICCALLING_RECORDINGS__S3__SECRET_ACCESS_KEY", test_s3::SECRET),
    ];
    let nodes: Vec<Node> = folders.iter().map(|one| Node::with(one.path(), &variables)).collect();
    let clients = [Client::register(&nodes[0].base).await.unwrap(), {
        let first = Client::register(&nodes[1].base).await.unwrap();
        Client { base: nodes[1].base.clone(), ..first }
    }];
    // Two calls, each asked for through one server and followed through the other.
    let mut followed = Vec::new();
    for (number, client) in clients.iter().enumerate() {
        let request = client.scenario("hangs_up").await.unwrap();
        let id = client.call(&request).await.unwrap();
        let other = Client { base: nodes[1 - number].base.clone(), ..client.clone() };
        followed.push(tokio::spawn(async move {
            let (call, told) = other.follow(&id).await.unwrap();
            let recording = other.fetch(&format!("/v1/calls/{id}/recording")).await.unwrap();
            (call, told, recording)
        }));
    }
    for task in followed {
        let (call, told, recording) = task.await.unwrap();
        assert_eq!(&recording[..4], b"RIFF");
        assert_eq!(call["status"], "completed", "{call:#}");
        let lines = told.iter().filter(|event| event["event_type"] == "transcript.final").count();
        assert!(lines > 0, "no line of the conversation was heard of: {told:#?}");
        let events = told.iter().filter(|event| event["event_id"].is_string());
        let ids: std::collections::BTreeSet<&str> =
            events.clone().filter_map(|event| event["event_id"].as_str()).collect();
        assert_eq!(events.count(), ids.len(), "each event once: {told:#?}");
    }
    nodes.into_iter().for_each(Node::kill);
}

/// The attempts that a server has under way, whose conversation has not ended: those it loses.
async fn held_by(store: &SqlStore, ids: &[CallId], node: &str) -> Vec<(CallId, u32)> {
    let mut held = Vec::new();
    for id in ids {
        let record = store.call_unscoped(*id).await.unwrap().unwrap();
        let last = store.attempts(*id).await.unwrap().pop();
        let talks = record.call.status.is_live() && record.call.ended_at.is_none();
        // A message that was left is not lost with its server.
        let left = record.call.closing_at.is_some();
        held.extend(
            last.filter(|last| talks && !left && last.node == node).map(|last| (*id, last.number)),
        );
    }
    held
}
