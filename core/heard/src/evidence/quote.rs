//! Texts: short quotes of what answers for a field.

use std::ops::Range;

use super::lexicon::{Set, folded};
use super::polar;
use super::profile::{Profile, Want};
use super::scene::{Line, Scene};
use crate::answer;
use crate::fields::TEXT_VALUE_CHARS_MAX;

pub(super) const ASKED_MIN: f32 = 0.5;
pub(super) const TOLD_MIN: f32 = 0.8;

/// Words an answer begins with that are not the answer.
const FILLERS: &[&str] = &[
    "well", "oh", "eh", "um", "uh", "ah", "hmm", "hm", "so", "yes", "yeah", "yep", "no", "sure",
    "okay", "ok", "right", "honestly", "let", "me", "see", "pues", "bueno", "mire", "si", "claro",
    "euh", "ben", "alors", "oui", "non", "also", "ja", "nein", "tja", "na", "nun", "moment",
    "vale", "of", "course", "i'd", "say", "actually", "look", "usually", "sorry", "i", "think",
    "guess", "probably", "about", "just",
];
const COPULAS: &[&str] = &[
    "it",
    "it's",
    "that's",
    "that'd",
    "be",
    "is",
    "was",
    "he",
    "she",
    "they",
    "we",
    "a",
    "an",
    "the",
    "just",
    "use",
    "using",
    "are",
    "they're",
    "he's",
    "she's",
    "were",
    "our",
    "with",
    "only",
    "es",
    "el",
    "la",
    "un",
    "una",
    "c'est",
    "le",
    "une",
    "das",
    "ist",
    "der",
    "die",
    "ein",
    "eine",
    "wir",
    "haben",
    "nous",
    "avons",
    "usamos",
    "utilisons",
    "worked",
    "as",
];

/// Words of questions that are not answered with yes or no.
const OPEN: &[&str] = &[
    "what", "what's", "which", "who", "who's", "why", "where", "how", "when", "que", "cual",
    "quien", "por que", "donde", "como", "cuando", "quel", "quelle", "quels", "quelles", "qui",
    "pourquoi", "ou", "comment", "quand", "quoi", "welche", "welcher", "welches", "was", "wer",
    "warum", "wo", "wie", "wann", "wohin", "anything",
];

/// A short quote that answers for a field.
pub(super) fn text(scene: &Scene, field: &Profile, all: &[Profile]) -> Option<String> {
    let noun = field.topic_set.meets(Set::of(&[
        "title", "tool", "provider", "brand", "model", "size", "color", "flavor",
    ]));
    if field.topic_set.meets(Set::of(&["provider", "tool"]))
        && let Some(name) = company(scene)
    {
        return Some(name);
    }
    let mut told: Option<String> = None;
    for (_, line) in scene.theirs().collect::<Vec<_>>().into_iter().rev() {
        let asked = question_about(scene, line, field);
        // "Is there homework to pick up?" asks for no place.
        let open = scene.question_says(line, OPEN);
        let needed = if open || field.is_single() { ASKED_MIN } else { TOLD_MIN };
        if asked >= needed && !claimed(scene, line, field, all, asked) && !evades(line) {
            return quote(line, 0..line.tokens().len(), noun);
        }
        if told.is_none() && !field.is_general() {
            told = line
                .clauses()
                .into_iter()
                .find(|(clause, asks)| {
                    !asks && clause.len() >= 3 && field.about(line, clause.clone()) >= TOLD_MIN
                })
                .and_then(|(clause, _)| quote(line, behind_topic(line, clause, field), noun));
        }
    }
    told.or_else(|| reason(scene, field, all))
}

/// "The problem is the battery": what stands behind the "is".
fn behind_topic(line: &Line, clause: Range<usize>, field: &Profile) -> Range<usize> {
    let tokens = line.tokens();
    let named = clause.clone().find(|at| field.names_topic(line, *at..*at + 1));
    let is = named.map(|at| at + 1).filter(|at| {
        let spoken = line.slice(*at..*at + 1);
        *at + 1 < clause.end && (tokens[*at].is("is") || ["es", "est", "ist"].contains(&spoken))
    });
    is.map_or(clause.clone(), |at| at + 1..clause.end)
}

pub(super) fn question_about(scene: &Scene, line: &Line, field: &Profile) -> f32 {
    scene.question(line).map_or(0.0, |(ours, sentences)| {
        sentences.into_iter().map(|one| field.about(ours, one)).fold(0.0, f32::max)
    })
}

/// Another text is asked for more clearly.
pub(super) fn claimed(
    scene: &Scene,
    line: &Line,
    field: &Profile,
    all: &[Profile],
    own: f32,
) -> bool {
    all.iter().any(|other| {
        !std::ptr::eq(other.field, field.field)
            && matches!(other.want, Want::Text | Want::Choice | Want::Items | Want::Person)
            && question_about(scene, line, other) > own + 0.05
    })
}

/// Why somebody says yes or no, said behind it without being asked.
fn reason(scene: &Scene, field: &Profile, all: &[Profile]) -> Option<String> {
    if !field.kind_set.meets(Set::of(&["reason"])) || !field.is_general() {
        return None;
    }
    let decisions: Vec<&Profile> = all.iter().filter(|one| one.want == Want::YesNo).collect();
    for (_, line) in scene.theirs() {
        let about = decisions.iter().any(|one| question_about(scene, line, one) >= ASKED_MIN);
        if !about || polar::yes_no(scene, decisions.first()?, &[]).is_none() {
            continue;
        }
        let clauses = line.clauses();
        let behind = clauses.iter().skip(1).find(|(clause, asks)| !asks && clause.len() >= 4);
        if let Some((clause, _)) = behind {
            return quote(line, clause.clone(), false);
        }
    }
    None
}

/// "We use Excel", "with SparkleCo": a name behind such a word.
fn company(scene: &Scene) -> Option<String> {
    const LEADS: &[&str] = &[
        "with",
        "use",
        "using",
        "con",
        "avec",
        "mit",
        "bei",
        "chez",
        "utilizamos",
        "usamos",
        "utilisons",
        "from",
        "by",
        "on",
    ];
    for (_, line) in scene.theirs() {
        let tokens = line.tokens();
        for at in 1..tokens.len() {
            let spoken = folded(line.slice(at - 1..at));
            let led =
                LEADS.contains(&tokens[at - 1].text.as_str()) || LEADS.contains(&spoken.as_str());
            let dated = line.facts().any(|fact| fact.at.contains(&at));
            if !led || !tokens[at].capital || !tokens[at].is_word() || dated || tokens[at].is("i") {
                continue;
            }
            let mut end = at;
            while end < tokens.len() && tokens[end].is_word() && tokens[end].capital && end - at < 3
            {
                end += 1;
            }
            return Some(line.slice(at..end).to_owned());
        }
    }
    None
}

/// No answer: a question back, a moment to look, or none known.
pub(super) fn evades(line: &Line) -> bool {
    let last = line.sentences.last();
    let asks_back = last.is_some_and(|last| line.heard.is_question(last));
    const UNSURE: &[&str] = &[
        "can't tell you",
        "wouldn't know",
        "no idea",
        "don't know",
        "let me check",
        "one moment",
        "hold on",
        "it depends",
        "no se",
        "je ne sais pas",
        "weiss ich nicht",
        "weiss nicht",
        "keine ahnung",
        "ni idea",
        "depends",
        "not sure",
        "have to ask",
        "have to check",
    ];
    asks_back || answer::is_unsure(line.tokens()) || line.says(line.all(), UNSURE)
}

/// The first sentence of a range that says something, without what only leads to it.
fn quote(line: &Line, range: Range<usize>, noun: bool) -> Option<String> {
    const NOUN_WORDS_MAX: usize = 4;
    const POLAR_TOKENS_MAX: usize = 6;
    let tokens = line.tokens();
    for sentence in &line.sentences {
        let mut start = sentence.start.max(range.start);
        let mut end = sentence.end.min(range.end);
        let leads = |at: usize, list: &[&str]| {
            let spoken = folded(line.slice(at..at + 1));
            tokens[at].is_mark() || tokens[at].is_any(list) || list.contains(&spoken.as_str())
        };
        while start < end && leads(start, FILLERS) {
            start += 1;
        }
        // A sentence is quoted whole, with its mark; what is cut out of one has none.
        let whole = start == sentence.start && end == sentence.end;
        while !whole && end > start && tokens[end - 1].is_mark() {
            end -= 1;
        }
        if start >= end {
            continue;
        }
        // "Not really, no. We just signed a contract": the second tells something.
        let last = line.sentences.last().is_some_and(|last| last.start == sentence.start);
        let polar = answer::of_tokens(&tokens[start..sentence.end]).is_some();
        if polar && end - start <= POLAR_TOKENS_MAX && !last {
            continue;
        }
        let first = line.clause(start);
        let clause = start..first.end.min(end);
        if noun {
            let mut from = clause.start;
            while from < clause.end && leads(from, COPULAS) {
                from += 1;
            }
            let mut until = clause.end;
            while until > from && tokens[until - 1].is_mark() {
                until -= 1;
            }
            if from < until && until - from <= NOUN_WORDS_MAX {
                return Some(cut(line.slice(from..until)));
            }
        }
        return Some(cut(line.slice(start..end)));
    }
    None
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_VALUE_CHARS_MAX).collect()
}
