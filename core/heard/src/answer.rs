//! Yes or no, as people say it.

use std::ops::Range;

use super::fields::related;
use super::language;
use super::talk::{Heard, Talk};
use super::token::{self, Token, any_phrase, match_phrase};

const YES: &[&str] = &[
    "yes",
    "yeah",
    "yep",
    "yup",
    "sure",
    "of course",
    "certainly",
    "absolutely",
    "definitely",
    "correct",
    "that's right",
    "that is right",
    "that's correct",
    "that is correct",
    "right",
    "we do",
    "we are",
    "we can",
    "i do",
    "i can",
    "it is",
    "it does",
    "they do",
    "exactly",
    "no problem",
    "indeed",
    "you bet",
    "sounds good",
    "that works",
    "works for me",
    "that's fine",
    "okay",
    "ok",
    "affirmative",
    "mm hmm",
    "uh huh",
    "we have",
    "fine",
    "deal",
    "please do",
    "go ahead",
    "happy to",
    "gladly",
    "i would",
    "i'd love to",
    "i think so",
    "i believe so",
    "we would",
    "we will",
    "i will",
    "there is",
    "there are",
    "they are",
    "i am",
    "i don't see why not",
    "not a problem",
];
/// Neither yes nor no, whatever it begins with.
const UNSURE: &[&str] = &[
    "i don't know",
    "i do not know",
    "we don't know",
    "i'm not sure",
    "i am not sure",
    "not sure",
    "no idea",
    "i have no idea",
    "i can't say",
    "i couldn't say",
    "i can't tell",
    "i couldn't tell",
    "i can't remember",
    "i don't remember",
    "hard to say",
    "it depends",
    "that depends",
    "depends",
    "let me check",
    "let me see",
    "i'd have to check",
    "i would have to check",
    "i'll have to check",
    "i need to check",
    "yes and no",
    "i wouldn't know",
    "no clue",
    "i don't have that",
    "maybe",
    "perhaps",
];
const NO: &[&str] = &[
    "absolutely not",
    "definitely not",
    "of course not",
    "certainly not",
    "i don't think so",
    "i wouldn't",
    "i would rather not",
    "i would not",
    "i'd rather not",
    "not interested",
    "i'm not interested",
    "probably not",
    "not yet",
    "not anymore",
    "not that i know",
    "we wouldn't",
    "there isn't",
    "there aren't",
    "there is no",
    "there's no",
    "there are no",
    "there is not",
    "i'm not",
    "i am not",
    "no",
    "nope",
    "nah",
    "not really",
    "not at all",
    "i'm afraid not",
    "i am afraid not",
    "unfortunately not",
    "unfortunately no",
    "we don't",
    "we do not",
    "we aren't",
    "we are not",
    "we're not",
    "we can't",
    "we cannot",
    "i can't",
    "i cannot",
    "i don't",
    "it isn't",
    "it's not",
    "it doesn't",
    "that's not possible",
    "impossible",
    "never",
    "negative",
    "not possible",
    "that won't work",
    "i'm sorry we don't",
    "sorry we don't",
    "we won't",
    "not right now",
    "not today",
];
const FILLERS: &[&str] = &[
    "well", "um", "uh", "er", "oh", "hmm", "ah", "so", "i", "think", "guess", "let's", "say", "hi",
];

/// What an answer begins with, if it is yes or no.
pub fn yes_or_no(text: &str) -> Option<bool> {
    let spoken = token::tokens(text);
    let language = language::detect(&spoken, None);
    of_tokens(&language::in_english(&spoken, language))
}

pub(crate) fn of_tokens(tokens: &[Token]) -> Option<bool> {
    let end = tokens.len();
    let mut at = 0;
    while at < end && at < 10 {
        let token = &tokens[at];
        if token.is("no")
            && tokens
                .get(at + 1)
                .is_some_and(|next| next.is_any(&["problem", "worries", "trouble"]))
        {
            return Some(true);
        }
        let starts = |phrases: &[&str]| {
            phrases.iter().any(|phrase| match_phrase(tokens, at, end, phrase).is_some())
        };
        let willing = starts(&["not a problem", "i don't see why not"]);
        if starts(UNSURE) {
            return None;
        }
        if !willing && starts(NO) {
            return Some(false);
        }
        if starts(YES) {
            return Some(!refusal_follows(tokens, at));
        }
        if token.is_any(&["sorry", "unfortunately", "afraid", "i'm"]) {
            at += 1;
            continue;
        }
        if !token.is_mark() && !token.is_any(FILLERS) {
            break;
        }
        at += 1;
    }
    None
}

/// "Sure, but we can't do that": the yes was only politeness.
fn refusal_follows(tokens: &[Token], at: usize) -> bool {
    const AHEAD_TOKENS_MAX: usize = 12;
    let ahead = at..tokens.len().min(at + AHEAD_TOKENS_MAX);
    any_phrase(tokens, ahead, &["but we can't", "but i can't", "but we don't", "but no", "but not"])
}

/// Whether an answer says that it is not known.
pub(crate) fn is_unsure(tokens: &[Token]) -> bool {
    const OPENING_TOKENS_MAX: usize = 8;
    any_phrase(tokens, 0..tokens.len().min(OPENING_TOKENS_MAX), UNSURE)
}

/// The answer to a yes-or-no question of ours about the topic's words, or what they said of it
/// unasked; the newest counts.
/// Also understands "we're closed on Sundays" as an answer to "are you open on Sunday?".
pub fn answered(talk: &Talk, topic: &[String]) -> Option<bool> {
    let topic = &essential(topic);
    for (index, heard) in talk.heard().iter().enumerate().rev() {
        if !heard.callee {
            continue;
        }
        let about = talk.question_before(index).is_some_and(|ours| asks(ours, topic));
        if let Some(answer) = stated(heard, topic, about) {
            return Some(answer);
        }
        if about {
            if let Some(answer) = opposite(&heard.tokens, topic) {
                return Some(answer);
            }
            if let Some(answer) = of_tokens(&heard.tokens) {
                return Some(answer);
            }
        }
        if mentions(&heard.tokens, topic)
            && let Some(answer) = opposite(&heard.tokens, topic)
        {
            return Some(answer);
        }
    }
    None
}

/// The topic without the words that only say it is a question: parking, of "parking available".
fn essential(topic: &[String]) -> Vec<String> {
    const ASKING: &[&str] = &[
        "available",
        "availability",
        "required",
        "needed",
        "necessary",
        "possible",
        "allowed",
        "permitted",
        "offered",
        "offers",
        "offer",
        "provided",
        "provides",
        "provide",
        "accepts",
        "accepted",
        "accept",
        "included",
        "includes",
        "include",
        "options",
        "option",
        "exists",
        "there",
        "service",
        "services",
        "able",
        "wants",
        "want",
        "needs",
        "need",
        "could",
        "would",
        "should",
        "must",
        "still",
        "currently",
        "possibility",
        "confirmed",
        "takes",
        "supported",
    ];
    let mut words: Vec<String> = topic.to_vec();
    words.retain(|word| !ASKING.contains(&word.as_str()));
    if words.is_empty() { topic.to_vec() } else { words }
}

/// The question we ended with is about the topic; if we ended with none, any sentence of ours.
fn asks(ours: &Heard, topic: &[String]) -> bool {
    let questions: Vec<Range<usize>> =
        ours.sentences().into_iter().filter(|sentence| ours.is_question(sentence)).collect();
    match questions.last() {
        Some(last) => mentions(&ours.tokens[last.clone()], topic),
        None => mentions(&ours.tokens, topic),
    }
}

/// A clause of theirs that affirms or denies the topic by name: "we don't have parking".
fn stated(heard: &Heard, topic: &[String], asked: bool) -> Option<bool> {
    let mut found = None;
    for sentence in heard.sentences() {
        if heard.is_question(&sentence) {
            continue;
        }
        let mut start = sentence.start;
        while start < sentence.end {
            let mut end = start;
            while end < sentence.end && !heard.tokens[end].is_any(&[",", ";", "but", "—", "–"])
            {
                end += 1;
            }
            found = of_clause(&heard.tokens, start..end, topic, asked).or(found);
            start = end + 1;
        }
    }
    found
}

fn of_clause(
    tokens: &[Token],
    clause: Range<usize>,
    topic: &[String],
    asked: bool,
) -> Option<bool> {
    const DENIES: &[&str] = &[
        "no", "not", "don't", "doesn't", "isn't", "aren't", "can't", "cannot", "won't", "without",
        "never", "except", "didn't", "haven't", "hasn't",
    ];
    const AFTERWARDS: &[&str] = &[
        "not available",
        "isn't available",
        "aren't available",
        "not possible",
        "isn't possible",
        "not allowed",
        "aren't allowed",
        "isn't allowed",
        "not included",
        "isn't included",
        "not required",
        "isn't required",
        "not needed",
        "isn't needed",
        "not necessary",
        "isn't necessary",
        "not offered",
        "not permitted",
        "not accepted",
        "unavailable",
        "not an option",
        "isn't an option",
        "aren't included",
    ];
    const AFFIRMS: &[&str] = &[
        "yes",
        "we do",
        "we have",
        "there is",
        "there's",
        "there are",
        "of course",
        "included",
        "available",
        "required",
        "require",
        "allowed",
        "welcome",
        "we offer",
        "we accept",
        "certainly",
        "definitely",
        "needed",
        "we need",
        "we take",
        "you need",
        "you can",
        "must",
        "have to",
        "complimentary",
        "we provide",
        "we do have",
        "we also have",
        "i would",
        "we ask for",
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
        "used to",
        "think",
        "unless",
        "whether",
        "would have to",
    ];
    const DENIES_WITHIN: usize = 4;
    let words = &tokens[clause.clone()];
    if !mentions(words, topic) || any_phrase(tokens, clause.clone(), HEDGES) {
        return None;
    }
    if any_phrase(tokens, clause.clone(), &["no problem", "not a problem"]) {
        return Some(true);
    }
    if any_phrase(tokens, clause.clone(), AFTERWARDS) {
        return Some(false);
    }
    let named = |at: &usize| topic.iter().any(|word| related(&tokens[*at].text, word));
    let first = clause.clone().find(named)?;
    let last = clause.clone().rev().find(named)?;
    let before = clause.start.max(first.saturating_sub(DENIES_WITHIN))..last;
    if tokens[before.clone()].iter().any(|token| token.is_any(DENIES)) {
        let charge =
            any_phrase(tokens, before, &["don't charge", "no charge", "not only", "no extra"]);
        return if charge { None } else { Some(false) };
    }
    let affirms = any_phrase(tokens, clause.clone(), AFFIRMS);
    let denied = tokens[clause].iter().any(|token| token.is_any(DENIES));
    (affirms && (!denied || asked)).then_some(true)
}

/// Enough of the topic's words are there: both of two, all but one of more.
pub(crate) fn mentions(tokens: &[Token], topic: &[String]) -> bool {
    if topic.is_empty() {
        return false;
    }
    let mut hits = 0;
    for word in topic {
        hits += usize::from(tokens.iter().any(|token| related(&token.text, word)));
    }
    let needed = if topic.len() <= 2 { topic.len() } else { topic.len() - 1 };
    hits >= needed
}

/// Equal up to a common ending: open, opens, opening; Sunday, Sundays.
pub(crate) fn same_stem(one: &str, other: &str) -> bool {
    // A stem begins as its word does: most words differ there already.
    const BEGINNING_BYTES: usize = 2;
    let [first, second] = [one, other].map(|word| word.as_bytes().get(..BEGINNING_BYTES));
    one == other || first == second && stem(one) == stem(other)
}

fn stem(word: &str) -> &str {
    let word = word.strip_suffix("'s").unwrap_or(word);
    for ending in ["ings", "ing", "ies", "ation", "ment", "al", "ed", "es", "ys", "s", "e", "y"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 3
        {
            return stem;
        }
    }
    word
}

/// "Open" asked, "closed" answered, and the like.
fn opposite(tokens: &[Token], topic: &[String]) -> Option<bool> {
    let asks = |word: &str| topic.iter().any(|topic| same_stem(topic, word));
    let all = 0..tokens.len();
    if asks("open") {
        if any_phrase(tokens, all.clone(), &["closed", "not open", "aren't open", "don't open"]) {
            return Some(false);
        }
        if any_phrase(tokens, all.clone(), &["we're open", "we are open", "open from", "open on"]) {
            return Some(true);
        }
    }
    if asks("available") || asks("stock") || asks("availability") {
        let no = ["out of stock", "sold out", "fully booked", "not available", "unavailable"];
        if any_phrase(tokens, all.clone(), &no) {
            return Some(false);
        }
        if any_phrase(tokens, all, &["in stock", "available", "we have that"]) {
            return Some(true);
        }
    }
    None
}
