//! The clause check of our playbooks as a plugin of Extism: the same rule kit, another door.
//!
//! What goes in and out is plain text, the cheapest that Extism knows.

use std::cell::RefCell;
use std::hint::black_box;

use agenticcalling_playbook::rules::Rules;
use extism_pdk::{plugin_fn, FnResult};

thread_local! {
    static RULES: RefCell<Rules> = RefCell::default();
}

/// A call begins: its behaviour rules, one to a line.
#[plugin_fn]
pub fn new_call(rules: String) -> FnResult<()> {
    let rules: Vec<&str> = rules.lines().collect();
    RULES.set(Rules::compile(&rules));
    Ok(())
}

/// A turn of the other side.
#[plugin_fn]
pub fn heard(text: String) -> FnResult<()> {
    RULES.with_borrow_mut(|rules| rules.heard(&text));
    Ok(())
}

/// What was said already, a zero byte, and the clause. Answers why the clause is withheld, or nothing.
#[plugin_fn]
pub fn check(clause: String) -> FnResult<String> {
    let (said, text) = clause.split_once('\0').unwrap_or(("", &clause));
    let violation = RULES.with_borrow(|rules| rules.violation(said, text));
    Ok(violation.map(|violation| violation.reason).unwrap_or_default())
}

/// The endless loop of `tests/guests/hostile`.
#[plugin_fn]
pub fn endless() -> FnResult<String> {
    let mut count = 0u64;
    while black_box(true) {
        count = black_box(count.wrapping_add(1));
    }
    Ok(count.to_string())
}
