//! Finds the days, times and counts of a text in one of the four languages.
//!
//! [`crate::extract`] reads what stands for itself. Here it is known that a table or an appointment is
//! talked about, so "seven, no, sorry, seven thirty" names times, and "a table for six" does not.

use super::day::{DayName, date};
use super::text::{Token, says, spoken};
use super::words::{day_of_month, month, number, ordinal, weekday};
use crate::strategy::Language;

/// A time of day. Not `certain` where seven may be in the morning or in the evening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    pub(crate) minute: u16,
    pub(crate) certain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Morning,
    Noon,
    Afternoon,
    Evening,
}

impl Part {
    /// The first and the last minute of it.
    pub(crate) fn window(self) -> (u16, u16) {
        match self {
            Part::Morning => (6 * 60, 12 * 60 - 1),
            Part::Noon => (11 * 60 + 30, 14 * 60 + 30),
            Part::Afternoon => (12 * 60, 18 * 60),
            Part::Evening => (17 * 60, 24 * 60 - 1),
        }
    }

    fn place(self, minute: u16) -> Clock {
        let minute = match self {
            // "Between nine and twelve in the morning", "las doce de la mañana": that is noon.
            Part::Morning if minute > 12 * 60 => minute - 12 * 60,
            Part::Noon if minute < 9 * 60 => minute + 12 * 60,
            // One at night is after midnight.
            Part::Evening if minute < 4 * 60 => minute,
            Part::Afternoon | Part::Evening if minute < 12 * 60 => minute + 12 * 60,
            _ => minute,
        };
        Clock { minute, certain: true }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    People,
    Children,
    /// "For six": people, if anything.
    Party,
    Nights,
    Rooms,
    Minutes,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Clock(Clock),
    Between(Clock, Clock),
    From(Clock),
    Until(Clock),
    Day(DayName),
    Part(Part),
    Count(u16, Counted),
}

impl What {
    pub(crate) fn is_time(self) -> bool {
        matches!(self, What::Clock(_) | What::Between(..) | What::From(_) | What::Until(_))
    }
}

/// Something found, and the tokens it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) what: What,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What a number is that nothing else tells about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bare {
    Nothing,
    /// A time; and "for six" counts people.
    TimeOrParty,
    Time,
}

/// Everything that `tokens` mention, in order.
pub(crate) fn mentions(tokens: &[Token], language: Language, bare: Bare) -> Vec<Mention> {
    let mut reader = Reader { tokens, language, bare, found: Vec::new() };
    let mut at = 0;
    while at < tokens.len() {
        at += reader.read_at(at).max(1);
    }
    let mut found = reader.found;
    merge_dates(&mut found);
    place_halves(tokens, &mut found);
    link_ranges(tokens, language, &mut found);
    bound(tokens, &mut found);
    found
}

struct Reader<'a> {
    tokens: &'a [Token],
    language: Language,
    bare: Bare,
    found: Vec<Mention>,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.word(before))
    }

    fn push(&mut self, what: What, start: usize, used: usize) -> usize {
        let end = (start + used).min(self.tokens.len());
        self.found.push(Mention { what, start, end });
        used
    }

    /// Reads what begins here and says how many tokens it took.
    fn read_at(&mut self, at: usize) -> usize {
        if let Some(used) = self.digits_run(at) {
            return used;
        }
        if let Some((count, of, used)) = self.count_at(at) {
            // "One table" is read, so that it is no time, and tells nothing.
            return if of == Counted::Other {
                used
            } else {
                self.push(What::Count(count, of), at, used)
            };
        }
        if let Some((day, used)) = self.day_at(at) {
            self.push(What::Day(day), at, used);
            if let Some(part) = self.part_within(at + used - 1) {
                self.push(What::Part(part), at, used);
            }
            return used;
        }
        if let Some((clock, used)) = self.clock_at(at) {
            return self.push(What::Clock(clock), at, used);
        }
        if let Some((part, used)) = self.part_at(at) {
            if self.is_of_today(at) {
                self.push(What::Day(DayName::Today), at, used);
            }
            return self.push(What::Part(part), at, used);
        }
        0
    }

    /// A telephone number or a code, said digit by digit, is no time.
    fn digits_run(&self, at: usize) -> Option<usize> {
        const RUN_NUMBERS_MIN: usize = 3;
        let mut end = at;
        let mut numbers = 0;
        while let Some(token) = self.tokens.get(end) {
            if token.is_digits() && token.text.len() > 2 {
                numbers += 1;
                end += 1;
            } else if let Some((_, used)) = number(self.tokens, end, self.language) {
                // "At 7 30" and "eight o'clock" have marks or words of time in them.
                numbers += 1;
                end += used;
            } else if token.is_any(&["-", "+", "/"]) && numbers > 0 || token.is("+") {
                end += 1;
            } else {
                break;
            }
        }
        (numbers >= RUN_NUMBERS_MIN && self.iso_date(at).is_none()).then_some(end - at)
    }

    // Counts.

    fn count_at(&self, at: usize) -> Option<(u16, Counted, usize)> {
        if let Some(found) = self.party_at(at) {
            return Some(found);
        }
        let article = matches!(self.word(at), "a" | "an") && self.language == Language::English;
        let half_hour = self.word(at) == "half" && matches!(self.word(at + 1), "an" | "hour");
        if half_hour {
            let used = if self.word(at + 1) == "an" { 3 } else { 2 };
            return Some((30, Counted::Minutes, used));
        }
        let (count, used) = if article { (1, 1) } else { number(self.tokens, at, self.language)? };
        let plain = self.counted(at + used);
        let described = self
            .tokens
            .get(at + used)
            .filter(|word| !word.is_mark() && is_adjective(&word.text))
            .and_then(|_| self.counted(at + used + 1));
        let (of, noun) = match (plain, described) {
            (Some(of), _) => (of, 1),
            (None, Some(of)) => (of, 2),
            (None, None) => return None,
        };
        if article && !matches!(of, Counted::Rooms | Counted::Minutes) {
            return None;
        }
        let of_hours = matches!(
            self.word(at + used),
            "hour" | "hours" | "stunde" | "stunden" | "hora" | "horas"
        );
        let count =
            if of_hours && of == Counted::Minutes { count.saturating_mul(60) } else { count };
        Some((count, of, used + noun))
    }

    fn counted(&self, at: usize) -> Option<Counted> {
        let counted = match self.word(at) {
            "people" | "persons" | "person" | "guests" | "guest" | "adults" | "adult" | "pax"
            | "diners" | "personas" | "persona" | "comensales" | "adultos" | "personnes"
            | "personne" | "couverts" | "convives" | "adultes" | "personen" | "leute" | "gaste"
            | "erwachsene" | "huespedes" => Counted::People,
            "children" | "child" | "kids" | "ninos" | "enfants" | "kinder" => Counted::Children,
            "nights" | "night" | "noches" | "noche" | "nuits" | "nuit" | "nachte" | "nacht"
            | "nachten" => Counted::Nights,
            "rooms" | "room" | "habitaciones" | "habitacion" | "chambres" | "chambre"
            | "zimmer" | "doppelzimmer" | "einzelzimmer" | "suite" => Counted::Rooms,
            "minutes" | "minute" | "mins" | "min" | "minutos" | "minuten" | "hour" | "hours"
            | "stunde" | "stunden" => Counted::Minutes,
            // "Las 20 horas" is a time.
            "horas" | "hora" if self.before(at - 1) != "las" => Counted::Minutes,
            "days" | "day" | "weeks" | "week" | "months" | "years" | "dias" | "semanas"
            | "jours" | "semaines" | "tage" | "wochen" | "euros" | "euro" | "dollars"
            | "dollar" | "pounds" | "percent" | "%" | "€" | "$" | "tables" | "table" | "mesa"
            | "moment" | "second" | "minuto" | "momento" | "segundo" | "instant" | "seconde"
            | "augenblick" | "sekunde" | "seats" | "chairs" | "mesas" | "tische" | "tisch"
            | "times" | "minutos." | "other" | "more" | "of" | "street" | "spots" | "slots"
            | "left" => Counted::Other,
            _ => return None,
        };
        Some(counted)
    }

    /// "Table for six", "party of five", "mesa para seis"; "for six" alone.
    fn party_at(&self, at: usize) -> Option<(u16, Counted, usize)> {
        let lead = self.word(at);
        let of = matches!(lead, "party" | "group" | "grupo" | "groupe")
            && matches!(self.word(at + 1), "of" | "de")
            || lead == "gruppe" && self.word(at + 1) == "von";
        let skip = match lead {
            "for" | "para" | "pour" | "fur" => 1,
            _ if of => 2,
            _ => return None,
        };
        let (count, used) = number(self.tokens, at + skip, self.language)?;
        let after = at + skip + used;
        if self.counted(after).is_some() || count == 0 {
            return None;
        }
        if of {
            return Some((count, Counted::People, skip + used));
        }
        // "For eight thirty", "für acht Uhr", "for 8pm" name times.
        let (clock, length) = self.clock_at_with(at + skip, true)?;
        let timed = clock.certain && count < 13 || length > used;
        if timed || self.bare == Bare::Time {
            return None;
        }
        Some((count, Counted::Party, skip + used))
    }

    // Days.

    fn day_at(&self, at: usize) -> Option<(DayName, usize)> {
        if let Some((day, used)) = self.iso_date(at) {
            return Some((DayName::Absolute(day), used));
        }
        if let Some(found) = self.relative_day(at) {
            return Some(found);
        }
        if let Some(found) = self.written_date(at).or_else(|| self.spoken_date(at)) {
            return Some(found);
        }
        let lead = usize::from(self.is_next(at));
        if let Some(day) = weekday(self.word(at + lead), self.language) {
            let week = lead == 1
                && !matches!(self.language, Language::Spanish | Language::French)
                && self.word(at) != "kommenden";
            return Some((DayName::Weekday { day, next: week }, lead + 1));
        }
        if lead == 0 {
            return None;
        }
        match self.word(at + 1) {
            "week" | "semana" | "woche" => Some((DayName::NextWeek, 2)),
            "weekend" | "wochenende" => Some((DayName::Weekend { next: true }, 2)),
            _ => None,
        }
    }

    fn is_next(&self, at: usize) -> bool {
        matches!(
            self.word(at),
            "next"
                | "proximo"
                | "proxima"
                | "nachsten"
                | "nachste"
                | "nachster"
                | "nachstes"
                | "kommenden"
                | "prochain"
                | "prochaine"
        )
    }

    fn relative_day(&self, at: usize) -> Option<(DayName, usize)> {
        let (first, second, third) = (self.word(at), self.word(at + 1), self.word(at + 2));
        let found = match (self.language, first, second, third) {
            (Language::English, "today" | "tonight", ..) => (DayName::Today, 1),
            (Language::English, "tomorrow", ..) => (DayName::Tomorrow, 1),
            (Language::English, "day", "after", "tomorrow") => (DayName::AfterTomorrow, 3),
            (Language::English, "this", "week", _) => (DayName::ThisWeek, 2),
            (Language::English, "this", "weekend", _) => (DayName::Weekend { next: false }, 2),
            (Language::English, "weekend", ..) => (DayName::Weekend { next: false }, 1),
            (Language::English, "any", "day", _) => (DayName::Any, 2),
            (Language::Spanish, "hoy", ..) => (DayName::Today, 1),
            (Language::Spanish, "pasado", "manana", _) => (DayName::AfterTomorrow, 2),
            (Language::Spanish, "manana", ..) if !matches!(self.before(at), "la" | "esta") => {
                (DayName::Tomorrow, 1)
            }
            (Language::Spanish, "esta", "semana", _) => (DayName::ThisWeek, 2),
            (Language::Spanish, "semana", "que", "viene") => (DayName::NextWeek, 3),
            (Language::Spanish, "semana", "proxima", _) => (DayName::NextWeek, 2),
            (Language::Spanish, "fin", "de", "semana") => (DayName::Weekend { next: false }, 3),
            (Language::Spanish, "cualquier", "dia", _) => (DayName::Any, 2),
            (Language::French, "aujourd", "hui", _) => (DayName::Today, 2),
            (Language::French, "aujourdhui", ..) => (DayName::Today, 1),
            (Language::French, "demain", ..) => (DayName::Tomorrow, 1),
            (Language::French, "apres", "demain", _) => (DayName::AfterTomorrow, 2),
            (Language::French, "cette", "semaine", _) => (DayName::ThisWeek, 2),
            (Language::French, "semaine", "prochaine", _) => (DayName::NextWeek, 2),
            (Language::French, "week", "end", _) => (DayName::Weekend { next: false }, 2),
            (Language::French, "n", "importe", "quel") if self.word(at + 3) == "jour" => {
                (DayName::Any, 4)
            }
            (Language::German, "heute", ..) => (DayName::Today, 1),
            (Language::German, "ubermorgen", ..) => (DayName::AfterTomorrow, 1),
            (Language::German, "morgen", ..) if self.is_tomorrow(at) => (DayName::Tomorrow, 1),
            (Language::German, "diese" | "dieser", "woche", _) => (DayName::ThisWeek, 2),
            (Language::German, "wochenende", ..) => (DayName::Weekend { next: false }, 1),
            (Language::German, "jeder" | "jeden", "tag", _) => (DayName::Any, 2),
            _ => return None,
        };
        Some(found)
    }

    /// "Morgen" is not tomorrow in "guten Morgen", "am Morgen", "heute Morgen" and "Freitag Morgen".
    fn is_tomorrow(&self, at: usize) -> bool {
        let before = self.before(at);
        !matches!(before, "guten" | "am" | "heute" | "schonen")
            && weekday(before, self.language).is_none()
    }

    /// `2026-12-04`.
    fn iso_date(&self, at: usize) -> Option<(i64, usize)> {
        let digits = |at: usize, length: usize| -> Option<i64> {
            let token = self.tokens.get(at)?;
            (token.is_digits() && token.text.len() == length).then(|| token.text.parse().ok())?
        };
        let dashes = self.word(at + 1) == "-" && self.word(at + 3) == "-";
        if !dashes {
            return None;
        }
        let (year, month, day) = (digits(at, 4)?, digits(at + 2, 2)?, digits(at + 4, 2)?);
        Some((date(year, month, day)?, 5))
    }

    /// "12/4", "4.12.", by the habits of the language.
    fn written_date(&self, at: usize) -> Option<(DayName, usize)> {
        let number = |at: usize| -> Option<u16> {
            let token = self.tokens.get(at)?;
            (token.is_digits() && token.text.len() <= 2).then(|| token.text.parse().ok())?
        };
        let mark = self.word(at + 1);
        let glued = self.tokens.get(at + 2).is_some_and(|token| token.glued);
        let dotted = mark == "." && self.language == Language::German && self.word(at + 3) == ".";
        if !(mark == "/" || dotted) || !glued {
            return None;
        }
        let (first, second) = (number(at)?, number(at + 2)?);
        let (day, month) =
            if self.language == Language::English { (second, first) } else { (first, second) };
        let month = u8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
        let mut used = if dotted { 4 } else { 3 };
        let year = at + used + usize::from(mark == "/");
        if self.tokens.get(year).is_some_and(|token| token.glued && token.is_digits()) {
            used = year + 1 - at;
        }
        Some((DayName::MonthDay { month, day: day_of_month(day)? }, used))
    }

    /// "November 28th", "the 28th of November", "28 de noviembre", "le 28", "am 28. November".
    fn spoken_date(&self, at: usize) -> Option<(DayName, usize)> {
        if let Some(month) = month(self.word(at), self.language) {
            if self.language != Language::English {
                return None;
            }
            let the = usize::from(self.word(at + 1) == "the");
            let (day, used) = self.day_number(at + 1 + the)?;
            return Some((DayName::MonthDay { month, day }, 1 + the + used));
        }
        let ordinal = ordinal(self.tokens, at, self.language);
        let (day, used) = ordinal.or_else(|| self.day_number(at))?;
        let of = usize::from(matches!(self.word(at + used), "of" | "de"));
        if let Some(month) = month(self.word(at + used + of), self.language) {
            return Some((DayName::MonthDay { month, day }, used + of + 1));
        }
        let after_weekday = self.found.last().is_some_and(|mention| {
            let article =
                usize::from(matches!(self.before(at), "the" | "der" | "den" | "dem" | "el" | "le"));
            let comma = usize::from(at > article && self.word(at - 1 - article) == ",");
            mention.end + article + comma == at
                && matches!(mention.what, What::Day(DayName::Weekday { .. }))
        });
        let article = match self.language {
            Language::English => {
                self.before(at) == "the" && ordinal.is_some() && self.word(at + used) != "one"
            }
            Language::Spanish => self.before(at) == "el" || self.before(at) == "dia",
            Language::French => {
                self.before(at) == "le" && !self.word(at + used).starts_with("heure")
            }
            Language::German => {
                matches!(self.before(at), "am" | "der" | "den" | "dem") && ordinal.is_some()
            }
        };
        let by_weekday = after_weekday
            && (ordinal.is_some() || self.language != Language::English)
            && self.clock_at_with(at, false).is_none();
        (article || by_weekday).then_some((DayName::DayOfMonth(day), used))
    }

    fn day_number(&self, at: usize) -> Option<(u8, usize)> {
        if let Some(found) = ordinal(self.tokens, at, self.language) {
            return Some(found);
        }
        let (day, used) = number(self.tokens, at, self.language)?;
        let colon = self.word(at + used) == ":";
        Some((day_of_month(day).filter(|_| !colon)?, used))
    }

    // Times.

    fn clock_at(&self, at: usize) -> Option<(Clock, usize)> {
        self.clock_at_with(at, self.bare != Bare::Nothing || self.is_cued(at))
    }

    fn clock_at_with(&self, at: usize, bare: bool) -> Option<(Clock, usize)> {
        let (minute, used, stated) = self
            .colon_time(at)
            .or_else(|| self.named_time(at))
            .or_else(|| self.turned_time(at))
            .or_else(|| self.plain_time(at))?;
        let half = self.half_at(at + used);
        // "That one" names no time.
        let pronoun = used == 1
            && matches!(
                self.word(at),
                "one" | "ein" | "eine" | "einen" | "einer" | "un" | "une" | "una" | "uno"
            );
        let bare = bare && (!pronoun || self.is_cued(at));
        if half.is_none() && !stated && !bare {
            return None;
        }
        if let Some((part, more)) = half {
            return Some((part.place(minute), used + more));
        }
        let zero = self.word(at).len() == 2 && self.word(at).starts_with('0');
        let certain = !(60..12 * 60).contains(&minute) || zero;
        Some((Clock { minute, certain }, used))
    }

    /// A number behind "at" is a time; behind "or" only if another time was named just before.
    fn is_cued(&self, at: usize) -> bool {
        let before = self.before(at);
        let strong = match self.language {
            Language::English => matches!(
                before,
                "at" | "around"
                    | "about"
                    | "by"
                    | "until"
                    | "till"
                    | "before"
                    | "after"
                    | "between"
                    | "from"
            ),
            Language::Spanish => matches!(before, "las" | "entre"),
            Language::French => matches!(before, "vers" | "entre"),
            Language::German => {
                matches!(before, "um" | "gegen" | "ab" | "zwischen" | "vor" | "nach")
            }
        };
        const LINK_TOKENS_MAX: usize = 4;
        let linked = self
            .found
            .last()
            .is_some_and(|mention| mention.what.is_time() && at - mention.end <= LINK_TOKENS_MAX);
        let link = matches!(
            before,
            "to" | "and"
                | "or"
                | "-"
                | "–"
                | "a"
                | "y"
                | "o"
                | "et"
                | "ou"
                | "und"
                | "oder"
                | "bis"
                | "las"
        );
        strong || linked && link
    }

    /// "7:30", "19.30", "20h30", "20 h".
    fn colon_time(&self, at: usize) -> Option<(u16, usize, bool)> {
        let token =
            self.tokens.get(at).filter(|token| token.is_digits() && token.text.len() <= 2)?;
        let hour: u16 = token.text.parse().ok().filter(|hour| *hour <= 24)?;
        let glued = |at: usize| self.tokens.get(at).is_some_and(|token| token.glued);
        let minutes = |at: usize| -> Option<u16> {
            let token = self.tokens.get(at)?;
            let two = token.is_digits() && token.text.len() == 2;
            two.then(|| token.text.parse().ok())?.filter(|minutes| *minutes < 60)
        };
        let at_hour = hour % 24 * 60;
        match self.word(at + 1) {
            ":" | "." if glued(at + 1) && glued(at + 2) => {
                let minutes = minutes(at + 2)?;
                let uhr = usize::from(self.word(at + 3) == "uhr");
                Some((at_hour + minutes, 3 + uhr, true))
            }
            "h" | "hs" | "hrs" => match minutes(at + 2) {
                Some(minutes) => Some((at_hour + minutes, 3, true)),
                None => Some((at_hour, 2, true)),
            },
            _ => None,
        }
    }

    /// "Noon", "mediodía", "midi et demi", "Mitternacht".
    fn named_time(&self, at: usize) -> Option<(u16, usize, bool)> {
        let named = match (self.language, self.word(at)) {
            (Language::English, "noon" | "midday") => (720, 1, true),
            (Language::English, "midnight") => (0, 1, true),
            (Language::Spanish, "mediodia") => (720, 1, true),
            (Language::Spanish, "medianoche") => (0, 1, true),
            (Language::French, "midi") if self.before(at) != "apres" => {
                match (self.word(at + 1), self.word(at + 2)) {
                    ("et", "demi" | "demie") => (750, 3, true),
                    ("et", "quart") => (735, 3, true),
                    ("trente", _) => (750, 2, true),
                    _ => (720, 1, true),
                }
            }
            (Language::French, "minuit") => (0, 1, true),
            (Language::German, "mitternacht") => (0, 1, true),
            _ => return None,
        };
        Some(named)
    }

    /// "Half past seven", "quarter to five", "halb acht", "zehn nach acht".
    fn turned_time(&self, at: usize) -> Option<(u16, usize, bool)> {
        let hour_at = |at: usize| -> Option<(u16, usize)> {
            let (hour, used) = number(self.tokens, at, self.language)?;
            let uhr = usize::from(self.word(at + used) == "uhr");
            (1..=12).contains(&hour).then_some((hour * 60, used + uhr))
        };
        let earlier = |hour: u16, minutes: u16| (hour + 720 - minutes) % 720;
        match self.language {
            Language::English => {
                let article = usize::from(self.word(at) == "a" && self.word(at + 1) == "quarter");
                let (minutes, used) = match self.word(at + article) {
                    "half" => (30, 1),
                    "quarter" => (15, 1),
                    _ => number(self.tokens, at, self.language)
                        .filter(|(m, _)| m % 5 == 0 && *m < 60)?,
                };
                let more = usize::from(self.word(at + article + used) == "minutes");
                let link = at + article + used + more;
                match self.word(link) {
                    "past" | "after" => {
                        let (hour, used) = hour_at(link + 1)?;
                        Some((hour % 720 + minutes, link + 1 + used - at, true))
                    }
                    "to" | "of" | "till" if minutes != 30 && minutes > 0 => {
                        // "Seven to nine" is a range.
                        let plain = more == 0
                            && self.word(at + article) != "quarter"
                            && !self.tokens[at].is_any(&["ten", "twenty", "five"]);
                        let (hour, used) = hour_at(link + 1).filter(|_| !plain)?;
                        let ranged = matches!(self.before(at), "from" | "between")
                            || self.before(at) == "at" && self.word(at) == "five";
                        (!ranged).then_some((earlier(hour, minutes), link + 1 + used - at, true))
                    }
                    _ if minutes == 30 && self.word(at) == "half" => {
                        let (hour, used) = hour_at(at + 1)?;
                        Some((hour % 720 + 30, 1 + used, true))
                    }
                    _ => None,
                }
            }
            Language::German => {
                let (minutes, used) = match self.word(at) {
                    "halb" => {
                        let (hour, used) = hour_at(at + 1)?;
                        return Some((earlier(hour, 30), 1 + used, true));
                    }
                    "dreiviertel" => {
                        let (hour, used) = hour_at(at + 1)?;
                        return Some((earlier(hour, 15), 1 + used, true));
                    }
                    "viertel" => (15, 1),
                    _ => number(self.tokens, at, self.language)
                        .filter(|(m, _)| m % 5 == 0 && (5..60).contains(m))?,
                };
                let (hour, hour_tokens) = hour_at(at + used + 1)?;
                match self.word(at + used) {
                    "nach" => Some((hour % 720 + minutes, used + 1 + hour_tokens, true)),
                    "vor" => Some((earlier(hour, minutes), used + 1 + hour_tokens, true)),
                    _ => None,
                }
            }
            Language::Spanish | Language::French => None,
        }
    }

    /// "Eight", "eight thirty", "las ocho y media", "huit heures et demie", "acht Uhr dreißig".
    fn plain_time(&self, at: usize) -> Option<(u16, usize, bool)> {
        let (hour, mut used) = number(self.tokens, at, self.language)?;
        let words = !self.tokens[at].is_digits();
        let hour_max = if self.language == Language::English && words { 12 } else { 24 };
        if hour > hour_max || hour == 0 && words {
            return None;
        }
        let mut stated =
            self.language == Language::Spanish && matches!(self.before(at), "las" | "la");
        let unit = self.word(at + used);
        let unit_used = match (self.language, unit, self.word(at + used + 1)) {
            (Language::English, "o", "clock") => 2,
            (Language::English, "oclock", _) => 1,
            (Language::Spanish, "horas", _) => 1,
            (Language::Spanish, "en", "punto") => 2,
            (Language::French, "heures" | "heure", _) => 1,
            (Language::German, "uhr", _) => 1,
            _ => 0,
        };
        used += unit_used;
        stated |= unit_used > 0;
        // Behind a number in words, or its unit, the minutes.
        let hour = hour % 24 * 60;
        if let Some((minutes, more)) = self.minutes_at(at + used, words || unit_used > 0) {
            let minute = (i32::from(hour) + minutes).rem_euclid(24 * 60);
            return Some((u16::try_from(minute).ok()?, used + more, true));
        }
        Some((hour, used, stated))
    }

    fn minutes_at(&self, at: usize, free: bool) -> Option<(i32, usize)> {
        let (first, second, third) = (self.word(at), self.word(at + 1), self.word(at + 2));
        let counted = |from: usize| {
            number(self.tokens, from, self.language).filter(|(minutes, used)| {
                (1..60).contains(minutes) && self.counted(from + used).is_none()
            })
        };
        match (self.language, first, second, third) {
            (Language::Spanish, "y", "media", _) => return Some((30, 2)),
            (Language::Spanish, "y", "cuarto", _) => return Some((15, 2)),
            (Language::Spanish, "menos", "cuarto", _) => return Some((-15, 2)),
            (Language::Spanish, "y", ..) => {
                let (minutes, used) = counted(at + 1).filter(|(minutes, _)| minutes % 5 == 0)?;
                return Some((i32::from(minutes), used + 1));
            }
            (Language::Spanish, "menos", ..) => {
                let (minutes, used) = counted(at + 1)?;
                return Some((-i32::from(minutes), used + 1));
            }
            (Language::French, "et", "demie" | "demi", _) => return Some((30, 2)),
            (Language::French, "et", "quart", _) => return Some((15, 2)),
            (Language::French, "moins", "le", "quart") => return Some((-15, 3)),
            (Language::French, "moins", ..) => {
                let (minutes, used) = counted(at + 1)?;
                return Some((-i32::from(minutes), used + 1));
            }
            (Language::English, "oh" | "o", ..) => {
                let (minutes, used) = counted(at + 1).filter(|(minutes, _)| *minutes < 10)?;
                return Some((i32::from(minutes), used + 1));
            }
            _ => {}
        }
        let (minutes, used) = counted(at).filter(|(minutes, _)| *minutes >= 10)?;
        let digits = self.tokens[at].is_digits();
        let mark = self.word(at + used);
        let fits = if digits { self.tokens[at].text.len() == 2 } else { free };
        (fits && mark != ":").then_some((i32::from(minutes), used))
    }

    /// "pm", "in the evening", "de la noche", "du soir", "abends", right behind a time.
    fn half_at(&self, at: usize) -> Option<(Part, usize)> {
        let (first, second, third) = (self.word(at), self.word(at + 1), self.word(at + 2));
        match (first, second, third) {
            ("am", ..) if self.language != Language::German => return Some((Part::Morning, 1)),
            ("pm", ..) => return Some((Part::Afternoon, 1)),
            ("a", ".", "m") => return Some((Part::Morning, 3)),
            ("p", ".", "m") => return Some((Part::Afternoon, 3)),
            ("a", "m", _) => return Some((Part::Morning, 2)),
            ("p", "m", _) => return Some((Part::Afternoon, 2)),
            _ => {}
        }
        let found = match (self.language, first, second, third) {
            (Language::English, "in", "the", "morning") => (Part::Morning, 3),
            (Language::English, "in", "the", "afternoon") => (Part::Afternoon, 3),
            (Language::English, "in", "the", "evening") => (Part::Evening, 3),
            (Language::English, "at", "night", _) => (Part::Evening, 2),
            (Language::Spanish, "de" | "por", "la", "manana") => (Part::Morning, 3),
            (Language::Spanish, "de" | "por", "la", "tarde") => (Part::Afternoon, 3),
            (Language::Spanish, "de" | "por", "la", "noche") => (Part::Evening, 3),
            (Language::Spanish, "del", "mediodia", _) => (Part::Noon, 2),
            (Language::French, "du", "matin", _) => (Part::Morning, 2),
            (Language::French, "du", "soir", _) => (Part::Evening, 2),
            (Language::French, "de", "l", "apres") => (Part::Afternoon, 4),
            (Language::German, "morgens" | "vormittags" | "fruh", ..) => (Part::Morning, 1),
            (Language::German, "mittags", ..) => (Part::Noon, 1),
            (Language::German, "nachmittags", ..) => (Part::Afternoon, 1),
            (Language::German, "abends" | "nachts", ..) => (Part::Evening, 1),
            (Language::German, "am", "morgen" | "vormittag", _) => (Part::Morning, 2),
            (Language::German, "am", "nachmittag", _) => (Part::Afternoon, 2),
            (Language::German, "am", "abend", _) => (Part::Evening, 2),
            _ => return None,
        };
        Some(found)
    }

    // Parts of the day.

    fn part_at(&self, at: usize) -> Option<(Part, usize)> {
        let greeting = matches!(
            self.before(at),
            "good"
                | "buenas"
                | "buenos"
                | "guten"
                | "schonen"
                | "bonne"
                | "bon"
                | "nice"
                | "lovely"
                | "great"
        );
        if greeting {
            return None;
        }
        let found = match (self.language, self.word(at), self.word(at + 1)) {
            (Language::English, "morning" | "mornings", _) => (Part::Morning, 1),
            (Language::English, "lunch" | "lunchtime", _) => (Part::Noon, 1),
            (Language::English, "afternoon" | "afternoons", _) => (Part::Afternoon, 1),
            (Language::English, "evening" | "evenings" | "night" | "dinner", _) => {
                (Part::Evening, 1)
            }
            (Language::Spanish, "manana" | "mananas", _)
                if self.before(at) == "la" || self.before(at) == "esta" =>
            {
                (Part::Morning, 1)
            }
            (Language::Spanish, "tarde" | "tardes", _)
                if !matches!(self.before(at), "mas" | "muy") =>
            {
                (Part::Afternoon, 1)
            }
            (Language::Spanish, "noche", _) => (Part::Evening, 1),
            (Language::French, "matin" | "matinee", _) => (Part::Morning, 1),
            (Language::French, "apres", "midi") => (Part::Afternoon, 2),
            (Language::French, "soir" | "soiree", _) => (Part::Evening, 1),
            (Language::German, "vormittag" | "vormittags" | "fruh" | "morgens", _) => {
                (Part::Morning, 1)
            }
            (Language::German, "morgen", _) if !self.is_tomorrow(at) => (Part::Morning, 1),
            (Language::German, "mittag" | "mittags", _) => (Part::Noon, 1),
            (Language::German, "nachmittag" | "nachmittags", _) => (Part::Afternoon, 1),
            (Language::German, "abend" | "abends", _) => (Part::Evening, 1),
            _ => return None,
        };
        Some(found)
    }

    /// "Tonight", "Freitagabend": a part of the day inside the word of the day.
    fn part_within(&self, at: usize) -> Option<Part> {
        let word = self.word(at);
        if word == "tonight" {
            return Some(Part::Evening);
        }
        if self.language != Language::German
            || word == "sonnabend"
            || weekday(word, self.language).is_none()
        {
            return None;
        }
        let parts = [
            ("nachmittag", Part::Afternoon),
            ("vormittag", Part::Morning),
            ("mittag", Part::Noon),
            ("abend", Part::Evening),
            ("morgen", Part::Morning),
        ];
        parts.iter().find(|(ending, _)| word.ends_with(ending)).map(|(_, part)| *part)
    }

    /// "This evening", "esta noche", "ce soir".
    fn is_of_today(&self, at: usize) -> bool {
        matches!(self.before(at), "this" | "esta" | "ce" | "cet")
    }
}

fn is_adjective(word: &str) -> bool {
    matches!(
        word,
        "double"
            | "single"
            | "twin"
            | "doubles"
            | "quiet"
            | "family"
            | "more"
            | "other"
            | "small"
            | "large"
    )
}

/// "Friday the 28th" is one day, named twice; so is "November 28th, Saturday".
fn merge_dates(found: &mut Vec<Mention>) {
    const APART_TOKENS_MAX: usize = 3;
    let mut at = 1;
    while at < found.len() {
        let (one, other) = (found[at - 1], found[at]);
        let near = other.start.saturating_sub(one.end) <= APART_TOKENS_MAX;
        let exact = |what: What| {
            matches!(
                what,
                What::Day(DayName::MonthDay { .. } | DayName::DayOfMonth(_) | DayName::Absolute(_))
            )
        };
        let weekday = |what: What| matches!(what, What::Day(DayName::Weekday { .. }));
        if near
            && (weekday(one.what) && exact(other.what) || exact(one.what) && weekday(other.what))
        {
            let what = if exact(one.what) { one.what } else { other.what };
            found[at - 1] = Mention { what, start: one.start, end: other.end };
            found.remove(at);
        } else {
            at += 1;
        }
    }
}

/// "Tomorrow evening at eight": a part of the day beside a time settles which eight.
fn place_halves(tokens: &[Token], found: &mut [Mention]) {
    for index in 0..found.len() {
        let What::Clock(clock) = found[index].what else { continue };
        if clock.certain {
            continue;
        }
        let is_other = |mention: &&Mention| !matches!(mention.what, What::Day(_));
        let before = found[..index].iter().rev().find(is_other).copied();
        let after = found[index + 1..].iter().find(is_other).copied();
        for beside in [before, after].into_iter().flatten() {
            if let What::Part(part) = beside.what
                && is_beside(tokens, &found[index], &beside)
            {
                found[index].what = What::Clock(part.place(clock.minute));
                break;
            }
        }
    }
}

/// Few words apart, in one sentence, with no "or" between them.
fn is_beside(tokens: &[Token], one: &Mention, other: &Mention) -> bool {
    const APART_TOKENS_MAX: usize = 6;
    let (first, second) = if one.start < other.start { (one, other) } else { (other, one) };
    let between = &tokens[first.end.min(second.start)..second.start];
    let sentence = |mention: &Mention| tokens.get(mention.start).map_or(0, |token| token.sentence);
    sentence(one) == sentence(other)
        && between.len() <= APART_TOKENS_MAX
        && !between.iter().any(|token| token.is_any(&["or", "o", "ou", "oder", ";"]))
}

/// "Between seven and nine", "7:30-9pm", "de siete a nueve", "von 19 bis 21 Uhr".
fn link_ranges(tokens: &[Token], language: Language, found: &mut Vec<Mention>) {
    let mut at = 1;
    while at < found.len() {
        let (one, other) = (found[at - 1], found[at]);
        let (What::Clock(from), What::Clock(to)) = (one.what, other.what) else {
            at += 1;
            continue;
        };
        let between = &tokens[one.end..other.start.max(one.end)];
        let links = is_link(between, before(tokens, one.start), language);
        if links && let Some((from, to)) = ordered(from, to) {
            found[at - 1] =
                Mention { what: What::Between(from, to), start: one.start, end: other.end };
            found.remove(at);
        } else {
            at += 1;
        }
    }
}

fn before(tokens: &[Token], start: usize) -> &str {
    let mut at = start;
    while at > 0 {
        at -= 1;
        if !tokens[at].is_any(&["las", "la", "las", "about", "around"]) {
            return tokens[at].text.as_str();
        }
    }
    ""
}

fn is_link(between: &[Token], lead: &str, language: Language) -> bool {
    let words: Vec<&str> = between
        .iter()
        .map(|token| token.text.as_str())
        .filter(|word| !matches!(*word, "las" | "la" | "about" | "around" | "um" | "uhr"))
        .collect();
    let [link] = words.as_slice() else { return false };
    match (language, *link) {
        (_, "-" | "–" | "—") => true,
        (Language::English, "to" | "till" | "until" | "through") => true,
        (Language::English, "and") => lead == "between",
        (Language::Spanish, "a" | "hasta") => true,
        (Language::Spanish, "y") => lead == "entre",
        (Language::French, "a") => true,
        (Language::French, "et") => lead == "entre",
        (Language::German, "bis") => true,
        (Language::German, "und") => lead == "zwischen",
        _ => false,
    }
}

/// Both ends in the same half of the day where only one says which.
fn ordered(from: Clock, to: Clock) -> Option<(Clock, Clock)> {
    let (mut from, mut to) = (from, to);
    if from.certain && !to.certain && to.minute < from.minute {
        to = Clock { minute: to.minute + 720, certain: true };
    }
    if !from.certain && to.certain && from.minute + 720 <= to.minute {
        from = Clock { minute: from.minute + 720, certain: true };
    }
    if !from.certain && !to.certain && to.minute < from.minute {
        to = Clock { minute: to.minute + 720, certain: false };
    }
    from.certain |= to.certain;
    to.certain |= from.certain;
    (from.minute <= to.minute).then_some((from, to))
}

const FROM: &[&str] = &[
    "after",
    "from",
    "not before",
    "no earlier than",
    "not earlier than",
    "despues de",
    "a partir de",
    "desde",
    "apres",
    "a partir de",
    "des",
    "ab",
    "nach",
];
const UNTIL: &[&str] = &[
    "before",
    "until",
    "till",
    "by",
    "no later than",
    "not later than",
    "antes de",
    "hasta",
    "avant",
    "jusqu a",
    "vor",
    "bis",
];
const OR_LATER: &[&str] = &[
    "or later",
    "or after",
    "onwards",
    "at the earliest",
    "o mas tarde",
    "en adelante",
    "como pronto",
    "ou plus tard",
    "au plus tot",
    "oder spater",
    "fruhestens",
];
const OR_EARLIER: &[&str] = &[
    "or earlier",
    "or before",
    "at the latest",
    "o antes",
    "como tarde",
    "ou plus tot",
    "au plus tard",
    "oder fruher",
    "spatestens",
];

/// "After eight", "8 pm or later", "before nine".
fn bound(tokens: &[Token], found: &mut [Mention]) {
    const WORDS_AROUND_MAX: usize = 5;
    let sentence_of = |at: usize| tokens.get(at).map_or(0, |token| token.sentence);
    for mention in found.iter_mut() {
        let What::Clock(clock) = mention.what else { continue };
        let here = sentence_of(mention.start);
        let mut first = mention.start;
        while first > 0
            && mention.start - first < WORDS_AROUND_MAX
            && sentence_of(first - 1) == here
            && !tokens[first - 1].is_mark()
        {
            first -= 1;
        }
        let mut lead = spoken(&tokens[first..mention.start]);
        for article in [" las ", " la ", " about ", " around "] {
            if let Some(bare) = lead.strip_suffix(article) {
                lead = format!("{bare} ");
            }
        }
        let mut last = mention.end;
        while last < tokens.len()
            && last - mention.end < WORDS_AROUND_MAX
            && sentence_of(last) == here
            && !tokens[last].is_mark()
        {
            last += 1;
        }
        let tail = spoken(&tokens[mention.end..last]);
        let ends =
            |list: &[&str]| list.iter().any(|lead_in| lead.ends_with(&format!(" {lead_in} ")));
        let starts = |list: &'static [&'static str]| {
            list.iter().copied().find(|ending| tail.starts_with(&format!(" {ending} ")))
        };
        let from = ends(FROM);
        if let Some(ending) = starts(OR_LATER).or_else(|| starts(OR_EARLIER)) {
            mention.what =
                if starts(OR_LATER).is_some() { What::From(clock) } else { What::Until(clock) };
            mention.end += ending.split(' ').count();
        } else if from
            || says(&lead, &["not before", "nicht vor", "pas avant", "no antes de"]) && ends(UNTIL)
        {
            mention.what = What::From(clock);
        } else if ends(UNTIL) {
            mention.what = What::Until(clock);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::tokens;
    use super::*;

    fn clock(clock: Clock) -> String {
        let mark = if clock.certain { "" } else { "?" };
        format!("{:02}:{:02}{mark}", clock.minute / 60, clock.minute % 60)
    }

    fn show(what: What) -> String {
        match what {
            What::Clock(at) => clock(at),
            What::Between(from, to) => format!("{}-{}", clock(from), clock(to)),
            What::From(at) => format!(">={}", clock(at)),
            What::Until(at) => format!("<={}", clock(at)),
            What::Day(DayName::Weekday { day, next }) => {
                format!("{}{day}", if next { "next " } else { "day " })
            }
            What::Day(DayName::MonthDay { month, day }) => format!("{month}/{day}"),
            What::Day(DayName::DayOfMonth(day)) => format!("the {day}"),
            What::Day(day) => format!("{day:?}"),
            What::Part(part) => format!("{part:?}"),
            What::Count(count, of) => format!("{count} {of:?}"),
        }
    }

    fn check(language: Language, bare: Bare, text: &str, expected: &str) {
        let found = mentions(&tokens(text), language, bare);
        let found: Vec<String> = found.into_iter().map(|mention| show(mention.what)).collect();
        assert_eq!(found.join(", "), expected, "{text}");
    }

    #[test]
    fn english() {
        let check = |text: &str, expected: &str| {
            check(Language::English, Bare::TimeOrParty, text, expected)
        };
        check("eight thirty pm", "20:30");
        check("8pm, or 7:30-9pm", "20:00, 19:30-21:00");
        check("half past seven", "07:30?");
        check("a quarter past two on Thursday", "02:15?, day 3");
        check("quarter to five in the afternoon", "16:45");
        check("Seven, no sorry, seven thirty", "07:00?, 07:30?");
        check("between seven and nine", "07:00?-09:00?");
        check("We have nine or nine fifteen", "09:00?, 09:15?");
        check("A table for six at eight", "6 Party, 08:00?");
        check("for eight o'clock", "08:00?");
        check("tomorrow at eight in the evening", "Tomorrow, 20:00");
        check("between nine and twelve in the morning", "09:00-12:00");
        check("Friday the 28th at noon", "the 28, 12:00");
        check("November 28th at 7 p.m.", "11/28, 19:00");
        check("next Friday or this weekend", "next 4, Weekend { next: false }");
        check("nothing after eight", ">=08:00?");
        check("8 pm or later", ">=20:00");
        check("before nine", "<=09:00?");
        check("for two hours and 15 minutes", "120 Minutes, 15 Minutes");
        check("call 555 0123 or 2 0 2 5 5 5", "");
        check("2026-12-04 at 19:00", "Absolute(20791), 19:00");
        check("Good evening, this evening at eight", "Today, Evening, 20:00");
        check("two adults and one child", "2 People, 1 Children");
        check("a double room for two nights", "1 Rooms, 2 Nights");
        check("seven to nine pm", "19:00-21:00");
    }

    #[test]
    fn plain_numbers_are_times_only_where_times_are_meant() {
        let check =
            |text: &str, expected: &str| check(Language::English, Bare::Nothing, text, expected);
        check("Book a table for 6 at 8pm this Friday", "6 Party, 20:00, day 4");
        check("seat 12, row 4", "");
        check("between 7 and 9 or at 10", "07:00?-09:00?, 10:00?");
    }

    #[test]
    fn spanish() {
        let check = |text: &str, expected: &str| {
            check(Language::Spanish, Bare::TimeOrParty, text, expected)
        };
        check("a las ocho y media de la tarde", "20:30");
        check("el viernes a las nueve menos cuarto", "day 4, 08:45?");
        check("mañana por la mañana a las diez", "Tomorrow, Morning, 10:00");
        check("entre las siete y las nueve", "07:00?-09:00?");
        check("el viernes 28 de noviembre a las 20:30", "11/28, 20:30");
        check("una mesa para seis personas", "6 People");
        check("esta noche a las ocho", "Today, Evening, 20:00");
        check("a partir de las nueve", ">=09:00?");
        check("la semana que viene", "NextWeek");
        check("mesa para cuatro", "4 Party");
        check("a la una y media", "01:30?");
    }

    #[test]
    fn french() {
        let check =
            |text: &str, expected: &str| check(Language::French, Bare::TimeOrParty, text, expected);
        check("vendredi à vingt heures trente", "day 4, 20:30");
        check("à 20 h 30", "20:30");
        check("à 19h", "19:00");
        check("huit heures et demie du soir", "20:30");
        check("neuf heures moins le quart", "08:45?");
        check("entre 19h et 21h", "19:00-21:00");
        check("demain soir à huit heures", "Tomorrow, Evening, 20:00");
        check("le 28 novembre à midi", "11/28, 12:00");
        check("une table pour six personnes", "6 People");
        check("samedi prochain", "day 5");
        check("après 21 heures", ">=21:00");
        check("cet après-midi", "Today, Afternoon");
    }

    #[test]
    fn german() {
        let check =
            |text: &str, expected: &str| check(Language::German, Bare::TimeOrParty, text, expected);
        check("am Freitag um 20 Uhr", "day 4, 20:00");
        check("halb acht", "07:30?");
        check("Freitagabend um acht", "day 4, Evening, 20:00");
        check("um 19.30 Uhr oder 20:15 Uhr", "19:30, 20:15");
        check("zwischen 19 und 21 Uhr", "19:00-21:00");
        check("Viertel nach sieben", "07:15?");
        check("acht Uhr dreißig", "08:30?");
        check("am 28. November um 18 Uhr", "11/28, 18:00");
        check("morgen früh um neun", "Tomorrow, Morning, 09:00");
        check("einen Tisch für sechs Personen", "6 People");
        check("nächsten Freitag", "next 4");
        check("ab neun Uhr", ">=09:00?");
        check("für acht Uhr", "08:00?");
        check("heute Abend um halb neun", "Today, Evening, 20:30");
    }
}
