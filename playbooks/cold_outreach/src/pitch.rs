//! What the brief gives to pitch with: the topic, one or two sentences, what to qualify by.
//!
//! Nothing is added that the customer did not write.

use agenticcalling_playbook::Brief;
use agenticcalling_playbook::extract::{Talk, Utterance, Value};
use agenticcalling_playbook::strategy::{BriefFacts, Settings, Spoken, sentence};

/// Most sentences and characters that are pitched in one breath.
const SENTENCES_MAX: usize = 2;
const CHARS_MAX: usize = 240;
/// Most questions of the customer's own.
const QUESTIONS_MAX: usize = 3;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pitch {
    /// "our payroll software".
    pub(crate) topic: Option<String>,
    pub(crate) sentences: Vec<String>,
    /// The sentence of the brief that names a price.
    pub(crate) price: Option<String>,
    pub(crate) asks_timing: bool,
    pub(crate) asks_budget: bool,
    /// What the customer wants asked besides: "how many employees do you have".
    pub(crate) questions: Vec<String>,
    pub(crate) is_demo: bool,
}

impl Pitch {
    pub(crate) fn of(brief: &Brief, settings: &Settings, facts: &BriefFacts) -> Self {
        let context = brief.context.as_deref().unwrap_or("");
        let strategy = settings.strategy.as_deref().unwrap_or("");
        let texts = [brief.objective.as_str(), context, strategy];
        let said = texts.map(Spoken::of);
        let told = |words: &[&str]| said.iter().any(|text| text.has(words));
        let mut pitch = Self {
            topic: topic_of(&brief.objective),
            asks_timing: told(TIMING),
            asks_budget: told(&["budget", "presupuesto", "budgets"]),
            is_demo: told(&[
                "demo",
                "demos",
                "demonstration",
                "demostración",
                "démonstration",
                "vorführung",
            ]),
            ..Self::default()
        };
        for text in texts {
            pitch.questions.extend(questions_in(text));
        }
        pitch.questions.truncate(QUESTIONS_MAX);
        pitch.take_sentences(context, facts);
        pitch
    }

    fn take_sentences(&mut self, context: &str, facts: &BriefFacts) {
        let mut length = 0;
        for text in facts.sentences.iter().filter(|text| context.contains(text.as_str())) {
            let spoken = Spoken::of(text);
            if spoken.has(NOT_FOR_THEM) || is_name_only(text) {
                continue;
            }
            if names_price(text) {
                self.price.get_or_insert_with(|| sentence(text));
                continue;
            }
            length += text.chars().count();
            if self.sentences.len() < SENTENCES_MAX && length <= CHARS_MAX {
                self.sentences.push(sentence(text));
            }
        }
    }

    pub(crate) fn text(&self) -> String {
        self.sentences.join(" ")
    }
}

const TIMING: &[&str] = &[
    "timing",
    "timeline",
    "time frame",
    "timeframe",
    "when they plan",
    "plazo",
    "plazos",
    "cuándo",
    "calendrier",
    "échéance",
    "zeitplan",
    "zeitrahmen",
    "wann",
];
/// Instructions to us, or words about them.
const NOT_FOR_THEM: &[&str] = &[
    "ask",
    "qualify",
    "qualified",
    "prospect",
    "prospects",
    "lead",
    "leads",
    "ideal customer",
    "they",
    "them",
    "their",
    "decision maker",
    "decision makers",
    "objection",
    "objections",
    "book",
    "do not",
    "don't",
    "never",
    "if",
    "pregunta",
    "preguntar",
    "califica*",
    "cliente ideal",
    "ellos",
    "nunca",
    "si",
    "demande*",
    "qualifier",
    "ils",
    "leur",
    "jamais",
    "frage",
    "fragen",
    "qualifizier*",
    "sie sollen",
    "niemals",
    "nie",
    "wenn",
    "falls",
];

/// "We are Acme Corp." is said by the greeting.
fn is_name_only(text: &str) -> bool {
    const WORDS_MAX: usize = 5;
    let lower = text.to_lowercase();
    let names = ["we are ", "we're ", "my name is ", "somos ", "nous sommes ", "wir sind "];
    names.iter().any(|lead| lower.starts_with(lead)) && text.split_whitespace().count() <= WORDS_MAX
}

fn names_price(text: &str) -> bool {
    let talk = Talk::read(&[Utterance::ours(text)]);
    talk.facts().any(|(_, fact)| matches!(fact.value, Value::Money { .. }))
}

/// "our payroll software" of "Pitch our payroll software to small firms and book a demo".
fn topic_of(objective: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "pitch ",
        "sell ",
        "selling ",
        "introduce ",
        "promote ",
        "present ",
        "offer ",
        "interest in ",
        "interested in ",
        "demo of ",
        "demos of ",
        "demo for ",
        "demos for ",
        "leads for ",
        "about ",
        "meeting about ",
        "regarding ",
        "ofrecer ",
        "vender ",
        "presentar ",
        "promocionar ",
        "sobre ",
        "presente ",
        "présenter ",
        "vendre ",
        "proposer ",
        "promouvoir ",
        "pour ",
        "stelle ",
        "biete ",
        "verkaufe ",
        "vorstellung ",
        "für ",
        "über ",
    ];
    const ENDS: &[&str] = &[
        ". ",
        ", ",
        "; ",
        " to ",
        " and ",
        " with ",
        " at ",
        " a ",
        " y ",
        " con ",
        " et ",
        " à ",
        " aux ",
        " an ",
        " und ",
        " vor ",
        " vor.",
        " vorstellen",
        " verkaufen",
        " anbieten",
        " bei ",
    ];
    let lower = objective.to_lowercase();
    // A lower-case text of another length does not share its places.
    let text = if lower.len() == objective.len() { objective } else { &lower };
    let start = LEADS.iter().find_map(|lead| {
        let at = lower.find(lead)?;
        let begins = at == 0 || lower[..at].ends_with(' ');
        begins.then_some(at + lead.len())
    });
    let verb_last =
        [" vorstellen", " verkaufen", " anbieten"].iter().any(|end| lower.contains(end));
    let start = start.or(verb_last.then_some(0))?;
    let rest = text.get(start..)?;
    let lower_rest = lower.get(start..)?;
    let end = ENDS.iter().filter_map(|end| lower_rest.find(end)).min().unwrap_or(rest.len());
    let topic = rest.get(..end)?.trim().trim_end_matches(['.', '!', '?', ',']);
    (!topic.is_empty()).then(|| topic.to_owned())
}

/// "Ask how many employees they have" becomes "how many employees you have".
fn questions_in(text: &str) -> Vec<String> {
    const LEADS: &[&str] = &["ask them ", "ask ", "find out ", "qualify by asking "];
    const OPENERS: &[&str] =
        &["how ", "what ", "which ", "whether ", "if ", "who ", "when ", "where "];
    let mut found = Vec::new();
    for part in text.split(['.', ';', '\n', '!']) {
        let lower = part.to_lowercase();
        let lead = LEADS.iter().find_map(|lead| lower.find(lead).map(|at| at + lead.len()));
        let Some(rest) = lead.and_then(|at| lower.get(at..)) else { continue };
        if OPENERS.iter().any(|opener| rest.starts_with(opener)) {
            let mut words = Vec::new();
            for word in rest.split_whitespace() {
                words.push(match word {
                    "they" | "them" => "you",
                    "their" => "your",
                    word => word,
                });
            }
            found.push(words.join(" ").trim_end_matches(['?', ',']).to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pitch(objective: &str, context: &str) -> Pitch {
        let brief = Brief {
            objective: objective.into(),
            context: Some(context.into()),
            ..Brief::default()
        };
        Pitch::of(&brief, &Settings::default(), &BriefFacts::of(&brief))
    }

    #[test]
    fn topics() {
        let check = |objective: &str, expected: &str| {
            assert_eq!(pitch(objective, "").topic.as_deref(), Some(expected), "{objective}");
        };
        check("Pitch our payroll software to small firms and book a demo", "our payroll software");
        check("Generate leads for Acme CRM.", "Acme CRM");
        check(
            "Presentar nuestro programa de nóminas a pequeñas empresas",
            "nuestro programa de nóminas",
        );
        check("Présenter notre logiciel de paie aux PME", "notre logiciel de paie");
        check("Stelle unsere Lohnsoftware vor und vereinbare einen Termin", "unsere Lohnsoftware");
        check("Unsere Lohnsoftware vorstellen", "Unsere Lohnsoftware");
    }

    #[test]
    fn only_the_brief_is_pitched() {
        let found = pitch(
            "Pitch our payroll software",
            "We are Acme Corp. Acme Payroll files every form on its own. It costs $20 per month. \
             Ask how many employees they have. Qualify by budget.",
        );
        assert_eq!(found.text(), "Acme Payroll files every form on its own.");
        assert_eq!(found.price.as_deref(), Some("It costs $20 per month."));
        assert_eq!(found.questions, ["how many employees you have"]);
        assert!(!found.asks_timing);
    }
}
