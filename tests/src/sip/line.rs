//! Audio of the other side, and a network that loses, delays and swaps.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use agenticcalling::audio::Frame;
use anyhow::Result;
use domain::Time;
use rtp::{Heard, Law, Receiver, Sender};
use tokio::net::UdpSocket;
use tokio::time::{Instant, interval};

use super::{FRAME, HERE, Random};

/// What the network does to packets of one direction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line {
    pub lost_percent: u64,
    pub swapped_percent: u64,
    pub jitter: Duration,
}

/// One end of a call's audio, with a bad line before it in both directions.
pub struct Speaker {
    socket: UdpSocket,
    pub port: u16,
    line: Line,
    random: Random,
}

impl Speaker {
    pub async fn listen(line: Line, seed: u64) -> Result<Speaker> {
        let socket = UdpSocket::bind((HERE, 0)).await?;
        let port = socket.local_addr()?.port();
        Ok(Speaker { socket, port, line, random: Random(seed) })
    }

    pub fn description(&self) -> String {
        format!(
            "v=0\r\no=peer 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
             m=audio {} RTP/AVP 0 97\r\na=rtpmap:0 PCMU/8000\r\n\
             a=rtpmap:97 telephone-event/8000\r\n",
            self.port
        )
    }

    /// Says the frames, pressing keys in between, and gives what came.
    pub async fn talk(
        mut self,
        to: SocketAddr,
        frames: &[Frame],
        keys: &str,
        then: Duration,
    ) -> Result<Vec<Heard>> {
        let mut sender = Sender::new(77, 65_500, Law::Mu, 0);
        // Our offer says 101.
        sender.agree(Law::Mu, 0, Some(101));
        let mut receiver = Receiver::new([(0, Law::Mu)].into(), Some(97));
        let (mut out, mut back) = (Delayed::default(), Delayed::default());
        let mut heard = Vec::new();
        let mut clock = interval(FRAME);
        let mut millis = interval(Duration::from_millis(1));
        let began = Instant::now();
        let mut frames = frames.iter().enumerate();
        let mut keys = keys.chars();
        let mut over = None;
        let mut buffer = vec![0; 2048];
        loop {
            let now = Time::ZERO + began.elapsed();
            while let Some(found) = receiver.poll(now) {
                heard.push(found);
            }
            tokio::select! {
                received = self.socket.recv_from(&mut buffer) => {
                    let (length, _) = received?;
                    back.take(&mut self.random, self.line, buffer[..length].to_vec());
                }
                _ = clock.tick() => match frames.next() {
                    Some((n, frame)) => {
                        if n % 25 == 10 && let Some(key) = keys.next().and_then(rtp::Digit::new) {
                            sender.press(key)?;
                        }
                        out.take(&mut self.random, self.line, sender.frame(frame));
                    }
                    None => {
                        let end = *over.get_or_insert_with(|| Instant::now() + then);
                        if Instant::now() >= end {
                            return Ok(heard);
                        }
                    }
                },
                _ = millis.tick() => {
                    while let Some(packet) = out.due() {
                        self.socket.send_to(&packet, to).await?;
                    }
                    while let Some(packet) = back.due() {
                        let now = Time::ZERO + began.elapsed();
                        let _ = receiver.handle(now, &packet);
                    }
                }
            }
        }
    }
}

/// Packets on their way.
#[derive(Default)]
struct Delayed {
    queue: VecDeque<(Instant, Vec<u8>)>,
    swapped: Vec<(Instant, Vec<u8>)>,
    /// Jitter delays what follows as well: it changes slowly.
    delay: Duration,
}

impl Delayed {
    fn take(&mut self, random: &mut Random, line: Line, packet: Vec<u8>) {
        if random.percent(line.lost_percent) {
            return;
        }
        let now = Instant::now();
        if random.percent(line.swapped_percent) {
            self.swapped.push((now + self.delay + Duration::from_millis(45), packet));
            return;
        }
        let step = line.jitter.as_millis() as u64 / 4;
        if step > 0 {
            let change = Duration::from_millis(random.next() % step);
            let later = random.percent(50);
            self.delay =
                if later { self.delay + change } else { self.delay.saturating_sub(change) };
            self.delay = self.delay.min(line.jitter);
        }
        // What was sent first leaves first.
        let last = self.queue.back().map_or(now, |(at, _)| *at);
        self.queue.push_back((last.max(now + self.delay), packet));
    }

    fn due(&mut self) -> Option<Vec<u8>> {
        let now = Instant::now();
        if let Some(n) = self.swapped.iter().position(|(at, _)| *at <= now) {
            return Some(self.swapped.swap_remove(n).1);
        }
        let due = self.queue.front().is_some_and(|(at, _)| *at <= now);
        let next = if due { self.queue.pop_front() } else { None };
        next.map(|(_, packet)| packet)
    }
}
