//! Weighs a whole objective with the table of rules: where in it a cue stands decides how much it counts.

use super::Purpose::{self, *};
use super::cues::Cue::*;
use super::cues::set;
use super::reading::Mark;
use super::rules::{RULES, Rule};

/// The purposes, `General` included.
const PURPOSES: usize = 9;
/// A purpose that weighs less is not likely.
const LIKELY_MIN: u32 = 50;
/// Weights count in parts of this.
const WHOLE: u32 = 100;
/// A later part of the objective, by the number of parts before it; the last for all further ones.
const LATER: [u32; 6] = [100, 90, 84, 79, 75, 72];
/// Companions in another sentence.
const APART: u32 = 85;
/// What is told about rather than to be done.
const SUBORDINATE: u32 = 55;
/// What is to be done in some case only.
const CONDITIONAL: u32 = 80;
/// A thing rather than something to be done.
const TOPIC: u32 = 60;
/// "Ask whether they are unhappy": it is not we who are.
const ASKED: u32 = 60;
/// A wish without a verb where something is asked: "find out … for Saturday's dinner".
const QUESTIONED: u32 = 75;
/// What another task governs, by how many there are before it.
const DEEP: [u32; 4] = [100, 84, 77, 72];
/// What a purpose keeps beside one that speaks of the same things.
const OVERRULED: u32 = 75;
const OVERRULING_MIN: u32 = 66;
const COMPLAINING_MIN: u32 = 80;
const COMPLAINT_SHARE_MIN: u32 = 87;
const PITCHING_MIN: u32 = 84;
/// So many tasks for different playbooks are for none of them.
const SEVERAL_TASKS_MIN: usize = 3;
const TASK_MIN: u32 = 70;
/// A further rule that fits adds so much, so many times.
const FURTHER: u32 = 2;
const FURTHER_MAX: u32 = 4;

/// Cues that are something to be done unless they are a thing: "the survey".
const ACTS: u128 = set(&[Book, Cancel, Confirm, Haggle, Survey, Pitch, Complain, Remedy, Chase]);

/// Cues of what went wrong.
const FAULTS: u128 = set(&[Wronged, Broken]);

/// What each purpose weighs, 0 to 100.
#[derive(Debug, Default)]
pub(super) struct Weights([u32; PURPOSES]);

impl Weights {
    pub(super) fn of(&self, purpose: Purpose) -> u8 {
        u8::try_from(self.0[purpose as usize].min(WHOLE)).unwrap_or(u8::MAX)
    }

    /// Who haggles, sells, or asks for a quote that was promised speaks of prices too; who complains,
    /// of what was promised.
    fn overrule(&mut self) {
        let [price, haggling, chasing, complaining] =
            [PriceInquiry, Negotiation, FollowUp, Complaint].map(|purpose| purpose as usize);
        let pitching = self.0[ColdOutreach as usize] >= PITCHING_MIN;
        if pitching || self.0[haggling].max(self.0[chasing]) >= OVERRULING_MIN {
            self.0[price] = self.0[price] * OVERRULED / WHOLE;
        }
        let is_complaint = self.0[complaining] * WHOLE >= self.0[chasing] * COMPLAINT_SHARE_MIN;
        if is_complaint && self.0[complaining] >= COMPLAINING_MIN {
            self.0[chasing] = self.0[chasing] * OVERRULED / WHOLE;
        }
    }

    /// The heaviest of those that are likely, or `General`.
    pub(super) fn best(&self) -> Purpose {
        const ORDER: [Purpose; PURPOSES] = [
            General,
            Complaint,
            Negotiation,
            InformationGather,
            Scheduling,
            Reservation,
            FollowUp,
            ColdOutreach,
            PriceInquiry,
        ];
        let mut best = General;
        for purpose in ORDER {
            let weight = self.0[purpose as usize];
            if weight >= LIKELY_MIN && weight > self.0[best as usize] {
                best = purpose;
            }
        }
        best
    }
}

pub(super) fn weigh(marks: &[Mark]) -> Weights {
    let mut weights = Weights::default();
    let mut further = [0; PURPOSES];
    let mut tasks = [None; PURPOSES];
    let present = marks.iter().filter(|mark| !mark.negated).fold(0, |set, mark| set | mark.cues);
    for rule in RULES {
        let (weight, part) = weigh_rule(rule, marks, present);
        let slot = rule.purpose as usize;
        if weight > weights.0[slot] && weight >= TASK_MIN {
            tasks[slot] = Some(part);
        }
        further[slot] += u32::from(weight > 0 && weights.0[slot] > 0);
        weights.0[slot] = weights.0[slot].max(weight);
    }
    if are_several(tasks) {
        weights.0[General as usize] = WHOLE;
    }
    weights.overrule();
    for (weight, further) in weights.0.iter_mut().zip(further) {
        *weight += FURTHER * further.min(FURTHER_MAX);
    }
    weights
}

impl Purpose {
    /// Whether it is done by telling: "tell them that I cannot come".
    fn is_often_told(self) -> bool {
        matches!(self, Scheduling | Complaint | Negotiation | ColdOutreach)
    }
}

/// Whether the objective is made of tasks for different playbooks.
fn are_several(parts: [Option<u16>; PURPOSES]) -> bool {
    let mut different = 0;
    for (purpose, part) in parts.iter().enumerate() {
        let is_first = part.is_some() && !parts[..purpose].contains(part);
        different += usize::from(is_first);
    }
    different >= SEVERAL_TASKS_MIN
}

/// The most that a rule weighs at any of its heads, and in which part of the objective.
fn weigh_rule(rule: &Rule, marks: &[Mark], present: u128) -> (u32, u16) {
    let head = set(rule.head);
    let (mut most, mut part) = (0, 0);
    if present & head == 0 || rule.with.iter().any(|companions| present & set(companions) == 0) {
        return (most, part);
    }
    for (at, mark) in marks.iter().enumerate() {
        if mark.cues & head == 0 || mark.negated {
            continue;
        }
        let mut weight = weigh_head(rule, mark);
        for companions in rule.with {
            weight = weight * company(marks, at, set(companions)) / WHOLE;
        }
        if weight > most {
            (most, part) = (weight, mark.part);
        }
    }
    (most, part)
}

/// What a rule weighs where its head stands.
#[inline(never)]
fn weigh_head(rule: &Rule, mark: &Mark) -> u32 {
    let cues = mark.cues & set(rule.head);
    if mark.topic && cues == Book.bit() {
        return 0;
    }
    let told = mark.told && rule.purpose.is_often_told();
    let factors = [
        (true, LATER[usize::from(mark.part).min(LATER.len() - 1)]),
        (true, DEEP[usize::from(mark.depth).min(DEEP.len() - 1)]),
        (mark.topic && cues & ACTS != 0, TOPIC),
        (mark.asked && cues & FAULTS != 0, ASKED),
        (mark.subordinate && !told, SUBORDINATE),
        (mark.question && rule.is_terse, QUESTIONED),
        // "If it is above 50, haggle" is what haggling is like.
        (mark.conditional && rule.purpose != Negotiation, CONDITIONAL),
    ];
    let mut weight = rule.weight;
    for (applies, factor) in factors {
        if applies {
            weight = weight * factor / WHOLE;
        }
    }
    weight
}

/// How much of a weight stays, given where the nearest companion is.
#[inline(never)]
fn company(marks: &[Mark], at: usize, companions: u128) -> u32 {
    let mut best: u32 = 0;
    for (index, mark) in marks.iter().enumerate() {
        if index == at || mark.cues & companions == 0 || mark.negated {
            continue;
        }
        // In "ask for the price of a consultation" it is the price that is asked for.
        let is_governed = mark.part == marks[at].part && mark.depth > marks[at].depth;
        let share = match mark.sentence == marks[at].sentence {
            true if is_governed => DEEP[1],
            true => return WHOLE,
            false => APART,
        };
        best = best.max(share);
    }
    best
}
