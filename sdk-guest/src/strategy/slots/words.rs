//! The words for numbers, days and parts of the day in the four languages, folded.

use super::text::Token;
use crate::strategy::Language;

const ENGLISH: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const SPANISH: [&str; 30] = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
];
const FRENCH: [&str; 17] = [
    "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize",
];
const GERMAN: [&str; 20] = [
    "null", "eins", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn",
    "elf", "zwolf", "dreizehn", "vierzehn", "funfzehn", "sechzehn", "siebzehn", "achtzehn",
    "neunzehn",
];
const TENS: [[&str; 4]; 4] = [
    ["twenty", "thirty", "forty", "fifty"],
    ["veinte", "treinta", "cuarenta", "cincuenta"],
    ["vingt", "trente", "quarante", "cinquante"],
    ["zwanzig", "dreissig", "vierzig", "funfzig"],
];
const ORDINALS: [&str; 20] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];
pub(crate) const WEEKDAYS: [[&str; 7]; 4] = [
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    ["lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"],
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"],
];
const MONTHS: [[&str; 12]; 4] = [
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    [
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
    ],
    [
        "januar",
        "februar",
        "marz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ],
];

/// A number from 0 to 99 in digits or words, and how many tokens it took.
pub(crate) fn number(tokens: &[Token], at: usize, language: Language) -> Option<(u16, usize)> {
    let token = tokens.get(at)?;
    if token.is_digits() {
        return token.text.parse().ok().filter(|number| *number < 100).map(|number| (number, 1));
    }
    let second = tokens.get(at + 1).map_or("", |token| token.text.as_str());
    let third = tokens.get(at + 2).map_or("", |token| token.text.as_str());
    let unit = |word: &str| small(word, language).filter(|unit| (1..10).contains(unit));
    if let Some(tens) = tens(&token.text, language) {
        let linked = match language {
            Language::Spanish => second == "y",
            Language::French => second == "et" && matches!(third, "un" | "une"),
            _ => false,
        };
        if linked && let Some(unit) = unit(third) {
            return Some((tens + unit, 3));
        }
        if language != Language::German
            && language != Language::Spanish
            && let Some(unit) = unit(second)
        {
            return Some((tens + unit, 2));
        }
        return Some((tens, 1));
    }
    if language == Language::French && token.is("dix") {
        return Some(match second {
            "sept" | "huit" | "neuf" => (10 + unit(second)?, 2),
            _ => (10, 1),
        });
    }
    small(&token.text, language).map(|number| (number, 1))
}

fn tens(word: &str, language: Language) -> Option<u16> {
    let tens = language.pick([&TENS[0], &TENS[1], &TENS[2], &TENS[3]]);
    tens.iter().position(|ten| *ten == word).map(|ten| (ten as u16 + 2) * 10)
}

fn small(word: &str, language: Language) -> Option<u16> {
    let table: &[&str] = language.pick([&ENGLISH[..], &SPANISH[..], &FRENCH[..], &GERMAN[..]]);
    if let Some(number) = table.iter().position(|one| *one == word) {
        return u16::try_from(number).ok();
    }
    match (language, word) {
        (Language::Spanish, "una") => Some(1),
        (Language::Spanish, "veintiuna") => Some(21),
        (Language::French, "une") => Some(1),
        (Language::German, "ein" | "eine" | "einen" | "einer") => Some(1),
        (Language::German, "zwo") => Some(2),
        (Language::German, _) => german_compound(word),
        _ => None,
    }
}

/// "Einundzwanzig".
fn german_compound(word: &str) -> Option<u16> {
    let (unit, ten) = word.rsplit_once("und")?;
    let unit = if unit == "ein" { 1 } else { GERMAN.iter().position(|one| *one == unit)? };
    let unit = u16::try_from(unit).ok().filter(|unit| (1..10).contains(unit))?;
    Some(tens(ten, Language::German)? + unit)
}

/// "Third", "21st", "vingt-huit" are for the caller of [`number`]; this reads ordinals alone.
pub(crate) fn ordinal(tokens: &[Token], at: usize, language: Language) -> Option<(u8, usize)> {
    let token = tokens.get(at)?;
    let next = tokens.get(at + 1);
    if token.is_digits() {
        let day = day_of_month(token.text.parse().ok()?)?;
        let suffix = next.filter(|next| next.glued)?;
        let known = match language {
            Language::English => suffix.is_any(&["st", "nd", "rd", "th"]),
            Language::French => suffix.is_any(&["er"]),
            Language::Spanish => false,
            Language::German => {
                suffix.is(".")
                    && !tokens.get(at + 2).is_some_and(|after| after.glued && after.is_digits())
            }
        };
        return known.then_some((day, 2));
    }
    match language {
        Language::English => english_ordinal(token, next),
        Language::Spanish => token.is("primero").then_some((1, 1)),
        Language::French => token.is("premier").then_some((1, 1)),
        Language::German => german_ordinal(&token.text).map(|day| (day, 1)),
    }
}

fn english_ordinal(token: &Token, next: Option<&Token>) -> Option<(u8, usize)> {
    let position = |word: &str| ORDINALS.iter().position(|ordinal| *ordinal == word);
    if let Some(day) = position(&token.text) {
        return Some((u8::try_from(day + 1).ok()?, 1));
    }
    let tens = match token.text.as_str() {
        "thirtieth" => return Some((30, 1)),
        "twenty" => 20,
        "thirty" => 30,
        _ => return None,
    };
    let unit = position(&next?.text).filter(|unit| *unit < 9)?;
    Some((day_of_month(tens + u16::try_from(unit + 1).ok()?)?, 2))
}

/// "Dritten", "achtundzwanzigsten".
fn german_ordinal(word: &str) -> Option<u8> {
    let stem = ["sten", "ste", "ster", "ten", "te", "ter"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))?;
    let day = match stem {
        "ers" => 1,
        "drit" => 3,
        "sieb" => 7,
        "ach" => 8,
        "zwanzig" => 20,
        "dreissig" => 30,
        stem => small(stem, Language::German).filter(|day| *day >= 2)?,
    };
    day_of_month(day)
}

pub(crate) fn day_of_month(number: u16) -> Option<u8> {
    u8::try_from(number).ok().filter(|day| (1..=31).contains(day))
}

/// 0 for Monday.
pub(crate) fn weekday(word: &str, language: Language) -> Option<u8> {
    let names = language.pick([&WEEKDAYS[0], &WEEKDAYS[1], &WEEKDAYS[2], &WEEKDAYS[3]]);
    if let Some(day) = names.iter().position(|name| *name == word) {
        return u8::try_from(day).ok();
    }
    match (language, word) {
        (Language::German, "sonnabend") => Some(5),
        (Language::German, _) => {
            let stem = ["abend", "morgen", "mittag", "nachmittag", "vormittag"]
                .iter()
                .find_map(|part| word.strip_suffix(part))?;
            names.iter().position(|name| *name == stem).and_then(|day| u8::try_from(day).ok())
        }
        (Language::English, "mon") => Some(0),
        (Language::English, "tue" | "tues") => Some(1),
        (Language::English, "wed") => Some(2),
        (Language::English, "thu" | "thur" | "thurs") => Some(3),
        (Language::English, "fri") => Some(4),
        // "Friday s" is "Friday's"; "Fridays" names every one.
        (Language::English, _) => {
            let stem = word.strip_suffix('s')?;
            names.iter().position(|name| *name == stem).and_then(|day| u8::try_from(day).ok())
        }
        _ => None,
    }
}

/// 1 for January.
pub(crate) fn month(word: &str, language: Language) -> Option<u8> {
    let names = language.pick([&MONTHS[0], &MONTHS[1], &MONTHS[2], &MONTHS[3]]);
    let short = |name: &&str| {
        language == Language::English && word.len() == 3 && name.starts_with(word) && word != "may"
    };
    let month = names.iter().position(|name| *name == word || short(name))?;
    u8::try_from(month + 1).ok()
}

pub(crate) fn is_month(word: &str) -> bool {
    MONTHS.iter().any(|names| names.contains(&word))
}

/// The language a text is written in, by its small words; `fallback` where they do not tell.
pub(crate) fn language_of(spoken: &str, fallback: Language) -> Language {
    const MARKERS: [&[&str]; 4] = [
        &[
            "the", "a", "for", "at", "this", "or", "and", "is", "on", "book", "my", "to", "if",
            "with",
        ],
        &["el", "la", "las", "para", "una", "un", "por", "del", "o", "y", "con", "a", "mi", "los"],
        &[
            "le", "la", "les", "pour", "une", "un", "des", "du", "ou", "et", "avec", "sur", "mon",
            "a",
        ],
        &[
            "der", "die", "das", "fur", "einen", "ein", "um", "am", "oder", "und", "mit", "den",
            "auf", "ist",
        ],
    ];
    let mut best = (0, fallback);
    for language in [Language::English, Language::Spanish, Language::French, Language::German] {
        let markers = language.pick(MARKERS);
        let words = spoken.split(' ').filter(|word| markers.contains(word)).count();
        let better = words > best.0 || words == best.0 && language == fallback && words > 0;
        if better {
            best = (words, language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::super::text::{folded, tokens};
    use super::*;

    #[test]
    fn numbers_in_words() {
        let check = |text: &str, language: Language, expected: Option<u16>| {
            let found = number(&tokens(text), 0, language).map(|(number, _)| number);
            assert_eq!(found, expected, "{text}");
        };
        check("forty-five", Language::English, Some(45));
        check("twelve", Language::English, Some(12));
        check("cuarenta y cinco", Language::Spanish, Some(45));
        check("veintidós", Language::Spanish, Some(22));
        check("dix-huit", Language::French, Some(18));
        check("vingt et une", Language::French, Some(21));
        check("quarante-cinq", Language::French, Some(45));
        check("fünfundvierzig", Language::German, Some(45));
        check("zwölf", Language::German, Some(12));
        check("19", Language::German, Some(19));
        check("ein", Language::English, None);
    }

    #[test]
    fn ordinals_are_days() {
        let check = |text: &str, language: Language, expected: Option<u8>| {
            let found = ordinal(&tokens(text), 0, language).map(|(day, _)| day);
            assert_eq!(found, expected, "{text}");
        };
        check("twenty-eighth", Language::English, Some(28));
        check("3rd", Language::English, Some(3));
        check("28. November", Language::German, Some(28));
        check("achtundzwanzigsten", Language::German, Some(28));
        check("dritten", Language::German, Some(3));
        check("premier", Language::French, Some(1));
        check("19.30", Language::German, None);
    }

    #[test]
    fn texts_show_their_language() {
        let check = |text: &str, expected: Language| {
            assert_eq!(language_of(&folded(text), Language::English), expected, "{text}");
        };
        check("Book a table for 6 at 8pm this Friday", Language::English);
        check("Reserva una mesa para seis el viernes a las ocho", Language::Spanish);
        check("Réserve une table pour six vendredi à 20 h", Language::French);
        check("Reserviere einen Tisch für sechs am Freitag um 20 Uhr", Language::German);
        check("", Language::English);
    }
}
