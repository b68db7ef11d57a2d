//! Days and times as they are said in the language of the call.

use super::day::{Calendar, DAYS_AHEAD_MAX, Days};
use super::read::Part;
use super::wish::{Choice, Slot, Times, part_of};
use crate::extract::civil_from_days;
use crate::strategy::Language;

/// Days farther away than this are said with their date.
const NEAR_DAYS_MAX: i64 = 6;

/// "On Friday at 8 pm", "el viernes a las ocho de la tarde", "vendredi à 20 h", "am Freitag um 20 Uhr".
pub fn slot(slot: Slot, calendar: Calendar, language: Language) -> String {
    let day = day(slot.day, calendar, language);
    match slot.minute {
        Some(minute) => format!("{day} {}", at(minute, language)),
        None => day,
    }
}

/// "On Friday between 7:30 and 9 pm", "this week in the morning".
pub fn choice(choice: Choice, calendar: Calendar, language: Language) -> String {
    let days = days(choice.days, calendar, language);
    let times = times(choice.times, language);
    [days, times].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// "Today", "on Friday", "on Friday, December 4th".
pub fn day(day: i64, calendar: Calendar, language: Language) -> String {
    match day - calendar.today {
        0 => return language.pick(["today", "hoy", "aujourd'hui", "heute"]).to_owned(),
        1 => return language.pick(["tomorrow", "mañana", "demain", "morgen"]).to_owned(),
        _ => {}
    }
    let name = weekday(day, language);
    if (2..=NEAR_DAYS_MAX).contains(&(day - calendar.today)) {
        return match language {
            Language::English => format!("on {name}"),
            Language::Spanish => format!("el {name}"),
            Language::French => name.to_owned(),
            Language::German => format!("am {name}"),
        };
    }
    let (_, month, of_month) = civil_from_days(day);
    let month = month_name(month, language);
    match language {
        Language::English => format!("on {name}, {month} {of_month}{}", suffix(of_month)),
        Language::Spanish => format!("el {name} {of_month} de {month}"),
        Language::French if of_month == 1 => format!("{name} 1er {month}"),
        Language::French => format!("{name} {of_month} {month}"),
        Language::German => format!("am {name}, dem {of_month}. {month},"),
    }
}

/// "This week", "between Friday and Sunday"; nothing for any day at all.
pub fn days(days: Days, calendar: Calendar, language: Language) -> String {
    if let Some(one) = days.single() {
        return day(one, calendar, language);
    }
    let monday = calendar.today - i64::from(Calendar::weekday(calendar.today));
    if days.to == monday + 6 && days.from == calendar.today {
        return language
            .pick(["this week", "esta semana", "cette semaine", "diese Woche"])
            .to_owned();
    }
    if days.from == monday + 7 && days.to == monday + 13 {
        let next = ["next week", "la semana que viene", "la semaine prochaine", "nächste Woche"];
        return language.pick(next).to_owned();
    }
    if days.to - days.from >= DAYS_AHEAD_MAX {
        return String::new();
    }
    let (from, to) = (weekday(days.from, language), weekday(days.to, language));
    match language {
        Language::English => format!("between {from} and {to}"),
        Language::Spanish => format!("entre el {from} y el {to}"),
        Language::French => format!("entre {from} et {to}"),
        Language::German => format!("zwischen {from} und {to}"),
    }
}

/// "At 8 pm", "between 7:30 and 9 pm", "in the morning"; nothing for any time at all.
pub fn times(times: Times, language: Language) -> String {
    let (from, to) = match times {
        Times::Any => return String::new(),
        Times::At(minute) => return at(minute, language),
        Times::Within { from, to } => (from, to),
    };
    if let Some(part) = part_of(from, to) {
        return part_name(part, language).to_owned();
    }
    let (first, last) = (time(from, language), time(to, language));
    if to >= 24 * 60 - 1 {
        return match language {
            Language::English => format!("at {first} or later"),
            Language::Spanish => format!("a partir de {first}"),
            Language::French => format!("à partir de {first}"),
            Language::German => format!("ab {first}"),
        };
    }
    if from == 0 {
        return match language {
            Language::English => format!("at {last} or earlier"),
            Language::Spanish => format!("no más tarde de {last}"),
            Language::French => format!("à {last} au plus tard"),
            Language::German => format!("spätestens um {last}"),
        };
    }
    match language {
        Language::English => {
            let same_half = (from < 720) == (to < 720) && from != 720;
            let first = if same_half { first.split(' ').next().unwrap_or(&first) } else { &first };
            format!("between {first} and {last}")
        }
        Language::Spanish => format!("entre {first} y {last}"),
        Language::French => format!("entre {first} et {last}"),
        Language::German => format!("zwischen {} und {last}", first.trim_end_matches(" Uhr")),
    }
}

/// "At 8 pm", "a las ocho de la tarde", "à 20 h", "um 20 Uhr".
pub fn at(minute: u16, language: Language) -> String {
    let time = time(minute, language);
    match language {
        Language::English => format!("at {time}"),
        Language::Spanish => format!("a {time}"),
        Language::French => format!("à {time}"),
        Language::German => format!("um {time}"),
    }
}

/// "8:30 pm", "las ocho y media de la tarde", "20 h 30", "20 Uhr 30".
pub fn time(minute: u16, language: Language) -> String {
    let (hour, minutes) = (minute / 60 % 24, minute % 60);
    match language {
        Language::English => {
            let half = if hour < 12 { "am" } else { "pm" };
            let shown = if hour % 12 == 0 { 12 } else { hour % 12 };
            match (hour, minutes) {
                (12, 0) => "noon".to_owned(),
                (0, 0) => "midnight".to_owned(),
                (_, 0) => format!("{shown} {half}"),
                _ => format!("{shown}:{minutes:02} {half}"),
            }
        }
        Language::Spanish => spanish_time(hour, minutes),
        Language::French if minutes == 0 => format!("{hour} h"),
        Language::French => format!("{hour} h {minutes:02}"),
        Language::German if minutes == 0 => format!("{hour} Uhr"),
        Language::German => format!("{hour} Uhr {minutes:02}"),
    }
}

/// `20:30`.
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

fn spanish_time(hour: u16, minutes: u16) -> String {
    const HOURS: [&str; 12] = [
        "las doce",
        "la una",
        "las dos",
        "las tres",
        "las cuatro",
        "las cinco",
        "las seis",
        "las siete",
        "las ocho",
        "las nueve",
        "las diez",
        "las once",
    ];
    let part = match hour {
        0..6 => "de la madrugada",
        6..12 => "de la mañana",
        12 => "del mediodía",
        13..21 => "de la tarde",
        _ => "de la noche",
    };
    let name = HOURS[usize::from(hour % 12)];
    match minutes {
        0 => format!("{name} {part}"),
        15 => format!("{name} y cuarto {part}"),
        30 => format!("{name} y media {part}"),
        _ => format!("{name} y {minutes} {part}"),
    }
}

fn part_name(part: Part, language: Language) -> &'static str {
    let names = match part {
        Part::Morning => ["in the morning", "por la mañana", "le matin", "am Vormittag"],
        Part::Noon => ["at lunchtime", "al mediodía", "à midi", "mittags"],
        Part::Afternoon => ["in the afternoon", "por la tarde", "l'après-midi", "am Nachmittag"],
        Part::Evening => ["in the evening", "por la noche", "le soir", "am Abend"],
    };
    language.pick(names)
}

fn weekday(day: i64, language: Language) -> &'static str {
    const NAMES: [[&str; 7]; 4] = [
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    ];
    let names = language.pick([&NAMES[0], &NAMES[1], &NAMES[2], &NAMES[3]]);
    names[usize::from(Calendar::weekday(day))]
}

fn month_name(month: i64, language: Language) -> &'static str {
    const NAMES: [[&str; 12]; 4] = [
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
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
        [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
    ];
    let names = language.pick([&NAMES[0], &NAMES[1], &NAMES[2], &NAMES[3]]);
    usize::try_from(month - 1).ok().and_then(|month| names.get(month)).copied().unwrap_or("")
}

fn suffix(day: i64) -> &'static str {
    match (day % 10, day % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Monday 2026-11-23.
    const CALENDAR: Calendar = Calendar { today: 20_780, minute: 660 };

    #[test]
    fn slots_are_said_in_the_language() {
        let check = |day: i64, minute: u16, expected: [&str; 4]| {
            let all = [Language::English, Language::Spanish, Language::French, Language::German];
            for language in all {
                let said = slot(Slot { day, minute: Some(minute) }, CALENDAR, language);
                assert_eq!(said, language.pick(expected));
            }
        };
        check(
            20_784,
            1200,
            [
                "on Friday at 8 pm",
                "el viernes a las ocho de la tarde",
                "vendredi à 20 h",
                "am Freitag um 20 Uhr",
            ],
        );
        check(
            20_781,
            570,
            [
                "tomorrow at 9:30 am",
                "mañana a las nueve y media de la mañana",
                "demain à 9 h 30",
                "morgen um 9 Uhr 30",
            ],
        );
        check(
            20_791,
            720,
            [
                "on Friday, December 4th at noon",
                "el viernes 4 de diciembre a las doce del mediodía",
                "vendredi 4 décembre à 12 h",
                "am Freitag, dem 4. Dezember, um 12 Uhr",
            ],
        );
        check(
            20_780,
            780,
            ["today at 1 pm", "hoy a la una de la tarde", "aujourd'hui à 13 h", "heute um 13 Uhr"],
        );
    }

    #[test]
    fn choices_are_said_in_the_language() {
        let check = |days: (i64, i64), times: Times, expected: [&str; 4]| {
            let all = [Language::English, Language::Spanish, Language::French, Language::German];
            for language in all {
                let days = Days { from: days.0, to: days.1 };
                let said = choice(Choice { days, times }, CALENDAR, language);
                assert_eq!(said, language.pick(expected));
            }
        };
        check(
            (20_784, 20_784),
            Times::Within { from: 1170, to: 1260 },
            [
                "on Friday between 7:30 and 9 pm",
                "el viernes entre las siete y media de la tarde y las nueve de la noche",
                "vendredi entre 19 h 30 et 21 h",
                "am Freitag zwischen 19 Uhr 30 und 21 Uhr",
            ],
        );
        check(
            (20_780, 20_786),
            Times::Within { from: 360, to: 719 },
            [
                "this week in the morning",
                "esta semana por la mañana",
                "cette semaine le matin",
                "diese Woche am Vormittag",
            ],
        );
        check(
            (20_787, 20_793),
            Times::Within { from: 960, to: 1439 },
            [
                "next week at 4 pm or later",
                "la semana que viene a partir de las cuatro de la tarde",
                "la semaine prochaine à partir de 16 h",
                "nächste Woche ab 16 Uhr",
            ],
        );
    }
}
