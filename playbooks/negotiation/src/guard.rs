//! What the playbook itself keeps from being said: a price beyond the walk-away price, the customer's
//! limits, and a competing quote that nobody gave. The customer's own rules are checked before this.

use agenticcalling_playbook::Clause;
use agenticcalling_playbook::extract::{Talk, Utterance, Value};
use agenticcalling_playbook::rules::Rules;
use agenticcalling_playbook::strategy::{Language, Spoken};

use crate::plan::{EQUAL, Side};
use crate::terms::Terms;

pub(crate) struct Guard {
    /// The walk-away price, as a rule.
    limit: Rules,
    walk_away: Option<f64>,
    side: Side,
    secrets: Vec<f64>,
    competing: Option<f64>,
    language: Language,
}

impl Guard {
    pub(crate) fn new(terms: &Terms, language: Language) -> Self {
        let limit = terms.walk_away.map(|price| as_rule(terms, price));
        Self {
            limit: Rules::compile(limit.as_slice()),
            walk_away: terms.walk_away,
            side: terms.side,
            secrets: terms.secrets.clone(),
            competing: terms.competing,
            language,
        }
    }

    pub(crate) fn heard(&mut self, text: &str) {
        self.limit.heard(text);
    }

    pub(crate) fn spoke(&mut self, text: &str) {
        self.limit.spoke(text);
    }

    /// Why the clause may not be said. `theirs` are the prices they named, the last one on the table.
    pub(crate) fn objection(&self, clause: &Clause, theirs: &[f64]) -> Option<&'static str> {
        let spoken = Spoken::of(&clause.text);
        if self.limit.violation(&clause.said, &clause.text).is_some()
            || self.goes_beyond(&spoken, &clause.text, theirs)
        {
            return Some(BEYOND);
        }
        if self.invents_quote(&spoken, &clause.text) {
            return Some("nobody gave such a competing quote; never invent one");
        }
        if clause.text.replace(['!', '?'], ".").split(". ").any(|sentence| self.reveals(sentence)) {
            return Some("the customer's budget and limits are not to be revealed");
        }
        None
    }

    /// A sentence that speaks of a limit and names an amount of the brief.
    fn reveals(&self, sentence: &str) -> bool {
        let secret = |amount: &f64| self.secrets.iter().any(|one| (one - amount).abs() <= EQUAL);
        Spoken::of(sentence).has(self.language.pick(LIMITS)) && amounts(sentence).iter().any(secret)
    }

    /// The rule kit reads English; in the other languages a yes to a price beyond the walk-away price is
    /// known by its words, and so is an offer of our own beyond it.
    fn goes_beyond(&self, spoken: &Spoken, text: &str, theirs: &[f64]) -> bool {
        let Some(walk_away) = self.walk_away.filter(|_| self.language != Language::English) else {
            return false;
        };
        if text.contains('?') || spoken.has(self.language.pick(DENIES)) {
            return false;
        }
        let beyond = |price: &f64| !self.side.is_within(*price, walk_away);
        let named = amounts(text);
        let own = named.iter().any(|price| beyond(price) && is_price(*price, walk_away));
        let agrees = spoken.has(self.language.pick(AGREES));
        let tabled = named.is_empty() && theirs.last().is_some_and(beyond);
        own || agrees && tabled
    }

    /// "We have another quote at 40": one that the brief does not give.
    fn invents_quote(&self, spoken: &Spoken, text: &str) -> bool {
        let claims =
            spoken.has(self.language.pick(QUOTES)) && spoken.has(self.language.pick(HAVING));
        let Some(quote) = self.competing else { return claims };
        claims && amounts(text).iter().any(|amount| (amount - quote).abs() > EQUAL)
    }
}

/// Near enough to the walk-away price to be one and not a quantity.
fn is_price(amount: f64, walk_away: f64) -> bool {
    const FACTOR: f64 = 2.0;
    amount < walk_away * FACTOR && amount * FACTOR > walk_away
}

fn as_rule(terms: &Terms, price: f64) -> String {
    let unit = if terms.per_unit { " per unit" } else { "" };
    let currency = terms.currency.unwrap_or("");
    match terms.side {
        Side::Buyer => format!("Never agree to a price above {price} {currency}{unit}"),
        Side::Seller => format!("Never accept a price below {price} {currency}{unit}"),
    }
}

fn amounts(text: &str) -> Vec<f64> {
    let talk = Talk::read(&[Utterance::ours(text)]);
    let mut found = Vec::new();
    for (_, fact) in talk.facts() {
        if let Value::Money { amount, .. } | Value::Number(amount) = fact.value {
            found.push(amount);
        }
    }
    found
}

const BEYOND: &str =
    "that price is beyond what the customer would agree to; do not name or accept it";

/// A turn of ours that says yes.
pub(crate) const AGREES: [&[&str]; 4] = [
    &[
        "agreed",
        "deal",
        "we accept",
        "i accept",
        "works for us",
        "we'll take",
        "we can do that",
        "that works",
    ],
    &["de acuerdo", "trato hecho", "aceptamos", "acepto", "nos parece bien"],
    &["d'accord", "nous acceptons", "j'accepte", "marché conclu", "ça nous convient"],
    &["einig", "einverstanden", "abgemacht", "wir nehmen an", "das passt"],
];
/// Words by which a price is turned down.
const DENIES: [&[&str]; 4] = [
    &["not", "too"],
    &["no", "demasiado", "más de lo que", "muy"],
    &["pas", "ne", "trop", "non"],
    &["nicht", "zu", "nein", "kein", "keine", "leider"],
];
const LIMITS: [&[&str]; 4] = [
    &[
        "budget",
        "maximum",
        "max",
        "limit",
        "ceiling",
        "walk away",
        "highest",
        "the most",
        "at most",
        "lowest",
        "minimum",
        "at least",
        "target",
        "up to",
        "go as high as",
        "go as low as",
        "authorized",
    ],
    &["presupuesto", "máximo", "límite", "tope", "mínimo", "hasta", "objetivo", "como mucho"],
    &["budget", "maximum", "limite", "plafond", "minimum", "jusqu'à", "objectif", "au plus"],
    &[
        "budget",
        "maximum",
        "limit",
        "obergrenze",
        "grenze",
        "höchstens",
        "mindestens",
        "ziel",
        "maximal",
    ],
];
const QUOTES: [&[&str]; 4] = [
    &[
        "competing",
        "competitor",
        "competitors",
        "another quote",
        "other quote",
        "other quotes",
        "another offer",
        "other offer",
        "other offers",
        "another supplier",
        "other supplier",
        "other suppliers",
        "another vendor",
        "elsewhere",
        "better offer",
        "better quote",
    ],
    &[
        "competencia",
        "competidor",
        "otro proveedor",
        "otra oferta",
        "otras ofertas",
        "mejor oferta",
    ],
    &[
        "concurrent",
        "concurrence",
        "autre fournisseur",
        "autre offre",
        "autres offres",
        "meilleure offre",
    ],
    &[
        "konkurrenz",
        "wettbewerber",
        "anderer anbieter",
        "anderen anbieter",
        "anderes angebot",
        "andere angebote",
        "besseres angebot",
        "konkurrenzangebot",
    ],
];
/// What makes a claim of it, and no question.
const HAVING: [&[&str]; 4] = [
    &[
        "we have",
        "i have",
        "we've",
        "i've",
        "we got",
        "i got",
        "offered us",
        "offers us",
        "quoted us",
        "gave us",
        "is offering",
        "offers",
        "offered",
        "quoted",
        "can get",
    ],
    &["tenemos", "tengo", "nos ofrece", "nos ofrecen", "ofrece", "nos ha dado"],
    &["nous avons", "j'ai", "nous propose", "nous proposent", "propose", "nous a"],
    &["wir haben", "ich habe", "bietet", "bieten uns", "liegt uns", "liegt vor", "hat uns"],
];
