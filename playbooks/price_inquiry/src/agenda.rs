//! What a price inquiry wants to know, in which order, and how far it has come.

use agenticcalling_playbook::extract::{self, Talk, Unit, words};
use agenticcalling_playbook::strategy::{Language, Obligation, folded, says, slots};

use crate::private::Question;

/// One question of the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Price,
    Minimum,
    LeadTime,
    Terms,
    Contact,
    Volume,
    /// A question of the customer's own, by its place in the list.
    Own(usize),
    /// An obligation of the customer's rules, by its place in the list.
    Rule(usize),
}

/// A question is put this often before it is given up.
const ASKED_MAX: u8 = 2;
const STANDARD: [Topic; 6] =
    [Topic::Price, Topic::Minimum, Topic::LeadTime, Topic::Terms, Topic::Contact, Topic::Volume];

struct Item {
    topic: Topic,
    asked: u8,
    /// The other side has spoken since it was asked last.
    replied: bool,
    given_up: bool,
}

/// The agenda of one call.
pub(crate) struct Agenda {
    items: Vec<Item>,
    /// Of somebody who is no business; `None` of one.
    own: Option<Vec<Question>>,
    obligations: Vec<Obligation>,
    language: Language,
}

impl Agenda {
    /// What a business wants to know.
    pub(crate) fn of_trade(obligations: Vec<Obligation>, language: Language) -> Self {
        Self::new(STANDARD.to_vec(), None, obligations, language)
    }

    /// The price, and what else the customer asks, in the customer's order.
    pub(crate) fn of_private(
        own: Vec<Question>,
        obligations: Vec<Obligation>,
        language: Language,
    ) -> Self {
        let mut topics: Vec<Topic> = Vec::new();
        for (index, question) in own.iter().enumerate() {
            topics.push(if question.about_price { Topic::Price } else { Topic::Own(index) });
        }
        topics.dedup();
        if !topics.contains(&Topic::Price) {
            topics.insert(0, Topic::Price);
        }
        Self::new(topics, Some(own), obligations, language)
    }

    fn new(
        topics: Vec<Topic>,
        own: Option<Vec<Question>>,
        obligations: Vec<Obligation>,
        language: Language,
    ) -> Self {
        let mut items: Vec<Item> = Vec::new();
        let covered = |obligation: &Obligation| {
            covered_by_standard(obligation).is_some_and(|topic| topics.contains(&topic))
        };
        let open = (0..).zip(&obligations).filter(|(_, obligation)| !covered(obligation));
        let extra: Vec<Topic> = open.map(|(index, _)| Topic::Rule(index)).collect();
        for topic in topics.into_iter().chain(extra) {
            if !items.iter().any(|item| item.topic == topic) {
                items.push(Item { topic, asked: 0, replied: false, given_up: false });
            }
        }
        Self { items, own, obligations, language }
    }

    /// We spoke: which questions did that put?
    pub(crate) fn spoke(&mut self, text: &str) {
        for question in
            text.split_inclusive(['.', '!', '?']).filter(|part| part.trim_end().ends_with('?'))
        {
            let spoken = format!(" {} ", words(question).join(" "));
            let abroad = self.language != Language::English;
            let plain = if abroad { folded(question) } else { String::new() };
            for item in &mut self.items {
                let put = match item.topic {
                    Topic::Rule(index) => self.obligations[index].is_asked_by(question),
                    Topic::Own(index) => self
                        .own
                        .as_ref()
                        .and_then(|own| own.get(index))
                        .is_some_and(|one| slots::asks(&one.wording, question)),
                    topic => {
                        cues(topic).iter().any(|cue| spoken.contains(cue))
                            || abroad && says(&plain, cues_abroad(topic))
                    }
                };
                if put {
                    item.asked = item.asked.saturating_add(1);
                    item.replied = false;
                }
            }
        }
    }

    /// The other side spoke; `refused` if it said it cannot or will not tell.
    pub(crate) fn heard(&mut self, refused: bool) {
        for item in self.items.iter_mut().filter(|item| item.asked > 0 && !item.replied) {
            item.replied = true;
            item.given_up |= refused || item.asked >= ASKED_MAX;
        }
    }

    /// The first question still open, and whether it has been put before.
    pub(crate) fn next(&self, talk: &Talk) -> Option<(Topic, bool)> {
        let open = self.items.iter().find(|item| !item.given_up && !is_answered(item, talk));
        open.map(|item| (item.topic, item.asked > 0))
    }

    /// An obligation of the rules that has not been put yet.
    pub(crate) fn open_obligation(&self) -> Option<&Obligation> {
        for item in self.items.iter().filter(|item| item.asked == 0) {
            if let Topic::Rule(index) = item.topic {
                return self.obligations.get(index);
            }
        }
        None
    }

    /// The customer's own questions; none of a business.
    pub(crate) fn own(&self) -> &[Question] {
        self.own.as_deref().unwrap_or_default()
    }

    pub(crate) fn was_asked(&self, topic: Topic) -> bool {
        self.items.iter().any(|item| item.topic == topic && item.asked > 0)
    }

    pub(crate) fn question(&self, topic: Topic, subject: &str, again: bool) -> String {
        let pick = |wordings: [&str; 4]| self.language.pick(wordings).replace("{}", subject);
        if let Some(own) = &self.own {
            let worded = match topic {
                Topic::Own(index) => own.get(index),
                Topic::Price if !again => own.iter().find(|one| one.about_price),
                _ => None,
            };
            if let Some(question) = worded {
                return question.wording.clone();
            }
        }
        match (topic, again) {
            (Topic::Price, _) if self.own.is_some() => pick([
                "What would the price be for {}?",
                "¿Cuál sería el precio? Se trata de {}.",
                "Quel serait le prix pour {} ?",
                "Was wäre der Preis für {}?",
            ]),
            (Topic::Price, false) => pick([
                "What would your price per unit be for {}?",
                "¿Cuál sería su precio por unidad? Se trata de {}.",
                "Quel serait votre prix à l'unité pour {} ?",
                "Was wäre Ihr Preis pro Stück für {}?",
            ]),
            (Topic::Price, true) => pick([
                "Could you give me a rough price per unit for {}?",
                "¿Podría darme un precio aproximado por unidad para {}?",
                "Pourriez-vous me donner un prix approximatif à l'unité pour {} ?",
                "Könnten Sie mir ungefähr einen Preis pro Stück für {} nennen?",
            ]),
            (Topic::Minimum, false) => pick([
                "What is your minimum order?",
                "¿Cuál es su pedido mínimo?",
                "Quelle est votre commande minimum ?",
                "Was ist Ihre Mindestbestellmenge?",
            ]),
            (Topic::Minimum, true) => pick([
                "Is there a minimum order, and how large is it?",
                "¿Hay un pedido mínimo, y de cuánto es?",
                "Y a-t-il une commande minimum, et de combien ?",
                "Gibt es eine Mindestmenge, und wie hoch ist sie?",
            ]),
            (Topic::LeadTime, false) => pick([
                "What is the lead time for delivery?",
                "¿Cuál es el plazo de entrega?",
                "Quel est le délai de livraison ?",
                "Wie lang ist die Lieferzeit?",
            ]),
            (Topic::LeadTime, true) => pick([
                "Roughly how many days or weeks is the lead time?",
                "¿De cuántos días o semanas es más o menos el plazo de entrega?",
                "Le délai de livraison est de combien de jours ou de semaines environ ?",
                "Wie viele Tage oder Wochen beträgt die Lieferzeit ungefähr?",
            ]),
            (Topic::Terms, false) => pick([
                "What payment terms do you offer?",
                "¿Qué condiciones de pago ofrecen?",
                "Quelles conditions de paiement proposez-vous ?",
                "Welche Zahlungsbedingungen bieten Sie an?",
            ]),
            (Topic::Terms, true) => pick([
                "When would payment be due, what are your terms?",
                "¿Cuándo habría que pagar, cuáles son sus condiciones de pago?",
                "Quand faudrait-il payer, quelles sont vos conditions de paiement ?",
                "Wann wäre die Zahlung fällig, wie sind Ihre Zahlungsbedingungen?",
            ]),
            (Topic::Contact, false) => pick([
                "May I ask who I am speaking with?",
                "¿Puedo preguntarle con quién hablo?",
                "Puis-je vous demander votre nom ?",
                "Darf ich fragen, mit wem ich spreche?",
            ]),
            (Topic::Contact, true) => pick([
                "Could I have your name for my notes?",
                "¿Me podría decir su nombre para mis notas?",
                "Pourriez-vous me donner votre nom pour mes notes ?",
                "Könnten Sie mir Ihren Namen für meine Notizen nennen?",
            ]),
            (Topic::Volume, _) => pick([
                "Would the price per unit come down if we ordered more?",
                "¿Bajaría el precio por unidad si pidiéramos más?",
                "Le prix à l'unité baisserait-il si nous commandions plus ?",
                "Würde der Preis pro Stück sinken, wenn wir mehr bestellen?",
            ]),
            (Topic::Own(_), _) => String::new(),
            (Topic::Rule(index), _) => {
                self.obligations.get(index).map_or_else(String::new, |one| one.question.clone())
            }
        }
    }

    /// Purpose and wording of each question, for the prompt.
    pub(crate) fn wordings(&self, subject: &str) -> Vec<(String, String)> {
        let mut list = Vec::new();
        for item in &self.items {
            let purpose = match item.topic {
                Topic::Price if self.own.is_some() => "the price",
                Topic::Price => "the price per unit and its currency",
                Topic::Minimum => "the minimum order",
                Topic::LeadTime => "the lead time",
                Topic::Terms => "the payment terms",
                Topic::Contact => "the name of the person you speak with",
                Topic::Volume => "whether the price moves with volume",
                Topic::Own(_) => "what the customer wants to know besides",
                Topic::Rule(_) => "what a rule wants asked in every call",
            };
            list.push((purpose.to_owned(), self.question(item.topic, subject, false)));
        }
        list
    }
}

fn is_answered(item: &Item, talk: &Talk) -> bool {
    match item.topic {
        Topic::Price => extract::price(talk).is_some(),
        Topic::Minimum => extract::minimum_order(talk).is_some(),
        Topic::LeadTime => extract::lead_time(talk, Unit::Day).is_some(),
        Topic::Terms => extract::payment_terms(talk).is_some(),
        Topic::Contact => extract::contact_name(talk).is_some(),
        Topic::Volume | Topic::Own(_) | Topic::Rule(_) => item.asked > 0 && item.replied,
    }
}

/// Phrases, set in spaces, by which a question of ours is recognised however the model words it.
fn cues(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Price => &[" price ", " cost ", " quote ", " charge "],
        Topic::Minimum => &[" minimum ", " moq ", " smallest order "],
        Topic::LeadTime => &[" lead time ", " how soon ", " deliver ", " delivery ", " how long "],
        Topic::Terms => &[" payment ", " terms "],
        Topic::Contact => &[" speaking with ", " your name ", " speaking to ", " who i am "],
        Topic::Volume => {
            &[" ordered more ", " larger order ", " order more ", " volume ", " larger quantity "]
        }
        Topic::Own(_) | Topic::Rule(_) => &[],
    }
}

/// The same in Spanish, French and German, folded. A question for a larger order names the price too, so
/// the price is known by more than its name.
fn cues_abroad(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Price => &[
            "precio",
            "cuesta",
            "cuestan",
            "costaria",
            "cotizacion",
            "prix",
            "coute",
            "coutent",
            "tarif",
            "devis",
            "preis",
            "preise",
            "kostet",
            "kosten",
            "angebot",
        ],
        Topic::Minimum => &[
            "pedido minimo",
            "minimo",
            "cantidad minima",
            "commande minimum",
            "minimum",
            "quantite minimale",
            "mindestbestellmenge",
            "mindestmenge",
            "mindestabnahme",
        ],
        Topic::LeadTime => &[
            "plazo",
            "entrega",
            "tardan",
            "tardaria",
            "delai",
            "livraison",
            "livrer",
            "lieferzeit",
            "liefern",
            "lieferung",
            "lieferfrist",
        ],
        Topic::Terms => &[
            "pago",
            "pagar",
            "paiement",
            "payer",
            "reglement",
            "zahlungsbedingungen",
            "zahlung",
            "zahlungsziel",
            "bezahlen",
        ],
        Topic::Contact => &[
            "con quien hablo",
            "su nombre",
            "votre nom",
            "a qui ai je",
            "a qui je parle",
            "mit wem",
            "ihren namen",
            "ihr name",
        ],
        Topic::Volume => &[
            "si pidieramos mas",
            "pedimos mas",
            "mas cantidad",
            "mayor cantidad",
            "volumen",
            "commandions plus",
            "plus grande quantite",
            "volume",
            "mehr bestellen",
            "groessere menge",
            "grossere menge",
            "grosseren menge",
            "mengenrabatt",
        ],
        Topic::Own(_) | Topic::Rule(_) => &[],
    }
}

/// "Always ask for payment terms" asks for what the agenda has anyway.
fn covered_by_standard(obligation: &Obligation) -> Option<Topic> {
    let only = |list: &[&str]| obligation.topic.iter().all(|word| list.contains(&word.as_str()));
    if only(&["payment", "terms"]) {
        Some(Topic::Terms)
    } else if only(&["minimum", "order", "quantity", "moq"]) {
        Some(Topic::Minimum)
    } else if only(&["lead", "time", "times", "delivery"]) {
        Some(Topic::LeadTime)
    } else if only(&["bulk", "volume", "discount", "discounts", "pricing"]) {
        Some(Topic::Volume)
    } else {
        None
    }
}
