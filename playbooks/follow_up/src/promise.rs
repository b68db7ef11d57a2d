//! By when it will be done, as it was said and as a date.

use agenticcalling_playbook::extract::{Day, Talk, Unit, Value, date_in, date_of};
use agenticcalling_playbook::strategy::{folded, says};

/// A new promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Promise {
    /// In their words: "Friday".
    pub(crate) words: String,
    /// `2026-12-04`, where it could be computed.
    pub(crate) date: Option<String>,
}

impl Promise {
    pub(crate) fn written(&self) -> &str {
        self.date.as_deref().unwrap_or(&self.words)
    }
}

/// The last day that is named in `text`.
pub(crate) fn find(text: &str, now_ms: u64, zone: &str) -> Option<Promise> {
    let spoken = folded(text);
    by_period(&spoken, now_ms, zone)
        .or_else(|| by_fact(text, now_ms, zone))
        .or_else(|| by_name(&spoken, now_ms, zone))
        .or_else(|| by_span(&spoken, now_ms, zone))
}

/// "By the end of the week."
fn by_period(spoken: &str, now_ms: u64, zone: &str) -> Option<Promise> {
    const WEEK: &[&str] = &[
        "end of the week",
        "end of this week",
        "finales de semana",
        "final de la semana",
        "fin de la semaine",
        "fin de semaine",
        "ende der woche",
        "ende dieser woche",
    ];
    const MONTH: &[&str] = &[
        "end of the month",
        "end of this month",
        "month s end",
        "finales de mes",
        "fin de mes",
        "final de mes",
        "fin du mois",
        "fin de ce mois",
        "ende des monats",
        "monatsende",
    ];
    const DAY: &[&str] = &[
        "end of the day",
        "end of day",
        "close of business",
        "final del dia",
        "fin de la journee",
        "ende des tages",
    ];
    let named = |list: &[&str]| {
        list.iter().find(|phrase| says(spoken, &[phrase])).map(|phrase| (*phrase).to_owned())
    };
    if let Some(words) = named(WEEK) {
        return Some(Promise {
            words,
            date: date_of(Day::Weekday { day: 4, next: false }, now_ms, zone),
        });
    }
    if let Some(words) = named(MONTH) {
        return Some(Promise { words, date: month_end(now_ms, zone) });
    }
    let words = named(DAY)?;
    Some(Promise { words, date: date_of(Day::Today, now_ms, zone) })
}

fn month_end(now_ms: u64, zone: &str) -> Option<String> {
    const MONTH_DAYS_MAX: i64 = 31;
    let today = date_in(0, now_ms, zone)?;
    let month = today.get(..7)?;
    let mut last = today.clone();
    for days in 1..=MONTH_DAYS_MAX {
        let date = date_in(days, now_ms, zone)?;
        if !date.starts_with(month) {
            break;
        }
        last = date;
    }
    Some(last)
}

fn by_fact(text: &str, now_ms: u64, zone: &str) -> Option<Promise> {
    let mut talk = Talk::new();
    talk.push(true, text);
    let mut promise = None;
    for (_, fact) in talk.facts().filter(|(_, fact)| !fact.corrected && !fact.negated) {
        let words = text.get(fact.span.clone()).unwrap_or("").trim().to_owned();
        match fact.value {
            Value::Date(day) => promise = Some(Promise { words, date: date_of(day, now_ms, zone) }),
            Value::Duration { high, unit, .. }
                if promise.is_none() && is_ahead(text, fact.span.start) =>
            {
                let date = date_in((high * days(unit)).ceil() as i64, now_ms, zone);
                promise = Some(Promise { words: format!("in {words}"), date });
            }
            _ => {}
        }
    }
    promise
}

/// "In two weeks", "within three days"; not "it takes two weeks" and not "two weeks ago".
fn is_ahead(text: &str, at: usize) -> bool {
    let before = folded(text.get(..at).unwrap_or(""));
    let last = before.split_whitespace().next_back().unwrap_or("");
    let ago = says(&folded(text.get(at..).unwrap_or("")), &["ago"]);
    !ago && matches!(
        last,
        "in" | "within" | "about" | "another" | "en" | "dans" | "sous" | "binnen" | "innerhalb"
    )
}

fn days(unit: Unit) -> f64 {
    match unit {
        Unit::Minute => 1.0 / 1440.0,
        Unit::Hour => 1.0 / 24.0,
        Unit::Day => 1.0,
        // Five of them make a week.
        Unit::BusinessDay => 1.4,
        Unit::Week => 7.0,
        Unit::Month => 30.0,
        Unit::Year => 365.0,
    }
}

/// Days by their names in Spanish, French and German.
fn by_name(spoken: &str, now_ms: u64, zone: &str) -> Option<Promise> {
    const MORNINGS: &[&str] = &["guten morgen", "por la manana", "de la manana", "en la manana"];
    const NAMES: &[(&str, Day)] = &[
        ("pasado manana", Day::DayAfterTomorrow),
        ("apres demain", Day::DayAfterTomorrow),
        ("ubermorgen", Day::DayAfterTomorrow),
        ("proxima semana", Day::NextWeek),
        ("semana que viene", Day::NextWeek),
        ("semaine prochaine", Day::NextWeek),
        ("nachste woche", Day::NextWeek),
        ("nachster woche", Day::NextWeek),
        ("lunes", weekday(0)),
        ("martes", weekday(1)),
        ("miercoles", weekday(2)),
        ("jueves", weekday(3)),
        ("viernes", weekday(4)),
        ("sabado", weekday(5)),
        ("domingo", weekday(6)),
        ("lundi", weekday(0)),
        ("mardi", weekday(1)),
        ("mercredi", weekday(2)),
        ("jeudi", weekday(3)),
        ("vendredi", weekday(4)),
        ("samedi", weekday(5)),
        ("dimanche", weekday(6)),
        ("montag", weekday(0)),
        ("dienstag", weekday(1)),
        ("mittwoch", weekday(2)),
        ("donnerstag", weekday(3)),
        ("freitag", weekday(4)),
        ("samstag", weekday(5)),
        ("sonnabend", weekday(5)),
        ("sonntag", weekday(6)),
        ("manana", Day::Tomorrow),
        ("demain", Day::Tomorrow),
        ("morgen", Day::Tomorrow),
        ("hoy", Day::Today),
        ("aujourd hui", Day::Today),
        ("heute", Day::Today),
    ];
    let morning = says(spoken, MORNINGS);
    for (name, day) in NAMES {
        let only_morning = morning && *day == Day::Tomorrow && *name != "demain";
        if says(spoken, &[name]) && !only_morning {
            return Some(Promise { words: (*name).to_owned(), date: date_of(*day, now_ms, zone) });
        }
    }
    None
}

const fn weekday(day: u8) -> Day {
    Day::Weekday { day, next: false }
}

/// "En tres días", "dans deux semaines", "in 3 Tagen".
fn by_span(spoken: &str, now_ms: u64, zone: &str) -> Option<Promise> {
    const COUNTS: &[(&str, i64)] = &[
        ("un", 1),
        ("una", 1),
        ("une", 1),
        ("einem", 1),
        ("einer", 1),
        ("dos", 2),
        ("deux", 2),
        ("zwei", 2),
        ("tres", 3),
        ("trois", 3),
        ("drei", 3),
        ("cuatro", 4),
        ("quatre", 4),
        ("vier", 4),
        ("cinco", 5),
        ("cinq", 5),
        ("funf", 5),
        ("seis", 6),
        ("six", 6),
        ("sechs", 6),
        ("siete", 7),
        ("sept", 7),
        ("sieben", 7),
        ("ocho", 8),
        ("huit", 8),
        ("acht", 8),
        ("diez", 10),
        ("dix", 10),
        ("zehn", 10),
    ];
    let words: Vec<&str> = spoken.split_whitespace().collect();
    for three in words.windows(3) {
        let [lead, count, unit] = three else { continue };
        if !matches!(*lead, "en" | "dans" | "sous" | "in" | "binnen") {
            continue;
        }
        let days = match *unit {
            "dia" | "dias" | "jour" | "jours" | "tag" | "tagen" => 1,
            "semana" | "semanas" | "semaine" | "semaines" | "woche" | "wochen" => 7,
            "mes" | "meses" | "mois" | "monat" | "monaten" => 30,
            _ => continue,
        };
        let spelled = COUNTS.iter().find(|(name, _)| name == count).map(|(_, number)| *number);
        let Some(count) =
            count.parse::<i64>().ok().filter(|count| (0..1_000).contains(count)).or(spelled)
        else {
            continue;
        };
        return Some(Promise { words: three.join(" "), date: date_in(count * days, now_ms, zone) });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_become_dates() {
        // Monday 2026-11-23, 11:00 in New York.
        let check = |text: &str, expected: Option<&str>| {
            let found = find(text, 1_795_449_600_000, "America/New_York").and_then(|one| one.date);
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("You will have it by Friday.", Some("2026-11-27"));
        check("Tomorrow morning.", Some("2026-11-24"));
        check("In two weeks, I hope.", Some("2026-12-07"));
        check("By the end of the week.", Some("2026-11-27"));
        check("By the end of the month.", Some("2026-11-30"));
        check("It takes two weeks.", None);
        check("Soon.", None);
        check("El viernes se lo mando.", Some("2026-11-27"));
        check("Dans trois jours.", Some("2026-11-26"));
        check("Bis übermorgen.", Some("2026-11-25"));
        check("Guten Morgen.", None);
        check("Das schicke ich Ihnen morgen.", Some("2026-11-24"));
    }
}
