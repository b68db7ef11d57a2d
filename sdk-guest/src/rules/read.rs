//! Reads one behaviour rule in the customer's words.

use super::Rule;
use super::limit::{Bound, Limit, Side, Unit};
use super::phrase::{Act, Forbidden, Identity, Obligation};
use crate::numbers::token::Tokens;
use crate::numbers::{Kind, Quantity, scan_tokens};

pub(super) fn rule(text: &str) -> Rule {
    let tokens = Tokens::of(text);
    let mut quantities = Vec::new();
    scan_tokens(&tokens, &mut quantities);
    if let Some(limit) = limit(&tokens, &quantities) {
        return Rule::Limit(limit);
    }
    if let Some(identity) = identity(text, &tokens) {
        return Rule::Identity(identity);
    }
    if let Some(duty) = obligation(text, &tokens) {
        return Rule::Obligation(duty);
    }
    if let Some(forbidden) = forbidden(text, &tokens) {
        return Rule::Forbidden(forbidden);
    }
    Rule::Prompt(format!("asked of the model: {}", text.trim()))
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
        ("upwards" | "north", "of") => (true, 2),
        ("south", "of") => (false, 2),
        ("above" | "over" | "exceed" | "exceeds" | "exceeding" | "beyond" | "past", _) => (true, 1),
        ("below" | "under" | "beneath" | "underneath", _) => (false, 1),
        _ => return None,
    };
    Some((found.0, at + found.1))
}

fn limit(tokens: &Tokens, quantities: &[Quantity]) -> Option<Limit> {
    let (up, exclusive, quantity) = bound(tokens, quantities)?;
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
            "total" "deal" "fee" "charge" "cap" "propose"
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
    let value = quantity.value;
    let total = total && !per_unit;
    Some(Limit::new(Bound {
        side,
        unit,
        value,
        currency,
        per_unit,
        total,
        exclusive,
        approval,
        strict,
    }))
}

/// The amount that limits: whether from above, whether it is itself beyond, and which it is.
fn bound<'a>(tokens: &Tokens, quantities: &'a [Quantity]) -> Option<(bool, bool, &'a Quantity)> {
    let negative = (0..tokens.len()).any(|at| is_negative(tokens.word(at)));
    let usable = |quantity: &&Quantity| {
        matches!(quantity.kind, Kind::Money { .. } | Kind::Plain | Kind::Percent)
    };
    for quantity in quantities.iter().filter(usable) {
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
            if let Some((up, _)) = comparison(tokens, at) {
                let stays = !negative;
                return Some((up != stays, false, quantity));
            }
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
        &["present", "yourself", "as"],
        &["say", "your", "name", "is"],
        &["say", "you", "are"],
        &["say", "you're"],
        &["call", "yourself"],
    ];
    if (0..tokens.len()).any(|at| is_negative(tokens.word(at))) {
        return None;
    }
    let from = LEADS.iter().find_map(|lead| behind(tokens, lead))?;
    Identity::new(rest(text, from))
}

fn obligation(text: &str, tokens: &Tokens) -> Option<Obligation> {
    const ASKING: &[&str] = &["ask", "request", "inquire", "enquire", "get", "obtain"];
    const TELLING: &[&str] = &["mention", "say", "tell", "state", "include", "confirm", "thank"];
    let mut bound = false;
    for at in 0..tokens.len().min(12) {
        let word = tokens.word(at);
        if is_negative(word) {
            return None;
        }
        bound |= matches!(word, "always" | "must" | "sure" | "remember" | "ensure" | "need");
        let act = if ASKING.contains(&word) && (bound || at == 0) {
            Act::Ask
        } else if TELLING.contains(&word) && bound {
            Act::Tell
        } else {
            continue;
        };
        let mut from = at + 1;
        while one_of!(tokens.word(from);
            "for" "about" "if" "whether" "them" "that" "what" "to" "their" "they" "us"
        ) {
            from += 1;
        }
        let start = tokens.get(from)?.start as usize;
        return Obligation::new(act, rest(text, start));
    }
    None
}

fn forbidden(text: &str, tokens: &Tokens) -> Option<Forbidden> {
    const VERB_TOKENS: usize = 5;
    let negative = (0..tokens.len()).find(|at| is_negative(tokens.word(*at)))?;
    let mut verbs = negative + 1..tokens.len().min(negative + VERB_TOKENS);
    let verb = verbs.find(|at| {
        one_of!(tokens.word(*at);
            "mention" "mentioning" "say" "saying" "use" "using" "utter" "name" "disclose"
            "disclosing" "reveal" "revealing" "discuss" "discussing" "tell" "telling" "share"
            "sharing" "talk" "talking" "call" "refer" "bring" "speak"
        )
    })?;
    // "Never use slang" is about more than the word.
    let literal = !one_of!(tokens.word(verb); "use" "using" "call" "refer" "bring" "speak");
    let from = tokens.get(verb)?.end as usize;
    Forbidden::new(rest(text, from), literal)
}
