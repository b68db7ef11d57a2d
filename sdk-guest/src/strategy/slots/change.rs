//! What is to happen to an appointment that exists: what it is now, and what it is to become.

use super::day::{Calendar, DAYS_AHEAD_MAX, Days};
use super::read::{Bare, Mention, What, mentions};
use super::text::{Token, folded, says, tokens};
use super::wish::{Kind, Times, Wish};
use super::words::language_of;
use crate::Brief;
use crate::strategy::Language;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Move,
    Cancel,
    Confirm,
    /// There is none yet.
    Make,
}

/// When the appointment is, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Current {
    pub day: Option<i64>,
    pub minute: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub action: Action,
    pub current: Current,
    /// What would do: the new time of a move, the present one of a confirmation.
    pub wish: Wish,
}

impl Change {
    pub fn of(brief: &Brief, calendar: Calendar) -> Self {
        // Parts of a text show their language less well than the whole.
        let fallback = language_of(&folded(&brief.objective), Language::of(&brief.language));
        let action = action_of(&brief.objective);
        let parts = Parts::of(brief, action, fallback);
        let old = Wish::read(&parts.old, fallback, Kind::Appointment, calendar);
        let current = current(&old);
        let wish = match action {
            Action::Move => moved(&parts.new, current, fallback, calendar),
            Action::Make => Wish::of(brief, Kind::Appointment, calendar),
            Action::Cancel | Action::Confirm => old,
        };
        Self { action, current, wish }
    }
}

fn current(old: &Wish) -> Current {
    let first = old.choices.first();
    Current {
        day: first.and_then(|choice| choice.days.single()),
        minute: first.and_then(|choice| match choice.times {
            Times::At(minute) => Some(minute),
            _ => None,
        }),
    }
}

/// The wish of a move; without a day of its own it is for the day of the appointment.
fn moved(new: &str, current: Current, fallback: Language, calendar: Calendar) -> Wish {
    let mut wish = Wish::read(new, fallback, Kind::Appointment, calendar);
    let any = Days { from: calendar.today, to: calendar.today + DAYS_AHEAD_MAX };
    for choice in &mut wish.choices {
        if let (Some(day), true, false) =
            (current.day, choice.days == any, choice.times == Times::Any)
        {
            choice.days = Days::one(day);
        }
    }
    wish
}

/// The words about the appointment as it is, and about what it is to become.
struct Parts {
    old: String,
    new: String,
}

impl Parts {
    fn of(brief: &Brief, action: Action, fallback: Language) -> Self {
        let mut parts = Self { old: String::new(), new: String::new() };
        let context = brief.context.as_deref().unwrap_or("");
        for (index, text) in [brief.objective.as_str(), context].into_iter().enumerate() {
            let language = language_of(&folded(text), fallback);
            let tokens = tokens(text);
            let found = mentions(&tokens, language, Bare::Nothing);
            for (number, sentence) in sentences(text, &tokens).into_iter().enumerate() {
                let main = index == 0 && number == 0;
                parts.sort(text, sentence, &tokens, &found, action, main, language);
            }
        }
        parts
    }

    #[expect(clippy::too_many_arguments, reason = "one sentence with all that is known of it")]
    fn sort(
        &mut self,
        text: &str,
        sentence: Sentence,
        tokens: &[Token],
        found: &[Mention],
        action: Action,
        main: bool,
        language: Language,
    ) {
        let words = &text[sentence.start..sentence.end];
        // What comes next is a sentence of its own: a date of birth is not the date of the Thursday before it.
        let add = |part: &mut String, words: &str| {
            part.push_str(words);
            part.push_str(". ");
        };
        if action != Action::Move {
            add(&mut self.old, words);
            return;
        }
        if let Some(split) = turning_point(tokens, found, &sentence, language) {
            add(&mut self.old, &text[sentence.start..split]);
            add(&mut self.new, &text[split..sentence.end]);
            return;
        }
        let names = found.iter().any(|mention| {
            let timed =
                mention.what.is_time() || matches!(mention.what, What::Day(_) | What::Part(_));
            timed && (sentence.first..sentence.last).contains(&mention.start)
        });
        let is_now = says(&folded(words), IS_NOW);
        if names && (main || is_now) {
            add(&mut self.old, words);
        } else {
            add(&mut self.new, words);
        }
    }
}

struct Sentence {
    start: usize,
    end: usize,
    first: usize,
    last: usize,
}

fn sentences(text: &str, tokens: &[Token]) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let new = at == 0 || tokens[at - 1].sentence != token.sentence;
        match sentences.last_mut().filter(|_| !new) {
            Some(sentence) => {
                sentence.end = token.end;
                sentence.last = at + 1;
            }
            None => sentences.push(Sentence {
                start: token.start,
                end: token.end,
                first: at,
                last: at + 1,
            }),
        }
    }
    sentences.retain(|sentence| {
        text.is_char_boundary(sentence.start) && text.is_char_boundary(sentence.end)
    });
    sentences
}

/// The place of "to" in "move it from Tuesday at three to Thursday": where the new time begins.
fn turning_point(
    tokens: &[Token],
    found: &[Mention],
    sentence: &Sentence,
    language: Language,
) -> Option<usize> {
    const WORDS_BETWEEN_MAX: usize = 4;
    let links: &[&str] = language.pick([
        &["to", "for", "until", "into"][..],
        &["al", "a", "para"][..],
        &["a", "au", "pour"][..],
        &["auf", "zu", "nach"][..],
    ]);
    let mut weak = None;
    for at in sentence.first..sentence.last {
        let inside = found.iter().any(|mention| at > mention.start && at < mention.end);
        if inside || !tokens[at].is_any(links) || at == sentence.first {
            continue;
        }
        let Some(next) = found.iter().find(|mention| mention.start > at) else { continue };
        let near = next.start - at <= WORDS_BETWEEN_MAX && next.start < sentence.last;
        let strong = tokens[at].is_any(&["to", "al", "auf"]);
        if !near || matches!(next.what, What::Count(..)) {
            continue;
        }
        let day = matches!(next.what, What::Day(_));
        let before = found.iter().any(|mention| {
            mention.end <= at && (sentence.first..sentence.last).contains(&mention.start)
        });
        let article = language == Language::Spanish
            && tokens.get(at + 1).is_some_and(|next| next.is_any(&["las", "la"]))
            && tokens[at].is("a");
        let at_time = language == Language::French && !day;
        if article || at_time && before {
            continue;
        }
        if strong || day && before {
            return Some(tokens[at].start);
        }
        weak = weak.or(Some(tokens[at].start));
    }
    // "From two to four pm" has both in one.
    let range = found.iter().find(|mention| {
        (sentence.first..sentence.last).contains(&mention.start)
            && matches!(mention.what, What::Between(..))
    });
    let inner =
        range.and_then(|range| (range.start..range.end).find(|at| tokens[*at].is_any(links)));
    // "Reschedule the appointment for next week."
    weak.or(inner.map(|at| tokens[at].start))
}

const IS_NOW: &[&str] = &[
    "currently",
    "is on",
    "is at",
    "is for",
    "existing",
    "current",
    "is scheduled",
    "is booked",
    "was booked",
    "appointment is",
    "booked for",
    "right now",
    "la cita es",
    "cita actual",
    "esta prevista",
    "actualmente",
    "es el",
    "rendez vous est",
    "est prevu",
    "actuel",
    "actuellement",
    "termin ist",
    "termin war",
    "bisher",
    "aktuell",
    "bisherige",
    "ist am",
    "ist um",
];

/// The verb that comes first says what is to be done.
fn action_of(objective: &str) -> Action {
    const VERBS: &[(Action, &[&str])] = &[
        (
            Action::Cancel,
            &[
                "cancel",
                "cancelling",
                "canceling",
                "cancellation",
                "cancela",
                "cancelar",
                "cancele",
                "anula",
                "anular",
                "anule",
                "annule",
                "annuler",
                "annulez",
                "storniere",
                "stornieren",
                "storno",
                "absagen",
                "absage",
                "sage",
            ],
        ),
        (
            Action::Move,
            &[
                "move",
                "reschedule",
                "rescheduling",
                "change",
                "postpone",
                "push",
                "shift",
                "rebook",
                "bring",
                "mueve",
                "mover",
                "cambia",
                "cambiar",
                "cambie",
                "aplaza",
                "aplazar",
                "reprograma",
                "reprogramar",
                "adelanta",
                "deplace",
                "deplacer",
                "deplacez",
                "decale",
                "decaler",
                "reporte",
                "reporter",
                "avance",
                "modifie",
                "verschiebe",
                "verschieben",
                "verlege",
                "verlegen",
                "umbuchen",
                "andere",
                "andern",
                "vorverlegen",
            ],
        ),
        (
            Action::Confirm,
            &[
                "confirm",
                "reconfirm",
                "verify",
                "check",
                "confirma",
                "confirmar",
                "confirme",
                "confirmer",
                "confirmez",
                "verifie",
                "verifier",
                "bestatige",
                "bestatigen",
                "uberprufe",
            ],
        ),
        (
            Action::Make,
            &[
                "make",
                "book",
                "schedule",
                "get",
                "arrange",
                "set",
                "pide",
                "pedir",
                "concierta",
                "concertar",
                "reserva",
                "reservar",
                "prends",
                "prendre",
                "prenez",
                "vereinbare",
                "vereinbaren",
                "mache",
                "machen",
                "buche",
                "buchen",
            ],
        ),
    ];
    let spoken = folded(objective);
    for word in spoken.split_whitespace() {
        for (action, verbs) in VERBS {
            if verbs.contains(&word) {
                return *action;
            }
        }
    }
    Action::Make
}

#[cfg(test)]
mod tests {
    use super::super::spoken;
    use super::*;

    // Monday 2026-11-23, 11:00.
    const CALENDAR: Calendar = Calendar { today: 20_780, minute: 660 };

    fn check(objective: &str, context: &str, action: Action, current: &str, wish: &[&str]) {
        let brief = Brief {
            objective: objective.into(),
            context: Some(context.into()),
            now_ms: 1_795_449_600_000,
            zone: "America/New_York".into(),
            ..Brief::default()
        };
        let change = Change::of(&brief, CALENDAR);
        assert_eq!(change.action, action, "{objective}");
        let day = change.current.day.map(|day| Calendar::iso(day)[5..].to_owned());
        let minute = change.current.minute.map(spoken::clock);
        let found = [day, minute].into_iter().flatten().collect::<Vec<_>>().join(" ");
        assert_eq!(found, current, "{objective}");
        let choices = change.wish.choices.iter();
        let found: Vec<String> =
            choices.map(|choice| spoken::choice(*choice, CALENDAR, Language::English)).collect();
        assert_eq!(found, wish, "{objective}");
    }

    #[test]
    fn moves() {
        let check = |objective: &str, context: &str, current: &str, wish: &[&str]| {
            check(objective, context, Action::Move, current, wish);
        };
        check(
            "Move Ann Lee's appointment from Tuesday at 3pm to Thursday at 10am",
            "",
            "11-24 15:00",
            &["on Thursday at 10 am"],
        );
        check(
            "Move my appointment on Tuesday at 3 to Thursday at 10, or any time on Friday",
            "",
            "11-24 15:00",
            &["on Thursday at 10 am", "on Friday"],
        );
        check(
            "Reschedule the check-up to next week in the morning",
            "The appointment is on Wednesday at 2 pm.",
            "11-25 14:00",
            &["next week in the morning"],
        );
        check(
            "Reschedule the appointment on Friday at 2. Monday or Tuesday morning would work.",
            "",
            "11-27 14:00",
            &["today in the morning", "tomorrow in the morning"],
        );
        check(
            "Move Ann Lee's appointment from Tuesday at 3pm to Thursday between 9 and 12 in the morning",
            "Date of birth: 2 May 1980. In the afternoon she has to work.",
            "11-24 15:00",
            &["on Thursday between 9 am and noon"],
        );
        check("Move the haircut on Friday at 2 to 4 pm", "", "11-27 14:00", &["on Friday at 4 pm"]);
        check(
            "Reschedule the appointment for Thursday at 9",
            "It is currently on Tuesday at 3 pm.",
            "11-24 15:00",
            &["on Thursday at 9 am"],
        );
        check(
            "Mueve la cita del martes a las tres de la tarde al jueves a las diez",
            "",
            "11-24 15:00",
            &["on Thursday at 10 am"],
        );
        check(
            "Déplace le rendez-vous de mardi à 15 h à jeudi à 10 h",
            "",
            "11-24 15:00",
            &["on Thursday at 10 am"],
        );
        check(
            "Verschiebe den Termin von Dienstag um 15 Uhr auf Donnerstag um 10 Uhr oder Freitag",
            "",
            "11-24 15:00",
            &["on Thursday at 10 am", "on Friday at 10 am"],
        );
    }

    #[test]
    fn other_actions() {
        check(
            "Cancel the appointment of Ann Lee on Friday at 10 am",
            "",
            Action::Cancel,
            "11-27 10:00",
            &["on Friday at 10 am"],
        );
        check(
            "Confirm the appointment for tomorrow at 9",
            "",
            Action::Confirm,
            "11-24 09:00",
            &["tomorrow at 9 am"],
        );
        check("Make an appointment for a check-up this week", "", Action::Make, "", &["this week"]);
        check(
            "Storniere den Termin am Freitag um 10 Uhr",
            "",
            Action::Cancel,
            "11-27 10:00",
            &["on Friday at 10 am"],
        );
        check(
            "Confirma la cita de mañana a las nueve",
            "",
            Action::Confirm,
            "11-24 09:00",
            &["tomorrow at 9 am"],
        );
    }
}
