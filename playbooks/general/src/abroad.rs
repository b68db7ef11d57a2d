//! The same objective in a Spanish, French or German call.
//!
//! An objective in English is quoted as it is, in a sentence of the call's language; one that is written
//! in that language is turned into the question or the wish it is.

use agenticcalling_playbook::strategy::{Language, folded};

use crate::objective::{Item, Kind, Objective};

/// Gives every item of `objective` a wording in `language`; English ones stay.
pub(crate) fn word(objective: &mut Objective, text: &str, language: Language) {
    if language == Language::English {
        return;
    }
    for item in &mut objective.items {
        if let Some(read) = read(&item.source, language) {
            *item = read;
        } else {
            item.wording = quoted(item, text, language);
        }
    }
}

fn quoted(item: &Item, text: &str, language: Language) -> String {
    // Written out as a question, it is one in whatever language it is.
    if item.kind == Kind::Ask && text.contains(&format!("{}?", item.source)) {
        return match language {
            Language::Spanish => format!("¿{}?", item.source.trim_start_matches('¿')),
            Language::French => format!("{} ?", item.source.trim_end()),
            Language::German | Language::English => format!("{}?", item.source),
        };
    }
    let words = match item.kind {
        Kind::Ask => language.pick([
            "Could you tell me this: {}?",
            "¿Podría decirme lo siguiente: {}?",
            "Pourriez-vous me dire ceci : {} ?",
            "Können Sie mir Folgendes sagen: {}?",
        ]),
        Kind::Request => language.pick([
            "My request is this: {}. Is that possible?",
            "Mi petición es la siguiente: {}. ¿Es posible?",
            "Ma demande est la suivante : {}. Est-ce possible ?",
            "Mein Anliegen ist Folgendes: {}. Ist das möglich?",
        ]),
        Kind::Tell => language.pick([
            "I am to tell you this: {}.",
            "Tengo que comunicarle lo siguiente: {}.",
            "Je dois vous transmettre ceci : {}.",
            "Ich soll Ihnen Folgendes ausrichten: {}.",
        ]),
    };
    words.replace("{}", &item.content)
}

/// An order in the language of the call: "Pregunta a qué hora cierran", "Einen Tisch für vier reservieren".
fn read(source: &str, language: Language) -> Option<Item> {
    let source = source.trim();
    let asking: &[&str] = match language {
        Language::Spanish => &["pregunta ", "pregunte ", "preguntar ", "averigua ", "averiguar "],
        Language::French => &["demande ", "demandez ", "demander "],
        Language::German => &["frage, ", "frag, ", "fragen, ", "frage ", "frag ", "fragen "],
        Language::English => return None,
    };
    let item = |kind: Kind, wording: String, content: &str| Item {
        kind,
        wording,
        content: content.to_owned(),
        source: source.to_owned(),
    };
    let lower = source.to_ascii_lowercase();
    if let Some(lead) = asking.iter().find(|lead| lower.starts_with(**lead)) {
        let rest = source[lead.len()..].trim();
        let rest = rest.strip_prefix("sie, ").unwrap_or(rest);
        let turned = if language == Language::German { formal(rest) } else { rest.to_owned() };
        let clause = opens_clause(rest);
        let wording = match (language, clause) {
            (Language::German, true) => format!("Können Sie mir sagen, {turned}?"),
            (Language::Spanish, true) => format!("¿Podría decirme {turned}?"),
            (Language::French, true) => format!("Pourriez-vous me dire {turned} ?"),
            (Language::German, false) => {
                format!("Ich habe eine Frage, und zwar {turned}. Was können Sie mir dazu sagen?")
            }
            (Language::French, false) => format!("Pourriez-vous me donner {turned} ?"),
            _ => format!("¿Qué puede decirme {turned}?"),
        };
        return Some(item(Kind::Ask, wording, &turned));
    }
    let wish = wish(source, &lower, language)?;
    let wording = match language {
        Language::Spanish => format!("Quisiera {wish}. ¿Es posible?"),
        Language::French => format!("Je voudrais {wish}. Est-ce possible ?"),
        _ => format!("Ich möchte gern {wish}. Ist das möglich?"),
    };
    Some(item(Kind::Request, wording, &wish))
}

fn opens_clause(rest: &str) -> bool {
    const OPENERS: &[&str] = &[
        "si", "que", "a", "cuando", "cuanto", "cuantos", "cuantas", "como", "donde", "quien",
        "cual", "quand", "combien", "comment", "ou", "qui", "quel", "quelle", "s", "ob", "wann",
        "was", "wie", "wo", "wer", "welche", "welcher", "welches", "bis",
    ];
    let spoken = folded(rest);
    spoken.split_whitespace().next().is_some_and(|word| OPENERS.contains(&word))
}

/// The customer's "sie" is our "Sie".
fn formal(text: &str) -> String {
    let mut words = Vec::new();
    for word in text.split(' ') {
        words.push(match word {
            "sie" => "Sie".to_owned(),
            "ihnen" => "Ihnen".to_owned(),
            "ihr" | "ihre" | "ihren" | "ihrem" | "ihrer" => format!("I{}", &word[1..]),
            _ => word.to_owned(),
        });
    }
    words.join(" ")
}

/// What we would like to do, in the infinitive.
fn wish(source: &str, lower: &str, language: Language) -> Option<String> {
    const SPANISH: &[(&str, &str)] = &[
        ("reservar ", "reservar "),
        ("reserva ", "reservar "),
        ("reserve ", "reservar "),
        ("pedir ", "pedir "),
        ("cancelar ", "cancelar "),
        ("cancela ", "cancelar "),
        ("cancele ", "cancelar "),
        ("cambiar ", "cambiar "),
        ("concertar ", "concertar "),
        ("comprar ", "comprar "),
        ("encargar ", "encargar "),
    ];
    const FRENCH: &[(&str, &str)] = &[
        ("réserver ", "réserver "),
        ("réserve ", "réserver "),
        ("réservez ", "réserver "),
        ("annuler ", "annuler "),
        ("annule ", "annuler "),
        ("annulez ", "annuler "),
        ("commander ", "commander "),
        ("prendre ", "prendre "),
        ("déplacer ", "déplacer "),
        ("acheter ", "acheter "),
    ];
    const GERMAN: &[&str] = &[
        " reservieren",
        " buchen",
        " bestellen",
        " absagen",
        " stornieren",
        " vereinbaren",
        " verschieben",
        " kaufen",
        " ausmachen",
    ];
    const ARTICLES: &[&str] =
        &["Einen ", "Eine ", "Ein ", "Den ", "Die ", "Das ", "Zwei ", "Drei "];
    if language == Language::German {
        if !GERMAN.iter().any(|ending| lower.ends_with(ending)) {
            return None;
        }
        let article = ARTICLES.iter().find(|article| source.starts_with(**article));
        return Some(match article {
            Some(article) => format!("{}{}", article.to_lowercase(), &source[article.len()..]),
            None => source.to_owned(),
        });
    }
    // `lower` folds ASCII only, so a capital accent is tried as it is.
    let list = if language == Language::Spanish { SPANISH } else { FRENCH };
    let (lead, verb) = list.iter().find(|(lead, _)| {
        lower.starts_with(lead) || lower.replacen('É', "é", 1).starts_with(lead)
    })?;
    source.get(lead.len()..).map(|rest| format!("{verb}{rest}"))
}
