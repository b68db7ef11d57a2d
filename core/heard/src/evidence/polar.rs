//! Yes or no: answered to a question of ours, or said in passing.

use std::ops::Range;

use super::lexicon::Set;
use super::profile::Profile;
use super::scene::{Line, Scene};
use crate::answer;

/// About a question it must be at least so much.
const ASKED_MIN: f32 = 0.5;
/// About a statement nobody asked for.
const STATED_MIN: f32 = 0.75;

const DENIES: &[&str] = &[
    "no",
    "not",
    "don't",
    "doesn't",
    "isn't",
    "aren't",
    "can't",
    "cannot",
    "won't",
    "without",
    "never",
    "didn't",
    "haven't",
    "hasn't",
    "couldn't",
    "wouldn't",
    "nope",
    "unfortunately",
    "neither",
    "nobody",
    "none",
    "nothing",
    "nicht",
    "kein",
    "keine",
    "keinen",
    "keiner",
    "nie",
    "leider",
    "ohne",
    "jamais",
    "pas",
    "aucun",
    "aucune",
    "sans",
    "malheureusement",
    "nunca",
    "ningun",
    "ninguna",
    "sin",
    "tampoco",
    "lamentablemente",
    "nein",
    "non",
    "ne",
    "n'",
    "i'm afraid",
];
const NO_DENIAL: &[&str] = &[
    "no problem",
    "not a problem",
    "no worries",
    "no trouble",
    "no extra charge",
    "don't mind",
    "not at all a problem",
    "no issue",
    "kein problem",
    "pas de souci",
    "pas de probleme",
    "sin problema",
    "no hay problema",
    "not only",
    "why not",
    "don't worry",
    "no hay inconveniente",
    "no charge",
    "don't charge",
    "nothing extra",
];
const GONE: &[&str] = &[
    "used to",
    "anymore",
    "any more",
    "out of order",
    "broken",
    "sold out",
    "out of stock",
    "fully booked",
    "booked out",
    "booked up",
    "closed",
    "shut",
    "taken",
    "discontinued",
    "waived",
    "impossible",
    "kaputt",
    "defekt",
    "geschlossen",
    "ausgebucht",
    "ausverkauft",
    "vergriffen",
    "cerrada",
    "cerrado",
    "averiado",
    "agotado",
    "completo",
    "ferme",
    "fermee",
    "en panne",
    "complet",
    "rupture",
    "extra",
    "separately",
    "separate",
    "on top",
    "en supplement",
    "aparte",
    "zusatzlich",
    "additional",
    "only cash",
    "cash only",
    "nur bar",
    "solo efectivo",
    "optional",
    "refuse",
    "declined",
    "full",
    "rather not",
    "out of the question",
    "weg",
    "under review",
];
const HEDGES: &[&str] = &[
    "if",
    "depends",
    "maybe",
    "might",
    "perhaps",
    "not sure",
    "don't know",
    "check",
    "whether",
    "unless",
    "wouldn't know",
    "couldn't say",
    "can't say",
    "can't tell",
    "kommt darauf an",
    "vielleicht",
    "depende",
    "quiza",
    "quizas",
    "ca depend",
    "peut etre",
    "no idea",
    "weiss nicht",
    "have to ask",
    "i'd have to",
];
const AFFIRMS: &[&str] = &[
    "is",
    "are",
    "it's",
    "we're",
    "they're",
    "have",
    "has",
    "got",
    "there's",
    "we've",
    "i've",
    "can",
    "could",
    "do",
    "does",
    "included",
    "available",
    "free",
    "fine",
    "welcome",
    "allowed",
    "possible",
    "need",
    "needs",
    "must",
    "offer",
    "offers",
    "accept",
    "take",
    "takes",
    "happy to",
    "sure",
    "of course",
    "absolutely",
    "always",
    "with",
    "yes",
    "yeah",
    "ok",
    "okay",
    "no problem",
    "not a problem",
    "hay",
    "ist",
    "sind",
    "est",
    "sont",
    "haben",
    "gibt",
    "geht",
    "kein problem",
    "in ordnung",
    "avons",
    "tenemos",
    "se puede",
    "will",
    "i'll",
    "we'll",
    "would",
    "completely",
    "fully",
    "licensed",
    "guaranteed",
    "bitte",
    "please",
    "tiene",
    "estaria",
    "va",
    "konnen",
    "darf",
    "durfen",
    "peut",
    "on a",
    "if you like",
    "peux",
    "puedo",
    "podemos",
    "kann",
    "compris",
    "comprise",
    "comprises",
    "incluido",
    "incluida",
    "incluidos",
    "inklusive",
    "inbegriffen",
];
const YES_TOO: &[&str] = &[
    "in a heartbeat",
    "happy to",
    "i'm happy",
    "by all means",
    "totally",
    "for sure",
    "no doubt",
    "you can",
    "it is",
    "it does",
    "they are",
    "they do",
    "we do",
    "she does",
    "he does",
    "you do",
    "it will",
    "desde luego",
    "por supuesto",
    "selbstverstandlich",
    "auf jeden fall",
    "naturlich",
    "gern",
    "gerne",
    "avec plaisir",
    "carrement",
    "siempre",
    "toujours",
    "immer",
    "always",
    "possibly yeah",
    "you may",
    "you would",
    "you should",
    "she can",
    "he can",
    "they can",
    "some",
    "a few",
    "plenty",
];

/// The answer for a field, given the fields that ask for a yes or no beside it.
pub(super) fn yes_no(scene: &Scene, field: &Profile, rivals: &[&Profile]) -> Option<bool> {
    for (_, line) in scene.theirs().collect::<Vec<_>>().into_iter().rev() {
        let asked = asked_about(scene, line, field, rivals);
        match stated(line, field, rivals, asked) {
            Stated::Nothing => {}
            Stated::Said(answer) => return Some(answer),
            // "Water is, but not electricity."
            Stated::Both => return None,
        }
        if asked && let Some(answer) = answered(scene, line) {
            return Some(answer);
        }
    }
    None
}

/// The question that a line answers is about this field, and about none more.
fn asked_about(scene: &Scene, line: &Line, field: &Profile, rivals: &[&Profile]) -> bool {
    let Some((ours, sentences)) = scene.question(line) else { return false };
    let last = sentences.len().saturating_sub(1);
    sentences.iter().enumerate().any(|(place, sentence)| {
        let own = field.about(ours, sentence.clone());
        // Of several questions the last is the one that is answered.
        let needed = if place == last { ASKED_MIN } else { STATED_MIN };
        let some = has_some(ours, sentence.clone(), field);
        let own = if some { own.max(ASKED_MIN) } else { own };
        own >= needed
            && rivals.iter().all(|rival| rival.about(ours, sentence.clone()) <= own + 0.05)
    })
}

/// "Do you have a room for Friday?" asks whether one is available.
fn has_some(ours: &Line, sentence: Range<usize>, field: &Profile) -> bool {
    const HAVE: &[&str] = &[
        "do you have",
        "have you got",
        "can you fit",
        "avez vous",
        "tienen",
        "tiene",
        "haben sie",
        "is it free",
        "is there",
        "hay",
        "y a t il",
        "il reste",
        "book",
        "reserve",
        "reservar",
        "reserver",
        "reservieren",
        "still",
    ];
    let available = field.kind_set.meets(Set::of(&["available"]));
    let places = Set::of(&["room", "table", "hall", "booking", "appointment", "spots", "stock"]);
    let of_places = field.is_general() || field.topic_set.meets(places);
    available && of_places && ours.says(sentence, HAVE)
}

enum Stated {
    Nothing,
    Said(bool),
    Both,
}

fn stated(line: &Line, field: &Profile, rivals: &[&Profile], asked: bool) -> Stated {
    let mut found: Option<bool> = None;
    for (clause, asks) in line.clauses() {
        let own = field.about(line, clause.clone());
        let needed = if asked { ASKED_MIN } else { STATED_MIN };
        let about = !asks && own >= needed && field.names_topic(line, clause.clone());
        if !about || rivals.iter().any(|rival| rival.about(line, clause.clone()) > own + 0.05) {
            continue;
        }
        let Some(answer) = of_statement(line, clause, field, asked) else { continue };
        if found.is_some_and(|known| known != answer) {
            return Stated::Both;
        }
        found = Some(answer);
    }
    found.map_or(Stated::Nothing, Stated::Said)
}

fn of_statement(line: &Line, clause: Range<usize>, field: &Profile, asked: bool) -> Option<bool> {
    if line.says(clause.clone(), NO_DENIAL) {
        return (asked || is_of_its_kind(line, clause, field)).then_some(true);
    }
    if line.says(clause.clone(), HEDGES) {
        return None;
    }
    if is_denied(line, clause.clone(), field) {
        return Some(false);
    }
    let affirmed = line.says(clause.clone(), AFFIRMS);
    (affirmed && (asked || is_of_its_kind(line, clause, field))).then_some(true)
}

fn is_denied(line: &Line, clause: Range<usize>, field: &Profile) -> bool {
    const DENIES_WITHIN: usize = 7;
    // "Sin gluten" and "nut-free" name the thing; they deny nothing.
    let own = field.field.name.to_lowercase();
    let free_of = own.contains("free") || own.contains("sans") || own.contains("sin_");
    let first = clause.clone().find(|at| field.names_topic(line, *at..*at + 1));
    let from = first.map_or(clause.start, |at| at.saturating_sub(DENIES_WITHIN).max(clause.start));
    let words: Vec<&str> = DENIES
        .iter()
        .copied()
        .filter(|word| !(free_of && ["sans", "sin", "without", "ohne"].contains(word)))
        .collect();
    let denies = line.says(from..clause.end, &words);
    denies || line.says(clause, GONE)
}

/// What nobody asked for must speak of the same: that it is required, included, allowed.
fn is_of_its_kind(line: &Line, clause: Range<usize>, field: &Profile) -> bool {
    const FINE: &[&str] =
        &["fine", "ok", "okay", "welcome", "problem", "no problem", "with", "kein problem"];
    let kinds = Set::of(&["required", "included", "possible"]);
    let wanted = field.kind_set.and(kinds);
    if wanted.is_empty() {
        return true;
    }
    let said = line.means(clause.clone());
    wanted.meets(said) || !wanted.meets(Set::of(&["required"])) && line.says(clause, FINE)
}

/// Yes or no to the question before, by how the answer begins or by its first words.
fn answered(scene: &Scene, line: &Line) -> Option<bool> {
    let trouble = scene.question_says(
        line,
        &[
            "a problem",
            "any problem",
            "an issue",
            "mind if",
            "trouble",
            "un problema",
            "un probleme",
            "ein problem",
        ],
    );
    let opening = opening(line);
    let tokens = &line.tokens()[opening.clone()];
    let first = line.clause(opening.start.min(line.tokens().len().saturating_sub(1)));
    if trouble {
        let calms = line.says(
            opening.clone(),
            &["not at all", "no problem", "no", "gar nicht", "pas du tout", "para nada"],
        );
        return calms.then_some(true);
    }
    if answer::is_unsure(tokens) || line.says(first.clone(), HEDGES) {
        return None;
    }
    let sentence = line.sentences.iter().find(|one| one.contains(&opening.start))?.clone();
    if line.says(sentence.clone(), NO_DENIAL) {
        return Some(true);
    }
    if let Some(answer) = answer::of_tokens(tokens).or_else(|| at_the_end(line, &sentence)) {
        return Some(answer);
    }
    if line.heard.is_question(&sentence) {
        return None;
    }
    if line.says(sentence.clone(), DENIES) || line.says(sentence.clone(), GONE) {
        // "Not at nine, but half past nine works" is neither.
        let turns = line.says(sentence, &["but", "pero", "mais", "aber", "par contre", "however"]);
        return (!turns).then_some(false);
    }
    if line.says(first.clone(), YES_TOO) {
        return Some(true);
    }
    let measured = line.facts().any(|fact| fact.value.number().is_some());
    let asks_how =
        scene.question_says(line, &["how", "what", "when", "which", "who", "where", "why"]);
    let affirmed = line.says(
        sentence,
        &["have", "we've", "i've", "got", "there's", "can", "could do", "offer", "i'll", "we'll"],
    );
    ((affirmed || measured) && !asks_how).then_some(true)
}

/// "Saturdays until noon, yes."
fn at_the_end(line: &Line, sentence: &Range<usize>) -> Option<bool> {
    const WORDS_MAX: usize = 2;
    let tokens = line.tokens();
    let last = (sentence.start..sentence.end).rev().find(|at| !tokens[*at].is_mark())?;
    let clause = line.clause(last);
    let alone = clause.start > sentence.start && last + 1 - clause.start <= WORDS_MAX;
    if alone { answer::of_tokens(&tokens[clause.start..=last]) } else { None }
}

/// Where an answer begins, behind "well", "oh" and the like.
fn opening(line: &Line) -> Range<usize> {
    const FILLERS: &[&str] = &[
        "well", "oh", "eh", "um", "uh", "ah", "hmm", "hm", "mm", "so", "let", "me", "see", "just",
        "pues", "bueno", "mire", "a", "ver", "euh", "ben", "alors", "also", "na", "tja", "moment",
        "okay", "ok",
    ];
    let tokens = line.tokens();
    let mut at = 0;
    while at < tokens.len() && (tokens[at].is_mark() || tokens[at].is_any(FILLERS)) {
        // "A hundred up front" begins with its number.
        if tokens[at].is("a") && tokens.get(at + 1).is_none_or(|next| !next.is("ver")) {
            break;
        }
        at += 1;
    }
    if at == tokens.len() { 0..tokens.len() } else { at..tokens.len() }
}
