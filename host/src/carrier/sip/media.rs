//! The audio of one leg: two sockets, what arrives on them, and a packet for every frame of the engine.
//!
//! Runs beside the engine's 20 ms clock, which paces what is sent.

use std::net::SocketAddr;
use std::time::Duration;

use domain::Time;
use rtp::rtcp::{self, Sent, Told};
use rtp::sdp::{Agreed, Direction};
use rtp::{Heard, Latch, Law, Receiver, SILENCE, Sender, Watchdog, is_rtcp};
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::ports::Pair;
use super::srtp::Srtp;
use crate::audio::{FRAME_MS, Frame};
use crate::carrier::{Digits, LegEvent};

/// Longest datagram that is read; audio of 200 ms and a tag fit.
const DATAGRAM_BYTES_MAX: usize = 2048;
/// Failures to read in a row, after which the leg is given up.
const READ_ERRORS_MAX: u32 = 50;
/// With nothing else to wait for.
const IDLE: Duration = Duration::from_secs(1);
const FRAME: Duration = Duration::from_millis(FRAME_MS);

#[derive(Debug)]
pub(super) enum Command {
    /// Audio flows like this from now on.
    Agreed(Box<Agreed>),
    /// The call is up: frames of the engine are sent, and something must arrive.
    Answered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Nothing has arrived for too long, or nothing can.
    Dead,
}

pub(super) struct Job {
    pub(super) pair: Pair,
    pub(super) ssrc: u32,
    pub(super) sequence: u16,
    pub(super) cname: String,
    pub(super) silence: Duration,
    pub(super) audio_in: mpsc::Sender<Frame>,
    pub(super) audio_out: mpsc::Receiver<Frame>,
    pub(super) digits_out: mpsc::Receiver<Digits>,
    pub(super) leg: mpsc::Sender<LegEvent>,
    pub(super) commands: mpsc::Receiver<Command>,
    pub(super) events: mpsc::Sender<Event>,
}

/// Time that only goes forward, and that can be written into a report.
struct Clock {
    began: Time,
    at: Instant,
}

impl Clock {
    fn now(&self) -> Time {
        self.began + self.at.elapsed()
    }

    fn instant(&self, at: Time) -> Instant {
        self.at + at.since(self.began)
    }
}

struct Media {
    clock: Clock,
    rtp: UdpSocket,
    rtcp: UdpSocket,
    cname: String,
    audio_in: mpsc::Sender<Frame>,
    leg: mpsc::Sender<LegEvent>,
    sender: Sender,
    receiver: Receiver,
    agreed: Option<Agreed>,
    latch: Option<Latch>,
    srtp: Option<Srtp>,
    watchdog: Watchdog,
    answered: bool,
    /// Before the answer nobody paces us: when the next frame of silence is due.
    opening: Option<Time>,
    report_at: Option<Time>,
    read_errors: u32,
    dropped: u64,
    dead: bool,
}

/// Runs until the command channel closes.
pub(super) async fn run(job: Job) {
    let Job { pair, ssrc, sequence, cname, silence, audio_in, leg, events, .. } = job;
    let (mut audio_out, mut digits_out) = (job.audio_out, job.digits_out);
    let mut commands = job.commands;
    let sockets = UdpSocket::from_std(pair.rtp).and_then(|rtp| {
        let rtcp = UdpSocket::from_std(pair.rtcp)?;
        Ok((rtp, rtcp))
    });
    let (rtp, rtcp) = match sockets {
        Ok(sockets) => sockets,
        Err(error) => {
            tracing::error!(%error, "the sockets of a leg cannot be used");
            let _ = events.send(Event::Dead).await;
            return;
        }
    };
    let mut media = Media {
        clock: Clock { began: crate::clock::now(), at: Instant::now() },
        rtp,
        rtcp,
        cname,
        audio_in,
        leg,
        sender: Sender::new(ssrc, sequence, Law::Mu, Law::Mu.payload_type()),
        receiver: Receiver::new(Law::ALL.map(|law| (law.payload_type(), law)).into(), None),
        agreed: None,
        latch: None,
        srtp: None,
        watchdog: Watchdog::new(silence),
        answered: false,
        opening: None,
        report_at: None,
        read_errors: 0,
        dropped: 0,
        dead: false,
    };
    let mut packet = [0; DATAGRAM_BYTES_MAX];
    let mut report = [0; DATAGRAM_BYTES_MAX];
    let mut frames_end = false;
    loop {
        let answered = media.answered;
        tokio::select! {
            command = commands.recv() => match command {
                Some(command) => media.command(command),
                None => break,
            },
            frame = audio_out.recv(), if answered && !frames_end => match frame {
                Some(frame) => media.send(&frame),
                None => frames_end = true,
            },
            Some(digits) = digits_out.recv() => media.press(&digits),
            read = media.rtp.recv_from(&mut packet) => media.read(read, &packet),
            read = media.rtcp.recv_from(&mut report) => media.read_report(read, &report),
            () = sleep_until(media.wake()) => {}
        }
        media.due();
        if std::mem::take(&mut media.dead) {
            let _ = events.try_send(Event::Dead);
        }
    }
    media.end();
}

impl Media {
    fn command(&mut self, command: Command) {
        let now = self.clock.now();
        match command {
            Command::Agreed(agreed) => self.agree(now, *agreed),
            Command::Answered => {
                self.answered = true;
                self.opening = None;
                self.watchdog.begin(now);
            }
        }
    }

    fn agree(&mut self, now: Time, agreed: Agreed) {
        match agreed.crypto {
            None => self.srtp = None,
            Some(keys) if self.srtp.as_ref().is_some_and(|srtp| srtp.has(&keys)) => {}
            Some(keys) => match Srtp::new(keys) {
                Ok(srtp) => self.srtp = Some(srtp),
                Err(error) => {
                    // In the clear is what nobody agreed on.
                    tracing::error!(%error, "the keys of a leg cannot be used");
                    self.dead = true;
                    return;
                }
            },
        }
        self.sender.agree(agreed.law, agreed.payload_type, agreed.events);
        self.receiver.accept(agreed.receive.clone(), agreed.receive_events);
        match &mut self.latch {
            Some(latch) => latch.name(agreed.remote),
            None => self.latch = Some(Latch::new(agreed.remote)),
        }
        // Whoever holds may play music, and need not.
        self.watchdog.hold(now, agreed.direction != Direction::Both);
        if !self.answered {
            // Silence opens the way through address translation for announcements before the answer.
            self.opening.get_or_insert(now);
        }
        self.report_at.get_or_insert(now + rtcp::next_report_in(random()) / 2);
        self.agreed = Some(agreed);
    }

    fn press(&mut self, digits: &Digits) {
        for digit in digits.as_slice() {
            if self.sender.press(*digit).is_err() {
                tracing::warn!("more digits are waiting than can be sent: some are left out");
                return;
            }
        }
    }

    fn send(&mut self, frame: &Frame) {
        let sends = self.agreed.as_ref().is_some_and(|agreed| agreed.direction.sends());
        let target = self.latch.as_ref().and_then(Latch::target).filter(|_| sends);
        let Some(target) = target else {
            self.sender.pause();
            return;
        };
        let packet = self.sender.frame(frame);
        let sealed = self.srtp.as_mut().map(|srtp| srtp.seal(&packet));
        let sent = match &sealed {
            None => self.rtp.try_send_to(&packet, target),
            Some(Some(sealed)) => self.rtp.try_send_to(sealed, target),
            Some(None) => return,
        };
        if let Err(error) = sent {
            tracing::debug!(%error, "a packet was not sent");
        }
    }

    fn read(&mut self, read: std::io::Result<(usize, SocketAddr)>, packet: &[u8]) {
        let Some((length, from)) = self.read_well(read) else { return };
        let packet = &packet[..length];
        if is_rtcp(packet) {
            self.report_came(packet);
            return;
        }
        let opened;
        let packet = match &mut self.srtp {
            None => packet,
            Some(srtp) => match srtp.open(packet) {
                Some(plain) => {
                    opened = plain;
                    &opened[..]
                }
                None => {
                    self.dropped += 1;
                    return;
                }
            },
        };
        let now = self.clock.now();
        let is_ours = rtp::Packet::parse(packet).is_ok()
            && self.latch.as_mut().is_some_and(|latch| latch.accepts(from));
        if !is_ours || self.receiver.handle(now, packet).is_err() {
            self.dropped += 1;
            return;
        }
        self.watchdog.heard(now);
    }

    fn read_report(&mut self, read: std::io::Result<(usize, SocketAddr)>, report: &[u8]) {
        let Some((length, from)) = self.read_well(read) else { return };
        let known = self.latch.as_ref().and_then(Latch::target);
        if known.is_some_and(|known| known.ip() == from.ip()) {
            self.report_came(&report[..length]);
        }
    }

    fn report_came(&mut self, report: &[u8]) {
        let opened;
        let report = match &mut self.srtp {
            None => report,
            Some(srtp) => {
                let Some(plain) = srtp.open_report(report) else { return };
                opened = plain;
                &opened[..]
            }
        };
        let now = self.clock.now();
        for told in rtcp::parse(report) {
            self.watchdog.heard(now);
            if let Told::Sent(sent) = told
                && self.receiver.source() == Some(sent.ssrc)
            {
                self.receiver.reception.reported(now, &sent);
            }
        }
    }

    fn read_well(
        &mut self,
        read: std::io::Result<(usize, SocketAddr)>,
    ) -> Option<(usize, SocketAddr)> {
        match read {
            Ok(read) => {
                self.read_errors = 0;
                Some(read)
            }
            Err(error) => {
                tracing::debug!(%error, "a socket of a leg could not be read");
                self.read_errors += 1;
                self.dead |= self.read_errors == READ_ERRORS_MAX;
                None
            }
        }
    }

    fn wake(&self) -> Instant {
        let deadlines =
            [self.receiver.deadline(), self.watchdog.deadline(), self.opening, self.report_at];
        let next = deadlines.into_iter().flatten().min();
        next.map_or_else(|| Instant::now() + IDLE, |at| self.clock.instant(at))
    }

    /// Everything whose time has come.
    fn due(&mut self) {
        let now = self.clock.now();
        while let Some(heard) = self.receiver.poll(now) {
            // The engine takes both at once; what it cannot take is not worth waiting for.
            let lost = match heard {
                Heard::Frame(frame) => self.audio_in.try_send(frame).is_err(),
                Heard::Digit(digit) => self.leg.try_send(LegEvent::Digit(digit)).is_err(),
            };
            self.dropped += u64::from(lost);
        }
        while let Some(at) = self.opening.filter(|at| *at <= now) {
            self.send(&SILENCE);
            self.opening = Some(at + FRAME);
        }
        if self.report_at.is_some_and(|at| at <= now) {
            self.report(now);
            self.report_at = Some(now + rtcp::next_report_in(random()));
        }
        if self.watchdog.deadline().is_some_and(|at| at <= now) {
            self.watchdog = Watchdog::new(IDLE);
            self.dead = true;
        }
    }

    fn report(&mut self, now: Time) {
        let (timestamp, packets, octets) = self.sender.sent();
        let sent = (packets > 0).then_some(Sent { timestamp, packets, octets });
        let source = self.receiver.source();
        let heard = source.map(|source| self.receiver.reception.block(now, source));
        let report = rtcp::report(now, self.sender.ssrc(), sent, heard, &self.cname);
        self.send_report(&report);
    }

    fn send_report(&mut self, report: &[u8]) {
        let (Some(agreed), Some(latch)) = (&self.agreed, &self.latch) else { return };
        let target = match latch.target() {
            // Behind address translation the port beside is the best guess.
            Some(target) if latch.moved() => {
                SocketAddr::new(target.ip(), target.port().saturating_add(1))
            }
            _ => agreed.remote_rtcp,
        };
        if target.ip().is_unspecified() || target.port() == 0 {
            return;
        }
        let sealed = self.srtp.as_mut().map(|srtp| srtp.seal_report(report));
        let sent = match &sealed {
            None => self.rtcp.try_send_to(report, target),
            Some(Some(sealed)) => self.rtcp.try_send_to(sealed, target),
            Some(None) => return,
        };
        if let Err(error) = sent {
            tracing::debug!(%error, "a report was not sent");
        }
    }

    fn end(&mut self) {
        let goodbye = rtcp::goodbye(self.clock.now(), self.sender.ssrc(), &self.cname);
        self.send_report(&goodbye);
        let reception = &self.receiver.reception;
        tracing::info!(
            sent = self.sender.sent().1,
            received = reception.received(),
            lost = reception.lost(),
            jitter_ms = reception.jitter_ms(),
            dropped = self.dropped,
            "the audio of a leg is over"
        );
    }
}

fn random() -> u32 {
    crate::clock::random() as u32
}
