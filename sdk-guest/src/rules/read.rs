//! Reads one behaviour rule in the customer's words.

use super::Rule;
use super::avoid::Avoid;
use super::days;
use super::identity::{self, Identity};
use super::limit::{Bound, Limit, Side, Unit};
use super::measure;
use crate::numbers::language::{Language, language_of};
use crate::numbers::scan_tokens;
use crate::numbers::token::Tokens;
use crate::numbers::translate::in_english;
use limits::limit;
use owed::obligation;
use told::{forbidden, hides_budget, private, secret, topic};

mod limits;
mod owed;
mod told;

/// The rule and the language it is in.
pub(super) fn rule(text: &str) -> (Rule, Language) {
    let plain = Tokens::of(text);
    let language = language_of(&plain, Language::English);
    let tokens = in_english(&plain, language).unwrap_or(plain);
    (understood(text, &tokens, language), language)
}

fn understood(text: &str, tokens: &Tokens, language: Language) -> Rule {
    let mut quantities = Vec::new();
    scan_tokens(tokens, &mut quantities);
    if hides_budget(tokens)
        && let Some(forbidden) = forbidden(text, tokens, language)
    {
        return Rule::Forbidden(forbidden);
    }
    if let Some(private) = private(text, tokens, language) {
        return private;
    }
    if let Some(limit) = limit(tokens, &quantities) {
        return Rule::Limit(limit);
    }
    // A date without the name of its day is for somebody with a calendar.
    if let Some(barred) = days::barred(tokens) {
        let bound = Bound::new(Side::Ceiling, Unit::Days(barred), 0, false);
        return judged(text, Some(Rule::Limit(Limit::new(bound))));
    }
    let dated = !days::days(tokens).is_empty();
    if let Some((up, exclusive, value)) = measure::part_limit(tokens).filter(|_| !dated) {
        let side = if up { Side::Ceiling } else { Side::Floor };
        return Rule::Limit(Limit::new(Bound::new(side, Unit::Time, value, exclusive)));
    }
    if let Some(identity) = identity(text, tokens) {
        return Rule::Identity(identity);
    }
    if let Some(duty) = obligation(text, tokens, language) {
        return Rule::Obligation(duty);
    }
    if let Some(secret) = secret(text, tokens, language) {
        return judged(text, Some(Rule::Secret(secret)));
    }
    if let Some(forbidden) = forbidden(text, tokens, language) {
        return Rule::Forbidden(forbidden);
    }
    if text.trim().is_empty() {
        return Rule::Empty;
    }
    let topic = topic(text, tokens, language).map(Rule::Secret);
    judged(text, topic.or_else(|| Avoid::of(tokens).map(Rule::Avoid)))
}

fn judged(text: &str, watched: Option<Rule>) -> Rule {
    Rule::Judged(format!("asked of the model: {}", text.trim()), watched.map(Box::new))
}

pub(super) fn is_negative(word: &str) -> bool {
    one_of!(word;
        "never" "not" "don't" "dont" "no" "avoid" "refuse" "cannot" "can't" "cant" "won't"
        "mustn't" "shouldn't" "nothing" "reject" "decline" "nor" "without"
    )
}

/// The direction a comparison looks, and the token behind it.
pub(super) fn comparison(tokens: &Tokens, at: usize) -> Option<(bool, usize)> {
    let found = match (tokens.word(at), tokens.word(at + 1)) {
        ("more" | "higher" | "greater" | "larger" | "bigger" | "costlier", "than") => (true, 2),
        ("less" | "lower" | "smaller" | "cheaper" | "fewer", "than") => (false, 2),
        ("longer" | "later", "than") => (true, 2),
        ("shorter" | "earlier" | "sooner", "than") => (false, 2),
        ("upwards" | "north", "of") => (true, 2),
        ("south", "of") => (false, 2),
        ("above" | "over" | "exceed" | "exceeds" | "exceeding" | "beyond" | "past", _) => (true, 1),
        ("below" | "under" | "beneath" | "underneath", _) => (false, 1),
        _ => return None,
    };
    Some((found.0, at + found.1))
}

/// Byte position in `text` behind the words `lead`, if they stand in it one after the other.
fn behind(tokens: &Tokens, lead: &[&str]) -> Option<usize> {
    for at in 0..tokens.len() {
        if lead.iter().enumerate().all(|(number, word)| tokens.word(at + number) == *word) {
            return tokens.get(at + lead.len() - 1).map(|token| token.end as usize);
        }
    }
    None
}

fn rest(text: &str, from: usize) -> &str {
    text.get(from..).unwrap_or("").trim().trim_end_matches(['.', '!', ';']).trim()
}

fn identity(text: &str, tokens: &Tokens) -> Option<Identity> {
    const LEADS: &[&[&str]] = &[
        &["identify", "yourself", "as"],
        &["introduce", "yourself", "as"],
        &["introduce", "yourself", "always", "as"],
        &["present", "yourself", "as"],
        &["say", "your", "name", "is"],
        &["say", "you", "are"],
        &["say", "you're"],
        &["call", "yourself"],
    ];
    // A short rule in French does not tell its language.
    let negative = |word: &str| is_negative(word) || word == "ne";
    if (0..tokens.len()).any(|at| negative(tokens.word(at))) {
        let claims = (0..tokens.len()).any(|at| {
            one_of!(tokens.word(at); "claim" "pretend" "say" "tell" "lie" "lying" "claiming" "pretending" "act" "dis")
        });
        let human = (0..tokens.len()).any(|at| {
            identity::is_human(tokens.word(at)) && !matches!(tokens.word(at + 1), "resources")
        });
        let as_human =
            (1..tokens.len()).any(|at| tokens.word(at) == "mensch" && tokens.word(at - 1) == "als");
        let denies = (0..tokens.len()).any(|at| one_of!(tokens.word(at); "deny" "denying"))
            && (0..tokens.len()).any(|at| identity::is_machine(tokens.word(at)));
        return (claims && human || as_human || denies).then(Identity::machine);
    }
    let from = LEADS.iter().find_map(|lead| behind(tokens, lead))?;
    // "Identify yourself as an AI assistant if asked": nothing has to be said unasked.
    if (0..tokens.len()).any(|at| one_of!(tokens.word(at); "if" "when")) {
        let machine = (0..tokens.len()).any(|at| identity::is_machine(tokens.word(at)));
        return machine.then(Identity::machine);
    }
    // "Stelle dich als Alex vor": the verb's other half.
    let object = rest(text, from);
    Identity::new(object.strip_suffix(" vor").unwrap_or(object))
}
