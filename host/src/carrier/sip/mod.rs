//! Legs on SIP trunks: a library does the signalling, `core/rtp` and `core/sip` decide, this does it.
//!
//! What is not here: calls to us, transfers, and anything about numbers beyond showing one.

mod call;
mod config;
mod invite;
mod media;
mod ports;
mod srtp;
mod trunk;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use rtp::sdp::{Crypto, KEY_BYTES, Local, Suite};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use self::call::Call;
pub use self::config::{Carriers, Codec, Password, PortRange, Srtp, Transport, TrunkConfig};
use self::ports::Ports;
use self::trunk::Trunk;
use super::{Carrier, DIGITS_QUEUED_MAX, Dial, DialError, LEG_EVENTS_MAX, Leg};

/// Frames on their way to or from the engine, half a second of each.
const FRAMES_MAX: usize = 25;
const COMMANDS_MAX: usize = 8;

pub struct SipCarrier {
    trunks: BTreeMap<String, Arc<Trunk>>,
    ports: Ports,
    /// Where the 20 ms clocks run; with sockets.
    audio: Handle,
}

impl SipCarrier {
    /// Opens every trunk, and fails if one cannot be opened.
    pub async fn open(config: &Carriers, audio: Handle) -> anyhow::Result<SipCarrier> {
        crate::tls::install();
        let mut trunks = BTreeMap::new();
        for (name, trunk) in &config.sip {
            let opened = Trunk::open(name, trunk.clone()).await;
            let opened = opened.with_context(|| format!("carriers.sip.{name}"))?;
            tracing::info!(trunk = name, contact = %opened.contact, "a trunk is open");
            trunks.insert(name.clone(), Arc::new(opened));
        }
        Ok(SipCarrier { trunks, ports: Ports::new(config.rtp_ports), audio })
    }
}

#[async_trait]
impl Carrier for SipCarrier {
    async fn dial(&self, dial: Dial) -> Result<Leg, DialError> {
        let trunks = self.trunks.iter().map(|(name, trunk)| (name.as_str(), &trunk.config));
        let name = config::trunk_for(trunks, dial.from.as_ref(), &dial.to);
        let trunk = name.and_then(|name| self.trunks.get(name)).cloned();
        let none = || DialError::Carrier("no trunk calls numbers that begin like this one".into());
        let trunk = trunk.ok_or_else(none)?;
        let pair = self.ports.take(trunk.bind).ok_or_else(|| {
            DialError::Carrier("every port of carriers.rtp_ports is in use".into())
        })?;
        let random = crate::clock::random();
        let keys = Suite::ALL.into_iter().zip(1..).map(|(suite, tag)| key(tag, suite)).collect();
        let laws = trunk.config.codecs.iter().map(|codec| (*codec).into()).collect();
        let encryption = trunk.config.srtp.into();
        let session = (random >> 64) as u64;
        let local = Local::new(trunk.contact.ip(), pair.port, laws, encryption, keys, session);
        // Says nothing of whom we call.
        let name_of_leg = format!("{}@{}", dial.attempt, trunk.contact.ip());
        let (leg, events) = mpsc::channel(LEG_EVENTS_MAX);
        let (audio_in, heard) = mpsc::channel(FRAMES_MAX);
        let (said, audio_out) = mpsc::channel(FRAMES_MAX);
        let (keyed, digits_out) = mpsc::channel(DIGITS_QUEUED_MAX);
        let (media, commands) = mpsc::channel(COMMANDS_MAX);
        let (media_tells, media_events) = mpsc::channel(1);
        self.audio.spawn(media::run(media::Job {
            pair,
            ssrc: random as u32,
            sequence: (random >> 32) as u16,
            cname: name_of_leg.clone(),
            silence: Duration::from_secs(trunk.config.silence_secs),
            audio_in,
            audio_out,
            digits_out,
            leg: leg.clone(),
            commands,
            events: media_tells,
        }));
        let from = dial.from.as_ref().or(trunk.config.caller_ids.first());
        let from = from.map(ToString::to_string).unwrap_or_default();
        let call = Call {
            to: dial.to.to_string(),
            from,
            local,
            leg,
            media,
            media_events,
            call_id: name_of_leg,
            id: dial.call,
            trunk,
        };
        tokio::spawn(call.run());
        Ok(Leg { events, audio_in: heard, audio_out: said, digits_out: keyed })
    }
}

fn key(tag: u32, suite: Suite) -> Crypto {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).expect("the operating system provides randomness");
    Crypto { tag, suite, key }
}
