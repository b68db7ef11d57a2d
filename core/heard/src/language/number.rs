//! Numbers in words: veintiuno, quatre-vingt-dix-neuf, zweihundertfünfzig.

use super::Language;
use crate::token::Token;

/// The number in words that begins at `at`, with its tokens.
pub(super) fn at(tokens: &[Token], at: usize, language: Language) -> Option<(f64, usize)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    if let Some(found) = loose(language, word(0), word(1), word(2)) {
        return Some(found);
    }
    let (whole, mut used) = whole(tokens, at, language)?;
    let mut value = whole;
    if let Some((fraction, more)) = fraction(tokens, at + used, language) {
        value += fraction;
        used += more;
    }
    Some((value, used))
}

/// Dozens, halves and the like.
fn loose(language: Language, first: &str, second: &str, third: &str) -> Option<(f64, usize)> {
    let found = match (language, first, second, third) {
        (Language::Spanish, "media", "docena", _) => (6.0, 2),
        (Language::Spanish, "una", "docena", _) => (12.0, 2),
        (Language::Spanish, "un", "par", "de") => (2.0, 3),
        (Language::Spanish, "un", "centenar", _) => (100.0, 2),
        (Language::French, "une", word, _) if collective(word).is_some() => (collective(word)?, 2),
        (Language::German, "ein" | "einem", "dutzend", _) => (12.0, 2),
        (Language::German, "halbes" | "halben", "dutzend", _) => (6.0, 2),
        (Language::German, "anderthalb" | "eineinhalb" | "einenhalb", _, _) => (1.5, 1),
        (Language::German, word, _, _) if word.ends_with("einhalb") => {
            let units = german(word.strip_suffix("einhalb")?)?;
            (f64::from(units) + 0.5, 1)
        }
        _ => return None,
    };
    Some(found)
}

fn collective(word: &str) -> Option<f64> {
    let value = match word {
        "dizaine" => 10.0,
        "douzaine" => 12.0,
        "quinzaine" => 15.0,
        "vingtaine" => 20.0,
        "trentaine" => 30.0,
        "quarantaine" => 40.0,
        "cinquantaine" => 50.0,
        "soixantaine" => 60.0,
        "centaine" => 100.0,
        _ => return None,
    };
    Some(value)
}

/// A whole number, read group by group.
pub(super) fn whole(tokens: &[Token], at: usize, language: Language) -> Option<(f64, usize)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let mut total = 0.0;
    let mut group: Option<u32> = None;
    let mut scale_last = f64::INFINITY;
    let mut used = 0;
    loop {
        let next = word(used);
        if let Some(hundreds) = hundreds(language, next, group) {
            group = Some(hundreds);
            used += 1;
        } else if let Some(scale) = scale(language, next).filter(|scale| *scale < scale_last) {
            if used > 0 && group.is_none() {
                break;
            }
            total += f64::from(group.take().unwrap_or(1)) * scale;
            scale_last = scale;
            used += 1;
        } else if let Some((value, more)) = small(tokens, at + used, language) {
            let room = match group {
                None => f64::from(value) < scale_last,
                Some(group) => group % 100 == 0 && group > 0 && value < 100 && value > 0,
            };
            let article =
                used == 0 && is_article(language, next) && scale(language, word(more)).is_none();
            if !room || article {
                break;
            }
            group = Some(group.unwrap_or(0) + value);
            used += more;
        } else {
            break;
        }
    }
    (used > 0).then(|| (total + f64::from(group.unwrap_or(0)), used))
}

/// What the group becomes if `word` is a word for hundreds that may stand here.
fn hundreds(language: Language, word: &str, group: Option<u32>) -> Option<u32> {
    match language {
        Language::Spanish => {
            let value = spanish_hundreds(word)?;
            group.is_none().then_some(value)
        }
        Language::French if matches!(word, "cent" | "cents") => match group {
            None => Some(100),
            Some(times @ 2..=9) => Some(times * 100),
            Some(_) => None,
        },
        Language::German if word == "hundert" => match group {
            None => Some(100),
            Some(times @ 1..=9) => Some(times * 100),
            Some(_) => None,
        },
        _ => None,
    }
}

fn spanish_hundreds(word: &str) -> Option<u32> {
    let value = match word {
        "cien" | "ciento" => 100,
        "doscientos" | "doscientas" => 200,
        "trescientos" | "trescientas" => 300,
        "cuatrocientos" | "cuatrocientas" => 400,
        "quinientos" | "quinientas" => 500,
        "seiscientos" | "seiscientas" => 600,
        "setecientos" | "setecientas" => 700,
        "ochocientos" | "ochocientas" => 800,
        "novecientos" | "novecientas" => 900,
        _ => return None,
    };
    Some(value)
}

fn scale(language: Language, word: &str) -> Option<f64> {
    match (language, word) {
        (Language::Spanish, "mil")
        | (Language::French, "mille")
        | (Language::German, "tausend") => Some(1e3),
        (Language::Spanish, "millón" | "millones")
        | (Language::French, "million" | "millions")
        | (Language::German, "million" | "millionen") => Some(1e6),
        _ => None,
    }
}

/// A number that needs no word for hundreds or more; German writes most as one word.
fn small(tokens: &[Token], at: usize, language: Language) -> Option<(u32, usize)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    match language {
        Language::English => None,
        Language::Spanish => {
            let value = spanish(word(0))?;
            let tens = (30..=90).contains(&value) && value.is_multiple_of(10);
            let unit = spanish(word(2)).filter(|unit| (1..10).contains(unit));
            match unit.filter(|_| tens && word(1) == "y") {
                Some(unit) => Some((value + unit, 3)),
                None => Some((value, 1)),
            }
        }
        Language::French => french_small(tokens, at),
        Language::German => german(word(0)).map(|value| (value, 1)),
    }
}

/// "Vingt et un", "soixante-douze", "quatre-vingt-dix-neuf".
fn french_small(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let (tens, mut used) = match (word(0), word(1)) {
        ("quatre", "vingt" | "vingts") => (80, 2),
        (first, _) => (french(first)?, 1),
    };
    if tens == 10 && matches!(word(1), "sept" | "huit" | "neuf") {
        return Some((10 + french(word(1))?, 2));
    }
    if tens < 20 {
        return Some((tens, used));
    }
    let and = usize::from(word(used) == "et" && matches!(word(used + 1), "un" | "une" | "onze"));
    let rest = french(word(used + and)).filter(|rest| (1..20).contains(rest));
    let vigesimal = matches!(tens, 60 | 80);
    let Some(rest) = rest.filter(|rest| *rest < 10 || vigesimal) else { return Some((tens, used)) };
    used += and + 1;
    if rest == 10 && matches!(word(used), "sept" | "huit" | "neuf") {
        return Some((tens + 10 + french(word(used))?, used + 1));
    }
    Some((tens + rest, used))
}

/// "Coma cinco", "virgule cinquante", "Komma fünf"; "y medio", "et demi".
fn fraction(tokens: &[Token], at: usize, language: Language) -> Option<(f64, usize)> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    match (language, word(0), word(1)) {
        (Language::Spanish, "y", "medio" | "media")
        | (Language::French, "et", "demi" | "demie") => {
            return Some((0.5, 2));
        }
        (Language::Spanish, "coma", _)
        | (Language::French, "virgule", _)
        | (Language::German, "komma", _) => {}
        _ => return None,
    }
    let mut digits = String::new();
    let mut used = 1;
    while used < 5
        && let Some((value, more)) =
            small(tokens, at + used, language).filter(|(value, _)| *value < 100)
    {
        digits.push_str(&value.to_string());
        used += more;
    }
    let fraction: f64 = format!("0.{digits}").parse().ok().filter(|_| !digits.is_empty())?;
    Some((fraction, used))
}

pub(super) fn is_article(language: Language, word: &str) -> bool {
    match language {
        Language::English => false,
        Language::Spanish => matches!(word, "un" | "una"),
        Language::French => matches!(word, "un" | "une"),
        Language::German => matches!(word, "ein" | "eine" | "einen" | "einem" | "einer" | "eines"),
    }
}

/// The value of one word that is a number by itself.
pub(super) fn word(language: Language, word: &str) -> Option<u32> {
    match language {
        Language::English => None,
        Language::Spanish => spanish(word).or_else(|| spanish_hundreds(word)),
        Language::French => french(word),
        Language::German => german(word),
    }
}

fn spanish(word: &str) -> Option<u32> {
    let value = match word {
        "cero" => 0,
        "un" | "uno" | "una" => 1,
        "dos" => 2,
        "tres" => 3,
        "cuatro" => 4,
        "cinco" => 5,
        "seis" => 6,
        "siete" => 7,
        "ocho" => 8,
        "nueve" => 9,
        "diez" => 10,
        "once" => 11,
        "doce" => 12,
        "trece" => 13,
        "catorce" => 14,
        "quince" => 15,
        "dieciséis" | "dieciseis" => 16,
        "diecisiete" => 17,
        "dieciocho" => 18,
        "diecinueve" => 19,
        "veinte" => 20,
        "treinta" => 30,
        "cuarenta" => 40,
        "cincuenta" => 50,
        "sesenta" => 60,
        "setenta" => 70,
        "ochenta" => 80,
        "noventa" => 90,
        "veintiún" | "veintiun" => 21,
        "veintidós" => 22,
        "veintitrés" => 23,
        "veintiséis" => 26,
        _ => {
            let unit = spanish(word.strip_prefix("veinti")?)?;
            return (1..10).contains(&unit).then_some(20 + unit);
        }
    };
    Some(value)
}

fn french(word: &str) -> Option<u32> {
    let value = match word {
        "zéro" | "zero" => 0,
        "un" | "une" => 1,
        "deux" => 2,
        "trois" => 3,
        "quatre" => 4,
        "cinq" => 5,
        "six" => 6,
        "sept" => 7,
        "huit" => 8,
        "neuf" => 9,
        "dix" => 10,
        "onze" => 11,
        "douze" => 12,
        "treize" => 13,
        "quatorze" => 14,
        "quinze" => 15,
        "seize" => 16,
        "vingt" => 20,
        "trente" => 30,
        "quarante" => 40,
        "cinquante" => 50,
        "soixante" => 60,
        "septante" => 70,
        "huitante" | "octante" => 80,
        "nonante" => 90,
        _ => return None,
    };
    Some(value)
}

/// Largest German number that is read from one word.
const GERMAN_MAX: u32 = 999_999;

/// A German number in one word, taken apart at its parts.
fn german(word: &str) -> Option<u32> {
    const BYTES_MAX: usize = 60;
    if word.len() > BYTES_MAX {
        return None;
    }
    if !word.contains('ß') && !word.contains("ue") && !word.contains("oe") {
        return german_below(word, GERMAN_MAX);
    }
    let plain = word.replace('ß', "ss").replace("ue", "ü").replace("oe", "ö");
    german_below(&plain, GERMAN_MAX)
}

fn german_below(word: &str, max: u32) -> Option<u32> {
    for (name, scale) in [("tausend", 1_000), ("hundert", 100)] {
        let Some((left, right)) = word.split_once(name).filter(|_| max > scale) else { continue };
        let times = if left.is_empty() { 1 } else { german_below(left, 999)? };
        let right = right.strip_prefix("und").unwrap_or(right);
        let rest = if right.is_empty() { 0 } else { german_below(right, scale - 1)? };
        let value = times.checked_mul(scale)?.checked_add(rest)?;
        return (value <= max).then_some(value);
    }
    if let Some((unit, tens)) = word.split_once("und")
        && let (Some(unit), Some(tens)) = (german_basic(unit), german_basic(tens))
    {
        let real = (1..10).contains(&unit) && (20..100).contains(&tens);
        return real.then_some(unit + tens);
    }
    german_basic(word).filter(|value| *value <= max)
}

fn german_basic(word: &str) -> Option<u32> {
    let value = match word {
        "null" => 0,
        "ein" | "eins" | "eine" | "einen" | "einem" | "einer" | "eines" => 1,
        "zwei" | "zwo" => 2,
        "drei" => 3,
        "vier" => 4,
        "fünf" => 5,
        "sechs" => 6,
        "sieben" => 7,
        "acht" => 8,
        "neun" => 9,
        "zehn" => 10,
        "elf" => 11,
        "zwölf" => 12,
        "dreizehn" => 13,
        "vierzehn" => 14,
        "fünfzehn" => 15,
        "sechzehn" => 16,
        "siebzehn" => 17,
        "achtzehn" => 18,
        "neunzehn" => 19,
        "zwanzig" => 20,
        "dreissig" => 30,
        "vierzig" => 40,
        "fünfzig" => 50,
        "sechzig" => 60,
        "siebzig" => 70,
        "achtzig" => 80,
        "neunzig" => 90,
        _ => return None,
    };
    Some(value)
}

/// "Dritten", "fünfzehnte", "einundzwanzigsten", "premier", "primero": a day of the month.
pub(super) fn ordinal(language: Language, word: &str) -> Option<u32> {
    match language {
        Language::Spanish => matches!(word, "primero" | "uno").then_some(1),
        Language::French => (word == "premier").then_some(1),
        Language::German => {
            let base = word
                .strip_suffix("ten")
                .or_else(|| word.strip_suffix("te"))
                .or_else(|| word.strip_suffix("ter"))?;
            match base {
                "ers" => return Some(1),
                "drit" => return Some(3),
                "sieb" => return Some(7),
                "ach" => return Some(8),
                _ => {}
            }
            german(base).or_else(|| german(base.strip_suffix('s')?))
        }
        Language::English => None,
    }
}
