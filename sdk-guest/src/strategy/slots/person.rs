//! For whom it is booked: what a front desk asks for, and only what the brief tells.

use super::said::Ask;
use super::text::folded;
use super::words::{WEEKDAYS, is_month};
use crate::Brief;
use crate::strategy::{BriefFacts, Caller, Language};

/// Longest date of birth or reference that is taken over, in characters.
const VALUE_CHARS_MAX: usize = 80;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// In the customer's words: "born on the second of May 1980".
    pub birth: Option<String>,
    pub reference: Option<String>,
}

impl Person {
    pub fn of(brief: &Brief, caller: &Caller, facts: &BriefFacts) -> Self {
        let context = brief.context.as_deref().unwrap_or("");
        let texts = [brief.objective.as_str(), context];
        let first = |read: fn(&str) -> Option<String>| texts.iter().find_map(|text| read(text));
        Self {
            name: first(named).or_else(|| facts.name.clone()).or_else(|| caller.name.clone()),
            phone: facts.phone.clone(),
            email: facts.email.clone(),
            birth: first(born),
            reference: first(reference),
        }
    }

    /// The answer to a question about the person, if the brief has it.
    pub fn answer(&self, ask: Ask, language: Language) -> Option<String> {
        let answer = match ask {
            Ask::Name => {
                let name = self.name.as_deref()?;
                match language {
                    Language::English => format!("The name is {name}."),
                    Language::Spanish => format!("A nombre de {name}."),
                    Language::French => format!("Au nom de {name}."),
                    Language::German => format!("Auf den Namen {name}."),
                }
            }
            Ask::Spelling => spelled(self.name.as_deref()?),
            Ask::Phone => {
                let digits = spaced(self.phone.as_deref()?);
                match language {
                    Language::English => format!("The number is {digits}."),
                    Language::Spanish => format!("El número es {digits}."),
                    Language::French => format!("Le numéro est le {digits}."),
                    Language::German => format!("Die Nummer ist {digits}."),
                }
            }
            Ask::Email => {
                let address = spoken_address(self.email.as_deref()?, language);
                match language {
                    Language::English => format!("The address is {address}."),
                    Language::Spanish => format!("La dirección es {address}."),
                    Language::French => format!("L'adresse est {address}."),
                    Language::German => format!("Die Adresse ist {address}."),
                }
            }
            Ask::Birth => {
                let birth = self.birth.as_deref()?;
                match &self.name {
                    Some(name) => format!("{name}, {birth}."),
                    None => format!("{}.", capital(birth)),
                }
            }
            Ask::Reference => {
                let reference = self.reference.as_deref()?;
                match language {
                    Language::English => format!("The reference is {reference}."),
                    Language::Spanish => format!("La referencia es {reference}."),
                    Language::French => format!("La référence est {reference}."),
                    Language::German => format!("Die Nummer ist {reference}."),
                }
            }
            _ => return None,
        };
        Some(answer)
    }

    /// Answers to all of `asks` that are about the person. What is not known is come back on, once.
    pub fn answers(&self, asks: &[Ask], language: Language) -> Vec<String> {
        let mut said = Vec::new();
        let mut unknown = false;
        for ask in asks {
            let personal = matches!(
                ask,
                Ask::Name | Ask::Spelling | Ask::Phone | Ask::Email | Ask::Birth | Ask::Reference
            );
            // The answer to the date of birth begins with the name.
            let told = *ask == Ask::Name && asks.contains(&Ask::Birth) && self.birth.is_some();
            if !personal || told {
                continue;
            }
            match self.answer(*ask, language) {
                Some(answer) => said.push(answer),
                None => unknown = true,
            }
        }
        if unknown {
            said.push(language.come_back().to_owned());
        }
        said
    }
}

/// "Under the name of Alex Chen", "a nombre de …", "Ann Lee's appointment".
fn named(text: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "name: ",
        "name is ",
        "in the name of ",
        "under the name of ",
        "under the name ",
        "under ",
        "patient is ",
        "patient: ",
        "appointment of ",
        "appointment for ",
        "booking for ",
        "reservation for ",
        "a nombre de ",
        "nombre: ",
        "me llamo ",
        "paciente es ",
        "paciente: ",
        "cita de ",
        "cita para ",
        "reserva de ",
        "au nom de ",
        "nom: ",
        "nom : ",
        "patient est ",
        "patiente est ",
        "rendez-vous de ",
        "rendez-vous pour ",
        "auf den namen ",
        "unter dem namen ",
        "patient ist ",
        "patientin ist ",
        "termin von ",
        "termin für ",
    ];
    // Lower case by bytes, so that places in it are places in the text.
    let lower = text.to_ascii_lowercase();
    for lead in LEADS {
        for (start, _) in lower.match_indices(lead) {
            let begins = lower[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let name = capitalised(&text[start + lead.len()..]);
            if begins && let Some(name) = name {
                return Some(name);
            }
        }
    }
    possessive(text)
}

fn capitalised(text: &str) -> Option<String> {
    const NAME_WORDS_MAX: usize = 4;
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace().take(NAME_WORDS_MAX) {
        let title = matches!(word, "Mr." | "Mrs." | "Ms." | "Dr." | "Sr." | "Sra." | "M." | "Mme");
        let bare = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
        let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
        let capital = bare.chars().next().is_some_and(char::is_uppercase);
        let linked = matches!(bare, "de" | "van" | "von" | "der" | "la" | "del" | "da" | "di")
            && !words.is_empty();
        if !(capital || linked) || is_calendar_word(bare) {
            break;
        }
        words.push(if title { word } else { bare });
        if bare.len() < word.len() && !title {
            break;
        }
    }
    while words.last().is_some_and(|word| word.chars().next().is_some_and(char::is_lowercase)) {
        words.pop();
    }
    (!words.is_empty()).then(|| words.join(" "))
}

/// "Ann Lee's appointment", not "Friday's".
fn possessive(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|word| {
        let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
        bare.is_some_and(|bare| {
            bare.chars().next().is_some_and(char::is_uppercase) && !is_calendar_word(bare)
        })
    })?;
    let last = words[at].strip_suffix("'s").or_else(|| words[at].strip_suffix("’s"))?;
    // "Move Ann Lee's": the verb at the beginning is no name.
    let before = at.checked_sub(1).filter(|before| *before > 0).map(|before| words[before]);
    match before {
        Some(first)
            if first.chars().next().is_some_and(char::is_uppercase)
                && first.chars().all(char::is_alphabetic) =>
        {
            Some(format!("{first} {last}"))
        }
        _ => Some(last.to_owned()),
    }
}

fn is_calendar_word(word: &str) -> bool {
    let word = folded(word);
    let word = word.trim();
    let word = word.strip_suffix(" s").unwrap_or(word);
    WEEKDAYS.iter().any(|names| names.contains(&word))
        || is_month(word)
        || matches!(
            word,
            "i" | "today"
                | "tomorrow"
                | "tonight"
                | "if"
                | "please"
                | "table"
                | "tisch"
                | "personen"
                | "uhr"
        )
}

/// "Born on the second of May 1980", up to the end of the sentence.
fn born(text: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "born ",
        "date of birth",
        "birthday",
        "nacido ",
        "nacida ",
        "fecha de nacimiento",
        "né le ",
        "née le ",
        "date de naissance",
        "geboren ",
        "geburtsdatum",
        "geburtstag",
    ];
    let lower = text.to_ascii_lowercase();
    let start = LEADS.iter().filter_map(|lead| lower.find(lead)).min()?;
    value(&text[start..])
}

fn reference(text: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "reference number",
        "booking reference",
        "booking number",
        "confirmation number",
        "appointment number",
        "patient number",
        "customer number",
        "policy number",
        "reference",
        "referencia",
        "número de reserva",
        "número de cliente",
        "numéro de dossier",
        "numéro de réservation",
        "référence",
        "kundennummer",
        "terminnummer",
        "buchungsnummer",
        "patientennummer",
        "referenz",
        "aktenzeichen",
    ];
    const WORDS_AHEAD_MAX: usize = 4;
    let lower = text.to_ascii_lowercase();
    for lead in LEADS {
        let Some(start) = lower.find(lead) else { continue };
        for word in text[start + lead.len()..].split_whitespace().take(WORDS_AHEAD_MAX) {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            if bare.chars().any(|c| c.is_ascii_digit()) && bare.chars().count() <= VALUE_CHARS_MAX {
                return Some(bare.to_owned());
            }
        }
    }
    None
}

/// Up to a full stop that ends a sentence: not the one in "2. Mai" or "2.5.1980".
fn value(text: &str) -> Option<String> {
    let mut end = text.len();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        let stop = c == '.' && !before.is_ascii_digit() || matches!(c, ';' | '\n' | '!' | '?');
        let year = c == '.'
            && before.is_ascii_digit()
            && next.is_none_or(char::is_whitespace)
            && text[..at].chars().rev().take_while(char::is_ascii_digit).count() == 4;
        if stop && next.is_none_or(char::is_whitespace) || year {
            end = at;
            break;
        }
        before = c;
    }
    let value = text[..end].trim().replace(':', "");
    let value: String = value.chars().take(VALUE_CHARS_MAX).collect();
    (!value.is_empty()).then_some(value)
}

fn spelled(name: &str) -> String {
    let mut words = Vec::new();
    for word in name.split_whitespace() {
        let letters: Vec<String> = word
            .chars()
            .filter(|c| c.is_alphabetic())
            .map(|c| c.to_uppercase().collect())
            .collect();
        words.push(letters.join(", "));
    }
    format!("{}.", words.join("; "))
}

fn spaced(number: &str) -> String {
    let digits: Vec<String> =
        number.chars().filter(char::is_ascii_digit).map(String::from).collect();
    digits.join(" ")
}

fn spoken_address(address: &str, language: Language) -> String {
    let at = language.pick([" at ", " arroba ", " arobase ", " at "]);
    let dot = language.pick([" dot ", " punto ", " point ", " Punkt "]);
    address.replace('@', at).replace('.', dot)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(objective: &str, context: &str) -> Person {
        let brief = Brief {
            objective: objective.into(),
            context: Some(context.into()),
            ..Brief::default()
        };
        Person::of(&brief, &Caller::of(&brief), &BriefFacts::of(&brief))
    }

    #[test]
    fn names() {
        let check = |objective: &str, expected: Option<&str>| {
            assert_eq!(person(objective, "").name.as_deref(), expected, "{objective}");
        };
        check("Book a table for 6 at 8pm this Friday. Name: Alex Chen.", Some("Alex Chen"));
        check(
            "Book a table for four people tomorrow at eight under the name Morgan",
            Some("Morgan"),
        );
        check("Cancel the appointment of Ann Lee on Friday", Some("Ann Lee"));
        check("Move Ann Lee's appointment from Tuesday to Friday", Some("Ann Lee"));
        check("Cancel Friday's appointment", None);
        check("Make an appointment for Friday", None);
        check("Reserva una mesa para seis a nombre de Ana García", Some("Ana García"));
        check("Réserve une table au nom de Marie Dupont", Some("Marie Dupont"));
        check("Reserviere einen Tisch auf den Namen Jörg Weiß, bitte", Some("Jörg Weiß"));
        check("Book a table for two", None);
    }

    #[test]
    fn what_a_desk_asks_for() {
        let known = person(
            "Make an appointment for a check-up this week",
            "The patient is Alex Morgan, born on the second of May nineteen eighty. Reference number: A4711. Phone +12025550188.",
        );
        let check = |asks: &[Ask], expected: &str| {
            assert_eq!(known.answers(asks, Language::English).join(" "), expected);
        };
        check(&[Ask::Name, Ask::Birth], "Alex Morgan, born on the second of May nineteen eighty.");
        check(&[Ask::Name], "The name is Alex Morgan.");
        check(&[Ask::Reference], "The reference is A4711.");
        check(&[Ask::Phone], "The number is 1 2 0 2 5 5 5 0 1 8 8.");
        check(&[Ask::Email], "Let me come back to you on that.");
        let german = person(
            "Termin am 3. Mai absagen",
            "Patientin ist Eva Kurz, geboren am 2. Mai 1980. Sie kommt allein.",
        );
        assert_eq!(german.birth.as_deref(), Some("geboren am 2. Mai 1980"));
        assert_eq!(german.name.as_deref(), Some("Eva Kurz"));
    }
}
