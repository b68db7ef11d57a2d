//! What to say to a price: ask for a better one, at most twice, and never accept one.

use agenticcalling_playbook::extract::{Quoted, words};
use agenticcalling_playbook::strategy::{Language, folded, says};

/// How often a better price is asked for.
const COUNTERS_MAX: u8 = 2;

pub(crate) struct Counter {
    ceiling: Option<(f64, Option<&'static str>)>,
    counters: u8,
    noted: bool,
    language: Language,
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
    pub(crate) fn new(ceiling: Option<(f64, Option<&'static str>)>, language: Language) -> Self {
        Self { ceiling, counters: 0, noted: false, language }
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
            return if pressed { note(pass_on(self.language)) } else { Move::None };
        };
        let Some((ceiling, currency)) = self.ceiling.filter(|(ceiling, _)| price.amount > *ceiling)
        else {
            return if pressed { note(pass_on(self.language)) } else { Move::None };
        };
        if self.counters < COUNTERS_MAX {
            let target = spoken_price(ceiling, currency.or(price.currency), self.language);
            let wording = wording(self.counters, pressed, &target, quantity, self.language);
            self.counters += 1;
            return Move::Counter(wording);
        }
        if pressed || !self.noted {
            self.noted = true;
            return note(self.language.pick([
                "I cannot agree to that price, but I will pass it on.",
                "No puedo aceptar ese precio, pero lo transmitiré.",
                "Je ne peux pas accepter ce prix, mais je le transmettrai.",
                "Diesem Preis kann ich nicht zustimmen, aber ich gebe ihn weiter.",
            ]));
        }
        Move::None
    }
}

fn pass_on(language: Language) -> &'static str {
    language.pick([
        "I cannot decide that on this call, but I will pass it on.",
        "No puedo decidirlo en esta llamada, pero lo transmitiré.",
        "Je ne peux pas le décider pendant cet appel, mais je le transmettrai.",
        "Das kann ich in diesem Gespräch nicht entscheiden, aber ich gebe es weiter.",
    ])
}

fn note(words: &str) -> Move {
    Move::Note(words.to_owned())
}

fn wording(
    counters: u8,
    pressed: bool,
    target: &str,
    quantity: Option<f64>,
    language: Language,
) -> String {
    let link = language.pick([" for", " para", " pour", " bei"]);
    let amount = quantity.map_or(String::new(), |amount| format!("{link} {amount}"));
    let refusal = language.pick([
        "I cannot agree to that. ",
        "No puedo aceptarlo. ",
        "Je ne peux pas l'accepter. ",
        "Dem kann ich nicht zustimmen. ",
    ]);
    let refusal = if pressed { refusal } else { "" };
    let question = if counters == 0 {
        language.pick([
            "Could you come down to {target} or less per unit{amount}?",
            "¿Podría bajar a {target} o menos por unidad{amount}?",
            "Pourriez-vous descendre à {target} ou moins l'unité{amount} ?",
            "Könnten Sie auf {target} oder weniger pro Stück{amount} heruntergehen?",
        ])
    } else {
        language.pick([
            "Is there any way to get to {target} or less per unit{amount}?",
            "¿Hay alguna forma de llegar a {target} o menos por unidad{amount}?",
            "Y a-t-il un moyen d'arriver à {target} ou moins l'unité{amount} ?",
            "Gibt es einen Weg zu {target} oder weniger pro Stück{amount}?",
        ])
    };
    let question = question.replace("{target}", target).replace("{amount}", &amount);
    format!("{refusal}{question}")
}

/// In words that a voice reads well; where no currency was named, the one that is usual.
fn spoken_price(amount: f64, currency: Option<&str>, language: Language) -> String {
    if language == Language::English {
        return written_price(amount, currency.or(Some("USD")));
    }
    match currency.unwrap_or("EUR") {
        "EUR" => {
            let euros = language.pick(["euros", "euros", "euros", "Euro"]);
            written_price(amount, None) + " " + euros
        }
        "USD" => {
            let dollars = language.pick(["dollars", "dólares", "dollars", "Dollar"]);
            written_price(amount, None) + " " + dollars
        }
        other => written_price(amount, Some(other)),
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
        || says(&folded(text), PRESSES_ABROAD) && text.contains('?')
}

/// In Spanish, French and German, folded.
const PRESSES_ABROAD: &[&str] = &[
    "de acuerdo",
    "le parece bien",
    "trato hecho",
    "cerramos",
    "lo acepta",
    "acepta",
    "le sirve",
    "d accord",
    "ca vous va",
    "cela vous convient",
    "ca vous convient",
    "on fait comme ca",
    "vous acceptez",
    "marche conclu",
    "einverstanden",
    "abgemacht",
    "einigen wir uns",
    "passt das",
    "ist das in ordnung",
    "nehmen sie das an",
    "sollen wir das so machen",
    "soll ich das notieren",
];

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
        let mut counter = Counter::new(Some((60.0, Some("USD"))), Language::English);
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
        check("Can we agree on fifty-eight?", 58.0, note(pass_on(Language::English)));
    }
}
