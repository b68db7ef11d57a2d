//! Carries stored events to their endpoints.
//!
//! Deliveries are leased by their next time, so several servers share the work and a server that dies
//! loses none. An endpoint has a few places of its own: one that hangs keeps only itself waiting.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use call::delivery::{self, Health, Next, Outcome};
use call::rate;
use domain::Time;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};

use super::courier::Courier;
use super::signing;
use crate::clock;
use crate::config::Config;
use crate::store::{Delivery, DeliveryState, Fares, Mode, Scope, Store, StoreError, Try, Webhook};

/// A claimed delivery comes again after so long, if nothing was heard of it.
const LEASE: Duration = Duration::from_secs(40);
/// Deliveries under way on this server.
const UNDER_WAY_MAX: u32 = 64;
/// Of one endpoint.
const PER_TARGET_MAX: u32 = 4;
const REPEATS_KEPT: Duration = Duration::from_secs(24 * 3600);
const PURGE_EVERY: Duration = Duration::from_secs(600);
const PURGE_ROWS_MAX: u32 = 10_000;
/// Events are kept for so long, delivered or not.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// Of an error, in the delivery log.
const ERROR_CHARS_MAX: usize = 300;

pub struct Outbox {
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

struct Parts {
    store: Arc<dyn Store>,
    courier: Arc<dyn Courier>,
    config: Arc<Config>,
    /// Deliveries under way, by target.
    busy: Mutex<BTreeMap<String, u32>>,
    /// Something was written, or a place became free.
    wake: Arc<Notify>,
}

impl Outbox {
    pub fn start(
        store: Arc<dyn Store>,
        courier: Arc<dyn Courier>,
        config: Arc<Config>,
        wake: Arc<Notify>,
    ) -> Outbox {
        let busy = Mutex::default();
        let parts = Arc::new(Parts { store, courier, config, busy, wake });
        let (stop, stopped) = watch::channel(false);
        let tasks = vec![tokio::spawn(run(parts.clone(), stopped)), tokio::spawn(purge(parts))];
        Outbox { stop, tasks }
    }

    /// Begins nothing more. What is under way and not settled is sent again after the next start.
    pub fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            task.abort();
        }
    }
}

async fn run(parts: Arc<Parts>, mut stopped: watch::Receiver<bool>) {
    // At least so often, whatever it was told: another server may have written.
    let look = Duration::from_secs(parts.config.limits.look_secs);
    loop {
        let begun = match begin(&parts).await {
            Ok(begun) => begun,
            Err(error) => {
                tracing::error!(%error, "deliveries could not be claimed");
                0
            }
        };
        let wait = match parts.store.next_delivery().await {
            // What is due and was not begun waits for a place, whose end wakes us.
            Ok(Some(at)) if begun > 0 || at > clock::now() => at.since(clock::now()).min(look),
            _ => look,
        };
        tokio::select! {
            () = parts.wake.notified() => {}
            () = sleep(wait) => {}
            _ = stopped.changed() => return,
        }
    }
}

async fn begin(parts: &Arc<Parts>) -> Result<usize, StoreError> {
    let busy = parts.busy().clone();
    let room = UNDER_WAY_MAX.saturating_sub(busy.values().sum());
    if room == 0 {
        return Ok(0);
    }
    let now = clock::now();
    let claimed =
        parts.store.claim_deliveries(now, now + LEASE, room, PER_TARGET_MAX, &busy).await?;
    let begun = claimed.len();
    for delivery in claimed {
        *parts.busy().entry(delivery.target.clone()).or_default() += 1;
        let parts = parts.clone();
        tokio::spawn(async move {
            if let Err(error) = attempt(&parts, &delivery).await {
                tracing::error!(%error, delivery = %delivery.id, "an attempt was not written down");
            }
            parts.leave(&delivery.target);
        });
    }
    Ok(begun)
}

impl Parts {
    fn busy(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, u32>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self, target: &str) {
        let mut busy = self.busy();
        if let Some(count) = busy.get_mut(target) {
            *count -= 1;
            if *count == 0 {
                busy.remove(target);
            }
        }
        drop(busy);
        self.wake.notify_one();
    }
}

async fn attempt(parts: &Parts, delivery: &Delivery) -> Result<(), StoreError> {
    let scope = Scope { org: delivery.org, mode: delivery.mode, pod: None };
    let endpoint = match delivery.webhook {
        Some(id) => parts.store.webhook(&scope, id).await?,
        None => None,
    };
    let secrets = secrets(parts, delivery, endpoint.as_ref()).await?;
    let began = Instant::now();
    let at = clock::now();
    let Sent { outcome, status, error } = send(parts, delivery, &secrets, at).await;
    let number = delivery.attempts + 1;
    let tried = Try {
        number,
        at,
        took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        status,
        error: error.map(|error| error.chars().take(ERROR_CHARS_MAX).collect()),
    };
    let now = clock::now();
    let next = delivery::after_attempt(number, outcome, now, &parts.config.webhooks.retry_secs);
    let (state, next_at) = match next {
        Next::Delivered => (DeliveryState::Delivered, None),
        Next::Retry(at) => (DeliveryState::Pending, Some(at)),
        Next::GiveUp => (DeliveryState::Failed, None),
    };
    crate::telemetry::metrics::delivery(match next {
        Next::Delivered => "delivered",
        Next::Retry(_) => "retry",
        Next::GiveUp => "given_up",
    });
    tracing::debug!(delivery = %delivery.id, ?outcome, attempt = number, "an event was sent");
    let fares = endpoint.and_then(|endpoint| fares(&endpoint, outcome, now));
    parts.store.settle_delivery(delivery, &tried, state, next_at, fares).await
}

/// The secrets in force, the one of `X-AC-Signature` first.
async fn secrets(
    parts: &Parts,
    delivery: &Delivery,
    endpoint: Option<&Webhook>,
) -> Result<Vec<String>, StoreError> {
    let Some(endpoint) = endpoint else {
        let org = parts.store.organization(delivery.org).await?;
        return Ok(org.map(|org| org.signing_secret).into_iter().collect());
    };
    let in_grace = endpoint.previous_until.is_some_and(|until| until > clock::now());
    let previous = endpoint.previous_secret.clone().filter(|_| in_grace);
    Ok(previous.into_iter().chain([endpoint.secret.clone()]).collect())
}

struct Sent {
    outcome: Outcome,
    status: Option<u16>,
    error: Option<String>,
}

async fn send(parts: &Parts, delivery: &Delivery, secrets: &[String], at: Time) -> Sent {
    let body = delivery.payload.to_string();
    let headers = headers(delivery, secrets, at, body.as_bytes());
    let code = match parts.courier.post(&delivery.url, headers, body).await {
        Ok(code) => code,
        Err(error) => return Sent { outcome: Outcome::Failed, status: None, error: Some(error) },
    };
    let error = match code {
        200..=299 => return Sent { outcome: Outcome::Taken, status: Some(code), error: None },
        300..=399 => format!("answered {code}, redirects are not followed"),
        _ => format!("answered {code}"),
    };
    Sent { outcome: Outcome::Refused(code), status: Some(code), error: Some(error) }
}

fn headers(delivery: &Delivery, secrets: &[String], at: Time, body: &[u8]) -> HeaderMap {
    let seconds = at.as_millis().div_euclid(1000);
    let id = delivery.event.prefixed();
    let all: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let oldest = all.first().copied().unwrap_or_default();
    let mut headers = HeaderMap::new();
    let mut put = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    put(CONTENT_TYPE.as_str(), "application/json".into());
    put(USER_AGENT.as_str(), concat!("agenticcalling/", env!("CARGO_PKG_VERSION")).into());
    put("x-ac-signature", signing::of_body(oldest, body));
    put("x-ac-event", delivery.event_type.clone());
    put("x-ac-mode", if delivery.mode == Mode::Live { "live" } else { "test" }.into());
    put("webhook-signature", signing::standard(&all, &id, seconds, body));
    put("webhook-timestamp", seconds.to_string());
    put("webhook-id", id);
    headers
}

/// How the endpoint fares after that attempt, where that is news.
fn fares(endpoint: &Webhook, outcome: Outcome, now: Time) -> Option<Fares> {
    let known = endpoint.failing_since;
    let (failing_since, disabled) = match delivery::health(known, outcome, now) {
        Health::Well => (None, None),
        Health::FailingSince(since) => (Some(since), None),
        Health::Gone(reason) => {
            tracing::warn!(webhook = %endpoint.id, reason, "an endpoint is switched off");
            (known.or(Some(now)), Some(reason))
        }
    };
    (disabled.is_some() || failing_since != known).then_some(Fares { failing_since, disabled })
}

async fn purge(parts: Arc<Parts>) {
    let store = &parts.store;
    loop {
        sleep(PURGE_EVERY).await;
        let now = clock::now();
        for (what, purged) in [
            ("events", store.purge_events(now - KEPT, PURGE_ROWS_MAX).await),
            ("rate windows", store.purge_rates(now - rate::WINDOW).await),
            ("answers", store.purge_repeats(now - REPEATS_KEPT, PURGE_ROWS_MAX).await),
        ] {
            if let Err(error) = purged {
                tracing::error!(%error, "old {what} could not be removed");
            }
        }
    }
}
