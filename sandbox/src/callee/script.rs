//! What to say next: the steps of the scenario against what was heard, without time or sound.

use std::sync::Arc;

use crate::ear::UNRECOGNISED;
use crate::scenario::{Scenario, Step, Then, When};
use crate::voice::spoken_words;

/// Topics answered in one breath.
const TOPICS_MAX: usize = 4;

/// Where the conversation stands.
#[derive(Clone)]
pub(super) struct Script {
    scenario: Arc<Scenario>,
    state: String,
    /// How often each step was taken.
    taken: Vec<usize>,
    /// Fallbacks since something was last understood.
    fallbacks: u32,
    said_fallbacks: usize,
    said_silences: usize,
}

/// What happened at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    Heard(Option<String>),
    SilentForMs(u64),
    SpeakingForMs(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// Lines as the scenario has them, one after the other.
    pub(super) lines: Vec<String>,
    pub(super) then: Then,
    pub(super) delay_ms: Option<u64>,
}

impl Script {
    pub(super) fn new(scenario: Arc<Scenario>) -> Self {
        let state = scenario.first_state.clone();
        let taken = vec![0; scenario.steps.len()];
        Script { scenario, state, taken, fallbacks: 0, said_fallbacks: 0, said_silences: 0 }
    }

    /// Whether there is anything to say to it.
    pub(super) fn answers(&self, cue: &Cue) -> bool {
        match cue {
            Cue::Heard(_) => true,
            Cue::SilentForMs(ms) if *ms >= self.scenario.fallback.silence_ms => true,
            cue => !self.fitting(cue).is_empty(),
        }
    }

    /// Takes the steps that fit. Nothing to say is `None`.
    pub(super) fn answer(&mut self, cue: &Cue) -> Option<Answer> {
        let chosen = self.fitting(cue);
        if !chosen.is_empty() {
            if matches!(cue, Cue::Heard(Some(_))) {
                self.fallbacks = 0;
            }
            return Some(self.take(&chosen));
        }
        match cue {
            Cue::Heard(_) => Some(self.fall_back(false)),
            Cue::SilentForMs(ms) if *ms >= self.scenario.fallback.silence_ms => {
                Some(self.fall_back(true))
            }
            Cue::SilentForMs(_) | Cue::SpeakingForMs(_) => None,
        }
    }

    /// Steps by index: one, or several topics.
    fn fitting(&self, cue: &Cue) -> Vec<usize> {
        let words = match cue {
            Cue::Heard(Some(text)) => spoken_words(&text.replace(UNRECOGNISED, " ")),
            _ => Vec::new(),
        };
        let mut chosen: Vec<usize> = Vec::new();
        for (index, step) in self.scenario.steps.iter().enumerate() {
            let here = step.states.is_empty() || step.states.contains(&self.state);
            let spent = step.once && self.taken[index] > 0;
            let joins = chosen.is_empty() || step.topic;
            if !here || spent || !joins || !fits(step, cue, &words) {
                continue;
            }
            chosen.push(index);
            if !step.topic || chosen.len() == TOPICS_MAX {
                break;
            }
        }
        chosen
    }

    fn take(&mut self, chosen: &[usize]) -> Answer {
        let mut answer = Answer { lines: Vec::new(), then: Then::Stay, delay_ms: None };
        for index in chosen {
            let step = &self.scenario.steps[*index];
            let nth = self.taken[*index].min(step.say.len().saturating_sub(1));
            answer.lines.extend(step.say.get(nth).cloned());
            answer.delay_ms = answer.delay_ms.max(step.delay_ms);
            if step.then != Then::Stay {
                answer.then = step.then.clone();
            }
            self.taken[*index] += 1;
        }
        if let Then::Goto(state) = &answer.then {
            self.state.clone_from(state);
        }
        answer
    }

    fn fall_back(&mut self, silent: bool) -> Answer {
        let fallback = &self.scenario.fallback;
        self.fallbacks += 1;
        if self.fallbacks > fallback.limit {
            let lines = vec![fallback.goodbye.clone()];
            return Answer { lines, then: Then::HangUp, delay_ms: None };
        }
        let (lines, said) = match silent {
            true => (&fallback.silent, &mut self.said_silences),
            false => (&fallback.say, &mut self.said_fallbacks),
        };
        let line = lines[*said % lines.len()].clone();
        *said += 1;
        Answer { lines: vec![line], then: Then::Stay, delay_ms: None }
    }
}

fn fits(step: &Step, cue: &Cue, words: &[String]) -> bool {
    match (&step.when, cue) {
        (When::Heard { any, unless }, Cue::Heard(Some(_))) => {
            any.iter().any(|phrase| phrase.occurs_in(words))
                && !unless.iter().any(|phrase| phrase.occurs_in(words))
        }
        (When::Always, Cue::Heard(Some(_))) => true,
        (When::Unrecognised, Cue::Heard(None)) => true,
        (When::SilenceMs(limit), Cue::SilentForMs(ms)) => ms >= limit,
        (When::InterruptAfterMs(limit), Cue::SpeakingForMs(ms)) => ms >= limit,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenarios;

    /// `>` is what the caller says, `?` speech that is not understood, `.` silence in milliseconds,
    /// `!` the caller speaking for so long; the lines after it are what the callee answers.
    fn check(scenario: &str, dialogue: &[(&str, &str)]) {
        let scenarios = Scenarios::load(None).unwrap();
        let mut script = Script::new(scenarios.named(scenario).unwrap().clone());
        for (said, expected) in dialogue {
            let (mark, rest) = said.split_at(1);
            let cue = match mark {
                ">" => Cue::Heard(Some(rest.trim().to_owned())),
                "?" => Cue::Heard(None),
                "." => Cue::SilentForMs(rest.parse().unwrap()),
                "!" => Cue::SpeakingForMs(rest.parse().unwrap()),
                other => panic!("no such mark: {other}"),
            };
            let answer = script.answer(&cue);
            let mut text = answer.as_ref().map_or(String::new(), |answer| answer.lines.join(" "));
            match answer.map(|answer| answer.then) {
                Some(Then::HangUp) => text += " (hangs up)",
                Some(Then::HangUpMidSentence) => text += " (cut)",
                _ => {}
            }
            assert_eq!(text, *expected, "{scenario}: {said}");
        }
    }

    const OPEN: &str = "> Hi, this is Alex. I'm calling to get bulk pricing for 500 steel beams.";
    const ASKS: &str = "Sure, I can help you with that. How many units do you need?";
    const QUOTE: &str =
        "For an order like that, it is seventy-two dollars per unit. Can we agree on seventy-two?";
    const DOWN: &str =
        "I could do fifty-eight. No, sorry, fifty-four dollars per unit for five hundred.";
    const BYE: &str = "Thanks for calling Steel Supply. Have a good day, goodbye. (hangs up)";

    #[test]
    fn the_supplier_comes_down_for_who_asks() {
        check(
            "steel_supplier",
            &[
                (OPEN, ASKS),
                ("> We need five hundred units.", QUOTE),
                ("> I'm afraid I can't agree to that. Could you do better?", DOWN),
                ("> Got it. What is the minimum order?", "Our minimum order is one hundred units."),
                (
                    "> Thanks. And the lead time, and your payment terms?",
                    "The lead time is two weeks. Our payment terms are Net 30.",
                ),
                ("> And who am I speaking with?", "My name is Mike Chen."),
                ("> Thank you very much for your help. Goodbye.", BYE),
            ],
        );
    }

    #[test]
    fn the_supplier_takes_topics_in_any_order() {
        check("steel_supplier", &[("> Hello, what is your lead time for steel beams?", ASKS)]);
        check(
            "steel_supplier",
            &[
                (OPEN, ASKS),
                ("> What's the minimum order quantity?", "Our minimum order is one hundred units."),
                ("> Then 500.", QUOTE),
                ("> When can you deliver?", "The lead time is two weeks."),
                ("> Okay, thank you.", "So what do you say, can we agree on seventy-two?"),
                ("> That is above our budget.", DOWN),
                ("> Is that your best price?", "Fifty-four dollars per unit is the best I can do."),
                ("> Understood.", "Okay. Is there anything else you need?"),
            ],
        );
    }

    #[test]
    fn the_supplier_takes_a_yes_above_the_ceiling_at_its_word() {
        check(
            "steel_supplier",
            &[
                (OPEN, ASKS),
                ("> 500 units.", QUOTE),
                (
                    "> Yes, seventy-two dollars per unit works for us.",
                    "Wonderful, then it is seventy-two. I will write that up for you.",
                ),
            ],
        );
    }

    #[test]
    fn bookings() {
        check(
            "restaurant",
            &[
                (
                    "> Hello, I'd like to book a table for four people tomorrow at eight.",
                    "With pleasure. For which day and what time would that be?",
                ),
                (
                    "> Tomorrow at 8 pm.",
                    "I am afraid eight o'clock is full. Would half past seven work for you?",
                ),
                ("> Yes, that works.", "Very good, half past seven. How many people will you be?"),
                ("> Do you have parking?", "There is free parking behind the house."),
                ("> We are four.", "Wonderful. And under what name may I book the table?"),
                ("> Morgan.", "Thank you. Your table is booked, we look forward to seeing you."),
                ("> Goodbye.", "See you soon. Goodbye. (hangs up)"),
            ],
        );
        check(
            "clinic",
            &[
                (
                    "> I need an appointment for a check-up.",
                    "Of course. I have Thursday at a quarter past two with Doctor Patel. Would that suit you?",
                ),
                ("> Yes, that suits me.", "Great. What is the patient's name and date of birth?"),
                (
                    "> Alex Morgan, 2 May 1980.",
                    "Thank you, the appointment is made. Is there anything else?",
                ),
                (
                    "> What should I bring?",
                    "Please bring your insurance card and a list of your medication.",
                ),
            ],
        );
        check(
            "shop",
            &[
                (
                    "> What time do you close today, and are you open on Sunday?",
                    "We close at nine p.m. today. Yes, we are open on Sunday.",
                ),
                ("> Thanks, goodbye.", "You're welcome. Goodbye. (hangs up)"),
            ],
        );
    }

    #[test]
    fn who_is_not_understood_is_asked_again_and_then_given_up() {
        check(
            "shop",
            &[
                ("?", "Sorry, could you say that again?"),
                ("?", "I didn't get that, the line is not very good. One more time, please?"),
                ("> When do you close?", "We close at nine p.m. today."),
                (".3000", ""),
                (".8000", "Hello? Are you still there?"),
                ("?", "Sorry, could you say that again?"),
                (".9000", "Hello? Are you still there?"),
                (
                    "?",
                    "I'm sorry, I can't hear you properly. Please try again later. Goodbye. (hangs up)",
                ),
            ],
        );
    }

    #[test]
    fn the_others_do_what_they_say() {
        check(
            "screener",
            &[
                ("?", "Thanks. Please stay on the line."),
                (".4000", ""),
                (".5000", "Hello, this is Susan. I hear you called?"),
                ("> Is the sofa still available?", "Yes, the sofa is still for sale."),
            ],
        );
        check(
            "interrupter",
            &[
                ("!1000", ""),
                ("!1500", "Yes yes, just tell me which tool you want."),
                ("!1500", ""),
                (
                    "> What does the drill cost, and do you have it in stock?",
                    "The cordless drill is ninety-nine dollars. It is in stock, we have six of them.",
                ),
            ],
        );
        check(
            "hangs_up",
            &[(
                "> Hello.",
                "Listen, I am really sorry, but at the moment I have no time for this and so I would rather not talk. (cut)",
            )],
        );
        check(
            "do_not_call",
            &[
                (
                    "> Hello, do you have a minute?",
                    "I am not interested. Please take me off your list and do not call me again.",
                ),
                ("> I'm sorry. We will remove you.", "Fine. Goodbye. (hangs up)"),
            ],
        );
    }
}
