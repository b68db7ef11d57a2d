//! What the customer wants booked: the thing itself, wishes that go with it, questions besides.

use agenticcalling_playbook::Brief;
use agenticcalling_playbook::extract::words;
use agenticcalling_playbook::strategy::Language;
use agenticcalling_playbook::strategy::slots::{Calendar, Kind, Wish, before_question, questions};

pub(crate) struct Request {
    pub(crate) kind: Kind,
    /// "A haircut", in the customer's words; only where the call is held in their language.
    thing: Option<String>,
    bed: Option<Bed>,
    /// Places in [`WISHES`].
    wishes: Vec<usize>,
    pub(crate) questions: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bed {
    Single,
    Double,
    Twin,
}

impl Request {
    pub(crate) fn of(brief: &Brief, language: Language) -> Self {
        let kind = kind_of(&brief.objective);
        let context = brief.context.as_deref().unwrap_or("");
        let all = format!("{} {context}", brief.objective);
        Self {
            kind,
            thing: (kind == Kind::Appointment)
                .then(|| thing_of(&brief.objective, language))
                .flatten(),
            bed: bed_of(&all),
            wishes: wishes_of(&all),
            questions: questions(&brief.objective),
        }
    }

    pub(crate) fn wish(&self, brief: &Brief, calendar: Calendar) -> Wish {
        Wish::of(brief, self.kind, calendar)
    }

    /// "A table for 6 people", as the object of a sentence.
    pub(crate) fn object(&self, wish: &Wish, language: Language) -> String {
        self.named(wish, language, language == Language::German)
    }

    /// The same, as its subject.
    pub(crate) fn subject(&self, wish: &Wish, language: Language) -> String {
        self.named(wish, language, false)
    }

    fn named(&self, wish: &Wish, language: Language, accusative: bool) -> String {
        let thing = match self.kind {
            Kind::Table => {
                let german = if accusative { "einen Tisch" } else { "ein Tisch" };
                language.pick(["a table", "una mesa", "une table", german]).to_owned()
            }
            Kind::Appointment => self.thing.clone().unwrap_or_else(|| {
                let german = if accusative { "einen Termin" } else { "ein Termin" };
                language.pick(["an appointment", "una cita", "un rendez-vous", german]).to_owned()
            }),
            Kind::Stay => self.rooms(wish.rooms.unwrap_or(1), language),
        };
        let mut named = thing;
        if self.kind == Kind::Stay
            && let Some(nights) = wish.nights
        {
            named.push(' ');
            named.push_str(&nights_words(nights, language));
        }
        if self.kind != Kind::Appointment
            && let Some(people) = wish.people
        {
            named.push(' ');
            named.push_str(&people_words(people, language));
        }
        named
    }

    fn rooms(&self, rooms: u16, language: Language) -> String {
        if rooms > 1 {
            let noun = language.pick(["rooms", "habitaciones", "chambres", "Zimmer"]);
            return format!("{rooms} {noun}");
        }
        let names = match self.bed {
            None => ["a room", "una habitación", "une chambre", "ein Zimmer"],
            Some(Bed::Single) => [
                "a single room",
                "una habitación individual",
                "une chambre simple",
                "ein Einzelzimmer",
            ],
            Some(Bed::Double) => {
                ["a double room", "una habitación doble", "une chambre double", "ein Doppelzimmer"]
            }
            Some(Bed::Twin) => [
                "a twin room",
                "una habitación con dos camas",
                "une chambre à deux lits",
                "ein Zweibettzimmer",
            ],
        };
        language.pick(names).to_owned()
    }

    /// "A window seat and a high chair", if anything is wished beside the booking.
    pub(crate) fn wishes(&self, language: Language) -> Option<String> {
        let mut named = Vec::new();
        for wish in &self.wishes {
            named.push(language.pick(WISHES[*wish].1));
        }
        let and = language.pick([" and ", " y ", " et ", " und "]);
        (!named.is_empty()).then(|| named.join(and))
    }

    /// Whether a turn is about one of those wishes.
    pub(crate) fn mentions_wish(&self, text: &str) -> bool {
        let spoken = format!(" {} ", words(text).join(" "));
        self.wishes.iter().any(|wish| WISHES[*wish].0.iter().any(|cue| spoken.contains(cue)))
    }
}

pub(crate) fn people_words(people: u16, language: Language) -> String {
    match language {
        Language::English if people == 1 => "for one person".to_owned(),
        Language::English => format!("for {people} people"),
        Language::Spanish if people == 1 => "para una persona".to_owned(),
        Language::Spanish => format!("para {people} personas"),
        Language::French if people == 1 => "pour une personne".to_owned(),
        Language::French => format!("pour {people} personnes"),
        Language::German if people == 1 => "für eine Person".to_owned(),
        Language::German => format!("für {people} Personen"),
    }
}

pub(crate) fn nights_words(nights: u16, language: Language) -> String {
    let one = nights == 1;
    match language {
        Language::English if one => "for one night".to_owned(),
        Language::English => format!("for {nights} nights"),
        Language::Spanish if one => "por una noche".to_owned(),
        Language::Spanish => format!("por {nights} noches"),
        Language::French if one => "pour une nuit".to_owned(),
        Language::French => format!("pour {nights} nuits"),
        Language::German if one => "für eine Nacht".to_owned(),
        Language::German => format!("für {nights} Nächte"),
    }
}

fn kind_of(objective: &str) -> Kind {
    let words = words(objective);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let nights = has(&[
        "hotel",
        "hostel",
        "night",
        "nights",
        "suite",
        "noche",
        "noches",
        "nuit",
        "nuits",
        "hôtel",
        "übernachtung",
        "nacht",
        "nächte",
        "doppelzimmer",
        "einzelzimmer",
        "bnb",
        "lodge",
        "inn",
    ]);
    let rooms =
        has(&["room", "rooms", "habitación", "habitaciones", "chambre", "chambres", "zimmer"]);
    let beds = has(&["double", "twin", "single", "doble", "individual", "simple"]);
    let tables = has(&[
        "table",
        "restaurant",
        "dinner",
        "lunch",
        "brunch",
        "breakfast",
        "mesa",
        "restaurante",
        "cena",
        "cenar",
        "comer",
        "comida",
        "dîner",
        "déjeuner",
        "tisch",
        "abendessen",
        "mittagessen",
        "essen",
        "dine",
    ]);
    let evening = has(&["tonight"]) || objective.to_ascii_lowercase().contains("esta noche");
    if rooms && (beds || nights) {
        return Kind::Stay;
    }
    if tables {
        return Kind::Table;
    }
    if nights && !evening {
        return Kind::Stay;
    }
    let people =
        has(&["people", "persons", "guests", "personas", "personnes", "personen", "party"]);
    if people && !rooms { Kind::Table } else { Kind::Appointment }
}

fn bed_of(text: &str) -> Option<Bed> {
    let words = words(text);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(&["double", "doble", "doppelzimmer"]) {
        Some(Bed::Double)
    } else if has(&["twin", "zweibettzimmer"]) {
        Some(Bed::Twin)
    } else if has(&["single", "individual", "einzelzimmer"]) {
        Some(Bed::Single)
    } else {
        None
    }
}

type Known = (&'static [&'static str], [&'static str; 4]);

/// Words by which a wish is known, set in spaces, and how it is said.
const WISHES: &[Known] = &[
    (
        &[" window ", " ventana ", " fenêtre ", " fenster ", " fensterplatz "],
        ["a window seat", "junto a la ventana", "près de la fenêtre", "am Fenster"],
    ),
    (
        &[
            " outside ",
            " outdoors ",
            " outdoor ",
            " terrace ",
            " patio ",
            " terraza ",
            " fuera ",
            " terrasse ",
            " dehors ",
            " draußen ",
            " garten ",
        ],
        ["a seat outside", "en la terraza", "en terrasse", "draußen"],
    ),
    (
        &[" inside ", " indoors ", " dentro ", " intérieur ", " drinnen "],
        ["a seat inside", "en el interior", "à l'intérieur", "drinnen"],
    ),
    (
        &[
            " quiet ",
            " tranquila ",
            " tranquilo ",
            " calme ",
            " ruhig ",
            " ruhigen ",
            " ruhiger ",
            " ruhiges ",
        ],
        ["a quiet place", "en un lugar tranquilo", "au calme", "an einem ruhigen Platz"],
    ),
    (
        &[
            " high chair ",
            " highchair ",
            " trona ",
            " chaise haute ",
            " hochstuhl ",
            " kinderstuhl ",
        ],
        ["a high chair", "con una trona", "avec une chaise haute", "mit einem Hochstuhl"],
    ),
    (
        &[
            " wheelchair ",
            " step free ",
            " silla de ruedas ",
            " fauteuil roulant ",
            " rollstuhl ",
            " barrierefrei ",
        ],
        [
            "wheelchair access",
            "con acceso para silla de ruedas",
            "avec un accès en fauteuil roulant",
            "mit Zugang für einen Rollstuhl",
        ],
    ),
    (
        &[" vegan ", " vegana ", " vegano ", " végan ", " végétalien ", " vegane "],
        [
            "vegan dishes",
            "con platos veganos",
            "avec des plats végétaliens",
            "mit veganen Gerichten",
        ],
    ),
    (
        &[
            " vegetarian ",
            " vegetariana ",
            " vegetariano ",
            " végétarien ",
            " végétarienne ",
            " vegetarisch ",
        ],
        [
            "vegetarian dishes",
            "con platos vegetarianos",
            "avec des plats végétariens",
            "mit vegetarischen Gerichten",
        ],
    ),
    (
        &[
            " gluten ",
            " coeliac ",
            " celiac ",
            " celíaco ",
            " celíaca ",
            " zöliakie ",
            " glutenfrei ",
        ],
        [
            "gluten-free dishes",
            "con platos sin gluten",
            "avec des plats sans gluten",
            "mit glutenfreien Gerichten",
        ],
    ),
    (
        &[
            " sea view ",
            " vista al mar ",
            " vistas al mar ",
            " vue sur la mer ",
            " vue mer ",
            " meerblick ",
        ],
        ["a sea view", "con vistas al mar", "avec vue sur la mer", "mit Meerblick"],
    ),
    (
        &[" breakfast ", " desayuno ", " petit déjeuner ", " frühstück "],
        ["breakfast", "con desayuno", "avec petit déjeuner", "mit Frühstück"],
    ),
    (
        &[" parking ", " aparcamiento ", " stationnement ", " parkplatz "],
        ["a parking space", "con aparcamiento", "avec une place de parking", "mit Parkplatz"],
    ),
    (
        &[" cot ", " crib ", " baby bed ", " cuna ", " lit bébé ", " babybett ", " kinderbett "],
        ["a cot", "con una cuna", "avec un lit bébé", "mit einem Kinderbett"],
    ),
    (
        &[" birthday ", " cumpleaños ", " anniversaire ", " geburtstag "],
        [
            "a small sign that it is a birthday",
            "con un detalle de cumpleaños",
            "avec une attention pour un anniversaire",
            "mit einer Kleinigkeit zum Geburtstag",
        ],
    ),
];

/// What is asked about is no wish, and a date of birth no birthday.
fn wishes_of(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for sentence in text.split_inclusive(['.', '!', '?', ';']) {
        let spoken = format!(" {} ", words(sentence).join(" "));
        let spoken = before_question(&spoken);
        let other = [
            " date of birth ",
            " born ",
            " no ",
            " not ",
            " without ",
            " sin ",
            " sans ",
            " ohne ",
        ];
        if other.iter().any(|word| spoken.contains(word)) {
            continue;
        }
        for (index, (cues, _)) in WISHES.iter().enumerate() {
            let known = cues.iter().any(|cue| spoken.contains(cue));
            if known && !found.contains(&index) && !is_meal(index, spoken) {
                found.push(index);
            }
        }
    }
    found
}

/// A table for breakfast is not a room with breakfast.
fn is_meal(wish: usize, spoken: &str) -> bool {
    let breakfast = WISHES[wish].1[0] == "breakfast";
    breakfast
        && !["room", "hotel", "habitación", "chambre", "zimmer", "nights"]
            .iter()
            .any(|word| spoken.contains(word))
}

/// "Book a haircut on Friday" wants "a haircut".
fn thing_of(objective: &str, language: Language) -> Option<String> {
    const THING_WORDS_MAX: usize = 7;
    let verbs: &[&str] = language.pick([
        &["book", "make", "get", "schedule", "reserve", "arrange"][..],
        &["reserva", "reservar", "pide", "pedir", "concierta", "concertar", "reserve"][..],
        &["réserve", "réserver", "prends", "prendre", "prenez", "réservez"][..],
        &["buche", "vereinbare", "mache", "mach", "reserviere", "buchen"][..],
    ]);
    let stops: &[&str] = language.pick([
        &[
            "on", "at", "this", "next", "and", "or", "tomorrow", "today", "tonight", "in", "under",
            "between", "after", "before", "from", "as", "if", "with", "around", "any", "some",
        ][..],
        &["el", "este", "esta", "mañana", "hoy", "y", "o", "a", "en", "entre", "con", "si", "del"]
            [..],
        &["le", "ce", "cette", "demain", "et", "ou", "à", "au", "entre", "avec", "si", "pour"][..],
        &[
            "am",
            "um",
            "diese",
            "nächste",
            "nächsten",
            "morgen",
            "heute",
            "und",
            "oder",
            "im",
            "zwischen",
            "mit",
        ][..],
    ]);
    const OURS: &[&str] = &[
        "my", "me", "our", "us", "mi", "mis", "mon", "ma", "mes", "mein", "meine", "meinen",
        "them", "him", "her",
    ];
    let mut words = objective.split_whitespace();
    words.find(|word| verbs.contains(&word.to_lowercase().as_str()))?;
    let mut kept: Vec<&str> = Vec::new();
    for word in words.take(THING_WORDS_MAX) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let lower = bare.to_lowercase();
        let first = kept.is_empty();
        let name =
            bare.chars().next().is_some_and(char::is_uppercase) && language != Language::German;
        if OURS.contains(&lower.as_str()) || name || lower.chars().any(|c| c.is_ascii_digit()) {
            return trim_preposition(kept);
        }
        let weekday = [
            "montag",
            "dienstag",
            "mittwoch",
            "donnerstag",
            "freitag",
            "samstag",
            "sonntag",
            "lundi",
            "mardi",
            "mercredi",
            "jeudi",
            "vendredi",
            "samedi",
            "lunes",
            "martes",
            "viernes",
        ];
        if (stops.contains(&lower.as_str()) || weekday.contains(&lower.as_str())) && !first {
            break;
        }
        kept.push(bare);
        if word.ends_with(['.', ',', ';', '!', '?', ':']) {
            break;
        }
    }
    trim_preposition(kept)
}

fn trim_preposition(mut kept: Vec<&str>) -> Option<String> {
    while kept
        .last()
        .is_some_and(|word| matches!(*word, "for" | "para" | "pour" | "für" | "with" | "of"))
    {
        kept.pop();
    }
    // An article and a noun at least.
    const THING_WORDS_MIN: usize = 2;
    (kept.len() >= THING_WORDS_MIN).then(|| kept.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(objective: &str, language: Language) -> Request {
        Request::of(&Brief { objective: objective.into(), ..Brief::default() }, language)
    }

    #[test]
    fn what_is_booked() {
        let check = |objective: &str, language: Language, expected: &str| {
            let request = request(objective, language);
            let brief = Brief { objective: objective.into(), ..Brief::default() };
            let wish = request.wish(&brief, Calendar::of(&brief));
            assert_eq!(request.object(&wish, language), expected, "{objective}");
        };
        let english = Language::English;
        check("Book a table for 6 at 8pm this Friday", english, "a table for 6 people");
        check("Book dinner for two tomorrow at 8", english, "a table for 2 people");
        check(
            "Make an appointment for a check-up this week",
            english,
            "an appointment for a check-up",
        );
        check("Book a haircut on Friday", english, "a haircut");
        check("Make an appointment for Alex Chen tomorrow", english, "an appointment");
        check("Get my wife an appointment", english, "an appointment");
        check(
            "Book a double room for two nights from Friday for 2 guests",
            english,
            "a double room for 2 nights for 2 people",
        );
        check("Reserve a meeting room on Monday at 3pm", english, "a meeting room");
        check(
            "Reserviere einen Tisch für vier Personen am Freitag um 20 Uhr",
            Language::German,
            "einen Tisch für 4 Personen",
        );
        check(
            "Reserva una mesa para seis personas el viernes",
            Language::Spanish,
            "una mesa para 6 personas",
        );
    }

    #[test]
    fn wishes_and_questions() {
        let request = request(
            "Book a table for 4 at 7 with a window seat. Ask whether they have vegan dishes and find out about parking.",
            Language::English,
        );
        assert_eq!(request.wishes(Language::English).as_deref(), Some("a window seat"));
        assert_eq!(request.wishes(Language::German).as_deref(), Some("am Fenster"));
        assert!(request.mentions_wish("A window table is free."));
        assert_eq!(request.questions.len(), 1);
    }
}
