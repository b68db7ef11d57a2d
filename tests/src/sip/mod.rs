//! The other side of a trunk: `sipp` and `baresip` as processes, a peer of our own for what neither does,
//! and a network that loses, delays and swaps.

mod line;
mod peer;
mod programs;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use agenticcalling::audio::{FRAME_MS, Frame};
use agenticcalling::carrier::sip::{Carriers, Password, PortRange, SipCarrier, TrunkConfig};
use agenticcalling::carrier::{Carrier as _, Dial, Leg, LegEvent};
use anyhow::{Context as _, Result, ensure};
use domain::{AttemptId, CallId, E164};
use tokio::time::{Instant, interval, timeout};

pub use line::{Line, Speaker};
pub use peer::{Message, Peer};
pub use programs::{Baresip, Sipp, free_port};

pub const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const CALLEE: &str = "+12025550123";
/// Longest wait for something that is on its way.
const STEP_MAX: Duration = Duration::from_secs(10);
const FRAME: Duration = Duration::from_millis(FRAME_MS);

/// A trunk on this machine.
pub fn trunk(port: u16) -> TrunkConfig {
    TrunkConfig {
        address: format!("127.0.0.1:{port}"),
        caller_ids: vec!["+12025550100".parse().expect("a number")],
        username: Some("agent".into()),
        password: Password("s3cret".into()),
        bind: SocketAddr::new(HERE, 0),
        ..TrunkConfig::default()
    }
}

pub fn carriers(trunk: TrunkConfig) -> Carriers {
    // Tests run beside each other: each carrier looks for free ports from elsewhere.
    let first = 30_000 + (agenticcalling::clock::random() % 5_000) as u16 * 2;
    let rtp_ports = PortRange { first, last: first + 199 };
    Carriers { sip: [("main".to_owned(), trunk)].into(), rtp_ports }
}

pub async fn open(trunk: TrunkConfig) -> Result<SipCarrier> {
    SipCarrier::open(&carriers(trunk), tokio::runtime::Handle::current()).await
}

pub fn dial_to(to: &str) -> Result<Dial> {
    let now = agenticcalling::clock::now();
    let to: E164 = to.parse()?;
    let random = agenticcalling::clock::random;
    let (call, attempt) = (CallId::new(now, random()), AttemptId::new(now, random()));
    Ok(Dial { call, attempt, to, from: None })
}

pub async fn dial(carrier: &SipCarrier) -> Result<Leg> {
    Ok(carrier.dial(dial_to(CALLEE)?).await?)
}

/// The next event of a leg.
pub async fn event(leg: &mut Leg) -> Result<LegEvent> {
    let event = timeout(STEP_MAX, leg.events.recv()).await.context("the leg says nothing")?;
    event.context("the leg is gone")
}

pub async fn expect(leg: &mut Leg, events: &[LegEvent]) -> Result<()> {
    for expected in events {
        let told = event(leg).await?;
        ensure!(told == *expected, "the leg says {told:?} instead of {expected:?}");
    }
    Ok(())
}

/// What an engine would have got while it said something.
#[derive(Debug, Default)]
pub struct Conversation {
    pub events: Vec<LegEvent>,
    pub heard: Vec<Frame>,
}

/// Says the frames at their pace and listens, then listens for as long as it takes to be heard out.
pub async fn talk(leg: &mut Leg, frames: &[Frame], then: Duration) -> Conversation {
    let mut conversation = Conversation::default();
    let mut clock = interval(FRAME);
    let mut frames = frames.iter();
    let mut over = None;
    loop {
        tokio::select! {
            event = leg.events.recv() => match event {
                Some(event) => conversation.events.push(event),
                None => return conversation,
            },
            Some(frame) = leg.audio_in.recv() => conversation.heard.push(frame),
            _ = clock.tick() => match frames.next() {
                Some(frame) => drop(leg.audio_out.try_send(*frame)),
                None => {
                    let over = *over.get_or_insert_with(|| Instant::now() + then);
                    if Instant::now() >= over {
                        return conversation;
                    }
                    let _ = leg.audio_out.try_send(agenticcalling::audio::SILENCE);
                }
            },
        }
    }
}

/// Frames of which no two are alike.
pub fn noise(seed: u64, frames: usize) -> Vec<Frame> {
    let mut random = Random(seed);
    // Neither of the two zeros, of which an encoder knows one.
    let mut byte = || loop {
        let byte = random.next() as u8;
        if byte & 0x7F != 0x7F {
            return byte;
        }
    };
    (0..frames).map(|_| std::array::from_fn(|_| byte())).collect()
}

/// How much of what was said arrived whole, and whether it came in order.
pub fn arrived(said: &[Frame], heard: &[Frame]) -> (f64, bool) {
    let mut places = Vec::new();
    for frame in heard {
        places.extend(said.iter().position(|known| known == frame));
    }
    let in_order = places.windows(2).all(|pair| pair[0] < pair[1]);
    (places.len() as f64 / said.len() as f64, in_order)
}

pub struct Random(pub u64);

impl Random {
    /// SplitMix64.
    #[expect(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}
