//! Finds the facts of one utterance. The order of the finders is the order of their claims: what an
//! e-mail address has taken is no longer a number.

use std::ops::Range;

use super::contact;
use super::language::{self, Language};
use super::money;
use super::number::number_at;
use super::talk::{Fact, Heard, Value};
use super::terms;
use super::token::{Token, any_phrase, find_phrase, sentence_around, tokens};
use super::when;

/// Most facts that are kept of one utterance.
pub const UTTERANCE_FACTS_MAX: usize = 200;

pub(crate) fn read(callee: bool, text: &str) -> Heard {
    read_in(callee, text, None)
}

/// As [`read`], in a talk whose language is known.
pub(crate) fn read_in(callee: bool, text: &str, talk: Option<Language>) -> Heard {
    let spoken = tokens(text);
    let language = language::detect(&spoken, talk);
    let tokens = language::in_english(&spoken, language);
    let mut facts = Facts { taken: vec![false; tokens.len()], found: Vec::new() };
    facts.emails(&tokens);
    facts.scan(&tokens, contact::phone_at);
    facts.scan(&tokens, terms::terms_at);
    facts.scan(&tokens, money::marked_money_at);
    facts.scan(&tokens, when::duration_at);
    facts.scan(&tokens, percent_at);
    facts.scan(&tokens, when::clock_at);
    facts.scan(&tokens, when::date_at);
    facts.scan(&tokens, money::amount_at);
    facts.names(&tokens);
    let mut found = facts.found;
    found.sort_by_key(|fact| fact.at.start);
    spread_over_ranges(&tokens, &mut found);
    take_back_addresses(&tokens, &mut found);
    mark_corrections(&tokens, &mut found);
    for fact in &mut found {
        fact.negated = is_negated(&tokens, fact.at.start);
    }
    Heard { callee, text: text.to_owned(), facts: found, tokens, spoken, language }
}

struct Facts {
    taken: Vec<bool>,
    found: Vec<Fact>,
}

impl Facts {
    fn scan(&mut self, tokens: &[Token], finder: fn(&[Token], usize) -> when::Match) {
        let mut at = 0;
        while at < tokens.len() {
            let found = if self.taken[at] { None } else { finder(tokens, at) };
            match found {
                Some((value, used)) if self.free(at..at + used) => {
                    self.take(tokens, value, at..at + used);
                    at += used.max(1);
                }
                _ => at += 1,
            }
        }
    }

    fn emails(&mut self, tokens: &[Token]) {
        for at in 0..tokens.len() {
            if let Some((value, start, end)) = contact::email_around(tokens, at)
                && self.free(start..end)
            {
                self.take(tokens, value, start..end);
            }
        }
    }

    fn names(&mut self, tokens: &[Token]) {
        for at in 0..tokens.len() {
            if let Some((value, start, end)) = contact::name_at(tokens, at)
                && self.free(start..end)
            {
                self.take(tokens, value, start..end);
            }
        }
    }

    fn free(&self, range: Range<usize>) -> bool {
        range.end <= self.taken.len() && self.taken[range].iter().all(|taken| !taken)
    }

    fn take(&mut self, tokens: &[Token], value: Value, at: Range<usize>) {
        if self.found.len() == UTTERANCE_FACTS_MAX || at.is_empty() {
            return;
        }
        self.taken[at.clone()].fill(true);
        let span = tokens[at.start].start..tokens[at.end - 1].end;
        self.found.push(Fact {
            value,
            span,
            at,
            corrected: false,
            negated: false,
            conditional: false,
        });
    }
}

fn percent_at(tokens: &[Token], at: usize) -> when::Match {
    let number = number_at(tokens, at)?;
    let sign = tokens.get(at + number.tokens)?;
    if sign.is_any(&["%", "percent"]) {
        return Some((Value::Percent(number.value), number.tokens + 1));
    }
    None
}

/// "K dot brown at … No, sorry, k dot browne": the address is wrong, and the right one was not said whole.
fn take_back_addresses(tokens: &[Token], facts: &mut [Fact]) {
    for fact in facts.iter_mut().filter(|fact| matches!(fact.value, Value::Email(_))) {
        let rest = fact.at.end..tokens.len();
        let opening = rest.start..(rest.start + 4).min(tokens.len());
        let spelled = any_phrase(tokens, rest, &["dot", "hyphen", "underscore"]);
        fact.corrected = spelled && is_correction(tokens, &opening);
    }
}

/// "Between fifty and sixty dollars", "$50-60": both ends are of the same kind.
fn spread_over_ranges(tokens: &[Token], facts: &mut [Fact]) {
    for index in 1..facts.len() {
        let (head, tail) = facts.split_at_mut(index);
        let (Some(first), Some(second)) = (head.last_mut(), tail.first_mut()) else { continue };
        let between = &tokens[first.at.end..second.at.start];
        let [link] = between else { continue };
        let span = link.is_any(&["to", "-", "–", "or"])
            || (link.is("and") && preceded_by(tokens, first.at.start, "between"));
        if !span {
            continue;
        }
        if let (Value::Money { currency: one, .. }, Value::Money { currency: other, .. }) =
            (&mut first.value, &mut second.value)
        {
            *one = one.or(*other);
            *other = other.or(*one);
        }
        if let (Value::Number(amount), other) = (&first.value, &second.value) {
            first.value = with_amount(other, *amount).unwrap_or(Value::Number(*amount));
        } else if let (other, Value::Number(amount)) = (&first.value, &second.value) {
            second.value = with_amount(other, *amount).unwrap_or(Value::Number(*amount));
        }
    }
}

fn preceded_by(tokens: &[Token], at: usize, word: &str) -> bool {
    at.checked_sub(1).is_some_and(|before| tokens[before].is(word))
}

/// The same kind of value with another amount.
fn with_amount(value: &Value, amount: f64) -> Option<Value> {
    match value {
        Value::Money { currency, per_unit, .. } => {
            Some(Value::Money { amount, currency: *currency, per_unit: *per_unit })
        }
        Value::Quantity { of, .. } => Some(Value::Quantity { amount, of: of.clone() }),
        Value::Percent(_) => Some(Value::Percent(amount)),
        Value::Duration { unit, .. } => {
            Some(Value::Duration { low: amount, high: amount, unit: *unit })
        }
        _ => None,
    }
}

const CORRECTIONS: &[&str] = &[
    "sorry",
    "i mean",
    "i meant",
    "correction",
    "actually",
    "make that",
    "make it",
    "scratch that",
    "or rather",
    "let me correct",
    "my mistake",
    "no wait",
    "wait",
    "no no",
    "i misspoke",
    "excuse me",
    "pardon me",
    "strike that",
    "that's wrong",
    "well no",
];
/// A correction follows what it corrects within this many tokens.
const CORRECTION_TOKENS_MAX: usize = 14;

/// "Fifty-two… no, sorry, fifty-four": the first is taken back; a bare number takes on its kind.
fn mark_corrections(tokens: &[Token], facts: &mut [Fact]) {
    for later in 1..facts.len() {
        let (head, tail) = facts.split_at_mut(later);
        let Some(second) = tail.first_mut() else { continue };
        for first in head.iter_mut().rev() {
            let gap = first.at.end..second.at.start;
            if gap.len() > CORRECTION_TOKENS_MAX {
                break;
            }
            // What was taken back once is not what a later number replaces.
            if first.corrected || !is_correction(tokens, &gap) {
                continue;
            }
            if let Value::Number(amount) = second.value
                && let Some(value) = with_amount(
                    &first.value,
                    nearest_price(tokens, second.at.start, amount, &first.value),
                )
            {
                second.value = value;
            }
            if let Value::Number(amount) = first.value
                && let Some(value) = with_amount(&second.value, amount)
            {
                first.value = value;
            }
            if first.value.same_kind(&second.value) && first.value != second.value {
                first.corrected = true;
                break;
            }
        }
    }
}

/// "Nine hundred, sorry, nine fifty": the reading of a pair that is nearer to what it replaces.
fn nearest_price(tokens: &[Token], at: usize, amount: f64, replaced: &Value) -> f64 {
    let Value::Money { amount: before, .. } = replaced else { return amount };
    let Some((pair, true)) = money::price_number(tokens, at) else { return amount };
    let small = money::small_reading(tokens, at, pair.value).unwrap_or(pair.value);
    let distance = |price: f64| (price.max(0.01) / before.max(0.01)).ln().abs();
    if distance(small) < distance(pair.value) { small } else { pair.value }
}

fn is_correction(tokens: &[Token], gap: &Range<usize>) -> bool {
    if any_phrase(tokens, gap.clone(), CORRECTIONS) {
        return true;
    }
    // A lone "no" set off by marks, and not the beginning of "no less than".
    let between = &tokens[gap.clone()];
    between.iter().enumerate().any(|(offset, token)| {
        let before = offset.checked_sub(1).map(|before| &between[before]);
        let after = between.get(offset + 1);
        token.is("no")
            && before.is_some_and(Token::is_mark)
            && after.is_none_or(|after| after.is_mark())
    })
}

/// The utterance begins by taking back what its speaker said before.
pub(crate) fn opens_with_correction(heard: &Heard) -> bool {
    const OPENING_TOKENS_MAX: usize = 8;
    let phrases = [
        "sorry i meant",
        "sorry i mean",
        "no sorry",
        "i meant",
        "i mean",
        "correction",
        "scratch that",
        "make that",
        "let me correct",
        "my mistake",
        "i misspoke",
        "no wait",
        "wait",
        "actually it's",
        "actually it is",
        "actually that's",
        "actually no",
        "sorry",
        "excuse me",
        "i said",
    ];
    let opening = 0..heard.tokens.len().min(OPENING_TOKENS_MAX);
    if find_phrase(&heard.tokens, opening.clone(), "what").is_some() {
        return false;
    }
    any_phrase(&heard.tokens, opening, &phrases)
}

const NEGATIONS: &[&str] = &[
    "not", "can't", "cannot", "couldn't", "won't", "wouldn't", "never", "don't", "doesn't",
    "isn't", "aren't", "without", "didn't", "neither",
];
/// "We can't go below fifty-eight" names a price; it does not refuse one.
const FLOORS: &[&str] =
    &["below", "lower", "under", "less", "better", "more", "beyond", "until", "till", "before"];
const NEGATION_TOKENS_MAX: usize = 7;

pub(crate) fn is_negated(tokens: &[Token], at: usize) -> bool {
    let sentence = sentence_around(tokens, at);
    let mut before = at;
    let mut floor = false;
    while before > sentence.start && at - before < NEGATION_TOKENS_MAX {
        before -= 1;
        let token = &tokens[before];
        if token.is_any(&[",", ";", "but", "so", "—", "–", "…"]) {
            return false;
        }
        floor |= token.is_any(FLOORS);
        if token.is_any(NEGATIONS) {
            return !floor;
        }
    }
    false
}

/// Holds only "if you took a thousand"; a quantity that we asked for is no condition.
pub(crate) fn is_conditional(heard: &Heard, price: &Fact, ours: &[f64]) -> bool {
    let tokens = &heard.tokens;
    let sentence = condition_range(heard, price);
    let mut other_amount = false;
    let mut our_amount = false;
    for fact in &heard.facts {
        let (Value::Quantity { amount, .. } | Value::Number(amount)) = &fact.value else {
            continue;
        };
        if !sentence.contains(&fact.at.start) {
            continue;
        }
        let same = ours.iter().any(|our| our == amount);
        our_amount |= same;
        other_amount |= !same;
    }
    if our_amount {
        return false;
    }
    let minimum = any_phrase(tokens, sentence.clone(), &["minimum", "moq", "lead time"]);
    let order = [
        "if you order",
        "if you take",
        "if you took",
        "if you buy",
        "if you bought",
        "if you go",
        "if you ordered",
        "if you need",
        "if you can",
        "if you commit",
        "if you pay",
        "if you were",
        "once you",
        "orders of",
        "orders over",
        "orders above",
        "or more",
        "more than",
        "over",
        "above",
        "at least",
        "from",
        "for",
        "beyond",
    ];
    let explicit = [
        "if you order more",
        "if you take more",
        "if you buy more",
        "for larger orders",
        "for bigger orders",
        "for a larger order",
        "if you doubled",
        "if you double",
        "if you commit",
        "if you pay",
        "if you prepay",
        "at higher volumes",
        "at higher volume",
    ];
    any_phrase(tokens, sentence.clone(), &explicit)
        || (other_amount && !minimum && any_phrase(tokens, sentence, &order))
}

/// The clause of the price, with a neighbour that begins like a condition.
fn condition_range(heard: &Heard, price: &Fact) -> Range<usize> {
    let tokens = &heard.tokens;
    let sentence = heard.sentence_tokens(price);
    let ends = |token: &Token| token.is_any(&[",", ";", "—", "–"]);
    let clause_start = |from: usize| {
        (sentence.start..from)
            .rev()
            .find(|at| ends(&tokens[*at]))
            .map_or(sentence.start, |at| at + 1)
    };
    let clause_end =
        |from: usize| (from..sentence.end).find(|at| ends(&tokens[*at])).unwrap_or(sentence.end);
    let mut range = clause_start(price.at.start)..clause_end(price.at.end);
    let opens = |at: usize| {
        tokens.get(at).is_some_and(|token| {
            token.is_any(&["if", "for", "once", "over", "above", "when", "from", "on", "provided"])
        })
    };
    if range.start > sentence.start {
        let before = clause_start(range.start - 1);
        if opens(before) {
            range.start = before;
        }
    }
    if range.end < sentence.end && opens(range.end + 1) {
        range.end = clause_end(range.end + 1);
    }
    range
}

const PLAIN_WORDS: &[&str] = &[
    "is",
    "are",
    "was",
    "were",
    "will",
    "would",
    "can",
    "could",
    "should",
    "for",
    "if",
    "and",
    "or",
    "but",
    "then",
    "per",
    "a",
    "an",
    "the",
    "to",
    "on",
    "in",
    "at",
    "by",
    "with",
    "from",
    "of",
    "as",
    "so",
    "that",
    "this",
    "these",
    "those",
    "it",
    "it's",
    "we",
    "you",
    "i",
    "he",
    "she",
    "they",
    "our",
    "your",
    "flat",
    "even",
    "each",
    "apiece",
    "all",
    "today",
    "tomorrow",
    "tonight",
    "now",
    "firm",
    "maybe",
    "thanks",
    "thank",
    "sir",
    "ma'am",
    "please",
    "net",
    "up",
    "down",
    "right",
    "okay",
    "ok",
    "yes",
    "no",
    "sorry",
    "just",
    "only",
    "too",
    "plus",
    "including",
    "depending",
    "when",
    "while",
    "because",
    "since",
    "until",
    "till",
    "than",
    "less",
    "more",
    "minus",
    "off",
    "my",
    "not",
    "do",
    "does",
    "has",
    "have",
    "had",
    "be",
    "been",
    "also",
    "there",
    "here",
    "how",
    "what",
    "which",
    "who",
    "minimum",
    "max",
    "maximum",
    "about",
    "after",
    "before",
    "i'm",
    "we're",
    "that's",
    "delivered",
    "anymore",
    "again",
    "sharp",
    "sounds",
    "works",
    "either",
    "otherwise",
    "most",
    "least",
    "altogether",
    "total",
    "please",
    "point",
    "every",
    "daily",
    "weekdays",
    "weekends",
    "monday",
    "friday",
    "saturday",
    "sunday",
    "actually",
    "wait",
    "i'd",
    "you'd",
    "i'll",
    "we'll",
    "exactly",
    "give",
    "tops",
    "let",
    "dollars",
    "though",
    "instead",
];

/// A word that does not say what is being counted.
pub(crate) fn is_plain_word(word: &str) -> bool {
    PLAIN_WORDS.contains(&word)
}
