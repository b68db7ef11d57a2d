//! `kill -9` at any moment, then a restart: every call goes on by its retry policy, no attempt is
//! dialled twice, and every transition has its event.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use agenticcalling::store::SqlStore;
use agenticcalling::store::{Calls as _, EventFilter, Events as _, Mode, Scope};
use agenticcalling_tests::{Client, Node, is_over};
use serde_json::json;

const KILLS: u32 = 12;
const CALLS: usize = 6;
const END_MAX: Duration = Duration::from_secs(200);

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_nothing_is_lost_and_nothing_is_dialled_twice() {
    let folder = tempfile::tempdir().unwrap();
    let seed = agenticcalling::clock::random() as u64;
    println!("seed {seed}");
    let mut random = seed | 1;
    let mut next = move |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let mut node = Node::start(folder.path(), None);
    let mut client = Client::register(&node.base).await.unwrap();
    let mut ids = Vec::new();
    let scenarios = ["hangs_up", "busy", "do_not_call", "hangs_up", "voicemail", "steel_supplier"];
    for scenario in scenarios.iter().take(CALLS) {
        let mut request = client.scenario(scenario).await.unwrap();
        request["retry_policy"] = json!({ "max_attempts": 10, "backoff": [0] });
        ids.push(client.call(&request).await.unwrap());
    }
    for _ in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(50 + next(5000))).await;
        node.kill();
        every_call_is_lawful(folder.path(), &ids).await;
        node = Node::start(folder.path(), None);
        client.base.clone_from(&node.base);
    }
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
        assert!(started.elapsed() < END_MAX, "{open} calls do not end (seed {seed})");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    node.kill();
    every_call_is_lawful(folder.path(), &ids).await;
    no_attempt_was_dialled_twice(folder.path(), &ids).await;
}

/// What the store says must hold after any kill.
async fn every_call_is_lawful(data: &Path, ids: &[String]) {
    let store = SqlStore::open_file(&data.join("agenticcalling.db")).await.unwrap();
    for id in ids {
        let record = store.call_unscoped(id.parse().unwrap()).await.unwrap().expect("not lost");
        let attempts = store.attempts(record.id).await.unwrap();
        assert_eq!(attempts.len(), record.call.attempt as usize, "{id}");
        assert!(record.call.attempt <= record.call.policy.max_attempts);
        let scope = Scope { org: record.org, mode: Mode::Test, pod: None };
        let filter = EventFilter::of_call(record.id);
        let events = store.events(&scope, &filter, None, 1000).await.unwrap();
        let kinds: Vec<&str> = events.iter().map(|event| event.event_type.as_str()).collect();
        let count = |kind: &str| kinds.iter().filter(|known| **known == kind).count();
        assert_eq!(kinds[0], "call.queued");
        assert_eq!(count("call.attempting"), attempts.len(), "{kinds:?}");
        let ends = ["call.completed", "call.exhausted", "call.failed", "call.cancelled"];
        let ended: usize = ends.iter().map(|kind| count(kind)).sum();
        let expected = usize::from(record.call.status.is_terminal());
        assert_eq!(ended, expected, "{} {kinds:?}", record.call.status);
        // An attempt that is over failed, or it was the last.
        let over = attempts.iter().filter(|attempt| attempt.reason.is_some()).count();
        assert_eq!(count("call.attempt_failed"), over, "{kinds:?} {attempts:?}");
        if record.call.status.is_waiting() {
            assert!(record.wake_at.is_some(), "a waiting call has its time");
        }
    }
    store.close().await;
}

/// The sandbox's own log of what was dialled, against the attempts.
async fn no_attempt_was_dialled_twice(data: &Path, ids: &[String]) {
    let log = std::fs::read_to_string(data.join("sandbox-dials.log")).unwrap();
    let mut dialled = BTreeSet::new();
    let mut per_call: BTreeMap<String, usize> = BTreeMap::new();
    for line in log.lines() {
        let mut fields = line.split(' ').skip(1).map(str::to_owned);
        let (call, attempt) = (fields.next().unwrap(), fields.next().unwrap());
        assert!(dialled.insert(attempt), "dialled twice: {line}");
        *per_call.entry(call).or_default() += 1;
    }
    let store = SqlStore::open_file(&data.join("agenticcalling.db")).await.unwrap();
    for id in ids {
        let attempts = store.attempts(id.parse().unwrap()).await.unwrap();
        let known: BTreeSet<String> =
            attempts.iter().map(|attempt| attempt.id.to_string()).collect();
        let dials = per_call.get(id).copied().unwrap_or(0);
        assert!(dials <= attempts.len(), "{id}: more dials than attempts");
        assert_eq!(dialled.intersection(&known).count(), dials, "{id}: {known:?}");
    }
    store.close().await;
}
