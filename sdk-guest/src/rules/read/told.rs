//! Reads what a rule does not want told: words, numbers, matters.

use super::{is_negative, judged, rest};
use crate::numbers::language::Language;
use crate::numbers::token::Tokens;
use crate::rules::Rule;
use crate::rules::forbidden::Forbidden;
use crate::rules::secret::Secret;

/// "Don't give out my number 415-555-0132", "never give my date of birth": what is private is told by
/// its digits, whatever verb the rule has.
pub(super) fn private(text: &str, tokens: &Tokens, language: Language) -> Option<Rule> {
    let any = |words: &[&str]| (0..tokens.len()).any(|at| words.contains(&tokens.word(at)));
    let negative =
        (0..tokens.len()).any(|at| is_negative(tokens.word(at)) || tokens.word(at) == "ne");
    let kept = any(&["private", "secret", "confidential"]);
    if !(negative || kept)
        || any(&["dial", "text", "quoted", "above", "below", "than", "over", "under"])
    {
        return None;
    }
    let birth = any(&["birthday", "birthdate", "dob", "geburtsdatum", "geburtstag", "cumpleanos"])
        || any(&["birth", "nacimiento", "naissance"]) && any(&["date", "day", "fecha", "date"]);
    let gives = any(&[
        "give", "share", "tell", "disclose", "reveal", "provide", "say", "mention", "des", "digas",
    ]);
    if birth && (gives || !any(&["ask"])) {
        return Some(judged(text, Some(Rule::Secret(Secret::birth(text.trim())))));
    }
    let personal = (0..tokens.len()).any(|at| is_personal(tokens.word(at))) || text.contains('@');
    if !gives && !personal {
        return None;
    }
    // "My PIN 4821": four digits are a number if the rule calls them one.
    let coded = any(&["pin", "code", "cvv", "password", "digits"]);
    let private =
        Forbidden::private(text, if coded { CODE_DIGITS_MIN } else { NUMBER_DIGITS_MIN })?;
    // A name beside it, as of a street, is as private.
    let named = forbidden(text, tokens, language);
    Some(Rule::Forbidden(
        named.map_or(private.clone(), |named| private.with_names_of(named, is_personal)),
    ))
}

const NUMBER_DIGITS_MIN: usize = 7;
const CODE_DIGITS_MIN: usize = 4;

/// Numbers that belong to somebody; those of other languages are left as they are in a translation.
fn is_personal(word: &str) -> bool {
    one_of!(word;
        "number" "phone" "mobile" "cell" "card" "account" "email" "e-mail" "mail" "address" "iban" "ssn" "security"
        "passport" "license" "pin" "code" "contact" "telephone" "id" "telefonnummer" "nummer" "handynummer"
        "kontonummer" "kartennummer" "adresse" "telefono" "numero" "tarjeta" "cuenta" "correo" "carte" "compte"
    )
}

/// "Don't tell them that we are in a hurry": a sentence is told in many words, so a model judges as well.
pub(super) fn secret(text: &str, tokens: &Tokens, language: Language) -> Option<Secret> {
    let object = told(text, tokens)?;
    let plain = Tokens::of(object);
    let stated = one_of!(plain.word(0);
        "the" "a" "that" "we" "we're" "i" "i'm" "it" "it's" "this" "he" "she" "they" "my" "our" "there" "how" "why" "dass" "que"
        "qu'il" "qu'on" "nous"
    );
    let clause = one_of!(plain.word(0); "we" "he" "she" "they") || (1..plain.len()).any(|at| {
        one_of!(plain.word(at);
            "is" "are" "was" "were" "am" "have" "has" "had" "need" "want" "will" "got" "can" "cannot" "can't" "do"
            "don't" "would" "ist" "sind" "haben" "hat" "wir" "ich" "es" "nous" "on" "tenemos" "estamos" "somos" "est"
            "sommes" "hay"
        ) || plain.word(at).ends_with("'re") || plain.word(at).ends_with("'ve")
    }) || one_of!(plain.word(0); "we're" "i'm" "it's" "dass" "que" "qu'il" "qu'on");
    if !stated || !clause || Forbidden::names(object) {
        return None;
    }
    Secret::new(object, language)
}

/// "Don't discuss salary", "do not bring up the lawsuit".
pub(super) fn topic(text: &str, tokens: &Tokens, language: Language) -> Option<Secret> {
    let verb = (0..tokens.len()).find(|at| {
        one_of!(tokens.word(*at); "discuss" "discussing" "bring" "talk" "speak" "talking" "mention" "refer")
    })?;
    let negative = (0..tokens.len()).any(|at| is_negative(tokens.word(at)));
    let object = rest(text, tokens.get(verb)?.end as usize);
    let object = object.strip_prefix("up ").or(object.strip_prefix("about ")).unwrap_or(object);
    negative.then(|| Secret::topics(object, language)).flatten()
}

/// What a rule does not want told, behind its verb.
fn told<'a>(text: &'a str, tokens: &Tokens) -> Option<&'a str> {
    const VERB_TOKENS: usize = 5;
    let negative = |word: &str| is_negative(word) || word == "ne";
    let negative = (0..tokens.len()).find(|at| negative(tokens.word(*at)))?;
    let near = negative.saturating_sub(3)..tokens.len().min(negative + VERB_TOKENS);
    let mut verb = near.clone().find(|at| is_telling(tokens.word(*at)))?;
    verb = verb.max(negative);
    while one_of!(tokens.word(verb + 1); "know" "them" "anyone" "anybody" "him" "her" "to" "the" "other" "side" "people" "nicht" "not" "pas")
        || tokens.mark(verb + 1) == Some(',')
    {
        verb += 1;
    }
    Some(rest(text, tokens.get(verb)?.end as usize).trim_start_matches([',', ' ']))
}

fn is_telling(word: &str) -> bool {
    one_of!(word;
        "say" "saying" "tell" "telling" "mention" "mentioning" "reveal" "revealing" "admit" "disclose" "share" "let"
        "know" "sag" "sage" "sagen" "digas" "diga" "dites" "dis" "state" "imply" "suggest" "confess"
    )
}

/// "Never reveal our maximum of $75" limits what is told, not what is paid.
pub(super) fn hides_budget(tokens: &Tokens) -> bool {
    let any = |words: &[&str]| (0..tokens.len()).any(|at| words.contains(&tokens.word(at)));
    any(&["disclose", "reveal", "share", "mention", "tell", "say", "disclosing", "revealing"])
        && any(&["our", "my", "the"])
        && any(&["budget", "maximum", "limit", "ceiling", "max"])
        && (0..tokens.len()).any(|at| is_negative(tokens.word(at)))
}

pub(super) fn forbidden(text: &str, tokens: &Tokens, language: Language) -> Option<Forbidden> {
    const VERB_TOKENS: usize = 5;
    let negative = (0..tokens.len()).find(|at| is_negative(tokens.word(*at)))?;
    let last = (0..tokens.len()).rev().find(|at| !tokens.word(*at).is_empty())?;
    let near = negative + 1..tokens.len().min(negative + VERB_TOKENS);
    let before = negative.saturating_sub(3)..negative;
    let verb = near.chain([last]).chain(before).find(|at| {
        one_of!(tokens.word(*at);
            "mention" "mentioning" "say" "saying" "use" "using" "utter" "name" "disclose"
            "disclosing" "reveal" "revealing" "discuss" "discussing" "tell" "telling" "share"
            "sharing" "talk" "talking" "call" "refer" "bring" "speak" "give" "giving" "provide"
        )
    })?;
    // "Never use slang", "never discuss politics" are about more than the word.
    let literal = !one_of!(tokens.word(verb); "discuss" "discussing" "use" "using" "call" "refer" "bring" "speak" "give" "giving" "provide");
    let object = if verb == last && verb > negative + 1 {
        let end = tokens.get(verb)?.start as usize;
        rest(text.get(..end)?, tokens.get(negative)?.end as usize)
    } else {
        rest(text, tokens.get(verb.max(negative))?.end as usize)
    };
    let topical = one_of!(tokens.word(verb);
        "disclose" "disclosing" "reveal" "revealing" "share" "sharing" "give" "giving" "provide" "discuss" "tell" "telling"
    );
    let forbidden = Forbidden::new(object, literal, language)?;
    Some(if topical { forbidden.into_topic() } else { forbidden })
}
