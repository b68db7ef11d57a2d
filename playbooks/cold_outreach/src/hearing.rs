//! What a turn of theirs does to a sales call.

use agenticcalling_playbook::extract::{self, Talk, Value};
use agenticcalling_playbook::strategy::{Language, Spoken};

/// The usual reasons not to buy; each is answered once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    NoTime,
    Supplier,
    SendInfo,
    TooExpensive,
}

impl Objection {
    /// For the data.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Objection::NoTime => "no time",
            Objection::Supplier => "already has a supplier",
            Objection::SendInfo => "wants something sent",
            Objection::TooExpensive => "too expensive",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Hearing {
    /// A no to the call itself.
    pub(crate) clear_no: bool,
    /// Who was asked for is not there.
    pub(crate) absent: bool,
    pub(crate) answer: Option<bool>,
    pub(crate) objection: Option<Objection>,
    pub(crate) asks_if_sales: bool,
    pub(crate) asks_price: bool,
    pub(crate) is_question: bool,
    pub(crate) day: Option<String>,
    /// As `HH:MM`.
    pub(crate) time: Option<String>,
    pub(crate) email: Option<String>,
}

pub(crate) fn hear(talk: &Talk, language: Language) -> Hearing {
    let Some(last) = talk.last() else { return Hearing::default() };
    let spoken = Spoken::of(&last.text);
    let mut hearing = Hearing {
        clear_no: spoken.has(language.pick(CLEAR_NO)),
        absent: spoken.has(language.pick(ABSENT)),
        answer: answer(&last.text, &spoken, language),
        objection: objection(&spoken, language),
        asks_if_sales: spoken.has(language.pick(SALES)),
        asks_price: spoken.has(language.pick(PRICE)),
        is_question: last.text.contains('?'),
        ..Hearing::default()
    };
    for fact in last.facts.iter().filter(|fact| !fact.negated && !fact.corrected) {
        match &fact.value {
            Value::Date(_) => hearing.day = Some(last.text[fact.span.clone()].to_owned()),
            Value::Clock { minute, certain } => hearing.time = Some(clock(*minute, *certain)),
            Value::Email(address) => hearing.email = Some(address.clone()),
            _ => {}
        }
    }
    hearing
}

/// Yes or no, whichever comes first; a no counts only where the answer begins.
fn answer(text: &str, spoken: &Spoken, language: Language) -> Option<bool> {
    const BEGINNING_BYTES: usize = 8;
    extract::yes_or_no(text).or_else(|| {
        let first = |phrases: &[&str]| {
            let places = phrases.iter().filter_map(|phrase| spoken.before(phrase));
            places.min()
        };
        let no = first(language.pick(NO)).filter(|place| *place <= BEGINNING_BYTES);
        match (first(language.pick(YES)), no) {
            (Some(yes), Some(no)) => Some(yes < no),
            (yes, no) => yes.map(|_| true).or(no.map(|_| false)),
        }
    })
}

fn objection(spoken: &Spoken, language: Language) -> Option<Objection> {
    for (objection, phrases) in [
        (Objection::SendInfo, SEND),
        (Objection::NoTime, NO_TIME),
        (Objection::Supplier, SUPPLIER),
        (Objection::TooExpensive, EXPENSIVE),
    ] {
        if spoken.has(language.pick(phrases)) {
            return Some(objection);
        }
    }
    None
}

/// A meeting at three is in the afternoon.
fn clock(minute: u16, certain: bool) -> String {
    const EARLIEST_MINUTE: u16 = 7 * 60;
    let minute = if !certain && minute < EARLIEST_MINUTE { minute + 720 } else { minute };
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

const CLEAR_NO: [&[&str]; 4] = [
    &[
        "not interested",
        "no interest",
        "no thanks",
        "no thank you",
        "don't want",
        "do not want",
        "don't need",
        "do not need",
        "leave me alone",
        "leave us alone",
        "go away",
        "not looking for",
        "we're not looking",
        "please don't",
        "no sales calls",
        "not buying",
        "i'm hanging up",
        "we'll pass",
        "i'll pass",
        "we are not interested",
        "isn't for us",
        "not for us",
    ],
    &[
        "no me interesa",
        "no nos interesa",
        "no gracias",
        "no quiero",
        "no queremos",
        "no necesito",
        "no necesitamos",
        "no estoy interesad*",
        "no estamos interesad*",
        "sin interés",
        "déjeme en paz",
    ],
    &[
        "pas intéressé",
        "pas intéressée",
        "pas intéressés",
        "non merci",
        "ne m'intéresse pas",
        "ne nous intéresse pas",
        "je ne veux pas",
        "nous ne voulons pas",
        "pas besoin",
        "laissez moi tranquille",
        "aucun intérêt",
    ],
    &[
        "kein interesse",
        "nein danke",
        "nicht interessiert",
        "brauchen wir nicht",
        "brauche ich nicht",
        "will ich nicht",
        "wollen wir nicht",
        "möchte ich nicht",
        "möchten wir nicht",
        "lassen sie mich in ruhe",
        "interessiert mich nicht",
        "interessiert uns nicht",
    ],
];
const ABSENT: [&[&str]; 4] = [
    &[
        "not available",
        "isn't available",
        "not at her desk",
        "not at his desk",
        "not in today",
        "isn't in",
        "not in the office",
        "out of the office",
        "not here",
        "isn't here",
        "doesn't answer",
        "does not answer",
        "not picking up",
        "nobody answers",
    ],
    &["no está", "no se encuentra", "no contesta", "no responde"],
    &["n'est pas là", "n'est pas disponible", "absent", "absente", "ne répond pas"],
    &["nicht da", "nicht am platz", "nicht im haus", "nicht erreichbar", "geht nicht ran"],
];
const NO: [&[&str]; 4] = [&["no", "nope"], &["no"], &["non"], &["nein"]];
const YES: [&[&str]; 4] = [
    &[
        "go ahead",
        "fire away",
        "shoot",
        "i'm listening",
        "why not",
        "all right",
        "alright",
        "yes",
        "make it quick",
    ],
    &[
        "sí",
        "claro",
        "adelante",
        "dígame",
        "vale",
        "de acuerdo",
        "por supuesto",
        "bueno",
        "cuénteme",
    ],
    &["oui", "allez y", "je vous écoute", "d'accord", "bien sûr", "pourquoi pas", "volontiers"],
    &[
        "ja",
        "gerne",
        "schießen sie los",
        "ich höre",
        "in ordnung",
        "natürlich",
        "okay",
        "warum nicht",
    ],
];
const NO_TIME: [&[&str]; 4] = [
    &[
        "no time",
        "don't have time",
        "do not have time",
        "busy",
        "in a meeting",
        "bad time",
        "not a good time",
        "in a hurry",
        "in the middle of",
        "not right now",
        "another time",
        "driving",
    ],
    &[
        "no tengo tiempo",
        "ocupad*",
        "en una reunión",
        "mal momento",
        "ahora no",
        "tengo prisa",
        "no es buen momento",
    ],
    &[
        "pas le temps",
        "occupé",
        "occupée",
        "en réunion",
        "mauvais moment",
        "pas maintenant",
        "pressé",
        "pressée",
        "pas le moment",
    ],
    &[
        "keine zeit",
        "beschäftigt",
        "in einer besprechung",
        "im meeting",
        "schlechter zeitpunkt",
        "gerade nicht",
        "jetzt nicht",
        "in eile",
        "passt gerade",
        "passt es nicht",
    ],
];
const SUPPLIER: [&[&str]; 4] = [
    &[
        "already have",
        "already use",
        "already using",
        "already work with",
        "happy with our",
        "have a supplier",
        "have a provider",
        "have somebody",
        "have someone",
        "under contract",
        "satisfied with",
        "already got",
        "we're covered",
        "use another",
    ],
    &[
        "ya tenemos",
        "ya tengo",
        "ya usamos",
        "ya trabajamos",
        "contentos con",
        "satisfechos con",
        "tenemos proveedor",
    ],
    &[
        "avons déjà",
        "j'ai déjà",
        "utilisons déjà",
        "travaillons déjà",
        "satisfaits de",
        "content de",
        "contents de",
    ],
    &[
        "haben schon",
        "haben bereits",
        "habe schon",
        "habe bereits",
        "nutzen schon",
        "nutzen bereits",
        "zufrieden mit",
        "arbeiten schon",
        "arbeiten bereits",
    ],
];
const SEND: [&[&str]; 4] = [
    &[
        "send me something",
        "send me some",
        "send us something",
        "send us some",
        "send me information",
        "send me the information",
        "send me a brochure",
        "send something",
        "send it over",
        "send me details",
        "send me the details",
        "send information",
        "send over some",
        "put something in writing",
    ],
    &["envíeme", "envíenos", "mándeme", "mándenos", "por correo", "enviarme información"],
    &[
        "envoyez moi",
        "envoyez nous",
        "par mail",
        "par courriel",
        "envoyer une documentation",
        "m'envoyer",
    ],
    &[
        "schicken sie mir",
        "schicken sie uns",
        "senden sie mir",
        "senden sie uns",
        "per mail",
        "per e mail",
        "unterlagen",
    ],
];
const EXPENSIVE: [&[&str]; 4] = [
    &[
        "too expensive",
        "too much money",
        "can't afford",
        "cannot afford",
        "no budget",
        "no money",
        "costs too much",
        "over our budget",
    ],
    &[
        "demasiado caro",
        "muy caro",
        "no podemos permitir*",
        "sin presupuesto",
        "no tenemos presupuesto",
        "no hay dinero",
    ],
    &["trop cher", "trop chère", "pas les moyens", "pas de budget", "pas le budget"],
    &["zu teuer", "nicht leisten", "kein budget", "kein geld", "kostet zu viel"],
];
const SALES: [&[&str]; 4] = [
    &[
        "sales call",
        "are you selling",
        "trying to sell",
        "selling something",
        "is this sales",
        "telemarket*",
        "sell me",
        "sell us",
        "cold call",
        "what are you selling",
    ],
    &[
        "llamada comercial",
        "llamada de ventas",
        "vendiendo",
        "quiere venderme",
        "quiere vendernos",
        "vender algo",
    ],
    &[
        "appel commercial",
        "démarchage",
        "vous vendez",
        "me vendre",
        "nous vendre",
        "vendre quelque chose",
    ],
    &[
        "verkaufsanruf",
        "werbeanruf",
        "wollen sie mir etwas verkaufen",
        "etwas verkaufen",
        "verkaufen sie",
        "kaltakquise",
    ],
];
const PRICE: [&[&str]; 4] = [
    &[
        "how much",
        "what does it cost",
        "what's the price",
        "what is the price",
        "the cost",
        "pricing",
        "what do you charge",
    ],
    &["cuánto cuesta", "cuánto vale", "qué precio", "cuál es el precio"],
    &["combien", "quel prix", "quel est le prix", "ça coûte"],
    &["was kostet", "wie viel", "welcher preis", "wie teuer"],
];
