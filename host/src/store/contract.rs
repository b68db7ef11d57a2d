//! What every store must do, whichever database it keeps its rows in.
//!
//! A store runs all of it with `contract_tests!(open)`, where `open` gives a fresh, empty store and
//! whatever must outlive it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use call::rate::{Verdict, WINDOW};
use call::{Call, FailReason, Machine, NewCall, OnScreening, RetryPolicy, Status};
use domain::{
    AttemptId, BatchId, CallId, EventId, KeyId, LineId, MicroUsd, OrgId, PersonaId, PlaybookId,
    Time,
};
use serde_json::json;

use call::share::Allowance;

use super::{
    ApiKey, Attempt, BatchCompleted, BatchRecord, CallFilter, CallRecord, CallSpec, Change,
    ConversationFilter, Delivery, DeliveryState, DoNotCall, EventDraft, EventFilter, Fares,
    Inserted, Line, LineInserted, Metered, Mode, OrgSettings, Organization, Outcome, Page, Persona,
    Pipeline, PlaybookAbout, PlaybookInserted, PlaybookVersion, Repeat, Scope, Store, StoreError,
    StoredPersona, StoredPlaybook, Traits, Try, Usage, Webhook, conversation_id,
};

const NOW: Time = Time::from_secs(1_800_000_000);
const LEASE: Duration = Duration::from_secs(10);
const NO_LIMIT: u32 = 1000;

/// A plan with so many places and no pace to speak of.
fn places(concurrent_calls: u32) -> impl Fn(&str) -> Allowance + Send + Sync {
    move |_| Allowance { concurrent_calls, dials_per_second: 1000 }
}

macro_rules! contract_tests {
    ($open:path) => {
        $crate::store::contract::contract_tests!(@each $open;
            organizations_are_found_by_email
            a_persona_is_its_pods_and_its_client_ids
            a_playbook_keeps_all_its_versions
            a_line_belongs_to_its_scope_and_its_number_to_one
            calls_of_a_line_and_a_number_are_one_conversation
            a_request_is_done_once
            requests_are_counted_exactly_by_many_at_once
            keys_come_back_as_they_were
            a_key_is_revoked_only_by_its_organization
            a_waiting_key_is_approved_once_and_in_time
            a_call_comes_back_as_it_was
            a_client_id_makes_one_call
            a_client_id_makes_one_call_among_many_at_once
            calls_that_come_at_once_are_written_each_for_itself
            a_scope_sees_only_its_own
            an_old_version_changes_nothing
            of_many_writers_of_one_version_one_wins
            a_transition_is_written_whole_or_not_at_all
            an_attempt_is_written_once_and_then_changed
            lists_are_paged_newest_first
            lists_are_filtered
            only_what_is_due_is_claimed
            the_oldest_is_claimed_first_within_the_limit
            an_organization_never_holds_more_than_its_plan
            nodes_never_claim_the_same_call
            a_lease_is_renewed_and_runs_out
            lost_calls_are_taken_over_by_one_node
            leases_of_a_former_life_are_forgotten
            the_next_wake_is_that_of_a_free_call
            events_keep_their_order
            free_places_are_shared_between_organizations
            an_organization_keeps_its_pace
            a_paused_call_waits_until_it_is_woken
            a_batch_is_written_whole_and_ends_with_its_last_call
            a_bill_is_metered_once_and_warns_on_its_way
            a_number_is_listed_for_its_pod_or_for_all
            a_ticket_works_once_and_in_time
            settings_plans_and_secrets_are_kept
            an_event_has_a_delivery_for_every_endpoint_that_wants_it
            a_claimed_delivery_comes_again_until_it_is_settled
            one_endpoint_does_not_take_the_places_of_another
            failed_deliveries_are_recovered_and_events_sent_again
            old_events_go_when_nothing_waits_for_them
        );
    };
    (@each $open:path; $($name:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                let (store, _keep) = $open().await;
                $crate::store::contract::$name(store).await;
            }
        )*
    };
}
pub(super) use contract_tests;

type Shared = Arc<dyn Store>;

pub(super) async fn organizations_are_found_by_email(store: Shared) {
    store.ping().await.unwrap();
    store.ping().await.unwrap();
    let first = organization("a@example.com");
    assert_eq!(store.upsert_organization(&first).await.unwrap().id, first.id);
    let second = Organization { name: "Impostor".into(), ..organization("a@example.com") };
    let found = store.upsert_organization(&second).await.unwrap();
    assert_eq!((found.id, found.name.as_str()), (first.id, "Acme"));
    let read = store.organization(first.id).await.unwrap().unwrap();
    assert_eq!((read.email.as_str(), read.plan.as_str()), ("a@example.com", "free"));
    assert_eq!(read.created_at, NOW);
    assert!(store.organization(second.id).await.unwrap().is_none());
}

fn line(org: OrgId, number: &str) -> Line {
    Line {
        id: LineId::new(NOW, crate::clock::random()),
        org,
        mode: Mode::Test,
        pod: None,
        number: number.parse().unwrap(),
        country: "US".into(),
        created_at: NOW,
    }
}

/// The stores share a database: numbers are drawn.
fn some_number() -> String {
    format!("+1415555{:07}", crate::clock::random() % 10_000_000)
}

pub(super) async fn a_line_belongs_to_its_scope_and_its_number_to_one(store: Shared) {
    let (org, other) = (new_org(&*store).await, new_org(&*store).await);
    let first = line(org, &some_number());
    let in_pod = Line { pod: Some("one".into()), ..line(org, &some_number()) };
    let french = Line { country: "FR".into(), ..line(org, &some_number()) };
    for line in [&first, &in_pod, &french] {
        assert_eq!(store.insert_line(line, Some(3)).await.unwrap(), LineInserted::New);
    }
    let more = line(org, &some_number());
    let full = LineInserted::LimitReached { lines: 3 };
    assert_eq!(store.insert_line(&more, Some(3)).await.unwrap(), full);
    let taken = line(other, first.number.as_str());
    assert_eq!(store.insert_line(&taken, None).await.unwrap(), LineInserted::Taken);

    let scope = |org, mode, pod: Option<&str>| Scope { org, mode, pod: pod.map(str::to_owned) };
    let all = scope(org, Mode::Test, None);
    assert_eq!(store.line(&all, in_pod.id).await.unwrap().as_ref(), Some(&in_pod));
    assert_eq!(store.lines(&all, None, 10).await.unwrap().len(), 3);
    let page = store.lines(&all, None, 2).await.unwrap();
    let rest = store.lines(&all, Some(page[1].id), 2).await.unwrap();
    assert_eq!(rest.len(), 1);
    for stranger in [
        scope(other, Mode::Test, None),
        scope(org, Mode::Live, None),
        scope(org, Mode::Test, Some("two")),
    ] {
        assert_eq!(store.line(&stranger, in_pod.id).await.unwrap(), None);
        assert!(store.lines(&stranger, None, 10).await.unwrap().is_empty());
        assert!(!store.delete_line(&stranger, in_pod.id).await.unwrap());
    }
    for (pod, country, expected) in [
        (None, Some("FR"), &french),
        (Some("one"), Some("FR"), &in_pod),
        (Some("two"), Some("FR"), &french),
        (Some("two"), Some("US"), &first),
    ] {
        let best = store.best_line(&scope(org, Mode::Test, pod), country).await.unwrap();
        assert_eq!(best.as_ref(), Some(expected), "{pod:?} {country:?}");
    }
    assert_eq!(store.best_line(&scope(other, Mode::Test, None), None).await.unwrap(), None);
    assert!(store.delete_line(&all, french.id).await.unwrap());
    assert_eq!(store.insert_line(&more, Some(3)).await.unwrap(), LineInserted::New);
}

pub(super) async fn calls_of_a_line_and_a_number_are_one_conversation(store: Shared) {
    let org = new_org(&*store).await;
    let line = line(org, &some_number());
    store.insert_line(&line, None).await.unwrap();
    let with_line = |pod: Option<&str>, client_id: Option<&str>| {
        let mut record = new_call(org);
        record.pod = pod.map(str::to_owned);
        record.client_id = client_id.map(str::to_owned);
        record.spec.from_line_id = Some(line.id);
        let id = conversation_id(&record.scope(), Some(line.id), &record.to);
        record.spec.conversation_id = Some(id);
        record
    };
    let (first, second) = (with_line(None, Some("x")), with_line(None, None));
    let in_pod = with_line(Some("one"), None);
    let again = with_line(None, Some("x"));
    for record in [&first, &second, &in_pod, &again] {
        store.insert_call(record, vec![]).await.unwrap();
    }
    let id = first.spec.conversation_id.unwrap();
    let scope = Scope { pod: None, ..first.scope() };
    let found = store.conversation(&scope, id).await.unwrap().unwrap();
    assert_eq!((found.calls, found.line, &found.number), (2, Some(line.id), &first.to));
    let filter = ConversationFilter { number: Some(first.to.clone()), line: Some(line.id) };
    assert_eq!(store.conversations(&scope, &filter, None, 10).await.unwrap().len(), 2);
    let page = store.conversations(&scope, &filter, None, 1).await.unwrap();
    let place = Some((page[0].last_call_at, page[0].id));
    let rest = store.conversations(&scope, &filter, place, 10).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_ne!(rest[0].id, page[0].id);
    let of_pod = Scope { pod: Some("one".into()), ..scope.clone() };
    assert_eq!(store.conversation(&of_pod, id).await.unwrap(), None);
    let of_conversation = CallFilter { conversation_id: Some(id), ..CallFilter::default() };
    let page = Page { limit: 10, after: None };
    assert_eq!(store.calls(&scope, &of_conversation, &page).await.unwrap().len(), 2);
    assert!(store.is_line_used(line.id).await.unwrap());
    for record in [&first, &second, &in_pod] {
        let mut over = record.clone();
        over.call.status = Status::Cancelled;
        store.apply(Change::of(&over)).await.unwrap();
    }
    assert!(!store.is_line_used(line.id).await.unwrap());
}

pub(super) async fn a_request_is_done_once(store: Shared) {
    let org = new_org(&*store).await;
    let scope = Scope { org, mode: Mode::Test, pod: None };
    let of_pod = Scope { pod: Some("one".into()), ..scope.clone() };
    assert_eq!(store.begin_once(&scope, "k", "f", NOW).await.unwrap(), Repeat::First);
    assert_eq!(store.begin_once(&of_pod, "k", "f", NOW).await.unwrap(), Repeat::First);
    let since = |answered| Repeat::Since { at: NOW, fingerprint: "f".into(), answered };
    assert_eq!(store.begin_once(&scope, "k", "g", NOW + LEASE).await.unwrap(), since(None));
    store.finish_once(&scope, "k", 201, "{}").await.unwrap();
    store.forget_once(&scope, "k").await.unwrap();
    let answered = since(Some((201, "{}".to_owned())));
    assert_eq!(store.begin_once(&scope, "k", "f", NOW).await.unwrap(), answered, "it stays");
    store.forget_once(&of_pod, "k").await.unwrap();
    assert_eq!(store.begin_once(&of_pod, "k", "f", NOW).await.unwrap(), Repeat::First);
    assert_eq!(store.purge_repeats(NOW, 10).await.unwrap(), 0);
    assert_eq!(store.purge_repeats(NOW + LEASE, 1).await.unwrap(), 1);
    assert_eq!(store.purge_repeats(NOW + LEASE, 10).await.unwrap(), 1);
}

pub(super) async fn requests_are_counted_exactly_by_many_at_once(store: Shared) {
    let mut asked = Vec::new();
    for _ in 0..20 {
        let store = store.clone();
        asked.push(tokio::spawn(async move { store.count_request("a", 7, NOW).await.unwrap() }));
    }
    let mut remaining = BTreeSet::new();
    for verdict in futures::future::join_all(asked).await {
        match verdict.unwrap() {
            Verdict::Admitted { remaining: left, .. } => assert!(remaining.insert(left)),
            Verdict::Limited { retry_after } => assert_eq!(retry_after, WINDOW),
        }
    }
    assert_eq!(remaining, (0..7).collect());
    let other = store.count_request("b", 7, NOW).await.unwrap();
    assert_eq!(other, Verdict::Admitted { remaining: 6, resets: WINDOW });
    assert_eq!(store.purge_rates(NOW).await.unwrap(), 0);
    let next = store.count_request("a", 7, NOW + WINDOW).await.unwrap();
    assert_eq!(next, Verdict::Admitted { remaining: 6, resets: WINDOW });
    assert_eq!(store.purge_rates(NOW + WINDOW).await.unwrap(), 1, "b's");
}

pub(super) async fn keys_come_back_as_they_were(store: Shared) {
    let org = new_org(&*store).await;
    let plain = key(org, 1);
    let full = ApiKey {
        pod: Some("customer_acme".into()),
        name: Some("Büro".into()),
        mode: Mode::Test,
        read_only: true,
        last_used_at: Some(NOW),
        ..key(org, 2)
    };
    store.insert_key(&plain).await.unwrap();
    store.insert_key(&full).await.unwrap();
    assert!(store.insert_key(&ApiKey { id: key(org, 3).id, ..plain.clone() }).await.is_err());
    for wanted in [&plain, &full] {
        let read = store.key_by_hash(&wanted.hash).await.unwrap().unwrap().0;
        assert_eq!(format!("{read:?}"), format!("{wanted:?}"));
    }
    assert!(store.key_by_hash(&[9; 32]).await.unwrap().is_none());
    store.touch_key(plain.id, NOW + LEASE).await.unwrap();
    let keys = store.keys(org).await.unwrap();
    let used: BTreeMap<KeyId, Option<Time>> =
        keys.iter().map(|key| (key.id, key.last_used_at)).collect();
    assert_eq!(used, BTreeMap::from([(plain.id, Some(NOW + LEASE)), (full.id, Some(NOW))]));
    assert!(store.keys(new_org(&*store).await).await.unwrap().is_empty());
}

pub(super) async fn a_key_is_revoked_only_by_its_organization(store: Shared) {
    let (org, other) = (new_org(&*store).await, new_org(&*store).await);
    let key = key(org, 1);
    store.insert_key(&key).await.unwrap();
    assert!(!store.revoke_key(other, key.id).await.unwrap());
    assert!(store.key_by_hash(&key.hash).await.unwrap().unwrap().0.active);
    assert!(store.revoke_key(org, key.id).await.unwrap());
    assert!(!store.key_by_hash(&key.hash).await.unwrap().unwrap().0.active);
    assert!(!store.revoke_key(org, key.id).await.unwrap(), "it was revoked already");
}

pub(super) async fn a_waiting_key_is_approved_once_and_in_time(store: Shared) {
    let org = new_org(&*store).await;
    let until = NOW + LEASE;
    let mut keys = Vec::new();
    for seed in 1..=3 {
        let waiting = ApiKey { active: false, pending_until: Some(until), ..key(org, seed) };
        store.insert_key(&waiting).await.unwrap();
        keys.push(waiting);
    }
    let [in_time, late, revoked] = &keys[..] else { unreachable!("three were made") };
    assert!(store.approve_key(in_time.id, NOW).await.unwrap());
    assert!(!store.approve_key(in_time.id, NOW).await.unwrap(), "only once");
    assert!(!store.approve_key(late.id, until).await.unwrap());
    assert!(store.revoke_key(org, revoked.id).await.unwrap());
    assert!(!store.approve_key(revoked.id, NOW).await.unwrap());
    let mut active = Vec::new();
    for key in &keys {
        active.push(store.key_by_hash(&key.hash).await.unwrap().unwrap().0.active);
    }
    assert_eq!(active, [true, false, false]);
}

pub(super) async fn a_call_comes_back_as_it_was(store: Shared) {
    let org = new_org(&*store).await;
    let mut record = new_call(org);
    record.pod = Some("pod".into());
    record.client_id = Some("Ω \"quoted\" '; DROP TABLE calls; --".into());
    record.spec.context = Some("日本語\n\t".into());
    record.spec.schedule_at = Some(NOW + LEASE);
    record.outcome.cost = Some(MicroUsd(54_000));
    record.outcome.structured_data = Some(json!({"price": 54.5, "terms": null}));
    insert(&*store, &record).await;
    assert_eq!(store.call_unscoped(record.id).await.unwrap().unwrap(), record);
    assert_eq!(store.call(&record.scope(), record.id).await.unwrap().unwrap(), record);
    assert!(store.call_unscoped(CallId::new(NOW, 1)).await.unwrap().is_none());
}

/// Many more than go into one commit, of several scopes; some are repetitions, and some cannot be
/// written at all, which costs no other anything.
pub(super) async fn calls_that_come_at_once_are_written_each_for_itself(store: Shared) {
    const CALLS: usize = 300;
    let orgs = [new_org(&*store).await, new_org(&*store).await, new_org(&*store).await];
    let taken = new_call(orgs[0]);
    store.insert_call(&taken, vec![]).await.unwrap();
    let mut wanted = Vec::new();
    for number in 0..CALLS {
        let mut record = new_call(orgs[number % 3]);
        record.pod = (number % 2 == 0).then(|| "one".to_owned());
        record.client_id = (number % 5 < 2).then(|| format!("repeated-{}", number / 60));
        if number % 50 == 49 {
            record.id = taken.id;
            record.client_id = None;
        }
        let line = LineId::new(NOW, crate::clock::random());
        record.spec.conversation_id =
            Some(crate::store::conversation_id(&record.scope(), Some(line), &record.to));
        wanted.push(record);
    }
    let written = futures::future::join_all(wanted.iter().map(|record| {
        let store = store.clone();
        async move { store.insert_call(record, vec![event(record, "call.queued")]).await }
    }));
    let (mut new, mut broken) = (Vec::new(), 0);
    let mut first_of = std::collections::BTreeMap::new();
    for (record, written) in wanted.iter().zip(written.await) {
        match written {
            Ok(Inserted::New) => new.push(record),
            Ok(Inserted::Existing(existing)) => {
                assert_eq!(existing.scope(), record.scope());
                assert!(existing.client_id.is_some());
                assert_eq!(existing.client_id, record.client_id);
            }
            Err(StoreError::Database(_)) => {
                assert_eq!(record.id, taken.id);
                broken += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(broken, CALLS / 50);
    for record in &new {
        let stored = store.call(&record.scope(), record.id).await.unwrap();
        assert_eq!(stored.as_ref(), Some(*record));
        let told = store.events(&record.scope(), &EventFilter::of_call(record.id), None, 10).await;
        assert_eq!(told.unwrap().len(), 1, "each is told once");
        let conversation = record.spec.conversation_id.unwrap();
        assert!(store.conversation(&record.scope(), conversation).await.unwrap().is_some());
        if let Some(client_id) = &record.client_id {
            let known = first_of.insert((record.org, record.pod.clone(), client_id), record.id);
            assert_eq!(known, None, "{client_id} made two calls");
        }
    }
    let named: std::collections::BTreeSet<_> = wanted
        .iter()
        .filter_map(|record| Some((record.org, record.pod.clone(), record.client_id.clone()?)))
        .collect();
    assert_eq!(named.len(), first_of.len());
    let plain = wanted.iter().filter(|one| one.client_id.is_none() && one.id != taken.id).count();
    assert_eq!(new.len(), plain + named.len());
}

pub(super) async fn a_client_id_makes_one_call(store: Shared) {
    let org = new_org(&*store).await;
    let other = new_org(&*store).await;
    let named = |org, mode, pod: Option<&str>| CallRecord {
        mode,
        pod: pod.map(str::to_owned),
        client_id: Some("once".into()),
        ..new_call(org)
    };
    // The same name is another call in another organization, mode or pod.
    let mut firsts = Vec::new();
    for (org, mode, pod) in [
        (org, Mode::Test, None),
        (org, Mode::Test, Some("a")),
        (org, Mode::Test, Some("b")),
        (org, Mode::Live, None),
        (other, Mode::Test, None),
    ] {
        let record = named(org, mode, pod);
        assert!(matches!(store.insert_call(&record, vec![]).await.unwrap(), Inserted::New));
        firsts.push(record);
    }
    for first in &firsts {
        let again = named(first.org, first.mode, first.pod.as_deref());
        match store.insert_call(&again, vec![event(&again, "call.queued")]).await.unwrap() {
            Inserted::Existing(found) => assert_eq!(found.id, first.id),
            Inserted::New => panic!("a second call was made"),
        }
        assert!(store.call_unscoped(again.id).await.unwrap().is_none());
        let found = store.call_by_client_id(&first.scope(), "once").await.unwrap().unwrap();
        assert_eq!(found.id, first.id);
    }
    assert!(
        store
            .events(&firsts[0].scope(), &EventFilter::default(), None, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(store.call_by_client_id(&firsts[0].scope(), "twice").await.unwrap().is_none());
}

pub(super) async fn a_client_id_makes_one_call_among_many_at_once(store: Shared) {
    let org = new_org(&*store).await;
    let mut tasks = Vec::new();
    for _ in 0..20 {
        let store = store.clone();
        let record = CallRecord { client_id: Some("race".into()), ..new_call(org) };
        tasks.push(tokio::spawn(async move {
            match store.insert_call(&record, vec![event(&record, "call.queued")]).await.unwrap() {
                Inserted::New => (true, record.id),
                Inserted::Existing(found) => (false, found.id),
            }
        }));
    }
    let (mut made, mut ids) = (0, BTreeSet::new());
    for task in tasks {
        let (new, id) = task.await.unwrap();
        made += u32::from(new);
        ids.insert(id);
    }
    assert_eq!((made, ids.len()), (1, 1));
    let scope = Scope { org, mode: Mode::Test, pod: None };
    assert_eq!(store.events(&scope, &EventFilter::default(), None, 10).await.unwrap().len(), 1);
}

pub(super) async fn a_scope_sees_only_its_own(store: Shared) {
    let (org, other) = (new_org(&*store).await, new_org(&*store).await);
    let record = CallRecord { pod: Some("a".into()), ..new_call(org) };
    store.insert_call(&record, vec![event(&record, "call.queued")]).await.unwrap();
    let scope = |org, mode, pod: Option<&str>| Scope { org, mode, pod: pod.map(str::to_owned) };
    for (scope, sees) in [
        (scope(org, Mode::Test, None), true),
        (scope(org, Mode::Test, Some("a")), true),
        (scope(org, Mode::Test, Some("b")), false),
        (scope(org, Mode::Test, Some("")), false),
        (scope(org, Mode::Live, None), false),
        (scope(other, Mode::Test, None), false),
        (scope(other, Mode::Test, Some("a")), false),
    ] {
        let seen = store.call(&scope, record.id).await.unwrap().is_some();
        let listed = list(&*store, &scope, CallFilter::default()).await.len();
        let events = store.events(&scope, &EventFilter::default(), None, 10).await.unwrap().len();
        let of_call =
            store.events(&scope, &EventFilter::of_call(record.id), None, 10).await.unwrap().len();
        let expected = usize::from(sees);
        assert_eq!(
            (seen, listed, events, of_call),
            (sees, expected, expected, expected),
            "{scope:?}"
        );
        assert_eq!(scope.covers(&record.scope()), sees, "{scope:?}");
    }
}

pub(super) async fn an_old_version_changes_nothing(store: Shared) {
    let org = new_org(&*store).await;
    let mut record = new_call(org);
    insert(&*store, &record).await;
    record.version = apply(&*store, &record, Status::Queued).await.unwrap();
    assert_eq!(record.version, 2);
    let stale = CallRecord { version: 1, ..record.clone() };
    let refused = apply(&*store, &stale, Status::Cancelled).await;
    assert!(matches!(refused, Err(StoreError::Conflict { expected: 1 })), "{refused:?}");
    assert_eq!(status(&*store, record.id).await, Status::Queued);
    assert_eq!(store.call_unscoped(record.id).await.unwrap().unwrap().version, 2);
}

pub(super) async fn of_many_writers_of_one_version_one_wins(store: Shared) {
    let org = new_org(&*store).await;
    let record = new_call(org);
    insert(&*store, &record).await;
    let mut tasks = Vec::new();
    for _ in 0..20 {
        let (store, record) = (store.clone(), record.clone());
        tasks.push(tokio::spawn(async move {
            let events = vec![event(&record, "call.cancelled")];
            store.apply(Change { events, ..Change::of(&record) }).await.map(|done| done.version)
        }));
    }
    let (mut won, mut lost) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(version) => won += version,
            Err(StoreError::Conflict { expected: 1 }) => lost += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((won, lost), (2, 19));
    assert_eq!(
        store.events(&record.scope(), &EventFilter::default(), None, 100).await.unwrap().len(),
        1
    );
}

pub(super) async fn a_transition_is_written_whole_or_not_at_all(store: Shared) {
    let org = new_org(&*store).await;
    let mut record = new_call(org);
    insert(&*store, &record).await;
    record.version = apply(&*store, &record, Status::Queued).await.unwrap();
    // The second event has the id of the first: the transition fails after the row was updated.
    let twice = event(&record, "call.attempting");
    let mut changed = record.clone();
    changed.call.status = Status::Dialing;
    let change = Change {
        attempt: Some(attempt(&record, 1)),
        events: vec![twice.clone(), twice],
        release: false,
        ..Change::of(&changed)
    };
    assert!(matches!(store.apply(change).await, Err(StoreError::Database(_))));
    assert_eq!(store.call_unscoped(record.id).await.unwrap().unwrap(), record);
    assert!(store.attempts(record.id).await.unwrap().is_empty());
    assert!(
        store.events(&record.scope(), &EventFilter::default(), None, 10).await.unwrap().is_empty()
    );
    // The store works on.
    apply(&*store, &record, Status::Cancelled).await.unwrap();
}

pub(super) async fn an_attempt_is_written_once_and_then_changed(store: Shared) {
    let org = new_org(&*store).await;
    let mut record = new_call(org);
    insert(&*store, &record).await;
    let first = attempt(&record, 1);
    record.version = write_attempt(&*store, &record, &first).await.unwrap();
    let ended = Attempt {
        answered_at: Some(NOW),
        ended_at: Some(NOW + LEASE),
        answered_by: Some(call::AnsweredBy::Human),
        reason: Some(FailReason::CarrierError),
        ..first
    };
    record.version = write_attempt(&*store, &record, &ended).await.unwrap();
    // Another dial of the same number of the same call is refused, and its transition with it.
    let again = attempt(&record, 1);
    assert!(write_attempt(&*store, &record, &again).await.is_err());
    let second = attempt(&record, 2);
    write_attempt(&*store, &record, &second).await.unwrap();
    assert_eq!(store.attempts(record.id).await.unwrap(), [ended, second]);
}

pub(super) async fn lists_are_paged_newest_first(store: Shared) {
    let org = new_org(&*store).await;
    let mut wanted = Vec::new();
    for second in 0..25 {
        let record = call_at(org, NOW + Duration::from_secs(second));
        insert(&*store, &record).await;
        wanted.insert(0, record.id);
    }
    let scope = Scope { org, mode: Mode::Test, pod: None };
    for limit in [1, 7, 25, 100] {
        let (mut got, mut after) = (Vec::new(), None);
        loop {
            let page = Page { limit, after };
            let calls = store.calls(&scope, &CallFilter::default(), &page).await.unwrap();
            assert!(calls.len() <= limit as usize);
            let Some(last) = calls.last() else { break };
            after = Some(last.id);
            got.extend(calls.iter().map(|call| call.id));
        }
        assert_eq!(got, wanted, "pages of {limit}");
    }
}

pub(super) async fn lists_are_filtered(store: Shared) {
    let org = new_org(&*store).await;
    let plain = new_call(org);
    let mut special = call_at(org, NOW + Duration::from_secs(60));
    special.to = "+442079460000".parse().unwrap();
    special.spec.playbook_id = "platform.negotiation".into();
    special.spec.batch_id = Some(domain::BatchId::new(NOW, 7));
    special.call.status = Status::Completed;
    insert(&*store, &plain).await;
    insert(&*store, &special).await;
    let scope = plain.scope();
    let both = BTreeSet::from([plain.id, special.id]);
    let only = |record: &CallRecord| BTreeSet::from([record.id]);
    let none = BTreeSet::new();
    let base = CallFilter::default;
    for (filter, expected) in [
        (base(), both.clone()),
        (CallFilter { status: Some(Status::Completed), ..base() }, only(&special)),
        (CallFilter { status: Some(Status::Queued), ..base() }, only(&plain)),
        (CallFilter { status: Some(Status::Failed), ..base() }, none.clone()),
        (CallFilter { to: Some(special.to.clone()), ..base() }, only(&special)),
        (CallFilter { playbook_id: Some("platform.general".into()), ..base() }, only(&plain)),
        (CallFilter { batch_id: special.spec.batch_id, ..base() }, only(&special)),
        (CallFilter { created_after: Some(NOW), ..base() }, only(&special)),
        (CallFilter { created_before: Some(special.call.created_at), ..base() }, only(&plain)),
        (
            CallFilter { created_after: Some(NOW - LEASE), created_before: Some(NOW), ..base() },
            none,
        ),
    ] {
        let listed = list(&*store, &scope, filter.clone()).await;
        let ids: BTreeSet<CallId> = listed.iter().map(|record| record.id).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
}

pub(super) async fn only_what_is_due_is_claimed(store: Shared) {
    let org = new_org(&*store).await;
    let due = insert(&*store, &new_call(org)).await;
    insert(&*store, &waiting(org, Status::Scheduled, Some(NOW + LEASE))).await;
    insert(&*store, &waiting(org, Status::NeedsFollowUp, None)).await;
    insert(&*store, &waiting(org, Status::Completed, None)).await;
    let retry = insert(&*store, &waiting(org, Status::RetryScheduled, Some(NOW))).await;
    let live = insert(&*store, &waiting(org, Status::InProgress, Some(NOW))).await;
    let claimed = claim(&*store, "one", NOW, 10, NO_LIMIT).await;
    assert_eq!(claimed, BTreeSet::from([due, retry]));
    assert!(!claimed.contains(&live), "a live call is not due, it is lost");
    assert!(claim(&*store, "two", NOW, 10, NO_LIMIT).await.is_empty(), "both are leased");
    let later = NOW + LEASE + Duration::from_secs(1);
    let again = claim(&*store, "two", later, 10, NO_LIMIT).await;
    assert_eq!(again.len(), 3, "the leases ran out and the third is due: {again:?}");
}

pub(super) async fn the_oldest_is_claimed_first_within_the_limit(store: Shared) {
    let org = new_org(&*store).await;
    let mut oldest_first = Vec::new();
    for second in 0..6 {
        let record = waiting(org, Status::Queued, Some(NOW + Duration::from_secs(second)));
        oldest_first.push(insert(&*store, &record).await);
    }
    let now = NOW + LEASE;
    let first = claim(&*store, "one", now, 4, NO_LIMIT).await;
    assert_eq!(first, oldest_first[..4].iter().copied().collect());
    let rest = claim(&*store, "one", now, 4, NO_LIMIT).await;
    assert_eq!(rest, oldest_first[4..].iter().copied().collect());
}

pub(super) async fn an_organization_never_holds_more_than_its_plan(store: Shared) {
    let (busy, idle) = (new_org(&*store).await, new_org(&*store).await);
    for _ in 0..5 {
        insert(&*store, &new_call(busy)).await;
        insert(&*store, &new_call(idle)).await;
    }
    // Two that talk already; and one in live mode, which is counted apart.
    let mut talking = Vec::new();
    for _ in 0..2 {
        let record = waiting(busy, Status::InProgress, None);
        insert(&*store, &record).await;
        talking.push(record);
    }
    insert(&*store, &CallRecord { mode: Mode::Live, ..new_call(busy) }).await;
    let mut claimed = store.claim_due("one", NOW, LEASE, 100, &places(3)).await.unwrap();
    let held = |records: &[CallRecord], org, mode| {
        records.iter().filter(|record| record.org == org && record.mode == mode).count()
    };
    assert_eq!(held(&claimed, busy, Mode::Test), 1);
    assert_eq!(held(&claimed, busy, Mode::Live), 1);
    assert_eq!(held(&claimed, idle, Mode::Test), 3);
    assert!(claim(&*store, "two", NOW, 100, 3).await.is_empty(), "another node gets no more");
    // One that ends makes room for one.
    claimed.retain(|record| record.org == busy && record.mode == Mode::Test);
    let done = CallRecord { wake_at: None, ..claimed.remove(0) };
    apply(&*store, &done, Status::Completed).await.unwrap();
    assert_eq!(claim(&*store, "two", NOW, 100, 3).await.len(), 1);
    let done = CallRecord { wake_at: None, ..talking.remove(0) };
    apply(&*store, &done, Status::Completed).await.unwrap();
    assert_eq!(claim(&*store, "two", NOW, 100, 3).await.len(), 1);
}

pub(super) async fn nodes_never_claim_the_same_call(store: Shared) {
    const CALLS: usize = 60;
    let org = new_org(&*store).await;
    for _ in 0..CALLS {
        insert(&*store, &new_call(org)).await;
    }
    let mut tasks = Vec::new();
    for task in 0..16 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let node = format!("node-{}", task % 2);
            let mut mine = Vec::new();
            loop {
                let records =
                    store.claim_due(&node, NOW, LEASE, 3, &places(NO_LIMIT)).await.unwrap();
                if records.is_empty() {
                    return mine;
                }
                mine.extend(records.into_iter().map(|record| record.id));
            }
        }));
    }
    let (mut all, mut count) = (BTreeSet::new(), 0);
    for task in tasks {
        let mine = task.await.unwrap();
        count += mine.len();
        all.extend(mine);
    }
    assert_eq!((count, all.len()), (CALLS, CALLS), "some call was claimed twice or never");
}

pub(super) async fn a_lease_is_renewed_and_runs_out(store: Shared) {
    let org = new_org(&*store).await;
    let id = insert(&*store, &new_call(org)).await;
    claim(&*store, "one", NOW, 1, NO_LIMIT).await;
    let until = NOW + LEASE + LEASE;
    assert_eq!(store.renew("one", until).await.unwrap(), [id]);
    assert!(store.renew("two", until).await.unwrap().is_empty());
    let before = until - Duration::from_millis(1);
    assert!(claim(&*store, "two", before, 1, NO_LIMIT).await.is_empty());
    assert!(claim(&*store, "two", until, 1, NO_LIMIT).await.is_empty());
    let after = until + Duration::from_millis(1);
    assert_eq!(claim(&*store, "two", after, 1, NO_LIMIT).await, BTreeSet::from([id]));
    assert!(store.renew("one", until).await.unwrap().is_empty(), "it belongs to another");
    // A transition that releases gives it back.
    let record = store.call_unscoped(id).await.unwrap().unwrap();
    apply(&*store, &record, Status::RetryScheduled).await.unwrap();
    assert!(store.renew("two", until).await.unwrap().is_empty());
}

pub(super) async fn lost_calls_are_taken_over_by_one_node(store: Shared) {
    let org = new_org(&*store).await;
    let mut live = BTreeSet::new();
    for status in Status::ALL {
        for _ in 0..5 {
            let id = insert(&*store, &waiting(org, status, None)).await;
            if status.is_live() {
                live.insert(id);
            }
        }
    }
    let mut tasks = Vec::new();
    for task in 0..8 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            store.claim_lost(&format!("node-{task}"), NOW, LEASE, 4).await.unwrap()
        }));
    }
    let mut taken = Vec::new();
    for task in tasks {
        taken.extend(task.await.unwrap().into_iter().map(|record| record.id));
    }
    assert_eq!(taken.len(), live.len());
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>(), live);
    let held = store.claim_lost("late", NOW + LEASE, LEASE, 100).await.unwrap();
    assert!(held.is_empty(), "leases hold to their last millisecond");
    let after = NOW + LEASE + Duration::from_millis(1);
    assert_eq!(store.claim_lost("late", after, LEASE, 100).await.unwrap().len(), live.len());
}

pub(super) async fn leases_of_a_former_life_are_forgotten(store: Shared) {
    let org = new_org(&*store).await;
    let waiting_id = insert(&*store, &new_call(org)).await;
    let live_id = insert(&*store, &waiting(org, Status::InProgress, None)).await;
    claim(&*store, "one", NOW, 10, NO_LIMIT).await;
    store.claim_lost("one", NOW, LEASE, 10).await.unwrap();
    assert_eq!(store.forget_leases("two").await.unwrap(), 0);
    assert_eq!(store.forget_leases("one").await.unwrap(), 2);
    assert_eq!(claim(&*store, "one", NOW, 10, NO_LIMIT).await, BTreeSet::from([waiting_id]));
    let lost = store.claim_lost("one", NOW, LEASE, 10).await.unwrap();
    assert_eq!(lost.iter().map(|record| record.id).collect::<Vec<_>>(), [live_id]);
}

pub(super) async fn the_next_wake_is_that_of_a_free_call(store: Shared) {
    let org = new_org(&*store).await;
    assert_eq!(store.next_wake().await.unwrap(), None);
    let later = NOW + LEASE;
    insert(&*store, &waiting(org, Status::Scheduled, Some(later))).await;
    assert_eq!(store.next_wake().await.unwrap(), Some(later));
    insert(&*store, &new_call(org)).await;
    assert_eq!(store.next_wake().await.unwrap(), Some(NOW));
    claim(&*store, "one", NOW, 10, NO_LIMIT).await;
    assert_eq!(store.next_wake().await.unwrap(), Some(later));
}

pub(super) async fn events_keep_their_order(store: Shared) {
    let org = new_org(&*store).await;
    let mut one = new_call(org);
    let two = new_call(org);
    // Ids that sort against the order of writing: the sequence counts, not the id.
    let mut ids = Vec::new();
    let mut drafts = Vec::new();
    for seed in (1..=4).rev() {
        let id = EventId::new(NOW, seed);
        ids.push(id);
        drafts.push(EventDraft { id, ..event(&one, "call.queued") });
    }
    let rest = drafts.split_off(2);
    store.insert_call(&one, drafts).await.unwrap();
    store.insert_call(&two, vec![event(&two, "call.queued")]).await.unwrap();
    let change = Change { events: rest, release: false, ..Change::of(&one) };
    one.version = store.apply(change).await.unwrap().version;
    let scope = one.scope();
    let read = async |call, after, limit| {
        let filter = EventFilter { call, ..EventFilter::default() };
        let events = store.events(&scope, &filter, after, limit).await.unwrap();
        events.into_iter().map(|event| event.id).collect::<Vec<_>>()
    };
    assert_eq!(read(Some(one.id), None, 10).await, ids);
    assert_eq!(read(Some(one.id), None, 3).await, ids[..3]);
    assert_eq!(read(Some(one.id), Some(ids[1]), 10).await, ids[2..]);
    assert_eq!(read(Some(one.id), Some(ids[3]), 10).await, []);
    assert_eq!(read(None, None, 10).await.len(), 5);
    let stored =
        store.events(&scope, &EventFilter::of_call(one.id), None, 1).await.unwrap().remove(0);
    assert_eq!((stored.call, stored.created_at), (Some(one.id), NOW));
    assert_eq!(stored.payload, json!({"event_type": "call.queued", "call": one.id.prefixed()}));
}

pub(super) async fn free_places_are_shared_between_organizations(store: Shared) {
    let (crowd, single) = (new_org(&*store).await, new_org(&*store).await);
    for _ in 0..20 {
        insert(&*store, &new_call(crowd)).await;
    }
    let late = NOW + Duration::from_millis(5);
    let only = insert(&*store, &waiting(single, Status::Queued, Some(late))).await;
    let claimed = claim(&*store, "one", NOW + LEASE, 4, NO_LIMIT).await;
    assert_eq!(claimed.len(), 4);
    assert!(claimed.contains(&only), "the one call of an organization waits for a crowd");
}

pub(super) async fn an_organization_keeps_its_pace(store: Shared) {
    let org = new_org(&*store).await;
    for _ in 0..10 {
        insert(&*store, &new_call(org)).await;
    }
    let plans = |_: &str| Allowance { concurrent_calls: 100, dials_per_second: 2 };
    let mut begun = Vec::new();
    for second in 0..6 {
        let now = NOW + Duration::from_secs(second);
        begun.push(store.claim_due("one", now, LEASE, 100, &plans).await.unwrap().len());
    }
    assert_eq!(begun, [2, 2, 2, 2, 2, 0]);
}

pub(super) async fn a_paused_call_waits_until_it_is_woken(store: Shared) {
    let (org, other) = (new_org(&*store).await, new_org(&*store).await);
    let mut record = new_call(org);
    insert(&*store, &record).await;
    record.call.paused = true;
    record.wake_at = None;
    record.version = apply(&*store, &record, Status::RetryScheduled).await.unwrap();
    assert!(store.call_unscoped(record.id).await.unwrap().unwrap().call.paused);
    assert_eq!(store.next_wake().await.unwrap(), None);
    assert!(claim(&*store, "one", NOW + LEASE, 10, NO_LIMIT).await.is_empty());
    assert_eq!(store.unpause(Some(other), NOW).await.unwrap(), 0);
    assert_eq!(store.unpause(Some(org), NOW).await.unwrap(), 1);
    assert_eq!(claim(&*store, "one", NOW, 10, NO_LIMIT).await, BTreeSet::from([record.id]));
    assert_eq!(store.unpause(None, NOW).await.unwrap(), 0);
}

pub(super) async fn a_batch_is_written_whole_and_ends_with_its_last_call(store: Shared) {
    let org = new_org(&*store).await;
    let earlier = CallRecord { client_id: Some("known".into()), ..new_call(org) };
    insert(&*store, &earlier).await;
    let id = BatchId::new(NOW, crate::clock::random());
    let batch = BatchRecord {
        id,
        org,
        mode: Mode::Test,
        pod: None,
        total: 3,
        open: 2,
        webhook_url: Some("https://example.com/hook".into()),
        created_at: NOW,
        completed_at: None,
    };
    let of_batch = |client_id: Option<&str>| {
        let mut record = new_call(org);
        record.spec.batch_id = Some(id);
        record.client_id = client_id.map(str::to_owned);
        let events = vec![event(&record, "call.queued")];
        (record, events)
    };
    let asked = vec![of_batch(None), of_batch(Some("known")), of_batch(Some("new"))];
    let calls = store.insert_batch(&batch, asked).await.unwrap();
    assert_eq!((calls.len(), calls[1].id), (3, earlier.id));
    let scope = batch.scope();
    assert_eq!(store.batch(&scope, id).await.unwrap(), Some(batch.clone()));
    let elsewhere = Scope { mode: Mode::Live, ..scope.clone() };
    assert_eq!(store.batch(&elsewhere, id).await.unwrap(), None);
    let of_it = EventFilter { batch: Some(id), ..EventFilter::default() };
    assert_eq!(store.events(&scope, &of_it, None, 10).await.unwrap().len(), 2);

    let end = async |record: &CallRecord, status: Status| {
        let mut changed = record.clone();
        changed.call.status = status;
        let batch_completed: BatchCompleted = |batch, statuses, _| EventDraft {
            id: EventId::new(NOW, crate::clock::random()),
            call: None,
            batch: Some(batch.id),
            url: batch.webhook_url.clone(),
            event_type: "batch.completed".into(),
            payload: json!({ "statuses": statuses }),
        };
        let change = Change { batch_completed: Some(batch_completed), ..Change::of(&changed) };
        store.apply(change).await.unwrap()
    };
    assert!(end(&calls[0], Status::RetryScheduled).await.added.is_empty());
    let mut first = calls[0].clone();
    first.version += 1;
    assert!(end(&first, Status::Completed).await.added.is_empty());
    let last = end(&calls[2], Status::Failed).await.added;
    assert_eq!(last.len(), 1, "the last call of a batch ends it");
    assert_eq!(last[0].payload, json!({"statuses": {"completed": 1, "failed": 1}}));
    let done = store.batch(&scope, id).await.unwrap().unwrap();
    assert_eq!((done.open, done.completed_at), (0, Some(NOW)));
    let stored = store.events(&scope, &of_it, None, 10).await.unwrap();
    assert_eq!(stored.last().unwrap().event_type, "batch.completed");
    let counts = store.batch_statuses(id).await.unwrap();
    assert_eq!(counts, BTreeMap::from([("completed".into(), 1), ("failed".into(), 1)]));
}

pub(super) async fn a_bill_is_metered_once_and_warns_on_its_way(store: Shared) {
    let org = new_org(&*store).await;
    let mut record = new_call(org);
    insert(&*store, &record).await;
    let bill =
        |seconds, cost| Usage { billed_seconds: seconds, billed_calls: 1, cost: MicroUsd(cost) };
    for (month, usage) in
        [("2026-11", bill(60, 42_000)), ("2026-11", bill(200, 168_000)), ("2026-12", bill(7, 1))]
    {
        let warn_at_100 = |before: Usage, after: Usage| {
            let crossed = before.billed_seconds < 100 && after.billed_seconds >= 100;
            crossed.then(|| EventDraft {
                id: EventId::new(NOW, crate::clock::random()),
                call: None,
                batch: None,
                url: None,
                event_type: "balance.warning".into(),
                payload: json!({ "seconds": after.billed_seconds }),
            })
        };
        let metered = Metered { month: month.into(), usage, warning: Some(Box::new(warn_at_100)) };
        let stale = CallRecord { version: 99, ..record.clone() };
        let change = Change { metered: Some(metered), ..Change::of(&stale) };
        assert!(store.apply(change).await.is_err(), "what is not written is not metered");
        let metered = Metered { month: month.into(), usage, warning: Some(Box::new(warn_at_100)) };
        let change = Change { metered: Some(metered), ..Change::of(&record) };
        let done = store.apply(change).await.unwrap();
        record.version = done.version;
        assert_eq!(done.added.len(), usize::from(usage.billed_seconds == 200));
    }
    let november = store.usage(org, Mode::Test, "2026-11").await.unwrap();
    assert_eq!(november, Usage { billed_seconds: 260, billed_calls: 2, cost: MicroUsd(210_000) });
    assert_eq!(store.usage(org, Mode::Test, "2026-12").await.unwrap(), bill(7, 1));
    assert_eq!(store.usage(org, Mode::Live, "2026-11").await.unwrap(), Usage::default());
    let total = store.total_usage(org, Mode::Test).await.unwrap();
    assert_eq!((total.billed_seconds, total.billed_calls), (267, 3));
    assert_eq!(total.cost, november.cost + bill(7, 1).cost);
    assert_eq!(store.total_usage(org, Mode::Live).await.unwrap(), Usage::default());
    let stored = store.events(&record.scope(), &EventFilter::default(), None, 10).await.unwrap();
    assert_eq!(stored.len(), 1);
}

pub(super) async fn a_persona_is_its_pods_and_its_client_ids(store: Shared) {
    let org = new_org(&*store).await;
    let persona = |pod: Option<&str>, client_id: Option<&str>| StoredPersona {
        id: PersonaId::new(NOW, crate::clock::random()),
        org,
        mode: Mode::Test,
        pod: pod.map(str::to_owned),
        client_id: client_id.map(str::to_owned),
        name: "Procurement Agent".into(),
        traits: Traits { rules: vec!["Be brief".into()], ..Traits::default() },
        created_at: NOW,
        updated_at: NOW,
    };
    let mut first = persona(Some("one"), Some("agent-v1"));
    assert_eq!(store.insert_persona(&first).await.unwrap(), first);
    let again = store.insert_persona(&persona(Some("one"), Some("agent-v1"))).await.unwrap();
    assert_eq!(again, first, "a client_id makes one");
    let mut all = vec![first.clone()];
    for other in [persona(None, Some("agent-v1")), persona(None, None), persona(Some("two"), None)]
    {
        assert_eq!(store.insert_persona(&other).await.unwrap(), other);
        all.push(other);
    }
    all.sort_by_key(|persona| std::cmp::Reverse(persona.id));
    let whole = Scope { org, mode: Mode::Test, pod: None };
    let one = Scope { pod: Some("one".into()), ..whole.clone() };
    let two = Scope { pod: Some("two".into()), ..whole.clone() };
    let live = Scope { mode: Mode::Live, ..whole.clone() };
    assert_eq!(store.personas(&whole, None, 10).await.unwrap(), all);
    assert_eq!(store.personas(&whole, Some(all[1].id), 1).await.unwrap(), all[2..3]);
    assert_eq!(store.personas(&one, None, 10).await.unwrap(), [first.clone()]);
    assert_eq!(store.personas(&live, None, 10).await.unwrap(), []);
    for stranger in [&two, &live] {
        assert_eq!(store.persona(stranger, first.id).await.unwrap(), None);
        assert!(!store.delete_persona(stranger, first.id).await.unwrap());
    }
    first.name = "Buyer".into();
    first.traits.voice = Some("professional_male_en".into());
    assert!(store.update_persona(&first).await.unwrap());
    assert_eq!(store.persona(&one, first.id).await.unwrap(), Some(first.clone()));
    assert!(store.delete_persona(&one, first.id).await.unwrap());
    assert!(!store.update_persona(&first).await.unwrap());
    assert_eq!(store.persona(&whole, first.id).await.unwrap(), None);
}

pub(super) async fn a_playbook_keeps_all_its_versions(store: Shared) {
    let org = new_org(&*store).await;
    let version = |number: u32, code: &str| PlaybookVersion {
        number,
        digest: format!("{code}-{number}"),
        code: code.into(),
        settings: Some(format!("{{\"number\":{number}}}")),
        about: PlaybookAbout { name: format!("Version {number}"), ..PlaybookAbout::default() },
        made_at: NOW,
    };
    let playbook = |pod: Option<&str>, client_id: Option<&str>| StoredPlaybook {
        id: PlaybookId::new(NOW, crate::clock::random()),
        org,
        mode: Mode::Test,
        pod: pod.map(str::to_owned),
        client_id: client_id.map(str::to_owned),
        version: version(1, "one"),
        created_at: NOW,
    };
    let code: &[u8] = b"\0asm, of any bytes \xff";
    let mut first = playbook(Some("one"), Some("steel-v1"));
    let insert = async |playbook: &StoredPlaybook, limit| {
        store.insert_playbook(playbook, code, limit).await.unwrap()
    };
    assert_eq!(insert(&first, Some(1)).await, PlaybookInserted::New);
    let again = insert(&playbook(Some("one"), Some("steel-v1")), Some(1)).await;
    assert_eq!(again, PlaybookInserted::Existing(Box::new(first.clone())));
    let refused = insert(&playbook(None, None), Some(1)).await;
    assert_eq!(refused, PlaybookInserted::LimitReached { playbooks: 1 });
    let second = playbook(None, Some("steel-v1"));
    assert_eq!(insert(&second, None).await, PlaybookInserted::New);

    let whole = Scope { org, mode: Mode::Test, pod: None };
    let one = Scope { pod: Some("one".into()), ..whole.clone() };
    let two = Scope { pod: Some("two".into()), ..whole.clone() };
    let live = Scope { mode: Mode::Live, ..whole.clone() };
    let mut next = first.clone();
    next.version = version(2, "two");
    assert!(store.add_version(&next, Some(b"two")).await.unwrap());
    assert!(!store.add_version(&next, Some(b"two")).await.unwrap(), "somebody was first");
    next.version = version(3, "one");
    assert!(store.add_version(&next, None).await.unwrap());
    assert_eq!(store.playbook(&one, first.id).await.unwrap(), Some(next.clone()));
    let mut all = [next.clone(), second.clone()];
    all.sort_by_key(|playbook| std::cmp::Reverse(playbook.id));
    assert_eq!(store.playbooks(&whole, None, 10).await.unwrap(), all);
    assert_eq!(store.playbooks(&whole, Some(all[0].id), 10).await.unwrap(), all[1..]);
    assert_eq!(store.playbooks(&one, None, 10).await.unwrap(), [next.clone()]);
    let versions = store.playbook_versions(first.id, None, 2).await.unwrap();
    assert_eq!(versions, [version(3, "one"), version(2, "two")]);
    let versions = store.playbook_versions(first.id, Some(2), 2).await.unwrap();
    assert_eq!(versions, [version(1, "one")]);
    for stranger in [&two, &live] {
        assert_eq!(store.playbook(stranger, first.id).await.unwrap(), None);
        assert!(!store.delete_playbook(stranger, first.id, NOW).await.unwrap());
    }

    assert!(store.delete_playbook(&one, first.id, NOW).await.unwrap());
    assert!(!store.delete_playbook(&one, first.id, NOW).await.unwrap());
    next.version = version(4, "one");
    assert!(!store.add_version(&next, None).await.unwrap());
    assert_eq!(store.playbook(&whole, first.id).await.unwrap(), None);
    assert_eq!(store.playbooks(&whole, None, 10).await.unwrap(), [second]);
    first.id = PlaybookId::new(NOW, crate::clock::random());
    assert_eq!(insert(&first, None).await, PlaybookInserted::New, "its client_id is free again");
    for (digest, bytes, settings) in [
        ("one-1", code, "{\"number\":1}"),
        ("two-2", b"two".as_slice(), "{\"number\":2}"),
        ("one-3", code, "{\"number\":3}"),
    ] {
        let file = store.playbook_file(next.id, digest).await.unwrap().unwrap();
        assert_eq!((&*file.code, file.settings.as_deref()), (bytes, Some(settings)), "{digest}");
    }
    assert!(store.playbook_file(next.id, "one-4").await.unwrap().is_none());
}

pub(super) async fn a_number_is_listed_for_its_pod_or_for_all(store: Shared) {
    let (org, other) = (new_org(&*store).await, new_org(&*store).await);
    let entry = |pod: Option<&str>, number: &str| DoNotCall {
        org,
        mode: Mode::Test,
        pod: pod.map(str::to_owned),
        number: number.parse().unwrap(),
        source: "api".into(),
        note: Some("“stop calling”".into()),
        call: None,
        created_at: NOW,
    };
    let (everywhere, in_pod) = (entry(None, "+12025550100"), entry(Some("a"), "+12025550101"));
    assert_eq!(store.list_numbers(&[everywhere.clone(), in_pod.clone()]).await.unwrap(), 2);
    assert_eq!(
        store.list_numbers(std::slice::from_ref(&everywhere)).await.unwrap(),
        0,
        "it is listed"
    );
    let scope = |org, mode, pod: Option<&str>| Scope { org, mode, pod: pod.map(str::to_owned) };
    for (scope, number, expected) in [
        (scope(org, Mode::Test, None), &everywhere.number, Some(&everywhere)),
        (scope(org, Mode::Test, Some("b")), &everywhere.number, Some(&everywhere)),
        (scope(org, Mode::Test, Some("a")), &in_pod.number, Some(&in_pod)),
        (scope(org, Mode::Test, Some("b")), &in_pod.number, None),
        (scope(org, Mode::Test, None), &in_pod.number, None),
        (scope(org, Mode::Live, None), &everywhere.number, None),
        (scope(other, Mode::Test, None), &everywhere.number, None),
    ] {
        let found = store.listed(&scope, number).await.unwrap();
        assert_eq!(found.as_ref(), expected, "{scope:?} {number:?}");
    }
    let all = scope(org, Mode::Test, None);
    let first = store.do_not_call(&all, None, 1).await.unwrap();
    assert_eq!(first, std::slice::from_ref(&everywhere));
    let rest = store.do_not_call(&all, Some("+12025550100 "), 10).await.unwrap();
    assert_eq!(rest, std::slice::from_ref(&in_pod));
    assert!(!store.unlist(&all, &in_pod.number).await.unwrap(), "it is its pod's");
    assert!(store.unlist(&all, &everywhere.number).await.unwrap());
    assert_eq!(store.listed(&all, &everywhere.number).await.unwrap(), None);

    // Listed by what was heard on a call, in the transition that tells of it.
    let record = CallRecord { pod: Some("a".into()), ..new_call(org) };
    insert(&*store, &record).await;
    let heard = entry(Some("a"), record.to.as_str());
    let change = Change { do_not_call: Some(heard.clone()), ..Change::of(&record) };
    store.apply(change).await.unwrap();
    assert_eq!(store.listed(&record.scope(), &record.to).await.unwrap(), Some(heard));
}

pub(super) async fn a_ticket_works_once_and_in_time(store: Shared) {
    let org = new_org(&*store).await;
    let scope = Scope { org, mode: Mode::Test, pod: Some("a".into()) };
    let until = NOW + LEASE;
    store.insert_ticket(&[1; 32], &scope, until).await.unwrap();
    store.insert_ticket(&[2; 32], &scope, until).await.unwrap();
    assert_eq!(store.take_ticket(&[9; 32], NOW).await.unwrap(), None);
    assert_eq!(store.take_ticket(&[1; 32], NOW).await.unwrap(), Some(scope));
    assert_eq!(store.take_ticket(&[1; 32], NOW).await.unwrap(), None);
    assert_eq!(store.take_ticket(&[2; 32], until).await.unwrap(), None);
}

pub(super) async fn settings_plans_and_secrets_are_kept(store: Shared) {
    let org = new_org(&*store).await;
    let settings = OrgSettings { require_consent: true, ..OrgSettings::default() };
    store.set_settings(org, &settings).await.unwrap();
    assert!(store.set_plan(org, "pro").await.unwrap());
    assert!(!store.set_plan(OrgId::new(NOW, 1), "pro").await.unwrap());
    let read = store.organization(org).await.unwrap().unwrap();
    assert_eq!((read.settings, read.plan.as_str()), (settings, "pro"));
    assert_eq!(read.signing_secret, "whsec_MfKQ");
    assert_eq!(store.shared_secret("links", "first").await.unwrap(), "first");
    assert_eq!(store.shared_secret("links", "second").await.unwrap(), "first");
}

pub(super) async fn an_event_has_a_delivery_for_every_endpoint_that_wants_it(store: Shared) {
    let (org, other) = (new_org(&*store).await, new_org(&*store).await);
    let endpoint = async |org, pod: Option<&str>, types: &[&str], path: &str| {
        let wanted = Webhook {
            pod: pod.map(str::to_owned),
            event_types: types.iter().map(|kind| (*kind).to_owned()).collect(),
            url: format!("https://example.com/{path}"),
            ..webhook(org)
        };
        store.insert_webhook(&wanted).await.unwrap()
    };
    let all = endpoint(org, None, &[], "all").await;
    let some = endpoint(org, None, &["call.completed"], "some").await;
    let of_pod = endpoint(org, Some("a"), &[], "pod").await;
    let of_other_pod = endpoint(org, Some("b"), &[], "other-pod").await;
    let foreign = endpoint(other, None, &[], "foreign").await;
    let off = endpoint(org, None, &[], "off").await;
    assert!(store.update_webhook(&Webhook { active: false, ..off.clone() }).await.unwrap());
    let mut record = CallRecord { pod: Some("a".into()), ..new_call(org) };
    record.spec.webhook_url = Some("https://example.com/call?x=1".into());
    store.insert_call(&record, vec![event(&record, "call.queued")]).await.unwrap();
    let urls = async |id| {
        let found = store.deliveries(&Scope { pod: None, ..record.scope() }, id, None, 10).await;
        found.unwrap().into_iter().map(|(delivery, _)| delivery.event_type).collect::<Vec<_>>()
    };
    assert_eq!(urls(all.id).await, ["call.queued"]);
    assert_eq!(urls(of_pod.id).await, ["call.queued"]);
    for none in [&some, &of_other_pod, &foreign, &off] {
        assert!(urls(none.id).await.is_empty(), "{}", none.url);
    }
    let due = deliveries(&*store, NOW, 10).await;
    let mut targets: Vec<String> = due.iter().map(|delivery| delivery.target.clone()).collect();
    targets.sort();
    let own = format!("{org} https://example.com");
    let mut expected = vec![all.id.to_string(), of_pod.id.to_string(), own];
    expected.sort();
    assert_eq!(targets, expected);

    // The call's own URL is an endpoint's: one delivery, with the endpoint's secret.
    let mut same = new_call(org);
    same.spec.webhook_url = Some(some.url.clone());
    store.insert_call(&same, vec![event(&same, "call.queued")]).await.unwrap();
    assert_eq!(urls(some.id).await, ["call.queued"]);
    assert_eq!(deliveries(&*store, NOW, 10).await.len(), 2);
}

pub(super) async fn a_claimed_delivery_comes_again_until_it_is_settled(store: Shared) {
    let org = new_org(&*store).await;
    let endpoint = store.insert_webhook(&webhook(org)).await.unwrap();
    let record = new_call(org);
    store.insert_call(&record, vec![event(&record, "call.queued")]).await.unwrap();
    assert_eq!(store.next_delivery().await.unwrap(), Some(NOW));
    let first = deliveries(&*store, NOW, 10).await;
    assert_eq!((first.len(), first[0].attempts), (1, 0));
    assert!(deliveries(&*store, NOW, 10).await.is_empty(), "it is claimed");
    let again = deliveries(&*store, NOW + LEASE, 10).await;
    assert_eq!(again.len(), 1, "its server died");
    let failed = Try {
        number: 1,
        at: NOW,
        took_ms: 12,
        status: Some(500),
        error: Some("answered 500".into()),
    };
    let next = NOW + LEASE + LEASE;
    store
        .settle_delivery(&again[0], &failed, DeliveryState::Pending, Some(next), None)
        .await
        .unwrap();
    assert_eq!(store.next_delivery().await.unwrap(), Some(next));
    let second = deliveries(&*store, next, 10).await.remove(0);
    assert_eq!(second.attempts, 1);
    let done = Try { number: 2, at: next, took_ms: 3, status: Some(204), error: None };
    store.settle_delivery(&second, &done, DeliveryState::Delivered, None, None).await.unwrap();
    assert_eq!(store.next_delivery().await.unwrap(), None);
    let log = store.deliveries(&record.scope(), endpoint.id, None, 10).await.unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!((log[0].0.state, &log[0].1), (DeliveryState::Delivered, &vec![failed, done]));
}

pub(super) async fn one_endpoint_does_not_take_the_places_of_another(store: Shared) {
    let org = new_org(&*store).await;
    let slow = store.insert_webhook(&webhook(org)).await.unwrap();
    for _ in 0..30 {
        let record = new_call(org);
        store.insert_call(&record, vec![event(&record, "call.queued")]).await.unwrap();
    }
    let quick = store.insert_webhook(&webhook(org)).await.unwrap();
    let record = new_call(org);
    store.insert_call(&record, vec![event(&record, "call.queued")]).await.unwrap();
    let until = NOW + LEASE;
    let none = BTreeMap::new();
    let claimed = store.claim_deliveries(NOW, until, 10, 4, &none).await.unwrap();
    let of = |id: domain::WebhookId| {
        claimed.iter().filter(|delivery| delivery.webhook == Some(id)).count()
    };
    assert_eq!((of(slow.id), of(quick.id)), (4, 1));
    let busy = BTreeMap::from([(slow.id.to_string(), 4)]);
    assert!(store.claim_deliveries(NOW, until, 10, 4, &busy).await.unwrap().is_empty());
    let busy = BTreeMap::from([(slow.id.to_string(), 3)]);
    assert_eq!(store.claim_deliveries(NOW, until, 10, 4, &busy).await.unwrap().len(), 1);
}

pub(super) async fn failed_deliveries_are_recovered_and_events_sent_again(store: Shared) {
    let org = new_org(&*store).await;
    let endpoint = store.insert_webhook(&webhook(org)).await.unwrap();
    let record = new_call(org);
    let queued = event(&record, "call.queued");
    store.insert_call(&record, vec![queued.clone()]).await.unwrap();
    let scope = record.scope();
    assert!(store.redeliver(&scope, &endpoint, queued.id, NOW).await.unwrap());
    let unknown = EventId::new(NOW, 1);
    assert!(!store.redeliver(&scope, &endpoint, unknown, NOW).await.unwrap());
    let failed = Try { number: 4, at: NOW, took_ms: 1, status: None, error: Some("x".into()) };
    for delivery in deliveries(&*store, NOW, 10).await {
        store.settle_delivery(&delivery, &failed, DeliveryState::Failed, None, None).await.unwrap();
    }
    let later = NOW + LEASE;
    assert_eq!(store.recover(&scope, &endpoint, later, later).await.unwrap(), 0);
    assert_eq!(store.recover(&scope, &endpoint, NOW, later).await.unwrap(), 1, "once an event");
    assert_eq!(store.recover(&scope, &endpoint, NOW, later).await.unwrap(), 0, "on its way");
    let last = deliveries(&*store, later, 10).await.remove(0);
    // An endpoint that is switched off takes its deliveries with it.
    assert!(store.redeliver(&scope, &endpoint, queued.id, NOW).await.unwrap());
    let off = Fares { failing_since: Some(NOW), disabled: Some("failed for 5 days") };
    let state = DeliveryState::Failed;
    store.settle_delivery(&last, &failed, state, None, Some(off)).await.unwrap();
    assert!(deliveries(&*store, later + LEASE, 10).await.is_empty());
    let off = store.webhook(&scope, endpoint.id).await.unwrap().unwrap();
    assert_eq!((off.active, off.disabled_reason.as_deref()), (false, Some("failed for 5 days")));
    assert!(store.delete_webhook(&scope, endpoint.id).await.unwrap());
    assert!(store.webhooks(&scope).await.unwrap().is_empty());
}

pub(super) async fn old_events_go_when_nothing_waits_for_them(store: Shared) {
    let org = new_org(&*store).await;
    let (plain, awaited) = (new_call(org), new_call(org));
    store.insert_call(&plain, vec![event(&plain, "call.queued")]).await.unwrap();
    store.insert_webhook(&webhook(org)).await.unwrap();
    store.insert_call(&awaited, vec![event(&awaited, "call.queued")]).await.unwrap();
    let later = NOW + LEASE;
    assert_eq!(store.purge_events(NOW, 100).await.unwrap(), 0);
    assert_eq!(store.purge_events(later, 100).await.unwrap(), 1);
    let left = store.events(&plain.scope(), &EventFilter::default(), None, 10).await.unwrap();
    assert_eq!(left.iter().map(|event| event.call).collect::<Vec<_>>(), [Some(awaited.id)]);
}

// Rows to work with.

pub(super) async fn new_org(store: &dyn Store) -> OrgId {
    let org = organization(&format!("{}@example.com", crate::clock::random()));
    store.upsert_organization(&org).await.unwrap().id
}

fn organization(email: &str) -> Organization {
    Organization {
        id: OrgId::new(NOW, crate::clock::random()),
        name: "Acme".into(),
        email: email.into(),
        plan: "free".into(),
        settings: OrgSettings::default(),
        signing_secret: "whsec_MfKQ".into(),
        stripe_customer: None,
        stripe_subscription: None,
        created_at: NOW,
    }
}

fn key(org: OrgId, seed: u8) -> ApiKey {
    ApiKey {
        id: KeyId::new(NOW, u128::from(seed)),
        org,
        pod: None,
        name: None,
        mode: Mode::Live,
        hash: [seed; 32],
        last_four: "1f0c".into(),
        read_only: false,
        active: true,
        pending_until: None,
        created_at: NOW,
        last_used_at: None,
    }
}

pub(super) fn new_call(org: OrgId) -> CallRecord {
    call_at(org, NOW)
}

fn waiting(org: OrgId, status: Status, wake_at: Option<Time>) -> CallRecord {
    let mut record = new_call(org);
    record.call.status = status;
    record.wake_at = wake_at;
    record
}

fn call_at(org: OrgId, at: Time) -> CallRecord {
    let new = NewCall {
        policy: RetryPolicy::default(),
        on_screening: OnScreening::Navigate,
        max_duration_minutes: 30,
        schedule_at: None,
    };
    let call: Call = Machine::create(at, new).call().clone();
    CallRecord {
        id: CallId::new(at, crate::clock::random()),
        org,
        mode: Mode::Test,
        pod: None,
        client_id: None,
        to: "+12025550100".parse().unwrap(),
        spec: CallSpec {
            objective: "Ask about their business hours".into(),
            context: None,
            previous_call_context: None,
            playbook_id: "platform.general".into(),
            playbook_digest: "00".into(),
            persona_id: None,
            persona: Persona::default(),
            voice: "professional_female_en".into(),
            language: "en".into(),
            behavior_rules: vec![],
            on_screening: OnScreening::Navigate,
            schedule_at: None,
            webhook_url: None,
            from_line_id: None,
            from_number: None,
            conversation_id: None,
            batch_id: None,
            pipeline: Pipeline::Pipeline,
            consent: None,
        },
        call,
        outcome: Outcome::default(),
        wake_at: Some(at),
        updated_at: at,
        version: 1,
    }
}

fn event(record: &CallRecord, event_type: &str) -> EventDraft {
    EventDraft {
        id: EventId::new(NOW, crate::clock::random()),
        call: Some(record.id),
        batch: record.spec.batch_id,
        url: record.spec.webhook_url.clone(),
        event_type: event_type.into(),
        payload: json!({"event_type": event_type, "call": record.id.prefixed()}),
    }
}

fn webhook(org: OrgId) -> Webhook {
    Webhook {
        id: domain::WebhookId::new(NOW, crate::clock::random()),
        org,
        mode: Mode::Test,
        pod: None,
        url: "https://example.com/hook".into(),
        event_types: vec![],
        client_id: None,
        secret: "whsec_ABCD".into(),
        previous_secret: None,
        previous_until: None,
        active: true,
        disabled_reason: None,
        failing_since: None,
        created_at: NOW,
    }
}

async fn deliveries(store: &dyn Store, now: Time, limit: u32) -> Vec<Delivery> {
    store.claim_deliveries(now, now + LEASE, limit, limit, &BTreeMap::new()).await.unwrap()
}

fn attempt(record: &CallRecord, number: u32) -> Attempt {
    Attempt {
        id: AttemptId::new(NOW, crate::clock::random()),
        call: record.id,
        number,
        node: "one".into(),
        started_at: NOW,
        answered_at: None,
        ended_at: None,
        answered_by: None,
        reason: None,
    }
}

async fn insert(store: &dyn Store, record: &CallRecord) -> CallId {
    assert!(matches!(store.insert_call(record, vec![]).await.unwrap(), Inserted::New));
    record.id
}

async fn apply(store: &dyn Store, record: &CallRecord, status: Status) -> Result<i64, StoreError> {
    let mut changed = record.clone();
    changed.call.status = status;
    store.apply(Change::of(&changed)).await.map(|done| done.version)
}

async fn write_attempt(
    store: &dyn Store,
    record: &CallRecord,
    attempt: &Attempt,
) -> Result<i64, StoreError> {
    let attempt = Some(attempt.clone());
    let change = Change { attempt, release: false, ..Change::of(record) };
    store.apply(change).await.map(|done| done.version)
}

async fn status(store: &dyn Store, id: CallId) -> Status {
    store.call_unscoped(id).await.unwrap().unwrap().call.status
}

async fn list(store: &dyn Store, scope: &Scope, filter: CallFilter) -> Vec<CallRecord> {
    store.calls(scope, &filter, &Page { limit: 100, after: None }).await.unwrap()
}

async fn claim(
    store: &dyn Store,
    node: &str,
    now: Time,
    limit: u32,
    per_org_max: u32,
) -> BTreeSet<CallId> {
    let records = store.claim_due(node, now, LEASE, limit, &places(per_org_max)).await.unwrap();
    records.into_iter().map(|record| record.id).collect()
}
