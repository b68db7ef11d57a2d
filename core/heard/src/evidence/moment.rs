//! Days and times of day: the one agreed on, or the one a field names.

use std::ops::Range;

use super::lexicon::Set;
use super::profile::{Profile, Want};
use super::scene::{Line, Scene};
use crate::fields::{clause as piece_of, clock_text};
use crate::language::Language;
use crate::talk::{Day, Unit, Value};
use crate::when::clock_words;
use crate::wishes;
use crate::zone::days_from_civil;

/// A day or a time of day where it was said.
#[derive(Clone, Debug)]
pub(super) struct Said {
    line: usize,
    at: Range<usize>,
    /// The part of the sentence that it belongs to.
    piece: Range<usize>,
    /// A day that was named by its date.
    by_date: bool,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// As a date if the day of the call is known, else in the words it was said in.
    Day(String),
    Clock {
        minute: u16,
        certain: bool,
    },
}

/// So much of a field's topic must be named where the value is said or asked for.
const NAMED_MIN: f32 = 0.5;

pub(super) fn said(scene: &Scene) -> Vec<Said> {
    let mut found = Vec::new();
    for (index, line) in scene.lines.iter().enumerate() {
        days(scene, index, line, &mut found);
        clocks(scene, index, line, &mut found);
    }
    found.retain(|said| !is_refused(&scene.lines[said.line], &said.at));
    found
}

fn days(scene: &Scene, index: usize, line: &Line, found: &mut Vec<Said>) {
    let before = found.len();
    for fact in line.facts() {
        let text = match fact.value {
            Value::Date(day) => {
                // "The office is closed today" names no day that was agreed.
                let words = || line.slice(fact.at.clone()).to_owned();
                let date = known_day(found, day).or_else(|| scene.talk.date(day));
                Some(date.unwrap_or_else(words))
            }
            Value::Duration { high, unit, .. } if wishes::is_from_now(line.heard, &fact.at) => {
                let day_or_more = !matches!(unit, Unit::Minute | Unit::Hour | Unit::Year);
                day_or_more.then(|| scene.talk.date_after(high * unit.days())).flatten()
            }
            _ => None,
        };
        if let Some(text) = text {
            let (at, piece) = (fact.at.clone(), piece_of(line.heard, fact));
            let by_date =
                matches!(fact.value, Value::Date(Day::MonthDay { .. } | Day::DayOfMonth(_)));
            found.push(Said { line: index, at, piece, by_date, what: What::Day(text) });
        }
    }
    const THIS_DAY: &[&str] = &[
        "this afternoon",
        "this morning",
        "this evening",
        "later today",
        "esta tarde",
        "esta manana",
        "esta noche",
        "cet apres midi",
        "ce soir",
        "ce matin",
        "heute nachmittag",
        "heute abend",
        "heute vormittag",
    ];
    let named = found[before..].iter().any(|said| matches!(said.what, What::Day(_)));
    if !named
        && let Some(sentence) =
            line.sentences.iter().find(|one| line.says((*one).clone(), THIS_DAY))
        && let Some(text) = scene.talk.date(Day::Today)
    {
        let (at, piece) = (sentence.clone(), sentence.clone());
        found.push(Said { line: index, at, piece, by_date: false, what: What::Day(text) });
    }
}

/// "Saturday" after "Saturday the fifth" is the fifth.
fn known_day(found: &[Said], day: Day) -> Option<String> {
    let Day::Weekday { day, .. } = day else { return None };
    let known = found.iter().rev().filter(|said| said.by_date).find_map(|said| match &said.what {
        What::Day(text) if weekday_of(text) == Some(day) => Some(text),
        _ => None,
    });
    known.cloned()
}

/// 0 for Monday.
fn weekday_of(date: &str) -> Option<u8> {
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, of_month) = (parts.next()??, parts.next()??, parts.next()??);
    // The first day of 1970 was a Thursday.
    u8::try_from((days_from_civil(year, month, of_month) + 3).rem_euclid(7)).ok()
}

fn clocks(scene: &Scene, index: usize, line: &Line, found: &mut Vec<Said>) {
    let french = line.heard.language == Language::French;
    let offered = found
        .last()
        .is_some_and(|said| said.line + 1 == index && matches!(said.what, What::Clock { .. }));
    let timely = offered || speaks_of_times(scene, index, line);
    let facts: Vec<_> = line.facts().collect();
    let mut skip_to = 0;
    for (place, fact) in facts.iter().enumerate() {
        if fact.at.start < skip_to {
            continue;
        }
        let mut at = fact.at.clone();
        let clock = match fact.value {
            Value::Clock { minute, certain } => Some((minute, certain)),
            // "Vingt heures trente" where nothing says that it is a time.
            Value::Duration { low, high, unit: Unit::Hour }
                if french && timely && low == high && high < 24.0 =>
            {
                let minutes = facts.get(place + 1).and_then(|next| match next.value {
                    Value::Number(minutes) if next.at.start == fact.at.end && minutes < 60.0 => {
                        Some(minutes)
                    }
                    _ => None,
                });
                at.end += usize::from(minutes.is_some());
                Some((high as u16 * 60 + minutes.unwrap_or(0.0) as u16, high > 12.0))
            }
            Value::Number(hour) if timely => bare(line, &at, hour),
            Value::Money { amount, currency: None, per_unit: false } if timely => {
                bare(line, &at, amount)
            }
            _ => None,
        };
        let Some((minute, certain)) = clock else { continue };
        if let Value::Number(_) | Value::Money { .. } = fact.value
            && let Some((_, used, _)) = clock_words(line.tokens(), at.start)
        {
            at.end = at.end.max(at.start + used);
        }
        skip_to = at.end;
        let piece = piece_of(line.heard, fact);
        let what = What::Clock { minute, certain };
        found.push(Said { line: index, at, piece, by_date: false, what });
    }
}

/// "Eleven or three thirty", "by eleven": numbers where times are talked of.
fn bare(line: &Line, at: &Range<usize>, number: f64) -> Option<(u16, bool)> {
    let tokens = line.tokens();
    let words = clock_words(tokens, at.start);
    let end = words.map_or(at.end, |(_, used, _)| at.end.max(at.start + used));
    let counted = tokens.get(end).is_some_and(|next| {
        next.is_word()
            && !next.is_any(&[
                "or", "and", "is", "works", "please", "would", "then", "on", "at", "sharp", "it",
                "if", "today", "tomorrow", "tonight", "o'clock", "be", "for", "o", "y", "et",
                "und", "ist", "geht", "passt",
            ])
    });
    let for_so_many =
        at.start > 0 && tokens[at.start - 1].is_any(&["for", "times", "number", "room"]);
    if counted || for_so_many {
        return None;
    }
    if let Some((minute, _, _)) = words {
        return Some((minute, false));
    }
    let whole = number.fract() == 0.0 && (1.0..=12.0).contains(&number);
    (whole && at.len() == 1).then(|| (number as u16 * 60, false))
}

/// The utterance, or the one before it, is about times.
fn speaks_of_times(scene: &Scene, index: usize, line: &Line) -> bool {
    let clock = |line: &Line| line.facts().any(|fact| matches!(fact.value, Value::Clock { .. }));
    const ASKS: &[&str] = &[
        "what time",
        "when",
        "how late",
        "until when",
        "which time",
        "que hora",
        "quelle heure",
        "wann",
        "wie lange",
        "bis wann",
        "cuando",
        "quand",
        "appointment",
        "slot",
        "opening",
    ];
    let asked = scene.question_says(line, ASKS);
    let before = index.checked_sub(1).map(|before| &scene.lines[before]);
    let offered = before.is_some_and(|before| clock(before) || before.says(before.all(), ASKS));
    asked || offered || clock(line) || line.facts().any(|fact| matches!(fact.value, Value::Date(_)))
}

fn is_refused(line: &Line, at: &Range<usize>) -> bool {
    const AFTERWARDS: &[&str] = &[
        "full",
        "booked",
        "gone",
        "taken",
        "busy",
        "not possible",
        "isn't possible",
        "no good",
        "doesn't work",
        "won't work",
        "not available",
        "isn't available",
        "impossible",
        "is out",
        "unavailable",
        "complet",
        "voll",
        "ausgebucht",
        "no me queda",
        "completo",
        "ocupado",
        "belegt",
        "vergeben",
        "pris",
        "no puedo",
        "nothing",
        "geht nicht",
        "geht leider nicht",
        "ginge nicht",
        "no es posible",
        "pas possible",
    ];
    let clause = line.clause(at.start);
    line.says(at.start..clause.end, AFTERWARDS)
}

/// The day for a field.
pub(super) fn date(
    scene: &Scene,
    all: &[Said],
    field: &Profile,
    rivals: &[&Profile],
) -> Option<String> {
    let found = pick(scene, all, field, rivals, |what| matches!(what, What::Day(_)))?;
    match &found.what {
        What::Day(text) => Some(text.clone()),
        What::Clock { .. } => None,
    }
}

/// The time of day for a field, as `HH:MM`.
pub(super) fn clock(
    scene: &Scene,
    all: &[Said],
    field: &Profile,
    rivals: &[&Profile],
) -> Option<String> {
    let found = pick(scene, all, field, rivals, |what| matches!(what, What::Clock { .. }))?;
    Some(clock_text(in_its_half(scene, all, found, field)?))
}

/// A day with its time; one of them where the other was not said.
pub(super) fn moment(
    scene: &Scene,
    all: &[Said],
    field: &Profile,
    rivals: &[&Profile],
) -> Option<String> {
    let day = pick(scene, all, field, rivals, |what| matches!(what, What::Day(_)));
    let clock = pick(scene, all, field, rivals, |what| matches!(what, What::Clock { .. }));
    let iso = |said: &Said| match &said.what {
        What::Day(text) => text.clone(),
        What::Clock { .. } => String::new(),
    };
    match (day, clock) {
        (Some(day), Some(clock)) => {
            let day = iso(day);
            let clock = clock_text(in_its_half(scene, all, clock, field)?);
            let between = if day.starts_with(|c: char| c.is_ascii_digit()) { "T" } else { " " };
            Some(format!("{day}{between}{clock}"))
        }
        (Some(day), None) => Some(iso(day)),
        (None, Some(clock)) => Some(clock_text(in_its_half(scene, all, clock, field)?)),
        (None, None) => None,
    }
}

fn pick<'s>(
    scene: &Scene,
    all: &'s [Said],
    field: &Profile,
    rivals: &[&Profile],
    of_kind: impl Fn(&What) -> bool,
) -> Option<&'s Said> {
    let mut best: Option<(f32, &Said)> = None;
    let general = is_of_the_call(field);
    for said in all.iter().filter(|said| of_kind(&said.what)) {
        let line = &scene.lines[said.line];
        let counts = line.heard.callee || general && scene.is_agreed(said.line);
        if !counts {
            continue;
        }
        let named = about(scene, said, field);
        let claimed = rivals.iter().any(|rival| {
            let other = about(scene, said, rival);
            other >= NAMED_MIN && other > named + 0.05
        });
        let answers = answers_when(scene, line, said) || is_echoed(all, said);
        let asked = rivals.is_empty() && answers && !is_of_another(scene, said, field);
        // What the call is about needs no name; what is named by the field's words goes before it.
        let score = if named >= NAMED_MIN {
            if general { 0.6 } else { named.min(1.0) }
        } else if general {
            0.6
        } else if asked {
            0.5
        } else {
            continue;
        };
        if claimed {
            continue;
        }
        if best.is_none_or(|(known, _)| score >= known - 0.1) {
            best = Some((score, said));
        }
    }
    best.map(|(_, said)| said)
}

/// "We expect her back on Tuesday." "Tuesday, then.": both sides said it.
fn is_echoed(all: &[Said], said: &Said) -> bool {
    all.iter().any(|one| one.line + 1 == said.line && one.what == said.what)
}

/// The question or the words beside the value name another event: when they open, not when they close.
fn is_of_another(scene: &Scene, said: &Said, field: &Profile) -> bool {
    let line = &scene.lines[said.line];
    let mut means = scene.question_means(line);
    means.add(line.means(said.piece.clone()));
    let events = Set::of(&[
        "opening",
        "closing",
        "checkin",
        "checkout",
        "delivery",
        "deadline",
        "cancel",
        "finish",
        "service_start",
        "kitchen",
    ]);
    means.and(events).without(field.topic_set) != Set::default()
}

fn answers_when(scene: &Scene, line: &Line, said: &Said) -> bool {
    let asks: &[&str] = match said.what {
        What::Day(_) => &[
            "when",
            "which day",
            "what day",
            "what date",
            "cuando",
            "quand",
            "wann",
            "how soon",
            "que dia",
        ],
        What::Clock { .. } => &[
            "what time",
            "when",
            "how late",
            "que hora",
            "quelle heure",
            "wann",
            "cuando",
            "quand",
            "uhr",
        ],
    };
    scene.question_says(line, asks)
}

fn about(scene: &Scene, said: &Said, field: &Profile) -> f32 {
    let line = &scene.lines[said.line];
    let mut score = field.about(line, said.piece.clone());
    if let Some(sentence) = line.sentences.iter().find(|one| one.contains(&said.at.start)) {
        let alone = line
            .facts()
            .filter(|fact| {
                sentence.contains(&fact.at.start)
                    && matches!(fact.value, Value::Date(_) | Value::Clock { .. })
            })
            .count()
            <= 2;
        let weight = if alone { 0.9 } else { 0.5 };
        score = score.max(weight * field.about(line, sentence.clone()));
    }
    if let Some((ours, sentences)) = scene.question(line) {
        for sentence in sentences {
            score = score.max(0.85 * field.about(ours, sentence));
        }
    }
    score
}

/// The day or time that the call is about, rather than that of something else.
fn is_of_the_call(field: &Profile) -> bool {
    let call = Set::of(&[
        "booking",
        "appointment",
        "visit",
        "meeting",
        "table",
        "demo",
        "reschedule",
        "pickup",
        "callback",
        "tasting",
        "interview",
    ]);
    let call_kinds = Set::of(&["new", "confirm", "earliest"]);
    let apart = Set::of(&["available", "latest", "min", "max"]);
    let other = Set::of(&[
        "deadline",
        "cancel",
        "opening",
        "closing",
        "finish",
        "late",
        "collection_last",
        "checkin",
        "checkout",
    ]);
    if field.topic_set.meets(other) || field.kind_set.meets(apart) {
        return false;
    }
    field.is_general()
        || field.topic_set.meets(call)
        || field.kind_set.meets(call_kinds)
        || field.want == Want::Moment
}

/// The half of the day that was meant.
fn in_its_half(scene: &Scene, all: &[Said], said: &Said, field: &Profile) -> Option<u16> {
    let What::Clock { minute, certain } = said.what else { return None };
    const NOON: u16 = 720;
    if certain || minute >= NOON {
        return Some(minute);
    }
    const EVENING: &[&str] = &[
        "evening",
        "tonight",
        "dinner",
        "night",
        "noche",
        "cena",
        "soir",
        "abend",
        "abends",
        "afternoon",
        "tarde",
        "apres midi",
        "nachmittag",
    ];
    const MORNING: &[&str] =
        &["morning", "am", "manana", "matin", "morgen", "vormittag", "breakfast", "early"];
    let line = &scene.lines[said.line];
    let checkout = field.topic_set.meets(Set::of(&["checkout"]));
    let ends = field.topic_set.meets(Set::of(&[
        "closing",
        "finish",
        "kitchen",
        "collection_last",
        "dinner",
    ])) || field.kind_set.meets(Set::of(&["latest"]));
    if ends && !checkout {
        return Some(minute + NOON);
    }
    let morning = line.says(line.all(), MORNING);
    let from = said.line.saturating_sub(4);
    let evening = scene.lines[from..=said.line].iter().any(|line| line.says(line.all(), EVENING))
        && is_of_the_call(field);
    // Nine in the evening was asked for: half past nine is then, too.
    const NEAR_MINUTES: u16 = 120;
    let near = all.iter().filter(|other| other.line <= said.line).any(|other| match other.what {
        What::Clock { minute: known, certain: true } => {
            known.abs_diff(minute + NOON) <= NEAR_MINUTES
        }
        _ => false,
    });
    if near && !morning {
        return Some(minute + NOON);
    }
    let late_enough = minute >= 60 && !morning;
    if late_enough && (minute < 8 * 60 || evening && minute < 11 * 60 + 30) && !checkout {
        return Some(minute + NOON);
    }
    Some(minute)
}
