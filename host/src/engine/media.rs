//! The media task: one leg, one session, one 20 ms clock. It waits for nothing but the clock.
//!
//! Runs on the audio runtime; vendors are asked on the other one, so neither synthesis nor a database
//! can make a frame late.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use call::{AnsweredBy, Ended};
use domain::{Speaker, Time};
use futures::StreamExt as _;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::session::{Finished, Input, Judged, Output, Question, ReplyEvent, Session, Start};
use super::{Pace, judge};
use crate::audio::{FRAME_MS, Frame, Recorder, Recording, SILENCE};
use crate::carrier::{Leg, LegEvent};
use crate::events::{Hub, Live, payload};
use crate::model::{ChatEvent, Model, Speech};
use crate::store::CallRecord;

/// Answers of vendors waiting for the session.
const ANSWERS_MAX: usize = 256;
/// Frames of the callee that arrived early; older ones are dropped, for nobody wants to hear late.
const EARLY_FRAMES_MAX: usize = 10;
/// The runtime's timer fires on the next whole millisecond. Asked for so much earlier, it is on time.
const TIMER_ROUNDS_UP_BY: Duration = Duration::from_millis(1);
/// After the leg ended: how long words of the last utterance are waited for.
const LAST_WORDS_MAX: Duration = Duration::from_secs(4);

/// What the lifecycle wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Start(Start),
    Close(Ended),
    HangUp,
}

/// What the lifecycle is told.
pub(super) enum Report {
    Leg(LegEvent),
    Classified(AnsweredBy),
    Started,
    MessageLeft,
    /// The last word of this task.
    Over(Box<Over>),
}

pub(super) struct Over {
    pub ended: Ended,
    /// The leg had been answered.
    pub answered: bool,
    pub finished: Finished,
    /// The raw recording, if there is one.
    pub recording: Option<PathBuf>,
}

pub(super) struct Job {
    pub record: CallRecord,
    pub session: Session,
    pub leg: Leg,
    pub model: Arc<dyn Model>,
    /// The second model, where one judges.
    pub judge: Option<Arc<dyn Model>>,
    pub voice: &'static str,
    /// `None`: no audio is kept.
    pub recording: Option<PathBuf>,
    pub hub: Hub,
    pub io: Handle,
    pub pace: Arc<Pace>,
    pub commands: mpsc::Receiver<Command>,
    pub reports: mpsc::Sender<Report>,
}

struct Media {
    record: CallRecord,
    session: Session,
    model: Arc<dyn Model>,
    judge: Option<Arc<dyn Model>>,
    voice: &'static str,
    hub: Hub,
    io: Handle,
    reports: mpsc::Sender<Report>,
    answers: mpsc::Sender<Input>,
    takes: HashMap<u64, AbortHandle>,
    replies: HashMap<u64, AbortHandle>,
    clauses: HashMap<u64, AbortHandle>,
    now: Time,
    ended: Option<Ended>,
}

/// Runs the leg to its end.
pub(super) async fn run(job: Job) {
    let (answers, mut answered_by_vendors) = mpsc::channel(ANSWERS_MAX);
    let Job {
        record,
        session,
        mut leg,
        model,
        judge,
        voice,
        hub,
        io,
        pace,
        mut commands,
        reports,
        ..
    } = job;
    let mut media = Media {
        record,
        session,
        model,
        judge,
        voice,
        hub,
        io,
        reports,
        answers,
        takes: HashMap::new(),
        replies: HashMap::new(),
        clauses: HashMap::new(),
        now: crate::clock::now(),
        ended: None,
    };
    media.warm();
    media.act().await;
    let mut early: VecDeque<Frame> = VecDeque::new();
    let mut recorder: Option<(Recorder, Recording)> = None;
    let mut answered = false;
    let frame_time = Duration::from_millis(FRAME_MS);
    let mut clock = interval_at(Instant::now() + frame_time - TIMER_ROUNDS_UP_BY, frame_time);
    // Every frame leaves, even if several are late: the other side's clock does not skip either.
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    while media.ended.is_none() {
        tokio::select! {
            biased;
            due = clock.tick() => {
                media.now = media.now + Duration::from_millis(FRAME_MS);
                let heard = early.pop_front();
                let frame = media.session.tick(media.now, heard.as_ref());
                if answered {
                    // A leg that takes no frames loses them; its watchdog ends it.
                    let _ = leg.audio_out.try_send(frame);
                    let due = due + TIMER_ROUNDS_UP_BY;
                    pace.note(Instant::now().saturating_duration_since(due));
                }
                if let Some((recorder, _)) = &mut recorder {
                    recorder.push(&frame, &heard.unwrap_or(SILENCE));
                }
            }
            Some(frame) = leg.audio_in.recv() => {
                early.push_back(frame);
                if early.len() > EARLY_FRAMES_MAX {
                    early.pop_front();
                }
            }
            event = leg.events.recv() => {
                let event = event.unwrap_or(LegEvent::Failed);
                if event == LegEvent::Answered && !answered {
                    answered = true;
                    let file = job.recording.clone();
                    recorder = file.map(|file| Recorder::start(file, &media.io));
                    media.session.handle(media.now, Input::Answered);
                }
                media.leg_event(event, answered).await;
            }
            command = commands.recv() => match command {
                Some(Command::Start(start)) => media.session.handle(media.now, Input::Start(start)),
                Some(Command::Close(how)) => media.session.handle(media.now, Input::Close(how)),
                Some(Command::HangUp) | None => {
                    media.ended.get_or_insert(Ended::Agent);
                }
            },
            Some(answer) = answered_by_vendors.recv() => media.session.handle(media.now, answer),
        }
        media.act().await;
    }
    // Dropping the leg hangs up.
    drop(leg);
    media.settle(&mut answered_by_vendors).await;
    let recording = written(recorder).await;
    let ended = media.ended.unwrap_or(Ended::Callee);
    let finished = media.session.finish();
    let over = Over { ended, answered, finished, recording };
    let _ = media.reports.send(Report::Over(Box::new(over))).await;
}

async fn written(recorder: Option<(Recorder, Recording)>) -> Option<PathBuf> {
    let (recorder, recording) = recorder?;
    if recorder.lost_batches > 0 {
        tracing::error!(batches = recorder.lost_batches, "the disk was too slow for a recording");
    }
    drop(recorder);
    match recording.written().await {
        Ok(path) => Some(path),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "a recording was lost");
            None
        }
    }
}

impl Media {
    async fn leg_event(&mut self, event: LegEvent, answered: bool) {
        let over = match event {
            LegEvent::Ringing | LegEvent::Answered => None,
            // Nothing listens for keys yet.
            LegEvent::Digit(_) => return,
            LegEvent::Failed if answered => Some(Ended::Failed(call::FailReason::CarrierError)),
            _ => Some(Ended::Callee),
        };
        if !answered || event == LegEvent::Answered {
            let _ = self.reports.send(Report::Leg(event)).await;
        }
        if let Some(over) = over {
            self.ended.get_or_insert(over);
        }
    }

    /// Does what the session wants.
    async fn act(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Transcribe { take, samples } => self.transcribe(take, samples),
                Output::Disregard { take } => abort(self.takes.remove(&take)),
                Output::Think { reply, messages, tools } => self.think(reply, messages, tools),
                Output::Forget { reply } => abort(self.replies.remove(&reply)),
                Output::Judge { judgement, question } => self.judge(judgement, question),
                Output::Speak { clause, text } => self.speak(clause, text),
                Output::Mute { clause } => abort(self.clauses.remove(&clause)),
                Output::Classified(by) => self.report(Report::Classified(by)).await,
                Output::Started => self.report(Report::Started).await,
                Output::MessageLeft => self.report(Report::MessageLeft).await,
                Output::Partial { speaker, text } => {
                    self.publish("transcript.partial", speaker, &text);
                }
                Output::Final(turn) => self.publish("transcript.final", turn.speaker, &turn.text),
                Output::HangUp(how) => {
                    self.ended.get_or_insert(how);
                }
            }
        }
    }

    async fn report(&self, report: Report) {
        // The lifecycle task outlives this one; if it is gone the process is going.
        let _ = self.reports.send(report).await;
    }

    fn publish(&self, kind: &str, speaker: Speaker, text: &str) {
        let payload = payload::transcript(kind, &self.record, speaker, text);
        self.hub.publish(Live::of(&self.record, payload));
    }

    /// While it rings, the vendor's connections are opened.
    fn warm(&self) {
        let (model, judge) = (self.model.clone(), self.judge.clone());
        self.io.spawn(async move {
            let judge = async {
                if let Some(judge) = judge {
                    judge.warm().await;
                }
            };
            tokio::join!(model.warm(), judge);
        });
    }

    fn transcribe(&mut self, take: u64, samples: Vec<i16>) {
        let model = self.model.clone();
        let language = self.record.spec.language.clone();
        let answers = self.answers.clone();
        let task = self.io.spawn(async move {
            let text = match model.transcribe(&samples, &language).await {
                Ok(text) => Some(text),
                Err(error) => {
                    tracing::warn!(%error, "an utterance could not be recognised");
                    None
                }
            };
            let _ = answers.send(Input::Transcribed { take, text }).await;
        });
        self.takes.retain(|_, task| !task.is_finished());
        self.takes.insert(take, task.abort_handle());
    }

    fn think(
        &mut self,
        reply: u64,
        messages: Vec<crate::model::Message>,
        tools: Vec<crate::model::Tool>,
    ) {
        let model = self.model.clone();
        let answers = self.answers.clone();
        let task = self.io.spawn(async move {
            let tell = |event| answers.send(Input::Reply { reply, event });
            let mut events = match model.reply(&messages, &tools).await {
                Ok(events) => events,
                Err(error) => {
                    let _ = tell(ReplyEvent::Failed(error.to_string())).await;
                    return;
                }
            };
            while let Some(event) = events.next().await {
                let event = match event {
                    Ok(ChatEvent::Text(text)) => ReplyEvent::Text(text),
                    Ok(ChatEvent::ToolCall(call)) => ReplyEvent::Tool(call),
                    Ok(ChatEvent::Done) => ReplyEvent::Done,
                    Err(error) => ReplyEvent::Failed(error.to_string()),
                };
                if tell(event).await.is_err() {
                    return;
                }
            }
        });
        self.replies.retain(|_, task| !task.is_finished());
        self.replies.insert(reply, task.abort_handle());
    }

    fn judge(&self, judgement: u64, question: Question) {
        let (judge, answers) = (self.judge.clone(), self.answers.clone());
        self.io.spawn(async move {
            let judged = match judge {
                Some(judge) => judge::judge(&*judge, &question).await,
                None => Judged::Unknown,
            };
            let _ = answers.send(Input::Judged { judgement, judged }).await;
        });
    }

    fn speak(&mut self, clause: u64, text: String) {
        let model = self.model.clone();
        let answers = self.answers.clone();
        let voice = self.voice;
        let task = self.io.spawn(async move {
            let failed = match model.speak(&text, voice).await {
                Ok(pieces) => forward(clause, pieces, &answers).await,
                Err(error) => {
                    tracing::warn!(%error, "a clause could not be synthesised");
                    true
                }
            };
            let _ = answers.send(Input::SpeechDone { clause, failed }).await;
        });
        self.clauses.retain(|_, task| !task.is_finished());
        self.clauses.insert(clause, task.abort_handle());
    }

    /// The words of the last utterance may still come.
    async fn settle(&mut self, answers: &mut mpsc::Receiver<Input>) {
        self.session.leg_ended(self.now);
        self.act().await;
        let deadline = Instant::now() + LAST_WORDS_MAX;
        while !self.session.is_settled() {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(Some(answer)) = timeout(left, answers.recv()).await else { break };
            self.session.handle(self.now, answer);
            self.act().await;
        }
        let tasks = self.takes.values().chain(self.replies.values()).chain(self.clauses.values());
        for task in tasks {
            task.abort();
        }
    }
}

/// True if the speech broke off.
async fn forward(clause: u64, mut pieces: Speech, answers: &mpsc::Sender<Input>) -> bool {
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(samples) => {
                if answers.send(Input::Speech { clause, samples }).await.is_err() {
                    return true;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the speech of a clause broke off");
                return true;
            }
        }
    }
    false
}

fn abort(task: Option<AbortHandle>) {
    if let Some(task) = task {
        task.abort();
    }
}
