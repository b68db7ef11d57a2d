//! Direct questions in Spanish, French and German, and what their answers sound like there.
//!
//! The phrases are written folded, as [`super::folded`] leaves what was said.

use super::phrase::{folded, says};
use super::replies::Reply;
use super::{BriefFacts, Caller, Language};

type Phrases = &'static [&'static str];

/// Something people ask a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    Present,
    Machine,
    People,
    Birth,
    Time,
    Quantity,
    Company,
    BookedName,
    Caller,
    Budget,
    Email,
    Phone,
    Day,
    Invited,
    SmallTalk,
}

/// In the order they are tried: Spanish, French, German.
const TOPICS: &[(Topic, [Phrases; 3])] = &[
    (
        Topic::Present,
        [
            &["sigue ahi", "esta ahi", "me oye", "me escucha", "hay alguien", "se me oye"],
            &["vous etes la", "toujours la", "vous m entendez", "m entendez vous", "y a quelqu un"],
            &[
                "noch da",
                "sind sie da",
                "horen sie mich",
                "mich horen",
                "ist da jemand",
                "noch dran",
            ],
        ],
    ),
    (
        Topic::Machine,
        [
            &[
                "robot",
                "maquina",
                "inteligencia artificial",
                "ia",
                "persona real",
                "persona de verdad",
                "un humano",
                "grabacion",
                "ordenador",
                "computadora",
                "bot",
                "contestador",
            ],
            &[
                "robot",
                "machine",
                "intelligence artificielle",
                "ia",
                "vraie personne",
                "un humain",
                "enregistrement",
                "ordinateur",
                "bot",
                "automate",
            ],
            &[
                "roboter",
                "maschine",
                "kunstliche intelligenz",
                "ki",
                "computer",
                "echter mensch",
                "richtiger mensch",
                "ein mensch",
                "echte person",
                "bot",
                "bandansage",
                "automat",
            ],
        ],
    ),
    (
        Topic::People,
        [
            &[
                "cuantas personas",
                "cuantos comensales",
                "cuantos son",
                "cuantas son",
                "para cuantos",
                "para cuantas",
                "cuantos seran",
                "cuanta gente",
                "cuantos invitados",
            ],
            &[
                "combien de personnes",
                "combien de couverts",
                "combien serez",
                "serez combien",
                "combien etes",
                "etes combien",
                "pour combien",
                "combien d invites",
            ],
            &[
                "wie viele personen",
                "wieviele personen",
                "wie viel personen",
                "wieviel personen",
                "fur wie viele",
                "fur wieviele",
                "wie viele gaste",
                "wie viele leute",
                "zu wievielt",
                "wie viele sind sie",
            ],
        ],
    ),
    (
        Topic::Birth,
        [
            &["nacimiento", "nacio"],
            &["naissance", "ne le", "nee le"],
            &["geburtsdatum", "geboren", "geburtstag"],
        ],
    ),
    (
        Topic::Time,
        [&["que hora"], &["quelle heure"], &["viel uhr", "wieviel uhr", "uhrzeit", "welche zeit"]],
    ),
    (
        Topic::Quantity,
        [
            &["cuantas", "cuantos", "cantidad", "volumen", "cuanto necesita", "cuanto quiere"],
            &[
                "combien d",
                "combien de",
                "combien en",
                "combien vous en",
                "quantite",
                "volume",
                "combien voulez",
            ],
            &["wie viele", "wieviele", "wie viel", "wieviel", "menge", "stuckzahl"],
        ],
    ),
    (
        Topic::Company,
        [
            &[
                "que empresa",
                "cual empresa",
                "que compania",
                "de donde llama",
                "de donde me llama",
                "de donde nos llama",
                "nombre de su empresa",
                "nombre de la empresa",
                "para quien trabaja",
            ],
            &[
                "quelle societe",
                "quelle entreprise",
                "nom de votre societe",
                "nom de la societe",
                "nom de votre entreprise",
                "d ou appelez",
                "appelez d ou",
                "pour qui travaillez",
            ],
            &[
                "welche firma",
                "welcher firma",
                "welchem unternehmen",
                "welches unternehmen",
                "von wo rufen",
                "woher rufen",
                "name ihrer firma",
                "name der firma",
                "wessen auftrag",
                "fur wen rufen",
                "fur wen arbeiten",
            ],
        ],
    ),
    (
        Topic::BookedName,
        [
            &[
                "a que nombre",
                "a nombre de quien",
                "bajo que nombre",
                "con que nombre",
                "que nombre",
                "el nombre",
                "un nombre",
            ],
            &["quel nom", "nom de qui", "le nom", "un nom", "nom de la reservation"],
            &[
                "welchen namen",
                "welchem namen",
                "welcher name",
                "der name",
                "den namen",
                "ein name",
                "einen namen",
                "auf wen",
            ],
        ],
    ),
    (
        Topic::Caller,
        [
            &[
                "quien es",
                "quien habla",
                "quien llama",
                "quien me llama",
                "con quien hablo",
                "con quien tengo",
                "parte de quien",
                "su nombre",
                "como se llama",
                "usted quien",
                "el nombre",
                "que nombre",
            ],
            &[
                "qui est a l appareil",
                "qui est ce",
                "qui appelle",
                "c est qui",
                "qui etes vous",
                "vous etes qui",
                "votre nom",
                "a qui ai je",
                "la part de qui",
                "comment vous appelez",
                "vous vous appelez",
                "qui m appelle",
                "qui parle",
                "le nom",
                "quel nom",
            ],
            &[
                "wer ist da",
                "wer spricht",
                "wer ruft",
                "wer sind sie",
                "mit wem",
                "ihr name",
                "ihren namen",
                "wie heissen sie",
                "wer ist dran",
                "am apparat",
                "wer ist denn",
                "der name",
                "den namen",
                "welcher name",
            ],
        ],
    ),
    (
        Topic::Budget,
        [
            &[
                "su presupuesto",
                "que presupuesto",
                "presupuesto tiene",
                "presupuesto tienen",
                "quiere pagar",
                "quieren pagar",
                "dispuesto a pagar",
                "dispuestos a pagar",
                "precio tiene en mente",
                "quiere gastar",
            ],
            &[
                "votre budget",
                "quel budget",
                "budget avez",
                "voulez vous payer",
                "pret a payer",
                "prets a payer",
                "prix en tete",
                "fourchette de prix",
                "prix cible",
            ],
            &[
                "budget",
                "preisvorstellung",
                "preisvorstellungen",
                "preisrahmen",
                "zielpreis",
                "wollen sie ausgeben",
                "mochten sie ausgeben",
                "wollen sie zahlen",
                "bereit zu zahlen",
            ],
        ],
    ),
    (
        Topic::Email,
        [
            &["correo", "email", "e mail", "mail"],
            &["adresse mail", "e mail", "email", "courriel", "mail"],
            &["e mail", "email", "mail", "mailadresse", "e mail adresse"],
        ],
    ),
    (
        Topic::Phone,
        [
            &["telefono", "su numero", "que numero", "le puedo llamar", "localizarle"],
            &["telephone", "votre numero", "quel numero", "vous rappeler", "vous joindre"],
            &[
                "telefonnummer",
                "ihre nummer",
                "ruckrufnummer",
                "welche nummer",
                "welcher nummer",
                "sie erreichen",
                "handynummer",
            ],
        ],
    ),
    (
        Topic::Day,
        [
            &["que dia", "que fecha", "cual fecha", "cuando"],
            &["quel jour", "quelle date", "quand"],
            &[
                "welchen tag",
                "welcher tag",
                "welchem tag",
                "welches datum",
                "welchem datum",
                "wann",
            ],
        ],
    ),
    (
        Topic::Invited,
        [
            &[
                "ayudar",
                "ayudarle",
                "ayudarlo",
                "ayudarla",
                "de que se trata",
                "motivo de su llamada",
                "que necesita",
                "que desea",
                "que quiere",
                "se le ofrece",
                "por que llama",
                "para que llama",
                "que busca",
                "puedo servir",
                "le gustaria saber",
                "digame",
            ],
            &[
                "vous aider",
                "etre utile",
                "faire pour vous",
                "quel sujet",
                "de quoi s agit",
                "c est pour quoi",
                "souhaitez vous",
                "desirez vous",
                "voulez vous",
                "je vous ecoute",
                "cherchez vous",
                "motif de votre appel",
                "pourquoi appelez",
                "objet de votre appel",
            ],
            &[
                "helfen",
                "behilflich",
                "weiterhelfen",
                "worum geht",
                "um was geht",
                "fur sie tun",
                "was mochten sie",
                "was brauchen sie",
                "was wollen sie",
                "was wunschen sie",
                "was benotigen sie",
                "weshalb rufen",
                "warum rufen",
                "wieso rufen",
                "grund ihres anrufs",
                "womit kann ich",
                "wobei kann ich",
                "wonach suchen",
            ],
        ],
    ),
    (
        Topic::SmallTalk,
        [
            &[
                "como esta",
                "hola",
                "algo mas",
                "vale",
                "de acuerdo",
                "le parece",
                "viene bien",
                "va bien",
                "esta bien",
                "puede esperar",
                "repetir",
                "como dice",
                "perdon",
                "le sirve",
                "que tal",
                "trato hecho",
            ],
            &[
                "comment allez",
                "ca va",
                "bonjour",
                "allo",
                "autre chose",
                "d accord",
                "vous convient",
                "vous va",
                "patienter",
                "repeter",
                "pardon",
                "en pensez",
                "ne quittez",
            ],
            &[
                "wie geht es",
                "hallo",
                "noch etwas",
                "sonst noch",
                "in ordnung",
                "einverstanden",
                "passt das",
                "passt ihnen",
                "das okay",
                "das ok",
                "warten",
                "wiederholen",
                "wie bitte",
                "halten sie davon",
                "uns einig",
                "ihnen recht",
            ],
        ],
    ),
];

/// The reply to the last question in `text`, in the language of the call.
pub(super) fn reply(text: &str, caller: &Caller, facts: &BriefFacts) -> Option<Reply> {
    let language = caller.language;
    let question = last_question(text, language)?;
    for (topic, phrases) in TOPICS {
        if says(&question, of_language(phrases, language))
            && let Some(answer) = answer(*topic, caller, facts)
        {
            return match answer {
                Answer::Say(words) => Some(Reply::Say(words)),
                Answer::ComeBack => Some(come_back(language)),
                Answer::Invited => Some(Reply::Invited),
                Answer::Nothing => None,
            };
        }
    }
    Some(match from_sentences(&question, facts) {
        Some(sentence) => Reply::Say(sentence),
        None => come_back(language),
    })
}

enum Answer {
    Say(String),
    ComeBack,
    Invited,
    Nothing,
}

/// `None` where another topic may have the answer.
fn answer(topic: Topic, caller: &Caller, facts: &BriefFacts) -> Option<Answer> {
    let say = |spanish: String, french: String, german: String| match caller.language {
        Language::French => Answer::Say(french),
        Language::German => Answer::Say(german),
        Language::Spanish | Language::English => Answer::Say(spanish),
    };
    let pick =
        |words: [&str; 3]| say(words[0].to_owned(), words[1].to_owned(), words[2].to_owned());
    Some(match topic {
        Topic::Present => pick(["Sí, aquí estoy.", "Oui, je suis là.", "Ja, ich bin noch da."]),
        Topic::Machine => match &caller.company {
            Some(company) => say(
                format!(
                    "Sí, soy un asistente de inteligencia artificial y llamo de parte de {company}."
                ),
                format!(
                    "Oui, je suis un assistant d'intelligence artificielle et j'appelle pour {company}."
                ),
                format!("Ja, ich bin ein KI-Assistent und rufe im Auftrag von {company} an."),
            ),
            None => pick([
                "Sí, soy un asistente de inteligencia artificial y llamo de parte de un cliente.",
                "Oui, je suis un assistant d'intelligence artificielle et j'appelle pour un client.",
                "Ja, ich bin ein KI-Assistent und rufe im Auftrag eines Kunden an.",
            ]),
        },
        Topic::People => people(facts.people?, &say),
        Topic::Birth => Answer::Say(birth(facts)?),
        Topic::Time => {
            let time = facts.time.as_ref()?;
            say(
                format!("A las {time}, por favor."),
                format!("À {time}, s'il vous plaît."),
                format!("Um {time}, bitte."),
            )
        }
        Topic::Quantity => match (facts.quantity, facts.people) {
            (Some(_), _) => {
                let subject = facts.subject_in(caller.language);
                say(
                    format!("Se trata de {subject}."),
                    format!("Il s'agit de {subject}."),
                    format!("Es geht um {subject}."),
                )
            }
            (None, Some(count)) => people(count, &say),
            (None, None) => Answer::ComeBack,
        },
        Topic::Company => match &caller.company {
            Some(company) => say(
                format!("Llamo de parte de {company}."),
                format!("J'appelle pour {company}."),
                format!("Ich rufe im Auftrag von {company} an."),
            ),
            None => Answer::ComeBack,
        },
        Topic::BookedName => {
            let name = facts.name.as_ref()?;
            say(
                format!("A nombre de {name}."),
                format!("Au nom de {name}."),
                format!("Auf den Namen {name}."),
            )
        }
        Topic::Caller => Answer::Say(caller.introduction()),
        Topic::Budget => pick([
            "Prefiero escuchar primero su mejor precio.",
            "Je préférerais d'abord entendre votre meilleur prix.",
            "Ich würde lieber zuerst Ihren besten Preis hören.",
        ]),
        Topic::Email => {
            match facts.email.as_deref().map(|address| spelled(address, caller.language)) {
                Some(address) => say(
                    format!("La dirección es {address}."),
                    format!("L'adresse est {address}."),
                    format!("Die Adresse lautet {address}."),
                ),
                None => Answer::ComeBack,
            }
        }
        Topic::Phone => match facts.phone.as_deref().map(super::replies::spaced) {
            Some(number) => say(
                format!("El número es {number}."),
                format!("Le numéro est le {number}."),
                format!("Die Nummer lautet {number}."),
            ),
            None => Answer::ComeBack,
        },
        Topic::Day => match (&facts.day, &facts.time) {
            (Some(day), Some(time)) => say(
                format!("{day}, a las {time}."),
                format!("{day}, à {time}."),
                format!("{day}, um {time}."),
            ),
            (Some(day), None) => Answer::Say(format!("{day}.")),
            (None, Some(time)) => {
                say(format!("A las {time}."), format!("À {time}."), format!("Um {time}."))
            }
            (None, None) => return None,
        },
        Topic::Invited => Answer::Invited,
        Topic::SmallTalk => Answer::Nothing,
    })
}

fn people(count: f64, say: &dyn Fn(String, String, String) -> Answer) -> Answer {
    say(
        format!("Para {count} personas, por favor."),
        format!("Pour {count} personnes, s'il vous plaît."),
        format!("Für {count} Personen, bitte."),
    )
}

fn birth(facts: &BriefFacts) -> Option<String> {
    const BORN: &[&str] = &[
        "born",
        "birth",
        "nacido",
        "nacida",
        "nacio",
        "nacimiento",
        "nee",
        "ne le",
        "naissance",
        "geboren",
        "geburtsdatum",
    ];
    let sentence = facts.sentences.iter().find(|sentence| says(&folded(sentence), BORN))?;
    Some(super::sentence(sentence))
}

fn come_back(language: Language) -> Reply {
    Reply::ComeBack(language.come_back().into())
}

fn of_language(phrases: &[Phrases; 3], language: Language) -> Phrases {
    match language {
        Language::Spanish | Language::English => phrases[0],
        Language::French => phrases[1],
        Language::German => phrases[2],
    }
}

/// As it is read aloud.
fn spelled(address: &str, language: Language) -> String {
    let [at, dot, underscore] = match language {
        Language::Spanish | Language::English => ["arroba", "punto", "guion bajo"],
        Language::French => ["arobase", "point", "tiret bas"],
        Language::German => ["ät", "Punkt", "Unterstrich"],
    };
    address
        .replace('@', &format!(" {at} "))
        .replace('.', &format!(" {dot} "))
        .replace('_', &format!(" {underscore} "))
}

/// The last sentence that asks something, folded.
fn last_question(text: &str, language: Language) -> Option<String> {
    const STARTS: [Phrases; 3] = [
        &[
            "quien",
            "que",
            "cual",
            "cuanto",
            "cuanta",
            "cuantos",
            "cuantas",
            "cuando",
            "donde",
            "como",
            "a que",
            "de que",
            "de parte",
            "para cuantas",
            "para cuantos",
            "para que",
            "necesito",
            "necesitaria",
            "digame",
            "me dice",
            "con quien",
            "por que",
            "en que",
        ],
        &[
            "qui",
            "quel",
            "quelle",
            "quels",
            "quelles",
            "combien",
            "quand",
            "comment",
            "a quel",
            "a quelle",
            "pour combien",
            "il me faut",
            "il me faudrait",
            "j ai besoin",
            "j aurais besoin",
            "c est pour",
            "c est de la part",
            "que puis je",
            "pour quand",
            "de quelle",
            "de quoi",
        ],
        &[
            "wer",
            "was",
            "wann",
            "wie",
            "wo",
            "welche",
            "welcher",
            "welches",
            "welchen",
            "worum",
            "mit wem",
            "fur wie",
            "fur wann",
            "ich brauche",
            "ich brauchte",
            "ich benotige",
            "dann brauche",
            "auf welchen",
            "um wie viel",
            "weshalb",
            "warum",
        ],
    ];
    const WISHES: Phrases = &["que tenga", "que le vaya", "que pase", "wie gesagt"];
    let mut last = None;
    for part in text.split_inclusive(['.', '!', '?']) {
        let spoken = folded(part);
        let starts = of_language(&STARTS, language);
        let begins = |phrase: &&str| {
            spoken[1..].strip_prefix(*phrase).is_some_and(|rest| rest.starts_with(' '))
        };
        let opens = starts.iter().any(&begins) && !WISHES.iter().any(&begins);
        let several = spoken.split_whitespace().nth(1).is_some();
        if (part.trim_end().ends_with('?') || opens && several) && spoken.len() > 2 {
            last = Some(spoken);
        }
    }
    last
}

/// The sentence of the brief that shares most content words with the question.
fn from_sentences(question: &str, facts: &BriefFacts) -> Option<String> {
    const WORD_CHARS_MIN: usize = 4;
    const EMPTY: &[&str] = &[
        "para", "como", "cual", "cuales", "donde", "quien", "usted", "ustedes", "tiene", "tienen",
        "puede", "podria", "esta", "este", "esto", "necesito", "sobre", "quiere", "digame",
        "algun", "pour", "comment", "quel", "quelle", "quels", "quelles", "vous", "votre", "avez",
        "avec", "dans", "pouvez", "pourriez", "cette", "besoin", "elle", "sont", "faut",
        "faudrait", "est", "welche", "welcher", "welches", "welchen", "wann", "wird", "werden",
        "haben", "hatten", "ihre", "ihrer", "ihnen", "konnen", "konnten", "brauche", "brauchte",
        "eine", "einen", "einer", "denn", "noch", "bitte", "soll", "sind", "with", "what", "your",
        "that",
    ];
    let mut best: Option<(usize, &String)> = None;
    for sentence in &facts.sentences {
        let said = folded(sentence);
        let mut hits = 0;
        for word in question.split_whitespace() {
            let empty = word.len() < WORD_CHARS_MIN || EMPTY.contains(&word);
            hits += usize::from(!empty && said.split_whitespace().any(|other| alike(word, other)));
        }
        let ours = super::replies::is_order(sentence) || is_order(&said);
        if hits > 0 && !ours && best.is_none_or(|(most, _)| hits > most) {
            best = Some((hits, sentence));
        }
    }
    best.map(|(_, sentence)| super::sentence(sentence))
}

/// Equal up to an ending of two letters.
fn alike(one: &str, other: &str) -> bool {
    const STEM_CHARS_MIN: usize = 4;
    const ENDING_CHARS_MAX: usize = 2;
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    same >= STEM_CHARS_MIN
        && one.len() - same <= ENDING_CHARS_MAX
        && other.len() - same <= ENDING_CHARS_MAX
}

/// An order of the customer's to us, in Spanish, French or German.
fn is_order(said: &str) -> bool {
    const FIRST: &[&str] = &[
        "pide",
        "pida",
        "pedir",
        "pregunta",
        "pregunte",
        "preguntar",
        "reserva",
        "reserve",
        "reservar",
        "llama",
        "llame",
        "llamar",
        "averigua",
        "averigue",
        "averiguar",
        "consigue",
        "consiga",
        "obtener",
        "solicita",
        "solicite",
        "solicitar",
        "confirma",
        "confirme",
        "confirmar",
        "cancela",
        "cancele",
        "cancelar",
        "siempre",
        "nunca",
        "si",
        "demande",
        "demandez",
        "demander",
        "appelle",
        "appelez",
        "appeler",
        "obtenir",
        "reservez",
        "confirmez",
        "confirmer",
        "annule",
        "annulez",
        "annuler",
        "toujours",
        "jamais",
        "frage",
        "frag",
        "fragen",
        "rufe",
        "ruf",
        "buche",
        "buchen",
        "reserviere",
        "bestelle",
        "hole",
        "erfrage",
        "klare",
        "finde",
        "storniere",
        "wenn",
        "falls",
        "nie",
        "niemals",
        "immer",
        "bitte",
    ];
    const LAST: &[&str] = &[
        "fragen",
        "erfragen",
        "buchen",
        "reservieren",
        "bestellen",
        "einholen",
        "vereinbaren",
        "klaren",
        "absagen",
        "stornieren",
        "nachfragen",
        "anfragen",
    ];
    let first = said.split_whitespace().next().unwrap_or("");
    let last = said.split_whitespace().next_back().unwrap_or("");
    FIRST.contains(&first) || LAST.contains(&last)
}

pub(super) const TRANSFER: Phrases = &[
    "le paso",
    "le comunico",
    "le transfiero",
    "le pongo con",
    "je vous passe",
    "je vous transfere",
    "je vous mets en relation",
    "verbinde sie",
    "stelle sie durch",
    "gebe sie weiter",
];

pub(super) const HOLD: Phrases = &[
    "un momento",
    "un momentito",
    "un segundo",
    "un segundito",
    "un instante",
    "espere",
    "no cuelgue",
    "dejeme ver",
    "dejeme revisar",
    "dejeme comprobar",
    "dejeme consultar",
    "dejeme mirar",
    "permitame un",
    "un instant",
    "un moment",
    "une seconde",
    "une minute",
    "ne quittez pas",
    "patientez",
    "je regarde",
    "je verifie",
    "je vais voir",
    "je vais verifier",
    "laissez moi voir",
    "laissez moi verifier",
    "einen moment",
    "ein moment",
    "moment bitte",
    "moment mal",
    "kleinen moment",
    "augenblick",
    "eine sekunde",
    "sekunde bitte",
    "bleiben sie dran",
    "bleiben sie bitte dran",
    "ich schaue nach",
    "ich sehe nach",
    "ich schau mal",
    "ich schaue mal",
    "lassen sie mich nachsehen",
    "lassen sie mich schauen",
    "lassen sie mich kurz",
];

pub(super) const FAREWELL: Phrases = &[
    "adios",
    "hasta luego",
    "hasta pronto",
    "que tenga buen dia",
    "que tenga un buen dia",
    "que le vaya bien",
    "buenas tardes adios",
    "au revoir",
    "bonne journee",
    "bonne soiree",
    "a bientot",
    "auf wiederhoren",
    "auf wiedersehen",
    "wiederhoren",
    "tschuss",
    "schonen tag noch",
    "einen schonen tag",
    "schonen abend noch",
    "einen schonen abend",
];

pub(super) const WRONG_NUMBER: Phrases = &[
    "numero equivocado",
    "se ha equivocado de numero",
    "se equivoco de numero",
    "se equivoca de numero",
    "equivocado de numero",
    "nadie con ese nombre",
    "mauvais numero",
    "faux numero",
    "vous faites erreur",
    "trompe de numero",
    "trompez de numero",
    "erreur de numero",
    "personne de ce nom",
    "falsch verbunden",
    "falsche nummer",
    "falschen nummer",
    "verwahlt",
    "niemand mit diesem namen",
    "niemanden mit diesem namen",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Brief;

    fn check(language: &str, question: &str, expected: Option<&str>) {
        let brief = Brief {
            objective: "Get bulk pricing for 500 steel beams".into(),
            context: Some(
                "We are Acme Corp. Die Lieferung geht nach Bremen. La entrega va a Sevilla. La livraison va à Lyon. \
                 Anna ist 1980 geboren."
                    .into(),
            ),
            language: language.into(),
            ..Brief::default()
        };
        let answer = super::super::reply(question, &Caller::of(&brief), &BriefFacts::of(&brief));
        let answer = answer.map(|reply| match reply {
            Reply::Invited => "(invited)".to_owned(),
            Reply::Say(text) | Reply::ComeBack(text) => text,
        });
        assert_eq!(answer.as_deref(), expected, "{question}");
    }

    #[test]
    fn direct_questions() {
        check("es", "¿En qué puedo ayudarle?", Some("(invited)"));
        check(
            "es",
            "¿De parte de quién?",
            Some("Le habla un asistente que llama de parte de Acme Corp."),
        );
        check("es", "Claro, ¿cuántas unidades?", Some("Se trata de 500 steel beams."));
        check("es", "¿Dónde es la entrega?", Some("La entrega va a Sevilla."));
        check("es", "¿Qué tipo de acero?", Some(Language::Spanish.come_back()));
        check("es", "Son cincuenta euros.", None);
        check("es", "¿Algo más?", None);
        check(
            "fr",
            "C'est de la part de qui ?",
            Some("Ici un assistant qui appelle pour Acme Corp."),
        );
        check("fr", "Que puis-je faire pour vous ?", Some("(invited)"));
        check("fr", "Il vous faut quelle quantité ?", Some("Il s'agit de 500 steel beams."));
        check("fr", "La livraison, c'est où ?", Some("La livraison va à Lyon."));
        check(
            "fr",
            "Vous êtes un robot ?",
            Some(
                "Oui, je suis un assistant d'intelligence artificielle et j'appelle pour Acme Corp.",
            ),
        );
        check("fr", "Vous m'entendez ?", Some("Oui, je suis là."));
        check(
            "de",
            "Mit wem spreche ich bitte?",
            Some("Hier ist ein Assistent im Auftrag von Acme Corp."),
        );
        check("de", "Wie viele brauchen Sie denn?", Some("Es geht um 500 steel beams."));
        check("de", "Wohin geht die Lieferung?", Some("Die Lieferung geht nach Bremen."));
        check("de", "Was kann ich für Sie tun?", Some("(invited)"));
        check(
            "de",
            "Sind Sie ein Roboter?",
            Some("Ja, ich bin ein KI-Assistent und rufe im Auftrag von Acme Corp an."),
        );
        check("de", "Ich brauche das Geburtsdatum.", Some("Anna ist 1980 geboren."));
        check("de", "Das kostet fünfzig Euro.", None);
        check(
            "de",
            "Welches Budget haben Sie?",
            Some("Ich würde lieber zuerst Ihren besten Preis hören."),
        );
        check("de", "", None);
    }
}
