//! A turn of the other side: which days and times it offers or refuses, and what it asks for.

use super::change::Current;
use super::day::{Calendar, Days};
use super::read::{Bare, Clock, Counted, Mention, What, mentions};
use super::text::{Token, says, spoken, tokens};
use super::wish::{Kind, usual};
use crate::extract::yes_or_no;
use crate::strategy::Language;

/// A time of day as it was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offered {
    /// Only a day was named.
    Any,
    At(Clock),
    Between(Clock, Clock),
    From(Clock),
    Until(Clock),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) days: Option<Days>,
    pub(crate) times: Offered,
}

/// Something the other side wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Day, time or both.
    When,
    People,
    Nights,
    Rooms,
    Name,
    Spelling,
    Phone,
    Email,
    Birth,
    Reference,
    AnythingElse,
}

/// What one turn amounts to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub(crate) offers: Vec<Offer>,
    pub(crate) refused: Vec<Offer>,
    /// It is not possible, whatever was asked.
    pub refuses: bool,
    /// Yes.
    pub agrees: bool,
    /// No, to a question for yes or no.
    pub denies: bool,
    /// It is done: booked, moved, cancelled, confirmed.
    pub done: bool,
    /// "We can do that", beyond a polite yes.
    pub grants: bool,
    /// They take no bookings at all.
    pub never_books: bool,
    /// They did not understand.
    pub unclear: bool,
    pub asks: Vec<Ask>,
    /// They want a card or money in advance.
    pub wants_money: bool,
    /// A number of guests they named.
    pub people: Option<u16>,
    /// It ends in a question.
    pub question: bool,
}

impl Said {
    pub fn read(text: &str, language: Language, calendar: Calendar, kind: Kind) -> Self {
        let tokens = tokens(text);
        let bare = if kind == Kind::Appointment { Bare::Time } else { Bare::TimeOrParty };
        let mut found = mentions(&tokens, language, bare);
        drop_corrected(&tokens, &mut found);
        let words = spoken(&tokens);
        let mut said = Self {
            wants_money: says(&words, MONEY) && !says(&words, NO_MONEY),
            question: text.contains('?'),
            never_books: says(&words, NEVER_BOOKS),
            people: found.iter().rev().find_map(|mention| match mention.what {
                What::Count(count, Counted::People) => Some(count),
                _ => None,
            }),
            ..Self::default()
        };
        let timed = found.iter().any(|mention| mention.what.is_time());
        let clauses = clauses(&tokens, &found);
        let mut day = None;
        let mut before: Option<Place> = None;
        for range in clauses {
            let clause = Clause::read(&tokens, range, &found);
            if clause.is_done && !clause.question {
                said.done = true;
            }
            if clause.elsewhere {
                continue;
            }
            let named = clause.offers(calendar, timed, &mut day);
            if named.is_empty() {
                if clause.negative {
                    said.bare_refusal(clause.sentence, before.take());
                }
                continue;
            }
            let place = Place { sentence: clause.sentence, offers: said.offers.len() };
            for offer in named {
                said.place(offer, clause.negative);
            }
            before = (!clause.negative && !clause.offering).then_some(place);
        }
        said.polarity(text, &words, language);
        said.read_asks(&tokens);
        let named = !said.offers.is_empty() || !said.refused.is_empty();
        said.unclear = !named
            && words.split_whitespace().count() <= UNCLEAR_WORDS_MAX
            && says(&words, UNCLEAR);
        said
    }

    /// Whether a day or a time was named.
    pub fn names_a_time(&self) -> bool {
        self.offers.iter().any(|offer| offer.times != Offered::Any)
    }

    /// Whether a day, a time or both were offered.
    pub fn offers_any(&self) -> bool {
        !self.offers.is_empty()
    }

    pub fn asks_for(&self, ask: Ask) -> bool {
        self.asks.contains(&ask)
    }

    /// Leaves out what only names the appointment as it is, and says whether anything did.
    pub fn leave_out(&mut self, current: Current) -> bool {
        let Some(day) = current.day else { return false };
        let names = |offer: &Offer| {
            let there = offer.days.and_then(Days::single).is_some_and(|one| {
                one == day
                    || Calendar::weekday(one) == Calendar::weekday(day) && (one - day).abs() <= 7
            });
            there
                && match (offer.times, current.minute) {
                    (Offered::Any, _) => true,
                    (Offered::At(clock), Some(minute)) => clock.minute % 720 == minute % 720,
                    _ => false,
                }
        };
        let before = self.offers.len();
        self.offers.retain(|offer| !names(offer));
        self.offers.len() < before
    }

    /// The day and the time that the turn names, each if there is only one.
    pub fn named(&self) -> Current {
        let mut current = Current::default();
        if let [offer] = self.offers.as_slice() {
            current.day = offer.days.and_then(Days::single);
            current.minute = match offer.times {
                Offered::At(clock) => Some(usual(clock, Kind::Appointment)),
                _ => None,
            };
        }
        current
    }

    fn place(&mut self, offer: Offer, negative: bool) {
        if !negative {
            self.offers.push(offer);
            return;
        }
        // "Nothing before nine" has something from nine on.
        let other = match offer.times {
            Offered::Until(clock) => Some(Offered::From(clock)),
            Offered::From(clock) => Some(Offered::Until(clock)),
            _ => None,
        };
        self.refused.push(offer);
        if let Some(times) = other {
            self.offers.push(Offer { times, ..offer });
        }
    }

    /// "At eight, I'm afraid, we are full": a refusal of what the clause before only named.
    fn bare_refusal(&mut self, sentence: usize, before: Option<Place>) {
        match before.filter(|before| before.sentence == sentence) {
            Some(before) => {
                let named = self.offers.split_off(before.offers.min(self.offers.len()));
                self.refused.extend(named);
            }
            None => self.refuses = true,
        }
    }

    fn polarity(&mut self, text: &str, words: &str, language: Language) {
        let opening = yes_or_no(text);
        let starts = |list: &[&str]| {
            list.iter().any(|phrase| {
                let rest = words.strip_prefix(" ").unwrap_or(words);
                rest.strip_prefix(phrase).is_some_and(|rest| rest.starts_with(' '))
            })
        };
        let yes = language.pick([YES[0], YES[1], YES[2], YES[3]]);
        let no = language.pick([NO[0], NO[1], NO[2], NO[3]]);
        let denies = opening == Some(false) || starts(no);
        self.grants = says(words, AGREES);
        let agrees = opening == Some(true) || starts(yes) || self.grants;
        self.denies = denies && !self.grants;
        self.agrees = agrees && !self.denies && !self.refuses && self.refused.is_empty();
        self.refuses |= self.denies && self.offers.is_empty() && self.refused.is_empty();
        self.done &= !self.denies && !self.refuses;
    }

    fn read_asks(&mut self, tokens: &[Token]) {
        let last = tokens.last().map_or(0, |token| token.sentence);
        for sentence in 0..=last {
            let here: Vec<&Token> =
                tokens.iter().filter(|token| token.sentence == sentence).collect();
            let question = here.iter().any(|token| token.is("?"));
            let mut words = String::from(" ");
            for token in here.iter().filter(|token| !token.is_mark()) {
                words.push_str(&token.text);
                words.push(' ');
            }
            let begins = ASKING_STARTS.iter().any(|lead| {
                words.strip_prefix(' ').is_some_and(|rest| {
                    rest.strip_prefix(lead).is_some_and(|rest| rest.starts_with(' '))
                })
            });
            if !question && !begins && !says(&words, ASKING) {
                continue;
            }
            for (ask, phrases) in ASKS {
                if says(&words, phrases) && !self.asks.contains(ask) {
                    self.asks.push(*ask);
                }
            }
        }
        let asks = |ask: Ask| self.asks.contains(&ask);
        // "How many nights" asks for nights, "for which number should I note" for a telephone.
        let counted = asks(Ask::Nights) || asks(Ask::Rooms);
        let spelled = asks(Ask::Spelling);
        self.asks.retain(|ask| match ask {
            Ask::People => !counted,
            Ask::Name => !spelled,
            _ => true,
        });
    }
}

/// Where a clause began to add offers.
struct Place {
    sentence: usize,
    offers: usize,
}

struct Clause<'a> {
    tokens: &'a [Token],
    found: Vec<Mention>,
    sentence: usize,
    negative: bool,
    /// "We have", "we could do".
    offering: bool,
    is_done: bool,
    elsewhere: bool,
    question: bool,
}

impl<'a> Clause<'a> {
    fn read(tokens: &'a [Token], range: std::ops::Range<usize>, found: &[Mention]) -> Self {
        let words = spoken(&tokens[range.clone()]);
        let sentence = tokens.get(range.start).map_or(0, |token| token.sentence);
        let question =
            tokens.iter().filter(|token| token.sentence == sentence).any(|token| token.is("?"));
        let is_done = says(&words, DONE) && !says(&words, NOT_DONE);
        Self {
            found: found.iter().filter(|mention| range.contains(&mention.start)).copied().collect(),
            sentence,
            negative: says(&words, NEGATIVE) && !says(&words, NOT_NEGATIVE) && !is_done,
            offering: says(&words, OFFERING),
            is_done,
            elsewhere: says(&words, ELSEWHERE),
            question,
            tokens,
        }
    }

    /// What the clause names, each time with its day; `day` is the one named last in the turn.
    fn offers(&self, calendar: Calendar, timed: bool, day: &mut Option<Days>) -> Vec<Offer> {
        let mut offers = Vec::new();
        let mut fresh: Option<Days> = None;
        let first_day = self.found.iter().find_map(|mention| match mention.what {
            What::Day(name) => calendar.resolve(name),
            _ => None,
        });
        for (index, mention) in self.found.iter().enumerate() {
            let times = match mention.what {
                What::Day(name) => {
                    let Some(days) = calendar.resolve(name) else { continue };
                    if let Some(alone) = fresh.replace(days) {
                        offers.push(Offer { days: Some(alone), times: Offered::Any });
                    }
                    *day = Some(days);
                    continue;
                }
                What::Clock(clock) => Offered::At(clock),
                What::Between(from, to) => Offered::Between(from, to),
                What::From(clock) => Offered::From(clock),
                What::Until(clock) => Offered::Until(clock),
                What::Part(part) if !timed => {
                    let (from, to) = part.window();
                    let clock = |minute: u16| Clock { minute, certain: true };
                    Offered::Between(clock(from), clock(to))
                }
                What::Part(_) | What::Count(..) => continue,
            };
            let own = self.day_behind(index, calendar);
            if own.is_some() {
                *day = own;
            }
            let days = own.or(*day).or(first_day);
            fresh = None;
            offers.push(Offer { days, times });
        }
        if let Some(days) = fresh
            && !offers.iter().any(|offer| offer.days == Some(days))
        {
            offers.push(Offer { days: Some(days), times: Offered::Any });
        }
        offers
    }

    /// "Eight on Saturday".
    fn day_behind(&self, index: usize, calendar: Calendar) -> Option<Days> {
        let (here, next) = (self.found.get(index)?, self.found.get(index + 1)?);
        let What::Day(name) = next.what else { return None };
        let between = self.tokens.get(here.end..next.start)?;
        let links =
            between.iter().all(|token| token.is_any(&["on", "el", "am", "this", "le", "den"]));
        links.then(|| calendar.resolve(name))?
    }
}

/// Ends at sentences, at commas, and where another thought begins.
fn clauses(tokens: &[Token], found: &[Mention]) -> Vec<std::ops::Range<usize>> {
    const BUT: &[&str] = &[
        "but", "however", "pero", "mais", "aber", "sondern", "though", "although", "because",
        "aunque", "denn",
    ];
    const AND: &[&str] = &["and", "y", "et", "und", "so"];
    const WE: &[&str] = &[
        "we", "i", "there", "tenemos", "tengo", "nous", "on", "j", "je", "il", "wir", "ich", "es",
        "hay",
    ];
    let mut ranges = Vec::new();
    let mut start = 0;
    for at in 1..tokens.len() {
        let token = &tokens[at];
        let before = &tokens[at - 1];
        let inside = found.iter().any(|mention| at > mention.start && at < mention.end);
        let thought = token.is_any(BUT)
            || token.is_any(AND) && tokens.get(at + 1).is_some_and(|next| next.is_any(WE));
        let marked = before.is_any(&[",", ";", "—", "…"]);
        if !inside && (before.sentence != token.sentence || marked || thought) {
            ranges.push(start..at);
            start = at;
        }
    }
    if start < tokens.len() {
        ranges.push(start..tokens.len());
    }
    ranges
}

/// "Seven, no, sorry, seven thirty": the first was never offered.
fn drop_corrected(tokens: &[Token], found: &mut Vec<Mention>) {
    const GAP_TOKENS_MAX: usize = 9;
    let same_kind = |one: What, other: What| {
        one.is_time() && other.is_time()
            || matches!((one, other), (What::Day(_), What::Day(_)))
            || matches!((one, other), (What::Count(_, a), What::Count(_, b)) if a == b)
    };
    let mut at = 1;
    while at < found.len() {
        let (one, other) = (found[at - 1], found[at]);
        let gap = &tokens[one.end.min(other.start)..other.start];
        let words = spoken(gap);
        let only = gap.iter().all(|token| token.is_mark() || token.is_any(CORRECTION_WORDS));
        let corrects = only && gap.len() <= GAP_TOKENS_MAX && says(&words, CORRECTIONS);
        if corrects && same_kind(one.what, other.what) {
            found.remove(at - 1);
        } else {
            at += 1;
        }
    }
}

const CORRECTIONS: &[&str] = &[
    "sorry",
    "i mean",
    "i meant",
    "rather",
    "actually",
    "wait",
    "make that",
    "correction",
    "no",
    "perdon",
    "digo",
    "mejor dicho",
    "quiero decir",
    "pardon",
    "je veux dire",
    "excusez moi",
    "plutot",
    "non",
    "desole",
    "desolee",
    "entschuldigung",
    "ich meine",
    "besser gesagt",
    "vielmehr",
    "moment",
    "nein",
    "quatsch",
    "verzeihung",
];
const CORRECTION_WORDS: &[&str] = &[
    "sorry",
    "i",
    "mean",
    "meant",
    "or",
    "rather",
    "actually",
    "wait",
    "make",
    "that",
    "correction",
    "no",
    "oh",
    "um",
    "uh",
    "at",
    "it",
    "s",
    "we",
    "have",
    "have",
    "not",
    "perdon",
    "digo",
    "mejor",
    "dicho",
    "quiero",
    "decir",
    "a",
    "las",
    "la",
    "o",
    "pardon",
    "je",
    "veux",
    "dire",
    "excusez",
    "moi",
    "plutot",
    "non",
    "desole",
    "desolee",
    "ah",
    "euh",
    "entschuldigung",
    "ich",
    "meine",
    "besser",
    "gesagt",
    "vielmehr",
    "moment",
    "nein",
    "quatsch",
    "verzeihung",
    "um",
    "ah",
    "ach",
    "on",
    "is",
    "am",
    "el",
    "le",
    "es",
];

const NEGATIVE: &[&str] = &[
    "full",
    "fully booked",
    "booked out",
    "booked up",
    "all booked",
    "booked solid",
    "is booked",
    "are booked",
    "already booked",
    "unavailable",
    "not available",
    "isn t available",
    "aren t available",
    "taken",
    "no tables",
    "no table",
    "nothing",
    "sold out",
    "not possible",
    "impossible",
    "can t",
    "cannot",
    "won t",
    "don t have",
    "do not have",
    "haven t",
    "no longer",
    "gone",
    "closed",
    "not free",
    "isn t free",
    "no availability",
    "no openings",
    "no slots",
    "no rooms",
    "no room",
    "not have",
    "doesn t work",
    "not work",
    "no more",
    "don t do",
    "don t take",
    "no appointments",
    "lleno",
    "llena",
    "llenos",
    "completo",
    "completa",
    "completos",
    "ocupado",
    "ocupada",
    "no hay",
    "no tenemos",
    "no tengo",
    "no es posible",
    "no se puede",
    "no podemos",
    "no puedo",
    "no queda",
    "no quedan",
    "no nos queda",
    "no nos quedan",
    "imposible",
    "cerrado",
    "cerrados",
    "cerramos",
    "no disponible",
    "no esta disponible",
    "agotado",
    "nada",
    "no va a ser posible",
    "no puede ser",
    "complet",
    "complets",
    "complete",
    "pas disponible",
    "pas possible",
    "plus de place",
    "plus de table",
    "n avons plus",
    "n avons pas",
    "n ai plus",
    "n ai pas",
    "n y a plus",
    "plus rien",
    "rien",
    "ne peux pas",
    "ne pouvons pas",
    "peut pas",
    "ferme",
    "fermes",
    "est pris",
    "est prise",
    "deja pris",
    "deja reserve",
    "occupe",
    "pas libre",
    "n est plus",
    "ausgebucht",
    "voll",
    "belegt",
    "nicht verfugbar",
    "nicht moglich",
    "leider nicht",
    "geht nicht",
    "nicht mehr",
    "nichts",
    "kein",
    "keine",
    "keinen",
    "geschlossen",
    "vergeben",
    "unmoglich",
    "nicht frei",
    "haben wir zu",
    "nicht da",
    "besetzt",
];
/// "No problem", "can't wait".
const NOT_NEGATIVE: &[&str] = &[
    "no problem",
    "can t wait",
    "nothing else",
    "kein problem",
    "keine sorge",
    "ningun problema",
    "nada mas",
    "de nada",
    "de rien",
    "rien d autre",
    "aucun probleme",
    "nothing to worry",
    "why don t",
];
const OFFERING: &[&str] = &[
    "have",
    "could do",
    "can do",
    "can offer",
    "could offer",
    "free",
    "available",
    "open for",
    "how about",
    "what about",
    "tenemos",
    "tengo",
    "puedo",
    "podria",
    "libre",
    "disponible",
    "avons",
    "ai",
    "peux",
    "pourrais",
    "propose",
    "haben",
    "habe",
    "hatte",
    "hatten",
    "kann",
    "konnte",
    "frei",
];
const DONE: &[&str] = &[
    "you re booked",
    "you are booked",
    "table is booked",
    "room is booked",
    "is booked for you",
    "i ve booked",
    "we ve booked",
    "i have booked",
    "booked you",
    "booked it",
    "it s booked",
    "that s booked",
    "that is booked",
    "all booked in",
    "booked in",
    "all set",
    "you re set",
    "reserved for you",
    "is reserved",
    "reservation is made",
    "booking is made",
    "is confirmed",
    "are confirmed",
    "you re confirmed",
    "it s confirmed",
    "that s confirmed",
    "confirmed for",
    "confirmed",
    "see you",
    "s cancelled",
    "s canceled",
    "s moved",
    "s changed",
    "look forward to",
    "looking forward",
    "i ve put you",
    "put you down",
    "put you in",
    "got you down",
    "have you down",
    "you re down",
    "all done",
    "that s done",
    "it s done",
    "is done",
    "taken care of",
    "appointment is made",
    "is scheduled",
    "is all set",
    "i ve moved",
    "we ve moved",
    "have moved",
    "has been moved",
    "is moved",
    "moved it",
    "moved you",
    "i ve cancelled",
    "i ve canceled",
    "is cancelled",
    "is canceled",
    "been cancelled",
    "been canceled",
    "have cancelled",
    "have canceled",
    "cancelled it",
    "canceled it",
    "rescheduled",
    "i ve changed",
    "have changed",
    "has been changed",
    "i ve got you",
    "made the appointment",
    "esta reservado",
    "esta reservada",
    "queda reservado",
    "queda reservada",
    "he reservado",
    "reservado",
    "esta confirmado",
    "esta confirmada",
    "queda confirmada",
    "confirmado",
    "confirmada",
    "le esperamos",
    "los esperamos",
    "les esperamos",
    "todo listo",
    "ya esta",
    "he apuntado",
    "queda apuntado",
    "hemos cambiado",
    "he cambiado",
    "queda cambiada",
    "cancelada",
    "cancelado",
    "anulada",
    "he cancelado",
    "he anulado",
    "queda cancelada",
    "la he cambiado",
    "est reservee",
    "c est reserve",
    "c est note",
    "est confirmee",
    "c est confirme",
    "j ai note",
    "j ai reserve",
    "vous attendons",
    "vous attend",
    "a bientot",
    "a vendredi",
    "c est fait",
    "est annule",
    "est annulee",
    "c est annule",
    "j ai annule",
    "est deplace",
    "j ai deplace",
    "c est deplace",
    "bien note",
    "est modifie",
    "ist reserviert",
    "ist gebucht",
    "habe reserviert",
    "haben reserviert",
    "habe sie eingetragen",
    "eingetragen",
    "ist bestatigt",
    "bestatigt",
    "freuen uns",
    "bis dann",
    "bis freitag",
    "ist notiert",
    "habe notiert",
    "notiert",
    "alles erledigt",
    "erledigt",
    "ist storniert",
    "storniert",
    "abgesagt",
    "verschoben",
    "verlegt",
    "ist eingetragen",
    "habe gebucht",
    "habe sie vorgemerkt",
    "vorgemerkt",
];
const NOT_DONE: &[&str] = &[
    "not confirmed",
    "isn t confirmed",
    "can t",
    "cannot",
    "not booked",
    "once",
    "if",
    "before",
    "until",
    "won t",
    "to be confirmed",
    "not yet",
    "already booked",
    // Somebody else has, so there is room.
    "someone cancelled",
    "somebody cancelled",
    "alguien ha cancelado",
    "quelqu un a annule",
    "jemand abgesagt",
    "jemand storniert",
    "noch nicht",
    "nicht",
    "no esta",
    "pas encore",
    "n est pas",
    "shall",
    "should i",
    "let me",
    "fully booked",
    "booked out",
    "cuando",
    "wenn",
    "sobald",
    "quand",
];
/// Times of something else: opening hours, calls, how long a table may be kept.
const ELSEWHERE: &[&str] = &[
    "we re open",
    "we are open",
    "we open",
    "open until",
    "open from",
    "we close",
    "closes",
    "close at",
    "opening hours",
    "kitchen",
    "last orders",
    "last order",
    "table back",
    "have it until",
    "have the table until",
    "keep it until",
    "hold it until",
    "hold the table",
    "call you",
    "call back",
    "call again",
    "phone",
    "minutes early",
    "minutes late",
    "cancel by",
    "cancel before",
    "abrimos",
    "estamos abiertos",
    "abierto",
    "cocina",
    "horario",
    "ouvrons",
    "sommes ouverts",
    "fermons",
    "cuisine",
    "horaires",
    "ouvert de",
    "geoffnet",
    "offnen",
    "schliessen",
    "kuche",
    "offnungszeiten",
    "confirmation number is",
    "booking number is",
    "reference number is",
    "reference is",
    "numero de reserva es",
    "numero de confirmacion",
    "numero de reservation",
    "buchungsnummer",
    "bestatigungsnummer",
    "street",
    "calle",
    "rue",
    "strasse",
    "born",
    "per person",
    "pro person",
    "por persona",
    "par personne",
];
const MONEY: &[&str] = &[
    "deposit",
    "credit card",
    "debit card",
    "card number",
    "card details",
    "card on file",
    "a card",
    "your card",
    "prepay",
    "prepayment",
    "pre payment",
    "payment up front",
    "pay up front",
    "pay in advance",
    "payment in advance",
    "tarjeta",
    "deposito",
    "una senal",
    "prepago",
    "fianza",
    "pago por adelantado",
    "pagar por adelantado",
    "carte bancaire",
    "carte de credit",
    "carte bleue",
    "numero de carte",
    "acompte",
    "arrhes",
    "caution",
    "empreinte",
    "kreditkarte",
    "kreditkartennummer",
    "kartennummer",
    "anzahlung",
    "vorauszahlung",
    "vorkasse",
    "kaution",
    "kartendaten",
];
const NO_MONEY: &[&str] = &[
    "no deposit",
    "don t need a card",
    "don t need a deposit",
    "don t take a deposit",
    "don t take deposits",
    "no card",
    "no credit card",
    "not need a card",
    "no prepayment",
    "sin necesidad de",
    "no hace falta tarjeta",
    "no pedimos",
    "pas d acompte",
    "pas besoin de carte",
    "pas de carte",
    "keine anzahlung",
    "keine kreditkarte",
    "insurance card",
    "gift card",
    "business card",
    "loyalty card",
    "id card",
    "pay when you",
];
const AGREES: &[&str] = &[
    "that s possible",
    "that is possible",
    "it s possible",
    "with pleasure",
    "that s fine",
    "that is fine",
    "that works",
    "works for us",
    "we can do that",
    "i can do that",
    "that s no problem",
    "no problem",
    "can do",
    "es posible",
    "con mucho gusto",
    "sin problema",
    "ningun problema",
    "nos viene bien",
    "c est possible",
    "avec plaisir",
    "pas de probleme",
    "aucun probleme",
    "pas de souci",
    "ca marche",
    "das geht",
    "das passt",
    "kein problem",
    "sehr gerne",
    "sehr gern",
    "ist moglich",
    "konnen wir machen",
];
const YES: [&[&str]; 4] = [
    &[
        "perfect",
        "great",
        "wonderful",
        "very good",
        "very well",
        "lovely",
        "excellent",
        "all right",
        "alright",
        "good",
        "certainly",
        "exactly",
        "brilliant",
        "super",
        "yes",
        "sure",
        "of course",
        "correct",
    ],
    &[
        "si",
        "claro",
        "por supuesto",
        "perfecto",
        "de acuerdo",
        "vale",
        "muy bien",
        "correcto",
        "exacto",
        "estupendo",
        "genial",
        "bueno",
        "desde luego",
        "como no",
        "eso es",
        "asi es",
    ],
    &[
        "oui",
        "bien sur",
        "d accord",
        "parfait",
        "tres bien",
        "exact",
        "exactement",
        "entendu",
        "certainement",
        "absolument",
        "volontiers",
        "c est bon",
        "c est ca",
        "tout a fait",
        "c est exact",
        "super",
    ],
    &[
        "ja",
        "gerne",
        "naturlich",
        "klar",
        "selbstverstandlich",
        "genau",
        "richtig",
        "in ordnung",
        "passt",
        "alles klar",
        "sehr gut",
        "perfekt",
        "gut",
        "stimmt",
        "okay",
        "prima",
        "wunderbar",
        "das stimmt",
    ],
];
const NO: [&[&str]; 4] = [
    &["no", "nope", "sorry no", "unfortunately not", "i m afraid not", "not really"],
    &["no", "lo siento no", "desgraciadamente no", "lamentablemente"],
    &["non", "malheureusement non", "desole non", "ah non"],
    &["nein", "leider nein", "leider nicht", "tut mir leid nein", "ne leider"],
];
const NEVER_BOOKS: &[&str] = &[
    "don t take reservations",
    "don t take bookings",
    "do not take reservations",
    "don t do reservations",
    "no reservations",
    "first come first served",
    "walk ins only",
    "walk in only",
    "don t take appointments",
    "no aceptamos reservas",
    "no cogemos reservas",
    "no hacemos reservas",
    "sin reserva",
    "ne prenons pas de reservation",
    "ne prenons pas de reservations",
    "pas de reservation",
    "sans reservation",
    "nehmen keine reservierungen",
    "keine reservierungen",
    "keine reservierung",
    "ohne reservierung",
];
const UNCLEAR_WORDS_MAX: usize = 9;
const UNCLEAR: &[&str] = &[
    "pardon",
    "sorry what",
    "say that again",
    "come again",
    "didn t catch",
    "didn t understand",
    "repeat",
    "what was that",
    "excuse me",
    "can t hear",
    "como dice",
    "perdon",
    "repetir",
    "repita",
    "no le he entendido",
    "no entiendo",
    "no le oigo",
    "repeter",
    "pas compris",
    "pas entendu",
    "vous dites",
    "wie bitte",
    "wiederholen",
    "nicht verstanden",
    "was haben sie gesagt",
    "wie war das",
    "unrecognised",
];
const ASKING_STARTS: &[&str] = &[
    "what",
    "which",
    "how",
    "when",
    "who",
    "under what",
    "under which",
    "for which",
    "for what",
    "for how",
    "and what",
    "and how",
    "and when",
    "and which",
    "and under",
    "que",
    "cual",
    "cuantos",
    "cuantas",
    "cuando",
    "a que",
    "a nombre de quien",
    "para cuantas",
    "para cuantos",
    "para que",
    "combien",
    "quel",
    "quelle",
    "quand",
    "a quel",
    "a quelle",
    "pour combien",
    "pour quel",
    "wie",
    "welche",
    "welcher",
    "wann",
    "auf welchen",
    "fur wie",
    "um wie",
    "an welchem",
    "und wie",
    "und auf",
];
const ASKING: &[&str] = &[
    "need",
    "please",
    "may i",
    "can i",
    "could i",
    "could you",
    "can you",
    "give me",
    "tell me",
    "let me have",
    "i ll take",
    "necesito",
    "digame",
    "me dice",
    "me da",
    "puede",
    "por favor",
    "me falta",
    "il me faut",
    "j ai besoin",
    "donnez moi",
    "pouvez vous",
    "puis je",
    "s il vous",
    "ich brauche",
    "brauche ich",
    "brauchen",
    "brauche noch",
    "bitte",
    "sagen sie",
    "konnen sie",
    "darf ich",
    "nennen",
    "geben sie",
];
const ASKS: &[(Ask, &[&str])] = &[
    (
        Ask::Nights,
        &[
            "how many nights",
            "how long will you",
            "how long are you",
            "cuantas noches",
            "combien de nuits",
            "wie viele nachte",
            "wieviele nachte",
        ],
    ),
    (
        Ask::Rooms,
        &[
            "how many rooms",
            "what kind of room",
            "which room",
            "cuantas habitaciones",
            "combien de chambres",
            "wie viele zimmer",
        ],
    ),
    (
        Ask::People,
        &[
            "how many",
            "party size",
            "how big is",
            "size of your party",
            "number of people",
            "number of guests",
            "cuantas personas",
            "cuantos",
            "cuantas",
            "combien de personnes",
            "combien serez",
            "pour combien",
            "combien etes",
            "combien de couverts",
            "wie viele",
            "wieviele",
            "wie viel personen",
            "personenzahl",
        ],
    ),
    (
        Ask::Spelling,
        &[
            "spell",
            "deletrear",
            "deletrea",
            "se escribe",
            "epeler",
            "s ecrit",
            "buchstabieren",
            "schreibt man",
        ],
    ),
    (
        Ask::Name,
        &[
            "name",
            "surname",
            "who is it for",
            "who is this for",
            "who is the booking for",
            "who is the appointment for",
            "whose appointment",
            "nombre",
            "apellido",
            "como se llama",
            "de quien",
            "a quien",
            "nom",
            "prenom",
            "c est pour qui",
            "qui est",
            "namen",
            "nachname",
            "heissen",
            "wer",
            "wen",
        ],
    ),
    (
        Ask::Phone,
        &[
            "phone",
            "telephone",
            "number to reach",
            "contact number",
            "callback number",
            "mobile",
            "cell",
            "reach you",
            "your number",
            "a number",
            "call you back on",
            "telefono",
            "numero de contacto",
            "movil",
            "numero de telephone",
            "portable",
            "numero",
            "telefonnummer",
            "telefon",
            "handynummer",
            "ruckrufnummer",
            "nummer",
            "erreichen",
        ],
    ),
    (
        Ask::Email,
        &["email", "e mail", "mail address", "correo", "adresse mail", "mailadresse", "courriel"],
    ),
    (
        Ask::Birth,
        &[
            "date of birth",
            "birth date",
            "birthday",
            "birthdate",
            "dob",
            "born",
            "fecha de nacimiento",
            "nacio",
            "nacimiento",
            "date de naissance",
            "naissance",
            "nee le",
            "geburtsdatum",
            "geboren",
            "geburtstag",
        ],
    ),
    (
        Ask::Reference,
        &[
            "reference",
            "booking number",
            "appointment number",
            "confirmation number",
            "customer number",
            "patient number",
            "case number",
            "policy number",
            "member number",
            "insurance number",
            "numero de reserva",
            "numero de cliente",
            "referencia",
            "numero de paciente",
            "reference de",
            "numero de dossier",
            "numero client",
            "kundennummer",
            "buchungsnummer",
            "terminnummer",
            "patientennummer",
            "aktenzeichen",
            "versichertennummer",
        ],
    ),
    (
        Ask::AnythingElse,
        &[
            "anything else",
            "something else",
            "special requests",
            "any requests",
            "algo mas",
            "alguna otra cosa",
            "autre chose",
            "sonst noch",
            "noch etwas",
            "besondere wunsche",
        ],
    ),
    (
        Ask::When,
        &[
            "what time",
            "which time",
            "what day",
            "which day",
            "what date",
            "which date",
            "when",
            "day and time",
            "what hour",
            "que hora",
            "que dia",
            "cuando",
            "que fecha",
            "para que",
            "quelle heure",
            "quel jour",
            "quelle date",
            "quand",
            "wie viel uhr",
            "welche uhrzeit",
            "uhrzeit",
            "wann",
            "welchen tag",
            "welchem tag",
            "welcher tag",
            "welches datum",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    // Monday 2026-11-23, 11:00.
    const CALENDAR: Calendar = Calendar { today: 20_780, minute: 660 };

    fn clock(clock: Clock) -> String {
        let mark = if clock.certain { "" } else { "?" };
        format!("{}:{:02}{mark}", clock.minute / 60, clock.minute % 60)
    }

    fn show(offers: &[Offer]) -> String {
        let mut shown = Vec::new();
        for offer in offers {
            let times = match offer.times {
                Offered::Any => "any".to_owned(),
                Offered::At(at) => clock(at),
                Offered::Between(from, to) => format!("{}-{}", clock(from), clock(to)),
                Offered::From(from) => format!(">={}", clock(from)),
                Offered::Until(to) => format!("<={}", clock(to)),
            };
            let days = offer.days.map(|days| Calendar::iso(days.from)[5..].to_owned());
            shown.push(days.map_or(times.clone(), |days| format!("{days} {times}")));
        }
        shown.join(", ")
    }

    fn check(language: Language, text: &str, offered: &str, refused: &str) {
        let said = Said::read(text, language, CALENDAR, Kind::Table);
        assert_eq!(
            (show(&said.offers).as_str(), show(&said.refused).as_str()),
            (offered, refused),
            "{text}"
        );
    }

    #[test]
    fn offers_and_refusals() {
        let check = |text: &str, offered: &str, refused: &str| {
            check(Language::English, text, offered, refused)
        };
        check("I'm sorry, eight is fully booked.", "", "8:00?");
        check(
            "I am afraid eight o'clock is full. Would half past seven work for you?",
            "7:30?",
            "8:00?",
        );
        check("We have seven fifteen or nine thirty.", "7:15?, 9:30?", "");
        check("Seven, no sorry, seven thirty.", "7:30?", "");
        check("Friday we're full, but Saturday at eight is free.", "11-28 8:00?", "11-27 any");
        check("At eight, I'm afraid, we are full.", "", "8:00?");
        check("We have nothing before nine on Friday.", "11-27 >=9:00?", "11-27 <=9:00?");
        check("The kitchen closes at ten, so nine thirty is the latest.", "9:30?", "");
        check(
            "I have Thursday at a quarter past two with Doctor Patel. Would that suit you?",
            "11-26 2:15?",
            "",
        );
        check("Eight on Saturday or nine on Sunday", "11-28 8:00?, 11-29 9:00?", "");
        check("Your confirmation number is 4 7 1 2.", "", "");
        check("We're open until eleven.", "", "");
        check("For how many people?", "", "");
        check("A table for six, then.", "", "");
        check("How about Thursday, sorry, Friday at ten?", "11-27 10:00?", "");
    }

    #[test]
    fn in_other_languages() {
        check(
            Language::Spanish,
            "A las ocho está completo, pero tenemos a las ocho y media.",
            "8:30?",
            "8:00?",
        );
        check(
            Language::Spanish,
            "El viernes no tenemos nada. ¿El sábado a las nueve?",
            "11-28 9:00?",
            "11-27 any",
        );
        check(
            Language::French,
            "Vendredi à 20 h nous sommes complets, mais j'ai 21 h 15.",
            "11-27 21:15",
            "11-27 20:00",
        );
        check(Language::French, "Je peux vous proposer 19 heures trente.", "19:30", "");
        check(
            Language::German,
            "Um acht ist leider alles voll, aber um halb neun geht es.",
            "8:30?",
            "8:00?",
        );
        check(
            Language::German,
            "Am Freitag sind wir ausgebucht. Samstag um 20 Uhr?",
            "11-28 20:00",
            "11-27 any",
        );
    }

    #[test]
    fn what_a_turn_amounts_to() {
        let said = |text: &str| Said::read(text, Language::English, CALENDAR, Kind::Table);
        assert!(said("Thank you. Your table is booked, we look forward to seeing you.").done);
        assert!(said("Perfect, you're all set for Friday at eight thirty pm.").done);
        assert!(!said("We're fully booked.").done);
        assert!(said("We're fully booked.").refuses);
        assert!(said("No, I'm sorry.").refuses);
        assert!(!said("Shall I put you down for eight?").done);
        let german = |text: &str| Said::read(text, Language::German, CALENDAR, Kind::Appointment);
        assert!(!german("Da hat jemand abgesagt, am Freitag um zehn ginge es.").done);
        assert!(german("In Ordnung, das ist eingetragen.").done);
        assert!(said("Yes, that is possible. How many people will you be?").agrees);
        assert!(said("We need a credit card to hold the table.").wants_money);
        assert!(!said("There is no deposit, you pay when you are here.").wants_money);
        assert!(!said("Please bring your insurance card.").wants_money);
        assert!(said("Let me see, yes, we can do that.").grants);
        assert!(said("Sorry, we don't take reservations, just come by.").never_books);
        assert!(said("Sorry, I didn't catch that.").unclear);
        assert!(!said("Seven, pardon, seven thirty.").unclear);
    }

    #[test]
    fn what_they_ask_for() {
        let check = |language: Language, text: &str, expected: &[Ask]| {
            assert_eq!(Said::read(text, language, CALENDAR, Kind::Table).asks, expected, "{text}");
        };
        let english = Language::English;
        check(english, "Very good, half past seven. How many people will you be?", &[Ask::People]);
        check(english, "Wonderful. And under what name may I book the table?", &[Ask::Name]);
        check(
            english,
            "Great. What is the patient's name and date of birth?",
            &[Ask::Name, Ask::Birth],
        );
        check(english, "With pleasure. For which day and what time would that be?", &[Ask::When]);
        check(english, "Could I have a phone number, please?", &[Ask::Phone]);
        check(english, "How many nights?", &[Ask::Nights]);
        check(english, "How do you spell the name?", &[Ask::Spelling]);
        check(english, "The name is noted.", &[]);
        check(Language::Spanish, "¿Para cuántas personas?", &[Ask::People]);
        check(Language::Spanish, "¿A nombre de quién?", &[Ask::Name]);
        check(Language::French, "C'est à quel nom ?", &[Ask::Name]);
        check(Language::French, "Pour combien de personnes ?", &[Ask::People]);
        check(Language::German, "Auf welchen Namen?", &[Ask::Name]);
        check(Language::German, "Für wie viele Personen?", &[Ask::People]);
        check(Language::German, "Wie ist Ihre Telefonnummer?", &[Ask::Phone]);
    }
}
