//! The search for a slot: what was asked for, what was refused, what is agreed on.
//!
//! The choices of the wish are put in their order. Nothing is ever agreed on that the wish does not
//! accept; what the other side offers beyond it is noted and answered with the next choice.

use super::day::{Calendar, Days};
use super::read::Clock;
use super::said::{Offer, Offered, Said};
use super::text::{folded, says, tokens};
use super::wish::{Kind, Slot, Times, Wish};
use super::words::number;
use crate::strategy::Language;

/// A choice is put this often at most: once, and once more if what was offered was near.
const PUT_MAX: u8 = 2;
/// How far from an accepted time an offer is still worth asking once more, in minutes.
const NEAR_MINUTES_MAX: u16 = 120;
/// Most offers beyond the wish that are kept for the report.
pub const OFFERED_MAX: usize = 12;
/// A missing day or time is asked for this often.
const ASKED_MAX: u8 = 2;

/// What to do about a turn of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What they offer is accepted, or what was asked for is possible.
    Take(Slot),
    /// Ask for the choice of that place; `again` if it was asked for before.
    Ask { choice: usize, again: bool },
    /// These days would do: at what time?
    AskTime(Days),
    /// This time would do: on which day?
    AskDay(u16),
    /// Nothing that the customer accepts is possible.
    Exhausted,
    /// The turn was about something else.
    None,
}

pub struct Search {
    pub wish: Wish,
    calendar: Calendar,
    /// The choice that was put last.
    put: Option<usize>,
    /// How often each choice was put.
    times_put: Vec<u8>,
    closed: Vec<bool>,
    refused: Vec<Slot>,
    refused_days: Vec<i64>,
    /// What they offered and the wish does not accept.
    pub offered: Vec<Slot>,
    /// The days that were talked about last.
    days: Option<Days>,
    /// Accepted, but a better choice was asked for first.
    standing: Option<Slot>,
    pub agreed: Option<Slot>,
    asked: u8,
    /// What they offered last is not acceptable.
    pub declining: bool,
}

impl Search {
    pub fn new(wish: Wish, calendar: Calendar) -> Self {
        let choices = wish.choices.len();
        Self {
            wish,
            calendar,
            put: None,
            times_put: vec![0; choices],
            closed: vec![false; choices],
            refused: Vec::new(),
            refused_days: Vec::new(),
            offered: Vec::new(),
            days: None,
            standing: None,
            agreed: None,
            asked: 0,
            declining: false,
        }
    }

    /// The first choice was put to them, as the opening does.
    pub fn open(&mut self) {
        if self.put.is_none() && !self.wish.choices.is_empty() {
            self.put(0);
        }
    }

    pub fn is_put(&self) -> Option<usize> {
        self.put
    }

    /// Whether a choice is left that was not put to them at all.
    pub fn next_untried(&self) -> Option<usize> {
        (0..self.wish.choices.len())
            .find(|choice| self.is_open(*choice) && self.times_put[*choice] == 0)
    }

    /// What of ours was said: a slot that we ask for ourselves is the one on the table.
    pub fn spoke(&mut self, ours: &Said) {
        if !ours.question || self.agreed.is_some() {
            return;
        }
        let [offer] = ours.offers.as_slice() else { return };
        let Offered::At(_) = offer.times else { return };
        for slot in self.slots(offer, None) {
            if let Some((choice, _)) = self.wish.rank(slot)
                && self.put != Some(choice)
                && self.wish.definite(choice) == Some(slot)
            {
                self.put(choice);
            }
        }
    }

    pub fn heard(&mut self, said: &Said) -> Step {
        self.declining = false;
        self.refuse(said);
        let mut best: Option<(usize, u16, Slot)> = None;
        let mut outside: Vec<Slot> = Vec::new();
        let mut open: Option<Step> = None;
        let mut topic = None;
        for offer in &said.offers {
            // "See you on Friday" offers nothing new.
            let agreed = self.agreed.zip(self.meant(offer.days));
            if offer.times == Offered::Any
                && agreed.is_some_and(|(slot, days)| days.contains(slot.day))
            {
                continue;
            }
            topic = offer.days.or(topic);
            let slots = self.slots(offer, topic);
            if slots.is_empty() {
                open = open.or_else(|| self.incomplete(offer));
            }
            for slot in slots {
                match self.wish.rank(slot) {
                    Some((choice, distance)) => {
                        let better = best.is_none_or(|(b, d, _)| (choice, distance) < (b, d));
                        if better {
                            best = Some((choice, distance, slot));
                        }
                    }
                    None => outside.push(slot),
                }
            }
            if self.is_on_other_days(offer, topic) {
                open = open.or(Some(Step::None));
            }
        }
        self.days = self.meant(topic).or(self.days);
        for slot in &outside {
            if self.offered.len() < OFFERED_MAX && !self.offered.contains(slot) {
                self.offered.push(*slot);
            }
        }
        if let Some((choice, _, slot)) = best {
            return self.consider(choice, slot);
        }
        if said.agrees && self.agreed.is_none() && !said.names_a_time() && self.is_about_put(topic)
        {
            return self.agree();
        }
        if let Some(step @ (Step::AskTime(_) | Step::AskDay(_) | Step::Ask { .. })) = open {
            return self.ask_missing(step);
        }
        if !outside.is_empty() || open == Some(Step::None) {
            self.declining = true;
            return self.beyond(&outside);
        }
        if said.refuses || !said.refused.is_empty() {
            return self.next_after_refusal();
        }
        if said.agrees && self.agreed.is_none() {
            return self.agree();
        }
        Step::None
    }

    /// What was put is what they go on with: "under what name?".
    pub fn settle(&mut self) -> Option<Slot> {
        if self.agreed.is_none() {
            self.agree_to_put();
        }
        self.agreed
    }

    fn agree_to_put(&mut self) {
        let put = self.put.filter(|choice| self.is_open(*choice));
        self.agreed = put.and_then(|choice| self.wish.definite(choice));
    }

    /// Why a clause of ours may not be said: it would take what the customer does not accept, or give
    /// a card number.
    pub fn forbids(&self, clause: &str, language: Language) -> Option<&'static str> {
        // A telephone number has fewer.
        const CARD_DIGITS_MIN: usize = 14;
        if digits_in(clause, language) >= CARD_DIGITS_MIN {
            return Some("no card number is given on this call: say that you will come back on it");
        }
        let mut words = folded(clause);
        // "No problem, nine works" takes it.
        for polite in [
            " no problem ",
            " not a problem ",
            " no worries ",
            " why not ",
            " pas de probleme ",
            " kein problem ",
        ] {
            words = words.replace(polite, " yes ");
        }
        let asks = clause.contains('?') && !says(&words, TAKES_EVEN_ASKING);
        if !says(&words, TAKES) || says(&words, DECLINES) || asks {
            return None;
        }
        let ours = Said::read(clause, language, self.calendar, self.wish.kind);
        let mut named = false;
        for offer in &ours.offers {
            for slot in self.slots(offer, None) {
                if self.wish.accepts(slot) {
                    return None;
                }
                named = true;
            }
        }
        (named || self.declining).then_some(
            "what they offer is not what the customer accepts: decline it and ask for what is",
        )
    }

    /// They took back what was agreed on.
    fn refuse(&mut self, said: &Said) {
        for offer in &said.refused {
            match (offer.times, offer.days.or_else(|| self.topic())) {
                (Offered::At(clock), days) => {
                    let day = days.and_then(Days::single);
                    let minute = self.wish.place(clock, day);
                    let days = days.unwrap_or(Days::one(self.calendar.today));
                    if let Some(day) = days.single() {
                        self.refused.push(Slot { day, minute: Some(minute) });
                    }
                }
                (Offered::Any, Some(days)) => {
                    if let Some(day) = days.single() {
                        self.refused_days.push(day);
                    }
                }
                _ => {}
            }
        }
        for choice in 0..self.wish.choices.len() {
            let gone = self.wish.definite(choice).is_some_and(|slot| self.is_refused(slot));
            let day = self.wish.choices[choice].days.single();
            let no_day = day.is_some_and(|day| self.refused_days.contains(&day));
            self.closed[choice] |= gone || no_day;
        }
        if self.agreed.is_some_and(|slot| self.is_refused(slot)) {
            self.agreed = None;
        }
        if self.standing.is_some_and(|slot| self.is_refused(slot)) {
            self.standing = None;
        }
        if said.refuses && said.offers.is_empty() {
            if let Some(slot) = self.agreed.take() {
                self.refused.push(slot);
            }
            self.close_put();
        }
    }

    fn is_refused(&self, slot: Slot) -> bool {
        self.refused.contains(&slot) || self.refused_days.contains(&slot.day)
    }

    /// The day that is talked about.
    fn topic(&self) -> Option<Days> {
        if let Some(slot) = self.agreed.or(self.standing) {
            return Some(Days::one(slot.day));
        }
        let put = self.put.and_then(|choice| self.wish.choices.get(choice));
        self.days.or_else(|| put.or(self.wish.choices.first()).map(|choice| choice.days))
    }

    /// The days they named, if any, are those of what was put.
    fn is_about_put(&self, topic: Option<Days>) -> bool {
        let put = self.put.and_then(|choice| self.wish.choices.get(choice));
        match (self.meant(topic), put) {
            (Some(days), Some(put)) => put.days.common(days).is_some(),
            _ => true,
        }
    }

    /// Days were offered of which none is acceptable.
    fn is_on_other_days(&self, offer: &Offer, topic: Option<Days>) -> bool {
        let Some(days) = self.meant(offer.days.or(topic)) else { return false };
        !self.wish.choices.iter().any(|choice| choice.days.common(days).is_some())
    }

    /// The slots that an offer comes to; none if its day or its time is missing.
    fn slots(&self, offer: &Offer, named: Option<Days>) -> Vec<Slot> {
        let days = self.meant(offer.days.or(named)).or_else(|| self.topic());
        let Some(day) = days.and_then(Days::single) else { return Vec::new() };
        if self.wish.kind == Kind::Stay {
            return match offer.days.or(named) {
                Some(_) => vec![Slot { day, minute: None }],
                None => Vec::new(),
            };
        }
        let minutes = match offer.times {
            Offered::Any => return Vec::new(),
            Offered::At(clock) => vec![self.wish.place(clock, Some(day))],
            Offered::Between(from, to) => self.within(day, Some(from), Some(to)),
            Offered::From(from) => self.within(day, Some(from), None),
            Offered::Until(to) => self.within(day, None, Some(to)),
        };
        minutes.into_iter().map(|minute| Slot { day, minute: Some(minute) }).collect()
    }

    /// "Friday" means the Friday of the wish, if that has one.
    fn meant(&self, days: Option<Days>) -> Option<Days> {
        let day = days?.single();
        let Some(day) = day else { return days };
        let choices = self.wish.choices.iter().filter_map(|choice| choice.days.single());
        let mut same = choices.filter(|one| {
            Calendar::weekday(*one) == Calendar::weekday(day)
                && *one >= day
                && day - self.calendar.today < 7
        });
        same.next().map(Days::one).or(days)
    }

    /// The best accepted minute of a span on that day, else the nearest of its ends.
    fn within(&self, day: i64, from: Option<Clock>, to: Option<Clock>) -> Vec<u16> {
        let place = |clock: Clock| self.wish.place(clock, Some(day));
        let (first, last) = (from.map_or(0, place), to.map_or(24 * 60 - 1, place));
        for (index, choice) in self.wish.choices.iter().enumerate() {
            if !choice.days.contains(day)
                || self.closed[index] && matches!(choice.times, Times::At(_))
            {
                continue;
            }
            let Some(minute) = self.wish.best_between(index, first, last) else { continue };
            if self.wish.accepts(Slot { day, minute: Some(minute) }) {
                return vec![minute];
            }
        }
        let end = if from.is_some() { first } else { last };
        vec![end]
    }

    /// A day without a time, or a time without a day.
    fn incomplete(&self, offer: &Offer) -> Option<Step> {
        let days = self.meant(offer.days).or_else(|| self.topic())?;
        if let Offered::At(clock) = offer.times {
            let minute = self.wish.place(clock, None);
            let fits = |day: i64| self.wish.accepts(Slot { day, minute: Some(minute) });
            return (days.from..=days.to).any(fits).then_some(Step::AskDay(minute));
        }
        for (index, choice) in self.wish.choices.iter().enumerate() {
            let Some(common) = choice.days.common(days) else { continue };
            if !self.is_open(index) {
                continue;
            }
            let again = self.times_put[index] > 0;
            return Some(match (self.wish.definite(index), choice.times) {
                (Some(_), _) => Step::Ask { choice: index, again },
                (None, _) => Step::AskTime(common),
            });
        }
        None
    }

    /// Nobody may be asked forever for what is missing.
    fn ask_missing(&mut self, step: Step) -> Step {
        if let Step::Ask { choice, .. } = step {
            if self.times_put[choice] >= PUT_MAX {
                return self.next_after_refusal();
            }
            self.put(choice);
            return step;
        }
        if let Step::AskTime(days) = step {
            self.days = Some(days);
        }
        self.asked = self.asked.saturating_add(1);
        if self.asked > ASKED_MAX { self.next_after_refusal() } else { step }
    }

    /// An acceptable offer is taken, unless a better day was not asked for yet.
    fn consider(&mut self, choice: usize, slot: Slot) -> Step {
        let days = self.wish.choices[choice].days;
        let better = (0..choice).find(|earlier| {
            self.is_open(*earlier)
                && self.times_put[*earlier] == 0
                && self.wish.choices[*earlier].days != days
        });
        if let Some(better) = better {
            self.standing = Some(slot);
            self.put(better);
            return Step::Ask { choice: better, again: false };
        }
        self.take(slot)
    }

    fn take(&mut self, slot: Slot) -> Step {
        // What they offer themselves is no longer refused.
        self.refused.retain(|refused| *refused != slot);
        self.refused_days.retain(|day| *day != slot.day);
        self.standing = None;
        self.agreed = Some(slot);
        Step::Take(slot)
    }

    /// They said yes to what was put.
    fn agree(&mut self) -> Step {
        let Some(put) = self.put.filter(|choice| self.is_open(*choice)) else { return Step::None };
        match self.wish.definite(put) {
            Some(slot) => self.take(slot),
            None => self.ask_missing(Step::AskTime(self.wish.choices[put].days)),
        }
    }

    /// Nothing of what they offer is acceptable: near, ask once more; else the next choice.
    fn beyond(&mut self, outside: &[Slot]) -> Step {
        if let Some(slot) = self.agreed.take() {
            // They no longer speak of what was agreed on.
            return self.ask_again_for(slot);
        }
        let near = outside.iter().any(|slot| self.is_near(*slot));
        if let Some(put) = self.put {
            // Who offers another time than the one asked for does not have that.
            let other = self.has_other_than(put);
            let worth = near && self.wish.definite(put).is_none();
            if (worth || !other) && self.is_open(put) && self.times_put[put] < PUT_MAX {
                self.put(put);
                return Step::Ask { choice: put, again: true };
            }
            self.closed[put] = true;
        }
        let step = self.next();
        // Asked for beside a refusal, it is asked for only once.
        if let Step::Ask { choice, .. } = step {
            self.times_put[choice] = PUT_MAX;
        }
        step
    }

    fn has_other_than(&self, put: usize) -> bool {
        let tryable = |choice: usize| self.is_open(choice) && self.times_put[choice] < PUT_MAX;
        (0..self.wish.choices.len()).any(|choice| choice != put && tryable(choice))
            || self.standing.is_some()
    }

    fn ask_again_for(&mut self, slot: Slot) -> Step {
        let Some((choice, _)) = self.wish.rank(slot) else { return self.next() };
        if self.times_put[choice] >= PUT_MAX || !self.is_open(choice) {
            self.closed[choice] = true;
            return self.next();
        }
        self.put(choice);
        Step::Ask { choice, again: true }
    }

    fn is_near(&self, slot: Slot) -> bool {
        let Some(minute) = slot.minute else { return false };
        self.wish.choices.iter().any(|choice| {
            let (from, to) = match choice.times {
                Times::Any => (minute, minute),
                Times::At(at) => (at, at),
                Times::Within { from, to } => (from, to),
            };
            let distance = minute.abs_diff(minute.clamp(from, to));
            choice.days.contains(slot.day) && distance <= NEAR_MINUTES_MAX
        })
    }

    fn next_after_refusal(&mut self) -> Step {
        self.close_put();
        self.next()
    }

    fn close_put(&mut self) {
        if let Some(put) = self.put {
            self.closed[put] = true;
        }
    }

    fn next(&mut self) -> Step {
        for choice in 0..self.wish.choices.len() {
            if self.is_open(choice) && self.times_put[choice] < PUT_MAX {
                // What stands is not worse than what is left.
                if let Some(slot) = self.standing
                    && self.wish.rank(slot).is_some_and(|(standing, _)| standing <= choice)
                {
                    return self.take(slot);
                }
                let again = self.times_put[choice] > 0;
                self.put(choice);
                return Step::Ask { choice, again };
            }
        }
        match self.standing {
            Some(slot) => self.take(slot),
            None => Step::Exhausted,
        }
    }

    fn is_open(&self, choice: usize) -> bool {
        self.closed.get(choice) == Some(&false)
    }

    fn put(&mut self, choice: usize) {
        self.put = Some(choice);
        self.days = None;
        self.times_put[choice] = self.times_put[choice].saturating_add(1);
    }
}

/// Digits, written or said.
fn digits_in(clause: &str, language: Language) -> usize {
    let tokens = tokens(clause);
    let mut digits = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_digits() {
            digits += token.text.len();
        } else if number(&tokens, at, language).is_some_and(|(number, _)| number < 10) {
            digits += 1;
        }
    }
    digits
}

/// Words that accept although a question follows.
const TAKES_EVEN_ASKING: &[&str] = &[
    "works for us",
    "works for me",
    "take it",
    "take that",
    "yes",
    "sounds good",
    "nos viene bien",
    "nous convient",
    "passt uns",
];
/// Words that accept.
const TAKES: &[&str] = &[
    "works",
    "that s fine",
    "is fine",
    "are fine",
    "yes",
    "sounds good",
    "perfect",
    "great",
    "take it",
    "take that",
    "we ll take",
    "i ll take",
    "book it",
    "book that",
    "book us",
    "book me",
    "please do",
    "deal",
    "okay",
    "sure",
    "agreed",
    "good for us",
    "si",
    "perfecto",
    "de acuerdo",
    "vale",
    "nos viene bien",
    "esta bien",
    "reserve",
    "reservelo",
    "oui",
    "d accord",
    "parfait",
    "ca nous va",
    "nous convient",
    "entendu",
    "reservez",
    "ja",
    "passt",
    "einverstanden",
    "gerne",
    "in ordnung",
    "nehmen wir",
    "buchen sie",
];
/// Words that do not accept, whatever else is said.
const DECLINES: &[&str] = &[
    "not",
    "t",
    "cannot",
    "sorry",
    "afraid",
    "unfortunately",
    "no",
    "instead",
    "lo siento",
    "por desgracia",
    "ne",
    "pas",
    "desole",
    "desolee",
    "malheureusement",
    "leider",
    "nicht",
    "kein",
    "tut mir leid",
    "non",
    "nein",
    "once more",
    "come back",
];

#[cfg(test)]
mod tests {
    use super::super::spoken;
    use super::*;

    // Monday 2026-11-23, 11:00.
    const CALENDAR: Calendar = Calendar { today: 20_780, minute: 660 };
    const TABLE: &str = "Book a table for 6 at 8pm this Friday. If 8pm unavailable, anything between 7:30-9pm works, or Saturday instead.";

    fn show(search: &Search, step: Step) -> String {
        let choice = |choice: usize| {
            spoken::choice(search.wish.choices[choice], CALENDAR, Language::English)
        };
        match step {
            Step::Take(slot) => format!("take {}", spoken::slot(slot, CALENDAR, Language::English)),
            Step::Ask { choice: one, again } => {
                format!("ask{} {}", if again { " again" } else { "" }, choice(one))
            }
            Step::AskTime(days) => {
                format!("time {}", spoken::days(days, CALENDAR, Language::English))
            }
            Step::AskDay(minute) => format!("day {}", spoken::at(minute, Language::English)),
            Step::Exhausted => "exhausted".into(),
            Step::None => "none".into(),
        }
    }

    fn check(kind: Kind, wish: &str, turns: &[(&str, &str)]) {
        let wish = Wish::read(wish, Language::English, kind, CALENDAR);
        let mut search = Search::new(wish, CALENDAR);
        search.open();
        for (text, expected) in turns {
            let step = search.heard(&Said::read(text, Language::English, CALENDAR, kind));
            assert_eq!(show(&search, step), *expected, "{text}");
        }
    }

    #[test]
    fn tables() {
        let check = |turns: &[(&str, &str)]| check(Kind::Table, TABLE, turns);
        check(&[("Yes, that is possible.", "take on Friday at 8 pm")]);
        check(&[
            ("I'm sorry, eight is fully booked.", "ask on Friday between 7:30 and 9 pm"),
            ("We could do eight thirty.", "take on Friday at 8:30 pm"),
        ]);
        check(&[(
            "Eight is full. We have seven, seven forty-five or nine thirty.",
            "take on Friday at 7:45 pm",
        )]);
        check(&[("Seven, no sorry, seven thirty is all I have.", "take on Friday at 7:30 pm")]);
        check(&[(
            "We have a table at six or at nine forty-five.",
            "ask on Friday between 7:30 and 9 pm",
        )]);
        check(&[
            ("Eight is full.", "ask on Friday between 7:30 and 9 pm"),
            ("Nine forty-five would be possible.", "ask again on Friday between 7:30 and 9 pm"),
            ("No, only nine forty-five.", "ask on Saturday at 8 pm"),
            ("Yes, Saturday works.", "take on Saturday at 8 pm"),
        ]);
        check(&[
            ("Friday is fully booked.", "ask on Saturday at 8 pm"),
            ("No, I am sorry.", "ask on Saturday between 7:30 and 9 pm"),
            ("No, nothing.", "exhausted"),
        ]);
        check(&[
            ("Eight is taken. Saturday at eight?", "ask on Friday between 7:30 and 9 pm"),
            ("No, nothing on Friday.", "take on Saturday at 8 pm"),
        ]);
        check(&[(
            "Friday is full, but Saturday at half past eight is free.",
            "take on Saturday at 8:30 pm",
        )]);
        check(&[("We have nothing before nine.", "take on Friday at 9 pm")]);
        check(&[("Anything between seven and eight.", "take on Friday at 8 pm")]);
        check(&[("Eight in the morning?", "ask on Friday between 7:30 and 9 pm")]);
        check(&[("For how many people?", "none")]);
        check(&[
            ("Yes, of course.", "take on Friday at 8 pm"),
            ("Oh, sorry, eight is taken.", "ask on Friday between 7:30 and 9 pm"),
        ]);
    }

    #[test]
    fn appointments() {
        let check = |turns: &[(&str, &str)]| {
            check(Kind::Appointment, "Make an appointment for a check-up this week", turns);
        };
        check(&[(
            "I have Thursday at a quarter past two. Would that suit you?",
            "take on Thursday at 2:15 pm",
        )]);
        check(&[
            ("Next Tuesday at nine?", "ask again this week"),
            ("Only next Tuesday.", "exhausted"),
        ]);
        check(&[
            ("Thursday would be possible.", "time on Thursday"),
            ("Nine or two fifteen.", "take on Thursday at 9 am"),
        ]);
        check(&[("Sure.", "time this week"), ("Friday at ten.", "take on Friday at 10 am")]);
    }

    #[test]
    fn stays() {
        let check = |turns: &[(&str, &str)]| {
            check(
                Kind::Stay,
                "Book a double room for two nights from Friday, or from Saturday",
                turns,
            );
        };
        check(&[("Yes, we have a room.", "take on Friday")]);
        check(&[("Friday is full, Saturday is possible.", "take on Saturday")]);
        check(&[("No, we're fully booked.", "ask on Saturday"), ("Sorry, no.", "exhausted")]);
    }
}
