//! What a turn of the other side does to the bargaining.

use agenticcalling_playbook::extract::{self, Talk, Utterance, Value};
use agenticcalling_playbook::strategy::{Language, Spoken};

use crate::plan::EQUAL;
use crate::terms::{PRICE_MAX, Terms};

/// One turn of theirs, as far as the bargaining goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Hearing {
    /// The price they stand by, counted as we count.
    pub(crate) price: Option<f64>,
    /// A price that holds only under a condition.
    pub(crate) conditional: Option<f64>,
    /// They say yes and nothing that takes it back.
    pub(crate) accepts: bool,
    pub(crate) refuses: bool,
    /// "That is my final offer."
    pub(crate) firm: bool,
    /// They want to hear a price from us.
    pub(crate) asks_offer: bool,
    /// They want to know how far we would go.
    pub(crate) asks_limit: bool,
    /// They have to ask somebody, or want to think about it.
    pub(crate) undecided: bool,
}

/// Of a longer talk only the first utterance and the last ones are read again.
const RECENT_UTTERANCES: usize = 30;

/// Reads the last turn of `talk`. `ours` are the offers we have made; a price like one of them is an
/// echo unless it comes with a yes or as something they would do. `reference` is the price talked
/// about so far.
pub(crate) fn hear(
    talk: &Talk,
    terms: &Terms,
    language: Language,
    ours: &[f64],
    reference: Option<f64>,
) -> Hearing {
    let Some(last) = talk.last() else { return Hearing::default() };
    let spoken = Spoken::of(&last.text);
    let asks = last.text.trim_end().ends_with('?');
    let firm = spoken.has(language.pick(FIRM));
    let no = extract::yes_or_no(&last.text) == Some(false) || spoken.has(language.pick(REFUSES));
    let yes = extract::yes_or_no(&last.text) == Some(true) || spoken.has(language.pick(ACCEPTS));
    let turns = spoken.has(language.pick(TURNS));
    let undecided = spoken.has(language.pick(UNDECIDED));
    let mut hearing = Hearing {
        firm,
        refuses: no || spoken.has(language.pick(TOO_FAR)),
        asks_offer: spoken.has(language.pick(ASKS_OFFER)),
        asks_limit: spoken.has(language.pick(ASKS_LIMIT)),
        undecided,
        ..Hearing::default()
    };
    let named = match recent(talk) {
        Some(recent) => named(&recent, terms, language, reference),
        None => named(talk, terms, language, reference),
    };
    hearing.conditional = named.conditional;
    let is_ours = |price: f64| ours.iter().any(|offer| (offer - price).abs() <= EQUAL);
    let echo = named.price.is_some_and(is_ours);
    let settled = !hearing.refuses && !turns && !asks && !undecided && named.conditional.is_none();
    hearing.accepts = yes && settled;
    let meets = settled && (yes || firm || spoken.has(language.pick(GIVES)));
    hearing.price = named.price.filter(|price| !is_ours(*price) || meets);
    if !echo && hearing.price.is_some() {
        hearing.accepts = false;
    }
    hearing
}

/// The beginning, which names what we ask for, and the end of a long talk.
fn recent(talk: &Talk) -> Option<Talk> {
    let heard = talk.heard();
    let from = heard.len().checked_sub(RECENT_UTTERANCES).filter(|from| *from > 1)?;
    let kept = heard[..1].iter().chain(&heard[from..]);
    let utterances: Vec<Utterance> =
        kept.map(|one| Utterance { callee: one.callee, text: one.text.clone() }).collect();
    Some(Talk::read(&utterances))
}

struct Named {
    price: Option<f64>,
    conditional: Option<f64>,
}

/// The last price of the turn that is no list price and no other charge.
fn named(talk: &Talk, terms: &Terms, language: Language, reference: Option<f64>) -> Named {
    let mut named = Named { price: None, conditional: None };
    let Some(last) = talk.last() else { return named };
    let index = talk.heard().len() - 1;
    let fits = |price: f64| price > 0.0 && price < PRICE_MAX;
    let count = |price: f64| terms.comparable(price, reference.unwrap_or(price));
    let mut former = None;
    for quoted in extract::prices(talk).into_iter().filter(|quoted| quoted.utterance == index) {
        let price = count(quoted.amount);
        if !fits(price) {
            continue;
        }
        if is_former(last, quoted.amount, language) {
            former = Some(price);
        } else {
            named.price = Some(price);
        }
    }
    named.price = named.price.or(former);
    for fact in last.facts.iter().filter(|fact| !fact.negated && !fact.corrected) {
        match fact.value {
            Value::Money { amount, .. } if fact.conditional && fits(amount) => {
                named.conditional = Some(count(amount));
            }
            Value::Money { amount, .. } if named.price.is_none() && fits(amount) => {
                named.price = Some(count(amount));
            }
            Value::Number(amount) if named.price.is_none() && fits(amount) => {
                named.price = reference.filter(|known| is_near(amount, *known)).map(|_| amount);
            }
            _ => {}
        }
    }
    named
}

/// A bare number near the prices talked about is one.
fn is_near(amount: f64, reference: f64) -> bool {
    const FACTOR: f64 = 2.5;
    amount < reference * FACTOR && amount * FACTOR > reference
}

/// "Normally 72", "instead of 72".
fn is_former(heard: &extract::Heard, amount: f64, language: Language) -> bool {
    let fact = heard.facts.iter().find(|fact| fact.value.number() == Some(amount));
    fact.is_some_and(|fact| {
        let text = &heard.text[..fact.span.start];
        let clause = text.rfind([',', '.', '!', '?', ';']).map_or(text, |at| &text[at..]);
        Spoken::of(clause).has(language.pick(FORMER))
    })
}

const ACCEPTS: [&[&str]; 4] = [
    &[
        "deal",
        "agreed",
        "done",
        "sold",
        "that works",
        "works for us",
        "works for me",
        "we can do that",
        "i can do that",
        "can live with",
        "you got it",
        "you've got a deal",
        "let's do it",
        "let's do that",
        "we have a deal",
        "i'll take it",
        "we'll take it",
        "i accept",
        "we accept",
        "all right",
        "alright",
        "you win",
        "fair enough",
        "we can match",
        "i can match",
        "can match that",
    ],
    &[
        "trato hecho",
        "hecho",
        "de acuerdo",
        "vale",
        "acepto",
        "aceptamos",
        "perfecto",
        "está bien",
        "sí",
        "me parece bien",
        "nos parece bien",
        "podemos hacerlo",
        "lo igualamos",
        "conforme",
    ],
    &[
        "d'accord",
        "marché conclu",
        "entendu",
        "ça marche",
        "j'accepte",
        "nous acceptons",
        "c'est bon",
        "oui",
        "ça me va",
        "ça nous va",
        "on peut faire ça",
        "parfait",
        "vendu",
        "conclu",
    ],
    &[
        "einverstanden",
        "abgemacht",
        "in ordnung",
        "geht klar",
        "machen wir",
        "passt",
        "das passt",
        "ja",
        "gut",
        "akzeptiert",
        "wir nehmen an",
        "können wir machen",
        "kann ich machen",
        "gekauft",
        "verkauft",
        "gerne",
    ],
];
/// Words by which they name a price as theirs, even if it is the one we named.
const GIVES: [&[&str]; 4] = [
    &[
        "i can do",
        "i could do",
        "we can do",
        "we could do",
        "i can go",
        "i could go",
        "we can go",
        "we could go",
        "i can give",
        "i can offer",
        "we can offer",
        "i could offer",
        "we could offer",
        "i'll do",
        "we'll do",
        "i'd do",
        "do it for",
        "do it at",
        "meet you at",
        "make it",
        "call it",
        "let's say",
    ],
    &[
        "puedo hacer",
        "podría hacer",
        "podemos hacer",
        "podríamos hacer",
        "puedo ofrecer*",
        "podemos ofrecer*",
        "puedo dejar*",
        "podemos dejar*",
        "se lo dejo",
        "digamos",
        "quedemos en",
    ],
    &[
        "je peux faire",
        "je pourrais faire",
        "nous pouvons faire",
        "nous pourrions faire",
        "on peut faire",
        "je peux vous faire",
        "je peux vous proposer",
        "nous pouvons vous proposer",
        "je vous le fais",
        "je vous fais",
        "disons",
    ],
    &[
        "ich kann",
        "ich könnte",
        "wir können",
        "wir könnten",
        "kann ich",
        "könnte ich",
        "können wir",
        "könnten wir",
        "ich mache",
        "wir machen",
        "ich gebe ihnen",
        "sagen wir",
    ],
];
const REFUSES: [&[&str]; 4] = [
    &[
        "no way",
        "impossible",
        "can't do that",
        "cannot do that",
        "can't do it",
        "not possible",
        "won't work",
        "doesn't work",
        "can't accept",
        "cannot accept",
        "can't agree",
        "not a chance",
        "can't go",
        "cannot go",
        "wouldn't work",
        "we'd lose money",
        "can't help you",
        "not going to happen",
        "out of the question",
        "can't match",
        "cannot match",
    ],
    &[
        "no puedo",
        "no podemos",
        "imposible",
        "de ninguna manera",
        "ni hablar",
        "no es posible",
        "no puede ser",
        "no acepto",
        "no aceptamos",
        "no",
    ],
    &[
        "impossible",
        "je ne peux pas",
        "nous ne pouvons pas",
        "on ne peut pas",
        "pas possible",
        "non",
        "hors de question",
        "je refuse",
        "ça ne va pas",
    ],
    &[
        "geht nicht",
        "unmöglich",
        "kann ich nicht",
        "können wir nicht",
        "nicht möglich",
        "nein",
        "auf keinen fall",
        "nicht machbar",
        "das ist nicht drin",
        "lehne ich ab",
        "leider nicht",
    ],
];
const TOO_FAR: [&[&str]; 4] = [
    &[
        "too low",
        "too high",
        "way off",
        "too little",
        "too much",
        "not enough",
        "joking",
        "kidding",
    ],
    &["demasiado bajo", "demasiado alto", "muy bajo", "muy alto", "demasiado poco", "demasiado"],
    &["trop bas", "trop haut", "trop élevé", "trop peu", "trop cher", "pas assez"],
    &["zu niedrig", "zu hoch", "zu wenig", "zu viel", "zu teuer", "reicht nicht"],
];
/// Words that take a yes back.
const TURNS: [&[&str]; 4] = [
    &["but", "however", "unless", "except", "if", "provided", "only if", "not"],
    &["pero", "sin embargo", "salvo", "si", "siempre que"],
    &["mais", "cependant", "sauf", "si", "à condition"],
    &["aber", "jedoch", "außer", "wenn", "falls", "sofern", "nicht"],
];
const FIRM: [&[&str]; 4] = [
    &[
        "final offer",
        "final price",
        "best i can do",
        "best we can do",
        "best price",
        "lowest i can",
        "lowest we can",
        "lowest price",
        "can't go lower",
        "can't go any lower",
        "cannot go lower",
        "can't go below",
        "can't go higher",
        "can't go any higher",
        "is firm",
        "not negotiable",
        "non negotiable",
        "take it or leave it",
        "bottom line",
        "rock bottom",
        "last offer",
        "last word",
        "my limit",
        "as low as i can",
        "as low as we can",
        "as high as i can",
        "fixed price",
        "prices are fixed",
    ],
    &[
        "última oferta",
        "último precio",
        "mejor precio",
        "lo mejor que puedo",
        "no puedo bajar más",
        "no podemos bajar más",
        "no puedo subir más",
        "precio fijo",
        "no es negociable",
        "precio final",
        "oferta final",
        "lo toma o lo deja",
        "el mínimo",
        "mi límite",
    ],
    &[
        "dernière offre",
        "dernier prix",
        "meilleur prix",
        "le mieux que je peux",
        "le mieux que je puisse",
        "pas descendre plus",
        "pas plus bas",
        "prix fixe",
        "pas négociable",
        "prix ferme",
        "offre finale",
        "à prendre ou à laisser",
        "ma limite",
        "non négociable",
    ],
    &[
        "letztes angebot",
        "letzter preis",
        "bester preis",
        "mehr geht nicht",
        "tiefer geht nicht",
        "nicht tiefer",
        "nicht weiter runter",
        "festpreis",
        "nicht verhandelbar",
        "mein limit",
        "das äußerste",
        "unter dem geht nichts",
        "mein letztes wort",
        "endgültiges angebot",
        "fix",
    ],
];
const ASKS_OFFER: [&[&str]; 4] = [
    &[
        "your offer",
        "make me an offer",
        "make an offer",
        "name your price",
        "what did you have in mind",
        "have in mind",
        "what are you offering",
        "looking to pay",
        "willing to pay",
        "want to pay",
        "what would you pay",
        "what can you pay",
        "what price are you",
        "what price were you",
        "what were you thinking",
        "what are you thinking",
        "target price",
        "how much are you offering",
        "what number",
        "price point",
        "how much do you want",
        "what do you want for",
        "your price",
        "how much are you asking",
        "what are you asking",
    ],
    &[
        "su oferta",
        "qué ofrece",
        "cuánto ofrece",
        "cuánto quiere pagar",
        "qué precio",
        "cuánto pagaría",
        "cuánto pide",
        "qué tiene en mente",
        "hágame una oferta",
        "cuánto quieren pagar",
    ],
    &[
        "votre offre",
        "combien proposez",
        "que proposez",
        "quel prix",
        "combien voulez",
        "faites une offre",
        "vous pensez à combien",
        "combien seriez",
        "combien demandez",
        "combien vous",
    ],
    &[
        "ihr angebot",
        "was bieten",
        "wie viel bieten",
        "welchen preis",
        "welcher preis",
        "was stellen sie sich vor",
        "ihre vorstellung",
        "preisvorstellung",
        "was wollen sie zahlen",
        "wie viel wollen",
        "was verlangen",
        "wie viel möchten",
        "machen sie ein angebot",
    ],
];
const ASKS_LIMIT: [&[&str]; 4] = [
    &[
        "your budget",
        "your maximum",
        "your max",
        "your limit",
        "your ceiling",
        "most you can",
        "most you'd",
        "most you would",
        "highest you",
        "how high can you",
        "how far can you",
        "lowest you",
        "your minimum",
        "your walk away",
        "how low can you",
        "least you",
        "your bottom line",
        "how high would",
        "absolute maximum",
    ],
    &[
        "su presupuesto",
        "su máximo",
        "su límite",
        "hasta dónde",
        "lo máximo",
        "su mínimo",
        "lo mínimo",
        "cuánto es lo máximo",
    ],
    &[
        "votre budget",
        "votre maximum",
        "votre limite",
        "jusqu'où",
        "votre minimum",
        "votre plafond",
        "au maximum combien",
        "combien au maximum",
    ],
    &[
        "ihr budget",
        "ihr maximum",
        "ihr limit",
        "ihre obergrenze",
        "ihre grenze",
        "wie weit",
        "ihr minimum",
        "höchstens zahlen",
        "schmerzgrenze",
        "maximal zahlen",
    ],
];
const UNDECIDED: [&[&str]; 4] = [
    &[
        "ask my manager",
        "ask my boss",
        "check with my",
        "talk to my manager",
        "talk to my boss",
        "speak to my",
        "get back to you",
        "think about it",
        "think it over",
        "run it by",
        "let you know",
        "can't decide",
        "need approval",
        "need to check with",
        "have to check with",
        "not my decision",
        "sleep on it",
        "discuss it internally",
    ],
    &[
        "consultarlo",
        "tengo que consultar",
        "preguntar a mi jefe",
        "hablar con mi jefe",
        "lo pensaré",
        "pensarlo",
        "le aviso",
        "le diré algo",
        "no puedo decidir",
        "no lo decido yo",
    ],
    &[
        "en parler à",
        "demander à mon",
        "réfléchir",
        "vous recontacter",
        "revenir vers vous",
        "voir avec mon",
        "je ne peux pas décider",
        "pas moi qui décide",
        "vous tiens au courant",
    ],
    &[
        "meinen chef fragen",
        "mit meinem chef",
        "rücksprache",
        "abklären",
        "überlegen",
        "melde mich",
        "melden uns",
        "nicht entscheiden",
        "intern besprechen",
        "gebe ihnen bescheid",
    ],
];
/// A price behind these words was another time's or another customer's.
const FORMER: [&[&str]; 4] = [
    &[
        "normally",
        "usually",
        "list price",
        "regular",
        "regularly",
        "instead of",
        "rather than",
        "was",
        "originally",
        "retail",
        "instead",
        "down from",
        "used to be",
    ],
    &["normalmente", "en lugar de", "en vez de", "precio de lista", "costaba", "antes"],
    &["normalement", "d'habitude", "au lieu de", "prix catalogue", "avant", "coûtait"],
    &[
        "normalerweise",
        "sonst",
        "statt",
        "anstatt",
        "listenpreis",
        "üblicherweise",
        "früher",
        "eigentlich",
    ],
];
