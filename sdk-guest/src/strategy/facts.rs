//! What the customer's words say: how many of what, when, under which name, at most at what price.

use super::Language;
use super::phrase::folded;
use crate::Brief;
use crate::extract::{Talk, Utterance, Value, words};

/// The facts of objective and context that a callee asks about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BriefFacts {
    pub quantity: Option<f64>,
    /// What is wanted: `steel beams`.
    pub item: Option<String>,
    /// Party size of a reservation.
    pub people: Option<f64>,
    /// The day and the time, in the customer's words.
    pub day: Option<String>,
    pub time: Option<String>,
    /// The name to book under.
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Sentences of the context and the objective that may be said aloud.
    pub sentences: Vec<String>,
}

const COUNTERS: &[&str] = &["unit", "units", "piece", "pieces", "item", "items", "pcs"];
const PEOPLE: &[&str] = &[
    "people",
    "persons",
    "guests",
    "adults",
    "person",
    "personas",
    "comensales",
    "personnes",
    "couverts",
    "personen",
    "gäste",
];

impl BriefFacts {
    pub fn of(brief: &Brief) -> Self {
        let context = brief.context.as_deref().unwrap_or("");
        let talk =
            Talk::read(&[Utterance::ours(brief.objective.as_str()), Utterance::ours(context)]);
        let mut facts = Self { name: labelled_name(&brief.objective, context), ..Self::default() };
        for (index, fact) in talk.facts() {
            let heard = &talk.heard()[index];
            let words = || Some(heard.text[fact.span.clone()].to_owned());
            match &fact.value {
                Value::Quantity { amount, of } => facts.quantity(*amount, of),
                Value::Date(_) if facts.day.is_none() && !is_birth(&heard.text) => {
                    facts.day = words();
                }
                Value::Clock { .. } if facts.time.is_none() => facts.time = words(),
                Value::Email(address) if facts.email.is_none() => {
                    facts.email = Some(address.clone())
                }
                Value::Phone(number) if facts.phone.is_none() => facts.phone = Some(number.clone()),
                _ => {}
            }
        }
        facts.people = facts.people.or_else(|| party(&brief.objective));
        if facts.item.is_none() {
            facts.item = item_of(&brief.objective);
        }
        let language = Language::of(&brief.language);
        if language != Language::English {
            facts.as_written_abroad(&brief.objective, context);
        }
        facts.sentences = sayable(&brief.objective, context, language);
        facts
    }

    /// Objectives in Spanish, French and German: their nouns as they are written.
    fn as_written_abroad(&mut self, objective: &str, context: &str) {
        if let Some(item) = &self.item {
            self.item = Some(as_written(item, objective));
        } else {
            self.item = item_abroad(objective);
        }
        if self.name.is_none() {
            self.name = name_abroad(objective, context);
        }
        if self.people.is_none() {
            self.people = party_abroad(objective);
        }
        let names_nothing =
            |item: &str| is_counter(item) || item.chars().all(|c| c.is_ascii_digit() || c == ' ');
        if self.item.as_deref().is_some_and(names_nothing) {
            self.item = None;
        }
    }

    fn quantity(&mut self, amount: f64, of: &str) {
        let first = of.split(' ').next().unwrap_or("");
        if PEOPLE.contains(&first) {
            self.people.get_or_insert(amount);
            return;
        }
        if self.quantity.is_some() {
            return;
        }
        self.quantity = Some(amount);
        if !COUNTERS.contains(&of) {
            self.item = Some(of.to_owned());
        }
    }

    /// "500 steel beams", "steel beams", "your products".
    pub fn subject(&self) -> String {
        self.subject_in(Language::English)
    }

    /// As [`BriefFacts::subject`]; what the customer named is not translated.
    pub fn subject_in(&self, language: Language) -> String {
        match (self.quantity, &self.item) {
            (Some(amount), Some(item)) => format!("{amount} {item}"),
            (Some(amount), None) => {
                let units = language.pick(["units", "unidades", "unités", "Stück"]);
                format!("{amount} {units}")
            }
            (None, Some(item)) => item.clone(),
            (None, None) => language
                .pick(["your products", "sus productos", "vos produits", "Ihre Produkte"])
                .into(),
        }
    }
}

fn is_counter(word: &str) -> bool {
    const COUNTERS_ABROAD: &[&str] =
        &["unidades", "piezas", "unites", "pieces", "stuck", "einheiten", "exemplare"];
    COUNTERS_ABROAD.contains(&folded(word).trim())
}

/// Capitals are lost in reading; German nouns keep theirs.
fn as_written(item: &str, text: &str) -> String {
    let lower = text.to_lowercase();
    let found = lower.find(item).and_then(|at| text.get(at..at + item.len()));
    found.filter(|found| found.to_lowercase() == item).unwrap_or(item).to_owned()
}

/// "Precio de tubos de cobre", "un devis pour 40 palettes", "Preise für Kupferdraht erfragen".
fn item_abroad(objective: &str) -> Option<String> {
    const PRICES: &[&str] = &[
        "precio",
        "precios",
        "cotizacion",
        "presupuesto",
        "tarifa",
        "tarifas",
        "prix",
        "tarif",
        "tarifs",
        "devis",
        "cout",
        "preis",
        "preise",
        "preisen",
        "preisangebot",
        "angebot",
        "kosten",
    ];
    const LINKS: &[&str] = &["de", "para", "por", "pour", "des", "du", "d", "fur", "von", "uber"];
    const OVER: &[&str] = &[
        "y", "et", "und", "con", "avec", "mit", "erfragen", "einholen", "anfragen", "para", "pour",
        "si", "ob", "antes", "avant", "bis",
    ];
    const ARTICLES: &[&str] = &[
        "el", "la", "los", "las", "un", "una", "le", "les", "une", "der", "die", "das", "den",
        "einen", "eine", "ein",
    ];
    let mut named = false;
    let mut linked = false;
    let mut item: Vec<&str> = Vec::new();
    for word in objective.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let key = folded(bare);
        let key = key.trim();
        if !linked {
            linked = named && LINKS.contains(&key);
            named |= PRICES.contains(&key);
            continue;
        }
        if item.is_empty() && ARTICLES.contains(&key) {
            continue;
        }
        if OVER.contains(&key) || item.len() == ITEM_WORDS_MAX {
            break;
        }
        if !bare.is_empty() {
            item.push(bare);
        }
        if bare.len() < word.len() {
            break;
        }
    }
    (!item.is_empty()).then(|| item.join(" "))
}

/// "A nombre de Ana Ruiz", "au nom de Claire Petit", "auf den Namen Jonas Weber".
fn name_abroad(objective: &str, context: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "nombre: ",
        "a nombre de ",
        "nom : ",
        "nom: ",
        "au nom de ",
        "name: ",
        "auf den namen ",
        "unter dem namen ",
    ];
    for text in [objective, context] {
        let lower = text.to_ascii_lowercase();
        for lead in LEADS {
            let Some(start) = lower.find(lead) else { continue };
            let mut name = Vec::new();
            for word in text[start + lead.len()..].split_whitespace().take(3) {
                let bare = word.trim_end_matches(['.', ',', ';', '!']);
                if !bare.chars().next().is_some_and(char::is_uppercase) {
                    break;
                }
                name.push(bare);
                if bare.len() < word.len() {
                    break;
                }
            }
            if !name.is_empty() {
                return Some(name.join(" "));
            }
        }
    }
    None
}

/// "Mesa para 6", "table pour 6", "Tisch für 6".
fn party_abroad(objective: &str) -> Option<f64> {
    let spoken = folded(objective);
    for lead in ["mesa para ", "table pour ", "tisch fur "] {
        let Some(at) = spoken.find(lead) else { continue };
        let count = spoken[at + lead.len()..].split(' ').next().unwrap_or("");
        if let Ok(count) = count.parse::<u16>() {
            return Some(f64::from(count));
        }
    }
    None
}

/// A date of birth is not the day of an appointment.
fn is_birth(text: &str) -> bool {
    words(text).iter().any(|word| matches!(word.as_str(), "born" | "birth" | "birthday"))
}

/// "Table for 6".
fn party(objective: &str) -> Option<f64> {
    let words = words(objective);
    let place = words.windows(3).find(|three| {
        three[1] == "for"
            && matches!(three[0].as_str(), "table" | "reservation" | "booking" | "room")
    })?;
    let talk = Talk::read(&[Utterance::ours(place[2].as_str())]);
    talk.facts().find_map(|(_, fact)| fact.value.number())
}

/// "Name: Alex Chen", "under the name of Alex Chen".
fn labelled_name(objective: &str, context: &str) -> Option<String> {
    for text in [objective, context] {
        let lower = text.to_ascii_lowercase();
        for lead in
            ["name: ", "name is ", "under the name of ", "under the name ", "for mr. ", "for ms. "]
        {
            let Some(start) = lower.find(lead) else { continue };
            let mut name = Vec::new();
            for word in text[start + lead.len()..].split_whitespace().take(3) {
                let bare = word.trim_end_matches(['.', ',', ';', '!']);
                if !bare.chars().next().is_some_and(char::is_uppercase) {
                    break;
                }
                name.push(bare);
                if bare.len() < word.len() {
                    break;
                }
            }
            if !name.is_empty() {
                return Some(name.join(" "));
            }
        }
    }
    None
}

/// "Get steel beam pricing" is about steel beams; "a quote for copper wire" about copper wire.
fn item_of(objective: &str) -> Option<String> {
    const PRICE_NOUNS: &[&str] = &[
        "pricing",
        "price",
        "prices",
        "quote",
        "quotes",
        "rates",
        "rate",
        "quotation",
        "cost",
        "costs",
        "much",
    ];
    const SKIP: &[&str] = &[
        "get",
        "ask",
        "about",
        "for",
        "a",
        "an",
        "the",
        "find",
        "out",
        "bulk",
        "request",
        "obtain",
        "me",
        "us",
        "their",
        "your",
        "volume",
        "wholesale",
        "best",
        "inquire",
        "check",
        "what",
        "on",
        "of",
        "unit",
        "is",
        "how",
        "call",
        "them",
        "and",
        "please",
        "to",
        "does",
        "are",
    ];
    let words = words(objective);
    let noun = words.iter().position(|word| PRICE_NOUNS.contains(&word.as_str()))?;
    let keep = |word: &&String| {
        !SKIP.contains(&word.as_str())
            && !PRICE_NOUNS.contains(&word.as_str())
            && word.chars().all(char::is_alphabetic)
            && !COUNTERS.contains(&word.as_str())
    };
    let before: Vec<&str> = words[..noun].iter().filter(keep).map(String::as_str).collect();
    if !before.is_empty() {
        return Some(before.join(" "));
    }
    let link = words[noun..]
        .iter()
        .position(|word| matches!(word.as_str(), "for" | "on" | "of" | "is" | "are" | "does"))?;
    let mut after = Vec::new();
    for word in words[noun + link + 1..].iter().map(String::as_str) {
        let leads = after.is_empty() && SKIP.contains(&word);
        if leads {
            continue;
        }
        if STOP.contains(&word) || COUNTERS.contains(&word) || after.len() == ITEM_WORDS_MAX {
            break;
        }
        after.push(word);
    }
    (!after.is_empty()).then(|| after.join(" "))
}

/// Words that the name of a thing may have.
const ITEM_WORDS_MAX: usize = 6;
/// Where the name of a thing is over.
const STOP: &[&str] = &[
    "and",
    "or",
    "but",
    "cost",
    "costs",
    "before",
    "by",
    "with",
    "including",
    "to",
    "if",
    "when",
    "whether",
    "what",
    "from",
    "at",
];

/// What may be quoted to the other side: not our budget, and not what only the agent should know.
fn sayable(objective: &str, context: &str, language: Language) -> Vec<String> {
    const PRIVATE_ABROAD: &[&str] = &[
        "presupuesto",
        "maximo",
        "limite",
        "objetivo",
        "competidor",
        "competencia",
        "secreto",
        "nunca",
        "plafond",
        "maximum",
        "concurrent",
        "concurrents",
        "jamais",
        "pas",
        "hochstens",
        "maximal",
        "obergrenze",
        "grenze",
        "wettbewerber",
        "konkurrenz",
        "vertraulich",
        "geheim",
        "nicht",
        "nie",
        "niemals",
        "zielpreis",
    ];
    const PRIVATE: &[&str] = &[
        "budget",
        "ceiling",
        "walk",
        "maximum",
        "max",
        "target",
        "competitor",
        "competing",
        "confidential",
        "secret",
        "disclose",
        "internal",
        "limit",
        "never",
        "don't",
        "not",
    ];
    let mut kept = Vec::new();
    for sentence in context
        .split_inclusive(['.', '!', '\n', ';'])
        .chain(objective.split_inclusive(['.', '\n', ';']))
    {
        let private = words(sentence).iter().any(|word| PRIVATE.contains(&word.as_str()))
            || language != Language::English
                && folded(sentence).split_whitespace().any(|word| PRIVATE_ABROAD.contains(&word));
        let sentence = sentence.trim();
        if !private && !sentence.is_empty() {
            kept.push(sentence.to_owned());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(objective: &str) -> BriefFacts {
        BriefFacts::of(&Brief { objective: objective.into(), ..Brief::default() })
    }

    #[test]
    fn subjects() {
        let check = |objective: &str, expected: &str| {
            assert_eq!(facts(objective).subject(), expected, "{objective}");
        };
        check("Get bulk pricing for 500 steel beams", "500 steel beams");
        check("Get steel beam pricing quote for 500 units", "500 steel beam");
        check("Get steel beam pricing", "steel beam");
        check("Ask for a quote for copper wire", "copper wire");
        check(
            "Ask about the price of office cleaning twice a week",
            "office cleaning twice a week",
        );
        check("Get a price for the large tent and ask about delivery", "large tent");
        check("Call them and get a quote for copper wire", "copper wire");
        check("Ask what the cordless drill costs", "cordless drill");
        check("How much is a haircut?", "haircut");
        check("How much does the blue sofa cost?", "blue sofa");
        check("Get pricing", "your products");
    }

    #[test]
    fn objectives_in_other_languages() {
        let check = |language: &str, objective: &str, expected: &str| {
            let brief = Brief {
                objective: objective.into(),
                language: language.into(),
                ..Brief::default()
            };
            let subject = BriefFacts::of(&brief).subject_in(Language::of(language));
            assert_eq!(subject, expected, "{objective}");
        };
        check("de", "Preise für Kupferdraht erfragen", "Kupferdraht");
        check("es", "Pedir el precio de tubos de cobre", "tubos de cobre");
        check("fr", "Demander un devis pour la grande tente", "grande tente");
        check("de", "Frage nach den Preisen", "Ihre Produkte");
        check("fr", "Get pricing for 500 units", "500 unités");
    }

    #[test]
    fn reservations() {
        let facts = facts(
            "Book a table for 6 at 8pm this Friday. If 8pm unavailable, anything between 7:30-9pm works. Name: Alex Chen.",
        );
        assert_eq!(facts.people, Some(6.0));
        assert_eq!(facts.name.as_deref(), Some("Alex Chen"));
        assert_eq!(facts.time.as_deref(), Some("8pm"));
        assert_eq!(facts.day.as_deref(), Some("Friday"));
    }
}
