//! Reads what a rule wants asked or said before a call ends.

use super::{is_negative, rest};
use crate::numbers::language::Language;
use crate::numbers::token::Tokens;
use crate::rules::duty::{Act, Lead, Obligation};

pub(super) fn obligation(text: &str, tokens: &Tokens, language: Language) -> Option<Obligation> {
    const ASKING: &[&str] = &["ask", "request", "inquire", "enquire", "get", "obtain", "find"];
    const TELLING: &[&str] =
        &["mention", "say", "tell", "state", "include", "confirm", "thank", "inform", "let"];
    let text = without_occasion(text);
    let end = text.len();
    let mut bound = None;
    let kept = |at: &usize| tokens.get(*at).is_some_and(|token| (token.start as usize) < end);
    let last = (0..tokens.len()).rev().find(|at| kept(at) && !tokens.word(*at).is_empty())?;
    let without = owed(tokens);
    for at in (without.unwrap_or(0)..tokens.len().min(without.unwrap_or(0) + 12)).chain([last]) {
        let word = infinitive(tokens.word(at));
        // "Don't forget to ask" binds as "always" does.
        let reminds = |at: usize| matches!(tokens.word(at), "forget" | "fail" | "omit");
        if is_negative(word) && !reminds(at + 1) {
            return None;
        }
        // What hangs on a condition is for somebody who understands it.
        if one_of!(word; "if" "when" "whenever" "unless" "in" "case") {
            return None;
        }
        if reminds(at)
            || without.is_some()
            || one_of!(word; "always" "must" "sure" "remember" "ensure" "need")
        {
            bound = bound.or(Some(at));
        }
        let opens = (at == 0 || at == 1 && tokens.word(0) == "please")
            && !(at + 1..at + 4).any(|at| is_negative(tokens.word(at)) || tokens.word(at) == "ne");
        let act = if ASKING.contains(&word) && (bound.is_some() || opens) {
            Act::Ask
        } else if TELLING.contains(&word)
            && (bound.is_some()
                || tokens.word(at + 1) == "always"
                || opens && states(tokens, at, word))
        {
            Act::Tell
        } else {
            continue;
        };
        if word == "thank" {
            return Obligation::thanks();
        }
        // "Immer nach … fragen": the verb comes last.
        if at == last && bound.is_some() {
            let (lead, from) = Lead::behind(tokens, bound? + 1, word);
            let (start, end) = (tokens.get(from)?.start as usize, tokens.get(at)?.start as usize);
            // "… nach einer Quittung zu fragen".
            let object = rest(text.get(..end)?, start);
            return Obligation::new(
                act,
                object.strip_suffix(" zu").unwrap_or(object),
                lead,
                language,
            );
        }
        let (lead, from) = Lead::behind(tokens, at + 1, word);
        if is_manner(tokens, from)
            || matches!(word, "get" | "obtain" | "find") && lead.is_idle(tokens, from)
        {
            return None;
        }
        let hangs = (from + 1..tokens.len())
            .any(|at| kept(&at) && one_of!(tokens.word(at); "if" "when" "unless"));
        if hangs {
            return None;
        }
        let start = tokens.get(from)?.start as usize;
        return Obligation::new(act, rest(text, start), lead, language);
    }
    None
}

/// "Don't hang up without asking for …": the verb that is owed.
fn owed(tokens: &Tokens) -> Option<usize> {
    let without = (0..tokens.len()).find(|at| tokens.word(*at) == "without")?;
    let ends = (0..without)
        .any(|at| one_of!(tokens.word(at); "hang" "end" "finish" "leave" "close" "conclude"));
    let verb = tokens.word(without + 1);
    (ends && infinitive(verb) != verb).then_some(without + 1)
}

fn infinitive(word: &str) -> &str {
    match word {
        "asking" => "ask",
        "requesting" => "request",
        "getting" => "get",
        "obtaining" => "obtain",
        "mentioning" => "mention",
        "saying" => "say",
        "telling" => "tell",
        "confirming" => "confirm",
        "thanking" => "thank",
        word => word,
    }
}

/// Whether a rule that begins with the verb names something that can be said: "say that the call is
/// recorded", "confirm the date", but not "say as little as possible".
fn states(tokens: &Tokens, at: usize, verb: &str) -> bool {
    let skip = usize::from(one_of!(tokens.word(at + 1); "them" "him" "her"));
    let comma = usize::from(tokens.mark(at + 1 + skip) == Some(','));
    let next = tokens.word(at + 1 + skip + comma);
    match verb {
        "thank" | "mention" => true,
        "confirm" => {
            one_of!(next; "the" "that" "our" "my" "date" "time" "price" "address" "your" "their")
        }
        "let" => tokens.word(at + 2) == "know",
        "say" | "tell" | "inform" | "state" => {
            one_of!(next; "that" "we" "it's" "we're" "this" "the" "i" "our" "my" "i'm")
        }
        _ => false,
    }
}

/// The rule without the occasion at its end: "… before hanging up", "… at the end of the call".
fn without_occasion(text: &str) -> &str {
    const OCCASIONS: &[&str] = &[
        " before hanging up",
        " before you hang up",
        " before ending",
        " before you end",
        " before the end",
        " before the call ends",
        " before finishing",
        " before closing",
        " before we hang up",
        " before saying goodbye",
        " at the end",
        " at the beginning",
        " at the start",
        " by the end",
        " during the call",
        " on every call",
        " on each call",
        " in every call",
        " at some point",
        " at least once",
        " when ending",
        " when hanging up",
        " am ende",
        " bevor du auflegst",
        " vor dem auflegen",
        " am anfang",
        " al final",
        " antes de colgar",
        " antes de terminar",
        " al principio",
        " a la fin",
        " à la fin",
        " avant de raccrocher",
        " avant la fin",
        " au début",
        " au debut",
    ];
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return text;
    }
    let cut = OCCASIONS.iter().filter_map(|occasion| lower.find(occasion)).min();
    cut.and_then(|cut| text.get(..cut)).unwrap_or(text)
}

/// "Always ask politely", "always tell the truth": how it is done, not what is said.
fn is_manner(tokens: &Tokens, at: usize) -> bool {
    let at = at + usize::from(matches!(tokens.word(at), "the" | "a" | "open"));
    let word = tokens.word(at);
    word.ends_with("ly") && word.len() > 4 && word != "supply"
        || one_of!(word;
            "truth" "before" "twice" "again" "first" "questions" "permission" "question" "honest"
            "patient" "straight" "back" "only" "in" "with" "as" "little" "nothing" "less"
        )
}
