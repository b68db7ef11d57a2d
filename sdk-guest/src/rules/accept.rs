//! Recognises agreement in our own words: "deal", "that works for us", "let's do it".

use super::idioms::idiom_at;
use super::stance::{counts_as_no, is_break};
use crate::numbers::token::Tokens;
use std::ops::Range;

/// How clearly a clause agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// Agrees if the last turn was about the price: "sure".
    Faint,
    /// Agrees with whatever was just said: "sounds good".
    Weak,
    /// Agrees to the business: "deal", "we accept your offer".
    Strong,
    /// Agrees to a price that nobody named: "whatever you ask", "same as last year".
    Blank,
}

/// The clearest agreement in `range` that is not denied.
pub(super) fn accepts(tokens: &Tokens, range: Range<usize>) -> Option<Grade> {
    let mut best = None;
    for at in range.clone() {
        let found = accept_at(tokens, at, range.clone()).max(idiom_at(tokens, at, &range));
        let Some(grade) = found else { continue };
        if best.is_none_or(|best| best < grade) && !denied(tokens, at, range.start) {
            best = Some(grade);
        }
    }
    best
}

/// An odd number of denials stands before the phrase: "that doesn't work", not "can't say it doesn't".
fn denied(tokens: &Tokens, at: usize, start: usize) -> bool {
    const LOOK_BACK_TOKENS: usize = 7;
    let mut count = 0;
    for back in (at.saturating_sub(LOOK_BACK_TOKENS).max(start)..at).rev() {
        if is_break(tokens, back) {
            break;
        }
        let word = tokens.word(back);
        // "not only", "not a problem": no denial of what follows.
        let spent = matches!(
            tokens.word(back + 1),
            "only" | "problem" | "matter" | "choice" | "option" | "way" | "bad"
        );
        let spent = spent || tokens.word(back + 1) == "say" && tokens.word(back + 2) == "no";
        let spent = spent || (tokens.word(back + 1) == "a" && tokens.word(back + 2) == "problem");
        let past = tokens.word(back + 1) == "what"
            && one_of!(word; "beyond" "above" "than" "exceeds" "over" "outside" "past" "below" "under");
        if (counts_as_no(word) && !spent) || past || word == "wish" {
            count += 1;
        }
    }
    count % 2 == 1
}

fn edge(tokens: &Tokens, at: usize, range: &Range<usize>) -> bool {
    at < range.start || at >= range.end || tokens.mark(at).is_some()
}

/// The phrase beginning or turning at `at`.
fn accept_at(tokens: &Tokens, at: usize, range: Range<usize>) -> Option<Grade> {
    use Grade::{Strong, Weak};
    let word = |offset: usize| tokens.word(at + offset);
    let before =
        |back: usize| if at < range.start + back { "" } else { tokens.word_before(at, back) };
    let opens = at == range.start
        || tokens.mark(at - 1).is_some()
        || one_of!(before(1);
            "ok" "okay" "yes" "yeah" "great" "so" "then" "and" "well" "alright" "fine" "right"
            "perfect" "good" "but" "please" "sure" "absolutely"
        );
    let closes = edge(tokens, at + 1, &range);
    let us = |reach: usize| {
        (1..=reach).any(|back| {
            one_of!(before(back);
                "we" "i" "we'll" "i'll" "we're" "i'm" "we'd" "i'd" "we've" "us" "happy" "glad"
                "pleased" "ready" "let's" "let" "willing" "prepared"
            )
        })
    };
    // "That take we", "it we will take": the order of other languages.
    let thing = |word: &str| matches!(word, "it" | "that" | "them" | "those" | "this");
    if one_of!(word(0); "take" "book" "buy" "accept" "sign" "order") {
        let turned = thing(before(1)) && matches!(word(1), "we" | "i");
        let last = closes && us(4) && (1..=4).any(|back| thing(before(back)));
        if turned || last {
            return Some(Strong);
        }
    }
    match word(0) {
        "deal" => {
            let owned = before(1) == "a" || before(2) == "a";
            let had = (2..=5).any(|back| {
                one_of!(before(back);
                    "have" "it's" "that's" "is" "got" "yourself" "you've" "we've" "call" "make"
                    "have's"
                )
            });
            let alone = opens && (closes || matches!(word(1), "then" | "done" | "at" | "for"));
            let closed = matches!((word(1), word(2)), ("is", "done" | "on") | ("it", "is"))
                || before(1) == "done";
            (alone || closed || (owned && had && !matches!(word(1), "breaker" | "with")))
                .then_some(Strong)
        }
        "agreed" => (opens || us(2) && matches!(before(1), "are" | "we're" | "all" | "i'm"))
            .then_some(Strong),
        "agreement" => (us(4) && matches!(before(1), "an" | "in" | "our")).then_some(Strong),
        "board" => (before(1) == "on" && us(4)).then_some(Weak),
        "send" | "draw" | "write" => paperwork(tokens, at),
        "approve" | "concur" | "consent" => {
            (us(3) && (closes || word(1) == "to")).then_some(Strong)
        }
        "work"
            if us(3) && word(1) == "with" && matches!(word(2), "that" | "this" | "it" | "your") =>
        {
            Some(Weak)
        }
        "agree" => {
            let goes = closes || matches!(word(1), "to" | "on" | "with" | "and" | "then");
            (us(4) && goes).then_some(if word(1) == "with" { Weak } else { Strong })
        }
        "accept" | "accepting" => (us(5) || opens).then_some(Strong),
        "accepted" => (opens || closes).then_some(Strong),
        "take" => {
            let it =
                matches!(word(1), "it" | "that" | "them" | "those" | "you" | "both" | "either")
                    && !one_of!(word(2); "as" "back" "to" "from" "under" "into" "up" "off" "with")
                    || matches!(word(1), "the" | "your" | "this") && is_offer(word(2))
                    || (word(1) == "you" && word(2) == "up");
            (it && us(3) && !(word(1) == "you" && word(2) != "up")).then_some(Strong)
        }
        "pay" => (us(4)
            && one_of!(word(1);
                "that" "it" "your" "what" "whatever" "the" "this"
            ))
        .then_some(Strong),
        "let's" | "lets" => lets(tokens, at + 1),
        "let" if word(1) == "us" => lets(tokens, at + 2),
        "go" => match word(1) {
            "ahead" => Some(Weak),
            "with" | "for" => (us(4)
                && (matches!(word(2), "that" | "it" | "this" | "what" | "whatever")
                    || is_offer(word(3))
                    || is_offer(word(2))))
            .then_some(Strong),
            _ => None,
        },
        "meet" if us(4) && word(1) == "you" && matches!(word(2), "there" | "at") => Some(Strong),
        "come" if us(3) && word(1) == "then" && edge(tokens, at + 2, &range) => Some(Weak),
        "meet" | "match" => (us(4) && word(1) == "your" && is_offer(word(2))).then_some(Strong),
        "sold" | "done" => (opens && (closes || matches!(word(1), "deal" | "at" | "for" | "then")))
            .then_some(Strong),
        "shake" => (word(1) == "on").then_some(Strong),
        "sign" => (us(4) && (closes || matches!(word(1), "us" | "me" | "it" | "that" | "the"))
            || matches!((word(1), word(2)), ("us" | "me", "up")))
        .then_some(Strong),
        "count" => (matches!(word(1), "us" | "me") && word(2) == "in").then_some(Strong),
        "lock" | "book" | "wrap" | "seal" => {
            (matches!(word(1), "it" | "that" | "this")).then_some(Strong)
        }
        "in" => (closes && matches!(before(1), "we're" | "i'm")).then_some(Strong),
        "place" => (us(4)
            && (word(1) == "the" || word(1) == "an" || word(1) == "that" || word(1) == "our")
            && word(2) == "order")
            .then_some(Strong),
        "put" => (matches!(word(1), "us" | "me") && word(2) == "down").then_some(Strong),
        "consider" => (matches!(word(1), "it" | "that")
            && matches!(word(2), "done" | "agreed" | "accepted" | "a" | "sold"))
        .then_some(Strong),
        "proceed" => (us(5) || opens).then_some(Strong),
        "order" | "buy" => {
            let at_that = (1..6).any(|near| {
                word(near) == "at" && matches!(word(near + 1), "that" | "this" | "your")
            });
            let will = matches!(before(1), "we'll" | "i'll" | "will") && !closes;
            (us(5) && (at_that || will)).then_some(if at_that { Strong } else { Weak })
        }
        "confirmed" | "approved" => (opens || closes).then_some(Strong),
        "confirm" => (us(3) && (closes || matches!(word(1), "it" | "that"))).then_some(Weak),
        "commit" => (us(4) && matches!(word(1), "to") && matches!(word(2), "that" | "it" | "your"))
            .then_some(Strong),
        "works" | "work" => works(tokens, at, &range),
        "suits" | "suit" => (matches!(word(1), "us" | "me")).then_some(Strong),
        "sounds" => (closes || matches!(word(1), "like" if word(3) == "deal" || word(3) == "plan"))
            .then_some(Weak)
            .filter(|_| word(1) == "like"),
        "okay" | "ok" | "alright" | "right"
            if opens && word(1) == "then" && edge(tokens, at + 2, &range) =>
        {
            Some(Weak)
        }
        adjective if is_approval(adjective) => approving(tokens, at, &range),
        "no" => one_of!(word(1);
            "problem" "problems" "objection" "objections" "issue" "issues" "complaints"
        )
        .then_some(Weak),
        "not" => (matches!((word(1), word(2)), ("a", "problem"))).then_some(Weak),
        "can't" | "cannot" | "couldn't" => {
            let agrees = matches!(
                (word(1), word(2)),
                ("see", "why")
                    | ("argue", _)
                    | ("complain", _)
                    | ("beat", _)
                    | ("refuse", _)
                    | ("object", _)
            );
            (agrees || (word(1) == "say" && word(2) == "no")).then_some(Weak)
        }
        "don't" | "won't" | "wouldn't" => {
            let agrees = matches!(word(1), "mind" | "object")
                || (matches!(word(1), "argue" | "complain" | "fight" | "quibble") && us(2))
                || matches!((word(1), word(2)), ("see", "why") | ("say", "no"))
                || matches!((word(1), word(2), word(3)), ("have", "a", "problem"));
            agrees.then_some(Weak)
        }
        "why" => (word(1) == "not" && edge(tokens, at + 2, &range)).then_some(Weak),
        "very" => (word(1) == "well"
            && opens
            && (at + 2 >= range.end || matches!(tokens.mark(at + 2), Some('.' | '!'))))
        .then_some(Weak),
        "fairly" => None,
        "by" => (word(1) == "all" && word(2) == "means").then_some(Weak),
        "so" => (word(1) == "be" && word(2) == "it").then_some(Strong),
        "happy" => (matches!(word(1), "with")
            && matches!(word(2), "that" | "it" | "your" | "this"))
        .then_some(Strong),
        "live" => (word(1) == "with" && matches!(word(2), "that" | "it" | "your" | "this"))
            .then_some(Strong),
        "do" if (closes || one_of!(word(1); "nicely" "fine" "just" "for" "then" "well"))
            && (one_of!(before(1); "that'll" "it'll" "that'd" "it'd")
                || before(1) == "will" && matches!(before(2), "that" | "it" | "this")) =>
        {
            Some(Weak)
        }
        "do" | "manage" => (us(3)
            && matches!(word(1), "that" | "it" | "this")
            && (edge(tokens, at + 2, &range)
                || matches!(word(2), "then" | "deal" | "for" | "price" | "and")))
        .then_some(Weak),
        "you" => (matches!((word(1), word(2)), ("got", "it") | ("win", _))
            || (word(1) == "have" && word(2) == "it"))
            .then_some(Weak),
        "you've" => (word(1) == "got" && word(2) == "it").then_some(Weak),
        "will" => (word(1) == "do" && edge(tokens, at + 2, &range)).then_some(Weak),
        "it" => (word(1) == "is" && edge(tokens, at + 2, &range) && !opens).then_some(Strong),
        _ => None,
    }
}

fn lets(tokens: &Tokens, at: usize) -> Option<Grade> {
    let agrees = match tokens.word(at) {
        "do" => matches!(tokens.word(at + 1), "it" | "that" | "this" | "business"),
        "go" => matches!(tokens.word(at + 1), "ahead" | "with" | "for" | ""),
        "proceed" | "close" | "shake" | "sign" | "order" | "finalize" | "seal" => true,
        "move" => matches!(tokens.word(at + 1), "forward" | "ahead"),
        "get" => {
            matches!((tokens.word(at + 1), tokens.word(at + 2)), ("it" | "this" | "that", "done"))
        }
        "keep" | "stick" | "leave" => true,
        "lock" | "book" | "make" | "settle" | "wrap" => true,
        "say" => tokens.word(at + 1) == "yes",
        _ => false,
    };
    agrees.then_some(Grade::Strong)
}

/// "Send me the contract", "write it up": what follows an agreement.
fn paperwork(tokens: &Tokens, at: usize) -> Option<Grade> {
    const PAPER_TOKENS: usize = 6;
    if tokens.word(at) != "send" {
        let up = (at + 1..at + 4).any(|near| tokens.word(near) == "up");
        return up.then_some(Grade::Strong);
    }
    let paper = (at + 1..at + PAPER_TOKENS).any(|near| {
        one_of!(tokens.word(near);
            "contract" "paperwork" "invoice" "agreement" "papers"
        )
    });
    paper.then_some(Grade::Weak)
}

/// "what you said", "the price you named".
pub(super) fn is_named(word: &str) -> bool {
    one_of!(word;
        "said" "quoted" "asked" "named" "asking" "mentioned" "offered" "proposed" "suggested"
        "gave" "told"
    )
}

pub(super) fn is_approval(word: &str) -> bool {
    one_of!(word;
        "fine" "ok" "okay" "good" "great" "perfect" "acceptable" "fair" "reasonable"
        "doable" "workable" "alright" "agreeable" "excellent" "wonderful" "fantastic" "ideal" "right"
        "satisfactory" "awesome" "cool" "lovely" "comfortable" "satisfied" "content" "tolerable")
}

pub(super) fn is_offer(word: &str) -> bool {
    one_of!(word;
        "offer" "price" "quote" "terms" "number" "figure" "rate" "deal" "proposal" "amount"
        "quotation" "pricing" "lot" "order" "conditions" "cost"
    )
}

/// "that works", "your price would work", "works for us".
fn works(tokens: &Tokens, at: usize, range: &Range<usize>) -> Option<Grade> {
    let for_us = tokens.word(at + 1) == "for" && matches!(tokens.word(at + 2), "us" | "me")
        || tokens.word(at + 1) == "with" && tokens.word(at + 2) == "that";
    const SUBJECT_TOKENS: usize = 5;
    let mut subject = false;
    let mut theirs = false;
    for back in (at.saturating_sub(SUBJECT_TOKENS).max(range.start)..at).rev() {
        if is_break(tokens, back) {
            break;
        }
        let word = tokens.word(back);
        subject |= one_of!(word;
            "that" "it" "this" "which" "that'll" "it'll" "that'd" "would" "will" "both" "either" "all"
        );
        theirs |= is_offer(word) || is_named(word) || word == "your";
        if one_of!(word;
            "does" "how" "you" "did" "whether" "if" "do"
        ) && !theirs
        {
            return None;
        }
    }
    let starts = at == range.start;
    if theirs || (for_us && !subject) {
        return Some(Grade::Strong);
    }
    let plain = tokens.word(at) == "works" && starts;
    (subject || plain).then_some(Grade::Weak)
}

/// "that's fine", "sounds good", "what you said is perfectly acceptable".
fn approving(tokens: &Tokens, at: usize, range: &Range<usize>) -> Option<Grade> {
    const SUBJECT_TOKENS: usize = 8;
    let linked = |word: &str| {
        one_of!(word;
            "is" "are" "be" "sounds" "sound" "seems" "looks" "that's" "it's" "we're" "i'm" "am"
            "feels" "was" "you're" "sounding" "seem" "look" "find" "this's"
        )
    };
    let mut subject = false;
    let mut theirs = false;
    let mut link = false;
    for back in (at.saturating_sub(SUBJECT_TOKENS).max(range.start)..at).rev() {
        if is_break(tokens, back) {
            break;
        }
        let word = tokens.word(back);
        link |= linked(word);
        subject |= one_of!(word;
            "that" "that's" "it" "it's" "this" "which" "sounds" "that'd" "that'll" "sound" "all"
            "we're" "both" "either" "they" "these" "those" "i'm" "one" "option" "tier" "package"
            "former" "latter" "ones" "version"
        );
        theirs |= is_offer(word) || is_named(word);
        let tag = matches!(tokens.word(at), "right" | "correct") && word == "is";
        if tag && matches!(tokens.word(back + 1), "that" | "it" | "this") {
            return None;
        }
        if matches!(word, "how" | "whether" | "if" | "hope" | "any" | "what's") {
            return None;
        }
    }
    let by_us = matches!(tokens.word(at + 1), "by" | "with" | "for" | "to")
        && matches!(tokens.word(at + 2), "us" | "me" | "that" | "it" | "your" | "this");
    if by_us && tokens.word(at) != "right" {
        return Some(Grade::Strong);
    }
    if tokens.word(at) == "fair" && tokens.word(at + 1) == "enough" {
        return Some(Grade::Weak);
    }
    // "I'm fine, thank you."
    let comma = usize::from(tokens.mark(at + 1) == Some(','));
    if matches!(tokens.word_before(at, 1), "i'm" | "we're" | "am" | "doing")
        && one_of!(tokens.word(at + 1 + comma); "thank" "thanks" "and")
    {
        return None;
    }
    // "Great price!", "that's a fair offer".
    let opens = at == range.start || tokens.mark(at - 1).is_some();
    if is_offer(tokens.word(at + 1))
        && !matches!(tokens.word(at), "right" | "ok" | "okay")
        && !matches!(tokens.word(at + 2), "of" | "for")
        && (opens || (link && matches!(tokens.word_before(at, 1), "a" | "the" | "very" | "really")))
    {
        return Some(Grade::Strong);
    }
    // "It's in great condition."
    let attribute = matches!(tokens.word_before(at, 1), "in" | "of" | "with" | "at")
        && !tokens.word(at + 1).is_empty();
    if attribute {
        return None;
    }
    // "That's a good question", "it's good to talk": what follows belongs to something else.
    let next = tokens.word(at + 1);
    let leads_on = one_of!(next;
        "question" "point" "to" "news" "idea" "morning" "afternoon" "start" "of" "here" "now"
        "about" "time" "day" "luck" "place" "because"
    );
    if !link || leads_on {
        return None;
    }
    if theirs {
        return Some(Grade::Strong);
    }
    // "That's right" confirms what was said, not a price.
    (subject && tokens.word(at) != "right").then_some(Grade::Weak)
}
