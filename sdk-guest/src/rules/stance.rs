//! What we do with an amount we name: refuse it, ask about it, repeat it, or mean it.
//!
//! An amount counts as meant unless one of the narrow patterns here says otherwise.

use super::accept::{accepts, is_offer};
use super::read::comparison;
use crate::numbers::Quantity;
use crate::numbers::token::Tokens;
use std::ops::Range;

/// An amount and what stands around it.
pub(super) struct Place<'a> {
    pub(super) tokens: &'a Tokens,
    pub(super) quantity: &'a Quantity,
    pub(super) sentence: Range<usize>,
    /// From the amount before, or the beginning of the sentence.
    pub(super) before: Range<usize>,
    /// To the next amount, or the end of the sentence.
    pub(super) after: Range<usize>,
    /// The amount itself lies on the far side of the limit, not exactly on it.
    pub(super) beyond: bool,
    /// The limit is one from below.
    pub(super) floor: bool,
    /// The other side has named it.
    pub(super) heard: bool,
}

/// Marks and words at which one thought ends.
pub(super) fn is_break(tokens: &Tokens, at: usize) -> bool {
    match tokens.mark(at) {
        Some(mark) => {
            matches!(mark, '.' | '?' | '!' | ',' | ';' | ':' | '…' | '—' | '(' | ')' | '\n')
        }
        None => {
            matches!(tokens.word(at), "but" | "however" | "so" | "then" | "although" | "though")
        }
    }
}

/// Words that deny.
pub(super) fn counts_as_no(word: &str) -> bool {
    match word {
        "not" | "never" | "cannot" | "cant" | "dont" | "wont" | "no" | "unable" | "nor"
        | "hardly" | "refuse" | "doubt" | "impossible" | "neither" | "without" | "decline"
        | "reject" | "nobody" => true,
        word => word.ends_with("n't"),
    }
}

/// Whether the amount is named without agreeing to it.
pub(super) fn excused(place: &Place, approval: bool) -> bool {
    if agreed_around(place) {
        return false;
    }
    if needs_approval(place) && (approval || !denies(place)) {
        return true;
    }
    refused_before(place)
        || refused_behind(place)
        || asked(place)
        || repeated(place)
        || refused_next(place)
        || wants_better(place)
        || weighs(place)
}

/// "I'd need a better price than seventy-five."
fn wants_better(place: &Place) -> bool {
    const NEAR_TOKENS: usize = 5;
    let tokens = place.tokens;
    let start = place.quantity.tokens.0 as usize;
    let better = |word: &str| match place.floor {
        true => one_of!(word; "better" "higher" "more"),
        false => one_of!(word; "better" "lower" "cheaper" "less"),
    };
    let near = start.saturating_sub(NEAR_TOKENS).max(place.before.start)..start;
    tokens.word_before(start, 1) == "than"
        && near.into_iter().any(|at| better(tokens.word(at)))
        && place.before.clone().any(|at| {
            one_of!(tokens.word(at); "need" "want" "looking" "hoping" "hope" "expecting" "expected" "like" "after")
        })
}

/// "Hmm, seventy-five.": said again while thinking.
fn weighs(place: &Place) -> bool {
    let tokens = place.tokens;
    let sound = one_of!(tokens.word(place.sentence.start);
        "hmm" "hm" "mm" "mmm" "wow" "oof" "ouch" "phew" "oh" "uff" "tja" "puh" "vaya" "oula");
    let only =
        place.before.clone().skip(1).chain(place.after.clone()).all(|at| tokens.mark(at).is_some());
    place.heard && sound && only && place.before.len() > 1
}

/// "We can't receive deliveries on Sunday", "anything but Sunday": of days and times one denial before
/// them is enough, whatever stands between.
pub(super) fn declines(place: &Place) -> bool {
    let tokens = place.tokens;
    let mut count = 0;
    for at in place.before.clone().rev() {
        let word = tokens.word(at);
        let spared = matches!(word, "but" | "except" | "besides")
            && one_of!(tokens.word_before(at, 1); "anything" "any" "day" "everything" "time" "anytime");
        if spared {
            return true;
        }
        if is_break(tokens, at) {
            break;
        }
        count +=
            usize::from(counts_as_no(word) && !matches!(tokens.word(at + 1), "problem" | "only"));
    }
    let behind = place.after.clone().any(|at| counts_as_no(tokens.word(at)));
    count == 1 && !behind && reversal(tokens, place.after.clone()).is_none()
}

/// "Seventy? That's too much.": the sentence behind a bare amount turns it down.
fn refused_next(place: &Place) -> bool {
    const BARE_TOKENS_MAX: usize = 5;
    if place.sentence.len() > BARE_TOKENS_MAX {
        return false;
    }
    let mut end = place.sentence.end;
    while end < place.tokens.len() && !super::limit::ends_sentence(place.tokens, end) {
        end += 1;
    }
    let next = place.sentence.end..end;
    denial_at(place.tokens, next.clone())
        .is_some_and(|at| reversal(place.tokens, at..end).is_none())
        && accepts(place.tokens, next).is_none()
}

/// Agreement next to the amount takes every excuse away.
fn agreed_around(place: &Place) -> bool {
    let tokens = place.tokens;
    // "We cannot 70 dollars accept" of a verb that comes last: it belongs to the refusal.
    let mut behind = place.after.clone();
    if refused_before(place) {
        while behind.start < behind.end && !is_break(tokens, behind.start) {
            behind.start += 1;
        }
    }
    if accepts(tokens, behind).is_some() && !denied_behind(place) {
        return true;
    }
    // "The price is fine, but 24 months is too long."
    let turn = place
        .before
        .clone()
        .rev()
        .find(|at| matches!(tokens.word(*at), "but" | "however" | "though" | "although"));
    let before = turn.map_or(place.before.start, |turn| turn + 1)..place.before.end;
    if before.is_empty() || accepts(tokens, before).is_none() {
        return false;
    }
    // "We can't agree to 65" denies itself; accepts() has seen that already.
    true
}

/// "65 is not fine": the approval behind the amount is denied by the words between.
fn denied_behind(place: &Place) -> bool {
    denial_at(place.tokens, place.after.clone()).is_some()
        && reversal(place.tokens, place.after.clone()).is_none()
}

fn denies(place: &Place) -> bool {
    place.sentence.clone().any(|at| counts_as_no(place.tokens.word(at)))
}

fn needs_approval(place: &Place) -> bool {
    place.sentence.clone().any(|at| {
        one_of!(place.tokens.word(at);
            "approval" "approve" "authorization" "authorisation" "authorized" "sign-off"
            "permission"
        )
    }) && place.sentence.clone().any(|at| {
        one_of!(place.tokens.word(at);
            "need" "needs" "require" "requires" "needed" "required" "pending" "without" "get"
        )
    })
}

fn refusing_verb_or_filler(word: &str) -> bool {
    one_of!(word;
        "do" "go" "pay" "agree" "accept" "commit" "offer" "take" "meet" "approve" "match"
        "stretch" "reach" "afford" "justify" "spend" "consider" "sign" "make" "work" "get"
        "paying" "going" "doing" "accepting" "agreeing" "spending" "agreed" "accepted" "to"
        "with" "at" "for" "as" "high" "up" "the" "your" "that" "this" "a" "an" "price" "of"
        "quote" "rate" "amount" "on" "anywhere" "near" "around" "about" "even" "close" "all"
        "way" "us" "be" "able" "want" "prepared" "willing" "really" "think" "we" "i" "can"
        "could" "possibly" "believe" "unit" "per" "beam" "buy" "purchase" "support" "proceed"
        "come" "down" "low" "sell" "let" "them" "it" "in" "position" "will" "would" "authorized"
        "allowed" "ready" "currently" "today" "give" "you" "unfortunately" "simply" "still"
        "anything" "pays" "possible" "how" "than" "have" "authority" "power" "permission" "mandate" "clearance" "decline" "reject" "refuse" "paid" "say" "put"
    )
}

/// "we can't do sixty-five": a denial, then only words that carry it to the amount.
pub(super) fn refused_before(place: &Place) -> bool {
    const LOOK_BACK_TOKENS: usize = 12;
    let tokens = place.tokens;
    let start = place.quantity.tokens.0 as usize;
    let low = start.saturating_sub(LOOK_BACK_TOKENS).max(place.sentence.start);
    let mut compared = false;
    let mut at = start;
    while at > low {
        at -= 1;
        let word = tokens.word(at);
        let flat_no = word == "no"
            && (tokens.word(at + 1) == "way"
                || (tokens.word(at + 1) == "to" && tokens.word_before(at, 1) == "say"));
        if counts_as_no(word) && (word != "no" || flat_no) {
            if compared && place.beyond {
                return false;
            }
            let doubled = (at.saturating_sub(5).max(place.sentence.start)..at).any(|back| {
                let word = tokens.word(back);
                let denies = counts_as_no(word)
                    || one_of!(word; "foolish" "stupid" "silly" "crazy" "mad" "hard" "difficult");
                denies && !is_break(tokens, back + 1)
            });
            let turned = matches!(tokens.word_before(at, 1), "why" | "if" | "whether" | "or");
            return !doubled && !turned && reversal(tokens, place.after.clone()).is_none();
        }
        if one_of!(word;
            "above" "over" "more" "than" "higher" "beyond" "past" "exceed" "less" "lower" "below"
            "under" "greater"
        ) {
            compared = true;
            continue;
        }
        if word.is_empty() || !refusing_verb_or_filler(word) {
            return false;
        }
    }
    false
}

/// "unless", "but we could": what takes a refusal back.
fn reversal(tokens: &Tokens, range: Range<usize>) -> Option<usize> {
    let mut turned = false;
    for at in range {
        let word = tokens.word(at);
        match word {
            "unless" | "until" | "except" | "otherwise" | "anyway" | "regardless" | "before"
            | "nevertheless" | "without" | "if" => {
                return Some(at);
            }
            "but" | "however" | "though" | "although" | "yet" | "still" | "and" | "so" => {
                turned = true
            }
            "can" | "could" | "will" | "might" | "may" | "would" | "we'll" | "i'll" | "we'd"
            | "ok" | "okay" | "fine" | "yes" | "sure" | "alright" | "deal" | "guess"
            | "suppose" | "let's" | "happy" | "manage" | "able" | "works" | "work" | "worth"
            | "take" | "accept" | "agree" | "pay" | "fair" | "good" | "acceptable"
            | "reasonable" | "doable" | "great" | "perfect" | "justified"
                if turned =>
            {
                let denied = counts_as_no(tokens.word(at + 1));
                let asks = one_of!(tokens.word(at + 1);
                    "you" "like" "need" "love" "appreciate" "pass" "ask" "check" "report" "let" "talk"
                    "think" "see" "bring" "discuss" "forward" "present" "run" "only" "have" "understand"
                    "look"
                );
                if !denied && !asks {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where, behind an amount, it is turned down: "is too high", "is above our budget", "won't work".
fn denial_at(tokens: &Tokens, range: Range<usize>) -> Option<usize> {
    const LOOK_AHEAD_TOKENS: usize = 14;
    let end = range.end.min(range.start + LOOK_AHEAD_TOKENS);
    let mut no: Option<usize> = None;
    let mut linked = false;
    for at in range.start..end {
        if matches!(tokens.mark(at), Some(';' | '(')) {
            return None;
        }
        let word = tokens.word(at);
        let next = tokens.word(at + 1);
        if counts_as_no(word) {
            let first_no = no.is_none();
            no = Some(at);
            let flat = word == "no"
                && (tokens.get(at + 1).is_none()
                    || tokens.mark(at + 1).is_some_and(|mark| mark != ',')
                    || one_of!(next; "way" "chance" "go" "thanks" "deal" "can"));
            if flat || (word == "impossible" && linked && no == Some(at) && first_no) {
                return Some(at);
            }
            linked = true;
            continue;
        }
        linked |= one_of!(word;
            "is" "was" "are" "would" "seems" "sounds" "feels" "looks" "be" "that's" "it's" "gets"
            "comes" "goes" "remains" "will"
        );
        if no.is_none() {
            let too = word == "too"
                && one_of!(next;
                    "high" "much" "steep" "expensive" "rich" "far" "big" "low" "little" "long" "many"
                    "late" "early" "short" "soon" "few" "large" "pricey" "costly" "heavy"
                );
            let passes = word == "pass"
                && matches!(tokens.word_before(at, 1), "to" | "will" | "we'll" | "i'll")
                || (word == "lose" && next == "money");
            let ours = (at + 1..at + 6).any(|near| {
                one_of!(tokens.word(near);
                    "our" "my" "budget" "ceiling" "limit" "max" "maximum" "range" "what" "we" "i" "i'm"
                    "they" "planned" "expected" "market" "others" "elsewhere" "average" "competitors"
                    "reach" "minimum"
                )
            });
            let over = one_of!(word;
                "above" "over" "beyond" "exceeds" "outside" "past" "below" "under"
            ) || (word == "out" && next == "of")
                || comparison(tokens, at).is_some();
            let flat = matches!(
                word,
                "unacceptable"
                    | "impossible"
                    | "unrealistic"
                    | "unaffordable"
                    | "steep"
                    | "unreasonable"
                    | "high"
                    | "expensive"
                    | "pricey"
                    | "excessive"
                    | "prohibitive"
                    | "ridiculous"
                    | "crazy"
                    | "outrageous"
            ) && tokens.word(at + 1) != "quality" && tokens.word_before(at, 1) != "as"
                || (word == "out" && (next.is_empty() || next == "for"))
                || (word == "a" && (matches!(next, "stretch") || next == "lot" || next == "bit" && tokens.word(at + 2) == "much"))
                || (one_of!(word; "hard" "difficult" "tough")
                    && !(at + 1..at + 4).any(|near| one_of!(tokens.word(near); "refuse" "resist" "beat" "argue" "turn" "say")))
                || (word == "off" && next == "the" && tokens.word(at + 2) == "table")
                || (word == "out" && next == "of");
            let far = word == "far"
                && linked
                && matches!(next, "from" | "off" | "below" | "above" | "short" | "beyond");
            if too
                || passes
                || far
                || (over && ours && (linked || word == "exceeds"))
                || (flat && linked)
            {
                return Some(at);
            }
        }
        if let Some(no_at) = no.filter(|no| at - no <= 5)
            && one_of!(word;
                "work" "possible" "acceptable" "feasible" "doable" "workable" "option" "fly"
                "happen" "fit" "viable" "ok" "okay" "fine" "good" "realistic" "within"
                "affordable" "do" "something" "agree" "accept" "pay" "approved" "approve" "buy"
                "happening" "quite" "justify" "cut" "there" "yet" "take" "works" "suit" "afford" "enough" "interested" "mind" "looking" "expecting"
                "hoping" "planned"
            )
        {
            let turned = (no_at + 1..at).any(|between| {
                matches!(tokens.word(between), "only" | "just" | "problem" | "why" | "so")
            });
            return (!turned).then_some(at);
        }
    }
    None
}

fn refused_behind(place: &Place) -> bool {
    // "I never said ninety was too high."
    let unsaid = place.before.clone().any(|at| {
        counts_as_no(place.tokens.word(at))
            && one_of!(place.tokens.word(at + 1); "said" "say" "saying" "think" "claim" "suggest" "mean" "claimed")
    });
    if unsaid {
        return false;
    }
    denial_at(place.tokens, place.after.clone())
        .is_some_and(|at| reversal(place.tokens, at..place.after.end).is_none())
}

/// First token of the sentence that is no filler.
fn opening(place: &Place) -> usize {
    let tokens = place.tokens;
    let mut at = place.sentence.start;
    while at < place.sentence.end
        && (tokens.mark(at).is_some()
            || one_of!(tokens.word(at);
                "so" "sorry" "and" "wait" "um" "uh" "hmm" "well" "just" "to" "confirm" "clear"
                "be" "oh" "excuse" "me" "pardon" "or" "but" "hold" "on" "okay" "ok" "right"
                "clarify" "check" "understand" "i" "see" "thanks" "thank" "you" "make" "sure"
                "then"
            ) && !(tokens.word(at) == "you" && is_saying(tokens.word(at + 1))))
    {
        at += 1;
    }
    at
}

fn is_saying(word: &str) -> bool {
    one_of!(word;
        "said" "quoted" "mentioned" "offered" "named" "asked" "told" "gave" "say" "mean" "meant"
        "wanted" "want" "proposed" "listed" "started"
    )
}

/// A question about the amount that proposes nothing.
fn asked(place: &Place) -> bool {
    let tokens = place.tokens;
    let at = opening(place);
    let (first, second, third) = (tokens.word(at), tokens.word(at + 1), tokens.word(at + 2));
    let marked = tokens.mark(place.sentence.end.wrapping_sub(1)) == Some('?');
    let start = place.quantity.tokens.0 as usize;
    let lower = start > 1
        && (matches!(tokens.word_before(start, 2), "lower" | "less" | "better" | "cheaper")
            && tokens.word_before(start, 1) == "than"
            || matches!(tokens.word_before(start, 1), "below" | "under" | "beat")
            || (tokens.word_before(start, 2) == "down" && tokens.word_before(start, 1) == "from"));
    let higher = place.floor
        && start > 1
        && (matches!(tokens.word_before(start, 1), "above" | "over" | "beyond" | "beat")
            || matches!(tokens.word_before(start, 2), "higher" | "more" | "better")
                && tokens.word_before(start, 1) == "than"
            || (tokens.word_before(start, 2) == "up" && tokens.word_before(start, 1) == "from"));
    let lower = lower || higher;
    let end = place.quantity.tokens.1 as usize;
    // "From seventy to sixty": ranges that rise were joined before.
    if tokens.word_before(start, 1) == "from" && matches!(tokens.word(end), "to" | "down") {
        return true;
    }
    let yours = marked && place.before.clone().any(|at| tokens.word(at) == "you");
    if lower {
        return yours && !proposes(place)
            || one_of!(first;
                "can" "could" "would" "will" "do" "is" "are"
            ) && matches!(second, "you" | "there" | "that" | "it");
    }
    if proposes(place) {
        return false;
    }
    let asks =
        match first {
            "did" | "do" | "does" => {
                second == "you" && is_saying(third)
                    || matches!(second, "you" | "they" | "it")
                        && one_of!(third; "require" "insist" "charge" "expect" "need" "offer")
                    || place.before.clone().any(|at| one_of!(tokens.word(at); "cost" "costs"))
                    || place.after.clone().take(3).any(
                        |at| one_of!(tokens.word(at); "include" "cover" "mean" "come" "contain"),
                    )
            }
            "are" | "were" => {
                second == "you"
                    && one_of!(third;
                        "saying" "offering" "quoting" "asking" "telling" "at" "charging" "really"
                        "still"
                    )
            }
            "is" | "was" | "isn't" => {
                marked || matches!(second, "that" | "it" | "this" | "your" | "the" | "there")
            }
            "what" | "what's" => {
                (first == "what's"
                    || one_of!(second; "is" "are" "was" "would" "will" "does" "do" "did"))
                    && place.before.clone().any(|at| {
                        is_offer(tokens.word(at))
                            || matches!(tokens.word(at), "charge" | "discount" | "cost")
                            || (tokens.word(at) == "it" && tokens.word(at + 1) == "be")
                            || (tokens.word(at) == "you"
                                && matches!(tokens.word(at + 1), "do" | "can" | "could"))
                    })
            }
            "why" => !matches!(second, "not" | "don't"),
            // "How does sixty-five sound?" is an offer.
            "how" => second != "about" && !place.after.clone().any(|at| tokens.word(at) == "sound"),
            "have" | "has" => matches!(second, "you" | "the" | "your"),
            "where" => true,
            // "So that's twelve hundred in total?"
            "that's" | "it's" => marked,
            "who" => !one_of!(second; "could" "would" "wouldn't" "can" "couldn't" "will"),
            _ => false,
        };
    if asks {
        return true;
    }
    if !marked {
        return false;
    }
    // An echo asks only about what the other side has said.
    const ECHO_TOKENS_MAX: usize = 12;
    place.heard && place.sentence.len() <= ECHO_TOKENS_MAX
}

/// Words by which a question is an offer: "how about", "could we", "would you take".
fn proposes(place: &Place) -> bool {
    let tokens = place.tokens;
    place.sentence.clone().any(|at| {
        let next = tokens.word(at + 1);
        match tokens.word(at) {
            "we" | "us" | "let's" | "we'll" | "i'll" | "we'd" | "we're" | "we've" | "shall"
            | "suppose" | "i'd" => true,
            "i" => !one_of!(next;
                "heard" "hear" "understand" "get" "got" "understood" "ask" "see"
            ),
            "how" | "what" => matches!(next, "about" | "if"),
            "say" => matches!(next, "to" | "we") || tokens.word_before(at, 1) != "you",
            "take" | "accept" | "settle" | "agree" | "sell" | "meet" | "deal" | "work"
            | "works" | "okay" | "ok" | "fine" | "good" | "acceptable" | "happy" | "enough"
            | "alright" | "agreeable" | "reasonable" | "fair" | "workable" | "doable"
            | "possible" | "suit" | "help" | "imagine" | "assuming" => true,
            "want" => next == "to",
            "do" => {
                tokens.mark(at + 1) == Some('?')
                    && !matches!(tokens.word_before(at, 1), "can" | "could" | "would")
            }
            "then" => {
                tokens.word_before(at, 1).is_empty() && place.quantity.tokens.1 as usize == at
            }
            _ => false,
        }
    })
}

/// "you quoted 72", "your price of 72", "the other supplier wants 70": somebody else's number.
pub(super) fn repeated(place: &Place) -> bool {
    const LOOK_BACK_TOKENS: usize = 9;
    let tokens = place.tokens;
    let start = place.quantity.tokens.0 as usize;
    let low = start.saturating_sub(LOOK_BACK_TOKENS).max(place.before.start);
    let mut found = false;
    for at in low..start {
        let (word, next) = (tokens.word(at), tokens.word(at + 1));
        match word {
            "you" if is_saying(next) => {
                found = tokens.word_before(at, 1) != "what"
                    && tokens.word_before(at, 1) != "as"
                    && !(next == "say" && tokens.word(at + 2) == "to")
                    && !(next == "want" && tokens.word(at + 2) == "to")
            }
            "you"
                if matches!(next, "are" | "have" | "had" | "just" | "were" | "had's")
                    && (is_saying(tokens.word(at + 2))
                        || matches!(
                            tokens.word(at + 2),
                            "asking" | "charging" | "quoting" | "at"
                        )) =>
            {
                found = true
            }
            "you're" | "you've" => {
                found = one_of!(next;
                    "asking" "charging" "quoting" "at" "quoted" "named" "said" "saying"
                    "offering" "offered"
                )
            }
            "your" => {
                found |= is_offer(next)
                    || one_of!(next;
                        "first" "current" "original" "best" "last" "list" "unit" "opening"
                        "initial" "asking"
                    )
            }
            "website" | "site" | "catalog" | "catalogue" | "brochure" | "colleague"
            | "colleagues" | "advertised" | "listed" | "online" => found = true,
            "appreciate" => {
                found |=
                    place.heard && !matches!(tokens.word_before(at, 1), "i'd" | "we'd" | "would");
            }
            "told" => found |= matches!(tokens.word_before(at, 1), "was" | "were" | "been"),
            "competitor" | "competitors" | "market" | "elsewhere" | "others" | "they"
            | "supplier" | "suppliers" | "vendor" | "list" | "quoted" | "heard" | "originally" => {
                found = true
            }
            "paid" => {
                found = !place.sentence.clone().any(|at| {
                    one_of!(tokens.word(at); "if" "suppose" "imagine" "assuming" "say" "would")
                });
            }
            "we" | "we'll" | "we'd" | "i'll" | "let's" | "i'd" => {
                found = matches!(next, "heard" | "paid" | "were" | "received" | "have" if next != "have" || tokens.word(at + 2) == "heard")
                    && found;
                let supposed = place.sentence.clone().any(|at| {
                    one_of!(tokens.word(at); "if" "suppose" "imagine" "assuming" "say" "would")
                });
                if matches!(next, "heard" | "paid") && !supposed {
                    found = true;
                }
            }
            "i" => found = matches!(next, "heard" | "understand" | "understood" | "hear"),
            "noted" | "note" | "noting" | "repeat" | "quote" | "quotation" | "report"
            | "reports" | "recap" | "summarize" | "summary" => found |= place.heard,
            "know" => found |= place.heard && tokens.word_before(at, 1) == "them",
            "plus" | "instead" => found = false,
            _ if tokens.mark(at) == Some('—') || tokens.mark(at) == Some(';') => found = false,
            _ => {}
        }
    }
    let written = place.heard
        && place.after.clone().any(|at| one_of!(tokens.word(at); "written" "noted" "recorded"))
        || place
            .after
            .clone()
            .any(|at| one_of!(tokens.word(at); "online" "advertised" "elsewhere"))
        || place.heard && acknowledged(place);
    if !found && !written && !named_behind(place) {
        return false;
    }
    reversal(tokens, place.after.clone()).is_none() && !closing(place)
}

/// "Seventy is what you said", "seventy was your first offer".
fn named_behind(place: &Place) -> bool {
    let tokens = place.tokens;
    let at = place.quantity.tokens.1 as usize;
    // "You have 90 said" of a verb that comes last.
    let yours = place.before.clone().any(|at| tokens.word(at) == "you");
    if yours && one_of!(tokens.word(at); "said" "offered" "quoted" "mentioned") {
        return true;
    }
    // "Seventy-five, you said."
    let comma = usize::from(tokens.mark(at) == Some(','));
    if place.heard && tokens.word(at + comma) == "you" && is_saying(tokens.word(at + comma + 1)) {
        return true;
    }
    // "One twenty, got it. And what does that include?"
    let noted = comma == 1
        && (one_of!(tokens.word(at + 1); "noted" "understood")
            || matches!((tokens.word(at + 1), tokens.word(at + 2)), ("got", "it") | ("i", "see")));
    if place.heard && noted {
        return true;
    }
    if !one_of!(tokens.word(at); "is" "was") {
        return false;
    }
    match tokens.word(at + 1) {
        "what" => tokens.word(at + 2) == "you" && is_saying(tokens.word(at + 3)),
        "where" => place.heard && matches!(tokens.word(at + 2), "you" | "you're"),
        "your" => is_offer(tokens.word(at + 2)) || is_offer(tokens.word(at + 3)),
        "the"
            if place.heard
                && one_of!(tokens.word(at + 2); "list" "asking" "starting" "regular" "current" "quoted" "normal") =>
        {
            true
        }
        "the" => (at + 2..at + 4).any(|near| {
            is_offer(tokens.word(near))
                && tokens.word(near + 1) == "you"
                && is_saying(tokens.word(near + 2))
        }),
        _ => false,
    }
}

/// "Understood, seventy-five per unit.": said again to show that it was heard.
fn acknowledged(place: &Place) -> bool {
    const BARE_TOKENS_MAX: usize = 13;
    let tokens = place.tokens;
    let at = place.sentence.start;
    let heard = matches!(
        (tokens.word(at), tokens.word(at + 1)),
        ("understood" | "noted" | "thanks", _) | ("got", "it") | ("i", "see") | ("thank", "you")
    );
    heard && place.sentence.len() <= BARE_TOKENS_MAX
}

/// "your price of 65 then": a little word behind the amount settles it.
fn closing(place: &Place) -> bool {
    let tokens = place.tokens;
    place.after.clone().take(6).any(|at| {
        one_of!(tokens.word(at);
            "then" "sure" "yes" "okay" "ok" "fine" "works" "gladly" "absolutely"
        )
    })
}
