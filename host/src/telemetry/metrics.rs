//! What an operator watches, for Prometheus to collect. All names are here, each with its unit.
//!
//! Nothing is measured unless an address to serve the figures at is configured.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Context as _;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::{Router, serve};
use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

const REQUESTS: &str = "agenticcalling_http_requests_total";
const REQUEST_SECONDS: &str = "agenticcalling_http_request_duration_seconds";
const CALLS: &str = "agenticcalling_calls_active";
const ATTEMPTS: &str = "agenticcalling_attempts_total";
const CONNECTED_SECONDS: &str = "agenticcalling_connected_seconds";
const LATENESS: &str = "agenticcalling_frame_lateness_seconds";
const CHECKS: &str = "agenticcalling_clause_checks_total";
const CHECK_SECONDS: &str = "agenticcalling_clause_check_duration_seconds";
const STAGE_SECONDS: &str = "agenticcalling_stage_duration_seconds";
const STAGE_ERRORS: &str = "agenticcalling_stage_errors_total";
const DELIVERIES: &str = "agenticcalling_webhook_attempts_total";

/// What vendors and requests take: from a cache's answer to a stall.
const BUCKETS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0];
/// Frames leave every 20 ms.
const LATENESS_BUCKETS: [f64; 9] = [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];
/// The aim for a check is 20 µs.
const CHECK_BUCKETS: [f64; 10] =
    [0.000_01, 0.000_02, 0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.02];
const CONNECTED_BUCKETS: [f64; 9] = [5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 7200.0];
/// Figures that nobody collects are folded into their buckets so often.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// One recorder serves the whole process.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// The page that Prometheus reads. Dropping it closes it.
pub struct MetricsPage {
    pub addr: SocketAddr,
    tasks: [AbortHandle; 2],
}

impl MetricsPage {
    /// `GET /metrics` on an address of its own, for it is not for everybody.
    pub async fn start(listen: SocketAddr) -> anyhow::Result<Self> {
        let recorder = recorder()?;
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot serve metrics on {listen}"))?;
        let addr = listener.local_addr()?;
        let content = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
        let page = Router::new()
            .route("/metrics", get(move || async move { (content, recorder.render()) }));
        let serving = tokio::spawn(async move {
            if let Err(error) = serve(listener, page).await {
                tracing::error!(%error, "metrics are not served any more");
            }
        });
        let upkeep = tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP_EVERY).await;
                recorder.run_upkeep();
            }
        });
        Ok(Self { addr, tasks: [serving.abort_handle(), upkeep.abort_handle()] })
    }
}

impl Drop for MetricsPage {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn recorder() -> anyhow::Result<&'static PrometheusHandle> {
    let recorder = RECORDER.get_or_init(|| {
        install().inspect_err(|error| tracing::error!(%error, "nothing is measured")).ok()
    });
    recorder.as_ref().context("another recorder of metrics is installed in this process")
}

fn install() -> anyhow::Result<PrometheusHandle> {
    let mut builder = PrometheusBuilder::new().set_buckets(&BUCKETS)?;
    for (name, buckets) in [
        (LATENESS, &LATENESS_BUCKETS[..]),
        (CHECK_SECONDS, &CHECK_BUCKETS),
        (CONNECTED_SECONDS, &CONNECTED_BUCKETS),
    ] {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)?;
    }
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    describe();
    Ok(handle)
}

fn describe() {
    describe_counter!(REQUESTS, "Requests answered, by method, route and status");
    describe_histogram!(REQUEST_SECONDS, Unit::Seconds, "Until a request was answered");
    describe_gauge!(CALLS, "Calls that this server holds at the moment");
    describe_counter!(ATTEMPTS, "Attempts that ended, by mode and how");
    describe_histogram!(CONNECTED_SECONDS, Unit::Seconds, "From the answer to the end of a leg");
    describe_histogram!(LATENESS, Unit::Seconds, "How late 20 ms frames left");
    describe_counter!(CHECKS, "Clauses that a playbook checked, by verdict");
    describe_histogram!(CHECK_SECONDS, Unit::Seconds, "What the check of a clause took");
    describe_histogram!(
        STAGE_SECONDS,
        Unit::Seconds,
        "Until a vendor's first result: words (stt), text (llm), sound (tts), the draft (draft)"
    );
    describe_counter!(STAGE_ERRORS, "Vendors' failures, by stage and kind");
    describe_counter!(DELIVERIES, "Attempts to deliver an event to a webhook, by outcome");
}

pub(crate) fn request(method: &str, route: &str, status: u16, took: Duration) {
    let labels = [
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    counter!(REQUESTS, &labels).increment(1);
    histogram!(REQUEST_SECONDS, &labels[..2]).record(took);
}

pub(crate) fn calls(count: usize) {
    gauge!(CALLS).set(count as f64);
}

/// One that has ended; `connected` if it was answered.
pub(crate) fn attempt([mode, outcome]: [String; 2], connected: Option<Duration>) {
    if let Some(connected) = connected {
        histogram!(CONNECTED_SECONDS, "mode" => mode.clone()).record(connected);
    }
    counter!(ATTEMPTS, "mode" => mode, "outcome" => outcome).increment(1);
}

/// For the one that records every frame: it is looked up once.
pub(crate) fn lateness() -> metrics::Histogram {
    histogram!(LATENESS)
}

pub(crate) fn check(verdict: &'static str, took: Duration) {
    counter!(CHECKS, "verdict" => verdict).increment(1);
    histogram!(CHECK_SECONDS).record(took);
}

pub(crate) fn stage(stage: &'static str, took: Duration) {
    histogram!(STAGE_SECONDS, "stage" => stage).record(took);
}

pub(crate) fn stage_failed(stage: &'static str, kind: &'static str) {
    counter!(STAGE_ERRORS, "stage" => stage, "kind" => kind).increment(1);
}

pub(crate) fn delivery(outcome: &'static str) {
    counter!(DELIVERIES, "outcome" => outcome).increment(1);
}
