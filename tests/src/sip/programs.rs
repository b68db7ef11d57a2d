//! `sipp` and `baresip` as processes.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use agenticcalling::audio::Frame;
use agenticcalling::carrier::sip::Transport;
use anyhow::{Context as _, Result, bail, ensure};
use tokio::time::Instant;

use super::{CALLEE, HERE, STEP_MAX};

const PORTS_TRIED_MAX: usize = 100;
/// Somebody may have been faster with the port.
const STARTS_MAX: usize = 3;

/// A program that is ended with the test.
struct Program {
    child: Child,
    log: PathBuf,
}

impl Program {
    fn start(command: &mut Command, log: PathBuf) -> Result<Program> {
        let file = std::fs::File::create(&log)?;
        command.stdin(Stdio::piped()).stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| {
            format!("{command:?} does not start: scripts/sip installs what the tests need")
        })?;
        Ok(Program { child, log })
    }

    fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port nobody else uses now, of UDP and of TCP, and the next one as well.
pub fn free_port() -> Result<u16> {
    for _ in 0..PORTS_TRIED_MAX {
        let udp = std::net::UdpSocket::bind((HERE, 0))?;
        let port = udp.local_addr()?.port();
        let tcp = |port: u16| std::net::TcpListener::bind((HERE, port)).is_ok();
        if port < u16::MAX && tcp(port) && tcp(port + 1) {
            return Ok(port);
        }
    }
    bail!("no port is free")
}

async fn until_bound(port: u16, transport: Transport) -> Result<()> {
    for _ in 0..500 {
        // Looked up, not tried: a try would be in its way.
        let (table, entry) = match transport {
            Transport::Udp => ("/proc/net/udp", format!("0100007F:{port:04X} ")),
            _ => ("/proc/net/tcp", format!("0100007F:{port:04X} 00000000:0000 0A")),
        };
        if std::fs::read_to_string(table)?.contains(&entry) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    bail!("nobody listens on port {port}")
}

/// `sipp` playing one call of a scenario in `tests/sip`.
pub struct Sipp {
    program: Program,
    folder: tempfile::TempDir,
    pub port: u16,
}

impl Sipp {
    pub async fn play(scenario: &str, arguments: &[&str]) -> Result<Sipp> {
        Sipp::over(Transport::Udp, scenario, arguments).await
    }

    pub async fn over(transport: Transport, scenario: &str, arguments: &[&str]) -> Result<Sipp> {
        Sipp::start(transport, &written(scenario)?, arguments).await
    }

    /// With a status line of the test's choice, and one more header.
    pub async fn refusing(status: &str, header: &str) -> Result<Sipp> {
        let scenario = written("refuse")?.replace("{status}", status).replace("{header}", header);
        Sipp::start(Transport::Udp, &scenario, &[]).await
    }

    async fn start(transport: Transport, scenario: &str, arguments: &[&str]) -> Result<Sipp> {
        let folder = tempfile::tempdir()?;
        let (port, media) = (free_port()?, free_port()?);
        let file = folder.path().join("scenario.xml");
        std::fs::write(&file, scenario)?;
        let mut command = Command::new("sipp");
        command.current_dir(folder.path()).arg("-sf").arg(file);
        command.args(["-i", "127.0.0.1", "-m", "1", "-nostdin", "-timeout", "40s"]);
        command.args(["-p", &port.to_string(), "-mp", &(media & !1).to_string()]);
        command.args([
            "-trace_err",
            "-error_file",
            "errors",
            "-trace_msg",
            "-message_file",
            "messages",
        ]);
        command.args(["-t", if transport == Transport::Udp { "u1" } else { "t1" }]);
        command.args(arguments);
        let program = Program::start(&mut command, folder.path().join("output"))?;
        until_bound(port, transport).await?;
        Ok(Sipp { program, folder, port })
    }

    /// Waits until the scenario was played to its end, as it is written.
    pub async fn played(mut self) -> Result<String> {
        let deadline = Instant::now() + Duration::from_secs(45);
        loop {
            if let Some(status) = self.program.child.try_wait()? {
                let messages = self.file("messages");
                let errors = self.file("errors");
                ensure!(
                    status.success(),
                    "sipp: {status}\n{errors}\n{messages}\n{}",
                    self.program.log()
                );
                return Ok(messages);
            }
            ensure!(Instant::now() < deadline, "sipp does not end: {}", self.file("messages"));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn file(&self, name: &str) -> String {
        let bytes = std::fs::read(self.folder.path().join(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn written(scenario: &str) -> Result<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("sip/{scenario}.xml"));
    std::fs::read_to_string(&file).with_context(|| format!("no scenario {}", file.display()))
}

impl Drop for Sipp {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}\n{}", self.file("errors"), self.file("messages"));
        }
    }
}

/// `baresip`, which answers, plays a file and records what it hears.
pub struct Baresip {
    program: Program,
    folder: tempfile::TempDir,
    pub port: u16,
}

impl Baresip {
    /// Says these frames. `account` are parameters of its account, `config` more lines of configuration.
    pub async fn answering(said: &[Frame], account: &str, config: &str) -> Result<Baresip> {
        let mut why = String::new();
        for _ in 0..STARTS_MAX {
            let baresip = Baresip::start(said, account, config)?;
            if until_bound(baresip.port, Transport::Udp).await.is_ok() {
                return Ok(baresip);
            }
            why = baresip.log();
        }
        bail!("baresip does not start: {why}")
    }

    fn start(said: &[Frame], account: &str, config: &str) -> Result<Baresip> {
        let folder = tempfile::tempdir()?;
        let here = folder.path();
        let port = free_port()?;
        let samples: Vec<i16> =
            said.iter().flat_map(|f| agenticcalling::audio::decode(f)).collect();
        // It hangs up at the end of its file.
        let padded = [samples, vec![0; 8000 * 30]].concat();
        std::fs::write(here.join("said.wav"), agenticcalling::audio::wav(&padded, 8000))?;
        std::fs::create_dir(here.join("heard"))?;
        let media = 50_000 + (agenticcalling::clock::random() % 700) as u16 * 20;
        let text = format!(
            "sip_listen 127.0.0.1:{port}\nnet_interface 127.0.0.1\nrtp_ports {media}-{}\n\
             audio_source aufile,{}\naudio_player aubridge,x\naudio_srate 8000-8000\n\
             audio_channels 1-1\nsnd_path {}\nmodule_path /usr/lib/baresip/modules\n\
             module g711.so\nmodule aufile.so\nmodule aubridge.so\nmodule sndfile.so\n\
             module srtp.so\nmodule stdio.so\nmodule_tmp account.so\nmodule_app menu.so\n{config}\n",
            media + 18,
            here.join("said.wav").display(),
            here.join("heard").display(),
        );
        std::fs::write(here.join("config"), text)?;
        let account =
            format!("<sip:{CALLEE}@127.0.0.1:{port}>;regint=0;answermode=auto;{account}\n");
        std::fs::write(here.join("accounts"), account)?;
        std::fs::write(here.join("contacts"), "")?;
        let mut command = Command::new("baresip");
        command.arg("-f").arg(here).arg("-v").current_dir(here);
        let program = Program::start(&mut command, here.join("output"))?;
        Ok(Baresip { program, folder, port })
    }

    /// What it says of the call.
    pub fn log(&self) -> String {
        self.program.log()
    }

    /// Keys are pressed there, during a call.
    pub async fn press(&mut self, keys: &str) -> Result<()> {
        for key in keys.bytes() {
            let keyboard = self.program.child.stdin.as_mut().context("no keyboard")?;
            keyboard.write_all(&[key])?;
            // It lets go of a key when a while nothing is typed.
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        Ok(())
    }

    /// The frames it heard, once the call is over.
    pub async fn heard(&self) -> Result<Vec<Frame>> {
        let deadline = Instant::now() + STEP_MAX;
        while !self.log().contains("terminated") {
            ensure!(Instant::now() < deadline, "baresip's call is not over: {}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let files = std::fs::read_dir(self.folder.path().join("heard"))?.flatten();
        let mut files = files.map(|file| file.path());
        let file = files.find(|path| path.to_string_lossy().ends_with("-dec.wav"));
        let samples: Result<Vec<i16>, _> =
            hound::WavReader::open(file.context("baresip recorded nothing")?)?.samples().collect();
        let bytes = agenticcalling::audio::encode(&samples?);
        // Whatever it put before the first whole frame.
        Ok(bytes.chunks_exact(160).filter_map(|frame| frame.try_into().ok()).collect())
    }
}
