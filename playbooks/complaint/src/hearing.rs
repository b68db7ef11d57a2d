//! What a turn of theirs does to the complaint.

use agenticcalling_playbook::extract::{self, Schema, Talk, Value};
use agenticcalling_playbook::strategy::{self, Language, Spoken};
use serde_json::json;

use crate::case::{Case, Resolution, code_in};

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Hearing {
    /// Resolutions they speak of without refusing them.
    pub(crate) offers: Vec<Resolution>,
    pub(crate) yes: bool,
    pub(crate) refuses: bool,
    /// "We'll look into it."
    pub(crate) vague: bool,
    /// They put us through to somebody.
    pub(crate) transfers: bool,
    /// A day, a date or a span they named.
    pub(crate) when: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) asks: Option<Ask>,
}

/// A fact of the case they ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Order,
    Date,
    Amount,
    Issue,
    Wish,
}

pub(crate) fn hear(talk: &Talk, case: &Case, language: Language, asked_reference: bool) -> Hearing {
    let Some(last) = talk.last() else { return Hearing::default() };
    let spoken = Spoken::of(&last.text);
    let answer = extract::yes_or_no(&last.text);
    let refuses = answer == Some(false) || spoken.has(language.pick(REFUSES));
    let asks = asks(&last.text, &spoken, language);
    let mut offers = Vec::new();
    for resolution in Resolution::ALL {
        if spoken.has(resolution.cues()) && asks.is_none() {
            offers.push(resolution);
        }
    }
    // "We don't do refunds, but I can send a replacement": what follows the but is the offer.
    if refuses {
        offers = after_but(&last.text, language);
    }
    Hearing {
        refuses: refuses && offers.is_empty(),
        yes: !refuses && (answer == Some(true) || spoken.has(language.pick(AGREES))),
        vague: spoken.has(language.pick(VAGUE)),
        transfers: !refuses
            && (strategy::is_transfer(&last.text) || spoken.has(language.pick(FETCHES))),
        when: when(last),
        reference: reference(talk, case, language, asked_reference),
        offers,
        asks,
    }
}

fn after_but(text: &str, language: Language) -> Vec<Resolution> {
    let but = language.pick([" but ", " pero ", " mais ", " aber "]);
    let Some(at) = text.find(but) else { return Vec::new() };
    let spoken = Spoken::of(&text[at..]);
    if spoken.has(language.pick(REFUSES)) {
        return Vec::new();
    }
    Resolution::ALL.into_iter().filter(|resolution| spoken.has(resolution.cues())).collect()
}

/// The last day, date or span, in their words.
fn when(heard: &extract::Heard) -> Option<String> {
    let mut found = None;
    for fact in heard.facts.iter().filter(|fact| !fact.negated && !fact.corrected) {
        if matches!(fact.value, Value::Date(_) | Value::Duration { .. }) {
            found = Some(heard.text[fact.span.clone()].to_owned());
        }
    }
    found
}

/// A reference number they gave; our own order number is none.
fn reference(talk: &Talk, case: &Case, language: Language, asked: bool) -> Option<String> {
    let last = talk.last()?;
    let spoken = Spoken::of(&last.text);
    let own = |code: &str| {
        let plain = |text: &str| text.to_lowercase().replace(['-', '/'], "");
        case.order.as_deref().is_some_and(|order| plain(order) == plain(code))
    };
    let named = spoken.has(language.pick(REFERENCE));
    if !named && !asked {
        return None;
    }
    let written = || last.text.split_whitespace().find_map(code_in);
    let code = read_code(&last.text).or_else(|| {
        // "It is C 7 7 0 1." answers our question without naming what it is.
        let other = last.facts.iter().any(|fact| {
            matches!(fact.value, Value::Date(_) | Value::Duration { .. } | Value::Money { .. })
        });
        let bare = asked && !other && !last.text.contains('?');
        if bare { read_code(&format!("Reference number: {}", last.text)) } else { None }
    });
    code.or_else(written).filter(|code| !own(code))
}

fn read_code(text: &str) -> Option<String> {
    let mut turn = Talk::new();
    turn.push(true, text);
    let schema = Schema::read(&json!({"reference_number": "string"}));
    let read = extract::from_talk(&schema, &turn);
    read.get("reference_number").and_then(|value| value.as_str()).map(str::to_owned)
}

fn asks(text: &str, spoken: &Spoken, language: Language) -> Option<Ask> {
    let needs = spoken.has(language.pick(NEEDS));
    if !text.contains('?') && !needs {
        return None;
    }
    for (ask, phrases) in [
        (Ask::Order, ORDER),
        (Ask::Date, DATE),
        (Ask::Amount, AMOUNT),
        (Ask::Wish, WISH),
        (Ask::Issue, ISSUE),
    ] {
        if spoken.has(language.pick(phrases)) {
            return Some(ask);
        }
    }
    None
}

const REFUSES: [&[&str]; 4] = [
    &[
        "can't",
        "cannot",
        "unable",
        "not able",
        "not possible",
        "won't",
        "against our policy",
        "our policy",
        "company policy",
        "no refunds",
        "not eligible",
        "out of warranty",
        "too late",
        "nothing i can do",
        "nothing we can do",
        "not our fault",
        "not available",
        "refuse",
        "impossible",
        "don't do refunds",
        "don't offer",
        "isn't here",
        "not here",
    ],
    &[
        "no puedo",
        "no podemos",
        "no es posible",
        "imposible",
        "nuestra política",
        "no tiene derecho",
        "no está disponible",
        "no hacemos",
        "nada que pueda",
        "no aceptamos",
        "fuera de garantía",
    ],
    &[
        "ne peux pas",
        "ne pouvons pas",
        "pas possible",
        "impossible",
        "notre politique",
        "pas disponible",
        "on ne peut pas",
        "hors garantie",
        "ne faisons pas",
        "rien faire",
        "refus*",
    ],
    &[
        "kann ich nicht",
        "können wir nicht",
        "nicht möglich",
        "unmöglich",
        "geht nicht",
        "leider nicht",
        "unsere richtlinien",
        "nicht zuständig",
        "nicht verfügbar",
        "keine erstattung",
        "nichts machen",
        "ausgeschlossen",
        "garantie ist abgelaufen",
        "nicht da",
        "ablehn*",
    ],
];
const AGREES: [&[&str]; 4] = [
    &[
        "i can do that",
        "we can do that",
        "i'll do that",
        "we'll do that",
        "i'll arrange",
        "we'll arrange",
        "i've issued",
        "i have issued",
        "i'll issue",
        "we'll issue",
        "i'll process",
        "i've processed",
        "we'll process",
        "will be processed",
        "will be refunded",
        "has been processed",
        "is approved",
        "approved",
        "i'll send",
        "we'll send",
        "taken care of",
        "done",
        "you'll get",
        "you will receive",
        "you'll receive",
        "i'll refund",
        "we'll refund",
        "happy to",
        "i can offer",
        "we can offer",
    ],
    &[
        "lo tramito",
        "lo tramitamos",
        "le haremos",
        "le devolveremos",
        "se lo enviamos",
        "aprobado",
        "recibirá",
        "hecho",
        "de acuerdo",
        "podemos ofrecerle",
        "puedo ofrecerle",
        "por supuesto",
    ],
    &[
        "je m'en occupe",
        "nous allons",
        "je vais",
        "c'est fait",
        "accepté",
        "vous recevrez",
        "d'accord",
        "entendu",
        "nous pouvons vous proposer",
        "je peux vous proposer",
        "bien sûr",
    ],
    &[
        "veranlasse ich",
        "veranlassen wir",
        "machen wir",
        "mache ich",
        "sie bekommen",
        "sie erhalten",
        "genehmigt",
        "erledigt",
        "einverstanden",
        "in ordnung",
        "kann ich ihnen anbieten",
        "können wir ihnen anbieten",
        "selbstverständlich",
    ],
];
const VAGUE: [&[&str]; 4] = [
    &[
        "look into",
        "looking into",
        "see what we can do",
        "see what i can do",
        "get back to you",
        "somebody will",
        "someone will",
        "as soon as possible",
        "we'll try",
        "i'll try",
        "pass it on",
        "pass this on",
        "forward it",
        "at some point",
        "be in touch",
        "we'll check",
        "follow up",
        "escalate it",
        "make a note",
        "do our best",
        "do my best",
        "investigate",
    ],
    &[
        "lo miraremos",
        "lo revisaremos",
        "vamos a ver",
        "veremos",
        "le llamaremos",
        "alguien le",
        "lo antes posible",
        "intentaremos",
        "lo pasaré",
        "nos pondremos en contacto",
        "tomo nota",
        "haremos lo posible",
    ],
    &[
        "on va voir",
        "nous allons voir",
        "je vais voir",
        "nous allons regarder",
        "vous recontacter",
        "quelqu'un va",
        "dès que possible",
        "nous essaierons",
        "transmettre",
        "je prends note",
        "faire le nécessaire",
        "faire de notre mieux",
        "revenir vers vous",
    ],
    &[
        "schauen mal",
        "schaue mal",
        "sehen was",
        "kümmern uns",
        "kümmere mich",
        "melden uns",
        "meldet sich",
        "so bald wie möglich",
        "so schnell wie möglich",
        "versuchen",
        "leite das weiter",
        "weiterleiten",
        "notiere",
        "prüfen das",
        "wir prüfen",
        "ich prüfe",
        "tun was wir können",
    ],
];
/// They fetch somebody, beside putting us through.
const FETCHES: [&[&str]; 4] = [
    &[
        "get my supervisor",
        "get my manager",
        "get the manager",
        "get a supervisor",
        "let me get my",
        "speak to my manager now",
        "here's my manager",
        "here is my manager",
    ],
    &["voy a buscar a mi"],
    &["je vais chercher mon"],
    &["hole meinen", "hole meine"],
];
const REFERENCE: [&[&str]; 4] = [
    &["reference", "case number", "ticket", "confirmation number", "complaint number", "case"],
    &[
        "referencia",
        "número de caso",
        "expediente",
        "número de incidencia",
        "número de reclamación",
    ],
    &["référence", "numéro de dossier", "dossier", "numéro de réclamation"],
    &[
        "referenz*",
        "vorgangsnummer",
        "aktenzeichen",
        "ticketnummer",
        "fallnummer",
        "vorgang",
        "beschwerdenummer",
    ],
];
const NEEDS: [&[&str]; 4] = [
    &["i need", "i'll need", "i would need", "please give me", "tell me"],
    &["necesito", "necesitaría", "dígame"],
    &["il me faut", "j'ai besoin", "dites moi", "donnez moi"],
    &["ich brauche", "bräuchte", "sagen sie mir", "geben sie mir"],
];
const ORDER: [&[&str]; 4] = [
    &[
        "order number",
        "booking number",
        "invoice number",
        "account number",
        "number of your order",
        "which order",
        "what order",
        "customer number",
    ],
    &["número de pedido", "número de factura", "número de cliente", "qué pedido"],
    &["numéro de commande", "numéro de facture", "numéro de client", "quelle commande"],
    &["bestellnummer", "auftragsnummer", "rechnungsnummer", "kundennummer", "welche bestellung"],
];
const DATE: [&[&str]; 4] = [
    &["when did", "when was", "what date", "which date", "what day", "date of"],
    &["cuándo fue", "cuándo lo", "qué fecha", "qué día", "cuándo"],
    &["quand avez", "quelle date", "quel jour", "c'était quand", "quand"],
    &["wann haben", "wann war", "wann wurde", "welches datum", "an welchem tag", "wann"],
];
const AMOUNT: [&[&str]; 4] = [
    &[
        "how much did",
        "how much was",
        "what amount",
        "which amount",
        "what did you pay",
        "how much",
    ],
    &["cuánto pagó", "cuánto fue", "qué importe", "cuánto"],
    &["combien avez", "quel montant", "combien"],
    &["wie viel haben", "welcher betrag", "wie hoch", "welchen betrag", "wie viel"],
];
const WISH: [&[&str]; 4] = [
    &[
        "what would you like",
        "what do you want",
        "what are you looking for",
        "what do you expect",
        "how would you like",
    ],
    &["qué desea", "qué quiere", "qué espera", "qué solicita"],
    &["que souhaitez", "que voulez", "qu'attendez", "vous souhaitez quoi"],
    &["was möchten", "was wünschen", "was erwarten", "was wollen", "was hätten sie gern"],
];
const ISSUE: [&[&str]; 4] = [
    &[
        "what happened",
        "what's the problem",
        "what is the problem",
        "what's wrong",
        "what seems",
        "the issue",
        "how can i help",
        "how may i help",
        "what is it about",
        "help you",
    ],
    &[
        "qué ha pasado",
        "qué pasó",
        "cuál es el problema",
        "de qué se trata",
        "en qué puedo",
        "puedo ayudar*",
    ],
    &["que s'est il passé", "quel est le problème", "de quoi s'agit", "vous aider", "puis je"],
    &["was ist passiert", "was ist das problem", "worum geht", "helfen", "was ist denn"],
];
