//! What to say to a price: ask for a better one, at most twice, and never accept one.

use agenticcalling_playbook::extract::{Quoted, words};

/// How often a better price is asked for.
const COUNTERS_MAX: u8 = 2;

pub(crate) struct Counter {
    ceiling: Option<(f64, Option<&'static str>)>,
    counters: u8,
    noted: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// Ask for a better price; nothing else in this turn.
    Counter(String),
    /// Take note without committing, then go on.
    Note(String),
    None,
}

impl Counter {
    pub(crate) fn new(ceiling: Option<(f64, Option<&'static str>)>) -> Self {
        Self { ceiling, counters: 0, noted: false }
    }

    pub(crate) fn is_too_high(&self, amount: f64) -> bool {
        self.ceiling.is_some_and(|(ceiling, _)| amount > ceiling)
    }

    /// `quoted` is the price of this turn, `standing` the last one they stand by.
    pub(crate) fn respond(
        &mut self,
        text: &str,
        quoted: Option<Quoted>,
        standing: Option<Quoted>,
        quantity: Option<f64>,
    ) -> Move {
        let pressed = presses(text);
        let Some(price) = quoted.or(standing.filter(|_| pressed)) else {
            return if pressed { note(PASS_ON) } else { Move::None };
        };
        let Some((ceiling, currency)) = self.ceiling.filter(|(ceiling, _)| price.amount > *ceiling)
        else {
            return if pressed { note(PASS_ON) } else { Move::None };
        };
        if self.counters < COUNTERS_MAX {
            let target = written_price(ceiling, currency.or(price.currency).or(Some("USD")));
            let wording = wording(self.counters, pressed, &target, quantity);
            self.counters += 1;
            return Move::Counter(wording);
        }
        if pressed || !self.noted {
            self.noted = true;
            return note("I cannot agree to that price, but I will pass it on.");
        }
        Move::None
    }
}

const PASS_ON: &str = "I cannot decide that on this call, but I will pass it on.";

fn note(words: &str) -> Move {
    Move::Note(words.to_owned())
}

fn wording(counters: u8, pressed: bool, target: &str, quantity: Option<f64>) -> String {
    let amount = quantity.map_or(String::new(), |amount| format!(" for {amount}"));
    let refusal = if pressed { "I cannot agree to that. " } else { "" };
    if counters == 0 {
        format!("{refusal}Could you come down to {target} or less per unit{amount}?")
    } else {
        format!("{refusal}Is there any way to get to {target} or less per unit{amount}?")
    }
}

/// "Can we agree on seventy-two?", "Do we have a deal?"
fn presses(text: &str) -> bool {
    let spoken = format!(" {} ", words(text).join(" "));
    [
        " can we agree ",
        " shall we agree ",
        " agree on ",
        " do we have a deal ",
        " is that a deal ",
        " have we got a deal ",
        " shall we say ",
        " would you take ",
        " will you take ",
        " will you accept ",
        " would you accept ",
        " can you accept ",
        " do you accept ",
        " does that work ",
        " would that work ",
        " can you do ",
        " could you do ",
        " deal ",
        " shall i write ",
        " should i put you down ",
        " are you happy with ",
        " do you agree ",
        " can i book ",
        " shall i book ",
        " place the order ",
    ]
    .iter()
    .any(|phrase| spoken.contains(phrase))
        && text.contains('?')
}

/// "$54", "52.50 euros".
pub(crate) fn written_price(amount: f64, currency: Option<&str>) -> String {
    let amount = if amount.fract() == 0.0 { format!("{amount}") } else { format!("{amount:.2}") };
    match currency {
        Some("USD") => format!("${amount}"),
        Some("EUR") => format!("{amount} euros"),
        Some("GBP") => format!("{amount} pounds"),
        Some(code) => format!("{amount} {code}"),
        None => amount,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(amount: f64) -> Option<Quoted> {
        Some(Quoted { amount, currency: Some("USD"), utterance: 0 })
    }

    #[test]
    fn two_counters_then_on() {
        let mut counter = Counter::new(Some((60.0, Some("USD"))));
        let mut check = |text: &str, price: f64, expected: Move| {
            assert_eq!(counter.respond(text, quoted(price), quoted(price), Some(500.0)), expected);
        };
        let count = |words: &str| Move::Counter(words.to_owned());
        check("72 dollars.", 72.0, count("Could you come down to $60 or less per unit for 500?"));
        check(
            "Can we agree on seventy-two?",
            72.0,
            count(
                "I cannot agree to that. Is there any way to get to $60 or less per unit for 500?",
            ),
        );
        check("Seventy.", 70.0, note("I cannot agree to that price, but I will pass it on."));
        check("Sixty-nine.", 69.0, Move::None);
        check(
            "Do we have a deal?",
            69.0,
            note("I cannot agree to that price, but I will pass it on."),
        );
        check("Fifty-eight.", 58.0, Move::None);
        check("Can we agree on fifty-eight?", 58.0, note(PASS_ON));
    }
}
