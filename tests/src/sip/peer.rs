//! A trunk of our own, for what the programs do not do.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::{HERE, STEP_MAX};

/// One SIP message, taken apart as far as the tests look at it.
#[derive(Clone, Debug)]
pub struct Message {
    pub start: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Message {
    pub fn read(bytes: &[u8]) -> Result<Message> {
        let text = std::str::from_utf8(bytes)?;
        let (head, body) = text.split_once("\r\n\r\n").context("a message without an end")?;
        let mut lines = head.split("\r\n");
        let start = lines.next().unwrap_or_default().to_owned();
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers =
            headers.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        Ok(Message { start, headers: headers.collect(), body: body.to_owned() })
    }

    pub fn method(&self) -> &str {
        self.start.split(' ').next().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    /// `name="value"` or `name=value` of credentials.
    pub fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
        let mut parts = header.split([',', ' ']).filter_map(|part| part.trim().split_once('='));
        parts.find(|(known, _)| *known == name).map(|(_, value)| value.trim_matches('"'))
    }

    /// Where audio is wanted.
    pub fn audio(&self) -> Result<SocketAddr> {
        let line = |start: &str| self.body.lines().find_map(|line| line.strip_prefix(start));
        let address: IpAddr = line("c=IN IP4 ").context("no address")?.trim().parse()?;
        let media = line("m=audio ").context("no audio")?;
        let port = media.split(' ').next().context("no port")?.parse()?;
        Ok(SocketAddr::new(address, port))
    }
}

/// A trunk that does what the test says, message by message, over UDP.
pub struct Peer {
    socket: UdpSocket,
    pub port: u16,
    from: Option<SocketAddr>,
    seen: Option<String>,
}

impl Peer {
    pub async fn listen() -> Result<Peer> {
        let socket = UdpSocket::bind((HERE, 0)).await?;
        let port = socket.local_addr()?.port();
        Ok(Peer { socket, port, from: None, seen: None })
    }

    /// The next message that is no repetition.
    pub async fn next(&mut self) -> Result<Message> {
        self.next_within(STEP_MAX).await
    }

    pub async fn next_within(&mut self, longest: Duration) -> Result<Message> {
        let mut buffer = vec![0; 8192];
        loop {
            let received = timeout(longest, self.socket.recv_from(&mut buffer)).await;
            let (length, from) = received.context("nothing comes")??;
            let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if self.seen.as_ref() == Some(&text) {
                continue;
            }
            self.from = Some(from);
            let message = Message::read(text.as_bytes())?;
            self.seen = Some(text);
            return Ok(message);
        }
    }

    pub async fn expect(&mut self, method: &str) -> Result<Message> {
        let message = self.next().await?;
        ensure!(message.method() == method, "{method} was expected, not {message:#?}");
        Ok(message)
    }

    /// Answers a request: status line, more headers, body.
    pub async fn answer(
        &self,
        request: &Message,
        status: &str,
        more: &[&str],
        body: &str,
    ) -> Result<()> {
        let mut text = format!("SIP/2.0 {status}\r\n");
        for (name, value) in &request.headers {
            let copied = ["via", "from", "call-id", "cseq"].contains(&name.to_lowercase().as_str());
            if copied {
                text += &format!("{name}: {value}\r\n");
            } else if name.eq_ignore_ascii_case("to") {
                let tag = if value.contains("tag=") { "" } else { ";tag=peer" };
                text += &format!("{name}: {value}{tag}\r\n");
            }
        }
        text += &format!("Contact: <sip:peer@127.0.0.1:{}>\r\n", self.port);
        for header in more {
            text += &format!("{header}\r\n");
        }
        if !body.is_empty() {
            text += "Content-Type: application/sdp\r\n";
        }
        text += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let to = self.from.context("nobody asked")?;
        self.socket.send_to(text.as_bytes(), to).await?;
        Ok(())
    }
}
