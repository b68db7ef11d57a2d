//! Requests made of rubbish, the same each time: whatever comes, the answer is clear and no 500.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, Client, NUMBER, answer};

const REQUESTS: usize = 1500;

/// Small and repeatable (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn value(&mut self, depth: usize) -> Value {
        let strange = [
            "",
            " ",
            "\u{0}",
            "é\u{301}",
            "𝄞",
            "../..",
            "' OR 1=1 --",
            "%00",
            "null",
            "+",
            NUMBER,
            "2030-13-45T99:99:99Z",
            "9999999999999999999",
            "\u{202e}",
            "\\u0000",
            "[]",
            "a\r\nb: c",
        ];
        match self.below(if depth == 0 { 8 } else { 10 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(1000) as i64 - 500),
            3 => json!(i64::MIN),
            4 => json!(u64::MAX),
            5 => json!(1e300),
            6 => json!("x".repeat(self.below(5000))),
            7 => json!(strange[self.below(strange.len())]),
            8 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let mut object = serde_json::Map::new();
                for _ in 0..self.below(4) {
                    object.insert(self.field().to_owned(), self.value(depth - 1));
                }
                Value::Object(object)
            }
        }
    }

    fn field(&mut self) -> &'static str {
        let fields = [
            "to",
            "objective",
            "context",
            "playbook_id",
            "persona_id",
            "voice",
            "voice_gender",
            "language",
            "max_duration_minutes",
            "retry_policy",
            "schedule_at",
            "webhook_url",
            "behavior_rules",
            "previous_call_context",
            "on_voicemail",
            "on_screening",
            "pod_id",
            "client_id",
            "from_line_id",
            "pipeline",
            "name",
            "email",
            "mode",
            "__proto__",
            "",
        ];
        fields[self.below(fields.len())]
    }

    /// A good call with one to three fields replaced.
    fn nearly_good(&mut self) -> Value {
        let mut body = json!({"to": NUMBER, "objective": "Ask about their business hours"});
        for _ in 0..=self.below(3) {
            let (field, value) = (self.field().to_owned(), self.value(3));
            body[field] = value;
        }
        body
    }

    fn text(&mut self) -> Vec<u8> {
        let mut text = self.nearly_good().to_string().into_bytes();
        for _ in 0..=self.below(4) {
            let at = self.below(text.len());
            text[at] = self.below(256) as u8;
        }
        text.truncate(1 + self.below(text.len()));
        text
    }
}

#[tokio::test]
async fn rubbish_is_refused_and_never_fails_the_server() {
    let app = App::start().await;
    let client = app.test("a@example.com").await;
    let mut random = Random(0x5eed);
    for round in 0..REQUESTS {
        let (method, path, body) = request(&mut random);
        let shown = String::from_utf8_lossy(&body).chars().take(300).collect::<String>();
        let status = send(&client, method.clone(), &path, body).await;
        assert!(status < 500, "{round}: {method} {path} {shown} was answered with {status}");
    }
}

fn request(random: &mut Random) -> (Method, String, Vec<u8>) {
    let odd = ["x", "%F0%9F", "call_", "%00", "..", "call_01HXYZ0000000000000000000Z", "a%2Fb"];
    let id = odd[random.below(odd.len())];
    match random.below(10) {
        0..=3 => (Method::POST, "/v1/calls".into(), random.nearly_good().to_string().into_bytes()),
        4..=5 => (Method::POST, "/v1/calls".into(), random.text()),
        6 => (Method::POST, "/v1/auth/api-keys".into(), random.value(2).to_string().into_bytes()),
        7 => {
            let value = random.value(0).to_string();
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            let names =
                ["limit", "page_token", "status", "to", "created_after", "include", "pod_id"];
            let name = names[random.below(names.len())];
            (Method::GET, format!("/v1/calls?{name}={value}"), Vec::new())
        }
        8 => (Method::GET, format!("/v1/calls/{id}/transcript"), Vec::new()),
        _ => (Method::DELETE, format!("/v1/calls/{id}/cancel"), random.text()),
    }
}

async fn send(client: &Client, method: Method, path: &str, body: Vec<u8>) -> u16 {
    let request = client.request(method, path).header("content-type", "application/json");
    answer(request.body(body)).await.status.as_u16()
}
