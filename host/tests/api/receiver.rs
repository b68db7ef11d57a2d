//! An endpoint of a customer, well behaved or not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::Value;
use tokio::sync::Notify;

use crate::app::PATIENCE;

#[derive(Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn event_type(&self) -> String {
        self.json()["event_type"].as_str().unwrap().to_owned()
    }
}

#[derive(Default)]
struct Kept {
    received: Mutex<Vec<Received>>,
    came: Notify,
}

pub(crate) struct Receiver {
    pub(crate) base: String,
    kept: Arc<Kept>,
    serving: Vec<tokio::task::JoinHandle<()>>,
}

impl Receiver {
    /// What an endpoint does is its path: `/ok`, `/500`, `/410`, `/redirect`, `/hang`, `/flood`, and
    /// `/once`, which fails the first time.
    pub(crate) async fn start() -> Receiver {
        let kept = Arc::new(Kept::default());
        let app = Router::new().route("/{how}", post(receive)).with_state(kept.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Receiver { base, kept, serving: vec![serving] }
    }

    pub(crate) fn url(&self, how: &str) -> String {
        format!("{}/{how}", self.base)
    }

    /// Accepts connections and closes them in the middle of the request.
    pub(crate) async fn closing_early(&mut self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/early", listener.local_addr().unwrap());
        self.serving.push(tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let _ = socket.readable().await;
                drop(socket);
            }
        }));
        url
    }

    pub(crate) fn at(&self, how: &str) -> Vec<Received> {
        let path = format!("/{how}");
        let received = self.kept.received.lock().unwrap();
        received.iter().filter(|one| one.path == path).cloned().collect()
    }

    /// Waits until so many came there.
    pub(crate) async fn wait(&self, how: &str, count: usize) -> Vec<Received> {
        let all = async {
            loop {
                let came = self.kept.came.notified();
                let received = self.at(how);
                if received.len() >= count {
                    return received;
                }
                came.await;
            }
        };
        tokio::time::timeout(PATIENCE, all)
            .await
            .unwrap_or_else(|_| panic!("{} of {count} events came to /{how}", self.at(how).len()))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        for task in &self.serving {
            task.abort();
        }
    }
}

async fn receive(
    State(kept): State<Arc<Kept>>,
    Path(how): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let plain = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    let path = format!("/{how}");
    let received = Received {
        path: path.clone(),
        headers: headers.iter().map(plain).collect(),
        body: body.to_vec(),
    };
    let earlier = {
        let mut all = kept.received.lock().unwrap();
        let earlier = all.iter().filter(|one| one.path == path).count();
        all.push(received);
        earlier
    };
    kept.came.notify_waiters();
    match how.as_str() {
        "500" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "410" => StatusCode::GONE.into_response(),
        "redirect" => (StatusCode::FOUND, [(header::LOCATION, "/ok")]).into_response(),
        "hang" => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            StatusCode::OK.into_response()
        }
        "flood" => {
            let endless = futures::stream::repeat_with(|| {
                Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 65536]))
            });
            Body::from_stream(endless).into_response()
        }
        "once" if earlier == 0 => StatusCode::BAD_GATEWAY.into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}
