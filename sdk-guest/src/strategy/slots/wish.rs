//! What the customer wants and what would do instead, read from the brief.

use super::day::{Calendar, DAYS_AHEAD_MAX, DayName, Days};
use super::read::{Bare, Clock, Counted, Mention, Part, What, mentions};
use super::text::{Token, folded, says, spoken, tokens};
use super::words::{day_of_month, language_of};
use crate::Brief;
use crate::strategy::Language;

/// Most choices of one wish; what the customer names beyond them is left out.
pub const CHOICES_MAX: usize = 24;
/// The last minute of a day.
const LAST_MINUTE: u16 = 24 * 60 - 1;

/// What is booked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Seven means the evening.
    #[default]
    Table,
    /// Two means the afternoon, nine the morning.
    Appointment,
    /// Nights, not hours.
    Stay,
}

/// A day and, unless nights are booked, a time of it in minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub day: i64,
    pub minute: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    Any,
    At(u16),
    /// Both ends belong to it.
    Within {
        from: u16,
        to: u16,
    },
}

impl Times {
    fn accepts(self, minute: u16) -> bool {
        match self {
            Times::Any => true,
            Times::At(at) => at == minute,
            Times::Within { from, to } => (from..=to).contains(&minute),
        }
    }
}

/// Days and times of which any combination would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub days: Days,
    pub times: Times,
}

impl Choice {
    pub fn accepts(self, slot: Slot) -> bool {
        self.days.contains(slot.day) && slot.minute.is_none_or(|minute| self.times.accepts(minute))
    }
}

/// The choices in the order in which they are preferred, and what is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub kind: Kind,
    pub choices: Vec<Choice>,
    excluded: Vec<Choice>,
    /// The time wished most: within a window, what is nearer to it is better.
    pub ideal: u16,
    /// Guests of a table or a room.
    pub people: Option<u16>,
    pub nights: Option<u16>,
    pub rooms: Option<u16>,
}

impl Wish {
    /// From the objective, then the context.
    pub fn of(brief: &Brief, kind: Kind, calendar: Calendar) -> Self {
        let fallback = Language::of(&brief.language);
        let mut draft = Draft::new(kind, calendar);
        for text in [brief.objective.as_str(), brief.context.as_deref().unwrap_or("")] {
            draft.read(text, language_of(&folded(text), fallback));
        }
        draft.finish()
    }

    /// From one text, in the language it is written in.
    pub fn read(text: &str, fallback: Language, kind: Kind, calendar: Calendar) -> Self {
        let mut draft = Draft::new(kind, calendar);
        draft.read(text, language_of(&folded(text), fallback));
        draft.finish()
    }

    /// The place of the first choice that accepts the slot, and how far it is from the ideal time.
    pub fn rank(&self, slot: Slot) -> Option<(usize, u16)> {
        let excluded = self.excluded.iter().any(|choice| choice.accepts(slot));
        if excluded || slot.minute.is_none() && self.kind != Kind::Stay {
            return None;
        }
        let choice = self.choices.iter().position(|choice| choice.accepts(slot))?;
        let distance = slot.minute.map_or(0, |minute| minute.abs_diff(self.ideal));
        Some((choice, distance))
    }

    pub fn accepts(&self, slot: Slot) -> bool {
        self.rank(slot).is_some()
    }

    /// The only slot of a choice, if it has only one.
    pub fn definite(&self, choice: usize) -> Option<Slot> {
        let choice = self.choices.get(choice)?;
        let day = choice.days.single()?;
        match (self.kind, choice.times) {
            (Kind::Stay, _) => Some(Slot { day, minute: None }),
            (_, Times::At(minute)) => Some(Slot { day, minute: Some(minute) }),
            _ => None,
        }
    }

    /// The best time of a choice between two minutes, if they have one in common.
    pub(crate) fn best_between(&self, choice: usize, from: u16, to: u16) -> Option<u16> {
        let (first, last) = match self.choices.get(choice)?.times {
            Times::Any => (0, LAST_MINUTE),
            Times::At(minute) => (minute, minute),
            Times::Within { from, to } => (from, to),
        };
        let (from, to) = (from.max(first), to.min(last));
        (from <= to).then(|| self.ideal.clamp(from, to))
    }

    /// Which half of the day is meant: the one that the wish accepts, else the one nearer to it.
    pub(crate) fn place(&self, clock: Clock, day: Option<i64>) -> u16 {
        if clock.certain {
            return clock.minute;
        }
        let other = if clock.minute < 720 { clock.minute + 720 } else { clock.minute - 720 };
        let accepted = |minute: u16| {
            let minute = Some(minute);
            match day {
                Some(day) => self.rank(Slot { day, minute }),
                None => self
                    .choices
                    .iter()
                    .find_map(|choice| self.rank(Slot { day: choice.days.from, minute })),
            }
        };
        match (accepted(clock.minute), accepted(other)) {
            (Some(_), None) => clock.minute,
            (None, Some(_)) => other,
            (Some((_, one)), Some((_, two))) if one != two && self.has_time() => {
                if one < two {
                    clock.minute
                } else {
                    other
                }
            }
            (None, None) if self.has_time() => {
                let nearer = clock.minute.abs_diff(self.ideal) <= other.abs_diff(self.ideal);
                if nearer { clock.minute } else { other }
            }
            _ => usual(clock, self.kind),
        }
    }

    fn has_time(&self) -> bool {
        self.choices.iter().any(|choice| choice.times != Times::Any)
    }
}

/// The half of the day that is meant where nothing tells.
pub(crate) fn usual(clock: Clock, kind: Kind) -> u16 {
    let Clock { minute, certain } = clock;
    let hour = minute / 60;
    let afternoon = match kind {
        Kind::Table => (1..11).contains(&hour),
        Kind::Appointment | Kind::Stay => (1..7).contains(&hour),
    };
    if afternoon && !certain { minute + 720 } else { minute }
}

/// What one part of a sentence names.
struct Segment {
    text: usize,
    sentence: usize,
    days: Vec<Days>,
    times: Vec<Times>,
}

struct Draft {
    kind: Kind,
    calendar: Calendar,
    texts: usize,
    segments: Vec<Segment>,
    excluded: Vec<Choice>,
    /// "Half an hour earlier or later".
    slack: Option<(u16, u16)>,
    adults: Option<u16>,
    children: u16,
    party: Option<u16>,
    nights: Option<u16>,
    rooms: Option<u16>,
}

impl Draft {
    fn new(kind: Kind, calendar: Calendar) -> Self {
        Self {
            kind,
            calendar,
            texts: 0,
            segments: Vec::new(),
            excluded: Vec::new(),
            slack: None,
            adults: None,
            children: 0,
            party: None,
            nights: None,
            rooms: None,
        }
    }

    fn read(&mut self, text: &str, language: Language) {
        self.texts += 1;
        let tokens = tokens(text);
        let found = mentions(&tokens, language, Bare::Nothing);
        for range in segments(&tokens, &found) {
            let words = spoken(&tokens[range.clone()]);
            if says(&words, ELSEWHERE) {
                continue;
            }
            let here = range.start..range.end;
            let from = condition_end(&tokens, here.clone(), &words);
            let inside = |mention: &&Mention| here.contains(&mention.start);
            for mention in found.iter().filter(inside) {
                self.count(mention.what);
            }
            let named: Vec<Mention> = found
                .iter()
                .filter(inside)
                .filter(|mention| mention.start >= from)
                .copied()
                .collect();
            let sentence = tokens.get(range.start).map_or(0, |token| token.sentence);
            self.segment(&tokens, &named, &words, sentence);
        }
    }

    fn count(&mut self, what: What) {
        let What::Count(count, of) = what else { return };
        match of {
            Counted::People => {
                self.adults.get_or_insert(count);
            }
            Counted::Children => self.children = self.children.max(count),
            Counted::Party => {
                self.party.get_or_insert(count);
            }
            Counted::Nights => {
                self.nights.get_or_insert(count);
            }
            Counted::Rooms => {
                self.rooms.get_or_insert(count);
            }
            Counted::Minutes | Counted::Other => {}
        }
    }

    fn segment(&mut self, tokens: &[Token], named: &[Mention], words: &str, sentence: usize) {
        let mut segment =
            Segment { text: self.texts, sentence, days: Vec::new(), times: Vec::new() };
        let timed = named.iter().any(|mention| mention.what.is_time());
        let busy = says(words, BUSY);
        for (index, mention) in named.iter().enumerate() {
            let negated = busy || is_excluded(tokens, mention);
            let times = match mention.what {
                What::Part(_) if timed => None,
                what => self.times(what),
            };
            if let What::Day(name) = mention.what
                && let Some(days) = self.calendar.resolve(name)
            {
                if negated {
                    self.exclude(name, days);
                } else if !self.ends_stay(tokens, named, index, days, &segment) {
                    segment.days.push(days);
                }
            } else if let Some(times) = times {
                if negated {
                    let days = Days {
                        from: self.calendar.today,
                        to: self.calendar.today + DAYS_AHEAD_MAX,
                    };
                    self.excluded.push(Choice { days, times });
                } else {
                    segment.times.push(times);
                }
            }
            if let (Kind::Stay, What::Day(DayName::MonthDay { day, .. })) =
                (self.kind, mention.what)
                && let Some(last) = range_end(tokens, mention.end).filter(|last| *last > day)
            {
                self.nights.get_or_insert(u16::from(last - day));
            }
            if let What::Count(minutes, Counted::Minutes) = mention.what {
                let (earlier, later) = (says(words, EARLIER), says(words, LATER));
                let both = says(words, EITHER_WAY) || earlier && later;
                if both || earlier || later {
                    let slack = |wanted: bool| if wanted || both { minutes } else { 0 };
                    self.slack = Some((slack(earlier), slack(later)));
                }
            }
        }
        if says(words, ANY_TIME) && segment.times.is_empty() {
            segment.times.push(Times::Any);
        }
        if self.kind == Kind::Stay {
            segment.times.clear();
        }
        if !segment.days.is_empty() || !segment.times.is_empty() {
            self.segments.push(segment);
        }
    }

    /// "Not on Tuesday" holds in every week.
    fn exclude(&mut self, name: DayName, days: Days) {
        let weeks = if matches!(name, DayName::Weekday { .. }) { DAYS_AHEAD_MAX / 7 } else { 0 };
        for week in 0..=weeks {
            let days = Days { from: days.from + 7 * week, to: days.to + 7 * week };
            self.excluded.push(Choice { days, times: Times::Any });
        }
    }

    fn times(&self, what: What) -> Option<Times> {
        let at = |clock: Clock| usual(clock, self.kind);
        let times = match what {
            What::Clock(clock) => Times::At(at(clock)),
            What::Between(from, to) => {
                let to = at(to);
                let from = at(from);
                Times::Within { from: if from > to { from % 720 } else { from }, to }
            }
            What::From(clock) => Times::Within { from: at(clock), to: LAST_MINUTE },
            What::Until(clock) => Times::Within { from: 0, to: at(clock) },
            What::Part(part) => {
                let (from, to) = part.window();
                Times::Within { from, to }
            }
            _ => return None,
        };
        Some(times)
    }

    /// "From Friday to Sunday": the second day of a stay is when it ends, not another wish.
    fn ends_stay(
        &mut self,
        tokens: &[Token],
        named: &[Mention],
        index: usize,
        days: Days,
        segment: &Segment,
    ) -> bool {
        let (Kind::Stay, Some(before), Some(first)) =
            (self.kind, index.checked_sub(1), segment.days.last())
        else {
            return false;
        };
        let between = &tokens[named[before].end..named[index].start.max(named[before].end)];
        let links = between.iter().any(|token| {
            token.is_any(&[
                "to", "until", "till", "through", "-", "–", "out", "a", "al", "hasta", "au", "bis",
                "leaving", "checkout",
            ])
        });
        let nights = days.from - first.from;
        let fits = links && (1..=i64::from(u16::MAX)).contains(&nights);
        if fits {
            self.nights.get_or_insert(u16::try_from(nights).unwrap_or(1));
        }
        fits
    }

    fn finish(mut self) -> Wish {
        let mut days: Vec<(Days, Option<Vec<Times>>)> = Vec::new();
        let mut times: Vec<Times> = Vec::new();
        self.share_within_sentences();
        for segment in &self.segments {
            let known = |day: &Days| days.iter().any(|(known, _)| known == day);
            let own =
                !segment.times.is_empty() && !days.is_empty() && !segment.days.iter().all(known);
            if !own {
                times.extend(&segment.times);
            }
            for day in &segment.days {
                if !days.iter().any(|(known, _)| known == day) {
                    days.push((*day, own.then(|| segment.times.clone())));
                }
            }
        }
        // What is exact is preferred to a window, whichever was written first.
        times.sort_by_key(|times| !matches!(times, Times::At(_)));
        let exact = times.iter().find_map(|times| match times {
            Times::At(minute) => Some(*minute),
            _ => None,
        });
        if let (Some(at), Some((earlier, later))) = (exact, self.slack) {
            let to = at.saturating_add(later).min(LAST_MINUTE);
            times.push(Times::Within { from: at.saturating_sub(earlier), to });
        }
        if days.is_empty() {
            days.push((self.unnamed_days(exact), None));
        }
        let mut wish = Wish {
            kind: self.kind,
            excluded: self.excluded,
            people: self.adults.map(|adults| adults.saturating_add(self.children)).or(self.party),
            nights: self.nights,
            rooms: self.rooms,
            ..Wish::default()
        };
        for (days, own) in days {
            let own = own.unwrap_or_else(|| times.clone());
            let own = if own.is_empty() { vec![Times::Any] } else { own };
            for times in own {
                let choice = Choice { days, times };
                if wish.choices.len() < CHOICES_MAX && !wish.choices.contains(&choice) {
                    wish.choices.push(choice);
                }
            }
        }
        wish.ideal = ideal(&wish.choices, self.kind);
        wish
    }

    /// "Thursday or Friday at eight", "at seven or eight on Friday": what one part lacks it takes from
    /// the next of its sentence.
    fn share_within_sentences(&mut self) {
        let same = |one: &Segment, other: &Segment| {
            one.text == other.text && one.sentence == other.sentence
        };
        let Some((first, rest)) = self.segments.split_first_mut() else { return };
        let Some(next) = rest.first().filter(|next| same(first, next)) else { return };
        if first.times.is_empty() && !next.times.is_empty() && !next.days.is_empty() {
            first.times.clone_from(&next.times);
            if self.kind != Kind::Stay {
                rest[0].times.clear();
            }
        } else if first.days.is_empty() {
            let later = rest.iter().find(|later| !later.days.is_empty() && same(first, later));
            if let Some(later) = later {
                first.days.clone_from(&later.days);
            }
        }
    }

    /// A table at eight without a day is for today; anything else may be any day.
    fn unnamed_days(&self, exact: Option<u16>) -> Days {
        let today = self.calendar.today;
        match (self.kind, exact) {
            (Kind::Table, Some(minute)) if minute > self.calendar.minute => Days::one(today),
            (Kind::Table, Some(_)) => Days::one(today + 1),
            _ => Days { from: today, to: today + DAYS_AHEAD_MAX },
        }
    }
}

fn ideal(choices: &[Choice], kind: Kind) -> u16 {
    let default = if kind == Kind::Table { 19 * 60 + 30 } else { 10 * 60 };
    let first = choices.first().map_or(Times::Any, |choice| choice.times);
    match first {
        Times::At(minute) => minute,
        Times::Within { from: 0, to } => to,
        Times::Within { from, .. } => from,
        Times::Any => default,
    }
}

/// Where a new alternative begins: at sentences, semicolons and "or".
fn segments(tokens: &[Token], found: &[Mention]) -> Vec<std::ops::Range<usize>> {
    const OR: &[&str] = &[
        "or",
        "otherwise",
        "alternatively",
        "else",
        "o",
        "sino",
        "alternativamente",
        "ou",
        "sinon",
        "oder",
        "sonst",
        "ansonsten",
        "alternativ",
        ";",
    ];
    // "Half an hour earlier or later" is one thought.
    const OR_SLACK: &[&str] = &[
        "later", "earlier", "after", "before", "mas", "antes", "despues", "plus", "spater",
        "fruher",
    ];
    let mut ranges = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        let inside = found.iter().any(|mention| at > mention.start && at < mention.end);
        let new_sentence = at > 0 && tokens[at - 1].sentence != token.sentence;
        let next = tokens.get(at + 1);
        let slack = next.is_some_and(|next| next.is_any(OR_SLACK));
        if at > start && !inside && (new_sentence || token.is_any(OR) && !slack) {
            ranges.push(start..at);
            start = at;
        }
    }
    if start < tokens.len() {
        ranges.push(start..tokens.len());
    }
    ranges
}

/// "If 8pm is unavailable, …" names again what is wished; what follows the condition counts.
fn condition_end(tokens: &[Token], range: std::ops::Range<usize>, words: &str) -> usize {
    const IF: &[&str] = &["if", "should", "si", "falls", "wenn", "sollte", "in case", "en caso"];
    const THEN: &[&str] = &[",", "then", "entonces", "alors", "dann"];
    const ENDS: &[&str] = &[
        "unavailable",
        "full",
        "booked",
        "available",
        "possible",
        "taken",
        "free",
        "work",
        "disponible",
        "posible",
        "lleno",
        "libre",
        "complet",
        "pris",
        "moglich",
        "frei",
        "ausgebucht",
        "verfugbar",
        "voll",
        "geht",
    ];
    let begins = IF.iter().any(|lead| {
        let lead = format!(" {lead} ");
        words.find(&lead).is_some_and(|at| words[..at].split_whitespace().count() <= 1)
    });
    if !begins {
        return range.start;
    }
    let place = |list: &[&str]| range.clone().find(|at| tokens[*at].is_any(list));
    place(THEN).or_else(|| place(ENDS)).map_or(range.start, |at| at + 1)
}

/// "Not on Monday", "nicht vor 18 Uhr" has become a bound already.
fn is_excluded(tokens: &[Token], mention: &Mention) -> bool {
    const WORDS_BEFORE_MAX: usize = 4;
    let mut first = mention.start;
    while first > 0 && mention.start - first < WORDS_BEFORE_MAX && !tokens[first - 1].is_mark() {
        first -= 1;
    }
    let lead = spoken(&tokens[first..mention.start]);
    let ends = |list: &[&str]| list.iter().any(|phrase| lead.ends_with(&format!(" {phrase} ")));
    match mention.what {
        What::From(_) => ends(&[
            "not after",
            "never after",
            "nothing after",
            "no despues de",
            "nunca despues de",
            "nada despues de",
            "pas apres",
            "rien apres",
            "nicht nach",
            "nie nach",
        ]),
        What::Until(_) => ends(&[
            "never before",
            "nothing before",
            "nunca antes de",
            "nada antes de",
            "jamais avant",
            "rien avant",
            "nie vor",
            "nichts vor",
        ]),
        _ => ends(&[
            "not",
            "not on",
            "not at",
            "never",
            "never on",
            "never at",
            "except",
            "except on",
            "no",
            "not in the",
            "no en",
            "no el",
            "no a las",
            "nunca",
            "excepto",
            "excepto el",
            "salvo el",
            "salvo",
            "pas",
            "pas le",
            "pas a",
            "jamais",
            "sauf",
            "sauf le",
            "nicht",
            "nicht am",
            "nicht um",
            "nie",
            "ausser",
            "ausser am",
        ]),
    }
}

/// Sentences whose days and times are not those of the wish.
const ELSEWHERE: &[&str] = &[
    "born",
    "birth",
    "birthday is",
    "date of birth",
    "nacio",
    "nacido",
    "nacida",
    "nacimiento",
    "ne le",
    "nee le",
    "naissance",
    "geboren",
    "geburtsdatum",
    "geburtstag ist",
    "last visit",
    "last time we",
    "letzte mal",
    "ultima vez",
    "derniere fois",
    "open from",
    "opening hours",
    "office hours",
    "call me",
    "reach me",
    "phone",
];
/// "In the afternoon she has to work" is no wish for the afternoon.
const BUSY: &[&str] = &[
    "has to work",
    "have to work",
    "must work",
    "is at work",
    "am at work",
    "are at work",
    "is working",
    "am working",
    "is busy",
    "am busy",
    "are busy",
    "tiene que trabajar",
    "tengo que trabajar",
    "esta trabajando",
    "esta ocupada",
    "esta ocupado",
    "doit travailler",
    "dois travailler",
    "est occupee",
    "est occupe",
    "muss arbeiten",
    "muss sie arbeiten",
    "muss er arbeiten",
    "muss ich arbeiten",
    "arbeiten muss",
];
const ANY_TIME: &[&str] = &[
    "any time",
    "anytime",
    "any slot",
    "any hour",
    "whatever time",
    "whenever",
    "cualquier hora",
    "a cualquier hora",
    "cualquier horario",
    "n importe quelle heure",
    "a toute heure",
    "jederzeit",
    "egal wann",
    "beliebige uhrzeit",
    "jede uhrzeit",
];
const EARLIER: &[&str] = &["earlier", "before", "antes", "plus tot", "avant", "fruher", "vorher"];
const LATER: &[&str] =
    &["later", "after", "despues", "mas tarde", "plus tard", "apres", "spater", "danach"];
const EITHER_WAY: &[&str] = &[
    "either way",
    "give or take",
    "plus or minus",
    "within",
    "either side",
    "mas o menos",
    "plus ou moins",
    "arriba o abajo",
    "plus minus",
    "hin oder her",
];

/// Days of the month behind a hyphen: "December 4-6".
fn range_end(tokens: &[Token], at: usize) -> Option<u8> {
    let linked = tokens.get(at).is_some_and(|token| token.is_any(&["-", "–", "to"]));
    let token = tokens.get(at + 1).filter(|token| linked && token.is_digits())?;
    day_of_month(token.text.parse().ok()?)
}

/// The part of the day that a window is, for saying it.
pub(crate) fn part_of(from: u16, to: u16) -> Option<Part> {
    [Part::Morning, Part::Noon, Part::Afternoon, Part::Evening]
        .into_iter()
        .find(|part| part.window() == (from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Monday 2026-11-23, 11:00 in New York.
    fn calendar() -> Calendar {
        Calendar { today: 20_780, minute: 660 }
    }

    fn minute(minute: u16) -> String {
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }

    fn show(wish: &Wish) -> String {
        let mut shown = Vec::new();
        for choice in &wish.choices {
            let days = match choice.days.single() {
                Some(day) => Calendar::iso(day)[5..].to_owned(),
                None if choice.days.to - choice.days.from == DAYS_AHEAD_MAX => "any day".to_owned(),
                None => format!(
                    "{}..{}",
                    &Calendar::iso(choice.days.from)[5..],
                    &Calendar::iso(choice.days.to)[5..]
                ),
            };
            let times = match choice.times {
                Times::Any => "any".to_owned(),
                Times::At(at) => minute(at),
                Times::Within { from, to } => format!("{}-{}", minute(from), minute(to)),
            };
            shown.push(format!("{days} {times}"));
        }
        shown.join(", ")
    }

    fn check(kind: Kind, text: &str, expected: &str) {
        let wish = Wish::read(text, Language::English, kind, calendar());
        assert_eq!(show(&wish), expected, "{text}");
    }

    #[test]
    fn tables() {
        let check = |text: &str, expected: &str| check(Kind::Table, text, expected);
        check(
            "Book a table for 6 at 8pm this Friday. If 8pm unavailable, anything between 7:30-9pm works. Name: Alex Chen.",
            "11-27 20:00, 11-27 19:30-21:00",
        );
        check(
            "Book a table for 6 at 8pm this Friday. If 8pm unavailable, anything between 7:30-9pm works, or Saturday instead.",
            "11-27 20:00, 11-27 19:30-21:00, 11-28 20:00, 11-28 19:30-21:00",
        );
        check(
            "Book a table for four people tomorrow at eight in the evening under the name Morgan. Half past seven would be fine too.",
            "11-24 20:00, 11-24 19:30",
        );
        check("Table for two Thursday or Friday at 7", "11-26 19:00, 11-27 19:00");
        check("Table for two at 7 or 8 on Friday", "11-27 19:00, 11-27 20:00");
        check(
            "Reserve a table for 4 at 7pm Saturday, or Sunday at noon",
            "11-28 19:00, 11-29 12:00",
        );
        check("Book dinner for 2 at 8pm", "11-23 20:00");
        check("Book a table for lunch for 2 on Friday", "11-27 11:30-14:30");
        check(
            "Table on Friday at 8pm, half an hour earlier or later is fine",
            "11-27 20:00, 11-27 19:30-20:30",
        );
        check("Table on Friday at 8pm or later", "11-27 20:00-23:59");
        check(
            "Get a table on Friday between 7 and 9, ideally at 8",
            "11-27 20:00, 11-27 19:00-21:00",
        );
    }

    #[test]
    fn appointments() {
        let check = |text: &str, expected: &str| check(Kind::Appointment, text, expected);
        check(
            "Make an appointment for a check-up this week and find out what to bring",
            "11-23..11-29 any",
        );
        check(
            "Get an appointment on Tuesday or Wednesday morning",
            "11-24 06:00-11:59, 11-25 06:00-11:59",
        );
        check("Appointment on Thursday at 3 or Friday at 10", "11-26 15:00, 11-27 10:00");
        check("Book a haircut", "any day any");
        check("Book a haircut on Friday after 4 pm", "11-27 16:00-23:59");
    }

    #[test]
    fn other_languages() {
        let check = |text: &str, expected: &str| check(Kind::Table, text, expected);
        check(
            "Reserva una mesa para seis personas el viernes a las ocho de la tarde. Si no es posible, entre las siete y media y las nueve, o el sábado.",
            "11-27 20:00, 11-27 19:30-21:00, 11-28 20:00, 11-28 19:30-21:00",
        );
        check(
            "Réserve une table pour six vendredi à 20 h. Sinon entre 19h30 et 21h, ou samedi.",
            "11-27 20:00, 11-27 19:30-21:00, 11-28 20:00, 11-28 19:30-21:00",
        );
        check(
            "Reserviere einen Tisch für sechs am Freitag um 20 Uhr. Sonst zwischen 19:30 und 21 Uhr, oder am Samstag.",
            "11-27 20:00, 11-27 19:30-21:00, 11-28 20:00, 11-28 19:30-21:00",
        );
    }

    #[test]
    fn what_is_counted() {
        let check = |text: &str, expected: (Option<u16>, Option<u16>, Option<u16>)| {
            let wish = Wish::read(text, Language::English, Kind::Stay, calendar());
            assert_eq!((wish.people, wish.nights, wish.rooms), expected, "{text}");
        };
        check("A table for 6 at 8pm", (Some(6), None, None));
        check("A room for 2 adults and 2 children for three nights", (Some(4), Some(3), Some(1)));
        check("A double room from Friday to Sunday for two people", (Some(2), Some(2), Some(1)));
        check("Ein Doppelzimmer für zwei Nächte", (None, Some(2), Some(1)));
    }

    #[test]
    fn what_is_excluded_is_never_accepted() {
        let wish = Wish::read(
            "Appointment next week, but not on Tuesday, and never after 4 pm",
            Language::English,
            Kind::Appointment,
            calendar(),
        );
        let accepts = |day: i64, minute: u16| wish.accepts(Slot { day, minute: Some(minute) });
        assert!(accepts(20_787, 600));
        assert!(!accepts(20_788, 600));
        assert!(!accepts(20_787, 17 * 60));
        assert!(!accepts(20_780, 600));
    }

    #[test]
    fn who_is_busy_wishes_something_else() {
        let read = |text: &str, language: Language| {
            Wish::read(text, language, Kind::Appointment, calendar())
        };
        let wish = |text: &str| read(text, Language::English);
        let at = |day: i64, minute: u16| Slot { day, minute: Some(minute) };
        let mornings = wish("Thursday between 9 and 12. In the afternoon she has to work.");
        assert_eq!(mornings, wish_with(wish("Thursday between 9 and 12."), &mornings));
        assert!(mornings.accepts(at(20_783, 630)) && !mornings.accepts(at(20_783, 14 * 60)));
        let german = read("Nächste Woche. Nachmittags muss sie arbeiten.", Language::German);
        assert!(german.accepts(at(20_787, 600)) && !german.accepts(at(20_787, 15 * 60)));
    }

    /// The same but for what is excluded.
    fn wish_with(wish: Wish, other: &Wish) -> Wish {
        Wish { excluded: other.excluded.clone(), ..wish }
    }
}
