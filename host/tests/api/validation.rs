//! What is wrong with a request to create a call, and how the client is told.

use serde_json::{Value, json};

use crate::app::{Answer, App, Client, call};

struct Checker {
    client: Client,
    failures: Vec<String>,
    cases: usize,
}

impl Checker {
    /// The request is refused, `field` is named, and what is said of it contains `message`.
    async fn refused(&mut self, body: Value, field: &str, message: &str) {
        let answer = self.client.post("/v1/calls", body.clone()).await;
        self.judge(&answer, &body.to_string(), field, message);
    }

    async fn refused_text(&mut self, body: &str, field: &str, message: &str) {
        let request = self.client.request(reqwest::Method::POST, "/v1/calls");
        let request = request.header("content-type", "application/json").body(body.to_owned());
        let answer = crate::app::answer(request).await;
        self.judge(&answer, body, field, message);
    }

    fn judge(&mut self, answer: &Answer, body: &str, field: &str, message: &str) {
        self.cases += 1;
        let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
        let named = errors.iter().any(|error| {
            error["field"] == field && error["message"].as_str().unwrap().contains(message)
        });
        let told = answer.body["detail"].as_str().unwrap_or_default().contains(message);
        if answer.status != 422 || !named || !told {
            let shown: String = body.chars().take(200).collect();
            self.failures.push(format!("{shown}\n  → {} {}", answer.status, answer.body));
        }
    }

    async fn field(&mut self, field: &str, value: Value, message: &str) {
        self.refused(call(json!({ field: value })), field, message).await;
    }

    async fn policy(&mut self, field: &str, value: Value, message: &str) {
        let body = call(json!({"retry_policy": { field: value }}));
        self.refused(body, &format!("retry_policy.{field}"), message).await;
    }
}

async fn checker() -> (App, Checker) {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    (app, Checker { client, failures: vec![], cases: 0 })
}

impl Drop for Checker {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert!(self.failures.is_empty(), "{}", self.failures.join("\n"));
            assert!(self.cases > 0);
        }
    }
}

#[tokio::test]
async fn fields_have_their_types_and_none_is_unknown() {
    let (_app, mut check) = checker().await;
    check.refused(json!({}), "to", "is required").await;
    check.refused(json!({"to": "+12025550100"}), "objective", "is required").await;
    for field in ["to", "objective", "context", "playbook_id", "voice", "language", "schedule_at"] {
        check.field(field, json!(7), "expected a string").await;
        check.field(field, json!(["x"]), "expected a string").await;
    }
    for field in ["webhook_url", "pod_id", "client_id", "previous_call_context", "persona_id"] {
        check.field(field, json!({}), "expected a string").await;
    }
    check.field("max_duration_minutes", json!("30"), "expected i64").await;
    check.field("max_duration_minutes", json!(1.5), "expected i64").await;
    check.field("behavior_rules", json!("never"), "expected a sequence").await;
    check.refused(call(json!({"behavior_rules": ["ok", 7]})), "behavior_rules[1]", "string").await;
    check.field("retry_policy", json!("often"), "expected struct").await;
    check.field("objektive", json!("x"), "is not known").await;
    check.policy("attempts", json!(3), "is not known").await;
    check.refused_text("{\"to\":null,\"objective\":\"x\"}", "to", "null").await;
    check.refused_text("{\"to\":\"a\",\"to\":\"b\"}", "to", "more than once").await;
    for broken in ["{", "", "nonsense", "{\"to\": }", "{} {}", "{\"to\":\"+1\u{0}\"}"] {
        let body = if broken.is_empty() { " " } else { broken };
        check.refused_text(body, "", "JSON").await;
    }
    for other in ["[]", "7", "null", "\"to\"", "[\"+12025550100\",\"Ask\"]"] {
        check.refused_text(other, "", "must be a JSON object").await;
    }
    let deep = format!("{{\"context\":{}1{}}}", "[".repeat(500), "]".repeat(500));
    check.refused_text(&deep, "context", "expected a string").await;
}

#[tokio::test]
async fn numbers_are_e164_and_within_reach() {
    let (_app, mut check) = checker().await;
    for wrong in [
        "",
        "+",
        "12025550100",
        "+1 202 555 0100",
        "+1202555010a",
        "+0202555010",
        "+1234567",
        "+1234567890123456",
        "tel:+12025550100",
        "+12025550100;ext=1",
        "＋12025550100",
        "+１２０２５５５０１００",
    ] {
        check.field("to", json!(wrong), "not an E.164").await;
    }
    check.field("to", json!("+99912345678"), "no such number").await;
    check.field("to", json!("+1202555010"), "no such number").await;
    check.field("to", json!("+14155551234"), "GET /v1/sandbox/numbers").await;
}

#[tokio::test]
async fn texts_have_their_lengths() {
    let (_app, mut check) = checker().await;
    for (field, chars_max) in [
        ("objective", 2000),
        ("context", 4000),
        ("previous_call_context", 4000),
        ("client_id", 255),
    ] {
        check.field(field, json!(""), "must not be empty").await;
        check.field(field, json!(" \n\t"), "must not be empty").await;
        let long = "é".repeat(chars_max + 1);
        check.field(field, json!(long), &format!("at most {chars_max}")).await;
        check.field(field, json!("a\u{0}b"), "U+0000").await;
        // Characters count, not bytes.
        let fits = call(json!({ field: "é".repeat(chars_max) }));
        assert_eq!(check.client.post("/v1/calls", fits).await.status, 201, "{field}");
    }
    let rules = |count: usize| json!(vec!["Never lie"; count]);
    check.field("behavior_rules", rules(21), "at most 20").await;
    assert_eq!(
        check.client.post("/v1/calls", call(json!({"behavior_rules": rules(20)}))).await.status,
        201
    );
    for (rule, message) in [("", "must not be empty"), ("  ", "must not be empty")] {
        let body = call(json!({"behavior_rules": ["fine", rule]}));
        check.refused(body, "behavior_rules[1]", message).await;
    }
    let body = call(json!({"behavior_rules": ["x".repeat(501)]}));
    check.refused(body, "behavior_rules[0]", "at most 500").await;
}

#[tokio::test]
async fn choices_are_among_those_offered() {
    let (_app, mut check) = checker().await;
    check.field("voice", json!("robot"), "GET /v1/voices").await;
    check.field("voice", json!(""), "GET /v1/voices").await;
    check.field("voice_gender", json!("neutral"), "unknown variant").await;
    check.field("on_voicemail", json!("sing"), "leave_message").await;
    check.field("on_screening", json!("argue"), "navigate").await;
    check.field("pipeline", json!("gpt"), "unknown variant").await;
    check.field("playbook_id", json!("platform.nonsense"), "no such playbook").await;
    check.field("playbook_id", json!(""), "no such playbook").await;
    check.field("persona_id", json!("persona_01HXYZ"), "no such persona").await;
    check.field("from_line_id", json!("line_abc123"), "no such line").await;
    for wrong in ["", "xx", "english", "e", "en-", "en_US", "en-US-", "en us", "123", "-en", "Auto"]
    {
        check.field("language", json!(wrong), "ISO code").await;
    }
    for wrong in ["", "a b", "ä", "a/b", &"x".repeat(65)] {
        check.field("pod_id", json!(wrong), "1 to 64").await;
    }
    for good in ["en", "EN", "pt-BR", "zh-Hant-TW", "yue", "auto"] {
        check.client.create(json!({"language": good})).await;
    }
    for good in ["a", "customer_acme", "A.b-c_9", &"x".repeat(64)] {
        check.client.create(json!({"pod_id": good})).await;
    }
}

#[tokio::test]
async fn numbers_and_times_are_in_range() {
    let (_app, mut check) = checker().await;
    for wrong in [json!(0), json!(121), json!(-1), json!(i64::MAX)] {
        check.field("max_duration_minutes", wrong, "1 to 120").await;
    }
    for wrong in ["tomorrow", "", "2030-03-26", "2030-03-26T10:00:00", "2030-02-30T10:00:00Z"] {
        check.field("schedule_at", json!(wrong), "with an offset").await;
    }
    check.field("schedule_at", json!("2020-03-26T10:00:00Z"), "in the future").await;
    check.field("webhook_url", json!("not a url"), "is not a URL").await;
    check.field("webhook_url", json!("/hook"), "is not a URL").await;
    for wrong in ["http://example.com/", "ftp://example.com/", "http://127.0.0.1/", "data:,x"] {
        check.field("webhook_url", json!(wrong), "https").await;
    }
    let long = format!("https://example.com/{}", "x".repeat(2000));
    check.field("webhook_url", json!(long), "longer than 2000").await;
    check.client.create(json!({"webhook_url": "https://example.com/hook?x=1"})).await;
    check.client.create(json!({"schedule_at": "2099-03-26T10:00:00-04:00"})).await;
    check.client.create(json!({"max_duration_minutes": 1})).await;
    check.client.create(json!({"max_duration_minutes": 120})).await;
}

#[tokio::test]
async fn retry_policies_make_sense() {
    let (_app, mut check) = checker().await;
    check.policy("max_attempts", json!(0), "1 to 10").await;
    check.policy("max_attempts", json!(11), "1 to 10").await;
    check.policy("max_attempts", json!(-1), "expected u32").await;
    check.policy("max_attempts", json!("3"), "expected u32").await;
    check.policy("backoff", json!([]), "at least one").await;
    check.policy("backoff", json!(15), "expected a sequence").await;
    check.policy("backoff", json!([43_201]), "30 days").await;
    check.policy("backoff", json!(vec![1; 33]), "at most 32").await;
    let body = call(json!({"retry_policy": {"backoff": [15, -1]}}));
    check.refused(body, "retry_policy.backoff[1]", "expected u32").await;
    check.policy("business_hours_only", json!("yes"), "expected a boolean").await;
    check.policy("timezone", json!("Mars/Olympus"), "IANA").await;
    check.policy("timezone", json!(""), "IANA").await;
    check.policy("on_no_answer", json!("wait"), "unknown variant").await;
    check.policy("on_busy", json!("leave_message"), "unknown variant").await;
    check.policy("on_voicemail", json!("fail"), "unknown variant").await;
    check.policy("expires_at", json!("2030-03-26T10:00:00"), "with an offset").await;
    check.policy("expires_at", json!("2020-03-26T10:00:00Z"), "in the future").await;
    let body = call(json!({
        "schedule_at": "2099-03-26T10:00:00Z", "retry_policy": {"expires_at": "2099-03-26T09:00:00Z"}
    }));
    check.refused(body, "retry_policy.expires_at", "after `schedule_at`").await;
}

#[tokio::test]
async fn every_mistake_is_listed() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let body = json!({
        "to": "123", "objective": "", "language": "xx", "voice": "robot", "pod_id": "a b",
        "max_duration_minutes": 0, "schedule_at": "soon", "webhook_url": "http://example.com",
        "client_id": "", "behavior_rules": ["", "ok", ""], "retry_policy": {"max_attempts": 99},
        "persona_id": "x", "from_line_id": "x", "playbook_id": "x", "context": "",
    });
    let answer = client.post("/v1/calls", body).await;
    assert_eq!(answer.status, 422);
    let mut fields: Vec<String> = Vec::new();
    for error in answer.body["errors"].as_array().unwrap() {
        fields.push(error["field"].as_str().unwrap().to_owned());
    }
    fields.sort();
    let expected = [
        "behavior_rules[0]",
        "behavior_rules[2]",
        "client_id",
        "context",
        "from_line_id",
        "language",
        "max_duration_minutes",
        "objective",
        "persona_id",
        "playbook_id",
        "pod_id",
        "retry_policy.max_attempts",
        "schedule_at",
        "to",
        "voice",
        "webhook_url",
    ];
    assert_eq!(fields, expected);
}
