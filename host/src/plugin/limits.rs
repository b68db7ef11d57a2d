//! What a playbook may use. Every limit is the operator's to change.

use serde::{Deserialize, Serialize};

/// Limits of one instance, that is of one call, unless said otherwise.
///
/// Fuel is deterministic: about one unit for each WebAssembly instruction, so an author sees the
/// count that production sees. The `…_ms_max` limits are a backstop on the clock, for a machine
/// that is too busy; they are generous on purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Calls that hold a playbook at the same time.
    pub instances_max: u32,
    /// Size of a component file.
    pub component_bytes_max: usize,
    /// Linear memory.
    pub memory_bytes_max: usize,
    /// How much of it stays mapped for the next call. At least what a playbook uses in an ordinary
    /// call: then a new instance starts without a system call or a page fault.
    pub memory_resident_bytes: usize,
    /// Entries in tables, which hold function references.
    pub table_elements_max: usize,
    /// Native stack.
    pub stack_bytes_max: usize,

    /// Fuel for `check`.
    pub fuel_check: u64,
    /// Fuel for `heard`, `spoke`, `tool` and `may_end`.
    pub fuel_turn: u64,
    /// Fuel for the constructor, `plan`, `score` and `describe`.
    pub fuel_plan: u64,
    /// Fuel for `extraction` and `finish`.
    pub fuel_finish: u64,

    pub check_ms_max: u64,
    pub turn_ms_max: u64,
    pub plan_ms_max: u64,
    pub finish_ms_max: u64,

    /// What one answer may carry, strings and lists together. Counted before it is copied.
    pub output_bytes_max: usize,
    /// The same for a verdict, which is spoken.
    pub verdict_bytes_max: usize,
    /// Notes of one answer; the rest are dropped.
    pub notes_max: usize,
    /// Length of one note; the rest is cut off.
    pub note_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            instances_max: 1_000,
            component_bytes_max: 8 * 1024 * 1024,
            memory_bytes_max: 16 * 1024 * 1024,
            memory_resident_bytes: 192 * 1024,
            table_elements_max: 10_000,
            stack_bytes_max: 256 * 1024,
            fuel_check: 5_000_000,
            fuel_turn: 20_000_000,
            fuel_plan: 50_000_000,
            fuel_finish: 500_000_000,
            check_ms_max: 50,
            turn_ms_max: 200,
            plan_ms_max: 1_000,
            finish_ms_max: 5_000,
            output_bytes_max: 1024 * 1024,
            verdict_bytes_max: 16 * 1024,
            notes_max: 32,
            note_bytes_max: 1024,
        }
    }
}

/// What one call into a guest may use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    pub(super) fuel: u64,
    pub(super) ms_max: u64,
    pub(super) output_bytes_max: usize,
}

impl Limits {
    pub(super) fn check(&self) -> Allowance {
        Allowance {
            fuel: self.fuel_check,
            ms_max: self.check_ms_max,
            output_bytes_max: self.verdict_bytes_max,
        }
    }

    pub(super) fn turn(&self) -> Allowance {
        Allowance {
            fuel: self.fuel_turn,
            ms_max: self.turn_ms_max,
            output_bytes_max: self.output_bytes_max,
        }
    }

    pub(super) fn plan(&self) -> Allowance {
        Allowance {
            fuel: self.fuel_plan,
            ms_max: self.plan_ms_max,
            output_bytes_max: self.output_bytes_max,
        }
    }

    pub(super) fn finish(&self) -> Allowance {
        Allowance {
            fuel: self.fuel_finish,
            ms_max: self.finish_ms_max,
            output_bytes_max: self.output_bytes_max,
        }
    }

    /// Keeps the first notes and the beginning of each.
    pub(super) fn trim_notes(&self, notes: &mut Vec<String>) {
        notes.truncate(self.notes_max);
        for note in notes {
            let end = note.floor_char_boundary(self.note_bytes_max);
            note.truncate(end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_names_only_what_it_changes() {
        let limits: Limits = serde_json::from_str(r#"{"fuel_check": 7}"#).unwrap();
        assert_eq!(limits, Limits { fuel_check: 7, ..Limits::default() });
        assert!(serde_json::from_str::<Limits>(r#"{"fuel_chekc": 7}"#).is_err());
    }

    #[test]
    fn notes_are_cut_between_characters() {
        let limits = Limits { notes_max: 2, note_bytes_max: 4, ..Limits::default() };
        let mut notes = vec!["abcé".to_owned(), "ok".to_owned(), "third".to_owned()];
        limits.trim_notes(&mut notes);
        assert_eq!(notes, ["abc", "ok"]);
    }
}
