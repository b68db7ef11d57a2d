//! One instance of a playbook, for one call. A breach ends it and nothing else.

use std::fmt;

use serde::{Deserialize, Serialize};
use wasmtime::component::ResourceAny;
use wasmtime::{ResourceLimiter, Store, Trap};

use super::contract::Playbook as Bindings;
use super::library::ticks;
use super::limits::{Allowance, Limits};
use super::load::Playbook;
use super::{Brief, Clause, ExtractionRequest, Guidance, Plan, Report, ToolOutcome, Turn, Verdict};

/// Why an instance ended before its call did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{kind} in {entry}: {message}")]
pub struct Breach {
    pub kind: BreachKind,
    /// The function that was called, such as `check`.
    pub entry: String,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreachKind {
    /// It computed for longer than its fuel allows.
    Fuel,
    /// It ran past the clock's backstop.
    Deadline,
    /// It wanted more memory or table entries than allowed.
    Memory,
    /// It called itself too deeply.
    Stack,
    /// It crashed.
    Trap,
    /// Its answer was larger than allowed.
    OutputTooLarge,
    /// Its answer was not well formed.
    BadOutput,
    /// It was asked again after a breach.
    Ended,
    /// The server holds as many instances as it may: not the playbook's fault.
    Capacity,
}

impl fmt::Display for BreachKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fuel => "out of fuel",
            Self::Deadline => "deadline passed",
            Self::Memory => "memory limit reached",
            Self::Stack => "stack exhausted",
            Self::Trap => "trap",
            Self::OutputTooLarge => "answer too large",
            Self::BadOutput => "malformed answer",
            Self::Ended => "instance ended",
            Self::Capacity => "no free instance",
        })
    }
}

/// What the host keeps for an instance: its growth is counted here.
pub(super) struct State {
    memory_bytes_max: usize,
    table_elements_max: usize,
    memory_bytes: usize,
    refused: bool,
}

impl State {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            memory_bytes_max: limits.memory_bytes_max,
            table_elements_max: limits.table_elements_max,
            memory_bytes: 0,
            refused: false,
        }
    }
}

impl ResourceLimiter for State {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = desired <= self.memory_bytes_max;
        self.refused |= !fits;
        if fits {
            self.memory_bytes = desired;
        }
        Ok(fits)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = desired <= self.table_elements_max;
        self.refused |= !fits;
        Ok(fits)
    }
}

/// One call's instance. Each method fails with the breach that ended it; after a breach every
/// method fails.
pub struct Instance {
    store: Store<State>,
    bindings: Bindings,
    call: ResourceAny,
    limits: Limits,
    /// Fuel of the last function.
    granted: u64,
    ended: bool,
}

impl Instance {
    pub(super) fn begin(playbook: &Playbook, brief: &Brief) -> Result<Self, Breach> {
        let limits = playbook.limits().clone();
        let (mut store, bindings) = playbook.instantiate("constructor")?;
        allow(&mut store, limits.plan());
        let call = bindings
            .agenticcalling_playbook_conversation()
            .call()
            .call_constructor(&mut store, brief)
            .map_err(|error| breach("constructor", &error, store.data()))?;
        let granted = limits.fuel_plan;
        Ok(Self { store, bindings, call, limits, granted, ended: false })
    }

    pub fn plan(&mut self) -> Result<Plan, Breach> {
        let mut plan = self.ask("plan", self.limits.plan(), |conversation, store, call| {
            conversation.call_plan(store, call)
        })?;
        self.limits.trim_notes(&mut plan.notes);
        Ok(plan)
    }

    pub fn heard(&mut self, turn: &Turn) -> Result<Option<Guidance>, Breach> {
        let mut guidance = self.ask("heard", self.limits.turn(), |conversation, store, call| {
            conversation.call_heard(store, call, turn)
        })?;
        if let Some(guidance) = &mut guidance {
            self.limits.trim_notes(&mut guidance.notes);
        }
        Ok(guidance)
    }

    pub fn spoke(&mut self, turn: &Turn) -> Result<(), Breach> {
        self.ask("spoke", self.limits.turn(), |conversation, store, call| {
            conversation.call_spoke(store, call, turn)
        })
    }

    pub fn check(&mut self, clause: &Clause) -> Result<Verdict, Breach> {
        self.ask("check", self.limits.check(), |conversation, store, call| {
            conversation.call_check(store, call, clause)
        })
    }

    pub fn tool(
        &mut self,
        name: &str,
        arguments: &str,
    ) -> Result<Result<ToolOutcome, String>, Breach> {
        self.ask("tool", self.limits.turn(), |conversation, store, call| {
            conversation.call_tool(store, call, name, &arguments.to_owned())
        })
    }

    pub fn may_end(&mut self) -> Result<Result<(), Guidance>, Breach> {
        let mut answer = self.ask("may_end", self.limits.turn(), |conversation, store, call| {
            conversation.call_may_end(store, call)
        })?;
        if let Err(guidance) = &mut answer {
            self.limits.trim_notes(&mut guidance.notes);
        }
        Ok(answer)
    }

    pub fn extraction(&mut self) -> Result<ExtractionRequest, Breach> {
        self.ask("extraction", self.limits.finish(), |conversation, store, call| {
            conversation.call_extraction(store, call)
        })
    }

    pub fn finish(
        &mut self,
        transcript: &[Turn],
        draft: Option<&str>,
    ) -> Result<Result<Report, String>, Breach> {
        let mut answer =
            self.ask("finish", self.limits.finish(), |conversation, store, call| {
                let draft = draft.map(str::to_owned);
                conversation.call_finish(store, call, transcript, draft.as_ref())
            })?;
        if let Ok(report) = &mut answer {
            self.limits.trim_notes(&mut report.notes);
        }
        Ok(answer)
    }

    /// Fuel the last function used: the same for the same questions, on every machine.
    pub fn fuel_used(&self) -> u64 {
        self.granted.saturating_sub(self.store.get_fuel().unwrap_or(0))
    }

    /// Size of its memory, which never shrinks.
    pub fn memory_bytes(&self) -> usize {
        self.store.data().memory_bytes
    }

    fn ask<T>(
        &mut self,
        entry: &'static str,
        allowance: Allowance,
        question: impl FnOnce(
            super::contract::exports::agenticcalling::playbook::conversation::GuestCall<'_>,
            &mut Store<State>,
            ResourceAny,
        ) -> wasmtime::Result<T>,
    ) -> Result<T, Breach> {
        if self.ended {
            return Err(Breach {
                kind: BreachKind::Ended,
                entry: entry.to_owned(),
                message: "this instance ended with an earlier breach".to_owned(),
            });
        }
        allow(&mut self.store, allowance);
        self.granted = allowance.fuel;
        let conversation = self.bindings.agenticcalling_playbook_conversation().call();
        let answer = question(conversation, &mut self.store, self.call);
        answer.map_err(|error| {
            self.ended = true;
            breach(entry, &error, self.store.data())
        })
    }
}

/// Sets what the next function may use.
pub(super) fn allow(store: &mut Store<State>, allowance: Allowance) {
    store.set_fuel(allowance.fuel).expect("the engine counts fuel");
    store.set_epoch_deadline(ticks(allowance.ms_max));
    store.set_hostcall_fuel(allowance.output_bytes_max);
}

/// Names what went wrong in a guest.
pub(super) fn breach(entry: &str, error: &wasmtime::Error, state: &State) -> Breach {
    let message = error.root_cause().to_string();
    let trap = error.downcast_ref::<Trap>();
    let kind = match trap {
        _ if error.is::<wasmtime::PoolConcurrencyLimitError>() => BreachKind::Capacity,
        Some(Trap::OutOfFuel) => BreachKind::Fuel,
        Some(Trap::Interrupt) => BreachKind::Deadline,
        Some(Trap::StackOverflow) => BreachKind::Stack,
        _ if state.refused => BreachKind::Memory,
        Some(_) => BreachKind::Trap,
        None if message.contains("fuel allocated for hostcalls") => BreachKind::OutputTooLarge,
        None => BreachKind::BadOutput,
    };
    Breach { kind, entry: entry.to_owned(), message }
}
