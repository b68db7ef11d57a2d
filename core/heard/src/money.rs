//! Money, quantities and plain numbers.

use super::find::is_plain_word;
use super::number::{Number, number_at, tens_word};
use super::talk::Value;
use super::token::{Token, any_phrase, sentence_around};
use super::when::Match;

pub(crate) fn currency_symbol(mark: &str) -> Option<&'static str> {
    match mark {
        "$" => Some("USD"),
        "€" => Some("EUR"),
        "£" => Some("GBP"),
        "¥" => Some("JPY"),
        "₹" => Some("INR"),
        _ => None,
    }
}

pub(crate) fn currency_word(word: &str) -> Option<&'static str> {
    let code = match word {
        "dollar" | "dollars" | "buck" | "bucks" | "usd" | "cent" | "cents" => "USD",
        "euro" | "euros" | "eur" => "EUR",
        "pound" | "pounds" | "quid" | "gbp" | "sterling" | "pence" => "GBP",
        "yen" | "jpy" => "JPY",
        "rupee" | "rupees" | "inr" => "INR",
        "franc" | "francs" | "chf" => "CHF",
        "cad" => "CAD",
        "aud" => "AUD",
        "yuan" | "rmb" | "renminbi" | "cny" => "CNY",
        "peso" | "pesos" | "mxn" => "MXN",
        _ => return None,
    };
    Some(code)
}

/// Money that says so itself: a symbol, a currency word, or a price for each.
pub(crate) fn marked_money_at(tokens: &[Token], at: usize) -> Match {
    if let Some(found) = with_symbol(tokens, at) {
        return Some(found);
    }
    if let Some(found) = one_and_cents(tokens, at) {
        return Some(found);
    }
    let (number, paired) = price_number(tokens, at)?;
    let after = at + number.tokens;
    if let Some(word) = tokens.get(after).filter(|word| word.is_word())
        && let Some(currency) = currency_word(&word.text)
    {
        return Some(with_word(tokens, at, number, currency));
    }
    if let Some(currency) = symbol_behind(tokens, after) {
        let per_unit = per_unit_tokens(tokens, after + 1, true);
        let value =
            Value::Money { amount: number.value, currency: Some(currency), per_unit: per_unit > 0 };
        return Some((value, number.tokens + 1 + per_unit));
    }
    let per_unit = per_unit_tokens(tokens, after, false);
    if per_unit == 0 || (!paired && number.value == 0.0) {
        return None;
    }
    let value = Value::Money { amount: number.value, currency: None, per_unit: true };
    Some((value, number.tokens + per_unit))
}

/// "12.50 €"; a symbol before figures belongs to them.
fn symbol_behind(tokens: &[Token], at: usize) -> Option<&'static str> {
    let code = currency_symbol(&tokens.get(at)?.text)?;
    let next = tokens.get(at + 1).is_some_and(|next| next.is_digits() && next.glued);
    (!next).then_some(code)
}

fn with_symbol(tokens: &[Token], at: usize) -> Match {
    let sign = tokens.get(at)?;
    let code = currency_symbol(&sign.text).or_else(|| {
        let short = sign.is_word() && sign.text.len() == 3;
        short.then(|| currency_word(&sign.text)).flatten()
    })?;
    let number = number_at(tokens, at + 1)?;
    let mut used = 1 + number.tokens;
    let word = tokens.get(at + used).and_then(|word| currency_word(&word.text));
    used += usize::from(word.is_some());
    let per_unit = per_unit_tokens(tokens, at + used, true);
    let value = Value::Money { amount: number.value, currency: Some(code), per_unit: per_unit > 0 };
    Some((value, used + per_unit))
}

/// "A dollar eighty-five", "a pound twenty".
fn one_and_cents(tokens: &[Token], at: usize) -> Match {
    let one = tokens.get(at).is_some_and(|token| token.is_any(&["a", "one"]));
    let currency = tokens.get(at + 1).and_then(|word| currency_word(&word.text))?;
    let cents = number_at(tokens, at + 2).filter(|cents| (5.0..100.0).contains(&cents.value))?;
    if !one || !cents.spelled || tokens[at + 1].is_any(&["cent", "cents", "pence"]) {
        return None;
    }
    let used = 2 + cents.tokens;
    let per_unit = per_unit_tokens(tokens, at + used, true);
    let amount = 1.0 + cents.value / 100.0;
    let value = Value::Money { amount, currency: Some(currency), per_unit: per_unit > 0 };
    Some((value, used + per_unit))
}

/// "fifty-two dollars and fifty cents", "ninety cents".
fn with_word(
    tokens: &[Token],
    at: usize,
    number: Number,
    currency: &'static str,
) -> (Value, usize) {
    let mut used = number.tokens + 1;
    let minor = tokens[at + number.tokens].is_any(&["cent", "cents", "pence"]);
    let mut amount = if minor { number.value / 100.0 } else { number.value };
    if !minor {
        let link = usize::from(tokens.get(at + used).is_some_and(|token| token.is("and")));
        let cents = number_at(tokens, at + used + link).filter(|cents| cents.value < 100.0);
        if let Some(cents) = cents {
            let after = at + used + link + cents.tokens;
            let named = tokens.get(after).is_some_and(|token| token.is_any(&["cents", "pence"]));
            // "Three dollars twenty."
            let over = tokens.get(after).is_none_or(|token| {
                token.is_mark() || token.is_any(&["each", "apiece", "per", "a", "and", "or"])
            });
            let said_so = link == 0 && cents.spelled && cents.value >= 5.0 && over;
            if named || said_so {
                amount += cents.value / 100.0;
                used += link + cents.tokens + usize::from(named);
            }
        }
        if tokens.get(at + used).is_some_and(|token| token.is("sterling")) {
            used += 1;
        }
    }
    let per_unit = per_unit_tokens(tokens, at + used, true);
    (Value::Money { amount, currency: Some(currency), per_unit: per_unit > 0 }, used + per_unit)
}

/// A number, or a price said in pairs: "fifty-two fifty" is 52.50, "one twenty" is 120.
/// The flag says that it was a pair.
pub(crate) fn price_number(tokens: &[Token], at: usize) -> Option<(Number, bool)> {
    let first = number_at(tokens, at)?;
    let second_at = at + first.tokens;
    let tens = tokens.get(second_at).is_some_and(|token| tens_word(&token.text).is_some())
        || tokens.get(second_at).is_some_and(|token| token.text.ends_with("teen"));
    let Some(second) = number_at(tokens, second_at).filter(|_| first.spelled && tens) else {
        return Some((first, false));
    };
    if first.value.fract() != 0.0 || second.value >= 100.0 || first.value >= 1000.0 {
        return Some((first, false));
    }
    let value = if first.value < 10.0 {
        first.value * 100.0 + second.value
    } else {
        first.value + second.value / 100.0
    };
    Some((Number { value, tokens: first.tokens + second.tokens, spelled: true }, true))
}

/// "One eighty-nine": eighty-nine are no minutes, so the pair is one number.
fn is_no_time(tokens: &[Token], second: usize) -> bool {
    number_at(tokens, second).is_some_and(|second| second.value >= 60.0)
}

/// The other reading of a pair such as "eight fifty", if `amount` was read from one.
pub(crate) fn small_reading(tokens: &[Token], at: usize, amount: f64) -> Option<f64> {
    let first = number_at(tokens, at).filter(|first| first.spelled && first.value < 10.0)?;
    let paired = first.value > 0.0 && amount > 100.0 && (amount / 100.0).floor() == first.value;
    paired.then(|| first.value + amount % 100.0 / 100.0)
}

const EACH_OF: &[&str] = &[
    "unit", "piece", "item", "beam", "ton", "tonne", "box", "case", "pallet", "head", "person",
    "night", "foot", "meter", "metre", "kilo", "kilogram", "sheet", "pair", "set", "part", "bag",
    "roll", "license", "seat", "plate", "pop",
];
const TIME_UNITS: &[&str] = &["day", "week", "month", "year", "hour", "minute"];

/// "each", "per unit", "a piece", "/unit": how many tokens say that a price is for one.
/// With `sure` any noun after "per" will do, because a currency has been said.
fn per_unit_tokens(tokens: &[Token], at: usize, sure: bool) -> usize {
    let word = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
    let singular = |word: &str| EACH_OF.contains(&word);
    match (word(0), word(1)) {
        ("each" | "apiece", _) => 1,
        ("per" | "/", noun) if singular(noun) => 2,
        ("per" | "/", noun) if sure && !noun.is_empty() => 2,
        ("a" | "an", noun) if singular(noun) => 2,
        ("a" | "an", noun) if sure && TIME_UNITS.contains(&noun) => 2,
        ("for", "each") => 2,
        ("per" | "a", "steel") if singular(word(2)) => 3,
        _ => 0,
    }
}

const PRICE_CUES: &[&str] = &[
    "price",
    "prices",
    "priced",
    "pricing",
    "cost",
    "costs",
    "quote",
    "quoted",
    "quoting",
    "charge",
    "charging",
    "rate",
    "rates",
    "offer",
    "come down",
    "go down",
    "go as low",
    "go to",
    "go up",
    "agree on",
    "agree to",
    "settle",
    "can do",
    "could do",
    "make it",
    "how about",
    "what about",
    "best i",
    "best we",
    "meet you at",
    "call it",
    "sell",
    "selling",
    "pay",
    "down to",
    "drop",
    "bring it",
    "get you",
    "do it for",
    "do it at",
    "let you have",
    "below",
    "lower",
    "budget",
    "asking",
    "running",
    "goes for",
    "go for",
];

/// Money by its context, a counted thing, or a plain number.
pub(crate) fn amount_at(tokens: &[Token], at: usize) -> Match {
    let number = number_at(tokens, at)?;
    let after = at + number.tokens;
    if let Some((of, used)) = counted_at(tokens, after) {
        return Some((Value::Quantity { amount: number.value, of }, number.tokens + used));
    }
    let priced = number.value > 0.0 && !follows_price(tokens, at) && price_cued(tokens, at);
    if !priced {
        let (paired, _) = price_number(tokens, at)
            .filter(|(_, pair)| *pair && is_no_time(tokens, after))
            .unwrap_or((number, false));
        return Some((Value::Number(paired.value), paired.tokens));
    }
    let (price, paired) = price_number(tokens, at)?;
    let beside = |at: usize| number_at(tokens, at).is_some_and(|number| number.spelled);
    let before = at.checked_sub(1).is_some_and(beside);
    if number.spelled && !paired && (beside(after) || before) {
        return Some((Value::Number(number.value), number.tokens));
    }
    let value = Value::Money { amount: price.value, currency: None, per_unit: false };
    Some((value, price.tokens))
}

/// "$54 per unit for five hundred": what follows a marked price is how many it buys.
fn follows_price(tokens: &[Token], at: usize) -> bool {
    let Some(mut before) = at.checked_sub(1).filter(|before| tokens[*before].is("for")) else {
        return false;
    };
    let marks = before;
    while before > 0 && marks_price(&tokens[before - 1]) {
        before -= 1;
    }
    before < marks && before > 0 && number_at(tokens, before - 1).is_some()
}

fn marks_price(token: &Token) -> bool {
    currency_word(&token.text).is_some()
        || EACH_OF.contains(&token.text.as_str())
        || token.is_any(&["per", "/", "a", "an", "each", "apiece"])
}

fn price_cued(tokens: &[Token], at: usize) -> bool {
    let sentence = sentence_around(tokens, at);
    let clause = (sentence.start..at).rev().find(|before| tokens[*before].is(","));
    let clause = clause.unwrap_or(sentence.start)..at;
    let ordering = ["order", "ordered", "take", "took", "buy", "bought", "need", "go for"];
    if any_phrase(tokens, clause.clone(), &["if you", "if we", "once you"])
        && any_phrase(tokens, clause, &ordering)
    {
        return false;
    }
    any_phrase(tokens, sentence.clone(), PRICE_CUES)
        && !any_phrase(tokens, sentence, &["minimum", "moq", "lead time"])
}

/// What is counted: one or two words after the number.
fn counted_at(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    const COUNTED_WORDS_MAX: usize = 2;
    let mut words: Vec<&str> = Vec::new();
    let mut next = at;
    if tokens.get(next).is_some_and(|token| token.is("of")) {
        next += 1;
        while tokens.get(next).is_some_and(|token| token.is_any(&["these", "those", "the", "your"]))
        {
            next += 1;
        }
    }
    while let Some(token) = tokens.get(next) {
        let counts = token.is_word()
            && !is_plain_word(&token.text)
            && number_at(tokens, next).is_none()
            && words.len() < COUNTED_WORDS_MAX;
        if !counts {
            break;
        }
        words.push(&token.text);
        next += 1;
    }
    (!words.is_empty()).then(|| (words.join(" "), next - at))
}
