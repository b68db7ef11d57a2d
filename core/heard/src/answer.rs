//! Yes or no, as people say it.

use super::talk::Talk;
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
];
const NO: &[&str] = &[
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
    of_tokens(&token::tokens(text))
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
        if starts(NO) {
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

/// The answer to a yes-or-no question of ours about any of `topic`'s words, from the newest back.
/// Also understands "we're closed on Sundays" as an answer to "are you open on Sunday?".
pub fn answered(talk: &Talk, topic: &[String]) -> Option<bool> {
    for (index, heard) in talk.heard().iter().enumerate().rev() {
        if !heard.callee {
            continue;
        }
        let asked = talk.question_before(index);
        let about = asked.is_some_and(|asked| mentions(&asked.tokens, topic));
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

/// Enough of the topic's words are there: both of two, all but one of more.
pub(crate) fn mentions(tokens: &[Token], topic: &[String]) -> bool {
    if topic.is_empty() {
        return false;
    }
    let mut hits = 0;
    for word in topic {
        hits += usize::from(tokens.iter().any(|token| same_stem(&token.text, word)));
    }
    let needed = if topic.len() <= 2 { topic.len() } else { topic.len() - 1 };
    hits >= needed
}

/// Equal up to a common ending: open, opens, opening; Sunday, Sundays.
pub(crate) fn same_stem(one: &str, other: &str) -> bool {
    stem(one) == stem(other)
}

fn stem(word: &str) -> &str {
    let word = word.strip_suffix("'s").unwrap_or(word);
    for ending in ["ings", "ing", "ies", "ed", "es", "s", "e", "y"] {
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
