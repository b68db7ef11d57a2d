//! Reads one behaviour rule in the customer's words.

use super::Rule;
use super::duty::{Act, Lead, Obligation};
use super::forbidden::Forbidden;
use super::identity::{self, Identity};
use super::limit::{Bound, Limit, Side, Unit};
use super::measure::{self, Topic};
use crate::numbers::language::{Language, language_of};
use crate::numbers::token::Tokens;
use crate::numbers::translate::in_english;
use crate::numbers::{Kind, Quantity, scan_tokens};

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
    if let Some(limit) = limit(tokens, &quantities) {
        return Rule::Limit(limit);
    }
    if let Some(identity) = identity(text, tokens) {
        return Rule::Identity(identity);
    }
    if let Some(duty) = obligation(text, tokens, language) {
        return Rule::Obligation(duty);
    }
    if let Some(forbidden) = forbidden(text, tokens, language) {
        return Rule::Forbidden(forbidden);
    }
    if text.trim().is_empty() {
        return Rule::Empty;
    }
    Rule::Judged(format!("asked of the model: {}", text.trim()))
}

/// "Never reveal our maximum of $75" limits what is told, not what is paid.
fn hides_budget(tokens: &Tokens) -> bool {
    let any = |words: &[&str]| (0..tokens.len()).any(|at| words.contains(&tokens.word(at)));
    any(&["disclose", "reveal", "share", "mention", "tell", "say", "disclosing", "revealing"])
        && any(&["our", "my", "the"])
        && any(&["budget", "maximum", "limit", "ceiling", "max"])
        && (0..tokens.len()).any(|at| is_negative(tokens.word(at)))
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

fn limit(tokens: &Tokens, quantities: &[Quantity]) -> Option<Limit> {
    let money = |quantity: &Quantity| matches!(quantity.kind, Kind::Money { .. });
    if bound(tokens, quantities, money, false).is_some() {
        return price(tokens, quantities);
    }
    other_measure(tokens, quantities).or_else(|| price(tokens, quantities))
}

/// Limits that are no prices: how long, until when, how many.
fn other_measure(tokens: &Tokens, quantities: &[Quantity]) -> Option<Limit> {
    let limit = |unit: Unit, (up, exclusive, quantity): (bool, bool, &Quantity)| {
        let side = if up { Side::Ceiling } else { Side::Floor };
        Limit::new(Bound::new(side, unit, quantity.value, exclusive))
    };
    let any = |_: &Quantity| true;
    if let Some(topic) = Topic::of(tokens, 0..tokens.len()) {
        let durations = measure::durations(tokens, quantities);
        if let Some(found) = bound(tokens, &durations, any, false) {
            let (up, exclusive, quantity) = found;
            let side = if up { Side::Ceiling } else { Side::Floor };
            let mut bound = Bound::new(side, Unit::Duration(topic), quantity.value, exclusive);
            bound.noun = measure::unit_of(tokens, quantity);
            return Some(Limit::new(bound));
        }
    }
    let dates = measure::dates(tokens, None);
    if let Some(found) = bound(tokens, &dates, any, true) {
        let (up, exclusive, quantity) = found;
        let side = if up { Side::Ceiling } else { Side::Floor };
        let mut bound = Bound::new(side, Unit::Date, quantity.value, exclusive);
        let delivery = Topic::of(tokens, 0..tokens.len()) == Some(Topic::Delivery);
        bound.noun = delivery.then(|| "delivery".to_owned());
        return Some(Limit::new(bound));
    }
    let times = measure::times(tokens, quantities, None);
    if let Some(found) = bound(tokens, &times, any, true) {
        return Some(limit(Unit::Time, found));
    }
    let orders = (0..tokens.len()).any(|at| {
        one_of!(tokens.word(at);
            "order" "ordering" "buy" "buying" "purchase" "take" "commit" "book" "reserve" "agree" "accept"
            "request" "sell" "quantity" "quantities" "booking"
        )
    });
    let ordered =
        (0..tokens.len()).any(|at| one_of!(tokens.word(at); "order" "ordering" "book" "reserve"));
    let counted = |quantity: &Quantity| match quantity.kind {
        Kind::Count { .. } => orders,
        Kind::Plain => ordered,
        _ => false,
    };
    let (up, exclusive, quantity) = bound(tokens, quantities, counted, false)?;
    let side = if up { Side::Ceiling } else { Side::Floor };
    let mut bound = Bound::new(side, Unit::Count, quantity.value, exclusive);
    bound.noun = measure::noun_of(tokens, quantity);
    Some(Limit::new(bound))
}

fn price(tokens: &Tokens, quantities: &[Quantity]) -> Option<Limit> {
    let usable = |quantity: &Quantity| {
        matches!(quantity.kind, Kind::Money { .. } | Kind::Plain | Kind::Percent)
    };
    let (up, exclusive, quantity) = bound(tokens, quantities, usable, false)?;
    let unit = match quantity.kind {
        Kind::Percent => Unit::Percent,
        Kind::Money { .. } | Kind::Plain => Unit::Money,
        _ => return None,
    };
    let mut per_unit = quantity.per_unit;
    let mut total = false;
    let mut approval = false;
    let mut strict = false;
    let mut priced = matches!(quantity.kind, Kind::Money { .. } | Kind::Percent);
    for at in 0..tokens.len() {
        let word = tokens.word(at);
        per_unit |= word == "each"
            || (matches!(word, "per" | "a") && tokens.word(at + 1) == "unit")
            || (word == "unit" && tokens.word(at + 1) == "price");
        total |= one_of!(word;
            "total" "purchase" "purchases" "order" "orders" "spend" "budget" "overall" "altogether"
            "invoice" "together"
        );
        approval |= matches!(word, "approval" | "authorization" | "permission" | "authorisation");
        strict |= matches!(word, "mention" | "disclose" | "reveal" | "say" | "discuss");
        priced |= one_of!(word;
            "price" "prices" "pay" "cost" "spend" "budget" "offer" "agree" "accept" "commit"
            "rate" "amount" "quote" "bid" "purchase" "purchases" "sell" "ceiling" "go" "buy"
            "total" "deal" "fee" "charge" "cap" "propose" "rent" "deposit" "fare"
        );
    }
    if !priced {
        return None;
    }
    let currency = match quantity.kind {
        Kind::Money { currency } => currency,
        _ => None,
    };
    let side = if up { Side::Ceiling } else { Side::Floor };
    let total = total && !per_unit;
    let bound = Bound::new(side, unit, quantity.value, exclusive);
    Some(Limit::new(Bound { currency, per_unit, total, approval, strict, ..bound }))
}

/// The amount that limits: whether from above, whether it is itself beyond, and which it is.
///
/// Of days and times `dated` says that "after" and "before" compare.
fn bound<'a>(
    tokens: &Tokens,
    quantities: &'a [Quantity],
    usable: impl Fn(&Quantity) -> bool,
    dated: bool,
) -> Option<(bool, bool, &'a Quantity)> {
    let negative = (0..tokens.len()).any(|at| is_negative(tokens.word(at)));
    let only = (0..tokens.len()).any(|at| tokens.word(at) == "only");
    for quantity in quantities.iter().filter(|quantity| usable(quantity)) {
        // "Ask for a discount if it is above 60" limits nothing.
        if !negative && !only && is_condition(tokens, quantity.tokens.0 as usize) {
            continue;
        }
        let (start, end) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
        let behind = (tokens.word(end), tokens.word(end + 1));
        match behind {
            ("or", "more" | "higher" | "above" | "over") => {
                return Some((negative, negative, quantity));
            }
            ("or", "less" | "lower" | "below" | "under") => {
                return Some((!negative, negative, quantity));
            }
            _ => {}
        }
        // "or more" may have been read as part of the amount.
        if quantity.approx && tokens.word_before(end, 2) == "or" {
            return Some((negative, negative, quantity));
        }
        const LOOK_BACK_TOKENS: usize = 6;
        for at in (start.saturating_sub(LOOK_BACK_TOKENS)..start).rev() {
            let (word, next) = (tokens.word(at), tokens.word(at + 1));
            if matches!((word, next), ("at", "most") | ("up", "to")) {
                let barred = word == "up" && negative;
                return Some((true, barred, quantity));
            }
            if matches!((word, next), ("at", "least")) {
                return Some((false, false, quantity));
            }
            if one_of!(word;
                "maximum" "max" "ceiling" "cap" "limit" "capped" "most"
            ) {
                return Some((true, false, quantity));
            }
            if matches!(word, "minimum" | "min" | "floor" | "least") {
                return Some((false, false, quantity));
            }
            if dated && matches!(word, "after" | "before" | "by" | "until" | "till") {
                let up = word == "after";
                let barred = !negative && matches!(word, "after" | "before");
                return Some((up == negative, barred, quantity));
            }
            if let Some((up, _)) = comparison(tokens, at) {
                let stays = !negative;
                return Some((up != stays, false, quantity));
            }
        }
        if one_of!(tokens.word(end); "is" "are" "be") {
            for at in end + 1..end + 5 {
                match tokens.word(at) {
                    "most" | "maximum" | "max" | "limit" | "ceiling" | "cap" | "highest" => {
                        return Some((true, false, quantity));
                    }
                    "minimum" | "min" | "floor" | "lowest" | "least" => {
                        return Some((false, false, quantity));
                    }
                    _ => {}
                }
            }
        }
        let exceeded = (end..end + 4).any(|at| one_of!(tokens.word(at); "exceed" "exceeds"));
        if exceeded && negative {
            return Some((true, false, quantity));
        }
        if matches!(behind.0, "maximum" | "max" | "tops" | "ceiling" | "limit" | "cap") {
            return Some((true, false, quantity));
        }
        if matches!(behind.0, "minimum" | "min" | "floor") {
            return Some((false, false, quantity));
        }
    }
    None
}

/// The part of the sentence before `at` opens with "if" or "when".
fn is_condition(tokens: &Tokens, at: usize) -> bool {
    for back in (0..at).rev() {
        if one_of!(tokens.word(back); "if" "when" "whenever" "unless" "once" "until" "while") {
            return true;
        }
        if matches!(tokens.mark(back), Some(',' | '.' | ';')) {
            return false;
        }
    }
    false
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
            one_of!(tokens.word(at); "claim" "pretend" "say" "tell" "claiming" "pretending" "act" "dis")
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
    // "Stelle dich als Alex vor": the verb's other half.
    let object = rest(text, from);
    Identity::new(object.strip_suffix(" vor").unwrap_or(object))
}

fn obligation(text: &str, tokens: &Tokens, language: Language) -> Option<Obligation> {
    const ASKING: &[&str] = &["ask", "request", "inquire", "enquire", "get", "obtain", "find"];
    const TELLING: &[&str] = &["mention", "say", "tell", "state", "include", "confirm", "thank"];
    let mut bound = None;
    let last = (0..tokens.len()).rev().find(|at| !tokens.word(*at).is_empty())?;
    for at in (0..tokens.len().min(12)).chain([last]) {
        let word = tokens.word(at);
        // "Don't forget to ask" binds as "always" does.
        let reminds = |at: usize| matches!(tokens.word(at), "forget" | "fail" | "omit");
        if is_negative(word) && !reminds(at + 1) {
            return None;
        }
        // What hangs on a condition is for somebody who understands it.
        if one_of!(word; "if" "when" "whenever" "unless" "in" "case") {
            return None;
        }
        if reminds(at) || one_of!(word; "always" "must" "sure" "remember" "ensure" "need") {
            bound = bound.or(Some(at));
        }
        let act = if ASKING.contains(&word) && (bound.is_some() || at == 0) {
            Act::Ask
        } else if TELLING.contains(&word) && (bound.is_some() || tokens.word(at + 1) == "always") {
            Act::Tell
        } else {
            continue;
        };
        // "Immer nach … fragen": the verb comes last.
        if at == last {
            let (lead, from) = Lead::behind(tokens, bound? + 1, word);
            let (start, end) = (tokens.get(from)?.start as usize, tokens.get(at)?.start as usize);
            return Obligation::new(act, rest(text.get(..end)?, start), lead, language);
        }
        let (lead, from) = Lead::behind(tokens, at + 1, word);
        if is_manner(tokens, from)
            || matches!(word, "get" | "obtain" | "find") && lead.is_idle(tokens, from)
        {
            return None;
        }
        let hangs =
            (from + 1..tokens.len()).any(|at| one_of!(tokens.word(at); "if" "when" "unless"));
        if hangs {
            return None;
        }
        let start = tokens.get(from)?.start as usize;
        return Obligation::new(act, rest(text, start), lead, language);
    }
    None
}

/// "Always ask politely", "always tell the truth": how it is done, not what is said.
fn is_manner(tokens: &Tokens, at: usize) -> bool {
    let at = at + usize::from(matches!(tokens.word(at), "the" | "a" | "open"));
    let word = tokens.word(at);
    word.ends_with("ly") && word.len() > 4 && word != "supply"
        || one_of!(word;
            "truth" "before" "twice" "again" "first" "questions" "permission" "question" "honest"
            "patient" "straight" "back" "only" "in" "with"
        )
}

fn forbidden(text: &str, tokens: &Tokens, language: Language) -> Option<Forbidden> {
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
    Forbidden::new(object, literal, language)
}
