//! The way of a sales call: which question comes next.

use crate::pitch::Pitch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// May we go on?
    Permission,
    DecisionMaker,
    /// Who decides, if not they?
    Whom,
    /// How they do it today.
    Current,
    Timing,
    Budget,
    /// A question of the customer's own, by its place.
    Custom(usize),
    /// Would they meet?
    Meet,
    When,
    /// Where the invitation goes.
    Email,
    /// Something by e-mail instead of a meeting.
    Instead,
    /// Where that goes.
    Address,
    /// When to call, if not now.
    Later,
    /// What they would improve about what they have.
    Improve,
}

/// The questions by which somebody is qualified, in order.
pub(crate) fn qualification(pitch: &Pitch) -> Vec<Step> {
    let mut steps = vec![Step::DecisionMaker, Step::Current];
    if pitch.asks_timing {
        steps.push(Step::Timing);
    }
    if pitch.asks_budget {
        steps.push(Step::Budget);
    }
    steps.extend((0..pitch.questions.len()).map(Step::Custom));
    steps.push(Step::Meet);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_brief_decides_what_is_asked() {
        let short = qualification(&Pitch::default());
        assert_eq!(short, [Step::DecisionMaker, Step::Current, Step::Meet]);
        let long = Pitch {
            asks_timing: true,
            asks_budget: true,
            questions: vec!["how many employees you have".into()],
            ..Pitch::default()
        };
        assert_eq!(qualification(&long)[2..5], [Step::Timing, Step::Budget, Step::Custom(0)]);
    }
}
