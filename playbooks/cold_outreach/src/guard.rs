//! Keeps a sales call truthful: no invented figures, no denying what it is or who speaks.

use agenticcalling_playbook::Brief;
use agenticcalling_playbook::extract::{Talk, Utterance, Value};
use agenticcalling_playbook::strategy::{Language, Settings, Spoken};

/// Figures closer than this are the same.
const EQUAL: f64 = 0.005;

pub(crate) struct Guard {
    /// Prices and percentages that the brief or the other side named.
    known: Vec<f64>,
    guarantees: bool,
    language: Language,
}

impl Guard {
    pub(crate) fn new(brief: &Brief, settings: &Settings, language: Language) -> Self {
        let context = brief.context.as_deref().unwrap_or("");
        let strategy = settings.strategy.as_deref().unwrap_or("");
        let texts = [brief.objective.as_str(), context, strategy];
        let mut known = Vec::new();
        for text in texts {
            known.extend(figures(text));
        }
        let guarantees = texts.iter().any(|text| Spoken::of(text).has(GUARANTEES));
        Self { known, guarantees, language }
    }

    pub(crate) fn heard(&mut self, text: &str) {
        const KNOWN_MAX: usize = 200;
        for figure in figures(text) {
            if self.known.len() < KNOWN_MAX {
                self.known.push(figure);
            }
        }
    }

    /// Why the clause may not be said.
    pub(crate) fn objection(&self, text: &str) -> Option<&'static str> {
        let spoken = Spoken::of(text);
        if spoken.has(self.language.pick(NOT_SALES)) {
            return Some("this is a sales call; never deny it");
        }
        if spoken.has(self.language.pick(NOT_AI)) {
            return Some("you are an AI assistant; never deny it");
        }
        if !self.guarantees && spoken.has(GUARANTEES) {
            return Some("the brief guarantees nothing; promise only what is written there");
        }
        let known = |figure: &f64| self.known.iter().any(|one| (one - figure).abs() <= EQUAL);
        let invented = figures(text).iter().any(|figure| !known(figure));
        invented.then_some("the brief names no such figure; invent no prices and no percentages")
    }
}

/// Prices and percentages.
fn figures(text: &str) -> Vec<f64> {
    let talk = Talk::read(&[Utterance::ours(text)]);
    let mut found = Vec::new();
    for (_, fact) in talk.facts() {
        match fact.value {
            Value::Money { amount, .. } | Value::Percent(amount) => found.push(amount),
            _ => {}
        }
    }
    found
}

const NOT_SALES: [&[&str]; 4] = [
    &[
        "not a sales call",
        "isn't a sales call",
        "not selling",
        "not trying to sell",
        "not here to sell",
    ],
    &[
        "no es una llamada comercial",
        "no es una llamada de ventas",
        "no vendo",
        "no vendemos",
        "no quiero venderle",
    ],
    &["pas un appel commercial", "ne vends rien", "ne vendons rien", "pas du démarchage"],
    &[
        "kein verkaufsanruf",
        "kein werbeanruf",
        "verkaufe nichts",
        "verkaufen nichts",
        "nichts verkaufen",
    ],
];
const NOT_AI: [&[&str]; 4] = [
    &[
        "not a robot",
        "not an ai",
        "not a machine",
        "not a bot",
        "real person",
        "i'm human",
        "i am human",
        "am a human",
        "i'm a human",
    ],
    &["no soy un robot", "no soy una máquina", "persona real", "soy humano", "soy humana"],
    &["pas un robot", "pas une machine", "vraie personne", "suis humain", "suis humaine"],
    &[
        "kein roboter",
        "keine maschine",
        "kein computer",
        "echter mensch",
        "bin ein mensch",
        "keine ki",
    ],
];
const GUARANTEES: &[&str] = &[
    "guarantee",
    "guaranteed",
    "guarantees",
    "garantiz*",
    "garanti*",
    "money back",
    "risk free",
    "for free",
    "free of charge",
    "gratis",
    "gratuit",
    "gratuitement",
    "kostenlos",
];
