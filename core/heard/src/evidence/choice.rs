//! One of several choices, named in its own words or in others.

use std::ops::Range;
use std::sync::OnceLock;

use super::lexicon::{folded, meanings};
use super::profile::{Profile, name_words};
use super::quote::{ASKED_MIN, claimed, question_about};
use super::scene::{Line, Scene};
use crate::schema::FieldType;

/// The choice that an answer names, in its own words or in words that mean the same.
pub(super) fn choice(scene: &Scene, field: &Profile, all: &[Profile]) -> Option<String> {
    let FieldType::Choice(choices) = &field.field.kind else { return None };
    let mut found: Option<&String> = None;
    for (_, line) in scene.theirs() {
        let asked = question_about(scene, line, field);
        let claimed = claimed(scene, line, field, all, asked);
        let about = asked >= ASKED_MIN && !claimed;
        let offered = scene.question(line).is_some_and(|(ours, sentences)| {
            sentences
                .iter()
                .any(|one| choices.iter().any(|choice| hits(ours, one.clone(), choice) >= 1.0))
        });
        let mut best: Option<(f32, &String)> = None;
        let mut tied = false;
        for (clause, asks) in line.clauses() {
            if asks || is_denied(line, clause.clone()) && !is_plain_denial(choices) {
                continue;
            }
            let told = field.about(line, clause.clone()) >= ASKED_MIN;
            for choice in choices {
                let said = hits(line, clause.clone(), choice);
                let in_passing = said >= 1.0 && !claimed && !is_level(choice);
                if !(said >= 0.5 && (about || offered || told) || in_passing) {
                    continue;
                }
                if best.is_some_and(|(known, other)| (known - said).abs() < 0.01 && other != choice)
                {
                    tied = true;
                } else if best.is_none_or(|(known, _)| said > known) {
                    best = Some((said, choice));
                    tied = false;
                }
            }
        }
        if let Some((_, choice)) = best.filter(|_| !tied) {
            found = Some(choice);
        }
    }
    found.cloned()
}

/// A word that much else is said with.
fn is_level(choice: &str) -> bool {
    const LEVELS: &[&str] = &[
        "high",
        "medium",
        "low",
        "good",
        "bad",
        "yes",
        "no",
        "none",
        "other",
        "new",
        "open",
        "unknown",
        "morning",
        "afternoon",
        "evening",
        "phone",
        "email",
        "both",
        "any",
    ];
    LEVELS.contains(&choice.to_lowercase().as_str())
}

fn is_plain_denial(choices: &[String]) -> bool {
    choices.iter().any(|choice| choice.eq_ignore_ascii_case("no"))
}

pub(super) fn is_denied(line: &Line, clause: Range<usize>) -> bool {
    const NOT: &[&str] = &[
        "not", "don't", "doesn't", "isn't", "aren't", "can't", "no", "never", "nicht", "kein",
        "keine", "pas", "without",
    ];
    line.says(clause, NOT)
}

/// How much of a choice's words, or of what they mean, is said in a range.
pub(super) fn hits(line: &Line, range: Range<usize>, choice: &str) -> f32 {
    const SMALL: &[&str] = &["in", "on", "of", "the", "a", "and", "or", "to", "for", "is"];
    let mut words = name_words(choice);
    if words.len() > 1 {
        words.retain(|word| !SMALL.contains(&word.as_str()));
    }
    if words.is_empty() {
        return 0.0;
    }
    if line.says(range.clone(), synonyms(choice)) {
        return 1.2;
    }
    let sets = meanings(&words);
    let means = line.means(range.clone());
    let mut hits = 0.0;
    for (word, set) in words.iter().zip(&sets) {
        let own = if word.chars().count() < 3 {
            line.says(range.clone(), &[word])
        } else {
            line.names(range.clone(), word)
        };
        hits += if own {
            1.0
        } else if set.meets(means) {
            0.8
        } else {
            0.0
        };
    }
    hits / words.len() as f32
}

/// Other ways to say what schemas call their choices.
fn synonyms(choice: &str) -> &'static [&'static str] {
    type Group = (Vec<&'static str>, Vec<&'static str>);
    static GROUPS: OnceLock<Vec<Group>> = OnceLock::new();
    let groups = GROUPS.get_or_init(|| {
        let lines = include_str!("choices.txt").lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| line.split_once(':'))
            .map(|(names, phrases)| {
                (names.split_whitespace().collect(), phrases.split(';').map(str::trim).collect())
            })
            .collect()
    });
    let name = folded(choice).replace([' ', '-'], "_");
    let group = groups.iter().find(|(names, _)| names.contains(&name.as_str()));
    group.map_or(&[], |(_, phrases)| phrases.as_slice())
}
