//! Keeps the call courteous: no threat that the brief does not allow, and no insult at all.

use agenticcalling_playbook::Brief;
use agenticcalling_playbook::strategy::{Settings, Spoken};

/// One kind of threat, by its words in the four languages.
const THREATS: [&[&str]; 4] = [
    // Law.
    &[
        "lawyer*",
        "attorney*",
        "sue",
        "suing",
        "lawsuit",
        "legal action",
        "legal steps",
        "court",
        "take you to court",
        "abogad*",
        "demandar",
        "demanda judicial",
        "acciones legales",
        "tribunal*",
        "juzgado",
        "avocat*",
        "poursuivre",
        "action en justice",
        "tribunaux",
        "procès",
        "anwalt",
        "anwält*",
        "verklagen",
        "klage",
        "rechtliche schritte",
        "gericht",
    ],
    // Authorities.
    &[
        "police",
        "report you",
        "consumer protection",
        "ombudsman",
        "regulator",
        "trading standards",
        "authorities",
        "policía",
        "denuncia*",
        "consumo",
        "signaler",
        "répression des fraudes",
        "polizei",
        "anzeige",
        "verbraucherschutz",
        "verbraucherzentrale",
        "aufsichtsbehörde",
    ],
    // The public.
    &[
        "bad review",
        "negative review",
        "one star",
        "leave a review",
        "social media",
        "press",
        "newspaper",
        "journalist*",
        "go public",
        "reseña",
        "redes sociales",
        "prensa",
        "mauvais avis",
        "réseaux sociaux",
        "presse",
        "schlechte bewertung",
        "bewertung",
        "soziale medien",
        "zeitung",
    ],
    // Money.
    &[
        "chargeback",
        "dispute the charge",
        "dispute the payment",
        "cancel our account",
        "cancel my account",
        "cancel the contract",
        "never buy",
        "contracargo",
        "cancelar el contrato",
        "opposition",
        "résilier",
        "rückbuchung",
        "kündigen",
        "zurückbuchen",
    ],
];
const INSULTS: &[&str] = &[
    "idiot*",
    "stupid",
    "liar*",
    "incompetent",
    "scam*",
    "crook*",
    "shame on you",
    "estúpid*",
    "mentiros*",
    "incompetente*",
    "menteur*",
    "escroc*",
    "incompétent*",
    "lügner*",
    "betrüger*",
    "unfähig",
];

pub(crate) struct Guard {
    allowed: [bool; 4],
}

impl Guard {
    /// What objective, context or strategy speak of themselves may be spoken of.
    pub(crate) fn new(brief: &Brief, settings: &Settings) -> Self {
        let context = brief.context.as_deref().unwrap_or("");
        let strategy = settings.strategy.as_deref().unwrap_or("");
        let told = [brief.objective.as_str(), context, strategy].map(Spoken::of);
        Self { allowed: THREATS.map(|words| told.iter().any(|text| text.has(words))) }
    }

    /// Why the clause may not be said.
    pub(crate) fn objection(&self, text: &str) -> Option<&'static str> {
        let spoken = Spoken::of(text);
        if spoken.has(INSULTS) {
            return Some("stay courteous: no insults");
        }
        let threatens =
            THREATS.iter().zip(self.allowed).any(|(words, allowed)| !allowed && spoken.has(words));
        threatens.then_some(
            "the customer allowed no such threat; ask for a supervisor or a written record instead",
        )
    }
}
