//! Times of day: "a las ocho y media", "à vingt heures trente", "halb acht", "20 Uhr".

use super::Language;
use super::number;
use crate::token::Token;

/// A time of day and the tokens it took.
pub(super) struct Clock {
    minute: u32,
    pub(super) tokens: usize,
    /// "am" or "pm", where it was said.
    half: Option<&'static str>,
    /// Noon or midnight by name.
    named: bool,
}

impl Clock {
    /// The English tokens: `8 : 30 pm`.
    pub(super) fn words(&self) -> Vec<String> {
        if self.named {
            return vec![if self.minute < 720 { "midnight" } else { "noon" }.to_owned()];
        }
        let mut words = vec![
            (self.minute / 60).to_string(),
            ":".to_owned(),
            format!("{:02}", self.minute % 60),
        ];
        words.extend(self.half.map(str::to_owned));
        words
    }
}

pub(super) fn at(tokens: &[Token], at: usize, language: Language) -> Option<Clock> {
    let (minute, used) = match language {
        Language::English => None,
        Language::Spanish => spanish(tokens, at),
        Language::French => french(tokens, at),
        Language::German => german(tokens, at),
    }?;
    let named = tokens[at].is_any(&["midi", "minuit"]) && minute % 720 == 0;
    let (part, more) = part_of_day(tokens, at + used, language);
    let (minute, half) = settle(minute, part);
    Some(Clock { minute, tokens: used + more, half, named })
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Morning,
    Afternoon,
    Night,
}

/// Twelve at night is midnight, one at night is after it.
fn settle(minute: u32, part: Option<Part>) -> (u32, Option<&'static str>) {
    let hour = minute / 60;
    match part {
        Some(Part::Night) if hour == 12 => (minute - 720, None),
        Some(Part::Night) if (1..5).contains(&hour) => (minute, Some("am")),
        Some(Part::Morning) if hour <= 12 => (minute, Some("am")),
        Some(Part::Afternoon | Part::Night) if (1..=12).contains(&hour) => (minute, Some("pm")),
        _ => (minute, None),
    }
}

fn part_of_day(tokens: &[Token], at: usize, language: Language) -> (Option<Part>, usize) {
    let phrases: &[(&str, Part)] = match language {
        Language::English => &[],
        Language::Spanish => &[
            ("de la mañana", Part::Morning),
            ("por la mañana", Part::Morning),
            ("de la tarde", Part::Afternoon),
            ("por la tarde", Part::Afternoon),
            ("de la noche", Part::Night),
            ("por la noche", Part::Night),
            ("de la madrugada", Part::Morning),
            ("del mediodía", Part::Afternoon),
        ],
        Language::French => &[
            ("du matin", Part::Morning),
            ("le matin", Part::Morning),
            ("de l' après midi", Part::Afternoon),
            ("l' après midi", Part::Afternoon),
            ("du soir", Part::Night),
            ("le soir", Part::Night),
        ],
        Language::German => &[
            ("morgens", Part::Morning),
            ("früh", Part::Morning),
            ("vormittags", Part::Morning),
            ("am morgen", Part::Morning),
            ("am vormittag", Part::Morning),
            ("mittags", Part::Afternoon),
            ("nachmittags", Part::Afternoon),
            ("am nachmittag", Part::Afternoon),
            ("abends", Part::Night),
            ("am abend", Part::Night),
            ("nachts", Part::Night),
        ],
    };
    for (phrase, part) in phrases {
        if let Some(found) = crate::token::match_phrase(tokens, at, tokens.len(), phrase) {
            return (Some(*part), found.end - at);
        }
    }
    (None, 0)
}

fn hour_at(tokens: &[Token], at: usize, language: Language) -> Option<(u32, usize)> {
    let (value, used) = number_at(tokens, at, language)?;
    (value <= 24).then_some((value % 24, used))
}

fn minutes_at(tokens: &[Token], at: usize, language: Language) -> Option<(u32, usize)> {
    number_at(tokens, at, language).filter(|(value, _)| (1..60).contains(value))
}

/// A whole number below a hundred; articles are no hours but for "la una" and "una hora".
fn number_at(tokens: &[Token], at: usize, language: Language) -> Option<(u32, usize)> {
    let token = tokens.get(at)?;
    if token.is_digits() {
        let value: u32 = token.text.parse().ok()?;
        return (value < 100).then_some((value, 1));
    }
    if token.is("una") {
        return Some((1, 1));
    }
    let (value, used) = number::whole(tokens, at, language)?;
    (value < 100.0).then_some((value as u32, used))
}

fn spanish(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    const BEFORE: &[&str] = &[
        "a", "hasta", "desde", "sobre", "hacia", "de", "son", "es", "entre", "y", "para", "antes",
        "después", "partir",
    ];
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let article = usize::from(matches!(word(0), "las" | "la"));
    let (hour, hour_tokens) = hour_at(tokens, at + article, Language::Spanish)?;
    let mut used = article + hour_tokens;
    let mut minute = hour * 60;
    let mut stated = false;
    match (word(used), word(used + 1)) {
        (":" | "." | "h", _) if figures(tokens, at + used + 1) && word(used) != "." => {
            minute +=
                minutes_at(tokens, at + used + 1, Language::Spanish).map_or(0, |found| found.0);
            used += 2;
            stated = true;
        }
        ("y", "media") => (minute, used, stated) = (minute + 30, used + 2, article > 0),
        ("y", "cuarto") => (minute, used, stated) = (minute + 15, used + 2, true),
        ("menos", "cuarto") => (minute, used, stated) = (back(minute, 15), used + 2, true),
        (link @ ("y" | "menos"), _) if article > 0 => {
            if let Some((minutes, more)) = minutes_at(tokens, at + used + 1, Language::Spanish) {
                let later = link == "y";
                minute = if later { minute + minutes } else { back(minute, minutes) };
                used += 1 + more;
                stated = true;
            }
        }
        _ => {}
    }
    if matches!(word(used), "h" | "horas") && (article > 0 || stated) {
        used += 1;
        stated = true;
    }
    if (word(used), word(used + 1)) == ("en", "punto") {
        used += 2;
        stated = true;
    }
    let part = part_of_day(tokens, at + used, Language::Spanish).0.is_some();
    let cued = article > 0
        && (before.is_some_and(|before| before.is_any(BEFORE))
            || word(0) == "las" && ends(tokens, at + used));
    (stated || part || cued && !counts(tokens, at + used)).then_some((minute, used))
}

/// A quarter to one is a quarter to thirteen, not before midnight.
fn back(minute: u32, minutes: u32) -> u32 {
    if minute >= minutes { minute - minutes } else { minute + 1440 - minutes }
}

fn figures(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|token| token.is_digits() && token.text.len() == 2 && token.glued)
}

fn ends(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_none_or(Token::is_mark)
}

/// "A las tres habitaciones": a noun follows.
fn counts(tokens: &[Token], at: usize) -> bool {
    const SMALL: &[&str] = &[
        "y",
        "o",
        "de",
        "del",
        "a",
        "hasta",
        "en",
        "el",
        "la",
        "los",
        "por",
        "para",
        "con",
        "si",
        "está",
        "hoy",
        "mañana",
        "pasado",
        "más",
        "como",
        "estaría",
        "me",
        "nos",
        "que",
        "todos",
        "cada",
        "excepto",
        "salvo",
        "los",
        "entonces",
        "gracias",
        "también",
        "pero",
        "porque",
        "cerramos",
        "abrimos",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "sábados",
        "domingos",
        "cuando",
        "sí",
        "no",
        "aproximadamente",
        "perfecto",
    ];
    tokens.get(at).is_some_and(|token| token.is_word() && !token.is_any(SMALL))
}

fn french(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    const BEFORE: &[&str] = &[
        "à", "vers", "jusqu'", "dès", "de", "avant", "après", "pour", "entre", "et", "est",
        "partir",
    ];
    const SPAN: &[&str] = &[
        "dans", "pendant", "sous", "en", "prend", "faut", "durant", "toutes", "environ", "dure",
        "d'", "pour", "les",
    ];
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    if matches!(word(0), "midi" | "minuit") {
        let half = word(1) == "et" && matches!(word(2), "demi" | "demie");
        let noon = if word(0) == "midi" { 720 } else { 0 };
        return Some((noon + if half { 30 } else { 0 }, if half { 3 } else { 1 }));
    }
    let one = matches!(word(0), "une" | "1");
    let (hour, mut used) =
        if word(0) == "une" { (1, 1) } else { hour_at(tokens, at, Language::French)? };
    if word(used) == ":" && figures(tokens, at + used + 1) {
        let minutes =
            minutes_at(tokens, at + used + 1, Language::French).map_or(0, |found| found.0);
        return Some((hour * 60 + minutes, used + 2));
    }
    if !matches!(word(used), "heures" | "heure" | "h") {
        return None;
    }
    let letter = word(used) == "h";
    used += 1;
    let mut minute = hour * 60;
    let mut stated = letter && !one;
    match (word(used), word(used + 1), word(used + 2)) {
        ("et", "demi" | "demie", _) => (minute, used, stated) = (minute + 30, used + 2, true),
        ("et", "quart", _) => (minute, used, stated) = (minute + 15, used + 2, true),
        ("moins", "le", "quart") => (minute, used, stated) = (back(minute, 15), used + 3, true),
        ("moins", _, _) => {
            if let Some((minutes, more)) = minutes_at(tokens, at + used + 1, Language::French) {
                (minute, used, stated) = (back(minute, minutes), used + 1 + more, true);
            }
        }
        _ => {
            let counted = |end: usize| tokens.get(end).is_some_and(Token::is_word) && !letter;
            let minutes = minutes_at(tokens, at + used, Language::French);
            if let Some((minutes, more)) =
                minutes.filter(|(_, more)| !counted(at + used + more) || letter)
            {
                (minute, used, stated) = (minute + minutes, used + more, true);
            }
        }
    }
    let spans = before.is_some_and(|before| before.is_any(SPAN) && !before.is("pour"));
    let part = part_of_day(tokens, at + used, Language::French).0.is_some();
    let cued = before.is_some_and(|before| before.is_any(BEFORE));
    let alone = before.is_none_or(Token::is_mark) && hour >= 6 && hour != 0;
    let clock = part || !spans && (stated || cued || alone);
    clock.then_some((minute, used))
}

fn german(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    const BEFORE: &[&str] = &["um", "gegen"];
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let after_fraction = |offset: usize| {
        let (hour, used) = hour_at(tokens, at + offset, Language::German)?;
        let uhr = usize::from(word(offset + used) == "uhr");
        (1..=12).contains(&hour).then_some((hour * 60, offset + used + uhr))
    };
    match (word(0), word(1)) {
        ("halb", _) => return after_fraction(1).map(|(minute, used)| (minute - 30, used)),
        ("dreiviertel", _) => return after_fraction(1).map(|(minute, used)| (minute - 15, used)),
        ("viertel", "nach") => return after_fraction(2).map(|(minute, used)| (minute + 15, used)),
        ("viertel", "vor") => return after_fraction(2).map(|(minute, used)| (minute - 15, used)),
        ("viertel", _) => return after_fraction(1).map(|(minute, used)| (minute - 45, used)),
        _ => {}
    }
    let written_dot = tokens.get(at).filter(|token| token.is_digits()).and_then(|token| {
        let (hour, minutes) = token.text.split_once('.')?;
        let (hour, minutes): (u32, u32) = (hour.parse().ok()?, minutes.parse().ok()?);
        (hour < 24 && minutes < 60 && word(1) == "uhr").then_some((hour * 60 + minutes, 2))
    });
    if written_dot.is_some() {
        return written_dot;
    }
    let (hour, mut used) = match word(0) {
        "ein" if word(1) == "uhr" => (1, 1),
        _ => hour_at(tokens, at, Language::German)?,
    };
    let short = matches!(hour, 5 | 10 | 20 | 25) && matches!(word(used), "nach" | "vor");
    if short && let Some((minute, end)) = after_fraction(used + 1) {
        let minute = if word(used) == "nach" { minute + hour } else { minute - hour };
        return Some((minute, end));
    }
    if word(used) == ":" && figures(tokens, at + used + 1) {
        let minutes =
            minutes_at(tokens, at + used + 1, Language::German).map_or(0, |found| found.0);
        used += 2;
        used += usize::from(word(used) == "uhr");
        return Some((hour * 60 + minutes, used));
    }
    if word(used) == "uhr" {
        used += 1;
        if let Some((minutes, more)) = minutes_at(tokens, at + used, Language::German) {
            return Some((hour * 60 + minutes, used + more));
        }
        return Some((hour * 60, used));
    }
    let part = part_of_day(tokens, at + used, Language::German).0.is_some();
    let cued = before.is_some_and(|before| before.is_any(BEFORE));
    (part || cued).then_some((hour * 60, used))
}
