//! What must not be agreed to at all: "do not pay a deposit", "no subscriptions", "don't commit to
//! anything today".

use super::accept::{Grade, accepts, is_approval};
use super::phrase::{match_word, stem};
use super::stance::counts_as_no;
use crate::numbers::token::Tokens;
use std::ops::Range;

#[derive(Clone, Debug)]
pub(super) struct Avoid {
    /// Stems of what it is; none for "anything".
    words: Vec<String>,
    shown: String,
    /// Their last turn spoke of it, and asked us something.
    heard: bool,
    asked: bool,
}

const WORDS_MAX: usize = 3;

impl Avoid {
    /// What a rule wants left alone, if its words name a thing.
    pub(super) fn of(tokens: &Tokens) -> Option<Self> {
        let negative = (0..tokens.len()).find(|at| {
            one_of!(tokens.word(*at); "never" "not" "don't" "no" "avoid" "decline" "refuse" "reject" "without")
        })?;
        let bare = one_of!(tokens.word(negative); "no" "avoid" "decline" "refuse" "reject");
        let verb = (negative + 1..negative + 3).find(|at| is_taking(tokens.word(*at)));
        let from = match verb {
            Some(verb) => verb + 1,
            None if bare && negative <= 1 => negative + 1,
            None => return None,
        };
        let mut words = Vec::new();
        let mut anything = false;
        for at in from..tokens.len() {
            let word = tokens.word(at);
            // What hangs on something, or limits a number, is no thing to be left alone.
            if super::phrase::is_number(tokens, at)
                || one_of!(word;
                    "if" "unless" "until" "when" "than" "before" "after" "above" "over" "below" "under"
                    "because" "later" "their" "first" "it" "that" "them" "while" "without" "or" "and" "except"
                )
                || matches!(tokens.mark(at), Some(',' | ';' | ':'))
            {
                return None;
            }
            anything |=
                one_of!(word; "anything" "commitment" "commitments" "agreement" "agreements");
            let little = super::phrase::is_small(word)
                || one_of!(word;
                    "up" "new" "kind" "kinds" "type" "sort" "into" "back" "today" "now" "yet" "during"
                    "further" "additional" "anything" "me" "us" "right" "away" "extra" "even" "out" "over"
                );
            if !little && !word.is_empty() {
                words.push(stem(word).to_owned());
            }
        }
        let back = (from..tokens.len())
            .any(|at| tokens.word(at) == "back" && tokens.word(at.wrapping_sub(1)) == "call");
        if back {
            words = vec![stem("call").to_owned(), stem("back").to_owned()];
        }
        // "Don't commit today": to nothing, then.
        let put_off = words.is_empty()
            && (from..tokens.len()).any(|at| one_of!(tokens.word(at); "today" "yet" "now"));
        let anything = anything || put_off;
        if anything {
            words.clear();
        }
        let named = (1..=WORDS_MAX).contains(&words.len()) || anything;
        let shown =
            (negative..tokens.len()).map(|at| tokens.word(at)).collect::<Vec<_>>().join(" ");
        named.then_some(Self { words, shown, heard: false, asked: false })
    }

    fn names(&self, tokens: &Tokens, range: Range<usize>) -> bool {
        !self.words.is_empty()
            && self
                .words
                .iter()
                .all(|word| range.clone().any(|at| match_word(tokens, at, word).is_some()))
    }

    pub(super) fn heard(&mut self, tokens: &Tokens) {
        self.asked = (0..tokens.len()).any(|at| tokens.mark(at) == Some('?'));
        self.heard = self.words.is_empty() || self.names(tokens, 0..tokens.len());
    }

    pub(super) fn reading(&self) -> String {
        format!("must not be agreed to: {}", self.shown)
    }

    /// Why the clause behind `boundary` may not be said.
    pub(super) fn check(&self, tokens: &Tokens, boundary: usize, first: bool) -> Option<String> {
        let mut start = 0;
        while start < tokens.len() {
            let sentence = start..super::limit::sentence_of(tokens, start).end.max(start + 1);
            let end = sentence.end;
            if end > boundary && self.is_taken(tokens, sentence, first && start == 0) {
                return Some(self.reading());
            }
            start = end;
        }
        None
    }

    fn is_taken(&self, tokens: &Tokens, sentence: Range<usize>, answers: bool) -> bool {
        let asks = sentence.clone().any(|at| tokens.mark(at) == Some('?'));
        let denied = sentence.clone().any(|at| counts_as_no(tokens.word(at)))
            && !sentence.clone().any(|at| matches!(tokens.word(at), "problem" | "why" | "mind"));
        let put_off = sentence.clone().any(|at| {
            one_of!(tokens.word(at); "but" "however" "if" "first" "later" "think" "check" "unless" "without")
        });
        if denied || asks || put_off {
            return false;
        }
        let grade = accepts(tokens, sentence.clone());
        let yes = answers
            && self.asked
            && one_of!(tokens.word(sentence.start);
                "yes" "sure" "yeah" "yep" "okay" "ok" "absolutely" "certainly" "definitely" "alright" "fine"
            );
        if self.names(tokens, sentence.clone()) {
            let ours = sentence.clone().any(|at| {
                one_of!(tokens.word(at); "we" "i" "we'll" "i'll" "let's" "please" "us" "me" "we'd" "i'd")
            });
            let takes = sentence.clone().any(|at| is_taking(tokens.word(at)));
            let approved = sentence.clone().any(|at| is_approval(tokens.word(at)));
            return grade.is_some() || yes || approved || (ours && takes);
        }
        let strong = grade.is_some_and(|grade| grade >= Grade::Strong);
        let weak = grade.is_some_and(|grade| grade >= Grade::Weak);
        if self.words.is_empty() {
            return strong || (yes || weak) && self.asked;
        }
        self.heard && (strong || yes || weak) || self.heard && self.asked && adds(tokens, sentence)
    }
}

/// "Add that", "include it".
fn adds(tokens: &Tokens, sentence: Range<usize>) -> bool {
    sentence.into_iter().any(|at| {
        one_of!(tokens.word(at); "add" "include" "upgrade")
            && one_of!(tokens.word(at + 1); "that" "it" "this" "them")
    })
}

fn is_taking(word: &str) -> bool {
    one_of!(word;
        "accept" "agree" "pay" "sign" "signing" "book" "buy" "order" "take" "commit" "join" "subscribe"
        "purchase" "add" "consent" "authorize" "approve" "make" "leave" "enter" "schedule" "enroll"
        "paying" "accepting" "agreeing" "opt" "upgrade"
    )
}
