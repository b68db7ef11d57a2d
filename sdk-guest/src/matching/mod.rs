//! How well an objective suits a kind of call: the `matching.score` of the platform's playbooks.
//!
//! One classifier serves all of them, so that their scores can be compared. It finds cues in the
//! objective (`cues/`), in whatever language they are, and weighs what they amount to together
//! (`rules.rs`): "ask" and a price is a price inquiry, unless haggling follows. The first task
//! counts most; what is negated, told about or done in some case only counts less. Beside the cues
//! counts what labelled objectives have taught (`learned.rs`), for whatever no cue names.
//!
//! A clear match scores 80 to 100, a likely one 40 to 79; the general playbook's constant score is
//! above that of every other one where nothing is likely.

mod cues;
mod find;
mod learned;
mod near;
mod reading;
mod rules;
mod small;
mod weights;
mod words;

use words::Words;

/// The kinds of calls that the platform has a playbook for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    Reservation,
    PriceInquiry,
    Negotiation,
    InformationGather,
    Scheduling,
    ColdOutreach,
    Complaint,
    FollowUp,
    General,
}

/// What `General` scores for every objective.
const GENERAL_SCORE: u8 = 20;
/// What is not likely scores at most so much: less than `General`.
const UNLIKELY_SCORE_MAX: u8 = 15;
/// The best score of a purpose that is not the best.
const SECOND_SCORE_MAX: u8 = 39;

/// What the cues say counts so much beside what was learned.
const CUES_WEIGH: f32 = 3.0;
/// Without any cue a purpose must be so likely: the logarithm of one in two.
const LIKELY_ALONE_MIN: f32 = -0.7;
const ALL: [Purpose; 9] = [
    Purpose::Reservation,
    Purpose::PriceInquiry,
    Purpose::Negotiation,
    Purpose::InformationGather,
    Purpose::Scheduling,
    Purpose::ColdOutreach,
    Purpose::Complaint,
    Purpose::FollowUp,
    Purpose::General,
];

/// 0 to 100: how well `objective` suits calls of that kind. Its words say what language it is in,
/// which need not be that of the call.
pub fn score(purpose: Purpose, objective: &str, _language: &str) -> u8 {
    if purpose == Purpose::General {
        return GENERAL_SCORE;
    }
    let weights = weights::weigh(&reading::read(objective));
    let by_cues = ALL.map(|purpose| by_cues(&weights, purpose));
    let likely = learned::log_likely(&Words::of(objective));
    let worth = |index: usize| likely[index] + CUES_WEIGH * f32::from(by_cues[index]) / 100.0;
    let mut best = ALL.len() - 1;
    for index in 0..ALL.len() {
        let is_shown = by_cues[index] > 0 || likely[index] > LIKELY_ALONE_MIN;
        if is_shown && worth(index) > worth(best) {
            best = index;
        }
    }
    let score = by_cues[purpose as usize];
    match ALL[best] {
        Purpose::General => score.min(UNLIKELY_SCORE_MAX),
        best if best == purpose => score.max(SECOND_SCORE_MAX + 1),
        _ => score.min(SECOND_SCORE_MAX),
    }
}

fn by_cues(weights: &weights::Weights, purpose: Purpose) -> u8 {
    if purpose == Purpose::General {
        return GENERAL_SCORE;
    }
    let weight = weights.of(purpose);
    match weights.best() {
        Purpose::General => weight.min(UNLIKELY_SCORE_MAX),
        best if best == purpose => weight.clamp(SECOND_SCORE_MAX + 1, 100),
        _ => weight.min(SECOND_SCORE_MAX),
    }
}
