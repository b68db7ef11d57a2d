//! Switches for tests: delays, failures, broken streams, a hostile mind; and counters of requests.
//! A switch is set for every call or for one; what is set for one call goes first.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

/// Faults waiting per scope and stage; more are dropped.
const FAULTS_MAX: usize = 1024;
/// Calls with switches or counters of their own; the one with the lowest id goes first.
const CALLS_MAX: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Transcription,
    Chat,
    Speech,
}

/// Something that goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 `rate_limit_exceeded` with `retry-after`.
    RateLimited { retry_after_s: u32 },
    /// 429 `insufficient_quota`: not to be retried.
    QuotaExceeded,
    /// 500.
    ServerError,
    /// 503.
    Overloaded,
    /// 404 `model_not_found`.
    NoSuchModel,
    /// The request is taken and never answered.
    Stall,
    /// The connection breaks after so many chunks of the body.
    Truncate { after_chunks: usize },
    /// One chunk of a streamed chat is cut-off JSON; the stream goes on. Chat only.
    MalformedChunk,
    /// An error object in a streamed chat, which ends there. Chat only.
    ErrorInStream,
}

/// The handle tests hold. Clones share everything.
#[derive(Clone, Default)]
pub struct VendorControl {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    everywhere: Scope,
    calls: BTreeMap<String, Scope>,
}

#[derive(Default)]
struct Scope {
    first_byte: BTreeMap<Stage, Duration>,
    each_chunk: BTreeMap<Stage, Duration>,
    faults: BTreeMap<Stage, VecDeque<Fault>>,
    said_next: VecDeque<String>,
    invented: Vec<(String, Value)>,
    requests: BTreeMap<Stage, u64>,
}

/// Switches of one call, or of all.
pub struct Switches {
    control: VendorControl,
    call: Option<String>,
}

/// What a request has to suffer.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) first_byte: Duration,
    pub(super) each_chunk: Duration,
    pub(super) fault: Option<Fault>,
}

impl VendorControl {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn everywhere(&self) -> Switches {
        Switches { control: self.clone(), call: None }
    }

    pub fn call(&self, call_id: &str) -> Switches {
        Switches { control: self.clone(), call: Some(call_id.to_owned()) }
    }

    /// Requests that passed authorisation, of all calls.
    pub fn requests(&self, stage: Stage) -> u64 {
        self.lock().everywhere.requests.get(&stage).copied().unwrap_or(0)
    }

    pub fn requests_of(&self, call_id: &str, stage: Stage) -> u64 {
        let state = self.lock();
        let scope = state.calls.get(call_id);
        scope.and_then(|scope| scope.requests.get(&stage)).copied().unwrap_or(0)
    }

    /// Drops the switches and counters of a call that is over.
    pub fn forget(&self, call_id: &str) {
        self.lock().calls.remove(call_id);
    }

    /// Counts a request and takes what is in store for it.
    pub(super) fn arrive(&self, call: Option<&str>, stage: Stage) -> Plan {
        let mut state = self.lock();
        *state.everywhere.requests.entry(stage).or_default() += 1;
        let mut plan = state.everywhere.plan(stage, Plan::default());
        if let Some(call) = call {
            let scope = state.scope(Some(call));
            *scope.requests.entry(stage).or_default() += 1;
            let own = scope.faults.get_mut(&stage).and_then(VecDeque::pop_front);
            plan = scope.plan(stage, plan);
            plan.fault = own;
        }
        if plan.fault.is_none() {
            plan.fault = state.everywhere.faults.get_mut(&stage).and_then(VecDeque::pop_front);
        }
        plan
    }

    /// What a hostile mind says instead of its own reply.
    pub(super) fn take_said_next(&self, call: Option<&str>) -> Option<String> {
        let mut state = self.lock();
        let own = call.and_then(|call| state.calls.get_mut(call)?.said_next.pop_front());
        own.or_else(|| state.everywhere.said_next.pop_front())
    }

    /// Fields the mind is to make up in drafts.
    pub(super) fn invented(&self, call: Option<&str>) -> Vec<(String, Value)> {
        let state = self.lock();
        let mut invented = state.everywhere.invented.clone();
        if let Some(scope) = call.and_then(|call| state.calls.get(call)) {
            invented.extend(scope.invented.iter().cloned());
        }
        invented
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Switches {
    /// Waits so long before the answer begins.
    pub fn delay_first_byte(&self, stage: Stage, delay: Duration) {
        self.change(|scope| {
            scope.first_byte.insert(stage, delay);
        });
    }

    /// Waits so long before each chunk of a body.
    pub fn delay_each_chunk(&self, stage: Stage, delay: Duration) {
        self.change(|scope| {
            scope.each_chunk.insert(stage, delay);
        });
    }

    /// Puts a fault in store for each of the next `count` requests.
    pub fn fault_next(&self, stage: Stage, count: usize, fault: Fault) {
        self.change(|scope| {
            let faults = scope.faults.entry(stage).or_default();
            let room = FAULTS_MAX.saturating_sub(faults.len());
            faults.extend(std::iter::repeat_n(fault.clone(), count.min(room)));
        });
    }

    /// The mind says these texts, one a reply, verbatim. Drafts are not touched.
    pub fn say_next<T: Into<String>>(&self, texts: impl IntoIterator<Item = T>) {
        let texts: Vec<String> = texts.into_iter().take(FAULTS_MAX).map(Into::into).collect();
        self.change(|scope| scope.said_next.extend(texts.clone()));
    }

    /// Every draft that has this top-level field gets this value there.
    pub fn invent(&self, field: &str, value: Value) {
        self.change(|scope| {
            scope.invented.retain(|(name, _)| name != field);
            if scope.invented.len() < FAULTS_MAX {
                scope.invented.push((field.to_owned(), value.clone()));
            }
        });
    }

    /// Back to ordinary behaviour. Counters stay.
    pub fn clear(&self) {
        self.change(|scope| {
            let requests = std::mem::take(&mut scope.requests);
            *scope = Scope { requests, ..Scope::default() };
        });
    }

    fn change(&self, change: impl Fn(&mut Scope)) {
        let mut state = self.control.lock();
        change(state.scope(self.call.as_deref()));
    }
}

impl State {
    fn scope(&mut self, call: Option<&str>) -> &mut Scope {
        let Some(call) = call else { return &mut self.everywhere };
        if self.calls.len() >= CALLS_MAX && !self.calls.contains_key(call) {
            self.calls.pop_first();
        }
        self.calls.entry(call.to_owned()).or_default()
    }
}

impl Scope {
    /// The delays set here, over those of a wider scope.
    fn plan(&self, stage: Stage, wider: Plan) -> Plan {
        Plan {
            first_byte: self.first_byte.get(&stage).copied().unwrap_or(wider.first_byte),
            each_chunk: self.each_chunk.get(&stage).copied().unwrap_or(wider.each_chunk),
            fault: wider.fault,
        }
    }
}
