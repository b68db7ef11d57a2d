//! Days of the month: "el 15 de marzo", "le premier mars", "am 15. März", "am 15.03.".

use super::{Language, number};
use crate::token::Token;

pub(super) struct Date {
    /// In English: `march 15`, `on the 15 th`.
    pub(super) words: Vec<String>,
    pub(super) tokens: usize,
    /// Full stops behind ordinals, which end no sentence.
    pub(super) full_stops: usize,
}

const MONTHS: [&str; 12] = [
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
];

pub(super) fn at(tokens: &[Token], at: usize, language: Language) -> Option<Date> {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let article = match (language, word(0), word(1)) {
        (Language::Spanish, "el", "día") | (Language::German, "an", "dem") => 2,
        (Language::Spanish, "el" | "al", _)
        | (Language::French, "le" | "au", _)
        | (Language::German, "am" | "den" | "der" | "dem" | "zum", _) => 1,
        _ => 0,
    };
    if let Some((day, month, used)) = written(tokens, at + article, language) {
        let words = vec![MONTHS[month - 1].to_owned(), day.to_string()];
        return Some(Date { words, tokens: article + used, full_stops: 0 });
    }
    let (day, mut used, full_stops) = day_at(tokens, at + article, language)?;
    used += article;
    used += usize::from(language == Language::Spanish && matches!(word(used), "de" | "del"));
    if let Some(month) = month(language, word(used)) {
        used += 1;
        let link = usize::from(matches!(word(used), "de" | "del"));
        used += year_tokens(tokens, at + used, link);
        let words = vec![MONTHS[month - 1].to_owned(), day.to_string()];
        return Some(Date { words, tokens: used, full_stops });
    }
    let used = used - usize::from(matches!(word(used.saturating_sub(1)), "de" | "del"));
    let named = match language {
        Language::Spanish | Language::French => article > 0 && !matches!(word(0), "au" | "al"),
        Language::German => article > 0 && full_stops > 0,
        Language::English => false,
    };
    let counted = tokens.get(at + used).is_some_and(|next| {
        next.is_digits()
            || next.is_word()
                && !next.is_any(&["a", "à", "um", "y", "et", "und", "por", "o", "ou", "oder", "de"])
            || next.is_any(&["%", "€", "$", "h", ":"])
    });
    if !named || counted {
        return None;
    }
    let words = ["on", "the", &day.to_string(), "th"].map(str::to_owned).to_vec();
    Some(Date { words, tokens: used, full_stops })
}

fn year_tokens(tokens: &[Token], at: usize, link: usize) -> usize {
    let year = tokens.get(at + link).and_then(|token| token.text.parse::<u32>().ok());
    if year.is_some_and(|year| (2000..2100).contains(&year)) { link + 1 } else { 0 }
}

/// The day, its tokens, and how many of them are full stops.
fn day_at(tokens: &[Token], at: usize, language: Language) -> Option<(u32, usize, usize)> {
    let token = tokens.get(at)?;
    let fits = |day: &u32| (1..=31).contains(day);
    if token.is_digits() {
        let day = token.text.parse().ok().filter(fits)?;
        let next = tokens.get(at + 1);
        let more = tokens.get(at + 2);
        let stop = language == Language::German
            && next.is_some_and(|next| next.is(".") && next.glued)
            && more.is_some();
        let raised = next.is_some_and(|next| next.glued && next.is_any(&["er", "º", "°"]));
        return Some((day, 1 + usize::from(stop || raised), usize::from(stop)));
    }
    if let Some(day) = number::ordinal(language, &token.text).filter(fits) {
        return Some((day, 1, usize::from(language == Language::German && day > 0)));
    }
    if language == Language::German || number::is_article(language, &token.text) {
        return None;
    }
    let (value, used) = number::whole(tokens, at, language)?;
    let day = value as u32;
    fits(&day).then_some((day, used, 0))
}

/// "15/03", "15.03.", "15.03.2027": day, month and tokens.
fn written(tokens: &[Token], at: usize, language: Language) -> Option<(u32, usize, usize)> {
    let first = tokens.get(at).filter(|token| token.is_digits())?;
    let is = |offset: usize, mark: &str| {
        tokens.get(at + offset).is_some_and(|token| token.is(mark) && token.glued)
    };
    let (day, month, used): (u32, usize, usize) = if language == Language::German {
        let (day, month) = first.text.split_once('.')?;
        let dotted = is(1, ".") || at > 0 && tokens[at - 1].is_any(&["am", "den", "zum"]);
        if !dotted || tokens.get(at + 1).is_some_and(|next| next.is("uhr")) {
            return None;
        }
        // The stop of "15.03." may end the sentence; only before a year is it part of the date.
        let year =
            is(1, ".") && tokens.get(at + 2).is_some_and(|year| year.is_digits() && year.glued);
        (day.parse().ok()?, month.parse().ok()?, if year { 3 } else { 1 })
    } else {
        let month = tokens.get(at + 2).filter(|token| token.is_digits() && is(1, "/"))?;
        let year = is(3, "/") && tokens.get(at + 4).is_some_and(Token::is_digits);
        (first.text.parse().ok()?, month.text.parse().ok()?, if year { 5 } else { 3 })
    };
    let fits = (1..=31).contains(&day) && (1..=12).contains(&month);
    fits.then_some((day, month, used))
}

fn month(language: Language, word: &str) -> Option<usize> {
    let names: [&str; 12] = match language {
        Language::English => return None,
        Language::Spanish => [
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
        Language::French => [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        Language::German => [
            "januar",
            "februar",
            "märz",
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
    };
    names.iter().position(|name| *name == word).map(|place| place + 1)
}
