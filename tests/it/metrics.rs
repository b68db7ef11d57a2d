//! The page that Prometheus reads.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use agenticcalling_tests::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn a_call_shows_in_the_figures() {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = TestServer::with(|config| config.metrics_listen = Some(nowhere)).await.unwrap();
    let page = server.running.metrics.as_ref().expect("figures are served").addr;
    let request = server.client.scenario("shop").await.unwrap();
    let id = server.client.call(&request).await.unwrap();
    let (call, _) = server.client.follow(&id).await.unwrap();
    assert_eq!(call["status"], "completed", "{call:#}");

    let url = format!("http://{page}/metrics");
    let text = server.client.http.get(&url).send().await.unwrap().text().await.unwrap();
    let figures: BTreeMap<&str, f64> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, value)| (name, value.parse().expect("a number")))
        .collect();
    let at_least = |name: &str, least: f64| {
        let found = figures.get(name).unwrap_or_else(|| panic!("no {name} in {text}"));
        assert!(*found >= least, "{name} {found} in {text}");
    };
    let answered = r#"agenticcalling_attempts_total{mode="test",outcome="human"}"#;
    at_least(answered, 1.0);
    at_least(r#"agenticcalling_connected_seconds_count{mode="test"}"#, 1.0);
    at_least("agenticcalling_frame_lateness_seconds_count", 50.0);
    at_least(r#"agenticcalling_clause_checks_total{verdict="pass"}"#, 2.0);
    for stage in ["stt", "llm", "tts"] {
        let name = format!("agenticcalling_stage_duration_seconds_count{{stage=\"{stage}\"}}");
        at_least(&name, 1.0);
    }
    let created =
        r#"agenticcalling_http_requests_total{method="POST",route="/v1/calls",status="201"}"#;
    at_least(created, 1.0);
    at_least("agenticcalling_calls_active", 0.0);
    // Labels are kinds of things: never a number, a key or an id.
    assert!(!text.contains(&id) && !text.contains(request["to"].as_str().unwrap()), "{text}");
    assert!(text.contains("# HELP agenticcalling_frame_lateness_seconds"), "{text}");

    let taken = TestServer::with(|config| config.metrics_listen = Some(page)).await;
    let error = format!("{:#}", taken.err().expect("the address is taken"));
    assert!(error.contains(&format!("cannot serve metrics on {page}")), "{error}");
    server.stop().await;
}
