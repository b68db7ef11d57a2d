//! Under which name we call, and that a machine does not claim to be human.

use super::duty::{Duty, has_most};
use super::phrase::{stem, stems};
use crate::numbers::token::Tokens;

/// The name under which we call.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    shown: String,
    words: Vec<String>,
    /// The name itself; absent for a role such as "an AI assistant".
    name: Vec<String>,
    /// We are introduced as a machine, so we must not claim to be human.
    machine: bool,
    met: bool,
    /// What their last turn asked whether we are.
    asked: Option<Nature>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    Human,
    Machine,
}

impl Identity {
    pub(super) fn new(object: &str) -> Option<Self> {
        let words = stems(object, true);
        if words.is_empty() {
            return None;
        }
        let tokens = Tokens::of(object);
        let mut name = Vec::new();
        let role = matches!(
            tokens.word(0),
            "a" | "an" | "the" | "calling" | "our" | "part" | "un" | "une" | "ein" | "eine" | "una"
        );
        for at in 0..tokens.len() {
            let word = tokens.word(at);
            if role
                || word.is_empty()
                || matches!(word, "from" | "of" | "at" | "with" | "calling" | "and")
            {
                break;
            }
            name.push(word.to_owned());
        }
        let machine = (0..tokens.len()).any(|at| is_machine(tokens.word(at)));
        Some(Self { shown: object.to_owned(), words, name, machine, met: false, asked: None })
    }

    /// "Never claim to be human" names nobody.
    pub(super) fn machine() -> Self {
        Self {
            shown: String::new(),
            words: Vec::new(),
            name: Vec::new(),
            machine: true,
            met: true,
            asked: None,
        }
    }

    pub(super) fn reading(&self) -> String {
        if self.shown.is_empty() {
            return "must not be claimed: to be human".to_owned();
        }
        format!("must be introduced as: {}", self.shown)
    }

    pub(super) fn duty(&self) -> Duty {
        Duty { todo: self.reading(), wording: format!("By the way, this is {}.", self.shown) }
    }

    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    pub(super) fn met(&self) -> bool {
        self.met
    }

    pub(super) fn heard(&mut self, tokens: &Tokens) {
        self.asked = asked_nature(tokens);
    }

    pub(super) fn spoke(&mut self, tokens: &Tokens) {
        self.met |= has_most(tokens, &self.words);
    }

    /// "My name is Bob" when the rule says Alex.
    pub(super) fn check(
        &self,
        said: &str,
        clause: &str,
        tokens: &Tokens,
        boundary: usize,
        translated: bool,
    ) -> Option<String> {
        if self.machine
            && let Some(reason) = claims_human(tokens, boundary)
        {
            return Some(reason.to_owned());
        }
        let answered = self.asked.filter(|_| self.machine && said.trim().is_empty());
        if answered.is_some_and(|asked| answers_human(tokens, asked)) {
            return Some("we call as a machine and must not claim to be human".to_owned());
        }
        if self.name.is_empty() {
            return None;
        }
        for at in 0..tokens.len() {
            let Some((mut name_at, sure)) = introduction(tokens, at) else { continue };
            while matches!(tokens.word(name_at), "mr" | "mrs" | "ms" | "dr" | "miss")
                || tokens.mark(name_at) == Some(',')
            {
                name_at += 1;
            }
            if name_at < boundary {
                continue;
            }
            let word = tokens.word(name_at);
            let start = tokens.get(name_at).map_or(0, |token| token.start as usize);
            let first =
                clause.get(start.saturating_sub(said.len())..).and_then(|rest| rest.chars().next());
            // German nouns have capitals as well.
            if translated && !sure && !is_called(tokens, at) {
                continue;
            }
            let named = sure || first.is_some_and(char::is_uppercase);
            if !named || word.is_empty() || is_no_name(word) || self.is_ours(word) {
                continue;
            }
            return Some(format!("we call as {}, not under another name", self.shown));
        }
        None
    }

    fn is_ours(&self, word: &str) -> bool {
        let stemmed = stem(word);
        self.words.iter().any(|own| own == stemmed)
            || self.name.iter().any(|own| own == word || (word.len() > 2 && own.starts_with(word)))
    }
}

/// The token behind "my name is", "this is", "I'm", and whether only a name can follow.
fn introduction(tokens: &Tokens, at: usize) -> Option<(usize, bool)> {
    let word = |offset: usize| tokens.word(at + offset);
    match (word(0), word(1), word(2)) {
        ("my" | "the", "name" | "name's", "is") => Some((at + 3, word(0) == "my")),
        ("my" | "the", "name's", _) => Some((at + 2, true)),
        (_, "here", _) if is_greeted(tokens, at) => Some((at, false)),
        ("this", "is", _) => Some((at + 2, false)),
        ("i", "am", _) => Some((at + 2, false)),
        ("i'm", _, _) => Some((at + 1, false)),
        ("call", "me", _) => Some((at + 2, false)),
        ("you're" | "are", "speaking" | "talking", "with" | "to") => Some((at + 3, false)),
        _ => None,
    }
}

/// "Jordan here": the word begins the sentence, but for a greeting.
fn is_greeted(tokens: &Tokens, at: usize) -> bool {
    let start = at == 0
        || tokens.mark(at - 1).is_some()
        || one_of!(tokens.word_before(at, 1); "hi" "hello" "hey" "yes");
    start
        && !tokens.word(at).contains('\'')
        && !one_of!(tokens.word(at);
            "nobody" "everyone" "everybody" "someone" "anyone" "right" "over" "out" "down" "we" "people"
            "not" "same" "still" "me" "just" "get" "come" "stay" "is" "i" "you" "all"
        )
}

/// "This is Bob" of a translated "hier ist Bob", but not "I am" with a noun behind.
fn is_called(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "this"
}

pub(super) fn is_machine(word: &str) -> bool {
    one_of!(word; "ai" "robot" "bot" "machine" "automated" "virtual" "computer" "artificial")
}

/// Words for a human being; those of other languages are left as they are in a translation.
pub(super) fn is_human(word: &str) -> bool {
    one_of!(word;
        "human" "person" "persona" "personne" "humano" "humana" "humain" "humaine" "mensch" "menschen"
    )
}

/// Whether they ask if we are human, or if we are a machine.
fn asked_nature(tokens: &Tokens) -> Option<Nature> {
    let any = |is: fn(&str) -> bool| (0..tokens.len()).any(|at| is(tokens.word(at)));
    let asks = (0..tokens.len()).any(|at| tokens.mark(at) == Some('?'));
    let us = any(|word| one_of!(word; "you" "you're" "talking" "speaking" "this" "speak" "talk"))
        || (any(is_human) && tokens.len() <= SHORT_TOKENS_MAX);
    // "Could I talk to a person?" wants another one.
    let wants = any(|word| one_of!(word; "could" "can" "may" "want" "like" "need" "how" "which"));
    match (any(is_human), any(is_machine)) {
        _ if !asks || !us || wants => None,
        (true, false) => Some(Nature::Human),
        (false, true) => Some(Nature::Machine),
        _ => None,
    }
}

const SHORT_TOKENS_MAX: usize = 8;

/// "Yes." where they asked for a human, "No." where they asked for a machine.
fn answers_human(tokens: &Tokens, asked: Nature) -> bool {
    let mut at = 0;
    while tokens.mark(at).is_some() || one_of!(tokens.word(at); "ha" "haha" "oh" "well" "um" "uh") {
        at += 1;
    }
    let said = match asked {
        Nature::Human => {
            one_of!(tokens.word(at);
                "yes" "yeah" "yep" "yup" "sure" "certainly" "absolutely" "definitely" "correct" "indeed"
            ) || (tokens.word(at) == "of" && tokens.word(at + 1) == "course")
                && tokens.word(at + 2) != "not"
        }
        Nature::Machine => {
            one_of!(tokens.word(at); "no" "nope" "nah")
                && !one_of!(tokens.word(at + 1); "problem" "worries" "need" "doubt")
        }
    };
    said && !(at..tokens.len()).any(|at| is_machine(tokens.word(at)))
}

/// "I'm a real person", "this isn't a robot".
fn claims_human(tokens: &Tokens, boundary: usize) -> Option<&'static str> {
    const CLAIM_TOKENS: usize = 7;
    for at in 0..tokens.len() {
        let subject = matches!(tokens.word(at), "i'm" | "not" | "isn't" | "ain't" | "soy")
            || matches!(
                (tokens.word(at), tokens.word(at + 1)),
                ("i", "am")
                    | ("am", "i")
                    | ("this", "is")
                    | ("you're" | "are", "speaking" | "talking")
            );
        if !subject {
            continue;
        }
        let mut denied = false;
        for near in at..(at + CLAIM_TOKENS).min(tokens.len()) {
            if tokens.mark(near).is_some() {
                break;
            }
            let word = tokens.word(near);
            denied |= super::stance::counts_as_no(word);
            let claims = (denied && is_machine(word))
                || (!denied && (is_human(word) || matches!(word, "man" | "woman")));
            if claims && near >= boundary {
                return Some("we call as a machine and must not claim to be human");
            }
        }
    }
    None
}

fn is_no_name(word: &str) -> bool {
    one_of!(word;
        "i" "ok" "okay" "sorry" "calling" "monday" "tuesday" "wednesday" "thursday" "friday"
        "saturday" "sunday" "an" "a" "the" "not" "on" "in" "for" "about" "great" "good" "ai"
        "english" "american"
    ) || crate::numbers::words::is_month(word)
}
